/* legacy.c - RandomState's distributions, where they are not Generator's: normal numbers by the polar method,
 * exponential ones by inversion, and what is built on them. */
#include "sim/tensor/random/sampler.h"

/* G. Marsaglia's polar form of G. E. P. Box and M. E. Muller's method: two numbers at a time. */
double legacy_gauss(struct sampler *s)
{
    if (s->has_gauss) {
        s->has_gauss = false;
        double gauss = s->gauss;
        s->gauss = 0.0;
        return gauss;
    }
    double x, y, square;
    do {
        x = 2.0 * s_uniform(s) - 1.0;
        y = 2.0 * s_uniform(s) - 1.0;
        square = x * x + y * y;
    } while (square >= 1.0 || square == 0.0);
    double factor = s_sqrt(s, -2.0 * s_log(s, square) / square);
    s->gauss = factor * x;
    s->has_gauss = true;
    return factor * y;
}

double legacy_standard_exponential(struct sampler *s)
{
    return -s_log(s, 1.0 - s_uniform(s));
}

double legacy_exponential(struct sampler *s, double scale)
{
    return scale * legacy_standard_exponential(s);
}

double legacy_normal(struct sampler *s, double loc, double scale)
{
    return loc + scale * legacy_gauss(s);
}

double legacy_lognormal(struct sampler *s, double mean, double sigma)
{
    return s_exp(s, legacy_normal(s, mean, sigma));
}

double legacy_standard_cauchy(struct sampler *s)
{
    double numerator = legacy_gauss(s);
    return numerator / legacy_gauss(s);
}

double legacy_standard_gamma(struct sampler *s, double shape)
{
    static const struct gamma_sources former = {legacy_standard_exponential, legacy_gauss};
    return standard_gamma_from(s, shape, &former);
}

double legacy_gamma(struct sampler *s, double shape, double scale)
{
    return scale * legacy_standard_gamma(s, shape);
}

double legacy_beta(struct sampler *s, double a, double b)
{
    if (a > 1.0 || b > 1.0 || a != a || b != b) {
        double x = legacy_standard_gamma(s, a), y = legacy_standard_gamma(s, b);
        return x / (x + y);
    }
    for (;;) {
        double u = s_uniform(s), v = s_uniform(s);
        double x = s_pow(s, u, 1.0 / a), y = s_pow(s, v, 1.0 / b);
        if (x + y > 1.0)
            continue;
        if (x + y > 0)
            return x / (x + y);
        double log_x = s_log(s, u) / a, log_y = s_log(s, v) / b,
               greater = log_x > log_y ? log_x : log_y; /* both underflowed */
        log_x -= greater;
        log_y -= greater;
        return s_exp(s, log_x - s_log(s, s_exp(s, log_x) + s_exp(s, log_y)));
    }
}

double legacy_chisquare(struct sampler *s, double df)
{
    return 2.0 * legacy_standard_gamma(s, df / 2.0);
}

double legacy_f(struct sampler *s, double dfnum, double dfden)
{
    double numerator = legacy_chisquare(s, dfnum) * dfden;
    return numerator / (legacy_chisquare(s, dfden) * dfnum);
}

double legacy_pareto(struct sampler *s, double a)
{
    return s_exp(s, legacy_standard_exponential(s) / a) - 1;
}

double legacy_weibull(struct sampler *s, double a)
{
    return a == 0.0 ? 0.0 : s_pow(s, legacy_standard_exponential(s), 1. / a);
}

double legacy_power(struct sampler *s, double a)
{
    return s_pow(s, 1 - s_exp(s, -legacy_standard_exponential(s)), 1. / a);
}

double legacy_rayleigh(struct sampler *s, double scale)
{
    return scale * s_sqrt(s, -2.0 * s_log1p(s, -s_uniform(s)));
}

double legacy_standard_t(struct sampler *s, double df)
{
    double numerator = legacy_gauss(s), denominator = legacy_standard_gamma(s, df / 2);
    return s_sqrt(s, df / 2) * numerator / s_sqrt(s, denominator);
}

double legacy_noncentral_chisquare(struct sampler *s, double df, double nonc)
{
    if (nonc == 0)
        return legacy_chisquare(s, df);
    if (1 < df) {
        double central = legacy_chisquare(s, df - 1), n = legacy_gauss(s) + s_sqrt(s, nonc);
        return central + n * n;
    }
    int64_t i = sample_poisson(s, nonc / 2.0);
    double result = legacy_chisquare(s, df + (double)(2 * i));
    return nonc != nonc ? NAN : result;
}

double legacy_noncentral_f(struct sampler *s, double dfnum, double dfden, double nonc)
{
    double t = legacy_noncentral_chisquare(s, dfnum, nonc) * dfden;
    return t / (legacy_chisquare(s, dfden) * dfnum);
}

int64_t legacy_negative_binomial(struct sampler *s, double n, double p)
{
    return sample_poisson(s, legacy_gamma(s, n, (1 - p) / p));
}

int64_t legacy_geometric(struct sampler *s, double p)
{
    if (p >= 0.333333333333333333333333)
        return geometric_by_search(s, p);
    double numerator = s_log1p(s, -s_uniform(s));
    return (int64_t)ceil(numerator / s_log(s, 1 - p));
}

int64_t legacy_logseries(struct sampler *s, double p)
{
    double r = s_log(s, 1.0 - p);
    for (;;) {
        double v = s_uniform(s);
        if (v >= p)
            return 1;
        double q = 1.0 - s_exp(s, r * s_uniform(s));
        if (v <= q * q) {
            int64_t result = (int64_t)floor(1 + s_log(s, v) / s_log(s, q));
            if (result < 1 || v == 0.0)
                continue;
            return result;
        }
        return v >= q ? 1 : 2;
    }
}

static int64_t hypergeometric_by_drawing(struct sampler *s, int64_t good, int64_t bad, int64_t sample)
{
    int64_t others = bad + good - sample, k = sample;
    double few = (double)(bad < good ? bad : good), left = few;
    while (left > 0.0) {
        double u = s_uniform(s);
        left -= (double)(int64_t)floor(u + left / (double)(others + k));
        if (--k == 0)
            break;
    }
    int64_t z = (int64_t)(few - left);
    return good > bad ? sample - z : z;
}

static double log_gammas(struct sampler *s, int64_t z, int64_t few, int64_t draws, int64_t many)
{
    double first = log_gamma(s, (double)(z + 1)), second = log_gamma(s, (double)(few - z + 1));
    double third = log_gamma(s, (double)(draws - z + 1)), fourth = log_gamma(s, (double)(many - draws + z + 1));
    return first + second + third + fourth;
}

/* As discrete.c's hypergeometric_by_ratio, an older form. */
static int64_t hypergeometric_by_ratio(struct sampler *s, int64_t good, int64_t bad, int64_t sample)
{
    const double d1 = 1.7155277699214135, d2 = 0.8989161620588988;
    int64_t total = good + bad, draws = sample < total - sample ? sample : total - sample, z;
    int64_t few = good < bad ? good : bad, many = good < bad ? bad : good;
    double p = (double)few / (double)total, q = 1.0 - p, center = (double)draws * p + 0.5;
    double width = s_sqrt(s, (double)(total - draws) * (double)sample * p * q / (double)(total - 1) + 0.5),
           h = d1 * width + d2;
    int64_t mode = (int64_t)floor((double)(draws + 1) * (double)(few + 1) / (double)(total + 2));
    double g = log_gammas(s, mode, few, draws, many);
    double most = (double)(draws < few ? draws : few) + 1.0, edge = floor(center + 16 * width),
           bound = most < edge ? most : edge;
    for (;;) {
        double x = s_uniform(s), y = s_uniform(s), w = center + h * (y - 0.5) / x;
        if (w < 0.0 || w >= bound)
            continue;
        z = (int64_t)floor(w);
        double t = g - log_gammas(s, z, few, draws, many);
        if (x * (4.0 - x) - 3.0 <= t)
            break;
        if (x * (x - t) >= 1)
            continue;
        if (2.0 * s_log(s, x) <= t)
            break;
    }
    if (good > bad)
        z = draws - z;
    return draws < sample ? good - z : z;
}

int64_t legacy_hypergeometric(struct sampler *s, int64_t good, int64_t bad, int64_t sample)
{
    if (sample > 10)
        return hypergeometric_by_ratio(s, good, bad, sample);
    return sample > 0 ? hypergeometric_by_drawing(s, good, bad, sample) : 0;
}
