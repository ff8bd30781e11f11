/* assigned.c - definite assignment: which reads of locals can meet an unbound one. Forward dataflow over blocks; a local is
 * assigned when it is on every path. A read that was checked assigns: execution goes on only when the local was bound. */
#include "frontend/unit_read.h"

#include <stdlib.h>
#include <string.h>

/* Beyond this many words of bit sets every read is checked: right, only slower. No sane program comes near. */
enum { WORD_LIMIT = 1 << 22 };

struct assignment {
    const struct code *code;
    size_t words;      /* in a bit set of locals */
    uint64_t *entry;   /* assigned at entry, by block */
    uint64_t *state, *handler_state;
};

static bool is_read(const struct instruction *instruction)
{
    return instruction->op == OP_move && instruction->role == ARGUMENT_LOCAL;
}

static void step(struct assignment *assignment, const struct instruction *instruction)
{
    uint64_t bit = (uint64_t)1 << (instruction->argument & 63);
    size_t word = instruction->argument >> 6;
    if (instruction->op == OP_move &&
        (instruction->role == ARGUMENT_LOCAL || instruction->role == ARGUMENT_LOCAL_RESULT))
        assignment->state[word] |= bit;
    if (instruction->op == OP_unbind) {
        assignment->state[word] &= ~bit;
        assignment->handler_state[word] &= ~bit; /* the handler may be entered after it */
    }
}

static bool meet(struct assignment *assignment, uint32_t block, const uint64_t *state)
{
    bool changed = false;
    uint64_t *entry = assignment->entry + block * assignment->words;
    for (size_t i = 0; i < assignment->words; i++) {
        changed |= (entry[i] & ~state[i]) != 0;
        entry[i] &= state[i];
    }
    return changed;
}

static bool flow_through(struct assignment *assignment, uint32_t index)
{
    const struct code *code = assignment->code;
    const struct block *block = &code->blocks[index];
    size_t size = assignment->words * sizeof(uint64_t);
    memcpy(assignment->state, assignment->entry + index * assignment->words, size);
    memcpy(assignment->handler_state, assignment->state, size);
    for (uint32_t i = block->first; i < block->first + block->count; i++)
        step(assignment, &code->instructions[i]);
    bool changed = false;
    if (block->fallthrough != NO_BLOCK)
        changed |= meet(assignment, block->fallthrough, assignment->state);
    if (block->target != NO_BLOCK)
        changed |= meet(assignment, block->target, assignment->state);
    if (block->handler != NO_BLOCK)
        changed |= meet(assignment, code->handlers[block->handler].target, assignment->handler_state);
    return changed;
}

static void check_reads(struct assignment *assignment, struct instruction *instructions, uint32_t index)
{
    const struct block *block = &assignment->code->blocks[index];
    memcpy(assignment->state, assignment->entry + index * assignment->words, assignment->words * sizeof(uint64_t));
    for (uint32_t i = block->first; i < block->first + block->count; i++) {
        struct instruction *instruction = &instructions[i];
        bool assigned = !is_read(instruction) ||
                        (assignment->state[instruction->argument >> 6] >> (instruction->argument & 63) & 1);
        step(assignment, instruction);
        if (!assigned) {
            instruction->op = OP_checked;
            instruction->role = ARGUMENT_LOCAL_INDEX;
        }
    }
}

static uint32_t argument_locals(const struct code *code)
{
    return code->argument_count + code->keyword_only_count + !!(code->flags & CODE_VARARGS) +
           !!(code->flags & CODE_VARKEYWORDS);
}

void locals_check_all(struct instruction *instructions, const struct code *code)
{
    for (uint32_t i = 0; i < code->instruction_count; i++)
        if (is_read(&instructions[i])) {
            instructions[i].op = OP_checked;
            instructions[i].role = ARGUMENT_LOCAL_INDEX;
        }
}

void locals_check(struct instruction *instructions, const struct code *code)
{
    struct assignment assignment = {.code = code, .words = (code->local_count + 63) / 64};
    if (!assignment.words)
        return;
    if (assignment.words > WORD_LIMIT / code->block_count) {
        locals_check_all(instructions, code);
        return;
    }
    size_t total = assignment.words * code->block_count;
    assignment.entry = malloc(total * sizeof(uint64_t));
    assignment.state = malloc(2 * assignment.words * sizeof(uint64_t));
    if (!assignment.entry || !assignment.state)
        abort();
    assignment.handler_state = assignment.state + assignment.words;
    memset(assignment.entry, 0xff, total * sizeof(uint64_t));
    memset(assignment.entry, 0, assignment.words * sizeof(uint64_t));
    for (uint32_t i = 0; i < argument_locals(code); i++)
        assignment.entry[i >> 6] |= (uint64_t)1 << (i & 63);
    for (bool changed = true; changed;) {
        changed = false;
        for (uint32_t i = 0; i < code->block_count; i++)
            if (code->blocks[i].entry_depth >= 0)
                changed |= flow_through(&assignment, i);
    }
    for (uint32_t i = 0; i < code->block_count; i++)
        check_reads(&assignment, instructions, i);
    free(assignment.entry);
    free(assignment.state);
}
