/* hash.c - module _hashlib: the hash objects, their constructors, and the names that libcrypto and Python give them. */
#include "sim/modules/hashlib/hash.h"
#include "sim/runtime/bytes.h"
#include "sim/runtime/container.h"

#include <strings.h>

#define METHOD(name)                                                                                                   \
    static value hash_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

struct hash_object {
    struct object head;
    EVP_MD_CTX *context;
    const struct digest_name *digest;
};

const struct digest_name digest_names[] = {
    {"md5", "MD5", false}, {"sha1", "SHA1", false}, {"sha224", "SHA2-224", false}, {"sha256", "SHA2-256", false},
    {"sha384", "SHA2-384", false}, {"sha512", "SHA2-512", false}, {"sha512_224", "SHA2-512/224", false},
    {"sha512_256", "SHA2-512/256", false}, {"sha3_224", "SHA3-224", false}, {"sha3_256", "SHA3-256", false},
    {"sha3_384", "SHA3-384", false}, {"sha3_512", "SHA3-512", false}, {"shake_128", "SHAKE-128", true},
    {"shake_256", "SHAKE-256", true}, {"blake2b", "BLAKE2B-512", false}, {"blake2s", "BLAKE2S-256", false},
    {"md5-sha1", "MD5-SHA1", false}, {"ripemd160", "RIPEMD-160", false}, {"sm3", "SM3", false}, {NULL, NULL, false},
};

static const struct digest_name *find_name(const char *text)
{
    for (const struct digest_name *digest = digest_names; digest->name; digest++)
        if (!strcasecmp(digest->name, text) || !strcasecmp(digest->library_name, text))
            return digest;
    return NULL;
}

const struct digest_name *digest_find(struct vm *vm, value name)
{
    size_t size;
    const char *text = string_utf8(vm, name, &size);
    const struct digest_name *digest = text ? find_name(text) : NULL;
    if (!digest && vm->pending == VALUE_NULL)
        raise_error(vm, native_error(vm->digest_error), "unsupported hash type %U", name);
    return digest;
}

const struct digest_name *digest_of_argument(struct vm *vm, value v)
{
    if (is_string(v))
        return digest_find(vm, v);
    if (is_exact(v, &native_function_type)) {
        const struct native_function_object *function = (struct native_function_object *)value_object(v);
        if (!strncmp(function->definition->name, "openssl_", 8))
            return find_name(function->definition->name + strlen("openssl_"));
    }
    raise_error(vm, native_error(vm->digest_error), "Unsupported digestmod %S", v);
    return NULL;
}

bool hash_input(struct vm *vm, value v, const uint8_t **data, size_t *size)
{
    if (is_string(v))
        raise_error(vm, &exc_TypeError, "Strings must be encoded before hashing");
    else if (!has_buffer(vm, v))
        raise_error(vm, &exc_TypeError, "object supporting the buffer API required");
    else
        return buffer_of(vm, v, data, size);
    return false;
}

value hash_hex(struct vm *vm, const uint8_t *digest, size_t size)
{
    return bytes_hex(vm, (struct span){digest, size, 1}, VALUE_NULL, VALUE_NULL);
}

value hash_library_failed(struct vm *vm)
{
    return raise_error(vm, &exc_ValueError, "the crypto library refused");
}

static struct hash_object *hash_of(value v)
{
    return (struct hash_object *)value_object(v);
}

static void hash_release(struct vm *vm, struct object *object)
{
    (void)vm;
    EVP_MD_CTX_free(((struct hash_object *)object)->context);
}

static struct type hash_type, variable_hash_type;

static value hash_make(struct vm *vm, const struct digest_name *digest)
{
    struct hash_object *hash = GC_NEW(vm, struct hash_object, digest->variable ? &variable_hash_type : &hash_type);
    if (!hash)
        return VALUE_NULL;
    hash->digest = digest;
    hash->context = EVP_MD_CTX_new();
    return hash->context ? object_value(hash) : raise_no_memory(vm);
}

METHOD(update)
{
    UNUSED;
    const uint8_t *data;
    size_t size;
    if (!hash_input(vm, arguments[0], &data, &size))
        return VALUE_NULL;
    ADD_WORK(vm, characters, size);
    return EVP_DigestUpdate(hash_of(self)->context, data, size) ? NONE : hash_library_failed(vm);
}

static value hash_start(struct vm *vm, const struct digest_name *digest, value data)
{
    value hash = hash_make(vm, digest);
    if (hash == VALUE_NULL)
        return hash;
    EVP_MD *method = EVP_MD_fetch(NULL, digest->library_name, NULL);
    bool started = method && EVP_DigestInit_ex(hash_of(hash)->context, method, NULL);
    EVP_MD_free(method);
    if (!started)
        return raise_error(vm, is_object(vm->digest_error) ? native_error(vm->digest_error) : &exc_ValueError,
                           "unsupported hash type %s", digest->name);
    if (data != VALUE_NULL && hash_update(vm, hash, &data, 1, VALUE_NULL) == VALUE_NULL)
        return VALUE_NULL;
    return hash;
}

/* The digest of what was added so far; *size: its length, asked for when the kind has none of its own. */
static bool finish(struct vm *vm, value self, uint8_t *out, size_t *size)
{
    EVP_MD_CTX *copy = EVP_MD_CTX_new();
    unsigned length = 0;
    bool done = copy && EVP_MD_CTX_copy_ex(copy, hash_of(self)->context) &&
                (hash_of(self)->digest->variable ? (*size == 0 || EVP_DigestFinalXOF(copy, out, *size))
                                                 : EVP_DigestFinal_ex(copy, out, &length));
    EVP_MD_CTX_free(copy);
    if (!hash_of(self)->digest->variable)
        *size = length;
    if (!done)
        hash_library_failed(vm);
    return done;
}

static value digest_of(struct vm *vm, value self, value length, bool hex)
{
    uint8_t fixed[EVP_MAX_MD_SIZE];
    size_t size = 0;
    if (!hash_of(self)->digest->variable) {
        if (!finish(vm, self, fixed, &size))
            return VALUE_NULL;
        return hex ? hash_hex(vm, fixed, size) : bytes_from(vm, fixed, size);
    }
    int64_t wanted;
    if (!value_to_index(vm, length, &wanted))
        return VALUE_NULL;
    if (wanted < 0)
        return raise_error(vm, &exc_ValueError, "value must be positive");
    value bytes = bytes_from(vm, NULL, (size_t)wanted);
    size = (size_t)wanted;
    if (bytes == VALUE_NULL || !finish(vm, self, bytes_of(bytes)->data, &size))
        return VALUE_NULL;
    ADD_WORK(vm, characters, size);
    return hex ? hash_hex(vm, bytes_of(bytes)->data, size) : bytes;
}

METHOD(digest)
{
    UNUSED;
    return digest_of(vm, self, count ? arguments[0] : VALUE_NULL, false);
}

METHOD(hexdigest)
{
    UNUSED;
    return digest_of(vm, self, count ? arguments[0] : VALUE_NULL, true);
}

METHOD(copy)
{
    UNUSED;
    value copy = hash_make(vm, hash_of(self)->digest);
    if (copy == VALUE_NULL)
        return copy;
    return EVP_MD_CTX_copy_ex(hash_of(copy)->context, hash_of(self)->context) ? copy : hash_library_failed(vm);
}

static value get_name(struct vm *vm, value self)
{
    return intern_text(vm, hash_of(self)->digest->name);
}
static value get_digest_size(struct vm *vm, value self)
{
    (void)vm;
    return small_int(hash_of(self)->digest->variable ? 0 : EVP_MD_CTX_get_size(hash_of(self)->context));
}
static value get_block_size(struct vm *vm, value self)
{
    (void)vm;
    return small_int(EVP_MD_CTX_get_block_size(hash_of(self)->context));
}

static value hash_repr(struct vm *vm, value self)
{
    return string_printf(vm, "<%s %s object @ 0x%lx>", hash_of(self)->digest->name, value_type(vm, self)->name,
                         (unsigned long)object_identity(vm, self));
}

static const struct property_definition properties[] = {
    {"name", get_name, NULL}, {"digest_size", get_digest_size, NULL}, {"block_size", get_block_size, NULL}, {0}};
static const struct method_definition methods[] = {{"update", "(obj, /)", hash_update, 0, NULL},
                                                   {"digest", "()", hash_digest, 0, NULL},
                                                   {"hexdigest", "()", hash_hexdigest, 0, NULL},
                                                   {"copy", "()", hash_copy, 0, NULL},
                                                   {0}};
static const struct method_definition variable_methods[] = {{"digest", "(length)", hash_digest, 0, NULL},
                                                            {"hexdigest", "(length)", hash_hexdigest, 0, NULL},
                                                            {0}};
static struct type hash_type = {.name = "_hashlib.HASH",
                                .flags = TYPE_SUBCLASSABLE | TYPE_GETATTR_PLAIN,
                                .instance_size = sizeof(struct hash_object),
                                .release = hash_release,
                                .repr = hash_repr,
                                .methods = methods,
                                .properties = properties};
static struct type variable_hash_type = {.name = "_hashlib.HASHXOF",
                                         .flags = TYPE_GETATTR_PLAIN,
                                         .base = &hash_type,
                                         .instance_size = sizeof(struct hash_object),
                                         .release = hash_release,
                                         .repr = hash_repr,
                                         .methods = variable_methods};

/* ---- functions ---- */

METHOD(new)
{
    UNUSED;
    if (!is_string(arguments[0]))
        return raise_error(vm, &exc_TypeError, "name must be a string");
    const struct digest_name *digest = digest_find(vm, arguments[0]);
    return digest ? hash_start(vm, digest, arguments[1]) : VALUE_NULL;
}

#define CONSTRUCTOR(name)                                                                                              \
    static value construct_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names) \
    {                                                                                                                  \
        UNUSED;                                                                                                        \
        return hash_start(vm, find_name(#name), arguments[0]);                                                         \
    }
CONSTRUCTOR(md5)
CONSTRUCTOR(sha1)
CONSTRUCTOR(sha224)
CONSTRUCTOR(sha256)
CONSTRUCTOR(sha384)
CONSTRUCTOR(sha512)
CONSTRUCTOR(sha3_224)
CONSTRUCTOR(sha3_256)
CONSTRUCTOR(sha3_384)
CONSTRUCTOR(sha3_512)
CONSTRUCTOR(shake_128)
CONSTRUCTOR(shake_256)

METHOD(compare_digest)
{
    UNUSED;
    const uint8_t *a, *b;
    size_t x, y;
    if (is_string(arguments[0]) && is_string(arguments[1])) {
        if (!string_of(arguments[0])->ascii || !string_of(arguments[1])->ascii)
            return raise_error(vm, &exc_TypeError, "comparing strings with non-ASCII characters is not supported");
        return bool_value(string_equal(arguments[0], arguments[1]));
    }
    if (is_string(arguments[0]) != is_string(arguments[1]) && has_buffer(vm, arguments[is_string(arguments[0])]))
        return raise_error(vm, &exc_TypeError, "a bytes-like object is required, not 'str'");
    if (!has_buffer(vm, arguments[0]) || !has_buffer(vm, arguments[1]))
        return raise_error(vm, &exc_TypeError, "unsupported operand types(s) or combination of types: '%T' and '%T'", arguments[0],
                           arguments[1]);
    if (!buffer_of(vm, arguments[0], &a, &x) || !buffer_of(vm, arguments[1], &b, &y))
        return VALUE_NULL;
    return bool_value(x == y && (!x || !memcmp(a, b, x)));
}

METHOD(get_fips_mode)
{
    UNUSED;
    return small_int(0);
}

#define ROW(name) {"openssl_" #name, "(string=b'', *, usedforsecurity=True)", construct_##name, 0, NULL}
static const struct method_definition functions[] = {
    ROW(md5), ROW(sha1), ROW(sha224), ROW(sha256), ROW(sha384), ROW(sha512), ROW(sha3_224), ROW(sha3_256), ROW(sha3_384),
    ROW(sha3_512), ROW(shake_128), ROW(shake_256),
    {"new", "(name, string=b'', *, usedforsecurity=True)", hash_new, 0, NULL},
    {"compare_digest", "(a, b, /)", hash_compare_digest, 0, NULL},
    {"get_fips_mode", "()", hash_get_fips_mode, 0, NULL},
    {"hmac_new", "(key, msg=b'', digestmod=None)", hashlib_hmac_new, 0, NULL},
    {"hmac_digest", "(key, msg, digest)", hashlib_hmac_digest, 0, NULL},
    {"pbkdf2_hmac", "(hash_name, password, salt, iterations, dklen=None)", hashlib_pbkdf2_hmac, 0, NULL},
    {"scrypt", "(password, *, salt=None, n=None, r=None, p=None, maxmem=0, dklen=64)", hashlib_scrypt, 0, NULL},
    {0},
};

static bool hashlib_initialize(struct vm *vm, value module)
{
    type_ready(vm, &hash_type);
    type_ready(vm, &variable_hash_type);
    type_ready(vm, &hmac_type);
    value names = set_new(vm, &frozenset_type), constructors = dict_new(vm);
    if (names == VALUE_NULL || constructors == VALUE_NULL)
        return false;
    for (const struct digest_name *digest = digest_names; digest->name; digest++)
        if (!set_add(vm, names, intern_text(vm, digest->name)))
            return false;
    struct dict_object *dict = support_dict(module);
    for (const struct method_definition *row = functions; !strncmp(row->name, "openssl_", 8); row++)
        if (!dict_set(vm, dict_of(constructors), dict_get_text(vm, dict, row->name),
                      string_from_text(vm, row->name + strlen("openssl_"))))
            return false;
    return native_error_make(vm, module, "UnsupportedDigestmodError", "_hashlib", &exc_ValueError, &vm->digest_error) &&
           dict_set_text(vm, dict, "openssl_md_meth_names", names) && dict_set_text(vm, dict, "_constructors", constructors) &&
           dict_set_text(vm, dict, "HASH", type_object_value(&hash_type)) &&
           dict_set_text(vm, dict, "HASHXOF", type_object_value(&variable_hash_type)) &&
           dict_set_text(vm, dict, "HMAC", type_object_value(&hmac_type));
}

const struct native_module hashlib_module = {"_hashlib", hashlib_initialize, functions};

/* ---- the modules that have only some of them ---- */

#define PLAIN_ROW(name) {#name, "(string=b'', *, usedforsecurity=True)", construct_##name, 0, NULL}
static const struct method_definition md5_functions[] = {PLAIN_ROW(md5), {0}};
static const struct method_definition sha1_functions[] = {PLAIN_ROW(sha1), {0}};
static const struct method_definition sha256_functions[] = {PLAIN_ROW(sha224), PLAIN_ROW(sha256), {0}};
static const struct method_definition sha3_functions[] = {PLAIN_ROW(sha3_224), PLAIN_ROW(sha3_256), PLAIN_ROW(sha3_384),
                                                          PLAIN_ROW(sha3_512), PLAIN_ROW(shake_128), PLAIN_ROW(shake_256), {0}};

/* Their hashes are _hashlib's, which need not be there. */
static bool named_initialize(struct vm *vm, value module)
{
    (void)module;
    type_ready(vm, &hash_type);
    type_ready(vm, &variable_hash_type);
    return true;
}

const struct native_module md5_module = {"_md5", named_initialize, md5_functions};
const struct native_module sha1_module = {"_sha1", named_initialize, sha1_functions};
const struct native_module sha256_module = {"_sha256", named_initialize, sha256_functions};
const struct native_module sha3_module = {"_sha3", named_initialize, sha3_functions};
