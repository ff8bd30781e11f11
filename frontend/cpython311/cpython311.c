/* cpython311.c - CPython 3.11 as the decoder sees it (frontend/source_version.h): opcode table, location table, exception
 * table, order of a code object's fields. The formats are described in CPython's Objects/locations.md and
 * Objects/exception_handling_notes.txt of that version. */
#include "frontend/source_version.h"

#include <limits.h>
#include <stdlib.h>

enum opcode {
#define OPCODE(number, name, op, role, argument, pops, stays, pushes, caches) name = number,
#define BACKWARD(name)
#define CHOICES(name, ...)
#define LIMITS(name, least, greatest)
#include "frontend/cpython311/opcodes.def"
#undef OPCODE
#undef BACKWARD
#undef CHOICES
#undef LIMITS
    EXTENDED_ARG = 144,
    FIRST_WITH_ARGUMENT = 90
};

static const char *opcode_name(uint8_t opcode)
{
    static const char *const names[256] = {
#define OPCODE(number, name, op, role, argument, pops, stays, pushes, caches) [number] = #name,
#define BACKWARD(name)
#define CHOICES(name, ...)
#define LIMITS(name, least, greatest)
#include "frontend/cpython311/opcodes.def"
#undef OPCODE
#undef BACKWARD
#undef CHOICES
#undef LIMITS
        [EXTENDED_ARG] = "EXTENDED_ARG",
    };
    return names[opcode];
}

static const char *argument_text(uint8_t opcode, uint32_t argument)
{
    static const char *const comparisons[] = {"<", "<=", "==", "!=", ">", ">="};
    static const char *const operators[] = {"+", "&", "//", "<<", "@", "*", "%", "|", "**", ">>", "-", "/", "^",
                                            "+=", "&=", "//=", "<<=", "@=", "*=", "%=", "|=", "**=", ">>=", "-=", "/=", "^="};
    static const char *const conversions[] = {NULL, "str", "repr", "ascii", "with format", "str, with format",
                                              "repr, with format", "ascii, with format"};
    static const char *const function_parts[] = { /* bit by bit */
        NULL, "defaults", "kwdefaults", "defaults, kwdefaults", "annotations", "defaults, annotations",
        "kwdefaults, annotations", "defaults, kwdefaults, annotations", "closure", "defaults, closure", "kwdefaults, closure",
        "defaults, kwdefaults, closure", "annotations, closure", "defaults, annotations, closure",
        "kwdefaults, annotations, closure", "defaults, kwdefaults, annotations, closure"};
    switch (opcode) {
    case COMPARE_OP:
        return argument < sizeof comparisons / sizeof *comparisons ? comparisons[argument] : NULL;
    case BINARY_OP:
        return argument < sizeof operators / sizeof *operators ? operators[argument] : NULL;
    case FORMAT_VALUE:
        return conversions[argument & 7];
    case MAKE_FUNCTION:
        return function_parts[argument & 15];
    case LOAD_GLOBAL:
        return argument & 1 ? "NULL + " : NULL;
    default: /* of 256 numbers */
        return NULL;
    }
}

static bool decode_row(uint8_t opcode, uint64_t n, struct decoded_opcode *decoded)
{
    switch (opcode) {
#define OPCODE(number, name, op_name, argument_role, decoded_argument, pop_count, stay_count, push_count, caches)              \
    case number:                                                                                                               \
        *decoded = (struct decoded_opcode){.op = OP_##op_name,                                                                 \
                                           .role = ARGUMENT_##argument_role,                                                   \
                                           .jump = ARGUMENT_##argument_role == ARGUMENT_TARGET ? JUMP_AHEAD : JUMP_NONE,       \
                                           .argument = (uint32_t)(decoded_argument),                                           \
                                           .pops = (pop_count),                                                                \
                                           .stays = (stay_count),                                                              \
                                           .pushes = (push_count),                                                             \
                                           .cache_units = (caches)};                                                           \
        return true;
#define BACKWARD(name)
#define CHOICES(name, ...)
#define LIMITS(name, least, greatest)
#include "frontend/cpython311/opcodes.def"
#undef OPCODE
#undef BACKWARD
#undef CHOICES
#undef LIMITS
    default:
        return false;
    }
}

static bool is_backward(uint8_t opcode)
{
    switch (opcode) {
#define OPCODE(number, name, op, role, argument, pops, stays, pushes, caches)
#define BACKWARD(name) case name:
#define CHOICES(name, ...)
#define LIMITS(name, least, greatest)
#include "frontend/cpython311/opcodes.def"
#undef OPCODE
#undef BACKWARD
#undef CHOICES
#undef LIMITS
        return true;
    default:
        return false;
    }
}

static bool argument_possible(uint8_t opcode, uint32_t argument)
{
    switch (opcode) {
#define OPCODE(number, name, op, role, decoded_argument, pops, stays, pushes, caches)
#define BACKWARD(name)
#define CHOICES(name, ...)
#define LIMITS(name, least, greatest)                                                                                          \
    case name:                                                                                                                 \
        return argument - (least) <= (uint32_t)((greatest) - (least));
#include "frontend/cpython311/opcodes.def"
#undef OPCODE
#undef BACKWARD
#undef CHOICES
#undef LIMITS
    default:
        return true;
    }
}

/* Sets the op where the argument chooses it. */
static bool choose_op(uint8_t opcode, uint32_t argument, struct decoded_opcode *decoded)
{
    switch (opcode) {
#define OPCODE(number, name, op, role, decoded_argument, pops, stays, pushes, caches)
#define BACKWARD(name)
#define CHOICES(name, ...)                                                                                                     \
    case name: {                                                                                                               \
        static const enum op choices[] = {__VA_ARGS__};                                                                        \
        if (argument >= sizeof choices / sizeof *choices)                                                                      \
            return false;                                                                                                      \
        decoded->op = choices[argument];                                                                                       \
        return true;                                                                                                           \
    }
#define LIMITS(name, least, greatest)
#include "frontend/cpython311/opcodes.def"
#undef OPCODE
#undef BACKWARD
#undef CHOICES
#undef LIMITS
    case LOAD_GLOBAL:
        if (argument & 1)
            decoded->op = OP_load_global_null;
        return true;
    case UNPACK_SEQUENCE:
        if (argument == 2 || argument == 3) {
            decoded->op = argument == 2 ? OP_unpack_2 : OP_unpack_3;
            decoded->role = ARGUMENT_NONE;
        }
        return true;
    default:
        return true;
    }
}

static bool decode(uint8_t opcode, uint32_t argument, struct decoded_opcode *decoded)
{
    if (!argument_possible(opcode, argument) || !decode_row(opcode, argument, decoded))
        return false;
    if (is_backward(opcode))
        decoded->jump = JUMP_BACK;
    return choose_op(opcode, argument, decoded);
}

/* The location table: runs of 1 to 8 code units. */
enum location_code { LOCATION_ONE_LINE = 10, LOCATION_NO_COLUMN = 13, LOCATION_LONG = 14, LOCATION_NONE = 15 };

struct table_reader {
    const uint8_t *table;
    size_t size, offset;
    bool failed;
};

static unsigned read_byte(struct table_reader *reader)
{
    if (reader->offset >= reader->size) {
        reader->failed = true;
        return 0;
    }
    return reader->table[reader->offset++];
}

/* Six bits a byte, least significant first; bit 6: another one follows. */
static int64_t read_unsigned(struct table_reader *reader)
{
    uint64_t result = 0;
    for (unsigned shift = 0;; shift += 6) {
        unsigned byte = read_byte(reader);
        if (shift > 30)
            reader->failed = true;
        if (reader->failed)
            return 0;
        result |= (uint64_t)(byte & 63) << shift;
        if (!(byte & 64))
            return (int64_t)result;
    }
}

static int64_t read_signed(struct table_reader *reader)
{
    int64_t value = read_unsigned(reader);
    return value & 1 ? -(value >> 1) : value >> 1;
}

static int32_t narrow(struct table_reader *reader, int64_t value)
{
    if (value < -1 || value > INT_MAX)
        reader->failed = true;
    return reader->failed ? -1 : (int32_t)value;
}

static struct source_position read_position(struct table_reader *reader, unsigned code, int64_t *line)
{
    struct source_position none = {-1, -1, -1, -1};
    int64_t end_line, column, end_column;
    if (code == LOCATION_NONE)
        return none;
    if (code == LOCATION_LONG) {
        *line += read_signed(reader);
        end_line = *line + read_unsigned(reader);
        column = read_unsigned(reader) - 1;
        end_column = read_unsigned(reader) - 1;
    } else if (code == LOCATION_NO_COLUMN) {
        *line += read_signed(reader);
        end_line = *line;
        column = end_column = -1;
    } else if (code >= LOCATION_ONE_LINE) {
        *line += code - LOCATION_ONE_LINE;
        end_line = *line;
        column = read_byte(reader);
        end_column = read_byte(reader);
    } else {
        unsigned byte = read_byte(reader);
        end_line = *line;
        column = (int64_t)(code << 3 | byte >> 4);
        end_column = column + (byte & 15);
    }
    return (struct source_position){narrow(reader, *line), narrow(reader, end_line), narrow(reader, column),
                                    narrow(reader, end_column)};
}

static bool decode_lines(const uint8_t *table, size_t size, uint32_t first_line, struct source_position *positions,
                         size_t unit_count)
{
    struct table_reader reader = {.table = table, .size = size};
    int64_t line = first_line;
    size_t unit = 0;
    while (unit < unit_count && reader.offset < size) {
        unsigned head = read_byte(&reader);
        if (!(head & 0x80))
            return false;
        struct source_position position = read_position(&reader, head >> 3 & 15, &line);
        if (reader.failed)
            return false;
        for (unsigned i = 0; i <= (head & 7) && unit < unit_count; i++)
            positions[unit++] = position;
    }
    while (unit < unit_count)
        positions[unit++] = (struct source_position){-1, -1, -1, -1};
    return true;
}

/* Six bits a byte, most significant first; bit 6: another one follows; bit 7 marks the first byte of a row. */
static uint32_t read_range_number(struct table_reader *reader)
{
    uint64_t result = 0;
    unsigned byte;
    do {
        byte = read_byte(reader);
        result = result << 6 | (byte & 63);
        if (result > INT_MAX)
            reader->failed = true;
    } while ((byte & 64) && !reader->failed);
    return reader->failed ? 0 : (uint32_t)result;
}

static bool decode_range(const uint8_t *table, size_t size, size_t *offset, struct source_range *range)
{
    struct table_reader reader = {.table = table, .size = size, .offset = *offset};
    if (reader.offset >= size || !(table[reader.offset] & 0x80))
        return false;
    range->start = read_range_number(&reader);
    range->end = range->start + read_range_number(&reader);
    range->target = read_range_number(&reader);
    uint32_t depth_and_lasti = read_range_number(&reader);
    range->depth = depth_and_lasti >> 1;
    range->push_lasti = depth_and_lasti & 1;
    *offset = reader.offset;
    return !reader.failed;
}

static uint8_t local_kind(uint8_t byte)
{
    enum { FAST_LOCAL = 0x20, FAST_CELL = 0x40, FAST_FREE = 0x80 };
    if (byte & ~(FAST_LOCAL | FAST_CELL | FAST_FREE))
        return 0;
    return (uint8_t)((byte & FAST_LOCAL ? LOCAL_FAST : 0) | (byte & FAST_CELL ? LOCAL_CELL : 0) |
                     (byte & FAST_FREE ? LOCAL_FREE : 0));
}

static const enum code_field fields[FIELD_COUNT] = {
    FIELD_ARGUMENT_COUNT, FIELD_POSITIONAL_ONLY_COUNT, FIELD_KEYWORD_ONLY_COUNT, FIELD_STACK_SIZE,
    FIELD_FLAGS,          FIELD_BYTECODE,              FIELD_CONSTANTS,          FIELD_NAMES,
    FIELD_LOCAL_NAMES,    FIELD_LOCAL_KINDS,           FIELD_FILENAME,           FIELD_NAME,
    FIELD_QUALIFIED_NAME, FIELD_FIRST_LINE,            FIELD_LINE_TABLE,         FIELD_EXCEPTION_TABLE,
};

const struct source_version cpython311 = {
    .name = "3.11",
    .magic = 3495,
    .cache_tag = "cpython-311",
    .extended_argument = EXTENDED_ARG,
    .first_with_argument = FIRST_WITH_ARGUMENT,
    .fields = fields,
    .opcode_name = opcode_name,
    .argument_text = argument_text,
    .decode = decode,
    .decode_lines = decode_lines,
    .decode_range = decode_range,
    .local_kind = local_kind,
};
