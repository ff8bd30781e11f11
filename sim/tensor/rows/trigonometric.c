/* trigonometric.c - sines, cosines and tangents: of the nearest sixteenth of pi from a table, of the rest by series. */
#include "sim/tensor/rows/vector.h"

#include "sim/tensor/rows/tables.h"

/* |x| = slices * pi / 16 + rest, |rest| < 0.0982; of `slices`, the last bits count. */
struct sliced {
    integers slices;
    struct pair rest;
};

/* Below LARGE: each of the products is exact, or subtracted with one rounding that is known. */
static inline struct sliced slice(vector size)
{
    const vector shifted = fused(size, all(SLICES_A_RADIAN), all(TO_WHOLE)), whole = shifted - TO_WHOLE;
    const vector near = fused(whole, all(-SLICE_HIGH), size), rest = fused(whole, all(-SLICE_MIDDLE), near);
    const vector rest_low = fused(whole, all(-SLICE_MIDDLE), near - rest);
    return (struct sliced){(integers)shifted, {rest, fused(whole, all(-SLICE_LOW), rest_low)}};
}

static const int64_t LARGE = POWER_BITS(22) + (1LL << 51); /* 1.5 * 2^22, which has less than 2^25 slices */

/* The sine of (slices + turn) * pi / 16 + rest, of the table's sine s and cosine c: s + c r + ..., less its sign. */
static inline vector sine_of_slice(struct sliced given, int64_t turn)
{
    const integers index = given.slices + turn;
    const vector r = given.rest.high, square = r * r;
    const vector sine = lookup(SINE, index), cosine = lookup(COSINE, index);
    const vector sines = fused(square, fused(square, series_2(SINE_SERIES + 2, square), all(SINE_SERIES[1])), all(SINE_SERIES[0]));
    const vector beyond = fused(square * r, sines, given.rest.low); /* sin(r) - r */
    const vector cosines = fused(square, fused(square, all(COSINE_SERIES[2]), all(COSINE_SERIES[1])), all(COSINE_SERIES[0]));
    const vector lack = square * fused(square, cosines, all(-0.5)); /* cos(r) - 1 */
    const struct pair linear = product_of(cosine, r), sum = sum_of(sine, linear.high);
    const vector low = fused(sine, lack, fused(cosine, beyond, linear.low)) + sum.low;
    return sum.high + fused(sum.high + low, -lookup(EXCESS, index), low);
}

static inline vector sin_of_sliced(struct sliced given, vector x)
{
    return with_sign(sine_of_slice(given, 0), ((given.slices << 59) ^ (integers)x) & INT64_MIN);
}

static inline vector cos_of_sliced(struct sliced given)
{
    return with_sign(sine_of_slice(given, 8), ((given.slices + 8) << 59) & INT64_MIN);
}

static inline vector sin_of(vector x, mask *rare)
{
    const vector size = size_of(x);
    *rare = EITHER(is_from((integers)size, LARGE), is_subnormal(size));
    return sin_of_sliced(slice(size), x);
}

static inline vector cos_of(vector x, mask *rare)
{
    const vector size = size_of(x);
    *rare = is_from((integers)size, LARGE);
    return cos_of_sliced(slice(size));
}

/* tan(a + r) = (sin(a) + cos(a) t) / (cos(a) - sin(a) t), t = tan(r) */
static inline vector tangent_of_slice(struct sliced given)
{
    const vector r = given.rest.high, square = r * r, fourth = square * square;
    const vector sine = lookup(SINE, given.slices), cosine = lookup(COSINE, given.slices);
    const vector series = fused(fourth, series_2(TANGENT_SERIES + 4, square), series_2(TANGENT_SERIES + 2, square));
    const vector beyond = fused(square * r, fused(fourth, series, series_2(TANGENT_SERIES, square)), given.rest.low);
    const vector top = fused(cosine, r, sine), bottom = fused(-sine, r, cosine);
    const vector top_low = fused(cosine, beyond, fused(cosine, r, sine - top));
    const vector bottom_low = fused(-sine, beyond, fused(-sine, r, cosine - bottom));
    const vector inverse = 1 / (bottom + bottom_low), quotient = top * inverse;
    const vector rest = fused(-quotient, bottom, top) + fused(-quotient, bottom_low, top_low);
    return fused(rest, inverse, quotient);
}

static inline vector tan_of_sliced(struct sliced given, vector x)
{
    return with_sign(tangent_of_slice(given), sign_of(x));
}

static inline vector tan_of(vector x, mask *rare)
{
    const vector size = size_of(x);
    *rare = EITHER(is_from((integers)size, LARGE), is_subnormal(size));
    return tan_of_sliced(slice(size), x);
}

/* 52 bits from the first of `bits` on, of which the first stands for 2^(place - 1), as a double. */
static inline vector fraction(integers bits, int place)
{
    const integers unit = (integers){0} + POWER_BITS(place);
    return (vector)((integers)((naturals)bits >> 12) | unit) - (vector)unit;
}

/* The same for any number from 2^-11 on. It is an integer, its mantissa, times a power of 2; times those bits of 1 / (2 pi) that
 * leave less than a whole turn of each bit of the integer. 208 of them are kept, 52 to a part: */
static inline struct sliced slice_large(vector size)
{
    const integers first = ((integers)size >> 52) - (1023 - 11), at = first >> 6, shift = first & 63, back = 63 - shift;
    integers words[5], window[4];
    for (int i = 0; i < 5; i++)
        words[i] = lookup_32(INVERSE_PI, at + i);
    for (int i = 0; i < 4; i++)
        window[i] = (integers)(((naturals)words[i] << (naturals)shift) | (((naturals)words[i + 1] >> 1) >> (naturals)back));
    const vector parts[4] = {fraction(window[0], 0), fraction((window[0] << 52) | (integers)((naturals)window[1] >> 12), -52),
        fraction((window[1] << 40) | (integers)((naturals)window[2] >> 24), -104),
        fraction((window[2] << 28) | (integers)((naturals)window[3] >> 36), -156)};
    const vector whole = (vector)(((integers)size & (((int64_t)1 << 52) - 1)) | POWER_BITS(52));
    struct pair products[3];
    for (int i = 0; i < 3; i++)
        products[i] = product_of(whole, parts[i]);
    /* Whole turns leave; exact, for nothing stands for less than 2^-52. */
    const vector turns = (products[0].high + 0x1p52) - 0x1p52, most = (products[0].high - turns) + products[0].low;
    const struct pair a = sum_of_any(most, products[1].high);
    const vector shifted = fused(a.high, all(32), all(TO_WHOLE)), rest = a.high - (shifted - TO_WHOLE) * (1.0 / 32);
    const struct pair b = sum_of_any(rest, products[2].high), c = sum_of_any(b.high, products[1].low);
    const struct pair d = sum_of_any(c.high, a.low);
    const vector low = (b.low + c.low) + (d.low + fused(whole, parts[3], products[2].low));
    const struct pair turn = sum_of_any(d.high, low), radians = product_of(turn.high, all(32 * SLICE_HIGH));
    const vector radians_low = fused(turn.high, all(32 * SLICE_MIDDLE), fused(turn.low, all(32 * SLICE_HIGH), radians.low));
    return (struct sliced){(integers)shifted, normal((struct pair){radians.high, radians_low})};
}

static inline void sin_of_rare(vector x, struct rare *rare)
{
    settle_subnormal(rare, x);
    settle_raising(rare, is_infinite(x), all((double)NAN), FE_INVALID);
    if (lanes_of(rare->left))
        settle(rare, rare->left, sin_of_sliced(slice_large(size_of(x)), x));
}

static inline void cos_of_rare(vector x, struct rare *rare)
{
    settle_raising(rare, is_infinite(x), all((double)NAN), FE_INVALID);
    if (lanes_of(rare->left))
        settle(rare, rare->left, cos_of_sliced(slice_large(size_of(x))));
}

static inline void tan_of_rare(vector x, struct rare *rare)
{
    settle_subnormal(rare, x);
    settle_raising(rare, is_infinite(x), all((double)NAN), FE_INVALID);
    if (lanes_of(rare->left))
        settle(rare, rare->left, tan_of_sliced(slice_large(size_of(x)), x));
}

ROW_FUNCTION(sin)
ROW_FUNCTION(cos)
ROW_FUNCTION(tan)
