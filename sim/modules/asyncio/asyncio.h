/* asyncio.h - module _asyncio: futures and tasks (future.c, task.c), which loop runs in a thread and which task in a loop
 * (module.c). What CPython's own C module leaves to Python code (texts, the policy, the loop) is left to it here, too. */
#ifndef HYBRIDSIM_SIM_MODULES_ASYNCIO_ASYNCIO_H
#define HYBRIDSIM_SIM_MODULES_ASYNCIO_ASYNCIO_H

#include "sim/modules/support.h"

/* What is taken from modules in Python, each when it is first needed. */
enum asyncio_part {
    PART_CANCELLED_ERROR, PART_INVALID_STATE_ERROR, PART_FUTURE_REPR, PART_TASK_REPR, PART_TASK_GET_STACK, PART_TASK_PRINT_STACK,
    PART_IS_COROUTINE, PART_EXTRACT_STACK, PART_GET_POLICY, PART_COPY_CONTEXT, PART_WEAK_SET, ASYNCIO_PARTS
};

struct asyncio_state { /* vm->asyncio */
    value parts[ASYNCIO_PARTS];
    value all_tasks, current_tasks;          /* a WeakSet; a dict: loop -> task */
    value context_keyword, message_keyword;  /* ("context",) and ("msg",) */
    uint64_t names;                          /* of tasks that were given none */
};

enum future_state { FUTURE_PENDING, FUTURE_CANCELLED, FUTURE_FINISHED };

struct future_object { /* a Future or, from `coroutine` on, a Task; followed by a struct subclass_tail */
    struct object head;
    value loop;      /* VALUE_NULL: not initialised */
    value callbacks; /* list of pairs (function, context), or NONE */
    value result, exception, traceback; /* the exception's traceback when it was set */
    value source_traceback, cancel_message, cancelled_error;
    uint8_t state;   /* enum future_state */
    bool blocking, log_traceback;
    bool must_cancel, log_destroyed;
    int64_t cancel_requests;
    value coroutine, waiter, name, context;
};

extern struct type future_type, task_type, future_iterator_type, task_step_type;

static inline struct future_object *future_of(value v)
{
    return (struct future_object *)value_object(v);
}
static inline value value_or_none(value v)
{
    return v == VALUE_NULL ? NONE : v;
}

/* VALUE_NULL: an exception is pending. */
value asyncio_part(struct vm *vm, enum asyncio_part part);
value asyncio_running_loop(struct vm *vm);   /* or NONE */
value asyncio_event_loop(struct vm *vm);     /* the running one, or the policy's */
bool asyncio_enter_task(struct vm *vm, value loop, value task);
bool asyncio_leave_task(struct vm *vm, value loop, value task);

value future_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names);
void future_trace(struct vm *vm, struct object *object);
bool future_start(struct vm *vm, value self, value loop); /* what __init__ does; loop may be NONE */
bool future_is_ready(struct vm *vm, value self);          /* false: it was not initialised, RuntimeError */
value future_cancel(struct vm *vm, value self, value message); /* TRUE, FALSE */
value future_cancelled_error(struct vm *vm, value self);       /* what awaiting a cancelled one raises */
bool future_set_result(struct vm *vm, value self, value result);
bool future_set_exception(struct vm *vm, value self, value exception);
/* 0: *out is the result, 1: the exception to be raised, -1: there is neither, an exception is pending */
int future_outcome(struct vm *vm, value self, value *out);
value future_add_callback(struct vm *vm, value self, value function, value context);
value future_finalize(struct vm *vm, value self);
bool future_wants_finalizing(const struct object *object);
/* loop.call_soon(function, argument, context=context): VALUE_NULL stands for "without". */
bool asyncio_call_soon(struct vm *vm, value loop, value function, value argument, value context);

#endif
