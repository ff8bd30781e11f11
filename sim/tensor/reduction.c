/* reduction.c - np.sum and its relatives as functions, positions of extremes, np.nonzero, np.where,
 * np.bincount. */
#include "sim/tensor/ufunc.h"

#include "sim/profile/profile.h"

#include <math.h>

/* ---- sums, products, extremes, truth ---- */

#define REDUCTION(name, index, with_dtype)                                                                   \
    METHOD(reduce_##name)                                                                                    \
    {                                                                                                        \
        (void)self, (void)count, (void)keyword_names;                                                        \
        const value *rest = arguments + 2 + (with_dtype);                                                    \
        struct reduce_options options = {(with_dtype) ? arguments[2] : VALUE_NULL, rest[0], rest[1],         \
                                         rest[2], rest[3], NULL};                                                  \
        return ufunc_reduce(vm, &ufuncs[index], arguments[0],                                                \
                            arguments[1] == VALUE_NULL ? NONE : arguments[1], &options);                     \
    }
REDUCTION(sum, UFUNC_add, 1)
REDUCTION(prod, UFUNC_multiply, 1)
REDUCTION(max, UFUNC_maximum, 0)
REDUCTION(min, UFUNC_minimum, 0)

#define TRUTH(name, index)                                                                                   \
    METHOD(reduce_##name)                                                                                    \
    {                                                                                                        \
        (void)self, (void)count, (void)keyword_names;                                                        \
        struct reduce_options options = {VALUE_NULL, arguments[2], arguments[3], VALUE_NULL, arguments[4], NULL}; \
        return ufunc_reduce(vm, &ufuncs[index], arguments[0],                                                \
                            arguments[1] == VALUE_NULL ? NONE : arguments[1], &options);                     \
    }
TRUTH(all, UFUNC_logical_and)
TRUTH(any, UFUNC_logical_or)

static value run_accumulate(struct vm *vm, const char *name, const value *arguments)
{
    struct ndarray *array = array_from(vm, arguments[0], DTYPE_NONE);
    value axis = arguments[1], source = array_value(array);
    if (source == VALUE_NULL)
        return source;
    if (axis == VALUE_NULL || axis == NONE || !array->dimensions) {
        uint32_t place;
        if (axis != VALUE_NULL && axis != NONE && !axis_from(vm, axis, 1, &place))
            return VALUE_NULL;
        source = array_reshape(vm, array, &array->size, 1);
        axis = small_int(0);
    }
    value ufunc = get_attribute_text(vm, import_module(vm, "numpy"), name);
    if (source == VALUE_NULL || ufunc == VALUE_NULL)
        return VALUE_NULL;
    value given[4] = {source, axis, arguments[2] == VALUE_NULL ? NONE : arguments[2],
                      arguments[3] == VALUE_NULL ? NONE : arguments[3]};
    return call_method(vm, ufunc, "accumulate", given, 4);
}

METHOD(reduce_cumsum)
{
    (void)self, (void)count, (void)keyword_names;
    return run_accumulate(vm, "add", arguments);
}

METHOD(reduce_cumprod)
{
    (void)self, (void)count, (void)keyword_names;
    return run_accumulate(vm, "multiply", arguments);
}

/* ---- positions of extremes: the first one; a NaN is more extreme than any number ---- */

static int64_t object_extreme(struct vm *vm, const char *data, int64_t count, int64_t step, bool greatest)
{
    int64_t best = 0;
    for (int64_t i = 1; i < count; i++) {
        value x, found;
        memcpy(&x, data + i * step, sizeof x);
        memcpy(&found, data + best * step, sizeof found);
        int truth = compare_truth(vm, greatest ? COMPARE_GT : COMPARE_LT, x, found);
        if (truth < 0)
            return -1;
        best = truth ? i : best;
    }
    return best;
}

value array_arg_extreme(struct vm *vm, value v, value axis_value, value keepdims, bool greatest)
{
    struct ndarray *array = array_from(vm, v, DTYPE_NONE);
    int keep = keepdims == VALUE_NULL ? 0 : value_truth(vm, keepdims);
    bool all = axis_value == VALUE_NULL || axis_value == NONE;
    uint32_t axis = 0, own;
    if (!array || keep < 0)
        return VALUE_NULL;
    own = array->dimensions;
    if (all) {
        value flat = array_reshape(vm, array, &array->size, 1);
        if (flat == VALUE_NULL)
            return flat;
        array = array_of(flat);
    } else {
        int64_t one = 1; /* without dimensions: as of one */
        value row = own ? object_value(array) : array_reshape(vm, array, &one, 1);
        if (row == VALUE_NULL || !axis_from(vm, axis_value, array_of(row)->dimensions, &axis))
            return VALUE_NULL;
        array = array_of(row);
        all = !own;
    }
    if (array->dtype == DTYPE_STRING && !(array = array_duplicate(vm, array, DTYPE_OBJECT)))
        return VALUE_NULL;
    if (!array->shape[axis])
        return raise_error(vm, &exc_ValueError, "attempt to get %s of an empty sequence",
                           greatest ? "argmax" : "argmin");
    int64_t shape[DIMENSIONS_MAX], index[DIMENSIONS_MAX] = {0};
    uint32_t dimensions = 0;
    for (uint32_t i = 0; i < (all ? own : array->dimensions); i++) {
        if (!all && i != axis)
            shape[dimensions++] = array->shape[i];
        else if (keep)
            shape[dimensions++] = 1;
    }
    struct ndarray *out = array_new(vm, DTYPE_INT64, dimensions, shape),
                   *rows = out ? array_view(vm, array) : NULL;
    if (!rows)
        return VALUE_NULL;
    rows->shape[axis] = 1;
    char *element = array->data;
    ADD_WORK(vm, elements, array->size);
    for (int64_t i = 0; i < out->size; i++, element_next(rows, index, &element)) {
        int64_t best =
            array->dtype == DTYPE_OBJECT
                ? object_extreme(vm, element, array->shape[axis], array->strides[axis], greatest)
                : (*LOOPS_FOR_HOST(extreme))[array->dtype](element, array->shape[axis], array->strides[axis], greatest);
        if (best < 0)
            return VALUE_NULL;
        memcpy(out->data + 8 * i, &best, sizeof best);
    }
    gc_keep(object_value(array));
    return array_result(vm, out);
}

static value arg_extreme(struct vm *vm, const value *arguments, bool greatest)
{
    value result = array_arg_extreme(vm, arguments[0], arguments[1], arguments[3], greatest);
    if (result == VALUE_NULL || arguments[2] == VALUE_NULL || arguments[2] == NONE)
        return result;
    return is_array(arguments[2]) && array_assign(vm, array_of(arguments[2]), result) ? arguments[2]
                                                                                      : VALUE_NULL;
}

METHOD(reduce_argmax)
{
    (void)self, (void)count, (void)keyword_names;
    return arg_extreme(vm, arguments, true);
}

METHOD(reduce_argmin)
{
    (void)self, (void)count, (void)keyword_names;
    return arg_extreme(vm, arguments, false);
}

/* ---- what is not zero ---- */

static struct ndarray *truth_of(struct vm *vm, struct ndarray *array)
{
    if (array->dtype == DTYPE_BOOL && array_is_contiguous(array))
        return array;
    struct ndarray *mask = array_new_raw(vm, DTYPE_BOOL, array->dimensions, array->shape);
    if (!mask || is_numeric_dtype(array->dtype))
        return mask && array_copy_into(vm, mask, array) ? mask : NULL;
    int64_t index[DIMENSIONS_MAX] = {0};
    char *element = array->data;
    for (int64_t i = 0; i < array->size; i++, element_next(array, index, &element)) {
        bool truth;
        if (!element_truth(vm, array_dtype(array), element, &truth))
            return NULL;
        mask->data[i] = truth;
    }
    return mask;
}

METHOD(reduce_nonzero)
{
    (void)self, (void)count, (void)keyword_names;
    struct ndarray *array = array_from(vm, arguments[0], DTYPE_NONE);
    if (!array)
        return VALUE_NULL;
    if (!array->dimensions) {
        if (!warning_issue(vm, &exc_DeprecationWarning, 1,
                           array->dtype == DTYPE_BOOL
                               ? "Calling nonzero on 0d arrays is deprecated, as it behaves surprisingly. Use "
                                 "`atleast_1d(cond).nonzero()` if the old behavior was intended. If the context of "
                                 "this warning is of the form `arr[nonzero(cond)]`, just use `arr[cond]`."
                               : "Calling nonzero on 0d arrays is deprecated, as it behaves surprisingly. Use "
                                 "`atleast_1d(arr).nonzero()` if the old behavior was intended."))
            return VALUE_NULL;
        int64_t one = 1;
        value flat = array_reshape(vm, array, &one, 1);
        if (flat == VALUE_NULL)
            return flat;
        array = array_of(flat);
    }
    struct ndarray *mask = truth_of(vm, array), *positions = mask ? mask_positions(vm, mask) : NULL;
    value result = positions ? tuple_new(vm, array->dimensions) : VALUE_NULL;
    int64_t below = array->size ? array->size : 1;
    if (result == VALUE_NULL)
        return result;
    ADD_WORK(vm, elements, array->size);
    for (uint32_t i = 0; i < array->dimensions; i++) {
        struct ndarray *indices = array->dimensions == 1
                                      ? positions
                                      : array_new_raw(vm, DTYPE_INT64, 1, &positions->size);
        if (!indices)
            return VALUE_NULL;
        below /= array->shape[i] ? array->shape[i] : 1;
        const int64_t *flat = (const int64_t *)(const void *)positions->data;
        int64_t *out = (int64_t *)(void *)indices->data;
        for (int64_t k = 0; k < positions->size && array->dimensions > 1; k++)
            out[k] = flat[k] / below % array->shape[i];
        tuple_of(result)->items[i] = object_value(indices);
    }
    return result;
}

METHOD(reduce_count_nonzero)
{
    (void)self, (void)count, (void)keyword_names;
    struct ndarray *array = array_from(vm, arguments[0], DTYPE_NONE),
                   *mask = array ? truth_of(vm, array) : NULL;
    if (!mask)
        return VALUE_NULL;
    if ((arguments[1] == VALUE_NULL || arguments[1] == NONE) &&
        (arguments[2] == VALUE_NULL || arguments[2] == FALSE)) {
        ADD_WORK(vm, elements, mask->size);
        return small_int(count_true(mask->data, mask->size));
    }
    struct reduce_options options = {type_object_value(scalar_types[DTYPE_INT64]), VALUE_NULL, arguments[2],
                                     VALUE_NULL, VALUE_NULL, NULL};
    return ufunc_reduce(vm, &ufuncs[UFUNC_add], object_value(mask), arguments[1], &options);
}

/* ---- where ---- */

/* How far one element is from the next, when that is the same everywhere: 0 for one value for all; -1: it is not. */
static int64_t even_step(const struct ndarray *array)
{
    bool one = true;
    for (uint32_t i = 0; i < array->dimensions; i++)
        one = one && (!array->strides[i] || array->shape[i] == 1);
    return one ? 0 : array_is_contiguous(array) ? (int64_t)array->item_size : -1;
}

static void choose_elements(char *out, const struct ndarray *mask, const struct ndarray *a,
                            const struct ndarray *b)
{
    int64_t index[3][DIMENSIONS_MAX] = {{0}};
    char *m = mask->data, *x = a->data, *y = b->data;
    size_t bytes = a->item_size;
    int64_t x_step = even_step(a), y_step = even_step(b);
    if (bytes == 8 && array_is_contiguous(mask) && x_step >= 0 && y_step >= 0) {
        for (int64_t i = 0; i < mask->size; i++) { /* both are read: no branches */
            uint64_t yes = *(const uint64_t *)(const void *)(x + i * x_step),
                     no = *(const uint64_t *)(const void *)(y + i * y_step), all = (uint64_t)0 - m[i];
            ((uint64_t *)(void *)out)[i] = (yes & all) | (no & ~all);
        }
        return;
    }
    for (int64_t i = 0; i < mask->size; i++) {
        memcpy(out + (size_t)i * bytes, *m ? x : y, bytes);
        element_next(mask, index[0], &m);
        element_next(a, index[1], &x);
        element_next(b, index[2], &y);
    }
}

static bool is_limit(value v)
{
    return is_small_int(v) || (is_exact(v, &float_type) && !isnan(float_number(v)));
}

/* No float of the array is greater. */
static bool is_no_limit(value v, const struct ndarray *array)
{
    return v == NONE || (is_exact(v, &float_type) && float_number(v) == HUGE_VAL && is_float_dtype(array->dtype) &&
                         dtype_kind(array->dtype) != DTYPE_FLOAT16);
}

/* With a number as its least alone it is maximum; everything else is the library's. */
METHOD(reduce_clip)
{
    (void)self;
    value given[3];
    size_t named = keyword_count(keyword_names);
    bool plain = count + named == 3 && count && (count == 3 || named == 2) && is_array(arguments[0]);
    if (plain)
        memcpy(given, arguments, sizeof given);
    for (size_t i = 0; plain && i < named; i++) {
        value name = tuple_of(keyword_names)->items[i];
        bool is_least = string_is(name, "a_min");
        plain = is_least || string_is(name, "a_max");
        given[is_least ? 1 : 2] = arguments[1 + i];
    }
    if (plain && is_limit(given[1]) && is_no_limit(given[2], array_of(given[0]))) {
        value turned[2] = {given[1], given[0]}; /* between two limits the limit stays where both are equal: 0 for -0 */
        return ufunc_apply(vm, "maximum", given[2] == NONE ? given : turned, 2);
    }
    if (vm->record_shape) /* no activation was done here */
        vm->record_shape(vm, SHAPE_NONE, 0, 0, 0, 0);
    return library_call(vm, "_clip_any", arguments, count, keyword_names);
}

/* The axes from the outermost in memory to the innermost, as numpy walks these arrays broadcast, and the way back; false: they are
 * in their own order. */
static bool memory_axes(struct ndarray *const *arrays, uint32_t count, uint32_t dimensions, uint32_t *axes, uint32_t *back)
{
    struct operand_walk walk = {.dimensions = dimensions, .operands = count};
    uint32_t order[DIMENSIONS_MAX];
    bool turned = false;
    for (uint32_t k = 0; k < count; k++) {
        uint32_t added = dimensions - arrays[k]->dimensions;
        for (uint32_t i = added; i < dimensions; i++)
            walk.strides[k][i] = arrays[k]->shape[i - added] == 1 ? 0 : arrays[k]->strides[i - added];
    }
    walk_order(&walk, order);
    for (uint32_t i = 0; i < dimensions; i++) {
        axes[i] = order[dimensions - 1 - i];
        back[axes[i]] = i;
        turned |= axes[i] != i;
    }
    return turned;
}

/* Elements of x where the mask is true, of y where not: all three of one shape, of which the result takes the order in memory. */
static struct ndarray *choose_in_order(struct vm *vm, struct ndarray **both, const uint32_t *axes, const uint32_t *back)
{
    struct ndarray *in_order[3];
    for (int i = 0; i < 3; i++)
        if (!(in_order[i] = array_permute(vm, both[i], axes)))
            return NULL;
    uint32_t dimensions = both[0]->dimensions;
    struct ndarray *out = array_new_raw(vm, array_dtype(both[1]), dimensions, in_order[0]->shape);
    if (!out)
        return NULL;
    choose_elements(out->data, in_order[0], in_order[1], in_order[2]);
    int64_t strides[DIMENSIONS_MAX];
    memcpy(strides, out->strides, dimensions * sizeof *strides);
    for (uint32_t i = 0; i < dimensions; i++) {
        out->shape[i] = both[0]->shape[i];
        out->strides[i] = strides[back[i]];
    }
    for (int i = 0; i < 3; i++)
        gc_keep(object_value(in_order[i]));
    return out;
}

METHOD(reduce_where)
{
    (void)self, (void)count, (void)keyword_names;
    bool x = arguments[1] != VALUE_NULL, y = arguments[2] != VALUE_NULL;
    if (arguments[0] == VALUE_NULL)
        return raise_error(vm, &exc_TypeError, "where() missing 1 required positional argument: 'condition'");
    if (!x && !y)
        return reduce_nonzero(vm, self, arguments, 1, VALUE_NULL);
    if (x != y)
        return raise_error(vm, &exc_ValueError, "either both or neither of x and y should be given");
    struct ndarray *mask = array_from(vm, arguments[0], DTYPE_NONE), *both[3] = {NULL};
    for (int i = 0; i < 2 && mask; i++)
        if (!(both[i + 1] = array_from(vm, arguments[1 + i], DTYPE_NONE)))
            return VALUE_NULL;
    struct ndarray *condition = mask;
    if (mask) /* texts are cast, not asked whether they are empty */
        mask = mask->dtype == DTYPE_STRING ? array_contiguous(vm, mask, DTYPE_BOOL) : truth_of(vm, mask);
    both[0] = mask;
    struct ndarray *lying[3] = {condition, both[1], both[2]};
    uint32_t axes[DIMENSIONS_MAX], back[DIMENSIONS_MAX];
    int64_t shape[DIMENSIONS_MAX];
    uint32_t dimensions;
    if (!mask)
        return VALUE_NULL;
    int dtype = result_type(vm, both + 1, 2);
    if (dtype < 0 || !broadcast_shape(vm, both, 3, shape, &dimensions))
        return VALUE_NULL;
    for (int i = 0; i < 3; i++) {
        if (i && array_dtype(both[i]) != dtype) {
            struct ndarray *made = array_new_raw(vm, dtype, both[i]->dimensions, both[i]->shape);
            both[i] = made && array_copy_into(vm, made, both[i]) ? made : NULL;
        }
        if (!both[i] || !(both[i] = array_broadcast(vm, both[i], shape, dimensions)))
            return VALUE_NULL;
    }
    bool turned = memory_axes(lying, 3, dimensions, axes, back);
    struct ndarray *out = turned ? choose_in_order(vm, both, axes, back) : array_new_raw(vm, dtype, dimensions, shape);
    if (!out)
        return VALUE_NULL;
    ADD_WORK(vm, elements, out->size);
    array_record_activation(vm, out, 0, 1);
    if (!turned)
        choose_elements(out->data, both[0], both[1], both[2]);
    for (int i = 0; i < 3; i++)
        gc_keep(object_value(both[i]));
    return object_value(out);
}

/* ---- bincount ---- */

METHOD(reduce_bincount)
{
    (void)self, (void)count, (void)keyword_names;
    int64_t least = 0, greatest = -1;
    struct ndarray *array = array_from(vm, arguments[0], DTYPE_NONE), *weights = NULL;
    if (!array || (arguments[2] != VALUE_NULL && !value_to_index(vm, arguments[2], &least)))
        return VALUE_NULL;
    if (least < 0)
        return raise_error(vm, &exc_ValueError, "'minlength' must not be negative");
    if (array->dimensions != 1)
        return raise_error(vm, &exc_ValueError,
                           array->dimensions ? "object too deep for desired array"
                                             : "object of too small depth for desired array");
    if ((array->size || is_array(arguments[0])) && !can_cast(array->dtype, DTYPE_INT64, CAST_SAFE))
        return raise_error(vm, &exc_TypeError,
                           "Cannot cast array data from %R to dtype('int64') according to the rule 'safe'",
                           dtype_value(vm, array_dtype(array)));
    array = array_contiguous(vm, array, DTYPE_INT64);
    if (array && arguments[1] != VALUE_NULL && arguments[1] != NONE) {
        weights = array_from(vm, arguments[1], DTYPE_FLOAT64);
        weights = weights ? array_contiguous(vm, weights, DTYPE_FLOAT64) : NULL;
        if (!weights)
            return VALUE_NULL;
        if (weights->size != array->size)
            return raise_error(vm, &exc_ValueError, "The weights and list don't have the same length.");
    }
    if (!array)
        return VALUE_NULL;
    const int64_t *items = (const int64_t *)(const void *)array->data;
    for (int64_t i = 0; i < array->size; i++) {
        if (items[i] < 0)
            return raise_error(vm, &exc_ValueError, "'list' argument must have no negative elements");
        greatest = items[i] > greatest ? items[i] : greatest;
    }
    struct ndarray *out =
        array_new_1d(vm, weights ? DTYPE_FLOAT64 : DTYPE_INT64, greatest + 1 > least ? greatest + 1 : least);
    if (!out)
        return VALUE_NULL;
    ADD_WORK(vm, elements, array->size);
    for (int64_t i = 0; i < array->size; i++) {
        if (weights)
            ((double *)(void *)out->data)[items[i]] += ((const double *)(const void *)weights->data)[i];
        else
            ((int64_t *)(void *)out->data)[items[i]]++;
    }
    gc_keep(object_value(array));
    return object_value(out);
}

/* (a, first, last, norm, edges, counts): counts the doubles in each of the even bins between the edges, as np.histogram assigns them.
 * False: an element's bin is not to be found so, nothing was counted. */
METHOD(reduce_bin_evenly)
{
    (void)self, (void)count, (void)keyword_names;
    enum { STEPS = 8 }; /* operations for each element */
    struct ndarray *array = array_contiguous(vm, array_of(arguments[0]), DTYPE_FLOAT64),
                   *edges = array ? array_contiguous(vm, array_of(arguments[4]), DTYPE_FLOAT64) : NULL,
                   *counts = array_of(arguments[5]), *found = edges ? array_new(vm, DTYPE_INT64, 1, counts->shape) : NULL;
    const double first = float_number(arguments[1]), last = float_number(arguments[2]), norm = float_number(arguments[3]);
    if (!found)
        return VALUE_NULL;
    const int64_t bins = found->size;
    const double *items = (const double *)(const void *)array->data, *edge = (const double *)(const void *)edges->data;
    int64_t *bin = (int64_t *)(void *)found->data;
    for (int64_t i = 0; i < array->size; i++) {
        const double x = items[i], place = (x - first) * norm;
        if (!(x >= first && x <= last))
            continue;
        if (!(place >= 0 && place < (double)(bins + 1)))
            return FALSE;
        int64_t at = (int64_t)place;
        at -= at == bins;
        at -= x < edge[at] && at > 0;
        at += at != bins - 1 && x >= edge[at + 1];
        bin[at]++;
    }
    for (int64_t i = 0; i < bins; i++)
        ((int64_t *)(void *)counts->data)[i] += bin[i];
    ADD_WORK(vm, elements, STEPS * array->size);
    gc_keep(object_value(array));
    gc_keep(object_value(edges));
    return TRUE;
}

#define SUMMING "(a, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=True)"
#define EXTREME "(a, axis=None, out=None, keepdims=False, initial=None, where=True)"
#define TRUTHS "(a, axis=None, out=None, keepdims=False, *, where=True)"
const struct method_definition reduction_functions[] = {
    {"sum", SUMMING, reduce_sum, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"prod", SUMMING, reduce_prod, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"product", SUMMING, reduce_prod, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"max", EXTREME, reduce_max, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"amax", EXTREME, reduce_max, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"min", EXTREME, reduce_min, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"amin", EXTREME, reduce_min, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"all", TRUTHS, reduce_all, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"any", TRUTHS, reduce_any, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"cumsum", "(a, axis=None, dtype=None, out=None)", reduce_cumsum, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"cumprod", "(a, axis=None, dtype=None, out=None)", reduce_cumprod, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"cumproduct", "(a, axis=None, dtype=None, out=None)", reduce_cumprod, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"argmax", "(a, axis=None, out=None, *, keepdims=False)", reduce_argmax, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"argmin", "(a, axis=None, out=None, *, keepdims=False)", reduce_argmin, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"nonzero", "(a)", reduce_nonzero, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"count_nonzero", "(a, axis=None, *, keepdims=False)", reduce_count_nonzero, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"where", "(condition, x=None, y=None, /)", reduce_where, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"clip", NULL, reduce_clip, METHOD_STATIC, NULL},
    {"_bin_evenly", "(a, first, last, norm, edges, counts, /)", reduce_bin_evenly, METHOD_STATIC, NULL},
    {"bincount", "(x, /, weights=None, minlength=0)", reduce_bincount, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {NULL, NULL, NULL, 0, NULL},
};
