/* lift.c - first pass: decoded bytecode to IR, one op an instruction.
 * Needs: code as the frontend decodes it. Gives: IR whose operand-stack entries are named by position and by
 * web; webs are joined over all control-flow edges, exception handlers included. */
#include "translator/translator.h"

#include <assert.h>
#include <string.h>

struct lifter {
    struct ir *ir;
    const struct code *code;
    int32_t *webs; /* of the entries now on the operand stack */
    bool *nulls;
    int32_t depth;
    uint32_t *queue;
    uint32_t queue_count;
};

int32_t web_leader(const struct ir *ir, int32_t web)
{
    while (ir->webs[web].leader != web) {
        ir->webs[web].leader = ir->webs[ir->webs[web].leader].leader;
        web = ir->webs[web].leader;
    }
    return web;
}

int32_t web_add(struct ir *ir, int32_t position, int32_t below)
{
    if (ir->web_count == ir->web_capacity) {
        int32_t capacity = ir->web_capacity ? ir->web_capacity * 2 : 64;
        struct ir_web *webs = ARENA_ROOM(ir->arena, struct ir_web, capacity);
        if (ir->web_count)
            memcpy(webs, ir->webs, sizeof *webs * (size_t)ir->web_count);
        ir->webs = webs;
        ir->web_capacity = capacity;
    }
    int32_t web = ir->web_count++;
    ir->webs[web] = (struct ir_web){
        .leader = web, .position = position, .registers_below = -1, .stacked_below = -1, .below = below};
    return web;
}

static int32_t web_new(struct lifter *lifter, int32_t position)
{
    return web_add(lifter->ir, position, position > 0 ? lifter->webs[position - 1] : -1);
}

static void web_join(struct ir *ir, int32_t a, int32_t b)
{
    int32_t first = web_leader(ir, a), second = web_leader(ir, b);
    if (first == second)
        return;
    int32_t leader = first < second ? first : second, other = first < second ? second : first;
    ir->webs[other].leader = leader;
    ir->webs[leader].windowed |= ir->webs[other].windowed;
}

struct ir_op *ir_append(struct ir *ir, struct ir_block *block, struct ir_op op)
{
    if (block->op_count == block->op_capacity) {
        uint32_t capacity = block->op_capacity ? block->op_capacity * 2 : 8;
        struct ir_op *ops = ARENA_ROOM(ir->arena, struct ir_op, capacity);
        if (block->op_count)
            memcpy(ops, block->ops, sizeof *ops * block->op_count);
        block->ops = ops;
        block->op_capacity = capacity;
    }
    block->ops[block->op_count] = op;
    return &block->ops[block->op_count++];
}

int32_t window_operand(const struct ir_op *op)
{
    const char *where = strchr(op_infos[op->op].operands, 'w');
    return where ? (int32_t)(where - op_infos[op->op].operands) : -1;
}

static struct ir_value entry_value(struct lifter *lifter, int32_t position)
{
    assert(position >= 0 && position < lifter->depth);
    return (struct ir_value){VALUE_ENTRY, position, lifter->webs[position]};
}

/* An edge to a block that finds the first `depth` entries as they are now. */
static void flow_to(struct lifter *lifter, uint32_t from, uint32_t target, int32_t depth)
{
    if (target == NO_BLOCK)
        return;
    struct ir *ir = lifter->ir;
    struct ir_block *block = &ir->blocks[target];
    if (!block->entry_webs) {
        int32_t count = lifter->code->blocks[target].entry_depth;
        if (count < depth)
            count = depth;
        block->entry_depth = count;
        block->entry_webs = ARENA_ARRAY(ir->arena, int32_t, count + 2);
        block->entry_nulls = ARENA_ARRAY(ir->arena, bool, count + 2);
        int32_t *saved = lifter->webs;
        lifter->webs = block->entry_webs;
        for (int32_t i = 0; i < count; i++)
            block->entry_webs[i] = web_new(lifter, i);
        lifter->webs = saved;
        for (int32_t i = 0; i < depth; i++)
            block->entry_nulls[i] = lifter->nulls[i];
        block->discovered_from = from;
        lifter->queue[lifter->queue_count++] = target;
    }
    for (int32_t i = 0; i < depth && i < block->entry_depth; i++)
        web_join(ir, block->entry_webs[i], lifter->webs[i]);
}

/* How many entries an operand letter of this op reads; 0 for what the instruction's argument gives. */
static int operand_entries(const struct instruction *instruction, int operand)
{
    enum op op = (enum op)instruction->op;
    char letter = op_infos[op].operands[operand];
    if (letter == 'w')
        return op_window_size(op, (int)instruction->argument);
    if (letter != 'v')
        return 0;
    if (instruction->role == ARGUMENT_LOCAL || instruction->role == ARGUMENT_CONSTANT)
        return 0;
    if (instruction->role == ARGUMENT_DEPTH && op == OP_swap)
        return operand == 0; /* the top; the other one is told by depth */
    if (instruction->role == ARGUMENT_DEPTH && (operand == 0 || op == OP_dict_merge))
        return operand == 1;
    if (op == OP_format_value && operand == 1)
        return instruction->argument & 4 ? 1 : 0;
    return 1;
}

static int result_entries(const struct instruction *instruction)
{
    enum op op = (enum op)instruction->op;
    int count = 0;
    if (instruction->role == ARGUMENT_LOCAL_RESULT)
        return 0;
    for (const char *letter = op_infos[op].results; *letter; letter++)
        count += *letter == 'p' ? op_window_size(op, (int)instruction->argument) : 1;
    return count;
}

/* Operand letters in the order their entries lie on the stack, lowest first. */
static int stack_order(enum op op, int nth)
{
    static const int attribute[] = {2, 1, 0}, item[] = {2, 0, 1};
    if (op == OP_store_attr)
        return attribute[nth];
    return op == OP_store_item ? item[nth] : nth;
}

static void lift_window(struct lifter *lifter, struct ir_op *op, int32_t first, int size)
{
    int32_t *webs = ARENA_ARRAY(lifter->ir->arena, int32_t, size + 1);
    for (int i = 0; i < size; i++) {
        webs[i] = lifter->webs[first + i];
        lifter->ir->webs[webs[i]].windowed = true;
    }
    op->window_webs = webs;
    op->window_size = (uint16_t)size;
}

static void lift_operands(struct lifter *lifter, const struct instruction *instruction, struct ir_op *op,
                          int32_t base)
{
    const char *letters = op_infos[op->op].operands;
    op->operand_count = (uint8_t)strlen(letters);
    for (int nth = 0; nth < op->operand_count; nth++) {
        int index = stack_order(op->op, nth);
        struct ir_value *value = &op->operands[index];
        int entries = operand_entries(instruction, index);
        if (letters[index] == 'w') {
            *value = (struct ir_value){VALUE_ENTRY, base, entries ? lifter->webs[base] : -1};
            lift_window(lifter, op, base, entries);
            base += entries;
        } else if (letters[index] == 't') {
            *value = (struct ir_value){VALUE_BLOCK, (int32_t)instruction->target, -1};
        } else if (letters[index] != 'v') {
            *value = (struct ir_value){VALUE_NUMBER, (int32_t)instruction->argument, -1};
        } else if (entries) {
            *value = entry_value(lifter, base++);
        } else if (instruction->role == ARGUMENT_LOCAL) {
            *value = (struct ir_value){VALUE_LOCAL, (int32_t)instruction->argument, -1};
        } else if (instruction->role == ARGUMENT_CONSTANT) {
            *value = (struct ir_value){VALUE_CONSTANT, (int32_t)instruction->argument, -1};
        } else if (instruction->role == ARGUMENT_DEPTH) {
            int32_t depth = lifter->depth - (op->op == OP_swap || op->op == OP_move ? 0 : instruction->pops);
            *value = entry_value(lifter, depth - (int32_t)instruction->argument - (index == 2 ? 2 : 0));
        }
    }
}

static void lift_results(struct lifter *lifter, const struct instruction *instruction, struct ir_op *op)
{
    const char *letters = op_infos[op->op].results;
    bool reversed = op->op == OP_unpack_2 || op->op == OP_unpack_3; /* the first item ends on top */
    op->result_count = (uint8_t)strlen(letters);
    if (instruction->role == ARGUMENT_LOCAL_RESULT) {
        op->results[0] = (struct ir_value){VALUE_LOCAL, (int32_t)instruction->argument, -1};
        return;
    }
    for (int i = 0; i < op->result_count; i++) {
        int size = letters[i] == 'p' ? op_window_size(op->op, (int)instruction->argument) : 1;
        int32_t *webs = ARENA_ARRAY(lifter->ir->arena, int32_t, size + 1);
        struct ir_value *result = &op->results[reversed ? op->result_count - 1 - i : i];
        *result = (struct ir_value){VALUE_ENTRY, lifter->depth, -1};
        for (int k = 0; k < size; k++) {
            webs[k] = lifter->webs[lifter->depth] = web_new(lifter, lifter->depth);
            lifter->nulls[lifter->depth] =
                k == 0 && (op->op == OP_load_global_null || op->op == OP_push_null);
            lifter->ir->webs[webs[k]].windowed = letters[i] == 'p';
            lifter->depth++;
        }
        result->web = size ? webs[0] : -1;
        if (letters[i] == 'p') {
            op->pair_webs = webs;
            op->pair_size = (uint16_t)size;
        }
    }
}

static void lift_swap(struct lifter *lifter, struct ir_op *op)
{
    /* Every entry from the lower of the two up is a new web (what lies below it may live elsewhere now):
     * pair_webs. swap has no result letters, so result_count stays 0. */
    int32_t top = op->operands[0].index, low = op->operands[1].index;
    int32_t *webs = ARENA_ARRAY(lifter->ir->arena, int32_t, top - low + 1);
    for (int32_t position = low; position <= top; position++)
        webs[position - low] = lifter->webs[position] = web_new(lifter, position);
    op->pair_webs = webs;
    op->pair_size = (uint16_t)(top - low + 1);
    bool null = lifter->nulls[top];
    lifter->nulls[top] = lifter->nulls[low];
    lifter->nulls[low] = null;
}

static void lift_instruction(struct lifter *lifter, struct ir_block *block, uint32_t index)
{
    const struct instruction *instruction = &lifter->code->instructions[index];
    struct ir_op op = {.op = (enum op)instruction->op, .source = index, .source_first = index};
    int reads = 0, pops = instruction->pops, extra = instruction->pushes - result_entries(instruction);
    for (int i = 0; op_infos[op.op].operands[i]; i++)
        reads += operand_entries(instruction, i);
    if (extra > 0)
        pops -= extra; /* an entry that stays may be told as popped and pushed again */
    if (op.op == OP_swap) {
        reads = 1;
        pops = 0;
    } else if (op.op == OP_move && instruction->role == ARGUMENT_DEPTH) {
        pops = 0;
    }
    lift_operands(lifter, instruction, &op, lifter->depth - reads);
    op.low = pops ? lifter->depth - pops : IR_KEEP;
    lifter->depth -= pops;
    lift_results(lifter, instruction, &op);
    if (op.op == OP_swap)
        lift_swap(lifter, &op);
    ir_append(lifter->ir, block, op);
}

/* A suspending or iterating op writes its result into a register; when that entry is a member of a window on
 * the operand stack it is pushed by the next block. */
static void lift_terminator_result(struct lifter *lifter, uint32_t from, uint32_t to)
{
    const struct block *source = &lifter->code->blocks[from];
    struct ir_block *block = &lifter->ir->blocks[from], *next;
    if (!lifter->ir->has_stack || !lifter->ir->isa->register_count || !block->op_count || to == NO_BLOCK)
        return;
    const struct ir_op *last = &block->ops[block->op_count - 1];
    next = &lifter->ir->blocks[to];
    if (source->fallthrough != to || !last->result_count || !(op_infos[last->op].flags & OP_TERMINATOR) ||
        next->predecessor_count != 1)
        return;
    int32_t position = last->results[0].index;
    struct ir_op move = {.op = OP_move, .operand_count = 1, .result_count = 1, .low = IR_KEEP};
    move.source = move.source_first = lifter->code->blocks[to].first;
    move.operands[0] = (struct ir_value){VALUE_ENTRY, position, lifter->webs[position]};
    lifter->webs[position] = web_new(lifter, position);
    move.results[0] = (struct ir_value){VALUE_ENTRY, position, lifter->webs[position]};
    ir_append(lifter->ir, next, move);
}

/* An operand that a jump keeps stays in a register; where paths meet again it goes where it is wanted. */
static void lift_kept(struct lifter *lifter, uint32_t to)
{
    struct ir_block *block = &lifter->ir->blocks[to];
    int32_t position = block->entry_depth - 1;
    struct ir_op move = {.op = OP_move, .operand_count = 1, .result_count = 1, .low = IR_KEEP};
    move.source = move.source_first = lifter->code->blocks[to].first;
    move.operands[0] = (struct ir_value){VALUE_ENTRY, position, lifter->webs[position]};
    lifter->webs[position] = web_new(lifter, position);
    move.results[0] = (struct ir_value){VALUE_ENTRY, position, lifter->webs[position]};
    ir_append(lifter->ir, block, move);
}

/* After `send` jumps, its value stands one position higher than its target block expects it: the receiver is
 * still there. */
static void lift_send_value(struct lifter *lifter, uint32_t to, struct ir_value value)
{
    struct ir_block *block = &lifter->ir->blocks[to];
    int32_t position = block->entry_depth - 1;
    struct ir_op move = {.op = OP_move, .operand_count = 1, .result_count = 1, .low = position};
    move.source = move.source_first = lifter->code->blocks[to].first;
    move.operands[0] = value;
    lifter->webs[position] = web_new(lifter, position);
    move.results[0] = (struct ir_value){VALUE_ENTRY, position, lifter->webs[position]};
    ir_append(lifter->ir, block, move);
}

static void lift_edges(struct lifter *lifter, uint32_t index)
{
    const struct block *source = &lifter->code->blocks[index];
    struct ir_block *block = &lifter->ir->blocks[index];
    const struct ir_op *last = block->op_count ? &block->ops[block->op_count - 1] : NULL;
    flow_to(lifter, index, source->fallthrough, lifter->depth);
    block->exit_depth = source->fallthrough == NO_BLOCK ? 0 : lifter->depth;
    if (source->target != NO_BLOCK && last) {
        int32_t depth = lifter->code->blocks[source->target].entry_depth;
        /* the entries above are the op's own results there; a kept operand is still where it was */
        int32_t known = last->op == OP_send ? depth - 1 : depth;
        flow_to(lifter, index, source->target, known);
        if (block->exit_depth < depth)
            block->exit_depth = depth;
    }
    block->exit_webs = ARENA_ARRAY(lifter->ir->arena, int32_t, block->exit_depth + 1);
    memcpy(block->exit_webs, lifter->webs, sizeof *lifter->webs * (size_t)block->exit_depth);
}

static void lift_block(struct lifter *lifter, uint32_t index)
{
    const struct block *source = &lifter->code->blocks[index];
    struct ir_block *block = &lifter->ir->blocks[index];
    lifter->depth = block->entry_depth;
    memcpy(lifter->webs, block->entry_webs, sizeof *lifter->webs * (size_t)lifter->depth);
    memcpy(lifter->nulls, block->entry_nulls, sizeof *lifter->nulls * (size_t)lifter->depth);
    uint32_t from = block->discovered_from;
    if (from != NO_BLOCK && lifter->code->blocks[from].fallthrough == index)
        lift_terminator_result(lifter, from, index);
    if (from != NO_BLOCK && lifter->code->blocks[from].target == index && lifter->ir->isa->register_count) {
        const struct ir_block *done = &lifter->ir->blocks[from];
        if (done->op_count && done->ops[done->op_count - 1].op == OP_send)
            lift_send_value(lifter, index, done->ops[done->op_count - 1].results[0]);
    }
    if (block->entered_keeping && lifter->ir->has_stack && lifter->ir->isa->register_count)
        lift_kept(lifter, index);
    /* push_exc_info puts an entry under the exception: the handler that covers it finds the stack as it is after it */
    uint32_t first = source->count && lifter->code->instructions[source->first].op == OP_push_exc_info ? 1 : 0;
    for (uint32_t i = 0; i < first; i++)
        lift_instruction(lifter, block, source->first + i);
    if (source->handler != NO_BLOCK) {
        const struct exception_range *range = &lifter->code->handlers[source->handler];
        flow_to(lifter, index, range->target, (int32_t)range->depth);
    }
    for (uint32_t i = first; i < source->count; i++)
        lift_instruction(lifter, block, source->first + i);
    lift_edges(lifter, index);
}

static void lift_unreachable(struct lifter *lifter, uint32_t index)
{
    /* Only its bytes matter (on an ISA that keeps them): any entries will do. */
    const struct block *source = &lifter->code->blocks[index];
    struct ir_block *block = &lifter->ir->blocks[index];
    if (lifter->ir->isa->register_count)
        return;
    for (uint32_t i = 0; i < source->count; i++) {
        lifter->depth = (int32_t)lifter->code->stack_size + UNREACHABLE_ENTRIES;
        for (int32_t k = 0; k < lifter->depth; k++) {
            lifter->webs[k] = web_new(lifter, k);
            lifter->nulls[k] = false;
        }
        lift_instruction(lifter, block, source->first + i);
    }
    block->entry_depth = -1;
}

bool web_stacked(const struct ir *ir, int32_t web)
{
    return ir->webs[web_leader(ir, web)].stacked;
}

static void count_below(struct ir *ir, int32_t leader)
{
    struct ir_web *web = &ir->webs[leader];
    if (web->registers_below >= 0)
        return;
    web->registers_below = web->stacked_below = 0;
    if (web->below < 0)
        return;
    int32_t below = web_leader(ir, web->below);
    count_below(ir, below);
    web->registers_below = ir->webs[below].registers_below + !ir->webs[below].stacked;
    web->stacked_below = ir->webs[below].stacked_below + ir->webs[below].stacked;
}

int32_t web_rank(struct ir *ir, int32_t web)
{
    int32_t leader = web_leader(ir, web);
    count_below(ir, leader);
    return ir->webs[leader].stacked ? ir->webs[leader].stacked_below : ir->webs[leader].registers_below;
}

/* On a stack ISA every entry is on the operand stack; else members of windows are, when windows live there.
 */
static void classify_webs(struct ir *ir)
{
    bool all = ir->isa->register_count == 0;
    for (int32_t i = 0; i < ir->web_count; i++)
        if (ir->has_stack && (all || ir->webs[i].windowed))
            ir->webs[web_leader(ir, i)].stacked = true;
}

static void count_predecessors(struct ir *ir)
{
    for (uint32_t i = 0; i < ir->block_count; i++) {
        const struct block *block = &ir->code->blocks[i];
        if (block->entry_depth < 0)
            continue;
        if (block->fallthrough != NO_BLOCK)
            ir->blocks[block->fallthrough].predecessor_count++;
        if (block->target != NO_BLOCK)
            ir->blocks[block->target].predecessor_count++;
        const struct instruction *last =
            block->count ? &ir->code->instructions[block->first + block->count - 1] : NULL;
        if (block->target != NO_BLOCK && last &&
            (last->op == OP_jump_if_true_keep || last->op == OP_jump_if_false_keep))
            ir->blocks[block->target].entered_keeping = true;
        if (block->handler != NO_BLOCK)
            ir->blocks[ir->code->handlers[block->handler].target].predecessor_count += 2;
    }
}

struct ir *lift(const struct code *code, const struct isa *isa)
{
    struct arena *arena = arena_new();
    struct ir *ir = ARENA_NEW(arena, struct ir);
    ir->arena = arena;
    ir->code = code;
    ir->isa = isa;
    ir->block_count = code->block_count;
    ir->blocks = ARENA_ARRAY(arena, struct ir_block, code->block_count + 1);
    ir->has_stack = isa->register_count == 0 || isa->windows_on_stack;
    ir->elide_nulls = !ir->has_stack && (isa->optimise & OPTIMISE_QUIET) && isa_covers(isa, OP_call_function);
    size_t entries = code->stack_size + 1400;
    struct lifter lifter = {.ir = ir, .code = code};
    lifter.webs = ARENA_ROOM(arena, int32_t, entries);
    lifter.nulls = ARENA_ARRAY(arena, bool, entries);
    lifter.queue = ARENA_ARRAY(arena, uint32_t, code->block_count + 1);
    count_predecessors(ir);
    for (uint32_t i = 0; i < ir->block_count; i++)
        ir->blocks[i].entry_depth = -1;
    flow_to(&lifter, NO_BLOCK, 0, 0);
    for (uint32_t next = 0; next < lifter.queue_count; next++)
        lift_block(&lifter, lifter.queue[next]);
    for (uint32_t i = 0; i < ir->block_count; i++)
        if (!ir->blocks[i].entry_webs)
            lift_unreachable(&lifter, i);
    classify_webs(ir);
    return ir;
}
