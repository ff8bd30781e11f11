/* run_child.h - what the process of one run does: execute, time, report through a pipe. */
#ifndef HYBRIDSIM_CLI_RUN_CHILD_H
#define HYBRIDSIM_CLI_RUN_CHILD_H

#include "cli/run_process.h"

struct child_run {
    const struct run_program *program;
    const struct isa *isa;
    const char *replay_path; /* NULL: the only run */
    const char *undo_path;   /* folder for the journal of changes to files; NULL: the only run */
    bool is_first, is_last;
    int result_fd;
};

struct child_header { /* first in the pipe; then, when started, the timing result */
    int exit_status;
    bool started, unsupported, interrupted;
};

/* Runs on the process's standard streams and ends the process. */
void child_run(const struct child_run *run) __attribute__((noreturn));

#endif
