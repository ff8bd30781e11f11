/* sha512.c - module _sha512: SHA-512 and SHA-384 (FIPS 180-4); random.seed makes the first of strings and bytes. */
#include "sim/modules/support.h"

enum { BLOCK = 128, DIGEST = 64, SHORT_DIGEST = 48 };

struct sha512_object {
    struct object head;
    uint64_t state[8];
    uint64_t size; /* bytes hashed; the low part of them still in `block` */
    uint8_t block[BLOCK];
};

static const uint64_t round_constants[80] = {
    0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc,
    0x3956c25bf348b538, 0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118,
    0xd807aa98a3030242, 0x12835b0145706fbe, 0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2,
    0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235, 0xc19bf174cf692694,
    0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65,
    0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5,
    0x983e5152ee66dfab, 0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4,
    0xc6e00bf33da88fc2, 0xd5a79147930aa725, 0x06ca6351e003826f, 0x142929670a0e6e70,
    0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed, 0x53380d139d95b3df,
    0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b,
    0xa2bfe8a14cf10364, 0xa81a664bbc423001, 0xc24b8b70d0f89791, 0xc76c51a30654be30,
    0xd192e819d6ef5218, 0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8,
    0x19a4c116b8d2d0c8, 0x1e376c085141ab53, 0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8,
    0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373, 0x682e6ff3d6b2b8a3,
    0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
    0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b,
    0xca273eceea26619c, 0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178,
    0x06f067aa72176fba, 0x0a637dc5a2c898a6, 0x113f9804bef90dae, 0x1b710b35131c471b,
    0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc, 0x431d67c49c100d4c,
    0x4cc5d4becb3e42b6, 0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817,
};

static const uint64_t initial_state[8] = {
    0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
    0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
};

static const uint64_t short_initial_state[8] = {
    0xcbbb9d5dc1059ed8, 0x629a292a367cd507, 0x9159015a3070dd17, 0x152fecd8f70e5939,
    0x67332667ffc00b31, 0x8eb44a8768581511, 0xdb0c2e0d64f98fa7, 0x47b5481dbefa4fa4,
};

static uint64_t rotate(uint64_t x, unsigned bits)
{
    return x >> bits | x << (64 - bits);
}

static uint64_t load_big_endian(const uint8_t *bytes)
{
    uint64_t word = 0;
    for (int i = 0; i < 8; i++)
        word = word << 8 | bytes[i];
    return word;
}

static void block_add(struct sha512_object *hash)
{
    uint64_t w[80], s[8];
    for (int i = 0; i < 16; i++)
        w[i] = load_big_endian(hash->block + i * 8);
    for (int i = 16; i < 80; i++) {
        uint64_t low = rotate(w[i - 15], 1) ^ rotate(w[i - 15], 8) ^ w[i - 15] >> 7;
        uint64_t high = rotate(w[i - 2], 19) ^ rotate(w[i - 2], 61) ^ w[i - 2] >> 6;
        w[i] = w[i - 16] + low + w[i - 7] + high;
    }
    memcpy(s, hash->state, sizeof s);
    for (int i = 0; i < 80; i++) {
        uint64_t choice = (s[4] & s[5]) ^ (~s[4] & s[6]), majority = (s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]);
        uint64_t first = s[7] + (rotate(s[4], 14) ^ rotate(s[4], 18) ^ rotate(s[4], 41)) + choice + round_constants[i] + w[i];
        uint64_t second = (rotate(s[0], 28) ^ rotate(s[0], 34) ^ rotate(s[0], 39)) + majority;
        memmove(s + 1, s, 7 * sizeof *s);
        s[4] += first;
        s[0] = first + second;
    }
    for (int i = 0; i < 8; i++)
        hash->state[i] += s[i];
}

static void hash_add(struct sha512_object *hash, const uint8_t *data, size_t size)
{
    while (size) {
        size_t used = hash->size % BLOCK, part = BLOCK - used < size ? BLOCK - used : size;
        memcpy(hash->block + used, data, part);
        hash->size += part;
        data += part;
        size -= part;
        if (hash->size % BLOCK == 0)
            block_add(hash);
    }
}

static void hash_finish(const struct sha512_object *hash, uint8_t digest[DIGEST])
{
    struct sha512_object last = *hash;
    uint8_t padding[BLOCK + 16] = {0x80};
    size_t zeros = (BLOCK + 112 - 1 - hash->size % BLOCK) % BLOCK;
    for (int i = 0; i < 8; i++)
        padding[1 + zeros + 8 + (size_t)i] = (uint8_t)(hash->size * 8 >> (56 - 8 * i));
    padding[1 + zeros + 7] = (uint8_t)(hash->size >> 61);
    hash_add(&last, padding, 1 + zeros + 16);
    for (int i = 0; i < DIGEST; i++)
        digest[i] = (uint8_t)(last.state[i / 8] >> (56 - 8 * (i % 8)));
}

#define METHOD(name)                                                                                                   \
    static value sha512_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

static struct sha512_object *hash_of(value v)
{
    return (struct sha512_object *)value_object(v);
}

METHOD(update)
{
    UNUSED;
    const uint8_t *data;
    size_t size;
    if (has_flag(arguments[0], TYPE_STRING))
        return raise_error(vm, &exc_TypeError, "Strings must be encoded before hashing");
    if (!buffer_of(vm, arguments[0], &data, &size))
        return VALUE_NULL;
    ADD_WORK(vm, characters, size);
    hash_add(hash_of(self), data, size);
    return NONE;
}

static size_t digest_size(value hash);

METHOD(digest)
{
    UNUSED;
    uint8_t digest[DIGEST];
    hash_finish(hash_of(self), digest);
    return bytes_from(vm, digest, digest_size(self));
}

METHOD(hexdigest)
{
    UNUSED;
    uint8_t digest[DIGEST];
    char text[2 * DIGEST + 1];
    hash_finish(hash_of(self), digest);
    for (size_t i = 0; i < digest_size(self); i++) {
        text[2 * i] = "0123456789abcdef"[digest[i] >> 4];
        text[2 * i + 1] = "0123456789abcdef"[digest[i] & 15];
    }
    text[2 * digest_size(self)] = 0;
    return string_from_text(vm, text);
}

static value hash_new(struct vm *vm, struct type *type);

METHOD(copy)
{
    UNUSED;
    value copy = hash_new(vm, value_type(vm, self));
    if (copy != VALUE_NULL)
        *hash_of(copy) = *hash_of(self);
    return copy;
}

static value get_name(struct vm *vm, value self)
{
    return intern_text(vm, digest_size(self) == DIGEST ? "sha512" : "sha384");
}

static value get_block_size(struct vm *vm, value self)
{
    (void)vm, (void)self;
    return small_int(BLOCK);
}

static value get_digest_size(struct vm *vm, value self)
{
    (void)vm;
    return small_int((int64_t)digest_size(self));
}

static const struct method_definition methods[] = {
    {"update", "(obj, /)", sha512_update, 0, NULL},
    {"digest", "()", sha512_digest, 0, NULL},
    {"hexdigest", "()", sha512_hexdigest, 0, NULL},
    {"copy", "()", sha512_copy, 0, NULL},
    {0},
};
static const struct property_definition properties[] = {
    {"name", get_name, NULL}, {"block_size", get_block_size, NULL}, {"digest_size", get_digest_size, NULL}, {0}};
static struct type sha512_type = {.name = "sha512",
                                  .instance_size = sizeof(struct sha512_object),
                                  .methods = methods,
                                  .properties = properties};

static struct type sha384_type = {.name = "sha384",
                                  .instance_size = sizeof(struct sha512_object),
                                  .methods = methods,
                                  .properties = properties};

static size_t digest_size(value hash)
{
    return is_exact(hash, &sha384_type) ? SHORT_DIGEST : DIGEST;
}

static value hash_new(struct vm *vm, struct type *type)
{
    struct sha512_object *hash = gc_object(vm, sizeof *hash, &type->shape);
    if (hash)
        memcpy(hash->state, type == &sha384_type ? short_initial_state : initial_state, sizeof initial_state);
    return hash ? object_value(hash) : VALUE_NULL;
}

static value hash_start(struct vm *vm, struct type *type, value data)
{
    value hash = hash_new(vm, type);
    if (hash == VALUE_NULL || data == VALUE_NULL)
        return hash;
    return sha512_update(vm, hash, &data, 1, VALUE_NULL) == VALUE_NULL ? VALUE_NULL : hash;
}

METHOD(sha512)
{
    UNUSED;
    return hash_start(vm, &sha512_type, arguments[0]);
}

METHOD(sha384)
{
    UNUSED;
    return hash_start(vm, &sha384_type, arguments[0]);
}

static const struct method_definition functions[] = {
    {"sha512", "(string=b'', *, usedforsecurity=True)", sha512_sha512, 0, NULL},
    {"sha384", "(string=b'', *, usedforsecurity=True)", sha512_sha384, 0, NULL},
    {0},
};

static bool sha512_initialize(struct vm *vm, value module)
{
    (void)module;
    type_ready(vm, &sha512_type);
    type_ready(vm, &sha384_type);
    return true;
}

const struct native_module sha512_module = {"_sha512", sha512_initialize, functions};
