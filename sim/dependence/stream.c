/* stream.c - places instructions in time, as D. W. Wall's "Limits of Instruction-Level Parallelism" (DEC WRL research report 93/6)
 * does with perfect prediction and renaming: each as soon as its operands are there. A window is a limit on how many wait: when
 * it is full, the first cycle's instructions are executed, and nothing more can be put there. */
#include "sim/dependence/placing.h"

#include "core/memory.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

const uint32_t dependence_windows[WINDOW_COUNT] = {32, 128, 2048};

enum { FIRST_CARRIED_BITS = 8, FIRST_COUNTS_BITS = 8 };

void *dependence_grow(void *list, uint32_t count, uint32_t *capacity, size_t size)
{
    if (count < *capacity)
        return list;
    uint32_t grown = *capacity ? 2 * *capacity : 32;
    void *memory = realloc(list, grown * size);
    if (!memory)
        abort();
    memset((char *)memory + *capacity * size, 0, (grown - *capacity) * size);
    *capacity = grown;
    return memory;
}

struct dependence *dependence_new(uint64_t memory_most)
{
    struct dependence *dependence = checked_alloc(1, sizeof *dependence);
    dependence->arena = arena_new();
    dependence->memory_most = memory_most;
    dependence->latency = 1;
    dependence->floor = (lane_group){0, 1, 1, 1}; /* windows begin with the first cycle */
    for (int i = LANE_REGIONS; i < LANE_COUNT; i++)
        dependence->lane_start[i] = INT_MAX;
    dependence->free_lanes = ((1u << REGION_LANES) - 1) << LANE_REGIONS;
    for (int i = 0; i < WINDOW_COUNT; i++)
        dependence->windows[i].size = dependence_windows[i];
    dependence->site_count = 1; /* 0 is none */
    dependence->carried_bits = FIRST_CARRIED_BITS;
    dependence->carried_table = checked_alloc((size_t)1 << FIRST_CARRIED_BITS, sizeof *dependence->carried_table);
    dependence->counts_bits = FIRST_COUNTS_BITS;
    dependence->counts = checked_alloc((size_t)1 << FIRST_COUNTS_BITS, sizeof *dependence->counts);
    dependence->nodes = dependence_grow(NULL, 0, &dependence->node_capacity, sizeof *dependence->nodes);
    dependence->nodes[dependence->node_count++] = (struct nesting){.record = UINT32_MAX};
    dependence->site_reads = dependence_grow(NULL, 0, &dependence->site_capacity, sizeof *dependence->site_reads);
    dependence->site_writes = checked_alloc(dependence->site_capacity, sizeof *dependence->site_writes);
    return dependence;
}

void dependence_free(struct dependence *dependence)
{
    if (!dependence)
        return;
    shadow_memory_free(&dependence->memory);
    for (uint32_t i = 0; i < dependence->level_capacity; i++)
        free(dependence->levels[i].starts);
    free(dependence->levels);
    for (uint32_t i = 0; i < dependence->code_count; i++)
        free(dependence->codes[i]);
    free(dependence->codes);
    free(dependence->site_reads);
    free(dependence->site_writes);
    free(dependence->updates);
    free(dependence->records);
    free(dependence->carried);
    free(dependence->carried_table);
    free(dependence->nodes);
    for (uint32_t i = 0; i < 1u << dependence->counts_bits; i++)
        free(dependence->counts[i].blocks);
    free(dependence->counts);
    arena_free(dependence->arena);
    free(dependence);
}

static uint32_t add_record(struct dependence *dependence, uint32_t code, uint32_t loop)
{
    dependence->records = dependence_grow(dependence->records, dependence->record_count, &dependence->record_capacity,
                                          sizeof *dependence->records);
    dependence->records[dependence->record_count] = (struct region_record){.code = code, .loop = loop, .trips_least = UINT64_MAX};
    return dependence->record_count++;
}

static void add_sites(struct dependence *dependence, struct mapped_code *code)
{
    const struct code_map *map = code->map;
    uint32_t count = map->code->instruction_count;
    code->first_site = dependence->site_count;
    while (dependence->site_count + count > dependence->site_capacity) {
        uint32_t capacity = dependence->site_capacity;
        dependence->site_reads = dependence_grow(dependence->site_reads, dependence->site_capacity, &dependence->site_capacity,
                                                 sizeof *dependence->site_reads);
        dependence->site_writes = dependence_grow(dependence->site_writes, capacity, &capacity, sizeof *dependence->site_writes);
    }
    code->first_update = dependence->update_count;
    for (uint32_t i = 0; i < map->update_count; i++) {
        dependence->updates = dependence_grow((void *)dependence->updates, dependence->update_count, &dependence->update_capacity,
                                              sizeof *dependence->updates);
        dependence->updates[dependence->update_count++] = &map->updates[i];
    }
    for (uint32_t i = 0; i < count; i++) {
        dependence->site_reads[code->first_site + i] = map->update_read[i] ? map->update_read[i] + code->first_update : 0;
        dependence->site_writes[code->first_site + i] = map->update_write[i] ? map->update_write[i] + code->first_update : 0;
    }
    dependence->site_count += count;
}

struct mapped_code *dependence_add_code(struct dependence *dependence, const struct code *source)
{
    struct mapped_code *code = checked_alloc(1, sizeof *code);
    code->map = code_map_new(source, dependence->arena);
    code->index = dependence->code_count;
    dependence->codes = dependence_grow(dependence->codes, dependence->code_count, &dependence->code_capacity,
                                        sizeof(struct mapped_code *));
    dependence->codes[dependence->code_count++] = code;
    add_sites(dependence, code);
    code->record = add_record(dependence, code->index, NO_LOOP);
    code->first_loop_record = dependence->record_count;
    for (uint32_t i = 0; i < code->map->loop_count; i++)
        add_record(dependence, code->index, i);
    return code;
}

/* An instruction without operands goes where there is room. */
static void place_idle(struct dependence *dependence)
{
    lane_group *best = (lane_group *)dependence->best, one = {1, 1, 1, 1};
    best[0] = lane_most(best[0], lane_most(dependence->floor, one));
    best[1] = lane_most(best[1], one);
    best[2] = lane_most(best[2], one);
    windows_add(dependence, dependence->floor);
    dependence->serial++;
}

void dependence_finish(struct dependence *dependence)
{
    if (dependence->open)
        place_present(dependence);
}

void dependence_begin_idle(struct dependence *dependence, uint32_t idle)
{
    dependence_finish(dependence);
    while (idle--)
        place_idle(dependence);
}

void dependence_check_limits(struct dependence *dependence)
{
    if (dependence->serial >= DEPENDENCE_INSTRUCTIONS_MOST ||
        dependence->best[LANE_LATENCY] >= (int32_t)DEPENDENCE_INSTRUCTIONS_MOST)
        dependence_stop(dependence, "it executed more instructions than are followed");
    else if (dependence->memory.bytes > dependence->memory_most)
        dependence_stop(dependence, "following its data took more memory than is allowed");
}

void dependence_begin(struct dependence *dependence, uint32_t idle, int32_t latency, uint32_t site)
{
    struct operands operands;
    place_next(dependence, idle, latency, site, &operands);
    operands_keep(dependence, &operands);
}
