/* ufunc_blocks.c - operands of another type than the loop's, cast in passing: inputs a block of elements at a time into a buffer that
 * stays in the processor's cache, right before the loop reads them, and given outputs from such a buffer. Big operands only. Small
 * ones are cast as a whole before and after, as are those that overlap, that are broadcast, or whose rows are short. */
#include "sim/tensor/ufunc.h"

enum { BLOCK_BYTES = 1 << 14, ROW_LEAST = 128 };

static bool has_shape(const struct ndarray *array, const int64_t *shape, uint32_t dimensions)
{
    return array->dimensions == dimensions && !memcmp(array->shape, shape, dimensions * sizeof *shape);
}

/* Is the innermost row of the walk long, whichever axis that will be? */
static bool rows_are_long(const struct ufunc_call *call, const int64_t *shape, uint32_t dimensions)
{
    bool flat = true, any_short = false;
    for (uint32_t i = 0; i < dimensions; i++)
        any_short = any_short || (shape[i] > 1 && shape[i] < ROW_LEAST);
    for (uint32_t i = 0; i < call->ufunc->inputs; i++)
        flat = flat && (call->in[i]->size == 1 ||
                        (has_shape(call->in[i], shape, dimensions) && array_is_contiguous(call->in[i])));
    for (uint32_t k = 0; k < call->ufunc->outputs; k++)
        flat = flat && (!call->out[k] || array_is_contiguous(call->out[k]));
    return flat || !any_short;
}

/* Is the array of another type than the loop's, and can it be cast while the loop runs? */
static bool casts_in_passing(const struct ndarray *array, int wanted, bool output, const int64_t *shape, uint32_t dimensions)
{
    const int from = output ? wanted : array_dtype(array), to = output ? array_dtype(array) : wanted;
    bool warns = is_complex_dtype(from) && !is_complex_dtype(to) && to != DTYPE_BOOL;
    return from != to && is_numeric_dtype(from) && is_numeric_dtype(to) && !warns && has_shape(array, shape, dimensions);
}

/* With other arrays that are given: of an array that is both read and written each block is read first. */
static bool overlaps_outputs(const struct ufunc_call *call, const struct ndarray *array)
{
    for (uint32_t k = 0; k < call->ufunc->outputs; k++)
        if (call->out[k] && call->out[k] != array && arrays_overlap(array, call->out[k]))
            return true;
    return false;
}

void ufunc_plan_casts(struct ufunc_call *call, const int64_t *shape, uint32_t dimensions)
{
    const struct ufunc *ufunc = call->ufunc;
    int64_t size = 1;
    for (uint32_t i = 0; i < dimensions; i++)
        size *= shape[i];
    if (size <= CAST_FIRST_MAX || call->where || !rows_are_long(call, shape, dimensions))
        return;
    bool looked_at_first = ufunc == &ufuncs[UFUNC_power] && is_integer_dtype(call->loop_dtype);
    for (uint32_t i = 0; i < ufunc->inputs && !looked_at_first; i++)
        call->in_passing[i] = casts_in_passing(call->in[i], ufunc_operand_dtype(call, i), false, shape, dimensions) &&
                              !overlaps_outputs(call, call->in[i]);
    for (uint32_t k = 0, i = ufunc->inputs; k < ufunc->outputs; k++, i++)
        call->in_passing[i] = call->out[k] && !call->out[k]->readonly && !overlaps_outputs(call, call->out[k]) &&
                              casts_in_passing(call->out[k], ufunc_operand_dtype(call, i), true, shape, dimensions);
}

/* Is what casts of inputs meet reported? From integers to wide floats they meet nothing; numpy's comparisons, extremes and tests clear
 * what was met before them, but for those of half floats. */
static bool casts_are_told(const struct ufunc *ufunc, int from, int to)
{
    bool clears = ufunc->flags & UFUNC_QUIET && ufunc != &ufuncs[UFUNC_copysign] && ufunc != &ufuncs[UFUNC_heaviside];
    return to == DTYPE_FLOAT16 || (!clears && from > DTYPE_UINT64);
}

/* What run_block needs of a call: by operand the type of the loop and that of the array. */
struct block_run {
    struct vm *vm;
    ufunc_loop loop;
    const bool *in_passing;
    uint32_t inputs, operands;
    bool told, watched; /* are the casts' errors, those of the loop? */
    int types[UFUNC_OPERANDS_MAX], array_types[UFUNC_OPERANDS_MAX];
    int64_t steps[UFUNC_OPERANDS_MAX], array_steps[UFUNC_OPERANDS_MAX];
};

/* The errors met by casts that are told without those of the loop. */
static unsigned run_block(const struct block_run *run, char *const *data, char (*rooms)[BLOCK_BYTES], int64_t count)
{
    const bool apart = run->told && !run->watched;
    unsigned errors = 0;
    char *read[UFUNC_OPERANDS_MAX];
    if (apart)
        float_errors_clear();
    for (uint32_t i = 0; i < run->operands; i++) {
        read[i] = run->in_passing[i] ? rooms[i] : data[i];
        if (run->in_passing[i] && i < run->inputs)
            elements_convert(run->vm, run->types[i], rooms[i], run->steps[i], run->array_types[i], data[i], run->array_steps[i],
                             count);
    }
    if (apart)
        errors |= float_errors_raised();
    run->loop(read, run->steps, count);
    if (apart)
        float_errors_clear();
    for (uint32_t i = run->inputs; i < run->operands; i++)
        if (run->in_passing[i])
            elements_convert(run->vm, run->array_types[i], data[i], run->array_steps[i], run->types[i], rooms[i], run->steps[i],
                             count);
    return apart ? errors | float_errors_raised() : 0;
}

unsigned ufunc_run_blocks(struct vm *vm, const struct ufunc_call *call, struct operand_walk *walk, ufunc_loop loop, bool watched)
{
    _Alignas(64) char rooms[CALL_OPERANDS_MAX][BLOCK_BYTES];
    const uint32_t inputs = call->ufunc->inputs;
    struct block_run run = {vm, loop, call->in_passing, inputs, inputs + call->ufunc->outputs, .watched = watched};
    int64_t index[DIMENSIONS_MAX] = {0}, block = BLOCK_BYTES;
    for (uint32_t i = 0; i < run.operands; i++) {
        run.steps[i] = run.array_steps[i] = walk->strides[i][0];
        if (!call->in_passing[i])
            continue;
        const int type = ufunc_operand_dtype(call, i), own = array_dtype(i < inputs ? call->in[i] : call->out[i - inputs]);
        run.types[i] = type;
        run.array_types[i] = own;
        run.steps[i] = (int64_t)dtype_bytes(type);
        block = block < BLOCK_BYTES / run.steps[i] ? block : BLOCK_BYTES / run.steps[i];
        run.told = run.told || (i < inputs ? casts_are_told(call->ufunc, own, type) : type > DTYPE_BOOL);
    }
    unsigned errors = 0;
    float_errors_clear();
    do {
        for (int64_t start = 0, n; start < walk->shape[0]; start += n) {
            char *data[UFUNC_OPERANDS_MAX];
            n = walk->shape[0] - start < block ? walk->shape[0] - start : block;
            for (uint32_t i = 0; i < run.operands; i++)
                data[i] = walk->data[i] + start * run.array_steps[i];
            errors |= run_block(&run, data, rooms, n);
        }
    } while (walk_next(walk, index));
    return watched ? float_errors_raised() : errors;
}
