/* continuous.c - Generator's continuous distributions. */
#include "sim/tensor/random/sampler.h"

double sample_standard_uniform(struct sampler *s)
{
    return s_uniform(s);
}

double sample_uniform(struct sampler *s, double low, double range)
{
    return low + range * s_uniform(s);
}

double sample_standard_exponential_inverse(struct sampler *s)
{
    return -s_log1p(s, -s_uniform(s));
}

float sample_standard_exponential_inverse_single(struct sampler *s)
{
    return (float)-s_log1p(s, -(double)next_float(s->bits));
}

double sample_exponential(struct sampler *s, double scale)
{
    return scale * sample_standard_exponential(s);
}

double sample_normal(struct sampler *s, double loc, double scale)
{
    return loc + scale * sample_standard_normal(s);
}

double sample_lognormal(struct sampler *s, double mean, double sigma)
{
    return s_exp(s, sample_normal(s, mean, sigma));
}

double sample_standard_cauchy(struct sampler *s)
{
    double numerator = sample_standard_normal(s);
    return numerator / sample_standard_normal(s);
}

/* Shape below 1: J. H. Ahrens, U. Dieter, 1974 (GS). */
static double gamma_of_small_shape(struct sampler *s, double shape, const struct gamma_sources *from)
{
    for (;;) {
        double u = s_uniform(s), v = from->exponential(s);
        if (u <= 1.0 - shape) {
            double x = s_pow(s, u, 1. / shape);
            if (x <= v)
                return x;
        } else {
            double y = -s_log(s, (1 - u) / shape);
            double x = s_pow(s, 1.0 - shape + shape * y, 1. / shape);
            if (x <= v + y)
                return x;
        }
    }
}

/* Else: G. Marsaglia, W. W. Tsang, "A Simple Method for Generating Gamma Variables", 2000. */
double standard_gamma_from(struct sampler *s, double shape, const struct gamma_sources *from)
{
    if (shape == 1.0)
        return from->exponential(s);
    if (shape == 0.0)
        return 0.0;
    if (shape < 1.0)
        return gamma_of_small_shape(s, shape, from);
    double b = shape - 1. / 3., c = 1. / s_sqrt(s, 9 * b);
    for (;;) {
        double x, v;
        do {
            x = from->normal(s);
            v = 1.0 + c * x;
        } while (v <= 0.0);
        v = v * v * v;
        double u = s_uniform(s);
        if (u < 1.0 - 0.0331 * (x * x) * (x * x) || s_log(s, u) < 0.5 * x * x + b * (1. - v + s_log(s, v)))
            return b * v;
    }
}

double sample_standard_gamma(struct sampler *s, double shape)
{
    static const struct gamma_sources ziggurats = {sample_standard_exponential, sample_standard_normal};
    return standard_gamma_from(s, shape, &ziggurats);
}

static float gamma_of_small_shape_single(struct sampler *s, float shape)
{
    for (;;) {
        float u = next_float(s->bits), v = sample_standard_exponential_single(s);
        if (u <= 1.0f - shape) {
            float x = s_powf(s, u, 1.0f / shape);
            if (x <= v)
                return x;
        } else {
            float y = -s_logf(s, (1.0f - u) / shape);
            float x = s_powf(s, 1.0f - shape + shape * y, 1.0f / shape);
            if (x <= v + y)
                return x;
        }
    }
}

float sample_standard_gamma_single(struct sampler *s, float shape)
{
    if (shape == 1.0f)
        return sample_standard_exponential_single(s);
    if (shape == 0.0f)
        return 0.0f;
    if (shape < 1.0f)
        return gamma_of_small_shape_single(s, shape);
    float b = shape - 1.0f / 3.0f, c = 1.0f / s_sqrtf(s, 9.0f * b);
    for (;;) {
        float x, v;
        do {
            x = sample_standard_normal_single(s);
            v = 1.0f + c * x;
        } while (v <= 0.0f);
        v = v * v * v;
        float u = next_float(s->bits);
        if (u < 1.0f - 0.0331f * (x * x) * (x * x) || s_logf(s, u) < 0.5f * x * x + b * (1.0f - v + s_logf(s, v)))
            return b * v;
    }
}

double sample_gamma(struct sampler *s, double shape, double scale)
{
    return scale * sample_standard_gamma(s, shape);
}

/* Both parameters at most 1: M. D. Jöhnk, 1964; else a ratio of gammas. */
double sample_beta(struct sampler *s, double a, double b)
{
    if (a > 1.0 || b > 1.0 || a != a || b != b) {
        double x = sample_standard_gamma(s, a), y = sample_standard_gamma(s, b);
        return x / (x + y);
    }
    for (;;) {
        double u = s_uniform(s), v = s_uniform(s);
        double x = s_pow(s, u, 1.0 / a), y = s_pow(s, v, 1.0 / b), sum = x + y;
        if (sum <= 1.0 && sum > 0.0)
            return x / sum;
    }
}

double sample_chisquare(struct sampler *s, double df)
{
    return 2.0 * sample_standard_gamma(s, df / 2.0);
}

double sample_f(struct sampler *s, double dfnum, double dfden)
{
    double numerator = sample_chisquare(s, dfnum) * dfden;
    return numerator / (sample_chisquare(s, dfden) * dfnum);
}

double sample_pareto(struct sampler *s, double a)
{
    return s_expm1(s, sample_standard_exponential(s) / a);
}

double sample_weibull(struct sampler *s, double a)
{
    return a == 0.0 ? 0.0 : s_pow(s, sample_standard_exponential(s), 1. / a);
}

double sample_power(struct sampler *s, double a)
{
    return s_pow(s, -s_expm1(s, -sample_standard_exponential(s)), 1. / a);
}

double sample_laplace(struct sampler *s, double loc, double scale)
{
    double u;
    do
        u = s_uniform(s);
    while (!(u > 0.0));
    return u >= 0.5 ? loc - scale * s_log(s, 2.0 - u - u) : loc + scale * s_log(s, u + u);
}

double sample_gumbel(struct sampler *s, double loc, double scale)
{
    double u;
    do
        u = 1.0 - s_uniform(s);
    while (!(u < 1.0));
    return loc - scale * s_log(s, -s_log(s, u));
}

double sample_logistic(struct sampler *s, double loc, double scale)
{
    double u;
    do
        u = s_uniform(s);
    while (!(u > 0.0));
    return loc + scale * s_log(s, u / (1.0 - u));
}

double sample_rayleigh(struct sampler *s, double scale)
{
    return scale * s_sqrt(s, 2.0 * sample_standard_exponential(s));
}

double sample_standard_t(struct sampler *s, double df)
{
    double numerator = sample_standard_normal(s), denominator = sample_standard_gamma(s, df / 2);
    return s_sqrt(s, df / 2) * numerator / s_sqrt(s, denominator);
}

double sample_noncentral_chisquare(struct sampler *s, double df, double nonc)
{
    if (nonc != nonc)
        return NAN;
    if (nonc == 0)
        return sample_chisquare(s, df);
    if (1 < df) {
        double central = sample_chisquare(s, df - 1), n = sample_standard_normal(s) + s_sqrt(s, nonc);
        return central + n * n;
    }
    int64_t i = sample_poisson(s, nonc / 2.0);
    return sample_chisquare(s, df + (double)(2 * i));
}

double sample_noncentral_f(struct sampler *s, double dfnum, double dfden, double nonc)
{
    double t = sample_noncentral_chisquare(s, dfnum, nonc) * dfden;
    return t / (sample_chisquare(s, dfden) * dfnum);
}

/* J. R. Michael, W. R. Schucany, R. W. Haas, 1976; n is a standard normal number. */
static double wald_from_normal(struct sampler *s, double mean, double scale, double n)
{
    double mu_2l = mean / (2 * scale), y = mean * n * n;
    double x = mean + mu_2l * (y - s_sqrt(s, 4 * scale * y + y * y));
    double u = s_uniform(s);
    return u <= mean / (mean + x) ? x : mean * mean / x;
}

double sample_wald(struct sampler *s, double mean, double scale)
{
    return wald_from_normal(s, mean, scale, sample_standard_normal(s));
}

double legacy_wald(struct sampler *s, double mean, double scale)
{
    return wald_from_normal(s, mean, scale, legacy_gauss(s));
}

static double wrapped(double angle)
{
    double turned = fmod(fabs(angle) + M_PI, 2 * M_PI) - M_PI;
    return angle < 0 ? -turned : turned;
}

/* D. J. Best, N. I. Fisher, "Efficient Simulation of the von Mises Distribution", 1979. */
static double vonmises_by_rejection(struct sampler *s, double mu, double kappa)
{
    double envelope = 1. / kappa + kappa;
    if (!(kappa < 1e-5)) {
        double r = 1 + s_sqrt(s, 1 + 4 * kappa * kappa);
        double rho = (r - s_sqrt(s, 2 * r)) / (2 * kappa);
        envelope = (1 + rho * rho) / (2 * rho);
    }
    double w, y, v;
    do {
        double z = s_cos(s, M_PI * s_uniform(s));
        w = (1 + envelope * z) / (envelope + z);
        y = kappa * (envelope - w);
        v = s_uniform(s);
    } while (!(y * (2 - y) - v >= 0) && !(s_log(s, y / v) + 1 - y >= 0));
    double u = s_uniform(s), result = s_acos(s, w);
    return wrapped((u < 0.5 ? -result : result) + mu);
}

double legacy_vonmises(struct sampler *s, double mu, double kappa)
{
    if (kappa != kappa)
        return NAN;
    if (kappa < 1e-8)
        return M_PI * (2 * s_uniform(s) - 1);
    return vonmises_by_rejection(s, mu, kappa);
}

double sample_vonmises(struct sampler *s, double mu, double kappa)
{
    if (!(kappa > 1e6))
        return legacy_vonmises(s, mu, kappa);
    double result = mu + s_sqrt(s, 1. / kappa) * sample_standard_normal(s); /* the rejection's limit */
    if (result < -M_PI)
        result += 2 * M_PI;
    if (result > M_PI)
        result -= 2 * M_PI;
    return result;
}

double sample_triangular(struct sampler *s, double left, double mode, double right)
{
    double base = right - left, left_base = mode - left;
    double left_product = left_base * base, right_product = (right - mode) * base;
    double u = s_uniform(s);
    if (u <= left_base / base)
        return left + s_sqrt(s, u * left_product);
    return right - s_sqrt(s, (1.0 - u) * right_product);
}
