/* exponential.c - powers of e and 2: 2^(n / 16) from a table, times the series of the rest. */
#include "sim/tensor/rows/vector.h"

#include "sim/tensor/rows/exponential.h"

static const int64_t LARGE_POWER = POWER_BITS(9) + (0xf18LL << 40); /* 995: as LARGE_EXPONENT, of 2 */

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
    *rare = is_from(size_bits(x), LARGE_POWER);
    return result.high + result.low;
}

/* x, but not beyond `most`, where powers have long been infinite or 0. */
static inline vector bounded(vector x, double most)
{
    return greatest(least(x, all(most)), all(-most));
}

static inline void exp_of_rare(vector x, struct rare *rare)
{
    integers parts;
    const struct pair power = exp_parts(bounded(x, 800), 15, &parts);
    settle_power(rare, power, parts, is_infinite(x), (integers){0});
}

static inline void exp2_of_rare(vector x, struct rare *rare)
{
    integers parts;
    const struct pair power = exp2_parts(bounded(x, 1200), 15, &parts);
    settle_power(rare, power, parts, is_infinite(x), (integers){0});
}

ROW_FUNCTION(exp)
ROW_FUNCTION(exp2)
