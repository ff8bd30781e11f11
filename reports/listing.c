/* listing.c - see listing.h. Numbers stand before the text they belong to, in columns of fixed width; those of instructions add up
 * to those of lines, functions and the run. */
#include "reports/listing.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { BYTECODE_WIDTH = 44, SHOWN_BYTES = 8, NO_HEADING = -2 };

void listing_add_heading(struct buffer *text)
{
    buffer_printf(text, "%14s %16s", "executed", "cycles");
}

void listing_add_numbers(uint64_t instructions, uint64_t cycles, struct buffer *text)
{
    buffer_printf(text, "%14" PRIu64 " %16" PRIu64 "  ", instructions, cycles);
}

void listing_add_count(uint64_t instructions, struct buffer *text)
{
    buffer_printf(text, "%14" PRIu64 " %16s  ", instructions, "");
}

void listing_add_no_numbers(struct buffer *text)
{
    buffer_printf(text, "%14s %16s  ", "", "");
}

uint64_t listing_row_instructions(const struct machine_function *machine, const struct timing_rows *rows, uint32_t index)
{
    return rows->executed[index] + rows->plain[index] +
           (rows->executed[index] + rows->failed[index]) * machine->instructions[index].prefixes;
}

/* The line of each bytecode instruction, those without one taking that of the instruction before. */
static int32_t *lines_of(const struct code *code)
{
    int32_t *lines = malloc((code->instruction_count + 1) * sizeof *lines), line = -1;
    if (!lines)
        abort();
    for (uint32_t i = 0; i < code->instruction_count; i++) {
        if (code->instructions[i].line >= 0)
            line = code->instructions[i].line;
        lines[i] = line;
    }
    return lines;
}

void line_totals_init(struct line_totals *totals, const struct machine_function *machine, const struct timing_rows *rows)
{
    const struct code *code = machine->code;
    int32_t *lines = lines_of(code), last = -1;
    totals->first = code->instruction_count ? lines[0] : 0;
    for (uint32_t i = 0; i < code->instruction_count; i++) {
        totals->first = lines[i] < totals->first ? lines[i] : totals->first;
        last = lines[i] > last ? lines[i] : last;
    }
    totals->count = (uint32_t)(last - totals->first) + 1;
    totals->lines = calloc(totals->count, sizeof *totals->lines);
    if (!totals->lines)
        abort();
    for (uint32_t i = 0; rows && i < rows->count; i++) {
        struct line_total *line = line_totals_at(totals, lines[machine->instructions[i].source]);
        line->instructions += listing_row_instructions(machine, rows, i);
        line->cycles += rows->cycles[i];
    }
    free(lines);
}

void line_totals_free(struct line_totals *totals)
{
    free(totals->lines);
}

struct line_total *line_totals_at(struct line_totals *totals, int32_t line)
{
    return &totals->lines[line - totals->first];
}

void listing_add_totals(const char *name, const struct timing_rows *rows, const struct timing_counts *counts, struct buffer *text)
{
    if (rows && rows->elsewhere) {
        buffer_printf(text, "%14s %16" PRIu64 "  ", "", rows->elsewhere);
        buffer_add_text(text, "work of native code\n");
    }
    listing_add_numbers(counts ? counts->instructions : 0, counts ? counts->cycles : 0, text);
    buffer_printf(text, "total of %s\n", name);
}

void listing_add_summary(const struct timing_result *timing, bool listed_all, struct buffer *text)
{
    const struct timing_counts *listed = listed_all ? &timing->total : &timing->script;
    buffer_printf(text, "\nExecuted under %s on %s\n", timing->isa, timing->machine);
    listing_add_heading(text);
    buffer_add_byte(text, '\n');
    listing_add_numbers(listed->instructions, listed->cycles, text);
    buffer_add_text(text, "listed above\n");
    for (uint32_t i = 0; i < timing->file_count && !listed_all; i++) {
        const struct timing_group *file = &timing->files[i];
        if (file->is_script)
            continue;
        listing_add_numbers(file->counts.instructions, file->counts.cycles, text);
        buffer_printf(text, "%s\n", file->file);
    }
    listing_add_numbers(timing->total.instructions, timing->total.cycles, text);
    buffer_add_text(text, "total of the run\n");
    if (timing->interrupted)
        buffer_add_text(text, "The program was interrupted: these are the figures up to there.\n");
}

uint64_t *listing_bytecode_executions(const struct code *code, const struct code_profile *profile)
{
    uint64_t *executions = calloc(code->instruction_count + 1, sizeof *executions);
    if (!executions)
        abort();
    for (uint32_t i = 0; profile && i < code->instruction_count; i++)
        executions[i] = profile->executions[code->instructions[i].block];
    for (uint32_t p = 0; profile && p < profile->partial_count; p++) {
        const struct profile_partial *partial = &profile->partials[p];
        for (uint32_t i = code->blocks[partial->block].first; i <= partial->instruction && i < code->instruction_count; i++)
            executions[i] += partial->count;
    }
    return executions;
}

/* ---- one function ---- */

struct listing {
    const struct listing_function *input;
    struct buffer *text;
    struct buffer scratch;
    struct line_totals totals;
    int32_t *lines;
    uint64_t *executions; /* of each bytecode instruction; NULL: not shown */
    int32_t line;         /* whose heading was printed last */
};

static void add_line(struct listing *listing, int32_t line)
{
    struct buffer *text = listing->text;
    if (line == listing->line)
        return;
    listing->line = line;
    if (listing->input->executed) {
        struct line_total *total = line_totals_at(&listing->totals, line);
        if (total->shown)
            listing_add_no_numbers(text);
        else
            listing_add_numbers(total->instructions, total->cycles, text);
        total->shown = true;
    }
    const char *source = source_text_line(listing->input->source, line);
    if (line < 0)
        buffer_printf(text, "%5s:\n", "-");
    else
        buffer_printf(text, "%5" PRId32 ":%s%s\n", line, *source ? " " : "", source);
}

/* Columns that a terminal shows: continuation bytes of UTF-8 are none. */
static size_t width_of(const char *bytes, size_t size)
{
    size_t width = 0;
    for (size_t i = 0; i < size; i++)
        width += ((unsigned char)bytes[i] & 0xc0) != 0x80;
    return width;
}

static void add_padded(struct buffer *text, struct buffer *column, size_t width)
{
    size_t shown = width_of(column->bytes, column->size);
    if (shown > width) {
        while (width_of(column->bytes, column->size) > width - 3)
            column->size--;
        while (column->size && ((unsigned char)column->bytes[column->size] & 0xc0) == 0x80)
            column->size--;
        buffer_add_text(column, "...");
        shown = width;
    }
    buffer_add(text, column->bytes, column->size);
    buffer_printf(text, "%*s", (int)(width - shown), "");
}

/* The left half of a row: the bytecode instruction, or as much room. */
static void add_bytecode(struct listing *listing, uint32_t index)
{
    const struct code *code = listing->input->code;
    listing->scratch.size = 0;
    buffer_add(&listing->scratch, "", 0);
    if (index == NO_BLOCK) {
        if (listing->executions)
            buffer_printf(listing->text, "%14s", "");
        buffer_printf(listing->text, "%8s", "");
    } else {
        if (listing->executions)
            buffer_printf(listing->text, "%14" PRIu64, listing->executions[index]);
        buffer_printf(listing->text, "  %5" PRIu32 " ", 2 * code->instructions[index].offset);
        listing->input->bytecode(listing->input->context, code, index, &listing->scratch);
    }
    add_padded(listing->text, &listing->scratch, BYTECODE_WIDTH);
}

static void add_encoding(struct listing *listing, const uint8_t *bytes, uint32_t size)
{
    char shown[3 * SHOWN_BYTES + 1] = "";
    for (uint32_t i = 0; i < size && i < SHOWN_BYTES; i++)
        snprintf(shown + 3 * i, 4, "%02x ", bytes[i]);
    buffer_printf(listing->text, " %3" PRIu32 "  %-*s%s ", size, 3 * SHOWN_BYTES, shown, size > SHOWN_BYTES ? "+" : " ");
}

static void end_row(struct listing *listing)
{
    struct buffer *text = listing->text;
    while (text->size && text->bytes[text->size - 1] == ' ')
        text->size--;
    buffer_add_byte(text, '\n');
}

/* The right half, and the rows that belong to it: prefixes before, the instructions after a failed guard behind it. */
static void add_machine(struct listing *listing, uint32_t bytecode, uint32_t index)
{
    const struct machine_function *machine = listing->input->machine;
    const struct timing_rows *rows = listing->input->rows;
    const struct placed_instruction *placed = &machine->instructions[index];
    const uint8_t *bytes = (const uint8_t *)machine->bytes.bytes + placed->address;
    struct machine_instruction decoded = {0};
    int size = encoding_decode(machine->isa, bytes, machine->bytes.size - placed->address, &decoded);
    if (placed->prefixes && listing->input->executed) {
        add_bytecode(listing, bytecode);
        listing_add_count(rows ? (rows->executed[index] + rows->failed[index]) * placed->prefixes : 0, listing->text);
        buffer_printf(listing->text, "%5s %3s  %-*s  %s (%u)\n", "", "", 3 * SHOWN_BYTES, "",
                      machine->isa->prefix_name ? machine->isa->prefix_name : "PREFIX", placed->prefixes);
        bytecode = NO_BLOCK;
    }
    add_bytecode(listing, bytecode);
    if (listing->input->executed)
        listing_add_numbers(rows ? rows->executed[index] : 0, rows ? rows->cycles[index] : 0, listing->text);
    buffer_printf(listing->text, "%5" PRIu32, placed->address);
    add_encoding(listing, bytes, size > 0 ? (uint32_t)size : 0);
    if (size > 0)
        encoding_disassemble(machine->isa, &decoded, listing->input->code, listing->text);
    end_row(listing);
    if (!rows || !rows->failed[index])
        return;
    add_bytecode(listing, NO_BLOCK);
    listing_add_count(rows->plain[index], listing->text);
    buffer_printf(listing->text, "plain instructions: the guard failed %" PRIu64 " times\n", rows->failed[index]);
}

static void add_block_heading(struct listing *listing, uint32_t number, const struct machine_block *copy_of)
{
    const struct block *block = &listing->input->code->blocks[number];
    struct buffer *text = listing->text;
    if (listing->input->executed)
        listing_add_no_numbers(text);
    buffer_printf(text, "  block %" PRIu32, number);
    if (copy_of)
        buffer_printf(text, ", again: counted at address %" PRIu32, copy_of->address);
    if (block->loop_depth)
        buffer_printf(text, ", loop depth %u", block->loop_depth);
    if (block->is_handler)
        buffer_add_text(text, ", exception handler");
    if (block->entry_depth < 0)
        buffer_add_text(text, ", never reached");
    else if (listing->executions && listing->input->profile && !copy_of)
        buffer_printf(text, ", completed %" PRIu64 " times", listing->input->profile->executions[number]);
    buffer_add_byte(text, '\n');
}

/* A source block without machine code is only bytecode; a copy of one that was shown only machine code. */
static void add_block(struct listing *listing, uint32_t number, const struct machine_block *machine,
                      const struct machine_block *copy_of)
{
    const struct block *block = &listing->input->code->blocks[number];
    const struct placed_instruction *instructions = listing->input->machine->instructions;
    uint32_t next = machine ? machine->first : 0, end = machine ? machine->first + machine->count : 0;
    add_block_heading(listing, number, copy_of);
    if (copy_of) { /* its rows have no counts of their own */
        struct listing_function plain = *listing->input;
        const struct listing_function *input = listing->input;
        plain.rows = NULL;
        listing->input = &plain;
        for (; next < end; next++)
            add_machine(listing, NO_BLOCK, next);
        listing->input = input;
        return;
    }
    for (uint32_t i = block->first; i < block->first + block->count; i++) {
        bool shown = false, is_last = i + 1 == block->first + block->count;
        add_line(listing, listing->lines[i]);
        for (; next < end && (is_last || instructions[next].source <= i); next++) {
            add_machine(listing, shown ? NO_BLOCK : i, next);
            shown = true;
        }
        if (shown)
            continue;
        add_bytecode(listing, i);
        end_row(listing);
    }
}

/* Source blocks in order, each followed by the copies of it. */
static void add_blocks(struct listing *listing)
{
    const struct machine_function *machine = listing->input->machine;
    uint32_t count = listing->input->code->block_count;
    uint32_t *first = malloc((count + 1) * sizeof *first), *next = malloc((machine->block_count + 1) * sizeof *next);
    if (!first || !next)
        abort();
    memset(first, 0xff, count * sizeof *first);
    for (uint32_t i = machine->block_count; i-- > 0;) {
        uint32_t source = machine->blocks[i].source;
        next[i] = first[source];
        first[source] = i;
    }
    for (uint32_t number = 0; number < count; number++) {
        const struct machine_block *block = first[number] == NO_BLOCK ? NULL : &machine->blocks[first[number]];
        add_block(listing, number, block, NULL);
        for (uint32_t i = block ? next[first[number]] : NO_BLOCK; i != NO_BLOCK; i = next[i])
            add_block(listing, number, &machine->blocks[i], block);
    }
    free(first);
    free(next);
}

void listing_add_function(const struct listing_function *function, struct buffer *text)
{
    const struct code *code = function->code;
    const struct machine_function *machine = function->machine;
    struct listing listing = {.input = function, .text = text, .line = NO_HEADING};
    buffer_printf(text, "%s (%s:%" PRIu32 "): %" PRIu32 " bytecode instructions in %" PRIu32 " bytes; %s: %" PRIu32
                        " instructions in %zu bytes\n", code->qualified_name.text, code->filename.text, code->first_line,
                  code->instruction_count, code->bytecode_size, machine->isa->name, machine->instruction_count,
                  machine->bytes.size);
    listing.lines = lines_of(code);
    if (function->executed) {
        line_totals_init(&listing.totals, machine, function->rows);
        listing.executions = listing_bytecode_executions(code, function->profile);
        listing_add_heading(text);
        buffer_printf(text, "  line of source\n%14s  %-*s", "executed", BYTECODE_WIDTH + 6, "bytecode");
        listing_add_heading(text);
        buffer_printf(text, "  address, size, bytes, instruction\n");
    }
    add_blocks(&listing);
    if (function->executed) {
        listing_add_totals(code->qualified_name.text, function->rows, function->counts, text);
        line_totals_free(&listing.totals);
    }
    buffer_add_byte(text, '\n');
    free(listing.lines);
    free(listing.executions);
    buffer_free(&listing.scratch);
}
