/* memory.c - what the library's Python part asks of C: views with given strides, an array's memory replaced,
 * products of windows. */
#include "sim/tensor/ndarray.h"

static bool numbers_from(struct vm *vm, value v, int64_t *out, uint32_t count)
{
    uint32_t found;
    if (!shape_from(vm, v, out, &found))
        return false;
    if (found == count)
        return true;
    raise_error(vm, &exc_ValueError, "mismatch in length of strides and shape");
    return false;
}

/* (array, shape, strides, offset in bytes, writeable) */
METHOD(memory_strided_view)
{
    (void)self, (void)count, (void)keyword_names;
    int64_t shape[DIMENSIONS_MAX], strides[DIMENSIONS_MAX], offset;
    uint32_t dimensions;
    struct ndarray *array = array_of(arguments[0]);
    if (!shape_from(vm, arguments[1], shape, &dimensions) ||
        !numbers_from(vm, arguments[2], strides, dimensions) || !value_to_index(vm, arguments[3], &offset))
        return VALUE_NULL;
    struct ndarray *view = array_view_of(vm, array, dimensions);
    if (!view)
        return VALUE_NULL;
    memcpy(view->shape, shape, dimensions * sizeof *shape);
    memcpy(view->strides, strides, dimensions * sizeof *strides);
    view->data += offset;
    view->readonly = array->readonly || value_truth(vm, arguments[4]) == 0;
    array_set_size(view);
    return object_value(view);
}

/* (array, other): the array takes over the other's memory, shape and strides. */
METHOD(memory_replace_array)
{
    (void)self, (void)count, (void)keyword_names;
    struct ndarray *array = array_of(arguments[0]), *other = array_of(arguments[1]);
    if (array->base != VALUE_NULL)
        return raise_error(vm, &exc_ValueError, "cannot resize this array: it does not own its data");
    array->storage = NULL;
    array->base = VALUE_NULL;
    array->data = other->data;
    array->size = other->size;
    array->shape = other->shape;
    array->strides = other->strides;
    array->dimensions = other->dimensions;
    array->shape_owner = arguments[1];
    return NONE;
}

/* (array, indices, axis, mode) */
METHOD(memory_take)
{
    (void)self, (void)count, (void)keyword_names;
    struct ndarray *indices = array_from(vm, arguments[1], DTYPE_INT64);
    int64_t axis, mode;
    if (!indices || !value_to_index(vm, arguments[2], &axis) || !value_to_index(vm, arguments[3], &mode))
        return VALUE_NULL;
    return array_result(vm, array_take(vm, array_of(arguments[0]), indices, (uint32_t)axis, (int)mode));
}

METHOD(memory_overlaps)
{
    (void)vm, (void)self, (void)count, (void)keyword_names;
    return bool_value(arrays_overlap(array_of(arguments[0]), array_of(arguments[1])));
}

/* (a, v, mode): sums of products of v with each window of a, where a is at least as long; mode 0 valid, 1
 * same, 2 full. */
METHOD(memory_windows_dot)
{
    (void)self, (void)count, (void)keyword_names;
    struct ndarray *a = array_of(arguments[0]), *v = array_of(arguments[1]);
    int64_t mode, n = a->size, m = v->size;
    if (!value_to_index(vm, arguments[2], &mode))
        return VALUE_NULL;
    a = array_contiguous(vm, a, DTYPE_NONE);
    v = a ? array_contiguous(vm, v, DTYPE_NONE) : NULL;
    int64_t left = mode == 2   ? m - 1
                   : mode == 1 ? m / 2
                               : 0,
            right = mode == 2   ? m - 1
                    : mode == 1 ? m - 1 - left
                                : 0;
    struct ndarray *out = v ? array_new_1d(vm, array_dtype(a), n - m + 1 + left + right) : NULL;
    for (int64_t i = 0; out && i < out->size; i++) {
        int64_t start = i - left, first = start < 0 ? -start : 0, last = start + m > n ? n - start : m;
        if (!vector_product(vm, array_dtype(a), a->data + (start + first) * a->item_size,
                            v->data + first * v->item_size, out->data + i * out->item_size, last - first))
            return VALUE_NULL;
    }
    gc_keep(object_value(a));
    gc_keep(object_value(v));
    return array_value(out);
}

const struct method_definition memory_functions[] = {
    {"_strided_view", "(array, shape, strides, offset, writeable, /)", memory_strided_view, METHOD_STATIC,
     NULL},
    {"_replace_array", "(array, other, /)", memory_replace_array, METHOD_STATIC, NULL},
    {"_take", "(array, indices, axis, mode, /)", memory_take, METHOD_STATIC, NULL},
    {"_memory_overlaps", "(a, b, /)", memory_overlaps, METHOD_STATIC, NULL},
    {"_windows_dot", "(a, v, mode, /)", memory_windows_dot, METHOD_STATIC, NULL},
    {NULL, NULL, NULL, 0, NULL},
};
