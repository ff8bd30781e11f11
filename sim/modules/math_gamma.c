/* math_gamma.c - math.gamma and math.lgamma by Lanczos' approximation with 13 terms and g = 6.0246...: the coefficients that
 * John Maddock published for 53-bit doubles (Boost's documentation, "The Lanczos Approximation"), evaluated in the order in
 * which CPython does, so that the last bit agrees. */
#include "sim/modules/math.h"

enum { TERMS = 13 };
static const double lanczos_g = 6.024680040776729583740234375;
static const double lanczos_g_minus_half = 5.524680040776729583740234375;

static const double numerator[TERMS] = {
    23531376880.410759688572007674451636754734846804940,
    42919803642.649098768957899047001988850926355848959,
    35711959237.355668049440185451547166705960488635843,
    17921034426.037209699919755754458931112671403265390,
    6039542586.3520280050642916443072979210699388420708,
    1439720407.3117216736632230727949123939715485786372,
    248874557.86205415651146038641322942321632125127801,
    31426415.585400194380614231628318205362874684987640,
    2876370.6289353724412254090516208496135991145378768,
    186056.26539522349504029498971604569928220784236328,
    8071.6720023658162106380029022722506138218516325024,
    210.82427775157934587250973392071336271166969580291,
    2.5066282746310002701649081771338373386264310793408,
};
/* x * (x + 1) * ... * (x + 11) */
static const double denominator[TERMS] = {0.0,       39916800.0, 120543840.0, 150917976.0, 105258076.0, 45995730.0, 13339535.0,
                                          2637558.0, 357423.0,   32670.0,     1925.0,      66.0,        1.0};

/* In powers of x for small x, of 1/x for large: neither overflows. */
static double lanczos_sum(double x)
{
    double above = 0.0, below = 0.0;
    for (int i = 0; i < TERMS; i++) {
        int term = x < 5.0 ? TERMS - 1 - i : i;
        above = (x < 5.0 ? above * x : above / x) + numerator[term];
        below = (x < 5.0 ? below * x : below / x) + denominator[term];
    }
    return above / below;
}

/* sin(pi * x), without the loss of pi * x for large x */
static double sin_pi(double x)
{
    double y = fmod(fabs(x), 2.0), result = 0.0;
    switch ((int)round(2.0 * y)) {
    case 0: result = sin(M_PI * y); break;
    case 1: result = cos(M_PI * (y - 0.5)); break;
    case 2: result = sin(M_PI * (1.0 - y)); break;
    case 3: result = -cos(M_PI * (y - 1.5)); break;
    case 4: result = sin(M_PI * (y - 2.0)); break;
    }
    return copysign(1.0, x) * result;
}

/* y ** (a - 0.5), in two halves where one would overflow early: applied by *= or /= */
static double apply_power(double result, double y, double a, bool divide)
{
    double power = a < 140.0 ? pow(y, a - 0.5) : pow(y, a / 2.0 - 0.25);
    result = divide ? result / power : result * power;
    if (a >= 140.0)
        result = divide ? result / power : result * power;
    return result;
}

/* For x finite and no integer up to 0; an overflow gives an infinity. */
static double gamma_of(double x)
{
    double a = fabs(x);
    if (x == floor(x) && x > 0.0 && x <= 23.0) {
        double product = 1.0; /* 22! is exact */
        for (int i = 2; i < (int)x; i++)
            product *= i;
        return product;
    }
    if (a < 1e-20)
        return 1.0 / x;
    if (a > 200.0)
        return x < 0.0 ? 0.0 / sin_pi(x) : INFINITY;
    double y = a + lanczos_g_minus_half;
    /* the rounding error of y: first what the larger term lost */
    double z = a > lanczos_g_minus_half ? (y - a) - lanczos_g_minus_half : (y - lanczos_g_minus_half) - a;
    z = z * lanczos_g / y;
    if (x < 0.0) {
        double result = -M_PI / sin_pi(a) / a * exp(y) / lanczos_sum(a);
        result -= z * result;
        return apply_power(result, y, a, true);
    }
    double result = lanczos_sum(a) / exp(y);
    result += z * result;
    return apply_power(result, y, a, false);
}

static double log_gamma_of(double x)
{
    double a = fabs(x);
    if (x == 1.0 || x == 2.0)
        return 0.0;
    if (a < 1e-20)
        return -log(a);
    double result = log(lanczos_sum(a)) - lanczos_g;
    result += (a - 0.5) * (log(a + lanczos_g - 0.5) - 1);
    if (x < 0.0) {
        const double log_pi = 1.144729885849400174143427351353058711647;
        result = log_pi - log(fabs(sin_pi(a))) - log(a) - result;
    }
    return result;
}

MATH_FUNCTION(gamma)
{
    MATH_UNUSED;
    double x;
    if (!math_number(vm, arguments[0], &x))
        return VALUE_NULL;
    ADD_WORK(vm, math, 1);
    if (isnan(x) || (isinf(x) && x > 0.0))
        return float_value(vm, x);
    if (x <= 0.0 && x == floor(x))
        return math_domain_error(vm);
    double result = gamma_of(x);
    return isinf(result) ? math_range_error(vm) : float_value(vm, result);
}

MATH_FUNCTION(lgamma)
{
    MATH_UNUSED;
    double x;
    if (!math_number(vm, arguments[0], &x))
        return VALUE_NULL;
    ADD_WORK(vm, math, 1);
    if (!isfinite(x))
        return float_value(vm, isnan(x) ? x : INFINITY);
    if (x <= 0.0 && x == floor(x))
        return math_domain_error(vm);
    double result = log_gamma_of(x);
    return isinf(result) ? math_range_error(vm) : float_value(vm, result);
}
