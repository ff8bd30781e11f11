/* buffered_read.c - the reading half of BufferedReader and BufferedRandom. */
#include "sim/modules/io/buffered.h"

static size_t available(const struct buffered_state *state)
{
    return state->end - state->position;
}

/* From raw into memory. 0: end, -1: error, -2: it would block. */
static int64_t read_raw(struct vm *vm, struct buffered_state *state, uint8_t *data, size_t size)
{
    struct raw_state *raw = buffered_raw(vm, state);
    int64_t got;
    if (state->stream) {
        const char *bytes;
        got = stream_read(vm, state->stream, &bytes, (int64_t)size);
        if (got > 0)
            memcpy(data, bytes, (size_t)got);
        return got;
    }
    if (raw)
        return raw_read_into(vm, raw, data, size);
    value target = bytearray_from(vm, NULL, size);
    value result = target == VALUE_NULL ? VALUE_NULL : call_method(vm, state->raw, "readinto", &target, 1);
    if (result == VALUE_NULL)
        return -1;
    if (result == NONE)
        return -2;
    if (!io_index(vm, result, &got)) {
        value cause = exception_take(vm);
        raise_error(vm, &exc_OSError, "raw readinto() failed");
        ((struct exception_object *)value_object(vm->pending))->cause = cause;
        return -1;
    }
    if (got < 0 || (uint64_t)got > size) {
        raise_error(vm, &exc_OSError, "raw readinto() returned invalid length %ld (should have been between 0 and %ld)", (long)got,
                    (long)size);
        return -1;
    }
    memcpy(data, bytearray_of(target)->data, size_minimum((size_t)got, bytearray_of(target)->length));
    gc_keep(target);
    return got;
}

/* Reads once into the buffer behind what it holds. */
static int64_t fill(struct vm *vm, struct buffered_state *state)
{
    if (!buffered_memory(vm, state, &state->input))
        return -1;
    if (state->position == state->end)
        state->position = state->end = 0;
    int64_t got = read_raw(vm, state, state->input + state->end, state->capacity - state->end);
    if (got > 0)
        state->end += (size_t)got;
    return got;
}

static bool prepare(struct vm *vm, value self, const char *what)
{
    if (!buffered_ready(vm, self) || !buffered_check_closed(vm, self, what))
        return false;
    struct buffered_state *state = buffered_of(self);
    if (state->stream == vm->in && state->stream && !vm->in->used && vm->out->used && !stream_flush(vm, vm->out))
        return false;
    return !state->used || buffered_write_out(vm, state);
}

static value take(struct vm *vm, struct buffered_state *state, size_t size)
{
    value result = bytes_from(vm, state->input + state->position, size);
    state->position += size;
    ADD_WORK(vm, characters, size);
    return result;
}

static value joined(struct vm *vm, const void *first, size_t first_size, value second)
{
    size_t size = bytes_of(second)->length;
    value result = bytes_from(vm, NULL, first_size + size);
    if (result == VALUE_NULL)
        return VALUE_NULL;
    memcpy(bytes_of(result)->data, first, first_size);
    memcpy(bytes_of(result)->data + first_size, bytes_of(second)->data, size);
    return result;
}

static value read_all(struct vm *vm, struct buffered_state *state)
{
    value read_method, parts = bytearray_from(vm, state->input + state->position, available(state));
    struct bytearray_object *all = parts == VALUE_NULL ? NULL : bytearray_of(parts);
    state->position = state->end = 0;
    int found = all ? find_attribute(vm, state->raw, intern_text(vm, "readall"), &read_method) : -1;
    if (found < 0)
        return VALUE_NULL;
    if (found) {
        value rest = call_0(vm, read_method);
        if (rest == VALUE_NULL)
            return VALUE_NULL;
        if (rest != NONE && !is_bytes(rest))
            return raise_error(vm, &exc_TypeError, "readall() should return bytes");
        if (!all->length)
            return rest;
        value result = rest == NONE ? bytes_from(vm, all->data, all->length) : joined(vm, all->data, all->length, rest);
        gc_keep(parts);
        return result;
    }
    for (;;) {
        value part = call_method(vm, state->raw, "read", NULL, 0);
        if (part == VALUE_NULL)
            return VALUE_NULL;
        if (part != NONE && !is_bytes(part))
            return raise_error(vm, &exc_TypeError, "read() should return bytes");
        if (part == NONE && !all->length)
            return NONE;
        size_t size = part == NONE ? 0 : bytes_of(part)->length, old = all->length;
        if (!size)
            break;
        if (!bytearray_resize(vm, all, old + size))
            return VALUE_NULL;
        memcpy(all->data + old, bytes_of(part)->data, size);
    }
    value result = bytes_from(vm, all->data, all->length);
    gc_keep(parts);
    return result;
}

static value read_stream(struct vm *vm, struct stream *stream, int64_t size)
{
    const char *bytes;
    int64_t got = stream_read(vm, stream, &bytes, size);
    return got < 0 ? VALUE_NULL : bytes_from(vm, bytes, (size_t)got);
}

/* Fills memory as far as there is something to read. How much; -1: error, -2: it would block and nothing was there. */
static int64_t read_fully(struct vm *vm, struct buffered_state *state, uint8_t *data, size_t size)
{
    size_t done = size_minimum(available(state), size);
    if (done)
        memcpy(data, state->input + state->position, done);
    state->position += done;
    while (done < size) {
        size_t whole = (size - done) / state->capacity * state->capacity;
        int64_t got = whole ? read_raw(vm, state, data + done, whole) : fill(vm, state);
        if (got == -1)
            return -1;
        if (got <= 0)
            return got == 0 || done ? (int64_t)done : -2;
        if (!whole) {
            got = (int64_t)size_minimum((size_t)got, size - done);
            memcpy(data + done, state->input + state->position, (size_t)got);
            state->position += (size_t)got;
        }
        done += (size_t)got;
    }
    return (int64_t)done;
}

value buffered_read(struct vm *vm, value self, int64_t size)
{
    if (!prepare(vm, self, "read of"))
        return VALUE_NULL;
    struct buffered_state *state = buffered_of(self);
    if (state->stream)
        return read_stream(vm, state->stream, size);
    if (size < 0)
        return read_all(vm, state);
    if ((size_t)size <= available(state) && (state->input || !size))
        return state->input ? take(vm, state, (size_t)size) : vm->empty_bytes;
    value target = bytearray_from(vm, NULL, (size_t)size);
    int64_t got = target == VALUE_NULL ? -1 : read_fully(vm, state, bytearray_of(target)->data, (size_t)size);
    value result = got == -1 ? VALUE_NULL : got == -2 ? NONE : bytes_from(vm, bytearray_of(target)->data, (size_t)got);
    gc_keep(target);
    return result;
}

IO_FUNCTION(buffered_read_method)
{
    IO_UNUSED;
    int64_t size;
    if (!buffered_ready(vm, self) || !io_optional_size(vm, arguments[0], &size))
        return VALUE_NULL;
    if (size < -1)
        return raise_error(vm, &exc_ValueError, "read length must be non-negative or -1");
    return buffered_read(vm, self, size);
}

value buffered_read1(struct vm *vm, value self, int64_t size)
{
    if (!buffered_ready(vm, self))
        return VALUE_NULL;
    struct buffered_state *state = buffered_of(self);
    if (size < 0)
        size = (int64_t)state->capacity;
    if (!prepare(vm, self, "read of"))
        return VALUE_NULL;
    if (!size)
        return vm->empty_bytes;
    if (state->stream)
        return read_stream(vm, state->stream, size);
    if (available(state))
        return take(vm, state, size_minimum((size_t)size, available(state)));
    if ((size_t)size == state->capacity) { /* the usual case: through the buffer that is there anyway */
        state->position = state->end = 0;
        int64_t got = fill(vm, state);
        return got == -1 ? VALUE_NULL : got <= 0 ? vm->empty_bytes : take(vm, state, (size_t)got);
    }
    value target = bytearray_from(vm, NULL, (size_t)size);
    int64_t got = target == VALUE_NULL ? -1 : read_raw(vm, state, bytearray_of(target)->data, (size_t)size);
    value result = got == -1 ? VALUE_NULL : bytes_from(vm, bytearray_of(target)->data, got < 0 ? 0 : (size_t)got);
    gc_keep(target);
    return result;
}

IO_FUNCTION(buffered_read1_method)
{
    IO_UNUSED;
    int64_t size = -1;
    if (arguments[0] != VALUE_NULL && !io_index(vm, arguments[0], &size))
        return VALUE_NULL;
    return buffered_read1(vm, self, size);
}

IO_FUNCTION(buffered_peek)
{
    IO_UNUSED;
    int64_t ignored;
    if ((arguments[0] != VALUE_NULL && !io_index(vm, arguments[0], &ignored)) || !prepare(vm, self, "peek of"))
        return VALUE_NULL;
    struct buffered_state *state = buffered_of(self);
    if (state->stream) {
        const char *bytes;
        int64_t got = stream_read(vm, state->stream, &bytes, 1);
        if (got <= 0)
            return got < 0 ? VALUE_NULL : vm->empty_bytes;
        state->stream->position--;
        return bytes_from(vm, bytes, state->stream->used - state->stream->position);
    }
    if (!available(state) && fill(vm, state) == -1)
        return VALUE_NULL;
    return bytes_from(vm, state->input + state->position, available(state));
}

/* What is there, or else one read: through the buffer, or straight into a memory larger than it. -1: error, -2: it would block. */
static int64_t read_once(struct vm *vm, struct buffered_state *state, uint8_t *data, size_t size)
{
    size_t done = size_minimum(available(state), size);
    if (done)
        memcpy(data, state->input + state->position, done);
    state->position += done;
    if (size - done > state->capacity) {
        int64_t got = read_raw(vm, state, data + done, size - done);
        return got == -1 ? -1 : got < 0 ? (int64_t)done : (int64_t)done + got;
    }
    if (done || !size)
        return (int64_t)done;
    int64_t got = fill(vm, state);
    if (got <= 0)
        return got;
    done = size_minimum(available(state), size);
    memcpy(data, state->input + state->position, done);
    state->position += done;
    return (int64_t)done;
}

static value read_into(struct vm *vm, value self, value target, bool once)
{
    uint8_t *data;
    size_t size;
    if (!buffered_ready(vm, self) || !io_writable(vm, target, once ? "readinto1" : "readinto", &data, &size) ||
        !prepare(vm, self, "readinto of"))
        return VALUE_NULL;
    struct buffered_state *state = buffered_of(self);
    int64_t got = state->stream ? read_raw(vm, state, data, size)
                  : once        ? read_once(vm, state, data, size)
                                : read_fully(vm, state, data, size);
    return got == -1 ? VALUE_NULL : got == -2 ? NONE : small_int(got);
}

IO_FUNCTION(buffered_readinto)
{
    IO_UNUSED;
    return read_into(vm, self, arguments[0], false);
}

IO_FUNCTION(buffered_readinto1)
{
    IO_UNUSED;
    return read_into(vm, self, arguments[0], true);
}

/* ---- lines ---- */

static value read_line(struct vm *vm, value self, int64_t limit)
{
    if (!prepare(vm, self, "readline of"))
        return VALUE_NULL;
    struct buffered_state *state = buffered_of(self);
    if (state->stream) {
        const char *line;
        int64_t size = stream_read_line(vm, state->stream, &line, limit);
        return size < 0 ? VALUE_NULL : bytes_from(vm, line, (size_t)size);
    }
    value parts = VALUE_NULL; /* a bytearray, for lines longer than the buffer */
    for (;;) {
        size_t size = available(state);
        if (limit >= 0 && size > (size_t)limit)
            size = (size_t)limit;
        const uint8_t *start = state->input + state->position, *end = size ? memchr(start, '\n', size) : NULL;
        if (end)
            size = (size_t)(end - start) + 1;
        if (limit >= 0)
            limit -= (int64_t)size;
        bool done = end || limit == 0;
        if (done && parts == VALUE_NULL)
            return state->input ? take(vm, state, size) : vm->empty_bytes;
        if (size) {
            if (parts == VALUE_NULL && (parts = bytearray_from(vm, NULL, 0)) == VALUE_NULL)
                return VALUE_NULL;
            struct bytearray_object *all = bytearray_of(parts);
            size_t old = all->length;
            if (!bytearray_resize(vm, all, old + size))
                return VALUE_NULL;
            memcpy(all->data + old, start, size);
            state->position += size;
        }
        int64_t got = done ? 0 : fill(vm, state);
        if (got == -1)
            return VALUE_NULL;
        if (got > 0)
            continue;
        if (parts == VALUE_NULL)
            return vm->empty_bytes;
        value result = bytes_from(vm, bytearray_of(parts)->data, bytearray_of(parts)->length);
        gc_keep(parts);
        return result;
    }
}

IO_FUNCTION(buffered_readline)
{
    IO_UNUSED;
    int64_t limit;
    if (!buffered_ready(vm, self) || !io_optional_size(vm, arguments[0], &limit))
        return VALUE_NULL;
    return read_line(vm, self, limit);
}

IO_FUNCTION(buffered_next)
{
    IO_UNUSED;
    if (!buffered_ready(vm, self))
        return VALUE_NULL;
    bool exact = buffered_is_native(vm, self);
    value line = exact ? read_line(vm, self, -1) : call_method(vm, self, "readline", NULL, 0);
    if (line == VALUE_NULL)
        return VALUE_NULL;
    if (!is_bytes(line))
        return raise_error(vm, &exc_OSError, "readline() should have returned a bytes object, not '%T'", line);
    return bytes_of(line)->length ? line : raise_stop_iteration(vm, NONE);
}
