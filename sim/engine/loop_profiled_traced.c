/* loop_profiled_traced.c - the dispatch loop of profiled runs on machines whose branch predictor has state, or that have a data
 * cache: it reports branch outcomes, and accesses to memory, when they are wanted. Others have a loop without these questions. */
#include "sim/engine/access_words.h"
#include "sim/engine/trace.h"

#define ENGINE_LOOP engine_loop_profiled_traced
#define BRANCH_OUTCOME(taken) (vm->engine->options->record_branches ? trace_branch(vm, pc, (taken)) : (void)0)
#define BEFORE_WORD() (vm->engine->places ? access_word(vm, pc, slots) : (void)0)
#include "sim/engine/loop_profiled.c"
