/* run_child.h - what the process of one run does: execute, time, report through a pipe. */
#ifndef HYBRIDSIM_CLI_RUN_CHILD_H
#define HYBRIDSIM_CLI_RUN_CHILD_H

#include "cli/run_process.h"

#include <stdatomic.h>

/* In memory that the runs of a set share. */
struct run_gate {
    atomic_int first_ended;
    atomic_int files_changed; /* the first run is about to change, or has changed, a file */
    atomic_int turn_needed[]; /* by run: it ran ahead and has to be made again when its turn has come */
};

struct child_run {
    const struct run_program *program;
    const struct isa *isa;
    const char *replay_path; /* NULL: the only run */
    const char *undo_path;   /* folder for the journal of changes to files; NULL: the only run */
    int index, count;        /* of the runs */
    bool ahead;              /* runs beside the first, before its turn: it may not change files */
    struct run_gate *gate;   /* NULL: the only run, or one after the other */
    int result_fd;
    struct progress *progress; /* NULL: nobody looks */
    bool own_streams;        /* what the program prints goes to the terminal without passing through hybridsim */
};

struct child_header { /* first in the pipe; then, when started, the timing result, then what was asked for besides */
    int exit_status;
    bool started, unsupported, interrupted;
    size_t timing_size, extra_size;
};

/* Runs on the process's standard streams and ends the process. */
void child_run(const struct child_run *run) __attribute__((noreturn));

#endif
