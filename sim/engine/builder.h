/* builder.h - the words of a code object that is being predecoded. */
#ifndef HYBRIDSIM_SIM_ENGINE_BUILDER_H
#define HYBRIDSIM_SIM_ENGINE_BUILDER_H

#include "sim/engine/forms.h"
#include "sim/engine/frame.h"

#define NO_WORD 0xffffffffu

enum location_kind { LOCATION_SLOT, LOCATION_CONSTANT, LOCATION_NUMBER, LOCATION_ABSENT };

struct location { /* where an operand is */
    enum location_kind kind;
    uint32_t slot;   /* LOCATION_SLOT; of a local: its home */
    int32_t number;  /* index, count, local's number, target's machine block */
    value constant;
};

struct target_fixup {
    uint32_t word;
    uint32_t block; /* machine block */
};

struct builder {
    struct vm *vm;
    struct code_state *state;
    const struct machine_function *function;
    const struct code *code;
    const struct isa *isa;
    uint32_t word_capacity, source_capacity, op_word_capacity;
    struct target_fixup *fixups;
    uint32_t fixup_count, fixup_capacity;
    uint32_t counter_capacity;
    uint32_t block;          /* machine block being built */
    uint32_t depth;          /* entries on the machine's operand stack */
    uint32_t scratch;        /* next free scratch slot */
    uint32_t source, source_cursor, source_last; /* bytecode instructions of the instruction being expanded */
    uint32_t last_compare;   /* word index of a comparison that a branch may absorb, or NO_WORD */
    uint32_t suspended_from; /* slot + 1 of the iterator of the last `send`, for the yield after it */
    value keyword_names;     /* of the next call */
    uint32_t guard_failures; /* guards emitted */
    const struct pattern *pattern; /* of the instruction being expanded */
    uint32_t guard_slot; /* of an instruction with several guards: tells whether one has failed; 0: none */
    uint32_t placed;         /* the instruction being expanded */
};

static inline struct location in_slot(uint32_t slot)
{
    return (struct location){.kind = LOCATION_SLOT, .slot = slot};
}

void builder_add_word(struct builder *builder, word w);
/* The op word of a form, at the index that it answers; its extension words follow. */
uint32_t builder_add_op(struct builder *builder, unsigned form, uint32_t a, uint32_t b, uint32_t c);
void builder_add_value(struct builder *builder, value v);
void builder_add_zeros(struct builder *builder, int count);
void builder_add_target(struct builder *builder, uint32_t machine_block); /* known when all words are there */
/* The block's counters: executions, and when it ends in a branch, times taken. */
void builder_add_counters(struct builder *builder, bool conditional);
uint32_t builder_scratch_slot(struct builder *builder, uint32_t count); /* the first of so many */
value builder_constant(struct builder *builder, int32_t index);
value builder_name(struct builder *builder, int32_t index);
uint32_t builder_slot_of(struct builder *builder, struct location location); /* a constant is loaded into a scratch slot */

#endif
