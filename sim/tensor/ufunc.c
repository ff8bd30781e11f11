/* ufunc.c - calls of universal functions: which loop, broadcasting, casting, the walk over the operands, and
 * what the arithmetic met on the way. The kernels are in loops_*.c, reductions in ufunc_reduce.c, operators
 * in operators.c. */
#include "sim/tensor/ufunc.h"

#include "sim/profile/profile.h"

#ifdef __x86_64__
#define WIDE_LOOPS(name) &name##_wide_loops
#else
#define WIDE_LOOPS(name) &name##_loops
#endif
const struct ufunc ufuncs[UFUNC_COUNT] = {
#define ROW(name, inputs, outputs, output, identity, flags)                                                  \
    {#name, inputs, outputs, OUT_##output, IDENTITY_##identity, flags, &name##_loops, WIDE_LOOPS(name)},
#define degrees_loops rad2deg_loops
#define degrees_wide_loops rad2deg_wide_loops
#define radians_loops deg2rad_loops
#define radians_wide_loops deg2rad_wide_loops
    UFUNCS(ROW)
#undef ROW
};

const struct ufunc *ufunc_find(const char *name)
{
    for (int i = 0; i < UFUNC_COUNT; i++)
        if (!strcmp(ufuncs[i].name, name))
            return &ufuncs[i];
    return NULL;
}

/* ---- the walk ---- */

static int64_t magnitude(int64_t n)
{
    return n < 0 ? -n : n;
}

/* -1: axis a belongs inside of b; 1: outside; 0: the strides do not tell. */
static int axis_order(const struct operand_walk *walk, uint32_t a, uint32_t b)
{
    bool told = false, swap = false;
    for (uint32_t k = 0; k < walk->operands; k++) {
        int64_t x = walk->strides[k][a], y = walk->strides[k][b];
        if (!x || !y)
            continue;
        if (magnitude(y) <= magnitude(x))
            swap = false;
        else if (!told)
            swap = true;
        told = true;
    }
    return told ? swap ? -1 : 1 : 0;
}

void walk_order(struct operand_walk *walk, uint32_t *order)
{
    uint32_t n = walk->dimensions;
    for (uint32_t i = 0; i < n; i++)
        order[i] = n - 1 - i;
    for (uint32_t i = 1; i < n; i++) {
        uint32_t axis = order[i], at = i;
        for (uint32_t j = i; j-- > 0;) {
            int side = axis_order(walk, axis, order[j]);
            if (side > 0)
                break;
            if (side < 0)
                at = j;
        }
        memmove(order + at + 1, order + at, (i - at) * sizeof *order);
        order[at] = axis;
    }
}

void walk_simplify(struct operand_walk *walk, const uint32_t *order, bool turn)
{
    struct operand_walk plain = {.operands = walk->operands};
    memcpy(plain.data, walk->data, sizeof plain.data);
    for (uint32_t i = 0; i < walk->dimensions; i++) {
        uint32_t axis = order[i], n = plain.dimensions;
        int64_t size = walk->shape[axis];
        if (size == 1)
            continue;
        bool backward = true, any = false, joins = n > 0;
        for (uint32_t k = 0; k < walk->operands; k++) {
            backward = backward && walk->strides[k][axis] <= 0;
            any = any || walk->strides[k][axis] < 0;
        }
        for (uint32_t k = 0; k < walk->operands; k++) {
            int64_t stride = walk->strides[k][axis];
            if (turn && backward && any) {
                plain.data[k] += (size - 1) * stride;
                stride = -stride;
            }
            plain.strides[k][n] = stride;
            joins = joins && n && stride == plain.strides[k][n - 1] * plain.shape[n - 1];
        }
        if (joins)
            plain.shape[n - 1] *= size;
        else
            plain.shape[plain.dimensions++] = size;
    }
    if (!plain.dimensions) {
        plain.dimensions = 1;
        plain.shape[0] = 1;
        for (uint32_t k = 0; k < plain.operands; k++)
            plain.strides[k][0] = 0;
    }
    *walk = plain;
}

bool walk_next(struct operand_walk *walk, int64_t *index)
{
    for (uint32_t i = 1; i < walk->dimensions; i++) {
        for (uint32_t k = 0; k < walk->operands; k++)
            walk->data[k] += walk->strides[k][i];
        if (++index[i] < walk->shape[i])
            return true;
        for (uint32_t k = 0; k < walk->operands; k++)
            walk->data[k] -= walk->strides[k][i] * walk->shape[i];
        index[i] = 0;
    }
    return false;
}

/* ---- operands ---- */

static bool same_layout(const struct ndarray *a, const struct ndarray *b)
{
    return a->data == b->data && a->dtype == b->dtype && a->dimensions == b->dimensions &&
           !memcmp(a->shape, b->shape, a->dimensions * sizeof(int64_t)) &&
           !memcmp(a->strides, b->strides, a->dimensions * sizeof(int64_t));
}

/* ldexp's exponents have two widths. */
static int input_dtype(const struct ufunc_call *call, uint32_t i)
{
    if (call->ufunc != &ufuncs[UFUNC_ldexp] || !i)
        return call->loop_dtype;
    return array_dtype(call->in[i]) == DTYPE_INT32 ? DTYPE_INT32 : DTYPE_INT64;
}

/* The type of a result, which objects may have as well. */
static int result_dtype(const struct ufunc_call *call, uint32_t k)
{
    const struct ufunc *ufunc = call->ufunc;
    bool logical = ufunc >= &ufuncs[UFUNC_logical_and] && ufunc <= &ufuncs[UFUNC_logical_not];
    return call->loop_dtype == DTYPE_OBJECT && (ufunc->output != OUT_BOOL || logical)
               ? DTYPE_OBJECT
               : ufunc_output_dtype(ufunc, call->loop_dtype, (int)k);
}

int ufunc_operand_dtype(const struct ufunc_call *call, uint32_t i)
{
    return i < call->ufunc->inputs ? input_dtype(call, i) : result_dtype(call, i - call->ufunc->inputs);
}

static bool refuse_cast(struct vm *vm, const struct ufunc_call *call, const char *side, size_t operand, int from, int to)
{
    const struct ufunc *ufunc = call->ufunc;
    char index[8] = {(char)('0' + operand), ' ', 0};
    bool only = operand < ufunc->inputs ? ufunc->inputs == 1 : ufunc->outputs == 1;
    raise_error(vm, &ufunc_type_error_type, "Cannot cast ufunc '%s' %s %sfrom %R to %R with casting rule '%s'", ufunc->name, side,
                only ? "" : index, dtype_value(vm, from), dtype_value(vm, to), casting_names[call->casting]);
    return false;
}

/* Before shapes are looked at. */
static bool check_casts(struct vm *vm, const struct ufunc_call *call)
{
    const struct ufunc *ufunc = call->ufunc;
    /* whatever the logical ones are given, they ask whether it is true */
    bool logical = ufunc >= &ufuncs[UFUNC_logical_and] && ufunc <= &ufuncs[UFUNC_logical_not];
    bool asked = call->loop_dtype != DTYPE_OBJECT &&
                 (call->dtype != DTYPE_NONE || (!logical && call->casting != CAST_SAME_KIND));
    for (uint32_t i = 0; asked && i < ufunc->inputs; i++)
        if (!array_can_cast(call->in[i], input_dtype(call, i), call->casting))
            return refuse_cast(vm, call, "input", i, array_dtype(call->in[i]), input_dtype(call, i));
    for (uint32_t k = 0; k < ufunc->outputs; k++)
        if (call->out[k] && !can_cast(result_dtype(call, k), array_dtype(call->out[k]), call->casting))
            return refuse_cast(vm, call, "output", ufunc->inputs + k, result_dtype(call, k), array_dtype(call->out[k]));
    return true;
}

void ufunc_record_cast(struct vm *vm, const struct ndarray *array, int loop_dtype)
{
    ADD_WORK(vm, objects, 1);
    ADD_WORK(vm, bytes, sizeof *array + 2 * array->dimensions * sizeof(int64_t) + (uint64_t)array->size * dtype_bytes(loop_dtype));
    ADD_WORK(vm, elements, array->size);
}

/* Inputs of the loop's type, unless they are cast in passing, that no given output overwrites before they are read. */
static bool prepare_inputs(struct vm *vm, struct ufunc_call *call)
{
    const struct ufunc *ufunc = call->ufunc;
    bool first = !call->where; /* numpy casts short operands before it calls the function, others in passing */
    for (uint32_t i = 0; i < ufunc->inputs; i++) {
        struct ndarray *in = call->in[i];
        int wanted = input_dtype(call, i);
        if (call->in_passing[i]) {
            ufunc_record_cast(vm, in, wanted);
            first = false;
            continue;
        }
        if (array_dtype(in) != wanted) {
            struct ndarray *made = array_new_like(vm, wanted, in);
            first = first && in->dimensions < 2 && in->size <= CAST_FIRST_MAX;
            if (!made || !array_copy_as(vm, made, in, first ? "cast" : ufunc->name))
                return false;
            in = made;
        }
        for (uint32_t k = 0; k < ufunc->outputs; k++)
            if (call->out[k] && arrays_overlap(in, call->out[k]) && !same_layout(in, call->out[k]) &&
                !(in = array_duplicate(vm, in, DTYPE_NONE)))
                return false;
        call->in[i] = in;
    }
    return true;
}

static bool check_output(struct vm *vm, const struct ufunc_call *call, uint32_t k, const int64_t *shape, uint32_t dimensions)
{
    const struct ndarray *out = call->out[k];
    if (out->readonly)
        return raise_error(vm, &exc_ValueError, "output array is read-only"), false;
    if (out->dimensions == dimensions && !memcmp(out->shape, shape, dimensions * sizeof *shape))
        return true;
    raise_error(vm, &exc_ValueError,
                "non-broadcastable output operand with shape %U doesn't match the broadcast shape %U",
                shape_text(vm, out->shape, out->dimensions), shape_text(vm, shape, dimensions));
    return false;
}

static void walk_add(struct operand_walk *walk, const struct ndarray *array)
{
    uint32_t added = walk->dimensions - array->dimensions, k = walk->operands++;
    walk->data[k] = array->data;
    for (uint32_t i = 0; i < walk->dimensions; i++)
        walk->strides[k][i] = i < added || array->shape[i - added] == 1 ? 0 : array->strides[i - added];
}

/* A new output, its axes in memory in the order in which the inputs are walked. */
static struct ndarray *output_new(struct vm *vm, const struct operand_walk *walk, const uint32_t *order,
                                  int dtype, bool masked)
{
    struct ndarray *out = (masked ? array_new : array_new_raw)(vm, dtype, walk->dimensions, walk->shape);
    int64_t stride = out ? out->item_size : 0;
    for (uint32_t i = 0; out && out->size && i < walk->dimensions; i++) {
        out->strides[order[i]] = stride;
        stride *= walk->shape[order[i]] ? walk->shape[order[i]] : 1;
    }
    return out;
}

/* ---- running ---- */

static void run_where(struct operand_walk *walk, ufunc_loop loop, uint32_t operands)
{
    const char *mask = walk->data[operands];
    int64_t step = walk->strides[operands][0], count = walk->shape[0], strides[UFUNC_OPERANDS_MAX];
    char *data[UFUNC_OPERANDS_MAX];
    for (uint32_t k = 0; k < operands; k++)
        strides[k] = walk->strides[k][0];
    for (int64_t i = 0; i < count;) { /* runs of what is to be computed */
        int64_t start = i;
        while (i < count && mask[i * step])
            i++;
        for (uint32_t k = 0; k < operands; k++)
            data[k] = walk->data[k] + start * strides[k];
        if (i > start)
            loop(data, strides, i - start);
        while (i < count && !mask[i * step])
            i++;
    }
}

static void run_loop(struct operand_walk *walk, ufunc_loop loop, uint32_t operands, bool masked)
{
    int64_t index[DIMENSIONS_MAX] = {0}, strides[UFUNC_OPERANDS_MAX];
    for (uint32_t k = 0; k < operands; k++)
        strides[k] = walk->strides[k][0];
    do {
        if (masked)
            run_where(walk, loop, operands);
        else
            loop(walk->data, strides, walk->shape[0]);
    } while (walk_next(walk, index));
}

static bool run_objects(struct vm *vm, struct ufunc_call *call, struct operand_walk *walk, bool masked)
{
    float_errors_clear(); /* which Python's own floats raise, too */
    const struct ufunc *ufunc = call->ufunc;
    int64_t index[DIMENSIONS_MAX] = {0};
    uint32_t operands = ufunc->inputs + ufunc->outputs;
    do {
        for (int64_t i = 0; i < walk->shape[0]; i++) {
            value items[3], results[2];
            if (masked && !walk->data[operands][i * walk->strides[operands][0]])
                continue;
            for (uint32_t k = 0; k < ufunc->inputs; k++) {
                items[k] =
                    element_to_python(vm, array_dtype(call->in[k]), walk->data[k] + i * walk->strides[k][0]);
                if (items[k] == VALUE_NULL)
                    return false;
            }
            if (!object_operation(vm, ufunc, items, results))
                return false;
            for (uint32_t k = 0; k < ufunc->outputs; k++) {
                uint32_t at = ufunc->inputs + k;
                if (!element_store(vm, array_dtype(call->out[k]), walk->data[at] + i * walk->strides[at][0],
                                   results[k]))
                    return false;
            }
        }
    } while (walk_next(walk, index));
    return float_errors_report(vm, float_errors_raised(), ufunc->name);
}

static void record_work(struct vm *vm, const struct ufunc_call *call)
{
    const struct ufunc *ufunc = call->ufunc;
    struct ndarray out = *call->out[0]; /* as the loop writes it */
    if (call->in_passing[ufunc->inputs]) {
        out.dtype = (uint8_t)ufunc_operand_dtype(call, ufunc->inputs);
        out.item_size = (uint32_t)dtype_bytes(out.dtype);
    }
    ADD_WORK(vm, elements, out.size);
    if (!(ufunc->flags & (UFUNC_MATH | UFUNC_ACTIVATION)) || out.dtype == DTYPE_OBJECT) {
        uint64_t bytes = (uint64_t)out.size * out.item_size;
        for (uint32_t i = 0; i < ufunc->inputs; i++) {
            size_t item = call->in_passing[i] ? dtype_bytes(ufunc_operand_dtype(call, i)) : call->in[i]->item_size;
            bytes += call->in[i]->dimensions ? (uint64_t)call->in[i]->size * item : 0;
        }
        array_record_vector(vm, &out, bytes);
    }
    if (ufunc->flags & UFUNC_MATH)
        ADD_WORK(vm, math, out.size);
    if (ufunc->flags & UFUNC_ACTIVATION && out.dtype != DTYPE_OBJECT)
        array_record_activation(vm, &out, ufunc->flags & UFUNC_MATH ? 1 : 0, 1);
    else if (ufunc->flags & UFUNC_MATH && vm->record_shape && out.dimensions && out.size <= UINT32_MAX && out.dtype != DTYPE_OBJECT)
        vm->record_shape(vm, SHAPE_MATH, (uint32_t)out.size, 1, 1, out.item_size);
}

/* The exponents of what is computed, which are the last operand. */
static bool check_exponents(struct vm *vm, const struct ufunc_call *call, const struct operand_walk *walk)
{
    struct ndarray *exponents = call->in[call->ufunc->inputs - 1], *where = NULL;
    if (call->where && call->ufunc == &ufuncs[UFUNC_power]) {
        exponents = array_broadcast(vm, exponents, walk->shape, walk->dimensions);
        where = exponents ? array_broadcast(vm, call->where, walk->shape, walk->dimensions) : NULL;
        if (!where)
            return false;
    }
    return exponents_check(vm, call->ufunc, call->loop_dtype, exponents, where);
}

/* One row. */
static void walk_flat(struct operand_walk *walk, uint32_t operands, char *const *data, const int64_t *steps, int64_t size)
{
    walk->dimensions = 1;
    walk->operands = operands;
    walk->shape[0] = size;
    for (uint32_t k = 0; k < operands; k++) {
        walk->data[k] = data[k];
        walk->strides[k][0] = steps[k];
    }
}

/* Runs the loop where the operands of `walk`, or else those with these steps, are. */
static bool run_numbers(struct vm *vm, const struct ufunc_call *call, struct operand_walk *walk, uint32_t operands,
                        const int64_t *steps)
{
    const struct ufunc *ufunc = call->ufunc;
    ufunc_loop loop = (*ufunc_loops(ufunc))[call->loop_dtype];
    if (ufunc == &ufuncs[UFUNC_ldexp] && array_dtype(call->in[1]) == DTYPE_INT32)
        loop = (*LOOPS_FOR_HOST(ldexp_short))[call->loop_dtype];
    bool compares = (ufunc->output == OUT_BOOL && ufunc->inputs == 2) || ufunc == &ufuncs[UFUNC_sign];
    bool watched = !(ufunc->flags & UFUNC_QUIET) || (is_complex_dtype(call->loop_dtype) && compares);
    char *data[UFUNC_OPERANDS_MAX];
    for (uint32_t k = 0; !walk && k < operands; k++)
        data[k] = k < ufunc->inputs ? call->in[k]->data : call->out[k - ufunc->inputs]->data;
    if (memchr(call->in_passing, true, sizeof call->in_passing)) {
        struct operand_walk flat;
        if (!walk)
            walk_flat(walk = &flat, operands, data, steps, call->out[0]->size);
        return float_errors_report(vm, ufunc_run_blocks(vm, call, walk, loop, watched), ufunc->name);
    }
    if (watched)
        float_errors_clear();
    if (walk)
        run_loop(walk, loop, operands, call->where);
    else
        loop(data, steps, call->out[0]->size);
    return !watched || float_errors_report(vm, float_errors_raised(), ufunc->name);
}

/* Do all operands that are not single elements have the result's shape and lie in C order? Then one loop does all. */
static bool is_flat(const struct ufunc_call *call, const int64_t *shape, uint32_t dimensions, int64_t *steps)
{
    const struct ufunc *ufunc = call->ufunc;
    for (uint32_t i = 0; i < ufunc->inputs; i++) {
        const struct ndarray *in = call->in[i];
        bool whole = in->dimensions == dimensions && !memcmp(in->shape, shape, dimensions * sizeof *shape) &&
                     array_is_contiguous(in);
        if (!whole && in->size != 1)
            return false;
        steps[i] = whole ? in->item_size : 0;
    }
    for (uint32_t k = 0; k < ufunc->outputs; k++) {
        const struct ndarray *out = call->out[k];
        int dtype = ufunc_output_dtype(ufunc, call->loop_dtype, (int)k);
        if (out && (out->readonly || array_dtype(out) != dtype || out->dimensions != dimensions ||
                    memcmp(out->shape, shape, dimensions * sizeof *shape) != 0 || !array_is_contiguous(out)))
            return false;
        steps[ufunc->inputs + k] = (int64_t)dtype_bytes(dtype);
    }
    return true;
}

static bool run_flat(struct vm *vm, struct ufunc_call *call, const int64_t *shape, uint32_t dimensions, const int64_t *steps)
{
    const struct ufunc *ufunc = call->ufunc;
    for (uint32_t k = 0; k < ufunc->outputs; k++) {
        if (!call->out[k])
            call->out[k] = array_new_raw(vm, ufunc_output_dtype(ufunc, call->loop_dtype, (int)k), dimensions, shape);
        if (!call->out[k])
            return false;
    }
    if (!exponents_check(vm, ufunc, call->loop_dtype, call->in[ufunc->inputs - 1], NULL))
        return false;
    record_work(vm, call);
    return !call->out[0]->size || run_numbers(vm, call, NULL, ufunc->inputs + ufunc->outputs, steps);
}

/* The general road: operands of any layout, broadcast to `shape`. */
static bool run_walk(struct vm *vm, struct ufunc_call *call, const int64_t *shape, uint32_t dimensions)
{
    const struct ufunc *ufunc = call->ufunc;
    struct ndarray *given[2] = {call->out[0], call->out[1]};
    const bool objects = call->loop_dtype == DTYPE_OBJECT;
    struct operand_walk walk = {.dimensions = dimensions};
    uint32_t order[DIMENSIONS_MAX];
    memcpy(walk.shape, shape, dimensions * sizeof *shape);
    for (uint32_t i = 0; i < ufunc->inputs; i++)
        walk_add(&walk, call->in[i]);
    walk_order(&walk, order);
    for (uint32_t k = 0; k < ufunc->outputs; k++) {
        int dtype = result_dtype(call, k);
        if (given[k] && !check_output(vm, call, k, walk.shape, walk.dimensions))
            return false;
        if (call->in_passing[ufunc->inputs + k]) {
            ufunc_record_cast(vm, given[k], dtype);
        } else if (!given[k] || array_dtype(given[k]) != dtype) {
            call->out[k] = output_new(vm, &walk, order, dtype, call->where);
            if (call->out[k] && call->out[k]->size && call->order) /* an order was asked for, whatever that of the inputs */
                (call->columns ? array_set_column_strides : array_set_strides)(call->out[k]);
            if (!call->out[k] || (given[k] && call->where && !array_assign_array(vm, call->out[k], given[k])))
                return false;
        }
    }
    if (!objects && !check_exponents(vm, call, &walk))
        return false;
    for (uint32_t k = 0; k < ufunc->outputs; k++)
        walk_add(&walk, call->out[k]);
    uint32_t operands = walk.operands;
    if (call->where)
        walk_add(&walk, call->where);
    walk_order(&walk, order);
    bool any = call->out[0]->size != 0;
    record_work(vm, call);
    walk_simplify(&walk, order, true);
    if (any && !(objects ? run_objects(vm, call, &walk, call->where) : run_numbers(vm, call, &walk, operands, NULL)))
        return false;
    for (uint32_t k = 0; k < ufunc->outputs; k++) {
        if (given[k] && given[k] != call->out[k]) {
            if (!array_copy_as(vm, given[k], call->out[k], ufunc->name))
                return false;
            call->out[k] = given[k];
        }
    }
    return true;
}

bool ufunc_run(struct vm *vm, struct ufunc_call *call)
{
    const struct ufunc *ufunc = call->ufunc;
    struct ndarray *all[6];
    size_t count = 0;
    int64_t shape[DIMENSIONS_MAX], steps[UFUNC_OPERANDS_MAX];
    uint32_t dimensions;
    call->loop_dtype = ufunc_resolve(vm, call);
    if (call->loop_dtype < 0)
        return false;
    bool objects = call->loop_dtype == DTYPE_OBJECT;
    for (uint32_t i = 0; i < ufunc->inputs; i++)
        all[count++] = call->in[i];
    for (uint32_t k = 0; k < ufunc->outputs; k++)
        if (call->out[k])
            all[count++] = call->out[k];
    if (call->where)
        all[count++] = call->where;
    if (!check_casts(vm, call) || !broadcast_shape(vm, all, count, shape, &dimensions))
        return false;
    if (call->order == 'A') {
        call->columns = 1;
        for (uint32_t i = 0; i < ufunc->inputs; i++)
            call->columns = call->columns && array_is_fortran(call->in[i]);
    }
    if (!objects)
        ufunc_plan_casts(call, shape, dimensions);
    if (!objects && !prepare_inputs(vm, call))
        return false;
    bool flat = !objects && !call->where && !(call->order && call->columns) && is_flat(call, shape, dimensions, steps);
    if (!(flat ? run_flat(vm, call, shape, dimensions, steps) : run_walk(vm, call, shape, dimensions)))
        return false;
    for (uint32_t i = 0; i < ufunc->inputs; i++)
        gc_keep(object_value(call->in[i]));
    return true;
}

void array_record_activation(struct vm *vm, const struct ndarray *array, uint32_t math, uint32_t passes)
{
    if (vm->record_shape && array->dtype == DTYPE_OBJECT) /* Python's own arithmetic: no unit does it */
        vm->record_shape(vm, SHAPE_NONE, 0, 0, 0, 0);
    else if (vm->record_shape && array->dimensions && array->size <= UINT32_MAX)
        vm->record_shape(vm, SHAPE_ACTIVATION, (uint32_t)array->size, math, passes, array->item_size);
}

void array_record_vector(struct vm *vm, const struct ndarray *array, uint64_t bytes)
{
    enum { WORD = 8 };
    if (vm->record_shape && array->dtype == DTYPE_OBJECT) /* Python's own arithmetic: no unit does it */
        vm->record_shape(vm, SHAPE_NONE, 0, 0, 0, 0);
    else if (vm->record_shape && array->dimensions && array->size && bytes <= UINT32_MAX)
        vm->record_shape(vm, SHAPE_VECTOR, (uint32_t)array->size, 1, (uint32_t)((bytes + WORD - 1) / WORD), array->item_size);
}

/* ---- as Python calls them ---- */

static bool take_out(struct vm *vm, value given, struct ufunc_call *call)
{
    const struct ufunc *ufunc = call->ufunc;
    const value *items = &given;
    size_t count = 1;
    if (given == NONE)
        return true;
    if (has_flag(given, TYPE_TUPLE)) {
        items = tuple_of(given)->items;
        count = tuple_of(given)->length;
        if (count != ufunc->outputs) {
            raise_error(vm, &exc_ValueError, "The 'out' tuple must have exactly one entry per ufunc output");
            return false;
        }
    }
    for (size_t k = 0; k < count; k++) {
        if (items[k] != NONE && !is_array(items[k])) {
            raise_error(vm, &exc_TypeError, "return arrays must be of ArrayType");
            return false;
        }
        call->out[k] = items[k] == NONE ? NULL : array_of(items[k]);
    }
    return true;
}

static bool take_keyword(struct vm *vm, value name, value item, struct ufunc_call *call)
{
    if (string_is(name, "out"))
        return take_out(vm, item, call);
    if (string_is(name, "dtype"))
        return dtype_given(vm, item, &call->dtype);
    if (string_is(name, "casting"))
        return casting_from(vm, item, &call->casting);
    if (string_is(name, "where")) {
        if (item == TRUE)
            return true;
        call->where = array_from(vm, item, is_array(item) || is_scalar_object(item) ? DTYPE_NONE : DTYPE_BOOL);
        if (call->where && call->where->dtype != DTYPE_BOOL) {
            raise_error(vm, &exc_TypeError,
                        "Cannot cast array data from %R to dtype('bool') according to the rule 'safe'",
                        dtype_value(vm, array_dtype(call->where)));
            return false;
        }
        return call->where;
    }
    if (string_is(name, "order")) {
        if (!check_order(vm, item))
            return false;
        if (item != NONE && !string_is(item, "K")) {
            call->order = string_is(item, "A") ? 'A' : 'C';
            call->columns = string_is(item, "F");
        }
        return true;
    }
    if (string_is(name, "subok"))
        return true;
    raise_error(vm, &exc_TypeError, "%s() got an unexpected keyword argument '%U'", call->ufunc->name, name);
    return false;
}

METHOD(ufunc_invoke)
{
    const struct ufunc *ufunc = ufunc_of(self);
    struct ufunc_call call = {.ufunc = ufunc, .dtype = DTYPE_NONE, .casting = CAST_SAME_KIND};
    uint32_t total = ufunc->inputs + ufunc->outputs;
    if (count < ufunc->inputs || count > total)
        return raise_error(vm, &exc_TypeError,
                           "%s() takes from %d to %u positional arguments but %zu were given", ufunc->name,
                           ufunc->inputs, total, count);
    value taken = ufunc_override(vm, ufunc, "__call__", arguments, ufunc->inputs, arguments + count, keyword_names);
    if (taken != VALUE_NULL || vm->pending != VALUE_NULL)
        return taken;
    for (uint32_t i = 0; i < ufunc->inputs; i++)
        if (!(call.in[i] = array_from(vm, arguments[i], DTYPE_NONE)))
            return VALUE_NULL;
    for (size_t i = ufunc->inputs; i < count; i++) {
        if (arguments[i] != NONE && !is_array(arguments[i]))
            return raise_error(vm, &exc_TypeError, "return arrays must be of ArrayType");
        call.out[i - ufunc->inputs] = arguments[i] == NONE ? NULL : array_of(arguments[i]);
    }
    for (size_t i = 0; i < keyword_count(keyword_names); i++)
        if (!take_keyword(vm, tuple_of(keyword_names)->items[i], arguments[count + i], &call))
            return VALUE_NULL;
    struct ndarray *given[2] = {call.out[0], call.out[1]};
    bool texts = ufunc->inputs == 2 && call.in[0]->dtype == DTYPE_STRING && call.in[1]->dtype == DTYPE_STRING;
    bool compares = ufunc >= &ufuncs[UFUNC_equal] && ufunc <= &ufuncs[UFUNC_greater_equal];
    if (texts && compares && call.dtype == DTYPE_NONE && !call.where && !given[0])
        return compare_texts(vm, ufunc, call.in[0], call.in[1]);
    if (!ufunc_run(vm, &call))
        return VALUE_NULL;
    if (ufunc->outputs == 1) /* not left on the stack, where the collector would find it in the next call */
        return given[0] ? object_value(given[0]) : array_result(vm, call.out[0]);
    value results[2];
    for (uint32_t k = 0; k < ufunc->outputs; k++) {
        results[k] = given[k] ? object_value(given[k]) : array_result(vm, call.out[k]);
        if (results[k] == VALUE_NULL)
            return VALUE_NULL;
    }
    return tuple_from(vm, results, 2);
}

value ufunc_apply(struct vm *vm, const char *name, const value *arguments, size_t count)
{
    struct ufunc_object object = {.head.shape = &ufunc_type.shape, .ufunc = ufunc_find(name)};
    return ufunc_invoke(vm, object_value(&object), arguments, count, VALUE_NULL);
}

value array_map_float(struct vm *vm, value v, row_function *row)
{
    struct ndarray *array = array_from(vm, v, DTYPE_FLOAT64);
    array = array ? array_contiguous(vm, array, DTYPE_FLOAT64) : NULL;
    struct ndarray *out = array ? array_new_raw(vm, DTYPE_FLOAT64, array->dimensions, array->shape) : NULL;
    if (!out)
        return VALUE_NULL;
    row((const double *)(const void *)array->data, (double *)(void *)out->data, out->size);
    ADD_WORK(vm, elements, out->size);
    ADD_WORK(vm, math, out->size);
    return array_result(vm, out);
}

/* ---- the type ---- */

static value ufunc_call_slot(struct vm *vm, value self, const value *arguments, size_t count,
                             value keyword_names)
{
    struct native_function_object *function =
        (struct native_function_object *)value_object(((struct ufunc_object *)value_object(self))->function);
    return native_call(vm, function, self, arguments, count, keyword_names);
}

static struct native_function_object *ufunc_native(const struct object *object)
{
    return (struct native_function_object *)value_object(
        ((const struct ufunc_object *)object)->function);
}

static value ufunc_repr(struct vm *vm, value self)
{
    return string_printf(vm, "<ufunc '%s'>", ufunc_of(self)->name);
}

static void ufunc_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct ufunc_object *)object)->function);
}

static value property_nin(struct vm *vm, value self)
{
    (void)vm;
    return small_int(ufunc_of(self)->inputs);
}

static value property_nout(struct vm *vm, value self)
{
    (void)vm;
    return small_int(ufunc_of(self)->outputs);
}

static value property_nargs(struct vm *vm, value self)
{
    (void)vm;
    return small_int(ufunc_of(self)->inputs + ufunc_of(self)->outputs);
}

static value property_name(struct vm *vm, value self)
{
    return string_from_text(vm, ufunc_of(self)->name);
}

static value property_identity(struct vm *vm, value self)
{
    switch ((enum ufunc_identity)ufunc_of(self)->identity) {
    case IDENTITY_ZERO:
        return ufunc_of(self)->output == OUT_BOOL ? FALSE : small_int(0);
    case IDENTITY_ONE:
        return ufunc_of(self)->output == OUT_BOOL ? TRUE : small_int(1);
    case IDENTITY_MINUS_ONE:
        return small_int(-1);
    case IDENTITY_MINUS_INFINITY:
        return float_value(vm, -INFINITY);
    case IDENTITY_NONE:
        break;
    }
    return NONE;
}

static value property_types(struct vm *vm, value self)
{
    const struct ufunc *ufunc = ufunc_of(self);
    value list = list_new(vm, 0);
    for (int dtype = 0; list != VALUE_NULL && dtype < DTYPE_NUMERIC_COUNT; dtype++) {
        char text[16];
        size_t length = 0;
        if (!(*ufunc_loops(ufunc))[dtype])
            continue;
        for (uint32_t i = 0; i < ufunc->inputs; i++)
            text[length++] = dtype_character(dtype);
        text[length++] = '-';
        text[length++] = '>';
        for (uint32_t k = 0; k < ufunc->outputs; k++)
            text[length++] = dtype_character(ufunc_output_dtype(ufunc, dtype, (int)k));
        text[length] = 0;
        value item = string_from_text(vm, text);
        if (item == VALUE_NULL || !list_append(vm, list_of(list), item))
            return VALUE_NULL;
    }
    return list;
}

static value property_ntypes(struct vm *vm, value self)
{
    value list = property_types(vm, self);
    return list == VALUE_NULL ? list : small_int(list_of(list)->length);
}

static value property_signature(struct vm *vm, value self)
{
    (void)vm, (void)self;
    return NONE;
}

static const struct property_definition ufunc_properties[] = {{"nin", property_nin, NULL},
                                                              {"nout", property_nout, NULL},
                                                              {"nargs", property_nargs, NULL},
                                                              {"__name__", property_name, NULL},
                                                              {"identity", property_identity, NULL},
                                                              {"types", property_types, NULL},
                                                              {"ntypes", property_ntypes, NULL},
                                                              {"signature", property_signature, NULL},
                                                              {NULL, NULL, NULL}};

struct type ufunc_type = {
    .name = "numpy.ufunc",
    .flags = TYPE_GETATTR_PLAIN,
    .instance_size = sizeof(struct ufunc_object),
    .methods = ufunc_methods,
    .properties = ufunc_properties,
    .trace = ufunc_trace,
    .repr = ufunc_repr,
    .call = ufunc_call_slot,
    .native_function = ufunc_native,
};

static const struct method_definition ufunc_definitions[UFUNC_COUNT] = {
#define ROW(name, inputs, outputs, output, identity, flags) {#name, NULL, ufunc_invoke, METHOD_STATIC, NULL},
    UFUNCS(ROW)
#undef ROW
};

bool ufuncs_define(struct vm *vm, struct dict_object *module)
{
    static const struct {
        const char *alias;
        int index;
    } aliases[] = {{"abs", UFUNC_absolute},
                   {"true_divide", UFUNC_divide},
                   {"mod", UFUNC_remainder},
                   {"conj", UFUNC_conjugate},
                   {"bitwise_not", UFUNC_invert}};
    type_ready(vm, &ufunc_type);
    for (int i = 0; i < UFUNC_COUNT; i++) {
        struct ufunc_object *object = GC_NEW(vm, struct ufunc_object, &ufunc_type);
        if (!object)
            return false;
        object->ufunc = &ufuncs[i];
        object->function = native_function_new(vm, &ufunc_definitions[i], VALUE_NULL, "numpy");
        if (object->function == VALUE_NULL)
            return false;
        if (!dict_set_text(vm, module, i == UFUNC_clip ? "_clip" : ufuncs[i].name, object_value(object)))
            return false;
        for (size_t k = 0; k < sizeof aliases / sizeof *aliases; k++)
            if (aliases[k].index == i && !dict_set_text(vm, module, aliases[k].alias, object_value(object)))
                return false;
    }
    return true;
}
