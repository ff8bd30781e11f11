/* classes.c - module _io: its state, its classes, and what all of them use. */
#include "sim/modules/io/file.h"
#include "sim/runtime/native_docs.h"
#include "sim/runtime/thread.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- state ---- */

static void trace_state(struct vm *vm, void *context)
{
    struct io_state *io = context;
    for (int i = 0; i < IO_CLASS_COUNT; i++)
        gc_mark(vm, io->classes[i]);
    for (int i = 0; i < 3; i++)
        gc_mark(vm, io->standard[i]);
    gc_mark(vm, io->unsupported_operation);
    gc_mark(vm, io->stdout_name);
}

static const struct io_class_definition *const definitions[IO_CLASS_COUNT] = {
    [IO_BASE] = &io_base_class,     [IO_RAW_BASE] = &io_raw_base_class, [IO_BUFFERED_BASE] = &io_buffered_base_class,
    [IO_TEXT_BASE] = &io_text_base_class, [IO_FILE] = &io_file_class,   [IO_READER] = &io_reader_class,
    [IO_WRITER] = &io_writer_class, [IO_RANDOM] = &io_random_class,     [IO_PAIR] = &io_pair_class,
    [IO_TEXT] = &io_text_class,     [IO_BYTES] = &io_bytes_class,       [IO_STRING] = &io_string_class,
    [IO_NEWLINE_DECODER] = &io_newline_decoder_class,                   [IO_BYTES_BUFFER] = &io_bytes_buffer_class,
};

/* A constructor's row has the class's name: its messages call it so, and the class knows it as __init__. */
static bool add_rows(struct vm *vm, struct type *type, const struct io_class_definition *definition)
{
    for (const struct method_definition *row = definition->methods; row && row->name; row++) {
        const char *name = strcmp(row->name, definition->name) ? row->name : "__init__";
        value method = row->flags & METHOD_STATIC ? native_function_new(vm, row, object_value(type), NULL)
                                                  : method_descriptor_new(vm, type, row);
        if (method == VALUE_NULL || !dict_set_interned(vm, type->dict, intern_text(vm, name), method))
            return false;
    }
    char place[64];
    snprintf(place, sizeof place, "_io.%s", definition->name);
    const char *members = native_doc_members_at(place);
    for (const struct property_definition *row = definition->properties; row && row->name; row++) {
        value property = attribute_descriptor_new(vm, type, row, members);
        if (property == VALUE_NULL || !dict_set_interned(vm, type->dict, intern_text(vm, row->name), property))
            return false;
    }
    return true;
}

static value make_class(struct vm *vm, const struct io_state *io, enum io_class class)
{
    const struct io_class_definition *definition = definitions[class];
    value base = definition->base == class ? type_object_value(&object_type_object) : io->classes[definition->base];
    value bases = tuple_pack(vm, 1, base), namespace = dict_new(vm);
    bool dict = (((struct type *)value_object(base))->flags & TYPE_HAS_INSTANCE_DICT) != 0; /* it has one to give */
    value slots = tuple_pack(vm, dict ? 1 : 2, intern_text(vm, "_native"), intern_text(vm, "__dict__"));
    struct native_doc known;
    const char *doc = native_doc_find("_io", definition->name, &known) ? known.text : definition->doc;
    if (bases == VALUE_NULL || namespace == VALUE_NULL || slots == VALUE_NULL ||
        !dict_set_text(vm, dict_of(namespace), "__module__", intern_text(vm, "_io")) ||
        !dict_set_text(vm, dict_of(namespace), "__doc__", doc ? string_from_text(vm, doc) : NONE) ||
        (definition->has_state && !dict_set_text(vm, dict_of(namespace), "__slots__", slots)))
        return VALUE_NULL;
    value made = type_new_class(vm, &type_type, intern_text(vm, definition->name), bases, namespace, VALUE_NULL);
    if (made == VALUE_NULL)
        return VALUE_NULL;
    struct type *type = (struct type *)value_object(made);
    type->slot_names = VALUE_NULL;
    char *name = NULL; /* messages say "_io.FileIO" */
    if (asprintf(&name, "_io.%s", definition->name) < 0)
        return raise_no_memory(vm);
    free((void *)(uintptr_t)type->name);
    type->name = name;
    type->module = intern_text(vm, "_io");
    if (definition->has_state && (dict_delete(vm, type->dict, intern_text(vm, "_native")) < 0 ||
                                  dict_delete(vm, type->dict, intern_text(vm, "__slots__")) < 0))
        return VALUE_NULL;
    if (!add_rows(vm, type, definition))
        return VALUE_NULL;
    type_modified(vm, type);
    slots_update(vm, type);
    if (class == IO_BYTES || class == IO_STRING) /* nothing to close: they need no finaliser */
        type->flags &= ~(unsigned)TYPE_HAS_FINALIZER;
    return made;
}

/* io.UnsupportedOperation */
static value make_unsupported_operation(struct vm *vm)
{
    value bases = tuple_pack(vm, 2, type_object_value(&exc_OSError), type_object_value(&exc_ValueError));
    value namespace = dict_new(vm), name = intern_text(vm, "UnsupportedOperation");
    if (bases == VALUE_NULL || namespace == VALUE_NULL || name == VALUE_NULL ||
        !dict_set_text(vm, dict_of(namespace), "__module__", intern_text(vm, "io")))
        return VALUE_NULL;
    return type_new_class(vm, &type_type, name, bases, namespace, VALUE_NULL);
}

static bool make_classes(struct vm *vm, struct io_state *io)
{
    for (int class = 0; class < IO_CLASS_COUNT; class++)
        if ((io->classes[class] = make_class(vm, io, (enum io_class)class)) == VALUE_NULL)
            return false;
    return (io->unsupported_operation = make_unsupported_operation(vm)) != VALUE_NULL;
}

struct io_state *io_state_of(struct vm *vm)
{
    if (vm->io)
        return vm->io;
    struct io_state *io = calloc(1, sizeof *io);
    if (!io) {
        raise_no_memory(vm);
        return NULL;
    }
    for (int i = 0; i < IO_CLASS_COUNT; i++)
        io->classes[i] = VALUE_NULL;
    io->standard[0] = io->standard[1] = io->standard[2] = VALUE_NULL;
    io->unsupported_operation = io->stdout_name = VALUE_NULL;
    vm->io = io;
    gc_add_tracer(vm, trace_state, io);
    bool made;
    WORK_UNTRACKED(vm, made = make_classes(vm, io));
    io->stdout_name = intern_text(vm, "stdout");
    return made ? io : NULL;
}

bool io_flush_pending(struct vm *vm)
{
    struct io_state *io = vm->io;
    if (!io)
        return true;
    for (struct text_state *text = io->pending_texts, *next; text; text = next) {
        next = text->next;
        text_flush_quietly(vm, text);
    }
    for (struct buffered_state *buffered = io->pending_buffers, *next; buffered; buffered = next) {
        next = buffered->next;
        buffered_flush_quietly(vm, buffered);
    }
    return vm->pending == VALUE_NULL;
}

void io_state_free(struct vm *vm)
{
    io_flush_pending(vm);
    free(vm->io);
    vm->io = NULL;
}

value io_new(struct vm *vm, enum io_class class)
{
    struct io_state *io = io_state_of(vm);
    return io ? instance_new(vm, (struct type *)value_object(io->classes[class])) : VALUE_NULL;
}

/* ---- raising ---- */

value io_raise_unsupported(struct vm *vm, const char *message)
{
    struct io_state *io = io_state_of(vm);
    value exception = io ? call_1(vm, io->unsupported_operation, string_from_text(vm, message)) : VALUE_NULL;
    if (exception != VALUE_NULL)
        raise_value(vm, exception);
    return VALUE_NULL;
}

value io_raise_blocking(struct vm *vm, const char *message, size_t written)
{
    value number = small_int((int64_t)written), text = string_from_text(vm, message);
    value exception = call_3(vm, object_value(&exc_BlockingIOError), small_int(EAGAIN), text, number);
    return exception == VALUE_NULL ? VALUE_NULL : raise_value(vm, exception);
}

value io_raise_closed(struct vm *vm)
{
    return raise_error(vm, &exc_ValueError, "I/O operation on closed file.");
}

value io_raise_uninitialized(struct vm *vm)
{
    return raise_error(vm, &exc_ValueError, "I/O operation on uninitialized object");
}

/* ---- methods that Python may have overridden ---- */

int io_test(struct vm *vm, value file, const char *method)
{
    value result = call_method(vm, file, method, NULL, 0);
    return result == VALUE_NULL ? -1 : value_truth(vm, result);
}

int io_is_closed(struct vm *vm, value file)
{
    value closed = get_attribute_text(vm, file, "closed");
    return closed == VALUE_NULL ? -1 : value_truth(vm, closed);
}

bool io_check_closed(struct vm *vm, value file)
{
    int closed = io_is_closed(vm, file);
    if (closed > 0)
        io_raise_closed(vm);
    return closed == 0;
}

bool io_index(struct vm *vm, value v, int64_t *out)
{
    if (is_small_int(v)) {
        *out = small_int_value(v);
        return true;
    }
    if (is_float(v)) {
        raise_error(vm, &exc_TypeError, "'float' object cannot be interpreted as an integer");
        return false;
    }
    return value_to_index(vm, v, out);
}

bool io_optional_size(struct vm *vm, value v, int64_t *size)
{
    *size = -1;
    if (v == VALUE_NULL || v == NONE)
        return true;
    if (!is_int(v) && lookup_special(vm, v, "__index__") == VALUE_NULL) {
        if (vm->pending == VALUE_NULL)
            raise_error(vm, &exc_TypeError, "argument should be integer or None, not '%T'", v);
        return false;
    }
    return io_index(vm, v, size);
}

bool io_writable(struct vm *vm, value target, const char *function, uint8_t **data, size_t *size)
{
    const uint8_t *memory;
    bool refused = is_bytes(target) || is_string(target) || !has_buffer(vm, target);
    if (!refused && is_exact(target, &memoryview_type)) {
        value read_only = get_attribute_text(vm, target, "readonly");
        if (read_only == VALUE_NULL)
            return false;
        refused = read_only == TRUE;
    }
    if (refused) {
        raise_error(vm, &exc_TypeError, "%s() argument must be read-write bytes-like object, not %T", function, target);
        return false;
    }
    if (!buffer_of(vm, target, &memory, size))
        return false;
    *data = (uint8_t *)(uintptr_t)memory;
    return true;
}

bool io_interrupted(struct vm *vm)
{
    return (vm->interrupt & INTERRUPT_SIGNAL) && !thread_interrupted(vm);
}

bool io_close_after(struct vm *vm, bool flushed, value inner)
{
    value first = flushed ? VALUE_NULL : exception_take(vm);
    value closed = call_method(vm, inner, "close", NULL, 0);
    if (first == VALUE_NULL)
        return closed != VALUE_NULL;
    if (closed == VALUE_NULL) {
        struct exception_object *second = (struct exception_object *)value_object(vm->pending);
        if (second->context == VALUE_NULL && vm->pending != first)
            second->context = first;
        return false;
    }
    vm->pending = first;
    return false;
}

/* ---- the module ---- */

static IO_FUNCTION(io_text_encoding)
{
    IO_UNUSED;
    return arguments[0] == NONE ? intern_text(vm, "locale") : arguments[0];
}

static IO_FUNCTION(io_open_code)
{
    IO_UNUSED;
    if (!is_string(arguments[0]))
        return raise_error(vm, &exc_TypeError, "open_code() argument 'path' must be str, not %T", arguments[0]);
    value bound[8] = {arguments[0], intern_text(vm, "rb"), VALUE_NULL, VALUE_NULL,
                      VALUE_NULL,   VALUE_NULL,            VALUE_NULL, VALUE_NULL};
    return io_open(vm, self, bound, 8, VALUE_NULL);
}

static const struct method_definition functions[] = {
    {"open", "(file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None)", io_open, 0,
     NULL},
    {"open_code", "(path)", io_open_code, 0, NULL},
    {"text_encoding", "(encoding, stacklevel=2, /)", io_text_encoding, 0, NULL},
    {NULL, NULL, NULL, 0, NULL},
};

static bool io_initialize(struct vm *vm, value module)
{
    struct dict_object *dict = dict_of(((struct module_object *)value_object(module))->dict);
    struct io_state *io = io_state_of(vm);
    if (!io)
        return false;
    for (int class = 0; class < IO_CLASS_COUNT; class++)
        if (!dict_set_text(vm, dict, definitions[class]->name, io->classes[class]))
            return false;
    return dict_set_text(vm, dict, "UnsupportedOperation", io->unsupported_operation) &&
           dict_set_text(vm, dict, "DEFAULT_BUFFER_SIZE", small_int(IO_BUFFER_SIZE)) &&
           dict_set_text(vm, dict, "BlockingIOError", type_object_value(&exc_BlockingIOError));
}

const struct native_module io_module = {"_io", io_initialize, functions};
