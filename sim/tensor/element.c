/* element.c - 16-bit floats: rounding to nearest, ties to even. */
#include "sim/tensor/element.h"

#include <fenv.h>

/* A finite number or an infinity as sign, exponent (of two, for a significand in [1, 2)) and a significand of
 * 53 bits. */
static half half_round(uint32_t sign, int exponent, uint64_t significand)
{
    int drop = 42; /* of 53 bits 11 stay */
    if (exponent > 15) {
        feraiseexcept(FE_OVERFLOW);
        return (half)(sign | 0x7c00);
    }
    if (exponent < -14) {
        drop += -14 - exponent;
        if (drop > 54)
            return (half)sign;
        exponent = -15;
    }
    uint64_t kept = significand >> drop, rest = significand & (((uint64_t)1 << drop) - 1),
             tie = (uint64_t)1 << (drop - 1);
    kept += rest > tie || (rest == tie && (kept & 1));
    if (exponent == -15 && rest)
        feraiseexcept(FE_UNDERFLOW);
    if (exponent == -15)
        return (half)(sign | kept); /* a carry makes it the smallest normal number */
    uint32_t bits = ((uint32_t)(exponent + 15) << 10) + ((uint32_t)kept - 0x400);
    if (bits >= 0x7c00)
        feraiseexcept(FE_OVERFLOW);
    return (half)(sign | bits);
}

half double_to_half(double number)
{
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    uint32_t sign = (uint32_t)(bits >> 48) & 0x8000;
    int exponent = (int)(bits >> 52 & 0x7ff);
    uint64_t fraction = bits & (((uint64_t)1 << 52) - 1);
    if (exponent == 0x7ff) {
        if (!fraction)
            return (half)(sign | 0x7c00);
        uint32_t kept = (uint32_t)(fraction >> 42);
        return (half)(sign | 0x7c00 | (kept ? kept : 1));
    }
    if (!exponent)
        return (half)sign;
    return half_round(sign, exponent - 1023, fraction | (uint64_t)1 << 52);
}

half float_to_half(float number)
{
    if (number == number)
        return double_to_half(number); /* exact: every float is a double */
    uint32_t bits;
    memcpy(&bits, &number, sizeof bits);
    uint32_t kept = bits >> 13 & 0x3ff;
    return (half)((bits >> 16 & 0x8000) | 0x7c00 | (kept ? kept : 1));
}
