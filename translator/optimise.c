/* optimise.c - second pass: removes what only a stack machine needs, inside blocks.
 * Needs: lifted IR. Gives: IR in which locals and constants are operands where they can be, results go
 * straight to the local that they are stored in, renamings (swap, copy) are gone, and unread temporaries are
 * not written.
 *
 * Each block is walked with a description of what every stack entry holds: its own place, or a local,
 * constant or other entry's place that it stands for. What an entry stands for is written to its own place
 * ("settled") where that has to be: as a window's member, before the local is overwritten, and at the end of
 * the block. Handlers see what they should, because exception ranges start and end with blocks and stores to
 * locals are never moved over anything that may raise. */
#include "translator/translator.h"

#include <assert.h>
#include <string.h>

struct holder {            /* of one stack entry */
    int32_t web;           /* its own */
    struct ir_value value; /* what it holds */
    uint32_t source;       /* the instruction that pushed it */
};

struct optimiser {
    struct ir *ir;
    struct ir_block *block;
    struct ir_block out;
    struct holder *holders;
    int32_t depth;
    uint32_t source; /* of the op now looked at */
    bool copies, constants, quiet;
};

bool isa_covers(const struct isa *isa, enum op op)
{
    for (int i = 0; i < isa->instruction_count; i++)
        for (int k = 0; k < isa->instructions[i].pattern_count; k++) {
            const struct pattern_node *tree = isa->instructions[i].patterns[k].tree;
            bool plain = tree->kind == PATTERN_OP && tree->op == op;
            for (int c = 0; plain && c < tree->child_count; c++)
                plain = tree->children[c]->kind == PATTERN_VARIABLE;
            if (plain)
                return true;
        }
    return false;
}

static bool is_reg_entry(struct optimiser *o, struct ir_value value)
{
    return value.kind == VALUE_ENTRY && !web_stacked(o->ir, value.web);
}

static bool same_place(struct optimiser *o, int32_t a, int32_t b)
{
    return web_stacked(o->ir, a) == web_stacked(o->ir, b) && web_rank(o->ir, a) == web_rank(o->ir, b);
}

static bool in_place(struct optimiser *o, int32_t position)
{
    const struct holder *holder = &o->holders[position];
    return holder->value.kind == VALUE_ENTRY && same_place(o, holder->value.web, holder->web);
}

static struct ir_value own_value(const struct optimiser *o, int32_t position)
{
    return (struct ir_value){VALUE_ENTRY, position, o->holders[position].web};
}

static void push_below(struct optimiser *o, int32_t limit);

/* Writes what the entry stands for into its own place. */
static void settle_entry(struct optimiser *o, int32_t position)
{
    struct holder *holder = &o->holders[position];
    if (web_stacked(o->ir, holder->web))
        push_below(o, position);
    struct ir_op op = {
        .op = OP_move, .operand_count = 1, .result_count = 1, .low = IR_KEEP, .source = o->source};
    op.source_first = holder->source < o->source ? holder->source : o->source;
    op.operands[0] = holder->value;
    op.results[0] = own_value(o, position);
    if (holder->value.kind == VALUE_NULL) {
        op.op = OP_push_null;
        op.operand_count = 0;
    }
    ir_append(o->ir, &o->out, op);
    holder->value = op.results[0];
}

/* Another entry whose value is in the place of entry `position`. */
static bool place_needed(struct optimiser *o, int32_t position)
{
    for (int32_t i = 0; i < o->depth; i++)
        if (i != position && o->holders[i].value.kind == VALUE_ENTRY &&
            same_place(o, o->holders[i].value.web, o->holders[position].web))
            return true;
    return false;
}

/* A register above all those in use and above `other` (-1: none), for the length of one exchange. */
static struct ir_value exchange_register(struct optimiser *o, int32_t other)
{
    int32_t below = other;
    for (int32_t i = 0; i < o->depth; i++) {
        const struct holder *holder = &o->holders[i];
        int32_t webs[2] = {holder->web, holder->value.kind == VALUE_ENTRY ? holder->value.web : holder->web};
        for (int k = 0; k < 2; k++)
            if (!web_stacked(o->ir, webs[k]) &&
                (below < 0 || web_rank(o->ir, webs[k]) > web_rank(o->ir, below)))
                below = webs[k];
    }
    return (struct ir_value){VALUE_ENTRY, o->depth, web_add(o->ir, o->depth, below)};
}

static void append_move(struct optimiser *o, struct ir_value to, struct ir_value from, int32_t low)
{
    struct ir_op op = {.op = OP_move,
                       .operand_count = 1,
                       .result_count = 1,
                       .low = low,
                       .source = o->source,
                       .source_first = o->source};
    op.operands[0] = from;
    op.results[0] = to;
    ir_append(o->ir, &o->out, op);
}

/* Frees the place of entry `position`, which others stand for, when places form a cycle. */
static void settle_cycle(struct optimiser *o, int32_t position)
{
    struct ir_value own = own_value(o, position);
    struct ir_value other = exchange_register(o, -1);
    append_move(o, other, own, IR_KEEP);
    for (int32_t i = 0; i < o->depth; i++) {
        struct ir_value *value = &o->holders[i].value;
        if (value->kind == VALUE_ENTRY && same_place(o, value->web, own.web))
            *value = other;
    }
}

/* Every entry that stands for another entry's place gets its value into its own. */
static void settle_aliases(struct optimiser *o)
{
    for (bool more = true; more;) {
        bool progress = false;
        int32_t stuck = -1;
        more = false;
        for (int32_t i = 0; i < o->depth; i++) {
            if (o->holders[i].value.kind != VALUE_ENTRY || in_place(o, i))
                continue;
            more = true;
            if (place_needed(o, i)) {
                stuck = i;
            } else {
                settle_entry(o, i);
                progress = true;
            }
        }
        if (more && !progress && stuck >= 0)
            settle_cycle(o, stuck);
    }
}

static void settle_below(struct optimiser *o, int32_t limit)
{
    settle_aliases(o);
    for (int32_t i = 0; i < limit; i++)
        if (o->holders[i].value.kind != VALUE_ENTRY &&
            !(o->holders[i].value.kind == VALUE_NULL && o->ir->elide_nulls))
            settle_entry(o, i);
}

/* Entries on the machine's operand stack are pushed in order. */
static void push_below(struct optimiser *o, int32_t limit)
{
    for (int32_t i = 0; i < limit; i++)
        if (o->holders[i].value.kind != VALUE_ENTRY && web_stacked(o->ir, o->holders[i].web))
            settle_entry(o, i);
}

static void settle_local(struct optimiser *o, int32_t local, int32_t limit)
{
    for (int32_t i = 0; i < limit; i++)
        if (o->holders[i].value.kind == VALUE_LOCAL && o->holders[i].value.index == local) {
            if (place_needed(o, i))
                settle_aliases(o);
            settle_entry(o, i);
        }
}

static void push_holder(struct optimiser *o, int32_t position, int32_t web, struct ir_value value,
                        uint32_t source)
{
    o->holders[position] = (struct holder){.web = web, .value = value, .source = source};
    if (o->depth <= position)
        o->depth = position + 1;
}

/* load of a local, constant or entry onto the stack: true when nothing has to be done for it now */
static bool forward_load(struct optimiser *o, const struct ir_op *op)
{
    struct ir_value value = op->operands[0], result = op->results[0];
    uint32_t source = op->source;
    if (value.kind == VALUE_ENTRY) {
        const struct holder *holder = &o->holders[value.index];
        bool same = holder->value.kind == VALUE_ENTRY && same_place(o, holder->value.web, result.web);
        if (!o->copies && !same)
            return false;
        source = holder->source;
        value = holder->value;
        if (value.kind == VALUE_ENTRY && !same && (!is_reg_entry(o, value) || web_stacked(o->ir, result.web)))
            return false;
        if (value.kind == VALUE_NULL)
            return false;
    } else if (value.kind == VALUE_LOCAL ? !o->copies : !o->constants) {
        return false;
    }
    if (op->low != IR_KEEP)
        o->depth = op->low;
    push_holder(o, result.index, result.web, value, source);
    return true;
}

/* Lets the op before write its result straight to the local. */
static bool forward_store(struct optimiser *o, int32_t local, struct ir_value value, int32_t low)
{
    if (!o->copies || !is_reg_entry(o, value) || !o->out.op_count)
        return false;
    struct ir_op *producer = &o->out.ops[o->out.op_count - 1];
    const char *letters = op_infos[producer->op].results;
    int found = -1;
    if ((op_infos[producer->op].flags & OP_TERMINATOR) || strchr(letters, 'p'))
        return false;
    for (int i = 0; i < producer->result_count; i++) {
        struct ir_value result = producer->results[i];
        if (result.kind == VALUE_LOCAL && result.index == local)
            return false;
        if (is_reg_entry(o, result) && same_place(o, result.web, value.web))
            found = i;
    }
    if (found < 0)
        return false;
    struct ir_value stored = {VALUE_LOCAL, local, -1};
    producer->results[found] = stored;
    for (int32_t i = 0; i < low; i++)
        if (is_reg_entry(o, o->holders[i].value) && same_place(o, o->holders[i].value.web, value.web))
            o->holders[i].value = stored;
    return true;
}

static void optimise_store(struct optimiser *o, const struct ir_op *op)
{
    int32_t local = op->results[0].index, low = op->operands[0].index;
    struct ir_op store = *op;
    struct ir_value value = op->operands[0];
    if (value.kind == VALUE_ENTRY) {
        store.operands[0] = value = o->holders[low].value;
        if (o->holders[low].source < store.source_first)
            store.source_first = o->holders[low].source;
    } else {
        low = o->depth;
    }
    if (value.kind == VALUE_LOCAL && value.index == local) {
        o->depth = low;
        return;
    }
    settle_local(o, local, low);
    if (value.kind == VALUE_ENTRY) /* that may have moved it */
        store.operands[0] = value = o->holders[low].value;
    if (!forward_store(o, local, value, low))
        ir_append(o->ir, &o->out, store);
    o->depth = low;
}

/* Leaves a swap that only tells allocate which entries now lie on the machine's operand stack; allocate
 * removes it. */
static void note_swap(struct optimiser *o, int32_t low, int32_t top)
{
    int32_t *webs = ARENA_ARRAY(o->ir->arena, int32_t, top - low + 1);
    struct ir_op op = {
        .op = OP_swap, .low = low, .source = o->source, .source_first = o->source, .pair_webs = webs};
    for (int32_t i = low; i <= top; i++)
        if (o->holders[i].value.kind == VALUE_ENTRY && web_stacked(o->ir, o->holders[i].web))
            webs[op.pair_size++] = o->holders[i].web;
    if (op.pair_size)
        ir_append(o->ir, &o->out, op);
}

/* Renames the two entries. Those on the machine's operand stack are popped and pushed again in their new
 * order, except where an entry is found in its new place already. */
static void optimise_swap(struct optimiser *o, const struct ir_op *op)
{
    int32_t top = op->operands[0].index, low = op->operands[1].index, below = -1;
    struct holder lower = o->holders[low];
    o->holders[low] = o->holders[top];
    o->holders[top] = lower;
    for (int32_t i = low; i <= top; i++)
        o->holders[i].web = op->pair_webs[i - low];
    bool stays = true;
    for (int32_t i = low; i < o->depth; i++)
        if (o->holders[i].value.kind == VALUE_ENTRY)
            stays &= in_place(o, i) ||
                     (is_reg_entry(o, o->holders[i].value) && !web_stacked(o->ir, o->holders[i].web));
    if (stays) {
        note_swap(o, low, top);
        return;
    }
    int32_t most = -1;
    do { /* the highest entry of the machine's stack first */
        int32_t found = -1;
        for (int32_t i = low; i < o->depth; i++)
            if (o->holders[i].value.kind == VALUE_ENTRY && web_stacked(o->ir, o->holders[i].value.web) &&
                (found < 0 ||
                 web_rank(o->ir, o->holders[i].value.web) > web_rank(o->ir, o->holders[found].value.web)))
                found = i;
        most = found;
        if (found >= 0) {
            struct ir_value popped = o->holders[found].value, to = exchange_register(o, below);
            below = to.web;
            append_move(o, to, popped, popped.index);
            o->holders[found].value = to;
        }
    } while (most >= 0);
    for (int32_t i = low; i < o->depth; i++)
        if (web_stacked(o->ir, o->holders[i].web))
            settle_entry(o, i);
    settle_aliases(o);
}

/* Ops that may vanish altogether. */
static bool optimise_quiet(struct optimiser *o, const struct ir_op *op)
{
    if (!o->quiet)
        return false;
    if (op->op == OP_nop || op->op == OP_resume || op->op == OP_precall)
        return true;
    if (op->op == OP_drop) {
        int32_t position = op->operands[0].index;
        if (o->holders[position].value.kind == VALUE_ENTRY && web_stacked(o->ir, o->holders[position].web))
            return false;
        o->depth = position;
        return true;
    }
    if (op->op == OP_push_null) {
        struct ir_value null = {VALUE_NULL, 0, -1};
        if (!o->ir->elide_nulls)
            return false;
        push_holder(o, op->results[0].index, op->results[0].web, null, op->source);
        return true;
    }
    return false;
}

static void optimise_window(struct optimiser *o, struct ir_op *op)
{
    int32_t at = window_operand(op);
    if (at < 0)
        return;
    int32_t first = op->operands[at].index;
    settle_aliases(o);
    for (int32_t i = first; i < first + op->window_size; i++) {
        struct holder *holder = &o->holders[i];
        if (holder->source < op->source_first)
            op->source_first = holder->source;
        if (holder->value.kind == VALUE_NULL && i == first && o->ir->elide_nulls)
            op->op = op->op == OP_call ? OP_call_function : op->op; /* call_ex never looks at it */
        else if (holder->value.kind != VALUE_ENTRY)
            settle_entry(o, i);
    }
}

static void optimise_operands(struct optimiser *o, struct ir_op *op)
{
    const char *letters = op_infos[op->op].operands;
    for (int i = 0; i < op->operand_count; i++) {
        struct ir_value *value = &op->operands[i];
        if (letters[i] != 'v' || value->kind != VALUE_ENTRY)
            continue;
        struct holder *holder = &o->holders[value->index];
        assert(holder->value.kind != VALUE_NULL);
        if (holder->source < op->source_first)
            op->source_first = holder->source;
        *value = holder->value;
    }
}

/* Before an op writes its results: what stands for the places it writes moves away, what lies below on the
 * stack is pushed. */
static void clear_results(struct optimiser *o, const struct ir_op *op, int32_t low)
{
    bool stacked = false, clash = false;
    for (int i = 0; i < op->result_count; i++) {
        int size = op_infos[op->op].results[i] == 'p' ? op->pair_size : 1;
        for (int k = 0; k < size && op->results[i].kind == VALUE_ENTRY; k++) {
            int32_t web = op->pair_size ? op->pair_webs[k] : op->results[i].web;
            stacked |= web_stacked(o->ir, web);
            for (int32_t p = 0; p < low && p < o->depth; p++)
                clash |= o->holders[p].value.kind == VALUE_ENTRY &&
                         same_place(o, o->holders[p].value.web, web) && !in_place(o, p);
        }
    }
    if (clash)
        settle_aliases(o);
    if (stacked)
        push_below(o, low);
}

static void push_results(struct optimiser *o, const struct ir_op *op)
{
    for (int i = 0; i < op->result_count; i++) {
        struct ir_value result = op->results[i];
        int size = op_infos[op->op].results[i] == 'p' ? op->pair_size : 1;
        for (int k = 0; k < size && result.kind == VALUE_ENTRY; k++) {
            int32_t web = op->pair_size ? op->pair_webs[k] : result.web;
            push_holder(o, result.index + k, web, (struct ir_value){VALUE_ENTRY, result.index + k, web},
                        op->source);
        }
    }
}

static bool keeps_operand(enum op op)
{
    return op == OP_jump_if_true_keep || op == OP_jump_if_false_keep;
}

/* Narrower ops for what is known here. */
static void specialise(struct optimiser *o, struct ir_op *op)
{
    int count = op->op == OP_unpack ? op->operands[1].index : 0;
    if ((count == 2 || count == 3) && isa_covers(o->ir->isa, count == 2 ? OP_unpack_2 : OP_unpack_3)) {
        op->op = count == 2 ? OP_unpack_2 : OP_unpack_3;
        int32_t base = op->results[0].index;
        op->operand_count = 1;
        op->result_count = (uint8_t)count;
        for (int i = 0; i < count; i++) /* the first item lies highest */
            op->results[i] =
                (struct ir_value){VALUE_ENTRY, base + count - 1 - i, op->pair_webs[count - 1 - i]};
        op->pair_size = 0;
    }
    if (op->op == OP_load_global_null && o->ir->elide_nulls) {
        int32_t position = op->results[0].index;
        struct ir_value null = {VALUE_NULL, 0, -1};
        push_holder(o, position, op->results[0].web, null, op->source);
        op->op = OP_load_global;
        op->results[0] = (struct ir_value){VALUE_ENTRY, position + 1, op->pair_webs[1]};
        op->pair_size = 0;
    }
    if (keeps_operand(op->op) && o->quiet && !web_stacked(o->ir, op->operands[0].web))
        op->op = op->op == OP_jump_if_true_keep ? OP_jump_if_true : OP_jump_if_false;
}

static void optimise_op(struct optimiser *o, struct ir_op op)
{
    o->source = op.source;
    if (optimise_quiet(o, &op))
        return;
    if (op.op == OP_move && op.results[0].kind == VALUE_ENTRY && forward_load(o, &op))
        return;
    if (op.op == OP_move && op.results[0].kind == VALUE_LOCAL) {
        optimise_store(o, &op);
        return;
    }
    if (op.op == OP_swap) {
        optimise_swap(o, &op);
        return;
    }
    int32_t low = op.low == IR_KEEP ? o->depth : op.low;
    bool keeps = keeps_operand(op.op);
    if (op_infos[op.op].flags & OP_TERMINATOR)
        settle_below(o, keeps ? o->depth : low);
    specialise(o, &op);
    clear_results(o, &op, low);
    optimise_window(o, &op);
    optimise_operands(o, &op);
    if (op.op == OP_unbind || op.op == OP_make_cell)
        settle_local(o, op.operands[0].index, low);
    ir_append(o->ir, &o->out, op);
    o->depth = low;
    if (op.op == OP_load_global && low < op.results[0].index) /* below it: the null that is not written */
        o->depth = op.results[0].index;
    push_results(o, &op);
}

struct use_counters {
    int32_t *counts;
    int32_t touched; /* only so many of them may not be 0 */
};

static int32_t *use_counter(struct ir *ir, struct use_counters *counters, int32_t web)
{
    int32_t index = web_rank(ir, web) * 2 + web_stacked(ir, web);
    if (index >= counters->touched)
        counters->touched = index + 1;
    return &counters->counts[index];
}

static void count_reads(struct ir *ir, struct use_counters *counters, const struct ir_op *op)
{
    const char *letters = op_infos[op->op].operands;
    for (int i = 0; i < op->operand_count; i++)
        if (letters[i] == 'v' && op->operands[i].kind == VALUE_ENTRY)
            ++*use_counter(ir, counters, op->operands[i].web);
    for (int i = 0; i < op->window_size; i++)
        ++*use_counter(ir, counters, op->window_webs[i]);
}

static bool is_unread(struct ir *ir, struct use_counters *counters, const struct ir_op *op)
{
    if (!(op_infos[op->op].flags & OP_QUIET) || (op_infos[op->op].flags & OP_TERMINATOR) || !op->result_count)
        return false;
    for (int i = 0; i < op->result_count; i++)
        if (op->results[i].kind != VALUE_ENTRY || op->pair_size || web_stacked(ir, op->results[i].web) ||
            *use_counter(ir, counters, op->results[i].web))
            return false;
    for (int i = 0; i < op->operand_count; i++) /* what it pops has to go from the operand stack */
        if (op->operands[i].kind == VALUE_ENTRY && op->low <= op->operands[i].index && web_stacked(ir, op->operands[i].web))
            return false;
    return true;
}

/* Counts for each result how often it is read before it is written again, from the block's end backwards;
 * removes quiet ops whose result nobody reads when `remove`. */
static void count_uses(struct ir *ir, struct ir_block *block, struct use_counters *counters, bool remove)
{
    memset(counters->counts, 0, (size_t)counters->touched * sizeof *counters->counts);
    counters->touched = 0;
    for (int32_t i = 0; i < block->exit_depth; i++)
        *use_counter(ir, counters, block->exit_webs[i]) = 1000;
    for (uint32_t i = block->op_count; i-- > 0;) {
        struct ir_op *op = &block->ops[i];
        if (remove && is_unread(ir, counters, op)) {
            op->dead = true;
            continue;
        }
        if (op->result_count && op->results[0].kind == VALUE_ENTRY && op->results[0].web >= 0) {
            int32_t uses = *use_counter(ir, counters, op->results[0].web);
            op->uses = (uint16_t)(uses > 1000 ? 1000 : uses);
        }
        for (int k = 0; k < op->result_count; k++)
            if (op->results[k].kind == VALUE_ENTRY && op->results[k].web >= 0)
                *use_counter(ir, counters, op->results[k].web) = 0;
        for (int k = 0; k < op->pair_size && op->result_count; k++)
            *use_counter(ir, counters, op->pair_webs[k]) = 0;
        count_reads(ir, counters, op);
    }
    uint32_t kept = 0;
    for (uint32_t i = 0; i < block->op_count; i++)
        if (!block->ops[i].dead)
            block->ops[kept++] = block->ops[i];
    block->op_count = kept;
}

static void optimise_block(struct optimiser *o, struct ir_block *block)
{
    o->block = block;
    o->out = (struct ir_block){0};
    o->depth = 0;
    for (int32_t i = 0; i < block->entry_depth; i++) {
        struct ir_value value = {VALUE_ENTRY, i, block->entry_webs[i]};
        if (block->entry_nulls[i] && o->ir->elide_nulls)
            value = (struct ir_value){VALUE_NULL, 0, -1};
        push_holder(o, i, block->entry_webs[i], value, 0);
        o->holders[i].source = 0xffffffffu;
    }
    /* the value of `send` on top of its receiver */
    if (block->op_count && block->ops[0].op == OP_move && block->ops[0].operands[0].kind == VALUE_ENTRY &&
        block->ops[0].operands[0].index == block->entry_depth)
        push_holder(o, block->entry_depth, block->ops[0].operands[0].web, block->ops[0].operands[0],
                    0xffffffffu);
    for (uint32_t i = 0; i < block->op_count; i++)
        optimise_op(o, block->ops[i]);
    const struct ir_op *last = o->out.op_count ? &o->out.ops[o->out.op_count - 1] : NULL;
    if (!last || !(op_infos[last->op].flags & OP_TERMINATOR))
        settle_below(o, o->depth);
    block->ops = o->out.ops;
    block->op_count = o->out.op_count;
    block->op_capacity = o->out.op_capacity;
}

/* `for x in ...`, `x = yield`: the store is the first op of the only block that follows: the terminator
 * writes the local. */
static void forward_terminator(struct ir *ir, uint32_t index)
{
    struct ir_block *block = &ir->blocks[index];
    uint32_t next = ir->code->blocks[index].fallthrough;
    if (!block->op_count || next == NO_BLOCK || ir->blocks[next].predecessor_count != 1 ||
        !ir->blocks[next].op_count)
        return;
    struct ir_op *last = &block->ops[block->op_count - 1], *first = &ir->blocks[next].ops[0];
    if ((last->op != OP_for_iter && last->op != OP_yield) || last->results[0].kind != VALUE_ENTRY ||
        first->op != OP_move || first->results[0].kind != VALUE_LOCAL ||
        first->operands[0].kind != VALUE_ENTRY)
        return;
    int32_t web = last->results[0].web;
    if (web_stacked(ir, web) || web_leader(ir, web) != web_leader(ir, first->operands[0].web))
        return;
    int32_t uses = 0; /* of the entry in the next block, before it is written again */
    for (uint32_t i = 0; i < ir->blocks[next].op_count; i++) {
        const struct ir_op *op = &ir->blocks[next].ops[i];
        for (int k = 0; k < op->operand_count; k++)
            uses += op->operands[k].kind == VALUE_ENTRY && op->operands[k].web >= 0 &&
                    web_leader(ir, op->operands[k].web) == web_leader(ir, web);
        for (int k = 0; k < op->window_size; k++)
            uses += web_leader(ir, op->window_webs[k]) == web_leader(ir, web);
    }
    for (int32_t i = 0; i < ir->blocks[next].exit_depth; i++)
        uses += web_leader(ir, ir->blocks[next].exit_webs[i]) == web_leader(ir, web);
    if (uses != 1)
        return;
    last->results[0] = first->results[0];
    memmove(first, first + 1, sizeof *first * --ir->blocks[next].op_count);
}

void optimise(struct ir *ir)
{
    const struct isa *isa = ir->isa;
    struct optimiser o = {.ir = ir};
    o.copies = isa->optimise & OPTIMISE_COPIES;
    o.constants = isa->optimise & OPTIMISE_CONSTANTS;
    o.quiet = isa->optimise & OPTIMISE_QUIET;
    o.holders = ARENA_ROOM(ir->arena, struct holder, ir->code->stack_size + 1400);
    bool rewrite = isa->register_count && isa->optimise;
    for (uint32_t i = 0; i < ir->block_count; i++)
        if (rewrite && ir->blocks[i].entry_depth >= 0)
            optimise_block(&o, &ir->blocks[i]);
    for (uint32_t i = 0; i < ir->block_count; i++)
        if (rewrite && o.copies && ir->blocks[i].entry_depth >= 0)
            forward_terminator(ir, i);
    struct use_counters counters = {ARENA_ARRAY(ir->arena, int32_t, 2 * (ir->code->stack_size + 1400)), 0};
    for (uint32_t i = 0; i < ir->block_count; i++)
        if (ir->blocks[i].entry_depth >= 0)
            count_uses(ir, &ir->blocks[i], &counters, rewrite && (isa->optimise & OPTIMISE_DEAD_STORES));
}
