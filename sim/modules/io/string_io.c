/* string_io.c - StringIO: a text file in memory, code points of four bytes. */
#include "sim/modules/io/file.h"

struct string_state {
    struct object head;
    uint32_t *data;            /* gc_storage */
    size_t capacity;           /* bytes */
    size_t length, position;   /* characters */
    bool closed, write_translate;
    char newline[3];           /* what ends a line when reading, and what \n is written as when write_translate */
    value newline_argument;
    struct text_decoder decoder; /* DECODER_NONE: newlines only */
};

static void state_trace(struct vm *vm, struct object *object)
{
    gc_mark_storage(vm, ((struct string_state *)object)->data);
    gc_mark(vm, ((struct string_state *)object)->newline_argument);
}

static struct type string_state_type = {
    .name = "_io.string_state", .instance_size = sizeof(struct string_state), .trace = state_trace};

static struct string_state *open_state(struct vm *vm, value self)
{
    struct string_state *state = (struct string_state *)io_native(self);
    if (!state)
        io_raise_uninitialized(vm);
    else if (state->closed)
        raise_error(vm, &exc_ValueError, "I/O operation on closed file");
    return state && !state->closed ? state : NULL;
}

static struct span contents(const struct string_state *state, size_t start, size_t stop)
{
    return (struct span){state->data + (stop > start ? start : 0), stop > start ? stop - start : 0, 4};
}

static value take(struct vm *vm, struct string_state *state, size_t size)
{
    struct span span = contents(state, state->position, state->position + size);
    ADD_WORK(vm, characters, size);
    state->position += size;
    return span.length ? string_from_span(vm, span) : vm->empty_string;
}

static bool write_span(struct vm *vm, struct string_state *state, struct span span)
{
    size_t end = state->position + span.length;
    if (!span.length)
        return true;
    if (end > STRING_LENGTH_MAX) {
        raise_error(vm, &exc_OverflowError, "new position too large");
        return false;
    }
    if (end * 4 > state->capacity) {
        size_t capacity = end * 4 + state->capacity / 2 + 64;
        uint32_t *data = gc_resize_storage(vm, state->data, state->capacity, capacity);
        if (!data)
            return false;
        state->data = data;
        state->capacity = capacity;
    }
    if (state->position > state->length)
        memset(state->data + state->length, 0, (state->position - state->length) * 4);
    span_copy(state->data, 4, state->position, span);
    state->position = end;
    if (end > state->length)
        state->length = end;
    ADD_WORK(vm, characters, span.length);
    return true;
}

static bool write_string(struct vm *vm, struct string_state *state, value string)
{
    if (state->decoder.universal && (string = decoder_decode(vm, &state->decoder, string, true)) == VALUE_NULL)
        return false;
    struct span span = string_span(string);
    if (state->write_translate && span_find_character(span, '\n', 0, span.length) >= 0) {
        value replaced[2] = {intern_text(vm, "\n"), string_from_text(vm, state->newline)};
        string = call_method(vm, string, "replace", replaced, 2);
        if (string == VALUE_NULL)
            return false;
    }
    bool written = write_span(vm, state, string_span(string));
    gc_keep(string);
    return written;
}

static IO_FUNCTION(string_init)
{
    IO_UNUSED;
    value initial = arguments[0], newline = arguments[1];
    type_ready(vm, &string_state_type);
    if (newline != VALUE_NULL && !check_newline(vm, newline)) {
        if (!is_string(newline) || !exception_matches(vm, &exc_ValueError))
            return VALUE_NULL;
        exception_clear(vm);
        return raise_error(vm, &exc_ValueError, "illegal newline value: %R", newline);
    }
    if (initial != VALUE_NULL && initial != NONE && !is_string(initial))
        return raise_error(vm, &exc_TypeError, "initial_value must be str or None, not %T", initial);
    struct string_state *state = GC_NEW(vm, struct string_state, &string_state_type);
    if (!state)
        return VALUE_NULL;
    state->newline_argument = newline == VALUE_NULL ? intern_text(vm, "\n") : newline;
    const char *text = newline == VALUE_NULL ? "\n" : newline == NONE ? "" : string_utf8(vm, newline, NULL);
    strcpy(state->newline, text);
    state->decoder = (struct text_decoder){.kind = DECODER_NONE, .object = VALUE_NULL, .universal = !*text,
                                           .translate = newline == NONE};
    state->write_translate = *text == '\r';
    io_set_native(self, state);
    if (initial != VALUE_NULL && initial != NONE && !write_string(vm, state, initial))
        return VALUE_NULL;
    state->position = 0;
    return NONE;
}

static IO_FUNCTION(string_write)
{
    IO_UNUSED;
    if (!io_native(self))
        return io_raise_uninitialized(vm);
    if (!is_string(arguments[0]))
        return raise_error(vm, &exc_TypeError, "string argument expected, got '%T'", arguments[0]);
    struct string_state *state = open_state(vm, self);
    return state && write_string(vm, state, arguments[0]) ? small_int(string_of(arguments[0])->length) : VALUE_NULL;
}

static size_t left(const struct string_state *state)
{
    return state->position < state->length ? state->length - state->position : 0;
}

static IO_FUNCTION(string_read)
{
    IO_UNUSED;
    int64_t size;
    struct string_state *state = open_state(vm, self);
    if (!state || !io_optional_size(vm, arguments[0], &size))
        return VALUE_NULL;
    return take(vm, state, size < 0 ? left(state) : size_minimum((size_t)size, left(state)));
}

/* How long the line is that starts at the position. */
static size_t line_size(const struct string_state *state, int64_t limit)
{
    size_t all = left(state);
    struct span span = contents(state, state->position, state->length);
    int64_t end;
    if (!state->decoder.universal || state->decoder.translate) {
        size_t size = *state->newline ? strlen(state->newline) : 1;
        struct span newline = {*state->newline ? state->newline : "\n", size, 1};
        end = size == 1 ? span_find_character(span, (uint8_t)((const char *)newline.data)[0], 0, span.length)
                        : span_find(span, newline, 0, span.length);
        end = end < 0 ? -1 : end + (int64_t)size;
    } else {
        int64_t feed = span_find_character(span, '\n', 0, span.length);
        int64_t carriage = span_find_character(span, '\r', 0, feed < 0 ? span.length : (size_t)feed);
        bool both = carriage >= 0 && (size_t)carriage + 1 < span.length && span_at(span, (size_t)carriage + 1) == '\n';
        end = carriage >= 0 ? carriage + 1 + both : feed < 0 ? -1 : feed + 1;
    }
    size_t size = end < 0 ? all : (size_t)end;
    return limit >= 0 && (size_t)limit < size ? (size_t)limit : size;
}

static IO_FUNCTION(string_readline)
{
    IO_UNUSED;
    int64_t limit;
    struct string_state *state = open_state(vm, self);
    return state && io_optional_size(vm, arguments[0], &limit) ? take(vm, state, line_size(state, limit)) : VALUE_NULL;
}

static IO_FUNCTION(string_next)
{
    IO_UNUSED;
    struct string_state *state = open_state(vm, self);
    if (!state)
        return VALUE_NULL;
    if (!io_is_exact(vm, self, IO_STRING)) {
        value line = call_method(vm, self, "readline", NULL, 0);
        if (line != VALUE_NULL && !is_string(line))
            return raise_error(vm, &exc_OSError, "readline() should have returned a str object, not '%T'", line);
        return line == VALUE_NULL || string_of(line)->length ? line : raise_stop_iteration(vm, NONE);
    }
    size_t size = line_size(state, -1);
    return size ? take(vm, state, size) : raise_stop_iteration(vm, NONE);
}

static IO_FUNCTION(string_getvalue)
{
    IO_UNUSED;
    struct string_state *state = open_state(vm, self);
    if (!state)
        return VALUE_NULL;
    ADD_WORK(vm, characters, state->length);
    return state->length ? string_from_span(vm, contents(state, 0, state->length)) : vm->empty_string;
}

static IO_FUNCTION(string_tell)
{
    IO_UNUSED;
    struct string_state *state = open_state(vm, self);
    return state ? small_int((int64_t)state->position) : VALUE_NULL;
}

static IO_FUNCTION(string_seek)
{
    IO_UNUSED;
    struct string_state *state = open_state(vm, self);
    int64_t offset, whence = 0;
    if (!state || !io_index(vm, arguments[0], &offset) || (arguments[1] != VALUE_NULL && !io_index(vm, arguments[1], &whence)))
        return VALUE_NULL;
    if (whence < 0 || whence > 2)
        return raise_error(vm, &exc_ValueError, "Invalid whence (%ld, should be 0, 1 or 2)", (long)whence);
    if (whence == 0 && offset < 0)
        return raise_error(vm, &exc_ValueError, "Negative seek position %ld", (long)offset);
    if (whence && offset)
        return raise_error(vm, &exc_OSError, "Can't do nonzero cur-relative seeks");
    state->position = whence == 1 ? state->position : whence == 2 ? state->length : (size_t)offset;
    return int_from_int64(vm, (int64_t)state->position);
}

static IO_FUNCTION(string_truncate)
{
    IO_UNUSED;
    struct string_state *state = open_state(vm, self);
    if (!state)
        return VALUE_NULL;
    int64_t size = (int64_t)state->position;
    if (arguments[0] != VALUE_NULL && arguments[0] != NONE && !io_optional_size(vm, arguments[0], &size))
        return VALUE_NULL;
    if (size < 0)
        return raise_error(vm, &exc_ValueError, "Negative size value %ld", (long)size);
    if ((uint64_t)size < state->length)
        state->length = (size_t)size;
    return int_from_int64(vm, size);
}

static IO_FUNCTION(string_close)
{
    IO_UNUSED;
    struct string_state *state = (struct string_state *)io_native(self);
    if (state) {
        state->closed = true;
        state->data = NULL;
        state->capacity = state->length = 0;
    }
    return NONE;
}

static IO_FUNCTION(string_true)
{
    IO_UNUSED;
    return open_state(vm, self) ? TRUE : VALUE_NULL;
}

static IO_FUNCTION(string_nothing)
{
    IO_UNUSED;
    return NONE;
}

/* ---- pickling ---- */

static IO_FUNCTION(string_getstate)
{
    value contents_value = string_getvalue(vm, self, arguments, count, keyword_names), dict = VALUE_NULL;
    if (contents_value != VALUE_NULL)
        dict = instance_dict(vm, self);
    if (dict == VALUE_NULL)
        return VALUE_NULL;
    struct string_state *state = (struct string_state *)io_native(self);
    dict = dict_of(dict)->count ? dict_copy(vm, dict) : NONE;
    return dict == VALUE_NULL ? VALUE_NULL : tuple_pack(vm, 4, contents_value, state->newline_argument,
                                                        small_int((int64_t)state->position), dict);
}

static IO_FUNCTION(string_setstate)
{
    value given = arguments[0];
    if (io_native(self) && !open_state(vm, self))
        return VALUE_NULL;
    if (!has_flag(given, TYPE_TUPLE) || tuple_of(given)->length < 4)
        return raise_error(vm, &exc_TypeError, "%T.__setstate__ argument should be 4-tuple, got %T", self, given);
    const value *items = tuple_of(given)->items;
    value none[2] = {VALUE_NULL, items[1]};
    int64_t position;
    if (string_init(vm, self, none, count, keyword_names) == VALUE_NULL)
        return VALUE_NULL;
    struct string_state *state = (struct string_state *)io_native(self);
    if (items[0] != NONE && !is_string(items[0]))
        return raise_error(vm, &exc_TypeError, "initial_value must be str or None, not %T", items[0]);
    if (items[0] != NONE && !write_span(vm, state, string_span(items[0]))) /* as it is: newlines were translated before */
        return VALUE_NULL;
    if (!is_int(items[2]))
        return raise_error(vm, &exc_TypeError, "third item of state must be an integer, got %T", items[2]);
    if (!io_index(vm, items[2], &position))
        return VALUE_NULL;
    if (position < 0)
        return raise_error(vm, &exc_ValueError, "position value cannot be negative");
    state->position = (size_t)position;
    if (items[3] == NONE)
        return NONE;
    if (!has_flag(items[3], TYPE_DICT))
        return raise_error(vm, &exc_TypeError, "fourth item of state should be a dict, got a %T", items[3]);
    value dict = instance_dict(vm, self);
    return dict != VALUE_NULL && dict_merge_from(vm, dict, items[3], true) ? NONE : VALUE_NULL;
}

/* ---- what it is ---- */

static value get_closed(struct vm *vm, value self)
{
    struct string_state *state = (struct string_state *)io_native(self);
    return state ? bool_value(state->closed) : io_raise_uninitialized(vm);
}

static value get_line_buffering(struct vm *vm, value self)
{
    return open_state(vm, self) ? FALSE : VALUE_NULL;
}

static value get_newlines(struct vm *vm, value self)
{
    struct string_state *state = open_state(vm, self);
    return state ? newlines_value(vm, state->decoder.seen) : VALUE_NULL;
}

#define ROW(name, signature, function) {name, signature, function, METHOD_INSTANCE, NULL}
static const struct method_definition methods[] = {
    ROW("StringIO", "(initial_value='', newline='\\n')", string_init),
    ROW("close", "()", string_close),
    ROW("getvalue", "()", string_getvalue),
    ROW("read", "(size=-1, /)", string_read),
    ROW("readline", "(size=-1, /)", string_readline),
    ROW("tell", "()", string_tell),
    ROW("truncate", "(pos=None, /)", string_truncate),
    ROW("seek", "(pos, whence=0, /)", string_seek),
    ROW("write", "(s, /)", string_write),
    ROW("seekable", "()", string_true),
    ROW("readable", "()", string_true),
    ROW("writable", "()", string_true),
    ROW("__next__", "()", string_next),
    ROW("__getstate__", "()", string_getstate),
    ROW("__setstate__", "(state, /)", string_setstate),
    ROW("__del__", "()", string_nothing),
    {NULL, NULL, NULL, 0, NULL},
};
static const struct property_definition properties[] = {
    {"closed", get_closed, NULL}, {"line_buffering", get_line_buffering, NULL}, {"newlines", get_newlines, NULL},
    {NULL, NULL, NULL}};
const struct io_class_definition io_string_class = {
    "StringIO", "Text I/O implementation using an in-memory buffer.", IO_TEXT_BASE, true, methods, properties};
