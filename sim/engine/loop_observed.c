/* loop_observed.c - the dispatch loop once more, for runs whose dependences are followed (observe.h). It reports branch outcomes,
 * too, when they are wanted. */
#include "sim/engine/observe.h"
#include "sim/engine/trace.h"

#define ENGINE_LOOP engine_loop_observed
#define BRANCH_OUTCOME(taken) (outcomes_wanted ? trace_branch(vm, pc, (taken)) : (void)0)
#define LOOP_STATE const bool outcomes_wanted = vm->engine->options->record_branches;
#define COUNTER(n) (MUTABLE_WORD(n).u)
#define USE_FRAME(frame) (vm->work = (frame)->state->work, observe_resume(vm, (frame)))
#define ENTER_FRAME() (vm->work = vm->frame->state->work, observe_enter(vm))
#define NATIVE(function, expression) (expression)
#define RESUMED(frame) ((void)0)
#define MADE_GENERATOR() observe_generator(vm, result)
#define IF_NATIVE(callee, statement) statement
#define BEFORE_WORD() observe_word(vm, pc, slots)
#include "sim/engine/loop.c"
