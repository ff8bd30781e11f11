/* random_module.c - module numpy.random: its classes, default_rng, and the methods of one RandomState as functions. */
#include "sim/tensor/numpy_module.h"
#include "sim/tensor/random/random_objects.h"

METHOD(random_default_rng)
{
    UNUSED_METHOD_PARAMETERS;
    value seed = arguments[0];
    if (is_exact(seed, &random_generator_type))
        return seed;
    value bits = is_bit_generator(vm, seed) ? seed : bit_generator_new(vm, SOURCE_PCG64, seed);
    return bits == VALUE_NULL ? bits : call_1(vm, type_object_value(&random_generator_type), bits);
}

static const struct method_definition random_functions[] = {
    {"default_rng", "(seed=None)", random_default_rng, METHOD_STATIC, NULL},
    {NULL, NULL, NULL, 0, NULL},
};

/* np.random.rand and the others: bound to the module's own RandomState. */
static bool functions_bind(struct vm *vm, struct dict_object *dict, value state)
{
    for (const struct method_definition *method = random_state_methods; method->name; method++) {
        value bound = get_attribute_text(vm, state, method->name);
        if (method->name[0] == '_' || strcmp(method->name, "tomaxint") == 0)
            continue;
        if (bound == VALUE_NULL || !dict_set_text(vm, dict, method->name, bound))
            return false;
    }
    value sample = get_attribute_text(vm, state, "random_sample");
    return sample != VALUE_NULL && dict_set_text(vm, dict, "sample", sample) && dict_set_text(vm, dict, "ranf", sample);
}

static bool random_initialize(struct vm *vm, value module)
{
    struct dict_object *dict = dict_of(((struct module_object *)value_object(module))->dict);
    static const struct {
        const char *name;
        struct type *type;
    } types[] = {{"SeedSequence", &seed_sequence_type},
                 {"BitGenerator", &bit_generator_type},
                 {"RandomState", &random_state_type},
                 {"Generator", &random_generator_type}};
    static const char *const sources[SOURCE_COUNT] = {"MT19937", "PCG64", "PCG64DXSM", "Philox", "SFC64"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        type_ready(vm, types[i].type);
        if (!dict_set_text(vm, dict, types[i].name, type_object_value(types[i].type)))
            return false;
    }
    for (int i = 0; i < SOURCE_COUNT; i++) {
        type_ready(vm, bit_source_types[i]);
        if (!dict_set_text(vm, dict, sources[i], type_object_value(bit_source_types[i])))
            return false;
    }
    value state = call_0(vm, type_object_value(&random_state_type));
    return state != VALUE_NULL && functions_bind(vm, dict, state);
}

/* numpy.random.mtrand, which old programs name: what numpy.random has. */
static bool alias_initialize(struct vm *vm, value module)
{
    value random = import_module(vm, "numpy.random");
    return random != VALUE_NULL && dict_merge_from(vm, ((struct module_object *)value_object(module))->dict,
                                                   ((struct module_object *)value_object(random))->dict, false);
}

const struct native_module numpy_random_module = {"numpy.random", random_initialize, random_functions};
static const struct method_definition no_functions[] = {{NULL, NULL, NULL, 0, NULL}};
const struct native_module numpy_random_mtrand_module = {"numpy.random.mtrand", alias_initialize, no_functions};
