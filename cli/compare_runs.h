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
/* Runs what is to be run, programs side by side where there are cores for it. */
void compare_runs_make(struct compare_runs *runs);

struct compare_ending { /* of one program's runs */
    int failed;        /* hybridsim's status for all of them; 0: they agreed */
    int status;        /* hybridsim's or the program's; 0: all went well */
    bool interrupted;
};
/* Runs one program; its outcomes are those of runs->isas then, and what there is to say of it has been said on stderr. */
struct compare_ending compare_row_run(struct compare_runs *runs, struct compare_row *row);
/* The user wanted to stop before it ran. */
void compare_row_skip(const struct compare_runs *runs, struct compare_row *row);
/* Takes these outcomes into the matrix. */
void compare_row_take(struct compare_runs *runs, struct compare_row *row, const struct compare_ending *ending);
void compare_runs_free(struct compare_runs *runs);

#endif
