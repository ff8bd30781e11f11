/* trace_events.c - sys.settrace and sys.setprofile.
 *
 * While there is such a function, every op word of every code object is FORM_trace, and the form it stands for is kept beside
 * (struct trace_patch): nothing is looked at otherwise. Code that runs after tracing has ended becomes what it was as soon as
 * it meets such a word, so that starting and ending often costs little. A word stands for one or more bytecode instructions, some of which may
 * have no word of their own; the instructions since the last word are walked through, as CPython's loop would, and reported
 * where a line begins. Frames that are reported have a frame object, which remembers where the walk is; leaving them is
 * reported from frame_object.c, exceptions from unwind.c. */
#include "sim/engine/trace_events.h"

#include "core/op.h"
#include "sim/engine/forms.h"
#include "sim/engine/line_jump.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/traceback.h"
#include "sim/runtime/type.h"

#include <stdlib.h>

/* ---- patching ---- */

static uint32_t entry_point(const struct code *code)
{
    uint32_t i = 0;
    while (i < code->instruction_count && code->instructions[i].op != OP_resume)
        i++;
    return i;
}

static void patch_make(struct code_state *state)
{
    struct trace_patch *patch = calloc(1, sizeof *patch);
    if (patch) {
        patch->forms = calloc(state->word_count + 1u, sizeof *patch->forms);
        patch->starts = calloc(state->word_count + 1u, sizeof *patch->starts);
    }
    if (!patch || !patch->forms || !patch->starts)
        abort();
    for (uint32_t i = 0; i < state->function->block_count; i++)
        if (state->block_words[i] < state->word_count)
            patch->starts[state->block_words[i]] = true;
    uint32_t entry = entry_point(state->code);
    patch->entry_word = state->word_count;
    for (uint32_t i = 0; i < state->op_word_count; i++)
        if (state->word_source[state->op_words[i]] >= entry && state->op_words[i] < patch->entry_word)
            patch->entry_word = state->op_words[i];
    state->patch = patch;
}

static void trace_patch_state(struct code_state *state)
{
    if (!state->patch)
        patch_make(state);
    if (state->patch->active)
        return;
    state->patch->active = true;
    for (uint32_t i = 0; i < state->op_word_count; i++) {
        uint32_t at = state->op_words[i];
        state->patch->forms[at] = state->words[at].f.op;
        state->words[at].f.op = FORM_trace;
    }
}

static void unpatch_state(struct tracing *tracing, struct code_state *state)
{
    if (!state->patch || !state->patch->active)
        return;
    state->next_plain = tracing->plain;
    tracing->plain = state;
    state->patch->active = false;
    for (uint32_t i = 0; i < state->op_word_count; i++)
        state->words[state->op_words[i]].f.op = state->patch->forms[state->op_words[i]];
}

void trace_new_state(struct tracing *tracing, struct code_state *state)
{
    if (tracing->active) {
        trace_patch_state(state);
    } else if (tracing->was_active) {
        state->next_plain = tracing->plain;
        tracing->plain = state;
    }
}

void trace_patch_free(struct code_state *state)
{
    if (!state->patch)
        return;
    free(state->patch->forms);
    free(state->patch->starts);
    free(state->patch);
}

uint16_t trace_original_form(const struct code_state *state, const word *pc)
{
    return pc->f.op == FORM_trace ? state->patch->forms[pc - state->words] : pc->f.op;
}

static struct frame_object *object_of(const struct frame *frame)
{
    return frame->returns == RETURN_OBSERVED ? (struct frame_object *)value_object(frame->instance) : NULL;
}

static void patch_all(struct vm *vm)
{
    struct tracing *tracing = &vm->engine->tracing;
    bool starts = !tracing->active;
    tracing->active = tracing->trace != VALUE_NULL || tracing->profile != VALUE_NULL;
    for (struct frame *frame = vm->frame; starts && tracing->active && frame->state; frame--)
        if (object_of(frame)) /* it has gone on since its object was made, and nobody walked with it */
            object_of(frame)->walked = frame->state->word_source[frame->pc - frame->state->words];
    if (tracing->active && !tracing->was_active)
        for (struct code_state *state = vm->engine->states; state; state = state->next)
            trace_patch_state(state);
    for (; tracing->active && tracing->plain; tracing->plain = tracing->plain->next_plain)
        trace_patch_state(tracing->plain);
    tracing->was_active |= tracing->active;
    /* A profile function hears of every return: also of the frames that run already. */
    for (struct frame *frame = vm->frame; tracing->profile != VALUE_NULL && frame->state; frame--)
        if (!frame_observe(vm, frame))
            exception_clear(vm);
}

void engine_set_trace(struct vm *vm, value function)
{
    vm->engine->tracing.trace = function == NONE ? VALUE_NULL : function;
    patch_all(vm);
}

void engine_set_profile(struct vm *vm, value function)
{
    vm->engine->tracing.profile = function == NONE ? VALUE_NULL : function;
    patch_all(vm);
}

static value or_none(value v) { return v == VALUE_NULL ? NONE : v; }
value engine_trace_function(struct vm *vm) { return or_none(vm->engine->tracing.trace); }
value engine_profile_function(struct vm *vm) { return or_none(vm->engine->tracing.profile); }

value engine_call_traced(struct vm *vm, value callee, value arguments)
{
    struct tracing *tracing = &vm->engine->tracing;
    uint32_t running = tracing->running;
    tracing->running = 0;
    value result = call(vm, callee, tuple_of(arguments)->items, tuple_of(arguments)->length, VALUE_NULL);
    tracing->running = running;
    return result;
}

/* ---- reporting ---- */

/* function(frame, event, argument); the frame's variables are what it leaves in f_locals. VALUE_NULL: it raised. */
static value report(struct vm *vm, struct frame_object *object, value function, const char *event, value argument)
{
    struct tracing *tracing = &vm->engine->tracing;
    value pending = vm->pending;
    vm->pending = VALUE_NULL;
    if (object->locals != VALUE_NULL && frame_locals(vm, object) == VALUE_NULL)
        return VALUE_NULL;
    struct frame_object *reporting = tracing->reporting;
    const char *outer_event = tracing->event;
    tracing->reporting = object;
    tracing->event = event;
    tracing->running++;
    value result = call_3(vm, function, object_value(object), intern_text(vm, event), argument);
    tracing->running--;
    tracing->reporting = reporting;
    tracing->event = outer_event;
    if (result == VALUE_NULL)
        return VALUE_NULL;
    engine_frame_store_locals(vm, object);
    vm->pending = pending;
    return result;
}

static bool report_trace(struct vm *vm, struct frame_object *object, const char *event, value argument)
{
    struct tracing *tracing = &vm->engine->tracing;
    bool is_call = !strcmp(event, "call");
    value function = is_call ? tracing->trace : object->trace;
    if (tracing->trace == VALUE_NULL || function == VALUE_NULL)
        return true;
    value result = report(vm, object, function, event, argument);
    if (result == VALUE_NULL) {
        engine_set_trace(vm, NONE);
        object->trace = VALUE_NULL;
        return false;
    }
    if (result != NONE)
        object->trace = result;
    return true;
}

static bool report_profile(struct vm *vm, struct frame_object *object, const char *event, value argument)
{
    struct tracing *tracing = &vm->engine->tracing;
    if (tracing->profile == VALUE_NULL)
        return true;
    if (report(vm, object, tracing->profile, event, argument) != VALUE_NULL)
        return true;
    engine_set_profile(vm, NONE);
    return false;
}

static bool report_at(struct vm *vm, struct frame_object *object, uint32_t instruction, const char *event)
{
    object->reported = instruction;
    object->is_reporting = true;
    bool good = report_trace(vm, object, event, NONE);
    if (good && !strcmp(event, "call"))
        good = report_profile(vm, object, event, NONE);
    object->is_reporting = false;
    return good;
}

/* One instruction of the walk. */
static bool walk_line(struct vm *vm, struct frame_object *object, uint32_t entry, uint32_t at)
{
    const struct code *code = ((struct code_object *)value_object(object->code))->code;
    const struct instruction *in = &code->instructions[at];
    int32_t last = object->walked <= entry ? -1 : code->instructions[object->walked].line;
    bool back = at < object->walked && in->op != OP_send;
    if (!object->trace_lines_off && in->line >= 0 && (in->line != last || back) && !report_at(vm, object, at, "line"))
        return false;
    return !object->trace_opcodes || object->jump_to || object->trace == VALUE_NULL || report_at(vm, object, at, "opcode");
}

/* ---- native calls, for profile functions ---- */

static value native_callee(struct vm *vm, const struct frame *frame, const word *pc, uint16_t form)
{
    const value *window = &frame->slots[pc->f.b];
    value callee;
    bool has_self;
    if (form == FORM_call_ex) {
        callee = window[1];
        has_self = has_flag(window[2], TYPE_TUPLE) && tuple_of(window[2])->length;
    } else if (form == FORM_call || form == FORM_call_function) {
        bool method = form == FORM_call && window[0] != VALUE_NULL;
        callee = method ? window[0] : window[1];
        has_self = method || pc->f.c;
    } else {
        return VALUE_NULL;
    }
    if (is_object(callee) && is_exact(callee, &native_function_type))
        return callee;
    if (!is_object(callee) || !is_exact(callee, &method_descriptor_type) || !has_self)
        return VALUE_NULL;
    value self = form == FORM_call_ex ? tuple_of(window[2])->items[0] : callee == window[0] ? window[1] : window[2];
    struct type *type = value_type(vm, callee);
    return type->descriptor_get(vm, callee, self, object_value(value_type(vm, self)));
}

static bool native_done(struct vm *vm, struct frame_object *object, const char *event)
{
    value callee = object->native;
    object->native = VALUE_NULL;
    return callee == VALUE_NULL || report_profile(vm, object, event, callee);
}

/* ---- from the loop ---- */

bool trace_word(struct vm *vm, const word *pc, uint16_t *form)
{
    struct frame *frame = vm->frame;
    struct code_state *state = frame->state;
    struct tracing *tracing = &vm->engine->tracing;
    uint32_t index = (uint32_t)(pc - state->words), source = state->word_source[index];
    *form = state->patch->forms[index];
    if (!tracing->active)
        unpatch_state(tracing, state);
    if (!tracing->active || tracing->running || vm->engine->finishing)
        return true;
    struct frame_object *object = object_of(frame);
    if (object && !native_done(vm, object, "c_return"))
        return false;
    const struct code *code = state->code;
    uint32_t at = source + 1;
    if (state->patch->starts[index])
        at = code->blocks[code->instructions[source].block].first;
    else if (object && object->walked <= source)
        at = object->walked + 1;
    uint32_t entry = entry_point(code);
    if (!object && index == state->patch->entry_word && entry < at)
        at = entry; /* what stands before, in the same block, had words of its own */
    for (; at <= source; at++) {
        if (object && object->unreported == at + 1) {
            object->unreported = 0;
        } else if (code->instructions[at].op == OP_resume) {
            object = frame_observe(vm, frame);
            if (!object)
                return false;
            object->shared = true;
            if (!report_at(vm, object, at, "call"))
                return false;
        } else if (object && object->trace != VALUE_NULL && tracing->trace != VALUE_NULL) {
            if (!walk_line(vm, object, entry, at))
                return false;
            if (object->jump_to)
                return line_jump(vm, frame, object);
        }
        if (object)
            object->walked = at;
    }
    if (object && tracing->profile != VALUE_NULL) {
        object->native = native_callee(vm, frame, pc, *form);
        if (object->native != VALUE_NULL && !report_profile(vm, object, "c_call", object->native))
            return false;
        if (tracing->profile == VALUE_NULL)
            object->native = VALUE_NULL;
    }
    return vm->pending == VALUE_NULL;
}

/* ---- from leaving and unwinding ---- */

bool trace_leave(struct vm *vm, struct frame *frame, value result)
{
    struct tracing *tracing = &vm->engine->tracing;
    struct frame_object *object = object_of(frame);
    if (!object || tracing->running || vm->engine->finishing)
        return true;
    return native_done(vm, object, "c_return") && report_trace(vm, object, "return", or_none(result)) &&
           report_profile(vm, object, "return", or_none(result));
}

void trace_exception(struct vm *vm, struct frame *frame, unsigned traced)
{
    struct tracing *tracing = &vm->engine->tracing;
    struct frame_object *object = object_of(frame);
    if (!object || tracing->running || vm->engine->finishing)
        return;
    value exception = vm->pending;
    if (!native_done(vm, object, "c_exception") || !traced || object->trace == VALUE_NULL)
        return;
    const struct exception_object *e = (const struct exception_object *)value_object(exception);
    value argument = tuple_pack(vm, 3, object_value(value_type(vm, exception)), exception, or_none(e->traceback));
    if (argument != VALUE_NULL)
        report_trace(vm, object, "exception", argument);
}

/* Under a trace function CPython's loop sends to what is awaited by its method, which raises StopIteration even of None. */
static bool finishes_by_exception(struct vm *vm, const struct frame *frame)
{
    if (trace_original_form(frame->state, frame->pc) != FORM_send)
        return false;
    const struct type *type = value_type(vm, frame->slots[frame->pc->f.b]);
    return type == &coroutine_type || type->await || type->flags & TYPE_HEAP;
}

void trace_exhausted(struct vm *vm, struct frame *frame, value result)
{
    if (result == NONE && !finishes_by_exception(vm, frame))
        return;
    value pending = vm->pending;
    raise_stop_iteration(vm, result);
    trace_exception(vm, frame, true);
    vm->pending = pending;
}
