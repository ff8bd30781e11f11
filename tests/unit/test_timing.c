/* test_timing.c - profiles made by hand against the shipped ISAs: counts, each part of the cycle stack, predictors, the tensor
 * unit, and the result's way through a pipe. Expected cycles are worked out in the comments beside them. */
#include "core/isa.h"
#include "core/program.h"
#include "sim/profile/profile.h"
#include "sim/timing/predictor.h"
#include "sim/timing/systolic.h"
#include "sim/timing/timing.h"

#include <CUnit/Basic.h>
#include <stdlib.h>
#include <string.h>

#ifndef SOURCE_DIR
#define SOURCE_DIR "."
#endif

/* A function of one file, built block by block. */
struct maker {
    struct isa *isa;
    struct block blocks[8];
    struct instruction sources[64];
    struct code code;
    struct machine_function function;
    struct placed_instruction placed[64];
    struct machine_block machine_blocks[8];
    struct fallback fallbacks[2];
    struct profile *profile;
    struct code_profile *counts;
};

static void maker_init(struct maker *maker, const char *isa, const char *machine)
{
    char path[512], machine_path[512];
    struct diag diag;
    memset(maker, 0, sizeof *maker);
    diag_init(&diag);
    snprintf(path, sizeof path, SOURCE_DIR "/isa-specs/%s.yaml", isa);
    snprintf(machine_path, sizeof machine_path, SOURCE_DIR "/isa-specs/machines/%s.yaml", machine);
    maker->isa = isa_load(path, machine_path, &diag);
    diag_print(&diag, stderr);
    diag_free(&diag);
    if (!maker->isa)
        exit(1);
    struct code *code = &maker->code;
    code->name = code->qualified_name = (struct code_string){"f", 1};
    code->filename = (struct code_string){"f.py", 4};
    code->blocks = maker->blocks;
    code->instructions = maker->sources;
    maker->function = (struct machine_function){.code = code, .isa = maker->isa, .instructions = maker->placed,
        .blocks = maker->machine_blocks, .fallbacks = maker->fallbacks, .register_slots = 16, .memory_slots = 0,
        .stack_base = 16, .slot_count = 32};
    /* plain latencies, so that the tests do not move when the shipped machine does */
    struct machine *m = maker->isa->machine;
    for (int i = 0; i < m->unit_count; i++) {
        if (strcmp(m->units[i].name, "divide") == 0)
            m->units[i] = (struct machine_unit){m->units[i].name, 20, 20, 1};
        else if (strcmp(m->units[i].name, "load") == 0)
            m->units[i] = (struct machine_unit){m->units[i].name, 3, 1, 1};
        else if (m->units[i].issue)
            m->units[i] = (struct machine_unit){m->units[i].name, 1, 1, 1};
    }
    m->fetch.bytes_per_cycle = 0;
    m->const_operand = m->local_operand = 0;
    m->branch.predictor = PREDICTOR_STATIC;
    m->branch.mispredict_penalty = 8;
    m->branch.taken_penalty = 2;
}

static void maker_free(struct maker *maker)
{
    profile_free(maker->profile);
    buffer_free(&maker->function.bytes);
    isa_free(maker->isa);
}

static void start_block(struct maker *maker)
{
    uint32_t index = maker->function.block_count++;
    maker->code.block_count++;
    maker->machine_blocks[index] = (struct machine_block){.source = index, .first = maker->function.instruction_count,
        .address = (uint32_t)maker->function.bytes.size};
}

/* One instruction of the current block; kinds and values of its operands follow, -1 ends them. */
static void add(struct maker *maker, const char *name, const int *operands)
{
    const struct isa_instruction *found = isa_instruction_by_name(maker->isa, name);
    struct machine_instruction instruction = {0};
    CU_ASSERT_PTR_NOT_NULL_FATAL(found);
    instruction.instruction = (uint16_t)(found - maker->isa->instructions);
    for (int i = 0; operands[2 * i] >= 0; i++)
        instruction.operands[i] = (struct machine_operand){(uint8_t)operands[2 * i], operands[2 * i + 1]};
    uint32_t index = maker->function.instruction_count++;
    maker->placed[index] = (struct placed_instruction){.address = (uint32_t)maker->function.bytes.size, .source = index,
        .source_first = index, .instruction = instruction.instruction, .fallback = NO_BLOCK};
    CU_ASSERT_FATAL(encoding_encode(maker->isa, &instruction, &maker->function.bytes));
    maker->placed[index].prefixes = instruction.prefixes;
    maker->machine_blocks[maker->function.block_count - 1].count++;
}

#define ADD(name, ...) add(maker, name, (const int[]){__VA_ARGS__, -1})
#define REG(n) OPERAND_REG, n
#define CONSTANT(n) OPERAND_CONST, n

static struct code_profile *start_profile(struct maker *maker)
{
    profile_free(maker->profile);
    maker->profile = profile_new();
    maker->counts = profile_add_code(maker->profile, &maker->code);
    maker->counts->function = &maker->function;
    return maker->counts;
}

static struct timing_result *compute(struct maker *maker)
{
    struct timing_options options = {.script_file = NULL, .rows = false};
    return timing_compute(maker->profile, maker->isa, &options);
}

static uint64_t executed(const struct timing_result *result, const char *name)
{
    for (uint32_t i = 0; i < result->name_count; i++)
        if (strcmp(result->names[i], name) == 0)
            return result->total.by_instruction[i];
    return UINT64_MAX;
}

static void test_counts_and_partials(void)
{
    struct maker storage, *maker = &storage;
    maker_init(maker, "register", "ideal");
    start_block(maker);
    ADD("ADD", REG(0), REG(1), REG(2));
    ADD("ADD", REG(3), REG(1), CONSTANT(300)); /* 300 needs a prefix */
    ADD("SUB", REG(4), REG(1), REG(2));
    start_block(maker);
    ADD("MUL", REG(0), REG(1), REG(2));
    struct code_profile *counts = start_profile(maker);
    counts->executions[0] = 10;
    counts->executions[1] = 7;
    profile_add_partial(counts, 0, 1); /* raised at the second instruction, twice */
    profile_add_partial(counts, 0, 1);
    struct timing_result *result = compute(maker);
    CU_ASSERT_EQUAL(executed(result, "ADD"), 24);
    CU_ASSERT_EQUAL(executed(result, "SUB"), 10);
    CU_ASSERT_EQUAL(executed(result, "MUL"), 7);
    CU_ASSERT_EQUAL(executed(result, maker->isa->prefix_name), 12);
    CU_ASSERT_EQUAL(result->total.static_instructions, 5);
    CU_ASSERT_EQUAL(result->total.code_bytes, maker->function.bytes.size);
    CU_ASSERT_EQUAL(result->total.instructions, 53);
    CU_ASSERT_EQUAL(result->total.cycles, 53); /* the ideal machine */
    CU_ASSERT_EQUAL(result->total.cycle_stack[CYCLES_base], 53);
    CU_ASSERT_EQUAL(result->file_count, 1);
    CU_ASSERT_EQUAL(result->files[0].counts.instructions, 53);
    CU_ASSERT_EQUAL(result->script.instructions, 53);
    timing_result_free(result);
    maker_free(maker);
}

static void test_copied_blocks_count_once(void)
{
    struct maker storage, *maker = &storage;
    maker_init(maker, "register", "ideal");
    start_block(maker);
    ADD("ADD", REG(0), REG(1), REG(2));
    start_block(maker);
    ADD("ADD", REG(0), REG(1), REG(2));
    maker->machine_blocks[1].source = 0; /* a second copy of block 0 */
    maker->code.block_count = 1;
    start_profile(maker)->executions[0] = 5;
    struct timing_result *result = compute(maker);
    CU_ASSERT_EQUAL(result->total.instructions, 5);
    CU_ASSERT_EQUAL(result->total.static_instructions, 2);
    timing_result_free(result);
    maker_free(maker);
}

/* Cycle stack of one execution of what `fill` puts into a block. */
static void check_block(void (*fill)(struct maker *), const uint64_t expected[CYCLES_WORK])
{
    struct maker storage, *maker = &storage;
    maker_init(maker, "register", "inorder");
    start_block(maker);
    fill(maker);
    start_profile(maker)->executions[0] = 1;
    struct timing_result *result = compute(maker);
    for (int part = 0; part < CYCLES_WORK; part++) {
        if (result->total.cycle_stack[part] != expected[part])
            fprintf(stderr, "%s: %llu\n", cycle_part_name((enum cycle_part)part),
                    (unsigned long long)result->total.cycle_stack[part]);
        CU_ASSERT_EQUAL(result->total.cycle_stack[part], expected[part]);
    }
    timing_result_free(result);
    maker_free(maker);
}

static void fill_dependency(struct maker *maker)
{
    ADD("LOADK", REG(0), CONSTANT(1));       /* issues in 0, ready in 3 */
    ADD("ADD", REG(1), REG(0), REG(0));      /* waits 1 and 2, issues in 3 */
    ADD("ADD", REG(2), REG(5), REG(6));      /* 4 */
}

static void fill_unit_busy(struct maker *maker)
{
    ADD("DIV", REG(0), REG(1), REG(2));      /* 0, ready in 20 */
    ADD("DIV", REG(3), REG(4), REG(5));      /* waits 19 for the unit, 20, ready in 40; the end waits 19 */
}

static void fill_wide(struct maker *maker)
{
    maker->isa->machine->issue_width = 2;
    ADD("ADD", REG(0), REG(1), REG(2));      /* 0 */
    ADD("ADD", REG(3), REG(4), REG(5));      /* 0 */
    ADD("ADD", REG(6), REG(1), REG(2));      /* 1 */
    ADD("ADD", REG(7), REG(6), REG(2));      /* 2: depends on the one before it, which costs the second slot of 1 only */
}

static void fill_fetch(struct maker *maker)
{
    maker->isa->machine->fetch.bytes_per_cycle = 1;
    ADD("MOVE", REG(0), REG(1));             /* three bytes: there in 2 */
    ADD("MOVE", REG(2), REG(3));             /* there in 5 */
}

static void fill_constants(struct maker *maker)
{
    maker->isa->machine->const_operand = 2;
    ADD("ADD", REG(0), REG(1), CONSTANT(1));
    ADD("ADD", REG(2), CONSTANT(1), CONSTANT(2));
}

static void test_schedule(void)
{
    check_block(fill_dependency, (const uint64_t[CYCLES_WORK]){[CYCLES_base] = 3, [CYCLES_data_dependency] = 2});
    check_block(fill_unit_busy, (const uint64_t[CYCLES_WORK]){[CYCLES_base] = 2, [CYCLES_unit_busy] = 19,
                                                              [CYCLES_data_dependency] = 19});
    check_block(fill_wide, (const uint64_t[CYCLES_WORK]){[CYCLES_base] = 3});
    check_block(fill_fetch, (const uint64_t[CYCLES_WORK]){[CYCLES_base] = 2, [CYCLES_fetch] = 4});
    check_block(fill_constants, (const uint64_t[CYCLES_WORK]){[CYCLES_base] = 2, [CYCLES_operand_location] = 6});
}

/* a + (b + (c + d)) with room for two entries on chip: c spills a, d spills b; the second and third add fill b and a. */
static void test_stack_cache(void)
{
    struct maker storage, *maker = &storage;
    maker_init(maker, "stack", "inorder");
    maker->isa->stack_cached_entries = 2;
    maker->isa->machine->stack.spill = 1;
    maker->isa->machine->stack.fill = 2;
    start_block(maker);
    for (int i = 0; i < 4; i++)
        ADD("LOAD_FAST", OPERAND_LOCAL, i, OPERAND_LOCAL, i);
    for (int i = 0; i < 3; i++)
        ADD("BINARY_OP", OPERAND_STACK, 0, OPERAND_STACK, 0, OPERAND_STACK, 0);
    start_profile(maker)->executions[0] = 10;
    struct timing_result *result = compute(maker);
    CU_ASSERT_EQUAL(result->total.events[EVENT_spills], 20);
    CU_ASSERT_EQUAL(result->total.events[EVENT_fills], 20);
    CU_ASSERT_EQUAL(result->total.cycle_stack[CYCLES_stack_spill_fill], 60);
    CU_ASSERT_EQUAL(executed(result, "LOAD_FAST"), 40);
    CU_ASSERT_EQUAL(executed(result, "BINARY_OP"), 30);
    timing_result_free(result);
    maker->isa->stack_cached_entries = -1;
    result = compute(maker);
    CU_ASSERT_EQUAL(result->total.cycle_stack[CYCLES_stack_spill_fill], 0);
    timing_result_free(result);
    maker->isa->stack_cached_entries = 0; /* 4 pushes and 3 results stored, 6 operands loaded */
    result = compute(maker);
    CU_ASSERT_EQUAL(result->total.events[EVENT_spills], 70);
    CU_ASSERT_EQUAL(result->total.events[EVENT_fills], 60);
    timing_result_free(result);
    maker_free(maker);
}

static const struct isa_instruction *find_branch(const struct isa *isa)
{
    for (int i = 0; i < isa->instruction_count; i++)
        for (int p = 0; p < isa->instructions[i].pattern_count; p++) {
            const struct pattern_node *tree = isa->instructions[i].patterns[p].tree;
            if (p == 0 && tree->kind == PATTERN_OP && tree->op == OP_jump_if_true)
                return &isa->instructions[i];
        }
    return NULL;
}

static void add_branch(struct maker *maker, int displacement)
{
    const struct isa_instruction *branch = find_branch(maker->isa);
    int operands[2 * ISA_MAX_OPERANDS + 1];
    int i = 0;
    for (; i < branch->operand_count; i++) {
        bool is_target = branch->operands[i].alternatives[0] >= OPERAND_TARGET &&
                         branch->operands[i].alternatives[0] <= OPERAND_BACKWARD;
        operands[2 * i] = branch->operands[i].alternatives[0];
        operands[2 * i + 1] = is_target ? displacement : 0;
    }
    operands[2 * i] = -1;
    add(maker, branch->name, operands);
}

static void test_branches(void)
{
    struct maker storage, *maker = &storage;
    maker_init(maker, "register", "inorder");
    start_block(maker);
    add_branch(maker, -20); /* backward: predicted taken */
    start_block(maker);
    add_branch(maker, 20);  /* forward: predicted not taken */
    struct code_profile *counts = start_profile(maker);
    counts->executions[0] = counts->executions[1] = 100;
    counts->taken[0] = 90;
    counts->taken[1] = 30;
    struct timing_result *result = compute(maker);
    CU_ASSERT_EQUAL(result->total.events[EVENT_branches], 200);
    CU_ASSERT_EQUAL(result->total.events[EVENT_taken], 120);
    CU_ASSERT_EQUAL(result->total.events[EVENT_mispredicted], 40); /* 10 + 30 */
    CU_ASSERT_EQUAL(result->total.cycle_stack[CYCLES_branch_taken], 240);
    CU_ASSERT_EQUAL(result->total.cycle_stack[CYCLES_branch_mispredict], 320);
    timing_result_free(result);
    maker->isa->machine->branch.predictor = PREDICTOR_PERFECT;
    result = compute(maker);
    CU_ASSERT_EQUAL(result->total.cycle_stack[CYCLES_branch_mispredict], 0);
    timing_result_free(result);
    maker->isa->machine->branch.predictor = PREDICTOR_BIMODAL;
    counts->mispredicted = calloc(2, sizeof *counts->mispredicted);
    counts->mispredicted[1] = 3;
    result = compute(maker);
    CU_ASSERT_EQUAL(result->total.events[EVENT_mispredicted], 3);
    timing_result_free(result);
    maker_free(maker);
}

static void test_predictors(void)
{
    struct machine machine = {.branch = {PREDICTOR_BIMODAL, 8, 0, 10, 8}};
    struct branch_predictor *predictor = predictor_new(&machine);
    int wrong = 0;
    for (int i = 0; i < 100; i++) /* taken 9 times of 10: one at the start, then one each time the loop ends */
        wrong += predictor_branch(predictor, 64, i % 10 != 9);
    CU_ASSERT_EQUAL(wrong, 11);
    predictor_free(predictor);
    machine.branch.predictor = PREDICTOR_GSHARE;
    predictor = predictor_new(&machine);
    wrong = 0;
    for (int i = 0; i < 1000; i++) { /* alternating: bimodal is wrong half the time, history learns it */
        bool missed = predictor_branch(predictor, 64, i % 2);
        wrong += missed && i >= 100;
    }
    CU_ASSERT_EQUAL(wrong, 0);
    predictor_free(predictor);
    machine.branch.predictor = PREDICTOR_STATIC;
    CU_ASSERT_PTR_NULL(predictor_new(&machine));
}

static void test_guard_failures(void)
{
    struct maker storage, *maker = &storage;
    maker_init(maker, "register", "inorder");
    start_block(maker);
    ADD("ADD", REG(0), REG(1), REG(2)); /* plays the speculative instruction */
    uint16_t fallback[] = {maker->placed[0].instruction, maker->placed[0].instruction, 0};
    for (int i = 0; i < maker->isa->instruction_count; i++)
        if (strcmp(maker->isa->instructions[i].name, "MUL") == 0)
            fallback[0] = (uint16_t)i;
    maker->fallbacks[0] = (struct fallback){2, fallback};
    maker->function.fallback_count = 1;
    maker->placed[0].fallback = 0;
    struct code_profile *counts = start_profile(maker);
    counts->executions[0] = 50;
    for (int i = 0; i < 5; i++)
        profile_add_guard_failure(counts, 0);
    struct timing_result *result = compute(maker);
    CU_ASSERT_EQUAL(executed(result, "MUL"), 5);
    CU_ASSERT_EQUAL(executed(result, "ADD"), 50); /* 45 held, 5 as part of the fallback */
    CU_ASSERT_EQUAL(result->total.events[EVENT_guard_failures], 5);
    CU_ASSERT_EQUAL(result->total.cycle_stack[CYCLES_guard_correction], 10);
    CU_ASSERT_EQUAL(result->total.cycles, 60);
    timing_result_free(result);
    maker_free(maker);
}

static uint64_t tensor_parts(const struct timing_result *result)
{
    const uint64_t *stack = result->total.cycle_stack;
    return stack[CYCLES_tensor_load] + stack[CYCLES_tensor] + stack[CYCLES_tensor_drain];
}

static void test_matrix_products(void)
{
    struct maker storage, *maker = &storage;
    maker_init(maker, "register", "inorder");
    struct machine *machine = maker->isa->machine;
    machine->milli_per_native_multiply_add = 2500;
    machine->work_milli[WORK_multiply_adds] = 1000;
    machine->tensor.present = true;
    machine->tensor.rows = machine->tensor.columns = 8;
    machine->tensor.dataflow = DATAFLOW_OUTPUT_STATIONARY;
    machine->tensor.startup = 5;
    machine->tensor.bytes_per_cycle = 0;
    machine->tensor.overlap_folds = false;
    start_block(maker);
    ADD("MATMUL", REG(0), REG(1), REG(2));
    struct code_profile *counts = start_profile(maker);
    counts->executions[0] = 2;
    counts->work[WORK_multiply_adds] = 2 * 4096 + 7; /* seven without a shape */
    profile_add_shape(counts, (struct profile_shape){SHAPE_MATMUL, 0, "matmul", 16, 16, 16, 8, .count = 1});
    profile_add_shape(counts, (struct profile_shape){SHAPE_MATMUL, 0, "matmul", 16, 16, 16, 8, .count = 1});
    CU_ASSERT_EQUAL(counts->shape_count, 1);
    struct timing_result *result = compute(maker);
    CU_ASSERT_EQUAL(result->total.cycle_stack[CYCLES_native_library], 2 * 10240);
    CU_ASSERT_EQUAL(result->total.cycle_stack[CYCLES_tensor], 0);
    CU_ASSERT_EQUAL(result->total.cycle_stack[CYCLES_WORK + WORK_multiply_adds], 7);
    CU_ASSERT_FALSE(result->shapes[0].covered);
    timing_result_free(result);
    struct isa_instruction *instruction = &maker->isa->instructions[maker->placed[0].instruction];
    for (int i = 0; i < machine->unit_count; i++)
        if (strcmp(machine->units[i].name, "tensor") == 0)
            instruction->unit = instruction->patterns[0].unit = i;
    result = compute(maker);
    CU_ASSERT_EQUAL(result->total.cycle_stack[CYCLES_native_library], 0);
    CU_ASSERT_EQUAL(tensor_parts(result), 2 * (120 + 5)); /* 4 folds of 16 + 8 + 8 - 2 */
    CU_ASSERT_EQUAL(result->total.cycle_stack[CYCLES_tensor_load], 2 * 5);
    CU_ASSERT_EQUAL(result->total.cycle_stack[CYCLES_tensor_drain], 2 * 4 * 7); /* a row a cycle */
    CU_ASSERT_EQUAL(result->total.events[EVENT_tensor_operations], 2);
    CU_ASSERT_TRUE(result->shapes[0].covered);
    timing_result_free(result);
    machine->tensor.bytes_per_cycle = 8; /* 3 * 256 elements of 8 bytes */
    result = compute(maker);
    CU_ASSERT_EQUAL(tensor_parts(result), 2 * (768 + 5));
    timing_result_free(result);
    machine->tensor.overlap_transfers = false; /* one after the other */
    result = compute(maker);
    CU_ASSERT_EQUAL(tensor_parts(result), 2 * (768 + 120 + 5));
    CU_ASSERT_EQUAL(result->total.cycle_stack[CYCLES_tensor_load], 2 * (512 + 5));
    timing_result_free(result);
    machine->tensor.element_bytes = 1u << 4; /* floats of four bytes only */
    result = compute(maker);
    CU_ASSERT_EQUAL(tensor_parts(result), 0);
    timing_result_free(result);
    machine->tensor.element_bytes = 1u << 8;
    machine->tensor.min_size = 4097;
    result = compute(maker);
    CU_ASSERT_EQUAL(tensor_parts(result), 0);
    CU_ASSERT_EQUAL(result->total.cycle_stack[CYCLES_native_library], 2 * 10240);
    timing_result_free(result);
    maker_free(maker);
}

static void test_vector_unit(void)
{
    struct machine machine = {.vector = {.present = true, .lanes = 8, .startup = 16}};
    CU_ASSERT_EQUAL(vector_cycles(&machine, 100, 2, 300), 16 + 2 * 13);
    machine.vector.bytes_per_cycle = 8; /* an item a cycle */
    CU_ASSERT_EQUAL(vector_cycles(&machine, 100, 2, 300), 16 + 300);
    machine.vector.bytes_per_cycle = 64;
    CU_ASSERT_EQUAL(vector_cycles(&machine, 100, 4, 300), 16 + 4 * 13);
}

static void test_work(void)
{
    struct maker storage, *maker = &storage;
    maker_init(maker, "register", "inorder");
    start_block(maker);
    ADD("ADD", REG(0), REG(1), REG(2));
    struct code_profile *counts = start_profile(maker);
    maker->isa->machine->work_milli[WORK_bytes] = 125;
    maker->isa->machine->work_milli[WORK_objects] = 20000;
    counts->work[WORK_bytes] = 9;   /* 1.125 cycles: 2 */
    counts->work[WORK_objects] = 3; /* 60 */
    struct timing_result *result = compute(maker);
    CU_ASSERT_EQUAL(result->total.cycle_stack[CYCLES_WORK + WORK_bytes], 2);
    CU_ASSERT_EQUAL(result->total.cycle_stack[CYCLES_WORK + WORK_objects], 60);
    CU_ASSERT_EQUAL(result->total.cycles, 62);
    CU_ASSERT_EQUAL(result->total.work[WORK_bytes], 9);
    CU_ASSERT_STRING_EQUAL(cycle_part_name(CYCLES_WORK + WORK_bytes), "work:bytes");
    timing_result_free(result);
    maker_free(maker);
}

static void check_energy(const struct timing_result *result, const uint64_t expected[ENERGY_PART_COUNT])
{
    uint64_t sum = 0;
    for (int part = 0; part < ENERGY_PART_COUNT; part++) {
        uint64_t found = result->total.energy_parts[part];
        if (found != expected[part])
            fprintf(stderr, "%s: %llu\n", energy_part_names[part], (unsigned long long)found);
        CU_ASSERT_EQUAL(found, expected[part]);
        sum += found;
    }
    CU_ASSERT_EQUAL(result->total.energy, sum);
    CU_ASSERT_EQUAL(result->codes[0].counts.energy, sum);
}

/* Femtojoules of ten executions, by the defaults of core/energy.def. */
static void test_energy(void)
{
    struct maker storage, *maker = &storage;
    maker_init(maker, "register", "inorder");
    maker->isa->register_count = 32; /* the size that register accesses are given for: nothing to scale */
    start_block(maker);
    ADD("LOADK", REG(3), CONSTANT(1));         /* 3 bytes: opcode, register, constant; writes one, a constant */
    ADD("ADD", REG(0), REG(1), CONSTANT(2));   /* 5 bytes: two operands of 9 bits; reads one, writes one, a constant */
    ADD("MUL", REG(4), REG(0), REG(0));        /* 5 bytes; reads two, writes one */
    add_branch(maker, -20);                    /* 4 bytes: opcode, register, 16 bits; reads one */
    struct code_profile *counts = start_profile(maker);
    counts->executions[0] = 10;
    counts->taken[0] = 9;                      /* predicted taken: wrong once */
    counts->work[WORK_objects] = 3;
    struct timing_result *result = compute(maker);
    check_energy(result, (const uint64_t[ENERGY_PART_COUNT]){
        [ENERGY_PART_fetch_decode] = 10 * 17 * 6250 + 10 * 4 * 39000,
        [ENERGY_PART_registers] = 10 * 4 * 4000 + 10 * 3 * 4000,
        [ENERGY_PART_memory] = 10 * 2 * 10000,
        /* two tests of tags, one truth test; a sum and a product, each half integer (0.2, 12), half float (1.8, 14) */
        [ENERGY_PART_arithmetic] = 10 * (2 * 60 + 200 + (200 + 1800) / 2 + (12000 + 14000) / 2),
        [ENERGY_PART_branch] = 10 * 200 + 8 * 64000, /* targets; the eight cycles of the misprediction */
        [ENERGY_PART_native_work] = 3 * 1400000,
        [ENERGY_PART_static] = result->total.cycles * 7000,
    });
    timing_result_free(result);
    struct machine *machine = maker->isa->machine;
    machine->energy[ENERGY_float_share].value = 1000; /* floats only: 1.8 and 14 */
    machine->branch.predictor = PREDICTOR_GSHARE;
    machine->branch.table_bits = 13; /* four times the table, twice the energy: 2 * 2.5 for each branch */
    maker->isa->register_count = 128; /* likewise */
    machine->energy[ENERGY_static_area].value = 50000; /* 50 fJ for a thousand square micrometres */
    result = compute(maker);
    CU_ASSERT_EQUAL(result->total.energy_parts[ENERGY_PART_static], result->total.cycles * (7000 + result->area * 50 / 1000));
    CU_ASSERT_EQUAL(result->total.energy_parts[ENERGY_PART_arithmetic], 10 * (2 * 60 + 200 + 1800 + 14000));
    CU_ASSERT_EQUAL(result->total.energy_parts[ENERGY_PART_branch], 10 * 200 + 8 * 64000 + 10 * 5000);
    CU_ASSERT_EQUAL(result->total.energy_parts[ENERGY_PART_registers], 10 * 7 * 8000);
    timing_result_free(result);
    maker_free(maker);
}

/* The blocks of test_stack_cache: 7 entries written and 6 read an execution, 2 spilled, 2 filled; 4 locals loaded. */
static void test_stack_energy(void)
{
    struct maker storage, *maker = &storage;
    maker_init(maker, "stack", "inorder");
    maker->isa->stack_cached_entries = 2; /* a sixteenth of 32: a quarter of 4 pJ */
    start_block(maker);
    for (int i = 0; i < 4; i++)
        ADD("LOAD_FAST", OPERAND_LOCAL, i, OPERAND_LOCAL, i);
    for (int i = 0; i < 3; i++)
        ADD("BINARY_OP", OPERAND_STACK, 0, OPERAND_STACK, 0, OPERAND_STACK, 0);
    start_profile(maker)->executions[0] = 10;
    struct timing_result *result = compute(maker);
    CU_ASSERT_EQUAL(result->total.energy_parts[ENERGY_PART_stack], 10 * (13 * 1000 + 4 * 20000));
    CU_ASSERT_EQUAL(result->total.energy_parts[ENERGY_PART_memory], 10 * 4 * 20000);
    timing_result_free(result);
    maker->isa->stack_cached_entries = 0; /* 7 stores and 6 loads, nothing on chip */
    result = compute(maker);
    CU_ASSERT_EQUAL(result->total.energy_parts[ENERGY_PART_stack], 10 * 13 * 20000);
    timing_result_free(result);
    maker_free(maker);
}

/* Two products of 16 x 16 x 16 on 8 x 8 elements. */
static void test_tensor_energy(void)
{
    struct machine machine = {.tensor = {.present = true, .rows = 8, .columns = 8, .dataflow = DATAFLOW_OUTPUT_STATIONARY}};
    struct profile_shape shape = {SHAPE_MATMUL, 0, "matmul", 16, 16, 16, 8, .count = 2};
    uint64_t activities[ACTIVITY_COUNT] = {0};
    energy_count_product(&machine, &shape, activities);
    CU_ASSERT_EQUAL(activities[ACTIVITY_multiply_adds_64], 2 * 4096);
    CU_ASSERT_EQUAL(activities[ACTIVITY_operand_bytes], 2 * 8 * (2 * 256 + 2 * 256 + 256)); /* A and B twice, C once */
    CU_ASSERT_EQUAL(activities[ACTIVITY_transfer_bytes], 2 * 8 * 768);
    memset(activities, 0, sizeof activities);
    machine.tensor.dataflow = DATAFLOW_WEIGHT_STATIONARY;
    shape.element_bytes = 2;
    energy_count_product(&machine, &shape, activities);
    CU_ASSERT_EQUAL(activities[ACTIVITY_multiply_adds_16], 2 * 4096);
    CU_ASSERT_EQUAL(activities[ACTIVITY_operand_bytes], 2 * 2 * (256 + 2 * 256 + 3 * 256)); /* sums leave, come back, leave */
}

/* In square micrometres, each part rounded. */
static void test_area(void)
{
    struct maker storage, *maker = &storage;
    uint64_t parts[AREA_PART_COUNT], sum = 0;
    maker_init(maker, "hybrid", "inorder");
    struct machine *machine = maker->isa->machine;
    machine->branch.predictor = PREDICTOR_BIMODAL;
    machine->branch.table_bits = 10;
    machine->tensor.rows = machine->tensor.columns = 8;
    machine->tensor.element_bytes = 1u << 2 | 1u << 4;
    machine->vector.lanes = 4;
    uint64_t area = area_compute(maker->isa, parts);
    CU_ASSERT_EQUAL(parts[AREA_PART_registers], 12247);  /* 32 * 382.72 = 12247.04 */
    CU_ASSERT_EQUAL(parts[AREA_PART_stack], 1531);       /* 4 * 382.72 = 1530.88 */
    CU_ASSERT_EQUAL(parts[AREA_PART_predictor], 1012);   /* 1024 * 2 * 0.494 = 1011.7 */
    CU_ASSERT_EQUAL(parts[AREA_PART_tensor], 797317);    /* 64 * (11884 + 3 * 4 * 47.84) = 797317.1 */
    CU_ASSERT_EQUAL(parts[AREA_PART_vector], 156672);    /* 4 * 39168 */
    CU_ASSERT_EQUAL(parts[AREA_PART_arithmetic], 84222); /* 274 + 13980 + 8368 + 30800 + 30800 */
    for (int part = 0; part < AREA_PART_COUNT; part++)
        sum += parts[part];
    CU_ASSERT_EQUAL(area, sum);
    maker_free(maker);
    maker_init(maker, "register", "inorder"); /* no instruction uses the units */
    area_compute(maker->isa, parts);
    CU_ASSERT_EQUAL(parts[AREA_PART_tensor] + parts[AREA_PART_vector] + parts[AREA_PART_activation], 0);
    maker_free(maker);
}

/* A machine without the sections has the defaults; inorder writes them out. */
static void test_cost_defaults(void)
{
    static const char *const machines[] = {"ideal", "inorder"};
    for (int i = 0; i < 2; i++) {
        struct maker storage, *maker = &storage;
        maker_init(maker, "register", machines[i]);
        const struct machine *machine = maker->isa->machine;
        for (int key = 0; key < ENERGY_COUNT + AREA_COUNT; key++) {
            bool energy = key < ENERGY_COUNT;
            const struct cost_key *known = energy ? &energy_keys[key] : &area_keys[key - ENERGY_COUNT];
            const struct machine_cost *cost = energy ? &machine->energy[key] : &machine->area[key - ENERGY_COUNT];
            if (cost->value != known->value || cost->basis != known->basis || strcmp(cost->source, known->source) != 0)
                fprintf(stderr, "%s: %s\n", machines[i], known->name);
            CU_ASSERT(cost->value == known->value && cost->basis == known->basis && strcmp(cost->source, known->source) == 0);
        }
        maker_free(maker);
    }
}

static void test_stream(void)
{
    struct maker storage, *maker = &storage;
    maker_init(maker, "hybrid", "inorder");
    start_block(maker);
    struct code_profile *counts = start_profile(maker);
    counts->executions[0] = 3;
    profile_add_shape(counts, (struct profile_shape){SHAPE_MATMUL, 0, "matmul", 2, 3, 4, 8, .count = 1});
    struct timing_result *result = compute(maker);
    struct buffer bytes = {0}, again = {0};
    timing_result_write(result, &bytes);
    struct timing_result *copy = timing_result_read(bytes.bytes, bytes.size);
    CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
    CU_ASSERT_STRING_EQUAL(copy->isa, "hybrid");
    CU_ASSERT_STRING_EQUAL(copy->codes[0].name, "f");
    CU_ASSERT_STRING_EQUAL(copy->shapes[0].shape.what, "matmul");
    CU_ASSERT_EQUAL(copy->total.cycles, result->total.cycles);
    CU_ASSERT_EQUAL(copy->total.energy, result->total.energy);
    CU_ASSERT_EQUAL(copy->area, result->area);
    for (size_t size = 0; size < bytes.size; size += 13)
        CU_ASSERT_PTR_NULL(timing_result_read(bytes.bytes, size));
    buffer_free(&bytes);
    buffer_free(&again);
    timing_result_free(copy);
    timing_result_free(result);
    maker_free(maker);
}

static void test_systolic(void)
{
    /* SCALE-Sim v3's cycles plus one (its report prints the last cycle's index) */
    static const struct {
        uint64_t m, n, k;
        uint32_t rows, columns;
        enum dataflow dataflow;
        uint64_t cycles;
    } cases[] = {
        {4, 4, 4, 4, 4, DATAFLOW_OUTPUT_STATIONARY, 10},
        {4, 4, 4, 4, 4, DATAFLOW_WEIGHT_STATIONARY, 14},
        {4, 4, 4, 4, 4, DATAFLOW_INPUT_STATIONARY, 14},
        {8, 8, 8, 4, 4, DATAFLOW_OUTPUT_STATIONARY, 56},
        {8, 8, 8, 4, 4, DATAFLOW_WEIGHT_STATIONARY, 72},
        {8, 8, 8, 4, 4, DATAFLOW_INPUT_STATIONARY, 72},
        {16, 16, 16, 8, 8, DATAFLOW_OUTPUT_STATIONARY, 120},
        {16, 16, 16, 8, 8, DATAFLOW_WEIGHT_STATIONARY, 152},
        {16, 16, 16, 8, 8, DATAFLOW_INPUT_STATIONARY, 152},
        {10, 7, 27, 8, 4, DATAFLOW_OUTPUT_STATIONARY, 148},
        {10, 7, 27, 8, 4, DATAFLOW_WEIGHT_STATIONARY, 224},
        {10, 7, 27, 8, 4, DATAFLOW_INPUT_STATIONARY, 300},
        {64, 64, 64, 16, 16, DATAFLOW_OUTPUT_STATIONARY, 1504},
        {64, 64, 64, 16, 16, DATAFLOW_WEIGHT_STATIONARY, 1760},
        {64, 64, 64, 16, 16, DATAFLOW_INPUT_STATIONARY, 1760},
        {100, 50, 30, 16, 16, DATAFLOW_OUTPUT_STATIONARY, 1680},
        {100, 50, 30, 16, 16, DATAFLOW_WEIGHT_STATIONARY, 1168},
        {100, 50, 30, 16, 16, DATAFLOW_INPUT_STATIONARY, 1344},
        {1, 128, 256, 32, 32, DATAFLOW_OUTPUT_STATIONARY, 1272},
        {1, 128, 256, 32, 32, DATAFLOW_WEIGHT_STATIONARY, 3040},
        {1, 128, 256, 32, 32, DATAFLOW_INPUT_STATIONARY, 1776},
        {32, 32, 32, 32, 32, DATAFLOW_OUTPUT_STATIONARY, 94},
        {32, 32, 32, 32, 32, DATAFLOW_WEIGHT_STATIONARY, 126},
        {32, 32, 32, 32, 32, DATAFLOW_INPUT_STATIONARY, 126},
        {128, 128, 128, 32, 32, DATAFLOW_OUTPUT_STATIONARY, 3040},
        {128, 128, 128, 32, 32, DATAFLOW_WEIGHT_STATIONARY, 3552},
        {128, 128, 128, 32, 32, DATAFLOW_INPUT_STATIONARY, 3552},
        {256, 64, 512, 32, 16, DATAFLOW_OUTPUT_STATIONARY, 17856},
        {256, 64, 512, 32, 16, DATAFLOW_WEIGHT_STATIONARY, 21376},
        {256, 64, 512, 32, 16, DATAFLOW_INPUT_STATIONARY, 36352},
        {5, 5, 5, 8, 8, DATAFLOW_OUTPUT_STATIONARY, 19},
        {5, 5, 5, 8, 8, DATAFLOW_WEIGHT_STATIONARY, 27},
        {5, 5, 5, 8, 8, DATAFLOW_INPUT_STATIONARY, 27},
        {1, 16, 16, 8, 8, DATAFLOW_OUTPUT_STATIONARY, 60},
        {1, 16, 16, 8, 8, DATAFLOW_WEIGHT_STATIONARY, 92},
        {1, 16, 16, 8, 8, DATAFLOW_INPUT_STATIONARY, 76},
        {64, 128, 784, 32, 32, DATAFLOW_OUTPUT_STATIONARY, 6768},
        {64, 128, 784, 32, 32, DATAFLOW_WEIGHT_STATIONARY, 15800},
        {64, 128, 784, 32, 32, DATAFLOW_INPUT_STATIONARY, 11100},
        {256, 256, 256, 256, 256, DATAFLOW_OUTPUT_STATIONARY, 766},
        {256, 256, 256, 256, 256, DATAFLOW_WEIGHT_STATIONARY, 1022},
        {256, 256, 256, 256, 256, DATAFLOW_INPUT_STATIONARY, 1022},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct systolic_array array = {cases[i].rows, cases[i].columns, cases[i].dataflow, false};
        CU_ASSERT_EQUAL(systolic_cycles(&array, cases[i].m, cases[i].n, cases[i].k), cases[i].cycles);
    }
    CU_ASSERT_EQUAL(sizeof cases / sizeof *cases, 42);
    struct systolic_array overlapped = {16, 16, DATAFLOW_WEIGHT_STATIONARY, true};
    CU_ASSERT_EQUAL(systolic_cycles(&overlapped, 64, 64, 64), 16 + 16 * 64 + 30);
    CU_ASSERT_EQUAL(systolic_cycles(&overlapped, 0, 64, 64), 0);
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("timing", NULL, NULL);
    CU_add_test(suite, "counts and partial executions", test_counts_and_partials);
    CU_add_test(suite, "copied blocks count once", test_copied_blocks_count_once);
    CU_add_test(suite, "schedule", test_schedule);
    CU_add_test(suite, "operand-stack cache", test_stack_cache);
    CU_add_test(suite, "branches", test_branches);
    CU_add_test(suite, "predictors", test_predictors);
    CU_add_test(suite, "guard failures", test_guard_failures);
    CU_add_test(suite, "matrix products", test_matrix_products);
    CU_add_test(suite, "vector unit", test_vector_unit);
    CU_add_test(suite, "work", test_work);
    CU_add_test(suite, "energy", test_energy);
    CU_add_test(suite, "energy of the operand stack", test_stack_energy);
    CU_add_test(suite, "energy of matrix products", test_tensor_energy);
    CU_add_test(suite, "area", test_area);
    CU_add_test(suite, "energies and areas by default", test_cost_defaults);
    CU_add_test(suite, "stream", test_stream);
    CU_add_test(suite, "systolic array", test_systolic);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures != 0;
}
