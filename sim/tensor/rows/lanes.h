/* lanes.h - several numbers at once: doubles, or floats where SINGLE is defined. With SINGLE_ELEMENTS rows are of floats, computed
 * with doubles. Vectors are as wide as those of the processor that the file is compiled for; without AVX2 and FMA they are of 16
 * bytes, and products are fused by the C library, which does so exactly. Everything here gives the same bits on each.
 */
#ifndef HYBRIDSIM_SIM_TENSOR_ROWS_LANES_H
#define HYBRIDSIM_SIM_TENSOR_ROWS_LANES_H

#include "sim/tensor/rows/flags.h"
#include "sim/tensor/rows/lane_rows.h"

#include <fenv.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>
#ifdef __x86_64__
#include <immintrin.h>
#endif

#if defined(__AVX512F__)
enum { WIDTH = 64 };
#define INSTANCE(name) name##_512
#elif defined(__AVX2__) && defined(__FMA__)
enum { WIDTH = 32 };
#define INSTANCE(name) name##_256
#else
enum { WIDTH = 16 };
#define WITHOUT_AVX
#define INSTANCE(name) name##_any
#endif

#ifdef SINGLE
typedef float number;
typedef int32_t word;
typedef uint32_t unsigned_word;
enum { MANTISSA = 23, BIAS = 127, PART_BITS = 5 }; /* tables have 2^PART_BITS entries */
#define TO_WHOLE 0x1.8p23f /* added, it leaves the nearest whole number in the last bits */
#define BY_TYPE(of_double, of_single) of_single
#else
typedef double number;
typedef int64_t word;
typedef uint64_t unsigned_word;
enum { MANTISSA = 52, BIAS = 1023, PART_BITS = 4 };
#define TO_WHOLE 0x1.8p52
#define BY_TYPE(of_double, of_single) of_double
#endif
enum { LANES = WIDTH / sizeof(number), PARTS = 1 << PART_BITS };
typedef number vector __attribute__((vector_size(WIDTH)));
typedef word integers __attribute__((vector_size(WIDTH)));
typedef unsigned_word naturals __attribute__((vector_size(WIDTH)));

#define POWER_BITS(n) ((word)(BIAS + (n)) << MANTISSA) /* those of 2^n */
#define SIGN_BIT ((word)((unsigned_word)1 << (sizeof(word) * 8 - 1)))
#define INFINITE_BITS POWER_BITS(BIAS + 1)

static inline vector all(number x)
{
    return x - (vector){0};
}

#if defined(SINGLE) || defined(SINGLE_ELEMENTS)
typedef float element;
#define ROWS(name) INSTANCE(name##_singles)
#else
typedef double element;
#define ROWS(name) INSTANCE(name##_doubles)
#endif
typedef element elements __attribute__((vector_size(LANES * sizeof(element))));

static inline vector load(const element *from)
{
    elements x;
    memcpy(&x, from, sizeof x);
#if defined(SINGLE_ELEMENTS) && defined(__AVX512F__) /* compilers make more of it */
    return (vector)_mm512_cvtps_pd((__m256)x);
#elif defined(SINGLE_ELEMENTS) && defined(__AVX2__) && defined(__FMA__)
    return (vector)_mm256_cvtps_pd((__m128)x);
#else
    return __builtin_convertvector(x, vector);
#endif
}

static inline void store(element *to, vector x)
{
    const elements made = __builtin_convertvector(x, elements);
    memcpy(to, &made, sizeof made);
}

static inline integers size_bits(vector x)
{
    return (integers)x & (word)~SIGN_BIT;
}

static inline vector size_of(vector x)
{
    return (vector)size_bits(x);
}

static inline integers sign_of(vector x)
{
    return (integers)x & SIGN_BIT;
}

/* x, which is not negative, with a sign. */
static inline vector signed_as(vector x, integers sign)
{
    return (vector)((integers)x | sign);
}

/* What depends on the processor: AVX_512(sqrt) is _mm512_sqrt_pd, say. */
#ifdef SINGLE
#define AVX_512(name) _mm512_##name##_ps
#define AVX_256(name) _mm256_##name##_ps
#else
#define AVX_512(name) _mm512_##name##_pd
#define AVX_256(name) _mm256_##name##_pd
#endif

#if defined(__AVX512F__)
#ifdef SINGLE
typedef __mmask16 mask;
#define WIDE __m512
#define COMPARE_WORDS _mm512_cmp_epu32_mask
#else
typedef __mmask8 mask;
#define WIDE __m512d
#define COMPARE_WORDS _mm512_cmp_epu64_mask
#endif
static inline vector fused(vector a, vector b, vector c)
{
    return (vector)AVX_512(fmadd)((WIDE)a, (WIDE)b, (WIDE)c);
}

static inline vector root(vector x)
{
    return (vector)AVX_512(sqrt)((WIDE)x);
}

static inline vector choose(mask which, vector yes, vector no)
{
    return (vector)AVX_512(mask_blend)(which, (WIDE)no, (WIDE)yes);
}

static inline mask is_below(vector a, vector b)
{
#ifdef SINGLE
    return _mm512_cmp_ps_mask((WIDE)a, (WIDE)b, _CMP_LT_OQ);
#else
    return _mm512_cmp_pd_mask((WIDE)a, (WIDE)b, _CMP_LT_OQ);
#endif
}

/* Not low <= x < high, of bits of sizes. */
static inline mask is_outside(integers x, word low, word high)
{
    return COMPARE_WORDS((__m512i)(x - low), (__m512i)(((integers){0}) + (high - low)), _MM_CMPINT_NLT);
}

/* Kinds of numbers, as the instruction that tells them lists them. */
#define IS_NAN 0x81
#define IS_ZERO 0x06
#define IS_INFINITE 0x18
#define IS_SUBNORMAL 0x20
#define IS_NEGATIVE 0x40
#ifdef SINGLE
#define is_one_of(x, kinds) _mm512_fpclass_ps_mask((__m512)(x), kinds)
#else
#define is_one_of(x, kinds) _mm512_fpclass_pd_mask((__m512d)(x), kinds)
#endif

/* Neither normal nor zero; without such an instruction, zeros may be among them. */
static inline mask is_unusual(vector x)
{
    return is_one_of(x, IS_NAN | IS_INFINITE | IS_SUBNORMAL);
}

static inline mask is_nan_or_subnormal(vector x)
{
    return is_one_of(x, IS_NAN | IS_SUBNORMAL);
}

static inline mask is_not_positive_normal(vector x)
{
    return is_one_of(x, IS_NAN | IS_ZERO | IS_INFINITE | IS_SUBNORMAL | IS_NEGATIVE);
}

static inline mask is_not_zero(integers x)
{
#ifdef SINGLE
    return _mm512_test_epi32_mask((__m512i)x, (__m512i)x);
#else
    return _mm512_test_epi64_mask((__m512i)x, (__m512i)x);
#endif
}

static inline mask is_negative(vector x)
{
#ifdef SINGLE
    return _mm512_movepi32_mask((__m512i)x);
#else
    return _mm512_movepi64_mask((__m512i)x);
#endif
}

static inline vector greatest(vector a, vector b)
{
    return (vector)AVX_512(max)((WIDE)a, (WIDE)b);
}

static inline vector least(vector a, vector b)
{
    return (vector)AVX_512(min)((WIDE)a, (WIDE)b);
}

/* The entries at the last bits of the indices. */
static inline vector lookup(const number table[PARTS], integers index)
{
    return (vector)AVX_512(permutex2var)(AVX_512(loadu)(table), (__m512i)index, AVX_512(loadu)(table + LANES));
}

static inline unsigned lanes_of(mask m)
{
    return m;
}
#define EITHER(a, b) ((mask)((a) | (b)))
#define BOTH(a, b) ((mask)((a) & (b)))
#define NOT(a) ((mask)~(a))
#else
typedef integers mask; /* 0 or -1 */
#define EITHER(a, b) ((a) | (b))
#define BOTH(a, b) ((a) & (b))
#define NOT(a) (~(a))
static inline mask is_below(vector a, vector b)
{
    return a < b;
}

static inline mask is_outside(integers x, word low, word high)
{
    return (mask)((naturals)(x - low) >= (naturals)(((integers){0}) + (high - low)));
}

static inline mask is_not_zero(integers x)
{
    return x != 0;
}

static inline mask is_unusual(vector x)
{
    return is_outside(size_bits(x), POWER_BITS(1 - BIAS), INFINITE_BITS);
}

static inline mask is_nan_or_subnormal(vector x)
{
    return is_outside(size_bits(x), POWER_BITS(1 - BIAS), INFINITE_BITS + 1);
}

static inline mask is_not_positive_normal(vector x)
{
    return is_outside((integers)x, POWER_BITS(1 - BIAS), INFINITE_BITS);
}

static inline mask is_negative(vector x)
{
    return (integers)x < 0;
}

static inline vector choose(mask which, vector yes, vector no)
{
#ifdef WITHOUT_AVX
    return (vector)(((integers)yes & which) | ((integers)no & ~which));
#elif defined(SINGLE)
    return (vector)_mm256_blendv_ps((__m256)no, (__m256)yes, (__m256)which);
#else
    return (vector)_mm256_blendv_pd((__m256d)no, (__m256d)yes, (__m256d)which);
#endif
}

static inline vector greatest(vector a, vector b)
{
    return choose(is_below(b, a), a, b);
}

static inline vector least(vector a, vector b)
{
    return choose(is_below(a, b), a, b);
}

#ifdef WITHOUT_AVX
#define EACH_LANE(type, expression)                                                                          \
    type result;                                                                                             \
    for (int i = 0; i < LANES; i++)                                                                          \
        result[i] = expression;                                                                              \
    return result;
static inline vector fused(vector a, vector b, vector c)
{
    EACH_LANE(vector, BY_TYPE(__builtin_fma, __builtin_fmaf)(a[i], b[i], c[i]))
}

static inline vector root(vector x)
{
    EACH_LANE(vector, BY_TYPE(__builtin_sqrt, __builtin_sqrtf)(x[i]))
}

static inline vector lookup(const number table[PARTS], integers index)
{
    EACH_LANE(vector, table[index[i] & (PARTS - 1)])
}

static inline unsigned lanes_of(mask m)
{
    unsigned lanes = 0;
    for (int i = 0; i < LANES; i++)
        lanes |= (m[i] != 0 ? 1u : 0u) << i;
    return lanes;
}
#else
#ifdef SINGLE
#define WIDE __m256
#else
#define WIDE __m256d
#endif
static inline vector fused(vector a, vector b, vector c)
{
    return (vector)AVX_256(fmadd)((WIDE)a, (WIDE)b, (WIDE)c);
}

static inline vector root(vector x)
{
    return (vector)AVX_256(sqrt)((WIDE)x);
}

static inline vector lookup(const number table[PARTS], integers index)
{
#ifdef SINGLE
    return (vector)_mm256_i32gather_ps(table, (__m256i)(index & (PARTS - 1)), 4);
#else
    return (vector)_mm256_i64gather_pd(table, (__m256i)(index & (PARTS - 1)), 8);
#endif
}

static inline unsigned lanes_of(mask m)
{
    return (unsigned)AVX_256(movemask)((WIDE)m);
}
#endif
#endif
#undef AVX_512
#undef AVX_256
#undef WIDE

/* A sum of two numbers that is not rounded. */
struct pair {
    vector high, low;
};

/* |a| >= |b|, or a is 0 */
static inline struct pair sum_of(vector a, vector b)
{
    const vector sum = a + b;
    return (struct pair){sum, (a - sum) + b};
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

/* a + b c; a is 0, or the sum between a half and twice that */
static inline struct pair sum_with_product(vector a, vector b, vector c)
{
    const vector sum = fused(b, c, a);
    return (struct pair){sum, fused(b, c, a - sum)};
}

/* Whose table lists the constant first. */
static inline vector polynomial(const number *coefficients, int degree, vector x)
{
    vector sum = all(coefficients[degree]);
#ifndef __clang__ /* which unrolls it anyway */
#pragma GCC unroll 16
#endif
    for (int i = degree - 1; i >= 0; i--)
        sum = fused(sum, x, all(coefficients[i]));
    return sum;
}
#define POLYNOMIAL(table, x) polynomial(table, (int)(sizeof(table) / sizeof *(table)) - 1, x)

/* The last few of a row, as many as a vector has: the last of them again and again. */
static inline void repeat_last(element *copy, const element *from, int64_t count)
{
    for (int i = 0; i < LANES; i++)
        copy[i] = from[i < count ? i : count - 1];
}

static inline vector load_some(const element *from, int64_t count)
{
    element copy[LANES];
    repeat_last(copy, from, count);
    return load(copy);
}

static inline void store_some(element *to, vector x, int64_t count)
{
    element copy[LANES];
    store(copy, x);
    memcpy(to, copy, (size_t)count * sizeof *to);
}

/* Every other number of two vectors, the first of them or the second. */
#if defined(__AVX512F__) && defined(SINGLE)
#define EVERY_OTHER(a, b, k) \
    __builtin_shufflevector(a, b, k, k + 2, k + 4, k + 6, k + 8, k + 10, k + 12, k + 14, k + 16, k + 18,     \
                            k + 20, k + 22, k + 24, k + 26, k + 28, k + 30)
#elif defined(__AVX512F__) || (!defined(WITHOUT_AVX) && defined(SINGLE))
#define EVERY_OTHER(a, b, k) __builtin_shufflevector(a, b, k, k + 2, k + 4, k + 6, k + 8, k + 10, k + 12, k + 14)
#elif !defined(WITHOUT_AVX) || defined(SINGLE)
#define EVERY_OTHER(a, b, k) __builtin_shufflevector(a, b, k, k + 2, k + 4, k + 6)
#else
#define EVERY_OTHER(a, b, k) __builtin_shufflevector(a, b, k, k + 2)
#endif

/* How many times the least number a positive subnormal one is; without computing with it, which some processors do slowly. */
static inline vector units_of(vector x)
{
    return (vector)((integers)x | POWER_BITS(MANTISSA)) - all(BY_TYPE(0x1p52, 0x1p23f));
}

/* The opposite of lanes_of(). */
static inline mask mask_of(unsigned lanes)
{
#ifdef __AVX512F__
    return (mask)lanes;
#else
    integers bits;
    for (int i = 0; i < LANES; i++)
        bits[i] = (word)1 << i;
    return (bits & (word)lanes) != 0;
#endif
}

#include "sim/tensor/rows/rare.h"

static inline mask is_nan(vector x)
{
    return is_outside(size_bits(x), 0, INFINITE_BITS + 1);
}

static inline mask is_infinite(vector x)
{
    return NOT(is_outside(size_bits(x), INFINITE_BITS, INFINITE_BITS + 1));
}

static inline mask is_subnormal(vector x) /* 0 is not */
{
#ifdef __AVX512F__
    return is_one_of(x, IS_SUBNORMAL);
#else
    return NOT(is_outside(size_bits(x), 1, POWER_BITS(1 - BIAS)));
#endif
}

/* No number: quiet, and an error if it has not been. */
static inline void settle_nan(struct rare *rare, vector x)
{
    const word quiet_bit = (word)1 << (MANTISSA - 1);
    const integers size = size_bits(x);
    if (is_left(rare, NOT(is_outside(size, INFINITE_BITS + 1, INFINITE_BITS | quiet_bit))))
        rare->raised |= FE_INVALID;
    settle(rare, is_nan(x), (vector)((integers)x | quiet_bit));
}

/* x itself, of a function that is as near to it below 1: what is subnormal counts as underflow. */
static inline void settle_small(struct rare *rare, vector x)
{
    if (is_left(rare, is_subnormal(x)))
        rare->raised |= FE_UNDERFLOW;
    settle(rare, is_below(size_of(x), all(1)), x);
}

/* The function of a row, from one of vectors, name_of(x, &ask), which says what lanes name_rare(x, &rare) is asked for; not for
 * NaN, nor for zeros with ROW_RIGHT_AT_ZERO(). When some are, a function apart makes SLOW vectors: without a call for each the
 * others keep what they need in registers. */
#define UNUSUAL(x) __builtin_expect(!!(x), 0)
enum { SLOW = 16 };
#define ROW_OF(name, usual)                                                                                  \
    static inline vector name##_whole(vector x, flag_state *state)                                           \
    {                                                                                                        \
        struct rare rare = {.raised = 0};                                                                    \
        rare.made = name##_of(x, &rare.left);                                                                \
        if (!(lanes_of(rare.left) & (usual)))                                                                \
            return rare.made;                                                                                \
        settle_nan(&rare, x);                                                                                \
        if (lanes_of(rare.left))                                                                             \
            name##_rare(x, &rare);                                                                           \
        flags_add(state, rare.raised);                                                                       \
        return rare.made;                                                                                    \
    }                                                                                                        \
    static __attribute__((noinline)) int64_t name##_slowly(const element *from, element *to, int64_t count,  \
                                                           flag_state *state)                                \
    {                                                                                                        \
        int64_t i = 0;                                                                                       \
        for (; i < SLOW * LANES && i + LANES <= count; i += LANES)                                           \
            store(to + i, name##_whole(load(from + i), state));                                              \
        return i;                                                                                            \
    }                                                                                                        \
    void ROWS(name)(const element *from, element *to, int64_t count)                                         \
    {                                                                                                        \
        flag_state state = flags_now();                                                                      \
        element copy[LANES];                                                                                 \
        int64_t i = 0;                                                                                       \
        while (i + LANES <= count) {                                                                         \
            const vector x = load(from + i);                                                                 \
            mask ask;                                                                                        \
            const vector made = name##_of(x, &ask);                                                          \
            if (UNUSUAL(lanes_of(ask)) && (lanes_of(ask) & (usual))) {                                       \
                i += name##_slowly(from + i, to + i, count - i, &state);                                     \
            } else {                                                                                         \
                store(to + i, made);                                                                         \
                i += LANES;                                                                                  \
            }                                                                                                \
        }                                                                                                    \
        if (i < count) {                                                                                     \
            repeat_last(copy, from + i, count - i);                                                          \
            name##_slowly(copy, copy, LANES, &state);                                                        \
            memcpy(to + i, copy, (size_t)(count - i) * sizeof *to);                                          \
        }                                                                                                    \
        flags_restore(state);                                                                                \
    }
#define ROW(name) ROW_OF(name, ~0u)
#define ROW_RIGHT_AT_ZERO(name) ROW_OF(name, lanes_of(is_not_zero(size_bits(x))))
#define ROW_OF_TWO(name)                                                                                     \
    static inline vector name##_whole(vector x, vector y, flag_state *state)                                 \
    {                                                                                                        \
        struct rare rare = {.raised = 0};                                                                    \
        rare.made = name##_of(x, y, &rare.left);                                                             \
        if (!lanes_of(rare.left))                                                                            \
            return rare.made;                                                                                \
        name##_rare(x, y, &rare);                                                                            \
        flags_add(state, rare.raised);                                                                       \
        return rare.made;                                                                                    \
    }                                                                                                        \
    static __attribute__((noinline)) int64_t name##_slowly(const element *from, const element *other,        \
                                                           element *to, int64_t count, flag_state *state)    \
    {                                                                                                        \
        int64_t i = 0;                                                                                       \
        for (; i < SLOW * LANES && i + LANES <= count; i += LANES)                                           \
            store(to + i, name##_whole(load(from + i), load(other + i), state));                             \
        return i;                                                                                            \
    }                                                                                                        \
    void ROWS(name)(const element *from, const element *other, element *to, int64_t count)                   \
    {                                                                                                        \
        flag_state state = flags_now();                                                                      \
        element copy[LANES], other_copy[LANES];                                                              \
        int64_t i = 0;                                                                                       \
        while (i + LANES <= count) {                                                                         \
            mask ask;                                                                                        \
            const vector made = name##_of(load(from + i), load(other + i), &ask);                            \
            if (UNUSUAL(lanes_of(ask))) {                                                                    \
                i += name##_slowly(from + i, other + i, to + i, count - i, &state);                          \
            } else {                                                                                         \
                store(to + i, made);                                                                         \
                i += LANES;                                                                                  \
            }                                                                                                \
        }                                                                                                    \
        if (i < count) {                                                                                     \
            repeat_last(copy, from + i, count - i);                                                          \
            repeat_last(other_copy, other + i, count - i);                                                   \
            name##_slowly(copy, other_copy, copy, LANES, &state);                                            \
            memcpy(to + i, copy, (size_t)(count - i) * sizeof *to);                                          \
        }                                                                                                    \
        flags_restore(state);                                                                                \
    }
#endif
