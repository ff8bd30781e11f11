/* svg_text.h - text in SVG and HTML, escaped. For reports/ only. */
#ifndef HYBRIDSIM_REPORTS_SVG_TEXT_H
#define HYBRIDSIM_REPORTS_SVG_TEXT_H

#include "core/buffer.h"

/* Without control characters, which XML does not have. */
void svg_add_escaped(struct buffer *out, const char *text);

/* A text element; `attributes` stand after its place. */
void svg_add_text(struct buffer *out, int x, int y, const char *attributes, const char *text);

#endif
