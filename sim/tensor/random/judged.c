/* judged.c - distributions whose parameters are judged together: uniform, triangular, hypergeometric, binomial. */
#include "sim/tensor/random/distribution_methods.h"

static bool arrays_of(struct vm *vm, const struct distribution *distribution, const value *arguments, size_t count,
                      struct ndarray **arrays, value *values)
{
    for (size_t k = 0; k < count; k++) {
        arrays[k] = parameter_array(vm, arguments[k], &distribution->parameters[k]);
        if (!arrays[k])
            return false;
        values[k] = object_value(arrays[k]);
    }
    return true;
}

/* None is NaN among arrays, and no number among numbers. */
static bool none_refused(struct vm *vm, const value *arguments, struct ndarray *const *arrays, size_t count)
{
    bool none = false, scalar = true;
    for (size_t k = 0; k < count; k++) {
        none = none || arguments[k] == NONE;
        scalar = scalar && arrays[k]->dimensions == 0;
    }
    if (none && scalar)
        raise_error(vm, &exc_TypeError, "must be real number, not NoneType");
    return none && scalar;
}

/* 1: the comparison holds for some pair of elements, broadcast; 0; -1: error */
static int holds_somewhere(struct vm *vm, value a, value b, enum compare_kind kind)
{
    value compared = array_compare(vm, a, b, kind);
    value any = compared == VALUE_NULL ? compared : array_reduce(vm, REDUCE_ANY, compared, NONE, FALSE);
    return any == VALUE_NULL ? -1 : value_truth(vm, any);
}

/* Raises the message when it holds; false: raised, or another error. */
static bool refuse(struct vm *vm, int holds, const char *message)
{
    if (holds > 0)
        raise_error(vm, &exc_ValueError, "%s", message);
    return holds == 0;
}

value uniform_draw(struct vm *vm, struct sampler *s, const struct distribution *distribution, bool legacy,
                   const value *arguments)
{
    static const struct parameter high_parameter = {"high", FREE, false, true, 1};
    struct ndarray *low = parameter_array(vm, arguments[0], &distribution->parameters[0]);
    struct ndarray *high = low ? parameter_array(vm, arguments[1], &high_parameter) : NULL;
    if (!high || none_refused(vm, arguments, (struct ndarray *[]){low, high}, 2))
        return VALUE_NULL;
    value difference = array_binary(vm, BINARY_SUB, object_value(high), object_value(low));
    struct ndarray *range = difference == VALUE_NULL ? NULL : array_from(vm, difference, DTYPE_FLOAT64);
    if (!range)
        return VALUE_NULL;
    bool finite = true;
    int64_t index[DIMENSIONS_MAX] = {0};
    char *element = range->data;
    for (int64_t i = 0; i < range->size; i++, element_next(range, index, &element))
        finite = finite && isfinite(element_float(range->dtype, element));
    if (!finite)
        return raise_error(vm, &exc_OverflowError,
                           !legacy && range->dimensions == 0 ? "high - low range exceeds valid bounds"
                                                             : "Range exceeds valid bounds");
    value parameters[2] = {object_value(low), object_value(range)};
    return distribution_draw(vm, s, distribution, parameters, arguments[2], VALUE_NULL);
}

value triangular_draw(struct vm *vm, struct sampler *s, const struct distribution *distribution, const value *arguments)
{
    struct ndarray *arrays[3];
    value v[3];
    if (!arrays_of(vm, distribution, arguments, 3, arrays, v) || none_refused(vm, arguments, arrays, 3) ||
        !refuse(vm, holds_somewhere(vm, v[0], v[1], COMPARE_GT), "left > mode") ||
        !refuse(vm, holds_somewhere(vm, v[1], v[2], COMPARE_GT), "mode > right") ||
        !refuse(vm, holds_somewhere(vm, v[0], v[2], COMPARE_EQ), "left == right"))
        return VALUE_NULL;
    return distribution_draw(vm, s, distribution, v, arguments[3], VALUE_NULL);
}

value hypergeometric_draw(struct vm *vm, struct sampler *s, const struct distribution *distribution, bool legacy,
                          const value *arguments)
{
    enum { MOST = 1000000000 };
    struct ndarray *arrays[3];
    value v[3];
    if (!arrays_of(vm, distribution, arguments, 3, arrays, v))
        return VALUE_NULL;
    for (int k = 0; k < 2 && !legacy; k++)
        if (!refuse(vm, holds_somewhere(vm, v[k], small_int(MOST), COMPARE_GE),
                    "both ngood and nbad must be less than 1000000000"))
            return VALUE_NULL;
    value sum = array_binary(vm, BINARY_ADD, v[0], v[1]);
    if (sum == VALUE_NULL || !refuse(vm, holds_somewhere(vm, sum, v[2], COMPARE_LT), "ngood + nbad < nsample"))
        return VALUE_NULL;
    return distribution_draw(vm, s, distribution, v, arguments[3], VALUE_NULL);
}

value binomial_draw(struct vm *vm, struct sampler *s, const struct distribution *distribution, const value *arguments)
{
    value parameters[2] = {arguments[1], arguments[0]};
    return distribution_draw(vm, s, distribution, parameters, arguments[2], VALUE_NULL);
}
