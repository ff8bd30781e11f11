/* logarithm.h - a number's exponent, and the rest of its mantissa. */
#ifndef HYBRIDSIM_SIM_TENSOR_ROWS_LOGARITHM_H
#define HYBRIDSIM_SIM_TENSOR_ROWS_LOGARITHM_H

#include "sim/tensor/rows/tables.h"

struct reduced {
    vector exponent, rest; /* x = 2^exponent * (1 + rest) / inverse, |rest| < 0.0212 */
    integers part;
};

/* log(1 + r) beyond the square, over r^3; and beyond the cube, over r^4. */
static inline vector log_series(vector r, vector square)
{
    const vector a = fused(r, all(-1.0 / 4), all(1.0 / 3)), b = fused(r, all(-1.0 / 6), all(1.0 / 5));
    const vector c = fused(r, all(-1.0 / 8), all(1.0 / 7)), d = fused(r, all(-1.0 / 10), all(1.0 / 9));
    const vector e = all(1.0/11);
    const vector fourth = square * square;
    return fused(fused(fused(e, square, d), fourth, fused(c, square, b)), square, a);
}

static inline vector fourth_series(vector r, vector square)
{
    const vector a = fused(r, all(1.0 / 5), all(-1.0 / 4)), b = fused(r, all(1.0 / 7), all(-1.0 / 6));
    const vector c = fused(r, all(1.0 / 9), all(-1.0 / 8)), d = fused(r, all(1.0 / 11), all(-1.0 / 10));
    const vector fourth = square * square;
    return fused(fused(d, square, c), fourth, fused(b, square, a));
}

static inline struct reduced reduce(vector *x, mask *ask)
{
    const mask fits = is_within((integers)*x, (int64_t)1 << 52, (int64_t)0x7ff << 52);
    *ask = not_of(fits);
    *x = choose(fits, *x, all(1));
    const integers offset = (integers)*x - LOG_START;
    const integers exponent = offset & INT64_MIN >> 11;
    struct reduced result;
    result.part = offset >> 47;
    const vector mantissa = (vector)((integers)*x - exponent);
    result.exponent = (vector)((integers)all(TO_WHOLE) + (exponent >> 52)) - TO_WHOLE;
    result.rest = fused(mantissa, lookup_32(INVERSE, result.part), all(-1)); /* exact */
    return result;
}

#endif
