/* loops_convert.c - conversion between element types, one loop for each pair of numeric types. What C leaves undefined (numbers
 * out of the target's range) gives what numpy gives on x86-64, on every machine. */
#include "sim/tensor/loops.h"

#include <fenv.h>
#ifdef __x86_64__
#include <immintrin.h>
#endif

#ifdef __x86_64__
static int64_t long_from_real(double x)
{
    return _mm_cvttsd_si64(_mm_set_sd(x));
}

static int32_t word_from_real(double x)
{
    return _mm_cvttsd_si32(_mm_set_sd(x));
}
#else
static int64_t long_from_real(double x)
{
    if (x >= -9223372036854775808.0 && x < 9223372036854775808.0)
        return (int64_t)x;
    feraiseexcept(FE_INVALID);
    return INT64_MIN;
}

static int32_t word_from_real(double x)
{
    if (x > -2147483649.0 && x < 2147483648.0)
        return (int32_t)x;
    feraiseexcept(FE_INVALID);
    return INT32_MIN;
}
#endif

/* ---- rows of words, from which narrower integers are taken ---- */

static void words_from_doubles(const double *from, int32_t *to, int64_t count)
{
    int64_t i = 0;
#ifdef COMPILING_WIDE_LOOPS
    for (; i + 4 <= count; i += 4)
        _mm_storeu_si128((__m128i *)(void *)(to + i), _mm256_cvttpd_epi32(_mm256_loadu_pd(from + i)));
#elif defined(__x86_64__)
    for (; i + 2 <= count; i += 2)
        _mm_storel_epi64((__m128i *)(void *)(to + i), _mm_cvttpd_epi32(_mm_loadu_pd(from + i)));
#endif
    for (; i < count; i++)
        to[i] = word_from_real(from[i]);
}

static void words_from_floats(const float *from, int32_t *to, int64_t count)
{
    int64_t i = 0;
#ifdef COMPILING_WIDE_LOOPS
    for (; i + 8 <= count; i += 8)
        _mm256_storeu_si256((__m256i *)(void *)(to + i), _mm256_cvttps_epi32(_mm256_loadu_ps(from + i)));
#elif defined(__x86_64__)
    for (; i + 4 <= count; i += 4)
        _mm_storeu_si128((__m128i *)(void *)(to + i), _mm_cvttps_epi32(_mm_loadu_ps(from + i)));
#endif
    for (; i < count; i++)
        to[i] = word_from_real((double)from[i]);
}

static uint64_t natural_from_real(double x)
{
    return x >= 9223372036854775808.0
               ? (uint64_t)long_from_real(x - 9223372036854775808.0) ^ (uint64_t)1 << 63
               : (uint64_t)long_from_real(x);
}

/* ---- one element: TO_<target class>(target type, x) where x is an arithmetic C value ---- */
#define REAL_TO_INT8(x) (int8_t) word_from_real((double)(x))
#define REAL_TO_UINT8(x) (uint8_t) word_from_real((double)(x))
#define REAL_TO_INT16(x) (int16_t) word_from_real((double)(x))
#define REAL_TO_UINT16(x) (uint16_t) word_from_real((double)(x))
#define REAL_TO_INT32(x) word_from_real((double)(x))
#define REAL_TO_UINT32(x) (uint32_t) long_from_real((double)(x))
#define REAL_TO_INT64(x) long_from_real((double)(x))
#define REAL_TO_UINT64(x) natural_from_real((double)(x))
#define REAL_TO_BOOL(x) (npbool)((x) != 0)
#define REAL_TO_FLOAT16(x) (sizeof(x) == 4 ? float_to_half((float)(x)) : double_to_half((double)(x)))
#define REAL_TO_FLOAT32(x) (float)(x)
#define REAL_TO_FLOAT64(x) (double)(x)
#define REAL_TO_COMPLEX64(x)                                                                                 \
    (complex_float)                                                                                          \
    {                                                                                                        \
        (float)(x), 0                                                                                        \
    }
#define REAL_TO_COMPLEX128(x)                                                                                \
    (complex_double)                                                                                         \
    {                                                                                                        \
        (double)(x), 0                                                                                       \
    }

#define WHOLE_TO_INT8(x) (int8_t)(x)
#define WHOLE_TO_UINT8(x) (uint8_t)(x)
#define WHOLE_TO_INT16(x) (int16_t)(x)
#define WHOLE_TO_UINT16(x) (uint16_t)(x)
#define WHOLE_TO_INT32(x) (int32_t)(x)
#define WHOLE_TO_UINT32(x) (uint32_t)(x)
#define WHOLE_TO_INT64(x) (int64_t)(x)
#define WHOLE_TO_UINT64(x) (uint64_t)(x)
#define WHOLE_TO_BOOL(x) (npbool)((x) != 0)
#define WHOLE_TO_FLOAT16(x) float_to_half((float)(x))
#define WHOLE_TO_FLOAT32(x) (float)(x)
#define WHOLE_TO_FLOAT64(x) (double)(x)
#define WHOLE_TO_COMPLEX64(x)                                                                                \
    (complex_float)                                                                                          \
    {                                                                                                        \
        (float)(x), 0                                                                                        \
    }
#define WHOLE_TO_COMPLEX128(x)                                                                               \
    (complex_double)                                                                                         \
    {                                                                                                        \
        (double)(x), 0                                                                                       \
    }

#define CONVERT_LOOP(name, from_type, to_type, expression)                                                   \
    static void name(char *target, int64_t target_step, const char *source, int64_t source_step,             \
                     int64_t count)                                                                          \
    {                                                                                                        \
        if (target_step == sizeof(to_type) && source_step == sizeof(from_type)) {                            \
            const from_type *from = (const from_type *)(const void *)source;                                 \
            to_type *to = (to_type *)(void *)target;                                                         \
            for (int64_t i = 0; i < count; i++) {                                                            \
                const from_type x = from[i];                                                                 \
                to[i] = expression;                                                                          \
            }                                                                                                \
            return;                                                                                          \
        }                                                                                                    \
        if (__builtin_types_compatible_p(from_type, to_type) && target_step == sizeof(to_type)) {            \
            const from_type *from = (const from_type *)(const void *)source;                                 \
            to_type *to = (to_type *)(void *)target;                                                         \
            if (source_step == -(int64_t)sizeof(from_type)) {                                                \
                for (int64_t i = 0; i < count; i++) {                                                        \
                    const from_type x = from[-i];                                                            \
                    to[i] = expression;                                                                      \
                }                                                                                            \
                return;                                                                                      \
            }                                                                                                \
            if (source_step == 2 * sizeof(from_type)) {                                                      \
                for (int64_t i = 0; i < count; i++) {                                                        \
                    const from_type x = from[2 * i];                                                         \
                    to[i] = expression;                                                                      \
                }                                                                                            \
                return;                                                                                      \
            }                                                                                                \
        }                                                                                                    \
        for (int64_t i = 0; i < count; i++, source += source_step, target += target_step) {                  \
            const from_type x = *(const from_type *)(const void *)source;                                    \
            *(to_type *)(void *)target = expression;                                                         \
        }                                                                                                    \
    }

#define FROM_WHOLE(FROM, from_type, TO, to_type)                                                             \
    CONVERT_LOOP(convert_##FROM##_##TO, from_type, to_type, WHOLE_TO_##TO(x))
#define FROM_REAL(FROM, from_type, TO, to_type)                                                              \
    CONVERT_LOOP(convert_##FROM##_##TO, from_type, to_type, REAL_TO_##TO(x))
#define FROM_REAL_BY_WORDS(FROM, from_type, TO, to_type)                                                     \
    CONVERT_LOOP(convert_each_##FROM##_##TO, from_type, to_type, REAL_TO_##TO(x))                            \
    static void convert_##FROM##_##TO(char *target, int64_t target_step, const char *source, int64_t source_step, \
                                      int64_t count)                                                         \
    {                                                                                                        \
        enum { BLOCK = 1024 };                                                                               \
        const from_type *from = (const from_type *)(const void *)source;                                     \
        to_type *to = (to_type *)(void *)target;                                                             \
        int32_t words[BLOCK];                                                                                \
        if (target_step != sizeof(to_type) || source_step != sizeof(from_type)) {                            \
            convert_each_##FROM##_##TO(target, target_step, source, source_step, count);                     \
            return;                                                                                          \
        }                                                                                                    \
        const bool direct = sizeof(to_type) == sizeof *words;                                                \
        for (int64_t start = 0, n; start < count; start += n) {                                              \
            n = count - start < BLOCK ? count - start : BLOCK;                                               \
            int32_t *made = direct ? (int32_t *)(void *)(to + start) : words;                                \
            _Generic((from_type)0, float: words_from_floats, default: words_from_doubles)(from + start, made, n); \
            for (int64_t i = 0; !direct && i < n; i++)                                                       \
                to[start + i] = (to_type)words[i];                                                           \
        }                                                                                                    \
    }
#define FROM_HALF(FROM, from_type, TO, to_type)                                                              \
    CONVERT_LOOP(convert_##FROM##_##TO, from_type, to_type, REAL_TO_##TO(half_to_float(x)))
#define FROM_COMPLEX(FROM, from_type, TO, to_type)                                                           \
    CONVERT_LOOP(convert_##FROM##_##TO, from_type, to_type, REAL_TO_##TO(x.real))

#define TO_WORD_TYPES(X, FROM, from_type)                                                                    \
    X(FROM, from_type, INT8, int8_t)                                                                         \
    X(FROM, from_type, UINT8, uint8_t) X(FROM, from_type, INT16, int16_t)                                    \
        X(FROM, from_type, UINT16, uint16_t) X(FROM, from_type, INT32, int32_t)
#define TO_WIDER_TYPES(X, FROM, from_type)                                                                   \
    X(FROM, from_type, UINT32, uint32_t)                                                                     \
    X(FROM, from_type, INT64, int64_t) X(FROM, from_type, UINT64, uint64_t)                                  \
        X(FROM, from_type, FLOAT16, half) X(FROM, from_type, FLOAT32, float)                                 \
            X(FROM, from_type, FLOAT64, double)
#define TO_OTHER_TYPES(X, FROM, from_type)                                                                   \
    X(FROM, from_type, BOOL, npbool)                                                                         \
    X(FROM, from_type, COMPLEX64, complex_float) X(FROM, from_type, COMPLEX128, complex_double)
#define TO_REAL_TYPES(X, FROM, from_type)                                                                    \
    TO_WORD_TYPES(X, FROM, from_type)                                                                        \
    TO_WIDER_TYPES(X, FROM, from_type)
#define TO_ALL_TYPES(X, FROM, from_type)                                                                     \
    TO_REAL_TYPES(X, FROM, from_type)                                                                        \
    TO_OTHER_TYPES(X, FROM, from_type)
#define FROM_REAL_TO_ALL(FROM, from_type)                                                                    \
    TO_WORD_TYPES(FROM_REAL_BY_WORDS, FROM, from_type)                                                       \
    TO_WIDER_TYPES(FROM_REAL, FROM, from_type)                                                               \
    TO_OTHER_TYPES(FROM_REAL, FROM, from_type)

/* clang-format off */
TO_ALL_TYPES(FROM_WHOLE, BOOL, npbool)
TO_ALL_TYPES(FROM_WHOLE, INT8, int8_t)
TO_ALL_TYPES(FROM_WHOLE, UINT8, uint8_t)
TO_ALL_TYPES(FROM_WHOLE, INT16, int16_t)
TO_ALL_TYPES(FROM_WHOLE, UINT16, uint16_t)
TO_ALL_TYPES(FROM_WHOLE, INT32, int32_t)
TO_ALL_TYPES(FROM_WHOLE, UINT32, uint32_t)
TO_ALL_TYPES(FROM_WHOLE, INT64, int64_t)
TO_ALL_TYPES(FROM_WHOLE, UINT64, uint64_t)
TO_ALL_TYPES(FROM_HALF, FLOAT16, half)
FROM_REAL_TO_ALL(FLOAT32, float)
FROM_REAL_TO_ALL(FLOAT64, double)
TO_REAL_TYPES(FROM_COMPLEX, COMPLEX64, complex_float)
TO_REAL_TYPES(FROM_COMPLEX, COMPLEX128, complex_double)
/* clang-format on */
CONVERT_LOOP(convert_COMPLEX64_BOOL, complex_float, npbool, (npbool)(x.real != 0 || x.imaginary != 0))
CONVERT_LOOP(convert_COMPLEX128_BOOL, complex_double, npbool, (npbool)(x.real != 0 || x.imaginary != 0))
CONVERT_LOOP(convert_COMPLEX64_COMPLEX64, complex_float, complex_float, x)
CONVERT_LOOP(convert_COMPLEX64_COMPLEX128, complex_float, complex_double,
             ((complex_double){x.real, x.imaginary}))
CONVERT_LOOP(convert_COMPLEX128_COMPLEX64, complex_double, complex_float,
             ((complex_float){(float)x.real, (float)x.imaginary}))
CONVERT_LOOP(convert_COMPLEX128_COMPLEX128, complex_double, complex_double, x)

#define CONVERT_ENTRY(FROM, from_type, TO, to_type) [DTYPE_##FROM][DTYPE_##TO] = convert_##FROM##_##TO,
#define DTYPE(name, type, text, kind, character, base, class) TO_ALL_TYPES(CONVERT_ENTRY, name, type)
const convert_table LOOPS(convert) = {
#include "sim/tensor/dtypes.def"
};
