/* halves.c - rows of half floats from rows of floats and back, with the bits and flags of element.c's
 * float_to_half and half_to_float: NaNs keep their payloads and stay as quiet or signalling as they were,
 * which the instructions for it do not do.
 */
#define SINGLE
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
    const integers size = size_bits(x), sign = (integers)((naturals)x >> 16) & 0x8000;
    const bool unusual = lanes_of(is_outside(size, NORMAL, TOO_LARGE));
#ifdef __AVX512F__
    if (!UNUSUAL(unusual))
        return (halves)_mm512_cvtps_ph((__m512)x, _MM_FROUND_TO_NEAREST_INT);
#endif
    integers made = (size - REBIASED + ((1 << (DROPPED - 1)) - 1) + (size >> DROPPED & 1)) >> DROPPED;
    if (UNUSUAL(unusual)) {
        const integers given = size;
        integers all_made = made; /* elsewhere it needs no place in memory */
        unusual_sizes(&given, &all_made, errors);
        made = all_made;
    }
    return __builtin_convertvector(made | sign, halves);
}

void INSTANCE(halves_to_singles)(const uint16_t *from, float *to, int64_t count)
{
    int64_t i = 0;
    for (; i + LANES <= count; i += LANES)
        store(to + i, singles_of(load_halves(from + i)));
    if (i < count) {
        uint16_t copy[LANES] = {0};
        memcpy(copy, from + i, (size_t)(count - i) * sizeof *from);
        store_some(to + i, singles_of(load_halves(copy)), count - i);
    }
}

static bool is_any(integers lanes)
{
    word any = 0;
    for (int i = 0; i < LANES; i++)
        any |= lanes[i];
    return any != 0;
}

void INSTANCE(singles_to_halves)(const float *from, uint16_t *to, int64_t count)
{
    const flag_state state = flags_now();
    struct half_errors errors = {{0}, {0}};
    int64_t i = 0;
    for (; i + LANES <= count; i += LANES)
        store_halves(to + i, halves_of(load(from + i), &errors));
    if (i < count) {
        uint16_t copy[LANES];
        store_halves(copy, halves_of(load_some(from + i, count - i), &errors));
        memcpy(to + i, copy, (size_t)(count - i) * sizeof *to);
    }
    flags_restore(state);
    if (is_any(errors.overflow))
        feraiseexcept(FE_OVERFLOW);
    if (is_any(errors.underflow))
        feraiseexcept(FE_UNDERFLOW);
}
