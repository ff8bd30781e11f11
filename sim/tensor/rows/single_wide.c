/* single_wide.c - sin, cos, tan, powers and hypot of floats, computed with doubles: the last rounding is the only one that
 * counts. */
#define SINGLE_ELEMENTS
#include "sim/tensor/rows/lane_logarithm.h"

static const int64_t LEAST_SINGLE = POWER_BITS(-126);

/* sin(r), r not above pi / 2 by much */
static inline vector sine_near(vector r)
{
    const vector square = r * r;
    return r * fused(square, POLYNOMIAL(WIDE_SIN_REST, square), all(1));
}

/* The last bit becomes the sign. */
static inline vector turned(vector x, integers times)
{
    return (vector)((integers)x ^ (times << 63));
}

static inline vector sin_of(vector x)
{
    const vector shifted = fused(x, all(WIDE_INVERSE_PI), all(TO_WHOLE)), whole = shifted - all(TO_WHOLE);
    const vector rest = fused(whole, all(-WIDE_PI_LOW), fused(whole, all(-WIDE_PI_HIGH), x)); /* the latter is exact */
    return turned(sine_near(rest), (integers)shifted);
}

static inline vector cos_of(vector x)
{
    const vector shifted = fused(x, all(WIDE_INVERSE_PI), all(-0.5)) + all(TO_WHOLE), half = (shifted - all(TO_WHOLE)) + all(0.5);
    const vector rest = fused(half, all(-WIDE_PI_LOW), fused(half, all(-WIDE_PI_HIGH), x));
    return turned(sine_near(rest), (integers)shifted + 1);
}

static inline vector tan_of(vector x)
{
    const vector shifted = fused(x, all(2 * WIDE_INVERSE_PI), all(TO_WHOLE)), whole = shifted - all(TO_WHOLE);
    const vector rest = fused(whole, all(-WIDE_HALF_PI_LOW), fused(whole, all(-WIDE_HALF_PI_HIGH), x)), square = rest * rest;
    const vector above = rest * POLYNOMIAL(WIDE_TAN_ABOVE, square), below = POLYNOMIAL(WIDE_TAN_BELOW, square);
    const mask odd = is_not_zero((integers)shifted & 1);
    return choose(odd, -below, above) / choose(odd, above, below);
}

/* x = quarters pi / 2 + the result, modulo 2 pi, of a large x: its mantissa times those bits of 2 / pi that count. */
static inline double reduced_angle(float x, int *quarters)
{
    __extension__ typedef unsigned __int128 wide;
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    const int shift = (int)(bits >> 23 & 255) - 152, first = shift / 32;
    wide window = 0; /* the bit before the first whose product is a part of 4, and 95 more */
    for (int i = 0; i < 4; i++)
        window = window << 32 | TURNS[first + i];
    window = window >> (32 - shift % 32);
    const wide low_bits = ((wide)1 << 96) - 1;
    const wide product = (window & low_bits) * ((bits & 0x7fffff) | 0x800000) & low_bits;
    *quarters = (int)((product + ((wide)1 << 93)) >> 94) & 3;
    const wide rest = product - ((wide)*quarters << 94);
    __extension__ const __int128 signed_rest = (__int128)(rest << 32) >> 32;
    const double angle = (double)signed_rest * 0x1p-94 * WIDE_HALF_PI_HIGH;
    return bits >> 31 ? -angle : angle;
}

enum { SINE, COSINE, TANGENT };
static inline float trigonometric_special(float x, int function)
{
    int quarters;
    const double rest = reduced_angle(x, &quarters);
    if (x < 0)
        quarters = -quarters & 3;
    if (function == TANGENT) {
        const double tangent = tan_of(all(rest))[0];
        return (float)(quarters & 1 ? -1 / tangent : tangent);
    }
    quarters += function == COSINE;
    const double made = quarters & 1 ? cos_of(all(rest))[0] : sine_near(all(rest))[0];
    return (float)(quarters & 2 ? -made : made);
}

static inline float sin_special(float x)
{
    return trigonometric_special(x, SINE);
}

static inline float cos_special(float x)
{
    return trigonometric_special(x, COSINE);
}

static inline float tan_special(float x)
{
    return trigonometric_special(x, TANGENT);
}

#define LARGEST_SINGLE 0x1.ffffffp127 /* from there on, floats are infinite */
/* What becomes of them as floats. */
static inline vector as_singles(vector x)
{
    return __builtin_convertvector(__builtin_convertvector(x, elements), vector);
}

/* The logarithm to base 2 of a number that is normal and positive, to 38 bits. */
static inline __attribute__((always_inline)) vector log2_near(vector x)
{
    const struct reduced given = reduce(x);
    const vector rest = rounded_rest(given);
    return fused(rest, POLYNOMIAL(WIDE_LOG2_REST, rest), given.exponent + lookup(WIDE_LOG2, given.part));
}

/* Of a size that is not above 1000. */
static inline __attribute__((always_inline)) vector power_of_2(vector exponent)
{
    const vector shifted = exponent + all(TO_WHOLE / PARTS), rest = exponent - (shifted - all(TO_WHOLE / PARTS));
    const vector table = lookup(POWER_HIGH, (integers)shifted);
    const vector made = fused(table * rest, POLYNOMIAL(WIDE_POWER_REST, rest), table);
    return (vector)((integers)made + (((integers)shifted >> PART_BITS) << MANTISSA));
}

static inline vector power_of(vector x, vector y, mask *ask)
{
    const vector exponent = y * log2_near(x);
    *ask = is_outside(size_bits(exponent), 0, 0x405f800000000000); /* 126 */
    return power_of_2(exponent);
}

/* Whole numbers are told by a sum whose last bit is theirs; larger floats are even. */
static inline void power_rare(vector x, vector y, struct rare *rare)
{
    const vector size = size_of(x), within = greatest(least(y, all(0x1p50)), all(-0x1p50));
    const vector shifted = within + all(TO_WHOLE);
    const mask whole = NOT(is_not_zero(size_bits((shifted - all(TO_WHOLE)) - within)));
    const integers turn = (integers)choose(whole, (vector)((integers)shifted << 63), all(0)) & (integers)x; /* the sign bit */
    const mask grows = is_negative((vector)((integers)y ^ (integers)(all(1) - size)));
    const mask at_1 = NOT(is_not_zero((integers)(size - all(1))));
    settle(rare, EITHER(NOT(is_not_zero(size_bits(y))), NOT(is_not_zero((integers)(x - all(1))))), all(1));
    settle_nan(rare, x);
    settle_nan(rare, y);
    settle(rare, is_infinite(y), choose(at_1, all(1), choose(grows, all(INFINITY), all(0))));
    const vector end = signed_as(choose(grows, all(INFINITY), all(0)), turn);
    settle_raising(rare, BOTH(NOT(is_not_zero((integers)size)), is_negative(y)), end, FE_DIVBYZERO);
    settle(rare, EITHER(NOT(is_not_zero((integers)size)), is_infinite(x)), end);
    settle_raising(rare, BOTH(is_negative(x), NOT(whole)), all(NAN), FE_INVALID);
    if (!lanes_of(rare->left))
        return;
    const vector exponent = greatest(least(y * log2_near(size), all(200)), all(-200)), made = power_of_2(exponent);
    if (is_left(rare, NOT(is_below(made, all(LARGEST_SINGLE)))))
        rare->raised |= FE_OVERFLOW;
    if (is_left(rare, BOTH(is_below(made, all(0x1p-126)), is_not_zero(size_bits(made - as_singles(made))))))
        rare->raised |= FE_UNDERFLOW;
    settle(rare, rare->left, signed_as(made, turn));
}

static inline vector hypot_of(vector x, vector y, mask *ask)
{
    const vector made = root(fused(x, x, y * y)); /* the products are exact */
    *ask = is_outside((integers)made, LEAST_SINGLE, 0x47efffffe0000000); /* of the largest float */
    return made;
}

static inline void hypot_rare(vector x, vector y, struct rare *rare)
{
    settle(rare, EITHER(is_infinite(x), is_infinite(y)), all(INFINITY));
    settle_nan(rare, x);
    settle_nan(rare, y);
    if (is_left(rare, NOT(is_below(rare->made, all(LARGEST_SINGLE)))))
        rare->raised |= FE_OVERFLOW;
    if (is_left(rare, BOTH(is_below(rare->made, all(0x1p-126)), is_not_zero(size_bits(rare->made - as_singles(rare->made))))))
        rare->raised |= FE_UNDERFLOW;
}

/* Rows take two vectors at a time. Which of their floats, but for the bits of `sign`, have bits that are not in [low, high): */
enum { STEP = 2 * LANES };
static inline unsigned outside(const float *from, uint32_t sign, uint32_t low, uint32_t high)
{
    typedef uint32_t bits_of_singles __attribute__((vector_size(STEP * sizeof(uint32_t))));
    bits_of_singles bits;
    memcpy(&bits, from, sizeof bits);
    bits = (bits & ~sign) - low;
#if defined(__AVX512F__)
    return _mm512_cmp_epu32_mask((__m512i)bits, _mm512_set1_epi32((int)(high - low)), _MM_CMPINT_NLT);
#elif !defined(WITHOUT_AVX)
    return (unsigned)_mm256_movemask_ps((__m256)(bits >= high - low));
#else
    unsigned lanes = 0;
    for (int i = 0; i < STEP; i++)
        lanes |= (bits[i] >= high - low ? 1u : 0u) << i;
    return lanes;
#endif
}
#define SIGN 0x80000000
#define LEAST_NORMAL 0x00800000
#define TOO_LARGE 0x53800000 /* 2^40 */
#define INFINITE 0x7f800000

/* Of these lanes, those that need more than their flags: what is subnormal counts as underflow for a function as near to it. */
static inline unsigned very_large(const float *from, unsigned lanes, flag_state *state)
{
    const unsigned infinite = lanes & ~outside(from, SIGN, INFINITE, INFINITE + 1);
    const unsigned signalling = lanes & ~outside(from, SIGN, INFINITE + 1, 0x7fc00000);
    const unsigned subnormal = lanes & ~outside(from, SIGN, 1, LEAST_NORMAL);
    flags_add(state, (infinite | signalling ? FE_INVALID : 0) | (subnormal ? FE_UNDERFLOW : 0));
    return lanes & ~outside(from, SIGN, TOO_LARGE, INFINITE);
}

/* The function of rows, of name_of(x) of vectors and name_special(x) of floats from TOO_LARGE on; of those less than `least`, flags
 * are raised. What is infinite or no number becomes no number in any case. */
#define SINGLE_ROW(name, least)                                                                              \
    static __attribute__((noinline)) void name##_asked(const float *x, float *made, unsigned lanes,          \
                                                       flag_state *state)                                    \
    {                                                                                                        \
        for (lanes = very_large(x, lanes, state); lanes; lanes &= lanes - 1)                                 \
            made[__builtin_ctz(lanes)] = name##_special(x[__builtin_ctz(lanes)]);                            \
    }                                                                                                        \
    static inline void name##_step(const float *from, float *to, flag_state *state)                          \
    {                                                                                                        \
        const unsigned lanes = outside(from, SIGN, least, TOO_LARGE);                                        \
        const vector first = name##_of(load(from)), second = name##_of(load(from + LANES));                  \
        float given[STEP];                                                                                   \
        if (UNUSUAL(lanes))                                                                                  \
            memcpy(given, from, sizeof given); /* `to` may be the same */                                    \
        store(to, first);                                                                                    \
        store(to + LANES, second);                                                                           \
        if (UNUSUAL(lanes))                                                                                  \
            name##_asked(given, to, lanes, state);                                                           \
    }                                                                                                        \
    void ROWS(name)(const float *from, float *to, int64_t count)                                             \
    {                                                                                                        \
        flag_state state = flags_now();                                                                      \
        int64_t i = 0;                                                                                       \
        for (; i + STEP <= count; i += STEP)                                                                 \
            name##_step(from + i, to + i, &state);                                                           \
        if (i < count) {                                                                                     \
            float copy[STEP];                                                                                \
            repeat_last_of_step(copy, from + i, count - i);                                                          \
            name##_step(copy, copy, &state);                                                                 \
            memcpy(to + i, copy, (size_t)(count - i) * sizeof *to);                                          \
        }                                                                                                    \
        flags_restore(state);                                                                                \
    }

/* Of two floats: name_of(x, y, &ask), and name_special(x, y) also of an x whose bits, but for those of `sign`, are not in
 * [least, most). */
#define SINGLE_ROW_OF_TWO(name, sign, least, most)                                                           \
    static __attribute__((noinline)) vector name##_asked(vector x, vector y, vector made, unsigned lanes,    \
                                                         flag_state *state)                                  \
    {                                                                                                        \
        struct rare rare = {made, mask_of(lanes), 0};                                                        \
        name##_rare(x, y, &rare);                                                                            \
        flags_add(state, rare.raised);                                                                       \
        return rare.made;                                                                                    \
    }                                                                                                        \
    static inline void name##_step(const float *from, const float *other, float *to, flag_state *state)      \
    {                                                                                                        \
        mask ask, ask_second;                                                                                \
        vector first = name##_of(load(from), load(other), &ask);                                             \
        vector second = name##_of(load(from + LANES), load(other + LANES), &ask_second);                     \
        const unsigned lanes =                                                                               \
            outside(from, sign, least, most) | lanes_of(ask) | lanes_of(ask_second) << LANES;                \
        if (UNUSUAL(lanes)) {                                                                                \
            first = name##_asked(load(from), load(other), first, lanes, state);                              \
            second = name##_asked(load(from + LANES), load(other + LANES), second, lanes >> LANES, state);   \
        }                                                                                                    \
        store(to, first);                                                                                    \
        store(to + LANES, second);                                                                           \
    }                                                                                                        \
    void ROWS(name)(const float *from, const float *other, float *to, int64_t count)                         \
    {                                                                                                        \
        flag_state state = flags_now();                                                                      \
        int64_t i = 0;                                                                                       \
        for (; i + STEP <= count; i += STEP)                                                                 \
            name##_step(from + i, other + i, to + i, &state);                                                \
        if (i < count) {                                                                                     \
            float x[STEP], y[STEP];                                                                          \
            repeat_last_of_step(x, from + i, count - i);                                                             \
            repeat_last_of_step(y, other + i, count - i);                                                            \
            name##_step(x, y, x, &state);                                                                    \
            memcpy(to + i, x, (size_t)(count - i) * sizeof *to);                                             \
        }                                                                                                    \
        flags_restore(state);                                                                                \
    }

static inline void repeat_last_of_step(float *copy, const float *from, int64_t count)
{
    for (int i = 0; i < STEP; i++)
        copy[i] = from[i < count ? i : count - 1];
}

SINGLE_ROW(sin, LEAST_NORMAL)
SINGLE_ROW(cos, 0)
SINGLE_ROW(tan, LEAST_NORMAL)
SINGLE_ROW_OF_TWO(power, 0, 1, INFINITE)
SINGLE_ROW_OF_TWO(hypot, SIGN, 0, INFINITE)
