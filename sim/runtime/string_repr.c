/* string_repr.c - repr() of str, bytes and bytearray, and ascii(). */
#include "sim/runtime/text.h"

static void add_hex(struct string_builder *builder, char kind, uint32_t c, int digits)
{
    string_builder_add(builder, '\\');
    string_builder_add(builder, (uint32_t)kind);
    for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4)
        string_builder_add(builder, (uint32_t)"0123456789abcdef"[c >> shift & 15]);
}

static void add_escaped(struct string_builder *builder, uint32_t c)
{
    if (c < 0x100)
        add_hex(builder, 'x', c, 2);
    else if (c < 0x10000)
        add_hex(builder, 'u', c, 4);
    else
        add_hex(builder, 'U', c, 8);
}

/* True when the character needed, and got, a short escape. */
static bool add_short_escape(struct string_builder *builder, uint32_t c, uint32_t quote)
{
    uint32_t letter = c == '\n' ? 'n' : c == '\r' ? 'r' : c == '\t' ? 't' : c == '\\' || c == quote ? c : 0;
    if (letter) {
        string_builder_add(builder, '\\');
        string_builder_add(builder, letter);
    }
    return letter != 0;
}

static uint32_t quote_for(struct span s)
{
    bool single = span_find_character(s, '\'', 0, s.length) >= 0;
    return single && span_find_character(s, '"', 0, s.length) < 0 ? '"' : '\'';
}

static value simple_repr(struct vm *vm, value string, uint32_t quote)
{
    const struct string_object *s = string_of(string);
    struct string_object *out = string_allocate(vm, (size_t)s->length + 2, 0x7f);
    if (!out)
        return VALUE_NULL;
    out->data[0] = (uint8_t)quote;
    memcpy(out->data + 1, s->data, s->length);
    out->data[s->length + 1] = (uint8_t)quote;
    return object_value(out);
}

value string_repr(struct vm *vm, value string)
{
    const struct string_object *s = string_of(string);
    struct span span = string_span(string);
    uint32_t quote = quote_for(span);
    ADD_WORK(vm, characters, span.length);
    if (s->ascii) {
        size_t plain = 0;
        while (plain < s->length && s->data[plain] >= 32 && s->data[plain] < 127 &&
               s->data[plain] != '\\' && s->data[plain] != quote)
            plain++;
        if (plain == s->length)
            return simple_repr(vm, string, quote);
    }
    struct string_builder builder = {NULL, 0, 0};
    string_builder_add(&builder, quote);
    for (size_t i = 0; i < span.length; i++) {
        uint32_t c = span_at(span, i);
        if (add_short_escape(&builder, c, quote))
            continue;
        if (character_is_printable(c))
            string_builder_add(&builder, c);
        else
            add_escaped(&builder, c);
    }
    string_builder_add(&builder, quote);
    return string_builder_finish(vm, &builder);
}

value string_ascii(struct vm *vm, value string)
{
    if (string_of(string)->ascii)
        return string;
    struct string_builder builder = {NULL, 0, 0};
    struct span span = string_span(string);
    for (size_t i = 0; i < span.length; i++) {
        uint32_t c = span_at(span, i);
        if (c < 0x80)
            string_builder_add(&builder, c);
        else
            add_escaped(&builder, c);
    }
    return string_builder_finish(vm, &builder);
}

value bytes_repr_text(struct vm *vm, const uint8_t *data, size_t size, const char *prefix, const char *suffix)
{
    struct span span = {data, size, 1};
    uint32_t quote = quote_for(span), escaped = *suffix ? '\'' : quote; /* bytearray: ' even between double quotes */
    struct string_builder builder = {NULL, 0, 0};
    ADD_WORK(vm, characters, size);
    string_builder_add_text(&builder, prefix);
    string_builder_add(&builder, quote);
    for (size_t i = 0; i < size; i++) {
        uint32_t c = data[i];
        if (add_short_escape(&builder, c, escaped))
            continue;
        if (c >= 32 && c < 127)
            string_builder_add(&builder, c);
        else
            add_escaped(&builder, c);
    }
    string_builder_add(&builder, quote);
    string_builder_add_text(&builder, suffix);
    return string_builder_finish(vm, &builder);
}
