/* comparison.h - programs against instruction sets: a matrix of any counters, with ratios, geometric means and the best of each
 * row, as text, Markdown, JSON, CSV and a page. Whoever builds it keeps its parts alive. */
#ifndef HYBRIDSIM_REPORTS_COMPARISON_H
#define HYBRIDSIM_REPORTS_COMPARISON_H

#include "reports/figures.h"

enum { COMPARISON_MAX_METRICS = 8 };

enum comparison_state {
    CELL_NONE,        /* there is no such run: a saved one has not this ISA */
    CELL_GOOD,
    CELL_FAILED,      /* the program raised or left with a status; the figures cover what had run */
    CELL_INTERRUPTED, /* as far as it came */
    CELL_NO_FIGURES   /* it could not be run: `why` */
};

extern const char *const comparison_state_names[]; /* of each state, a word */

struct comparison_cell {
    enum comparison_state state;
    const struct figures *figures; /* of the scope that was asked for; NULL: none */
    int exit_status;
    const char *why;               /* "unsupported", "differs", ...; or NULL */
};

enum comparison_ratio { RATIO_ISA = 1, RATIO_PROGRAM = 2 }; /* to the baseline's column; to the first program's row */

struct comparison {
    int program_count, isa_count, metric_count, baseline; /* the baseline's column */
    const char *const *programs, *const *isas;
    const struct comparison_cell *cells;                  /* row by row */
    struct figure metrics[COMPARISON_MAX_METRICS];
    unsigned ratios;                                      /* enum comparison_ratio bits */
    bool script_only, coloured;
};

static inline const struct comparison_cell *comparison_cell(const struct comparison *comparison, int program, int isa)
{
    return &comparison->cells[program * comparison->isa_count + isa];
}

/* False: the cell has no figures. */
bool comparison_value(const struct comparison *comparison, int metric, int program, int isa, uint64_t *value);
/* The least of the row's good cells, when there are two or more and not all are the same: its column; else -1. */
int comparison_best(const struct comparison *comparison, int metric, int program);
/* Of a column's ratios, value / value of the baseline's column, over the programs that ran well under both. False: none. */
bool comparison_mean(const struct comparison *comparison, int metric, int isa, double *mean);

void comparison_render_text(const struct comparison *comparison, struct buffer *out);
void comparison_render_markdown(const struct comparison *comparison, struct buffer *out);
void comparison_render_json(const struct comparison *comparison, struct buffer *out);
void comparison_render_csv(const struct comparison *comparison, struct buffer *out);
struct page;
/* Its tables and charts: of each metric, and of each program what was executed and where the cycles went (comparison_page.c). */
void comparison_add_to_page(const struct comparison *comparison, struct page *page);

#endif
