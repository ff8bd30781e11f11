/* chart_files.h - the charts of a page as SVG files beside a Markdown report. */
#ifndef HYBRIDSIM_CLI_CHART_FILES_H
#define HYBRIDSIM_CLI_CHART_FILES_H

#include "core/diag.h"
#include "reports/page.h"

struct chart_files {
    const char *path;     /* of the report, NAME.md */
    struct buffer *text;  /* of the report: a section `Charts` is added that shows them */
    struct diag *diag;
    bool any, failed;     /* failed: one could not be written */
};

/* Writes one as NAME-ID.svg. */
void chart_files_add(struct chart_files *files, const char *id, const char *title, const struct buffer *svg);
/* Those of a page. False, with an error, when one cannot be written. */
bool chart_files_write(const struct page *page, const char *path, struct buffer *text, struct diag *diag);

#endif
