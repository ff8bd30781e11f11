/* shadow.h - when what lies in memory was written, and what it had to wait for. Containers are known by a number that their
 * owner chooses (key) and never shows; inside, items are known by index or by a number of their own. */
#ifndef HYBRIDSIM_SIM_DEPENDENCE_SHADOW_H
#define HYBRIDSIM_SIM_DEPENDENCE_SHADOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Each instruction is placed in time several times at once, each time under other rules: a lane. */
enum { WINDOW_COUNT = 3, REGION_LANES = 7 };
enum lane {
    LANE_UNLIMITED,   /* as soon as its operands are there, each instruction taking 1 */
    LANE_LATENCY,     /* likewise, with the machine's latencies */
    LANE_WINDOWS,     /* likewise, within a window of the WINDOW_COUNT sizes */
    LANE_REGIONS = LANE_WINDOWS + WINDOW_COUNT, /* each for a function or loop that runs: only what happens in it */
    LANE_COUNT = LANE_REGIONS + REGION_LANES
};

/* Lanes are computed with four at a time. */
typedef int32_t lane_group __attribute__((vector_size(16), may_alias));
enum { LANE_GROUPS = LANE_COUNT / 4 };
_Static_assert(LANE_COUNT % 4 == 0, "lanes come in groups");

struct stamp { /* of a place that holds a value */
    _Alignas(16) int32_t time[LANE_COUNT]; /* when the value was there */
    uint32_t when;            /* number of the instruction that wrote it; 0: none that was seen */
    uint32_t site;            /* which instruction of the program that was */
    uint32_t root;            /* the latest return of a recursive call that the value depends on */
    uint32_t appended;        /* written by adding something at the end */
};

struct shadow_levels;
struct shadow { /* of a container */
    uint64_t key;             /* 0: none */
    struct stamp base;        /* of all that was not written since by itself */
    struct stamp state;       /* length and order: what appending reads and writes */
    struct stamp *items;      /* by index */
    uint32_t item_count;
    uint32_t key_count, key_bits;
    uint64_t *keys;           /* open addressing; 0: free */
    struct stamp *values;
    struct shadow_levels *suspended; /* a generator's loops (running.c) */
};

struct shadow_memory {
    struct shadow **table;    /* open addressing by key */
    uint32_t count, bits;
    uint64_t bytes;           /* in use */
};

void shadow_memory_free(struct shadow_memory *memory);
struct shadow *shadow_find(const struct shadow_memory *memory, uint64_t key); /* NULL: nothing in it was ever written */
struct shadow *shadow_get(struct shadow_memory *memory, uint64_t key);
/* Forgets the containers that are not alive. */
void shadow_sweep(struct shadow_memory *memory, bool (*alive)(void *context, struct shadow *shadow), void *context);

/* The latest stamp of an item; NULL: none. Valid until the next write. */
const struct stamp *shadow_read_item(const struct shadow *shadow, uint64_t index);
const struct stamp *shadow_read_key(const struct shadow *shadow, uint64_t key);
void shadow_write_item(struct shadow_memory *memory, struct shadow *shadow, uint64_t index, const struct stamp *stamp);
void shadow_write_key(struct shadow_memory *memory, struct shadow *shadow, uint64_t key, const struct stamp *stamp);
void shadow_write_all(struct shadow *shadow, const struct stamp *stamp);
/* Room for so many items, which do not move from then on. */
struct stamp *shadow_reserve(struct shadow_memory *memory, struct shadow *shadow, uint32_t count);

#endif
