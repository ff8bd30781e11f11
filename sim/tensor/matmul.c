/* matmul.c - matrix products. Every element is the sum over k in ascending order, one rounding a step: bit
 * for bit what the reference BLAS's dgemm, dgemv and ddot give (compiled without contraction). */
#include "sim/tensor/numpy_state.h"
#include "sim/tensor/ufunc.h"

#include "sim/profile/profile.h"

typedef void (*product_function)(const char *a, const char *b, char *c, int64_t rows, int64_t columns,
                                 int64_t depth);

enum { DOTS = 8 };

/* Four rows of b at a time: the sums still grow in the order of k, but c is read and written a quarter as
 * often. One column: dot products. */
#define REAL_PRODUCT(N, T)                                                                                   \
    /* Several dot products at a time, since each waits for its own sums; the rows are so far from each other. */ \
    static void dots_##N(const T *a, int64_t a_step, const T *b, int64_t b_step, T *out, int64_t depth)      \
    {                                                                                                        \
        T sums[DOTS] = {0};                                                                                  \
        for (int64_t k = 0; k < depth; k++)                                                                  \
            for (int n = 0; n < DOTS; n++)                                                                   \
                sums[n] += a[n * a_step + k] * b[n * b_step + k];                                            \
        memcpy(out, sums, sizeof sums);                                                                      \
    }                                                                                                        \
    static void product_##N(const char *left, const char *right, char *out, int64_t rows, int64_t columns,   \
                            int64_t depth)                                                                   \
    {                                                                                                        \
        const T *a = (const T *)(const void *)left, *b = (const T *)(const void *)right;                     \
        T *c = (T *)(void *)out;                                                                             \
        int64_t i = 0;                                                                                       \
        for (; columns == 1 && i + DOTS <= rows; i += DOTS)                                                  \
            dots_##N(a + i * depth, depth, b, 0, c + i, depth);                                              \
        for (; i < rows; i++) {                                                                              \
            T *restrict row = c + i * columns;                                                               \
            int64_t k = 0;                                                                                   \
            if (columns == 1) {                                                                              \
                T sum = 0;                                                                                   \
                for (; k < depth; k++)                                                                       \
                    sum += a[i * depth + k] * b[k];                                                          \
                *row = sum;                                                                                  \
                continue;                                                                                    \
            }                                                                                                \
            for (; k + 4 <= depth; k += 4) {                                                                 \
                const T f0 = a[i * depth + k], f1 = a[i * depth + k + 1], f2 = a[i * depth + k + 2],         \
                        f3 = a[i * depth + k + 3];                                                           \
                const T *restrict b0 = b + k * columns, *restrict b1 = b0 + columns,                         \
                                  *restrict b2 = b1 + columns, *restrict b3 = b2 + columns;                  \
                for (int64_t j = 0; j < columns; j++) {                                                      \
                    T sum = row[j];                                                                          \
                    sum += f0 * b0[j];                                                                       \
                    sum += f1 * b1[j];                                                                       \
                    sum += f2 * b2[j];                                                                       \
                    sum += f3 * b3[j];                                                                       \
                    row[j] = sum;                                                                            \
                }                                                                                            \
            }                                                                                                \
            for (; k < depth; k++) {                                                                         \
                const T factor = a[i * depth + k];                                                           \
                const T *restrict other = b + k * columns;                                                   \
                for (int64_t j = 0; j < columns; j++)                                                        \
                    row[j] += factor * other[j];                                                             \
            }                                                                                                \
        }                                                                                                    \
    }
REAL_PRODUCT(FLOAT64, double)
REAL_PRODUCT(FLOAT32, float)

#define INTEGER_PRODUCT(op, N, T, U)                                                                         \
    static void product_##N(const char *left, const char *right, char *out, int64_t rows, int64_t columns,   \
                            int64_t depth)                                                                   \
    {                                                                                                        \
        const T *a = (const T *)(const void *)left, *b = (const T *)(const void *)right;                     \
        T *c = (T *)(void *)out;                                                                             \
        for (int64_t i = 0; i < rows; i++) {                                                                 \
            T *restrict row = c + i * columns;                                                               \
            for (int64_t k = 0; k < depth; k++) {                                                            \
                const U factor = (U)a[i * depth + k];                                                        \
                const T *restrict other = b + k * columns;                                                   \
                for (int64_t j = 0; j < columns; j++)                                                        \
                    row[j] = (T)((U)row[j] + factor * (U)other[j]);                                          \
            }                                                                                                \
        }                                                                                                    \
    }
EACH_INTEGER(INTEGER_PRODUCT, )

/* BLAS multiplies by alpha = 1 + 0i: the left factors, or the sums of one column. Infinities become NaN there. */
#define COMPLEX_PRODUCT(op, N, T, P)                                                                         \
    static inline T times_alpha_##N(T z)                                                                     \
    {                                                                                                        \
        return (T){z.real - z.imaginary * 0, z.imaginary + z.real * 0};                                      \
    }                                                                                                        \
    static void product_##N(const char *left, const char *right, char *out, int64_t rows, int64_t columns,   \
                            int64_t depth)                                                                   \
    {                                                                                                        \
        const T *a = (const T *)(const void *)left, *b = (const T *)(const void *)right;                     \
        T *c = (T *)(void *)out;                                                                             \
        for (int64_t i = 0; i < rows; i++) {                                                                 \
            for (int64_t k = 0; k < depth; k++) {                                                            \
                const T f = columns > 1 ? times_alpha_##N(a[i * depth + k]) : a[i * depth + k];              \
                for (int64_t j = 0; j < columns; j++) {                                                      \
                    const T x = b[k * columns + j];                                                          \
                    T *z = &c[i * columns + j];                                                              \
                    z->real += f.real * x.real - f.imaginary * x.imaginary;                                  \
                    z->imaginary += f.real * x.imaginary + f.imaginary * x.real;                             \
                }                                                                                            \
            }                                                                                                \
            if (columns == 1 && rows > 1)                                                                    \
                c[i] = times_alpha_##N(c[i]);                                                                \
        }                                                                                                    \
    }
EACH_COMPLEX(COMPLEX_PRODUCT, )

static void product_BOOL(const char *a, const char *b, char *c, int64_t rows, int64_t columns, int64_t depth)
{
    for (int64_t i = 0; i < rows; i++)
        for (int64_t k = 0; k < depth; k++)
            for (int64_t j = 0; j < columns; j++)
                c[i * columns + j] |= a[i * depth + k] & b[k * columns + j];
}

static void product_FLOAT16(const char *left, const char *right, char *out, int64_t rows, int64_t columns,
                            int64_t depth)
{
    const half *a = (const half *)(const void *)left, *b = (const half *)(const void *)right;
    for (int64_t i = 0; i < rows; i++) {
        for (int64_t j = 0; j < columns; j++) {
            float sum = 0;
            for (int64_t k = 0; k < depth; k++)
                sum += half_to_float(a[i * depth + k]) * half_to_float(b[k * columns + j]);
            ((half *)(void *)out)[i * columns + j] = float_to_half(sum);
        }
    }
}

static const product_function products[DTYPE_NUMERIC_COUNT] = {
#define DTYPE(name, type, text, kind, character, base, class) product_##name,
#include "sim/tensor/dtypes.def"
};

static bool product_objects(struct vm *vm, const value *a, const value *b, value *c, const int64_t sizes[3])
{
    int64_t rows = sizes[0], columns = sizes[1], depth = sizes[2];
    for (int64_t i = 0; i < rows; i++) {
        for (int64_t j = 0; j < columns; j++) {
            value sum = depth ? VALUE_NULL : small_int(0);
            for (int64_t k = 0; k < depth; k++) {
                value term = binary_operation(vm, BINARY_MUL, a[i * depth + k], b[k * columns + j]);
                sum = term == VALUE_NULL || sum == VALUE_NULL ? term
                                                              : binary_operation(vm, BINARY_ADD, sum, term);
                if (sum == VALUE_NULL)
                    return false;
            }
            c[i * columns + j] = sum;
        }
    }
    return true;
}

static bool product(struct vm *vm, int dtype, const char *a, const char *b, char *c, const int64_t sizes[3])
{
    int64_t rows = sizes[0], columns = sizes[1], depth = sizes[2];
    ADD_WORK(vm, multiply_adds, rows * columns * depth);
    if (vm->record_shape && dtype != DTYPE_OBJECT)
        vm->record_shape(vm, SHAPE_MATMUL, (uint32_t)rows, (uint32_t)columns, (uint32_t)depth,
                         (uint32_t)dtype_bytes(dtype));
    if (dtype == DTYPE_OBJECT)
        return product_objects(vm, (const value *)(const void *)a, (const value *)(const void *)b,
                               (value *)(void *)c, sizes);
    products[dtype](a, b, c, rows, columns, depth);
    return true;
}

bool vector_product(struct vm *vm, int dtype, const char *a, const char *b, char *out, int64_t count)
{
    const int64_t sizes[3] = {1, 1, count};
    ADD_WORK(vm, multiply_adds, count);
    if (dtype == DTYPE_OBJECT)
        return product_objects(vm, (const value *)(const void *)a, (const value *)(const void *)b,
                               (value *)(void *)out, sizes);
    products[dtype](a, b, out, 1, 1, count);
    return true;
}

static value misaligned(struct vm *vm, const struct ndarray *a, const struct ndarray *b)
{
    uint32_t last = a->dimensions - 1u, first = b->dimensions > 1 ? b->dimensions - 2u : 0;
    return raise_error(vm, &exc_ValueError, "shapes %U and %U not aligned: %lld (dim %u) != %lld (dim %u)",
                       shape_text(vm, a->shape, a->dimensions), shape_text(vm, b->shape, b->dimensions),
                       (long long)a->shape[last], last, (long long)b->shape[first], first);
}

static value mismatched(struct vm *vm, const struct ndarray *a, const struct ndarray *b)
{
    uint32_t first = b->dimensions > 1 ? b->dimensions - 2u : 0;
    return raise_error(
        vm, &exc_ValueError,
        "matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature "
        "(n?,k),(k,m?)->(n?,m?) (size %lld is different from %lld)",
        (long long)b->shape[first], (long long)a->shape[a->dimensions - 1]);
}

static int product_dtype(struct vm *vm, const struct ndarray *a, const struct ndarray *b, const char *name)
{
    int dtype = promote_types(vm, array_dtype(a), array_dtype(b));
    if (dtype >= 0 && dtype_kind(dtype) == DTYPE_STRING) {
        raise_error(vm, &ufunc_type_error_type,
                    "ufunc '%s' did not contain a loop with signature matching types (%R, %R) -> None", name,
                    dtype_value(vm, array_dtype(a)), dtype_value(vm, array_dtype(b)));
        return -1;
    }
    return dtype;
}

/* Where matrix number n of the result comes from: leading dimensions broadcast. */
static int64_t matrix_offset(const struct ndarray *array, uint32_t own, const int64_t *shape, uint32_t outer,
                             int64_t n, int64_t step)
{
    int64_t at = 0;
    for (uint32_t i = 0; i < own; i++) {
        int64_t index = n % shape[outer - 1 - i], size = array->shape[own - 1 - i];
        n /= shape[outer - 1 - i];
        at += size == 1 ? 0 : index * step;
        step *= size;
    }
    return at;
}

/* The stacks' shapes, without those of the matrices in them, do not go together. */
static value raise_stacks(struct vm *vm, struct ndarray *const *both, const int64_t *product_shape)
{
    struct string_builder builder = {0};
    for (int n = 0; n < 2; n++) {
        string_builder_add_string(&builder, shape_text(vm, both[n]->shape, both[n]->dimensions));
        string_builder_add_string(&builder, string_from_text(vm, "->("));
        for (uint32_t i = 0; i + 2 < both[n]->dimensions; i++)
            string_builder_add_string(&builder, string_printf(vm, "%lld,", (long long)both[n]->shape[i]));
        string_builder_add_string(&builder, string_from_text(vm, "newaxis,newaxis) "));
    }
    return raise_error(vm, &exc_ValueError,
                       "operands could not be broadcast together with remapped shapes [original->remapped]: %U and "
                       "requested shape %U",
                       string_builder_finish(vm, &builder), shape_text(vm, product_shape, 2));
}

/* The dot products of corresponding rows of doubles, but for the last few; how many. */
static int64_t dot_pairs(struct vm *vm, const struct ndarray *a, const struct ndarray *b, struct ndarray *c, int64_t count,
                         int64_t depth)
{
    int64_t n = 0;
    for (; n + DOTS <= count; n += DOTS)
        dots_FLOAT64((const double *)(const void *)a->data + n * depth, depth, (const double *)(const void *)b->data + n * depth,
                     depth, (double *)(void *)c->data + n, depth);
    ADD_WORK(vm, multiply_adds, n * depth);
    for (int64_t i = 0; vm->record_shape && i < n; i++)
        vm->record_shape(vm, SHAPE_MATMUL, 1, 1, (uint32_t)depth, sizeof(double));
    return n;
}

static value multiply_stacks(struct vm *vm, struct ndarray *a, struct ndarray *b)
{
    bool left_vector = a->dimensions == 1, right_vector = b->dimensions == 1;
    int64_t depth = a->shape[a->dimensions - 1];
    if (depth != b->shape[right_vector ? 0 : b->dimensions - 2])
        return mismatched(vm, a, b);
    int64_t rows = left_vector ? 1 : a->shape[a->dimensions - 2],
            columns = right_vector ? 1 : b->shape[b->dimensions - 1];
    struct ndarray outer_a = *a, outer_b = *b, *both[2] = {&outer_a, &outer_b};
    outer_a.dimensions = left_vector ? 0 : (uint8_t)(a->dimensions - 2);
    outer_b.dimensions = right_vector ? 0 : (uint8_t)(b->dimensions - 2);
    int64_t shape[DIMENSIONS_MAX + 2];
    uint32_t outer;
    if (!broadcast_shape(vm, both, 2, shape, &outer)) {
        exception_clear(vm);
        return raise_stacks(vm, (struct ndarray *[]){a, b}, (int64_t[]){rows, columns});
    }
    uint32_t dimensions = outer;
    if (!left_vector)
        shape[dimensions++] = rows;
    if (!right_vector)
        shape[dimensions++] = columns;
    int dtype = product_dtype(vm, a, b, "matmul");
    if (dtype < 0)
        return VALUE_NULL;
    a = array_contiguous(vm, a, dtype);
    b = a ? array_contiguous(vm, b, dtype) : NULL;
    struct ndarray *c = b ? array_new(vm, dtype, dimensions, shape) : NULL;
    if (!c)
        return VALUE_NULL;
    if (vm->record_shape && dtype == DTYPE_OBJECT) /* Python's own arithmetic */
        vm->record_shape(vm, SHAPE_NONE, 0, 0, 0, 0);
    int64_t count = 1, sizes[3] = {rows, columns, depth}, bytes = (int64_t)dtype_bytes(dtype);
    for (uint32_t i = 0; i < outer; i++)
        count *= shape[i];
    int64_t done = dtype == DTYPE_FLOAT64 && rows == 1 && columns == 1 && a->size == count * depth && b->size == count * depth
                       ? dot_pairs(vm, a, b, c, count, depth)
                       : 0;
    for (int64_t n = done; n < count; n++) {
        int64_t at_a = matrix_offset(a, outer_a.dimensions, shape, outer, n, rows * depth);
        int64_t at_b = matrix_offset(b, outer_b.dimensions, shape, outer, n, depth * columns);
        if (!product(vm, dtype, a->data + at_a * bytes, b->data + at_b * bytes,
                     c->data + n * rows * columns * bytes, sizes))
            return VALUE_NULL;
    }
    gc_keep(object_value(a));
    gc_keep(object_value(b));
    return array_result(vm, c);
}

static bool operands(struct vm *vm, value a, value b, struct ndarray **x, struct ndarray **y)
{
    *x = array_from(vm, a, DTYPE_NONE);
    *y = *x ? array_from(vm, b, DTYPE_NONE) : NULL;
    return *y;
}

value array_matmul(struct vm *vm, value a, value b)
{
    struct ndarray *x, *y;
    if (!operands(vm, a, b, &x, &y))
        return VALUE_NULL;
    if (!x->dimensions || !y->dimensions)
        return raise_error(
            vm, &exc_ValueError,
            "matmul: Input operand %d does not have enough dimensions (has 0, gufunc core with signature "
            "(n?,k),(k,m?)->(n?,m?) requires 1)",
            x->dimensions ? 1 : 0);
    float_errors_clear();
    value result = multiply_stacks(vm, x, y);
    return result == VALUE_NULL || float_errors_report(vm, float_errors_raised(), "matmul") ? result : VALUE_NULL;
}

/* b's last axis but one to the front, the others flat behind it. */
static struct ndarray *depth_first(struct vm *vm, struct ndarray *b)
{
    uint32_t order[DIMENSIONS_MAX], n = 0;
    order[n++] = b->dimensions - 2u;
    for (uint32_t i = 0; i < b->dimensions; i++)
        if (i != b->dimensions - 2u)
            order[n++] = i;
    int64_t shape[2] = {b->shape[b->dimensions - 2], -1};
    struct ndarray *turned = array_permute(vm, b, order);
    shape[1] = shape[0] ? b->size / shape[0] : 0;
    value flat = turned ? array_reshape(vm, turned, shape, 2) : VALUE_NULL;
    return flat == VALUE_NULL ? NULL : array_of(flat);
}

/* What BLAS does for numpy tells nothing of what its arithmetic meets. */
static value multiply_quietly(struct vm *vm, value a, value b)
{
    struct numpy_state *state = numpy_state(vm);
    uint8_t modes[ERROR_KINDS];
    memcpy(modes, state->error_modes, sizeof modes);
    memset(state->error_modes, ERROR_IGNORE, sizeof modes);
    value product = array_binary(vm, BINARY_MUL, a, b);
    memcpy(state->error_modes, modes, sizeof modes);
    return product;
}

value array_dot(struct vm *vm, value a, value b)
{
    struct ndarray *x, *y;
    if (!operands(vm, a, b, &x, &y))
        return VALUE_NULL;
    if (!x->dimensions || !y->dimensions) {
        int dtype = promote_types(vm, array_dtype(x), array_dtype(y)); /* whatever the values */
        x = dtype < 0 ? NULL : array_contiguous(vm, x, dtype);
        y = x ? array_contiguous(vm, y, dtype) : NULL;
        if (!y)
            return VALUE_NULL;
        bool by_blas = x->dimensions <= 2 && y->dimensions <= 2 && dtype_kind(dtype) >= DTYPE_FLOAT32 && is_numeric_dtype(dtype);
        value product = by_blas ? multiply_quietly(vm, object_value(x), object_value(y))
                                : array_binary(vm, BINARY_MUL, object_value(x), object_value(y));
        if (product == VALUE_NULL || !by_blas || x->dimensions == y->dimensions || x->size * y->size == 1)
            return product;
        return array_binary(vm, BINARY_ADD, product, small_int(0)); /* added to zeros: no negative ones stay */
    }
    if (x->shape[x->dimensions - 1] != y->shape[y->dimensions > 1 ? y->dimensions - 2 : 0])
        return misaligned(vm, x, y);
    if (product_dtype(vm, x, y, "dot") < 0)
        return VALUE_NULL;
    if (x->dimensions <= 2 && y->dimensions <= 2)
        return multiply_stacks(vm, x, y);
    int64_t shape[2 * DIMENSIONS_MAX], flat[2] = {1, x->shape[x->dimensions - 1]};
    uint32_t dimensions = 0;
    for (uint32_t i = 0; i + 1 < x->dimensions; i++) {
        shape[dimensions++] = x->shape[i];
        flat[0] *= x->shape[i];
    }
    for (uint32_t i = 0; i < y->dimensions; i++)
        if (y->dimensions > 1 && i != y->dimensions - 2u)
            shape[dimensions++] = y->shape[i];
    struct ndarray *other = y->dimensions > 1 ? depth_first(vm, y) : y;
    value rows = other ? array_reshape(vm, x, flat, 2) : VALUE_NULL;
    value result = rows == VALUE_NULL ? rows : multiply_stacks(vm, array_of(rows), other);
    return result == VALUE_NULL ? result : array_reshape(vm, array_of(result), shape, dimensions);
}

static int operand_dimensions(struct vm *vm, value v)
{
    struct ndarray *array = array_from(vm, v, DTYPE_NONE);
    return array ? array->dimensions : -1;
}

value product_store(struct vm *vm, value result, value given)
{
    struct ndarray *out = array_of(given), *made = array_from(vm, result, DTYPE_NONE);
    if (!made)
        return VALUE_NULL;
    if (array_dtype(out) != array_dtype(made) || out->dimensions != made->dimensions || !array_is_contiguous(out))
        return raise_error(vm, &exc_ValueError,
                           "output array is not acceptable (must have the right datatype, number of dimensions, and "
                           "be a C-Array)");
    if (memcmp(out->shape, made->shape, out->dimensions * sizeof *out->shape) != 0)
        return raise_error(vm, &exc_ValueError, "output array has wrong dimensions");
    return array_assign(vm, out, result) ? given : VALUE_NULL;
}

METHOD(linear_dot)
{
    (void)self, (void)count, (void)keyword_names;
    value result = array_dot(vm, arguments[0], arguments[1]);
    if (result == VALUE_NULL || arguments[2] == VALUE_NULL || arguments[2] == NONE)
        return result;
    if (!is_array(arguments[2]))
        return raise_error(vm, &exc_TypeError, "'out' must be an array");
    int a = operand_dimensions(vm, arguments[0]), b = a < 0 ? -1 : operand_dimensions(vm, arguments[1]);
    if (b < 0)
        return VALUE_NULL;
    int kind = is_array(result) ? array_of(result)->dtype : scalar_dtype(result);
    if ((!a || !b) && kind != DTYPE_FLOAT32 && kind != DTYPE_FLOAT64 && !is_complex_dtype(kind))
        return result; /* numpy does not look at out then */
    return product_store(vm, result, arguments[2]);
}

/* An operand in the type that was asked for. */
static value matmul_operand(struct vm *vm, value v, int index, int dtype, enum casting casting)
{
    struct ndarray *array = array_from(vm, v, DTYPE_NONE);
    if (!array || dtype == DTYPE_NONE)
        return array_value(array);
    if (!array_can_cast(array, dtype, casting))
        return raise_error(vm, &ufunc_type_error_type,
                           "Cannot cast ufunc 'matmul' input %d from %R to %R with casting rule '%s'", index,
                           dtype_value(vm, array_dtype(array)), dtype_value(vm, dtype), casting_names[casting]);
    return array_value(array_contiguous(vm, array, dtype));
}

static value linear_matmul(struct vm *vm, value self, const value *arguments, size_t count,
                           value keyword_names)
{
    (void)self;
    value out = count > 2 ? arguments[2] : NONE;
    if (count < 2)
        return raise_error(vm, &exc_TypeError,
                           "matmul() takes from 2 to 3 positional arguments but %zu were given", count);
    static const struct ufunc as_ufunc = {.name = "matmul", .inputs = 2, .outputs = 1};
    value taken = ufunc_override(vm, &as_ufunc, "__call__", arguments, 2, arguments + count, keyword_names);
    if (taken != VALUE_NULL || vm->pending != VALUE_NULL)
        return taken;
    int dtype = DTYPE_NONE;
    enum casting casting = CAST_SAME_KIND;
    for (size_t i = 0; i < keyword_count(keyword_names); i++) {
        value name = tuple_of(keyword_names)->items[i], item = arguments[count + i];
        if (string_is(name, "out"))
            out = item;
        else if (string_is(name, "dtype") ? !dtype_given(vm, item, &dtype)
                 : string_is(name, "casting") ? !casting_from(vm, item, &casting)
                                              : false)
            return VALUE_NULL;
    }
    value a = arguments[0], b = arguments[1];
    if (dtype != DTYPE_NONE) {
        a = matmul_operand(vm, a, 0, dtype, casting);
        b = a == VALUE_NULL ? a : matmul_operand(vm, b, 1, dtype, casting);
        if (b == VALUE_NULL)
            return VALUE_NULL;
    }
    value result = array_matmul(vm, a, b);
    if (has_flag(out, TYPE_TUPLE) && tuple_of(out)->length == 1)
        out = tuple_of(out)->items[0];
    if (result == VALUE_NULL || out == NONE)
        return result;
    int made = is_array(result) ? array_dtype(array_of(result)) : scalar_dtype(result);
    if (is_array(out) && made >= 0 && !can_cast(made, array_dtype(array_of(out)), casting))
        return raise_error(vm, &ufunc_type_error_type,
                           "Cannot cast ufunc 'matmul' output from %R to %R with casting rule '%s'",
                           dtype_value(vm, made), dtype_value(vm, array_dtype(array_of(out))), casting_names[casting]);
    return is_array(out) ? array_assign(vm, array_of(out), result) ? out : VALUE_NULL
                         : raise_error(vm, &exc_TypeError, "return arrays must be of ArrayType");
}

const struct method_definition linear_functions[] = {
    {"dot", "(a, b, out=None)", linear_dot, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"matmul", NULL, linear_matmul, METHOD_STATIC, NULL},
    {NULL, NULL, NULL, 0, NULL},
};
