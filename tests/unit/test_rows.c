/* test_rows.c - functions of rows of doubles have the C library's bits and raise its flags, for each width of vectors that this
 * processor has. */
#include "sim/tensor/rows/rows.h"

#include <CUnit/Basic.h>
#include <fenv.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { COUNT = 60000, SKIPPED = 77 };
#define FLAGS (FE_INVALID | FE_DIVBYZERO | FE_OVERFLOW | FE_UNDERFLOW)
static const double edges[] = {0.0, -0.0, 1, -1, 0.5, -0.5, 2, INFINITY, -INFINITY, NAN, 0x1p-1074, -0x1p-1074, 0x1p-1030,
    0x1p-300, 0x1p-70, -0x1p-54, 0x1p-27, -0x1p-26, 0x1p20, 0x1p26, -0x1p60, 0x1p300, 0x1.fffffffffffffp1023, 703.9, 704, 709.7,
    709.8, -708.3, -708.5, -745, -746, 1019.9, 1020, 1023.9, 1024, -1022.5, -1075, 0x1.921fb54442d18p0, 0x1.921fb54442d18p1,
    0x1.6a09e667f3bcdp-1, 0x1.fffffffffffffp-1, 0x1.0000000000001p0, 0.8333333333333334, 1.0104166666666667, 3, 0.1, 1e-3};
enum { EDGES = sizeof edges / sizeof *edges };

static uint64_t draw(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* Of all sizes, most of them those that programs have. */
static double number(uint64_t *state, int i)
{
    double any, unit = (double)(draw(state) >> 11) * 0x1p-53 * 2 - 1;
    if (i < EDGES)
        return edges[i];
    if (i % 32 == 0) {
        const uint64_t bits = draw(state);
        memcpy(&any, &bits, sizeof any);
        return any;
    }
    return i % 8 == 0 ? fabs(unit) + 0.5 : i % 8 == 1 ? unit * 700 : i % 8 < 4 ? unit * 10 : i % 8 == 5 ? fabs(unit) * 1e5 : unit;
}

static bool same(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0 || (isnan(a) && isnan(b));
}

static void check(const char *name, row_function *row, double (*library)(double))
{
    static double x[COUNT], in_place[COUNT], y[COUNT];
    uint64_t state = 88172645463325252u;
    int different = 0, other_flags = 0;
    for (int i = 0; i < COUNT; i++)
        in_place[i] = x[i] = number(&state, i);
    row(x, y, COUNT - 3); /* an incomplete block, and an incomplete vector */
    row(in_place, in_place, COUNT - 3);
    for (int i = 0; i < COUNT - 3; i++)
        different += !same(y[i], library(x[i])) || !same(y[i], in_place[i]);
    for (int i = 0; i < 4 * EDGES; i++) {
        volatile double given = x[i * 32 < 2 * COUNT / 3 && i >= EDGES ? i * 32 : i], made;
        double from = given, to;
        feclearexcept(FE_ALL_EXCEPT);
        row(&from, &to, 1);
        const int raised = fetestexcept(FLAGS);
        feclearexcept(FE_ALL_EXCEPT);
        made = library(given);
        other_flags += raised != fetestexcept(FLAGS);
        different += !same(to, made);
    }
    if (different || other_flags)
        printf("%s: %d differ, %d with other flags\n", name, different, other_flags);
    CU_ASSERT_EQUAL(different, 0);
    CU_ASSERT_EQUAL(other_flags, 0);
}

static void check_of_two(const char *name, row_function_of_two *row, double (*library)(double, double))
{
    static double x[COUNT], y[COUNT], in_place[COUNT], z[COUNT];
    uint64_t state = 362436069362436069u;
    int different = 0, other_flags = 0;
    for (int i = 0; i < COUNT; i++) {
        x[i] = i < EDGES * EDGES ? edges[i / EDGES] : number(&state, i);
        in_place[i] = y[i] = i < EDGES * EDGES ? edges[i % EDGES] : number(&state, i);
    }
    row(x, y, z, COUNT - 5);
    row(x, in_place, in_place, COUNT - 5);
    for (int i = 0; i < COUNT - 5; i++)
        different += !same(z[i], library(x[i], y[i])) || !same(z[i], in_place[i]);
    for (int i = 0; i < EDGES * EDGES; i++) {
        volatile double first = x[i], second = y[i], made;
        double a = first, b = second, to;
        feclearexcept(FE_ALL_EXCEPT);
        row(&a, &b, &to, 1);
        const int raised = fetestexcept(FLAGS);
        feclearexcept(FE_ALL_EXCEPT);
        made = library(first, second);
        other_flags += raised != fetestexcept(FLAGS);
        different += !same(to, made);
    }
    if (different || other_flags)
        printf("%s: %d differ, %d with other flags\n", name, different, other_flags);
    CU_ASSERT_EQUAL(different, 0);
    CU_ASSERT_EQUAL(other_flags, 0);
}

#ifdef __x86_64__
#define CHECK_WIDTH(width)                                                                                                        \
    static void test_##width(void)                                                                                                \
    {                                                                                                                             \
        check("exp", exp_row_##width, exp);                                                                                       \
        check("exp2", exp2_row_##width, exp2);                                                                                    \
        check("log", log_row_##width, log);                                                                                       \
        check("log2", log2_row_##width, log2);                                                                                    \
        check("sin", sin_row_##width, sin);                                                                                       \
        check("cos", cos_row_##width, cos);                                                                                       \
        check("tan", tan_row_##width, tan);                                                                                       \
        check("arcsin", arcsin_row_##width, asin);                                                                                \
        check("arccos", arccos_row_##width, acos);                                                                                \
        check("arctan", arctan_row_##width, atan);                                                                                \
        check_of_two("power", power_row_##width, pow);                                                                            \
        check_of_two("arctan2", arctan2_row_##width, atan2);                                                                      \
        check_of_two("hypot", hypot_row_##width, hypot);                                                                          \
    }
CHECK_WIDTH(256)
CHECK_WIDTH(512)

int main(void)
{
    if (!row_bits())
        return SKIPPED;
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("rows", NULL, NULL);
    CU_add_test(suite, "vectors of 256 bits", test_256);
    if (row_bits() == 512)
        CU_add_test(suite, "vectors of 512 bits", test_512);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures != 0;
}
#else
int main(void)
{
    return SKIPPED;
}
#endif
