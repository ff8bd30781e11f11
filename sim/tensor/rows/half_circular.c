/* half_circular.c - sin, cos, tan and their inverses, of half floats. */
#define HALF_FUNCTIONS
#include "sim/tensor/rows/halves.h"

/* x - times pi; the first difference is exact */
static inline vector without(vector x, vector times)
{
    return fused(times, all(-CUT_PI_LOW), fused(times, all(-CUT_PI_HIGH), x));
}

/* sin(r) for r up to pi / 2 in size, and its sign turned with the last bit */
static inline vector sine_near(vector r, integers times)
{
    const vector square = r * r;
    return (vector)((integers)odd_series(r, square, POLYNOMIAL(HALF_SIN_REST, square)) ^ times << (sizeof(word) * 8 - 1));
}

static inline vector sin_of(vector x, mask *ask)
{
    *ask = is_not_finite(x);
    const vector shifted = fused(x, all(1 / PI_HIGH), all(TO_WHOLE));
    return sine_near(without(x, shifted - all(TO_WHOLE)), (integers)shifted);
}

static inline vector cos_of(vector x, mask *ask)
{
    *ask = is_not_finite(x);
    const vector shifted = fused(x, all(1 / PI_HIGH), all(-0.5f)) + all(TO_WHOLE);
    return sine_near(without(x, (shifted - all(TO_WHOLE)) + all(0.5f)), (integers)shifted + 1);
}

static inline vector tan_of(vector x, mask *ask)
{
    *ask = is_not_finite(x);
    const vector shifted = fused(x, all(2 / PI_HIGH), all(TO_WHOLE));
    const vector rest = without(x, (shifted - all(TO_WHOLE)) * all(0.5f)), square = rest * rest;
    const vector above = rest * POLYNOMIAL(HALF_TAN_ABOVE, square), below = POLYNOMIAL(HALF_TAN_BELOW, square);
    const mask odd = is_not_zero((integers)shifted & 1);
    return choose(odd, -below, above) / choose(odd, above, below);
}

/* arcsin(|x|), or for |x| > 1/2 half of what is left to pi / 2 */
static inline vector arcsin_part(vector size, mask large)
{
    const vector half_rest = fused(size, all(-0.5f), all(0.5f));
    const vector square = choose(large, half_rest, size * size), x = choose(large, root(half_rest), size);
    return odd_series(x, square, POLYNOMIAL(HALF_ARCSIN_REST, square));
}

static inline vector arcsin_of(vector x, mask *ask)
{
    const vector size = size_of(x);
    *ask = is_outside((integers)size, 0, POWER_BITS(0) + 1);
    const mask large = is_below(all(0.5f), size);
    const vector part = arcsin_part(size, large);
    return signed_as(choose(large, fused(part, all(-2), all(HALF_PI_HIGH)), part), sign_of(x));
}

static inline vector arccos_of(vector x, mask *ask)
{
    const vector size = size_of(x);
    *ask = is_outside((integers)size, 0, POWER_BITS(0) + 1);
    const mask large = is_below(all(0.5f), size), negative = is_negative(x);
    const vector part = arcsin_part(size, large), small = all(HALF_PI_HIGH) - signed_as(part, sign_of(x));
    const vector twice = part + part;
    return choose(large, choose(negative, all(PI_HIGH) - twice, twice), small);
}

static inline vector arctan_of(vector x, mask *ask)
{
    *ask = is_not_finite(x);
    const vector size = size_of(x);
    const mask large = is_below(all(1), size);
    const vector tangent = choose(large, all(1) / size, size), square = tangent * tangent;
    const vector angle = odd_series(tangent, square, POLYNOMIAL(HALF_ARCTAN_REST, square));
    return signed_as(choose(large, all(HALF_PI_HIGH) - angle, angle), sign_of(x));
}

HALF_ROW(sin)
HALF_ROW(cos)
HALF_ROW(tan)
HALF_ROW(arcsin)
HALF_ROW(arccos)
HALF_ROW(arctan)
