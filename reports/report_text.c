/* report_text.c - the report for a terminal: aligned columns, figures to the right. */
#include "reports/report_tables.h"

#include <string.h>

/* Characters, counting each UTF-8 sequence as one and colour (text_style.h) as none. */
static int text_width(const char *text)
{
    int width = 0;
    for (; *text; text++) {
        if (*text == '\033')
            text += strcspn(text, "m");
        else
            width += (*text & 0xc0) != 0x80;
    }
    return width;
}

static void add_spaces(struct buffer *out, int count)
{
    while (count-- > 0)
        buffer_add_byte(out, ' ');
}

static void trim_line(struct buffer *out)
{
    while (out->size && out->bytes[out->size - 1] == ' ')
        out->size--;
    buffer_add_byte(out, '\n');
}

static int column_width(const struct report_table *table, int column)
{
    int width = 0;
    for (int row = 0; row < table->row_count; row++) {
        int cell = text_width(table->cells[row * table->column_count + column]);
        if (cell > width)
            width = cell;
    }
    return width;
}

static void render_table(const struct report_table *table, struct buffer *out)
{
    buffer_add_byte(out, '\n');
    if (table->title)
        buffer_printf(out, "%s\n", table->title);
    for (int row = 0; row < table->row_count; row++) {
        for (int column = 0; column < table->column_count; column++) {
            const char *cell = table->cells[row * table->column_count + column];
            int padding = column_width(table, column) - text_width(cell);
            add_spaces(out, 2);
            if (!table->is_text[column])
                add_spaces(out, padding);
            buffer_add_text(out, cell);
            if (table->is_text[column])
                add_spaces(out, padding);
        }
        trim_line(out);
    }
}

/* A sentence broken into lines at spaces. */
static void render_note(const char *note, struct buffer *out)
{
    enum { LINE_WIDTH = 100 };
    while (text_width(note) > LINE_WIDTH) {
        int end = LINE_WIDTH;
        while (end > 0 && note[end] != ' ')
            end--;
        if (!end)
            break;
        buffer_add(out, note, (size_t)end);
        buffer_add_byte(out, '\n');
        note += end + 1;
    }
    buffer_printf(out, "%s\n", note);
}

void report_tables_render_text(const struct report_tables *tables, struct buffer *out)
{
    buffer_printf(out, "%s\n", tables->heading);
    for (int i = 0; i < tables->count; i++)
        render_table(&tables->tables[i], out);
    buffer_add_byte(out, '\n');
    for (int i = 0; i < tables->note_count; i++)
        render_note(tables->notes[i], out);
}

void report_render_text(const struct report *report, struct buffer *out)
{
    struct report_tables tables;
    report_tables_build(report, &tables);
    report_tables_render_text(&tables, out);
    report_tables_free(&tables);
}
