/* inverse.c - angles by their tangents, sines and cosines. */
#include "sim/tensor/rows/vector.h"

#include "sim/tensor/rows/tables.h"

static inline vector arctan_series(vector square)
{
    const vector fourth = square * square;
    const vector high = fused(fourth, all(ARCTAN_SERIES[6]), series_2(ARCTAN_SERIES + 4, square));
    return fused(fourth, fused(fourth, high, series_2(ARCTAN_SERIES + 2, square)), series_2(ARCTAN_SERIES, square));
}

/* Which direction is nearest to the tangent t. */
static inline integers direction_of(vector t)
{
    const vector clamped = least(greatest(t, all(0x1.8p-4)), all(8));
    return ((integers)clamped - (POWER_BITS(-3) - ((int64_t)1 << 51))) >> 51;
}

/* The angle of the point (x, y) from the direction's: arctan of the quotient of its coordinates as seen from there. */
static inline struct pair angle_from(vector x, vector y, integers direction)
{
    const vector across = lookup(DIRECTION_X, direction), up = lookup(DIRECTION_Y, direction);
    const vector part = x * up, top = fused(y, across, -part); /* the product of few bits */
    const vector other = x * across, bottom = fused(y, up, other), bottom_low = fused(y, up, other - bottom);
    const vector top_low = -fused(x, up, -part);
    const vector inverse = 1 / bottom, q = top * inverse;
    const vector q_low = (fused(-q, bottom, top) + fused(-q, bottom_low, top_low)) * inverse;
    const vector square = q * q;
    return (struct pair){q, fused(q * square, arctan_series(square), q_low)};
}

static inline vector arctan_of(vector x, mask *rare)
{
    const vector size = size_of(x);
    *rare = EITHER(is_from((integers)size, POWER_BITS(1000)), is_subnormal(size));
    const integers direction = direction_of(size);
    const vector across = lookup(DIRECTION_X, direction), up = lookup(DIRECTION_Y, direction);
    const vector top = fused(size, across, -up), bottom = fused(size, up, across);
    const vector bottom_low = fused(size, up, across - bottom);
    const vector inverse = 1 / bottom, q = top * inverse;
    const vector rest = fused(-q, bottom_low, fused(-q, bottom, top)), square = q * q;
    const vector beyond = fused(q * square, arctan_series(square), rest * inverse);
    const struct pair sum = sum_of(lookup(ANGLE_HIGH, direction), q);
    const vector result = sum.high + ((sum.low + lookup(ANGLE_LOW, direction)) + beyond);
    return with_sign(result, sign_of(x));
}

static inline void arctan_of_rare(vector x, struct rare *rare)
{
    settle_subnormal(rare, x);
    settle(rare, rare->left, signed_as(all(QUARTER_HIGH), sign_of(x)));
}

/* Of numbers whose quotient is a normal number, or y is 0. */
static inline vector angle_of(vector y, vector x)
{
    const vector width = size_of(x), height = size_of(y);
    const integers direction = direction_of(height / width);
    const struct pair angle = angle_from(width, height, direction);
    const mask negative = is_negative(x);
    const integers turn = sign_of(x);
    const vector base = choose(negative, lookup(TURNED_ANGLE_HIGH, direction), lookup(ANGLE_HIGH, direction));
    const vector base_low = choose(negative, lookup(TURNED_ANGLE_LOW, direction), lookup(ANGLE_LOW, direction));
    const struct pair sum = sum_of(base, with_sign(angle.high, turn));
    return with_sign(sum.high + ((sum.low + base_low) + with_sign(angle.low, turn)), sign_of(y));
}

static inline vector arctan2_of(vector y, vector x, mask *rare)
{
    const vector width = size_of(x), height = size_of(y);
    const integers large = (integers)greatest(width, height), small = (integers)least(width, height);
    *rare = EITHER(is_outside(large, POWER_BITS(-500), POWER_BITS(500)), NOT(is_outside(small, 1, POWER_BITS(-500))));
    return angle_of(y, x);
}

/* Zeros, infinities, and numbers of very different or of extreme sizes. */
static inline void arctan2_of_rare(vector y, vector x, struct rare *rare)
{
    settle_nan(rare, x);
    settle_nan(rare, y);
    if (!lanes_of(rare->left))
        return;
    /* Infinities are as 1 to what is not; of two zeros, x is. */
    const mask far = is_infinite(x), high = is_infinite(y), unlimited = EITHER(far, high);
    const vector up = choose(unlimited, choose(high, all(1), all(0)), size_of(y));
    const vector next = choose(unlimited, choose(far, all(1), all(0)), size_of(x));
    const vector along = choose(BOTH(is_zero(up), is_zero(next)), all(1), next), large = greatest(up, along);
    const vector scale =
        choose(is_below(large, all(0x1p-400)), all(0x1p600), choose(is_below(large, all(0x1p400)), all(1), all(0x1p-600)));
    const vector height = up * scale, width = along * scale;
    const mask back = is_negative(x), flat = is_below(height * 0x1p60, width);
    settle(rare, is_below(width * 0x1p60, height), signed_as(all(QUARTER_HIGH), sign_of(y)));
    settle(rare, BOTH(flat, back), signed_as(all(HALF_HIGH), sign_of(y)));
    if (is_left(rare, flat)) {
        const vector quotient = up / along;
        if (is_left(rare, BOTH(flat, BOTH(is_below(quotient, all(0x1p-1022)), NOT(is_zero(up))))))
            rare->raised |= FE_UNDERFLOW;
        settle(rare, flat, signed_as(quotient, sign_of(y)));
    }
    settle(rare, unlimited, signed_as(choose(back, all(HALF_HIGH - QUARTER_HIGH / 2), all(QUARTER_HIGH / 2)), sign_of(y)));
    if (lanes_of(rare->left))
        settle(rare, rare->left, angle_of(signed_as(height, sign_of(y)), signed_as(width, sign_of(x))));
}

/* What arcsin and arccos have in common: a + factor * arcsin(w), w = |x| or, from 1/2 on, sqrt((1 - |x|) / 2). */
static inline vector arcsine_sum(vector size, mask beyond_half, vector a, vector a_low, vector factor)
{
    const vector rest = fused(size, all(-0.5), all(0.5)), side = root(rest); /* exact from 1/2 on */
    const vector side_low = fused(-side, side, rest) / fused(side, all(2), all(0x1p-1000));
    const vector w = choose(beyond_half, side, size), square = choose(beyond_half, rest, size * size);
    const vector w_low = choose(beyond_half, side_low, all(0));
    const vector fourth = square * square, eighth = fourth * fourth;
    const vector last = fused(eighth, series_2(ARCSIN_SERIES + 12, square), series_4(ARCSIN_SERIES + 8, square, fourth));
    const vector series = fused(eighth * eighth, last, series_8(ARCSIN_SERIES, square, fourth, eighth));
    const vector beyond = fused(w * square, series, w_low);
    const struct pair sum = sum_of(a, factor * w);
    return sum.high + fused(factor, beyond, sum.low + a_low);
}

static inline mask is_beyond_one(vector size)
{
    return is_from((integers)size, POWER_BITS(0) + 1);
}

static inline vector arcsin_of(vector x, mask *rare)
{
    const vector size = size_of(x);
    const mask large = is_below(all(0.5), size);
    *rare = EITHER(is_beyond_one(size), is_subnormal(size));
    const vector result = arcsine_sum(size, large, choose(large, all(QUARTER_HIGH), all(0)),
                                      choose(large, all(QUARTER_LOW), all(0)), choose(large, all(-2), all(1)));
    return with_sign(result, sign_of(x));
}

static inline vector arccos_of(vector x, mask *rare)
{
    const vector size = size_of(x);
    const mask large = is_below(all(0.5), size), negative = is_negative(x);
    *rare = is_beyond_one(size);
    const vector end = choose(negative, all(HALF_HIGH), all(0)), end_low = choose(negative, all(HALF_LOW), all(0));
    const vector factor = with_sign(choose(large, all(2), all(-1)), sign_of(x));
    return arcsine_sum(size, large, choose(large, end, all(QUARTER_HIGH)), choose(large, end_low, all(QUARTER_LOW)), factor);
}

static inline void arcsin_of_rare(vector x, struct rare *rare)
{
    settle_subnormal(rare, x);
    settle_raising(rare, rare->left, all((double)NAN), FE_INVALID);
}

static inline void arccos_of_rare(vector x __attribute__((unused)), struct rare *rare)
{
    settle_raising(rare, rare->left, all((double)NAN), FE_INVALID);
}

ROW_FUNCTION(arctan)
ROW_FUNCTION(arcsin)
ROW_FUNCTION(arccos)
ROW_FUNCTION_OF_TWO(arctan2)
