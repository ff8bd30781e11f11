/* test_dict.c - dicts: order, deletion and compaction, both widths of the index, names, changes seen by iterators. */
#include "sim/runtime/container.h"
#include "sim/runtime/iterator.h"
#include "tests/unit/vm_suite.h"

#include <stdio.h>

static struct vm *vm;

static void check_text(value v, const char *expected)
{
    value text = value_repr(vm, v);
    size_t size;
    const char *utf8 = string_utf8(vm, text, &size);
    if (strcmp(utf8, expected) != 0)
        printf("\n  %s, expected %s", utf8, expected);
    CU_ASSERT_STRING_EQUAL(utf8, expected);
}

static void test_order(void)
{
    value dict = dict_new(vm), key, item;
    for (int64_t i = 0; i < 100000; i++)
        CU_ASSERT_TRUE_FATAL(dict_set(vm, dict_of(dict), small_int(i * 7919), small_int(i)));
    for (int64_t i = 0; i < 100000; i += 2)
        CU_ASSERT_EQUAL_FATAL(dict_delete(vm, dict_of(dict), small_int(i * 7919)), 1);
    CU_ASSERT_EQUAL(dict_of(dict)->count, 50000);
    int64_t expected = 1;
    for (uint32_t at = 0; dict_next(dict_of(dict), &at, &key, &item); expected += 2)
        CU_ASSERT_EQUAL_FATAL(item, small_int(expected));
    CU_ASSERT_EQUAL(dict_find(vm, dict_of(dict), small_int(0), &item), 0);
    CU_ASSERT_EQUAL(dict_find(vm, dict_of(dict), small_int(7919), &item), 1);
}

/* Taking items out and putting new ones in must neither grow the table for ever nor fill its index with deleted marks. */
static void test_churn(void)
{
    value dict = dict_new(vm);
    for (int64_t i = 0; i < 100000; i++) {
        CU_ASSERT_TRUE_FATAL(dict_set(vm, dict_of(dict), small_int(i), NONE));
        CU_ASSERT_NOT_EQUAL_FATAL(call_method(vm, dict, "popitem", NULL, 0), VALUE_NULL);
    }
    CU_ASSERT_EQUAL(dict_of(dict)->count, 0);
    CU_ASSERT_TRUE(dict_of(dict)->capacity < 100);
}

static void test_names(void)
{
    value dict = dict_new(vm), item;
    CU_ASSERT_TRUE(dict_set_text(vm, dict_of(dict), "alpha", small_int(1)));
    CU_ASSERT_EQUAL(dict_get_text(vm, dict_of(dict), "alpha"), small_int(1));
    CU_ASSERT_EQUAL(dict_get_text(vm, dict_of(dict), "beta"), VALUE_NULL);
    CU_ASSERT_EQUAL(dict_find(vm, dict_of(dict), string_from_text(vm, "alpha"), &item), 1); /* not the same object */
    dict_set(vm, dict_of(dict), small_int(2), dict);
    check_text(dict, "{'alpha': 1, 2: {...}}");
    uint32_t version = vm->dict_version;
    dict_of(dict)->watched = 1;
    dict_set_text(vm, dict_of(dict), "alpha", small_int(1)); /* no change */
    CU_ASSERT_EQUAL(vm->dict_version, version);
    dict_set_text(vm, dict_of(dict), "alpha", small_int(3));
    CU_ASSERT_NOT_EQUAL(vm->dict_version, version);
}

static void test_changed_during_iteration(void)
{
    value dict = dict_new(vm);
    dict_set_text(vm, dict_of(dict), "a", NONE);
    value iterator = get_iterator(vm, dict);
    dict_set_text(vm, dict_of(dict), "b", NONE);
    CU_ASSERT_EQUAL(iterator_next(vm, iterator), VALUE_NULL);
    CU_ASSERT_TRUE(exception_matches(vm, &exc_RuntimeError));
    exception_clear(vm);
}

int main(void)
{
    vm = VM_START();
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("dict", NULL, NULL);
    CU_ADD_TEST(suite, test_order);
    CU_ADD_TEST(suite, test_churn);
    CU_ADD_TEST(suite, test_names);
    CU_ADD_TEST(suite, test_changed_during_iteration);
    return vm_suite_finish(vm);
}
