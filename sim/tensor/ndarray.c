/* ndarray.c - making arrays and scalars, converting between Python's objects and elements, views and shapes. Indexing and the
 * methods are in ndarray_type.c. */
#include "sim/tensor/ndarray.h"

#include <stdio.h>

const char *const dtype_names[DTYPE_COUNT] = {"bool", "int64", "float64"};

/* ---- elements ---- */

int64_t element_int(enum dtype dtype, const char *element)
{
    int64_t integer;
    double number;
    switch (dtype) {
    case DTYPE_BOOL:
        return *element != 0;
    case DTYPE_INT64:
        memcpy(&integer, element, sizeof integer);
        return integer;
    case DTYPE_FLOAT64:
        memcpy(&number, element, sizeof number);
        return number >= -9223372036854775808.0 && number < 9223372036854775808.0 ? (int64_t)number : INT64_MIN;
    }
    return 0;
}

double element_float(enum dtype dtype, const char *element)
{
    double number;
    if (dtype != DTYPE_FLOAT64)
        return (double)element_int(dtype, element);
    memcpy(&number, element, sizeof number);
    return number;
}

static void element_convert(enum dtype to, char *target, enum dtype from, const char *source)
{
    if (to == DTYPE_FLOAT64) {
        double number = element_float(from, source);
        memcpy(target, &number, sizeof number);
    } else if (to == DTYPE_INT64) {
        int64_t integer = element_int(from, source);
        memcpy(target, &integer, sizeof integer);
    } else {
        *target = from == DTYPE_FLOAT64 ? element_float(from, source) != 0 : element_int(from, source) != 0;
    }
}

/* numpy's own scalars are taken apart, other numbers converted. */
bool element_store(struct vm *vm, enum dtype dtype, char *element, value item)
{
    ADD_WORK(vm, unboxed, 1);
    if (is_exact(item, &int64_scalar_type) || is_exact(item, &bool_scalar_type)) {
        int64_t number = ((struct integer_scalar *)value_object(item))->number;
        element_convert(dtype, element, DTYPE_INT64, (const char *)&number);
        return true;
    }
    if (is_array(item) && array_of(item)->size == 1) {
        element_convert(dtype, element, array_of(item)->dtype, array_of(item)->data);
        return true;
    }
    if (dtype == DTYPE_BOOL) {
        int truth = value_truth(vm, item);
        *element = truth > 0;
        return truth >= 0;
    }
    double number = 0;
    int64_t integer = 0;
    if (dtype == DTYPE_FLOAT64) {
        if (!value_to_double(vm, item, &number))
            return false;
        memcpy(element, &number, sizeof number);
        return true;
    }
    if (is_float(item)) {
        number = float_number(item);
        if (number != number)
            return raise_error(vm, &exc_ValueError, "cannot convert float NaN to integer"), false;
        integer = element_int(DTYPE_FLOAT64, (const char *)&number);
    } else if (!value_to_int64(vm, item, &integer)) {
        return false;
    }
    memcpy(element, &integer, sizeof integer);
    return true;
}

value element_to_python(struct vm *vm, enum dtype dtype, const char *element)
{
    ADD_WORK(vm, boxed, 1);
    if (dtype == DTYPE_BOOL)
        return bool_value(*element);
    if (dtype == DTYPE_INT64)
        return int_from_int64(vm, element_int(dtype, element));
    return float_value(vm, element_float(dtype, element));
}

value scalar_new(struct vm *vm, enum dtype dtype, const char *element)
{
    ADD_WORK(vm, boxed, 1);
    if (dtype == DTYPE_FLOAT64) {
        struct float_object *scalar = GC_NEW(vm, struct float_object, &float64_scalar_type);
        if (!scalar)
            return VALUE_NULL;
        scalar->number = element_float(dtype, element);
        return object_value(scalar);
    }
    struct integer_scalar *scalar =
        GC_NEW(vm, struct integer_scalar, dtype == DTYPE_BOOL ? &bool_scalar_type : &int64_scalar_type);
    if (!scalar)
        return VALUE_NULL;
    scalar->number = element_int(dtype, element);
    return object_value(scalar);
}

/* ---- arrays ---- */

static void set_strides(struct ndarray *array)
{
    int64_t stride = (int64_t)dtype_bytes(array->dtype);
    for (uint32_t i = array->dimensions; i-- > 0;) {
        array->strides[i] = stride;
        stride *= array->shape[i] ? array->shape[i] : 1;
    }
}

struct ndarray *array_new(struct vm *vm, enum dtype dtype, uint32_t dimensions, const int64_t *shape)
{
    int64_t size = 1;
    if (dimensions > DIMENSIONS_MAX) {
        raise_unsupported(vm, "numpy arrays with more than 16 dimensions");
        return NULL;
    }
    for (uint32_t i = 0; i < dimensions; i++) {
        if (shape[i] < 0) {
            raise_error(vm, &exc_ValueError, "negative dimensions are not allowed");
            return NULL;
        }
        if (__builtin_mul_overflow(size, shape[i], &size) || size > (int64_t)1 << 40) {
            raise_no_memory(vm);
            return NULL;
        }
    }
    struct ndarray *array = GC_NEW(vm, struct ndarray, &ndarray_type);
    if (!array)
        return NULL;
    array->base = VALUE_NULL;
    array->dtype = dtype;
    array->dimensions = dimensions;
    array->size = size;
    if (dimensions)
        memcpy(array->shape, shape, dimensions * sizeof *shape);
    set_strides(array);
    array->storage = gc_storage(vm, (size_t)(size ? size : 1) * dtype_bytes(dtype));
    array->data = array->storage;
    return array->storage ? array : NULL;
}

struct ndarray *array_view(struct vm *vm, struct ndarray *array)
{
    struct ndarray *view = GC_NEW(vm, struct ndarray, &ndarray_type);
    if (!view)
        return NULL;
    struct object head = view->head;
    *view = *array;
    view->head = head;
    view->base = array->base == VALUE_NULL ? object_value(array) : array->base;
    view->storage = NULL;
    return view;
}

bool array_is_contiguous(const struct ndarray *array)
{
    int64_t stride = (int64_t)dtype_bytes(array->dtype);
    for (uint32_t i = array->dimensions; i-- > 0;) {
        if (array->shape[i] != 1 && array->strides[i] != stride)
            return false;
        stride *= array->shape[i];
    }
    return true;
}

/* Row-major walk: index starts as zeros and *element as the first element's address; false after the last. */
bool element_next(const struct ndarray *array, int64_t *index, char **element)
{
    for (uint32_t i = array->dimensions; i-- > 0;) {
        *element += array->strides[i];
        if (++index[i] < array->shape[i])
            return true;
        *element -= index[i] * array->strides[i];
        index[i] = 0;
    }
    return false;
}

static void copy_elements(const struct ndarray *to, const struct ndarray *from)
{
    int64_t to_index[DIMENSIONS_MAX] = {0}, from_index[DIMENSIONS_MAX] = {0};
    char *target = to->data, *source = from->data;
    if (!from->size)
        return;
    if (to->dtype == from->dtype && array_is_contiguous(to) && array_is_contiguous(from)) {
        memmove(target, source, (size_t)from->size * dtype_bytes(to->dtype));
        return;
    }
    do
        element_convert(to->dtype, target, from->dtype, source);
    while (element_next(to, to_index, &target) && element_next(from, from_index, &source));
}

struct ndarray *array_copy(struct vm *vm, struct ndarray *array, enum dtype dtype)
{
    if (array->dtype == dtype && array_is_contiguous(array) && array->storage)
        return array;
    struct ndarray *copy = array_new(vm, dtype, array->dimensions, array->shape);
    if (copy)
        copy_elements(copy, array);
    return copy;
}

value array_result(struct vm *vm, struct ndarray *array)
{
    if (!array)
        return VALUE_NULL;
    return array->dimensions ? object_value(array) : scalar_new(vm, array->dtype, array->data);
}

struct ndarray *array_broadcast(struct vm *vm, struct ndarray *array, const int64_t *shape, uint32_t dimensions)
{
    struct ndarray *view = array_view(vm, array);
    if (!view)
        return NULL;
    view->dimensions = dimensions;
    view->size = 1;
    for (uint32_t i = 0; i < dimensions; i++) {
        int64_t own = (int64_t)i - (int64_t)(dimensions - array->dimensions);
        bool repeated = own < 0 || (array->shape[own] == 1 && shape[i] != 1);
        view->shape[i] = shape[i];
        view->strides[i] = repeated ? 0 : array->strides[own];
        view->size *= shape[i];
    }
    return view;
}

bool array_assign(struct vm *vm, struct ndarray *to, value from)
{
    struct ndarray *source = array_from(vm, from, -1);
    if (!source)
        return false;
    uint32_t extra = 0;
    while (source->dimensions - extra > to->dimensions && source->shape[extra] == 1)
        extra++;
    bool fits = source->dimensions - extra <= to->dimensions;
    for (uint32_t i = 0; fits && i < source->dimensions - extra; i++) {
        int64_t own = source->shape[source->dimensions - 1 - i], wanted = to->shape[to->dimensions - 1 - i];
        fits = own == wanted || own == 1;
    }
    if (!fits) {
        raise_error(vm, &exc_ValueError, "could not broadcast input array from shape %U into shape %U",
                    shape_text(vm, source->shape, source->dimensions), shape_text(vm, to->shape, to->dimensions));
        return false;
    }
    if (source->dimensions > to->dimensions) {
        struct ndarray *view = array_view(vm, source);
        if (!view)
            return false;
        view->dimensions -= extra;
        memmove(view->shape, view->shape + extra, view->dimensions * sizeof(int64_t));
        memmove(view->strides, view->strides + extra, view->dimensions * sizeof(int64_t));
        source = view;
    }
    if (source->base != VALUE_NULL || source == to) /* may overlap */
        if (!(source = array_copy(vm, source, source->dtype)))
            return false;
    struct ndarray *view = array_broadcast(vm, source, to->shape, to->dimensions);
    if (!view)
        return false;
    copy_elements(to, view);
    ADD_WORK(vm, elements, to->size);
    return true;
}

/* ---- from Python's objects ---- */

static bool is_nested(value v)
{
    return has_flag(v, TYPE_LIST) || has_flag(v, TYPE_TUPLE) || is_exact(v, &range_type) ||
           (is_array(v) && array_of(v)->dimensions);
}

/* dtype of a leaf; -1: none of ours */
static int leaf_dtype(value v)
{
    if (is_array(v))
        return (int)array_of(v)->dtype;
    if (v == TRUE || v == FALSE || is_exact(v, &bool_scalar_type))
        return DTYPE_BOOL;
    if (is_int(v) || is_exact(v, &int64_scalar_type))
        return DTYPE_INT64;
    return is_float(v) ? DTYPE_FLOAT64 : -1;
}

struct discovery {
    int64_t shape[DIMENSIONS_MAX];
    uint32_t dimensions;
    int dtype;                   /* -1: no leaf yet */
};

static void raise_ragged(struct vm *vm, const struct discovery *found, uint32_t depth)
{
    raise_error(vm, &exc_ValueError,
                "setting an array element with a sequence. The requested array has an inhomogeneous shape after %u "
                "dimensions. The detected shape was %R + inhomogeneous part.",
                depth, shape_value(vm, found->shape, depth));
}

static bool discover(struct vm *vm, value v, uint32_t depth, struct discovery *found)
{
    if (!is_nested(v)) {
        if (depth != found->dimensions)
            return raise_ragged(vm, found, depth), false;
        int dtype = leaf_dtype(v);
        if (dtype < 0)
            return raise_unsupported(vm, "numpy arrays of other elements than int64, float64 and bool"), false;
        if (dtype > found->dtype)
            found->dtype = dtype;
        return true;
    }
    int64_t length = value_length(vm, v);
    if (length < 0)
        return false;
    if (depth >= found->dimensions || found->shape[depth] != length)
        return raise_ragged(vm, found, depth), false;
    if (is_array(v) && array_of(v)->dimensions == 1 && depth + 1 == found->dimensions) {
        if ((int)array_of(v)->dtype > found->dtype)
            found->dtype = (int)array_of(v)->dtype;
        return true;
    }
    for (int64_t i = 0; i < length; i++) {
        value item = get_item(vm, v, small_int(i));
        if (item == VALUE_NULL || !discover(vm, item, depth + 1, found))
            return false;
    }
    return true;
}

static bool fill(struct vm *vm, const struct ndarray *array, value v, uint32_t axis, char *element)
{
    if (axis == array->dimensions)
        return element_store(vm, array->dtype, element, v);
    for (int64_t i = 0; i < array->shape[axis]; i++) {
        value item = get_item(vm, v, small_int(i));
        if (item == VALUE_NULL || !fill(vm, array, item, axis + 1, element + i * array->strides[axis]))
            return false;
    }
    return true;
}

struct ndarray *array_from(struct vm *vm, value v, int dtype)
{
    if (is_array(v)) {
        struct ndarray *array = array_of(v);
        return dtype < 0 || (enum dtype)dtype == array->dtype ? array : array_copy(vm, array, (enum dtype)dtype);
    }
    struct discovery found = {.dtype = -1};
    for (value inner = v; is_nested(inner);) {
        int64_t length = value_length(vm, inner);
        if (length < 0)
            return NULL;
        if (found.dimensions == DIMENSIONS_MAX) {
            raise_unsupported(vm, "numpy arrays with more than 16 dimensions");
            return NULL;
        }
        found.shape[found.dimensions++] = length;
        if (!length)
            break;
        inner = get_item(vm, inner, small_int(0));
        if (inner == VALUE_NULL)
            return NULL;
    }
    if (!discover(vm, v, 0, &found))
        return NULL;
    if (dtype < 0)
        dtype = found.dtype < 0 ? DTYPE_FLOAT64 : found.dtype;
    struct ndarray *array = array_new(vm, (enum dtype)dtype, found.dimensions, found.shape);
    return array && fill(vm, array, v, 0, array->data) ? array : NULL;
}

struct ndarray *array_operand(struct vm *vm, value v)
{
    return is_nested(v) || leaf_dtype(v) >= 0 ? array_from(vm, v, -1) : NULL;
}

static value list_of_axis(struct vm *vm, const struct ndarray *array, uint32_t axis, const char *element)
{
    if (axis == array->dimensions)
        return element_to_python(vm, array->dtype, element);
    value list = list_new(vm, (size_t)array->shape[axis]);
    for (int64_t i = 0; list != VALUE_NULL && i < array->shape[axis]; i++) {
        value item = list_of_axis(vm, array, axis + 1, element + i * array->strides[axis]);
        if (item == VALUE_NULL)
            return item;
        list_of(list)->items[i] = item;
    }
    return list;
}

value array_tolist(struct vm *vm, const struct ndarray *array)
{
    return list_of_axis(vm, array, 0, array->data);
}

/* ---- shapes and dtypes ---- */

value shape_value(struct vm *vm, const int64_t *shape, uint32_t dimensions)
{
    value result = tuple_new(vm, dimensions);
    for (uint32_t i = 0; result != VALUE_NULL && i < dimensions; i++)
        tuple_of(result)->items[i] = small_int(shape[i]);
    return result;
}

value shape_text(struct vm *vm, const int64_t *shape, uint32_t dimensions)
{
    struct string_builder builder = {0};
    string_builder_add(&builder, '(');
    for (uint32_t i = 0; i < dimensions; i++) {
        char number[32];
        snprintf(number, sizeof number, i ? ",%lld" : "%lld", (long long)shape[i]);
        string_builder_add_text(&builder, number);
    }
    string_builder_add_text(&builder, dimensions == 1 ? ",)" : ")");
    return string_builder_finish(vm, &builder);
}

bool shape_from(struct vm *vm, value v, int64_t *shape, uint32_t *dimensions)
{
    if (has_index(vm, v)) {
        *dimensions = 1;
        return value_to_index(vm, v, shape);
    }
    value items = tuple_from_iterable(vm, v);
    if (items == VALUE_NULL)
        return false;
    if (tuple_of(items)->length > DIMENSIONS_MAX)
        return raise_unsupported(vm, "numpy arrays with more than 16 dimensions"), false;
    *dimensions = (uint32_t)tuple_of(items)->length;
    for (uint32_t i = 0; i < *dimensions; i++)
        if (!value_to_index(vm, tuple_of(items)->items[i], &shape[i]))
            return false;
    return true;
}

int dtype_from(struct vm *vm, value v)
{
    if (v == VALUE_NULL || v == NONE)
        return DTYPE_FLOAT64;
    if (is_exact(v, &dtype_type))
        return (int)((struct dtype_object *)value_object(v))->dtype;
    if (v == type_object_value(&float_type) || v == type_object_value(&float64_scalar_type))
        return DTYPE_FLOAT64;
    if (v == type_object_value(&int_type) || v == type_object_value(&int64_scalar_type))
        return DTYPE_INT64;
    if (v == type_object_value(&bool_type) || v == type_object_value(&bool_scalar_type))
        return DTYPE_BOOL;
    static const struct { const char *name; enum dtype dtype; } names[] = {
        {"float64", DTYPE_FLOAT64}, {"float", DTYPE_FLOAT64}, {"f8", DTYPE_FLOAT64}, {"d", DTYPE_FLOAT64},
        {"double", DTYPE_FLOAT64},  {"int64", DTYPE_INT64},   {"int", DTYPE_INT64},  {"i8", DTYPE_INT64},
        {"l", DTYPE_INT64},         {"bool", DTYPE_BOOL},     {"?", DTYPE_BOOL},
    };
    if (has_flag(v, TYPE_STRING))
        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
            if (string_is(v, names[i].name))
                return (int)names[i].dtype;
    raise_unsupported(vm, "numpy data types other than int64, float64 and bool");
    return -1;
}

value dtype_value(struct vm *vm, enum dtype dtype)
{
    struct dtype_object *object = GC_NEW(vm, struct dtype_object, &dtype_type);
    if (!object)
        return VALUE_NULL;
    object->dtype = dtype;
    return object_value(object);
}

value array_reshape(struct vm *vm, struct ndarray *array, int64_t *shape, uint32_t dimensions)
{
    int64_t known = 1, unknown = -1;
    for (uint32_t i = 0; i < dimensions; i++) {
        if (shape[i] < 0 && unknown >= 0)
            return raise_error(vm, &exc_ValueError, "can only specify one unknown dimension");
        if (shape[i] < 0)
            unknown = i;
        else
            known *= shape[i];
    }
    bool fits = unknown < 0 ? known == array->size : known && array->size % known == 0;
    if (!fits)
        return raise_error(vm, &exc_ValueError, "cannot reshape array of size %lld into shape %U", (long long)array->size,
                           shape_text(vm, shape, dimensions));
    if (unknown >= 0)
        shape[unknown] = array->size / known;
    struct ndarray *view;
    if (array_is_contiguous(array)) {
        view = array_view(vm, array);
    } else {
        view = array_new(vm, array->dtype, array->dimensions, array->shape);
        if (view)
            copy_elements(view, array);
    }
    if (!view)
        return VALUE_NULL;
    view->dimensions = dimensions;
    memcpy(view->shape, shape, dimensions * sizeof *shape);
    set_strides(view);
    return object_value(view);
}

value array_transpose(struct vm *vm, struct ndarray *array)
{
    struct ndarray *view = array_view(vm, array);
    for (uint32_t i = 0; view && i < array->dimensions; i++) {
        view->shape[i] = array->shape[array->dimensions - 1 - i];
        view->strides[i] = array->strides[array->dimensions - 1 - i];
    }
    return view ? object_value(view) : VALUE_NULL;
}
