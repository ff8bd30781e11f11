/* scipy_special.c - the two functions of scipy.special that neural networks use: expit (the logistic
 * function) and softmax, with np.exp's exponentials. */
#include "sim/tensor/ndarray.h"
#include "sim/tensor/numpy_module.h"

/* Recorded as one activation, for which exp() is evaluated once an element. */
static void expit_row(const double *from, double *to, int64_t count)
{
    for (int64_t i = 0; i < count; i++)
        to[i] = -from[i];
    HOST_ROW(exp)(to, to, count);
    for (int64_t i = 0; i < count; i++)
        to[i] = 1.0 / (1.0 + to[i]);
}

static value special_expit(struct vm *vm, value self, const value *arguments, size_t count,
                           value keyword_names)
{
    (void)self, (void)count, (void)keyword_names;
    value result = array_map_float(vm, arguments[0], expit_row);
    if (result != VALUE_NULL && is_array(result))
        array_record_activation(vm, array_of(result), 1, 1);
    return result;
}

/* exp(x - max(x)) / sum(exp(x - max(x))), along `axis` or over all elements. */
static value special_softmax(struct vm *vm, value self, const value *arguments, size_t count,
                             value keyword_names)
{
    (void)self, (void)count, (void)keyword_names;
    enum { PASSES = 5 }; /* maximum, difference, exponential, sum, quotient */
    value axis = arguments[1] == VALUE_NULL ? NONE : arguments[1];
    struct ndarray *x = array_from(vm, arguments[0], -1);
    value maximum = x ? array_reduce(vm, REDUCE_MAX, object_value(x), axis, TRUE) : VALUE_NULL;
    value shifted =
        maximum != VALUE_NULL ? array_binary(vm, BINARY_SUB, object_value(x), maximum) : VALUE_NULL;
    value exponential = shifted != VALUE_NULL ? array_map_float(vm, shifted, HOST_ROW(exp)) : VALUE_NULL;
    value sum =
        exponential != VALUE_NULL ? array_reduce(vm, REDUCE_SUM, exponential, axis, TRUE) : VALUE_NULL;
    value result = sum != VALUE_NULL ? array_binary(vm, BINARY_DIV, exponential, sum) : VALUE_NULL;
    if (result != VALUE_NULL && is_array(result))
        array_record_activation(vm, array_of(result), 1, PASSES);
    return result;
}

static const struct method_definition special_functions[] = {
    {"expit", "(x, /)", special_expit, METHOD_STATIC, NULL},
    {"softmax", "(x, axis=None)", special_softmax, METHOD_STATIC, NULL},
    {NULL, NULL, NULL, 0, NULL},
};
static const struct method_definition no_functions[] = {{NULL, NULL, NULL, 0, NULL}};

const struct native_module scipy_module = {"scipy", NULL, no_functions};
const struct native_module scipy_special_module = {"scipy.special", NULL, special_functions};
