/* loop.c - the dispatch loop. Handlers stand in ops_*.inc; their vocabulary is defined here and nowhere else:
 *
 *   A B C         the op word's fields            SLOT(i)       frame slot i
 *   WORD(n)       the n-th extension word         NEXT(n)       go on after an op of n words
 *   JUMP(w)       go to the target in word w      COUNT(w)      one more in counter word w
 *   TRY(d, e)     d = e, or raise                 ENTER(), RESUME_CALLER(r): change frames
 *   USE_FRAME(f)  go on with frame f              NATIVE(f, e)  expression e calls native function f
 *   RESUMED(f)    generator f went on without being left         MADE_GENERATOR()  the frame did only that
 *   SAVE_PC()     before whatever may allocate or call Python code: the collector asks what is live there, others the line
 *
 * pc, slots and vm are the only state in registers; everything else hangs off vm->frame.
 */
#include "sim/engine/attributes.h"
#include "sim/engine/contexts.h"
#include "sim/engine/forms.h"
#include "sim/engine/frame.h"
#include "sim/engine/nest.h"
#include "sim/engine/operations.h"
#include "sim/engine/trace_events.h"
#include "sim/runtime/async.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/iterator.h"
#include "sim/runtime/thread.h"

#ifndef ENGINE_LOOP /* loop_traced.c makes the second instance */
#define ENGINE_LOOP engine_loop
#define BRANCH_OUTCOME(taken) ((void)0)
#endif
#ifndef LOOP_STATE /* loop_profiled.c has its own */
#define LOOP_STATE
#define COUNTER(n) (MUTABLE_WORD(n).u)
#define USE_FRAME(frame) (vm->work = (frame)->state->work)
#define ENTER_FRAME() USE_FRAME(vm->frame)
#define NATIVE(function, expression) (expression)
#define RESUMED(frame) ((void)0)
#define MADE_GENERATOR() ((void)0)
#define IF_NATIVE(callee, statement) statement
#endif
#ifndef BEFORE_WORD /* loop_observed.c has it */
#define BEFORE_WORD() ((void)0)
#endif

#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

#define A (pc->f.a)
#define B (pc->f.b)
#define C (pc->f.c)
#define SLOT(i) slots[i]
#define WORD(n) (pc[n])
#define MUTABLE_WORD(n) (((word *)(uintptr_t)pc)[n])
#ifdef HYBRIDSIM_UNCOUNTED /* what the counters cost is measured against this */
#define COUNT(n) ((void)0)
#else
#define COUNT(n) (COUNTER(n)++)
#endif
#define TARGET(name) L_##name:
#define DISPATCH() __extension__({ BEFORE_WORD(); goto *table[pc->f.op]; })
#define NEXT(n) \
    do { \
        pc += (n); \
        DISPATCH(); \
    } while (0)
#define JUMP(n) \
    do { \
        pc = WORD(n).target; \
        if (UNLIKELY(vm->interrupt)) \
            goto interrupted; \
        DISPATCH(); \
    } while (0)
#define TRY(place, expression) \
    do { \
        SAVE_PC(); \
        value tried_ = (expression); \
        if (UNLIKELY(tried_ == VALUE_NULL)) \
            goto error; \
        (place) = tried_; \
    } while (0)
#define CHECK(condition) \
    do { \
        if (UNLIKELY(!(condition))) \
            goto error; \
    } while (0)
#define SAVE_PC() (vm->frame->pc = pc)
/* Start running the innermost frame, which was just pushed. */
#define ENTER() \
    do { \
        pc = vm->frame->pc; \
        slots = vm->frame->slots; \
        ENTER_FRAME(); \
        DISPATCH(); \
    } while (0)

value ENGINE_LOOP(struct vm *vm, enum loop_start start)
{
    static const void *const table[FORM_COUNT] = {
#define OP(name, results, operands, flags, text) [FORM_##name] = __extension__ &&L_##name,
#include "core/ops.def"
#undef OP
#define X(name, NAME) \
    [FORM_##name##_rk] = __extension__ &&L_##name##_rk, [FORM_##name##_kr] = __extension__ &&L_##name##_kr, \
    [FORM_i##name##_rk] = __extension__ &&L_i##name##_rk,
        BINARY_FORMS(X)
#undef X
#define X(name, NAME, sign) \
    [FORM_##name##_rk] = __extension__ &&L_##name##_rk, [FORM_jump_##name] = __extension__ &&L_jump_##name, \
    [FORM_jump_##name##_rk] = __extension__ &&L_jump_##name##_rk,
        COMPARE_FORMS(X)
#undef X
        [FORM_load_const] = __extension__ &&L_load_const, [FORM_load_free] = __extension__ &&L_load_free,
        [FORM_count] = __extension__ &&L_count, [FORM_return_const] = __extension__ &&L_return_const,
        [FORM_guard_native] = __extension__ &&L_guard_native, [FORM_guard_value] = __extension__ &&L_guard_value,
        [FORM_unsupported] = __extension__ &&L_unsupported,
        [FORM_nest] = __extension__ &&L_nest, [FORM_nest_call] = __extension__ &&L_nest_call,
        [FORM_nest_while] = __extension__ &&L_nest_while, [FORM_choice] = __extension__ &&L_choice,
        [FORM_choice_return] = __extension__ &&L_choice_return,
        [FORM_build_slice_once] = __extension__ &&L_build_slice_once,
        [FORM_trace] = __extension__ &&L_trace,
    };
    const word *pc = vm->frame->pc;
    value *slots = vm->frame->slots;
    unsigned unwind_flags = 0;
    value result;
    LOOP_STATE
    ENTER_FRAME();

    if (start == LOOP_RAISE)
        goto error;
    if (start == LOOP_THROW) {
        unwind_flags = UNWIND_NO_PARTIAL;
        goto error_flags;
    }
    DISPATCH();

#include "sim/engine/ops_arithmetic.inc"
#include "sim/engine/ops_objects.inc"
#include "sim/engine/ops_control.inc"
#include "sim/engine/ops_exceptions.inc"

interrupted: /* pc is at the start of a block: nothing of it was executed */
    SAVE_PC();
    if (thread_interrupted(vm))
        DISPATCH();
interruption_failed:
    unwind_flags = UNWIND_NO_PARTIAL;
    goto error_flags;

error:
    unwind_flags = 0;
error_flags:
    pc = engine_unwind(vm, pc, unwind_flags);
    if (!pc)
        return VALUE_NULL;
    slots = vm->frame->slots;
    USE_FRAME(vm->frame);
    DISPATCH();
}
