/* line_jump.c - see line_jump.h.
 *
 * Which jumps are allowed is CPython's rule: the operand stack must be, from the bottom up, what the other line expects, with as
 * much as need be dropped from its top. A line may begin inside a block, where the translation keeps values in places of its
 * own; so a frame that jumps goes on in a second translation of its code, in which a block begins at every line: at the start of
 * a block every variable is in its home and every stack entry in its slot. Variables and entries are carried from the one
 * translation's places to the other's. Reads of variables are all checked there, as CPython checks all. */
#include "sim/engine/line_jump.h"

#include "frontend/frontend.h"
#include "sim/engine/contexts.h"
#include "sim/engine/forms.h"
#include "sim/engine/trace_events.h"
#include "sim/runtime/exception.h"

#include <limits.h>
#include <stdlib.h>

/* ---- what lies on the operand stack ---- */

/* Kinds of entries, three bits each, the top lowest: numbers compare as depths do. */
enum entry_kind { ENTRY_ITERATOR = 1, ENTRY_EXCEPTION, ENTRY_OBJECT, ENTRY_NULL, ENTRY_PLACE };
enum { KIND_BITS = 3, KINDS_MOST = 63 / KIND_BITS };
enum { STACK_TOO_DEEP = -1, STACK_UNKNOWN = -2 };

static int64_t stack_push(int64_t stack, enum entry_kind kind)
{
    return stack < 0 || stack >> (KIND_BITS * (KINDS_MOST - 1)) ? STACK_TOO_DEEP : stack << KIND_BITS | kind;
}

static int64_t stack_pop(int64_t stack, int count)
{
    for (; count > 0; count--)
        stack >>= KIND_BITS;
    return stack;
}

static int stack_depth(int64_t stack)
{
    int depth = 0;
    for (; stack > 0; stack >>= KIND_BITS)
        depth++;
    return depth;
}

static int64_t stack_after(const struct instruction *in, int64_t stack)
{
    switch ((int)in->op) {
    case OP_get_iter: case OP_get_aiter:
        return stack_push(stack_pop(stack, 1), ENTRY_ITERATOR);
    case OP_push_exc_info:
        return stack_push(stack_push(stack_pop(stack, 1), ENTRY_EXCEPTION), ENTRY_EXCEPTION);
    case OP_push_null:
        return stack_push(stack, ENTRY_NULL);
    case OP_load_global_null: case OP_load_method:
        return stack_push(stack_push(stack_pop(stack, in->pops), ENTRY_NULL), ENTRY_OBJECT);
    default: /* of all ops: by their numbers */
        break;
    }
    int delta = (int)in->pushes - (int)in->pops;
    stack = stack_pop(stack, -delta);
    for (; delta > 0; delta--)
        stack = stack_push(stack, ENTRY_OBJECT);
    return stack;
}

static void stack_flow(int64_t *stacks, const struct code *code, uint32_t block, int64_t stack, bool *changed)
{
    uint32_t at = block == NO_BLOCK ? 0 : code->blocks[block].first;
    if (block == NO_BLOCK || stacks[at] != STACK_UNKNOWN)
        return;
    stacks[at] = stack;
    *changed = true;
}

static void flow_to_handler(int64_t *stacks, const struct code *code, const struct exception_range *range, bool *changed)
{
    int64_t stack = stacks[range->start];
    if (stack == STACK_UNKNOWN)
        return;
    stack = stack_pop(stack, stack_depth(stack) - (int)range->depth);
    if (range->push_lasti)
        stack = stack_push(stack, ENTRY_PLACE);
    stack_flow(stacks, code, range->target, stack_push(stack, ENTRY_EXCEPTION), changed);
}

static void flow_from(int64_t *stacks, const struct code *code, uint32_t at, bool *changed)
{
    const struct instruction *in = &code->instructions[at];
    int64_t before = stacks[at], after = stack_after(in, before);
    int64_t there = in->op == OP_jump_if_true_keep || in->op == OP_jump_if_false_keep ? before
                    : in->op == OP_for_iter || in->op == OP_send                       ? stack_pop(before, 1)
                                                                                       : after;
    stack_flow(stacks, code, in->target, there, changed);
    bool ends = in->op == OP_jump || in->op == OP_return || in->op == OP_raise || in->op == OP_reraise;
    if (!ends && at + 1 < code->instruction_count && stacks[at + 1] == STACK_UNKNOWN) {
        stacks[at + 1] = after;
        *changed = true;
    }
}

/* What lies on the stack before each instruction; malloc'd. */
static int64_t *stacks_find(const struct code *code)
{
    int64_t *stacks = malloc((code->instruction_count + 1) * sizeof *stacks);
    if (!stacks)
        abort();
    for (uint32_t i = 0; i <= code->instruction_count; i++)
        stacks[i] = STACK_UNKNOWN;
    stacks[0] = 0;
    for (bool changed = true; changed;) {
        changed = false;
        for (uint32_t i = 0; i < code->instruction_count; i++)
            if (stacks[i] != STACK_UNKNOWN)
                flow_from(stacks, code, i, &changed);
        for (uint32_t i = 0; i < code->handler_count; i++)
            flow_to_handler(stacks, code, &code->handlers[i], &changed);
    }
    return stacks;
}

static bool stacks_agree(int64_t from, int64_t to)
{
    if (from < 0 || to < 0)
        return false;
    while (from > to)
        from >>= KIND_BITS;
    for (; from; from >>= KIND_BITS, to >>= KIND_BITS) {
        int64_t mask = (1 << KIND_BITS) - 1, have = from & mask, wanted = to & mask;
        bool good = wanted == ENTRY_OBJECT ? have != ENTRY_NULL : wanted == ENTRY_NULL || (wanted && have == wanted);
        if (!good)
            return false;
    }
    return to == 0;
}

static const char *disagreement(int64_t to)
{
    if (to == STACK_TOO_DEEP)
        return "stack is too deep to analyze";
    if (to == STACK_UNKNOWN)
        return "can't jump into an exception handler, or code may be unreachable";
    switch (to & ((1 << KIND_BITS) - 1)) {
    case ENTRY_EXCEPTION: return "can't jump into an 'except' block as there's no exception";
    case ENTRY_PLACE: return "can't jump into a re-raising block as there's no location";
    case ENTRY_ITERATOR: return "can't jump into the body of a for loop";
    default: return "incompatible stacks";
    }
}

/* ---- which instruction ---- */

static bool event_allows(struct vm *vm, const struct frame_object *object)
{
    const struct tracing *tracing = &vm->engine->tracing;
    if (!tracing->event || !strcmp(tracing->event, "call"))
        raise_error(vm, &exc_ValueError, "can't jump from the 'call' trace event of a new frame");
    else if (!strcmp(tracing->event, "return") && object->generator &&
             object->generator->state == GENERATOR_RUNNING && tracing->reporting == object && tracing->suspending)
        raise_unsupported(vm, "jumping to another line from a yield by setting f_lineno");
    else if (strcmp(tracing->event, "line") != 0)
        raise_error(vm, &exc_ValueError, "can only jump from a 'line' trace event");
    else if (object->trace == VALUE_NULL)
        raise_error(vm, &exc_ValueError, "f_lineno can only be set by a trace function");
    return vm->pending == VALUE_NULL;
}

/* The first line with code that is not before `line`; -1: there is none. */
static int32_t line_not_before(const struct code *code, int64_t line)
{
    int32_t found = INT32_MAX, last = -1;
    for (uint32_t i = 0; i < code->instruction_count; i++)
        if (code_line_begins(code->instructions[i].line, &last) && last >= line && last < found)
            found = last;
    return found == INT32_MAX ? -1 : found;
}

static bool choose_line(struct vm *vm, const struct code *code, value item, int32_t *line)
{
    int64_t wanted;
    bool fits = value_to_int64(vm, item, &wanted) && wanted >= INT_MIN && wanted <= INT_MAX;
    exception_clear(vm);
    if (!fits) {
        raise_error(vm, &exc_ValueError, "lineno out of range");
        return false;
    }
    *line = wanted < (int64_t)code->first_line ? 0 : line_not_before(code, wanted);
    if (wanted < (int64_t)code->first_line)
        raise_error(vm, &exc_ValueError, "line %d comes before the current code block", (int)wanted);
    else if (*line < 0)
        raise_error(vm, &exc_ValueError, "line %d comes after the current code block", (int)wanted);
    return vm->pending == VALUE_NULL;
}

/* The instruction that begins the line with the deepest stack that is possible; NO_BLOCK with *message set: there is none. */
static uint32_t choose_instruction(const struct code *code, const int64_t *stacks, int64_t start, int32_t line,
                                   const char **message)
{
    uint32_t chosen = NO_BLOCK;
    int32_t last = -1;
    int64_t best = STACK_TOO_DEEP;
    bool explained = false;
    *message = "cannot find bytecode for specified line";
    for (uint32_t i = 0; i < code->instruction_count; i++) {
        if (!code_line_begins(code->instructions[i].line, &last) || last != line)
            continue;
        if (stacks_agree(start, stacks[i])) {
            if (stacks[i] > best) {
                best = stacks[i];
                chosen = i;
            }
        } else if (!explained && start == STACK_TOO_DEEP) {
            *message = "stack to deep to analyze";
        } else if (!explained && start == STACK_UNKNOWN) {
            *message = "can't jump from unreachable code";
        } else if (!explained) {
            *message = disagreement(stacks[i]);
            explained = true;
        }
    }
    return chosen;
}

/* ---- where the entries are ---- */

/* The slot of stack entry `position` before instruction `at` of the frame's code; -1: in none that is known. */
static int32_t entry_slot(const struct frame *frame, uint32_t at, int32_t position)
{
    const struct code_state *state = frame->state;
    uint32_t index = state->code->instructions[at].block, pusher = NO_BLOCK;
    for (uint32_t i = state->code->blocks[index].first; i < at; i++) {
        const struct instruction *in = &state->code->instructions[i];
        int32_t low = in->depth - in->pops - (in->role == ARGUMENT_DEPTH ? (int32_t)in->argument : 0);
        if (low <= position)
            pusher = i;
    }
    for (uint32_t i = 0; pusher == NO_BLOCK && i < state->function->block_count; i++) {
        const struct machine_block *block = &state->function->blocks[i];
        if (block->source == index)
            return position < block->entry_slot_count ? block->entry_slots[position] : -1;
    }
    if (pusher == NO_BLOCK || state->code->instructions[pusher].op != OP_push_exc_info)
        return -1;
    int32_t first = state->code->instructions[pusher].depth - 1; /* of the two that it pushed */
    for (uint32_t i = 0; i < state->op_word_count; i++) {
        const word *at_word = &state->words[state->op_words[i]];
        if (state->word_source[state->op_words[i]] == pusher && trace_original_form(state, at_word) == FORM_push_exc_info)
            return at_word->f.a + position - first;
    }
    return -1;
}

static bool entries_known(const struct frame *frame, uint32_t from, int depth, int64_t stack)
{
    for (int i = 0; i < depth; i++)
        if (entry_slot(frame, from, i) < 0)
            return false;
    for (int i = stack_depth(stack) - 1; i >= depth; i--, stack >>= KIND_BITS) /* those that are dropped */
        if ((stack & ((1 << KIND_BITS) - 1)) == ENTRY_EXCEPTION && entry_slot(frame, from, i) < 0)
            return false;
    return true;
}

bool engine_frame_jump(struct vm *vm, struct frame_object *object, value item)
{
    const struct code *code = ((struct code_object *)value_object(object->code))->code;
    const char *message;
    int32_t line;
    if (!event_allows(vm, object) || !choose_line(vm, code, item, &line))
        return false;
    if (object != vm->engine->tracing.reporting || !object->is_reporting) {
        raise_unsupported(vm, "setting f_lineno of a frame that waits for a call");
        return false;
    }
    int64_t *stacks = stacks_find(code);
    uint32_t from = object->jump_from ? object->jump_from - 1 : object->reported;
    uint32_t to = choose_instruction(code, stacks, stacks[object->reported], line, &message);
    bool known = to != NO_BLOCK && entries_known(object->frame, from, stack_depth(stacks[to]), stacks[from]);
    free(stacks);
    if (to == NO_BLOCK)
        raise_error(vm, &exc_ValueError, "%s", message);
    else if (!known)
        raise_unsupported(vm, "jumping inside an expression by setting f_lineno");
    else if (vm->engine->contexts)
        raise_unsupported(vm, "jumping to another line by setting f_lineno in a profiled run");
    if (vm->pending != VALUE_NULL)
        return false;
    object->jump_from = from + 1;
    object->jump_to = to + 1;
    object->reported = to;
    return true;
}

/* ---- going there ---- */

static struct code_state *state_by_lines(struct vm *vm, struct code_state *state)
{
    if (state->by_lines)
        return state->by_lines;
    const struct code *split = code_split_at_lines(state->code);
    value made = split ? code_object_from(vm, split) : VALUE_NULL;
    if (made == VALUE_NULL)
        return NULL;
    struct code_object *object = (struct code_object *)value_object(made);
    object->names = state->object->names;
    object->local_names = state->object->local_names;
    object->constants = state->object->constants;
    state->by_lines = code_state_of(vm, object);
    state->by_lines->by_lines = state->by_lines;
    return state->by_lines;
}

/* What a generator's frame runs on is the generator's, and is found by its function. */
static bool move_generator(struct vm *vm, struct frame *frame, struct code_state *state)
{
    struct generator_object *generator = frame->generator;
    if (!generator)
        return true;
    struct function_object *function = GC_NEW(vm, struct function_object, &function_type);
    if (!function)
        return false;
    struct object head = function->head;
    *function = *generator->function;
    function->head = head;
    function->identity = 0;
    function->code = state->object;
    value *slots = gc_storage(vm, state->slot_count * sizeof(value));
    if (!slots)
        return false;
    generator->function = frame->function = function;
    generator->slots = frame->slots = slots;
    generator->slot_count = (uint16_t)state->slot_count;
    return true;
}

/* The exceptions that the dropped part of the stack remembers are being handled again. */
static void restore_handled(struct vm *vm, const struct frame *frame, uint32_t from, int depth, int64_t stack)
{
    for (int i = stack_depth(stack) - 1; i >= depth; i--, stack >>= KIND_BITS) {
        if ((stack & ((1 << KIND_BITS) - 1)) != ENTRY_EXCEPTION)
            continue;
        value handled = frame->slots[entry_slot(frame, from, i)];
        handled = handled == NONE ? VALUE_NULL : handled;
        if (frame->generator)
            frame->generator->handled = handled;
        vm->handled = frame->generator && handled == VALUE_NULL ? frame->outer_handled : handled;
    }
}

static const struct machine_block *block_of(const struct code_state *state, uint32_t source, uint32_t *index)
{
    for (*index = 0; *index < state->function->block_count; ++*index)
        if (state->function->blocks[*index].source == source)
            return &state->function->blocks[*index];
    return NULL;
}

bool line_jump(struct vm *vm, struct frame *frame, struct frame_object *object)
{
    struct code_state *old = frame->state, *state = state_by_lines(vm, old);
    uint32_t from = object->jump_from - 1, to = object->jump_to - 1, index, kept = old->code->local_count;
    object->jump_from = object->jump_to = 0;
    if (!state)
        return raise_unsupported(vm, "jumping to another line by setting f_lineno") != VALUE_NULL;
    if (!frame->generator && frame->slots + state->slot_count >= vm->engine->stack_end)
        return frame_push_failed(vm) != NULL;
    const struct machine_block *block = block_of(state, state->code->instructions[to].block, &index);
    int64_t *stacks = stacks_find(old->code);
    int depth = stack_depth(stacks[to]);
    value carried = tuple_new(vm, kept + (size_t)depth);
    if (carried == VALUE_NULL) {
        free(stacks);
        return false;
    }
    value *values = tuple_of(carried)->items;
    for (uint32_t i = 0; i < kept; i++)
        values[i] = frame->slots[old->function->local_slots[i]];
    for (int i = 0; i < depth; i++)
        values[kept + (uint32_t)i] = frame->slots[entry_slot(frame, from, i)];
    restore_handled(vm, frame, from, depth, stacks[from]);
    free(stacks);
    uint32_t left = old->code->instructions[from].block;
    if (from > old->code->blocks[left].first)
        profile_add_partial(frame_profile(vm, frame), left, from - 1);
    if (!move_generator(vm, frame, state))
        return false;
    for (uint32_t i = 0; i < kept; i++)
        frame->slots[state->function->local_slots[i]] = values[i];
    for (int i = 0; i < depth; i++)
        frame->slots[block->entry_slots[i]] = values[kept + (uint32_t)i];
    if (!frame->generator)
        frame->top = frame->slots + state->slot_count;
    gc_keep(carried);
    frame->state = state;
    frame->pc = &state->words[state->block_words[index]];
    object->walked = to;
    object->unreported = to + 1;
    return true;
}
