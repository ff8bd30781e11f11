/* module.c - module _ssl: its functions and constants. */
#include "sim/modules/ssl/ssl.h"
#include "sim/runtime/bytes.h"

#include <openssl/rand.h>

static value object_tuple(struct vm *vm, const ASN1_OBJECT *object)
{
    int number = OBJ_obj2nid(object);
    if (number == NID_undef)
        return raise_error(vm, &exc_ValueError, "Unknown object");
    return tuple_pack(vm, 4, small_int(number), text_or_none(vm, OBJ_nid2sn(number)), text_or_none(vm, OBJ_nid2ln(number)),
                      object_name(vm, object, true));
}

METHOD(txt2obj)
{
    UNUSED;
    if (!has_flag(arguments[0], TYPE_STRING))
        return raise_error(vm, &exc_TypeError, "txt2obj() argument 'txt' must be str, not %T", arguments[0]);
    int names = arguments[1] == VALUE_NULL ? 0 : value_truth(vm, arguments[1]);
    if (names < 0)
        return VALUE_NULL;
    const char *text = string_utf8(vm, arguments[0], NULL);
    ASN1_OBJECT *object = OBJ_txt2obj(text, !names);
    ERR_clear_error();
    if (!object)
        return raise_error(vm, &exc_ValueError, "unknown object '%s'", text);
    value result = object_tuple(vm, object);
    ASN1_OBJECT_free(object);
    return result;
}

METHOD(nid2obj)
{
    UNUSED;
    int64_t number;
    if (!value_to_index(vm, arguments[0], &number))
        return VALUE_NULL;
    if (number < NID_undef)
        return raise_error(vm, &exc_ValueError, "NID must be positive.");
    const ASN1_OBJECT *object = OBJ_nid2obj((int)number);
    ERR_clear_error();
    return object ? object_tuple(vm, object) : raise_error(vm, &exc_ValueError, "unknown NID %ld", (long)number);
}

METHOD(rand_bytes)
{
    UNUSED;
    int64_t size;
    if (!value_to_index(vm, arguments[0], &size))
        return VALUE_NULL;
    if (size < 0)
        return raise_error(vm, &exc_ValueError, "num must be positive");
    value result = bytes_from(vm, NULL, (size_t)size);
    return result == VALUE_NULL || RAND_bytes(bytes_of(result)->data, (int)size) == 1 ? result : ssl_fail(vm, LINE_OTHER);
}

METHOD(rand_pseudo_bytes)
{
    value bytes = ssl_rand_bytes(vm, self, arguments, count, keyword_names);
    return bytes == VALUE_NULL ? bytes : tuple_pack(vm, 2, bytes, TRUE);
}

METHOD(rand_add)
{
    UNUSED;
    double entropy;
    struct span data;
    if (!has_flag(arguments[0], TYPE_STRING) && !bytes_like(vm, arguments[0], &data))
        return VALUE_NULL;
    return value_to_double(vm, arguments[1], &entropy) ? NONE : VALUE_NULL;
}

METHOD(rand_status)
{
    UNUSED;
    return TRUE;
}

METHOD(get_default_verify_paths)
{
    UNUSED;
    return tuple_pack(vm, 4, string_from_text(vm, X509_get_default_cert_file_env()),
                      string_from_text(vm, X509_get_default_cert_file()), string_from_text(vm, X509_get_default_cert_dir_env()),
                      string_from_text(vm, X509_get_default_cert_dir()));
}

static const struct method_definition functions[] = {
    {"txt2obj", "(txt, name=False)", ssl_txt2obj, 0, NULL},
    {"nid2obj", "(nid, /)", ssl_nid2obj, 0, NULL},
    {"RAND_bytes", "(n, /)", ssl_rand_bytes, 0, NULL},
    {"RAND_pseudo_bytes", "(n, /)", ssl_rand_pseudo_bytes, 0, NULL},
    {"RAND_add", "(string, entropy, /)", ssl_rand_add, 0, NULL},
    {"RAND_status", "()", ssl_rand_status, 0, NULL},
    {"get_default_verify_paths", "()", ssl_get_default_verify_paths, 0, NULL},
    {"_test_decode_cert", "(path, /)", certificate_test_decode, 0, NULL},
    {0},
};

/* (major, minor, fix, patch, status), as ssl.OPENSSL_VERSION_INFO has them. */
static value version_tuple(struct vm *vm, unsigned long version)
{
    return tuple_pack(vm, 5, small_int((int64_t)(version >> 28 & 0xff)), small_int((int64_t)(version >> 20 & 0xff)),
                      small_int((int64_t)(version >> 12 & 0xff)), small_int((int64_t)(version >> 4 & 0xff)),
                      small_int((int64_t)(version & 0xf)));
}

static bool ssl_initialize(struct vm *vm, value module)
{
    static const struct {
        const char *name;
        struct type *type;
    } types[] = {{"_SSLContext", &ssl_context_type}, {"_SSLSocket", &ssl_connection_type}, {"MemoryBIO", &ssl_memory_type},
                 {"SSLSession", &ssl_session_type}, {"Certificate", &ssl_certificate_type}};
    struct dict_object *dict = support_dict(module);
    unsigned long version = OpenSSL_version_num();
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        type_ready(vm, types[i].type);
        if (!dict_set_text(vm, dict, types[i].name, type_object_value(types[i].type)))
            return false;
    }
    return ssl_chance_start(vm) && ssl_errors_ready(vm, module) &&
           dict_set_text(vm, dict, "OPENSSL_VERSION", string_from_text(vm, OpenSSL_version(OPENSSL_VERSION))) &&
           dict_set_text(vm, dict, "OPENSSL_VERSION_NUMBER", int_from_uint64(vm, version)) &&
           dict_set_text(vm, dict, "OPENSSL_VERSION_INFO", version_tuple(vm, version)) &&
           dict_set_text(vm, dict, "_OPENSSL_API_VERSION", version_tuple(vm, version));
}

const struct native_module ssl_module = {"_ssl", ssl_initialize, functions};
