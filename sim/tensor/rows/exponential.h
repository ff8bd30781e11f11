/* exponential.h - 2^(n / 32) e^r for small r. */
#ifndef HYBRIDSIM_SIM_TENSOR_ROWS_EXPONENTIAL_H
#define HYBRIDSIM_SIM_TENSOR_ROWS_EXPONENTIAL_H

#include "sim/tensor/rows/tables.h"

static const int64_t LARGE_EXPONENT = POWER_BITS(9) + (6LL << 48); /* the bits of 704: e^+-704 is normal */

/* |r| up to log(2) / 64; the last bits of `parts` are those of n; the result is a normal number. Terms beyond the seventh are below
 * 2^-67. */
static inline vector power_of_parts(integers parts, vector r, vector r_low, vector stretch, mask *doubtful)
{
    const vector square = r * r;
    const vector low_terms = fused(r, all(1.0 / 6), all(0.5)), high_terms = fused(r, all(1.0 / 120), all(1.0 / 24));
    const vector last_terms = fused(r, all(1.0 / 5040), all(1.0 / 720));
    const vector series = fused(fused(last_terms, square, high_terms), square, low_terms); /* (e^r - 1 - r) / r^2 */
    const vector table = lookup_32(POWER_HIGH, parts);
    const struct pair linear = product_of(table, r), sum = sum_of(table, linear.high);
    const vector small = fused(table, fused(square, series, r_low), lookup_32(POWER_LOW, parts)) + (linear.low + sum.low);
    const vector result = rounded(sum.high, small, stretch, doubtful);
    return (vector)((integers)result + ((parts >> 5) << 52));
}

#endif
