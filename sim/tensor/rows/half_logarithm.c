/* half_logarithm.c - logarithms of half floats, inverses of hyperbolic functions, which are logarithms, and cube roots. */
#define HALF_FUNCTIONS
#include "sim/tensor/rows/halves.h"

/* x = 2^exponent (1 + rest) / inverse */
struct reduced {
    vector rest, exponent;
    integers part;
};

/* Of a positive normal number. */
static inline struct reduced reduce(vector x)
{
    const integers offset = (integers)x - LOG_START;
    const integers exponent = offset & (SIGN_BIT >> (sizeof(word) * 8 - 1 - MANTISSA)), part = offset >> (MANTISSA - PART_BITS);
    const vector mantissa = (vector)((integers)x - exponent);
    return (struct reduced){fused(mantissa, lookup(INVERSE, part), all(-1)),
                            __builtin_convertvector(exponent >> MANTISSA, vector), part};
}

static inline vector log_of_reduced(struct reduced given)
{
    const vector table = fused(given.exponent, all(LOG_OF_2), lookup(HALF_LOG, given.part));
    return fused(given.rest, POLYNOMIAL(HALF_LOG_REST, given.rest), table);
}

static inline vector log_of(vector x, mask *ask)
{
    *ask = is_not_positive_normal(x);
    return log_of_reduced(reduce(x));
}

static inline vector log2_of(vector x, mask *ask)
{
    *ask = is_not_positive_normal(x);
    const struct reduced given = reduce(x);
    return fused(given.rest, POLYNOMIAL(HALF_LOG2_REST, given.rest), given.exponent + lookup(HALF_LOG2, given.part));
}

static inline vector log10_of(vector x, mask *ask)
{
    *ask = is_not_positive_normal(x);
    const struct reduced given = reduce(x);
    const vector table = fused(given.exponent, all(HALF_LOG10_OF_2), lookup(HALF_LOG10, given.part));
    return fused(given.rest, POLYNOMIAL(HALF_LOG10_REST, given.rest), table);
}

static inline vector log1p_of(vector x, mask *ask)
{
    const vector sum = x + all(1);
    *ask = is_not_positive_normal(sum);
    struct reduced given = reduce(sum);
    given.rest += x - (sum - all(1)); /* what the sum lost, next to 1 */
    return signed_as(size_of(log_of_reduced(given)), sign_of(x));
}

static inline vector arcsinh_of(vector x, mask *ask)
{
    *ask = is_not_finite(x);
    const vector size = size_of(x), square = x * x;
    const vector far = log_of_reduced(reduce(size + root(square + all(1))));
    const vector near = odd_series(size, square, POLYNOMIAL(HALF_ARCSINH_REST, square));
    return signed_as(choose(is_below(size, all(0.25f)), near, far), sign_of(x));
}

static inline vector arccosh_of(vector x, mask *ask)
{
    *ask = is_outside((integers)x, POWER_BITS(0), INFINITE_BITS);
    return log_of_reduced(reduce(x + root((x - all(1)) * (x + all(1)))));
}

static inline vector arctanh_of(vector x, mask *ask)
{
    const vector size = size_of(x), square = x * x;
    *ask = is_outside((integers)size, 0, POWER_BITS(0));
    const vector far = log_of_reduced(reduce((all(1) + size) / (all(1) - size))) * all(0.5f);
    const vector near = odd_series(size, square, POLYNOMIAL(HALF_ARCTANH_REST, square));
    return signed_as(choose(is_below(size, all(0.125f)), near, far), sign_of(x));
}

/* x y^2, where y is next to the inverse of the root: a third of the bits' difference from those of 1, and two steps of Newton's. */
static inline vector cbrt_of(vector x, mask *ask)
{
    *ask = is_not_finite(x);
    const vector size = size_of(x), bits = __builtin_convertvector((integers)size, vector);
    const vector guess = (vector)__builtin_convertvector(fused(bits, all(-1 / 3.0f), all(0x54a1fp12f)), integers);
    const vector error = fused(-size * guess, guess * guess, all(1));
    const vector inverse = fused(guess * error, fused(error, all(0.22368918f), all(0.33441869f)), guess);
    const vector made = x * inverse * inverse;
    return fused(made * fused(-size_of(made), inverse, all(1)), all(2 / 3.0f), made);
}

HALF_ROW(log)
HALF_ROW(log2)
HALF_ROW(log10)
HALF_ROW(log1p)
HALF_ROW(arcsinh)
HALF_ROW(arccosh)
HALF_ROW(arctanh)
HALF_ROW(cbrt)
