/* codec.c - str to bytes and back by the name of an encoding: the Unicode encodings, ascii and latin-1 are native, every other
 * name is looked up in the registry (CPython's own package encodings).
 */
#include "sim/runtime/codec.h"

#include <ctype.h>
#include <stdlib.h>

enum native_codec { CODEC_UTF8, CODEC_ASCII, CODEC_LATIN1, CODEC_UTF16, CODEC_UTF16_LITTLE, CODEC_UTF16_BIG, CODEC_UTF32,
                    CODEC_UTF32_LITTLE, CODEC_UTF32_BIG, CODEC_OTHER };

static const struct { const char *name; enum native_codec codec; } codec_names[] = {
    {"utf_8", CODEC_UTF8}, {"utf8", CODEC_UTF8}, {"u8", CODEC_UTF8}, {"utf", CODEC_UTF8}, {"cp65001", CODEC_UTF8},
    {"ascii", CODEC_ASCII}, {"us_ascii", CODEC_ASCII}, {"646", CODEC_ASCII},
    {"latin_1", CODEC_LATIN1}, {"latin1", CODEC_LATIN1}, {"latin", CODEC_LATIN1}, {"l1", CODEC_LATIN1},
    {"iso_8859_1", CODEC_LATIN1}, {"iso8859_1", CODEC_LATIN1}, {"iso8859", CODEC_LATIN1}, {"8859", CODEC_LATIN1},
    {"cp819", CODEC_LATIN1}, {"utf_16", CODEC_UTF16}, {"utf16", CODEC_UTF16}, {"u16", CODEC_UTF16},
    {"utf_16_le", CODEC_UTF16_LITTLE}, {"utf_16le", CODEC_UTF16_LITTLE}, {"utf_16_be", CODEC_UTF16_BIG},
    {"utf_16be", CODEC_UTF16_BIG}, {"utf_32", CODEC_UTF32}, {"utf32", CODEC_UTF32}, {"u32", CODEC_UTF32},
    {"utf_32_le", CODEC_UTF32_LITTLE}, {"utf_32le", CODEC_UTF32_LITTLE}, {"utf_32_be", CODEC_UTF32_BIG},
    {"utf_32be", CODEC_UTF32_BIG},
};

static enum native_codec find_codec(const char *encoding)
{
    if (!encoding)
        return CODEC_UTF8;
    char name[24];
    size_t used = 0;
    for (const char *p = encoding; *p; p++) {
        bool word = isalnum((unsigned char)*p) || *p == '.';
        if (used == sizeof name - 1)
            return CODEC_OTHER;
        if (word)
            name[used++] = (char)tolower((unsigned char)*p);
        else if (used && name[used - 1] != '_')
            name[used++] = '_';
    }
    name[used] = 0;
    for (size_t i = 0; i < sizeof codec_names / sizeof *codec_names; i++)
        if (!strcmp(name, codec_names[i].name))
            return codec_names[i].codec;
    return CODEC_OTHER;
}

static int unit_of(enum native_codec codec)
{
    return codec >= CODEC_UTF32 ? 4 : 2;
}

static enum wide_order order_of(enum native_codec codec)
{
    return (enum wide_order)((int)(codec - CODEC_UTF16) % 3);
}

static const char *codec_name(enum native_codec codec)
{
    static const char *const names[] = {"utf-8",  "ascii",     "latin-1",   "utf-16", "utf-16-le",
                                        "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"};
    return names[codec];
}

value string_encode(struct vm *vm, value string, const char *encoding, const char *errors)
{
    const struct string_object *s = string_of(string);
    enum native_codec codec = find_codec(encoding);
    if (codec == CODEC_OTHER)
        return codec_encode_text(vm, string, encoding, errors);
    ADD_WORK(vm, characters, s->length);
    if ((s->ascii && codec <= CODEC_LATIN1) || (s->width == 1 && codec == CODEC_LATIN1))
        return bytes_from(vm, s->data, s->length);
    struct conversion c;
    conversion_open(&c, vm, codec_name(codec), errors);
    c.string = string;
    bool good = codec == CODEC_UTF8     ? encode_utf8(&c)
                : codec == CODEC_ASCII  ? encode_narrow(&c, 0x80)
                : codec == CODEC_LATIN1 ? encode_narrow(&c, 0x100)
                                        : encode_wide(&c, unit_of(codec), order_of(codec));
    return conversion_bytes(&c, good);
}

value bytes_decode(struct vm *vm, const uint8_t *data, size_t size, const char *encoding, const char *errors)
{
    enum native_codec codec = find_codec(encoding);
    if (codec == CODEC_OTHER) {
        value bytes = bytes_from(vm, data, size);
        return bytes == VALUE_NULL ? bytes : codec_decode_text(vm, bytes, encoding, errors);
    }
    ADD_WORK(vm, characters, size);
    if (codec == CODEC_LATIN1 || (codec < CODEC_LATIN1 && span_maximum((struct span){data, size, 1}) < 0x80))
        return string_from_latin1(vm, data, size);
    struct conversion c;
    conversion_open(&c, vm, codec_name(codec), errors);
    c.data = data;
    c.size = size;
    enum wide_order order = codec >= CODEC_UTF16 ? order_of(codec) : ORDER_NATIVE;
    bool good = codec == CODEC_UTF8    ? decode_utf8(&c)
                : codec == CODEC_ASCII ? decode_ascii(&c)
                                       : decode_wide(&c, unit_of(codec), &order);
    return conversion_string(&c, good);
}

value string_decode_utf8(struct vm *vm, const uint8_t *data, size_t size, const char *errors)
{
    struct conversion c;
    conversion_open(&c, vm, "utf-8", errors);
    c.data = data;
    c.size = size;
    return conversion_string(&c, decode_utf8(&c));
}
