/* memoryview_methods.c - cast and the other methods of memoryview, and its attributes. */
#include "sim/runtime/memoryview.h"
#include "sim/runtime/bytes.h"
#include "sim/runtime/container.h"

#define METHOD(name)                                                                                                   \
    static value view_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED_ARGUMENTS (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

/* ---- cast ---- */

static const char native_formats[][3] = {"c", "b", "B", "?", "h", "H", "i", "I", "f", "l", "L", "q", "Q", "n", "N", "P", "d",
                                         "@c", "@b", "@B", "@?", "@h", "@H", "@i", "@I", "@f", "@l", "@L", "@q", "@Q", "@n",
                                         "@N", "@P", "@d"};

static const char *native_format(const char *text)
{
    for (size_t i = 0; i < sizeof native_formats / sizeof *native_formats; i++)
        if (!strcmp(native_formats[i], text))
            return native_formats[i];
    return NULL;
}

static bool is_byte_code(char code)
{
    return code == 'b' || code == 'B' || code == 'c';
}

static bool cast_items(struct vm *vm, const struct memoryview_object *view, value format, struct item_buffer *to)
{
    size_t size;
    const char *text = string_utf8(vm, format, &size), *known = text ? native_format(text) : NULL;
    if (!text)
        return false;
    if (!known || strlen(text) != size) {
        raise_error(vm, &exc_ValueError, "memoryview: destination format must be a native single character format prefixed "
                                         "with an optional '@'");
        return false;
    }
    char code = known[known[0] == '@'];
    if (!(view->code && is_byte_code(view->code)) && !is_byte_code(code)) {
        raise_error(vm, &exc_TypeError, "memoryview: cannot cast between two non-byte formats");
        return false;
    }
    if (view->length % native_item_size(code)) {
        raise_error(vm, &exc_TypeError, "memoryview: length is not a multiple of itemsize");
        return false;
    }
    to->format = known;
    to->item_size = native_item_size(code);
    return true;
}

static bool cast_shape(struct vm *vm, value shape, struct item_buffer *to, int64_t *sizes, int64_t *strides)
{
    size_t dimensions;
    const value *items = sequence_items(shape, &dimensions);
    int64_t product = to->item_size;
    if (dimensions > BUFFER_DIMENSIONS_MAX) {
        raise_error(vm, &exc_ValueError, "memoryview: number of dimensions must not exceed %d", BUFFER_DIMENSIONS_MAX);
        return false;
    }
    for (size_t i = 0; i < dimensions; i++) {
        if (!is_int(items[i])) {
            raise_error(vm, &exc_TypeError, "memoryview.cast(): elements of shape must be integers");
            return false;
        }
        if (!value_to_int64(vm, items[i], &sizes[i]))
            return false;
        if (sizes[i] <= 0) {
            raise_error(vm, &exc_ValueError, "memoryview.cast(): elements of shape must be integers > 0");
            return false;
        }
        if (sizes[i] > INT64_MAX / product) {
            raise_error(vm, &exc_ValueError, "memoryview.cast(): product(shape) > SSIZE_MAX");
            return false;
        }
        product *= sizes[i];
    }
    if (product != to->length) {
        raise_error(vm, &exc_TypeError, "memoryview: product(shape) * itemsize != buffer size");
        return false;
    }
    int64_t stride = to->item_size;
    for (size_t i = dimensions; i-- > 0; stride *= sizes[i])
        strides[i] = stride;
    to->dimensions = (int)dimensions;
    to->shape = sizes;
    to->strides = strides;
    return true;
}

METHOD(cast)
{
    UNUSED_ARGUMENTS;
    struct memoryview_object *view = view_of(self);
    value format = arguments[0], shape = arguments[1];
    struct item_buffer to;
    int64_t sizes[BUFFER_DIMENSIONS_MAX], strides[BUFFER_DIMENSIONS_MAX];
    if (!is_string(format))
        return raise_error(vm, &exc_TypeError, "cast() argument 'format' must be str, not %T", format);
    if (!view_check(vm, self))
        return VALUE_NULL;
    view_describe(self, &to);
    if (!buffer_is_contiguous(&to, 'C'))
        return raise_error(vm, &exc_TypeError, "memoryview: casts are restricted to C-contiguous views");
    if (shape != VALUE_NULL || view->dimensions != 1)
        for (int i = 0; i < 2 * view->dimensions; i++)
            if (view->shape[i] == 0)
                return raise_error(vm, &exc_TypeError, "memoryview: cannot cast view with zeros in shape or strides");
    if (shape != VALUE_NULL) {
        if (!has_flag(shape, TYPE_LIST) && !has_flag(shape, TYPE_TUPLE))
            return raise_error(vm, &exc_TypeError, "shape must be a list or a tuple");
        size_t dimensions;
        sequence_items(shape, &dimensions);
        if (view->dimensions != 1 && dimensions != 1)
            return raise_error(vm, &exc_TypeError, "memoryview: cast must be 1D -> ND or ND -> 1D");
    }
    if (!cast_items(vm, view, format, &to))
        return VALUE_NULL;
    to.dimensions = 1;
    to.shape = to.strides = NULL;
    if (shape != VALUE_NULL && !cast_shape(vm, shape, &to, sizes, strides))
        return VALUE_NULL;
    return view_from_buffer(vm, &to);
}

/* ---- copies ---- */

static value reversed_dimensions(struct vm *vm, const struct item_buffer *buffer)
{
    int64_t shape[BUFFER_DIMENSIONS_MAX], strides[BUFFER_DIMENSIONS_MAX];
    struct item_buffer turned = *buffer;
    for (int i = 0; i < buffer->dimensions; i++) {
        shape[i] = buffer->shape[buffer->dimensions - 1 - i];
        strides[i] = buffer->strides[buffer->dimensions - 1 - i];
    }
    turned.shape = shape;
    turned.strides = strides;
    return buffer_to_bytes(vm, &turned);
}

METHOD(tobytes)
{
    UNUSED_ARGUMENTS;
    struct item_buffer buffer;
    char order = 'C';
    if (arguments[0] != VALUE_NULL && arguments[0] != NONE) {
        if (!is_string(arguments[0]))
            return raise_error(vm, &exc_TypeError, "tobytes() argument 'order' must be str or None, not %T", arguments[0]);
        order = string_of(arguments[0])->length == 1 ? (char)string_at(string_of(arguments[0]), 0) : 0;
    }
    if (!view_check(vm, self))
        return VALUE_NULL;
    if (!order || !strchr("CFA", order))
        return raise_error(vm, &exc_ValueError, "order must be 'C', 'F' or 'A'");
    view_describe(self, &buffer);
    if (order == 'A')
        order = buffer_is_contiguous(&buffer, 'F') ? 'F' : 'C';
    return order == 'F' ? reversed_dimensions(vm, &buffer) : buffer_to_bytes(vm, &buffer);
}

static value list_of_dimension(struct vm *vm, const struct memoryview_object *view, int dimension, const uint8_t *from)
{
    int64_t count = view->shape[dimension], stride = view->shape[view->dimensions + dimension];
    value list = list_new(vm, (size_t)count);
    for (int64_t i = 0; i < count && list != VALUE_NULL; i++, from += stride) {
        value item = dimension + 1 < view->dimensions ? list_of_dimension(vm, view, dimension + 1, from)
                                                      : native_item_load(vm, view->code, from);
        if (item == VALUE_NULL)
            return VALUE_NULL;
        list_of(list)->items[i] = item;
    }
    return list;
}

METHOD(tolist)
{
    UNUSED_ARGUMENTS;
    struct memoryview_object *view = view_of(self);
    if (!view_check(vm, self))
        return VALUE_NULL;
    if (!view->code)
        return raise_error(vm, &exc_NotImplementedError, "memoryview: unsupported format %s", view->format);
    ADD_WORK(vm, items, view->length / view->item_size);
    return view->dimensions ? list_of_dimension(vm, view, 0, view->data) : native_item_load(vm, view->code, view->data);
}

METHOD(hex)
{
    UNUSED_ARGUMENTS;
    struct item_buffer buffer;
    if (!view_check(vm, self))
        return VALUE_NULL;
    view_describe(self, &buffer);
    value bytes = buffer_to_bytes(vm, &buffer);
    return bytes == VALUE_NULL ? bytes : bytes_hex(vm, bytes_span(bytes), arguments[0], arguments[1]);
}

METHOD(toreadonly)
{
    UNUSED_ARGUMENTS;
    struct item_buffer buffer;
    if (!view_check(vm, self))
        return VALUE_NULL;
    view_describe(self, &buffer);
    buffer.readonly = true;
    return view_from_buffer(vm, &buffer);
}

METHOD(release)
{
    UNUSED_ARGUMENTS;
    view_let_go(view_of(self));
    return NONE;
}

METHOD(enter)
{
    UNUSED_ARGUMENTS;
    return view_check(vm, self) ? self : VALUE_NULL;
}

const struct method_definition memoryview_methods[] = {
    {"cast", "(format, shape=None)", view_cast, METHOD_INSTANCE, NULL},
    {"tobytes", "(order='C')", view_tobytes, METHOD_INSTANCE, NULL},
    {"tolist", "()", view_tolist, METHOD_INSTANCE, NULL},
    {"hex", "(sep=None, bytes_per_sep=1)", view_hex, METHOD_INSTANCE, NULL},
    {"toreadonly", "()", view_toreadonly, METHOD_INSTANCE, NULL},
    {"release", "()", view_release, METHOD_INSTANCE, NULL},
    {"__enter__", "()", view_enter, METHOD_INSTANCE, NULL},
    {"__exit__", NULL, view_release, METHOD_INSTANCE, NULL},
    {NULL, NULL, NULL, 0, NULL},
};

/* ---- attributes ---- */

static value tuple_of_sizes(struct vm *vm, const int64_t *sizes, size_t count)
{
    value tuple = tuple_new(vm, count);
    for (size_t i = 0; i < count && tuple != VALUE_NULL; i++)
        tuple_of(tuple)->items[i] = small_int(sizes[i]);
    return tuple;
}

static value contiguous(struct vm *vm, value self, bool c, bool f)
{
    struct item_buffer buffer;
    if (!view_check(vm, self))
        return VALUE_NULL;
    view_describe(self, &buffer);
    return bool_value((c && buffer_is_contiguous(&buffer, 'C')) || (f && buffer_is_contiguous(&buffer, 'F')));
}

#define ATTRIBUTE(name, result)                                                                                        \
    static value get_##name(struct vm *vm, value self)                                                                 \
    {                                                                                                                  \
        struct memoryview_object *view = view_of(self);                                                                \
        return view_check(vm, self) ? (result) : VALUE_NULL;                                                           \
    }
ATTRIBUTE(obj, view->exporter)
ATTRIBUTE(nbytes, small_int(view->length))
ATTRIBUTE(itemsize, small_int(view->item_size))
ATTRIBUTE(format, string_from_text(vm, view->format))
ATTRIBUTE(readonly, bool_value(view->readonly))
ATTRIBUTE(ndim, small_int(view->dimensions))
ATTRIBUTE(shape, tuple_of_sizes(vm, view_shape(view), view->dimensions))
ATTRIBUTE(strides, tuple_of_sizes(vm, view_strides(view), view->dimensions))
static value get_suboffsets(struct vm *vm, value self) { return view_check(vm, self) ? vm->empty_tuple : VALUE_NULL; }
static value get_c_contiguous(struct vm *vm, value self) { return contiguous(vm, self, true, false); }
static value get_f_contiguous(struct vm *vm, value self) { return contiguous(vm, self, false, true); }
static value get_contiguous(struct vm *vm, value self) { return contiguous(vm, self, true, true); }

const struct property_definition memoryview_properties[] = {
    {"obj", get_obj, NULL}, {"nbytes", get_nbytes, NULL}, {"itemsize", get_itemsize, NULL}, {"format", get_format, NULL},
    {"readonly", get_readonly, NULL}, {"ndim", get_ndim, NULL}, {"shape", get_shape, NULL}, {"strides", get_strides, NULL},
    {"suboffsets", get_suboffsets, NULL}, {"c_contiguous", get_c_contiguous, NULL}, {"f_contiguous", get_f_contiguous, NULL},
    {"contiguous", get_contiguous, NULL}, {NULL, NULL, NULL},
};
