/* codecs.c - module _codecs: the registry of codecs and error handlers, and the native codecs as functions that say how much
 * of their argument they used. CPython's Lib/codecs.py and Lib/encodings stand on it. */
#include "sim/modules/support.h"
#include "sim/runtime/bytes.h"
#include "sim/runtime/codec.h"

#include <stdlib.h>

#define FUNCTION(name)                                                                                                 \
    static value codecs_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

/* The text of an optional str argument in `out`, NULL when it is absent or None. */
static bool text_argument(struct vm *vm, const char *function, int position, value v, const char **out)
{
    *out = NULL;
    if (v == VALUE_NULL || v == NONE)
        return true;
    if (!is_string(v)) {
        raise_error(vm, &exc_TypeError, "%s() argument %d must be str or None, not %T", function, position, v);
        return false;
    }
    return (*out = string_c_text(vm, v)) != NULL;
}

/* ---- encode, decode and the registry ---- */

static bool named_text(struct vm *vm, const char *function, const char *parameter, value v, const char **out)
{
    *out = NULL;
    return v == VALUE_NULL || (*out = codec_argument(vm, v, function, parameter)) != NULL;
}

FUNCTION(encode)
{
    UNUSED;
    const char *encoding, *errors;
    if (!named_text(vm, "encode", "encoding", arguments[1], &encoding) || !named_text(vm, "encode", "errors", arguments[2], &errors))
        return VALUE_NULL;
    return codec_encode(vm, arguments[0], encoding ? encoding : "utf-8", errors);
}

FUNCTION(decode)
{
    UNUSED;
    const char *encoding, *errors;
    if (!named_text(vm, "decode", "encoding", arguments[1], &encoding) || !named_text(vm, "decode", "errors", arguments[2], &errors))
        return VALUE_NULL;
    return codec_decode(vm, arguments[0], encoding ? encoding : "utf-8", errors);
}

static const char *name_argument(struct vm *vm, const char *function, value v)
{
    if (is_string(v))
        return string_c_text(vm, v);
    raise_error(vm, &exc_TypeError, "%s() argument must be str, not %T", function, v);
    return NULL;
}

FUNCTION(lookup)
{
    UNUSED;
    const char *name = name_argument(vm, "lookup", arguments[0]);
    return name ? codec_lookup(vm, name) : VALUE_NULL;
}

FUNCTION(register)
{
    UNUSED;
    return codec_register(vm, arguments[0]) ? NONE : VALUE_NULL;
}

FUNCTION(unregister)
{
    UNUSED;
    return codec_unregister(vm, arguments[0]) ? NONE : VALUE_NULL;
}

FUNCTION(register_error)
{
    UNUSED;
    if (!is_string(arguments[0]))
        return raise_error(vm, &exc_TypeError, "register_error() argument 1 must be str, not %T", arguments[0]);
    return string_c_text(vm, arguments[0]) && handler_register(vm, arguments[0], arguments[1]) ? NONE : VALUE_NULL;
}

FUNCTION(lookup_error)
{
    UNUSED;
    const char *name = name_argument(vm, "lookup_error", arguments[0]);
    return name ? handler_lookup(vm, name) : VALUE_NULL;
}

/* ---- encoders: (text, errors) -> (bytes, characters) ---- */

static bool encode_latin1_all(struct conversion *c) { return encode_narrow(c, 0x100); }
static bool encode_ascii_all(struct conversion *c) { return encode_narrow(c, 0x80); }
static bool encode_utf16_little(struct conversion *c) { return encode_wide(c, 2, ORDER_LITTLE); }
static bool encode_utf16_big(struct conversion *c) { return encode_wide(c, 2, ORDER_BIG); }
static bool encode_utf32_little(struct conversion *c) { return encode_wide(c, 4, ORDER_LITTLE); }
static bool encode_utf32_big(struct conversion *c) { return encode_wide(c, 4, ORDER_BIG); }

static value with_length(struct vm *vm, value result, int64_t length)
{
    return result == VALUE_NULL ? VALUE_NULL : tuple_pack(vm, 2, result, small_int(length));
}

static bool open_encoder(struct vm *vm, struct conversion *c, const char *function, const char *name, const value *arguments)
{
    const char *errors;
    if (!is_string(arguments[0])) {
        raise_error(vm, &exc_TypeError, "%s() argument 1 must be str, not %T", function, arguments[0]);
        return false;
    }
    if (!text_argument(vm, function, 2, arguments[1], &errors))
        return false;
    conversion_open(c, vm, name, errors);
    c->string = arguments[0];
    ADD_WORK(vm, characters, string_of(c->string)->length);
    return true;
}

static value run_encoder(struct vm *vm, const char *function, const char *name, const value *arguments, conversion_function run)
{
    struct conversion c;
    if (!open_encoder(vm, &c, function, name, arguments))
        return VALUE_NULL;
    return with_length(vm, conversion_bytes(&c, run(&c)), string_of(arguments[0])->length);
}

#define ENCODER(function, name, run)                                                                                   \
    FUNCTION(function##_encode)                                                                                        \
    {                                                                                                                  \
        UNUSED;                                                                                                        \
        return run_encoder(vm, #function "_encode", name, arguments, run);                                             \
    }
ENCODER(utf_8, "utf-8", encode_utf8)
ENCODER(utf_7, "utf7", encode_utf7)
ENCODER(ascii, "ascii", encode_ascii_all)
ENCODER(latin_1, "latin-1", encode_latin1_all)
ENCODER(utf_16_le, "utf-16-le", encode_utf16_little)
ENCODER(utf_16_be, "utf-16-be", encode_utf16_big)
ENCODER(utf_32_le, "utf-32-le", encode_utf32_little)
ENCODER(utf_32_be, "utf-32-be", encode_utf32_big)
ENCODER(unicode_escape, "unicodeescape", encode_unicode_escape)
ENCODER(raw_unicode_escape, "rawunicodeescape", encode_raw_unicode_escape)

/* utf_16_encode(text, errors, byteorder): 0 native with a mark, below little, above big */
static value encode_with_order(struct vm *vm, const char *function, const value *arguments, int unit)
{
    struct conversion c;
    int64_t order = 0;
    if (arguments[2] != VALUE_NULL && !value_to_index(vm, arguments[2], &order))
        return VALUE_NULL;
    static const char *const names[] = {"utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"};
    enum wide_order way = order < 0 ? ORDER_LITTLE : order > 0 ? ORDER_BIG : ORDER_NATIVE;
    if (!open_encoder(vm, &c, function, names[(unit == 2 ? 0 : 3) + (int)way], arguments))
        return VALUE_NULL;
    return with_length(vm, conversion_bytes(&c, encode_wide(&c, unit, way)), string_of(arguments[0])->length);
}

FUNCTION(utf_16_encode)
{
    UNUSED;
    return encode_with_order(vm, "utf_16_encode", arguments, 2);
}

FUNCTION(utf_32_encode)
{
    UNUSED;
    return encode_with_order(vm, "utf_32_encode", arguments, 4);
}

FUNCTION(charmap_encode)
{
    UNUSED;
    struct conversion c;
    bool latin1 = arguments[2] == VALUE_NULL || arguments[2] == NONE;
    if (!open_encoder(vm, &c, "charmap_encode", latin1 ? "latin-1" : "charmap", arguments))
        return VALUE_NULL;
    c.mapping = arguments[2];
    bool good = latin1 ? encode_narrow(&c, 0x100) : encode_charmap(&c);
    return with_length(vm, conversion_bytes(&c, good), string_of(arguments[0])->length);
}

FUNCTION(charmap_build)
{
    UNUSED;
    if (!is_string(arguments[0]))
        return raise_error(vm, &exc_TypeError, "charmap_build() argument must be str, not %T", arguments[0]);
    return charmap_build(vm, arguments[0]);
}

/* ---- decoders: (bytes, errors, final) -> (text, bytes used) ---- */

static bool decode_latin1_all(struct conversion *c)
{
    string_builder_add_span(&c->out, (struct span){c->data, c->size, 1});
    return true;
}

static bool data_argument(struct vm *vm, value v, bool text_too, struct span *out)
{
    if (text_too && is_string(v)) {
        size_t size = 0;
        const char *utf8 = string_utf8(vm, v, &size);
        *out = (struct span){utf8, size, 1};
        return utf8 != NULL;
    }
    return bytes_like(vm, v, out);
}

static bool open_decoder(struct vm *vm, struct conversion *c, const char *function, const char *name, const value *arguments,
                         bool text_too)
{
    const char *errors;
    struct span data;
    if (!data_argument(vm, arguments[0], text_too, &data) || !text_argument(vm, function, 2, arguments[1], &errors))
        return false;
    conversion_open(c, vm, name, errors);
    c->data = data.data;
    c->size = data.length;
    ADD_WORK(vm, characters, c->size);
    return true;
}

static bool final_argument(struct vm *vm, value v, bool otherwise, bool *final)
{
    int truth = v == VALUE_NULL ? otherwise : value_truth(vm, v);
    *final = truth > 0;
    return truth >= 0;
}

static value run_decoder(struct vm *vm, const char *function, const char *name, const value *arguments, conversion_function run)
{
    struct conversion c;
    bool final;
    bool escape = run == decode_unicode_escape || run == decode_raw_unicode_escape; /* final by default; take text as well */
    bool stateless = run == decode_ascii || run == decode_latin1_all;
    if (!open_decoder(vm, &c, function, name, arguments, escape) ||
        !final_argument(vm, stateless ? VALUE_NULL : arguments[2], escape || stateless, &final))
        return VALUE_NULL;
    c.final = final;
    int64_t size = (int64_t)c.size;
    bool good = run(&c);
    return with_length(vm, conversion_string(&c, good), final ? size : (int64_t)c.consumed);
}

#define DECODER(function, name, run)                                                                                   \
    FUNCTION(function##_decode)                                                                                        \
    {                                                                                                                  \
        UNUSED;                                                                                                        \
        return run_decoder(vm, #function "_decode", name, arguments, run);                                             \
    }
DECODER(utf_8, "utf-8", decode_utf8)
DECODER(utf_7, "utf7", decode_utf7)
DECODER(ascii, "ascii", decode_ascii)
DECODER(latin_1, "latin-1", decode_latin1_all)
DECODER(unicode_escape, "unicodeescape", decode_unicode_escape)
DECODER(raw_unicode_escape, "rawunicodeescape", decode_raw_unicode_escape)

static value decode_with_order(struct vm *vm, const char *function, const value *arguments, int unit, enum wide_order *order,
                               int final_at, size_t *used)
{
    struct conversion c;
    bool final;
    if (!open_decoder(vm, &c, function, "utf", arguments, false) || !final_argument(vm, arguments[final_at], false, &final))
        return VALUE_NULL;
    c.final = final;
    size_t size = c.size;
    bool good = decode_wide(&c, unit, order);
    *used = final ? size : c.consumed;
    return conversion_string(&c, good);
}

#define WIDE_DECODER(function, unit, way)                                                                              \
    FUNCTION(function##_decode)                                                                                        \
    {                                                                                                                  \
        UNUSED;                                                                                                        \
        size_t used = 0;                                                                                               \
        enum wide_order order = way;                                                                                   \
        value text = decode_with_order(vm, #function "_decode", arguments, unit, &order, 2, &used);                    \
        return with_length(vm, text, (int64_t)used);                                                                   \
    }
WIDE_DECODER(utf_16, 2, ORDER_NATIVE)
WIDE_DECODER(utf_16_le, 2, ORDER_LITTLE)
WIDE_DECODER(utf_16_be, 2, ORDER_BIG)
WIDE_DECODER(utf_32, 4, ORDER_NATIVE)
WIDE_DECODER(utf_32_le, 4, ORDER_LITTLE)
WIDE_DECODER(utf_32_be, 4, ORDER_BIG)

/* utf_16_ex_decode(bytes, errors, byteorder, final) -> (text, used, byteorder) */
static value decode_and_tell(struct vm *vm, const char *function, const value *arguments, int unit)
{
    int64_t given = 0;
    size_t used = 0;
    if (arguments[2] != VALUE_NULL && !value_to_index(vm, arguments[2], &given))
        return VALUE_NULL;
    enum wide_order order = given < 0 ? ORDER_LITTLE : given > 0 ? ORDER_BIG : ORDER_NATIVE;
    value text = decode_with_order(vm, function, arguments, unit, &order, 3, &used);
    int64_t found = order == ORDER_LITTLE ? -1 : order == ORDER_BIG ? 1 : 0;
    return text == VALUE_NULL ? text : tuple_pack(vm, 3, text, small_int((int64_t)used), small_int(found));
}

FUNCTION(utf_16_ex_decode)
{
    UNUSED;
    return decode_and_tell(vm, "utf_16_ex_decode", arguments, 2);
}

FUNCTION(utf_32_ex_decode)
{
    UNUSED;
    return decode_and_tell(vm, "utf_32_ex_decode", arguments, 4);
}

FUNCTION(charmap_decode)
{
    UNUSED;
    struct conversion c;
    if (!open_decoder(vm, &c, "charmap_decode", "charmap", arguments, false))
        return VALUE_NULL;
    c.mapping = arguments[2];
    int64_t size = (int64_t)c.size;
    bool good = c.mapping == VALUE_NULL || c.mapping == NONE ? decode_latin1_all(&c) : decode_charmap(&c);
    return with_length(vm, conversion_string(&c, good), size);
}

FUNCTION(readbuffer_encode)
{
    UNUSED;
    struct span data;
    if (!data_argument(vm, arguments[0], true, &data))
        return VALUE_NULL;
    return with_length(vm, bytes_from(vm, data.data, data.length), (int64_t)data.length);
}

/* ---- escape: bytes as Python writes them in literals ---- */

/* \xHH at *at, behind the x. False: an exception is pending. */
static bool unescape_hex(struct conversion *c, size_t *at)
{
    int high = *at < c->size ? hex_value(c->data[*at]) : -1, low = *at + 1 < c->size ? hex_value(c->data[*at + 1]) : -1;
    if (high >= 0 && low >= 0) {
        conversion_add(c, (uint8_t)(high << 4 | low));
        *at += 2;
        return true;
    }
    if (c->handler == HANDLER_REPLACE) {
        conversion_add(c, '?');
    } else if (c->handler == HANDLER_STRICT) {
        raise_error(c->vm, &exc_ValueError, "invalid \\x escape at position %zu", *at - 2);
        return false;
    } else if (c->handler != HANDLER_IGNORE) {
        raise_error(c->vm, &exc_ValueError, "decoding error; unknown error handling code: %s", c->errors);
        return false;
    }
    *at += high >= 0;
    return true;
}

static bool unescape(struct conversion *c)
{
    static const char simple[] = "\\\\''\"\"b\bf\ft\tn\nr\rv\va\a";
    for (size_t at = 0; at < c->size;) {
        if (c->data[at] != '\\') {
            conversion_add(c, c->data[at++]);
            continue;
        }
        if (++at == c->size) {
            raise_error(c->vm, &exc_ValueError, "Trailing \\ in string");
            return false;
        }
        uint8_t kind = c->data[at++];
        const char *p = simple;
        while (*p && (uint8_t)*p != kind)
            p += 2;
        if (*p) {
            conversion_add(c, (uint8_t)p[1]);
        } else if (kind >= '0' && kind <= '7') {
            uint32_t byte = kind - '0';
            for (int i = 1; i < 3 && at < c->size && c->data[at] >= '0' && c->data[at] <= '7'; i++)
                byte = byte << 3 | (uint32_t)(c->data[at++] - '0');
            if (byte > 0xff && !c->invalid_escape)
                c->invalid_escape = (uint16_t)byte;
            conversion_add(c, (uint8_t)byte);
        } else if (kind == 'x') {
            if (!unescape_hex(c, &at))
                return false;
        } else if (kind != '\n') {
            if (!c->invalid_escape)
                c->invalid_escape = kind;
            conversion_add(c, '\\');
            conversion_add(c, kind);
        }
    }
    return true;
}

FUNCTION(escape_decode)
{
    UNUSED;
    struct conversion c;
    if (!open_decoder(vm, &c, "escape_decode", "escape", arguments, true))
        return VALUE_NULL;
    int64_t size = (int64_t)c.size;
    bool good = unescape(&c) && escape_warn(&c);
    return with_length(vm, conversion_bytes(&c, good), size);
}

FUNCTION(escape_encode)
{
    UNUSED;
    const char *errors;
    if (!is_bytes(arguments[0]))
        return raise_error(vm, &exc_TypeError, "escape_encode() argument 1 must be bytes, not %T", arguments[0]);
    if (!text_argument(vm, "escape_encode", 2, arguments[1], &errors))
        return VALUE_NULL;
    const struct bytes_object *bytes = bytes_of(arguments[0]);
    struct conversion c;
    conversion_open(&c, vm, "escape", errors);
    ADD_WORK(vm, characters, bytes->length);
    for (size_t i = 0; i < bytes->length; i++) {
        static const char digits[] = "0123456789abcdef";
        uint8_t byte = bytes->data[i];
        char letter = byte == '\t' ? 't' : byte == '\n' ? 'n' : byte == '\r' ? 'r' : byte == '\'' || byte == '\\' ? (char)byte : 0;
        if (letter || byte < 0x20 || byte >= 0x7f)
            conversion_add(&c, '\\');
        if (letter)
            conversion_add(&c, (uint8_t)letter);
        else if (byte < 0x20 || byte >= 0x7f)
            conversion_add_bytes(&c, (char[]){'x', digits[byte >> 4], digits[byte & 15]}, 3);
        else
            conversion_add(&c, byte);
    }
    return with_length(vm, conversion_bytes(&c, true), (int64_t)bytes->length);
}

#define ENCODE_ROW(name) {#name "_encode", "(str, errors=None, /)", codecs_##name##_encode, 0, NULL}
#define DECODE_ROW(name) {#name "_decode", "(data, errors=None, final=False, /)", codecs_##name##_decode, 0, NULL}
#define PLAIN_DECODE_ROW(name) {#name "_decode", "(data, errors=None, /)", codecs_##name##_decode, 0, NULL}
static const struct method_definition functions[] = {
    {"encode", "(obj, encoding='utf-8', errors='strict')", codecs_encode, 0, NULL},
    {"decode", "(obj, encoding='utf-8', errors='strict')", codecs_decode, 0, NULL},
    {"lookup", "(encoding, /)", codecs_lookup, 0, NULL},
    {"register", "(search_function, /)", codecs_register, 0, NULL},
    {"unregister", "(search_function, /)", codecs_unregister, 0, NULL},
    {"register_error", "(errors, handler, /)", codecs_register_error, 0, NULL},
    {"lookup_error", "(name, /)", codecs_lookup_error, 0, NULL},
    ENCODE_ROW(utf_8), DECODE_ROW(utf_8), ENCODE_ROW(utf_7), DECODE_ROW(utf_7), ENCODE_ROW(ascii), PLAIN_DECODE_ROW(ascii),
    ENCODE_ROW(latin_1), PLAIN_DECODE_ROW(latin_1), ENCODE_ROW(utf_16_le), DECODE_ROW(utf_16_le), ENCODE_ROW(utf_16_be),
    DECODE_ROW(utf_16_be), ENCODE_ROW(utf_32_le), DECODE_ROW(utf_32_le), ENCODE_ROW(utf_32_be), DECODE_ROW(utf_32_be),
    DECODE_ROW(utf_16), DECODE_ROW(utf_32),
    {"utf_16_encode", "(str, errors=None, byteorder=0, /)", codecs_utf_16_encode, 0, NULL},
    {"utf_32_encode", "(str, errors=None, byteorder=0, /)", codecs_utf_32_encode, 0, NULL},
    {"utf_16_ex_decode", "(data, errors=None, byteorder=0, final=False, /)", codecs_utf_16_ex_decode, 0, NULL},
    {"utf_32_ex_decode", "(data, errors=None, byteorder=0, final=False, /)", codecs_utf_32_ex_decode, 0, NULL},
    ENCODE_ROW(unicode_escape), {"unicode_escape_decode", "(data, errors=None, final=True, /)", codecs_unicode_escape_decode, 0, NULL},
    ENCODE_ROW(raw_unicode_escape),
    {"raw_unicode_escape_decode", "(data, errors=None, final=True, /)", codecs_raw_unicode_escape_decode, 0, NULL},
    {"charmap_encode", "(str, errors=None, mapping=None, /)", codecs_charmap_encode, 0, NULL},
    {"charmap_decode", "(data, errors=None, mapping=None, /)", codecs_charmap_decode, 0, NULL},
    {"charmap_build", "(map, /)", codecs_charmap_build, 0, NULL},
    {"readbuffer_encode", "(data, errors=None, /)", codecs_readbuffer_encode, 0, NULL},
    {"escape_encode", "(data, errors=None, /)", codecs_escape_encode, 0, NULL},
    {"escape_decode", "(data, errors=None, /)", codecs_escape_decode, 0, NULL},
    {0},
};

static bool codecs_initialize(struct vm *vm, value module)
{
    (void)module;
    charmap_types_ready(vm);
    return true;
}

const struct native_module codecs_module = {"_codecs", codecs_initialize, functions};
