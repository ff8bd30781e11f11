/* ufunc_reduce.c - the methods of ufuncs: reduce, accumulate, reduceat, outer, at. Additions are made in
 * numpy's order, so that sums of floats agree to the bit: rows pairwise, in pieces of its buffer's size. */
#include "sim/tensor/ufunc.h"

enum { BUFFER_ELEMENTS = 8192 };

struct reduction_state {
    const struct ufunc *ufunc;
    struct ndarray *array, *out, *where;
    int dtype;     /* of the loop */
    uint32_t axes; /* how many are reduced */
    bool taken[DIMENSIONS_MAX];
    bool started; /* started: out holds the first elements */
};

static bool is_add(const struct ufunc *ufunc)
{
    return ufunc == &ufuncs[UFUNC_add];
}

static ufunc_loop row_loop(const struct ufunc *ufunc, int dtype)
{
    if (is_add(ufunc))
        return (*LOOPS_FOR_HOST(add_reduce))[dtype];
    if (ufunc == &ufuncs[UFUNC_multiply])
        return (*LOOPS_FOR_HOST(multiply_reduce))[dtype];
    if (ufunc == &ufuncs[UFUNC_maximum])
        return (*LOOPS_FOR_HOST(maximum_reduce))[dtype];
    if (ufunc == &ufuncs[UFUNC_logical_and])
        return (*LOOPS_FOR_HOST(logical_and_reduce))[dtype];
    if (ufunc == &ufuncs[UFUNC_logical_or])
        return (*LOOPS_FOR_HOST(logical_or_reduce))[dtype];
    return ufunc == &ufuncs[UFUNC_minimum] ? (*LOOPS_FOR_HOST(minimum_reduce))[dtype] : NULL;
}

/* Sums and products of small integers are made in int64 or uint64. */
static int reduction_dtype(struct vm *vm, const struct ufunc *ufunc, struct ndarray *array, int wanted)
{
    struct ufunc_call call = {
        .ufunc = ufunc, .in = {array, array, array}, .dtype = wanted, .casting = CAST_UNSAFE};
    if (ufunc->output == OUT_BOOL && array->dtype != DTYPE_OBJECT)
        return DTYPE_BOOL;
    bool sums = is_add(ufunc) || ufunc == &ufuncs[UFUNC_multiply];
    if (wanted == DTYPE_NONE && sums && (array->dtype == DTYPE_BOOL || is_integer_dtype(array->dtype)))
        return dtype_letter(array->dtype) == 'u' ? DTYPE_UINT64 : DTYPE_INT64;
    return ufunc_resolve(vm, &call);
}

static bool identity_element(const struct ufunc *ufunc, int dtype, union element *out)
{
    double number;
    switch ((enum ufunc_identity)ufunc->identity) {
    case IDENTITY_ZERO:
        number = 0;
        break;
    case IDENTITY_ONE:
        number = 1;
        break;
    case IDENTITY_MINUS_ONE:
        number = dtype == DTYPE_BOOL ? 1 : -1;
        break;
    case IDENTITY_MINUS_INFINITY:
        number = -INFINITY;
        break;
    default:
        return false;
    }
    int64_t whole = (int64_t)number;
    if (is_integer_dtype(dtype))
        return elements_convert(NULL, dtype, out->bytes, 0, DTYPE_INT64, (const char *)&whole, 0, 1);
    return elements_convert(NULL, dtype, out->bytes, 0, DTYPE_FLOAT64, (const char *)&number, 0, 1);
}

/* ---- results ---- */

static bool check_out(struct vm *vm, const struct reduction_state *state, value given, const int64_t *shape,
                      uint32_t dimensions)
{
    if (has_flag(given, TYPE_TUPLE) && tuple_of(given)->length == 1)
        given = tuple_of(given)->items[0];
    if (!is_array(given))
        return raise_error(vm, &exc_TypeError, "output must be an array"), false;
    struct ndarray *out = array_of(given);
    if (out->dimensions != dimensions) {
        raise_error(vm, &exc_ValueError,
                    "output parameter for reduction operation %s has the wrong number of dimensions: Found "
                    "%u but expected %u",
                    state->ufunc->name, out->dimensions, dimensions);
        return false;
    }
    if (memcmp(out->shape, shape, dimensions * sizeof *shape) != 0) {
        raise_error(vm, &exc_ValueError, "output array does not match result of ufunc.%s", "reduce");
        return false;
    }
    return true;
}

/* The result with the array's number of dimensions: reduced axes of length 1. Laid out as the array is. */
static struct ndarray *result_new(struct vm *vm, const struct reduction_state *state)
{
    const struct ndarray *array = state->array;
    struct operand_walk walk = {.dimensions = array->dimensions, .operands = 1, .data = {array->data}};
    uint32_t order[DIMENSIONS_MAX];
    memcpy(walk.shape, array->shape, array->dimensions * sizeof(int64_t));
    memcpy(walk.strides[0], array->strides, array->dimensions * sizeof(int64_t));
    walk_order(&walk, order);
    for (uint32_t i = 0; i < array->dimensions; i++)
        if (state->taken[i])
            walk.shape[i] = 1;
    struct ndarray *out = array_new(vm, state->dtype, array->dimensions, walk.shape);
    int64_t stride = out ? out->item_size : 0;
    for (uint32_t i = 0; out && i < array->dimensions; i++) {
        out->strides[order[i]] = stride;
        stride *= walk.shape[order[i]] ? walk.shape[order[i]] : 1;
    }
    return out;
}

static struct ndarray *without_axes(struct vm *vm, struct ndarray *array, const bool *taken)
{
    uint32_t dimensions = 0;
    for (uint32_t i = 0; i < array->dimensions; i++)
        dimensions += !taken[i];
    struct ndarray *view = array_view_of(vm, array, dimensions);
    for (uint32_t i = 0, k = 0; view && i < array->dimensions; i++) {
        if (!taken[i]) {
            view->shape[k] = array->shape[i];
            view->strides[k++] = array->strides[i];
        }
    }
    return view;
}

/* A view of the array's part [start, stop) along an axis. */
static struct ndarray *along(struct vm *vm, struct ndarray *array, uint32_t axis, int64_t start, int64_t stop)
{
    struct ndarray *view = array_view(vm, array);
    if (!view)
        return NULL;
    view->data += start * array->strides[axis];
    view->shape[axis] = stop - start;
    array_set_size(view);
    return view;
}

/* ---- reducing ---- */

static bool start_result(struct vm *vm, struct reduction_state *state, value initial)
{
    union element element = {.complex = {0, 0}};
    struct ndarray *array = state->array;
    bool given = initial != VALUE_NULL && initial != NONE;
    bool has_identity = state->dtype == DTYPE_OBJECT ? state->ufunc->identity != IDENTITY_NONE && !array->size
                                                     : identity_element(state->ufunc, state->dtype, &element);
    if (state->dtype == DTYPE_OBJECT && has_identity) {
        value identity = small_int(state->ufunc->identity == IDENTITY_ONE);
        memcpy(element.bytes, &identity, sizeof identity);
    }
    if (initial == NONE)
        has_identity = false;
    if (given && !element_store(vm, state->dtype, element.bytes, initial))
        return false;
    if (given || has_identity) {
        struct ndarray *zero = array_new(vm, state->dtype, 0, NULL);
        if (!zero)
            return false;
        memcpy(zero->data, element.bytes, zero->item_size);
        return array_assign_array(vm, state->out, zero);
    }
    if (state->where) {
        raise_error(vm, &exc_ValueError,
                    "reduction operation '%s' does not have an identity, so to use a where mask one has to "
                    "specify 'initial'",
                    state->ufunc->name);
        return false;
    }
    for (uint32_t i = 0; i < array->dimensions; i++) {
        if (state->taken[i] && !array->shape[i] && state->out->size) {
            raise_error(vm, &exc_ValueError,
                        "zero-size array to reduction operation %s which has no identity",
                        state->ufunc->name);
            return false;
        }
    }
    if (!state->out->size)
        return true;
    struct ndarray *first = array;
    for (uint32_t i = 0; i < array->dimensions; i++)
        if (state->taken[i] && !(first = along(vm, first, i, 0, 1)))
            return false;
    for (uint32_t i = 0; i < array->dimensions;
         i++) /* of several axes everything once more: these operations do not mind */
        if (state->taken[i] && state->axes == 1 && !(state->array = along(vm, array, i, 1, array->shape[i])))
            return false;
    return array_assign_array(vm, state->out, first);
}

static void reduce_row(const struct operand_walk *walk, ufunc_loop row, ufunc_loop plain)
{
    int64_t count = walk->shape[0], step = walk->strides[1][0];
    if (!walk->strides[0][0] && row) {
        for (int64_t done = 0; done < count; done += BUFFER_ELEMENTS) {
            char *data[2] = {walk->data[0], walk->data[1] + done * step};
            int64_t steps[2] = {0, step};
            row(data, steps, count - done < BUFFER_ELEMENTS ? count - done : BUFFER_ELEMENTS);
        }
        return;
    }
    char *data[3] = {walk->data[0], walk->data[1], walk->data[0]};
    int64_t steps[3] = {walk->strides[0][0], step, walk->strides[0][0]};
    plain(data, steps, count);
}

static void reduce_masked_row(const struct operand_walk *walk, ufunc_loop row, ufunc_loop plain)
{
    for (int64_t i = 0; i < walk->shape[0];) { /* runs of what counts */
        const char *mask = walk->data[2];
        int64_t step = walk->strides[2][0], start = i;
        while (i < walk->shape[0] && mask[i * step])
            i++;
        struct operand_walk part = *walk;
        part.shape[0] = i - start;
        for (int k = 0; k < 2; k++)
            part.data[k] += start * part.strides[k][0];
        if (i > start)
            reduce_row(&part, row, plain);
        while (i < walk->shape[0] && !mask[i * step])
            i++;
    }
}

/* Sums over several axes that lie apart in memory: numpy brings their elements together in its buffer and
 * adds what is there pairwise. The innermost `block` axes are such; the walk goes on over the others. */
static void reduce_gathered(struct operand_walk *walk, uint32_t block, size_t bytes, ufunc_loop row)
{
    double buffer[2 * BUFFER_ELEMENTS];
    struct operand_walk inner = *walk, outer = {.operands = 2,
                                                .data = {walk->data[0], walk->data[1]},
                                                .dimensions = 1,
                                                .shape = {1}};
    inner.dimensions = block;
    for (uint32_t i = block; i < walk->dimensions; i++) { /* its innermost axis is the block, as one */
        uint32_t n = outer.dimensions++;
        outer.shape[n] = walk->shape[i];
        outer.strides[0][n] = walk->strides[0][i];
        outer.strides[1][n] = walk->strides[1][i];
    }
    int64_t outer_index[DIMENSIONS_MAX] = {0}, steps[2] = {0, (int64_t)bytes};
    do {
        int64_t index[DIMENSIONS_MAX] = {0}, filled = 0;
        char *data[2] = {outer.data[0], (char *)buffer};
        inner.data[0] = outer.data[0];
        inner.data[1] = outer.data[1];
        do {
            for (int64_t i = 0; i < inner.shape[0]; i++) {
                memcpy((char *)buffer + (size_t)filled++ * bytes, inner.data[1] + i * inner.strides[1][0],
                       bytes);
                if (filled == BUFFER_ELEMENTS) {
                    row(data, steps, filled);
                    filled = 0;
                }
            }
        } while (walk_next(&inner, index));
        if (filled)
            row(data, steps, filled);
    } while (walk_next(&outer, outer_index));
}

/* How many of the innermost axes are reduced. */
static uint32_t reduced_block(const struct operand_walk *walk)
{
    uint32_t block = 0;
    while (block < walk->dimensions && !walk->strides[0][block])
        block++;
    return block;
}

static bool reduce_object_row(struct vm *vm, const struct reduction_state *state,
                              const struct operand_walk *walk)
{
    for (int64_t i = 0; i < walk->shape[0]; i++) {
        char *out = walk->data[0] + i * walk->strides[0][0];
        value items[2], result;
        if (state->where && !walk->data[2][i * walk->strides[2][0]])
            continue;
        memcpy(&items[0], out, sizeof(value));
        memcpy(&items[1], walk->data[1] + i * walk->strides[1][0], sizeof(value));
        if (!object_operation(vm, state->ufunc, items, &result))
            return false;
        memcpy(out, &result, sizeof result);
    }
    return true;
}

static bool reduce_all(struct vm *vm, struct reduction_state *state)
{
    struct ndarray *array = state->array;
    if (!array->size)
        return true;
    struct operand_walk walk = {
        .dimensions = array->dimensions,
        .operands = state->where ? 3 : 2,
        .data = {state->out->data, array->data, state->where ? state->where->data : NULL}};
    uint32_t order[DIMENSIONS_MAX];
    for (uint32_t i = 0; i < array->dimensions; i++) {
        walk.shape[i] = array->shape[i];
        walk.strides[0][i] = state->taken[i] ? 0 : state->out->strides[i];
        walk.strides[1][i] = array->strides[i];
        if (state->where)
            walk.strides[2][i] = state->where->strides[i];
    }
    walk_order(&walk, order);
    walk_simplify(&walk, order, false);
    int64_t index[DIMENSIONS_MAX] = {0};
    if (state->dtype == DTYPE_OBJECT) {
        do
            if (!reduce_object_row(vm, state, &walk))
                return false;
        while (walk_next(&walk, index));
        return true;
    }
    ufunc_loop row = row_loop(state->ufunc, state->dtype), plain = (*ufunc_loops(state->ufunc))[state->dtype];
    bool watched = !(state->ufunc->flags & UFUNC_QUIET);
    if (watched)
        float_errors_clear();
    uint32_t block = reduced_block(&walk);
    if (row && is_add(state->ufunc) && block > 1 && !state->where && !is_integer_dtype(state->dtype)) {
        reduce_gathered(&walk, block, array->item_size, row);
        return float_errors_report(vm, float_errors_raised(), "reduce");
    }
    do {
        if (state->where)
            reduce_masked_row(&walk, row, plain);
        else
            reduce_row(&walk, row, plain);
    } while (walk_next(&walk, index));
    gc_keep(object_value(array));
    return !watched || float_errors_report(vm, float_errors_raised(), "reduce");
}

static bool prepare_reduction(struct vm *vm, struct reduction_state *state, value axis,
                              const struct reduce_options *options)
{
    int wanted;
    struct ndarray *array = state->array;
    if (!dtype_given(vm, options->dtype, &wanted))
        return false;
    if (wanted == DTYPE_NONE && options->out != VALUE_NULL && options->out != NONE &&
        is_array(options->out) && is_add(state->ufunc))
        wanted = array_dtype(array_of(options->out));
    if (!axes_from(vm, axis, array->dimensions, state->taken))
        return false;
    for (uint32_t i = 0; i < array->dimensions; i++)
        state->axes += state->taken[i];
    if (state->axes > 1 && !(state->ufunc->flags & UFUNC_REORDERABLE)) {
        raise_error(vm, &exc_ValueError,
                    "reduction operation '%s' is not reorderable, so at most one axis may be specified",
                    state->ufunc->name);
        return false;
    }
    if (array->dtype == DTYPE_STRING) {
        raise_error(vm, &ufunc_type_error_type,
                    "ufunc '%s' did not contain a loop with signature matching types (%R, %R) -> None",
                    state->ufunc->name, dtype_value(vm, array_dtype(array)),
                    dtype_value(vm, array_dtype(array)));
        return false;
    }
    state->dtype = reduction_dtype(vm, state->ufunc, array, wanted);
    if (state->dtype < 0)
        return false;
    if (state->dtype != array->dtype) {
        struct ndarray *converted = array_new_like(vm, state->dtype, array);
        if (!converted || !array_copy_into(vm, converted, array))
            return false;
        state->array = converted;
    }
    if (options->where != VALUE_NULL && options->where != TRUE) {
        struct ndarray *mask = array_from(vm, options->where, DTYPE_BOOL);
        state->where = mask ? array_broadcast(vm, mask, array->shape, array->dimensions) : NULL;
        return state->where;
    }
    return true;
}

value ufunc_reduce(struct vm *vm, const struct ufunc *ufunc, value v, value axis,
                   const struct reduce_options *options)
{
    if (ufunc->inputs != 2 || ufunc->outputs != 1)
        return raise_error(vm, &exc_ValueError, "reduce only supported for %s",
                           ufunc->inputs != 2 ? "binary functions" : "functions returning a single value");
    struct reduction_state state = {.ufunc = ufunc, .array = array_from(vm, v, DTYPE_NONE)};
    int keep = options->keepdims == VALUE_NULL ? 0 : value_truth(vm, options->keepdims);
    if (!state.array || keep < 0 || !prepare_reduction(vm, &state, axis, options))
        return VALUE_NULL;
    ADD_WORK(vm, elements, state.array->size);
    array_record_vector(vm, state.array, (uint64_t)state.array->size * state.array->item_size);
    state.out = result_new(vm, &state);
    if (!state.out || !start_result(vm, &state, options->initial) || !reduce_all(vm, &state))
        return VALUE_NULL;
    struct ndarray *result = keep ? state.out : without_axes(vm, state.out, state.taken);
    if (!result)
        return VALUE_NULL;
    if (options->out != VALUE_NULL && options->out != NONE) {
        if (!check_out(vm, &state, options->out, result->shape, result->dimensions))
            return VALUE_NULL;
        value target = is_array(options->out) ? options->out : tuple_of(options->out)->items[0];
        if (!can_cast(array_dtype(result), array_dtype(array_of(target)), CAST_SAME_KIND))
            return raise_error(vm, &ufunc_type_error_type,
                               "Cannot cast ufunc '%s' output from %R to %R with casting rule 'same_kind'",
                               ufunc->name, dtype_value(vm, array_dtype(result)),
                               dtype_value(vm, array_dtype(array_of(target))));
        return array_assign_array(vm, array_of(target), result) ? target : VALUE_NULL;
    }
    if (!result->dimensions)
        return array_result(vm, result);
    if (result != state.out) { /* its own memory */
        result->base = VALUE_NULL;
        result->storage = state.out->storage;
    }
    return object_value(result);
}

value array_reduce(struct vm *vm, enum reduction kind, value array, value axis, value keepdims)
{
    static const uint8_t indices[] = {UFUNC_add,     UFUNC_multiply,    UFUNC_maximum,
                                      UFUNC_minimum, UFUNC_logical_and, UFUNC_logical_or};
    struct reduce_options options = {VALUE_NULL, VALUE_NULL, keepdims, VALUE_NULL, VALUE_NULL};
    return ufunc_reduce(vm, &ufuncs[indices[kind]], array, axis == VALUE_NULL ? NONE : axis, &options);
}

METHOD(method_reduce)
{
    (void)count, (void)keyword_names;
    struct reduce_options options = {arguments[2], arguments[3], arguments[4], arguments[5], arguments[6]};
    return ufunc_reduce(vm, ufunc_of(self), arguments[0],
                        arguments[1] == VALUE_NULL ? small_int(0) : arguments[1], &options);
}

/* ---- accumulate ---- */

static bool accumulate_objects(struct vm *vm, const struct ufunc *ufunc, struct ndarray *out, uint32_t axis)
{
    int64_t index[DIMENSIONS_MAX] = {0};
    struct ndarray rows = *out;
    int64_t shape[DIMENSIONS_MAX];
    memcpy(shape, out->shape, out->dimensions * sizeof *shape);
    shape[axis] = 1;
    rows.shape = shape;
    char *element = out->data;
    do {
        for (int64_t i = 1; i < out->shape[axis]; i++) {
            value items[2], result;
            memcpy(&items[0], element + (i - 1) * out->strides[axis], sizeof(value));
            memcpy(&items[1], element + i * out->strides[axis], sizeof(value));
            if (!object_operation(vm, ufunc, items, &result))
                return false;
            memcpy(element + i * out->strides[axis], &result, sizeof result);
        }
    } while (element_next(&rows, index, &element));
    return true;
}

/* Along the axis each element joins the one before; rows beside each other are done together when there are
 * several. */
static void accumulate_rows(const struct ndarray *out, uint32_t axis, ufunc_loop loop)
{
    int64_t length = out->shape[axis], step = out->strides[axis];
    struct operand_walk walk = {.dimensions = out->dimensions, .operands = 1, .data = {out->data}};
    uint32_t order[DIMENSIONS_MAX];
    memcpy(walk.shape, out->shape, out->dimensions * sizeof(int64_t));
    memcpy(walk.strides[0], out->strides, out->dimensions * sizeof(int64_t));
    walk.shape[axis] = 1;
    walk.strides[0][axis] = 0;
    walk_order(&walk, order);
    walk_simplify(&walk, order, false);
    int64_t index[DIMENSIONS_MAX] = {0}, beside = walk.strides[0][0];
    do {
        char *at = walk.data[0];
        for (int64_t i = 1; i < length; i++) {
            char *data[3] = {at + (i - 1) * step, at + i * step, at + i * step};
            int64_t steps[3] = {beside, beside, beside};
            loop(data, steps, walk.shape[0]);
        }
    } while (walk_next(&walk, index));
}

#define RUNNING(T, expression)                                                                               \
    {                                                                                                        \
        T *z = (T *)(void *)data, sum = z[0];                                                                \
        for (int64_t i = 1; i < count; i++)                                                                  \
            z[i] = sum = expression;                                                                         \
        return true;                                                                                         \
    }
/* The usual ones in one dimension. */
static bool accumulate_quickly(const struct ufunc *ufunc, int dtype, char *data, int64_t count)
{
    if (is_add(ufunc) && dtype == DTYPE_FLOAT64)
        RUNNING(double, sum + z[i])
    if (is_add(ufunc) && dtype == DTYPE_INT64)
        RUNNING(uint64_t, sum + z[i])
    if (ufunc == &ufuncs[UFUNC_multiply] && dtype == DTYPE_FLOAT64)
        RUNNING(double, sum *z[i])
    if (ufunc == &ufuncs[UFUNC_multiply] && dtype == DTYPE_INT64)
        RUNNING(uint64_t, sum * z[i])
    return false;
}

static value accumulate(struct vm *vm, const struct ufunc *ufunc, value v, value axis_value,
                        value dtype_value_, value out_value)
{
    struct ndarray *array = array_from(vm, v, DTYPE_NONE);
    int wanted;
    uint32_t axis;
    if (ufunc->inputs != 2 || ufunc->outputs != 1)
        return raise_error(vm, &exc_ValueError, "accumulate only supported for binary functions");
    if (!array || !dtype_given(vm, dtype_value_, &wanted))
        return VALUE_NULL;
    if (!array->dimensions)
        return raise_error(vm, &exc_TypeError, "cannot accumulate on a scalar");
    if (!axis_from(vm, axis_value == VALUE_NULL ? small_int(0) : axis_value, array->dimensions, &axis))
        return VALUE_NULL;
    int dtype = reduction_dtype(vm, ufunc, array, wanted);
    struct ndarray *out = dtype < 0 ? NULL : array_new_raw(vm, dtype, array->dimensions, array->shape);
    if (!out || !array_copy_into(vm, out, array))
        return VALUE_NULL;
    ADD_WORK(vm, elements, out->size);
    if (dtype == DTYPE_OBJECT) {
        if (out->size && !accumulate_objects(vm, ufunc, out, axis))
            return VALUE_NULL;
    } else if (out->size) {
        float_errors_clear();
        if (out->dimensions > 1 || !accumulate_quickly(ufunc, dtype, out->data, out->size))
            accumulate_rows(out, axis, (*ufunc_loops(ufunc))[dtype]);
        if (!(ufunc->flags & UFUNC_QUIET) && !float_errors_report(vm, float_errors_raised(), "accumulate"))
            return VALUE_NULL;
    }
    if (out_value == VALUE_NULL || out_value == NONE)
        return object_value(out);
    if (!is_array(out_value))
        return raise_error(vm, &exc_TypeError, "output must be an array");
    return array_assign_array(vm, array_of(out_value), out) ? out_value : VALUE_NULL;
}

METHOD(method_accumulate)
{
    (void)count, (void)keyword_names;
    return accumulate(vm, ufunc_of(self), arguments[0], arguments[1], arguments[2], arguments[3]);
}

/* ---- reduceat ---- */

METHOD(method_reduceat)
{
    (void)count, (void)keyword_names;
    const struct ufunc *ufunc = ufunc_of(self);
    struct ndarray *array = array_from(vm, arguments[0], DTYPE_NONE),
                   *indices = array ? array_from(vm, arguments[1], DTYPE_INT64) : NULL;
    uint32_t axis;
    int wanted;
    indices = indices ? array_contiguous(vm, indices, DTYPE_INT64) : NULL;
    if (!indices || !dtype_given(vm, arguments[3], &wanted))
        return VALUE_NULL;
    if (!axis_from(vm, arguments[2] == VALUE_NULL ? small_int(0) : arguments[2], array->dimensions, &axis))
        return VALUE_NULL;
    int dtype = reduction_dtype(vm, ufunc, array, wanted);
    if (dtype < 0)
        return VALUE_NULL;
    int64_t shape[DIMENSIONS_MAX], length = array->shape[axis];
    memcpy(shape, array->shape, array->dimensions * sizeof *shape);
    shape[axis] = indices->size;
    struct ndarray *out = array_new(vm, dtype, array->dimensions, shape);
    const int64_t *at = (const int64_t *)(const void *)indices->data;
    /* each starts with its first element */
    struct reduce_options options = {dtype_value(vm, dtype), VALUE_NULL, TRUE, NONE, VALUE_NULL};
    for (int64_t i = 0; out && i < indices->size; i++) {
        if (at[i] < 0 || at[i] >= length)
            return raise_error(vm, &exc_IndexError, "index %lld out-of-bounds in %s.reduceat [0, %lld)",
                               (long long)at[i], ufunc->name, (long long)length);
        int64_t stop = i + 1 == indices->size ? length : at[i + 1] > at[i] ? at[i + 1] : at[i] + 1;
        struct ndarray *part = along(vm, array, axis, at[i], stop),
                       *target = part ? along(vm, out, axis, i, i + 1) : NULL;
        value reduced =
            target ? ufunc_reduce(vm, ufunc, object_value(part), small_int(axis), &options) : VALUE_NULL;
        if (reduced == VALUE_NULL || !array_assign(vm, target, reduced))
            return VALUE_NULL;
    }
    return array_value(out);
}

/* ---- outer ---- */

static value method_outer(struct vm *vm, value self, const value *arguments, size_t count,
                          value keyword_names)
{
    if (count != 2)
        return raise_error(vm, &exc_TypeError, "outer() takes exactly 2 positional arguments (%zu given)",
                           count);
    struct ndarray *a = array_from(vm, arguments[0], DTYPE_NONE),
                   *b = a ? array_from(vm, arguments[1], DTYPE_NONE) : NULL;
    struct ndarray *spread = b ? array_view_of(vm, a, (uint32_t)a->dimensions + b->dimensions) : NULL;
    if (!spread)
        return VALUE_NULL;
    for (uint32_t i = 0; i < spread->dimensions; i++) {
        spread->shape[i] = i < a->dimensions ? a->shape[i] : 1;
        spread->strides[i] = i < a->dimensions ? a->strides[i] : 0;
    }
    size_t keywords = keyword_count(keyword_names);
    value given[16] = {object_value(spread), object_value(b)};
    for (size_t i = 0; i < keywords && i < 14; i++)
        given[2 + i] = arguments[2 + i];
    return call(vm, self, given, 2, keyword_names);
}

/* ---- at: operands one after the other, so that elements named twice count twice ---- */

/* The element addresses that a[key] selects, as an int64 array of offsets in elements of a C-ordered array of
 * a's shape. */
static struct ndarray *selected_positions(struct vm *vm, const struct ndarray *array, value key)
{
    struct ndarray *positions = array_new(vm, DTYPE_INT64, array->dimensions, array->shape);
    for (int64_t i = 0; positions && i < positions->size; i++)
        ((int64_t *)(void *)positions->data)[i] = i;
    value chosen = positions ? array_get_item(vm, object_value(positions), key) : VALUE_NULL;
    struct ndarray *result = chosen == VALUE_NULL ? NULL : array_from(vm, chosen, DTYPE_INT64);
    return result ? array_contiguous(vm, result, DTYPE_INT64) : NULL;
}

static char *position_address(const struct ndarray *array, int64_t position)
{
    char *address = array->data;
    for (uint32_t i = array->dimensions; i-- > 0;) {
        address += position % array->shape[i] * array->strides[i];
        position /= array->shape[i];
    }
    return address;
}

METHOD(method_at)
{
    (void)count, (void)keyword_names;
    const struct ufunc *ufunc = ufunc_of(self);
    if (!is_array(arguments[0]))
        return raise_error(vm, &exc_TypeError, "first operand must be array");
    struct ndarray *array = array_of(arguments[0]), *operand = array,
                   *positions = selected_positions(vm, array, arguments[1]);
    if (!positions || (ufunc->inputs == 2 && !(operand = array_from(vm, arguments[2], DTYPE_NONE))))
        return VALUE_NULL;
    struct ufunc_call call = {.ufunc = ufunc, .in = {array, operand}, .dtype = DTYPE_NONE};
    int dtype = ufunc_resolve(vm, &call);
    if (dtype < 0)
        return VALUE_NULL;
    if (dtype == DTYPE_OBJECT)
        return raise_unsupported(vm, "numpy ufunc.at of object arrays");
    if (!can_cast(ufunc_output_dtype(ufunc, dtype, 0), array->dtype, CAST_SAME_KIND))
        return raise_error(vm, &ufunc_type_error_type,
                           "Cannot cast ufunc '%s' output from %R to %R with casting rule 'same_kind'",
                           ufunc->name, dtype_value(vm, dtype), dtype_value(vm, array_dtype(array)));
    operand = array_contiguous(vm, operand, dtype);
    operand = operand ? array_broadcast(vm, operand, positions->shape, positions->dimensions) : NULL;
    if (!operand)
        return VALUE_NULL;
    ufunc_loop loop = (*ufunc_loops(ufunc))[dtype];
    int64_t index[DIMENSIONS_MAX] = {0}, steps[3] = {0, 0, 0};
    char *item = operand->data;
    ADD_WORK(vm, elements, positions->size);
    for (int64_t i = 0; i < positions->size; i++, element_next(operand, index, &item)) {
        union element own, result;
        char *address = position_address(array, ((const int64_t *)(const void *)positions->data)[i]);
        elements_convert(vm, dtype, own.bytes, 0, array->dtype, address, 0, 1);
        char *data[3] = {own.bytes, ufunc->inputs == 2 ? item : result.bytes, result.bytes};
        loop(data, steps, 1);
        elements_convert(vm, array->dtype, address, 0, ufunc_output_dtype(ufunc, dtype, 0), result.bytes, 0,
                         1);
    }
    return NONE;
}

const struct method_definition ufunc_methods[] = {
    {"reduce", "(array, axis=0, dtype=None, out=None, keepdims=False, initial=None, where=True)",
     method_reduce, METHOD_INSTANCE, NULL},
    {"accumulate", "(array, axis=0, dtype=None, out=None)", method_accumulate, METHOD_INSTANCE, NULL},
    {"reduceat", "(array, indices, axis=0, dtype=None, out=None)", method_reduceat, METHOD_INSTANCE, NULL},
    {"outer", NULL, method_outer, METHOD_INSTANCE, NULL},
    {"at", "(a, indices, b=None, /)", method_at, METHOD_INSTANCE, NULL},
    {NULL, NULL, NULL, 0, NULL},
};
