/* compare_runs.h - what `hybridsim compare` compares: programs that are run, each under every ISA, and saved runs. Their figures
 * come into one matrix, a row for each program and a column for each ISA (and machine). */
#ifndef HYBRIDSIM_CLI_COMPARE_RUNS_H
#define HYBRIDSIM_CLI_COMPARE_RUNS_H

#include "cli/program_run.h"
#include "reports/comparison.h"
#include "reports/saved_run.h"

enum { COMPARE_MAX_PROGRAMS = 64, COMPARE_MAX_COLUMNS = 64 };

struct compare_row {
    const char *label;
    struct saved_file *saved;     /* NULL: run here */
    struct run_program program;
    char **words;                 /* of the argument, which the program points into */
    struct comparison_cell cells[COMPARE_MAX_COLUMNS];
};

struct compare_column {
    const char *isa, *machine;
    const char *label;
    int live;                     /* place in the list of ISAs to run; -1: of saved runs only */
};

struct compare_runs {
    struct arena *arena;
    const struct program_options *options;
    const char *input;            /* every program's standard input; NULL: empty */
    bool script_only;
    struct run_list isas;         /* those that programs are run under */
    struct figures known;         /* what a metric can be */
    int row_count, column_count;
    struct compare_row rows[COMPARE_MAX_PROGRAMS];
    struct compare_column columns[COMPARE_MAX_COLUMNS];
    int status;                   /* of hybridsim, so far */
};

/* The arguments: `prog.py`, "prog.py 100 'a b'", "-m module", "-c code", run.json. False, with every error. */
bool compare_runs_load(struct compare_runs *runs, char **arguments, int count, struct diag *diag);
/* Runs what is to be run. False, with an error, when nothing can be. */
bool compare_runs_make(struct compare_runs *runs, struct diag *diag);
void compare_runs_free(struct compare_runs *runs);

#endif
