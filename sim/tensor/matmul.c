/* matmul.c - matrix products. Every element is the sum over k in ascending order, one rounding a step: bit for bit what the
 * reference BLAS's dgemm, dgemv and ddot give (compiled without contraction). */
#include "sim/tensor/ndarray.h"

#include "sim/profile/profile.h"

static void product_float(const double *a, const double *b, double *c, int64_t rows, int64_t columns, int64_t depth)
{
    for (int64_t i = 0; i < rows; i++) {
        double *row = c + i * columns;
        for (int64_t k = 0; k < depth; k++) {
            const double factor = a[i * depth + k];
            const double *other = b + k * columns;
            for (int64_t j = 0; j < columns; j++)
                row[j] += factor * other[j];
        }
    }
}

static void product_int(const int64_t *a, const int64_t *b, int64_t *c, int64_t rows, int64_t columns, int64_t depth)
{
    for (int64_t i = 0; i < rows; i++)
        for (int64_t k = 0; k < depth; k++)
            for (int64_t j = 0; j < columns; j++)
                c[i * columns + j] = (int64_t)((uint64_t)c[i * columns + j] +
                                               (uint64_t)a[i * depth + k] * (uint64_t)b[k * columns + j]);
}

static void product_bool(const uint8_t *a, const uint8_t *b, uint8_t *c, int64_t rows, int64_t columns, int64_t depth)
{
    for (int64_t i = 0; i < rows; i++)
        for (int64_t k = 0; k < depth; k++)
            for (int64_t j = 0; j < columns; j++)
                c[i * columns + j] |= a[i * depth + k] & b[k * columns + j];
}

static void product(struct vm *vm, enum dtype dtype, const char *a, const char *b, char *c, const int64_t sizes[3])
{
    int64_t rows = sizes[0], columns = sizes[1], depth = sizes[2];
    ADD_WORK(vm, multiply_adds, rows * columns * depth);
    if (vm->record_shape)
        vm->record_shape(vm, SHAPE_MATMUL, (uint32_t)rows, (uint32_t)columns, (uint32_t)depth, (uint32_t)dtype_bytes(dtype));
    switch (dtype) {
    case DTYPE_FLOAT64:
        product_float((const double *)(const void *)a, (const double *)(const void *)b, (double *)(void *)c, rows, columns, depth);
        break;
    case DTYPE_INT64:
        product_int((const int64_t *)(const void *)a, (const int64_t *)(const void *)b, (int64_t *)(void *)c, rows, columns, depth);
        break;
    case DTYPE_BOOL:
        product_bool((const uint8_t *)a, (const uint8_t *)b, (uint8_t *)c, rows, columns, depth);
        break;
    }
}

static value misaligned(struct vm *vm, const struct ndarray *a, const struct ndarray *b)
{
    uint32_t last = a->dimensions - 1, first = b->dimensions > 1 ? b->dimensions - 2 : 0;
    return raise_error(vm, &exc_ValueError, "shapes %U and %U not aligned: %lld (dim %u) != %lld (dim %u)",
                       shape_text(vm, a->shape, a->dimensions), shape_text(vm, b->shape, b->dimensions),
                       (long long)a->shape[last], last, (long long)b->shape[first], first);
}

static value mismatched(struct vm *vm, const struct ndarray *a, const struct ndarray *b)
{
    uint32_t first = b->dimensions > 1 ? b->dimensions - 2 : 0;
    return raise_error(vm, &exc_ValueError,
                       "matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature "
                       "(n?,k),(k,m?)->(n?,m?) (size %lld is different from %lld)",
                       (long long)b->shape[first], (long long)a->shape[a->dimensions - 1]);
}

/* Stacks of matrices: the leading dimensions broadcast. */
static value multiply_stacks(struct vm *vm, struct ndarray *a, struct ndarray *b)
{
    bool left_vector = a->dimensions == 1, right_vector = b->dimensions == 1;
    int64_t depth = a->shape[a->dimensions - 1];
    if (depth != b->shape[right_vector ? 0 : b->dimensions - 2])
        return mismatched(vm, a, b);
    int64_t rows = left_vector ? 1 : a->shape[a->dimensions - 2], columns = right_vector ? 1 : b->shape[b->dimensions - 1];
    struct ndarray outer_a = *a, outer_b = *b;
    outer_a.dimensions = left_vector ? 0 : a->dimensions - 2;
    outer_b.dimensions = right_vector ? 0 : b->dimensions - 2;
    int64_t shape[DIMENSIONS_MAX + 2];
    uint32_t outer;
    if (!broadcast_shape(vm, &outer_a, &outer_b, shape, &outer))
        return VALUE_NULL;
    uint32_t dimensions = outer;
    if (!left_vector)
        shape[dimensions++] = rows;
    if (!right_vector)
        shape[dimensions++] = columns;
    enum dtype dtype = a->dtype > b->dtype ? a->dtype : b->dtype;
    a = array_copy(vm, a, dtype);
    b = a ? array_copy(vm, b, dtype) : NULL;
    struct ndarray *c = b ? array_new(vm, dtype, dimensions, shape) : NULL;
    if (!c)
        return VALUE_NULL;
    int64_t count = 1, sizes[3] = {rows, columns, depth}, bytes = (int64_t)dtype_bytes(dtype);
    for (uint32_t i = 0; i < outer; i++)
        count *= shape[i];
    for (int64_t n = 0; n < count; n++) { /* the matrix number n of the result, and those it comes from */
        int64_t at_a = 0, at_b = 0, step_a = rows * depth, step_b = depth * columns, rest = n;
        for (uint32_t i = 0; i < outer; i++) {
            int64_t index = rest % shape[outer - 1 - i];
            rest /= shape[outer - 1 - i];
            if (i < outer_a.dimensions) {
                int64_t size = outer_a.shape[outer_a.dimensions - 1 - i];
                at_a += size == 1 ? 0 : index * step_a;
                step_a *= size;
            }
            if (i < outer_b.dimensions) {
                int64_t size = outer_b.shape[outer_b.dimensions - 1 - i];
                at_b += size == 1 ? 0 : index * step_b;
                step_b *= size;
            }
        }
        product(vm, dtype, a->data + at_a * bytes, b->data + at_b * bytes, c->data + n * rows * columns * bytes, sizes);
    }
    return array_result(vm, c);
}

static bool operands(struct vm *vm, value a, value b, struct ndarray **x, struct ndarray **y)
{
    *x = array_from(vm, a, -1);
    *y = *x ? array_from(vm, b, -1) : NULL;
    return *y;
}

value array_matmul(struct vm *vm, value a, value b)
{
    struct ndarray *x, *y;
    if (!operands(vm, a, b, &x, &y))
        return VALUE_NULL;
    if (!x->dimensions || !y->dimensions)
        return raise_error(vm, &exc_ValueError,
                           "matmul: Input operand %d does not have enough dimensions (has 0, gufunc core with signature "
                           "(n?,k),(k,m?)->(n?,m?) requires 1)",
                           x->dimensions ? 1 : 0);
    return multiply_stacks(vm, x, y);
}

value array_dot(struct vm *vm, value a, value b)
{
    struct ndarray *x, *y;
    if (!operands(vm, a, b, &x, &y))
        return VALUE_NULL;
    if (!x->dimensions || !y->dimensions)
        return array_binary(vm, BINARY_MUL, object_value(x), object_value(y));
    if (x->dimensions > 2 || y->dimensions > 2) {
        if (y->dimensions > 2)
            return raise_unsupported(vm, "numpy.dot of arrays with more than two dimensions");
    }
    if (x->shape[x->dimensions - 1] != y->shape[y->dimensions > 1 ? y->dimensions - 2 : 0])
        return misaligned(vm, x, y);
    if (x->dimensions > 2) { /* one matrix of all rows */
        int64_t shape[DIMENSIONS_MAX], flat[2] = {1, x->shape[x->dimensions - 1]};
        uint32_t dimensions = 0;
        for (uint32_t i = 0; i + 1 < x->dimensions; i++) {
            shape[dimensions++] = x->shape[i];
            flat[0] *= x->shape[i];
        }
        if (y->dimensions == 2)
            shape[dimensions++] = y->shape[1];
        value rows = array_reshape(vm, x, flat, 2);
        value result = rows == VALUE_NULL ? rows : multiply_stacks(vm, array_of(rows), y);
        return result == VALUE_NULL ? result : array_reshape(vm, array_of(result), shape, dimensions);
    }
    return multiply_stacks(vm, x, y);
}
