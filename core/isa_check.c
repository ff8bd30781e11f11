/* isa_check.c - what makes a spec complete: no pattern hidden by an earlier one, operands where `windows` says values
 * are, and every op covered by an instruction that takes any operand the translator may have. */
#include "core/isa_parts.h"
#include "core/pattern.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KIND(kind) (1u << OPERAND_##kind)

struct cover {
    struct spec *spec;
    const struct isa *isa;
    bool covered[OP_COUNT], backward[OP_COUNT];
    struct buffer missing;
};

struct signature {
    char *text;
    int instruction, pattern;
};

static int compare_signatures(const void *left, const void *right)
{
    const struct signature *a = left, *b = right;
    int order = strcmp(a->text, b->text);
    if (order)
        return order;
    return a->instruction != b->instruction ? a->instruction - b->instruction : a->pattern - b->pattern;
}

static int compare_places(const void *left, const void *right)
{
    const struct signature *a = left, *b = right;
    return a->instruction != b->instruction ? a->instruction - b->instruction : a->pattern - b->pattern;
}

/* Twins are meant to have equal patterns; so are the patterns of one instruction never. */
static void check_unreachable(struct spec *spec, const struct isa *isa, const struct yaml_node *all)
{
    int count = 0;
    for (int i = 0; i < isa->instruction_count; i++)
        count += isa->instructions[i].pattern_count;
    struct signature *signatures = ARENA_ARRAY(spec->arena, struct signature, count + 1);
    struct signature *hidden = ARENA_ARRAY(spec->arena, struct signature, count + 1);
    int at = 0, hidden_count = 0;
    for (int i = 0; i < isa->instruction_count; i++) {
        for (int k = 0; k < isa->instructions[i].pattern_count; k++) {
            struct buffer text = {0};
            pattern_signature(&isa->instructions[i], &isa->instructions[i].patterns[k], &text);
            if (isa->instructions[i].twin < 0)
                signatures[at++] = (struct signature){arena_copy(spec->arena, text.bytes, text.size), i, k};
            buffer_free(&text);
        }
    }
    qsort(signatures, (size_t)at, sizeof *signatures, compare_signatures);
    for (int i = 1; i < at; i++) {
        if (strcmp(signatures[i].text, signatures[i - 1].text) != 0)
            continue;
        hidden[hidden_count] = signatures[i];
        hidden[hidden_count++].text = (char *)isa->instructions[signatures[i - 1].instruction].name;
    }
    qsort(hidden, (size_t)hidden_count, sizeof *hidden, compare_places);
    for (int i = 0; i < hidden_count; i++) {
        const struct yaml_node *node = yaml_get(all->items[hidden[i].instruction], "pattern");
        if (node->kind == YAML_SEQUENCE)
            node = node->items[hidden[i].pattern];
        spec_error(spec, node, "found unreachable pattern `%s`: %s has the same with the same operand kinds",
                   isa->instructions[hidden[i].instruction].patterns[hidden[i].pattern].text, hidden[i].text);
    }
}

/* One error a contradiction, at the first operand: a changed `windows` makes nearly every instruction wrong. */
static void check_storage(struct spec *spec, const struct isa *isa)
{
    enum { WINDOW_ON_STACK, STACK_WITHOUT, REGISTER_WITHOUT, CONTRADICTIONS };
    static const char *const reasons[CONTRADICTIONS] = {
        "of kind window, expected another kind: windows are on the stack",
        "on the stack, expected another kind: windows are in registers, so there is no operand stack",
        "of kind reg, expected another kind: the ISA has no registers"};
    const struct isa_operand *first[CONTRADICTIONS] = {0};
    int counts[CONTRADICTIONS] = {0};
    for (int i = 0; i < isa->instruction_count; i++) {
        for (int k = 0; k < isa->instructions[i].operand_count; k++) {
            const struct isa_operand *operand = &isa->instructions[i].operands[k];
            const bool wrong[CONTRADICTIONS] = {
                operand->kinds & KIND(WINDOW) && isa->windows_on_stack,
                operand->kinds & (KIND(STACK) | KIND(TOP) | KIND(DEPTH)) && !isa->windows_on_stack,
                operand->kinds & KIND(REG) && !isa->register_count};
            for (int reason = 0; reason < CONTRADICTIONS; reason++) {
                if (wrong[reason] && !counts[reason]++)
                    first[reason] = operand;
            }
        }
    }
    for (int reason = 0; reason < CONTRADICTIONS; reason++)
        if (counts[reason])
            diag_error(spec->diag, first[reason]->file, first[reason]->line, first[reason]->column,
                       "found operand `%s` %s (%d such operands)", first[reason]->name, reasons[reason],
                       counts[reason]);
}

/* True when the operand can be whatever the translator may have for this letter. */
static bool is_general(const struct isa *isa, char letter, const struct isa_operand *operand)
{
    if (letter != 'v')
        return true;
    return operand->kinds &
           (isa->register_count ? KIND(REG) : KIND(STACK) | KIND(TOP) | KIND(DEPTH) | KIND(LOCAL) | KIND(CONST));
}

static void note_pattern(struct cover *cover, const struct isa_instruction *instruction, const struct pattern *pattern)
{
    enum op op = pattern_single_op(pattern);
    if (op == OP_COUNT)
        return;
    bool general = true;
    for (int i = 0; i < pattern->result_count; i++)
        general &= is_general(cover->isa, op_infos[op].results[i], &instruction->operands[pattern->results[i]]);
    for (int i = 0; i < pattern->tree->child_count; i++) {
        const struct isa_operand *operand = &instruction->operands[pattern->tree->children[i]->variable];
        general &= is_general(cover->isa, op_infos[op].operands[i], operand);
        if (op_infos[op].operands[i] != 't' || !general)
            continue;
        if (operand->kinds & (KIND(TARGET) | KIND(BACKWARD)))
            cover->backward[op] = true;
        general = operand->kinds & (KIND(TARGET) | KIND(FORWARD));
    }
    cover->covered[op] |= general;
}

static void note_missing(struct cover *cover, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void note_missing(struct cover *cover, const char *format, ...)
{
    va_list args;
    char *text = NULL;
    va_start(args, format);
    if (vasprintf(&text, format, args) < 0)
        abort();
    va_end(args);
    buffer_printf(&cover->missing, "%s%s", cover->missing.size ? ", " : "", text);
    free(text);
}

static void check_ops(struct cover *cover)
{
    static const enum op quiet[] = {OP_resume, OP_precall, OP_push_null, OP_nop, OP_drop, OP_swap};
    static const enum op loops[] = {OP_jump, OP_jump_if_true, OP_jump_if_false, OP_jump_if_none, OP_jump_if_not_none};
    const struct isa *isa = cover->isa;
    for (int i = 0; i < isa->instruction_count; i++)
        for (int k = 0; k < isa->instructions[i].pattern_count; k++)
            note_pattern(cover, &isa->instructions[i], &isa->instructions[i].patterns[k]);
    cover->covered[OP_call_function] |= cover->covered[OP_call];
    for (size_t i = 0; isa->optimise & OPTIMISE_QUIET && i < sizeof quiet / sizeof *quiet; i++)
        cover->covered[quiet[i]] = true;
    for (int op = 0; op < OP_COUNT; op++)
        if (!cover->covered[op])
            note_missing(cover, "%s", op_infos[op].name);
    for (size_t i = 0; i < sizeof loops / sizeof *loops; i++)
        if (cover->covered[loops[i]] && !cover->backward[loops[i]])
            note_missing(cover, "%s backward", op_infos[loops[i]].name);
}

static bool has_move(const struct isa *isa, enum operand_kind to, enum operand_kind from)
{
    for (int i = 0; i < isa->instruction_count; i++) {
        const struct isa_instruction *instruction = &isa->instructions[i];
        for (int k = 0; k < instruction->pattern_count; k++) {
            const struct pattern *pattern = &instruction->patterns[k];
            if (pattern_single_op(pattern) == OP_move &&
                instruction->operands[pattern->results[0]].kinds & 1u << to &&
                instruction->operands[pattern->tree->children[0]->variable].kinds & 1u << from)
                return true;
        }
    }
    return false;
}

static void check_moves(struct cover *cover)
{
    static const struct {
        enum operand_kind to, from;
        bool stack_isa, register_isa, windows_on_stack;
    } moves[] = {
        {OPERAND_STACK, OPERAND_LOCAL, true, false, false}, {OPERAND_LOCAL, OPERAND_STACK, true, false, false},
        {OPERAND_STACK, OPERAND_CONST, true, false, false}, {OPERAND_STACK, OPERAND_DEPTH, true, false, false},
        {OPERAND_REG, OPERAND_REG, false, true, false},     {OPERAND_REG, OPERAND_LOCAL, false, true, false},
        {OPERAND_LOCAL, OPERAND_REG, false, true, false},   {OPERAND_REG, OPERAND_CONST, false, true, false},
        {OPERAND_STACK, OPERAND_REG, false, false, true},   {OPERAND_REG, OPERAND_STACK, false, false, true},
    };
    const struct isa *isa = cover->isa;
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
        bool needed = isa->register_count
                          ? moves[i].register_isa || (moves[i].windows_on_stack && isa->windows_on_stack)
                          : moves[i].stack_isa;
        if (needed && !has_move(isa, moves[i].to, moves[i].from))
            note_missing(cover, "move from %s to %s", operand_kind_names[moves[i].from],
                         operand_kind_names[moves[i].to]);
    }
}

void isa_check(struct spec *spec, struct isa *isa, const struct yaml_node *root, bool storage_is_known)
{
    if (!isa->instruction_count)
        return;
    check_unreachable(spec, isa, yaml_get(root, "instructions"));
    if (storage_is_known)
        check_storage(spec, isa);
    for (int i = 0; i < isa->instruction_count; i++)
        if ((!isa->instructions[i].pattern_count && isa->instructions[i].work < 0) || !storage_is_known)
            return; /* what it covers is not known: nothing certain can be said */
    struct cover cover = {.spec = spec, .isa = isa};
    check_ops(&cover);
    check_moves(&cover);
    if (cover.missing.size)
        spec_error(spec, yaml_key(root, "instructions"), "found no instruction for %s, expected one for every op%s",
                   cover.missing.bytes, isa->register_count ? " that takes registers" : " that takes stack entries");
    buffer_free(&cover.missing);
}
