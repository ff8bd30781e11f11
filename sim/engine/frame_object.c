/* frame_object.c - frame objects of the engine's frames.
 *
 * A frame that has an object says so by `returns`, which every way of leaving it looks at anyway: frames without an object
 * cost nothing. The object takes over what the frame held in `returns` and `instance`, and the local variables when the frame
 * is left. */
#include "sim/engine/frame.h"
#include "sim/engine/trace_events.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/traceback.h"
#include "sim/runtime/type.h"

static bool is_observed(const struct frame *frame) { return frame->returns == RETURN_OBSERVED; }
static struct frame_object *observer_of(const struct frame *frame)
{
    return (struct frame_object *)value_object(frame->instance);
}

static void attach(struct frame *frame, struct frame_object *object)
{
    object->frame = frame;
    object->returns = (uint8_t)frame->returns;
    object->instance = frame->returns == RETURN_INSTANCE ? frame->instance : VALUE_NULL;
    frame->returns = RETURN_OBSERVED;
    frame->instance = object_value(object);
}

struct frame_object *frame_observe(struct vm *vm, struct frame *frame)
{
    if (is_observed(frame))
        return observer_of(frame);
    value made = frame_object_new(vm, object_value(frame->state->object), object_value(frame->globals),
                                  object_value(frame->builtins));
    if (made == VALUE_NULL)
        return NULL;
    struct frame_object *object = (struct frame_object *)value_object(made);
    object->locals = frame->locals;
    if (frame->generator) {
        object->generator = frame->generator;
        frame->generator->frame = object;
    }
    attach(frame, object);
    object->walked = frame->state->word_source[frame->pc - frame->state->words];
    return object;
}

static void copy_locals(struct frame_object *object, const struct code_state *state, const value *slots)
{
    for (uint32_t i = 0; i < object->value_count; i++)
        object->values[i] = slots[state->function->local_slots[i]];
}

void engine_frame_refresh(struct frame_object *object)
{
    const struct frame *frame = object->frame;
    const struct generator_object *generator = object->generator;
    if (frame && object->is_reporting) {
        object->instruction = object->reported;
        copy_locals(object, frame->state, frame->slots);
    } else if (frame) {
        object->instruction = frame->state->word_source[frame->pc - frame->state->words];
        copy_locals(object, frame->state, frame->slots);
    } else if (generator) {
        const struct code_state *state = generator->function->code->state;
        object->instruction = state->word_source[(const word *)generator->pc - state->words];
        copy_locals(object, state, generator->slots);
    }
}

void frame_detach(struct frame *frame)
{
    struct frame_object *object = observer_of(frame);
    frame->returns = object->returns;
    frame->instance = object->instance;
    object->instance = VALUE_NULL;
    object->frame = NULL;
}

bool frame_leave_observed(struct vm *vm, struct frame *frame, enum frame_leaving how, value result)
{
    struct frame_object *object = observer_of(frame);
    bool reraises = how == LEAVE_BY_EXCEPTION && object->reraised;
    if (reraises)
        object->reported = object->reraised - 1;
    object->is_reporting = reraises;
    bool good = !vm->engine->tracing.active || trace_leave(vm, frame, result);
    object->is_reporting = false;
    engine_frame_refresh(object);
    if (reraises)
        object->instruction = object->reraised - 1;
    /* The caller gets an object when one of its own is due anyway, or Python code may ask for it. */
    struct frame *caller = frame - 1;
    if (!frame->generator && caller->state && (object->shared || how == LEAVE_BY_EXCEPTION || is_observed(caller))) {
        value pending = vm->pending;
        struct frame_object *back = frame_observe(vm, caller);
        if (back) {
            object->back = object_value(back);
            back->shared |= object->shared;
        } else {
            vm->pending = pending;
        }
    }
    if (frame->generator)
        frame->generator->frame = NULL;
    frame_detach(frame);
    object->generator = NULL;
    return good;
}

bool frame_suspend_observed(struct vm *vm, struct frame *frame, value result)
{
    vm->engine->tracing.suspending = true;
    bool good = !vm->engine->tracing.active || trace_leave(vm, frame, result);
    vm->engine->tracing.suspending = false;
    if (good)
        frame_detach(frame);
    return good;
}

void frame_note_reraise(struct frame *frame, value lasti)
{
    const struct code *code = frame->state->code;
    struct frame_object *object = observer_of(frame);
    object->reraised = 0;
    for (uint32_t i = 0; is_small_int(lasti) && i < code->instruction_count; i++)
        if ((int64_t)code->instructions[i].offset * 2 == small_int_value(lasti))
            object->reraised = i + 1;
}

void frame_resume_observed(struct frame *frame)
{
    attach(frame, frame->generator->frame);
}

/* ---- what runtime code asks ---- */

struct frame_object *engine_frame_object(struct vm *vm, uint32_t depth)
{
    struct frame *frame = vm->frame;
    for (; frame->state; frame--)
        if (!depth--)
            break;
    if (!frame->state)
        return NULL;
    struct frame_object *object = frame_observe(vm, frame);
    if (object)
        object->shared = true;
    return object;
}

uint32_t engine_frame_depth(struct vm *vm)
{
    return vm->engine ? (uint32_t)(vm->frame - vm->engine->frames) : 0; /* the first one is the sentinel */
}

struct frame_object *engine_generator_frame(struct vm *vm, struct generator_object *generator)
{
    if (!generator->frame) {
        const struct function_object *function = generator->function;
        value made = frame_object_new(vm, object_value(function->code), function->globals, function->builtins);
        if (made == VALUE_NULL)
            return NULL;
        generator->frame = (struct frame_object *)value_object(made);
        generator->frame->generator = generator;
        for (struct frame *frame = vm->frame; generator->state == GENERATOR_RUNNING && frame->state; frame--)
            if (frame->generator == generator && !is_observed(frame))
                attach(frame, generator->frame);
    }
    generator->frame->shared = true;
    return generator->frame;
}

value engine_frame_back(struct vm *vm, struct frame_object *object)
{
    if (!object->frame)
        return object->generator ? NONE : object->back;
    struct frame *caller = object->frame - 1;
    if (!caller->state)
        return NONE;
    struct frame_object *back = frame_observe(vm, caller);
    if (!back)
        return VALUE_NULL;
    back->shared = true;
    return object_value(back);
}

void engine_frame_store_locals(struct vm *vm, struct frame_object *object)
{
    struct frame *frame = object->frame;
    if (!frame || object->locals == VALUE_NULL || !object->value_count)
        return;
    const struct code *code = frame->state->code;
    for (uint32_t i = 0; i < object->value_count; i++) {
        value v = dict_get_interned(dict_of(object->locals), tuple_of(frame->state->object->local_names)->items[i]);
        value *slot = &frame->slots[frame->state->function->local_slots[i]];
        if ((code->local_kinds[i] & (LOCAL_CELL | LOCAL_FREE)) && *slot != VALUE_NULL && is_exact(*slot, &cell_type))
            ((struct cell_object *)value_object(*slot))->content = v;
        else
            *slot = v;
    }
    (void)vm;
}

/* The namespaces of the innermost frame. */
value engine_globals(struct vm *vm)
{
    return vm->frame->state ? object_value(vm->frame->globals) : NONE;
}

value engine_builtins(struct vm *vm)
{
    return vm->frame->state ? object_value(vm->frame->builtins) : vm->builtins;
}

value engine_locals(struct vm *vm)
{
    struct frame *frame = vm->frame;
    if (frame->locals != VALUE_NULL)
        return frame->locals;
    if (!frame->state)
        return raise_error(vm, &exc_SystemError, "frame does not exist");
    struct frame_object *object = frame_observe(vm, frame);
    return object ? frame_locals(vm, object) : VALUE_NULL;
}
