/* power.c - powers: e^(y log(x)), the logarithm and the product as sums of two doubles. */
#include "sim/tensor/rows/vector.h"

#include "sim/tensor/rows/exponential.h"
#include "sim/tensor/rows/logarithm.h"

/* log(x) to 69 bits. */
static inline struct pair log_pair(struct reduced given)
{
    const vector r = given.rest;
    const struct pair square = product_of(r, r);
    const vector fourth = square.high * square.high;
    const vector table = fused(given.exponent, all(LN2_GRID_HIGH), lookup_16(LOG_HIGH, given.part)); /* exact */
    const vector table_low = fused(given.exponent, all(LN2_GRID_LOW), lookup_16(LOG_LOW, given.part));
    /* r + r^2 f, f = -1/2 + r / 3 + r^2 (...) */
    const vector series = fused(fourth * fourth, all(LOG_FOURTH[8]), series_8(LOG_FOURTH, r, square.high, fourth));
    const vector factor = fused(r, all(THIRD_HIGH), all(-0.5));
    const vector third_low = fused(r, all(THIRD_LOW), fused(r, all(THIRD_HIGH), -0.5 - factor));
    const vector factor_low = fused(square.high, series, third_low);
    const struct pair beyond = product_of(square.high, factor);
    const vector beyond_low = fused(square.high, factor_low, fused(square.low, factor, beyond.low));
    const struct pair first = sum_of(table, r), second = sum_of(first.high, beyond.high);
    return sum_of(second.high, (table_low + beyond_low) + (first.low + second.low));
}

/* x^y = 2^(n / 16) e^rest */
struct exponent {
    integers parts;
    struct pair rest;
    mask small; /* enough for the result to be a normal number */
};

static inline struct exponent exponent_of(struct pair logarithm, vector y)
{
    const struct pair product = product_of(y, logarithm.high);
    const vector low = fused(y, logarithm.low, product.low);
    const vector shifted = fused(product.high, all(PARTS_A_LN2), all(TO_WHOLE)), whole = shifted - TO_WHOLE;
    const vector near = fused(whole, all(-LN2_PART_HIGH), product.high); /* exact */
    const struct pair rest = sum_of(near, fused(whole, all(-LN2_PART_LOW), low));
    return (struct exponent){(integers)shifted, rest, is_within(size_bits(product.high), 0, LARGE_EXPONENT)};
}

/* Of negative numbers: the sign of the power, whose exponent must be whole. */
static inline integers sign_of_power(mask negative, vector y, mask *rare)
{
    const vector shifted = y + TO_WHOLE;
    const mask fits = not_of(is_from(size_bits(y), POWER_BITS(51)));
    *rare = either(*rare, both(negative, either(not_of(fits), differ(shifted - TO_WHOLE, y))));
    return turned(negative, no_lanes()) & ((integers)shifted << 63);
}

static inline vector power_of(vector x, vector y, mask *rare)
{
    const vector size = (vector)size_bits(x);
    const struct exponent exponent = exponent_of(log_pair(reduce(size)), y);
    const struct pair result = power_of_parts(exponent.parts, exponent.rest.high, exponent.rest.low);
    const mask negative = is_negative(x);
    *rare = either(not_of(is_normal(size)), not_of(exponent.small));
    if (!lanes_of(negative))
        return result.high + result.low;
    return with_sign(result.high + result.low, sign_of_power(negative, y, rare));
}

enum whole { NOT_WHOLE, EVEN, ODD };

static enum whole whole_of(double y)
{
    if (fabs(y) >= 0x1p53)
        return EVEN;
    const int64_t whole = (int64_t)y;
    return (double)whole != y ? NOT_WHOLE : whole & 1 ? ODD : EVEN;
}

/* x is 0, infinite, negative with an exponent that is not whole, or the exponent is infinite; not NaN. */
static bool is_special(double x, double y, enum whole whole, double *result)
{
    const double sign = signbit(x) && whole == ODD ? -1 : 1, size = fabs(x);
    if (isinf(y)) {
        *result = size == 1 ? 1 : (size > 1) == (y > 0) ? (double)INFINITY : 0;
    } else if (x == 0 || isinf(x)) {
        if (x == 0 && y < 0)
            raise_division_by_zero();
        *result = (x == 0) == (y < 0) ? copysign((double)INFINITY, sign) : copysign(0, sign);
    } else if (x < 0 && whole == NOT_WHOLE) {
        raise_invalid();
        *result = (double)NAN;
    } else {
        return false;
    }
    return true;
}

static double power_of_rare(double x, double y)
{
    double result;
    if (y == 0 || x == 1)
        return 1;
    if (isnan(x) || isnan(y))
        return x + y;
    const enum whole whole = whole_of(y);
    if (is_special(x, y, whole, &result))
        return result;
    if (fabs(y) < 0x1p-70)
        return 1;
    y = fabs(y) > 0x1p70 ? copysign(0x1p70, y) : y; /* as large: the product neither overflows nor gets small */
    const int places = fabs(x) < 0x1p-1022 ? 54 : 0; /* that make a subnormal number normal */
    struct reduced given = reduce(all(fabs(x) * (places ? 0x1p54 : 1)));
    given.exponent = given.exponent - places;
    const struct pair logarithm = log_pair(given);
    const double size = y * logarithm.high[0], sign = x < 0 && whole == ODD ? -1 : 1;
    if (size > 800 || size < -800) {
        if (size > 0)
            raise_overflow();
        else
            raise_underflow();
        return sign * (size > 0 ? (double)INFINITY : 0);
    }
    const struct exponent exponent = exponent_of(logarithm, all(y));
    const struct pair parts = power_of_parts(exponent.parts & 15, exponent.rest.high, exponent.rest.low);
    return sign * scaled_sum(parts.high[0], parts.low[0], (int32_t)exponent.parts[0] >> 4);
}

ROW_FUNCTION_OF_TWO(power)
