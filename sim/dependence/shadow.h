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
    LANE_WINDOWS,     /* likewise, within a window of the WINDOW_COUNT sizes */
    LANE_LATENCY = LANE_WINDOWS + WINDOW_COUNT, /* unlimited, with the machine's latencies */
    LANE_REGIONS,     /* each for a function or loop that runs: only what happens in it */
    LANE_COUNT = LANE_REGIONS + REGION_LANES
};

/* Lanes are computed with four at a time: the first group has those of the whole run, the second begins with latencies. */
typedef int32_t lane_group __attribute__((vector_size(16), may_alias));
enum { LANE_GROUPS = LANE_COUNT / 4 };
_Static_assert(LANE_COUNT == 12 && LANE_LATENCY == 4, "lanes come in groups");

struct stamp { /* of a place that holds a value */
    _Alignas(16) int32_t time[LANE_COUNT]; /* when the value was there */
    _Alignas(16) uint32_t when; /* number of the instruction that wrote it; 0: none that was seen */
    uint32_t site;            /* which instruction of the program that was */
    uint32_t root;            /* the latest return of a recursive call that the value depends on */
    uint32_t appended;        /* enum addition */
};

enum addition { /* what a write did to a container's length */
    ADDITION_NONE, ADDITION_APPENDED, ADDITION_INSERTED /* a key, or takes it away: in no order */
};

struct shadow_levels;
struct shadow { /* of a container */
    uint64_t key;             /* 0: none */
    struct stamp base;        /* of all that was not written since by itself */
    struct stamp state;       /* length and order: what appending reads and writes */
    struct stamp *items;      /* by index */
    uint32_t item_count, item_end; /* room; none from there on was written since `base` */
    uint32_t key_count, key_bits;
    uint64_t *keys;           /* open addressing; 0: free */
    struct stamp *values;
    uint32_t *elements;       /* of memory: by position, numbers of stamps in shadow_memory.shared; 0: none */
    uint64_t element_count;
    uint32_t unit;            /* bytes of an element; 0: not known yet */
    enum { LATEST_NONE, LATEST_ALL, LATEST_ITEM, LATEST_KEY, LATEST_ELEMENT } latest_kind;
    uint64_t latest;          /* what was written last: the item's index, the key, the stamp's number */
    struct shadow_levels *suspended; /* a generator's loops (running.c) */
};

struct shadow_memory {
    struct shadow **table;    /* open addressing by key */
    uint32_t count, bits;
    uint64_t bytes;           /* in use */
    struct shared_stamp *shared; /* stamps of elements, each of as many as one instruction wrote; [0] is none */
    uint32_t shared_count, shared_capacity, shared_free;
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
/* Whatever it holds. */
void shadow_write_all(struct shadow_memory *memory, struct shadow *shadow, const struct stamp *stamp);
/* The stamp of whatever was written last; NULL: nothing was. */
const struct stamp *shadow_read_latest(const struct shadow_memory *memory, const struct shadow *shadow);

/* ---- elements of memory ---- */

/* A stamp for elements, in use until shadow_release. */
uint32_t shadow_share(struct shadow_memory *memory, const struct stamp *stamp);
void shadow_release(struct shadow_memory *memory, uint32_t shared);
void shadow_write_elements(struct shadow_memory *memory, struct shadow *shadow, uint64_t first, uint64_t count, uint32_t shared);
/* The first stamp from element *at on, before `end`, that is another than *before; *at is then behind it. NULL: there is none. */
const struct stamp *shadow_read_elements(const struct shadow_memory *memory, const struct shadow *shadow, uint64_t *at,
                                         uint64_t end, uint32_t *before);
/* Room for so many items, which do not move from then on. */
struct stamp *shadow_reserve(struct shadow_memory *memory, struct shadow *shadow, uint32_t count);

#endif
