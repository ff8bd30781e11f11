/* placing.h - the part of stream.c that is done for every instruction, for whoever tells of them. Lanes and a stamp's last four words
 * are read and written as groups, and kept in registers meanwhile: a processor waits when it reads together what was written in
 * pieces, and each way through memory is longer than the sums. */
#ifndef HYBRIDSIM_SIM_DEPENDENCE_PLACING_H
#define HYBRIDSIM_SIM_DEPENDENCE_PLACING_H

#include "sim/dependence/dependence.h"

/* Adds an instruction in this cycle. Answers the first cycle that is open then. */
static inline int32_t window_add(struct window *window, int32_t cycle, int32_t first_open)
{
    window->in_cycle[(uint32_t)cycle % WINDOW_RING]++;
    window->waiting++;
    while (window->waiting >= window->size) {
        uint16_t *first = &window->in_cycle[(uint32_t)first_open % WINDOW_RING];
        window->waiting -= *first;
        *first = 0;
        first_open++;
    }
    return first_open;
}

static inline void windows_add(struct dependence *dependence, lane_group cycles)
{
    lane_group floor = dependence->floor;
    struct window *windows = dependence->windows;
    _Static_assert(WINDOW_COUNT == 3, "one for each lane of the group but the first");
    dependence->floor = (lane_group){0, window_add(&windows[0], cycles[LANE_WINDOWS], floor[LANE_WINDOWS]),
                                     window_add(&windows[1], cycles[LANE_WINDOWS + 1], floor[LANE_WINDOWS + 1]),
                                     window_add(&windows[2], cycles[LANE_WINDOWS + 2], floor[LANE_WINDOWS + 2])};
}

/* The present instruction is complete. */
static inline void place_present(struct dependence *dependence)
{
    const lane_group *times = (const lane_group *)dependence->result.time;
    lane_group *best = (lane_group *)dependence->best;
    dependence->open = false;
    best[0] = lane_most(best[0], times[0]);
    best[1] = lane_most(best[1], times[1]);
    best[2] = lane_most(best[2], times[2]);
    windows_add(dependence, times[0]);
}

void dependence_begin_idle(struct dependence *dependence, uint32_t idle);
void dependence_check_limits(struct dependence *dependence);

struct operands { /* of an instruction: when those seen so far are there; the last four words of its result's stamp */
    lane_group ready[LANE_GROUPS], rest;
};

/* dependence_begin, but that what there is of its operands is not in memory yet. */
static inline __attribute__((always_inline)) void place_next(struct dependence *dependence, uint32_t idle, int32_t latency,
                                                             uint32_t site, struct operands *operands)
{
    if (idle)
        dependence_begin_idle(dependence, idle);
    else if (dependence->open)
        place_present(dependence);
    dependence->serial++;
    dependence->open = true;
    dependence->latency = latency;
    lane_group none = {0, 0, 0, 0};
    *operands = (struct operands){{none, none, none}, {(int32_t)dependence->serial, (int32_t)site, 0, 0}};
    if (__builtin_expect(dependence->serial >= DEPENDENCE_INSTRUCTIONS_MOST ||
                         dependence->best[LANE_LATENCY] >= (int32_t)DEPENDENCE_INSTRUCTIONS_MOST ||
                         dependence->memory.bytes > dependence->memory_most, 0))
        dependence_check_limits(dependence);
}

/* It goes on, at another site perhaps. */
static inline void operands_take(const struct dependence *dependence, uint32_t site, struct operands *operands)
{
    const lane_group *ready = (const lane_group *)dependence->ready;
    lane_group rest = *(const lane_group *)&dependence->result.when;
    rest[1] = (int32_t)site;
    *operands = (struct operands){{ready[0], ready[1], ready[2]}, rest};
}

static inline void operands_join(const struct dependence *dependence, struct operands *operands, const struct stamp *stamp)
{
    const lane_group *times = (const lane_group *)stamp->time, *starts = (const lane_group *)dependence->lane_start;
    lane_group rest = *(const lane_group *)&stamp->when, only_root = {0, 0, -1, 0};
    lane_group when = __builtin_shufflevector(rest, rest, 0, 0, 0, 0);
    operands->ready[0] = lane_most(operands->ready[0], times[0]);
    operands->ready[1] = lane_most(operands->ready[1], times[1] & ~(starts[1] > when));
    operands->ready[2] = lane_most(operands->ready[2], times[2] & ~(starts[2] > when));
    operands->rest = lane_most(operands->rest, rest & only_root);
}

/* What it writes, as far as that is known. */
static inline void operands_settle(const struct dependence *dependence, const struct operands *operands, struct stamp *result)
{
    lane_group *times = (lane_group *)result->time, one = {1, 1, 1, 1};
    times[0] = lane_most(operands->ready[0] + one, dependence->floor);
    times[1] = operands->ready[1] + (lane_group){dependence->latency, 1, 1, 1};
    times[2] = operands->ready[2] + one;
    *(lane_group *)&result->when = operands->rest;
}

static inline void operands_keep(struct dependence *dependence, const struct operands *operands)
{
    lane_group *ready = (lane_group *)dependence->ready;
    ready[0] = operands->ready[0];
    ready[1] = operands->ready[1];
    ready[2] = operands->ready[2];
    *(lane_group *)&dependence->result.when = operands->rest;
}

#endif
