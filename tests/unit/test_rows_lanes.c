/* test_rows_lanes.c - functions of rows of doubles: expm1, hyperbolic ones, ... (the others: test_rows.c). */
#include "row_checks.h"

#ifdef __x86_64__
#define NARROWER(name) {row_bits() == 512 ? name##_doubles_256 : name##_doubles_any, name##_doubles_any}
#else
#define NARROWER(name) {name##_doubles_any, name##_doubles_any}
#endif
#define KIND(name, library, bound) {#name, HOST_LANES(name##_doubles), NARROWER(name), library, library##l, bound}
static void test_functions(void)
{
    const struct kind kinds[] = {KIND(expm1, expm1, 0.53), KIND(log1p, log1p, 0.53), KIND(log10, log10, 0.53),
        KIND(sinh, sinh, 0.52), KIND(cosh, cosh, 0.58), KIND(tanh, tanh, 0.59), KIND(arcsinh, asinh, 0.53),
        KIND(arccosh, acosh, 0.53), KIND(arctanh, atanh, 0.53), KIND(cbrt, cbrt, 0.54)};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        check(&kinds[i]);
        check_edges(&kinds[i]);
    }
    const struct kind_of_two length = KIND(length, hypot, 0.51);
    check_of_two(&length);
    check_edges_of_two(&length);
}

/* A row of complex numbers is of the same lengths. */
static void test_complex_lengths(void)
{
    static number parts[2 * COUNT], x[COUNT], y[COUNT], wanted[COUNT], found[COUNT];
    uint64_t state = 5;
    for (int i = 0; i < COUNT; i++) {
        parts[2 * i] = x[i] = some_number(&state, i);
        parts[2 * i + 1] = y[i] = some_number(&state, i / 16);
    }
    HOST_LANES(length_doubles)(x, y, wanted, COUNT);
    HOST_LANES(complex_length_doubles)(parts, found, COUNT);
    int different = 0;
    for (int i = 0; i < COUNT; i++)
        different += !same(wanted[i], found[i]);
    CU_ASSERT_EQUAL(different, 0);
}

static double one_of(row_function *row, double x)
{
    row(&x, &x, 1);
    return x;
}

/* What a double can be, comes out. */
static void test_exact(void)
{
    double ten = 1;
    for (int n = 0; n <= 22; n++, ten *= 10)
        CU_ASSERT_EQUAL(one_of(HOST_LANES(log10_doubles), ten), n);
    for (int n = -200; n <= 200; n++)
        CU_ASSERT_EQUAL(one_of(HOST_LANES(cbrt_doubles), (double)n * n * n), n);
    CU_ASSERT_EQUAL(one_of(HOST_LANES(tanh_doubles), 25), 1);
    CU_ASSERT_EQUAL(one_of(HOST_LANES(expm1_doubles), -50), -1);
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("more rows of doubles", NULL, NULL);
    CU_add_test(suite, "functions", test_functions);
    CU_add_test(suite, "complex numbers", test_complex_lengths);
    CU_add_test(suite, "exact results", test_exact);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures != 0;
}
