/* hmac.c - the keyed side of _hashlib: HMAC objects, PBKDF2 and scrypt, by libcrypto. */
#include "sim/modules/hashlib/hash.h"
#include "sim/runtime/bytes.h"

#include <stdio.h>

#include <openssl/core_names.h>
#include <openssl/kdf.h>

#define METHOD(name)                                                                                                   \
    static value hmac_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

struct hmac_object {
    struct object head;
    EVP_MAC_CTX *context;
    const struct digest_name *digest;
};

static struct hmac_object *hmac_of(value v)
{
    return (struct hmac_object *)value_object(v);
}

static void hmac_release(struct vm *vm, struct object *object)
{
    (void)vm;
    EVP_MAC_CTX_free(((struct hmac_object *)object)->context);
}

static EVP_MAC_CTX *mac_start(const struct digest_name *digest, const uint8_t *key, size_t size)
{
    EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    EVP_MAC_CTX *context = mac ? EVP_MAC_CTX_new(mac) : NULL;
    char name[32];
    snprintf(name, sizeof name, "%s", digest->library_name);
    OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0), OSSL_PARAM_construct_end()};
    static const uint8_t empty[1] = {0};
    EVP_MAC_free(mac);
    if (context && EVP_MAC_init(context, size ? key : empty, size, parameters))
        return context;
    EVP_MAC_CTX_free(context);
    return NULL;
}

METHOD(update)
{
    UNUSED;
    const uint8_t *data;
    size_t size;
    if (!hash_input(vm, arguments[0], &data, &size))
        return VALUE_NULL;
    ADD_WORK(vm, characters, size);
    return EVP_MAC_update(hmac_of(self)->context, data, size) ? NONE : hash_library_failed(vm);
}

value hashlib_hmac_new(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    UNUSED;
    const uint8_t *key;
    size_t size;
    if (arguments[2] == VALUE_NULL || arguments[2] == NONE)
        return raise_error(vm, &exc_TypeError, "Missing required parameter 'digestmod'.");
    const struct digest_name *digest = digest_of_argument(vm, arguments[2]);
    if (!digest || !buffer_of(vm, arguments[0], &key, &size))
        return VALUE_NULL;
    struct hmac_object *hmac = GC_NEW(vm, struct hmac_object, &hmac_type);
    if (!hmac)
        return VALUE_NULL;
    hmac->digest = digest;
    hmac->context = digest->variable ? NULL : mac_start(digest, key, size);
    if (!hmac->context)
        return raise_error(vm, native_error(vm->digest_error), "Unsupported digestmod %s", digest->name);
    value result = object_value(hmac);
    if (arguments[1] != VALUE_NULL && arguments[1] != NONE && hmac_update(vm, result, arguments + 1, 1, VALUE_NULL) == VALUE_NULL)
        return VALUE_NULL;
    return result;
}

static bool finish(struct vm *vm, const EVP_MAC_CTX *context, uint8_t out[EVP_MAX_MD_SIZE], size_t *size)
{
    EVP_MAC_CTX *copy = EVP_MAC_CTX_dup(context);
    bool done = copy && EVP_MAC_final(copy, out, size, EVP_MAX_MD_SIZE);
    EVP_MAC_CTX_free(copy);
    if (!done)
        hash_library_failed(vm);
    return done;
}

METHOD(digest)
{
    UNUSED;
    uint8_t out[EVP_MAX_MD_SIZE];
    size_t size;
    return finish(vm, hmac_of(self)->context, out, &size) ? bytes_from(vm, out, size) : VALUE_NULL;
}

METHOD(hexdigest)
{
    UNUSED;
    uint8_t out[EVP_MAX_MD_SIZE];
    size_t size;
    return finish(vm, hmac_of(self)->context, out, &size) ? hash_hex(vm, out, size) : VALUE_NULL;
}

METHOD(copy)
{
    UNUSED;
    struct hmac_object *copy = GC_NEW(vm, struct hmac_object, &hmac_type);
    if (!copy)
        return VALUE_NULL;
    copy->digest = hmac_of(self)->digest;
    copy->context = EVP_MAC_CTX_dup(hmac_of(self)->context);
    return copy->context ? object_value(copy) : hash_library_failed(vm);
}

static value get_name(struct vm *vm, value self)
{
    return string_printf(vm, "hmac-%s", hmac_of(self)->digest->name);
}
static value get_digest_size(struct vm *vm, value self)
{
    (void)vm;
    return small_int((int64_t)EVP_MAC_CTX_get_mac_size(hmac_of(self)->context));
}
static value get_block_size(struct vm *vm, value self)
{
    (void)vm;
    return small_int((int64_t)EVP_MAC_CTX_get_block_size(hmac_of(self)->context));
}

static value hmac_repr(struct vm *vm, value self)
{
    return string_printf(vm, "<%s HMAC object @ 0x%lx>", hmac_of(self)->digest->name, (unsigned long)object_identity(vm, self));
}

static const struct method_definition methods[] = {{"update", "(msg)", hmac_update, 0, NULL},
                                                   {"digest", "()", hmac_digest, 0, NULL},
                                                   {"hexdigest", "()", hmac_hexdigest, 0, NULL},
                                                   {"copy", "()", hmac_copy, 0, NULL},
                                                   {0}};
static const struct property_definition properties[] = {
    {"name", get_name, NULL}, {"digest_size", get_digest_size, NULL}, {"block_size", get_block_size, NULL}, {0}};
struct type hmac_type = {.name = "_hashlib.HMAC",
                         .flags = TYPE_GETATTR_PLAIN,
                         .instance_size = sizeof(struct hmac_object),
                         .release = hmac_release,
                         .repr = hmac_repr,
                         .methods = methods,
                         .properties = properties};

value hashlib_hmac_digest(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    UNUSED;
    const value given[] = {arguments[0], arguments[1], arguments[2]};
    value hmac = hashlib_hmac_new(vm, self, given, 3, VALUE_NULL);
    return hmac == VALUE_NULL ? hmac : hmac_digest(vm, hmac, NULL, 0, VALUE_NULL);
}

value hashlib_pbkdf2_hmac(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    UNUSED;
    const uint8_t *password, *salt;
    size_t password_size, salt_size;
    int64_t iterations, length;
    if (!is_string(arguments[0]))
        return raise_error(vm, &exc_TypeError, "pbkdf2_hmac() argument 'hash_name' must be str, not %T", arguments[0]);
    if (!buffer_of(vm, arguments[1], &password, &password_size) || !buffer_of(vm, arguments[2], &salt, &salt_size) ||
        !value_to_index(vm, arguments[3], &iterations))
        return VALUE_NULL;
    const struct digest_name *digest = digest_find(vm, arguments[0]);
    EVP_MD *method = digest ? EVP_MD_fetch(NULL, digest->library_name, NULL) : NULL;
    if (!method)
        return digest ? hash_library_failed(vm) : VALUE_NULL;
    length = EVP_MD_get_size(method);
    value out = VALUE_NULL;
    if (iterations < 1)
        raise_error(vm, &exc_ValueError, "iteration value must be greater than 0.");
    else if (iterations > INT32_MAX)
        raise_error(vm, &exc_OverflowError, "iteration value is too great.");
    else if (arguments[4] != VALUE_NULL && arguments[4] != NONE && !value_to_index(vm, arguments[4], &length))
        out = VALUE_NULL;
    else if (length < 1)
        raise_error(vm, &exc_ValueError, "key length must be greater than 0.");
    else if (length > INT32_MAX)
        raise_error(vm, &exc_OverflowError, "key length is too great.");
    else
        out = bytes_from(vm, NULL, (size_t)length);
    if (out != VALUE_NULL) {
        ADD_WORK(vm, characters, iterations * length);
        if (!PKCS5_PBKDF2_HMAC((const char *)password, (int)password_size, salt, (int)salt_size, (int)iterations, method,
                               (int)length, bytes_of(out)->data))
            out = hash_library_failed(vm);
    }
    EVP_MD_free(method);
    return out;
}

static bool positive(struct vm *vm, value v, const char *message, int64_t *out)
{
    if (v == VALUE_NULL || v == NONE || !is_int(v)) {
        raise_error(vm, &exc_TypeError, "%s", message);
        return false;
    }
    return value_to_int64(vm, v, out);
}

value hashlib_scrypt(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    UNUSED;
    const uint8_t *password, *salt;
    size_t password_size, salt_size;
    int64_t n, r, p, memory = 0, length = 64;
    if (!buffer_of(vm, arguments[0], &password, &password_size))
        return VALUE_NULL;
    if (arguments[1] == VALUE_NULL || arguments[1] == NONE)
        return raise_error(vm, &exc_TypeError, "salt is required");
    if (!buffer_of(vm, arguments[1], &salt, &salt_size) ||
        !positive(vm, arguments[2], "n is required and must be an unsigned int", &n))
        return VALUE_NULL;
    if (n < 2 || n & (n - 1))
        return raise_error(vm, &exc_ValueError, "n must be a power of 2.");
    if (!positive(vm, arguments[3], "r is required and must be an unsigned int", &r) ||
        !positive(vm, arguments[4], "p is required and must be an unsigned int", &p) ||
        (arguments[5] != VALUE_NULL && !value_to_index(vm, arguments[5], &memory)) ||
        (arguments[6] != VALUE_NULL && !value_to_index(vm, arguments[6], &length)))
        return VALUE_NULL;
    if (memory < 0 || memory > INT32_MAX)
        return raise_error(vm, &exc_ValueError, "maxmem must be positive and smaller than 2147483647");
    if (length < 1 || length > INT32_MAX)
        return raise_error(vm, &exc_ValueError, "dklen must be greater than 0 and smaller than 2147483647");
    if (r < 0 || p < 0 || !EVP_PBE_scrypt(NULL, 0, NULL, 0, (uint64_t)n, (uint64_t)r, (uint64_t)p, (uint64_t)memory, NULL, 0))
        return raise_error(vm, &exc_ValueError, "Invalid parameter combination for n, r, p, maxmem.");
    value out = bytes_from(vm, NULL, (size_t)length);
    if (out == VALUE_NULL)
        return out;
    ADD_WORK(vm, characters, n * r * p * 128);
    if (!EVP_PBE_scrypt((const char *)password, password_size, salt, salt_size, (uint64_t)n, (uint64_t)r, (uint64_t)p,
                        (uint64_t)memory, bytes_of(out)->data, (size_t)length))
        return hash_library_failed(vm);
    return out;
}
