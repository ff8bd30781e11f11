/* frame.h - the engine's own structures: predecoded words, what it keeps per code object, frames.
 *
 * Code is 8-byte words: an op word {op, a, b, c} whose fields are frame slots (or small numbers), followed by extension words
 * as the op needs: constants, names, inline caches, jump targets, counters. forms.h says how each op lies in words.
 *
 * Frames lie on two stacks: their slots on one of values, where a callee's first slots are its caller's outgoing arguments (so
 * that calls copy nothing), and their control records (struct frame) on another. Generators run on slots of their own, so
 * that resuming them copies nothing either.
 */
#ifndef HYBRIDSIM_SIM_ENGINE_FRAME_H
#define HYBRIDSIM_SIM_ENGINE_FRAME_H

#include "core/program.h"
#include "sim/engine/append.h"
#include "sim/engine/session.h"
#include "sim/runtime/types.h"

typedef union word {
    struct {
        uint16_t op, a, b, c;
    } f;
    uint64_t u;
    int64_t i;
    value v;
    void *p;
    const union word *target;
    struct {
        uint32_t low, high;
    } h;
} word;

struct code_state { /* one executed code object; owned by the engine */
    struct code_object *object;
    const struct code *code;
    struct machine_function *function;
    word *words;
    uint32_t word_count;
    uint32_t *word_source;     /* per word: the bytecode instruction it stands for */
    uint32_t *block_words;     /* per machine block: index of its first word */
    struct code_profile *profile;
    uint64_t *work;            /* profile->work */
    uint32_t slot_count;       /* frame size, scratch included */
    uint32_t parameter_count;  /* slots that arguments fill: positional, keyword-only, *args, **kwargs */
    uint32_t argument_count;   /* positional */
    bool simple;               /* only positional parameters: argument_count values in place are all that is needed */
    bool homes_above;          /* locals live in memory behind the windows of calls: a callee's frame would lie on them */
    uint16_t clear_count;      /* locals that must start unbound */
    uint16_t *clear_slots;
    uint32_t counter_count;    /* where each machine block's counters lie in words */
    struct block_counter { uint32_t block; uint32_t count_word; uint32_t taken_word; } *counters;
    struct code_state *next;
    uint32_t *op_words, op_word_count; /* which words are op words */
    struct trace_patch *patch; /* trace_events.c; NULL: never traced */
    struct code_state *next_plain;
    struct code_state *by_lines; /* line_jump.c: the same code with a block for each line; NULL: not needed yet */
    struct state_cycles *cycles; /* cycles.c */
    uint32_t first_context;    /* contexts.c: of those that count for it; 0: none */
    struct liveness *liveness; /* liveness.c; NULL: not looked at yet */
    struct nest_sites *nests;  /* nest.h; NULL: there are none */
    struct observed_code *observed; /* observe.h; NULL: not executed while the run was followed */
    uint32_t *op_instructions; /* per op word, when dependences are followed: the placed instruction it belongs to; else NULL */
};

enum frame_return {
    RETURN_TO_FRAME, RETURN_TO_C, RETURN_INSTANCE, RETURN_GENERATOR_TO_FRAME, RETURN_GENERATOR_TO_C,
    RETURN_ENTERED, /* to a before_with: the frame is __enter__'s */
    RETURN_ATTRIBUTE, /* to a load_attr: the frame is a property's getter */
    RETURN_GENERATOR_TO_CONSUMER, /* as TO_C, but what it yields may be taken without leaving the frame */
    RETURN_OBSERVED /* the frame has a frame object, which knows which of the others it is (frame_object.c) */
};

struct frame {
    const word *pc;            /* the op word being executed, when the frame is not the innermost or something looks at it */
    value *slots;              /* on the stack of values; a generator's lie in it (generator->slots) */
    value *top;                /* the first free slot of the stack */
    struct code_state *state;
    struct function_object *function; /* NULL for module and exec code */
    struct dict_object *globals, *builtins;
    value locals;              /* namespace of module and class bodies; VALUE_NULL in functions */
    value closure;             /* tuple of cells or VALUE_NULL */
    union {
        value instance;            /* RETURN_INSTANCE: what the constructor call answers; RETURN_OBSERVED: the frame object */
        struct consumer *consumer; /* RETURN_GENERATOR_TO_CONSUMER */
    };
    struct generator_object *generator;
    value outer_handled;       /* generators: the caller's handled exception */
    enum frame_return returns;
    uint32_t context;          /* profiled runs (contexts.h): where what it does is counted */
};

struct tracing { /* sys.settrace, sys.setprofile */
    value trace, profile;      /* VALUE_NULL: none */
    uint32_t running;          /* such a function is being called: nothing is reported */
    struct frame_object *reporting; /* what the event in progress is about, and which it is; NULL: there is none */
    const char *event;
    bool suspending;           /* a return event is of a generator that is suspended */
    bool active, was_active;
    struct code_state *plain;  /* code that is not patched although other code is */
};

struct kept_translations;
struct engine {
    struct frame *frames;      /* frames[0] is a sentinel */
    struct frame *frames_end;
    value *stack, *stack_end;
    struct code_state *states;
    const struct isa *isa;
    struct kept_translations *kept;
    const struct session_options *options;
    bool finishing;            /* the program was ended from outside: frames are left, whatever they could handle */
    uintptr_t loop_base;       /* the C stack below it is the innermost loop's, and of what it called; 0: no loop runs */
    struct tracing tracing;
    struct append_table appends;
    struct contexts *contexts; /* contexts.h; NULL: the run is not profiled */
    struct observer *observer; /* observe.h; NULL: dependences are not followed */
    struct places *places;     /* places.h; NULL: accesses to memory are not followed */
    uint64_t cycles, readings, since_full; /* cycles.c: of the program's clock */
    struct code_state **active;            /* code that ran between the last two looks at all code */
    uint32_t active_count, active_capacity;
};

/* cycles.c: executed so far */
uint64_t engine_cycles(struct vm *vm);
void engine_cycles_free(struct engine *engine);

/* session.c: what the frames above the sentinel hold */
void engine_mark_frames(struct vm *vm, struct frame *sentinel, struct frame *top);

/* predecode.c */
struct code_state *predecode(struct vm *vm, struct code_object *object);
void code_state_free(struct code_state *state);

/* loop.c: runs from vm->frame at its pc until the frame that returns to C is left. unwind: start by raising vm->pending. */
/* What native code may still use of the C stack when it is told that it ends. */
enum { C_STACK_MARGIN = 512 << 10 };

enum loop_start { LOOP_RUN, LOOP_RAISE, LOOP_THROW };
value engine_loop(struct vm *vm, enum loop_start start);
value engine_loop_profiled(struct vm *vm, enum loop_start start); /* loop_profiled.c: counts by calling context */
value engine_loop_profiled_traced(struct vm *vm, enum loop_start start); /* ... and reports outcomes and accesses */
value engine_loop_observed(struct vm *vm, enum loop_start start); /* loop_observed.c: dependences, or accesses to memory, are followed */
value engine_loop_traced(struct vm *vm, enum loop_start start); /* loop_traced.c: reports branch outcomes */

/* call.c */
struct frame *frame_push_failed(struct vm *vm); /* RecursionError */

/* A frame for `state` whose slots start at `slots`, innermost from now on; its local variables are whatever lies there. NULL:
 * RecursionError pending. */
static inline struct frame *frame_push_filled(struct vm *vm, struct code_state *state, value *slots)
{
    struct engine *engine = vm->engine;
    struct frame *frame = vm->frame + 1;
    if (__builtin_expect(frame + vm->c_depth > engine->frames + vm->recursion_limit || frame >= engine->frames_end ||
                             slots + state->slot_count >= engine->stack_end, 0))
        return frame_push_failed(vm);
    frame->pc = state->words;
    frame->slots = slots;
    frame->top = slots + state->slot_count;
    frame->state = state;
    frame->generator = NULL;
    frame->returns = RETURN_TO_FRAME;
    vm->frame = frame;
    return frame;
}

/* Likewise, with all local variables unbound but the parameters. */
static inline struct frame *frame_push(struct vm *vm, struct code_state *state, value *slots)
{
    struct frame *frame = frame_push_filled(vm, state, slots);
    for (uint32_t i = 0; frame && i < state->clear_count; i++)
        slots[state->clear_slots[i]] = VALUE_NULL;
    return frame;
}

static inline void frame_of_function(struct frame *frame, struct function_object *function)
{
    frame->function = function;
    frame->globals = dict_of(function->globals);
    frame->builtins = dict_of(function->builtins);
    frame->closure = function->closure;
    frame->locals = VALUE_NULL;
}
/* A function of exactly this many positional parameters, whose frame can be pushed on arguments in place. */
static inline bool function_is_simple(const struct function_object *function, uint32_t count)
{
    const struct code_state *state = function->code->state;
    return state && state->simple && state->argument_count == count && (state->code->flags & CODE_OPTIMIZED);
}
/* Such a function's frame on one argument, above the innermost one; NULL: RecursionError pending. */
static inline struct frame *frame_push_on(struct vm *vm, struct function_object *function, value argument,
                                          enum frame_return returns)
{
    value *window = vm->frame->top;
    struct frame *frame = frame_push(vm, function->code->state, window);
    if (!frame)
        return NULL;
    window[0] = argument;
    frame_of_function(frame, function);
    frame->returns = returns;
    return frame;
}
static inline struct code_state *code_state_of(struct vm *vm, struct code_object *object)
{
    if (__builtin_expect(!object->state, 0))
        WORK_UNTRACKED(vm, predecode(vm, object));
    return object->state;
}
value generator_from_frame(struct vm *vm, struct frame *frame, const word *pc);
struct frame *generator_push_failed(struct vm *vm, const struct generator_object *generator);
void frame_resume_observed(struct frame *frame);

/* First value slot above the innermost frame. */
static inline value *frame_free_slots(struct vm *vm)
{
    struct frame *frame = vm->frame;
    return frame->state ? frame->top : vm->engine->stack;
}

/* The slot that gets what is sent to a suspended generator. */
static inline uint16_t generator_result_slot(const struct generator_object *generator)
{
    return ((const word *)generator->pc)->f.a;
}

/* A callee's slots begin where its arguments lie, unless the caller's are on the heap or it has locals behind them. */
static inline bool frame_calls_in_place(const struct frame *frame)
{
    return !frame->generator && !(frame->state && frame->state->homes_above);
}

/* Where a callee's frame begins: calls copy nothing if they can help it. NULL: RecursionError. */
static inline value *frame_arguments(struct vm *vm, value *arguments, uint32_t count)
{
    struct frame *frame = vm->frame;
    if (__builtin_expect(frame_calls_in_place(frame), 1) || arguments == frame->top)
        return arguments;
    if (__builtin_expect(frame->top + count >= vm->engine->stack_end, 0)) {
        frame_push_failed(vm);
        return NULL;
    }
    for (uint32_t i = 0; i < count; i++)
        frame->top[i] = arguments[i];
    return frame->top;
}

/* A generator's frame, innermost from now on, to go on after its yield. NULL: an exception is pending. */
static inline struct frame *generator_push(struct vm *vm, struct generator_object *generator, enum frame_return returns)
{
    struct engine *engine = vm->engine;
    struct frame *frame = vm->frame + 1;
    if (__builtin_expect(generator->state == GENERATOR_RUNNING, 0))
        return generator_push_failed(vm, generator);
    if (__builtin_expect(frame + vm->c_depth > engine->frames + vm->recursion_limit || frame >= engine->frames_end, 0))
        return frame_push_failed(vm);
    frame->top = frame_free_slots(vm);
    vm->frame = frame;
    frame->slots = generator->slots;
    frame->state = generator->function->code->state;
    frame_of_function(frame, generator->function);
    frame->locals = generator->locals;
    frame->generator = generator;
    frame->returns = returns;
    frame->pc = (const word *)generator->pc + 2;
    frame->outer_handled = vm->handled;
    if (generator->handled != VALUE_NULL)
        vm->handled = generator->handled;
    generator->state = GENERATOR_RUNNING;
    generator->yield_from = VALUE_NULL;
    if (__builtin_expect(generator->frame != NULL, 0))
        frame_resume_observed(frame);
    return frame;
}

static inline void generator_suspend(struct vm *vm, struct frame *frame, const word *pc)
{
    struct generator_object *generator = frame->generator;
    generator->pc = pc;
    generator->state = GENERATOR_SUSPENDED;
    vm->handled = frame->outer_handled;
}

static inline void generator_finish(struct vm *vm, struct frame *frame)
{
    struct generator_object *generator = frame->generator;
    generator->state = GENERATOR_FINISHED;
    generator->handled = generator->yield_from = VALUE_NULL;
    vm->handled = frame->outer_handled;
}

/* When its frame was left: nobody looks at the slots any more. */
static inline void generator_free_slots(struct vm *vm, struct generator_object *generator)
{
    gc_free_storage(vm, generator->slots, generator->slot_count * sizeof(value));
    generator->slots = NULL;
}

/* unwind.c: finds the handler of vm->pending, leaving frames. The pc to go on with in vm->frame, or NULL when a frame that
 * returns to C was left (vm->pending stays). flags as said. */
enum unwind_flags { UNWIND_NO_TRACEBACK = 1, UNWIND_NO_PARTIAL = 2, UNWIND_NO_HANDLER = 4 };
const word *engine_unwind(struct vm *vm, const word *pc, unsigned flags);

/* frame_object.c */
struct frame_object *frame_observe(struct vm *vm, struct frame *frame); /* the frame's object; NULL: no memory, pending */
void frame_detach(struct frame *frame); /* of its object, which is no longer a running frame's */
enum frame_leaving { LEAVE_BY_RETURN, LEAVE_BY_EXCEPTION };
/* `returns` is what it was, then. result: what the frame returns or yields, VALUE_NULL on an exception. False: a trace function
 * raised. */
bool frame_leave_observed(struct vm *vm, struct frame *frame, enum frame_leaving how, value result);
bool frame_suspend_observed(struct vm *vm, struct frame *frame, value result);
void frame_note_reraise(struct frame *frame, value lasti); /* what was raised at this bytecode offset is raised again */

/* counters.c */
void engine_collect_counters(struct vm *vm);

#endif
