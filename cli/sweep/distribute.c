/* distribute.c - see distribute.h. */
#include "cli/sweep/distribute.h"

#include "cli/commands.h"
#include "cli/sweep/merge.h"
#include "cli/sweep/shard.h"
#include "cli/sweep/share.h"
#include "cli/sweep/slurm.h"

#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

bool sweep_is_folder(const char *path)
{
    struct stat status;
    size_t length = strlen(path);
    return (length && path[length - 1] == '/') || (stat(path, &status) == 0 && S_ISDIR(status.st_mode));
}

bool sweep_make_folder(const char *path, struct diag *diag)
{
    return mkdir(path, 0777) == 0 || errno == EEXIST ||
           diag_error(diag, path, 0, 0, "the folder cannot be made: %s", strerror(errno));
}

int sweep_merge_files(const struct merge_request *request, bool quiet, struct diag *diag)
{
    struct merge_outcome outcome;
    const char *output = request->output;
    if (!sweep_merge(request, &outcome, diag))
        return EXIT_USER_ERROR;
    bool complete = outcome.results >= outcome.wanted;
    if (!quiet || !complete)
        fprintf(stderr, "hybridsim: %s: %lld of %lld results, of %d file%s\n", output, outcome.results, outcome.wanted,
                outcome.files, outcome.files == 1 ? "" : "s");
    if (!complete && outcome.missing)
        fprintf(stderr, "hybridsim: %s: no results of parts %s\n", output, outcome.missing);
    if (!complete && outcome.unfinished)
        fprintf(stderr, "hybridsim: %s: unfinished: %s\n", output, outcome.unfinished);
    free(outcome.missing);
    free(outcome.unfinished);
    return complete ? EXIT_SUCCESS : SWEEP_INCOMPLETE;
}

int sweep_count_cores(void)
{
    cpu_set_t cores;
    int count = sched_getaffinity(0, sizeof cores, &cores) == 0 ? CPU_COUNT(&cores) : 1;
    return count < SWEEP_MAX_WORKERS ? count : SWEEP_MAX_WORKERS;
}

static int run_part(struct sweep_plan *plan, const struct sweep_distribution *distribution, struct sweep_options *options,
                    struct diag *diag)
{
    struct sweep_part part = {0};
    char ending[32], *path = NULL;
    int status = EXIT_USER_ERROR;
    if (!sweep_part_parse(distribution->shard, &part, diag) || !sweep_part_take(&part, plan, diag))
        return status;
    if (sweep_is_folder(distribution->output)) {
        snprintf(ending, sizeof ending, "-%" PRIu32 "-of-%" PRIu32, part.number, part.count);
        options->results = path = sweep_part_path(distribution->output, plan, ending);
    }
    options->part = &part;
    if (!path || sweep_make_folder(distribution->output, diag))
        status = sweep_run(plan, options, diag);
    sweep_part_free(&part);
    free(path);
    return status;
}

int sweep_distribute(struct sweep_plan *plan, const struct sweep_distribution *distribution, struct sweep_options *options,
                     struct diag *diag)
{
    options->results = distribution->output;
    if (options->profiles && (distribution->slurm || distribution->shard || share_is_wanted() || options->exact)) {
        diag_error(diag, NULL, 0, 0, "--save-profiles: found it beside %s, but only a sweep in one process saves its executions",
                   options->exact ? "--exact" : distribution->slurm ? "--slurm" : distribution->shard ? "--shard" : "mpirun");
        return EXIT_USER_ERROR;
    }
    if (options->profiles && !sweep_make_folder(options->profiles, diag))
        return EXIT_USER_ERROR;
    if (distribution->slurm) {
        sigprocmask(SIG_SETMASK, &options->usual_signals, NULL);
        return slurm_sweep(plan, distribution, options, diag);
    }
    if (!distribution->shard && share_is_wanted())
        return share_sweep(plan, distribution, options, diag);
    if (!options->workers)
        options->workers = sweep_count_cores();
    if (distribution->shard)
        return run_part(plan, distribution, options, diag);
    if (sweep_is_folder(distribution->output)) {
        diag_error(diag, distribution->output, 0, 0, "found a folder, expected the results' file; a folder is for --shard, --slurm "
                   "and mpirun");
        return EXIT_USER_ERROR;
    }
    return sweep_run(plan, options, diag);
}
