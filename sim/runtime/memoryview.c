/* memoryview.c - memoryview over whatever lends a buffer (buffer.h): items of any native format, up to 64 dimensions, slices
 * without copying. Indexing and assignment; what views tell about themselves and their methods is in memoryview_methods.c.
 */
#include "sim/runtime/memoryview.h"
#include "sim/runtime/bytes.h"
#include "sim/runtime/container.h"

#define RELEASED "operation forbidden on released memoryview object"

bool view_check(struct vm *vm, value self)
{
    if (view_of(self)->exporter != VALUE_NULL)
        return true;
    raise_error(vm, &exc_ValueError, RELEASED);
    return false;
}

void view_describe(value self, struct item_buffer *out)
{
    struct memoryview_object *view = view_of(self);
    *out = (struct item_buffer){view->exporter, view->data, view->length, view->item_size, view->format, view->readonly,
                           view->dimensions, view_shape(view), view_strides(view), view->exports};
}

value view_from_buffer(struct vm *vm, const struct item_buffer *buffer)
{
    size_t dimensions = (size_t)buffer->dimensions;
    if (dimensions > BUFFER_DIMENSIONS_MAX)
        return raise_error(vm, &exc_ValueError, "memoryview: number of dimensions must not exceed %d", BUFFER_DIMENSIONS_MAX);
    struct memoryview_object *view =
        gc_object(vm, sizeof *view + 2 * dimensions * sizeof(int64_t), &memoryview_type.shape);
    if (!view)
        return VALUE_NULL;
    const char *format = buffer->format;
    view->exporter = buffer->exporter;
    view->data = buffer->data;
    view->length = buffer->length;
    view->item_size = buffer->item_size;
    view->format = format;
    view->code = format[0] == '@' && format[1] ? format[1] : format[0];
    if (format[format[0] == '@'] == 0 || format[1 + (format[0] == '@')] || !native_item_size(view->code))
        view->code = 0;
    view->readonly = buffer->readonly;
    view->dimensions = (uint8_t)dimensions;
    view->exports = buffer->exports;
    view->hash = -1;
    for (size_t i = 0; i < dimensions; i++) {
        view->shape[i] = buffer->shape ? buffer->shape[i] : buffer->length / buffer->item_size;
        view->shape[dimensions + i] = buffer->strides ? buffer->strides[i] : buffer->item_size;
    }
    if (view->exports)
        ++*view->exports;
    return object_value(view);
}

value memoryview_over(struct vm *vm, value object)
{
    struct item_buffer buffer;
    if (!has_buffer(vm, object))
        return raise_error(vm, &exc_TypeError, "memoryview: a bytes-like object is required, not '%T'", object);
    return buffer_get(vm, object, &buffer) ? view_from_buffer(vm, &buffer) : VALUE_NULL;
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
    return memoryview_over(vm, object);
}

void view_let_go(struct memoryview_object *view)
{
    if (view->exporter != VALUE_NULL && view->exports && *view->exports)
        --*view->exports;
    view->exporter = VALUE_NULL;
    view->exports = NULL;
    view->data = NULL;
}

static void view_trace(struct vm *vm, struct object *object)
{
    struct memoryview_object *view = (struct memoryview_object *)object;
    gc_mark(vm, view->exporter);
    gc_mark_conservative(vm, (uint64_t)(uintptr_t)view->data); /* the exporter may have got another one: buffer_may_move */
    if (view->exports && view->exports == vm->export_probe)
        vm->export_count++;
}

static bool view_buffer(struct vm *vm, value v, const uint8_t **data, size_t *size)
{
    struct item_buffer buffer;
    if (!view_check(vm, v))
        return false;
    view_describe(v, &buffer);
    if (!buffer_is_contiguous(&buffer, 'C')) {
        raise_error(vm, &exc_BufferError, "memoryview: underlying buffer is not C-contiguous");
        return false;
    }
    *data = buffer.data;
    *size = (size_t)buffer.length;
    return true;
}

static bool view_export(struct vm *vm, value v, struct item_buffer *out)
{
    if (!view_check(vm, v))
        return false;
    view_describe(v, out);
    return true;
}

static int64_t view_length(struct vm *vm, value v)
{
    if (!view_check(vm, v))
        return -1;
    return view_of(v)->dimensions ? view_of(v)->shape[0] : 1;
}

/* ---- items ---- */

/* A format of one letter that is no item's, or one of several. */
static const char *unsupported_message(const char *format)
{
    format += format[0] == '@';
    return format[0] && !format[1] ? "memoryview: format %s not supported" : "memoryview: unsupported format %s";
}

static value item_load(struct vm *vm, const struct memoryview_object *view, const uint8_t *from)
{
    if (view->code)
        return native_item_load(vm, view->code, from);
    return raise_error(vm, &exc_NotImplementedError, unsupported_message(view->format), view->format);
}

static bool step_into(struct vm *vm, const struct memoryview_object *view, int dimension, value key, uint8_t **at)
{
    int64_t index, length = view->shape[dimension];
    if (is_small_int(key))
        index = small_int_value(key);
    else if (!value_to_index(vm, key, &index) || !view_check(vm, object_value(view)))
        return false;
    if (index < 0)
        index += length;
    if (index < 0 || index >= length) {
        raise_error(vm, &exc_IndexError, "index out of bounds on dimension %d", dimension + 1);
        return false;
    }
    *at += index * view->shape[view->dimensions + dimension];
    return true;
}

static bool is_index_tuple(struct vm *vm, value key)
{
    if (!has_flag(key, TYPE_TUPLE))
        return false;
    for (size_t i = 0; i < tuple_of(key)->length; i++)
        if (!has_index(vm, tuple_of(key)->items[i]))
            return false;
    return true;
}

static bool is_slice_tuple(value key)
{
    if (!has_flag(key, TYPE_TUPLE) || !tuple_of(key)->length)
        return false;
    for (size_t i = 0; i < tuple_of(key)->length; i++)
        if (!is_exact(tuple_of(key)->items[i], &slice_type))
            return false;
    return true;
}

/* The item that a tuple of integers names. */
static uint8_t *item_of_tuple(struct vm *vm, const struct memoryview_object *view, value key)
{
    uint8_t *at = view->data;
    size_t given = tuple_of(key)->length;
    if (given < view->dimensions) {
        raise_error(vm, &exc_NotImplementedError, "sub-views are not implemented");
        return NULL;
    }
    if (given > view->dimensions) {
        raise_error(vm, &exc_TypeError, "cannot index %d-dimension view with %zu-element tuple", view->dimensions, given);
        return NULL;
    }
    for (size_t i = 0; i < given; i++)
        if (!step_into(vm, view, (int)i, tuple_of(key)->items[i], &at))
            return NULL;
    return at;
}

static bool slice_description(struct vm *vm, value self, value key, struct item_buffer *out, int64_t *shape, int64_t *strides)
{
    int64_t start, stop, step, count;
    view_describe(self, out);
    if (!slice_indices(vm, key, out->shape[0], &start, &stop, &step, &count) || !view_check(vm, self))
        return false;
    memcpy(shape, out->shape, (size_t)out->dimensions * sizeof *shape);
    memcpy(strides, out->strides, (size_t)out->dimensions * sizeof *strides);
    out->data += start * strides[0];
    shape[0] = count;
    strides[0] *= step;
    out->length = out->item_size;
    for (int i = 0; i < out->dimensions; i++)
        out->length *= shape[i];
    out->shape = shape;
    out->strides = strides;
    return true;
}

static value get_without_dimensions(struct vm *vm, value self, value key)
{
    if (has_flag(key, TYPE_TUPLE) && tuple_of(key)->length == 0)
        return item_load(vm, view_of(self), view_of(self)->data);
    if (key == vm->ellipsis)
        return self;
    return raise_error(vm, &exc_TypeError, "invalid indexing of 0-dim memory");
}

static value view_get_item(struct vm *vm, value self, value key)
{
    struct memoryview_object *view = view_of(self);
    uint8_t *at = view->data;
    if (!view_check(vm, self))
        return VALUE_NULL;
    if (view->dimensions == 0)
        return get_without_dimensions(vm, self, key);
    if (has_index(vm, key)) {
        if (view->dimensions > 1)
            return raise_error(vm, &exc_NotImplementedError, "multi-dimensional sub-views are not implemented");
        return step_into(vm, view, 0, key, &at) ? item_load(vm, view, at) : VALUE_NULL;
    }
    if (is_exact(key, &slice_type)) {
        struct item_buffer part;
        int64_t shape[BUFFER_DIMENSIONS_MAX], strides[BUFFER_DIMENSIONS_MAX];
        return slice_description(vm, self, key, &part, shape, strides) ? view_from_buffer(vm, &part) : VALUE_NULL;
    }
    if (is_index_tuple(vm, key)) {
        at = item_of_tuple(vm, view, key);
        return at ? item_load(vm, view, at) : VALUE_NULL;
    }
    if (is_slice_tuple(key))
        return raise_error(vm, &exc_NotImplementedError, "multi-dimensional slicing is not implemented");
    return raise_error(vm, &exc_TypeError, "memoryview: invalid slice key");
}

static bool item_store(struct vm *vm, value self, uint8_t *at, value item)
{
    struct memoryview_object *view = view_of(self);
    uint8_t bytes[8];
    if (!view->code) {
        raise_error(vm, &exc_NotImplementedError, unsupported_message(view->format), view->format);
        return false;
    }
    /* converting the item may run code that releases the view */
    if (!native_item_store(vm, view->code, bytes, item) || !view_check(vm, self))
        return false;
    memcpy(at, bytes, (size_t)view->item_size);
    return true;
}

/* One dimension each; they may overlap. */
static bool copy_items(struct vm *vm, const struct item_buffer *to, const struct item_buffer *from)
{
    size_t size = (size_t)to->item_size;
    int64_t count = to->shape[0], from_stride = from->strides ? from->strides[0] : from->item_size;
    ADD_WORK(vm, characters, to->length);
    if (to->strides[0] == to->item_size && from_stride == to->item_size) {
        if (to->length)
            memmove(to->data, from->data, (size_t)to->length);
        return true;
    }
    value copy = buffer_to_bytes(vm, from);
    for (int64_t i = 0; i < count && copy != VALUE_NULL; i++)
        memcpy(to->data + i * to->strides[0], bytes_of(copy)->data + (size_t)i * size, size);
    return copy != VALUE_NULL;
}

static char format_code(const char *format)
{
    return format[0] == '@' ? format[1] : format[0];
}

static bool set_slice(struct vm *vm, value self, value key, value item)
{
    struct item_buffer to, from;
    int64_t shape, stride;
    if (!buffer_get(vm, item, &from) || !slice_description(vm, self, key, &to, &shape, &stride))
        return false;
    int64_t count = from.shape ? (from.dimensions == 1 ? from.shape[0] : -1) : from.length / from.item_size;
    if (from.dimensions != 1 || count != shape || from.item_size != to.item_size ||
        format_code(from.format) != format_code(to.format)) {
        raise_error(vm, &exc_ValueError, "memoryview assignment: lvalue and rvalue have different structures");
        return false;
    }
    return copy_items(vm, &to, &from);
}

static bool view_set_item(struct vm *vm, value self, value key, value item)
{
    struct memoryview_object *view = view_of(self);
    uint8_t *at = view->data;
    if (!view_check(vm, self))
        return false;
    if (view->readonly || item == VALUE_NULL) {
        raise_error(vm, &exc_TypeError, view->readonly ? "cannot modify read-only memory" : "cannot delete memory");
        return false;
    }
    if (view->dimensions == 0) {
        if (key == vm->ellipsis || (has_flag(key, TYPE_TUPLE) && tuple_of(key)->length == 0))
            return item_store(vm, self, at, item);
        raise_error(vm, &exc_TypeError, "invalid indexing of 0-dim memory");
        return false;
    }
    if (has_index(vm, key)) {
        if (view->dimensions == 1)
            return step_into(vm, view, 0, key, &at) && item_store(vm, self, at, item);
        raise_error(vm, &exc_NotImplementedError, "sub-views are not implemented");
        return false;
    }
    if (is_exact(key, &slice_type) && view->dimensions == 1)
        return set_slice(vm, self, key, item);
    if (is_index_tuple(vm, key)) {
        at = item_of_tuple(vm, view, key);
        return at && item_store(vm, self, at, item);
    }
    if (is_exact(key, &slice_type) || is_slice_tuple(key))
        raise_error(vm, &exc_NotImplementedError, "memoryview slice assignments are currently restricted to ndim = 1");
    else
        raise_error(vm, &exc_TypeError, "memoryview: invalid slice key");
    return false;
}

/* ---- iteration ---- */

struct view_iterator {
    struct object head;
    value view; /* VALUE_NULL: exhausted */
    int64_t position;
};

static void iterator_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct view_iterator *)object)->view);
}

static value view_next(struct vm *vm, value v)
{
    struct view_iterator *iterator = (struct view_iterator *)value_object(v);
    if (iterator->view == VALUE_NULL)
        return VALUE_NULL;
    struct memoryview_object *view = view_of(iterator->view);
    if (!view_check(vm, iterator->view))
        return VALUE_NULL;
    if (iterator->position < view->shape[0])
        return item_load(vm, view, view->data + iterator->position++ * view->shape[1]);
    iterator->view = VALUE_NULL;
    return VALUE_NULL;
}

static value iterator_itself(struct vm *vm, value v)
{
    (void)vm;
    return v;
}

struct type memory_iterator_type = {
    .name = "memory_iterator",
    .flags = TYPE_GETATTR_PLAIN,
    .instance_size = sizeof(struct view_iterator),
    .trace = iterator_trace,
    .iter = iterator_itself,
    .next = view_next,
};

static value view_iter(struct vm *vm, value self)
{
    struct memoryview_object *view = view_of(self);
    if (!view_check(vm, self))
        return VALUE_NULL;
    if (view->dimensions == 0)
        return raise_error(vm, &exc_TypeError, "invalid indexing of 0-dim memory");
    if (view->dimensions > 1)
        return raise_error(vm, &exc_NotImplementedError, "multi-dimensional sub-views are not implemented");
    if (!view->code)
        return raise_error(vm, &exc_NotImplementedError, "memoryview: unsupported format %s", view->format);
    struct view_iterator *iterator = GC_NEW(vm, struct view_iterator, &memory_iterator_type);
    if (!iterator)
        return VALUE_NULL;
    iterator->view = self;
    return object_value(iterator);
}

/* ---- comparison, hash ---- */

static bool is_swapped(const char *format)
{
    return format[0] == '>' || format[0] == '!';
}

/* The native letter for items of this format, whose bytes may be swapped; 0: there is none. */
static char native_code(const char *format)
{
    char order = format[0], code = strchr("@=<>!", order) ? format[1] : order;
    if (!code || format[code == order ? 1 : 2])
        return 0;
    if (order == '@' || code == order)
        return native_item_size(code) ? code : 0;
    return code == 'l' ? 'i' : code == 'L' ? 'I' : strchr("cbB?hHiIqQfd", code) ? code : 0; /* standard sizes */
}

static int formatted_items_equal(struct vm *vm, const char *a_format, const uint8_t *x, const char *b_format, const uint8_t *y)
{
    char a_code = native_code(a_format), b_code = native_code(b_format);
    uint8_t a[8], b[8];
    int64_t a_size = native_item_size(a_code), b_size = native_item_size(b_code);
    for (int64_t i = 0; i < a_size; i++)
        a[i] = x[is_swapped(a_format) ? a_size - 1 - i : i];
    for (int64_t i = 0; i < b_size; i++)
        b[i] = y[is_swapped(b_format) ? b_size - 1 - i : i];
    return native_items_equal(vm, a_code, a, b_code, b);
}

static int items_equal(struct vm *vm, const struct item_buffer *a, const uint8_t *x, const struct item_buffer *b, const uint8_t *y,
                       int dimension)
{
    if (dimension == a->dimensions)
        return formatted_items_equal(vm, a->format, x, b->format, y);
    int64_t count = a->shape[dimension];
    for (int64_t i = 0; i < count; i++) {
        int equal = items_equal(vm, a, x + i * a->strides[dimension], b, y + i * b->strides[dimension], dimension + 1);
        if (equal != 1)
            return equal;
    }
    return 1;
}

static int buffers_equal(struct vm *vm, const struct item_buffer *a, const struct item_buffer *b)
{
    if (a->dimensions != b->dimensions)
        return 0;
    int64_t items = 1;
    for (int i = 0; i < a->dimensions; i++) {
        if (a->shape[i] != b->shape[i])
            return 0;
        items *= a->shape[i];
        if (items == 0)
            break;
    }
    if (!native_code(a->format) || !native_code(b->format))
        return 0;
    char code = native_code(a->format);
    ADD_WORK(vm, characters, a->length);
    bool same_bytes = code == native_code(b->format) && !is_swapped(a->format) && !is_swapped(b->format) && !strchr("fd?", code);
    if (same_bytes && buffer_is_contiguous(a, 'C') && buffer_is_contiguous(b, 'C'))
        return a->length == 0 || memcmp(a->data, b->data, (size_t)a->length) == 0;
    return items == 0 || items_equal(vm, a, a->data, b, b->data, 0);
}

static value view_compare(struct vm *vm, value a, value b, enum compare_kind kind)
{
    struct item_buffer x, y;
    if ((kind != COMPARE_EQ && kind != COMPARE_NE) || !is_exact(a, &memoryview_type))
        return vm->not_implemented;
    if (a == b && view_of(a)->exporter == VALUE_NULL)
        return bool_value(kind == COMPARE_EQ);
    if (view_of(a)->exporter == VALUE_NULL || (is_exact(b, &memoryview_type) && view_of(b)->exporter == VALUE_NULL))
        return bool_value(kind == COMPARE_NE);
    if (!has_buffer(vm, b))
        return vm->not_implemented;
    if (!buffer_get(vm, b, &y)) {
        exception_clear(vm);
        return vm->not_implemented;
    }
    int64_t shape, stride;
    view_describe(a, &x);
    if (!y.shape) { /* one dimension, told by its length */
        shape = y.length / y.item_size;
        stride = y.item_size;
        y.shape = &shape;
        y.strides = &stride;
    }
    int equal = buffers_equal(vm, &x, &y);
    return equal < 0 ? VALUE_NULL : bool_value(equal == (kind == COMPARE_EQ));
}

static bool view_hash(struct vm *vm, value self, int64_t *hash)
{
    struct memoryview_object *view = view_of(self);
    if (view->hash == -1) {
        struct item_buffer buffer;
        int64_t ignored;
        if (!view_check(vm, self))
            return false;
        if (!view->readonly || !strchr("Bbc", view->code) || !view->code) {
            raise_error(vm, &exc_ValueError, !view->readonly ? "cannot hash writable memoryview object"
                                                             : "memoryview: hashing is restricted to formats 'B', 'b' or 'c'");
            return false;
        }
        if (!value_hash(vm, view->exporter, &ignored)) /* as CPython: the exporter must be hashable */
            return false;
        view_describe(self, &buffer);
        value bytes = buffer_to_bytes(vm, &buffer);
        if (bytes == VALUE_NULL || !value_hash(vm, bytes, &view->hash))
            return false;
    }
    *hash = view->hash;
    return true;
}

static value view_repr(struct vm *vm, value self)
{
    return string_printf(vm, view_of(self)->exporter == VALUE_NULL ? "<released memory at 0x%lx>" : "<memory at 0x%lx>",
                         (unsigned long)object_identity(vm, self));
}

struct type memoryview_type = {
    .name = "memoryview",
    .flags = TYPE_GETATTR_PLAIN | TYPE_SEQUENCE,
    .instance_size = sizeof(struct memoryview_object),
    .methods = memoryview_methods,
    .properties = memoryview_properties,
    .trace = view_trace,
    .new = view_new,
    .repr = view_repr,
    .hash = view_hash,
    .compare = view_compare,
    .iter = view_iter,
    .length = view_length,
    .get_item = view_get_item,
    .set_item = view_set_item,
    .buffer = view_buffer,
    .export_buffer = view_export,
};
