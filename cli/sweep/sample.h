/* sample.h - points of a plan that are drawn: candidates, of which those are taken that are new and fulfil `where`. Drawing takes
 * integers of random.h in a fixed order, so a seed means the same points everywhere. */
#ifndef HYBRIDSIM_CLI_SWEEP_SAMPLE_H
#define HYBRIDSIM_CLI_SWEEP_SAMPLE_H

#include "cli/sweep/plan.h"

struct sampler {
    struct sweep_plan *plan;
    uint32_t *slots;         /* hash table of the plan's points: number + 1 */
    uint32_t slot_count;     /* a power of two */
    struct arena *scratch;   /* of `where` */
    uint32_t tries;          /* since scratch was new */
    struct diag *diag;
};

enum sample_try { SAMPLE_TAKEN, SAMPLE_KNOWN, SAMPLE_UNWANTED, SAMPLE_FAILED };

/* For a plan that has room for `capacity` points and one more; those that it has are known. */
void sampler_start(struct sampler *sampler, struct sweep_plan *plan, uint32_t capacity, struct diag *diag);
void sampler_end(struct sampler *sampler);

/* The choices of what may become the plan's next point, to be filled in. */
uint16_t *sampler_candidate(struct sampler *sampler);
/* Draws a value of every axis for it, one after the other. */
void sampler_draw(struct sampler *sampler);
/* Makes it a point of the plan, if it is new and wanted. SAMPLE_FAILED: an expression has an error. */
enum sample_try sampler_take(struct sampler *sampler);

/* How many points the axes allow, before `where`; UINT64_MAX: that, or more. */
uint64_t sample_space(const struct sweep_plan *plan);

/* As many points as wanted, or as there are; those of a smaller number are the first ones. *draws: how many it took. False after an
 * error. */
bool sample_random(struct sampler *sampler, uint32_t wanted, uint64_t *draws);

/* Of each axis, every `wanted`-th part of its range is in one point. Pairs that are no new points, or not wanted, are paired
 * anew; what then is left is drawn at random. */
bool sample_latin_hypercube(struct sampler *sampler, uint32_t wanted, uint64_t *draws);

#endif
