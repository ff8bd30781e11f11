/* terminal.h - what can be shown: colour where a terminal shows it, unless the user does not want it. */
#ifndef HYBRIDSIM_CLI_TERMINAL_H
#define HYBRIDSIM_CLI_TERMINAL_H

#include "core/diag.h"

#include <stdbool.h>
#include <stdio.h>

enum color_mode { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* `auto`, `always` or `never`. */
bool terminal_parse_color(const char *text, enum color_mode *mode, struct diag *diag);
/* auto: a terminal that is not dumb, and NO_COLOR is not set. */
bool terminal_is_coloured(enum color_mode mode, FILE *stream);

/* Prints tables: the first line, and those before indented ones, are their headings, which stand out in colour. False: it could
 * not be written. */
bool terminal_print_tables(const char *text, size_t size, enum color_mode mode, FILE *out);

/* As diag_print; the word "error" stands out in colour. */
void terminal_print_errors(const struct diag *diag, FILE *out);

/* Prints a text of help: headings, commands and options stand out in colour. */
void terminal_print_help(const char *text, FILE *out);

#endif
