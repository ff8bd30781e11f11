/* sampler.h - draws from distributions, with the bits that numpy 1.24 gives: the same algorithms in the same order of
 * operations.
 *
 * A sampler is a source of bits with what its owner remembers between draws. Functions whose names start with legacy_
 * are those of RandomState, whose stream is frozen; the others are Generator's. Parameters are as numpy names them,
 * already checked.
 */
#ifndef HYBRIDSIM_SIM_TENSOR_RANDOM_SAMPLER_H
#define HYBRIDSIM_SIM_TENSOR_RANDOM_SAMPLER_H

#include "sim/tensor/random/bit_generator.h"

#include <math.h>

struct sampler {
    struct bit_generator *bits;
    bool has_gauss; /* legacy_gauss makes two at a time: the other one is */
    double gauss;
    uint64_t math; /* mathematical functions evaluated */
};

/* The host's functions, counted. */
#define SAMPLER_MATH(name, function, type)                                                                             \
    static inline type name(struct sampler *s, type x)                                                                 \
    {                                                                                                                  \
        s->math++;                                                                                                     \
        return function(x);                                                                                            \
    }
SAMPLER_MATH(s_log, log, double)
SAMPLER_MATH(s_log1p, log1p, double)
SAMPLER_MATH(s_exp, exp, double)
SAMPLER_MATH(s_expm1, expm1, double)
SAMPLER_MATH(s_sqrt, sqrt, double)
SAMPLER_MATH(s_cos, cos, double)
SAMPLER_MATH(s_acos, acos, double)
SAMPLER_MATH(s_logf, logf, float)
SAMPLER_MATH(s_log1pf, log1pf, float)
SAMPLER_MATH(s_expf, expf, float)
SAMPLER_MATH(s_sqrtf, sqrtf, float)
#undef SAMPLER_MATH
static inline double s_pow(struct sampler *s, double x, double y)
{
    s->math++;
    return pow(x, y);
}
static inline float s_powf(struct sampler *s, float x, float y)
{
    s->math++;
    return powf(x, y);
}
static inline double s_uniform(struct sampler *s)
{
    return next_double(s->bits);
}

/* ziggurat.c */
double sample_standard_normal(struct sampler *s);
double sample_standard_exponential(struct sampler *s);
float sample_standard_normal_single(struct sampler *s);
float sample_standard_exponential_single(struct sampler *s);
double log_factorial(struct sampler *s, int64_t k);

/* continuous.c */
float sample_standard_gamma_single(struct sampler *s, float shape);
double sample_standard_exponential_inverse(struct sampler *s); /* by inversion of the distribution */
float sample_standard_exponential_inverse_single(struct sampler *s);
double sample_standard_uniform(struct sampler *s);
double sample_uniform(struct sampler *s, double low, double range);
double sample_standard_cauchy(struct sampler *s);
double sample_exponential(struct sampler *s, double scale);
struct gamma_sources { /* what the gamma distribution is made from: these differ between RandomState and Generator */
    double (*exponential)(struct sampler *s);
    double (*normal)(struct sampler *s);
};
double standard_gamma_from(struct sampler *s, double shape, const struct gamma_sources *from);
double sample_standard_gamma(struct sampler *s, double shape);
double sample_gamma(struct sampler *s, double shape, double scale);
double sample_beta(struct sampler *s, double a, double b);
double sample_chisquare(struct sampler *s, double df);
double sample_f(struct sampler *s, double dfnum, double dfden);
double sample_normal(struct sampler *s, double loc, double scale);
double sample_lognormal(struct sampler *s, double mean, double sigma);
double sample_pareto(struct sampler *s, double a);
double sample_weibull(struct sampler *s, double a);
double sample_power(struct sampler *s, double a);
double sample_laplace(struct sampler *s, double loc, double scale);
double sample_gumbel(struct sampler *s, double loc, double scale);
double sample_logistic(struct sampler *s, double loc, double scale);
double sample_rayleigh(struct sampler *s, double scale);
double sample_standard_t(struct sampler *s, double df);
double sample_noncentral_chisquare(struct sampler *s, double df, double nonc);
double sample_noncentral_f(struct sampler *s, double dfnum, double dfden, double nonc);
double sample_wald(struct sampler *s, double mean, double scale);
double sample_vonmises(struct sampler *s, double mu, double kappa);
double sample_triangular(struct sampler *s, double left, double mode, double right);

/* discrete.c */
int64_t sample_poisson(struct sampler *s, double lam);
int64_t sample_negative_binomial(struct sampler *s, double n, double p);
int64_t sample_binomial(struct sampler *s, double p, int64_t n);
int64_t sample_binomial_positive(struct sampler *s, double p, int64_t n); /* draws even when n or p is 0 */
int64_t sample_logseries(struct sampler *s, double p);
int64_t sample_geometric(struct sampler *s, double p);
int64_t geometric_by_search(struct sampler *s, double p);
int64_t sample_zipf(struct sampler *s, double a);
int64_t sample_hypergeometric(struct sampler *s, int64_t good, int64_t bad, int64_t sample);
void sample_multinomial(struct sampler *s, int64_t n, const double *p, int64_t count, int64_t *out); /* out: zeros */
double log_gamma(struct sampler *s, double x);

/* legacy.c */
double legacy_gauss(struct sampler *s);
double legacy_standard_exponential(struct sampler *s);
double legacy_standard_cauchy(struct sampler *s);
double legacy_exponential(struct sampler *s, double scale);
double legacy_standard_gamma(struct sampler *s, double shape);
double legacy_gamma(struct sampler *s, double shape, double scale);
double legacy_beta(struct sampler *s, double a, double b);
double legacy_chisquare(struct sampler *s, double df);
double legacy_f(struct sampler *s, double dfnum, double dfden);
double legacy_normal(struct sampler *s, double loc, double scale);
double legacy_lognormal(struct sampler *s, double mean, double sigma);
double legacy_pareto(struct sampler *s, double a);
double legacy_weibull(struct sampler *s, double a);
double legacy_power(struct sampler *s, double a);
double legacy_rayleigh(struct sampler *s, double scale);
double legacy_standard_t(struct sampler *s, double df);
double legacy_noncentral_chisquare(struct sampler *s, double df, double nonc);
double legacy_noncentral_f(struct sampler *s, double dfnum, double dfden, double nonc);
double legacy_wald(struct sampler *s, double mean, double scale);
double legacy_vonmises(struct sampler *s, double mu, double kappa);
int64_t legacy_negative_binomial(struct sampler *s, double n, double p);
int64_t legacy_logseries(struct sampler *s, double p);
int64_t legacy_geometric(struct sampler *s, double p);
int64_t legacy_hypergeometric(struct sampler *s, int64_t good, int64_t bad, int64_t sample);

/* bounded.c: integers from 0 to `range`, inclusive */
uint64_t sample_interval(struct sampler *s, uint64_t range); /* by masking, whatever the owner: shuffling, ... */
enum bounding {
    BOUNDED_BY_MASK,
    BOUNDED_BY_PRODUCT
}; /* rejection after a mask (RandomState), D. Lemire's multiplication */
uint64_t sample_bounded(struct sampler *s, enum bounding bounding, uint64_t range);
/* `count` integers of `bytes` (1, 2, 4, 8; truth values: one bit is drawn for each), offset added; small ones share
 * words. */
void fill_bounded(struct sampler *s, enum bounding bounding, bool truth, size_t bytes, uint64_t offset, uint64_t range,
                  int64_t count, void *out);
/* One of them at a time, with the word that is left over between them. */
struct shared_word {
    uint32_t word;
    int left;
};
uint64_t sample_bounded_shared(struct sampler *s, enum bounding bounding, bool truth, size_t bytes, uint64_t range,
                               struct shared_word *shared);

#endif
