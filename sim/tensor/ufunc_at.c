/* ufunc_at.c - ufunc.at: operands one after the other, so that elements named twice count twice. */
#include "sim/tensor/ufunc.h"

#include "sim/runtime/warning.h"

/* Of a row, by an array of indices: those, counted from the beginning. */
static struct ndarray *row_positions(struct vm *vm, const struct ndarray *array, struct ndarray *indices)
{
    struct ndarray *positions = array_duplicate(vm, indices, DTYPE_INT64);
    int64_t *at = positions ? (int64_t *)(void *)positions->data : NULL, length = array->shape[0];
    for (int64_t i = 0; positions && i < positions->size; i++) {
        if ((uint64_t)(at[i] + length) >= 2 * (uint64_t)length)
            return raise_error(vm, &exc_IndexError, "index %lld is out of bounds for axis 0 with size %lld", (long long)at[i],
                               (long long)length),
                   NULL;
        at[i] += at[i] < 0 ? length : 0;
    }
    return positions;
}

/* The element addresses that a[key] selects, as an int64 array of offsets in elements of a C-ordered array of
 * a's shape. */
static struct ndarray *selected_positions(struct vm *vm, const struct ndarray *array, value key)
{
    const bool is_row = array->dimensions == 1 && is_array(key) && array_of(key)->dtype == DTYPE_INT64 && array_of(key)->dimensions;
    if (is_row)
        return row_positions(vm, array, array_of(key));
    struct ndarray *positions = array_new(vm, DTYPE_INT64, array->dimensions, array->shape);
    for (int64_t i = 0; positions && i < positions->size; i++)
        ((int64_t *)(void *)positions->data)[i] = i;
    value chosen = positions ? array_get_item(vm, object_value(positions), key) : VALUE_NULL;
    struct ndarray *result = chosen == VALUE_NULL ? NULL : array_from(vm, chosen, DTYPE_INT64);
    return result ? array_contiguous(vm, result, DTYPE_INT64) : NULL;
}

static char *position_address(const struct ndarray *array, int64_t position)
{
    char *address = array->data;
    for (uint32_t i = array->dimensions; i-- > 0;) {
        address += position % array->shape[i] * array->strides[i];
        position /= array->shape[i];
    }
    return address;
}

static bool at_objects(struct vm *vm, const struct ufunc *ufunc, struct ndarray *array,
                       const struct ndarray *positions, struct ndarray *operand)
{
    int64_t index[DIMENSIONS_MAX] = {0};
    char *item = operand->data;
    unsigned errors = 0;
    float_errors_clear();
    for (int64_t i = 0; i < positions->size; i++, element_next(operand, index, &item)) {
        value items[2], results[2];
        char *address = position_address(array, ((const int64_t *)(const void *)positions->data)[i]);
        items[0] = element_to_python(vm, array_dtype(array), address);
        items[1] = element_to_python(vm, array_dtype(operand), item);
        if (items[0] == VALUE_NULL || items[1] == VALUE_NULL || !object_operation(vm, ufunc, items, results))
            return false;
        errors |= float_errors_raised();
        if (!element_store(vm, array_dtype(array), address, results[0]))
            return false;
        if (is_float_dtype(array->dtype) && is_float(results[0]) && isfinite(float_number(results[0])) &&
            isinf(element_float(array->dtype, address)))
            errors |= FLOAT_OVERFLOW; /* of which the cast has told, too */
    }
    return float_errors_report(vm, errors, "at");
}

/* Answers what the arithmetic met; of quiet operations, what storing their last result did. */
static unsigned at_numbers(struct vm *vm, const struct ufunc *ufunc, int dtype, struct ndarray *array,
                           const struct ndarray *positions, const struct ndarray *operand)
{
    const bool quiet = ufunc->flags & UFUNC_QUIET && !ufunc_tells_invalid(ufunc, dtype);
    ufunc_loop loop = (*ufunc_loops(ufunc))[dtype];
    int64_t index[DIMENSIONS_MAX] = {0}, steps[3] = {0, 0, 0};
    char *item = operand->data;
    if (!quiet && array->dimensions == 1 && array->dtype == dtype && ufunc_output_dtype(ufunc, dtype, 0) == dtype &&
        positions->dimensions == 1) {
        const int64_t *at = (const int64_t *)(const void *)positions->data;
        for (int64_t i = 0; i < positions->size; i++, item += operand->strides[0]) {
            char *address = array->data + at[i] * array->strides[0];
            loop((char *[3]){address, ufunc->inputs == 2 ? item : address, address}, steps, 1);
        }
        return float_errors_raised();
    }
    for (int64_t i = 0; i < positions->size; i++, element_next(operand, index, &item)) {
        union element own, result;
        char *address = position_address(array, ((const int64_t *)(const void *)positions->data)[i]);
        elements_convert(vm, dtype, own.bytes, 0, array->dtype, address, 0, 1);
        char *data[3] = {own.bytes, ufunc->inputs == 2 ? item : result.bytes, result.bytes};
        loop(data, steps, 1);
        if (quiet) /* numpy's loops of these end so, which leaves what storing the last element raises */
            float_errors_clear();
        elements_convert(vm, array->dtype, address, 0, ufunc_output_dtype(ufunc, dtype, 0), result.bytes, 0,
                         1);
    }
    return float_errors_raised();
}

value ufunc_at(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)count, (void)keyword_names;
    const struct ufunc *ufunc = ufunc_of(self);
    value taken = ufunc_method_override(vm, ufunc, "at", arguments, 3, NULL, 0);
    if (taken != VALUE_NULL || vm->pending != VALUE_NULL)
        return taken;
    if (!is_array(arguments[0]))
        return raise_error(vm, &exc_TypeError, "first operand must be array");
    if (ufunc->outputs > 1)
        return raise_error(vm, &exc_ValueError, "Only single output ufuncs supported at this time");
    if (ufunc->inputs == 2 && arguments[2] == VALUE_NULL)
        return raise_error(vm, &exc_ValueError, "second operand needed for ufunc");
    if (ufunc->inputs == 1 && arguments[2] != VALUE_NULL)
        return raise_error(vm, &exc_ValueError, "second operand provided when ufunc is unary");
    struct ndarray *array = array_of(arguments[0]), *operand = array,
                   *positions = selected_positions(vm, array, arguments[1]);
    if (!positions || (ufunc->inputs == 2 && !(operand = array_from(vm, arguments[2], DTYPE_NONE))))
        return VALUE_NULL;
    struct ndarray *both[2] = {positions, operand};
    int64_t shape[DIMENSIONS_MAX];
    uint32_t dimensions;
    bool fits = broadcast_shape(vm, both, ufunc->inputs, shape, &dimensions);
    if (!fits)
        exception_clear(vm);
    if (!fits || dimensions != positions->dimensions ||
        memcmp(shape, positions->shape, dimensions * sizeof *shape) != 0)
        return raise_error(vm, &exc_ValueError, "array is not broadcastable to correct shape");
    struct ufunc_call call = {.ufunc = ufunc, .in = {array, operand}, .dtype = DTYPE_NONE};
    int dtype = ufunc_resolve(vm, &call);
    if (dtype < 0)
        return VALUE_NULL;
    if (dtype != DTYPE_OBJECT)
        operand = ufunc->inputs == 2 ? array_contiguous(vm, operand, dtype) : positions;
    if (operand && ufunc->inputs == 2 && arrays_overlap(operand, array))
        operand = array_duplicate(vm, operand, DTYPE_NONE);
    if (operand && positions->size && !exponents_check(vm, ufunc, dtype, operand, NULL))
        return VALUE_NULL;
    operand = operand && ufunc->inputs == 2
                  ? array_broadcast(vm, operand, positions->shape, positions->dimensions)
                  : operand;
    if (!operand)
        return VALUE_NULL;
    ADD_WORK(vm, elements, positions->size);
    if (dtype != DTYPE_OBJECT && is_complex_dtype(ufunc_output_dtype(ufunc, dtype, 0)) &&
        array->dtype != DTYPE_BOOL && array->dtype < DTYPE_COMPLEX64 &&
        !warning_issue(vm, complex_warning_type(vm), 1,
                       "Casting complex values to real discards the imaginary part"))
        return VALUE_NULL;
    if (dtype == DTYPE_OBJECT)
        return at_objects(vm, ufunc, array, positions, ufunc->inputs == 2 ? operand : positions) ? NONE
                                                                                                 : VALUE_NULL;
    float_errors_clear();
    return float_errors_report(vm, at_numbers(vm, ufunc, dtype, array, positions, operand), "at") ? NONE : VALUE_NULL;
}
