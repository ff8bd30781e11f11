/* text_read.c - the reading half of TextIOWrapper: chunks of bytes are decoded, characters are taken from the decoded text. */
#include "sim/modules/io/file.h"

void text_set_decoded(struct text_state *text, value decoded)
{
    text->decoded = decoded;
    text->decoded_used = 0;
}

static size_t decoded_left(const struct text_state *text)
{
    return text->decoded == VALUE_NULL ? 0 : string_of(text->decoded)->length - text->decoded_used;
}

/* Characters taken from the decoded text; all that are left when size is negative. */
static value take_decoded(struct vm *vm, struct text_state *text, int64_t size)
{
    size_t left = decoded_left(text);
    if (!left)
        return vm->empty_string;
    size_t wanted = size < 0 ? left : size_minimum((size_t)size, left);
    value result = text->decoded;
    if (wanted < string_of(text->decoded)->length)
        result = string_slice(vm, text->decoded, (int64_t)text->decoded_used, (int64_t)(text->decoded_used + wanted));
    text->decoded_used += wanted;
    return result;
}

static value read_bytes(struct vm *vm, struct text_state *text, int64_t size)
{
    if (buffered_is_native(vm, text->buffer))
        return text->has_read1 ? buffered_read1(vm, text->buffer, size) : buffered_read(vm, text->buffer, size);
    value wanted = small_int(size);
    return call_method(vm, text->buffer, text->has_read1 ? "read1" : "read", &wanted, 1);
}

/* Decodes one more chunk; what was decoded before is gone. *end: there was nothing more. */
bool text_read_chunk(struct vm *vm, value self, int64_t hint, bool *end)
{
    struct text_state *text = text_of(self);
    struct decoder_snapshot before = {VALUE_NULL, VALUE_NULL};
    *end = true;
    if (!text->has_decoder) {
        io_raise_unsupported(vm, "not readable");
        return false;
    }
    if (text->telling && !decoder_get_state(vm, &text->decoder, &before))
        return false;
    int64_t size = text->chunk_size;
    if (hint > 0 && (double)hint * text->bytes_per_character > (double)size)
        size = (int64_t)((double)hint * text->bytes_per_character);
    value bytes = read_bytes(vm, text, size);
    const uint8_t *data;
    size_t length;
    if (bytes == VALUE_NULL)
        return false;
    if (!has_buffer(vm, bytes)) {
        raise_error(vm, &exc_TypeError, "underlying %s() should have returned a bytes-like object, not '%T'",
                    text->has_read1 ? "read1" : "read", bytes);
        return false;
    }
    if (!buffer_of(vm, bytes, &data, &length))
        return false;
    value decoded = decoder_decode(vm, &text->decoder, bytes, length == 0);
    if (decoded == VALUE_NULL)
        return false;
    text_set_decoded(text, decoded);
    size_t characters = string_of(decoded)->length;
    text->bytes_per_character = characters ? (double)length / (double)characters : 0;
    *end = length == 0 && !characters;
    if (text->telling) {
        if (!is_bytes(bytes) && (bytes = bytes_from(vm, data, length)) == VALUE_NULL)
            return false;
        size_t held = bytes_of(before.bytes)->length;
        value whole = held ? bytes_from(vm, NULL, held + length) : bytes;
        if (whole == VALUE_NULL)
            return false;
        if (held) {
            memcpy(bytes_of(whole)->data, bytes_of(before.bytes)->data, held);
            memcpy(bytes_of(whole)->data + held, bytes_of(bytes)->data, length);
        }
        text->snapshot = (struct decoder_snapshot){whole, before.flags};
    }
    return true;
}

static bool prepare(struct vm *vm, value self)
{
    return text_ready(vm, self) && text_check_closed(vm, self);
}

static bool readable(struct vm *vm, const struct text_state *text)
{
    if (!text->has_decoder && !text->stream)
        io_raise_unsupported(vm, "not readable");
    return text->has_decoder || text->stream;
}

static value read_rest(struct vm *vm, value self)
{
    struct text_state *text = text_of(self);
    value bytes = buffered_is_native(vm, text->buffer) ? buffered_read(vm, text->buffer, -1)
                                                       : call_method(vm, text->buffer, "read", NULL, 0);
    if (bytes == VALUE_NULL)
        return VALUE_NULL;
    if (!has_buffer(vm, bytes))
        return raise_error(vm, &exc_TypeError, "underlying read() should have returned a bytes-like object, not '%T'", bytes);
    value decoded = decoder_decode(vm, &text->decoder, bytes, true);
    value first = decoded == VALUE_NULL ? VALUE_NULL : take_decoded(vm, text, -1);
    if (first == VALUE_NULL)
        return VALUE_NULL;
    text_set_decoded(text, VALUE_NULL);
    text->snapshot.bytes = VALUE_NULL;
    return string_of(first)->length ? string_concat(vm, first, decoded) : decoded;
}

IO_FUNCTION(text_read)
{
    IO_UNUSED;
    int64_t size;
    if (!prepare(vm, self) || !io_optional_size(vm, arguments[0], &size))
        return VALUE_NULL;
    struct text_state *text = text_of(self);
    if (!readable(vm, text))
        return VALUE_NULL;
    if (text->stream)
        return standard_read(vm, text, size);
    if (!text_write_out(vm, self))
        return VALUE_NULL;
    if (size < 0)
        return read_rest(vm, self);
    value result = take_decoded(vm, text, size);
    bool end = false;
    if (result == VALUE_NULL || string_of(result)->length == (uint64_t)size)
        return result;
    struct string_builder builder = {NULL, 0, 0};
    string_builder_add_string(&builder, result);
    while (builder.length < (size_t)size && !end) {
        if (!text_read_chunk(vm, self, size - (int64_t)builder.length, &end)) {
            string_builder_free(&builder);
            return VALUE_NULL;
        }
        value part = take_decoded(vm, text, size - (int64_t)builder.length);
        if (part != VALUE_NULL)
            string_builder_add_string(&builder, part);
    }
    return string_builder_finish(vm, &builder);
}

/* Where the first line of the decoded text ends, from `from` on; -1: not in it. */
static int64_t line_end(const struct text_state *text, struct span span, size_t from)
{
    if (text->read_translate || (!text->read_universal && !strcmp(text->read_newline, "\n"))) {
        int64_t at = span_find_character(span, '\n', from, span.length);
        return at < 0 ? -1 : at + 1;
    }
    if (text->read_universal) {
        int64_t line = span_find_character(span, '\n', from, span.length);
        int64_t carriage = span_find_character(span, '\r', from, line < 0 ? span.length : (size_t)line);
        if (carriage < 0)
            return line < 0 ? -1 : line + 1;
        bool both = (size_t)carriage + 1 < span.length && span_at(span, (size_t)carriage + 1) == '\n';
        return carriage + 1 + both;
    }
    struct span newline = {text->read_newline, strlen(text->read_newline), 1};
    int64_t at = span_find(span, newline, from, span.length);
    return at < 0 ? -1 : at + (int64_t)newline.length;
}

/* The beginning of a newline of two characters at the end of the decoded text. */
static bool ends_half(const struct text_state *text, struct span span)
{
    return !text->read_universal && text->read_newline[0] == '\r' && text->read_newline[1] == '\n' &&
           span_at(span, span.length - 1) == '\r';
}

static value read_line(struct vm *vm, value self, int64_t limit)
{
    struct text_state *text = text_of(self);
    struct string_builder builder = {NULL, 0, 0};
    for (;;) {
        if (decoded_left(text)) {
            struct span span = string_span(text->decoded);
            int64_t end = line_end(text, span, text->decoded_used);
            int64_t size = (end < 0 ? (int64_t)span.length : end) - (int64_t)text->decoded_used;
            int64_t room = limit < 0 ? INT64_MAX : limit - (int64_t)builder.length;
            bool done = end >= 0 || size >= room;
            if (size > room)
                size = room;
            bool half = !done && ends_half(text, span);
            value part = take_decoded(vm, text, size - half);
            if (part == VALUE_NULL) {
                string_builder_free(&builder);
                return VALUE_NULL;
            }
            if (done && !builder.length)
                return part;
            string_builder_add_string(&builder, part);
            if (done)
                return string_builder_finish(vm, &builder);
        }
        value kept = decoded_left(text) ? take_decoded(vm, text, -1) : VALUE_NULL; /* half of a newline */
        bool end;
        if (!text_read_chunk(vm, self, 0, &end)) {
            string_builder_free(&builder);
            return VALUE_NULL;
        }
        if (kept != VALUE_NULL) {
            value joined = text->decoded == VALUE_NULL ? kept : string_concat(vm, kept, text->decoded);
            text_set_decoded(text, joined);
            if (end && joined != VALUE_NULL)
                string_builder_add_string(&builder, take_decoded(vm, text, -1));
        }
        if (end) {
            text_set_decoded(text, VALUE_NULL);
            text->snapshot.bytes = VALUE_NULL;
            return string_builder_finish(vm, &builder);
        }
    }
}

static value any_line(struct vm *vm, value self, int64_t limit)
{
    struct text_state *text = text_of(self);
    if (!readable(vm, text))
        return VALUE_NULL;
    if (text->stream)
        return standard_read_line(vm, text, limit);
    return text_write_out(vm, self) ? read_line(vm, self, limit) : VALUE_NULL;
}

IO_FUNCTION(text_readline)
{
    IO_UNUSED;
    int64_t limit = -1;
    if (!prepare(vm, self) || (arguments[0] != VALUE_NULL && !io_index(vm, arguments[0], &limit)))
        return VALUE_NULL;
    return any_line(vm, self, limit);
}

IO_FUNCTION(text_next)
{
    IO_UNUSED;
    if (!prepare(vm, self))
        return VALUE_NULL;
    struct text_state *text = text_of(self);
    text->telling = false;
    value line;
    if (io_is_exact(vm, self, IO_TEXT)) {
        line = any_line(vm, self, -1);
    } else {
        line = call_method(vm, self, "readline", NULL, 0);
        if (line != VALUE_NULL && !is_string(line))
            return raise_error(vm, &exc_OSError, "readline() should have returned a str object, not '%T'", line);
    }
    if (line == VALUE_NULL || string_of(line)->length)
        return line;
    text->snapshot.bytes = VALUE_NULL;
    text->telling = text->seekable;
    return raise_stop_iteration(vm, NONE);
}
