/* lane_exponential.h - powers of e, less one, and hyperbolic functions: x = n log(2) / PARTS + r, the power 2^(n / PARTS) from
 * a table, and a polynomial of r. What leads in a sum is kept as two numbers. */
#ifndef HYBRIDSIM_SIM_TENSOR_ROWS_LANE_EXPONENTIAL_H
#define HYBRIDSIM_SIM_TENSOR_ROWS_LANE_EXPONENTIAL_H

#include "sim/tensor/rows/lane_tables.h"
#include "sim/tensor/rows/lanes.h"

#define LEAST_USUAL POWER_BITS(BY_TYPE(-1000, -120)) /* before, results are the arguments */
/* The bits of the first number whose e^x is infinite; whose sinh and cosh are, but of floats only the bits of 87, those
 * beyond are rare. */
#define EXP_LIMIT BY_TYPE(0x40862e42fefa39f0, 0x42b17218)
#define SINH_LIMIT BY_TYPE(0x408633ce8fb9f87e, 0x42ae0000)

/* x = n log(2) / PARTS + rest + rest_low. power: n / PARTS rounded down, to be added to the bits of a number; parts: what is left
 * of n, in the last bits. */
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
static inline void expm1_rare(vector x, struct rare *rare)
{
    settle_small(rare, x);
    settle(rare, is_infinite(x), x);
    settle_raising(rare, rare->left, all((number)INFINITY), FE_OVERFLOW);
}

#ifdef SINGLE
/* 2^(n / PARTS) e^(rest + rest_low), of some x, for what is left of it: rounded once, also where it is subnormal, and with
 * the flags for it. */
static inline void settle_power(struct rare *rare, vector x, integers n, vector rest, vector rest_low)
{
    const integers exponent = n >> PART_BITS, half = exponent >> 1;
    const vector less_one = fused(rest * rest, POLYNOMIAL(EXP_REST, rest), rest_low) + rest;
    const vector table = lookup(POWER_HIGH, n), low = fused(table, less_one, lookup(POWER_LOW, n));
    const vector limit = (vector)(POWER_BITS(1 - BIAS) - (exponent << MANTISSA)); /* of subnormal ones; negative: there are none */
    const mask subnormal = is_below(table + low, limit);
    /* Added, it leaves what a subnormal number has room for. */
    const vector to_unit = choose(subnormal, limit, all(0)), first = to_unit + table;
    const vector near = (first + ((table - (first - to_unit)) + low)) - to_unit;
    const vector part = near * (vector)(POWER_BITS(0) + (half << MANTISSA)); /* exact; the next overflows, or is */
    const vector made = part * (vector)(POWER_BITS(0) + ((exponent - half) << MANTISSA));
    const mask finite = NOT(is_infinite(x));
    if (is_left(rare, BOTH(finite, is_infinite(made))))
        rare->raised |= FE_OVERFLOW;
    if (is_left(rare, BOTH(BOTH(finite, subnormal), is_not_zero(size_bits((near - table) - low)))))
        rare->raised |= FE_UNDERFLOW;
    settle(rare, rare->left, made);
}

/* Bits of which those of TO_WHOLE / unit are not a part. */
static inline integers parts_of(integers shifted, number unit)
{
    return shifted - (integers)all(TO_WHOLE / unit);
}

static inline void settle_half_power(struct rare *rare, vector x)
{
    const struct exponent e = exponent_of(least(all(100), size_of(x)));
    settle_power(rare, x, parts_of(e.parts, 1) - PARTS, e.rest, e.rest_low);
}
#else
static inline void settle_half_power(struct rare *rare, vector x)
{
    settle(rare, is_infinite(x), all(INFINITY));
    settle_raising(rare, rare->left, all(INFINITY), FE_OVERFLOW);
}
#endif

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

static inline void sinh_rare(vector x, struct rare *rare)
{
    settle_small(rare, x);
    const mask large = rare->left;
    settle_half_power(rare, x);
    rare->made = choose(large, signed_as(rare->made, sign_of(x)), rare->made);
}

static inline void cosh_rare(vector x, struct rare *rare)
{
    settle_half_power(rare, x);
}

static inline vector cosh_of(vector x, mask *ask)
{
    *ask = is_outside(size_bits(x), 0, SINH_LIMIT);
    const struct hyperbolic parts = hyperbolic_of(size_of(x));
    return scaled_half(parts.sum.high + parts.sum.low, parts.power);
}
#endif
