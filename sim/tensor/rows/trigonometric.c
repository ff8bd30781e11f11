/* trigonometric.c - sines, cosines and tangents: of the nearest sixteenth of pi from a table, of the rest by series. */
#include "sim/tensor/rows/vector.h"

#include "sim/tensor/rows/tables.h"

/* |x| = slices * pi / 16 + rest, |rest| < 0.0982; of `slices`, the last bits count. */
struct sliced {
    integers slices;
    struct pair rest;
};

/* Up to 2^20: each of the products is exact, or subtracted with one rounding that is known. */
static inline struct sliced slice(vector size)
{
    const vector shifted = fused(size, all(SLICES_A_RADIAN), all(TO_WHOLE)), whole = shifted - TO_WHOLE;
    const vector near = fused(whole, all(-SLICE_HIGH), size), rest = fused(whole, all(-SLICE_MIDDLE), near);
    const vector rest_low = fused(whole, all(-SLICE_MIDDLE), near - rest);
    return (struct sliced){(integers)shifted, {rest, fused(whole, all(-SLICE_LOW), rest_low)}};
}

static inline mask is_rare(vector size)
{
    return either(is_from((integers)size, POWER_BITS(20)), is_subnormal(size));
}

/* The sine of (slices + turn) * pi / 16 + rest, of the table's sine s and cosine c: s + c r + ..., less its sign. */
static inline vector sine_of_slice(struct sliced given, int64_t turn)
{
    const integers index = given.slices + turn;
    const vector r = given.rest.high, square = r * r;
    const vector sine = lookup_16(SINE, index), cosine = lookup_16(COSINE, index);
    const vector sines = fused(square, fused(square, series_2(SINE_SERIES + 2, square), all(SINE_SERIES[1])), all(SINE_SERIES[0]));
    const vector beyond = fused(square * r, sines, given.rest.low); /* sin(r) - r */
    const vector cosines = fused(square, fused(square, all(COSINE_SERIES[2]), all(COSINE_SERIES[1])), all(COSINE_SERIES[0]));
    const vector lack = square * fused(square, cosines, all(-0.5)); /* cos(r) - 1 */
    const struct pair linear = product_of(cosine, r), sum = sum_of(sine, linear.high);
    const vector low = fused(sine, lack, fused(cosine, beyond, linear.low)) + sum.low;
    return sum.high + fused(sum.high + low, -lookup_16(EXCESS, index), low);
}

static inline vector sin_of(vector x, mask *rare)
{
    const vector size = (vector)size_bits(x);
    const struct sliced given = slice(size);
    *rare = is_rare(size);
    return with_sign(sine_of_slice(given, 0), ((given.slices << 59) ^ (integers)x) & INT64_MIN);
}

static inline vector cos_of(vector x, mask *rare)
{
    const vector size = (vector)size_bits(x);
    const struct sliced given = slice(size);
    *rare = is_rare(size);
    return with_sign(sine_of_slice(given, 8), ((given.slices + 8) << 59) & INT64_MIN);
}

/* tan(a + r) = (sin(a) + cos(a) t) / (cos(a) - sin(a) t), t = tan(r) */
static inline vector tangent_of_slice(struct sliced given)
{
    const vector r = given.rest.high, square = r * r, fourth = square * square;
    const vector sine = lookup_16(SINE, given.slices), cosine = lookup_16(COSINE, given.slices);
    const vector series = fused(fourth, series_2(TANGENT_SERIES + 4, square), series_2(TANGENT_SERIES + 2, square));
    const vector beyond = fused(square * r, fused(fourth, series, series_2(TANGENT_SERIES, square)), given.rest.low);
    const vector top = fused(cosine, r, sine), bottom = fused(-sine, r, cosine);
    const vector top_low = fused(cosine, beyond, fused(cosine, r, sine - top));
    const vector bottom_low = fused(-sine, beyond, fused(-sine, r, cosine - bottom));
    const vector inverse = 1 / (bottom + bottom_low), quotient = top * inverse;
    const vector rest = fused(-quotient, bottom, top) + fused(-quotient, bottom_low, top_low);
    return fused(rest, inverse, quotient);
}

static inline vector tan_of(vector x, mask *rare)
{
    const vector size = (vector)size_bits(x);
    *rare = is_rare(size);
    return with_sign(tangent_of_slice(slice(size)), (integers)x & INT64_MIN);
}

static inline double power_of_two(int exponent) /* of a normal number */
{
    const int64_t bits = POWER_BITS(exponent);
    double power;
    memcpy(&power, &bits, sizeof power);
    return power;
}

/* The sixteenths of pi in a large number, by integers: its mantissa times those bits of 16 / pi that leave something below 32. */
static struct sliced slice_large(double size)
{
    __extension__ typedef unsigned __int128 wide;
    uint64_t bits;
    memcpy(&bits, &size, sizeof bits);
    const uint64_t mantissa = (bits & (((uint64_t)1 << 52) - 1)) | (uint64_t)1 << 52;
    /* size * 16 / pi = mantissa * 2^scale / pi; bits of 1 / pi whose weight there is 32 and more are not needed */
    const int scale = (int)(bits >> 52) - 1023 - 52 + 4;
    const int skipped = scale > 5 ? scale - 5 : 0, shift = skipped % 64;
    const uint64_t *words = INVERSE_PI + skipped / 64;
    uint64_t window[4]; /* of 1 / pi * 2^skipped, less its whole part */
    for (int i = 0; i < 4; i++)
        window[i] = shift ? words[i] << shift | words[i + 1] >> (64 - shift) : words[i];
    uint64_t product[4]; /* mantissa * window, less its whole part, the most significant word first */
    wide carry = 0;
    for (int i = 3; i >= 0; i--) {
        carry += (wide)mantissa * window[i];
        product[i] = (uint64_t)carry;
        carry >>= 64;
    }
    /* times 2^5, or less for those just above 2^20; what leaves on the left are whole slices, which are counted with the carry */
    const int left = scale - skipped;
    wide high = (wide)product[0] << 64 | product[1], low = (wide)product[2] << 64 | product[3];
    uint64_t whole = (uint64_t)carry;
    if (left > 0) {
        whole = whole << left | (uint64_t)(high >> (128 - left));
        high = high << left | low >> (128 - left);
        low <<= left;
    } else if (left < 0) {
        low = low >> -left | high << (128 + left);
        high = high >> -left | (wide)carry << (128 + left);
        whole = (uint64_t)(carry >> -left);
    }
    const bool above = high >> 127; /* the nearest is the next one */
    whole += above;
    if (above) {
        low = ~low;
        high = ~high;
    }
    /* to two doubles; the distance is at least 2^-64 or so */
    const int zeros = (uint64_t)(high >> 64) ? __builtin_clzll((uint64_t)(high >> 64)) : 64;
    high = zeros ? high << zeros | low >> (128 - zeros) : high;
    const double unit = above ? -power_of_two(-zeros) : power_of_two(-zeros);
    const double first = (double)(uint64_t)(high >> 75) * (unit * 0x1p-53);
    const double second = (double)((uint64_t)(high >> 22) & (((uint64_t)1 << 53) - 1)) * (unit * 0x1p-106);
    const struct pair rest = product_of(all(first), all(SLICE_PAIR_HIGH));
    const vector rest_low = fused(all(first), all(SLICE_PAIR_LOW), fused(all(second), all(SLICE_PAIR_HIGH), rest.low));
    return (struct sliced){(integers){0} + (int64_t)(whole & 31), normal((struct pair){rest.high, rest_low})};
}

/* NaN, infinity, or a subnormal number, whose sine and tangent are itself. */
static bool is_special(double x, double *result)
{
    *result = x;
    if (isnan(x)) {
        *result = x + x;
    } else if (isinf(x)) {
        raise_invalid();
        *result = (double)NAN;
    } else if (fabs(x) < 1) {
        raise_underflow();
    } else {
        return false;
    }
    return true;
}

static double sin_of_rare(double x)
{
    double result;
    if (is_special(x, &result))
        return result;
    const struct sliced given = slice_large(fabs(x));
    return with_sign(sine_of_slice(given, 0), ((given.slices << 59) ^ (integers)all(x)) & INT64_MIN)[0];
}

static double cos_of_rare(double x)
{
    double result;
    if (isless(fabs(x), 1))
        return 1;
    if (is_special(x, &result))
        return result;
    const struct sliced given = slice_large(fabs(x));
    return with_sign(sine_of_slice(given, 8), ((given.slices + 8) << 59) & INT64_MIN)[0];
}

static double tan_of_rare(double x)
{
    double result;
    if (is_special(x, &result))
        return result;
    return with_sign(tangent_of_slice(slice_large(fabs(x))), (integers)all(x) & INT64_MIN)[0];
}

ROW_FUNCTION(sin)
ROW_FUNCTION(cos)
ROW_FUNCTION(tan)
