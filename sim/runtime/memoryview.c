/* memoryview.c - memoryview over bytes and bytearray: one dimension of unsigned bytes, sliced without copying. A bytearray may be
 * resized under a view (dropped views go only with a collection, so they cannot forbid it); the view then says so. */
#include "sim/runtime/bytes.h"

struct memoryview_object {
    struct object head;
    value base;          /* bytes or bytearray (or another buffer); VALUE_NULL: released */
    int64_t start, step; /* of the first byte in base, and between bytes */
    uint64_t length;
    bool writable;
};

#define METHOD(name)                                                                                                   \
    static value view_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED_ARGUMENTS (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

static struct memoryview_object *view_of(value v)
{
    return (struct memoryview_object *)value_object(v);
}

static const uint8_t *base_data(struct vm *vm, struct memoryview_object *view)
{
    const uint8_t *data;
    size_t size;
    if (view->base == VALUE_NULL) {
        raise_error(vm, &exc_ValueError, "operation forbidden on released memoryview object");
        return NULL;
    }
    if (!buffer_of(vm, view->base, &data, &size))
        return NULL;
    int64_t last = view->length ? view->start + (int64_t)(view->length - 1) * view->step : 0;
    if (view->length && ((uint64_t)view->start >= size || (uint64_t)last >= size)) {
        raise_error(vm, &exc_ValueError, "the object under the memoryview has become shorter");
        return NULL;
    }
    return data;
}

static value view_make(struct vm *vm, value base, int64_t start, int64_t step, uint64_t length, bool writable)
{
    struct memoryview_object *view = GC_NEW(vm, struct memoryview_object, &memoryview_type);
    if (!view)
        return VALUE_NULL;
    *view = (struct memoryview_object){view->head, base, start, step, length, writable};
    return object_value(view);
}

static value view_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    static const char *const names[] = {"object"};
    value object;
    (void)type;
    if (!bind_constructor(vm, "memoryview", names, 1, arguments, count, keyword_names, &object))
        return VALUE_NULL;
    if (object == VALUE_NULL)
        return raise_error(vm, &exc_TypeError, "memoryview() missing required argument 'object' (pos 1)");
    if (is_exact(object, &memoryview_type)) {
        struct memoryview_object *old = view_of(object);
        return base_data(vm, old) || old->length == 0
                   ? view_make(vm, old->base, old->start, old->step, old->length, old->writable) : VALUE_NULL;
    }
    if (!has_buffer(vm, object))
        return raise_error(vm, &exc_TypeError, "memoryview: a bytes-like object is required, not '%T'", object);
    if (!is_bytes(object) && !is_bytearray(vm, object))
        return raise_unsupported(vm, "memoryview of anything but bytes and bytearray");
    return view_make(vm, object, 0, 1, bytes_span(object).length, !is_bytes(object));
}

static void let_go(struct memoryview_object *view)
{
    view->base = VALUE_NULL;
    view->length = 0;
}

static void view_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct memoryview_object *)object)->base);
}

static bool view_buffer(struct vm *vm, value v, const uint8_t **data, size_t *size)
{
    struct memoryview_object *view = view_of(v);
    const uint8_t *base = base_data(vm, view);
    if (vm->pending != VALUE_NULL)
        return false;
    *size = view->length;
    if (view->step == 1) {
        *data = base + view->start;
        return true;
    }
    value copy = bytes_stepped(vm, (struct span){base, 0, 1}, view->start, view->step, (int64_t)view->length);
    if (copy == VALUE_NULL)
        return false;
    *data = bytes_of(copy)->data;
    return true;
}

static int64_t view_length(struct vm *vm, value v)
{
    return base_data(vm, view_of(v)) || vm->pending == VALUE_NULL ? (int64_t)view_of(v)->length : -1;
}

static bool byte_index(struct vm *vm, struct memoryview_object *view, value key, int64_t *index)
{
    if (!is_int(key) && !value_type(vm, key)->index) {
        raise_error(vm, &exc_TypeError, "memoryview: invalid slice key");
        return false;
    }
    if (!value_to_index(vm, key, index))
        return false;
    if (*index < 0)
        *index += (int64_t)view->length;
    if (*index >= 0 && (uint64_t)*index < view->length)
        return true;
    raise_error(vm, &exc_IndexError, "index out of bounds on dimension 1");
    return false;
}

static value view_get_item(struct vm *vm, value self, value key)
{
    struct memoryview_object *view = view_of(self);
    const uint8_t *data = base_data(vm, view);
    int64_t start, stop, step, count, index;
    if (vm->pending != VALUE_NULL)
        return VALUE_NULL;
    if (is_exact(key, &slice_type)) {
        if (!slice_indices(vm, key, (int64_t)view->length, &start, &stop, &step, &count))
            return VALUE_NULL;
        return view_make(vm, view->base, view->start + start * view->step, view->step * step, (uint64_t)count, view->writable);
    }
    return byte_index(vm, view, key, &index) ? small_int(data[view->start + index * view->step]) : VALUE_NULL;
}

static bool view_set_item(struct vm *vm, value self, value key, value item)
{
    struct memoryview_object *view = view_of(self);
    uint8_t *data = (uint8_t *)(uintptr_t)base_data(vm, view), byte;
    int64_t start, stop, step, count, index;
    struct span with;
    if (vm->pending != VALUE_NULL)
        return false;
    if (!view->writable || item == VALUE_NULL) {
        raise_error(vm, &exc_TypeError, view->writable ? "cannot delete memory" : "cannot modify read-only memory");
        return false;
    }
    if (is_exact(key, &slice_type)) {
        if (!slice_indices(vm, key, (int64_t)view->length, &start, &stop, &step, &count) || !bytes_like(vm, item, &with))
            return false;
        if ((int64_t)with.length != count) {
            raise_error(vm, &exc_ValueError, "memoryview assignment: lvalue and rvalue have different structures");
            return false;
        }
        if (step == 1 && view->step == 1) {
            memmove(data + view->start + start, with.data, with.length);
            return true;
        }
        for (int64_t i = 0; i < count; i++)
            data[view->start + (start + i * step) * view->step] = ((const uint8_t *)with.data)[i];
        return true;
    }
    if (!byte_index(vm, view, key, &index))
        return false;
    if (!byte_value(vm, item, "memoryview: invalid value for format 'B'", &byte))
        return false;
    data[view->start + index * view->step] = byte;
    return true;
}

METHOD(tobytes)
{
    UNUSED_ARGUMENTS;
    struct span data;
    return bytes_like(vm, self, &data) ? bytes_from(vm, data.data, data.length) : VALUE_NULL;
}

METHOD(tolist)
{
    UNUSED_ARGUMENTS;
    value bytes = view_tobytes(vm, self, arguments, count, keyword_names);
    return bytes == VALUE_NULL ? bytes : list_from_iterable(vm, bytes);
}

METHOD(hex)
{
    UNUSED_ARGUMENTS;
    struct span data;
    return bytes_like(vm, self, &data) ? bytes_hex(vm, data, arguments[0], arguments[1]) : VALUE_NULL;
}

METHOD(release)
{
    UNUSED_ARGUMENTS;
    let_go(view_of(self));
    return NONE;
}

METHOD(enter)
{
    UNUSED_ARGUMENTS;
    return self;
}

static value view_iter(struct vm *vm, value self)
{
    value bytes = view_tobytes(vm, self, NULL, 0, VALUE_NULL);
    return bytes == VALUE_NULL ? bytes : get_iterator(vm, bytes);
}

static value view_repr(struct vm *vm, value self)
{
    return string_printf(vm, view_of(self)->base == VALUE_NULL ? "<released memory at 0x%lx>" : "<memory at 0x%lx>",
                         (unsigned long)object_identity(vm, self));
}

static value get_readonly(struct vm *vm, value self) { (void)vm; return bool_value(!view_of(self)->writable); }
static value get_nbytes(struct vm *vm, value self) { (void)vm; return small_int((int64_t)view_of(self)->length); }
static value get_itemsize(struct vm *vm, value self) { (void)vm, (void)self; return small_int(1); }
static value get_format(struct vm *vm, value self) { (void)self; return string_from_text(vm, "B"); }
static value get_obj(struct vm *vm, value self) { (void)vm; return view_of(self)->base == VALUE_NULL ? NONE : view_of(self)->base; }
static value get_shape(struct vm *vm, value self) { return tuple_pack(vm, 1, small_int((int64_t)view_of(self)->length)); }

static const struct method_definition view_methods[] = {
    {"tobytes", "(order='C')", view_tobytes, METHOD_INSTANCE, NULL},
    {"tolist", "()", view_tolist, METHOD_INSTANCE, NULL},
    {"hex", "(sep=None, bytes_per_sep=1)", view_hex, METHOD_INSTANCE, NULL},
    {"release", "()", view_release, METHOD_INSTANCE, NULL},
    {"__enter__", "()", view_enter, METHOD_INSTANCE, NULL},
    {"__exit__", NULL, view_release, METHOD_INSTANCE, NULL},
    {NULL, NULL, NULL, 0, NULL},
};

static const struct property_definition view_properties[] = {
    {"readonly", get_readonly, NULL}, {"nbytes", get_nbytes, NULL}, {"itemsize", get_itemsize, NULL},
    {"format", get_format, NULL},     {"obj", get_obj, NULL},       {"shape", get_shape, NULL},
    {NULL, NULL, NULL},
};

struct type memoryview_type = {
    .name = "memoryview",
    .flags = TYPE_GETATTR_PLAIN | TYPE_SEQUENCE,
    .instance_size = sizeof(struct memoryview_object),
    .methods = view_methods,
    .properties = view_properties,
    .trace = view_trace,
    .new = view_new,
    .repr = view_repr,
    .compare = bytes_compare,
    .iter = view_iter,
    .length = view_length,
    .get_item = view_get_item,
    .set_item = view_set_item,
    .buffer = view_buffer,
};
