/* svg_bars.h - a horizontal bar chart as a self-contained SVG: groups of bars (one group a category, one bar a series), each bar in
 * one or two parts. Scalable, readable in print; no script, no font of its own. */
#ifndef HYBRIDSIM_REPORTS_SVG_BARS_H
#define HYBRIDSIM_REPORTS_SVG_BARS_H

#include "core/buffer.h"

#include <stdint.h>

struct svg_bar {
    uint64_t solid, hatched;   /* its two parts */
};

struct svg_bars {
    const char *title, *subtitle;
    const char *solid_name, *hatched_name; /* for the legend; hatched_name NULL: no bar has such a part */
    int group_count, series_count;
    const char *const *groups;  /* names */
    const char *const *colours; /* of each group */
    const char *const *series;
    const struct svg_bar *bars; /* group by group */
    const uint64_t *totals;     /* of each series: what the percentages are of */
    const char *const *labels;  /* of each bar, instead of its figure and its share; or NULL */
};

void svg_bars_render(const struct svg_bars *chart, struct buffer *out);

#endif
