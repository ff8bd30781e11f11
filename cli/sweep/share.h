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

/* ---- of a search: generation by generation, which all processes find alike ---- */

/* The latest generation, `count` points from the first on, in the order in which they are shared. Waits until every process has
 * come so far; then share_take gives pieces. False: one has ended. */
bool share_begin(struct sweep_share *share, const uint32_t *order, uint32_t first, uint32_t count);
/* Waits until every process has told what it knows; then share_get gives all of it. False: one has ended. */
bool share_end(struct sweep_share *share);
/* The objectives of a result; share_get is search_values (search.h). */
void share_put(struct sweep_share *share, uint32_t point, int program, const double *values, bool invalid);
bool share_get(void *share, uint32_t point, int program, double *values, bool *invalid);
/* A file of results that none of the processes writes to, to be freed; NULL: there are no more, or this is not rank 0. */
char *share_next_left(struct sweep_share *share);

/* What this process did, when it is done. */
void share_tell(struct sweep_share *share, uint64_t computed, int executions);

/* mpirun started this process. */
bool share_is_wanted(void);

/* The exit status of this rank. Results go to FOLDER/NAME-rank-R.db; at the end rank 0 merges them into FOLDER/NAME.db. */
int share_sweep(struct sweep_plan *plan, const struct sweep_distribution *distribution, struct sweep_options *options,
                struct diag *diag);

#endif
