/* doctor_checks.h - `hybridsim doctor` without --modules. */
#ifndef HYBRIDSIM_CLI_DOCTOR_CHECKS_H
#define HYBRIDSIM_CLI_DOCTOR_CHECKS_H

#include "cli/terminal.h"

/* Prints what is there and what is missing on stdout. python: --python, or NULL. Gives the exit status: 1 when something that is
 * needed is missing. */
int doctor_checks(const char *python, enum color_mode color);

#endif
