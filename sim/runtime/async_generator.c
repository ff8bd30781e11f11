/* async_generator.c - asynchronous generators: what asend, athrow, aclose and anext answer, and the awaiting of any object.
 *
 * The body's own yields come out of the frame wrapped (async_wrap), what its awaits yield does not: the awaitables pass the
 * latter on to the event loop and end with the former, by leaving it in vm->generator_result. */
#include "sim/runtime/async.h"

#include "sim/runtime/exception.h"
#include "sim/runtime/type.h"

struct wrapped_value { /* internal: what a body yields; no program sees it */
    struct object head;
    value content;
};

enum awaitable_state { AWAITABLE_CREATED, AWAITABLE_STARTED, AWAITABLE_CLOSED };
enum awaitable_purpose { PURPOSE_SEND, PURPOSE_THROW, PURPOSE_CLOSE };

struct step_object { /* async_generator_asend, async_generator_athrow */
    struct object head;
    struct async_generator_object *generator;
    value sent; /* what asend was given */
    value thrown[3];
    uint8_t thrown_count, state, purpose;
};

#define METHOD(name)                                                                                                   \
    static value name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED_ARGUMENTS (void)arguments, (void)count, (void)keyword_names

static void wrapped_value_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct wrapped_value *)object)->content);
}

static struct type wrapped_value_type = {.name = "async_generator_wrapped_value",
                                         .instance_size = sizeof(struct wrapped_value),
                                         .trace = wrapped_value_trace};

value async_wrap(struct vm *vm, value v)
{
    struct wrapped_value *wrapped = gc_object_inline(vm, sizeof *wrapped, &wrapped_value_type.shape);
    if (!wrapped)
        return VALUE_NULL;
    wrapped->content = v;
    return object_value(wrapped);
}

/* ---- steps ---- */

static struct step_object *step_of(value v)
{
    return (struct step_object *)value_object(v);
}

static void step_trace(struct vm *vm, struct object *object)
{
    struct step_object *step = (struct step_object *)object;
    gc_mark_object(vm, step->generator);
    gc_mark(vm, step->sent);
    for (int i = 0; i < step->thrown_count; i++)
        gc_mark(vm, step->thrown[i]);
}

static bool ends_iteration(struct vm *vm)
{
    return exception_matches(vm, &exc_StopAsyncIteration) || exception_matches(vm, &exc_GeneratorExit);
}

/* What came out of the body: passed on when an await yielded it; else the step is over, with a value or an exception. */
static value unwrap(struct vm *vm, struct async_generator_object *generator, value result)
{
    if (result == VALUE_NULL) {
        if (vm->pending == VALUE_NULL)
            raise_value(vm, object_value(&exc_StopAsyncIteration));
        if (ends_iteration(vm))
            generator->closed = true;
        generator->running = false;
        return VALUE_NULL;
    }
    if (!is_exact(result, &wrapped_value_type))
        return result;
    generator->running = false;
    vm->generator_result = ((struct wrapped_value *)value_object(result))->content;
    return VALUE_NULL;
}

static value step_reused(struct vm *vm, const struct step_object *step)
{
    return raise_error(vm, &exc_RuntimeError, "cannot reuse already awaited %s",
                       step->purpose == PURPOSE_SEND ? "__anext__()/asend()" : "aclose()/athrow()");
}

static value step_while_running(struct vm *vm, struct step_object *step)
{
    static const char *const names[] = {[PURPOSE_SEND] = "anext", [PURPOSE_THROW] = "athrow", [PURPOSE_CLOSE] = "aclose"};
    if (step->purpose != PURPOSE_SEND)
        step->state = AWAITABLE_CLOSED;
    return raise_error(vm, &exc_RuntimeError, "%s(): asynchronous generator is already running", names[step->purpose]);
}

static value send_step(struct vm *vm, struct step_object *step, value sent)
{
    struct async_generator_object *generator = step->generator;
    if (step->state == AWAITABLE_CREATED) {
        if (generator->running)
            return step_while_running(vm, step);
        if (sent == NONE)
            sent = step->sent;
        step->state = AWAITABLE_STARTED;
    }
    generator->running = true;
    value result = unwrap(vm, generator, generator_send(vm, object_value(generator), sent));
    if (result == VALUE_NULL)
        step->state = AWAITABLE_CLOSED;
    return result;
}

static value ignored_exit(struct vm *vm, struct step_object *step)
{
    step->generator->running = false;
    step->state = AWAITABLE_CLOSED;
    return raise_error(vm, &exc_RuntimeError, "async generator ignored GeneratorExit");
}

/* The end of athrow or aclose; for the latter the generator's end is what was wanted. */
static value throw_failed(struct vm *vm, struct step_object *step)
{
    step->generator->running = false;
    step->state = AWAITABLE_CLOSED;
    if (vm->pending == VALUE_NULL)
        raise_value(vm, object_value(&exc_StopAsyncIteration));
    if (step->purpose == PURPOSE_CLOSE && ends_iteration(vm)) {
        exception_clear(vm);
        vm->generator_result = NONE;
    }
    return VALUE_NULL;
}

static value throw_first(struct vm *vm, struct step_object *step, value sent)
{
    struct async_generator_object *generator = step->generator;
    if (generator->running)
        return step_while_running(vm, step);
    if (generator->closed) {
        step->state = AWAITABLE_CLOSED;
        return raise_value(vm, object_value(&exc_StopAsyncIteration));
    }
    if (sent != NONE)
        return raise_error(vm, &exc_RuntimeError, "can't send non-None value to a just-started coroutine");
    step->state = AWAITABLE_STARTED;
    generator->running = true;
    value result;
    if (step->purpose == PURPOSE_CLOSE) {
        generator->closed = true;
        raise_value(vm, object_value(&exc_GeneratorExit));
        result = generator_throw(vm, object_value(generator));
        if (result != VALUE_NULL && is_exact(result, &wrapped_value_type))
            return ignored_exit(vm, step);
        return result == VALUE_NULL ? throw_failed(vm, step) : result;
    }
    if (!generator_raise_argument(vm, step->thrown, step->thrown_count, VALUE_NULL)) {
        generator->running = false;
        return VALUE_NULL;
    }
    result = unwrap(vm, generator, generator_throw(vm, object_value(generator)));
    if (result == VALUE_NULL)
        step->state = AWAITABLE_CLOSED;
    return result;
}

static value throw_step(struct vm *vm, struct step_object *step, value sent)
{
    struct async_generator_object *generator = step->generator;
    if (generator->generator.state == GENERATOR_FINISHED) {
        step->state = AWAITABLE_CLOSED;
        vm->generator_result = NONE;
        return VALUE_NULL;
    }
    if (step->state == AWAITABLE_CREATED)
        return throw_first(vm, step, sent);
    value result = generator_send(vm, object_value(generator), sent);
    if (step->purpose == PURPOSE_THROW)
        return unwrap(vm, generator, result);
    if (result == VALUE_NULL)
        return throw_failed(vm, step);
    return is_exact(result, &wrapped_value_type) ? ignored_exit(vm, step) : result;
}

static value step_resume(struct vm *vm, value self, value sent)
{
    struct step_object *step = step_of(self);
    if (step->state == AWAITABLE_CLOSED)
        return step_reused(vm, step);
    return step->purpose == PURPOSE_SEND ? send_step(vm, step, sent) : throw_step(vm, step, sent);
}

static value step_next(struct vm *vm, value self)
{
    return step_resume(vm, self, NONE);
}

METHOD(step_send)
{
    UNUSED_ARGUMENTS;
    return generator_result_or_stop(vm, step_resume(vm, self, arguments[0]));
}

METHOD(step_throw)
{
    struct step_object *step = step_of(self);
    if (step->state == AWAITABLE_CLOSED)
        return step_reused(vm, step);
    if (!generator_raise_argument(vm, arguments, count, keyword_names))
        return VALUE_NULL;
    value result = generator_throw(vm, object_value(step->generator));
    if (step->purpose != PURPOSE_CLOSE) {
        result = unwrap(vm, step->generator, result);
        if (result == VALUE_NULL && step->purpose == PURPOSE_SEND)
            step->state = AWAITABLE_CLOSED;
        return generator_result_or_stop(vm, result);
    }
    if (result != VALUE_NULL && is_exact(result, &wrapped_value_type))
        return ignored_exit(vm, step);
    if (result == VALUE_NULL) {
        if (vm->pending == VALUE_NULL)
            return raise_stop_iteration(vm, NONE);
        if (ends_iteration(vm)) {
            exception_clear(vm);
            return raise_stop_iteration(vm, NONE);
        }
    }
    return result;
}

METHOD(step_close)
{
    UNUSED_ARGUMENTS;
    (void)vm;
    step_of(self)->state = AWAITABLE_CLOSED;
    return NONE;
}

static value return_self(struct vm *vm, value self)
{
    (void)vm;
    return self;
}

static const struct method_definition step_methods[] = {
    {"send", "(arg, /)", step_send, 0, "send(arg) -> send 'arg' into generator,\nreturn next yielded value or raise StopIteration."},
    {"throw", NULL, step_throw, 0, "Raise exception in generator, return next yielded value or raise StopIteration."},
    {"close", "()", step_close, 0, "close() -> raise GeneratorExit inside generator."},
    {0},
};

static struct type asend_type = {.name = "async_generator_asend",
                                 .instance_size = sizeof(struct step_object),
                                 .trace = step_trace,
                                 .methods = step_methods,
                                 .await = return_self,
                                 .iter = return_self,
                                 .next = step_next};
static struct type athrow_type = {.name = "async_generator_athrow",
                                  .instance_size = sizeof(struct step_object),
                                  .trace = step_trace,
                                  .methods = step_methods,
                                  .await = return_self,
                                  .iter = return_self,
                                  .next = step_next};

/* ---- the generator's methods ---- */

/* The first use tells the event loop's hook, and remembers who is to finish an abandoned one. */
static bool run_hooks(struct vm *vm, struct async_generator_object *generator)
{
    if (generator->hooks_run)
        return true;
    generator->hooks_run = true;
    generator->finalizer = vm->async_hooks[ASYNC_HOOK_FINALIZER];
    value first = vm->async_hooks[ASYNC_HOOK_FIRST_ITERATION];
    return first == NONE || call_1(vm, first, object_value(generator)) != VALUE_NULL;
}

static struct step_object *step_new(struct vm *vm, value self, enum awaitable_purpose purpose)
{
    struct async_generator_object *generator = (struct async_generator_object *)value_object(self);
    if (!run_hooks(vm, generator))
        return NULL;
    struct step_object *step = GC_NEW(vm, struct step_object, purpose == PURPOSE_SEND ? &asend_type : &athrow_type);
    if (!step)
        return NULL;
    step->generator = generator;
    step->sent = NONE;
    step->purpose = (uint8_t)purpose;
    return step;
}

static value async_generator_next(struct vm *vm, value self)
{
    struct step_object *step = step_new(vm, self, PURPOSE_SEND);
    return step ? object_value(step) : VALUE_NULL;
}

METHOD(async_generator_asend)
{
    UNUSED_ARGUMENTS;
    struct step_object *step = step_new(vm, self, PURPOSE_SEND);
    if (!step)
        return VALUE_NULL;
    step->sent = arguments[0];
    return object_value(step);
}

METHOD(async_generator_athrow)
{
    if (!check_positional(vm, "athrow", count, keyword_names, 1, 3))
        return VALUE_NULL;
    struct step_object *step = step_new(vm, self, PURPOSE_THROW);
    if (!step)
        return VALUE_NULL;
    memcpy(step->thrown, arguments, count * sizeof *arguments);
    step->thrown_count = (uint8_t)count;
    return object_value(step);
}

METHOD(async_generator_aclose)
{
    UNUSED_ARGUMENTS;
    struct step_object *step = step_new(vm, self, PURPOSE_CLOSE);
    return step ? object_value(step) : VALUE_NULL;
}

static const struct method_definition async_generator_methods[] = {
    {"asend", "(arg, /)", async_generator_asend, 0, "asend(v) -> send 'v' in generator."},
    {"athrow", NULL, async_generator_athrow, 0, "athrow(typ[,val[,tb]]) -> raise exception in generator."},
    {"aclose", "()", async_generator_aclose, 0, "aclose() -> raise GeneratorExit inside generator."},
    {"__class_getitem__", "(item, /)", generator_class_getitem, METHOD_CLASS, "See PEP 585"},
    {0},
};

static value get_running(struct vm *vm, value self)
{
    (void)vm;
    return bool_value(((struct async_generator_object *)value_object(self))->running);
}

static const struct property_definition async_generator_running = {"ag_running", get_running, NULL};

static void async_generator_trace(struct vm *vm, struct object *object)
{
    generator_trace(vm, object);
    value finalizer = ((struct async_generator_object *)object)->finalizer;
    if (is_object(finalizer))
        gc_mark(vm, finalizer);
}

struct type async_generator_type = {.name = "async_generator",
                                    .instance_size = sizeof(struct async_generator_object),
                                    .trace = async_generator_trace,
                                    .finalize = generator_finalize,
                                    .wants_finalizing = generator_wants_finalizing,
                                    .methods = async_generator_methods,
                                    .properties = async_generator_properties,
                                    .repr = generator_repr,
                                    .aiter = return_self,
                                    .anext = async_generator_next};

/* ---- awaiting ---- */

static bool is_coroutine(value v)
{
    return is_exact(v, &coroutine_type) ||
           (is_exact(v, &generator_type) &&
            (((struct generator_object *)value_object(v))->function->code->code->flags & CODE_ITERABLE_COROUTINE));
}

value awaitable_iterator(struct vm *vm, value v)
{
    if (is_coroutine(v))
        return v;
    struct type *type = value_type(vm, v);
    if (!type->await)
        return raise_error(vm, &exc_TypeError, "object %T can't be used in 'await' expression", v);
    value iterator = type->await(vm, v);
    if (iterator == VALUE_NULL)
        return VALUE_NULL;
    if (is_coroutine(iterator))
        return raise_error(vm, &exc_TypeError, "__await__() returned a coroutine");
    if (!value_type(vm, iterator)->next)
        return raise_error(vm, &exc_TypeError, "__await__() returned non-iterator of type '%T'", iterator);
    return iterator;
}

/* ---- anext(iterator, default) ---- */

struct anext_object {
    struct object head;
    value awaitable, absent;
};

static void anext_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct anext_object *)object)->awaitable);
    gc_mark(vm, ((struct anext_object *)object)->absent);
}

/* The default takes the place of the end of the iteration. */
static value anext_end(struct vm *vm, value self, value result)
{
    if (result != VALUE_NULL || vm->pending == VALUE_NULL || !exception_matches(vm, &exc_StopAsyncIteration))
        return result;
    exception_clear(vm);
    vm->generator_result = ((struct anext_object *)value_object(self))->absent;
    return VALUE_NULL;
}

static value anext_next(struct vm *vm, value self)
{
    value iterator = awaitable_iterator(vm, ((struct anext_object *)value_object(self))->awaitable);
    if (iterator == VALUE_NULL)
        return VALUE_NULL;
    vm->generator_result = NONE;
    value result = is_exact(iterator, &coroutine_type) ? generator_send(vm, iterator, NONE)
                                                       : value_type(vm, iterator)->next(vm, iterator);
    return anext_end(vm, self, result);
}

static value anext_method(struct vm *vm, value self, const char *name, const value *arguments, size_t count)
{
    value iterator = awaitable_iterator(vm, ((struct anext_object *)value_object(self))->awaitable);
    if (iterator == VALUE_NULL)
        return VALUE_NULL;
    value result = anext_end(vm, self, call_method(vm, iterator, name, arguments, count));
    return generator_result_or_stop(vm, result);
}

METHOD(anext_send) { (void)keyword_names; return anext_method(vm, self, "send", arguments, count); }
METHOD(anext_throw) { (void)keyword_names; return anext_method(vm, self, "throw", arguments, count); }
METHOD(anext_close) { (void)keyword_names; return anext_method(vm, self, "close", arguments, count); }

static const struct method_definition anext_methods[] = {
    {"send", NULL, anext_send, 0, NULL}, {"throw", NULL, anext_throw, 0, NULL}, {"close", NULL, anext_close, 0, NULL}, {0}};

static struct type anext_type = {.name = "anext_awaitable",
                                 .instance_size = sizeof(struct anext_object),
                                 .trace = anext_trace,
                                 .methods = anext_methods,
                                 .await = return_self,
                                 .iter = return_self,
                                 .next = anext_next};

value anext_awaitable_new(struct vm *vm, value awaitable, value absent)
{
    struct anext_object *object = GC_NEW(vm, struct anext_object, &anext_type);
    if (!object)
        return VALUE_NULL;
    object->awaitable = awaitable;
    object->absent = absent;
    return object_value(object);
}

void async_types_ready(struct vm *vm)
{
    struct type *const types[] = {&wrapped_value_type, &asend_type, &athrow_type, &anext_type};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        type_ready(vm, types[i]);
    dict_set_text(vm, async_generator_type.dict, "ag_running", field_new(vm, &async_generator_type, &async_generator_running));
}
