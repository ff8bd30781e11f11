/* codec_handler.c - what happens where text cannot be encoded or bytes cannot be decoded: the error handlers that CPython has
 * by name, and those the program registers.
 *
 * The common handlers work directly on a conversion; the others, and codecs.lookup_error, go through exception objects as in
 * CPython. A registered handler may answer any text or bytes and any position, and may even replace the bytes.
 */
#include "sim/runtime/codec.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const handler_names[] = {"strict", "ignore", "replace", "backslashreplace", "xmlcharrefreplace",
                                            "surrogateescape", "surrogatepass", "namereplace"};

enum error_handler handler_find(const char *errors)
{
    enum error_handler handler = HANDLER_STRICT;
    while (errors && handler < HANDLER_CUSTOM && strcmp(errors, handler_names[handler]))
        handler++;
    return handler;
}

/* ---- the exceptions ---- */

static value make_error(struct vm *vm, struct type *type, const char *encoding, value object, size_t start, size_t end,
                        const char *reason)
{
    value arguments[5] = {string_from_text(vm, encoding), object, small_int((int64_t)start), small_int((int64_t)end),
                          string_from_text(vm, reason)};
    if (arguments[0] == VALUE_NULL || object == VALUE_NULL || arguments[4] == VALUE_NULL)
        return VALUE_NULL;
    return call(vm, type_object_value(type), arguments, 5, VALUE_NULL);
}

value raise_decode_error(struct vm *vm, const char *encoding, const uint8_t *data, size_t size, size_t start, size_t end,
                         const char *reason)
{
    value error = make_error(vm, &exc_UnicodeDecodeError, encoding, bytes_from(vm, data, size), start, end, reason);
    return error == VALUE_NULL ? error : raise_value(vm, error);
}

value raise_encode_error(struct vm *vm, const char *encoding, value string, size_t start, size_t end, const char *reason)
{
    value error = make_error(vm, &exc_UnicodeEncodeError, encoding, string, start, end, reason);
    return error == VALUE_NULL ? error : raise_value(vm, error);
}

static struct exception_object *error_of(value v)
{
    return (struct exception_object *)value_object(v);
}

/* start and end of a Unicode exception, made to fit its object as CPython does */
static bool error_range(struct vm *vm, value exception, size_t *start, size_t *end, size_t *size)
{
    const struct exception_object *e = error_of(exception);
    if (e->fields[1] == VALUE_NULL || !is_small_int(e->fields[2]) || !is_small_int(e->fields[3])) {
        raise_error(vm, &exc_TypeError, "object attribute not set");
        return false;
    }
    bool decode = is_instance(vm, exception, &exc_UnicodeDecodeError);
    if (decode ? !is_bytes(e->fields[1]) : !is_string(e->fields[1])) {
        raise_error(vm, &exc_TypeError, "object attribute must be %s", decode ? "bytes" : "unicode");
        return false;
    }
    int64_t from = small_int_value(e->fields[2]), to = small_int_value(e->fields[3]);
    *size = is_string(e->fields[1]) ? string_of(e->fields[1])->length : bytes_of(e->fields[1])->length;
    int64_t length = (int64_t)*size;
    from = from < 0 ? 0 : from >= length ? length - 1 : from;
    to = to < 1 ? 1 : to > length ? length : to;
    *start = from < 0 ? 0 : (size_t)from;
    *end = to < 0 ? 0 : (size_t)to;
    return true;
}

/* ---- what a surrogate is in the encodings that surrogatepass knows ---- */

struct wide_form { int unit; bool big; }; /* unit: 1 for utf-8; 0: another encoding */

static bool name_is(const char *name, const char *expected)
{
    for (; *expected; name++, expected++) {
        char c = *name == '_' ? '-' : *name;
        if (c >= 'A' && c <= 'Z')
            c += 32;
        if (c != *expected)
            return false;
    }
    return *name == 0;
}

static struct wide_form wide_form_of(const char *name)
{
    static const struct { const char *name; struct wide_form form; } known[] = {
        {"utf-8", {1, false}},     {"utf8", {1, false}},      {"cp-utf8", {1, false}},  {"utf-16", {2, false}},
        {"utf16", {2, false}},     {"utf-16-le", {2, false}}, {"utf-16le", {2, false}}, {"utf16-le", {2, false}},
        {"utf16le", {2, false}},   {"utf-16-be", {2, true}},  {"utf-16be", {2, true}},  {"utf16-be", {2, true}},
        {"utf16be", {2, true}},    {"utf-32", {4, false}},    {"utf32", {4, false}},    {"utf-32-le", {4, false}},
        {"utf-32le", {4, false}},  {"utf32-le", {4, false}},  {"utf32le", {4, false}},  {"utf-32-be", {4, true}},
        {"utf-32be", {4, true}},   {"utf32-be", {4, true}},   {"utf32be", {4, true}}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (name_is(name, known[i].name))
            return known[i].form;
    return (struct wide_form){0, false};
}

static struct wide_form wide_form_of_error(struct vm *vm, value exception)
{
    value name = error_of(exception)->fields[0];
    const char *text = name != VALUE_NULL && is_string(name) ? string_utf8(vm, name, NULL) : NULL;
    return text ? wide_form_of(text) : (struct wide_form){0, false};
}

static size_t put_surrogate(struct wide_form form, uint32_t c, uint8_t out[4])
{
    if (form.unit == 1) {
        out[0] = (uint8_t)(0xe0 | c >> 12);
        out[1] = (uint8_t)(0x80 | (c >> 6 & 63));
        out[2] = (uint8_t)(0x80 | (c & 63));
        return 3;
    }
    for (int i = 0; i < form.unit; i++)
        out[i] = (uint8_t)(c >> 8 * (form.big ? form.unit - 1 - i : i));
    return (size_t)form.unit;
}

/* The surrogate that begins at data; 0: none. *used: its bytes */
static uint32_t get_surrogate(struct wide_form form, const uint8_t *data, size_t size, size_t *used)
{
    uint32_t c = 0;
    *used = form.unit == 1 ? 3 : (size_t)form.unit;
    if (!form.unit || size < *used)
        return 0;
    if (form.unit == 1) {
        if ((data[0] & 0xf0) == 0xe0 && (data[1] & 0xc0) == 0x80 && (data[2] & 0xc0) == 0x80)
            c = (data[0] & 0x0fu) << 12 | (data[1] & 0x3fu) << 6 | (data[2] & 0x3fu);
    } else {
        for (int i = 0; i < form.unit; i++)
            c |= (uint32_t)data[i] << 8 * (form.big ? form.unit - 1 - i : i);
    }
    return is_surrogate(c) ? c : 0;
}

/* ---- replacements as text ---- */

static void add_backslash(struct string_builder *out, uint32_t c)
{
    char text[16];
    snprintf(text, sizeof text, c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", (unsigned)c);
    string_builder_add_text(out, text);
}

static bool add_name(struct vm *vm, struct string_builder *out, uint32_t c)
{
    value module = import_module(vm, "unicodedata"), character = string_from_code_point(vm, c);
    if (module == VALUE_NULL || character == VALUE_NULL)
        return false;
    value name = call_method(vm, module, "name", (value[]){character, NONE}, 2);
    if (name == VALUE_NULL)
        return false;
    if (name == NONE) {
        add_backslash(out, c);
        return true;
    }
    string_builder_add_text(out, "\\N{");
    string_builder_add_string(out, name);
    string_builder_add_text(out, "}");
    return true;
}

/* The text for the characters [start, end) of an encode (or translate) error. */
static value replace_characters(struct vm *vm, enum error_handler handler, value string, size_t start, size_t end)
{
    struct string_builder out = {NULL, 0, 0};
    for (size_t i = start; i < end; i++) {
        uint32_t c = string_at(string_of(string), i);
        char text[16];
        if (handler == HANDLER_BACKSLASH) {
            add_backslash(&out, c);
        } else if (handler == HANDLER_XML) {
            snprintf(text, sizeof text, "&#%u;", (unsigned)c);
            string_builder_add_text(&out, text);
        } else if (handler == HANDLER_REPLACE) {
            string_builder_add(&out, '?');
        } else if (handler == HANDLER_NAME && !add_name(vm, &out, c)) {
            string_builder_free(&out);
            return VALUE_NULL;
        }
    }
    return string_builder_finish(vm, &out);
}

/* ---- handlers as functions of an exception ---- */

static value answer(struct vm *vm, value replacement, size_t position)
{
    return replacement == VALUE_NULL ? VALUE_NULL : tuple_pack(vm, 2, replacement, small_int((int64_t)position));
}

static value apply_encode(struct vm *vm, enum error_handler handler, value exception, size_t start, size_t end)
{
    value string = error_of(exception)->fields[1];
    const struct string_object *s = string_of(string);
    if (handler != HANDLER_ESCAPE && handler != HANDLER_PASS)
        return answer(vm, replace_characters(vm, handler, string, start, end), end);
    struct wide_form form = wide_form_of_error(vm, exception);
    if (handler == HANDLER_PASS && !form.unit)
        return raise_value(vm, exception);
    value bytes = bytearray_from(vm, NULL, 0);
    struct conversion c = {.vm = vm};
    for (size_t i = start; i < end; i++) {
        uint8_t form_bytes[4];
        uint32_t character = string_at(s, i);
        if (handler == HANDLER_ESCAPE ? character < 0xdc80 || character > 0xdcff : !is_surrogate(character)) {
            free(c.bytes);
            return raise_value(vm, exception);
        }
        if (handler == HANDLER_ESCAPE)
            conversion_add(&c, (uint8_t)(character - 0xdc00));
        else
            conversion_add_bytes(&c, form_bytes, put_surrogate(form, character, form_bytes));
    }
    bytes = conversion_bytes(&c, true);
    return answer(vm, bytes, end);
}

static value apply_decode(struct vm *vm, enum error_handler handler, value exception, size_t start, size_t end, size_t size)
{
    const uint8_t *data = bytes_of(error_of(exception)->fields[1])->data;
    struct string_builder out = {NULL, 0, 0};
    switch (handler) {
    case HANDLER_REPLACE:
        return answer(vm, string_from_code_point(vm, 0xfffd), end);
    case HANDLER_BACKSLASH:
        for (size_t i = start; i < end; i++)
            add_backslash(&out, data[i]);
        return answer(vm, string_builder_finish(vm, &out), end);
    case HANDLER_ESCAPE: {
        size_t i = start;
        for (; i < end && i < start + 4 && data[i] >= 0x80; i++)
            string_builder_add(&out, 0xdc00u + data[i]);
        if (i > start)
            return answer(vm, string_builder_finish(vm, &out), i);
        return raise_value(vm, exception);
    }
    case HANDLER_PASS: {
        size_t used;
        uint32_t c = get_surrogate(wide_form_of_error(vm, exception), data + start, size - start, &used);
        return c ? answer(vm, string_from_code_point(vm, c), start + used) : raise_value(vm, exception);
    }
    case HANDLER_XML: case HANDLER_NAME:
        return raise_error(vm, &exc_TypeError, "don't know how to handle UnicodeDecodeError in error callback");
    case HANDLER_STRICT: case HANDLER_IGNORE: case HANDLER_CUSTOM:
        break;
    }
    return answer(vm, vm->empty_string, end);
}

value handler_apply(struct vm *vm, enum error_handler handler, value exception)
{
    size_t start, end, size;
    bool encode = is_instance(vm, exception, &exc_UnicodeEncodeError);
    bool decode = is_instance(vm, exception, &exc_UnicodeDecodeError);
    bool translate = is_instance(vm, exception, &exc_UnicodeTranslateError);
    if (handler == HANDLER_STRICT && has_flag(exception, TYPE_EXCEPTION))
        return raise_value(vm, exception);
    if (handler == HANDLER_STRICT)
        return raise_error(vm, &exc_TypeError, "codec must pass exception instance");
    bool encode_only = handler == HANDLER_XML || handler == HANDLER_NAME;
    bool both = handler == HANDLER_ESCAPE || handler == HANDLER_PASS;
    if (!(encode || (decode && !encode_only) || (translate && !encode_only && !both)))
        return raise_error(vm, &exc_TypeError, "don't know how to handle %T in error callback", exception);
    if (!error_range(vm, exception, &start, &end, &size))
        return VALUE_NULL;
    if (decode)
        return apply_decode(vm, handler, exception, start, end, size);
    if (translate && handler == HANDLER_REPLACE) {
        struct string_builder out = {NULL, 0, 0};
        for (size_t i = start; i < end; i++)
            string_builder_add(&out, 0xfffd);
        return answer(vm, string_builder_finish(vm, &out), end);
    }
    return apply_encode(vm, handler, exception, start, end);
}

/* ---- handlers by name ---- */

#define HANDLER_FUNCTION(name, handler)                                                                                \
    static value handle_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)   \
    {                                                                                                                  \
        (void)self, (void)count, (void)keyword_names;                                                                  \
        return handler_apply(vm, handler, arguments[0]);                                                               \
    }
HANDLER_FUNCTION(strict, HANDLER_STRICT)
HANDLER_FUNCTION(ignore, HANDLER_IGNORE)
HANDLER_FUNCTION(replace, HANDLER_REPLACE)
HANDLER_FUNCTION(backslash, HANDLER_BACKSLASH)
HANDLER_FUNCTION(xml, HANDLER_XML)
HANDLER_FUNCTION(escape, HANDLER_ESCAPE)
HANDLER_FUNCTION(pass, HANDLER_PASS)
HANDLER_FUNCTION(name, HANDLER_NAME)
static const struct method_definition handler_functions[] = {
    {"strict_errors", "(exception, /)", handle_strict, 0, "Implements the 'strict' error handling, which raises a UnicodeError on coding errors."},
    {"ignore_errors", "(exception, /)", handle_ignore, 0, "Implements the 'ignore' error handling, which ignores malformed data and continues."},
    {"replace_errors", "(exception, /)", handle_replace, 0, "Implements the 'replace' error handling, which replaces malformed data with a replacement marker."},
    {"backslashreplace_errors", "(exception, /)", handle_backslash, 0, "Implements the 'backslashreplace' error handling, which replaces malformed data with a backslashed escape sequence."},
    {"xmlcharrefreplace_errors", "(exception, /)", handle_xml, 0, "Implements the 'xmlcharrefreplace' error handling, which replaces an unencodable character with the appropriate XML character reference."},
    {"surrogateescape", "(exception, /)", handle_escape, 0, NULL},
    {"surrogatepass", "(exception, /)", handle_pass, 0, NULL},
    {"namereplace_errors", "(exception, /)", handle_name, 0, "Implements the 'namereplace' error handling, which replaces an unencodable character with a \\N{...} escape sequence."},
};

static value registered(struct vm *vm)
{
    if (vm->codec_handlers == VALUE_NULL)
        vm->codec_handlers = dict_new(vm);
    return vm->codec_handlers;
}

bool handler_register(struct vm *vm, value name, value handler)
{
    if (!value_type(vm, handler)->call) {
        raise_error(vm, &exc_TypeError, "handler must be callable");
        return false;
    }
    return registered(vm) != VALUE_NULL && dict_set(vm, dict_of(vm->codec_handlers), name, handler);
}

value handler_lookup(struct vm *vm, const char *errors)
{
    value found, name = string_from_text(vm, errors ? errors : "strict");
    if (registered(vm) == VALUE_NULL || name == VALUE_NULL)
        return VALUE_NULL;
    int there = dict_find(vm, dict_of(vm->codec_handlers), name, &found);
    if (there)
        return there > 0 ? found : VALUE_NULL;
    enum error_handler handler = handler_find(errors);
    if (handler == HANDLER_CUSTOM)
        return raise_error(vm, &exc_LookupError, "unknown error handler name '%s'", errors);
    found = native_function_new(vm, &handler_functions[handler], VALUE_NULL, NULL);
    return found != VALUE_NULL && dict_set(vm, dict_of(vm->codec_handlers), name, found) ? found : VALUE_NULL;
}

/* Asks the handler: its replacement and position. False: an exception is pending. */
static bool ask_handler(struct conversion *c, value exception, bool encode, value *replacement, int64_t *position)
{
    struct vm *vm = c->vm;
    value result;
    if (c->handler == HANDLER_CUSTOM) {
        value handler = handler_lookup(vm, c->errors);
        result = handler == VALUE_NULL ? handler : call_1(vm, handler, exception);
    } else {
        result = handler_apply(vm, c->handler, exception);
    }
    if (result == VALUE_NULL)
        return false;
    const struct tuple_object *tuple = has_flag(result, TYPE_TUPLE) ? tuple_of(result) : NULL;
    if (!tuple || tuple->length != 2 || !(is_string(tuple->items[0]) || (encode && is_bytes(tuple->items[0]))) ||
        !is_int(tuple->items[1])) {
        raise_error(vm, &exc_TypeError, "%s error handler must return (str%s, int) tuple", encode ? "encoding" : "decoding",
                    encode ? "/bytes" : "");
        return false;
    }
    *replacement = tuple->items[0];
    return value_to_int64(vm, tuple->items[1], position);
}

static bool resume_at(struct conversion *c, int64_t position, size_t size, size_t *next)
{
    int64_t at = position < 0 ? position + (int64_t)size : position;
    if (at < 0 || at > (int64_t)size) {
        raise_error(c->vm, &exc_IndexError, "position %lld from error handler out of bounds", (long long)at);
        return false;
    }
    *next = (size_t)at;
    return true;
}

/* The exception for a failure, made once for a conversion. */
static value error_for(struct conversion *c, struct type *type, value object, size_t start, size_t end, const char *reason)
{
    if (c->exception == VALUE_NULL)
        return c->exception = make_error(c->vm, type, c->name, object, start, end, reason);
    struct exception_object *e = error_of(c->exception);
    value text = string_from_text(c->vm, reason);
    if (text == VALUE_NULL)
        return VALUE_NULL;
    e->fields[2] = small_int((int64_t)start);
    e->fields[3] = small_int((int64_t)end);
    e->fields[4] = text;
    return c->exception;
}

static bool put_replacement(struct conversion *c, value replacement, size_t start, size_t end, const char *reason)
{
    bool good = true;
    if (is_bytes(replacement)) {
        good = bytes_of(replacement)->length % (size_t)c->unit == 0;
        if (good)
            return conversion_add_bytes(c, bytes_of(replacement)->data, bytes_of(replacement)->length);
    }
    for (size_t i = 0; good && i < string_of(replacement)->length; i++)
        good = c->put(c, string_at(string_of(replacement), i));
    if (!good && c->vm->pending == VALUE_NULL)
        raise_encode_error(c->vm, c->name, c->string, start, end, reason);
    return good;
}

bool encoding_failed(struct conversion *c, size_t start, size_t end, const char *reason, size_t *next)
{
    *next = end;
    if (c->handler == HANDLER_IGNORE)
        return true;
    if (c->handler == HANDLER_STRICT) {
        raise_encode_error(c->vm, c->name, c->string, start, end, reason);
        return false;
    }
    if (c->handler == HANDLER_ESCAPE) { /* the lone surrogates that stand for bytes, as far as they go */
        for (; start < end; start++) {
            uint32_t character = string_at(string_of(c->string), start);
            if (c->unit != 1 || character < 0xdc80 || character > 0xdcff)
                break;
            conversion_add(c, (uint8_t)(character - 0xdc00));
        }
        if (start == end)
            return true;
    }
    value exception = error_for(c, &exc_UnicodeEncodeError, c->string, start, end, reason), replacement;
    int64_t position;
    if (exception == VALUE_NULL || !ask_handler(c, exception, true, &replacement, &position) ||
        !resume_at(c, position, string_of(c->string)->length, next))
        return false;
    return put_replacement(c, replacement, start, end, reason);
}

/* A handler may have put other bytes into the exception. */
static bool take_new_bytes(struct conversion *c)
{
    value object = error_of(c->exception)->fields[1];
    if (object == VALUE_NULL || !is_bytes(object)) {
        raise_error(c->vm, &exc_TypeError, "object attribute must be bytes");
        return false;
    }
    c->data = bytes_of(object)->data;
    c->size = bytes_of(object)->length;
    return true;
}

bool decoding_failed(struct conversion *c, size_t start, size_t end, const char *reason, size_t *next)
{
    *next = end;
    switch (c->handler) {
    case HANDLER_IGNORE:
        return true;
    case HANDLER_REPLACE:
        string_builder_add(&c->out, 0xfffd);
        return true;
    case HANDLER_STRICT:
        raise_decode_error(c->vm, c->name, c->data, c->size, start, end, reason);
        return false;
    case HANDLER_ESCAPE:
        if (c->unit > 1)
            break; /* through the exception, as CPython does: its attributes show */
        if (start < end && c->data[start] >= 0x80) {
            size_t at = start;
            for (; at < end && c->data[at] >= 0x80; at++)
                string_builder_add(&c->out, 0xdc00u + c->data[at]);
            *next = at;
            return true;
        }
        raise_decode_error(c->vm, c->name, c->data, c->size, start, end, reason);
        return false;
    case HANDLER_BACKSLASH: case HANDLER_XML: case HANDLER_PASS: case HANDLER_NAME: case HANDLER_CUSTOM:
        break;
    }
    value object = c->exception == VALUE_NULL ? bytes_from(c->vm, c->data, c->size) : error_of(c->exception)->fields[1];
    value exception = error_for(c, &exc_UnicodeDecodeError, object, start, end, reason), replacement;
    int64_t position;
    if (exception == VALUE_NULL || !ask_handler(c, exception, false, &replacement, &position) || !take_new_bytes(c) ||
        !resume_at(c, position, c->size, next))
        return false;
    string_builder_add_string(&c->out, replacement);
    return true;
}

/* ---- conversions ---- */

void conversion_open(struct conversion *c, struct vm *vm, const char *name, const char *errors)
{
    *c = (struct conversion){.vm = vm, .name = name, .errors = errors, .handler = handler_find(errors), .unit = 1, .final = true,
                             .string = VALUE_NULL, .mapping = VALUE_NULL, .exception = VALUE_NULL};
}

bool conversion_add_bytes(struct conversion *c, const void *data, size_t size)
{
    if (size > c->capacity - c->used) {
        size_t capacity = c->capacity * 2 + size + 64;
        uint8_t *bytes = realloc(c->bytes, capacity);
        if (!bytes) {
            c->failed = true;
            return false;
        }
        c->bytes = bytes;
        c->capacity = capacity;
    }
    if (size)
        memcpy(c->bytes + c->used, data, size);
    c->used += size;
    return true;
}

value conversion_bytes(struct conversion *c, bool good)
{
    value result = VALUE_NULL;
    if (c->failed && c->vm->pending == VALUE_NULL)
        raise_no_memory(c->vm);
    else if (good)
        result = bytes_from(c->vm, c->bytes, c->used);
    free(c->bytes);
    c->bytes = NULL;
    return result;
}

value conversion_string(struct conversion *c, bool good)
{
    if (good)
        return string_builder_finish(c->vm, &c->out);
    string_builder_free(&c->out);
    return VALUE_NULL;
}
