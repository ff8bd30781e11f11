/* carried.c - reads of what another iteration wrote. A place's stamp says when it was written; the loops that run know when they
 * and their present iterations began: that tells which loop's iterations lie between. */
#include "sim/dependence/dependence.h"

#include <stdlib.h>
#include <string.h>

/* ---- the table of what was found ---- */

static bool same_entry(const struct carried *a, const struct carried *b)
{
    return a->record == b->record && a->reader == b->reader && a->writer == b->writer && a->kind == b->kind &&
           a->local == b->local && a->operator == b->operator && !a->least == !b->least;
}

static uint32_t *entry_place(struct dependence *dependence, const struct carried *entry)
{
    uint64_t hash = ((uint64_t)entry->record << 40) ^ ((uint64_t)entry->reader << 20) ^ entry->writer ^
                    (uint64_t)entry->kind << 60 ^ (uint64_t)entry->operator << 50 ^ (uint64_t)!entry->least << 59 ^
                    (uint64_t)entry->local << 10;
    uint32_t mask = (1u << dependence->carried_bits) - 1;
    uint32_t at = (uint32_t)((hash * 0x9e3779b97f4a7c15u) >> (64 - dependence->carried_bits));
    while (dependence->carried_table[at & mask] &&
           !same_entry(&dependence->carried[dependence->carried_table[at & mask] - 1], entry))
        at++;
    return &dependence->carried_table[at & mask];
}

static void table_grow(struct dependence *dependence)
{
    uint32_t old_capacity = (1u << dependence->carried_bits) / 2;
    dependence->carried_bits++;
    free(dependence->carried_table);
    dependence->carried_table = calloc((size_t)1 << dependence->carried_bits, sizeof *dependence->carried_table);
    dependence->carried = realloc(dependence->carried, 2 * (size_t)old_capacity * sizeof *dependence->carried);
    if (!dependence->carried_table || !dependence->carried)
        abort();
    for (uint32_t i = 0; i < dependence->carried_count; i++)
        *entry_place(dependence, &dependence->carried[i]) = i + 1;
}

static void carried_add(struct dependence *dependence, const struct carried *entry)
{
    struct carried *known = dependence->carried_count ? &dependence->carried[dependence->carried_latest] : NULL;
    if (!known || !same_entry(known, entry)) {
        if (2 * (dependence->carried_count + 1) > 1u << dependence->carried_bits || !dependence->carried)
            table_grow(dependence);
        uint32_t *place = entry_place(dependence, entry);
        if (!*place) {
            dependence->carried[dependence->carried_count] = *entry;
            *place = ++dependence->carried_count;
            dependence->carried_latest = *place - 1;
            return;
        }
        dependence->carried_latest = *place - 1;
        known = &dependence->carried[*place - 1];
    }
    known->count += entry->count;
    if (entry->least < known->least)
        known->least = entry->least;
    if (entry->most > known->most)
        known->most = entry->most;
}

/* ---- reads ---- */

/* Iterations from the one in which instruction `when` was executed to the present one. What is too long ago to be known counts as
 * the oldest that is. */
static uint32_t distance_to(const struct level *level, uint32_t when)
{
    uint32_t known = level->iterations < level->ring ? level->iterations : level->ring;
    uint32_t low = 1, high = known ? known - 1 : 1; /* iteration `present - d` began at starts[(present - d) % ring] */
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (level->starts[(level->iterations - 1 - middle) % level->ring] <= when)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static bool among_siblings(const struct activation *caller, uint32_t when)
{
    uint32_t kept = caller->child_count < SIBLINGS_KEPT ? caller->child_count : SIBLINGS_KEPT;
    for (uint32_t i = 0; i + 1 < caller->child_count && i < kept; i++) /* not the present one */
        if (when > caller->child_starts[i] && when <= caller->child_ends[i])
            return true;
    return false;
}

static bool belongs_to(const struct dependence *dependence, uint32_t update, const struct access *access,
                       const struct code_update **found)
{
    if (!update)
        return false;
    const struct code_update *known = dependence->updates[update - 1];
    *found = known;
    return known->kind == access->kind && (known->kind != VARIABLE_LOCAL || known->local == access->local);
}

/* The operator by which both ends update the variable. *used: the value of an update is read by something else. */
static uint8_t shared_operator(const struct dependence *dependence, const struct stamp *stamp, const struct access *access,
                               bool *used)
{
    const struct code_update *reader = NULL, *writer = NULL;
    if (access->kind == VARIABLE_STATE) {
        bool both = stamp->appended && stamp->appended == access->addition;
        *used = stamp->appended && !both;
        return !both ? UPDATE_OPERATORS : stamp->appended == ADDITION_APPENDED ? UPDATE_APPEND : UPDATE_INSERT;
    }
    bool reads = belongs_to(dependence, dependence->site_reads[access->site], access, &reader);
    bool writes = belongs_to(dependence, dependence->site_writes[stamp->site], access, &writer);
    bool same = reads && writes && reader->operator == writer->operator;
    *used = writes && !same;
    return same ? (uint8_t)reader->operator : UPDATE_OPERATORS;
}

/* The outermost level whose present iteration (or recursive call) began after `when`. */
static uint32_t first_later(const struct dependence *dependence, uint32_t when, uint32_t low, uint32_t high)
{
    enum { FEW = 12 };
    if (high - low <= FEW) {
        /* A generator's loops may have begun before those of whoever runs over it. */
        while (low < high && !(when < dependence->levels[low].iteration_start && when >= dependence->levels[low].instance_start))
            low++;
        return low;
    }
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (when < dependence->levels[middle].iteration_start)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

void dependence_check_levels(struct dependence *dependence, const struct stamp *stamp, const struct access *access,
                             uint32_t first_level, uint32_t end_level)
{
    bool used;
    uint8_t operator = shared_operator(dependence, stamp, access, &used);
    struct carried entry = {.reader = access->site, .writer = stamp->site, .kind = (uint8_t)access->kind, .operator = operator,
                            .local = access->local, .count = 1};
    uint32_t at = first_later(dependence, stamp->when, first_level, end_level);
    const struct level *level = at < end_level ? &dependence->levels[at] : NULL;
    if (level && stamp->when >= level->instance_start && (!level->calls || among_siblings(level->calls, stamp->when))) {
        entry.record = level->record;
        entry.least = entry.most = level->calls ? 1 : distance_to(level, stamp->when);
        carried_add(dependence, &entry);
    }
    while (at > first_level && dependence->levels[at - 1].calls)
        at--;
    if (used && at > first_level && stamp->when >= dependence->levels[at - 1].iteration_start) {
        entry.record = dependence->levels[at - 1].record;
        entry.least = entry.most = 0;
        carried_add(dependence, &entry);
    }
}

void dependence_check_root(struct dependence *dependence, const struct mapped_code *callee, const struct stamp *argument,
                           uint32_t site)
{
    const struct activation *above = callee->active; /* whose earlier recursive calls count */
    if (!above || !above->child_count || argument->root <= above->child_starts[0])
        return;
    carried_add(dependence, &(struct carried){.record = callee->record, .reader = site, .writer = argument->site, .count = 1,
                                              .kind = VARIABLE_STATE, .operator = UPDATE_OPERATORS, .least = 1, .most = 1});
}
