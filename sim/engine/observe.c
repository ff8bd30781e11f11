/* observe.c - see observe.h. */
#include "sim/engine/observe.h"

#include "core/memory.h"
#include "sim/dependence/placing.h"
#include "sim/engine/forms.h"
#include "sim/engine/trace_events.h"
#include "sim/runtime/iterator.h"

#include <stdlib.h>
#include <sys/mman.h>

enum { FRAME_MOST = 1 << 21, STACK_MOST = 1 << 26 };

static void *reserve(size_t size)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        abort();
    return memory;
}

static uint64_t key_of(value object) { return object; }

/* ---- what there is ---- */

static bool is_alive(void *context, struct shadow *shadow)
{
    struct vm *vm = context;
    if (gc_is_marked(vm, value_object((value)shadow->key)))
        return true;
    dependence_forget(vm->engine->observer->dependence, shadow);
    return false;
}

static void sweep(struct vm *vm)
{
    shadow_sweep(&vm->engine->observer->dependence->memory, is_alive, vm);
}

void observer_start(struct vm *vm, uint64_t memory_most)
{
    struct observer *observer = checked_alloc(1, sizeof *observer);
    observer->dependence = dependence_new(memory_most);
    vm->engine->observer = observer;
    vm->collected = sweep;
}

/* Threads have stacks of their own; they change places inside native code. */
static struct observed_stack *find_stack(struct observer *observer, const struct engine *engine)
{
    struct observed_stack *stack = observer->stacks;
    while (stack && stack->frames != engine->frames)
        stack = stack->next;
    if (!stack) {
        stack = checked_alloc(1, sizeof *stack);
        stack->frames = engine->frames;
        stack->slots = engine->stack;
        stack->observed = reserve(FRAME_MOST * sizeof *stack->observed);
        stack->stamps = reserve(STACK_MOST * sizeof *stack->stamps);
        stack->top = stack->observed;
        stack->next = observer->stacks;
        observer->stacks = stack;
    }
    struct dependence *dependence = observer->dependence;
    if (observer->stack) {
        observer->stack->levels = dependence->levels;
        observer->stack->level_count = dependence->level_count;
        observer->stack->level_capacity = dependence->level_capacity;
    }
    dependence->levels = stack->levels;
    dependence->level_count = stack->level_count;
    dependence->level_capacity = stack->level_capacity;
    return observer->stack = stack;
}

static inline struct observed_stack *present_stack(struct vm *vm)
{
    struct observer *observer = vm->engine->observer;
    if (__builtin_expect(!observer->stack || observer->stack->frames != vm->engine->frames, 0))
        return find_stack(observer, vm->engine);
    return observer->stack;
}

static bool is_main_stack(const struct observer *observer) { return !observer->stack->next; }

/* ---- code ---- */

static int32_t latency_of(const struct machine_function *function, const struct placed_instruction *placed,
                          const struct session_options *options)
{
    struct machine_instruction decoded;
    const uint8_t *bytes = (const uint8_t *)function->bytes.bytes + placed->address;
    if (!options->latency || !encoding_decode(function->isa, bytes, function->bytes.size - placed->address, &decoded))
        return 1;
    return options->latency(function->isa, &decoded);
}

/* Instructions [from, to) and their prefixes. */
static uint32_t count_instructions(const struct machine_function *function, uint32_t from, uint32_t to)
{
    uint32_t count = 0;
    for (; from < to; from++)
        count += 1u + function->instructions[from].prefixes;
    return count;
}

static uint32_t *list_slots(struct arena *arena, const uint32_t *slots, uint32_t count, uint32_t window, uint32_t window_size)
{
    uint32_t *list = ARENA_ARRAY(arena, uint32_t, count + window_size + 1);
    memcpy(list, slots, count * sizeof *list);
    for (uint32_t i = 0; i < window_size; i++)
        list[count + i] = window + i;
    return list;
}

static void describe_accesses(const struct code_state *state, uint32_t number, struct arena *arena,
                              struct observed_word *described)
{
    struct accesses found;
    find_accesses(state, number, &found);
    described->reads = list_slots(arena, found.reads, found.read_count, found.read_window, found.read_window_size);
    described->read_count = found.read_count + found.read_window_size;
    described->writes = list_slots(arena, found.writes, found.write_count, found.write_window, found.write_window_size);
    described->write_count = found.write_count + found.write_window_size;
}

static uint8_t flags_of_form(uint16_t form)
{
    switch (form) {
    case FORM_count:
        return WORD_PLAIN | WORD_CONTINUES;
    case FORM_move: case FORM_load_const: case FORM_jump: case FORM_resume: case FORM_push_null: case FORM_swap:
    case FORM_load_free:
        return WORD_PLAIN;
    case FORM_return: case FORM_return_const:
        return WORD_PLAIN | WORD_ENDS_CALL;
    case FORM_return_generator: case FORM_yield:
        return WORD_ENDS_CALL;
#define X(name, NAME) \
    case FORM_##name: case FORM_i##name: case FORM_##name##_rk: case FORM_##name##_kr: case FORM_i##name##_rk:
    BINARY_FORMS(X)
#undef X
#define X(name, NAME, sign) \
    case FORM_##name: case FORM_##name##_rk:
    COMPARE_FORMS(X)
#undef X
        return WORD_OPERATOR;
#define X(name, NAME, sign) \
    case FORM_jump_##name: case FORM_jump_##name##_rk:
    COMPARE_FORMS(X)
#undef X
        return WORD_OPERATOR | WORD_BRANCHES;
    default:
        return 0;
    }
}

/* Words are in the order of their blocks and instructions; some instructions have none. */
static void describe_words(const struct code_state *state, const struct session_options *options, struct observed_code *code,
                           struct arena *arena)
{
    const struct machine_function *function = state->function;
    uint32_t block = 0, next_placed = 0;
    int64_t placed_before = -1;
    for (uint32_t i = 0; i < state->op_word_count; i++) {
        struct observed_word *described = &code->words[i];
        uint32_t at = state->op_words[i], placed = state->op_instructions[i];
        code->numbers[at] = i;
        *described = (struct observed_word){.source = state->word_source[at], .block = NO_BLOCK, .latency = 1,
                                            .form = trace_original_form(state, &state->words[at])};
        described->site = code->mapped->first_site + described->source;
        described->flags = flags_of_form(described->form);
        describe_accesses(state, i, arena, described);
        while (block < function->block_count && state->block_words[block] <= at) { /* all but the last of these are empty */
            described->block = function->blocks[block].source;
            next_placed = function->blocks[block].first;
            placed_before = -1;
            block++;
        }
        const struct machine_block *own = &function->blocks[block - 1];
        if (own->count && described->form != FORM_count && (int64_t)placed != placed_before) {
            described->flags |= WORD_FIRST;
            described->idle = count_instructions(function, next_placed, placed) + function->instructions[placed].prefixes;
            described->latency = latency_of(function, &function->instructions[placed], options);
            next_placed = placed + 1;
            placed_before = placed;
        }
        bool is_last = i + 1 == state->op_word_count ||
                       (block < function->block_count && state->block_words[block] <= state->op_words[i + 1]);
        if (is_last)
            described->trailing = count_instructions(function, next_placed, own->first + own->count);
    }
}

static struct observed_code *observed_code_of(struct vm *vm, struct code_state *state)
{
    if (state->observed)
        return state->observed;
    struct observed_code *code = checked_alloc(1, sizeof *code);
    code->state = state;
    code->mapped = dependence_add_code(vm->engine->observer->dependence, state->code);
    code->numbers = checked_alloc(state->word_count + 1u, sizeof *code->numbers);
    code->words = checked_alloc(state->op_word_count + 1u, sizeof *code->words);
    code->slot_local = checked_alloc(state->slot_count + 1u, sizeof *code->slot_local);
    memset(code->slot_local, 0xff, state->slot_count * sizeof *code->slot_local);
    for (uint32_t i = 0; i < state->code->local_count; i++)
        code->slot_local[state->function->local_slots[i]] = (int32_t)i;
    describe_words(state, vm->engine->options, code, vm->engine->observer->dependence->arena);
    return state->observed = code;
}

void observed_code_free(struct code_state *state)
{
    if (!state->observed)
        return;
    free(state->observed->numbers);
    free(state->observed->words);
    free(state->observed->slot_local);
    free(state->observed);
}

/* ---- frames ---- */

/* What the runtime does for the program goes to the loop in which it does it: in thousandths of a cycle, behind its counts of
 * blocks. */
static uint64_t work_cost(const struct vm *vm, const uint64_t *work)
{
    const int64_t *milli = vm->engine->options->work_milli;
    uint64_t cost = 0;
    for (int i = 0; milli && i < WORK_COUNT; i++)
        cost += work[i] * (uint64_t)milli[i];
    return cost;
}

static void finish_work(const struct vm *vm)
{
    const struct observer *observer = vm->engine->observer;
    if (observer->counted)
        *observer->counted += work_cost(vm, observer->work) - observer->cost;
}

static void account_work(struct vm *vm, const struct observed_frame *frame)
{
    struct observer *observer = vm->engine->observer;
    finish_work(vm);
    observer->counted_in = frame->activation.counts;
    observer->counted = &frame->activation.counts[frame->code->state->code->block_count];
    observer->work = frame->code->state->work;
    observer->cost = work_cost(vm, observer->work);
}

static inline struct observed_frame *top_of(const struct observed_stack *stack) { return stack->top; }

static void pop_frame(struct vm *vm, struct observed_stack *stack)
{
    struct observed_frame *top = top_of(stack);
    struct dependence *dependence = vm->engine->observer->dependence;
    struct shadow *keep = NULL;
    struct generator_object *generator = top->frame->generator;
    bool suspended = top->latest && top->latest->form == FORM_yield;
    if (suspended && generator && top->activation.is_apart)
        keep = shadow_find(&dependence->memory, key_of(object_value(generator)));
    dependence_leave(dependence, &top->activation, keep);
    stack->depth--;
    stack->top--;
}

/* A native function that takes what a generator yields. */
static void mark_consumer(struct vm *vm, const struct observed_frame *caller, struct observed_frame *frame)
{
    enum frame_return returns = frame->frame->returns;
    const char *name = NULL;
    if ((returns == RETURN_GENERATOR_TO_CONSUMER || returns == RETURN_GENERATOR_TO_C) && caller && caller->callee != VALUE_NULL) {
        value callee = caller->callee;
        if (has_flag(callee, TYPE_TYPE))
            name = ((const struct type *)value_object(callee))->name;
        else
            name = ((const struct native_function_object *)value_object(callee))->definition->name;
    }
    dependence_mark_consumer(vm->engine->observer->dependence, &frame->activation, name);
}

/* A simple call's arguments lie where its caller put them; others, and what is made of them, are there when the call is. */
static void stamp_parameters(struct vm *vm, const struct observed_frame *caller, struct observed_frame *frame)
{
    const struct code_state *state = frame->code->state;
    const struct stamp *result = &vm->engine->observer->dependence->result;
    uint32_t kept = UINT32_MAX;
    if (caller && caller->latest && state->simple && !caller->frame->generator && frame->frame == caller->frame + 1 &&
        (caller->latest->form == FORM_call || caller->latest->form == FORM_call_function)) {
        const word *w = caller->frame->pc;
        uint32_t window = w->f.b, end = window + w->f.c + 2u;
        uint64_t first = (uint64_t)(frame->frame->slots - caller->frame->slots);
        if (w[1].v == VALUE_NULL && first >= window && first + state->argument_count <= end)
            kept = frame->frame->returns == RETURN_INSTANCE ? 1 : 0;
    }
    for (uint32_t i = 0; i < state->parameter_count && i < kept; i++)
        frame->stamps[i] = *result;
}

void observe_enter(struct vm *vm)
{
    struct observer *observer = vm->engine->observer;
    struct dependence *dependence = observer->dependence;
    struct frame *engine_frame = vm->frame;
    if (dependence->stopped)
        return;
    struct observed_stack *stack = present_stack(vm);
    while (stack->depth && top_of(stack)->frame >= engine_frame) /* left for native code, or by an exception */
        pop_frame(vm, stack);
    struct observed_frame *caller = stack->depth ? top_of(stack) : NULL;
    struct observed_code *code = observed_code_of(vm, engine_frame->state);
    struct generator_object *generator = engine_frame->generator;
    struct observed_frame *frame = &stack->observed[stack->depth + 1];
    frame->frame = engine_frame; /* dependence_enter fills in the activation */
    frame->code = code;
    frame->latest = NULL;
    frame->callee = VALUE_NULL;
    if (caller && !generator && dependence->open && is_main_stack(observer))
        dependence_check_root(dependence, code->mapped, &dependence->result, dependence->result.site);
    struct shadow *kept = NULL;
    if (generator) {
        kept = shadow_get(&dependence->memory, key_of(object_value(generator)));
        frame->stamps = shadow_reserve(&dependence->memory, kept, code->state->slot_count);
    } else {
        frame->stamps = stack->stamps + (engine_frame->slots - stack->slots);
    }
    dependence_enter(dependence, &frame->activation, caller ? &caller->activation : NULL, code->mapped,
                     generator != NULL || !is_main_stack(observer));
    if (kept) {
        dependence_resume_loops(dependence, &frame->activation, kept);
        frame->stamps[((const word *)generator->pc)->f.a] = dependence->result; /* what was sent */
    } else {
        stamp_parameters(vm, caller, frame);
    }
    stack->depth++;
    stack->top++;
}

void observe_resume(struct vm *vm, const struct frame *frame)
{
    if (vm->engine->observer->dependence->stopped)
        return;
    struct observed_stack *stack = present_stack(vm);
    while (stack->depth && top_of(stack)->frame > frame)
        pop_frame(vm, stack);
}

void observe_generator(struct vm *vm, value generator)
{
    struct dependence *dependence = vm->engine->observer->dependence;
    struct observed_stack *stack = present_stack(vm);
    struct observed_frame *frame = top_of(stack);
    if (dependence->stopped || !stack->depth || generator == VALUE_NULL)
        return;
    struct shadow *kept = shadow_get(&dependence->memory, key_of(generator));
    uint32_t count = frame->code->state->slot_count;
    memcpy(shadow_reserve(&dependence->memory, kept, count), frame->stamps, count * sizeof *frame->stamps);
    dependence->records[frame->code->mapped->record].instances--; /* that is counted when it is run */
}

struct dependence *observer_end(struct vm *vm)
{
    struct observer *observer = vm->engine->observer;
    if (!observer)
        return NULL;
    struct dependence *dependence = observer->dependence;
    if (!dependence->stopped)
        finish_work(vm);
    for (struct observed_stack *stack = observer->stacks; stack; stack = stack->next) {
        if (observer->stack != stack) {
            struct engine present = {.frames = stack->frames};
            find_stack(observer, &present);
        }
        while (stack->depth)
            pop_frame(vm, stack);
    }
    dependence_end(dependence);
    vm->collected = NULL;
    return dependence;
}

void observer_free(struct engine *engine)
{
    struct observer *observer = engine->observer;
    if (!observer)
        return;
    for (struct observed_stack *stack = observer->stacks, *next; stack; stack = next) {
        next = stack->next;
        munmap(stack->observed, FRAME_MOST * sizeof *stack->observed);
        munmap(stack->stamps, STACK_MOST * sizeof *stack->stamps);
        free(stack);
    }
    dependence_free(observer->dependence);
    free(observer);
    engine->observer = NULL;
}

/* ---- words ---- */

static inline void read_slot(struct dependence *dependence, struct observed_frame *frame, uint32_t slot, uint32_t site,
                             struct operands *operands)
{
    const struct stamp *stamp = &frame->stamps[slot];
    int32_t local = frame->code->slot_local[slot];
    if (stamp->when == dependence->serial) /* the instruction's own */
        return;
    operands_join(dependence, operands, stamp);
    if (local < 0)
        return;
    struct access access = {VARIABLE_LOCAL, site, (uint32_t)local, ADDITION_NONE};
    dependence_check(dependence, stamp, &access, frame->activation.first_level);
}

/* The word is at the start of its instruction, or inside it; its operands lie in slots. */
static inline __attribute__((always_inline)) void begin_word(struct dependence *dependence, struct observed_frame *frame,
                                                             const struct observed_word *observed, struct operands *operands)
{
    if (observed->block != NO_BLOCK)
        dependence_block(dependence, &frame->activation, observed->block);
    if ((observed->flags & WORD_FIRST) || (!dependence->open && !(observed->flags & WORD_CONTINUES)))
        place_next(dependence, observed->idle, observed->latency, observed->site, operands);
    else
        operands_take(dependence, observed->site, operands);
    for (uint32_t i = 0; i < observed->read_count; i++)
        read_slot(dependence, frame, observed->reads[i], observed->site, operands);
    operands_keep(dependence, operands);
}

static inline void write_slots(struct observed_frame *frame, const struct observed_word *observed, const struct stamp *result)
{
    for (uint32_t i = 0; i < observed->write_count; i++)
        frame->stamps[observed->writes[i]] = *result;
}

/* What the frame answers is there for whoever called it: a frame's word has it as its result, native code makes its own of it. */
static void give_result(struct vm *vm, struct observed_stack *stack)
{
    struct observed_frame *frame = top_of(stack), *caller = frame - 1;
    struct dependence *dependence = vm->engine->observer->dependence;
    enum frame_return returns = frame->frame->returns;
    if (frame->activation.is_child)
        dependence_set_root(dependence);
    if (stack->depth < 2 || !caller->latest || returns == RETURN_INSTANCE)
        return;
    bool to_native = returns == RETURN_TO_C || returns == RETURN_GENERATOR_TO_C || returns == RETURN_GENERATOR_TO_CONSUMER ||
                     returns == RETURN_OBSERVED;
    for (uint32_t i = 0; i < caller->latest->write_count; i++) {
        struct stamp *stamp = &caller->stamps[caller->latest->writes[i]];
        struct stamp joined = dependence->result;
        for (int lane = 0; to_native && lane < LANE_COUNT; lane++)
            if (stamp->time[lane] > joined.time[lane])
                joined.time[lane] = stamp->time[lane];
        *stamp = joined;
    }
}

/* Words that the loop leaves out because the word before did their work: the unpacking of what a loop over pairs iterates over,
 * and the load_item that a slice is built for. */
static __attribute__((noinline)) void catch_up(struct dependence *dependence, struct observed_frame *frame, uint32_t number)
{
    const struct observed_word *latest = frame->latest;
    uint32_t before = (uint32_t)(latest - frame->code->words);
    const struct code_state *state = frame->code->state;
    if (number != before + 2 || (latest->form == FORM_for_iter && !state->words[state->op_words[before]].f.c))
        return;
    const struct observed_word *missed = latest + 1;
    struct operands operands;
    begin_word(dependence, frame, missed, &operands);
    operands_settle(dependence, &operands, &dependence->result);
    write_slots(frame, missed, &dependence->result);
}

/* It goes on in another translation (line_jump.h), or native code that the frame called is over. */
static struct observed_frame *find_frame(struct vm *vm, struct observed_stack *stack)
{
    if (top_of(stack)->frame != vm->frame)
        observe_resume(vm, vm->frame);
    if (top_of(stack)->code->state != vm->frame->state) {
        pop_frame(vm, stack);
        observe_enter(vm);
    }
    return top_of(stack);
}

/* It uses slots only. */
static inline bool is_plain(const struct observed_word *observed, const value *slots)
{
    if (!(observed->flags & WORD_OPERATOR))
        return observed->flags & WORD_PLAIN;
    for (uint32_t i = 0; i < observed->read_count; i++)
        if (is_object(slots[observed->reads[i]]))
            return false;
    return true;
}

/* Instructions behind the word that have none of their own; the last may be the branch on a comparison. */
static void follow_trailing(struct dependence *dependence, const struct observed_word *observed)
{
    dependence_finish(dependence);
    struct stamp result = dependence->result;
    dependence_begin(dependence, observed->trailing - 1, 0, observed->site);
    if (observed->flags & WORD_BRANCHES)
        dependence_join(dependence, &result);
    dependence_settle(dependence);
    dependence_finish(dependence);
    dependence->result = result;
}

void observe_word(struct vm *vm, const word *pc, value *slots)
{
    struct dependence *dependence = vm->engine->observer->dependence;
    if (dependence->stopped)
        return;
    struct observed_stack *stack = present_stack(vm);
    struct observed_frame *frame = top_of(stack);
    if (__builtin_expect(frame->frame != vm->frame || frame->code->state != vm->frame->state, 0))
        frame = find_frame(vm, stack);
    uint32_t number = frame->code->numbers[pc - frame->code->state->words];
    const struct observed_word *observed = &frame->code->words[number];
    struct operands operands;
    if (frame->latest && (frame->latest->form == FORM_for_iter || frame->latest->form == FORM_build_slice_once))
        catch_up(dependence, frame, number);
    begin_word(dependence, frame, observed, &operands);
    if (frame->activation.counts != vm->engine->observer->counted_in)
        account_work(vm, frame);
    frame->callee = VALUE_NULL;
    frame->latest = observed;
    if (is_plain(observed, slots)) {
        struct stamp result;
        operands_settle(dependence, &operands, &result);
        dependence->result = result;
        write_slots(frame, observed, &result);
    } else {
        observe_memory(vm, frame, observed, pc, slots);
        write_slots(frame, observed, &dependence->result);
        if (observed->form == FORM_for_iter) /* the iterator goes on */
            frame->stamps[pc->f.b] = dependence->result;
    }
    if (observed->flags & WORD_ENDS_CALL) {
        give_result(vm, stack);
        if (observed->form == FORM_yield)
            mark_consumer(vm, stack->depth > 1 ? frame - 1 : NULL, frame);
    }
    if (observed->trailing)
        follow_trailing(dependence, observed);
}
