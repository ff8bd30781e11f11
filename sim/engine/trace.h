/* trace.h - outcomes of conditional branches, for predictors with state. */
#ifndef HYBRIDSIM_SIM_ENGINE_TRACE_H
#define HYBRIDSIM_SIM_ENGINE_TRACE_H

#include "sim/engine/frame.h"

/* The branch at pc, of the innermost frame, went that way: the session's predictor is told, and a misprediction counted. */
void trace_branch(struct vm *vm, const word *pc, bool taken);

#endif
