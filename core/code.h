/* code.h - a compiled Python code object as the frontend decodes it: ISA-neutral and CPython-version-neutral. Immutable
 * once built; owned by the module unit's arena (struct code_unit), lives as long as that.
 *
 * Nothing here names a CPython opcode except `source_opcode`, kept for listings of the bytecode. */
#ifndef HYBRIDSIM_CORE_CODE_H
#define HYBRIDSIM_CORE_CODE_H

#include "core/arena.h"
#include "core/op.h"

#include <stdint.h>

struct code;

enum constant_kind {
    CONSTANT_NONE,
    CONSTANT_TRUE,
    CONSTANT_FALSE,
    CONSTANT_ELLIPSIS,
    CONSTANT_INT,     /* integer */
    CONSTANT_BIG_INT, /* text: the number in hexadecimal, with '-' when negative */
    CONSTANT_FLOAT,   /* real */
    CONSTANT_COMPLEX, /* real, imaginary */
    CONSTANT_STRING,  /* text, size: UTF-8; lone surrogates as three bytes (surrogatepass) */
    CONSTANT_BYTES,   /* text, size */
    CONSTANT_TUPLE,   /* items, size */
    CONSTANT_FROZENSET, /* items, size */
    CONSTANT_CODE     /* code */
};

struct constant {
    enum constant_kind kind;
    bool interned;        /* CPython had interned this string */
    size_t size;          /* bytes of text, or number of items */
    union {
        int64_t integer;
        double real;
        const char *text;
        const struct constant *items;
        const struct code *code;
    };
    union {
        double imaginary;
        size_t item_total; /* of containers: their items, nested ones included */
    };
};

struct code_string {
    const char *text; /* UTF-8, zero-terminated */
    size_t size;
};

/* What one instruction's explicit argument means. Results and operands that are not explicit are on the operand stack. */
enum argument_role {
    ARGUMENT_NONE,
    ARGUMENT_LOCAL,       /* the op's value operand is local `argument` (LOAD_FAST) */
    ARGUMENT_LOCAL_RESULT, /* the op's result goes to local `argument` (STORE_FAST) */
    ARGUMENT_LOCAL_INDEX, /* an 'l' operand */
    ARGUMENT_CONSTANT,    /* the op's value operand is constant `argument` (LOAD_CONST) */
    ARGUMENT_CONSTANT_INDEX, /* a 'k' operand */
    ARGUMENT_NAME,        /* an 's' operand */
    ARGUMENT_COUNT,       /* an 'n' operand */
    ARGUMENT_DEPTH,       /* a stack entry `argument` below the top, 1 = the top: COPY's and SWAP's operand, the
                             container of LIST_APPEND, SET_ADD, MAP_ADD, LIST_EXTEND, ... counted after the pops */
    ARGUMENT_TARGET       /* a 't' operand: `target` */
};

#define NO_BLOCK 0xffffffffu

struct instruction { /* one executed code unit of the source bytecode, EXTENDED_ARG prefixes folded in */
    uint16_t op;            /* enum op */
    uint8_t role;           /* enum argument_role */
    uint8_t prefixes;       /* EXTENDED_ARG units before it: 0 to 3 */
    uint8_t source_opcode;  /* CPython's opcode number, generic form */
    uint16_t pops, pushes;  /* operand-stack entries taken and put, on the path that falls through */
    uint8_t cache_units;    /* inline cache entries after it */
    uint32_t raw_argument;  /* as encoded */
    uint32_t argument;      /* name, constant, local index, count, depth */
    uint32_t offset;        /* of the instruction proper, in code units of 2 bytes */
    uint32_t target;        /* block index, or NO_BLOCK */
    uint32_t block;         /* the block it belongs to */
    int32_t depth;          /* operand-stack depth before it; -1 when unreachable */
    int32_t line, end_line, column, end_column; /* 1-based lines, 0-based columns; -1 unknown */
};

/* A basic block. Leaders: entry, jump targets, what follows a terminator, handler entries, starts and ends of exception
 * ranges, and whatever follows an op that suspends (yield, send, return_generator). */
struct block {
    uint32_t first, count;   /* instructions[first .. first+count) */
    uint32_t fallthrough;    /* block that follows when the last instruction does not jump, or NO_BLOCK */
    uint32_t target;         /* jump target of the last instruction, or NO_BLOCK */
    int32_t entry_depth;     /* operand-stack depth at entry; -1 when unreachable */
    uint32_t handler;        /* exception range that covers the whole block: index into `handlers`, or NO_BLOCK */
    uint8_t is_handler;      /* entered by the unwinder: the exception (and lasti below it) was pushed */
    uint8_t loop_depth;      /* number of natural loops around it (back edges; 0 outside any) */
};

struct exception_range {
    uint32_t start, end;     /* instruction indices [start, end) */
    uint32_t target;         /* handler's block */
    uint32_t depth;          /* the stack is cut to this depth before lasti and exception are pushed */
    bool push_lasti;
};

enum local_kind { LOCAL_FAST = 1, LOCAL_CELL = 2, LOCAL_FREE = 4 }; /* FAST|CELL: an argument that is also a cell */

enum code_flags { /* CPython's CO_ numbering */
    CODE_OPTIMIZED = 1, CODE_NEWLOCALS = 2, CODE_VARARGS = 4, CODE_VARKEYWORDS = 8, CODE_NESTED = 16,
    CODE_GENERATOR = 32, CODE_COROUTINE = 128, CODE_ITERABLE_COROUTINE = 256, CODE_ASYNC_GENERATOR = 512
};

struct code {
    struct code_string name, qualified_name, filename;
    uint32_t first_line, flags;
    uint32_t argument_count;          /* positional, positional-only included */
    uint32_t positional_only_count, keyword_only_count;
    uint32_t local_count;             /* all of: locals, cells, free variables */
    uint32_t free_count;              /* the last free_count of them */
    const struct code_string *local_names;
    const uint8_t *local_kinds;       /* enum local_kind bits */
    uint32_t name_count;
    const struct code_string *names;
    uint32_t constant_count;
    const struct constant *constants;
    uint32_t stack_size;              /* greatest operand-stack depth */
    uint32_t instruction_count;
    const struct instruction *instructions;
    uint32_t block_count;
    const struct block *blocks;
    uint32_t handler_count;
    const struct exception_range *handlers;
    uint32_t bytecode_size;           /* bytes, caches included */
    const uint8_t *bytecode;          /* co_code, generic forms */
    const uint8_t *line_table; uint32_t line_table_size;           /* co_linetable, as it stands */
    const uint8_t *exception_table; uint32_t exception_table_size; /* co_exceptiontable, as it stands */
    const struct code_unit *unit;
    uint32_t index;                   /* position in unit->codes */
    bool splits_lines;                /* made by code_split_at_lines: not in unit->codes itself */
    /* Not decoded yet (else NULL): instructions, blocks and handlers are there after code_ready. */
    void (*decode)(struct code *code);
    const void *undecoded;
};

/* Does an instruction of this line begin a line, as the line table tells? `last` is the line that began last, at first -1. */
static inline bool code_line_begins(int32_t line, int32_t *last)
{
    if (line < 0 || line == *last)
        return false;
    *last = line;
    return true;
}

/* To be called before the instructions of a code object that may never have been executed are looked at. */
static inline void code_ready(const struct code *code)
{
    if (code->decode)
        code->decode((struct code *)(uintptr_t)code);
}

/* A global name that the unit's top level binds by an import, so that patterns such as call(math.exp, a) can be found:
 * `import math` gives math -> "math", `import numpy as np` np -> "numpy", `from math import exp` exp -> "math.exp". */
struct import_alias {
    struct code_string name;
    const char *path;
};

struct code_unit { /* one compiled source file */
    struct arena *arena;
    const char *filename;             /* as compiled: co_filename of the module code */
    const struct code *module;        /* == codes[0] */
    uint32_t code_count;
    const struct code *const *codes;  /* every code object of the unit, outer before inner */
    uint32_t alias_count;
    const struct import_alias *aliases;
    bool sets_as_seen;                /* items of set constants are in the order in which repr() has them, not made from it */
    uint64_t content_key[2];          /* of what it was read from: names its translations in a cache; 0: none are kept */
    void *translations;               /* translator/kept.c */
};

void code_unit_free(struct code_unit *unit);

#endif
