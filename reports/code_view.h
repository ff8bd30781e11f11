/* code_view.h - a program's code for looking at: each function's bytecode and the machine code it became under one ISA, with what a
 * run did with it. Plain data with its own strings, that can be sent to another process. */
#ifndef HYBRIDSIM_REPORTS_CODE_VIEW_H
#define HYBRIDSIM_REPORTS_CODE_VIEW_H

#include "core/arena.h"
#include "reports/listing.h"

struct code_view_bytecode {
    uint32_t offset;         /* in bytes */
    int32_t line;            /* that of the instruction before it when it has none; -1: none yet */
    uint64_t executed;
    const char *text;
};

struct code_view_machine {
    uint32_t first, bytecode; /* the instructions of its function that it stands for: from the first to the last */
    uint32_t address, size;  /* with prefixes and caches */
    const char *encoding;    /* the first bytes in hexadecimal */
    const char *text;
    uint64_t executed, instructions, cycles; /* instructions: with prefixes and what ran when a guard failed */
};

struct code_view_function {
    const char *file, *name; /* its qualified name */
    uint32_t line;
    bool is_script;
    uint64_t instructions, cycles;
    uint64_t elsewhere;      /* cycles of native code done for it, which no line and instruction has */
    uint32_t bytecode_count, machine_count;
    struct code_view_bytecode *bytecode;
    struct code_view_machine *machine;
};

struct code_view {
    struct arena *arena;
    const char *isa;
    uint32_t function_count, function_capacity;
    struct code_view_function *functions; /* in the order in which they were added */
    uint32_t left_out;                    /* functions that were executed and are not in it */
};

struct code_view *code_view_new(const char *isa);
void code_view_free(struct code_view *view);

void code_view_add_function(struct code_view *view, const struct listing_function *function, bool is_script);

void code_view_write(const struct code_view *view, struct buffer *bytes);
/* NULL when the bytes are not a whole view. */
struct code_view *code_view_read(const char *bytes, size_t size);

#endif
