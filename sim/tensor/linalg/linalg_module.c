/* linalg_module.c - module numpy.linalg: names and signatures of its functions, and LinAlgError. */
#include "sim/tensor/linalg/linalg.h"
#include "sim/tensor/numpy_module.h"

/* A function of so many arguments, passed on as they are. */
#define FUNCTION(name, call)                                                                                           \
    METHOD(name)                                                                                                       \
    {                                                                                                                  \
        UNUSED_METHOD_PARAMETERS;                                                                                      \
        return call;                                                                                                   \
    }
FUNCTION(function_solve, linalg_solve(vm, arguments[0], arguments[1]))
FUNCTION(function_inv, linalg_inv(vm, arguments[0]))
FUNCTION(function_det, linalg_det(vm, arguments[0], false))
FUNCTION(function_slogdet, linalg_det(vm, arguments[0], true))
FUNCTION(function_cholesky, linalg_cholesky(vm, arguments[0]))
FUNCTION(function_lstsq, linalg_lstsq(vm, arguments[0], arguments[1], arguments[2]))
FUNCTION(function_qr, linalg_qr(vm, arguments[0], arguments[1]))
FUNCTION(function_eig, linalg_eig(vm, arguments[0], true))
FUNCTION(function_eigvals, linalg_eig(vm, arguments[0], false))
FUNCTION(function_eigh, linalg_eigh(vm, arguments[0], arguments[1], true))
FUNCTION(function_eigvalsh, linalg_eigh(vm, arguments[0], arguments[1], false))
FUNCTION(function_norm, linalg_norm(vm, arguments[0], arguments[1], arguments[2], arguments[3]))
FUNCTION(function_matrix_power, linalg_matrix_power(vm, arguments[0], arguments[1]))
FUNCTION(function_cond, linalg_cond(vm, arguments[0], arguments[1]))
FUNCTION(function_tensorsolve, linalg_tensorsolve(vm, arguments[0], arguments[1], arguments[2]))
FUNCTION(function_tensorinv, linalg_tensorinv(vm, arguments[0], arguments[1]))
#undef FUNCTION

/* An optional truth value; -1: error */
static int truth_of(struct vm *vm, value given, bool otherwise)
{
    return given == VALUE_NULL ? otherwise : value_truth(vm, given);
}

METHOD(function_svd) /* a, full_matrices, compute_uv, hermitian */
{
    UNUSED_METHOD_PARAMETERS;
    int full = truth_of(vm, arguments[1], true), vectors = truth_of(vm, arguments[2], true);
    int hermitian = truth_of(vm, arguments[3], false);
    if (full < 0 || vectors < 0 || hermitian < 0)
        return VALUE_NULL;
    return hermitian ? linalg_svd_hermitian(vm, arguments[0], vectors) : linalg_svd(vm, arguments[0], full, vectors);
}

METHOD(function_pinv)
{
    UNUSED_METHOD_PARAMETERS;
    int hermitian = truth_of(vm, arguments[2], false);
    return hermitian < 0 ? VALUE_NULL : linalg_pinv(vm, arguments[0], arguments[1], hermitian);
}

METHOD(function_matrix_rank)
{
    UNUSED_METHOD_PARAMETERS;
    int hermitian = truth_of(vm, arguments[2], false);
    return hermitian < 0 ? VALUE_NULL : linalg_matrix_rank(vm, arguments[0], arguments[1], hermitian);
}

METHOD(function_multi_dot)
{
    UNUSED_METHOD_PARAMETERS;
    value product = linalg_multi_dot(vm, arguments[0]);
    if (product == VALUE_NULL || arguments[1] == VALUE_NULL || arguments[1] == NONE)
        return product;
    return is_array(arguments[1]) ? product_store(vm, product, arguments[1])
                                  : raise_error(vm, &exc_TypeError, "'out' must be an array");
}

static const struct method_definition functions[] = {
    {"solve", "(a, b)", function_solve, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"inv", "(a)", function_inv, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"det", "(a)", function_det, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"slogdet", "(a)", function_slogdet, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"cholesky", "(a)", function_cholesky, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"lstsq", "(a, b, rcond='warn')", function_lstsq, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"qr", "(a, mode='reduced')", function_qr, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"eig", "(a)", function_eig, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"eigvals", "(a)", function_eigvals, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"eigh", "(a, UPLO='L')", function_eigh, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"eigvalsh", "(a, UPLO='L')", function_eigvalsh, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"svd", "(a, full_matrices=True, compute_uv=True, hermitian=False)", function_svd, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"norm", "(x, ord=None, axis=None, keepdims=False)", function_norm, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"matrix_power", "(a, n)", function_matrix_power, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"matrix_rank", "(A, tol=None, hermitian=False)", function_matrix_rank, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"pinv", "(a, rcond=1e-15, hermitian=False)", function_pinv, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"cond", "(x, p=None)", function_cond, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"multi_dot", "(arrays, *, out=None)", function_multi_dot, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"tensorsolve", "(a, b, axes=None)", function_tensorsolve, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"tensorinv", "(a, ind=2)", function_tensorinv, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {NULL, NULL, NULL, 0, NULL},
};

static bool initialize(struct vm *vm, value module)
{
    struct dict_object *dict = dict_of(((struct module_object *)value_object(module))->dict);
    linalg_error_type.trace = exc_Exception.trace;
    linalg_error_type.new = exc_Exception.new;
    type_ready(vm, &linalg_error_type);
    return dict_set_text(vm, dict, "LinAlgError", type_object_value(&linalg_error_type));
}

const struct native_module numpy_linalg_module = {"numpy.linalg", initialize, functions};
