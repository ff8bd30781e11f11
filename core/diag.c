/* diag.c - see diag.h. */
#include "core/diag.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void diag_init(struct diag *diag)
{
    memset(diag, 0, sizeof *diag);
}

void diag_free(struct diag *diag)
{
    for (size_t i = 0; i < diag->count; i++) {
        free(diag->entries[i].file);
        free(diag->entries[i].text);
    }
    free(diag->entries);
    diag_init(diag);
}

bool diag_error(struct diag *diag, const char *file, int line, int column, const char *format, ...)
{
    char *text = NULL;
    va_list args;
    va_start(args, format);
    if (vasprintf(&text, format, args) < 0)
        abort();
    va_end(args);
    if (diag->count == diag->capacity) {
        diag->capacity = diag->capacity ? 2 * diag->capacity : 8;
        diag->entries = realloc(diag->entries, diag->capacity * sizeof *diag->entries);
        if (!diag->entries)
            abort();
    }
    diag->entries[diag->count++] =
        (struct diag_entry){file ? strdup(file) : NULL, line, column, text};
    return false;
}

void diag_print(const struct diag *diag, FILE *out)
{
    for (size_t i = 0; i < diag->count; i++) {
        const struct diag_entry *entry = &diag->entries[i];
        if (diag->verbatim) {
            fputs(entry->text, out);
            continue;
        }
        if (entry->file)
            fprintf(out, "%s:", entry->file);
        if (entry->line)
            fprintf(out, "%d:", entry->line);
        if (entry->line && entry->column)
            fprintf(out, "%d:", entry->column);
        fprintf(out, "%s %s\n", entry->file || entry->line ? " error:" : "hybridsim: error:", entry->text);
    }
}
