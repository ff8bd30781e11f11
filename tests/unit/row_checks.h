/* row_checks.h - what rows of doubles, or of floats where SINGLE is defined, are tested with: the same bits with vectors of each
 * kind that this processor has, however many numbers are given; errors below what docs/differences.md promises; the C library's
 * special values and flags. */
#ifndef HYBRIDSIM_TESTS_UNIT_ROW_CHECKS_H
#define HYBRIDSIM_TESTS_UNIT_ROW_CHECKS_H

#include "sim/tensor/rows/lane_rows.h"
#include "sim/tensor/rows/rows.h"

#include <CUnit/Basic.h>
#include <fenv.h>
#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#ifdef SINGLE
typedef float number;
typedef double wide;
typedef uint32_t number_bits;
typedef single_row row_of_one;
typedef single_row_of_two row_of_pairs;
enum { DIGITS = 24, LEAST_EXPONENT = -125, WIDE_DIGITS = DBL_MANT_DIG };
#define EPSILON 0x1p-20 /* by how much the C library may differ */
#else
typedef double number;
typedef long double wide;
typedef uint64_t number_bits;
typedef row_function row_of_one;
typedef row_function_of_two row_of_pairs;
enum { DIGITS = 53, LEAST_EXPONENT = -1021, WIDE_DIGITS = LDBL_MANT_DIG };
#define EPSILON 0x1p-48
#endif

enum { COUNT = 60001, ROUNDS = 5 }; /* an incomplete block, and an incomplete vector */
#define FLAGS (FE_INVALID | FE_DIVBYZERO | FE_OVERFLOW | FE_UNDERFLOW)
static const double edge_values[] = {0.0, -0.0, 1, -1, 0.5, -0.5, 2, INFINITY, -INFINITY, NAN, 0x1p-1074, -0x1p-1074, 0x1p-1030,
    0x1p-300, 0x1p-70, -0x1p-54, 0x1p-27, -0x1p-26, 0x1p20, 0x1p26, -0x1p60, 0x1p300, 0x1.fffffffffffffp1023, 703.9, 704, 709.7,
    709.8, -708.3, -708.5, -745, -746, 1019.9, 1020, 1023.9, 1024, -1022.5, -1075, 0x1.921fb54442d18p0, 0x1.921fb54442d18p1,
    0x1.6a09e667f3bcdp-1, 0x1.fffffffffffffp-1, 0x1.0000000000001p0, 0.8333333333333334, 1.0104166666666667, 3, 0.1, 1e-3, 7, -3,
    -2.5, 689.9, -690, 690.1, 0x1p51, -0x1p52, 0x1p53, 0x1.0000000000001p53, -1e300, 0x1.0p-1022, -0x0.fffffffffffffp-1022, 0.25, 8,
    0.125, 87.3, -87.4, 88.7, 88.8, -103, -104, 89.4, 89.5, 126.5, 127.9, 128, -126.5, -149, -150,
    0x1p-149, -0x1p-149, 0x1p-130, 0x1p-126, 0x1.fffffep127, -0x1.fffffep127, -1e30, -4, -2, 100, 0x1.fffffffffffffp-4,
    0x1.921fb54442d18p20, 0x1.6ac5b262ca1ffp849, 1e22, 88.72283, 88.72284, -87.33654, -87.33655, 103.97, -103.97, -103.98, 709.78,
    745.13, -745.13, -745.14, -708.39, -708.4, -1021.9, -1074,
    0x1p22, 0x1.7ffffffffffffp22, 0x1.8p22, 1e10, 0x1p40, 0x1.fp80, 0x1p-1000, -0x1p-960, 0x1p-120, 0x1p500, 0x1p512, 0x1p-520,
    0x1p70, -0x1.8p52, 0x1p24, -0x1.000002p23};
enum { EDGES = sizeof edge_values / sizeof *edge_values };

static number edge(int i)
{
    return (number)edge_values[i];
}

struct kind {
    const char *name;
    row_of_one *row, *others[2]; /* the widest that this processor has, and narrower ones */
    number (*library)(number);
    wide (*exact)(wide);
    double bound; /* of the error, in places */
};
struct kind_of_two {
    const char *name;
    row_of_pairs *row, *others[2];
    number (*library)(number, number);
    wide (*exact)(wide, wide);
    double bound;
};
static uint64_t draw(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static double unit_draw(uint64_t *state) /* -1 to 1 */
{
    return (double)(draw(state) >> 11) * 0x1p-52 - 1;
}

/* Of all sizes, most of them those that programs have. */
static number some_number(uint64_t *state, int i)
{
    number any;
    const double unit = unit_draw(state);
    switch (i % 16) {
    case 0: {
        const number_bits bits = (number_bits)draw(state);
        memcpy(&any, &bits, sizeof any);
        return any;
    }
    case 1:
        return (number)(fabs(unit) + 0.5);
    case 2:
        return (number)(1 + unit / 32);
    case 3:
        return (number)(unit * 760);
    case 4:
        return (number)(fabs(unit) * 1e5);
    case 5:
        return (number)(ldexp(unit, (int)(draw(state) % 80) - 20));
    case 6: /* near sixteenths of pi */
        return (number)(0x1.921fb54442d18p-3 * (double)(draw(state) % 4096) + unit / 1024);
    case 7:
    case 8:
        return (number)(unit * 10);
    default:
        return (number)(unit);
    }
}

/* Of a range that whole vectors may be of, though most programs' are not. */
static number unusual_number(uint64_t *state, int range)
{
    static const int exponents[] = {LEAST_EXPONENT, LEAST_EXPONENT - DIGITS / 2, 22, 40, -LEAST_EXPONENT - 2, LEAST_EXPONENT / 2};
    static const double sizes[] = {88, 104, 709, 745, 1022, 1074};
    const double unit = unit_draw(state);
    switch (range % 20) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4:
    case 5:
        return (number)ldexp(unit, exponents[range % 20]);
    case 6:
    case 7:
    case 8:
    case 9:
    case 10:
    case 11:
        return (number)copysign(sizes[range % 20 - 6] + unit, draw(state) & 1 ? 1 : -1);
    case 12:
        return (number)copysign(0, unit);
    case 13:
        return (number)copysign(INFINITY, unit);
    case 14:
        return (number)NAN;
    case 15:
        return (number)(unit > 0.5 ? (double)NAN : unit);
    case 16:
        return (number)(fabs(unit) * 0x1p36);
    default:
        return (number)ldexp(unit, (int)(draw(state) % (unsigned)(-LEAST_EXPONENT)));
    }
}

static bool same(number a, number b)
{
    return memcmp(&a, &b, sizeof a) == 0 || (isnan(a) && isnan(b));
}

/* How far `found` is from what is exact, in units of the last place there. */
static double places(number found, wide exact)
{
    const number near = (number)exact;
    if (same(found, near) || (isnan(found) && isnan(near)))
        return 0;
    if (!isfinite(near) || !isfinite(found) || signbit(near) != signbit(found))
        return DBL_MAX;
    int place;
    frexp((double)near, &place);
    if (place < LEAST_EXPONENT || near == 0)
        place = LEAST_EXPONENT;
    return (double)fabsl(((long double)found - exact) * ldexpl(1, DIGITS - place));
}

static void report(const char *name, double worst, double at, double other, double bound)
{
    printf("%s errs by up to %.4f places, at %a %a\n", name, worst, at, other);
    CU_ASSERT(worst <= bound);
}

static void check(const struct kind *kind)
{
    static number x[COUNT], y[COUNT], other[COUNT];
    uint64_t state = 88172645463325252u;
    double worst = 0, at = 0;
    int different = 0;
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < COUNT; i++)
            x[i] = round == 0 && i < EDGES ? edge(i) : round == 1 ? unusual_number(&state, i / 64) : some_number(&state, i);
        kind->row(x, y, COUNT);
        for (int which = 0; which < 2; which++) {
            kind->others[which](x, other, COUNT);
            for (int i = 0; i < COUNT; i++)
                different += !same(y[i], other[i]);
        }
        memcpy(other, x, sizeof other);
        kind->row(other, other, COUNT);
        for (int i = 0; i < COUNT; i++)
            different += !same(y[i], other[i]);
        for (int i = 0, count = 1; i + count <= COUNT; i += 41, count = count % 19 + 1) {
            kind->row(x + i, other, count);
            for (int j = 0; j < count; j++)
                different += !same(y[i + j], other[j]);
        }
        for (int i = 0; i < COUNT && WIDE_DIGITS >= DIGITS + 11; i++) {
            const double error = places(y[i], kind->exact(x[i]));
            if (error > worst)
                worst = error, at = (double)x[i];
        }
    }
    if (different)
        printf("%s: %d differ\n", kind->name, different);
    CU_ASSERT_EQUAL(different, 0);
    report(kind->name, worst, at, 0, kind->bound);
}

static bool is_near(number found, number wanted)
{
    const double most = fabs((double)wanted) * EPSILON + ldexp(1, LEAST_EXPONENT - DIGITS);
    return wanted == 0 || !isfinite(wanted) ? same(found, wanted) : fabs((double)found - (double)wanted) <= most;
}

/* The bits of infinities, zeros and NaN, and the flags, are the C library's. */
static void check_edges(const struct kind *kind)
{
    for (int i = 0; i < EDGES; i++) {
        volatile number given = edge(i), made;
        number from = given, to;
        feclearexcept(FE_ALL_EXCEPT);
        kind->row(&from, &to, 1);
        const int raised = fetestexcept(FLAGS);
        feclearexcept(FE_ALL_EXCEPT);
        made = kind->library(given);
        const int wanted = fetestexcept(FLAGS);
        const bool as_wanted = is_near(to, made);
        if (raised != wanted || !as_wanted)
            printf("%s(%a) is %a, not %a; flags %x, not %x\n",
                   kind->name, (double)from, (double)to, (double)made, (unsigned)raised, (unsigned)wanted);
        CU_ASSERT(raised == wanted && as_wanted);
    }
}

static void check_of_two(const struct kind_of_two *kind)
{
    static number x[COUNT], y[COUNT], z[COUNT], other[COUNT];
    uint64_t state = 362436069362436069u;
    double worst = 0, at = 0, other_at = 0;
    int different = 0;
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < COUNT; i++) {
            const bool is_edge = round == 0 && i < EDGES * EDGES;
            x[i] = is_edge ? edge(i / EDGES) : some_number(&state, i);
            y[i] = is_edge ? edge(i % EDGES) : some_number(&state, (int)(draw(&state) % 16));
            if (round == 1) {
                x[i] = unusual_number(&state, i / 64);
                y[i] = unusual_number(&state, i / 64 + i / 2048);
                continue;
            }
            if (!is_edge && i % 4 == 0) /* so that powers are of all sizes */
                x[i] = (number)fabs((double)x[i]),
                y[i] = (number)(unit_draw(&state) * 14 * DIGITS / fmax(fabs(log((double)x[i])), 1e-30));
        }
        kind->row(x, y, z, COUNT);
        for (int which = 0; which < 2; which++) {
            kind->others[which](x, y, other, COUNT);
            for (int i = 0; i < COUNT; i++)
                different += !same(z[i], other[i]);
        }
        memcpy(other, y, sizeof other);
        kind->row(x, other, other, COUNT);
        for (int i = 0; i < COUNT; i++)
            different += !same(z[i], other[i]);
        memcpy(other, x, sizeof other);
        kind->row(other, y, other, COUNT);
        for (int i = 0; i < COUNT; i++)
            different += !same(z[i], other[i]);
        for (int i = 0; i < COUNT && WIDE_DIGITS >= DIGITS + 11; i++) {
            const double error = places(z[i], kind->exact(x[i], y[i]));
            if (error > worst)
                worst = error, at = (double)x[i], other_at = (double)y[i];
        }
    }
    if (different)
        printf("%s: %d differ\n", kind->name, different);
    CU_ASSERT_EQUAL(different, 0);
    report(kind->name, worst, at, other_at, kind->bound);
}

static void check_edges_of_two(const struct kind_of_two *kind)
{
    for (int i = 0; i < EDGES * EDGES; i++) {
        volatile number first = edge(i / EDGES), second = edge(i % EDGES), made;
        number a = first, b = second, to;
        feclearexcept(FE_ALL_EXCEPT);
        kind->row(&a, &b, &to, 1);
        const int raised = fetestexcept(FLAGS);
        feclearexcept(FE_ALL_EXCEPT);
        made = kind->library(first, second);
        const int wanted = fetestexcept(FLAGS);
        const bool as_wanted = is_near(to, made);
        if (raised != wanted || !as_wanted)
            printf("%s(%a, %a) is %a, not %a; flags %x, not %x\n",
                   kind->name, (double)a, (double)b, (double)to, (double)made, (unsigned)raised, (unsigned)wanted);
        CU_ASSERT(raised == wanted && as_wanted);
    }
}
#endif
