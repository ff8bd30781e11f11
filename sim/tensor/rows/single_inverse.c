/* single_inverse.c - inverses of trigonometric functions of floats. */
#define SINGLE
#include "sim/tensor/rows/lane_tables.h"
#include "sim/tensor/rows/lanes.h"

/* An arcsine as it is to be added to or subtracted from something: leading + leading * factor + low. The arcsine of a size above
 * a half is pi / 2 less twice that of sqrt((1 - size) / 2). */
struct arcsine {
    vector leading, factor, low; /* of the latter, twice */
    mask large;
};

static inline struct arcsine arcsine_of(vector size)
{
    struct arcsine made;
    made.large = is_below(all(0.5f), size);
    const vector other_square = fused(size, all(-0.5f), all(0.5f)), other = root(other_square), twice = other + other;
    const vector square = choose(made.large, other_square, size * size);
    const vector guess = (vector)(0x7ef311c7 - (integers)twice); /* the inverse, but for a tenth */
    const vector rest = fused(-other, other, other_square) * (guess * fused(-twice, guess, all(2))); /* of the root */
    made.leading = choose(made.large, twice, size);
    made.low = choose(made.large, rest + rest, all(0));
    made.factor = square * POLYNOMIAL(ARCSIN_REST, square);
    return made;
}

static inline vector arcsin_of(vector x, mask *ask)
{
    *ask = is_outside(size_bits(x), POWER_BITS(1 - BIAS), POWER_BITS(0) + 1);
    const struct arcsine part = arcsine_of(size_of(x));
    const vector near = fused(part.leading, part.factor, part.leading);
    const struct pair sum = sum_of(all(HALF_PI_HIGH), -part.leading);
    const vector far = sum.high + ((sum.low + all(HALF_PI_LOW)) - fused(part.leading, part.factor, part.low));
    return signed_as(choose(part.large, far, near), sign_of(x));
}

static inline void arcsin_rare(vector x, struct rare *rare)
{
    settle_small(rare, x);
    settle_raising(rare, rare->left, all(NAN), FE_INVALID);
}

static inline vector arccos_of(vector x, mask *ask)
{
    *ask = is_outside(size_bits(x), 0, POWER_BITS(0) + 1);
    const struct arcsine part = arcsine_of(size_of(x));
    const mask negative = is_negative(x);
    const vector end = choose(negative, all(PI_HIGH), all(0)), end_low = choose(negative, all(PI_LOW), all(0));
    const vector start = choose(part.large, end, all(HALF_PI_HIGH)), start_low = choose(part.large, end_low, all(HALF_PI_LOW));
    /* x >= 0: 2 a or pi / 2 - a; else pi - 2 a or pi / 2 + a */
    const integers sign = sign_of(x) ^ (integers)choose(part.large, all(0), (vector)(SIGN_BIT - (integers){0}));
    const vector leading = (vector)((integers)part.leading ^ sign);
    const vector rest = (vector)((integers)fused(part.leading, part.factor, part.low) ^ sign);
    const struct pair sum = sum_of(start, leading);
    return sum.high + ((sum.low + start_low) + rest);
}

static inline void arccos_rare(vector x __attribute__((unused)), struct rare *rare) /* of sizes above 1 */
{
    settle_raising(rare, rare->left, all(NAN), FE_INVALID);
}

/* The arctangent of a table's number, and of (x - it) / (1 + x it); of the last, which is infinite, -1 / x. */
static inline vector arctan_of(vector x, mask *ask)
{
    *ask = is_unusual(x);
    const vector size = size_of(x), within = least(greatest(size, all(0x1p-3f)), all(0x1.fp4f));
    const integers part = ((integers)within >> (MANTISSA - 2)) - (POWER_BITS(-3) >> (MANTISSA - 2));
    const vector center = lookup(ARCTAN_CENTER, part), weight = lookup(ARCTAN_WEIGHT, part);
    const vector rest = fused(size, weight, -center) / fused(size, center, weight), square = rest * rest;
    const vector small = fused(rest * square, POLYNOMIAL(ARCTAN_REST, square), lookup(ARCTAN_LOW, part));
    const struct pair sum = sum_of(lookup(ARCTAN_HIGH, part), rest);
    return signed_as(sum.high + (sum.low + small), sign_of(x));
}

static inline void arctan_rare(vector x, struct rare *rare)
{
    settle_small(rare, x);
    settle(rare, rare->left, signed_as(all(HALF_PI_HIGH), sign_of(x)));
}

/* The lesser size over the greater is p / q; with its first 5 bits c, (p - c q) / (q + c p) is left. */
static inline vector arctan2_of(vector y, vector x, mask *ask)
{
    const vector up = size_of(y), along = size_of(x), large = greatest(up, along);
    const vector small = least(along, up); /* so that NaN is one of the two */
    const mask faint = is_outside((integers)small, POWER_BITS(-60), INFINITE_BITS);
    *ask = EITHER(is_outside((integers)large, POWER_BITS(-60), POWER_BITS(60)), BOTH(faint, is_not_zero((integers)small)));
    const vector shifted = least(fused(small / large, all(32), all(-0.5f)), all(31)) + all(TO_WHOLE);
    const vector center = (shifted - all(TO_WHOLE)) * all(0x1p-5f);
    const vector above = fused(-center, large, small), below = fused(center, small, large); /* the first is exact */
    const vector inverse = all(1) / below, rest = above * inverse;
    const vector rest_low = fused(-rest, fused(center, small, large - below), fused(-rest, below, above)) * inverse;
    const vector square = rest * rest;
    const mask back = is_negative(x), upright = is_below(along, up);
    const integers sign = (integers)choose(upright, (vector)(SIGN_BIT - (integers){0}), all(0)) ^ sign_of(x);
    const vector start = choose(upright, all(HALF_PI_HIGH), choose(back, all(PI_HIGH), all(0)));
    const vector start_low = choose(upright, all(HALF_PI_LOW), choose(back, all(PI_LOW), all(0)));
    const vector table = (vector)((integers)lookup(SLICE_HIGH, (integers)shifted) ^ sign);
    const struct pair first = sum_of(start, table), second = sum_of(first.high, (vector)((integers)rest ^ sign));
    const vector small_rest = fused(rest * square, fused(square, all(0.2f), all(-1.0f / 3)), lookup(SLICE_LOW, (integers)shifted));
    const vector low = (first.low + second.low) + (start_low + (vector)((integers)(small_rest + rest_low) ^ sign));
    return signed_as(second.high + low, sign_of(y));
}

static inline void arctan2_rare(vector y, vector x, struct rare *rare)
{
    mask ask;
    settle_nan(rare, x);
    settle_nan(rare, y);
    if (!lanes_of(rare->left))
        return;
    /* Infinities are as 1 to what is not; of two zeros, x is. */
    const mask far = is_infinite(x), high = is_infinite(y), unlimited = EITHER(far, high);
    const vector up = choose(unlimited, choose(high, all(1), all(0)), size_of(y));
    const vector next = choose(unlimited, choose(far, all(1), all(0)), size_of(x));
    const vector along = choose(is_not_zero((integers)up | (integers)next), next, all(1)), large = greatest(up, along);
    const vector scale = choose(is_below(large, all(0x1p-59f)), all(0x1p100f),
                                choose(is_below(large, all(0x1p59f)), all(1), all(0x1p-66f)));
    const vector height = up * scale, width = along * scale;
    const mask back = is_negative(x), flat = is_below(height * all(0x1p40f), width);
    settle(rare, is_below(width * all(0x1p40f), height), signed_as(all(HALF_PI_HIGH), sign_of(y)));
    settle(rare, BOTH(flat, back), signed_as(all(PI_HIGH), sign_of(y)));
    if (is_left(rare, flat)) {
        const vector quotient = up / along;
        if (is_left(rare, BOTH(flat, BOTH(is_below(quotient, all(0x1p-126f)), is_not_zero((integers)up)))))
            rare->raised |= FE_UNDERFLOW;
        settle(rare, flat, signed_as(quotient, sign_of(y)));
    }
    if (lanes_of(rare->left))
        settle(rare, rare->left, arctan2_of(signed_as(height, sign_of(y)), signed_as(width, sign_of(x)), &ask));
}

ROW_RIGHT_AT_ZERO(arcsin)
ROW(arccos)
ROW_RIGHT_AT_ZERO(arctan)
ROW_OF_TWO(arctan2)
