/* run.h - makes a sweep: each program is executed as often as points differ in what they speculate on (once, mostly), every other
 * figure is computed of that execution's profile, and all of them go to the results' file. */
#ifndef HYBRIDSIM_CLI_SWEEP_RUN_H
#define HYBRIDSIM_CLI_SWEEP_RUN_H

#include "cli/sweep/plan.h"

#include <signal.h>

enum { SWEEP_MAX_WORKERS = 256 };
#define SWEEP_LAST_POINT 1000000000L /* ids are counted by SQLite */

struct sweep_part;
struct sweep_share;

struct sweep_options {
    const char *results;   /* path */
    struct sweep_share *share; /* other processes compute points, too; NULL: none do (share.h) */
    const struct sweep_part *part; /* the plan's points are these of the sweep's; NULL: all (shard.h) */
    int workers;           /* processes */
    bool exact;            /* execute every point */
    bool quiet;
    long verify;           /* re-execute so many of the points; 0: none */
    const char *python;    /* the reference interpreter; NULL: to be found */
    const char *profiles;  /* folder where executions are saved; NULL: they are not */
    sigset_t usual_signals; /* what was blocked before stop_hold (stop.h), which sweep_run needs */
};

/* The exit status. Errors are printed, or in diag. */
int sweep_run(struct sweep_plan *plan, const struct sweep_options *options, struct diag *diag);

#endif
