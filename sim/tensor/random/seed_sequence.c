/* seed_sequence.c - numpy.random.SeedSequence: hashes entropy of any size into a pool of 32-bit words, and states out
 * of the pool (M. O'Neill, "Developing a seed_seq Alternative", 2015). */
#include "sim/tensor/random/random_objects.h"

#include "sim/runtime/number.h"
#include "sim/runtime/replay.h"

enum { POOL_SIZE = 4 };

struct word_list { /* malloc'd */
    uint32_t *words;
    size_t count, capacity;
};

static bool word_add(struct vm *vm, struct word_list *list, uint32_t word)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? 2 * list->capacity : 16;
        uint32_t *words = realloc(list->words, capacity * sizeof *words);
        if (!words) {
            raise_no_memory(vm);
            return false;
        }
        list->words = words;
        list->capacity = capacity;
    }
    list->words[list->count++] = word;
    return true;
}

static bool words_add_int(struct vm *vm, struct word_list *list, value number)
{
    struct int_view view;
    int_view(number, &view);
    if (view.negative) {
        raise_error(vm, &exc_ValueError, "expected non-negative integer");
        return false;
    }
    size_t start = list->count;
    for (mp_size_t i = 0; i < view.count; i++)
        if (!word_add(vm, list, (uint32_t)view.limbs[i]) || !word_add(vm, list, (uint32_t)(view.limbs[i] >> 32)))
            return false;
    while (list->count > start && list->words[list->count - 1] == 0)
        list->count--;
    return list->count > start || word_add(vm, list, 0);
}

static bool words_add(struct vm *vm, struct word_list *list, value v);

static bool words_add_text(struct vm *vm, struct word_list *list, value text)
{
    size_t size;
    const char *utf8 = string_utf8(vm, text, &size);
    if (!utf8)
        return false;
    bool hexadecimal = size >= 2 && utf8[0] == '0' && utf8[1] == 'x';
    if (!hexadecimal && !(size && utf8[0] >= '0' && utf8[0] <= '9')) {
        raise_error(vm, &exc_ValueError, "unrecognized seed string");
        return false;
    }
    value number = int_parse(vm, utf8, size, hexadecimal ? 16 : 10, text);
    return number != VALUE_NULL && words_add_int(vm, list, number);
}

static bool visit_word(struct vm *vm, value item, void *context)
{
    return words_add(vm, context, item);
}

static bool words_add(struct vm *vm, struct word_list *list, value v)
{
    if (is_int(v))
        return words_add_int(vm, list, v);
    if (has_flag(v, TYPE_STRING))
        return words_add_text(vm, list, v);
    if (is_scalar_object(v) && is_integer_dtype(scalar_dtype(v))) {
        value number = number_index(vm, v);
        return number != VALUE_NULL && words_add_int(vm, list, number);
    }
    if (is_float(v) || is_scalar_object(v)) {
        raise_error(vm, &exc_TypeError, "seed must be integer");
        return false;
    }
    if (is_array(v) && array_dtype(array_of(v)) == DTYPE_UINT32) { /* every word counts, zeros at the end as well */
        struct ndarray *array = array_contiguous(vm, array_of(v), DTYPE_UINT32);
        for (int64_t i = 0; array && i < array->size; i++)
            if (!word_add(vm, list, ((uint32_t *)(void *)array->data)[i]))
                return false;
        return array != NULL;
    }
    return value_length(vm, v) >= 0 && iterate(vm, v, visit_word, list) && vm->pending == VALUE_NULL;
}

/* ---- hashing ---- */

static uint32_t hashed(uint32_t word, uint32_t *multiplier)
{
    word ^= *multiplier;
    *multiplier *= 0x931e8875u;
    word *= *multiplier;
    return word ^ word >> 16;
}

static uint32_t mixed(uint32_t x, uint32_t y)
{
    uint32_t result = 0xca01f9ddu * x - 0x4973f715u * y;
    return result ^ result >> 16;
}

static void pool_fill(uint32_t *pool, size_t size, const uint32_t *entropy, size_t count)
{
    uint32_t multiplier = 0x43b0d7e5u;
    for (size_t i = 0; i < size; i++)
        pool[i] = hashed(i < count ? entropy[i] : 0, &multiplier);
    for (size_t from = 0; from < size; from++)
        for (size_t to = 0; to < size; to++)
            if (from != to)
                pool[to] = mixed(pool[to], hashed(pool[from], &multiplier));
    for (size_t from = size; from < count; from++)
        for (size_t to = 0; to < size; to++)
            pool[to] = mixed(pool[to], hashed(entropy[from], &multiplier));
}

void seed_sequence_generate(const struct seed_sequence_object *sequence, uint32_t *words, size_t count)
{
    uint32_t multiplier = 0x8b51f9ddu;
    for (size_t i = 0; i < count; i++) {
        uint32_t word = sequence->pool[i % (size_t)sequence->pool_size] ^ multiplier;
        multiplier *= 0x58f38dedu;
        word *= multiplier;
        words[i] = word ^ word >> 16;
    }
}

/* The entropy's words, then the spawn key's; zeros between them keep a key from looking like entropy. */
static bool entropy_assemble(struct vm *vm, const struct seed_sequence_object *sequence, struct word_list *list)
{
    if (!words_add(vm, list, sequence->entropy))
        return false;
    if (tuple_of(sequence->spawn_key)->length)
        while ((int64_t)list->count < sequence->pool_size)
            if (!word_add(vm, list, 0))
                return false;
    return words_add(vm, list, sequence->spawn_key);
}

/* ---- the type ---- */

static struct seed_sequence_object *sequence_of(value v)
{
    return (struct seed_sequence_object *)value_object(v);
}

static value entropy_of_system(struct vm *vm, int64_t words)
{
    uint32_t *entropy = malloc((size_t)words * sizeof *entropy);
    if (!entropy)
        return raise_no_memory(vm);
    replay_entropy(vm->replay, entropy, (size_t)words * sizeof *entropy);
    mpz_t number;
    mpz_init(number);
    mpz_import(number, (size_t)words, -1, sizeof *entropy, 0, 0, entropy);
    free(entropy);
    value result = int_from_mpz(vm, number);
    mpz_clear(number);
    return result;
}

static value sequence_make(struct vm *vm, value entropy, value spawn_key, int64_t pool_size, int64_t children)
{
    struct seed_sequence_object *sequence = GC_NEW(vm, struct seed_sequence_object, &seed_sequence_type);
    if (!sequence)
        return VALUE_NULL;
    sequence->entropy = sequence->spawn_key = NONE;
    sequence->pool = gc_storage(vm, (size_t)pool_size * sizeof(uint32_t));
    if (!sequence->pool)
        return VALUE_NULL;
    sequence->entropy = entropy;
    sequence->spawn_key = spawn_key;
    sequence->pool_size = pool_size;
    sequence->children = children;
    struct word_list list = {0};
    bool assembled = entropy_assemble(vm, sequence, &list);
    if (assembled)
        pool_fill(sequence->pool, (size_t)pool_size, list.words, list.count);
    free(list.words);
    return assembled ? object_value(sequence) : VALUE_NULL;
}

static value sequence_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)type;
    static const char *const names[] = {"entropy", "spawn_key", "pool_size", "n_children_spawned", NULL};
    static const struct argument_names expected = {"SeedSequence", names, 0, 1};
    value given[4];
    int64_t pool_size = POOL_SIZE, children = 0;
    if (!arguments_bind(vm, &expected, arguments, count, keyword_names, given))
        return VALUE_NULL;
    if ((given[2] != VALUE_NULL && !value_to_index(vm, given[2], &pool_size)) ||
        (given[3] != VALUE_NULL && !value_to_index(vm, given[3], &children)))
        return VALUE_NULL;
    if (pool_size < POOL_SIZE)
        return raise_error(vm, &exc_ValueError, "The size of the entropy pool should be at least %d", POOL_SIZE);
    value entropy = given[0], key = given[1] == VALUE_NULL ? tuple_new(vm, 0) : tuple_from_iterable(vm, given[1]);
    if (!is_given(entropy))
        entropy = entropy_of_system(vm, pool_size);
    else if (!is_int(entropy) && !(is_scalar_object(entropy) && is_integer_dtype(scalar_dtype(entropy))) &&
             !has_flag(entropy, TYPE_LIST) && !has_flag(entropy, TYPE_TUPLE) && !is_exact(entropy, &range_type) &&
             !is_array(entropy))
        return raise_error(vm, &exc_TypeError, "SeedSequence expects int or sequence of ints for entropy not %S",
                           entropy);
    return entropy == VALUE_NULL || key == VALUE_NULL ? VALUE_NULL
                                                      : sequence_make(vm, entropy, key, pool_size, children);
}

value seed_sequence_from(struct vm *vm, value seed)
{
    if (is_exact(seed, &seed_sequence_type))
        return seed;
    return sequence_new(vm, &seed_sequence_type, &seed, seed == VALUE_NULL ? 0 : 1, VALUE_NULL);
}

static void sequence_trace(struct vm *vm, struct object *object)
{
    struct seed_sequence_object *sequence = (struct seed_sequence_object *)object;
    gc_mark(vm, sequence->entropy);
    gc_mark(vm, sequence->spawn_key);
    gc_mark_storage(vm, sequence->pool);
}

METHOD(sequence_generate_state)
{
    UNUSED_METHOD_PARAMETERS;
    int64_t words;
    int dtype = arguments[1] == VALUE_NULL ? DTYPE_UINT32 : dtype_from(vm, arguments[1]);
    if (dtype < 0 || !value_to_index(vm, arguments[0], &words))
        return VALUE_NULL;
    if (dtype != DTYPE_UINT32 && dtype != DTYPE_UINT64)
        return raise_error(vm, &exc_ValueError, "only support uint32 or uint64");
    if (words < 0)
        return raise_error(vm, &exc_ValueError, "negative dimensions are not allowed");
    struct ndarray *state = array_new_1d(vm, dtype, words);
    if (!state)
        return VALUE_NULL;
    seed_sequence_generate(sequence_of(self), (uint32_t *)(void *)state->data,
                           (size_t)words * (dtype == DTYPE_UINT64 ? 2 : 1));
    ADD_WORK(vm, random, words);
    return object_value(state);
}

METHOD(sequence_spawn)
{
    UNUSED_METHOD_PARAMETERS;
    struct seed_sequence_object *sequence = sequence_of(self);
    int64_t children;
    if (!value_to_index(vm, arguments[0], &children))
        return VALUE_NULL;
    value list = list_new(vm, 0);
    for (int64_t i = 0; list != VALUE_NULL && i < children; i++) {
        size_t length = tuple_of(sequence->spawn_key)->length;
        value key = tuple_new(vm, length + 1);
        if (key == VALUE_NULL)
            return VALUE_NULL;
        memcpy(tuple_of(key)->items, tuple_of(sequence->spawn_key)->items, length * sizeof(value));
        tuple_of(key)->items[length] = small_int(sequence->children + i);
        value child = sequence_make(vm, sequence->entropy, key, sequence->pool_size, 0);
        if (child == VALUE_NULL || !list_append(vm, list_of(list), child))
            return VALUE_NULL;
    }
    sequence->children += children > 0 ? children : 0;
    return list;
}

static value sequence_entropy(struct vm *vm, value self)
{
    (void)vm;
    return sequence_of(self)->entropy;
}

static value sequence_spawn_key(struct vm *vm, value self)
{
    (void)vm;
    return sequence_of(self)->spawn_key;
}

static value sequence_pool_size(struct vm *vm, value self)
{
    return int_from_int64(vm, sequence_of(self)->pool_size);
}

static value sequence_children(struct vm *vm, value self)
{
    return int_from_int64(vm, sequence_of(self)->children);
}

static value sequence_pool(struct vm *vm, value self)
{
    struct ndarray *pool = array_new_1d(vm, DTYPE_UINT32, sequence_of(self)->pool_size);
    if (pool)
        memcpy(pool->data, sequence_of(self)->pool, (size_t)pool->size * sizeof(uint32_t));
    return array_value(pool);
}

static value sequence_state(struct vm *vm, value self)
{
    value state = dict_new(vm);
    return state != VALUE_NULL && dict_set_text(vm, dict_of(state), "entropy", sequence_of(self)->entropy) &&
                   dict_set_text(vm, dict_of(state), "spawn_key", sequence_of(self)->spawn_key) &&
                   dict_set_text(vm, dict_of(state), "pool_size", sequence_pool_size(vm, self)) &&
                   dict_set_text(vm, dict_of(state), "n_children_spawned", sequence_children(vm, self))
               ? state
               : VALUE_NULL;
}

static value sequence_repr(struct vm *vm, value self)
{
    struct seed_sequence_object *sequence = sequence_of(self);
    value text = string_printf(vm, "SeedSequence(\n    entropy=%R,\n", sequence->entropy);
    if (text != VALUE_NULL && tuple_of(sequence->spawn_key)->length)
        text = string_printf(vm, "%U    spawn_key=%R,\n", text, sequence->spawn_key);
    if (text != VALUE_NULL && sequence->pool_size != POOL_SIZE)
        text = string_printf(vm, "%U    pool_size=%lld,\n", text, (long long)sequence->pool_size);
    if (text != VALUE_NULL && sequence->children)
        text = string_printf(vm, "%U    n_children_spawned=%lld,\n", text, (long long)sequence->children);
    return text == VALUE_NULL ? text : string_printf(vm, "%U)", text);
}

static const struct method_definition sequence_methods[] = {
    {"generate_state", "(n_words, dtype=None)", sequence_generate_state, METHOD_INSTANCE, NULL},
    {"spawn", "(n_children)", sequence_spawn, METHOD_INSTANCE, NULL},
    {NULL, NULL, NULL, 0, NULL},
};
static const struct property_definition sequence_properties[] = {
    {"entropy", sequence_entropy, NULL},
    {"spawn_key", sequence_spawn_key, NULL},
    {"pool_size", sequence_pool_size, NULL},
    {"n_children_spawned", sequence_children, NULL},
    {"pool", sequence_pool, NULL},
    {"state", sequence_state, NULL},
    {NULL, NULL, NULL},
};

struct type seed_sequence_type = {
    .name = "numpy.random.bit_generator.SeedSequence",
    .flags = TYPE_GETATTR_PLAIN,
    .instance_size = sizeof(struct seed_sequence_object),
    .methods = sequence_methods,
    .properties = sequence_properties,
    .trace = sequence_trace,
    .new = sequence_new,
    .repr = sequence_repr,
};
