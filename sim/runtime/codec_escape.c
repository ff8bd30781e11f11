/* codec_escape.c - unicode_escape and raw_unicode_escape: text as Python writes it in literals. */
#include "sim/runtime/codec.h"
#include "sim/runtime/warning.h"

#include <stdio.h>

static void add_escape(struct conversion *c, uint32_t character)
{
    char text[16], kind = character < 0x100 ? 'x' : character < 0x10000 ? 'u' : 'U';
    int digits = kind == 'x' ? 2 : kind == 'u' ? 4 : 8;
    int length = snprintf(text, sizeof text, "\\%c%0*x", kind, digits, (unsigned)character);
    conversion_add_bytes(c, text, (size_t)length);
}

bool encode_unicode_escape(struct conversion *c)
{
    const struct string_object *s = string_of(c->string);
    for (size_t i = 0; i < s->length; i++) {
        uint32_t character = string_at(s, i);
        if (character == '\\' || character == '\t' || character == '\n' || character == '\r') {
            conversion_add(c, '\\');
            conversion_add(c, character == '\\' ? '\\' : character == '\t' ? 't' : character == '\n' ? 'n' : 'r');
        } else if (character >= 0x20 && character < 0x7f) {
            conversion_add(c, (uint8_t)character);
        } else {
            add_escape(c, character);
        }
    }
    return true;
}

bool encode_raw_unicode_escape(struct conversion *c)
{
    const struct string_object *s = string_of(c->string);
    for (size_t i = 0; i < s->length; i++) {
        uint32_t character = string_at(s, i);
        if (character < 0x100)
            conversion_add(c, (uint8_t)character);
        else
            add_escape(c, character);
    }
    return true;
}

enum escape_result { ESCAPE_DONE, ESCAPE_CUT, ESCAPE_BAD };

/* Hexadecimal digits at *at; the bytes may end before there are enough. */
static enum escape_result read_hex(const struct conversion *c, size_t *at, int digits, uint32_t *character)
{
    for (*character = 0; digits; digits--, (*at)++) {
        if (*at >= c->size)
            return ESCAPE_CUT;
        int digit = hex_value(c->data[*at]);
        if (digit < 0)
            return ESCAPE_BAD;
        *character = *character << 4 | (uint32_t)digit;
    }
    return ESCAPE_DONE;
}

/* {NAME} at *at. A name that unicodedata does not know: ESCAPE_BAD with its reason. */
static enum escape_result read_name(struct conversion *c, size_t *at, const char **reason)
{
    *reason = "malformed \\N character escape";
    if (*at >= c->size)
        return ESCAPE_CUT;
    if (c->data[*at] != '{')
        return ESCAPE_BAD;
    size_t start = ++*at;
    while (*at < c->size && c->data[*at] != '}')
        (*at)++;
    if (*at >= c->size)
        return ESCAPE_CUT;
    size_t length = *at - start;
    if (!length)
        return ESCAPE_BAD;
    (*at)++;
    struct vm *vm = c->vm;
    value module = import_module(vm, "unicodedata"), name = string_from_latin1(vm, c->data + start, length);
    value character = module == VALUE_NULL || name == VALUE_NULL ? VALUE_NULL : call_method(vm, module, "lookup", &name, 1);
    if (character != VALUE_NULL && string_of(character)->length == 1) {
        string_builder_add_string(&c->out, character);
        return ESCAPE_DONE;
    }
    exception_clear(vm);
    *reason = "unknown Unicode character name";
    return ESCAPE_BAD;
}

static enum escape_result read_code_point(struct conversion *c, size_t *at, int digits, const char *truncated,
                                          const char *too_big, const char **reason)
{
    uint32_t character;
    *reason = truncated;
    enum escape_result result = read_hex(c, at, digits, &character);
    if (result == ESCAPE_DONE && character > 0x10ffff) {
        *reason = too_big;
        return ESCAPE_BAD;
    }
    if (result == ESCAPE_DONE)
        string_builder_add(&c->out, character);
    return result;
}

/* What follows a backslash at *at. */
static enum escape_result read_escape(struct conversion *c, size_t *at, const char **reason)
{
    static const char simple[] = "\\\\''\"\"b\bf\ft\tn\nr\rv\va\a";
    *reason = "\\ at end of string";
    if (*at >= c->size)
        return ESCAPE_CUT;
    uint8_t kind = c->data[(*at)++];
    for (const char *p = simple; *p; p += 2)
        if (kind == (uint8_t)*p) {
            string_builder_add(&c->out, (uint8_t)p[1]);
            return ESCAPE_DONE;
        }
    if (kind >= '0' && kind <= '7') {
        uint32_t character = kind - '0';
        for (int i = 1; i < 3 && *at < c->size && c->data[*at] >= '0' && c->data[*at] <= '7'; i++)
            character = character << 3 | (uint32_t)(c->data[(*at)++] - '0');
        if (character > 0xff && !c->invalid_escape)
            c->invalid_escape = (uint16_t)character;
        string_builder_add(&c->out, character);
        return ESCAPE_DONE;
    }
    switch (kind) {
    case '\n': return ESCAPE_DONE;
    case 'x': return read_code_point(c, at, 2, "truncated \\xXX escape", "", reason);
    case 'u': return read_code_point(c, at, 4, "truncated \\uXXXX escape", "", reason);
    case 'U': return read_code_point(c, at, 8, "truncated \\UXXXXXXXX escape", "illegal Unicode character", reason);
    case 'N': return read_name(c, at, reason);
    default: /* no escape */
        if (!c->invalid_escape)
            c->invalid_escape = kind;
        string_builder_add(&c->out, '\\');
        string_builder_add(&c->out, kind);
        return ESCAPE_DONE;
    }
}

static enum escape_result read_raw_escape(struct conversion *c, size_t *at, const char **reason)
{
    *reason = "\\ at end of string";
    if (*at >= c->size)
        return ESCAPE_CUT;
    uint8_t kind = c->data[(*at)++];
    if (kind == 'u')
        return read_code_point(c, at, 4, "truncated \\uXXXX escape", "", reason);
    if (kind == 'U')
        return read_code_point(c, at, 8, "truncated \\UXXXXXXXX escape", "\\Uxxxxxxxx out of range", reason);
    string_builder_add(&c->out, '\\');
    string_builder_add(&c->out, kind);
    return ESCAPE_DONE;
}

static bool decode_escapes(struct conversion *c, bool raw)
{
    for (size_t at = 0; at < c->size;) {
        const uint8_t *found = memchr(c->data + at, '\\', c->size - at);
        size_t start = found ? (size_t)(found - c->data) : c->size;
        string_builder_add_span(&c->out, (struct span){c->data + at, start - at, 1});
        at = start;
        if (!found)
            break;
        if (raw && c->final && at + 1 == c->size) { /* a last backslash is one */
            string_builder_add(&c->out, '\\');
            break;
        }
        const char *reason;
        at++;
        enum escape_result result = raw ? read_raw_escape(c, &at, &reason) : read_escape(c, &at, &reason);
        if (c->vm->pending != VALUE_NULL)
            return false;
        if (result == ESCAPE_CUT && !c->final) {
            c->consumed = start;
            return true;
        }
        if (result != ESCAPE_DONE && !decoding_failed(c, start, at, reason, &at))
            return false;
    }
    c->consumed = c->size;
    return true;
}

bool escape_warn(struct conversion *c)
{
    if (!c->invalid_escape)
        return true;
    if (c->invalid_escape > 0xff)
        return warning_issue(c->vm, &exc_DeprecationWarning, 1, "invalid octal escape sequence '\\%o'", c->invalid_escape);
    value character = string_from_code_point(c->vm, c->invalid_escape);
    return character != VALUE_NULL &&
           warning_issue(c->vm, &exc_DeprecationWarning, 1, "invalid escape sequence '\\%U'", character);
}

bool decode_unicode_escape(struct conversion *c)
{
    return decode_escapes(c, false) && escape_warn(c);
}

bool decode_raw_unicode_escape(struct conversion *c)
{
    return decode_escapes(c, true);
}
