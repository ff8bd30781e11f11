/* random.c - module _random: the Mersenne Twister MT19937 (M. Matsumoto, T. Nishimura, "Mersenne Twister: a 623-dimensionally
 * equidistributed uniform pseudo-random number generator", 1998), seeded and read out as CPython's random.Random does. */
#include "sim/modules/random.h"
#include "sim/runtime/args.h"
#include "sim/runtime/container.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/number.h"
#include "sim/runtime/replay.h"

enum { WORDS = 624, MIDDLE = 397 };

struct random_object {
    struct object head;
    uint32_t index; /* of the next word; WORDS: all are used up */
    uint32_t words[WORDS];
};

static struct random_object *random_of(value v)
{
    return (struct random_object *)value_object(v);
}

/* ---- the generator ---- */

static uint32_t twist(uint32_t high, uint32_t low)
{
    uint32_t y = (high & 0x80000000u) | (low & 0x7fffffffu);
    return y >> 1 ^ ((y & 1) ? 0x9908b0dfu : 0);
}

static void words_renew(struct random_object *random)
{
    uint32_t *w = random->words;
    int i = 0;
    for (; i < WORDS - MIDDLE; i++)
        w[i] = w[i + MIDDLE] ^ twist(w[i], w[i + 1]);
    for (; i < WORDS - 1; i++)
        w[i] = w[i + MIDDLE - WORDS] ^ twist(w[i], w[i + 1]);
    w[WORDS - 1] = w[MIDDLE - 1] ^ twist(w[WORDS - 1], w[0]);
    random->index = 0;
}

static inline uint32_t next_word(struct random_object *random)
{
    if (random->index >= WORDS)
        words_renew(random);
    uint32_t y = random->words[random->index++];
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c5680u;
    y ^= (y << 15) & 0xefc60000u;
    return y ^ y >> 18;
}

static void seed_word(struct random_object *random, uint32_t seed)
{
    random->words[0] = seed;
    for (uint32_t i = 1; i < WORDS; i++)
        random->words[i] = 1812433253u * (random->words[i - 1] ^ random->words[i - 1] >> 30) + i;
    random->index = WORDS;
}

/* The paper's authors' init_by_array. */
static void seed_key(struct random_object *random, const uint32_t *key, size_t length)
{
    seed_word(random, 19650218u);
    uint32_t *w = random->words;
    size_t i = 1, j = 0;
    for (size_t rounds = length > WORDS ? length : WORDS; rounds; rounds--) {
        w[i] = (w[i] ^ (w[i - 1] ^ w[i - 1] >> 30) * 1664525u) + key[j] + (uint32_t)j;
        if (++i >= WORDS) {
            w[0] = w[WORDS - 1];
            i = 1;
        }
        if (++j >= length)
            j = 0;
    }
    for (size_t rounds = WORDS - 1; rounds; rounds--) {
        w[i] = (w[i] ^ (w[i - 1] ^ w[i - 1] >> 30) * 1566083941u) - (uint32_t)i;
        if (++i >= WORDS) {
            w[0] = w[WORDS - 1];
            i = 1;
        }
    }
    w[0] = 0x80000000u;
}

/* ---- seeding ---- */

static void seed_from_host(struct vm *vm, struct random_object *random)
{
    uint32_t key[WORDS];
    replay_entropy(vm->replay, key, sizeof key);
    seed_key(random, key, WORDS);
}

static bool seed_from_value(struct vm *vm, struct random_object *random, value seed)
{
    if (seed == VALUE_NULL || seed == NONE) {
        seed_from_host(vm, random);
        return true;
    }
    int64_t hash;
    struct int_view view;
    uint64_t hash_word;
    const uint64_t *limbs = &hash_word;
    size_t count = 1;
    if (is_int(seed)) {
        int_view(seed, &view);
        limbs = (const uint64_t *)view.limbs;
        count = (size_t)view.count;
    } else if (value_hash(vm, seed, &hash))
        hash_word = (uint64_t)hash;
    else
        return false;
    uint32_t few[16], *key = count > 8 ? malloc(count * 8) : few;
    if (!key) {
        raise_no_memory(vm);
        return false;
    }
    key[0] = 0;
    for (size_t i = 0; i < count; i++) {
        key[2 * i] = (uint32_t)limbs[i];
        key[2 * i + 1] = (uint32_t)(limbs[i] >> 32);
    }
    size_t length = 2 * count;
    while (length > 1 && key[length - 1] == 0)
        length--;
    seed_key(random, key, length ? length : 1);
    if (key != few)
        free(key);
    return true;
}

/* ---- type Random ---- */

#define METHOD(name)                                                                                                   \
    static value name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)arguments, (void)count, (void)keyword_names

METHOD(random_random)
{
    UNUSED;
    ADD_WORK(vm, random, 2);
    struct random_object *random = random_of(self);
    uint32_t high = next_word(random) >> 5, low = next_word(random) >> 6;
    return float_value(vm, (high * 67108864.0 + low) * (1.0 / 9007199254740992.0));
}

METHOD(random_seed)
{
    UNUSED;
    return seed_from_value(vm, random_of(self), arguments[0]) ? NONE : VALUE_NULL;
}

static value many_bits(struct vm *vm, struct random_object *random, int64_t bits)
{
    size_t words = (size_t)(bits - 1) / 32 + 1;
    if (words > (size_t)1 << 40)
        return raise_no_memory(vm);
    uint32_t *key = malloc(words * sizeof *key);
    if (!key)
        return raise_no_memory(vm);
    ADD_WORK(vm, random, words);
    for (size_t i = 0; i < words; i++, bits -= 32) {
        key[i] = next_word(random);
        if (bits < 32)
            key[i] >>= 32 - bits;
    }
    mpz_t number;
    mpz_init(number);
    mpz_import(number, words, -1, sizeof *key, 0, 0, key);
    free(key);
    value result = int_from_mpz(vm, number);
    mpz_clear(number);
    return result;
}

METHOD(random_getrandbits)
{
    UNUSED;
    int64_t bits;
    if (is_small_int(arguments[0]))
        bits = small_int_value(arguments[0]);
    else if (!value_to_int64(vm, arguments[0], &bits))
        return VALUE_NULL;
    if (bits < 0)
        return raise_error(vm, &exc_ValueError, "number of bits must be non-negative");
    if (bits == 0)
        return small_int(0);
    if (bits > 32)
        return many_bits(vm, random_of(self), bits);
    ADD_WORK(vm, random, 1);
    return small_int(next_word(random_of(self)) >> (32 - bits));
}

METHOD(random_getstate)
{
    UNUSED;
    value state = tuple_new(vm, WORDS + 1);
    if (state == VALUE_NULL)
        return VALUE_NULL;
    for (int i = 0; i < WORDS; i++)
        tuple_of(state)->items[i] = small_int(random_of(self)->words[i]);
    tuple_of(state)->items[WORDS] = small_int(random_of(self)->index);
    return state;
}

METHOD(random_setstate)
{
    UNUSED;
    if (!has_flag(arguments[0], TYPE_TUPLE))
        return raise_error(vm, &exc_TypeError, "state vector must be a tuple");
    const struct tuple_object *state = tuple_of(arguments[0]);
    if (state->length != WORDS + 1)
        return raise_error(vm, &exc_ValueError, "state vector is the wrong size");
    uint32_t words[WORDS];
    int64_t number = 0;
    for (int i = 0; i <= WORDS; i++) {
        if (!is_int(state->items[i]))
            return raise_error(vm, &exc_TypeError, "an integer is required");
        if (int_sign(state->items[i]) < 0)
            return i < WORDS ? raise_error(vm, &exc_OverflowError, "can't convert negative value to unsigned int")
                             : raise_error(vm, &exc_ValueError, "invalid state");
        if (!value_to_int64(vm, state->items[i], &number))
            return VALUE_NULL;
        if (i < WORDS)
            words[i] = (uint32_t)number;
    }
    if (number > WORDS)
        return raise_error(vm, &exc_ValueError, "invalid state");
    memcpy(random_of(self)->words, words, sizeof words);
    random_of(self)->index = (uint32_t)number;
    return NONE;
}

static value random_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    UNUSED;
    struct random_object *random = instance_allocate(vm, type, sizeof *random);
    if (!random)
        return VALUE_NULL;
    random->index = WORDS;
    return object_value(random);
}

static bool random_init(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    if (keyword_count(keyword_names) || count > 1) {
        raise_error(vm, &exc_TypeError, count > 1 ? "Random() requires 0 or 1 argument" : "Random() takes no keyword arguments");
        return false;
    }
    return seed_from_value(vm, random_of(self), count ? arguments[0] : VALUE_NULL);
}

static const struct method_definition random_methods[] = {
    {"random", "()", random_random, 0, "random() -> x in the interval [0, 1)."},
    {"seed", "(n=None, /)", random_seed, 0, NULL},
    {"getstate", "()", random_getstate, 0, "getstate() -> tuple containing the current state."},
    {"setstate", "(state, /)", random_setstate, 0, NULL},
    {"getrandbits", "(k, /)", random_getrandbits, 0, "getrandbits(k) -> x.  Generates an int with k random bits."},
    {0},
};

static struct type random_type = {
    .name = "Random",
    .flags = TYPE_SUBCLASSABLE,
    .instance_size = sizeof(struct random_object),
    .methods = random_methods,
    .new = random_new,
    .init = random_init,
};

static bool random_initialize(struct vm *vm, value module)
{
    type_ready(vm, &random_type);
    random_type.module = intern_text(vm, "_random");
    return dict_set_text(vm, dict_of(((struct module_object *)value_object(module))->dict), "Random",
                         type_object_value(&random_type));
}

const struct native_module random_module = {"_random", random_initialize, NULL};
