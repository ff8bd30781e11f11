/* pattern.c - see pattern.h. A recursive-descent reader of
 *
 *   pattern = ("if" ["not"] tree "goto" name | [name {"," name} "="] tree) ["where" condition]
 *   condition = "arrays" | name of core/idiom.def | path "(" [(number | "None" | "_") {"," ...}] ")"
 *   tree    = number | "None" | "True" | "False" | name | name "(" [tree {"," tree}] ")"
 *           | "call" "(" path {"," tree} {"," name "=" tree} ")" | path of a number
 */
#include "core/pattern.h"

#include "core/code.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_TREE_DEPTH = 16, SLOT_KINDS = 1 << OPERAND_REG | 1 << OPERAND_STACK | 1 << OPERAND_LOCAL };

struct reader {
    struct spec *spec;
    const struct yaml_node *node;
    struct isa_instruction *instruction;
    struct pattern *pattern;
    const char *at; /* in node->text */
    unsigned used;  /* operands read so far, as bits */
    bool failed;
};

static bool fail_at(struct reader *reader, const char *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Only the first error of a pattern is told: those after it would be its consequences. */
static bool fail_at(struct reader *reader, const char *at, const char *format, ...)
{
    if (reader->failed)
        return false;
    reader->failed = true;
    va_list args;
    va_start(args, format);
    char *text = NULL;
    if (vasprintf(&text, format, args) < 0)
        abort();
    va_end(args);
    const struct yaml_node *node = reader->node;
    diag_error(reader->spec->diag, node->file, node->line, node->column + node->quoted + (int)(at - node->text), "%s",
               text);
    free(text);
    return false;
}

static void skip_space(struct reader *reader)
{
    while (*reader->at == ' ')
        reader->at++;
}

static bool accept(struct reader *reader, char c)
{
    skip_space(reader);
    if (*reader->at != c)
        return false;
    reader->at++;
    return true;
}

static const char *what_is_here(struct reader *reader)
{
    skip_space(reader);
    return *reader->at ? arena_printf(reader->spec->arena, "`%.12s`", reader->at) : "the end";
}

static bool expect(struct reader *reader, char c)
{
    return accept(reader, c) || fail_at(reader, reader->at, "found %s, expected `%c`", what_is_here(reader), c);
}

/* Length of the name at the reader's place: letters, digits, underscores, and dots when dotted. */
static size_t name_length(struct reader *reader, bool dotted)
{
    skip_space(reader);
    size_t length = 0;
    const char *at = reader->at;
    if (!isalpha((unsigned char)*at) && *at != '_')
        return 0;
    while (isalnum((unsigned char)at[length]) || at[length] == '_' || (dotted && at[length] == '.'))
        length++;
    return length;
}

static bool accept_word(struct reader *reader, const char *word)
{
    size_t length = name_length(reader, false);
    if (length != strlen(word) || memcmp(reader->at, word, length) != 0)
        return false;
    reader->at += length;
    return true;
}

static int operand_index(const struct isa_instruction *instruction, const char *name, size_t length)
{
    for (int i = 0; i < instruction->operand_count; i++)
        if (strlen(instruction->operands[i].name) == length &&
            memcmp(instruction->operands[i].name, name, length) == 0)
            return i;
    return -1;
}

static uint32_t kinds_of_letter(char letter, bool is_result)
{
    switch (letter) {
    case 'v':
        return is_result ? SLOT_KINDS
                         : SLOT_KINDS | 1 << OPERAND_TOP | 1 << OPERAND_DEPTH | 1 << OPERAND_CONST | 1 << OPERAND_IMM;
    case 'p':
        return 1 << OPERAND_WINDOW | 1 << OPERAND_STACK;
    case 'w':
        return 1 << OPERAND_WINDOW | 1 << OPERAND_STACK | 1 << OPERAND_TOP;
    case 'l':
        return 1 << OPERAND_LOCAL | 1 << OPERAND_INDEX;
    case 'k':
        return 1 << OPERAND_INDEX;
    case 's':
        return 1 << OPERAND_NAME;
    case 'n':
        return 1 << OPERAND_COUNT_FIELD;
    default:
        return 1 << OPERAND_TARGET | 1 << OPERAND_FORWARD | 1 << OPERAND_BACKWARD;
    }
}

/* "reg, local or stack" */
static const char *kinds_listed(struct spec *spec, uint32_t kinds)
{
    const char *listed = "";
    for (int kind = 0; kind < OPERAND_KIND_COUNT; kind++) {
        if (!(kinds & 1u << kind))
            continue;
        bool last = !(kinds >> kind >> 1);
        listed = arena_printf(spec->arena, "%s%s%s", listed, !*listed ? "" : last ? " or " : ", ",
                              operand_kind_names[kind]);
    }
    return listed;
}

static bool check_kinds(struct reader *reader, const char *at, int variable, char letter, bool is_result)
{
    const struct isa_operand *operand = &reader->instruction->operands[variable];
    uint32_t allowed = kinds_of_letter(letter, is_result);
    uint32_t wrong = operand->kinds & ~allowed;
    return !wrong || fail_at(reader, at, "found %s `%s` of kind %s, expected kind %s",
                             is_result ? "result" : "operand", operand->name, kinds_listed(reader->spec, wrong),
                             kinds_listed(reader->spec, allowed));
}

static struct pattern_node *read_tree(struct reader *reader, char letter, int depth);

static struct pattern_node *node_new(struct reader *reader, enum pattern_kind kind)
{
    struct pattern_node *node = ARENA_NEW(reader->spec->arena, struct pattern_node);
    node->kind = kind;
    node->op = OP_COUNT;
    node->variable = -1;
    return node;
}

static struct pattern_node *read_variable(struct reader *reader, const char *name, size_t length, char letter)
{
    int variable = operand_index(reader->instruction, name, length);
    if (variable < 0)
        return fail_at(reader, name, "found unknown operand `%.*s`, expected one that `operands` declares",
                       (int)length, name), NULL;
    const char *text = reader->instruction->operands[variable].name;
    if (reader->used & 1u << variable && reader->instruction->operands[variable].kinds & 1u << OPERAND_STACK)
        return fail_at(reader, name, "found operand `%s` twice, expected once: it may be popped from the stack", text),
               NULL;
    for (int i = 0; i < reader->pattern->result_count; i++)
        if (reader->pattern->results[i] == variable)
            return fail_at(reader, name, "found `%s` as result and operand, expected two names", text), NULL;
    if (!check_kinds(reader, name, variable, letter, false))
        return NULL;
    reader->used |= 1u << variable;
    struct pattern_node *node = node_new(reader, PATTERN_VARIABLE);
    node->variable = variable;
    return node;
}

static struct pattern_node *read_number(struct reader *reader, char letter)
{
    char *end;
    const char *start = reader->at;
    if (letter != 'v' && letter != 'n')
        return fail_at(reader, start, "found a number, expected an operand"), NULL;
    struct pattern_node *node = node_new(reader, PATTERN_NUMBER);
    node->number = strtod(start, &end);
    reader->at = end;
    return node;
}

/* None, True or False. */
static struct pattern_node *read_named(struct reader *reader, const char *name, size_t length)
{
    static const struct { const char *text; enum constant_kind kind; } named[] = {
        {"None", CONSTANT_NONE}, {"True", CONSTANT_TRUE}, {"False", CONSTANT_FALSE}};
    for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
        if (*name != *named[i].text || strlen(named[i].text) != length || memcmp(named[i].text, name, length) != 0)
            continue;
        struct pattern_node *node = node_new(reader, PATTERN_NAMED);
        node->named = named[i].kind;
        return node;
    }
    return NULL;
}

/* `name =` before an argument; NULL: it has none. */
static const char *accept_keyword(struct reader *reader)
{
    size_t length = name_length(reader, false);
    const char *name = reader->at, *behind = name + length;
    while (*behind == ' ')
        behind++;
    if (!length || *behind != '=')
        return NULL;
    reader->at = behind + 1;
    return arena_copy(reader->spec->arena, name, length);
}

/* The arguments after "call(path"; a call of a native function by its path. */
static struct pattern_node *read_native_call(struct reader *reader, int depth)
{
    struct pattern_node *node = node_new(reader, PATTERN_CALL);
    size_t length = name_length(reader, true);
    node->path = arena_copy(reader->spec->arena, reader->at, length);
    node->op = OP_call;
    reader->at += length;
    while (accept(reader, ',')) {
        if (node->child_count == ISA_MAX_CHILDREN)
            return fail_at(reader, reader->at, "found a call with more than %d arguments", ISA_MAX_CHILDREN), NULL;
        const char *keyword = accept_keyword(reader);
        if (!keyword && node->keyword_count)
            return fail_at(reader, reader->at, "found an argument without a name, expected one as those before it have"), NULL;
        struct pattern_node *child = read_tree(reader, 'v', depth + 1);
        if (!child)
            return NULL;
        if (keyword)
            node->keywords[node->keyword_count++] = keyword;
        node->children[node->child_count++] = child;
    }
    if (!expect(reader, ')'))
        return NULL;
    reader->pattern->speculative = true;
    reader->pattern->op_count += 2 + (strchr(node->path, '.') != NULL) + (node->keyword_count != 0);
    return node;
}

bool pattern_global_number(const char *path, double *number)
{
    static const struct { const char *path; double number; } known[] = {
        {"math.pi", 3.141592653589793}, {"math.e", 2.718281828459045}, {"math.tau", 6.283185307179586}, {"math.inf", HUGE_VAL},
        {"numpy.pi", 3.141592653589793}, {"numpy.e", 2.718281828459045}, {"numpy.inf", HUGE_VAL}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i].path, path) == 0) {
            *number = known[i].number;
            return true;
        }
    return false;
}

/* module.name, of a number. */
static struct pattern_node *read_global(struct reader *reader)
{
    size_t length = name_length(reader, true);
    double number;
    struct pattern_node *node = node_new(reader, PATTERN_GLOBAL);
    node->path = arena_copy(reader->spec->arena, reader->at, length);
    if (!pattern_global_number(node->path, &number))
        return fail_at(reader, reader->at, "found `%s`, expected a module's number such as math.pi", node->path), NULL;
    reader->at += length;
    reader->pattern->speculative = true;
    reader->pattern->op_count += 2;
    return node;
}

/* build_tuple, build_list or build_slice further in: of its items. */
static struct pattern_node *read_display(struct reader *reader, enum op op, int depth)
{
    struct pattern_node *node = node_new(reader, PATTERN_DISPLAY);
    node->op = op;
    reader->pattern->op_count++;
    do {
        if (node->child_count == ISA_MAX_CHILDREN)
            return fail_at(reader, reader->at, "found a display of more than %d items", ISA_MAX_CHILDREN), NULL;
        if (!(node->children[node->child_count++] = read_tree(reader, 'v', depth + 1)))
            return NULL;
    } while (accept(reader, ','));
    return expect(reader, ')') ? node : NULL;
}

static struct pattern_node *read_operands(struct reader *reader, enum op op, int depth)
{
    struct pattern_node *node = node_new(reader, PATTERN_OP);
    const struct op_info *info = &op_infos[op];
    int expected = (int)strlen(info->operands);
    const char *start = reader->at;
    node->op = op;
    if (op == OP_call)
        reader->pattern->call = node;
    reader->pattern->op_count++;
    bool done = accept(reader, ')');
    while (!done) {
        if (node->child_count == expected)
            return fail_at(reader, start, "found more operands for `%s`, expected %d", info->name, expected), NULL;
        struct pattern_node *child = read_tree(reader, info->operands[node->child_count], depth + 1);
        if (!child)
            return NULL;
        node->children[node->child_count++] = child;
        done = !accept(reader, ',');
        if (done && !expect(reader, ')'))
            return NULL;
    }
    if (node->child_count != expected)
        return fail_at(reader, start, "found %d operands for `%s`, expected %d", node->child_count, info->name,
                       expected), NULL;
    return node;
}

static bool is_native_call(struct reader *reader)
{
    const char *path = reader->at;
    size_t length = name_length(reader, true);
    path = reader->at;
    return length && operand_index(reader->instruction, path, length) < 0;
}

/* Ops that end a block, suspend the frame or read a window cannot be followed by more of the same instruction. */
static bool must_be_outermost(enum op op)
{
    return op_infos[op].flags & OP_TERMINATOR || op == OP_yield || strchr(op_infos[op].operands, 'w');
}

static struct pattern_node *read_tree(struct reader *reader, char letter, int depth)
{
    if (depth > MAX_TREE_DEPTH)
        return fail_at(reader, reader->at, "found a pattern nested deeper than %d ops", MAX_TREE_DEPTH), NULL;
    skip_space(reader);
    const char *start = reader->at;
    if (isdigit((unsigned char)*start) || (*start == '-' && isdigit((unsigned char)start[1])))
        return read_number(reader, letter);
    size_t length = name_length(reader, false);
    if (!length)
        return fail_at(reader, start, "found %s, expected an op or an operand", what_is_here(reader)), NULL;
    if (letter == 'v' && start[length] == '.')
        return read_global(reader);
    reader->at += length;
    struct pattern_node *named = letter == 'v' ? read_named(reader, start, length) : NULL;
    if (named)
        return named;
    if (!accept(reader, '('))
        return read_variable(reader, start, length, letter);
    if (depth && letter != 'v')
        return fail_at(reader, start, "found an op where no value goes, expected an operand"), NULL;
    if (length == 4 && memcmp(start, "call", 4) == 0 && is_native_call(reader))
        return read_native_call(reader, depth);
    enum op op = op_by_name(start, length);
    if (op == OP_COUNT)
        return fail_at(reader, start, "found unknown op `%.*s`, expected one of core/ops.def", (int)length, start),
               NULL;
    if (depth && strcmp(op_infos[op].results, "v") != 0)
        return fail_at(reader, start, "found op `%s` as an operand, expected one with one value as its result",
                       op_infos[op].name), NULL;
    if (depth && (op == OP_build_tuple || op == OP_build_list || op == OP_build_slice))
        return read_display(reader, op, depth);
    if (depth && must_be_outermost(op) && op != OP_call) /* whose condition comes later */
        return fail_at(reader, start, "found op `%s` as an operand, expected it outermost: it %s", op_infos[op].name,
                       strchr(op_infos[op].operands, 'w') ? "takes a window" : "leaves the block"), NULL;
    return read_operands(reader, op, depth);
}

static void read_results(struct reader *reader)
{
    struct pattern *pattern = reader->pattern;
    if (!strchr(reader->at, '='))
        return;
    do {
        size_t length = name_length(reader, false);
        const char *name = reader->at;
        int variable = operand_index(reader->instruction, name, length);
        if (!length || variable < 0) {
            fail_at(reader, name, "found %s, expected a result that `operands` declares",
                    length ? arena_printf(reader->spec->arena, "`%.*s`", (int)length, name) : what_is_here(reader));
            return;
        }
        for (int i = 0; i < pattern->result_count; i++)
            if (pattern->results[i] == variable)
                fail_at(reader, name, "found result `%.*s` twice", (int)length, name);
        reader->at += length;
        if (pattern->result_count == 3) {
            fail_at(reader, name, "found more than 3 results");
            return;
        }
        pattern->results[pattern->result_count++] = variable;
    } while (accept(reader, ','));
    expect(reader, '=');
}

static void check_results(struct reader *reader)
{
    struct pattern *pattern = reader->pattern;
    const struct pattern_node *tree = pattern->tree;
    const char *letters = "v";
    if (tree->kind == PATTERN_OP)
        letters = op_infos[tree->op].results;
    else if (tree->kind != PATTERN_CALL)
        fail_at(reader, reader->node->text, "found a pattern without an op, expected one such as `d = move(a)`");
    if (!reader->failed && (int)strlen(letters) != pattern->result_count)
        fail_at(reader, reader->node->text, "found %d results, expected %d", pattern->result_count,
                (int)strlen(letters));
    for (int i = 0; !reader->failed && i < pattern->result_count; i++)
        if (check_kinds(reader, reader->node->text, pattern->results[i], letters[i], true))
            reader->instruction->operands[pattern->results[i]].is_result = true;
}

/* `if [not] tree goto t`, after the `if`. */
static void read_branch(struct reader *reader)
{
    bool negated = accept_word(reader, "not");
    if (negated && *reader->at == '(') { /* `if not(a) goto t` is the op */
        reader->at -= 3;
        negated = false;
    }
    struct pattern_node *root = node_new(reader, PATTERN_OP);
    root->op = negated ? OP_jump_if_false : OP_jump_if_true;
    root->child_count = 2;
    reader->pattern->tree = root;
    reader->pattern->op_count++;
    root->children[0] = read_tree(reader, 'v', 1);
    if (!root->children[0])
        return;
    if (!accept_word(reader, "goto")) {
        fail_at(reader, reader->at, "found %s, expected `goto`", what_is_here(reader));
        return;
    }
    size_t length = name_length(reader, false);
    const char *name = reader->at;
    if (!length) {
        fail_at(reader, name, "found %s, expected a target", what_is_here(reader));
        return;
    }
    reader->at += length;
    root->children[1] = read_variable(reader, name, length, 't');
}

/* gt(_, _): the argument is what a comparison gave. */
static bool accept_comparison(struct reader *reader, enum op *op)
{
    size_t length = name_length(reader, false);
    *op = length ? op_by_name(reader->at, length) : OP_COUNT;
    if (*op < OP_lt || *op > OP_ge) {
        *op = OP_COUNT;
        return false;
    }
    reader->at += length;
    expect(reader, '(');
    for (int i = 0; i < 2 && !reader->failed; i++) {
        skip_space(reader);
        if (!accept_word(reader, "_"))
            fail_at(reader, reader->at, "found %s, expected `_`", what_is_here(reader));
        expect(reader, i ? ')' : ',');
    }
    return true;
}

/* path(number or _, ...): the call's callee, and its arguments, which are in the window. */
static void read_callee(struct reader *reader, const char *path, size_t length)
{
    struct pattern *pattern = reader->pattern;
    if (!pattern->call) {
        fail_at(reader, path, "found a condition on the function called, expected it behind `d = call(w, n)`");
        return;
    }
    pattern->callee = arena_copy(reader->spec->arena, path, length);
    bool done = accept(reader, ')');
    while (!done && !reader->failed) {
        skip_space(reader);
        if (strncmp(reader->at, "...", 3) == 0) {
            reader->at += 3;
            pattern->callee_open = true;
            expect(reader, ')');
            return;
        }
        if (pattern->callee_count == ISA_MAX_CHILDREN) {
            fail_at(reader, reader->at, "found a call with more than %d arguments", ISA_MAX_CHILDREN);
            return;
        }
        double *number = &pattern->callee_numbers[pattern->callee_count++];
        *number = (double)NAN;
        pattern->callee_ops[pattern->callee_count - 1] = OP_COUNT;
        if (accept_word(reader, "None")) {
            pattern->callee_nones[pattern->callee_count - 1] = true;
        } else if (!accept_comparison(reader, &pattern->callee_ops[pattern->callee_count - 1]) && !accept_word(reader, "_")) {
            char *end;
            *number = strtod(reader->at, &end);
            if (end == reader->at)
                fail_at(reader, reader->at, "found %s, expected a number, None, `_`, a comparison such as `gt(_, _)`, or `...`",
                        what_is_here(reader));
            reader->at = end;
        }
        done = !accept(reader, ',');
        if (done)
            expect(reader, ')');
    }
}

static bool compares_variables(const struct pattern_node *test)
{
    return test->kind == PATTERN_OP && test->op >= OP_lt && test->op <= OP_ge && test->children[0]->kind == PATTERN_VARIABLE &&
           test->children[1]->kind == PATTERN_VARIABLE;
}

/* The op that a form of core/idiom.def begins with. */
static bool idiom_fits(enum idiom idiom, const struct pattern_node *tree)
{
    if (tree->kind != PATTERN_OP)
        return false;
    if (!idiom_is_loop(idiom))
        return (tree->op == OP_jump_if_false || tree->op == OP_jump_if_true) && compares_variables(tree->children[0]) &&
               tree->children[0]->op != OP_eq && tree->children[0]->op != OP_ne;
    if (tree->op == OP_jump_if_false) /* a while loop's first test */
        return compares_variables(tree->children[0]);
    return tree->op == OP_call || (tree->op == OP_get_iter && tree->children[0]->kind == PATTERN_VARIABLE);
}

/* After `where`. */
static void read_condition(struct reader *reader)
{
    size_t length = name_length(reader, true);
    const char *name = reader->at;
    reader->at += length;
    reader->pattern->speculative = true;
    if (length && accept(reader, '(')) {
        read_callee(reader, name, length);
        return;
    }
    if (length == 6 && memcmp(name, "arrays", 6) == 0) {
        reader->pattern->arrays = true;
        return;
    }
    reader->pattern->idiom = idiom_by_name(name, length);
    if (!reader->pattern->idiom) {
        reader->at = name;
        fail_at(reader, name,
                "found %s after `where`, expected `arrays`, a form of core/idiom.def or a function's path with its arguments",
                what_is_here(reader));
    } else if (!idiom_fits(reader->pattern->idiom, reader->pattern->tree)) {
        fail_at(reader, name, "found `where %.*s` behind another op, expected it behind %s", (int)length, name,
                idiom_is_loop(reader->pattern->idiom) ? "`d = get_iter(a)`, `d = call(w, n)` or `if not lt(a, b) goto t`"
                                                      : "`if not gt(a, b) goto t`");
    }
}

bool pattern_parse(struct spec *spec, struct isa_instruction *instruction, const struct yaml_node *node,
                   struct pattern *pattern)
{
    if (node->kind != YAML_SCALAR || yaml_is_null(node))
        return spec_error(spec, node, "found %s, expected a pattern such as `d = add(a, b)`",
                          yaml_describe(spec->arena, node));
    struct reader reader = {.spec = spec, .node = node, .instruction = instruction, .pattern = pattern};
    *pattern = (struct pattern){.text = node->text};
    reader.at = node->text;
    if (accept_word(&reader, "if")) {
        read_branch(&reader);
    } else {
        read_results(&reader);
        if (!reader.failed)
            pattern->tree = read_tree(&reader, 'v', 0);
        if (!reader.failed)
            check_results(&reader);
    }
    if (!reader.failed && accept_word(&reader, "where"))
        read_condition(&reader);
    if (!reader.failed && pattern->call && pattern->call != pattern->tree && !pattern->callee)
        fail_at(&reader, node->text, "found op `call` as an operand, expected it outermost, or `where` and the function it calls");
    skip_space(&reader);
    if (!reader.failed && *reader.at)
        fail_at(&reader, reader.at, "found `%.12s` after the pattern, expected nothing", reader.at);
    pattern->used = reader.used;
    for (int i = 0; i < pattern->result_count; i++)
        pattern->used |= 1u << pattern->results[i];
    return !reader.failed;
}

bool pattern_guards_operands(const struct isa *isa, const struct pattern *pattern)
{
    const char *unit = isa->machine->units[pattern->unit].name;
    return pattern->speculative && !pattern->idiom &&
           (pattern->arrays || !strcmp(unit, "tensor") || !strcmp(unit, "activation") || !strcmp(unit, "vector"));
}

bool pattern_path_is_method(const char *path)
{
    return strncmp(path, "numpy.ndarray.", 14) == 0 || strncmp(path, "numpy.ufunc.", 12) == 0;
}

enum op pattern_single_op(const struct pattern *pattern)
{
    const struct pattern_node *tree = pattern->tree;
    if (!tree || tree->kind != PATTERN_OP || pattern->speculative)
        return OP_COUNT;
    unsigned used = 0;
    for (int i = 0; i < tree->child_count; i++) {
        if (tree->children[i]->kind != PATTERN_VARIABLE || used & 1u << tree->children[i]->variable)
            return OP_COUNT;
        used |= 1u << tree->children[i]->variable;
    }
    return tree->op;
}

static void operand_signature(const struct isa_operand *operand, struct buffer *text)
{
    buffer_printf(text, "%x/%d/%d", (unsigned)operand->kinds, operand->imm_bits, operand->top_depth);
}

/* `order` numbers the operands as the tree meets them, so that only which are the same counts, not their names. */
static void tree_signature(const struct isa_instruction *instruction, const struct pattern_node *node,
                           int order[ISA_MAX_OPERANDS], struct buffer *text)
{
    switch (node->kind) {
    case PATTERN_VARIABLE: {
        int met = 0;
        for (int i = 0; i < ISA_MAX_OPERANDS; i++)
            met += order[i] != 0;
        if (!order[node->variable])
            order[node->variable] = met + 1;
        buffer_printf(text, "%d:", order[node->variable]);
        operand_signature(&instruction->operands[node->variable], text);
        return;
    }
    case PATTERN_NUMBER:
        buffer_printf(text, "#%.17g", node->number);
        return;
    case PATTERN_NAMED:
        buffer_printf(text, "named:%d", node->named);
        return;
    case PATTERN_CALL:
        buffer_printf(text, "call:%s(", node->path);
        for (int i = 0; i < node->keyword_count; i++)
            buffer_printf(text, "%s=", node->keywords[i]);
        break;
    case PATTERN_GLOBAL:
        buffer_printf(text, "global:%s", node->path);
        return;
    case PATTERN_OP: case PATTERN_DISPLAY:
        buffer_printf(text, "%s(", op_infos[node->op].name);
        break;
    }
    for (int i = 0; i < node->child_count; i++) {
        tree_signature(instruction, node->children[i], order, text);
        buffer_add_byte(text, ',');
    }
    buffer_add_byte(text, ')');
}

void pattern_signature(const struct isa_instruction *instruction, const struct pattern *pattern, struct buffer *text)
{
    for (int i = 0; i < pattern->result_count; i++) {
        operand_signature(&instruction->operands[pattern->results[i]], text);
        buffer_add_byte(text, '=');
    }
    int order[ISA_MAX_OPERANDS] = {0};
    tree_signature(instruction, pattern->tree, order, text);
    buffer_printf(text, "|%s|%s%s", pattern->arrays ? "arrays" : idiom_names[pattern->idiom],
                  pattern->callee ? pattern->callee : "", pattern->callee_open ? "..." : "");
    for (int i = 0; i < pattern->callee_count; i++)
        if (pattern->callee_ops[i] != OP_COUNT)
            buffer_printf(text, " %s", op_infos[pattern->callee_ops[i]].name);
        else
            buffer_printf(text, pattern->callee_nones[i] ? " None" : " %.17g", pattern->callee_numbers[i]);
}
