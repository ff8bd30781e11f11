/* logarithm.c - natural logarithms and those to base 2: of the exponent, of the table's inverse, and a series. */
#include "sim/tensor/rows/vector.h"

#include "sim/tensor/rows/logarithm.h"

static inline vector log_of_reduced(struct reduced given)
{
    const vector r = given.rest, square = r * r;
    const vector table = fused(given.exponent, all(LN2_GRID_HIGH), lookup(LOG_HIGH, given.part)); /* exact */
    const vector table_low = fused(given.exponent, all(LN2_GRID_LOW), lookup(LOG_LOW, given.part));
    const struct pair first = sum_of(table, r);
    const vector series = fused(r, series_8(LOG_SERIES, r, square, square * square), all(-0.5));
    return first.high + fused(square, series, first.low + table_low);
}

static inline vector log2_of_reduced(struct reduced given)
{
    const vector r = given.rest, square = r * r;
    const struct pair linear = product_of(r, all(LOG2E_HIGH));
    const vector linear_low = fused(r, all(LOG2E_LOW), linear.low);
    const struct pair first = sum_of(given.exponent + lookup(LOG2_HIGH, given.part), linear.high);
    const vector series = fused(r, series_8(LOG2_SERIES, r, square, square * square), all(-0.5 * LOG2E_HIGH));
    return first.high + fused(square, series, first.low + (linear_low + lookup(LOG2_LOW, given.part)));
}

static inline vector log_of(vector x, mask *rare)
{
    *rare = is_not_positive_normal(x);
    return log_of_reduced(reduce(x));
}

static inline vector log2_of(vector x, mask *rare)
{
    *rare = is_not_positive_normal(x);
    return log2_of_reduced(reduce(x));
}

static inline void log_of_rare(vector x, struct rare *rare)
{
    settle_log(rare, x);
    if (lanes_of(rare->left))
        settle(rare, rare->left, log_of_reduced(reduce_any(x)));
}

static inline void log2_of_rare(vector x, struct rare *rare)
{
    settle_log(rare, x);
    if (lanes_of(rare->left))
        settle(rare, rare->left, log2_of_reduced(reduce_any(x)));
}

ROW_FUNCTION(log)
ROW_FUNCTION(log2)
