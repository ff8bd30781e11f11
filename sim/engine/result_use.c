/* result_use.c - who will look at what an instruction's native code returns: numpy asks, whose results are big. */
#include "sim/engine/forms.h"
#include "sim/engine/liveness.h"
#include "sim/engine/trace_events.h"
#include "sim/runtime/structures.h"

static bool is_call(uint16_t form)
{
    return form == FORM_call || form == FORM_call_function || form == FORM_call_ex;
}

/* The operators whose result is nothing but what the operands' code answers. */
static bool is_operator(uint16_t form)
{
    switch (form) {
#define X(name, NAME) case FORM_##name: case FORM_##name##_rk: case FORM_##name##_kr:
    BINARY_FORMS(X)
#undef X
#define X(name, NAME, sign) case FORM_##name: case FORM_##name##_rk:
    COMPARE_FORMS(X)
#undef X
    case FORM_neg: case FORM_pos: case FORM_invert: case FORM_load_item:
        return true;
    default:
        return false;
    }
}

/* The instruction at which the frame is has called `function`, or is the operator on a and b. */
static bool is_from(const struct frame *frame, uint16_t form, const struct accesses *accesses, native_function function, value a,
                    value b)
{
    if (!function) {
        bool same = is_operator(form) && accesses->read_count;
        for (uint32_t i = 0; i < accesses->read_count; i++)
            same = same && (frame->slots[accesses->reads[i]] == a || frame->slots[accesses->reads[i]] == b);
        return same;
    }
    if (!is_call(form))
        return false;
    const value *window = &frame->slots[frame->pc->f.b];
    value callee = form == FORM_call && window[0] != VALUE_NULL ? window[0] : window[1];
    if (callee == a) /* a function with a type of its own */
        return true;
    const struct native_function_object *native = is_object(callee) ? (const void *)value_object(callee) : NULL;
    return native && (is_exact(callee, &native_function_type) || is_exact(callee, &method_descriptor_type)) &&
           native->definition->function == function;
}

/* Where a slot's content came from by the moves and constants that were passed: what a slot held before it was written may be
 * no object any more. */
enum { MOVES = 4 };
struct moves {
    struct {
        uint32_t to, from;
        const value *constant; /* instead of `from` */
    } passed[MOVES];
    uint32_t count;
};

static value content(const struct moves *moves, const value *slots, uint32_t slot)
{
    for (uint32_t i = moves->count; i-- > 0;) {
        if (slot != moves->passed[i].to)
            continue;
        if (moves->passed[i].constant)
            return *moves->passed[i].constant;
        slot = moves->passed[i].from;
    }
    return slots[slot];
}

/* The reader: an operator with the result as one operand, or a call with it among the arguments. */
static struct result_use read_by(const struct code_state *state, uint32_t number, const value *slots, const struct moves *moves,
                                 uint32_t result)
{
    const word *w = &state->words[state->op_words[number]];
    const uint16_t form = trace_original_form(state, w);
    struct result_use use = {.kind = RESULT_KEPT, .reader = w};
    struct accesses accesses;
    find_accesses(state, number, &accesses);
    uint32_t times = 0;
    if (is_operator(form) && form != FORM_load_item) {
        for (uint32_t i = 0; i < accesses.read_count; i++) {
            times += accesses.reads[i] == result;
            use.other = accesses.reads[i] == result ? use.other : content(moves, slots, accesses.reads[i]);
        }
        use.kind = times == 1 ? RESULT_LENT : RESULT_KEPT;
    } else if (form == FORM_call || form == FORM_call_function) {
        const uint32_t window = w->f.b;
        bool argument = result >= window + 2 && result < window + 2 + w->f.c;
        bool function = form == FORM_call_function || content(moves, slots, window) == VALUE_NULL;
        use.callee = content(moves, slots, window + 1);
        use.kind = argument && function ? RESULT_LENT : RESULT_KEPT;
    }
    return use;
}

/* The op words that follow number `producer`, whose result lies in slot `result`, hand it to one reader and to nothing else. */
static struct result_use find_reader(struct code_state *state, const value *slots, uint32_t producer, uint32_t result)
{
    const struct result_use kept = {.kind = RESULT_KEPT};
    struct moves moves = {.count = 0};
    uint32_t number = producer + 1;
    for (; number + 1 < state->op_word_count; number++) {
        const word *w = &state->words[state->op_words[number]];
        const uint16_t form = trace_original_form(state, w);
        if ((form != FORM_move && form != FORM_load_const) || w->f.a == result || moves.count == MOVES)
            break;
        const bool loads = form == FORM_load_const;
        if (!loads && w->f.b == result && live_before(state, number + 1, result))
            return kept;
        if (!loads && w->f.b == result) {
            result = w->f.a;
            continue;
        }
        moves.passed[moves.count].to = w->f.a;
        moves.passed[moves.count].from = w->f.b;
        moves.passed[moves.count++].constant = loads ? &w[1].v : NULL;
    }
    struct accesses accesses;
    find_accesses(state, number, &accesses);
    bool rewritten = accesses.write_count == 1 && accesses.writes[0] == result;
    if (number + 1 >= state->op_word_count || (!rewritten && live_before(state, number + 1, result)))
        return kept;
    return read_by(state, number, slots, &moves, result);
}

static struct result_use find_use(struct code_state *state, const struct frame *frame, bool *returned)
{
    const struct result_use kept = {.kind = RESULT_KEPT}, dropped = {.kind = RESULT_DROPPED};
    uint32_t number = op_number_at(state, (uint32_t)(frame->pc - state->words));
    struct accesses accesses;
    find_accesses(state, number, &accesses);
    *returned = false;
    if (accesses.write_count != 1 || accesses.write_window_size || number + 1 >= state->op_word_count)
        return kept;
    const uint32_t result = accesses.writes[0];
    if (!live_before(state, number + 1, result))
        return dropped;
    for (uint32_t i = 0; i < state->code->local_count; i++)
        if (state->function->local_slots[i] == result)
            return kept;
    const word *following = &state->words[state->op_words[number + 1]];
    *returned = trace_original_form(state, following) == FORM_return && following->f.a == result;
    return *returned ? kept : find_reader(state, frame->slots, number, result);
}

struct result_use engine_result_use(struct vm *vm, native_function function, value a, value b)
{
    const struct result_use kept = {.kind = RESULT_KEPT};
    const struct engine *engine = vm->engine;
    const struct frame *frame = vm->frame;
    if (!frame->state || engine->tracing.active || engine->observer || engine->places)
        return kept;
    uint16_t form = trace_original_form(frame->state, frame->pc);
    struct accesses accesses;
    find_accesses(frame->state, op_number_at(frame->state, (uint32_t)(frame->pc - frame->state->words)), &accesses);
    if (!is_from(frame, form, &accesses, function, a, b))
        return kept;
    bool returned;
    struct result_use use = find_use(frame->state, frame, &returned);
    while (returned) { /* to a call, whose result it is */
        const struct frame *caller = frame - 1;
        if (frame->returns != RETURN_TO_FRAME || frame->generator || !caller->state ||
            !is_call(trace_original_form(caller->state, caller->pc)))
            return kept;
        frame = caller;
        use = find_use(frame->state, frame, &returned);
        if (use.kind == RESULT_LENT) /* its pc and slots are not those that the innermost frame sees */
            return kept;
    }
    return use;
}
