/* source_text.c - see source_text.h. */
#include "reports/source_text.h"

#include "core/buffer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Takes the bytes over. A line ends where CPython says: at \n, \r\n or \r. */
static void split_lines(struct source_text *source, struct buffer *text)
{
    *source = (struct source_text){.text = text->bytes};
    int capacity = 2;
    for (size_t i = 0; i < text->size; i++)
        capacity += text->bytes[i] == '\n' || text->bytes[i] == '\r';
    source->lines = calloc((size_t)capacity, sizeof *source->lines);
    if (!source->lines)
        abort();
    for (char *line = source->text; line && *line;) {
        source->lines[source->count++] = line;
        line += strcspn(line, "\r\n");
        char end = *line;
        if (end)
            *line++ = 0;
        if (end == '\r' && *line == '\n')
            line++;
    }
}

void source_text_load(struct source_text *source, const char *path)
{
    *source = (struct source_text){0};
    FILE *file = fopen(path, "rb");
    struct buffer text = {0};
    char chunk[4096];
    size_t size;
    if (!file)
        return;
    while ((size = fread(chunk, 1, sizeof chunk, file)) > 0)
        buffer_add(&text, chunk, size);
    fclose(file);
    split_lines(source, &text);
}

void source_text_of(struct source_text *source, const char *text)
{
    struct buffer copy = {0};
    buffer_add_text(&copy, text);
    split_lines(source, &copy);
}

void source_text_free(struct source_text *source)
{
    free(source->text);
    free(source->lines);
    *source = (struct source_text){0};
}

const char *source_text_line(const struct source_text *source, int32_t line)
{
    return line > 0 && line <= source->count ? source->lines[line - 1] : "";
}
