/* compare_workers.h - programs of `hybridsim compare` side by side, each with all its runs in a process of its own. What comes of it
 * is what running them one after the other gives: a program that is about to change a file waits for its turn, and when one does
 * change files, what ran ahead of its turn is done again. */
#ifndef HYBRIDSIM_CLI_COMPARE_WORKERS_H
#define HYBRIDSIM_CLI_COMPARE_WORKERS_H

#include "cli/compare_runs.h"
#include "cli/progress.h"

/* progress: NULL allowed. What there is to say of a program is said in the order of the programs. */
void compare_workers_run(struct compare_runs *runs, struct progress *progress);

#endif
