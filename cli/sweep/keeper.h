/* keeper.h - profiles that live on: a search's points come a generation at a time, so the process that has a program's profile
 * leaves a copy of itself, which computes points whenever it is asked, until hybridsim ends. */
#ifndef HYBRIDSIM_CLI_SWEEP_KEEPER_H
#define HYBRIDSIM_CLI_SWEEP_KEEPER_H

#include "cli/sweep/execution.h"

enum { KEEPERS_OF_EXECUTIONS = 256, KEEPERS_MAX = KEEPERS_OF_EXECUTIONS + SWEEP_MAX_PROGRAMS, KEEPERS_WITH_WORKERS = 16 };

struct keepers {
    struct keeper {
        int64_t program;        /* id of the one whose profile it has */
        int socket;
        bool is_saved;          /* of a saved profile */
    } list[KEEPERS_MAX];
    int count, of_executions;
};

/* Before an execution: makes execution->keep the socket of a keeper that is to be left, or -1 when there are too many. Workers of
 * the first KEEPERS_WITH_WORKERS live as long as they, with what they have translated. */
void keepers_prepare(struct keepers *keepers, struct execution *execution);

/* Starts the keepers of the saved profile of the execution's program, one an execution, unless they are there. False, with an
 * error, when that fails. */
bool keepers_load(struct keepers *keepers, struct execution *execution, struct diag *diag);

/* Has every keeper of the execution's program compute what it can of the pending points; those that are done leave the list. */
void keepers_ask(struct keepers *keepers, struct execution *execution);

/* The same of the one that the latest execution has left. */
void keepers_ask_latest(struct keepers *keepers, struct execution *execution);

/* They end. */
void keepers_close(struct keepers *keepers);

/* In the copy: answers until hybridsim has gone. `compute` has the execution's pending points computed. */
void keeper_serve(struct execution *execution, void (*compute)(void *context), void *context) __attribute__((noreturn));

#endif
