/* trigonometric.c - sines, cosines and tangents: of the nearest sixteenth of pi from a table, of the rest by Taylor series. */
#include "sim/tensor/rows/vector.h"

#ifdef HAVE_ROWS
#include "sim/tensor/rows/tables.h"

static const double SINE_STRETCH = STRETCH(0.021), TANGENT_STRETCH = STRETCH(0.037), FAR_TANGENT_STRETCH = STRETCH(0.087);

/* x = slices * pi / 16 + rest, |rest| < 0.0982 */
struct sliced {
    integers slices;
    struct pair rest;
    mask outside;
};

static inline struct sliced slice(vector x)
{
    struct sliced result;
    const mask fits = is_within(size_bits(x), POWER_BITS(-27), POWER_BITS(20));
    result.outside = not_of(fits);
    x = choose(fits, x, all(0));
    const vector shifted = fused(x, all(SLICES_A_RADIAN), all(TO_WHOLE)), whole = shifted - TO_WHOLE;
    const struct pair middle = product_of(whole, all(SLICE_MIDDLE));
    const struct pair rest = sum_of_any(fused(whole, all(-SLICE_HIGH), x), -middle.high);
    result.slices = (integers)shifted;
    result.rest = (struct pair){rest.high, rest.low - fused(whole, all(SLICE_LOW), middle.low)};
    return result;
}

/* sin(r) beyond r, over r^3; cos(r) beyond 1 - r^2 / 2, over r^4. */
static inline vector sine_series(vector square)
{
    const vector a = fused(square, all(1.0 / 120), all(-1.0 / 6)), b = fused(square, all(1.0 / 362880), all(-1.0 / 5040));
    const vector fourth = square * square;
    return fused(fused(fourth, all(-1.0 / 39916800), b), fourth, a);
}

static inline vector cosine_series(vector square)
{
    const vector a = fused(square, all(-1.0 / 720), all(1.0 / 24)), b = fused(square, all(-1.0 / 3628800), all(1.0 / 40320));
    return fused(b, square * square, a);
}

/* sin((slices + turn) * pi / 16 + rest): of the table's sine s and cosine c, s + c r - s r^2 / 2 + ... */
static inline struct pair sine_of_slice(struct sliced given, int64_t turn)
{
    const vector r = given.rest.high;
    const struct pair square = product_of(r, r);
    const vector sines = sine_series(square.high), cosines = cosine_series(square.high);
    const integers index = given.slices + turn, sign = (index << 59) & INT64_MIN;
    const vector sine = lookup_16(SINE_HIGH, index), cosine = lookup_16(COSINE_HIGH, index);
    const struct pair linear = product_of(cosine, r), first = sum_of(sine, linear.high);
    const struct pair quadratic = product_of(sine, square.high * -0.5), second = sum_of(first.high, quadratic.high);
    /* what is left: each of it below a thousandth of the rest */
    vector low = fused(cosine * r, square.high * sines, linear.low + quadratic.low);
    low = fused(sine, fused(square.high * square.high, cosines, -fused(square.low, all(0.5), r * given.rest.low)), low);
    low = fused(cosine, given.rest.low, low);
    low = fused(lookup_16(COSINE_LOW, index), r, low) + lookup_16(SINE_LOW, index);
    low += first.low + second.low;
    return (struct pair){with_sign(second.high, sign), with_sign(low, sign)};
}

static inline vector sin_of(vector x, mask *ask)
{
    mask doubtful;
    const struct sliced given = slice(x);
    const struct pair sine = sine_of_slice(given, 0);
    const vector result = rounded(sine.high, sine.low, all(SINE_STRETCH), &doubtful);
    const mask nonzero = differ(x, all(0));
    *ask = either(doubtful, both(given.outside, nonzero));
    return choose(nonzero, result, x);
}

static inline vector cos_of(vector x, mask *ask)
{
    mask doubtful;
    const struct sliced given = slice(x);
    const struct pair cosine = sine_of_slice(given, 8);
    const vector result = rounded(cosine.high, cosine.low, all(SINE_STRETCH), &doubtful);
    *ask = either(doubtful, both(given.outside, differ(x, all(0))));
    return result;
}

static inline vector tan_of(vector x, mask *ask)
{
    mask doubtful;
    const struct sliced given = slice(x);
    const struct pair sine = normal(sine_of_slice(given, 0)), cosine = normal(sine_of_slice(given, 8));
    const vector inverse = 1 / cosine.high, quotient = sine.high * inverse;
    const vector rest = fused(-quotient, cosine.high, sine.high) + fused(-quotient, cosine.low, sine.low);
    const mask middling = is_within(size_bits(quotient), POWER_BITS(-3), POWER_BITS(2));
    const vector stretch = choose(middling, all(TANGENT_STRETCH), all(FAR_TANGENT_STRETCH));
    const vector result = rounded(quotient, rest * inverse, stretch, &doubtful);
    const mask nonzero = differ(x, all(0));
    *ask = either(doubtful, both(given.outside, nonzero));
    return choose(nonzero, result, x);
}

ROW_FUNCTION(sin, sin)
ROW_FUNCTION(cos, cos)
ROW_FUNCTION(tan, tan)
#endif
