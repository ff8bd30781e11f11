/* vector.h - several doubles at once: what the functions of rows are written with, for three kinds of processors.
 *
 * Only operations whose results IEEE 754 fixes are used: sums, products, quotients, roots, products and sums with one
 * rounding, and integers. So a function has the same bits with vectors of 512 bits, of 256 bits, and with those the compiler
 * makes for any processor, which computes fused products one by one, in software if it must.
 *
 * A function of vectors computes the common numbers, and says in which lanes there are rare ones: for those, a function of
 * one number is called. Only the latter raises flags; those that the common way happens to raise are dropped.
 */
#ifndef HYBRIDSIM_SIM_TENSOR_ROWS_VECTOR_H
#define HYBRIDSIM_SIM_TENSOR_ROWS_VECTOR_H

#include "sim/tensor/rows/flags.h"
#include "sim/tensor/rows/rows.h"

#include <fenv.h>
#include <math.h>
#include <string.h>

#if defined(__AVX512F__)
#define VECTORS_OF_512
enum { LANES = 8 };
#define ROWS(name) name##_row_512
#elif defined(__AVX2__) && defined(__FMA__)
#define VECTORS_OF_256
enum { LANES = 4 };
#define ROWS(name) name##_row_256
#else
enum { LANES = 2 };
#define ROWS(name) name##_row_any
#endif
typedef double vector __attribute__((vector_size(LANES * sizeof(double))));
typedef int64_t integers __attribute__((vector_size(LANES * sizeof(int64_t))));
typedef uint64_t naturals __attribute__((vector_size(LANES * sizeof(uint64_t)))); /* whose sums may wrap */
#if defined(VECTORS_OF_512)
#include <immintrin.h>
typedef __mmask8 mask;
#elif defined(VECTORS_OF_256)
#include <immintrin.h>
typedef __m256d mask; /* by the sign bits */
#else
typedef integers mask; /* all bits of a lane */
#endif

#define POWER_BITS(n) ((int64_t)(1023 + (n)) << 52) /* those of the double 2^n */

/* What is added to a number to leave the nearest whole number in its last bits. */
static const double TO_WHOLE = 0x1.8p52;

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

#if defined(VECTORS_OF_512)
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

static inline mask is_from(integers x, int64_t low) /* of numbers that are not negative */
{
    return _mm512_cmp_epu64_mask((__m512i)x, _mm512_set1_epi64(low), _MM_CMPINT_NLT);
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

static inline vector to_vector(integers x) /* of small numbers */
{
    return (vector)_mm512_cvtepi64_pd((__m512i)x);
}

static inline mask is_subnormal(vector x) /* 0 is not */
{
    return _mm512_fpclass_pd_mask((__m512d)x, 0x20);
}

static inline vector least(vector a, vector b) /* b, if one of them is NaN */
{
    return (vector)_mm512_min_pd((__m512d)a, (__m512d)b);
}

static inline vector greatest(vector a, vector b)
{
    return (vector)_mm512_max_pd((__m512d)a, (__m512d)b);
}

#elif defined(VECTORS_OF_256)
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

static inline mask is_from(integers x, int64_t low)
{
    return (mask)(x >= low);
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

static inline vector lookup_16(const double *table, integers index)
{
    return (vector)_mm256_i64gather_pd(table, (__m256i)(index & 15), 8);
}

static inline vector to_vector(integers x)
{
    return (vector)(x + (integers)all(TO_WHOLE)) - TO_WHOLE;
}

static inline mask is_subnormal(vector x)
{
    return is_within(size_bits(x), 1, (int64_t)1 << 52);
}

static inline vector least(vector a, vector b)
{
    return (vector)_mm256_min_pd((__m256d)a, (__m256d)b);
}

static inline vector greatest(vector a, vector b)
{
    return (vector)_mm256_max_pd((__m256d)a, (__m256d)b);
}
#else
static inline vector fused(vector a, vector b, vector c)
{
    for (int i = 0; i < LANES; i++)
        c[i] = __builtin_fma(a[i], b[i], c[i]);
    return c;
}

static inline vector root(vector x)
{
    for (int i = 0; i < LANES; i++)
        x[i] = __builtin_sqrt(x[i]);
    return x;
}

static inline vector choose(mask which, vector yes, vector no)
{
    return (vector)(((integers)yes & which) | ((integers)no & ~which));
}

static inline mask is_negative(vector x)
{
    return (integers)x < 0;
}

static inline mask is_below(vector a, vector b)
{
    return (mask)(a < b);
}

static inline mask differ(vector a, vector b)
{
    return (mask)(a != b);
}

static inline mask is_within(integers x, int64_t low, int64_t high)
{
    return (mask)((x >= low) & (x < high));
}

static inline mask is_from(integers x, int64_t low)
{
    return (mask)(x >= low);
}

static inline mask not_of(mask m)
{
    return ~m;
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
    return (mask){0};
}

static inline integers turned(mask a, mask b)
{
    return (a ^ b) & INT64_MIN;
}

static inline unsigned lanes_of(mask m)
{
    unsigned lanes = 0;
    for (int i = 0; i < LANES; i++)
        lanes |= (unsigned)(m[i] & 1) << i;
    return lanes;
}

static inline vector lookup_16(const double *table, integers index)
{
    vector found;
    for (int i = 0; i < LANES; i++)
        found[i] = table[index[i] & 15];
    return found;
}

static inline vector to_vector(integers x)
{
    return (vector)(x + (integers)all(TO_WHOLE)) - TO_WHOLE;
}

static inline mask is_subnormal(vector x)
{
    return is_within(size_bits(x), 1, (int64_t)1 << 52);
}

static inline vector least(vector a, vector b)
{
    return choose((mask)(a < b), a, b);
}

static inline vector greatest(vector a, vector b)
{
    return choose((mask)(a > b), a, b);
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

static inline struct pair product_of(vector a, vector b)
{
    const vector product = a * b;
    return (struct pair){product, fused(a, b, -product)};
}

/* c0 + c1 x + c2 x^2 + ..., by the powers of x that are given. */
static inline vector series_2(const double *c, vector x)
{
    return fused(x, all(c[1]), all(c[0]));
}

static inline vector series_4(const double *c, vector x, vector square)
{
    return fused(square, series_2(c + 2, x), series_2(c, x));
}

static inline vector series_8(const double *c, vector x, vector square, vector fourth)
{
    return fused(fourth, series_4(c + 4, x, square), series_4(c, x, square));
}

/* What feraiseexcept does, which is slow. */
static inline void raise_overflow(void)
{
    volatile double x = 0x1p1023;
    x = x * x;
}

static inline void raise_underflow(void)
{
    volatile double x = 0x1.8p-1022;
    x = x * x;
}

static inline void raise_invalid(void)
{
    volatile double x = 0;
    x = x / x;
}

static inline void raise_division_by_zero(void)
{
    volatile double x = 0;
    x = 1 / x;
}

/* Rows come in blocks; which lanes have rare numbers is noted, and looked at after a block. */
enum { BLOCK = 512, NOTES = BLOCK / LANES };
static const double FILLING = 0.5; /* of an incomplete vector; common to all functions */
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

/* The first noted lane from `at` on, whose note is taken off; -1: there is none before `end`. */
static inline int next_noted(uint8_t *notes, int at, int end)
{
    for (at /= LANES; at * LANES < end; at++) {
        if (!notes[at])
            continue;
        const int lane = __builtin_ctz(notes[at]);
        notes[at] &= (uint8_t)(notes[at] - 1);
        return at * LANES + lane;
    }
    return -1;
}

/* The function of a row, from one of vectors, name_of(x, &rare) or name_of(x, y, &rare), and name_of_rare() of one number. */
#define ROW_FUNCTION(name)                                                                                   \
    void ROWS(name)(const double *from, double *to, int64_t count)                                           \
    {                                                                                                        \
        struct row_block block;                                                                              \
        ROW_BLOCKS(name##_of(load(x + i), &rare), name##_of_rare(x[at]), ((void)0), ((void)0))               \
    }
#define ROW_FUNCTION_OF_TWO(name)                                                                            \
    void ROWS(name)(const double *from, const double *other, double *to, int64_t count)                      \
    {                                                                                                        \
        struct row_block block;                                                                              \
        const double *y;                                                                                     \
        ROW_BLOCKS(name##_of(load(x + i), load(y + i), &rare), name##_of_rare(x[at], y[at]),                 \
                   y = block_numbers(block.other, other, to, length), other += length)                       \
    }
#define ROW_BLOCKS(vectors, of_rare, before, after)                                                          \
    flag_state flags = flags_now();                                                                          \
    while (count > 0) {                                                                                      \
        const int length = count < BLOCK ? (int)count : BLOCK;                                               \
        const double *x = block_numbers(block.given, from, to, length);                                      \
        double *made = length == BLOCK ? to : block.made;                                                    \
        unsigned noted = 0;                                                                                  \
        before;                                                                                              \
        for (int i = 0; i < length; i += LANES) {                                                            \
            mask rare;                                                                                       \
            store(made + i, vectors);                                                                        \
            noted |= block.notes[i / LANES] = (uint8_t)lanes_of(rare);                                       \
        }                                                                                                    \
        if (noted) {                                                                                         \
            flags_restore(flags);                                                                            \
            for (int at = 0; (at = next_noted(block.notes, at, length)) >= 0;)                               \
                if (at < length)                                                                             \
                    made[at] = of_rare;                                                                      \
            flags = flags_now();                                                                             \
        }                                                                                                    \
        if (made != to)                                                                                      \
            memcpy(to, made, (size_t)length * sizeof *to);                                                   \
        from += length, to += length, count -= length;                                                       \
        after;                                                                                               \
    }                                                                                                        \
    flags_restore(flags);
#endif
