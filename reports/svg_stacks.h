/* svg_stacks.h - horizontal bars, each a stack of the same parts, as a self-contained SVG. */
#ifndef HYBRIDSIM_REPORTS_SVG_STACKS_H
#define HYBRIDSIM_REPORTS_SVG_STACKS_H

#include "core/buffer.h"

#include <stdint.h>

struct svg_stacks {
    const char *title, *subtitle;
    int bar_count, part_count;
    const char *const *bars;    /* names */
    const char *const *parts;
    const char *const *colours; /* of each part */
    const uint64_t *values;     /* bar by bar */
};

void svg_stacks_render(const struct svg_stacks *chart, struct buffer *out);

#endif
