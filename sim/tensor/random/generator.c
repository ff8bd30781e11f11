/* generator.c - numpy.random.Generator: what draws from any bit generator, by the newer methods. */
#include "sim/tensor/random/distribution_methods.h"

#define IS_LEGACY false
#define UNIFORM_RANGE NON_NEGATIVE
#define SAMPLE_SIZE NON_NEGATIVE

COUNT_P_N(binomial, sample_binomial)
COMMON_DISTRIBUTIONS(sample)

static const struct distribution standard_gamma_distribution = {draw_standard_gamma,
                                                                false,
                                                                {GIVEN("shape", NON_NEGATIVE)}},
                                 negative_binomial_distribution = {
                                     draw_negative_binomial,
                                     true,
                                     {GIVEN("n", POSITIVE_NUMBER), GIVEN("p", ABOVE_0_TO_1)}};
static const struct filler uniform_filler = {sample_standard_uniform, NULL},
                           normal_filler = {sample_standard_normal, sample_standard_normal_single},
                           exponential_filler = {sample_standard_exponential, sample_standard_exponential_single},
                           inverse_filler = {sample_standard_exponential_inverse,
                                             sample_standard_exponential_inverse_single};

static float standard_uniform_single(struct sampler *s)
{
    return next_float(s->bits);
}

METHOD(generator_random) /* size, dtype, out */
{
    UNUSED_METHOD_PARAMETERS;
    struct filler filler = uniform_filler;
    filler.single = standard_uniform_single;
    return filler_draw(vm, sampler_of(self), &filler, "random", arguments[0], arguments[1], arguments[2]);
}

METHOD(generator_standard_normal)
{
    UNUSED_METHOD_PARAMETERS;
    return filler_draw(vm, sampler_of(self), &normal_filler, "standard_normal", arguments[0], arguments[1],
                       arguments[2]);
}

METHOD(generator_standard_exponential) /* size, dtype, method, out */
{
    UNUSED_METHOD_PARAMETERS;
    bool ziggurat =
        arguments[2] == VALUE_NULL || (has_flag(arguments[2], TYPE_STRING) && string_is(arguments[2], "zig"));
    return filler_draw(vm, sampler_of(self), ziggurat ? &exponential_filler : &inverse_filler, "standard_exponential",
                       arguments[0], arguments[1], arguments[3]);
}

/* The float32 form: the shapes are rounded to float32 first. */
static value standard_gamma_single(struct vm *vm, struct sampler *s, const value *arguments)
{
    value size = arguments[1], out = arguments[3];
    struct ndarray *shapes = parameter_array(vm, arguments[0], &standard_gamma_distribution.parameters[0]), *result;
    if (!shapes || !constraint_check(vm, &standard_gamma_distribution.parameters[0], shapes, shapes->dimensions == 0))
        return VALUE_NULL;
    if (is_given(out)) {
        if (!is_array(out) || array_dtype(array_of(out)) != DTYPE_FLOAT32 || array_of(out)->readonly ||
            !array_is_contiguous(array_of(out)))
            return raise_error(vm, &exc_TypeError, "Supplied output array has the wrong type. Expected float32, got %S",
                               is_array(out) ? dtype_value(vm, array_dtype(array_of(out))) : out);
        result = array_of(out);
    } else if (is_given(size)) {
        result = sized_array(vm, DTYPE_FLOAT32, size);
    } else {
        result = array_new(vm, DTYPE_FLOAT32, shapes->dimensions, shapes->shape);
    }
    struct ndarray *all = result ? array_broadcast(vm, shapes, result->shape, result->dimensions) : NULL;
    if (!all)
        return VALUE_NULL;
    int64_t index[DIMENSIONS_MAX] = {0};
    char *element = all->data;
    float *target = (float *)(void *)result->data;
    for (int64_t i = 0; i < result->size; i++, element_next(all, index, &element))
        target[i] = sample_standard_gamma_single(s, (float)element_float(DTYPE_FLOAT64, element));
    random_account(vm, s, result->size);
    bool number = !shapes->dimensions && !is_given(size) && !is_given(out);
    return number ? float_value(vm, (double)target[0]) : object_value(result);
}

METHOD(generator_standard_gamma) /* shape, size, dtype, out */
{
    UNUSED_METHOD_PARAMETERS;
    int dtype = arguments[2] == VALUE_NULL ? DTYPE_FLOAT64 : dtype_from(vm, arguments[2]);
    if (dtype < 0)
        return VALUE_NULL;
    if (dtype == DTYPE_FLOAT64)
        return distribution_draw(vm, sampler_of(self), &standard_gamma_distribution, arguments, arguments[1],
                                 arguments[3]);
    if (dtype == DTYPE_FLOAT32)
        return standard_gamma_single(vm, sampler_of(self), arguments);
    return raise_error(vm, &exc_TypeError, "Unsupported dtype %R for standard_gamma", dtype_value(vm, dtype));
}

METHOD(method_negative_binomial)
{
    UNUSED_METHOD_PARAMETERS;
    const double most = 9.223372006484771e18; /* of the Poisson distribution's rate */
    const struct parameter *parameters = negative_binomial_distribution.parameters;
    struct ndarray *p = parameter_array(vm, arguments[1], &parameters[1]),
                   *n = p ? parameter_array(vm, arguments[0], &parameters[0]) : NULL;
    if (!n)
        return VALUE_NULL;
    bool scalar = n->dimensions == 0 && p->dimensions == 0;
    if (!constraint_check(vm, &parameters[0], n, scalar) || !constraint_check(vm, &parameters[1], p, scalar))
        return VALUE_NULL;
    struct ndarray *both[2] = {n, p};
    int64_t shape[DIMENSIONS_MAX], index[2][DIMENSIONS_MAX] = {{0}}, size = 1;
    uint32_t dimensions;
    char *elements[2];
    if (!common_shape(vm, both, 2, shape, &dimensions))
        return VALUE_NULL;
    for (uint32_t i = 0; i < dimensions; i++)
        size *= shape[i];
    for (int k = 0; k < 2; k++) {
        both[k] = array_broadcast(vm, both[k], shape, dimensions);
        if (!both[k])
            return VALUE_NULL;
        elements[k] = both[k]->data;
    }
    for (int64_t i = 0; i < size; i++) {
        double trials = element_float(DTYPE_FLOAT64, elements[0]), share = element_float(DTYPE_FLOAT64, elements[1]);
        if ((1 - share) / share * (trials + 10 * sqrt(trials)) > most)
            return raise_error(vm, &exc_ValueError,
                               "n too large or p too small, see Generator.negative_binomial Notes");
        element_next(both[0], index[0], &elements[0]);
        element_next(both[1], index[1], &elements[1]);
    }
    return distribution_draw(vm, sampler_of(self), &negative_binomial_distribution, arguments, arguments[2],
                             VALUE_NULL);
}

METHOD(generator_integers) /* low, high, size, dtype, endpoint */
{
    UNUSED_METHOD_PARAMETERS;
    int closed = arguments[4] == VALUE_NULL ? 0 : value_truth(vm, arguments[4]);
    return closed < 0 ? VALUE_NULL
                      : integers_draw(vm, sampler_of(self), BOUNDED_BY_PRODUCT, closed, arguments, "integers");
}

METHOD(generator_bytes)
{
    UNUSED_METHOD_PARAMETERS;
    return bytes_draw(vm, sampler_of(self), BOUNDED_BY_PRODUCT, arguments[0]);
}

METHOD(generator_choice) /* a, size, replace, p, axis, shuffle */
{
    UNUSED_METHOD_PARAMETERS;
    return choice_draw(vm, sampler_of(self), false, arguments[0], arguments[1], arguments[2], arguments[3],
                       arguments[4], arguments[5]);
}

METHOD(generator_shuffle)
{
    UNUSED_METHOD_PARAMETERS;
    return shuffle_draw(vm, sampler_of(self), arguments[0], arguments[1]);
}

METHOD(generator_permutation)
{
    UNUSED_METHOD_PARAMETERS;
    return permutation_draw(vm, sampler_of(self), false, arguments[0], arguments[1]);
}

METHOD(generator_permuted)
{
    UNUSED_METHOD_PARAMETERS;
    return permuted_draw(vm, sampler_of(self), arguments[0], arguments[1], arguments[2]);
}

METHOD(generator_multinomial)
{
    UNUSED_METHOD_PARAMETERS;
    return multinomial_draw(vm, sampler_of(self), false, arguments[0], arguments[1], arguments[2]);
}

METHOD(generator_dirichlet)
{
    UNUSED_METHOD_PARAMETERS;
    return dirichlet_draw(vm, sampler_of(self), false, arguments[0], arguments[1]);
}

METHOD(generator_multivariate_normal)
{
    UNUSED_METHOD_PARAMETERS;
    return multivariate_normal_draw(vm, sampler_of(self), false, arguments);
}

METHOD(generator_multivariate_hypergeometric)
{
    UNUSED_METHOD_PARAMETERS;
    return multivariate_hypergeometric_draw(vm, sampler_of(self), arguments);
}

static value generator_bit_generator(struct vm *vm, value self)
{
    (void)vm;
    return random_of(self)->bit_generator;
}

static value generator_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)type;
    static const char *const names[] = {"bit_generator", NULL};
    static const struct argument_names expected = {"__init__", names, 1, 1};
    value bit_generator;
    if (!arguments_bind(vm, &expected, arguments, count, keyword_names, &bit_generator))
        return VALUE_NULL;
    if (!is_bit_generator(vm, bit_generator))
        return raise_error(vm, &exc_AttributeError, "'%T' object has no attribute 'capsule'", bit_generator);
    struct random_object *random = GC_NEW(vm, struct random_object, &random_generator_type);
    if (!random)
        return VALUE_NULL;
    random_attach(random, bit_generator);
    return object_value(random);
}

static value generator_string(struct vm *vm, value self)
{
    return string_printf(vm, "Generator(%s)",
                         strrchr(value_object(random_of(self)->bit_generator)->shape->type->name, '.') + 1);
}

static value generator_repr(struct vm *vm, value self)
{
    return string_printf(vm, "%U at 0x%llX", generator_string(vm, self), (unsigned long long)object_identity(vm, self));
}

const struct method_definition generator_methods[] = {
    COMMON_ROWS,
    PICKLING_ROWS(random_generator),
    {"random", "(size=None, dtype=None, out=None)", generator_random, METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL},
    {"standard_normal", "(size=None, dtype=None, out=None)", generator_standard_normal, METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL},
    {"standard_exponential", "(size=None, dtype=None, method='zig', out=None)", generator_standard_exponential,
     METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL},
    {"standard_gamma", "(shape, size=None, dtype=None, out=None)", generator_standard_gamma, METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL},
    {"integers", "(low, high=None, size=None, dtype=None, endpoint=False)", generator_integers, METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL},
    {"bytes", "(length, /)", generator_bytes, METHOD_INSTANCE, NULL},
    {"choice", "(a, size=None, replace=True, p=None, axis=0, shuffle=True)", generator_choice, METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL},
    {"shuffle", "(x, axis=0)", generator_shuffle, METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL},
    {"permutation", "(x, axis=0)", generator_permutation, METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL},
    {"permuted", "(x, *, axis=None, out=None)", generator_permuted, METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL},
    {"multinomial", "(n, pvals, size=None)", generator_multinomial, METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL},
    {"dirichlet", "(alpha, size=None)", generator_dirichlet, METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL},
    {"multivariate_normal", "(mean, cov, size=None, check_valid='warn', tol=1e-8, *, method='svd')",
     generator_multivariate_normal, METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL},
    {"multivariate_hypergeometric", "(colors, nsample, size=None, method='marginals')",
     generator_multivariate_hypergeometric, METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL},
    {NULL, NULL, NULL, 0, NULL},
};
static const struct property_definition generator_properties[] = {{"bit_generator", generator_bit_generator, NULL},
                                                                  {"_bit_generator", generator_bit_generator, NULL},
                                                                  {NULL, NULL, NULL}};

struct type random_generator_type = {
    .name = "numpy.random._generator.Generator",
    .flags = TYPE_GETATTR_PLAIN,
    .instance_size = sizeof(struct random_object),
    .methods = generator_methods,
    .properties = generator_properties,
    .trace = random_trace,
    .new = generator_new,
    .repr = generator_repr,
    .string = generator_string,
};
