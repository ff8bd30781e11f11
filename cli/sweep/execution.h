/* execution.h - one execution of a program of a sweep: under the baseline, as `run` does it, whose clock readings are then
 * replayed, and under one point's ISA. At its end the execution's process, and workers forked from it, compute the other points'
 * figures. */
#ifndef HYBRIDSIM_CLI_SWEEP_EXECUTION_H
#define HYBRIDSIM_CLI_SWEEP_EXECUTION_H

#include "cli/sweep/retime.h"
#include "cli/sweep/run.h"
#include "cli/progress.h"

#include <signal.h>
#include <stdatomic.h>
#include <sys/types.h>

enum point_state { POINT_PENDING, POINT_DONE, POINT_OTHER, POINT_TAKEN };

struct sweep_shared {        /* in memory that hybridsim, the execution and its workers share */
    _Atomic uint32_t next;   /* of the pending points: the next that no worker has taken */
    _Atomic uint64_t done;   /* results of the whole sweep, those that were there included */
    atomic_int stop, failed;
    char error[480];         /* of the first that failed */
    char refusal[480];       /* of the latest execution: why the point's ISA cannot execute the program; empty: it can */
    char task[200];          /* for the line of progress */
    _Atomic uint8_t states[]; /* of each point, for the present program */
};

struct execution {
    const struct sweep_plan *plan;
    const struct sweep_options *options;
    const struct sweep_program *program;
    struct isa *baseline;
    struct progress *progress;   /* NULL: nobody looks */
    struct sweep_shared *shared;
    const char *tool;
    const int64_t *point_ids;    /* in the results' file */
    int64_t program_id;
    uint32_t *pending;           /* points that are to be computed; shared as sweep_shared is, and so are point_ids */
    uint32_t pending_count;
    int keep;                    /* a search's: where a copy of the execution's process is to serve (keeper.h); -1: none is left */
    bool keeps_workers;          /* its workers live on, too */
    pid_t owner;                 /* hybridsim's own process */
    sigset_t usual_signals;      /* what programs have blocked, though hybridsim holds back those that ask it to stop */
    uint64_t all;                /* results of the whole sweep */
    double started;              /* seconds */
};

enum execution_kind {
    EXECUTE_FOR_PENDING, /* and compute the pending points of it, or leave a process that does */
    EXECUTE_ALONE        /* as `run` does it */
};

/* Executes under the point's ISA. EXECUTE_ALONE: *timing and *exit_status are the run's. The result is 0, or hybridsim's exit
 * status after what went wrong was printed; EXIT_UNSUPPORTED with a refusal: nothing was. */
int execution_make(struct execution *execution, uint32_t point, enum execution_kind kind, struct timing_result **timing,
                   int *exit_status);

/* In a process of its own: computes the pending points of an execution, whenever it is asked (keeper.h). */
void execution_serve(struct execution *execution, const struct retime_source *source, int exit_status) __attribute__((noreturn));

/* The sweep fails for the first of the errors. */
void execution_report(const struct execution *execution, const struct diag *diag);

/* No pending point has been taken yet; and: those that are done are pending no more. */
void execution_reset(struct execution *execution);
void execution_drop_done(struct execution *execution);

/* Text of the line of progress, and how much is done. */
void execution_show(const struct execution *execution);

#endif
