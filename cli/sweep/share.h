/* share.h - a sweep whose points several processes share while they compute them, each into a file of its own: the ranks of mpirun.
 * A rank is two processes: one computes, the other, which forks no more, speaks MPI. */
#ifndef HYBRIDSIM_CLI_SWEEP_SHARE_H
#define HYBRIDSIM_CLI_SWEEP_SHARE_H

#include "cli/sweep/distribute.h"

struct sweep_share;

struct sweep_piece {      /* points of one program that this process is to compute; those that have results are left out */
    int program;
    const uint32_t *points; /* until the next piece is taken */
    uint32_t count;
};

/* False: no points are left, or the others have gone. */
bool share_take(struct sweep_share *share, struct sweep_piece *piece);

/* What this process did, when it is done. */
void share_tell(struct sweep_share *share, uint64_t computed, int executions);

/* mpirun started this process. */
bool share_is_wanted(void);

/* The exit status of this rank. Results go to FOLDER/NAME-rank-R.db; at the end rank 0 merges them into FOLDER/NAME.db. */
int share_sweep(struct sweep_plan *plan, const struct sweep_distribution *distribution, struct sweep_options *options,
                struct diag *diag);

#endif
