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

static inline number cbrt_special(number x)
{
    mask ask;
    return isinf(x) ? x : cbrt_of(all(x * BY_TYPE(0x1p54, 0x1p24f)), &ask)[0] * BY_TYPE(0x1p-18, 0x1p-8f);
}

/* sqrt(x^2 + y^2). The root's rest is divided by a number that is near enough to twice the root. */
static inline vector length_of(vector x, vector y, mask *ask)
{
    const vector size = size_of(x), other = size_of(y), large = greatest(size, other);
    const vector small = least(other, size); /* so that NaN is one of the two */
    *ask = EITHER(is_outside((integers)large, POWER_BITS(BY_TYPE(-400, -40)), POWER_BITS(BY_TYPE(500, 60))),
                  is_outside((integers)small, 0, INFINITE_BITS));
    const struct pair square = product_of(large, large), other_square = product_of(small, small);
    const struct pair sum = sum_of(square.high, other_square.high);
    const vector low = sum.low + (square.low + other_square.low), made = root(sum.high);
    const vector guess = (vector)(BY_TYPE(0x7fde6238502484ba, 0x7ef311c7) - (integers)(made + made)); /* within 6% of the inverse */
    const vector inverse = guess * fused(-(made + made), guess, all(2));
    return fused(fused(-made, made, sum.high) + low, inverse, made);
}

/* Of zeros, numbers whose squares are not usual, infinities and what is no number. */
static inline number length_special(number x, number y)
{
    mask ask;
    if (isinf(x) || isinf(y))
        return (number)INFINITY;
    if (x != x || y != y)
        return x + kept(y);
    const number size = (number)fabs((double)x), other = (number)fabs((double)y), large = size > other ? size : other;
    if (size == 0 || other == 0)
        return large;
    const number down = large > 1 ? BY_TYPE(0x1p-600, 0x1p-100f) : BY_TYPE(0x1p600, 0x1p100f);
    const number up = large > 1 ? BY_TYPE(0x1p600, 0x1p100f) : BY_TYPE(0x1p-600, 0x1p-100f);
    const flag_state state = flags_now(); /* the lesser may underflow */
    const number scaled = kept(length_of(all(size * down), all(other * down), &ask)[0]);
    flags_restore(state);
    return small_number(kept(scaled) * up);
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
