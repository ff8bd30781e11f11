/* predecode.c - machine code bytes -> the engine's words. Each instruction is decoded from its bytes; its pattern is its
 * expansion into ops; the operands' places become frame slots by the conventions of core/program.h. */
#include "core/program.h"
#include "sim/engine/builder.h"
#include "sim/engine/liveness.h"
#include "sim/engine/nest.h"
#include "sim/engine/observe.h"
#include "sim/runtime/iterator.h"
#include "translator/kept.h"
#include "sim/engine/trace_events.h"

#include <assert.h>
#include <stdlib.h>

enum { MAX_FIELDS = 8 };

/* ---- ops with forms of their own ---- */

static bool is_binary(enum op op)
{
    return op >= OP_add && op <= OP_ixor;
}

static void emit_binary(struct builder *builder, enum op op, uint32_t result, struct location a, struct location b)
{
    static const uint16_t right_constant[] = {
#define X(name, NAME) [OP_##name - OP_add] = FORM_##name##_rk, [OP_i##name - OP_add] = FORM_i##name##_rk,
        BINARY_FORMS(X)
#undef X
    };
    static const uint16_t left_constant[] = {
#define X(name, NAME) [OP_##name - OP_add] = FORM_##name##_kr,
        BINARY_FORMS(X)
#undef X
    };
    if (b.kind == LOCATION_CONSTANT && a.kind == LOCATION_SLOT) {
        builder_add_op(builder, right_constant[op - OP_add], result, a.slot, 0);
        builder_add_value(builder, b.constant);
    } else if (a.kind == LOCATION_CONSTANT && b.kind == LOCATION_SLOT && op < OP_iadd) {
        builder_add_op(builder, left_constant[op - OP_add], result, 0, b.slot);
        builder_add_value(builder, a.constant);
    } else {
        uint32_t left = builder_slot_of(builder, a), right = builder_slot_of(builder, b);
        builder_add_op(builder, (unsigned)op, result, left, right);
    }
}

static void emit_compare(struct builder *builder, enum op op, uint32_t result, struct location a, struct location b)
{
    static const uint16_t right_constant[] = {
#define X(name, NAME, sign) [OP_##name - OP_lt] = FORM_##name##_rk,
        COMPARE_FORMS(X)
#undef X
    };
    if (b.kind == LOCATION_CONSTANT) {
        uint32_t left = builder_slot_of(builder, a);
        builder->last_compare = builder_add_op(builder, right_constant[op - OP_lt], result, left, 0);
        builder_add_value(builder, b.constant);
    } else {
        uint32_t left = builder_slot_of(builder, a);
        builder->last_compare = builder_add_op(builder, (unsigned)op, result, left, b.slot);
    }
}

/* A branch on the comparison just emitted becomes one form with it. Its words: a = the comparison's result, which it still
 * writes, b, c; [constant] for _rk; [sense] target count taken. */
static bool emit_fused_branch(struct builder *builder, bool sense, uint32_t slot, uint32_t block)
{
    static const struct { uint16_t compare, branch; } pairs[] = {
#define X(name, NAME, sign) {FORM_##name, FORM_jump_##name}, {FORM_##name##_rk, FORM_jump_##name##_rk},
        COMPARE_FORMS(X)
#undef X
    };
    if (builder->last_compare == NO_WORD)
        return false;
    word *compare = &builder->state->words[builder->last_compare];
    if (compare->f.a != slot)
        return false;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        if (pairs[i].compare != compare->f.op)
            continue;
        compare->f.op = pairs[i].branch;
        builder_add_value(builder, sense ? TRUE : FALSE);
        builder_add_target(builder, block);
        builder_add_counters(builder, true);
        return true;
    }
    return false;
}

static void emit_call(struct builder *builder, enum op op, uint32_t result, uint32_t window, int32_t count)
{
    builder_add_op(builder, (unsigned)op, result, window, (uint32_t)count);
    builder_add_value(builder, builder->keyword_names);
    builder_add_zeros(builder, CACHE_CALL);
    builder->keyword_names = VALUE_NULL;
}

/* `for a, b in ...`: the for_iter just emitted may hand its items over without making a tuple when nobody else can see it: its
 * slot is no local's home. The for_iter's field c says how many items the unpacking after it wants. */
static void mark_unpacking_iteration(struct builder *builder, uint32_t item, uint32_t count)
{
    struct code_state *state = builder->state;
    if (state->word_count < 4 || builder->code->instructions[builder->source].block == 0)
        return;
    word *before = &state->words[state->word_count - 4];
    if (before->f.op != FORM_for_iter || before->f.a != item ||
        state->word_count != state->block_words[builder->block])
        return;
    for (uint32_t i = 0; i < builder->code->local_count; i++)
        if (builder->function->local_slots[i] == item)
            return;
    before->f.c = (uint16_t)count;
}

/* `x[a:b]`: the slice just built is an operand of the load_item that comes next, and of nothing else when their bytecode
 * instructions are neighbours too. */
static void mark_slice(struct builder *builder, struct location key)
{
    struct code_state *state = builder->state;
    if (key.kind != LOCATION_SLOT || state->word_count == state->block_words[builder->block] || !state->op_word_count)
        return;
    uint32_t before = state->op_words[state->op_word_count - 1];
    word *slice = &state->words[before];
    if (before + 1 == state->word_count && slice->f.op == FORM_build_slice && slice->f.a == key.slot &&
        state->word_source[before] + 1 == builder->source)
        slice->f.op = FORM_build_slice_once;
}

static bool emit_special(struct builder *builder, enum op op, const struct location *results, const struct location *operands)
{
    switch (op) {
    case OP_nop: case OP_precall: case OP_drop:
        return true;
    case OP_kw_names:
        builder->keyword_names = builder_constant(builder, operands[0].number);
        return true;
    case OP_push_null:
        builder_add_op(builder, FORM_load_const, results[0].slot, 0, 0);
        builder_add_value(builder, VALUE_NULL);
        return true;
    case OP_move:
        if (operands[0].kind == LOCATION_CONSTANT) {
            builder_add_op(builder, FORM_load_const, results[0].slot, 0, 0);
            builder_add_value(builder, operands[0].constant);
        } else if (operands[0].slot != results[0].slot) {
            builder_add_op(builder, FORM_move, results[0].slot, operands[0].slot, 0);
        }
        return true;
    case OP_copy_free_vars: {
        uint32_t first = builder->code->local_count - builder->code->free_count;
        for (uint32_t i = 0; i < builder->code->free_count; i++)
            builder_add_op(builder, FORM_load_free, builder->function->local_slots[first + i], i, 0);
        return true;
    }
    case OP_lt: case OP_le: case OP_eq: case OP_ne: case OP_gt: case OP_ge:
        emit_compare(builder, op, results[0].slot, operands[0], operands[1]);
        return true;
    case OP_jump_if_true: case OP_jump_if_false:
        return operands[0].kind == LOCATION_SLOT &&
               emit_fused_branch(builder, op == OP_jump_if_true, operands[0].slot, (uint32_t)operands[1].number);
    case OP_load_item:
        if (operands[0].kind == LOCATION_SLOT)
            mark_slice(builder, operands[1]);
        return false;
    case OP_unpack_2: case OP_unpack_3: case OP_unpack: {
        uint32_t count = op == OP_unpack_2 ? 2 : op == OP_unpack_3 ? 3 : (uint32_t)operands[1].number;
        if (operands[0].kind == LOCATION_SLOT && count >= 2 && count <= ZIP_INLINE_MAXIMUM)
            mark_unpacking_iteration(builder, operands[0].slot, count);
        return false;
    }
    case OP_return:
        if (operands[0].kind != LOCATION_CONSTANT)
            return false;
        builder_add_op(builder, FORM_return_const, 0, 0, 0);
        builder_add_value(builder, operands[0].constant);
        builder_add_counters(builder, false);
        return true;
    case OP_call: case OP_call_function:
        emit_call(builder, op, results[0].slot, operands[0].slot, operands[1].number);
        return true;
    case OP_send:
        builder->suspended_from = (operands[0].kind == LOCATION_SLOT ? operands[0].slot : 0) + 1;
        return false;
    case OP_yield: {
        uint32_t slot = builder_slot_of(builder, operands[0]);
        builder_add_op(builder, FORM_yield, results[0].slot, slot, builder->suspended_from);
        builder_add_counters(builder, false);
        builder->suspended_from = 0;
        return true;
    }
    default:
        if (!is_binary(op))
            return false;
        emit_binary(builder, op, results[0].slot, operands[0], operands[1]);
        return true;
    }
}

static int cache_words(enum op op)
{
    switch (op) {
    case OP_load_attr: case OP_load_method: case OP_store_attr:
        return CACHE_ATTRIBUTE;
    case OP_load_global: case OP_load_global_null:
        return CACHE_GLOBAL;
    case OP_call_ex: /* as long as a call */
        return 1 + CACHE_CALL;
    default:
        return 0;
    }
}

/* Any op by the general rule of forms.h. */
static void emit_op(struct builder *builder, enum op op, const struct location *results, const struct location *operands)
{
    if (emit_special(builder, op, results, operands))
        return;
    const struct op_info *info = &op_infos[op];
    uint32_t fields[MAX_FIELDS] = {0};
    int field_count = 0;
    for (int i = 0; info->results[i]; i++)
        fields[field_count++] = results[i].slot;
    for (int i = 0; info->operands[i]; i++) {
        switch (info->operands[i]) {
        case 'v':
            fields[field_count++] = builder_slot_of(builder, operands[i]);
            break;
        case 'w':
            fields[field_count++] = operands[i].slot;
            break;
        case 'l':
            fields[field_count++] = operands[i].slot;
            fields[field_count++] = (uint32_t)operands[i].number;
            break;
        case 'n':
            fields[field_count++] = (uint32_t)operands[i].number;
            break;
        default:
            break;
        }
    }
    builder_add_op(builder, (unsigned)op, fields[0], fields[1], fields[2]);
    if (field_count > 3)
        builder_add_word(builder,
                         (word){.f = {(uint16_t)fields[3], (uint16_t)fields[4], (uint16_t)fields[5], (uint16_t)fields[6]}});
    for (int i = 0; info->operands[i]; i++) {
        if (info->operands[i] == 'k')
            builder_add_value(builder, builder_constant(builder, operands[i].number));
        else if (info->operands[i] == 's')
            builder_add_value(builder, builder_name(builder, operands[i].number));
    }
    builder_add_zeros(builder, cache_words(op));
    for (int i = 0; info->operands[i]; i++)
        if (info->operands[i] == 't')
            builder_add_target(builder, (uint32_t)operands[i].number);
    if (info->flags & OP_TERMINATOR)
        builder_add_counters(builder, strchr(info->operands, 't') && op != OP_jump);
}

/* ---- patterns ---- */

/* The bytecode instruction that an op of the instruction being expanded stands for: the next one with that op. */
static void advance_source(struct builder *builder, enum op op)
{
    for (uint32_t i = builder->source_cursor; i <= builder->source_last; i++) {
        unsigned found = builder->code->instructions[i].op;
        if (found == (unsigned)op || (op == OP_call_function && found == OP_call) ||
            (op == OP_load_global && found == OP_load_global_null)) {
            builder->source = i;
            builder->source_cursor = i + 1;
            return;
        }
    }
}

static struct location expand_node(struct builder *builder, const struct pattern_node *node,
                                   const struct location *operands, const struct location *results);

static const struct instruction *find_source(struct builder *builder, enum op op, enum op other)
{
    for (uint32_t i = builder->source_cursor; i <= builder->source_last; i++) {
        const struct instruction *instruction = &builder->code->instructions[i];
        if (instruction->op == op || instruction->op == other) {
            builder->source = i;
            builder->source_cursor = i + 1;
            return instruction;
        }
    }
    return NULL;
}

/* What the program loads under a path: a global, and perhaps an attribute of it. Into the first two slots of the window, as a
 * callee. */
static void expand_path(struct builder *builder, uint32_t window)
{
    const struct instruction *global = find_source(builder, OP_load_global, OP_load_global_null);
    if (!global)
        global = find_source(builder, OP_load_name, OP_load_name);
    assert(global);
    struct location zero = {.kind = LOCATION_NUMBER, .number = (int32_t)global->argument};
    struct location callee = in_slot(window + 1);
    enum op load = global->op == OP_load_name ? OP_load_name : OP_load_global;
    emit_op(builder, load, &callee, &zero);
    builder_add_op(builder, FORM_load_const, window, 0, 0);
    builder_add_value(builder, VALUE_NULL);
    for (bool last = false; !last && builder->source_cursor <= builder->source_last;) { /* none: imported by its own name */
        const struct instruction *attribute = &builder->code->instructions[builder->source_cursor];
        if (attribute->op != OP_load_method && attribute->op != OP_load_attr)
            return;
        builder->source = builder->source_cursor++;
        last = attribute->op == OP_load_method;
        struct location operand[2] = {callee, {.kind = LOCATION_NUMBER, .number = (int32_t)attribute->argument}};
        struct location pair = in_slot(window);
        emit_op(builder, (enum op)attribute->op, last ? &pair : &callee, operand);
    }
}

/* Of the next call of the source. */
static value find_keyword_names(struct builder *builder)
{
    const struct instruction *names = find_source(builder, OP_kw_names, OP_kw_names);
    assert(names);
    return builder_constant(builder, (int32_t)names->argument);
}

/* Where the program has the pattern's child i, whose name is one of those. */
static int place_of_argument(const struct pattern_node *node, int i, value names)
{
    int first = node->child_count - node->keyword_count;
    for (int k = 0; i >= first && k < node->keyword_count; k++)
        if (string_is(tuple_of(names)->items[k], node->keywords[i - first]))
            return first + k;
    return i;
}

static void guard_path(struct builder *builder, uint32_t window, const char *path)
{
    builder_add_op(builder, FORM_guard_native, window, 0, builder->guard_slot);
    builder_add_word(builder, (word){.p = (void *)(uintptr_t)path});
    builder_add_zeros(builder, 1);
}

/* math.pi: with a guard that it is that number. */
static struct location expand_global(struct builder *builder, const struct pattern_node *node)
{
    uint32_t window = builder_scratch_slot(builder, 2);
    expand_path(builder, window);
    guard_path(builder, window, node->path);
    return in_slot(window + 1);
}

/* A tuple or slice of its children. */
static struct location expand_display(struct builder *builder, const struct pattern_node *node, const struct location *operands)
{
    uint32_t window = builder_scratch_slot(builder, (uint32_t)node->child_count);
    struct location items[ISA_MAX_CHILDREN], result = in_slot(builder_scratch_slot(builder, 1));
    for (int i = 0; i < node->child_count; i++)
        items[i] = expand_node(builder, node->children[i], operands, NULL);
    for (int i = 0; i < node->child_count; i++) {
        struct location place = in_slot(window + (uint32_t)i);
        emit_op(builder, OP_move, &place, &items[i]);
    }
    advance_source(builder, node->op);
    struct location built[2] = {in_slot(window), {.kind = LOCATION_NUMBER, .number = node->child_count}};
    emit_op(builder, node->op, &result, built);
    return result;
}

/* call(path, ...): the ops the program had there, with a guard that the callee is the native function of that path. */
static struct location expand_native_call(struct builder *builder, const struct pattern_node *node,
                                          const struct location *operands)
{
    uint32_t window = builder_scratch_slot(builder, (uint32_t)node->child_count + 2);
    int first = pattern_path_is_method(node->path);
    if (first) { /* of the first child */
        struct location load[2] = {expand_node(builder, node->children[0], operands, NULL), {.kind = LOCATION_NUMBER}};
        struct location pair = in_slot(window);
        const struct instruction *attribute = find_source(builder, OP_load_method, OP_load_method);
        assert(attribute);
        load[1].number = (int32_t)attribute->argument;
        emit_op(builder, OP_load_method, &pair, load);
    } else {
        expand_path(builder, window);
    }
    guard_path(builder, window, node->path);
    struct location arguments[ISA_MAX_CHILDREN];
    for (int i = first; i < node->child_count; i++)
        arguments[i] = expand_node(builder, node->children[i], operands, NULL);
    value names = node->keyword_count ? find_keyword_names(builder) : VALUE_NULL;
    for (int i = first; i < node->child_count; i++) {
        struct location place = in_slot(window + 2 + (uint32_t)(place_of_argument(node, i, names) - first));
        emit_op(builder, OP_move, &place, &arguments[i]);
    }
    builder->keyword_names = names;
    advance_source(builder, OP_call);
    struct location call_operands[2] = {in_slot(window), {.kind = LOCATION_NUMBER, .number = node->child_count - first}};
    struct location result = in_slot(builder_scratch_slot(builder, 1));
    emit_op(builder, OP_call, &result, call_operands);
    return result;
}

/* ---- conditions: `where` a form of loop or expression, or a native function in the window ---- */

static void add_site(struct builder *builder, struct nest_site *site)
{
    builder_add_word(builder, (word){.p = site});
}

/* The machine block where the arms meet. */
static uint32_t joined_block(struct builder *builder, uint32_t source_block)
{
    for (uint32_t i = 0; i < builder->function->block_count; i++)
        if (builder->function->blocks[i].source == source_block)
            return i;
    assert(!"a join that was not emitted");
    return 0;
}

static void emit_choice(struct builder *builder, const struct pattern_node *compare, const struct location *operands)
{
    uint32_t sides[2];
    for (int i = 0; i < 2; i++)
        sides[i] = builder_slot_of(builder, expand_node(builder, compare->children[i], operands, NULL));
    struct nest_site *site = choice_site_new(builder->state, builder->source_last);
    builder->source = builder->source_last;
    if (site->choice.end == CHOICE_RETURNED) {
        uint32_t returned = builder_scratch_slot(builder, 1);
        builder_add_op(builder, FORM_choice_return, returned, sides[0], sides[1]);
        add_site(builder, site);
        uint32_t first = builder->state->word_count;
        builder_add_op(builder, OP_return, returned, 0, 0);
        builder_add_counters(builder, false);
        assert(builder->state->word_count == first + RETURN_WORDS);
        (void)first;
        return;
    }
    uint32_t target = joined_block(builder, site->choice.joined);
    const struct machine_block *joined = &builder->function->blocks[target];
    uint32_t slot = site->choice.end == CHOICE_PUSHED ? joined->entry_slots[joined->entry_slot_count - 1]
                                                      : builder->function->local_slots[site->choice.local];
    builder_add_op(builder, FORM_choice, slot, sides[0], sides[1]);
    add_site(builder, site);
    builder_add_target(builder, target);
    builder_add_counters(builder, false);
}

/* Its operands: what the jump compares. */
static void emit_while(struct builder *builder, const struct pattern_node *tree, const struct location *operands)
{
    const struct pattern_node *compare = tree->children[0];
    uint32_t sides[2];
    for (int i = 0; i < 2; i++)
        sides[i] = builder_slot_of(builder, expand_node(builder, compare->children[i], operands, NULL));
    builder->source = builder->source_last;
    builder_add_op(builder, FORM_nest_while, 0, sides[0], sides[1]);
    add_site(builder, nest_site_new(builder->state, builder->source_last));
    builder_add_target(builder, (uint32_t)operands[tree->children[1]->variable].number);
    builder_add_counters(builder, false);
}

/* Before the op itself, whose operands are known; behind it for loops. */
static void emit_condition_before(struct builder *builder, const struct location *operands, const struct location *results)
{
    const struct pattern *pattern = builder->pattern;
    const struct pattern_node *tree = pattern->tree;
    if (pattern->callee) {
        guard_path(builder, operands[pattern->call->children[0]->variable].slot, pattern->callee);
    } else if (tree->op == OP_call) {
        builder->source = builder->source_last;
        builder_add_op(builder, FORM_nest_call, results[0].slot, operands[tree->children[0]->variable].slot,
                       (uint32_t)operands[tree->children[1]->variable].number);
        add_site(builder, nest_site_new(builder->state, builder->source_last));
    } else if (!idiom_is_loop(pattern->idiom)) {
        emit_choice(builder, tree->children[0], operands);
    } else if (tree->op == OP_jump_if_false) {
        emit_while(builder, tree, operands);
    }
}

/* math's functions and the built-in ones take numbers; numpy's whatever makes an array. */
static bool takes_numbers(const struct pattern_node *node)
{
    if (node->kind == PATTERN_CALL && strncmp(node->path, "math.", 5) != 0 && strchr(node->path, '.'))
        return false;
    for (int i = 0; i < node->child_count; i++)
        if (!takes_numbers(node->children[i]))
            return false;
    return true;
}

/* What goes through a unit has to be numbers, or what numpy makes arrays of: a class of the program's may do anything. Of a call
 * all that is in its window is looked at, a method's object too. */
static void emit_operand_guards(struct builder *builder, const struct isa_instruction *instruction, const char *letters,
                                const struct location *operands)
{
    const struct pattern *pattern = builder->pattern;
    builder->guard_slot = 0;
    if (!pattern_guards_operands(builder->isa, pattern))
        return;
    bool numbers = pattern->callee ? !strncmp(pattern->callee, "math.", 5) || !strchr(pattern->callee, '.')
                                   : !pattern->arrays && takes_numbers(pattern->tree);
    builder->guard_slot = builder_scratch_slot(builder, 1);
    builder_add_op(builder, FORM_load_const, builder->guard_slot, 0, 0);
    builder_add_value(builder, small_int(0));
    if (pattern->callee) {
        uint32_t window = operands[pattern->call->children[0]->variable].slot;
        uint32_t count = (uint32_t)operands[pattern->call->children[1]->variable].number;
        for (uint32_t i = pattern_path_is_method(pattern->callee) ? 1 : 2; i < 2 + count; i++)
            builder_add_op(builder, FORM_guard_value, window + i, numbers, builder->guard_slot);
    }
    for (int i = 0; i < instruction->operand_count && !pattern->callee; i++)
        if (letters[i] == 'v' && !instruction->operands[i].is_result && operands[i].kind == LOCATION_SLOT)
            builder_add_op(builder, FORM_guard_value, operands[i].slot, numbers, builder->guard_slot);
}

static void emit_condition_behind(struct builder *builder, const struct location *results)
{
    if (builder->pattern->tree->op != OP_get_iter || !builder->pattern->idiom)
        return;
    builder_add_op(builder, FORM_nest, results[0].slot, 0, 0);
    add_site(builder, nest_site_new(builder->state, builder->source_last));
}

/* Emits the tree's ops; results NULL: an inner node, whose result goes to a scratch slot. */
static struct location expand_node(struct builder *builder, const struct pattern_node *node,
                                   const struct location *operands, const struct location *results)
{
    switch (node->kind) {
    case PATTERN_VARIABLE:
        return operands[node->variable];
    case PATTERN_NUMBER: {
        /* The program's own constant (1 or 1.0): the next one loaded in the source run. */
        for (uint32_t i = builder->source_cursor; i <= builder->source_last; i++) {
            const struct instruction *instruction = &builder->code->instructions[i];
            if (instruction->role != ARGUMENT_CONSTANT)
                continue;
            const struct constant *constant = &builder->code->constants[instruction->argument];
            if ((constant->kind == CONSTANT_INT && (double)constant->integer == node->number) ||
                (constant->kind == CONSTANT_FLOAT && constant->real == node->number)) {
                return (struct location){.kind = LOCATION_CONSTANT,
                                         .constant = builder_constant(builder, (int32_t)instruction->argument)};
            }
        }
        return (struct location){.kind = LOCATION_CONSTANT, .constant = small_int((int64_t)node->number)};
    }
    case PATTERN_NAMED:
        return (struct location){.kind = LOCATION_CONSTANT,
                                 .constant = node->named == CONSTANT_NONE ? NONE : node->named == CONSTANT_TRUE ? TRUE : FALSE};
    case PATTERN_CALL: {
        struct location result = expand_native_call(builder, node, operands);
        if (results) {
            emit_op(builder, OP_move, results, &result);
            return results[0];
        }
        return result;
    }
    case PATTERN_GLOBAL:
        return expand_global(builder, node);
    case PATTERN_DISPLAY:
        return expand_display(builder, node, operands);
    case PATTERN_OP:
        break;
    }
    struct location children[ISA_MAX_CHILDREN] = {{0}};
    for (int i = 0; i < node->child_count; i++)
        children[i] = expand_node(builder, node->children[i], operands, NULL);
    struct location result[3] = {{0}};
    if (results) {
        memcpy(result, results, sizeof result);
    } else if (op_infos[node->op].results[0]) {
        result[0] = in_slot(builder_scratch_slot(builder, 1));
    }
    advance_source(builder, node->op);
    emit_op(builder, node->op, result, children);
    return result[0];
}

/* ---- operands ---- */

static uint32_t window_entries(enum op op, int32_t count)
{
    int size = op_window_size(op, count);
    return size < 0 ? 0 : (uint32_t)size;
}

/* The letter of ops.def of each operand the pattern uses, and the count of its outermost op. */
static void operand_letters(const struct pattern_node *node, char *letters)
{
    for (int i = 0; i < node->child_count; i++) {
        const struct pattern_node *child = node->children[i];
        if (child->kind != PATTERN_VARIABLE)
            operand_letters(child, letters);
        else
            letters[child->variable] = node->kind == PATTERN_OP ? op_infos[node->op].operands[i] : 'v';
    }
    if (node->kind == PATTERN_VARIABLE)
        letters[node->variable] = 'v';
}

/* The machine block a jump goes to. Empty blocks share their address with the next one, so the bytes alone do not tell which
 * block's counter is meant: the source instruction does. */
static uint32_t target_block(struct builder *builder, uint32_t source)
{
    uint32_t target = builder->code->instructions[source].target;
    for (uint32_t i = 0; i < builder->function->block_count; i++)
        if (builder->function->blocks[i].source == target)
            return i;
    assert(!"a jump to a block that was not emitted");
    return 0;
}

static struct location plain_location(struct builder *builder, char letter, struct machine_operand operand, uint32_t source)
{
    const struct machine_function *function = builder->function;
    struct location location = {.kind = LOCATION_NUMBER, .number = operand.value};
    switch (operand.kind) {
    case OPERAND_REG:
        return in_slot((uint32_t)operand.value);
    case OPERAND_WINDOW:
        return in_slot((uint32_t)operand.value);
    case OPERAND_LOCAL: case OPERAND_INDEX:
        if (letter == 'l') {
            location.kind = LOCATION_SLOT;
            location.slot = function->local_slots[operand.value];
            return location;
        }
        if (operand.kind == OPERAND_INDEX)
            return location;
        return in_slot(builder->isa->register_count ? function->register_slots + (uint32_t)operand.value
                                                    : (uint32_t)operand.value);
    case OPERAND_CONST:
        location.kind = LOCATION_CONSTANT;
        location.constant = builder_constant(builder, operand.value);
        return location;
    case OPERAND_IMM:
        location.kind = LOCATION_CONSTANT;
        location.constant = small_int(operand.value);
        return location;
    case OPERAND_TARGET: case OPERAND_FORWARD: case OPERAND_BACKWARD:
        location.number = (int32_t)target_block(builder, source);
        return location;
    default:
        return location;
    }
}

static uint32_t result_entries(const struct pattern *pattern, int32_t count)
{
    if (pattern->tree->kind != PATTERN_OP)
        return 1;
    if (pattern->tree->op == OP_unpack)
        return (uint32_t)count;
    if (pattern->tree->op == OP_unpack_ex)
        return (uint32_t)((count & 255) + 1 + (count >> 8));
    return 2;
}

static void expand_instruction(struct builder *builder, const struct machine_instruction *machine,
                               const struct placed_instruction *placed)
{
    const struct isa_instruction *instruction = &builder->isa->instructions[machine->instruction];
    const struct pattern *pattern = &instruction->patterns[machine->pattern];
    char letters[ISA_MAX_OPERANDS] = {0};
    operand_letters(pattern->tree, letters);
    enum op op = pattern->tree->kind == PATTERN_OP ? pattern_window_node(pattern)->op : OP_call;
    int32_t count = 0;
    for (int i = 0; i < instruction->operand_count; i++)
        if (letters[i] == 'n')
            count = machine->operands[i].value;
    uint32_t base = builder->function->stack_base;

    /* Pop the implicit operands: the last one is on top. */
    struct location operands[ISA_MAX_OPERANDS] = {{0}};
    uint32_t popped = 0;
    for (int i = 0; i < instruction->operand_count; i++) {
        const struct isa_operand *operand = &instruction->operands[i];
        if (operand->is_result || !letters[i] || machine->operands[i].kind != OPERAND_STACK)
            continue;
        if (op == OP_format_value && !(count & 4) && i != 0 && pattern->tree->children[1]->kind == PATTERN_VARIABLE &&
            pattern->tree->children[1]->variable == i)
            continue;
        popped += letters[i] == 'w' ? window_entries(op, count) : 1;
    }
    uint32_t position = base + builder->depth - popped;
    for (int i = 0; i < instruction->operand_count; i++) {
        const struct isa_operand *operand = &instruction->operands[i];
        if (operand->is_result || !letters[i])
            continue;
        if (machine->operands[i].kind == OPERAND_STACK) {
            if (op == OP_format_value && !(count & 4) && pattern->tree->children[1]->kind == PATTERN_VARIABLE &&
                pattern->tree->children[1]->variable == i) {
                operands[i] = (struct location){.kind = LOCATION_ABSENT, .constant = VALUE_NULL};
                continue;
            }
            operands[i] = in_slot(position);
            position += letters[i] == 'w' ? window_entries(op, count) : 1;
        }
    }
    assert(builder->depth >= popped);
    builder->depth -= popped;
    for (int i = 0; i < instruction->operand_count; i++) {
        if (instruction->operands[i].is_result || machine->operands[i].kind == OPERAND_STACK || !letters[i])
            continue;
        if (machine->operands[i].kind == OPERAND_TOP && letters[i] == 'w')
            operands[i] = in_slot(base + builder->depth + 1 - instruction->operands[i].top_depth - window_entries(op, count));
        else if (machine->operands[i].kind == OPERAND_TOP)
            operands[i] = in_slot(base + builder->depth - instruction->operands[i].top_depth);
        else if (machine->operands[i].kind == OPERAND_DEPTH)
            operands[i] = in_slot(base + builder->depth - (uint32_t)machine->operands[i].value);
        else
            operands[i] = plain_location(builder, letters[i], machine->operands[i], placed->source);
    }

    /* Push the implicit results in the order the spec declares them. */
    struct location results[3] = {{0}};
    bool pair = pattern->result_count == 1 && pattern->tree->kind == PATTERN_OP &&
                op_infos[op].results[0] == 'p';
    for (int i = 0; i < instruction->operand_count; i++) {
        for (int r = 0; r < pattern->result_count; r++) {
            if (pattern->results[r] != i)
                continue;
            if (machine->operands[i].kind == OPERAND_STACK) {
                results[r] = in_slot(base + builder->depth);
                builder->depth += pair ? result_entries(pattern, count) : 1;
            } else {
                results[r] = plain_location(builder, 'v', machine->operands[i], placed->source);
            }
        }
    }
    builder->source = placed->source;
    builder->source_cursor = placed->source_first;
    builder->source_last = placed->source;
    builder->scratch = builder->function->slot_count;
    builder->pattern = pattern;
    emit_operand_guards(builder, instruction, letters, operands);
    bool conditional = pattern->idiom || pattern->callee;
    if (conditional)
        emit_condition_before(builder, operands, results);
    expand_node(builder, pattern->tree, operands, results);
    if (conditional)
        emit_condition_behind(builder, results);
    if (pattern->tree->kind == PATTERN_VARIABLE && pattern->result_count == 1)
        emit_op(builder, OP_move, results, &operands[pattern->tree->variable]);
}

/* Executing the block ends the program with exit 3. */
static void build_refusal(struct builder *builder, const struct machine_block *block, const char *what)
{
    builder->source = builder->code->blocks[block->source].first;
    builder_add_op(builder, FORM_unsupported, 0, 0, 0);
    builder_add_word(builder, (word){.p = (void *)(uintptr_t)what});
}

static const char *refusal_text(const struct machine_function *function)
{
    struct buffer text = {0};
    machine_function_refusal(function, &text);
    const char *kept = arena_copy(function->arena, text.bytes, text.size);
    buffer_free(&text);
    return kept;
}

static void build_block(struct builder *builder, uint32_t index)
{
    const struct machine_function *function = builder->function;
    const struct machine_block *block = &function->blocks[index];
    builder->block = index;
    builder->depth = block->entry_depth;
    builder->last_compare = NO_WORD;
    builder->state->block_words[index] = builder->state->word_count;
    if (builder->code->blocks[block->source].entry_depth < 0) { /* dead code: what is on its stack is not known */
        build_refusal(builder, block, "a jump into unreachable code");
        return;
    }
    if (function->registers_needed) {
        build_refusal(builder, block, refusal_text(function));
        return;
    }
    uint32_t counters_before = builder->state->counter_count;
    for (uint32_t i = 0; i < block->count; i++) {
        const struct placed_instruction *placed = &function->instructions[block->first + i];
        struct machine_instruction machine;
        int size = encoding_decode(builder->isa, (const uint8_t *)function->bytes.bytes + placed->address,
                                   function->bytes.size - placed->address, &machine);
        assert(size > 0);
        (void)size;
        builder->placed = block->first + i;
        expand_instruction(builder, &machine, placed);
    }
#ifdef HYBRIDSIM_UNCOUNTED
    (void)counters_before;
#else
    if (builder->state->counter_count == counters_before) {
        const struct block *source = &builder->code->blocks[block->source];
        builder->source = source->first + source->count - 1;
        builder_add_op(builder, FORM_count, 0, 0, 0);
        builder_add_counters(builder, false);
    }
#endif
}

static void prepare_frame(struct builder *builder)
{
    struct code_state *state = builder->state;
    const struct code *code = builder->code;
    state->argument_count = code->argument_count;
    state->parameter_count = code->argument_count + code->keyword_only_count + !!(code->flags & CODE_VARARGS) +
                             !!(code->flags & CODE_VARKEYWORDS);
    state->simple = state->parameter_count == state->argument_count && (code->flags & CODE_OPTIMIZED);
    state->clear_slots = calloc(code->local_count + 1u, sizeof *state->clear_slots);
    if (!state->clear_slots)
        abort();
    for (uint32_t i = 0; i < code->local_count; i++) {
        if (i >= state->parameter_count) /* all of them: frame objects show what is bound */
            state->clear_slots[state->clear_count++] = builder->function->local_slots[i];
        state->homes_above |= builder->isa->register_count && !builder->isa->windows_on_stack &&
                              builder->function->local_slots[i] >= builder->function->register_slots;
    }
}

struct code_state *predecode(struct vm *vm, struct code_object *object)
{
    struct engine *engine = vm->engine;
    struct code_state *state = calloc(1, sizeof *state);
    if (!state || !code_object_fill(vm, object))
        abort();
    state->object = object;
    state->code = object->code;
    code_ready(object->code);
    state->function = kept_translate(engine->kept, object->code);
    struct builder builder = {.vm = vm, .state = state, .function = state->function, .code = object->code,
                              .isa = engine->isa, .keyword_names = VALUE_NULL, .last_compare = NO_WORD};
    state->slot_count = state->function->slot_count;
    state->block_words = calloc(state->function->block_count + 1u, sizeof *state->block_words);
    if (!state->block_words)
        abort();
    for (uint32_t i = 0; i < state->function->block_count; i++)
        build_block(&builder, i);
    for (uint32_t i = 0; i < builder.fixup_count; i++)
        state->words[builder.fixups[i].word].target = &state->words[state->block_words[builder.fixups[i].block]];
    free(builder.fixups);
    for (uint32_t i = 0; engine->contexts && i < state->counter_count; i++) { /* places among a context's counters */
        state->words[state->counters[i].count_word].u = 2 * (uint64_t)i;
        if (state->counters[i].taken_word != NO_WORD)
            state->words[state->counters[i].taken_word].u = 2 * (uint64_t)i + 1;
    }
    prepare_frame(&builder);
    state->profile = profile_add_code(vm->profile, object->code);
    state->profile->function = state->function;
    state->work = state->profile->work;
    if (engine->options->record_branches) {
        state->profile->mispredicted = calloc(object->code->block_count + 1u, sizeof *state->profile->mispredicted);
        if (!state->profile->mispredicted)
            abort();
    }
    trace_new_state(&engine->tracing, state);
    state->next = engine->states;
    engine->states = state;
    object->state = state;
    return state;
}

void code_state_free(struct code_state *state)
{
    machine_function_free(state->function);
    free(state->words);
    free(state->word_source);
    free(state->block_words);
    free(state->clear_slots);
    free(state->counters);
    free(state->op_words);
    trace_patch_free(state);
    liveness_free(state);
    nest_sites_free(state);
    observed_code_free(state);
    free(state->op_instructions);
    free(state->cycles);
    free(state);
}
