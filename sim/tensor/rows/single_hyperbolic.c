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

static inline float exp_special(float x)
{
    return isinf(x) ? (x < 0 ? 0 : x) : float_power((double)x * 0x1.71547652b82fep0);
}

static inline vector exp2_of(vector x, mask *ask)
{
    *ask = is_outside(size_bits(x), 0, 0x42fc0000); /* 126 */
    const vector shifted = x + all(TO_WHOLE / PARTS), rest = x - (shifted - all(TO_WHOLE / PARTS));
    return power_with((integers)shifted, rest * all(LOG_OF_2));
}

static inline float exp2_special(float x)
{
    return isinf(x) ? (x < 0 ? 0 : x) : float_power((double)x);
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

static inline float tanh_special(float x)
{
    return small_number(x);
}

ROW(exp)
ROW(exp2)
ROW_RIGHT_AT_ZERO(expm1)
ROW_RIGHT_AT_ZERO(sinh)
ROW(cosh)
ROW_RIGHT_AT_ZERO(tanh)
