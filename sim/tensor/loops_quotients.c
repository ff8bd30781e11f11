/* loops_quotients.c - quotients, remainders and powers of each type, with numpy's rules for integers divided by zero, and its formulas
 * for complex numbers. */
#include "sim/tensor/loops.h"

#include "sim/tensor/complex_values.h" /* last: it makes `complex` a keyword */

#include <fenv.h>
#ifdef COMPILING_WIDE_LOOPS
#include <immintrin.h>
#endif

/* ---- quotients ---- */

/* Smith's method, as numpy divides. */
#define COMPLEX_QUOTIENT(T, P, function)                                                                     \
    static T function(T a, T b)                                                                              \
    {                                                                                                        \
        P size_real = (P)fabs((double)b.real), size_imaginary = (P)fabs((double)b.imaginary);                \
        if (size_real >= size_imaginary) {                                                                   \
            if (size_real == 0 && size_imaginary == 0)                                                       \
                return (T){a.real / size_real, a.imaginary / size_real};                                     \
            P ratio = b.imaginary / b.real, scale = (P)1.0 / (b.real + b.imaginary * ratio);                 \
            return (T){(a.real + a.imaginary * ratio) * scale, (a.imaginary - a.real * ratio) * scale};      \
        }                                                                                                    \
        P ratio = b.real / b.imaginary, scale = (P)1.0 / (b.imaginary + b.real * ratio);                     \
        return (T){(a.real * ratio + a.imaginary) * scale, (a.imaginary * ratio - a.real) * scale};          \
    }
COMPLEX_QUOTIENT(complex_float, float, quotient_COMPLEX64)
COMPLEX_QUOTIENT(complex_double, double, quotient_COMPLEX128)
#ifdef COMPILING_WIDE_LOOPS
#define COMPLEX_DIVIDE(op, N, T, U) BINARY_LOOP(op##_each_##N, T, T, quotient_##N(a, b))
EACH_COMPLEX(COMPLEX_DIVIDE, divide)
/* The same operations on the same numbers without branches: where the divisor's imaginary part is the larger one, the parts change
 * places. Divisors that are zero or no numbers go one by one. */
#define COMPLEX_DIVISION_ROW(N, T, P, vector, suffix, PARTS)                                                 \
    static inline bool quotients_##N(const T *x, const T *y, T *z)                                           \
    {                                                                                                        \
        enum { LANES = sizeof(vector) / sizeof(P) };                                                         \
        const vector a = _mm256_loadu_##suffix(&x->real), a2 = _mm256_loadu_##suffix(&x->real + LANES);      \
        const vector b = _mm256_loadu_##suffix(&y->real), b2 = _mm256_loadu_##suffix(&y->real + LANES);      \
        const vector a_real = PARTS(a, a2, 0), a_imaginary = PARTS(a, a2, 1);                                \
        const vector b_real = PARTS(b, b2, 0), b_imaginary = PARTS(b, b2, 1), sign = _mm256_set1_##suffix((P)-0.0); \
        const vector real_size = _mm256_andnot_##suffix(sign, b_real), size = _mm256_andnot_##suffix(sign, b_imaginary); \
        const vector plain = _mm256_cmp_##suffix(real_size, size, _CMP_GE_OQ);                               \
        const vector large = _mm256_blendv_##suffix(b_imaginary, b_real, plain);                             \
        const vector small = _mm256_blendv_##suffix(b_real, b_imaginary, plain);                             \
        const vector odd = _mm256_or_##suffix(_mm256_cmp_##suffix(real_size, size, _CMP_UNORD_Q),            \
                                              _mm256_cmp_##suffix(large, _mm256_setzero_##suffix(), _CMP_EQ_OQ)); \
        if (_mm256_movemask_##suffix(odd))                                                                   \
            return false;                                                                                    \
        const vector first = _mm256_blendv_##suffix(a_imaginary, a_real, plain);                             \
        const vector second = _mm256_blendv_##suffix(a_real, a_imaginary, plain);                            \
        const vector ratio = _mm256_div_##suffix(small, large);                                              \
        const vector scale = _mm256_div_##suffix(                                                            \
            _mm256_set1_##suffix(1), _mm256_add_##suffix(large, _mm256_mul_##suffix(small, ratio)));         \
        const vector part = _mm256_mul_##suffix(first, ratio);                                               \
        const vector difference = _mm256_blendv_##suffix(_mm256_sub_##suffix(part, second),                  \
                                                         _mm256_sub_##suffix(second, part), plain);          \
        const vector real =                                                                                  \
            _mm256_mul_##suffix(_mm256_add_##suffix(first, _mm256_mul_##suffix(second, ratio)), scale);      \
        const vector imaginary = _mm256_mul_##suffix(difference, scale);                                     \
        _mm256_storeu_##suffix(&z->real, _mm256_unpacklo_##suffix(real, imaginary));                         \
        _mm256_storeu_##suffix(&z->real + LANES, _mm256_unpackhi_##suffix(real, imaginary));                 \
        return true;                                                                                         \
    }                                                                                                        \
    static void divide_##N(char *const *data, const int64_t *steps, int64_t count)                           \
    {                                                                                                        \
        enum { GROUP = sizeof(vector) / sizeof(P) };                                                         \
        const bool plain = (!steps[0] || steps[0] == sizeof(T)) && (!steps[1] || steps[1] == sizeof(T)) &&   \
                           steps[2] == sizeof(T) && count >= GROUP;                                          \
        T same[2][GROUP];                                                                                    \
        for (int k = 0; plain && k < 2; k++)                                                                 \
            for (int i = 0; i < GROUP; i++)                                                                  \
                same[k][i] = ELEMENT(const T, data[k]);                                                      \
        int64_t done = 0;                                                                                    \
        for (const int64_t last = plain ? count - GROUP : -1; done <= last; done += GROUP) {                 \
            char *const group[3] = {data[0] + done * steps[0], data[1] + done * steps[1], data[2] + done * steps[2]}; \
            if (!quotients_##N(steps[0] ? ELEMENTS(const T, group[0]) : same[0],                             \
                               steps[1] ? ELEMENTS(const T, group[1]) : same[1], ELEMENTS(T, group[2])))     \
                divide_each_##N(group, steps, GROUP);                                                        \
        }                                                                                                    \
        char *const rest[3] = {data[0] + done * steps[0], data[1] + done * steps[1], data[2] + done * steps[2]}; \
        divide_each_##N(rest, steps, count - done);                                                          \
    }
#define DOUBLE_PARTS(a, b, which) ((which) ? _mm256_unpackhi_pd(a, b) : _mm256_unpacklo_pd(a, b))
#define SINGLE_PARTS(a, b, which) _mm256_shuffle_ps(a, b, (which) ? 0xdd : 0x88)
COMPLEX_DIVISION_ROW(COMPLEX128, complex_double, double, __m256d, pd, DOUBLE_PARTS)
COMPLEX_DIVISION_ROW(COMPLEX64, complex_float, float, __m256, ps, SINGLE_PARTS)
#else
#define COMPLEX_DIVIDE(op, N, T, U) BINARY_LOOP(op##_##N, T, T, quotient_##N(a, b))
EACH_COMPLEX(COMPLEX_DIVIDE, divide)
#endif
#define REAL_DIVIDE(op, N, T, U) BINARY_LOOP(op##_##N, T, T, a / b)
EACH_REAL(REAL_DIVIDE, divide)
HALF_LOOP(divide_FLOAT16, a / b)
const loop_table LOOPS(divide) = {REAL_ENTRIES(divide) COMPLEX_ENTRIES(divide)};

#define SIGNED_DIVISION(op, N, T, U)                                                                         \
    static inline T quotient_##N(T a, T b)                                                                   \
    {                                                                                                        \
        if (b == 0 || (b == -1 && a == (T)((U)1 << (8 * sizeof(T) - 1)))) {                                  \
            feraiseexcept(b ? FE_OVERFLOW : FE_DIVBYZERO);                                                   \
            return b ? a : 0;                                                                                \
        }                                                                                                    \
        return (T)(a / b - (a % b != 0 && (a < 0) != (b < 0)));                                              \
    }                                                                                                        \
    static inline T remainder_of_##N(T a, T b)                                                               \
    {                                                                                                        \
        if (b == 0 || b == -1) {                                                                             \
            if (b == 0)                                                                                      \
                feraiseexcept(FE_DIVBYZERO);                                                                 \
            return 0;                                                                                        \
        }                                                                                                    \
        T rest = (T)(a % b);                                                                                 \
        return (T)(rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest);                                    \
    }                                                                                                        \
    static inline T fmod_of_##N(T a, T b)                                                                    \
    {                                                                                                        \
        if (b == 0)                                                                                          \
            feraiseexcept(FE_DIVBYZERO);                                                                     \
        return b == 0 || b == -1 ? 0 : (T)(a % b);                                                           \
    }
#define UNSIGNED_DIVISION(op, N, T, U)                                                                       \
    static inline T quotient_##N(T a, T b)                                                                   \
    {                                                                                                        \
        if (b == 0)                                                                                          \
            feraiseexcept(FE_DIVBYZERO);                                                                     \
        return b ? (T)(a / b) : 0;                                                                           \
    }                                                                                                        \
    static inline T remainder_of_##N(T a, T b)                                                               \
    {                                                                                                        \
        if (b == 0)                                                                                          \
            feraiseexcept(FE_DIVBYZERO);                                                                     \
        return b ? (T)(a % b) : 0;                                                                           \
    }                                                                                                        \
    static inline T fmod_of_##N(T a, T b)                                                                    \
    {                                                                                                        \
        return remainder_of_##N(a, b);                                                                       \
    }
EACH_SIGNED(SIGNED_DIVISION, )
EACH_UNSIGNED(UNSIGNED_DIVISION, )

/* Python's quotient and remainder, as numpy computes them. */
#define REAL_DIVISION(N, T, fmod_, floor_, copysign_)                                                        \
    static T divmod_of_##N(T a, T b, T *remainder)                                                           \
    {                                                                                                        \
        T rest = fmod_(a, b);                                                                                \
        if (b == 0) {                                                                                        \
            *remainder = rest;                                                                               \
            return a / b;                                                                                    \
        }                                                                                                    \
        T quotient = (a - rest) / b;                                                                         \
        if (rest != 0) {                                                                                     \
            if (isless(b, 0) != isless(rest, 0)) {                                                           \
                rest += b;                                                                                   \
                quotient -= 1;                                                                               \
            }                                                                                                \
        } else {                                                                                             \
            rest = copysign_(0, b);                                                                          \
        }                                                                                                    \
        *remainder = rest;                                                                                   \
        if (quotient == 0)                                                                                   \
            return copysign_(0, a / b);                                                                      \
        T whole = floor_(quotient);                                                                          \
        return isgreater(quotient - whole, (T)0.5) ? whole + 1 : whole;                                      \
    }                                                                                                        \
    static T quotient_##N(T a, T b)                                                                          \
    {                                                                                                        \
        T rest;                                                                                              \
        return b == 0 ? a / b : divmod_of_##N(a, b, &rest);                                                  \
    }                                                                                                        \
    static T remainder_of_##N(T a, T b)                                                                      \
    {                                                                                                        \
        T rest = fmod_(a, b);                                                                                \
        if (b == 0)                                                                                          \
            return rest;                                                                                     \
        if (rest != 0)                                                                                       \
            return isless(b, 0) != isless(rest, 0) ? rest + b : rest;                                        \
        return copysign_(0, b);                                                                              \
    }                                                                                                        \
    static T fmod_of_##N(T a, T b)                                                                           \
    {                                                                                                        \
        return fmod_(a, b);                                                                                  \
    }
REAL_DIVISION(FLOAT32, float, fmodf, floorf, copysignf)
REAL_DIVISION(FLOAT64, double, fmod, floor, copysign)

#if defined(__x86_64__) && defined(COMPILING_WIDE_LOOPS)
/* fmod(a, b) without its loop: with n the whole part of a / b, a - n * b is exact when computed at once (its lowest bit is no lower
 * than those of a and b, and it is less than b), and n is too large by one at most, when a / b was rounded up to a whole number.
 * False: that does not hold for quotients of 2^52 and more, nor for what is no number; nothing is to be used. */
enum { DIVISION_BLOCK = 512, DIVISION_LEAST = 16 };
enum division_result { WHOLE_QUOTIENT, FLOORED_REST, TRUNCATED_REST };
__attribute__((target("avx2,fma"))) static inline __m256d lanes_of(__m256d mask, __m256d x)
{
    return _mm256_and_pd(mask, x); /* else 0 */
}

__attribute__((target("avx2,fma"))) static inline bool divide_block(const double *x, const double *y, double *z, int64_t count,
                                                                   enum division_result wanted)
{
    const __m256d sign = _mm256_set1_pd(-0.0), zero = _mm256_setzero_pd(), one = _mm256_set1_pd(1.0);
    __m256d good = _mm256_cmp_pd(zero, zero, _CMP_EQ_OQ);
    for (int64_t i = 0; i < count; i += 4) {
        const __m256d a = _mm256_loadu_pd(x + i), b = _mm256_loadu_pd(y + i), ratio = _mm256_div_pd(a, b);
        const __m256d size = _mm256_andnot_pd(sign, b), signs = _mm256_and_pd(sign, a);
        good = _mm256_and_pd(good, _mm256_cmp_pd(_mm256_andnot_pd(sign, ratio), _mm256_set1_pd(0x1p52), _CMP_LT_OQ));
        good = _mm256_and_pd(good, _mm256_cmp_pd(size, _mm256_set1_pd(0x1.fffffffffffffp1023), _CMP_LE_OQ));
        __m256d rest = _mm256_fnmadd_pd(_mm256_round_pd(ratio, _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC), b, a);
        const __m256d over = _mm256_cmp_pd(_mm256_xor_pd(rest, signs), zero, _CMP_LT_OQ); /* not a's sign, nor 0 */
        rest = _mm256_add_pd(rest, lanes_of(over, _mm256_or_pd(size, signs)));
        if (wanted == TRUNCATED_REST) {
            _mm256_storeu_pd(z + i, _mm256_or_pd(_mm256_andnot_pd(sign, rest), signs));
            continue;
        }
        const __m256d turns = _mm256_cmp_pd(_mm256_xor_pd(rest, _mm256_and_pd(sign, b)), zero, _CMP_LT_OQ);
        const __m256d none = _mm256_cmp_pd(rest, zero, _CMP_EQ_OQ);
        if (wanted == FLOORED_REST) {
            const __m256d turned = _mm256_add_pd(rest, lanes_of(turns, b));
            _mm256_storeu_pd(z + i, _mm256_blendv_pd(turned, _mm256_and_pd(sign, b), none));
            continue;
        }
        const __m256d quotient = _mm256_sub_pd(_mm256_div_pd(_mm256_sub_pd(a, rest), b), lanes_of(turns, one));
        const __m256d whole = _mm256_round_pd(quotient, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC);
        const __m256d up = _mm256_cmp_pd(_mm256_sub_pd(quotient, whole), _mm256_set1_pd(0.5), _CMP_GT_OQ);
        _mm256_storeu_pd(z + i, _mm256_blendv_pd(_mm256_add_pd(whole, lanes_of(up, one)), _mm256_and_pd(sign, ratio),
                                                 _mm256_cmp_pd(quotient, zero, _CMP_EQ_OQ)));
    }
    return _mm256_movemask_pd(good) == 15;
}

static const double *division_operand(const char *data, int64_t step, int64_t from, int64_t count, double *room)
{
    if (step)
        return (const double *)(const void *)data + from;
    for (int64_t i = 0; i < count; i++)
        room[i] = *(const double *)(const void *)data;
    return room;
}

#define DIVISION_ROWS(op, wanted)                                                                            \
    __attribute__((target("avx2,fma"))) static bool op##_block(const double *x, const double *y, double *z,  \
                                                               int64_t count)                                \
    {                                                                                                        \
        return divide_block(x, y, z, count, wanted);                                                         \
    }                                                                                                        \
    static void op##_FLOAT64(char *const *data, const int64_t *steps, int64_t count)                         \
    {                                                                                                        \
        double rooms[3][DIVISION_BLOCK];                                                                     \
        bool plain = (!steps[0] || steps[0] == 8) && (!steps[1] || steps[1] == 8) && steps[2] == 8;          \
        if (!plain || count < DIVISION_LEAST || !__builtin_cpu_supports("fma")) {                            \
            op##_each_FLOAT64(data, steps, count);                                                           \
            return;                                                                                          \
        }                                                                                                    \
        for (int64_t i = 0, n; i < count; i += n) {                                                          \
            n = count - i < DIVISION_BLOCK ? count - i : DIVISION_BLOCK;                                     \
            n &= n < 4 ? n : -4;                                                                             \
            fenv_t before;                                                                                   \
            feholdexcept(&before); /* quotients that are not used may overflow */                            \
            bool done = n >= 4 && op##_block(division_operand(data[0], steps[0], i, n, rooms[0]),                      \
                                   division_operand(data[1], steps[1], i, n, rooms[1]), rooms[2], n);        \
            fesetenv(&before);                                                                               \
            if (done)                                                                                        \
                memcpy(data[2] + 8 * i, rooms[2], (size_t)n * 8);                                            \
            else                                                                                             \
                op##_each_FLOAT64((char *[3]){data[0] + i * steps[0], data[1] + i * steps[1], data[2] + 8 * i}, \
                                  steps, n);                                                                 \
        }                                                                                                    \
    }
#else
#define DIVISION_ROWS(op, wanted)                                                                            \
    static void op##_FLOAT64(char *const *data, const int64_t *steps, int64_t count)                         \
    {                                                                                                        \
        op##_each_FLOAT64(data, steps, count);                                                               \
    }
#endif

#define FLOOR_DIVIDE(op, N, T, U) BINARY_LOOP(op##_##N, T, T, quotient_##N(a, b))
#define REMAINDER(op, N, T, U) BINARY_LOOP(op##_##N, T, T, remainder_of_##N(a, b))
#define FMOD(op, N, T, U) BINARY_LOOP(op##_##N, T, T, fmod_of_##N(a, b))
EACH_INTEGER(FLOOR_DIVIDE, floor_divide)
FLOOR_DIVIDE(floor_divide, FLOAT32, float, float)
BINARY_LOOP(floor_divide_each_FLOAT64, double, double, quotient_FLOAT64(a, b))
DIVISION_ROWS(floor_divide, WHOLE_QUOTIENT)
HALF_LOOP(floor_divide_FLOAT16, quotient_FLOAT32(a, b))
const loop_table LOOPS(floor_divide) = {INTEGER_ENTRIES(floor_divide) REAL_ENTRIES(floor_divide)};
EACH_INTEGER(REMAINDER, remainder)
REMAINDER(remainder, FLOAT32, float, float)
BINARY_LOOP(remainder_each_FLOAT64, double, double, remainder_of_FLOAT64(a, b))
DIVISION_ROWS(remainder, FLOORED_REST)
HALF_LOOP(remainder_FLOAT16, remainder_of_FLOAT32(a, b))
const loop_table LOOPS(remainder) = {INTEGER_ENTRIES(remainder) REAL_ENTRIES(remainder)};
EACH_INTEGER(FMOD, fmod)
FMOD(fmod, FLOAT32, float, float)
BINARY_LOOP(fmod_each_FLOAT64, double, double, fmod_of_FLOAT64(a, b))
DIVISION_ROWS(fmod, TRUNCATED_REST)
HALF_LOOP(fmod_FLOAT16, fmodf(a, b))
const loop_table LOOPS(fmod) = {INTEGER_ENTRIES(fmod) REAL_ENTRIES(fmod)};

#define DIVMOD_LOOP(name, T, body)                                                                           \
    static void name(char *const *data, const int64_t *steps, int64_t count)                                 \
    {                                                                                                        \
        for (int64_t i = 0; i < count; i++) {                                                                \
            const T a = ELEMENT(const T, data[0] + i * steps[0]),                                            \
                    b = ELEMENT(const T, data[1] + i * steps[1]);                                            \
            T quotient, rest;                                                                                \
            body;                                                                                            \
            ELEMENT(T, data[2] + i * steps[2]) = quotient;                                                   \
            ELEMENT(T, data[3] + i * steps[3]) = rest;                                                       \
        }                                                                                                    \
    }
#define INTEGER_DIVMOD(op, N, T, U)                                                                          \
    DIVMOD_LOOP(op##_##N, T, quotient = quotient_##N(a, b); rest = remainder_of_##N(a, b))
#define REAL_DIVMOD(op, N, T, U) DIVMOD_LOOP(op##_##N, T, quotient = divmod_of_##N(a, b, &rest))
/* Quotients of so few bits are exact when cut off from those of floats: those that are not whole are too far from the next one. */
#define NARROW_DIVMOD(op, N, T, U)                                                                           \
    INTEGER_DIVMOD(op##_each, N, T, U)                                                                       \
    static bool op##_block_##N(const T *x, const T *y, T *quotients, T *rests, int64_t count)                \
    { /* false: some quotient is to be reported */                                                           \
        const T least = (T)(1 << (8 * sizeof(T) - 1)), minus_one = (T)-1 < 1 ? (T)-1 : 0;                    \
        T odd = 0;                                                                                           \
        for (int64_t i = 0; i < count; i++)                                                                  \
            odd |= (T)((y[i] == 0) | ((y[i] == minus_one) & (x[i] == least)));                               \
        if (odd)                                                                                             \
            return false;                                                                                    \
        VECTOR_LOOP                                                                                          \
        for (int64_t i = 0; i < count; i++) {                                                                \
            const int a = x[i], b = y[i], cut = (int)((float)a / (float)b), rest = a - cut * b;              \
            const int turns = -(int)((rest != 0) & ((rest ^ b) < 0));                                        \
            quotients[i] = (T)(cut + turns);                                                                 \
            rests[i] = (T)(rest + (turns & b));                                                              \
        }                                                                                                    \
        return true;                                                                                         \
    }                                                                                                        \
    static void op##_##N(char *const *data, const int64_t *steps, int64_t count)                             \
    {                                                                                                        \
        enum { BLOCK = 512 };                                                                                \
        T rooms[2][BLOCK];                                                                                   \
        bool adjoining = true;                                                                               \
        for (int k = 0; k < 4; k++)                                                                          \
            adjoining = adjoining && steps[k] == sizeof(T);                                                  \
        for (int64_t i = 0, n; i < count; i += n) {                                                          \
            n = count - i < BLOCK ? count - i : BLOCK;                                                       \
            char *const part[4] = {data[0] + i * steps[0], data[1] + i * steps[1], data[2] + i * steps[2],   \
                                   data[3] + i * steps[3]};                                                  \
            if (adjoining && op##_block_##N(ELEMENTS(const T, part[0]), ELEMENTS(const T, part[1]), rooms[0], rooms[1], n)) { \
                memcpy(part[2], rooms[0], (size_t)n * sizeof(T));                                            \
                memcpy(part[3], rooms[1], (size_t)n * sizeof(T));                                            \
            } else {                                                                                         \
                op##_each_##N(part, steps, n);                                                               \
            }                                                                                                \
        }                                                                                                    \
    }
NARROW_DIVMOD(divmod, INT8, int8_t, )
NARROW_DIVMOD(divmod, UINT8, uint8_t, )
NARROW_DIVMOD(divmod, INT16, int16_t, )
NARROW_DIVMOD(divmod, UINT16, uint16_t, )
INTEGER_DIVMOD(divmod, INT32, int32_t, )
INTEGER_DIVMOD(divmod, UINT32, uint32_t, )
INTEGER_DIVMOD(divmod, INT64, int64_t, )
INTEGER_DIVMOD(divmod, UINT64, uint64_t, )
EACH_REAL(REAL_DIVMOD, divmod)
DIVMOD_LOOP(divmod_FLOAT16, half, float r;
            quotient = float_to_half(divmod_of_FLOAT32(half_to_float(a), half_to_float(b), &r));
            rest = float_to_half(r))
const loop_table LOOPS(divmod) = {INTEGER_ENTRIES(divmod) REAL_ENTRIES(divmod)};

/* ---- powers ---- */

/* Many powers at once, as far as the longest exponent goes; with long ones those of shorter ones would be held up. */
enum { POWER_BLOCK = 128, POWER_BLOCK_LEAST = 8, POWER_BLOCK_EXPONENT = 1 << 10 };
#define INTEGER_POWER(op, N, T, U)                                                                           \
    static inline T power_of_##N(T base, T exponent)                                                         \
    {                                                                                                        \
        U result = 1, factor = (U)base;                                                                      \
        for (T rest = exponent; rest > 0; rest = (T)(rest >> 1), factor *= factor)                           \
            if (rest & 1)                                                                                    \
                result *= factor;                                                                            \
        return (T)result;                                                                                    \
    }                                                                                                        \
    BINARY_LOOP(op##_each_##N, T, T, power_of_##N(a, b))                                                     \
    static bool op##_block_##N(U *factors, U *exponents, U *results, int64_t count) /* false: too long ones */ \
    {                                                                                                        \
        U bits = 0;                                                                                          \
        for (int64_t i = 0; i < count; i++) {                                                                \
            bits |= exponents[i];                                                                            \
            results[i] = 1;                                                                                  \
        }                                                                                                    \
        if (bits >= POWER_BLOCK_EXPONENT)                                                                    \
            return false;                                                                                    \
        for (; bits; bits >>= 1) {                                                                           \
            for (int64_t i = 0; i < count; i++) {                                                            \
                results[i] *= exponents[i] & 1 ? factors[i] : 1;                                             \
                factors[i] *= factors[i];                                                                    \
                exponents[i] >>= 1;                                                                          \
            }                                                                                                \
        }                                                                                                    \
        return true;                                                                                         \
    }                                                                                                        \
    static void op##_##N(char *const *data, const int64_t *steps, int64_t count)                             \
    {                                                                                                        \
        U factors[POWER_BLOCK], exponents[POWER_BLOCK], results[POWER_BLOCK];                                \
        for (int64_t i = 0, n; i < count; i += n) {                                                          \
            n = count - i < POWER_BLOCK ? count - i : POWER_BLOCK;                                           \
            char *const part[3] = {data[0] + i * steps[0], data[1] + i * steps[1], data[2] + i * steps[2]};  \
            for (int64_t k = 0; k < n; k++) {                                                                \
                const T exponent = ELEMENT(const T, part[1] + k * steps[1]);                                 \
                factors[k] = (U)ELEMENT(const T, part[0] + k * steps[0]);                                    \
                exponents[k] = exponent > 0 ? (U)exponent : 0;                                               \
            }                                                                                                \
            if (n < POWER_BLOCK_LEAST || !op##_block_##N(factors, exponents, results, n)) {                  \
                op##_each_##N(part, steps, n);                                                               \
                continue;                                                                                    \
            }                                                                                                \
            for (int64_t k = 0; k < n; k++)                                                                  \
                ELEMENT(T, part[2] + k * steps[2]) = (T)results[k];                                          \
        }                                                                                                    \
    }
EACH_INTEGER(INTEGER_POWER, power)
ROW_LOOP_OF_TWO(power)
SINGLE_LOOPS_OF_TWO(power)

/* Whole exponents below 100 by repeated products, as numpy does it. */
static complex_double complex_product(complex_double a, complex_double b)
{
    return (complex_double){a.real * b.real - a.imaginary * b.imaginary,
                            a.real * b.imaginary + a.imaginary * b.real};
}
static complex_float complex_product_single(complex_float a, complex_float b)
{
    return (complex_float){a.real * b.real - a.imaginary * b.imaginary,
                           a.real * b.imaginary + a.imaginary * b.real};
}

#define COMPLEX_POWER(name, T, part, make, power, product, quotient)                                 \
static T name(T a, T b)                                                                              \
{                                                                                                    \
    if (b.real == 0 && b.imaginary == 0)                                                             \
        return (T){1, 0};                                                                            \
    if (a.real == 0 && a.imaginary == 0) {                                                           \
        if (b.real > 0 && b.imaginary == 0)                                                          \
            return (T){0, 0};                                                                        \
        feraiseexcept(FE_INVALID);                                                                   \
        return (T){NAN, NAN};                                                                        \
    }                                                                                                \
    if (b.imaginary == 0 && !(b.real >= -(part)0x1p63 && b.real < (part)0x1p63))                     \
        feraiseexcept(FE_INVALID); /* numpy looks for a whole number there */                        \
    int64_t n = b.real > -1000 && b.real < 1000 ? (int64_t)b.real : 1000;                            \
    if (b.imaginary == 0 && (part)n == b.real) {                                                     \
        if (n == 1)                                                                                  \
            return a;                                                                                \
        if (n == 2)                                                                                  \
            return product(a, a);                                                                    \
        if (n == 3)                                                                                  \
            return product(a, product(a, a));                                                        \
        if (n > -100 && n < 100) {                                                                   \
            T result = {1, 0}, factor = a;                                                           \
            uint64_t rest = (uint64_t)(n < 0 ? -n : n);                                              \
            for (uint64_t mask = 1;;) {                                                              \
                if (rest & mask)                                                                     \
                    result = product(result, factor);                                                \
                mask <<= 1;                                                                          \
                if (rest < mask)                                                                     \
                    break;                                                                           \
                factor = product(factor, factor);                                                    \
            }                                                                                        \
            return n < 0 ? quotient((T){1, 0}, result) : result;                                     \
        }                                                                                            \
    }                                                                                                \
    part _Complex z = power(make(a.real, a.imaginary), make(b.real, b.imaginary));                   \
    return (T){__real__ z, __imag__ z};                                                              \
}
COMPLEX_POWER(complex_power_of, complex_double, double, CMPLX, cpow, complex_product, quotient_COMPLEX128)
COMPLEX_POWER(complex_power_single, complex_float, float, CMPLXF, cpowf, complex_product_single, quotient_COMPLEX64)
BINARY_LOOP(power_COMPLEX128, complex_double, complex_double, complex_power_of(a, b))
BINARY_LOOP(power_COMPLEX64, complex_float, complex_float, complex_power_single(a, b))
const loop_table LOOPS(power) = {INTEGER_ENTRIES(power) REAL_ENTRIES(power) COMPLEX_ENTRIES(power)};
const loop_table LOOPS(float_power) = {[DTYPE_FLOAT64] = power_FLOAT64, [DTYPE_COMPLEX128] = power_COMPLEX128};
