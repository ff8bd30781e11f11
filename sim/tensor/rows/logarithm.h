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
    return (struct reduced){to_vector(exponent), fused(mantissa, lookup_16(INVERSE, part), all(-1)), part}; /* exact */
}

static inline mask is_normal(vector x) /* and positive */
{
    return is_within((integers)x, (int64_t)1 << 52, (int64_t)0x7ff << 52);
}

/* Of 0, negative numbers, infinity and NaN. False: a subnormal number. */
static inline bool log_of_special(double x, double *result)
{
    if (isnan(x) || x == (double)INFINITY) {
        *result = x + x;
    } else if (x == 0) {
        raise_division_by_zero();
        *result = -(double)INFINITY;
    } else if (x < 0) {
        raise_invalid();
        *result = (double)NAN;
    } else {
        return false;
    }
    return true;
}

#endif
