/* halves.h - vectors of half floats from vectors of floats and back, and rows of functions of them. What floats are converted to
 * has the bits and flags of element.c's float_to_half and half_to_float: NaNs keep their payloads and stay as quiet or signalling
 * as they were, which the instructions for it do not do.
 */
#ifndef HYBRIDSIM_SIM_TENSOR_ROWS_HALVES_H
#define HYBRIDSIM_SIM_TENSOR_ROWS_HALVES_H

#define SINGLE
#include "sim/tensor/element.h"
#include "sim/tensor/rows/lane_tables.h"
#include "sim/tensor/rows/lanes.h"

typedef uint16_t halves __attribute__((vector_size(LANES * sizeof(uint16_t))));

enum {
    REBIASED = (BIAS - 15) << MANTISSA,
    DROPPED = MANTISSA - 10,          /* bits of a significand */
    NORMAL = (BIAS - 14) << MANTISSA, /* 2^-14, the smallest half float that is normal */
    TOO_LARGE = 0x477ff000,           /* 65520, which no longer rounds to the largest */
    INFINITE = 0x7f800000,
    HALF_INFINITE = 0x7c00,
    HALF_NORMAL = 0x400,
};

static inline halves load_halves(const uint16_t *from)
{
    halves x;
    memcpy(&x, from, sizeof x);
    return x;
}

static inline void store_halves(uint16_t *to, halves x)
{
    memcpy(to, &x, sizeof x);
}

/* Lanes of `which` are 0 or -1. */
static inline integers chosen(integers which, integers yes, integers no)
{
    return (yes & which) | (no & ~which);
}

static inline vector singles_of(halves x)
{
#ifdef __AVX512F__
    const __m256i above = (__m256i)((x & 0x7fff) - (HALF_INFINITE + 1));
    if (!UNUSUAL(_mm256_cmplt_epu16_mask(above, _mm256_set1_epi16(0x1ff)))) /* none would become quiet */
        return (vector)_mm512_cvtph_ps((__m256i)x);
#endif
    const integers bits = __builtin_convertvector(x, integers), size = bits & 0x7fff;
    const integers normal = (size << DROPPED) + REBIASED + ((size >= HALF_INFINITE) & REBIASED);
    const integers subnormal = (integers)(__builtin_convertvector(size, vector) * all(0x1p-24f));
    return (vector)(chosen(size < HALF_NORMAL, subnormal, normal) | (bits & 0x8000) << 16);
}

struct half_errors { /* lanes that are not 0: it happened there */
    integers overflow, underflow;
};

/* The sizes of half floats of numbers of which some are not within the normal ones. */
static __attribute__((noinline)) void unusual_sizes(const integers *given, integers *made,
                                                    struct half_errors *errors)
{
    const integers size = *given, payload = size >> DROPPED & 0x3ff;
    const integers not_number = HALF_INFINITE | payload | ((payload == 0) & 1);
    const integers large = size >= TOO_LARGE, small = size < NORMAL;
    /* Added to 1/2, the last place of small numbers is the last of the sum. */
    const vector sum = (vector)size + all(0.5f);
    errors->overflow |= large & (size < INFINITE);
    errors->underflow |= small & ((integers)(sum - all(0.5f)) != size);
    const integers end = chosen(size > INFINITE, not_number, HALF_INFINITE - (integers){0});
    *made = chosen(large, end, chosen(small, (integers)sum - POWER_BITS(-1), *made));
}

static inline halves halves_of(vector x, struct half_errors *errors)
{
    const integers size = size_bits(x);
#ifdef __AVX512F__
    const halves rounded = (halves)_mm512_cvtps_ph((__m512)x, _MM_FROUND_TO_NEAREST_INT);
    const __m256i above = (__m256i)((rounded & 0x7fff) - (HALF_NORMAL + 1)); /* what had been less may have become that */
    if (!UNUSUAL(_mm256_cmpge_epu16_mask(above, _mm256_set1_epi16(HALF_INFINITE - HALF_NORMAL - 1))))
        return rounded;
    if (!lanes_of(is_one_of(x, IS_NAN))) {
        const integers back = size_bits((vector)_mm512_cvtph_ps((__m256i)rounded));
        errors->overflow |= (size < INFINITE) & (back == INFINITE);
        errors->underflow |= (size < NORMAL) & (back != size);
        return rounded;
    }
#endif
    const unsigned unusual = lanes_of(is_outside(size, NORMAL, TOO_LARGE));
    integers made = (size - REBIASED + ((1 << (DROPPED - 1)) - 1) + (size >> DROPPED & 1)) >> DROPPED;
    if (UNUSUAL(unusual)) {
        const integers given = size;
        integers all_made = made; /* elsewhere it needs no place in memory */
        unusual_sizes(&given, &all_made, errors);
        made = all_made;
    }
    return __builtin_convertvector(made | ((integers)((naturals)x >> 16) & 0x8000), halves);
}

static inline bool is_any(integers lanes)
{
    word any = 0;
    for (int i = 0; i < LANES; i++)
        any |= lanes[i];
    return any != 0;
}

static inline void raise_half_errors(const struct half_errors *errors)
{
    if (is_any(errors->overflow))
        feraiseexcept(FE_OVERFLOW);
    if (is_any(errors->underflow))
        feraiseexcept(FE_UNDERFLOW);
}

/* The floats of half floats, but what is no number may have become quiet. */
static inline vector quiet_singles_of(halves x)
{
#ifdef __AVX512F__
    return (vector)_mm512_cvtph_ps((__m256i)x);
#else
    return singles_of(x);
#endif
}

#ifdef HALF_FUNCTIONS
static inline mask is_not_finite(vector x)
{
#ifdef __AVX512F__
    return is_one_of(x, IS_NAN | IS_INFINITE);
#else
    return is_outside(size_bits(x), 0, INFINITE_BITS);
#endif
}

/* x + x^3 times a polynomial of x^2, which is given; x itself, of a small one */
static inline vector odd_series(vector x, vector square, vector polynomial_of_square)
{
    return x * fused(square, polynomial_of_square, all(1));
}

/* Some lanes of a function, from the row of floats. */
static __attribute__((noinline)) void ask_singles(single_row *row, const halves *given, vector *made, unsigned lanes,
                                                  flag_state *state)
{
    float asked[LANES];
    int count = 0;
    for (unsigned left = lanes; left; left &= left - 1)
        asked[count++] = half_to_float((*given)[__builtin_ctz(left)]);
    flags_restore(*state);
    row(asked, asked, count);
    *state = flags_now();
    for (int i = 0; i < count; i++, lanes &= lanes - 1)
        (*made)[__builtin_ctz(lanes)] = asked[i];
}

/* The function of a row of half floats, from one of vectors of floats, name_of(x, &ask), which says for what lanes the
 * function of floats is asked. */
#define HALF_ROW(name)                                                                                       \
    static inline halves name##_whole(halves given, struct half_errors *errors, flag_state *state)           \
    {                                                                                                        \
        mask ask;                                                                                            \
        vector made = name##_of(quiet_singles_of(given), &ask);                                              \
        if (UNUSUAL(lanes_of(ask))) {                                                                        \
            const halves copy = given; /* elsewhere they need no place in memory */                          \
            vector all_made = made;                                                                          \
            ask_singles(INSTANCE(name##_singles), &copy, &all_made, lanes_of(ask), state);                   \
            made = all_made;                                                                                 \
        }                                                                                                    \
        return halves_of(made, errors);                                                                      \
    }                                                                                                        \
    void INSTANCE(name##_halves)(const uint16_t *from, uint16_t *to, int64_t count)                          \
    {                                                                                                        \
        flag_state state = flags_now();                                                                      \
        struct half_errors errors = {{0}, {0}};                                                              \
        int64_t i = 0;                                                                                       \
        for (; i + LANES <= count; i += LANES)                                                               \
            store_halves(to + i, name##_whole(load_halves(from + i), &errors, &state));                      \
        if (i < count) {                                                                                     \
            uint16_t copy[LANES];                                                                            \
            for (int k = 0; k < LANES; k++)                                                                  \
                copy[k] = from[k < count - i ? i + k : count - 1];                                           \
            store_halves(copy, name##_whole(load_halves(copy), &errors, &state));                            \
            memcpy(to + i, copy, (size_t)(count - i) * sizeof *to);                                          \
        }                                                                                                    \
        flags_restore(state);                                                                                \
        raise_half_errors(&errors);                                                                          \
    }
#endif
#endif
