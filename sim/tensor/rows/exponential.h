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
    const vector scale = (vector)((naturals)lookup_16(POWER_BASE, parts) + ((naturals)parts << 48));
    const vector beyond = fused(square, series, r_low + lookup_16(POWER_REST, parts));
    const vector high = fused(scale, r, scale), low = fused(scale, r, scale - high);
    return (struct pair){high, fused(scale, beyond, low)};
}

/* (high + low) 2^exponent, high > 0, rounded once. */
static inline double scaled_sum(double high, double low, int exponent)
{
    int place; /* high + low = 0.1... * 2^place */
    frexp(high + low, &place);
    if (exponent + place >= -1021)
        return ldexp(high + low, exponent);
    raise_underflow();
    if (exponent + place < -1080)
        return 0;
    const double to_unit = ldexp(1, 52 - 1074 - exponent); /* added, it leaves what a subnormal number has room for */
    const double first = to_unit + high, rest = (high - (first - to_unit)) + low;
    return ldexp((first + rest) - to_unit, exponent);
}

#endif
