/* exponential.c - powers of e and 2: 2^(whole / 32) from a table, times the Taylor series of the rest. */
#include "sim/tensor/rows/vector.h"

#ifdef HAVE_ROWS
#include "sim/tensor/rows/exponential.h"

static const double EXP_STRETCH = STRETCH(0.0125);

static inline vector exp_of(vector x, mask *ask)
{
    const integers size = size_bits(x);
    const mask fits = is_within(size, POWER_BITS(-63), LARGE_EXPONENT); /* from 2^-63 on: before, e^x is 1 */
    mask doubtful;
    x = choose(fits, x, all(0));
    const vector shifted = fused(x, all(PARTS_A_LN2), all(TO_WHOLE)), whole = shifted - TO_WHOLE;
    const vector near = fused(whole, all(-LN2_PART_HIGH), x); /* exact */
    const vector rest = fused(whole, all(-LN2_PART_LOW), near), rest_low = fused(whole, all(-LN2_PART_LOW), near - rest);
    const vector result = power_of_parts((integers)shifted, rest, rest_low, all(EXP_STRETCH), &doubtful);
    *ask = either(doubtful, is_within(size, LARGE_EXPONENT, INT64_MAX));
    return result;
}

static inline vector exp2_of(vector x, mask *ask)
{
    const integers size = size_bits(x);
    const int64_t limit = (POWER_BITS(9)) + ((int64_t)0xfe << 44); /* 1020 */
    const mask fits = is_within(size, POWER_BITS(-63), limit);
    mask doubtful;
    x = choose(fits, x, all(0));
    const vector shifted = fused(x, all(32), all(TO_WHOLE));
    const struct pair rest = product_of(fused(shifted - TO_WHOLE, all(-1.0 / 32), x), all(LN2_HIGH));
    const vector low = fused(fused(shifted - TO_WHOLE, all(-1.0 / 32), x), all(LN2_LOW), rest.low);
    const vector result = power_of_parts((integers)shifted, rest.high, low, all(EXP_STRETCH), &doubtful);
    *ask = either(doubtful, is_within(size, limit, INT64_MAX));
    return result;
}

ROW_FUNCTION(exp, exp)
ROW_FUNCTION(exp2, exp2)
#endif
