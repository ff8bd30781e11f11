/* allocate.c - third pass: a place for every local and every operand-stack entry.
 * Needs: IR whose webs are classified. Gives: home slots of locals, slots of entries, depth of the machine's
 * operand stack before each op.
 *
 * When everything fits, registers are: locals in their order (so that arguments arrive in place), entries by
 * rank, scratch. When it does not: the best locals | scratch | entries, lowest first; entries go on in memory
 * right behind the last register (windows stay consecutive), then the other locals. */
#include "translator/translator.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct weight {
    int32_t local;
    uint64_t uses;
};

uint32_t parameter_count(const struct code *code)
{
    return code->argument_count + code->keyword_only_count + !!(code->flags & CODE_VARARGS) +
           !!(code->flags & CODE_VARKEYWORDS);
}

static void weigh_value(struct weight *weights, const struct ir_value *value, uint64_t weight)
{
    if (value->kind == VALUE_LOCAL)
        weights[value->index].uses += weight;
}

static struct weight *weigh_locals(struct ir *ir)
{
    struct weight *weights = ARENA_ARRAY(ir->arena, struct weight, ir->code->local_count + 1);
    for (uint32_t i = 0; i < ir->code->local_count; i++)
        weights[i].local = (int32_t)i;
    for (uint32_t b = 0; b < ir->block_count; b++) {
        uint64_t weight = 1;
        for (int depth = ir->code->blocks[b].loop_depth; depth > 0 && weight < 100000; depth--)
            weight *= 10;
        for (uint32_t i = 0; i < ir->blocks[b].op_count; i++) {
            const struct ir_op *op = &ir->blocks[b].ops[i];
            for (int k = 0; k < op->operand_count; k++)
                weigh_value(weights, &op->operands[k], weight);
            for (int k = 0; k < op->result_count; k++)
                weigh_value(weights, &op->results[k], weight);
        }
    }
    return weights;
}

static int compare_weights(const void *first, const void *second)
{
    const struct weight *a = first, *b = second;
    if (a->uses != b->uses)
        return a->uses < b->uses ? 1 : -1;
    return a->local < b->local ? -1 : a->local > b->local;
}

/* Entries needed in registers or memory, and on the machine's operand stack; how many of the former a
 * terminator writes. */
static void count_entries(struct ir *ir, int32_t *temporaries, int32_t *written)
{
    *temporaries = *written = 0;
    for (int32_t i = 0; i < ir->web_count; i++) {
        int32_t needed = web_rank(ir, i) + 1, *most = web_stacked(ir, i) ? &ir->stack_size : temporaries;
        if (*most < needed)
            *most = needed;
    }
    for (uint32_t b = 0; b < ir->block_count; b++) {
        const struct ir_block *block = &ir->blocks[b];
        const struct ir_op *last = block->op_count ? &block->ops[block->op_count - 1] : NULL;
        if (last && (op_infos[last->op].flags & OP_TERMINATOR) && last->result_count &&
            last->results[0].kind == VALUE_ENTRY && !web_stacked(ir, last->results[0].web) &&
            *written <= web_rank(ir, last->results[0].web))
            *written = web_rank(ir, last->results[0].web) + 1;
    }
}

static void allocate_fitting(struct ir *ir, int32_t temporaries)
{
    int32_t locals = (int32_t)ir->code->local_count;
    for (int32_t i = 0; i < locals; i++)
        ir->local_slots[i] = i;
    ir->temporary_base = locals;
    ir->temporary_registers = temporaries;
    ir->scratch_base = locals + temporaries;
    ir->scratch_count = ir->isa->register_count - ir->scratch_base;
    ir->register_slots = ir->scratch_base; /* select adds the scratch registers it uses */
}

/* A SEND's value must be in a register, for it leaves on both ways out; other terminators' values are stored on the one way they
 * take. Where it is not, what the later passes make is not to be executed. */
static void check_sent_values(struct ir *ir, int32_t kept, int32_t scratch)
{
    for (uint32_t b = 0; b < ir->block_count; b++) {
        const struct ir_block *block = &ir->blocks[b];
        const struct ir_op *last = block->op_count ? &block->ops[block->op_count - 1] : NULL;
        if (!last || last->op != OP_send || !last->result_count || last->results[0].kind != VALUE_ENTRY ||
            web_stacked(ir, last->results[0].web) || web_rank(ir, last->results[0].web) < kept)
            continue;
        int32_t needed = web_rank(ir, last->results[0].web) + 1 + scratch;
        if (ir->registers_needed < needed)
            ir->registers_needed = needed;
    }
}

static void allocate_overflowing(struct ir *ir, int32_t temporaries, int32_t written, int32_t scratch)
{
    const struct code *code = ir->code;
    int32_t registers = ir->isa->register_count, locals = (int32_t)code->local_count;
    int32_t parameters = (int32_t)parameter_count(code), wanted = locals < 6 ? locals : 6;
    int32_t kept = registers - scratch - wanted;
    if (kept > temporaries)
        kept = temporaries;
    if (kept < written)
        kept = written < registers - scratch ? written : registers - scratch;
    check_sent_values(ir, kept, scratch);
    int32_t local_registers = registers - scratch - kept, next = 0;
    ir->scratch_base = local_registers;
    ir->scratch_count = scratch;
    ir->temporary_base = local_registers + scratch;
    ir->temporary_registers = kept;
    ir->temporary_memory = temporaries - kept;
    ir->register_slots = registers;
    struct weight *weights = weigh_locals(ir);
    qsort(weights, code->local_count, sizeof *weights, compare_weights);
    bool *taken = ARENA_ARRAY(ir->arena, bool, registers + 1);
    for (int32_t i = 0; i < locals; i++)
        ir->local_slots[i] = -1;
    for (int32_t i = 0; i < parameters && i < local_registers; i++) {
        ir->local_slots[i] = i;
        taken[i] = true;
    }
    for (int32_t i = 0; i < locals; i++) {
        while (next < local_registers && taken[next])
            next++;
        if (weights[i].local >= parameters && next < local_registers)
            ir->local_slots[weights[i].local] = next++;
    }
    int32_t memory = registers + ir->temporary_memory;
    if (memory < parameters) /* homes lie behind the places where arguments arrive */
        memory = parameters;
    for (int32_t i = 0; i < locals; i++)
        if (ir->local_slots[i] < 0) {
            ir->arrives_elsewhere[i] = i < parameters;
            ir->local_slots[i] = memory++;
        }
    ir->memory_slots = memory - registers;
}

int32_t web_slot(struct ir *ir, int32_t web)
{
    int32_t rank = web_rank(ir, web);
    if (web_stacked(ir, web))
        return ir->stack_base + rank;
    return ir->temporary_base + rank; /* memory follows the last register */
}

/* Depth of the machine's operand stack before each op, and how many entries the op takes from it. */
static void track_stack(struct ir *ir, struct ir_block *block, int32_t *positions)
{
    int32_t depth = 0;
    for (int32_t i = 0; i < block->entry_depth; i++)
        if (web_stacked(ir, block->entry_webs[i]))
            positions[depth++] = i;
    for (uint32_t i = 0; i < block->op_count; i++) {
        struct ir_op *op = &block->ops[i];
        const char *results = op_infos[op->op].results;
        if (op->op == OP_swap && !op->operand_count) { /* optimise's note */
            while (depth > 0 && positions[depth - 1] >= op->low)
                depth--;
            for (int k = 0; k < op->pair_size; k++)
                positions[depth++] = ir->webs[op->pair_webs[k]].position;
            op->dead = true;
            continue;
        }
        op->stack_before = depth;
        while (depth > 0 && positions[depth - 1] >= op->low)
            depth--;
        op->stack_pops = op->stack_before - depth;
        for (int k = 0; k < op->result_count; k++) {
            int size = results[k] == 'p' ? op->pair_size : 1;
            for (int e = 0; e < size && op->results[k].kind == VALUE_ENTRY; e++)
                if (web_stacked(ir, results[k] == 'p' ? op->pair_webs[e] : op->results[k].web))
                    positions[depth++] = op->results[0].index + e;
        }
        if (op->result_count > 1 && op->stack_before - op->stack_pops < depth) /* unpack_2 on the stack */
            for (int32_t k = op->stack_before - op->stack_pops; k < depth; k++)
                positions[k] = op->low + (k - (op->stack_before - op->stack_pops));
    }
    uint32_t kept = 0;
    for (uint32_t i = 0; i < block->op_count; i++)
        if (!block->ops[i].dead)
            block->ops[kept++] = block->ops[i];
    block->op_count = kept;
}

static void assume_stack(struct ir *ir, struct ir_block *block)
{
    for (uint32_t i = 0; i < block->op_count; i++) {
        struct ir_op *op = &block->ops[i];
        op->stack_before = (int32_t)ir->code->stack_size + UNREACHABLE_ENTRIES;
        op->stack_pops = op->low == IR_KEEP ? 0 : op->stack_before - op->low;
    }
}

void allocate(struct ir *ir)
{
    const struct isa *isa = ir->isa;
    int32_t temporaries, written, locals = (int32_t)ir->code->local_count;
    ir->local_slots = ARENA_ARRAY(ir->arena, int32_t, locals + 1);
    ir->arrives_elsewhere = ARENA_ARRAY(ir->arena, bool, locals + 1);
    count_entries(ir, &temporaries, &written);
    if (isa->register_count == 0)
        ir->stack_size = (int32_t)ir->code->stack_size;
    int32_t scratch = isa->scratch_registers < 3 ? 3 : isa->scratch_registers;
    if (isa->register_count == 0) {
        ir->memory_slots = locals;
        for (int32_t i = 0; i < locals; i++)
            ir->local_slots[i] = i;
    } else if (locals + temporaries + scratch <= isa->register_count) {
        allocate_fitting(ir, temporaries);
    } else {
        allocate_overflowing(ir, temporaries, written, scratch);
    }
    ir->stack_base = ir->register_slots + ir->memory_slots;
    int32_t *positions = ARENA_ROOM(ir->arena, int32_t, ir->code->stack_size + 1400);
    for (uint32_t i = 0; i < ir->block_count; i++)
        if (ir->blocks[i].entry_depth >= 0)
            track_stack(ir, &ir->blocks[i], positions);
        else
            assume_stack(ir, &ir->blocks[i]);
}
