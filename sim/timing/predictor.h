/* predictor.h - branch predictors that need the outcome of every branch (bimodal, gshare). The static rule is in
 * timing.c: it needs only how often each branch was taken. */
#ifndef HYBRIDSIM_SIM_TIMING_PREDICTOR_H
#define HYBRIDSIM_SIM_TIMING_PREDICTOR_H

#include "core/machine.h"
#include "sim/profile/profile.h"

#include <stdbool.h>
#include <stdint.h>

struct branch_predictor;

/* NULL when the machine's predictor needs no outcomes (static, perfect, ideal machine). */
struct branch_predictor *predictor_new(const struct machine *machine);
void predictor_free(struct branch_predictor *predictor);

/* Predicts the branch at `address` and learns its outcome. True: mispredicted. */
bool predictor_branch(struct branch_predictor *predictor, uint64_t address, bool taken);

/* As session_options.on_branch wants it; the context is a struct branch_predictor. Code objects lie one after another in the
 * order in which they first branch, so that addresses are the same in every run. */
bool predictor_on_branch(void *context, const struct code_profile *code, uint32_t block, bool taken);

/* Remembers its state; and forgets it, saying whether that is what it is again. Cheap where few of its counters change. */
void predictor_mark(struct branch_predictor *predictor);
bool predictor_is_as_marked(struct branch_predictor *predictor);

/* The address of the branch that ends the block. A code object is placed when it is first asked for or branches. */
uint64_t predictor_address(struct branch_predictor *predictor, const struct code_profile *code, uint32_t block);

#endif
