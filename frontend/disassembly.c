/* disassembly.c - see disassembly.h. A table of code units is made once a code object (jump targets, lines), then each row is
 * put together as Lib/dis.py of the reference CPython does, quirks included: an EXTENDED_ARG is a row of its own, a line that
 * begins inside an instruction is not shown. */
#include "frontend/disassembly.h"

#include "core/memory.h"
#include "frontend/source_version.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct source_version *const version = &cpython311;

enum { NAME_WIDTH = 20, ARGUMENT_WIDTH = 5, LEAST_LINE_WIDTH = 3, LEAST_OFFSET_WIDTH = 4, NO_LINE = -1 };

struct listing {
    const struct disassembly *options;
    const struct code *code;
    struct buffer *text;
    uint32_t unit_count;
    uint8_t *is_target;    /* per code unit: something jumps there */
    int32_t *line_starts;  /* per code unit: the line that begins there, or NO_LINE */
    int line_width;        /* 0: no lines are known */
    int offset_width;
};

static void add_spaces(struct buffer *text, int count)
{
    static const char spaces[] = "                                ";
    for (; count > 0; count -= (int)sizeof spaces - 1)
        buffer_add(text, spaces, count < (int)sizeof spaces ? (size_t)count : sizeof spaces - 1);
}

/* printf's %*lld, without its cost: a listing is mostly numbers. */
static void add_number(struct buffer *text, int64_t number, int width)
{
    char digits[24];
    int at = sizeof digits;
    uint64_t magnitude = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    do
        digits[--at] = (char)('0' + magnitude % 10);
    while (magnitude /= 10);
    if (number < 0)
        digits[--at] = '-';
    add_spaces(text, width - ((int)sizeof digits - at));
    buffer_add(text, digits + at, sizeof digits - (size_t)at);
}

static int digits_of(int64_t number)
{
    int count = 1;
    while (number /= 10)
        count++;
    return count;
}

/* An instruction's argument, when it has one: its own byte under those of the EXTENDED_ARGs before it. CPython keeps it in 32
 * bits with a sign. */
struct argument {
    bool is_there;
    int64_t value, extended;
};

static void argument_next(struct argument *argument, uint8_t opcode, uint8_t byte)
{
    argument->is_there = opcode >= version->first_with_argument;
    argument->value = argument->is_there ? (argument->extended | byte) : 0;
    argument->extended = opcode == version->extended_argument ? argument->value * 256 : 0;
    if (argument->extended >= (int64_t)1 << 31)
        argument->extended -= (int64_t)1 << 32;
}

static bool decode(uint8_t opcode, int64_t argument, struct decoded_opcode *decoded)
{
    *decoded = (struct decoded_opcode){.role = ARGUMENT_NONE};
    return version->decode(opcode, (uint32_t)argument, decoded);
}

static int64_t jump_target(const struct decoded_opcode *decoded, uint32_t unit, int64_t argument)
{
    return (int64_t)unit + 1 + (decoded->jump == JUMP_BACK ? -argument : argument);
}

static void mark_target(struct listing *listing, int64_t unit)
{
    if (unit >= 0 && unit < listing->unit_count)
        listing->is_target[unit] = 1;
}

static void find_targets(struct listing *listing)
{
    const uint8_t *bytes = listing->code->bytecode;
    struct argument argument = {0};
    struct decoded_opcode decoded;
    for (uint32_t unit = 0; unit < listing->unit_count; unit += 1u + decoded.cache_units) {
        argument_next(&argument, bytes[2 * unit], bytes[2 * unit + 1]);
        decode(bytes[2 * unit], argument.value, &decoded);
        if (decoded.role == ARGUMENT_TARGET)
            mark_target(listing, jump_target(&decoded, unit, argument.value));
    }
    const struct code *code = listing->code;
    struct source_range range;
    for (size_t offset = 0; offset < code->exception_table_size;) {
        if (!version->decode_range(code->exception_table, code->exception_table_size, &offset, &range))
            return;
        if (range.end > range.start)
            mark_target(listing, range.target);
    }
}

static void find_lines(struct listing *listing)
{
    const struct code *code = listing->code;
    struct source_position *positions = checked_alloc(listing->unit_count, sizeof *positions);
    bool known = version->decode_lines(code->line_table, code->line_table_size, code->first_line, positions,
                                       listing->unit_count);
    int32_t last = NO_LINE, greatest = NO_LINE;
    for (uint32_t unit = 0; unit < listing->unit_count; unit++) {
        int32_t line = known ? positions[unit].line : NO_LINE;
        bool begins = line != NO_LINE && line != last;
        listing->line_starts[unit] = begins ? line : NO_LINE;
        if (begins)
            last = line;
        if (line > greatest)
            greatest = line;
    }
    listing->line_width = greatest == NO_LINE ? 0 : greatest >= 1000 ? digits_of(greatest) : LEAST_LINE_WIDTH;
    free(positions);
}

static void add_string(struct buffer *text, const struct code_string *strings, uint32_t count, int64_t index)
{
    if (index >= 0 && index < count)
        buffer_add(text, strings[index].text, strings[index].size);
}

/* What the argument means, as dis words it; nothing where dis says nothing. */
static void add_meaning(const struct disassembly *options, const struct code *code, uint32_t unit, int64_t argument,
                        const struct decoded_opcode *decoded, struct buffer *text)
{
    uint8_t opcode = code->bytecode[2 * unit];
    switch (decoded->role) {
    case ARGUMENT_CONSTANT: {
        size_t size = 0;
        const char *constant = options->constant(options->context, code, (uint32_t)argument, &size);
        buffer_add(text, constant, size);
        return;
    }
    case ARGUMENT_NAME: {
        const char *before = version->argument_text(opcode, (uint32_t)argument);
        buffer_add_text(text, before ? before : "");
        add_string(text, code->names, code->name_count, decoded->argument);
        return;
    }
    case ARGUMENT_LOCAL:
    case ARGUMENT_LOCAL_RESULT:
    case ARGUMENT_LOCAL_INDEX:
        add_string(text, code->local_names, code->local_count, argument);
        return;
    case ARGUMENT_TARGET:
        buffer_add(text, "to ", 3);
        add_number(text, 2 * jump_target(decoded, unit, argument), 0);
        return;
    case ARGUMENT_NONE:
    case ARGUMENT_CONSTANT_INDEX:
    case ARGUMENT_COUNT:
    case ARGUMENT_DEPTH: {
        const char *word = version->argument_text(opcode, (uint32_t)argument);
        buffer_add_text(text, word ? word : "");
    }
    }
}

/* " (meaning)", or nothing. */
static void add_parenthesis(const struct disassembly *options, const struct code *code, uint32_t unit, int64_t argument,
                            const struct decoded_opcode *decoded, struct buffer *text)
{
    size_t start = text->size;
    buffer_add(text, " (", 2);
    add_meaning(options, code, unit, argument, decoded, text);
    if (text->size == start + 2) {
        text->size = start;
        text->bytes[start] = 0;
    } else {
        buffer_add_byte(text, ')');
    }
}

static const char *name_of(uint8_t opcode, char spare[8])
{
    const char *name = version->opcode_name(opcode);
    if (!name)
        snprintf(spare, 8, "<%u>", opcode);
    return name ? name : spare;
}

static void add_row_start(struct listing *listing, uint32_t unit)
{
    struct buffer *text = listing->text;
    int32_t line = listing->line_starts[unit];
    if (line != NO_LINE && unit)
        buffer_add_byte(text, '\n');
    if (listing->options->before_row)
        listing->options->before_row(listing->options->context, listing->code, unit, line, text);
    if (line != NO_LINE)
        add_number(text, line, listing->line_width);
    else
        add_spaces(text, listing->line_width);
    add_spaces(text, listing->line_width ? 5 : 4); /* no arrow at a current instruction */
    buffer_add(text, listing->is_target[unit] ? ">> " : "   ", 3);
    add_number(text, 2 * (int64_t)unit, listing->offset_width);
}

static void add_name_and_argument(struct buffer *text, const char *name, int64_t argument, bool padded)
{
    int length = (int)strlen(name);
    buffer_add(text, name, (size_t)length);
    if (padded)
        add_spaces(text, NAME_WIDTH - length);
    buffer_add_byte(text, ' ');
    add_number(text, argument, padded ? ARGUMENT_WIDTH : 0);
}

static void add_caches(struct listing *listing, uint32_t unit, uint32_t count)
{
    for (uint32_t i = 1; i <= count && unit + i < listing->unit_count; i++) {
        struct buffer *text = listing->text;
        if (listing->options->before_row)
            listing->options->before_row(listing->options->context, listing->code, unit + i, NO_LINE, text);
        add_spaces(text, listing->line_width + (listing->line_width ? 8 : 7));
        add_number(text, 2 * (int64_t)(unit + i), listing->offset_width);
        buffer_add_byte(text, ' ');
        add_name_and_argument(text, "CACHE", 0, true);
        buffer_add_byte(text, '\n');
    }
}

static void add_rows(struct listing *listing)
{
    const uint8_t *bytes = listing->code->bytecode;
    struct argument argument = {0};
    struct decoded_opcode decoded;
    char spare[8];
    for (uint32_t unit = 0; unit < listing->unit_count; unit += 1u + decoded.cache_units) {
        uint8_t opcode = bytes[2 * unit];
        argument_next(&argument, opcode, bytes[2 * unit + 1]);
        decode(opcode, argument.value, &decoded);
        add_row_start(listing, unit);
        buffer_add_byte(listing->text, ' ');
        if (argument.is_there) {
            add_name_and_argument(listing->text, name_of(opcode, spare), argument.value, true);
            add_parenthesis(listing->options, listing->code, unit, argument.value, &decoded, listing->text);
        } else {
            buffer_add_text(listing->text, name_of(opcode, spare));
        }
        buffer_add_byte(listing->text, '\n');
        if (listing->options->caches)
            add_caches(listing, unit, decoded.cache_units);
    }
}

static void add_exception_table(const struct code *code, struct buffer *text)
{
    struct source_range range;
    if (code->exception_table_size)
        buffer_add_text(text, "ExceptionTable:\n");
    for (size_t offset = 0; offset < code->exception_table_size;) {
        if (!version->decode_range(code->exception_table, code->exception_table_size, &offset, &range))
            return;
        buffer_printf(text, "  %" PRIu32 " to %" PRId64 " -> %" PRIu32 " [%" PRIu32 "]%s\n", 2 * range.start,
                      2 * (int64_t)range.end - 2, 2 * range.target, range.depth, range.push_lasti ? " lasti" : "");
    }
}

void disassembly_add(const struct disassembly *disassembly, const struct code *code, struct buffer *text)
{
    struct listing listing = {.options = disassembly, .code = code, .text = text, .unit_count = code->bytecode_size / 2};
    int64_t last_offset = (int64_t)code->bytecode_size - 2;
    listing.is_target = checked_alloc(listing.unit_count, 1);
    listing.line_starts = checked_alloc(listing.unit_count, sizeof *listing.line_starts);
    listing.offset_width = last_offset >= 10000 ? digits_of(last_offset) : LEAST_OFFSET_WIDTH;
    find_targets(&listing);
    find_lines(&listing);
    add_rows(&listing);
    add_exception_table(code, text);
    free(listing.is_target);
    free(listing.line_starts);
}

void disassembly_add_heading(const struct disassembly *disassembly, const struct code *outer, uint32_t index,
                             struct buffer *text)
{
    size_t size = 0;
    const char *object = disassembly->constant(disassembly->context, outer, index, &size);
    buffer_add_text(text, "\nDisassembly of ");
    buffer_add(text, object, size);
    buffer_add_text(text, ":\n");
}

void disassembly_add_tree(const struct disassembly *disassembly, const struct code *code, struct buffer *text)
{
    disassembly_add(disassembly, code, text);
    for (uint32_t i = 0; i < code->constant_count; i++) {
        if (code->constants[i].kind != CONSTANT_CODE)
            continue;
        disassembly_add_heading(disassembly, code, i, text);
        disassembly_add_tree(disassembly, code->constants[i].code, text);
    }
}

void disassembly_add_instruction(const struct disassembly *disassembly, const struct code *code, uint32_t unit,
                                 uint32_t argument, struct buffer *text)
{
    struct decoded_opcode decoded;
    char spare[8];
    uint8_t opcode = code->bytecode[2 * unit];
    decode(opcode, argument, &decoded);
    if (opcode < version->first_with_argument) {
        buffer_add_text(text, name_of(opcode, spare));
        return;
    }
    add_name_and_argument(text, name_of(opcode, spare), argument, false);
    add_parenthesis(disassembly, code, unit, argument, &decoded, text);
}
