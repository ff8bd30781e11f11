/* text_style.h - bold and colour in text for a terminal; nothing at all when it is written elsewhere. */
#ifndef HYBRIDSIM_REPORTS_TEXT_STYLE_H
#define HYBRIDSIM_REPORTS_TEXT_STYLE_H

#include "core/buffer.h"

#include <stdbool.h>

enum text_style { STYLE_HEADING, STYLE_GOOD, STYLE_BAD, STYLE_FAINT, STYLE_COUNT };

/* What is added from text_style_begin to text_style_end has the style, when `coloured`. */
void text_style_begin(struct buffer *out, bool coloured, enum text_style style);
void text_style_end(struct buffer *out, bool coloured);

#endif
