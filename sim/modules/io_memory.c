/* io_memory.c - io.StringIO and io.BytesIO: files in memory. */
#include "sim/modules/io_file.h"
#include "sim/runtime/args.h"
#include "sim/runtime/bytes.h"
#include "sim/runtime/container.h"
#include "sim/runtime/exception.h"

#define METHOD(name)                                                                                                   \
    static value memory_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED_ARGUMENTS (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

struct memory_file {
    struct object head;
    uint8_t *data;           /* gc_storage: bytes, or code points of 4 bytes */
    size_t capacity;         /* bytes */
    size_t length, position; /* bytes, or characters */
    uint8_t unit;            /* 1: BytesIO, 4: StringIO */
    bool closed, translate;  /* translate: newline=None, \r\n and \r become \n */
};

static struct memory_file *memory_of(value v)
{
    return (struct memory_file *)value_object(v);
}

static bool check_open(struct vm *vm, value self)
{
    if (memory_of(self)->closed)
        raise_error(vm, &exc_ValueError, "I/O operation on closed file%s", memory_of(self)->unit == 1 ? "." : "");
    return !memory_of(self)->closed;
}

static struct span contents(const struct memory_file *file, size_t start, size_t stop)
{
    return span_part((struct span){file->data, file->length, file->unit}, start, stop);
}

static value part(struct vm *vm, const struct memory_file *file, size_t start, size_t stop)
{
    struct span span = contents(file, start, stop);
    ADD_WORK(vm, characters, span.length);
    return file->unit == 1 ? bytes_from(vm, span.data, span.length) : string_from_span(vm, span);
}

static bool write_span(struct vm *vm, struct memory_file *file, struct span span)
{
    size_t end = file->position + span.length;
    if (end * file->unit > file->capacity) {
        size_t capacity = end * file->unit + file->capacity / 2 + 64;
        uint8_t *data = gc_resize_storage(vm, file->data, file->capacity, capacity);
        if (!data)
            return false;
        file->data = data;
        file->capacity = capacity;
    }
    if (file->position > file->length && span.length)
        memset(file->data + file->length * file->unit, 0, (file->position - file->length) * file->unit);
    span_copy(file->data, file->unit, file->position, span);
    file->position = end;
    if (span.length && end > file->length)
        file->length = end;
    ADD_WORK(vm, characters, span.length);
    return true;
}

static value write_value(struct vm *vm, value self, value item)
{
    struct memory_file *file = memory_of(self);
    struct span span;
    if (!check_open(vm, self))
        return VALUE_NULL;
    if (file->unit == 1) {
        if (!bytes_like(vm, item, &span))
            return VALUE_NULL;
    } else {
        if (!is_string(item))
            return raise_error(vm, &exc_TypeError, "string argument expected, got '%T'", item);
        span = string_span(item);
        if (file->translate && span_find_character(span, '\r', 0, span.length) >= 0)
            return raise_unsupported(vm, "carriage returns in a StringIO with newline=None");
    }
    return write_span(vm, file, span) ? small_int((int64_t)span.length) : VALUE_NULL;
}

static value memory_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    struct memory_file *file = instance_allocate(vm, type, sizeof *file);
    if (!file)
        return VALUE_NULL;
    file->unit = type_is_subtype(type, &bytes_io_type) ? 1 : 4;
    return object_value(file);
}

static bool memory_init(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    static const char *const text_names[] = {"initial_value", "newline"}, *const byte_names[] = {"initial_bytes"};
    struct memory_file *file = memory_of(self);
    value bound[2] = {VALUE_NULL, VALUE_NULL};
    if (!(file->unit == 4 ? bind_constructor(vm, "StringIO", text_names, 2, arguments, count, keyword_names, bound)
                          : bind_constructor(vm, "BytesIO", byte_names, 1, arguments, count, keyword_names, bound)))
        return false;
    if (bound[1] != VALUE_NULL && bound[1] != NONE && !string_is(bound[1], "\n") && !string_is(bound[1], "")) {
        raise_unsupported(vm, "StringIO with this newline argument");
        return false;
    }
    file->translate = bound[1] == NONE;
    file->length = file->position = 0;
    if (bound[0] != VALUE_NULL && bound[0] != NONE) {
        if (file->unit == 4 && !is_string(bound[0])) {
            raise_error(vm, &exc_TypeError, "initial_value must be str or None, not %T", bound[0]);
            return false;
        }
        if (write_value(vm, self, bound[0]) == VALUE_NULL)
            return false;
    }
    file->position = 0;
    return true;
}

static void memory_trace(struct vm *vm, struct object *object)
{
    gc_mark_storage(vm, ((struct memory_file *)object)->data);
}

METHOD(write)
{
    UNUSED_ARGUMENTS;
    return write_value(vm, self, arguments[0]);
}

static bool write_one(struct vm *vm, value item, void *context)
{
    return write_value(vm, *(value *)context, item) != VALUE_NULL;
}

METHOD(writelines)
{
    UNUSED_ARGUMENTS;
    return check_open(vm, self) && iterate(vm, arguments[0], write_one, &self) && vm->pending == VALUE_NULL ? NONE : VALUE_NULL;
}

METHOD(getvalue)
{
    UNUSED_ARGUMENTS;
    return check_open(vm, self) ? part(vm, memory_of(self), 0, memory_of(self)->length) : VALUE_NULL;
}

static bool optional_size(struct vm *vm, value v, int64_t *size)
{
    *size = -1;
    return v == VALUE_NULL || v == NONE || value_to_index(vm, v, size);
}

METHOD(read)
{
    UNUSED_ARGUMENTS;
    struct memory_file *file = memory_of(self);
    int64_t limit;
    if (!check_open(vm, self) || !optional_size(vm, arguments[0], &limit))
        return VALUE_NULL;
    size_t start = size_minimum(file->position, file->length), stop = file->length;
    if (limit >= 0 && (uint64_t)limit < stop - start)
        stop = start + (size_t)limit;
    if (stop > start)
        file->position = stop;
    return part(vm, file, start, stop);
}

static value read_line(struct vm *vm, struct memory_file *file, int64_t limit)
{
    size_t start = size_minimum(file->position, file->length), stop = file->length;
    int64_t found = span_find_character(contents(file, 0, file->length), '\n', start, stop);
    if (found >= 0)
        stop = (size_t)found + 1;
    if (limit >= 0 && (uint64_t)limit < stop - start)
        stop = start + (size_t)limit;
    if (stop > start)
        file->position = stop;
    return part(vm, file, start, stop);
}

METHOD(readline)
{
    UNUSED_ARGUMENTS;
    int64_t limit;
    if (!check_open(vm, self) || !optional_size(vm, arguments[0], &limit))
        return VALUE_NULL;
    return read_line(vm, memory_of(self), limit);
}

static value next_line(struct vm *vm, value self)
{
    struct memory_file *file = memory_of(self);
    if (!check_open(vm, self) || file->position >= file->length)
        return VALUE_NULL;
    return read_line(vm, file, -1);
}

METHOD(readlines)
{
    UNUSED_ARGUMENTS;
    int64_t hint, total = 0;
    value list = list_new(vm, 0), line;
    if (list == VALUE_NULL || !check_open(vm, self) || !optional_size(vm, arguments[0], &hint))
        return VALUE_NULL;
    while ((line = next_line(vm, self)) != VALUE_NULL) {
        if (!list_append(vm, list_of(list), line))
            return VALUE_NULL;
        total += value_length(vm, line);
        if (hint > 0 && total >= hint)
            break;
    }
    return vm->pending == VALUE_NULL ? list : VALUE_NULL;
}

METHOD(tell)
{
    UNUSED_ARGUMENTS;
    return check_open(vm, self) ? small_int((int64_t)memory_of(self)->position) : VALUE_NULL;
}

METHOD(seek)
{
    UNUSED_ARGUMENTS;
    struct memory_file *file = memory_of(self);
    int64_t offset, whence = 0;
    if (!check_open(vm, self) || !value_to_index(vm, arguments[0], &offset) ||
        (arguments[1] != VALUE_NULL && !value_to_index(vm, arguments[1], &whence)))
        return VALUE_NULL;
    if (whence < 0 || whence > 2)
        return raise_error(vm, &exc_ValueError, file->unit == 4 ? "Invalid whence (%ld, should be 0, 1 or 2)"
                                                                : "invalid whence (%ld, should be 0, 1 or 2)", (long)whence);
    if (whence == 0 && offset < 0)
        return raise_error(vm, &exc_ValueError, file->unit == 4 ? "Negative seek position %ld" : "negative seek value %ld",
                           (long)offset);
    if (whence && file->unit == 4 && offset)
        return raise_error(vm, &exc_OSError, "Can't do nonzero cur-relative seeks");
    offset += whence == 1 ? (int64_t)file->position : whence == 2 ? (int64_t)file->length : 0;
    file->position = offset < 0 ? 0 : (size_t)offset;
    return small_int((int64_t)file->position);
}

METHOD(truncate)
{
    UNUSED_ARGUMENTS;
    struct memory_file *file = memory_of(self);
    int64_t size = (int64_t)file->position;
    if (!check_open(vm, self) || (arguments[0] != VALUE_NULL && arguments[0] != NONE && !value_to_index(vm, arguments[0], &size)))
        return VALUE_NULL;
    if (size < 0)
        return raise_error(vm, &exc_ValueError, file->unit == 4 ? "Negative size value %ld" : "negative size value %ld", (long)size);
    if ((uint64_t)size < file->length)
        file->length = (size_t)size;
    return small_int(size);
}

METHOD(close)
{
    UNUSED_ARGUMENTS;
    memory_of(self)->closed = true;
    return NONE;
}

METHOD(enter)
{
    UNUSED_ARGUMENTS;
    return check_open(vm, self) ? self : VALUE_NULL;
}

METHOD(flush)
{
    UNUSED_ARGUMENTS;
    return check_open(vm, self) ? NONE : VALUE_NULL;
}

METHOD(true)
{
    UNUSED_ARGUMENTS;
    return check_open(vm, self) ? TRUE : VALUE_NULL;
}

METHOD(false)
{
    UNUSED_ARGUMENTS;
    return check_open(vm, self) ? FALSE : VALUE_NULL;
}

static value self_iter(struct vm *vm, value self)
{
    return check_open(vm, self) ? self : VALUE_NULL;
}

static value get_closed(struct vm *vm, value self)
{
    (void)vm;
    return bool_value(memory_of(self)->closed);
}

static const struct property_definition memory_properties[] = {{"closed", get_closed, NULL}, {NULL, NULL, NULL}};

#define ROW(name, signature) {#name, signature, memory_##name, METHOD_INSTANCE, NULL}
static const struct method_definition memory_methods[] = {
    ROW(write, "(s, /)"),
    ROW(writelines, "(lines, /)"),
    ROW(getvalue, "()"),
    ROW(read, "(size=-1, /)"),
    ROW(readline, "(size=-1, /)"),
    ROW(readlines, "(hint=-1, /)"),
    ROW(tell, "()"),
    ROW(seek, "(pos, whence=0, /)"),
    ROW(truncate, "(pos=None, /)"),
    ROW(close, "()"),
    ROW(flush, "()"),
    {"__enter__", "()", memory_enter, METHOD_INSTANCE, NULL},
    {"__exit__", NULL, memory_close, METHOD_INSTANCE, NULL},
    {"readable", "()", memory_true, METHOD_INSTANCE, NULL},
    {"writable", "()", memory_true, METHOD_INSTANCE, NULL},
    {"seekable", "()", memory_true, METHOD_INSTANCE, NULL},
    {"isatty", "()", memory_false, METHOD_INSTANCE, NULL},
    {NULL, NULL, NULL, 0, NULL},
};

#define MEMORY_TYPE(variable, python_name)                                                                             \
    struct type variable = {                                                                                           \
        .name = python_name,                                                                                           \
        .flags = TYPE_SUBCLASSABLE | TYPE_GETATTR_PLAIN,                                                               \
        .instance_size = sizeof(struct memory_file),                                                                   \
        .methods = memory_methods,                                                                                     \
        .properties = memory_properties,                                                                               \
        .trace = memory_trace,                                                                                         \
        .new = memory_new,                                                                                             \
        .init = memory_init,                                                                                           \
        .iter = self_iter,                                                                                             \
        .next = next_line,                                                                                             \
    }
MEMORY_TYPE(string_io_type, "StringIO");
MEMORY_TYPE(bytes_io_type, "BytesIO");
