/* disassembly.h - bytecode as the reference CPython's module dis prints it, byte for byte.
 *
 * What constants look like is not known here (the order of a frozenset follows from hashes): whoever has objects says so. */
#ifndef HYBRIDSIM_FRONTEND_DISASSEMBLY_H
#define HYBRIDSIM_FRONTEND_DISASSEMBLY_H

#include "core/buffer.h"
#include "core/code.h"

struct disassembly {
    bool caches; /* rows for inline cache entries, as dis.dis(..., show_caches=True) prints them */
    /* repr() of constant `index` of the code as UTF-8: a text that is good until the next call. */
    const char *(*constant)(void *context, const struct code *code, uint32_t index, size_t *size);
    /* NULL, or adds what stands before the row at code unit `unit`. `line` is that which begins there, or -1. */
    void (*before_row)(void *context, const struct code *code, uint32_t unit, int32_t line, struct buffer *text);
    void *context;
};

/* One code object: its instructions, then its exception table. */
void disassembly_add(const struct disassembly *disassembly, const struct code *code, struct buffer *text);

/* The heading of a code object inside another: constant `index` of `outer`, after an empty line. */
void disassembly_add_heading(const struct disassembly *disassembly, const struct code *outer, uint32_t index,
                             struct buffer *text);

/* A code object and all those inside it, each after a heading. */
void disassembly_add_tree(const struct disassembly *disassembly, const struct code *code, struct buffer *text);

/* The instruction at code unit `unit` without offset and marks: name, argument (that of the EXTENDED_ARGs before it included)
 * and what it means in parentheses. */
void disassembly_add_instruction(const struct disassembly *disassembly, const struct code *code, uint32_t unit,
                                 uint32_t argument, struct buffer *text);

#endif
