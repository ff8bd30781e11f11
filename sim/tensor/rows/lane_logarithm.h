/* lane_logarithm.h - logarithms: x = 2^n m; m times a number of few bits near 1/m is 1 + r, whose logarithm is a polynomial, and
 * the other's is in a table. What leads in a sum is kept as two numbers. Also of a sum of two numbers, and the inverses of
 * hyperbolic functions, which are logarithms of such sums. */
#ifndef HYBRIDSIM_SIM_TENSOR_ROWS_LANE_LOGARITHM_H
#define HYBRIDSIM_SIM_TENSOR_ROWS_LANE_LOGARITHM_H

#include "sim/tensor/rows/lane_tables.h"
#include "sim/tensor/rows/lanes.h"

/* x = 2^exponent mantissa; times inverse, this is near to 1. */
struct reduced {
    vector mantissa, inverse, exponent;
    integers part, exponent_bits;
};

static inline struct reduced reduce(vector x)
{
    const integers offset = (integers)x - LOG_START;
    struct reduced made;
    made.exponent_bits = offset & (SIGN_BIT >> (sizeof(word) * 8 - 1 - MANTISSA));
    made.part = offset >> (MANTISSA - PART_BITS);
    made.inverse = lookup(INVERSE, made.part);
    made.mantissa = (vector)((integers)x - made.exponent_bits);
    made.exponent = (vector)((integers)all(TO_WHOLE) + (made.exponent_bits >> MANTISSA)) - all(TO_WHOLE);
    return made;
}

/* mantissa * inverse - 1, rounded; for floats, whose inverses have so few bits, it is exact */
static inline vector rounded_rest(struct reduced given)
{
    return fused(given.mantissa, given.inverse, all(-1));
}

/* The same, as two numbers. */
static inline struct pair exact_rest(struct reduced given)
{
#ifdef SINGLE
    return (struct pair){rounded_rest(given), all(0)};
#else
    const struct pair product = product_of(given.mantissa, given.inverse);
    return (struct pair){product.high - all(1), product.low};
#endif
}

/* Of 0, negative numbers and infinity. */
static inline void settle_log(struct rare *rare, vector x)
{
    settle_raising(rare, NOT(is_not_zero(size_bits(x))), all(-(number)INFINITY), FE_DIVBYZERO);
    settle_raising(rare, is_negative(x), all((number)NAN), FE_INVALID);
    settle(rare, rare->left, x);
}

/* name_of() and name_rare() for a base. Subnormal numbers are multiplied first. */
#define LOGARITHM_TO(name, BASE)                                                                             \
    static inline vector name##_less(vector x, vector exponent)                                              \
    {                                                                                                        \
        const struct reduced given = reduce(x);                                                              \
        const vector n = given.exponent - exponent;                                                          \
        const vector table = BY_##BASE(n, all(BASE##_OF_2_HIGH), lookup(BASE##_HIGH, given.part)); /* exact */ \
        const vector table_low = BY_##BASE##_LOW(n, all(BASE##_OF_2_LOW), lookup(BASE##_LOW, given.part));   \
        const struct pair rest = exact_rest(given);                                                            \
        const struct pair sum = sum_with_product(table, rest.high, all(BASE##_OF_E_HIGH));                   \
        const vector series = fused(rest.high, POLYNOMIAL(BASE##_REST, rest.high), all(BASE##_OF_E_LOW));    \
        const vector low = BY_TYPE(fused(rest.low * (all(1) - rest.high), all(BASE##_OF_E_HIGH), sum.low), sum.low); \
        return sum.high + fused(rest.high, series, low + table_low);                                         \
    }                                                                                                        \
    static inline vector name##_of(vector x, mask *ask)                                                      \
    {                                                                                                        \
        *ask = is_not_positive_normal(x);                                                                    \
        return name##_less(x, all(0));                                                                       \
    }                                                                                                        \
    static inline void name##_rare(vector x, struct rare *rare)                                              \
    {                                                                                                        \
        const mask small = BOTH(is_subnormal(x), NOT(is_negative(x)));                                       \
        if (is_left(rare, small))                                                                            \
            settle(rare, small, name##_less(units_of(x), all(MANTISSA + BIAS - 1)));                            \
        settle_log(rare, x);                                                                                 \
    }
#define BY_LOG(n, factor, addend) fused(n, factor, addend)
#define BY_LOG_LOW(n, factor, addend) fused(n, factor, addend)
#define BY_LOG10(n, factor, addend) fused(n, factor, addend)
#define BY_LOG10_LOW(n, factor, addend) fused(n, factor, addend)
#define BY_LOG2(n, factor, addend) ((n) + (addend)) /* the logarithm of 2 is 1 */
#define BY_LOG2_LOW(n, factor, addend) (addend)

/* log(2^exponent m (x + low) / x), of x = 2^n m reduced, and of a low that is not larger than what x's last bit stands for. */
static inline vector log_of_sum(struct reduced given, vector low)
{
    const vector scale = (vector)(POWER_BITS(0) - given.exponent_bits);
    const struct pair start = exact_rest(given);
    const struct pair rest = sum_of(start.high, BY_TYPE(fused(low * scale, given.inverse, start.low), low * scale * given.inverse));
    const vector table = fused(given.exponent, all(LOG_OF_2_HIGH), lookup(LOG_HIGH, given.part)); /* exact */
    const vector table_low = fused(given.exponent, all(LOG_OF_2_LOW), lookup(LOG_LOW, given.part));
    const struct pair sum = sum_of(table, rest.high);
    const vector small = (sum.low + rest.low) + table_low;
    return sum.high + fused(rest.high * rest.high, POLYNOMIAL(LOG_REST, rest.high), small);
}

static inline vector log1p_of(vector x, mask *ask)
{
    const struct pair sum = sum_of_any(all(1), x);
    *ask = EITHER(is_outside((integers)sum.high, POWER_BITS(1 - BIAS), POWER_BITS(BIAS)), is_nan_or_subnormal(x));
    return signed_as(log_of_sum(reduce(sum.high), sum.low), sign_of(x));
}

static inline void log1p_rare(vector x, struct rare *rare)
{
    settle_small(rare, x);
    const mask large = BOTH(is_below(all(1), x), NOT(is_infinite(x)));
    if (is_left(rare, large)) {
        struct reduced given = reduce(x * all((number)0x1p-64f));
        given.exponent += all(64);
        settle(rare, large, log_of_sum(given, all(0)));
    }
    settle_log(rare, x + all(1));
}

/* The root of a sum of two numbers, as such a sum. */
static inline struct pair root_of_sum(struct pair x)
{
    const vector high = root(x.high);
    return (struct pair){high, (fused(-high, high, x.high) + x.low) / (high + high)};
}

/* log(x + root), which for large x is log(2 x). */
static inline vector log_with_root(vector x, struct pair root_of, struct pair sum)
{
    const mask large = is_below(all(BY_TYPE(0x1p28, 0x1p13f)), x);
    struct reduced given = reduce(choose(large, x * all((number)0.5), sum.high));
    given.exponent += choose(large, all(2), all(0));
    return log_of_sum(given, choose(large, all(0), sum.low + root_of.low));
}

static inline vector arcsinh_of(vector x, mask *ask)
{
    const vector size = size_of(x);
    const mask small = is_below(size, all(BY_TYPE(0x1p-20, 0x1p-8f)));
    *ask = is_unusual(x);
    const struct pair square = product_of(size, size), more = sum_of_any(square.high, all(1));
    const struct pair other = root_of_sum((struct pair){more.high, more.low + square.low}), sum = sum_of(other.high, size);
    const vector near = fused(size * square.high, all((number)(-1.0 / 6)), size);
    return signed_as(choose(small, near, log_with_root(size, other, sum)), sign_of(x));
}

static inline void arcsinh_rare(vector x, struct rare *rare)
{
    settle_small(rare, x);
    settle(rare, rare->left, x);
}

static inline vector arccosh_of(vector x, mask *ask)
{
    *ask = is_outside((integers)x, POWER_BITS(0) + 1, INFINITE_BITS);
    const struct pair square = product_of(x, x), less = sum_of(square.high, all(-1));
    const struct pair other = root_of_sum((struct pair){less.high, less.low + square.low}), sum = sum_of(x, other.high);
    return log_with_root(x, other, sum);
}

static inline void arccosh_rare(vector x, struct rare *rare)
{
    settle_raising(rare, is_below(x, all(1)), all((number)NAN), FE_INVALID);
    settle(rare, is_infinite(x), x);
    settle(rare, rare->left, all(0)); /* of 1 */
}

/* Half the logarithm of (1 + x) / (1 - x). */
static inline vector arctanh_of(vector x, mask *ask)
{
    const vector size = size_of(x);
    const mask small = is_below(size, all(BY_TYPE(0x1p-15, 0x1p-7f)));
    *ask = is_outside((integers)size, POWER_BITS(1 - BIAS), POWER_BITS(0));
    const struct pair above = sum_of(all(1), size), below = sum_of(all(1), -size);
    const vector inverse = 1 / below.high, quotient = above.high * inverse;
    const vector rest = fused(-quotient, below.high, above.high) + fused(-quotient, below.low, above.low);
    const vector log = log_of_sum(reduce(quotient), rest * inverse) * all((number)0.5);
    return signed_as(choose(small, fused(size * (size * size), all((number)(1.0 / 3)), size), log), sign_of(x));
}

static inline void arctanh_rare(vector x, struct rare *rare)
{
    settle_small(rare, x);
    settle_raising(rare, is_below(all(1), size_of(x)), all((number)NAN), FE_INVALID);
    settle_raising(rare, rare->left, signed_as(all((number)INFINITY), sign_of(x)), FE_DIVBYZERO);
}
#endif
