/* test_set.c - sets iterate in CPython's order after additions, removals and set operations; hashes of frozensets. */
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

static value range_set(int64_t stop, int64_t step)
{
    value set = set_new(vm, &set_type);
    set_update(vm, set, range_new(vm, small_int(0), small_int(stop), small_int(step)));
    return set;
}

static value sample(void)
{
    value set = set_new(vm, &set_type), item;
    for (int64_t i = 0; i < 40; i++)
        set_add(vm, set, small_int(i * 37 % 101));
    for (int64_t i = 0; i < 101; i += 3) {
        item = small_int(i);
        call_method(vm, set, "discard", &item, 1);
    }
    for (int64_t i = 500; i < 520; i++)
        set_add(vm, set, small_int(i * 8));
    return set;
}

/* Expected texts: repr of the same sets in CPython 3.11. */
static void test_order(void)
{
    value set = sample();
    check_text(set, "{4096, 4104, 10, 13, 16, 4112, 19, 20, 23, 4120, 26, 29, 4000, 4128, 37, 40, 4008, 4136, 4"
                    "3, 46, 47, 4016, 4144, 50, 53, 56, 4024, 4152, 4032, 67, 70, 4040, 73, 74, 77, 80, 4048, 8"
                    "3, 4056, 94, 4064, 97, 100, 4072, 4080, 4088}");
    check_text(binary_operation(vm, BINARY_OR, set, range_set(4000, 160)),
               "{4096, 0, 640, 1280, 2560, 1920, 3200, 3840, 4104, 10, 3360, 13, 16, 4112, 19, 20, 23, 412"
               "0, 26, 29, 4000, 4128, 160, 800, 1440, 37, 2080, 2720, 40, 4008, 4136, 43, 46, 47, 4016, 4"
               "144, 50, 3520, 53, 56, 4024, 4152, 4032, 320, 960, 67, 2240, 1600, 70, 2880, 4040, 73, 74,"
               " 77, 80, 4048, 83, 4056, 94, 4064, 97, 480, 1120, 100, 2400, 1760, 3040, 4072, 3680, 4080,"
               " 4088}");
    check_text(binary_operation(vm, BINARY_AND, set, range_set(4200, 24)), "{4128, 4032, 4104, 4008, 4080, 4056, 4152}");
    check_text(binary_operation(vm, BINARY_SUB, set, range_set(50, 1)),
               "{4096, 4104, 4112, 4120, 4000, 4128, 4008, 4136, 4016, 4144, 50, 53, 4152, 4024, 56, 4032,"
               " 67, 70, 4040, 73, 74, 77, 80, 4048, 83, 4056, 94, 4064, 97, 100, 4072, 4080, 4088}");
    check_text(binary_operation(vm, BINARY_XOR, set, range_set(60, 1)),
               "{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 4104, 11, 12, 14, 15, 4112, 17, 18, 21, 22, 24, 25, 4120, 2"
               "7, 28, 30, 31, 32, 33, 34, 35, 36, 4128, 38, 39, 4136, 41, 42, 44, 45, 48, 49, 4144, 51, 5"
               "2, 54, 55, 4152, 57, 58, 59, 67, 70, 73, 74, 77, 80, 83, 94, 97, 100, 4096, 4000, 4008, 40"
               "16, 4024, 4032, 4040, 4048, 4056, 4064, 4072, 4080, 4088}");
}

static void test_hash(void)
{
    int64_t hash;
    CU_ASSERT_TRUE(value_hash(vm, set_copy(vm, range_set(10, 1), &frozenset_type), &hash));
    CU_ASSERT_EQUAL(hash, INT64_C(3895031357313128696));
    CU_ASSERT_TRUE(value_hash(vm, tuple_pack(vm, 3, small_int(1), small_int(-1), small_int(0)), &hash));
    CU_ASSERT_EQUAL(hash, INT64_C(426056430309831993));
}

static void test_unhashable_members(void)
{
    value outer = set_new(vm, &set_type), inner = range_set(3, 1);
    CU_ASSERT_FALSE(set_add(vm, outer, inner));
    CU_ASSERT_TRUE(exception_matches(vm, &exc_TypeError));
    exception_clear(vm);
    CU_ASSERT_TRUE(set_add(vm, outer, set_copy(vm, inner, &frozenset_type)));
    CU_ASSERT_EQUAL(set_contains(vm, outer, inner), 1); /* looked up as a frozenset */
}

int main(void)
{
    vm = VM_START();
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("set", NULL, NULL);
    CU_ADD_TEST(suite, test_order);
    CU_ADD_TEST(suite, test_hash);
    CU_ADD_TEST(suite, test_unhashable_members);
    return vm_suite_finish(vm);
}
