/* lane_root.h - cube roots, and the lengths of complex numbers. */
#ifndef HYBRIDSIM_SIM_TENSOR_ROWS_LANE_ROOT_H
#define HYBRIDSIM_SIM_TENSOR_ROWS_LANE_ROOT_H

#include "sim/tensor/rows/lane_logarithm.h"

/* x = 2^(3 k + j) (1 + rest) / inverse with j = -1, 0 or 1; the roots of 2^j and of 1 / inverse are in tables. */
static inline vector cbrt_of(vector x, mask *ask)
{
    *ask = is_unusual(x);
    const struct reduced given = reduce(size_of(x));
    const vector third = fused(given.exponent, all((number)(1.0 / 3)), all(TO_WHOLE)); /* k in the last bits */
    const integers k = (integers)third - (integers)all(TO_WHOLE);
    const integers j = k + (given.exponent_bits >> MANTISSA); /* modulo 4 */
    const vector turn = lookup(TURN_HIGH, j);
    const struct pair table = product_of(lookup(CUBE_ROOT_HIGH, given.part), turn);
    const vector low = fused(lookup(CUBE_ROOT_LOW, given.part), turn,
                             fused(lookup(CUBE_ROOT_HIGH, given.part), lookup(TURN_LOW, j), table.low));
    const vector rest = rounded_rest(given), less_one = rest * POLYNOMIAL(CUBE_ROOT_REST, rest);
    const vector made = (table.high + fused(table.high, less_one, low)) * (vector)(POWER_BITS(0) + (k << MANTISSA));
    return signed_as(choose(is_not_zero(size_bits(x)), made, all(0)), sign_of(x));
}

static inline void cbrt_rare(vector x, struct rare *rare)
{
    mask ask;
    settle(rare, is_infinite(x), x);
    if (lanes_of(rare->left))
        settle(rare, rare->left, cbrt_of(x * all(BY_TYPE(0x1p54, 0x1p24f)), &ask) * all(BY_TYPE(0x1p-18, 0x1p-8f)));
}

/* sqrt(x^2 + y^2) = root + rest * inverse; the inverse is one of a number that is near enough to twice the root. */
struct length {
    vector root, rest, inverse;
};

static inline struct length length_parts(vector large, vector small)
{
    const struct pair square = product_of(large, large), other_square = product_of(small, small);
    const struct pair sum = sum_of(square.high, other_square.high);
    const vector low = sum.low + (square.low + other_square.low), made = root(sum.high);
    const vector guess = (vector)(BY_TYPE(0x7fde6238502484ba, 0x7ef311c7) - (integers)(made + made)); /* within 6% of the inverse */
    const vector inverse = guess * fused(-(made + made), guess, all(2));
    return (struct length){made, fused(-made, made, sum.high) + low, inverse};
}

static inline vector length_of(vector x, vector y, mask *ask)
{
    const vector size = size_of(x), other = size_of(y), large = greatest(size, other);
    const vector small = least(other, size); /* so that NaN is one of the two */
    *ask = EITHER(is_outside((integers)large, POWER_BITS(BY_TYPE(-400, -40)), POWER_BITS(BY_TYPE(500, 60))),
                  is_outside((integers)small, 0, INFINITE_BITS));
    const struct length parts = length_parts(large, small);
    return fused(parts.rest, parts.inverse, parts.root);
}

/* Of zeros, numbers whose squares are not usual, infinities and what is no number. */
static inline void length_rare(vector x, vector y, struct rare *rare)
{
    const vector size = size_of(x), other = size_of(y), greater = greatest(size, other), lesser = least(size, other);
    settle(rare, EITHER(is_infinite(x), is_infinite(y)), all((number)INFINITY));
    settle_nan(rare, x);
    settle_nan(rare, y);
    settle(rare, NOT(BOTH(is_not_zero((integers)size), is_not_zero((integers)other))), greater);
    if (!lanes_of(rare->left))
        return;
    const mask large = is_below(all(1), greater);
    const vector down = choose(large, all(BY_TYPE(0x1p-600, 0x1p-100f)), all(BY_TYPE(0x1p600, 0x1p100f)));
    const vector up = choose(large, all(BY_TYPE(0x1p600, 0x1p100f)), all(BY_TYPE(0x1p-600, 0x1p-100f)));
    const struct length parts = length_parts(greater * down, lesser * down);
    const vector low = parts.rest * parts.inverse;
    /* Added, it leaves what a subnormal number has room for. */
    const vector limit = choose(large, all(0), all(BY_TYPE(0x1p-422, 0x1p-26f)));
    const vector to_unit = choose(is_below(parts.root, limit), limit, all(0)), first = to_unit + parts.root;
    const vector rest = (parts.root - (first - to_unit)) + low;
    const vector made = ((first + rest) - to_unit) * up;
    settle_raising(rare, is_infinite(made), made, FE_OVERFLOW);
    settle_raising(rare, is_subnormal(made), made, FE_UNDERFLOW);
    settle(rare, rare->left, made);
}

/* A row of complex numbers, whose parts adjoin. */
#define ROW_OF_COMPLEX(name, function)                                                                       \
    void ROWS(name)(const number *from, number *to, int64_t count)                                           \
    {                                                                                                        \
        flag_state state = flags_now();                                                                      \
        int64_t i = 0;                                                                                       \
        for (; i + LANES <= count; i += LANES) {                                                             \
            const vector first = load(from + 2 * i), second = load(from + 2 * i + LANES);                    \
            store(to + i, function##_whole(EVERY_OTHER(first, second, 0), EVERY_OTHER(first, second, 1), &state)); \
        }                                                                                                    \
        for (; i < count; i++)                                                                               \
            to[i] = function##_whole(all(from[2 * i]), all(from[2 * i + 1]), &state)[0];                     \
        flags_restore(state);                                                                                \
    }
#endif
