/* select.c - fourth pass: the cheapest cover of each block's ops by the ISA's patterns.
 * Needs: allocated IR. Gives: machine instructions with their operands, targets still as block numbers.
 *
 * Dynamic programming from the block's start: the cheapest cover of the first i ops is the cheapest of the
 * first i - k and an instruction whose pattern is the tree that the last k ops form (values inside the tree
 * used nowhere else). An operand of a kind the instruction cannot take costs a move through a scratch
 * register. A speculative instruction is charged no latency here: the library routine it replaces costs more
 * than any instruction shows. */
#include "translator/nest.h"
#include "translator/translator.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum { COST_CYCLE = 1 << 20, COST_INSTRUCTION = 1 << 10, COST_OF_LOOP = 1 << 30 };
static const int64_t COST_NONE = INT64_MAX / 4;

struct bound { /* an operand of an instruction in a match */
    bool set;
    struct ir_value value;
    char letter;            /* of the op's operand or result */
    const struct ir_op *op; /* the op it belongs to */
    int16_t kind;           /* enum operand_kind, or -1: through a scratch register */
    int32_t field;
};

struct match {
    int instruction, pattern;
    uint32_t first, last; /* ops */
    struct bound bounds[ISA_MAX_OPERANDS];
    int64_t cost;
    int fixups;
};

struct result_moves { /* from scratch registers to where results belong */
    int count;
    struct machine_operand to[IR_MAX_RESULTS], from[IR_MAX_RESULTS];
};

struct chooser {
    struct ir *ir;
    const struct isa *isa;
    const struct ir_block *block;
    struct selected_block *out;
    uint32_t *by_op_first, *by_op; /* patterns indexed by root op: lists of instruction * 256 + pattern */
    int64_t move_cost;
    bool native; /* speculative instructions may be used */
    struct nest_list nests;
    bool has_nests; /* they have been looked for */
    int32_t scratch_used;
    struct result_moves pending; /* of a terminator's result, for the next block */
};

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

static bool same_value(struct ir *ir, struct ir_value a, struct ir_value b)
{
    if (a.kind != b.kind)
        return false;
    return a.kind == VALUE_ENTRY ? web_leader(ir, a.web) == web_leader(ir, b.web) : a.index == b.index;
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

/* Finds the trees. `cursor` is the last op not yet covered, going down. */
struct matcher {
    struct chooser *c;
    const struct isa_instruction *instruction;
    struct match *match;
    int64_t cursor;
    uint32_t lowest; /* ops before this one belong to others */
    const struct ir_op *call; /* the innermost one being matched; arguments that are mere moves may stand between what computes the */
    int64_t written[ISA_MAX_CHILDREN]; /* others, by argument: the move, or -1 */
};

static bool bind(struct matcher *m, int variable, struct ir_value value, char letter, const struct ir_op *op)
{
    struct bound *bound = &m->match->bounds[variable];
    if (bound->set)
        return same_value(m->c->ir, bound->value, value);
    *bound = (struct bound){.set = true, .value = value, .letter = letter, .op = op};
    return true;
}

static bool number_matches(const struct matcher *m, struct ir_value value, double number)
{
    if (value.kind != VALUE_CONSTANT)
        return false;
    const struct constant *constant = &m->c->ir->code->constants[value.index];
    if (constant->kind == CONSTANT_INT)
        return (double)constant->integer == number;
    return constant->kind == CONSTANT_FLOAT && constant->real == number;
}

static bool constant_matches(const struct matcher *m, const struct pattern_node *node, struct ir_value value)
{
    if (node->kind == PATTERN_NUMBER)
        return number_matches(m, value, node->number);
    return value.kind == VALUE_CONSTANT && (int)m->c->ir->code->constants[value.index].kind == node->named;
}

/* The argument of the call being matched that the op moves a constant or local variable to; -1: none. */
static int moved_argument(const struct matcher *m, const struct ir_op *op)
{
    if (!m->call || op->op != OP_move || op->results[0].kind != VALUE_ENTRY ||
        (op->operands[0].kind != VALUE_CONSTANT && op->operands[0].kind != VALUE_LOCAL))
        return -1;
    for (int i = 0; i + 2 < m->call->window_size && i < ISA_MAX_CHILDREN; i++)
        if (m->call->window_webs[2 + i] == op->results[0].web)
            return i;
    return -1;
}

/* Passes the moves that stand between the ops of a computed argument. */
static void pass_moves(struct matcher *m)
{
    while (m->cursor >= (int64_t)m->lowest) {
        int argument = moved_argument(m, &m->c->block->ops[m->cursor]);
        if (argument < 0)
            return;
        m->written[argument] = m->cursor--;
    }
}

static const struct ir_op *op_at_cursor(const struct matcher *m)
{
    return m->cursor >= (int64_t)m->lowest ? &m->c->block->ops[m->cursor] : NULL;
}

static bool produces(const struct matcher *m, const struct ir_op *op, struct ir_value value)
{
    return op && op->result_count == 1 && !op->pair_size && value.kind == VALUE_ENTRY && op->uses == 1 &&
           op->results[0].kind == VALUE_ENTRY && op->results[0].web == value.web && value.web >= 0 &&
           web_leader(m->c->ir, op->results[0].web) == web_leader(m->c->ir, value.web);
}

static bool match_node(struct matcher *m, const struct pattern_node *node, struct ir_value value);

/* The operands of `op`, which the cursor has just passed, against the children of a node. */
static bool match_children(struct matcher *m, const struct pattern_node *node, const struct ir_op *op)
{
    const char *letters = op_infos[op->op].operands;
    bool done[ISA_MAX_CHILDREN] = {false};
    int trees = 0;
    for (int i = 0; i < node->child_count; i++) {
        const struct pattern_node *child = node->children[i];
        if (child->kind == PATTERN_VARIABLE)
            done[i] = bind(m, child->variable, op->operands[i], letters[i], op);
        else if (child->kind == PATTERN_NUMBER || child->kind == PATTERN_NAMED)
            done[i] = constant_matches(m, child, op->operands[i]);
        else
            trees++;
        if (!done[i] && !pattern_kind_is_tree(child->kind))
            return false;
    }
    while (trees-- > 0) { /* whichever was computed last comes first */
        int next = -1;
        for (int i = 0; i < node->child_count && next < 0; i++)
            if (!done[i] && (pass_moves(m), produces(m, op_at_cursor(m), op->operands[i])))
                next = i;
        if (next < 0 || !match_node(m, node->children[next], op->operands[next]))
            return false;
        done[next] = true;
    }
    return true;
}

static const char *alias_path(const struct code *code, uint32_t name)
{
    const struct code_string *text = &code->names[name];
    for (uint32_t i = 0; code->unit && i < code->unit->alias_count; i++) {
        const struct import_alias *alias = &code->unit->aliases[i];
        if (alias->name.size == text->size && memcmp(alias->name.text, text->text, text->size) == 0)
            return alias->path;
    }
    return NULL;
}

/* The program's file imported `path` (so many bytes) under that name. */
static bool is_alias_of(const struct code *code, int32_t name, const char *path, size_t length)
{
    const char *alias = alias_path(code, (uint32_t)name);
    return alias && strlen(alias) == length && memcmp(alias, path, length) == 0;
}

static bool is_named(const struct code *code, int32_t name, const char *text, size_t length)
{
    return code->names[name].size == length && memcmp(code->names[name].text, text, length) == 0;
}

static bool is_global_load(const struct ir_op *op)
{
    return op && (op->op == OP_load_global || op->op == OP_load_global_null || op->op == OP_load_name);
}

/* load_global [load_attr ...] of what the first `length` bytes of the path name: a module, or a number of one. */
static bool match_path(struct matcher *m, const char *path, size_t length, struct ir_value object)
{
    const struct code *code = m->c->ir->code;
    pass_moves(m);
    const struct ir_op *op = op_at_cursor(m);
    size_t last = length;
    if (!produces(m, op, object))
        return false;
    m->cursor--;
    if (is_global_load(op))
        return is_alias_of(code, op->operands[0].index, path, length);
    while (last && path[last - 1] != '.')
        last--;
    if (op->op != OP_load_attr || !last || !is_named(code, op->operands[1].index, path + last, length - last))
        return false;
    return match_path(m, path, last - 1, op->operands[0]);
}

/* load_global [load_attr | load_method] of the function `path` into the call's window. */
static bool match_callee(struct matcher *m, const char *path, const struct ir_op *call)
{
    const struct code *code = m->c->ir->code;
    const struct ir_op *op = op_at_cursor(m);
    const char *dot = strrchr(path, '.'), *last = dot ? dot + 1 : path;
    int32_t window = call->window_webs[0], callee = call->window_webs[1];
    bool with_null = false; /* written by what loads the callee */
    if (op && (op->op == OP_load_method || op->op == OP_load_attr)) {
        int32_t written = op->results[0].web;
        struct ir_value object = op->operands[0];
        if (!dot || !is_named(code, op->operands[1].index, last, strlen(last)) ||
            written != (op->op == OP_load_method ? window : callee))
            return false;
        m->cursor--;
        const struct ir_op *module = op_at_cursor(m);
        with_null = is_global_load(module) && module->pair_size;
        if (!with_null && !match_path(m, path, (size_t)(dot - path), object))
            return false;
        if (with_null && (module->pair_webs[0] != window || module->pair_webs[1] != object.web ||
                          !is_alias_of(code, module->operands[0].index, path, (size_t)(dot - path))))
            return false;
        m->cursor -= with_null;
    } else if (is_global_load(op)) {
        const char *alias = alias_path(code, (uint32_t)op->operands[0].index);
        const struct code_string *name = &code->names[op->operands[0].index];
        bool builtin =
            !alias && !dot && name->size == strlen(path) && memcmp(name->text, path, name->size) == 0;
        if (op->results[0].web != (op->pair_size ? window : callee) ||
            (!builtin && (!alias || strcmp(alias, path) != 0)))
            return false;
        with_null = op->pair_size;
        m->cursor--;
    } else {
        return false;
    }
    const struct ir_op *null = with_null ? NULL : op_at_cursor(m);
    if (null && null->op == OP_push_null && null->results[0].web == window)
        m->cursor--;
    return true;
}

/* load_method of the method `path` into the call's window. */
static bool match_method(struct matcher *m, const char *path, const struct ir_op *call, struct ir_value *object)
{
    const struct ir_op *op = op_at_cursor(m);
    if (!op || op->op != OP_load_method || op->results[0].web != call->window_webs[0])
        return false;
    const char *last = strrchr(path, '.') + 1;
    if (!is_named(m->c->ir->code, op->operands[1].index, last, strlen(last)))
        return false;
    *object = op->operands[0];
    m->cursor--;
    return true;
}

/* The names of the call's last arguments are those of the pattern's, which come in that order into `order`. They stand behind the
 * arguments, but for those that are mere moves. */
static bool match_keywords(struct matcher *m, const struct pattern_node *node, const struct pattern_node **order)
{
    memcpy(order, node->children, (size_t)node->child_count * sizeof *order);
    if (!node->keyword_count)
        return true;
    int64_t at_names = m->cursor;
    while (at_names >= (int64_t)m->lowest && m->c->block->ops[at_names].op == OP_move)
        at_names--;
    const struct ir_op *op = at_names >= (int64_t)m->lowest ? &m->c->block->ops[at_names] : NULL;
    if (!op || op->op != OP_kw_names)
        return false;
    const struct constant *names = &m->c->ir->code->constants[op->operands[0].index];
    int first = node->child_count - node->keyword_count;
    if (names->kind != CONSTANT_TUPLE || names->size != (size_t)node->keyword_count)
        return false;
    for (int i = 0; i < node->keyword_count; i++) {
        int at = 0;
        while (at < node->keyword_count && (names->items[i].size != strlen(node->keywords[at]) ||
                                            memcmp(names->items[i].text, node->keywords[at], names->items[i].size) != 0))
            at++;
        if (at == node->keyword_count)
            return false;
        order[first + i] = node->children[first + at];
    }
    return true;
}

static void pass_names(struct matcher *m)
{
    const struct ir_op *op = op_at_cursor(m);
    if (op && op->op == OP_kw_names)
        m->cursor--;
}

/* The node against what `op`, at the cursor or among the constants written before, puts into a window. */
static bool match_member(struct matcher *m, const struct pattern_node *node, const struct ir_op *op, struct ir_value member,
                         bool written_before)
{
    if (!produces(m, op, member))
        return false;
    if (op->op == OP_move && !pattern_kind_is_tree(node->kind)) {
        m->cursor -= !written_before;
        member = op->operands[0];
    } else if (node->kind == PATTERN_VARIABLE) {
        return false; /* computed by ops outside the tree */
    }
    return match_node(m, node, member);
}

/* The arguments in the call's window, the last one first; a method's first child is its object. */
static bool match_arguments(struct matcher *m, const struct pattern_node *node, const struct ir_op *call, int first)
{
    const struct pattern_node *order[ISA_MAX_CHILDREN];
    if (!match_keywords(m, node, order))
        return false;
    for (int i = node->child_count - 1; i >= first; i--) {
        if (node->keyword_count)
            pass_names(m);
        int at = i - first;
        bool before = m->written[at] >= 0;
        const struct ir_op *op = before ? &m->c->block->ops[m->written[at]] : op_at_cursor(m);
        struct ir_value member = {VALUE_ENTRY, call->operands[0].index + 2 + at, call->window_webs[2 + at]};
        if (!match_member(m, order[i], op, member, before))
            return false;
    }
    if (node->keyword_count)
        pass_names(m);
    return true;
}

/* The items of a tuple or slice, the last one first. */
static bool match_display(struct matcher *m, const struct pattern_node *node, const struct ir_op *display)
{
    if (display->op != node->op || display->operands[1].index != node->child_count || display->window_size != node->child_count)
        return false;
    const struct ir_op *outer = m->call;
    bool matched = true;
    m->call = NULL;
    for (int i = node->child_count - 1; matched && i >= 0; i--) {
        struct ir_value member = {VALUE_ENTRY, display->operands[0].index + i, display->window_webs[i]};
        matched = match_member(m, node->children[i], op_at_cursor(m), member, false);
    }
    m->call = outer;
    return matched;
}

static bool match_call(struct matcher *m, const struct pattern_node *node, const struct ir_op *call)
{
    bool is_method = pattern_path_is_method(node->path);
    struct ir_value object;
    if ((call->op != OP_call && call->op != OP_call_function) || call->operands[1].index != node->child_count - is_method)
        return false;
    if (m->cursor >= (int64_t)m->lowest && op_at_cursor(m)->op == OP_precall)
        m->cursor--;
    const struct ir_op *outer = m->call;
    int64_t outer_written[ISA_MAX_CHILDREN];
    memcpy(outer_written, m->written, sizeof outer_written);
    m->call = call;
    memset(m->written, 0xff, sizeof m->written);
    bool matched = match_arguments(m, node, call, is_method);
    m->call = outer;
    memcpy(m->written, outer_written, sizeof outer_written);
    if (!matched || !is_method)
        return matched && match_callee(m, node->path, call);
    return match_method(m, node->path, call, &object) && match_node(m, node->children[0], object);
}

static bool match_node(struct matcher *m, const struct pattern_node *node, struct ir_value value)
{
    if (node->kind == PATTERN_VARIABLE)
        return bind(m, node->variable, value, 'v', NULL);
    if (node->kind == PATTERN_NUMBER || node->kind == PATTERN_NAMED)
        return constant_matches(m, node, value);
    pass_moves(m);
    if (node->kind == PATTERN_GLOBAL)
        return match_path(m, node->path, strlen(node->path), value);
    const struct ir_op *op = op_at_cursor(m);
    if (!produces(m, op, value))
        return false;
    m->cursor--;
    if (node->kind == PATTERN_CALL)
        return match_call(m, node, op);
    if (node->kind == PATTERN_DISPLAY)
        return match_display(m, node, op);
    bool is_call = node->op == OP_call && op->op == OP_call_function && !m->c->ir->elide_nulls;
    return (op->op == node->op || is_call) && match_children(m, node, op);
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

/* ---- conditions ---- */

/* The form of loop or expression that the op begins is the pattern's. */
static bool idiom_holds(struct chooser *c, enum idiom idiom, const struct ir_op *op)
{
    if (c->isa->no_idioms)
        return false;
    struct choice choice;
    if (!idiom_is_loop(idiom))
        return choice_read(c->ir->code, op->source, &choice) && choice.idiom == idiom;
    if (!c->has_nests)
        c->nests = nest_find(c->ir->code, c->ir->arena);
    c->has_nests = true;
    for (uint32_t i = 0; i < c->nests.count; i++)
        if (c->nests.nests[i]->instruction == op->source)
            return c->nests.nests[i]->idiom == idiom;
    return false;
}

/* The op of the block, before `last`, that writes the web. */
static int64_t find_writer(const struct chooser *c, uint32_t last, int32_t web)
{
    for (int64_t i = (int64_t)last - 1; i >= 0; i--) {
        const struct ir_op *op = &c->block->ops[i];
        if (op->pair_size ? op->pair_webs[0] == web || (op->pair_size > 1 && op->pair_webs[1] == web)
                          : op->result_count && op->results[0].kind == VALUE_ENTRY && op->results[0].web == web)
            return i;
    }
    return -1;
}

/* The path is that of a method: of whatever object, but for a module, whose functions are no methods. */
static bool method_holds(struct matcher *m, const char *path, const struct ir_op *call)
{
    struct ir_value object;
    if (!match_method(m, path, call, &object))
        return false;
    const struct ir_op *load = op_at_cursor(m);
    return !is_global_load(load) || !produces(m, load, object) ||
           !alias_path(m->c->ir->code, (uint32_t)load->operands[0].index);
}

/* Arguments of the call that the program gives by name. */
static int32_t count_named_arguments(const struct chooser *c, uint32_t call)
{
    for (int64_t i = (int64_t)call - 1; i >= 0 && c->block->ops[i].op != OP_call && c->block->ops[i].op != OP_call_function; i--)
        if (c->block->ops[i].op == OP_kw_names)
            return (int32_t)c->ir->code->constants[c->block->ops[i].operands[0].index].size;
    return 0;
}

/* The call's window holds the function that the pattern names, and the numbers it wants; other arguments may be anything. */
static bool callee_holds(struct chooser *c, const struct isa_instruction *instruction, const struct pattern *pattern,
                         const struct ir_op *call)
{
    uint32_t at = (uint32_t)(call - c->block->ops);
    int32_t count = call->operands[1].index, positional = count - count_named_arguments(c, at);
    if ((pattern->callee_open ? positional < pattern->callee_count : count != pattern->callee_count || positional != count) ||
        call->window_size != count + 2)
        return false;
    struct matcher m = {.c = c, .instruction = instruction, .cursor = find_writer(c, at, call->window_webs[1])};
    for (int i = 0; i < pattern->callee_count; i++) {
        bool compared = pattern->callee_ops[i] != OP_COUNT;
        if (isnan(pattern->callee_numbers[i]) && !pattern->callee_nones[i] && !compared)
            continue;
        int64_t writer = find_writer(c, at, call->window_webs[2 + i]);
        if (compared && (writer < 0 || c->block->ops[writer].op != pattern->callee_ops[i]))
            return false;
        if (compared)
            continue;
        if (writer < 0 || c->block->ops[writer].op != OP_move)
            return false;
        struct pattern_node wanted = {.kind = pattern->callee_nones[i] ? PATTERN_NAMED : PATTERN_NUMBER,
                                      .number = pattern->callee_numbers[i], .named = CONSTANT_NONE};
        if (!constant_matches(&m, &wanted, c->block->ops[writer].operands[0]))
            return false;
    }
    if (m.cursor < 0)
        return false;
    return pattern_path_is_method(pattern->callee) ? method_holds(&m, pattern->callee, call)
                                                   : match_callee(&m, pattern->callee, call);
}

/* Tries one pattern on the ops that end at `last`. */
static bool match_pattern(struct chooser *c, int instruction, int pattern_index, uint32_t last,
                          struct match *match)
{
    const struct isa_instruction *isa_instruction = &c->isa->instructions[instruction];
    const struct pattern *pattern = &isa_instruction->patterns[pattern_index];
    const struct ir_op *root = &c->block->ops[last];
    *match = (struct match){.instruction = instruction, .pattern = pattern_index, .last = last};
    if ((pattern->idiom || pattern->callee) && root->op == OP_call_function && c->ir->elide_nulls)
        return false; /* the condition looks at the whole window, and its null is not there */
    if (pattern->idiom && !idiom_holds(c, pattern->idiom, root))
        return false;
    if (isa_instruction->twin >= 0 &&
        c->ir->code->instructions[root->source].source_opcode != isa_instruction->opcode)
        return false;
    struct matcher m = {.c = c, .instruction = isa_instruction, .match = match, .cursor = (int64_t)last - 1};
    bool matched = pattern->tree->kind == PATTERN_CALL ? match_call(&m, pattern->tree, root)
                                                       : match_children(&m, pattern->tree, root);
    if (!matched || pattern->result_count != root->result_count)
        return false;
    const struct ir_op *call = !pattern->callee ? NULL : pattern->call == pattern->tree ? root
                                                       : match->bounds[pattern->call->children[0]->variable].op;
    if (call && !callee_holds(c, isa_instruction, pattern, call))
        return false;
    match->first = (uint32_t)(m.cursor + 1);
    for (int i = 0; i < pattern->result_count; i++)
        match->bounds[pattern->results[i]] =
            (struct bound){.set = true,
                           .value = root->results[i],
                           .op = root,
                           .letter = op_infos[root->op].results[i] == 'p' ? 'p' : 'R'};
    return place_match(c, match, pattern);
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
        if (!match_pattern(c, instruction, pattern, last, &match) || match.first < lowest)
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
