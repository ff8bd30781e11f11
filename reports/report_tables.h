/* report_tables.h - the report as tables of text, which the terminal and the Markdown renderer lay out. For reports/ only. */
#ifndef HYBRIDSIM_REPORTS_REPORT_TABLES_H
#define HYBRIDSIM_REPORTS_REPORT_TABLES_H

#include "core/arena.h"
#include "reports/report.h"

struct report_table {
    const char *title;      /* NULL: none */
    int column_count, row_count, row_capacity;
    const char **cells;     /* row by row; row 0 is the header */
    bool *is_text;          /* of each column: left-aligned */
};

struct report_tables {
    struct arena *arena;
    int count;
    struct report_table tables[10];
    const char *heading;    /* what ran, under what */
    int note_count;
    const char *notes[8];   /* sentences after the tables */
};

void report_tables_build(const struct report *report, struct report_tables *tables);
void report_tables_free(struct report_tables *tables);

void report_tables_render_text(const struct report_tables *tables, struct buffer *out);
void report_tables_render_markdown(const struct report_tables *tables, struct buffer *out);

#endif
