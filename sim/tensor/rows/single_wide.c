/* single_wide.c - sin, cos, tan, powers and hypot of floats, computed with doubles: the last rounding is the only one that
 * counts. */
#define SINGLE_ELEMENTS
#include "sim/tensor/rows/lane_logarithm.h"
#include "sim/tensor/rows/lane_special.h"

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
    if (fabsf(x) < 1) /* zeros, too */
        return small_number(x);
    if (isinf(x))
        return no_number();
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

/* The logarithm to base 2 of a number that is normal and positive, to 38 bits. */
static inline vector log2_near(vector x)
{
    const struct reduced given = reduce(x);
    const vector rest = rounded_rest(given);
    return fused(rest, POLYNOMIAL(WIDE_LOG2_REST, rest), given.exponent + lookup(WIDE_LOG2, given.part));
}

static inline vector power_of(vector x, vector y, mask *ask)
{
    const vector exponent = y * log2_near(x), shifted = exponent + all(TO_WHOLE / PARTS);
    const vector rest = exponent - (shifted - all(TO_WHOLE / PARTS));
    const vector table = lookup(POWER_HIGH, (integers)shifted);
    const vector made = fused(table * rest, POLYNOMIAL(WIDE_POWER_REST, rest), table);
    *ask = is_outside(size_bits(exponent), 0, 0x405f800000000000); /* 126 */
    return (vector)((integers)made + (((integers)shifted >> PART_BITS) << MANTISSA));
}

static inline bool is_odd(float y)
{
    return fabsf(y) < 0x1p24f && fmodf(y, 2) != 0;
}

static inline float power_special(float x, float y)
{
    const float size = fabsf(x);
    if (y == 0 || x == 1)
        return 1;
    if (x != x || y != y)
        return x + kept(y);
    if (isinf(y))
        return size == 1 ? 1 : (size > 1) == (y > 0) ? INFINITY : 0;
    const bool whole = fabsf(y) >= 0x1p24f || truncf(y) == y;
    const float sign = signbit(x) && whole && is_odd(y) ? -1 : 1;
    if (size == 0)
        return y > 0 ? sign * 0 : sign / kept(0);
    if (isinf(x))
        return y > 0 ? sign * INFINITY : sign * 0;
    if (x < 0 && !whole)
        return no_number();
    return sign * float_power((double)y * log2_near(all((double)size))[0]);
}

static inline vector hypot_of(vector x, vector y, mask *ask)
{
    const vector made = root(fused(x, x, y * y)); /* the products are exact */
    *ask = is_outside((integers)made, LEAST_SINGLE, 0x47efffffe0000000); /* of the largest float */
    return made;
}

static inline float hypot_special(float x, float y)
{
    if (isinf(x) || isinf(y))
        return INFINITY;
    if (x != x || y != y)
        return x + kept(y);
    volatile double made = __builtin_sqrt((double)x * x + (double)y * y);
    return (float)made;
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

/* The function of rows, of name_of(x) of vectors and name_special(x) of other floats than those from `least` to TOO_LARGE. */
#define SINGLE_ROW(name, least)                                                                              \
    static __attribute__((noinline)) void name##_asked(const float *x, float *made, unsigned lanes,          \
                                                       flag_state *state)                                    \
    {                                                                                                        \
        flags_restore(*state);                                                                               \
        for (; lanes; lanes &= lanes - 1) {                                                                  \
            const float given = x[__builtin_ctz(lanes)];                                                     \
            made[__builtin_ctz(lanes)] = given != given ? given + kept(given) : name##_special(given);       \
        }                                                                                                    \
        *state = flags_now();                                                                                \
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
            repeat_last(copy, from + i, count - i);                                                          \
            name##_step(copy, copy, &state);                                                                 \
            memcpy(to + i, copy, (size_t)(count - i) * sizeof *to);                                          \
        }                                                                                                    \
        flags_restore(state);                                                                                \
    }

/* Of two floats: name_of(x, y, &ask), and name_special(x, y) also of an x whose bits, but for those of `sign`, are not in
 * [least, most). */
#define SINGLE_ROW_OF_TWO(name, sign, least, most)                                                           \
    static __attribute__((noinline)) void name##_asked(const float *x, const float *y, float *made,          \
                                                       unsigned lanes, flag_state *state)                    \
    {                                                                                                        \
        flags_restore(*state);                                                                               \
        for (; lanes; lanes &= lanes - 1)                                                                    \
            made[__builtin_ctz(lanes)] = name##_special(x[__builtin_ctz(lanes)], y[__builtin_ctz(lanes)]);   \
        *state = flags_now();                                                                                \
    }                                                                                                        \
    static inline void name##_step(const float *from, const float *other, float *to, flag_state *state)      \
    {                                                                                                        \
        mask ask, ask_second;                                                                                \
        const vector first = name##_of(load(from), load(other), &ask);                                       \
        const vector second = name##_of(load(from + LANES), load(other + LANES), &ask_second);               \
        const unsigned lanes =                                                                               \
            outside(from, sign, least, most) | lanes_of(ask) | lanes_of(ask_second) << LANES;                \
        float x[STEP], y[STEP];                                                                              \
        if (UNUSUAL(lanes)) {                                                                                \
            memcpy(x, from, sizeof x);                                                                       \
            memcpy(y, other, sizeof y);                                                                      \
        }                                                                                                    \
        store(to, first);                                                                                    \
        store(to + LANES, second);                                                                           \
        if (UNUSUAL(lanes))                                                                                  \
            name##_asked(x, y, to, lanes, state);                                                            \
    }                                                                                                        \
    void ROWS(name)(const float *from, const float *other, float *to, int64_t count)                         \
    {                                                                                                        \
        flag_state state = flags_now();                                                                      \
        int64_t i = 0;                                                                                       \
        for (; i + STEP <= count; i += STEP)                                                                 \
            name##_step(from + i, other + i, to + i, &state);                                                \
        if (i < count) {                                                                                     \
            float x[STEP], y[STEP];                                                                          \
            repeat_last(x, from + i, count - i);                                                             \
            repeat_last(y, other + i, count - i);                                                            \
            name##_step(x, y, x, &state);                                                                    \
            memcpy(to + i, x, (size_t)(count - i) * sizeof *to);                                             \
        }                                                                                                    \
        flags_restore(state);                                                                                \
    }

static inline void repeat_last(float *copy, const float *from, int64_t count)
{
    for (int i = 0; i < STEP; i++)
        copy[i] = from[i < count ? i : count - 1];
}

SINGLE_ROW(sin, LEAST_NORMAL)
SINGLE_ROW(cos, 0)
SINGLE_ROW(tan, LEAST_NORMAL)
SINGLE_ROW_OF_TWO(power, 0, 1, INFINITE)
SINGLE_ROW_OF_TWO(hypot, SIGN, 0, INFINITE)
