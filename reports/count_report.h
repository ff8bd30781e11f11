/* count_report.h - `hybridsim count`: a program's instructions as tables by opcode, category, function, line, pair or triple, for
 * each ISA, as text, JSON and CSV, and as a bar chart. */
#ifndef HYBRIDSIM_REPORTS_COUNT_REPORT_H
#define HYBRIDSIM_REPORTS_COUNT_REPORT_H

#include "core/buffer.h"
#include "core/categories.h"
#include "sim/timing/tally.h"

enum count_by { COUNT_BY_OPCODE, COUNT_BY_CATEGORY, COUNT_BY_FUNCTION, COUNT_BY_LINE, COUNT_BY_PAIR, COUNT_BY_TRIPLE,
                COUNT_BY_COUNT };
extern const char *const count_by_names[COUNT_BY_COUNT];

struct count_request {
    const char *program;          /* as the headings call it */
    enum count_by by;
    enum tally_scope scope;
    bool caches;                  /* rows for inline cache entries */
    int top;                      /* rows shown as text; 0: all */
    bool interrupted;
    const char *ended;            /* how the program ended, when not by itself; or NULL */
    const struct categories *categories;
    int tally_count;
    const struct tally *const *tallies; /* of each ISA; the first is the bytecode when has_bytecode */
    bool has_bytecode;
};

struct count_row {
    const char *label;            /* "LOAD_FAST", "f (a.py:3)", "a.py:7", "LOAD_FAST COMPARE_OP" */
    const char *file;             /* functions and lines; else NULL */
    const char *name;             /* functions */
    uint32_t line;
    uint64_t placed, executed;    /* instructions */
    uint64_t native;              /* operations inside native code */
    bool is_native;               /* stands for native operations only */
    bool is_cache;                /* inline cache entries: no instructions, never executed */
};

struct count_amount {
    const char *name, *definition;
    uint64_t amount;
};

struct count_table {
    const struct tally *tally;
    const char *title;
    uint32_t row_count, row_capacity;
    struct count_row *rows;       /* most executed first */
    uint64_t placed, executed, native; /* all rows but those of caches; of pairs and triples: occurrences */
    uint64_t instructions;        /* executed, in the scope */
    uint64_t elsewhere;           /* executed in other files, scope script */
    uint32_t other_files;
    uint64_t estimated;           /* of the triples */
    bool has_native;              /* this kind of table has a column for native operations */
    struct count_amount amounts[WORK_COUNT];
    int amount_count;
};

struct count_tables {
    struct arena *arena;
    const struct count_request *request;
    struct count_table *tables;   /* one for each tally */
};

void count_tables_build(const struct count_request *request, struct count_tables *tables);
void count_tables_free(struct count_tables *tables);

void count_render_text(const struct count_tables *tables, struct buffer *out);
void count_render_json(const struct count_tables *tables, struct buffer *out);
void count_render_csv(const struct count_tables *tables, struct buffer *out);
/* The categories of every ISA as bars (a table by category, whatever the request's own is). */
void count_render_chart(const struct count_request *request, struct buffer *out);
/* The same program in the ways people count, and what each means. */
void count_render_explanation(const struct count_request *request, struct buffer *out);
/* Which of the executed instructions CPython would replace by specialised forms, and that hybridsim does not. */
void count_render_specialized(const struct count_request *request, struct buffer *out);

#endif
