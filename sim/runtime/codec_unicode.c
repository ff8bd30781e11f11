/* codec_unicode.c - the encodings of Unicode itself: utf-8, utf-16, utf-32, and ascii and latin-1, with the positions and
 * reasons that CPython reports. Decoders stop before an incomplete character when more bytes may follow. */
#include "sim/runtime/codec.h"

/* ---- encoding ---- */

static bool put_ascii(struct conversion *c, uint32_t character)
{
    if (character < 0x80)
        conversion_add(c, (uint8_t)character);
    return character < 0x80;
}

static void put_utf8(struct conversion *c, uint32_t character)
{
    if (character < 0x80) {
        conversion_add(c, (uint8_t)character);
        return;
    }
    int more = character < 0x800 ? 1 : character < 0x10000 ? 2 : 3;
    conversion_add(c, (uint8_t)((more == 1 ? 0xc0 : more == 2 ? 0xe0 : 0xf0) | character >> 6 * more));
    for (int i = more - 1; i >= 0; i--)
        conversion_add(c, (uint8_t)(0x80 | (character >> 6 * i & 63)));
}

bool encode_utf8(struct conversion *c)
{
    const struct string_object *s = string_of(c->string);
    c->put = put_ascii;
    for (size_t i = 0; i < s->length;) {
        uint32_t character = string_at(s, i);
        if (!is_surrogate(character)) {
            put_utf8(c, character);
            i++;
            continue;
        }
        size_t end = i + 1;
        while (end < s->length && is_surrogate(string_at(s, end)))
            end++;
        if (c->handler == HANDLER_PASS) {
            for (; i < end; i++)
                put_utf8(c, string_at(s, i));
        } else if (!encoding_failed(c, i, end, "surrogates not allowed", &i)) {
            return false;
        }
    }
    return true;
}

static bool put_latin1(struct conversion *c, uint32_t character)
{
    if (character < 0x100)
        conversion_add(c, (uint8_t)character);
    return character < 0x100;
}

bool encode_narrow(struct conversion *c, uint32_t limit)
{
    const struct string_object *s = string_of(c->string);
    c->put = limit == 0x80 ? put_ascii : put_latin1;
    for (size_t i = 0; i < s->length;) {
        if (c->put(c, string_at(s, i))) {
            i++;
            continue;
        }
        size_t end = i + 1;
        while (end < s->length && string_at(s, end) >= limit)
            end++;
        if (!encoding_failed(c, i, end, limit == 0x80 ? "ordinal not in range(128)" : "ordinal not in range(256)", &i))
            return false;
    }
    return true;
}

static void put_unit(struct conversion *c, uint32_t unit, int size)
{
    for (int i = 0; i < size; i++)
        conversion_add(c, (uint8_t)(unit >> 8 * (c->big ? size - 1 - i : i)));
}

static bool put_wide_ascii(struct conversion *c, uint32_t character)
{
    if (character < 0x80)
        put_unit(c, character, c->unit);
    return character < 0x80;
}

bool encode_wide(struct conversion *c, int unit, enum wide_order order)
{
    const struct string_object *s = string_of(c->string);
    c->put = put_wide_ascii;
    c->unit = unit;
    c->big = order == ORDER_BIG;
    if (order == ORDER_NATIVE)
        put_unit(c, 0xfeff, unit);
    for (size_t i = 0; i < s->length;) {
        uint32_t character = string_at(s, i);
        if (is_surrogate(character)) {
            if (!encoding_failed(c, i, i + 1, "surrogates not allowed", &i))
                return false;
            continue;
        }
        if (unit == 2 && character >= 0x10000) {
            put_unit(c, 0xd800 + ((character - 0x10000) >> 10), 2);
            put_unit(c, 0xdc00 + ((character - 0x10000) & 0x3ff), 2);
        } else {
            put_unit(c, character, unit);
        }
        i++;
    }
    return true;
}

/* ---- decoding ---- */

/* How many bytes follow a lead byte; -1: it is none. */
static int utf8_following(uint8_t lead)
{
    return lead < 0xc2 ? -1 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : lead < 0xf5 ? 3 : -1;
}

static bool utf8_second_fits(uint8_t lead, uint8_t second)
{
    switch (lead) {
    case 0xe0: return second >= 0xa0 && second < 0xc0;
    case 0xed: return second >= 0x80 && second < 0xa0;
    case 0xf0: return second >= 0x90 && second < 0xc0;
    case 0xf4: return second >= 0x80 && second < 0x90;
    default: return (second & 0xc0) == 0x80;
    }
}

static size_t ascii_run(const uint8_t *data, size_t at, size_t size)
{
    while (at + 8 <= size) {
        uint64_t word;
        memcpy(&word, data + at, 8);
        if (word & 0x8080808080808080u)
            break;
        at += 8;
    }
    while (at < size && data[at] < 0x80)
        at++;
    return at;
}

bool decode_utf8(struct conversion *c)
{
    for (size_t i = 0; i < c->size;) {
        uint8_t lead = c->data[i];
        if (lead < 0x80) {
            size_t end = ascii_run(c->data, i, c->size);
            string_builder_add_span(&c->out, (struct span){c->data + i, end - i, 1});
            i = end;
            continue;
        }
        int following = utf8_following(lead), got = 0;
        if (following < 0) {
            if (!decoding_failed(c, i, i + 1, "invalid start byte", &i))
                return false;
            continue;
        }
        uint32_t character = lead & (0x3fu >> following);
        size_t at = i + 1;
        while (got < following && at < c->size) {
            uint8_t byte = c->data[at];
            if (got == 0 ? !utf8_second_fits(lead, byte) : (byte & 0xc0) != 0x80)
                break;
            character = character << 6 | (byte & 63);
            got++;
            at++;
        }
        if (got == following) {
            string_builder_add(&c->out, character);
            i = at;
            continue;
        }
        bool cut = at == c->size;
        if (cut && !c->final) {
            c->consumed = i;
            return true;
        }
        if (!c->final && lead == 0xed && at == i + 1 && c->size - i < 3 && c->data[at] >= 0xa0 && c->data[at] < 0xc0) {
            c->consumed = i; /* the beginning of a surrogate: a handler may want all of it */
            return true;
        }
        if (!decoding_failed(c, i, at, cut ? "unexpected end of data" : "invalid continuation byte", &i))
            return false;
    }
    c->consumed = c->size;
    return true;
}

bool decode_ascii(struct conversion *c)
{
    for (size_t i = 0; i < c->size;) {
        size_t end = ascii_run(c->data, i, c->size);
        string_builder_add_span(&c->out, (struct span){c->data + i, end - i, 1});
        i = end;
        if (i < c->size && !decoding_failed(c, i, i + 1, "ordinal not in range(128)", &i))
            return false;
    }
    c->consumed = c->size;
    return true;
}

static uint32_t read_unit(const struct conversion *c, size_t at, int size)
{
    uint32_t unit = 0;
    for (int i = 0; i < size; i++)
        unit |= (uint32_t)c->data[at + (size_t)i] << 8 * (c->big ? size - 1 - i : i);
    return unit;
}

static bool decode_utf16(struct conversion *c, size_t at)
{
    while (at < c->size) {
        size_t left = c->size - at;
        uint32_t character = left >= 2 ? read_unit(c, at, 2) : 0;
        bool high = character >= 0xd800 && character < 0xdc00, low = character >= 0xdc00 && character < 0xe000;
        if (left < 2 || (high && left < 4)) {
            if (!c->final)
                break;
            if (!decoding_failed(c, at, c->size, left < 2 ? "truncated data" : "unexpected end of data", &at))
                return false;
            continue;
        }
        uint32_t second = high ? read_unit(c, at + 2, 2) : 0;
        if (low || (high && (second < 0xdc00 || second >= 0xe000))) {
            if (!decoding_failed(c, at, at + 2, low ? "illegal encoding" : "illegal UTF-16 surrogate", &at))
                return false;
            continue;
        }
        string_builder_add(&c->out, high ? 0x10000 + ((character - 0xd800) << 10) + (second - 0xdc00) : character);
        at += high ? 4 : 2;
    }
    c->consumed = at;
    return true;
}

static bool decode_utf32(struct conversion *c, size_t at)
{
    while (at < c->size) {
        bool cut = c->size - at < 4;
        if (cut && !c->final)
            break;
        uint32_t character = cut ? 0 : read_unit(c, at, 4);
        const char *reason = cut                       ? "truncated data"
                             : character > 0x10ffff    ? "code point not in range(0x110000)"
                             : is_surrogate(character) ? "code point in surrogate code point range(0xd800, 0xe000)"
                                                       : NULL;
        if (!reason) {
            string_builder_add(&c->out, character);
            at += 4;
        } else if (!decoding_failed(c, at, cut ? c->size : at + 4, reason, &at)) {
            return false;
        }
    }
    c->consumed = at;
    return true;
}

bool decode_wide(struct conversion *c, int unit, enum wide_order *order)
{
    static const char *const names[] = {"utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"};
    size_t start = 0;
    c->unit = unit;
    c->big = *order == ORDER_BIG;
    if (*order == ORDER_NATIVE && c->size >= (size_t)unit) {
        bool little = read_unit(c, 0, unit) == 0xfeff;
        c->big = true;
        bool big = !little && read_unit(c, 0, unit) == 0xfeff;
        c->big = big;
        if (little || big) {
            start = (size_t)unit;
            *order = big ? ORDER_BIG : ORDER_LITTLE;
        }
    }
    c->name = names[(unit == 2 ? 0 : 3) + (c->big ? 2 : 1)];
    return unit == 2 ? decode_utf16(c, start) : decode_utf32(c, start);
}
