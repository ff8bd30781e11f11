/* discover.c - between Python's objects and elements: which shape and dtype nested sequences have, single
 * elements both ways. */
#include "sim/tensor/ndarray.h"

#include "sim/runtime/buffer.h"
#include "sim/runtime/number.h"

/* ---- elements into Python ---- */

static value string_element(struct vm *vm, int dtype, const char *element)
{
    size_t length = (size_t)(dtype >> 8);
    const uint32_t *text = (const uint32_t *)(const void *)element;
    while (length && !text[length - 1])
        length--;
    return string_from_code_points(vm, text, length);
}

value element_to_python(struct vm *vm, int dtype, const char *element)
{
    ADD_WORK(vm, boxed, 1);
    union element plain;
    value object;
    if (dtype == DTYPE_FLOAT64 || dtype == DTYPE_INT64) { /* the usual ones */
        memcpy(&plain, element, sizeof plain.number);
        return dtype == DTYPE_FLOAT64 ? float_value(vm, plain.number) : int_from_int64(vm, plain.integer);
    }
    switch (dtype_letter(dtype)) {
    case 'b':
        return bool_value(*element != 0);
    case 'i':
        return int_from_int64(vm, element_int(dtype, element));
    case 'u':
        return int_from_uint64(vm, (uint64_t)element_int(dtype, element));
    case 'f':
        return float_value(vm, element_float(dtype, element));
    case 'c':
        if (dtype == DTYPE_COMPLEX64)
            return complex_value(vm, (double)((const complex_float *)(const void *)element)->real,
                                 (double)((const complex_float *)(const void *)element)->imaginary);
        return complex_value(vm, ((const complex_double *)(const void *)element)->real,
                             ((const complex_double *)(const void *)element)->imaginary);
    case 'U':
        return string_element(vm, dtype, element);
    default:
        memcpy(&object, element, sizeof object);
        return object;
    }
}

value scalar_new(struct vm *vm, int dtype, const char *element)
{
    enum dtype kind = dtype_kind(dtype);
    if (kind == DTYPE_OBJECT)
        return element_to_python(vm, dtype, element);
    ADD_WORK(vm, boxed, 1);
    if (kind == DTYPE_STRING)
        return string_scalar_new(vm, string_element(vm, dtype, element));
    if (kind == DTYPE_BOOL)
        return object_value(*element ? &scalar_true : &scalar_false);
    struct scalar *scalar = gc_object(vm, scalar_types[kind]->instance_size, &scalar_types[kind]->shape);
    if (!scalar)
        return VALUE_NULL;
    memcpy(&scalar->element, element, dtype_bytes(dtype));
    return object_value(scalar);
}

static value list_of_axis(struct vm *vm, const struct ndarray *array, uint32_t axis, const char *element)
{
    if (axis == array->dimensions)
        return element_to_python(vm, array_dtype(array), element);
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

/* ---- elements from Python ---- */

static bool store_text(struct vm *vm, int dtype, char *element, value item)
{
    value text = has_flag(item, TYPE_STRING) ? item : value_string(vm, item);
    if (text == VALUE_NULL)
        return false;
    const struct string_object *string = string_of(text);
    size_t room = (size_t)(dtype >> 8), length = string->length < room ? string->length : room;
    uint32_t *out = (uint32_t *)(void *)element;
    for (size_t i = 0; i < room; i++)
        out[i] = i < length ? string_at(string, i) : 0;
    return true;
}

static bool is_sequence_like(value item)
{
    return has_flag(item, TYPE_LIST) || has_flag(item, TYPE_TUPLE) ||
           (is_array(item) && array_of(item)->dimensions);
}

static bool store_float(struct vm *vm, int dtype, char *element, value item)
{
    double number;
    if (item == NONE) {
        number = NAN;
    } else if (has_flag(item, TYPE_STRING)) {
        value converted = call_1(vm, type_object_value(&float_type), item);
        if (converted == VALUE_NULL)
            return false;
        number = float_number(converted);
    } else if (is_sequence_like(item)) {
        return raise_error(vm, &exc_ValueError, "setting an array element with a sequence."), false;
    } else if (is_complex(vm, item)) {
        return raise_error(vm, &exc_TypeError, "float() argument must be a string or a real number, not '%T'",
                           item),
               false;
    } else if (!value_to_double(vm, item, &number)) {
        if (exception_matches(vm, &exc_TypeError)) {
            exception_clear(vm);
            raise_error(vm, &exc_TypeError, "float() argument must be a string or a real number, not '%T'",
                        item);
        }
        return false;
    }
    if (!elements_convert(vm, dtype, element, 0, DTYPE_FLOAT64, (const char *)&number, 0, 1))
        return false;
    bool over = dtype != DTYPE_FLOAT64 && isfinite(number) && !isfinite(element_float(dtype, element));
    return !over || float_errors_report(vm, FLOAT_OVERFLOW, "cast");
}

static bool store_complex(struct vm *vm, int dtype, char *element, value item)
{
    bool failed = false;
    struct complex_number number = {0, 0};
    if (has_flag(item, TYPE_STRING)) {
        item = call_1(vm, type_object_value(&complex_type), item);
        if (item == VALUE_NULL)
            return false;
    }
    if (is_sequence_like(item))
        return raise_error(vm, &exc_ValueError, "setting an array element with a sequence."), false;
    if (item == NONE) {
        number.real = number.imaginary = NAN;
    } else if (!complex_operand(vm, item, &number, &failed)) {
        if (failed)
            return false;
        double real;
        if (!value_to_double(vm, item, &real))
            return false;
        number.real = real;
    }
    complex_double both = {number.real, number.imaginary};
    if (!elements_convert(vm, dtype, element, 0, DTYPE_COMPLEX128, (const char *)&both, 0, 1))
        return false;
    const double most = dtype == DTYPE_COMPLEX64 ? 0x1.ffffffp127 : INFINITY; /* what is rounded to an infinity */
    bool over = (isfinite(both.real) && fabs(both.real) >= most) || (isfinite(both.imaginary) && fabs(both.imaginary) >= most);
    return !over || float_errors_report(vm, FLOAT_OVERFLOW, "cast");
}

/* Python's integers beyond the type's range wrap around, with a warning. */
static bool store_integer(struct vm *vm, int dtype, char *element, value item)
{
    value original = item;
    if (is_sequence_like(item))
        return raise_error(vm, &exc_ValueError, "setting an array element with a sequence."), false;
    if (!is_int(item))
        item = int_from_value(vm, item);
    if (item == VALUE_NULL)
        return false;
    mpz_t number;
    int64_t low;
    if (is_small_int(item)) {
        low = small_int_value(item);
    } else {
        mpz_init(number);
        int_to_mpz(item, number);
        bool wide = mpz_sgn(number) >= 0 && (dtype == DTYPE_UINT64 || dtype == DTYPE_UINT32),
             fits = mpz_sizeinbase(number, 2) <= (wide ? 64 : 63) ||
                    (mpz_sgn(number) < 0 && mpz_sizeinbase(number, 2) == 64 && mpz_scan1(number, 0) == 63);
        low = (int64_t)mpz_get_ui(number);
        low = mpz_sgn(number) < 0 ? (int64_t)(0 - (uint64_t)low) : low;
        mpz_clear(number);
        if (!fits) {
            raise_error(vm, &exc_OverflowError, "Python int too large to convert to C long");
            return false;
        }
    }
    elements_convert(vm, dtype, element, 0, DTYPE_INT64, (const char *)&low, 0, 1);
    bool kept = element_int(dtype, element) == low && (dtype != DTYPE_UINT64 || int_sign(item) >= 0);
    return kept || !is_int(original) ||
           warning_issue(vm, &exc_DeprecationWarning, 1,
                         "NumPy will stop allowing conversion of out-of-bound Python integers to integer "
                         "arrays.  The conversion "
                         "of %S to %U will fail in the future.\nFor the old behavior, usually:\n    "
                         "np.array(value).astype(dtype)`\nwill give the desired result (the cast overflows).",
                         item, dtype_name(vm, dtype));
}

bool scalar_fits(struct vm *vm, int dtype, value item)
{
    int from = scalar_dtype(item);
    if (dtype_letter(dtype) != 'i' || (from != DTYPE_UINT64 && !is_float_dtype(from)))
        return true;
    double number = element_float(from, scalar_element(item));
    if (from == DTYPE_UINT64 ? element_int(from, scalar_element(item)) >= 0 : number >= -0x1p63 && number < 0x1p63)
        return true;
    if (number != number)
        raise_error(vm, &exc_ValueError, "cannot convert float NaN to integer");
    else
        raise_error(vm, &exc_OverflowError, number - number != 0 ? "cannot convert float infinity to integer"
                                                                 : "Python int too large to convert to C long");
    return false;
}

bool element_store(struct vm *vm, int dtype, char *element, value item)
{
    ADD_WORK(vm, unboxed, 1);
    int from = scalar_dtype(item);
    bool single = is_array(item) && !array_of(item)->dimensions;
    if (is_complex_dtype(single ? array_dtype(array_of(item)) : from) && is_numeric_dtype(dtype) &&
        !is_complex_dtype(dtype) && dtype != DTYPE_BOOL &&
        !warning_issue(vm, complex_warning_type(vm), 1, "Casting complex values to real discards the imaginary part"))
        return false;
    if (from >= 0 && is_numeric_dtype(from) && is_numeric_dtype(dtype)) {
        if (!scalar_fits(vm, dtype, item))
            return false;
        return elements_convert(vm, dtype, element, 0, from, scalar_element(item), 0, 1);
    }
    if (dtype == DTYPE_OBJECT) {
        memcpy(element, &item, sizeof item);
        return true;
    }
    if (single)
        return elements_convert(vm, dtype, element, 0, array_dtype(array_of(item)), array_of(item)->data, 0,
                                1);
    switch (dtype_letter(dtype)) {
    case 'U':
        return store_text(vm, dtype, element, item);
    case 'f':
        if (is_immediate_float(item) && dtype == DTYPE_FLOAT64) {
            double number = immediate_float(item);
            memcpy(element, &number, sizeof number);
            return true;
        }
        return store_float(vm, dtype, element, item);
    case 'c':
        return store_complex(vm, dtype, element, item);
    case 'b': {
        int truth = value_truth(vm, item);
        *element = truth > 0;
        return truth >= 0;
    }
    default:
        if (dtype == DTYPE_INT64 && is_small_int(item)) {
            int64_t number = small_int_value(item);
            memcpy(element, &number, sizeof number);
            return true;
        }
        return store_integer(vm, dtype, element, item);
    }
}

/* ---- discovery ---- */

struct discovery {
    int64_t shape[DIMENSIONS_MAX];
    uint32_t dimensions;
    bool settled; /* the first leaf was met: the number of dimensions is known */
    bool ragged;
    int dtype;  /* DTYPE_NONE: no leaf yet */
    int wanted; /* what was asked for */
};

/* The items of what numpy takes for a sequence; VALUE_NULL: it is a leaf, or (pending) an error. */
static value nested_items(struct vm *vm, value v)
{
    if (has_flag(v, TYPE_LIST) || has_flag(v, TYPE_TUPLE))
        return v;
    if (!is_object(v) || has_flag(v, TYPE_STRING) || has_flag(v, TYPE_BYTES) || has_flag(v, TYPE_DICT) ||
        has_flag(v, TYPE_TYPE) || has_flag(v, TYPE_SET) || is_array(v) || is_derived(v))
        return VALUE_NULL;
    if (is_exact(v, &range_type))
        return tuple_from_iterable(vm, v);
    const struct type *type = value_type(vm, v);
    if (type->flags & TYPE_MAPPING || !type->length || !type->get_item ||
        type_is_subtype(type, &generic_type))
        return VALUE_NULL;
    return tuple_from_iterable(vm, v);
}

/* An array that v offers: __array__, or memory by the buffer protocol. NULL without exception: it does not.
 */
static struct ndarray *offered_array(struct vm *vm, value v)
{
    if (!is_object(v) ||
        has_flag(v, TYPE_LIST | TYPE_TUPLE | TYPE_STRING | TYPE_BYTES | TYPE_DICT | TYPE_TYPE | TYPE_INT |
                        TYPE_FLOAT) ||
        v == NONE)
        return NULL;
    if (is_derived(v))
        return array_plain(vm, v);
    value method = lookup_special(vm, v, "__array__");
    if (method != VALUE_NULL) {
        value made = call_0(vm, method);
        if (made != VALUE_NULL && !is_array(made))
            raise_error(vm, &exc_ValueError, "object __array__ method not producing an array");
        return vm->pending == VALUE_NULL ? array_of(made) : NULL;
    }
    struct type *type = value_type(vm, v);
    if (!type->export_buffer || is_exact(v, &bytes_type))
        return NULL;
    struct item_buffer buffer;
    if (!buffer_get(vm, v, &buffer)) {
        exception_clear(vm);
        return NULL;
    }
    int dtype = DTYPE_NONE;
    const char *format = buffer.format ? buffer.format : "B";
    for (int i = 0; i < DTYPE_NUMERIC_COUNT; i++)
        if (format[0] == dtype_character(i) && !format[1])
            dtype = i;
    if (format[0] == 'q' || format[0] == 'Q')
        dtype = format[0] == 'q' ? DTYPE_INT64 : DTYPE_UINT64;
    if (dtype < 0 || (int64_t)dtype_bytes(dtype) != buffer.item_size)
        return NULL;
    int64_t length = buffer.length / buffer.item_size;
    struct ndarray *array = array_new(vm, dtype, buffer.shape ? (uint32_t)buffer.dimensions : 1,
                                      buffer.shape ? buffer.shape : &length);
    if (array)
        buffer_copy_out(&buffer, (uint8_t *)array->data);
    return array;
}

/* dtype of a leaf; -1: an error is pending */
static int leaf_dtype(struct vm *vm, value v, int wanted)
{
    int own = scalar_dtype(v);
    if (wanted == DTYPE_STRING) { /* as long as the longest text */
        value text = has_flag(v, TYPE_STRING) ? v : value_string(vm, v);
        return text == VALUE_NULL ? -1 : string_dtype(string_of(text)->length);
    }
    if (own >= 0)
        return own;
    if (v == TRUE || v == FALSE)
        return DTYPE_BOOL;
    if (is_small_int(v))
        return DTYPE_INT64;
    if (is_int(v)) {
        mpz_t number;
        mpz_init(number);
        int_to_mpz(v, number);
        bool negative = mpz_sgn(number) < 0;
        if (negative)
            mpz_add_ui(number, number, 1);
        size_t bits = mpz_sizeinbase(number, 2);
        mpz_clear(number);
        return bits <= 63 ? DTYPE_INT64 : bits == 64 && !negative ? DTYPE_UINT64 : DTYPE_OBJECT;
    }
    if (is_float(v))
        return DTYPE_FLOAT64;
    if (has_flag(v, TYPE_STRING))
        return string_dtype(string_of(v)->length);
    if (has_flag(v, TYPE_BYTES)) {
        if (wanted == DTYPE_NONE)
            raise_unsupported(vm, "numpy data type 'S' (arrays of bytes)");
        return wanted == DTYPE_NONE ? -1 : DTYPE_OBJECT;
    }
    return is_complex(vm, v) ? DTYPE_COMPLEX128 : DTYPE_OBJECT;
}

static bool note_dtype(struct vm *vm, struct discovery *found, int dtype)
{
    if (dtype < 0)
        return false;
    if (found->dtype == dtype)
        return true;
    found->dtype = found->dtype == DTYPE_NONE ? dtype : promote_types(vm, found->dtype, dtype);
    return found->dtype >= 0;
}

static void note_mismatch(struct discovery *found, uint32_t depth)
{
    found->ragged = true;
    found->settled = true;
    if (depth < found->dimensions)
        found->dimensions = depth;
}

static bool note_length(struct discovery *found, uint32_t depth, int64_t length)
{
    if (depth < found->dimensions) {
        if (found->shape[depth] == length)
            return true;
    } else if (!found->settled && depth == found->dimensions && depth < DIMENSIONS_MAX) {
        found->shape[found->dimensions++] = length;
        found->settled = !length;
        return true;
    }
    note_mismatch(found, depth);
    return false;
}

static bool discover_array(struct vm *vm, const struct ndarray *array, uint32_t depth,
                           struct discovery *found)
{
    for (uint32_t i = 0; i < array->dimensions; i++)
        if (!note_length(found, depth + i, array->shape[i]))
            break;
    if (found->settled && depth + array->dimensions != found->dimensions && !found->ragged)
        note_mismatch(found, depth + array->dimensions);
    found->settled = true;
    return note_dtype(vm, found, array_dtype(array));
}

static bool discover(struct vm *vm, value v, uint32_t depth, struct discovery *found)
{
    if (is_array(v))
        return discover_array(vm, array_of(v), depth, found);
    value items = depth < DIMENSIONS_MAX ? nested_items(vm, v) : VALUE_NULL;
    if (items == VALUE_NULL) {
        if (vm->pending != VALUE_NULL)
            return false;
        if (found->settled && depth != found->dimensions)
            note_mismatch(found, depth);
        found->settled = true;
        return note_dtype(vm, found, leaf_dtype(vm, v, found->wanted));
    }
    size_t length;
    const value *item = sequence_items(items, &length);
    if (!note_length(found, depth, (int64_t)length))
        return note_dtype(vm, found, DTYPE_OBJECT);
    for (size_t i = 0; i < length; i++) {
        if (is_small_int(item[i]) && found->dtype == DTYPE_INT64 && found->settled &&
            found->dimensions == depth + 1)
            continue;
        if (is_immediate_float(item[i]) && found->dtype == DTYPE_FLOAT64 && found->settled &&
            found->dimensions == depth + 1)
            continue;
        struct ndarray *offered = offered_array(vm, item[i]);
        if (vm->pending != VALUE_NULL)
            return false;
        if (!discover(vm, offered ? object_value(offered) : item[i], depth + 1, found))
            return false;
    }
    gc_keep(items);
    return true;
}

static bool fill(struct vm *vm, const struct ndarray *array, value v, uint32_t axis, char *element)
{
    int dtype = array_dtype(array);
    if (axis == array->dimensions) {
        if (is_array(v) && array_of(v)->dimensions && dtype == DTYPE_OBJECT) {
            memcpy(element, &v, sizeof v);
            return true;
        }
        return element_store(vm, dtype, element, v);
    }
    struct ndarray *inner = is_array(v) ? array_of(v) : NULL;
    value items = inner ? VALUE_NULL : nested_items(vm, v);
    if (items == VALUE_NULL) {
        if (!inner)
            inner = offered_array(vm, v);
        if (!inner) {
            if (vm->pending == VALUE_NULL)
                raise_error(vm, &exc_ValueError, "setting an array element with a sequence.");
            return false;
        }
        struct ndarray *part = array_over(vm, object_value(array), element, dtype, array->dimensions - axis,
                                          array->shape + axis);
        if (!part)
            return false;
        memcpy(part->strides, array->strides + axis, (array->dimensions - axis) * sizeof(int64_t));
        return array_assign_array(vm, part, inner);
    }
    size_t length;
    const value *item = sequence_items(items, &length);
    if ((int64_t)length != array->shape[axis])
        return raise_error(vm, &exc_ValueError, "setting an array element with a sequence."), false;
    for (size_t i = 0; i < length; i++)
        if (!fill(vm, array, item[i], axis + 1, element + (int64_t)i * array->strides[axis]))
            return false;
    gc_keep(items);
    return true;
}

static struct ndarray *array_from_nested(struct vm *vm, value v, int dtype)
{
    struct discovery found = {.dtype = DTYPE_NONE, .wanted = dtype};
    if (!discover(vm, v, 0, &found))
        return NULL;
    if (found.ragged && dtype != DTYPE_OBJECT) {
        raise_error(vm, &exc_ValueError,
                    "setting an array element with a sequence. The requested array has an inhomogeneous "
                    "shape after %u "
                    "dimensions. The detected shape was %R + inhomogeneous part.",
                    found.dimensions, shape_value(vm, found.shape, found.dimensions));
        return NULL;
    }
    if (dtype == DTYPE_NONE || dtype == DTYPE_STRING)
        dtype =
            found.dtype == DTYPE_NONE ? dtype == DTYPE_NONE ? DTYPE_FLOAT64 : string_dtype(1) : found.dtype;
    if (dtype == DTYPE_STRING)
        dtype = string_dtype(1); /* of empty texts */
    struct ndarray *array = array_new(vm, dtype, found.dimensions, found.shape);
    return array && fill(vm, array, v, 0, array->data) ? array : NULL;
}

struct ndarray *array_from(struct vm *vm, value v, int dtype)
{
    struct ndarray *array = is_array(v) ? array_of(v) : NULL;
    int own = array ? DTYPE_NONE : scalar_dtype(v);
    if (!array && is_derived(v) && !derived_refuse(vm))
        return NULL;
    if (own >= 0 && is_numeric_dtype(own)) {
        array = array_new(vm, own, 0, NULL);
        if (!array)
            return NULL;
        memcpy(array->data, scalar_element(v), array->item_size);
    }
    if (!array) {
        array = offered_array(vm, v);
        if (vm->pending != VALUE_NULL)
            return NULL;
    }
    if (!array)
        return array_from_nested(vm, v, dtype);
    if (dtype == DTYPE_NONE || dtype == array_dtype(array))
        return array;
    if (dtype == DTYPE_STRING) {
        int text = promote_types(vm, array_dtype(array), string_dtype(1));
        if (array->dtype == DTYPE_STRING)
            return array;
        dtype = array->dtype == DTYPE_OBJECT ? DTYPE_STRING : text;
        if (dtype == DTYPE_STRING)
            return array_from_nested(vm, array_tolist(vm, array), DTYPE_STRING);
    }
    struct ndarray *copy = array_new_raw(vm, dtype, array->dimensions, array->shape);
    return copy && array_assign_array(vm, copy, array) ? copy : NULL;
}

struct ndarray *array_operand(struct vm *vm, value v)
{
    if (is_array(v))
        return array_of(v);
    if (is_object(v) && scalar_dtype(v) < 0) {
        value ufunc_hook = lookup_special(vm, v, "__array_ufunc__");
        if (ufunc_hook == NONE)
            return NULL;
    }
    return array_from(vm, v, DTYPE_NONE);
}
