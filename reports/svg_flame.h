/* svg_flame.h - the cycles of calling contexts as a self-contained SVG: for each tree an icicle graph, the callers above. */
#ifndef HYBRIDSIM_REPORTS_SVG_FLAME_H
#define HYBRIDSIM_REPORTS_SVG_FLAME_H

#include "core/buffer.h"
#include "sim/timing/calltree.h"

/* Frames narrower than a pixel are drawn as one, and none below the 60th row. Each frame's title has its figures. */
void svg_flame_render(const struct calltree *const *trees, int count, const char *title, struct buffer *out);

#endif
