/* branch_trace.h - every conditional branch of a run, in order, in little memory: what comes after an outcome is mostly what came
 * after it the last time, so only what differs is written. Predictors are replayed over it for any machine and any addresses. */
#ifndef HYBRIDSIM_CLI_SWEEP_BRANCH_TRACE_H
#define HYBRIDSIM_CLI_SWEEP_BRANCH_TRACE_H

#include "core/buffer.h"
#include "core/machine.h"
#include "sim/profile/profile.h"

struct branch_trace;

enum { BRANCH_TRACE_LIMIT = 256 << 20 }; /* bytes; a longer one is not kept */

struct branch_trace *branch_trace_new(void);
void branch_trace_free(struct branch_trace *trace);

/* As session_options.on_branch wants it; the context is a struct branch_trace. */
bool branch_trace_record(void *context, const struct code_profile *code, uint32_t block, bool taken);

/* Not all of it could be kept. */
bool branch_trace_overflowed(const struct branch_trace *trace);

/* The trace as bytes. To read them the profile has its codes; NULL: they are not a whole trace of it. */
void branch_trace_write(const struct branch_trace *trace, struct buffer *bytes);
struct branch_trace *branch_trace_read(const char *bytes, size_t size, const struct profile *profile);

/* Fills code->mispredicted of the profile's codes with what the machine's predictor does under code->function, or makes it NULL
 * where the machine's predictor needs no outcomes. The trace is complete by now: nothing is recorded any more. */
void branch_trace_replay(struct branch_trace *trace, const struct machine *machine, struct profile *profile);

#endif
