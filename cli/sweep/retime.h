/* retime.h - what one execution says of other points: each is a translation of the code that was executed, and timing. An
 * execution stands for a point when both place the same speculative patterns at the same instructions, with the same bounds in the
 * machine: what else in a profile depends on the ISA, the bytes of generators' frames and what a branch predictor saw, is computed
 * anew. Figures are then those that executing the point would give. */
#ifndef HYBRIDSIM_CLI_SWEEP_RETIME_H
#define HYBRIDSIM_CLI_SWEEP_RETIME_H

#include "cli/sweep/branch_trace.h"
#include "cli/sweep/plan.h"
#include "sim/timing/stack_distance.h"

struct retimer;

#define RETIME_NOT_ENTERED UINT32_MAX

struct retime_source { /* what is known of an execution */
    struct profile *profile;
    struct branch_trace *trace;     /* NULL: not all branches are known */
    struct stack_distances *distances; /* NULL: accesses to memory were not followed */
    struct content_key speculation; /* of what its translations speculated on, and where */
    uint32_t *frame_slots;          /* of the frames of profile->codes; RETIME_NOT_ENTERED: it was never entered */
};

/* At the end of an execution, while there are its translations. trace: NULL when no point has a predictor that needs it; distances
 * likewise, a cache. */
void retime_source_take(struct retime_source *source, struct profile *profile, struct branch_trace *trace,
                        struct stack_distances *distances);
void retime_source_free(struct retime_source *source); /* not the profile, nor trace and distances */

enum retime_outcome {
    RETIME_DONE,
    RETIME_OTHER,  /* this execution does not stand for the point */
    RETIME_NO_ISA  /* the point's settings make no valid ISA together */
};

/* The profile's translations, which are those of the execution, are replaced: one point's after the other's. Those of
 * earlier points are kept while they have fewer machine instructions than that, which take some 130 bytes each. The source outlives
 * the retimer. */
struct retimer *retimer_new(const struct sweep_plan *plan, const struct retime_source *source, uint64_t instructions_kept);

/* The point's timing in *timing, to be freed; only RETIME_NO_ISA adds errors. Points of equal sweep_point_code_key after each other
 * are translated once; of those that come later, too, while the translation is kept. */
enum retime_outcome retimer_point(struct retimer *retimer, uint32_t point, struct timing_result **timing, struct diag *diag);

void retimer_free(struct retimer *retimer);

#endif
