/* page_json.c - a page's data for the viewer: {title, subtitle, summary, tabs: [{id, title, sections: [{kind, id, title, note,
 * ...}]}]}. What a section of each kind has is written here and read by the file of that kind in reports/viewer/src. */
#include "reports/page_model.h"

#include <math.h>

static void write_text(struct json_writer *json, const char *key, const char *text)
{
    if (!text)
        return;
    json_key(json, key);
    json_text(json, text);
}

static void write_texts(struct json_writer *json, const char *key, const char *const *texts, int count)
{
    json_key(json, key);
    json_open(json, '[');
    for (int i = 0; i < count; i++)
        json_text(json, texts[i]);
    json_close(json, ']');
}

/* ---- tables ---- */

static void write_columns(struct json_writer *json, const struct page_table *table)
{
    static const char *const formats[] = {"text", "code", "count", "percent", "ratio"};
    json_key(json, "columns");
    json_open(json, '[');
    for (int i = 0; i < table->column_count; i++) {
        json_open(json, '{');
        write_text(json, "title", table->columns[i].title);
        write_text(json, "format", formats[table->columns[i].format]);
        write_text(json, "hint", table->columns[i].hint);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void write_cell(struct json_writer *json, const struct page_cell *cell)
{
    struct buffer text = {0};
    switch (cell->kind) {
    case PAGE_CELL_EMPTY:
        json_literal(json, "null");
        break;
    case PAGE_CELL_TEXT:
        json_text(json, cell->text);
        break;
    case PAGE_CELL_COUNT:
        json_number(json, cell->count);
        break;
    case PAGE_CELL_REAL:
        buffer_printf(&text, "%.7g", isfinite(cell->real) ? cell->real : 0);
        json_literal(json, text.bytes);
        break;
    }
    buffer_free(&text);
}

static void write_best(struct json_writer *json, const struct page_table *table, size_t rows)
{
    json_key(json, "best");
    json_open(json, '[');
    for (size_t i = 0; i < rows * (size_t)table->column_count; i++)
        if (table->cells[i].best)
            json_number(json, i);
    json_close(json, ']');
}

static void write_table(struct json_writer *json, const struct page_table *table, size_t limit)
{
    size_t rows = table->fixed || table->row_count <= limit ? table->row_count : limit;
    write_columns(json, table);
    json_key(json, "fixed");
    json_boolean(json, table->fixed);
    json_key(json, "sorted_by");
    json_signed(json, table->sorted_by);
    json_key(json, "left_out");
    json_number(json, table->row_count - rows);
    json_key(json, "rows");
    json_open(json, '[');
    for (size_t row = 0; row < rows; row++) {
        size_t from = table->has_total && row + 1 == rows ? table->row_count - 1 : row; /* the total stays */
        json_open(json, '[');
        for (int column = 0; column < table->column_count; column++)
            write_cell(json, &table->cells[from * (size_t)table->column_count + (size_t)column]);
        json_close(json, ']');
    }
    json_close(json, ']');
    json_key(json, "has_total");
    json_boolean(json, table->has_total);
    write_best(json, table, rows);
}

/* ---- charts ---- */

static void write_bars(struct json_writer *json, const struct svg_bars *chart)
{
    int count = chart->group_count * chart->series_count;
    write_texts(json, "groups", chart->groups, chart->group_count);
    write_texts(json, "colours", chart->colours, chart->group_count);
    write_texts(json, "series", chart->series, chart->series_count);
    write_text(json, "solid", chart->solid_name);
    write_text(json, "hatched", chart->hatched_name);
    json_key(json, "values");
    json_open(json, '[');
    for (int i = 0; i < count; i++)
        json_number(json, chart->bars[i].solid);
    json_close(json, ']');
    json_key(json, "hatched_values");
    json_open(json, '[');
    for (int i = 0; i < count; i++)
        json_number(json, chart->bars[i].hatched);
    json_close(json, ']');
    if (chart->labels)
        write_texts(json, "labels", chart->labels, count);
    json_key(json, "totals");
    json_open(json, '[');
    for (int i = 0; i < chart->series_count && chart->totals; i++)
        json_number(json, chart->totals[i]);
    json_close(json, ']');
}

static void write_stacks(struct json_writer *json, const struct svg_stacks *chart)
{
    write_texts(json, "bars", chart->bars, chart->bar_count);
    write_texts(json, "parts", chart->parts, chart->part_count);
    write_texts(json, "colours", chart->colours, chart->part_count);
    json_key(json, "values");
    json_open(json, '[');
    for (int i = 0; i < chart->bar_count * chart->part_count; i++)
        json_number(json, chart->values[i]);
    json_close(json, ']');
}

/* ---- the page ---- */

static void write_section(struct json_writer *json, const struct page_section *section, const struct page_limits *limits)
{
    static const char *const kinds[] = {"", "table", "bars", "stacks", "flame", "code", "text", ""};
    json_open(json, '{');
    write_text(json, "kind", section->kind == PAGE_VIEW ? section->text : kinds[section->kind]);
    write_text(json, "id", section->id);
    write_text(json, "title", section->title);
    write_text(json, "note", section->note);
    switch (section->kind) {
    case PAGE_TABLE:
        write_table(json, section->table, limits->table_rows);
        break;
    case PAGE_BARS:
        write_bars(json, &section->bars);
        break;
    case PAGE_STACKS:
        write_stacks(json, &section->stacks);
        break;
    case PAGE_FLAME:
        page_write_flame(json, section, limits->flame_nodes);
        break;
    case PAGE_CODE_VIEW:
        page_write_code(json, section, limits);
        break;
    case PAGE_VIEW: /* of page->points */
        break;
    case PAGE_TEXT_BLOCK:
    case PAGE_TAB:
        write_text(json, "text", section->text);
        break;
    }
    json_close(json, '}');
}

static void write_summary(struct json_writer *json, const struct page *page)
{
    json_key(json, "summary");
    json_open(json, '[');
    for (int i = 0; i < page->summary_count; i++) {
        json_open(json, '{');
        write_text(json, "text", page->summary[i].text);
        json_key(json, "warns");
        json_boolean(json, page->summary[i].warns);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void write_tabs(struct json_writer *json, const struct page *page, const struct page_limits *limits)
{
    json_key(json, "tabs");
    json_open(json, '[');
    for (int i = 0; i < page->section_count;) {
        const struct page_section *tab = page->sections[i++];
        if (i == page->section_count || page->sections[i]->kind == PAGE_TAB)
            continue; /* an empty one */
        json_open(json, '{');
        write_text(json, "id", tab->id);
        write_text(json, "title", tab->title);
        json_key(json, "sections");
        json_open(json, '[');
        for (; i < page->section_count && page->sections[i]->kind != PAGE_TAB; i++)
            write_section(json, page->sections[i], limits);
        json_close(json, ']');
        json_close(json, '}');
    }
    json_close(json, ']');
}

void page_write_json(const struct page *page, const struct page_limits *limits, struct buffer *out)
{
    struct json_writer json = {.out = out, .compact = true, .in_html = true};
    json_open(&json, '{');
    write_text(&json, "title", page->title);
    write_text(&json, "subtitle", page->subtitle);
    write_summary(&json, page);
    if (page->points) {
        json_key(&json, "points");
        json_literal(&json, page->points);
    }
    write_tabs(&json, page, limits);
    json_close(&json, '}');
}
