/* element.h - the C types of array elements, and arithmetic that C lacks for two of them: 16-bit floats, and
 * complex numbers with numpy's formulas. */
#ifndef HYBRIDSIM_SIM_TENSOR_ELEMENT_H
#define HYBRIDSIM_SIM_TENSOR_ELEMENT_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

typedef uint8_t npbool;
typedef uint16_t half;
typedef struct {
    float real, imaginary;
} complex_float;
typedef struct {
    double real, imaginary;
} complex_double;

union element { /* room for an element of any numeric type */
    npbool boolean;
    int64_t integer;
    uint64_t natural;
    double number;
    complex_double complex;
    uint64_t object;
    char bytes[16];
};

static inline float half_to_float(half h)
{
    uint32_t sign = (uint32_t)(h & 0x8000) << 16, exponent = (h >> 10) & 31, fraction = h & 0x3ff, bits;
    if (exponent == 31) {
        bits = sign | 0x7f800000u | fraction << 13;
    } else if (exponent) {
        bits = sign | (exponent + 112) << 23 | fraction << 13;
    } else if (fraction) {
        int shift = __builtin_clz(fraction) - 21; /* to bring the leading bit to position 10 */
        bits = sign | (uint32_t)(113 - shift) << 23 | ((fraction << shift) & 0x3ff) << 13;
    } else {
        bits = sign;
    }
    float result;
    memcpy(&result, &bits, sizeof result);
    return result;
}

/* Rounded to nearest, ties to even. What is not within the normal numbers of half floats: */
half unusual_float_to_half(float number);
half unusual_double_to_half(double number);
static inline half float_to_half(float number)
{
    uint32_t bits;
    memcpy(&bits, &number, sizeof bits);
    const uint32_t size = bits & 0x7fffffff;
    if (size - 0x38800000u >= 0x477ff000u - 0x38800000u) /* 2^-14; 65520, which is too large */
        return unusual_float_to_half(number);
    return (half)((bits >> 16 & 0x8000) | (size - 0x38000000u + 0xfff + (size >> 13 & 1)) >> 13);
}

static inline half double_to_half(double number)
{
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    const uint64_t size = bits & INT64_MAX, least = (uint64_t)0x3f1 << 52, too_large = (uint64_t)0x40effe << 40;
    if (size - least >= too_large - least)
        return unusual_double_to_half(number);
    return (half)((bits >> 48 & 0x8000) | (size - ((uint64_t)0x3f0 << 52) + (((uint64_t)1 << 41) - 1) + (size >> 42 & 1)) >> 42);
}

static inline double half_to_double(half h)
{
    return (double)half_to_float(h);
}

#endif
