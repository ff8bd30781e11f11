/* lane_exponential.h - powers of e, less one, and hyperbolic functions: x = n log(2) / PARTS + r, the power 2^(n / PARTS) from
 * a table, and a polynomial of r. What leads in a sum is kept as two numbers. */
#ifndef HYBRIDSIM_SIM_TENSOR_ROWS_LANE_EXPONENTIAL_H
#define HYBRIDSIM_SIM_TENSOR_ROWS_LANE_EXPONENTIAL_H

#include "sim/tensor/rows/lane_special.h"
#include "sim/tensor/rows/lanes.h"

#define LEAST_USUAL POWER_BITS(BY_TYPE(-1000, -120)) /* before, results are the arguments */
/* The bits of the first number whose e^x is infinite; whose sinh and cosh are, but of floats only the bits of 87, for those
 * beyond are computed one by one. */
#define EXP_LIMIT BY_TYPE(0x40862e42fefa39f0, 0x42b17218)
#define SINH_LIMIT BY_TYPE(0x408633ce8fb9f87e, 0x42ae0000)

/* x = n log(2) / PARTS + rest + rest_low. power: n / PARTS rounded down, to be added to the bits of a number; parts: what is left of
 * n, in the last bits. */
struct exponent {
    vector rest, rest_low;
    integers parts, power;
};

static inline struct exponent exponent_of(vector x)
{
    const vector shifted = fused(x, all(PARTS_A_LN2), all(TO_WHOLE)), whole = shifted - all(TO_WHOLE);
    const vector near = fused(whole, all(-LN2_PART_HIGH), x); /* exact */
    const vector rest = fused(whole, all(-LN2_PART_LOW), near);
    const integers parts = (integers)shifted;
    return (struct exponent){rest, fused(whole, all(-LN2_PART_LOW), near - rest), parts, (parts >> PART_BITS) << MANTISSA};
}

/* e^x - 1 = 2^power (table - 2^-power + table (e^rest - 1)) */
static inline vector expm1_of(vector x, mask *ask)
{
    const vector given = greatest(all(BY_TYPE(-40, -18)), x); /* before, the result is -1 */
    *ask = is_outside(size_bits(given), LEAST_USUAL, EXP_LIMIT);
    const struct exponent e = exponent_of(given);
    const vector one = (vector)(POWER_BITS(0) - e.power);
    const vector table = lookup(POWER_HIGH, e.parts), table_low = lookup(POWER_LOW, e.parts);
    const struct pair start = sum_of_any(table, choose(is_below(given, all(BY_TYPE(45, 22))), -one, all(0)));
    const struct pair sum = sum_with_product(start.high, table, e.rest);
    const vector beyond = fused(e.rest * e.rest, POLYNOMIAL(EXP_REST, e.rest), e.rest_low);
    const vector low = fused(table_low, e.rest, sum.low + (start.low + table_low));
    return signed_as((vector)((integers)(sum.high + fused(table, beyond, low)) + e.power), sign_of(x));
}

/* Of what is not usual: numbers that the function hardly changes, infinities and overflow. */
static inline number expm1_special(number x)
{
    return fabs((double)x) < 1 ? small_number(x) : isinf(x) ? x : overflow(1);
}

/* e^x + e^-x and e^x - e^-x of |x|, over 2^power. */
struct hyperbolic {
    struct pair sum, difference;
    integers power;
};

static inline struct hyperbolic hyperbolic_of(vector size)
{
    const struct exponent e = exponent_of(size);
#ifdef SINGLE
    const vector unit = (vector)(POWER_BITS(0) - e.power), scale = unit * unit;
#else /* the power may be too large for that */
    const vector scale = choose(is_below(size, all(30)), (vector)(POWER_BITS(0) - 2 * e.power), all(0));
#endif
    const vector low = lookup(POWER_LOW, e.parts), other_low = lookup(INVERSE_POWER_LOW, e.parts) * scale;
    const vector high = lookup(POWER_HIGH, e.parts), other = lookup(INVERSE_POWER_HIGH, e.parts) * scale;
    const struct pair sum = sum_of(high, other), difference = sum_of(high, -other);
    const vector square = e.rest * e.rest;
    const vector even = square * POLYNOMIAL(COSH_REST, square); /* cosh(r) - 1 */
    const vector odd = square * POLYNOMIAL(SINH_REST, square);  /* sinh(r) / r - 1 */
    const struct pair start = sum_with_product(difference.high, sum.high, e.rest);
    const vector sum_low = sum.low + (low + other_low), difference_low = difference.low + (low - other_low);
    const vector across = difference.high * e.rest;
    struct hyperbolic made = {.power = e.power};
    made.sum.high = sum.high;
    made.sum.low = fused(sum.high, even, fused(across, odd, sum_low + across));
    made.difference.high = start.high;
    made.difference.low = start.low + fused(sum.high, e.rest_low, fused(sum_low, e.rest, difference_low)) +
                          fused(difference.high, even, sum.high * e.rest * odd);
    return made;
}

/* Half of 2^power x: powers of doubles may be as large as 2^1025. */
static inline vector scaled_half(vector x, integers power)
{
#ifdef SINGLE
    return x * (vector)(POWER_BITS(-1) + power);
#else
    const vector quarter = x * (vector)(POWER_BITS(-2) + power);
    return quarter + quarter;
#endif
}

#ifdef SINGLE
#define LARGE_HALF_POWER(size) float_power((double)(size) * 0x1.71547652b82fep0 - 1)
#else
#define LARGE_HALF_POWER(size) overflow(1)
#endif
static inline number sinh_special(number x)
{
    if (fabs((double)x) < 1)
        return small_number(x);
    return isinf(x) ? x : x < 0 ? -LARGE_HALF_POWER(-x) : LARGE_HALF_POWER(x);
}

static inline number cosh_special(number x)
{
    return isinf(x) ? (number)INFINITY : LARGE_HALF_POWER(x < 0 ? -x : x);
}

static inline vector sinh_of(vector x, mask *ask)
{
    *ask = is_outside(size_bits(x), LEAST_USUAL, SINH_LIMIT);
    const struct hyperbolic parts = hyperbolic_of(size_of(x));
    return signed_as(scaled_half(parts.difference.high + parts.difference.low, parts.power), sign_of(x));
}

static inline vector cosh_of(vector x, mask *ask)
{
    *ask = is_outside(size_bits(x), 0, SINH_LIMIT);
    const struct hyperbolic parts = hyperbolic_of(size_of(x));
    return scaled_half(parts.sum.high + parts.sum.low, parts.power);
}
#endif
