/* isa.h - the model of an instruction set as its YAML spec describes it (docs/isa-language.md). Plain data: isa_load
 * (core/isa_load.c) builds it, translator, encoding, engine and timing read it. */
#ifndef HYBRIDSIM_CORE_ISA_H
#define HYBRIDSIM_CORE_ISA_H

#include "core/arena.h"
#include "core/diag.h"
#include "core/idiom.h"
#include "core/machine.h"
#include "core/op.h"

#include <stdint.h>

/* Where an operand of an instruction may be. An operand lists one or more of these; each is a bit of isa_operand.kinds. */
enum operand_kind {
    OPERAND_REG,      /* a register: frame slots [0, registers in use) */
    OPERAND_STACK,    /* implicit: popped from (operand) or pushed on (result) the operand stack. No field */
    OPERAND_TOP,      /* implicit: the top of the operand stack (topN: the N-th entry from the top) after this
                         instruction's pops; not popped. No field */
    OPERAND_DEPTH,    /* the n-th entry from the top of the operand stack, after this instruction's pops; not popped */
    OPERAND_LOCAL,    /* a local variable in frame memory, by number */
    OPERAND_CONST,    /* an entry of the constant pool, by number */
    OPERAND_IMM,      /* a constant that is an exact int fitting the signed field (imm8: 8 bits) */
    OPERAND_NAME,     /* 's': an entry of the name table */
    OPERAND_INDEX,    /* 'k': an entry of the constant pool as an index; 'l': a local by number */
    OPERAND_COUNT_FIELD, /* 'n': a small unsigned number */
    OPERAND_TARGET,   /* 't': signed displacement from the next instruction */
    OPERAND_FORWARD,  /* 't': unsigned displacement forward from the next instruction */
    OPERAND_BACKWARD, /* 't': unsigned displacement backward from the next instruction */
    OPERAND_WINDOW,   /* 'w' or 'p': the first of consecutive slots, by number. On a stack ISA 'w' and 'p' are `stack` */
    OPERAND_KIND_COUNT
};

extern const char *const operand_kind_names[OPERAND_KIND_COUNT];

enum { ISA_MAX_OPERANDS = 8, ISA_MAX_CHILDREN = 4, ISA_MAX_FIXED = 4 };

/* A prefix of ENCODING_FIELDS: opcode, which operand it extends, and bits that go before those of the operand's field. */
enum { PREFIX_OPERAND_BITS = 3, PREFIX_PAYLOAD_BITS = 13 };

struct isa_operand {
    const char *name;
    uint32_t kinds;      /* bits 1 << enum operand_kind */
    uint8_t imm_bits;    /* width of OPERAND_IMM's field */
    uint8_t field_bits;  /* width of the encoded field, 0 for implicit operands; without the alternative's selector */
    uint8_t select_bits; /* bits that tell which alternative is meant, in the order they stand in the spec; 0 for one */
    uint8_t alternatives[4];  /* enum operand_kind, in the order they stand in the spec */
    uint8_t alternative_count;
    uint8_t top_depth;   /* OPERAND_TOP: 1 the top, 2 the entry below it, ... */
    bool is_result;
    const char *file;    /* where the spec declares it */
    int line, column;
};

enum pattern_kind {
    PATTERN_OP,       /* op applied to children */
    PATTERN_CALL,     /* call(path, children...): a call of the native function `path`, speculative: guarded at run time */
    PATTERN_VARIABLE, /* operand `variable` */
    PATTERN_NUMBER,   /* a literal: matches the int or float constant of this value */
    PATTERN_NAMED,    /* the constant None, True or False */
    PATTERN_GLOBAL,   /* the number called `path`, such as math.pi: speculative likewise */
    PATTERN_DISPLAY   /* op build_tuple, build_list or build_slice of just these children: its window is not an operand */
};

/* A node of ops of its own, not an operand or constant. */
static inline bool pattern_kind_is_tree(enum pattern_kind kind)
{
    return kind != PATTERN_VARIABLE && kind != PATTERN_NUMBER && kind != PATTERN_NAMED;
}

struct pattern_node {
    enum pattern_kind kind;
    enum op op;
    int variable;           /* index into isa_instruction.operands */
    double number;
    int named;              /* PATTERN_NAMED: enum constant_kind */
    const char *path;       /* "math.exp", "numpy.dot", "max" (a builtin); GLOBAL: "math.pi" */
    int child_count;
    struct pattern_node *children[ISA_MAX_CHILDREN];
    int keyword_count;      /* PATTERN_CALL: of the last of them, with their names, in whatever order the program gives them */
    const char *keywords[ISA_MAX_CHILDREN];
};

/* One way an instruction can be used: `d = tree`, `d, e = tree`, `tree`, `if tree goto t`, `if not tree goto t` (the last
 * two are jump_if_true / jump_if_false over the tree). */
struct pattern {
    struct pattern_node *tree;
    int results[3];         /* operand indices of the results */
    int result_count;
    unsigned used;          /* operands that it uses, results included, as bits; the others are encoded as 0 and mean nothing */
    int op_count;           /* ops in the tree; a PATTERN_CALL counts as load_global[+load_attr]+call */
    bool speculative;       /* contains a PATTERN_CALL, or has a condition: `where` one of the next three */
    bool arrays;            /* its operands are of built-in types, so that an operator of theirs is numpy's */
    enum idiom idiom;       /* the op begins this form of loop, comprehension or conditional expression */
    const struct pattern_node *call; /* the op call, whose window is an operand: outermost, or where there is a callee further in */
    const char *callee;     /* that call is of the native function, or method numpy.ndarray.NAME, with this path, */
    int callee_count;       /* with so many arguments, */
    bool callee_open;       /* or more, by position or name, */
    double callee_numbers[ISA_MAX_CHILDREN]; /* each a constant equal to this, or anything (NAN) */
    bool callee_nones[ISA_MAX_CHILDREN];     /* or None, */
    enum op callee_ops[ISA_MAX_CHILDREN];    /* or what this comparison gave; OP_COUNT: none */
    int unit;               /* index into machine.units: the instruction's, unless spec key `units` has another */
    const char *text;       /* as in the spec */
};

/* A path of patterns that names a method of one of numpy's types, not a function of a module. */
bool pattern_path_is_method(const char *path);

/* The number that a module has under this path, such as math.pi; false: it is none that patterns know. */
bool pattern_global_number(const char *path, double *number);

struct isa;
/* Speculative, and taken only when its operands (of a call: all in the window) are of built-in types. */
bool pattern_guards_operands(const struct isa *isa, const struct pattern *pattern);

/* The op whose operands may be windows: the call where there is one, else the outermost. */
static inline const struct pattern_node *pattern_window_node(const struct pattern *pattern)
{
    return pattern->call ? pattern->call : pattern->tree;
}

/* How the encoded instruction tells which of its patterns is meant. */
enum isa_choice {
    CHOICE_FIRST,    /* not at all: decoding gives the first pattern, which must be right for the others as well */
    CHOICE_FIELD,    /* choice_bits after the opcode (ENCODING_FIELDS) */
    CHOICE_ARGUMENT, /* spec key `choice: argument`: argument = explicit operand * pattern_count + pattern */
    CHOICE_FIXED     /* spec key `arguments: [2, 3]`: argument 2 means pattern 0, 3 means pattern 1, others the last one */
};

struct isa_instruction {
    const char *name;
    const char *text;           /* one-line description, may be NULL */
    struct pattern *patterns;
    int pattern_count;
    struct isa_operand operands[ISA_MAX_OPERANDS];
    int operand_count;
    uint32_t opcode;            /* its number in the opcode field */
    enum isa_choice choice;
    uint8_t choice_bits;        /* bits that tell which pattern is meant (0 for one pattern) when the ISA has fields */
    uint8_t fixed_count;        /* CHOICE_FIXED */
    uint32_t fixed_arguments[ISA_MAX_FIXED]; /* CHOICE_FIXED: the argument of each of the first fixed_count patterns */
    int twin;                   /* spec key `twin`: index of the instruction of the same meaning, to be preferred unless the
                                   source bytecode's instruction has this one's opcode number; -1: none */
    int arrays;                 /* spec key `arrays`: index of the instruction that it is when its operands are arrays; -1: none */
    uint8_t cache_units;        /* arg-encoded ISAs: code units that follow and are skipped */
    uint8_t size_bytes;         /* fixed part: opcode and fields, without prefixes */
    int unit;                   /* index into machine.units */
    int latency;                /* cycles, overrides the unit's; -1: the unit's */
    int work;                   /* spec key `work`: enum work_kind that native code does with it; -1: it has patterns */
    int category;               /* enum isa_category */
    const char *file;           /* where the spec declares it */
    int line, column;
};

enum isa_category {
    CATEGORY_LOAD_STORE, CATEGORY_STACK_MOVE, CATEGORY_ARITHMETIC, CATEGORY_COMPARE, CATEGORY_CONTROL_FLOW,
    CATEGORY_CALLS, CATEGORY_CONTAINERS, CATEGORY_ITERATION, CATEGORY_ACCELERATOR, CATEGORY_OTHER, CATEGORY_COUNT
};

extern const char *const category_names[CATEGORY_COUNT]; /* "load/store", "stack/move", ... */

enum isa_encoding_style {
    ENCODING_FIELDS,  /* opcode, then each operand's selector and field, packed most significant bit first, padded to bytes */
    ENCODING_ARGUMENT /* one opcode byte and one argument byte, like CPython's: argument = explicit operand * patterns + choice */
};

enum isa_optimisation { /* spec key `optimise: [...]`; none of them ever changes behaviour */
    OPTIMISE_COPIES = 1,      /* moves between slots are forwarded to their uses and into their producers */
    OPTIMISE_CONSTANTS = 2,   /* constants become operands where an instruction can hold them */
    OPTIMISE_DEAD_STORES = 4, /* temporaries nobody reads are not written */
    OPTIMISE_QUIET = 8        /* ops only CPython's implementation needs (resume, precall, push_null, nop, drop) vanish */
};

struct isa {
    struct arena *arena;
    const char *name, *text;
    const char *file;               /* the spec's path as given */
    unsigned optimise;              /* enum isa_optimisation bits */
    int register_count;             /* 0 for a stack ISA */
    int scratch_registers;          /* the last of them are kept for fix-ups when a function does not fit */
    bool windows_on_stack;          /* operand windows (call arguments, ...) are on the operand stack, not in registers */
    int stack_cached_entries;       /* entries of the operand stack held on chip; 0: all in memory; -1: unlimited */
    enum isa_encoding_style encoding;
    int opcode_bits, register_bits, window_bits, name_bits, const_bits, local_bits, count_bits, target_bits;
    const char *prefix_name;        /* the instruction that extends a field that does not fit, e.g. EXTENDED_ARG */
    uint32_t prefix_opcode;
    int prefix_unit;                /* index into machine.units */
    int prefix_category;
    struct isa_instruction *instructions;
    int instruction_count;
    uint16_t *by_opcode;            /* for each opcode: index of its instruction plus 1, or 0 */
    struct machine *machine;
    bool no_idioms;                 /* `where` a form of loop or expression never holds (--no-idioms) */
    const char *resolved_text;      /* the whole resolved spec as YAML, for provenance */
};

/* Reads a spec with everything it inherits, and its machine (`machine_file` overrides the spec's when not NULL). NULL with
 * every error of the files in diag. */
struct isa *isa_load(const char *path, const char *machine_file, struct diag *diag);

/* As isa_load; what the files come to is kept in a folder (NULL: nowhere) and used as long as they stay as they are. */
struct isa *isa_load_kept(const char *path, const char *machine_file, const char *directory, struct diag *diag);
/* An ISA of a tree that is complete: it inherits nothing and contains its machine, as resolved_text does. The tree lives as long as
 * the isa. */
struct yaml_node;
struct isa *isa_from_tree(const char *path, struct yaml_node *root, struct diag *diag);
/* The same instructions on the machine of another ISA's tree, which has the same units, and with that one's entries of the stack on
 * chip. The result lives no longer than isa and tree. */
struct isa *isa_on_machine(const struct isa *isa, const struct yaml_node *root, struct diag *diag);
void isa_free(struct isa *isa);

/* The instruction of that name, or NULL. */
const struct isa_instruction *isa_instruction_by_name(const struct isa *isa, const char *name);

/* The operand that has a field whatever alternative is chosen is explicit; implicit kinds (stack, top) have no field. */
bool operand_kind_is_implicit(enum operand_kind kind);

#endif
