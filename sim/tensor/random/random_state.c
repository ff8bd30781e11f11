/* random_state.c - numpy.random.RandomState: what draws from MT19937 as numpy has done since 2006. */
#include "sim/tensor/random/distribution_methods.h"

#define IS_LEGACY true
#define UNIFORM_RANGE FREE
#define SAMPLE_SIZE AT_LEAST_1

COUNT_P_N(binomial, sample_binomial_positive)
COMMON_DISTRIBUTIONS(legacy)
COUNT(negative_binomial, 2, GIVEN("n", POSITIVE), GIVEN("p", FROM_0_TO_1))
REAL(standard_gamma, 1, GIVEN("shape", NON_NEGATIVE))

static const struct filler uniform_filler = {sample_standard_uniform, NULL}, normal_filler = {legacy_gauss, NULL},
                           exponential_filler = {legacy_standard_exponential, NULL};

static value fill(struct vm *vm, value self, const struct filler *filler, value size)
{
    return filler_draw(vm, sampler_of(self), filler, "", size, VALUE_NULL, VALUE_NULL);
}

METHOD(state_random_sample)
{
    UNUSED_METHOD_PARAMETERS;
    return fill(vm, self, &uniform_filler, arguments[0]);
}

METHOD(state_standard_normal)
{
    UNUSED_METHOD_PARAMETERS;
    return fill(vm, self, &normal_filler, arguments[0]);
}

METHOD(state_standard_exponential)
{
    UNUSED_METHOD_PARAMETERS;
    return fill(vm, self, &exponential_filler, arguments[0]);
}

METHOD(state_rand) /* *args: the size */
{
    UNUSED_METHOD_PARAMETERS;
    return fill(vm, self, &uniform_filler, tuple_of(arguments[0])->length ? arguments[0] : VALUE_NULL);
}

METHOD(state_randn)
{
    UNUSED_METHOD_PARAMETERS;
    return fill(vm, self, &normal_filler, tuple_of(arguments[0])->length ? arguments[0] : VALUE_NULL);
}

METHOD(state_randint)
{
    UNUSED_METHOD_PARAMETERS;
    return integers_draw(vm, sampler_of(self), BOUNDED_BY_MASK, false, arguments, "randint");
}

METHOD(state_random_integers)
{
    UNUSED_METHOD_PARAMETERS;
    value low = arguments[0], high = arguments[1];
    bool good = is_given(high) ? warning_issue(vm, &exc_DeprecationWarning, 1,
                                               "This function is deprecated. Please call randint(%S, %S "
                                               "+ 1) instead",
                                               low, high)
                               : warning_issue(vm, &exc_DeprecationWarning, 1,
                                               "This function is deprecated. Please call randint(1, %S "
                                               "+ 1) instead",
                                               low);
    if (!good)
        return VALUE_NULL;
    if (!is_given(high)) {
        high = low;
        low = small_int(1);
    }
    value as_int = call_1(vm, type_object_value(&int_type), high);
    value above = as_int == VALUE_NULL ? as_int : binary_operation(vm, BINARY_ADD, as_int, small_int(1));
    /* the dtype given makes the result numpy's int64 */
    value bounds[4] = {low, above, arguments[2], dtype_value(vm, DTYPE_INT64)};
    return above == VALUE_NULL ? above : integers_draw(vm, sampler_of(self), BOUNDED_BY_MASK, false, bounds, "randint");
}

METHOD(state_tomaxint)
{
    UNUSED_METHOD_PARAMETERS;
    struct sampler *s = sampler_of(self);
    struct ndarray *result = is_given(arguments[0]) ? sized_array(vm, DTYPE_INT64, arguments[0]) : NULL;
    if (is_given(arguments[0]) && !result)
        return VALUE_NULL;
    int64_t number = 0;
    for (int64_t i = 0; i < (result ? result->size : 1); i++) {
        number = (int64_t)(next_64(s->bits) >> 1);
        if (result)
            ((int64_t *)(void *)result->data)[i] = number;
    }
    random_account(vm, s, result ? result->size : 1);
    return result ? object_value(result) : int_from_int64(vm, number);
}

METHOD(state_bytes)
{
    UNUSED_METHOD_PARAMETERS;
    return bytes_draw(vm, sampler_of(self), BOUNDED_BY_MASK, arguments[0]);
}

METHOD(state_choice)
{
    UNUSED_METHOD_PARAMETERS;
    return choice_draw(vm, sampler_of(self), true, arguments[0], arguments[1], arguments[2], arguments[3], VALUE_NULL,
                       VALUE_NULL);
}

METHOD(state_shuffle)
{
    UNUSED_METHOD_PARAMETERS;
    return shuffle_draw(vm, sampler_of(self), arguments[0], VALUE_NULL);
}

METHOD(state_permutation)
{
    UNUSED_METHOD_PARAMETERS;
    return permutation_draw(vm, sampler_of(self), true, arguments[0], VALUE_NULL);
}

METHOD(state_multinomial)
{
    UNUSED_METHOD_PARAMETERS;
    return multinomial_draw(vm, sampler_of(self), true, arguments[0], arguments[1], arguments[2]);
}

METHOD(state_dirichlet)
{
    UNUSED_METHOD_PARAMETERS;
    return dirichlet_draw(vm, sampler_of(self), true, arguments[0], arguments[1]);
}

METHOD(state_multivariate_normal)
{
    UNUSED_METHOD_PARAMETERS;
    return multivariate_normal_draw(vm, sampler_of(self), true, arguments);
}

/* ---- seeding and states ---- */

METHOD(state_seed)
{
    UNUSED_METHOD_PARAMETERS;
    struct random_object *random = random_of(self);
    if (random->sampler.bits->source != SOURCE_MT19937)
        return raise_error(vm, &exc_TypeError, "can only re-seed a MT19937 BitGenerator");
    if (!bit_generator_seed_legacy(vm, bit_generator_of(random->bit_generator), arguments[0]))
        return VALUE_NULL;
    random->sampler.has_gauss = false;
    random->sampler.gauss = 0.0;
    return NONE;
}

METHOD(state_get_state)
{
    UNUSED_METHOD_PARAMETERS;
    struct random_object *random = random_of(self);
    int legacy = arguments[0] == VALUE_NULL ? 1 : value_truth(vm, arguments[0]);
    value state = legacy < 0 ? VALUE_NULL : bit_generator_state(vm, random->bit_generator);
    if (state == VALUE_NULL)
        return state;
    if (legacy && random->sampler.bits->source != SOURCE_MT19937) {
        if (!warning_issue(vm, &exc_RuntimeWarning, 1,
                           "get_state and legacy can only be used with the MT19937 BitGenerator. To silence this "
                           "warning, set `legacy` "
                           "to False."))
            return VALUE_NULL;
        legacy = false;
    }
    value has_gauss = small_int(random->sampler.has_gauss), gauss = float_value(vm, random->sampler.gauss);
    if (legacy) {
        struct dict_object *inner = dict_of(dict_get_text(vm, dict_of(state), "state"));
        return tuple_pack(vm, 5, dict_get_text(vm, dict_of(state), "bit_generator"), dict_get_text(vm, inner, "key"),
                          dict_get_text(vm, inner, "pos"), has_gauss, gauss);
    }
    return dict_set_text(vm, dict_of(state), "has_gauss", has_gauss) &&
                   dict_set_text(vm, dict_of(state), "gauss", gauss)
               ? state
               : VALUE_NULL;
}

/* The tuple of get_state() as a dict. */
static value state_from_sequence(struct vm *vm, value given)
{
    size_t count;
    if (!has_flag(given, TYPE_TUPLE) && !has_flag(given, TYPE_LIST))
        return raise_error(vm, &exc_TypeError, "state must be a dict or a tuple.");
    value *items = sequence_items(given, &count);
    if (count < 1 || count == 2 || count == 4)
        return raise_error(vm, &exc_IndexError, "%s index out of range",
                           has_flag(given, TYPE_TUPLE) ? "tuple" : "list");
    if (!has_flag(items[0], TYPE_STRING) || !string_is(items[0], "MT19937"))
        return raise_error(vm, &exc_ValueError, "set_state can only be used with legacy MT19937state instances.");
    if (count < 3)
        return raise_error(vm, &exc_IndexError, "%s index out of range",
                           has_flag(given, TYPE_TUPLE) ? "tuple" : "list");
    value state = dict_new(vm), inner = state == VALUE_NULL ? state : dict_new(vm);
    return inner != VALUE_NULL && dict_set_text(vm, dict_of(state), "bit_generator", items[0]) &&
                   dict_set_text(vm, dict_of(inner), "key", items[1]) &&
                   dict_set_text(vm, dict_of(inner), "pos", items[2]) &&
                   dict_set_text(vm, dict_of(state), "state", inner) &&
                   (count < 5 || (dict_set_text(vm, dict_of(state), "has_gauss", items[3]) &&
                                  dict_set_text(vm, dict_of(state), "gauss", items[4])))
               ? state
               : VALUE_NULL;
}

METHOD(state_set_state)
{
    UNUSED_METHOD_PARAMETERS;
    value state = arguments[0];
    if (!has_flag(state, TYPE_DICT) && (state = state_from_sequence(vm, state)) == VALUE_NULL)
        return VALUE_NULL;
    struct dict_object *dict = dict_of(state);
    if (dict_get_text(vm, dict, "bit_generator") == VALUE_NULL || dict_get_text(vm, dict, "state") == VALUE_NULL)
        return raise_error(vm, &exc_ValueError, "state dictionary is not valid.");
    value gauss_given = dict_get_text(vm, dict, "gauss"), has_gauss_given = dict_get_text(vm, dict, "has_gauss");
    double gauss = 0.0;
    int64_t has_gauss = 0;
    if ((gauss_given != VALUE_NULL && !value_to_double(vm, gauss_given, &gauss)) ||
        (has_gauss_given != VALUE_NULL && !value_to_index(vm, has_gauss_given, &has_gauss)) ||
        !bit_generator_set_state(vm, random_of(self)->bit_generator, state))
        return VALUE_NULL;
    random_of(self)->sampler.gauss = gauss;
    random_of(self)->sampler.has_gauss = has_gauss != 0;
    return NONE;
}

static value state_bit_generator(struct vm *vm, value self)
{
    (void)vm;
    return random_of(self)->bit_generator;
}

static value state_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)type;
    static const char *const names[] = {"seed", NULL};
    static const struct argument_names expected = {"__init__", names, 0, 1};
    value seed;
    if (!arguments_bind(vm, &expected, arguments, count, keyword_names, &seed))
        return VALUE_NULL;
    value generator = is_bit_generator(vm, seed) ? seed : bit_generator_new(vm, SOURCE_MT19937, VALUE_NULL);
    if (generator == VALUE_NULL)
        return VALUE_NULL;
    if (is_given(seed) && generator != seed && !bit_generator_seed_legacy(vm, bit_generator_of(generator), seed))
        return VALUE_NULL;
    struct random_object *random = GC_NEW(vm, struct random_object, &random_state_type);
    if (!random)
        return VALUE_NULL;
    random_attach(random, generator);
    return object_value(random);
}

static value state_string(struct vm *vm, value self)
{
    return string_printf(vm, "RandomState(%s)",
                         strrchr(value_object(random_of(self)->bit_generator)->shape->type->name, '.') + 1);
}

static value state_repr(struct vm *vm, value self)
{
    return string_printf(vm, "%U at 0x%llX", state_string(vm, self), (unsigned long long)object_identity(vm, self));
}

const struct method_definition random_state_methods[] = {
    COMMON_ROWS,
    PICKLING_ROWS(random_state),
    {"standard_gamma", "(shape, size=None)", method_standard_gamma, METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL},
    {"random_sample", "(size=None)", state_random_sample, METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL},
    {"random", "(size=None)", state_random_sample, METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL},
    {"standard_normal", "(size=None)", state_standard_normal, METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL},
    {"standard_exponential", "(size=None)", state_standard_exponential, METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL},
    {"rand", "(*args)", state_rand, METHOD_INSTANCE, NULL},
    {"randn", "(*args)", state_randn, METHOD_INSTANCE, NULL},
    {"randint", "(low, high=None, size=None, dtype=int)", state_randint, METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL},
    {"random_integers", "(low, high=None, size=None)", state_random_integers, METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL},
    {"tomaxint", "(size=None)", state_tomaxint, METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL},
    {"bytes", "(length, /)", state_bytes, METHOD_INSTANCE, NULL},
    {"choice", "(a, size=None, replace=True, p=None)", state_choice, METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL},
    {"shuffle", "(x, /)", state_shuffle, METHOD_INSTANCE, NULL},
    {"permutation", "(x, /)", state_permutation, METHOD_INSTANCE, NULL},
    {"multinomial", "(n, pvals, size=None)", state_multinomial, METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL},
    {"dirichlet", "(alpha, size=None)", state_dirichlet, METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL},
    {"multivariate_normal", "(mean, cov, size=None, check_valid='warn', tol=1e-8)", state_multivariate_normal,
     METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL},
    {"seed", "(seed=None)", state_seed, METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL},
    {"get_state", "(legacy=True)", state_get_state, METHOD_INSTANCE | METHOD_CYTHON_WORDS, NULL},
    {"set_state", "(state, /)", state_set_state, METHOD_INSTANCE, NULL},
    {NULL, NULL, NULL, 0, NULL},
};
static const struct property_definition state_properties[] = {{"_bit_generator", state_bit_generator, NULL},
                                                              {NULL, NULL, NULL}};

struct type random_state_type = {
    .name = "numpy.random.mtrand.RandomState",
    .flags = TYPE_GETATTR_PLAIN,
    .instance_size = sizeof(struct random_object),
    .methods = random_state_methods,
    .properties = state_properties,
    .trace = random_trace,
    .new = state_new,
    .repr = state_repr,
    .string = state_string,
};
