/* text.c - TextIOWrapper: opening, reconfiguring, writing, closing, and what it says of itself. */
#include "sim/modules/io/file.h"

#include <ctype.h>
#include <stdlib.h>

/* ---- state ---- */

static void forget_pending(struct vm *vm, struct text_state *text)
{
    if (text->next)
        text->next->previous = text->previous;
    if (text->previous)
        text->previous->next = text->next;
    else if (vm->io && vm->io->pending_texts == text)
        vm->io->pending_texts = text->next;
    text->next = text->previous = NULL;
}

static void set_used(struct vm *vm, struct text_state *text, size_t used)
{
    if (used && !text->used) {
        text->previous = NULL;
        text->next = vm->io->pending_texts;
        if (text->next)
            text->next->previous = text;
        vm->io->pending_texts = text;
    } else if (!used && text->used) {
        forget_pending(vm, text);
    }
    text->used = used;
}

static void text_release(struct vm *vm, struct object *object)
{
    struct text_state *text = (struct text_state *)object;
    set_used(vm, text, 0);
    free(text->output);
    text->output = NULL;
}

static void text_trace(struct vm *vm, struct object *object)
{
    struct text_state *text = (struct text_state *)object;
    gc_mark(vm, text->buffer);
    gc_mark(vm, text->encoding);
    gc_mark(vm, text->errors);
    gc_mark(vm, text->encoder);
    gc_mark(vm, text->decoder.object);
    gc_mark(vm, text->decoded);
    gc_mark(vm, text->snapshot.bytes);
    gc_mark(vm, text->snapshot.flags);
}

static struct type text_state_type = {.name = "_io.text_state",
                                      .instance_size = sizeof(struct text_state),
                                      .trace = text_trace,
                                      .release = text_release};

bool text_ready(struct vm *vm, value self)
{
    struct text_state *text = text_of(self);
    if (text && text->ready)
        return true;
    if (text && text->buffer == VALUE_NULL)
        raise_error(vm, &exc_ValueError, "underlying buffer has been detached");
    else
        io_raise_uninitialized(vm);
    return false;
}

bool text_check_closed(struct vm *vm, value self)
{
    struct text_state *text = text_of(self);
    if (io_is_exact(vm, self, IO_TEXT) && buffered_is_native(vm, text->buffer)) {
        value raw = buffered_of(text->buffer)->raw;
        if (io_is_exact(vm, raw, IO_FILE)) {
            bool open = raw_of(raw)->descriptor >= 0;
            if (!open)
                io_raise_closed(vm);
            return open;
        }
    }
    return io_check_closed(vm, self);
}

/* ---- encodings ---- */

enum decoder_kind encoding_kind(const char *name)
{
    char plain[16];
    size_t length = 0;
    for (; *name && length < sizeof plain - 1; name++)
        if (*name != '-' && *name != '_' && *name != ' ')
            plain[length++] = (char)tolower((unsigned char)*name);
    plain[length] = 0;
    static const struct { const char *name; enum decoder_kind kind; } known[] = {
        {"utf8", DECODER_UTF8}, {"u8", DECODER_UTF8}, {"cp65001", DECODER_UTF8}, {"ascii", DECODER_ASCII},
        {"usascii", DECODER_ASCII}, {"646", DECODER_ASCII}, {"latin1", DECODER_LATIN1}, {"latin", DECODER_LATIN1},
        {"iso88591", DECODER_LATIN1}, {"l1", DECODER_LATIN1}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (!strcmp(plain, known[i].name))
            return known[i].kind;
    return DECODER_OBJECT;
}

/* codecs.lookup(encoding), when it is one of text */
static value lookup_codec(struct vm *vm, value encoding)
{
    value codecs = import_module(vm, "codecs");
    value info = codecs == VALUE_NULL ? VALUE_NULL : call_method(vm, codecs, "lookup", &encoding, 1);
    if (info == VALUE_NULL)
        return VALUE_NULL;
    value is_text = get_attribute_text(vm, info, "_is_text_encoding");
    if (is_text == VALUE_NULL)
        exception_clear(vm);
    else if (value_truth(vm, is_text) == 0)
        return raise_error(vm, &exc_LookupError,
                           "%R is not a text encoding; use codecs.open() to handle arbitrary codecs", encoding);
    return info;
}

static value make_codec(struct vm *vm, const struct text_state *text, const char *which)
{
    value info = lookup_codec(vm, text->encoding);
    return info == VALUE_NULL ? VALUE_NULL : call_method(vm, info, which, &text->errors, 1);
}

bool text_make_decoder(struct vm *vm, struct text_state *text)
{
    text->has_decoder = false;
    if (!text->reads)
        return true;
    text->decoder = (struct text_decoder){.kind = text->native, .object = VALUE_NULL, .universal = text->read_universal,
                                          .translate = text->read_translate};
    if (text->native == DECODER_OBJECT) {
        text->decoder.object = make_codec(vm, text, "incrementaldecoder");
        if (text->decoder.object == VALUE_NULL)
            return false;
    }
    text->decoder.errors = string_utf8(vm, text->errors, NULL);
    text->has_decoder = true;
    return true;
}

static bool make_encoder(struct vm *vm, struct text_state *text)
{
    text->encoder = VALUE_NULL;
    text->at_start = false;
    if (!text->writes || text->native != DECODER_OBJECT)
        return true;
    text->encoder = make_codec(vm, text, "incrementalencoder");
    return text->encoder != VALUE_NULL;
}

/* An encoder that writes a byte order mark does so only at the start of the file. */
static bool place_encoder(struct vm *vm, struct text_state *text)
{
    if (text->encoder == VALUE_NULL || !text->seekable)
        return true;
    value at = call_method(vm, text->buffer, "tell", NULL, 0);
    if (at == VALUE_NULL)
        return false;
    if (at == small_int(0))
        return true;
    value none = small_int(0);
    return call_method(vm, text->encoder, "setstate", &none, 1) != VALUE_NULL;
}

/* ---- newlines ---- */

bool check_newline(struct vm *vm, value newline)
{
    if (newline == VALUE_NULL || newline == NONE)
        return true;
    if (!is_string(newline)) {
        raise_error(vm, &exc_TypeError, "newline must be str or None, not %T", newline);
        return false;
    }
    static const char *const legal[] = {"", "\n", "\r", "\r\n"};
    for (size_t i = 0; i < sizeof legal / sizeof *legal; i++)
        if (string_is(newline, legal[i]))
            return true;
    size_t size;
    const char *text = string_utf8(vm, newline, &size);
    if (text && strlen(text) != size)
        raise_error(vm, &exc_ValueError, "embedded null character");
    else if (text)
        raise_error(vm, &exc_ValueError, "illegal newline value: %s", text);
    return false;
}

static void set_newline(struct vm *vm, struct text_state *text, value newline)
{
    const char *chosen = newline == VALUE_NULL || newline == NONE ? "" : string_utf8(vm, newline, NULL);
    bool none = newline == VALUE_NULL || newline == NONE;
    text->read_universal = none || !*chosen;
    text->read_translate = none;
    text->write_translate = none || *chosen;
    strcpy(text->read_newline, none ? "" : chosen);
    strcpy(text->write_newline, text->write_translate && strcmp(chosen, "\n") ? chosen : "");
}

/* ---- opening ---- */

static bool check_errors(struct vm *vm, value errors)
{
    if (errors == VALUE_NULL || errors == NONE)
        return true;
    if (!is_string(errors)) {
        raise_error(vm, &exc_TypeError, "TextIOWrapper() argument 'errors' must be str or None, not %T", errors);
        return false;
    }
    size_t size;
    const char *text = string_utf8(vm, errors, &size);
    if (text && strlen(text) != size)
        raise_error(vm, &exc_ValueError, "embedded null character");
    return vm->pending == VALUE_NULL;
}

static bool set_encoding(struct vm *vm, struct text_state *text, value encoding)
{
    if (encoding == VALUE_NULL || encoding == NONE || (is_string(encoding) && string_is(encoding, "locale")))
        encoding = string_from_text(vm, "UTF-8");
    if (encoding == VALUE_NULL)
        return false;
    if (!is_string(encoding)) {
        raise_error(vm, &exc_TypeError, "TextIOWrapper() argument 'encoding' must be str or None, not %T", encoding);
        return false;
    }
    size_t size;
    const char *name = string_utf8(vm, encoding, &size);
    if (!name)
        return false;
    if (strlen(name) != size) {
        raise_error(vm, &exc_ValueError, "embedded null character");
        return false;
    }
    text->encoding = encoding;
    text->native = encoding_kind(name);
    return text->native != DECODER_OBJECT || lookup_codec(vm, encoding) != VALUE_NULL;
}

/* What the buffer can do. */
static bool ask_buffer(struct vm *vm, struct text_state *text)
{
    value ignored;
    int reads = io_test(vm, text->buffer, "readable"), writes = reads < 0 ? -1 : io_test(vm, text->buffer, "writable");
    int seekable = writes < 0 ? -1 : io_test(vm, text->buffer, "seekable");
    int has_read1 = seekable < 0 ? -1 : find_attribute(vm, text->buffer, intern_text(vm, "read1"), &ignored);
    if (has_read1 < 0)
        return false;
    text->seekable = text->telling = seekable;
    text->reads = reads;
    text->writes = writes;
    text->has_read1 = has_read1;
    return true;
}

bool text_open(struct vm *vm, value self, value buffer, const struct text_options *options)
{
    type_ready(vm, &text_state_type);
    struct text_state *text = GC_NEW(vm, struct text_state, &text_state_type);
    if (!text)
        return false;
    text->buffer = buffer;
    text->encoding = text->errors = text->encoder = text->decoder.object = text->decoded = VALUE_NULL;
    text->snapshot = (struct decoder_snapshot){VALUE_NULL, VALUE_NULL};
    text->chunk_size = IO_TEXT_CHUNK;
    text->line_buffering = options->line_buffering;
    text->write_through = options->write_through;
    io_set_native(self, text);
    if (!set_encoding(vm, text, options->encoding) || !check_errors(vm, options->errors) || !check_newline(vm, options->newline))
        return false;
    text->errors = options->errors == VALUE_NULL || options->errors == NONE ? intern_text(vm, "strict") : options->errors;
    set_newline(vm, text, options->newline);
    if (!ask_buffer(vm, text) || !text_make_decoder(vm, text) || !make_encoder(vm, text) || !place_encoder(vm, text))
        return false;
    struct buffered_state *inner = buffered_is_native(vm, buffer) ? buffered_of(buffer) : NULL;
    if (inner)
        inner->wrapped = true;
    text->ready = true;
    return true;
}

static IO_FUNCTION(text_init)
{
    IO_UNUSED;
    int line = arguments[4] == VALUE_NULL ? 0 : value_truth(vm, arguments[4]);
    int through = line < 0 ? -1 : arguments[5] == VALUE_NULL ? 0 : value_truth(vm, arguments[5]);
    struct text_options options = {arguments[1], arguments[2], arguments[3], line > 0, through > 0};
    return through >= 0 && text_open(vm, self, arguments[0], &options) ? NONE : VALUE_NULL;
}

/* ---- writing ---- */

bool text_write_out(struct vm *vm, value self)
{
    struct text_state *text = text_of(self);
    size_t size = text->used;
    if (!size)
        return true;
    if (buffered_is_native(vm, text->buffer)) {
        set_used(vm, text, 0);
        return buffered_write(vm, text->buffer, text->output, size);
    }
    value bytes = bytes_from(vm, text->output, size);
    if (bytes == VALUE_NULL)
        return false;
    set_used(vm, text, 0);
    return call_method(vm, text->buffer, "write", &bytes, 1) != VALUE_NULL;
}

void text_flush_quietly(struct vm *vm, struct text_state *text)
{
    if (!text->ready || !buffered_is_native(vm, text->buffer) ||
        !io_is_exact(vm, buffered_of(text->buffer)->raw, IO_FILE) || raw_of(buffered_of(text->buffer)->raw)->descriptor < 0)
        return;
    size_t size = text->used;
    set_used(vm, text, 0);
    if (!buffered_write(vm, text->buffer, text->output, size))
        exception_clear(vm);
}

static bool add_output(struct vm *vm, value self, const void *data, size_t size)
{
    struct text_state *text = text_of(self);
    if (text->stream)
        return stream_write(vm, text->stream, data, size);
    if (text->used && text->used + size > (size_t)text->chunk_size && !text_write_out(vm, self))
        return false;
    if (!text->used && size >= (size_t)text->chunk_size && buffered_is_native(vm, text->buffer))
        return buffered_write(vm, text->buffer, data, size);
    if (text->used + size > text->capacity) {
        size_t capacity = text->used + size + (size_t)IO_TEXT_CHUNK;
        uint8_t *output = realloc(text->output, capacity);
        if (!output) {
            raise_no_memory(vm);
            return false;
        }
        text->output = output;
        text->capacity = capacity;
    }
    memcpy(text->output + text->used, data, size);
    set_used(vm, text, text->used + size);
    return text->used < (size_t)text->chunk_size || text_write_out(vm, self);
}

static bool write_encoded(struct vm *vm, value self, value string)
{
    static const char *const names[] = {"utf-8", "ascii", "latin-1"};
    struct text_state *text = text_of(self);
    const struct string_object *s = string_of(string);
    if (text->encoder == VALUE_NULL && s->ascii)
        return add_output(vm, self, s->data, s->length);
    value bytes = text->encoder == VALUE_NULL
                      ? string_encode(vm, string, names[text->native], string_utf8(vm, text->errors, NULL))
                      : call_method(vm, text->encoder, "encode", &string, 1);
    if (bytes == VALUE_NULL)
        return false;
    if (!is_bytes(bytes)) {
        raise_error(vm, &exc_TypeError, "encoder should return a bytes object, not '%T'", bytes);
        return false;
    }
    return add_output(vm, self, bytes_of(bytes)->data, bytes_of(bytes)->length);
}

static IO_FUNCTION(text_write)
{
    IO_UNUSED;
    value string = arguments[0];
    if (!text_ready(vm, self))
        return VALUE_NULL;
    if (!is_string(string))
        return raise_error(vm, &exc_TypeError, "write() argument must be str, not %T", string);
    if (!text_check_closed(vm, self))
        return VALUE_NULL;
    struct text_state *text = text_of(self);
    if (!text->writes)
        return io_raise_unsupported(vm, "not writable");
    struct span span = string_span(string);
    bool has_line = (text->line_buffering || *text->write_newline) && span_find_character(span, '\n', 0, span.length) >= 0;
    bool flush = text->line_buffering && (has_line || span_find_character(span, '\r', 0, span.length) >= 0);
    size_t length = span.length;
    ADD_WORK(vm, characters, length);
    if (has_line && *text->write_newline) {
        value replaced[2] = {intern_text(vm, "\n"), string_from_text(vm, text->write_newline)};
        string = call_method(vm, string, "replace", replaced, 2);
    }
    if (string == VALUE_NULL || !write_encoded(vm, self, string) ||
        ((text->write_through || flush) && !text_write_out(vm, self)) ||
        (flush && call_method(vm, text->buffer, "flush", NULL, 0) == VALUE_NULL))
        return VALUE_NULL;
    if (text->stream)
        return small_int((int64_t)length);
    text_set_decoded(text, VALUE_NULL);
    text->snapshot.bytes = VALUE_NULL;
    if (text->has_decoder && !decoder_reset(vm, &text->decoder))
        return VALUE_NULL;
    return small_int((int64_t)length);
}

static IO_FUNCTION(text_flush)
{
    IO_UNUSED;
    if (!text_ready(vm, self) || !text_check_closed(vm, self))
        return VALUE_NULL;
    struct text_state *text = text_of(self);
    text->telling = text->seekable;
    return text_write_out(vm, self) ? call_method(vm, text->buffer, "flush", NULL, 0) : VALUE_NULL;
}

static IO_FUNCTION(text_truncate)
{
    IO_UNUSED;
    if (!text_ready(vm, self) || call_method(vm, self, "flush", NULL, 0) == VALUE_NULL)
        return VALUE_NULL;
    return call_method(vm, text_of(self)->buffer, "truncate", arguments, arguments[0] != VALUE_NULL);
}

/* ---- changing it ---- */

static IO_FUNCTION(text_reconfigure)
{
    IO_UNUSED;
    if (!text_ready(vm, self))
        return VALUE_NULL;
    struct text_state *text = text_of(self);
    value encoding = arguments[0] == NONE ? VALUE_NULL : arguments[0], errors = arguments[1] == NONE ? VALUE_NULL : arguments[1];
    value newline = arguments[2];
    if (text->decoded != VALUE_NULL && (encoding != VALUE_NULL || errors != VALUE_NULL || newline != VALUE_NULL))
        return io_raise_unsupported(vm, "It is not possible to set the encoding or newline of stream after the first read");
    int line = arguments[3] == VALUE_NULL || arguments[3] == NONE ? text->line_buffering : value_truth(vm, arguments[3]);
    int through = arguments[4] == VALUE_NULL || arguments[4] == NONE ? text->write_through : value_truth(vm, arguments[4]);
    if (line < 0 || through < 0 || !check_newline(vm, newline))
        return VALUE_NULL;
    if (encoding != VALUE_NULL && !is_string(encoding))
        return raise_error(vm, &exc_TypeError, "reconfigure() argument 'encoding' must be str or None, not %T", encoding);
    if (!check_errors(vm, errors) || call_method(vm, self, "flush", NULL, 0) == VALUE_NULL)
        return VALUE_NULL;
    if (encoding != VALUE_NULL && !set_encoding(vm, text, encoding))
        return VALUE_NULL;
    if (errors != VALUE_NULL)
        text->errors = errors;
    else if (encoding != VALUE_NULL)
        text->errors = intern_text(vm, "strict");
    if (newline != VALUE_NULL)
        set_newline(vm, text, newline);
    text->line_buffering = line;
    text->write_through = through;
    if (text->stream)
        text->stream->line_buffered = line || through;
    if (encoding == VALUE_NULL && errors == VALUE_NULL && newline == VALUE_NULL)
        return NONE;
    return text_make_decoder(vm, text) && make_encoder(vm, text) && place_encoder(vm, text) ? NONE : VALUE_NULL;
}

static IO_FUNCTION(text_detach)
{
    IO_UNUSED;
    if (!text_ready(vm, self) || call_method(vm, self, "flush", NULL, 0) == VALUE_NULL)
        return VALUE_NULL;
    struct text_state *text = text_of(self);
    value buffer = text->buffer;
    if (buffered_is_native(vm, buffer))
        buffered_of(buffer)->wrapped = false;
    text->buffer = VALUE_NULL;
    text->ready = false;
    return buffer;
}

static IO_FUNCTION(text_close)
{
    IO_UNUSED;
    if (!text_ready(vm, self))
        return VALUE_NULL;
    struct text_state *text = text_of(self);
    int closed = io_is_closed(vm, self);
    if (closed)
        return closed < 0 ? VALUE_NULL : NONE;
    bool flushed = call_method(vm, self, "flush", NULL, 0) != VALUE_NULL;
    return io_close_after(vm, flushed, text->buffer) ? NONE : VALUE_NULL;
}

static IO_FUNCTION(text_finalize)
{
    struct text_state *text = text_of(self);
    if (!text || !text->ready || text->stream)
        return NONE;
    if (call_method(vm, text->buffer, "_dealloc_warn", &self, 1) == VALUE_NULL)
        exception_clear(vm);
    return io_base_finalize(vm, self, arguments, count, keyword_names);
}

/* ---- what it is ---- */

#define OF_BUFFER(name)                                                                                                \
    static IO_FUNCTION(text_##name)                                                                                    \
    {                                                                                                                  \
        IO_UNUSED;                                                                                                     \
        return text_ready(vm, self) ? call_method(vm, text_of(self)->buffer, #name, NULL, 0) : VALUE_NULL;             \
    }
OF_BUFFER(fileno)
OF_BUFFER(isatty)
OF_BUFFER(readable)
OF_BUFFER(writable)
OF_BUFFER(seekable)

#define GETTER(name, expression)                                                                                       \
    static value get_##name(struct vm *vm, value self)                                                                 \
    {                                                                                                                  \
        struct text_state *text = text_of(self);                                                                       \
        if (!text)                                                                                                     \
            return io_raise_uninitialized(vm);                                                                         \
        return expression;                                                                                             \
    }
GETTER(encoding, text->encoding)
GETTER(errors, text->errors)
GETTER(buffer, text->buffer == VALUE_NULL ? NONE : text->buffer)
GETTER(line_buffering, bool_value(text->line_buffering))
GETTER(write_through, bool_value(text->write_through))
GETTER(chunk_size, text_ready(vm, self) ? int_from_int64(vm, text->chunk_size) : VALUE_NULL)
GETTER(closed, text_ready(vm, self) ? get_attribute_text(vm, text->buffer, "closed") : VALUE_NULL)
GETTER(name, text_ready(vm, self) ? get_attribute_text(vm, text->buffer, "name") : VALUE_NULL)
GETTER(newlines, text_ready(vm, self) ? newlines_value(vm, text->decoder.seen) : VALUE_NULL)

static bool set_chunk_size(struct vm *vm, value self, value item)
{
    int64_t size;
    if (!text_ready(vm, self))
        return false;
    if (item == VALUE_NULL) {
        raise_error(vm, &exc_AttributeError, "cannot delete attribute");
        return false;
    }
    if (!io_index(vm, item, &size))
        return false;
    if (size <= 0) {
        raise_error(vm, &exc_ValueError, "a strictly positive integer is required");
        return false;
    }
    text_of(self)->chunk_size = size;
    return true;
}

/* " name='x'", or nothing when there is no such attribute */
static bool add_attribute(struct vm *vm, value self, const char *name, value *text)
{
    value found;
    int got = find_attribute(vm, self, intern_text(vm, name), &found);
    if (got < 0) {
        if (!exception_matches(vm, &exc_ValueError))
            return false;
        exception_clear(vm);
    }
    if (got > 0)
        *text = string_printf(vm, "%U %s=%R", *text, name, found);
    return *text != VALUE_NULL && vm->pending == VALUE_NULL;
}

static IO_FUNCTION(text_repr)
{
    IO_UNUSED;
    if (!text_of(self))
        return io_raise_uninitialized(vm);
    struct repr_guard guard;
    enum repr_state state = repr_enter(vm, &guard, self);
    if (state != REPR_FIRST)
        return state == REPR_AGAIN ? raise_error(vm, &exc_RuntimeError, "reentrant call inside %T.__repr__", self) : VALUE_NULL;
    value result = string_from_text(vm, "<_io.TextIOWrapper");
    if (result == VALUE_NULL || !add_attribute(vm, self, "name", &result) || !add_attribute(vm, self, "mode", &result))
        result = VALUE_NULL;
    repr_leave(vm, &guard);
    return result == VALUE_NULL ? VALUE_NULL : string_printf(vm, "%U encoding=%R>", result, text_of(self)->encoding);
}

#define ROW(name, signature, function) {name, signature, function, METHOD_INSTANCE, NULL}
static const struct method_definition methods[] = {
    ROW("TextIOWrapper", "(buffer, encoding=None, errors=None, newline=None, line_buffering=False, write_through=False)",
        text_init),
    ROW("detach", "()", text_detach),
    ROW("reconfigure", "(*, encoding=None, errors=None, newline=None, line_buffering=None, write_through=None)",
        text_reconfigure),
    ROW("write", "(text, /)", text_write),
    ROW("read", "(size=-1, /)", text_read),
    ROW("readline", "(size=-1, /)", text_readline),
    ROW("flush", "()", text_flush),
    ROW("close", "()", text_close),
    ROW("fileno", "()", text_fileno),
    ROW("isatty", "()", text_isatty),
    ROW("readable", "()", text_readable),
    ROW("writable", "()", text_writable),
    ROW("seekable", "()", text_seekable),
    ROW("seek", "(cookie, whence=0, /)", text_seek),
    ROW("tell", "()", text_tell),
    ROW("truncate", "(pos=None, /)", text_truncate),
    ROW("__next__", "()", text_next),
    ROW("__repr__", "()", text_repr),
    ROW("__del__", "()", text_finalize),
    ROW("__reduce_ex__", "(protocol, /)", io_refuse_pickle),
    ROW("__reduce__", "()", io_refuse_pickle),
    {NULL, NULL, NULL, 0, NULL},
};
static const struct property_definition properties[] = {
    {"encoding", get_encoding, NULL},       {"errors", get_errors, NULL},
    {"buffer", get_buffer, NULL},           {"line_buffering", get_line_buffering, NULL},
    {"write_through", get_write_through, NULL}, {"closed", get_closed, NULL},
    {"name", get_name, NULL},               {"newlines", get_newlines, NULL},
    {"_CHUNK_SIZE", get_chunk_size, set_chunk_size}, {NULL, NULL, NULL}};
const struct io_class_definition io_text_class = {
    "TextIOWrapper", "Character and line based layer over a BufferedIOBase object, buffer.", IO_TEXT_BASE, true, methods,
    properties};
