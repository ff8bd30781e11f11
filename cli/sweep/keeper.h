/* keeper.h - profiles that live on: a search's points come a generation at a time, so the process that has a program's profile
 * leaves a copy of itself, which computes points whenever it is asked, until hybridsim ends. */
#ifndef HYBRIDSIM_CLI_SWEEP_KEEPER_H
#define HYBRIDSIM_CLI_SWEEP_KEEPER_H

#include "cli/sweep/execution.h"

enum { KEEPERS_MAX = 256 };

struct keepers {
    struct keeper {
        int64_t program;        /* id of the one whose profile it has */
        int socket;
    } list[KEEPERS_MAX];
    int count;
};

/* Before an execution: makes execution->keep the socket of a keeper that is to be left, or -1 when there are too many. */
void keepers_prepare(struct keepers *keepers, struct execution *execution);

/* Has every keeper of the execution's program compute what it can of the pending points; those that are done leave the list. */
void keepers_ask(struct keepers *keepers, struct execution *execution);

/* They end. */
void keepers_close(struct keepers *keepers);

/* In the copy: answers until hybridsim has gone. `compute` has the execution's pending points computed. */
void keeper_serve(struct execution *execution, void (*compute)(void *context), void *context) __attribute__((noreturn));

#endif
