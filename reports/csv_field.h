/* csv_field.h - one field of RFC 4180 CSV. */
#ifndef HYBRIDSIM_REPORTS_CSV_FIELD_H
#define HYBRIDSIM_REPORTS_CSV_FIELD_H

#include "core/buffer.h"

#include <string.h>

static inline void csv_add_field(struct buffer *out, const char *text)
{
    if (!strpbrk(text, ",\"\r\n")) {
        buffer_add_text(out, text);
        return;
    }
    buffer_add_byte(out, '"');
    for (; *text; text++) {
        if (*text == '"')
            buffer_add_byte(out, '"');
        buffer_add_byte(out, (uint8_t)*text);
    }
    buffer_add_byte(out, '"');
}

#endif
