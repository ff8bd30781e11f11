/* bytes_io.c - BytesIO: a file in memory, over a bytearray. */
#include "sim/modules/io/file.h"
#include "sim/runtime/buffer.h"

struct bytes_state {
    struct object head;
    value array;       /* bytearray; VALUE_NULL: closed */
    size_t position;
};

static void state_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct bytes_state *)object)->array);
}

static struct type bytes_state_type = {
    .name = "_io.bytes_state", .instance_size = sizeof(struct bytes_state), .trace = state_trace};

static struct bytes_state *state_of(value self)
{
    return (struct bytes_state *)io_native(self);
}

/* NULL: closed, an exception is pending */
static struct bytearray_object *open_array(struct vm *vm, value self)
{
    struct bytes_state *state = state_of(self);
    if (!state || state->array == VALUE_NULL) {
        io_raise_closed(vm);
        return NULL;
    }
    return bytearray_of(state->array);
}

static bool write_bytes(struct vm *vm, value self, value data)
{
    struct bytearray_object *array = open_array(vm, self);
    struct bytes_state *state = state_of(self);
    struct span span;
    if (!array)
        return false;
    if (!buffer_may_move(vm, &array->exports)) {
        raise_error(vm, &exc_BufferError, "Existing exports of data: object cannot be re-sized");
        return false;
    }
    if (!bytes_like(vm, data, &span))
        return false;
    ADD_WORK(vm, characters, span.length);
    if (!span.length)
        return true;
    size_t end = state->position + span.length, old = array->length;
    if (end > old) {
        if (end > array->capacity && !bytearray_resize(vm, array, end + end / 2)) /* fewer moves than a bytearray's growth */
            return false;
        if (!bytearray_resize(vm, array, end))
            return false;
        if (state->position > old)
            memset(array->data + old, 0, state->position - old);
    }
    if (!bytes_like(vm, data, &span)) /* its own buffer may have moved */
        return false;
    memmove(array->data + state->position, span.data, span.length);
    state->position = end;
    return true;
}

static IO_FUNCTION(bytes_init)
{
    IO_UNUSED;
    type_ready(vm, &bytes_state_type);
    struct bytes_state *state = state_of(self);
    if (state && state->array != VALUE_NULL && !buffer_may_move(vm, &bytearray_of(state->array)->exports))
        return raise_error(vm, &exc_BufferError, "Existing exports of data: object cannot be re-sized");
    state = GC_NEW(vm, struct bytes_state, &bytes_state_type);
    if (!state)
        return VALUE_NULL;
    state->array = VALUE_NULL;
    state->array = bytearray_from(vm, NULL, 0);
    if (state->array == VALUE_NULL)
        return VALUE_NULL;
    io_set_native(self, state);
    if (arguments[0] != VALUE_NULL && arguments[0] != NONE && !write_bytes(vm, self, arguments[0]))
        return VALUE_NULL;
    state->position = 0;
    return NONE;
}

static IO_FUNCTION(bytes_write)
{
    IO_UNUSED;
    size_t before = state_of(self) ? state_of(self)->position : 0;
    return write_bytes(vm, self, arguments[0]) ? small_int((int64_t)(state_of(self)->position - before)) : VALUE_NULL;
}

static size_t left(const struct bytes_state *state)
{
    size_t length = bytearray_of(state->array)->length;
    return state->position < length ? length - state->position : 0;
}

static value take(struct vm *vm, value self, size_t size)
{
    struct bytes_state *state = state_of(self);
    value result = bytes_from(vm, bytearray_of(state->array)->data + (size ? state->position : 0), size);
    state->position += size;
    ADD_WORK(vm, characters, size);
    return result;
}

static IO_FUNCTION(bytes_read)
{
    IO_UNUSED;
    int64_t size;
    if (!open_array(vm, self) || !io_optional_size(vm, arguments[0], &size))
        return VALUE_NULL;
    size_t all = left(state_of(self));
    return take(vm, self, size < 0 ? all : size_minimum((size_t)size, all));
}

static size_t line_size(const struct bytes_state *state, int64_t limit)
{
    size_t size = left(state);
    if (!size)
        return 0;
    if (limit >= 0 && (size_t)limit < size)
        size = (size_t)limit;
    const uint8_t *start = bytearray_of(state->array)->data + state->position, *end = size ? memchr(start, '\n', size) : NULL;
    return end ? (size_t)(end - start) + 1 : size;
}

static IO_FUNCTION(bytes_readline)
{
    IO_UNUSED;
    int64_t limit;
    if (!open_array(vm, self) || !io_optional_size(vm, arguments[0], &limit))
        return VALUE_NULL;
    return take(vm, self, line_size(state_of(self), limit));
}

static IO_FUNCTION(bytes_next)
{
    IO_UNUSED;
    if (!open_array(vm, self))
        return VALUE_NULL;
    size_t size = line_size(state_of(self), -1);
    return size ? take(vm, self, size) : raise_stop_iteration(vm, NONE);
}

static IO_FUNCTION(bytes_readlines)
{
    IO_UNUSED;
    int64_t hint, total = 0;
    value list = list_new(vm, 0);
    if (list == VALUE_NULL || !open_array(vm, self) || !io_optional_size(vm, arguments[0], &hint))
        return VALUE_NULL;
    for (size_t size; (size = line_size(state_of(self), -1)) > 0;) {
        value line = take(vm, self, size);
        if (line == VALUE_NULL || !list_append(vm, list_of(list), line))
            return VALUE_NULL;
        total += (int64_t)size;
        if (hint > 0 && total >= hint)
            break;
    }
    return list;
}

static IO_FUNCTION(bytes_readinto)
{
    IO_UNUSED;
    uint8_t *target;
    size_t size;
    if (!open_array(vm, self) || !io_writable(vm, arguments[0], "readinto", &target, &size))
        return VALUE_NULL;
    struct bytes_state *state = state_of(self);
    size = size_minimum(size, left(state));
    if (size)
        memmove(target, bytearray_of(state->array)->data + state->position, size);
    state->position += size;
    ADD_WORK(vm, characters, size);
    return small_int((int64_t)size);
}

static value all_bytes(struct vm *vm, value self)
{
    struct bytearray_object *array = bytearray_of(state_of(self)->array);
    ADD_WORK(vm, characters, array->length);
    return bytes_from(vm, array->data, array->length);
}

static IO_FUNCTION(bytes_getvalue)
{
    IO_UNUSED;
    return open_array(vm, self) ? all_bytes(vm, self) : VALUE_NULL;
}

static IO_FUNCTION(bytes_getbuffer)
{
    IO_UNUSED;
    return open_array(vm, self) ? call_1(vm, object_value(&memoryview_type), state_of(self)->array) : VALUE_NULL;
}

static IO_FUNCTION(bytes_tell)
{
    IO_UNUSED;
    return open_array(vm, self) ? small_int((int64_t)state_of(self)->position) : VALUE_NULL;
}

static IO_FUNCTION(bytes_seek)
{
    IO_UNUSED;
    struct bytearray_object *array = open_array(vm, self);
    int64_t offset, whence = 0;
    if (!array || !io_index(vm, arguments[0], &offset) || (arguments[1] != VALUE_NULL && !io_index(vm, arguments[1], &whence)))
        return VALUE_NULL;
    if (whence == 0 && offset < 0)
        return raise_error(vm, &exc_ValueError, "negative seek value %ld", (long)offset);
    if (whence < 0 || whence > 2)
        return raise_error(vm, &exc_ValueError, "invalid whence (%ld, should be 0, 1 or 2)", (long)whence);
    int64_t base = whence == 1 ? (int64_t)state_of(self)->position : whence == 2 ? (int64_t)array->length : 0;
    if (offset > INT64_MAX - base)
        return raise_error(vm, &exc_OverflowError, "new position too large");
    offset += base;
    state_of(self)->position = offset < 0 ? 0 : (size_t)offset;
    return int_from_int64(vm, (int64_t)state_of(self)->position);
}

static IO_FUNCTION(bytes_truncate)
{
    IO_UNUSED;
    struct bytearray_object *array = open_array(vm, self);
    if (!array)
        return VALUE_NULL;
    int64_t size = (int64_t)state_of(self)->position;
    if (!buffer_may_move(vm, &array->exports))
        return raise_error(vm, &exc_BufferError, "Existing exports of data: object cannot be re-sized");
    if (arguments[0] != VALUE_NULL && arguments[0] != NONE && !io_optional_size(vm, arguments[0], &size))
        return VALUE_NULL;
    if (size < 0)
        return raise_error(vm, &exc_ValueError, "negative size value %ld", (long)size);
    if ((uint64_t)size < array->length && !bytearray_resize(vm, array, (size_t)size))
        return VALUE_NULL;
    return int_from_int64(vm, size);
}

static IO_FUNCTION(bytes_close)
{
    IO_UNUSED;
    struct bytes_state *state = state_of(self);
    if (!state || state->array == VALUE_NULL)
        return NONE;
    if (!buffer_may_move(vm, &bytearray_of(state->array)->exports))
        return raise_error(vm, &exc_BufferError, "Existing exports of data: object cannot be re-sized");
    state->array = VALUE_NULL;
    return NONE;
}

static IO_FUNCTION(bytes_true)
{
    IO_UNUSED;
    return open_array(vm, self) ? TRUE : VALUE_NULL;
}

static IO_FUNCTION(bytes_false)
{
    IO_UNUSED;
    return open_array(vm, self) ? FALSE : VALUE_NULL;
}

static IO_FUNCTION(bytes_none)
{
    IO_UNUSED;
    return open_array(vm, self) ? NONE : VALUE_NULL;
}

static IO_FUNCTION(bytes_nothing)
{
    IO_UNUSED;
    return NONE;
}

/* ---- pickling ---- */

static IO_FUNCTION(bytes_getstate)
{
    IO_UNUSED;
    value contents = open_array(vm, self) ? all_bytes(vm, self) : VALUE_NULL, dict = VALUE_NULL;
    if (contents != VALUE_NULL)
        dict = instance_dict(vm, self);
    if (dict == VALUE_NULL)
        return VALUE_NULL;
    dict = dict_of(dict)->count ? dict_copy(vm, dict) : NONE;
    return dict == VALUE_NULL ? VALUE_NULL
                              : tuple_pack(vm, 3, contents, small_int((int64_t)state_of(self)->position), dict);
}

static IO_FUNCTION(bytes_setstate)
{
    value state = arguments[0];
    if (state_of(self) && !open_array(vm, self))
        return VALUE_NULL;
    if (!has_flag(state, TYPE_TUPLE) || tuple_of(state)->length < 3)
        return raise_error(vm, &exc_TypeError, "%T.__setstate__ argument should be 3-tuple, got %T", self, state);
    const value *items = tuple_of(state)->items;
    int64_t position;
    if (bytes_init(vm, self, items, count, keyword_names) == VALUE_NULL)
        return VALUE_NULL;
    if (!is_int(items[1]))
        return raise_error(vm, &exc_TypeError, "second item of state must be an integer, not %T", items[1]);
    if (!io_index(vm, items[1], &position))
        return VALUE_NULL;
    if (position < 0)
        return raise_error(vm, &exc_ValueError, "position value cannot be negative");
    state_of(self)->position = (size_t)position;
    if (items[2] == NONE)
        return NONE;
    if (!has_flag(items[2], TYPE_DICT))
        return raise_error(vm, &exc_TypeError, "third item of state should be a dict, got a %T", items[2]);
    value dict = instance_dict(vm, self);
    return dict != VALUE_NULL && dict_merge_from(vm, dict, items[2], true) ? NONE : VALUE_NULL;
}

static IO_FUNCTION(bytes_size_of)
{
    IO_UNUSED;
    enum { OBJECT_SIZE = 64, BYTES_SIZE = 33 }; /* CPython's */
    struct bytes_state *state = state_of(self);
    uint64_t length = state && state->array != VALUE_NULL ? bytearray_of(state->array)->length : 0;
    return small_int(OBJECT_SIZE + (length ? BYTES_SIZE + (int64_t)length : 0));
}

static value get_closed(struct vm *vm, value self)
{
    (void)vm;
    return bool_value(!state_of(self) || state_of(self)->array == VALUE_NULL);
}

#define ROW(name, signature, function) {name, signature, function, METHOD_INSTANCE, NULL}
static const struct method_definition methods[] = {
    ROW("BytesIO", "(initial_bytes=b'')", bytes_init),
    ROW("readable", "()", bytes_true),
    ROW("seekable", "()", bytes_true),
    ROW("writable", "()", bytes_true),
    ROW("isatty", "()", bytes_false),
    ROW("flush", "()", bytes_none),
    ROW("close", "()", bytes_close),
    ROW("write", "(b, /)", bytes_write),
    ROW("read1", "(size=-1, /)", bytes_read),
    ROW("readinto", "(buffer, /)", bytes_readinto),
    ROW("readline", "(size=-1, /)", bytes_readline),
    ROW("readlines", "(size=None, /)", bytes_readlines),
    ROW("read", "(size=-1, /)", bytes_read),
    ROW("getbuffer", "()", bytes_getbuffer),
    ROW("getvalue", "()", bytes_getvalue),
    ROW("seek", "(pos, whence=0, /)", bytes_seek),
    ROW("truncate", "(size=None, /)", bytes_truncate),
    ROW("tell", "()", bytes_tell),
    ROW("__next__", "()", bytes_next),
    ROW("__getstate__", "()", bytes_getstate),
    ROW("__setstate__", "(state, /)", bytes_setstate),
    ROW("__sizeof__", "()", bytes_size_of),
    ROW("__del__", "()", bytes_nothing),
    {NULL, NULL, NULL, 0, NULL},
};
static const struct property_definition properties[] = {{"closed", get_closed, NULL}, {NULL, NULL, NULL}};
const struct io_class_definition io_bytes_class = {"BytesIO", "Buffered I/O implementation using an in-memory bytes buffer.",
                                                   IO_BUFFERED_BASE, true, methods, properties};

static const struct method_definition no_methods[] = {{NULL, NULL, NULL, 0, NULL}};
const struct io_class_definition io_bytes_buffer_class = {"_BytesIOBuffer", NULL, IO_BYTES_BUFFER, false, no_methods, NULL};
