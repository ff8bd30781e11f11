/* page_specs.h - the resolved specs of a page's points in little room: the base's lines, and which of them each point has
 * otherwise. */
#ifndef HYBRIDSIM_CLI_SWEEP_PAGE_SPECS_H
#define HYBRIDSIM_CLI_SWEEP_PAGE_SPECS_H

#include "cli/sweep/page_points.h"
#include "reports/json_writer.h"

/* An object {base, name, parts: [{choices, edits: [[[line, removed, text]]]}]}: a part is a group of axes that change the same
 * lines; it has an edit list for each combination of their values. null when points have several bases, or combinations are too
 * many or touch each other. */
void page_specs_write(const struct page_points *points, struct results *results, struct json_writer *json);

/* Numbers below 64, 4096 or 262144, each as one, two or three characters of the alphabet that the viewer knows, as `width` says. */
int page_number_width(size_t most);
void page_add_number(struct buffer *text, size_t number, int width);

#endif
