/* derived.c - numpy.linalg's functions that are put together from others: norms, powers, pseudo-inverses, ranks,
 * conditions, chains of products, equations of tensors. In numpy's order of operations, so that the bits agree. */
#include "sim/tensor/linalg/linalg.h"

#include "sim/profile/profile.h"

static value applied(struct vm *vm, const char *name, value v)
{
    return v == VALUE_NULL ? v : ufunc_apply(vm, name, &v, 1);
}

static value reduced(struct vm *vm, enum reduction kind, value v, value axis, value keepdims)
{
    return v == VALUE_NULL ? v : array_reduce(vm, kind, v, axis, keepdims);
}

static value matrix_transposed(struct vm *vm, value v)
{
    if (v == VALUE_NULL)
        return v;
    struct ndarray *array = array_of(v);
    uint32_t axes[DIMENSIONS_MAX], dimensions = array->dimensions;
    for (uint32_t i = 0; i < dimensions; i++)
        axes[i] = i;
    axes[dimensions - 2] = dimensions - 1;
    axes[dimensions - 1] = dimensions - 2;
    return array_value(array_permute(vm, array, axes));
}

/* ---- norms ---- */

enum norm_kind { NORM_DEFAULT, NORM_FROBENIUS, NORM_NUCLEAR, NORM_NUMBER, NORM_UNKNOWN };
struct norm_order {
    enum norm_kind kind;
    double number;
    value given;
};

static bool order_from(struct vm *vm, value given, struct norm_order *order)
{
    *order = (struct norm_order){NORM_DEFAULT, 0, given};
    if (given == VALUE_NULL || given == NONE)
        return true;
    if (has_flag(given, TYPE_STRING)) {
        order->kind = string_is(given, "fro") || string_is(given, "f") ? NORM_FROBENIUS
                      : string_is(given, "nuc")                        ? NORM_NUCLEAR
                                                                       : NORM_UNKNOWN;
        return true;
    }
    order->kind = NORM_NUMBER;
    return value_to_double(vm, given, &order->number);
}

static bool order_is(const struct norm_order *order, double number)
{
    return order->kind == NORM_NUMBER && order->number == number;
}

/* |x|**2 of each element, real: x * x, or the real part of conj(x) * x */
static value squares(struct vm *vm, struct ndarray *x)
{
    if (!is_complex_dtype(x->dtype))
        return array_binary(vm, BINARY_MUL, object_value(x), object_value(x));
    value conjugate = applied(vm, "conjugate", object_value(x));
    value product = conjugate == VALUE_NULL ? conjugate : array_binary(vm, BINARY_MUL, conjugate, object_value(x));
    return product == VALUE_NULL ? product : get_attribute_text(vm, product, "real");
}

static value dot_with_itself(struct vm *vm, value v)
{
    return v == VALUE_NULL ? v : array_dot(vm, v, v);
}

/* All elements, in the order of memory: the root of the product with itself. */
static value norm_of_all(struct vm *vm, struct ndarray *x, bool keepdims)
{
    int64_t flat[1] = {-1}, ones[DIMENSIONS_MAX];
    struct ndarray *turned = array_is_fortran(x) && !array_is_contiguous(x) ? array_of(array_transpose(vm, x)) : x;
    value line = turned ? array_reshape(vm, turned, flat, 1) : VALUE_NULL, square;
    if (line == VALUE_NULL)
        return line;
    if (is_complex_dtype(x->dtype)) {
        value real = dot_with_itself(vm, get_attribute_text(vm, line, "real"));
        value imaginary = real == VALUE_NULL ? real : dot_with_itself(vm, get_attribute_text(vm, line, "imag"));
        square = imaginary == VALUE_NULL ? imaginary : binary_operation(vm, BINARY_ADD, real, imaginary);
    } else {
        square = dot_with_itself(vm, line);
    }
    value root = applied(vm, "sqrt", square);
    if (root == VALUE_NULL || !keepdims)
        return root;
    for (uint32_t i = 0; i < x->dimensions; i++)
        ones[i] = 1;
    struct ndarray *array = array_from(vm, root, DTYPE_NONE);
    value shaped = array ? array_reshape(vm, array, ones, x->dimensions) : VALUE_NULL;
    return shaped == VALUE_NULL || x->dimensions ? shaped : array_result(vm, array_of(shaped));
}

static value vector_norm(struct vm *vm, struct ndarray *x, const struct norm_order *order, value axis, value keepdims)
{
    value v = object_value(x);
    if (order_is(order, INFINITY))
        return reduced(vm, REDUCE_MAX, applied(vm, "absolute", v), axis, keepdims);
    if (order_is(order, -INFINITY))
        return reduced(vm, REDUCE_MIN, applied(vm, "absolute", v), axis, keepdims);
    if (order_is(order, 0)) {
        value differs = array_compare(vm, v, small_int(0), COMPARE_NE);
        struct ndarray *ones = differs == VALUE_NULL ? NULL : array_from(vm, differs, DTYPE_NONE);
        bool kept = x->dtype == DTYPE_FLOAT16 || x->dtype == DTYPE_OBJECT;
        ones = ones ? array_contiguous(vm, ones, kept ? x->dtype : real_dtype(x->dtype)) : NULL;
        return ones ? reduced(vm, REDUCE_SUM, object_value(ones), axis, keepdims) : VALUE_NULL;
    }
    if (order_is(order, 1))
        return reduced(vm, REDUCE_SUM, applied(vm, "absolute", v), axis, keepdims);
    if (order->kind == NORM_DEFAULT || order_is(order, 2))
        return applied(vm, "sqrt", reduced(vm, REDUCE_SUM, squares(vm, x), axis, keepdims));
    value size = applied(vm, "absolute", v);
    value powers = size == VALUE_NULL ? size : array_binary(vm, BINARY_POWER, size, order->given);
    value sum = reduced(vm, REDUCE_SUM, powers, axis, keepdims);
    if (sum == VALUE_NULL || (!is_array(sum) && scalar_dtype(sum) < 0)) /* a number of Python's has no type to take the root in */
        return sum == VALUE_NULL ? sum : get_attribute_text(vm, sum, "dtype");
    struct ndarray *array = array_from(vm, sum, DTYPE_NONE),
                   *inverse = array ? array_new(vm, array->dtype, 0, NULL) : NULL;
    if (!inverse || !element_store(vm, inverse->dtype, inverse->data, float_value(vm, 1 / order->number)))
        return VALUE_NULL;
    return ufunc_apply(vm, "power", (value[]){sum, object_value(inverse)}, 2);
}

/* Sums of sizes along one axis, then the greatest or least along the other. */
static value sums_extreme(struct vm *vm, struct ndarray *x, uint32_t sum_axis, uint32_t other, bool greatest)
{
    value sums = reduced(vm, REDUCE_SUM, applied(vm, "absolute", object_value(x)), small_int(sum_axis), FALSE);
    if (other > sum_axis)
        other--;
    return reduced(vm, greatest ? REDUCE_MAX : REDUCE_MIN, sums, small_int(other), FALSE);
}

static value singular_norm(struct vm *vm, struct ndarray *x, uint32_t row, uint32_t column, enum reduction kind)
{
    uint32_t axes[DIMENSIONS_MAX], count = 0;
    for (uint32_t i = 0; i < x->dimensions; i++)
        if (i != row && i != column)
            axes[count++] = i;
    axes[count++] = row;
    axes[count++] = column;
    struct ndarray *moved = array_permute(vm, x, axes);
    value s = moved ? linalg_svd(vm, object_value(moved), false, false) : VALUE_NULL;
    return reduced(vm, kind, s, small_int(-1), FALSE);
}

static value matrix_norm(struct vm *vm, struct ndarray *x, const struct norm_order *order, uint32_t row,
                         uint32_t column)
{
    if (order_is(order, 2))
        return singular_norm(vm, x, row, column, REDUCE_MAX);
    if (order_is(order, -2))
        return singular_norm(vm, x, row, column, REDUCE_MIN);
    if (order_is(order, 1) || order_is(order, -1))
        return sums_extreme(vm, x, row, column, order->number > 0);
    if (order_is(order, INFINITY) || order_is(order, -INFINITY))
        return sums_extreme(vm, x, column, row, order->number > 0);
    if (order->kind == NORM_DEFAULT || order->kind == NORM_FROBENIUS)
        return applied(
            vm, "sqrt",
            reduced(vm, REDUCE_SUM, squares(vm, x), tuple_pack(vm, 2, small_int(row), small_int(column)), FALSE));
    if (order->kind == NORM_NUCLEAR)
        return singular_norm(vm, x, row, column, REDUCE_SUM);
    return raise_error(vm, &exc_ValueError, "Invalid norm order for matrices.");
}

/* Of one axis, whose order is looked at first. */
static bool norm_axis(struct vm *vm, struct ndarray *x, value given, const struct norm_order *order, uint32_t *axis)
{
    if (order->kind != NORM_DEFAULT && order->kind != NORM_NUMBER) {
        raise_error(vm, &exc_ValueError, "Invalid norm order '%S' for vectors", order->given);
        return false;
    }
    return axis_from(vm, given, x->dimensions, axis);
}

static bool norm_axes(struct vm *vm, struct ndarray *x, value given, const struct norm_order *order, uint32_t *axes,
                      uint32_t *count)
{
    *count = 0;
    if (given == VALUE_NULL || given == NONE) {
        for (*count = 0; *count < x->dimensions; ++*count)
            axes[*count] = *count;
        return *count != 1 || norm_axis(vm, x, small_int(0), order, axes);
    }
    if (has_flag(given, TYPE_TUPLE) && tuple_of(given)->length == 1) {
        given = tuple_of(given)->items[0];
    } else if (has_flag(given, TYPE_TUPLE)) {
        for (; *count < tuple_of(given)->length && *count < DIMENSIONS_MAX; ++*count)
            if (!axis_from(vm, tuple_of(given)->items[*count], x->dimensions, &axes[*count]))
                return false;
        return true;
    }
    value number = call_1(vm, type_object_value(&int_type), given);
    if (number == VALUE_NULL) {
        value cause = exception_take(vm);
        value error = call_1(vm, type_object_value(&exc_TypeError),
                             string_from_text(vm, "'axis' must be None, an integer or a tuple of integers"));
        return error != VALUE_NULL && raise_with_cause(vm, error, cause) != VALUE_NULL;
    }
    *count = 1;
    return norm_axis(vm, x, number, order, axes);
}

value linalg_norm(struct vm *vm, value given, value order_given, value axis, value keepdims_given)
{
    struct ndarray *x = array_from(vm, given, DTYPE_NONE);
    struct norm_order order;
    uint32_t axes[DIMENSIONS_MAX], count;
    int keepdims = keepdims_given == VALUE_NULL ? 0 : value_truth(vm, keepdims_given);
    if (!x || keepdims < 0 || !order_from(vm, order_given, &order))
        return VALUE_NULL;
    if (!is_float_dtype(x->dtype) && !is_complex_dtype(x->dtype) && x->dtype != DTYPE_OBJECT &&
        !(x = array_contiguous(vm, x, DTYPE_FLOAT64)))
        return VALUE_NULL;
    bool all = axis == VALUE_NULL || axis == NONE;
    if (all && (order.kind == NORM_DEFAULT || (order.kind == NORM_FROBENIUS && x->dimensions == 2) ||
                (order_is(&order, 2) && x->dimensions == 1)))
        return norm_of_all(vm, x, keepdims);
    if (has_flag(axis, TYPE_TUPLE) && (tuple_of(axis)->length - 1) > 1)
        return raise_error(vm, &exc_ValueError, "Improper number of dimensions to norm.");
    if (!norm_axes(vm, x, axis, &order, axes, &count))
        return VALUE_NULL;
    if (count == 1)
        return vector_norm(vm, x, &order, small_int(axes[0]), bool_value(keepdims));
    if (count != 2)
        return raise_error(vm, &exc_ValueError, "Improper number of dimensions to norm.");
    if (axes[0] == axes[1])
        return raise_error(vm, &exc_ValueError, "Duplicate axes given.");
    value result = matrix_norm(vm, x, &order, axes[0], axes[1]);
    if (!keepdims || result == VALUE_NULL)
        return result;
    int64_t shape[DIMENSIONS_MAX];
    memcpy(shape, x->shape, x->dimensions * sizeof *shape);
    shape[axes[0]] = shape[axes[1]] = 1;
    struct ndarray *array = array_from(vm, result, DTYPE_NONE);
    return array ? array_reshape(vm, array, shape, x->dimensions) : VALUE_NULL;
}

/* ---- powers, pseudo-inverses, ranks ---- */

value linalg_matrix_power(struct vm *vm, value given, value exponent)
{
    struct ndarray *a = matrix_operand(vm, given);
    int64_t n;
    if (!a || !matrix_square(vm, a))
        return VALUE_NULL;
    if (!has_index(vm, exponent))
        return raise_error(vm, &exc_TypeError, "exponent must be an integer");
    if (!value_to_index(vm, exponent, &n))
        return VALUE_NULL;
    value base = object_value(a), result = VALUE_NULL;
    if (n >= -1 && n <= 1 && vm->record_shape) /* no product is made */
        vm->record_shape(vm, SHAPE_NONE, 0, 0, 0, 0);
    if (n == 0) {
        struct ndarray *unit = array_new(vm, array_dtype(a), a->dimensions, a->shape);
        int64_t size = a->shape[a->dimensions - 1], matrices = size ? a->size / (size * size) : 0;
        for (int64_t k = 0; unit && k < matrices * size; k++)
            if (!element_store(vm, array_dtype(unit),
                               unit->data + (k / size * size * size + k % size * (size + 1)) * unit->item_size,
                               small_int(1)))
                return VALUE_NULL;
        return array_value(unit);
    }
    if (n < 0) {
        base = linalg_inv(vm, base);
        n = -n;
    }
    if (n == 3 && base != VALUE_NULL) {
        value square = array_matmul(vm, base, base);
        return square == VALUE_NULL ? square : array_matmul(vm, square, base);
    }
    for (; n && base != VALUE_NULL; n >>= 1) {
        if (n & 1) {
            result = result == VALUE_NULL ? base : array_matmul(vm, result, base);
            if (result == VALUE_NULL)
                return result;
        }
        if (n > 1)
            base = array_matmul(vm, base, base);
    }
    return base == VALUE_NULL ? base : result;
}

static bool is_empty_matrix(const struct ndarray *a)
{
    return a->size == 0 && (a->shape[a->dimensions - 1] == 0 || a->shape[a->dimensions - 2] == 0);
}

/* The singular values alone, or with their vectors. */
static value singular_parts(struct vm *vm, value a, bool vectors, bool hermitian)
{
    return hermitian ? linalg_svd_hermitian(vm, a, vectors) : linalg_svd(vm, a, false, vectors);
}

/* 1 / s where it is more than its share of the greatest, else 0 */
static bool singular_values_invert(struct vm *vm, struct ndarray *s, value rcond_given)
{
    double rcond = 1e-15;
    if (rcond_given != VALUE_NULL && !value_to_double(vm, rcond_given, &rcond))
        return false;
    int64_t length = s->shape[s->dimensions - 1];
    double *reals = (double *)(void *)s->data;
    float *singles = (float *)(void *)s->data;
    ADD_WORK(vm, elements, 3 * s->size);
    for (int64_t row = 0; length && row < s->size; row += length) {
        if (s->dtype == DTYPE_FLOAT64) {
            double cutoff = rcond * reals[row];
            for (int64_t i = row; i < row + length; i++)
                reals[i] = reals[i] > cutoff ? 1 / reals[i] : 0;
        } else {
            float cutoff = (float)rcond * singles[row];
            for (int64_t i = row; i < row + length; i++)
                singles[i] = singles[i] > cutoff ? 1 / singles[i] : 0;
        }
    }
    return true;
}

value linalg_pinv(struct vm *vm, value given, value rcond, bool hermitian)
{
    struct ndarray *a = array_from(vm, given, DTYPE_NONE);
    int64_t shape[DIMENSIONS_MAX];
    if (a && a->dimensions == 1 && !a->size) /* none is looked at before it is known to have elements */
        return raise_error(vm, &exc_ValueError, "not enough values to unpack (expected 2, got 1)");
    if (!a || !matrix_operand(vm, object_value(a)))
        return VALUE_NULL;
    if (is_empty_matrix(a)) {
        memcpy(shape, a->shape, a->dimensions * sizeof *shape);
        shape[a->dimensions - 2] = a->shape[a->dimensions - 1];
        shape[a->dimensions - 1] = a->shape[a->dimensions - 2];
        return array_value(array_new(vm, array_dtype(a), a->dimensions, shape));
    }
    value conjugate = is_complex_dtype(a->dtype) ? applied(vm, "conjugate", object_value(a)) : object_value(a);
    value parts = conjugate == VALUE_NULL ? conjugate : singular_parts(vm, conjugate, true, hermitian);
    if (parts == VALUE_NULL)
        return parts;
    struct ndarray *s = array_of(tuple_of(parts)->items[1]);
    if (!singular_values_invert(vm, s, rcond))
        return VALUE_NULL;
    memcpy(shape, s->shape, s->dimensions * sizeof *shape);
    shape[s->dimensions] = 1;
    value column = array_reshape(vm, s, shape, s->dimensions + 1u),
          u = matrix_transposed(vm, tuple_of(parts)->items[0]);
    value scaled = column == VALUE_NULL || u == VALUE_NULL ? VALUE_NULL : array_binary(vm, BINARY_MUL, column, u);
    value v = matrix_transposed(vm, tuple_of(parts)->items[2]);
    return scaled == VALUE_NULL || v == VALUE_NULL ? VALUE_NULL : array_matmul(vm, v, scaled);
}

value linalg_matrix_rank(struct vm *vm, value given, value tolerance, bool hermitian)
{
    struct ndarray *a = array_from(vm, given, DTYPE_NONE);
    if (!a)
        return VALUE_NULL;
    if (a->dimensions < 2) {
        value zeros = compare_operation(vm, COMPARE_EQ, object_value(a), small_int(0)), /* texts and None are not equal to 0 */
            all = zeros == VALUE_NULL ? zeros : reduced(vm, REDUCE_ALL, zeros, NONE, FALSE);
        int truth = all == VALUE_NULL ? -1 : value_truth(vm, all);
        return truth < 0 ? VALUE_NULL : small_int(!truth);
    }
    value s = singular_parts(vm, object_value(a), false, hermitian), bound;
    if (s == VALUE_NULL)
        return s;
    if (tolerance == VALUE_NULL || tolerance == NONE) {
        int64_t rows = a->shape[a->dimensions - 2], columns = a->shape[a->dimensions - 1];
        double epsilon = array_of(s)->dtype == DTYPE_FLOAT32 ? 1.1920928955078125e-07 : 2.220446049250313e-16;
        value most = reduced(vm, REDUCE_MAX, s, small_int(-1), TRUE);
        value scaled =
            most == VALUE_NULL ? most : array_binary(vm, BINARY_MUL, most, small_int(rows > columns ? rows : columns));
        bound = scaled == VALUE_NULL ? scaled : array_binary(vm, BINARY_MUL, scaled, float_value(vm, epsilon));
    } else {
        struct ndarray *array = array_from(vm, tolerance, DTYPE_NONE);
        int64_t shape[DIMENSIONS_MAX];
        if (!array)
            return VALUE_NULL;
        memcpy(shape, array->shape, array->dimensions * sizeof *shape);
        shape[array->dimensions] = 1;
        bound = array_reshape(vm, array, shape, array->dimensions + 1u);
    }
    value larger = bound == VALUE_NULL ? bound : array_compare(vm, s, bound, COMPARE_GT);
    return reduced(vm, REDUCE_SUM, larger, small_int(-1), FALSE);
}

/* ---- condition ---- */

/* The greatest over the least singular value, or the other way round. */
static struct ndarray *singular_ratios(struct vm *vm, value x, bool inverse)
{
    value s_value = linalg_svd(vm, x, false, false);
    if (s_value == VALUE_NULL)
        return NULL;
    struct ndarray *s = array_of(s_value), *result = array_new(vm, s->dtype, s->dimensions - 1u, s->shape);
    int64_t length = s->shape[s->dimensions - 1];
    for (int64_t i = 0; result && i < result->size; i++) {
        const char *first = s->data + i * length * s->item_size, *last = first + (length - 1) * s->item_size;
        double a = element_float(s->dtype, inverse ? last : first), b = element_float(s->dtype, inverse ? first : last);
        if (s->dtype == DTYPE_FLOAT64)
            ((double *)(void *)result->data)[i] = a / b;
        else
            ((float *)(void *)result->data)[i] = (float)a / (float)b;
    }
    return result;
}

static struct ndarray *norm_products(struct vm *vm, struct ndarray *x, value p)
{
    bool complex;
    int dtype;
    if (!matrix_square(vm, x) || !linalg_dtype(vm, &x, 1, &complex, &dtype))
        return NULL;
    value inverse = linalg_inv_or_nan(vm, object_value(x));
    value axes = inverse == VALUE_NULL ? inverse : tuple_pack(vm, 2, small_int(-2), small_int(-1));
    value a = axes == VALUE_NULL ? axes : linalg_norm(vm, object_value(x), p, axes, FALSE);
    value b = a == VALUE_NULL ? a : linalg_norm(vm, inverse, p, axes, FALSE);
    value product = b == VALUE_NULL ? b : binary_operation(vm, BINARY_MUL, a, b);
    struct ndarray *array = product == VALUE_NULL ? NULL : array_from(vm, product, DTYPE_NONE);
    return array ? array_duplicate(vm, array, dtype) : NULL; /* complex for complex matrices, as numpy's */
}

value linalg_cond(struct vm *vm, value given, value p)
{
    struct ndarray *x = array_from(vm, given, DTYPE_NONE), *result;
    double number = 2;
    if (!x)
        return VALUE_NULL;
    if (!x->size && (x->dimensions < 2 || is_empty_matrix(x)))
        return raise_error(vm, &linalg_error_type, "cond is not defined on empty arrays");
    if (!(x = matrix_operand(vm, object_value(x))))
        return VALUE_NULL;
    bool is_text = p != VALUE_NULL && has_flag(p, TYPE_STRING);
    if (p != VALUE_NULL && p != NONE && !is_text && !value_to_double(vm, p, &number))
        return VALUE_NULL;
    result = !is_text && fabs(number) == 2 ? singular_ratios(vm, object_value(x), number < 0) : norm_products(vm, x, p);
    if (!result)
        return VALUE_NULL;
    int64_t elements = x->shape[x->dimensions - 1] * x->shape[x->dimensions - 2], index[DIMENSIONS_MAX] = {0};
    char *element = x->data;
    for (int64_t i = 0; i < result->size; i++) { /* NaN where the matrix has none means: infinite */
        bool has_nan = false;
        for (int64_t k = 0; k < elements; k++, element_next(x, index, &element))
            has_nan = has_nan || (is_float_dtype(x->dtype) && isnan(element_float(x->dtype, element)));
        char *target = result->data + i * result->item_size;
        if (!has_nan && isnan(element_float(result->dtype, target)) &&
            !element_store(vm, result->dtype, target, float_value(vm, INFINITY)))
            return VALUE_NULL;
    }
    return array_result(vm, result);
}

/* ---- chains of products ---- */

enum { CHAIN_MAX = 256 };

/* The order of multiplications with the fewest of them, by T. H. Cormen et al., "Introduction to Algorithms", 15.2. */
static void chain_plan(const int64_t *sizes, int count, double *costs, int *splits)
{
    for (int i = 0; i < count; i++)
        costs[i * count + i] = 0;
    for (int length = 1; length < count; length++) {
        for (int i = 0; i < count - length; i++) {
            int j = i + length;
            costs[i * count + j] = INFINITY;
            for (int k = i; k < j; k++) {
                double cost = costs[i * count + k] + costs[(k + 1) * count + j] +
                              (double)(sizes[i] * sizes[k + 1] * sizes[j + 1]);
                if (cost < costs[i * count + j]) {
                    costs[i * count + j] = cost;
                    splits[i * count + j] = k;
                }
            }
        }
    }
}

static value chain_multiply(struct vm *vm, const value *arrays, int count, const int *splits, int i, int j)
{
    if (i == j)
        return arrays[i];
    int k = splits[i * count + j];
    value a = chain_multiply(vm, arrays, count, splits, i, k);
    value b = a == VALUE_NULL ? a : chain_multiply(vm, arrays, count, splits, k + 1, j);
    return b == VALUE_NULL ? b : array_dot(vm, a, b);
}

static value chain_run(struct vm *vm, value *arrays, int count)
{
    int64_t sizes[CHAIN_MAX + 1];
    for (int i = 0; i < count; i++) {
        if (array_of(arrays[i])->dimensions != 2)
            return raise_error(vm, &linalg_error_type, "%d-dimensional array given. Array must be two-dimensional",
                               (int)array_of(arrays[i])->dimensions);
        sizes[i] = array_of(arrays[i])->shape[0];
    }
    sizes[count] = array_of(arrays[count - 1])->shape[1];
    if (count == 3) { /* numpy's rule for three, which does not prefer the left one when both cost the same */
        int64_t inner = array_of(arrays[0])->shape[1], last = array_of(arrays[2])->shape[0];
        bool left = sizes[0] * last * (inner + sizes[3]) < inner * sizes[3] * (sizes[0] + last);
        value first = left ? array_dot(vm, arrays[0], arrays[1]) : array_dot(vm, arrays[1], arrays[2]);
        return first == VALUE_NULL ? first : left ? array_dot(vm, first, arrays[2]) : array_dot(vm, arrays[0], first);
    }
    double *costs = malloc((size_t)count * (size_t)count * sizeof *costs);
    int *splits = malloc((size_t)count * (size_t)count * sizeof *splits);
    value result = VALUE_NULL;
    if (costs && splits) {
        chain_plan(sizes, count, costs, splits);
        result = chain_multiply(vm, arrays, count, splits, 0, count - 1);
    } else {
        raise_no_memory(vm);
    }
    free(costs);
    free(splits);
    return result;
}

value linalg_multi_dot(struct vm *vm, value given)
{
    value list = list_from_iterable(vm, given), arrays[CHAIN_MAX];
    if (list == VALUE_NULL)
        return list;
    int count = (int)list_of(list)->length;
    if (count < 2)
        return raise_error(vm, &exc_ValueError, "Expecting at least two arrays.");
    if (count == 2)
        return array_dot(vm, list_of(list)->items[0], list_of(list)->items[1]);
    if (count > CHAIN_MAX)
        return raise_unsupported(vm, "numpy.linalg.multi_dot of more than 256 arrays");
    bool vector[2] = {false, false};
    for (int i = 0; i < count; i++) {
        struct ndarray *array = array_from(vm, list_of(list)->items[i], DTYPE_NONE);
        if (!array)
            return VALUE_NULL;
        arrays[i] = object_value(array);
        if ((i == 0 || i == count - 1) && array->dimensions == 1) {
            int64_t shape[2] = {i ? array->size : 1, i ? 1 : array->size};
            vector[i != 0] = true;
            arrays[i] = array_reshape(vm, array, shape, 2);
            if (arrays[i] == VALUE_NULL)
                return VALUE_NULL;
        }
    }
    value result = chain_run(vm, arrays, count);
    if (result == VALUE_NULL || (!vector[0] && !vector[1]))
        return result;
    int64_t flat[1] = {-1};
    if (vector[0] && vector[1])
        return array_result(vm, array_of(array_reshape(vm, array_of(result), NULL, 0)));
    return array_reshape(vm, array_of(result), flat, 1);
}

/* ---- equations of tensors ---- */

value linalg_tensorsolve(struct vm *vm, value a_given, value b_given, value axes)
{
    struct ndarray *a = array_from(vm, a_given, DTYPE_NONE), *b = a ? array_from(vm, b_given, DTYPE_NONE) : NULL;
    if (!b)
        return VALUE_NULL;
    if (axes != VALUE_NULL && axes != NONE) {
        uint32_t order[DIMENSIONS_MAX];
        value list = list_from_iterable(vm, axes);
        if (list == VALUE_NULL)
            return list;
        for (uint32_t i = 0; i < a->dimensions; i++)
            order[i] = i;
        for (uint32_t k = 0; k < list_of(list)->length; k++) { /* each goes to the end */
            uint32_t from = 0;
            int64_t axis;
            if (!value_to_index(vm, list_of(list)->items[k], &axis))
                return VALUE_NULL;
            while (from < a->dimensions && order[from] != axis)
                from++;
            if (from == a->dimensions) /* negative ones are not known */
                return raise_error(vm, &exc_ValueError, "list.remove(x): x not in list");
            memmove(order + from, order + from + 1, (a->dimensions - from - 1) * sizeof *order);
            order[a->dimensions - 1] = (uint32_t)axis;
        }
        if (!(a = array_permute(vm, a, order)))
            return VALUE_NULL;
    }
    uint32_t kept = a->dimensions > b->dimensions ? (uint32_t)(a->dimensions - b->dimensions) : 0;
    int64_t shape[DIMENSIONS_MAX], product = 1, square[2], flat[1] = {-1};
    memcpy(shape, a->shape + a->dimensions - kept, kept * sizeof *shape);
    for (uint32_t i = 0; i < kept; i++)
        product *= shape[i];
    if (a->size != product * product)
        return raise_error(vm, &linalg_error_type,
                           "Input arrays must satisfy the requirement             prod(a.shape[b.ndim:]) == "
                           "prod(a.shape[:b.ndim])");
    square[0] = square[1] = product;
    value matrix = array_reshape(vm, a, square, 2),
          right = matrix == VALUE_NULL ? matrix : array_reshape(vm, b, flat, 1);
    value x = right == VALUE_NULL ? right : linalg_solve(vm, matrix, right);
    return x == VALUE_NULL ? x : array_reshape(vm, array_of(x), shape, kept);
}

value linalg_tensorinv(struct vm *vm, value given, value ind_given)
{
    struct ndarray *a = array_from(vm, given, DTYPE_NONE);
    int64_t ind = 2, shape[DIMENSIONS_MAX], product = 1, square[2] = {0, -1};
    if (!a || (ind_given != VALUE_NULL && !value_to_index(vm, ind_given, &ind)))
        return VALUE_NULL;
    if (ind <= 0)
        return raise_error(vm, &exc_ValueError, "Invalid ind argument.");
    uint32_t split = ind < a->dimensions ? (uint32_t)ind : a->dimensions, count = 0;
    for (uint32_t i = split; i < a->dimensions; i++) {
        shape[count++] = a->shape[i];
        product *= a->shape[i];
    }
    for (uint32_t i = 0; i < split; i++)
        shape[count++] = a->shape[i];
    square[0] = product;
    value matrix = array_reshape(vm, a, square, 2), inverse = matrix == VALUE_NULL ? matrix : linalg_inv(vm, matrix);
    return inverse == VALUE_NULL ? inverse : array_reshape(vm, array_of(inverse), shape, count);
}
