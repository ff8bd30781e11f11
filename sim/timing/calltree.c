/* calltree.c - see calltree.h. What a code object cost is known exactly (timing_compute); its contexts' counters say how to divide
 * it: each part of the cycle stack in proportion to what in the context caused it, so that nothing is lost to rounding. */
#include "sim/timing/calltree.h"

#include "core/memory.h"
#include "core/wide.h"
#include "sim/timing/byte_stream.h"
#include "sim/timing/schedule.h"
#include "sim/timing/systolic.h"

#include <stdlib.h>
#include <string.h>

/* What the parts of a code object's cycles are divided by. */
enum weight { WEIGHT_INSTRUCTIONS, WEIGHT_PIPELINE, WEIGHT_TENSOR, WEIGHT_VECTOR, WEIGHT_LIBRARY, WEIGHT_ACTIVATION, WEIGHT_WORK,
              WEIGHT_COUNT = WEIGHT_WORK + WORK_COUNT };

struct builder {
    const struct profile *profile;
    const struct timing_result *timing;
    const struct isa *isa;
    struct calltree *tree;
    uint32_t *code_functions;     /* by index in profile.codes */
    uint32_t python_functions;    /* native ones follow them */
};

/* One code object, and what its blocks cost. */
struct pricer {
    const struct isa *isa;
    const struct code *code;
    const struct machine_function *function;
    struct scheduler *scheduler;
    uint32_t *machine_blocks;     /* by source block; NO_BLOCK: none */
    uint64_t *cycles, *instructions, *activations; /* of one execution, by source block */
    struct block_branch *branches;
    bool *has_branch;
};

static uint64_t block_instructions(const struct pricer *pricer, const struct machine_block *block, uint32_t last)
{
    uint64_t count = 0;
    for (uint32_t i = block->first; i < block->first + block->count; i++)
        if (pricer->function->instructions[i].source_first <= last)
            count += 1u + pricer->function->instructions[i].prefixes;
    return count;
}

static uint64_t block_cycles(const struct pricer *pricer, const struct machine_block *block, uint32_t last)
{
    struct block_cost cost;
    uint64_t cycles = 0;
    if (pricer->isa->machine->ideal)
        return block_instructions(pricer, block, last);
    schedule_block(pricer->scheduler, block, last, &cost);
    for (int part = 0; part < CYCLES_WORK; part++)
        cycles += cost.parts[part];
    return cycles;
}

static void pricer_open(struct pricer *pricer, const struct code_profile *profile, const struct isa *isa)
{
    const struct machine_function *function = profile->function;
    uint32_t count = profile->code->block_count;
    *pricer = (struct pricer){.isa = isa, .code = profile->code, .function = function, .scheduler = scheduler_new(function)};
    pricer->machine_blocks = checked_alloc(count, sizeof *pricer->machine_blocks);
    pricer->cycles = checked_alloc(count, sizeof *pricer->cycles);
    pricer->instructions = checked_alloc(count, sizeof *pricer->instructions);
    pricer->activations = checked_alloc(count, sizeof *pricer->activations);
    pricer->branches = checked_alloc(count, sizeof *pricer->branches);
    pricer->has_branch = checked_alloc(count, sizeof *pricer->has_branch);
    memset(pricer->machine_blocks, 0xff, count * sizeof *pricer->machine_blocks);
    for (uint32_t i = function->block_count; i-- > 0;) /* of copies the first counts */
        pricer->machine_blocks[function->blocks[i].source] = i;
    for (uint32_t b = 0; b < count; b++) {
        if (pricer->machine_blocks[b] == NO_BLOCK || !profile->executions[b])
            continue;
        const struct machine_block *block = &function->blocks[pricer->machine_blocks[b]];
        pricer->cycles[b] = block_cycles(pricer, block, UINT32_MAX);
        pricer->instructions[b] = block_instructions(pricer, block, UINT32_MAX);
        pricer->has_branch[b] = !isa->machine->ideal && scheduler_block_branch(pricer->scheduler, block, &pricer->branches[b]);
        for (uint32_t i = block->first; i < block->first + block->count; i++)
            pricer->activations[b] += strcmp(scheduler_unit(pricer->scheduler, i)->name, "activation") == 0;
    }
}

static void pricer_close(struct pricer *pricer)
{
    scheduler_free(pricer->scheduler);
    free(pricer->machine_blocks);
    free(pricer->cycles);
    free(pricer->instructions);
    free(pricer->activations);
    free(pricer->branches);
    free(pricer->has_branch);
}

static uint64_t branch_cycles(const struct pricer *pricer, const struct code_profile *counts, uint32_t b)
{
    const struct machine *machine = pricer->isa->machine;
    const struct block_branch *branch = &pricer->branches[b];
    uint64_t executions = counts->executions[b], taken = branch->conditional ? counts->taken[b] : executions, mispredicted = 0;
    if (!pricer->has_branch[b])
        return 0;
    taken = taken > executions ? executions : taken;
    bool predicted_taken = branch->displacement < 0 && !branch->is_for_iter;
    if (!branch->conditional || machine->branch.predictor == PREDICTOR_PERFECT)
        mispredicted = 0;
    else if (machine->branch.predictor != PREDICTOR_STATIC)
        mispredicted = counts->mispredicted ? counts->mispredicted[b] : 0;
    else
        mispredicted = predicted_taken ? executions - taken : taken;
    return taken * (uint64_t)machine->branch.taken_penalty + mispredicted * (uint64_t)machine->branch.mispredict_penalty;
}

/* Whether an instruction on the tensor unit stands for the bytecode instruction. */
static bool is_covered(const struct pricer *pricer, uint32_t source)
{
    for (uint32_t i = 0; i < pricer->function->instruction_count; i++) {
        const struct placed_instruction *placed = &pricer->function->instructions[i];
        if (placed->source_first <= source && source <= placed->source &&
            strcmp(scheduler_unit(pricer->scheduler, i)->name, "tensor") == 0)
            return true;
    }
    return false;
}

/* Whether what stands for the bytecode instruction does arrays on the vector unit. */
static bool has_array_form(const struct pricer *pricer, uint32_t source)
{
    for (uint32_t i = 0; i < pricer->function->instruction_count; i++) {
        const struct placed_instruction *placed = &pricer->function->instructions[i];
        if (placed->source_first <= source && source <= placed->source &&
            (strcmp(scheduler_unit(pricer->scheduler, i)->name, "vector") == 0 ||
             pricer->isa->instructions[placed->instruction].arrays >= 0))
            return true;
    }
    return false;
}

static void weigh_cipher(const struct pricer *pricer, const struct profile_shape *shape, uint64_t *weights)
{
    struct cipher_cost cost = cipher_cost(pricer->isa, shape->rows, shape->columns, shape->depth);
    if (cost.instruction < 0)
        return;
    weights[WEIGHT_INSTRUCTIONS] += cost.rounds * shape->count;
    weights[WEIGHT_PIPELINE] += (cost.issue + cost.wait) * shape->count;
}

static void weigh_shapes(const struct pricer *pricer, const struct code_profile *counts, uint64_t *weights)
{
    const struct machine *machine = pricer->isa->machine;
    for (uint32_t i = 0; i < counts->shape_count; i++) {
        const struct profile_shape *shape = &counts->shapes[i];
        uint64_t m = shape->rows, n = shape->columns, k = shape->depth;
        if (shape->kind == SHAPE_ACTIVATION)
            weights[WEIGHT_ACTIVATION] += m * shape->count;
        else if (shape->kind == SHAPE_VECTOR && (shape->is_loop || has_array_form(pricer, shape->instruction)))
            weights[WEIGHT_VECTOR] += vector_cycles(machine, m, n, k) * shape->count;
        else if (shape->kind == SHAPE_CIPHER)
            weigh_cipher(pricer, shape, weights);
        else if (shape->kind == SHAPE_VECTOR || shape->kind == SHAPE_MATH)
            continue; /* work of library code */
        else if (machine->tensor.present && is_covered(pricer, shape->instruction))
            weights[WEIGHT_TENSOR] += tensor_cycles(machine, m, n, k, shape->element_bytes) * shape->count;
        else
            weights[WEIGHT_LIBRARY] += m * n * k * shape->count;
    }
}

static void weigh(const struct pricer *pricer, const struct code_profile *counts, uint64_t *weights)
{
    memset(weights, 0, WEIGHT_COUNT * sizeof *weights);
    for (int kind = 0; kind < WORK_COUNT; kind++)
        weights[WEIGHT_WORK + kind] = counts->work[kind];
    weigh_shapes(pricer, counts, weights);
    for (uint32_t b = 0; counts->code && b < counts->code->block_count; b++) {
        if (!counts->executions[b])
            continue;
        weights[WEIGHT_INSTRUCTIONS] += counts->executions[b] * pricer->instructions[b];
        weights[WEIGHT_PIPELINE] += counts->executions[b] * pricer->cycles[b] + branch_cycles(pricer, counts, b);
        weights[WEIGHT_ACTIVATION] += counts->executions[b] * pricer->activations[b];
    }
    for (uint32_t i = 0; counts->cache_misses && i < counts->code->instruction_count; i++)
        weights[WEIGHT_PIPELINE] += counts->cache_misses[i] * (uint64_t)pricer->isa->machine->data_cache.miss;
    for (uint32_t i = 0; counts->code && i < counts->partial_count; i++) {
        const struct profile_partial *partial = &counts->partials[i];
        if (partial->block >= counts->code->block_count || pricer->machine_blocks[partial->block] == NO_BLOCK)
            continue;
        const struct machine_block *block = &pricer->function->blocks[pricer->machine_blocks[partial->block]];
        weights[WEIGHT_INSTRUCTIONS] += partial->count * block_instructions(pricer, block, partial->instruction);
        weights[WEIGHT_PIPELINE] += partial->count * block_cycles(pricer, block, partial->instruction);
    }
}

static void sum_parts(const struct timing_counts *counts, bool ideal, uint64_t *totals)
{
    memset(totals, 0, WEIGHT_COUNT * sizeof *totals);
    totals[WEIGHT_INSTRUCTIONS] = counts->instructions;
    for (int part = 0; part < CYCLE_PART_COUNT; part++) {
        enum weight weight = part == CYCLES_tensor_load || part == CYCLES_tensor || part == CYCLES_tensor_drain ? WEIGHT_TENSOR
                             : part == CYCLES_vector         ? WEIGHT_VECTOR
                             : part == CYCLES_native_library ? WEIGHT_LIBRARY
                             : part == CYCLES_activation     ? WEIGHT_ACTIVATION
                             : part >= CYCLES_WORK           ? (enum weight)(WEIGHT_WORK + part - CYCLES_WORK)
                                                             : WEIGHT_PIPELINE;
        totals[ideal ? WEIGHT_PIPELINE : weight] += counts->cycle_stack[part];
    }
}

/* With one context of its own, all but native work is that one's, and blocks need no price. */
static bool is_simple(const struct profile *profile, const uint32_t *contexts, uint32_t count)
{
    uint32_t python = 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct code_profile *counts = profile->contexts[contexts[i]].counts;
        python += counts->code != NULL;
        if (counts->shape_count)
            return false;
    }
    return python == 1;
}

static void weigh_simply(const struct code_profile *counts, uint64_t *weights)
{
    memset(weights, 0, WEIGHT_COUNT * sizeof *weights);
    for (int weight = 0; weight < WEIGHT_WORK; weight++)
        weights[weight] = counts->code != NULL;
    for (int kind = 0; kind < WORK_COUNT; kind++)
        weights[WEIGHT_WORK + kind] = counts->work[kind];
}

/* Divides a code object's instructions and cycles among the contexts [first, first + count) of `order`. */
static void divide_code(const struct builder *builder, const struct code_profile *profile, const struct timing_counts *counts,
                        const uint32_t *contexts, uint32_t count)
{
    uint64_t totals[WEIGHT_COUNT], sums[WEIGHT_COUNT] = {0}, before[WEIGHT_COUNT] = {0};
    uint64_t *weights = checked_alloc(count, WEIGHT_COUNT * sizeof *weights);
    struct pricer pricer;
    bool simple = is_simple(builder->profile, contexts, count);
    if (!simple)
        pricer_open(&pricer, profile, builder->isa);
    sum_parts(counts, builder->isa->machine->ideal, totals);
    for (uint32_t i = 0; i < count; i++) {
        const struct code_profile *counted = builder->profile->contexts[contexts[i]].counts;
        if (simple)
            weigh_simply(counted, weights + i * WEIGHT_COUNT);
        else
            weigh(&pricer, counted, weights + i * WEIGHT_COUNT);
        for (int w = 0; w < WEIGHT_COUNT; w++)
            sums[w] += weights[i * WEIGHT_COUNT + w];
    }
    for (uint32_t i = 0; i < count; i++) {
        struct calltree_node *node = &builder->tree->nodes[contexts[i]];
        for (int w = 0; w < WEIGHT_COUNT; w++) {
            uint64_t weight = weights[i * WEIGHT_COUNT + w], share;
            if (sums[w])
                share = wide_proportion(totals[w], before[w] + weight, sums[w]) - wide_proportion(totals[w], before[w], sums[w]);
            else
                share = i == 0 ? totals[w] : 0; /* caused by none of them in particular */
            before[w] += weight;
            *(w == WEIGHT_INSTRUCTIONS ? &node->instructions : &node->cycles) += share;
        }
    }
    if (!simple)
        pricer_close(&pricer);
    free(weights);
}

static void divide_all(const struct builder *builder)
{
    const struct profile *profile = builder->profile;
    uint32_t *starts = checked_alloc(profile->code_count + 2u, sizeof *starts);
    uint32_t *order = checked_alloc(profile->context_count, sizeof *order);
    for (uint32_t i = 1; i < profile->context_count; i++)
        if (profile->contexts[i].counts && profile->contexts[i].code != UINT32_MAX)
            starts[profile->contexts[i].code + 2]++;
    for (uint32_t i = 2; i < profile->code_count + 2u; i++)
        starts[i] += starts[i - 1];
    for (uint32_t i = 1; i < profile->context_count; i++)
        if (profile->contexts[i].counts && profile->contexts[i].code != UINT32_MAX)
            order[starts[profile->contexts[i].code + 1]++] = i;
    for (uint32_t i = 0; i < profile->code_count; i++) {
        const struct timing_rows *rows = &builder->timing->rows[i];
        uint32_t count = starts[i + 1] - starts[i];
        if (count && profile->codes[i]->function)
            divide_code(builder, profile->codes[i], &builder->timing->codes[rows->group].counts, order + starts[i], count);
    }
    free(order);
    free(starts);
}

/* ---- functions ---- */

/* The function of the same name at the same place: code that was loaded twice, or two expressions on one line. */
static uint32_t find_function(const struct calltree *tree, const struct code *code)
{
    for (uint32_t i = 0; i < tree->function_count; i++)
        if (tree->functions[i].line == code->first_line && strcmp(tree->functions[i].name, code->name.text) == 0 &&
            strcmp(tree->functions[i].file, code->filename.text) == 0)
            return i;
    return tree->function_count;
}

static void add_code_functions(struct builder *builder)
{
    struct calltree *tree = builder->tree;
    const struct profile *profile = builder->profile;
    for (uint32_t i = 0; i < profile->code_count; i++) {
        const struct code *code = profile->codes[i]->code;
        uint32_t known = find_function(tree, code);
        builder->code_functions[i] = known;
        if (known < tree->function_count)
            continue;
        struct calltree_function *function = &tree->functions[tree->function_count++];
        function->file = arena_copy(tree->arena, code->filename.text, code->filename.size);
        function->name = arena_copy(tree->arena, code->name.text, code->name.size);
        function->qualified_name = arena_copy(tree->arena, code->qualified_name.text, code->qualified_name.size);
        function->line = code->first_line;
        if (profile->codes[i]->function)
            function->is_script = builder->timing->codes[builder->timing->rows[i].group].is_script;
    }
}

static uint32_t native_function(struct builder *builder, const char *name)
{
    struct calltree *tree = builder->tree;
    for (uint32_t i = builder->python_functions; i < tree->function_count; i++)
        if (strcmp(tree->functions[i].name, name) == 0)
            return i;
    const char *copy = arena_copy(tree->arena, name, strlen(name));
    tree->functions[tree->function_count] = (struct calltree_function){.name = copy, .qualified_name = copy};
    return tree->function_count++;
}

/* ---- nodes ---- */

static uint32_t line_of(const struct code *code, uint32_t instruction)
{
    int32_t line = instruction < code->instruction_count ? code->instructions[instruction].line : -1;
    return line < 0 ? 0 : (uint32_t)line;
}

/* The code object in which a context's calls are made. */
static const struct code *calling_code(const struct profile *profile, uint32_t context)
{
    uint32_t code = context ? profile->contexts[context].code : UINT32_MAX;
    return code == UINT32_MAX ? NULL : profile->codes[code]->code;
}

static void add_sites(struct builder *builder, uint32_t index)
{
    struct calltree *tree = builder->tree;
    const struct profile_context *context = &builder->profile->contexts[index];
    struct calltree_node *node = &tree->nodes[index];
    const struct code *caller = calling_code(builder->profile, context->parent);
    node->first_site = tree->site_count;
    for (uint32_t i = 0; i < context->site_count; i++) {
        uint32_t line = caller ? line_of(caller, context->sites[i].instruction) : 0, at = node->first_site;
        node->calls += context->sites[i].calls;
        while (at < tree->site_count && tree->sites[at].line != line)
            at++;
        if (at == tree->site_count)
            tree->sites[tree->site_count++] = (struct calltree_site){.line = line};
        tree->sites[at].calls += context->sites[i].calls;
    }
    node->site_count = tree->site_count - node->first_site;
}

static bool is_recursive(const struct calltree *tree, uint32_t index)
{
    uint32_t function = tree->nodes[index].function;
    for (uint32_t at = tree->nodes[index].parent; at; at = tree->nodes[at].parent)
        if (tree->nodes[at].function == function)
            return true;
    return false;
}

static void add_nodes(struct builder *builder)
{
    struct calltree *tree = builder->tree;
    const struct profile *profile = builder->profile;
    tree->node_count = profile->context_count;
    tree->nodes = ARENA_ARRAY(tree->arena, struct calltree_node, tree->node_count + 1);
    size_t sites = 0;
    for (uint32_t i = 0; i < profile->context_count; i++)
        sites += profile->contexts[i].site_count;
    tree->sites = ARENA_ARRAY(tree->arena, struct calltree_site, sites + 1);
    tree->nodes[0].function = UINT32_MAX;
    for (uint32_t i = 1; i < tree->node_count; i++) {
        const struct profile_context *context = &profile->contexts[i];
        tree->nodes[i] = (struct calltree_node){.parent = context->parent, .target = context->target};
        tree->nodes[i].function = context->native ? native_function(builder, context->native)
                                                  : builder->code_functions[context->code];
        tree->nodes[i].recursive = is_recursive(tree, i);
        add_sites(builder, i);
    }
}

static void add_up(struct calltree *tree)
{
    for (uint32_t i = tree->node_count; i-- > 0;) {
        struct calltree_node *node = &tree->nodes[i];
        node->all_cycles += node->cycles;
        node->all_instructions += node->instructions;
        if (i) {
            tree->nodes[node->parent].all_cycles += node->all_cycles;
            tree->nodes[node->parent].all_instructions += node->all_instructions;
        }
    }
    if (tree->nodes[0].all_cycles != tree->cycles || tree->nodes[0].all_instructions != tree->instructions)
        abort(); /* a profile that is not the run's: never to be shown, whatever the build */
}

/* ---- lines ---- */

static int compare_lines(const void *a, const void *b)
{
    const struct calltree_line *left = a, *right = b;
    if (left->function != right->function)
        return left->function < right->function ? -1 : 1;
    return left->line < right->line ? -1 : left->line > right->line;
}

static uint64_t failed_instructions(const struct timing_rows *rows, uint32_t i, uint32_t prefixes)
{
    return rows->executed[i] + rows->plain[i] + (rows->executed[i] + rows->failed[i]) * prefixes;
}

static void add_lines(struct builder *builder)
{
    struct calltree *tree = builder->tree;
    const struct profile *profile = builder->profile;
    size_t room = profile->code_count;
    for (uint32_t i = 0; i < profile->code_count; i++)
        room += profile->codes[i]->function ? profile->codes[i]->function->instruction_count : 0;
    tree->lines = ARENA_ARRAY(tree->arena, struct calltree_line, room + 1);
    for (uint32_t i = 0; i < profile->code_count; i++) {
        const struct machine_function *function = profile->codes[i]->function;
        const struct timing_rows *rows = &builder->timing->rows[i];
        for (uint32_t at = 0; function && at < function->instruction_count; at++) {
            const struct placed_instruction *placed = &function->instructions[at];
            uint64_t instructions = failed_instructions(rows, at, placed->prefixes);
            if (instructions || rows->cycles[at])
                tree->lines[tree->line_count++] = (struct calltree_line){
                    builder->code_functions[i], line_of(function->code, placed->source), rows->cycles[at], instructions};
        }
        if (function && rows->elsewhere)
            tree->lines[tree->line_count++] = (struct calltree_line){builder->code_functions[i], 0, rows->elsewhere, 0};
    }
    if (!tree->line_count)
        return;
    qsort(tree->lines, tree->line_count, sizeof *tree->lines, compare_lines);
    uint32_t kept = 0;
    for (uint32_t i = 1; i < tree->line_count; i++) {
        if (compare_lines(&tree->lines[kept], &tree->lines[i]) == 0) {
            tree->lines[kept].cycles += tree->lines[i].cycles;
            tree->lines[kept].instructions += tree->lines[i].instructions;
        } else {
            tree->lines[++kept] = tree->lines[i];
        }
    }
    tree->line_count = kept + 1;
}

struct calltree *calltree_build(const struct profile *profile, const struct timing_result *timing, const struct isa *isa)
{
    struct arena *arena = arena_new();
    struct calltree *tree = ARENA_NEW(arena, struct calltree);
    struct builder builder = {profile, timing, isa, tree, checked_alloc(profile->code_count, sizeof(uint32_t)), 0};
    tree->arena = arena;
    tree->isa = arena_copy(arena, timing->isa, strlen(timing->isa));
    tree->machine = arena_copy(arena, timing->machine, strlen(timing->machine));
    tree->clock_mhz = (uint32_t)isa->machine->clock_mhz;
    tree->cycles = timing->total.cycles;
    tree->instructions = timing->total.instructions;
    tree->interrupted = profile->interrupted;
    tree->functions = ARENA_ARRAY(arena, struct calltree_function, profile->code_count + profile->native_count + 1u);
    add_code_functions(&builder);
    builder.python_functions = tree->function_count;
    add_nodes(&builder);
    divide_all(&builder);
    add_up(tree);
    add_lines(&builder);
    free(builder.code_functions);
    return tree;
}

void calltree_free(struct calltree *tree)
{
    if (tree)
        arena_free(tree->arena);
}

static void walk_tree(struct byte_stream *stream, struct calltree *tree)
{
    walk_text(stream, &tree->isa);
    walk_text(stream, &tree->machine);
    walk_bytes(stream, &tree->clock_mhz, sizeof tree->clock_mhz);
    walk_bytes(stream, &tree->cycles, sizeof tree->cycles);
    walk_bytes(stream, &tree->instructions, sizeof tree->instructions);
    walk_bytes(stream, &tree->interrupted, sizeof tree->interrupted);
    tree->functions = walk_list(stream, tree->functions, &tree->function_count, sizeof *tree->functions);
    for (uint32_t i = 0; i < tree->function_count; i++) {
        struct calltree_function function = tree->functions[i];
        walk_bytes(stream, &function.line, sizeof function.line);
        walk_bytes(stream, &function.is_script, sizeof function.is_script);
        walk_text(stream, &function.file);
        walk_text(stream, &function.name);
        walk_text(stream, &function.qualified_name);
        tree->functions[i] = function;
    }
    tree->nodes = walk_list(stream, tree->nodes, &tree->node_count, sizeof *tree->nodes);
    walk_bytes(stream, tree->nodes, tree->node_count * sizeof *tree->nodes);
    tree->sites = walk_list(stream, tree->sites, &tree->site_count, sizeof *tree->sites);
    walk_bytes(stream, tree->sites, tree->site_count * sizeof *tree->sites);
    tree->lines = walk_list(stream, tree->lines, &tree->line_count, sizeof *tree->lines);
    walk_bytes(stream, tree->lines, tree->line_count * sizeof *tree->lines);
}

void calltree_write(const struct calltree *tree, struct buffer *bytes)
{
    struct calltree copy = *tree; /* the walk changes nothing when it writes */
    walk_tree(&(struct byte_stream){.out = bytes}, &copy);
}

struct calltree *calltree_read(const char *bytes, size_t size)
{
    struct arena *arena = arena_new();
    struct byte_stream stream = {.in = bytes, .left = size, .arena = arena};
    struct calltree *tree = ARENA_NEW(arena, struct calltree);
    walk_tree(&stream, tree);
    tree->arena = arena;
    if (!stream.failed && !stream.left && tree->isa && tree->machine && tree->node_count)
        return tree;
    arena_free(arena);
    return NULL;
}
