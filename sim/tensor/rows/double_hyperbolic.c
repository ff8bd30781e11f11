/* double_hyperbolic.c - expm1 and hyperbolic functions of doubles. */
#include "sim/tensor/rows/lane_exponential.h"

static inline vector sinh_of(vector x, mask *ask)
{
    *ask = is_outside(size_bits(x), LEAST_USUAL, SINH_LIMIT);
    const struct hyperbolic parts = hyperbolic_of(size_of(x));
    return signed_as(scaled_half(parts.difference.high + parts.difference.low, parts.power), sign_of(x));
}

static inline vector tanh_of(vector x, mask *ask)
{
    *ask = is_nan_or_subnormal(x);
    const struct hyperbolic parts = hyperbolic_of(least(all(22), size_of(x))); /* beyond, the result is 1 */
    const struct pair above = sum_of(parts.difference.high, parts.difference.low);
    const struct pair below = sum_of(parts.sum.high, parts.sum.low);
    const vector inverse = 1 / below.high, quotient = above.high * inverse;
    const vector rest = fused(-quotient, below.high, above.high) + fused(-quotient, below.low, above.low);
    return signed_as(fused(rest, inverse, quotient), sign_of(x));
}

static inline void tanh_rare(vector x, struct rare *rare)
{
    settle_small(rare, x);
}

ROW_RIGHT_AT_ZERO(expm1)
ROW_RIGHT_AT_ZERO(sinh)
ROW(cosh)
ROW_RIGHT_AT_ZERO(tanh)
