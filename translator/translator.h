/* translator.h - what the passes of the translator share: the intermediate representation (IR) and the
 * passes' names.
 *
 * lift      code -> IR: one ir_op a bytecode instruction; operand-stack entries are named by position and web
 * optimise  IR -> IR: what isa->optimise lists, inside blocks
 * allocate  a slot for every local and web
 * select    IR -> machine instructions by the ISA's patterns
 * emit      machine instructions -> bytes, blocks, placed instructions
 *
 * Everything lives in the arena of struct ir and goes with it; only emit writes into the machine_function's
 * arena. */
#ifndef HYBRIDSIM_TRANSLATOR_TRANSLATOR_H
#define HYBRIDSIM_TRANSLATOR_TRANSLATOR_H

#include "core/program.h"

#include <stdbool.h>
#include <stdint.h>

enum { IR_MAX_OPERANDS = 4, IR_MAX_RESULTS = 3, IR_KEEP = 0x7fffffff };

/* Unreachable code is lifted as if so many more entries than ever needed were there. */
enum { UNREACHABLE_ENTRIES = 600 };

enum ir_value_kind {
    VALUE_NONE,
    VALUE_ENTRY,    /* operand-stack entry: index = position from the bottom, web = which value it is */
    VALUE_LOCAL,    /* local `index` */
    VALUE_CONSTANT, /* constant `index` */
    VALUE_NULL,     /* the null that marks a call without self (optimise only, never an operand) */
    VALUE_NUMBER,   /* k, l, s and n operands */
    VALUE_BLOCK     /* t operands: block `index` */
};

struct ir_value {
    uint8_t kind; /* enum ir_value_kind */
    int32_t index;
    int32_t web; /* VALUE_ENTRY: index into ir->webs */
};

struct ir_op {
    enum op op;
    uint8_t operand_count, result_count;
    struct ir_value
        operands[IR_MAX_OPERANDS]; /* one a letter of op_infos[op].operands; a window: its first entry */
    struct ir_value
        results[IR_MAX_RESULTS]; /* one a letter of op_infos[op].results; a pair: its first entry */
    const int32_t *window_webs;  /* webs of the window's entries, window_size of them */
    const int32_t *pair_webs;    /* webs of the pair's entries, pair_size of them */
    uint16_t window_size, pair_size;
    int32_t low;           /* entries from this position on leave the operand stack; IR_KEEP: none does */
    uint32_t source;       /* bytecode instruction it stands for */
    uint32_t source_first; /* first of the bytecode instructions folded into it */
    int32_t stack_before;  /* allocate: entries on the machine's operand stack before it */
    int32_t stack_pops;    /* allocate: how many of them it takes */
    uint16_t uses;         /* allocate: reads of its first result before that is written again */
    bool dead;
};

/* The value that an operand-stack position holds from a push to its pop, over all paths: pushes that meet at
 * a join are one web (union-find through `leader`). */
struct ir_web {
    int32_t leader; /* union-find: same value */
    int32_t below;  /* web of the entry below it when it was made, -1 at the bottom */
    int32_t position;
    bool windowed;                          /* member of a window, or of a pair */
    bool stacked;                           /* lives on the machine's operand stack */
    int32_t registers_below, stacked_below; /* entries below it, by where they live; -1 not known yet */
};

struct ir_block {
    struct ir_op *ops;
    uint32_t op_count, op_capacity;
    int32_t entry_depth; /* -1: unreachable */
    int32_t exit_depth;  /* entries that some successor may read */
    int32_t *entry_webs;
    int32_t *exit_webs;       /* of the first exit_depth entries */
    uint32_t discovered_from; /* the predecessor that lift came from */
    bool *entry_nulls;        /* the entry is the null of a coming call */
    uint32_t predecessor_count;
    bool entered_keeping; /* by a jump that keeps its operand */
};

struct ir {
    struct arena *arena;
    const struct code *code;
    const struct isa *isa;
    struct ir_block *blocks; /* as code->blocks */
    uint32_t block_count;
    struct ir_web *webs;
    int32_t web_count, web_capacity;
    bool has_stack;   /* all entries (no registers) or windows live on the machine's operand stack */
    bool elide_nulls; /* windows in registers: the null before a callable is not written */
    /* allocate's results */
    int32_t *local_slots;
    bool *arrives_elsewhere; /* parameters whose home is not their index */
    int32_t register_slots, memory_slots, stack_base, stack_size;
    int32_t temporary_base, temporary_registers,
        temporary_memory; /* slots of entries: registers, then memory */
    int32_t scratch_base, scratch_count;
    int32_t registers_needed; /* as in struct machine_function */
};

/* One instruction chosen by select. */
struct selected {
    struct machine_instruction machine;
    uint32_t source, source_first;
    int32_t target_block; /* -1: none */
    int target_operand;
    uint32_t fallback_count;  /* speculative: the cover without it */
    const uint16_t *fallback; /* NULL: not speculative */
};

struct selected_block {
    struct selected *items;
    uint32_t count, capacity;
};

struct ir *lift(const struct code *code, const struct isa *isa);
void optimise(struct ir *ir);
void allocate(struct ir *ir);
struct selected_block *select_instructions(struct ir *ir);
struct machine_function *emit(struct ir *ir, struct selected_block *selected);

/* Checks the bytes, blocks and depths of a translated function again from the outside. NULL, or what is wrong
 * (in the function's arena). */
const char *verify(const struct machine_function *function);

/* Text of the IR (after lift, optimise or allocate) and of selected instructions. */
void dump_ir(const struct ir *ir, struct buffer *text);
void dump_selected(const struct ir *ir, const struct selected_block *selected, struct buffer *text);

/* Runs the passes up to `pass` (lift, optimise, allocate, select, emit) and adds its text. False: no such
 * pass. */
bool translate_dump(const struct code *code, const struct isa *isa, const char *pass, struct buffer *text);

int32_t web_leader(const struct ir *ir, int32_t web);
bool web_stacked(const struct ir *ir, int32_t web);
/* Number of entries below it that live in the same kind of place. */
int32_t web_rank(struct ir *ir, int32_t web);
/* Frame slot of a web that lives in registers or memory; of a stacked one: stack_base + its machine stack
 * index. */
int32_t web_slot(struct ir *ir, int32_t web);
struct ir_op *ir_append(struct ir *ir, struct ir_block *block, struct ir_op op);
/* A web for an entry at that position, above web `below` (-1: the bottom). */
int32_t web_add(struct ir *ir, int32_t position, int32_t below);
bool isa_covers(const struct isa *isa, enum op op);
uint32_t parameter_count(const struct code *code);
int32_t window_operand(const struct ir_op *op); /* index of the 'w' operand, -1: none */

#endif
