/* unwind.c - from a raise to its handler: partial block counts, tracebacks, handler entry, leaving frames. */
#include "sim/engine/contexts.h"
#include "sim/engine/operations.h"
#include "sim/engine/trace_events.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/traceback.h"

static uint32_t source_of(const struct code_state *state, const word *pc)
{
    return state->word_source[pc - state->words];
}

static const struct machine_block *handler_block(const struct code_state *state, uint32_t source_block, uint32_t *index)
{
    for (uint32_t i = 0; i < state->function->block_count; i++) {
        if (state->function->blocks[i].source == source_block) {
            *index = i;
            return &state->function->blocks[i];
        }
    }
    return NULL;
}

/* Cuts the source operand stack to the handler's depth and pushes lasti and the exception where its block expects them. */
static const word *enter_handler(struct vm *vm, struct frame *frame, const struct exception_range *range, uint32_t source)
{
    uint32_t index = 0;
    const struct machine_block *block = handler_block(frame->state, range->target, &index);
    uint32_t depth = range->depth;
    if (frame->returns == RETURN_OBSERVED) { /* raised again: where it was raised first counts */
        struct frame_object *object = (struct frame_object *)value_object(frame->instance);
        if (object->reraised)
            source = object->reraised - 1;
        object->reraised = 0;
    }
    if (range->push_lasti)
        frame->slots[block->entry_slots[depth++]] = small_int((int64_t)frame->state->code->instructions[source].offset * 2);
    frame->slots[block->entry_slots[depth]] = vm->pending;
    vm->pending = VALUE_NULL;
    return &frame->state->words[frame->state->block_words[index]];
}

/* PEP 479: StopIteration may not leave a generator. */
static void replace_stop_iteration(struct vm *vm, struct generator_object *generator)
{
    bool stop = exception_matches(vm, &exc_StopIteration);
    bool async_stop = generator->kind == GENERATOR_ASYNC && exception_matches(vm, &exc_StopAsyncIteration);
    if (!stop && !async_stop)
        return;
    value cause = exception_take(vm);
    const char *what = generator->kind == GENERATOR_PLAIN ? "generator"
                       : generator->kind == GENERATOR_COROUTINE ? "coroutine" : "async generator";
    raise_error(vm, &exc_RuntimeError, "%s raised %s", what, stop ? "StopIteration" : "StopAsyncIteration");
    struct exception_object *error = (struct exception_object *)value_object(vm->pending);
    error->cause = error->context = cause;
    error->suppress_context = true;
}

static void add_traceback(struct vm *vm, struct frame *frame, uint32_t source)
{
    value pending = vm->pending;
    struct frame_object *object = frame_observe(vm, frame);
    if (object) {
        object->reraised = 0;
        traceback_add(vm, pending, object_value(object), source);
    }
    vm->pending = pending; /* rather a short traceback than another exception */
}

const word *engine_unwind(struct vm *vm, const word *pc, unsigned flags)
{
    for (;;) {
        struct frame *frame = vm->frame;
        struct code_state *state = frame->state;
        uint32_t source = source_of(state, pc);
        const struct instruction *instruction = &state->code->instructions[source];
        frame->pc = pc;
        if (!(flags & UNWIND_NO_PARTIAL))
            profile_add_partial(frame_profile(vm, frame), instruction->block, source);
        if (!(flags & UNWIND_NO_TRACEBACK))
            add_traceback(vm, frame, source);
        if (vm->engine->tracing.active)
            trace_exception(vm, frame, !(flags & UNWIND_NO_TRACEBACK));
        uint32_t handler = flags & UNWIND_NO_HANDLER ? NO_BLOCK : state->code->blocks[instruction->block].handler;
        flags = 0;
        if (handler != NO_BLOCK && !vm->engine->finishing)
            return enter_handler(vm, frame, &state->code->handlers[handler], source);
        if (frame->generator) {
            generator_finish(vm, frame);
            replace_stop_iteration(vm, frame->generator);
        }
        if (frame->returns == RETURN_OBSERVED)
            (void)!frame_leave_observed(vm, frame, LEAVE_BY_EXCEPTION, VALUE_NULL); /* pending is what counts */
        if (frame->generator)
            generator_free_slots(vm, frame->generator);
        vm->frame = frame - 1;
        if (frame->returns == RETURN_TO_C || frame->returns == RETURN_GENERATOR_TO_C ||
            frame->returns == RETURN_GENERATOR_TO_CONSUMER)
            return NULL;
        pc = vm->frame->pc;
    }
}
