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
    const vector table = fused(given.exponent, all(LN2_GRID_HIGH), lookup(LOG_HIGH, given.part)); /* exact */
    const vector table_low = fused(given.exponent, all(LN2_GRID_LOW), lookup(LOG_LOW, given.part));
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
    mask large; /* so that the result may not be a normal number */
};

static inline struct exponent exponent_of(struct pair logarithm, vector y)
{
    const struct pair product = product_of(y, logarithm.high);
    const vector low = fused(y, logarithm.low, product.low);
    const vector shifted = fused(product.high, all(PARTS_A_LN2), all(TO_WHOLE)), whole = shifted - TO_WHOLE;
    const vector near = fused(whole, all(-LN2_PART_HIGH), product.high); /* exact */
    const struct pair rest = sum_of(near, fused(whole, all(-LN2_PART_LOW), low));
    return (struct exponent){(integers)shifted, rest, is_from(size_bits(product.high), LARGE_EXPONENT)};
}

/* Of numbers some of which are negative: the sign of the power, whose exponent must be whole. */
static inline integers sign_of_power(vector x, vector y, mask *rare)
{
    const vector shifted = y + TO_WHOLE;
    const mask broken = is_not_zero((integers)(shifted - TO_WHOLE) ^ (integers)y);
    *rare = EITHER(*rare, BOTH(is_negative(x), EITHER(is_from(size_bits(y), POWER_BITS(51)), broken)));
    return sign_of(x) & ((integers)shifted << 63);
}

static inline vector power_of(vector x, vector y, mask *rare)
{
    const vector size = size_of(x);
    const struct exponent exponent = exponent_of(log_pair(reduce(size)), y);
    const struct pair result = power_of_parts(exponent.parts, exponent.rest.high, exponent.rest.low);
    *rare = EITHER(is_not_positive_normal(size), exponent.large);
    if (!lanes_of(is_negative(x)))
        return result.high + result.low;
    return with_sign(result.high + result.low, sign_of_power(x, y, rare));
}

static inline mask is_whole(vector size) /* and not negative */
{
    return EITHER(is_from((integers)size, POWER_BITS(52)), equal((size + 0x1p52) - 0x1p52, size));
}

static inline void power_of_rare(vector x, vector y, struct rare *rare)
{
    const vector size = size_of(x), other = size_of(y);
    settle(rare, EITHER(is_zero(y), equal(x, all(1))), all(1));
    settle_nan(rare, x);
    settle_nan(rare, y);
    const mask grows = is_negative(with_sign(y, (integers)(1 - size))), nothing = is_zero(x), negative = is_negative(x);
    const mask odd = BOTH(is_whole(other), NOT(is_whole(other * 0.5)));
    const integers sign = sign_of(choose(odd, x, all(0)));
    const vector end = choose(grows, all((double)INFINITY), all(0)), signed_end = with_sign(end, sign);
    settle(rare, is_infinite(y), choose(equal(size, all(1)), all(1), end));
    settle_raising(rare, BOTH(nothing, grows), signed_end, FE_DIVBYZERO);
    settle(rare, EITHER(nothing, is_infinite(x)), signed_end);
    settle_raising(rare, BOTH(negative, NOT(is_whole(other))), all((double)NAN), FE_INVALID);
    if (!lanes_of(rare->left))
        return;
    /* The product shall neither overflow nor get small. */
    const vector within = signed_as(choose(is_below(other, all(0x1p-70)), all(0), least(other, all(0x1p70))), sign_of(y));
    const struct pair logarithm = log_pair(reduce_any(size));
    const vector product = within * logarithm.high;
    settle_raising(rare, is_below(all(800), product), signed_end, FE_OVERFLOW);
    settle_raising(rare, is_below(product, all(-800)), signed_end, FE_UNDERFLOW);
    const struct exponent exponent = exponent_of(logarithm, within);
    const struct pair power = power_of_parts(exponent.parts & 15, exponent.rest.high, exponent.rest.low);
    settle_power(rare, power, exponent.parts, mask_of(0), sign);
}

ROW_FUNCTION_OF_TWO(power)
