/* nest_bind.c - the guards of nest.h: what the loops go over, which lists are read and written, and their items as arrays. */
#include "sim/engine/nest.h"

#include "sim/engine/operations.h"
#include "sim/runtime/iterator.h"
#include "sim/runtime/number.h"

#include <stdlib.h>
#include <string.h>

static const char not_numbers[] = "not all items are exact ints or floats";
static const char not_lists[] = "something is no exact list or tuple";
static const char ragged[] = "rows of different lengths, or indices beyond their end";
static const char overlapping[] = "a list is written and read, or written twice";

enum { ITEMS_MAX = 1 << 26 }; /* of one array */

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
    return nest_refuse(run, not_lists);
}

/* ---- the iterator ---- */

static bool is_list_iterator(value v)
{
    return is_exact(v, &list_iterator_type) || is_exact(v, &tuple_iterator_type);
}

static struct list_iterator *list_iterator_of(value v)
{
    return (struct list_iterator *)value_object(v);
}

static bool bind_sequence(struct nest_run *run, value iterator, int number)
{
    if (!is_list_iterator(iterator) || list_iterator_of(iterator)->index || list_iterator_of(iterator)->sequence == VALUE_NULL)
        return nest_refuse(run, not_lists);
    run->entries[number] = list_iterator_of(iterator)->sequence;
    const value *items;
    int64_t length;
    return nest_sequence(run, run->entries[number], &items, &length);
}

static const struct tuple_object *zipped(value iterator)
{
    return tuple_of(((struct zip_object *)value_object(iterator))->iterators);
}

static int compare_values(const void *a, const void *b)
{
    value x = *(const value *)a, y = *(const value *)b;
    return x < y ? -1 : x > y;
}

/* zip(i, i) takes the items of i in turn. */
static bool has_twins(const struct tuple_object *parts)
{
    value few[NEST_MAX_ZIPPED], *sorted = parts->length <= NEST_MAX_ZIPPED ? few : malloc(parts->length * sizeof *sorted);
    if (!sorted)
        abort();
    memcpy(sorted, parts->items, parts->length * sizeof *sorted);
    qsort(sorted, parts->length, sizeof *sorted, compare_values);
    bool found = false;
    for (uint64_t i = 1; i < parts->length; i++)
        found |= sorted[i] == sorted[i - 1];
    if (sorted != few)
        free(sorted);
    return found;
}

static bool bind_zip(struct nest_run *run, value iterator)
{
    const struct nest_loop *loop = &run->nest->loops[0];
    if (!is_exact(iterator, &zip_type) || ((struct zip_object *)value_object(iterator))->strict)
        return nest_refuse(run, not_lists);
    const struct tuple_object *parts = zipped(iterator);
    if (has_twins(parts))
        return nest_refuse(run, "an iterator is zipped with itself");
    if (loop->source == NEST_OVER_SEQUENCES) {
        bool fits = (int)parts->length == loop->sequence_count;
        for (int i = 0; fits && i < loop->sequence_count; i++)
            fits = bind_sequence(run, parts->items[i], i);
        return fits || nest_refuse(run, not_lists);
    }
    value rows = tuple_new(run->vm, parts->length);
    if (rows == VALUE_NULL)
        return false;
    for (uint64_t i = 0; i < parts->length; i++) {
        if (!bind_sequence(run, parts->items[i], 0))
            return false;
        tuple_of(rows)->items[i] = run->entries[0];
    }
    run->entries[0] = rows;
    return true;
}

bool nest_bind_entry(struct nest_run *run, value iterator)
{
    const struct nest_loop *loop = &run->nest->loops[0];
    if (loop->is_while) /* has none */
        return true;
    if (!is_object(iterator))
        return nest_refuse(run, not_lists);
    if (loop->direct) {
        run->entries[0] = iterator;
        return true;
    }
    if (loop->source == NEST_OVER_RANGE) {
        const struct range_iterator *range = (const struct range_iterator *)value_object(iterator);
        if (!is_exact(iterator, &range_iterator_type))
            return nest_refuse(run, not_lists);
        run->starts[0] = range->next;
        run->steps[0] = range->step;
        run->trips[0] = range->remaining;
        return true;
    }
    if (loop->enumerated) {
        const struct enumerate_object *enumerate = (const struct enumerate_object *)value_object(iterator);
        if (!is_exact(iterator, &enumerate_type) || !is_small_int(enumerate->index))
            return nest_refuse(run, not_lists);
        run->starts[0] = small_int_value(enumerate->index);
        return bind_sequence(run, enumerate->iterator, 0);
    }
    if (loop->source == NEST_OVER_COLUMNS || loop->sequence_count > 1)
        return bind_zip(run, iterator);
    return bind_sequence(run, iterator, 0);
}

/* INT64_MAX: it is no exact list or tuple. */
static int64_t sequence_length(value sequence)
{
    return is_exact(sequence, &list_type)    ? (int64_t)list_of(sequence)->length
           : is_exact(sequence, &tuple_type) ? (int64_t)tuple_of(sequence)->length
                                             : INT64_MAX;
}

/* What a sequence that nobody has begun has left; INT64_MAX: it is something else. */
static int64_t iterator_length(value iterator)
{
    if (!is_object(iterator) || !is_list_iterator(iterator) || list_iterator_of(iterator)->index ||
        list_iterator_of(iterator)->sequence == VALUE_NULL)
        return INT64_MAX;
    return sequence_length(list_iterator_of(iterator)->sequence);
}

int64_t nest_rounds_at_most(const struct nest *nest, value iterator)
{
    const struct nest_loop *loop = &nest->loops[0];
    int64_t rounds = INT64_MAX;
    if (nest->loop_count > 1 || !is_object(iterator) || loop->source == NEST_OVER_COLUMNS)
        return rounds;
    if (loop->direct)
        return sequence_length(iterator);
    if (loop->source == NEST_OVER_RANGE) {
        const struct range_iterator *range = (const struct range_iterator *)value_object(iterator);
        return is_exact(iterator, &range_iterator_type) ? range->remaining : rounds;
    }
    if (loop->enumerated)
        return is_exact(iterator, &enumerate_type)
                   ? iterator_length(((const struct enumerate_object *)value_object(iterator))->iterator)
                   : rounds;
    if (loop->sequence_count == 1)
        return iterator_length(iterator);
    if (!is_exact(iterator, &zip_type))
        return rounds;
    const struct tuple_object *parts = zipped(iterator);
    for (uint64_t i = 0; i < parts->length; i++) {
        int64_t length = iterator_length(parts->items[i]);
        rounds = length < rounds ? length : rounds;
    }
    return rounds;
}

static void finish_sequence(value iterator)
{
    list_iterator_of(iterator)->sequence = VALUE_NULL;
}

/* zip asks its iterators in turn until one has no more. */
static void finish_zip(struct nest_run *run, value iterator)
{
    const struct tuple_object *parts = zipped(iterator);
    bool ended = false;
    for (uint64_t i = 0; i < parts->length; i++) {
        struct list_iterator *part = list_iterator_of(parts->items[i]);
        const value *items;
        int64_t length = 0;
        nest_sequence(run, part->sequence, &items, &length);
        part->index = (uint64_t)run->trips[0] + (!ended && length != run->trips[0]);
        if (!ended && length == run->trips[0]) {
            part->sequence = VALUE_NULL;
            ended = true;
        }
    }
}

void nest_finish_iterator(struct nest_run *run, value iterator)
{
    const struct nest_loop *loop = &run->nest->loops[0];
    if (loop->direct || loop->is_while)
        return;
    if (loop->source == NEST_OVER_RANGE) {
        struct range_iterator *range = (struct range_iterator *)value_object(iterator);
        range->next += range->step * range->remaining;
        range->remaining = 0;
    } else if (loop->enumerated) {
        struct enumerate_object *enumerate = (struct enumerate_object *)value_object(iterator);
        enumerate->index = small_int(small_int_value(enumerate->index) + run->trips[0]);
        finish_sequence(enumerate->iterator);
    } else if (loop->source == NEST_OVER_COLUMNS || loop->sequence_count > 1) {
        finish_zip(run, iterator);
    } else {
        finish_sequence(iterator);
    }
}

/* ---- values ---- */

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
        return nest_refuse(run, not_numbers), VALUE_NULL;
    return constant->kind == CONSTANT_INT ? int_from_int64(run->vm, constant->integer) : float_value(run->vm, constant->real);
}

static value number_checked(struct nest_run *run, value v)
{
    if (is_small_int(v) || is_exact_float(v) || (is_object(v) && is_exact_int(v)))
        return v;
    nest_refuse(run, not_numbers);
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
    if (b == VALUE_NULL || number_checked(run, a) == VALUE_NULL || number_checked(run, b) == VALUE_NULL)
        return VALUE_NULL;
    return arithmetic_slow(run->vm, (enum binary_kind)(node->op - OP_add), a, b);
}

static bool item_index(struct nest_run *run, const struct nest_node *key, const int64_t *rounds, int64_t length, int64_t *index)
{
    value v = key->kind == NEST_INDEX ? small_int(nest_index(run, key->loop, rounds)) : nest_value(run, key, rounds);
    if (v == VALUE_NULL)
        return false;
    if (!is_small_int(v))
        return nest_refuse(run, ragged);
    *index = small_int_value(v);
    if (*index < 0)
        *index += length;
    return (*index >= 0 && *index < length) || nest_refuse(run, ragged);
}

static int compare_pointers(const void *a, const void *b)
{
    uintptr_t x = (uintptr_t) * (value *const *)a, y = (uintptr_t) * (value *const *)b;
    return x < y ? -1 : x > y;
}

static bool is_written(const struct nest_run *run, const value *items)
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

/* The items in which the node, a ROUND or ITEM, finds its own at *index. */
static bool find_item(struct nest_run *run, const struct nest_node *node, const int64_t *rounds, const value **items,
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
        return nest_refuse(run, ragged);
    if (node->a->kind == NEST_COLUMN) {
        if (!nest_sequence(run, (*items)[*index], items, &length)) /* the row, and in it the column */
            return false;
        *index = rounds[node->a->loop];
        if (*index >= length)
            return nest_refuse(run, ragged);
    }
    return !run->reading || !is_written(run, *items) || is_target(run, node) || nest_refuse(run, overlapping);
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
            return nest_refuse(run, ragged), VALUE_NULL;
        if (run->reading && is_written(run, row))
            return nest_refuse(run, overlapping), VALUE_NULL;
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
    if (run->nest->output == NEST_TO_APPEND && run->reading && is_written(run, items))
        return nest_refuse(run, overlapping), VALUE_NULL;
    return small_int(length);
}

/* -1: not taken */
static int condition_value(struct nest_run *run, const struct nest_node *node, const int64_t *rounds)
{
    if (node->kind == NEST_NOT) {
        int holds = condition_value(run, node->a, rounds);
        return holds < 0 ? holds : !holds;
    }
    if (node->kind == NEST_BOTH || node->kind == NEST_EITHER) {
        int first = condition_value(run, node->a, rounds);
        return first == (node->kind == NEST_BOTH) ? condition_value(run, node->b, rounds) : first;
    }
    value a = nest_value(run, node->a, rounds), b = a == VALUE_NULL ? a : nest_value(run, node->b, rounds);
    if (b == VALUE_NULL || number_checked(run, a) == VALUE_NULL || number_checked(run, b) == VALUE_NULL)
        return -1;
    value holds = compare_slow(run->vm, (enum compare_kind)(node->op - OP_lt), a, b);
    return holds == VALUE_NULL ? -1 : holds == TRUE;
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
        return find_item(run, node, rounds, &items, &index) ? items[index] : VALUE_NULL;
    case NEST_COLUMN:
        return column_value(run, node, rounds);
    case NEST_LENGTH:
        return length_value(run, node, rounds);
    case NEST_ARITHMETIC:
        return arithmetic_value(run, node, rounds);
    case NEST_SELECT:
        holds = condition_value(run, node->when, rounds);
        return holds < 0 ? VALUE_NULL : nest_value(run, holds ? node->a : node->b, rounds);
    case NEST_PICK:
        return nest_value(run, run->has_picked ? node->b : node->a, run->has_picked ? run->picked : rounds);
    case NEST_NEGATE:
        v = nest_value(run, node->a, rounds);
        if (v == VALUE_NULL || number_checked(run, v) == VALUE_NULL)
            return VALUE_NULL;
        return is_exact_float(v) ? float_value(run->vm, -float_number(v)) : int_negate(run->vm, v);
    default:
        nest_refuse(run, not_numbers);
        return VALUE_NULL;
    }
}

/* ---- loops ---- */

static bool range_bound(struct nest_run *run, const struct nest_node *node, const int64_t *rounds, int64_t *bound)
{
    *bound = 0;
    if (!node)
        return true;
    value v = nest_value(run, node, rounds);
    if (v == VALUE_NULL)
        return false;
    if (!is_small_int(v) || small_int_value(v) > INT32_MAX || small_int_value(v) < -INT32_MAX)
        return nest_refuse(run, "the bounds of a range are no small ints");
    *bound = small_int_value(v);
    return true;
}

/* How often the loop goes round when the loops around it are in those rounds. */
static bool count_rounds(struct nest_run *run, int number, const int64_t *rounds, int64_t *trip)
{
    const struct nest_loop *loop = &run->nest->loops[number];
    const value *items, *row;
    int64_t length, stop;
    if (loop->source == NEST_OVER_RANGE) {
        if (loop->entry)
            return true;
        int64_t step = 1;
        if (!range_bound(run, loop->start, rounds, &run->starts[number]) || !range_bound(run, loop->stop, rounds, &stop) ||
            (loop->step && !range_bound(run, loop->step, rounds, &step)))
            return false;
        if (!step)
            return nest_refuse(run, "its arithmetic raises an exception");
        bool down = loop->unequal ? stop < run->starts[number] : loop->down;
        if (loop->is_while && ((step < 0) != down || (loop->unequal && (stop - run->starts[number]) % step)))
            return nest_refuse(run, "it counts away from its bound");
        if (loop->closed)
            stop += loop->down ? -1 : 1;
        int64_t distance = step > 0 ? stop - run->starts[number] : run->starts[number] - stop;
        *trip = distance > 0 ? (distance - 1) / (step > 0 ? step : -step) + 1 : 0;
        run->steps[number] = step;
        return true;
    }
    if (loop->enumerated && !loop->entry && !range_bound(run, loop->first, rounds, &run->starts[number]))
        return false;
    *trip = INT64_MAX;
    for (int i = 0; i < loop->sequence_count; i++) {
        const struct nest_node *over = loop->sequences[i];
        bool column = over->kind == NEST_COLUMN;
        value sequence = nest_value(run, column ? over->a : over, rounds);
        if (sequence == VALUE_NULL || !nest_sequence(run, sequence, &items, &length))
            return false;
        if (loop->source == NEST_OVER_SEQUENCES) {
            *trip = length < *trip ? length : *trip;
            continue;
        }
        *trip = length ? INT64_MAX : 0;
        for (int64_t r = 0; r < length; r++) {
            int64_t width;
            if (!nest_sequence(run, items[r], &row, &width))
                return false;
            *trip = width < *trip ? width : *trip;
        }
    }
    return true;
}

static bool depends_on_rounds(const struct nest_loop *loop)
{
    unsigned loops = nest_loops_of(loop->start) | nest_loops_of(loop->stop) | nest_loops_of(loop->step) |
                     nest_loops_of(loop->first);
    for (int i = 0; i < loop->sequence_count; i++)
        loops |= nest_loops_of(loop->sequences[i]);
    return loops != 0;
}

/* The next rounds of the loops before `number`, row by row. False: there are no more. */
static bool next_rounds(const struct nest_run *run, int number, int64_t *rounds)
{
    while (number-- > 0) {
        if (++rounds[number] < run->trips[number])
            return true;
        rounds[number] = 0;
    }
    return false;
}

bool nest_bind_loops(struct nest_run *run)
{
    for (int i = 0; i < run->nest->loop_count; i++) {
        int64_t rounds[NEST_MAX_LOOPS] = {0}, trip;
        if (!count_rounds(run, i, rounds, &run->trips[i]))
            return false;
        if (run->trips[i] <= 0)
            return nest_refuse(run, "a loop has no rounds");
        int64_t behind;
        if (__builtin_mul_overflow(run->trips[i], run->steps[i], &behind) ||
            __builtin_add_overflow(behind, run->starts[i], &behind) || !small_int_fits(behind))
            return nest_refuse(run, "it counts as far as no small int");
        int64_t start = run->starts[i], step = run->steps[i];
        while (depends_on_rounds(&run->nest->loops[i]) && next_rounds(run, i, rounds))
            if (!count_rounds(run, i, rounds, &trip) || trip != run->trips[i] || start != run->starts[i] || step != run->steps[i])
                return nest_refuse(run, ragged);
    }
    return true;
}

/* ---- the lists written ---- */

/* What is dropped may not be noticed. */
static bool is_plain(struct nest_run *run, value v)
{
    return is_small_int(v) || is_exact_float(v) || v == run->vm->none || (is_object(v) && is_exact_int(v));
}

/* The items stored to in one list are there and hold nothing that would notice. */
static bool check_keys(struct nest_run *run, const struct nest_node *probe, int key_loop, int64_t *rounds)
{
    int64_t keys = key_loop >= 0 ? run->trips[key_loop] : 1, first, last;
    const value *items;
    if (!find_item(run, probe, rounds, &items, &first))
        return false;
    if (key_loop >= 0)
        rounds[key_loop] = keys - 1;
    if (!find_item(run, probe, rounds, &items, &last))
        return false;
    if (key_loop >= 0)
        rounds[key_loop] = 0;
    int64_t step = key_loop >= 0 ? run->steps[key_loop] : 1;
    if (last != first + (keys - 1) * step) /* indices that begin or end negative */
        return nest_refuse(run, ragged);
    for (int64_t i = 0; i < keys; i++)
        if (!is_plain(run, items[first + i * step]))
            return nest_refuse(run, not_numbers);
    return true;
}

static bool find_written(struct nest_run *run, int key_loop)
{
    const struct nest *nest = run->nest;
    int64_t rounds[NEST_MAX_LOOPS] = {0};
    struct nest_node probe = {.kind = NEST_ITEM, .a = nest->target_list, .b = nest->target_key};
    for (bool more = true; more;) {
        value list = nest_value(run, nest->target_list, rounds);
        if (list == VALUE_NULL)
            return false;
        if (!is_exact(list, &list_type))
            return nest_refuse(run, not_lists);
        if (!check_keys(run, &probe, key_loop, rounds))
            return false;
        run->written[run->written_count++] = list_of(list)->items;
        more = false;
        for (int i = run->outer_count - 1; i >= 0 && !more; i--) {
            int loop = run->outer[i];
            if (loop == key_loop)
                continue;
            more = ++rounds[loop] < run->trips[loop];
            if (!more)
                rounds[loop] = 0;
        }
    }
    return true;
}

bool nest_bind_target(struct nest_run *run)
{
    if (run->nest->output == NEST_TO_APPEND) {
        int64_t rounds[NEST_MAX_LOOPS] = {0};
        value list = nest_value(run, run->nest->target_list, rounds);
        if (list == VALUE_NULL)
            return false;
        if (!is_exact(list, &list_type) || nest_loops_of(run->nest->target_list))
            return nest_refuse(run, not_lists);
        run->written = malloc(sizeof *run->written);
        if (!run->written)
            abort();
        run->written[run->written_count++] = list_of(list)->items;
        return true;
    }
    if (run->nest->output != NEST_TO_ITEM)
        return true;
    int key_loop = NEST_MAX_LOOPS - 1;
    while (key_loop >= 0 && !(nest_loops_of(run->nest->target_key) & 1u << key_loop))
        key_loop--;
    run->written = malloc((size_t)(key_loop >= 0 ? run->outputs / run->trips[key_loop] : 1) * sizeof *run->written);
    if (!run->written)
        abort();
    if (!find_written(run, key_loop))
        return false;
    qsort(run->written, (size_t)run->written_count, sizeof *run->written, compare_pointers);
    for (int64_t i = 1; i < run->written_count; i++)
        if (run->written[i] == run->written[i - 1])
            return nest_refuse(run, overlapping);
    return true;
}

/* ---- arrays ---- */

/* The loop whose rounds find neighbours in one sequence; -1: none does. */
static int loop_along(const struct nest_run *run, const struct nest_node *node)
{
    if (node->a->kind == NEST_COLUMN)
        return nest_loops_of(node->a->a) & 1u << node->a->loop || (node->b && nest_loops_of(node->b) & 1u << node->a->loop)
                   ? -1
                   : node->a->loop;
    int loop = node->kind == NEST_ROUND ? node->loop : node->b->kind == NEST_INDEX ? node->b->loop : -1;
    bool neighbours = loop >= 0 && (node->kind == NEST_ROUND || run->steps[loop] == 1);
    return neighbours && !(nest_loops_of(node->a) & 1u << loop) ? loop : -1;
}

/* One value for each round of the loops the node depends on, in the nest's order. */
static bool load_items(struct nest_run *run, struct nest_array *array, unsigned loops)
{
    const struct nest_node *node = array->node;
    int along = loop_along(run, node);
    int64_t rounds[NEST_MAX_LOOPS] = {0}, index, at, span = along >= 0 ? run->trips[along] : 1;
    const value *items;
    for (bool more = true; more;) {
        if (!find_item(run, node, rounds, &items, &index))
            return false;
        if (span > 1) { /* the last round's item has to be there too, and those between are */
            rounds[along] = span - 1;
            int64_t last;
            if (!find_item(run, node, rounds, &items, &last))
                return false;
            if (last != index + span - 1)
                return nest_refuse(run, ragged);
            rounds[along] = 0;
        }
        at = 0;
        for (int i = 0; i < run->nest->loop_count; i++)
            at += rounds[i] * array->strides[i];
        for (int64_t i = 0; i < span; i++)
            array->values[at + i * (along >= 0 ? array->strides[along] : 0)] = items[index + i];
        more = false;
        for (int i = run->nest->loop_count - 1; i >= 0 && !more; i--) {
            if (i == along || !(loops & 1u << i))
                continue;
            more = ++rounds[i] < run->trips[i];
            if (!more)
                rounds[i] = 0;
        }
    }
    return true;
}

/* The same of a number that is no item, such as a row's length. */
static bool load_values(struct nest_run *run, struct nest_array *array, unsigned loops)
{
    int64_t rounds[NEST_MAX_LOOPS] = {0};
    for (bool more = true; more;) {
        value v = nest_value(run, array->node, rounds);
        if (v == VALUE_NULL)
            return false;
        int64_t at = 0;
        more = false;
        for (int i = run->nest->loop_count - 1; i >= 0; i--)
            at += rounds[i] * array->strides[i];
        array->values[at] = v;
        for (int i = run->nest->loop_count - 1; i >= 0 && !more; i--) {
            if (!(loops & 1u << i))
                continue;
            more = ++rounds[i] < run->trips[i];
            rounds[i] = more ? rounds[i] : 0;
        }
    }
    return true;
}

/* From Python numbers to the machine's, in place; stays as it is when they are of both types or too large. */
static bool unbox(struct nest_run *run, struct nest_array *array, int64_t count)
{
    int64_t ints = 0, floats = 0;
    while (ints < count && is_small_int(array->values[ints]))
        ints++;
    bool as_they_are = run->nest->selects; /* those that are objects, too */
    while (!ints && floats < count &&
           (as_they_are ? is_immediate_float(array->values[floats]) : is_exact_float(array->values[floats])))
        floats++;
    array->type = ints == count ? NEST_INTS : floats == count ? NEST_FLOATS : NEST_BOXED;
    if (array->type == NEST_BOXED) {
        run->boxed = true;
        for (int64_t i = 0; i < count; i++)
            if (number_checked(run, array->values[i]) == VALUE_NULL)
                return false;
    } else if (array->type == NEST_FLOATS) {
        for (int64_t i = 0; i < count; i++)
            array->floats[i] = float_number(array->values[i]);
    } else {
        int64_t least = 0, most = 0;
        for (int64_t i = 0; i < count; i++) {
            int64_t n = small_int_value(array->values[i]);
            array->ints[i] = n;
            least = n < least ? n : least;
            most = n > most ? n : most;
        }
        array->greatest = (uint64_t)(most > -least ? most : -least);
    }
    return true;
}

static bool load_array(struct nest_run *run, const struct nest_node *node)
{
    for (int i = 0; i < run->array_count; i++)
        if (run->arrays[i].node == node)
            return true;
    if (run->array_count == NEST_MAX_LEAVES)
        return nest_refuse(run, "it has too many operands");
    struct nest_array *array = &run->arrays[run->array_count];
    unsigned loops = nest_loops_of(node);
    int64_t count = 1;
    *array = (struct nest_array){.node = node};
    for (int i = run->nest->loop_count - 1; i >= 0; i--) {
        if (!(loops & 1u << i))
            continue;
        array->strides[i] = count;
        if (count > ITEMS_MAX / run->trips[i])
            return nest_refuse(run, "its operands are too large");
        count *= run->trips[i];
    }
    if (count <= NEST_NEAR_ITEMS - run->near_items) {
        array->values = run->near + run->near_items;
        run->near_items += (int)count;
    } else {
        array->values = malloc((size_t)count * sizeof *array->values);
    }
    if (!array->values)
        return nest_refuse(run, "its operands are too large");
    run->array_count++;
    if (node->kind == NEST_ROUND || node->kind == NEST_ITEM) {
        run->unboxed += count;
        return load_items(run, array, loops) && unbox(run, array, count);
    }
    return load_values(run, array, loops) && unbox(run, array, count);
}

/* Every terminal of the expression, numbers of rounds apart. */
static bool load_tree(struct nest_run *run, const struct nest_node *node)
{
    switch ((int)node->kind) {
    case NEST_ARITHMETIC: case NEST_SUM: case NEST_COMPARE: case NEST_BOTH: case NEST_EITHER: case NEST_SELECT:
        return (!node->a || load_tree(run, node->a)) && load_tree(run, node->b) && (!node->when || load_tree(run, node->when));
    case NEST_NEGATE: case NEST_NOT:
        return load_tree(run, node->a);
    case NEST_INDEX:
        return true;
    default:
        return load_array(run, node);
    }
}

/* What the loops go over is not written, though nothing may be made of its items. */
static bool check_sequences(struct nest_run *run, int number)
{
    const struct nest_loop *loop = &run->nest->loops[number];
    int64_t rounds[NEST_MAX_LOOPS] = {0}, length;
    const value *items;
    do {
        for (int i = 0; i < loop->sequence_count; i++) {
            const struct nest_node *over = loop->sequences[i]->kind == NEST_COLUMN ? loop->sequences[i]->a : loop->sequences[i];
            value sequence = nest_value(run, over, rounds);
            if (sequence == VALUE_NULL || !nest_sequence(run, sequence, &items, &length))
                return false;
            if (is_written(run, items))
                return nest_refuse(run, overlapping);
        }
        int64_t bound; /* that may be found in a list as well */
        if (!loop->entry && (!range_bound(run, loop->start, rounds, &bound) || !range_bound(run, loop->stop, rounds, &bound) ||
                             !range_bound(run, loop->step, rounds, &bound) || !range_bound(run, loop->first, rounds, &bound)))
            return false;
    } while (depends_on_rounds(loop) && next_rounds(run, number, rounds));
    return true;
}

bool nest_bind_arrays(struct nest_run *run)
{
    run->reading = true;
    for (int i = 0; i < run->nest->loop_count && run->written_count; i++)
        if (!check_sequences(run, i))
            return false;
    for (uint32_t i = 0; run->nest->several && i < run->nest->variable_count; i++) {
        const struct nest_node *sum = nest_sum_behind(&run->nest->variables[i]);
        if (sum && !load_tree(run, sum))
            return false;
    }
    return load_tree(run, run->nest->element);
}
