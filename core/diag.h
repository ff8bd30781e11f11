/* diag.h - a list of diagnostics about user-supplied files and arguments. Library code adds to it and returns false;
 * only cli/ prints it. */
#ifndef HYBRIDSIM_CORE_DIAG_H
#define HYBRIDSIM_CORE_DIAG_H

#include <stdbool.h>
#include <stdio.h>

struct diag_entry {
    char *file; /* NULL when no file is concerned */
    int line;   /* 1-based; 0 when unknown */
    int column; /* 1-based; 0 when unknown */
    char *text; /* one line: what was found, what was expected */
};

struct diag {
    struct diag_entry *entries;
    size_t count, capacity;
    bool verbatim; /* text is a whole message (CPython's own syntax error): print it as it is */
};

void diag_init(struct diag *diag);
void diag_free(struct diag *diag);

/* Adds an error; the format is printf's. Returns false, so that callers can `return diag_error(...)`. */
bool diag_error(struct diag *diag, const char *file, int line, int column, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* Writes every entry as `file:line:col: error: text`. */
void diag_print(const struct diag *diag, FILE *out);

#endif
