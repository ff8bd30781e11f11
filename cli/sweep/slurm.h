/* slurm.h - a sweep as an array job of Slurm: one part a task. Slurm schedules, starts again and keeps the log; parts resume. */
#ifndef HYBRIDSIM_CLI_SWEEP_SLURM_H
#define HYBRIDSIM_CLI_SWEEP_SLURM_H

#include "cli/sweep/distribute.h"

/* Writes FOLDER/NAME.sbatch and says how to submit and merge; with `submit` does both. options->workers: cores of a task, 0: one.
 * The exit status. */
int slurm_sweep(const struct sweep_plan *plan, const struct sweep_distribution *distribution, const struct sweep_options *options,
                struct diag *diag);

#endif
