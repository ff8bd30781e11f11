/* loops_math.c - mathematical functions over floats and complex numbers: those of real numbers through rows (sim/tensor/rows), those of
 * complex ones by the C library. */
#include "sim/tensor/loops.h"

#include "sim/tensor/complex_values.h" /* last: it makes `complex` a keyword */

#ifdef COMPILING_WIDE_LOOPS
#include <immintrin.h>
#endif
#include <fenv.h>

#define REAL_FUNCTION(name, function)                                                                        \
    UNARY_LOOP(name##_FLOAT64, double, double, function(a))                                                  \
    UNARY_LOOP(name##_FLOAT32, float, float, function##f(a))                                                 \
    UNARY_LOOP(name##_FLOAT16, half, half, float_to_half(function##f(half_to_float(a))))
#define REAL_TABLE(name) const loop_table LOOPS(name) = {REAL_ENTRIES(name)};
#define COMPLEX_FUNCTION(name, function)                                                                     \
    static complex_double name##_of_double(complex_double a)                                                 \
    {                                                                                                        \
        double _Complex z = function(CMPLX(a.real, a.imaginary));                                            \
        return (complex_double){creal(z), cimag(z)};                                                         \
    }                                                                                                        \
    static complex_float name##_of_float(complex_float a)                                                    \
    {                                                                                                        \
        float _Complex z = function##f(CMPLXF(a.real, a.imaginary));                                         \
        return (complex_float){crealf(z), cimagf(z)};                                                        \
    }                                                                                                        \
    UNARY_LOOP(name##_COMPLEX128, complex_double, complex_double, name##_of_double(a))                       \
    UNARY_LOOP(name##_COMPLEX64, complex_float, complex_float, name##_of_float(a))
#define BOTH_TABLE(name) const loop_table LOOPS(name) = {REAL_ENTRIES(name) COMPLEX_ENTRIES(name)};
#define ROW_REAL_FUNCTION(name)                                                                              \
    ROW_LOOP(name)                                                                                           \
    SINGLE_LOOPS(name)
#define LANE_REAL_FUNCTION(name)                                                                             \
    LANE_LOOP(name, FLOAT64, lanes_of_doubles, name##_doubles)                                               \
    SINGLE_LOOPS(name)
#define ROW_FUNCTION(name, function)                                                                         \
    ROW_REAL_FUNCTION(name)                                                                                  \
    COMPLEX_FUNCTION(name, c##function)                                                                      \
    BOTH_TABLE(name)
#define LANE_FUNCTION(name, function)                                                                        \
    LANE_REAL_FUNCTION(name)                                                                                 \
    COMPLEX_FUNCTION(name, c##function)                                                                      \
    BOTH_TABLE(name)

ROW_FUNCTION(exp, exp)
ROW_FUNCTION(log, log)
ROW_FUNCTION(sin, sin)
ROW_FUNCTION(cos, cos)
ROW_FUNCTION(tan, tan)
ROW_FUNCTION(arcsin, asin)
ROW_FUNCTION(arccos, acos)
ROW_FUNCTION(arctan, atan)
LANE_FUNCTION(sinh, sinh)
LANE_FUNCTION(cosh, cosh)
LANE_FUNCTION(tanh, tanh)
LANE_FUNCTION(arcsinh, asinh)
LANE_FUNCTION(arccosh, acosh)
LANE_FUNCTION(arctanh, atanh)
LANE_REAL_FUNCTION(cbrt)
REAL_TABLE(cbrt)

UNARY_LOOP(sqrt_FLOAT64, double, double, __builtin_sqrt(a))
UNARY_LOOP(sqrt_FLOAT32, float, float, __builtin_sqrtf(a))
UNARY_LOOP(sqrt_FLOAT16, half, half, float_to_half(__builtin_sqrtf(half_to_float(a))))
COMPLEX_FUNCTION(sqrt, csqrt)
BOTH_TABLE(sqrt)

/* Those of complex numbers that C lacks, from the natural ones. */
static double _Complex log_scaled(double _Complex z, double scale)
{
    double _Complex natural = clog(z);
    return CMPLX(creal(natural) * scale, cimag(natural) * scale);
}
static double _Complex clog2_(double _Complex z)
{
    return log_scaled(z, 1.442695040888963407359924681001892137);
}
static double _Complex clog10_(double _Complex z)
{
    return log_scaled(z, 0.434294481903251827651128918916605082);
}
static double _Complex cexp2_(double _Complex z)
{
    double scale = 0.693147180559945309417232121458176568;
    return cexp(CMPLX(creal(z) * scale, cimag(z) * scale));
}
static double _Complex cexpm1_(double _Complex z)
{
    double half_sine = sin(cimag(z) / 2);
    return CMPLX(expm1(creal(z)) * cos(cimag(z)) - 2 * half_sine * half_sine, exp(creal(z)) * sin(cimag(z)));
}
static double _Complex clog1p_(double _Complex z)
{
    double length = hypot(creal(z) + 1, cimag(z));
    return CMPLX(log(length), atan2(cimag(z), creal(z) + 1));
}
static float _Complex clog2_f(float _Complex z)
{
    float _Complex natural = clogf(z);
    float scale = 1.442695040888963407359924681001892137f;
    return CMPLXF(crealf(natural) * scale, cimagf(natural) * scale);
}
static float _Complex clog10_f(float _Complex z)
{
    float _Complex natural = clogf(z);
    float scale = 0.434294481903251827651128918916605082f;
    return CMPLXF(crealf(natural) * scale, cimagf(natural) * scale);
}
static float _Complex cexp2_f(float _Complex z)
{
    float scale = 0.693147180559945309417232121458176568f;
    return cexpf(CMPLXF(crealf(z) * scale, cimagf(z) * scale));
}
static float _Complex cexpm1_f(float _Complex z)
{
    float half_sine = sinf(cimagf(z) / 2);
    return CMPLXF(expm1f(crealf(z)) * cosf(cimagf(z)) - 2 * half_sine * half_sine, expf(crealf(z)) * sinf(cimagf(z)));
}
static float _Complex clog1p_f(float _Complex z)
{
    float length = hypotf(crealf(z) + 1, cimagf(z));
    return CMPLXF(logf(length), atan2f(cimagf(z), crealf(z) + 1));
}

ROW_REAL_FUNCTION(exp2)
COMPLEX_FUNCTION(exp2, cexp2_)
BOTH_TABLE(exp2)
LANE_REAL_FUNCTION(expm1)
COMPLEX_FUNCTION(expm1, cexpm1_)
BOTH_TABLE(expm1)
ROW_REAL_FUNCTION(log2)
COMPLEX_FUNCTION(log2, clog2_)
BOTH_TABLE(log2)
LANE_REAL_FUNCTION(log10)
COMPLEX_FUNCTION(log10, clog10_)
BOTH_TABLE(log10)
LANE_REAL_FUNCTION(log1p)
COMPLEX_FUNCTION(log1p, clog1p_)
BOTH_TABLE(log1p)

/* ---- rounding ---- */

#ifdef COMPILING_WIDE_LOOPS /* compilers leave these scalar, for the sake of a flag that nobody reads */
#define ROUNDING_ROW(name, T, N, vector, LOAD, ROUND, STORE, way)                                            \
    static void name##_##N(char *const *data, const int64_t *steps, int64_t count)                           \
    {                                                                                                        \
        enum { LANES = sizeof(vector) / sizeof(T) };                                                         \
        const bool adjoining = steps[0] == sizeof(T) && steps[1] == sizeof(T);                               \
        const T *from = (const T *)(const void *)data[0];                                                    \
        T *to = (T *)(void *)data[1];                                                                        \
        int64_t done = 0;                                                                                    \
        for (const int64_t last = adjoining ? count - LANES : -1; done <= last; done += LANES)               \
            STORE(to + done, ROUND(LOAD(from + done), (way) | _MM_FROUND_NO_EXC));                           \
        char *rest[2] = {data[0] + done * steps[0], data[1] + done * steps[1]};                              \
        name##_each_##N(rest, steps, count - done);                                                          \
    }
#define ROUNDING(name, function, way)                                                                        \
    UNARY_LOOP(name##_each_FLOAT64, double, double, function(a))                                             \
    UNARY_LOOP(name##_each_FLOAT32, float, float, function##f(a))                                            \
    UNARY_LOOP(name##_FLOAT16, half, half, float_to_half(function##f(half_to_float(a))))                     \
    ROUNDING_ROW(name, double, FLOAT64, __m256d, _mm256_loadu_pd, _mm256_round_pd, _mm256_storeu_pd, way)    \
    ROUNDING_ROW(name, float, FLOAT32, __m256, _mm256_loadu_ps, _mm256_round_ps, _mm256_storeu_ps, way)
#else
#define ROUNDING(name, function, way) REAL_FUNCTION(name, function)
#endif
ROUNDING(floor, floor, _MM_FROUND_TO_NEG_INF)
REAL_TABLE(floor)
ROUNDING(ceil, ceil, _MM_FROUND_TO_POS_INF)
REAL_TABLE(ceil)
ROUNDING(trunc, trunc, _MM_FROUND_TO_ZERO)
REAL_TABLE(trunc)
ROUNDING(rint, rint, _MM_FROUND_TO_NEAREST_INT)
#define COMPLEX_RINT(T, function) ((T){function(a.real), function(a.imaginary)})
UNARY_LOOP(rint_COMPLEX64, complex_float, complex_float, COMPLEX_RINT(complex_float, rintf))
UNARY_LOOP(rint_COMPLEX128, complex_double, complex_double, COMPLEX_RINT(complex_double, rint))
BOTH_TABLE(rint)

static double radians(double x)
{
    return x * (M_PI / 180.0);
}
static float radiansf(float x)
{
    return x * ((float)M_PI / 180.0f);
}
static double degrees(double x)
{
    return x * (180.0 / M_PI);
}
static float degreesf(float x)
{
    return x * (180.0f / (float)M_PI);
}
REAL_FUNCTION(deg2rad, radians)
REAL_TABLE(deg2rad)
REAL_FUNCTION(rad2deg, degrees)
REAL_TABLE(rad2deg)

static double gap(double x)
{
    if (x == 0)
        return nextafter(0, 1);
    return isinf(x) ? (double)NAN : nextafter(x, copysign((double)INFINITY, x)) - x;
}
static float gapf(float x)
{
    if (x == 0)
        return nextafterf(0, 1);
    return isinf(x) ? NAN : nextafterf(x, copysignf(INFINITY, x)) - x;
}
static half half_gap(half h)
{
    half size = h & 0x7fff;
    if (size >= 0x7c00) {
        feraiseexcept(FE_INVALID);
        return 0x7e00;
    }
    if (h == 0x7bff) { /* above the largest; that of the least is a number's */
        feraiseexcept(FE_OVERFLOW);
        return 0x7c00;
    }
    if (size == 0x7bff)
        size--;
    if (h & 0x8000 && !(size & 0x3ff) && size > 0x0400) /* a negative power of two: the gap above it */
        return double_to_half(half_to_double(size) - half_to_double((half)(size - 1)));
    return double_to_half(half_to_double((half)(size + 1)) - half_to_double(size));
}

/* What needs no more than the bits of floats is done in blocks of adjoining ones; a block with a number of another kind in it goes
 * one by one. */
enum { BITS_BLOCK = 256 };
typedef uint64_t bits_FLOAT64 __attribute__((may_alias));
typedef uint32_t bits_FLOAT32 __attribute__((may_alias));
#define SPACING_LOOP(N, T, fraction_bits, exponents, gap_of)                                                 \
    UNARY_LOOP(spacing_each_##N, T, T, gap_of(a))                                                            \
    static bool spacing_block_##N(const bits_##N *x, bits_##N *to, int64_t count) /* false: not all gaps are normal */ \
    {                                                                                                        \
        typedef bits_##N BITS;                                                                               \
        const BITS all = (BITS)(exponents) << (fraction_bits), sign = (all + ((BITS)1 << (fraction_bits)));  \
        BITS odd = 0;                                                                                        \
        for (int64_t i = 0; i < count; i++) {                                                                \
            const BITS exponent = x[i] & all, least = (BITS)((fraction_bits) + 1) << (fraction_bits),        \
                       most = all - ((BITS)2 << (fraction_bits));                                            \
            odd |= (exponent - least) | (most - exponent);                                                   \
        }                                                                                                    \
        if (odd & sign)                                                                                      \
            return false;                                                                                    \
        VECTOR_LOOP                                                                                          \
        for (int64_t i = 0; i < count; i++)                                                                  \
            to[i] = (x[i] & (all | sign)) - ((BITS)(fraction_bits) << (fraction_bits));                      \
        return true;                                                                                         \
    }                                                                                                        \
    static void spacing_##N(char *const *data, const int64_t *steps, int64_t count)                          \
    {                                                                                                        \
        const bool adjoining = steps[0] == sizeof(T) && steps[1] == sizeof(T);                               \
        for (int64_t i = 0, n; i < count; i += n) {                                                          \
            n = count - i < BITS_BLOCK ? count - i : BITS_BLOCK;                                             \
            char *const part[2] = {data[0] + i * steps[0], data[1] + i * steps[1]};                          \
            if (!adjoining || !spacing_block_##N(ELEMENTS(const bits_##N, part[0]), ELEMENTS(bits_##N, part[1]), n)) \
                spacing_each_##N(part, steps, n);                                                            \
        }                                                                                                    \
    }
SPACING_LOOP(FLOAT64, double, 52, 0x7ff, gap)
SPACING_LOOP(FLOAT32, float, 23, 0xff, gapf)
UNARY_LOOP(spacing_FLOAT16, half, half, half_gap(a))
REAL_TABLE(spacing)

/* ---- two operands ---- */

#define REAL_BINARY(name, function)                                                                          \
    BINARY_LOOP(name##_FLOAT64, double, double, function(a, b))                                              \
    NARROW_BINARY(name, function)
#define NARROW_BINARY(name, function)                                                                        \
    BINARY_LOOP(name##_FLOAT32, float, float, function##f(a, b))                                             \
    BINARY_LOOP(name##_FLOAT16, half, half, float_to_half(function##f(half_to_float(a), half_to_float(b))))  \
    REAL_TABLE(name)
LANE_LOOP(hypot, FLOAT64, lanes_of_double_pairs, length_doubles)
SINGLE_LOOPS_OF_TWO(hypot)
REAL_TABLE(hypot)
ROW_LOOP_OF_TWO(arctan2)
SINGLE_LOOPS_OF_TWO(arctan2)
REAL_TABLE(arctan2)
BINARY_LOOP(copysign_FLOAT64, double, double, copysign(a, b))
BINARY_LOOP(copysign_FLOAT32, float, float, copysignf(a, b))
BINARY_LOOP(copysign_FLOAT16, half, half, (half)((a & 0x7fff) | (b & 0x8000)))
REAL_TABLE(copysign)

static half half_after(half from, half to)
{
    double x = half_to_double(from), y = half_to_double(to);
    if (x != x || y != y)
        return 0x7e00;
    if (x == y)
        return from;
    if (x == 0)
        return (half)((to & 0x8000) | 1);
    half next = (half)((x > 0) == (y > x) ? from + 1 : from - 1);
    if ((next & 0x7fff) == 0x7c00 && !isinf(x))
        feraiseexcept(FE_OVERFLOW);
    return next;
}
BINARY_LOOP(nextafter_FLOAT64, double, double, nextafter(a, b))
BINARY_LOOP(nextafter_FLOAT32, float, float, nextafterf(a, b))
BINARY_LOOP(nextafter_FLOAT16, half, half, half_after(a, b))
REAL_TABLE(nextafter)

/* Of two exponentials the logarithm of their sum: that of the larger one, and log(1 + the quotient); `scale` turns natural logarithms
 * into those of the base. */
#define LOG_SUM(name, T, exp_row, log1p_row, scale, of_two)                                                  \
    static void name(const T *x, const T *y, T *to, int64_t count)                                           \
    {                                                                                                        \
        enum { PART = 256 };                                                                                 \
        T difference[PART];                                                                                  \
        bool any_nan = false;                                                                                \
        for (int64_t start = 0; start < count; start += PART) {                                              \
            const int64_t length = count - start < PART ? count - start : PART;                              \
            for (int64_t i = 0; i < length; i++) {                                                           \
                const T a = x[start + i], b = y[start + i];                                                  \
                difference[i] = a == b ? 0 : isgreater(a, b) ? b - a : a - b;                                \
                any_nan |= isunordered(a, b);                                                                \
            }                                                                                                \
            (exp_row)(difference, difference, length);                                                       \
            (log1p_row)(difference, difference, length);                                                     \
            for (int64_t i = 0; i < length; i++) {                                                           \
                const T a = x[start + i], b = y[start + i];                                                  \
                to[start + i] = a == b ? a + (of_two) : (isgreater(a, b) ? a : b) + (scale) * difference[i]; \
            }                                                                                                \
        }                                                                                                    \
        if (any_nan) /* numpy compares them */                                                               \
            feraiseexcept(FE_INVALID);                                                                       \
    }
#define LOG2E_DOUBLE 1.442695040888963407359924681001892137
LOG_SUM(log_sums, double, HOST_ROW(exp), HOST_LANES(log1p_doubles), 1, M_LN2)
LOG_SUM(log_sums_single, float, HOST_LANES(exp_singles), HOST_LANES(log1p_singles), 1, (float)M_LN2)
LOG_SUM(log2_sums, double, HOST_ROW(exp2), HOST_LANES(log1p_doubles), LOG2E_DOUBLE, 1)
LOG_SUM(log2_sums_single, float, HOST_LANES(exp2_singles), HOST_LANES(log1p_singles), (float)LOG2E_DOUBLE, 1)
#define LOG_SUM_LOOP(name, TYPE, through, row)                                                               \
    static void name##_##TYPE(char *const *data, const int64_t *steps, int64_t count)                        \
    {                                                                                                        \
        through(row, data, steps, count);                                                                    \
    }
#define LOG_SUM_LOOPS(name, doubles, singles)                                                                \
    LOG_SUM_LOOP(name, FLOAT64, lanes_of_double_pairs, doubles)                                              \
    LOG_SUM_LOOP(name, FLOAT32, lanes_of_single_pairs, singles)                                              \
    LOG_SUM_LOOP(name, FLOAT16, lanes_of_half_pairs, singles)                                                \
    REAL_TABLE(name)
LOG_SUM_LOOPS(logaddexp, log_sums, log_sums_single)
LOG_SUM_LOOPS(logaddexp2, log2_sums, log2_sums_single)

static double step_at(double x, double at_zero)
{
    return x != x ? x : x == 0 ? at_zero : x < 0 ? 0.0 : 1.0;
}
static float step_atf(float x, float at_zero)
{
    return x != x ? x : x == 0 ? at_zero : x < 0 ? 0.0f : 1.0f;
}
REAL_BINARY(heaviside, step_at)

/* ---- numbers taken apart: inputs and outputs of several types ---- */

/* Exponents are of a type E: int64_t, or int32_t as loops of their own. */
#define LDEXP_LOOP(name, T, E, expression)                                                                   \
    static void name(char *const *data, const int64_t *steps, int64_t count)                                 \
    {                                                                                                        \
        for (int64_t i = 0; i < count; i++) {                                                                \
            const T a = ELEMENT(const T, data[0] + i * steps[0]);                                            \
            const int64_t given = ELEMENT(const E, data[1] + i * steps[1]);                                  \
            const int b = given > INT32_MAX ? INT32_MAX : given < INT32_MIN ? INT32_MIN : (int)given;        \
            ELEMENT(T, data[2] + i * steps[2]) = expression;                                                 \
        }                                                                                                    \
    }

/* A product with a power of two is rounded once, and reports what ldexp does. False: some power is no normal double. */
#define LDEXP_BLOCK_FLOAT64(name, E)                                                                         \
    static bool name##_block_FLOAT64(const double *x, const E *exponents, double *to, int64_t count)         \
    {                                                                                                        \
        uint64_t odd = 0;                                                                                    \
        for (int64_t i = 0; i < count; i++)                                                                  \
            odd |= ((uint64_t)exponents[i] + 1022) | (1023 - (uint64_t)exponents[i]);                        \
        if (odd >> 63)                                                                                       \
            return false;                                                                                    \
        VECTOR_LOOP                                                                                          \
        for (int64_t i = 0; i < count; i++) {                                                                \
            const uint64_t bits = (uint64_t)(exponents[i] + 1023) << 52;                                     \
            double power;                                                                                    \
            memcpy(&power, &bits, sizeof power);                                                             \
            to[i] = x[i] * power;                                                                            \
        }                                                                                                    \
        return true;                                                                                         \
    }

/* As doubles the products are exact; beyond these powers no single is left. */
enum { SINGLE_POWER_MAX = 400 };
#define LDEXP_BLOCK_FLOAT32(name, E)                                                                         \
    static bool name##_block_FLOAT32(const float *x, const E *exponents, float *to, int64_t count)           \
    {                                                                                                        \
        VECTOR_LOOP                                                                                          \
        for (int64_t i = 0; i < count; i++) {                                                                \
            const E given = exponents[i], low = given < -SINGLE_POWER_MAX ? -SINGLE_POWER_MAX : given;       \
            const uint64_t bits = (uint64_t)((low > SINGLE_POWER_MAX ? SINGLE_POWER_MAX : low) + 1023) << 52; \
            double power;                                                                                    \
            memcpy(&power, &bits, sizeof power);                                                             \
            to[i] = (float)((double)x[i] * power);                                                           \
        }                                                                                                    \
        return true;                                                                                         \
    }

#define LDEXP_BLOCKS(name, N, T, E)                                                                          \
    LDEXP_BLOCK_##N(name, E)                                                                                 \
    static void name##_##N(char *const *data, const int64_t *steps, int64_t count)                           \
    {                                                                                                        \
        const bool adjoining = steps[0] == sizeof(T) && steps[1] == sizeof(E) && steps[2] == sizeof(T);      \
        for (int64_t i = 0, n; i < count; i += n) {                                                          \
            n = count - i < BITS_BLOCK ? count - i : BITS_BLOCK;                                             \
            char *const part[3] = {data[0] + i * steps[0], data[1] + i * steps[1], data[2] + i * steps[2]};  \
            if (!adjoining ||                                                                                \
                !name##_block_##N(ELEMENTS(const T, part[0]), ELEMENTS(const E, part[1]), ELEMENTS(T, part[2]), n)) \
                name##_each_##N(part, steps, n);                                                             \
        }                                                                                                    \
    }
#define LDEXP_LOOPS(name, E)                                                                                 \
    LDEXP_LOOP(name##_each_FLOAT64, double, E, ldexp(a, b))                                                  \
    LDEXP_LOOP(name##_each_FLOAT32, float, E, ldexpf(a, b))                                                  \
    LDEXP_LOOP(name##_FLOAT16, half, E, float_to_half(ldexpf(half_to_float(a), b)))                          \
    LDEXP_BLOCKS(name, FLOAT64, double, E)                                                                   \
    LDEXP_BLOCKS(name, FLOAT32, float, E)                                                                    \
    REAL_TABLE(name)
LDEXP_LOOPS(ldexp, int64_t)
LDEXP_LOOPS(ldexp_short, int32_t)

#define FREXP_LOOP(name, T, expression)                                                                      \
    static void name(char *const *data, const int64_t *steps, int64_t count)                                 \
    {                                                                                                        \
        for (int64_t i = 0; i < count; i++) {                                                                \
            const T a = ELEMENT(const T, data[0] + i * steps[0]);                                            \
            int exponent = 0;                                                                                \
            ELEMENT(T, data[1] + i * steps[1]) = expression;                                                 \
            ELEMENT(int32_t, data[2] + i * steps[2]) = exponent;                                             \
        }                                                                                                    \
    }
FREXP_LOOP(frexp_each_FLOAT64, double, frexp(a, &exponent))
FREXP_LOOP(frexp_each_FLOAT32, float, frexpf(a, &exponent))
FREXP_LOOP(frexp_FLOAT16, half, float_to_half(frexpf(half_to_float(a), &exponent)))
#define FREXP_BLOCKS(N, T, SIGNED, fraction_bits, exponents)                                                 \
    static bool frexp_block_##N(const bits_##N *x, bits_##N *fractions, int32_t *powers, int64_t count)      \
    { /* false: not only normal numbers and zeros are there, and nothing that was written is to be used */   \
        const SIGNED one = (SIGNED)1 << (fraction_bits), all = (SIGNED)(exponents) * one, low = one - 1;     \
        SIGNED odd = 0;                                                                                      \
        VECTOR_LOOP                                                                                          \
        for (int64_t i = 0; i < count; i++) {                                                                \
            const SIGNED bits = (SIGNED)x[i], size = bits & (all | low), some = -(SIGNED)(size > 0);         \
            odd |= -(SIGNED)(size >= all) | (-(SIGNED)(size < one) & some);                                  \
            fractions[i] = (bits_##N)((bits & ~all) | (some & ((SIGNED)((exponents) / 2 - 1) * one)));       \
        }                                                                                                    \
        if (odd)                                                                                             \
            return false;                                                                                    \
        VECTOR_LOOP                                                                                          \
        for (int64_t i = 0; i < count; i++) {                                                                \
            const int32_t power = (int32_t)((x[i] & (bits_##N)all) >> (fraction_bits));                      \
            powers[i] = power ? power - ((exponents) / 2 - 1) : 0;                                           \
        }                                                                                                    \
        return true;                                                                                         \
    }                                                                                                        \
    static void frexp_##N(char *const *data, const int64_t *steps, int64_t count)                            \
    {                                                                                                        \
        const bool adjoining = steps[0] == sizeof(T) && steps[1] == sizeof(T) && steps[2] == sizeof(int32_t); \
        T room[BITS_BLOCK];                                                                                  \
        for (int64_t i = 0, n; i < count; i += n) {                                                          \
            n = count - i < BITS_BLOCK ? count - i : BITS_BLOCK;                                             \
            char *part[3] = {data[0] + i * steps[0], data[1] + i * steps[1], data[2] + i * steps[2]};        \
            if (adjoining && part[0] == part[1]) /* what is read must outlive what is written */             \
                part[0] = memcpy(room, part[0], (size_t)n * sizeof(T));                                      \
            if (!adjoining || !frexp_block_##N(ELEMENTS(const bits_##N, part[0]), ELEMENTS(bits_##N, part[1]), \
                                               ELEMENTS(int32_t, part[2]), n))                               \
                frexp_each_##N(part, steps, n);                                                              \
        }                                                                                                    \
    }
FREXP_BLOCKS(FLOAT64, double, int64_t, 52, 0x7ff)
FREXP_BLOCKS(FLOAT32, float, int32_t, 23, 0xff)
REAL_TABLE(frexp)

#define MODF_LOOP(name, T, P, LOAD, STORE, modf_)                                                            \
    static void name(char *const *data, const int64_t *steps, int64_t count)                                 \
    {                                                                                                        \
        for (int64_t i = 0; i < count; i++) {                                                                \
            P whole;                                                                                         \
            ELEMENT(T, data[1] + i * steps[1]) =                                                             \
                STORE(modf_(LOAD(ELEMENT(const T, data[0] + i * steps[0])), &whole));                        \
            ELEMENT(T, data[2] + i * steps[2]) = STORE(whole);                                               \
        }                                                                                                    \
    }
#define AS_IT_IS(x) (x)
#ifdef COMPILING_WIDE_LOOPS
/* Both parts have the number's sign, and of infinities the fraction is 0. */
#define MODF_ROW(N, T, vector, suffix)                                                                       \
    MODF_LOOP(modf_each_##N, T, T, AS_IT_IS, AS_IT_IS, _Generic((T)0, float: modff, default: modf))          \
    static void modf_##N(char *const *data, const int64_t *steps, int64_t count)                             \
    {                                                                                                        \
        enum { LANES = sizeof(vector) / sizeof(T) };                                                         \
        const bool adjoining = steps[0] == sizeof(T) && steps[1] == sizeof(T) && steps[2] == sizeof(T);      \
        const vector sign = _mm256_set1_##suffix((T)-0.0), infinite = _mm256_set1_##suffix((T)INFINITY);     \
        int64_t done = 0;                                                                                    \
        for (const int64_t last = adjoining ? count - LANES : -1; done <= last; done += LANES) {             \
            const vector x = _mm256_loadu_##suffix(ELEMENTS(const T, data[0]) + done);                       \
            const vector whole = _mm256_round_##suffix(x, _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC);           \
            const vector none = _mm256_cmp_##suffix(_mm256_andnot_##suffix(sign, x), infinite, _CMP_EQ_OQ);  \
            const vector rest = _mm256_sub_##suffix(_mm256_andnot_##suffix(none, x), _mm256_andnot_##suffix(none, whole)); \
            _mm256_storeu_##suffix(ELEMENTS(T, data[1]) + done, _mm256_or_##suffix(rest, _mm256_and_##suffix(sign, x))); \
            _mm256_storeu_##suffix(ELEMENTS(T, data[2]) + done, whole);                                      \
        }                                                                                                    \
        char *const left[3] = {data[0] + done * steps[0], data[1] + done * steps[1], data[2] + done * steps[2]}; \
        modf_each_##N(left, steps, count - done);                                                            \
    }
MODF_ROW(FLOAT64, double, __m256d, pd)
MODF_ROW(FLOAT32, float, __m256, ps)
#else
MODF_LOOP(modf_FLOAT64, double, double, AS_IT_IS, AS_IT_IS, modf)
MODF_LOOP(modf_FLOAT32, float, float, AS_IT_IS, AS_IT_IS, modff)
#endif
MODF_LOOP(modf_FLOAT16, half, float, half_to_float, float_to_half, modff)
REAL_TABLE(modf)
