/* generator.c - generators and coroutines as objects: send, throw, close and their attributes. Their frames are the engine's,
 * reached through engine_resume_generator. */
#include "sim/runtime/async.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/traceback.h"
#include "sim/runtime/type.h"
#include "sim/runtime/warning.h"

static struct generator_object *generator_of(value v) { return (struct generator_object *)value_object(v); }

static const char *kind_name(const struct generator_object *g)
{
    return g->kind == GENERATOR_PLAIN ? "generator" : g->kind == GENERATOR_COROUTINE ? "coroutine" : "async generator";
}

void generator_trace(struct vm *vm, struct object *object)
{
    struct generator_object *g = (struct generator_object *)object;
    gc_mark_object(vm, g->function);
    gc_mark_object(vm, g->frame);
    const value held[] = {g->name, g->qualified_name, g->handled, g->yield_from, g->origin, g->locals};
    for (size_t i = 0; i < sizeof held / sizeof held[0]; i++)
        if (is_object(held[i]))
            gc_mark(vm, held[i]);
    if (!g->slots)
        return;
    gc_mark_storage(vm, g->slots);
    if (g->state == GENERATOR_FINISHED || (g->state == GENERATOR_RUNNING && g->yield_from == VALUE_NULL))
        return; /* what a running one holds is in its frame, unless what it delegates to runs in its place (generator_throw) */
    engine_mark_suspended(vm, g);
}

/* ---- sending ---- */

value generator_send(struct vm *vm, value v, value sent)
{
    struct generator_object *g = generator_of(v);
    if (g->state == GENERATOR_RUNNING)
        return raise_error(vm, &exc_ValueError, "%s already executing", kind_name(g));
    if (g->state == GENERATOR_CREATED && sent != NONE)
        return raise_error(vm, &exc_TypeError, "can't send non-None value to a just-started %s", kind_name(g));
    if (g->state == GENERATOR_FINISHED) {
        if (g->kind == GENERATOR_COROUTINE)
            return raise_error(vm, &exc_RuntimeError, "cannot reuse already awaited coroutine");
        vm->generator_result = NONE;
        return VALUE_NULL;
    }
    return engine_resume_generator(vm, v, sent, false);
}

value generator_result_or_stop(struct vm *vm, value result)
{
    if (result == VALUE_NULL && vm->pending == VALUE_NULL)
        return raise_stop_iteration(vm, vm->generator_result);
    return result;
}

/* ---- a delegate that finished while an exception was thrown into it: what the generator finds in its place ---- */

struct finished_delegate {
    struct object head;
    value result;
};
static void finished_delegate_trace(struct vm *vm, struct object *object)
{
    if (is_object(((struct finished_delegate *)object)->result))
        gc_mark(vm, ((struct finished_delegate *)object)->result);
}
static value finished_delegate_next(struct vm *vm, value a)
{
    vm->generator_result = ((struct finished_delegate *)value_object(a))->result;
    return VALUE_NULL;
}
static struct type finished_delegate_type = {.name = "finished_delegate",
                                             .instance_size = sizeof(struct finished_delegate),
                                             .trace = finished_delegate_trace,
                                             .next = finished_delegate_next};

static value delegate_replace(struct vm *vm, struct generator_object *g, value result)
{
    type_ready(vm, &finished_delegate_type);
    struct finished_delegate *finished = GC_NEW(vm, struct finished_delegate, &finished_delegate_type);
    if (!finished)
        return VALUE_NULL;
    finished->result = result;
    engine_replace_delegate(vm, g, object_value(finished));
    g->yield_from = VALUE_NULL;
    return engine_resume_generator(vm, object_value(g), NONE, false);
}

static bool delegate_close(struct vm *vm, value delegate)
{
    value method;
    if (is_exact(delegate, &generator_type) || is_exact(delegate, &coroutine_type))
        return generator_close(vm, delegate) != VALUE_NULL;
    int found = find_attribute(vm, delegate, NAMED(vm, close), &method);
    if (found < 0) {
        unraisable_report(vm, "in", delegate);
        return true;
    }
    return found == 0 || (found > 0 && call_0(vm, method) != VALUE_NULL);
}

/* ---- throwing: the exception is pending ---- */

static bool is_generator_exit(struct vm *vm, value thrown)
{
    return is_object(thrown) && is_type(thrown) ? type_is_subtype(type_of_value(thrown), &exc_GeneratorExit)
                                                : is_instance(vm, thrown, &exc_GeneratorExit);
}

/* With the arguments of throw(), as long as nothing has looked at them: a delegate that is no generator gets them as they are.
 * Without (NULL), the exception is pending. */
static value throw_into(struct vm *vm, value v, const value *arguments, size_t count)
{
    struct generator_object *g = generator_of(v);
    if (arguments &&
        (g->state != GENERATOR_SUSPENDED || g->yield_from == VALUE_NULL || is_generator_exit(vm, arguments[0]))) {
        if (!generator_raise_argument(vm, arguments, count, VALUE_NULL))
            return VALUE_NULL;
        arguments = NULL;
    }
    if (g->state == GENERATOR_RUNNING) {
        exception_clear(vm);
        return raise_error(vm, &exc_ValueError, "%s already executing", kind_name(g));
    }
    if (g->state == GENERATOR_FINISHED) {
        if (g->kind == GENERATOR_COROUTINE) {
            exception_clear(vm);
            return raise_error(vm, &exc_RuntimeError, "cannot reuse already awaited coroutine");
        }
        return VALUE_NULL;
    }
    value delegate = g->yield_from;
    if (g->state != GENERATOR_SUSPENDED || delegate == VALUE_NULL)
        return engine_resume_generator(vm, v, NONE, true);
    value exception = arguments ? VALUE_NULL : exception_take(vm);
    if (!arguments && is_instance(vm, exception, &exc_GeneratorExit)) {
        g->state = GENERATOR_RUNNING;
        bool closed = delegate_close(vm, delegate);
        g->state = GENERATOR_SUSPENDED;
        if (closed)
            vm->pending = exception;
        return engine_resume_generator(vm, v, NONE, true);
    }
    value result, method;
    int found = 1;
    if (is_exact(delegate, &generator_type) || is_exact(delegate, &coroutine_type)) {
        if (!engine_enter_delegating(vm, g))
            return VALUE_NULL;
        vm->pending = exception;
        result = generator_result_or_stop(vm, throw_into(vm, delegate, arguments, count));
        engine_leave_delegating(vm, g);
    } else {
        g->state = GENERATOR_RUNNING;
        found = find_attribute(vm, delegate, NAMED(vm, throw), &method);
        result = found <= 0 ? VALUE_NULL
                 : arguments ? call(vm, method, arguments, count, VALUE_NULL) : call_1(vm, method, exception);
        g->state = GENERATOR_SUSPENDED;
    }
    if (result != VALUE_NULL)
        return result;
    if (found == 0) {
        if (arguments && !generator_raise_argument(vm, arguments, count, VALUE_NULL))
            return VALUE_NULL;
        if (!arguments)
            vm->pending = exception;
        return engine_resume_generator(vm, v, NONE, true);
    }
    if (!exception_matches(vm, &exc_StopIteration))
        return engine_resume_generator(vm, v, NONE, true);
    struct exception_object *stop = (struct exception_object *)value_object(exception_take(vm));
    return delegate_replace(vm, g, stop->fields[0] == VALUE_NULL ? NONE : stop->fields[0]);
}

value generator_throw(struct vm *vm, value v)
{
    return throw_into(vm, v, NULL, 0);
}

value generator_close(struct vm *vm, value v)
{
    struct generator_object *g = generator_of(v);
    if (g->state == GENERATOR_FINISHED)
        return NONE;
    if (g->state == GENERATOR_CREATED) {
        g->state = GENERATOR_FINISHED;
        return NONE;
    }
    if (g->state == GENERATOR_RUNNING)
        return raise_error(vm, &exc_ValueError, "%s already executing", kind_name(g));
    raise_value(vm, object_value(&exc_GeneratorExit));
    value result = generator_throw(vm, v);
    if (result != VALUE_NULL)
        return raise_error(vm, &exc_RuntimeError, "%s ignored GeneratorExit", kind_name(g));
    if (vm->pending == VALUE_NULL)
        return NONE;
    if (exception_matches(vm, &exc_StopIteration) || exception_matches(vm, &exc_GeneratorExit)) {
        exception_clear(vm);
        return NONE;
    }
    return VALUE_NULL;
}

/* ---- methods ---- */

#define METHOD(name) \
    static value name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED_ARGUMENTS (void)arguments, (void)count, (void)keyword_names

METHOD(method_send) { UNUSED_ARGUMENTS; return generator_result_or_stop(vm, generator_send(vm, self, arguments[0])); }
METHOD(method_close) { UNUSED_ARGUMENTS; return generator_close(vm, self); }

/* throw(type, value=None, traceback=None) or throw(exception) */
bool generator_raise_argument(struct vm *vm, const value *arguments, size_t count, value keyword_names)
{
    if (!check_positional(vm, "throw", count, keyword_names, 1, 3))
        return false;
    value exception = arguments[0], given = count > 1 && arguments[1] != NONE ? arguments[1] : VALUE_NULL;
    value traceback = count > 2 && arguments[2] != NONE ? arguments[2] : VALUE_NULL;
    if (traceback != VALUE_NULL && !is_exact(traceback, &traceback_type)) {
        raise_error(vm, &exc_TypeError, "throw() third argument must be a traceback object");
        return false;
    }
    if (is_object(exception) && is_type(exception) && (type_of_value(exception)->flags & TYPE_EXCEPTION)) {
        if (given != VALUE_NULL && is_instance(vm, given, type_of_value(exception)))
            exception = given;
        else if (given == VALUE_NULL)
            exception = call_0(vm, exception);
        else if (has_flag(given, TYPE_TUPLE))
            exception = call_with_dict(vm, exception, given, VALUE_NULL);
        else
            exception = call_1(vm, exception, given);
        if (exception == VALUE_NULL)
            return true; /* then what came of trying is thrown */
        if (!has_flag(exception, TYPE_EXCEPTION)) {
            raise_error(vm, &exc_TypeError, "calling %R should have returned an instance of BaseException, not %R",
                        arguments[0], object_value(value_type(vm, exception)));
            return true;
        }
    } else if (!has_flag(exception, TYPE_EXCEPTION)) {
        raise_error(vm, &exc_TypeError, "exceptions must be classes or instances deriving from BaseException, not %T",
                    exception);
        return false;
    } else if (given != VALUE_NULL) {
        raise_error(vm, &exc_TypeError, "instance exception may not have a separate value");
        return false;
    }
    if (traceback != VALUE_NULL)
        ((struct exception_object *)value_object(exception))->traceback = traceback;
    vm->pending = exception; /* what it is raised in the context of is seen when the generator runs */
    return true;
}

METHOD(method_throw)
{
    if (!check_positional(vm, "throw", count, keyword_names, 1, 3))
        return VALUE_NULL;
    return generator_result_or_stop(vm, throw_into(vm, self, arguments, count));
}

value generator_class_getitem(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    UNUSED_ARGUMENTS;
    return generic_alias_new(vm, self, arguments[0]);
}

static value generator_iter(struct vm *vm, value a) { (void)vm; return a; }
static value generator_next(struct vm *vm, value a) { return generator_send(vm, a, NONE); }

value generator_repr(struct vm *vm, value a)
{
    const struct generator_object *g = generator_of(a);
    return string_printf(vm, "<%s object %U at 0x%lx>", g->kind == GENERATOR_ASYNC ? "async_generator" : kind_name(g),
                         g->qualified_name, (unsigned long)object_identity(vm, a));
}

static value get_name(struct vm *vm, value a) { (void)vm; return generator_of(a)->name; }
static value get_qualified_name(struct vm *vm, value a) { (void)vm; return generator_of(a)->qualified_name; }
static bool set_string(struct vm *vm, value *field, value item, const char *what)
{
    if (item == VALUE_NULL || !has_flag(item, TYPE_STRING)) {
        raise_error(vm, &exc_TypeError, "%s must be set to a string object", what);
        return false;
    }
    *field = item;
    return true;
}
static bool set_name(struct vm *vm, value a, value item) { return set_string(vm, &generator_of(a)->name, item, "__name__"); }
static bool set_qualified_name(struct vm *vm, value a, value item)
{
    return set_string(vm, &generator_of(a)->qualified_name, item, "__qualname__");
}
static value get_code(struct vm *vm, value a) { (void)vm; return object_value(generator_of(a)->function->code); }
static value get_running(struct vm *vm, value a) { (void)vm; return bool_value(generator_of(a)->state == GENERATOR_RUNNING); }
static value get_suspended(struct vm *vm, value a)
{
    (void)vm;
    return bool_value(generator_of(a)->state == GENERATOR_SUSPENDED);
}
static value get_yield_from(struct vm *vm, value a)
{
    (void)vm;
    return generator_of(a)->yield_from == VALUE_NULL ? NONE : generator_of(a)->yield_from;
}
static value get_frame(struct vm *vm, value a)
{
    struct generator_object *g = generator_of(a);
    if (g->state == GENERATOR_FINISHED)
        return NONE;
    struct frame_object *frame = engine_generator_frame(vm, g);
    return frame ? object_value(frame) : VALUE_NULL;
}

#define PROPERTIES(prefix, waiting) \
    {"__name__", get_name, set_name}, {"__qualname__", get_qualified_name, set_qualified_name}, \
    {prefix "_code", get_code, NULL}, {prefix "_running", get_running, NULL}, {prefix "_frame", get_frame, NULL}, \
    {waiting, get_yield_from, NULL}
static const struct property_definition generator_properties[] = {
    PROPERTIES("gi", "gi_yieldfrom"), {"gi_suspended", get_suspended, NULL}, {NULL, NULL, NULL}};
const struct property_definition async_generator_properties[] = {PROPERTIES("ag", "ag_await"), {NULL, NULL, NULL}};
static value get_origin(struct vm *vm, value a)
{
    (void)vm;
    return generator_of(a)->origin == VALUE_NULL ? NONE : generator_of(a)->origin;
}
static const struct property_definition coroutine_properties[] = {
    PROPERTIES("cr", "cr_await"), {"cr_suspended", get_suspended, NULL}, {"cr_origin", get_origin, NULL}, {NULL, NULL, NULL}};

/* ---- abandoned ones ---- */

/* Module warnings is asked to say it, with the place where the coroutine was made; else it is said without. */
static value warn_unawaited(struct vm *vm, value coroutine)
{
    value warnings = import_module(vm, "warnings"), function;
    int found = warnings == VALUE_NULL ? -1 : find_attribute(vm, warnings, intern_text(vm, "_warn_unawaited_coroutine"), &function);
    bool said = found > 0 && (call_1(vm, function, coroutine) != VALUE_NULL || exception_matches(vm, &exc_RuntimeWarning));
    if (vm->pending != VALUE_NULL)
        unraisable_report(vm, "in", coroutine);
    bool good = said || warning_issue(vm, &exc_RuntimeWarning, 1, "coroutine '%U' was never awaited",
                                      generator_of(coroutine)->qualified_name);
    return good ? NONE : VALUE_NULL;
}

/* Closing one that is not inside a try statement would run nothing. */
bool generator_wants_finalizing(const struct object *object)
{
    const struct generator_object *g = (const struct generator_object *)object;
    if (g->state == GENERATOR_CREATED)
        return g->kind == GENERATOR_COROUTINE;
    return g->state == GENERATOR_SUSPENDED && (g->kind == GENERATOR_ASYNC || engine_generator_guarded(g));
}

value generator_finalize(struct vm *vm, value v)
{
    const struct generator_object *g = generator_of(v);
    if (g->kind == GENERATOR_COROUTINE && g->state == GENERATOR_CREATED)
        return warn_unawaited(vm, v);
    if (g->kind == GENERATOR_ASYNC) {
        const struct async_generator_object *generator = (const struct async_generator_object *)(const void *)g;
        if (generator->hooks_run && generator->finalizer != NONE && !generator->closed)
            return call_1(vm, generator->finalizer, v);
    }
    return generator_close(vm, v);
}

static const struct method_definition generator_methods[] = {
    {"send", "(arg, /)", method_send, METHOD_INSTANCE, "send(arg) -> send 'arg' into generator,\nreturn next yielded value or raise StopIteration."},
    {"throw", NULL, method_throw, METHOD_INSTANCE, "Raise exception in generator, return next yielded value or raise StopIteration."},
    {"close", "()", method_close, METHOD_INSTANCE, "close() -> raise GeneratorExit inside generator."},
    {NULL, NULL, NULL, 0, NULL}};

struct type generator_type = {.name = "generator",
                              .instance_size = sizeof(struct generator_object),
                              .trace = generator_trace,
                              .finalize = generator_finalize,
                              .wants_finalizing = generator_wants_finalizing,
                              .methods = generator_methods,
                              .properties = generator_properties,
                              .repr = generator_repr,
                              .iter = generator_iter,
                              .next = generator_next};

/* What coroutine.__await__() answers: an iterator over the same coroutine. */
struct coroutine_wrapper {
    struct object head;
    value coroutine;
};
static value wrapped(value v) { return ((struct coroutine_wrapper *)value_object(v))->coroutine; }
static void coroutine_wrapper_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct coroutine_wrapper *)object)->coroutine);
}
static value coroutine_wrapper_next(struct vm *vm, value a) { return generator_send(vm, wrapped(a), NONE); }
METHOD(wrapper_send) { return method_send(vm, wrapped(self), arguments, count, keyword_names); }
METHOD(wrapper_throw) { return method_throw(vm, wrapped(self), arguments, count, keyword_names); }
METHOD(wrapper_close) { return method_close(vm, wrapped(self), arguments, count, keyword_names); }
static const struct method_definition coroutine_wrapper_methods[] = {
    {"send", "(arg, /)", wrapper_send, METHOD_INSTANCE, NULL}, {"throw", NULL, wrapper_throw, METHOD_INSTANCE, NULL},
    {"close", "()", wrapper_close, METHOD_INSTANCE, NULL}, {NULL, NULL, NULL, 0, NULL}};
static struct type coroutine_wrapper_type = {.name = "coroutine_wrapper",
                                             .instance_size = sizeof(struct coroutine_wrapper),
                                             .trace = coroutine_wrapper_trace,
                                             .methods = coroutine_wrapper_methods,
                                             .iter = generator_iter,
                                             .next = coroutine_wrapper_next};

static value coroutine_await(struct vm *vm, value a)
{
    type_ready(vm, &coroutine_wrapper_type);
    struct coroutine_wrapper *wrapper = GC_NEW(vm, struct coroutine_wrapper, &coroutine_wrapper_type);
    if (!wrapper)
        return VALUE_NULL;
    wrapper->coroutine = a;
    return object_value(wrapper);
}

static const struct method_definition coroutine_methods[] = {
    {"send", "(arg, /)", method_send, METHOD_INSTANCE,
     "send(arg) -> send 'arg' into coroutine,\nreturn next yielded value or raise StopIteration."},
    {"throw", NULL, method_throw, METHOD_INSTANCE,
     "throw(value)\nthrow(type[,value[,traceback]])\n\nRaise exception in coroutine, return next yielded value or "
     "raise\nStopIteration."},
    {"close", "()", method_close, METHOD_INSTANCE, "close() -> raise GeneratorExit inside coroutine."},
    {NULL, NULL, NULL, 0, NULL}};

struct type coroutine_type = {.name = "coroutine",
                              .instance_size = sizeof(struct generator_object),
                              .trace = generator_trace,
                              .finalize = generator_finalize,
                              .wants_finalizing = generator_wants_finalizing,
                              .methods = coroutine_methods,
                              .properties = coroutine_properties,
                              .repr = generator_repr,
                              .await = coroutine_await};
