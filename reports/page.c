/* page.c - what a page consists of: see page.h. */
#include "reports/page.h"

#include "reports/page_model.h"
#include "reports/svg_flame.h"

#include <string.h>

struct page *page_new(void)
{
    struct arena *arena = arena_new();
    struct page *page = ARENA_NEW(arena, struct page);
    *page = (struct page){.arena = arena, .title = ""};
    return page;
}

void page_set_title(struct page *page, const char *title, const char *subtitle)
{
    page->title = title;
    page->subtitle = subtitle;
}

void page_free(struct page *page)
{
    if (page)
        arena_free(page->arena);
}

struct arena *page_arena(struct page *page)
{
    return page->arena;
}

/* Room for one item more in an array of the page's. */
static void *grow(struct page *page, void *items, int count, int *capacity, size_t size)
{
    if (count < *capacity)
        return items;
    *capacity = *capacity ? 2 * *capacity : 16;
    void *grown = arena_alloc(page->arena, size * (size_t)*capacity);
    if (count)
        memcpy(grown, items, size * (size_t)count);
    return grown;
}

static void add_sentence(struct page *page, const char *text, bool warns)
{
    page->summary = grow(page, page->summary, page->summary_count, &page->summary_capacity, sizeof *page->summary);
    page->summary[page->summary_count++] = (struct page_sentence){text, warns};
}

void page_add_summary(struct page *page, const char *sentence)
{
    add_sentence(page, sentence, false);
}

void page_add_warning(struct page *page, const char *sentence)
{
    add_sentence(page, sentence, true);
}

static struct page_section *add_section(struct page *page, enum page_kind kind, const char *id, const char *title, const char *note)
{
    page->sections = grow(page, page->sections, page->section_count, &page->section_capacity, sizeof *page->sections);
    struct page_section *section = ARENA_NEW(page->arena, struct page_section);
    *section = (struct page_section){.kind = kind, .id = id, .title = title, .note = note};
    return page->sections[page->section_count++] = section;
}

void page_add_tab(struct page *page, const char *id, const char *title)
{
    add_section(page, PAGE_TAB, id, title, NULL);
}

struct page_table *page_add_table(struct page *page, const char *id, const char *title, const char *note,
                                  const struct page_column *columns, int column_count)
{
    struct page_table *table = ARENA_NEW(page->arena, struct page_table);
    *table = (struct page_table){.column_count = column_count, .columns = columns, .sorted_by = -1, .arena = page->arena};
    add_section(page, PAGE_TABLE, id, title, note)->table = table;
    return table;
}

struct page_cell *page_table_row(struct page_table *table)
{
    size_t columns = (size_t)table->column_count;
    if (table->row_count == table->row_capacity) {
        table->row_capacity = table->row_capacity ? 2 * table->row_capacity : 16;
        struct page_cell *grown = ARENA_ARRAY(table->arena, struct page_cell, table->row_capacity * columns);
        if (table->row_count)
            memcpy(grown, table->cells, table->row_count * columns * sizeof *grown);
        table->cells = grown;
    }
    return &table->cells[table->row_count++ * columns];
}

void page_cell_text(struct page_cell *cell, const char *text)
{
    cell->kind = PAGE_CELL_TEXT;
    cell->text = text;
}

void page_cell_count(struct page_cell *cell, uint64_t count)
{
    cell->kind = PAGE_CELL_COUNT;
    cell->count = count;
}

void page_cell_real(struct page_cell *cell, double real)
{
    cell->kind = PAGE_CELL_REAL;
    cell->real = real;
}

void page_cell_percent(struct page_cell *cell, uint64_t part, uint64_t whole)
{
    if (whole)
        page_cell_real(cell, 100.0 * (double)part / (double)whole);
}

void page_cell_ratio(struct page_cell *cell, uint64_t part, uint64_t whole)
{
    if (whole)
        page_cell_real(cell, (double)part / (double)whole);
}

void page_add_bars(struct page *page, const char *id, const struct svg_bars *chart)
{
    add_section(page, PAGE_BARS, id, chart->title, chart->subtitle)->bars = *chart;
}

void page_add_stacks(struct page *page, const char *id, const struct svg_stacks *chart)
{
    add_section(page, PAGE_STACKS, id, chart->title, chart->subtitle)->stacks = *chart;
}

void page_add_flame(struct page *page, const char *id, const char *title, const char *note,
                    const struct calltree *const *trees, int count)
{
    struct page_section *section = add_section(page, PAGE_FLAME, id, title, note);
    section->trees = trees;
    section->count = count;
}

void page_add_code(struct page *page, const char *id, const char *title, const struct code_view *const *views,
                   const struct calltree *const *trees, int count, const char *command)
{
    struct page_section *section = add_section(page, PAGE_CODE_VIEW, id, title, NULL);
    section->views = views;
    section->trees = trees;
    section->count = count;
    section->text = command;
}

void page_set_points(struct page *page, const char *json)
{
    page->points = json;
}

void page_add_view(struct page *page, const char *kind, const char *id, const char *title, const char *note)
{
    add_section(page, PAGE_VIEW, id, title, note)->text = kind;
}

void page_add_text(struct page *page, const char *id, const char *title, const char *text)
{
    add_section(page, PAGE_TEXT_BLOCK, id, title, NULL)->text = text;
}

void page_render_charts(const struct page *page, void (*add)(void *context, const char *id, const char *title,
                        const struct buffer *svg), void *context)
{
    for (int i = 0; i < page->section_count; i++) {
        const struct page_section *section = page->sections[i];
        struct buffer svg = {0};
        if (section->kind == PAGE_BARS)
            svg_bars_render(&section->bars, &svg);
        else if (section->kind == PAGE_STACKS)
            svg_stacks_render(&section->stacks, &svg);
        else if (section->kind == PAGE_FLAME)
            svg_flame_render(section->trees, section->count, section->title, &svg);
        else
            continue;
        add(context, section->id, section->title, &svg);
        buffer_free(&svg);
    }
}
