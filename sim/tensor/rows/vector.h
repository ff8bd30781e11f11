/* vector.h - several doubles at once, for processors that multiply and add with one rounding: what rows are computed with.
 *
 * Each function computes its result as a sum of two doubles, good to some thousandths of the last place, and rounds that. The C
 * library's functions err by a little more than half a place: where the sum lies so near to the middle of two numbers that the
 * library may have taken the other one, the library is asked. So the bits are the library's, whatever the processor.
 */
#ifndef HYBRIDSIM_SIM_TENSOR_ROWS_VECTOR_H
#define HYBRIDSIM_SIM_TENSOR_ROWS_VECTOR_H

#include "sim/tensor/rows/rows.h"

#if defined(__AVX512F__) || (defined(__AVX2__) && defined(__FMA__))
#define HAVE_ROWS
#include <immintrin.h>
#include <math.h>
#include <string.h>

#ifdef __AVX512F__
enum { LANES = 8 };
typedef __mmask8 mask;
#define ROWS(name) name##_row_512
#else
enum { LANES = 4 };
typedef __m256d mask; /* by the sign bits */
#define ROWS(name) name##_row_256
#endif
typedef double vector __attribute__((vector_size(LANES * sizeof(double))));
typedef int64_t integers __attribute__((vector_size(LANES * sizeof(int64_t))));

#define POWER_BITS(n) ((int64_t)(1023 + (n)) << 52) /* those of the double 2^n */

static inline vector all(double x)
{
    return x - (vector){0};
}

static inline vector load(const double *from)
{
    vector x;
    memcpy(&x, from, sizeof x);
    return x;
}

static inline void store(double *to, vector x)
{
    memcpy(to, &x, sizeof x);
}

static inline integers size_bits(vector x)
{
    return (integers)x & INT64_MAX;
}

#ifdef __AVX512F__
static inline vector fused(vector a, vector b, vector c)
{
    return (vector)_mm512_fmadd_pd((__m512d)a, (__m512d)b, (__m512d)c);
}

static inline vector root(vector x)
{
    return (vector)_mm512_sqrt_pd((__m512d)x);
}

static inline vector choose(mask which, vector yes, vector no)
{
    return (vector)_mm512_mask_blend_pd(which, (__m512d)no, (__m512d)yes);
}

static inline mask is_negative(vector x) /* or -0 */
{
    return _mm512_movepi64_mask((__m512i)x);
}

/* Not of NaN: some compilers' instructions raise a flag. */
static inline mask is_below(vector a, vector b)
{
    return _mm512_cmp_pd_mask((__m512d)a, (__m512d)b, _CMP_LT_OQ);
}

static inline mask differ(vector a, vector b)
{
    return _mm512_cmp_pd_mask((__m512d)a, (__m512d)b, _CMP_NEQ_UQ);
}

/* low <= x < high, of numbers that are not negative. */
static inline mask is_within(integers x, int64_t low, int64_t high)
{
    __m512i above = _mm512_sub_epi64((__m512i)x, _mm512_set1_epi64(low)); /* wraps */
    return _mm512_cmp_epu64_mask(above, _mm512_set1_epi64(high - low), _MM_CMPINT_LT);
}

static inline mask not_of(mask m)
{
    return (mask)~m;
}

static inline mask either(mask a, mask b)
{
    return a | b;
}

static inline mask both(mask a, mask b)
{
    return a & b;
}

static inline mask no_lanes(void)
{
    return 0;
}

/* The sign bit, in the lanes of one of them only. */
static inline integers turned(mask a, mask b)
{
    return (integers)_mm512_maskz_set1_epi64(a ^ b, INT64_MIN);
}

static inline unsigned lanes_of(mask m)
{
    return m;
}

/* Entries by the last bits of the indices. */
static inline vector lookup_16(const double *table, integers index)
{
    return (vector)_mm512_permutex2var_pd(_mm512_loadu_pd(table), (__m512i)index, _mm512_loadu_pd(table + 8));
}

static inline vector lookup_32(const double *table, integers index)
{
    const __mmask8 second = _mm512_movepi64_mask(_mm512_slli_epi64((__m512i)index, 59));
    return choose(second, lookup_16(table + 16, index), lookup_16(table, index));
}
#else
static inline vector fused(vector a, vector b, vector c)
{
    return (vector)_mm256_fmadd_pd((__m256d)a, (__m256d)b, (__m256d)c);
}

static inline vector root(vector x)
{
    return (vector)_mm256_sqrt_pd((__m256d)x);
}

static inline vector choose(mask which, vector yes, vector no)
{
    return (vector)_mm256_blendv_pd((__m256d)no, (__m256d)yes, which);
}

static inline mask is_negative(vector x)
{
    return (mask)x;
}

static inline mask is_below(vector a, vector b)
{
    return _mm256_cmp_pd((__m256d)a, (__m256d)b, _CMP_LT_OQ);
}

static inline mask differ(vector a, vector b)
{
    return _mm256_cmp_pd((__m256d)a, (__m256d)b, _CMP_NEQ_UQ);
}

static inline mask is_within(integers x, int64_t low, int64_t high)
{
    return (mask)((x >= low) & (x < high));
}

static inline mask not_of(mask m)
{
    return (mask)~(integers)m;
}

static inline mask either(mask a, mask b)
{
    return _mm256_or_pd(a, b);
}

static inline mask both(mask a, mask b)
{
    return _mm256_and_pd(a, b);
}

static inline mask no_lanes(void)
{
    return _mm256_setzero_pd();
}

static inline integers turned(mask a, mask b)
{
    return ((integers)a ^ (integers)b) & INT64_MIN;
}

static inline unsigned lanes_of(mask m)
{
    return (unsigned)_mm256_movemask_pd(m);
}

static inline vector lookup(const double *table, integers index)
{
    return (vector)_mm256_i64gather_pd(table, (__m256i)index, 8);
}

static inline vector lookup_16(const double *table, integers index)
{
    return lookup(table, index & 15);
}

static inline vector lookup_32(const double *table, integers index)
{
    return lookup(table, index & 31);
}
#endif

/* A sum of two doubles that is not rounded. */
struct pair {
    vector high, low;
};

/* |a| >= |b|, or a is 0 */
static inline struct pair sum_of(vector a, vector b)
{
    const vector sum = a + b;
    return (struct pair){sum, (a - sum) + b};
}

static inline vector with_sign(vector x, integers sign_bit)
{
    return (vector)((integers)x ^ sign_bit);
}

/* The same sum, its high part rounded. */
static inline struct pair normal(struct pair x)
{
    return sum_of(x.high, x.low);
}

static inline struct pair sum_of_any(vector a, vector b)
{
    const vector sum = a + b, part = sum - a;
    return (struct pair){sum, (a - (sum - part)) + (b - part)};
}

static inline struct pair product_of(vector a, vector b)
{
    const vector product = a * b;
    return (struct pair){product, fused(a, b, -product)};
}

/* What is added to a number to leave the nearest whole number in its last bits. */
static const double TO_WHOLE = 0x1.8p52;

/* high + low, rounded. Doubtful are the lanes whose rest comes near to half a place: those where a rest that is `stretch` times as
 * large would change the result. */
static inline vector rounded(vector high, vector low, vector stretch, mask *doubtful)
{
    const vector result = high + low, rest = (high - result) + low;
    *doubtful = differ(fused(rest, stretch, result), result);
    return result;
}
/* The stretch for a library that errs by up to half a place and `margin` of one. */
#define STRETCH(margin) (0.5 / (0.5 - (margin)))

/* Rows come in blocks; which lanes the library is to be asked for is noted, and looked at after a block. */
enum { BLOCK = 512, NOTES = BLOCK / LANES };
static const double FILLING = 0.5; /* of an incomplete block; no function minds it */
struct row_block {
    _Alignas(64) double given[BLOCK], other[BLOCK], made[BLOCK];
    _Alignas(8) uint8_t notes[NOTES];
};

/* `count` of the numbers: where they are, if they are complete and nothing is written there, else a copy. */
static inline const double *block_numbers(double *copy, const double *from, const double *to, int count)
{
    if (count == BLOCK && from != to)
        return from;
    memcpy(copy, from, (size_t)count * sizeof *copy);
    for (int i = count; i < BLOCK && i < count + LANES; i++)
        copy[i] = FILLING;
    return copy;
}

/* The first noted one from `at` on, taken off; -1: there is none. */
static inline int next_noted(uint8_t *notes, int at)
{
    for (at &= ~7; at < NOTES; at += 8) {
        uint64_t noted;
        memcpy(&noted, notes + at, sizeof noted);
        if (!noted)
            continue;
        const int bit = __builtin_ctzll(noted);
        noted &= noted - 1;
        memcpy(notes + at, &noted, sizeof noted);
        return (at + bit / 8) * LANES + bit % 8;
    }
    return -1;
}

/* The function of a row, from one of vectors, name_of(x, ask) or name_of(x, y, ask), and the library's of one number. */
#define ROW_FUNCTION(name, library)                                                                          \
    void ROWS(name)(const double *from, double *to, int64_t count)                                           \
    {                                                                                                        \
        struct row_block block;                                                                              \
        ROW_BLOCKS(name##_of(load(x + i), &ask), library(x[at]), ((void)0), ((void)0))                       \
    }
#define ROW_FUNCTION_OF_TWO(name, library)                                                                   \
    void ROWS(name)(const double *from, const double *other, double *to, int64_t count)                      \
    {                                                                                                        \
        struct row_block block;                                                                              \
        const double *y;                                                                                     \
        ROW_BLOCKS(name##_of(load(x + i), load(y + i), &ask), library(x[at], y[at]),                         \
                   y = block_numbers(block.other, other, to, length), other += length)                       \
    }
#define ROW_BLOCKS(vectors, library, before, after)                                                          \
    while (count > 0) {                                                                                      \
        const int length = count < BLOCK ? (int)count : BLOCK;                                               \
        const double *x = block_numbers(block.given, from, to, length);                                      \
        double *made = length == BLOCK ? to : block.made;                                                    \
        before;                                                                                              \
        memset(block.notes, 0, sizeof block.notes);                                                          \
        for (int i = 0; i < length; i += LANES) {                                                            \
            mask ask;                                                                                        \
            store(made + i, vectors);                                                                        \
            block.notes[i / LANES] = (uint8_t)lanes_of(ask);                                                 \
        }                                                                                                    \
        for (int at = 0; (at = next_noted(block.notes, at / LANES)) >= 0;)                                   \
            made[at] = library;                                                                              \
        if (made != to)                                                                                      \
            memcpy(to, made, (size_t)length * sizeof *to);                                                   \
        from += length, to += length, count -= length;                                                       \
        after;                                                                                               \
    }
#endif
#endif
