/* creation.c - arrays made from nothing, from Python's objects, from bytes, and joined from others; questions
 * about dtypes. */
#include "sim/tensor/ndarray.h"

#include "sim/runtime/buffer.h"

bool check_order(struct vm *vm, value order)
{
    if (order == VALUE_NULL || order == NONE)
        return true;
    if (!has_flag(order, TYPE_STRING)) {
        raise_error(vm, &exc_TypeError, "order must be str, not %T", order);
        return false;
    }
    if (!string_is(order, "C") && !string_is(order, "F") && !string_is(order, "A") && !string_is(order, "K")) {
        raise_error(vm, &exc_ValueError, "order must be one of 'C', 'F', 'A', or 'K' (got %R)", order);
        return false;
    }
    return true;
}

static bool order_wants_columns(value order)
{
    return order != VALUE_NULL && has_flag(order, TYPE_STRING) && string_is(order, "F");
}

static value in_column_order(struct vm *vm, struct ndarray *array)
{
    if (array_is_fortran(array))
        return object_value(array);
    struct ndarray *copy = array_new_raw(vm, array_dtype(array), array->dimensions, array->shape);
    if (copy)
        array_set_column_strides(copy);
    return copy && array_copy_into(vm, copy, array) ? object_value(copy) : VALUE_NULL;
}

/* At least so many dimensions, new ones in front. */
static struct ndarray *with_dimensions(struct vm *vm, struct ndarray *array, int64_t least)
{
    if (!array || array->dimensions >= least)
        return array;
    int64_t shape[DIMENSIONS_MAX];
    uint32_t added = (uint32_t)(least - array->dimensions);
    for (uint32_t i = 0; i < least && i < DIMENSIONS_MAX; i++)
        shape[i] = i < added ? 1 : array->shape[i - added];
    value made = array_reshape(vm, array, shape, (uint32_t)least);
    return made == VALUE_NULL ? NULL : array_of(made);
}

/* array(object, subok=True) of a derived array */
static value derived_array(struct vm *vm, const value *arguments)
{
    int dtype, copy = arguments[2] == VALUE_NULL ? 1 : value_truth(vm, arguments[2]);
    int64_t least = 0;
    if (!dtype_given(vm, arguments[1], &dtype) || copy < 0)
        return VALUE_NULL;
    if (arguments[5] != VALUE_NULL && !value_to_index(vm, arguments[5], &least))
        return VALUE_NULL;
    if ((arguments[3] != VALUE_NULL && !string_is(arguments[3], "K")) || least > array_of(arguments[0])->dimensions)
        return raise_unsupported(vm, "numpy.array with order or ndmin, of an array of a class derived from ndarray");
    if (!copy && (dtype == DTYPE_NONE || dtype == array_dtype(array_of(arguments[0]))))
        return arguments[0];
    return dtype == DTYPE_NONE ? call_method(vm, arguments[0], "copy", NULL, 0)
                               : call_method(vm, arguments[0], "astype", &arguments[1], 1);
}

/* (object, dtype=None, *, copy=True, order='K', subok=False, ndmin=0, like=None) */
METHOD(make_array)
{
    (void)self, (void)count, (void)keyword_names;
    if (is_derived(arguments[0]) && arguments[4] != VALUE_NULL && arguments[4] != FALSE)
        return derived_array(vm, arguments);
    if (!check_order(vm, arguments[3]))
        return VALUE_NULL;
    int dtype, copy = arguments[2] == VALUE_NULL ? 1 : value_truth(vm, arguments[2]);
    int64_t least = 0;
    if (!dtype_given(vm, arguments[1], &dtype) || copy < 0 ||
        (arguments[5] != VALUE_NULL && !value_to_index(vm, arguments[5], &least)))
        return VALUE_NULL;
    if (least > DIMENSIONS_MAX)
        return raise_error(vm, &exc_ValueError, "ndmin bigger than allowable number of dimensions NPY_MAXDIMS (=%d)",
                           DIMENSIONS_MAX);
    struct ndarray *array = array_from(vm, arguments[0], dtype);
    if (!array)
        return VALUE_NULL;
    if (copy && is_array(arguments[0]) && array == array_of(arguments[0])) {
        bool rows = arguments[3] != VALUE_NULL && has_flag(arguments[3], TYPE_STRING) &&
                    (string_is(arguments[3], "C") || (string_is(arguments[3], "A") && !array_is_fortran(array)));
        struct ndarray *made = rows ? array_new_raw(vm, array_dtype(array), array->dimensions, array->shape)
                                    : array_new_like(vm, array_dtype(array), array);
        if (!made || !array_copy_into(vm, made, array))
            return VALUE_NULL;
        array = made;
    }
    array = with_dimensions(vm, array, least);
    if (array && order_wants_columns(arguments[3]))
        return in_column_order(vm, array);
    return array_value(array);
}

/* (a, dtype=None, order=None) */
METHOD(make_asarray)
{
    (void)self, (void)count, (void)keyword_names;
    int dtype;
    struct ndarray *array = check_order(vm, arguments[2]) && dtype_given(vm, arguments[1], &dtype)
                                ? array_from(vm, arguments[0], dtype)
                                : NULL;
    if (!array)
        return VALUE_NULL;
    if (order_wants_columns(arguments[2]))
        return in_column_order(vm, array);
    bool rows =
        arguments[2] != VALUE_NULL && has_flag(arguments[2], TYPE_STRING) && string_is(arguments[2], "C");
    return array_value(rows ? array_contiguous(vm, array, DTYPE_NONE) : array);
}

METHOD(make_asanyarray)
{
    int dtype;
    if (!is_derived(arguments[0]))
        return make_asarray_body(vm, self, arguments, count, keyword_names);
    if (!dtype_given(vm, arguments[1], &dtype))
        return VALUE_NULL;
    if (arguments[2] != VALUE_NULL && arguments[2] != NONE)
        return raise_unsupported(vm, "numpy.asanyarray with an order, of an array of a class derived from ndarray");
    if (dtype == DTYPE_NONE || dtype == array_dtype(array_of(arguments[0])))
        return arguments[0];
    return call_method(vm, arguments[0], "astype", &arguments[1], 1);
}

METHOD(make_ascontiguousarray)
{
    (void)self, (void)count, (void)keyword_names;
    int dtype;
    struct ndarray *array =
        dtype_given(vm, arguments[1], &dtype) ? array_from(vm, arguments[0], dtype) : NULL;
    array = array ? array_contiguous(vm, array, DTYPE_NONE) : NULL;
    return array_value(with_dimensions(vm, array, 1));
}

METHOD(make_asfortranarray)
{
    (void)self, (void)count, (void)keyword_names;
    int dtype;
    struct ndarray *array =
        dtype_given(vm, arguments[1], &dtype) ? array_from(vm, arguments[0], dtype) : NULL;
    array = with_dimensions(vm, array, 1);
    return array ? in_column_order(vm, array) : VALUE_NULL;
}

/* Arrays made from nothing have rows or columns. */
static bool check_row_order(struct vm *vm, value order)
{
    if (!check_order(vm, order))
        return false;
    if (order != VALUE_NULL && order != NONE && (string_is(order, "A") || string_is(order, "K"))) {
        raise_error(vm, &exc_ValueError, "only 'C' or 'F' order is permitted");
        return false;
    }
    return true;
}

static value filled(struct vm *vm, value shape_given, int dtype, value order, value item)
{
    int64_t shape[DIMENSIONS_MAX];
    uint32_t dimensions;
    if (dtype < 0)
        return VALUE_NULL;
    if (!shape_from(vm, shape_given, shape, &dimensions) || !check_row_order(vm, order))
        return VALUE_NULL;
    if (dtype == DTYPE_STRING)
        dtype = string_dtype(1);
    struct ndarray *array = (item == VALUE_NULL ? array_new : array_new_raw)(vm, dtype, dimensions, shape);
    if (!array)
        return VALUE_NULL;
    if (order_wants_columns(order))
        array_set_column_strides(array);
    const bool nothing = item == VALUE_NULL || (!array->size && !is_array(item)); /* to be assigned */
    return nothing || array_assign(vm, array, item) ? object_value(array) : VALUE_NULL;
}

METHOD(make_zeros)
{
    (void)self, (void)count, (void)keyword_names;
    return filled(vm, arguments[0], dtype_from(vm, arguments[1]), arguments[2], VALUE_NULL);
}

METHOD(make_empty)
{
    (void)self, (void)count, (void)keyword_names;
    int dtype = dtype_from(vm, arguments[1]);
    return filled(vm, arguments[0], dtype, arguments[2], dtype == DTYPE_OBJECT ? NONE : VALUE_NULL);
}

/* (shape, dtype): for who fills all of it */
METHOD(make_unfilled)
{
    (void)self, (void)count, (void)keyword_names;
    int64_t shape[DIMENSIONS_MAX];
    uint32_t dimensions;
    int dtype = dtype_from(vm, arguments[1]);
    if (dtype < 0 || !shape_from(vm, arguments[0], shape, &dimensions))
        return VALUE_NULL;
    return array_value(array_new_raw(vm, dtype, dimensions, shape));
}

METHOD(make_ones)
{
    (void)self, (void)count, (void)keyword_names;
    return filled(vm, arguments[0], dtype_from(vm, arguments[1]), arguments[2], small_int(1));
}

METHOD(make_full)
{
    (void)self, (void)count, (void)keyword_names;
    int dtype;
    if (!dtype_given(vm, arguments[2], &dtype))
        return VALUE_NULL;
    struct ndarray *item = array_from(vm, arguments[1], DTYPE_NONE);
    if (!item)
        return VALUE_NULL;
    return filled(vm, arguments[0], dtype == DTYPE_NONE ? array_dtype(item) : dtype, arguments[3],
                  dtype_kind(array_dtype(item)) == DTYPE_OBJECT ? arguments[1] : object_value(item));
}

/* (a, dtype=None, order='K', subok=True, shape=None) */
static struct ndarray *make_like(struct vm *vm, const value *arguments)
{
    int dtype;
    struct ndarray *array = array_from(vm, arguments[0], DTYPE_NONE);
    if (!array || !dtype_given(vm, arguments[1], &dtype) || !check_order(vm, arguments[2]))
        return NULL;
    dtype = dtype == DTYPE_NONE ? array_dtype(array) : dtype;
    if (arguments[4] != VALUE_NULL && arguments[4] != NONE) {
        value order = arguments[2] != VALUE_NULL && has_flag(arguments[2], TYPE_STRING) &&
                              (string_is(arguments[2], "K") || string_is(arguments[2], "A"))
                          ? NONE
                          : arguments[2];
        value made = filled(vm, arguments[4], dtype, order, VALUE_NULL);
        return made == VALUE_NULL ? NULL : array_of(made);
    }
    value order = arguments[2] != VALUE_NULL && has_flag(arguments[2], TYPE_STRING) ? arguments[2] : NONE;
    bool rows = order != NONE && string_is(order, "C");
    struct ndarray *made = rows ? array_new_raw(vm, dtype, array->dimensions, array->shape)
                                : array_new_like(vm, dtype, array);
    if (made && order != NONE && string_is(order, "F"))
        array_set_column_strides(made);
    else if (made && order != NONE && string_is(order, "A") && !array_is_fortran(array))
        array_set_strides(made);
    if (made && dtype != DTYPE_OBJECT)
        memset(made->data, 0, (size_t)made->size * made->item_size);
    return made;
}

METHOD(make_zeros_like)
{
    (void)self, (void)count, (void)keyword_names;
    return array_value(make_like(vm, arguments));
}

METHOD(make_ones_like)
{
    (void)self, (void)count, (void)keyword_names;
    struct ndarray *array = make_like(vm, arguments);
    return array && array_assign(vm, array, small_int(1)) ? object_value(array) : VALUE_NULL;
}

METHOD(make_full_like)
{
    (void)self, (void)count, (void)keyword_names;
    value given[5] = {arguments[0], arguments[2], arguments[3], arguments[4], arguments[5]};
    struct ndarray *array = make_like(vm, given), *item = array ? array_from(vm, arguments[1], DTYPE_NONE) : NULL;
    return item && array_assign(vm, array,
                                dtype_kind(array_dtype(item)) == DTYPE_OBJECT ? arguments[1] : object_value(item))
               ? object_value(array)
               : VALUE_NULL;
}

/* ---- ranges ---- */

/* Pairs side by side: no element waits for the one before. */
static void range_fill_int(uint64_t *out, uint64_t first, uint64_t step, int64_t length)
{
    typedef uint64_t pair __attribute__((vector_size(2 * sizeof(uint64_t))));
    pair low = {first, first + step}, high = low + 2 * step;
    int64_t i = 0;
    for (; i + 4 <= length; i += 4, low += 4 * step, high += 4 * step) {
        memcpy(out + i, &low, sizeof low);
        memcpy(out + i + 2, &high, sizeof high);
    }
    for (; i < length; i++)
        out[i] = first + (uint64_t)i * step;
}

static void range_fill_float(double *out, double first, double step, int64_t length)
{
    typedef double pair __attribute__((vector_size(2 * sizeof(double))));
    pair index = {0, 1}, low, high;
    int64_t i = 0;
    for (; i + 4 <= length; i += 4, index += 4) {
        low = first + index * step;
        high = first + (index + 2) * step;
        memcpy(out + i, &low, sizeof low);
        memcpy(out + i + 2, &high, sizeof high);
    }
    for (; i < length; i++)
        out[i] = first + (double)i * step;
}

/* Python's ints that do not fit the type: numpy stores the first two, which tells of it. */
static bool range_fits(struct vm *vm, int dtype, const value *bounds, int64_t length)
{
    union element element;
    if (dtype == DTYPE_NONE || !is_integer_dtype(dtype) || !length || !is_int(bounds[0]))
        return true;
    if (!element_store(vm, dtype, element.bytes, bounds[0]) || length == 1 || !is_int(bounds[2]))
        return vm->pending == VALUE_NULL;
    value next = binary_operation(vm, BINARY_ADD, bounds[0], bounds[2]);
    return next != VALUE_NULL && element_store(vm, dtype, element.bytes, next);
}

static value range_of_type(struct vm *vm, int dtype, const double *numbers, const int64_t *whole,
                           bool integers, int64_t length)
{
    struct ndarray *array = array_new_raw(vm, integers ? DTYPE_INT64 : DTYPE_FLOAT64, 1, &length);
    if (!array)
        return VALUE_NULL;
    double step =
        (numbers[0] + numbers[2]) - numbers[0]; /* the second element less the first, as numpy fills */
    if (integers) {
        range_fill_int((uint64_t *)(void *)array->data, (uint64_t)whole[0], (uint64_t)whole[2], length);
    } else {
        double *out = (double *)(void *)array->data;
        range_fill_float(out, numbers[0], step, length);
        if (length > 1)
            out[1] = numbers[0] + numbers[2];
    }
    ADD_WORK(vm, elements, length);
    if (dtype == DTYPE_NONE || dtype == array->dtype)
        return object_value(array);
    if (dtype == DTYPE_BOOL && length > 2)
        return raise_error(vm, &exc_TypeError,
                           "arange() is only supported for booleans when the result has at most length 2.");
    return array_value(array_duplicate(vm, array, dtype));
}

/* Steps by Python's addition; the difference of the first two is what is added. */
static value range_of_objects(struct vm *vm, const value *bounds, int dtype, double count)
{
    int64_t length = count > 0 ? (int64_t)ceil(count) : 0;
    struct ndarray *array = array_new(vm, DTYPE_OBJECT, 1, &length);
    value *items = array ? (value *)(void *)array->data : NULL, step = VALUE_NULL;
    for (int64_t i = 0; items && i < length; i++) {
        value item = i == 0 ? bounds[0] : binary_operation(vm, BINARY_ADD, items[i - 1], i == 1 ? bounds[2] : step);
        if (item == VALUE_NULL || (i == 1 && (step = binary_operation(vm, BINARY_SUB, item, items[0])) == VALUE_NULL))
            return VALUE_NULL;
        items[i] = item;
    }
    if (!items)
        return VALUE_NULL;
    ADD_WORK(vm, elements, length);
    return dtype == DTYPE_NONE ? object_value(array) : array_value(array_duplicate(vm, array, dtype));
}

/* Of what is no real number numpy makes the length with Python's operators. */
static value range_refused(struct vm *vm, const value *bounds, const struct ndarray *bound, int dtype)
{
    double count = 0;
    if (bound->dtype == DTYPE_STRING)
        return raise_error(vm, &exc_TypeError,
                           "arange() not supported for inputs with DType <class 'numpy.dtype[str_]'>.");
    value span = binary_operation(vm, BINARY_SUB, bounds[1], bounds[0]),
          length = span == VALUE_NULL ? span : binary_operation(vm, BINARY_DIV, span, bounds[2]);
    if (length == VALUE_NULL)
        return VALUE_NULL;
    if (is_float(length) && (count = float_number(length)) >= 9e18)
        return raise_error(vm, &exc_ValueError, "Maximum allowed size exceeded");
    if (is_float(length) && count <= -0x1p63)
        return raise_error(vm, &exc_ValueError, "Maximum allowed size exceeded");
    if (bound->dtype == DTYPE_OBJECT && is_float(length))
        return range_of_objects(vm, bounds, dtype, float_number(length));
    return raise_unsupported(vm, "numpy.arange of other than real numbers");
}

/* arange([start,] stop[, step]): ints when all are ints */
METHOD(make_arange)
{
    (void)self, (void)count, (void)keyword_names;
    bool has_stop = arguments[1] != VALUE_NULL && arguments[1] != NONE;
    value bounds[3] = {has_stop ? arguments[0] : small_int(0), has_stop ? arguments[1] : arguments[0],
                       small_int(1)};
    if (bounds[1] == VALUE_NULL)
        return raise_error(vm, &exc_TypeError, "arange() requires stop to be specified.");
    if (bounds[0] == VALUE_NULL)
        bounds[0] = small_int(0);
    if (bounds[0] == NONE || bounds[1] == NONE)
        return raise_error(vm, &exc_TypeError, "unsupported operand type(s) for -: '%T' and '%T'", bounds[1], bounds[0]);
    if (arguments[2] != VALUE_NULL && arguments[2] != NONE)
        bounds[2] = arguments[2];
    int dtype, common = DTYPE_INT64;
    double numbers[3];
    int64_t whole[3] = {0, 0, 1};
    bool integers = true;
    if (!dtype_given(vm, arguments[3], &dtype))
        return VALUE_NULL;
    for (int i = 0; i < 3; i++) {
        struct ndarray *bound = array_from(vm, bounds[i], DTYPE_NONE);
        if (!bound)
            return VALUE_NULL;
        if (!is_numeric_dtype(bound->dtype) || bound->dimensions || is_complex_dtype(bound->dtype))
            return range_refused(vm, bounds, bound, dtype);
        integers = integers && (bound->dtype == DTYPE_BOOL || is_integer_dtype(bound->dtype));
        common = scalar_dtype(bounds[i]) >= 0 || is_array(bounds[i]) ? promote_types(vm, common, bound->dtype)
                                                                     : common;
        numbers[i] = element_float(bound->dtype, bound->data);
        whole[i] = element_int(bound->dtype, bound->data);
    }
    if (numbers[2] == 0)
        return raise_error(vm, &exc_ZeroDivisionError, is_float(bounds[0]) || is_float(bounds[1]) || is_float(bounds[2])
                                                           ? "float division by zero"
                                                           : "division by zero");
    double span = ceil((numbers[1] - numbers[0]) / numbers[2]);
    if (span != span)
        return raise_error(vm, &exc_ValueError, "arange: cannot compute length");
    int64_t length = span > 0 ? span > 1e18 ? (int64_t)1 << 60 : (int64_t)span : 0;
    if (integers && length < (int64_t)1 << 60) { /* exactly */
        int64_t distance = whole[1] - whole[0], step = whole[2];
        length =
            (distance > 0) == (step > 0) && distance ? (distance + step - (step > 0 ? 1 : -1)) / step : 0;
    }
    if (length >= (int64_t)1 << 60)
        return raise_error(vm, &exc_ValueError,
                           span < 0x1p63 ? "array is too big; `arr.size * arr.dtype.itemsize` is larger than the maximum "
                                           "possible size."
                                         : "Maximum allowed size exceeded");
    if (!range_fits(vm, dtype, bounds, length))
        return VALUE_NULL;
    return range_of_type(vm, dtype == DTYPE_NONE && integers && common != DTYPE_INT64 ? common : dtype,
                         numbers, whole, integers, length);
}

/* ---- from bytes ---- */

/* (buffer, dtype=float, count=-1, offset=0) */
METHOD(make_frombuffer)
{
    (void)self, (void)count, (void)keyword_names;
    struct item_buffer buffer;
    int dtype = dtype_from(vm, arguments[1]);
    int64_t wanted = -1, offset = 0;
    if (dtype < 0 || !buffer_get(vm, arguments[0], &buffer) ||
        (arguments[2] != VALUE_NULL && !value_to_index(vm, arguments[2], &wanted)) ||
        (arguments[3] != VALUE_NULL && !value_to_index(vm, arguments[3], &offset)))
        return VALUE_NULL;
    int64_t bytes = (int64_t)dtype_bytes(dtype), rest = buffer.length - offset;
    if (offset < 0 || rest < 0)
        return raise_error(vm, &exc_ValueError,
                           "offset must be non-negative and no greater than buffer length (%lld)",
                           (long long)buffer.length);
    if (wanted < 0 && rest % bytes)
        return raise_error(vm, &exc_ValueError, "buffer size must be a multiple of element size");
    if (wanted >= 0 && wanted * bytes > rest)
        return raise_error(vm, &exc_ValueError, "buffer is smaller than requested size");
    int64_t length = wanted < 0 ? rest / bytes : wanted;
    struct ndarray *array;
    if (((uintptr_t)buffer.data + (uintptr_t)offset) % (bytes < 8 ? (uintptr_t)bytes : 8) == 0 &&
        dtype_kind(dtype) != DTYPE_OBJECT) {
        array = array_over(vm, arguments[0], (char *)buffer.data + offset, dtype, 1, &length);
    } else {
        array = array_new_1d(vm, dtype, length);
        if (array)
            memcpy(array->data, buffer.data + offset, (size_t)(length * bytes));
    }
    if (array)
        array->readonly = buffer.readonly;
    return array_value(array);
}

/* ---- joining ---- */

static bool check_joined(struct vm *vm, const struct ndarray *first, const struct ndarray *other,
                         uint32_t axis, uint32_t n)
{
    if (first->dimensions != other->dimensions) {
        raise_error(vm, &exc_ValueError,
                    "all the input arrays must have same number of dimensions, but the array at index 0 has "
                    "%u dimension(s) and the array "
                    "at index %u has %u dimension(s)",
                    first->dimensions, n, other->dimensions);
        return false;
    }
    for (uint32_t i = 0; i < first->dimensions; i++) {
        if (i != axis && first->shape[i] != other->shape[i]) {
            raise_error(vm, &exc_ValueError,
                        "all the input array dimensions except for the concatenation axis must match "
                        "exactly, but along dimension %u, "
                        "the array at index 0 has size %lld and the array at index %u has size %lld",
                        i, (long long)first->shape[i], n, (long long)other->shape[i]);
            return false;
        }
    }
    return true;
}

/* (arrays, /, axis=0, out=None, *, dtype=None, casting='same_kind') */
METHOD(join_concatenate)
{
    (void)self, (void)count, (void)keyword_names;
    int wanted;
    enum casting casting = CAST_SAME_KIND;
    if (is_array(arguments[0]) && !array_of(arguments[0])->dimensions)
        return raise_error(vm, &exc_TypeError, "dispatcher for __array_function__ did not return an iterable");
    value items = tuple_from_iterable(vm, arguments[0]);
    if (items == VALUE_NULL || !dtype_given(vm, arguments[3], &wanted) ||
        (arguments[4] != VALUE_NULL && !casting_from(vm, arguments[4], &casting)))
        return VALUE_NULL;
    uint32_t n = (uint32_t)tuple_of(items)->length, axis = 0;
    if (!n)
        return raise_error(vm, &exc_ValueError, "need at least one array to concatenate");
    value kept = tuple_new(vm, n); /* the arrays, for the collector's sake */
    bool flat = arguments[1] == NONE;
    if (flat && arguments[4] == VALUE_NULL)
        casting = CAST_UNSAFE;
    int dtype = wanted;
    for (uint32_t i = 0; i < n && kept != VALUE_NULL; i++) {
        struct ndarray *array = array_from(vm, tuple_of(items)->items[i], DTYPE_NONE);
        if (!array)
            return VALUE_NULL;
        value part = flat ? array_reshape(vm, array, &array->size, 1) : object_value(array);
        if (part == VALUE_NULL)
            return part;
        tuple_of(kept)->items[i] = part;
        if (wanted == DTYPE_NONE &&
            (dtype = i ? promote_types(vm, dtype, array_dtype(array)) : array_dtype(array)) < 0)
            return VALUE_NULL;
    }
    if (kept == VALUE_NULL)
        return kept;
    if (wanted == DTYPE_NONE && n <= 32) { /* all at once; those without dimensions count by their values */
        struct ndarray *given[32];
        for (uint32_t i = 0; i < n; i++)
            if (!(given[i] = array_from(vm, tuple_of(items)->items[i], DTYPE_NONE)))
                return VALUE_NULL;
        if ((dtype = result_type(vm, given, n)) < 0)
            return VALUE_NULL;
    }
    struct ndarray *first = array_of(tuple_of(kept)->items[0]);
    if (!first->dimensions)
        return raise_error(vm, &exc_ValueError, "zero-dimensional arrays cannot be concatenated");
    if (!flat && arguments[1] != VALUE_NULL && !axis_from(vm, arguments[1], first->dimensions, &axis))
        return VALUE_NULL;
    int64_t shape[DIMENSIONS_MAX], at = 0;
    memcpy(shape, first->shape, first->dimensions * sizeof *shape);
    shape[axis] = 0;
    bool columns = first->dimensions > 1;
    for (uint32_t i = 0; i < n; i++) {
        struct ndarray *array = array_of(tuple_of(kept)->items[i]);
        if (!check_joined(vm, first, array, axis, i))
            return VALUE_NULL;
        shape[axis] += array->shape[axis];
        columns = columns && array_is_fortran(array) && !array_is_contiguous(array);
    }
    struct ndarray *out = array_new_raw(vm, dtype, first->dimensions, shape);
    if (out && columns)
        array_set_column_strides(out);
    if (out && arguments[2] != VALUE_NULL && arguments[2] != NONE) {
        if (!is_array(arguments[2]) ||
            memcmp(array_of(arguments[2])->shape, shape, first->dimensions * sizeof *shape) != 0)
            return raise_error(vm, &exc_ValueError, "Output array is the wrong shape");
        out = array_of(arguments[2]);
    }
    for (uint32_t i = 0; i < n && out; i++) {
        struct ndarray *array = array_of(tuple_of(kept)->items[i]), *part = array_view(vm, out);
        if (!part)
            return VALUE_NULL;
        part->data += at * out->strides[axis];
        part->shape[axis] = array->shape[axis];
        array_set_size(part);
        at += array->shape[axis];
        if (!can_cast(array_dtype(array), array_dtype(part), casting))
            return raise_error(vm, &exc_TypeError, "Cannot cast array data from %R to %R according to the rule '%s'",
                               dtype_value(vm, array_dtype(array)), dtype_value(vm, array_dtype(part)),
                               casting_names[casting]);
        if (!array_copy_into(vm, part, array))
            return VALUE_NULL;
    }
    gc_keep(kept);
    return array_value(out);
}

/* (dst, src, casting='same_kind', where=True) */
METHOD(join_copyto)
{
    (void)self, (void)count, (void)keyword_names;
    enum casting casting = CAST_SAME_KIND;
    if (!is_array(arguments[0]))
        return raise_error(vm, &exc_TypeError, "copyto() argument 1 must be numpy.ndarray, not %T",
                           arguments[0]);
    struct ndarray *to = array_of(arguments[0]), *from = array_from(vm, arguments[1], DTYPE_NONE);
    if (!from || (arguments[2] != VALUE_NULL && !casting_from(vm, arguments[2], &casting)))
        return VALUE_NULL;
    if (!can_cast(from->dimensions ? array_dtype(from) : min_scalar_type(from), array_dtype(to), casting))
        return raise_error(vm, &exc_TypeError, "Cannot cast %s from %R to %R according to the rule '%s'",
                           from->dimensions ? "array data" : "scalar", dtype_value(vm, array_dtype(from)),
                           dtype_value(vm, array_dtype(to)), casting_names[casting]);
    if (to->readonly)
        return raise_error(vm, &exc_ValueError, "assignment destination is read-only");
    if (arguments[3] == VALUE_NULL || arguments[3] == TRUE)
        return array_assign_array(vm, to, from) ? NONE : VALUE_NULL;
    struct ndarray *mask = array_from(vm, arguments[3], DTYPE_BOOL);
    mask = mask ? array_broadcast(vm, mask, to->shape, to->dimensions) : NULL;
    struct ndarray *source = mask ? array_new(vm, array_dtype(to), to->dimensions, to->shape) : NULL;
    if (!source || !array_assign_array(vm, source, from))
        return VALUE_NULL;
    int64_t m_index[DIMENSIONS_MAX] = {0}, t_index[DIMENSIONS_MAX] = {0};
    char *m = mask->data, *target = to->data, *s = source->data;
    for (int64_t i = 0; i < to->size; i++, s += to->item_size) {
        if (*m)
            memcpy(target, s, to->item_size);
        element_next(mask, m_index, &m);
        element_next(to, t_index, &target);
    }
    ADD_WORK(vm, elements, to->size);
    return NONE;
}

/* ---- questions about dtypes ---- */

METHOD(dtype_result_type)
{
    (void)self;
    if (!count || count > 32)
        return raise_error(vm, &exc_ValueError, "at least one array or dtype is required");
    (void)keyword_names;
    struct ndarray *arrays[33], *types[33]; /* types join after all arrays and numbers */
    size_t array_count = 0, type_count = 0;
    for (size_t i = 0; i < count; i++) {
        bool type = has_flag(arguments[i], TYPE_TYPE | TYPE_STRING | TYPE_LIST | TYPE_TUPLE) || arguments[i] == NONE ||
                    is_exact(arguments[i], &dtype_type);
        int64_t none = 0;
        int dtype = type ? dtype_from(vm, arguments[i]) : DTYPE_NONE;
        if (type && dtype < 0)
            return VALUE_NULL;
        struct ndarray *operand = type ? array_new(vm, dtype, 1, &none) : array_from(vm, arguments[i], DTYPE_NONE);
        if (!operand)
            return VALUE_NULL;
        *(type ? &types[type_count++] : &arrays[array_count++]) = operand;
    }
    memcpy(arrays + array_count, types, type_count * sizeof *types);
    int dtype = result_type(vm, arrays, count);
    return dtype < 0 ? VALUE_NULL : dtype_value(vm, dtype);
}

METHOD(dtype_promote_types)
{
    (void)self, (void)count, (void)keyword_names;
    if (arguments[0] == NONE || arguments[1] == NONE)
        return raise_error(vm, &exc_TypeError, "did not understand one of the types");
    int a = dtype_from(vm, arguments[0]), b = a < 0 ? -1 : dtype_from(vm, arguments[1]);
    int dtype = b < 0 ? -1 : promote_types(vm, a, b);
    return dtype < 0 ? VALUE_NULL : dtype_value(vm, dtype);
}

METHOD(dtype_min_scalar_type)
{
    (void)self, (void)count, (void)keyword_names;
    struct ndarray *array = array_from(vm, arguments[0], DTYPE_NONE);
    return array ? dtype_value(vm, min_scalar_type(array)) : VALUE_NULL;
}

METHOD(dtype_can_cast)
{
    (void)self, (void)count, (void)keyword_names;
    enum casting casting = CAST_SAFE;
    static const char not_understood[] = "did not understand one of the types; 'None' not accepted";
    int to = dtype_from(vm, arguments[1]), from;
    if (to < 0 || (arguments[2] != VALUE_NULL && !casting_from(vm, arguments[2], &casting)))
        return VALUE_NULL;
    if (arguments[0] == NONE || arguments[1] == NONE)
        return raise_error(vm, &exc_TypeError, not_understood);
    bool is_type = has_flag(arguments[0], TYPE_TYPE | TYPE_STRING | TYPE_LIST | TYPE_TUPLE | TYPE_DICT) ||
                   is_exact(arguments[0], &dtype_type);
    if (is_type) {
        from = dtype_from(vm, arguments[0]);
        if (from < 0 && exception_matches(vm, &exc_TypeError)) {
            exception_clear(vm);
            return raise_error(vm, &exc_TypeError, not_understood);
        }
        return from < 0 ? VALUE_NULL : bool_value(can_cast(from, to, casting));
    }
    struct ndarray *array = array_from(vm, arguments[0], DTYPE_NONE);
    return array ? bool_value(array_can_cast(array, to, casting)) : VALUE_NULL;
}

const struct method_definition creation_functions[] = {
    {"array", "(object, dtype=None, *, copy=True, order='K', subok=False, ndmin=0, like=None)", make_array,
     METHOD_STATIC | METHOD_ARRAY_WORDS, NULL},
    {"asarray", "(a, dtype=None, order=None, *, like=None)", make_asarray, METHOD_STATIC | METHOD_ARRAY_WORDS, NULL},
    {"asanyarray", "(a, dtype=None, order=None, *, like=None)", make_asanyarray, METHOD_STATIC | METHOD_ARRAY_WORDS, NULL},
    {"ascontiguousarray", "(a, dtype=None, *, like=None)", make_ascontiguousarray, METHOD_STATIC | METHOD_ARRAY_WORDS, NULL},
    {"asfortranarray", "(a, dtype=None, *, like=None)", make_asfortranarray, METHOD_STATIC | METHOD_ARRAY_WORDS, NULL},
    {"zeros", "(shape, dtype=float, order='C', *, like=None)", make_zeros, METHOD_STATIC | METHOD_ARRAY_WORDS, NULL},
    {"empty", "(shape, dtype=float, order='C', *, like=None)", make_empty, METHOD_STATIC | METHOD_ARRAY_WORDS, NULL},
    {"_unfilled", "(shape, dtype, /)", make_unfilled, METHOD_STATIC, NULL},
    {"ones", "(shape, dtype=None, order='C', *, like=None)", make_ones, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"full", "(shape, fill_value, dtype=None, order='C', *, like=None)", make_full, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"zeros_like", "(a, dtype=None, order='K', subok=True, shape=None)", make_zeros_like, METHOD_STATIC | METHOD_PYTHON_WORDS,
     NULL},
    {"empty_like", "(prototype, dtype=None, order='K', subok=True, shape=None)", make_zeros_like,
     METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"ones_like", "(a, dtype=None, order='K', subok=True, shape=None)", make_ones_like, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"full_like", "(a, fill_value, dtype=None, order='K', subok=True, shape=None)", make_full_like,
     METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"arange", "(start=None, stop=None, step=None, dtype=None, *, like=None)", make_arange, METHOD_STATIC | METHOD_ARRAY_WORDS,
     NULL},
    {"frombuffer", "(buffer, dtype=float, count=-1, offset=0, *, like=None)", make_frombuffer, METHOD_STATIC,
     NULL},
    {"concatenate", "(arrays, /, axis=0, out=None, *, dtype=None, casting='same_kind')", join_concatenate,
     METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"copyto", "(dst, src, casting='same_kind', where=True)", join_copyto, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"result_type", NULL, dtype_result_type, METHOD_STATIC, NULL},
    {"promote_types", "(type1, type2)", dtype_promote_types, METHOD_STATIC, NULL},
    {"min_scalar_type", "(a, /)", dtype_min_scalar_type, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"can_cast", "(from_, to, casting='safe')", dtype_can_cast, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {NULL, NULL, NULL, 0, NULL},
};
