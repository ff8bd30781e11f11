/* dump.c - decoded code as text, for debugging and tests. One line an instruction:
 * byte offset, line, CPython's name and argument, op, role and decoded argument, depth. */
#include "frontend/frontend.h"

#include <inttypes.h>

static const char *const role_names[] = {
    [ARGUMENT_NONE] = "",           [ARGUMENT_LOCAL] = "local",       [ARGUMENT_LOCAL_RESULT] = "local_result",
    [ARGUMENT_LOCAL_INDEX] = "local_index", [ARGUMENT_CONSTANT] = "constant",
    [ARGUMENT_CONSTANT_INDEX] = "constant_index", [ARGUMENT_NAME] = "name", [ARGUMENT_COUNT] = "count",
    [ARGUMENT_DEPTH] = "depth",     [ARGUMENT_TARGET] = "target",
};

static void dump_block_number(struct buffer *text, const char *what, uint32_t block)
{
    if (block != NO_BLOCK)
        buffer_printf(text, " %s %" PRIu32, what, block);
}

static void dump_argument(const struct code *code, const struct instruction *instruction, struct buffer *text)
{
    switch ((enum argument_role)instruction->role) {
    case ARGUMENT_NONE:
        return;
    case ARGUMENT_TARGET:
        buffer_printf(text, " target block %" PRIu32, instruction->target);
        return;
    case ARGUMENT_LOCAL:
    case ARGUMENT_LOCAL_RESULT:
    case ARGUMENT_LOCAL_INDEX:
        buffer_printf(text, " %s %" PRIu32 " %s", role_names[instruction->role], instruction->argument,
                      code->local_names[instruction->argument].text);
        return;
    case ARGUMENT_NAME:
        buffer_printf(text, " name %" PRIu32 " %s", instruction->argument, code->names[instruction->argument].text);
        return;
    case ARGUMENT_CONSTANT:
    case ARGUMENT_CONSTANT_INDEX:
    case ARGUMENT_COUNT:
    case ARGUMENT_DEPTH:
        buffer_printf(text, " %s %" PRIu32, role_names[instruction->role], instruction->argument);
    }
}

void frontend_dump(const struct code *code, struct buffer *text)
{
    buffer_printf(text, "code %s: %" PRIu32 " instructions, %" PRIu32 " blocks, stack %" PRIu32 "\n",
                  code->qualified_name.text, code->instruction_count, code->block_count, code->stack_size);
    for (uint32_t b = 0; b < code->block_count; b++) {
        const struct block *block = &code->blocks[b];
        buffer_printf(text, "block %" PRIu32 ": depth %" PRId32 " loops %u%s", b, block->entry_depth, block->loop_depth,
                      block->is_handler ? " handler-entry" : "");
        dump_block_number(text, "falls to", block->fallthrough);
        dump_block_number(text, "jumps to", block->target);
        dump_block_number(text, "range", block->handler);
        buffer_add_byte(text, '\n');
        for (uint32_t i = block->first; i < block->first + block->count; i++) {
            const struct instruction *instruction = &code->instructions[i];
            buffer_printf(text, "%6" PRIu32 " line %" PRId32 " %s %" PRIu32 ": %s", 2 * instruction->offset,
                          instruction->line, frontend_opcode_name(instruction->source_opcode), instruction->raw_argument,
                          op_infos[instruction->op].name);
            dump_argument(code, instruction, text);
            buffer_printf(text, " depth %" PRId32 "\n", instruction->depth);
        }
    }
    for (uint32_t i = 0; i < code->handler_count; i++) {
        const struct exception_range *range = &code->handlers[i];
        buffer_printf(text, "range %" PRIu32 ": instructions %" PRIu32 "..%" PRIu32 " handled by block %" PRIu32
                      " depth %" PRIu32 "%s\n", i, range->start, range->end, range->target, range->depth,
                      range->push_lasti ? " lasti" : "");
    }
}
