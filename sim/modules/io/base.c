/* base.c - the abstract classes of module _io: _IOBase, _RawIOBase, _BufferedIOBase, _TextIOBase. What they offer is made from
 * the methods that a class derived from them defines. */
#include "sim/modules/io/file.h"

#define CLOSED_NAME "__IOBase_closed"

/* ---- _IOBase ---- */

/* Whether _IOBase.close() was called: it leaves an attribute. */
static bool marked_closed(struct vm *vm, value self)
{
    value closed;
    return find_attribute(vm, self, intern_text(vm, CLOSED_NAME), &closed) > 0 && value_truth(vm, closed) > 0;
}

static value get_closed(struct vm *vm, value self)
{
    return bool_value(marked_closed(vm, self));
}

#define UNSUPPORTED(function, name)                                                                                    \
    static IO_FUNCTION(function)                                                                                       \
    {                                                                                                                  \
        IO_UNUSED;                                                                                                     \
        return io_raise_unsupported(vm, name);                                                                         \
    }
UNSUPPORTED(base_seek, "seek")
UNSUPPORTED(base_truncate, "truncate")
UNSUPPORTED(base_fileno, "fileno")
UNSUPPORTED(base_detach, "detach")
UNSUPPORTED(base_read, "read")
UNSUPPORTED(base_read1, "read1")
UNSUPPORTED(base_write, "write")
UNSUPPORTED(base_readline_text, "readline")

static IO_FUNCTION(base_tell)
{
    IO_UNUSED;
    value from[2] = {small_int(0), small_int(1)};
    return call_method(vm, self, "seek", from, 2);
}

static IO_FUNCTION(base_flush)
{
    IO_UNUSED;
    return marked_closed(vm, self) ? io_raise_closed(vm) : NONE;
}

static IO_FUNCTION(base_close)
{
    IO_UNUSED;
    if (marked_closed(vm, self))
        return NONE;
    bool flushed = call_method(vm, self, "flush", NULL, 0) != VALUE_NULL;
    value failure = flushed ? VALUE_NULL : exception_take(vm);
    if (!set_attribute(vm, self, intern_text(vm, CLOSED_NAME), TRUE))
        return VALUE_NULL;
    if (flushed)
        return NONE;
    vm->pending = failure;
    return VALUE_NULL;
}

static IO_FUNCTION(base_false)
{
    IO_UNUSED;
    return FALSE;
}

static IO_FUNCTION(base_isatty)
{
    IO_UNUSED;
    return io_check_closed(vm, self) ? FALSE : VALUE_NULL;
}

static IO_FUNCTION(base_check_closed)
{
    IO_UNUSED;
    return io_check_closed(vm, self) ? NONE : VALUE_NULL;
}

static value check_ability(struct vm *vm, value self, const char *method, const char *message)
{
    value able = call_method(vm, self, method, NULL, 0);
    if (able == VALUE_NULL)
        return VALUE_NULL;
    return able == TRUE ? able : io_raise_unsupported(vm, message);
}

static IO_FUNCTION(base_check_seekable)
{
    IO_UNUSED;
    return check_ability(vm, self, "seekable", "File or stream is not seekable.");
}

static IO_FUNCTION(base_check_readable)
{
    IO_UNUSED;
    return check_ability(vm, self, "readable", "File or stream is not readable.");
}

static IO_FUNCTION(base_check_writable)
{
    IO_UNUSED;
    return check_ability(vm, self, "writable", "File or stream is not writable.");
}

static IO_FUNCTION(base_enter)
{
    IO_UNUSED;
    return io_check_closed(vm, self) ? self : VALUE_NULL;
}

static IO_FUNCTION(base_exit)
{
    IO_UNUSED;
    return call_method(vm, self, "close", NULL, 0);
}

IO_FUNCTION(io_base_iter)
{
    IO_UNUSED;
    return io_check_closed(vm, self) ? self : VALUE_NULL;
}

static IO_FUNCTION(base_next)
{
    IO_UNUSED;
    value line = call_method(vm, self, "readline", NULL, 0);
    int64_t length = line == VALUE_NULL ? -1 : value_length(vm, line);
    if (length < 0)
        return VALUE_NULL;
    return length ? line : raise_stop_iteration(vm, NONE);
}

/* How many bytes the next read may take without passing a line's end: what peek() shows, or one. -1: error. */
static int64_t safe_amount(struct vm *vm, value self, bool peeks, int64_t limit)
{
    if (!peeks)
        return 1;
    value one = small_int(1), ahead = call_method(vm, self, "peek", &one, 1);
    if (ahead == VALUE_NULL)
        return -1;
    if (!is_bytes(ahead)) {
        raise_error(vm, &exc_OSError, "peek() should have returned a bytes object, not '%T'", ahead);
        return -1;
    }
    size_t size = bytes_of(ahead)->length;
    if (!size)
        return 1;
    if (limit >= 0 && size > (size_t)limit)
        size = (size_t)limit;
    const uint8_t *end = memchr(bytes_of(ahead)->data, '\n', size);
    return end ? end - bytes_of(ahead)->data + 1 : (int64_t)size;
}

static IO_FUNCTION(base_readline)
{
    IO_UNUSED;
    int64_t limit;
    value ignored, line = bytearray_from(vm, NULL, 0);
    if (line == VALUE_NULL || !io_optional_size(vm, arguments[0], &limit))
        return VALUE_NULL;
    int peeks = find_attribute(vm, self, intern_text(vm, "peek"), &ignored);
    if (peeks < 0)
        return VALUE_NULL;
    struct bytearray_object *all = bytearray_of(line);
    while (limit < 0 || all->length < (uint64_t)limit) {
        int64_t amount = safe_amount(vm, self, peeks, limit < 0 ? -1 : limit - (int64_t)all->length);
        if (amount < 0)
            return VALUE_NULL;
        value wanted = small_int(amount), part = call_method(vm, self, "read", &wanted, 1);
        if (part == VALUE_NULL)
            return VALUE_NULL;
        if (!is_bytes(part))
            return raise_error(vm, &exc_OSError, "read() should have returned a bytes object, not '%T'", part);
        size_t size = bytes_of(part)->length, old = all->length;
        if (!size)
            break;
        if (!bytearray_resize(vm, all, old + size))
            return VALUE_NULL;
        memcpy(all->data + old, bytes_of(part)->data, size);
        if (all->data[old + size - 1] == '\n')
            break;
    }
    value result = bytes_from(vm, all->data, all->length);
    gc_keep(line);
    return result;
}

static IO_FUNCTION(base_readlines)
{
    IO_UNUSED;
    int64_t hint, total = 0;
    value list = list_new(vm, 0);
    if (list == VALUE_NULL || !io_optional_size(vm, arguments[0], &hint))
        return VALUE_NULL;
    if (hint <= 0)
        return list_extend(vm, list, self) ? list : VALUE_NULL;
    value iterator = get_iterator(vm, self), line;
    while (iterator != VALUE_NULL && (line = iterator_next(vm, iterator)) != VALUE_NULL) {
        int64_t length = value_length(vm, line);
        if (length < 0 || !list_append(vm, list_of(list), line))
            return VALUE_NULL;
        if ((total += length) >= hint)
            break;
    }
    return vm->pending == VALUE_NULL ? list : VALUE_NULL;
}

static bool write_line(struct vm *vm, value item, void *context)
{
    return call_method(vm, *(value *)context, "write", &item, 1) != VALUE_NULL;
}

static IO_FUNCTION(base_writelines)
{
    IO_UNUSED;
    if (!io_check_closed(vm, self) || !iterate(vm, arguments[0], write_line, &self))
        return VALUE_NULL;
    return vm->pending == VALUE_NULL ? NONE : VALUE_NULL;
}

/* At collection: close() what was left open. A file that another one wraps is that one's affair. */
IO_FUNCTION(io_base_finalize)
{
    IO_UNUSED;
    if (io_is_closed(vm, self) == 0)
        call_method(vm, self, "close", NULL, 0);
    if (vm->pending != VALUE_NULL)
        exception_clear(vm);
    return NONE;
}

IO_FUNCTION(io_refuse_pickle)
{
    IO_UNUSED;
    value name = type_long_name(vm, value_type(vm, self)), module = type_module_name(vm, value_type(vm, self));
    if (io_is_exact(vm, self, IO_PAIR) || !is_string(module))
        module = intern_text(vm, "_io");
    return raise_error(vm, &exc_TypeError, "cannot pickle '%U.%U' object", module, name);
}

#define ROW(name, signature, function) {name, signature, function, METHOD_INSTANCE, NULL}
static const struct method_definition base_methods[] = {
    ROW("seek", NULL, base_seek),
    ROW("tell", "()", base_tell),
    ROW("truncate", NULL, base_truncate),
    ROW("flush", "()", base_flush),
    ROW("close", "()", base_close),
    ROW("seekable", "()", base_false),
    ROW("readable", "()", base_false),
    ROW("writable", "()", base_false),
    ROW("_checkClosed", NULL, base_check_closed),
    ROW("_checkSeekable", NULL, base_check_seekable),
    ROW("_checkReadable", NULL, base_check_readable),
    ROW("_checkWritable", NULL, base_check_writable),
    ROW("fileno", "()", base_fileno),
    ROW("isatty", "()", base_isatty),
    ROW("__enter__", "()", base_enter),
    ROW("__exit__", NULL, base_exit),
    ROW("__iter__", "()", io_base_iter),
    ROW("__next__", "()", base_next),
    ROW("__del__", "()", io_base_finalize),
    ROW("readline", "(size=-1, /)", base_readline),
    ROW("readlines", "(hint=-1, /)", base_readlines),
    ROW("writelines", "(lines, /)", base_writelines),
    {NULL, NULL, NULL, 0, NULL},
};
static const struct property_definition base_properties[] = {{"closed", get_closed, NULL}, {NULL, NULL, NULL}};
const struct io_class_definition io_base_class = {
    "_IOBase", "The abstract base class for all I/O classes.", IO_BASE, false, base_methods, base_properties};

/* ---- _RawIOBase ---- */

static IO_FUNCTION(raw_base_read)
{
    IO_UNUSED;
    int64_t size = -1, got;
    if (arguments[0] != VALUE_NULL && !io_index(vm, arguments[0], &size))
        return VALUE_NULL;
    if (size < 0)
        return call_method(vm, self, "readall", NULL, 0);
    value target = bytearray_from(vm, NULL, (size_t)size);
    value count_read = target == VALUE_NULL ? VALUE_NULL : call_method(vm, self, "readinto", &target, 1);
    if (count_read == VALUE_NULL || count_read == NONE)
        return count_read;
    if (!io_index(vm, count_read, &got))
        return VALUE_NULL;
    if (got < 0 || (uint64_t)got > bytearray_of(target)->length)
        return raise_error(vm, &exc_ValueError, "readinto returned %ld outside buffer size %ld", (long)got, (long)size);
    value result = bytes_from(vm, bytearray_of(target)->data, (size_t)got);
    gc_keep(target);
    return result;
}

static IO_FUNCTION(raw_base_readall)
{
    IO_UNUSED;
    value all = bytearray_from(vm, NULL, 0), wanted = small_int(IO_BUFFER_SIZE);
    while (all != VALUE_NULL) {
        value part = call_method(vm, self, "read", &wanted, 1);
        if (part == VALUE_NULL)
            return VALUE_NULL;
        size_t old = bytearray_of(all)->length;
        if (part == NONE && !old)
            return part;
        if (part == NONE)
            break;
        if (!is_bytes(part))
            return raise_error(vm, &exc_TypeError, "read() should return bytes");
        size_t size = bytes_of(part)->length;
        if (!size)
            break;
        if (!bytearray_resize(vm, bytearray_of(all), old + size))
            return VALUE_NULL;
        memcpy(bytearray_of(all)->data + old, bytes_of(part)->data, size);
    }
    value result = all == VALUE_NULL ? VALUE_NULL : bytes_from(vm, bytearray_of(all)->data, bytearray_of(all)->length);
    gc_keep(all);
    return result;
}

static const struct method_definition raw_base_methods[] = {
    ROW("read", "(size=-1, /)", raw_base_read),
    ROW("readall", "()", raw_base_readall),
    {NULL, NULL, NULL, 0, NULL},
};
const struct io_class_definition io_raw_base_class = {"_RawIOBase", "Base class for raw binary I/O.", IO_BASE, false,
                                                      raw_base_methods, NULL};

/* ---- _BufferedIOBase ---- */

static value read_into(struct vm *vm, value self, value target, const char *method)
{
    uint8_t *memory;
    size_t size;
    if (!io_writable(vm, target, !strcmp(method, "read") ? "readinto" : "readinto1", &memory, &size))
        return VALUE_NULL;
    value wanted = small_int((int64_t)size), data = call_method(vm, self, method, &wanted, 1);
    if (data == VALUE_NULL)
        return VALUE_NULL;
    if (!is_bytes(data))
        return raise_error(vm, &exc_TypeError, "read() should return bytes");
    if (bytes_of(data)->length > size)
        return raise_error(vm, &exc_ValueError, "read() returned too much data: %ld bytes requested, %ld returned", (long)size,
                           (long)bytes_of(data)->length);
    if (!io_writable(vm, target, "readinto", &memory, &size) || bytes_of(data)->length > size)
        return vm->pending != VALUE_NULL ? VALUE_NULL : raise_error(vm, &exc_BufferError, "the buffer was resized");
    memcpy(memory, bytes_of(data)->data, bytes_of(data)->length);
    return small_int((int64_t)bytes_of(data)->length);
}

static IO_FUNCTION(buffered_base_readinto)
{
    IO_UNUSED;
    return read_into(vm, self, arguments[0], "read");
}

static IO_FUNCTION(buffered_base_readinto1)
{
    IO_UNUSED;
    return read_into(vm, self, arguments[0], "read1");
}

static const struct method_definition buffered_base_methods[] = {
    ROW("detach", "()", base_detach),
    ROW("read", NULL, base_read),
    ROW("read1", NULL, base_read1),
    ROW("readinto", "(buffer, /)", buffered_base_readinto),
    ROW("readinto1", "(buffer, /)", buffered_base_readinto1),
    ROW("write", NULL, base_write),
    {NULL, NULL, NULL, 0, NULL},
};
const struct io_class_definition io_buffered_base_class = {"_BufferedIOBase", "Base class for buffered IO objects.", IO_BASE,
                                                           false, buffered_base_methods, NULL};

/* ---- _TextIOBase ---- */

static value get_none(struct vm *vm, value self)
{
    (void)vm, (void)self;
    return NONE;
}

static const struct method_definition text_base_methods[] = {
    ROW("detach", NULL, base_detach),
    ROW("read", NULL, base_read),
    ROW("readline", NULL, base_readline_text),
    ROW("write", NULL, base_write),
    {NULL, NULL, NULL, 0, NULL},
};
static const struct property_definition text_base_properties[] = {
    {"encoding", get_none, NULL}, {"newlines", get_none, NULL}, {"errors", get_none, NULL}, {NULL, NULL, NULL}};
const struct io_class_definition io_text_base_class = {"_TextIOBase", "Base class for text I/O.", IO_BASE, false,
                                                       text_base_methods, text_base_properties};
