/* source_text.h - the lines of a program's source, for listings beside them. */
#ifndef HYBRIDSIM_REPORTS_SOURCE_TEXT_H
#define HYBRIDSIM_REPORTS_SOURCE_TEXT_H

#include <stdint.h>

struct source_text {
    char *text;
    char **lines;
    int count; /* 0: the source cannot be read */
};

void source_text_load(struct source_text *source, const char *path);
void source_text_of(struct source_text *source, const char *text); /* a copy of it */
void source_text_free(struct source_text *source);

/* Line `line`, counted from 1, without its end; "" when there is none. */
const char *source_text_line(const struct source_text *source, int32_t line);

#endif
