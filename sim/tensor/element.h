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

half float_to_half(float number);
half double_to_half(double number);
static inline double half_to_double(half h)
{
    return (double)half_to_float(h);
}

#endif
