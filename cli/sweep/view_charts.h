/* view_charts.h - the charts of a sweep's page as SVG files, for its report in Markdown. */
#ifndef HYBRIDSIM_CLI_SWEEP_VIEW_CHARTS_H
#define HYBRIDSIM_CLI_SWEEP_VIEW_CHARTS_H

#include "cli/sweep/view.h"

/* Writes them beside the report at path (NAME.md), as the page shows them at first, and adds a section to the report's text: the
 * front of two metrics, all axes, the heat map of the first two, the share of the variance of each. False with an error. */
bool view_charts(struct results *results, const struct view_options *options, const char *path, struct buffer *text,
                 struct diag *diag);

#endif
