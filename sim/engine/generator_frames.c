/* generator_frames.c - frames of generators and coroutines: moved to the heap while suspended, back onto the stack to run. */
#include "sim/engine/frame.h"
#include "sim/engine/operations.h"
#include "sim/runtime/exception.h"

uint16_t generator_result_slot(const struct generator_object *generator)
{
    return ((const word *)generator->pc)->f.a;
}

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

value generator_from_frame(struct vm *vm, struct frame *frame, const word *pc)
{
    enum generator_kind kind;
    struct type *type = generator_kind_type(frame->state->code->flags, &kind);
    struct generator_object *generator = gc_object(vm, sizeof *generator, &type->shape);
    if (!generator)
        return VALUE_NULL;
    generator->kind = (uint8_t)kind;
    generator->state = GENERATOR_CREATED;
    generator->function = frame->function;
    generator->name = frame->function->name;
    generator->qualified_name = frame->function->qualified_name;
    generator->handled = generator->yield_from = VALUE_NULL;
    generator->pc = pc;
    generator->slots = gc_storage(vm, frame->state->function->slot_count * sizeof(value));
    if (!generator->slots && frame->state->function->slot_count)
        return VALUE_NULL;
    generator->slot_count = frame->state->function->slot_count; /* scratch slots hold nothing across a suspension */
    memcpy(generator->slots, frame->slots, generator->slot_count * sizeof(value));
    return object_value(generator);
}

struct frame *generator_push(struct vm *vm, struct generator_object *generator, value *slots, enum frame_return returns)
{
    if (generator->state == GENERATOR_RUNNING) {
        raise_error(vm, &exc_ValueError, "%s already executing",
                    generator->kind == GENERATOR_PLAIN ? "generator" : generator->kind == GENERATOR_COROUTINE
                                                                            ? "coroutine" : "async generator");
        return NULL;
    }
    struct code_state *state = generator->function->code->state;
    struct frame *frame = frame_push(vm, state, slots);
    if (!frame)
        return NULL;
    memcpy(slots, generator->slots, generator->slot_count * sizeof(value));
    frame_of_function(frame, generator->function);
    frame->generator = generator;
    frame->returns = returns;
    frame->pc = (const word *)generator->pc + 2;
    frame->outer_handled = vm->handled;
    if (generator->handled != VALUE_NULL)
        vm->handled = generator->handled;
    generator->state = GENERATOR_RUNNING;
    generator->yield_from = VALUE_NULL;
    return frame;
}

void generator_suspend(struct vm *vm, struct frame *frame, const word *pc)
{
    struct generator_object *generator = frame->generator;
    memcpy(generator->slots, frame->slots, generator->slot_count * sizeof(value));
    generator->pc = pc;
    generator->state = GENERATOR_SUSPENDED;
    generator->handled = vm->handled == frame->outer_handled ? VALUE_NULL : vm->handled;
    vm->handled = frame->outer_handled;
}

void generator_finish(struct vm *vm, struct frame *frame)
{
    struct generator_object *generator = frame->generator;
    generator->state = GENERATOR_FINISHED;
    generator->handled = generator->yield_from = VALUE_NULL;
    vm->handled = frame->outer_handled;
}

/* One step of `yield from` or `await`: a value, or VALUE_NULL with vm->generator_result when the receiver is finished. */
value send_to_iterator(struct vm *vm, value receiver, value sent)
{
    vm->generator_result = NONE;
    if (is_exact(receiver, &generator_type) || is_exact(receiver, &coroutine_type))
        return generator_send(vm, receiver, sent);
    value result = sent == NONE && value_type(vm, receiver)->next ? iterator_next(vm, receiver)
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
    if (is_exact(v, &generator_type) &&
        (((struct generator_object *)value_object(v))->function->code->code->flags & CODE_ITERABLE_COROUTINE))
        return v;
    struct type *type = value_type(vm, v);
    if (!type->await) {
        if (where == 1)
            return raise_error(vm, &exc_TypeError,
                               "'async with' received an object from __aenter__ that does not implement __await__: %T", v);
        if (where == 2)
            return raise_error(vm, &exc_TypeError,
                               "'async with' received an object from __aexit__ that does not implement __await__: %T", v);
        return raise_error(vm, &exc_TypeError, "object %T can't be used in 'await' expression", v);
    }
    value iterator = type->await(vm, v);
    if (iterator != VALUE_NULL && !value_type(vm, iterator)->next)
        return raise_error(vm, &exc_TypeError, "__await__() returned non-iterator of type '%T'", iterator);
    return iterator;
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
    return awaitable == VALUE_NULL ? VALUE_NULL : get_awaitable(vm, awaitable, 0);
}

value async_wrap(struct vm *vm, value v)
{
    (void)v;
    return raise_unsupported(vm, "asynchronous generators (async_gen_wrap)");
}
