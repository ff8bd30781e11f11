/* test_list.c - lists: growth as CPython's, slices, sorting with CPython's number of comparisons, self-containing reprs. */
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

static value numbers(size_t count)
{
    value list = list_new(vm, 0);
    for (size_t i = 0; i < count; i++)
        list_append(vm, list_of(list), small_int((int64_t)i));
    return list;
}

/* capacities that CPython 3.11's sys.getsizeof shows for a list appended to */
static void test_growth(void)
{
    static const struct { uint32_t length, capacity; } cases[] = {{1, 4}, {5, 8}, {9, 16}, {17, 24}, {25, 32}, {33, 40}, {41, 52}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CU_ASSERT_EQUAL(list_of(numbers(cases[i].length))->capacity, cases[i].capacity);
}

static void test_slices(void)
{
    value list = numbers(8);
    check_text(get_item(vm, list, slice_new(vm, small_int(1), NONE, small_int(3))), "[1, 4, 7]");
    check_text(get_item(vm, list, slice_new(vm, NONE, NONE, small_int(-2))), "[7, 5, 3, 1]");
    CU_ASSERT_TRUE(delete_item(vm, list, slice_new(vm, NONE, NONE, small_int(2))));
    check_text(list, "[1, 3, 5, 7]");
    CU_ASSERT_TRUE(set_item(vm, list, slice_new(vm, small_int(1), small_int(3), NONE), numbers(4)));
    check_text(list, "[1, 0, 1, 2, 3, 7]");
    CU_ASSERT_EQUAL(get_item(vm, list, small_int(6)), VALUE_NULL);
    CU_ASSERT_TRUE(exception_matches(vm, &exc_IndexError));
    exception_clear(vm);
}

/* Comparisons counted with CPython 3.11 by a class with __lt__ over the same numbers. */
static void test_sort_comparisons(void)
{
    static const struct { uint32_t length, factor, modulus; uint64_t comparisons; } cases[] = {
        {10, 7, 11, 24}, {63, 31, 64, 299}, {64, 37, 67, 303}, {200, 1, 500, 199},
        {200, 77, 101, 1262}, {1000, 617, 1009, 8639}, {1000, 3, 400, 3943}, {5000, 4999, 5003, 15163}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        value list = list_new(vm, 0);
        for (uint32_t n = 0; n < cases[i].length; n++)
            list_append(vm, list_of(list), small_int((int64_t)n * cases[i].factor % cases[i].modulus));
        uint64_t before = vm->work[WORK_comparisons];
        CU_ASSERT_TRUE(list_sort(vm, list, VALUE_NULL, false));
        CU_ASSERT_EQUAL(vm->work[WORK_comparisons] - before, cases[i].comparisons);
        for (uint32_t n = 1; n < cases[i].length; n++)
            CU_ASSERT_TRUE((int64_t)list_of(list)->items[n - 1] <= (int64_t)list_of(list)->items[n]);
    }
}

static void test_itself(void)
{
    value list = numbers(1);
    list_append(vm, list_of(list), list);
    check_text(list, "[0, [...]]");
}

int main(void)
{
    vm = VM_START();
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("list", NULL, NULL);
    CU_ADD_TEST(suite, test_growth);
    CU_ADD_TEST(suite, test_slices);
    CU_ADD_TEST(suite, test_sort_comparisons);
    CU_ADD_TEST(suite, test_itself);
    return vm_suite_finish(vm);
}
