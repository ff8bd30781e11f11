/* cmath.c - module cmath. Finite arguments: W. Kahan, "Branch cuts for complex elementary functions, or much ado about
 * nothing's sign bit" (1987), scaled where an intermediate result would overflow. Infinities and NaNs: C99 Annex G, which is
 * what the C library's functions do. */
#include "sim/modules/math.h"
#include "sim/modules/support.h"
#include "sim/runtime/attribute.h"

#include <complex.h>
#include <errno.h>
#include <float.h>

#define Z_FUNCTION(name) static struct complex_number complex_##name(struct complex_number z)
/* What a function reports through `trouble`: nothing, a domain error or a range error. */
enum trouble { TROUBLE_NONE, TROUBLE_DOMAIN, TROUBLE_RANGE };

static const double huge = DBL_MAX / 4.0; /* hypot of two such numbers does not overflow */

static struct complex_number number(double real, double imaginary)
{
    return (struct complex_number){real, imaginary};
}

static struct complex_number from_c(double complex c)
{
    return number(creal(c), cimag(c));
}

/* The C library lets a NaN's sign show in the signs of infinities and zeros: all NaNs are positive here. */
static double complex to_c(struct complex_number z)
{
    double parts[2] = {isnan(z.real) ? (double)NAN : z.real, isnan(z.imaginary) ? (double)NAN : z.imaginary};
    double complex c; /* C11's CMPLX is not there with every compiler; the layout is two doubles */
    memcpy(&c, parts, sizeof c);
    return c;
}

static bool is_finite(struct complex_number z)
{
    return isfinite(z.real) && isfinite(z.imaginary);
}

static bool is_huge(struct complex_number z)
{
    return fabs(z.real) > huge || fabs(z.imaginary) > huge;
}

static double log_of_huge(struct complex_number z, double halvings)
{
    return log(hypot(z.real / 2.0, z.imaginary / 2.0)) + M_LN2 * halvings;
}

/* ---- roots and logarithm ---- */

Z_FUNCTION(sqrt)
{
    if (!is_finite(z))
        return from_c(csqrt(to_c(z)));
    if (z.real == 0.0 && z.imaginary == 0.0)
        return number(0.0, z.imaginary);
    double x = fabs(z.real), y = fabs(z.imaginary), s;
    if (x < DBL_MIN && y < DBL_MIN) { /* subnormals keep their digits when scaled up by 2**53 */
        x = ldexp(x, 53);
        s = ldexp(sqrt(x + hypot(x, ldexp(y, 53))), -27);
    } else {
        x /= 8.0;
        s = 2.0 * sqrt(x + hypot(x, y / 8.0));
    }
    double d = y / (2.0 * s);
    return z.real >= 0.0 ? number(s, copysign(d, z.imaginary)) : number(d, copysign(s, z.imaginary));
}

static struct complex_number logarithm(struct complex_number z, enum trouble *trouble)
{
    if (!is_finite(z))
        return from_c(clog(to_c(z)));
    double x = fabs(z.real), y = fabs(z.imaginary), real;
    if (x > huge || y > huge)
        real = log(hypot(x / 2.0, y / 2.0)) + M_LN2;
    else if (x < DBL_MIN && y < DBL_MIN) {
        if (x > 0.0 || y > 0.0)
            real = log(hypot(ldexp(x, DBL_MANT_DIG), ldexp(y, DBL_MANT_DIG))) - DBL_MANT_DIG * M_LN2;
        else {
            real = -INFINITY;
            *trouble = TROUBLE_DOMAIN;
        }
    } else {
        double h = hypot(x, y);
        if (0.71 <= h && h <= 1.73) { /* near 1 log1p loses less */
            double larger = x > y ? x : y, smaller = x > y ? y : x;
            real = log1p((larger - 1) * (larger + 1) + smaller * smaller) / 2.0;
        } else
            real = log(h);
    }
    return number(real, atan2(z.imaginary, z.real));
}

/* ---- inverse functions ---- */

Z_FUNCTION(acos)
{
    if (isinf(z.real) && isnan(z.imaginary))
        return number(NAN, INFINITY);
    if (!is_finite(z))
        return from_c(cacos(to_c(z)));
    if (is_huge(z)) {
        double size = log_of_huge(z, 2.0);
        return number(atan2(fabs(z.imaginary), z.real),
                      z.real < 0.0 ? -copysign(size, z.imaginary) : copysign(size, -z.imaginary));
    }
    struct complex_number a = complex_sqrt(number(1.0 - z.real, -z.imaginary)),
                          b = complex_sqrt(number(1.0 + z.real, z.imaginary));
    return number(2.0 * atan2(a.real, b.real), asinh(b.real * a.imaginary - b.imaginary * a.real));
}

Z_FUNCTION(acosh)
{
    if (z.real == 0.0 && isnan(z.imaginary))
        return number(NAN, NAN);
    if (!is_finite(z))
        return from_c(cacosh(to_c(z)));
    if (is_huge(z))
        return number(log_of_huge(z, 2.0), atan2(z.imaginary, z.real));
    struct complex_number a = complex_sqrt(number(z.real - 1.0, z.imaginary)),
                          b = complex_sqrt(number(z.real + 1.0, z.imaginary));
    return number(asinh(a.real * b.real + a.imaginary * b.imaginary), 2.0 * atan2(a.imaginary, b.real));
}

Z_FUNCTION(asinh)
{
    if (!is_finite(z))
        return from_c(casinh(to_c(z)));
    if (is_huge(z)) {
        double size = log_of_huge(z, 2.0);
        return number(z.imaginary >= 0.0 ? copysign(size, z.real) : -copysign(size, -z.real),
                      atan2(z.imaginary, fabs(z.real)));
    }
    struct complex_number a = complex_sqrt(number(1.0 + z.imaginary, -z.real)),
                          b = complex_sqrt(number(1.0 - z.imaginary, z.real));
    return number(asinh(a.real * b.imaginary - b.real * a.imaginary),
                  atan2(z.imaginary, a.real * b.real - a.imaginary * b.imaginary));
}

static struct complex_number inverse_tanh(struct complex_number z, enum trouble *trouble)
{
    if (!is_finite(z))
        return from_c(catanh(to_c(z)));
    if (signbit(z.real)) {
        struct complex_number positive = inverse_tanh(number(-z.real, -z.imaginary), trouble);
        return number(-positive.real, -positive.imaginary);
    }
    double y = fabs(z.imaginary), root_of_huge = sqrt(huge);
    if (z.real > root_of_huge || y > root_of_huge) {
        double h = hypot(z.real / 2.0, z.imaginary / 2.0);
        return number(z.real / 4.0 / h / h, -copysign(M_PI / 2.0, -z.imaginary));
    }
    if (z.real == 1.0 && y < sqrt(DBL_MIN)) {
        if (y == 0.0) {
            *trouble = TROUBLE_DOMAIN;
            return number(INFINITY, z.imaginary);
        }
        return number(-log(sqrt(y) / sqrt(hypot(y, 2.0))), copysign(atan2(2.0, -y) / 2.0, z.imaginary));
    }
    double from_one = 1.0 - z.real;
    return number(log1p(4.0 * z.real / (from_one * from_one + y * y)) / 4.0,
                  -atan2(-2.0 * z.imaginary, from_one * (1.0 + z.real) - y * y) / 2.0);
}

/* ---- exponential and hyperbolic functions ---- */

static enum trouble too_large(struct complex_number z)
{
    return isinf(z.real) || isinf(z.imaginary) ? TROUBLE_RANGE : TROUBLE_NONE;
}

static struct complex_number exponential(struct complex_number z, enum trouble *trouble)
{
    if (!is_finite(z)) {
        if (isinf(z.imaginary) && (isfinite(z.real) || (isinf(z.real) && z.real > 0)))
            *trouble = TROUBLE_DOMAIN;
        return isinf(z.real) && z.real < 0 && !isfinite(z.imaginary) ? number(0.0, 0.0) : from_c(cexp(to_c(z)));
    }
    struct complex_number result;
    if (z.real > log(huge)) {
        double size = exp(z.real - 1.0);
        result = number(size * cos(z.imaginary) * M_E, size * sin(z.imaginary) * M_E);
    } else {
        double size = exp(z.real);
        result = number(size * cos(z.imaginary), size * sin(z.imaginary));
    }
    *trouble = too_large(result);
    return result;
}

static struct complex_number hyperbolic(struct complex_number z, enum trouble *trouble, bool sine)
{
    if (!is_finite(z)) {
        if (isinf(z.imaginary) && !isnan(z.real))
            *trouble = TROUBLE_DOMAIN;
        if (sine && z.real == 0.0 && isnan(z.imaginary))
            return number(0.0, NAN);
        if (!sine && isnan(z.real) && z.imaginary == 0.0)
            return number(NAN, 0.0);
        return from_c(sine ? csinh(to_c(z)) : ccosh(to_c(z)));
    }
    double c = cos(z.imaginary), s = sin(z.imaginary), x = z.real, scale = 1.0;
    bool large = fabs(x) > log(huge);
    if (large) {
        x -= copysign(1.0, x);
        scale = M_E;
    }
    struct complex_number result = sine ? number(c * sinh(x) * scale, s * cosh(x) * scale)
                                        : number(c * cosh(x) * scale, s * sinh(x) * scale);
    *trouble = too_large(result);
    return result;
}

static struct complex_number hyperbolic_tangent(struct complex_number z, enum trouble *trouble)
{
    if (!is_finite(z)) {
        if (isinf(z.imaginary) && isfinite(z.real))
            *trouble = TROUBLE_DOMAIN;
        if (isinf(z.real) && !isfinite(z.imaginary))
            return number(copysign(1.0, z.real), 0.0);
        return z.real == 0.0 ? number(NAN, NAN) : from_c(ctanh(to_c(z)));
    }
    if (fabs(z.real) > log(huge))
        return number(copysign(1.0, z.real),
                      4.0 * sin(z.imaginary) * cos(z.imaginary) * exp(-2.0 * fabs(z.real)));
    double x = tanh(z.real), y = tan(z.imaginary), c = 1.0 / cosh(z.real), xy = x * y, denominator = 1.0 + xy * xy;
    return number(x * (1.0 + y * y) / denominator, ((y / denominator) * c) * c);
}

/* ---- the functions of the module ---- */

/* Any real or complex number, by __complex__, __float__ or __index__. */
static bool complex_argument(struct vm *vm, value v, struct complex_number *out)
{
    if (is_exact(v, &complex_type) || is_complex(vm, v)) {
        const struct complex_object *c = (const struct complex_object *)value_object(v);
        *out = number(c->real, c->imaginary);
        return true;
    }
    out->imaginary = 0.0;
    if (is_float(v) || is_small_int(v) || has_flag(v, TYPE_STRING))
        return math_number(vm, v, &out->real);
    value method = lookup_special(vm, v, "__complex__");
    if (method == VALUE_NULL)
        return vm->pending == VALUE_NULL && math_number(vm, v, &out->real);
    value converted = call_1(vm, object_value(&complex_type), v);
    return converted != VALUE_NULL && complex_argument(vm, converted, out);
}

static value answer(struct vm *vm, struct complex_number z, enum trouble trouble)
{
    ADD_WORK(vm, math, 1);
    if (trouble == TROUBLE_NONE)
        return complex_value(vm, z.real, z.imaginary);
    return trouble == TROUBLE_DOMAIN ? math_domain_error(vm) : math_range_error(vm);
}

#define FUNCTION(name)                                                                                                 \
    static value cmath_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define COMPLEX_FUNCTION(name, expression)                                                                             \
    FUNCTION(name)                                                                                                     \
    {                                                                                                                  \
        MATH_UNUSED;                                                                                                   \
        struct complex_number z;                                                                                       \
        enum trouble trouble = TROUBLE_NONE;                                                                           \
        if (!complex_argument(vm, arguments[0], &z))                                                                   \
            return VALUE_NULL;                                                                                         \
        struct complex_number result = expression;                                                                     \
        return answer(vm, result, trouble);                                                                            \
    }
/* f(i z) as i g(z) and the like */
#define TURNED number(-z.imaginary, z.real)
static struct complex_number turn_back(struct complex_number z)
{
    return number(z.imaginary, -z.real);
}
COMPLEX_FUNCTION(acos, complex_acos(z))
COMPLEX_FUNCTION(acosh, complex_acosh(z))
COMPLEX_FUNCTION(asin, turn_back(complex_asinh(TURNED)))
COMPLEX_FUNCTION(asinh, complex_asinh(z))
COMPLEX_FUNCTION(atan, turn_back(inverse_tanh(TURNED, &trouble)))
COMPLEX_FUNCTION(atanh, inverse_tanh(z, &trouble))
COMPLEX_FUNCTION(cos, hyperbolic(TURNED, &trouble, false))
COMPLEX_FUNCTION(cosh, hyperbolic(z, &trouble, false))
COMPLEX_FUNCTION(exp, exponential(z, &trouble))
COMPLEX_FUNCTION(sin, turn_back(hyperbolic(TURNED, &trouble, true)))
COMPLEX_FUNCTION(sinh, hyperbolic(z, &trouble, true))
COMPLEX_FUNCTION(sqrt, complex_sqrt(z))
COMPLEX_FUNCTION(tan, turn_back(hyperbolic_tangent(TURNED, &trouble)))
COMPLEX_FUNCTION(tanh, hyperbolic_tangent(z, &trouble))

/* The quotient as complex division makes it: the larger part of the divisor first. */
static struct complex_number divide(struct complex_number a, struct complex_number b, enum trouble *trouble)
{
    double x = fabs(b.real), y = fabs(b.imaginary);
    if (x >= y) {
        if (x == 0.0) {
            *trouble = TROUBLE_DOMAIN;
            return number(0.0, 0.0);
        }
        double ratio = b.imaginary / b.real, denominator = b.real + b.imaginary * ratio;
        return number((a.real + a.imaginary * ratio) / denominator, (a.imaginary - a.real * ratio) / denominator);
    }
    if (y >= x) {
        double ratio = b.real / b.imaginary, denominator = b.real * ratio + b.imaginary;
        return number((a.real * ratio + a.imaginary) / denominator, (a.imaginary * ratio - a.real) / denominator);
    }
    return number(NAN, NAN);
}

FUNCTION(log)
{
    MATH_UNUSED;
    struct complex_number z, base;
    enum trouble trouble = TROUBLE_NONE;
    if (!complex_argument(vm, arguments[0], &z) ||
        (arguments[1] != VALUE_NULL && !complex_argument(vm, arguments[1], &base)))
        return VALUE_NULL;
    z = logarithm(z, &trouble);
    if (arguments[1] != VALUE_NULL) {
        base = logarithm(base, &trouble);
        z = divide(z, base, &trouble);
    }
    return answer(vm, z, trouble);
}

FUNCTION(log10)
{
    MATH_UNUSED;
    struct complex_number z;
    enum trouble trouble = TROUBLE_NONE;
    if (!complex_argument(vm, arguments[0], &z))
        return VALUE_NULL;
    z = logarithm(z, &trouble);
    return answer(vm, number(z.real / M_LN10, z.imaginary / M_LN10), trouble);
}

FUNCTION(phase)
{
    MATH_UNUSED;
    struct complex_number z;
    if (!complex_argument(vm, arguments[0], &z))
        return VALUE_NULL;
    ADD_WORK(vm, math, 1);
    errno = 0;
    double angle = atan2(z.imaginary, z.real);
    return errno ? math_range_error(vm) : float_value(vm, angle); /* an angle too small for a float: as CPython does */
}

FUNCTION(polar)
{
    MATH_UNUSED;
    struct complex_number z;
    if (!complex_argument(vm, arguments[0], &z))
        return VALUE_NULL;
    ADD_WORK(vm, math, 2);
    double size = hypot(z.real, z.imaginary);
    if (isinf(size) && is_finite(z))
        return math_range_error(vm);
    return tuple_pack(vm, 2, float_value(vm, size), float_value(vm, atan2(z.imaginary, z.real)));
}

/* r (cos phi + i sin phi) where one of them is no finite number. */
static struct complex_number rectangular_special(double r, double phi)
{
    if (isinf(r) && isfinite(phi)) {
        if (phi == 0.0)
            return number(r, r > 0 ? phi : -phi);
        double sign = r > 0 ? 1.0 : -1.0;
        return number(sign * copysign(INFINITY, cos(phi)), sign * copysign(INFINITY, sin(phi)));
    }
    if (isinf(r))
        return number(INFINITY, NAN);
    if (r == 0.0)
        return number(0.0, 0.0);
    return number(NAN, phi == 0.0 ? 0.0 : NAN);
}

FUNCTION(rect)
{
    MATH_UNUSED;
    double r, phi;
    if (!math_number(vm, arguments[0], &r) || !math_number(vm, arguments[1], &phi))
        return VALUE_NULL;
    if (!isfinite(r) || !isfinite(phi))
        return answer(vm, rectangular_special(r, phi),
                      r != 0.0 && !isnan(r) && isinf(phi) ? TROUBLE_DOMAIN : TROUBLE_NONE);
    return answer(vm, phi == 0.0 ? number(r, r * phi) : number(r * cos(phi), r * sin(phi)), TROUBLE_NONE);
}

#define TEST_FUNCTION(name, expression)                                                                                \
    FUNCTION(name)                                                                                                     \
    {                                                                                                                  \
        MATH_UNUSED;                                                                                                   \
        struct complex_number z;                                                                                       \
        return complex_argument(vm, arguments[0], &z) ? bool_value(expression) : VALUE_NULL;                           \
    }
TEST_FUNCTION(isfinite, is_finite(z))
TEST_FUNCTION(isinf, isinf(z.real) || isinf(z.imaginary))
TEST_FUNCTION(isnan, isnan(z.real) || isnan(z.imaginary))

FUNCTION(isclose)
{
    MATH_UNUSED;
    struct complex_number a, b;
    double relative = 1e-9, absolute = 0.0;
    if (!complex_argument(vm, arguments[0], &a) || !complex_argument(vm, arguments[1], &b) ||
        (arguments[2] != VALUE_NULL && !math_number(vm, arguments[2], &relative)) ||
        (arguments[3] != VALUE_NULL && !math_number(vm, arguments[3], &absolute)))
        return VALUE_NULL;
    if (relative < 0.0 || absolute < 0.0)
        return raise_error(vm, &exc_ValueError, "tolerances must be non-negative");
    if (a.real == b.real && a.imaginary == b.imaginary)
        return TRUE;
    if (isinf(a.real) || isinf(a.imaginary) || isinf(b.real) || isinf(b.imaginary))
        return FALSE;
    double difference = hypot(a.real - b.real, a.imaginary - b.imaginary);
    return bool_value(difference <= relative * hypot(b.real, b.imaginary) ||
                      difference <= relative * hypot(a.real, a.imaginary) || difference <= absolute);
}

#define ONE_NUMBER(name) {#name, "(z, /)", cmath_##name, 0, NULL}
static const struct method_definition functions[] = {
    ONE_NUMBER(acos),
    ONE_NUMBER(acosh),
    ONE_NUMBER(asin),
    ONE_NUMBER(asinh),
    ONE_NUMBER(atan),
    ONE_NUMBER(atanh),
    ONE_NUMBER(cos),
    ONE_NUMBER(cosh),
    ONE_NUMBER(exp),
    {"isclose", "(a, b, *, rel_tol=1e-09, abs_tol=0.0)", cmath_isclose, 0, NULL},
    ONE_NUMBER(isfinite),
    ONE_NUMBER(isinf),
    ONE_NUMBER(isnan),
    {"log", "(z, base=None, /)", cmath_log, 0, NULL},
    ONE_NUMBER(log10),
    ONE_NUMBER(phase),
    ONE_NUMBER(polar),
    {"rect", "(r, phi, /)", cmath_rect, 0, NULL},
    ONE_NUMBER(sin),
    ONE_NUMBER(sinh),
    ONE_NUMBER(sqrt),
    ONE_NUMBER(tan),
    ONE_NUMBER(tanh),
    {0},
};

static bool cmath_initialize(struct vm *vm, value module)
{
    struct dict_object *dict = support_dict(module);
    return dict_set_text(vm, dict, "pi", float_value(vm, M_PI)) && dict_set_text(vm, dict, "e", float_value(vm, M_E)) &&
           dict_set_text(vm, dict, "tau", float_value(vm, 2 * M_PI)) &&
           dict_set_text(vm, dict, "inf", float_value(vm, INFINITY)) &&
           dict_set_text(vm, dict, "infj", complex_value(vm, 0.0, INFINITY)) &&
           dict_set_text(vm, dict, "nan", float_value(vm, NAN)) &&
           dict_set_text(vm, dict, "nanj", complex_value(vm, 0.0, NAN));
}

const struct native_module cmath_module = {"cmath", cmath_initialize, functions};
