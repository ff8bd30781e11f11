/* nearest_name.h - what somebody may have meant who mistyped a name; and what is wrong with a command line. */
#ifndef HYBRIDSIM_CLI_NEAREST_NAME_H
#define HYBRIDSIM_CLI_NEAREST_NAME_H

#include <getopt.h>

/* The nearest of `count` names by edits, or NULL when none is near. */
const char *nearest_name(const char *name, const char *const *names, int count);

/* After getopt_long, with opterr 0, gave '?': says on stderr what is wrong with the option, what may have been meant and where
 * help is. `command` is hybridsim's and its command's name; short_options and names are getopt's. */
void option_error(const char *command, char **argv, const char *short_options, const struct option *names);

#endif
