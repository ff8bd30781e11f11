/* save_run.h - `--save FILE` of the commands that run a program: its runs in a file that stands for them later
 * (reports/saved_run.h). */
#ifndef HYBRIDSIM_CLI_SAVE_RUN_H
#define HYBRIDSIM_CLI_SAVE_RUN_H

#include "cli/program_run.h"
#include "reports/report.h"
#include "sim/timing/tally.h"

/* Before the run: opens the file that options->save names. False, with an error, when it cannot be written. */
bool save_open(const struct program_options *options, struct report_file *file, struct diag *diag);
/* After it: writes list->done runs; tallies: of each. `command` is the name of hybridsim's own. Nothing without a file. */
bool save_runs(const struct program_options *options, const char *command, struct run_set *set, const struct run_list *list,
               const struct tally *const *tallies, struct report_file *file, struct diag *diag);
/* The same, of runs that were described by tally_describe_run. */
bool save_described_runs(const struct program_options *options, const char *command, struct run_set *set,
                         const struct run_list *list, struct report_file *file, struct diag *diag);

#endif
