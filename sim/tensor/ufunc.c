/* ufunc.c - element-wise arithmetic with broadcasting, mathematical functions, reductions. Sums are pairwise along contiguous
 * rows, in blocks of 128 with 8 partial sums, as numpy's are. */
#include "sim/profile/profile.h"
#include "sim/tensor/ndarray.h"

#include <math.h>

bool broadcast_shape(struct vm *vm, const struct ndarray *a, const struct ndarray *b, int64_t *shape, uint32_t *dimensions)
{
    *dimensions = a->dimensions > b->dimensions ? a->dimensions : b->dimensions;
    for (uint32_t i = 0; i < *dimensions; i++) { /* from the last axis */
        int64_t x = i < a->dimensions ? a->shape[a->dimensions - 1 - i] : 1;
        int64_t y = i < b->dimensions ? b->shape[b->dimensions - 1 - i] : 1;
        if (x != y && x != 1 && y != 1) {
            raise_error(vm, &exc_ValueError, "operands could not be broadcast together with shapes %U %U ",
                        shape_text(vm, a->shape, a->dimensions), shape_text(vm, b->shape, b->dimensions));
            return false;
        }
        shape[*dimensions - 1 - i] = x == 1 ? y : x;
    }
    return true;
}

enum operation { /* enum binary_kind, then */
    OPERATION_MAXIMUM = BINARY_COUNT, OPERATION_MINIMUM, OPERATION_HEAVISIDE, OPERATION_COMPARE /* + enum compare_kind */
};

static double float_remainder(double a, double b)
{
    if (b == 0)
        return NAN;
    double rest = fmod(a, b);
    if (rest == 0)
        return copysign(0.0, b);
    return (rest < 0) != (b < 0) ? rest + b : rest;
}

static double float_floor_divide(double a, double b)
{
    if (b == 0)
        return a / b;
    double rest = fmod(a, b), quotient = (a - rest) / b;
    if (rest != 0 && (rest < 0) != (b < 0))
        quotient -= 1.0;
    if (quotient == 0)
        return copysign(0.0, a / b);
    double whole = floor(quotient);
    return quotient - whole > 0.5 ? whole + 1.0 : whole;
}

static double float_operate(int operation, double a, double b)
{
    switch (operation) {
    case BINARY_ADD:
        return a + b;
    case BINARY_SUB:
        return a - b;
    case BINARY_MUL:
        return a * b;
    case BINARY_DIV:
        return a / b;
    case BINARY_FLOOR_DIVIDE:
        return float_floor_divide(a, b);
    case BINARY_REMAINDER:
        return float_remainder(a, b);
    case BINARY_POWER:
        return b == 2.0 ? a * a : pow(a, b);
    case OPERATION_MAXIMUM:
        return a >= b || a != a ? a : b;
    case OPERATION_HEAVISIDE:
        return a != a ? a : a == 0 ? b : a < 0 ? 0.0 : 1.0;
    default:
        return a <= b || a != a ? a : b;
    }
}

static int64_t int_power(uint64_t base, int64_t exponent)
{
    uint64_t result = 1;
    for (; exponent > 0; exponent >>= 1, base *= base)
        if (exponent & 1)
            result *= base;
    return (int64_t)result;
}

static int64_t int_operate(int operation, int64_t a, int64_t b)
{
    switch (operation) {
    case BINARY_ADD:
        return (int64_t)((uint64_t)a + (uint64_t)b);
    case BINARY_SUB:
        return (int64_t)((uint64_t)a - (uint64_t)b);
    case BINARY_MUL:
        return (int64_t)((uint64_t)a * (uint64_t)b);
    case BINARY_FLOOR_DIVIDE:
        if (b == 0 || (b == -1 && a == INT64_MIN))
            return b ? a : 0;
        return a / b - (a % b != 0 && (a < 0) != (b < 0));
    case BINARY_REMAINDER:
        if (b == 0 || b == -1)
            return 0;
        return a % b + (a % b != 0 && (a < 0) != (b < 0) ? b : 0);
    case BINARY_POWER:
        return int_power((uint64_t)a, b);
    case BINARY_AND:
        return a & b;
    case BINARY_OR:
        return a | b;
    case BINARY_XOR:
        return a ^ b;
    case BINARY_LSHIFT:
        return b < 0 || b > 63 ? 0 : (int64_t)((uint64_t)a << b);
    case BINARY_RSHIFT:
        return b < 0 || b > 63 ? a < 0 ? -1 : 0 : a >> b;
    case OPERATION_MAXIMUM:
        return a > b ? a : b;
    default:
        return a < b ? a : b;
    }
}

static uint8_t bool_operate(int operation, uint8_t a, uint8_t b)
{
    if (operation == BINARY_ADD || operation == BINARY_OR || operation == OPERATION_MAXIMUM)
        return a | b;
    return operation == BINARY_XOR ? a ^ b : a & b;
}

#define COMPARED(a, b)                                                                                                 \
    (kind == COMPARE_LT   ? (a) < (b)                                                                                  \
     : kind == COMPARE_LE ? (a) <= (b)                                                                                 \
     : kind == COMPARE_EQ ? (a) == (b)                                                                                 \
     : kind == COMPARE_NE ? (a) != (b)                                                                                 \
     : kind == COMPARE_GT ? (a) > (b)                                                                                  \
                          : (a) >= (b))

static void operate(int operation, enum dtype dtype, const char *a, const char *b, char *out)
{
    if (operation >= OPERATION_COMPARE) {
        enum compare_kind kind = (enum compare_kind)(operation - OPERATION_COMPARE);
        if (dtype == DTYPE_FLOAT64)
            *out = COMPARED(element_float(dtype, a), element_float(dtype, b));
        else
            *out = COMPARED(element_int(dtype, a), element_int(dtype, b));
    } else if (dtype == DTYPE_FLOAT64) {
        double result = float_operate(operation, element_float(dtype, a), element_float(dtype, b));
        memcpy(out, &result, sizeof result);
    } else if (dtype == DTYPE_INT64) {
        int64_t result = int_operate(operation, element_int(dtype, a), element_int(dtype, b));
        memcpy(out, &result, sizeof result);
    } else {
        *out = (char)bool_operate(operation, (uint8_t)*a, (uint8_t)*b);
    }
}

static const char *const operation_names[] = {
    "add", "bitwise_and", "floor_divide", "left_shift", "matmul", "multiply", "remainder", "bitwise_or", "power",
    "right_shift", "subtract", "divide", "bitwise_xor", "maximum", "minimum", "heaviside", "compare",
};

/* The type to compute in; -1: an exception is pending. */
static int computing_dtype(struct vm *vm, int operation, enum dtype common)
{
    bool bits = operation == BINARY_AND || operation == BINARY_OR || operation == BINARY_XOR ||
                operation == BINARY_LSHIFT || operation == BINARY_RSHIFT;
    if (operation == BINARY_DIV || operation == OPERATION_HEAVISIDE)
        return DTYPE_FLOAT64;
    if (bits && common == DTYPE_FLOAT64) {
        raise_error(vm, &exc_TypeError,
                    "ufunc '%s' not supported for the input types, and the inputs could not be safely coerced to any "
                    "supported types according to the casting rule ''safe''",
                    operation_names[operation]);
        return -1;
    }
    if (common == DTYPE_BOOL) {
        if (operation == BINARY_SUB) {
            raise_error(vm, &exc_TypeError,
                        "numpy boolean subtract, the `-` operator, is not supported, use the bitwise_xor, the `^` "
                        "operator, or the logical_xor function instead.");
            return -1;
        }
        if (operation == BINARY_FLOOR_DIVIDE || operation == BINARY_REMAINDER || operation == BINARY_POWER ||
            operation == BINARY_LSHIFT || operation == BINARY_RSHIFT) {
            raise_unsupported(vm, "numpy int8 (this operation on bool arrays)");
            return -1;
        }
    }
    return (int)common;
}

static struct ndarray *combine(struct vm *vm, int operation, struct ndarray *a, struct ndarray *b)
{
    int64_t shape[DIMENSIONS_MAX];
    uint32_t dimensions;
    int dtype = computing_dtype(vm, operation, a->dtype > b->dtype ? a->dtype : b->dtype);
    if (dtype < 0 || !broadcast_shape(vm, a, b, shape, &dimensions))
        return NULL;
    a = array_copy(vm, a, (enum dtype)dtype);
    b = a ? array_copy(vm, b, (enum dtype)dtype) : NULL;
    if (!b)
        return NULL;
    if (operation == BINARY_POWER && dtype == DTYPE_INT64) {
        for (int64_t i = 0; i < b->size; i++) {
            if (element_int(DTYPE_INT64, b->data + 8 * i) < 0) {
                raise_error(vm, &exc_ValueError, "Integers to negative integer powers are not allowed.");
                return NULL;
            }
        }
    }
    struct ndarray *out = array_new(vm, operation >= OPERATION_COMPARE ? DTYPE_BOOL : (enum dtype)dtype, dimensions, shape);
    struct ndarray *x = out ? array_broadcast(vm, a, shape, dimensions) : NULL;
    struct ndarray *y = x ? array_broadcast(vm, b, shape, dimensions) : NULL;
    if (!y)
        return NULL;
    ADD_WORK(vm, elements, out->size);
    if (operation == OPERATION_MAXIMUM || operation == OPERATION_HEAVISIDE)
        array_record_activation(vm, out, 0, 1);
    int64_t x_index[DIMENSIONS_MAX] = {0}, y_index[DIMENSIONS_MAX] = {0};
    char *p = x->data, *q = y->data, *target = out->data;
    for (int64_t i = 0; i < out->size; i++) {
        operate(operation, (enum dtype)dtype, p, q, target);
        target += dtype_bytes(out->dtype);
        element_next(x, x_index, &p);
        element_next(y, y_index, &q);
    }
    return out;
}

static value combine_values(struct vm *vm, int operation, value a, value b)
{
    struct ndarray *x = array_operand(vm, a);
    struct ndarray *y = x ? array_operand(vm, b) : NULL;
    if (!y)
        return vm->pending == VALUE_NULL ? vm->not_implemented : VALUE_NULL;
    return array_result(vm, combine(vm, operation, x, y));
}

value array_binary(struct vm *vm, enum binary_kind kind, value a, value b)
{
    if (kind == BINARY_MATMUL)
        return array_matmul(vm, a, b);
    return combine_values(vm, (int)kind, a, b);
}

value array_compare(struct vm *vm, value a, value b, enum compare_kind kind)
{
    return combine_values(vm, OPERATION_COMPARE + (int)kind, a, b);
}

/* ---- one operand ---- */

value array_unary(struct vm *vm, enum unary_kind kind, value a)
{
    struct ndarray *array = array_operand(vm, a);
    if (!array)
        return VALUE_NULL;
    if (kind == UNARY_INVERT && array->dtype == DTYPE_FLOAT64)
        return raise_error(vm, &exc_TypeError,
                           "ufunc 'invert' not supported for the input types, and the inputs could not be safely coerced to "
                           "any supported types according to the casting rule ''safe''");
    if (kind == UNARY_NEG && array->dtype == DTYPE_BOOL)
        return raise_error(vm, &exc_TypeError,
                           "The numpy boolean negative, the `-` operator, is not supported, use the `~` operator or the "
                           "logical_not function instead.");
    struct ndarray *out = array_new(vm, array->dtype, array->dimensions, array->shape);
    if (!out)
        return VALUE_NULL;
    int64_t index[DIMENSIONS_MAX] = {0};
    char *source = array->data, *target = out->data;
    for (int64_t i = 0; i < out->size; i++, target += dtype_bytes(out->dtype), element_next(array, index, &source)) {
        if (out->dtype == DTYPE_BOOL) {
            *target = kind == UNARY_INVERT ? !*source : *source;
        } else if (out->dtype == DTYPE_FLOAT64) {
            double number = element_float(out->dtype, source);
            number = kind == UNARY_NEG ? -number : number;
            memcpy(target, &number, sizeof number);
        } else {
            int64_t number = element_int(out->dtype, source);
            number = kind == UNARY_NEG ? (int64_t)(0 - (uint64_t)number) : kind == UNARY_INVERT ? ~number : number;
            memcpy(target, &number, sizeof number);
        }
    }
    ADD_WORK(vm, elements, out->size);
    return array_result(vm, out);
}

void array_record_activation(struct vm *vm, const struct ndarray *array, uint32_t math, uint32_t passes)
{
    if (vm->record_shape && array->dimensions && array->size <= UINT32_MAX)
        vm->record_shape(vm, SHAPE_ACTIVATION, (uint32_t)array->size, math, passes, (uint32_t)dtype_bytes(array->dtype));
}

value array_map_float(struct vm *vm, value v, double (*function)(double))
{
    struct ndarray *array = array_from(vm, v, -1);
    struct ndarray *out = array ? array_new(vm, DTYPE_FLOAT64, array->dimensions, array->shape) : NULL;
    if (!out)
        return VALUE_NULL;
    int64_t index[DIMENSIONS_MAX] = {0};
    char *source = array->data, *target = out->data;
    for (int64_t i = 0; i < out->size; i++, target += 8, element_next(array, index, &source)) {
        double number = function(element_float(array->dtype, source));
        memcpy(target, &number, sizeof number);
    }
    ADD_WORK(vm, elements, out->size);
    ADD_WORK(vm, math, out->size);
    if (function == exp || function == tanh)
        array_record_activation(vm, out, 1, 1);
    return array_result(vm, out);
}

#define METHOD(name)                                                                                                   \
    static value name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define FLOAT_FUNCTION(name, function)                                                                                 \
    METHOD(name)                                                                                                       \
    {                                                                                                                  \
        (void)self, (void)count, (void)keyword_names;                                                                  \
        return array_map_float(vm, arguments[0], function);                                                                  \
    }
FLOAT_FUNCTION(numpy_exp, exp)
FLOAT_FUNCTION(numpy_sqrt, sqrt)
FLOAT_FUNCTION(numpy_log, log)
FLOAT_FUNCTION(numpy_sin, sin)
FLOAT_FUNCTION(numpy_cos, cos)
FLOAT_FUNCTION(numpy_tan, tan)
FLOAT_FUNCTION(numpy_tanh, tanh)

#define BINARY_FUNCTION(name, operation)                                                                               \
    METHOD(name)                                                                                                       \
    {                                                                                                                  \
        (void)self, (void)count, (void)keyword_names;                                                                  \
        value result = combine_values(vm, operation, arguments[0], arguments[1]);                                      \
        if (result == vm->not_implemented)                                                                             \
            return raise_unsupported(vm, "numpy arrays of other elements than int64, float64 and bool");               \
        return result;                                                                                                 \
    }
BINARY_FUNCTION(numpy_add, BINARY_ADD)
BINARY_FUNCTION(numpy_subtract, BINARY_SUB)
BINARY_FUNCTION(numpy_multiply, BINARY_MUL)
BINARY_FUNCTION(numpy_divide, BINARY_DIV)
BINARY_FUNCTION(numpy_power, BINARY_POWER)
BINARY_FUNCTION(numpy_maximum, OPERATION_MAXIMUM)
BINARY_FUNCTION(numpy_minimum, OPERATION_MINIMUM)
BINARY_FUNCTION(numpy_heaviside, OPERATION_HEAVISIDE)

METHOD(numpy_absolute)
{
    (void)self, (void)count, (void)keyword_names;
    struct ndarray *array = array_from(vm, arguments[0], -1);
    if (!array)
        return VALUE_NULL;
    if (array->dtype == DTYPE_FLOAT64)
        return array_map_float(vm, object_value(array), fabs);
    value negated = array->dtype == DTYPE_BOOL ? object_value(array) : array_unary(vm, UNARY_NEG, object_value(array));
    return negated == VALUE_NULL ? negated : combine_values(vm, OPERATION_MAXIMUM, object_value(array), negated);
}

static const struct method_definition ufunc_functions[] = {
    {"exp", "(x, /)", numpy_exp, METHOD_STATIC, NULL},
    {"sqrt", "(x, /)", numpy_sqrt, METHOD_STATIC, NULL},
    {"log", "(x, /)", numpy_log, METHOD_STATIC, NULL},
    {"sin", "(x, /)", numpy_sin, METHOD_STATIC, NULL},
    {"cos", "(x, /)", numpy_cos, METHOD_STATIC, NULL},
    {"tan", "(x, /)", numpy_tan, METHOD_STATIC, NULL},
    {"tanh", "(x, /)", numpy_tanh, METHOD_STATIC, NULL},
    {"add", "(x1, x2, /)", numpy_add, METHOD_STATIC, NULL},
    {"subtract", "(x1, x2, /)", numpy_subtract, METHOD_STATIC, NULL},
    {"multiply", "(x1, x2, /)", numpy_multiply, METHOD_STATIC, NULL},
    {"divide", "(x1, x2, /)", numpy_divide, METHOD_STATIC, NULL},
    {"power", "(x1, x2, /)", numpy_power, METHOD_STATIC, NULL},
    {"maximum", "(x1, x2, /)", numpy_maximum, METHOD_STATIC, NULL},
    {"minimum", "(x1, x2, /)", numpy_minimum, METHOD_STATIC, NULL},
    {"heaviside", "(x1, x2, /)", numpy_heaviside, METHOD_STATIC, NULL},
    {"absolute", "(x, /)", numpy_absolute, METHOD_STATIC, NULL},
    {"abs", "(x, /)", numpy_absolute, METHOD_STATIC, NULL},
    {NULL, NULL, NULL, 0, NULL},
};

bool ufuncs_define(struct vm *vm, struct dict_object *module)
{
    for (const struct method_definition *function = ufunc_functions; function->name; function++)
        if (!dict_set_text(vm, module, function->name, native_function_new(vm, function, VALUE_NULL, "numpy")))
            return false;
    return true;
}

/* ---- reductions ---- */

static double pairwise_sum(const char *data, int64_t count, int64_t stride)
{
    double sum = 0;
    if (count < 8) {
        for (int64_t i = 0; i < count; i++)
            sum += element_float(DTYPE_FLOAT64, data + i * stride);
        return sum;
    }
    if (count > 128) {
        int64_t half = count / 2;
        half -= half % 8;
        return pairwise_sum(data, half, stride) + pairwise_sum(data + half * stride, count - half, stride);
    }
    double part[8];
    int64_t i;
    for (i = 0; i < 8; i++)
        part[i] = element_float(DTYPE_FLOAT64, data + i * stride);
    for (; i < count - count % 8; i++)
        part[i % 8] += element_float(DTYPE_FLOAT64, data + i * stride);
    sum = ((part[0] + part[1]) + (part[2] + part[3])) + ((part[4] + part[5]) + (part[6] + part[7]));
    for (; i < count; i++)
        sum += element_float(DTYPE_FLOAT64, data + i * stride);
    return sum;
}

static int64_t best_index(enum reduction kind, enum dtype dtype, const char *data, int64_t count, int64_t stride)
{
    bool greatest = kind == REDUCE_MAX || kind == REDUCE_ARGMAX;
    int64_t best = 0;
    for (int64_t i = 1; i < count; i++) {
        const char *x = data + i * stride, *y = data + best * stride;
        if (dtype == DTYPE_FLOAT64) {
            double a = element_float(dtype, x), b = element_float(dtype, y);
            if (b != b)
                break;
            if (a != a || (greatest ? a > b : a < b))
                best = i;
        } else if (greatest ? element_int(dtype, x) > element_int(dtype, y) : element_int(dtype, x) < element_int(dtype, y)) {
            best = i;
        }
    }
    return best;
}

/* Reduces `count` elements at a stride to one. Plainly: in order, else pairwise. */
static void reduce_row(enum reduction kind, enum dtype dtype, const char *data, int64_t count, int64_t stride, char *out,
                       bool plainly)
{
    if (kind == REDUCE_MAX || kind == REDUCE_MIN) {
        memcpy(out, data + best_index(kind, dtype, data, count, stride) * stride, dtype_bytes(dtype));
        return;
    }
    int64_t integer = kind == REDUCE_PROD || kind == REDUCE_ALL;
    if (kind == REDUCE_ARGMAX || kind == REDUCE_ARGMIN) {
        integer = best_index(kind, dtype, data, count, stride);
    } else if (kind == REDUCE_ALL || kind == REDUCE_ANY) {
        for (int64_t i = 0; i < count; i++)
            if ((element_float(dtype, data + i * stride) != 0) != (kind == REDUCE_ALL))
                integer = kind == REDUCE_ANY;
        *out = (char)integer;
        return;
    } else if (dtype == DTYPE_FLOAT64) {
        double number = kind == REDUCE_PROD;
        if (kind != REDUCE_PROD && !plainly)
            number = pairwise_sum(data, count, stride);
        for (int64_t i = 0; i < count && (plainly || kind == REDUCE_PROD); i++) {
            double element = element_float(dtype, data + i * stride);
            number = kind == REDUCE_PROD ? number * element : number + element;
        }
        memcpy(out, &number, sizeof number);
        return;
    } else {
        for (int64_t i = 0; i < count; i++) {
            uint64_t element = (uint64_t)element_int(dtype, data + i * stride);
            integer = (int64_t)(kind == REDUCE_PROD ? (uint64_t)integer * element : (uint64_t)integer + element);
        }
    }
    memcpy(out, &integer, sizeof integer);
}

static value mean_of(struct vm *vm, value array, value axis, value keepdims)
{
    struct ndarray *source = array_from(vm, array, DTYPE_FLOAT64);
    value sum = source ? array_reduce(vm, REDUCE_SUM, object_value(source), axis, keepdims) : VALUE_NULL;
    if (sum == VALUE_NULL)
        return sum;
    int64_t count = is_array(sum) && array_of(sum)->size ? source->size / array_of(sum)->size : source->size;
    return combine_values(vm, BINARY_DIV, sum, small_int(count));
}

static bool reduction_axis(struct vm *vm, const struct ndarray *array, value axis, int64_t *out)
{
    if (!value_to_index(vm, axis, out))
        return false;
    int64_t given = *out;
    if (given < 0)
        *out += array->dimensions;
    if (*out >= 0 && *out < (int64_t)array->dimensions)
        return true;
    raise_error(vm, &axis_error_type, "axis %lld is out of bounds for array of dimension %u", (long long)given,
                array->dimensions);
    return false;
}

static enum dtype reduced_dtype(enum reduction kind, enum dtype dtype)
{
    if (kind == REDUCE_ALL || kind == REDUCE_ANY)
        return DTYPE_BOOL;
    if (kind == REDUCE_ARGMAX || kind == REDUCE_ARGMIN)
        return DTYPE_INT64;
    if (kind == REDUCE_MAX || kind == REDUCE_MIN)
        return dtype;
    return dtype == DTYPE_BOOL ? DTYPE_INT64 : dtype;
}

value array_reduce(struct vm *vm, enum reduction kind, value v, value axis_value, value keepdims)
{
    static const char *const empty[] = {[REDUCE_MAX] = "zero-size array to reduction operation maximum which has no identity",
                                        [REDUCE_MIN] = "zero-size array to reduction operation minimum which has no identity",
                                        [REDUCE_ARGMAX] = "attempt to get argmax of an empty sequence",
                                        [REDUCE_ARGMIN] = "attempt to get argmin of an empty sequence"};
    if (kind == REDUCE_MEAN)
        return mean_of(vm, v, axis_value, keepdims);
    struct ndarray *array = array_from(vm, v, -1);
    int keep = keepdims == VALUE_NULL ? 0 : value_truth(vm, keepdims);
    if (!array || keep < 0)
        return VALUE_NULL;
    bool all = axis_value == VALUE_NULL || axis_value == NONE, needs_element = kind != REDUCE_SUM && kind != REDUCE_PROD &&
                                                                               kind != REDUCE_ALL && kind != REDUCE_ANY;
    if (!array->size && needs_element)
        return raise_error(vm, &exc_ValueError, "%s", empty[kind]);
    ADD_WORK(vm, elements, array->size);
    int64_t shape[DIMENSIONS_MAX], axis = 0;
    uint32_t dimensions = 0;
    if (!all && !reduction_axis(vm, array, axis_value, &axis))
        return VALUE_NULL;
    for (uint32_t i = 0; i < array->dimensions; i++) {
        if (!all && i != (uint32_t)axis)
            shape[dimensions++] = array->shape[i];
        else if (keep)
            shape[dimensions++] = 1;
    }
    struct ndarray *out = array_new(vm, reduced_dtype(kind, array->dtype), dimensions, shape);
    if (!out)
        return VALUE_NULL;
    if (all) {
        array = array_copy(vm, array, array->dtype);
        if (!array)
            return VALUE_NULL;
        reduce_row(kind, array->dtype, array->data, array->size, (int64_t)dtype_bytes(array->dtype), out->data, false);
        return array_result(vm, out);
    }
    struct ndarray rows = *array; /* one element for each row along the axis */
    rows.shape[axis] = 1;
    int64_t index[DIMENSIONS_MAX] = {0};
    char *source = array->data, *target = out->data;
    for (int64_t i = 0; i < out->size; i++, target += dtype_bytes(out->dtype), element_next(&rows, index, &source))
        reduce_row(kind, array->dtype, source, array->shape[axis], array->strides[axis], target,
                   (uint32_t)axis + 1 != array->dimensions);
    return array_result(vm, out);
}

/* ---- operators as slots ---- */

#define BINARY_SLOT(name, kind)                                                                                        \
    static value name(struct vm *vm, value a, value b)                                                                 \
    {                                                                                                                  \
        return array_binary(vm, kind, a, b);                                                                           \
    }                                                                                                                  \
    static value name##_inplace(struct vm *vm, value a, value b)                                                       \
    {                                                                                                                  \
        return inplace(vm, kind, a, b);                                                                                \
    }

static value inplace(struct vm *vm, enum binary_kind kind, value a, value b)
{
    value result = array_binary(vm, kind, a, b);
    if (!is_array(a) || result == VALUE_NULL || result == vm->not_implemented)
        return result;
    struct ndarray *made = array_from(vm, result, -1);
    if (!made)
        return VALUE_NULL;
    if (made->dtype > array_of(a)->dtype)
        return raise_error(vm, &ufunc_type_error_type,
                           "Cannot cast ufunc '%s' output from dtype('%s') to dtype('%s') with casting rule 'same_kind'",
                           operation_names[kind], dtype_names[made->dtype], dtype_names[array_of(a)->dtype]);
    if (made->dimensions > array_of(a)->dimensions)
        return raise_error(vm, &exc_ValueError,
                           "non-broadcastable output operand with shape %U doesn't match the broadcast shape %U",
                           shape_text(vm, array_of(a)->shape, array_of(a)->dimensions),
                           shape_text(vm, made->shape, made->dimensions));
    return array_assign(vm, array_of(a), object_value(made)) ? a : VALUE_NULL;
}

BINARY_SLOT(slot_add, BINARY_ADD)
BINARY_SLOT(slot_and, BINARY_AND)
BINARY_SLOT(slot_floor_divide, BINARY_FLOOR_DIVIDE)
BINARY_SLOT(slot_lshift, BINARY_LSHIFT)
BINARY_SLOT(slot_matmul, BINARY_MATMUL)
BINARY_SLOT(slot_mul, BINARY_MUL)
BINARY_SLOT(slot_remainder, BINARY_REMAINDER)
BINARY_SLOT(slot_or, BINARY_OR)
BINARY_SLOT(slot_power, BINARY_POWER)
BINARY_SLOT(slot_rshift, BINARY_RSHIFT)
BINARY_SLOT(slot_sub, BINARY_SUB)
BINARY_SLOT(slot_div, BINARY_DIV)
BINARY_SLOT(slot_xor, BINARY_XOR)

static value slot_pow3(struct vm *vm, value a, value b, value c)
{
    return c == NONE || c == VALUE_NULL ? array_binary(vm, BINARY_POWER, a, b) : vm->not_implemented;
}

static value slot_positive(struct vm *vm, value a)
{
    return array_unary(vm, UNARY_POS, a);
}

static value slot_negative(struct vm *vm, value a)
{
    return array_unary(vm, UNARY_NEG, a);
}

static value slot_invert(struct vm *vm, value a)
{
    return array_unary(vm, UNARY_INVERT, a);
}

void array_slots(struct type *type)
{
    static const binary_function binary[BINARY_COUNT] = {
        slot_add, slot_and, slot_floor_divide, slot_lshift, slot_matmul, slot_mul, slot_remainder, slot_or, slot_power,
        slot_rshift, slot_sub, slot_div, slot_xor};
    static const binary_function inplace_slots[BINARY_COUNT] = {
        slot_add_inplace, slot_and_inplace, slot_floor_divide_inplace, slot_lshift_inplace, slot_matmul_inplace,
        slot_mul_inplace, slot_remainder_inplace, slot_or_inplace, slot_power_inplace, slot_rshift_inplace,
        slot_sub_inplace, slot_div_inplace, slot_xor_inplace};
    memcpy(type->binary, binary, sizeof binary);
    if (type == &ndarray_type)
        memcpy(type->inplace, inplace_slots, sizeof inplace_slots);
    type->power = slot_pow3;
    type->unary[UNARY_POS] = slot_positive;
    type->unary[UNARY_NEG] = slot_negative;
    type->unary[UNARY_INVERT] = slot_invert;
    type->compare = array_compare;
}
