/* power.c - powers: e^(y log(x)), the logarithm and the product as sums of two doubles. */
#include "sim/tensor/rows/vector.h"

#ifdef HAVE_ROWS
#include "sim/tensor/rows/exponential.h"
#include "sim/tensor/rows/logarithm.h"

static const double POWER_STRETCH = STRETCH(0.02);

/* log(x) to 70 bits, of a normal positive number. */
static inline struct pair log_pair(struct reduced given)
{
    const vector r = given.rest;
    const struct pair square = product_of(r, r), cube = product_of(square.high, r);
    const struct pair third = product_of(cube.high, all(THIRD_HIGH));
    const vector third_low = fused(cube.high, all(THIRD_LOW), fused(fused(square.low, r, cube.low), all(THIRD_HIGH), third.low));
    const vector table = fused(given.exponent, all(LN2_GRID_HIGH), lookup_32(LOG_HIGH, given.part)); /* exact */
    const vector table_low = fused(given.exponent, all(LN2_GRID_LOW), lookup_32(LOG_LOW, given.part));
    const struct pair first = sum_of(table, r), second = sum_of(first.high, square.high * -0.5);
    const struct pair sum = sum_of(second.high, third.high);
    const vector series = fourth_series(r, square.high); /* beyond the third, over r^4 */
    vector low = fused(square.high * square.high, series, fused(square.low, all(-0.5), third_low));
    low += table_low + (first.low + (second.low + sum.low));
    return sum_of(sum.high, low);
}

static inline vector power_of(vector x, vector y, mask *ask)
{
    mask outside, doubtful;
    const struct reduced given = reduce(&x, &outside);
    const integers y_size = size_bits(y);
    /* a smaller one gives 1 */
    const vector exponent = choose(is_within(y_size, POWER_BITS(-64), POWER_BITS(64)), y, all(0));
    const struct pair logarithm = log_pair(given), product = product_of(exponent, logarithm.high);
    const mask fits = is_within(size_bits(product.high), 0, LARGE_EXPONENT);
    const vector high = choose(fits, product.high, all(0));
    const vector low = choose(fits, fused(exponent, logarithm.low, product.low), all(0));
    const vector shifted = fused(high, all(PARTS_A_LN2), all(TO_WHOLE)), whole = shifted - TO_WHOLE;
    const vector near = fused(whole, all(-LN2_PART_HIGH), high); /* exact */
    const struct pair rest = sum_of(near, fused(whole, all(-LN2_PART_LOW), low));
    const vector result = power_of_parts((integers)shifted, rest.high, rest.low, all(POWER_STRETCH), &doubtful);
    *ask = either(either(doubtful, outside), either(not_of(fits), is_within(y_size, POWER_BITS(64), INT64_MAX)));
    return result;
}

ROW_FUNCTION_OF_TWO(power, pow)
#endif
