/* page.h - a report page as data: a summary, and tabs of sections (tables, charts, flame graphs, source beside code, texts). A
 * command adds sections and knows nothing of HTML; the viewer (reports/viewer) knows kinds of sections and nothing of commands.
 *
 * Texts and arrays given to these functions have to live as long as the page: page_arena is a place for what is made on the
 * way. An `id` names a section in the page's address and in the files of its charts; it is unique in the page and consists of
 * small letters, digits and `-`. A NULL note is none. */
#ifndef HYBRIDSIM_REPORTS_PAGE_H
#define HYBRIDSIM_REPORTS_PAGE_H

#include "core/arena.h"
#include "core/buffer.h"
#include "reports/code_view.h"
#include "reports/svg_bars.h"
#include "reports/svg_stacks.h"
#include "sim/timing/calltree.h"

#include <stdbool.h>
#include <stddef.h>

struct page;

struct page *page_new(void);
void page_free(struct page *page);
struct arena *page_arena(struct page *page);

/* subtitle: what ran, under what; or NULL. */
void page_set_title(struct page *page, const char *title, const char *subtitle);

/* A sentence that is shown first, above the tabs; one that warns stands out. */
void page_add_summary(struct page *page, const char *sentence);
void page_add_warning(struct page *page, const char *sentence);

/* What is added from here on is in this tab. A tab without sections is not shown. */
void page_add_tab(struct page *page, const char *id, const char *title);

/* ---- tables ---- */

enum page_format {
    PAGE_TEXT,    /* words */
    PAGE_CODE,    /* names, in fixed-width letters */
    PAGE_COUNT,   /* whole numbers, with thousands separators */
    PAGE_PERCENT, /* a share of 100, one decimal; a bar shows it too */
    PAGE_RATIO    /* three decimals */
};

struct page_column {
    const char *title;
    enum page_format format;
    const char *hint;      /* what the column means; or NULL */
};

struct page_cell {
    enum page_cell_kind { PAGE_CELL_EMPTY, PAGE_CELL_TEXT, PAGE_CELL_COUNT, PAGE_CELL_REAL } kind;
    bool best;             /* marked: the best of its row */
    const char *text;
    uint64_t count;
    double real;
};

struct page_table {
    int column_count;
    const struct page_column *columns;
    size_t row_count, row_capacity;
    struct page_cell *cells;
    bool fixed;            /* rows stay as they are: no sorting, no filter, no pages */
    bool has_total;        /* the last row is the total */
    int sorted_by;         /* the column by which rows are sorted at first, the largest first; -1: none */
    struct arena *arena;
};

struct page_table *page_add_table(struct page *page, const char *id, const char *title, const char *note,
                                  const struct page_column *columns, int column_count);
/* A new row of empty cells; good until the next call. */
struct page_cell *page_table_row(struct page_table *table);
void page_cell_text(struct page_cell *cell, const char *text);
void page_cell_count(struct page_cell *cell, uint64_t count);
void page_cell_real(struct page_cell *cell, double real);
/* part / whole for columns of PAGE_PERCENT (times 100) and PAGE_RATIO; empty when whole is 0. */
void page_cell_percent(struct page_cell *cell, uint64_t part, uint64_t whole);
void page_cell_ratio(struct page_cell *cell, uint64_t part, uint64_t whole);

/* ---- charts ---- */

/* The title is the chart's, the note its subtitle. */
void page_add_bars(struct page *page, const char *id, const struct svg_bars *chart);
void page_add_stacks(struct page *page, const char *id, const struct svg_stacks *chart);

/* The cycles of calling contexts, zoomable, one tree shown at a time. */
void page_add_flame(struct page *page, const char *id, const char *title, const char *note,
                    const struct calltree *const *trees, int count);

/* ---- code and texts ---- */

/* Source with the cycles of its lines, its bytecode and its machine code. One view and one tree for each ISA, all of one program.
 * `command`: the source when it has no file; or NULL. */
void page_add_code(struct page *page, const char *id, const char *title, const struct code_view *const *views,
                   const struct calltree *const *trees, int count, const char *command);

/* ---- views of points ---- */

/* What several views of the page show: JSON as cli/sweep/view_page.c describes it; nothing in it ends a script element. */
void page_set_points(struct page *page, const char *json);
/* One of them: "pareto", "parallel", "heatmap", "sensitivity", "best" or "points". */
void page_add_view(struct page *page, const char *kind, const char *id, const char *title, const char *note);

/* Text as it stands, folded away when it is long. */
void page_add_text(struct page *page, const char *id, const char *title, const char *text);

/* ---- the page as a file ---- */

/* One HTML file. Large tables, trees and sources are cut, which the page says, until it is below 3 MB. */
void page_render(const struct page *page, struct buffer *out);

/* Its bars, stacks and flame graphs as SVG files, for reports that are no HTML. `add` gets the section's id. */
void page_render_charts(const struct page *page, void (*add)(void *context, const char *id, const char *title,
                        const struct buffer *svg), void *context);

#endif
