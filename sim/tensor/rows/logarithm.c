/* logarithm.c - natural logarithms and those to base 2: of the exponent, of the table's inverse, and a Taylor series. */
#include "sim/tensor/rows/vector.h"

#ifdef HAVE_ROWS
#include "sim/tensor/rows/logarithm.h"

static const double NEAR_LOG_STRETCH = STRETCH(0.022), LOG_STRETCH = STRETCH(0.013);
static const double NEAR_LOG2_STRETCH = STRETCH(0.055), LOG2_STRETCH = STRETCH(0.028);

/* The library errs most near 1. */
static inline vector stretch_for(vector result, double near, double far)
{
    return choose(is_within(size_bits(result), 0, POWER_BITS(-2)), all(near), all(far));
}

static inline vector log_of(vector x, mask *ask)
{
    mask doubtful, outside;
    const struct reduced given = reduce(&x, &outside);
    const struct pair square = product_of(given.rest, given.rest);
    const vector table = fused(given.exponent, all(LN2_GRID_HIGH), lookup_32(LOG_HIGH, given.part)); /* exact */
    const vector table_low = fused(given.exponent, all(LN2_GRID_LOW), lookup_32(LOG_LOW, given.part));
    const struct pair first = sum_of(table, given.rest), second = sum_of(first.high, square.high * -0.5);
    const vector low = fused(square.high * given.rest, log_series(given.rest, square.high),
                             fused(square.low, all(-0.5), table_low));
    const vector stretch = stretch_for(second.high, NEAR_LOG_STRETCH, LOG_STRETCH);
    const vector result = rounded(second.high, (first.low + second.low) + low, stretch, &doubtful);
    *ask = either(doubtful, outside);
    return result;
}

static inline vector log2_of(vector x, mask *ask)
{
    mask doubtful, outside;
    const struct reduced given = reduce(&x, &outside);
    const struct pair square = product_of(given.rest, given.rest), natural = sum_of(given.rest, square.high * -0.5);
    const vector natural_low = fused(square.high * given.rest, log_series(given.rest, square.high),
                                     fused(square.low, all(-0.5), natural.low));
    const struct pair scaled = product_of(natural.high, all(LOG2E_HIGH));
    const vector scaled_low = fused(natural_low, all(LOG2E_HIGH), fused(natural.high, all(LOG2E_LOW), scaled.low));
    const struct pair sum = sum_of(given.exponent + lookup_32(LOG2_HIGH, given.part), scaled.high);
    const vector low = sum.low + (scaled_low + lookup_32(LOG2_LOW, given.part));
    const vector result = rounded(sum.high, low, stretch_for(sum.high, NEAR_LOG2_STRETCH, LOG2_STRETCH), &doubtful);
    *ask = either(doubtful, outside);
    return result;
}

ROW_FUNCTION(log, log)
ROW_FUNCTION(log2, log2)
#endif
