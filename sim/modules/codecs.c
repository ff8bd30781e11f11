/* codecs.c - module _codecs: encoding and decoding by name through the runtime's codecs. Registering codecs of one's own is
 * unsupported. */
#include "sim/modules/support.h"
#include "sim/runtime/text.h"

#define FUNCTION(name)                                                                                                 \
    static value codecs_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

/* The text of an optional str argument in `out`, NULL when it is absent or None. */
static bool text_argument(struct vm *vm, value v, const char **out)
{
    size_t size;
    *out = NULL;
    if (v == VALUE_NULL || v == NONE)
        return true;
    if (!is_string(v)) {
        raise_error(vm, &exc_TypeError, "argument must be str, not %T", v);
        return false;
    }
    return (*out = string_utf8(vm, v, &size)) != NULL;
}

static value encode(struct vm *vm, value text, const char *encoding, value errors)
{
    const char *handler;
    if (!is_string(text))
        return raise_error(vm, &exc_TypeError, "encode() argument 1 must be str, not %T", text);
    return text_argument(vm, errors, &handler) ? string_encode(vm, text, encoding, handler) : VALUE_NULL;
}

static value decode(struct vm *vm, value bytes, const char *encoding, value errors)
{
    const char *handler;
    const uint8_t *data;
    size_t size;
    if (!text_argument(vm, errors, &handler) || !buffer_of(vm, bytes, &data, &size))
        return VALUE_NULL;
    return bytes_decode(vm, data, size, encoding, handler);
}

FUNCTION(encode)
{
    UNUSED;
    const char *encoding;
    return text_argument(vm, arguments[1], &encoding) ? encode(vm, arguments[0], encoding, arguments[2]) : VALUE_NULL;
}

FUNCTION(decode)
{
    UNUSED;
    const char *encoding;
    return text_argument(vm, arguments[1], &encoding) ? decode(vm, arguments[0], encoding, arguments[2]) : VALUE_NULL;
}

/* utf_8_encode(text, errors) and the like answer (result, how much of the argument was used) */
static value with_length(struct vm *vm, value result, value argument)
{
    int64_t length = result == VALUE_NULL ? -1 : value_length(vm, argument);
    return length < 0 ? VALUE_NULL : tuple_pack(vm, 2, result, small_int(length));
}

#define CODEC(name, encoding)                                                                                          \
    FUNCTION(name##_encode)                                                                                            \
    {                                                                                                                  \
        UNUSED;                                                                                                        \
        return with_length(vm, encode(vm, arguments[0], encoding, arguments[1]), arguments[0]);                        \
    }                                                                                                                  \
    FUNCTION(name##_decode)                                                                                            \
    {                                                                                                                  \
        UNUSED;                                                                                                        \
        return with_length(vm, decode(vm, arguments[0], encoding, arguments[1]), arguments[0]);                        \
    }
CODEC(utf_8, "utf-8")
CODEC(latin_1, "latin-1")
CODEC(ascii, "ascii")

FUNCTION(lookup)
{
    UNUSED;
    return raise_unsupported(vm, "codecs.lookup");
}

FUNCTION(register)
{
    UNUSED;
    return raise_unsupported(vm, "codecs.register");
}

FUNCTION(register_error)
{
    UNUSED;
    return raise_unsupported(vm, "codecs.register_error");
}

FUNCTION(lookup_error)
{
    UNUSED;
    return raise_error(vm, &exc_LookupError, "unknown error handler name '%S'", arguments[0]);
}

#define CODEC_ROWS(name)                                                                                               \
    {#name "_encode", "(str, errors=None, /)", codecs_##name##_encode, 0, NULL},                                       \
        {#name "_decode", "(data, errors=None, final=False, /)", codecs_##name##_decode, 0, NULL}
static const struct method_definition functions[] = {
    {"encode", "(obj, encoding='utf-8', errors='strict')", codecs_encode, 0, NULL},
    {"decode", "(obj, encoding='utf-8', errors='strict')", codecs_decode, 0, NULL},
    CODEC_ROWS(utf_8),
    CODEC_ROWS(latin_1),
    CODEC_ROWS(ascii),
    {"lookup", "(encoding, /)", codecs_lookup, 0, NULL},
    {"register", "(search_function, /)", codecs_register, 0, NULL},
    {"unregister", "(search_function, /)", codecs_register, 0, NULL},
    {"register_error", "(errors, handler, /)", codecs_register_error, 0, NULL},
    {"lookup_error", "(name, /)", codecs_lookup_error, 0, NULL},
    {0},
};

const struct native_module codecs_module = {"_codecs", NULL, functions};
