/* json_writer.c - see json_writer.h. */
#include "reports/json_writer.h"

#include <string.h>

static void begin_value(struct json_writer *json)
{
    if (json->after_key) {
        json->after_key = false;
        return;
    }
    if (json->has_items)
        buffer_add_byte(json->out, ',');
    if (json->depth && !json->compact) {
        buffer_add_byte(json->out, '\n');
        for (int i = 0; i < json->depth; i++)
            buffer_add_text(json->out, "  ");
    }
    json->has_items = true;
}

void json_open(struct json_writer *json, char bracket)
{
    begin_value(json);
    buffer_add_byte(json->out, (uint8_t)bracket);
    json->depth++;
    json->has_items = false;
}

void json_close(struct json_writer *json, char bracket)
{
    json->depth--;
    if (json->has_items && !json->compact) {
        buffer_add_byte(json->out, '\n');
        for (int i = 0; i < json->depth; i++)
            buffer_add_text(json->out, "  ");
    }
    buffer_add_byte(json->out, (uint8_t)bracket);
    json->has_items = true;
}

/* Length of the valid UTF-8 sequence at text, 0 when there is none (surrogates and overlong forms are not valid). */
static size_t sequence_length(const unsigned char *text)
{
    size_t length = text[0] < 0x80 ? 1 : text[0] >= 0xc2 && text[0] < 0xe0 ? 2
                  : (text[0] & 0xf0) == 0xe0 ? 3 : text[0] >= 0xf0 && text[0] < 0xf5 ? 4 : 0;
    for (size_t i = 1; i < length; i++)
        if ((text[i] & 0xc0) != 0x80)
            return 0;
    if ((text[0] == 0xe0 && text[1] < 0xa0) || (text[0] == 0xed && text[1] >= 0xa0) ||
        (text[0] == 0xf0 && text[1] < 0x90) || (text[0] == 0xf4 && text[1] >= 0x90))
        return 0;
    return length;
}

static void add_quoted(const struct json_writer *json, const char *text)
{
    struct buffer *out = json->out;
    const unsigned char *at = (const unsigned char *)text;
    buffer_add_byte(out, '"');
    while (*at) {
        size_t length = sequence_length(at);
        if (length == 0) {
            buffer_add_text(out, "\xef\xbf\xbd");
            length = 1;
        } else if (*at == '"' || *at == '\\') {
            buffer_add_byte(out, '\\');
            buffer_add_byte(out, *at);
        } else if (*at == '\n') {
            buffer_add_text(out, "\\n");
        } else if (*at == '\t') {
            buffer_add_text(out, "\\t");
        } else if (*at < 0x20 || *at == 0x7f || (json->in_html && (*at == '<' || *at == '>'))) {
            buffer_printf(out, "\\u%04x", *at);
        } else {
            buffer_add(out, at, length);
        }
        at += length;
    }
    buffer_add_byte(out, '"');
}

void json_key(struct json_writer *json, const char *key)
{
    begin_value(json);
    add_quoted(json, key);
    buffer_add_text(json->out, json->compact ? ":" : ": ");
    json->after_key = true;
}

void json_literal(struct json_writer *json, const char *text)
{
    begin_value(json);
    buffer_add_text(json->out, text);
}

void json_number(struct json_writer *json, uint64_t number)
{
    begin_value(json);
    buffer_printf(json->out, "%llu", (unsigned long long)number);
}

void json_signed(struct json_writer *json, int64_t number)
{
    begin_value(json);
    buffer_printf(json->out, "%lld", (long long)number);
}

void json_boolean(struct json_writer *json, bool truth)
{
    json_literal(json, truth ? "true" : "false");
}

void json_text(struct json_writer *json, const char *text)
{
    begin_value(json);
    add_quoted(json, text);
}
