/* multivariate.c - distributions of vectors: multinomial, Dirichlet, normal with a covariance matrix, hypergeometric
 * with several colours. */
#include "sim/tensor/random/random_objects.h"

#include "sim/runtime/number.h"

static bool shares_check(struct vm *vm, struct ndarray *shares, value given)
{
    static const struct parameter parameter = {.name = "pvals", .constraint = FROM_0_TO_1};
    int64_t length = shares->shape[shares->dimensions - 1];
    const double *p = (const double *)(const void *)shares->data;
    if (!constraint_check(vm, &parameter, shares, false))
        return false;
    for (int64_t i = 0; length && i < shares->size; i += length) {
        if (!(compensated_sum(p + i, length - 1) > 1.0 + 1e-12))
            continue;
        const char *rows = shares->dimensions == 1 ? "[:-1]" : "[...,:-1]";
        if (is_array(given) && is_float_dtype(array_of(given)->dtype) && array_of(given)->dtype != DTYPE_FLOAT64)
            raise_error(vm, &exc_ValueError,
                        "sum(pvals%s.astype(np.float64)) > 1.0. The pvals array is cast to 64-bit floating point prior "
                        "to checking "
                        "the sum. Precision changes when casting may cause problems even if the sum of the original "
                        "pvals is valid.",
                        rows);
        else
            raise_error(vm, &exc_ValueError, "sum(pvals%s) > 1.0", rows);
        return false;
    }
    return true;
}

/* n or the shares are arrays: a row for each of their combinations */
static value multinomial_rows(struct vm *vm, struct sampler *s, struct ndarray *n, struct ndarray *shares, value size)
{
    static const struct parameter parameter = {.name = "n", .constraint = NON_NEGATIVE};
    int64_t length = shares->shape[shares->dimensions - 1], shape[DIMENSIONS_MAX], index[2][DIMENSIONS_MAX] = {{0}};
    uint32_t dimensions;
    if (!constraint_check(vm, &parameter, n, false))
        return VALUE_NULL;
    struct ndarray *offsets = array_new(vm, DTYPE_INT64, shares->dimensions - 1u, shares->shape), *wanted = NULL;
    for (int64_t i = 0; offsets && i < offsets->size; i++)
        ((int64_t *)(void *)offsets->data)[i] = i * length;
    struct ndarray *all[3] = {n, offsets, NULL};
    if (is_given(size))
        all[2] = wanted = sized_array(vm, DTYPE_INT8, size);
    if (!offsets || (is_given(size) && !wanted) || !common_shape(vm, all, wanted ? 3 : 2, shape, &dimensions))
        return VALUE_NULL;
    if (wanted && (dimensions != wanted->dimensions || memcmp(shape, wanted->shape, dimensions * sizeof *shape) != 0))
        return raise_error(vm, &exc_ValueError,
                           "Output size %S is not compatible with broadcast dimensions of inputs %S.",
                           shape_value(vm, wanted->shape, wanted->dimensions), shape_value(vm, shape, dimensions));
    for (int k = 0; k < 2; k++)
        if (!(all[k] = array_broadcast(vm, all[k], shape, dimensions)))
            return VALUE_NULL;
    shape[dimensions] = length;
    struct ndarray *result = array_new(vm, DTYPE_INT64, dimensions + 1, shape);
    char *count = all[0]->data, *offset = all[1]->data;
    for (int64_t i = 0; result && i < result->size; i += length) {
        sample_multinomial(s, element_int(DTYPE_INT64, count),
                           (double *)(void *)shares->data + element_int(DTYPE_INT64, offset), length,
                           (int64_t *)(void *)result->data + i);
        element_next(all[0], index[0], &count);
        element_next(all[1], index[1], &offset);
    }
    random_account(vm, s, result ? result->size : 0);
    return array_value(result);
}

value multinomial_draw(struct vm *vm, struct sampler *s, bool legacy, value n_given, value pvals, value size)
{
    static const struct parameter n_parameter = {.name = "n", .constraint = NON_NEGATIVE, .whole = true},
                                  p_parameter = {.name = "pvals"};
    struct ndarray *n = parameter_array(vm, n_given, &n_parameter),
                   *given = n ? parameter_array(vm, pvals, &p_parameter) : NULL;
    struct ndarray *shares = given ? array_contiguous(vm, given, DTYPE_FLOAT64) : NULL;
    if (!shares)
        return VALUE_NULL;
    if (legacy && n->dimensions)
        return raise_error(vm, &exc_TypeError, "an integer is required");
    if (legacy && shares->dimensions == 0)
        return raise_error(vm, &exc_TypeError, "pvals must be a 1-d sequence");
    if (legacy && shares->dimensions > 1)
        return raise_error(vm, &exc_ValueError, "object too deep for desired array");
    if (!legacy && (shares->dimensions == 0 || shares->shape[shares->dimensions - 1] == 0))
        return raise_error(vm, &exc_ValueError,
                           "pvals must have at least 1 dimension and the last dimension of pvals must be "
                           "greater than 0.");
    if (!shares_check(vm, shares, pvals))
        return VALUE_NULL;
    if (n->dimensions || shares->dimensions > 1)
        return multinomial_rows(vm, s, array_contiguous(vm, n, DTYPE_INT64), shares, size);
    struct ndarray *result = sized_rows(vm, DTYPE_INT64, size, shares->size);
    if (!result || !constraint_check(vm, &n_parameter, n, true))
        return VALUE_NULL;
    for (int64_t i = 0; i < result->size; i += shares->size)
        sample_multinomial(s, element_int(DTYPE_INT64, n->data), (double *)(void *)shares->data, shares->size,
                           (int64_t *)(void *)result->data + i);
    random_account(vm, s, result->size);
    return object_value(result);
}

/* Small parameters: by breaking a stick; the gammas could all be 0. sums: of what follows. */
static void dirichlet_by_beta(struct sampler *s, const double *alpha, const double *sums, int64_t length, double *out)
{
    double rest = 1.;
    for (int64_t j = 0; j < length - 1; j++) {
        double share = sample_beta(s, alpha[j], sums[j + 1]);
        out[j] = rest * share;
        rest *= 1. - share;
    }
    out[length - 1] = rest;
}

static void dirichlet_by_gamma(struct sampler *s, bool legacy, const double *alpha, int64_t length, double *out)
{
    double sum = 0.;
    for (int64_t j = 0; j < length; j++)
        sum += out[j] = legacy ? legacy_standard_gamma(s, alpha[j]) : sample_standard_gamma(s, alpha[j]);
    double inverse = 1 / sum;
    for (int64_t j = 0; j < length; j++)
        out[j] *= inverse;
}

value dirichlet_draw(struct vm *vm, struct sampler *s, bool legacy, value alpha_given, value size)
{
    static const struct parameter parameter = {.name = "alpha", .constraint = POSITIVE};
    if (value_length(vm, alpha_given) < 0)
        return VALUE_NULL;
    struct ndarray *given = parameter_array(vm, alpha_given, &parameter),
                   *array = given ? array_contiguous(vm, given, DTYPE_FLOAT64) : NULL;
    if (!array)
        return VALUE_NULL;
    if (array->dimensions != 1)
        return raise_error(vm, &exc_ValueError,
                           array->dimensions ? "object too deep for desired array"
                                             : "object of too small depth for desired array");
    if (!constraint_check(vm, &parameter, array, false))
        return VALUE_NULL;
    int64_t length = array->size;
    struct ndarray *result = sized_rows(vm, DTYPE_FLOAT64, size, length),
                   *sums = array_new_1d(vm, DTYPE_FLOAT64, length);
    if (!result || !sums)
        return VALUE_NULL;
    double *alpha = (double *)(void *)array->data, *rest = (double *)(void *)sums->data,
           *out = (double *)(void *)result->data;
    double sum = 0.0, greatest = 0.0;
    for (int64_t j = length - 1; j >= 0; j--) {
        rest[j] = sum += alpha[j];
        greatest = alpha[j] > greatest ? alpha[j] : greatest;
    }
    for (int64_t i = 0; length && i < result->size; i += length) {
        if (!legacy && greatest < 0.1)
            dirichlet_by_beta(s, alpha, rest, length, out + i);
        else
            dirichlet_by_gamma(s, legacy, alpha, length, out + i);
    }
    gc_keep(object_value(array));
    gc_keep(object_value(sums));
    random_account(vm, s, result->size);
    return object_value(result);
}

/* ---- multivariate normal ---- */

static value linalg_call(struct vm *vm, const char *name, value matrix)
{
    value module = import_module(vm, "numpy.linalg");
    value function = module == VALUE_NULL ? module : get_attribute_text(vm, module, name);
    return function == VALUE_NULL ? function : call_1(vm, function, matrix);
}

static value transposed(struct vm *vm, value matrix)
{
    return matrix == VALUE_NULL ? matrix : array_transpose(vm, array_of(matrix));
}

static value product(struct vm *vm, value a, value b)
{
    return a == VALUE_NULL || b == VALUE_NULL ? VALUE_NULL : array_binary(vm, BINARY_MUL, a, b);
}

static value applied(struct vm *vm, const char *name, value v)
{
    return v == VALUE_NULL ? v : ufunc_apply(vm, name, &v, 1);
}

static value column(struct vm *vm, value vector)
{
    int64_t shape[2] = {-1, 1};
    return vector == VALUE_NULL ? vector : array_reshape(vm, array_of(vector), shape, 2);
}

enum factorization { BY_SVD, BY_EIGH, BY_CHOLESKY };
struct factors { /* of the covariance: u, the singular values or eigenvalues, vh; or the lower triangle u alone */
    value u, s, vh;
};

static bool covariance_factor(struct vm *vm, value covariance, enum factorization method, struct factors *f)
{
    static const char *const names[] = {"svd", "eigh", "cholesky"};
    value made = linalg_call(vm, names[method], covariance);
    if (made == VALUE_NULL)
        return false;
    if (method == BY_CHOLESKY) {
        f->u = made;
        return true;
    }
    value *parts = tuple_of(made)->items; /* svd: u, s, vh; eigh: w, v */
    f->u = parts[method == BY_SVD ? 0 : 1];
    f->s = parts[method == BY_SVD ? 1 : 0];
    f->vh = method == BY_SVD ? parts[2] : VALUE_NULL;
    return true;
}

/* 1: the factors give the covariance back; 0; -1: error */
static int covariance_is_positive(struct vm *vm, value covariance, enum factorization method, const struct factors *f,
                                  double tolerance)
{
    if (method == BY_EIGH) {
        const struct ndarray *w = array_of(f->s);
        for (int64_t i = 0; i < w->size; i++)
            if (element_float(w->dtype, w->data + i * w->strides[0]) < -tolerance)
                return 0;
        return 1;
    }
    value scaled = product(vm, transposed(vm, f->vh), f->s);
    value back = scaled == VALUE_NULL ? scaled : array_dot(vm, scaled, f->vh);
    struct ndarray *a = back == VALUE_NULL ? NULL : array_contiguous(vm, array_of(back), DTYPE_FLOAT64);
    struct ndarray *b = a ? array_contiguous(vm, array_of(covariance), DTYPE_FLOAT64) : NULL;
    if (!b)
        return -1;
    const double *x = (const double *)(const void *)a->data, *y = (const double *)(const void *)b->data;
    ADD_WORK(vm, elements, 4 * a->size); /* allclose: difference, bound, comparison, all */
    for (int64_t i = 0; i < a->size; i++)
        if (!(fabs(x[i] - y[i]) <= tolerance + tolerance * fabs(y[i])) && !(isinf(x[i]) && x[i] == y[i]))
            return 0;
    return 1;
}

static bool covariance_check(struct vm *vm, value covariance, enum factorization method, const struct factors *f,
                             value check, value tol)
{
    double tolerance = 1e-8;
    bool warn = check == VALUE_NULL || (has_flag(check, TYPE_STRING) && string_is(check, "warn"));
    bool raises = check != VALUE_NULL && has_flag(check, TYPE_STRING) && string_is(check, "raise");
    if (check != VALUE_NULL && has_flag(check, TYPE_STRING) && string_is(check, "ignore"))
        return true;
    if (!warn && !raises) {
        raise_error(vm, &exc_ValueError, "check_valid must equal 'warn', 'raise', or 'ignore'");
        return false;
    }
    if (tol != VALUE_NULL && !value_to_double(vm, tol, &tolerance))
        return false;
    int positive = covariance_is_positive(vm, covariance, method, f, tolerance);
    if (positive)
        return positive > 0;
    if (warn)
        return warning_issue(vm, &exc_RuntimeWarning, 1, "covariance is not symmetric positive-semidefinite.");
    raise_error(vm, &exc_ValueError, "covariance is not symmetric positive-semidefinite.");
    return false;
}

/* numbers: independent standard normal ones, a row for each vector */
static value normal_transform(struct vm *vm, bool legacy, value numbers, value mean, enum factorization method,
                              const struct factors *f)
{
    if (legacy) {
        value scaled = product(vm, column(vm, applied(vm, "sqrt", f->s)), f->vh);
        value x = scaled == VALUE_NULL ? scaled : array_dot(vm, numbers, scaled);
        return x == VALUE_NULL ? x : array_binary(vm, BINARY_ADD, x, mean);
    }
    value factor = f->u;
    if (method == BY_SVD)
        factor = product(vm, f->u, applied(vm, "sqrt", f->s));
    else if (method == BY_EIGH)
        factor = product(vm, f->u, applied(vm, "sqrt", applied(vm, "absolute", f->s)));
    value turned = transposed(vm, factor), x = turned == VALUE_NULL ? turned : array_matmul(vm, numbers, turned);
    return x == VALUE_NULL ? x : array_binary(vm, BINARY_ADD, mean, x);
}

/* arguments: mean, cov, size, check_valid, tol, method */
value multivariate_normal_draw(struct vm *vm, struct sampler *s, bool legacy, const value *arguments)
{
    enum factorization method = BY_SVD;
    value method_given = legacy ? VALUE_NULL : arguments[5];
    if (method_given != VALUE_NULL) {
        if (has_flag(method_given, TYPE_STRING) && string_is(method_given, "eigh"))
            method = BY_EIGH;
        else if (has_flag(method_given, TYPE_STRING) && string_is(method_given, "cholesky"))
            method = BY_CHOLESKY;
        else if (!has_flag(method_given, TYPE_STRING) || !string_is(method_given, "svd"))
            return raise_error(vm, &exc_ValueError, "method must be one of {'eigh', 'svd', 'cholesky'}");
    }
    struct ndarray *mean = array_from(vm, arguments[0], DTYPE_NONE),
                   *given = mean ? array_from(vm, arguments[1], DTYPE_NONE) : NULL;
    if (!given)
        return VALUE_NULL;
    if (!legacy && (is_complex_dtype(mean->dtype) || is_complex_dtype(given->dtype)))
        return raise_error(vm, &exc_TypeError, "mean and cov must not be complex");
    if (mean->dimensions != 1)
        return raise_error(vm, &exc_ValueError, "mean must be 1 dimensional");
    if (given->dimensions != 2 || given->shape[0] != given->shape[1])
        return raise_error(vm, &exc_ValueError, "cov must be 2 dimensional and square");
    if (mean->shape[0] != given->shape[0])
        return raise_error(vm, &exc_ValueError, "mean and cov must have same length");
    struct ndarray *final = sized_rows(vm, DTYPE_FLOAT64, arguments[2], mean->shape[0]);
    if (!final)
        return VALUE_NULL;
    for (int64_t i = 0; i < final->size; i++)
        ((double *)(void *) final->data)[i] = legacy ? legacy_gauss(s) : sample_standard_normal(s);
    random_account(vm, s, final->size);
    int64_t rows[2] = {-1, mean->shape[0]};
    value numbers = array_reshape(vm, final, rows, 2);
    struct ndarray *covariance = numbers == VALUE_NULL ? NULL : array_contiguous(vm, given, DTYPE_FLOAT64);
    struct factors f = {VALUE_NULL, VALUE_NULL, VALUE_NULL};
    if (!covariance || !covariance_factor(vm, object_value(covariance), method, &f))
        return VALUE_NULL;
    if (method != BY_CHOLESKY &&
        !covariance_check(vm, object_value(covariance), method, &f, arguments[3], arguments[4]))
        return VALUE_NULL;
    value x = normal_transform(vm, legacy, numbers, object_value(mean), method, &f);
    return x == VALUE_NULL ? x : array_reshape(vm, array_of(x), final->shape, final->dimensions);
}

/* ---- multivariate hypergeometric ---- */

static bool draw_by_counting(struct vm *vm, struct sampler *s, const int64_t *colors, int64_t kinds, int64_t total,
                             int64_t wanted, struct ndarray *result)
{
    int64_t *balls = malloc((size_t)total * sizeof *balls + 1), *out = (int64_t *)(void *)result->data;
    if (!balls) {
        raise_no_memory(vm);
        return false;
    }
    for (int64_t kind = 0, k = 0; kind < kinds; kind++)
        for (int64_t i = 0; i < colors[kind]; i++)
            balls[k++] = kind;
    bool complement = wanted > total / 2;
    int64_t draws = complement ? total - wanted : wanted;
    for (int64_t i = 0; i < result->size; i += kinds) {
        for (int64_t j = 0; j < draws; j++) {
            int64_t k = j + (int64_t)sample_interval(s, (uint64_t)(total - j - 1)), ball = balls[k];
            balls[k] = balls[j];
            balls[j] = ball;
        }
        for (int64_t j = 0; j < draws; j++)
            out[i + balls[j]]++;
        for (int64_t k = 0; complement && k < kinds; k++)
            out[i + k] = colors[k] - out[i + k];
    }
    free(balls);
    return true;
}

static void draw_by_marginals(struct sampler *s, const int64_t *colors, int64_t kinds, int64_t total, int64_t wanted,
                              struct ndarray *result)
{
    int64_t *out = (int64_t *)(void *)result->data;
    bool complement = wanted > total / 2;
    for (int64_t i = 0; i < result->size; i += kinds) {
        int64_t left = complement ? total - wanted : wanted, remaining = total;
        for (int64_t j = 0; left > 0 && j + 1 < kinds; j++) {
            remaining -= colors[j];
            out[i + j] = sample_hypergeometric(s, colors[j], remaining, left);
            left -= out[i + j];
        }
        if (left > 0)
            out[i + kinds - 1] = left;
        for (int64_t k = 0; complement && k < kinds; k++)
            out[i + k] = colors[k] - out[i + k];
    }
}

static struct ndarray *colors_from(struct vm *vm, value given, int64_t *total)
{
    struct ndarray *array = array_from(vm, given, DTYPE_NONE);
    bool good = array && array->dimensions == 1 && (array->size == 0 || is_integer_dtype(array->dtype));
    struct ndarray *colors = good ? array_contiguous(vm, array, DTYPE_INT64) : NULL;
    *total = 0;
    for (int64_t i = 0; colors && i < colors->size; i++) {
        int64_t count = ((int64_t *)(void *)colors->data)[i];
        if (count < 0)
            good = false;
        else if (*total >= 0 && __builtin_add_overflow(*total, count, total))
            *total = -1;
    }
    if (array && !good)
        raise_error(vm, &exc_ValueError,
                    "colors must be a one-dimensional sequence of nonnegative integers not exceeding %lld.",
                    (long long)INT64_MAX);
    return good ? colors : NULL;
}

/* arguments: colors, nsample, size, method */
value multivariate_hypergeometric_draw(struct vm *vm, struct sampler *s, const value *arguments)
{
    bool marginals =
        arguments[3] == VALUE_NULL || (has_flag(arguments[3], TYPE_STRING) && string_is(arguments[3], "marginals"));
    if (!marginals && !(has_flag(arguments[3], TYPE_STRING) && string_is(arguments[3], "count")))
        return raise_error(vm, &exc_ValueError, "method must be \"count\" or \"marginals\".");
    if (!has_index(vm, arguments[1]))
        return raise_error(vm, &exc_ValueError, "nsample must be an integer");
    int64_t wanted, total;
    if (!value_to_index(vm, arguments[1], &wanted))
        return VALUE_NULL;
    if (wanted < 0)
        return raise_error(vm, &exc_ValueError, "nsample must be nonnegative.");
    struct ndarray *colors = colors_from(vm, arguments[0], &total);
    if (!colors)
        return VALUE_NULL;
    if (total < 0)
        return raise_error(vm, &exc_ValueError,
                           "sum(colors) must not exceed the maximum value of a 64 bit signed integer (%lld)",
                           (long long)INT64_MAX);
    if (marginals && total >= 1000000000)
        return raise_error(vm, &exc_ValueError,
                           "When method is \"marginals\", sum(colors) must be less than 1000000000.");
    if (!marginals && total > INT64_MAX / 8)
        return raise_error(vm, &exc_ValueError, "When method is 'count', sum(colors) must not exceed %lld",
                           (long long)(INT64_MAX / 8));
    if (wanted > total)
        return raise_error(vm, &exc_ValueError, "nsample > sum(colors)");
    struct ndarray *result = sized_rows(vm, DTYPE_INT64, arguments[2], colors->size);
    if (!result || !result->size || !total || !wanted)
        return array_value(result);
    const int64_t *counts = (const int64_t *)(const void *)colors->data;
    if (marginals)
        draw_by_marginals(s, counts, colors->size, total, wanted, result);
    else if (!draw_by_counting(vm, s, counts, colors->size, total, wanted, result))
        return VALUE_NULL;
    gc_keep(object_value(colors));
    random_account(vm, s, result->size);
    return object_value(result);
}
