/* half_exponential.c - powers of e and 2, and hyperbolic functions, of half floats: x = n log(2) + r. */
#define HALF_FUNCTIONS
#include "sim/tensor/rows/halves.h"

/* The bits of 2^n, less those of 1, whose last bits are `shifted`'s. */
static inline integers scale_of(vector shifted)
{
    return (integers)shifted << MANTISSA;
}

/* e^r - 1; r itself, of a small one */
static inline vector expm1_near(vector r)
{
    return fused(r * r, POLYNOMIAL(HALF_EXP_REST, r), r);
}

struct exponent {
    vector rest;
    integers scale;
};

/* Of a size that is not above 2^6; rest is exact where it is x. */
static inline struct exponent exponent_of(vector x)
{
    const vector shifted = fused(x, all(1 / LOG_OF_2), all(TO_WHOLE));
    return (struct exponent){fused(shifted - all(TO_WHOLE), all(-LOG_OF_2), x), scale_of(shifted)};
}

static inline vector within(vector x, float most)
{
    return greatest(least(x, all(most)), all(-most));
}

/* 2^(n + r), n in the last bits of `shifted` */
static inline vector power_with(vector shifted, vector r)
{
    return (vector)((integers)POLYNOMIAL(HALF_POWER, r) + scale_of(shifted));
}

static inline vector exp_of(vector x, mask *ask)
{
    *ask = is_not_finite(x);
    const vector given = within(x, 24); /* half floats' powers are within */
    const vector shifted = fused(given, all(1 / LOG_OF_2), all(TO_WHOLE)), whole = shifted - all(TO_WHOLE);
    return power_with(shifted, fused(given, all(1 / LOG_OF_2), -whole));
}

static inline vector exp2_of(vector x, mask *ask)
{
    *ask = is_not_finite(x);
    const vector given = within(x, 30), shifted = given + all(TO_WHOLE);
    return power_with(shifted, given - (shifted - all(TO_WHOLE)));
}

/* e^x - 1 = 2^n (e^r - 1) + (2^n - 1) */
static inline vector expm1_finite(vector x)
{
    const struct exponent e = exponent_of(x);
    const vector power = (vector)(POWER_BITS(0) + e.scale);
    return fused(power, expm1_near(e.rest), power - all(1));
}

static inline vector expm1_of(vector x, mask *ask)
{
    *ask = is_not_finite(x);
    return signed_as(size_of(expm1_finite(within(x, 24))), sign_of(x)); /* -0 has one */
}

/* e^x and e^-x, halved: with 2^n and 2^-n, and the hyperbolic functions of r */
struct hyperbolic {
    vector sum, difference, even, odd;
};

static inline struct hyperbolic hyperbolic_of(vector x)
{
    const struct exponent e = exponent_of(x);
    const vector power = (vector)(POWER_BITS(-1) + e.scale), inverse = (vector)(POWER_BITS(-1) - e.scale);
    const vector square = e.rest * e.rest;
    struct hyperbolic made = {.sum = power + inverse, .difference = power - inverse};
    made.even = fused(square, POLYNOMIAL(HALF_COSH_REST, square), all(1));
    made.odd = odd_series(e.rest, square, POLYNOMIAL(HALF_SINH_REST, square));
    return made;
}

static inline vector sinh_finite(struct hyperbolic parts)
{
    return fused(parts.odd, parts.sum, parts.even * parts.difference);
}

static inline vector cosh_finite(struct hyperbolic parts)
{
    return fused(parts.even, parts.sum, parts.odd * parts.difference);
}

static inline vector sinh_of(vector x, mask *ask)
{
    *ask = is_not_finite(x);
    return signed_as(size_of(sinh_finite(hyperbolic_of(within(x, 16)))), sign_of(x));
}

static inline vector cosh_of(vector x, mask *ask)
{
    *ask = is_not_finite(x);
    return cosh_finite(hyperbolic_of(within(x, 16)));
}

static inline vector tanh_of(vector x, mask *ask)
{
    *ask = is_not_finite(x);
    const struct hyperbolic parts = hyperbolic_of(within(x, 8)); /* beyond, the result is 1 */
    return signed_as(size_of(sinh_finite(parts) / cosh_finite(parts)), sign_of(x));
}

HALF_ROW(exp)
HALF_ROW(exp2)
HALF_ROW(expm1)
HALF_ROW(sinh)
HALF_ROW(cosh)
HALF_ROW(tanh)
