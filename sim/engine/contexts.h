/* contexts.h - the tree of calling contexts of a profiled run: a node for each chain of calls that occurred, with counters of its
 * own for the blocks of its code, work of its own, and its calls by place. Nothing is measured at calls and returns: a frame that
 * is entered or gone on with only changes which counters the loop increments (loop_profiled.c), so what the nodes hold adds up to
 * what a plain run counts, whatever exceptions, generators and threads do.
 *
 * A native function called by an instruction `call` is a node, too, with work only; what it calls in turn is below it. Recursion
 * makes a chain of nodes, up to a depth; from there on, and when there are very many nodes, calls of a function that is already in
 * the chain are counted at the node that it has there. */
#ifndef HYBRIDSIM_SIM_ENGINE_CONTEXTS_H
#define HYBRIDSIM_SIM_ENGINE_CONTEXTS_H

#include "sim/engine/frame.h"
#include "sim/runtime/native_counters.h"

struct context_site { /* an op word that called, and how often */
    const word *pc;
    uint64_t calls;
    struct context_site *next; /* in a ring */
};

struct context { /* a cache line */
    _Alignas(64) const void *key; /* its struct code_state, or a native function's struct native_counter; NULL: the root */
    uint64_t *counters;         /* of Python code: two for each of the state's counters, executions and taken; else NULL */
    uint64_t *work;
    struct context_site *site;  /* the latest */
    struct code_profile *extra; /* partial executions, failed guards, shapes, mispredictions; NULL: none */
    uint32_t parent, target;    /* target: where its counts go: itself, or for recursion a node above */
    uint32_t same;              /* next of those that count for the same code object; 0: none */
    uint32_t latest;            /* what it called last; 0: nothing yet */
};

struct contexts {
    struct context *nodes;      /* the root first */
    uint32_t count, table_shift;
    uint32_t *table;            /* by parent and key: 1 + node; open addressing */
};

void contexts_start(struct engine *engine, uint64_t *root_work);
/* At the end: into the profile's codes, as a plain run would have counted, and as profile->contexts. */
void contexts_collect(struct vm *vm);
void contexts_free(struct engine *engine);
/* The code object's complete executions of the block whose counters are `counter`th, so far. */
uint64_t contexts_count(const struct contexts *contexts, const struct code_state *state, uint32_t counter);

/* For contexts.c and below. */
struct context *context_find(struct vm *vm, uint32_t parent, const void *key, struct code_state *state);
struct context_site *context_add_site(struct context *context, const word *pc);

static inline uint32_t context_hash(const struct contexts *contexts, uint32_t parent, const void *key)
{
    uint64_t mixed = ((uintptr_t)key >> 4) + (uint64_t)parent * 0x9e3779b97f4a7c15u;
    return (uint32_t)((mixed * 0xd6e8feb86659fd93u) >> contexts->table_shift);
}

/* The context of a call from the frame's context at its pc. state: of Python code; NULL: native. `nodes` does not move. */
static inline struct context *context_call(struct vm *vm, struct context *nodes, const struct frame *caller, const void *key,
                                           struct code_state *state)
{
    struct context *context = &nodes[nodes[caller->context].latest]; /* the root's key is nobody's */
    if (__builtin_expect(context->key != key, 0))
        context = context_find(vm, caller->context, key, state);
    struct context_site *site = context->site;
    if (__builtin_expect(site->pc != caller->pc, 0)) {
        site = site->next; /* two places take turns more often than not */
        if (site->pc != caller->pc)
            site = context_add_site(context, caller->pc);
        context->site = site;
    }
    site->calls++;
    return context;
}

/* The innermost frame is about to run: its counters. */
static inline uint64_t *context_enter(struct vm *vm, struct context *nodes)
{
    struct frame *frame = vm->frame;
    struct context *context = context_call(vm, nodes, frame - 1, frame->state, frame->state);
    frame->context = context->target;
    vm->work = context->work;
    return context->counters;
}

/* A frame goes on. */
static inline uint64_t *context_resume(struct vm *vm, const struct context *nodes, const struct frame *frame)
{
    const struct context *context = &nodes[frame->context];
    vm->work = context->work;
    return context->counters;
}

/* The innermost frame, which made a generator and did nothing else, was not a call: that counts when it is resumed. */
void context_take_back_call(struct vm *vm);

/* Around a native call by the innermost frame: gives what context_leave_native wants. */
static inline uint32_t context_enter_native(struct vm *vm, struct context *nodes, struct native_function_object *function)
{
    struct frame *frame = vm->frame;
    uint32_t own = frame->context;
    if (__builtin_expect(!function->counter, 0))
        function->counter = native_counter_of(vm, function);
    struct context *context = context_call(vm, nodes, frame, function->counter, NULL);
    frame->context = context->target;
    vm->work = context->work;
    return own;
}

static inline void context_leave_native(struct vm *vm, const struct context *nodes, uint32_t own)
{
    vm->frame->context = own;
    vm->work = nodes[own].work;
}

/* Where what is rare is counted for the frame: its code object's profile, or its context's. */
struct code_profile *context_extra(struct vm *vm, const struct frame *frame);
static inline struct code_profile *frame_profile(struct vm *vm, const struct frame *frame)
{
    return __builtin_expect(vm->engine->contexts == NULL, 1) ? frame->state->profile : context_extra(vm, frame);
}

#endif
