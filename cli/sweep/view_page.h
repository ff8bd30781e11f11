/* view_page.h - the HTML report of a sweep: `sweep show --report`. */
#ifndef HYBRIDSIM_CLI_SWEEP_VIEW_PAGE_H
#define HYBRIDSIM_CLI_SWEEP_VIEW_PAGE_H

#include "cli/sweep/view.h"

/* One HTML file, of the points at options->chosen; options->program is what it shows first. */
bool view_page(struct results *results, const struct view_options *options, struct buffer *html, struct diag *diag);

#endif
