/* builder.c - see builder.h. */
#include "sim/engine/builder.h"

#include <assert.h>
#include <stdlib.h>

void builder_add_word(struct builder *builder, word w)
{
    struct code_state *state = builder->state;
    if (state->word_count == builder->word_capacity) {
        builder->word_capacity = builder->word_capacity ? 2 * builder->word_capacity : 64;
        state->words = realloc(state->words, builder->word_capacity * sizeof *state->words);
        state->word_source = realloc(state->word_source, builder->word_capacity * sizeof *state->word_source);
        if (!state->words || !state->word_source)
            abort();
    }
    state->words[state->word_count] = w;
    state->word_source[state->word_count++] = builder->source;
}

static void note_op_word(struct builder *builder, uint32_t position)
{
    struct code_state *state = builder->state;
    if (state->op_word_count == builder->op_word_capacity) {
        builder->op_word_capacity = builder->op_word_capacity ? 2 * builder->op_word_capacity : 32;
        state->op_words = realloc(state->op_words, builder->op_word_capacity * sizeof *state->op_words);
        if (!state->op_words)
            abort();
        if (builder->vm->engine->observer &&
            !(state->op_instructions = realloc(state->op_instructions, builder->op_word_capacity * sizeof *state->op_instructions)))
            abort();
    }
    if (state->op_instructions)
        state->op_instructions[state->op_word_count] = builder->placed;
    state->op_words[state->op_word_count++] = position;
}

uint32_t builder_add_op(struct builder *builder, unsigned form, uint32_t a, uint32_t b, uint32_t c)
{
    assert(a <= 0xffff && b <= 0xffff && c <= 0xffff);
    uint32_t position = builder->state->word_count;
    builder->last_compare = NO_WORD;
    note_op_word(builder, position);
    builder_add_word(builder, (word){.f = {(uint16_t)form, (uint16_t)a, (uint16_t)b, (uint16_t)c}});
    return position;
}

void builder_add_value(struct builder *builder, value v)
{
    builder_add_word(builder, (word){.v = v});
}

void builder_add_zeros(struct builder *builder, int count)
{
    for (int i = 0; i < count; i++)
        builder_add_word(builder, (word){.u = 0});
}

void builder_add_target(struct builder *builder, uint32_t machine_block)
{
    if (builder->fixup_count == builder->fixup_capacity) {
        builder->fixup_capacity = builder->fixup_capacity ? 2 * builder->fixup_capacity : 16;
        builder->fixups = realloc(builder->fixups, builder->fixup_capacity * sizeof *builder->fixups);
        if (!builder->fixups)
            abort();
    }
    builder->fixups[builder->fixup_count++] = (struct target_fixup){builder->state->word_count, machine_block};
    builder_add_zeros(builder, 1);
}

void builder_add_counters(struct builder *builder, bool conditional)
{
    struct code_state *state = builder->state;
    if (state->counter_count == builder->counter_capacity) {
        builder->counter_capacity = builder->counter_capacity ? 2 * builder->counter_capacity : 16;
        state->counters = realloc(state->counters, builder->counter_capacity * sizeof *state->counters);
        if (!state->counters)
            abort();
    }
    struct block_counter *counter = &state->counters[state->counter_count++];
    counter->block = builder->function->blocks[builder->block].source;
    counter->count_word = state->word_count;
    counter->taken_word = conditional ? state->word_count + 1 : NO_WORD;
    builder_add_zeros(builder, conditional ? 2 : 1);
}

uint32_t builder_scratch_slot(struct builder *builder, uint32_t count)
{
    uint32_t slot = builder->scratch;
    builder->scratch += count;
    if (builder->state->slot_count < builder->scratch)
        builder->state->slot_count = builder->scratch;
    return slot;
}

value builder_constant(struct builder *builder, int32_t index)
{
    return tuple_of(builder->state->object->constants)->items[index];
}

value builder_name(struct builder *builder, int32_t index)
{
    return tuple_of(builder->state->object->names)->items[index];
}

uint32_t builder_slot_of(struct builder *builder, struct location location)
{
    if (location.kind == LOCATION_SLOT)
        return location.slot;
    uint32_t slot = builder_scratch_slot(builder, 1);
    builder_add_op(builder, FORM_load_const, slot, 0, 0);
    builder_add_value(builder, location.kind == LOCATION_CONSTANT ? location.constant : VALUE_NULL);
    return slot;
}
