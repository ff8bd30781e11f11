/* select.c - fourth pass: the cheapest cover of each block's ops by the ISA's patterns.
 * Needs: allocated IR. Gives: machine instructions with their operands, targets still as block numbers.
 *
 * Dynamic programming from the block's start: the cheapest cover of the first i ops is the cheapest of the
 * first i - k and an instruction whose pattern is the tree that the last k ops form (values inside the tree
 * used nowhere else; match.c). An operand of a kind the instruction cannot take costs a move through a scratch
 * register. A speculative instruction is charged no latency here: the library routine it replaces costs more
 * than any instruction shows. */
#include "translator/select.h"

#include <assert.h>
#include <string.h>

enum { COST_CYCLE = 1 << 20, COST_INSTRUCTION = 1 << 10, COST_OF_LOOP = 1 << 30 };
static const int64_t COST_NONE = INT64_MAX / 4;

/* Where a value is, as the operand kind that reads it best. */
struct place {
    enum operand_kind kind;
    int32_t number;
};

static struct place place_of(struct ir *ir, struct ir_value value)
{
    int32_t slot = value.kind == VALUE_LOCAL ? ir->local_slots[value.index] : web_slot(ir, value.web);
    if (value.kind == VALUE_ENTRY && web_stacked(ir, value.web))
        return (struct place){OPERAND_STACK, web_rank(ir, value.web)};
    if (slot < ir->register_slots || (ir->memory_slots == 0 && ir->isa->register_count))
        return (struct place){OPERAND_REG, slot};
    return (struct place){OPERAND_LOCAL, slot - ir->register_slots};
}

static bool allows(const struct isa_operand *operand, enum operand_kind kind)
{
    return operand->kinds >> kind & 1;
}

static bool constant_fits(const struct constant *constant, int bits)
{
    if (constant->kind != CONSTANT_INT)
        return false;
    return bits >= 63 ||
           (constant->integer >= -((int64_t)1 << (bits - 1)) && constant->integer < (int64_t)1 << (bits - 1));
}

static int16_t kind_of_number(const struct isa_operand *operand)
{
    static const enum operand_kind kinds[] = {OPERAND_NAME, OPERAND_INDEX, OPERAND_COUNT_FIELD, OPERAND_LOCAL,
                                              OPERAND_CONST};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (allows(operand, kinds[i]))
            return (int16_t)kinds[i];
    return -1;
}

/* Chooses how the operand is given; depth is the machine's operand stack after the instruction's pops, pops
 * how many of them are operands of kind stack. False: not even through a scratch register. */
static bool place_operand(struct chooser *c, const struct isa_operand *operand, struct bound *bound,
                          bool forward)
{
    struct ir *ir = c->ir;
    struct ir_value value = bound->value;
    bound->field = value.index;
    bound->kind = -1;
    switch ((enum ir_value_kind)value.kind) {
    case VALUE_NUMBER:
        bound->kind = kind_of_number(operand);
        return bound->kind >= 0;
    case VALUE_BLOCK:
        bound->kind = allows(operand, OPERAND_TARGET)                 ? OPERAND_TARGET
                      : forward && allows(operand, OPERAND_FORWARD)   ? OPERAND_FORWARD
                      : !forward && allows(operand, OPERAND_BACKWARD) ? OPERAND_BACKWARD
                                                                      : -1;
        return bound->kind >= 0;
    case VALUE_CONSTANT:
        if (allows(operand, OPERAND_IMM) &&
            constant_fits(&ir->code->constants[value.index], operand->imm_bits)) {
            bound->kind = OPERAND_IMM;
            bound->field = (int32_t)ir->code->constants[value.index].integer;
        } else if (allows(operand, OPERAND_CONST)) {
            bound->kind = OPERAND_CONST;
        }
        return bound->kind >= 0 || allows(operand, OPERAND_REG);
    case VALUE_NONE:
        bound->kind = allows(operand, OPERAND_REG)     ? OPERAND_REG
                      : allows(operand, OPERAND_STACK) ? OPERAND_STACK
                                                       : -1;
        bound->field = 0;
        return bound->kind >= 0;
    case VALUE_LOCAL:
    case VALUE_ENTRY:
        break;
    case VALUE_NULL:
        return false;
    }
    if (value.kind == VALUE_ENTRY && value.web < 0) { /* an empty window */
        bound->kind = allows(operand, OPERAND_STACK) ? OPERAND_STACK : OPERAND_WINDOW;
        bound->field = bound->kind == OPERAND_STACK ? 0 : ir->temporary_base;
        return true;
    }
    struct place place = place_of(ir, value);
    if (place.kind != OPERAND_STACK && allows(operand, OPERAND_WINDOW)) {
        bound->kind = OPERAND_WINDOW;
        bound->field = value.kind == VALUE_ENTRY ? web_slot(ir, value.web) : ir->local_slots[value.index];
        return true;
    }
    if (allows(operand, place.kind) && place.kind != OPERAND_STACK) {
        bound->kind = (int16_t)place.kind;
        bound->field = place.number;
        return true;
    }
    if (place.kind == OPERAND_STACK) {
        bound->field = place.number;
        bound->kind = allows(operand, OPERAND_STACK)   ? OPERAND_STACK
                      : allows(operand, OPERAND_TOP)   ? OPERAND_TOP
                      : allows(operand, OPERAND_DEPTH) ? OPERAND_DEPTH
                                                       : -1;
        return bound->kind >= 0 || allows(operand, OPERAND_REG);
    }
    return allows(operand, OPERAND_REG);
}

/* Operands on the machine's operand stack: those popped must be in the order of the spec's list, ending at
 * the top; the others are told by their depth. When that cannot be, they go through scratch registers. */
static bool place_stacked(const struct isa_instruction *instruction, struct match *match,
                          const struct ir_op *first, const struct ir_op *last)
{
    int32_t top = first->stack_before, popped = first->stack_before - (last->stack_before - last->stack_pops);
    int32_t low = top - popped, next = low;
    if (first == last)
        low = next = top - (popped = last->stack_pops);
    for (int i = 0; i < instruction->operand_count; i++) {
        struct bound *bound = &match->bounds[i];
        const struct isa_operand *operand = &instruction->operands[i];
        if (!bound->set || operand->is_result || bound->value.kind != VALUE_ENTRY || bound->value.web < 0)
            continue;
        if (bound->kind == OPERAND_STACK) {
            int32_t size =
                bound->letter == 'w'
                    ? op_window_size(bound->op->op,
                                     bound->op->operand_count > 1 ? bound->op->operands[1].index : 0)
                    : 1;
            if (bound->op->op == OP_reraise) { /* only the exception itself is popped */
                next = top;
                continue;
            }
            if (bound->field != next) {
                if (bound->field < low && (allows(operand, OPERAND_TOP) || allows(operand, OPERAND_DEPTH)))
                    bound->kind = allows(operand, OPERAND_TOP) ? OPERAND_TOP : OPERAND_DEPTH;
                else
                    return false;
            } else {
                next += size;
            }
        }
        if (bound->kind == OPERAND_TOP || bound->kind == OPERAND_DEPTH) {
            if (bound->letter == 'w')
                continue;
            int32_t depth = low - bound->field;
            if (bound->kind == OPERAND_TOP && depth != (operand->top_depth ? operand->top_depth : 1))
                bound->kind = allows(operand, OPERAND_DEPTH) ? OPERAND_DEPTH : -1;
            if (bound->kind < 0)
                return false;
            bound->field = bound->kind == OPERAND_DEPTH ? depth : 0;
        }
    }
    return next == top;
}

static bool place_result(struct chooser *c, const struct isa_operand *operand, struct bound *bound)
{
    struct ir_value value = bound->value;
    bound->kind = -1;
    bound->field = 0;
    if (value.kind == VALUE_ENTRY && value.web < 0) { /* an empty pair */
        bound->kind = allows(operand, OPERAND_STACK) ? OPERAND_STACK : OPERAND_WINDOW;
        bound->field = bound->kind == OPERAND_STACK ? 0 : c->ir->temporary_base;
        return true;
    }
    struct place place = place_of(c->ir, value);
    if (bound->letter == 'p') {
        bound->kind = place.kind == OPERAND_STACK ? OPERAND_STACK : OPERAND_WINDOW;
        bound->field = web_slot(c->ir, value.web);
        return allows(operand, (enum operand_kind)bound->kind);
    }
    if (allows(operand, place.kind)) {
        bound->kind = (int16_t)place.kind;
        bound->field = place.number;
        return true;
    }
    return allows(operand, OPERAND_REG);
}

static int64_t instruction_cost(const struct chooser *c, const struct isa_instruction *instruction,
                                bool speculative)
{
    int latency =
        instruction->latency >= 0 ? instruction->latency : c->isa->machine->units[instruction->unit].latency;
    if (speculative)
        latency = 0;
    return (int64_t)latency * COST_CYCLE + COST_INSTRUCTION + instruction->size_bytes +
           2 * instruction->cache_units;
}

/* Places all operands; false when the instruction cannot be used here. */
static bool place_match(struct chooser *c, struct match *match, const struct pattern *pattern)
{
    const struct isa_instruction *instruction = &c->isa->instructions[match->instruction];
    const struct ir_op *first = &c->block->ops[match->first], *last = &c->block->ops[match->last];
    uint32_t here = c->ir->code->instructions[last->source].block;
    match->cost = instruction_cost(c, instruction, pattern->speculative);
    match->fixups = 0;
    if (instruction->twin >= 0) /* the very instruction of the source */
        match->cost--;
    for (int i = 0; i < instruction->operand_count; i++) {
        struct bound *bound = &match->bounds[i];
        const struct isa_operand *operand = &instruction->operands[i];
        if (!bound->set)
            continue;
        bool result = bound->letter == 'R' || bound->letter == 'p';
        if (!(result
                  ? place_result(c, operand, bound)
                  : place_operand(c, operand, bound,
                                  bound->value.kind == VALUE_BLOCK && (uint32_t)bound->value.index > here)))
            return false;
    }
    if (c->ir->has_stack && !place_stacked(instruction, match, first, last)) {
        for (int i = 0; i < instruction->operand_count; i++) {
            struct bound *bound = &match->bounds[i];
            if (!bound->set || instruction->operands[i].is_result || bound->value.kind != VALUE_ENTRY ||
                bound->value.web < 0 || !web_stacked(c->ir, bound->value.web))
                continue;
            if (!allows(&instruction->operands[i], OPERAND_REG))
                return false;
            bound->kind = -1;
        }
    }
    int scratch = 0;
    for (int i = 0; i < instruction->operand_count; i++) {
        bool fixup = match->bounds[i].set && match->bounds[i].kind < 0;
        match->fixups += fixup;
        scratch += fixup && !instruction->operands[i].is_result;
    }
    if (scratch > c->ir->scratch_count)
        return false;
    match->cost += match->fixups * c->move_cost;
    if (pattern->idiom && idiom_is_loop(pattern->idiom)) /* whatever else would save an instruction here */
        match->cost -= COST_OF_LOOP;
    return true;
}

static uint32_t root_op(const struct pattern *pattern)
{
    return pattern->tree->kind == PATTERN_CALL ? (uint32_t)OP_call : (uint32_t)pattern->tree->op;
}

static void index_patterns(struct chooser *c)
{
    uint32_t total = 0;
    c->by_op_first = ARENA_ARRAY(c->ir->arena, uint32_t, OP_COUNT + 2);
    for (int i = 0; i < c->isa->instruction_count; i++)
        for (int k = 0; k < c->isa->instructions[i].pattern_count; k++, total++)
            c->by_op_first[root_op(&c->isa->instructions[i].patterns[k]) + 1]++;
    for (int op = 0; op < OP_COUNT; op++)
        c->by_op_first[op + 1] += c->by_op_first[op];
    c->by_op = ARENA_ARRAY(c->ir->arena, uint32_t, total + 1);
    uint32_t *next = ARENA_ARRAY(c->ir->arena, uint32_t, OP_COUNT + 1);
    memcpy(next, c->by_op_first, sizeof *next * OP_COUNT);
    for (int i = 0; i < c->isa->instruction_count; i++)
        for (int k = 0; k < c->isa->instructions[i].pattern_count; k++)
            c->by_op[next[root_op(&c->isa->instructions[i].patterns[k])]++] = (uint32_t)(i * 256 + k);
}

static void try_patterns(struct chooser *c, uint32_t op, uint32_t last, uint32_t lowest, const int64_t *costs,
                         struct match *best, int64_t *best_cost)
{
    for (uint32_t i = c->by_op_first[op]; i < c->by_op_first[op + 1]; i++) {
        struct match match;
        int instruction = (int)(c->by_op[i] / 256), pattern = (int)(c->by_op[i] % 256);
        if (!c->native && c->isa->instructions[instruction].patterns[pattern].speculative)
            continue;
        if (!match_pattern(c, instruction, pattern, last, &match) ||
            !place_match(c, &match, &c->isa->instructions[instruction].patterns[pattern]) || match.first < lowest)
            continue;
        int64_t before = costs[match.first - lowest];
        if (before < COST_NONE && before + match.cost < *best_cost) {
            *best_cost = before + match.cost;
            *best = match;
        }
    }
}

/* Cheapest cover of ops [first, end): matches in order. Returns how many. */
static uint32_t cover(struct chooser *c, uint32_t first, uint32_t end, struct match **matches)
{
    uint32_t length = end - first, count = 0;
    struct match *best = ARENA_ROOM(c->ir->arena, struct match, length + 1);
    int64_t *costs = ARENA_ROOM(c->ir->arena, int64_t, length + 1);
    costs[0] = 0;
    for (uint32_t i = 0; i < length; i++) {
        uint32_t op = (uint32_t)c->block->ops[first + i].op;
        costs[i + 1] = COST_NONE;
        try_patterns(c, op, first + i, first, costs, &best[i], &costs[i + 1]);
        if (op == OP_call_function) /* PATTERN_CALL is listed under call */
            try_patterns(c, OP_call, first + i, first, costs, &best[i], &costs[i + 1]);
    }
    assert(costs[length] < COST_NONE && "the isa does not cover an op");
    for (uint32_t i = length; i > 0; i = best[i - 1].first - first)
        count++;
    *matches = ARENA_ROOM(c->ir->arena, struct match, count + 1);
    uint32_t at = count;
    for (uint32_t i = length; i > 0; i = best[i - 1].first - first)
        (*matches)[--at] = best[i - 1];
    return count;
}

static struct selected *add_selected(struct chooser *c, uint32_t source, uint32_t source_first)
{
    struct selected_block *out = c->out;
    if (out->count == out->capacity) {
        uint32_t capacity = out->capacity ? out->capacity * 2 : 8;
        struct selected *items = ARENA_ARRAY(c->ir->arena, struct selected, capacity);
        if (out->count)
            memcpy(items, out->items, sizeof *items * out->count);
        out->items = items;
        out->capacity = capacity;
    }
    struct selected *item = &out->items[out->count++];
    *item = (struct selected){.source = source, .source_first = source_first, .target_block = -1};
    return item;
}

/* A move between two places, by the cheapest instruction that can: kinds and fields are already chosen. */
static void add_move(struct chooser *c, uint32_t source, struct machine_operand to,
                     struct machine_operand from)
{
    int64_t best = COST_NONE;
    struct machine_instruction found = {0};
    for (uint32_t i = c->by_op_first[OP_move]; i < c->by_op_first[OP_move + 1]; i++) {
        int index = (int)(c->by_op[i] / 256), pattern_index = (int)(c->by_op[i] % 256);
        const struct isa_instruction *instruction = &c->isa->instructions[index];
        const struct pattern *pattern = &instruction->patterns[pattern_index];
        int d = pattern->results[0], a = pattern->tree->children[0]->variable;
        int64_t cost = instruction_cost(c, instruction, false);
        if (!allows(&instruction->operands[d], (enum operand_kind)to.kind) ||
            !allows(&instruction->operands[a], (enum operand_kind)from.kind) || cost >= best)
            continue;
        best = cost;
        found =
            (struct machine_instruction){.instruction = (uint16_t)index, .pattern = (uint8_t)pattern_index};
        found.operands[d] = to;
        found.operands[a] = from;
    }
    assert(best < COST_NONE && "the isa has no move between these kinds of operand");
    add_selected(c, source, source)->machine = found;
}

static struct machine_operand scratch_register(struct chooser *c, int32_t nth)
{
    if (c->scratch_used < nth + 1)
        c->scratch_used = nth + 1;
    assert(nth < c->ir->scratch_count && "not enough scratch registers");
    return (struct machine_operand){OPERAND_REG, c->ir->scratch_base + nth};
}

/* Moves operands that the instruction cannot take into scratch registers; those on the operand stack from the
 * top down. */
static void add_operand_moves(struct chooser *c, struct match *match, uint32_t source)
{
    const struct isa_instruction *instruction = &c->isa->instructions[match->instruction];
    int32_t scratch = 0, depth = c->block->ops[match->first].stack_before, low = depth;
    if (match->first == match->last)
        low = depth - c->block->ops[match->last].stack_pops;
    for (bool more = true; more;) {
        int next = -1;
        for (int i = 0; i < instruction->operand_count; i++) {
            const struct bound *bound = &match->bounds[i];
            if (!bound->set || bound->kind >= 0 || instruction->operands[i].is_result)
                continue;
            bool stacked = bound->value.kind == VALUE_ENTRY && web_stacked(c->ir, bound->value.web);
            if (next < 0 || (stacked && web_rank(c->ir, bound->value.web) >
                                            (match->bounds[next].value.kind == VALUE_ENTRY &&
                                                     web_stacked(c->ir, match->bounds[next].value.web)
                                                 ? web_rank(c->ir, match->bounds[next].value.web)
                                                 : -1)))
                next = i;
        }
        more = next >= 0;
        if (!more)
            break;
        struct bound *bound = &match->bounds[next];
        struct machine_operand to = scratch_register(c, scratch++),
                               from = {OPERAND_CONST, bound->value.index};
        if (bound->value.kind != VALUE_CONSTANT) {
            struct place place = place_of(c->ir, bound->value);
            from = (struct machine_operand){(uint8_t)place.kind, place.number};
            if (place.kind == OPERAND_STACK && place.number < low)
                from = (struct machine_operand){OPERAND_DEPTH, depth - place.number};
            else if (place.kind == OPERAND_STACK)
                depth--;
        }
        add_move(c, source, to, from);
        bound->kind = OPERAND_REG;
        bound->field = to.value;
    }
}

static void add_result_moves(struct chooser *c, const struct result_moves *moves, uint32_t source)
{
    for (int i = moves->count - 1; i >= 0; i--) /* of several on the stack the first is on top */
        add_move(c, source, moves->to[i], moves->from[i]);
}

/* A result that the instruction cannot put where it belongs: through a scratch register (operands are read
 * before). */
static void place_in_scratch(struct chooser *c, struct bound *bound, struct result_moves *moves)
{
    struct place place = place_of(c->ir, bound->value);
    moves->from[moves->count] = scratch_register(c, moves->count);
    moves->to[moves->count] =
        (struct machine_operand){(uint8_t)place.kind, place.kind == OPERAND_STACK ? 0 : place.number};
    bound->kind = OPERAND_REG;
    bound->field = moves->from[moves->count++].value;
}

static void add_match(struct chooser *c, struct match *match)
{
    const struct isa_instruction *instruction = &c->isa->instructions[match->instruction];
    const struct ir_op *last = &c->block->ops[match->last];
    uint32_t source_first = last->source, source = last->source;
    bool speculative = instruction->patterns[match->pattern].speculative;
    for (uint32_t i = match->first; i <= match->last; i++) {
        /* a speculative instruction's expansion finds names and constants in the source: with the loads
         * folded into it */
        uint32_t from = speculative ? c->block->ops[i].source_first : c->block->ops[i].source;
        if (from < source_first)
            source_first = from;
    }
    add_operand_moves(c, match, source);
    struct result_moves moves = {0};
    struct selected *item = add_selected(c, source, source_first);
    item->machine = (struct machine_instruction){.instruction = (uint16_t)match->instruction,
                                                 .pattern = (uint8_t)match->pattern};
    if (c->isa->encoding == ENCODING_ARGUMENT && match->first == match->last)
        item->machine.prefixes = c->ir->code->instructions[source].prefixes;
    for (int i = 0; i < instruction->operand_count; i++) {
        struct bound *bound = &match->bounds[i];
        if (!bound->set) {
            item->machine.operands[i].kind = instruction->operands[i].alternatives[0];
            continue;
        }
        if (bound->kind < 0)
            place_in_scratch(c, bound, &moves);
        bool implicit = bound->kind == OPERAND_STACK || bound->kind == OPERAND_TOP;
        item->machine.operands[i] =
            (struct machine_operand){(uint8_t)bound->kind, implicit ? 0 : bound->field};
        if (bound->value.kind == VALUE_BLOCK) {
            item->target_block = bound->value.index;
            item->target_operand = i;
            item->machine.operands[i].value = 0; /* emit knows the displacement */
        }
    }
    if (speculative) {
        struct match *plain;
        struct chooser without = *c;
        without.native = false;
        uint32_t count = cover(&without, match->first, match->last + 1, &plain);
        uint16_t *list = ARENA_ARRAY(c->ir->arena, uint16_t, count + 1);
        for (uint32_t i = 0; i < count; i++)
            list[i] = (uint16_t)plain[i].instruction;
        item->fallback = list;
        item->fallback_count = count;
    }
    if (op_infos[last->op].flags &
        OP_TERMINATOR) /* the block that follows, and has no other way in, begins with them */
        c->pending = moves;
    else
        add_result_moves(c, &moves, source);
}

/* Parameters that do not stay where they arrive: first those that arrive in registers, which are needed for
 * other things. */
static void move_parameters(struct chooser *c)
{
    struct ir *ir = c->ir;
    uint32_t parameters = parameter_count(ir->code);
    for (int pass = 0; pass < 2; pass++)
        for (uint32_t i = 0; i < parameters; i++) {
            struct machine_operand home = {OPERAND_LOCAL, ir->local_slots[i] - ir->register_slots};
            bool in_register = (int32_t)i < ir->register_slots;
            if (!ir->arrives_elsewhere[i] || in_register != (pass == 0))
                continue;
            struct machine_operand arrival = {OPERAND_REG, (int32_t)i};
            if (!in_register) {
                struct machine_operand memory = {OPERAND_LOCAL, (int32_t)i - ir->register_slots};
                arrival = scratch_register(c, 0);
                add_move(c, 0, arrival, memory);
            }
            add_move(c, 0, home, arrival);
        }
}

struct selected_block *select_instructions(struct ir *ir)
{
    struct chooser c = {.ir = ir, .isa = ir->isa, .native = true};
    struct selected_block *blocks = ARENA_ARRAY(ir->arena, struct selected_block, ir->block_count + 1);
    index_patterns(&c);
    c.move_cost = COST_NONE;
    for (uint32_t i = c.by_op_first[OP_move]; i < c.by_op_first[OP_move + 1]; i++) {
        int64_t cost = instruction_cost(&c, &ir->isa->instructions[c.by_op[i] / 256], false);
        c.move_cost = cost < c.move_cost ? cost : c.move_cost;
    }
    for (uint32_t b = 0; b < ir->block_count; b++) {
        struct match *matches;
        c.block = &ir->blocks[b];
        c.out = &blocks[b];
        if (b == 0)
            move_parameters(&c);
        struct result_moves pending = c.pending;
        c.pending.count = 0;
        add_result_moves(&c, &pending, ir->code->blocks[b].first);
        uint32_t count = cover(&c, 0, c.block->op_count, &matches);
        for (uint32_t i = 0; i < count; i++)
            add_match(&c, &matches[i]);
    }
    if (ir->memory_slots == 0 && ir->isa->register_count) {
        ir->register_slots = ir->scratch_base + c.scratch_used;
        ir->stack_base = ir->register_slots;
    }
    return blocks;
}
