/* timing.c - see timing.h. Every figure is a sum over code objects, so totals, files and code objects agree by construction;
 * that the parts of each cycle stack add up to its cycles is checked in every build. */
#include "sim/timing/code_timing.h"
#include "core/memory.h"
#include "sim/timing/systolic.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const fixed_part_names[CYCLES_WORK] = {
#define PART(name, text) #name,
#include "sim/timing/cycle_parts.def"
#undef PART
};

static const char *const fixed_part_definitions[CYCLES_WORK] = {
#define PART(name, text) text,
#include "sim/timing/cycle_parts.def"
#undef PART
};

static const char *const work_part_names[WORK_COUNT] = {
#define WORK(name, text) "work:" #name,
#include "core/work.def"
#undef WORK
};

const char *const timing_event_names[EVENT_COUNT] = {
    "branches", "taken", "mispredicted", "stack_spills", "stack_fills", "register_spills", "register_fills",
    "guard_failures", "tensor_operations", "activations", "cache_accesses", "cache_misses",
};

const char *cycle_part_name(enum cycle_part part)
{
    return part < CYCLES_WORK ? fixed_part_names[part] : work_part_names[part - CYCLES_WORK];
}

const char *cycle_part_definition(enum cycle_part part)
{
    return part < CYCLES_WORK ? fixed_part_definitions[part] : work_definitions[part - CYCLES_WORK];
}

/* amount * milli / 1000, rounded up, without overflow of the product. */
static uint64_t milli_cycles(uint64_t amount, uint64_t milli)
{
    return amount / 1000 * milli + (amount % 1000 * milli + 999) / 1000;
}

void time_static(struct code_timing *timing)
{
    const struct machine_function *function = timing->function;
    for (uint32_t i = 0; i < function->instruction_count; i++)
        timing->counts->static_instructions += 1u + function->instructions[i].prefixes;
    timing->counts->code_bytes += function->bytes.size;
}

static void add_instruction(struct code_timing *timing, uint32_t index, uint64_t times)
{
    const struct placed_instruction *placed = &timing->function->instructions[index];
    timing->counts->by_instruction[placed->instruction] += times;
    timing->counts->by_instruction[timing->isa->instruction_count] += times * placed->prefixes;
    timing->executed[index] += times;
}

static void add_cost(struct code_timing *timing, const struct block_cost *cost, uint64_t times)
{
    for (int part = 0; part < CYCLES_WORK; part++)
        timing->counts->cycle_stack[part] += cost->parts[part] * times;
    timing->counts->events[EVENT_spills] += cost->spills * times;
    timing->counts->events[EVENT_fills] += cost->fills * times;
    timing->counts->events[EVENT_register_spills] += cost->register_spills * times;
    timing->counts->events[EVENT_register_fills] += cost->register_fills * times;
    for (int activity = 0; activity < ACTIVITY_IN_BLOCKS; activity++)
        timing->activities[activity] += cost->activities[activity] * times;
}

static void add_row_cycles(struct code_timing *timing, uint32_t index, uint64_t cycles)
{
    if (timing->rows && index != NO_BLOCK)
        timing->rows->cycles[index] += cycles;
}

/* Schedules the block as far as `last_source` and charges `times` executions of it. */
static void charge_block(struct code_timing *timing, const struct machine_block *block, uint32_t last_source, uint64_t times)
{
    struct block_cost cost;
    schedule_block_by_instruction(timing->scheduler, block, last_source, &cost, timing->spent);
    add_cost(timing, &cost, times);
    for (uint32_t i = 0; timing->rows && i < block->count; i++)
        add_row_cycles(timing, block->first + i, timing->spent[i] * times);
}

static void time_branch(struct code_timing *timing, const struct machine_block *block, uint64_t executions)
{
    const struct machine *machine = timing->machine;
    struct block_branch branch;
    if (!scheduler_block_branch(timing->scheduler, block, &branch))
        return;
    uint64_t *events = timing->counts->events;
    uint64_t taken = branch.conditional ? timing->profile->taken[block->source] : executions;
    if (taken > executions)
        taken = executions;
    uint64_t mispredicted = 0;
    if (branch.conditional) {
        events[EVENT_branches] += executions;
        bool has_outcomes = timing->profile->mispredicted != NULL;
        bool predicted_taken = branch.displacement < 0 && !branch.is_for_iter;
        if (machine->branch.predictor == PREDICTOR_PERFECT)
            mispredicted = 0;
        else if (machine->branch.predictor != PREDICTOR_STATIC && has_outcomes)
            mispredicted = timing->profile->mispredicted[block->source];
        else
            mispredicted = predicted_taken ? executions - taken : taken;
    }
    events[EVENT_taken] += taken;
    events[EVENT_mispredicted] += mispredicted;
    timing->activities[ACTIVITY_targets] += executions;
    timing->activities[ACTIVITY_predictions] += branch.conditional ? executions : 0;
    add_row_cycles(timing, block->first + block->count - 1, taken * (uint64_t)machine->branch.taken_penalty +
                                                               mispredicted * (uint64_t)machine->branch.mispredict_penalty);
}

/* The machine block whose instructions count for a source block; NULL: there is none. */
static const struct machine_block *counted_block(const struct code_timing *timing, uint32_t source)
{
    if (source >= timing->profile->code->block_count || timing->machine_blocks[source] == NO_BLOCK)
        return NULL;
    return &timing->function->blocks[timing->machine_blocks[source]];
}

void time_instructions(struct code_timing *timing)
{
    const struct code_profile *profile = timing->profile;
    for (uint32_t source = 0; source < profile->code->block_count; source++) {
        const struct machine_block *block = profile->executions[source] ? counted_block(timing, source) : NULL;
        for (uint32_t i = block ? block->first : 0; block && i < block->first + block->count; i++)
            add_instruction(timing, i, profile->executions[source]);
    }
    for (uint32_t p = 0; p < profile->partial_count; p++) {
        const struct profile_partial *partial = &profile->partials[p];
        const struct machine_block *block = counted_block(timing, partial->block);
        for (uint32_t i = block ? block->first : 0; block && i < block->first + block->count; i++)
            if (timing->function->instructions[i].source_first <= partial->instruction)
                add_instruction(timing, i, partial->count);
    }
}

void time_schedules(struct code_timing *timing)
{
    const struct code_profile *profile = timing->profile;
    for (uint32_t source = 0; source < profile->code->block_count; source++) {
        const struct machine_block *block = profile->executions[source] ? counted_block(timing, source) : NULL;
        if (block)
            charge_block(timing, block, UINT32_MAX, profile->executions[source]);
    }
    for (uint32_t p = 0; p < profile->partial_count; p++) {
        const struct machine_block *block = counted_block(timing, profile->partials[p].block);
        if (block)
            charge_block(timing, block, profile->partials[p].instruction, profile->partials[p].count);
    }
}

void time_branches(struct code_timing *timing)
{
    const struct code_profile *profile = timing->profile;
    for (uint32_t source = 0; source < profile->code->block_count; source++) {
        const struct machine_block *block = profile->executions[source] ? counted_block(timing, source) : NULL;
        if (block)
            time_branch(timing, block, profile->executions[source]);
    }
}

static bool covers(const struct placed_instruction *placed, uint32_t source)
{
    return placed->source_first <= source && source <= placed->source;
}

static bool only_moves(const struct isa_instruction *instruction)
{
    const struct pattern_node *tree = instruction->pattern_count ? instruction->patterns[0].tree : NULL;
    return tree && (tree->op == OP_move || tree->op == OP_push_null);
}

/* The speculative instruction that stands for the bytecode instruction, in the block that counts; NO_BLOCK: none. One that only
 * folded its operands' loads covers others' calls as well. */
static uint32_t find_speculative(const struct code_timing *timing, uint32_t source)
{
    uint32_t found = NO_BLOCK;
    bool has_own = false;
    for (uint32_t i = 0; i < timing->function->instruction_count; i++) {
        const struct placed_instruction *placed = &timing->function->instructions[i];
        if (!covers(placed, source) || !timing->executed[i])
            continue;
        if (placed->fallback != NO_BLOCK && placed->fallback < timing->function->fallback_count) {
            if (placed->source == source)
                return i;
            found = found == NO_BLOCK ? i : found;
        } else if (placed->source == source) {
            has_own |= !only_moves(&timing->isa->instructions[placed->instruction]);
        }
    }
    return has_own ? NO_BLOCK : found;
}

/* The guard is not of the instruction that another one of the same placed instruction has counted for: what several of its
 * operations found in one execution is one failure. */
static bool is_most_failed(const struct code_timing *timing, uint32_t g, uint32_t index)
{
    const struct profile_guard *guards = timing->profile->guards;
    for (uint32_t other = 0; other < timing->profile->guard_count; other++) {
        bool more = guards[other].failures > guards[g].failures || (guards[other].failures == guards[g].failures && other < g);
        if (more && other != g && find_speculative(timing, guards[other].instruction) == index)
            return false;
    }
    return true;
}

/* A failed guard: the plain instructions ran instead, one after another, after the speculative one was tried. */
void time_guards(struct code_timing *timing)
{
    for (uint32_t g = 0; g < timing->profile->guard_count; g++) {
        const struct profile_guard *guard = &timing->profile->guards[g];
        uint32_t index = find_speculative(timing, guard->instruction);
        if (index == NO_BLOCK || !is_most_failed(timing, g, index))
            continue;
        const struct placed_instruction *placed = &timing->function->instructions[index];
        uint64_t failures = guard->failures;
        if (failures > timing->executed[index])
            failures = timing->executed[index];
        timing->executed[index] -= failures;
        timing->counts->by_instruction[placed->instruction] -= failures;
        timing->counts->events[EVENT_guard_failures] += failures;
        const struct fallback *fallback = &timing->function->fallbacks[placed->fallback];
        if (timing->rows) {
            timing->rows->failed[index] += failures;
            timing->rows->plain[index] += failures * fallback->count;
        }
        for (uint32_t i = 0; i < fallback->count; i++) {
            const struct isa_instruction *plain = &timing->isa->instructions[fallback->instructions[i]];
            const struct machine_unit *unit = &timing->machine->units[plain->unit];
            int latency = plain->latency >= 0 ? plain->latency : unit->latency;
            timing->counts->by_instruction[fallback->instructions[i]] += failures;
            if (!unit->issue)
                continue;
            timing->counts->cycle_stack[CYCLES_guard_correction] += failures * (uint64_t)latency;
            energy_count_unplaced(timing->isa, plain, failures, timing->activities);
            add_row_cycles(timing, index, failures * (uint64_t)latency);
        }
    }
}

static bool unit_is(const struct code_timing *timing, uint32_t index, const char *name)
{
    const char *unit = scheduler_unit(timing->scheduler, index)->name;
    return unit[0] == name[0] && strcmp(unit, name) == 0;
}

/* The index of the executed instruction on unit `unit` (NULL: on any) that stands for the bytecode instruction; NO_BLOCK: none. */
static uint32_t find_covering(const struct code_timing *timing, uint32_t source, const char *unit)
{
    for (uint32_t i = 0; i < timing->function->instruction_count; i++)
        if (timing->executed[i] && covers(&timing->function->instructions[i], source) &&
            (!unit || unit_is(timing, i, unit)))
            return i;
    return NO_BLOCK;
}

/* The machine's row for an instruction such as ACT_SIGMOID: the one whose name ends the instruction's, letter case apart;
 * of LEAKY_RELU it is not relu. */
static const struct machine_activation *find_activation(const struct machine *machine, const char *instruction)
{
    const struct machine_activation *found = NULL;
    size_t length = strlen(instruction), longest = 0;
    for (int i = 0; i < machine->activation_count; i++) {
        size_t size = strlen(machine->activations[i].name);
        if (size <= length && size > longest && strcasecmp(instruction + length - size, machine->activations[i].name) == 0) {
            longest = size;
            found = &machine->activations[i];
        }
    }
    return found;
}

static void record_shape(struct timing_result *result, uint32_t *capacity, struct profile_shape shape, bool covered,
                         uint64_t cycles)
{
    shape.instruction = 0;
    for (uint32_t i = 0; i < result->shape_count; i++) {
        struct timing_shape *known = &result->shapes[i];
        if (known->covered == covered && known->shape.kind == shape.kind && known->shape.rows == shape.rows &&
            known->shape.columns == shape.columns && known->shape.depth == shape.depth &&
            known->shape.element_bytes == shape.element_bytes && strcmp(known->shape.what, shape.what) == 0) {
            known->shape.count += shape.count;
            known->cycles += cycles;
            return;
        }
    }
    if (result->shape_count == *capacity) {
        uint32_t doubled = *capacity ? 2 * *capacity : 16;
        struct timing_shape *grown = ARENA_ARRAY(result->arena, struct timing_shape, doubled);
        if (result->shape_count)
            memcpy(grown, result->shapes, result->shape_count * sizeof *grown);
        result->shapes = grown;
        *capacity = doubled;
    }
    shape.what = arena_copy(result->arena, shape.what, strlen(shape.what));
    result->shapes[result->shape_count++] = (struct timing_shape){shape, covered, cycles};
}

/* Where the tensor unit does the product; NO_BLOCK: library code does. */
static uint32_t find_tensor(const struct code_timing *timing, const struct profile_shape *shape)
{
    const struct machine *machine = timing->machine;
    uint64_t size = (uint64_t)shape->rows * shape->columns * shape->depth;
    if (!machine->tensor.present || size < (uint64_t)machine->tensor.min_size || shape->element_bytes > 16 ||
        !(machine->tensor.element_bytes & 1u << shape->element_bytes))
        return NO_BLOCK;
    return find_covering(timing, shape->instruction, "tensor");
}

static void time_matrix_product(struct code_timing *timing, const struct profile_shape *shape, uint32_t *capacity)
{
    uint64_t m = shape->rows, n = shape->columns, k = shape->depth, cycles;
    uint32_t index = find_tensor(timing, shape);
    uint64_t multiply_adds = m * n * k * shape->count;
    if (!shape->is_loop)
        timing->relief[WORK_multiply_adds] += multiply_adds; /* charged here, by its shape */
    if (index != NO_BLOCK) {
        struct tensor_cost cost = tensor_cost(timing->machine, m, n, k, shape->element_bytes);
        timing->counts->cycle_stack[CYCLES_tensor_load] += cost.load * shape->count;
        timing->counts->cycle_stack[CYCLES_tensor] += cost.compute * shape->count;
        timing->counts->cycle_stack[CYCLES_tensor_drain] += cost.drain * shape->count;
        cycles = (cost.load + cost.compute + cost.drain) * shape->count;
        timing->counts->events[EVENT_tensor_operations] += shape->count;
        energy_count_product(timing->machine, shape, timing->activities);
    } else {
        cycles = milli_cycles(m * n * k, (uint64_t)timing->machine->milli_per_native_multiply_add) * shape->count;
        timing->counts->cycle_stack[CYCLES_native_library] += cycles;
        timing->activities[ACTIVITY_library_multiply_adds] += multiply_adds;
    }
    add_row_cycles(timing, index != NO_BLOCK ? index : find_covering(timing, shape->instruction, NULL), cycles);
    record_shape(timing->result, capacity, *shape, index != NO_BLOCK, cycles);
}

/* index: the placed instruction that does it; NO_BLOCK: library code. */
static void charge_vector(struct code_timing *timing, const struct profile_shape *shape, uint32_t index, uint32_t *capacity)
{
    uint64_t cycles = shape->count * vector_cycles(timing->machine, shape->rows, shape->columns, shape->depth);
    timing->counts->cycle_stack[index != NO_BLOCK ? CYCLES_vector : CYCLES_native_library] += cycles;
    uint64_t operations = (uint64_t)shape->rows * shape->columns * shape->count;
    timing->activities[index != NO_BLOCK ? ACTIVITY_vector_operations : ACTIVITY_library_multiply_adds] += operations;
    timing->activities[ACTIVITY_vector_bytes] += index != NO_BLOCK ? (uint64_t)8 * shape->depth * shape->count : 0;
    add_row_cycles(timing, index != NO_BLOCK ? index : find_covering(timing, shape->instruction, NULL), cycles);
    record_shape(timing->result, capacity, *shape, index != NO_BLOCK, cycles);
}

static void time_vector(struct code_timing *timing, const struct profile_shape *shape, uint32_t *capacity)
{
    bool present = timing->machine->vector.present;
    charge_vector(timing, shape, present ? find_covering(timing, shape->instruction, "vector") : NO_BLOCK, capacity);
}

/* The executed instruction that does the bytecode instruction on the vector unit, or does when its operands are arrays. *form: as
 * which instruction. NO_BLOCK: none does. */
static uint32_t find_array_form(const struct code_timing *timing, uint32_t source, int *form)
{
    for (uint32_t i = 0; i < timing->function->instruction_count; i++) {
        const struct placed_instruction *placed = &timing->function->instructions[i];
        *form = unit_is(timing, i, "vector") ? placed->instruction : timing->isa->instructions[placed->instruction].arrays;
        if (*form >= 0 && timing->executed[i] && covers(placed, source))
            return i;
    }
    return NO_BLOCK;
}

/* The bytecode instruction that does the last operation of the placed one: what stores or returns its result comes behind it. */
static uint32_t last_operation(const struct code_timing *timing, const struct placed_instruction *placed)
{
    const struct code *code = timing->profile->code;
    uint32_t last = placed->source;
    for (; last > placed->source_first; last--) {
        enum op op = (enum op)code->instructions[last].op;
        if (op != OP_return && op != OP_store_attr && op != OP_store_item && op != OP_swap)
            break;
    }
    return last;
}

/* Element-wise operations of arrays, and reductions: by an instruction of the vector unit that stands there, or by what the
 * one that stands there is for arrays. Of a fused instruction's operations the last one answers for all that work through as many
 * elements; what it does not cover is work of library code. */
static void time_array(struct code_timing *timing, const struct profile_shape *shape, uint32_t *capacity)
{
    int form;
    uint32_t index = find_array_form(timing, shape->instruction, &form);
    if (index == NO_BLOCK || !timing->machine->vector.present || shape->rows < (uint64_t)timing->machine->vector.min_size)
        return;
    const struct placed_instruction *placed = &timing->function->instructions[index];
    uint32_t last = last_operation(timing, placed);
    bool is_last = shape->instruction == last, is_covered = is_last;
    struct profile_shape whole = *shape;
    uint64_t others = 0;
    for (uint32_t s = 0; s < timing->profile->shape_count; s++) {
        const struct profile_shape *other = &timing->profile->shapes[s];
        bool fused = other->kind == SHAPE_VECTOR && !other->is_loop && other->rows == shape->rows &&
                     covers(placed, other->instruction);
        others += fused && other->instruction != last ? other->count : 0;
        is_covered |= fused && other->instruction == last;
    }
    if (!is_covered)
        return;
    timing->relief[WORK_elements] += (uint64_t)shape->rows * shape->count;
    if (!is_last)
        return;
    whole.columns += (uint32_t)(others / shape->count);
    uint64_t *plain = &timing->counts->by_instruction[placed->instruction], moved = shape->count < *plain ? shape->count : *plain;
    *plain -= moved;
    timing->counts->by_instruction[form] += moved;
    charge_vector(timing, &whole, index, capacity);
}

/* What of an activation is hidden behind the drain of the product that the same instruction makes. */
static uint64_t hidden_cycles(const struct code_timing *timing, const struct profile_shape *activation, uint32_t index)
{
    for (uint32_t s = 0; s < timing->profile->shape_count; s++) {
        const struct profile_shape *product = &timing->profile->shapes[s];
        if (product->kind == SHAPE_MATMUL && find_tensor(timing, product) == index &&
            (uint64_t)product->rows * product->columns == activation->rows)
            return tensor_cost(timing->machine, product->rows, product->columns, product->depth, product->element_bytes).drain;
    }
    return 0;
}

static void charge_activation(struct code_timing *timing, const struct machine_activation *activation, uint64_t elements,
                              uint64_t times, uint64_t hidden, uint64_t *cycles)
{
    *cycles = 0;
    if (activation)
        *cycles = (uint64_t)activation->startup + milli_cycles(elements, (uint64_t)activation->milli_per_element);
    *cycles = times * (*cycles > hidden ? *cycles - hidden : 0);
    timing->counts->cycle_stack[CYCLES_activation] += *cycles;
    timing->counts->events[EVENT_activations] += elements * times;
    timing->activities[ACTIVITY_elements] += elements * times;
}

/* An instruction on the tensor unit whose name ends in an activation's: the two in one. */
static uint32_t find_fused(const struct code_timing *timing, uint32_t source)
{
    uint32_t index = find_covering(timing, source, "tensor");
    if (index == NO_BLOCK)
        return NO_BLOCK;
    const char *name = timing->isa->instructions[timing->function->instructions[index].instruction].name;
    return find_activation(timing->machine, name) ? index : NO_BLOCK;
}

/* The rounds of a block cipher, as instructions. Issue is `base`, the rest waiting. */
static void time_cipher(struct code_timing *timing, const struct profile_shape *shape, uint32_t *capacity)
{
    struct cipher_cost cost = cipher_cost(timing->isa, shape->rows, shape->columns, shape->depth);
    if (cost.instruction < 0)
        return;
    timing->counts->by_instruction[cost.instruction] += cost.rounds * shape->count;
    timing->counts->cycle_stack[CYCLES_base] += cost.issue * shape->count;
    timing->counts->cycle_stack[CYCLES_data_dependency] += cost.wait * shape->count;
    timing->relief[WORK_cipher_rounds] += cost.rounds * shape->count;
    timing->activities[ACTIVITY_cipher_rounds] += cost.rounds * shape->count;
    energy_count_unplaced(timing->isa, &timing->isa->instructions[cost.instruction], cost.rounds * shape->count,
                          timing->activities);
    uint64_t cycles = (cost.issue + cost.wait) * shape->count;
    uint32_t index = find_covering(timing, shape->instruction, NULL);
    if (timing->rows && index != NO_BLOCK)
        timing->rows->plain[index] += cost.rounds * shape->count;
    add_row_cycles(timing, index, cycles);
    record_shape(timing->result, capacity, *shape, true, cycles);
}

static bool is_load(const struct pattern_node *node)
{
    return node->kind == PATTERN_OP &&
           (node->op == OP_load_name || node->op == OP_load_global || node->op == OP_load_attr || node->op == OP_load_item);
}

/* Of something that may be an array: sqrt(2 / pi) is of constants alone. */
static bool has_array_operand(const struct pattern_node *node)
{
    if (node->kind == PATTERN_VARIABLE || (node->kind == PATTERN_OP && (node->op == OP_load_name || node->op == OP_load_global)))
        return true;
    if (node->kind == PATTERN_OP && node->op == OP_load_attr)
        return false;
    for (int i = 0; i < node->child_count; i++)
        if (has_array_operand(node->children[i]))
            return true;
    return false;
}

/* Element-wise ones: a matrix product is none. */
static uint64_t count_operations(const struct pattern_node *node)
{
    if (!node || (node->kind != PATTERN_CALL && node->kind != PATTERN_OP))
        return 0;
    if (node->kind == PATTERN_CALL ? strcmp(node->path, "numpy.dot") == 0 : node->op == OP_matmul)
        return 0;
    uint64_t operations = !is_load(node) && has_array_operand(node);
    for (int i = 0; i < node->child_count; i++)
        operations += count_operations(node->children[i]);
    return operations;
}

/* The outermost operation of an activation that is all operators, such as (x > 0) * x: becomes an activation's shape. */
static bool is_operator_activation(const struct code_timing *timing, struct profile_shape *shape)
{
    uint32_t index = shape->is_loop ? NO_BLOCK : find_covering(timing, shape->instruction, "activation");
    const struct pattern *pattern = index != NO_BLOCK ? scheduler_pattern(timing->scheduler, index) : NULL;
    if (!pattern || !pattern->arrays || timing->function->instructions[index].source != shape->instruction)
        return false;
    *shape = (struct profile_shape){.kind = SHAPE_ACTIVATION, .what = "activation", .instruction = shape->instruction,
                                    .rows = shape->rows, .depth = 1, .element_bytes = shape->element_bytes, .count = shape->count};
    return true;
}

/* An array's elements go through the activation unit; every operation of the pattern worked through them, the one that has the shape
 * `depth` times. A pattern with several such functions is one activation. */
static void time_activation(struct code_timing *timing, const struct profile_shape *shape, uint32_t *capacity)
{
    uint32_t index = find_covering(timing, shape->instruction, "activation");
    if (index == NO_BLOCK)
        index = find_fused(timing, shape->instruction);
    if (shape->kind == SHAPE_MATH && index == NO_BLOCK)
        return; /* work of library code */
    uint64_t cycles = 0;
    bool is_part = index != NO_BLOCK && timing->by_shape[index] && timing->by_shape[index] >= timing->executed[index];
    if (index != NO_BLOCK)
        timing->relief[WORK_math] += (uint64_t)shape->columns * shape->rows * shape->count;
    if (is_part && shape->kind == SHAPE_MATH)
        return;
    if (index != NO_BLOCK && !is_part) {
        uint32_t instruction = timing->function->instructions[index].instruction;
        charge_activation(timing, find_activation(timing->machine, timing->isa->instructions[instruction].name), shape->rows,
                          shape->count, hidden_cycles(timing, shape, index), &cycles);
        add_row_cycles(timing, index, cycles);
        const struct pattern *pattern = scheduler_pattern(timing->scheduler, index);
        uint64_t operations = pattern ? count_operations(pattern->tree) : 0;
        timing->relief[WORK_elements] += (shape->depth + (operations ? operations - 1 : 0)) * shape->rows * shape->count;
        timing->by_shape[index] += shape->count;
    }
    record_shape(timing->result, capacity, *shape, index != NO_BLOCK, cycles);
}

/* Native operations of known shapes; `by_shape` counts, per placed instruction, those that had one. */
void time_shapes(struct code_timing *timing, uint32_t *capacity)
{
    for (uint32_t s = 0; s < timing->profile->shape_count; s++) {
        const struct profile_shape *shape = &timing->profile->shapes[s];
        if (shape->kind == SHAPE_MATMUL) {
            time_matrix_product(timing, shape, capacity);
            continue;
        }
        struct profile_shape activation = *shape;
        if (shape->kind == SHAPE_VECTOR && !is_operator_activation(timing, &activation))
            (shape->is_loop ? time_vector : time_array)(timing, shape, capacity);
        else if (shape->kind == SHAPE_CIPHER)
            time_cipher(timing, shape, capacity);
        else if (shape->kind != SHAPE_MATH)
            time_activation(timing, &activation, capacity);
    }
    for (uint32_t s = 0; s < timing->profile->shape_count; s++) /* when it is known what else the instructions did */
        if (timing->profile->shapes[s].kind == SHAPE_MATH)
            time_activation(timing, &timing->profile->shapes[s], capacity);
}

static void relieve_call(struct code_timing *timing, const char *path, uint64_t times)
{
    timing->relief[WORK_calls] += times;
    if (strncmp(path, "math.", 5) == 0)
        timing->relief[WORK_math] += times;
    if (strcmp(path, "max") == 0 || strcmp(path, "min") == 0)
        timing->relief[WORK_comparisons] += times;
}

/* What the runtime reported for the native calls that one execution of the pattern stands for. */
static void relieve_calls(struct code_timing *timing, const struct pattern_node *node, uint64_t times)
{
    if (!node)
        return;
    if (node->kind == PATTERN_CALL)
        relieve_call(timing, node->path, times);
    for (int i = 0; i < node->child_count; i++)
        relieve_calls(timing, node->children[i], times);
}

/* Operators that evaluate a mathematical function of numbers. */
static uint64_t count_powers(const struct pattern_node *node)
{
    uint64_t powers = node->kind == PATTERN_OP && node->op == OP_power;
    for (int i = 0; i < node->child_count; i++)
        powers += count_powers(node->children[i]);
    return powers;
}

/* After time_instructions. */
void time_cache(struct code_timing *timing)
{
    const struct code_profile *profile = timing->profile;
    const struct machine_cache *cache = &timing->machine->data_cache;
    if (!cache->bytes || timing->machine->ideal)
        return;
    timing->counts->events[EVENT_cache_accesses] += profile->accessed;
    for (uint32_t i = 0; profile->cache_misses && i < profile->code->instruction_count; i++) {
        uint64_t misses = profile->cache_misses[i];
        timing->counts->events[EVENT_cache_misses] += misses;
        if (misses)
            add_row_cycles(timing, find_covering(timing, i, NULL), misses * (uint64_t)cache->miss);
    }
}

/* Whether the pattern of an executed instruction is one that time_speculation looks for. */
bool code_timing_speculates(const struct code_timing *timing)
{
    for (uint32_t i = 0; i < timing->function->instruction_count; i++) {
        const struct pattern *pattern = timing->executed[i] ? scheduler_pattern(timing->scheduler, i) : NULL;
        if (timing->executed[i] && (timing->function->instructions[i].fallback != NO_BLOCK || (pattern && pattern->callee) ||
                                    unit_is(timing, i, "activation")))
            return true;
    }
    return false;
}

/* Calls that speculative instructions made unnecessary, and scalar activations (those without a shape). */
void time_speculation(struct code_timing *timing)
{
    for (uint32_t i = 0; i < timing->function->instruction_count; i++) {
        const struct placed_instruction *placed = &timing->function->instructions[i];
        const struct isa_instruction *description = &timing->isa->instructions[placed->instruction];
        uint64_t times = timing->executed[i], cycles;
        if (!times)
            continue;
        const struct pattern *pattern = scheduler_pattern(timing->scheduler, i);
        if (placed->fallback != NO_BLOCK && pattern)
            relieve_calls(timing, pattern->tree, times);
        if (pattern && pattern->callee)
            relieve_call(timing, pattern->callee, times);
        if (unit_is(timing, i, "activation") && times > timing->by_shape[i]) {
            charge_activation(timing, find_activation(timing->machine, description->name), 1, times - timing->by_shape[i],
                              0, &cycles);
            timing->relief[WORK_math] += pattern ? count_powers(pattern->tree) * (times - timing->by_shape[i]) : 0;
            add_row_cycles(timing, i, cycles);
        }
    }
}

void time_work(struct code_timing *timing)
{
    for (int kind = 0; kind < WORK_COUNT; kind++) {
        uint64_t amount = timing->profile->work[kind];
        timing->counts->work[kind] += amount;
        amount -= timing->relief[kind] < amount ? timing->relief[kind] : amount;
        timing->activities[ACTIVITY_WORK + kind] += amount;
        timing->counts->cycle_stack[CYCLES_WORK + kind] +=
            milli_cycles(amount, (uint64_t)timing->machine->work_milli[kind]);
    }
}

/* The totals that follow from the rest. An ideal machine takes one cycle an instruction and nothing else. */
void finish_counts(struct code_timing *timing)
{
    struct timing_counts *counts = timing->counts;
    const struct machine *machine = timing->machine;
    uint64_t flushed = counts->events[EVENT_mispredicted] * (uint64_t)machine->branch.mispredict_penalty;
    counts->cycle_stack[CYCLES_branch_taken] += counts->events[EVENT_taken] * (uint64_t)machine->branch.taken_penalty;
    counts->cycle_stack[CYCLES_branch_mispredict] += flushed;
    timing->activities[ACTIVITY_flush_cycles] += flushed * (uint64_t)machine->issue_width;
    counts->cycle_stack[CYCLES_cache] += counts->events[EVENT_cache_misses] * (uint64_t)machine->data_cache.miss;
    timing->activities[ACTIVITY_line_bytes] += counts->events[EVENT_cache_misses] * (uint64_t)machine->data_cache.line;
    for (int i = 0; i <= timing->isa->instruction_count; i++) {
        counts->instructions += counts->by_instruction[i];
        counts->by_category[timing->result->categories[i]] += counts->by_instruction[i];
    }
    if (timing->machine->ideal) {
        memset(counts->cycle_stack, 0, sizeof counts->cycle_stack);
        counts->cycle_stack[CYCLES_base] = counts->instructions;
    }
    for (int part = 0; part < CYCLE_PART_COUNT; part++)
        counts->cycles += counts->cycle_stack[part];
    timing->activities[ACTIVITY_cycles] += counts->cycles;
    energy_add_parts(timing->energy_costs, timing->activities, counts->energy_parts);
    for (int part = 0; part < ENERGY_PART_COUNT; part++)
        counts->energy += counts->energy_parts[part];
}

/* Needs the code object's counts to be complete. */
static void finish_rows(struct code_timing *timing)
{
    struct timing_rows *rows = timing->rows;
    if (!rows)
        return;
    uint64_t cycles = 0;
    for (uint32_t i = 0; i < rows->count; i++) {
        rows->executed[i] = timing->executed[i];
        if (timing->machine->ideal)
            rows->cycles[i] = rows->executed[i] + rows->plain[i] +
                              (rows->executed[i] + rows->failed[i]) * timing->function->instructions[i].prefixes;
        cycles += rows->cycles[i];
    }
    rows->elsewhere = timing->counts->cycles - cycles;
}

static void rows_init(struct timing_result *result, struct timing_rows *rows, uint32_t count)
{
    *rows = (struct timing_rows){.count = count, .group = result->code_count};
    rows->executed = ARENA_ARRAY(result->arena, uint64_t, count);
    rows->failed = ARENA_ARRAY(result->arena, uint64_t, count);
    rows->plain = ARENA_ARRAY(result->arena, uint64_t, count);
    rows->cycles = ARENA_ARRAY(result->arena, uint64_t, count);
}

void code_timing_open(struct code_timing *timing, const struct code_profile *profile, const struct isa *isa,
                      struct timing_rows *rows)
{
    const struct machine_function *function = profile->function;
    *timing = (struct code_timing){.isa = isa, .machine = isa->machine, .profile = profile, .function = function, .rows = rows};
    timing->spent = rows ? checked_alloc(function->instruction_count, sizeof *timing->spent) : NULL;
    timing->scheduler = scheduler_new(function);
    timing->machine_blocks = checked_alloc(profile->code->block_count, sizeof *timing->machine_blocks);
    timing->executed = checked_alloc(function->instruction_count, sizeof *timing->executed);
    timing->by_shape = checked_alloc(function->instruction_count, sizeof *timing->by_shape);
    memset(timing->machine_blocks, 0xff, profile->code->block_count * sizeof *timing->machine_blocks);
    for (uint32_t i = function->block_count; i-- > 0;)
        timing->machine_blocks[function->blocks[i].source] = i;
}

void code_timing_close(struct code_timing *timing)
{
    free(timing->by_shape);
    free(timing->spent);
    free(timing->executed);
    free(timing->machine_blocks);
    scheduler_free(timing->scheduler);
}

static void time_code(struct timing_result *result, const struct code_profile *profile, const struct isa *isa,
                      const struct energy_costs *energy_costs, struct timing_counts *counts, uint32_t *shape_capacity,
                      struct timing_rows *rows)
{
    struct code_timing timing;
    code_timing_open(&timing, profile, isa, rows);
    timing.result = result;
    timing.counts = counts;
    timing.energy_costs = energy_costs;
    time_static(&timing);
    time_instructions(&timing);
    time_schedules(&timing);
    time_branches(&timing);
    time_guards(&timing);
    time_shapes(&timing, shape_capacity);
    time_speculation(&timing);
    time_work(&timing);
    time_cache(&timing);
    finish_counts(&timing);
    finish_rows(&timing);
    code_timing_close(&timing);
}

static void counts_init(struct timing_result *result, struct timing_counts *counts)
{
    counts->by_instruction = ARENA_ARRAY(result->arena, uint64_t, result->name_count);
}

void timing_counts_add(struct timing_counts *to, const struct timing_counts *from, uint32_t name_count)
{
    to->static_instructions += from->static_instructions;
    to->code_bytes += from->code_bytes;
    to->instructions += from->instructions;
    to->cycles += from->cycles;
    for (uint32_t i = 0; i < name_count; i++)
        to->by_instruction[i] += from->by_instruction[i];
    for (int i = 0; i < CATEGORY_COUNT; i++)
        to->by_category[i] += from->by_category[i];
    for (int i = 0; i < CYCLE_PART_COUNT; i++)
        to->cycle_stack[i] += from->cycle_stack[i];
    for (int i = 0; i < WORK_COUNT; i++)
        to->work[i] += from->work[i];
    for (int i = 0; i < EVENT_COUNT; i++)
        to->events[i] += from->events[i];
    to->energy += from->energy;
    for (int i = 0; i < ENERGY_PART_COUNT; i++)
        to->energy_parts[i] += from->energy_parts[i];
}

void timing_counts_check(const struct timing_counts *counts, uint32_t name_count)
{
    uint64_t cycles = 0, instructions = 0, categories = 0, energy = 0;
    for (int i = 0; i < CYCLE_PART_COUNT; i++)
        cycles += counts->cycle_stack[i];
    for (uint32_t i = 0; i < name_count; i++)
        instructions += counts->by_instruction[i];
    for (int i = 0; i < CATEGORY_COUNT; i++)
        categories += counts->by_category[i];
    for (int i = 0; i < ENERGY_PART_COUNT; i++)
        energy += counts->energy_parts[i];
    if (energy != counts->energy)
        abort();
    if (cycles != counts->cycles || instructions != counts->instructions || categories != instructions)
        abort(); /* a figure without a counter: never to be reported, whatever the build */
}

static struct timing_group *find_file(struct timing_result *result, const char *file)
{
    for (uint32_t i = 0; i < result->file_count; i++)
        if (strcmp(result->files[i].file, file) == 0)
            return &result->files[i];
    struct timing_group *group = &result->files[result->file_count++];
    group->file = arena_copy(result->arena, file, strlen(file));
    counts_init(result, &group->counts);
    return group;
}

static void describe_isa(struct timing_result *result, const struct isa *isa)
{
    struct arena *arena = result->arena;
    result->isa = arena_copy(arena, isa->name, strlen(isa->name));
    result->machine = arena_copy(arena, isa->machine->name, strlen(isa->machine->name));
    result->name_count = (uint32_t)isa->instruction_count + 1;
    result->names = ARENA_ARRAY(arena, const char *, result->name_count);
    result->categories = ARENA_ARRAY(arena, uint8_t, result->name_count);
    for (int i = 0; i < isa->instruction_count; i++) {
        result->names[i] = arena_copy(arena, isa->instructions[i].name, strlen(isa->instructions[i].name));
        result->categories[i] = (uint8_t)isa->instructions[i].category;
    }
    const char *prefix = isa->prefix_name ? isa->prefix_name : "PREFIX";
    result->names[isa->instruction_count] = arena_copy(arena, prefix, strlen(prefix));
    result->categories[isa->instruction_count] = (uint8_t)isa->prefix_category;
}

static void copy_run(struct timing_result *result, const struct profile *profile)
{
    result->interrupted = profile->interrupted;
    result->host_seconds = profile->host_seconds;
    result->host_peak_rss_bytes = profile->host_peak_rss_bytes;
    result->native_count = profile->native_count;
    result->natives = ARENA_ARRAY(result->arena, struct timing_native, profile->native_count);
    for (uint32_t i = 0; i < profile->native_count; i++) {
        const char *name = profile->natives[i].name;
        result->natives[i].name = arena_copy(result->arena, name, strlen(name));
        result->natives[i].calls = profile->natives[i].calls;
    }
}

static int compare_loops(const void *left, const void *right)
{
    const struct timing_loop *a = left, *b = right;
    return a->line != b->line ? (a->line > b->line) - (a->line < b->line) : (a->reason != NULL) - (b->reason != NULL);
}

static void copy_loops(struct timing_result *result, const struct profile *profile)
{
    struct arena *arena = result->arena;
    uint32_t count = 0;
    for (uint32_t i = 0; i < profile->code_count; i++)
        count += profile->codes[i]->loop_count;
    result->loops = ARENA_ARRAY(arena, struct timing_loop, count + 1);
    for (uint32_t i = 0; i < profile->code_count; i++) {
        const struct code_profile *code = profile->codes[i];
        uint32_t first = result->loop_count;
        for (uint32_t k = 0; k < code->loop_count; k++) {
            const struct profile_loop *loop = &code->loops[k];
            int32_t line = code->code->instructions[loop->instruction].line;
            result->loops[result->loop_count++] = (struct timing_loop){
                .file = arena_copy(arena, code->code->filename.text, code->code->filename.size),
                .name = arena_copy(arena, code->code->qualified_name.text, code->code->qualified_name.size),
                .line = line > 0 ? (uint32_t)line : 0, .count = loop->count,
                .form = loop->form ? arena_copy(arena, loop->form, strlen(loop->form)) : NULL,
                .reason = loop->reason ? arena_copy(arena, loop->reason, strlen(loop->reason)) : NULL};
        }
        qsort(result->loops + first, result->loop_count - first, sizeof *result->loops, compare_loops);
    }
}

struct timing_result *timing_result_new(const struct isa *isa, struct energy_costs *costs)
{
    struct arena *arena = arena_new();
    struct timing_result *result = ARENA_NEW(arena, struct timing_result);
    result->arena = arena;
    describe_isa(result, isa);
    result->area = area_compute(isa, result->area_parts);
    energy_costs_init(costs, isa, result->area);
    counts_init(result, &result->total);
    counts_init(result, &result->script);
    return result;
}

struct timing_result *timing_compute(const struct profile *profile, const struct isa *isa,
                                     const struct timing_options *options)
{
    struct energy_costs energy_costs;
    struct timing_result *result = timing_result_new(isa, &energy_costs);
    struct arena *arena = result->arena;
    uint32_t shape_capacity = 0;
    copy_run(result, profile);
    copy_loops(result, profile);
    result->files = ARENA_ARRAY(arena, struct timing_group, profile->code_count);
    result->codes = ARENA_ARRAY(arena, struct timing_group, profile->code_count);
    if (options->rows)
        result->rows = ARENA_ARRAY(arena, struct timing_rows, profile->code_count);
    const char *script = options->script_file;
    if (!script && profile->code_count)
        script = profile->codes[0]->code->filename.text;
    for (uint32_t i = 0; i < profile->code_count; i++) {
        const struct code_profile *code = profile->codes[i];
        if (!code->function)
            continue;
        if (result->rows)
            rows_init(result, &result->rows[i], code->function->instruction_count);
        struct timing_group *group = &result->codes[result->code_count++];
        struct timing_group *file = find_file(result, code->code->filename.text);
        group->file = file->file;
        group->name = arena_copy(arena, code->code->qualified_name.text, code->code->qualified_name.size);
        group->line = code->code->first_line;
        group->is_script = file->is_script = strcmp(file->file, script) == 0;
        counts_init(result, &group->counts);
        time_code(result, code, isa, &energy_costs, &group->counts, &shape_capacity, result->rows ? &result->rows[i] : NULL);
        timing_counts_check(&group->counts, result->name_count);
        timing_counts_add(&file->counts, &group->counts, result->name_count);
        timing_counts_add(&result->total, &group->counts, result->name_count);
        if (group->is_script)
            timing_counts_add(&result->script, &group->counts, result->name_count);
    }
    timing_counts_check(&result->total, result->name_count);
    return result;
}

void timing_result_free(struct timing_result *result)
{
    if (result)
        arena_free(result->arena);
}
