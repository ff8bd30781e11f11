/* json_writer.h - writes JSON into a buffer, two spaces a level or without any; commas, indentation, escapes are its business. */
#ifndef HYBRIDSIM_REPORTS_JSON_WRITER_H
#define HYBRIDSIM_REPORTS_JSON_WRITER_H

#include "core/buffer.h"

#include <stdbool.h>

struct json_writer {
    struct buffer *out;
    int depth;
    bool has_items;  /* the innermost object or array has one already */
    bool after_key;
    bool compact;    /* no blanks and newlines */
    bool in_html;    /* `<` and `>` are escaped: nothing in it ends a script element */
};

void json_open(struct json_writer *json, char bracket);  /* '{' or '[' */
void json_close(struct json_writer *json, char bracket); /* '}' or ']' */
void json_key(struct json_writer *json, const char *key);
void json_number(struct json_writer *json, uint64_t number);
void json_signed(struct json_writer *json, int64_t number);
void json_literal(struct json_writer *json, const char *text); /* a number or word, as it stands */
void json_boolean(struct json_writer *json, bool truth);

/* json_text and json_signed are not called json_string and json_integer, as libjansson, which reads JSON, has these.
 * UTF-8; a byte that is not part of valid UTF-8 becomes U+FFFD, so that the file is always valid JSON. */
void json_text(struct json_writer *json, const char *text);

#endif
