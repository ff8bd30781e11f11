/* distribute.h - where a sweep is computed: here as a whole, here a part of it, by the ranks of mpirun, or by the tasks of a Slurm
 * job. hybridsim neither schedules nor transports anything itself. */
#ifndef HYBRIDSIM_CLI_SWEEP_DISTRIBUTE_H
#define HYBRIDSIM_CLI_SWEEP_DISTRIBUTE_H

#include "cli/sweep/run.h"

struct sweep_distribution {
    const char *output;   /* -o: a file, or a folder */
    const char *shard;    /* --shard I/N; NULL: all */
    bool slurm, submit;
    long tasks;           /* of the job; 0: as many as seem right */
};

/* The exit status. Errors are printed, or in diag. options->results, part and, when 0, workers are set here. */
int sweep_distribute(struct sweep_plan *plan, const struct sweep_distribution *distribution, struct sweep_options *options,
                     struct diag *diag);

/* Merges and says on stderr what there is and what is missing. The exit status: SWEEP_INCOMPLETE when results
 * are missing. */
enum { SWEEP_INCOMPLETE = 1 };
struct merge_request;
int sweep_merge_files(const struct merge_request *request, bool quiet, struct diag *diag);

/* Those that this process may run on. */
int sweep_count_cores(void);

/* A folder: it is one, or ends with '/'. */
bool sweep_is_folder(const char *path);
bool sweep_make_folder(const char *path, struct diag *diag);

#endif
