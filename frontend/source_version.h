/* source_version.h - what the decoder has to know of one CPython version: the interface that a folder cpythonXYZ fills with
 * its tables. Nothing else in the project knows an opcode number, a table format or the order of a code object's fields. */
#ifndef HYBRIDSIM_FRONTEND_SOURCE_VERSION_H
#define HYBRIDSIM_FRONTEND_SOURCE_VERSION_H

#include "core/code.h"

enum jump_direction { JUMP_NONE, JUMP_AHEAD, JUMP_BACK };

struct decoded_opcode { /* one code unit in ISA-neutral words; counts are as wide as a hostile argument makes them */
    enum op op;
    enum argument_role role;
    enum jump_direction jump;
    uint32_t argument;
    uint64_t pops, stays, pushes; /* stays: entries below the popped ones that are read and stay */
    uint8_t cache_units;
};

struct source_position {
    int32_t line, end_line, column, end_column; /* as in struct instruction */
};

struct source_range { /* one row of an exception table, in code units */
    uint32_t start, end, target, depth;
    bool push_lasti;
};

enum code_field { /* what a marshalled code object holds, in the order that source_version.fields tells */
    FIELD_ARGUMENT_COUNT, FIELD_POSITIONAL_ONLY_COUNT, FIELD_KEYWORD_ONLY_COUNT, FIELD_STACK_SIZE, FIELD_FLAGS,
    FIELD_FIRST_LINE, /* the fields up to here are 32-bit numbers, the others objects */
    FIELD_BYTECODE, FIELD_CONSTANTS, FIELD_NAMES, FIELD_LOCAL_NAMES, FIELD_LOCAL_KINDS, FIELD_FILENAME, FIELD_NAME,
    FIELD_QUALIFIED_NAME, FIELD_LINE_TABLE, FIELD_EXCEPTION_TABLE, FIELD_COUNT
};

struct source_version {
    const char *name;            /* "3.11" */
    uint16_t magic;              /* of .pyc files, before the "\r\n" */
    const char *cache_tag;       /* "cpython-311": the middle of a file name in __pycache__ */
    uint8_t extended_argument;   /* the opcode that extends the next one's argument */
    uint8_t first_with_argument; /* opcodes below it have none */
    const enum code_field *fields; /* FIELD_COUNT of them */

    /* The opcode's name, or NULL. */
    const char *(*opcode_name)(uint8_t opcode);
    /* What dis says of the argument where it is no name, constant, local or jump ("+", "with format"), and what it puts before a
     * name ("NULL + "); NULL: nothing. */
    const char *(*argument_text)(uint8_t opcode, uint32_t argument);
    /* False when there is no such instruction. */
    bool (*decode)(uint8_t opcode, uint32_t argument, struct decoded_opcode *decoded);
    /* Fills the position of each of unit_count code units. False when the table is malformed. */
    bool (*decode_lines)(const uint8_t *table, size_t size, uint32_t first_line, struct source_position *positions,
                         size_t unit_count);
    /* Reads the row at *offset and moves on. False when it is malformed. */
    bool (*decode_range)(const uint8_t *table, size_t size, size_t *offset, struct source_range *range);
    /* enum local_kind bits of one byte of the kinds of locals; 0 when it is malformed. */
    uint8_t (*local_kind)(uint8_t byte);
};

extern const struct source_version cpython311;

/* The CPython release whose .pyc files start with `magic` ("3.12"), or NULL when it is not known. */
const char *source_version_of_magic(uint16_t magic);

#endif
