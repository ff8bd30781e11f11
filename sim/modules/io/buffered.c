/* buffered.c - BufferedReader, BufferedWriter, BufferedRandom: opening and closing, position, and the writing half.
 *
 * What is read ahead and what is to be written have a buffer each. At most one of them holds something: reading writes out
 * first, writing takes the raw stream back to where the program is. A standard stream's buffer is the vm's struct stream.
 */
#include "sim/modules/io/buffered.h"
#include "sim/runtime/file_rules.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- state ---- */

static void forget_pending(struct vm *vm, struct buffered_state *state)
{
    if (!vm->io)
        return;
    if (state->next)
        state->next->previous = state->previous;
    if (state->previous)
        state->previous->next = state->next;
    else if (vm->io->pending_buffers == state)
        vm->io->pending_buffers = state->next;
    state->next = state->previous = NULL;
}

static void set_used(struct vm *vm, struct buffered_state *state, size_t used)
{
    if (used && !state->used) {
        state->previous = NULL;
        state->next = vm->io->pending_buffers;
        if (state->next)
            state->next->previous = state;
        vm->io->pending_buffers = state;
    } else if (!used && state->used) {
        forget_pending(vm, state);
    }
    state->used = used;
}

static void buffered_release(struct vm *vm, struct object *object)
{
    struct buffered_state *state = (struct buffered_state *)object;
    set_used(vm, state, 0);
    if (state->input)
        gc_account_external(vm, -(int64_t)state->capacity);
    if (state->output)
        gc_account_external(vm, -(int64_t)state->capacity);
    free(state->input);
    free(state->output);
    state->input = state->output = NULL;
}

static void buffered_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct buffered_state *)object)->raw);
}

static struct type buffered_state_type = {.name = "_io.buffer_state",
                                          .instance_size = sizeof(struct buffered_state),
                                          .trace = buffered_trace,
                                          .release = buffered_release};

uint8_t *buffered_memory(struct vm *vm, struct buffered_state *state, uint8_t **memory)
{
    if (!*memory) {
        *memory = malloc(state->capacity);
        if (*memory)
            gc_account_external(vm, (int64_t)state->capacity);
        else
            raise_no_memory(vm);
    }
    return *memory;
}

bool buffered_ready(struct vm *vm, value self)
{
    struct buffered_state *state = buffered_of(self);
    if (state && state->ready)
        return true;
    if (state && state->raw == VALUE_NULL)
        raise_error(vm, &exc_ValueError, "raw stream has been detached");
    else
        io_raise_uninitialized(vm);
    return false;
}

bool buffered_check_closed(struct vm *vm, value self, const char *what)
{
    struct buffered_state *state = buffered_of(self);
    struct raw_state *raw = buffered_raw(vm, state);
    int closed = raw ? raw->descriptor < 0 : io_is_closed(vm, state->raw);
    if (closed > 0)
        raise_error(vm, &exc_ValueError, "%s closed file", what);
    return closed == 0;
}

bool buffered_is_native(struct vm *vm, value file)
{
    return (io_is_exact(vm, file, IO_READER) || io_is_exact(vm, file, IO_WRITER) || io_is_exact(vm, file, IO_RANDOM)) &&
           buffered_of(file) && buffered_of(file)->ready;
}

bool buffered_open(struct vm *vm, value self, value raw, size_t capacity, enum io_class class)
{
    type_ready(vm, &buffered_state_type);
    struct buffered_state *state = GC_NEW(vm, struct buffered_state, &buffered_state_type);
    if (!state)
        return false;
    state->raw = raw;
    state->capacity = capacity;
    state->reads = class != IO_WRITER;
    state->writes = class != IO_READER;
    state->file_position = -1;
    state->ready = true;
    struct raw_state *file = io_is_exact(vm, raw, IO_FILE) ? raw_of(raw) : NULL;
    if (file)
        file->wrapped = true;
    io_set_native(self, state);
    return true;
}

static value initialize(struct vm *vm, value self, const value *arguments, enum io_class class)
{
    int64_t size = IO_BUFFER_SIZE;
    if (buffered_of(self))
        buffered_of(self)->ready = false; /* until it is initialised anew */
    static const char *const checks[][2] = {{"readable", "File or stream is not readable."},
                                            {"writable", "File or stream is not writable."},
                                            {"seekable", "File or stream is not seekable."}};
    if (class == IO_RANDOM || class == IO_READER || class == IO_WRITER)
        for (int i = 0; i < 3; i++) {
            if (class != IO_RANDOM && i != (class == IO_WRITER))
                continue;
            value able = call_method(vm, arguments[0], checks[i][0], NULL, 0);
            int truth = able == VALUE_NULL ? -1 : value_truth(vm, able);
            if (truth <= 0)
                return truth < 0 ? VALUE_NULL : io_raise_unsupported(vm, checks[i][1]);
        }
    if (arguments[1] != VALUE_NULL && !io_index(vm, arguments[1], &size))
        return VALUE_NULL;
    if (size <= 0)
        return raise_error(vm, &exc_ValueError, "buffer size must be strictly positive");
    if (size > (int64_t)1 << 46)
        return raise_no_memory(vm);
    return buffered_open(vm, self, arguments[0], (size_t)size, class) ? NONE : VALUE_NULL;
}

static IO_FUNCTION(reader_init)
{
    IO_UNUSED;
    return initialize(vm, self, arguments, IO_READER);
}

static IO_FUNCTION(writer_init)
{
    IO_UNUSED;
    return initialize(vm, self, arguments, IO_WRITER);
}

static IO_FUNCTION(random_init)
{
    IO_UNUSED;
    return initialize(vm, self, arguments, IO_RANDOM);
}

/* ---- writing ---- */

/* How much raw took; -1 error, -2 it would block. */
static int64_t write_raw(struct vm *vm, struct buffered_state *state, const void *data, size_t size)
{
    struct raw_state *raw = buffered_raw(vm, state);
    int64_t put;
    if (raw) {
        put = raw_write_from(vm, raw, data, size);
    } else {
        value bytes = bytes_from(vm, data, size);
        value result = bytes == VALUE_NULL ? VALUE_NULL : call_method(vm, state->raw, "write", &bytes, 1);
        if (result == VALUE_NULL)
            return -1;
        if (result == NONE)
            return -2;
        if (!io_index(vm, result, &put))
            return -1;
        if (put < 0 || (uint64_t)put > size) {
            raise_error(vm, &exc_OSError, "raw write() returned invalid length %ld (should have been between 0 and %ld)", (long)put,
                        (long)size);
            return -1;
        }
    }
    if (put > 0 && state->file_position >= 0)
        state->file_position += put;
    return put;
}

/* Writes the buffer out. What raw does not take stays in it. */
bool buffered_write_out(struct vm *vm, struct buffered_state *state)
{
    size_t done = 0;
    int64_t put = 0;
    while (done < state->used) {
        put = write_raw(vm, state, state->output + done, state->used - done);
        if (put < 0)
            break;
        done += (size_t)put;
    }
    memmove(state->output, state->output + done, state->used - done);
    set_used(vm, state, state->used - done);
    if (put == -2)
        io_raise_blocking(vm, "write could not complete without blocking", 0);
    return put >= 0;
}

void buffered_flush_quietly(struct vm *vm, struct buffered_state *state)
{
    struct raw_state *raw = buffered_raw(vm, state);
    if (!raw || raw->descriptor < 0)
        return;
    if (vm->files && vm->files->before_output)
        vm->files->before_output(vm->files->change_context, raw->descriptor, state->output, state->used);
    ssize_t put = write(raw->descriptor, state->output, state->used);
    if (put <= 0)
        return;
    if (state->file_position >= 0)
        state->file_position += put;
    memmove(state->output, state->output + put, state->used - (size_t)put);
    set_used(vm, state, state->used - (size_t)put);
}

/* The raw stream goes back to where the program is; what was read ahead is forgotten. */
bool buffered_unread(struct vm *vm, struct buffered_state *state)
{
    size_t ahead = state->end - state->position;
    state->position = state->end = 0;
    if (!ahead)
        return true;
    value place[2] = {small_int(-(int64_t)ahead), small_int(SEEK_CUR)};
    state->file_position = -1;
    return call_method(vm, state->raw, "seek", place, 2) != VALUE_NULL;
}

static bool write_bytes(struct vm *vm, struct buffered_state *state, const uint8_t *data, size_t size)
{
    if (state->stream)
        return stream_write(vm, state->stream, (const char *)data, size);
    if (!buffered_memory(vm, state, &state->output) || !buffered_unread(vm, state))
        return false;
    if (size <= state->capacity - state->used) {
        memcpy(state->output + state->used, data, size);
        set_used(vm, state, state->used + size);
        return true;
    }
    if (!buffered_write_out(vm, state)) { /* takes what still fits, and says how much that was */
        if (!exception_matches(vm, &exc_BlockingIOError))
            return false;
        size_t room = state->capacity - state->used;
        if (size > room) {
            exception_clear(vm);
            memcpy(state->output + state->used, data, room);
            set_used(vm, state, state->used + room);
            io_raise_blocking(vm, "write could not complete without blocking", room);
            return false;
        }
        exception_clear(vm);
    }
    size_t done = 0;
    while (size - done > state->capacity) {
        int64_t put = write_raw(vm, state, data + done, size - done);
        if (put == -1)
            return false;
        if (put == -2 && size - done > state->capacity) {
            memcpy(state->output, data + done, state->capacity);
            set_used(vm, state, state->capacity);
            io_raise_blocking(vm, "write could not complete without blocking", done + state->capacity);
            return false;
        }
        if (put < 0)
            break;
        done += (size_t)put;
    }
    memcpy(state->output + state->used, data + done, size - done);
    set_used(vm, state, state->used + size - done);
    return true;
}

bool buffered_write(struct vm *vm, value self, const void *data, size_t size)
{
    if (!buffered_ready(vm, self) || !buffered_check_closed(vm, self, "write to"))
        return false;
    if (!buffered_of(self)->writes) {
        io_raise_unsupported(vm, "write");
        return false;
    }
    return write_bytes(vm, buffered_of(self), data, size);
}

static IO_FUNCTION(buffered_write_method)
{
    IO_UNUSED;
    struct span data;
    if (!buffered_ready(vm, self) || !bytes_like(vm, arguments[0], &data) || !buffered_check_closed(vm, self, "write to"))
        return VALUE_NULL;
    ADD_WORK(vm, characters, data.length);
    return write_bytes(vm, buffered_of(self), data.data, data.length) ? small_int((int64_t)data.length) : VALUE_NULL;
}

bool buffered_flush(struct vm *vm, value self)
{
    if (!buffered_ready(vm, self) || !buffered_check_closed(vm, self, "flush of"))
        return false;
    struct buffered_state *state = buffered_of(self);
    if (state->stream)
        return state->stream->input || stream_flush(vm, state->stream);
    return (!state->used || buffered_write_out(vm, state)) && (!state->writes || buffered_unread(vm, state));
}

static IO_FUNCTION(buffered_flush_method)
{
    IO_UNUSED;
    if (!buffered_ready(vm, self))
        return VALUE_NULL;
    if (!buffered_of(self)->writes)
        return call_method(vm, buffered_of(self)->raw, "flush", NULL, 0);
    return buffered_flush(vm, self) ? NONE : VALUE_NULL;
}

/* ---- position ---- */

static bool raw_position(struct vm *vm, struct buffered_state *state, int64_t *out)
{
    value at = call_method(vm, state->raw, "tell", NULL, 0);
    if (at == VALUE_NULL || !io_index(vm, at, out))
        return false;
    if (*out < 0) {
        raise_error(vm, &exc_OSError, "Raw stream returned invalid position %ld", (long)*out);
        return false;
    }
    return true;
}

IO_FUNCTION(buffered_tell)
{
    IO_UNUSED;
    int64_t at;
    if (!buffered_ready(vm, self))
        return VALUE_NULL;
    struct buffered_state *state = buffered_of(self);
    struct stream *stream = state->stream;
    if (!raw_position(vm, state, &at))
        return VALUE_NULL;
    if (stream)
        return int_from_int64(vm, stream->input ? at - (int64_t)(stream->used - stream->position) : at + (int64_t)stream->used);
    return int_from_int64(vm, at - (int64_t)(state->end - state->position) + (int64_t)state->used);
}

/* A seek within what is read ahead needs no system call but one to know where the raw stream is. */
static bool seek_within(struct vm *vm, struct buffered_state *state, int64_t target, int64_t whence, int64_t *at)
{
    int64_t raw, here;
    if (!state->reads || whence == SEEK_END || state->end == 0 || !raw_position(vm, state, &raw))
        return false;
    here = raw - (int64_t)(state->end - state->position);
    int64_t move = whence == SEEK_SET ? target - here : target;
    if (move < -(int64_t)state->position || move > (int64_t)(state->end - state->position))
        return false;
    state->position += (size_t)move;
    *at = here + move;
    return true;
}

static IO_FUNCTION(buffered_seek)
{
    IO_UNUSED;
    int64_t target, whence = SEEK_SET, at;
    if (!buffered_ready(vm, self) || (arguments[1] != VALUE_NULL && !io_index(vm, arguments[1], &whence)))
        return VALUE_NULL;
    if (whence < 0 || whence > 4)
        return raise_error(vm, &exc_ValueError, "whence value %ld unsupported", (long)whence);
    struct buffered_state *state = buffered_of(self);
    if (!buffered_check_closed(vm, self, "seek of"))
        return VALUE_NULL;
    int seekable = io_test(vm, state->raw, "seekable");
    if (seekable <= 0)
        return seekable < 0 ? VALUE_NULL : io_raise_unsupported(vm, "File or stream is not seekable.");
    if (!io_index(vm, arguments[0], &target))
        return VALUE_NULL;
    if (state->stream && !(state->stream->input || stream_flush(vm, state->stream)))
        return VALUE_NULL;
    if (!state->used && !state->stream && seek_within(vm, state, target, whence, &at))
        return int_from_int64(vm, at);
    if (vm->pending != VALUE_NULL || (state->used && !buffered_write_out(vm, state)))
        return VALUE_NULL;
    if (whence == SEEK_CUR)
        target -=
            state->stream ? (int64_t)(state->stream->used - state->stream->position) : (int64_t)(state->end - state->position);
    value place[2] = {int_from_int64(vm, target), small_int(whence)};
    value result = call_method(vm, state->raw, "seek", place, 2);
    if (result == VALUE_NULL || !io_index(vm, result, &at))
        return VALUE_NULL;
    if (at < 0)
        return raise_error(vm, &exc_OSError, "Raw stream returned invalid position %ld", (long)at);
    state->position = state->end = 0;
    if (state->stream && state->stream->input)
        state->stream->used = state->stream->position = 0, state->stream->at_end = false;
    return result;
}

static IO_FUNCTION(buffered_truncate)
{
    IO_UNUSED;
    if (!buffered_ready(vm, self) || !buffered_check_closed(vm, self, "truncate of"))
        return VALUE_NULL;
    struct buffered_state *state = buffered_of(self);
    if (!state->writes)
        return io_raise_unsupported(vm, "truncate");
    if (!buffered_flush(vm, self))
        return VALUE_NULL;
    value at = arguments[0];
    if (at == VALUE_NULL || at == NONE)
        at = call_method(vm, state->raw, "tell", NULL, 0);
    return at == VALUE_NULL ? VALUE_NULL : call_method(vm, state->raw, "truncate", &at, 1);
}

/* ---- closing ---- */

static IO_FUNCTION(buffered_close)
{
    IO_UNUSED;
    if (!buffered_ready(vm, self))
        return VALUE_NULL;
    struct buffered_state *state = buffered_of(self);
    int closed = io_is_closed(vm, state->raw);
    if (closed)
        return closed < 0 ? VALUE_NULL : NONE;
    bool flushed = call_method(vm, self, "flush", NULL, 0) != VALUE_NULL;
    bool good = io_close_after(vm, flushed, state->raw);
    set_used(vm, state, 0);
    return good ? NONE : VALUE_NULL;
}

static IO_FUNCTION(buffered_dealloc_warn)
{
    IO_UNUSED;
    struct buffered_state *state = buffered_of(self);
    if (state && state->ready && call_method(vm, state->raw, "_dealloc_warn", arguments, 1) == VALUE_NULL)
        exception_clear(vm);
    return NONE;
}

static IO_FUNCTION(buffered_finalize)
{
    struct buffered_state *state = buffered_of(self);
    if (!state || !state->ready || state->wrapped || state->stream)
        return NONE;
    buffered_dealloc_warn(vm, self, &self, 1, VALUE_NULL);
    return io_base_finalize(vm, self, arguments, count, keyword_names);
}

static IO_FUNCTION(buffered_detach)
{
    IO_UNUSED;
    if (!buffered_ready(vm, self) || call_method(vm, self, "flush", NULL, 0) == VALUE_NULL)
        return VALUE_NULL;
    struct buffered_state *state = buffered_of(self);
    value raw = state->raw;
    struct raw_state *file = io_is_exact(vm, raw, IO_FILE) ? raw_of(raw) : NULL;
    if (file)
        file->wrapped = false;
    state->raw = VALUE_NULL;
    state->ready = false;
    return raw;
}

/* ---- what raw says ---- */

#define OF_RAW(name)                                                                                                   \
    static IO_FUNCTION(buffered_##name)                                                                                \
    {                                                                                                                  \
        IO_UNUSED;                                                                                                     \
        return buffered_ready(vm, self) ? call_method(vm, buffered_of(self)->raw, #name, NULL, 0) : VALUE_NULL;        \
    }
OF_RAW(fileno)
OF_RAW(isatty)
OF_RAW(readable)
OF_RAW(writable)
OF_RAW(seekable)

#define OF_RAW_ATTRIBUTE(name)                                                                                         \
    static value get_##name(struct vm *vm, value self)                                                                 \
    {                                                                                                                  \
        return buffered_ready(vm, self) ? get_attribute_text(vm, buffered_of(self)->raw, #name) : VALUE_NULL;          \
    }
OF_RAW_ATTRIBUTE(name)
OF_RAW_ATTRIBUTE(mode)
OF_RAW_ATTRIBUTE(closed)

static value get_raw(struct vm *vm, value self)
{
    if (!buffered_of(self))
        return io_raise_uninitialized(vm);
    return buffered_of(self)->raw == VALUE_NULL ? NONE : buffered_of(self)->raw;
}

static IO_FUNCTION(buffered_repr)
{
    IO_UNUSED;
    value name, class = type_long_name(vm, value_type(vm, self));
    value module = type_module_name(vm, value_type(vm, self));
    int named = find_attribute(vm, self, intern_text(vm, "name"), &name);
    if (named < 0) {
        if (!exception_matches(vm, &exc_ValueError))
            return VALUE_NULL;
        exception_clear(vm);
    }
    if (named <= 0)
        return string_printf(vm, "<%U.%U>", module, class);
    struct repr_guard guard;
    enum repr_state state = repr_enter(vm, &guard, self);
    if (state != REPR_FIRST)
        return state == REPR_AGAIN ? raise_error(vm, &exc_RuntimeError, "reentrant call inside %T.__repr__", self) : VALUE_NULL;
    value result = string_printf(vm, "<%U.%U name=%R>", module, class, name);
    repr_leave(vm, &guard);
    return vm->pending == VALUE_NULL ? result : VALUE_NULL;
}

static IO_FUNCTION(buffered_size_of)
{
    IO_UNUSED;
    return small_int(160 + (buffered_of(self) ? (int64_t)buffered_of(self)->capacity : 0));
}

#define ROW(name, signature, function) {name, signature, function, METHOD_INSTANCE, NULL}
#define SHARED_ROWS                                                                                                    \
    ROW("detach", "()", buffered_detach), ROW("flush", "()", buffered_flush_method), ROW("close", "()", buffered_close),\
        ROW("seekable", "()", buffered_seekable), ROW("fileno", "()", buffered_fileno),                                \
        ROW("isatty", "()", buffered_isatty), ROW("_dealloc_warn", "(source, /)", buffered_dealloc_warn),                   \
        ROW("seek", "(target, whence=0, /)", buffered_seek), ROW("tell", "()", buffered_tell),                         \
        ROW("truncate", "(pos=None, /)", buffered_truncate), ROW("__repr__", "()", buffered_repr),                     \
        ROW("__del__", "()", buffered_finalize), ROW("__sizeof__", "()", buffered_size_of),                            \
        ROW("__reduce_ex__", "(protocol, /)", io_refuse_pickle), ROW("__reduce__", "()", io_refuse_pickle)
#define READER_ROWS                                                                                                    \
    ROW("read", "(size=-1, /)", buffered_read_method), ROW("peek", "(size=0, /)", buffered_peek),                      \
        ROW("read1", "(size=-1, /)", buffered_read1_method), ROW("readinto", "(buffer, /)", buffered_readinto),        \
        ROW("readinto1", "(buffer, /)", buffered_readinto1), ROW("readline", "(size=-1, /)", buffered_readline),       \
        ROW("__next__", "()", buffered_next)

static const struct method_definition reader_methods[] = {
    ROW("BufferedReader", "(raw, buffer_size=8192)", reader_init), SHARED_ROWS, READER_ROWS,
    ROW("readable", "()", buffered_readable), {NULL, NULL, NULL, 0, NULL}};
static const struct method_definition writer_methods[] = {
    ROW("BufferedWriter", "(raw, buffer_size=8192)", writer_init), SHARED_ROWS,
    ROW("write", "(buffer, /)", buffered_write_method), ROW("writable", "()", buffered_writable), {NULL, NULL, NULL, 0, NULL}};
static const struct method_definition random_methods[] = {
    ROW("BufferedRandom", "(raw, buffer_size=8192)", random_init), SHARED_ROWS, READER_ROWS,
    ROW("readable", "()", buffered_readable), ROW("write", "(buffer, /)", buffered_write_method),
    ROW("writable", "()", buffered_writable), {NULL, NULL, NULL, 0, NULL}};
static const struct property_definition properties[] = {
    {"closed", get_closed, NULL}, {"name", get_name, NULL}, {"mode", get_mode, NULL}, {"raw", get_raw, NULL}, {NULL, NULL, NULL}};
const struct io_class_definition io_reader_class = {
    "BufferedReader", "Create a new buffered reader using the given readable raw IO object.", IO_BUFFERED_BASE, true,
    reader_methods, properties};
const struct io_class_definition io_writer_class = {
    "BufferedWriter", "A buffer for a writeable sequential RawIO object.", IO_BUFFERED_BASE, true, writer_methods, properties};
const struct io_class_definition io_random_class = {
    "BufferedRandom", "A buffered interface to random access streams.", IO_BUFFERED_BASE, true, random_methods, properties};
