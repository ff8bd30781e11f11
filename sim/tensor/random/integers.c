/* integers.c - randint and integers: bounds of any kind, checked for the type of the result, broadcast when they are
 * arrays. */
#include "sim/tensor/random/random_objects.h"

#include "sim/runtime/number.h"

static const struct {
    int dtype;
    bool truth, is_signed;
} integer_dtypes[] = {
    {DTYPE_BOOL, true, false},    {DTYPE_INT8, false, true},    {DTYPE_INT16, false, true},
    {DTYPE_INT32, false, true},   {DTYPE_INT64, false, true},   {DTYPE_UINT8, false, false},
    {DTYPE_UINT16, false, false}, {DTYPE_UINT32, false, false}, {DTYPE_UINT64, false, false},
};

struct target { /* what is drawn */
    int dtype;
    bool truth, closed;
    size_t bytes;
    int128 least, greatest;
    enum bounding bounding;
};

static bool target_find(struct vm *vm, struct target *target, int dtype, const char *name)
{
    for (size_t i = 0; i < sizeof integer_dtypes / sizeof *integer_dtypes; i++) {
        if (integer_dtypes[i].dtype != dtype)
            continue;
        target->dtype = dtype;
        target->truth = integer_dtypes[i].truth;
        target->bytes = dtype_bytes(dtype);
        unsigned bits = 8 * (unsigned)target->bytes;
        target->least = integer_dtypes[i].is_signed ? -((int128)1 << (bits - 1)) : 0;
        target->greatest = target->truth ? 1 : ((int128)1 << (bits - (integer_dtypes[i].is_signed ? 1 : 0))) - 1;
        return true;
    }
    raise_error(vm, &exc_TypeError, "Unsupported dtype %R for %s", dtype_value(vm, dtype), name);
    return false;
}

/* An int; far beyond 64 bits it only matters that it is. */
static int128 wide_of_int(value number)
{
    if (is_small_int(number))
        return small_int_value(number);
    struct int_view view;
    int_view(number, &view);
    bool far = view.count > 2 || (view.count == 2 && view.limbs[1] > 3);
    int128 magnitude = far ? (int128)1 << 66 : (int128)view.limbs[0];
    if (view.count == 2 && !far)
        magnitude |= (int128)view.limbs[1] << 64;
    return view.negative ? -magnitude : magnitude;
}

static bool wide_from(struct vm *vm, struct ndarray *array, const char *element, int128 *out)
{
    if (array->dtype == DTYPE_UINT64) {
        uint64_t natural;
        memcpy(&natural, element, sizeof natural);
        *out = natural;
    } else if (array->dtype <= DTYPE_INT64) {
        *out = element_int(array->dtype, element);
    } else {
        value item = element_to_python(vm, array_dtype(array), element);
        value number = item == VALUE_NULL ? item : number_int(vm, item);
        if (number == VALUE_NULL)
            return false;
        *out = wide_of_int(number);
    }
    return true;
}

static bool bound_fits(struct vm *vm, const struct target *target, bool is_low, int128 bound)
{
    if (bound >= target->least && bound <= target->greatest)
        return true;
    if (is_low ? bound > target->greatest : bound < target->least)
        return true; /* their order will be what is wrong */
    value dtype = target->truth ? string_from_text(vm, "bool") : dtype_name(vm, target->dtype);
    raise_error(vm, &exc_ValueError, "%s is out of bounds for %U", is_low ? "low" : "high", dtype);
    return false;
}

static bool order_refuse(struct vm *vm, const struct target *target, bool low_is_zero)
{
    if (low_is_zero)
        raise_error(vm, &exc_ValueError, "high %s 0", target->closed ? "<" : "<=");
    else
        raise_error(vm, &exc_ValueError, "low %s high", target->closed ? ">" : ">=");
    return false;
}

static bool bounds_each_fit(struct vm *vm, const struct target *target, struct ndarray *bounds, bool is_low,
                            bool *all_zero)
{
    int64_t index[DIMENSIONS_MAX] = {0};
    char *element = bounds->data;
    *all_zero = true;
    for (int64_t i = 0; i < bounds->size; i++, element_next(bounds, index, &element)) {
        int128 bound;
        if (!wide_from(vm, bounds, element, &bound))
            return false;
        *all_zero = *all_zero && bound == 0;
        if (!bound_fits(vm, target, is_low, is_low || target->closed ? bound : bound - 1))
            return false;
    }
    return true;
}

/* Two arrays of bounds, walked over a common shape. */
struct bounds_walk {
    struct ndarray *arrays[2];
    char *elements[2];
    int64_t index[2][DIMENSIONS_MAX];
};

static bool bounds_walk_start(struct vm *vm, struct bounds_walk *walk, struct ndarray *low, struct ndarray *high,
                              const int64_t *shape, uint32_t dimensions)
{
    memset(walk->index, 0, sizeof walk->index);
    walk->arrays[0] = array_broadcast(vm, low, shape, dimensions);
    walk->arrays[1] = walk->arrays[0] ? array_broadcast(vm, high, shape, dimensions) : NULL;
    for (int k = 0; k < 2 && walk->arrays[1]; k++)
        walk->elements[k] = walk->arrays[k]->data;
    return walk->arrays[1] != NULL;
}

/* The next pair: the least number and how many more there are. */
static bool bounds_walk_next(struct vm *vm, const struct target *target, struct bounds_walk *walk, int128 *from,
                             int128 *range)
{
    int128 to;
    if (!wide_from(vm, walk->arrays[0], walk->elements[0], from) ||
        !wide_from(vm, walk->arrays[1], walk->elements[1], &to))
        return false;
    *range = (target->closed ? to : to - 1) - *from;
    for (int k = 0; k < 2; k++)
        element_next(walk->arrays[k], walk->index[k], &walk->elements[k]);
    return true;
}

static bool bounds_agree(struct vm *vm, const struct target *target, struct ndarray *low, struct ndarray *high)
{
    struct bounds_walk walk;
    int64_t shape[DIMENSIONS_MAX];
    uint32_t dimensions;
    bool low_zero, high_zero;
    if (!bounds_each_fit(vm, target, low, true, &low_zero) || !bounds_each_fit(vm, target, high, false, &high_zero) ||
        !broadcast_shape(vm, (struct ndarray *[]){low, high}, 2, shape, &dimensions) ||
        !bounds_walk_start(vm, &walk, low, high, shape, dimensions))
        return false;
    for (int64_t i = 0; i < walk.arrays[0]->size; i++) {
        int128 from, range;
        if (!bounds_walk_next(vm, target, &walk, &from, &range) || (range < 0 && !order_refuse(vm, target, low_zero)))
            return false;
    }
    return true;
}

static value integers_broadcast(struct vm *vm, struct sampler *s, const struct target *target, struct ndarray *low,
                                struct ndarray *high, value size)
{
    struct ndarray *all[3] = {low, high, NULL};
    int64_t shape[DIMENSIONS_MAX];
    uint32_t dimensions;
    struct bounds_walk walk;
    if (!bounds_agree(vm, target, low, high))
        return VALUE_NULL;
    if (is_given(size) && !(all[2] = sized_array(vm, target->dtype, size)))
        return VALUE_NULL;
    if (!common_shape(vm, all, all[2] ? 3 : 2, shape, &dimensions))
        return VALUE_NULL;
    struct ndarray *result = all[2] ? all[2] : array_new(vm, target->dtype, dimensions, shape);
    if (!result || !bounds_walk_start(vm, &walk, low, high, shape, dimensions))
        return VALUE_NULL;
    struct shared_word shared = {0, 0};
    for (int64_t i = 0; i < result->size; i++) { /* a smaller result than the bounds' shape takes the first of them */
        int128 from, range;
        if (!bounds_walk_next(vm, target, &walk, &from, &range))
            return VALUE_NULL;
        uint64_t number = (uint64_t)from + sample_bounded_shared(s, target->bounding, target->truth, target->bytes,
                                                                 (uint64_t)range, &shared);
        memcpy(result->data + (size_t)i * target->bytes, &number, target->bytes);
    }
    random_account(vm, s, result->size);
    return object_value(result);
}

/* arguments: low, high, size, dtype */
value integers_draw(struct vm *vm, struct sampler *s, enum bounding bounding, bool closed, const value *arguments,
                    const char *name)
{
    value low_given = arguments[0], high_given = arguments[1], size = arguments[2], type = arguments[3];
    if (!is_given(high_given)) {
        high_given = low_given;
        low_given = small_int(0);
    }
    bool python_int = type == type_object_value(&int_type) || (type == VALUE_NULL && bounding == BOUNDED_BY_MASK);
    bool python_bool = type == type_object_value(&bool_type);
    int dtype = type == VALUE_NULL ? DTYPE_INT64 : dtype_from(vm, type);
    struct target target = {.bounding = bounding, .closed = closed};
    if (dtype < 0 || !target_find(vm, &target, dtype, name))
        return VALUE_NULL;
    if (is_given(size)) {
        struct ndarray *empty = sized_array(vm, dtype, size);
        if (!empty || empty->size == 0)
            return array_value(empty);
    }
    struct ndarray *low = array_from(vm, low_given, DTYPE_NONE),
                   *high = low ? array_from(vm, high_given, DTYPE_NONE) : NULL;
    if (!high)
        return VALUE_NULL;
    if (low->dimensions || high->dimensions)
        return integers_broadcast(vm, s, &target, low, high, size);
    int128 from, to;
    if (!wide_from(vm, low, low->data, &from) || !wide_from(vm, high, high->data, &to))
        return VALUE_NULL;
    to -= closed ? 0 : 1;
    if (!bound_fits(vm, &target, true, from) || !bound_fits(vm, &target, false, to) ||
        (from > to && !order_refuse(vm, &target, from == 0)))
        return VALUE_NULL;
    uint64_t range = (uint64_t)(to - from), number = 0;
    struct ndarray *result = is_given(size) ? sized_array(vm, dtype, size) : NULL;
    if (is_given(size) && !result)
        return VALUE_NULL;
    fill_bounded(s, bounding, target.truth, target.bytes, (uint64_t)from, range, result ? result->size : 1,
                 result ? (void *)result->data : &number);
    random_account(vm, s, result ? result->size : 1);
    if (result)
        return object_value(result);
    return python_int || python_bool ? element_to_python(vm, dtype, (char *)&number)
                                     : scalar_new(vm, dtype, (char *)&number);
}

value bytes_draw(struct vm *vm, struct sampler *s, enum bounding bounding, value length_given)
{
    int64_t length;
    if (is_float(length_given)) /* numpy cuts what lies behind the point */
        length_given = call_1(vm, type_object_value(&int_type), length_given);
    else if (!has_index(vm, length_given))
        return raise_error(vm, &exc_TypeError, "an integer is required");
    if (length_given == VALUE_NULL || !value_to_index(vm, length_given, &length))
        return VALUE_NULL;
    int64_t words = (length - 1) / 4 + 1; /* of none there is one as well, as numpy draws them */
    if (words < 0)
        return raise_error(vm, &exc_ValueError, "negative dimensions are not allowed");
    if (length < 0)
        length = words * 4 + length;
    uint32_t *buffer = malloc((size_t)words * sizeof *buffer + 1);
    if (!buffer)
        return raise_no_memory(vm);
    fill_bounded(s, bounding, false, sizeof *buffer, 0, UINT32_MAX, words, buffer);
    random_account(vm, s, words);
    value result = bytes_from(vm, buffer, (size_t)(length > 0 ? length : 0));
    free(buffer);
    return result;
}
