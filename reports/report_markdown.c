/* report_markdown.c - the report as GitHub-flavoured Markdown tables. */
#include "reports/report_tables.h"

#include <string.h>

static void add_cell(struct buffer *out, const char *text)
{
    buffer_add_byte(out, ' ');
    size_t end = strlen(text);
    while (end && text[end - 1] == ' ')
        end--;
    const char *last = text + end;
    while (*text == ' ')
        text++;
    for (; text < last; text++) {
        if (*text == '|' || *text == '<' || *text == '*' || *text == '_' || *text == '`' || *text == '\\')
            buffer_add_byte(out, '\\');
        buffer_add_byte(out, *text == '\n' ? ' ' : (uint8_t)*text);
    }
    buffer_add_text(out, " |");
}

static void render_table(const struct report_table *table, struct buffer *out)
{
    if (table->title)
        buffer_printf(out, "\n## %s\n", table->title);
    buffer_add_byte(out, '\n');
    for (int row = 0; row < table->row_count; row++) {
        buffer_add_byte(out, '|');
        for (int column = 0; column < table->column_count; column++)
            add_cell(out, table->cells[row * table->column_count + column]);
        buffer_add_byte(out, '\n');
        if (row)
            continue;
        buffer_add_byte(out, '|');
        for (int column = 0; column < table->column_count; column++)
            buffer_add_text(out, table->is_text[column] ? " --- |" : " ---: |");
        buffer_add_byte(out, '\n');
    }
}

void report_tables_render_markdown(const struct report_tables *tables, struct buffer *out)
{
    buffer_printf(out, "# %s\n", tables->heading);
    for (int i = 0; i < tables->count; i++)
        render_table(&tables->tables[i], out);
    for (int i = 0; i < tables->note_count; i++)
        buffer_printf(out, "\n%s\n", tables->notes[i]);
}

void report_render_markdown(const struct report *report, struct buffer *out)
{
    struct report_tables tables;
    report_tables_build(report, &tables);
    report_tables_render_markdown(&tables, out);
    report_tables_free(&tables);
}
