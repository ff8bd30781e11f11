/* running.c - which loops and calls are running: levels with their iterations, regions that are measured, and how often each
 * block is executed under which loops. */
#include "sim/dependence/dependence.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_RING = 8, RING_MOST = 4096 };

struct shadow_levels { /* the loops of a suspended generator, outermost first */
    uint32_t loop, last_block, count;
    struct level levels[];
};

static struct region_record *record_of(const struct dependence *dependence, const struct mapped_code *code, uint32_t loop)
{
    return &dependence->records[loop == NO_LOOP ? code->record : code->first_loop_record + loop];
}

/* ---- regions that are measured ---- */

static int region_begin(struct dependence *dependence, struct region_record *record)
{
    if (record->active || !dependence->free_lanes)
        return -1;
    int lane = __builtin_ctz(dependence->free_lanes);
    dependence->free_lanes &= dependence->free_lanes - 1;
    dependence->lane_start[lane] = (int32_t)dependence->serial + 1;
    dependence->best[lane] = 0;
    record->active++;
    return lane;
}

static void region_end(struct dependence *dependence, struct region_record *record, int lane)
{
    if (lane < 0)
        return;
    record->active--;
    record->instructions += dependence->serial + 1 - (uint64_t)dependence->lane_start[lane];
    record->critical += (uint64_t)dependence->best[lane];
    dependence->lane_start[lane] = INT_MAX;
    dependence->free_lanes |= 1u << lane;
}

/* ---- loops inside each other ---- */

/* The node for a loop under another. A loop that runs again inside itself, by way of a recursive call, is where it was first. */
static uint32_t child_node(struct dependence *dependence, uint32_t parent, uint32_t record)
{
    for (uint32_t at = parent; at; at = dependence->nodes[at].parent)
        if (dependence->nodes[at].record == record)
            return at;
    for (uint32_t at = dependence->nodes[parent].first_child; at; at = dependence->nodes[at].next_sibling)
        if (dependence->nodes[at].record == record)
            return at;
    dependence->nodes = dependence_grow(dependence->nodes, dependence->node_count, &dependence->node_capacity,
                                        sizeof *dependence->nodes);
    uint32_t added = dependence->node_count++;
    dependence->nodes[added] = (struct nesting){.parent = parent, .record = record,
                                                  .next_sibling = dependence->nodes[parent].first_child};
    dependence->nodes[parent].first_child = added;
    return added;
}

static struct nesting_counts *counts_place(const struct dependence *dependence, uint32_t node, uint32_t code)
{
    uint32_t mask = (1u << dependence->counts_bits) - 1;
    uint32_t at = (uint32_t)((((uint64_t)node << 32 | code) * 0x9e3779b97f4a7c15u) >> (64 - dependence->counts_bits));
    while (dependence->counts[at & mask].blocks &&
           (dependence->counts[at & mask].node != node || dependence->counts[at & mask].code != code))
        at++;
    return &dependence->counts[at & mask];
}

static void counts_grow(struct dependence *dependence)
{
    struct nesting_counts *old = dependence->counts;
    uint32_t size = 1u << dependence->counts_bits++;
    dependence->counts = calloc((size_t)1 << dependence->counts_bits, sizeof *dependence->counts);
    if (!dependence->counts)
        abort();
    for (uint32_t i = 0; i < size; i++)
        if (old[i].blocks)
            *counts_place(dependence, old[i].node, old[i].code) = old[i];
    free(old);
}

static void set_node(struct dependence *dependence, struct activation *activation, uint32_t node)
{
    activation->node = node;
    struct nesting_counts *place = counts_place(dependence, node, activation->code->index);
    if (!place->blocks) {
        if (2 * (dependence->counts_count + 1) > 1u << dependence->counts_bits) {
            counts_grow(dependence);
            place = counts_place(dependence, node, activation->code->index);
        }
        dependence->counts_count++;
        *place = (struct nesting_counts){.node = node, .code = activation->code->index};
        place->blocks = calloc(activation->code->map->code->block_count + 1u, sizeof *place->blocks);
        if (!place->blocks)
            abort();
    }
    activation->counts = place->blocks;
}

/* ---- levels ---- */

static struct level *level_push(struct dependence *dependence, uint32_t record)
{
    dependence->levels = dependence_grow(dependence->levels, dependence->level_count, &dependence->level_capacity,
                                         sizeof *dependence->levels);
    struct level *level = &dependence->levels[dependence->level_count++];
    *level = (struct level){.record = record, .lane = -1, .starts = level->starts, .ring = level->ring,
                            .instance_start = dependence->serial + 1, .iteration_start = dependence->serial + 1};
    return level;
}

static void level_iterate(struct dependence *dependence, struct level *level)
{
    if (level->iterations >= level->ring && level->ring < RING_MOST) {
        level->ring = level->ring ? 2 * level->ring : FIRST_RING;
        level->starts = realloc(level->starts, level->ring * sizeof *level->starts);
        if (!level->starts)
            abort();
    }
    level->iteration_start = dependence->serial + 1;
    level->starts[level->iterations % level->ring] = level->iteration_start;
    level->iterations++;
}

static void loop_enter(struct dependence *dependence, struct activation *activation, uint32_t loop)
{
    struct region_record *record = record_of(dependence, activation->code, loop);
    uint32_t parent = activation->code->map->loops[loop].parent;
    if (parent != activation->loop)
        loop_enter(dependence, activation, parent);
    struct level *level = level_push(dependence, (uint32_t)(record - dependence->records));
    if (!activation->is_apart)
        level->lane = region_begin(dependence, record);
    record->instances++;
    activation->loop = loop;
    set_node(dependence, activation, child_node(dependence, activation->node, (uint32_t)(record - dependence->records)));
}

/* The node of one of the activation's loops, all of which were entered. */
static uint32_t loop_node(struct dependence *dependence, const struct activation *activation, uint32_t loop)
{
    if (loop == NO_LOOP)
        return activation->base_node;
    uint32_t parent = loop_node(dependence, activation, activation->code->map->loops[loop].parent);
    return child_node(dependence, parent, activation->code->first_loop_record + loop);
}

static void count_trips(struct region_record *record, uint64_t trips)
{
    record->iterations += trips;
    record->trips_least = trips < record->trips_least ? trips : record->trips_least;
    record->trips_most = trips > record->trips_most ? trips : record->trips_most;
}

static void loop_leave(struct dependence *dependence, struct activation *activation)
{
    struct level *level = &dependence->levels[--dependence->level_count];
    struct region_record *record = &dependence->records[level->record];
    const struct code_loop *loop = &activation->code->map->loops[activation->loop];
    bool exhausted = loop->is_for && activation->last_block == loop->header && level->iterations;
    count_trips(record, level->iterations - (exhausted ? 1 : 0));
    region_end(dependence, record, level->lane);
    activation->loop = loop->parent;
    set_node(dependence, activation, loop_node(dependence, activation, loop->parent));
}

static bool contains(const struct code_map *map, uint32_t loop, uint32_t inner)
{
    while (inner != NO_LOOP && inner != loop)
        inner = map->loops[inner].parent;
    return inner == loop;
}

void dependence_change_loop(struct dependence *dependence, struct activation *activation, uint32_t block)
{
    const struct code_map *map = activation->code->map;
    uint32_t loop = map->block_loop[block];
    dependence_finish(dependence);
    while (activation->loop != NO_LOOP && !contains(map, activation->loop, loop))
        loop_leave(dependence, activation);
    if (activation->loop != loop)
        loop_enter(dependence, activation, loop);
    if (loop != NO_LOOP && map->loops[loop].header == block)
        level_iterate(dependence, &dependence->levels[dependence->level_count - 1]);
}

/* ---- calls ---- */

static void child_begin(struct dependence *dependence, struct activation *activation, struct activation *parent)
{
    uint32_t slot = parent->child_count < SIBLINGS_KEPT ? parent->child_count : SIBLINGS_KEPT - 1;
    if (parent->child_count < SIBLINGS_KEPT)
        parent->child_starts[slot] = dependence->serial;
    parent->child_count++;
    struct region_record *record = record_of(dependence, activation->code, NO_LOOP);
    record->is_recursive = true;
    record->children++;
    record->branching += parent->child_count == 2;
    activation->is_child = true;
    struct level *level = level_push(dependence, activation->code->record);
    level->calls = parent;
    level->instance_start = parent->child_starts[0] + 1;
}

static void child_end(struct dependence *dependence, struct activation *activation, struct activation *parent, uint64_t span)
{
    uint32_t slot = parent->child_count <= SIBLINGS_KEPT ? parent->child_count - 1 : SIBLINGS_KEPT - 1;
    parent->child_ends[slot] = dependence->serial;
    parent->child_total += dependence->serial - activation->start;
    if (span > parent->child_span)
        parent->child_span = span;
    dependence->level_count--;
}

void dependence_enter(struct dependence *dependence, struct activation *activation, struct activation *caller,
                      struct mapped_code *code, bool is_apart)
{
    struct region_record *record = record_of(dependence, code, NO_LOOP);
    dependence_finish(dependence);
    activation->code = code; /* by itself: the lists of recursive calls need no zeros, and a call should cost little */
    activation->caller = caller;
    activation->outer = code->active;
    activation->loop = NO_LOOP;
    activation->lane = -1;
    activation->last_block = NO_BLOCK;
    activation->is_apart = is_apart;
    activation->is_child = false;
    activation->start = dependence->serial;
    activation->child_count = 0;
    activation->child_total = activation->child_span = 0;
    record->instances++;
    if (caller && caller->loop != NO_LOOP)
        record_of(dependence, caller->code, caller->loop)->calls_python = true;
    if (!is_apart && code->active)
        child_begin(dependence, activation, code->active);
    if (!is_apart) {
        code->active = activation;
        activation->lane = region_begin(dependence, record);
    }
    activation->first_level = dependence->level_count;
    activation->base_node = caller ? caller->node : 0;
    set_node(dependence, activation, activation->base_node);
}

static void loops_keep(struct dependence *dependence, struct activation *activation, struct shadow *keep)
{
    uint32_t count = dependence->level_count - activation->first_level;
    struct shadow_levels *kept = malloc(sizeof *kept + count * sizeof *kept->levels);
    if (!kept)
        abort();
    *kept = (struct shadow_levels){.loop = activation->loop, .last_block = activation->last_block, .count = count};
    for (uint32_t i = 0; i < count; i++) {
        struct level *level = &dependence->levels[activation->first_level + i];
        kept->levels[i] = *level;
        level->starts = NULL;
        level->ring = 0;
    }
    dependence->level_count = activation->first_level;
    free(keep->suspended);
    keep->suspended = kept;
}

void dependence_resume_loops(struct dependence *dependence, struct activation *activation, struct shadow *kept)
{
    struct shadow_levels *levels = kept->suspended;
    kept->suspended = NULL;
    if (!levels)
        return;
    uint32_t node = activation->base_node;
    for (uint32_t i = 0; i < levels->count; i++) {
        struct level *level = level_push(dependence, levels->levels[i].record);
        free(level->starts);
        *level = levels->levels[i];
        node = child_node(dependence, node, level->record);
    }
    if (activation->caller && activation->caller->loop != NO_LOOP) {
        struct code_loop *loop = &activation->caller->code->map->loops[activation->caller->loop];
        if (activation->caller->last_block == loop->header && loop->is_for)
            record_of(dependence, activation->caller->code, activation->caller->loop)->over_generator = true;
    }
    activation->loop = levels->loop;
    activation->last_block = levels->last_block;
    dependence->records[activation->code->record].instances--; /* a call of a generator is one, however often it goes on */
    set_node(dependence, activation, node);
    free(levels);
}

void dependence_forget(struct dependence *dependence, struct shadow *shadow)
{
    struct shadow_levels *levels = shadow->suspended;
    shadow->suspended = NULL;
    for (uint32_t i = 0; levels && i < levels->count; i++) {
        count_trips(&dependence->records[levels->levels[i].record], levels->levels[i].iterations);
        free(levels->levels[i].starts);
    }
    free(levels);
}

static bool forget_suspended(void *context, struct shadow *shadow)
{
    dependence_forget(context, shadow);
    return true;
}

void dependence_end(struct dependence *dependence)
{
    dependence_finish(dependence);
    shadow_sweep(&dependence->memory, forget_suspended, dependence);
}

void dependence_leave(struct dependence *dependence, struct activation *activation, struct shadow *keep)
{
    struct region_record *record = record_of(dependence, activation->code, NO_LOOP);
    dependence_finish(dependence);
    if (keep)
        loops_keep(dependence, activation, keep);
    while (activation->loop != NO_LOOP && dependence->level_count > activation->first_level)
        loop_leave(dependence, activation);
    region_end(dependence, record, activation->lane);
    if (activation->is_apart)
        return;
    uint64_t total = dependence->serial - activation->start, span = total - activation->child_total + activation->child_span;
    activation->code->active = activation->outer;
    if (activation->is_child) {
        child_end(dependence, activation, activation->outer, span);
    } else {
        record->work += total;
        record->span += span;
    }
}

void dependence_mark_output(struct dependence *dependence)
{
    for (uint32_t i = 0; i < dependence->level_count; i++)
        dependence->records[dependence->levels[i].record].prints = true;
}

void dependence_mark_consumer(struct dependence *dependence, struct activation *activation, const char *consumer)
{
    if (activation->loop == NO_LOOP)
        return;
    struct region_record *record = record_of(dependence, activation->code, activation->loop);
    if (!record->consumed)
        record->consumer = consumer;
    else if (record->consumer && (!consumer || strcmp(record->consumer, consumer) != 0))
        record->consumer = NULL;
    record->consumed = true;
}

void dependence_stop(struct dependence *dependence, const char *reason)
{
    if (!dependence->stopped)
        dependence->stop_reason = reason;
    dependence->stopped = true;
}
