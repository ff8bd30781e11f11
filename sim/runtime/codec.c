/* codec.c - str to bytes and back: utf-8, ascii, latin-1, utf-16, utf-32 and utf-8-sig, with CPython's error handlers and
 * the positions and reasons of its exceptions. Other codecs of CPython are refused by name; handlers registered by the
 * program are not known here.
 */
#include "sim/runtime/text.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

enum codec { CODEC_UTF8, CODEC_UTF8_SIGNATURE, CODEC_ASCII, CODEC_LATIN1, CODEC_UTF16, CODEC_UTF16_LITTLE,
             CODEC_UTF16_BIG, CODEC_UTF32, CODEC_UTF32_LITTLE, CODEC_UTF32_BIG, CODEC_UNKNOWN };

static const struct { const char *name; enum codec codec; } codec_names[] = {
    {"utf_8", CODEC_UTF8}, {"utf8", CODEC_UTF8}, {"u8", CODEC_UTF8}, {"utf", CODEC_UTF8}, {"cp65001", CODEC_UTF8},
    {"utf_8_sig", CODEC_UTF8_SIGNATURE}, {"ascii", CODEC_ASCII}, {"us_ascii", CODEC_ASCII}, {"646", CODEC_ASCII},
    {"latin_1", CODEC_LATIN1}, {"latin1", CODEC_LATIN1}, {"latin", CODEC_LATIN1}, {"l1", CODEC_LATIN1},
    {"iso_8859_1", CODEC_LATIN1}, {"iso8859_1", CODEC_LATIN1}, {"iso8859", CODEC_LATIN1}, {"8859", CODEC_LATIN1},
    {"cp819", CODEC_LATIN1}, {"utf_16", CODEC_UTF16}, {"utf16", CODEC_UTF16}, {"u16", CODEC_UTF16},
    {"utf_16_le", CODEC_UTF16_LITTLE}, {"utf_16le", CODEC_UTF16_LITTLE}, {"utf_16_be", CODEC_UTF16_BIG},
    {"utf_16be", CODEC_UTF16_BIG}, {"utf_32", CODEC_UTF32}, {"utf32", CODEC_UTF32}, {"u32", CODEC_UTF32},
    {"utf_32_le", CODEC_UTF32_LITTLE}, {"utf_32le", CODEC_UTF32_LITTLE}, {"utf_32_be", CODEC_UTF32_BIG},
    {"utf_32be", CODEC_UTF32_BIG},
};

/* The beginnings of the names of CPython's other codecs. */
static const char *const foreign_codecs[] = {
    "cp", "iso", "mac", "big5", "gb", "euc", "koi8", "shift", "sjis", "hz", "utf_7", "utf7", "idna", "punycode",
    "unicode_escape", "raw_unicode_escape", "base64", "hex", "zlib", "rot", "bz2", "charmap", "ptcp", "tis", "johab",
    "uu", "quopri", "windows", "kz", "latin", "undefined",
};

enum handler { HANDLER_STRICT, HANDLER_IGNORE, HANDLER_REPLACE, HANDLER_BACKSLASH, HANDLER_XML, HANDLER_ESCAPE,
               HANDLER_PASS, HANDLER_UNKNOWN };
static const char *const handler_names[] = {"strict", "ignore", "replace", "backslashreplace", "xmlcharrefreplace",
                                            "surrogateescape", "surrogatepass"};

static enum handler find_handler(const char *errors)
{
    enum handler handler = HANDLER_STRICT;
    while (errors && handler < HANDLER_UNKNOWN && strcmp(errors, handler_names[handler]))
        handler++;
    return handler;
}

/* CODEC_UNKNOWN: an exception is pending. */
static enum codec find_codec(struct vm *vm, const char *encoding)
{
    if (!encoding)
        return CODEC_UTF8;
    char name[40];
    size_t used = 0;
    for (const char *p = encoding; *p && used < sizeof name - 1; p++) {
        bool word = isalnum((unsigned char)*p) || *p == '.';
        if (word)
            name[used++] = (char)tolower((unsigned char)*p);
        else if (used && name[used - 1] != '_')
            name[used++] = '_';
    }
    name[used] = 0;
    for (size_t i = 0; i < sizeof codec_names / sizeof *codec_names; i++)
        if (!strcmp(name, codec_names[i].name))
            return codec_names[i].codec;
    for (size_t i = 0; i < sizeof foreign_codecs / sizeof *foreign_codecs; i++)
        if (!strncmp(name, foreign_codecs[i], strlen(foreign_codecs[i]))) {
            char what[80];
            snprintf(what, sizeof what, "the text encoding %s", name);
            raise_unsupported(vm, what);
            return CODEC_UNKNOWN;
        }
    raise_error(vm, &exc_LookupError, "unknown encoding: %s", encoding);
    return CODEC_UNKNOWN;
}

/* ---- the exceptions ---- */

static value raise_unicode_error(struct vm *vm, struct type *type, const char *encoding, value object, size_t start,
                                 size_t end, const char *reason)
{
    value arguments[5] = {string_from_text(vm, encoding), object, small_int((int64_t)start), small_int((int64_t)end),
                          string_from_text(vm, reason)};
    if (arguments[0] == VALUE_NULL || object == VALUE_NULL || arguments[4] == VALUE_NULL)
        return VALUE_NULL;
    value exception = call(vm, type_object_value(type), arguments, 5, VALUE_NULL);
    return exception == VALUE_NULL ? exception : raise_value(vm, exception);
}

value raise_decode_error(struct vm *vm, const char *encoding, const uint8_t *data, size_t size, size_t start, size_t end,
                         const char *reason)
{
    return raise_unicode_error(vm, &exc_UnicodeDecodeError, encoding, bytes_from(vm, data, size), start, end, reason);
}

value raise_encode_error(struct vm *vm, const char *encoding, value string, size_t start, size_t end, const char *reason)
{
    return raise_unicode_error(vm, &exc_UnicodeEncodeError, encoding, string, start, end, reason);
}

/* ---- encoding ---- */

struct encoder {
    enum codec codec;
    bool big; /* byte order */
    const char *name, *reason;
    const char *errors;
    enum handler handler;
    uint8_t *bytes; /* malloc'd */
    size_t used, capacity;
    bool failed;
};

static void put(struct encoder *e, uint8_t byte)
{
    if (e->used == e->capacity) {
        size_t capacity = e->capacity * 2 + 64;
        uint8_t *bytes = realloc(e->bytes, capacity);
        if (!bytes) {
            e->failed = true;
            return;
        }
        e->bytes = bytes;
        e->capacity = capacity;
    }
    e->bytes[e->used++] = byte;
}

static void put_unit(struct encoder *e, uint32_t unit, int size)
{
    for (int i = 0; i < size; i++)
        put(e, (uint8_t)(unit >> 8 * (e->big ? size - 1 - i : i)));
}

static void put_utf8(struct encoder *e, uint32_t c)
{
    if (c < 0x80) {
        put(e, (uint8_t)c);
        return;
    }
    int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    put(e, (uint8_t)((more == 1 ? 0xc0 : more == 2 ? 0xe0 : 0xf0) | c >> 6 * more));
    for (int i = more - 1; i >= 0; i--)
        put(e, (uint8_t)(0x80 | (c >> 6 * i & 63)));
}

static void put_character(struct encoder *e, uint32_t c)
{
    switch (e->codec) {
    case CODEC_UTF16: case CODEC_UTF16_LITTLE: case CODEC_UTF16_BIG:
        if (c >= 0x10000) {
            put_unit(e, 0xd800 + ((c - 0x10000) >> 10), 2);
            put_unit(e, 0xdc00 + ((c - 0x10000) & 0x3ff), 2);
        } else {
            put_unit(e, c, 2);
        }
        break;
    case CODEC_UTF32: case CODEC_UTF32_LITTLE: case CODEC_UTF32_BIG:
        put_unit(e, c, 4);
        break;
    case CODEC_ASCII: case CODEC_LATIN1:
        put(e, (uint8_t)c);
        break;
    case CODEC_UTF8: case CODEC_UTF8_SIGNATURE: case CODEC_UNKNOWN:
        put_utf8(e, c);
    }
}

static bool is_surrogate(uint32_t c)
{
    return c >= 0xd800 && c < 0xe000;
}

static bool encodable(const struct encoder *e, uint32_t c)
{
    return e->codec == CODEC_ASCII ? c < 0x80 : e->codec == CODEC_LATIN1 ? c < 0x100 : !is_surrogate(c);
}

static void put_text(struct encoder *e, const char *ascii)
{
    for (; *ascii; ascii++)
        put_character(e, (uint8_t)*ascii);
}

/* The characters [start, end) that the codec cannot encode. False: error pending. */
static bool handle_unencodable(struct vm *vm, struct encoder *e, value string, size_t start, size_t end)
{
    bool one_byte = e->codec == CODEC_ASCII || e->codec == CODEC_LATIN1;
    for (size_t i = start; i < end; i++) {
        uint32_t c = string_at(string_of(string), i);
        char text[16];
        bool strict = e->handler == HANDLER_STRICT || (e->handler == HANDLER_PASS && (one_byte || !is_surrogate(c))) ||
                      (e->handler == HANDLER_ESCAPE && (c < 0xdc80 || c > 0xdcff));
        if (strict) {
            raise_encode_error(vm, e->name, string, start, end, e->reason);
            return false;
        }
        switch (e->handler) {
        case HANDLER_REPLACE:
            put_character(e, '?');
            break;
        case HANDLER_BACKSLASH:
            snprintf(text, sizeof text, c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", (unsigned)c);
            put_text(e, text);
            break;
        case HANDLER_XML:
            snprintf(text, sizeof text, "&#%u;", (unsigned)c);
            put_text(e, text);
            break;
        case HANDLER_ESCAPE:
            put(e, (uint8_t)(c - 0xdc00));
            break;
        case HANDLER_PASS:
            put_character(e, c);
            break;
        case HANDLER_UNKNOWN:
            if (!strcmp(e->errors, "namereplace"))
                raise_unsupported(vm, "the error handler namereplace");
            else
                raise_error(vm, &exc_LookupError, "unknown error handler name '%s'", e->errors);
            return false;
        case HANDLER_STRICT: case HANDLER_IGNORE:
            break;
        }
    }
    return true;
}

static void describe(struct encoder *e)
{
    static const char *const names[] = {"utf-8", "utf-8", "ascii", "latin-1", "utf-16", "utf-16-le", "utf-16-be",
                                        "utf-32", "utf-32-le", "utf-32-be", ""};
    e->name = names[e->codec];
    e->reason = e->codec == CODEC_ASCII    ? "ordinal not in range(128)"
                : e->codec == CODEC_LATIN1 ? "ordinal not in range(256)"
                                           : "surrogates not allowed";
    e->big = e->codec == CODEC_UTF16_BIG || e->codec == CODEC_UTF32_BIG;
}

static bool encode_all(struct vm *vm, struct encoder *e, value string)
{
    const struct string_object *s = string_of(string);
    bool runs = e->codec < CODEC_UTF16; /* the wide codecs report one character at a time */
    if (e->codec == CODEC_UTF8_SIGNATURE || e->codec == CODEC_UTF16 || e->codec == CODEC_UTF32)
        put_character(e, 0xfeff);
    for (size_t i = 0; i < s->length; i++) {
        uint32_t c = string_at(s, i);
        if (encodable(e, c)) {
            put_character(e, c);
            continue;
        }
        size_t end = i + 1;
        while (runs && end < s->length && !encodable(e, string_at(s, end)))
            end++;
        if (!handle_unencodable(vm, e, string, i, end))
            return false;
        i = end - 1;
    }
    if (e->failed)
        raise_no_memory(vm);
    return !e->failed;
}

value string_encode(struct vm *vm, value string, const char *encoding, const char *errors)
{
    const struct string_object *s = string_of(string);
    struct encoder e = {.codec = find_codec(vm, encoding), .errors = errors, .handler = find_handler(errors)};
    if (e.codec == CODEC_UNKNOWN)
        return VALUE_NULL;
    ADD_WORK(vm, characters, s->length);
    bool ascii_based = e.codec == CODEC_UTF8 || e.codec == CODEC_ASCII || e.codec == CODEC_LATIN1;
    if ((s->ascii && ascii_based) || (s->width == 1 && e.codec == CODEC_LATIN1))
        return bytes_from(vm, s->data, s->length);
    describe(&e);
    value result = VALUE_NULL;
    if (encode_all(vm, &e, string))
        result = bytes_from(vm, e.bytes, e.used);
    free(e.bytes);
    return result;
}

/* ---- decoding ---- */

struct decoder {
    const uint8_t *data;
    size_t size;
    const char *name, *errors;
    enum handler handler;
    bool big;
    struct string_builder out;
};

/* The bytes [start, *end) make no character; *end becomes where to go on. False: error pending. */
static bool handle_undecodable(struct vm *vm, struct decoder *d, size_t start, size_t *stop, const char *reason)
{
    size_t end = *stop;
    for (size_t i = start; i < end; i++) {
        uint8_t byte = d->data[i];
        char text[8];
        switch (d->handler) {
        case HANDLER_IGNORE:
            break;
        case HANDLER_REPLACE:
            if (i == start)
                string_builder_add(&d->out, 0xfffd);
            break;
        case HANDLER_BACKSLASH:
            snprintf(text, sizeof text, "\\x%02x", byte);
            string_builder_add_text(&d->out, text);
            break;
        case HANDLER_ESCAPE:
            if (byte < 0x80 && i > start) { /* escapes what it can and goes on behind that */
                *stop = i;
                return true;
            }
            if (byte < 0x80) {
                raise_decode_error(vm, d->name, d->data, d->size, start, end, reason);
                return false;
            }
            string_builder_add(&d->out, 0xdc00u + byte);
            break;
        case HANDLER_STRICT: case HANDLER_PASS:
            raise_decode_error(vm, d->name, d->data, d->size, start, end, reason);
            return false;
        case HANDLER_XML:
            raise_error(vm, &exc_TypeError, "don't know how to handle UnicodeDecodeError in error callback");
            return false;
        case HANDLER_UNKNOWN:
            raise_error(vm, &exc_LookupError, "unknown error handler name '%s'", d->errors);
            return false;
        }
    }
    return true;
}

/* How many bytes follow a lead byte; -1: it is none. */
static int utf8_following(uint8_t lead)
{
    return lead < 0xc2 ? -1 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : lead < 0xf5 ? 3 : -1;
}

static bool utf8_second_fits(uint8_t lead, uint8_t second, bool surrogates)
{
    switch (lead) {
    case 0xe0: return second >= 0xa0 && second < 0xc0;
    case 0xed: return second >= 0x80 && second < (surrogates ? 0xc0 : 0xa0);
    case 0xf0: return second >= 0x90 && second < 0xc0;
    case 0xf4: return second >= 0x80 && second < 0x90;
    default: return (second & 0xc0) == 0x80;
    }
}

static bool decode_utf8(struct vm *vm, struct decoder *d)
{
    bool surrogates = d->handler == HANDLER_PASS;
    for (size_t i = 0; i < d->size;) {
        uint8_t lead = d->data[i];
        if (lead < 0x80) {
            string_builder_add(&d->out, lead);
            i++;
            continue;
        }
        int following = utf8_following(lead);
        if (following < 0) {
            size_t end = i + 1;
            if (!handle_undecodable(vm, d, i, &end, "invalid start byte"))
                return false;
            i = end;
            continue;
        }
        uint32_t c = lead & (0x3fu >> following);
        size_t at = i + 1;
        int got = 0;
        while (got < following && at < d->size) {
            uint8_t byte = d->data[at];
            if (got == 0 ? !utf8_second_fits(lead, byte, surrogates) : (byte & 0xc0) != 0x80)
                break;
            c = c << 6 | (byte & 63);
            got++;
            at++;
        }
        if (got == following)
            string_builder_add(&d->out, c);
        else if (!handle_undecodable(vm, d, i, &at,
                                     at == d->size ? "unexpected end of data" : "invalid continuation byte"))
            return false;
        i = at;
    }
    return true;
}

static uint32_t read_unit(const struct decoder *d, size_t at, int size)
{
    uint32_t unit = 0;
    for (int i = 0; i < size; i++)
        unit |= (uint32_t)d->data[at + (size_t)i] << 8 * (d->big ? size - 1 - i : i);
    return unit;
}

static bool decode_utf16(struct vm *vm, struct decoder *d, size_t at)
{
    while (at < d->size) {
        if (at + 1 == d->size) {
            size_t rest = d->size;
            return handle_undecodable(vm, d, at, &rest, "truncated data");
        }
        uint32_t c = read_unit(d, at, 2);
        const char *reason = NULL;
        size_t end = at + 2;
        if (is_surrogate(c) && d->handler != HANDLER_PASS) {
            uint32_t low = at + 3 < d->size ? read_unit(d, at + 2, 2) : 0;
            if (c >= 0xdc00) {
                reason = "illegal encoding";
            } else if (at + 3 >= d->size) {
                reason = "unexpected end of data";
                end = d->size;
            } else if (low < 0xdc00 || low > 0xdfff) {
                reason = "illegal UTF-16 surrogate";
            } else {
                c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
                end = at + 4;
            }
        } else if (c >= 0xd800 && c < 0xdc00 && at + 3 < d->size) { /* surrogatepass: pairs still join */
            uint32_t low = read_unit(d, at + 2, 2);
            if (low >= 0xdc00 && low <= 0xdfff) {
                c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
                end = at + 4;
            }
        }
        if (!reason)
            string_builder_add(&d->out, c);
        else if (!handle_undecodable(vm, d, at, &end, reason))
            return false;
        at = end;
    }
    return true;
}

static bool decode_utf32(struct vm *vm, struct decoder *d, size_t at)
{
    while (at < d->size) {
        size_t end = d->size - at < 4 ? d->size : at + 4;
        uint32_t c = end == at + 4 ? read_unit(d, at, 4) : 0;
        const char *reason = NULL;
        if (end < at + 4)
            reason = "truncated data";
        else if (c > 0x10ffff)
            reason = "code point not in range(0x110000)";
        else if (is_surrogate(c) && d->handler != HANDLER_PASS)
            reason = "code point in surrogate code point range(0xd800, 0xe000)";
        if (!reason)
            string_builder_add(&d->out, c);
        else if (!handle_undecodable(vm, d, at, &end, reason))
            return false;
        at = end;
    }
    return true;
}

static bool decode_ascii(struct vm *vm, struct decoder *d)
{
    for (size_t i = 0; i < d->size; i++) {
        size_t end = i + 1;
        if (d->data[i] < 0x80)
            string_builder_add(&d->out, d->data[i]);
        else if (!handle_undecodable(vm, d, i, &end, "ordinal not in range(128)"))
            return false;
    }
    return true;
}

/* utf-16 and utf-32: the byte order mark, when the codec looks for one, and the name for exceptions. */
static bool decode_wide(struct vm *vm, struct decoder *d, enum codec codec)
{
    int size = codec < CODEC_UTF32 ? 2 : 4;
    d->big = codec == CODEC_UTF16_BIG || codec == CODEC_UTF32_BIG;
    size_t start = 0;
    if ((codec == CODEC_UTF16 || codec == CODEC_UTF32) && d->size >= (size_t)size) {
        if (read_unit(d, 0, size) == 0xfeff) {
            start = (size_t)size;
        } else {
            d->big = true;
            if (read_unit(d, 0, size) == 0xfeff)
                start = (size_t)size;
            else
                d->big = false;
        }
    }
    if (size == 2)
        d->name = d->big ? "utf-16-be" : "utf-16-le";
    else
        d->name = d->big ? "utf-32-be" : "utf-32-le";
    return size == 2 ? decode_utf16(vm, d, start) : decode_utf32(vm, d, start);
}

value string_decode_utf8(struct vm *vm, const uint8_t *data, size_t size, const char *errors)
{
    struct decoder d = {.data = data, .size = size, .name = "utf-8", .errors = errors, .handler = find_handler(errors)};
    if (decode_utf8(vm, &d))
        return string_builder_finish(vm, &d.out);
    string_builder_free(&d.out);
    return VALUE_NULL;
}

value bytes_decode(struct vm *vm, const uint8_t *data, size_t size, const char *encoding, const char *errors)
{
    enum codec codec = find_codec(vm, encoding);
    if (codec == CODEC_UNKNOWN)
        return VALUE_NULL;
    ADD_WORK(vm, characters, size);
    bool ascii_based = codec <= CODEC_LATIN1;
    if (codec == CODEC_LATIN1 || (ascii_based && span_maximum((struct span){data, size, 1}) < 0x80))
        return string_from_latin1(vm, data, size);
    struct decoder d = {.data = data, .size = size, .name = "utf-8", .errors = errors, .handler = find_handler(errors)};
    bool good;
    if (codec == CODEC_UTF8_SIGNATURE && size >= 3 && !memcmp(data, "\xef\xbb\xbf", 3)) {
        d.data += 3;
        d.size -= 3;
    }
    if (codec == CODEC_ASCII) {
        d.name = "ascii";
        good = decode_ascii(vm, &d);
    } else {
        good = ascii_based ? decode_utf8(vm, &d) : decode_wide(vm, &d, codec);
    }
    if (good)
        return string_builder_finish(vm, &d.out);
    string_builder_free(&d.out);
    return VALUE_NULL;
}
