/* buffer.c - the type PickleBuffer: a buffer that a pickler may leave out of the pickle. */
#include "sim/modules/pickle/pickle.h"
#include "sim/runtime/memoryview.h"

struct pickle_buffer {
    struct object head;
    value view; /* a memoryview; VALUE_NULL: released */
};

static struct pickle_buffer *buffer_of_value(value v)
{
    return (struct pickle_buffer *)value_object(v);
}

bool pickle_buffer_describe(struct vm *vm, value buffer, struct item_buffer *out)
{
    value view = buffer_of_value(buffer)->view;
    if (view == VALUE_NULL)
        return failed(raise_error(vm, &exc_ValueError, "operation forbidden on released PickleBuffer object"));
    view_describe(view, out);
    return true;
}

static value buffer_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    if (keyword_count(keyword_names))
        return raise_error(vm, &exc_TypeError, "PickleBuffer() takes no keyword arguments");
    if (count != 1)
        return raise_error(vm, &exc_TypeError, "PickleBuffer() takes exactly 1 positional argument (%zu given)", count);
    struct item_buffer buffer;
    if (!buffer_get(vm, arguments[0], &buffer))
        return VALUE_NULL;
    value view = view_from_buffer(vm, &buffer);
    struct pickle_buffer *object = view == VALUE_NULL ? NULL : gc_object(vm, sizeof *object, &type->shape);
    if (!object)
        return VALUE_NULL;
    object->view = view;
    return object_value(object);
}

static value buffer_raw(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    struct item_buffer buffer;
    if (!pickle_buffer_describe(vm, self, &buffer))
        return VALUE_NULL;
    if (!buffer_is_contiguous(&buffer, 'C') && !buffer_is_contiguous(&buffer, 'F'))
        return raise_error(vm, &exc_BufferError, "cannot extract raw buffer from non-contiguous buffer");
    buffer.format = "B";
    buffer.item_size = 1;
    buffer.dimensions = 1;
    buffer.shape = buffer.strides = NULL;
    return view_from_buffer(vm, &buffer);
}

static value buffer_release(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)vm, (void)arguments, (void)count, (void)keyword_names;
    struct pickle_buffer *buffer = buffer_of_value(self);
    if (buffer->view != VALUE_NULL)
        view_let_go(view_of(buffer->view));
    buffer->view = VALUE_NULL;
    return NONE;
}

static void buffer_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((const struct pickle_buffer *)object)->view);
}

static const struct method_definition buffer_methods[] = {
    {"raw", "()", buffer_raw, 0,
     "Return a memoryview of the raw memory underlying this buffer.\n\nWill raise BufferError is the buffer isn't contiguous."},
    {"release", "()", buffer_release, 0, "Release the underlying buffer held by the PickleBuffer object."},
    {0},
};

struct type pickle_buffer_type = {
    .name = "pickle.PickleBuffer",
    .flags = TYPE_GETATTR_PLAIN,
    .instance_size = sizeof(struct pickle_buffer),
    .doc = "Wrapper for potentially out-of-band buffers",
    .methods = buffer_methods,
    .trace = buffer_trace,
    .new = buffer_new,
    .export_buffer = pickle_buffer_describe,
};
