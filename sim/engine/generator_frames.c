/* generator_frames.c - generators and coroutines: made from the frame of the call, whose slots move to the heap for good. */
#include "sim/engine/frame.h"
#include "sim/engine/operations.h"
#include "sim/runtime/async.h"
#include "sim/runtime/exception.h"

static struct type *generator_kind_type(uint32_t flags, enum generator_kind *kind)
{
    if (flags & CODE_ASYNC_GENERATOR) {
        *kind = GENERATOR_ASYNC;
        return &async_generator_type;
    }
    if (flags & CODE_COROUTINE) {
        *kind = GENERATOR_COROUTINE;
        return &coroutine_type;
    }
    *kind = GENERATOR_PLAIN;
    return &generator_type;
}

/* Where a coroutine is made: (file, line, function) of its caller and of up to origin_depth - 1 callers of that. */
static value coroutine_origin(struct vm *vm, const struct frame *frame)
{
    value list = list_new(vm, 0);
    const struct frame *at = frame - 1;
    for (uint32_t i = 0; list != VALUE_NULL && i < vm->origin_depth && at->state; i++, at--) {
        const struct code_state *state = at->state;
        int32_t line = state->code->instructions[state->word_source[at->pc - state->words]].line;
        value entry = tuple_pack(vm, 3, state->object->filename, small_int(line), state->object->name);
        if (entry == VALUE_NULL || !list_append(vm, list_of(list), entry))
            return VALUE_NULL;
    }
    return list == VALUE_NULL ? VALUE_NULL : tuple_from(vm, list_of(list)->items, list_of(list)->length);
}

bool engine_generator_guarded(const void *object)
{
    const struct generator_object *generator = object;
    const struct code_state *state = generator->function->code->state;
    uint32_t source = state->word_source[(const word *)generator->pc - state->words];
    return state->code->blocks[state->code->instructions[source].block].handler != NO_BLOCK;
}

/* Code that exec() or eval() runs has no function; a coroutine that outlives their call needs one. */
static struct function_object *function_of_frame(struct vm *vm, const struct frame *frame)
{
    value made = function_new(vm, object_value(frame->state->object), object_value(frame->globals));
    if (made == VALUE_NULL)
        return NULL;
    struct function_object *function = (struct function_object *)value_object(made);
    function->builtins = object_value(frame->builtins);
    function->closure = frame->closure;
    return function;
}

value generator_from_frame(struct vm *vm, struct frame *frame, const word *pc)
{
    enum generator_kind kind;
    struct type *type = generator_kind_type(frame->state->code->flags, &kind);
    struct function_object *function = frame->function ? frame->function : function_of_frame(vm, frame);
    struct generator_object *generator = function ? gc_object(vm, type->instance_size, &type->shape) : NULL;
    if (!generator)
        return VALUE_NULL;
    generator->kind = (uint8_t)kind;
    generator->state = GENERATOR_CREATED;
    generator->function = function;
    generator->locals = frame->locals;
    generator->handled = generator->yield_from = generator->origin = VALUE_NULL;
    generator->name = function->name;
    generator->qualified_name = function->qualified_name;
    generator->pc = pc;
    uint32_t count = frame->state->slot_count, kept = frame->state->function->slot_count;
    generator->slots = gc_storage(vm, count * sizeof(value));
    if (!generator->slots && count)
        return VALUE_NULL;
    generator->slot_count = (uint16_t)count;
    memcpy(generator->slots, frame->slots, kept * sizeof(value));
    ADD_WORK(vm, bytes, -(uint64_t)(count - kept) * sizeof(value)); /* the engine's scratch slots are nobody's work */
    if (kind == GENERATOR_COROUTINE && vm->origin_depth &&
        (generator->origin = coroutine_origin(vm, frame)) == VALUE_NULL)
        return VALUE_NULL;
    if (kind != GENERATOR_PLAIN || frame->state->code->handler_count)
        gc_watch_death(vm, generator);
    return object_value(generator);
}

struct frame *generator_push_failed(struct vm *vm, const struct generator_object *generator)
{
    raise_error(vm, &exc_ValueError, "%s already executing",
                generator->kind == GENERATOR_PLAIN ? "generator" : generator->kind == GENERATOR_COROUTINE
                                                                        ? "coroutine" : "async generator");
    return NULL;
}

void engine_replace_delegate(struct vm *vm, void *object, value other)
{
    (void)vm;
    struct generator_object *generator = object;
    const word *at = generator->pc; /* a `yield`: its c is the delegate's slot and 1 */
    generator->slots[at->f.c - 1] = other;
}

bool engine_enter_delegating(struct vm *vm, void *object)
{
    struct generator_object *generator = object;
    const value delegate = generator->yield_from, handled = vm->handled;
    struct frame *frame = generator_push(vm, generator, RETURN_GENERATOR_TO_C);
    if (!frame)
        return false;
    frame->pc = generator->pc;
    generator->yield_from = delegate;
    vm->handled = handled;
    return true;
}

void engine_leave_delegating(struct vm *vm, void *object)
{
    if (vm->frame->returns == RETURN_OBSERVED)
        frame_detach(vm->frame);
    vm->frame--;
    ((struct generator_object *)object)->state = GENERATOR_SUSPENDED;
}

/* One step of `yield from` or `await`: a value, or VALUE_NULL with vm->generator_result when the receiver is finished. */
value send_to_iterator(struct vm *vm, value receiver, value sent)
{
    vm->generator_result = NONE;
    if (is_exact(receiver, &generator_type) || is_exact(receiver, &coroutine_type))
        return generator_send(vm, receiver, sent);
    value result = sent == NONE && value_type(vm, receiver)->next ? value_type(vm, receiver)->next(vm, receiver)
                                                                 : call_method(vm, receiver, "send", &sent, 1);
    if (result != VALUE_NULL)
        return result;
    if (vm->pending == VALUE_NULL)
        return VALUE_NULL;
    if (exception_matches(vm, &exc_StopIteration)) {
        struct exception_object *stop = (struct exception_object *)value_object(exception_take(vm));
        vm->generator_result = stop->fields[0] == VALUE_NULL ? NONE : stop->fields[0];
    }
    return VALUE_NULL;
}

value get_yield_from_iterator(struct vm *vm, value v)
{
    if (is_exact(v, &generator_type))
        return v;
    if (is_exact(v, &coroutine_type)) {
        if (vm->frame->state->code->flags & (CODE_COROUTINE | CODE_ITERABLE_COROUTINE))
            return v;
        return raise_error(vm, &exc_TypeError, "cannot 'yield from' a coroutine object in a non-coroutine generator");
    }
    return get_iterator(vm, v);
}

value get_awaitable(struct vm *vm, value v, uint32_t where)
{
    if (is_exact(v, &coroutine_type)) {
        if (((struct generator_object *)value_object(v))->yield_from != VALUE_NULL)
            return raise_error(vm, &exc_RuntimeError, "coroutine is being awaited already");
        return v;
    }
    if (where && !value_type(vm, v)->await)
        return raise_error(vm, &exc_TypeError,
                           "'async with' received an object from __a%s__ that does not implement __await__: %T",
                           where == 1 ? "enter" : "exit", v);
    return awaitable_iterator(vm, v);
}

value get_async_iterator(struct vm *vm, value v)
{
    struct type *type = value_type(vm, v);
    if (!type->aiter)
        return raise_error(vm, &exc_TypeError, "'async for' requires an object with __aiter__ method, got %T", v);
    value iterator = type->aiter(vm, v);
    if (iterator != VALUE_NULL && !value_type(vm, iterator)->anext)
        return raise_error(vm, &exc_TypeError,
                           "'async for' received an object from __aiter__ that does not implement __anext__: %T", iterator);
    return iterator;
}

value get_async_next(struct vm *vm, value v)
{
    struct type *type = value_type(vm, v);
    if (!type->anext)
        return raise_error(vm, &exc_TypeError, "'async for' requires an iterator with __anext__ method, got %T", v);
    value awaitable = type->anext(vm, v);
    if (awaitable == VALUE_NULL || is_exact(v, &async_generator_type))
        return awaitable;
    value iterator = awaitable_iterator(vm, awaitable);
    if (iterator != VALUE_NULL)
        return iterator;
    value cause = exception_take(vm);
    raise_error(vm, &exc_TypeError, "'async for' received an invalid object from __anext__: %T", awaitable);
    struct exception_object *error = (struct exception_object *)value_object(vm->pending);
    error->cause = error->context = cause;
    error->suppress_context = true;
    return VALUE_NULL;
}
