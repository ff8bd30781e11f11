/* page_static.c - a page without the viewer: everything one below the other, tables and charts, no script. */
#include "reports/page_model.h"
#include "reports/report.h"
#include "reports/svg_flame.h"
#include "reports/svg_text.h"

enum { MOST_ROWS = 200 };

static void add_element(struct buffer *out, const char *name, const char *text)
{
    if (!text)
        return;
    buffer_printf(out, "<%s>", name);
    svg_add_escaped(out, text);
    buffer_printf(out, "</%s>\n", name);
}

static void add_cell(const struct page_cell *cell, enum page_format format, struct buffer *out)
{
    buffer_printf(out, "<td%s%s>", format == PAGE_TEXT ? "" : format == PAGE_CODE ? " class=\"code\"" : " class=\"number\"",
                  cell->best ? " data-best" : "");
    if (cell->kind == PAGE_CELL_TEXT)
        svg_add_escaped(out, cell->text);
    else if (cell->kind == PAGE_CELL_COUNT)
        report_add_grouped(out, cell->count);
    else if (cell->kind == PAGE_CELL_REAL)
        buffer_printf(out, format == PAGE_PERCENT ? "%.1f %%" : "%.3f", cell->real);
    buffer_add_text(out, "</td>");
}

static void add_table(const struct page_table *table, struct buffer *out)
{
    size_t rows = table->row_count > MOST_ROWS && !table->fixed ? MOST_ROWS : table->row_count;
    buffer_add_text(out, "<div class=\"scroll\"><table><thead><tr>");
    for (int column = 0; column < table->column_count; column++) {
        bool is_text = table->columns[column].format == PAGE_TEXT || table->columns[column].format == PAGE_CODE;
        buffer_add_text(out, is_text ? "<th scope=\"col\">" : "<th scope=\"col\" class=\"number\">");
        svg_add_escaped(out, table->columns[column].title);
        buffer_add_text(out, "</th>");
    }
    buffer_add_text(out, "</tr></thead><tbody>\n");
    for (size_t row = 0; row < rows; row++) {
        buffer_add_text(out, "<tr>");
        for (int column = 0; column < table->column_count; column++)
            add_cell(&table->cells[row * (size_t)table->column_count + (size_t)column], table->columns[column].format, out);
        buffer_add_text(out, "</tr>\n");
    }
    buffer_add_text(out, "</tbody></table></div>\n");
    if (rows < table->row_count)
        buffer_printf(out, "<p class=\"note\">%zu more rows are not shown.</p>\n", table->row_count - rows);
}

static void add_section(const struct page_section *section, struct buffer *out)
{
    bool is_chart = section->kind == PAGE_BARS || section->kind == PAGE_STACKS || section->kind == PAGE_FLAME;
    buffer_add_text(out, "<section class=\"section\">\n");
    if (!is_chart) {
        add_element(out, "h3", section->title);
        add_element(out, "p", section->note);
    }
    switch (section->kind) {
    case PAGE_TABLE:
        add_table(section->table, out);
        break;
    case PAGE_BARS:
        svg_bars_render(&section->bars, out);
        break;
    case PAGE_STACKS:
        svg_stacks_render(&section->stacks, out);
        break;
    case PAGE_TEXT_BLOCK:
        buffer_add_text(out, "<pre>");
        for (const char *line = section->text; *line;) { /* line by line: control characters are dropped */
            const char *end = line;
            while (*end && *end != '\n')
                end++;
            struct buffer copy = {0};
            buffer_add(&copy, line, (size_t)(end - line));
            svg_add_escaped(out, copy.bytes ? copy.bytes : "");
            buffer_add_byte(out, '\n');
            buffer_free(&copy);
            line = *end ? end + 1 : end;
        }
        buffer_add_text(out, "</pre>\n");
        break;
    case PAGE_FLAME:
        svg_flame_render(section->trees, section->count, section->title, out);
        break;
    case PAGE_CODE_VIEW:
    case PAGE_VIEW:
    case PAGE_TAB:
        buffer_add_text(out, "<p class=\"note\">Shown only by reports of a hybridsim that was built with HYBRIDSIM_CHARTS.</p>\n");
        break;
    }
    buffer_add_text(out, "</section>\n");
}

void page_write_static(const struct page *page, struct buffer *out)
{
    buffer_add_text(out, "<main class=\"static\">\n");
    add_element(out, "h1", page->title);
    add_element(out, "p", page->subtitle);
    for (int i = 0; i < page->summary_count; i++)
        add_element(out, "p", page->summary[i].text);
    buffer_add_text(out,
                    "<p class=\"note\">This hybridsim was built without HYBRIDSIM_CHARTS: the report has tables and charts, but "
                    "no script, so no sorting, flame graph or source view.</p>\n");
    for (int i = 0; i < page->section_count; i++) {
        if (page->sections[i]->kind == PAGE_TAB)
            add_element(out, "h2", page->sections[i]->title);
        else
            add_section(page->sections[i], out);
    }
    buffer_add_text(out, "</main>");
}
