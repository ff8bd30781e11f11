/* predictor.c - two-bit saturating counters (Smith, ISCA 1981), indexed by address (bimodal) or by address xor global
 * history (gshare; McFarling, DEC WRL TN-36, 1993). Counters start weakly not taken. */
#include "sim/timing/predictor.h"

#include "core/memory.h"

#include <stdlib.h>
#include <string.h>

struct code_addresses { /* open-addressed by the code_profile's pointer; order of insertion sets the base */
    const struct code_profile *code;
    uint64_t *branches; /* address of the final instruction of each source block */
};

struct branch_predictor {
    bool uses_history;
    uint32_t history, history_mask, table_mask;
    uint8_t *counters;
    struct code_addresses *codes;
    uint32_t code_count, code_capacity; /* capacity is a power of two */
    uint64_t next_base;
    uint32_t *changes;                  /* counters changed since the mark, with what they were before: index * 4 + counter */
    uint32_t change_count, change_capacity, marked_history;
    bool marked;
};

struct branch_predictor *predictor_new(const struct machine *machine)
{
    enum predictor kind = machine->branch.predictor;
    if (machine->ideal || (kind != PREDICTOR_BIMODAL && kind != PREDICTOR_GSHARE))
        return NULL;
    struct branch_predictor *predictor = checked_alloc(1, sizeof *predictor);
    int bits = machine->branch.table_bits;
    bits = bits < 1 ? 1 : bits > 24 ? 24 : bits;
    int history_bits = machine->branch.history_bits;
    history_bits = history_bits < 0 ? 0 : history_bits > bits ? bits : history_bits;
    predictor->uses_history = kind == PREDICTOR_GSHARE;
    predictor->table_mask = (1u << bits) - 1;
    predictor->history_mask = (1u << history_bits) - 1;
    predictor->counters = checked_alloc((size_t)1 << bits, 1);
    memset(predictor->counters, 1, (size_t)1 << bits);
    predictor->code_capacity = 64;
    predictor->codes = checked_alloc(predictor->code_capacity, sizeof *predictor->codes);
    return predictor;
}

void predictor_free(struct branch_predictor *predictor)
{
    if (!predictor)
        return;
    for (uint32_t i = 0; i < predictor->code_capacity; i++)
        free(predictor->codes[i].branches);
    free(predictor->codes);
    free(predictor->counters);
    free(predictor->changes);
    free(predictor);
}

static void note_change(struct branch_predictor *predictor, uint32_t index, uint8_t counter)
{
    if (predictor->change_count == predictor->change_capacity) {
        predictor->change_capacity *= 2;
        predictor->changes = realloc(predictor->changes, predictor->change_capacity * sizeof *predictor->changes);
        if (!predictor->changes)
            abort();
    }
    predictor->changes[predictor->change_count++] = 4 * index + counter;
}

bool predictor_branch(struct branch_predictor *predictor, uint64_t address, bool taken)
{
    uint32_t index = (uint32_t)address;
    if (predictor->uses_history) {
        index ^= predictor->history;
        predictor->history = (predictor->history << 1 | taken) & predictor->history_mask;
    }
    uint8_t *counter = &predictor->counters[index & predictor->table_mask];
    bool predicted_taken = *counter >= 2;
    if (*counter == (taken ? 3 : 0))
        return predicted_taken != taken;
    if (predictor->marked)
        note_change(predictor, index & predictor->table_mask, *counter);
    *counter = (uint8_t)(taken ? *counter + 1 : *counter - 1);
    return predicted_taken != taken;
}

void predictor_mark(struct branch_predictor *predictor)
{
    enum { CHANGES_AT_FIRST = 64 };
    if (!predictor->change_capacity) {
        predictor->change_capacity = CHANGES_AT_FIRST;
        predictor->changes = checked_alloc(CHANGES_AT_FIRST, sizeof *predictor->changes);
    }
    predictor->marked = true;
    predictor->change_count = 0;
    predictor->marked_history = predictor->history;
}

/* The counters that changed are what they were when the first change of each was from the value that it has. */
bool predictor_is_as_marked(struct branch_predictor *predictor)
{
    enum { SEEN = 0x80 };
    predictor->marked = false;
    bool same = predictor->history == predictor->marked_history;
    for (uint32_t i = 0; i < predictor->change_count; i++) {
        uint8_t *counter = &predictor->counters[predictor->changes[i] / 4];
        if (!(*counter & SEEN))
            same = same && *counter == predictor->changes[i] % 4;
        *counter |= SEEN;
    }
    for (uint32_t i = 0; i < predictor->change_count; i++)
        predictor->counters[predictor->changes[i] / 4] &= (uint8_t)~SEEN;
    return same;
}

static struct code_addresses *find_slot(struct branch_predictor *predictor, const struct code_profile *code)
{
    uint32_t mask = predictor->code_capacity - 1;
    uint32_t i = (uint32_t)((uintptr_t)code >> 5) & mask;
    while (predictor->codes[i].code && predictor->codes[i].code != code)
        i = (i + 1) & mask;
    return &predictor->codes[i];
}

static void grow(struct branch_predictor *predictor)
{
    struct code_addresses *old = predictor->codes;
    uint32_t old_capacity = predictor->code_capacity;
    predictor->code_capacity *= 2;
    predictor->codes = checked_alloc(predictor->code_capacity, sizeof *predictor->codes);
    for (uint32_t i = 0; i < old_capacity; i++)
        if (old[i].code)
            *find_slot(predictor, old[i].code) = old[i];
    free(old);
}

static struct code_addresses *place_code(struct branch_predictor *predictor, const struct code_profile *code)
{
    if (2 * (predictor->code_count + 1) > predictor->code_capacity)
        grow(predictor);
    struct code_addresses *slot = find_slot(predictor, code);
    slot->code = code;
    slot->branches = checked_alloc(code->code->block_count, sizeof *slot->branches);
    predictor->code_count++;
    const struct machine_function *function = code->function;
    if (!function)
        return slot;
    for (uint32_t i = function->block_count; i-- > 0;) {
        const struct machine_block *block = &function->blocks[i];
        uint32_t last = block->count ? block->first + block->count - 1 : block->first;
        uint32_t address = block->count ? function->instructions[last].address : block->address;
        slot->branches[block->source] = predictor->next_base + address;
    }
    predictor->next_base += (function->bytes.size + 15) & ~(uint64_t)15;
    return slot;
}

uint64_t predictor_address(struct branch_predictor *predictor, const struct code_profile *code, uint32_t block)
{
    struct code_addresses *slot = find_slot(predictor, code);
    if (!slot->code)
        slot = place_code(predictor, code);
    return slot->branches[block];
}

bool predictor_on_branch(void *context, const struct code_profile *code, uint32_t block, bool taken)
{
    struct branch_predictor *predictor = context;
    return predictor_branch(predictor, predictor_address(predictor, code, block), taken);
}
