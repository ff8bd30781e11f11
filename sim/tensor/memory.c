/* memory.c - what the library's Python part asks of C: views with given strides, an array's memory replaced,
 * elements moved along, arrays put beside themselves, products of windows. */
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

/* Axis `axis` of both from there on, so many elements. */
static void choose_part(struct ndarray *to, int64_t to_start, struct ndarray *from, int64_t from_start, uint32_t axis,
                        int64_t length)
{
    to->data += to_start * to->strides[axis];
    from->data += from_start * from->strides[axis];
    to->shape[axis] = from->shape[axis] = length;
}

/* (array, distance for each axis, at least 0 and less than its length): elements move on, the last ones to the front. */
METHOD(memory_rolled)
{
    (void)self, (void)count, (void)keyword_names;
    struct ndarray *array = array_of(arguments[0]);
    int64_t distances[DIMENSIONS_MAX];
    uint64_t rolled = 0; /* the axes, as bits */
    if (!numbers_from(vm, arguments[1], distances, array->dimensions))
        return VALUE_NULL;
    struct ndarray *out = array_new_like(vm, array_dtype(array), array);
    for (uint32_t i = 0; i < array->dimensions; i++)
        rolled |= (uint64_t)(distances[i] != 0) << i;
    for (uint64_t ends = 0; out;) { /* each choice of the axes whose last elements are taken */
        struct ndarray *to = array_view(vm, out), *from = to ? array_view(vm, array) : NULL;
        if (!from)
            return VALUE_NULL;
        for (uint32_t i = 0; i < array->dimensions; i++) {
            const int64_t distance = distances[i], rest = array->shape[i] - distance;
            if (ends >> i & 1)
                choose_part(to, 0, from, rest, i, distance);
            else
                choose_part(to, distance, from, 0, i, rest);
        }
        array_set_size(to);
        array_set_size(from);
        if (!array_copy_into(vm, to, from))
            return VALUE_NULL;
        if (ends == rolled)
            break;
        ends = (ends - rolled) & rolled;
    }
    return array_value(out);
}

/* (array, how often along each axis) */
METHOD(memory_tiled)
{
    (void)self, (void)count, (void)keyword_names;
    struct ndarray *array = array_of(arguments[0]);
    int64_t times[DIMENSIONS_MAX], shape[DIMENSIONS_MAX];
    if (!numbers_from(vm, arguments[1], times, array->dimensions))
        return VALUE_NULL;
    uint32_t dimensions = array->dimensions, at = 0;
    for (uint32_t i = 0; i < array->dimensions; i++) {
        dimensions += times[i] != 1;
        if (__builtin_mul_overflow(array->shape[i], times[i], &shape[i]))
            return raise_error(vm, &exc_ValueError, "array is too big.");
    }
    if (dimensions > DIMENSIONS_MAX)
        return raise_unsupported(vm, "numpy.tile along more than 16 axes");
    struct ndarray *out = array_new_raw(vm, array_dtype(array), array->dimensions, shape);
    if (!out || !out->size)
        return array_value(out);
    struct ndarray *to = array_view_of(vm, out, dimensions), *from = to ? array_view_of(vm, array, dimensions) : NULL;
    if (!from)
        return VALUE_NULL;
    for (uint32_t i = 0; i < array->dimensions; i++, at++) {
        if (times[i] != 1) {
            to->shape[at] = from->shape[at] = times[i];
            to->strides[at] = out->strides[i] * array->shape[i];
            from->strides[at++] = 0;
        }
        to->shape[at] = from->shape[at] = array->shape[i];
        to->strides[at] = out->strides[i];
        from->strides[at] = array->strides[i];
    }
    array_set_size(to);
    array_set_size(from);
    return array_copy_into(vm, to, from) ? object_value(out) : VALUE_NULL;
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
    {"_rolled", "(array, distances, /)", memory_rolled, METHOD_STATIC, NULL},
    {"_tiled", "(array, times, /)", memory_tiled, METHOD_STATIC, NULL},
    {"_windows_dot", "(a, v, mode, /)", memory_windows_dot, METHOD_STATIC, NULL},
    {NULL, NULL, NULL, 0, NULL},
};
