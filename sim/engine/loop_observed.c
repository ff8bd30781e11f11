/* loop_observed.c - the dispatch loop once more, for runs whose dependences are followed (observe.h), or whose accesses to memory
 * are (access_words.h). It reports branch outcomes, too, when they are wanted. */
#include "sim/engine/access_words.h"
#include "sim/engine/observe.h"
#include "sim/engine/trace.h"

#define ENGINE_LOOP engine_loop_observed
#define BRANCH_OUTCOME(taken) (outcomes_wanted ? trace_branch(vm, pc, (taken)) : (void)0)
#define LOOP_STATE const bool outcomes_wanted = vm->engine->options->record_branches;
#define COUNTER(n) (MUTABLE_WORD(n).u)
#define USE_FRAME(frame) (vm->work = (frame)->state->work, (void)(vm->engine->observer && (observe_resume(vm, (frame)), 0)))
#define ENTER_FRAME() (vm->work = vm->frame->state->work, (void)(vm->engine->observer && (observe_enter(vm), 0)))
#define NATIVE(function, expression) (expression)
#define RESUMED(frame) ((void)0)
#define MADE_GENERATOR() (vm->engine->observer ? observe_generator(vm, result) : (void)0)
#define IF_NATIVE(callee, statement) statement
#define BEFORE_WORD() (vm->engine->observer ? observe_word(vm, pc, slots) : access_word(vm, pc, slots))
#include "sim/engine/loop.c"
