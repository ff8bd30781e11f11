/* loop_profiled.c - the dispatch loop once more, for profiled runs: counter words hold the place of their counter among those of
 * the frame's calling context (contexts.h). loop_profiled_traced.c makes the instance that tells a machine's predictor and data
 * cache what happens. */
#include "sim/engine/contexts.h"

#ifndef ENGINE_LOOP
#define ENGINE_LOOP engine_loop_profiled
#define BRANCH_OUTCOME(taken) ((void)0)
#endif
#define LOOP_STATE \
    uint64_t *counters; \
    struct context *const nodes = vm->engine->contexts->nodes;
#define COUNTER(n) (counters[WORD(n).u])
#define USE_FRAME(frame) (counters = context_resume(vm, nodes, (frame)))
#define ENTER_FRAME() (counters = context_enter(vm, nodes))
#define RESUMED(frame) ((void)context_call(vm, nodes, (frame) - 1, (frame)->state, (frame)->state))
#define MADE_GENERATOR() context_take_back_call(vm)
#define NATIVE(function, expression) \
    __extension__({ \
        uint32_t own_ = context_enter_native(vm, nodes, (function)); \
        value native_ = (expression); \
        context_leave_native(vm, nodes, own_); \
        native_; \
    })
/* `statement` calls `callee`, which may be a native function. */
#define IF_NATIVE(callee, statement) \
    do { \
        value callee_ = (callee); \
        struct native_function_object *function_ = native_function_behind(callee_); \
        if (function_) { \
            uint32_t own_ = context_enter_native(vm, nodes, function_); \
            statement; \
            context_leave_native(vm, nodes, own_); \
        } else { \
            statement; \
        } \
    } while (0)
#include "sim/engine/loop.c"
