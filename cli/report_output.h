/* report_output.h - `--report FILE` of the commands that run a program: the files, opened before the run, and what the run has to
 * leave for them. */
#ifndef HYBRIDSIM_CLI_REPORT_OUTPUT_H
#define HYBRIDSIM_CLI_REPORT_OUTPUT_H

#include "cli/program_run.h"
#include "reports/report.h"

#define PROGRAM_REPORT_OPTION {"report", required_argument, NULL, PROGRAM_OPTION_REPORT}
enum { PROGRAM_OPTION_REPORT = 2048 };

struct report_output {
    const char *paths[PROGRAM_MAX_LIST];
    int count, opened;
    struct report_file files[PROGRAM_MAX_LIST];
    const char *categories; /* as the option --categories; NULL: the shipped ones */
    char *command_line;     /* hybridsim's own */
};

/* Before the options are read, which changes them: keeps the command line. */
void report_output_init(struct report_output *output, int argc, char **argv);
bool report_output_add(struct report_output *output, const char *path, struct diag *diag);
/* Opens the files, and asks the program's runs for what they need. False, with an error, when one cannot be written. */
bool report_output_open(struct report_output *output, struct run_program *program, struct diag *diag);
/* Writes a report of list->done runs, whose outcomes it may read. */
bool report_output_write(struct report_output *output, const struct report *report, const struct program_options *options,
                         const struct run_list *list, struct diag *diag);
/* The same for a command without a report of its own. */
bool report_output_write_runs(struct report_output *output, const struct program_options *options, struct run_set *set,
                              const struct run_list *list, enum report_scope scope, struct diag *diag);
void report_output_close(struct report_output *output);

#endif
