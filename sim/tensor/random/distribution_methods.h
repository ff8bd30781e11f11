/* distribution_methods.h - macros that make a method of a distribution: its function, its parameters and what they must
 * be. For the files of RandomState and Generator. */
#ifndef HYBRIDSIM_SIM_TENSOR_RANDOM_DISTRIBUTION_METHODS_H
#define HYBRIDSIM_SIM_TENSOR_RANDOM_DISTRIBUTION_METHODS_H

#include "sim/tensor/random/random_objects.h"

/* What calls `function` with its parameters: so many doubles, or other mixtures. */
#define DRAW(name, field, call)                                                                                        \
    static void draw_##name(struct sampler *s, const union number *p, union number *out)                               \
    {                                                                                                                  \
        (void)p;                                                                                                       \
        out->field = call;                                                                                             \
    }
#define DRAW_0(name, function) DRAW(name, real, function(s))
#define DRAW_1(name, function) DRAW(name, real, function(s, p[0].real))
#define DRAW_2(name, function) DRAW(name, real, function(s, p[0].real, p[1].real))
#define DRAW_3(name, function) DRAW(name, real, function(s, p[0].real, p[1].real, p[2].real))
#define COUNT_1(name, function) DRAW(name, whole, function(s, p[0].real))
#define COUNT_2(name, function) DRAW(name, whole, function(s, p[0].real, p[1].real))
#define COUNT_P_N(name, function) DRAW(name, whole, function(s, p[0].real, p[1].whole))
#define COUNT_WHOLE_3(name, function) DRAW(name, whole, function(s, p[0].whole, p[1].whole, p[2].whole))

/* The distribution and the method that draws from it; `parameters` of them, then the size. */
#define DISTRIBUTION(name, whole_, parameters, ...)                                                                    \
    static const struct distribution name##_distribution = {draw_##name, whole_, {__VA_ARGS__}};                       \
    METHOD(method_##name)                                                                                              \
    {                                                                                                                  \
        (void)count, (void)keyword_names;                                                                              \
        return distribution_draw(vm, sampler_of(self), &name##_distribution, arguments, arguments[parameters],         \
                                 VALUE_NULL);                                                                          \
    }
#define REAL(name, parameters, ...) DISTRIBUTION(name, false, parameters, __VA_ARGS__)
#define COUNT(name, parameters, ...) DISTRIBUTION(name, true, parameters, __VA_ARGS__)
#define GIVEN(name, constraint)                                                                                        \
    {                                                                                                                  \
        name, constraint, false, false, 0                                                                              \
    }
#define OPTIONAL(name, constraint, otherwise)                                                                          \
    {                                                                                                                  \
        name, constraint, false, true, otherwise                                                                       \
    }
#define WHOLE(name, constraint)                                                                                        \
    {                                                                                                                  \
        name, constraint, true, false, 0                                                                               \
    }
#define NO_PARAMETERS                                                                                                  \
    {                                                                                                                  \
        NULL, FREE, false, false, 0                                                                                    \
    }

/* What both classes have; `prefix` of the functions is legacy or sample. The file says which it is (IS_LEGACY), what a
 * uniform range (UNIFORM_RANGE) and a sample's size (SAMPLE_SIZE) must be, and has draw_binomial. */
#define COMMON_DISTRIBUTIONS(prefix)                                                                                   \
    DRAW_1(exponential, prefix##_exponential)                                                                          \
    DRAW_2(normal, prefix##_normal)                                                                                    \
    DRAW_2(lognormal, prefix##_lognormal)                                                                              \
    DRAW_1(standard_gamma, prefix##_standard_gamma)                                                                    \
    DRAW_2(gamma, prefix##_gamma)                                                                                      \
    DRAW_2(beta, prefix##_beta)                                                                                        \
    DRAW_1(chisquare, prefix##_chisquare)                                                                              \
    DRAW_2(f, prefix##_f)                                                                                              \
    DRAW_1(pareto, prefix##_pareto)                                                                                    \
    DRAW_1(weibull, prefix##_weibull)                                                                                  \
    DRAW_1(power, prefix##_power)                                                                                      \
    DRAW_1(rayleigh, prefix##_rayleigh)                                                                                \
    DRAW_0(standard_cauchy, prefix##_standard_cauchy)                                                                  \
    DRAW_1(standard_t, prefix##_standard_t)                                                                            \
    DRAW_2(noncentral_chisquare, prefix##_noncentral_chisquare)                                                        \
    DRAW_3(noncentral_f, prefix##_noncentral_f)                                                                        \
    DRAW_2(wald, prefix##_wald)                                                                                        \
    DRAW_2(vonmises, prefix##_vonmises)                                                                                \
    DRAW_2(laplace, sample_laplace)                                                                                    \
    DRAW_2(gumbel, sample_gumbel)                                                                                      \
    DRAW_2(logistic, sample_logistic)                                                                                  \
    DRAW_3(triangular, sample_triangular)                                                                              \
    DRAW_2(uniform, sample_uniform)                                                                                    \
    COUNT_1(poisson, sample_poisson)                                                                                   \
    COUNT_1(zipf, sample_zipf)                                                                                         \
    COUNT_1(geometric, prefix##_geometric)                                                                             \
    COUNT_1(logseries, prefix##_logseries)                                                                             \
    COUNT_2(negative_binomial, prefix##_negative_binomial)                                                             \
    COUNT_WHOLE_3(hypergeometric, prefix##_hypergeometric)                                                             \
    REAL(exponential, 1, OPTIONAL("scale", NON_NEGATIVE, 1))                                                           \
    REAL(normal, 2, OPTIONAL("loc", FREE, 0), OPTIONAL("scale", NON_NEGATIVE, 1))                                      \
    REAL(lognormal, 2, OPTIONAL("mean", FREE, 0), OPTIONAL("sigma", NON_NEGATIVE, 1))                                  \
    REAL(gamma, 2, GIVEN("shape", NON_NEGATIVE), OPTIONAL("scale", NON_NEGATIVE, 1))                                   \
    REAL(beta, 2, GIVEN("a", POSITIVE), GIVEN("b", POSITIVE))                                                          \
    REAL(chisquare, 1, GIVEN("df", POSITIVE))                                                                          \
    REAL(f, 2, GIVEN("dfnum", POSITIVE), GIVEN("dfden", POSITIVE))                                                     \
    REAL(pareto, 1, GIVEN("a", POSITIVE))                                                                              \
    REAL(weibull, 1, GIVEN("a", NON_NEGATIVE))                                                                         \
    REAL(power, 1, GIVEN("a", POSITIVE))                                                                               \
    REAL(rayleigh, 1, OPTIONAL("scale", NON_NEGATIVE, 1))                                                              \
    REAL(standard_cauchy, 0, NO_PARAMETERS)                                                                            \
    REAL(standard_t, 1, GIVEN("df", POSITIVE))                                                                         \
    REAL(noncentral_chisquare, 2, GIVEN("df", POSITIVE), GIVEN("nonc", NON_NEGATIVE))                                  \
    REAL(noncentral_f, 3, GIVEN("dfnum", POSITIVE), GIVEN("dfden", POSITIVE), GIVEN("nonc", NON_NEGATIVE))             \
    REAL(wald, 2, GIVEN("mean", POSITIVE), GIVEN("scale", POSITIVE))                                                   \
    REAL(vonmises, 2, GIVEN("mu", FREE), GIVEN("kappa", NON_NEGATIVE))                                                 \
    REAL(laplace, 2, OPTIONAL("loc", FREE, 0), OPTIONAL("scale", NON_NEGATIVE, 1))                                     \
    REAL(gumbel, 2, OPTIONAL("loc", FREE, 0), OPTIONAL("scale", NON_NEGATIVE, 1))                                      \
    REAL(logistic, 2, OPTIONAL("loc", FREE, 0), OPTIONAL("scale", NON_NEGATIVE, 1))                                    \
    COUNT(poisson, 1, OPTIONAL("lam", POISSON_RATE, 1))                                                                \
    COUNT(zipf, 1, GIVEN("a", ABOVE_1))                                                                                \
    COUNT(geometric, 1, GIVEN("p", ABOVE_0_TO_1))                                                                      \
    COUNT(logseries, 1, GIVEN("p", BELOW_1))                                                                           \
    static const struct distribution uniform_distribution = {                                                          \
        draw_uniform, false, {OPTIONAL("low", FREE, 0), OPTIONAL("high - low", UNIFORM_RANGE, 1)}};                    \
    static const struct distribution triangular_distribution = {                                                       \
        draw_triangular, false, {GIVEN("left", FREE), GIVEN("mode", FREE), GIVEN("right", FREE)}};                     \
    static const struct distribution hypergeometric_distribution = {                                                   \
        draw_hypergeometric,                                                                                           \
        true,                                                                                                          \
        {WHOLE("ngood", NON_NEGATIVE), WHOLE("nbad", NON_NEGATIVE), WHOLE("nsample", SAMPLE_SIZE)}};                   \
    static const struct distribution binomial_distribution = {                                                         \
        draw_binomial, true, {GIVEN("p", FROM_0_TO_1), WHOLE("n", NON_NEGATIVE)}};                                     \
    METHOD(method_uniform)                                                                                             \
    {                                                                                                                  \
        (void)count, (void)keyword_names;                                                                              \
        return uniform_draw(vm, sampler_of(self), &uniform_distribution, IS_LEGACY, arguments);                        \
    }                                                                                                                  \
    METHOD(method_triangular)                                                                                          \
    {                                                                                                                  \
        (void)count, (void)keyword_names;                                                                              \
        return triangular_draw(vm, sampler_of(self), &triangular_distribution, arguments);                             \
    }                                                                                                                  \
    METHOD(method_hypergeometric)                                                                                      \
    {                                                                                                                  \
        (void)count, (void)keyword_names;                                                                              \
        return hypergeometric_draw(vm, sampler_of(self), &hypergeometric_distribution, IS_LEGACY, arguments);          \
    }                                                                                                                  \
    METHOD(method_binomial)                                                                                            \
    {                                                                                                                  \
        (void)count, (void)keyword_names;                                                                              \
        return binomial_draw(vm, sampler_of(self), &binomial_distribution, arguments);                                 \
    }

#define COMMON_ROWS                                                                                                    \
    {"exponential", "(scale=1.0, size=None)", method_exponential, METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL},        \
        {"normal", "(loc=0.0, scale=1.0, size=None)", method_normal, METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL},     \
        {"lognormal", "(mean=0.0, sigma=1.0, size=None)", method_lognormal, METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL}, \
        {"gamma", "(shape, scale=1.0, size=None)", method_gamma, METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL},         \
        {"beta", "(a, b, size=None)", method_beta, METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL},                       \
        {"chisquare", "(df, size=None)", method_chisquare, METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL},               \
        {"f", "(dfnum, dfden, size=None)", method_f, METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL},                     \
        {"pareto", "(a, size=None)", method_pareto, METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL},                      \
        {"weibull", "(a, size=None)", method_weibull, METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL},                    \
        {"power", "(a, size=None)", method_power, METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL},                        \
        {"rayleigh", "(scale=1.0, size=None)", method_rayleigh, METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL},          \
        {"standard_cauchy", "(size=None)", method_standard_cauchy, METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL},       \
        {"standard_t", "(df, size=None)", method_standard_t, METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL},             \
        {"noncentral_chisquare", "(df, nonc, size=None)", method_noncentral_chisquare, METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL}, \
        {"noncentral_f", "(dfnum, dfden, nonc, size=None)", method_noncentral_f, METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL}, \
        {"wald", "(mean, scale, size=None)", method_wald, METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL},                \
        {"vonmises", "(mu, kappa, size=None)", method_vonmises, METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL},          \
        {"laplace", "(loc=0.0, scale=1.0, size=None)", method_laplace, METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL},   \
        {"gumbel", "(loc=0.0, scale=1.0, size=None)", method_gumbel, METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL},     \
        {"logistic", "(loc=0.0, scale=1.0, size=None)", method_logistic, METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL}, \
        {"poisson", "(lam=1.0, size=None)", method_poisson, METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL},              \
        {"zipf", "(a, size=None)", method_zipf, METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL},                          \
        {"geometric", "(p, size=None)", method_geometric, METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL},                \
        {"logseries", "(p, size=None)", method_logseries, METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL},                \
        {"uniform", "(low=0.0, high=1.0, size=None)", method_uniform, METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL},    \
        {"triangular", "(left, mode, right, size=None)", method_triangular, METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL}, \
        {"binomial", "(n, p, size=None)", method_binomial, METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL},               \
        {"negative_binomial", "(n, p, size=None)", method_negative_binomial, METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL}, \
    {                                                                                                                  \
        "hypergeometric", "(ngood, nbad, nsample, size=None)", method_hypergeometric, METHOD_INSTANCE, NULL            \
    }

/* judged.c: distributions whose parameters are judged together. arguments as bound: parameters, then the size. */
value uniform_draw(struct vm *vm, struct sampler *s, const struct distribution *distribution, bool legacy,
                   const value *arguments);
value triangular_draw(struct vm *vm, struct sampler *s, const struct distribution *distribution,
                      const value *arguments);
value hypergeometric_draw(struct vm *vm, struct sampler *s, const struct distribution *distribution, bool legacy,
                          const value *arguments);
value binomial_draw(struct vm *vm, struct sampler *s, const struct distribution *distribution,
                    const value *arguments); /* n, p */

#endif
