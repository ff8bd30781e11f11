/* lane_special.h - for floats that vectors do not compute: powers of 2 whose floats overflow, or are subnormal. */
#ifndef HYBRIDSIM_SIM_TENSOR_ROWS_LANE_SPECIAL_H
#define HYBRIDSIM_SIM_TENSOR_ROWS_LANE_SPECIAL_H

#include <math.h>
#include <stdint.h>
#include <string.h>

/* 2^x to 45 bits, as a float: with one rounding, so that subnormal ones are as near as others. */
static inline float float_power(double x)
{
    if (x > 129 || x < -152) { /* overflows; underflows to 0 */
        volatile float extreme = x > 0 ? 0x1p127f : 0x1p-126f;
        return extreme * extreme;
    }
    const double shifted = x + 0x1.8p52, rest = (x - (shifted - 0x1.8p52)) * 0x1.62e42fefa39efp-1;
    double power = 1;
    for (int k = 14; k > 0; k--) /* Horner's way through e^rest */
        power = 1 + power * rest / k;
    int64_t bits;
    memcpy(&bits, &shifted, sizeof bits);
    bits = (int64_t)((uint64_t)bits << 52) + ((int64_t)1023 << 52);
    double scale;
    memcpy(&scale, &bits, sizeof scale);
    volatile double wide = power * scale;
    return (float)wide;
}
#endif
