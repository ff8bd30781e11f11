/* matrices.h - stacks of matrices between numpy's arrays (C order) and LAPACK (column order). */
#ifndef HYBRIDSIM_SIM_TENSOR_LINALG_MATRICES_H
#define HYBRIDSIM_SIM_TENSOR_LINALG_MATRICES_H

#include "sim/tensor/linalg/lapack.h"
#include "sim/tensor/ndarray.h"

struct stack { /* of matrices, C order, float64 or complex128 */
    struct ndarray *array;
    int64_t count; /* matrices */
    int rows, columns;
    size_t bytes; /* of an element */
    bool complex;
};

extern struct type linalg_error_type;

/* A function's arguments: at least two-dimensional arrays of numbers. result: the dtype its answer has: float32 when
 * all are. */
struct ndarray *matrix_operand(struct vm *vm, value v);
bool matrix_square(struct vm *vm, const struct ndarray *array);
bool matrix_finite(struct vm *vm, struct ndarray *array);
bool linalg_dtype(struct vm *vm, struct ndarray *const *arrays, size_t count, bool *complex, int *result);
/* Whether LAPACK's numbers can be made of the array's; else UFuncTypeError of numpy's generalised function of that name. operand: its
 * number among several, -1: it is the only one. */
bool matrix_castable(struct vm *vm, const struct ndarray *array, bool complex, const char *function, int operand);
bool stack_from(struct vm *vm, struct ndarray *array, bool complex, struct stack *stack);
/* A new array whose first dimensions are the stack's, then `dimensions` (0 to 2) given ones. */
struct ndarray *stack_result(struct vm *vm, const struct stack *stack, int dtype, uint32_t dimensions, int64_t rows,
                             int64_t columns);
value linalg_cast(struct vm *vm, struct ndarray *array, int dtype); /* as astype; a scalar when it has no dimensions */
static inline int real_dtype(int dtype)
{
    return dtype == DTYPE_COMPLEX64 || dtype == DTYPE_FLOAT32 ? DTYPE_FLOAT32 : DTYPE_FLOAT64;
}
static inline int complex_dtype(int dtype)
{
    return real_dtype(dtype) == DTYPE_FLOAT32 ? DTYPE_COMPLEX64 : DTYPE_COMPLEX128;
}
static inline int work_dtype(bool complex)
{
    return complex ? DTYPE_COMPLEX128 : DTYPE_FLOAT64;
}

/* rows x columns elements of C order at `from`, whose rows are `stride` elements apart, to column order, and back. */
void to_columns(void *to, int leading, const void *from, int rows, int columns, size_t bytes);
void from_columns(void *to, const void *from, int leading, int rows, int columns, size_t bytes);

/* Floating-point operations of a textbook formula become multiply-adds (two operations each; complex ones count four
 * times). */
void account_operations(struct vm *vm, double operations, bool complex);

/* Memory for one call: malloc'd parts, freed together. NULL: MemoryError pending */
struct workspace {
    void *parts[12];
    int count;
};
void *workspace_take(struct vm *vm, struct workspace *space, size_t count, size_t bytes);
void workspace_free(struct workspace *space);

#endif
