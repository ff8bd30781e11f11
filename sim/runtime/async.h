/* async.h - what coroutines, asynchronous generators and the modules for them share. */
#ifndef HYBRIDSIM_SIM_RUNTIME_ASYNC_H
#define HYBRIDSIM_SIM_RUNTIME_ASYNC_H

#include "sim/runtime/types.h"

/* vm->async_hooks: sys.set_asyncgen_hooks */
enum async_hook { ASYNC_HOOK_FIRST_ITERATION, ASYNC_HOOK_FINALIZER };

struct async_generator_object {
    struct generator_object generator;
    bool running;      /* a step is being awaited */
    bool closed, hooks_run;
    value finalizer;   /* who finishes it when it is abandoned; 0: not asked yet */
};

/* A value that the body of an asynchronous generator yields, told apart from what its awaits yield. */
value async_wrap(struct vm *vm, value v);

/* What `await v` iterates over; VALUE_NULL: TypeError pending. */
value awaitable_iterator(struct vm *vm, value v);

/* anext(iterator, absent): `awaitable` is what its __anext__ answered. */
value anext_awaitable_new(struct vm *vm, value awaitable, value absent);

void async_types_ready(struct vm *vm);

/* generator.c: for all kinds. generator_throw throws the pending exception; a VALUE_NULL without pending exception is a return,
 * whose value is in vm->generator_result. generator_raise_argument raises what throw(type, value, traceback) was given; false:
 * the arguments were wrong, and the pending exception says so. */
value generator_throw(struct vm *vm, value generator);
bool generator_raise_argument(struct vm *vm, const value *arguments, size_t count, value keyword_names);
value generator_result_or_stop(struct vm *vm, value result);
value generator_repr(struct vm *vm, value generator);
bool generator_wants_finalizing(const struct object *object);
value generator_finalize(struct vm *vm, value generator);
void generator_trace(struct vm *vm, struct object *object);
value generator_class_getitem(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names);
extern const struct property_definition async_generator_properties[];

#endif
