/* keeper.c - see keeper.h. An order is the number of pending points, which are in shared memory; the answer is a byte. */
#include "cli/sweep/keeper.h"

#include "cli/sweep/saved_profile.h"
#include "cli/sweep/stop.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { SERVED_SOCKET = 3, WAIT_MS = 100 };

void keepers_prepare(struct keepers *keepers, struct execution *execution)
{
    int pair[2];
    execution->keep = -1;
    if (keepers->of_executions == KEEPERS_OF_EXECUTIONS || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return;
    prctl(PR_SET_CHILD_SUBREAPER, 1); /* so that keepers end with hybridsim */
    execution->keep = pair[1];
    execution->keeps_workers = keepers->count < KEEPERS_WITH_WORKERS;
    keepers->of_executions++;
    keepers->list[keepers->count++] = (struct keeper){execution->program_id, pair[0], false};
}

/* In a process of its own. */
static void serve_saved(struct execution *execution, uint32_t number)
{
    struct diag diag;
    diag_init(&diag);
    struct saved_profile *saved = saved_profile_load(execution->program->profile, number, &diag);
    if (saved)
        execution_serve(execution, &saved->source, (int)saved->program.exit_status);
    execution_report(execution, &diag);
    _exit(EXIT_SUCCESS);
}

static bool load_execution(struct keepers *keepers, struct execution *execution, uint32_t number, struct diag *diag)
{
    int pair[2];
    if (keepers->count == KEEPERS_MAX)
        return diag_error(diag, execution->program->profile, 0, 0, "found more than %d executions", KEEPERS_MAX);
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return diag_error(diag, execution->program->profile, 0, 0, "no process can be made for the profile: %s", strerror(errno));
    pid_t process = fork();
    if (process == 0) {
        execution->keep = pair[1];
        execution->keeps_workers = keepers->count < KEEPERS_WITH_WORKERS;
        serve_saved(execution, number);
    }
    close(pair[1]);
    keepers->list[keepers->count++] = (struct keeper){execution->program_id, pair[0], true};
    return process > 0 || diag_error(diag, execution->program->profile, 0, 0, "no process can be made for the profile: %s",
                                     strerror(errno));
}

bool keepers_load(struct keepers *keepers, struct execution *execution, struct diag *diag)
{
    bool good = true;
    for (int i = 0; i < keepers->count; i++)
        if (keepers->list[i].is_saved && keepers->list[i].program == execution->program_id)
            return true;
    for (uint32_t i = 0; i < execution->program->executions && good; i++)
        good = load_execution(keepers, execution, i, diag);
    return good;
}

/* Until the keeper has answered; asks the workers to stop when hybridsim is to. False: it has gone. */
static bool wait_for_answer(struct execution *execution, int socket)
{
    struct pollfd answer = {.fd = socket, .events = POLLIN};
    struct progress_run run = {execution->plan->base->name, 1};
    while (poll(&answer, 1, WAIT_MS) == 0 || !answer.revents) {
        int number = stop_look();
        if (number)
            atomic_store(&execution->shared->stop, number);
        execution_show(execution);
        if (execution->progress && progress_is_due(execution->progress))
            progress_draw(execution->progress, &run, 1, -1);
    }
    char byte;
    ssize_t got;
    while ((got = read(socket, &byte, 1)) < 0 && errno == EINTR)
        ;
    return got == 1;
}

/* Its points are still pending: an execution is made again, a file is not read again. */
static void note_death(const struct execution *execution, const struct keeper *keeper)
{
    struct diag diag;
    if (!keeper->is_saved || atomic_load(&execution->shared->stop))
        return;
    diag_init(&diag);
    diag_error(&diag, execution->program->profile, 0, 0, "the process that had the profile died");
    execution_report(execution, &diag);
    diag_free(&diag);
}

static void ask(const struct keeper *keeper, struct execution *execution)
{
    execution_reset(execution);
    if (send(keeper->socket, &execution->pending_count, sizeof execution->pending_count, MSG_NOSIGNAL) !=
            sizeof execution->pending_count ||
        !wait_for_answer(execution, keeper->socket))
        note_death(execution, keeper);
}

void keepers_ask(struct keepers *keepers, struct execution *execution)
{
    for (int i = 0; i < keepers->count && execution->pending_count && !atomic_load(&execution->shared->stop); i++)
        if (keepers->list[i].program == execution->program_id) {
            ask(&keepers->list[i], execution);
            execution_drop_done(execution);
        }
}

void keepers_ask_latest(struct keepers *keepers, struct execution *execution)
{
    if (keepers->count && !atomic_load(&execution->shared->stop))
        ask(&keepers->list[keepers->count - 1], execution);
}

void keepers_close(struct keepers *keepers)
{
    for (int i = 0; i < keepers->count; i++)
        close(keepers->list[i].socket);
    keepers->count = keepers->of_executions = 0;
}

/* Nothing of the program's, above all not the pipes whose ends others wait for. */
static void drop_descriptors(int socket)
{
    if (dup2(socket, SERVED_SOCKET) < 0 || close_range(SERVED_SOCKET + 1, ~0U, 0) != 0)
        _exit(EXIT_FAILURE);
    int nothing = open("/dev/null", O_RDWR);
    for (int i = 0; i < SERVED_SOCKET && nothing >= 0; i++)
        dup2(nothing, i);
}

void keeper_serve(struct execution *execution, void (*compute)(void *context), void *context)
{
    drop_descriptors(execution->keep);
    while (read(SERVED_SOCKET, &execution->pending_count, sizeof execution->pending_count) == sizeof execution->pending_count) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* the execution's process has ended: hybridsim itself is the parent now */
        if (getppid() != execution->owner)
            break;
        compute(context);
        if (send(SERVED_SOCKET, "", 1, MSG_NOSIGNAL) != 1)
            break;
    }
    _exit(EXIT_SUCCESS);
}
