/* loops_arithmetic.c - sums, products, signs, divisors and bounds of each type, with numpy's formulas for complex numbers; reductions,
 * pairwise where numpy's are. Quotients and powers are in loops_quotients.c. */
#include "sim/tensor/loops.h"

#include <fenv.h>

/* ---- +, -, * ---- */

#define INTEGER_ADD(op, N, T, U) BINARY_LOOP(op##_##N, T, T, (T)((U)a + (U)b))
#define INTEGER_SUBTRACT(op, N, T, U) BINARY_LOOP(op##_##N, T, T, (T)((U)a - (U)b))
#define INTEGER_MULTIPLY(op, N, T, U) BINARY_LOOP(op##_##N, T, T, (T)((U)a * (U)b))
#define REAL_ADD(op, N, T, U) BINARY_LOOP(op##_##N, T, T, a + b)
#define REAL_SUBTRACT(op, N, T, U) BINARY_LOOP(op##_##N, T, T, a - b)
#define REAL_MULTIPLY(op, N, T, U) BINARY_LOOP(op##_##N, T, T, a *b)
#define COMPLEX_ADD(op, N, T, U)                                                                             \
    BINARY_LOOP(op##_##N, T, T, ((T){a.real + b.real, a.imaginary + b.imaginary}))
#define COMPLEX_SUBTRACT(op, N, T, U)                                                                        \
    BINARY_LOOP(op##_##N, T, T, ((T){a.real - b.real, a.imaginary - b.imaginary}))
#define COMPLEX_MULTIPLY(op, N, T, U)                                                                        \
    BINARY_LOOP(                                                                                             \
        op##_##N, T, T,                                                                                      \
        ((T){a.real * b.real - a.imaginary * b.imaginary, a.real * b.imaginary + a.imaginary * b.real}))

EACH_INTEGER(INTEGER_ADD, add)
EACH_REAL(REAL_ADD, add)
EACH_COMPLEX(COMPLEX_ADD, add)
HALF_LOOP(add_FLOAT16, a + b)
BINARY_LOOP(add_BOOL, npbool, npbool, a | b)
const loop_table LOOPS(add) = {BOOL_ENTRY(add) INTEGER_ENTRIES(add) REAL_ENTRIES(add) COMPLEX_ENTRIES(add)};

EACH_INTEGER(INTEGER_SUBTRACT, subtract)
EACH_REAL(REAL_SUBTRACT, subtract)
EACH_COMPLEX(COMPLEX_SUBTRACT, subtract)
HALF_LOOP(subtract_FLOAT16, a - b)
const loop_table LOOPS(subtract) = {INTEGER_ENTRIES(subtract) REAL_ENTRIES(subtract)
                                       COMPLEX_ENTRIES(subtract)};

EACH_INTEGER(INTEGER_MULTIPLY, multiply)
EACH_REAL(REAL_MULTIPLY, multiply)
EACH_COMPLEX(COMPLEX_MULTIPLY, multiply)
HALF_LOOP(multiply_FLOAT16, a *b)
BINARY_LOOP(multiply_BOOL, npbool, npbool, a &b)
const loop_table LOOPS(multiply) = {BOOL_ENTRY(multiply) INTEGER_ENTRIES(multiply) REAL_ENTRIES(multiply)
                                       COMPLEX_ENTRIES(multiply)};

/* ---- one operand ---- */

#define HALF_UNARY(name, expression) UNARY_LOOP(name, half, half, expression)
#define INTEGER_NEGATIVE(op, N, T, U) UNARY_LOOP(op##_##N, T, T, (T)((U)0 - (U)a))
#define REAL_NEGATIVE(op, N, T, U) UNARY_LOOP(op##_##N, T, T, -a)
#define COMPLEX_NEGATIVE(op, N, T, U) UNARY_LOOP(op##_##N, T, T, ((T){-a.real, -a.imaginary}))
EACH_INTEGER(INTEGER_NEGATIVE, negative)
EACH_REAL(REAL_NEGATIVE, negative)
EACH_COMPLEX(COMPLEX_NEGATIVE, negative)
HALF_UNARY(negative_FLOAT16, a ^ 0x8000)
const loop_table LOOPS(negative) = {INTEGER_ENTRIES(negative) REAL_ENTRIES(negative)
                                       COMPLEX_ENTRIES(negative)};

#define SAME(op, N, T, U) UNARY_LOOP(op##_##N, T, T, a)
EACH_INTEGER(SAME, positive)
EACH_REAL(SAME, positive)
EACH_COMPLEX(SAME, positive)
HALF_UNARY(positive_FLOAT16, a)
const loop_table LOOPS(positive) = {INTEGER_ENTRIES(positive) REAL_ENTRIES(positive)
                                       COMPLEX_ENTRIES(positive)};
#define COMPLEX_CONJUGATE(op, N, T, U) UNARY_LOOP(op##_##N, T, T, ((T){a.real, -a.imaginary}))
EACH_COMPLEX(COMPLEX_CONJUGATE, conjugate)
const loop_table LOOPS(conjugate) = {INTEGER_ENTRIES(positive) REAL_ENTRIES(positive)
                                        COMPLEX_ENTRIES(conjugate)};

#define SIGNED_ABSOLUTE(op, N, T, U) UNARY_LOOP(op##_##N, T, T, (T)(a < 0 ? (U)0 - (U)a : (U)a))
EACH_SIGNED(SIGNED_ABSOLUTE, absolute)
EACH_UNSIGNED(SAME, absolute)
UNARY_LOOP(absolute_BOOL, npbool, npbool, a)
UNARY_LOOP(absolute_FLOAT32, float, float, fabsf(a))
UNARY_LOOP(absolute_FLOAT64, double, double, fabs(a))
HALF_UNARY(absolute_FLOAT16, a & 0x7fff)
#define COMPLEX_LENGTH(TYPE, T, part, through, row)                                                          \
    static void absolute_##TYPE(char *const *data, const int64_t *steps, int64_t count)                      \
    {                                                                                                        \
        char *parts[3] = {data[0], data[0] + offsetof(T, imaginary), data[1]};                               \
        if (steps[0] == sizeof(T) && steps[1] == sizeof(part))                                               \
            HOST_LANES(complex_##row)(ELEMENTS(part, data[0]), ELEMENTS(part, data[1]), count);              \
        else                                                                                                 \
            through(HOST_LANES(row), parts, (const int64_t[3]){steps[0], steps[0], steps[1]}, count);        \
    }
COMPLEX_LENGTH(COMPLEX64, complex_float, float, lanes_of_single_pairs, length_singles)
COMPLEX_LENGTH(COMPLEX128, complex_double, double, lanes_of_double_pairs, length_doubles)
const loop_table LOOPS(absolute) = {BOOL_ENTRY(absolute) INTEGER_ENTRIES(absolute) REAL_ENTRIES(absolute)
                                       COMPLEX_ENTRIES(absolute)};
const loop_table LOOPS(fabs) = {REAL_ENTRIES(absolute)};

#define INTEGER_SQUARE(op, N, T, U) UNARY_LOOP(op##_##N, T, T, (T)((U)a * (U)a))
#define REAL_SQUARE(op, N, T, U) UNARY_LOOP(op##_##N, T, T, a *a)
#define COMPLEX_SQUARE(op, N, T, U)                                                                          \
    UNARY_LOOP(                                                                                              \
        op##_##N, T, T,                                                                                      \
        ((T){a.real * a.real - a.imaginary * a.imaginary, a.real * a.imaginary + a.imaginary * a.real}))
EACH_INTEGER(INTEGER_SQUARE, square)
EACH_REAL(REAL_SQUARE, square)
EACH_COMPLEX(COMPLEX_SQUARE, square)
HALF_UNARY(square_FLOAT16, float_to_half(half_to_float(a) * half_to_float(a)))
const loop_table LOOPS(square) = {INTEGER_ENTRIES(square) REAL_ENTRIES(square) COMPLEX_ENTRIES(square)};

/* Only 1 and -1 have one that is not 0. */
#define INTEGER_RECIPROCAL(op, N, T, U)                                                                      \
    static T op##_row_##N(const T *x, T *to, int64_t count) /* whether there is a zero */                    \
    {                                                                                                        \
        const T of_zero = (T)(DTYPE_##N == DTYPE_INT64 || DTYPE_##N == DTYPE_INT32 ? (U)1 << (8 * sizeof(T) - 1) : 0); \
        const T least = (T)-1 > 1 ? 1 : (T)-1;                                                               \
        T zeros = 0;                                                                                         \
        VECTOR_LOOP                                                                                          \
        for (int64_t i = 0; i < count; i++) {                                                                \
            const T a = x[i];                                                                                \
            zeros |= (T)(a == 0);                                                                            \
            to[i] = a == 0 ? of_zero : ((a == 1) | (a == least)) ? a : 0;                                    \
        }                                                                                                    \
        return zeros;                                                                                        \
    }                                                                                                        \
    static void op##_##N(char *const *data, const int64_t *steps, int64_t count)                             \
    {                                                                                                        \
        const bool adjoining = steps[0] == sizeof(T) && steps[1] == sizeof(T);                               \
        const int64_t length = adjoining ? count : 1;                                                        \
        T zeros = 0;                                                                                         \
        for (int64_t i = 0; i < count; i += length)                                                          \
            zeros |= op##_row_##N(ELEMENTS(const T, data[0] + i * steps[0]), ELEMENTS(T, data[1] + i * steps[1]), length); \
        if (zeros)                                                                                           \
            feraiseexcept(FE_DIVBYZERO | FE_INVALID);                                                        \
    }
#define REAL_RECIPROCAL(op, N, T, U) UNARY_LOOP(op##_##N, T, T, 1 / a)
/* as numpy divides 1 by a complex number */
#define COMPLEX_RECIPROCAL(op, N, T, U)                                                                      \
    static T reciprocal_of_##N(T a)                                                                          \
    {                                                                                                        \
        if ((a.imaginary < 0 ? -a.imaginary : a.imaginary) <= (a.real < 0 ? -a.real : a.real)) {             \
            const U r = a.imaginary / a.real, d = a.real + a.imaginary * r;                                  \
            return (T){1 / d, -r / d};                                                                       \
        }                                                                                                    \
        const U r = a.real / a.imaginary, d = a.real * r + a.imaginary;                                      \
        return (T){r / d, -1 / d};                                                                           \
    }                                                                                                        \
    UNARY_LOOP(op##_##N, T, T, reciprocal_of_##N(a))
EACH_INTEGER(INTEGER_RECIPROCAL, reciprocal)
EACH_REAL(REAL_RECIPROCAL, reciprocal)
EACH_COMPLEX(COMPLEX_RECIPROCAL, reciprocal)
HALF_UNARY(reciprocal_FLOAT16, float_to_half(1 / half_to_float(a)))
const loop_table LOOPS(reciprocal) = {INTEGER_ENTRIES(reciprocal) REAL_ENTRIES(reciprocal)
                                         COMPLEX_ENTRIES(reciprocal)};

#define SIGNED_SIGN(op, N, T, U) UNARY_LOOP(op##_##N, T, T, (T)((a > 0) - (a < 0)))
#define UNSIGNED_SIGN(op, N, T, U) UNARY_LOOP(op##_##N, T, T, (T)(a > 0))
#define REAL_SIGN(op, N, T, U) UNARY_LOOP(op##_##N, T, T, a > 0 ? 1 : a < 0 ? -1 : a == 0 ? 0 : a)
#define COMPLEX_SIGN(op, N, T, U)                                                                            \
    static T sign_of_##N(T a)                                                                                \
    {                                                                                                        \
        if (a.real != a.real || a.imaginary != a.imaginary) {                                                \
            if (a.real != a.real || a.real == 0) /* the part that is compared */                             \
                feraiseexcept(FE_INVALID);                                                                   \
            return (T){(U)NAN, 0};                                                                           \
        }                                                                                                    \
        U part = a.real != 0 ? a.real : a.imaginary;                                                         \
        return (T){(U)((part > 0) - (part < 0)), 0};                                                         \
    }                                                                                                        \
    UNARY_LOOP(op##_##N, T, T, sign_of_##N(a))
EACH_SIGNED(SIGNED_SIGN, sign)
EACH_UNSIGNED(UNSIGNED_SIGN, sign)
EACH_REAL(REAL_SIGN, sign)
EACH_COMPLEX(COMPLEX_SIGN, sign)
HALF_UNARY(sign_FLOAT16, (a & 0x7fff) > 0x7c00 ? a : (a & 0x7fff) == 0 ? 0 : a & 0x8000 ? 0xbc00 : 0x3c00)
const loop_table LOOPS(sign) = {INTEGER_ENTRIES(sign) REAL_ENTRIES(sign) COMPLEX_ENTRIES(sign)};

/* ---- gcd, lcm, clip ---- */

#define SIGNED_SIZE(x, U) ((x) < 0 ? (U)0 - (U)(x) : (U)(x))
#define UNSIGNED_SIZE(x, U) ((U)(x))
#define INTEGER_GCD(N, T, U, SIZE)                                                                           \
    static inline T gcd_of_##N(T a, T b)                                                                     \
    {                                                                                                        \
        U x = SIZE(a, U), y = SIZE(b, U);                                                                    \
        while (y) {                                                                                          \
            U rest = x % y;                                                                                  \
            x = y;                                                                                           \
            y = rest;                                                                                        \
        }                                                                                                    \
        return (T)x;                                                                                         \
    }                                                                                                        \
    static inline T lcm_of_##N(T a, T b)                                                                     \
    {                                                                                                        \
        T divisor = gcd_of_##N(a, b);                                                                        \
        U x = SIZE(a, U), y = SIZE(b, U);                                                                    \
        return divisor ? (T)(x / (U)divisor * y) : 0;                                                        \
    }                                                                                                        \
    BINARY_LOOP(gcd_##N, T, T, gcd_of_##N(a, b))                                                             \
    BINARY_LOOP(lcm_##N, T, T, lcm_of_##N(a, b))
#define SIGNED_GCD(op, N, T, U) INTEGER_GCD(N, T, U, SIGNED_SIZE)
#define UNSIGNED_GCD(op, N, T, U) INTEGER_GCD(N, T, U, UNSIGNED_SIZE)
EACH_SIGNED(SIGNED_GCD, )
EACH_UNSIGNED(UNSIGNED_GCD, )
const loop_table LOOPS(gcd) = {INTEGER_ENTRIES(gcd)}, LOOPS(lcm) = {INTEGER_ENTRIES(lcm)};

/* Comparisons that compilers do not vectorise are written with vectors; on narrower ones they are done in parts. */
enum { VECTOR_BYTES = 32 };
typedef double vector_FLOAT64 __attribute__((vector_size(VECTOR_BYTES)));
typedef float vector_FLOAT32 __attribute__((vector_size(VECTOR_BYTES)));
typedef int64_t mask_FLOAT64 __attribute__((vector_size(VECTOR_BYTES)));
typedef int32_t mask_FLOAT32 __attribute__((vector_size(VECTOR_BYTES)));
#define VECTOR_CHOICE(N, mask, x, y) (vector_##N)(((mask_##N)(x) & (mask)) | ((mask_##N)(y) & ~(mask)))

/* min(max(x, low), high); NaNs of any of them stay */
#define CLIP_LOOP(name, T, CLIP_ROW, expression)                                                                   \
    static void name(char *const *data, const int64_t *steps, int64_t count)                                 \
    {                                                                                                        \
        int64_t i = 0;                                                                                       \
        if (steps[0] == sizeof(T) && steps[3] == sizeof(T) && !steps[1] && !steps[2])                        \
            i = CLIP_ROW(data, count);                                                                       \
        for (; i < count; i++) {                                                                \
            const T x = ELEMENT(const T, data[0] + i * steps[0]),                                            \
                    low = ELEMENT(const T, data[1] + i * steps[1]),                                          \
                    high = ELEMENT(const T, data[2] + i * steps[2]);                                         \
            ELEMENT(T, data[3] + i * steps[3]) = expression;                                                 \
        }                                                                                                    \
    }
static int64_t clip_nothing(char *const *data, int64_t count)
{
    (void)data, (void)count;
    return 0;
}
#define INTEGER_CLIP(op, N, T, U)                                                                            \
    CLIP_LOOP(op##_##N, T, clip_nothing, x<low ? (low < high ? low : high) : x> high ? high : x)
#define GREATER_OF(a, b) ((a) != (a) || (a) > (b) ? (a) : (b))
#define LESS_OF(a, b) ((a) != (a) || (a) < (b) ? (a) : (b))
#define REAL_CLIP(op, N, T, U)                                                                               \
    static inline T clip_of_##N(T x, T low, T high)                                                          \
    {                                                                                                        \
        T raised = GREATER_OF(x, low);                                                                       \
        return LESS_OF(raised, high);                                                                        \
    }                                                                                                        \
    static int64_t clip_row_##N(char *const *data, int64_t count) /* how many were done */                   \
    {                                                                                                        \
        enum { LANES = VECTOR_BYTES / sizeof(T) };                                                           \
        const vector_##N low = ELEMENT(const T, data[1]) - (vector_##N){0},                                  \
                         high = ELEMENT(const T, data[2]) - (vector_##N){0};                                 \
        int64_t i = 0;                                                                                       \
        for (; i + LANES <= count; i += LANES) {                                                             \
            vector_##N x;                                                                                    \
            memcpy(&x, data[0] + i * (int64_t)sizeof(T), sizeof x);                                          \
            x = VECTOR_CHOICE(N, (x != x) | (x > low), x, low);                                              \
            x = VECTOR_CHOICE(N, (x != x) | (x < high), x, high);                                            \
            memcpy(data[3] + i * (int64_t)sizeof(T), &x, sizeof x);                                          \
        }                                                                                                    \
        return i;                                                                                            \
    }                                                                                                        \
    CLIP_LOOP(op##_##N, T, clip_row_##N, clip_of_##N(x, low, high))
EACH_INTEGER(INTEGER_CLIP, clip)
EACH_REAL(REAL_CLIP, clip)
CLIP_LOOP(clip_BOOL, npbool, clip_nothing, x<low ? low : x> high ? high : x)
CLIP_LOOP(clip_FLOAT16, half, clip_nothing,
          float_to_half(clip_of_FLOAT32(half_to_float(x), half_to_float(low), half_to_float(high))))
#define COMPLEX_ABOVE(a, b)                                                                                  \
    (((a).real > (b).real && (a).imaginary == (a).imaginary && (b).imaginary == (b).imaginary) ||            \
     ((a).real == (b).real && (a).imaginary > (b).imaginary))
#define COMPLEX_NAN(a) ((a).real != (a).real || (a).imaginary != (a).imaginary)
#define COMPLEX_CLIP(op, N, T, P)                                                                            \
    static inline T clip_of_##N(T x, T low, T high)                                                          \
    {                                                                                                        \
        T raised = COMPLEX_NAN(x) || COMPLEX_ABOVE(x, low) ? x : low;                                        \
        return COMPLEX_NAN(raised) || COMPLEX_ABOVE(high, raised) ? raised : high;                           \
    }                                                                                                        \
    CLIP_LOOP(op##_##N, T, clip_nothing, clip_of_##N(x, low, high))
EACH_COMPLEX(COMPLEX_CLIP, clip)
const loop_table LOOPS(clip) = {BOOL_ENTRY(clip) INTEGER_ENTRIES(clip) REAL_ENTRIES(clip) COMPLEX_ENTRIES(clip)};

/* ---- reductions: data[0] is the accumulator, data[1] the row with its step ---- */

/* Pairwise sums in blocks of 128 with 8 partial sums: numpy's order of additions. */
#define PAIRWISE_SUM(function, T, STORED, LOAD)                                                              \
    static T function(const char *data, int64_t count, int64_t step)                                         \
    {                                                                                                        \
        if (count < 8) {                                                                                     \
            T sum = 0;                                                                                       \
            for (int64_t i = 0; i < count; i++)                                                              \
                sum += LOAD(*(const STORED *)(const void *)(data + i * step));                               \
            return sum;                                                                                      \
        }                                                                                                    \
        if (count > 128) {                                                                                   \
            int64_t half_count = count / 2;                                                                  \
            half_count -= half_count % 8;                                                                    \
            T low = function(data, half_count, step);                                                        \
            return low + function(data + half_count * step, count - half_count, step);                       \
        }                                                                                                    \
        T part[8];                                                                                           \
        int64_t i = 8;                                                                                       \
        for (int k = 0; k < 8; k++)                                                                          \
            part[k] = LOAD(*(const STORED *)(const void *)(data + k * step));                                \
        if (step == sizeof(STORED)) {                                                                        \
            for (; i < count - count % 8; i += 8)                                                            \
                for (int k = 0; k < 8; k++)                                                                  \
                    part[k] += LOAD(((const STORED *)(const void *)data)[i + k]);                            \
        } else {                                                                                             \
            for (; i < count - count % 8; i += 8)                                                            \
                for (int k = 0; k < 8; k++)                                                                  \
                    part[k] += LOAD(*(const STORED *)(const void *)(data + (i + k) * step));                 \
        }                                                                                                    \
        T sum = ((part[0] + part[1]) + (part[2] + part[3])) + ((part[4] + part[5]) + (part[6] + part[7]));   \
        for (; i < count; i++)                                                                               \
            sum += LOAD(*(const STORED *)(const void *)(data + i * step));                                   \
        return sum;                                                                                          \
    }
#define AS_IT_IS(x) (x)
PAIRWISE_SUM(pairwise_FLOAT16, float, half, half_to_float)
PAIRWISE_SUM(pairwise_FLOAT32, float, float, AS_IT_IS)
PAIRWISE_SUM(pairwise_FLOAT64, double, double, AS_IT_IS)

#define PAIRWISE_COMPLEX(function, T, P)                                                                     \
    static T function(const char *data, int64_t count, int64_t step) /* count: of complex numbers */         \
    {                                                                                                        \
        T sum = {0, 0};                                                                                      \
        if (count < 4) {                                                                                     \
            sum = (T){(P)-0.0, (P)-0.0};                                                                     \
            for (int64_t i = 0; i < count; i++) {                                                            \
                sum.real += ((const T *)(const void *)(data + i * step))->real;                              \
                sum.imaginary += ((const T *)(const void *)(data + i * step))->imaginary;                    \
            }                                                                                                \
            return sum;                                                                                      \
        }                                                                                                    \
        if (count > 64) {                                                                                    \
            int64_t half_count = count / 2;                                                                  \
            half_count -= half_count % 4;                                                                    \
            T low = function(data, half_count, step),                                                        \
              high = function(data + half_count * step, count - half_count, step);                           \
            return (T){low.real + high.real, low.imaginary + high.imaginary};                                \
        }                                                                                                    \
        T part[4];                                                                                           \
        int64_t i = 4;                                                                                       \
        for (int k = 0; k < 4; k++)                                                                          \
            part[k] = *(const T *)(const void *)(data + k * step);                                           \
        for (; i < count - count % 4; i += 4) {                                                              \
            for (int k = 0; k < 4; k++) {                                                                    \
                const T *z = (const T *)(const void *)(data + (i + k) * step);                               \
                part[k].real += z->real;                                                                     \
                part[k].imaginary += z->imaginary;                                                           \
            }                                                                                                \
        }                                                                                                    \
        sum.real = (part[0].real + part[1].real) + (part[2].real + part[3].real);                            \
        sum.imaginary = (part[0].imaginary + part[1].imaginary) + (part[2].imaginary + part[3].imaginary);   \
        for (; i < count; i++) {                                                                             \
            sum.real += ((const T *)(const void *)(data + i * step))->real;                                  \
            sum.imaginary += ((const T *)(const void *)(data + i * step))->imaginary;                        \
        }                                                                                                    \
        return sum;                                                                                          \
    }
PAIRWISE_COMPLEX(pairwise_COMPLEX64, complex_float, float)
PAIRWISE_COMPLEX(pairwise_COMPLEX128, complex_double, double)

#define REDUCE_LOOP(name, T, body)                                                                           \
    static void name(char *const *data, const int64_t *steps, int64_t count)                                 \
    {                                                                                                        \
        T result = ELEMENT(T, data[0]);                                                                      \
        const char *row = data[1];                                                                           \
        const int64_t step = steps[1];                                                                       \
        body;                                                                                                \
        ELEMENT(T, data[0]) = result;                                                                        \
    }
#define EACH_OF_ROW(T, statement)                                                                            \
    if (step == sizeof(T)) {                                                                                 \
        for (int64_t i = 0; i < count; i++) {                                                                \
            const T x = ((const T *)(const void *)row)[i];                                                   \
            statement;                                                                                       \
        }                                                                                                    \
    } else {                                                                                                 \
        for (int64_t i = 0; i < count; i++) {                                                                \
            const T x = *(const T *)(const void *)(row + i * step);                                          \
            statement;                                                                                       \
        }                                                                                                    \
    }
#define INTEGER_SUM(op, N, T, U) REDUCE_LOOP(op##_##N, T, EACH_OF_ROW(T, result = (T)((U)result + (U)x)))
EACH_INTEGER(INTEGER_SUM, add_reduce)
REDUCE_LOOP(add_reduce_FLOAT64, double, result += pairwise_FLOAT64(row, count, step))
REDUCE_LOOP(add_reduce_FLOAT32, float, result += pairwise_FLOAT32(row, count, step))
REDUCE_LOOP(add_reduce_FLOAT16, half,
            result = float_to_half(half_to_float(result) + pairwise_FLOAT16(row, count, step)))
REDUCE_LOOP(add_reduce_COMPLEX64, complex_float, complex_float sum = pairwise_COMPLEX64(row, count, step);
            result.real += sum.real; result.imaginary += sum.imaginary)
REDUCE_LOOP(add_reduce_COMPLEX128, complex_double, complex_double sum = pairwise_COMPLEX128(row, count, step);
            result.real += sum.real; result.imaginary += sum.imaginary)
const loop_table LOOPS(add_reduce) = {INTEGER_ENTRIES(add_reduce) REAL_ENTRIES(add_reduce)
                                         COMPLEX_ENTRIES(add_reduce)};

#define INTEGER_PRODUCT(op, N, T, U) REDUCE_LOOP(op##_##N, T, EACH_OF_ROW(T, result = (T)((U)result * (U)x)))
#define REAL_PRODUCT(op, N, T, U) REDUCE_LOOP(op##_##N, T, EACH_OF_ROW(T, result *= x))
EACH_INTEGER(INTEGER_PRODUCT, multiply_reduce)
EACH_REAL(REAL_PRODUCT, multiply_reduce)
REDUCE_LOOP(multiply_reduce_FLOAT16, half, float product = half_to_float(result);
            EACH_OF_ROW(half, product *= half_to_float(x)); result = float_to_half(product))
const loop_table LOOPS(multiply_reduce) = {INTEGER_ENTRIES(multiply_reduce) REAL_ENTRIES(multiply_reduce)};

/* Several vectors side by side: each waits for its own last comparison only. */
#define INTEGER_EXTREME(name, T, sign)                                                                       \
    static void name(char *const *data, const int64_t *steps, int64_t count)                                 \
    {                                                                                                        \
        typedef T vector __attribute__((vector_size(VECTOR_BYTES)));                                         \
        enum { VECTORS = 4, PIECE = VECTORS * VECTOR_BYTES / sizeof(T) };                                    \
        const char *row = data[1];                                                                           \
        T result = ELEMENT(T, data[0]), lanes[PIECE];                                                        \
        int64_t i = 0;                                                                                       \
        if (steps[1] == sizeof(T) && count >= 2 * PIECE) {                                                   \
            vector best[VECTORS], x, keep;                                                                   \
            memcpy(best, row, sizeof best);                                                                  \
            for (i = PIECE; i + PIECE <= count; i += PIECE) {                                                \
                for (int k = 0; k < VECTORS; k++) {                                                          \
                    memcpy(&x, row + i * (int64_t)sizeof(T) + k * VECTOR_BYTES, sizeof x);                   \
                    keep = (vector)(best[k] sign x);                                                         \
                    best[k] = (best[k] & keep) | (x & ~keep);                                                \
                }                                                                                            \
            }                                                                                                \
            memcpy(lanes, best, sizeof lanes);                                                               \
            for (int k = 0; k < (int)PIECE; k++)                                                             \
                result = lanes[k] sign result ? lanes[k] : result;                                           \
        }                                                                                                    \
        for (; i < count; i++) {                                                                             \
            const T x = *(const T *)(const void *)(row + i * steps[1]);                                      \
            result = x sign result ? x : result;                                                             \
        }                                                                                                    \
        ELEMENT(T, data[0]) = result;                                                                        \
    }
#define INTEGER_GREATEST(op, N, T, U) INTEGER_EXTREME(op##_##N, T, >)
#define INTEGER_LEAST(op, N, T, U) INTEGER_EXTREME(op##_##N, T, <)
/* NaN stays, whichever it was. Lanes side by side, for the vectoriser: extremes may be found in any order. A piece in which there
 * is a NaN is gone through once more, one by one. */
enum { EXTREME_PIECE = 4096, EXTREME_VECTORS = 4, EXTREME_LEAST = 32 };
#define EXTREME_OF_PIECE(name, T, N, sign)                                                                   \
    static bool name(const T *v, int64_t count, T *result) /* false: there is a NaN */                       \
    {                                                                                                        \
        enum { LANES = VECTOR_BYTES / sizeof(T) };                                                          \
        vector_##N best[EXTREME_VECTORS], x;                                                                 \
        mask_##N keep, odd = {0};                                                                            \
        memcpy(best, v, sizeof best);                                                                        \
        for (int64_t i = 0; i < count; i += EXTREME_VECTORS * LANES) {                                       \
            for (int k = 0; k < EXTREME_VECTORS; k++) {                                                      \
                memcpy(&x, v + i + k * (int)LANES, sizeof x);                                                \
                keep = best[k] sign x;                                                                       \
                odd |= x != x;                                                                               \
                best[k] = VECTOR_CHOICE(N, keep, best[k], x);                                                \
            }                                                                                                \
        }                                                                                                    \
        bool ordered = true;                                                                                 \
        T found = *result;                                                                                   \
        for (int lane = 0; lane < (int)LANES; lane++) {                                                      \
            ordered = ordered && !odd[lane];                                                                 \
            for (int k = 0; k < EXTREME_VECTORS; k++)                                                        \
                found = found sign best[k][lane] ? found : best[k][lane];                                    \
        }                                                                                                    \
        if (ordered)                                                                                         \
            *result = found;                                                                                 \
        return ordered;                                                                                      \
    }
#define REAL_EXTREME(op, N, T, sign)                                                                         \
    EXTREME_OF_PIECE(op##_piece_##N, T, N, sign)                                                             \
    REDUCE_LOOP(                                                                                             \
        op##_##N, T, int64_t done = 0; while (step == sizeof(T) && count - done >= EXTREME_LEAST) {          \
            int64_t piece = count - done < EXTREME_PIECE ? count - done : EXTREME_PIECE;                     \
            piece -= piece % EXTREME_LEAST;                                                                  \
            if (result != result || !op##_piece_##N((const T *)(const void *)row + done, piece, &result))    \
                break;                                                                                       \
            done += piece;                                                                                   \
        } for (; done < count && result == result; done++) {                                                 \
            const T x = *(const T *)(const void *)(row + done * step);                                       \
            result = result sign x ? result : x;                                                             \
        })
#define REAL_GREATEST(op, N, T, U) REAL_EXTREME(op, N, T, >=)
#define REAL_LEAST(op, N, T, U) REAL_EXTREME(op, N, T, <=)
EACH_INTEGER(INTEGER_GREATEST, maximum_reduce)
EACH_REAL(REAL_GREATEST, maximum_reduce)
const loop_table LOOPS(maximum_reduce) = {INTEGER_ENTRIES(maximum_reduce) EACH_REAL(ENTRY, maximum_reduce)};
EACH_INTEGER(INTEGER_LEAST, minimum_reduce)
EACH_REAL(REAL_LEAST, minimum_reduce)
const loop_table LOOPS(minimum_reduce) = {INTEGER_ENTRIES(minimum_reduce) EACH_REAL(ENTRY, minimum_reduce)};

/* Of truth values; what is found decides at once. */
REDUCE_LOOP(logical_and_reduce_BOOL, npbool, if (step == 1) {
    result = result && !memchr(row, 0, (size_t)count);
} else {
    for (int64_t i = 0; result && i < count; i++)
        result = row[i * step] != 0;
})
static bool any_true(const char *row, int64_t count)
{
    int64_t i = 0;
    for (; i + 256 <= count; i += 256) {
        mask_FLOAT64 found = {0}, part;
        for (int k = 0; k < 256; k += VECTOR_BYTES) {
            memcpy(&part, row + i + k, sizeof part);
            found |= part;
        }
        if (found[0] | found[1] | found[2] | found[3])
            return true;
    }
    while (i < count && !row[i])
        i++;
    return i < count;
}
REDUCE_LOOP(logical_or_reduce_BOOL, npbool, if (step == 1) { result = result || any_true(row, count); } else {
    for (int64_t i = 0; !result && i < count; i++)
        result = row[i * step] != 0;
})
const loop_table LOOPS(logical_and_reduce) = {BOOL_ENTRY(logical_and_reduce)};
const loop_table LOOPS(logical_or_reduce) = {BOOL_ENTRY(logical_or_reduce)};
