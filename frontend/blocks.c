/* blocks.c - the control-flow graph of decoded instructions: blocks, operand-stack depths by abstract interpretation, and
 * loops (natural loops by back edges to a dominator; Cooper, Harvey and Kennedy, "A Simple, Fast Dominance Algorithm"). */
#include "frontend/unit_read.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct flow {
    const struct unit_context *context;
    const struct flow_input *input;
    struct code *code;
    struct block *blocks;
    uint32_t *worklist;
    uint32_t worklist_count;
};

static void *scratch(size_t count, size_t size)
{
    void *memory = calloc(count + 1, size);
    if (!memory)
        abort();
    return memory;
}

static bool fail_at(const struct flow *flow, uint32_t instruction, const char *what)
{
    const struct unit_context *context = flow->context;
    return diag_error(context->diag, context->file, 0, 0,
                      "malformed code object at byte %zu (%s): bytecode offset %" PRIu32 ": %s", context->offset,
                      flow->code->qualified_name.text, 2 * flow->input->instructions[instruction].offset, what);
}

static bool never_falls_through(enum op op)
{
    return op == OP_jump || op == OP_return || op == OP_raise || op == OP_reraise;
}

static bool ends_block(enum op op)
{
    return (op_infos[op].flags & OP_TERMINATOR) || op == OP_yield;
}

static void make_blocks(struct flow *flow)
{
    struct code *code = flow->code;
    const struct flow_input *input = flow->input;
    uint8_t *leaders = scratch(code->instruction_count, 1);
    leaders[0] = 1;
    for (uint32_t i = 0; i < code->instruction_count; i++) {
        if (input->targets[i] != NO_BLOCK)
            leaders[input->targets[i]] = 1;
        if (ends_block((enum op)input->instructions[i].op))
            leaders[i + 1] = 1;
    }
    int32_t last = -1;
    for (uint32_t i = 0; flow->context->splits_lines && i < code->instruction_count; i++)
        leaders[i] |= code_line_begins(input->instructions[i].line, &last);
    for (uint32_t i = 0; i < code->handler_count; i++) {
        leaders[input->handlers[i].start] = 1;
        leaders[input->handlers[i].end] = 1;
        leaders[input->handler_targets[i]] = 1;
    }
    for (uint32_t i = 0; i < code->instruction_count; i++)
        code->block_count += leaders[i];
    flow->blocks = ARENA_ARRAY(flow->context->arena, struct block, code->block_count);
    uint32_t block = 0;
    for (uint32_t i = 0; i < code->instruction_count; i++) {
        if (leaders[i] && i)
            block++;
        if (leaders[i])
            flow->blocks[block] = (struct block){.first = i, .entry_depth = -1, .handler = NO_BLOCK,
                                                 .fallthrough = NO_BLOCK, .target = NO_BLOCK};
        flow->blocks[block].count++;
        input->instructions[i].block = block;
    }
    code->blocks = flow->blocks;
    free(leaders);
}

static void link_blocks(struct flow *flow)
{
    struct code *code = flow->code;
    const struct flow_input *input = flow->input;
    for (uint32_t i = 0; i < code->block_count; i++) {
        struct block *block = &flow->blocks[i];
        uint32_t last = block->first + block->count - 1;
        struct instruction *instruction = &input->instructions[last];
        if (!never_falls_through((enum op)instruction->op) && i + 1 < code->block_count)
            block->fallthrough = i + 1;
        if (input->targets[last] != NO_BLOCK)
            block->target = instruction->target = input->instructions[input->targets[last]].block;
    }
    for (uint32_t i = 0; i < code->handler_count; i++) {
        struct exception_range *range = &input->handlers[i];
        range->target = input->instructions[input->handler_targets[i]].block;
        flow->blocks[range->target].is_handler = 1;
        for (uint32_t k = range->start; k < range->end; k += flow->blocks[input->instructions[k].block].count)
            flow->blocks[input->instructions[k].block].handler = i;
    }
}

static bool reach(struct flow *flow, uint32_t from, uint32_t block, int32_t depth)
{
    if (depth < 0)
        return fail_at(flow, from, "operand stack underflow");
    if (flow->blocks[block].entry_depth == -1) {
        flow->blocks[block].entry_depth = depth;
        flow->worklist[flow->worklist_count++] = block;
    }
    return flow->blocks[block].entry_depth == depth ||
           fail_at(flow, from, "paths that meet with different operand-stack depths");
}

/* Depth when the instruction jumps, given the depths before it and after it when it falls through. */
static int32_t depth_at_target(enum op op, int32_t before, int32_t after)
{
    if (op == OP_jump_if_true_keep || op == OP_jump_if_false_keep)
        return before;
    if (op == OP_for_iter || op == OP_send)
        return before - 1;
    return after;
}

static bool walk_block(struct flow *flow, struct block *block)
{
    struct code *code = flow->code;
    int32_t depth = block->entry_depth, before = depth;
    uint32_t last = block->first + block->count - 1;
    for (uint32_t i = block->first; i <= last; i++) {
        struct instruction *instruction = &flow->input->instructions[i];
        instruction->depth = before = depth;
        depth -= instruction->pops;
        if (depth < (int32_t)flow->input->stays[i] ||
            (instruction->role == ARGUMENT_DEPTH && instruction->argument > (uint32_t)depth))
            return fail_at(flow, i, "operand stack underflow");
        depth += instruction->pushes;
        if (depth > (int32_t)code->stack_size)
            return fail_at(flow, i, "operand stack overflow");
        if (block->handler != NO_BLOCK && before < (int32_t)code->handlers[block->handler].depth)
            return fail_at(flow, i, "exception handler expects a deeper operand stack");
    }
    if (block->handler != NO_BLOCK) {
        const struct exception_range *range = &code->handlers[block->handler];
        if (!reach(flow, block->first, range->target, (int32_t)(range->depth + range->push_lasti + 1)))
            return false;
    }
    enum op op = (enum op)flow->input->instructions[last].op;
    if (block->target != NO_BLOCK && !reach(flow, last, block->target, depth_at_target(op, before, depth)))
        return false;
    if (block->fallthrough != NO_BLOCK)
        return reach(flow, last, block->fallthrough, depth);
    return never_falls_through(op) || fail_at(flow, last, "execution runs off the end of the code");
}

static bool find_depths(struct flow *flow)
{
    if (!reach(flow, 0, 0, 0))
        return false;
    while (flow->worklist_count)
        if (!walk_block(flow, &flow->blocks[flow->worklist[--flow->worklist_count]]))
            return false;
    return true;
}

struct graph { /* of reachable blocks, exceptional edges included */
    const struct code *code;
    uint32_t *order;     /* reverse postorder */
    uint32_t *number;    /* position in order, or NO_BLOCK */
    uint32_t count;      /* of reachable blocks */
    uint32_t *dominator; /* immediate, by block */
    uint32_t *first_predecessor, *predecessors; /* predecessors of b: [first[b], first[b + 1]) */
};

static uint32_t successors(const struct code *code, uint32_t block, uint32_t result[3])
{
    const struct block *b = &code->blocks[block];
    uint32_t count = 0;
    if (b->fallthrough != NO_BLOCK)
        result[count++] = b->fallthrough;
    if (b->target != NO_BLOCK)
        result[count++] = b->target;
    if (b->handler != NO_BLOCK)
        result[count++] = code->handlers[b->handler].target;
    return count;
}

static void order_blocks(struct graph *graph)
{
    uint32_t block_count = graph->code->block_count, depth = 1, next[3];
    uint32_t *path = scratch(block_count, sizeof *path);
    uint8_t *taken = scratch(block_count, 1), *seen = scratch(block_count, 1);
    seen[0] = 1;
    graph->count = 0;
    while (depth) {
        uint32_t block = path[depth - 1], count = successors(graph->code, block, next);
        if (taken[block] < count) {
            uint32_t successor = next[taken[block]++];
            if (!seen[successor])
                path[depth++] = successor;
            seen[successor] = 1;
        } else {
            graph->order[graph->count++] = block;
            depth--;
        }
    }
    for (uint32_t i = 0; i < graph->count / 2; i++) {
        uint32_t other = graph->count - 1 - i, block = graph->order[i];
        graph->order[i] = graph->order[other];
        graph->order[other] = block;
    }
    memset(graph->number, 0xff, block_count * sizeof *graph->number);
    for (uint32_t i = 0; i < graph->count; i++)
        graph->number[graph->order[i]] = i;
    free(path);
    free(taken);
    free(seen);
}

static void find_predecessors(struct graph *graph)
{
    uint32_t next[3], *first = graph->first_predecessor;
    for (uint32_t i = 0; i < graph->count; i++)
        for (uint32_t k = successors(graph->code, graph->order[i], next); k-- > 0;)
            first[next[k] + 1]++;
    for (uint32_t i = 0; i < graph->code->block_count; i++)
        first[i + 1] += first[i];
    uint32_t *fill = scratch(graph->code->block_count, sizeof *fill);
    for (uint32_t i = 0; i < graph->count; i++)
        for (uint32_t k = successors(graph->code, graph->order[i], next); k-- > 0;)
            graph->predecessors[first[next[k]] + fill[next[k]]++] = graph->order[i];
    free(fill);
}

static uint32_t common_dominator(const struct graph *graph, uint32_t a, uint32_t b)
{
    while (a != b) {
        while (graph->number[a] > graph->number[b])
            a = graph->dominator[a];
        while (graph->number[b] > graph->number[a])
            b = graph->dominator[b];
    }
    return a;
}

static void find_dominators(struct graph *graph)
{
    memset(graph->dominator, 0xff, graph->code->block_count * sizeof *graph->dominator);
    graph->dominator[0] = 0;
    for (bool changed = true; changed;) {
        changed = false;
        for (uint32_t i = 1; i < graph->count; i++) {
            uint32_t block = graph->order[i], found = NO_BLOCK;
            for (uint32_t k = graph->first_predecessor[block]; k < graph->first_predecessor[block + 1]; k++) {
                uint32_t predecessor = graph->predecessors[k];
                if (graph->dominator[predecessor] != NO_BLOCK)
                    found = found == NO_BLOCK ? predecessor : common_dominator(graph, predecessor, found);
            }
            if (graph->dominator[block] != found) {
                graph->dominator[block] = found;
                changed = true;
            }
        }
    }
}

static bool dominates(const struct graph *graph, uint32_t header, uint32_t block)
{
    while (graph->number[block] > graph->number[header])
        block = graph->dominator[block];
    return block == header;
}

/* Marks the natural loop of `header`, all its back edges together. */
static void mark_loop(const struct graph *graph, struct block *blocks, uint32_t header, uint32_t *stamps, uint32_t *pending)
{
    uint32_t count = 0, stamp = header + 1;
    stamps[header] = stamp;
    bool is_loop = false;
    for (uint32_t k = graph->first_predecessor[header]; k < graph->first_predecessor[header + 1]; k++) {
        uint32_t block = graph->predecessors[k];
        if (!dominates(graph, header, block))
            continue;
        is_loop = true;
        if (stamps[block] != stamp)
            pending[count++] = block;
        stamps[block] = stamp;
    }
    if (is_loop && blocks[header].loop_depth < 255)
        blocks[header].loop_depth++;
    while (count) {
        uint32_t block = pending[--count];
        if (blocks[block].loop_depth < 255)
            blocks[block].loop_depth++;
        for (uint32_t k = graph->first_predecessor[block]; k < graph->first_predecessor[block + 1]; k++) {
            uint32_t predecessor = graph->predecessors[k];
            if (stamps[predecessor] != stamp)
                pending[count++] = predecessor;
            stamps[predecessor] = stamp;
        }
    }
}

static void find_loops(struct flow *flow)
{
    uint32_t count = flow->code->block_count;
    struct graph graph = {.code = flow->code};
    graph.order = scratch(count, sizeof(uint32_t));
    graph.number = scratch(count, sizeof(uint32_t));
    graph.dominator = scratch(count, sizeof(uint32_t));
    graph.first_predecessor = scratch(count + 1, sizeof(uint32_t));
    graph.predecessors = scratch(3 * (size_t)count, sizeof(uint32_t));
    uint32_t *stamps = scratch(count, sizeof(uint32_t));
    order_blocks(&graph);
    find_predecessors(&graph);
    find_dominators(&graph);
    for (uint32_t i = 0; i < graph.count; i++)
        mark_loop(&graph, flow->blocks, graph.order[i], stamps, flow->worklist);
    free(graph.order);
    free(graph.number);
    free(graph.dominator);
    free(graph.first_predecessor);
    free(graph.predecessors);
    free(stamps);
}

bool blocks_build(const struct unit_context *context, const struct flow_input *input, struct code *code)
{
    struct flow flow = {.context = context, .input = input, .code = code};
    make_blocks(&flow);
    link_blocks(&flow);
    flow.worklist = scratch(code->block_count, sizeof *flow.worklist);
    bool done = find_depths(&flow);
    if (done)
        find_loops(&flow);
    free(flow.worklist);
    return done;
}
