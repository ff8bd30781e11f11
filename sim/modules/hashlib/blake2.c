/* blake2.c - module _blake2: BLAKE2b and BLAKE2s (RFC 7693) with key, salt, personalisation and tree parameters, which
 * libcrypto does not offer. Both kinds share the code: a word is 64 or 32 bits wide. */
#include "sim/modules/hashlib/hash.h"
#include "sim/runtime/bytes.h"
#include "sim/runtime/container.h"

#include <stdio.h>

struct kind {
    unsigned word_size, rounds, block_size, salt_size; /* bytes; digest and key up to 8 words, person as long as salt */
    uint64_t initial[8];
    const char *name;
};

static const struct kind kind_b = {8, 12, 128, 16,
    {0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1, 0x510e527fade682d1, 0x9b05688c2b3e6c1f,
     0x1f83d9abfb41bd6b, 0x5be0cd19137e2179}, "blake2b"};
static const struct kind kind_s = {4, 10, 64, 8,
    {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19}, "blake2s"};

struct blake2_object {
    struct object head;
    const struct kind *kind;
    uint64_t state[8], count; /* count: bytes compressed */
    uint8_t block[128];
    size_t used, digest_size;
    bool last_node;
};

static const uint8_t permutations[10][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4}, {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13}, {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11}, {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5}, {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0}};

static const uint8_t columns[8][4] = {{0, 4, 8, 12}, {1, 5, 9, 13}, {2, 6, 10, 14}, {3, 7, 11, 15},
                                      {0, 5, 10, 15}, {1, 6, 11, 12}, {2, 7, 8, 13}, {3, 4, 9, 14}};

#define MIX(type, bits, kind)                                                                                             \
    do {                                                                                                               \
        for (unsigned round = 0; round < (kind)->rounds; round++) {                                                       \
            const uint8_t *order = permutations[round % 10];                                                           \
            for (int i = 0; i < 8; i++) {                                                                              \
                type *a = &v[columns[i][0]], *b = &v[columns[i][1]], *c = &v[columns[i][2]], *d = &v[columns[i][3]];    \
                *a = *a + *b + m[order[2 * i]];                                                                        \
                *d ^= *a, *d = *d >> rotation[0] | *d << (bits - rotation[0]);                                         \
                *c += *d;                                                                                              \
                *b ^= *c, *b = *b >> rotation[1] | *b << (bits - rotation[1]);                                         \
                *a = *a + *b + m[order[2 * i + 1]];                                                                    \
                *d ^= *a, *d = *d >> rotation[2] | *d << (bits - rotation[2]);                                         \
                *c += *d;                                                                                              \
                *b ^= *c, *b = *b >> rotation[3] | *b << (bits - rotation[3]);                                         \
            }                                                                                                          \
        }                                                                                                              \
    } while (0)

static void compress_b(struct blake2_object *hash, uint64_t last, uint64_t last_node)
{
    uint64_t v[16], m[16];
    static const unsigned rotation[4] = {32, 24, 16, 63};
    memcpy(m, hash->block, sizeof m); /* little-endian */
    for (int i = 0; i < 8; i++) {
        v[i] = hash->state[i];
        v[i + 8] = kind_b.initial[i];
    }
    v[12] ^= hash->count;
    v[14] ^= last;
    v[15] ^= last_node;
    MIX(uint64_t, 64, &kind_b);
    for (int i = 0; i < 8; i++)
        hash->state[i] ^= v[i] ^ v[i + 8];
}

static void compress_s(struct blake2_object *hash, uint64_t last, uint64_t last_node)
{
    uint32_t v[16], m[16];
    static const unsigned rotation[4] = {16, 12, 8, 7};
    memcpy(m, hash->block, sizeof m);
    for (int i = 0; i < 8; i++) {
        v[i] = (uint32_t)hash->state[i];
        v[i + 8] = (uint32_t)kind_s.initial[i];
    }
    v[12] ^= (uint32_t)hash->count;
    v[13] ^= (uint32_t)(hash->count >> 32);
    v[14] ^= (uint32_t)last;
    v[15] ^= (uint32_t)last_node;
    MIX(uint32_t, 32, &kind_s);
    for (int i = 0; i < 8; i++)
        hash->state[i] ^= v[i] ^ v[i + 8];
}

static void compress(struct blake2_object *hash, bool last)
{
    uint64_t ones = last ? UINT64_MAX : 0, node = last && hash->last_node ? UINT64_MAX : 0;
    if (hash->kind == &kind_b)
        compress_b(hash, ones, node);
    else
        compress_s(hash, ones, node);
}

/* The last block waits: only finishing tells that it is the last. */
static void add(struct blake2_object *hash, const uint8_t *data, size_t size)
{
    while (size) {
        if (hash->used == hash->kind->block_size) {
            hash->count += hash->used;
            compress(hash, false);
            hash->used = 0;
        }
        size_t part = hash->kind->block_size - hash->used < size ? hash->kind->block_size - hash->used : size;
        memcpy(hash->block + hash->used, data, part);
        hash->used += part;
        data += part;
        size -= part;
    }
}

static void finish(const struct blake2_object *hash, uint8_t digest[64])
{
    struct blake2_object last = *hash;
    last.count += last.used;
    memset(last.block + last.used, 0, sizeof last.block - last.used);
    compress(&last, true);
    for (unsigned i = 0; i < 8; i++)
        memcpy(digest + i * last.kind->word_size, &last.state[i], last.kind->word_size);
}

#define METHOD(name)                                                                                                   \
    static value blake2_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

static struct blake2_object *blake2_of(value v)
{
    return (struct blake2_object *)value_object(v);
}

METHOD(update)
{
    UNUSED;
    const uint8_t *data;
    size_t size;
    if (!hash_input(vm, arguments[0], &data, &size))
        return VALUE_NULL;
    ADD_WORK(vm, characters, size);
    add(blake2_of(self), data, size);
    return NONE;
}

METHOD(digest)
{
    UNUSED;
    uint8_t digest[64];
    finish(blake2_of(self), digest);
    return bytes_from(vm, digest, blake2_of(self)->digest_size);
}

METHOD(hexdigest)
{
    UNUSED;
    uint8_t digest[64];
    finish(blake2_of(self), digest);
    return hash_hex(vm, digest, blake2_of(self)->digest_size);
}

METHOD(copy)
{
    UNUSED;
    struct blake2_object *copy = gc_object(vm, sizeof *copy, &value_type(vm, self)->shape);
    if (!copy)
        return VALUE_NULL;
    struct object head = copy->head;
    *copy = *blake2_of(self);
    copy->head = head;
    return object_value(copy);
}

/* ---- construction ---- */

enum parameter { DATA, DIGEST_SIZE, KEY, SALT, PERSON, FANOUT, DEPTH, LEAF_SIZE, NODE_OFFSET, NODE_DEPTH, INNER_SIZE, LAST_NODE,
                 USED_FOR_SECURITY, PARAMETERS };

static bool fail(struct vm *vm, struct type *type, const char *message)
{
    raise_error(vm, type, "%s", message);
    return false;
}

static bool small_number(struct vm *vm, value v, int64_t otherwise, int64_t maximum, const char *message, uint64_t *out)
{
    int64_t n = otherwise;
    bool wide = v != VALUE_NULL && is_int(v) && !value_to_int64(vm, v, &n);
    if (wide)
        exception_clear(vm);
    else if (v != VALUE_NULL && !value_to_index(vm, v, &n))
        return false;
    if (wide || n != (int32_t)n)
        return fail(vm, &exc_OverflowError, "Python int too large to convert to C int");
    *out = (uint64_t)n;
    return n >= 0 && n <= maximum ? true : fail(vm, &exc_ValueError, message);
}

/* beyond: what is said of numbers above 64 bits */
static bool large_number(struct vm *vm, value v, uint64_t maximum, const char *message, const char *beyond, uint64_t *out)
{
    mpz_t number;
    *out = 0;
    if (v == VALUE_NULL)
        return true;
    if (!is_int(v)) {
        raise_error(vm, &exc_TypeError, "'%T' object cannot be interpreted as an integer", v);
        return false;
    }
    if (int_sign(v) < 0)
        return fail(vm, &exc_ValueError, "value must be positive");
    mpz_init(number);
    int_to_mpz(v, number);
    bool fits = mpz_sizeinbase(number, 2) <= 64;
    *out = fits ? mpz_get_ui(number) : 0;
    mpz_clear(number);
    return fits && *out <= maximum ? true : fail(vm, &exc_OverflowError, fits ? message : beyond);
}

static bool text_part(struct vm *vm, value v, const char *what, size_t maximum, uint8_t *out, size_t *size)
{
    const uint8_t *data;
    *size = 0;
    if (v == VALUE_NULL)
        return true;
    if (!buffer_of(vm, v, &data, size))
        return false;
    if (*size > maximum) {
        raise_error(vm, &exc_ValueError, "maximum %s length is %zu bytes", what, maximum);
        return false;
    }
    if (*size)
        memcpy(out, data, *size);
    return true;
}

/* RFC 7693 section 2.8 (and the BLAKE2 paper's tree parameters): the block that the initial state is mixed with. */
static bool parameter_block(struct vm *vm, struct blake2_object *hash, const value *given, uint8_t block[64], uint8_t key[64],
                            size_t *key_size)
{
    const struct kind *kind = hash->kind;
    bool b = kind == &kind_b;
    uint64_t fanout, depth, leaf, offset, node_depth, inner, size;
    size_t ignored;
    int64_t digest_size = 8 * (int64_t)kind->word_size;
    if (given[DIGEST_SIZE] != VALUE_NULL && !value_to_index(vm, given[DIGEST_SIZE], &digest_size))
        return false;
    if (digest_size <= 0 || digest_size > 8 * (int64_t)kind->word_size) {
        raise_error(vm, &exc_ValueError, "digest_size must be between 1 and %u bytes", 8 * kind->word_size);
        return false;
    }
    size = hash->digest_size = (size_t)digest_size;
    uint8_t *salt = block + (b ? 32 : 16), *person = salt + kind->salt_size;
    if (!text_part(vm, given[SALT], "salt", kind->salt_size, salt, &ignored) ||
        !text_part(vm, given[PERSON], "person", kind->salt_size, person, &ignored) ||
        !small_number(vm, given[FANOUT], 1, 255, "fanout must be between 0 and 255", &fanout) ||
        !small_number(vm, given[DEPTH], 1, 255, "depth must be between 1 and 255", &depth) ||
        !large_number(vm, given[LEAF_SIZE], UINT32_MAX, "leaf_size is too large",
                      "Python int too large to convert to C unsigned long", &leaf) ||
        !large_number(vm, given[NODE_OFFSET], b ? UINT64_MAX : ((uint64_t)1 << 48) - 1, "node_offset is too large",
                      "int too big to convert", &offset) ||
        !small_number(vm, given[NODE_DEPTH], 0, 255, "node_depth must be between 0 and 255", &node_depth) ||
        !small_number(vm, given[INNER_SIZE], 0, 8 * kind->word_size,
                      b ? "inner_size must be between 0 and is 64" : "inner_size must be between 0 and is 32", &inner))
        return false;
    if (depth == 0)
        return fail(vm, &exc_ValueError, "depth must be between 1 and 255");
    if (!text_part(vm, given[KEY], "key", 8 * (size_t)kind->word_size, key, key_size))
        return false;
    int last_node = given[LAST_NODE] == VALUE_NULL ? 0 : value_truth(vm, given[LAST_NODE]);
    if (last_node < 0)
        return false;
    hash->last_node = last_node;
    block[0] = (uint8_t)size;
    block[1] = (uint8_t)*key_size;
    block[2] = (uint8_t)fanout;
    block[3] = (uint8_t)depth;
    memcpy(block + 4, &leaf, 4);
    memcpy(block + 8, &offset, b ? 8 : 6);
    block[b ? 16 : 14] = (uint8_t)node_depth;
    block[b ? 17 : 15] = (uint8_t)inner;
    return true;
}

static value blake2_make(struct vm *vm, struct type *type, const struct kind *kind, const value *arguments, size_t count,
                         value keyword_names)
{
    static const char *const names[] = {"", "digest_size", "key", "salt", "person", "fanout", "depth", "leaf_size", "node_offset",
                                        "node_depth", "inner_size", "last_node", "usedforsecurity", NULL};
    const struct argument_names expected = {kind->name, names, 0, 1};
    value given[PARAMETERS];
    uint8_t block[64] = {0}, key[128] = {0};
    size_t key_size;
    if (!arguments_bind(vm, &expected, arguments, count, keyword_names, given))
        return VALUE_NULL;
    struct blake2_object *hash = instance_allocate(vm, type, sizeof *hash);
    if (!hash)
        return VALUE_NULL;
    hash->kind = kind;
    if (!parameter_block(vm, hash, given, block, key, &key_size))
        return VALUE_NULL;
    for (unsigned i = 0; i < 8; i++) {
        uint64_t word = 0;
        memcpy(&word, block + i * kind->word_size, kind->word_size);
        hash->state[i] = kind->initial[i] ^ word;
    }
    if (key_size)
        add(hash, key, kind->block_size);
    value result = object_value(hash);
    if (given[DATA] != VALUE_NULL && blake2_update(vm, result, given, 1, VALUE_NULL) == VALUE_NULL)
        return VALUE_NULL;
    return result;
}

static value new_b(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    return blake2_make(vm, type, &kind_b, arguments, count, keyword_names);
}

static value new_s(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    return blake2_make(vm, type, &kind_s, arguments, count, keyword_names);
}

static value get_name(struct vm *vm, value self) { return intern_text(vm, blake2_of(self)->kind->name); }
static value get_digest_size(struct vm *vm, value self) { (void)vm; return small_int((int64_t)blake2_of(self)->digest_size); }
static value get_block_size(struct vm *vm, value self) { (void)vm; return small_int(blake2_of(self)->kind->block_size); }

static const struct method_definition methods[] = {{"update", "(data, /)", blake2_update, 0, NULL},
                                                   {"digest", "()", blake2_digest, 0, NULL},
                                                   {"hexdigest", "()", blake2_hexdigest, 0, NULL},
                                                   {"copy", "()", blake2_copy, 0, NULL},
                                                   {0}};
static const struct property_definition properties[] = {
    {"name", get_name, NULL}, {"digest_size", get_digest_size, NULL}, {"block_size", get_block_size, NULL}, {0}};
static struct type type_b = {.name = "_blake2.blake2b",
                             .flags = TYPE_GETATTR_PLAIN,
                             .instance_size = sizeof(struct blake2_object),
                             .new = new_b,
                             .methods = methods,
                             .properties = properties};
static struct type type_s = {.name = "_blake2.blake2s",
                             .flags = TYPE_GETATTR_PLAIN,
                             .instance_size = sizeof(struct blake2_object),
                             .new = new_s,
                             .methods = methods,
                             .properties = properties};

static bool add_type(struct vm *vm, value module, struct type *type, const struct kind *kind)
{
    type_ready(vm, type);
    const struct integer_constant limits[] = {{"SALT_SIZE", kind->salt_size}, {"PERSON_SIZE", kind->salt_size},
                                              {"MAX_KEY_SIZE", 8 * kind->word_size}, {"MAX_DIGEST_SIZE", 8 * kind->word_size}, {0}};
    for (const struct integer_constant *limit = limits; limit->name; limit++) {
        char name[64];
        snprintf(name, sizeof name, "%s_%s", kind == &kind_b ? "BLAKE2B" : "BLAKE2S", limit->name);
        if (!dict_set_text(vm, support_dict(module), name, small_int(limit->number)) ||
            !dict_set_text(vm, type->dict, limit->name, small_int(limit->number)))
            return false;
    }
    return dict_set_text(vm, support_dict(module), kind->name, type_object_value(type));
}

static bool blake2_initialize(struct vm *vm, value module)
{
    return add_type(vm, module, &type_b, &kind_b) && add_type(vm, module, &type_s, &kind_s);
}

static const struct method_definition functions[] = {{0}};
const struct native_module blake2_module = {"_blake2", blake2_initialize, functions};
