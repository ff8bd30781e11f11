/* pair.c - BufferedRWPair: a reader and a writer, for pipes and sockets. */
#include "sim/modules/io/file.h"

struct pair_state {
    struct object head;
    value reader, writer;
};

static void pair_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct pair_state *)object)->reader);
    gc_mark(vm, ((struct pair_state *)object)->writer);
}

static struct type pair_state_type = {.name = "_io.pair_state", .instance_size = sizeof(struct pair_state), .trace = pair_trace};

static value part(struct vm *vm, value self, bool writer)
{
    struct pair_state *pair = (struct pair_state *)io_native(self);
    if (!pair)
        return io_raise_uninitialized(vm);
    return writer ? pair->writer : pair->reader;
}

static IO_FUNCTION(pair_init)
{
    IO_UNUSED;
    static const char *const checks[][2] = {{"readable", "File or stream is not readable."},
                                            {"writable", "File or stream is not writable."}};
    value files[2];
    type_ready(vm, &pair_state_type);
    for (int i = 0; i < 2; i++) {
        int able = io_test(vm, arguments[i], checks[i][0]);
        if (able <= 0)
            return able < 0 ? VALUE_NULL : io_raise_unsupported(vm, checks[i][1]);
    }
    for (int i = 0; i < 2; i++) {
        value given[2] = {arguments[i], arguments[2]};
        files[i] = call(vm, vm->io->classes[i ? IO_WRITER : IO_READER], given, arguments[2] == VALUE_NULL ? 1 : 2, VALUE_NULL);
        if (files[i] == VALUE_NULL)
            return VALUE_NULL;
    }
    struct pair_state *pair = GC_NEW(vm, struct pair_state, &pair_state_type);
    if (!pair)
        return VALUE_NULL;
    pair->reader = files[0];
    pair->writer = files[1];
    io_set_native(self, pair);
    return NONE;
}

#define FORWARD(name, writer)                                                                                          \
    static IO_FUNCTION(pair_##name)                                                                                    \
    {                                                                                                                  \
        (void)keyword_names;                                                                                           \
        value file = part(vm, self, writer);                                                                           \
        return file == VALUE_NULL ? VALUE_NULL : call_method(vm, file, #name, arguments, count);                       \
    }
FORWARD(read, false)
FORWARD(peek, false)
FORWARD(read1, false)
FORWARD(readinto, false)
FORWARD(readinto1, false)
FORWARD(readable, false)
FORWARD(write, true)
FORWARD(flush, true)
FORWARD(writable, true)

static IO_FUNCTION(pair_close)
{
    IO_UNUSED;
    value writer = part(vm, self, true), reader = writer == VALUE_NULL ? VALUE_NULL : part(vm, self, false);
    if (reader == VALUE_NULL)
        return VALUE_NULL;
    bool closed = call_method(vm, writer, "close", NULL, 0) != VALUE_NULL;
    return io_close_after(vm, closed, reader) ? NONE : VALUE_NULL;
}

static IO_FUNCTION(pair_isatty)
{
    IO_UNUSED;
    for (int i = 1; i >= 0; i--) {
        value file = part(vm, self, i), result = file == VALUE_NULL ? VALUE_NULL : call_method(vm, file, "isatty", NULL, 0);
        if (result == VALUE_NULL || result != FALSE)
            return result;
    }
    return FALSE;
}

static value get_closed(struct vm *vm, value self)
{
    struct pair_state *pair = (struct pair_state *)io_native(self);
    if (!pair)
        return raise_error(vm, &exc_RuntimeError, "the BufferedRWPair object is being garbage-collected");
    return get_attribute_text(vm, pair->writer, "closed");
}

#define ROW(name, signature, function) {name, signature, function, METHOD_INSTANCE, NULL}
static const struct method_definition methods[] = {
    ROW("BufferedRWPair", "(reader, writer, buffer_size=8192, /)", pair_init),
    ROW("read", NULL, pair_read),
    ROW("peek", NULL, pair_peek),
    ROW("read1", NULL, pair_read1),
    ROW("readinto", NULL, pair_readinto),
    ROW("readinto1", NULL, pair_readinto1),
    ROW("write", NULL, pair_write),
    ROW("flush", NULL, pair_flush),
    ROW("readable", NULL, pair_readable),
    ROW("writable", NULL, pair_writable),
    ROW("close", "()", pair_close),
    ROW("isatty", "()", pair_isatty),
    {NULL, NULL, NULL, 0, NULL},
};
static const struct property_definition properties[] = {{"closed", get_closed, NULL}, {NULL, NULL, NULL}};
const struct io_class_definition io_pair_class = {
    "BufferedRWPair", "A buffered reader and writer object together.", IO_BUFFERED_BASE, true, methods, properties};
