/* single_hyperbolic.c - powers and hyperbolic functions of floats. */
#define SINGLE
#include "sim/tensor/rows/lane_exponential.h"

/* 2^power table e^rest */
static inline vector power_with(integers parts, vector rest)
{
    const vector less_one = fused(rest * rest, POLYNOMIAL(EXP_REST, rest), rest);
    const vector table = lookup(POWER_HIGH, parts);
    const vector made = table + fused(table, less_one, lookup(POWER_LOW, parts));
    return (vector)((integers)made + ((parts >> PART_BITS) << MANTISSA));
}

static inline vector exp_of(vector x, mask *ask)
{
    *ask = is_outside(size_bits(x), 0, 0x42ae8000); /* 87.25: powers are neither infinite nor subnormal */
    const struct exponent e = exponent_of(x);
    return power_with(e.parts, e.rest);
}

static inline void exp_rare(vector x, struct rare *rare)
{
    const struct exponent e = exponent_of(greatest(all(-120), least(all(120), x)));
    settle_power(rare, x, parts_of(e.parts, 1), e.rest, e.rest_low);
}

static inline vector exp2_of(vector x, mask *ask)
{
    *ask = is_outside(size_bits(x), 0, 0x42fc0000); /* 126 */
    const vector shifted = x + all(TO_WHOLE / PARTS), rest = x - (shifted - all(TO_WHOLE / PARTS));
    return power_with((integers)shifted, rest * all(LOG_OF_2));
}

static inline void exp2_rare(vector x, struct rare *rare)
{
    const vector given = greatest(all(-160), least(all(160), x));
    const vector shifted = given + all(TO_WHOLE / PARTS), rest = given - (shifted - all(TO_WHOLE / PARTS));
    settle_power(rare, x, parts_of((integers)shifted, PARTS), rest * all(LOG_OF_2), all(0));
}

/* Of |x| = n log(2) + r: (2^n + 2^-n) / 2 sinh(r) + (2^n - 2^-n) / 2 cosh(r). Slightly less is rounded to n, for the terms nearly
 * cancel each other where r is negative. */
static inline vector sinh_of(vector x, mask *ask)
{
    *ask = is_outside(size_bits(x), LEAST_USUAL, SINH_LIMIT);
    const vector size = size_of(x), shifted = fused(size, all(PARTS_A_LN2 / PARTS), all(-0.08f)) + all(TO_WHOLE);
    const vector whole = shifted - all(TO_WHOLE), near = fused(whole, all(-LN2_PART_HIGH * PARTS), size); /* exact */
    const vector rest = fused(whole, all(-LN2_PART_LOW * PARTS), near);
    const vector rest_low = fused(whole, all(-LN2_PART_LOW * PARTS), near - rest);
    const integers scale = (integers)shifted << MANTISSA;
    const vector power = (vector)(POWER_BITS(-1) + scale), inverse = (vector)(POWER_BITS(-1) - scale);
    const struct pair sum = sum_of(power, inverse), difference = sum_of(power, -inverse);
    const vector square = rest * rest;
    const vector even = square * POLYNOMIAL(WHOLE_COSH_REST, square); /* cosh(r) - 1 */
    const vector odd = square * POLYNOMIAL(WHOLE_SINH_REST, square);  /* sinh(r) / r - 1 */
    const struct pair start = sum_with_product(difference.high, sum.high, rest);
    const vector low = fused(sum.high, rest_low, fused(sum.low, rest, start.low + difference.low));
    return signed_as(start.high + fused(sum.high * rest, odd, fused(difference.high, even, low)), sign_of(x));
}

/* By powers of the distance from the middle of a part. */
static inline vector tanh_of(vector x, mask *ask)
{
    *ask = is_nan_or_subnormal(x);
    const vector size = least(all(9.875f), size_of(x)); /* beyond, the result is 1 */
    const integers part = (integers)greatest(all(0x1p-4f), size) >> (MANTISSA - 2);
    const integers index = part - (POWER_BITS(-4) >> (MANTISSA - 2));
    const vector rest = size - lookup(TANH_CENTER, index);
    vector sum = fused(lookup(TANH_7, index), rest, lookup(TANH_6, index));
    sum = fused(fused(sum, rest, lookup(TANH_5, index)), rest, lookup(TANH_4, index));
    sum = fused(fused(sum, rest, lookup(TANH_3, index)), rest, lookup(TANH_2, index));
    const vector near = fused(rest * rest, sum, rest); /* in the first part, whose middle is 0 */
    const vector far = lookup(TANH_HIGH, index) + fused(fused(sum, rest, lookup(TANH_1, index)), rest, lookup(TANH_LOW, index));
    return signed_as(choose(is_below(size, all(0x1.4p-4f)), near, far), sign_of(x));
}

static inline void tanh_rare(vector x, struct rare *rare)
{
    settle_small(rare, x);
}

ROW(exp)
ROW(exp2)
ROW_RIGHT_AT_ZERO(expm1)
ROW_RIGHT_AT_ZERO(sinh)
ROW(cosh)
ROW_RIGHT_AT_ZERO(tanh)
