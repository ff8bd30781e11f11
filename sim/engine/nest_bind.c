/* nest_bind.c - the guards of nest.h: what the loops go over, and which lists they read and write. */
#include "sim/engine/nest.h"

#include "sim/runtime/iterator.h"
#include "sim/runtime/number.h"

#include <stdlib.h>
#include <string.h>

static const char changing[] = "the bounds of an inner loop change with the rounds of an outer one";

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
        return nest_refuse(run, nest_not_lists);
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
        return nest_refuse(run, nest_not_lists);
    const struct tuple_object *parts = zipped(iterator);
    if (has_twins(parts))
        return nest_refuse(run, "an iterator is zipped with itself");
    if (loop->source == NEST_OVER_SEQUENCES) {
        bool fits = (int)parts->length == loop->sequence_count;
        for (int i = 0; fits && i < loop->sequence_count; i++)
            fits = bind_sequence(run, parts->items[i], i);
        return fits || nest_refuse(run, nest_not_lists);
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
        return nest_refuse(run, nest_not_lists);
    if (loop->direct) {
        run->entries[0] = iterator;
        return true;
    }
    if (loop->source == NEST_OVER_RANGE) {
        const struct range_iterator *range = (const struct range_iterator *)value_object(iterator);
        if (!is_exact(iterator, &range_iterator_type))
            return nest_refuse(run, nest_not_lists);
        run->starts[0] = range->next;
        run->steps[0] = range->step;
        run->trips[0] = range->remaining;
        return true;
    }
    if (loop->enumerated) {
        const struct enumerate_object *enumerate = (const struct enumerate_object *)value_object(iterator);
        if (!is_exact(iterator, &enumerate_type) || !is_small_int(enumerate->index))
            return nest_refuse(run, nest_not_lists);
        run->starts[0] = small_int_value(enumerate->index);
        iterator = enumerate->iterator;
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
    if (loop->enumerated) {
        if (!is_exact(iterator, &enumerate_type))
            return rounds;
        iterator = ((const struct enumerate_object *)value_object(iterator))->iterator;
        if (!is_object(iterator))
            return rounds;
    }
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
        return;
    }
    if (loop->enumerated) {
        struct enumerate_object *enumerate = (struct enumerate_object *)value_object(iterator);
        enumerate->index = small_int(small_int_value(enumerate->index) + run->trips[0]);
        iterator = enumerate->iterator;
    }
    if (loop->source == NEST_OVER_COLUMNS || loop->sequence_count > 1)
        finish_zip(run, iterator);
    else
        finish_sequence(iterator);
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
                return nest_refuse(run, run->nest->loops[i].source == NEST_OVER_RANGE ? changing : nest_ragged);
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
    if (!nest_find_item(run, probe, rounds, &items, &first))
        return false;
    if (key_loop >= 0)
        rounds[key_loop] = keys - 1;
    if (!nest_find_item(run, probe, rounds, &items, &last))
        return false;
    if (key_loop >= 0)
        rounds[key_loop] = 0;
    int64_t step = key_loop >= 0 ? run->steps[key_loop] : 1;
    if (last != first + (keys - 1) * step) /* indices that begin or end negative */
        return nest_refuse(run, nest_ragged);
    for (int64_t i = 0; i < keys; i++)
        if (!is_plain(run, items[first + i * step]))
            return nest_refuse(run, nest_not_numbers);
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
            return nest_refuse(run, nest_not_lists);
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

/* Each round's place in the list is another one. */
static bool check_places(struct nest_run *run, uint8_t *stored, int64_t length)
{
    struct nest_node probe = {.kind = NEST_ITEM, .a = run->nest->target_list, .b = run->nest->target_key};
    int64_t rounds[NEST_MAX_LOOPS] = {0}, index;
    const value *items;
    for (bool more = true; more;) {
        if (!nest_find_item(run, &probe, rounds, &items, &index) || index >= length)
            return false;
        if (stored[index])
            return nest_refuse(run, "it stores to the same item more than once");
        stored[index] = true;
        if (!is_plain(run, items[index]))
            return nest_refuse(run, nest_not_numbers);
        more = false;
        for (int i = run->outer_count - 1; i >= 0 && !more; i--) {
            more = ++rounds[run->outer[i]] < run->trips[run->outer[i]];
            if (!more)
                rounds[run->outer[i]] = 0;
        }
    }
    return true;
}

static bool bind_places(struct nest_run *run)
{
    int64_t rounds[NEST_MAX_LOOPS] = {0};
    value list = nest_value(run, run->nest->target_list, rounds);
    if (list == VALUE_NULL)
        return false;
    if (!is_exact(list, &list_type))
        return nest_refuse(run, nest_not_lists);
    run->written = malloc(sizeof *run->written);
    uint8_t *stored = calloc(list_of(list)->length + 1, 1);
    if (!run->written || !stored)
        abort();
    run->written[run->written_count++] = list_of(list)->items;
    bool known = check_places(run, stored, list_of(list)->length);
    free(stored);
    return known;
}

bool nest_bind_target(struct nest_run *run)
{
    if (run->nest->output == NEST_TO_APPEND) {
        int64_t rounds[NEST_MAX_LOOPS] = {0};
        value list = nest_value(run, run->nest->target_list, rounds);
        if (list == VALUE_NULL)
            return false;
        if (!is_exact(list, &list_type) || nest_loops_of(run->nest->target_list))
            return nest_refuse(run, nest_not_lists);
        run->written = malloc(sizeof *run->written);
        if (!run->written)
            abort();
        run->written[run->written_count++] = list_of(list)->items;
        return true;
    }
    if (run->nest->output != NEST_TO_ITEM)
        return true;
    if (run->nest->scatters)
        return bind_places(run);
    int key_loop = NEST_MAX_LOOPS - 1;
    while (key_loop >= 0 && !(nest_loops_of(run->nest->target_key) & 1u << key_loop))
        key_loop--;
    run->written = malloc((size_t)(key_loop >= 0 ? run->outputs / run->trips[key_loop] : 1) * sizeof *run->written);
    if (!run->written)
        abort();
    if (!find_written(run, key_loop))
        return false;
    return nest_settle_written(run);
}

/* ---- arrays ---- */

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
            if (nest_is_written(run, items) && run->nest->output != NEST_TO_ITEM) /* each item read is looked at for itself */
                return nest_refuse(run, nest_overlapping);
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
        if (sum && !nest_load(run, sum))
            return false;
    }
    return nest_load(run, run->nest->element);
}
