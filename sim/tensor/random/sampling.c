/* sampling.c - one road for all distributions of up to three parameters: arguments become arrays, are checked,
 * broadcast and drawn for one by one. The messages are numpy's. */
#include "sim/tensor/random/random_objects.h"

void random_attach(struct random_object *random, value bit_generator)
{
    random->bit_generator = bit_generator;
    random->sampler = (struct sampler){.bits = &bit_generator_of(bit_generator)->bits};
}

void random_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct random_object *)object)->bit_generator);
}

void random_account(struct vm *vm, struct sampler *s, int64_t elements)
{
    ADD_WORK(vm, random, s->bits->drawn);
    ADD_WORK(vm, math, s->math);
    ADD_WORK(vm, elements, elements);
    s->bits->drawn = s->math = 0;
}

struct ndarray *sized_array(struct vm *vm, int dtype, value size)
{
    int64_t shape[DIMENSIONS_MAX];
    uint32_t dimensions;
    return shape_from(vm, size, shape, &dimensions) ? array_new_raw(vm, dtype, dimensions, shape) : NULL;
}

struct ndarray *sized_rows(struct vm *vm, int dtype, value size, int64_t last)
{
    int64_t shape[DIMENSIONS_MAX + 1];
    uint32_t dimensions = 0;
    if (is_given(size) && !shape_from(vm, size, shape, &dimensions))
        return NULL;
    shape[dimensions++] = last;
    if (dimensions > DIMENSIONS_MAX) {
        raise_error(vm, &exc_ValueError, "maximum supported dimension for an ndarray is %d, found %u", DIMENSIONS_MAX,
                    dimensions);
        return NULL;
    }
    return array_new(vm, dtype, dimensions, shape);
}

/* Raises when an axis has two lengths other than 1, with the first two arrays at odds. */
static bool axis_agrees(struct vm *vm, struct ndarray *const *arrays, size_t count, uint32_t from_last)
{
    size_t first = count;
    int64_t length = 1;
    for (size_t k = 0; k < count; k++) {
        const struct ndarray *array = arrays[k];
        int64_t own = from_last < array->dimensions ? array->shape[array->dimensions - 1 - from_last] : 1;
        if (own != 1 && length != 1 && own != length) {
            raise_error(vm, &exc_ValueError,
                        "shape mismatch: objects cannot be broadcast to a single shape.  Mismatch is between arg "
                        "%zu with shape %S and arg %zu with shape %S.",
                        first, shape_value(vm, arrays[first]->shape, arrays[first]->dimensions), k,
                        shape_value(vm, array->shape, array->dimensions));
            return false;
        }
        if (own != 1 && length == 1) {
            length = own;
            first = k;
        }
    }
    return true;
}

bool common_shape(struct vm *vm, struct ndarray *const *arrays, size_t count, int64_t *shape, uint32_t *dimensions)
{
    uint32_t most = 0;
    for (size_t k = 0; k < count; k++)
        most = arrays[k]->dimensions > most ? arrays[k]->dimensions : most;
    for (uint32_t axis = most; axis--;)
        if (!axis_agrees(vm, arrays, count, axis))
            return false;
    return broadcast_shape(vm, arrays, count, shape, dimensions);
}

/* ---- parameters ---- */

struct ndarray *parameter_array(struct vm *vm, value v, const struct parameter *parameter)
{
    int dtype = parameter->whole ? DTYPE_INT64 : DTYPE_FLOAT64;
    if (v == VALUE_NULL) {
        struct ndarray *array = array_new(vm, dtype, 0, NULL);
        if (array)
            memcpy(array->data, &parameter->otherwise, sizeof(double));
        return array;
    }
    if (v == NONE && parameter->whole) {
        raise_error(vm, &exc_TypeError,
                    "int() argument must be a string, a bytes-like object or a real number, not 'NoneType'");
        return NULL;
    }
    if (!parameter->whole && is_exact(v, &complex_type)) {
        raise_error(vm, &exc_TypeError, "float() argument must be a string or a real number, not 'complex'");
        return NULL;
    }
    if (is_array(v) && !can_cast(array_dtype(array_of(v)), dtype, CAST_SAFE)) {
        raise_error(vm, &exc_TypeError, "Cannot cast array data from %R to %R according to the rule 'safe'",
                    dtype_value(vm, array_dtype(array_of(v))), dtype_value(vm, dtype));
        return NULL;
    }
    struct ndarray *array = array_from(vm, v == NONE ? float_value(vm, NAN) : v, dtype);
    if (array && array_dtype(array) != dtype)
        array = array_contiguous(vm, array, dtype);
    return array;
}

static bool number_violates(enum constraint constraint, double x)
{
    const double poisson_most = 9.223372006484771e18; /* INT64_MAX - 10 * sqrt(INT64_MAX) */
    switch (constraint) {
    case FREE: return false;
    case NON_NEGATIVE: return x == x && signbit(x);
    case POSITIVE: return x <= 0;
    case POSITIVE_NUMBER: return x != x || x <= 0;
    case FROM_0_TO_1: return !(x >= 0 && x <= 1);
    case ABOVE_0_TO_1: return !(x > 0 && x <= 1);
    case BELOW_1: return !(x >= 0 && x < 1);
    case ABOVE_1: return !(x > 1);
    case AT_LEAST_1: return !(x >= 1);
    case POISSON_RATE: return !(x >= 0 && x <= poisson_most);
    }
    return false;
}

static void violation_raise(struct vm *vm, const struct parameter *parameter, bool scalar, bool too_large, bool nan)
{
    const char *name = parameter->name, *nans = scalar ? "is NaN" : "contains NaNs";
    switch (parameter->constraint) {
    case NON_NEGATIVE: raise_error(vm, &exc_ValueError, "%s < 0", name); break;
    case POSITIVE_NUMBER: raise_error(vm, &exc_ValueError, nan ? "%s must not be NaN" : "%s <= 0", name); break;
    case FREE:
    case POSITIVE: raise_error(vm, &exc_ValueError, "%s <= 0", name); break;
    case FROM_0_TO_1: raise_error(vm, &exc_ValueError, "%s < 0, %s > 1 or %s %s", name, name, name, nans); break;
    case ABOVE_0_TO_1: raise_error(vm, &exc_ValueError, "%s <= 0, %s > 1 or %s contains NaNs", name, name, name); break;
    case BELOW_1: raise_error(vm, &exc_ValueError, "%s < 0, %s >= 1 or %s %s", name, name, name, nans); break;
    case ABOVE_1: raise_error(vm, &exc_ValueError, "%s <= 1 or %s %s", name, name, nans); break;
    case AT_LEAST_1: raise_error(vm, &exc_ValueError, "%s < 1 or %s %s", name, name, nans); break;
    case POISSON_RATE:
        if (too_large)
            raise_error(vm, &exc_ValueError, "%s value too large", name);
        else
            raise_error(vm, &exc_ValueError, "%s < 0 or %s %s", name, name, nans);
        break;
    }
}

bool constraint_check(struct vm *vm, const struct parameter *parameter, struct ndarray *array, bool scalar)
{
    if (parameter->constraint == FREE)
        return true;
    int64_t index[DIMENSIONS_MAX] = {0};
    char *element = array->data;
    bool violated = false, large = false, nan = false;
    for (int64_t i = 0; i < array->size; i++, element_next(array, index, &element)) {
        double x = element_float(array->dtype, element);
        if (number_violates(parameter->constraint, x)) {
            violated = true;
            large = large || x > 0 || (!scalar && x != x);
            nan = nan || x != x;
        }
    }
    if (violated)
        violation_raise(vm, parameter, scalar, large, nan);
    return !violated;
}

/* ---- drawing ---- */

static value number_value(struct vm *vm, bool whole, const union number *number)
{
    return whole ? int_from_int64(vm, number->whole) : float_value(vm, number->real);
}

/* The parameters' common shape, which `out` must have when a size was given. */
static struct ndarray *broadcast_result(struct vm *vm, int dtype, struct ndarray **arrays, size_t count, value size,
                                        value out)
{
    int64_t shape[DIMENSIONS_MAX];
    uint32_t dimensions;
    struct ndarray *all[4], *result = NULL;
    if (is_given(out) || is_given(size)) {
        result = is_given(out) ? array_of(out) : sized_array(vm, dtype, size);
        if (!result)
            return NULL;
        all[0] = result;
    }
    memcpy(all + (result != NULL), arrays, count * sizeof *arrays);
    if (!common_shape(vm, all, count + (result != NULL), shape, &dimensions))
        return NULL;
    if (!result)
        return array_new(vm, dtype, dimensions, shape);
    if (dimensions != result->dimensions || memcmp(shape, result->shape, dimensions * sizeof *shape) != 0) {
        raise_error(vm, &exc_ValueError, "Output size %S is not compatible with broadcast dimensions of inputs %S.",
                    shape_value(vm, result->shape, result->dimensions), shape_value(vm, shape, dimensions));
        return NULL;
    }
    return result;
}

static value draw_broadcast(struct vm *vm, struct sampler *s, const struct distribution *distribution,
                            struct ndarray **arrays, size_t count, value size, value out)
{
    int dtype = distribution->whole ? DTYPE_INT64 : DTYPE_FLOAT64;
    for (size_t k = 0; k < count; k++)
        if (!constraint_check(vm, &distribution->parameters[k], arrays[k], false))
            return VALUE_NULL;
    struct ndarray *result = broadcast_result(vm, dtype, arrays, count, size, out);
    if (!result)
        return VALUE_NULL;
    int64_t index[3][DIMENSIONS_MAX] = {{0}};
    char *elements[3];
    union number *target = (union number *)(void *)result->data;
    for (size_t k = 0; k < count; k++) {
        arrays[k] = array_broadcast(vm, arrays[k], result->shape, result->dimensions);
        if (!arrays[k])
            return VALUE_NULL;
        elements[k] = arrays[k]->data;
    }
    for (int64_t i = 0; i < result->size; i++) {
        union number parameters[3];
        for (size_t k = 0; k < count; k++) {
            memcpy(&parameters[k], elements[k], sizeof *parameters);
            element_next(arrays[k], index[k], &elements[k]);
        }
        distribution->draw(s, parameters, &target[i]);
    }
    random_account(vm, s, result->size);
    for (size_t k = 0; k < count; k++)
        gc_keep(object_value(arrays[k]));
    return object_value(result);
}

static bool output_check(struct vm *vm, value out, int dtype, value size, bool c_order)
{
    if (!is_array(out)) {
        raise_error(vm, &exc_TypeError, "Cannot convert %T to numpy.ndarray", out);
        return false;
    }
    struct ndarray *array = array_of(out);
    if (array->readonly || !(array_is_contiguous(array) || (!c_order && array_is_fortran(array)))) {
        raise_error(vm, &exc_ValueError,
                    "Supplied output array must be %scontiguous, writable, aligned, and in machine byte-order.",
                    c_order ? "C-" : "");
        return false;
    }
    if (array_dtype(array) != dtype) {
        raise_error(vm, &exc_TypeError, "Supplied output array has the wrong type. Expected %S, got %S",
                    dtype_value(vm, dtype), dtype_value(vm, array_dtype(array)));
        return false;
    }
    if (!is_given(size))
        return true;
    int64_t shape[DIMENSIONS_MAX];
    uint32_t dimensions;
    if (!shape_from(vm, size, shape, &dimensions))
        return false;
    if (dimensions == array->dimensions && memcmp(shape, array->shape, dimensions * sizeof *shape) == 0)
        return true;
    raise_error(vm, &exc_ValueError, "size must match out.shape when used together");
    return false;
}

value distribution_draw(struct vm *vm, struct sampler *s, const struct distribution *distribution,
                        const value *arguments, value size, value out)
{
    struct ndarray *arrays[3];
    size_t count = 0;
    bool scalar = true;
    if (is_given(out) && !output_check(vm, out, DTYPE_FLOAT64, size, true))
        return VALUE_NULL;
    for (; count < 3 && distribution->parameters[count].name; count++) {
        arrays[count] = parameter_array(vm, arguments[count], &distribution->parameters[count]);
        if (!arrays[count])
            return VALUE_NULL;
        scalar = scalar && arrays[count]->dimensions == 0;
    }
    if (!scalar)
        return draw_broadcast(vm, s, distribution, arrays, count, size, out);
    union number parameters[3], number;
    for (size_t k = 0; k < count; k++) {
        if (arguments[k] == NONE) /* NaN among arrays */
            return raise_error(vm, &exc_TypeError, "must be real number, not NoneType");
        if (!constraint_check(vm, &distribution->parameters[k], arrays[k], true))
            return VALUE_NULL;
        memcpy(&parameters[k], arrays[k]->data, sizeof *parameters);
    }
    if (!is_given(size) && !is_given(out)) {
        distribution->draw(s, parameters, &number);
        random_account(vm, s, 1);
        return number_value(vm, distribution->whole, &number);
    }
    struct ndarray *result =
        is_given(out) ? array_of(out) : sized_array(vm, distribution->whole ? DTYPE_INT64 : DTYPE_FLOAT64, size);
    if (!result)
        return VALUE_NULL;
    union number *target = (union number *)(void *)result->data;
    for (int64_t i = 0; i < result->size; i++)
        distribution->draw(s, parameters, &target[i]);
    random_account(vm, s, result->size);
    return object_value(result);
}

value filler_draw(struct vm *vm, struct sampler *s, const struct filler *filler, const char *name, value size,
                  value dtype_given_, value out)
{
    int dtype = dtype_given_ == VALUE_NULL ? DTYPE_FLOAT64 : dtype_from(vm, dtype_given_);
    if (dtype < 0)
        return VALUE_NULL;
    if (dtype != DTYPE_FLOAT64 && (dtype != DTYPE_FLOAT32 || !filler->single))
        return raise_error(vm, &exc_TypeError, "Unsupported dtype %R for %s", dtype_value(vm, dtype), name);
    if (!is_given(size) && !is_given(out)) {
        double number = dtype == DTYPE_FLOAT64 ? filler->real(s) : (double)filler->single(s);
        random_account(vm, s, 1);
        return float_value(vm, number);
    }
    if (is_given(out) && !output_check(vm, out, dtype, size, false))
        return VALUE_NULL;
    struct ndarray *result = is_given(out) ? array_of(out) : sized_array(vm, dtype, size);
    if (!result)
        return VALUE_NULL;
    double *reals = (double *)(void *)result->data;
    float *singles = (float *)(void *)result->data;
    for (int64_t i = 0; i < result->size; i++) {
        if (dtype == DTYPE_FLOAT64)
            reals[i] = filler->real(s);
        else
            singles[i] = filler->single(s);
    }
    random_account(vm, s, result->size);
    return object_value(result);
}
