/* code_timing.h - the steps in which one code object is timed; only timing.c and sums.c take them. Each step adds to counts and
 * activities. What a step looks at, besides the code's profile and translation, is said here: sums.c keeps what it came to for as
 * long as that is the same. */
#ifndef HYBRIDSIM_SIM_TIMING_CODE_TIMING_H
#define HYBRIDSIM_SIM_TIMING_CODE_TIMING_H

#include "sim/timing/schedule.h"
#include "sim/timing/timing.h"

/* One code object being timed. */
struct code_timing {
    const struct isa *isa;
    const struct machine *machine;
    const struct code_profile *profile;
    const struct machine_function *function;
    struct timing_result *result;
    struct timing_counts *counts;
    struct scheduler *scheduler;
    uint32_t *machine_blocks;   /* first machine block of each source block, or NO_BLOCK */
    uint64_t *executed;         /* of each placed instruction */
    uint64_t *by_shape;         /* of them, those that had a shape */
    struct timing_rows *rows;   /* NULL: nobody asks for them */
    uint64_t *spent;            /* scratch for them: cycles of one execution of a block's instructions */
    uint64_t relief[WORK_COUNT]; /* work that an instruction of the ISA did instead of the runtime */
    const struct energy_costs *energy_costs;
    uint64_t activities[ACTIVITY_COUNT];
};

/* The code's function must be a translation for `isa`. rows: NULL when nobody asks. */
void code_timing_open(struct code_timing *timing, const struct code_profile *profile, const struct isa *isa,
                      struct timing_rows *rows);
void code_timing_close(struct code_timing *timing);

/* Nothing else: size, and how often each instruction was executed. */
void time_static(struct code_timing *timing);
void time_instructions(struct code_timing *timing);
/* What a schedule depends on (scheduler_key). */
void time_schedules(struct code_timing *timing);
/* The kind of the machine's predictor, and profile->mispredicted. */
void time_branches(struct code_timing *timing);
/* All of the machine; after time_instructions. Without guards, shapes and speculative instructions nothing is to be done. */
void time_guards(struct code_timing *timing);
void time_shapes(struct code_timing *timing, uint32_t *shape_capacity);
void time_speculation(struct code_timing *timing);
bool code_timing_speculates(const struct code_timing *timing);
/* machine.work_milli, and what the three before relieved it of. */
void time_work(struct code_timing *timing);

/* The machine's data cache, which profile->cache_misses has to be of. */
void time_cache(struct code_timing *timing);

/* Of all steps' counts together, of one code object or of all: cycles and energy, and totals that follow from the rest. */
void finish_counts(struct code_timing *timing);

/* One with the ISA's names, area and empty totals; and what energy costs there. */
struct timing_result *timing_result_new(const struct isa *isa, struct energy_costs *costs);
void timing_counts_add(struct timing_counts *to, const struct timing_counts *from, uint32_t name_count);
void timing_counts_check(const struct timing_counts *counts, uint32_t name_count);

#endif
