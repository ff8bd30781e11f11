/* ufunc_reduce.c - the methods of ufuncs: reduce, accumulate, reduceat, outer; at is in ufunc_at.c. Additions are made in
 * numpy's order, so that sums of floats agree to the bit: rows pairwise, in pieces of its buffer's size. */
#include "sim/tensor/ufunc.h"

enum { BUFFER_ELEMENTS = 8192 };

struct reduction_state {
    const struct ufunc *ufunc;
    struct ndarray *array, *out, *where;
    int dtype;     /* of the loop */
    uint32_t axes; /* how many are reduced */
    bool taken[DIMENSIONS_MAX];
    bool started;    /* out holds the result already */
    bool overflowed; /* the initial value is beyond the type */
    bool in_parts;   /* out holds the first elements, and the others are to follow */
    bool of_objects; /* the given array is: its elements are taken as they are, without an identity */
    bool widens;     /* the array is of a narrower integer type than the loop, and is cast a block at a time */
    const char *who; /* what warnings name */
};

static bool is_add(const struct ufunc *ufunc)
{
    return ufunc == &ufuncs[UFUNC_add];
}

/* float16 is subtracted and divided in float32 and rounded once in the end. */
#define HALF_ROW(name, operation)                                                                              \
    static void half_##name##_row(char *const *data, const int64_t *steps, int64_t count)                      \
    {                                                                                                          \
        half *out = (half *)(void *)data[0], item;                                                             \
        float result = half_to_float(*out);                                                                    \
        for (int64_t i = 0; i < count; i++) {                                                                  \
            memcpy(&item, data[1] + i * steps[1], sizeof item);                                                \
            result operation half_to_float(item);                                                              \
        }                                                                                                      \
        *out = float_to_half(result);                                                                          \
    }
HALF_ROW(subtract, -=)
HALF_ROW(divide, /=)

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
    if (dtype == DTYPE_FLOAT16 && (ufunc == &ufuncs[UFUNC_subtract] || ufunc == &ufuncs[UFUNC_divide]))
        return ufunc == &ufuncs[UFUNC_subtract] ? half_subtract_row : half_divide_row;
    return ufunc == &ufuncs[UFUNC_minimum] ? (*LOOPS_FOR_HOST(minimum_reduce))[dtype] : NULL;
}

/* Sums and products of small integers are made in int64 or uint64. */
static int reduction_dtype(struct vm *vm, const struct ufunc *ufunc, struct ndarray *array, int wanted)
{
    struct ufunc_call call = {
        .ufunc = ufunc, .in = {array, array, array}, .dtype = wanted, .casting = CAST_UNSAFE};
    if (ufunc->output == OUT_BOOL && ufunc->inputs == 2) {
        /* of one type, as the result has to be: comparisons of other things than truth values have no such loop */
        bool logical = ufunc == &ufuncs[UFUNC_logical_and] || ufunc == &ufuncs[UFUNC_logical_or] ||
                       ufunc == &ufuncs[UFUNC_logical_xor];
        if (wanted == DTYPE_OBJECT || (wanted == DTYPE_NONE && array->dtype == DTYPE_OBJECT))
            return DTYPE_OBJECT;
        if (wanted == DTYPE_BOOL ||
            (wanted == DTYPE_NONE && ((logical && is_numeric_dtype(array->dtype)) || array->dtype == DTYPE_BOOL)))
            return DTYPE_BOOL;
        raise_no_signature(vm, ufunc);
        return -1;
    }
    if (wanted != DTYPE_NONE && array->dtype == DTYPE_STRING) { /* texts are cast first */
        struct ndarray *number = array_new(vm, wanted, 0, NULL);
        call.in[0] = call.in[1] = call.in[2] = number;
        return number ? ufunc_resolve(vm, &call) : -1;
    }
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

static value identity_object(const struct ufunc *ufunc)
{
    if (ufunc->output == OUT_BOOL)
        return bool_value(ufunc->identity == IDENTITY_ONE);
    return small_int(ufunc->identity == IDENTITY_ONE ? 1 : ufunc->identity == IDENTITY_MINUS_ONE ? -1 : 0);
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
    for (uint32_t i = 0; out && out->size && i < array->dimensions; i++) {
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

/* Notes when a finite number has become infinite in the type. */
static bool initial_fits(struct vm *vm, struct reduction_state *state, const union element *element, value initial)
{
    union element kept, number;
    elements_convert(vm, DTYPE_COMPLEX128, kept.bytes, 0, state->dtype, element->bytes, 0, 1);
    if (!isinf(kept.complex.real) && !isinf(kept.complex.imaginary))
        return true;
    if (!element_store(vm, DTYPE_COMPLEX128, number.bytes, initial))
        return false;
    state->overflowed = isfinite(number.complex.real) && isfinite(number.complex.imaginary);
    return true;
}

static bool start_result(struct vm *vm, struct reduction_state *state, value initial)
{
    union element element = {.complex = {0, 0}};
    struct ndarray *array = state->array;
    bool given = initial != VALUE_NULL && initial != NONE;
    bool narrow =
        state->dtype == DTYPE_FLOAT16 || state->dtype == DTYPE_FLOAT32 || state->dtype == DTYPE_COMPLEX64;
    bool has_identity = state->ufunc->identity != IDENTITY_NONE && !(state->of_objects && array->size);
    if (has_identity && state->dtype == DTYPE_OBJECT) {
        value identity = identity_object(state->ufunc);
        memcpy(element.bytes, &identity, sizeof identity);
    } else if (has_identity) {
        has_identity = identity_element(state->ufunc, state->dtype, &element);
    }
    if (initial == NONE)
        has_identity = false;
    if (given && !element_store(vm, state->dtype, element.bytes, initial))
        return false;
    if (given && narrow && !initial_fits(vm, state, &element, initial))
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
        if (state->taken[i] && !array->shape[i]) {
            raise_error(vm, &exc_ValueError,
                        "zero-size array to reduction operation %s which has no identity",
                        state->ufunc->name);
            return false;
        }
    }
    if (!state->out->size)
        return true;
    struct ndarray *first = array;
    state->started = !state->axes; /* nothing to reduce: a copy */
    for (uint32_t i = 0; i < array->dimensions; i++)
        if (state->taken[i] && !(first = along(vm, first, i, 0, 1)))
            return false;
    state->in_parts = true;
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

/* Reductions over several axes that lie apart in memory: numpy brings their elements together in its buffer and
 * takes what is there as a row. The innermost `block` axes are such; the walk goes on over the others. */
static void reduce_gathered(struct operand_walk *walk, uint32_t block, size_t bytes, ufunc_loop row)
{
    double buffer[2 * BUFFER_ELEMENTS];
    char mask[BUFFER_ELEMENTS];
    struct operand_walk inner = *walk, outer = {.operands = walk->operands,
                                                .data = {walk->data[0], walk->data[1], walk->data[2]},
                                                .dimensions = 1,
                                                .shape = {1}},
                        gathered = {.operands = walk->operands, .dimensions = 1, .strides = {{0}, {(int64_t)bytes}, {1}}};
    const bool masked = walk->operands == 3;
    inner.dimensions = block;
    for (uint32_t i = block; i < walk->dimensions; i++) { /* its innermost axis is the block, as one */
        uint32_t n = outer.dimensions++;
        outer.shape[n] = walk->shape[i];
        outer.strides[0][n] = walk->strides[0][i];
        outer.strides[1][n] = walk->strides[1][i];
        outer.strides[2][n] = masked ? walk->strides[2][i] : 0;
    }
    int64_t outer_index[DIMENSIONS_MAX] = {0};
    do {
        int64_t index[DIMENSIONS_MAX] = {0}, filled = 0;
        gathered.data[0] = outer.data[0];
        gathered.data[1] = (char *)buffer;
        gathered.data[2] = mask;
        memcpy(inner.data, outer.data, sizeof inner.data);
        do {
            for (int64_t i = 0; i < inner.shape[0]; i++) {
                if (masked)
                    mask[filled] = inner.data[2][i * inner.strides[2][0]];
                memcpy((char *)buffer + (size_t)filled++ * bytes, inner.data[1] + i * inner.strides[1][0],
                       bytes);
                gathered.shape[0] = filled;
                if (filled == BUFFER_ELEMENTS) {
                    masked ? reduce_masked_row(&gathered, row, NULL) : reduce_row(&gathered, row, NULL);
                    filled = 0;
                }
            }
        } while (walk_next(&inner, index));
        if (filled)
            masked ? reduce_masked_row(&gathered, row, NULL) : reduce_row(&gathered, row, NULL);
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

/* The sum of all elements, which are cast in the processor's cache. */
static bool sum_widened(struct vm *vm, const struct reduction_state *state)
{
    enum { LENGTH = 1024 };
    const struct ndarray *array = state->array;
    const ufunc_loop row = row_loop(state->ufunc, state->dtype);
    int64_t wide[LENGTH];
    bool done = true;
    for (int64_t start = 0; done && start < array->size; start += LENGTH) {
        const int64_t count = array->size - start < LENGTH ? array->size - start : LENGTH;
        done = elements_convert(vm, state->dtype, (char *)wide, sizeof *wide, array_dtype(array),
                                array->data + start * array->item_size, array->item_size, count);
        row((char *[]){state->out->data, (char *)wide}, (const int64_t[]){0, sizeof *wide}, count);
    }
    gc_keep(object_value(array));
    return done;
}

static bool reduce_all(struct vm *vm, struct reduction_state *state)
{
    struct ndarray *array = state->array;
    if (!array->size || state->started)
        return true;
    if (state->widens)
        return sum_widened(vm, state);
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
        float_errors_clear();
        do
            if (!reduce_object_row(vm, state, &walk))
                return false;
        while (walk_next(&walk, index));
        return float_errors_report(vm, float_errors_raised(), state->who);
    }
    ufunc_loop row = row_loop(state->ufunc, state->dtype), plain = (*ufunc_loops(state->ufunc))[state->dtype];
    bool watched = !(state->ufunc->flags & UFUNC_QUIET);
    if (watched)
        float_errors_clear();
    uint32_t block = reduced_block(&walk);
    bool rounded = (is_add(state->ufunc) && !is_integer_dtype(state->dtype)) || state->dtype == DTYPE_FLOAT16; /* by rows */
    bool gathers = row && rounded && block > 1;
    if (gathers)
        reduce_gathered(&walk, block, array->item_size, row);
    else do {
        if (state->where)
            reduce_masked_row(&walk, row, plain);
        else
            reduce_row(&walk, row, plain);
    } while (walk_next(&walk, index));
    gc_keep(object_value(array));
    bool told = state->overflowed && (watched || state->dtype == DTYPE_FLOAT16);
    unsigned errors = (watched ? float_errors_raised() : 0) | (told ? FLOAT_OVERFLOW : 0);
    return float_errors_report(vm, errors, state->who);
}

/* All but the first elements along the reduced axes, in C order: those whose first index that is not 0 belongs to the last axis
 * come first. */
static bool reduce_rest(struct vm *vm, struct reduction_state *state)
{
    struct ndarray *whole = state->array;
    if (!state->in_parts)
        return reduce_all(vm, state);
    for (uint32_t i = whole->dimensions; i-- > 0;) {
        if (!state->taken[i])
            continue;
        state->array = along(vm, whole, i, 1, whole->shape[i]);
        for (uint32_t k = 0; k < i && state->array; k++)
            if (state->taken[k])
                state->array = along(vm, state->array, k, 0, 1);
        if (!state->array || !reduce_all(vm, state))
            return false;
    }
    return true;
}

/* Big arrays of integers, all of whose elements are added to what the sum begins with, need no copy of the sum's type. */
static bool sum_widens(const struct reduction_state *state, const struct reduce_options *options)
{
    const struct ndarray *array = state->array;
    const bool wide = state->dtype == DTYPE_INT64 || state->dtype == DTYPE_UINT64;
    const bool everything = options->where == VALUE_NULL || options->where == TRUE;
    return is_add(state->ufunc) && wide && is_integer_dtype(array->dtype) && everything && options->initial != NONE &&
           state->axes == array->dimensions && array->size > BUFFER_ELEMENTS && array_is_contiguous(array);
}

/* Does a mask of no more axes than the array has go over it? */
static bool mask_fits(struct vm *vm, const struct ndarray *mask, const struct ndarray *array)
{
    const int64_t *lengths = array->shape + (array->dimensions - mask->dimensions);
    for (uint32_t i = 0; i < mask->dimensions; i++) {
        if (mask->shape[i] == lengths[i] || mask->shape[i] == 1)
            continue;
        if (lengths[i] == 1)
            raise_unsupported(vm, "numpy.ufunc.reduce with a where= that makes the array larger");
        else
            raise_error(vm, &exc_ValueError,
                        "operands could not be broadcast together with remapped shapes [original->remapped]: %U %U ",
                        shape_text(vm, array->shape, array->dimensions), shape_text(vm, mask->shape, mask->dimensions));
        return false;
    }
    return true;
}

static bool prepare_reduction(struct vm *vm, struct reduction_state *state, value axis,
                              const struct reduce_options *options)
{
    int wanted;
    struct ndarray *array = state->array;
    if (!dtype_given(vm, options->dtype, &wanted))
        return false;
    value out = options->out;
    if (out != VALUE_NULL && has_flag(out, TYPE_TUPLE) && tuple_of(out)->length == 1)
        out = tuple_of(out)->items[0];
    if (wanted == DTYPE_NONE && out != VALUE_NULL && is_array(out) && state->ufunc->output != OUT_BOOL &&
        (wanted = promote_types(vm, array_dtype(array_of(out)), array_dtype(array))) < 0)
        return false;
    if (!axes_from(vm, axis, array->dimensions, state->taken))
        return false;
    for (uint32_t i = 0; i < array->dimensions; i++)
        state->axes += state->taken[i];
    state->dtype = reduction_dtype(vm, state->ufunc, array, wanted);
    if (state->dtype < 0)
        return false;
    if (state->axes > 1 && !(state->ufunc->flags & UFUNC_REORDERABLE)) {
        raise_error(vm, &exc_ValueError,
                    "reduction operation '%s' is not reorderable, so at most one axis may be specified",
                    state->ufunc->name);
        return false;
    }
    state->widens = state->dtype != array->dtype && sum_widens(state, options);
    if (state->widens) {
        ufunc_record_cast(vm, array, state->dtype);
    } else if (state->dtype != array->dtype) {
        struct ndarray *converted = array_new_like(vm, state->dtype, array);
        if (!converted || !array_copy_as(vm, converted, array, state->who))
            return false;
        state->array = converted;
    }
    if (options->where != VALUE_NULL && options->where != TRUE) {
        struct ndarray *mask = array_from(vm, options->where, DTYPE_BOOL);
        if (mask && mask->dimensions > array->dimensions) {
            raise_error(vm, &exc_ValueError, "input operand has more dimensions than allowed by the axis remapping");
            return false;
        }
        if (!mask || !mask_fits(vm, mask, array))
            return false;
        state->where = array_broadcast(vm, mask, array->shape, array->dimensions);
        return state->where;
    }
    return true;
}

bool exponents_check(struct vm *vm, const struct ufunc *ufunc, int dtype, const struct ndarray *exponents,
                     const struct ndarray *where)
{
    if (ufunc != &ufuncs[UFUNC_power] || dtype_letter(dtype) != 'i' || !exponents->size)
        return true;
    int64_t index[DIMENSIONS_MAX] = {0}, mask_index[DIMENSIONS_MAX] = {0}, least = 0;
    char *element = exponents->data, *chosen = where ? where->data : NULL;
    if (!where && array_dtype(exponents) == dtype && array_is_contiguous(exponents)) {
        (*LOOPS_FOR_HOST(minimum_reduce))[dtype]((char *[2]){(char *)&least, element}, (int64_t[2]){0, exponents->item_size},
                                                 exponents->size);
        if (element_int(dtype, (char *)&least) >= 0)
            return true;
    }
    do {
        bool counts = !where || *chosen;
        if (where)
            element_next(where, mask_index, &chosen);
        if (counts && element_int(array_dtype(exponents), element) < 0) {
            raise_error(vm, &exc_ValueError, "Integers to negative integer powers are not allowed.");
            return false;
        }
    } while (element_next(exponents, index, &element));
    return true;
}

/* All elements along an axis but the first are exponents: not negative ones of integers. */
static bool check_powers(struct vm *vm, const struct ufunc *ufunc, int dtype, struct ndarray *array, uint32_t axis)
{
    if (ufunc != &ufuncs[UFUNC_power] || array->shape[axis] < 2)
        return true;
    struct ndarray *exponents = along(vm, array, axis, 1, array->shape[axis]);
    return exponents && exponents_check(vm, ufunc, dtype, exponents, NULL);
}

value ufunc_reduce(struct vm *vm, const struct ufunc *ufunc, value v, value axis,
                   const struct reduce_options *options)
{
    if (ufunc->inputs != 2 || ufunc->outputs != 1)
        return raise_error(vm, &exc_ValueError, "reduce only supported for %s",
                           ufunc->inputs != 2 ? "binary functions" : "functions returning a single value");
    struct reduction_state state = {.ufunc = ufunc,
                                    .array = array_from(vm, v, DTYPE_NONE),
                                    .who = options->who ? options->who : "reduce"};
    state.of_objects = state.array && state.array->dtype == DTYPE_OBJECT;
    int64_t keep = 0;
    if (options->keepdims != VALUE_NULL && !has_index(vm, options->keepdims))
        return raise_error(vm, &exc_TypeError, "'%T' object cannot be interpreted as an integer", options->keepdims);
    if (options->keepdims != VALUE_NULL && !value_to_index(vm, options->keepdims, &keep))
        return VALUE_NULL;
    if (!state.array || !prepare_reduction(vm, &state, axis, options))
        return VALUE_NULL;
    ADD_WORK(vm, elements, state.array->size);
    struct ndarray read = *state.array; /* as the loop reads it */
    read.item_size = state.widens ? (uint32_t)dtype_bytes(state.dtype) : read.item_size;
    array_record_vector(vm, &read, (uint64_t)read.size * read.item_size);
    for (uint32_t i = 0; i < state.array->dimensions; i++)
        if (state.taken[i] && state.array->size &&
            !(state.where ? exponents_check(vm, ufunc, state.dtype, state.array, state.where)
                          : check_powers(vm, ufunc, state.dtype, state.array, i)))
            return VALUE_NULL;
    state.out = result_new(vm, &state);
    if (!state.out || !start_result(vm, &state, options->initial) || !reduce_rest(vm, &state))
        return VALUE_NULL;
    struct ndarray *result = keep ? state.out : without_axes(vm, state.out, state.taken);
    if (!result)
        return VALUE_NULL;
    if (options->out != VALUE_NULL && options->out != NONE) {
        if (!check_out(vm, &state, options->out, result->shape, result->dimensions))
            return VALUE_NULL;
        value target = is_array(options->out) ? options->out : tuple_of(options->out)->items[0];
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
    struct reduce_options options = {VALUE_NULL, VALUE_NULL, keepdims, VALUE_NULL, VALUE_NULL, NULL};
    return ufunc_reduce(vm, &ufuncs[indices[kind]], array, axis == VALUE_NULL ? NONE : axis, &options);
}

METHOD(method_reduce)
{
    (void)count, (void)keyword_names;
    static const char *const names[] = {"axis", "dtype", "out", "keepdims", "initial", "where"};
    struct reduce_options options = {arguments[2], arguments[3], arguments[4], arguments[5], arguments[6], NULL};
    value taken = ufunc_method_override(vm, ufunc_of(self), "reduce", arguments, 1, names, 6);
    if (taken != VALUE_NULL || vm->pending != VALUE_NULL)
        return taken;
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
        const T *x = (const T *)(const void *)from;                                                          \
        T *z = (T *)(void *)to, sum = x[0];                                                                  \
        z[0] = sum;                                                                                          \
        for (int64_t i = 1; i < count; i++)                                                                  \
            z[i] = sum = expression;                                                                         \
        return true;                                                                                         \
    }
/* The usual ones in one dimension; to may be from. */
static bool accumulate_quickly(const struct ufunc *ufunc, int dtype, const char *from, char *to, int64_t count)
{
    if (is_add(ufunc) && dtype == DTYPE_FLOAT64)
        RUNNING(double, sum + x[i])
    if (is_add(ufunc) && dtype == DTYPE_INT64)
        RUNNING(uint64_t, sum + x[i])
    if (ufunc == &ufuncs[UFUNC_multiply] && dtype == DTYPE_FLOAT64)
        RUNNING(double, sum *x[i])
    if (ufunc == &ufuncs[UFUNC_multiply] && dtype == DTYPE_INT64)
        RUNNING(uint64_t, sum * x[i])
    return false;
}

/* The same without a copy made first, which counts as if it was. */
static bool accumulate_apart(struct vm *vm, const struct ufunc *ufunc, const struct ndarray *from, struct ndarray *to)
{
    if (from->dtype != to->dtype || from->dimensions != 1 || !array_is_contiguous(from) || from->size < 2)
        return false;
    float_errors_clear();
    if (!accumulate_quickly(ufunc, to->dtype, from->data, to->data, to->size))
        return false;
    ADD_WORK(vm, elements, to->size);
    gc_keep(object_value(from));
    return true;
}

/* Without a type of its own a call is made in that of the array and the output together. */
static bool promoted_with_out(struct vm *vm, const struct ufunc *ufunc, struct ndarray *array, value out, int *wanted)
{
    if (*wanted != DTYPE_NONE || !is_array(out) || ufunc->output == OUT_BOOL)
        return true;
    *wanted = promote_types(vm, array_dtype(array_of(out)), array_dtype(array));
    if (*wanted >= 0 && is_numeric_dtype(*wanted) && !(*ufunc_loops(ufunc))[*wanted]) {
        /* in the next type that there is a loop for, and the result is cast */
        struct ufunc_call call = {
            .ufunc = ufunc, .in = {array_of(out), array, array_of(out)}, .dtype = DTYPE_NONE, .casting = CAST_UNSAFE};
        *wanted = ufunc_resolve(vm, &call);
    }
    return *wanted >= DTYPE_NONE && vm->pending == VALUE_NULL;
}

/* Whether the result is cast into the output, which forgets what the loop raised: the cast's own errors are told instead. */
static bool cast_into(value given, int dtype)
{
    return is_array(given) && array_dtype(array_of(given)) != dtype;
}

/* What was made is put into the given output, whose old values numpy casts, too. */
static value given_or_made(struct vm *vm, value given, struct ndarray *made, bool quiet, const char *who)
{
    if (given == VALUE_NULL || given == NONE)
        return object_value(made);
    if (!is_array(given))
        return raise_error(vm, &exc_TypeError, "output must be an array");
    struct ndarray *out = array_of(given);
    if (is_complex_dtype(out->dtype) && made->dtype < DTYPE_COMPLEX64 && made->dtype != DTYPE_BOOL &&
        !warning_issue(vm, complex_warning_type(vm), 1, "Casting complex values to real discards the imaginary part"))
        return VALUE_NULL;
    float_errors_clear();
    if (!array_assign_array(vm, out, made) ||
        (cast_into(given, array_dtype(made)) && !quiet && !float_errors_report(vm, float_errors_raised(), who)))
        return VALUE_NULL;
    return given;
}

/* numpy would write at the first places of axes that the operand does not have. */
static bool output_has_room(struct vm *vm, value out, const struct ndarray *array, const char *who)
{
    if (!is_array(out) || array_of(out)->dimensions <= array->dimensions)
        return true;
    raise_error(vm, &exc_ValueError, "the output of %s has more axes than its operand", who);
    return false;
}

static value accumulate(struct vm *vm, const struct ufunc *ufunc, value v, value axis_value,
                        value dtype_value_, value out_value)
{
    struct ndarray *array = array_from(vm, v, DTYPE_NONE);
    int wanted;
    uint32_t axis;
    if (ufunc->inputs != 2 || ufunc->outputs != 1)
        return raise_error(vm, &exc_ValueError, "accumulate only supported for %s",
                           ufunc->inputs != 2 ? "binary functions" : "functions returning a single value");
    if (!array || !dtype_given(vm, dtype_value_, &wanted))
        return VALUE_NULL;
    const bool axes = axis_value != VALUE_NULL && is_exact(axis_value, &tuple_type);
    if (axes ? tuple_of(axis_value)->length != 1 : axis_value == NONE && array->dimensions > 1)
        return raise_error(vm, &exc_ValueError, "accumulate does not allow multiple axes");
    if (axes)
        axis_value = tuple_of(axis_value)->items[0];
    if (axis_value == VALUE_NULL || axis_value == NONE || (!array->dimensions && axis_value == small_int(-1)))
        axis_value = small_int(0);
    if ((array->dimensions || axis_value != small_int(0)) && !axis_from(vm, axis_value, array->dimensions, &axis))
        return VALUE_NULL;
    if (!array->dimensions)
        return raise_error(vm, &exc_TypeError, "cannot accumulate on a scalar");
    if (!promoted_with_out(vm, ufunc, array, out_value, &wanted))
        return VALUE_NULL;
    if (is_array(out_value) && !array_of(out_value)->dimensions)
        return raise_error(vm, &exc_ValueError,
                           "Iterator input op_axes[0][0] (==0) is not a valid axis of op[0], which has 0 dimensions ");
    if (!output_has_room(vm, out_value, array, "accumulate"))
        return VALUE_NULL;
    int dtype = reduction_dtype(vm, ufunc, array, wanted);
    struct ndarray *out = dtype < 0 ? NULL : array_new_raw(vm, dtype, array->dimensions, array->shape);
    const bool done = out && accumulate_apart(vm, ufunc, array, out);
    if (!out || (!done && !array_copy_into(vm, out, array)))
        return VALUE_NULL;
    ADD_WORK(vm, elements, out->size);
    if (out->size && !check_powers(vm, ufunc, dtype, out, axis))
        return VALUE_NULL;
    if (dtype == DTYPE_OBJECT) {
        float_errors_clear();
        if (out->size && !(accumulate_objects(vm, ufunc, out, axis) &&
                           float_errors_report(vm, float_errors_raised(), "accumulate")))
            return VALUE_NULL;
    } else if (out->size) {
        if (!done)
            float_errors_clear();
        if (!done && (out->dimensions > 1 || !accumulate_quickly(ufunc, dtype, out->data, out->data, out->size)))
            accumulate_rows(out, axis, (*ufunc_loops(ufunc))[dtype]);
        if (!(ufunc->flags & UFUNC_QUIET) && !cast_into(out_value, dtype) &&
            !float_errors_report(vm, float_errors_raised(), "accumulate"))
            return VALUE_NULL;
    }
    return given_or_made(vm, out_value, out, ufunc->flags & UFUNC_QUIET, "accumulate");
}

METHOD(method_accumulate)
{
    (void)count, (void)keyword_names;
    static const char *const names[] = {"axis", "dtype", "out"};
    value taken = ufunc_method_override(vm, ufunc_of(self), "accumulate", arguments, 1, names, 3);
    if (taken != VALUE_NULL || vm->pending != VALUE_NULL)
        return taken;
    return accumulate(vm, ufunc_of(self), arguments[0], arguments[1], arguments[2], arguments[3]);
}

/* ---- reduceat ---- */

/* A part of an array along an axis, each row by itself from its first element on; target has length 1 there. */
static bool reduce_part(struct vm *vm, const struct ufunc *ufunc, struct ndarray *part, uint32_t axis,
                        struct ndarray *target, unsigned *errors)
{
    const int dtype = array_dtype(part);
    const int64_t step = part->strides[axis], count = part->shape[axis] - 1;
    struct ndarray *first = along(vm, part, axis, 0, 1);
    if (!first || !array_copy_into(vm, target, first))
        return false;
    struct operand_walk walk = {.dimensions = part->dimensions, .operands = 2, .data = {target->data, part->data + step}};
    int64_t index[DIMENSIONS_MAX] = {0};
    uint32_t order[DIMENSIONS_MAX];
    memcpy(walk.shape, first->shape, part->dimensions * sizeof(int64_t));
    memcpy(walk.strides[0], target->strides, part->dimensions * sizeof(int64_t));
    memcpy(walk.strides[1], part->strides, part->dimensions * sizeof(int64_t));
    walk_order(&walk, order);
    walk_simplify(&walk, order, false);
    ufunc_loop plain = dtype == DTYPE_OBJECT ? NULL : (*ufunc_loops(ufunc))[dtype], row = plain ? row_loop(ufunc, dtype) : NULL;
    float_errors_clear();
    if (!first->size || !count)
        return true;
    do {
        for (int64_t i = 0; i < walk.shape[0]; i++) {
            char *out = walk.data[0] + i * walk.strides[0][0], *data[3] = {out, walk.data[1] + i * walk.strides[1][0], out};
            if (plain) {
                (row ? row : plain)(data, (const int64_t[3]){0, step, 0}, count);
                continue;
            }
            struct reduction_state state = {.ufunc = ufunc};
            struct operand_walk objects = {.shape = {count}, .strides = {{0}, {step}}, .data = {data[0], data[1]}};
            if (!reduce_object_row(vm, &state, &objects))
                return false;
        }
    } while (walk_next(&walk, index));
    gc_keep(object_value(part));
    *errors |= plain && ufunc->flags & UFUNC_QUIET ? 0 : float_errors_raised();
    return true;
}

METHOD(method_reduceat)
{
    (void)count, (void)keyword_names;
    const struct ufunc *ufunc = ufunc_of(self);
    static const char *const names[] = {"axis", "dtype", "out"};
    value taken = ufunc_method_override(vm, ufunc, "reduceat", arguments, 2, names, 3);
    if (taken != VALUE_NULL || vm->pending != VALUE_NULL)
        return taken;
    if (ufunc->inputs != 2 || ufunc->outputs != 1)
        return raise_error(vm, &exc_ValueError, "reduceat only supported for %s",
                           ufunc->inputs != 2 ? "binary functions" : "functions returning a single value");
    struct ndarray *array = array_from(vm, arguments[0], DTYPE_NONE),
                   *indices = array ? array_from(vm, arguments[1], DTYPE_INT64) : NULL;
    uint32_t axis;
    int wanted;
    if (array && !array->dimensions)
        return raise_error(vm, &exc_TypeError, "cannot reduceat on a scalar");
    if (indices && indices->dimensions != 1)
        return raise_error(vm, &exc_ValueError,
                           indices->dimensions ? "object too deep for desired array"
                                               : "object of too small depth for desired array");
    indices = indices ? array_contiguous(vm, indices, DTYPE_INT64) : NULL;
    if (!indices || !dtype_given(vm, arguments[3], &wanted) || !promoted_with_out(vm, ufunc, array, arguments[4], &wanted))
        return VALUE_NULL;
    if (arguments[2] == NONE && array->dimensions > 1)
        return raise_error(vm, &exc_ValueError, "reduceat does not allow multiple axes");
    bool first = arguments[2] == VALUE_NULL || arguments[2] == NONE;
    if (!axis_from(vm, first ? small_int(0) : arguments[2], array->dimensions, &axis))
        return VALUE_NULL;
    int64_t shape[DIMENSIONS_MAX], length = array->shape[axis];
    const int64_t *at = (const int64_t *)(const void *)indices->data;
    for (int64_t i = 0; i < indices->size; i++)
        if (at[i] < 0 || at[i] >= length)
            return raise_error(vm, &exc_IndexError, "index %lld out-of-bounds in %s.reduceat [0, %lld)",
                               (long long)at[i], ufunc->name, (long long)length);
    int dtype = reduction_dtype(vm, ufunc, array, wanted);
    if (dtype < 0)
        return VALUE_NULL;
    memcpy(shape, array->shape, array->dimensions * sizeof *shape);
    shape[axis] = indices->size;
    struct ndarray *out = array_new(vm, dtype, array->dimensions, shape);
    struct ndarray *source = out && dtype != array_dtype(array) ? array_new_like(vm, dtype, array) : array;
    if (!out || !source || !output_has_room(vm, arguments[4], array, "reduceat") ||
        (source != array && !array_copy_as(vm, source, array, "reduceat")))
        return VALUE_NULL;
    ADD_WORK(vm, elements, source->size);
    unsigned errors = 0;
    for (int64_t i = 0; i < indices->size; i++) {
        int64_t stop = i + 1 == indices->size ? length : at[i + 1] > at[i] ? at[i + 1] : at[i] + 1;
        struct ndarray *part = along(vm, source, axis, at[i], stop), *target = part ? along(vm, out, axis, i, i + 1) : NULL;
        if (!target || !check_powers(vm, ufunc, dtype, part, axis) || !reduce_part(vm, ufunc, part, axis, target, &errors))
            return VALUE_NULL;
    }
    if (!cast_into(arguments[4], dtype) && !float_errors_report(vm, errors, "reduceat"))
        return VALUE_NULL;
    return given_or_made(vm, arguments[4], out, ufunc->flags & UFUNC_QUIET, "reduceat");
}

/* ---- outer ---- */

static value method_outer(struct vm *vm, value self, const value *arguments, size_t count,
                          value keyword_names)
{
    if (ufunc_of(self)->inputs != 2)
        return raise_error(vm, &exc_ValueError, "outer product only supported for binary functions");
    if (count != 2)
        return raise_error(vm, &exc_TypeError, "exactly two arguments expected");
    value taken = ufunc_override(vm, ufunc_of(self), "outer", arguments, 2, arguments + 2, keyword_names);
    if (taken != VALUE_NULL || vm->pending != VALUE_NULL)
        return taken;
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

const struct method_definition ufunc_methods[] = {
    {"reduce", "(array, axis=0, dtype=None, out=None, keepdims=False, initial=None, where=True)",
     method_reduce, METHOD_INSTANCE | METHOD_ARRAY_WORDS, NULL},
    {"accumulate", "(array, axis=0, dtype=None, out=None)", method_accumulate, METHOD_INSTANCE | METHOD_ARRAY_WORDS, NULL},
    {"reduceat", "(array, indices, axis=0, dtype=None, out=None)", method_reduceat, METHOD_INSTANCE | METHOD_ARRAY_WORDS, NULL},
    {"outer", NULL, method_outer, METHOD_INSTANCE, NULL},
    {"at", "(a, indices, b=None, /)", ufunc_at, METHOD_INSTANCE, NULL},
    {NULL, NULL, NULL, 0, NULL},
};
