/* loop_traced.c - the dispatch loop once more, reporting every conditional branch's outcome: for machines whose branch
 * predictor has state. */
#include "sim/engine/trace.h"

#define ENGINE_LOOP engine_loop_traced
#define BRANCH_OUTCOME(taken) trace_branch(vm, pc, (taken))
#include "sim/engine/loop.c"
