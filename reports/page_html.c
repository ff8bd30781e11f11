/* page_html.c - a page as one HTML file: the embedded page.html, its marks replaced. */
#include "reports/page_model.h"
#include "reports/svg_text.h"
#include "reports/viewer/viewer_files.h"

#include <stdbool.h>
#include <string.h>

enum { LARGEST_FILE = 2900000 };

static bool has_viewer(void)
{
    return &viewer_script_end[0] - &viewer_script[0] > 0;
}

static void add_viewer(const struct page *page, const struct page_limits *limits, struct buffer *out)
{
    buffer_add_text(out, "<noscript><p>This report is shown by a script, and the browser runs none.</p></noscript>\n"
                         "<script type=\"application/json\" id=\"data\">");
    page_write_json(page, limits, out);
    buffer_add_text(out, "</script>\n<script>");
    buffer_add(out, viewer_script, (size_t)(viewer_script_end - viewer_script));
    buffer_add_text(out, "</script>");
}

static void add_policy(struct buffer *out)
{
    if (!has_viewer()) {
        buffer_add_text(out, "'none'");
        return;
    }
    buffer_add_text(out, "'sha256-");
    buffer_add(out, viewer_hash, (size_t)(viewer_hash_end - viewer_hash));
    buffer_add_byte(out, '\'');
}

static void add_mark(const struct page *page, const struct page_limits *limits, const char *name, size_t size, struct buffer *out)
{
    if (strncmp(name, "POLICY", size) == 0)
        add_policy(out);
    else if (strncmp(name, "TITLE", size) == 0)
        svg_add_escaped(out, page->title);
    else if (strncmp(name, "STYLE", size) == 0)
        buffer_add(out, viewer_style, (size_t)(viewer_style_end - viewer_style));
    else if (has_viewer())
        add_viewer(page, limits, out);
    else
        page_write_static(page, out);
}

static void render(const struct page *page, const struct page_limits *limits, struct buffer *out)
{
    for (const char *at = viewer_page; at < viewer_page_end;) {
        const char *mark = memchr(at, '@', (size_t)(viewer_page_end - at));
        const char *end = mark ? memchr(mark + 1, '@', (size_t)(viewer_page_end - mark - 1)) : NULL;
        buffer_add(out, at, (size_t)((end ? mark : viewer_page_end) - at));
        if (!end)
            break;
        add_mark(page, limits, mark + 1, (size_t)(end - mark - 1), out);
        at = end + 1;
    }
}

void page_render(const struct page *page, struct buffer *out)
{
    struct page_limits limits = {.table_rows = 5000, .flame_nodes = 16000, .code_bytes = 900000, .source_bytes = 700000};
    size_t start = out->size;
    for (render(page, &limits, out); out->size - start > LARGEST_FILE && limits.table_rows > 50; render(page, &limits, out)) {
        out->size = start;
        limits = (struct page_limits){limits.table_rows * 2 / 3, limits.flame_nodes * 2 / 3, limits.code_bytes * 2 / 3,
                                      limits.source_bytes * 2 / 3};
    }
}
