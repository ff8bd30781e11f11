/* exponential.c - powers of e and 2: 2^(n / 16) from a table, times the series of the rest. */
#include "sim/tensor/rows/vector.h"

#include "sim/tensor/rows/exponential.h"

/* e^x without its whole powers of 2, or with them. */
static inline struct pair exp_parts(vector x, int64_t which_parts, integers *parts)
{
    const vector shifted = fused(x, all(PARTS_A_LN2), all(TO_WHOLE)), whole = shifted - TO_WHOLE;
    const vector near = fused(whole, all(-LN2_PART_HIGH), x); /* exact */
    const vector rest = fused(whole, all(-LN2_PART_LOW), near), rest_low = fused(whole, all(-LN2_PART_LOW), near - rest);
    *parts = (integers)shifted;
    return power_of_parts((integers)shifted & which_parts, rest, rest_low);
}

static inline struct pair exp2_parts(vector x, int64_t which_parts, integers *parts)
{
    const vector shifted = fused(x, all(16), all(TO_WHOLE)), whole = shifted - TO_WHOLE;
    const vector rest = fused(whole, all(-1.0 / 16), x); /* exact */
    const struct pair natural = product_of(rest, all(LN2_HIGH));
    *parts = (integers)shifted;
    return power_of_parts((integers)shifted & which_parts, natural.high, fused(rest, all(LN2_LOW), natural.low));
}

static inline vector exp_of(vector x, mask *rare)
{
    integers parts;
    const struct pair result = exp_parts(x, -1, &parts);
    *rare = is_from(size_bits(x), LARGE_EXPONENT);
    return result.high + result.low;
}

static inline vector exp2_of(vector x, mask *rare)
{
    integers parts;
    const struct pair result = exp2_parts(x, -1, &parts);
    *rare = is_from(size_bits(x), LARGE_EXPONENT);
    return result.high + result.low;
}

/* What is too large or too small, or not a number. */
static double power_of_large(double x)
{
    if (isnan(x))
        return x + x;
    if (x > 0) {
        if (!isinf(x))
            raise_overflow();
        return (double)INFINITY;
    }
    if (!isinf(x))
        raise_underflow();
    return 0;
}

static double exp_of_rare(double x)
{
    integers parts;
    if (!isless(fabs(x), 800))
        return power_of_large(x);
    const struct pair result = exp_parts(all(x), 15, &parts);
    return scaled_sum(result.high[0], result.low[0], (int32_t)parts[0] >> 4);
}

static double exp2_of_rare(double x)
{
    integers parts;
    if (!isless(fabs(x), 1100))
        return power_of_large(x);
    const struct pair result = exp2_parts(all(x), 15, &parts);
    return scaled_sum(result.high[0], result.low[0], (int32_t)parts[0] >> 4);
}

ROW_FUNCTION(exp)
ROW_FUNCTION(exp2)
