/* vector.h - several doubles at once: what else than lanes.h the functions of rows of doubles are written with.
 *
 * Only operations whose results IEEE 754 fixes are used: sums, products, quotients, roots, products and sums with one
 * rounding, and integers. So a function has the same bits with vectors of 512 bits, of 256 bits, and with those the compiler
 * makes for any processor, which computes fused products one by one, in software if it must.
 *
 * A function of vectors computes the common numbers, and says in which lanes there are rare ones: those are settled by another
 * one. Only what the latter collects is raised; flags that computing happens to raise are dropped.
 */
#ifndef HYBRIDSIM_SIM_TENSOR_ROWS_VECTOR_H
#define HYBRIDSIM_SIM_TENSOR_ROWS_VECTOR_H

#include "sim/tensor/rows/lanes.h"

#undef ROWS
#define ROWS(name) INSTANCE(name##_row)

static inline mask is_from(integers x, int64_t low) /* of numbers that are not negative */
{
    return is_outside(x, 0, low);
}

static inline mask equal(vector a, vector b) /* neither is NaN, and not 0 and -0 */
{
    return NOT(is_not_zero((integers)a ^ (integers)b));
}

static inline mask is_zero(vector x)
{
    return NOT(is_not_zero(size_bits(x)));
}

static inline integers lookup_32(const uint64_t *table, integers index)
{
#ifdef __AVX512F__
    const __m512i first = _mm512_permutex2var_epi64(_mm512_loadu_si512(table), (__m512i)index, _mm512_loadu_si512(table + 8));
    const __m512i second =
        _mm512_permutex2var_epi64(_mm512_loadu_si512(table + 16), (__m512i)index, _mm512_loadu_si512(table + 24));
    return (integers)_mm512_mask_blend_epi64(_mm512_test_epi64_mask((__m512i)index, _mm512_set1_epi64(16)), first, second);
#elif !defined(WITHOUT_AVX)
    return (integers)_mm256_i64gather_epi64((const long long *)table, (__m256i)(index & 31), 8);
#else
    integers found;
    for (int i = 0; i < LANES; i++)
        found[i] = (int64_t)table[index[i] & 31];
    return found;
#endif
}

static inline vector to_vector(integers x) /* of small numbers */
{
#ifdef __AVX512F__
    return (vector)_mm512_cvtepi64_pd((__m512i)x);
#else
    return (vector)(x + (integers)all(TO_WHOLE)) - TO_WHOLE;
#endif
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

/* x itself, if it is subnormal, of a function that is as near to it. */
static inline void settle_subnormal(struct rare *rare, vector x)
{
    settle_raising(rare, is_subnormal(x), x, FE_UNDERFLOW);
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

/* The function of a row, from one of vectors, name_of(x, &rare) or name_of(x, y, &rare), which says what lanes are to be settled
 * by name_of_rare(x, &rare), NaN excepted, or by name_of_rare(x, y, &rare). */
#define ROW_FUNCTION(name)                                                                                   \
    static __attribute__((noinline)) vector name##_of_noted(vector x, vector made, uint8_t noted, flag_state *flags) \
    {                                                                                                        \
        struct rare rare = {made, mask_of(noted), 0};                                                        \
        settle_nan(&rare, x);                                                                                \
        if (lanes_of(rare.left))                                                                             \
            name##_of_rare(x, &rare);                                                                        \
        flags_add(flags, rare.raised);                                                                       \
        return rare.made;                                                                                    \
    }                                                                                                        \
    void ROWS(name)(const double *from, double *to, int64_t count)                                           \
    {                                                                                                        \
        struct row_block block;                                                                              \
        ROW_BLOCKS(name##_of(load(x + i), &rare), name##_of_noted(load(x + at), NOTED), ((void)0), ((void)0)) \
    }
#define ROW_FUNCTION_OF_TWO(name)                                                                            \
    static __attribute__((noinline)) vector name##_of_noted(vector x, vector y, vector made, uint8_t noted,  \
                                                            flag_state *flags)                               \
    {                                                                                                        \
        struct rare rare = {made, mask_of(noted), 0};                                                        \
        name##_of_rare(x, y, &rare);                                                                         \
        flags_add(flags, rare.raised);                                                                       \
        return rare.made;                                                                                    \
    }                                                                                                        \
    void ROWS(name)(const double *from, const double *other, double *to, int64_t count)                      \
    {                                                                                                        \
        struct row_block block;                                                                              \
        const double *y;                                                                                     \
        ROW_BLOCKS(name##_of(load(x + i), load(y + i), &rare),                                               \
                   name##_of_noted(load(x + at), load(y + at), NOTED),                                       \
                   y = block_numbers(block.other, other, to, length), other += length)                       \
    }
#define NOTED load(made + at), block.notes[at / LANES], &flags
#define ROW_BLOCKS(vectors, of_noted, before, after)                                                         \
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
        for (int at = 0; noted && at < length; at += LANES)                                                  \
            if (block.notes[at / LANES])                                                                     \
                store(made + at, of_noted);                                                                  \
        if (made != to)                                                                                      \
            memcpy(to, made, (size_t)length * sizeof *to);                                                   \
        from += length, to += length, count -= length;                                                       \
        after;                                                                                               \
    }                                                                                                        \
    flags_restore(flags);
#endif
