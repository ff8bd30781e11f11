/* math.c - module math: its functions of one and two reals, and its table. Integers, sums and the gamma function are in
 * math_integer.c, math_sum.c and math_gamma.c. The values are the C library's, as CPython's are; the errors follow C99
 * Annex F: a NaN from numbers is a domain error, an infinity from finite numbers a range error, or a domain error where the
 * function has a pole. */
#include "sim/modules/math.h"
#include "sim/runtime/attribute.h"

#include <limits.h>

enum infinity_kind { INFINITY_IS_POLE, INFINITY_IS_OVERFLOW };

static inline value answer_1(struct vm *vm, double x, double result, enum infinity_kind infinity)
{
    ADD_WORK(vm, math, 1);
    if (isfinite(result))
        return float_value(vm, result);
    if (isnan(result) ? !isnan(x) : isfinite(x))
        return isnan(result) || infinity == INFINITY_IS_POLE ? math_domain_error(vm) : math_range_error(vm);
    return float_value(vm, result);
}

static value answer_2(struct vm *vm, double x, double y, double result)
{
    ADD_WORK(vm, math, 1);
    if (isnan(result) && !isnan(x) && !isnan(y))
        return math_domain_error(vm);
    if (isinf(result) && isfinite(x) && isfinite(y))
        return math_range_error(vm);
    return float_value(vm, result);
}

#define FUNCTION(name) static MATH_FUNCTION(name)

#define REAL_FUNCTION(name, expression, infinity)                                                                      \
    FUNCTION(name)                                                                                                     \
    {                                                                                                                  \
        MATH_UNUSED;                                                                                                   \
        double x;                                                                                                      \
        return math_number(vm, arguments[0], &x) ? answer_1(vm, x, expression, infinity) : VALUE_NULL;                 \
    }
REAL_FUNCTION(acos, acos(x), INFINITY_IS_POLE)
REAL_FUNCTION(acosh, acosh(x), INFINITY_IS_POLE)
REAL_FUNCTION(asin, asin(x), INFINITY_IS_POLE)
REAL_FUNCTION(asinh, asinh(x), INFINITY_IS_POLE)
REAL_FUNCTION(atan, atan(x), INFINITY_IS_POLE)
REAL_FUNCTION(atanh, atanh(x), INFINITY_IS_POLE)
REAL_FUNCTION(cbrt, cbrt(x), INFINITY_IS_POLE)
REAL_FUNCTION(cos, cos(x), INFINITY_IS_POLE)
REAL_FUNCTION(cosh, cosh(x), INFINITY_IS_OVERFLOW)
REAL_FUNCTION(erf, erf(x), INFINITY_IS_OVERFLOW)
REAL_FUNCTION(erfc, erfc(x), INFINITY_IS_OVERFLOW)
REAL_FUNCTION(exp, exp(x), INFINITY_IS_OVERFLOW)
REAL_FUNCTION(exp2, exp2(x), INFINITY_IS_OVERFLOW)
REAL_FUNCTION(expm1, expm1(x), INFINITY_IS_OVERFLOW)
REAL_FUNCTION(fabs, fabs(x), INFINITY_IS_POLE)
REAL_FUNCTION(log1p, x == 0.0 ? x : log1p(x), INFINITY_IS_POLE)
REAL_FUNCTION(sin, sin(x), INFINITY_IS_POLE)
REAL_FUNCTION(sinh, sinh(x), INFINITY_IS_OVERFLOW)
REAL_FUNCTION(sqrt, sqrt(x), INFINITY_IS_POLE)
REAL_FUNCTION(tan, tan(x), INFINITY_IS_POLE)
REAL_FUNCTION(tanh, tanh(x), INFINITY_IS_POLE)
#undef REAL_FUNCTION

#define REAL_FUNCTION_2(name, expression)                                                                              \
    FUNCTION(name)                                                                                                     \
    {                                                                                                                  \
        MATH_UNUSED;                                                                                                   \
        double x, y;                                                                                                   \
        if (!math_number(vm, arguments[0], &x) || !math_number(vm, arguments[1], &y))                                  \
            return VALUE_NULL;                                                                                         \
        return answer_2(vm, x, y, expression);                                                                         \
    }
REAL_FUNCTION_2(atan2, atan2(x, y))
REAL_FUNCTION_2(copysign, copysign(x, y))
REAL_FUNCTION_2(remainder, remainder(x, y))
REAL_FUNCTION_2(fmod, fmod(x, y))
#undef REAL_FUNCTION_2

FUNCTION(pow)
{
    MATH_UNUSED;
    double x, y;
    if (!math_number(vm, arguments[0], &x) || !math_number(vm, arguments[1], &y))
        return VALUE_NULL;
    double result = pow(x, y);
    if (isinf(result) && x == 0.0 && isfinite(y))
        return math_domain_error(vm);
    return answer_2(vm, x, y, result);
}

/* What neither fails nor overflows: the sign of zero and infinities pass through. */
#define PLAIN_FUNCTION(name, expression)                                                                               \
    FUNCTION(name)                                                                                                     \
    {                                                                                                                  \
        MATH_UNUSED;                                                                                                   \
        double x;                                                                                                      \
        if (!math_number(vm, arguments[0], &x))                                                                        \
            return VALUE_NULL;                                                                                         \
        ADD_WORK(vm, math, 1);                                                                                         \
        return expression;                                                                                             \
    }
PLAIN_FUNCTION(degrees, float_value(vm, x * (180.0 / M_PI)))
PLAIN_FUNCTION(radians, float_value(vm, x * (M_PI / 180.0)))
PLAIN_FUNCTION(isfinite, bool_value(isfinite(x)))
PLAIN_FUNCTION(isinf, bool_value(isinf(x)))
PLAIN_FUNCTION(isnan, bool_value(isnan(x)))
#undef PLAIN_FUNCTION

FUNCTION(nextafter)
{
    MATH_UNUSED;
    double x, y;
    if (!math_number(vm, arguments[0], &x) || !math_number(vm, arguments[1], &y))
        return VALUE_NULL;
    ADD_WORK(vm, math, 1);
    return float_value(vm, nextafter(x, y));
}

FUNCTION(ulp)
{
    MATH_UNUSED;
    double x;
    if (!math_number(vm, arguments[0], &x))
        return VALUE_NULL;
    ADD_WORK(vm, math, 1);
    x = fabs(x);
    if (!isfinite(x))
        return float_value(vm, x);
    double above = nextafter(x, INFINITY);
    return float_value(vm, isinf(above) ? x - nextafter(x, 0.0) : above - x);
}

/* ---- logarithms, also of ints beyond a double's range ---- */

/* |v| = the result * 2**exponent with the result in [0.5, 1), rounded half to even. */
static double int_fraction(value v, int64_t *exponent)
{
    struct int_view view;
    int_view(v, &view);
    mpz_srcptr number = int_view_mpz(&view);
    size_t bits = mpz_sizeinbase(number, 2);
    mpz_t top;
    mpz_init(top);
    mpz_tdiv_q_2exp(top, number, bits - 64); /* 64 bits, of which the last stands for all that is cut off */
    uint64_t word = mpz_get_ui(top) | (mpz_scan1(number, 0) < bits - 64);
    mpz_clear(top);
    int word_exponent;
    double fraction = frexp((double)word, &word_exponent);
    *exponent = (int64_t)(bits - 64) + word_exponent;
    return fraction;
}

static bool logarithm(struct vm *vm, value v, double (*function)(double), double *result)
{
    double x;
    if (is_int(v) && !is_small_int(v)) {
        if (int_sign(v) <= 0) {
            math_domain_error(vm);
            return false;
        }
        ADD_WORK(vm, math, 1);
        bool overflow = false;
        x = int_to_double(vm, v, &overflow);
        if (overflow) {
            if (vm->pending != VALUE_NULL)
                exception_clear(vm);
            int64_t exponent;
            x = int_fraction(v, &exponent);
            *result = function(x) + function(2.0) * (double)exponent;
        } else
            *result = function(x);
        return true;
    }
    if (!math_number(vm, v, &x))
        return false;
    ADD_WORK(vm, math, 1);
    if (x <= 0.0) {
        math_domain_error(vm);
        return false;
    }
    *result = isfinite(x) ? function(x) : x;
    return true;
}

FUNCTION(log)
{
    (void)self;
    if (keyword_count(keyword_names))
        return raise_error(vm, &exc_TypeError, "log() takes no keyword arguments");
    if (count < 1 || count > 2)
        return raise_error(vm, &exc_TypeError, "math.log requires 1 to 2 arguments");
    double x, base;
    if (!logarithm(vm, arguments[0], log, &x))
        return VALUE_NULL;
    if (count == 1)
        return float_value(vm, x);
    if (!logarithm(vm, arguments[1], log, &base))
        return VALUE_NULL;
    if (base == 0.0)
        return raise_error(vm, &exc_ZeroDivisionError, "float division by zero");
    return float_value(vm, x / base);
}

FUNCTION(log2)
{
    MATH_UNUSED;
    double result;
    return logarithm(vm, arguments[0], log2, &result) ? float_value(vm, result) : VALUE_NULL;
}

FUNCTION(log10)
{
    MATH_UNUSED;
    double result;
    return logarithm(vm, arguments[0], log10, &result) ? float_value(vm, result) : VALUE_NULL;
}

/* ---- parts of a float ---- */

FUNCTION(frexp)
{
    MATH_UNUSED;
    double x;
    if (!math_number(vm, arguments[0], &x))
        return VALUE_NULL;
    ADD_WORK(vm, math, 1);
    int exponent = 0;
    if (isfinite(x))
        x = frexp(x, &exponent);
    return tuple_pack(vm, 2, float_value(vm, x), small_int(exponent));
}

FUNCTION(ldexp)
{
    MATH_UNUSED;
    double x;
    if (!math_number(vm, arguments[0], &x))
        return VALUE_NULL;
    if (!is_int(arguments[1]))
        return raise_error(vm, &exc_TypeError, "Expected an int as second argument to ldexp.");
    ADD_WORK(vm, math, 1);
    value exponent = int_exact(arguments[1]);
    int64_t n = is_small_int(exponent) ? small_int_value(exponent) : int_sign(exponent) < 0 ? INT64_MIN : INT64_MAX;
    if (x == 0.0 || !isfinite(x))
        return float_value(vm, x);
    double result = ldexp(x, n > INT_MAX ? INT_MAX : n < INT_MIN ? INT_MIN : (int)n);
    return isinf(result) ? math_range_error(vm) : float_value(vm, result);
}

FUNCTION(modf)
{
    MATH_UNUSED;
    double x, whole;
    if (!math_number(vm, arguments[0], &x))
        return VALUE_NULL;
    ADD_WORK(vm, math, 1);
    double fraction = modf(x, &whole);
    return tuple_pack(vm, 2, float_value(vm, fraction), float_value(vm, whole));
}

FUNCTION(isclose)
{
    MATH_UNUSED;
    double a, b, relative = 1e-9, absolute = 0.0;
    if (!math_number(vm, arguments[0], &a) || !math_number(vm, arguments[1], &b) ||
        (arguments[2] != VALUE_NULL && !math_number(vm, arguments[2], &relative)) ||
        (arguments[3] != VALUE_NULL && !math_number(vm, arguments[3], &absolute)))
        return VALUE_NULL;
    if (relative < 0.0 || absolute < 0.0)
        return raise_error(vm, &exc_ValueError, "tolerances must be non-negative");
    ADD_WORK(vm, math, 1);
    if (a == b)
        return TRUE;
    if (isinf(a) || isinf(b))
        return FALSE;
    double difference = fabs(b - a);
    return bool_value(difference <= fabs(relative * b) || difference <= fabs(relative * a) || difference <= absolute);
}

/* ---- to integers ---- */

static value round_with(struct vm *vm, value v, const char *special, double (*function)(double))
{
    ADD_WORK(vm, math, 1);
    double x;
    if (is_small_int(v))
        return v;
    if (!is_immediate_float(v) && !is_exact(v, &float_type)) {
        value method = lookup_special(vm, v, special);
        if (method != VALUE_NULL || vm->pending != VALUE_NULL)
            return method == VALUE_NULL ? VALUE_NULL : call_0(vm, method);
    }
    return math_number(vm, v, &x) ? int_from_double(vm, function(x)) : VALUE_NULL;
}

FUNCTION(floor)
{
    MATH_UNUSED;
    return round_with(vm, arguments[0], "__floor__", floor);
}

FUNCTION(ceil)
{
    MATH_UNUSED;
    return round_with(vm, arguments[0], "__ceil__", ceil);
}

FUNCTION(trunc)
{
    MATH_UNUSED;
    value v = arguments[0];
    ADD_WORK(vm, math, 1);
    if (is_small_int(v))
        return v;
    if (is_immediate_float(v) || is_exact(v, &float_type))
        return int_from_double(vm, float_number(v));
    value method = lookup_special(vm, v, "__trunc__");
    if (method != VALUE_NULL)
        return call_0(vm, method);
    if (vm->pending != VALUE_NULL)
        return VALUE_NULL;
    return raise_error(vm, &exc_TypeError, "type %T doesn't define __trunc__ method", v);
}

#define ONE_NUMBER(name) {#name, "(x, /)", math_##name, 0, NULL}
#define TWO_NUMBERS(name) {#name, "(x, y, /)", math_##name, 0, NULL}
static const struct method_definition functions[] = {
    ONE_NUMBER(acos),
    ONE_NUMBER(acosh),
    ONE_NUMBER(asin),
    ONE_NUMBER(asinh),
    ONE_NUMBER(atan),
    TWO_NUMBERS(atan2),
    ONE_NUMBER(atanh),
    ONE_NUMBER(cbrt),
    ONE_NUMBER(ceil),
    {"comb", "(n, k, /)", math_comb, 0, NULL},
    TWO_NUMBERS(copysign),
    ONE_NUMBER(cos),
    ONE_NUMBER(cosh),
    ONE_NUMBER(degrees),
    {"dist", "(p, q, /)", math_dist, 0, NULL},
    ONE_NUMBER(erf),
    ONE_NUMBER(erfc),
    ONE_NUMBER(exp),
    ONE_NUMBER(exp2),
    ONE_NUMBER(expm1),
    ONE_NUMBER(fabs),
    ONE_NUMBER(factorial),
    ONE_NUMBER(floor),
    TWO_NUMBERS(fmod),
    ONE_NUMBER(frexp),
    {"fsum", "(seq, /)", math_fsum, 0, NULL},
    ONE_NUMBER(gamma),
    {"gcd", NULL, math_gcd, 0, NULL},
    {"hypot", NULL, math_hypot, 0, NULL},
    {"isclose", "(a, b, *, rel_tol=1e-09, abs_tol=0.0)", math_isclose, 0, NULL},
    ONE_NUMBER(isfinite),
    ONE_NUMBER(isinf),
    ONE_NUMBER(isnan),
    {"isqrt", "(n, /)", math_isqrt, 0, NULL},
    {"lcm", NULL, math_lcm, 0, NULL},
    {"ldexp", "(x, i, /)", math_ldexp, 0, NULL},
    ONE_NUMBER(lgamma),
    {"log", NULL, math_log, 0, NULL},
    ONE_NUMBER(log10),
    ONE_NUMBER(log1p),
    ONE_NUMBER(log2),
    ONE_NUMBER(modf),
    TWO_NUMBERS(nextafter),
    {"perm", "(n, k=None, /)", math_perm, 0, NULL},
    TWO_NUMBERS(pow),
    {"prod", "(iterable, /, *, start=1)", math_prod, 0, NULL},
    ONE_NUMBER(radians),
    TWO_NUMBERS(remainder),
    ONE_NUMBER(sin),
    ONE_NUMBER(sinh),
    ONE_NUMBER(sqrt),
    ONE_NUMBER(tan),
    ONE_NUMBER(tanh),
    ONE_NUMBER(trunc),
    ONE_NUMBER(ulp),
    {0},
};

static bool math_initialize(struct vm *vm, value module)
{
    struct dict_object *dict = dict_of(((struct module_object *)value_object(module))->dict);
    return dict_set_text(vm, dict, "pi", float_value(vm, M_PI)) && dict_set_text(vm, dict, "e", float_value(vm, M_E)) &&
           dict_set_text(vm, dict, "tau", float_value(vm, 2 * M_PI)) &&
           dict_set_text(vm, dict, "inf", float_value(vm, INFINITY)) &&
           dict_set_text(vm, dict, "nan", float_value(vm, NAN));
}

const struct native_module math_module = {"math", math_initialize, functions};
