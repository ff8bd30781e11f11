/* nest_value.c - what the nodes of a nest (nest.h) are in given rounds: numbers, items, attributes, conditions; and whether they may
 * be read, since the lists they are in may be written in other rounds. */
#include "sim/engine/nest.h"

#include "sim/engine/operations.h"
#include "sim/runtime/attribute.h"
#include "sim/runtime/number.h"

#include <stdlib.h>

const char nest_not_numbers[] = "not all items are exact ints or floats";
const char nest_not_lists[] = "something is no exact list or tuple";
const char nest_ragged[] = "rows of different lengths, or indices beyond their end";
const char nest_overlapping[] = "a list is written and read, or written twice";

bool nest_sequence(struct nest_run *run, value v, const value **items, int64_t *length)
{
    if (is_exact(v, &list_type)) {
        *items = list_of(v)->items;
        *length = list_of(v)->length;
        return true;
    }
    if (is_exact(v, &tuple_type)) {
        *items = tuple_of(v)->items;
        *length = (int64_t)tuple_of(v)->length;
        return true;
    }
    return nest_refuse(run, nest_not_lists);
}

static value variable_value(struct nest_run *run, const struct nest_variable *variable)
{
    struct frame *frame = run->frame;
    value v = VALUE_NULL;
    if (variable->place == NEST_GLOBAL) {
        v = dict_get_text(run->vm, frame->globals, variable->name->text);
    } else {
        v = frame->slots[frame->state->function->local_slots[variable->index]];
        if (variable->place == NEST_CELL_LOCAL)
            v = is_object(v) && is_exact(v, &cell_type) ? ((struct cell_object *)value_object(v))->content : VALUE_NULL;
    }
    if (v == VALUE_NULL)
        nest_refuse(run, "a variable is not bound");
    return v;
}

static value constant_of(struct nest_run *run, const struct nest_node *node)
{
    if (!node->code)
        return small_int(0);
    const struct constant *constant = &node->code->constants[node->index];
    if (constant->kind == CONSTANT_INT && !small_int_fits(constant->integer))
        return nest_refuse(run, nest_not_numbers), VALUE_NULL;
    return constant->kind == CONSTANT_INT ? int_from_int64(run->vm, constant->integer) : float_value(run->vm, constant->real);
}

value nest_number(struct nest_run *run, value v)
{
    if (is_small_int(v) || is_exact_float(v) || (is_object(v) && is_exact_int(v)))
        return v;
    nest_refuse(run, nest_not_numbers);
    return VALUE_NULL;
}

static value arithmetic_value(struct nest_run *run, const struct nest_node *node, const int64_t *rounds)
{
    value a = nest_value(run, node->a, rounds);
    value b = a == VALUE_NULL ? VALUE_NULL : nest_value(run, node->b, rounds);
    if (b != VALUE_NULL && is_small_int(a) && is_small_int(b)) { /* most are indices */
        int64_t x = small_int_value(a), y = small_int_value(b), n = 0;
        bool done = node->op == OP_add   ? !__builtin_add_overflow(x, y, &n)
                    : node->op == OP_sub ? !__builtin_sub_overflow(x, y, &n)
                    : node->op == OP_mul ? !__builtin_mul_overflow(x, y, &n)
                                         : false;
        if (done && small_int_fits(n))
            return small_int(n);
    }
    if (b == VALUE_NULL || nest_number(run, a) == VALUE_NULL || nest_number(run, b) == VALUE_NULL)
        return VALUE_NULL;
    return arithmetic_slow(run->vm, (enum binary_kind)(node->op - OP_add), a, b);
}

static bool item_index(struct nest_run *run, const struct nest_node *key, const int64_t *rounds, int64_t length, int64_t *index)
{
    value v = key->kind == NEST_INDEX ? small_int(nest_index(run, key->loop, rounds)) : nest_value(run, key, rounds);
    if (v == VALUE_NULL)
        return false;
    if (!is_small_int(v))
        return nest_refuse(run, nest_ragged);
    *index = small_int_value(v);
    if (*index < 0)
        *index += length;
    return (*index >= 0 && *index < length) || nest_refuse(run, nest_ragged);
}

static int compare_pointers(const void *a, const void *b)
{
    uintptr_t x = (uintptr_t) * (value *const *)a, y = (uintptr_t) * (value *const *)b;
    return x < y ? -1 : x > y;
}

bool nest_settle_written(struct nest_run *run)
{
    qsort(run->written, (size_t)run->written_count, sizeof *run->written, compare_pointers);
    for (int64_t i = 1; i < run->written_count; i++)
        if (run->written[i] == run->written[i - 1])
            return nest_refuse(run, nest_overlapping);
    return true;
}

bool nest_is_written(const struct nest_run *run, const value *items)
{
    if (!run->written_count)
        return false;
    return bsearch(&items, run->written, (size_t)run->written_count, sizeof *run->written, compare_pointers) != NULL;
}

/* Each round may read the item that it then writes. */
static bool is_target(const struct nest_run *run, const struct nest_node *node)
{
    const struct nest *nest = run->nest;
    if (nest->output != NEST_TO_ITEM || node->kind != NEST_ITEM || nest->reads_behind || (nest->updates && node != nest->sum->a))
        return false;
    return nest_same(node->a, nest->target_list) && nest_same(node->b, nest->target_key);
}

/* What a loop goes over is the list that its rounds store to, each in the place that it has just been given, as in
 * `for i, v in enumerate(x): x[i] = f * v`. */
static bool is_read_first(struct nest_run *run, const struct nest_node *node, const int64_t *rounds, const value *items,
                          int64_t index)
{
    const struct nest *nest = run->nest;
    unsigned outer = ((1u << nest->loop_count) - 1) & ~nest->summing;
    if (nest->output != NEST_TO_ITEM || node->kind != NEST_ROUND || node->a->kind == NEST_COLUMN ||
        nest_loops_of(node) != outer || nest->summing & ((1u << node->loop) - 1))
        return false;
    value list = nest_value(run, nest->target_list, rounds);
    int64_t place;
    return list != VALUE_NULL && is_exact(list, &list_type) && list_of(list)->items == items &&
           item_index(run, nest->target_key, rounds, list_of(list)->length, &place) && place == index;
}

bool nest_find_item(struct nest_run *run, const struct nest_node *node, const int64_t *rounds, const value **items,
                      int64_t *index)
{
    const struct nest_node *from = node->a->kind == NEST_COLUMN ? node->a->a : node->a;
    int64_t length;
    value sequence = nest_value(run, from, rounds);
    if (sequence == VALUE_NULL || !nest_sequence(run, sequence, items, &length))
        return false;
    *index = node->kind == NEST_ROUND ? rounds[node->loop] : 0;
    if (node->kind == NEST_ITEM && !item_index(run, node->b, rounds, length, index))
        return false;
    if (*index >= length)
        return nest_refuse(run, nest_ragged);
    if (node->a->kind == NEST_COLUMN) {
        if (!nest_sequence(run, (*items)[*index], items, &length)) /* the row, and in it the column */
            return false;
        *index = rounds[node->a->loop];
        if (*index >= length)
            return nest_refuse(run, nest_ragged);
    }
    return !run->reading || !nest_is_written(run, *items) || is_target(run, node) || is_read_first(run, node, rounds, *items, *index) ||
           nest_refuse(run, nest_overlapping);
}

static value column_value(struct nest_run *run, const struct nest_node *node, const int64_t *rounds)
{
    const value *rows, *row;
    int64_t count, length;
    value sequence = nest_value(run, node->a, rounds);
    if (sequence == VALUE_NULL || !nest_sequence(run, sequence, &rows, &count))
        return VALUE_NULL;
    value column = tuple_new(run->vm, (size_t)count);
    for (int64_t i = 0; column != VALUE_NULL && i < count; i++) {
        if (!nest_sequence(run, rows[i], &row, &length) || rounds[node->loop] >= length)
            return nest_refuse(run, nest_ragged), VALUE_NULL;
        if (run->reading && nest_is_written(run, row))
            return nest_refuse(run, nest_overlapping), VALUE_NULL;
        tuple_of(column)->items[i] = row[rounds[node->loop]];
    }
    return column;
}

/* A list that is appended to has another length each time. */
static value length_value(struct nest_run *run, const struct nest_node *node, const int64_t *rounds)
{
    const value *items;
    int64_t length;
    value v = nest_value(run, node->a, rounds);
    if (v == VALUE_NULL || !nest_sequence(run, v, &items, &length))
        return VALUE_NULL;
    if (run->nest->output == NEST_TO_APPEND && run->reading && nest_is_written(run, items))
        return nest_refuse(run, nest_overlapping), VALUE_NULL;
    return small_int(length);
}

int nest_condition(struct nest_run *run, const struct nest_node *node, const int64_t *rounds)
{
    if (node->kind == NEST_NOT) {
        int holds = nest_condition(run, node->a, rounds);
        return holds < 0 ? holds : !holds;
    }
    if (node->kind == NEST_BOTH || node->kind == NEST_EITHER) {
        int first = nest_condition(run, node->a, rounds);
        return first == (node->kind == NEST_BOTH) ? nest_condition(run, node->b, rounds) : first;
    }
    value a = nest_value(run, node->a, rounds), b = a == VALUE_NULL ? a : nest_value(run, node->b, rounds);
    if (b == VALUE_NULL || nest_number(run, a) == VALUE_NULL || nest_number(run, b) == VALUE_NULL)
        return -1;
    value holds = compare_slow(run->vm, (enum compare_kind)(node->op - OP_lt), a, b);
    return holds == VALUE_NULL ? -1 : holds == TRUE;
}

/* Of an object or its class, a module or a class: found without anything being called. */
value nest_attribute(struct vm *vm, const struct frame *frame, value object, const char *text)
{
    value name = intern_text(vm, text), kept = VALUE_NULL;
    struct attribute_cache found;
    if (name != VALUE_NULL && attribute_cache_load(vm, object, name, &found)) {
        const struct instance *instance = (const struct instance *)value_object(object);
        kept = found.kind == ATTRIBUTE_INLINE || found.kind == ATTRIBUTE_MEMBER ? instance->slots[found.index]
               : found.kind == ATTRIBUTE_OVERFLOW ? tuple_of(instance->overflow)->items[found.index]
               : found.kind == ATTRIBUTE_CONSTANT || found.kind == ATTRIBUTE_OF_TYPE ? found.constant
                                                                                      : VALUE_NULL;
        if (found.kind == ATTRIBUTE_OF_MODULE) {
            value names = ((const struct module_object *)value_object(object))->dict;
            kept = names == object_value(frame->globals) ? VALUE_NULL : found.constant; /* those the loop may assign */
        }
    }
    return kept;
}

static value attribute_value(struct nest_run *run, const struct nest_node *node, const int64_t *rounds)
{
    value object = nest_value(run, node->a, rounds);
    if (object == VALUE_NULL)
        return object;
    value kept = nest_attribute(run->vm, run->frame, object, node->name);
    if (kept == VALUE_NULL)
        nest_refuse(run, "an attribute is missing, computed, or no instance's own");
    return kept;
}

/* Behind the loop: what zip or enumerate gave last. */
static value tuple_value(struct nest_run *run, const struct nest_node *node, const int64_t *rounds)
{
    value tuple = tuple_new(run->vm, node->index);
    for (uint32_t i = 0; tuple != VALUE_NULL && i < node->index; i++) {
        value item = nest_value(run, node->items[i], rounds);
        if (item == VALUE_NULL)
            return item;
        tuple_of(tuple)->items[i] = item;
    }
    return tuple;
}

value nest_value(struct nest_run *run, const struct nest_node *node, const int64_t *rounds)
{
    const value *items;
    int64_t index;
    int holds;
    value v;
    switch ((int)node->kind) {
    case NEST_CONSTANT:
        return constant_of(run, node);
    case NEST_VARIABLE:
        return variable_value(run, &run->nest->variables[node->index]);
    case NEST_ENTRY:
        return run->entries[node->index];
    case NEST_INDEX:
        return small_int(nest_index(run, node->loop, rounds));
    case NEST_ROUND: case NEST_ITEM:
        return nest_find_item(run, node, rounds, &items, &index) ? items[index] : VALUE_NULL;
    case NEST_COLUMN:
        return column_value(run, node, rounds);
    case NEST_LENGTH:
        return length_value(run, node, rounds);
    case NEST_ARITHMETIC:
        return arithmetic_value(run, node, rounds);
    case NEST_SELECT:
        holds = nest_condition(run, node->when, rounds);
        return holds < 0 ? VALUE_NULL : nest_value(run, holds ? node->a : node->b, rounds);
    case NEST_PICK:
        return nest_value(run, run->has_picked ? node->b : node->a, run->has_picked ? run->picked : rounds);
    case NEST_NEGATE:
        v = nest_value(run, node->a, rounds);
        if (v == VALUE_NULL || nest_number(run, v) == VALUE_NULL)
            return VALUE_NULL;
        return is_exact_float(v) ? float_value(run->vm, -float_number(v)) : int_negate(run->vm, v);
    case NEST_ABSOLUTE:
        v = nest_value(run, node->a, rounds);
        return v == VALUE_NULL || nest_number(run, v) == VALUE_NULL ? VALUE_NULL : number_absolute(run->vm, v);
    case NEST_ATTRIBUTE:
        return attribute_value(run, node, rounds);
    case NEST_TUPLE:
        return tuple_value(run, node, rounds);
    default:
        nest_refuse(run, nest_not_numbers);
        return VALUE_NULL;
    }
}
