/* ndarray_type.c - the Python types: ndarray with indexing, iteration and methods, numpy's scalars, dtype. */
#include "sim/tensor/ndarray.h"

#include "sim/runtime/iterator.h"

#define METHOD(name)                                                                                                   \
    static value name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)

/* ---- indexing ---- */

static bool is_index_array(value key)
{
    return has_flag(key, TYPE_LIST) || is_array(key);
}

static bool axis_index(struct vm *vm, const struct ndarray *array, uint32_t axis, value key, int64_t *index)
{
    if (!value_to_index(vm, key, index))
        return false;
    int64_t given = *index, length = array->shape[axis];
    if (given < 0)
        *index += length;
    if (*index >= 0 && *index < length)
        return true;
    raise_error(vm, &exc_IndexError, "index %lld is out of bounds for axis %u with size %lld", (long long)given, axis,
                (long long)length);
    return false;
}

/* One part of a basic index: takes an axis of the source, or makes a new one, in `view` under construction. */
static bool apply_part(struct vm *vm, const struct ndarray *array, value key, uint32_t *axis, struct ndarray *view)
{
    if (key == NONE) {
        if (view->dimensions == DIMENSIONS_MAX)
            return raise_unsupported(vm, "numpy arrays with more than 16 dimensions"), false;
        view->shape[view->dimensions] = 1;
        view->strides[view->dimensions++] = 0;
        return true;
    }
    int64_t start, stop, step, length;
    if (is_exact(key, &slice_type)) {
        if (!slice_indices(vm, key, array->shape[*axis], &start, &stop, &step, &length))
            return false;
        view->data += length ? start * array->strides[*axis] : 0;
        view->shape[view->dimensions] = length;
        view->strides[view->dimensions++] = step * array->strides[*axis];
    } else if (has_index(vm, key) && key != TRUE && key != FALSE) {
        if (!axis_index(vm, array, *axis, key, &start))
            return false;
        view->data += start * array->strides[*axis];
    } else if (is_index_array(key) || key == TRUE || key == FALSE) {
        return raise_unsupported(vm, "numpy advanced indexing with several indices"), false;
    } else {
        raise_error(vm, &exc_IndexError,
                    "only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer or boolean arrays "
                    "are valid indices");
        return false;
    }
    ++*axis;
    return true;
}

static struct ndarray *basic_index(struct vm *vm, struct ndarray *array, value key)
{
    const value *parts = &key;
    size_t count = 1, taken = 0;
    bool ellipsis = false;
    if (has_flag(key, TYPE_TUPLE)) {
        parts = tuple_of(key)->items;
        count = tuple_of(key)->length;
    }
    for (size_t i = 0; i < count; i++) {
        ellipsis = ellipsis || parts[i] == vm->ellipsis;
        taken += parts[i] != NONE && parts[i] != vm->ellipsis;
    }
    if (taken > array->dimensions) {
        raise_error(vm, &exc_IndexError, "too many indices for array: array is %u-dimensional, but %zu were indexed",
                    array->dimensions, taken);
        return NULL;
    }
    struct ndarray *view = array_view(vm, array);
    if (!view)
        return NULL;
    view->dimensions = 0;
    uint32_t axis = 0, rest = array->dimensions - (uint32_t)taken;
    for (size_t i = 0; i <= count; i++) {
        if (i == count ? !ellipsis : parts[i] == vm->ellipsis) {
            for (; rest; rest--, axis++) {
                view->shape[view->dimensions] = array->shape[axis];
                view->strides[view->dimensions++] = array->strides[axis];
            }
        } else if (i < count && !apply_part(vm, array, parts[i], &axis, view)) {
            return NULL;
        }
    }
    view->size = 1;
    for (uint32_t i = 0; i < view->dimensions; i++)
        view->size *= view->shape[i];
    return view;
}

/* The positions along the first axes that an index array names: row numbers in an int64 array. Masks cover `axes` axes. */
static struct ndarray *rows_of(struct vm *vm, struct ndarray *array, value key, uint32_t *axes)
{
    struct ndarray *index = array_from(vm, key, -1);
    if (!index)
        return NULL;
    *axes = 1;
    if (index->dtype == DTYPE_FLOAT64 && index->size) {
        raise_error(vm, &exc_IndexError, "arrays used as indices must be of integer (or boolean) type");
        return NULL;
    }
    if (index->dtype != DTYPE_BOOL) {
        index = array_copy(vm, index, DTYPE_INT64);
        struct ndarray *rows = index ? array_new(vm, DTYPE_INT64, index->dimensions, index->shape) : NULL;
        for (int64_t i = 0; rows && i < rows->size; i++) {
            int64_t row;
            if (!axis_index(vm, array, 0, int_from_int64(vm, element_int(DTYPE_INT64, index->data + 8 * i)), &row))
                return NULL;
            memcpy(rows->data + 8 * i, &row, sizeof row);
        }
        return rows;
    }
    *axes = index->dimensions;
    for (uint32_t i = 0; i < index->dimensions; i++) {
        if (i >= array->dimensions || index->shape[i] != array->shape[i]) {
            raise_error(vm, &exc_IndexError,
                        "boolean index did not match indexed array along dimension %u; dimension is %lld but corresponding "
                        "boolean dimension is %lld",
                        i, i < array->dimensions ? (long long)array->shape[i] : 0LL, (long long)index->shape[i]);
            return NULL;
        }
    }
    index = array_copy(vm, index, DTYPE_BOOL);
    int64_t total = 0;
    for (int64_t i = 0; index && i < index->size; i++)
        total += index->data[i] != 0;
    struct ndarray *rows = index ? array_new(vm, DTYPE_INT64, 1, &total) : NULL;
    for (int64_t i = 0, at = 0; rows && i < index->size; i++) {
        if (index->data[i])
            memcpy(rows->data + 8 * at++, &i, sizeof i);
    }
    return rows;
}

/* The address of row number `row`, counted through the first `axes` axes. */
static char *row_address(const struct ndarray *array, uint32_t axes, int64_t row)
{
    char *address = array->data;
    for (uint32_t i = axes; i-- > 0;) {
        address += row % array->shape[i] * array->strides[i];
        row /= array->shape[i];
    }
    return address;
}

/* A view of what one row number selects. */
static void row_view(struct ndarray *view, const struct ndarray *array, uint32_t axes, int64_t row)
{
    view->data = row_address(array, axes, row);
    view->dimensions = array->dimensions - axes;
    view->size = 1;
    for (uint32_t i = 0; i < view->dimensions; i++) {
        view->shape[i] = array->shape[axes + i];
        view->strides[i] = array->strides[axes + i];
        view->size *= view->shape[i];
    }
}

static value gather(struct vm *vm, struct ndarray *array, value key)
{
    uint32_t axes;
    struct ndarray *rows = rows_of(vm, array, key, &axes), *view = rows ? array_view(vm, array) : NULL;
    if (!view)
        return VALUE_NULL;
    int64_t shape[2 * DIMENSIONS_MAX];
    uint32_t dimensions = rows->dimensions;
    memcpy(shape, rows->shape, dimensions * sizeof *shape);
    for (uint32_t i = axes; i < array->dimensions; i++)
        shape[dimensions++] = array->shape[i];
    struct ndarray *out = array_new(vm, array->dtype, dimensions, shape);
    struct ndarray *target = out ? array_view(vm, out) : NULL;
    for (int64_t i = 0; target && i < rows->size; i++) {
        row_view(view, array, axes, element_int(DTYPE_INT64, rows->data + 8 * i));
        row_view(target, out, rows->dimensions, i);
        if (!array_assign(vm, target, object_value(view)))
            return VALUE_NULL;
    }
    return target ? object_value(out) : VALUE_NULL;
}

static bool scatter(struct vm *vm, struct ndarray *array, value key, value item)
{
    uint32_t axes;
    struct ndarray *rows = rows_of(vm, array, key, &axes), *view = rows ? array_view(vm, array) : NULL;
    struct ndarray *source = view ? array_from(vm, item, -1) : NULL;
    if (!source)
        return false;
    bool each = source->dimensions > array->dimensions - axes && source->shape[0] == rows->size;
    for (int64_t i = 0; i < rows->size; i++) {
        row_view(view, array, axes, element_int(DTYPE_INT64, rows->data + 8 * i));
        value part = each ? get_item(vm, object_value(source), small_int(i)) : object_value(source);
        if (part == VALUE_NULL || !array_assign(vm, view, part))
            return false;
    }
    return true;
}

static value array_get_item(struct vm *vm, value self, value key)
{
    struct ndarray *array = array_of(self);
    if (is_index_array(key))
        return gather(vm, array, key);
    struct ndarray *view = basic_index(vm, array, key);
    if (!view)
        return VALUE_NULL;
    bool keeps = has_flag(key, TYPE_TUPLE) ? false : key == vm->ellipsis;
    return view->dimensions || keeps ? object_value(view) : scalar_new(vm, view->dtype, view->data);
}

static bool array_set_item(struct vm *vm, value self, value key, value item)
{
    struct ndarray *array = array_of(self);
    if (item == VALUE_NULL)
        return raise_error(vm, &exc_ValueError, "cannot delete array elements"), false;
    if (is_index_array(key))
        return scatter(vm, array, key, item);
    struct ndarray *view = basic_index(vm, array, key);
    if (!view)
        return false;
    if (!view->dimensions && !is_array(item)) {
        if (has_flag(item, TYPE_LIST) || has_flag(item, TYPE_TUPLE))
            return raise_error(vm, &exc_ValueError, "setting an array element with a sequence."), false;
        return element_store(vm, view->dtype, view->data, item);
    }
    return array_assign(vm, view, item);
}

static int64_t array_length(struct vm *vm, value self)
{
    if (array_of(self)->dimensions)
        return array_of(self)->shape[0];
    raise_error(vm, &exc_TypeError, "len() of unsized object");
    return -1;
}

static int array_truth(struct vm *vm, value self)
{
    const struct ndarray *array = array_of(self);
    if (array->size == 1)
        return element_float(array->dtype, array->data) != 0;
    if (!array->size)
        return 0;
    raise_error(vm, &exc_ValueError,
                "The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()");
    return -1;
}

static value array_iter(struct vm *vm, value self)
{
    if (!array_of(self)->dimensions)
        return raise_error(vm, &exc_TypeError, "iteration over a 0-d array");
    return sequence_iterator_new(vm, self);
}

static int array_contains(struct vm *vm, value self, value item)
{
    value equal = array_compare(vm, self, item, COMPARE_EQ);
    value any = equal == VALUE_NULL || equal == vm->not_implemented
                    ? equal
                    : array_reduce(vm, REDUCE_ANY, equal, VALUE_NULL, VALUE_NULL);
    return any == VALUE_NULL ? -1 : any == vm->not_implemented ? 0 : value_truth(vm, any);
}

static value one_element(struct vm *vm, value self, enum dtype dtype)
{
    const struct ndarray *array = array_of(self);
    if (array->size != 1)
        return raise_error(vm, &exc_TypeError, "only size-1 arrays can be converted to Python scalars");
    if (dtype == DTYPE_FLOAT64)
        return float_value(vm, element_float(array->dtype, array->data));
    return int_from_int64(vm, element_int(array->dtype, array->data));
}

static value array_to_int(struct vm *vm, value self)
{
    return one_element(vm, self, DTYPE_INT64);
}

static value array_to_float(struct vm *vm, value self)
{
    return one_element(vm, self, DTYPE_FLOAT64);
}

/* ---- methods ---- */

METHOD(method_tolist)
{
    (void)arguments, (void)count, (void)keyword_names;
    return array_tolist(vm, array_of(self));
}

METHOD(method_reshape)
{
    int64_t shape[DIMENSIONS_MAX];
    uint32_t dimensions;
    if (!check_positional(vm, "reshape", count, keyword_names, 1, DIMENSIONS_MAX))
        return VALUE_NULL;
    value given = count == 1 ? arguments[0] : tuple_from(vm, arguments, count);
    if (given == VALUE_NULL || !shape_from(vm, given, shape, &dimensions))
        return VALUE_NULL;
    return array_reshape(vm, array_of(self), shape, dimensions);
}

METHOD(method_transpose)
{
    if (!check_positional(vm, "transpose", count, keyword_names, 0, -1))
        return VALUE_NULL;
    if (!count || arguments[0] == NONE)
        return array_transpose(vm, array_of(self));
    int64_t axes[DIMENSIONS_MAX];
    uint32_t dimensions;
    value given = count == 1 ? arguments[0] : tuple_from(vm, arguments, count);
    if (given == VALUE_NULL || !shape_from(vm, given, axes, &dimensions))
        return VALUE_NULL;
    const struct ndarray *array = array_of(self);
    if (dimensions != array->dimensions)
        return raise_error(vm, &exc_ValueError, "axes don't match array");
    struct ndarray *view = array_view(vm, array_of(self));
    unsigned seen = 0;
    for (uint32_t i = 0; view && i < dimensions; i++) {
        axes[i] += axes[i] < 0 ? (int64_t)dimensions : 0;
        if (axes[i] < 0 || axes[i] >= (int64_t)dimensions || (seen >> axes[i] & 1))
            return raise_error(vm, &exc_ValueError, "repeated axis in transpose");
        seen |= 1u << axes[i];
        view->shape[i] = array->shape[axes[i]];
        view->strides[i] = array->strides[axes[i]];
    }
    return view ? object_value(view) : VALUE_NULL;
}

static value copy_of(struct vm *vm, struct ndarray *array, enum dtype dtype)
{
    struct ndarray *copy = array_new(vm, dtype, array->dimensions, array->shape);
    return copy && array_assign(vm, copy, object_value(array)) ? object_value(copy) : VALUE_NULL;
}

METHOD(method_copy)
{
    (void)arguments, (void)count, (void)keyword_names;
    return copy_of(vm, array_of(self), array_of(self)->dtype);
}

METHOD(method_astype)
{
    (void)count, (void)keyword_names;
    int dtype = dtype_from(vm, arguments[0]);
    return dtype < 0 ? VALUE_NULL : copy_of(vm, array_of(self), (enum dtype)dtype);
}

METHOD(method_flatten)
{
    (void)arguments, (void)count, (void)keyword_names;
    value copy = copy_of(vm, array_of(self), array_of(self)->dtype);
    int64_t size = array_of(self)->size;
    return copy == VALUE_NULL ? copy : array_reshape(vm, array_of(copy), &size, 1);
}

METHOD(method_ravel)
{
    (void)arguments, (void)count, (void)keyword_names;
    int64_t size = array_of(self)->size;
    return array_reshape(vm, array_of(self), &size, 1);
}

METHOD(method_fill)
{
    (void)count, (void)keyword_names;
    return array_assign(vm, array_of(self), arguments[0]) ? NONE : VALUE_NULL;
}

METHOD(method_item)
{
    if (!check_positional(vm, "item", count, keyword_names, 0, -1))
        return VALUE_NULL;
    struct ndarray *array = array_of(self);
    if (!count && array->size != 1)
        return raise_error(vm, &exc_ValueError, "can only convert an array of size 1 to a Python scalar");
    value key = count ? tuple_from(vm, arguments, count) : VALUE_NULL;
    struct ndarray *element = array;
    int64_t flat = array->size;
    if (count == 1 && array->dimensions > 1 && (self = array_reshape(vm, array, &flat, 1)) != VALUE_NULL)
        array = array_of(self);
    if (count && (key == VALUE_NULL || self == VALUE_NULL || !(element = basic_index(vm, array, key))))
        return VALUE_NULL;
    return element_to_python(vm, element->dtype, element->data);
}

METHOD(method_dot)
{
    (void)count, (void)keyword_names;
    return array_dot(vm, self, arguments[0]);
}

METHOD(method_abs)
{
    (void)arguments, (void)count, (void)keyword_names;
    value module = import_module(vm, "numpy"), function = module == VALUE_NULL ? module : get_attribute_text(vm, module, "absolute");
    return function == VALUE_NULL ? function : call_1(vm, function, self);
}

METHOD(method_array_copy)
{
    (void)arguments;
    return method_copy(vm, self, NULL, count, keyword_names);
}

#define REDUCTION(name, kind)                                                                                          \
    METHOD(name)                                                                                                       \
    {                                                                                                                  \
        (void)count, (void)keyword_names;                                                                              \
        return array_reduce(vm, kind, self, arguments[0], arguments[1]);                                               \
    }
REDUCTION(method_sum, REDUCE_SUM)
REDUCTION(method_prod, REDUCE_PROD)
REDUCTION(method_max, REDUCE_MAX)
REDUCTION(method_min, REDUCE_MIN)
REDUCTION(method_all, REDUCE_ALL)
REDUCTION(method_any, REDUCE_ANY)
REDUCTION(method_mean, REDUCE_MEAN)
REDUCTION(method_argmax, REDUCE_ARGMAX)
REDUCTION(method_argmin, REDUCE_ARGMIN)

static const struct method_definition array_methods[] = {
    {"tolist", "()", method_tolist, METHOD_INSTANCE, NULL},
    {"reshape", NULL, method_reshape, METHOD_INSTANCE, NULL},
    {"transpose", NULL, method_transpose, METHOD_INSTANCE, NULL},
    {"copy", "(order='C')", method_copy, METHOD_INSTANCE, NULL},
    {"__copy__", "()", method_copy, METHOD_INSTANCE, NULL},
    {"__deepcopy__", "(memo, /)", method_array_copy, METHOD_INSTANCE, NULL},
    {"__abs__", "()", method_abs, METHOD_INSTANCE, NULL},
    {"astype", "(dtype)", method_astype, METHOD_INSTANCE, NULL},
    {"flatten", "()", method_flatten, METHOD_INSTANCE, NULL},
    {"ravel", "()", method_ravel, METHOD_INSTANCE, NULL},
    {"fill", "(value, /)", method_fill, METHOD_INSTANCE, NULL},
    {"item", NULL, method_item, METHOD_INSTANCE, NULL},
    {"dot", "(b, /)", method_dot, METHOD_INSTANCE, NULL},
    {"sum", "(axis=None, keepdims=False)", method_sum, METHOD_INSTANCE, NULL},
    {"prod", "(axis=None, keepdims=False)", method_prod, METHOD_INSTANCE, NULL},
    {"max", "(axis=None, keepdims=False)", method_max, METHOD_INSTANCE, NULL},
    {"min", "(axis=None, keepdims=False)", method_min, METHOD_INSTANCE, NULL},
    {"all", "(axis=None, keepdims=False)", method_all, METHOD_INSTANCE, NULL},
    {"any", "(axis=None, keepdims=False)", method_any, METHOD_INSTANCE, NULL},
    {"mean", "(axis=None, keepdims=False)", method_mean, METHOD_INSTANCE, NULL},
    {"argmax", "(axis=None, keepdims=False)", method_argmax, METHOD_INSTANCE, NULL},
    {"argmin", "(axis=None, keepdims=False)", method_argmin, METHOD_INSTANCE, NULL},
    {NULL, NULL, NULL, 0, NULL},
};

static value property_shape(struct vm *vm, value self)
{
    return shape_value(vm, array_of(self)->shape, array_of(self)->dimensions);
}

static bool property_set_shape(struct vm *vm, value self, value item)
{
    int64_t shape[DIMENSIONS_MAX];
    uint32_t dimensions;
    if (item == VALUE_NULL)
        return raise_error(vm, &exc_AttributeError, "Cannot delete array shape"), false;
    if (!shape_from(vm, item, shape, &dimensions))
        return false;
    value made = array_reshape(vm, array_of(self), shape, dimensions);
    if (made == VALUE_NULL)
        return false;
    array_of(self)->dimensions = dimensions;
    memcpy(array_of(self)->shape, array_of(made)->shape, sizeof array_of(made)->shape);
    memcpy(array_of(self)->strides, array_of(made)->strides, sizeof array_of(made)->strides);
    return true;
}

static value property_strides(struct vm *vm, value self)
{
    return shape_value(vm, array_of(self)->strides, array_of(self)->dimensions);
}

static value property_ndim(struct vm *vm, value self)
{
    (void)vm;
    return small_int(array_of(self)->dimensions);
}

static value property_size(struct vm *vm, value self)
{
    (void)vm;
    return small_int(array_of(self)->size);
}

static value property_itemsize(struct vm *vm, value self)
{
    (void)vm;
    return small_int((int64_t)dtype_bytes(array_of(self)->dtype));
}

static value property_nbytes(struct vm *vm, value self)
{
    (void)vm;
    return small_int(array_of(self)->size * (int64_t)dtype_bytes(array_of(self)->dtype));
}

static value property_dtype(struct vm *vm, value self)
{
    return dtype_value(vm, array_of(self)->dtype);
}

static value property_transpose(struct vm *vm, value self)
{
    return array_transpose(vm, array_of(self));
}

static value property_base(struct vm *vm, value self)
{
    (void)vm;
    return array_of(self)->base == VALUE_NULL ? NONE : array_of(self)->base;
}

static const struct property_definition array_properties[] = {
    {"shape", property_shape, property_set_shape}, {"strides", property_strides, NULL}, {"ndim", property_ndim, NULL},
    {"size", property_size, NULL}, {"itemsize", property_itemsize, NULL}, {"nbytes", property_nbytes, NULL},
    {"dtype", property_dtype, NULL}, {"T", property_transpose, NULL}, {"base", property_base, NULL}, {NULL, NULL, NULL},
};

static void array_trace(struct vm *vm, struct object *object)
{
    struct ndarray *array = (struct ndarray *)object;
    gc_mark_storage(vm, array->storage);
    if (array->base != VALUE_NULL)
        gc_mark(vm, array->base);
}

struct type ndarray_type = {
    .name = "numpy.ndarray",
    .flags = TYPE_GETATTR_PLAIN,
    .instance_size = sizeof(struct ndarray),
    .methods = array_methods,
    .properties = array_properties,
    .trace = array_trace,
    .repr = array_repr,
    .string = array_string,
    .iter = array_iter,
    .truth = array_truth,
    .length = array_length,
    .get_item = array_get_item,
    .set_item = array_set_item,
    .contains = array_contains,
    .to_int = array_to_int,
    .to_float = array_to_float,
};

/* ---- scalars ---- */

static int64_t scalar_number(value v)
{
    return ((struct integer_scalar *)value_object(v))->number;
}

static value integer_repr(struct vm *vm, value self)
{
    return value_repr(vm, int_from_int64(vm, scalar_number(self)));
}

static value bool_repr(struct vm *vm, value self)
{
    return string_from_text(vm, scalar_number(self) ? "True" : "False");
}

static bool integer_hash(struct vm *vm, value self, int64_t *hash)
{
    return value_hash(vm, int_from_int64(vm, scalar_number(self)), hash);
}

static int integer_truth(struct vm *vm, value self)
{
    (void)vm;
    return scalar_number(self) != 0;
}

static value integer_to_int(struct vm *vm, value self)
{
    return int_from_int64(vm, scalar_number(self));
}

static value integer_to_float(struct vm *vm, value self)
{
    return float_value(vm, (double)scalar_number(self));
}

METHOD(scalar_item)
{
    (void)arguments, (void)count, (void)keyword_names;
    if (is_exact(self, &float64_scalar_type))
        return float_value(vm, float_number(self));
    return is_exact(self, &bool_scalar_type) ? bool_value(scalar_number(self) != 0) : integer_to_int(vm, self);
}

METHOD(scalar_format)
{
    (void)count, (void)keyword_names;
    return value_format(vm, scalar_item(vm, self, NULL, 0, VALUE_NULL), arguments[0]);
}

static value scalar_dtype(struct vm *vm, value self)
{
    return dtype_value(vm, is_exact(self, &float64_scalar_type) ? DTYPE_FLOAT64
                           : is_exact(self, &bool_scalar_type)  ? DTYPE_BOOL
                                                                : DTYPE_INT64);
}

static value scalar_shape(struct vm *vm, value self)
{
    (void)self;
    return tuple_new(vm, 0);
}

static value scalar_ndim(struct vm *vm, value self)
{
    (void)vm, (void)self;
    return small_int(0);
}

static value convert_to(struct vm *vm, enum dtype dtype, const value *arguments, size_t count)
{
    char element[8] = {0};
    if (count) {
        struct ndarray *array = array_operand(vm, arguments[0]);
        if (vm->pending != VALUE_NULL)
            return VALUE_NULL;
        if (array && array->dimensions)
            return copy_of(vm, array, dtype);
        value item = arguments[0];
        if (!array && has_flag(item, TYPE_STRING) && dtype != DTYPE_BOOL)
            item = call_1(vm, type_object_value(dtype == DTYPE_FLOAT64 ? &float_type : &int_type), item);
        if (item == VALUE_NULL || !element_store(vm, dtype, element, item))
            return VALUE_NULL;
    }
    return scalar_new(vm, dtype, element);
}

#define SCALAR_NEW(function, dtype)                                                                                       \
    static value function(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names) \
    {                                                                                                                  \
        if (!check_positional(vm, type->name, count, keyword_names, 0, 1))                                             \
            return VALUE_NULL;                                                                                         \
        return convert_to(vm, dtype, arguments, count);                                                                \
    }
SCALAR_NEW(int64_new, DTYPE_INT64)
SCALAR_NEW(float64_new, DTYPE_FLOAT64)
SCALAR_NEW(bool_new, DTYPE_BOOL)

static const struct method_definition scalar_methods[] = {
    {"item", "()", scalar_item, METHOD_INSTANCE, NULL},
    {"tolist", "()", scalar_item, METHOD_INSTANCE, NULL},
    {"__format__", "(format_spec, /)", scalar_format, METHOD_INSTANCE, NULL},
    {"__abs__", "()", method_abs, METHOD_INSTANCE, NULL},
    {NULL, NULL, NULL, 0, NULL},
};
static const struct property_definition scalar_properties[] = {
    {"dtype", scalar_dtype, NULL}, {"shape", scalar_shape, NULL}, {"ndim", scalar_ndim, NULL}, {NULL, NULL, NULL}};

struct type generic_type = {.name = "numpy.generic", .flags = TYPE_GETATTR_PLAIN};

struct type int64_scalar_type = {
    .name = "numpy.int64",
    .flags = TYPE_GETATTR_PLAIN,
    .base = &generic_type,
    .instance_size = sizeof(struct integer_scalar),
    .methods = scalar_methods,
    .properties = scalar_properties,
    .new = int64_new,
    .repr = integer_repr,
    .string = integer_repr,
    .hash = integer_hash,
    .truth = integer_truth,
    .to_int = integer_to_int,
    .to_float = integer_to_float,
    .index = integer_to_int,
};

struct type bool_scalar_type = {
    .name = "numpy.bool_",
    .flags = TYPE_GETATTR_PLAIN,
    .base = &generic_type,
    .instance_size = sizeof(struct integer_scalar),
    .methods = scalar_methods,
    .properties = scalar_properties,
    .new = bool_new,
    .repr = bool_repr,
    .string = bool_repr,
    .hash = integer_hash,
    .truth = integer_truth,
    .to_int = integer_to_int,
    .to_float = integer_to_float,
};

static bool float64_hash(struct vm *vm, value self, int64_t *hash)
{
    return value_hash(vm, float_value(vm, float_number(self)), hash);
}

static value float64_repr(struct vm *vm, value self)
{
    return value_repr(vm, float_value(vm, float_number(self)));
}

static bool float64_init(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names;
    return true;
}

struct type float64_scalar_type = {
    .name = "numpy.float64",
    .flags = TYPE_GETATTR_PLAIN | TYPE_FLOAT,
    .base = &float_type,
    .instance_size = sizeof(struct float_object),
    .methods = scalar_methods,
    .properties = scalar_properties,
    .new = float64_new,
    .init = float64_init,
    .repr = float64_repr,
    .string = float64_repr,
    .hash = float64_hash,
};

/* ---- dtype ---- */

static enum dtype dtype_of(value v)
{
    return ((struct dtype_object *)value_object(v))->dtype;
}

static value dtype_repr(struct vm *vm, value self)
{
    return string_printf(vm, "dtype('%s')", dtype_names[dtype_of(self)]);
}

static value dtype_string(struct vm *vm, value self)
{
    return string_from_text(vm, dtype_names[dtype_of(self)]);
}

static value dtype_itemsize(struct vm *vm, value self)
{
    (void)vm;
    return small_int((int64_t)dtype_bytes(dtype_of(self)));
}

static value dtype_kind(struct vm *vm, value self)
{
    static const char *const kinds[DTYPE_COUNT] = {"b", "i", "f"};
    return string_from_text(vm, kinds[dtype_of(self)]);
}

static value dtype_compare(struct vm *vm, value a, value b, enum compare_kind kind)
{
    if (kind != COMPARE_EQ && kind != COMPARE_NE)
        return vm->not_implemented;
    int other = is_exact(b, &dtype_type) || has_flag(b, TYPE_TYPE) || has_flag(b, TYPE_STRING) ? dtype_from(vm, b) : -1;
    if (vm->pending != VALUE_NULL)
        return VALUE_NULL;
    return bool_value(((int)dtype_of(a) == other) == (kind == COMPARE_EQ));
}

static bool dtype_hash(struct vm *vm, value self, int64_t *hash)
{
    (void)vm;
    *hash = 1000 + (int64_t)dtype_of(self);
    return true;
}

static value dtype_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)type;
    if (!check_positional(vm, "dtype", count, keyword_names, 1, 1))
        return VALUE_NULL;
    int dtype = dtype_from(vm, arguments[0]);
    return dtype < 0 ? VALUE_NULL : dtype_value(vm, (enum dtype)dtype);
}

static const struct property_definition dtype_properties[] = {
    {"name", dtype_string, NULL}, {"itemsize", dtype_itemsize, NULL}, {"kind", dtype_kind, NULL}, {NULL, NULL, NULL}};

struct type dtype_type = {
    .name = "numpy.dtype",
    .flags = TYPE_GETATTR_PLAIN,
    .instance_size = sizeof(struct dtype_object),
    .properties = dtype_properties,
    .new = dtype_new,
    .repr = dtype_repr,
    .string = dtype_string,
    .hash = dtype_hash,
    .compare = dtype_compare,
};
