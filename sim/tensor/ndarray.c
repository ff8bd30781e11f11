/* ndarray.c - making arrays and views, their shapes and strides. */
#include "sim/tensor/ndarray.h"

#include <stdio.h>

/* ---- making ---- */

static struct ndarray *array_allocate(struct vm *vm, int dtype, uint32_t dimensions)
{
    if (dimensions > DIMENSIONS_MAX) {
        raise_error(vm, &exc_ValueError, "maximum supported dimension for an ndarray is 32, found %u",
                    dimensions);
        return NULL;
    }
    struct ndarray *array =
        gc_object(vm, sizeof *array + 2 * dimensions * sizeof(int64_t), &ndarray_type.shape);
    if (!array)
        return NULL;
    array->base = VALUE_NULL;
    array->dtype = (uint8_t)dtype_kind(dtype);
    array->item_size = (uint32_t)dtype_bytes(dtype);
    array->dimensions = (uint8_t)dimensions;
    array->shape = array->extents;
    array->strides = array->extents + dimensions;
    array->size = 1;
    return array;
}

void array_set_size(struct ndarray *array)
{
    array->size = 1;
    for (uint32_t i = 0; i < array->dimensions; i++)
        array->size *= array->shape[i];
}

void array_set_strides(struct ndarray *array)
{
    int64_t stride = array->item_size;
    for (uint32_t i = array->dimensions; i-- > 0;) {
        array->strides[i] = stride;
        stride *= array->shape[i] ? array->shape[i] : 1;
    }
}

void array_set_column_strides(struct ndarray *array)
{
    int64_t stride = array->size ? array->item_size : 0;
    for (uint32_t i = 0; i < array->dimensions; i++) {
        array->strides[i] = stride;
        stride *= array->shape[i] ? array->shape[i] : 1;
    }
}

static value raise_array_memory(struct vm *vm, int dtype, uint32_t dimensions, const int64_t *shape,
                                double bytes)
{
    static const char *const units[] = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    size_t unit = 0;
    for (; bytes >= 1024 && unit < 6; unit++)
        bytes /= 1024;
    char size[64];
    snprintf(size, sizeof size,
             unit && bytes < 999.5 ? "%#.3g %s" : "%.0f %s", bytes, units[unit]);
    raise_error(vm, &array_memory_error_type,
                "Unable to allocate %s for an array with shape %R and data type %U", size,
                shape_value(vm, shape, dimensions), dtype_name(vm, dtype));
    return VALUE_NULL;
}

static struct ndarray *array_make(struct vm *vm, int dtype, uint32_t dimensions, const int64_t *shape,
                                  bool raw)
{
    int64_t size = 1, bytes = (int64_t)dtype_bytes(dtype), limit = bytes ? bytes : 1;
    double wanted = (double)limit;
    for (uint32_t i = 0; i < dimensions; i++) {
        if (shape[i] < 0) {
            raise_error(vm, &exc_ValueError, "negative dimensions are not allowed");
            return NULL;
        }
        wanted *= (double)shape[i];
    }
    for (uint32_t i = 0; i < dimensions; i++) {
        if (shape[i] && __builtin_mul_overflow(limit, shape[i], &limit)) {
            raise_error(vm, &exc_ValueError,
                        "array is too big; `arr.size * arr.dtype.itemsize` is larger than the maximum possible size.");
            return NULL;
        }
        size *= shape[i];
    }
    if (wanted > 0x1p40) {
        raise_array_memory(vm, dtype, dimensions, shape, wanted);
        return NULL;
    }
    struct ndarray *array = array_allocate(vm, dtype, dimensions);
    if (!array)
        return NULL;
    array->size = size;
    if (dimensions)
        memcpy(array->shape, shape, dimensions * sizeof *shape);
    array_set_strides(array);
    if (!array->size) /* numpy's own strides of what it allocates */
        memset(array->strides, 0, dimensions * sizeof *array->strides);
    size_t storage = (size_t)size * (size_t)bytes;
    array->storage = (dtype == DTYPE_OBJECT ? gc_storage : raw ? gc_storage_raw : gc_storage_plain)(vm, storage ? storage : 1);
    array->data = array->storage;
    if (!array->storage) {
        exception_clear(vm);
        raise_array_memory(vm, dtype, dimensions, shape, wanted);
        return NULL;
    }
    return array;
}

struct ndarray *array_new(struct vm *vm, int dtype, uint32_t dimensions, const int64_t *shape)
{
    return array_make(vm, dtype, dimensions, shape, false);
}

struct ndarray *array_new_raw(struct vm *vm, int dtype, uint32_t dimensions, const int64_t *shape)
{
    return array_make(vm, dtype, dimensions, shape, true);
}

struct ndarray *array_new_1d(struct vm *vm, int dtype, int64_t length)
{
    return array_new(vm, dtype, 1, &length);
}

struct ndarray *array_new_like(struct vm *vm, int dtype, const struct ndarray *like)
{
    struct ndarray *array = array_new_raw(vm, dtype, like->dimensions, like->shape);
    if (!array || like->dimensions < 2 || !array->size || array_is_contiguous(like))
        return array;
    if (array_is_fortran(like)) {
        array_set_column_strides(array);
        return array;
    }
    uint32_t order[DIMENSIONS_MAX];
    for (uint32_t i = 0; i < like->dimensions;
         i++) { /* axes by stride, the largest first; equal ones stay in order */
        uint32_t at = i;
        for (; at && llabs(like->strides[order[at - 1]]) < llabs(like->strides[i]); at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
    int64_t stride = array->item_size;
    for (uint32_t i = like->dimensions; i-- > 0;) {
        array->strides[order[i]] = stride;
        stride *= array->shape[order[i]] ? array->shape[order[i]] : 1;
    }
    return array;
}

struct ndarray *array_view_of(struct vm *vm, struct ndarray *array, uint32_t dimensions)
{
    struct ndarray *view = array_allocate(vm, array_dtype(array), dimensions);
    if (!view)
        return NULL;
    view->base = array->base == VALUE_NULL ? object_value(array) : array->base;
    view->data = array->data;
    view->size = array->size;
    view->readonly = array->readonly;
    if (dimensions == array->dimensions) {
        memcpy(view->shape, array->shape, dimensions * sizeof(int64_t));
        memcpy(view->strides, array->strides, dimensions * sizeof(int64_t));
    }
    return view;
}

struct ndarray *array_view(struct vm *vm, struct ndarray *array)
{
    return array_view_of(vm, array, array->dimensions);
}

struct ndarray *array_over(struct vm *vm, value owner, char *data, int dtype, uint32_t dimensions,
                           const int64_t *shape)
{
    struct ndarray *array = array_allocate(vm, dtype, dimensions);
    if (!array)
        return NULL;
    array->base = owner;
    array->data = data;
    memcpy(array->shape, shape, dimensions * sizeof *shape);
    array_set_size(array);
    array_set_strides(array);
    return array;
}

struct ndarray *array_contiguous(struct vm *vm, struct ndarray *array, int dtype)
{
    if ((dtype == DTYPE_NONE || dtype == array_dtype(array)) && array_is_contiguous(array))
        return array;
    return array_duplicate(vm, array, dtype);
}

struct ndarray *array_duplicate(struct vm *vm, struct ndarray *array, int dtype)
{
    struct ndarray *copy =
        array_new_raw(vm, dtype == DTYPE_NONE ? array_dtype(array) : dtype, array->dimensions, array->shape);
    return copy && array_copy_into(vm, copy, array) ? copy : NULL;
}

value array_result(struct vm *vm, struct ndarray *array)
{
    if (!array)
        return VALUE_NULL;
    return array->dimensions ? object_value(array) : scalar_new(vm, array_dtype(array), array->data);
}

/* ---- layout ---- */

bool array_is_contiguous(const struct ndarray *array)
{
    int64_t stride = array->item_size;
    if (!array->size)
        return true;
    for (uint32_t i = array->dimensions; i-- > 0;) {
        if (array->shape[i] != 1 && array->strides[i] != stride)
            return false;
        stride *= array->shape[i];
    }
    return true;
}

bool array_is_fortran(const struct ndarray *array)
{
    int64_t stride = array->item_size;
    if (!array->size)
        return true;
    for (uint32_t i = 0; i < array->dimensions; i++) {
        if (array->shape[i] != 1 && array->strides[i] != stride)
            return false;
        stride *= array->shape[i];
    }
    return true;
}

static void memory_range(const struct ndarray *array, const char **low, const char **high)
{
    *low = *high = array->data;
    for (uint32_t i = 0; i < array->dimensions; i++) {
        int64_t span = (array->shape[i] - 1) * array->strides[i];
        if (span < 0)
            *low += span;
        else
            *high += span;
    }
    *high += array->item_size;
}

bool arrays_overlap(const struct ndarray *a, const struct ndarray *b)
{
    const char *low_a, *high_a, *low_b, *high_b;
    if (!a->size || !b->size)
        return false;
    memory_range(a, &low_a, &high_a);
    memory_range(b, &low_b, &high_b);
    return low_a < high_b && low_b < high_a;
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

struct ndarray *array_broadcast(struct vm *vm, struct ndarray *array, const int64_t *shape,
                                uint32_t dimensions)
{
    struct ndarray *view = array_view_of(vm, array, dimensions);
    if (!view)
        return NULL;
    uint32_t added = dimensions - array->dimensions;
    for (uint32_t i = 0; i < dimensions; i++) {
        bool repeated = i < added || (array->shape[i - added] == 1 && shape[i] != 1);
        view->strides[i] = repeated ? 0 : array->strides[i - added];
        view->shape[i] = shape[i];
    }
    array_set_size(view);
    return view;
}

bool broadcast_shape(struct vm *vm, struct ndarray *const *arrays, size_t count, int64_t *shape,
                     uint32_t *dimensions)
{
    *dimensions = 0;
    for (size_t n = 0; n < count; n++)
        if (arrays[n]->dimensions > *dimensions)
            *dimensions = arrays[n]->dimensions;
    for (uint32_t i = 0; i < *dimensions; i++)
        shape[i] = 1;
    for (size_t n = 0; n < count; n++) {
        for (uint32_t i = 0; i < arrays[n]->dimensions; i++) {
            int64_t own = arrays[n]->shape[i], *common = &shape[*dimensions - arrays[n]->dimensions + i];
            if (own == 1 || own == *common)
                continue;
            if (*common != 1) {
                struct string_builder builder = {0};
                for (size_t k = 0; k < count; k++) {
                    string_builder_add_string(&builder,
                                              shape_text(vm, arrays[k]->shape, arrays[k]->dimensions));
                    string_builder_add(&builder, ' ');
                }
                raise_error(vm, &exc_ValueError, "operands could not be broadcast together with shapes %U",
                            string_builder_finish(vm, &builder));
                return false;
            }
            *common = own;
        }
    }
    return true;
}

/* ---- shapes and axes ---- */

value shape_value(struct vm *vm, const int64_t *shape, uint32_t dimensions)
{
    value result = tuple_new(vm, dimensions);
    for (uint32_t i = 0; result != VALUE_NULL && i < dimensions; i++)
        tuple_of(result)->items[i] = int_from_int64(vm, shape[i]);
    return result;
}

value shape_text(struct vm *vm, const int64_t *shape, uint32_t dimensions)
{
    struct string_builder builder = {0};
    string_builder_add(&builder, '(');
    for (uint32_t i = 0; i < dimensions; i++) {
        char number[32];
        if (shape[i] < 0)
            snprintf(number, sizeof number, i ? ",newaxis" : "newaxis");
        else
            snprintf(number, sizeof number, i ? ",%lld" : "%lld", (long long)shape[i]);
        string_builder_add_text(&builder, number);
    }
    string_builder_add_text(&builder, dimensions == 1 ? ",)" : ")");
    return string_builder_finish(vm, &builder);
}

static bool length_from(struct vm *vm, value v, int64_t *length)
{
    if (value_to_index(vm, v, length))
        return true;
    if (exception_matches(vm, &exc_OverflowError) || exception_matches(vm, &exc_IndexError)) {
        exception_clear(vm);
        raise_error(vm, &exc_ValueError, "Maximum allowed dimension exceeded");
    }
    return false;
}

/* As errors of reshape name it: unknown lengths in front are left out. */
static value wanted_text(struct vm *vm, const int64_t *shape, uint32_t dimensions)
{
    uint32_t unknown = 0;
    while (unknown < dimensions && shape[unknown] < 0)
        unknown++;
    if (unknown && unknown + 1 == dimensions)
        return string_printf(vm, "(%lld)", (long long)shape[unknown]);
    return shape_text(vm, shape + unknown, dimensions - unknown);
}

bool shape_from(struct vm *vm, value v, int64_t *shape, uint32_t *dimensions)
{
    if (v == NONE) { /* as an empty tuple */
        *dimensions = 0;
        return warning_issue(vm, &exc_DeprecationWarning, 1,
                             "Passing None into shape arguments as an alias for () is deprecated.");
    }
    bool truth = v == TRUE || v == FALSE || scalar_dtype(v) == DTYPE_BOOL;
    if (!truth && has_index(vm, v) && !((is_array(v) || is_derived(v)) && array_of(v)->dimensions)) {
        *dimensions = 1;
        return length_from(vm, v, shape);
    }
    if (truth || has_flag(v, TYPE_DICT) || !value_type(vm, v)->get_item) {
        raise_error(vm, &exc_TypeError, "expected a sequence of integers or a single integer, got '%R'", v);
        return false;
    }
    value items = tuple_from_iterable(vm, v);
    if (items == VALUE_NULL)
        return false;
    if (tuple_of(items)->length > DIMENSIONS_MAX) {
        raise_error(vm, &exc_ValueError, "maximum supported dimension for an ndarray is 32, found %llu",
                    (unsigned long long)tuple_of(items)->length);
        return false;
    }
    *dimensions = (uint32_t)tuple_of(items)->length;
    for (uint32_t i = 0; i < *dimensions; i++) {
        value item = tuple_of(items)->items[i];
        if (!has_index(vm, item)) {
            raise_error(vm, &exc_TypeError, "'%T' object cannot be interpreted as an integer", item);
            return false;
        }
        if (!length_from(vm, item, &shape[i]))
            return false;
    }
    return true;
}

bool axis_normalize(struct vm *vm, int64_t axis, uint32_t dimensions, uint32_t *out)
{
    if (axis < -(int64_t)dimensions || axis >= (int64_t)dimensions) {
        value exception =
            call_2(vm, type_object_value(&axis_error_type), small_int(axis), small_int(dimensions));
        if (exception != VALUE_NULL)
            raise_value(vm, exception);
        return false;
    }
    *out = (uint32_t)(axis < 0 ? axis + dimensions : axis);
    return true;
}

bool axis_from(struct vm *vm, value v, uint32_t dimensions, uint32_t *out)
{
    int64_t axis;
    if (!has_index(vm, v)) {
        raise_error(vm, &exc_TypeError, "'%T' object cannot be interpreted as an integer", v);
        return false;
    }
    if (!value_to_index(vm, v, &axis)) {
        if (exception_matches(vm, &exc_IndexError) || exception_matches(vm, &exc_OverflowError)) {
            exception_clear(vm);
            raise_error(vm, &exc_OverflowError, "Python int too large to convert to C long");
        }
        return false;
    }
    return axis_normalize(vm, axis, dimensions, out);
}

bool axes_from(struct vm *vm, value v, uint32_t dimensions, bool *taken)
{
    uint32_t axis;
    if (v == VALUE_NULL || v == NONE) {
        for (uint32_t i = 0; i < dimensions; i++)
            taken[i] = true;
        return true;
    }
    memset(taken, 0, dimensions * sizeof *taken);
    if (!has_flag(v, TYPE_TUPLE)) {
        if (!dimensions && has_index(vm, v)) { /* axis 0 and -1 are let pass */
            int64_t given;
            return value_to_index(vm, v, &given) &&
                   ((given == 0 || given == -1) || axis_normalize(vm, given, 0, &axis));
        }
        if (!axis_from(vm, v, dimensions, &axis))
            return false;
        taken[axis] = true;
        return true;
    }
    for (size_t i = 0; i < tuple_of(v)->length; i++) {
        if (!axis_from(vm, tuple_of(v)->items[i], dimensions, &axis))
            return false;
        if (taken[axis]) {
            raise_error(vm, &exc_ValueError, "duplicate value in 'axis'");
            return false;
        }
        taken[axis] = true;
    }
    return true;
}

/* ---- reshape, transpose ---- */

/* Strides for the new shape over the same memory, when there are any: each group of old axes that corresponds
 * to a group of new ones must lie evenly. */
static bool strides_for(const struct ndarray *array, const int64_t *shape, uint32_t dimensions, bool fortran,
                        int64_t *strides)
{
    int64_t old_shape[DIMENSIONS_MAX], old_strides[DIMENSIONS_MAX];
    uint32_t old = 0, i = 0, j = 0;
    for (uint32_t k = 0; k < array->dimensions; k++) {
        if (array->shape[k] != 1) {
            old_shape[old] = array->shape[k];
            old_strides[old++] = array->strides[k];
        }
    }
    while (i < old && j < dimensions) {
        uint32_t old_end = i + 1, new_end = j + 1;
        int64_t old_count = old_shape[i], new_count = shape[j];
        while (old_count != new_count) {
            if (new_count < old_count)
                new_count *= shape[new_end++];
            else
                old_count *= old_shape[old_end++];
        }
        for (uint32_t k = i; k + 1 < old_end; k++) {
            bool even = fortran ? old_strides[k + 1] == old_shape[k] * old_strides[k]
                                : old_strides[k] == old_shape[k + 1] * old_strides[k + 1];
            if (!even)
                return false;
        }
        if (fortran) {
            strides[j] = old_strides[i];
            for (uint32_t k = j + 1; k < new_end; k++)
                strides[k] = strides[k - 1] * shape[k - 1];
        } else {
            strides[new_end - 1] = old_strides[old_end - 1];
            for (uint32_t k = new_end - 1; k > j; k--)
                strides[k - 1] = strides[k] * shape[k];
        }
        i = old_end;
        j = new_end;
    }
    int64_t last = j ? fortran ? strides[j - 1] * shape[j - 1] : strides[j - 1] : (int64_t)array->item_size;
    for (; j < dimensions; j++)
        strides[j] = last;
    return true;
}

value array_reshape_order(struct vm *vm, struct ndarray *array, const int64_t *shape, uint32_t dimensions,
                          bool fortran)
{
    int64_t known = 1, unknown = -1, wanted[DIMENSIONS_MAX], strides[DIMENSIONS_MAX];
    for (uint32_t i = 0; i < dimensions; i++) {
        wanted[i] = shape[i];
        if (shape[i] < 0 && unknown >= 0)
            return raise_error(vm, &exc_ValueError, "can only specify one unknown dimension");
        if (shape[i] < 0)
            unknown = i;
        else
            known *= shape[i];
    }
    bool fits = unknown < 0 ? known == array->size : known && array->size % known == 0;
    if (!fits)
        return raise_error(vm, &exc_ValueError, "cannot reshape array of size %lld into shape %U",
                           (long long)array->size, wanted_text(vm, shape, dimensions));
    if (unknown >= 0)
        wanted[unknown] = array->size / known;
    bool in_place = array->size && strides_for(array, wanted, dimensions, fortran, strides);
    if (!in_place && array->size) {
        struct ndarray *source = array;
        if (fortran) { /* a copy in column order */
            value turned = array_transpose(vm, array);
            source = turned == VALUE_NULL ? NULL : array_duplicate(vm, array_of(turned), DTYPE_NONE);
            turned = source ? array_transpose(vm, source) : VALUE_NULL;
            source = turned == VALUE_NULL ? NULL : array_of(turned);
        } else {
            source = array_duplicate(vm, array, DTYPE_NONE);
        }
        if (!source || !strides_for(source, wanted, dimensions, fortran, strides))
            return VALUE_NULL;
        array = source;
    }
    struct ndarray *view = array_view_of(vm, array, dimensions);
    if (!view)
        return VALUE_NULL;
    memcpy(view->shape, wanted, dimensions * sizeof *wanted);
    array_set_strides(view);
    if (array->size)
        memcpy(view->strides, strides, dimensions * sizeof *strides);
    return object_value(view);
}

value array_reshape(struct vm *vm, struct ndarray *array, const int64_t *shape, uint32_t dimensions)
{
    return array_reshape_order(vm, array, shape, dimensions, false);
}

struct ndarray *array_permute(struct vm *vm, struct ndarray *array, const uint32_t *axes)
{
    struct ndarray *view = array_view(vm, array);
    for (uint32_t i = 0; view && i < array->dimensions; i++) {
        view->shape[i] = array->shape[axes[i]];
        view->strides[i] = array->strides[axes[i]];
    }
    return view;
}

value array_transpose(struct vm *vm, struct ndarray *array)
{
    uint32_t axes[DIMENSIONS_MAX];
    for (uint32_t i = 0; i < array->dimensions; i++)
        axes[i] = array->dimensions - 1u - i;
    return array_value(array_permute(vm, array, axes));
}
