/* run_diff.h - what changed between two saved runs: totals, parts of the cycle stack, categories, instructions, functions, lines,
 * events, work and native calls, each a table of rows with both values, largest change first. */
#ifndef HYBRIDSIM_REPORTS_RUN_DIFF_H
#define HYBRIDSIM_REPORTS_RUN_DIFF_H

#include "core/buffer.h"
#include "reports/saved_run.h"

enum diff_by { DIFF_TOTAL, DIFF_CYCLES, DIFF_CATEGORY, DIFF_INSTRUCTION, DIFF_FUNCTION, DIFF_LINE, DIFF_EVENT, DIFF_WORK,
               DIFF_NATIVE, DIFF_BY_COUNT };
extern const char *const diff_by_names[DIFF_BY_COUNT];

enum diff_metric { DIFF_METRIC_DEFAULT, DIFF_METRIC_CYCLES, DIFF_METRIC_INSTRUCTIONS };

struct diff_request {
    unsigned by;               /* bits 1 << enum diff_by */
    enum diff_metric metric;   /* of instructions, functions and lines; default: instructions, cycles, cycles */
    enum report_scope scope;
    bool unchanged;            /* rows without a change, too */
    int limit;                 /* rows of a table; 0: all */
    bool coloured;             /* text */
};

struct diff_row {
    const char *name, *text;   /* text: of a source line; else NULL */
    bool in_before, in_after;
    uint64_t before, after;
};

struct diff_table {
    enum diff_by by;
    const char *metric;        /* "cycles", "instructions", "units", ... */
    uint32_t row_count, row_capacity; /* shown or not: all that changed, and with `unchanged` all */
    struct diff_row *rows;
    bool sums;                 /* the rows are parts of a whole, which is: */
    uint64_t before, after;
    bool changed;
};

struct diff_side {
    const struct saved_file *file;
    const struct saved_run *run;
};

struct run_diff {
    struct arena *arena;
    struct diff_side before, after;
    int table_count;
    struct diff_table tables[DIFF_BY_COUNT];
    int note_count;
    const char *notes[4];
    bool changed;
};

void run_diff_build(const struct diff_request *request, const struct diff_side *before, const struct diff_side *after,
                    struct run_diff *diff);
void run_diff_free(struct run_diff *diff);

void run_diff_render_text(const struct run_diff *diffs, int count, const struct diff_request *request, struct buffer *out);
void run_diff_render_json(const struct run_diff *diffs, int count, const struct diff_request *request, struct buffer *out);
void run_diff_render_csv(const struct run_diff *diffs, int count, const struct diff_request *request, struct buffer *out);

#endif
