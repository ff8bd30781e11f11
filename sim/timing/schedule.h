/* schedule.h - the in-order schedule of one machine block: how many cycles one execution takes, and why. */
#ifndef HYBRIDSIM_SIM_TIMING_SCHEDULE_H
#define HYBRIDSIM_SIM_TIMING_SCHEDULE_H

#include "core/content_key.h"
#include "core/program.h"
#include "sim/timing/energy.h"
#include "sim/timing/timing.h"

struct block_cost { /* of one execution */
    uint64_t parts[CYCLES_WORK]; /* by enum cycle_part */
    uint32_t spills, fills;                   /* operand-stack entries */
    uint32_t register_spills, register_fills; /* moves of locals to and from frame memory, where the ISA has registers */
    uint32_t activities[ACTIVITY_IN_BLOCKS];  /* what energy is spent for */
};

struct scheduler;

/* Decodes the function's bytes once; valid as long as the function. */
struct scheduler *scheduler_new(const struct machine_function *function);
void scheduler_free(struct scheduler *scheduler);

/* From now on for this ISA, which differs from the function's in its machine (units' names apart) and the stack's entries only. */
void scheduler_set_isa(struct scheduler *scheduler, const struct isa *isa);
/* Equal where the schedules of one translation are, for ISAs that differ in nothing else. */
struct content_key scheduler_key(const struct isa *isa);

/* Schedules the block's instructions whose first bytecode instruction is not after `last_source` (UINT32_MAX: all). */
void schedule_block(struct scheduler *scheduler, const struct machine_block *block, uint32_t last_source,
                    struct block_cost *cost);

/* The same; and what each of the block's instructions added to the cost, in cycles, in spent[0 .. block->count): what was waited
 * for at the block's end is the last one's. */
void schedule_block_by_instruction(struct scheduler *scheduler, const struct machine_block *block, uint32_t last_source,
                                   struct block_cost *cost, uint64_t *spent);

/* The displacement of the branch that ends the block, and whether it is conditional. False: no branch ends it. */
struct block_branch {
    bool conditional;
    int32_t displacement;
    bool is_for_iter;
};
bool scheduler_block_branch(const struct scheduler *scheduler, const struct machine_block *block,
                            struct block_branch *branch);

/* What the placed instruction was decoded to: its pattern, NULL when the bytes are none; and the unit that executes it. */
const struct pattern *scheduler_pattern(const struct scheduler *scheduler, uint32_t index);
const struct machine_unit *scheduler_unit(const struct scheduler *scheduler, uint32_t index);

#endif
