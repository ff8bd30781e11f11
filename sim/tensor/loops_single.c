/* loops_single.c - exp, sin and cos of adjoining single-precision numbers, four at a time. They are computed in double precision; what
 * then lies so near to the middle of two numbers that the C library may have rounded it to the other one, is asked of the library, and
 * so is what is too large, infinite or no number. So the bits are the library's, as trials with all 2^32 arguments show. */
#include "sim/tensor/loops.h"

#ifdef COMPILING_WIDE_LOOPS
#include "sim/tensor/loops_single.h"

#include <immintrin.h>

#define ALL(x) _mm256_set1_pd(x)
#define ADD(a, b) _mm256_add_pd(a, b)
#define SUBTRACT(a, b) _mm256_sub_pd(a, b)
#define TIMES(a, b) _mm256_mul_pd(a, b)
static const double TO_WHOLE = 0x1.8p52; /* added, it leaves the nearest whole number in the last bits */

/* The lanes that the library may round otherwise: it errs by up to `margin` of the 2^29 parts of a last place. */
static inline int doubtful(__m256d result, int64_t margin)
{
    const __m256i part = _mm256_and_si256(_mm256_castpd_si256(result), _mm256_set1_epi64x((1 << 29) - 1));
    const __m256i above = _mm256_cmpgt_epi64(part, _mm256_set1_epi64x((1 << 28) - margin));
    const __m256i below = _mm256_cmpgt_epi64(_mm256_set1_epi64x((1 << 28) + margin), part);
    return _mm256_movemask_pd(_mm256_castsi256_pd(_mm256_and_si256(above, below)));
}

/* The lanes whose size is below the limit, subnormal ones and -0 excepted; the others become 0, lest they raise flags. */
static inline __m128 within(__m128 x, float limit, int *outside)
{
    const __m128i size = _mm_and_si128(_mm_castps_si128(x), _mm_set1_epi32(INT32_MAX));
    const __m128i large = _mm_cmpgt_epi32(size, _mm_set1_epi32((1 << 23) - 1));
    const __m128i normal = _mm_or_si128(large, _mm_cmpeq_epi32(_mm_castps_si128(x), _mm_setzero_si128()));
    const __m128i below = _mm_cmplt_epi32(size, _mm_castps_si128(_mm_set1_ps(limit)));
    const __m128 fits = _mm_castsi128_ps(_mm_and_si128(normal, below));
    *outside = ~_mm_movemask_ps(fits) & 15;
    return _mm_and_ps(x, fits);
}

static inline __m256d polynomial(__m256d x, const double *coefficients, int count)
{
    __m256d sum = ALL(coefficients[0]);
    for (int i = 1; i < count; i++)
        sum = ADD(TIMES(sum, x), ALL(coefficients[i]));
    return sum;
}

static inline __m256d exp_of(__m256d x)
{
    static const double even[] = {1.0 / 3628800, 1.0 / 40320, 1.0 / 720, 1.0 / 24, 1.0 / 2, 1};
    static const double odd[] = {1.0 / 362880, 1.0 / 5040, 1.0 / 120, 1.0 / 6, 1};
    const __m256d shifted = ADD(TIMES(x, ALL(0x1.71547652b82fep0)), ALL(TO_WHOLE)); /* 1 / log(2) */
    const __m256d rest = SUBTRACT(x, TIMES(SUBTRACT(shifted, ALL(TO_WHOLE)), ALL(0x1.62e42fefa39efp-1)));
    const __m256d square = TIMES(rest, rest);
    const __m256d power = ADD(polynomial(square, even, 6), TIMES(rest, polynomial(square, odd, 5)));
    return _mm256_castsi256_pd(_mm256_add_epi64(_mm256_castpd_si256(power), /* times 2 to the whole number */
                                                _mm256_slli_epi64(_mm256_castpd_si256(shifted), 52)));
}

/* sin(x + turns * pi / 2) */
static inline __m256d sin_of(__m256d x, int64_t turns)
{
    static const double sine[] = {1.0 / 6227020800, -1.0 / 39916800, 1.0 / 362880, -1.0 / 5040, 1.0 / 120, -1.0 / 6};
    static const double cosine[] = {-1.0 / 87178291200, 1.0 / 479001600, -1.0 / 3628800, 1.0 / 40320,
                                    -1.0 / 720,         1.0 / 24,        -1.0 / 2,       1};
    const __m256d shifted = ADD(TIMES(x, ALL(0x1.45f306dc9c883p-1)), ALL(TO_WHOLE)), whole = SUBTRACT(shifted, ALL(TO_WHOLE));
    const __m256d near = SUBTRACT(x, TIMES(whole, ALL(0x1.921fb544p0))); /* exactly: 33 bits of pi / 2 */
    const __m256d rest = SUBTRACT(near, TIMES(whole, ALL(0x1.0b4611a626331p-34))), square = TIMES(rest, rest);
    const __m256i quarter = _mm256_add_epi64(_mm256_castpd_si256(shifted), _mm256_set1_epi64x(turns));
    const __m256d sines = ADD(rest, TIMES(TIMES(rest, square), polynomial(square, sine, 6)));
    const __m256d cosines = polynomial(square, cosine, 8);
    const __m256d chosen = _mm256_blendv_pd(sines, cosines, _mm256_castsi256_pd(_mm256_slli_epi64(quarter, 63)));
    const __m256i sign = _mm256_slli_epi64(_mm256_srli_epi64(quarter, 1), 63);
    return _mm256_xor_pd(chosen, _mm256_castsi256_pd(sign));
}

/* The doubtful ones are listed without branches, which could not be foretold. */
enum { BLOCK = 512 };
#define SINGLE_ROW(name, function, expression, limit, margin)                                                \
    int64_t name##_single_row(const float *from, float *to, int64_t count)                                   \
    {                                                                                                        \
        const int64_t whole = count & ~(int64_t)3;                                                           \
        for (int64_t start = 0; start < whole; start += BLOCK) {                                             \
            const int length = whole - start < BLOCK ? (int)(whole - start) : BLOCK;                         \
            float given[BLOCK]; /* `to` may be `from` */                                                     \
            uint16_t asked[BLOCK + 1];                                                                       \
            int asked_count = 0;                                                                             \
            memcpy(given, from + start, (size_t)length * sizeof *given);                                     \
            for (int i = 0; i < length; i += 4) {                                                            \
                int ask;                                                                                     \
                const __m256d wide = _mm256_cvtps_pd(within(_mm_loadu_ps(given + i), limit, &ask));          \
                const __m256d result = expression;                                                           \
                ask |= doubtful(result, margin);                                                             \
                _mm_storeu_ps(to + start + i, _mm256_cvtpd_ps(result));                                      \
                for (int lane = 0; lane < 4; lane++) {                                                       \
                    asked[asked_count] = (uint16_t)(i + lane);                                               \
                    asked_count += ask >> lane & 1;                                                          \
                }                                                                                            \
            }                                                                                                \
            for (int k = 0; k < asked_count; k++)                                                            \
                to[start + asked[k]] = function(given[asked[k]]);                                            \
        }                                                                                                    \
        return whole;                                                                                        \
    }
enum { EXP_MARGIN = 1 << 20, SIN_MARGIN = 33 << 20 }; /* 0.002 and 0.064 of the last place */
SINGLE_ROW(exp, expf, exp_of(wide), 87.0f, EXP_MARGIN)
SINGLE_ROW(sin, sinf, sin_of(wide, 0), 65536.0f, SIN_MARGIN)
SINGLE_ROW(cos, cosf, sin_of(wide, 1), 65536.0f, SIN_MARGIN)
#endif
