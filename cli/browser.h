/* browser.h - a file shown in the user's browser. */
#ifndef HYBRIDSIM_CLI_BROWSER_H
#define HYBRIDSIM_CLI_BROWSER_H

#include "core/diag.h"

/* By what the environment variable BROWSER has (commands with `:` between them, `%s` stands for the address, as for Python's
 * webbrowser), then by xdg-open. It goes on when hybridsim ends. False, with an error, when none can be started. */
bool browser_open(const char *path, struct diag *diag);

#endif
