/* svg_text.c - see svg_text.h. */
#include "reports/svg_text.h"

void svg_add_escaped(struct buffer *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '<')
            buffer_add_text(out, "&lt;");
        else if (*text == '>')
            buffer_add_text(out, "&gt;");
        else if (*text == '&')
            buffer_add_text(out, "&amp;");
        else if (*text == '"')
            buffer_add_text(out, "&quot;");
        else if ((uint8_t)*text >= 0x20)
            buffer_add_byte(out, (uint8_t)*text);
    }
}

void svg_add_text(struct buffer *out, int x, int y, const char *attributes, const char *text)
{
    buffer_printf(out, "<text x=\"%d\" y=\"%d\"%s%s>", x, y, *attributes ? " " : "", attributes);
    svg_add_escaped(out, text);
    buffer_add_text(out, "</text>\n");
}
