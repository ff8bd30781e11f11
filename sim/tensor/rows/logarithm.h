/* logarithm.h - a number's exponent, and the rest of its mantissa. */
#ifndef HYBRIDSIM_SIM_TENSOR_ROWS_LOGARITHM_H
#define HYBRIDSIM_SIM_TENSOR_ROWS_LOGARITHM_H

#include "sim/tensor/rows/tables.h"

struct reduced {
    vector exponent, rest; /* x = 2^exponent * (1 + rest) / inverse, |rest| < 0.0342 */
    integers part;
};

/* Of a positive normal number. */
static inline struct reduced reduce(vector x)
{
    const integers offset = (integers)((naturals)x - (uint64_t)LOG_START), exponent = offset >> 52;
    const vector mantissa = (vector)((naturals)x - ((naturals)exponent << 52));
    const integers part = offset >> 48;
    return (struct reduced){to_vector(exponent), fused(mantissa, lookup(INVERSE, part), all(-1)), part}; /* exact */
}

/* Of a positive number that may be subnormal. */
static inline struct reduced reduce_any(vector x)
{
    const mask subnormal = is_subnormal(x);
    struct reduced result = reduce(choose(subnormal, units_of(x), x));
    result.exponent = result.exponent - choose(subnormal, all(1074), all(0));
    return result;
}

/* The logarithms of 0, negative numbers and infinity. */
static inline void settle_log(struct rare *rare, vector x)
{
    settle_raising(rare, is_zero(x), all(-(double)INFINITY), FE_DIVBYZERO);
    settle_raising(rare, is_negative(x), all((double)NAN), FE_INVALID);
    settle(rare, is_infinite(x), x);
}

#endif
