/* isa_layout.c - where an instruction's bits go. ENCODING_FIELDS: opcode, choice of pattern, then each operand's selector
 * and field, most significant bit first, padded to whole bytes. ENCODING_ARGUMENT: one byte each for opcode and argument. */
#include "core/isa_parts.h"

#include <string.h>

static int bits_for(int count)
{
    int bits = 0;
    while (1 << bits < count)
        bits++;
    return bits;
}

static int kind_bits(const struct isa *isa, const struct isa_operand *operand, enum operand_kind kind)
{
    switch (kind) {
    case OPERAND_REG:
        return isa->register_bits;
    case OPERAND_STACK:
    case OPERAND_TOP:
        return 0;
    case OPERAND_DEPTH:
    case OPERAND_COUNT_FIELD:
        return isa->count_bits;
    case OPERAND_LOCAL:
        return isa->local_bits;
    case OPERAND_CONST:
    case OPERAND_INDEX:
        return isa->const_bits;
    case OPERAND_IMM:
        return operand->imm_bits;
    case OPERAND_NAME:
        return isa->name_bits;
    case OPERAND_TARGET:
    case OPERAND_FORWARD:
    case OPERAND_BACKWARD:
        return isa->target_bits;
    case OPERAND_WINDOW:
        return isa->window_bits;
    case OPERAND_KIND_COUNT:
        break;
    }
    return 0;
}

static void lay_out_fields(const struct isa *isa, struct isa_instruction *instruction)
{
    int bits = isa->opcode_bits;
    instruction->choice_bits = (uint8_t)bits_for(instruction->pattern_count);
    bits += instruction->choice_bits;
    for (int i = 0; i < instruction->operand_count; i++) {
        struct isa_operand *operand = &instruction->operands[i];
        int widest = 0;
        for (int k = 0; k < operand->alternative_count; k++) {
            int width = kind_bits(isa, operand, (enum operand_kind)operand->alternatives[k]);
            widest = width > widest ? width : widest;
        }
        operand->field_bits = (uint8_t)widest;
        operand->select_bits = (uint8_t)bits_for(operand->alternative_count);
        bits += widest + operand->select_bits;
    }
    instruction->size_bytes = (uint8_t)((bits + 7) / 8);
}

static void lay_out_argument(struct spec *spec, struct isa_instruction *instruction)
{
    const struct isa_operand *explicit = NULL;
    for (int i = 0; i < instruction->operand_count; i++) {
        struct isa_operand *operand = &instruction->operands[i];
        if (operand->alternative_count > 1)
            diag_error(spec->diag, operand->file, operand->line, operand->column,
                       "found %d kinds for operand `%s`, expected one with `style: argument`",
                       operand->alternative_count, operand->name);
        if (!operand->alternative_count || operand_kind_is_implicit((enum operand_kind)operand->alternatives[0]))
            continue;
        if (explicit)
            diag_error(spec->diag, operand->file, operand->line, operand->column,
                       "found explicit operand `%s` beside `%s`, expected at most one with `style: argument`",
                       operand->name, explicit->name);
        operand->field_bits = 8;
        explicit = operand;
    }
    instruction->size_bytes = 2;
}

/* Opcodes the spec leaves out are given in its order, from the lowest number that is free. */
static void assign_opcodes(struct spec *spec, struct isa *isa, const struct yaml_node *all)
{
    int limit = 1 << isa->opcode_bits;
    const char **owners = ARENA_ARRAY(spec->arena, const char *, limit);
    owners[isa->prefix_opcode] = isa->prefix_name;
    for (int i = 0; i < isa->instruction_count; i++) {
        const struct isa_instruction *instruction = &isa->instructions[i];
        const struct yaml_node *node = yaml_get(all->items[i], "opcode");
        if (!node)
            continue;
        if (owners[instruction->opcode])
            spec_error(spec, node, "found opcode %u for %s, expected a free one: %s has it", instruction->opcode,
                       instruction->name, owners[instruction->opcode]);
        owners[instruction->opcode] = instruction->name;
    }
    int next = 0;
    for (int i = 0; i < isa->instruction_count; i++) {
        if (yaml_get(all->items[i], "opcode"))
            continue;
        while (next < limit && owners[next])
            next++;
        if (next == limit) {
            spec_error(spec, all->keys[i], "found no opcode left for %s, expected at most %d instructions in %d bits",
                       isa->instructions[i].name, limit, isa->opcode_bits);
            return;
        }
        isa->instructions[i].opcode = (uint32_t)next;
        owners[next] = isa->instructions[i].name;
    }
}

void isa_lay_out(struct spec *spec, struct isa *isa, const struct yaml_node *root)
{
    if (!isa->instruction_count)
        return;
    for (int i = 0; i < isa->instruction_count; i++) {
        if (isa->encoding == ENCODING_FIELDS)
            lay_out_fields(isa, &isa->instructions[i]);
        else
            lay_out_argument(spec, &isa->instructions[i]);
    }
    assign_opcodes(spec, isa, yaml_get(root, "instructions"));
    isa->by_opcode = ARENA_ARRAY(isa->arena, uint16_t, (size_t)1 << isa->opcode_bits);
    for (int i = 0; i < isa->instruction_count; i++)
        isa->by_opcode[isa->instructions[i].opcode] = (uint16_t)(i + 1);
}
