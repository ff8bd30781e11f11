/* codec_utf7.c - utf-7 (RFC 2152), as lenient and as strict as CPython. */
#include "sim/runtime/codec.h"

static const char base64_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static int base64_value(uint32_t c)
{
    if (c - 'A' < 26)
        return (int)(c - 'A');
    if (c - 'a' < 26)
        return (int)(c - 'a') + 26;
    if (c - '0' < 10)
        return (int)(c - '0') + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Characters written as they are: all of ASCII but +, \, ~ and control characters other than white space. */
static bool is_direct(uint32_t c)
{
    if (c < 0x20)
        return c == '\t' || c == '\n' || c == '\r';
    return c < 0x7e && c != '+' && c != '\\';
}

struct bits {
    uint32_t buffer, count;
};

static void put_bits(struct conversion *c, struct bits *bits, uint32_t unit)
{
    bits->buffer = bits->buffer << 16 | unit;
    bits->count += 16;
    for (; bits->count >= 6; bits->count -= 6)
        conversion_add(c, (uint8_t)base64_digits[bits->buffer >> (bits->count - 6) & 63]);
    bits->buffer &= (1u << bits->count) - 1;
}

static void flush_bits(struct conversion *c, struct bits *bits)
{
    if (bits->count)
        conversion_add(c, (uint8_t)base64_digits[bits->buffer << (6 - bits->count) & 63]);
    *bits = (struct bits){0, 0};
}

bool encode_utf7(struct conversion *c)
{
    const struct string_object *s = string_of(c->string);
    struct bits bits = {0, 0};
    bool shifted = false;
    for (size_t i = 0; i < s->length; i++) {
        uint32_t character = string_at(s, i);
        if (is_direct(character)) {
            if (shifted) {
                flush_bits(c, &bits);
                if (base64_value(character) >= 0 || character == '-')
                    conversion_add(c, '-');
                shifted = false;
            }
            conversion_add(c, (uint8_t)character);
            continue;
        }
        if (!shifted) {
            conversion_add(c, '+');
            if (character == '+') {
                conversion_add(c, '-');
                continue;
            }
            shifted = true;
        }
        if (character >= 0x10000) {
            put_bits(c, &bits, 0xd800 + ((character - 0x10000) >> 10));
            character = 0xdc00 + (character & 0x3ff);
        }
        put_bits(c, &bits, character);
    }
    flush_bits(c, &bits);
    if (shifted)
        conversion_add(c, '-');
    return true;
}

struct utf7_state {
    struct bits bits;
    uint32_t surrogate;      /* a high one that waits for its low one */
    size_t shift_start, out_start; /* where the base 64 section began, in the bytes and in the text */
    bool shifted;
};

/* A base 64 digit: 16 bits are a unit of UTF-16. */
static void take_digit(struct conversion *c, struct utf7_state *state, int digit)
{
    state->bits.buffer = state->bits.buffer << 6 | (uint32_t)digit;
    state->bits.count += 6;
    if (state->bits.count < 16)
        return;
    uint32_t unit = state->bits.buffer >> (state->bits.count - 16) & 0xffff;
    state->bits.count -= 16;
    state->bits.buffer &= (1u << state->bits.count) - 1;
    if (state->surrogate) {
        uint32_t high = state->surrogate;
        state->surrogate = 0;
        if (unit >= 0xdc00 && unit < 0xe000) {
            string_builder_add(&c->out, 0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00));
            return;
        }
        string_builder_add(&c->out, high);
    }
    if (unit >= 0xd800 && unit < 0xdc00)
        state->surrogate = unit;
    else
        string_builder_add(&c->out, unit);
}

/* The section ends before character; the reason when it ends badly. */
static const char *leave_section(struct conversion *c, struct utf7_state *state, uint8_t character)
{
    state->shifted = false;
    if (state->bits.count >= 6)
        return "partial character in base64 sequence";
    if (state->bits.count && state->bits.buffer)
        return "non-zero padding bits in base64 sequence";
    if (state->surrogate && character < 0x80 && character != '+')
        string_builder_add(&c->out, state->surrogate);
    state->surrogate = 0;
    return NULL;
}

/* One step at *at outside a section; the reason when it fails (then *at is behind the bad byte). */
static const char *outside_section(struct conversion *c, struct utf7_state *state, size_t *at)
{
    uint8_t byte = c->data[(*at)++];
    if (byte < 0x80 && byte != '+') {
        string_builder_add(&c->out, byte);
        return NULL;
    }
    if (byte != '+')
        return "unexpected special character";
    if (*at < c->size && c->data[*at] == '-') {
        (*at)++;
        string_builder_add(&c->out, '+');
    } else if (*at < c->size && base64_value(c->data[*at]) < 0) {
        (*at)++;
        return "ill-formed sequence";
    } else {
        *state = (struct utf7_state){.shifted = true, .shift_start = *at - 1, .out_start = c->out.length};
    }
    return NULL;
}

bool decode_utf7(struct conversion *c)
{
    struct utf7_state state = {.shifted = false};
    size_t at = 0;
    for (;;) {
        while (at < c->size) {
            size_t start = state.shifted ? state.shift_start : at;
            const char *reason = NULL;
            if (!state.shifted) {
                reason = outside_section(c, &state, &at);
            } else if (base64_value(c->data[at]) >= 0) {
                take_digit(c, &state, base64_value(c->data[at++]));
            } else {
                reason = leave_section(c, &state, c->data[at]);
                if (reason || c->data[at] == '-')
                    at++;
            }
            if (reason && !decoding_failed(c, start, at, reason, &at))
                return false;
        }
        if (!state.shifted || !c->final)
            break;
        state.shifted = false;
        if (!state.surrogate && state.bits.count < 6 && !(state.bits.count && state.bits.buffer))
            break;
        if (!decoding_failed(c, state.shift_start, c->size, "unterminated shift sequence", &at))
            return false;
    }
    c->consumed = at;
    if (state.shifted) { /* not final: begins again with the section */
        c->consumed = state.shift_start;
        c->out.length = state.out_start;
    }
    return true;
}
