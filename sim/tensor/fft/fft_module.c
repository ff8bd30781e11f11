/* fft_module.c - module numpy.fft: transforms along axes of arrays, frequencies, and shifts. */
#include "sim/tensor/fft/transform.h"
#include "sim/tensor/ndarray.h"
#include "sim/tensor/numpy_module.h"

enum transform { COMPLEX_TRANSFORM, REAL_TRANSFORM }; /* real: from reals forward, to reals backward */
enum norm { NORM_BACKWARD, NORM_ORTHO, NORM_FORWARD };

static bool is_given(value v)
{
    return v != VALUE_NULL && v != NONE;
}

static bool norm_from(struct vm *vm, value given, bool forward, enum norm *norm)
{
    static const char *const names[] = {"backward", "ortho", "forward"};
    *norm = NORM_BACKWARD;
    if (!is_given(given))
        return true;
    for (int i = 0; i < 3; i++) {
        if (has_flag(given, TYPE_STRING) && string_is(given, names[i])) {
            *norm = (enum norm)i;
            return true;
        }
    }
    raise_error(vm, &exc_ValueError, "Invalid norm value %S; should be \"backward\",%s\"ortho\" or \"forward\".", given,
                forward ? "" : " ");
    return false;
}

static double norm_factor(enum norm norm, bool forward, int64_t n)
{
    if (norm == NORM_ORTHO)
        return 1 / sqrt((double)n);
    return (norm == NORM_FORWARD) == forward ? 1 / (double)n : 1;
}

static struct ndarray *axes_swapped(struct vm *vm, struct ndarray *array, uint32_t axis)
{
    uint32_t axes[DIMENSIONS_MAX], last = array->dimensions - 1u;
    if (axis == last)
        return array;
    for (uint32_t i = 0; i <= last; i++)
        axes[i] = i;
    axes[axis] = last;
    axes[last] = axis;
    return array_permute(vm, array, axes);
}

/* Runs the plan over `rows` rows: `given` of n points each that are there, the rest taken for 0. */
static bool rows_transform(const struct plan *plan, enum direction direction, double factor,
                           const struct ndarray *source, int64_t given, struct ndarray *result)
{
    int64_t n = (int64_t)plan->length, rows = given ? source->size / given : 0, taken = given < n ? given : n;
    bool complex_in = source->dtype == DTYPE_COMPLEX128, complex_out = result->dtype == DTYPE_COMPLEX128;
    int64_t out_length = result->shape[result->dimensions - 1];
    double *row = calloc((size_t)n * 2 + 2, sizeof *row);
    bool good = row != NULL;
    for (int64_t i = 0; good && i < rows; i++) {
        const double *in = (const double *)(const void *)source->data + i * given * (complex_in ? 2 : 1);
        double *out = (double *)(void *)result->data + i * out_length * (complex_out ? 2 : 1);
        memset(row, 0, ((size_t)n * 2 + 2) * sizeof *row);
        if (complex_in && !complex_out) { /* half-complex: the first imaginary part is left out */
            memcpy(row + 1, in, (size_t)taken * 2 * sizeof *row);
            row[2] = row[1];
            good = plan_run(plan, row + 2, direction, factor);
            memcpy(out, row + 2, (size_t)n * sizeof *out);
            continue;
        }
        memcpy(row + 1, in, (size_t)taken * (complex_in ? 2 : 1) * sizeof *row);
        good = plan_run(plan, row + 1, direction, factor);
        if (complex_in) {
            memcpy(out, row + 1, (size_t)n * 2 * sizeof *out);
        } else {
            row[0] = row[1];
            row[1] = 0;
            row[n + 1] = 0; /* the last imaginary part, when n is even */
            memcpy(out, row, (size_t)out_length * 2 * sizeof *out);
        }
    }
    free(row);
    return good;
}

static value transform_axis(struct vm *vm, struct ndarray *array, int64_t n, uint32_t axis, enum transform kind,
                            enum direction direction, double factor)
{
    struct ndarray *turned = axes_swapped(vm, array, axis);
    bool from_real = kind == REAL_TRANSFORM && direction == FORWARD;
    struct ndarray *source = turned ? array_contiguous(vm, turned, from_real ? DTYPE_FLOAT64 : DTYPE_COMPLEX128) : NULL;
    int64_t shape[DIMENSIONS_MAX];
    if (!source)
        return VALUE_NULL;
    memcpy(shape, source->shape, source->dimensions * sizeof *shape);
    shape[source->dimensions - 1] = from_real ? n / 2 + 1 : n;
    struct ndarray *result =
        array_new(vm, kind == REAL_TRANSFORM && direction == BACKWARD ? DTYPE_FLOAT64 : DTYPE_COMPLEX128,
                  source->dimensions, shape);
    if (!result)
        return VALUE_NULL;
    struct plan *plan = plan_new((size_t)n, kind == REAL_TRANSFORM);
    int64_t given = source->shape[source->dimensions - 1];
    bool good = plan && rows_transform(plan, direction, factor, source, given, result);
    double operations = plan ? plan->operations * (double)(given ? source->size / given : 0) : 0;
    plan_free(plan);
    if (!good)
        return raise_no_memory(vm);
    ADD_WORK(vm, multiply_adds, (uint64_t)(operations / 2)); /* a multiply-add is two operations */
    ADD_WORK(vm, elements, result->size);
    return array_value(axes_swapped(vm, result, axis));
}

/* n VALUE_NULL or None: the axis's length, for real results from half of them twice that. */
static value transform(struct vm *vm, value a, value n_given, value axis_given, value norm_given, enum transform kind,
                       enum direction direction)
{
    struct ndarray *array = array_from(vm, a, DTYPE_NONE);
    int64_t n, position = -1;
    uint32_t axis;
    enum norm norm;
    if (!array || (axis_given != VALUE_NULL && !value_to_index(vm, axis_given, &position)))
        return VALUE_NULL;
    if (!is_given(n_given)) {
        int64_t place = position < 0 ? position + array->dimensions : position;
        if (place < 0 || place >= array->dimensions)
            return raise_error(vm, &exc_IndexError, "tuple index out of range");
        n = array->shape[place];
        if (kind == REAL_TRANSFORM && direction == BACKWARD)
            n = (n - 1) * 2;
    } else if (compare_truth(vm, COMPARE_LT, n_given, small_int(1)) < 0 || !value_to_index(vm, n_given, &n)) {
        return VALUE_NULL;
    }
    if (n < 1)
        return raise_error(vm, &exc_ValueError, "Invalid number of FFT data points (%lld) specified.", (long long)n);
    if (!norm_from(vm, norm_given, direction == FORWARD, &norm) ||
        !axis_normalize(vm, position, array->dimensions, &axis))
        return VALUE_NULL;
    return transform_axis(vm, array, n, axis, kind, direction, norm_factor(norm, direction == FORWARD, n));
}

#define ONE_AXIS(name, kind, direction)                                                                                \
    METHOD(name)                                                                                                       \
    {                                                                                                                  \
        UNUSED_METHOD_PARAMETERS;                                                                                      \
        return transform(vm, arguments[0], arguments[1], arguments[2], arguments[3], kind, direction);                 \
    }
ONE_AXIS(function_fft, COMPLEX_TRANSFORM, FORWARD)
ONE_AXIS(function_ifft, COMPLEX_TRANSFORM, BACKWARD)
ONE_AXIS(function_rfft, REAL_TRANSFORM, FORWARD)
ONE_AXIS(function_irfft, REAL_TRANSFORM, BACKWARD)

/* The other direction's norm, for transforms of Hermitian data. */
static value norm_swapped(struct vm *vm, value given)
{
    static const char *const names[] = {"forward", "ortho", "backward"};
    enum norm norm;
    return norm_from(vm, given, false, &norm) ? string_from_text(vm, names[norm]) : VALUE_NULL;
}

METHOD(function_hfft)
{
    UNUSED_METHOD_PARAMETERS;
    value norm = norm_swapped(vm, arguments[3]);
    struct ndarray *array = norm == VALUE_NULL ? NULL : array_from(vm, arguments[0], DTYPE_NONE);
    value given = array ? object_value(array) : VALUE_NULL;
    value conjugate = given == VALUE_NULL ? given : ufunc_apply(vm, "conjugate", &given, 1);
    return conjugate == VALUE_NULL
               ? conjugate
               : transform(vm, conjugate, arguments[1], arguments[2], norm, REAL_TRANSFORM, BACKWARD);
}

METHOD(function_ihfft)
{
    UNUSED_METHOD_PARAMETERS;
    value norm = norm_swapped(vm, arguments[3]);
    value result = norm == VALUE_NULL
                       ? norm
                       : transform(vm, arguments[0], arguments[1], arguments[2], norm, REAL_TRANSFORM, FORWARD);
    return result == VALUE_NULL ? result : ufunc_apply(vm, "conjugate", &result, 1);
}

/* ---- several axes ---- */

#define AXIS_LENGTH INT64_MIN

struct axes_plan {
    int64_t lengths[DIMENSIONS_MAX], axes[DIMENSIONS_MAX];
    uint32_t count, length_count;
};

/* None among lengths becomes AXIS_LENGTH. */
static bool numbers_from(struct vm *vm, value given, bool lengths, int64_t *out, uint32_t *count)
{
    value list = list_from_iterable(vm, given);
    if (list == VALUE_NULL)
        return false;
    for (*count = 0; *count < list_of(list)->length && *count < DIMENSIONS_MAX; ++*count) {
        out[*count] = AXIS_LENGTH;
        if (lengths && list_of(list)->items[*count] == NONE)
            continue;
        if (!value_to_index(vm, list_of(list)->items[*count], &out[*count]))
            return false;
    }
    return true;
}

/* inverse_real: the last length is that of a real result. */
static bool axes_plan_from(struct vm *vm, struct ndarray *array, value s, value axes, bool inverse_real,
                           struct axes_plan *plan)
{
    if (is_given(axes) && !numbers_from(vm, axes, false, plan->axes, &plan->count))
        return false;
    if (!array->dimensions && plan->count && !is_given(s)) {
        raise_error(vm, &exc_IndexError, "cannot do a non-empty take from an empty axes.");
        return false;
    }
    if (is_given(s)) {
        if (!numbers_from(vm, s, true, plan->lengths, &plan->length_count))
            return false;
    } else {
        plan->length_count = is_given(axes) ? plan->count : array->dimensions;
        for (uint32_t i = 0; i < plan->length_count; i++) {
            int64_t axis = is_given(axes) ? plan->axes[i] : i, place = axis < 0 ? axis + array->dimensions : axis;
            if (place < 0 || place >= array->dimensions) {
                raise_error(vm, &exc_IndexError, "index %lld is out of bounds for axis 0 with size %d", (long long)axis,
                            (int)array->dimensions);
                return false;
            }
            plan->lengths[i] = array->shape[place];
        }
    }
    if (!is_given(axes)) {
        plan->count = plan->length_count;
        for (uint32_t i = 0; i < plan->count; i++)
            plan->axes[i] = (int64_t)i - plan->count;
    }
    if (plan->count != plan->length_count) {
        raise_error(vm, &exc_ValueError, "Shape and axes have different lengths.");
        return false;
    }
    if (inverse_real && !is_given(s) && plan->count)
        plan->lengths[plan->count - 1] = (plan->lengths[plan->count - 1] - 1) * 2;
    return true;
}

static value along(struct vm *vm, value a, const struct axes_plan *plan, uint32_t i, value norm, enum transform kind,
                   enum direction direction)
{
    const int64_t length = plan->lengths[i];
    return transform(vm, a, length == AXIS_LENGTH ? NONE : int_from_int64(vm, length), int_from_int64(vm, plan->axes[i]), norm, kind,
                     direction);
}

/* arguments: a, s, axes, norm; default_axes: VALUE_NULL: all */
static value transform_axes(struct vm *vm, const value *arguments, value default_axes, enum transform kind,
                            enum direction direction)
{
    struct ndarray *array = array_from(vm, arguments[0], DTYPE_NONE);
    struct axes_plan plan = {.count = 0};
    value norm = arguments[3], axes = arguments[2] == VALUE_NULL ? default_axes : arguments[2];
    bool real = kind == REAL_TRANSFORM;
    if (!array || !axes_plan_from(vm, array, arguments[1], axes, real && direction == BACKWARD, &plan))
        return VALUE_NULL;
    value result = object_value(array);
    if (!real) {
        for (uint32_t i = plan.count; i-- && result != VALUE_NULL;)
            result = along(vm, result, &plan, i, norm, kind, direction);
        return result;
    }
    if (plan.count == 0)
        return raise_error(vm, &exc_IndexError, "%s index out of range",
                           direction == BACKWARD && array->dimensions ? "tuple" : "list");
    uint32_t last = plan.count - 1;
    if (direction == FORWARD)
        result = along(vm, result, &plan, last, norm, kind, direction);
    for (uint32_t i = 0; i < last && result != VALUE_NULL; i++)
        result = along(vm, result, &plan, i, norm, COMPLEX_TRANSFORM, direction);
    return direction == FORWARD || result == VALUE_NULL ? result
                                                        : along(vm, result, &plan, last, norm, kind, direction);
}

static value last_two(struct vm *vm)
{
    return tuple_pack(vm, 2, small_int(-2), small_int(-1));
}

#define MANY_AXES(name, axes, kind, direction)                                                                         \
    METHOD(name)                                                                                                       \
    {                                                                                                                  \
        UNUSED_METHOD_PARAMETERS;                                                                                      \
        return transform_axes(vm, arguments, axes, kind, direction);                                                   \
    }
MANY_AXES(function_fftn, VALUE_NULL, COMPLEX_TRANSFORM, FORWARD)
MANY_AXES(function_ifftn, VALUE_NULL, COMPLEX_TRANSFORM, BACKWARD)
MANY_AXES(function_rfftn, VALUE_NULL, REAL_TRANSFORM, FORWARD)
MANY_AXES(function_irfftn, VALUE_NULL, REAL_TRANSFORM, BACKWARD)
MANY_AXES(function_fft2, last_two(vm), COMPLEX_TRANSFORM, FORWARD)
MANY_AXES(function_ifft2, last_two(vm), COMPLEX_TRANSFORM, BACKWARD)
MANY_AXES(function_rfft2, last_two(vm), REAL_TRANSFORM, FORWARD)
MANY_AXES(function_irfft2, last_two(vm), REAL_TRANSFORM, BACKWARD)

/* ---- frequencies and shifts ---- */

/* 0, 1, ... then the negative ones, each times 1 / (n * d) */
static value frequencies(struct vm *vm, value n_given, value d_given, bool positive_only)
{
    int64_t n;
    double d = 1.0;
    if (!is_int(n_given) && !(is_scalar_object(n_given) && is_integer_dtype(scalar_dtype(n_given))))
        return raise_error(vm, &exc_ValueError, "n should be an integer");
    if (!value_to_index(vm, n_given, &n) || (d_given != VALUE_NULL && !value_to_double(vm, d_given, &d)))
        return VALUE_NULL;
    if ((double)n * d == 0)
        return raise_error(vm, &exc_ZeroDivisionError, "float division by zero");
    if (n < 0 && !positive_only)
        return raise_error(vm, &exc_ValueError, "negative dimensions are not allowed");
    double step = 1.0 / ((double)n * d);
    int64_t length = positive_only ? n / 2 + 1 : n, positive = positive_only ? length : (n - 1) / 2 + 1;
    struct ndarray *result = array_new_1d(vm, DTYPE_FLOAT64, length > 0 ? length : 0);
    for (int64_t i = 0; result && i < result->size; i++)
        ((double *)(void *)result->data)[i] = (double)(i < positive ? i : i - n) * step;
    ADD_WORK(vm, elements, result ? result->size : 0);
    return array_value(result);
}

METHOD(function_fftfreq)
{
    UNUSED_METHOD_PARAMETERS;
    return frequencies(vm, arguments[0], arguments[1], false);
}

METHOD(function_rfftfreq)
{
    UNUSED_METHOD_PARAMETERS;
    return frequencies(vm, arguments[0], arguments[1], true);
}

/* Turns the given axes (all by default) by half their length. */
static value shifted(struct vm *vm, value given, value axes, bool inverse)
{
    struct ndarray *array = array_from(vm, given, DTYPE_NONE);
    int64_t shifts[DIMENSIONS_MAX] = {0}, wanted[DIMENSIONS_MAX], index[DIMENSIONS_MAX] = {0};
    uint32_t count = 0, axis;
    if (!array)
        return VALUE_NULL;
    if (!is_given(axes)) {
        for (count = 0; count < array->dimensions; count++)
            wanted[count] = count;
    } else if (has_index(vm, axes)) {
        count = 1;
        if (!value_to_index(vm, axes, wanted))
            return VALUE_NULL;
    } else if (!numbers_from(vm, axes, false, wanted, &count)) {
        return VALUE_NULL;
    }
    if (!array->dimensions && !count)
        return raise_error(vm, &exc_ValueError, "not enough values to unpack (expected 2, got 0)");
    for (uint32_t i = 0; i < count; i++) {
        if (wanted[i] < -(int64_t)array->dimensions || wanted[i] >= array->dimensions)
            return raise_error(vm, &exc_IndexError, "tuple index out of range");
        if (!axis_normalize(vm, wanted[i], array->dimensions, &axis))
            return VALUE_NULL;
        int64_t middle = array->shape[axis] / 2;
        shifts[axis] += inverse ? array->shape[axis] - middle : middle;
    }
    struct ndarray *result = array_new(vm, array_dtype(array), array->dimensions, array->shape);
    char *source = array->data;
    for (int64_t i = 0; result && i < array->size; i++, element_next(array, index, &source)) {
        char *target = result->data;
        for (uint32_t k = 0; k < array->dimensions; k++)
            target += (index[k] + shifts[k]) % array->shape[k] * result->strides[k];
        memcpy(target, source, array->item_size);
    }
    ADD_WORK(vm, items, array->size);
    return array_value(result);
}

METHOD(function_fftshift)
{
    UNUSED_METHOD_PARAMETERS;
    return shifted(vm, arguments[0], arguments[1], false);
}

METHOD(function_ifftshift)
{
    UNUSED_METHOD_PARAMETERS;
    return shifted(vm, arguments[0], arguments[1], true);
}

#define AXIS_ROW(name)                                                                                                 \
    {                                                                                                                  \
#name, "(a, n=None, axis=-1, norm=None)", function_##name, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL                            \
    }
#define AXES_ROW(name, axes)                                                                                           \
    {                                                                                                                  \
#name, "(a, s=None, axes=" axes ", norm=None)", function_##name, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL                      \
    }
static const struct method_definition functions[] = {
    AXIS_ROW(fft),
    AXIS_ROW(ifft),
    AXIS_ROW(rfft),
    AXIS_ROW(irfft),
    AXIS_ROW(hfft),
    AXIS_ROW(ihfft),
    AXES_ROW(fftn, "None"),
    AXES_ROW(ifftn, "None"),
    AXES_ROW(rfftn, "None"),
    AXES_ROW(irfftn, "None"),
    AXES_ROW(fft2, "(-2, -1)"),
    AXES_ROW(ifft2, "(-2, -1)"),
    AXES_ROW(rfft2, "(-2, -1)"),
    AXES_ROW(irfft2, "(-2, -1)"),
    {"fftfreq", "(n, d=1.0)", function_fftfreq, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"rfftfreq", "(n, d=1.0)", function_rfftfreq, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"fftshift", "(x, axes=None)", function_fftshift, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"ifftshift", "(x, axes=None)", function_ifftshift, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {NULL, NULL, NULL, 0, NULL},
};

const struct native_module numpy_fft_module = {"numpy.fft", NULL, functions};
