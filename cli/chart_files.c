/* chart_files.c - see chart_files.h. */
#include "cli/chart_files.h"

#include "reports/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool write_file(const char *path, const struct buffer *svg, struct diag *diag)
{
    struct report_file file;
    bool good = report_file_open_any(&file, path, diag) && report_file_write_bytes(&file, svg, diag);
    report_file_abandon(&file);
    return good;
}

/* A title as Markdown has it between brackets. */
static void add_title(struct buffer *text, const char *title)
{
    for (; *title; title++) {
        if (strchr("[]\\`*_<>", *title))
            buffer_add_byte(text, '\\');
        buffer_add_byte(text, *title == '\n' ? ' ' : (uint8_t)*title);
    }
}

void chart_files_add(struct chart_files *files, const char *id, const char *title, const struct buffer *svg)
{
    char *path;
    int stem = (int)(strlen(files->path) - strlen(".md"));
    if (asprintf(&path, "%.*s-%s.svg", stem, files->path, id) < 0)
        abort();
    const char *slash = strrchr(path, '/');
    if (!write_file(path, svg, files->diag))
        files->failed = true;
    buffer_add_text(files->text, files->any ? "\n![" : "\n## Charts\n\n![");
    add_title(files->text, title);
    buffer_printf(files->text, "](<%s>)\n", slash ? slash + 1 : path);
    files->any = true;
    free(path);
}

static void add_chart(void *context, const char *id, const char *title, const struct buffer *svg)
{
    chart_files_add(context, id, title, svg);
}

bool chart_files_write(const struct page *page, const char *path, struct buffer *text, struct diag *diag)
{
    struct chart_files files = {.path = path, .text = text, .diag = diag};
    page_render_charts(page, add_chart, &files);
    return !files.failed;
}
