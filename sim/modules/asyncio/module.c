/* module.c - module _asyncio: which loop runs in each thread, which task in each loop, and all tasks. */
#include "sim/modules/asyncio/asyncio.h"
#include "sim/runtime/attribute.h"
#include "sim/runtime/container.h"
#include "sim/runtime/module.h"
#include "sim/runtime/thread.h"

#include <stdlib.h>

#define FUNCTION(name)                                                                                                 \
    static value asyncio_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

value asyncio_part(struct vm *vm, enum asyncio_part part)
{
    static const struct {
        const char *module, *name;
    } places[] = {
        [PART_CANCELLED_ERROR] = {"asyncio.exceptions", "CancelledError"},
        [PART_INVALID_STATE_ERROR] = {"asyncio.exceptions", "InvalidStateError"},
        [PART_FUTURE_REPR] = {"asyncio.base_futures", "_future_repr"},
        [PART_TASK_REPR] = {"asyncio.base_tasks", "_task_repr"},
        [PART_TASK_GET_STACK] = {"asyncio.base_tasks", "_task_get_stack"},
        [PART_TASK_PRINT_STACK] = {"asyncio.base_tasks", "_task_print_stack"},
        [PART_IS_COROUTINE] = {"asyncio.coroutines", "iscoroutine"},
        [PART_EXTRACT_STACK] = {"traceback", "extract_stack"},
        [PART_GET_POLICY] = {"asyncio.events", "get_event_loop_policy"},
        [PART_COPY_CONTEXT] = {"_contextvars", "copy_context"},
        [PART_WEAK_SET] = {"weakref", "WeakSet"},
    };
    value *known = &vm->asyncio->parts[part];
    if (*known == VALUE_NULL) {
        value module = import_module(vm, places[part].module);
        *known = module == VALUE_NULL ? module : get_attribute_text(vm, module, places[part].name);
    }
    return *known;
}

/* ---- loops ---- */

static value running_loop_key(struct vm *vm)
{
    return intern_text(vm, "__asyncio_running_event_loop__");
}

value asyncio_running_loop(struct vm *vm)
{
    value *locals = thread_locals(vm), loop;
    int found = *locals == VALUE_NULL ? 0 : dict_find(vm, dict_of(*locals), running_loop_key(vm), &loop);
    return found < 0 ? VALUE_NULL : found ? loop : NONE;
}

value asyncio_event_loop(struct vm *vm)
{
    value loop = asyncio_running_loop(vm);
    if (loop != NONE)
        return loop;
    value ask = asyncio_part(vm, PART_GET_POLICY), policy = ask == VALUE_NULL ? ask : call_0(vm, ask);
    return policy == VALUE_NULL ? policy : call_method(vm, policy, "get_event_loop", NULL, 0);
}

FUNCTION(_get_running_loop) { UNUSED; return asyncio_running_loop(vm); }
FUNCTION(get_event_loop) { UNUSED; return asyncio_event_loop(vm); }

FUNCTION(get_running_loop)
{
    UNUSED;
    value loop = asyncio_running_loop(vm);
    return loop == NONE ? raise_error(vm, &exc_RuntimeError, "no running event loop") : loop;
}

FUNCTION(_set_running_loop)
{
    UNUSED;
    value *locals = thread_locals(vm);
    if (*locals == VALUE_NULL && (*locals = dict_new(vm)) == VALUE_NULL)
        return VALUE_NULL;
    return dict_set(vm, dict_of(*locals), running_loop_key(vm), arguments[0]) ? NONE : VALUE_NULL;
}

/* ---- tasks ---- */

bool asyncio_enter_task(struct vm *vm, value loop, value task)
{
    value present;
    struct dict_object *current = dict_of(vm->asyncio->current_tasks);
    int found = dict_find(vm, current, loop, &present);
    if (found > 0)
        raise_error(vm, &exc_RuntimeError, "Cannot enter into task %R while another task %R is being executed.", task, present);
    return !found && dict_set(vm, current, loop, task);
}

bool asyncio_leave_task(struct vm *vm, value loop, value task)
{
    value present = NONE;
    struct dict_object *current = dict_of(vm->asyncio->current_tasks);
    int found = dict_find(vm, current, loop, &present);
    if (found < 0)
        return false;
    if (!found || present != task) {
        raise_error(vm, &exc_RuntimeError, "Leaving task %R does not match the current task %R.", task, found ? present : NONE);
        return false;
    }
    return dict_delete(vm, current, loop) >= 0;
}

FUNCTION(_enter_task) { UNUSED; return asyncio_enter_task(vm, arguments[0], arguments[1]) ? NONE : VALUE_NULL; }
FUNCTION(_leave_task) { UNUSED; return asyncio_leave_task(vm, arguments[0], arguments[1]) ? NONE : VALUE_NULL; }

FUNCTION(_register_task)
{
    UNUSED;
    return call_method(vm, vm->asyncio->all_tasks, "add", arguments, 1) == VALUE_NULL ? VALUE_NULL : NONE;
}

FUNCTION(_unregister_task)
{
    UNUSED;
    return call_method(vm, vm->asyncio->all_tasks, "discard", arguments, 1) == VALUE_NULL ? VALUE_NULL : NONE;
}

/* ---- the module ---- */

static void state_trace(struct vm *vm, void *context)
{
    (void)context;
    const struct asyncio_state *state = vm->asyncio;
    for (int i = 0; i < ASYNCIO_PARTS; i++)
        if (state->parts[i] != VALUE_NULL)
            gc_mark(vm, state->parts[i]);
    const value held[] = {state->all_tasks, state->current_tasks, state->context_keyword, state->message_keyword};
    for (size_t i = 0; i < sizeof held / sizeof *held; i++)
        if (held[i] != VALUE_NULL)
            gc_mark(vm, held[i]);
}

static bool state_new(struct vm *vm)
{
    struct asyncio_state *state = malloc(sizeof *state);
    if (!state)
        return raise_no_memory(vm) != VALUE_NULL;
    for (int i = 0; i < ASYNCIO_PARTS; i++)
        state->parts[i] = VALUE_NULL;
    state->all_tasks = state->current_tasks = state->context_keyword = state->message_keyword = VALUE_NULL;
    state->names = 0;
    vm->asyncio = state;
    gc_add_tracer(vm, state_trace, NULL);
    struct type *const types[] = {&future_type, &task_type, &future_iterator_type, &task_step_type};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        type_ready(vm, types[i]);
    value weak_set = asyncio_part(vm, PART_WEAK_SET);
    state->all_tasks = weak_set == VALUE_NULL ? weak_set : call_0(vm, weak_set);
    state->current_tasks = dict_new(vm);
    state->context_keyword = tuple_pack(vm, 1, intern_text(vm, "context"));
    state->message_keyword = tuple_pack(vm, 1, intern_text(vm, "msg"));
    return state->all_tasks != VALUE_NULL && state->current_tasks != VALUE_NULL && state->context_keyword != VALUE_NULL &&
           state->message_keyword != VALUE_NULL;
}

void asyncio_state_free(struct vm *vm)
{
    free(vm->asyncio);
    vm->asyncio = NULL;
}

static bool asyncio_initialize(struct vm *vm, value module)
{
    struct dict_object *dict = support_dict(module);
    return (vm->asyncio || state_new(vm)) && dict_set_text(vm, dict, "Future", object_value(&future_type)) &&
           dict_set_text(vm, dict, "Task", object_value(&task_type)) &&
           dict_set_text(vm, dict, "_all_tasks", vm->asyncio->all_tasks) &&
           dict_set_text(vm, dict, "_current_tasks", vm->asyncio->current_tasks);
}

static const struct method_definition functions[] = {
    {"_get_running_loop", "()", asyncio__get_running_loop, 0, NULL},
    {"_set_running_loop", "(loop, /)", asyncio__set_running_loop, 0, NULL},
    {"get_running_loop", "()", asyncio_get_running_loop, 0, NULL},
    {"get_event_loop", "()", asyncio_get_event_loop, 0, NULL},
    {"_get_event_loop", "(stacklevel=3)", asyncio_get_event_loop, 0, NULL},
    {"_register_task", "(task)", asyncio__register_task, 0, NULL},
    {"_unregister_task", "(task)", asyncio__unregister_task, 0, NULL},
    {"_enter_task", "(loop, task)", asyncio__enter_task, 0, NULL},
    {"_leave_task", "(loop, task)", asyncio__leave_task, 0, NULL},
    {0},
};

const struct native_module asyncio_module = {"_asyncio", asyncio_initialize, functions};
