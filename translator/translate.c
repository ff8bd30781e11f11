/* translate.c - the translator as a list of passes. */
#include "translator/translator.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct machine_function *translate(const struct code *code, const struct isa *isa)
{
    code_ready(code);
    struct ir *ir = lift(code, isa);
    optimise(ir);
    allocate(ir);
    struct selected_block *selected = select_instructions(ir);
    struct machine_function *function = emit(ir, selected);
    arena_free(ir->arena);
#ifdef HYBRIDSIM_SANITIZE /* it takes as long as the translation */
    assert(function->registers_needed || verify(function) == NULL);
#endif
    return function;
}

void machine_function_free(struct machine_function *function)
{
    if (!function)
        return;
    struct arena *arena = function->arena;
    buffer_free(&function->bytes);
    arena_free(arena);
}

void machine_function_refusal(const struct machine_function *function, struct buffer *text)
{
    buffer_printf(text, "ISA '%s' has %d registers, '%.*s' (line %d) needs %d", function->isa->name, function->isa->register_count,
                  (int)function->code->qualified_name.size, function->code->qualified_name.text, (int)function->code->first_line,
                  function->registers_needed);
}

static void dump_emitted(const struct machine_function *function, struct buffer *text)
{
    for (uint32_t b = 0; b < function->block_count; b++) {
        const struct machine_block *block = &function->blocks[b];
        buffer_printf(text, "block %u at %u, depth %u\n", block->source, block->address, block->entry_depth);
        for (uint32_t i = block->first; i < block->first + block->count; i++) {
            struct machine_instruction instruction;
            const uint8_t *bytes = (const uint8_t *)function->bytes.bytes + function->instructions[i].address;
            encoding_decode(function->isa, bytes, function->bytes.size - function->instructions[i].address,
                            &instruction);
            buffer_printf(text, "    %5u  ", function->instructions[i].address);
            encoding_disassemble(function->isa, &instruction, function->code, text);
            buffer_add_byte(text, '\n');
        }
    }
}

bool translate_dump(const struct code *code, const struct isa *isa, const char *pass, struct buffer *text)
{
    static const char *const passes[] = {"lift", "optimise", "allocate", "select", "emit"};
    int wanted = -1;
    for (int i = 0; i < 5; i++)
        if (strcmp(pass, passes[i]) == 0)
            wanted = i;
    if (wanted < 0)
        return false;
    code_ready(code);
    struct ir *ir = lift(code, isa);
    if (wanted >= 1)
        optimise(ir);
    if (wanted >= 2)
        allocate(ir);
    if (wanted <= 2) {
        dump_ir(ir, text);
    } else {
        struct selected_block *selected = select_instructions(ir);
        if (wanted == 3) {
            dump_selected(ir, selected, text);
        } else {
            struct machine_function *function = emit(ir, selected);
            dump_emitted(function, text);
            machine_function_free(function);
        }
    }
    arena_free(ir->arena);
    return true;
}
