/* sums.h - the totals of one profile on many machines: equal to timing_compute's, without files, code objects, shapes and loops.
 * What the steps of timing came to, over all code objects, is kept for as long as what they look at is the same, so that a machine
 * that differs from an earlier one in its predictor or its tensor unit only costs little more than adding up. */
#ifndef HYBRIDSIM_SIM_TIMING_SUMS_H
#define HYBRIDSIM_SIM_TIMING_SUMS_H

#include "sim/timing/timing.h"

struct timing_sums;

struct timing_sums *timing_sums_new(const struct profile *profile);
void timing_sums_free(struct timing_sums *sums);

/* The profile's translations, or its work, are about to be others: nothing of them is looked at any more. */
void timing_sums_forget(struct timing_sums *sums);

/* Whether code->mispredicted of the profile's codes has to be that of this machine's predictor (or NULL where it needs no outcomes)
 * when timing_sums_compute is called: it is known otherwise. */
bool timing_sums_need_outcomes(const struct timing_sums *sums, const struct machine *machine);

/* What all code did to the machine's data cache; both 0 where it has none. */
struct cache_use { uint64_t accesses, misses; };

/* Every profiled code's `function` must be a translation for `isa`, which may differ from the ISA they were made for, and from that
 * of earlier calls, in its machine (units' names apart) and the entries of the stack on chip. */
struct timing_result *timing_sums_compute(struct timing_sums *sums, const struct isa *isa, const struct cache_use *cache);

#endif
