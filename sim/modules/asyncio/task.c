/* task.c - _asyncio.Task: a coroutine driven by an event loop, a step at a time. */
#include "sim/modules/asyncio/asyncio.h"
#include "sim/runtime/async.h"
#include "sim/runtime/attribute.h"
#include "sim/runtime/container.h"
#include "sim/runtime/type.h"

#define METHOD(name)                                                                                                   \
    static value task_method_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

/* ---- what the loop calls: a step, or being woken by a future ---- */

struct step_object {
    struct object head;
    value task, exception; /* VALUE_NULL: none */
};

static value task_step(struct vm *vm, value self, value exception);

static void step_trace(struct vm *vm, struct object *object)
{
    const struct step_object *step = (struct step_object *)object;
    gc_mark(vm, step->task);
    if (step->exception != VALUE_NULL)
        gc_mark(vm, step->exception);
}

static value step_call(struct vm *vm, value callee, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments;
    if (keyword_count(keyword_names))
        return raise_error(vm, &exc_TypeError, "function takes no keyword arguments");
    if (count)
        return raise_error(vm, &exc_TypeError, "function takes no positional arguments");
    const struct step_object *step = (struct step_object *)value_object(callee);
    return task_step(vm, step->task, step->exception);
}

static value step_task(struct vm *vm, value self) { (void)vm; return ((struct step_object *)value_object(self))->task; }

static const struct property_definition step_properties[] = {{"__self__", step_task, NULL}, {0}};

struct type task_step_type = {.name = "TaskStepMethWrapper",
                              .instance_size = sizeof(struct step_object),
                              .trace = step_trace,
                              .properties = step_properties,
                              .call = step_call};

static bool step_soon(struct vm *vm, value self, value exception)
{
    struct step_object *step = GC_NEW(vm, struct step_object, &task_step_type);
    if (!step)
        return false;
    step->task = self;
    step->exception = exception;
    return asyncio_call_soon(vm, future_of(self)->loop, object_value(step), VALUE_NULL, future_of(self)->context);
}

static value task_wakeup(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    UNUSED;
    value future = arguments[0], found = VALUE_NULL;
    int outcome;
    if (is_exact(future, &future_type) || is_exact(future, &task_type))
        outcome = future_outcome(vm, future, &found);
    else
        outcome = call_method(vm, future, "result", NULL, 0) == VALUE_NULL ? -1 : 0;
    if (unsupported_pending(vm))
        return VALUE_NULL;
    return task_step(vm, self, outcome < 0 ? exception_take(vm) : outcome ? found : VALUE_NULL);
}

static value wakeup_new(struct vm *vm, value self)
{
    static const struct method_definition definition = {"task_wakeup", "(fut, /)", task_wakeup, METHOD_INSTANCE, NULL};
    return native_function_new(vm, &definition, self, NULL);
}

/* ---- steps ---- */

/* The task goes on with an error of its own making. */
static value fail_with(struct vm *vm, value self, value text)
{
    value error = text == VALUE_NULL ? text : call_1(vm, object_value(&exc_RuntimeError), text);
    return error != VALUE_NULL && step_soon(vm, self, error) ? NONE : VALUE_NULL;
}

static value fail_soon(struct vm *vm, value self, const char *format, value with)
{
    return fail_with(vm, self, string_printf(vm, format, self, with));
}

static value cancel_other(struct vm *vm, value other, value message)
{
    if (is_exact(other, &future_type))
        return future_is_ready(vm, other) ? future_cancel(vm, other, message) : VALUE_NULL;
    value method = get_attribute_text(vm, other, "cancel");
    return method == VALUE_NULL ? method : call(vm, method, &message, 0, vm->asyncio->message_keyword);
}

/* The task waits for what its coroutine has awaited. */
static value wait_for(struct vm *vm, value self, value other)
{
    struct future_object *f = future_of(self);
    f->waiter = other;
    if (!f->must_cancel)
        return NONE;
    value cancelled = cancel_other(vm, other, f->cancel_message);
    int truth = cancelled == VALUE_NULL ? -1 : value_truth(vm, cancelled);
    if (truth > 0)
        f->must_cancel = false;
    return truth < 0 ? VALUE_NULL : NONE;
}

static const char different_loop[] = "Task %R got Future %R attached to a different loop";
static const char no_yield_from[] = "yield was used instead of yield from in task %R with %R";

static value wait_for_future(struct vm *vm, value self, value other)
{
    struct future_object *theirs = future_of(other);
    if (theirs->loop != future_of(self)->loop)
        return fail_soon(vm, self, different_loop, other);
    if (!theirs->blocking)
        return fail_soon(vm, self, no_yield_from, other);
    theirs->blocking = false;
    value wakeup = wakeup_new(vm, self);
    if (wakeup == VALUE_NULL || future_add_callback(vm, other, wakeup, future_of(self)->context) == VALUE_NULL)
        return VALUE_NULL;
    return wait_for(vm, self, other);
}

static value loop_of_stranger(struct vm *vm, value other)
{
    value method;
    int found = find_attribute(vm, other, intern_text(vm, "get_loop"), &method);
    return found < 0 ? VALUE_NULL : found ? call_0(vm, method) : get_attribute_text(vm, other, "_loop");
}

/* Something that behaves like a future. */
static value wait_for_stranger(struct vm *vm, value self, value other, int blocking)
{
    value loop = loop_of_stranger(vm, other);
    if (loop == VALUE_NULL)
        return VALUE_NULL;
    if (loop != future_of(self)->loop)
        return fail_soon(vm, self, different_loop, other);
    if (!blocking)
        return fail_soon(vm, self, no_yield_from, other);
    value method, given[2] = {wakeup_new(vm, self), future_of(self)->context};
    if (given[0] == VALUE_NULL || !set_attribute(vm, other, intern_text(vm, "_asyncio_future_blocking"), FALSE) ||
        (method = get_attribute_text(vm, other, "add_done_callback")) == VALUE_NULL ||
        call(vm, method, given, 1, vm->asyncio->context_keyword) == VALUE_NULL)
        return VALUE_NULL;
    return wait_for(vm, self, other);
}

static value wait_for_yielded(struct vm *vm, value self, value yielded)
{
    if (yielded == self)
        return fail_with(vm, self, string_printf(vm, "Task cannot await on itself: %R", self));
    if (is_exact(yielded, &future_type) || is_exact(yielded, &task_type))
        return wait_for_future(vm, self, yielded);
    if (yielded == NONE)
        return step_soon(vm, self, VALUE_NULL) ? NONE : VALUE_NULL;
    value mark;
    int found = find_attribute(vm, yielded, intern_text(vm, "_asyncio_future_blocking"), &mark);
    int blocking = found > 0 && mark != NONE ? value_truth(vm, mark) : 0;
    if (found < 0 || blocking < 0)
        return VALUE_NULL;
    if (found && mark != NONE)
        return wait_for_stranger(vm, self, yielded, blocking);
    if (is_exact(yielded, &generator_type))
        return fail_soon(vm, self, "yield was used instead of yield from for generator in task %R with %R", yielded);
    return fail_with(vm, self, string_printf(vm, "Task got bad yield: %R", yielded));
}

/* What the coroutine yields; VALUE_NULL: it returned vm->generator_result, or an exception is pending. */
static value run_coroutine(struct vm *vm, value coroutine, value exception)
{
    if (is_exact(coroutine, &coroutine_type)) {
        if (exception == VALUE_NULL)
            return generator_send(vm, coroutine, NONE);
        vm->pending = exception;
        return generator_throw(vm, coroutine);
    }
    value none = NONE;
    value result = exception == VALUE_NULL ? call_method(vm, coroutine, "send", &none, 1)
                                           : call_method(vm, coroutine, "throw", &exception, 1);
    if (result == VALUE_NULL && exception_matches(vm, &exc_StopIteration)) {
        const struct exception_object *stop = (struct exception_object *)value_object(exception_take(vm));
        vm->generator_result = stop->fields[0] == VALUE_NULL ? NONE : stop->fields[0];
    }
    return result;
}

/* The coroutine has ended; its exception is pending, or vm->generator_result is what it returned. */
static value task_ended(struct vm *vm, value self)
{
    struct future_object *f = future_of(self);
    if (vm->pending == VALUE_NULL && f->must_cancel) {
        f->must_cancel = false; /* cancelled just before it ended */
        return future_cancel(vm, self, f->cancel_message) == VALUE_NULL ? VALUE_NULL : NONE;
    }
    if (vm->pending == VALUE_NULL)
        return future_set_result(vm, self, vm->generator_result) ? NONE : VALUE_NULL;
    if (unsupported_pending(vm))
        return VALUE_NULL;
    value exception = exception_take(vm), cancelled_error = asyncio_part(vm, PART_CANCELLED_ERROR);
    if (cancelled_error == VALUE_NULL)
        return VALUE_NULL;
    if (is_instance(vm, exception, type_of_value(cancelled_error))) {
        f->cancelled_error = exception;
        return future_cancel(vm, self, NONE) == VALUE_NULL ? VALUE_NULL : NONE;
    }
    if (!future_set_exception(vm, self, exception))
        return VALUE_NULL;
    if (!is_instance(vm, exception, &exc_KeyboardInterrupt) && !is_instance(vm, exception, &exc_SystemExit))
        return NONE;
    vm->pending = exception;
    return VALUE_NULL;
}

static value step_inside(struct vm *vm, value self, value exception)
{
    struct future_object *f = future_of(self);
    if (f->state != FUTURE_PENDING) {
        value type = asyncio_part(vm, PART_INVALID_STATE_ERROR);
        value text = type == VALUE_NULL ? type
                     : exception == VALUE_NULL ? string_printf(vm, "_step(): already done: %R ''", self)
                                               : string_printf(vm, "_step(): already done: %R %R", self, exception);
        value error = text == VALUE_NULL ? text : call_1(vm, type, text);
        return error == VALUE_NULL ? error : raise_value(vm, error);
    }
    if (f->must_cancel) {
        value cancelled_error = asyncio_part(vm, PART_CANCELLED_ERROR);
        if (cancelled_error == VALUE_NULL)
            return VALUE_NULL;
        if (exception == VALUE_NULL || !is_instance(vm, exception, type_of_value(cancelled_error)))
            exception = future_cancelled_error(vm, self);
        f->must_cancel = false;
        if (exception == VALUE_NULL)
            return VALUE_NULL;
    }
    f->waiter = VALUE_NULL;
    value yielded = run_coroutine(vm, f->coroutine, exception);
    return yielded == VALUE_NULL ? task_ended(vm, self) : wait_for_yielded(vm, self, yielded);
}

static value task_step(struct vm *vm, value self, value exception)
{
    value loop = future_of(self)->loop;
    if (!asyncio_enter_task(vm, loop, self))
        return VALUE_NULL;
    value result = step_inside(vm, self, exception), pending = VALUE_NULL;
    if (result == VALUE_NULL)
        pending = exception_take(vm);
    if (!asyncio_leave_task(vm, loop, self) && pending == VALUE_NULL)
        return VALUE_NULL;
    if (pending != VALUE_NULL)
        vm->pending = pending;
    return result;
}

/* ---- life ---- */

static value task_name(struct vm *vm, value given)
{
    if (given == VALUE_NULL || given == NONE)
        return string_printf(vm, "Task-%llu", (unsigned long long)++vm->asyncio->names);
    return value_string(vm, given);
}

static bool is_coroutine(struct vm *vm, value v)
{
    if (is_exact(v, &coroutine_type))
        return true;
    value ask = asyncio_part(vm, PART_IS_COROUTINE), answer = ask == VALUE_NULL ? ask : call_1(vm, ask, v);
    int truth = answer == VALUE_NULL ? -1 : value_truth(vm, answer);
    if (truth == 0)
        raise_error(vm, &exc_TypeError, "a coroutine was expected, got %R", v);
    return truth > 0;
}

static bool task_init(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    static const char *const names[] = {"coro", "loop", "name", "context", NULL};
    value bound[4];
    struct future_object *f = future_of(self);
    if (!arguments_bind(vm, &(struct argument_names){"Task", names, 1, 1}, arguments, count, keyword_names, bound) ||
        !future_start(vm, self, bound[1] == VALUE_NULL ? NONE : bound[1]))
        return false;
    f->log_destroyed = false;
    if (!is_coroutine(vm, bound[0]))
        return false;
    f->must_cancel = false;
    f->cancel_requests = 0;
    f->waiter = VALUE_NULL;
    f->coroutine = bound[0];
    if (bound[3] == VALUE_NULL || bound[3] == NONE) {
        value copy = asyncio_part(vm, PART_COPY_CONTEXT);
        bound[3] = copy == VALUE_NULL ? copy : call_0(vm, copy);
    }
    f->context = bound[3];
    f->name = f->context == VALUE_NULL ? VALUE_NULL : task_name(vm, bound[2]);
    f->log_destroyed = true;
    return f->name != VALUE_NULL && step_soon(vm, self, VALUE_NULL) &&
           call_method(vm, vm->asyncio->all_tasks, "add", &self, 1) != VALUE_NULL;
}

/* ---- methods ---- */

METHOD(cancel)
{
    UNUSED;
    struct future_object *f = future_of(self);
    value message = arguments[0] == VALUE_NULL ? NONE : arguments[0];
    f->log_traceback = false;
    if (f->state != FUTURE_PENDING)
        return FALSE;
    f->cancel_requests++;
    if (f->waiter != VALUE_NULL) {
        value cancelled = cancel_other(vm, f->waiter, message);
        int truth = cancelled == VALUE_NULL ? -1 : value_truth(vm, cancelled);
        if (truth)
            return truth < 0 ? VALUE_NULL : TRUE;
    }
    f->must_cancel = true;
    f->cancel_message = message;
    return TRUE;
}

METHOD(cancelling) { UNUSED; return int_from_int64(vm, future_of(self)->cancel_requests); }

METHOD(uncancel)
{
    UNUSED;
    struct future_object *f = future_of(self);
    if (f->cancel_requests > 0)
        f->cancel_requests--;
    return int_from_int64(vm, f->cancel_requests);
}

static value with_part(struct vm *vm, enum asyncio_part part, value self, const value *more, size_t count)
{
    value function = asyncio_part(vm, part), given[3] = {self};
    for (size_t i = 0; i < count; i++)
        given[i + 1] = more[i] == VALUE_NULL ? NONE : more[i];
    return function == VALUE_NULL ? function : call(vm, function, given, count + 1, VALUE_NULL);
}

METHOD(get_stack) { UNUSED; return with_part(vm, PART_TASK_GET_STACK, self, arguments, 1); }
METHOD(print_stack) { UNUSED; return with_part(vm, PART_TASK_PRINT_STACK, self, arguments, 2); }
METHOD(get_coro) { UNUSED; return value_or_none(future_of(self)->coroutine); }
METHOD(get_name) { UNUSED; return value_or_none(future_of(self)->name); }

METHOD(set_name)
{
    UNUSED;
    value name = value_string(vm, arguments[0]);
    if (name == VALUE_NULL)
        return VALUE_NULL;
    future_of(self)->name = name;
    return NONE;
}

METHOD(set_result)
{
    UNUSED;
    return raise_error(vm, &exc_RuntimeError, "Task does not support set_result operation");
}

METHOD(set_exception)
{
    UNUSED;
    return raise_error(vm, &exc_RuntimeError, "Task does not support set_exception operation");
}

static value task_repr(struct vm *vm, value self) { return with_part(vm, PART_TASK_REPR, self, NULL, 0); }
static value get_coroutine(struct vm *vm, value self) { (void)vm; return value_or_none(future_of(self)->coroutine); }
static value get_waiter(struct vm *vm, value self) { (void)vm; return value_or_none(future_of(self)->waiter); }
static value get_must_cancel(struct vm *vm, value self) { (void)vm; return bool_value(future_of(self)->must_cancel); }
static value get_log(struct vm *vm, value self) { (void)vm; return bool_value(future_of(self)->log_destroyed); }
static bool set_log(struct vm *vm, value self, value item)
{
    if (item == VALUE_NULL)
        return raise_error(vm, &exc_AttributeError, "cannot delete attribute") != VALUE_NULL;
    int truth = value_truth(vm, item);
    if (truth >= 0)
        future_of(self)->log_destroyed = truth;
    return truth >= 0;
}

static const struct method_definition task_methods[] = {
    {"set_result", "(result, /)", task_method_set_result, 0, NULL},
    {"set_exception", "(exception, /)", task_method_set_exception, 0, NULL},
    {"cancel", "(msg=None)", task_method_cancel, 0, NULL},
    {"cancelling", "()", task_method_cancelling, 0, NULL},
    {"uncancel", "()", task_method_uncancel, 0, NULL},
    {"get_stack", "(*, limit=None)", task_method_get_stack, 0, NULL},
    {"print_stack", "(*, limit=None, file=None)", task_method_print_stack, 0, NULL},
    {"get_name", "()", task_method_get_name, 0, NULL},
    {"set_name", "(value, /)", task_method_set_name, 0, NULL},
    {"get_coro", "()", task_method_get_coro, 0, NULL},
    {"__class_getitem__", "(item, /)", generator_class_getitem, METHOD_CLASS, "See PEP 585"},
    {0},
};

static const struct property_definition task_properties[] = {
    {"_log_destroy_pending", get_log, set_log}, {"_must_cancel", get_must_cancel, NULL}, {"_coro", get_coroutine, NULL},
    {"_fut_waiter", get_waiter, NULL}, {0}};

struct type task_type = {.name = "_asyncio.Task",
                         .doc = "A coroutine wrapped in a Future.",
                         .flags = TYPE_SUBCLASSABLE | TYPE_HAS_INSTANCE_DICT | TYPE_MAKES_SUBCLASSES | TYPE_HAS_FINALIZER,
                         .base = &future_type,
                         .instance_size = sizeof(struct future_object) + sizeof(struct subclass_tail),
                         .tail_offset = sizeof(struct future_object),
                         .trace = future_trace,
                         .methods = task_methods,
                         .properties = task_properties,
                         .new = future_new,
                         .init = task_init,
                         .repr = task_repr,
                         .finalize = future_finalize,
                         .wants_finalizing = future_wants_finalizing};
