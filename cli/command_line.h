/* command_line.h - hybridsim's own command line as text, for reports that say where their figures come from. */
#ifndef HYBRIDSIM_CLI_COMMAND_LINE_H
#define HYBRIDSIM_CLI_COMMAND_LINE_H

#include "core/buffer.h"

/* A word as a shell reads it: in quotes where it has to be. */
void command_line_add_word(struct buffer *text, const char *word);
/* "hybridsim run -c 'print(1)'"; to be freed. Before getopt, which changes the order. */
char *command_line_text(int argc, char *const *argv);

#endif
