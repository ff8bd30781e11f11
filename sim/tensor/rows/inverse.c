/* inverse.c - angles by their tangents, sines and cosines, and the length of a hypotenuse. */
#include "sim/tensor/rows/vector.h"

#ifdef HAVE_ROWS
#include "sim/tensor/rows/tables.h"

/* atan(q), |q| <= 1/32, over q^3, beyond q */
static inline vector arctan_series(vector square)
{
    const vector a = fused(square, all(1.0 / 5), all(-1.0 / 3)), b = fused(square, all(1.0 / 9), all(-1.0 / 7));
    const vector c = fused(square, all(1.0 / 13), all(-1.0 / 11)), fourth = square * square;
    return fused(fused(c, fourth, b), fourth, a);
}

/* The angle between the x axis and the point (x, y), or (-x, y). With t = y / x or x / y, whichever is below 1, and c the nearest
 * sixteenth: atan(t) = atan(c) + atan((t - c) / (1 + t c)). */
static inline struct pair angle_of(struct pair y, struct pair x, mask x_negative)
{
    const mask steep = is_below(x.high, y.high);
    const vector small = choose(steep, x.high, y.high), small_low = choose(steep, x.low, y.low);
    const vector large = choose(steep, y.high, x.high), large_low = choose(steep, y.low, x.low);
    const vector shifted = fused(small / large, all(16), all(TO_WHOLE)), c = (shifted - TO_WHOLE) * (1.0 / 16);
    const struct pair a = product_of(c, large), b = product_of(c, small);
    const struct pair top = sum_of_any(small, -a.high), bottom = sum_of(large, b.high);
    const vector top_low = top.low + (fused(-c, large_low, small_low) - a.low);
    const vector bottom_low = bottom.low + (fused(c, small_low, large_low) + b.low);
    const vector inverse = 1 / bottom.high, q = top.high * inverse;
    const vector q_low = (fused(-q, bottom.high, top.high) + fused(-q, bottom_low, top_low)) * inverse;
    const vector square = q * q;
    const vector beyond = fused(q * square, arctan_series(square), q_low);
    const integers turn = turned(steep, x_negative); /* the sign bit, where angles are subtracted */
    const vector base = choose(steep, all(QUARTER_HIGH), choose(x_negative, all(HALF_HIGH), all(0)));
    const vector base_low = choose(steep, all(QUARTER_LOW), choose(x_negative, all(HALF_LOW), all(0)));
    const struct pair first = sum_of(base, with_sign(lookup_32(ARCTAN_HIGH, (integers)shifted), turn));
    const struct pair second = sum_of(first.high, with_sign(q, turn));
    const vector lows = with_sign(beyond + lookup_32(ARCTAN_LOW, (integers)shifted), turn);
    return (struct pair){second.high, (lows + base_low) + (first.low + second.low)};
}

static const double ARCTAN_STRETCH = STRETCH(0.025), ARCTAN2_STRETCH = STRETCH(0.032), ARCSIN_STRETCH = STRETCH(0.026);
static const double HYPOT_STRETCH = STRETCH(0.05), EVEN_HYPOT_STRETCH = STRETCH(0.087);

static inline vector arctan_of(vector x, mask *ask)
{
    mask doubtful;
    const mask fits = is_within(size_bits(x), POWER_BITS(-27), POWER_BITS(49)), nonzero = differ(x, all(0));
    const vector size = choose(fits, (vector)size_bits(x), all(0));
    const struct pair angle = angle_of((struct pair){size, all(0)}, (struct pair){all(1), all(0)}, no_lanes());
    const vector result = rounded(angle.high, angle.low, all(ARCTAN_STRETCH), &doubtful);
    *ask = either(doubtful, both(not_of(fits), nonzero));
    return with_sign(result, (integers)x & INT64_MIN);
}

static inline vector arctan2_of(vector y, vector x, mask *ask)
{
    mask doubtful;
    /* so the quotient is neither tiny nor large */
    const mask fits = both(is_within(size_bits(x), POWER_BITS(-15), POWER_BITS(16)),
                           is_within(size_bits(y), POWER_BITS(-15), POWER_BITS(16)));
    const vector width = choose(fits, (vector)size_bits(x), all(1)), height = choose(fits, (vector)size_bits(y), all(1));
    const struct pair angle = angle_of((struct pair){height, all(0)}, (struct pair){width, all(0)}, is_negative(x));
    const vector result = rounded(angle.high, angle.low, all(ARCTAN2_STRETCH), &doubtful);
    *ask = either(doubtful, not_of(fits));
    return with_sign(result, (integers)y & INT64_MIN);
}

/* sqrt(1 - x^2), |x| < 1 */
static inline struct pair other_side(vector x)
{
    const struct pair square = product_of(x, x), rest = sum_of(all(1), -square.high);
    const vector high = rest.high + (rest.low - square.low), low = (rest.high - high) + (rest.low - square.low);
    const vector side = root(high);
    return (struct pair){side, (fused(-side, side, high) + low) / (side * 2)};
}

static inline vector arcsin_of(vector x, mask *ask)
{
    mask doubtful;
    const mask fits = is_within(size_bits(x), POWER_BITS(-27), POWER_BITS(0)), nonzero = differ(x, all(0));
    const vector size = choose(fits, (vector)size_bits(x), all(0));
    const struct pair angle = angle_of((struct pair){size, all(0)}, other_side(size), no_lanes());
    const vector result = rounded(angle.high, angle.low, all(ARCSIN_STRETCH), &doubtful);
    *ask = either(doubtful, both(not_of(fits), nonzero));
    return with_sign(result, (integers)x & INT64_MIN);
}

static inline vector arccos_of(vector x, mask *ask)
{
    mask doubtful;
    const mask fits = is_within(size_bits(x), POWER_BITS(-27), POWER_BITS(0)), nonzero = differ(x, all(0));
    const vector size = choose(fits, (vector)size_bits(x), all(0));
    const struct pair angle = angle_of(other_side(size), (struct pair){size, all(0)}, is_negative(x));
    const vector result = rounded(angle.high, angle.low, all(ARCSIN_STRETCH), &doubtful);
    *ask = either(doubtful, both(not_of(fits), nonzero));
    return result;
}

static inline vector hypot_of(vector x, vector y, mask *ask)
{
    mask doubtful;
    const mask fits = both(is_within(size_bits(x), POWER_BITS(-400), POWER_BITS(400)),
                           is_within(size_bits(y), POWER_BITS(-400), POWER_BITS(400)));
    const vector width = choose(fits, (vector)size_bits(x), all(1)), height = choose(fits, (vector)size_bits(y), all(1));
    const mask steep = is_below(width, height);
    const vector large = choose(steep, height, width), small = choose(steep, width, height);
    const struct pair a = product_of(large, large), b = product_of(small, small), sum = sum_of(a.high, b.high);
    const vector side = root(sum.high);
    const vector low = (fused(-side, side, sum.high) + (sum.low + (a.low + b.low))) / (side * 2);
    const vector stretch = choose(is_below(small * 2, large), all(HYPOT_STRETCH), all(EVEN_HYPOT_STRETCH));
    const vector result = rounded(side, low, stretch, &doubtful);
    *ask = either(doubtful, not_of(fits));
    return result;
}

ROW_FUNCTION(arctan, atan)
ROW_FUNCTION(arcsin, asin)
ROW_FUNCTION(arccos, acos)
ROW_FUNCTION_OF_TWO(arctan2, atan2)
ROW_FUNCTION_OF_TWO(hypot, hypot)
#endif
