/* nest_load.c - the items that a nest (nest.h) computes with, as arrays: one number for each round of the loops that a node depends
 * on, as the machine's numbers if all are of one type. */
#include "sim/engine/nest.h"

#include <stdlib.h>

enum { ITEMS_MAX = 1 << 26 }; /* of one array */

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

struct guard { /* what has to hold, or not to, for a node to be looked at */
    const struct nest_node *condition;
    bool holds;
    const struct guard *outer;
};

/* In those rounds of these loops nobody looks. */
static bool is_out_of_sight(struct nest_run *run, const struct guard *guard, unsigned loops, const int64_t *rounds)
{
    if (guard->outer && is_out_of_sight(run, guard->outer, loops, rounds))
        return true;
    if (run->reason || nest_loops_of(guard->condition) & ~loops)
        return false;
    int holds = nest_condition(run, guard->condition, rounds);
    return holds >= 0 && holds != guard->holds;
}

/* Items that are not there in rounds where nobody looks at them, as beyond the border of a padded picture: any number will do. */
static bool load_items_seen(struct nest_run *run, struct nest_array *array, unsigned loops, const struct guard *guard)
{
    int64_t rounds[NEST_MAX_LOOPS] = {0}, index, count = 0;
    const value *items;
    value some = small_int(1);
    for (bool more = true; more; count++) {
        int64_t at = 0;
        for (int i = 0; i < run->nest->loop_count; i++)
            at += rounds[i] * array->strides[i];
        if (nest_find_item(run, array->node, rounds, &items, &index)) {
            array->values[at] = some = items[index];
        } else {
            if (run->reason != nest_ragged)
                return false;
            run->reason = NULL;
            if (!is_out_of_sight(run, guard, loops, rounds))
                return nest_refuse(run, nest_ragged);
            array->values[at] = VALUE_NULL;
        }
        more = false;
        for (int i = run->nest->loop_count - 1; i >= 0 && !more; i--) {
            if (!(loops & 1u << i))
                continue;
            more = ++rounds[i] < run->trips[i];
            rounds[i] = more ? rounds[i] : 0;
        }
    }
    for (int64_t i = 0; i < count; i++)
        if (array->values[i] == VALUE_NULL)
            array->values[i] = some;
    array->has_gaps = true;
    return true;
}

/* One value for each round of the loops the node depends on, in the nest's order. */
static bool load_items(struct nest_run *run, struct nest_array *array, unsigned loops)
{
    const struct nest_node *node = array->node;
    int along = loop_along(run, node);
    int64_t rounds[NEST_MAX_LOOPS] = {0}, index, at, span = along >= 0 ? run->trips[along] : 1;
    const value *items;
    for (bool more = true; more;) {
        if (!nest_find_item(run, node, rounds, &items, &index))
            return false;
        if (span > 1) { /* the last round's item has to be there too, and those between are */
            rounds[along] = span - 1;
            int64_t last;
            if (!nest_find_item(run, node, rounds, &items, &last))
                return false;
            if (last != index + span - 1)
                return nest_refuse(run, nest_ragged);
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
            if (nest_number(run, array->values[i]) == VALUE_NULL)
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

/* guard: NULL: none. */
static bool load_array(struct nest_run *run, const struct nest_node *node, const struct guard *guard)
{
    for (int i = 0; i < run->array_count; i++)
        if (run->arrays[i].node == node)
            return !run->arrays[i].has_gaps || nest_refuse(run, nest_ragged);
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
        bool loaded = load_items(run, array, loops);
        if (!loaded && guard && run->reason == nest_ragged) {
            run->reason = NULL;
            loaded = load_items_seen(run, array, loops, guard);
        }
        return loaded && unbox(run, array, count);
    }
    run->unboxed += node->kind == NEST_ATTRIBUTE && loops ? count : 0;
    return load_values(run, array, loops) && unbox(run, array, count);
}

/* Every terminal of the expression, numbers of rounds apart. */
static bool load_tree(struct nest_run *run, const struct nest_node *node, const struct guard *guard)
{
    struct guard inside = {node->when, true, guard}, other = {node->when, false, guard};
    switch ((int)node->kind) {
    case NEST_SUM:
        inside.holds = !node->unless;
        return (!node->a || load_tree(run, node->a, guard)) && (!node->when || load_tree(run, node->when, guard)) &&
               load_tree(run, node->b, node->when ? &inside : guard);
    case NEST_SELECT:
        if (nest_compares_itself(node))
            return load_tree(run, node->a, guard) && load_tree(run, node->b, guard);
        return load_tree(run, node->when, guard) && load_tree(run, node->a, &inside) && load_tree(run, node->b, &other);
    case NEST_BOTH: case NEST_EITHER:
        inside = (struct guard){node->a, node->kind == NEST_BOTH, guard};
        return load_tree(run, node->a, guard) && load_tree(run, node->b, &inside);
    case NEST_ARITHMETIC: case NEST_COMPARE:
        return load_tree(run, node->a, guard) && load_tree(run, node->b, guard);
    case NEST_NEGATE: case NEST_ABSOLUTE: case NEST_NOT:
        return load_tree(run, node->a, guard);
    case NEST_INDEX:
        return true;
    default:
        return load_array(run, node, guard);
    }
}

bool nest_load(struct nest_run *run, const struct nest_node *node)
{
    return load_tree(run, node, NULL);
}
