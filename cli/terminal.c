/* terminal.c - see terminal.h. */
#include "cli/terminal.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool terminal_parse_color(const char *text, enum color_mode *mode, struct diag *diag)
{
    static const char *const names[] = {"auto", "always", "never"};
    for (int i = 0; i < 3; i++)
        if (strcmp(text, names[i]) == 0) {
            *mode = (enum color_mode)i;
            return true;
        }
    return diag_error(diag, NULL, 0, 0, "--color: found '%s', expected auto, always or never", text);
}

bool terminal_is_coloured(enum color_mode mode, FILE *stream)
{
    const char *refused = getenv("NO_COLOR"), *terminal = getenv("TERM");
    if (mode != COLOR_AUTO)
        return mode == COLOR_ALWAYS;
    return !(refused && *refused) && terminal && strcmp(terminal, "dumb") != 0 && isatty(fileno(stream));
}

/* "Usage:" or a line like "Options:". */
static size_t heading_length(const char *line, size_t length)
{
    if (length > 6 && strncmp(line, "Usage:", 6) == 0)
        return 6;
    return length > 1 && isupper((unsigned char)*line) && line[length - 1] == ':' ? length : 0;
}

/* "  --isa SPEC   ..." or "  run   ...": up to the blanks before the text. */
static size_t term_length(const char *line, size_t length)
{
    if (length < 3 || strncmp(line, "  ", 2) != 0 || line[2] == ' ')
        return 0;
    for (size_t i = 2; i + 1 < length; i++)
        if (line[i] == ' ' && line[i + 1] == ' ')
            return i;
    return line[2] == '-' ? length : 0;
}

bool terminal_print_tables(const char *text, size_t size, enum color_mode mode, FILE *out)
{
    if (!terminal_is_coloured(mode, out))
        return fwrite(text, 1, size, out) == size;
    const char *start = text;
    bool good = true;
    for (const char *end = text + size; text < end && good;) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        size_t length = newline ? (size_t)(newline - text) : (size_t)(end - text);
        bool indented = newline && end - newline > 2 && newline[1] == ' ' && newline[2] == ' ';
        bool heading = length && *text != ' ' && (indented || text == start);
        good = fprintf(out, heading ? "\033[1m%.*s\033[0m" : "%.*s", (int)length, text) >= 0;
        if (newline)
            fputc('\n', out);
        text += length + 1;
    }
    return good;
}

void terminal_print_errors(const struct diag *diag, FILE *out)
{
    char *text = NULL;
    size_t size = 0;
    FILE *memory = diag->verbatim || !terminal_is_coloured(COLOR_AUTO, out) ? NULL : open_memstream(&text, &size);
    if (!memory) {
        diag_print(diag, out);
        return;
    }
    diag_print(diag, memory);
    fclose(memory);
    for (char *line = text, *rest = text; rest && (line = strsep(&rest, "\n")) && (*line || rest);) {
        char *word = strstr(line, "error:");
        if (word)
            fprintf(out, "%.*s\033[1;31merror:\033[0m%s\n", (int)(word - line), line, word + strlen("error:"));
        else
            fprintf(out, "%s\n", line);
    }
    free(text);
}

void terminal_print_help(const char *text, FILE *out)
{
    if (!terminal_is_coloured(COLOR_AUTO, out)) {
        fputs(text, out);
        return;
    }
    while (*text) {
        size_t length = strcspn(text, "\n"), bold = heading_length(text, length);
        if (!bold)
            bold = term_length(text, length);
        fprintf(out, bold ? "\033[1m%.*s\033[0m" : "%.*s", (int)bold, text);
        fprintf(out, "%.*s", (int)(length - bold), text + bold);
        text += length;
        if (*text)
            fputc(*text++, out);
    }
}
