/* bit_generator_type.c - numpy.random's bit generators as Python sees them: seeding, states as dicts, jumping ahead. */
#include "sim/tensor/random/random_objects.h"

#include "sim/runtime/number.h"

static const char *const source_names[SOURCE_COUNT] = {"MT19937", "PCG64", "PCG64DXSM", "Philox", "SFC64"};

bool is_bit_generator(struct vm *vm, value v)
{
    return is_object(v) && is_instance(vm, v, &bit_generator_type);
}

static void generator_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct bit_generator_object *)object)->seed_sequence);
}

value bit_generator_new(struct vm *vm, enum bit_source source, value seed)
{
    uint32_t words[SEED_WORDS_MAX];
    value sequence = seed_sequence_from(vm, seed);
    struct bit_generator_object *generator =
        sequence == VALUE_NULL ? NULL : GC_NEW(vm, struct bit_generator_object, bit_source_types[source]);
    if (!generator)
        return VALUE_NULL;
    generator->seed_sequence = sequence;
    size_t count = bit_generator_seed_words(source);
    seed_sequence_generate((struct seed_sequence_object *)value_object(sequence), words, count);
    bit_generator_start(&generator->bits, source, words);
    ADD_WORK(vm, random, count);
    return object_value(generator);
}

/* ---- the seedings of RandomState ---- */

static bool seed_is_bad(struct vm *vm)
{
    raise_error(vm, &exc_ValueError, "Seed must be between 0 and 2**32 - 1");
    return false;
}

static bool seed_from_array(struct vm *vm, struct bit_generator *bits, value seed)
{
    struct ndarray *given = array_from(vm, seed, DTYPE_NONE);
    if (!given)
        return false;
    if (given->size == 0) {
        raise_error(vm, &exc_ValueError, "Seed must be non-empty");
        return false;
    }
    if (!can_cast(array_dtype(given), DTYPE_INT64, CAST_SAFE)) {
        raise_error(vm, &exc_TypeError, "Cannot cast %s from %R to dtype('int64') according to the rule 'safe'",
                    given->dimensions ? "array data" : "scalar", dtype_value(vm, array_dtype(given)));
        return false;
    }
    if (given->dimensions != 1) {
        raise_error(vm, &exc_ValueError, "Seed array must be 1-d");
        return false;
    }
    struct ndarray *numbers = array_contiguous(vm, given, DTYPE_INT64);
    uint32_t *key = numbers ? malloc((size_t)numbers->size * sizeof *key) : NULL;
    if (!key) {
        if (numbers)
            raise_no_memory(vm);
        return false;
    }
    bool good = true;
    for (int64_t i = 0; i < numbers->size; i++) {
        int64_t number = ((int64_t *)(void *)numbers->data)[i];
        good = good && number >= 0 && number <= UINT32_MAX;
        key[i] = (uint32_t)number;
    }
    if (good)
        mt_seed_array(bits, key, (size_t)numbers->size);
    free(key);
    return good || seed_is_bad(vm);
}

/* An array without its axes of length 1; the number that is left of one. */
static value squeezed(struct vm *vm, value seed)
{
    if (!is_array(seed))
        return seed;
    struct ndarray *array = array_of(seed);
    int64_t shape[DIMENSIONS_MAX];
    uint32_t dimensions = 0;
    for (uint32_t i = 0; i < array->dimensions; i++)
        if (array->shape[i] != 1)
            shape[dimensions++] = array->shape[i];
    if (dimensions == 0 && is_integer_dtype(array->dtype))
        return element_to_python(vm, array_dtype(array), array->data);
    return array_reshape(vm, array, shape, dimensions);
}

bool bit_generator_seed_legacy(struct vm *vm, struct bit_generator_object *generator, value seed)
{
    struct bit_generator *bits = &generator->bits;
    ADD_WORK(vm, random, MT_WORDS);
    if (!is_given(seed)) {
        value sequence = seed_sequence_from(vm, VALUE_NULL);
        if (sequence == VALUE_NULL)
            return false;
        seed_sequence_generate((struct seed_sequence_object *)value_object(sequence), bits->state.mt.key, MT_WORDS);
        bits->state.mt.key[0] = 0x80000000u;
    } else {
        seed = squeezed(vm, seed);
        if (seed == VALUE_NULL)
            return false;
        if (!is_array(seed) && has_index(vm, seed)) {
            value number = number_index(vm, seed);
            int64_t word;
            if (number == VALUE_NULL)
                return false;
            if (!is_small_int(number) || (word = small_int_value(number)) < 0 || word > UINT32_MAX)
                return seed_is_bad(vm);
            mt_seed_number(bits, (uint32_t)word);
        } else if (vm->pending != VALUE_NULL || !seed_from_array(vm, bits, seed)) {
            return false;
        }
    }
    generator->seed_sequence = NONE;
    return true;
}

/* ---- states ---- */

static value words_array(struct vm *vm, int dtype, const void *words, int64_t count)
{
    struct ndarray *array = array_new_1d(vm, dtype, count);
    if (array)
        memcpy(array->data, words, (size_t)count * array->item_size);
    return array_value(array);
}

static value wide_value(struct vm *vm, uint128 number)
{
    uint64_t limbs[2] = {(uint64_t)number, (uint64_t)(number >> 64)};
    mpz_t big;
    mpz_init(big);
    mpz_import(big, 2, -1, sizeof *limbs, 0, 0, limbs);
    value result = int_from_mpz(vm, big);
    mpz_clear(big);
    return result;
}

static bool entry(struct vm *vm, value dict, const char *name, value item)
{
    return item != VALUE_NULL && dict_set_text(vm, dict_of(dict), name, item);
}

static bool inner_state_fill(struct vm *vm, const struct bit_generator *bits, value state)
{
    switch (bits->source) {
    case SOURCE_MT19937:
        return entry(vm, state, "key", words_array(vm, DTYPE_UINT32, bits->state.mt.key, MT_WORDS)) &&
               entry(vm, state, "pos", small_int(bits->state.mt.position));
    case SOURCE_PCG64:
    case SOURCE_PCG64DXSM:
        return entry(vm, state, "state", wide_value(vm, bits->state.pcg.state)) &&
               entry(vm, state, "inc", wide_value(vm, bits->state.pcg.increment));
    case SOURCE_PHILOX:
        return entry(vm, state, "counter", words_array(vm, DTYPE_UINT64, bits->state.philox.counter, PHILOX_WORDS)) &&
               entry(vm, state, "key", words_array(vm, DTYPE_UINT64, bits->state.philox.key, 2));
    case SOURCE_SFC64: return entry(vm, state, "state", words_array(vm, DTYPE_UINT64, bits->state.sfc, 4));
    case SOURCE_COUNT: break;
    }
    return false;
}

value bit_generator_state(struct vm *vm, value self)
{
    const struct bit_generator *bits = &bit_generator_of(self)->bits;
    value state = dict_new(vm), inner = state == VALUE_NULL ? state : dict_new(vm);
    if (inner == VALUE_NULL || !entry(vm, state, "bit_generator", string_from_text(vm, source_names[bits->source])) ||
        !inner_state_fill(vm, bits, inner) || !entry(vm, state, "state", inner))
        return VALUE_NULL;
    if (bits->source == SOURCE_PHILOX &&
        (!entry(vm, state, "buffer", words_array(vm, DTYPE_UINT64, bits->state.philox.buffer, PHILOX_WORDS)) ||
         !entry(vm, state, "buffer_pos", small_int(bits->state.philox.position))))
        return VALUE_NULL;
    if (bits->source != SOURCE_MT19937 && (!entry(vm, state, "has_uint32", small_int(bits->has_half)) ||
                                           !entry(vm, state, "uinteger", small_int(bits->half))))
        return VALUE_NULL;
    return state;
}

static value item_named(struct vm *vm, value mapping, const char *name)
{
    value key = string_from_text(vm, name);
    return key == VALUE_NULL || mapping == VALUE_NULL ? VALUE_NULL : get_item(vm, mapping, key);
}

static bool number_named(struct vm *vm, value mapping, const char *name, int64_t *number)
{
    value item = item_named(vm, mapping, name);
    return item != VALUE_NULL && value_to_index(vm, item, number);
}

static bool words_named(struct vm *vm, value mapping, const char *name, int dtype, void *words, int64_t count)
{
    value item = item_named(vm, mapping, name);
    struct ndarray *given = item == VALUE_NULL ? NULL : array_from(vm, item, DTYPE_NONE);
    struct ndarray *array = given ? array_contiguous(vm, given, dtype) : NULL;
    if (!array)
        return false;
    if (array->size < count) {
        raise_error(vm, &exc_IndexError, "index %lld is out of bounds for axis 0 with size %lld",
                    (long long)array->size, (long long)array->size);
        return false;
    }
    memcpy(words, array->data, (size_t)count * array->item_size);
    return true;
}

static bool wide_named(struct vm *vm, value mapping, const char *name, uint128 *out)
{
    value item = item_named(vm, mapping, name);
    if (item == VALUE_NULL || (item = number_index(vm, item)) == VALUE_NULL)
        return false;
    struct int_view view;
    int_view(item, &view);
    *out = (view.count > 0 ? view.limbs[0] : 0) | (view.count > 1 ? (uint128)view.limbs[1] << 64 : 0);
    return true;
}

static bool inner_state_take(struct vm *vm, struct bit_generator *bits, value state)
{
    int64_t position;
    switch (bits->source) {
    case SOURCE_MT19937:
        if (!words_named(vm, state, "key", DTYPE_UINT32, bits->state.mt.key, MT_WORDS) ||
            !number_named(vm, state, "pos", &position))
            return false;
        bits->state.mt.position = position < 0 || position > MT_WORDS ? MT_WORDS : (uint32_t)position;
        return true;
    case SOURCE_PCG64:
    case SOURCE_PCG64DXSM:
        return wide_named(vm, state, "state", &bits->state.pcg.state) &&
               wide_named(vm, state, "inc", &bits->state.pcg.increment);
    case SOURCE_PHILOX:
        return words_named(vm, state, "counter", DTYPE_UINT64, bits->state.philox.counter, PHILOX_WORDS) &&
               words_named(vm, state, "key", DTYPE_UINT64, bits->state.philox.key, 2);
    case SOURCE_SFC64: return words_named(vm, state, "state", DTYPE_UINT64, bits->state.sfc, 4);
    case SOURCE_COUNT: break;
    }
    return false;
}

bool bit_generator_set_state(struct vm *vm, value self, value state)
{
    struct bit_generator taken = bit_generator_of(self)->bits;
    if (!has_flag(state, TYPE_DICT)) {
        raise_error(vm, &exc_TypeError, "state must be a dict");
        return false;
    }
    value name = dict_get_text(vm, dict_of(state), "bit_generator");
    if (name == VALUE_NULL || !has_flag(name, TYPE_STRING) || !string_is(name, source_names[taken.source])) {
        raise_error(vm, &exc_ValueError, "state must be for a %s %s", source_names[taken.source],
                    taken.source == SOURCE_MT19937 || taken.source == SOURCE_PHILOX ? "PRNG" : "RNG");
        return false;
    }
    int64_t rest = 0, has_rest = 0, position = 0;
    if (!inner_state_take(vm, &taken, item_named(vm, state, "state")))
        return false;
    if (taken.source == SOURCE_PHILOX) {
        if (!words_named(vm, state, "buffer", DTYPE_UINT64, taken.state.philox.buffer, PHILOX_WORDS) ||
            !number_named(vm, state, "buffer_pos", &position))
            return false;
        taken.state.philox.position = position < 0 || position > PHILOX_WORDS ? PHILOX_WORDS : (uint32_t)position;
    }
    if (taken.source != SOURCE_MT19937 &&
        (!number_named(vm, state, "has_uint32", &has_rest) || !number_named(vm, state, "uinteger", &rest)))
        return false;
    taken.has_half = has_rest != 0;
    taken.half = (uint32_t)rest;
    bit_generator_of(self)->bits = taken;
    return true;
}

static bool state_set(struct vm *vm, value self, value item)
{
    if (item != VALUE_NULL)
        return bit_generator_set_state(vm, self, item);
    raise_error(vm, &exc_NotImplementedError, "__del__");
    return false;
}

/* ---- methods ---- */

METHOD(generator_random_raw)
{
    UNUSED_METHOD_PARAMETERS;
    struct bit_generator *bits = &bit_generator_of(self)->bits;
    int output = arguments[1] == VALUE_NULL ? 1 : value_truth(vm, arguments[1]);
    struct sampler s = {.bits = bits};
    if (output < 0)
        return VALUE_NULL;
    if (!is_given(arguments[0])) {
        uint64_t word = bit_generator_raw(bits);
        random_account(vm, &s, 0);
        return output ? int_from_uint64(vm, word) : NONE;
    }
    struct ndarray *words = sized_array(vm, DTYPE_UINT64, arguments[0]);
    if (!words)
        return VALUE_NULL;
    for (int64_t i = 0; i < words->size; i++)
        ((uint64_t *)(void *)words->data)[i] = bit_generator_raw(bits);
    random_account(vm, &s, words->size);
    return output ? object_value(words) : NONE;
}

/* delta modulo 2**256, least significant first */
static bool delta_words(struct vm *vm, value delta, uint64_t out[PHILOX_WORDS])
{
    value number = is_float(delta) ? number_int(vm, delta) : number_index(vm, delta);
    if (number == VALUE_NULL)
        return false;
    mpz_t wrapped;
    mpz_init(wrapped);
    int_to_mpz(number, wrapped);
    mpz_fdiv_r_2exp(wrapped, wrapped, 64 * PHILOX_WORDS);
    memset(out, 0, PHILOX_WORDS * sizeof *out);
    mpz_export(out, NULL, -1, sizeof *out, 0, 0, wrapped);
    mpz_clear(wrapped);
    return true;
}

METHOD(generator_advance)
{
    UNUSED_METHOD_PARAMETERS;
    uint64_t delta[PHILOX_WORDS];
    if (!delta_words(vm, arguments[0], delta))
        return VALUE_NULL;
    bit_generator_advance(&bit_generator_of(self)->bits, delta);
    return self;
}

METHOD(generator_jumped)
{
    UNUSED_METHOD_PARAMETERS;
    uint64_t delta[PHILOX_WORDS];
    int64_t jumps = 1;
    if (arguments[0] != VALUE_NULL && !value_to_index(vm, arguments[0], &jumps))
        return VALUE_NULL;
    struct bit_generator_object *original = bit_generator_of(self);
    struct bit_generator_object *jumped =
        GC_NEW(vm, struct bit_generator_object, bit_source_types[original->bits.source]);
    if (!jumped)
        return VALUE_NULL;
    jumped->seed_sequence = original->seed_sequence;
    jumped->bits = original->bits;
    jumped->bits.drawn = 0;
    /* PCG's: the golden ratio of 2**128 for each jump; Philox's: 2**128 */
    const char *step = original->bits.source == SOURCE_PHILOX ? "340282366920938463463374607431768211456"
                                                              : "210306068529402873165736369884012333109";
    value distance = int_binary(vm, BINARY_MUL, int_from_decimal(vm, step), int_from_int64(vm, jumps));
    if (distance == VALUE_NULL || !delta_words(vm, distance, delta))
        return VALUE_NULL;
    bit_generator_advance(&jumped->bits, delta);
    return object_value(jumped);
}

static value seed_sequence_property(struct vm *vm, value self)
{
    (void)vm;
    return bit_generator_of(self)->seed_sequence;
}

static const struct method_definition generator_type_methods[] = {
    PICKLING_ROWS(bit_generator),
    {"random_raw", "(size=None, output=True)", generator_random_raw, METHOD_INSTANCE, NULL},
    {NULL, NULL, NULL, 0, NULL},
};
static const struct method_definition jumping_methods[] = {
    {"jumped", "(jumps=1)", generator_jumped, METHOD_INSTANCE, NULL},
    {"advance", "(delta)", generator_advance, METHOD_INSTANCE, NULL},
    {NULL, NULL, NULL, 0, NULL},
};
METHOD(mt_jumped)
{
    UNUSED_METHOD_PARAMETERS;
    return raise_unsupported(vm, "numpy.random.MT19937.jumped");
}

static const struct method_definition mt_methods[] = {
    {"jumped", "(jumps=1)", mt_jumped, METHOD_INSTANCE, NULL},
    {NULL, NULL, NULL, 0, NULL},
};
static const struct property_definition generator_properties[] = {
    {"state", bit_generator_state, state_set}, {"_seed_seq", seed_sequence_property, NULL}, {NULL, NULL, NULL}};

static value base_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)type, (void)arguments, (void)count, (void)keyword_names;
    return raise_error(vm, &exc_NotImplementedError, "BitGenerator is a base class and cannot be instantized");
}

struct type bit_generator_type = {
    .name = "numpy.random.bit_generator.BitGenerator",
    .flags = TYPE_GETATTR_PLAIN,
    .instance_size = sizeof(struct bit_generator_object),
    .methods = generator_type_methods,
    .properties = generator_properties,
    .trace = generator_trace,
    .new = base_new,
};

static value source_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    static const char *const names[] = {"seed", NULL};
    struct argument_names expected = {"__init__", names, 0, 1};
    value seed;
    if (!arguments_bind(vm, &expected, arguments, count, keyword_names, &seed))
        return VALUE_NULL;
    for (int source = 0; source < SOURCE_COUNT; source++)
        if (type == bit_source_types[source])
            return bit_generator_new(vm, (enum bit_source)source, seed);
    return VALUE_NULL;
}

/* counter or key: a number, or words of 64 bits */
static bool philox_words(struct vm *vm, value v, const char *name, uint64_t *words, int64_t count)
{
    struct ndarray *array = array_from(vm, v, DTYPE_NONE);
    if (!array)
        return false;
    if (array->dimensions == 0) {
        value number = number_int(vm, v);
        if (number == VALUE_NULL)
            return false;
        if (int_sign(number) < 0 || (int64_t)int_bit_length(number) > 64 * count) {
            raise_error(vm, &exc_ValueError, "%s must be positive and less than 2**%d.", name, (int)(64 * count));
            return false;
        }
        uint64_t all[PHILOX_WORDS];
        if (!delta_words(vm, number, all))
            return false;
        memcpy(words, all, (size_t)count * sizeof *words);
        return true;
    }
    array = array_contiguous(vm, array, DTYPE_UINT64);
    if (array && (array->dimensions != 1 || array->size != count)) {
        raise_error(vm, &exc_ValueError, "%s must have %d elements when using array form", name, (int)count);
        return false;
    }
    if (array)
        memcpy(words, array->data, (size_t)count * sizeof *words);
    return array != NULL;
}

static value philox_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)type;
    static const char *const names[] = {"seed", "counter", "key", NULL};
    static const struct argument_names expected = {"__init__", names, 0, 3};
    value given[3];
    if (!arguments_bind(vm, &expected, arguments, count, keyword_names, given))
        return VALUE_NULL;
    if (is_given(given[0]) && is_given(given[2]))
        return raise_error(vm, &exc_ValueError, "seed and key cannot be both used");
    value made = bit_generator_new(vm, SOURCE_PHILOX, given[0]);
    if (made == VALUE_NULL)
        return made;
    struct bit_generator_object *generator = bit_generator_of(made);
    if (is_given(given[2])) {
        if (!philox_words(vm, given[2], "key", generator->bits.state.philox.key, 2))
            return VALUE_NULL;
        generator->seed_sequence = NONE;
    }
    if (is_given(given[1]) &&
        !philox_words(vm, given[1], "counter", generator->bits.state.philox.counter, PHILOX_WORDS))
        return VALUE_NULL;
    return made;
}

#define SOURCE_TYPE(variable, python_name, methods_, new_)                                                             \
    static struct type variable = {                                                                                    \
        .name = python_name,                                                                                           \
        .flags = TYPE_GETATTR_PLAIN,                                                                                   \
        .base = &bit_generator_type,                                                                                   \
        .instance_size = sizeof(struct bit_generator_object),                                                          \
        .methods = methods_,                                                                                           \
        .trace = generator_trace,                                                                                      \
        .new = new_,                                                                                                   \
    }
SOURCE_TYPE(mt_type, "numpy.random._mt19937.MT19937", mt_methods, source_new);
SOURCE_TYPE(pcg64_type, "numpy.random._pcg64.PCG64", jumping_methods, source_new);
SOURCE_TYPE(dxsm_type, "numpy.random._pcg64.PCG64DXSM", jumping_methods, source_new);
SOURCE_TYPE(philox_type, "numpy.random._philox.Philox", jumping_methods, philox_new);
SOURCE_TYPE(sfc_type, "numpy.random._sfc64.SFC64", NULL, source_new);

struct type *const bit_source_types[SOURCE_COUNT] = {&mt_type, &pcg64_type, &dxsm_type, &philox_type, &sfc_type};
