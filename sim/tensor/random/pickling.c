/* pickling.c - copies and pickles of bit generators, Generator and RandomState: what their __reduce__ answers, and
 * module numpy.random._pickle, whose functions make them again. The names are those in numpy's pickles. */
#include "sim/tensor/numpy_module.h"
#include "sim/tensor/random/random_objects.h"

#define PICKLING(name) value name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)

static value constructor_named(struct vm *vm, const char *name)
{
    value module = import_module(vm, "numpy.random._pickle");
    return module == VALUE_NULL ? module : get_attribute_text(vm, module, name);
}

PICKLING(bit_generator_reduce)
{
    UNUSED_METHOD_PARAMETERS;
    value state = bit_generator_state(vm, self), constructor = constructor_named(vm, "__bit_generator_ctor");
    if (state == VALUE_NULL || constructor == VALUE_NULL)
        return VALUE_NULL;
    value name = tuple_pack(vm, 1, dict_get_text(vm, dict_of(state), "bit_generator"));
    return name == VALUE_NULL ? name : tuple_pack(vm, 3, constructor, name, state);
}

/* (constructor, (name of the bit generator, its constructor), state) */
static value owner_reduce(struct vm *vm, value self, const char *constructor_name, value state)
{
    value inner = bit_generator_reduce(vm, random_of(self)->bit_generator, NULL, 0, VALUE_NULL);
    value constructor = inner == VALUE_NULL ? inner : constructor_named(vm, constructor_name);
    if (constructor == VALUE_NULL || state == VALUE_NULL)
        return VALUE_NULL;
    struct tuple_object *parts = tuple_of(inner);
    value arguments = tuple_pack(vm, 2, tuple_of(parts->items[1])->items[0], parts->items[0]);
    return arguments == VALUE_NULL ? arguments : tuple_pack(vm, 3, constructor, arguments, state);
}

PICKLING(random_generator_reduce)
{
    UNUSED_METHOD_PARAMETERS;
    return owner_reduce(vm, self, "__generator_ctor", bit_generator_state(vm, random_of(self)->bit_generator));
}

PICKLING(random_state_reduce)
{
    UNUSED_METHOD_PARAMETERS;
    value plain = FALSE;
    return owner_reduce(vm, self, "__randomstate_ctor", call_method(vm, self, "get_state", &plain, 1));
}

PICKLING(bit_generator_set)
{
    UNUSED_METHOD_PARAMETERS;
    return bit_generator_set_state(vm, self, arguments[0]) ? NONE : VALUE_NULL;
}

PICKLING(random_generator_set)
{
    UNUSED_METHOD_PARAMETERS;
    return bit_generator_set_state(vm, random_of(self)->bit_generator, arguments[0]) ? NONE : VALUE_NULL;
}

PICKLING(random_state_set)
{
    UNUSED_METHOD_PARAMETERS;
    return call_method(vm, self, "set_state", arguments, 1);
}

/* ---- numpy.random._pickle ---- */

METHOD(make_bit_generator)
{
    UNUSED_METHOD_PARAMETERS;
    value given = arguments[0] == VALUE_NULL ? string_from_text(vm, "MT19937") : arguments[0];
    for (int source = 0; source < SOURCE_COUNT; source++) {
        const char *name = strrchr(bit_source_types[source]->name, '.') + 1;
        if (has_flag(given, TYPE_STRING) && string_is(given, name))
            return bit_generator_new(vm, (enum bit_source)source, VALUE_NULL);
    }
    return raise_error(vm, &exc_ValueError, "%S is not a known BitGenerator module.", given);
}

static value make_owner(struct vm *vm, struct type *type, const value *arguments)
{
    value name = arguments[0] == VALUE_NULL ? string_from_text(vm, "MT19937") : arguments[0];
    value bits = arguments[1] == VALUE_NULL ? make_bit_generator(vm, VALUE_NULL, &name, 1, VALUE_NULL)
                                            : call_1(vm, arguments[1], name);
    return bits == VALUE_NULL ? bits : call_1(vm, type_object_value(type), bits);
}

METHOD(make_generator)
{
    UNUSED_METHOD_PARAMETERS;
    return make_owner(vm, &random_generator_type, arguments);
}

METHOD(make_random_state)
{
    UNUSED_METHOD_PARAMETERS;
    return make_owner(vm, &random_state_type, arguments);
}

static const struct method_definition constructors[] = {
    {"__bit_generator_ctor", "(bit_generator_name='MT19937')", make_bit_generator, METHOD_STATIC, NULL},
    {"__generator_ctor", "(bit_generator_name='MT19937', bit_generator_ctor=None)", make_generator, METHOD_STATIC,
     NULL},
    {"__randomstate_ctor", "(bit_generator_name='MT19937', bit_generator_ctor=None)", make_random_state, METHOD_STATIC,
     NULL},
    {NULL, NULL, NULL, 0, NULL},
};

const struct native_module numpy_random_pickle_module = {"numpy.random._pickle", NULL, constructors};
