/* program.h - translated machine code: what the translator makes, the engine runs, the listing shows, timing charges. */
#ifndef HYBRIDSIM_CORE_PROGRAM_H
#define HYBRIDSIM_CORE_PROGRAM_H

#include "core/buffer.h"
#include "core/code.h"
#include "core/isa.h"

struct machine_operand {
    uint8_t kind;   /* enum operand_kind */
    int32_t value;  /* register, depth, local, constant or name index, immediate, count, window's slot; for targets the
                       displacement in bytes (ENCODING_FIELDS) or code units (ENCODING_ARGUMENT) from the end of this
                       instruction, caches included; negative backward, whatever the kind */
};

struct machine_instruction { /* what encoding_encode writes and encoding_decode reads */
    uint16_t instruction;  /* index into isa->instructions */
    uint8_t pattern;       /* which of its patterns */
    uint8_t prefixes;      /* prefix instructions before it (encode: at least so many; decode: how many there were) */
    uint16_t size_bytes;   /* prefixes, fields and caches */
    struct machine_operand operands[ISA_MAX_OPERANDS]; /* as isa_instruction.operands */
};

/* Appends the instruction's bytes; sets size_bytes and prefixes. False when an operand cannot be held at all (more than the
 * prefixes allow), which the caller has to avoid. */
bool encoding_encode(const struct isa *isa, struct machine_instruction *instruction, struct buffer *bytes);

/* Size the instruction will have. */
int encoding_size(const struct isa *isa, const struct machine_instruction *instruction);

/* Reads one instruction (with its prefixes). Returns its size, or 0 when the bytes are no instruction of this ISA. */
int encoding_decode(const struct isa *isa, const uint8_t *bytes, size_t size, struct machine_instruction *instruction);

/* One line of assembly, e.g. `ADD r3, r1, #5`. Names and constants of code are shown when code is not NULL. */
void encoding_disassemble(const struct isa *isa, const struct machine_instruction *instruction, const struct code *code,
                          struct buffer *text);

struct placed_instruction { /* one per emitted instruction, in address order: prefixes belong to their instruction */
    uint32_t address;       /* byte offset of its first prefix */
    uint32_t source;        /* index of the bytecode instruction it stands for (of a run: the last; it raises there) */
    uint32_t source_first;  /* first bytecode instruction folded into it; == source when it stands for one only */
    uint16_t instruction;   /* index into isa->instructions */
    uint8_t prefixes;
    uint8_t reserved;
    uint32_t fallback;      /* speculative: index into `fallbacks`; else NO_BLOCK */
};

/* A machine block: belongs to one source block. A source block may have several (a copy at a loop's end);
 * its execution count is the sum of theirs. */
struct machine_block {
    uint32_t source;         /* index into code->blocks */
    uint32_t first, count;   /* placed instructions [first, first + count) */
    uint32_t address;        /* byte offset */
    uint16_t entry_depth;    /* operand-stack entries at entry that live on the machine's operand stack */
    uint16_t entry_slot_count;
    const uint16_t *entry_slots; /* frame slot of each source stack entry at entry, bottom first (the unwinder needs them) */
};

struct fallback { /* what a speculative instruction costs when its guard fails: the cover without it */
    uint32_t count;
    const uint16_t *instructions; /* indices into isa->instructions */
};

/* One translated code object. Frame slots: [0, register_slots) registers; then memory_slots locals in frame memory; then
 * the operand stack from stack_base. The arguments arrive in slots 0, 1, ... in order of local_names. */
struct machine_function {
    struct arena *arena;
    const struct code *code;
    const struct isa *isa;
    struct buffer bytes;
    uint32_t instruction_count;
    struct placed_instruction *instructions;
    uint32_t block_count;
    struct machine_block *blocks;      /* in address order; blocks[0] is the entry */
    uint32_t fallback_count;
    struct fallback *fallbacks;
    uint16_t register_slots, memory_slots, stack_base;
    uint16_t slot_count;               /* the whole frame, operand stack included */
    uint16_t registers_needed;         /* 0, or: the ISA has too few, and the function cannot be executed */
    const uint16_t *local_slots;       /* home of each local */
    const uint64_t *block_cycles;      /* of one execution of each source block; NULL: not known */
    const uint8_t *local_needs_clear;  /* locals that must start unbound because a `checked` or `unbind` may see them so */
};

void machine_function_free(struct machine_function *function);

/* What is said of a function that cannot be executed: `ISA 'few' has 5 registers, 'main' (line 4) needs 6`. */
void machine_function_refusal(const struct machine_function *function, struct buffer *text);

/* Translates one code object. Cannot fail on what the frontend made and an isa that loaded (isa_load checks coverage), except
 * that the ISA may have too few registers (registers_needed). */
struct machine_function *translate(const struct code *code, const struct isa *isa);

#endif
