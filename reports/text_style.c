/* text_style.c - see text_style.h. */
#include "reports/text_style.h"

void text_style_begin(struct buffer *out, bool coloured, enum text_style style)
{
    static const char *const codes[STYLE_COUNT] = {
        [STYLE_HEADING] = "\033[1m", [STYLE_GOOD] = "\033[32m", [STYLE_BAD] = "\033[31m", [STYLE_FAINT] = "\033[2m"};
    if (coloured)
        buffer_add_text(out, codes[style]);
}

void text_style_end(struct buffer *out, bool coloured)
{
    if (coloured)
        buffer_add_text(out, "\033[0m");
}
