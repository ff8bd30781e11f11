/* future.c - _asyncio.Future and what awaiting one iterates over. */
#include "sim/modules/asyncio/asyncio.h"
#include "sim/runtime/async.h"
#include "sim/runtime/attribute.h"
#include "sim/runtime/container.h"
#include "sim/runtime/type.h"

#define METHOD(name)                                                                                                   \
    static value future_method_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

/* ---- life ---- */

void future_trace(struct vm *vm, struct object *object)
{
    const struct future_object *f = (struct future_object *)object;
    const value held[] = {f->loop, f->callbacks, f->result, f->exception, f->traceback, f->source_traceback, f->cancel_message,
                          f->cancelled_error, f->coroutine, f->waiter, f->name, f->context, instance_tail(object)->overflow};
    for (size_t i = 0; i < sizeof held / sizeof *held; i++)
        if (is_object(held[i]))
            gc_mark(vm, held[i]);
}

value future_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    struct future_object *f = instance_allocate(vm, type, sizeof *f + sizeof(struct subclass_tail));
    if (!f)
        return VALUE_NULL;
    f->loop = f->result = f->exception = f->traceback = f->source_traceback = f->cancelled_error = VALUE_NULL;
    f->coroutine = f->waiter = f->name = f->context = VALUE_NULL;
    f->callbacks = f->cancel_message = NONE;
    f->state = FUTURE_PENDING;
    f->blocking = f->log_traceback = f->must_cancel = f->log_destroyed = false;
    f->cancel_requests = 0;
    return object_value(f);
}

bool future_start(struct vm *vm, value self, value loop)
{
    struct future_object *f = future_of(self);
    f->result = f->exception = f->traceback = f->source_traceback = f->cancelled_error = VALUE_NULL;
    f->callbacks = f->cancel_message = NONE;
    f->state = FUTURE_PENDING;
    f->blocking = f->log_traceback = false;
    f->loop = VALUE_NULL;
    if (loop == NONE && (loop = asyncio_event_loop(vm)) == VALUE_NULL)
        return false;
    f->loop = loop;
    value debug = call_method(vm, loop, "get_debug", NULL, 0);
    int wanted = debug == VALUE_NULL ? -1 : value_truth(vm, debug);
    if (wanted > 0) {
        value extract = asyncio_part(vm, PART_EXTRACT_STACK);
        f->source_traceback = extract == VALUE_NULL ? extract : call_0(vm, extract);
        return f->source_traceback != VALUE_NULL;
    }
    return wanted == 0;
}

static bool future_init(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    static const char *const names[] = {"loop", NULL};
    value loop;
    return arguments_bind(vm, &(struct argument_names){"Future", names, 0, 0}, arguments, count, keyword_names, &loop) &&
           future_start(vm, self, loop == VALUE_NULL ? NONE : loop);
}

static const char not_initialised[] = "Future object is not initialized.";

bool future_is_ready(struct vm *vm, value self)
{
    if (future_of(self)->loop == VALUE_NULL)
        raise_error(vm, &exc_RuntimeError, "%s", not_initialised);
    return future_of(self)->loop != VALUE_NULL;
}

static value raise_invalid_state(struct vm *vm, const char *text)
{
    value type = asyncio_part(vm, PART_INVALID_STATE_ERROR);
    value error = type == VALUE_NULL ? type : call_1(vm, type, string_from_text(vm, text));
    return error == VALUE_NULL ? error : raise_value(vm, error);
}

/* ---- callbacks ---- */

bool asyncio_call_soon(struct vm *vm, value loop, value function, value argument, value context)
{
    value given[3] = {function}, method = get_attribute_text(vm, loop, "call_soon");
    size_t count = 1;
    if (argument != VALUE_NULL)
        given[count++] = argument;
    given[count] = context;
    return method != VALUE_NULL &&
           call(vm, method, given, count, context == VALUE_NULL ? VALUE_NULL : vm->asyncio->context_keyword) != VALUE_NULL;
}

static bool schedule_callbacks(struct vm *vm, value self)
{
    struct future_object *f = future_of(self);
    value callbacks = f->callbacks;
    f->callbacks = NONE;
    for (uint32_t i = 0; callbacks != NONE && i < list_of(callbacks)->length; i++) {
        const value *pair = tuple_of(list_of(callbacks)->items[i])->items;
        if (!asyncio_call_soon(vm, f->loop, pair[0], self, pair[1]))
            return false;
    }
    return true;
}

value future_add_callback(struct vm *vm, value self, value function, value context)
{
    struct future_object *f = future_of(self);
    if (f->loop == VALUE_NULL)
        return raise_error(vm, &exc_RuntimeError, "uninitialized Future object");
    if (f->state != FUTURE_PENDING)
        return asyncio_call_soon(vm, f->loop, function, self, context) ? NONE : VALUE_NULL;
    if (f->callbacks == NONE) {
        value list = list_new(vm, 0);
        if (list == VALUE_NULL)
            return VALUE_NULL;
        f->callbacks = list;
    }
    value pair = tuple_pack(vm, 2, function, context);
    return pair != VALUE_NULL && list_append(vm, list_of(f->callbacks), pair) ? NONE : VALUE_NULL;
}

METHOD(add_done_callback)
{
    UNUSED;
    value context = arguments[1];
    if (context == VALUE_NULL) {
        value copy = asyncio_part(vm, PART_COPY_CONTEXT);
        context = copy == VALUE_NULL ? copy : call_0(vm, copy);
    }
    return context == VALUE_NULL ? context : future_add_callback(vm, self, arguments[0], context);
}

METHOD(remove_done_callback)
{
    UNUSED;
    struct future_object *f = future_of(self);
    if (!future_is_ready(vm, self))
        return VALUE_NULL;
    value callbacks = f->callbacks, kept = list_new(vm, 0);
    int64_t removed = 0;
    for (uint32_t i = 0; kept != VALUE_NULL && callbacks != NONE && i < list_of(callbacks)->length; i++) {
        value pair = list_of(callbacks)->items[i];
        int equal = values_equal(vm, tuple_of(pair)->items[0], arguments[0]);
        if (equal < 0 || (!equal && !list_append(vm, list_of(kept), pair)))
            return VALUE_NULL;
        removed += equal;
    }
    if (kept == VALUE_NULL)
        return VALUE_NULL;
    f->callbacks = list_of(kept)->length ? kept : NONE;
    return small_int(removed);
}

/* ---- ends ---- */

value future_cancel(struct vm *vm, value self, value message)
{
    struct future_object *f = future_of(self);
    f->log_traceback = false;
    if (f->state != FUTURE_PENDING)
        return FALSE;
    f->state = FUTURE_CANCELLED;
    f->cancel_message = message;
    return schedule_callbacks(vm, self) ? TRUE : VALUE_NULL;
}

bool future_set_result(struct vm *vm, value self, value result)
{
    struct future_object *f = future_of(self);
    if (!future_is_ready(vm, self))
        return false;
    if (f->state != FUTURE_PENDING)
        return raise_invalid_state(vm, "invalid state") != VALUE_NULL;
    f->result = result;
    f->state = FUTURE_FINISHED;
    return schedule_callbacks(vm, self);
}

bool future_set_exception(struct vm *vm, value self, value exception)
{
    struct future_object *f = future_of(self);
    if (!future_is_ready(vm, self))
        return false;
    if (f->state != FUTURE_PENDING)
        return raise_invalid_state(vm, "invalid state") != VALUE_NULL;
    if (is_object(exception) && is_type(exception) && (type_of_value(exception)->flags & TYPE_EXCEPTION) &&
        (exception = call_0(vm, exception)) == VALUE_NULL)
        return false;
    if (!has_flag(exception, TYPE_EXCEPTION))
        return raise_error(vm, &exc_TypeError, "invalid exception object") != VALUE_NULL;
    if (is_exact(exception, &exc_StopIteration))
        return raise_error(vm, &exc_TypeError,
                           "StopIteration interacts badly with generators and cannot be raised into a Future") != VALUE_NULL;
    f->exception = exception;
    f->traceback = ((struct exception_object *)value_object(exception))->traceback;
    f->state = FUTURE_FINISHED;
    if (!schedule_callbacks(vm, self))
        return false;
    f->log_traceback = true;
    return true;
}

value future_cancelled_error(struct vm *vm, value self)
{
    struct future_object *f = future_of(self);
    value kept = f->cancelled_error, type;
    f->cancelled_error = VALUE_NULL;
    if (kept != VALUE_NULL || (type = asyncio_part(vm, PART_CANCELLED_ERROR)) == VALUE_NULL)
        return kept;
    return f->cancel_message == NONE ? call_0(vm, type) : call_1(vm, type, f->cancel_message);
}

int future_outcome(struct vm *vm, value self, value *out)
{
    struct future_object *f = future_of(self);
    if (f->state != FUTURE_FINISHED) {
        value error = f->state == FUTURE_CANCELLED ? future_cancelled_error(vm, self) : VALUE_NULL;
        if (error != VALUE_NULL)
            raise_value(vm, error);
        else if (f->state != FUTURE_CANCELLED)
            raise_invalid_state(vm, f->loop == VALUE_NULL ? not_initialised : "Result is not set.");
        return -1;
    }
    f->log_traceback = false;
    if (f->exception == VALUE_NULL) {
        *out = f->result;
        return 0;
    }
    ((struct exception_object *)value_object(f->exception))->traceback = f->traceback;
    f->traceback = VALUE_NULL;
    *out = f->exception;
    return 1;
}

METHOD(result)
{
    UNUSED;
    value found;
    int outcome = future_outcome(vm, self, &found);
    return outcome < 0 ? VALUE_NULL : outcome ? raise_value(vm, found) : found;
}

METHOD(exception)
{
    UNUSED;
    struct future_object *f = future_of(self);
    if (f->state == FUTURE_CANCELLED) {
        value error = future_cancelled_error(vm, self);
        return error == VALUE_NULL ? error : raise_value(vm, error);
    }
    if (f->state != FUTURE_FINISHED)
        return raise_invalid_state(vm, f->loop == VALUE_NULL ? not_initialised : "Exception is not set.");
    f->log_traceback = false;
    return f->exception == VALUE_NULL ? NONE : f->exception;
}

METHOD(set_result) { UNUSED; return future_set_result(vm, self, arguments[0]) ? NONE : VALUE_NULL; }
METHOD(set_exception) { UNUSED; return future_set_exception(vm, self, arguments[0]) ? NONE : VALUE_NULL; }

METHOD(cancel)
{
    UNUSED;
    return future_is_ready(vm, self) ? future_cancel(vm, self, arguments[0] == VALUE_NULL ? NONE : arguments[0]) : VALUE_NULL;
}

METHOD(cancelled) { UNUSED; return bool_value(future_of(self)->state == FUTURE_CANCELLED); }
METHOD(done) { UNUSED; return bool_value(future_of(self)->loop != VALUE_NULL && future_of(self)->state != FUTURE_PENDING); }
METHOD(get_loop) { UNUSED; return future_is_ready(vm, self) ? future_of(self)->loop : VALUE_NULL; }
METHOD(make_cancelled_error) { UNUSED; return future_cancelled_error(vm, self); }

/* ---- finalizing ---- */

/* loop.call_exception_handler({"message": ..., role: self, ...}); for futures with their exception */
static bool tell_loop(struct vm *vm, value self, const char *message, const char *role, value exception)
{
    struct future_object *f = future_of(self);
    value context = dict_new(vm);
    return context != VALUE_NULL && (strcmp(role, "task") || dict_set_text(vm, dict_of(context), role, self)) &&
           dict_set_text(vm, dict_of(context), "message", string_from_text(vm, message)) &&
           (exception == VALUE_NULL || dict_set_text(vm, dict_of(context), "exception", exception)) &&
           (!strcmp(role, "task") || dict_set_text(vm, dict_of(context), role, self)) &&
           (f->source_traceback == VALUE_NULL || dict_set_text(vm, dict_of(context), "source_traceback", f->source_traceback)) &&
           call_method(vm, f->loop, "call_exception_handler", &context, 1) != VALUE_NULL;
}

value future_finalize(struct vm *vm, value self)
{
    struct future_object *f = future_of(self);
    bool task = f->coroutine != VALUE_NULL || f->log_destroyed;
    if (task && f->state == FUTURE_PENDING && f->log_destroyed && f->loop != VALUE_NULL) {
        f->log_destroyed = false;
        if (!tell_loop(vm, self, "Task was destroyed but it is pending!", "task", VALUE_NULL))
            return VALUE_NULL;
    }
    if (!f->log_traceback)
        return NONE;
    f->log_traceback = false;
    value text = string_printf(vm, "%U exception was never retrieved", type_short_name(vm, value_type(vm, self)));
    return text != VALUE_NULL && tell_loop(vm, self, string_utf8(vm, text, NULL), "future", f->exception) ? NONE : VALUE_NULL;
}

bool future_wants_finalizing(const struct object *object)
{
    const struct future_object *f = (const struct future_object *)(const void *)object;
    return f->log_traceback || (f->log_destroyed && f->state == FUTURE_PENDING);
}

/* ---- attributes ---- */

static value get_state(struct vm *vm, value self)
{
    static const char *const names[] = {"PENDING", "CANCELLED", "FINISHED"};
    return future_is_ready(vm, self) ? intern_text(vm, names[future_of(self)->state]) : VALUE_NULL;
}
static value get_blocking(struct vm *vm, value self)
{
    (void)vm;
    return bool_value(future_of(self)->loop != VALUE_NULL && future_of(self)->blocking);
}
static value get_loop(struct vm *vm, value self) { (void)vm; return value_or_none(future_of(self)->loop); }
static value get_callbacks(struct vm *vm, value self)
{
    if (!future_is_ready(vm, self) || future_of(self)->callbacks == NONE)
        return vm->pending != VALUE_NULL ? VALUE_NULL : NONE;
    return list_from_iterable(vm, future_of(self)->callbacks);
}
static value get_result(struct vm *vm, value self)
{
    return future_is_ready(vm, self) ? value_or_none(future_of(self)->result) : VALUE_NULL;
}
static value get_exception(struct vm *vm, value self)
{
    return future_is_ready(vm, self) ? value_or_none(future_of(self)->exception) : VALUE_NULL;
}
static value get_log(struct vm *vm, value self)
{
    return future_is_ready(vm, self) ? bool_value(future_of(self)->log_traceback) : VALUE_NULL;
}
static value get_source(struct vm *vm, value self)
{
    (void)vm;
    return future_of(self)->loop == VALUE_NULL ? NONE : value_or_none(future_of(self)->source_traceback);
}
static value get_message(struct vm *vm, value self)
{
    return future_is_ready(vm, self) ? future_of(self)->cancel_message : VALUE_NULL;
}

static bool refuse_deletion(struct vm *vm, value item)
{
    if (item == VALUE_NULL)
        raise_error(vm, &exc_AttributeError, "cannot delete attribute");
    return item == VALUE_NULL;
}
static bool set_blocking(struct vm *vm, value self, value item)
{
    int truth = !future_is_ready(vm, self) || refuse_deletion(vm, item) ? -1 : value_truth(vm, item);
    if (truth >= 0)
        future_of(self)->blocking = truth;
    return truth >= 0;
}
static bool set_log(struct vm *vm, value self, value item)
{
    int truth = refuse_deletion(vm, item) ? -1 : value_truth(vm, item);
    if (truth > 0)
        raise_error(vm, &exc_ValueError, "_log_traceback can only be set to False");
    if (truth == 0)
        future_of(self)->log_traceback = false;
    return truth == 0;
}
static bool set_message(struct vm *vm, value self, value item)
{
    if (refuse_deletion(vm, item))
        return false;
    future_of(self)->cancel_message = item;
    return true;
}

static value future_repr(struct vm *vm, value self)
{
    value show = future_is_ready(vm, self) ? asyncio_part(vm, PART_FUTURE_REPR) : VALUE_NULL;
    return show == VALUE_NULL ? show : call_1(vm, show, self);
}

static const struct method_definition future_methods[] = {
    {"result", "()", future_method_result, 0, NULL},
    {"exception", "()", future_method_exception, 0, NULL},
    {"set_result", "(result, /)", future_method_set_result, 0, NULL},
    {"set_exception", "(exception, /)", future_method_set_exception, 0, NULL},
    {"add_done_callback", "(fn, /, *, context=<unrepresentable>)", future_method_add_done_callback, 0, NULL},
    {"remove_done_callback", "(fn, /)", future_method_remove_done_callback, 0, NULL},
    {"cancel", "(msg=None)", future_method_cancel, 0, NULL},
    {"cancelled", "()", future_method_cancelled, 0, NULL},
    {"done", "()", future_method_done, 0, NULL},
    {"get_loop", "()", future_method_get_loop, 0, NULL},
    {"_make_cancelled_error", "()", future_method_make_cancelled_error, 0, NULL},
    {"__class_getitem__", "(item, /)", generator_class_getitem, METHOD_CLASS, "See PEP 585"},
    {0},
};

static const struct property_definition future_properties[] = {
    {"_state", get_state, NULL},
    {"_asyncio_future_blocking", get_blocking, set_blocking},
    {"_loop", get_loop, NULL},
    {"_callbacks", get_callbacks, NULL},
    {"_result", get_result, NULL},
    {"_exception", get_exception, NULL},
    {"_log_traceback", get_log, set_log},
    {"_source_traceback", get_source, NULL},
    {"_cancel_message", get_message, set_message},
    {0},
};

/* ---- awaiting ---- */

struct future_iterator {
    struct object head;
    value future; /* NONE: it was answered */
};

static void iterator_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct future_iterator *)object)->future);
}

static value future_await(struct vm *vm, value self)
{
    struct future_iterator *it = future_is_ready(vm, self) ? GC_NEW(vm, struct future_iterator, &future_iterator_type) : NULL;
    if (!it)
        return VALUE_NULL;
    it->future = self;
    return object_value(it);
}

static value future_iterator_next(struct vm *vm, value self)
{
    struct future_iterator *it = (struct future_iterator *)value_object(self);
    value future = it->future, found;
    vm->generator_result = NONE;
    if (future == NONE)
        return VALUE_NULL;
    struct future_object *f = future_of(future);
    if (f->state == FUTURE_PENDING) {
        if (f->blocking)
            return raise_error(vm, &exc_RuntimeError, "await wasn't used with future");
        f->blocking = true;
        return future;
    }
    it->future = NONE;
    int outcome = future_outcome(vm, future, &found);
    if (outcome)
        return outcome < 0 ? VALUE_NULL : raise_value(vm, found);
    vm->generator_result = found;
    return VALUE_NULL;
}

METHOD(send) { UNUSED; return generator_result_or_stop(vm, future_iterator_next(vm, self)); }

METHOD(throw)
{
    ((struct future_iterator *)value_object(self))->future = NONE;
    generator_raise_argument(vm, arguments, count, keyword_names);
    return VALUE_NULL;
}

METHOD(close)
{
    UNUSED;
    ((struct future_iterator *)value_object(self))->future = NONE;
    return NONE;
}

static value iterator_self(struct vm *vm, value self)
{
    (void)vm;
    return self;
}

static const struct method_definition iterator_methods[] = {
    {"send", "(value, /)", future_method_send, 0, NULL},
    {"throw", NULL, future_method_throw, 0, NULL},
    {"close", "()", future_method_close, 0, NULL},
    {0},
};

struct type future_iterator_type = {.name = "_asyncio.FutureIter",
                                    .instance_size = sizeof(struct future_iterator),
                                    .trace = iterator_trace,
                                    .methods = iterator_methods,
                                    .iter = iterator_self,
                                    .next = future_iterator_next};

struct type future_type = {.name = "_asyncio.Future",
                           .doc = "This class is *almost* compatible with concurrent.futures.Future.",
                           .flags = TYPE_SUBCLASSABLE | TYPE_HAS_INSTANCE_DICT | TYPE_MAKES_SUBCLASSES | TYPE_HAS_FINALIZER,
                           .instance_size = sizeof(struct future_object) + sizeof(struct subclass_tail),
                           .tail_offset = sizeof(struct future_object),
                           .trace = future_trace,
                           .methods = future_methods,
                           .properties = future_properties,
                           .new = future_new,
                           .init = future_init,
                           .repr = future_repr,
                           .iter = future_await,
                           .await = future_await,
                           .finalize = future_finalize,
                           .wants_finalizing = future_wants_finalizing};
