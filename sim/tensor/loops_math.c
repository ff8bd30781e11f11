/* loops_math.c - mathematical functions over floats and complex numbers. Their bits are the C library's,
 * single-precision ones too; numpy's own vectorised versions differ from them in the last places on some
 * processors. */
#include "sim/tensor/loops.h"

#include <complex.h>
#ifdef COMPILING_WIDE_LOOPS
#include "sim/tensor/loops_single.h"

#include <immintrin.h>
#endif
#include <fenv.h>
#undef I
#ifndef CMPLX /* glibc has them for GCC only */
#define CMPLX(x, y) __builtin_complex((double)(x), (double)(y))
#define CMPLXF(x, y) __builtin_complex((float)(x), (float)(y))
#endif

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
#ifdef COMPILING_WIDE_LOOPS
#define SINGLE_FUNCTION(name, function)                                                                      \
    ROW_LOOP(name, function)                                                                                 \
    UNARY_LOOP(name##_each_FLOAT32, float, float, function##f(a))                                            \
    UNARY_LOOP(name##_FLOAT16, half, half, float_to_half(function##f(half_to_float(a))))                     \
    static void name##_FLOAT32(char *const *data, const int64_t *steps, int64_t count)                       \
    {                                                                                                        \
        int64_t done = 0;                                                                                    \
        if (steps[0] == sizeof(float) && steps[1] == sizeof(float))                                          \
            done = name##_single_row((const float *)(const void *)data[0], (float *)(void *)data[1], count); \
        char *rest[2] = {data[0] + done * steps[0], data[1] + done * steps[1]};                              \
        name##_each_FLOAT32(rest, steps, count - done);                                                      \
    }
#else
#define SINGLE_FUNCTION(name, function) ROW_REAL_FUNCTION(name, function)
#endif
#define ROW_REAL_FUNCTION(name, function)                                                                    \
    ROW_LOOP(name, function)                                                                                 \
    UNARY_LOOP(name##_FLOAT32, float, float, function##f(a))                                                 \
    UNARY_LOOP(name##_FLOAT16, half, half, float_to_half(function##f(half_to_float(a))))
#define FAST_FUNCTION(name, function)                                                                        \
    SINGLE_FUNCTION(name, function)                                                                          \
    COMPLEX_FUNCTION(name, c##function)                                                                      \
    BOTH_TABLE(name)
#define BOTH_FUNCTION(name, function)                                                                        \
    REAL_FUNCTION(name, function)                                                                            \
    COMPLEX_FUNCTION(name, c##function)                                                                      \
    BOTH_TABLE(name)

#define ROW_FUNCTION(name, function)                                                                         \
    ROW_REAL_FUNCTION(name, function)                                                                        \
    COMPLEX_FUNCTION(name, c##function)                                                                      \
    BOTH_TABLE(name)

FAST_FUNCTION(exp, exp)
ROW_FUNCTION(log, log)
FAST_FUNCTION(sin, sin)
FAST_FUNCTION(cos, cos)
ROW_FUNCTION(tan, tan)
ROW_FUNCTION(arcsin, asin)
ROW_FUNCTION(arccos, acos)
ROW_FUNCTION(arctan, atan)
BOTH_FUNCTION(sinh, sinh)
BOTH_FUNCTION(cosh, cosh)
BOTH_FUNCTION(tanh, tanh)
BOTH_FUNCTION(arcsinh, asinh)
BOTH_FUNCTION(arccosh, acosh)
BOTH_FUNCTION(arctanh, atanh)
REAL_FUNCTION(cbrt, cbrt)
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

ROW_REAL_FUNCTION(exp2, exp2)
COMPLEX_FUNCTION(exp2, cexp2_)
BOTH_TABLE(exp2)
REAL_FUNCTION(expm1, expm1)
COMPLEX_FUNCTION(expm1, cexpm1_)
BOTH_TABLE(expm1)
ROW_REAL_FUNCTION(log2, log2)
COMPLEX_FUNCTION(log2, clog2_)
BOTH_TABLE(log2)
REAL_FUNCTION(log10, log10)
COMPLEX_FUNCTION(log10, clog10_)
BOTH_TABLE(log10)
REAL_FUNCTION(log1p, log1p)
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
    if (h & 0x8000 && !(size & 0x3ff) && size > 0x0400) /* a negative power of two: the gap above it */
        return double_to_half(half_to_double(size) - half_to_double((half)(size - 1)));
    return double_to_half(half_to_double((half)(size + 1)) - half_to_double(size));
}
UNARY_LOOP(spacing_FLOAT64, double, double, gap(a))
UNARY_LOOP(spacing_FLOAT32, float, float, gapf(a))
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
ROW_LOOP_OF_TWO(hypot, hypot(a, b))
NARROW_BINARY(hypot, hypot)
ROW_LOOP_OF_TWO(arctan2, atan2(a, b))
NARROW_BINARY(arctan2, atan2)
REAL_BINARY(copysign, copysign)

static half half_after(half from, half to)
{
    double x = half_to_double(from), y = half_to_double(to);
    if (x != x || y != y)
        return 0x7e00;
    if (x == y)
        return from;
    if (x == 0)
        return (half)((to & 0x8000) | 1);
    return (half)((x > 0) == (y > x) ? from + 1 : from - 1);
}
BINARY_LOOP(nextafter_FLOAT64, double, double, nextafter(a, b))
BINARY_LOOP(nextafter_FLOAT32, float, float, nextafterf(a, b))
BINARY_LOOP(nextafter_FLOAT16, half, half, half_after(a, b))
REAL_TABLE(nextafter)

#define LOG_SUM(name, T, log_, exp_, unit)                                                                   \
    static T name(T a, T b)                                                                                  \
    {                                                                                                        \
        if (a == b)                                                                                          \
            return a + unit;                                                                                 \
        const T difference = a - b;                                                                          \
        if (difference > 0)                                                                                  \
            return a + log_(exp_(-difference));                                                              \
        return difference <= 0 ? b + log_(exp_(difference)) : difference;                                    \
    }
#define LOG2E_DOUBLE 1.442695040888963407359924681001892137
static double log2_of_one_more(double x)
{
    return LOG2E_DOUBLE * log1p(x);
}
static float log2_of_one_moref(float x)
{
    return (float)LOG2E_DOUBLE * log1pf(x);
}
LOG_SUM(log_sum, double, log1p, exp, M_LN2)
LOG_SUM(log_sumf, float, log1pf, expf, (float)M_LN2)
LOG_SUM(log2_sum, double, log2_of_one_more, exp2, 1)
LOG_SUM(log2_sumf, float, log2_of_one_moref, exp2f, 1)
REAL_BINARY(logaddexp, log_sum)
REAL_BINARY(logaddexp2, log2_sum)

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

#define LDEXP_LOOP(name, T, expression)                                                                      \
    static void name(char *const *data, const int64_t *steps, int64_t count)                                 \
    {                                                                                                        \
        for (int64_t i = 0; i < count; i++) {                                                                \
            const T a = ELEMENT(const T, data[0] + i * steps[0]);                                            \
            const int64_t given = ELEMENT(const int64_t, data[1] + i * steps[1]);                            \
            const int b = given > INT32_MAX ? INT32_MAX : given < INT32_MIN ? INT32_MIN : (int)given;        \
            ELEMENT(T, data[2] + i * steps[2]) = expression;                                                 \
        }                                                                                                    \
    }
LDEXP_LOOP(ldexp_FLOAT64, double, ldexp(a, b))
LDEXP_LOOP(ldexp_FLOAT32, float, ldexpf(a, b))
LDEXP_LOOP(ldexp_FLOAT16, half, float_to_half(ldexpf(half_to_float(a), b)))
REAL_TABLE(ldexp)

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
FREXP_LOOP(frexp_FLOAT64, double, frexp(a, &exponent))
FREXP_LOOP(frexp_FLOAT32, float, frexpf(a, &exponent))
FREXP_LOOP(frexp_FLOAT16, half, float_to_half(frexpf(half_to_float(a), &exponent)))
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
MODF_LOOP(modf_FLOAT64, double, double, AS_IT_IS, AS_IT_IS, modf)
MODF_LOOP(modf_FLOAT32, float, float, AS_IT_IS, AS_IT_IS, modff)
MODF_LOOP(modf_FLOAT16, half, float, half_to_float, float_to_half, modff)
REAL_TABLE(modf)
