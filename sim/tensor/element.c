/* element.c - 16-bit floats: rounding of what is not within their normal numbers. */
#include "sim/tensor/element.h"

#include <fenv.h>

/* Raising what is already raised takes long. */
static void raise_flag(int flag)
{
    if (!fetestexcept(flag))
        feraiseexcept(flag);
}

half unusual_double_to_half(double number)
{
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    const uint32_t sign = (uint32_t)(bits >> 48) & 0x8000;
    const int exponent = (int)(bits >> 52 & 0x7ff) - 1023;
    const uint64_t fraction = bits & (((uint64_t)1 << 52) - 1);
    if (exponent == 1024) {
        const uint32_t kept = (uint32_t)(fraction >> 42);
        return (half)(sign | 0x7c00 | (fraction && !kept ? 1 : kept));
    }
    if (exponent >= 15) {
        raise_flag(FE_OVERFLOW);
        return (half)(sign | 0x7c00);
    }
    if (exponent < -26) { /* less than half the smallest, or 0 */
        if (bits << 1)
            raise_flag(FE_UNDERFLOW);
        return (half)sign;
    }
    const int drop = 28 - exponent; /* of a significand of 53 bits; the last place is 2^-24 */
    const uint64_t significand = fraction | (uint64_t)1 << 52, tie = (uint64_t)1 << (drop - 1);
    const uint64_t kept = significand >> drop, rest = significand & (2 * tie - 1);
    if (rest)
        raise_flag(FE_UNDERFLOW);
    return (half)(sign | (kept + (rest > tie || (rest == tie && (kept & 1))))); /* a carry makes it the smallest normal number */
}

half unusual_float_to_half(float number)
{
    uint32_t bits;
    memcpy(&bits, &number, sizeof bits);
    if ((bits & 0x7fffffff) <= 0x7f800000)
        return unusual_double_to_half(number); /* exact: every float is a double */
    const uint32_t kept = bits >> 13 & 0x3ff; /* of what is not a number */
    return (half)((bits >> 16 & 0x8000) | 0x7c00 | (kept ? kept : 1));
}
