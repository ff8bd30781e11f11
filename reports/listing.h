/* listing.h - translated code beside the source and the bytecode it came from, block by block, and, after a run, how often each
 * instruction was executed and what it cost. */
#ifndef HYBRIDSIM_REPORTS_LISTING_H
#define HYBRIDSIM_REPORTS_LISTING_H

#include "core/program.h"
#include "reports/source_text.h"
#include "sim/timing/timing.h"

struct listing_function { /* one code object under one ISA */
    const struct code *code;              /* decoded */
    const struct machine_function *machine;
    const struct source_text *source;
    bool executed;                        /* show counts and cycles; without the next three all are 0 */
    const struct code_profile *profile;   /* NULL: never executed */
    const struct timing_rows *rows;
    const struct timing_counts *counts;
    /* Adds instruction `index` as text: its name and argument. */
    void (*bytecode)(void *context, const struct code *code, uint32_t index, struct buffer *text);
    void *context;
};

void listing_add_function(const struct listing_function *function, struct buffer *text);

/* Instructions executed and cycles of each line of one code object, from placed instructions' rows. An instruction without a line
 * belongs to that of the one before it. */
struct line_totals {
    int32_t first;       /* the least line; -1: something before any line */
    uint32_t count;
    struct line_total { uint64_t instructions, cycles; bool shown; } *lines;
};

/* `rows` NULL: all zero. */
void line_totals_init(struct line_totals *totals, const struct machine_function *machine, const struct timing_rows *rows);
void line_totals_free(struct line_totals *totals);
struct line_total *line_totals_at(struct line_totals *totals, int32_t line);

/* Instructions of one row: prefixes and what ran after failed guards included. */
uint64_t listing_row_instructions(const struct machine_function *machine, const struct timing_rows *rows, uint32_t index);

/* How often each bytecode instruction was executed; profile NULL: never. To be freed. */
uint64_t *listing_bytecode_executions(const struct code *code, const struct code_profile *profile);

/* Two columns, instructions and cycles, and a blank: as a heading, with numbers, with the first number only, or empty. */
void listing_add_heading(struct buffer *text);
void listing_add_numbers(uint64_t instructions, uint64_t cycles, struct buffer *text);
void listing_add_count(uint64_t instructions, struct buffer *text);
void listing_add_no_numbers(struct buffer *text);

/* What a function's rows leave over, and its totals. `counts` NULL: zeros. */
void listing_add_totals(const char *name, const struct timing_rows *rows, const struct timing_counts *counts, struct buffer *text);

/* After the functions: what was listed, the other files, all of it. `listed_all`: nothing was left out. */
void listing_add_summary(const struct timing_result *timing, bool listed_all, struct buffer *text);

#endif
