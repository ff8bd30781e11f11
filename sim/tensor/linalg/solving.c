/* solving.c - numpy.linalg's functions by LU and Cholesky factors: solve, inv, det, slogdet, cholesky; and lstsq.
 * Operations are counted by the formulas of G. H. Golub, C. F. Van Loan, "Matrix Computations", 4th edition. */
#include "sim/tensor/linalg/linalg.h"

static int leading_of(int n)
{
    return n > 1 ? n : 1;
}

enum singular { SINGULAR_RAISES, SINGULAR_GIVES_NAN };

/* Solves for `right` columns each; b: C order, n x right each, b_step bytes apart; NULL: the unit matrix. */
static struct ndarray *systems_solve(struct vm *vm, const struct stack *a, const char *b, int64_t b_step, int right,
                                     enum singular singular, struct ndarray *result)
{
    struct workspace space = {{0}, 0};
    int n = a->rows, leading = leading_of(n), info = 0;
    size_t elements = (size_t)n * (size_t)n, out = (size_t)n * (size_t)right;
    char *factors = workspace_take(vm, &space, elements, a->bytes),
         *x = factors ? workspace_take(vm, &space, out, a->bytes) : NULL;
    int *pivots = x ? workspace_take(vm, &space, (size_t)n, sizeof *pivots) : NULL;
    bool good = pivots != NULL;
    for (int64_t i = 0; good && i < a->count; i++) {
        to_columns(factors, leading, a->array->data + (size_t)i * elements * a->bytes, n, n, a->bytes);
        if (b) {
            to_columns(x, leading, b + i * b_step, n, right, a->bytes);
        } else {
            memset(x, 0, out * a->bytes);
            for (int k = 0; k < n; k++)
                *(double *)(void *)(x + (size_t)k * (size_t)(n + 1) * a->bytes) = 1.0;
        }
        if (a->complex)
            zgesv_(&n, &right, factors, &leading, pivots, x, &leading, &info);
        else
            dgesv_(&n, &right, factors, &leading, pivots, x, &leading, &info);
        for (size_t k = 0; info && k < out * a->bytes / sizeof(double); k++)
            ((double *)(void *)x)[k] = NAN;
        from_columns(result->data + (size_t)i * out * a->bytes, x, leading, n, right, a->bytes);
        good = info == 0 || singular == SINGULAR_GIVES_NAN;
    }
    workspace_free(&space);
    if (pivots && !good)
        raise_error(vm, &linalg_error_type, "Singular matrix");
    double size = n;
    account_operations(vm, (double)a->count * (2. / 3 * size * size * size + 2 * size * size * right), a->complex);
    return good ? result : NULL;
}

/* The stack's first dimensions, when both have them or one broadcasts. */
static bool stacks_align(struct vm *vm, struct ndarray **a, struct ndarray **b, uint32_t b_core)
{
    int64_t shape[DIMENSIONS_MAX];
    uint32_t dimensions;
    struct ndarray *outer[2] = {array_view_of(vm, *a, (*a)->dimensions - 2u), NULL};
    outer[1] = outer[0] ? array_view_of(vm, *b, (*b)->dimensions - b_core) : NULL;
    if (!outer[1])
        return false;
    memcpy(outer[0]->shape, (*a)->shape, outer[0]->dimensions * sizeof(int64_t));
    memcpy(outer[1]->shape, (*b)->shape, outer[1]->dimensions * sizeof(int64_t));
    memcpy(outer[0]->strides, (*a)->strides, outer[0]->dimensions * sizeof(int64_t));
    memcpy(outer[1]->strides, (*b)->strides, outer[1]->dimensions * sizeof(int64_t));
    array_set_size(outer[0]);
    array_set_size(outer[1]);
    if (!broadcast_shape(vm, outer, 2, shape, &dimensions))
        return false;
    memcpy(shape + dimensions, (*a)->shape + (*a)->dimensions - 2, 2 * sizeof *shape);
    *a = array_broadcast(vm, *a, shape, dimensions + 2);
    memcpy(shape + dimensions, (*b)->shape + (*b)->dimensions - b_core, b_core * sizeof *shape);
    *b = array_broadcast(vm, *b, shape, dimensions + b_core);
    return *a && *b;
}

value linalg_solve(struct vm *vm, value a_given, value b_given)
{
    struct ndarray *a = matrix_operand(vm, a_given),
                   *b = a && matrix_square(vm, a) ? array_from(vm, b_given, DTYPE_NONE) : NULL;
    bool complex;
    int dtype;
    struct stack stack;
    if (!b || !linalg_dtype(vm, (struct ndarray *[]){a, b}, 2, &complex, &dtype))
        return VALUE_NULL;
    uint32_t core = b->dimensions + 1u == a->dimensions ? 1 : 2; /* vectors, or matrices */
    const char *function = core == 1 ? "solve1" : "solve";
    if (!matrix_castable(vm, a, complex, function, 0) || !matrix_castable(vm, b, complex, function, 1))
        return VALUE_NULL;
    if (b->dimensions < core)
        return raise_error(vm, &exc_ValueError,
                           "%s: Input operand 1 does not have enough dimensions (has %d, gufunc core with signature "
                           "(m,m),(m%s)->(m%s) requires %u)",
                           function, (int)b->dimensions, core == 1 ? "" : ",n", core == 1 ? "" : ",n", core);
    int64_t rows = b->shape[b->dimensions - core];
    if (rows != a->shape[a->dimensions - 1])
        return raise_error(vm, &exc_ValueError,
                           "%s: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature "
                           "(m,m),(m%s)->(m%s) (size %lld is different from %lld)",
                           function, core == 1 ? "" : ",n", core == 1 ? "" : ",n", (long long)rows,
                           (long long)a->shape[a->dimensions - 1]);
    if (!stacks_align(vm, &a, &b, core) || !stack_from(vm, a, complex, &stack))
        return VALUE_NULL;
    struct ndarray *right = array_contiguous(vm, b, work_dtype(complex));
    int columns = core == 1 ? 1 : (int)b->shape[b->dimensions - 1];
    struct ndarray *result = right ? stack_result(vm, &stack, work_dtype(complex), core, stack.rows, columns) : NULL;
    if (!result || !systems_solve(vm, &stack, right->data, (int64_t)stack.rows * columns * (int64_t)stack.bytes,
                                  columns, SINGULAR_RAISES, result))
        return VALUE_NULL;
    gc_keep(object_value(right));
    return linalg_cast(vm, result, dtype);
}

static bool square_stack(struct vm *vm, value given, const char *function, struct stack *stack, int *dtype)
{
    struct ndarray *a = matrix_operand(vm, given);
    bool complex;
    return a && matrix_square(vm, a) && linalg_dtype(vm, &a, 1, &complex, dtype) &&
           matrix_castable(vm, a, complex, function, -1) && stack_from(vm, a, complex, stack);
}

static value inverse(struct vm *vm, value given, enum singular singular)
{
    struct stack a;
    int dtype;
    if (!square_stack(vm, given, "inv", &a, &dtype))
        return VALUE_NULL;
    struct ndarray *result = stack_result(vm, &a, work_dtype(a.complex), 2, a.rows, a.rows);
    return result && systems_solve(vm, &a, NULL, 0, a.rows, singular, result)
               ? linalg_cast(vm, result, singular == SINGULAR_RAISES ? dtype : work_dtype(a.complex))
               : VALUE_NULL;
}

value linalg_inv(struct vm *vm, value given)
{
    return inverse(vm, given, SINGULAR_RAISES);
}

value linalg_inv_or_nan(struct vm *vm, value given)
{
    return inverse(vm, given, SINGULAR_GIVES_NAN);
}

/* sign and log of a determinant, from the diagonal of its LU factors; false: a real one was compared that is not a number */
static bool determinant_of_factors(struct vm *vm, const struct stack *a, const char *factors, const int *pivots,
                                   complex_double *sign, double *logarithm)
{
    bool odd = false, valid = true;
    *logarithm = 0;
    for (int i = 0; i < a->rows; i++)
        odd ^= pivots[i] != i + 1;
    *sign = (complex_double){odd ? -1 : 1, 0};
    ADD_WORK(vm, math, a->rows);
    for (int i = 0; i < a->rows; i++) {
        const double *element = (const double *)(const void *)(factors + (size_t)i * (size_t)(a->rows + 1) * a->bytes);
        if (!a->complex) {
            valid &= !isnan(element[0]);
            if (element[0] < 0)
                sign->real = -sign->real;
            *logarithm += log(element[0] < 0 ? -element[0] : element[0]);
            continue;
        }
        double size = hypot(element[0], element[1]);
        complex_double unit = {element[0] / size, element[1] / size}, old = *sign;
        sign->real = old.real * unit.real - old.imaginary * unit.imaginary;
        sign->imaginary = old.real * unit.imaginary + old.imaginary * unit.real;
        *logarithm += log(size);
    }
    return valid;
}

/* For each matrix: sign (real or complex) and logarithm. */
static bool determinants(struct vm *vm, const struct stack *a, complex_double *signs, double *logarithms, bool *valid)
{
    struct workspace space = {{0}, 0};
    int n = a->rows, leading = leading_of(n), info;
    size_t elements = (size_t)n * (size_t)n;
    char *factors = workspace_take(vm, &space, elements, a->bytes);
    int *pivots = factors ? workspace_take(vm, &space, (size_t)n, sizeof *pivots) : NULL;
    for (int64_t i = 0; pivots && i < a->count; i++) {
        to_columns(factors, leading, a->array->data + (size_t)i * elements * a->bytes, n, n, a->bytes);
        if (a->complex)
            zgetrf_(&n, &n, factors, &leading, pivots, &info);
        else
            dgetrf_(&n, &n, factors, &leading, pivots, &info);
        if (info == 0) {
            *valid &= determinant_of_factors(vm, a, factors, pivots, &signs[i], &logarithms[i]);
        } else {
            signs[i] = (complex_double){0, 0};
            logarithms[i] = -INFINITY;
        }
    }
    workspace_free(&space);
    account_operations(vm, (double)a->count * 2. / 3 * n * n * n, a->complex);
    return pivots != NULL;
}

static void sign_store(const struct stack *a, char *target, int64_t i, complex_double sign)
{
    memcpy(target + (size_t)i * a->bytes, &sign, a->bytes);
}

value linalg_det(struct vm *vm, value given, bool with_logarithm)
{
    struct stack a;
    int dtype;
    struct workspace space = {{0}, 0};
    if (!square_stack(vm, given, with_logarithm ? "slogdet" : "det", &a, &dtype))
        return VALUE_NULL;
    struct ndarray *result = stack_result(vm, &a, work_dtype(a.complex), 0, 0, 0);
    struct ndarray *logs = result ? stack_result(vm, &a, DTYPE_FLOAT64, 0, 0, 0) : NULL;
    complex_double *signs = logs ? workspace_take(vm, &space, (size_t)a.count, sizeof *signs) : NULL;
    bool valid = true, good = signs && determinants(vm, &a, signs, (double *)(void *)logs->data, &valid);
    for (int64_t i = 0; good && i < a.count; i++) {
        double size = with_logarithm ? 1 : exp(((double *)(void *)logs->data)[i]);
        complex_double sign = signs[i], product = sign;
        if (!with_logarithm) { /* times size + 0i, the complex one */
            product.real = a.complex ? sign.real * size - sign.imaginary * 0.0 : sign.real * size;
            product.imaginary = sign.real * 0.0 + sign.imaginary * size;
        }
        sign_store(&a, result->data, i, product);
    }
    workspace_free(&space);
    if (!good || (!valid && !float_errors_report(vm, FLOAT_INVALID, with_logarithm ? "slogdet" : "det")))
        return VALUE_NULL;
    if (!with_logarithm) {
        ADD_WORK(vm, math, a.count);
        return linalg_cast(vm, result, dtype);
    }
    value sign = linalg_cast(vm, result, dtype), logarithm = linalg_cast(vm, logs, real_dtype(dtype));
    return sign == VALUE_NULL || logarithm == VALUE_NULL ? VALUE_NULL : tuple_pack(vm, 2, sign, logarithm);
}

value linalg_cholesky(struct vm *vm, value given)
{
    struct stack a;
    struct workspace space = {{0}, 0};
    int dtype, info = 0;
    if (!square_stack(vm, given, "cholesky_lo", &a, &dtype))
        return VALUE_NULL;
    int n = a.rows, leading = leading_of(n);
    size_t elements = (size_t)n * (size_t)n;
    struct ndarray *result = stack_result(vm, &a, work_dtype(a.complex), 2, n, n);
    char *factor = result ? workspace_take(vm, &space, elements, a.bytes) : NULL;
    for (int64_t i = 0; factor && i < a.count && info == 0; i++) {
        to_columns(factor, leading, a.array->data + (size_t)i * elements * a.bytes, n, n, a.bytes);
        if (a.complex)
            zpotrf_("L", &n, factor, &leading, &info, 1);
        else
            dpotrf_("L", &n, factor, &leading, &info, 1);
        for (int j = 1; j < n; j++) /* above the diagonal */
            memset(factor + (size_t)j * (size_t)n * a.bytes, 0, (size_t)j * a.bytes);
        from_columns(result->data + (size_t)i * elements * a.bytes, factor, leading, n, n, a.bytes);
    }
    workspace_free(&space);
    if (!factor)
        return VALUE_NULL;
    if (info)
        return raise_error(vm, &linalg_error_type, "Matrix is not positive definite");
    account_operations(vm, (double)a.count / 3 * n * n * n, a.complex);
    return linalg_cast(vm, result, dtype);
}

/* ---- least squares ---- */

struct least_squares { /* one problem, in LAPACK's buffers */
    int rows, columns, right, leading, rank, info;
    char *a, *b;
    double *s, rcond;
};

static bool least_squares_run(struct vm *vm, struct workspace *space, bool complex, struct least_squares *p)
{
    double size[2] = {0, 0}, real_size = 0;
    int query = -1, integers = 0, leading_a = leading_of(p->rows), length;
    if (complex)
        zgelsd_(&p->rows, &p->columns, &p->right, p->a, &leading_a, p->b, &p->leading, p->s, &p->rcond, &p->rank, size,
                &query, &real_size, &integers, &p->info);
    else
        dgelsd_(&p->rows, &p->columns, &p->right, (double *)(void *)p->a, &leading_a, (double *)(void *)p->b,
                &p->leading, p->s, &p->rcond, &p->rank, size, &query, &integers, &p->info);
    length = size[0] > 1 ? (int)size[0] : 1;
    void *work = workspace_take(vm, space, (size_t)length, 16);
    double *real_work = work ? workspace_take(vm, space, (size_t)real_size + 1, sizeof *real_work) : NULL;
    int *integer_work = real_work ? workspace_take(vm, space, (size_t)integers + 1, sizeof *integer_work) : NULL;
    if (!integer_work)
        return false;
    if (complex)
        zgelsd_(&p->rows, &p->columns, &p->right, p->a, &leading_a, p->b, &p->leading, p->s, &p->rcond, &p->rank, work,
                &length, real_work, integer_work, &p->info);
    else
        dgelsd_(&p->rows, &p->columns, &p->right, (double *)(void *)p->a, &leading_a, (double *)(void *)p->b,
                &p->leading, p->s, &p->rcond, &p->rank, work, &length, integer_work, &p->info);
    if (p->info < 0) /* of NaN: numpy's LinAlgError meets what LAPACK complained of */
        raise_error(vm, &exc_SystemError, "<class 'numpy.linalg.LinAlgError'> returned a result with an exception set");
    else if (p->info)
        raise_error(vm, &linalg_error_type, "SVD did not converge in Linear Least Squares");
    return p->info == 0;
}

static struct ndarray *residuals_of(struct vm *vm, const struct least_squares *p, bool complex, int right)
{
    if (p->rank != p->columns || p->rows <= p->columns)
        return array_new_1d(vm, DTYPE_FLOAT64, 0);
    struct ndarray *result = array_new_1d(vm, DTYPE_FLOAT64, right);
    int parts = complex ? 2 : 1;
    for (int j = 0; result && j < right; j++) {
        const double *rest =
            (const double *)(const void *)p->b + ((size_t)p->columns + (size_t)j * (size_t)p->rows) * (size_t)parts;
        double sum = 0;
        for (int i = 0; i < p->rows - p->columns; i++)
            sum += complex ? rest[2 * i] * rest[2 * i] + rest[2 * i + 1] * rest[2 * i + 1] : rest[i] * rest[i];
        ((double *)(void *)result->data)[j] = sum;
    }
    return result;
}

static bool tolerance_from(struct vm *vm, value given, int rows, int columns, double *out)
{
    int larger = rows > columns ? rows : columns;
    if (given == NONE) {
        *out = 2.220446049250313e-16 * larger;
        return true;
    }
    *out = -1;
    const struct ndarray *number = given != VALUE_NULL && is_int(given) ? array_from(vm, given, DTYPE_NONE) : NULL;
    if (number && number->dtype == DTYPE_OBJECT) { /* too large for an integer's type */
        raise_error(vm, &ufunc_type_error_type,
                    "Cannot cast ufunc '%s' input 2 from dtype('O') to dtype('float64') with casting rule 'same_kind'",
                    rows <= columns ? "lstsq_m" : "lstsq_n");
        return false;
    }
    if (given != VALUE_NULL && !(has_flag(given, TYPE_STRING) && string_is(given, "warn")))
        return value_to_double(vm, given, out);
    return warning_issue(
        vm, &exc_FutureWarning, 1,
        "`rcond` parameter will change to the default of machine precision times ``max(M, N)`` where M and N are the "
        "input matrix dimensions.\nTo use the future default and silence this warning we advise to pass `rcond=None`, "
        "to keep using the old, explicitly pass `rcond=-1`.");
}

value linalg_lstsq(struct vm *vm, value a_given, value b_given, value rcond)
{
    struct ndarray *a = array_from(vm, a_given, DTYPE_NONE), *b = a ? array_from(vm, b_given, DTYPE_NONE) : NULL;
    bool complex, vector;
    int dtype;
    struct stack stack;
    if (!b)
        return VALUE_NULL;
    vector = b->dimensions == 1;
    if (a->dimensions != 2 || (!vector && b->dimensions != 2))
        return raise_error(vm, &linalg_error_type, "%d-dimensional array given. Array must be two-dimensional",
                           (int)(a->dimensions != 2 ? a->dimensions : b->dimensions));
    if (a->shape[0] != b->shape[0])
        return raise_error(vm, &linalg_error_type, "Incompatible dimensions");
    struct least_squares p = {.rank = 0};
    const char *function = a->shape[0] <= a->shape[1] ? "lstsq_m" : "lstsq_n";
    if (!linalg_dtype(vm, (struct ndarray *[]){a, b}, 2, &complex, &dtype) ||
        !matrix_castable(vm, a, complex, function, 0) || !matrix_castable(vm, b, complex, function, 1) ||
        !stack_from(vm, a, complex, &stack) || !tolerance_from(vm, rcond, stack.rows, stack.columns, &p.rcond))
        return VALUE_NULL;
    struct ndarray *right = array_contiguous(vm, b, work_dtype(complex));
    int columns = vector ? 1 : (int)b->shape[1], smaller = stack.rows < stack.columns ? stack.rows : stack.columns;
    p.rows = stack.rows;
    p.columns = stack.columns;
    p.right = columns > 0 ? columns : 1; /* LAPACK wants one */
    p.leading = leading_of(stack.rows > stack.columns ? stack.rows : stack.columns);
    struct workspace space = {{0}, 0};
    p.a = right ? workspace_take(vm, &space, (size_t)p.rows * (size_t)p.columns, stack.bytes) : NULL;
    p.b = p.a ? workspace_take(vm, &space, (size_t)p.leading * (size_t)p.right, stack.bytes) : NULL;
    struct ndarray *s = p.b ? array_new_1d(vm, DTYPE_FLOAT64, smaller) : NULL;
    int64_t shape[2] = {p.columns, columns};
    struct ndarray *x = s ? array_new(vm, work_dtype(complex), vector ? 1 : 2, shape) : NULL, *residuals = NULL;
    if (x) {
        p.s = (double *)(void *)s->data;
        to_columns(p.a, leading_of(p.rows), stack.array->data, p.rows, p.columns, stack.bytes);
        to_columns(p.b, p.leading, right->data, p.rows, columns, stack.bytes);
        if (least_squares_run(vm, &space, complex, &p)) {
            residuals = residuals_of(vm, &p, complex, columns);
            if (p.rows)
                from_columns(x->data, p.b, p.leading, p.columns, columns, stack.bytes);
        }
    }
    workspace_free(&space);
    if (!residuals)
        return VALUE_NULL;
    double m = p.rows, n = smaller;
    account_operations(vm, 4 * m * n * n + 8 * n * n * n + 2 * m * p.columns * p.right, complex);
    value parts[3] = {linalg_cast(vm, x, dtype), linalg_cast(vm, residuals, real_dtype(dtype)),
                      linalg_cast(vm, s, real_dtype(dtype))};
    int32_t rank = p.rank;
    return tuple_pack(vm, 4, parts[0], parts[1], scalar_new(vm, DTYPE_INT32, (char *)&rank), parts[2]);
}
