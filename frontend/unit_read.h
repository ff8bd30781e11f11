/* unit_read.h - from marshalled bytes to a code unit: marshal.c reads objects, decode.c and blocks.c make code of them.
 * For the frontend's own files; others include frontend/frontend.h. */
#ifndef HYBRIDSIM_FRONTEND_UNIT_READ_H
#define HYBRIDSIM_FRONTEND_UNIT_READ_H

#include "core/buffer.h"
#include "core/diag.h"
#include "frontend/source_version.h"

struct raw_code { /* a code object as marshalled, its fields' types checked */
    uint32_t numbers[FIELD_FIRST_LINE + 1];
    struct constant objects[FIELD_COUNT]; /* indexed by enum code_field */
};

/* Where errors of one code unit go. */
struct unit_context {
    const struct source_version *version;
    struct arena *arena;
    const char *file;     /* named in errors */
    struct diag *diag;
    size_t offset;        /* where in the file the code object being decoded starts */
    bool splits_lines;    /* blocks begin at lines, too, and every read of a local is checked: code_split_at_lines */
    bool is_trusted;      /* CPython made it: instructions need not be decoded before they are looked at */
};

/* Reads the marshalled code object that begins at `start` and ends where the source does. The unit takes the source's bytes over.
 * NULL with one error in diag when the input is malformed, whatever it is. With is_trusted, code objects but the outermost are
 * decoded by code_ready. */
struct code_unit *unit_read(const struct source_version *version, struct buffer *source, size_t start, bool is_trusted,
                            const char *file, struct diag *diag) __attribute__((warn_unused_result));

/* Reads a marshalled object that contains no code into `arena`. */
bool constant_read(const struct source_version *version, struct arena *arena, const uint8_t *bytes, size_t size,
                   const char *file, struct constant *result, struct diag *diag) __attribute__((warn_unused_result));

/* decode.c: fills `code` (unit and index excepted) from raw. False with an error in diag. */
bool code_decode(const struct unit_context *context, const struct raw_code *raw, struct code *code)
    __attribute__((warn_unused_result));

/* blocks.c: blocks, block numbers and targets, depths and loops of decoded instructions. `targets` holds each instruction's
 * jump target as an instruction index or NO_BLOCK, `handler_targets` the same of each exception range; `stays` what each
 * instruction reads below what it pops. False with an error in diag. */
struct flow_input {
    struct instruction *instructions;
    const uint32_t *targets;
    struct exception_range *handlers;
    const uint32_t *handler_targets;
    const uint32_t *stays;
};
bool blocks_build(const struct unit_context *context, const struct flow_input *input, struct code *code)
    __attribute__((warn_unused_result));

/* assigned.c: turns each read of a local that may be unbound there into OP_checked. Needs blocks_build. */
void locals_check(struct instruction *instructions, const struct code *code);
void locals_check_all(struct instruction *instructions, const struct code *code); /* whether it may be unbound or not */

/* aliases.c: finds the imports of the unit's top level. Needs every code object of the unit. */
void aliases_find(struct code_unit *unit);

#endif
