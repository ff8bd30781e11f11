/* liveness.c - see liveness.h. A backward dataflow over the predecoded words, for these are what runs: expansions of one
 * instruction into several and their scratch slots are seen as they are. Local variables are live all the time, as their homes
 * are theirs alone and deleting empties them. Done when a collection first meets the code. Where the unwinder may go, the
 * handler's needs are live in the whole block. */
#include "sim/engine/liveness.h"

#include "core/memory.h"
#include "sim/engine/forms.h"
#include "sim/engine/trace_events.h"
#include "sim/runtime/traceback.h"

#include <stdlib.h>
#include <string.h>

enum { NO_OP = -1, MAX_FIELDS = ACCESS_FIELDS, MAX_SET_WORDS = 1 << 23 };

struct handler { /* of code->handlers */
    int32_t entry;         /* number of an op word */
    uint32_t pushed_count;
    uint16_t pushed[2];    /* slots that the unwinder fills */
};

struct liveness {
    uint32_t set_words;    /* of 64 slots each */
    int32_t *targets;      /* per op word: where it jumps, as the number of an op word */
    int32_t *handler_of;   /* per op word: what handles what it raises, or NO_OP */
    struct handler *handlers;
    uint64_t *before;      /* per op word: a set */
    uint64_t *locals;
    uint64_t *scratch, *answer;
    const word *answered;  /* what `answer` is about */
    bool everything;       /* too large to look at */
};

static bool live_has(const uint64_t *set, uint32_t slot) { return set[slot / 64] >> slot % 64 & 1; }
static void live_add(uint64_t *set, uint32_t slot) { set[slot / 64] |= (uint64_t)1 << slot % 64; }
static void live_remove(uint64_t *set, uint32_t slot) { set[slot / 64] &= ~((uint64_t)1 << slot % 64); }

static bool live_join(uint64_t *set, const uint64_t *other, uint32_t words)
{
    uint64_t changed = 0;
    for (uint32_t i = 0; i < words; i++) {
        changed |= other[i] & ~set[i];
        set[i] |= other[i];
    }
    return changed != 0;
}

/* ---- what a form reads and writes ---- */

static uint32_t field(const word *w, int number)
{
    const uint16_t fields[MAX_FIELDS] = {w->f.a, w->f.b, w->f.c};
    if (number < 3)
        return fields[number];
    const uint16_t more[] = {w[1].f.op, w[1].f.a, w[1].f.b, w[1].f.c};
    return more[number - 3];
}

/* By the general rule of forms.h. */
static void op_accesses(enum op op, const word *w, struct accesses *accesses)
{
    const struct op_info *info = &op_infos[op];
    int at = 0, count = 0, first_operand = (int)strlen(info->results);
    for (int i = 0, n = first_operand; info->operands[i]; i++) {
        if (info->operands[i] == 'n')
            count = (int)field(w, n);
        n += info->operands[i] == 'l' ? 2 : strchr("vwn", info->operands[i]) ? 1 : 0;
    }
    for (int i = 0; info->results[i]; i++, at++) {
        if (info->results[i] == 'p') {
            accesses->write_window = field(w, at);
            accesses->write_window_size = (uint32_t)op_window_size(op, count);
        } else {
            accesses->writes[accesses->write_count++] = field(w, at);
        }
    }
    for (int i = 0; info->operands[i]; i++) {
        if (info->operands[i] == 'w') {
            accesses->read_window = field(w, at++);
            accesses->read_window_size = (uint32_t)op_window_size(op, count);
            if (op == OP_call_function) { /* its first slot would be the null, which is not written */
                accesses->read_window++;
                accesses->read_window_size--;
            }
        } else if (info->operands[i] == 'v' || info->operands[i] == 'l') {
            accesses->reads[accesses->read_count++] = field(w, at);
            at += info->operands[i] == 'l' ? 2 : 1;
        } else if (info->operands[i] == 'n') {
            at++;
        }
    }
}

static void form_accesses(uint16_t form, const word *w, struct accesses *accesses)
{
    bool left_slot = false, right_slot = false, result = true;
    switch (form) {
    case FORM_load_const: case FORM_load_free:
        break;
    case FORM_count: case FORM_return_const: case FORM_unsupported:
        result = false;
        break;
    case FORM_build_slice_once:
        op_accesses(OP_build_slice, w, accesses);
        return;
    case FORM_nest:
        result = false;
        accesses->reads[accesses->read_count++] = w->f.a;
        break;
    case FORM_nest_call: /* writes its result or leaves it to the call */
        result = false;
        accesses->read_window = w->f.b;
        accesses->read_window_size = w->f.c + 2u;
        break;
    case FORM_choice: case FORM_nest_while:
        result = false;
        left_slot = right_slot = true;
        break;
    case FORM_choice_return: /* where it leaves the result alone nobody reads it */
        left_slot = right_slot = true;
        break;
    case FORM_guard_value:
        result = false;
        accesses->reads[accesses->read_count++] = w->f.a;
        break;
    case FORM_guard_native:
        result = false;
        accesses->read_window = w->f.a;
        accesses->read_window_size = 2;
        break;
#define X(name, NAME) \
    case FORM_##name##_rk: case FORM_i##name##_rk: left_slot = true; break; \
    case FORM_##name##_kr: right_slot = true; break;
    BINARY_FORMS(X)
#undef X
#define X(name, NAME, sign) \
    case FORM_##name##_rk: case FORM_jump_##name##_rk: left_slot = true; break; \
    case FORM_jump_##name: left_slot = right_slot = true; break;
    COMPARE_FORMS(X)
#undef X
    default:
        op_accesses((enum op)form, w, accesses);
        if (form == FORM_yield && w->f.c)
            accesses->reads[accesses->read_count++] = w->f.c - 1u;
        return;
    }
    if (result)
        accesses->writes[accesses->write_count++] = w->f.a;
    if (left_slot)
        accesses->reads[accesses->read_count++] = w->f.b;
    if (right_slot)
        accesses->reads[accesses->read_count++] = w->f.c;
}

void find_accesses(const struct code_state *state, uint32_t op_number, struct accesses *accesses)
{
    const word *w = &state->words[state->op_words[op_number]];
    uint16_t form = trace_original_form(state, w);
    *accesses = (struct accesses){.falls_through = true};
    form_accesses(form, w, accesses);
    accesses->writes_when_falling_through = form == FORM_for_iter || form == FORM_send;
    switch (form) {
    case FORM_jump: case FORM_return: case FORM_return_const: case FORM_raise: case FORM_reraise: case FORM_unsupported:
        accesses->falls_through = false;
        break;
    default:
        break;
    }
}

/* ---- where it goes ---- */

uint32_t op_number_at(const struct code_state *state, uint32_t at)
{
    uint32_t low = 0, high = state->op_word_count;
    while (high - low > 1) {
        uint32_t middle = (low + high) / 2;
        if (state->op_words[middle] <= at)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* The jump target of an op word: before its counters, which are its last words. */
static int32_t target_of(const struct code_state *state, uint32_t op_number)
{
    uint32_t at = state->op_words[op_number];
    uint32_t next = op_number + 1 < state->op_word_count ? state->op_words[op_number + 1] : state->word_count;
    uint16_t form = trace_original_form(state, &state->words[at]);
    bool jumps = false;
    if (form == FORM_choice_return) /* over the return */
        return (int32_t)op_number + 2;
    switch (form) {
#define X(name, NAME, sign) case FORM_jump_##name: case FORM_jump_##name##_rk:
    COMPARE_FORMS(X)
#undef X
    case FORM_choice: case FORM_nest_while:
        jumps = true;
        break;
    default:
        jumps = form < OP_COUNT && strchr(op_infos[form].operands, 't');
        break;
    }
    if (!jumps)
        return NO_OP;
    bool counts_once = form == FORM_jump || form == FORM_choice || form == FORM_nest_while;
    const word *target = state->words[next - (counts_once ? 2 : 3)].target;
    return (int32_t)op_number_at(state, (uint32_t)(target - state->words));
}

static int32_t handler_of(const struct code_state *state, uint32_t op_number)
{
    const struct code *code = state->code;
    uint32_t source = state->word_source[state->op_words[op_number]];
    uint32_t handler = code->blocks[code->instructions[source].block].handler;
    return handler == NO_BLOCK ? NO_OP : (int32_t)handler;
}

static struct handler find_handler(const struct code_state *state, const struct exception_range *range)
{
    struct handler handler = {.entry = NO_OP};
    const struct machine_function *function = state->function;
    uint32_t i = 0;
    while (i < function->block_count && function->blocks[i].source != range->target)
        i++;
    if (i == function->block_count)
        return handler;
    handler.entry = (int32_t)op_number_at(state, state->block_words[i]);
    uint32_t pushed = range->push_lasti ? 2 : 1;
    if (range->depth + pushed <= function->blocks[i].entry_slot_count)
        for (uint32_t k = 0; k < pushed; k++)
            handler.pushed[handler.pushed_count++] = function->blocks[i].entry_slots[range->depth + k];
    return handler;
}

/* ---- the dataflow ---- */

static uint64_t *live_at(const struct liveness *live, int32_t op_number)
{
    return live->before + (size_t)op_number * live->set_words;
}

/* What the handler needs but does not get from the unwinder. */
static void join_handler(const struct liveness *live, const struct handler *handler, uint64_t *set)
{
    bool needed[2] = {false, false};
    if (handler->entry == NO_OP)
        return;
    for (uint32_t i = 0; i < handler->pushed_count; i++)
        needed[i] = live_has(set, handler->pushed[i]);
    live_join(set, live_at(live, handler->entry), live->set_words);
    for (uint32_t i = 0; i < handler->pushed_count; i++)
        if (!needed[i])
            live_remove(set, handler->pushed[i]);
}

/* What is live when the op word has been executed, or has raised, but for what it writes itself. */
static void find_after(const struct code_state *state, struct liveness *live, uint32_t op_number,
                       const struct accesses *accesses, uint64_t *set)
{
    memcpy(set, live->locals, live->set_words * sizeof *set);
    if (accesses->falls_through && op_number + 1 < state->op_word_count)
        live_join(set, live_at(live, (int32_t)op_number + 1), live->set_words);
    if (!accesses->writes_when_falling_through && live->targets[op_number] != NO_OP)
        live_join(set, live_at(live, live->targets[op_number]), live->set_words);
    for (uint32_t i = 0; i < accesses->write_count; i++)
        live_remove(set, accesses->writes[i]);
    for (uint32_t i = 0; i < accesses->write_window_size; i++)
        live_remove(set, accesses->write_window + i);
    if (accesses->writes_when_falling_through && live->targets[op_number] != NO_OP)
        live_join(set, live_at(live, live->targets[op_number]), live->set_words);
    if (live->handler_of[op_number] != NO_OP)
        join_handler(live, &live->handlers[live->handler_of[op_number]], set);
    live_join(set, live->locals, live->set_words);
}

static void find_before(const struct code_state *state, struct liveness *live, uint32_t op_number,
                        const struct accesses *accesses, uint64_t *set)
{
    find_after(state, live, op_number, accesses, set);
    for (uint32_t i = 0; i < accesses->read_count; i++)
        live_add(set, accesses->reads[i]);
    for (uint32_t i = 0; i < accesses->read_window_size; i++)
        live_add(set, accesses->read_window + i);
}

static void solve(const struct code_state *state, struct liveness *live)
{
    bool changed = true;
    while (changed) {
        changed = false;
        for (uint32_t i = state->op_word_count; i-- > 0;) {
            struct accesses accesses;
            find_accesses(state, i, &accesses);
            find_before(state, live, i, &accesses, live->scratch);
            changed |= live_join(live_at(live, (int32_t)i), live->scratch, live->set_words);
        }
    }
}

static void liveness_make(struct code_state *state)
{
    struct liveness *live = state->liveness = checked_alloc(1, sizeof *live);
    live->set_words = (state->slot_count + 63) / 64;
    live->everything = (uint64_t)live->set_words * state->op_word_count > MAX_SET_WORDS || !state->op_word_count;
    if (live->everything)
        return;
    live->before = checked_alloc((size_t)live->set_words * state->op_word_count, sizeof *live->before);
    live->targets = checked_alloc(state->op_word_count, sizeof *live->targets);
    live->handler_of = checked_alloc(state->op_word_count, sizeof *live->handler_of);
    live->handlers = checked_alloc(state->code->handler_count, sizeof *live->handlers);
    live->locals = checked_alloc(live->set_words, sizeof *live->locals);
    live->scratch = checked_alloc(live->set_words, sizeof *live->scratch);
    live->answer = checked_alloc(live->set_words, sizeof *live->answer);
    for (uint32_t i = 0; i < state->code->local_count; i++)
        live_add(live->locals, state->function->local_slots[i]);
    for (uint32_t i = 0; i < state->op_word_count; i++)
        live->targets[i] = target_of(state, i);
    for (uint32_t i = 0; i < state->op_word_count; i++)
        live->handler_of[i] = handler_of(state, i);
    for (uint32_t i = 0; i < state->code->handler_count; i++)
        live->handlers[i] = find_handler(state, &state->code->handlers[i]);
    solve(state, live);
}

void liveness_free(struct code_state *state)
{
    struct liveness *live = state->liveness;
    if (!live)
        return;
    free(live->before);
    free(live->targets);
    free(live->handler_of);
    free(live->handlers);
    free(live->locals);
    free(live->scratch);
    free(live->answer);
    free(live);
}

const uint64_t *live_slots(struct code_state *state, const word *pc, enum live_when when)
{
    if (!state->liveness)
        liveness_make(state);
    struct liveness *live = state->liveness;
    if (live->everything)
        return NULL;
    uint32_t at = (uint32_t)(pc - state->words);
    int32_t op_number = (int32_t)op_number_at(state, at);
    if (state->op_words[op_number] != at) /* between two op words: never seen */
        return NULL;
    if (when == LIVE_AFTER && live->answered == pc)
        return live->answer;
    struct accesses accesses;
    find_accesses(state, (uint32_t)op_number, &accesses);
    if (when == LIVE_BEFORE) {
        if (accesses.write_count + accesses.write_window_size < 2)
            return live_at(live, op_number);
        /* Results that are written one after the other, with Python code running in between. */
        memcpy(live->scratch, live_at(live, op_number), live->set_words * sizeof *live->scratch);
        for (uint32_t i = 0; i < accesses.write_count; i++)
            live_add(live->scratch, accesses.writes[i]);
        for (uint32_t i = 0; i < accesses.write_window_size; i++)
            live_add(live->scratch, accesses.write_window + i);
        return live->scratch;
    }
    find_after(state, live, (uint32_t)op_number, &accesses, live->answer);
    live->answered = pc;
    return live->answer;
}

bool live_before(struct code_state *state, uint32_t op_number, uint32_t slot)
{
    if (!state->liveness)
        liveness_make(state);
    return state->liveness->everything || live_has(live_at(state->liveness, (int32_t)op_number), slot);
}

/* ---- marking ---- */

static void mark_slots(struct vm *vm, const uint64_t *set, value *slots, uint32_t count, uint32_t own)
{
    (void)own;
    for (uint32_t i = 0; i < count; i++) {
        if (!set || live_has(set, i)) {
            if (is_pointer(slots[i])) /* ints look like addresses */
                gc_mark_conservative(vm, slots[i]);
        }
#ifdef HYBRIDSIM_GC_STRESS
        else if (i < own)
            slots[i] = 0xdbdbdbdbdbdbdbd0; /* whoever reads it after all shall notice */
#endif
    }
}

/* The frame above runs in the place of the instruction that made it, not called by native code. */
static bool is_called_directly(const struct frame *above)
{
    enum frame_return returns = above->returns;
    if (returns == RETURN_OBSERVED)
        returns = ((const struct frame_object *)value_object(above->instance))->returns;
    return returns != RETURN_TO_C && returns != RETURN_GENERATOR_TO_C && returns != RETURN_GENERATOR_TO_CONSUMER &&
           returns != RETURN_ENTERED; /* its before_with has written one result already */
}

/* A trace function may set f_lineno, and then what is not live here is wanted there. */
static bool may_be_jumped(const struct vm *vm)
{
    return vm->engine->tracing.trace != VALUE_NULL || vm->engine->tracing.running;
}

void live_mark_frame(struct vm *vm, struct frame *frame, const struct frame *above)
{
    struct code_state *state = frame->state;
    enum live_when when = above && is_called_directly(above) ? LIVE_AFTER : LIVE_BEFORE;
    uint32_t own = state->slot_count;
    if (above && above->slots >= frame->slots && above->slots < frame->slots + own)
        own = (uint32_t)(above->slots - frame->slots);
    bool all = may_be_jumped(vm);
    mark_slots(vm, all ? NULL : live_slots(state, frame->pc, when), frame->slots, state->slot_count, own);
}

void engine_mark_suspended(struct vm *vm, void *object)
{
    struct generator_object *generator = object;
    struct code_state *state = generator->function->code->state;
    bool all = may_be_jumped(vm);
    mark_slots(vm, all ? NULL : live_slots(state, generator->pc, LIVE_AFTER), generator->slots, generator->slot_count,
               generator->slot_count);
}
