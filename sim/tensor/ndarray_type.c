/* ndarray_type.c - the Python type numpy.ndarray: protocols, attributes and methods. Methods that numpy
 * writes in Python are those of the library's Python part; many others are also functions of the module
 * (manipulation.c, reduction.c, sorting.c). */
#include "sim/tensor/derived.h"
#include "sim/tensor/ufunc.h"

#include "sim/runtime/buffer.h"
#include "sim/runtime/container.h"
#include "sim/runtime/iterator.h"

/* ---- protocols ---- */

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
    bool truth;
    if (array->size == 1)
        return element_truth(vm, array_dtype(array), array->data, &truth) ? truth : -1;
    if (!array->size)
        return warning_issue(vm, &exc_DeprecationWarning, 1,
                             "The truth value of an empty array is ambiguous. Returning False, but in future "
                             "this will result in an "
                             "error. Use `array.size > 0` to check that an array is not empty.")
                   ? 0
                   : -1;
    raise_error(
        vm, &exc_ValueError,
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
    value plain = array_value(array_plain(vm, self)), other = is_derived(item) ? array_value(array_plain(vm, item)) : item;
    if (plain == VALUE_NULL || other == VALUE_NULL)
        return -1;
    value equal = array_compare(vm, plain, other, COMPARE_EQ);
    value any = equal == VALUE_NULL || equal == vm->not_implemented
                    ? equal
                    : array_reduce(vm, REDUCE_ANY, equal, VALUE_NULL, VALUE_NULL);
    return any == VALUE_NULL ? -1 : any == vm->not_implemented ? 0 : value_truth(vm, any);
}

static value only_element(struct vm *vm, value self)
{
    struct ndarray *array = array_of(self);
    if (array->size != 1)
        return raise_error(vm, &exc_TypeError, "only size-1 arrays can be converted to Python scalars");
    return scalar_new(vm, array_dtype(array), array->data);
}

static value array_to_int(struct vm *vm, value self)
{
    value element = only_element(vm, self);
    return element == VALUE_NULL ? element : call_1(vm, type_object_value(&int_type), element);
}

static value array_to_float(struct vm *vm, value self)
{
    value element = only_element(vm, self);
    return element == VALUE_NULL ? element : call_1(vm, type_object_value(&float_type), element);
}

static value array_index(struct vm *vm, value self)
{
    struct ndarray *array = array_of(self);
    if (array->dimensions || !is_integer_dtype(array->dtype))
        return raise_error(vm, &exc_TypeError,
                           "only integer scalar arrays can be converted to a scalar index");
    return element_to_python(vm, array->dtype, array->data);
}

static bool array_export(struct vm *vm, value self, struct item_buffer *out)
{
    static const char *const formats[DTYPE_NUMERIC_COUNT] = {"?", "b", "B", "h", "H", "i",  "I",
                                                             "l", "L", "e", "f", "d", "Zf", "Zd"};
    struct ndarray *array = array_of(self);
    if (!is_numeric_dtype(array->dtype))
        return raise_unsupported(vm, "buffers of numpy arrays of objects or strings"), false;
    *out = (struct item_buffer){.exporter = self,
                                .data = (uint8_t *)array->data,
                                .length = array->size * array->item_size,
                                .item_size = array->item_size,
                                .format = formats[array->dtype],
                                .readonly = array->readonly,
                                .dimensions = array->dimensions,
                                .shape = array->shape,
                                .strides = array->strides};
    return true;
}

static bool array_bytes(struct vm *vm, value self, const uint8_t **data, size_t *size)
{
    struct ndarray *array = array_of(self);
    if (!array_is_contiguous(array))
        return raise_error(vm, &exc_ValueError, "ndarray is not C-contiguous"), false;
    *data = (const uint8_t *)array->data;
    *size = (size_t)array->size * array->item_size;
    return true;
}

/* ---- conversion and copies ---- */

/* As numpy's: its object, two words for each axis, and the elements that are the array's own. */
METHOD(method_sizeof)
{
    (void)vm;
    UNUSED_METHOD_PARAMETERS;
    enum { OBJECT_BYTES = 96, AXIS_BYTES = 16 };
    const struct ndarray *array = array_of(self);
    return small_int(OBJECT_BYTES + AXIS_BYTES * array->dimensions +
                     (array->base == VALUE_NULL ? array->size * array->item_size : 0));
}

METHOD(method_tolist)
{
    UNUSED_METHOD_PARAMETERS;
    return array_tolist(vm, array_of(self));
}

static bool order_given(value order, const char *text)
{
    return order != VALUE_NULL && has_flag(order, TYPE_STRING) && string_is(order, text);
}

METHOD(method_copy)
{
    (void)count, (void)keyword_names;
    struct ndarray *array = array_of(self), *copy;
    if (!check_order(vm, arguments[0]))
        return VALUE_NULL;
    bool column_order =
        arguments[0] != VALUE_NULL && has_flag(arguments[0], TYPE_STRING) &&
        (string_is(arguments[0], "F") ||
         (string_is(arguments[0], "A") && array_is_fortran(array) && !array_is_contiguous(array)));
    bool kept =
        arguments[0] != VALUE_NULL && has_flag(arguments[0], TYPE_STRING) && string_is(arguments[0], "K");
    copy = kept ? array_new_like(vm, array_dtype(array), array)
                : array_new_raw(vm, array_dtype(array), array->dimensions, array->shape);
    if (copy && column_order)
        array_set_column_strides(copy);
    return copy && array_copy_into(vm, copy, array) ? object_value(copy) : VALUE_NULL;
}

/* One element formats as its scalar; arrays know no format. */
METHOD(method_format)
{
    (void)count, (void)keyword_names;
    struct ndarray *array = array_of(self);
    if (array->dimensions) {
        bool plain = has_flag(arguments[0], TYPE_STRING) && !string_of(arguments[0])->length;
        return plain ? value_string(vm, self)
                     : raise_error(vm, &exc_TypeError, "unsupported format string passed to numpy.ndarray.__format__");
    }
    value item = scalar_new(vm, array_dtype(array), array->data);
    return item == VALUE_NULL ? item : value_format(vm, item, arguments[0]);
}

METHOD(method_copy_plain)
{
    (void)arguments;
    value order = VALUE_NULL;
    return method_copy(vm, self, &order, count, keyword_names);
}

METHOD(method_astype)
{
    (void)count, (void)keyword_names;
    struct ndarray *array = array_of(self);
    enum casting casting = CAST_UNSAFE;
    int dtype = dtype_from(vm, arguments[0]);
    if (dtype < 0 || !check_order(vm, arguments[1]) ||
        (arguments[2] != VALUE_NULL && !casting_from(vm, arguments[2], &casting)))
        return VALUE_NULL;
    if (dtype == DTYPE_STRING) {
        struct ndarray *texts = array_from(vm, self, dtype);
        if (texts || vm->pending != VALUE_NULL)
            return array_value(texts == array ? array_duplicate(vm, array, DTYPE_NONE) : texts);
    }
    if (!array_can_cast(array, dtype, casting))
        return raise_error(
            vm, &exc_TypeError, "Cannot cast %s from %R to %R according to the rule '%s'",
            array->dimensions ? "array data" : "scalar", dtype_value(vm, array_dtype(array)), dtype_value(vm, dtype),
            casting_names[casting]);
    int copy = arguments[4] == VALUE_NULL ? 1 : value_truth(vm, arguments[4]);
    if (copy < 0)
        return VALUE_NULL;
    if (!copy && dtype == array_dtype(array))
        return self;
    struct ndarray *made = order_given(arguments[1], "C") ? array_new_raw(vm, dtype, array->dimensions, array->shape)
                                                          : array_new_like(vm, dtype, array);
    bool columns = array_is_fortran(array) && !array_is_contiguous(array);
    if (made && (order_given(arguments[1], "F") || (order_given(arguments[1], "A") && columns)))
        array_set_column_strides(made);
    else if (made && order_given(arguments[1], "A"))
        array_set_strides(made);
    return made && array_assign_array(vm, made, array) ? object_value(made) : VALUE_NULL;
}

METHOD(method_byteswap)
{
    (void)count, (void)keyword_names;
    int inplace = arguments[0] == VALUE_NULL ? 0 : value_truth(vm, arguments[0]);
    struct ndarray *array = array_of(self);
    if (inplace < 0)
        return VALUE_NULL;
    if (array->dtype == DTYPE_OBJECT)
        return raise_unsupported(vm, "numpy.ndarray.byteswap of objects");
    if (inplace && array->readonly)
        return raise_error(vm, &exc_ValueError, "array is read-only");
    if (!inplace && !(array = array_duplicate(vm, array, DTYPE_NONE)))
        return VALUE_NULL;
    uint32_t unit = array->dtype == DTYPE_STRING           ? 4
                    : is_complex_dtype(array_dtype(array)) ? array->item_size / 2
                                                           : array->item_size;
    int64_t index[DIMENSIONS_MAX] = {0};
    char *element = array->data;
    for (int64_t i = 0; i < array->size; i++, element_next(array, index, &element))
        for (uint32_t start = 0; start < array->item_size; start += unit)
            for (uint32_t k = 0; k < unit / 2; k++) {
                char byte = element[start + k];
                element[start + k] = element[start + unit - 1 - k];
                element[start + unit - 1 - k] = byte;
            }
    ADD_WORK(vm, elements, array->size);
    return object_value(array);
}

METHOD(method_fill)
{
    (void)count, (void)keyword_names;
    return array_assign(vm, array_of(self), arguments[0]) ? NONE : VALUE_NULL;
}

static value item_key(struct vm *vm, struct ndarray **array, const value *arguments, size_t count)
{
    value key =
        count == 1 && has_flag(arguments[0], TYPE_TUPLE) ? arguments[0] : tuple_from(vm, arguments, count);
    int64_t flat = (*array)->size, position;
    if (key == VALUE_NULL || tuple_of(key)->length != 1)
        return key;
    value index = tuple_of(key)->items[0];
    if (!has_index(vm, index))
        return raise_error(vm, &exc_TypeError, "'%T' object cannot be interpreted as an integer", index);
    if (!value_to_index(vm, index, &position))
        return VALUE_NULL;
    if (position < -flat || position >= flat)
        return raise_error(vm, &exc_IndexError, "index %lld is out of bounds for size %lld", (long long)position, (long long)flat);
    if ((*array)->dimensions == 1)
        return key;
    value flattened = array_reshape(vm, *array, &flat, 1);
    if (flattened == VALUE_NULL)
        return VALUE_NULL;
    *array = array_of(flattened);
    return key;
}

METHOD(method_item)
{
    if (!check_positional(vm, "item", count, keyword_names, 0, -1))
        return VALUE_NULL;
    struct ndarray *array = array_of(self);
    if (!count && array->size != 1)
        return raise_error(vm, &exc_ValueError, "can only convert an array of size 1 to a Python scalar");
    if (!count)
        return element_to_python(vm, array_dtype(array), array->data);
    value key = item_key(vm, &array, arguments, count);
    if (key != VALUE_NULL && tuple_of(key)->length != array->dimensions)
        return raise_error(vm, &exc_ValueError, "incorrect number of indices for array");
    value item = key == VALUE_NULL ? key : array_get_item(vm, object_value(array), key);
    if (item == VALUE_NULL || array->dtype == DTYPE_OBJECT)
        return item;
    if (is_array(item))
        return raise_error(vm, &exc_ValueError, "incorrect number of indices for array");
    return element_to_python(vm, scalar_dtype(item),
                             array->dtype == DTYPE_STRING ? NULL : scalar_element(item));
}

METHOD(method_itemset)
{
    if (!check_positional(vm, "itemset", count, keyword_names, 1, -1))
        return VALUE_NULL;
    struct ndarray *array = array_of(self);
    if (count == 1)
        return array_assign(vm, array, arguments[0]) ? NONE : VALUE_NULL;
    value key = count == 2 && has_flag(arguments[0], TYPE_TUPLE) ? arguments[0]
                                                                 : tuple_from(vm, arguments, count - 1);
    if (key == VALUE_NULL)
        return key;
    if (tuple_of(key)->length == 1 && array->dimensions != 1) {
        value given[2] = {tuple_of(key)->items[0], shape_value(vm, array_of(self)->shape, array_of(self)->dimensions)};
        key = given[1] == VALUE_NULL ? given[1] : library_call(vm, "unravel_index", given, 2, VALUE_NULL);
    }
    return key != VALUE_NULL && array_set_item(vm, self, key, arguments[count - 1]) ? NONE : VALUE_NULL;
}

METHOD(method_tobytes)
{
    (void)count, (void)keyword_names;
    struct ndarray *array = array_of(self);
    if (!check_order(vm, arguments[0]))
        return VALUE_NULL;
    bool columns = array_is_fortran(array) && !array_is_contiguous(array);
    if (order_given(arguments[0], "F") || (order_given(arguments[0], "A") && columns)) {
        value turned = array_transpose(vm, array);
        if (turned == VALUE_NULL)
            return turned;
        array = array_of(turned);
    }
    array = array_contiguous(vm, array, DTYPE_NONE);
    if (!array)
        return VALUE_NULL;
    ADD_WORK(vm, characters, array->size * array->item_size);
    value bytes = bytes_from(vm, array->data, (size_t)array->size * array->item_size);
    gc_keep(object_value(array));
    return bytes;
}

METHOD(method_bytes)
{
    (void)arguments;
    value order = VALUE_NULL;
    return method_tobytes(vm, self, &order, count, keyword_names);
}

/* view(type), view(type=type); VALUE_NULL without exception: of the array's own class */
static value view_as(struct vm *vm, value self, const value *arguments)
{
    value type = has_flag(arguments[0], TYPE_TYPE) ? arguments[0] : arguments[1];
    if (type == VALUE_NULL || !has_flag(type, TYPE_TYPE) ||
        !type_is_subtype((struct type *)value_object(type), &ndarray_type))
        return VALUE_NULL;
    if (type != arguments[0] && arguments[0] != VALUE_NULL)
        return raise_unsupported(vm, "numpy.ndarray.view with a dtype and a type");
    if (type == type_object_value(&ndarray_type))
        return array_value(array_view(vm, array_of(self)));
    return derived_view(vm, (struct type *)value_object(type), self, self);
}

METHOD(method_view_of_class)
{
    (void)count, (void)keyword_names;
    struct ndarray *array = array_of(self);
    int dtype;
    if (arguments[0] == NONE) /* as np.dtype(None) */
        dtype = DTYPE_FLOAT64;
    else if (!dtype_given(vm, arguments[0], &dtype))
        return VALUE_NULL;
    struct ndarray *view = array_view(vm, array);
    if (!view || dtype == DTYPE_NONE)
        return array_value(view);
    int64_t bytes = (int64_t)dtype_bytes(dtype), old = array->item_size;
    if (bytes != old) {
        uint32_t last = array->dimensions - 1u;
        if (!array->dimensions)
            return raise_error(
                vm, &exc_ValueError,
                "Changing the dtype of a 0d array is only supported if the itemsize is unchanged");
        if (array->size && array->strides[last] != old && array->shape[last] != 1)
            return raise_error(vm, &exc_ValueError,
                               "To change to a dtype of a different size, the last axis must be contiguous");
        if (array->shape[last] * old % bytes)
            return raise_error(vm, &exc_ValueError,
                               "When changing to a larger dtype, its size must be a divisor of the total "
                               "size in bytes of the last "
                               "axis of the array.");
        view->shape[last] = array->shape[last] * old / bytes;
        view->strides[last] = array->size ? bytes : array->strides[last];
    }
    view->dtype = (uint8_t)dtype_kind(dtype);
    view->item_size = (uint32_t)bytes;
    array_set_size(view);
    return object_value(view);
}

static METHOD_PLAIN(method_view)
{
    value made = view_as(vm, self, arguments);
    return made != VALUE_NULL || vm->pending != VALUE_NULL ? made
                                                           : method_view_of_class(vm, self, arguments, count, keyword_names);
}

/* ---- shapes ---- */

static bool order_is_fortran(struct vm *vm, value order, const struct ndarray *array, bool *fortran)
{
    *fortran = false;
    if (order == VALUE_NULL || order == NONE)
        return true;
    if (has_flag(order, TYPE_STRING) && (string_is(order, "C") || string_is(order, "K")))
        return true;
    if (has_flag(order, TYPE_STRING) && string_is(order, "A")) {
        *fortran = array_is_fortran(array) && !array_is_contiguous(array);
        return true;
    }
    *fortran = has_flag(order, TYPE_STRING) && string_is(order, "F");
    if (!has_flag(order, TYPE_STRING)) {
        raise_error(vm, &exc_TypeError, "order must be str, not %T", order);
        return false;
    }
    if (!*fortran)
        raise_error(vm, &exc_ValueError, "order must be one of 'C', 'F', 'A', or 'K' (got %R)", order);
    return *fortran;
}

METHOD(method_reshape)
{
    int64_t shape[DIMENSIONS_MAX];
    uint32_t dimensions;
    bool fortran = false;
    size_t keywords = keyword_count(keyword_names);
    for (size_t i = 0; i < keywords; i++) {
        value name = tuple_of(keyword_names)->items[i];
        if (!string_is(name, "order"))
            return raise_error(vm, &exc_TypeError, "'%U' is an invalid keyword argument for this function",
                               name);
        if (order_given(arguments[count + i], "K"))
            return raise_error(vm, &exc_ValueError, "order 'K' is not permitted for reshaping");
        if (!order_is_fortran(vm, arguments[count + i], array_of(self), &fortran))
            return VALUE_NULL;
    }
    if (!count)
        return raise_error(vm, &exc_TypeError, "reshape() takes exactly 1 argument (0 given)");
    if (!check_positional(vm, "reshape", count, VALUE_NULL, 1, DIMENSIONS_MAX))
        return VALUE_NULL;
    if (count == 1 && arguments[0] == NONE)
        return array_value(array_view(vm, array_of(self)));
    value given = count == 1 ? arguments[0] : tuple_from(vm, arguments, count);
    if (given == VALUE_NULL || !shape_from(vm, given, shape, &dimensions))
        return VALUE_NULL;
    return array_reshape_order(vm, array_of(self), shape, dimensions, fortran);
}

METHOD(method_transpose)
{
    if (!check_positional(vm, "transpose", count, keyword_names, 0, -1))
        return VALUE_NULL;
    struct ndarray *array = array_of(self);
    if (!count || (count == 1 && arguments[0] == NONE))
        return array_transpose(vm, array);
    int64_t given[DIMENSIONS_MAX];
    uint32_t dimensions, axes[DIMENSIONS_MAX];
    value sequence = count == 1 ? arguments[0] : tuple_from(vm, arguments, count);
    if (sequence == VALUE_NULL || !shape_from(vm, sequence, given, &dimensions))
        return VALUE_NULL;
    if (dimensions != array->dimensions)
        return raise_error(vm, &exc_ValueError, "axes don't match array");
    uint64_t seen = 0;
    for (uint32_t i = 0; i < dimensions; i++) {
        if (!axis_normalize(vm, given[i], dimensions, &axes[i]))
            return VALUE_NULL;
        if (seen >> axes[i] & 1)
            return raise_error(vm, &exc_ValueError, "repeated axis in transpose");
        seen |= (uint64_t)1 << axes[i];
    }
    return array_value(array_permute(vm, array, axes));
}

/* The array with its axes in the order of memory, the longest strides first. */
static struct ndarray *in_memory_order(struct vm *vm, struct ndarray *array)
{
    struct operand_walk walk = {.dimensions = array->dimensions, .operands = 1};
    uint32_t inner[DIMENSIONS_MAX], order[DIMENSIONS_MAX];
    memcpy(walk.shape, array->shape, array->dimensions * sizeof(int64_t));
    memcpy(walk.strides[0], array->strides, array->dimensions * sizeof(int64_t));
    walk_order(&walk, inner);
    for (uint32_t i = 0; i < array->dimensions; i++)
        order[i] = inner[array->dimensions - 1 - i];
    return array_permute(vm, array, order);
}

METHOD(method_flatten)
{
    (void)count, (void)keyword_names;
    struct ndarray *array = array_of(self);
    bool fortran;
    if (!order_is_fortran(vm, arguments[0], array, &fortran))
        return VALUE_NULL;
    value source = order_given(arguments[0], "K") ? array_value(in_memory_order(vm, array))
                   : fortran                      ? array_transpose(vm, array)
                                                  : self;
    struct ndarray *copy = source == VALUE_NULL ? NULL : array_new_1d(vm, array_dtype(array), array->size);
    struct ndarray *shaped = copy ? array_over(vm, object_value(copy), copy->data, array_dtype(array),
                                               array->dimensions, array_of(source)->shape)
                                  : NULL;
    return shaped && array_copy_into(vm, shaped, array_of(source)) ? object_value(copy) : VALUE_NULL;
}

METHOD(method_ravel)
{
    (void)count, (void)keyword_names;
    struct ndarray *array = array_of(self);
    int64_t size = array->size;
    bool fortran;
    if (!order_is_fortran(vm, arguments[0], array, &fortran))
        return VALUE_NULL;
    if (order_given(arguments[0], "K") && !array_is_contiguous(array)) { /* as it lies in memory */
        struct ndarray *turned = in_memory_order(vm, array);
        return turned ? array_reshape(vm, turned, &size, 1) : VALUE_NULL;
    }
    value source = fortran ? array_transpose(vm, array) : self;
    return source == VALUE_NULL ? source : array_reshape(vm, array_of(source), &size, 1);
}

METHOD(method_squeeze)
{
    (void)count, (void)keyword_names;
    struct ndarray *array = array_of(self);
    bool taken[DIMENSIONS_MAX];
    bool all = arguments[0] == VALUE_NULL || arguments[0] == NONE;
    if (!axes_from(vm, arguments[0], array->dimensions, taken))
        return VALUE_NULL;
    uint32_t dimensions = 0;
    for (uint32_t i = 0; i < array->dimensions; i++) {
        if (all)
            taken[i] = array->shape[i] == 1;
        else if (taken[i] && array->shape[i] != 1)
            return raise_error(vm, &exc_ValueError,
                               "cannot select an axis to squeeze out which has size not equal to one");
        dimensions += !taken[i];
    }
    struct ndarray *view = array_view_of(vm, array, dimensions);
    for (uint32_t i = 0, k = 0; view && i < array->dimensions; i++) {
        if (!taken[i]) {
            view->shape[k] = array->shape[i];
            view->strides[k++] = array->strides[i];
        }
    }
    return array_value(view);
}

static bool swapped_axis(struct vm *vm, value given, const struct ndarray *array, const char *name,
                         uint32_t *axis)
{
    int64_t number;
    if (!has_index(vm, given) || !value_to_index(vm, given, &number) ||
        (number >= -(int64_t)array->dimensions && number < array->dimensions))
        return vm->pending == VALUE_NULL && axis_from(vm, given, array->dimensions, axis);
    value exception = call_3(vm, type_object_value(&axis_error_type), given, small_int(array->dimensions),
                             string_from_text(vm, name));
    if (exception != VALUE_NULL)
        raise_value(vm, exception);
    return false;
}

METHOD(method_swapaxes)
{
    if (keyword_count(keyword_names))
        return raise_error(vm, &exc_TypeError, "swapaxes() takes no keyword arguments");
    if (count != 2)
        return raise_error(vm, &exc_TypeError, "swapaxes() takes exactly 2 arguments (%zu given)", count);
    struct ndarray *array = array_of(self);
    uint32_t a, b, axes[DIMENSIONS_MAX];
    int64_t number;
    for (int i = 0; i < 2; i++) { /* both are numbers before either is looked at */
        if (!has_index(vm, arguments[i]))
            return raise_error(vm, &exc_TypeError, "'%T' object cannot be interpreted as an integer", arguments[i]);
        if (!value_to_index(vm, arguments[i], &number)) {
            exception_clear(vm);
            return raise_error(vm, &exc_OverflowError, "Python int too large to convert to C long");
        }
    }
    if (!swapped_axis(vm, arguments[0], array, "axis1", &a) ||
        !swapped_axis(vm, arguments[1], array, "axis2", &b))
        return VALUE_NULL;
    for (uint32_t i = 0; i < array->dimensions; i++)
        axes[i] = i == a ? b : i == b ? a : i;
    return array_value(array_permute(vm, array, axes));
}

METHOD(method_setflags)
{
    (void)count, (void)keyword_names;
    int write = arguments[0] == VALUE_NULL || arguments[0] == NONE ? -2 : value_truth(vm, arguments[0]);
    if (write == -1)
        return VALUE_NULL;
    if (write >= 0) {
        value base = array_of(self)->base;
        if (write && base != VALUE_NULL && is_array(base) && array_of(base)->readonly)
            return raise_error(vm, &exc_ValueError, "cannot set WRITEABLE flag to True of this array");
        array_of(self)->readonly = !write;
    }
    return NONE;
}

/* Its elements' addresses are multiples of what the type's numbers want. */
static bool array_is_aligned(const struct ndarray *array)
{
    uintptr_t unit = array->dtype == DTYPE_STRING         ? 4
                     : is_complex_dtype(array->dtype)     ? array->item_size / 2
                     : array->item_size,
              bits = array->size ? (uintptr_t)array->data : 0;
    for (uint32_t i = 0; i < array->dimensions; i++)
        bits |= array->shape[i] > 1 ? (uintptr_t)array->strides[i] : 0;
    return !(bits & (unit - 1));
}

/* The array's flags as (C contiguous, Fortran contiguous, owns its data, writeable, aligned). */
METHOD(method_flag_values)
{
    UNUSED_METHOD_PARAMETERS;
    struct ndarray *array = array_of(self);
    return tuple_pack(vm, 5, bool_value(array_is_contiguous(array)), bool_value(array_is_fortran(array)),
                      bool_value(array->base == VALUE_NULL), bool_value(!array->readonly), bool_value(array_is_aligned(array)));
}

static METHOD_PLAIN(method_array)
{
    (void)count, (void)keyword_names;
    int dtype;
    struct ndarray *plain = array_plain(vm, self);
    if (!plain || !dtype_given(vm, arguments[0], &dtype))
        return VALUE_NULL;
    return array_value(array_from(vm, object_value(plain), dtype));
}

METHOD(method_complex)
{
    UNUSED_METHOD_PARAMETERS;
    value element = only_element(vm, self);
    return element == VALUE_NULL ? element : call_1(vm, type_object_value(&complex_type), element);
}

METHOD(method_abs)
{
    UNUSED_METHOD_PARAMETERS;
    return ufunc_apply(vm, "absolute", &self, 1);
}

METHOD(method_divmod)
{
    (void)count, (void)keyword_names;
    value given[2] = {self, arguments[0]};
    return ufunc_apply(vm, "divmod", given, 2);
}

METHOD(method_rdivmod)
{
    (void)count, (void)keyword_names;
    value given[2] = {arguments[0], self};
    return ufunc_apply(vm, "divmod", given, 2);
}

/* ---- those that are functions of the module: called with the array first ---- */

#define LIBRARY(name, function)                                                                              \
    static value name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)  \
    {                                                                                                        \
        size_t keywords = keyword_count(keyword_names);                                                      \
        value given[24] = {self};                                                                            \
        if (count + keywords > 20)                                                                           \
            return raise_error(vm, &exc_TypeError, "too many arguments");                                    \
        memcpy(given + 1, arguments, (count + keywords) * sizeof *given);                                    \
        if (is_derived(self))                                                                                \
            return derived_library(vm, function, given, count + 1, keyword_names);                           \
        return library_call(vm, function, given, count + 1, keyword_names);                                  \
    }
#define FORWARD(name) LIBRARY(forward_##name, #name)
#define FORWARDED(X) X(argmax) X(argmin) X(nonzero) X(choose) X(trace) X(argsort) X(argpartition) X(dot)
FORWARDED(FORWARD)

/* Does one of numpy's own reductions, in whose words a keyword is refused, know all these? */
static bool keywords_reduce(struct vm *vm, const char *function, value keyword_names)
{
    static const char *const known[] = {"axis", "dtype", "out", "keepdims", "initial", "where", "ddof"};
    for (size_t i = 0; i < keyword_count(keyword_names); i++) {
        value name = tuple_of(keyword_names)->items[i];
        size_t which = 0;
        while (which < sizeof known / sizeof *known && !string_is(name, known[which]))
            which++;
        if (which == sizeof known / sizeof *known) {
            raise_error(vm, &exc_TypeError, "%s() got an unexpected keyword argument '%U'", function, name);
            return false;
        }
    }
    return true;
}
#define REDUCING(name, function)                                                                             \
    LIBRARY(forward_##name, #name)                                                                           \
    static value method_##name(struct vm *vm, value self, const value *arguments, size_t count,              \
                               value keyword_names)                                                          \
    {                                                                                                        \
        return keywords_reduce(vm, function, keyword_names)                                                  \
                   ? forward_##name(vm, self, arguments, count, keyword_names)                               \
                   : VALUE_NULL;                                                                             \
    }
#define REDUCED(X)                                                                                           \
    X(sum, "_sum") X(prod, "_prod") X(max, "_amax") X(min, "_amin") X(all, "_all") X(any, "_any")            \
    X(mean, "_mean") X(var, "_var") X(std, "_std") X(ptp, "_ptp")
REDUCED(REDUCING)
FORWARD(searchsorted)
FORWARD(conjugate)

static METHOD_PLAIN(method_searchsorted)
{
    if (!count && !keyword_count(keyword_names))
        return raise_error(vm, &exc_TypeError, "searchsorted() missing required argument 'v' (pos 0)");
    return forward_searchsorted(vm, self, arguments, count, keyword_names);
}

/* The array itself where nothing changes. */
METHOD(method_conjugate)
{
    int dtype = array_of(self)->dtype;
    if (!count && !keyword_count(keyword_names) && !is_complex_dtype(dtype) && dtype != DTYPE_OBJECT)
        return self;
    return forward_conjugate(vm, self, arguments, count, keyword_names);
}

METHOD(method_tostring)
{
    return warning_issue(vm, &exc_DeprecationWarning, 1, "tostring() is deprecated. Use tobytes() instead.")
               ? method_tobytes(vm, self, arguments, count, keyword_names)
               : VALUE_NULL;
}

/* Those whose arguments are refused in the method's words: `least` are needed of the `most` that are named. */
#define LIBRARY_NAMED(method, function, least, most, ...)                                                    \
    LIBRARY(call_##method, function)                                                                         \
    static value method_##method(struct vm *vm, value self, const value *arguments, size_t count,            \
                                 value keyword_names)                                                        \
    {                                                                                                        \
        static const char *const names[] = {__VA_ARGS__, NULL};                                              \
        static const struct argument_names expected = {#method, names, least, most};                         \
        value bound[most];                                                                                   \
        bool plain = !keyword_count(keyword_names) && count + 1 > (least) && count <= (most);                  \
        if (!plain && !arguments_bind(vm, &expected, arguments, count, keyword_names, bound))                \
            return VALUE_NULL;                                                                               \
        return call_##method(vm, self, arguments, count, keyword_names);                                     \
    }
LIBRARY_NAMED(put, "_put_into", 2, 3, "indices", "values", "mode")
LIBRARY_NAMED(compress, "_compress_by", 1, 3, "condition", "axis", "out")
LIBRARY_NAMED(tofile, "_tofile", 1, 3, "file", "sep", "format")
LIBRARY_NAMED(repeat, "repeat", 1, 2, "repeats", "axis")
LIBRARY_NAMED(round, "round", 0, 2, "decimals", "out")
LIBRARY_NAMED(diagonal, "diagonal", 0, 3, "offset", "axis1", "axis2")
LIBRARY_NAMED(cumsum, "cumsum", 0, 3, "axis", "dtype", "out")
LIBRARY_NAMED(cumprod, "cumprod", 0, 3, "axis", "dtype", "out")

/* With arguments that are bound: those that are not given have the defaults. */
static value library_bound(struct vm *vm, const char *function, value self, const value *arguments, const value *defaults,
                           size_t count)
{
    value given[5] = {self};
    for (size_t i = 0; i < count; i++)
        given[1 + i] = arguments[i] == VALUE_NULL ? defaults[i] : arguments[i];
    return (is_derived(self) ? derived_library : library_call)(vm, function, given, count + 1, VALUE_NULL);
}

METHOD(method_sort)
{
    UNUSED_METHOD_PARAMETERS;
    const value defaults[] = {small_int(-1), NONE, NONE};
    return library_bound(vm, "_sort_in_place", self, arguments, defaults, 3);
}

METHOD(method_partition)
{
    UNUSED_METHOD_PARAMETERS;
    const value defaults[] = {VALUE_NULL, small_int(-1), NONE, NONE};
    return library_bound(vm, "_partition_in_place", self, arguments, defaults, 4);
}

METHOD(method_take)
{
    UNUSED_METHOD_PARAMETERS;
    const value defaults[] = {VALUE_NULL, NONE, NONE, NONE};
    return library_bound(vm, "take", self, arguments, defaults, 4);
}

LIBRARY(clip_any, "clip")

/* With nothing but a least number it is what the function is with None as the other. */
METHOD(method_clip)
{
    size_t keywords = keyword_count(keyword_names);
    bool least = count + keywords == 1 &&
                 (!keywords || string_is(tuple_of(keyword_names)->items[0], "min"));
    value given[3] = {self, least ? arguments[0] : NONE, NONE};
    return least ? library_call(vm, "clip", given, 3, VALUE_NULL) : clip_any(vm, self, arguments, count, keyword_names);
}

LIBRARY(method_resize, "_resize_in_place")

METHOD(method_reduce)
{
    UNUSED_METHOD_PARAMETERS;
    struct ndarray *array = array_of(self);
    if (is_derived(self))
        return raise_unsupported(vm, "pickling an array of a class derived from ndarray");
    value order = VALUE_NULL, data = array->dtype == DTYPE_OBJECT
                                         ? array_tolist(vm, array)
                                         : method_tobytes(vm, self, &order, 0, VALUE_NULL);
    value function = get_attribute_text(vm, import_module(vm, "numpy"), "_array_of_pickle");
    if (data == VALUE_NULL || function == VALUE_NULL)
        return VALUE_NULL;
    return tuple_pack(vm, 2, function,
                      tuple_pack(vm, 3, data, dtype_value(vm, array_dtype(array)),
                                 shape_value(vm, array->shape, array->dimensions)));
}

static const struct method_definition array_methods[] = {
#define ROW(name) {#name, NULL, forward_##name, METHOD_INSTANCE, NULL},
    FORWARDED(ROW)
#undef ROW
#define ROW(name, function) {#name, NULL, method_##name, METHOD_INSTANCE, NULL},
    REDUCED(ROW)
#undef ROW
        {"conj", NULL, method_conjugate, METHOD_INSTANCE, NULL},
    {"clip", NULL, method_clip, METHOD_INSTANCE, NULL},
    {"conjugate", NULL, method_conjugate, METHOD_INSTANCE, NULL},
    {"searchsorted", NULL, method_searchsorted, METHOD_INSTANCE, NULL},
    {"put", NULL, method_put, METHOD_INSTANCE, NULL},
    {"compress", NULL, method_compress, METHOD_INSTANCE, NULL},
    {"__sizeof__", "()", method_sizeof, METHOD_INSTANCE, NULL},
    {"__format__", "(format_spec, /)", method_format, METHOD_INSTANCE, NULL},
    {"tolist", "()", method_tolist, METHOD_INSTANCE, NULL},
    {"reshape", NULL, method_reshape, METHOD_INSTANCE, NULL},
    {"transpose", NULL, method_transpose, METHOD_INSTANCE, NULL},
    {"copy", "(order='C')", method_copy, METHOD_INSTANCE | METHOD_ARRAY_WORDS, NULL},
    {"__copy__", "()", method_copy_plain, METHOD_INSTANCE, NULL},
    {"__deepcopy__", "(memo, /)", method_copy_plain, METHOD_INSTANCE, NULL},
    {"__abs__", "()", method_abs, METHOD_INSTANCE, NULL},
    {"__divmod__", "(other, /)", method_divmod, METHOD_INSTANCE, NULL},
    {"__rdivmod__", "(other, /)", method_rdivmod, METHOD_INSTANCE, NULL},
    {"__array__", "(dtype=None, /)", method_array, METHOD_INSTANCE, NULL},
    {"__complex__", "()", method_complex, METHOD_INSTANCE, NULL},
    {"__reduce__", "()", method_reduce, METHOD_INSTANCE, NULL},
    {"astype", "(dtype, order='K', casting='unsafe', subok=True, copy=True)", method_astype, METHOD_INSTANCE | METHOD_ARRAY_WORDS,
     NULL},
    {"flatten", "(order='C')", method_flatten, METHOD_INSTANCE | METHOD_ARRAY_WORDS, NULL},
    {"ravel", "(order='C')", method_ravel, METHOD_INSTANCE | METHOD_ARRAY_WORDS, NULL},
    {"fill", "(value, /)", method_fill, METHOD_INSTANCE, NULL},
    {"byteswap", "(inplace=False)", method_byteswap, METHOD_INSTANCE, NULL},
    {"item", NULL, method_item, METHOD_INSTANCE, NULL},
    {"itemset", NULL, method_itemset, METHOD_INSTANCE, NULL},
    {"tobytes", "(order='C')", method_tobytes, METHOD_INSTANCE, NULL},
    {"__bytes__", NULL, method_bytes, METHOD_INSTANCE, NULL},
    {"tostring", "(order='C')", method_tostring, METHOD_INSTANCE, NULL},
    {"view", "(dtype=None, type=None)", method_view, METHOD_INSTANCE | METHOD_ARRAY_WORDS, NULL},
    {"squeeze", "(axis=None)", method_squeeze, METHOD_INSTANCE | METHOD_ARRAY_WORDS, NULL},
    {"swapaxes", NULL, method_swapaxes, METHOD_INSTANCE, NULL},
    {"setflags", "(write=None, align=None, uic=None)", method_setflags, METHOD_INSTANCE, NULL},
    {"_flag_values", "()", method_flag_values, METHOD_INSTANCE, NULL},
    {"sort", "(axis=-1, kind=None, order=None)", method_sort, METHOD_INSTANCE | METHOD_ARRAY_WORDS, NULL},
    {"partition", "(kth, axis=-1, kind='introselect', order=None)", method_partition, METHOD_INSTANCE | METHOD_ARRAY_WORDS, NULL},
    {"take", "(indices, axis=None, out=None, mode='raise')", method_take, METHOD_INSTANCE | METHOD_ARRAY_WORDS, NULL},
    {"repeat", NULL, method_repeat, METHOD_INSTANCE, NULL},
    {"round", NULL, method_round, METHOD_INSTANCE, NULL},
    {"diagonal", NULL, method_diagonal, METHOD_INSTANCE, NULL},
    {"cumsum", NULL, method_cumsum, METHOD_INSTANCE, NULL},
    {"cumprod", NULL, method_cumprod, METHOD_INSTANCE, NULL},
    {"resize", NULL, method_resize, METHOD_INSTANCE, NULL},
    {"__array_finalize__", "(obj, /)", derived_finalize, METHOD_INSTANCE, NULL},
    {"__array_wrap__", NULL, derived_wrap, METHOD_INSTANCE, NULL},
    {"__array_prepare__", NULL, derived_wrap, METHOD_INSTANCE, NULL},
    {"__array_ufunc__", NULL, derived_array_ufunc, METHOD_INSTANCE, NULL},
    {"tofile", NULL, method_tofile, METHOD_INSTANCE, NULL},
    {NULL, NULL, NULL, 0, NULL},
};

/* ---- the type ---- */

static void array_trace(struct vm *vm, struct object *object)
{
    struct ndarray *array = (struct ndarray *)object;
    gc_mark_storage(vm, array->storage);
    if (is_object(array->base))
        gc_mark(vm, array->base);
    if (is_object(array->shape_owner))
        gc_mark(vm, array->shape_owner);
    if (array->dtype == DTYPE_OBJECT && array->storage) {
        const value *items = array->storage;
        for (int64_t i = 0; i < array->size; i++)
            gc_mark(vm, items[i]);
    }
}

static value array_make(struct vm *vm, struct type *type, const value *arguments, size_t count,
                        value keyword_names)
{
    static const char *const names[] = {"shape", "dtype", "buffer", "offset", "strides", "order", NULL};
    static const struct argument_names expected = {"ndarray", names, 1, 6};
    int64_t shape[DIMENSIONS_MAX];
    uint32_t dimensions;
    value given[6];
    if (!arguments_bind(vm, &expected, arguments, count, keyword_names, given) ||
        !shape_from(vm, given[0], shape, &dimensions))
        return VALUE_NULL;
    if (given[2] != VALUE_NULL && given[2] != NONE)
        return raise_unsupported(vm, "numpy.ndarray(buffer=...)");
    int dtype = dtype_from(vm, given[1]);
    struct ndarray *array = dtype < 0 ? NULL : array_new(vm, dtype, dimensions, shape);
    return !array || type == &ndarray_type ? array_value(array) : derived_new(vm, type, array);
}

struct type ndarray_type = {
    .name = "numpy.ndarray",
    .flags = TYPE_GETATTR_PLAIN | TYPE_SUBCLASSABLE | TYPE_MAKES_SUBCLASSES,
    .instance_size = sizeof(struct ndarray),
    .methods = array_methods,
    .properties = array_properties,
    .trace = array_trace,
    .new = array_make,
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
    .index = array_index,
    .buffer = array_bytes,
    .export_buffer = array_export,
};
