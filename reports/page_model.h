/* page_model.h - the inside of a page (reports/page.h), for its renderers. For reports/ only. */
#ifndef HYBRIDSIM_REPORTS_PAGE_MODEL_H
#define HYBRIDSIM_REPORTS_PAGE_MODEL_H

#include "reports/json_writer.h"
#include "reports/page.h"

enum page_kind { PAGE_TAB, PAGE_TABLE, PAGE_BARS, PAGE_STACKS, PAGE_FLAME, PAGE_CODE_VIEW, PAGE_TEXT_BLOCK, PAGE_VIEW };

struct page_section {
    enum page_kind kind;
    const char *id, *title, *note;
    struct page_table *table;
    struct svg_bars bars;
    struct svg_stacks stacks;
    const struct calltree *const *trees;
    const struct code_view *const *views;
    int count;               /* of trees or views */
    const char *text;        /* of a text block; the command of a code view; the kind of a view */
};

struct page_sentence {
    const char *text;
    bool warns;
};

struct page {
    struct arena *arena;
    const char *title, *subtitle;
    const char *points;      /* JSON; or NULL */
    struct page_sentence *summary;
    struct page_section **sections; /* tabs among them: what follows belongs to it */
    int summary_count, summary_capacity, section_count, section_capacity;
};

/* How much of large things a page has. Each is made smaller until the page is small enough. */
struct page_limits {
    size_t table_rows, flame_nodes, code_bytes, source_bytes;
};

/* The page's data. */
void page_write_json(const struct page *page, const struct page_limits *limits, struct buffer *out);
/* A file's name without the folder of the script. */
const char *page_short_file(const struct calltree *tree, const char *file);
/* Members of an object that is open. */
void page_write_flame(struct json_writer *json, const struct page_section *section, size_t node_limit);
void page_write_code(struct json_writer *json, const struct page_section *section, const struct page_limits *limits);

/* The sections as HTML that needs no script. */
void page_write_static(const struct page *page, struct buffer *out);

#endif
