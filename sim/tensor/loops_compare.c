/* loops_compare.c - comparisons, logic, bits, shifts, extremes, and questions about floats. None of them
 * reports floating-point errors. Complex numbers are ordered by their real part, then by the imaginary one.
 */
#include "sim/tensor/loops.h"

#ifdef COMPILING_WIDE_LOOPS
#include <immintrin.h>
#endif

/* ---- comparisons ---- */

#define ANY_COMPARE(N, T, name, sign) BINARY_LOOP(name##_##N, T, npbool, (npbool)(a sign b))
#define HALF_COMPARE(name, sign)                                                                             \
    BINARY_LOOP(name##_FLOAT16, half, npbool, (npbool)(half_to_float(a) sign half_to_float(b)))
/* For orders: real parts decide unless they are equal; a NaN anywhere makes it false. */
#define COMPLEX_ORDER(T, N, name, sign)                                                                      \
    BINARY_LOOP(name##_##N, T, npbool,                                                                       \
                (npbool)((a.real sign b.real && a.imaginary == a.imaginary && b.imaginary == b.imaginary &&  \
                          a.real != b.real) ||                                                               \
                         (a.real == b.real && a.imaginary sign b.imaginary)))
#ifdef COMPILING_WIDE_LOOPS
/* 32 doubles each; a step of 0: the same one. */
#define COMPARE_32(x, x_step, y, y_step, out, predicate)                                                     \
    do {                                                                                                     \
        __m256i part[8];                                                                                     \
        for (int k = 0; k < 8; k++)                                                                          \
            part[k] = _mm256_castpd_si256(_mm256_cmp_pd((x_step) ? _mm256_loadu_pd((x) + 4 * k) : _mm256_set1_pd(*(x)), \
                                                        (y_step) ? _mm256_loadu_pd((y) + 4 * k) : _mm256_set1_pd(*(y)), \
                                                        predicate));                                         \
        for (int k = 0; k < 4; k++)                                                                          \
            part[k] = _mm256_packs_epi32(part[2 * k], part[2 * k + 1]);                                      \
        part[0] = _mm256_packs_epi16(part[0], part[1]);                                                      \
        part[1] = _mm256_packs_epi16(part[2], part[3]);                                                      \
        part[0] = _mm256_and_si256(_mm256_packs_epi16(part[0], part[1]), _mm256_set1_epi8(1));               \
        /* the halves have the first and the second two of each four */                                      \
        const __m128i low = _mm256_castsi256_si128(part[0]), high = _mm256_extracti128_si256(part[0], 1);    \
        _mm_storeu_si128((__m128i *)(void *)(out), _mm_unpacklo_epi16(low, high));                           \
        _mm_storeu_si128((__m128i *)(void *)((out) + 16), _mm_unpackhi_epi16(low, high));                    \
    } while (0)
#define COMPARE_DOUBLES(name, sign, predicate)                                                               \
    ANY_COMPARE(FLOAT64_EACH, double, name, sign)                                                            \
    static void name##_FLOAT64(char *const *data, const int64_t *steps, int64_t count)                       \
    {                                                                                                        \
        const bool plain = (!steps[0] || steps[0] == 8) && (!steps[1] || steps[1] == 8) && steps[2] == 1;    \
        int64_t i = 0;                                                                                       \
        for (; plain && i + 32 <= count; i += 32) {                                                          \
            const double *x = (const double *)(const void *)(data[0] + i * steps[0]),                        \
                         *y = (const double *)(const void *)(data[1] + i * steps[1]);                        \
            COMPARE_32(x, steps[0], y, steps[1], data[2] + i, predicate);                                    \
        }                                                                                                    \
        name##_FLOAT64_EACH((char *[3]){data[0] + i * steps[0], data[1] + i * steps[1], data[2] + i * steps[2]}, steps, \
                            count - i);                                                                      \
    }
#define PREDICATE_equal _CMP_EQ_OQ
#define PREDICATE_not_equal _CMP_NEQ_UQ
#define PREDICATE_less _CMP_LT_OQ
#define PREDICATE_less_equal _CMP_LE_OQ
#define PREDICATE_greater _CMP_GT_OQ
#define PREDICATE_greater_equal _CMP_GE_OQ
#else
#define COMPARE_DOUBLES(name, sign, predicate) ANY_COMPARE(FLOAT64, double, name, sign)
#endif
#define COMPARE_TABLE(name, sign)                                                                            \
    ANY_COMPARE(BOOL, npbool, name, sign)                                                                    \
    ANY_COMPARE(INT8, int8_t, name, sign)                                                                    \
    ANY_COMPARE(UINT8, uint8_t, name, sign)                                                                  \
    ANY_COMPARE(INT16, int16_t, name, sign)                                                                  \
    ANY_COMPARE(UINT16, uint16_t, name, sign)                                                                \
    ANY_COMPARE(INT32, int32_t, name, sign)                                                                  \
    ANY_COMPARE(UINT32, uint32_t, name, sign)                                                                \
    ANY_COMPARE(INT64, int64_t, name, sign)                                                                  \
    ANY_COMPARE(UINT64, uint64_t, name, sign)                                                                \
    HALF_COMPARE(name, sign)                                                                                 \
    ANY_COMPARE(FLOAT32, float, name, sign)                                                                  \
    COMPARE_DOUBLES(name, sign, PREDICATE_##name)                                                            \
    const loop_table LOOPS(name) = {BOOL_ENTRY(name) INTEGER_ENTRIES(name) REAL_ENTRIES(name)               \
                                         COMPLEX_ENTRIES(name)};

#define COMPLEX_EQUAL(op, N, T, U)                                                                           \
    BINARY_LOOP(op##_##N, T, npbool, (npbool)(a.real == b.real && a.imaginary == b.imaginary))
#define COMPLEX_DIFFERS(op, N, T, U)                                                                         \
    BINARY_LOOP(op##_##N, T, npbool, (npbool)(a.real != b.real || a.imaginary != b.imaginary))
EACH_COMPLEX(COMPLEX_EQUAL, equal)
COMPARE_TABLE(equal, ==)
EACH_COMPLEX(COMPLEX_DIFFERS, not_equal)
COMPARE_TABLE(not_equal, !=)
COMPLEX_ORDER(complex_float, COMPLEX64, less, <)
COMPLEX_ORDER(complex_double, COMPLEX128, less, <)
COMPARE_TABLE(less, <)
COMPLEX_ORDER(complex_float, COMPLEX64, less_equal, <=)
COMPLEX_ORDER(complex_double, COMPLEX128, less_equal, <=)
COMPARE_TABLE(less_equal, <=)
COMPLEX_ORDER(complex_float, COMPLEX64, greater, >)
COMPLEX_ORDER(complex_double, COMPLEX128, greater, >)
COMPARE_TABLE(greater, >)
COMPLEX_ORDER(complex_float, COMPLEX64, greater_equal, >=)
COMPLEX_ORDER(complex_double, COMPLEX128, greater_equal, >=)
COMPARE_TABLE(greater_equal, >=)

/* ---- logic ---- */

#define HALF_TRUE(a) (((a)&0x7fff) != 0)
#define COMPLEX_TRUE(a) ((a).real != 0 || (a).imaginary != 0)
#define LOGICAL_TABLE(name, JOINED)                                                                          \
    BINARY_LOOP(name##_BOOL, npbool, npbool, (npbool)JOINED(a != 0, b != 0))                                 \
    EACH_INTEGER(name##_PLAIN, name)                                                                         \
    BINARY_LOOP(name##_FLOAT16, half, npbool, (npbool)JOINED(HALF_TRUE(a), HALF_TRUE(b)))                    \
    EACH_REAL(name##_PLAIN, name)                                                                            \
    BINARY_LOOP(name##_COMPLEX64, complex_float, npbool, (npbool)JOINED(COMPLEX_TRUE(a), COMPLEX_TRUE(b)))   \
    BINARY_LOOP(name##_COMPLEX128, complex_double, npbool, (npbool)JOINED(COMPLEX_TRUE(a), COMPLEX_TRUE(b))) \
    const loop_table LOOPS(name) = {BOOL_ENTRY(name) INTEGER_ENTRIES(name) REAL_ENTRIES(name)               \
                                         COMPLEX_ENTRIES(name)};
#define BOTH(x, y) ((x) & (y))
#define EITHER(x, y) ((x) | (y))
#define ONE_OF(x, y) ((x) ^ (y))
#define logical_and_PLAIN(op, N, T, U) BINARY_LOOP(op##_##N, T, npbool, (npbool)BOTH(a != 0, b != 0))
#define logical_or_PLAIN(op, N, T, U) BINARY_LOOP(op##_##N, T, npbool, (npbool)EITHER(a != 0, b != 0))
#define logical_xor_PLAIN(op, N, T, U) BINARY_LOOP(op##_##N, T, npbool, (npbool)ONE_OF(a != 0, b != 0))
LOGICAL_TABLE(logical_and, BOTH)
LOGICAL_TABLE(logical_or, EITHER)
LOGICAL_TABLE(logical_xor, ONE_OF)

#define PLAIN_NOT(op, N, T, U) UNARY_LOOP(op##_##N, T, npbool, (npbool)(a == 0))
UNARY_LOOP(logical_not_BOOL, npbool, npbool, (npbool)(a == 0))
EACH_INTEGER(PLAIN_NOT, logical_not)
EACH_REAL(PLAIN_NOT, logical_not)
UNARY_LOOP(logical_not_FLOAT16, half, npbool, (npbool)!HALF_TRUE(a))
UNARY_LOOP(logical_not_COMPLEX64, complex_float, npbool, (npbool)!COMPLEX_TRUE(a))
UNARY_LOOP(logical_not_COMPLEX128, complex_double, npbool, (npbool)!COMPLEX_TRUE(a))
const loop_table LOOPS(logical_not) = {BOOL_ENTRY(logical_not) INTEGER_ENTRIES(logical_not)
                                          REAL_ENTRIES(logical_not) COMPLEX_ENTRIES(logical_not)};

/* ---- bits ---- */

#define BIT_AND(op, N, T, U) BINARY_LOOP(op##_##N, T, T, (T)(a & b))
#define BIT_OR(op, N, T, U) BINARY_LOOP(op##_##N, T, T, (T)(a | b))
#define BIT_XOR(op, N, T, U) BINARY_LOOP(op##_##N, T, T, (T)(a ^ b))
#define BIT_INVERT(op, N, T, U) UNARY_LOOP(op##_##N, T, T, (T)~a)
#define BITS_OF(T) (8 * sizeof(T))
#define SHIFT_LEFT(op, N, T, U)                                                                              \
    BINARY_LOOP(op##_##N, T, T, (uint64_t)(int64_t)b < BITS_OF(T) ? (T)((U)a << b) : 0)
/* what is shifted out of a negative number leaves -1 */
#define SHIFT_RIGHT(op, N, T, U)                                                                             \
    BINARY_LOOP(op##_##N, T, T, (T)(a >> ((uint64_t)(int64_t)b < BITS_OF(T) ? b : (T)(BITS_OF(T) - 1))))
#define SHIFT_RIGHT_UNSIGNED(op, N, T, U)                                                                    \
    BINARY_LOOP(op##_##N, T, T, (uint64_t)(int64_t)b < BITS_OF(T) ? (T)(a >> b) : 0)
EACH_INTEGER(BIT_AND, bitwise_and)
EACH_INTEGER(BIT_OR, bitwise_or)
EACH_INTEGER(BIT_XOR, bitwise_xor)
EACH_INTEGER(BIT_INVERT, invert)
EACH_INTEGER(SHIFT_LEFT, left_shift)
EACH_SIGNED(SHIFT_RIGHT, right_shift)
EACH_UNSIGNED(SHIFT_RIGHT_UNSIGNED, right_shift)
#define bitwise_and_BOOL logical_and_BOOL
#define bitwise_or_BOOL logical_or_BOOL
#define bitwise_xor_BOOL logical_xor_BOOL
#define invert_BOOL logical_not_BOOL
const loop_table LOOPS(bitwise_and) = {BOOL_ENTRY(bitwise_and) INTEGER_ENTRIES(bitwise_and)};
const loop_table LOOPS(bitwise_or) = {BOOL_ENTRY(bitwise_or) INTEGER_ENTRIES(bitwise_or)};
const loop_table LOOPS(bitwise_xor) = {BOOL_ENTRY(bitwise_xor) INTEGER_ENTRIES(bitwise_xor)};
const loop_table LOOPS(invert) = {BOOL_ENTRY(invert) INTEGER_ENTRIES(invert)};
const loop_table LOOPS(left_shift) = {INTEGER_ENTRIES(left_shift)};
const loop_table LOOPS(right_shift) = {INTEGER_ENTRIES(right_shift)};

/* ---- extremes: maximum and minimum keep NaNs, fmax and fmin drop them ---- */

#define INTEGER_MAXIMUM(op, N, T, U) BINARY_LOOP(op##_##N, T, T, a > b ? a : b)
#define INTEGER_MINIMUM(op, N, T, U) BINARY_LOOP(op##_##N, T, T, a < b ? a : b)
#define REAL_MAXIMUM(op, N, T, U) BINARY_LOOP(op##_##N, T, T, ((a >= b) | (a != a)) ? a : b)
#define REAL_MINIMUM(op, N, T, U) BINARY_LOOP(op##_##N, T, T, ((a <= b) | (a != a)) ? a : b)
#define REAL_FMAX(op, N, T, U) BINARY_LOOP(op##_##N, T, T, ((a >= b) | (b != b)) ? a : b)
#define REAL_FMIN(op, N, T, U) BINARY_LOOP(op##_##N, T, T, ((a <= b) | (b != b)) ? a : b)
#define COMPLEX_NAN(z) ((z).real != (z).real || (z).imaginary != (z).imaginary)
#define COMPLEX_GE(x, y) ((x).real > (y).real || ((x).real == (y).real && (x).imaginary >= (y).imaginary))
#define COMPLEX_MAXIMUM(op, N, T, U)                                                                         \
    BINARY_LOOP(op##_##N, T, T, COMPLEX_NAN(a) || (!COMPLEX_NAN(b) && COMPLEX_GE(a, b)) ? a : b)
#define COMPLEX_MINIMUM(op, N, T, U)                                                                         \
    BINARY_LOOP(op##_##N, T, T, COMPLEX_NAN(a) || (!COMPLEX_NAN(b) && COMPLEX_GE(b, a)) ? a : b)
#define COMPLEX_FMAX(op, N, T, U)                                                                            \
    BINARY_LOOP(op##_##N, T, T, COMPLEX_NAN(b) || (!COMPLEX_NAN(a) && COMPLEX_GE(a, b)) ? a : b)
#define COMPLEX_FMIN(op, N, T, U)                                                                            \
    BINARY_LOOP(op##_##N, T, T, COMPLEX_NAN(b) || (!COMPLEX_NAN(a) && COMPLEX_GE(b, a)) ? a : b)
#define HALF_NAN(h) (((h)&0x7fff) > 0x7c00)
#define HALF_EXTREME(name, sign, first_nan)                                                                  \
    BINARY_LOOP(name##_FLOAT16, half, half,                                                                  \
                HALF_NAN(first_nan) || half_to_float(a) sign half_to_float(b) ? a : b)
EACH_INTEGER(INTEGER_MAXIMUM, maximum)
EACH_REAL(REAL_MAXIMUM, maximum)
EACH_COMPLEX(COMPLEX_MAXIMUM, maximum)
HALF_EXTREME(maximum, >=, a)
EACH_INTEGER(INTEGER_MINIMUM, minimum)
EACH_REAL(REAL_MINIMUM, minimum)
EACH_COMPLEX(COMPLEX_MINIMUM, minimum)
HALF_EXTREME(minimum, <=, a)
EACH_REAL(REAL_FMAX, fmax)
EACH_COMPLEX(COMPLEX_FMAX, fmax)
HALF_EXTREME(fmax, >=, b)
EACH_REAL(REAL_FMIN, fmin)
EACH_COMPLEX(COMPLEX_FMIN, fmin)
HALF_EXTREME(fmin, <=, b)
#define maximum_BOOL logical_or_BOOL
#define minimum_BOOL logical_and_BOOL
const loop_table LOOPS(maximum) = {BOOL_ENTRY(maximum) INTEGER_ENTRIES(maximum) REAL_ENTRIES(maximum)
                                      COMPLEX_ENTRIES(maximum)};
const loop_table LOOPS(minimum) = {BOOL_ENTRY(minimum) INTEGER_ENTRIES(minimum) REAL_ENTRIES(minimum)
                                      COMPLEX_ENTRIES(minimum)};
const loop_table LOOPS(fmax) = {BOOL_ENTRY(maximum) INTEGER_ENTRIES(maximum) REAL_ENTRIES(fmax)
                                   COMPLEX_ENTRIES(fmax)};
const loop_table LOOPS(fmin) = {BOOL_ENTRY(minimum) INTEGER_ENTRIES(minimum) REAL_ENTRIES(fmin)
                                   COMPLEX_ENTRIES(fmin)};

/* ---- questions about floats; of integers the answer is known ---- */

#define ALWAYS_NO(op, N, T, U) UNARY_LOOP(op##_##N, T, npbool, (npbool)(a != a))
#define ALWAYS_YES(op, N, T, U) UNARY_LOOP(op##_##N, T, npbool, (npbool)(a == a))
#define REAL_ISINF(op, N, T, U)                                                                              \
    UNARY_LOOP(op##_##N, T, npbool, (npbool)(a == (T)INFINITY || a == (T)-INFINITY))
#define REAL_ISFINITE(op, N, T, U) UNARY_LOOP(op##_##N, T, npbool, (npbool)(a - a == 0))
#define COMPLEX_ISNAN(op, N, T, U) UNARY_LOOP(op##_##N, T, npbool, (npbool)COMPLEX_NAN(a))
#define COMPLEX_ISINF(op, N, T, U)                                                                           \
    UNARY_LOOP(op##_##N, T, npbool, (npbool)(isinf(a.real) || isinf(a.imaginary)))
#define COMPLEX_ISFINITE(op, N, T, U)                                                                        \
    UNARY_LOOP(op##_##N, T, npbool, (npbool)(isfinite(a.real) && isfinite(a.imaginary)))
UNARY_LOOP(isnan_BOOL, npbool, npbool, (npbool)(a != a))
EACH_INTEGER(ALWAYS_NO, isnan)
EACH_REAL(ALWAYS_NO, isnan)
EACH_COMPLEX(COMPLEX_ISNAN, isnan)
UNARY_LOOP(isnan_FLOAT16, half, npbool, (npbool)HALF_NAN(a))
const loop_table LOOPS(isnan) = {BOOL_ENTRY(isnan) INTEGER_ENTRIES(isnan) REAL_ENTRIES(isnan)
                                    COMPLEX_ENTRIES(isnan)};
#define isinf_BOOL isnan_BOOL
EACH_INTEGER(ALWAYS_NO, isinf)
EACH_REAL(REAL_ISINF, isinf)
EACH_COMPLEX(COMPLEX_ISINF, isinf)
UNARY_LOOP(isinf_FLOAT16, half, npbool, (npbool)((a & 0x7fff) == 0x7c00))
const loop_table LOOPS(isinf) = {BOOL_ENTRY(isinf) INTEGER_ENTRIES(isinf) REAL_ENTRIES(isinf)
                                    COMPLEX_ENTRIES(isinf)};
UNARY_LOOP(isfinite_BOOL, npbool, npbool, (npbool)(a == a))
EACH_INTEGER(ALWAYS_YES, isfinite)
EACH_REAL(REAL_ISFINITE, isfinite)
EACH_COMPLEX(COMPLEX_ISFINITE, isfinite)
UNARY_LOOP(isfinite_FLOAT16, half, npbool, (npbool)((a & 0x7fff) < 0x7c00))
const loop_table LOOPS(isfinite) = {BOOL_ENTRY(isfinite) INTEGER_ENTRIES(isfinite) REAL_ENTRIES(isfinite)
                                       COMPLEX_ENTRIES(isfinite)};
#define REAL_SIGNBIT(N, INTEGER, T) /* as whole numbers those with the sign are below zero */                  \
    static void signbit_##N(char *const *data, const int64_t *steps, int64_t count)                          \
    {                                                                                                        \
        T zero = 0;                                                                                          \
        char *const operands[3] = {data[0], (char *)&zero, data[1]};                                         \
        const int64_t their_steps[3] = {steps[0], 0, steps[1]};                                              \
        less_##INTEGER(operands, their_steps, count);                                                        \
    }
REAL_SIGNBIT(FLOAT64, INT64, int64_t)
REAL_SIGNBIT(FLOAT32, INT32, int32_t)
UNARY_LOOP(signbit_FLOAT16, half, npbool, (npbool)(a >> 15))
const loop_table LOOPS(signbit) = {REAL_ENTRIES(signbit)};
