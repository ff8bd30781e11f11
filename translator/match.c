/* match.c - patterns against the ops of a block: the tree that the last ops form, the functions it names, and the forms of loop or
 * expression that it is for. */
#include "translator/select.h"

#include <math.h>
#include <string.h>

static bool same_value(struct ir *ir, struct ir_value a, struct ir_value b)
{
    if (a.kind != b.kind)
        return false;
    return a.kind == VALUE_ENTRY ? web_leader(ir, a.web) == web_leader(ir, b.web) : a.index == b.index;
}

/* Finds the trees. `cursor` is the last op not yet covered, going down. */
struct matcher {
    struct chooser *c;
    const struct isa_instruction *instruction;
    struct match *match;
    int64_t cursor;
    uint32_t lowest; /* ops before this one belong to others */
    const struct ir_op *call; /* the innermost one being matched */
    int64_t written[ISA_MAX_CHILDREN]; /* its arguments that are mere moves, which may stand between what computes the others: the
                                          move, or -1 */
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

bool match_pattern(struct chooser *c, int instruction, int pattern_index, uint32_t last, struct match *match)
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
    return true;
}
