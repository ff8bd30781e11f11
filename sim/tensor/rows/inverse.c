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
    const vector across = lookup_16(DIRECTION_X, direction), up = lookup_16(DIRECTION_Y, direction);
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
    const vector size = (vector)size_bits(x);
    *rare = either(is_from((integers)size, POWER_BITS(1000)), is_subnormal(size));
    const integers direction = direction_of(size);
    const vector across = lookup_16(DIRECTION_X, direction), up = lookup_16(DIRECTION_Y, direction);
    const vector top = fused(size, across, -up), bottom = fused(size, up, across);
    const vector bottom_low = fused(size, up, across - bottom);
    const vector inverse = 1 / bottom, q = top * inverse;
    const vector rest = fused(-q, bottom_low, fused(-q, bottom, top)), square = q * q;
    const vector beyond = fused(q * square, arctan_series(square), rest * inverse);
    const struct pair sum = sum_of(lookup_16(ANGLE_HIGH, direction), q);
    const vector result = sum.high + ((sum.low + lookup_16(ANGLE_LOW, direction)) + beyond);
    return with_sign(result, (integers)x & INT64_MIN);
}

static double arctan_of_rare(double x)
{
    if (isnan(x))
        return x + x;
    if (fabs(x) > 1)
        return copysign(QUARTER_HIGH, x);
    raise_underflow();
    return x;
}

/* Of numbers whose quotient is a normal number, or y is 0. */
static inline vector angle_of(vector y, vector x)
{
    const vector width = (vector)size_bits(x), height = (vector)size_bits(y);
    const integers direction = direction_of(height / width);
    const struct pair angle = angle_from(width, height, direction);
    const mask negative = is_negative(x);
    const integers turn = turned(negative, no_lanes());
    const vector base = choose(negative, lookup_16(TURNED_ANGLE_HIGH, direction), lookup_16(ANGLE_HIGH, direction));
    const vector base_low = choose(negative, lookup_16(TURNED_ANGLE_LOW, direction), lookup_16(ANGLE_LOW, direction));
    const struct pair sum = sum_of(base, with_sign(angle.high, turn));
    return with_sign(sum.high + ((sum.low + base_low) + with_sign(angle.low, turn)), (integers)y & INT64_MIN);
}

static inline vector arctan2_of(vector y, vector x, mask *rare)
{
    const vector width = (vector)size_bits(x), height = (vector)size_bits(y);
    const integers large = (integers)greatest(width, height), small = (integers)least(width, height);
    *rare = either(not_of(is_within(large, POWER_BITS(-500), POWER_BITS(500))), is_within(small, 1, POWER_BITS(-500)));
    return angle_of(y, x);
}

/* Zeros, infinities, and numbers of very different or of extreme sizes. */
static double arctan2_of_rare(double y, double x)
{
    if (isnan(x) || isnan(y))
        return x + y;
    if (y == 0 || (isinf(x) && !isinf(y)))
        return copysign(signbit(x) ? HALF_HIGH : 0, y);
    if (isinf(x))
        return copysign(x < 0 ? HALF_HIGH - QUARTER_HIGH / 2 : QUARTER_HIGH / 2, y);
    int width, height;
    const double near_x = frexp(x, &width), near_y = frexp(y, &height);
    if (x == 0 || isinf(y) || height - width > 60)
        return copysign(QUARTER_HIGH, y);
    if (width - height > 60) {
        if (x < 0)
            return copysign(HALF_HIGH, y);
        if (fabs(y / x) < 0x1p-1022)
            raise_underflow();
        return y / x;
    }
    return angle_of(all(ldexp(near_y, height - width)), all(near_x))[0];
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
    const vector size = (vector)size_bits(x);
    const mask large = is_below(all(0.5), size);
    *rare = either(is_beyond_one(size), is_subnormal(size));
    const vector result = arcsine_sum(size, large, choose(large, all(QUARTER_HIGH), all(0)),
                                      choose(large, all(QUARTER_LOW), all(0)), choose(large, all(-2), all(1)));
    return with_sign(result, (integers)x & INT64_MIN);
}

static inline vector arccos_of(vector x, mask *rare)
{
    const vector size = (vector)size_bits(x);
    const mask large = is_below(all(0.5), size), negative = is_negative(x);
    *rare = is_beyond_one(size);
    const vector end = choose(negative, all(HALF_HIGH), all(0)), end_low = choose(negative, all(HALF_LOW), all(0));
    const vector factor = with_sign(choose(large, all(2), all(-1)), turned(negative, no_lanes()));
    return arcsine_sum(size, large, choose(large, end, all(QUARTER_HIGH)), choose(large, end_low, all(QUARTER_LOW)), factor);
}

static double arcsin_of_rare(double x)
{
    if (isnan(x))
        return x + x;
    if (fabs(x) > 1) {
        raise_invalid();
        return (double)NAN;
    }
    raise_underflow();
    return x;
}

static double arccos_of_rare(double x)
{
    if (isnan(x))
        return x + x;
    raise_invalid();
    return (double)NAN;
}

ROW_FUNCTION(arctan)
ROW_FUNCTION(arcsin)
ROW_FUNCTION(arccos)
ROW_FUNCTION_OF_TWO(arctan2)
