/* test_rows.c - functions of rows of doubles: the same bits with vectors of each kind that this processor has, however many numbers
 * are given; errors below what docs/differences.md promises; the C library's special values and flags; exact results. */
#include "row_checks.h"

#ifdef __x86_64__
#define NARROWER(name) {row_bits() == 512 ? name##_row_256 : name##_row_any, name##_row_any}
#else
#define NARROWER(name) {name##_row_any, name##_row_any}
#endif
#define KIND(name, library, bound) {#name, HOST_ROW(name), NARROWER(name), library, library##l, bound}
static void test_functions(void)
{
    const struct kind kinds[] = {KIND(exp, exp, 0.512), KIND(exp2, exp2, 0.512), KIND(log, log, 0.56), KIND(log2, log2, 0.54),
        KIND(sin, sin, 0.53), KIND(cos, cos, 0.53), KIND(tan, tan, 0.52), KIND(arcsin, asin, 0.7), KIND(arccos, acos, 0.7),
        KIND(arctan, atan, 0.52)};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        check(&kinds[i]);
        check_edges(&kinds[i]);
    }
}

static void test_functions_of_two(void)
{
    const struct kind_of_two kinds[] = {KIND(power, pow, 0.52), KIND(arctan2, atan2, 0.56)};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        check_of_two(&kinds[i]);
        check_edges_of_two(&kinds[i]);
    }
}

/* Powers that one vector makes again, for what is rare in it, raise the flags of that only. */
static void test_flags_of_rows(void)
{
    row_function *const rows[] = {HOST_ROW(exp), exp_row_any, HOST_ROW(exp2), exp2_row_any};
    for (int i = 0; i < 4 * EDGES; i++) {
        double row[] = {1e-300, -0.0, 1e-310, 0.5, edge(i / 4), -1e-170, 3, 0x1p-30, 1}, one = edge(i / 4);
        feclearexcept(FE_ALL_EXCEPT);
        rows[i % 4](&one, &one, 1);
        const int wanted = fetestexcept(FLAGS);
        feclearexcept(FE_ALL_EXCEPT);
        rows[i % 4](row, row, 9);
        CU_ASSERT_EQUAL(fetestexcept(FLAGS), wanted);
        CU_ASSERT(same(row[4], one) && row[0] == 1 && row[1] == 1 && row[2] == 1);
    }
}

static double one_of(row_function *row, double x)
{
    row(&x, &x, 1);
    return x;
}

static double power(double x, double y)
{
    HOST_ROW(power)(&x, &y, &x, 1);
    return x;
}

/* What a double can be, comes out. */
static void test_exact(void)
{
    for (int n = -1074; n < 1024; n++) {
        const double two = ldexp(1, n);
        CU_ASSERT_EQUAL(one_of(HOST_ROW(exp2), n), two);
        CU_ASSERT_EQUAL(one_of(HOST_ROW(log2), two), n);
        CU_ASSERT_EQUAL(power(2, n), two);
        CU_ASSERT_EQUAL(power(-2, n), n % 2 ? -two : two);
        CU_ASSERT_EQUAL(power(two, 1), two);
        CU_ASSERT_EQUAL(power(two * two, 0.5), two * two == 0 || isinf(two * two) ? two * two : two);
    }
    for (int base = -30; base <= 30; base++) {
        double product = 1;
        for (int n = 0; fabs(product) < 0x1p53; n++, product *= base) {
            CU_ASSERT_EQUAL(power(base, n), product);
            if (base * base <= 1 && n > 10)
                break;
        }
    }
    double ten = 1;
    for (int n = 0; n <= 22; n++, ten *= 10)
        CU_ASSERT_EQUAL(power(10, n), ten);
    CU_ASSERT_EQUAL(one_of(HOST_ROW(exp), 0), 1);
    CU_ASSERT_EQUAL(one_of(HOST_ROW(log), 1), 0);
    CU_ASSERT_EQUAL(one_of(HOST_ROW(cos), 0), 1);
    CU_ASSERT_EQUAL(one_of(HOST_ROW(arcsin), 1), M_PI / 2);
    CU_ASSERT_EQUAL(one_of(HOST_ROW(arccos), -1), M_PI);
    CU_ASSERT_EQUAL(one_of(HOST_ROW(arccos), 1), 0);
    CU_ASSERT_EQUAL(one_of(HOST_ROW(arctan), 1), M_PI / 4);
    CU_ASSERT_EQUAL(one_of(HOST_ROW(sin), M_PI), 0x1.1a62633145c07p-53);
    CU_ASSERT_EQUAL(one_of(HOST_ROW(cos), 0x1.6ac5b262ca1ffp849), -0x1.14ae72e6ba22fp-61); /* near a zero */
}

/* Where a table's entries and other cases meet, growing functions grow. */
static void test_growth(void)
{
    row_function *const growing[] = {HOST_ROW(exp), HOST_ROW(exp2), HOST_ROW(log), HOST_ROW(log2), HOST_ROW(arctan),
        HOST_ROW(arcsin)};
    enum { STEPS = 64 };
    uint64_t state = 12345;
    for (size_t which = 0; which < sizeof growing / sizeof *growing; which++)
        for (int place = 0; place < 4000; place++) {
            double x[STEPS], y[STEPS];
            x[0] = place < 512 ? (place + 1) / 512.0 : fabs(unit_draw(&state));
            for (int i = 0; i < STEPS / 2; i++)
                x[0] = nextafter(x[0], 0);
            for (int i = 1; i < STEPS; i++)
                x[i] = fmin(nextafter(x[i - 1], 2), 1);
            growing[which](x, y, STEPS);
            int falls = 0;
            for (int i = 1; i < STEPS; i++)
                falls += y[i] < y[i - 1];
            if (falls)
                printf("function %zu falls at %a\n", which, x[0]);
            CU_ASSERT_EQUAL(falls, 0);
        }
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("rows", NULL, NULL);
    CU_add_test(suite, "functions of one number", test_functions);
    CU_add_test(suite, "functions of two numbers", test_functions_of_two);
    CU_add_test(suite, "flags of rows", test_flags_of_rows);
    CU_add_test(suite, "exact results", test_exact);
    CU_add_test(suite, "growing functions", test_growth);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures != 0;
}
