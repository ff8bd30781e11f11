/* matrices.c - see matrices.h. */
#include "sim/tensor/linalg/matrices.h"

#include <stdio.h>

struct type linalg_error_type = {.name = "numpy.linalg.LinAlgError",
                                 .flags = TYPE_SUBCLASSABLE | TYPE_EXCEPTION,
                                 .base = &exc_Exception,
                                 .instance_size = sizeof(struct exception_object)};

struct ndarray *matrix_operand(struct vm *vm, value v)
{
    struct ndarray *array = array_from(vm, v, DTYPE_NONE);
    if (!array || array->dimensions >= 2)
        return array;
    raise_error(vm, &linalg_error_type, "%d-dimensional array given. Array must be at least two-dimensional",
                (int)array->dimensions);
    return NULL;
}

bool matrix_square(struct vm *vm, const struct ndarray *array)
{
    if (array->shape[array->dimensions - 1] == array->shape[array->dimensions - 2])
        return true;
    raise_error(vm, &linalg_error_type, "Last 2 dimensions of the array must be square");
    return false;
}

bool matrix_finite(struct vm *vm, struct ndarray *array)
{
    int64_t index[DIMENSIONS_MAX] = {0};
    char *element = array->data;
    if (array->dtype == DTYPE_OBJECT || array->dtype == DTYPE_STRING) {
        raise_error(vm, &exc_TypeError,
                    "ufunc 'isfinite' not supported for the input types, and the inputs could not be safely coerced to any "
                    "supported types according to the casting rule ''safe''");
        return false;
    }
    ADD_WORK(vm, elements, array->size);
    for (int64_t i = 0; i < array->size; i++, element_next(array, index, &element)) {
        bool finite = true;
        if (is_complex_dtype(array->dtype)) {
            size_t part = array->item_size / 2;
            int dtype = real_dtype(array->dtype);
            finite = isfinite(element_float(dtype, element)) && isfinite(element_float(dtype, element + part));
        } else if (is_float_dtype(array->dtype)) {
            finite = isfinite(element_float(array->dtype, element));
        }
        if (!finite) {
            raise_error(vm, &linalg_error_type, "Array must not contain infs or NaNs");
            return false;
        }
    }
    return true;
}

bool linalg_dtype(struct vm *vm, struct ndarray *const *arrays, size_t count, bool *complex, int *result)
{
    bool single = true;
    *complex = false;
    for (size_t i = 0; i < count; i++) {
        int dtype = arrays[i]->dtype;
        if (dtype == DTYPE_FLOAT16) {
            raise_error(vm, &exc_TypeError, "array type float16 is unsupported in linalg");
            return false;
        }
        *complex = *complex || is_complex_dtype(dtype);
        single = single && (dtype == DTYPE_FLOAT32 || dtype == DTYPE_COMPLEX64);
    }
    *result = single ? (*complex ? DTYPE_COMPLEX64 : DTYPE_FLOAT32) : work_dtype(*complex);
    return true;
}

bool matrix_castable(struct vm *vm, const struct ndarray *array, bool complex, const char *function, int operand)
{
    char number[16] = "";
    if (can_cast(array_dtype(array), work_dtype(complex), CAST_SAME_KIND))
        return true;
    if (operand >= 0)
        snprintf(number, sizeof number, " %d", operand);
    raise_error(vm, &ufunc_type_error_type, "Cannot cast ufunc '%s' input%s from %R to %R with casting rule 'same_kind'", function,
                number, dtype_value(vm, array_dtype(array)), dtype_value(vm, work_dtype(complex)));
    return false;
}

bool stack_from(struct vm *vm, struct ndarray *array, bool complex, struct stack *stack)
{
    stack->array = array_contiguous(vm, array, work_dtype(complex));
    if (!stack->array)
        return false;
    int64_t rows = array->shape[array->dimensions - 2], columns = array->shape[array->dimensions - 1];
    if (rows > INT32_MAX || columns > INT32_MAX) {
        raise_error(vm, &exc_ValueError, "Array too large for linear algebra");
        return false;
    }
    stack->rows = (int)rows;
    stack->columns = (int)columns;
    stack->count = 1;
    for (uint32_t i = 0; i + 2 < array->dimensions; i++)
        stack->count *= array->shape[i];
    stack->complex = complex;
    stack->bytes = complex ? 16 : 8;
    return true;
}

struct ndarray *stack_result(struct vm *vm, const struct stack *stack, int dtype, uint32_t dimensions, int64_t rows,
                             int64_t columns)
{
    int64_t shape[DIMENSIONS_MAX];
    uint32_t outer = stack->array->dimensions - 2u;
    memcpy(shape, stack->array->shape, outer * sizeof *shape);
    shape[outer] = rows;
    shape[outer + 1] = columns;
    return array_new(vm, dtype, outer + dimensions, shape);
}

value linalg_cast(struct vm *vm, struct ndarray *array, int dtype)
{
    return array_result(vm, array_dtype(array) == dtype ? array : array_contiguous(vm, array, dtype));
}

void to_columns(void *to, int leading, const void *from, int rows, int columns, size_t bytes)
{
    if (bytes == 8) {
        double *out = to;
        const double *in = from;
        for (int j = 0; j < columns; j++)
            for (int i = 0; i < rows; i++)
                out[(size_t)j * (size_t)leading + (size_t)i] = in[(size_t)i * (size_t)columns + (size_t)j];
        return;
    }
    complex_double *out = to;
    const complex_double *in = from;
    for (int j = 0; j < columns; j++)
        for (int i = 0; i < rows; i++)
            out[(size_t)j * (size_t)leading + (size_t)i] = in[(size_t)i * (size_t)columns + (size_t)j];
}

void from_columns(void *to, const void *from, int leading, int rows, int columns, size_t bytes)
{
    if (bytes == 8) {
        double *out = to;
        const double *in = from;
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++)
                out[(size_t)i * (size_t)columns + (size_t)j] = in[(size_t)j * (size_t)leading + (size_t)i];
        return;
    }
    complex_double *out = to;
    const complex_double *in = from;
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < columns; j++)
            out[(size_t)i * (size_t)columns + (size_t)j] = in[(size_t)j * (size_t)leading + (size_t)i];
}

void account_operations(struct vm *vm, double operations, bool complex)
{
    ADD_WORK(vm, multiply_adds, operations > 0 ? (uint64_t)(operations / 2 * (complex ? 4 : 1)) : 0);
}

void *workspace_take(struct vm *vm, struct workspace *space, size_t count, size_t bytes)
{
    void *part = calloc(count ? count : 1, bytes);
    if (!part)
        raise_no_memory(vm);
    else
        space->parts[space->count++] = part;
    return part;
}

void workspace_free(struct workspace *space)
{
    for (int i = 0; i < space->count; i++)
        free(space->parts[i]);
}
