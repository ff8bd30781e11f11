/* test_rows_single.c - functions of rows of floats. */
#define SINGLE
#include "row_checks.h"

#ifdef __x86_64__
#define NARROWER(name) {row_bits() == 512 ? name##_singles_256 : name##_singles_any, name##_singles_any}
#else
#define NARROWER(name) {name##_singles_any, name##_singles_any}
#endif
#define KIND(name, library, bound) {#name, HOST_LANES(name##_singles), NARROWER(name), library##f, library, bound}
static void test_functions(void)
{
    const struct kind kinds[] = {KIND(exp, exp, 0.53), KIND(exp2, exp2, 0.53), KIND(expm1, expm1, 0.51), KIND(log, log, 0.52),
        KIND(log2, log2, 0.52), KIND(log10, log10, 0.52), KIND(log1p, log1p, 0.52), KIND(sin, sin, 0.51), KIND(cos, cos, 0.51),
        KIND(tan, tan, 0.51), KIND(arcsin, asin, 0.7), KIND(arccos, acos, 0.7), KIND(arctan, atan, 0.7), KIND(sinh, sinh, 0.7),
        KIND(cosh, cosh, 0.54), KIND(tanh, tanh, 0.7), KIND(arcsinh, asinh, 0.52), KIND(arccosh, acosh, 0.52),
        KIND(arctanh, atanh, 0.52), KIND(cbrt, cbrt, 0.52)};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        check(&kinds[i]);
        check_edges(&kinds[i]);
    }
}

static void test_functions_of_two(void)
{
    const struct kind_of_two kinds[] = {KIND(power, pow, 0.6), KIND(arctan2, atan2, 0.51), KIND(hypot, hypot, 0.501),
        KIND(length, hypot, 0.51)};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        check_of_two(&kinds[i]);
        check_edges_of_two(&kinds[i]);
    }
}

static float one_of(single_row *row, float x)
{
    row(&x, &x, 1);
    return x;
}

static float power(float x, float y)
{
    HOST_LANES(power_singles)(&x, &y, &x, 1);
    return x;
}

/* What a float can be, comes out. */
static void test_exact(void)
{
    for (int n = -149; n < 128; n++) {
        const float two = ldexpf(1, n);
        CU_ASSERT_EQUAL(one_of(HOST_LANES(exp2_singles), (float)n), two);
        CU_ASSERT_EQUAL(one_of(HOST_LANES(log2_singles), two), (float)n);
        CU_ASSERT_EQUAL(power(2, (float)n), two);
        CU_ASSERT_EQUAL(power(-2, (float)n), n % 2 ? -two : two);
        CU_ASSERT_EQUAL(power(two, 1), two);
    }
    for (int base = -30; base <= 30; base++) {
        float product = 1;
        for (int n = 0; fabsf(product) < 0x1p24f && n < 30; n++, product *= (float)base)
            CU_ASSERT_EQUAL(power((float)base, (float)n), product);
    }
    float ten = 1;
    for (int n = 0; n <= 10; n++, ten *= 10)
        CU_ASSERT_EQUAL(one_of(HOST_LANES(log10_singles), ten), (float)n);
    for (int n = -200; n <= 200; n++)
        CU_ASSERT_EQUAL(one_of(HOST_LANES(cbrt_singles), (float)(n * n * n)), (float)n);
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("rows of floats", NULL, NULL);
    CU_add_test(suite, "functions of one number", test_functions);
    CU_add_test(suite, "functions of two numbers", test_functions_of_two);
    CU_add_test(suite, "exact results", test_exact);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures != 0;
}
