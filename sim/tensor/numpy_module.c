/* numpy_module.c - module numpy: the functions that make arrays, products and reductions, and the names of the types. */
#include "sim/tensor/ndarray.h"
#include "sim/tensor/numpy_module.h"

#include <math.h>

#define METHOD(name)                                                                                                   \
    static value name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)

static value finished(struct ndarray *array)
{
    return array ? object_value(array) : VALUE_NULL;
}

static int given_dtype(struct vm *vm, value v)
{
    return v == VALUE_NULL || v == NONE ? -1 : dtype_from(vm, v);
}

METHOD(numpy_array)
{
    (void)self, (void)count, (void)keyword_names;
    int dtype = given_dtype(vm, arguments[1]);
    if (vm->pending != VALUE_NULL)
        return VALUE_NULL;
    if (!is_array(arguments[0]))
        return finished(array_from(vm, arguments[0], dtype));
    struct ndarray *source = array_of(arguments[0]);
    struct ndarray *copy = array_new(vm, dtype < 0 ? source->dtype : (enum dtype)dtype, source->dimensions, source->shape);
    return copy && array_assign(vm, copy, arguments[0]) ? object_value(copy) : VALUE_NULL;
}

METHOD(numpy_asarray)
{
    (void)self, (void)count, (void)keyword_names;
    int dtype = given_dtype(vm, arguments[1]);
    return vm->pending != VALUE_NULL ? VALUE_NULL : finished(array_from(vm, arguments[0], dtype));
}

static value filled(struct vm *vm, value shape_given, int dtype, value item)
{
    int64_t shape[DIMENSIONS_MAX];
    uint32_t dimensions;
    if (dtype < 0 || !shape_from(vm, shape_given, shape, &dimensions))
        return VALUE_NULL;
    struct ndarray *array = array_new(vm, (enum dtype)dtype, dimensions, shape);
    return array && (item == VALUE_NULL || array_assign(vm, array, item)) ? object_value(array) : VALUE_NULL;
}

METHOD(numpy_zeros)
{
    (void)self, (void)count, (void)keyword_names;
    return filled(vm, arguments[0], dtype_from(vm, arguments[1]), VALUE_NULL);
}

METHOD(numpy_ones)
{
    (void)self, (void)count, (void)keyword_names;
    return filled(vm, arguments[0], dtype_from(vm, arguments[1]), small_int(1));
}

METHOD(numpy_full)
{
    (void)self, (void)count, (void)keyword_names;
    int dtype = given_dtype(vm, arguments[2]);
    struct ndarray *item = vm->pending == VALUE_NULL ? array_from(vm, arguments[1], dtype) : NULL;
    return item ? filled(vm, arguments[0], (int)item->dtype, object_value(item)) : VALUE_NULL;
}

METHOD(numpy_eye)
{
    (void)self, (void)count, (void)keyword_names;
    value shape = tuple_pack(vm, 2, arguments[0], arguments[1] == VALUE_NULL || arguments[1] == NONE ? arguments[0] : arguments[1]);
    value made = shape == VALUE_NULL ? shape : filled(vm, shape, dtype_from(vm, arguments[2]), VALUE_NULL);
    if (made == VALUE_NULL)
        return made;
    struct ndarray *array = array_of(made);
    for (int64_t i = 0; i < array->shape[0] && i < array->shape[1]; i++)
        if (!element_store(vm, array->dtype, array->data + i * (array->strides[0] + array->strides[1]), small_int(1)))
            return VALUE_NULL;
    return made;
}

METHOD(numpy_zeros_like)
{
    (void)self, (void)count, (void)keyword_names;
    struct ndarray *array = array_from(vm, arguments[0], -1);
    int dtype = given_dtype(vm, arguments[1]);
    if (!array || vm->pending != VALUE_NULL)
        return VALUE_NULL;
    return finished(array_new(vm, dtype < 0 ? array->dtype : (enum dtype)dtype, array->dimensions, array->shape));
}

METHOD(numpy_ones_like)
{
    value made = numpy_zeros_like(vm, self, arguments, count, keyword_names);
    return made == VALUE_NULL || !array_assign(vm, array_of(made), small_int(1)) ? VALUE_NULL : made;
}

/* arange([start,] stop[, step]): ints when all are ints */
METHOD(numpy_arange)
{
    (void)self, (void)count, (void)keyword_names;
    value bounds[3] = {small_int(0), arguments[0], small_int(1)};
    if (arguments[1] != VALUE_NULL && arguments[1] != NONE) {
        bounds[0] = arguments[0];
        bounds[1] = arguments[1];
    }
    if (arguments[2] != VALUE_NULL && arguments[2] != NONE)
        bounds[2] = arguments[2];
    int dtype = given_dtype(vm, arguments[3]);
    double numbers[3];
    bool integers = true;
    for (int i = 0; i < 3; i++) {
        integers = integers && has_index(vm, bounds[i]);
        if (!value_to_double(vm, bounds[i], &numbers[i]))
            return VALUE_NULL;
    }
    if (vm->pending != VALUE_NULL)
        return VALUE_NULL;
    if (numbers[2] == 0)
        return raise_error(vm, &exc_ZeroDivisionError, "division by zero");
    double span = ceil((numbers[1] - numbers[0]) / numbers[2]);
    int64_t length = span > 0 ? span > 1e12 ? (int64_t)1 << 50 : (int64_t)span : 0;
    struct ndarray *array = array_new(vm, integers ? DTYPE_INT64 : DTYPE_FLOAT64, 1, &length);
    if (!array)
        return VALUE_NULL;
    double step = (numbers[0] + numbers[2]) - numbers[0]; /* the second element less the first, as numpy fills */
    for (int64_t i = 0; i < length; i++) {
        if (integers) {
            int64_t element = (int64_t)numbers[0] + i * (int64_t)numbers[2];
            memcpy(array->data + 8 * i, &element, sizeof element);
        } else {
            double element = i == 1 ? numbers[0] + numbers[2] : numbers[0] + (double)i * step;
            memcpy(array->data + 8 * i, &element, sizeof element);
        }
    }
    ADD_WORK(vm, elements, length);
    return finished(dtype < 0 ? array : array_copy(vm, array, (enum dtype)dtype));
}

METHOD(numpy_linspace)
{
    (void)self, (void)count, (void)keyword_names;
    double start, stop;
    int64_t number = 50;
    if (!value_to_double(vm, arguments[0], &start) || !value_to_double(vm, arguments[1], &stop))
        return VALUE_NULL;
    if (arguments[2] != VALUE_NULL && !value_to_index(vm, arguments[2], &number))
        return VALUE_NULL;
    if (number < 0)
        return raise_error(vm, &exc_ValueError, "Number of samples, %lld, must be non-negative.", (long long)number);
    struct ndarray *array = array_new(vm, DTYPE_FLOAT64, 1, &number);
    double step = number > 1 ? (stop - start) / (double)(number - 1) : 0;
    for (int64_t i = 0; array && i < number; i++) {
        double element = i + 1 == number && number > 1 ? stop : (double)i * step + start;
        memcpy(array->data + 8 * i, &element, sizeof element);
    }
    ADD_WORK(vm, elements, number);
    return finished(array);
}

METHOD(numpy_dot)
{
    (void)self, (void)count, (void)keyword_names;
    return array_dot(vm, arguments[0], arguments[1]);
}

METHOD(numpy_matmul)
{
    (void)self, (void)count, (void)keyword_names;
    return array_matmul(vm, arguments[0], arguments[1]);
}

METHOD(numpy_transpose)
{
    (void)self, (void)count, (void)keyword_names;
    struct ndarray *array = array_from(vm, arguments[0], -1);
    return array ? array_transpose(vm, array) : VALUE_NULL;
}

METHOD(numpy_reshape)
{
    (void)self, (void)count, (void)keyword_names;
    int64_t shape[DIMENSIONS_MAX];
    uint32_t dimensions;
    struct ndarray *array = array_from(vm, arguments[0], -1);
    if (!array || !shape_from(vm, arguments[1], shape, &dimensions))
        return VALUE_NULL;
    return array_reshape(vm, array, shape, dimensions);
}

METHOD(numpy_array_equal)
{
    (void)self, (void)count, (void)keyword_names;
    struct ndarray *a = array_from(vm, arguments[0], -1), *b = a ? array_from(vm, arguments[1], -1) : NULL;
    if (!b)
        return VALUE_NULL;
    if (a->dimensions != b->dimensions || memcmp(a->shape, b->shape, a->dimensions * sizeof(int64_t)) != 0)
        return FALSE;
    value equal = array_compare(vm, object_value(a), object_value(b), COMPARE_EQ);
    value all = equal == VALUE_NULL ? equal : array_reduce(vm, REDUCE_ALL, equal, VALUE_NULL, VALUE_NULL);
    int truth = all == VALUE_NULL ? -1 : value_truth(vm, all);
    return truth < 0 ? VALUE_NULL : bool_value(truth);
}

#define REDUCTION(name, kind)                                                                                          \
    METHOD(name)                                                                                                       \
    {                                                                                                                  \
        (void)self, (void)count, (void)keyword_names;                                                                  \
        return array_reduce(vm, kind, arguments[0], arguments[1], arguments[2]);                                       \
    }
REDUCTION(numpy_sum, REDUCE_SUM)
REDUCTION(numpy_prod, REDUCE_PROD)
REDUCTION(numpy_max, REDUCE_MAX)
REDUCTION(numpy_min, REDUCE_MIN)
REDUCTION(numpy_all, REDUCE_ALL)
REDUCTION(numpy_any, REDUCE_ANY)
REDUCTION(numpy_mean, REDUCE_MEAN)
REDUCTION(numpy_argmax, REDUCE_ARGMAX)
REDUCTION(numpy_argmin, REDUCE_ARGMIN)

static const struct method_definition numpy_functions[] = {
    {"array", "(object, dtype=None)", numpy_array, METHOD_STATIC, NULL},
    {"asarray", "(a, dtype=None)", numpy_asarray, METHOD_STATIC, NULL},
    {"zeros", "(shape, dtype=float)", numpy_zeros, METHOD_STATIC, NULL},
    {"empty", "(shape, dtype=float)", numpy_zeros, METHOD_STATIC, NULL},
    {"ones", "(shape, dtype=None)", numpy_ones, METHOD_STATIC, NULL},
    {"full", "(shape, fill_value, dtype=None)", numpy_full, METHOD_STATIC, NULL},
    {"eye", "(N, M=None, dtype=float)", numpy_eye, METHOD_STATIC, NULL},
    {"zeros_like", "(a, dtype=None)", numpy_zeros_like, METHOD_STATIC, NULL},
    {"ones_like", "(a, dtype=None)", numpy_ones_like, METHOD_STATIC, NULL},
    {"arange", "(start, stop=None, step=None, dtype=None)", numpy_arange, METHOD_STATIC, NULL},
    {"linspace", "(start, stop, num=50)", numpy_linspace, METHOD_STATIC, NULL},
    {"dot", "(a, b)", numpy_dot, METHOD_STATIC, NULL},
    {"matmul", "(x1, x2, /)", numpy_matmul, METHOD_STATIC, NULL},
    {"transpose", "(a)", numpy_transpose, METHOD_STATIC, NULL},
    {"reshape", "(a, newshape)", numpy_reshape, METHOD_STATIC, NULL},
    {"array_equal", "(a1, a2)", numpy_array_equal, METHOD_STATIC, NULL},
    {"sum", "(a, axis=None, keepdims=False)", numpy_sum, METHOD_STATIC, NULL},
    {"prod", "(a, axis=None, keepdims=False)", numpy_prod, METHOD_STATIC, NULL},
    {"max", "(a, axis=None, keepdims=False)", numpy_max, METHOD_STATIC, NULL},
    {"min", "(a, axis=None, keepdims=False)", numpy_min, METHOD_STATIC, NULL},
    {"amax", "(a, axis=None, keepdims=False)", numpy_max, METHOD_STATIC, NULL},
    {"amin", "(a, axis=None, keepdims=False)", numpy_min, METHOD_STATIC, NULL},
    {"all", "(a, axis=None, keepdims=False)", numpy_all, METHOD_STATIC, NULL},
    {"any", "(a, axis=None, keepdims=False)", numpy_any, METHOD_STATIC, NULL},
    {"mean", "(a, axis=None, keepdims=False)", numpy_mean, METHOD_STATIC, NULL},
    {"argmax", "(a, axis=None, keepdims=False)", numpy_argmax, METHOD_STATIC, NULL},
    {"argmin", "(a, axis=None, keepdims=False)", numpy_argmin, METHOD_STATIC, NULL},
    {NULL, NULL, NULL, 0, NULL},
};

struct type axis_error_type = {.name = "numpy.AxisError",
                               .flags = TYPE_SUBCLASSABLE | TYPE_EXCEPTION,
                               .base = &exc_ValueError,
                               .instance_size = sizeof(struct exception_object)};
struct type ufunc_type_error_type = {.name = "numpy.core._exceptions.UFuncTypeError",
                                     .flags = TYPE_SUBCLASSABLE | TYPE_EXCEPTION,
                                     .base = &exc_TypeError,
                                     .instance_size = sizeof(struct exception_object)};

static bool numpy_initialize(struct vm *vm, value module)
{
    struct dict_object *dict = dict_of(((struct module_object *)value_object(module))->dict);
    struct type *const errors[] = {&axis_error_type, &ufunc_type_error_type};
    for (size_t i = 0; i < 2; i++) {
        errors[i]->trace = exc_ValueError.trace;
        errors[i]->new = exc_ValueError.new;
        type_ready(vm, errors[i]);
    }
    array_slots(&ndarray_type);
    array_slots(&int64_scalar_type);
    array_slots(&bool_scalar_type);
    array_slots(&float64_scalar_type);
    static const struct { const char *name; struct type *type; } types[] = {
        {"generic", &generic_type}, {"ndarray", &ndarray_type}, {"dtype", &dtype_type}, {"int64", &int64_scalar_type},
        {"int_", &int64_scalar_type}, {"float64", &float64_scalar_type}, {"float_", &float64_scalar_type},
        {"double", &float64_scalar_type}, {"bool_", &bool_scalar_type},
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        type_ready(vm, types[i].type);
        if (!dict_set_text(vm, dict, types[i].name, type_object_value(types[i].type)))
            return false;
    }
    return ufuncs_define(vm, dict) && dict_set_text(vm, dict, "AxisError", type_object_value(&axis_error_type)) &&
           dict_set_text(vm, dict, "pi", float_value(vm, M_PI)) &&
           dict_set_text(vm, dict, "e", float_value(vm, M_E)) && dict_set_text(vm, dict, "inf", float_value(vm, INFINITY)) &&
           dict_set_text(vm, dict, "nan", float_value(vm, NAN)) && dict_set_text(vm, dict, "newaxis", NONE) &&
           dict_set_text(vm, dict, "__version__", string_from_text(vm, "1.24.2"));
}

const struct native_module numpy_module = {"numpy", numpy_initialize, numpy_functions};
