/* save_profile.h - `run --save-profile`: the program's profile in a file, for sweeps (cli/sweep/saved_profile.h). It is executed as
 * a sweep executes it: with its script's absolute path and without input, under the baseline and then one ISA. */
#ifndef HYBRIDSIM_CLI_SAVE_PROFILE_H
#define HYBRIDSIM_CLI_SAVE_PROFILE_H

#include "cli/program_run.h"
#include "cli/sweep/branch_trace.h"
#include "core/content_key.h"
#include "reports/report.h"
#include "sim/timing/stack_distance.h"

struct save_profile {
    struct report_file file;
    struct branch_trace *trace;
    struct branch_predictor *predictor; /* of the run's machine; NULL: it needs no outcomes */
    struct stack_distances *distances;  /* of usual data caches; NULL: the run's machine has none */
    struct data_cache *data_cache;      /* of the run's machine */
    const struct run_program *program;
    char *script;             /* absolute */
    struct content_key key;   /* of the program before it was executed */
    const struct isa *isa;    /* of the run that is saved */
    /* What run_program.describe was for before; NULL: nothing. What it adds comes before the profile. */
    void (*describe)(const struct run_facts *facts, struct buffer *bytes);
    const void *describe_context;
};

/* Loads the ISAs, opens the file and makes the program what a sweep executes. False, with errors: the file cannot be made, or the
 * options ask for what no sweep does. `save` lives until save_profile_close, which is always called. */
bool save_profile_prepare(struct save_profile *save, const char *path, struct program_options *options, struct run_list *list,
                          struct diag *diag);

/* After the runs: writes the file, and takes the profile out of the last run's `extra`. */
bool save_profile_finish(struct save_profile *save, struct run_list *list, struct diag *diag);
void save_profile_close(struct save_profile *save);

#endif
