/* dump.c - the text forms of the IR and of selected instructions, for --dump and for tests. */
#include "translator/translator.h"

#include <string.h>

static void dump_value(const struct ir *ir, const struct ir_value *value, char letter, struct buffer *text)
{
    const struct code *code = ir->code;
    switch ((enum ir_value_kind)value->kind) {
    case VALUE_NONE:
        buffer_add_text(text, "-");
        return;
    case VALUE_ENTRY:
        buffer_printf(text, "%s%d", value->web >= 0 && web_stacked(ir, value->web) ? "s" : "t", value->index);
        return;
    case VALUE_LOCAL:
        buffer_printf(text, "%s", code->local_names[value->index].text);
        return;
    case VALUE_CONSTANT:
        buffer_printf(text, "const%d", value->index);
        return;
    case VALUE_NULL:
        buffer_add_text(text, "null");
        return;
    case VALUE_NUMBER:
        if (letter == 's')
            buffer_printf(text, "'%s'", code->names[value->index].text);
        else
            buffer_printf(text, "%d", value->index);
        return;
    case VALUE_BLOCK:
        buffer_printf(text, "block%d", value->index);
        return;
    }
}

static void dump_op(const struct ir *ir, const struct ir_op *op, struct buffer *text)
{
    const struct op_info *info = &op_infos[op->op];
    buffer_printf(text, "    %4u  ", op->source);
    for (int i = 0; i < op->result_count; i++) {
        buffer_add_text(text, i ? ", " : "");
        dump_value(ir, &op->results[i], info->results[i], text);
        if (op->pair_size)
            buffer_printf(text, ":%u", op->pair_size);
    }
    buffer_printf(text, "%s%s(", op->result_count ? " = " : "", info->name);
    for (int i = 0; i < op->operand_count; i++) {
        buffer_add_text(text, i ? ", " : "");
        dump_value(ir, &op->operands[i], info->operands[i], text);
        if (info->operands[i] == 'w')
            buffer_printf(text, ":%u", op->window_size);
    }
    buffer_add_text(text, ")\n");
}

void dump_ir(const struct ir *ir, struct buffer *text)
{
    buffer_printf(text, "%s\n", ir->code->qualified_name.text);
    for (uint32_t b = 0; b < ir->block_count; b++) {
        const struct ir_block *block = &ir->blocks[b];
        buffer_printf(text, "  block%u: depth %d\n", b, block->entry_depth);
        for (uint32_t i = 0; i < block->op_count; i++)
            dump_op(ir, &block->ops[i], text);
    }
    for (uint32_t i = 0; ir->local_slots && i < ir->code->local_count; i++)
        buffer_printf(text, "  %s: slot %d\n", ir->code->local_names[i].text, ir->local_slots[i]);
}

void dump_selected(const struct ir *ir, const struct selected_block *selected, struct buffer *text)
{
    buffer_printf(text, "%s\n", ir->code->qualified_name.text);
    for (uint32_t b = 0; b < ir->block_count; b++) {
        buffer_printf(text, "  block%u:\n", b);
        for (uint32_t i = 0; i < selected[b].count; i++) {
            const struct selected *item = &selected[b].items[i];
            const struct isa_instruction *instruction = &ir->isa->instructions[item->machine.instruction];
            buffer_printf(text, "    %4u  %s", item->source, instruction->name);
            for (int k = 0; k < instruction->operand_count; k++) {
                const struct machine_operand *operand = &item->machine.operands[k];
                buffer_printf(text, "%s %s=%s", k ? "," : "", instruction->operands[k].name,
                              operand_kind_names[operand->kind]);
                if (k == item->target_operand && item->target_block >= 0)
                    buffer_printf(text, ":block%d", item->target_block);
                else
                    buffer_printf(text, ":%d", operand->value);
            }
            buffer_add_byte(text, '\n');
        }
    }
}
