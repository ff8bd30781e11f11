/* newline.c - decoding in pieces, with universal newlines: what TextIOWrapper reads through, and IncrementalNewlineDecoder.
 * UTF-8, ASCII and Latin-1 are decoded natively; any other encoding by an incremental decoder of module codecs. */
#include "sim/modules/io/file.h"

/* ---- native decoding ---- */

/* How many bytes at the end begin a UTF-8 character that is not complete. */
static size_t incomplete_tail(const uint8_t *data, size_t size)
{
    for (size_t back = 1; back <= 3 && back <= size; back++) {
        uint8_t byte = data[size - back];
        if (byte < 0x80)
            return 0;
        if (byte >= 0xc2 && byte <= 0xf4) {
            size_t length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
            return length > back ? back : 0;
        }
        if (byte >= 0xc0)
            return 0;
    }
    return 0;
}

static value decode_natively(struct vm *vm, struct text_decoder *decoder, value bytes, bool final)
{
    const uint8_t *data;
    size_t size;
    static const char *const names[] = {"utf-8", "ascii", "latin-1"};
    if (!buffer_of(vm, bytes, &data, &size))
        return VALUE_NULL;
    ADD_WORK(vm, characters, size);
    if (decoder->kind != DECODER_UTF8)
        return bytes_decode(vm, data, size, names[decoder->kind], decoder->errors);
    if (decoder->held_count) {
        value whole = bytes_from(vm, NULL, decoder->held_count + size);
        if (whole == VALUE_NULL)
            return VALUE_NULL;
        memcpy(bytes_of(whole)->data, decoder->held, decoder->held_count);
        memcpy(bytes_of(whole)->data + decoder->held_count, data, size);
        bytes = whole;
        data = bytes_of(whole)->data;
        size += decoder->held_count;
    }
    size_t tail = final ? 0 : incomplete_tail(data, size);
    value text = bytes_decode(vm, data, size - tail, "utf-8", decoder->errors);
    if (text == VALUE_NULL)
        return VALUE_NULL;
    memcpy(decoder->held, data + size - tail, tail);
    decoder->held_count = (uint8_t)tail;
    gc_keep(bytes);
    return text;
}

static value decode_inner(struct vm *vm, struct text_decoder *decoder, value input, bool final)
{
    if (decoder->kind == DECODER_NONE)
        return input;
    if (decoder->kind != DECODER_OBJECT)
        return decode_natively(vm, decoder, input, final);
    value arguments[2] = {input, bool_value(final)};
    return call_method(vm, decoder->object, "decode", arguments, 2);
}

/* ---- newlines ---- */

static unsigned newline_kinds(struct span text)
{
    unsigned seen = 0;
    for (size_t i = 0; i < text.length && seen != 7; i++) {
        uint32_t c = span_at(text, i);
        if (c == '\n') {
            seen |= NEWLINE_LF;
        } else if (c == '\r' && i + 1 < text.length && span_at(text, i + 1) == '\n') {
            seen |= NEWLINE_CRLF;
            i++;
        } else if (c == '\r') {
            seen |= NEWLINE_CR;
        }
    }
    return seen;
}

value newlines_translate(struct vm *vm, value text)
{
    struct span span = string_span(text);
    struct string_builder builder = {NULL, 0, 0};
    for (size_t i = 0; i < span.length; i++) {
        uint32_t c = span_at(span, i);
        if (c == '\r' && i + 1 < span.length && span_at(span, i + 1) == '\n')
            continue;
        string_builder_add(&builder, c == '\r' ? '\n' : c);
    }
    gc_keep(text);
    return string_builder_finish(vm, &builder);
}

value newlines_value(struct vm *vm, unsigned seen)
{
    static const char *const names[] = {"\r", "\n", "\r\n"};
    value found[3];
    size_t count = 0;
    for (unsigned i = 0; i < 3; i++)
        if (seen & (1u << i))
            found[count++] = string_from_text(vm, names[i]);
    return count == 0 ? NONE : count == 1 ? found[0] : tuple_from(vm, found, count);
}

static value finish_newlines(struct vm *vm, struct text_decoder *decoder, value text, bool final)
{
    if (decoder->pending_cr && (final || string_of(text)->length)) {
        text = string_concat(vm, string_from_text(vm, "\r"), text);
        if (text == VALUE_NULL)
            return VALUE_NULL;
        decoder->pending_cr = false;
    }
    struct span span = string_span(text);
    bool has_carriage = span_find_character(span, '\r', 0, span.length) >= 0;
    if (has_carriage && !final && span_at(span, span.length - 1) == '\r') { /* its \n may come */
        text = string_slice(vm, text, 0, (int64_t)span.length - 1);
        if (text == VALUE_NULL)
            return VALUE_NULL;
        decoder->pending_cr = true;
        span = string_span(text);
    }
    if (!has_carriage) {
        if (!(decoder->seen & NEWLINE_LF) && span_find_character(span, '\n', 0, span.length) >= 0)
            decoder->seen |= NEWLINE_LF;
        return text;
    }
    decoder->seen |= (uint8_t)newline_kinds(span);
    return decoder->translate ? newlines_translate(vm, text) : text;
}

value decoder_decode(struct vm *vm, struct text_decoder *decoder, value bytes, bool final)
{
    value text = decode_inner(vm, decoder, bytes, final);
    if (text == VALUE_NULL)
        return VALUE_NULL;
    if (!is_string(text))
        return raise_error(vm, &exc_TypeError, "decoder should return a string result, not '%T'", text);
    return decoder->universal ? finish_newlines(vm, decoder, text, final) : text;
}

/* ---- state ---- */

bool decoder_get_state(struct vm *vm, struct text_decoder *decoder, struct decoder_snapshot *out)
{
    *out = (struct decoder_snapshot){vm->empty_bytes, small_int(0)};
    if (decoder->kind == DECODER_OBJECT) {
        value state = call_method(vm, decoder->object, "getstate", NULL, 0);
        if (state == VALUE_NULL)
            return false;
        if (!has_flag(state, TYPE_TUPLE) || tuple_of(state)->length != 2) {
            raise_error(vm, &exc_TypeError, "illegal decoder state");
            return false;
        }
        out->bytes = tuple_of(state)->items[0];
        out->flags = tuple_of(state)->items[1];
        if (!is_bytes(out->bytes)) {
            raise_error(vm, &exc_TypeError, "illegal decoder state: the first item should be a bytes object, not '%T'", out->bytes);
            return false;
        }
        if (!is_int(out->flags)) {
            raise_error(vm, &exc_TypeError, "illegal decoder state");
            return false;
        }
    } else if (decoder->held_count) {
        out->bytes = bytes_from(vm, decoder->held, decoder->held_count);
    }
    if (decoder->universal) {
        out->flags = int_binary(vm, BINARY_LSHIFT, out->flags, small_int(1));
        if (out->flags != VALUE_NULL && decoder->pending_cr)
            out->flags = int_binary(vm, BINARY_OR, out->flags, small_int(1));
    }
    return out->bytes != VALUE_NULL && out->flags != VALUE_NULL;
}

bool decoder_set_state(struct vm *vm, struct text_decoder *decoder, const struct decoder_snapshot *state)
{
    value flags = state->flags;
    if (decoder->universal) {
        value low = int_binary(vm, BINARY_AND, flags, small_int(1));
        decoder->pending_cr = low == small_int(1);
        flags = int_binary(vm, BINARY_RSHIFT, flags, small_int(1));
        if (flags == VALUE_NULL)
            return false;
    }
    if (decoder->kind == DECODER_OBJECT) {
        value pair = tuple_pack(vm, 2, state->bytes, flags);
        return pair != VALUE_NULL && call_method(vm, decoder->object, "setstate", &pair, 1) != VALUE_NULL;
    }
    decoder->held_count = 0;
    if (decoder->kind != DECODER_NONE && is_bytes(state->bytes) && bytes_of(state->bytes)->length <= sizeof decoder->held) {
        decoder->held_count = (uint8_t)bytes_of(state->bytes)->length;
        memcpy(decoder->held, bytes_of(state->bytes)->data, decoder->held_count);
    }
    return true;
}

bool decoder_reset(struct vm *vm, struct text_decoder *decoder)
{
    decoder->pending_cr = false;
    decoder->held_count = 0;
    decoder->seen = 0;
    return decoder->kind != DECODER_OBJECT || call_method(vm, decoder->object, "reset", NULL, 0) != VALUE_NULL;
}

/* ---- IncrementalNewlineDecoder ---- */

struct decoder_state {
    struct object head;
    struct text_decoder decoder;
};

static void state_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct decoder_state *)object)->decoder.object);
}

static struct type decoder_state_type = {
    .name = "_io.decoder_state", .instance_size = sizeof(struct decoder_state), .trace = state_trace};

static struct text_decoder *decoder_of(struct vm *vm, value self)
{
    struct decoder_state *state = (struct decoder_state *)io_native(self);
    if (!state)
        raise_error(vm, &exc_ValueError, "IncrementalNewlineDecoder.__init__() not called");
    return state ? &state->decoder : NULL;
}

static IO_FUNCTION(decoder_init)
{
    IO_UNUSED;
    type_ready(vm, &decoder_state_type);
    int translate = value_truth(vm, arguments[1]);
    struct decoder_state *state = translate < 0 ? NULL : GC_NEW(vm, struct decoder_state, &decoder_state_type);
    if (!state)
        return VALUE_NULL;
    state->decoder = (struct text_decoder){.kind = arguments[0] == NONE ? DECODER_NONE : DECODER_OBJECT,
                                           .object = arguments[0], .universal = true, .translate = translate};
    io_set_native(self, state);
    return NONE;
}

static IO_FUNCTION(decoder_decode_method)
{
    IO_UNUSED;
    struct text_decoder *decoder = decoder_of(vm, self);
    int final = arguments[1] == VALUE_NULL ? 0 : value_truth(vm, arguments[1]);
    return decoder && final >= 0 ? decoder_decode(vm, decoder, arguments[0], final) : VALUE_NULL;
}

static IO_FUNCTION(decoder_getstate)
{
    IO_UNUSED;
    struct text_decoder *decoder = decoder_of(vm, self);
    struct decoder_snapshot state;
    return decoder && decoder_get_state(vm, decoder, &state) ? tuple_pack(vm, 2, state.bytes, state.flags) : VALUE_NULL;
}

static IO_FUNCTION(decoder_setstate)
{
    IO_UNUSED;
    struct text_decoder *decoder = decoder_of(vm, self);
    if (!decoder)
        return VALUE_NULL;
    if (!has_flag(arguments[0], TYPE_TUPLE))
        return raise_error(vm, &exc_TypeError, "state argument must be a tuple");
    if (tuple_of(arguments[0])->length != 2 || !is_int(tuple_of(arguments[0])->items[1]))
        return raise_error(vm, &exc_TypeError, "setstate(): illegal state argument");
    struct decoder_snapshot state = {tuple_of(arguments[0])->items[0], tuple_of(arguments[0])->items[1]};
    return decoder_set_state(vm, decoder, &state) ? NONE : VALUE_NULL;
}

static IO_FUNCTION(decoder_reset_method)
{
    IO_UNUSED;
    struct text_decoder *decoder = decoder_of(vm, self);
    return decoder && decoder_reset(vm, decoder) ? NONE : VALUE_NULL;
}

static value get_newlines(struct vm *vm, value self)
{
    struct text_decoder *decoder = decoder_of(vm, self);
    return decoder ? newlines_value(vm, decoder->seen) : VALUE_NULL;
}

#define ROW(name, signature, function) {name, signature, function, METHOD_INSTANCE, NULL}
static const struct method_definition methods[] = {
    ROW("IncrementalNewlineDecoder", "(decoder, translate, errors='strict')", decoder_init),
    ROW("decode", "(input, final=False)", decoder_decode_method),
    ROW("getstate", "()", decoder_getstate),
    ROW("setstate", "(state, /)", decoder_setstate),
    ROW("reset", "()", decoder_reset_method),
    {NULL, NULL, NULL, 0, NULL},
};
static const struct property_definition properties[] = {{"newlines", get_newlines, NULL}, {NULL, NULL, NULL}};
const struct io_class_definition io_newline_decoder_class = {
    "IncrementalNewlineDecoder", "Codec used when reading a file in universal newlines mode.", IO_NEWLINE_DECODER, true, methods,
    properties};
