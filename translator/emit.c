/* emit.c - last pass: bytes.
 * Needs: selected instructions, block by block in source order. Gives: the machine_function, with target
 * displacements settled (an instruction's size depends on its displacement: sizes only grow until nothing
 * changes). */
#include "translator/translator.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct layout {
    struct ir *ir;
    struct selected_block *selected;
    uint32_t *addresses; /* of blocks, and the end */
};

static int32_t size_of(const struct isa *isa, struct machine_instruction *instruction)
{
    int size = encoding_size(isa, instruction);
    assert(size > 0);
    if (size < instruction->size_bytes)
        size = instruction->size_bytes;
    instruction->size_bytes = (uint16_t)size;
    return size;
}

/* One round: addresses from sizes, displacements from addresses. True when a size changed. */
static bool relax(struct layout *layout)
{
    struct ir *ir = layout->ir;
    uint32_t address = 0;
    bool changed = false;
    for (uint32_t b = 0; b < ir->block_count; b++) {
        changed |= layout->addresses[b] != address;
        layout->addresses[b] = address;
        for (uint32_t i = 0; i < layout->selected[b].count; i++)
            address += layout->selected[b].items[i].machine.size_bytes;
    }
    for (uint32_t b = 0; b < ir->block_count; b++) {
        address = layout->addresses[b];
        for (uint32_t i = 0; i < layout->selected[b].count; i++) {
            struct selected *item = &layout->selected[b].items[i];
            address += item->machine.size_bytes;
            if (item->target_block < 0)
                continue;
            int32_t displacement = (int32_t)layout->addresses[item->target_block] - (int32_t)address;
            if (ir->isa->encoding == ENCODING_ARGUMENT)
                displacement /= 2;
            item->machine.operands[item->target_operand].value = displacement;
            uint16_t before = item->machine.size_bytes;
            size_of(ir->isa, &item->machine);
            changed |= before != item->machine.size_bytes;
        }
    }
    return changed;
}

static void place_instruction(struct machine_function *function, const struct selected *item,
                              uint32_t address)
{
    struct placed_instruction *placed = &function->instructions[function->instruction_count++];
    *placed = (struct placed_instruction){.address = address,
                                          .source = item->source,
                                          .source_first = item->source_first,
                                          .instruction = item->machine.instruction,
                                          .prefixes = item->machine.prefixes,
                                          .fallback = NO_BLOCK};
    if (!item->fallback)
        return;
    uint16_t *list = ARENA_ARRAY(function->arena, uint16_t, item->fallback_count + 1);
    memcpy(list, item->fallback, sizeof *list * item->fallback_count);
    placed->fallback = function->fallback_count;
    function->fallbacks[function->fallback_count++] = (struct fallback){item->fallback_count, list};
}

static void place_block(struct machine_function *function, struct ir *ir, uint32_t index, uint32_t address)
{
    const struct ir_block *block = &ir->blocks[index];
    struct machine_block *machine = &function->blocks[function->block_count++];
    int32_t depth = block->entry_depth < 0 ? 0 : block->entry_depth;
    uint16_t *slots = ARENA_ARRAY(function->arena, uint16_t, depth + 1);
    *machine =
        (struct machine_block){.source = index, .first = function->instruction_count, .address = address};
    for (int32_t i = 0; i < depth; i++) {
        slots[i] = (uint16_t)web_slot(ir, block->entry_webs[i]);
        machine->entry_depth += web_stacked(ir, block->entry_webs[i]);
    }
    machine->entry_slots = slots;
    machine->entry_slot_count = (uint16_t)depth;
}

/* Locals that some op may see unbound. */
static void find_needs_clear(const struct code *code, uint8_t *needs_clear)
{
    for (uint32_t i = 0; i < code->instruction_count; i++) {
        const struct instruction *instruction = &code->instructions[i];
        if (instruction->op == OP_checked || instruction->op == OP_unbind || instruction->op == OP_make_cell)
            needs_clear[instruction->argument] = 1;
    }
    uint32_t parameters = parameter_count(code);
    for (uint32_t i = 0; i < parameters && i < code->local_count; i++)
        needs_clear[i] = 0; /* bound by the call */
}

static void fill_frame(struct machine_function *function, struct ir *ir)
{
    const struct code *code = ir->code;
    uint16_t *homes = ARENA_ARRAY(function->arena, uint16_t, code->local_count + 1);
    uint8_t *needs_clear = ARENA_ARRAY(function->arena, uint8_t, code->local_count + 1);
    for (uint32_t i = 0; i < code->local_count; i++)
        homes[i] = (uint16_t)ir->local_slots[i];
    find_needs_clear(code, needs_clear);
    function->local_slots = homes;
    function->local_needs_clear = needs_clear;
    function->register_slots = (uint16_t)ir->register_slots;
    function->memory_slots = (uint16_t)ir->memory_slots;
    function->stack_base = (uint16_t)ir->stack_base;
    function->registers_needed = (uint16_t)ir->registers_needed;
    uint32_t slots = (uint32_t)(ir->stack_base + ir->stack_size) + 2;
    uint32_t parameters = parameter_count(code) + 2;
    function->slot_count = (uint16_t)(slots < parameters ? parameters : slots);
}

struct machine_function *emit(struct ir *ir, struct selected_block *selected)
{
    struct arena *arena = arena_new();
    struct machine_function *function = ARENA_NEW(arena, struct machine_function);
    struct layout layout = {ir, selected, ARENA_ARRAY(ir->arena, uint32_t, ir->block_count + 1)};
    uint32_t instructions = 0, fallbacks = 0;
    for (uint32_t b = 0; b < ir->block_count; b++)
        for (uint32_t i = 0; i < selected[b].count; i++, instructions++) {
            fallbacks += selected[b].items[i].fallback != NULL;
            selected[b].items[i].machine.size_bytes = 0;
            size_of(ir->isa, &selected[b].items[i].machine);
        }
    while (relax(&layout))
        continue;
    *function = (struct machine_function){.arena = arena, .code = ir->code, .isa = ir->isa};
    function->instructions = ARENA_ARRAY(arena, struct placed_instruction, instructions + 1);
    function->blocks = ARENA_ARRAY(arena, struct machine_block, ir->block_count + 1);
    function->fallbacks = ARENA_ARRAY(arena, struct fallback, fallbacks + 1);
    for (uint32_t b = 0; b < ir->block_count; b++) {
        if (ir->blocks[b].entry_depth < 0 && !selected[b].count)
            continue; /* unreachable, and left out */
        place_block(function, ir, b, (uint32_t)function->bytes.size);
        for (uint32_t i = 0; i < selected[b].count; i++) {
            struct selected *item = &selected[b].items[i];
            uint32_t address = (uint32_t)function->bytes.size, wanted = item->machine.size_bytes;
            bool held = encoding_encode(ir->isa, &item->machine, &function->bytes);
            while (held && item->machine.size_bytes < wanted) { /* an earlier round needed one prefix more */
                function->bytes.size = address;
                item->machine.prefixes++;
                held = encoding_encode(ir->isa, &item->machine, &function->bytes);
            }
            assert(held && item->machine.size_bytes == wanted);
            place_instruction(function, item, address);
        }
        struct machine_block *block = &function->blocks[function->block_count - 1];
        block->count = function->instruction_count - block->first;
    }
    fill_frame(function, ir);
    return function;
}
