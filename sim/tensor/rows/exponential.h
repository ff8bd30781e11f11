/* exponential.h - 2^(n / 16) e^r for small r, and numbers near the ends of a double's range. */
#ifndef HYBRIDSIM_SIM_TENSOR_ROWS_EXPONENTIAL_H
#define HYBRIDSIM_SIM_TENSOR_ROWS_EXPONENTIAL_H

#include "sim/tensor/rows/tables.h"

/* The bits of 690: e^-690 is normal, and so is what is 2^-26 of it. */
static const int64_t LARGE_EXPONENT = POWER_BITS(9) + (0x59LL << 44);

/* 2^(n / 16) e^(r + r_low), |r| up to log(2) / 32; the last 16 bits of `parts` are those of n; the result is a normal number. */
static inline struct pair power_of_parts(integers parts, vector r, vector r_low)
{
    const vector square = r * r;
    const vector middle = fused(square, series_2(EXP_SERIES + 4, r), series_2(EXP_SERIES + 2, r));
    const vector series = fused(square, middle, series_2(EXP_SERIES, r));
    const vector scale = (vector)((naturals)lookup(POWER_BASE, parts) + ((naturals)parts << 48));
    const vector beyond = fused(square, series, r_low + lookup(POWER_REST, parts));
    const vector high = fused(scale, r, scale), low = fused(scale, r, scale - high);
    return (struct pair){high, fused(scale, beyond, low)};
}

/* `power` 2^(parts / 16) for what is left, less its sign: rounded once, also where it is subnormal, and with the flags for it; also
 * infinite or 0 where that is exact. */
static inline void settle_power(struct rare *rare, struct pair power, integers parts, mask exact, integers sign)
{
    const integers exponent = (parts - (integers)all(TO_WHOLE)) >> 4;
    const vector sum = power.high + power.low, whole = to_vector(exponent);
    const mask subnormal = is_below(choose(is_below(sum, all(1)), whole - 1, whole), all(-1022));
    /* Added, it leaves what a subnormal number has room for. */
    const vector to_unit = choose(subnormal, (vector)(POWER_BITS(-1022) - (exponent << 52)), all(0));
    const vector first = to_unit + power.high, rest = (power.high - (first - to_unit)) + power.low;
    const integers half = exponent >> 1; /* the first product is exact; the last overflows, or is */
    const vector near = ((first + rest) - to_unit) * (vector)(POWER_BITS(0) + (half << 52));
    const vector scaled = near * (vector)(POWER_BITS(0) + ((exponent - half) << 52));
    const mask raising = NOT(exact);
    if (is_left(rare, BOTH(raising, is_infinite(scaled))))
        rare->raised |= FE_OVERFLOW;
    if (is_left(rare, BOTH(raising, subnormal)))
        rare->raised |= FE_UNDERFLOW;
    settle(rare, rare->left, with_sign(scaled, sign));
}

#endif
