/* dependence.h - follows the values of a run: when each instruction could have been executed at the earliest, and which
 * iterations of a loop needed what others computed. It is told of instructions, of what they read and write, of blocks, calls and
 * returns; it sees no objects. Only true dependences count: a value that is read from where it was written. */
#ifndef HYBRIDSIM_SIM_DEPENDENCE_DEPENDENCE_H
#define HYBRIDSIM_SIM_DEPENDENCE_DEPENDENCE_H

#include "sim/dependence/code_map.h"
#include "sim/dependence/shadow.h"

enum { WINDOW_MOST = 2048, WINDOW_RING = 2 * WINDOW_MOST };
extern const uint32_t dependence_windows[WINDOW_COUNT];

/* A run is followed up to so many instructions, or so much memory. */
#define DEPENDENCE_INSTRUCTIONS_MOST ((uint32_t)0x7ff00000)

struct window { /* instructions that wait to be executed, by the cycle they are in */
    uint32_t size, waiting;
    uint16_t in_cycle[WINDOW_RING];
};

struct mapped_code { /* a code object that was executed */
    struct code_map *map;
    uint32_t index;            /* of dependence.codes */
    uint32_t first_site;       /* the site of instruction i is first_site + i */
    uint32_t first_update;     /* of dependence.updates */
    uint32_t record, first_loop_record; /* of dependence.records: its own, those of its loops */
    struct activation *active; /* the innermost one */
};

struct region_record { /* a function or a loop, all its executions together */
    uint32_t code, loop;       /* loop NO_LOOP: the function itself */
    uint64_t instances;        /* calls; times the loop was entered */
    uint64_t iterations, trips_least, trips_most;
    uint64_t instructions, critical; /* measured instances, callees included: executed, and the longest chain in each */
    uint32_t active;           /* instances that are measured just now */
    bool prints, calls_python;
    bool over_generator;       /* a generator gives it its items */
    bool is_recursive;
    const char *consumer;      /* a generator's loop: the native function that its values go to; NULL: none, or not always one */
    bool consumed;
    /* functions that call themselves */
    uint64_t branching;        /* calls that made at least two such calls */
    uint64_t children;         /* calls made from inside others */
    uint64_t work, span;       /* instructions of outermost calls; the longest way through, if such calls run side by side */
};

struct carried { /* what passes from one iteration (or recursive call) to a later one; distance 0: is used in the same one */
    uint32_t record;
    uint32_t reader, writer;   /* sites */
    uint32_t local;            /* VARIABLE_LOCAL: which */
    uint8_t kind;              /* enum variable_kind */
    uint8_t operator;          /* both belong to updates by it; UPDATE_OPERATORS: they do not */
    uint64_t count;
    uint32_t least, most;      /* distance */
};

struct level { /* a loop that runs, or a call whose recursive calls are looked at */
    uint32_t instance_start, iteration_start; /* instruction numbers */
    uint32_t record;
    uint32_t iterations;       /* begun */
    int lane;                  /* -1: not measured */
    struct activation *calls;  /* of a recursive call: the caller */
    uint32_t *starts;          /* ring: where the latest iterations began */
    uint32_t ring;             /* its size */
};

struct nesting { /* loops inside each other, calls included */
    uint32_t parent, record;   /* record UINT32_MAX: the root */
    uint32_t first_child, next_sibling;
};

struct nesting_counts { /* executions of a code object's blocks under a node */
    uint32_t node, code;
    uint64_t *blocks;          /* NULL: free. Behind them, what runtime work there cost, in thousandths of a cycle */
};

enum { SIBLINGS_KEPT = 8 };
struct activation { /* a call of a function that runs, or a generator that does */
    struct mapped_code *code;
    struct activation *caller, *outer; /* outer: of the same code */
    uint32_t first_level;      /* of its own loops */
    uint32_t loop, last_block; /* innermost loop it is in */
    uint32_t base_node, node;
    uint64_t *counts;
    bool is_apart, is_child;   /* is_apart: of a generator or another thread, which is not measured by itself; is_child: a recursive
                                  call, with a level of its own */
    int lane;
    uint32_t start;            /* number of the instruction that called */
    /* its recursive calls */
    uint32_t child_count;
    uint32_t child_starts[SIBLINGS_KEPT], child_ends[SIBLINGS_KEPT]; /* the last place: all later ones together */
    uint64_t child_total, child_span; /* instructions; of the longest */
};

struct dependence {
    struct arena *arena;
    uint32_t serial;           /* the present instruction's number, from 1 */
    bool open;                 /* it has not been placed in the windows yet */
    bool stopped;              /* nothing is followed any more */
    const char *stop_reason;
    uint64_t memory_most;
    _Alignas(16) int32_t ready[LANE_COUNT]; /* when the operands seen so far are there */
    struct stamp result;       /* what the present instruction writes */
    _Alignas(16) int32_t lane_start[LANE_COUNT]; /* what was written before does not count there */
    lane_group floor;          /* of the first group's lanes: the first cycle that is still open */
    int32_t latency;
    _Alignas(16) int32_t best[LANE_COUNT];  /* the longest chain */
    uint32_t free_lanes;       /* bits, from LANE_REGIONS on */
    struct window windows[WINDOW_COUNT];
    struct shadow_memory memory;
    struct level *levels;
    uint32_t level_count, level_capacity;
    struct mapped_code **codes;
    uint32_t code_count, code_capacity, site_count, site_capacity;
    uint32_t *site_reads, *site_writes; /* by site: 1 + the update; 0: none */
    const struct code_update **updates;
    uint32_t update_count, update_capacity;
    struct region_record *records;
    uint32_t record_count, record_capacity;
    struct carried *carried;
    uint32_t *carried_table;   /* 1 + place */
    uint32_t carried_count, carried_bits, carried_latest;
    struct nesting *nodes;
    uint32_t node_count, node_capacity;
    struct nesting_counts *counts;
    uint32_t counts_count, counts_bits;
};

struct dependence *dependence_new(uint64_t memory_most);
void dependence_free(struct dependence *dependence);
struct mapped_code *dependence_add_code(struct dependence *dependence, const struct code *code);
/* From here on nothing is followed; what runs is taken to end here. */
void dependence_stop(struct dependence *dependence, const char *reason);

/* ---- the stream of instructions (stream.c) ---- */

/* The next instruction begins, after `idle` ones that neither read nor write. */
void dependence_begin(struct dependence *dependence, uint32_t idle, int32_t latency, uint32_t site);
/* The present one is complete. */
void dependence_finish(struct dependence *dependence);

static inline lane_group lane_most(lane_group a, lane_group b)
{
    lane_group mask = a > b;
    return (a & mask) | (b & ~mask);
}

/* It reads a place. */
static inline void dependence_join(struct dependence *dependence, const struct stamp *stamp)
{
    int32_t when = (int32_t)stamp->when;
    const lane_group *times = (const lane_group *)stamp->time, *starts = (const lane_group *)dependence->lane_start;
    lane_group *ready = (lane_group *)dependence->ready, now = {when, when, when, when};
    ready[0] = lane_most(ready[0], times[0]);
    ready[1] = lane_most(ready[1], times[1] & ~(starts[1] > now));
    ready[2] = lane_most(ready[2], times[2] & ~(starts[2] > now));
    lane_group *rest = (lane_group *)&dependence->result.when, only_root = {0, 0, -1, 0};
    *rest = lane_most(*rest, *(const lane_group *)&stamp->when & only_root);
}

/* What it writes is the result of a recursive call. */
static inline void dependence_set_root(struct dependence *dependence)
{
    struct stamp *result = &dependence->result;
    *(lane_group *)&result->when = (lane_group){(int32_t)result->when, (int32_t)result->site, (int32_t)dependence->serial,
                                                (int32_t)result->appended};
}

/* What it has read so far decides what it writes: result is that. */
static inline void dependence_settle(struct dependence *dependence)
{
    const lane_group *ready = (const lane_group *)dependence->ready, one = {1, 1, 1, 1};
    lane_group *times = (lane_group *)dependence->result.time;
    times[0] = lane_most(ready[0] + one, dependence->floor);
    times[1] = ready[1] + (lane_group){dependence->latency, 1, 1, 1};
    times[2] = ready[2] + one;
}

/* ---- loops and calls (running.c) ---- */

void dependence_enter(struct dependence *dependence, struct activation *activation, struct activation *caller,
                      struct mapped_code *code, bool is_apart);
/* The call is over. keep: a generator that was suspended; its loops go on later. NULL: they end. */
void dependence_leave(struct dependence *dependence, struct activation *activation, struct shadow *keep);
/* A generator will not go on. */
void dependence_forget(struct dependence *dependence, struct shadow *shadow);
/* The run is over, and every activation was left. */
void dependence_end(struct dependence *dependence);
void dependence_resume_loops(struct dependence *dependence, struct activation *activation, struct shadow *kept);
void dependence_change_loop(struct dependence *dependence, struct activation *activation, uint32_t block);

/* A block of the activation begins. */
static inline void dependence_block(struct dependence *dependence, struct activation *activation, uint32_t block)
{
    const struct code_map *map = activation->code->map;
    uint32_t loop = map->block_loop[block];
    if (loop != activation->loop || (loop != NO_LOOP && map->loops[loop].header == block))
        dependence_change_loop(dependence, activation, block);
    activation->last_block = block;
    activation->counts[block]++;
}

/* Every loop that runs shows something to the outside, in order. */
void dependence_mark_output(struct dependence *dependence);
/* The generator's values go to this native function (NULL: to Python code). */
void dependence_mark_consumer(struct dependence *dependence, struct activation *activation, const char *consumer);

/* ---- what passes between iterations (carried.c) ---- */

struct access { /* a read: of what, by which instruction */
    enum variable_kind kind;
    uint32_t site;
    uint32_t local;            /* VARIABLE_LOCAL: which */
    enum addition addition;    /* only to change the length so */
};
void dependence_check_levels(struct dependence *dependence, const struct stamp *stamp, const struct access *access,
                             uint32_t first_level, uint32_t end_level);

/* The read passes between iterations of loops at levels from `first_level` on, if it does. */
static inline void dependence_check(struct dependence *dependence, const struct stamp *stamp, const struct access *access,
                                    uint32_t first_level)
{
    if (stamp->when && first_level < dependence->level_count &&
        (stamp->when < dependence->levels[dependence->level_count - 1].iteration_start ||
         dependence->site_writes[stamp->site] || stamp->appended))
        dependence_check_levels(dependence, stamp, access, first_level, dependence->level_count);
}

/* The activation's recursive call gets a value that depends on an earlier one's. */
void dependence_check_root(struct dependence *dependence, const struct mapped_code *callee, const struct stamp *argument,
                           uint32_t site);
/* Room for one more than `count` in a list, the new part zeroed. */
void *dependence_grow(void *list, uint32_t count, uint32_t *capacity, size_t size);

#endif
