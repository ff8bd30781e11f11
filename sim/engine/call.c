/* call.c - frames and calls: of Python functions from C and from the loop, of native functions, of classes. */
#include "sim/engine/frame.h"
#include "sim/engine/forms.h"
#include "sim/engine/operations.h"
#include "sim/engine/trace_events.h"
#include "sim/runtime/args.h"
#include "sim/runtime/attribute.h"
#include "sim/runtime/exception.h"

struct frame *frame_push_failed(struct vm *vm)
{
    raise_error(vm, &exc_RecursionError, "maximum recursion depth exceeded");
    return NULL;
}

bool call_push_general(struct vm *vm, struct function_object *function, value *arguments, uint32_t count, value keyword_names)
{
    struct code_state *state = code_state_of(vm, function->code);
    uint64_t named = keyword_names == VALUE_NULL ? 0 : tuple_of(keyword_names)->length;
    if (state->simple && !named && count == state->argument_count) {
        arguments = frame_arguments(vm, arguments, count);
        if (!arguments)
            return false;
    } else {
        value bound[state->parameter_count + 1];
        if (!function_bind_arguments(vm, function, arguments, count - named, keyword_names, bound))
            return false;
        if (!frame_calls_in_place(vm->frame))
            arguments = vm->frame->top;
        if (arguments + state->slot_count >= vm->engine->stack_end) {
            raise_error(vm, &exc_RecursionError, "maximum recursion depth exceeded");
            return false;
        }
        memcpy(arguments, bound, state->parameter_count * sizeof *bound);
    }
    struct frame *frame = frame_push(vm, state, arguments);
    if (!frame)
        return false;
    frame_of_function(frame, function);
    if (__builtin_expect(!(state->code->flags & CODE_OPTIMIZED), 0)) /* a module's code: its variables are the globals */
        frame->locals = function->globals;
    return true;
}

/* Calls from C back into the loop use the host's stack. */
static bool enter_c(struct vm *vm)
{
    return recursion_check(vm, "");
}

/* What its callers hold lies above its frame: run_pushed put their registers there. */
__attribute__((noinline)) static value run_loop(struct vm *vm, enum loop_start start)
{
    struct engine *engine = vm->engine;
    uintptr_t outer_base = engine->loop_base;
    engine->loop_base = (uintptr_t)__builtin_frame_address(0);
    vm->loops_entered++;
    bool traced = engine->options->record_branches;
    value result = engine->contexts && (traced || engine->places) ? engine_loop_profiled_traced(vm, start)
                   : engine->contexts ? engine_loop_profiled(vm, start)
                   : engine->observer || engine->places ? engine_loop_observed(vm, start)
                   : traced ? engine_loop_traced(vm, start) : engine_loop(vm, start);
    engine->loop_base = outer_base;
    return result;
}

__attribute__((noinline)) static value run_pushed(struct vm *vm, enum loop_start start)
{
    uint64_t *work = vm->work;
    __builtin_unwind_init();
    value result = run_loop(vm, start);
    vm->work = work;
    return result;
}

const void *engine_pc(const struct vm *vm)
{
    return vm->frame->pc;
}

uintptr_t engine_direct_base(struct vm *vm, value *callee)
{
    const struct frame *frame = vm->frame;
    if (!frame->state || vm->engine->tracing.active)
        return 0;
    uint16_t form = trace_original_form(frame->state, frame->pc);
    if (form != FORM_call && form != FORM_call_function && form != FORM_load_attr)
        return 0;
    const value *window = &frame->slots[frame->pc->f.b];
    *callee = form == FORM_load_attr || (form == FORM_call && window[0] != VALUE_NULL) ? window[0] : window[1];
    return vm->engine->loop_base;
}

value engine_call_function(struct vm *vm, value callee, const value *arguments, size_t count, value keyword_names)
{
    struct function_object *function = (struct function_object *)value_object(callee);
    value *slots = frame_free_slots(vm);
    uint64_t named = keyword_names == VALUE_NULL ? 0 : tuple_of(keyword_names)->length;
    if (slots + count + named >= vm->engine->stack_end) {
        raise_error(vm, &exc_RecursionError, "maximum recursion depth exceeded");
        return VALUE_NULL;
    }
    if (!enter_c(vm))
        return VALUE_NULL;
    if (slots != arguments)
        for (size_t i = 0; i < count + named; i++)
            slots[i] = arguments[i];
    if (!call_push_general(vm, function, slots, (uint32_t)(count + named), keyword_names))
        return VALUE_NULL;
    vm->frame->returns = RETURN_TO_C;
    return run_pushed(vm, LOOP_RUN);
}

value engine_run_code(struct vm *vm, const struct code *code, value globals, value locals, value closure)
{
    value object = code_object_from(vm, code);
    if (object == VALUE_NULL)
        return VALUE_NULL;
    return engine_run_code_object(vm, object, globals, locals, closure);
}

value engine_run_code_object(struct vm *vm, value object, value globals, value locals, value closure)
{
    if (!enter_c(vm))
        return VALUE_NULL;
    struct code_state *state = code_state_of(vm, (struct code_object *)value_object(object));
    struct frame *frame = frame_push(vm, state, frame_free_slots(vm));
    if (!frame)
        return VALUE_NULL;
    value builtins = dict_get_text(vm, dict_of(globals), "__builtins__");
    builtins = builtins == VALUE_NULL ? vm->builtins : builtins_dict(vm, builtins);
    if (builtins == VALUE_NULL)
        return VALUE_NULL;
    frame->function = NULL;
    frame->globals = dict_of(globals);
    frame->builtins = dict_of(builtins);
    frame->locals = locals;
    frame->closure = closure;
    frame->returns = RETURN_TO_C;
    return run_pushed(vm, LOOP_RUN);
}

value engine_resume_generator(struct vm *vm, value v, value sent, bool throw_pending)
{
    struct generator_object *generator = (struct generator_object *)value_object(v);
    if (!enter_c(vm))
        return VALUE_NULL;
    value pending = vm->pending;
    vm->pending = VALUE_NULL;
    struct frame *frame = generator_push(vm, generator, RETURN_GENERATOR_TO_C);
    if (!frame)
        return VALUE_NULL;
    vm->generator_result = NONE;
    if (throw_pending) {
        frame->pc = generator->pc;
        if (generator->handled != VALUE_NULL)
            raise_value(vm, pending); /* in the context of what the generator handles */
        else
            vm->pending = pending;
        return run_pushed(vm, LOOP_THROW);
    }
    frame->slots[generator_result_slot(generator)] = sent;
    return run_pushed(vm, LOOP_RUN);
}

value engine_drain_generator(struct vm *vm, value v, struct consumer *consumer)
{
    struct generator_object *generator = (struct generator_object *)value_object(v);
    if (!enter_c(vm))
        return VALUE_NULL;
    struct frame *frame = generator_push(vm, generator, RETURN_GENERATOR_TO_CONSUMER);
    if (!frame)
        return VALUE_NULL;
    if (frame->returns == RETURN_GENERATOR_TO_CONSUMER)
        frame->consumer = consumer;
    vm->generator_result = NONE;
    frame->slots[generator_result_slot(generator)] = NONE;
    return run_pushed(vm, LOOP_RUN);
}

/* ---- native functions ---- */

value call_native(struct vm *vm, struct native_function_object *function, const value *arguments, uint32_t count,
                  value keyword_names)
{
    uint64_t named = keyword_names == VALUE_NULL ? 0 : tuple_of(keyword_names)->length;
    return native_call(vm, function, function->self, arguments, count - named, keyword_names);
}

value call_other(struct vm *vm, value callee, const value *arguments, uint64_t positional, value keyword_names)
{
    if (positional == 1 && keyword_names == VALUE_NULL) { /* conversions, which CPython does not count as recursion either */
        if (callee == object_value(&string_type))
            return value_string(vm, arguments[0]);
        if (callee == object_value(&int_type))
            return int_type.new(vm, &int_type, arguments, 1, VALUE_NULL);
    }
    return call(vm, callee, arguments, positional, keyword_names);
}

/* A class whose construction is object.__new__ and a Python __init__: the instance goes where the class stood in the window,
 * and __init__'s frame runs on the arguments in place. */
int construct_push(struct vm *vm, value v, value *window, uint32_t count, value keyword_names)
{
    value init;
    struct type *type = (struct type *)value_object(v);
    if (!class_plain_construction(vm, type, &init) || !is_exact(init, &function_type))
        return 0;
    value instance = instance_new(vm, type);
    if (instance == VALUE_NULL)
        return -1;
    window[0] = instance;
    if (!call_push_general(vm, (struct function_object *)value_object(init), window, count + 1, keyword_names))
        return -1;
    vm->frame->returns = RETURN_INSTANCE;
    vm->frame->instance = instance;
    return 1;
}

/* The arguments of f(*args, **kwargs) on the value stack above the frame, for a Python function: its frame runs there. */
static bool push_spread(struct vm *vm, struct function_object *function, value positional, value keywords)
{
    const struct tuple_object *tuple = tuple_of(positional);
    uint32_t named = keywords == VALUE_NULL ? 0 : dict_of(keywords)->count;
    value names = named ? tuple_new(vm, named) : VALUE_NULL;
    if (named && names == VALUE_NULL)
        return false;
    value *arguments = frame_free_slots(vm);
    if (arguments + tuple->length + named + function->code->code->local_count >= vm->engine->stack_end) {
        raise_error(vm, &exc_RecursionError, "maximum recursion depth exceeded");
        return false;
    }
    memcpy(arguments, tuple->items, tuple->length * sizeof *arguments);
    uint32_t position = 0;
    value key, item;
    for (uint32_t i = 0; i < named && dict_next(dict_of(keywords), &position, &key, &item); i++) {
        tuple_of(names)->items[i] = intern(vm, key);
        arguments[tuple->length + i] = item;
    }
    return call_push_general(vm, function, arguments, (uint32_t)tuple->length + named, names);
}

static bool string_keys(struct vm *vm, value keywords)
{
    (void)vm;
    uint32_t position = 0;
    value key, item;
    while (dict_next(dict_of(keywords), &position, &key, &item))
        if (!has_flag(key, TYPE_STRING))
            return false;
    return true;
}

/* f(*args, **kwargs): window null, callee, positional arguments, and with flag 1 a dict. 1: a frame was pushed. */
int call_ex_push(struct vm *vm, value *window, uint32_t flags, value *result)
{
    value callee = window[1], positional = window[2], keywords = flags & 1 ? window[3] : VALUE_NULL;
    if (!has_flag(positional, TYPE_TUPLE)) {
        positional = tuple_from_iterable(vm, positional);
        if (positional == VALUE_NULL) {
            const struct type *type = value_type(vm, window[2]);
            if (exception_matches(vm, &exc_TypeError) && !type->iter && !type->get_item) {
                exception_clear(vm);
                value text = callee_text(vm, callee);
                if (text != VALUE_NULL)
                    raise_error(vm, &exc_TypeError, "%U argument after * must be an iterable, not %T", text, window[2]);
            }
            return -1;
        }
    }
    if (is_exact(callee, &function_type) && (keywords == VALUE_NULL || string_keys(vm, keywords)))
        return push_spread(vm, (struct function_object *)value_object(callee), positional, keywords) ? 1 : -1;
    *result = call_with_dict(vm, callee, positional, keywords);
    return *result == VALUE_NULL ? -1 : 0;
}

bool guard_value(value v, bool numbers)
{
    if (!is_object(v))
        return v != VALUE_NULL;
    const struct shape *shape = value_object(v)->shape;
    return numbers ? shape == &int_type.shape || shape == &float_type.shape : !(shape->type->flags & TYPE_HEAP);
}

struct native_function_object *native_function_behind(value callee)
{
    if (is_exact(callee, &native_function_type) || is_exact(callee, &method_descriptor_type))
        return (struct native_function_object *)value_object(callee);
    if (!is_object(callee) || !object_type(value_object(callee))->native_function)
        return NULL;
    return object_type(value_object(callee))->native_function(value_object(callee));
}

/* numpy has some functions under two names, of which they know one. */
static bool is_called(const struct native_function_object *function, const char *name)
{
    static const char *const others[][2] = {{"abs", "absolute"}, {"true_divide", "divide"}};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (!strcmp(name, others[i][0]) && !strcmp(function->definition->name, others[i][1]) && function->module &&
            !strcmp(function->module, "numpy"))
            return true;
    return strcmp(function->definition->name, name) == 0;
}

bool guard_native(struct vm *vm, value callee, const char *path, value *known)
{
    (void)vm;
    if (is_immediate_float(callee) || is_exact(callee, &float_type)) {
        double number;
        if (!pattern_global_number(path, &number) || float_number(callee) != number)
            return false;
        if (is_immediate_float(callee)) /* another may come to lie where an object was */
            *known = callee;
        return true;
    }
    if (has_flag(callee, TYPE_TYPE)) { /* range, int, ...: a builtin that is a class */
        const struct type *type = (const struct type *)value_object(callee);
        if (type->flags & TYPE_HEAP || strcmp(type->name, path) != 0)
            return false;
        *known = callee;
        return true;
    }
    const struct native_function_object *function = native_function_behind(callee);
    const char *dot = strrchr(path, '.');
    const char *name = dot ? dot + 1 : path;
    if (!function)
        return false;
    if (is_exact(callee, &method_descriptor_type)) { /* numpy.ndarray.dot: the method of that very type */
        size_t owner = dot ? (size_t)(dot - path) : 0;
        if (!function->owner || strcmp(function->definition->name, name) != 0 || strncmp(function->owner->name, path, owner) != 0 ||
            function->owner->name[owner] || function->owner->flags & TYPE_HEAP)
            return false;
        *known = callee;
        return true;
    }
    const char *module = function->module ? function->module : "builtins";
    if (!is_called(function, name))
        return false;
    if (dot ? strncmp(module, path, (size_t)(dot - path)) != 0 || module[dot - path] : strcmp(module, "builtins") != 0)
        return false;
    *known = callee;
    return true;
}
