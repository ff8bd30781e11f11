/* execution.c - see execution.h. */
#include "cli/sweep/execution.h"

#include "cli/commands.h"
#include "cli/program_run.h"
#include "cli/program_streams.h"
#include "cli/sweep/cache_shapes.h"
#include "cli/sweep/keeper.h"
#include "cli/sweep/results.h"
#include "cli/sweep/retime.h"
#include "cli/sweep/saved_profile.h"
#include "cli/sweep/stop.h"
#include "core/memory.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { TAKEN_AT_ONCE = 8, PIECES_EACH = 4, COMMIT_ROWS = 512, WAIT_MS = 100, INSTRUCTIONS_KEPT = 4000000 };
static const double commit_seconds = 0.3;

struct description {          /* what the execution's process needs at the program's end */
    struct execution *execution;
    const struct isa *isa;    /* of the run that counts; the other one is the baseline's */
    struct branch_trace *trace;
    struct stack_distances *distances;
};

static void report_failure(struct sweep_shared *shared, const char *text)
{
    if (!atomic_exchange(&shared->failed, 1))
        snprintf(shared->error, sizeof shared->error, "%s", text);
}

void execution_report(const struct execution *execution, const struct diag *diag)
{
    char text[480];
    snprintf(text, sizeof text, "%s%s%s", diag->count && diag->entries[0].file ? diag->entries[0].file : "",
             diag->count && diag->entries[0].file ? ": " : "", diag->count ? diag->entries[0].text : "failed");
    report_failure(execution->shared, text);
}

void execution_show(const struct execution *execution)
{
    if (!execution->progress)
        return;
    uint64_t done = atomic_load(&execution->shared->done);
    double seconds = progress_seconds() - execution->started;
    snprintf(execution->shared->task, sizeof execution->shared->task, "%s, %" PRIu64 " of %" PRIu64 " results, %.0f/s",
             execution->program->label, done, execution->all, seconds > 0 ? (double)done / seconds : 0);
    execution->progress->task = execution->shared->task;
    execution->progress->task_share = execution->all ? (double)done / (double)execution->all : -1;
}

/* ---- a worker ---- */

struct kept_row {
    struct results_row row;
    struct figures *figures;  /* the row's, owned, as is the error */
    char *error;
    uint32_t point;           /* of the plan */
};

struct finished_run {
    struct execution *execution;
    const struct retime_source *source;
    int exit_status;          /* the program's */
    const sigset_t *signals;  /* those that ask to stop, which are blocked */
};

struct worker {
    struct execution *execution;
    int number;
    struct retimer *retimer;
    struct results results;
    int exit_status;
    struct kept_row rows[COMMIT_ROWS]; /* not yet in the file: it is locked while it is written, so not for long */
    int row_count;
    double committed;         /* seconds */
    struct diag diag;
};

static bool commit(struct worker *worker)
{
    struct sweep_shared *shared = worker->execution->shared;
    if (!worker->row_count)
        return true;
    if (!results_do(&worker->results, "BEGIN IMMEDIATE", &worker->diag))
        return false;
    for (int i = 0; i < worker->row_count; i++)
        if (!results_add(&worker->results, &worker->rows[i].row, &worker->diag))
            return false;
    if (!results_do(&worker->results, "COMMIT", &worker->diag))
        return false;
    for (int i = 0; i < worker->row_count; i++) {
        atomic_store(&shared->states[worker->rows[i].point], POINT_DONE);
        figures_free(worker->rows[i].figures);
        free(worker->rows[i].error);
    }
    atomic_fetch_add(&shared->done, (uint64_t)worker->row_count);
    worker->row_count = 0;
    worker->committed = progress_seconds();
    return true;
}

/* Takes figures and error over. */
static bool keep_row(struct worker *worker, uint32_t point, struct results_row row, struct figures *figures, char *error)
{
    row.figures = figures;
    row.error = error;
    worker->rows[worker->row_count++] = (struct kept_row){row, figures, error, point};
    bool due = worker->row_count == COMMIT_ROWS || progress_seconds() - worker->committed > commit_seconds;
    return !due || commit(worker);
}

static bool compute_point(struct worker *worker, uint32_t point)
{
    const struct execution *execution = worker->execution;
    struct timing_result *timing = NULL;
    struct diag invalid;
    diag_init(&invalid);
    enum retime_outcome outcome = retimer_point(worker->retimer, point, &timing, &invalid);
    bool good = true;
    if (outcome == RETIME_OTHER) {
        atomic_store(&execution->shared->states[point], POINT_OTHER);
    } else {
        struct results_row row = {.point = execution->point_ids[point], .program = execution->program_id,
                                  .tool = execution->tool, .how = "retimed", .exit_status = worker->exit_status};
        char *error = timing ? NULL : strdup(invalid.count ? invalid.entries[0].text : "no valid ISA");
        good = keep_row(worker, point, row, timing ? figures_new(timing) : NULL, error);
    }
    timing_result_free(timing);
    diag_free(&invalid);
    return good;
}

/* Where the piece ends that begins at `first`: with the last point of a translation, for another worker would have to make it
 * again, unless there are too few pieces then. */
static uint32_t piece_end(const struct execution *execution, uint32_t first)
{
    const uint32_t *pending = execution->pending;
    uint32_t most = execution->pending_count / (PIECES_EACH * (uint32_t)execution->options->workers), end = first + 1;
    struct content_key key = sweep_point_code_key(execution->plan, pending[first]);
    for (; end < execution->pending_count && end - first < (most > TAKEN_AT_ONCE ? most : TAKEN_AT_ONCE); end++) {
        struct content_key next = sweep_point_code_key(execution->plan, pending[end]);
        if (memcmp(&next, &key, sizeof key) != 0)
            break;
    }
    return end;
}

/* A piece that no other worker has; false: there is none left. */
static bool take_piece(const struct execution *execution, uint32_t *first, uint32_t *end)
{
    *first = atomic_load(&execution->shared->next);
    do {
        if (*first >= execution->pending_count)
            return false;
        *end = piece_end(execution, *first);
    } while (!atomic_compare_exchange_weak(&execution->shared->next, first, *end));
    return true;
}

static bool compute_points(struct worker *worker)
{
    const struct execution *execution = worker->execution;
    struct sweep_shared *shared = execution->shared;
    uint32_t first, end;
    for (;;) {
        if (!take_piece(execution, &first, &end))
            return commit(worker);
        for (uint32_t i = first; i < end; i++) {
            if (atomic_load(&shared->stop) || atomic_load(&shared->failed))
                return commit(worker);
            if (!compute_point(worker, execution->pending[i]))
                return false;
        }
    }
}

/* Pieces of what the worker has translated before are its own; of the others it takes, from the end, what their owners have not
 * begun when it is done with these. */
static bool compute_own_points(struct worker *worker)
{
    const struct execution *execution = worker->execution;
    struct sweep_shared *shared = execution->shared;
    uint32_t *starts = checked_alloc(execution->pending_count + 1, sizeof *starts), pieces = 0;
    bool good = true;
    for (uint32_t first = 0; first < execution->pending_count; first = piece_end(execution, first))
        starts[pieces++] = first;
    starts[pieces] = execution->pending_count;
    for (uint32_t i = 0; i < 2 * pieces && good; i++) {
        bool own = i < pieces;
        uint32_t piece = own ? i : 2 * pieces - 1 - i, first = execution->pending[starts[piece]];
        uint8_t untaken = POINT_PENDING;
        struct content_key key = sweep_point_code_key(execution->plan, first);
        if ((own && key.words[1] % (uint64_t)execution->options->workers != (uint64_t)worker->number) ||
            !atomic_compare_exchange_strong(&shared->states[first], &untaken, POINT_TAKEN))
            continue;
        for (uint32_t k = starts[piece]; k < starts[piece + 1] && good; k++) {
            if (atomic_load(&shared->stop) || atomic_load(&shared->failed))
                break;
            good = compute_point(worker, execution->pending[k]);
        }
    }
    free(starts);
    return good && commit(worker);
}

static void become_worker(struct worker *worker, const struct finished_run *run, pid_t parent)
{
    *worker = (struct worker){.execution = run->execution, .number = worker->number, .exit_status = run->exit_status};
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(EXIT_DIFFERENCE);
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    diag_init(&worker->diag);
    const struct execution *execution = run->execution;
    uint64_t kept = INSTRUCTIONS_KEPT / (uint64_t)(execution->options->workers * execution->plan->program_count);
    worker->retimer = retimer_new(execution->plan, run->source, execution->keeps_workers ? kept : 0);
}

/* What is pending. The results' file is open meanwhile only: the last one who closes it leaves no other files beside it. */
static void work(struct worker *worker, bool (*compute)(struct worker *worker))
{
    worker->committed = progress_seconds();
    bool good = results_open(&worker->results, worker->execution->options->results, true, &worker->diag);
    if (good) {
        good = compute(worker);
        results_close(&worker->results);
    }
    if (!good)
        execution_report(worker->execution, &worker->diag);
}

/* ---- the execution's process ---- */

/* Until all have ended; asks them to stop when hybridsim is to. */
static void wait_for_workers(const struct finished_run *run, pid_t *workers, int count)
{
    struct sweep_shared *shared = run->execution->shared;
    const struct timespec pause = {.tv_nsec = WAIT_MS * 1000000L};
    for (int left = count; left;) {
        int number = sigtimedwait(run->signals, NULL, &pause);
        if (number == SIGINT || number == SIGTERM || number == SIGHUP)
            atomic_store(&shared->stop, number);
        execution_show(run->execution);
        for (int i = 0; i < count; i++) { /* there are other children: the compiler */
            int status = 0;
            if (workers[i] < 0 || waitpid(workers[i], &status, WNOHANG) == 0)
                continue;
            workers[i] = -1;
            left--;
            if (WIFSIGNALED(status))
                report_failure(shared, "a worker died of a signal");
        }
    }
}

static void start_workers(const struct finished_run *run)
{
    pid_t parent = getpid(), workers[SWEEP_MAX_WORKERS];
    int started = 0;
    for (int i = 0; i < run->execution->options->workers; i++) {
        pid_t process = fork();
        if (process == 0) {
            struct worker worker = {.number = i};
            become_worker(&worker, run, parent);
            work(&worker, compute_points);
            _exit(EXIT_SUCCESS);
        }
        if (process > 0)
            workers[started++] = process;
    }
    if (!started)
        report_failure(run->execution->shared, "no worker could be started");
    wait_for_workers(run, workers, started);
}

/* ---- workers that live on ---- */

struct pool {
    const struct finished_run *run;
    struct pollfd sockets[SWEEP_MAX_WORKERS]; /* an order is the number of pending points, the answer a byte */
    int count;
};

static void serve_pool(const struct finished_run *run, int number, int socket, pid_t parent)
{
    struct worker worker = {.number = number};
    become_worker(&worker, run, parent);
    uint32_t *pending = &run->execution->pending_count;
    while (read(socket, pending, sizeof *pending) == sizeof *pending) {
        work(&worker, compute_own_points);
        if (send(socket, "", 1, MSG_NOSIGNAL) != 1)
            break;
    }
    _exit(EXIT_SUCCESS);
}

static void start_pool(struct pool *pool)
{
    pid_t parent = getpid();
    for (int i = 0; i < pool->run->execution->options->workers; i++) {
        int pair[2];
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
            break;
        pid_t process = fork();
        if (process == 0) {
            for (int k = 0; k < pool->count; k++)
                close(pool->sockets[k].fd);
            close(pair[0]);
            serve_pool(pool->run, i, pair[1], parent);
        }
        close(pair[1]);
        if (process < 0)
            close(pair[0]);
        else
            pool->sockets[pool->count++] = (struct pollfd){.fd = pair[0], .events = POLLIN};
    }
    if (!pool->count)
        report_failure(pool->run->execution->shared, "no worker could be started");
}

/* Until all have answered; asks them to stop when hybridsim is to. */
static void wait_for_pool(struct pool *pool, int asked)
{
    struct sweep_shared *shared = pool->run->execution->shared;
    const struct timespec at_once = {0};
    for (int left = asked; left;) {
        int ready = poll(pool->sockets, (nfds_t)pool->count, WAIT_MS);
        int number = sigtimedwait(pool->run->signals, NULL, &at_once);
        if (number == SIGINT || number == SIGTERM || number == SIGHUP)
            atomic_store(&shared->stop, number);
        execution_show(pool->run->execution);
        for (int i = 0; ready > 0 && i < pool->count; i++) {
            char byte;
            if (!pool->sockets[i].revents)
                continue;
            left--;
            if (read(pool->sockets[i].fd, &byte, 1) == 1)
                continue;
            report_failure(shared, "a worker died of a signal");
            close(pool->sockets[i].fd);
            pool->sockets[i].fd = -1; /* poll passes it over */
        }
    }
}

static void ask_pool(void *context)
{
    struct pool *pool = context;
    uint32_t pending = pool->run->execution->pending_count;
    int asked = 0;
    if (!pool->count)
        start_pool(pool);
    for (int i = 0; i < pool->count; i++) /* one that has gone is found out below */
        asked += pool->sockets[i].fd >= 0 && (send(pool->sockets[i].fd, &pending, sizeof pending, MSG_NOSIGNAL), true);
    wait_for_pool(pool, asked);
}

/* For sigtimedwait: those that ask to stop, and the ends of workers. */
static void block_signals(sigset_t *signals, sigset_t *before)
{
    signal(SIGINT, SIG_DFL);
    signal(SIGCHLD, SIG_DFL);
    *signals = stop_signals();
    sigaddset(signals, SIGCHLD);
    sigprocmask(SIG_BLOCK, signals, before);
}

static void ask_new_workers(void *context)
{
    start_workers(context);
}

static __attribute__((noreturn)) void serve_run(struct finished_run *run)
{
    struct pool pool = {.run = run};
    if (run->execution->keeps_workers)
        keeper_serve(run->execution, ask_pool, &pool);
    keeper_serve(run->execution, ask_new_workers, run);
}

void execution_serve(struct execution *execution, const struct retime_source *source, int exit_status)
{
    sigset_t signals, before;
    struct finished_run run = {execution, source, exit_status, &signals};
    block_signals(&signals, &before);
    serve_run(&run);
}

/* Why the point's ISA cannot execute the program: it has too few registers for a function that was called. */
static void note_refusal(const struct run_facts *facts, struct buffer *bytes)
{
    const struct description *description = facts->context;
    struct buffer text = {0};
    (void)bytes;
    if (facts->isa != description->isa || !facts->unsupported)
        return;
    for (uint32_t i = 0; i < facts->profile->code_count && !text.size; i++) {
        const struct machine_function *function = facts->profile->codes[i]->function;
        if (function && function->registers_needed)
            machine_function_refusal(function, &text);
    }
    struct sweep_shared *shared = description->execution->shared;
    snprintf(shared->refusal, sizeof shared->refusal, "%s", text.size ? text.bytes : "");
    buffer_free(&text);
}

/* FOLDER/PROGRAM.hsp, to be freed. A number distinguishes programs of one label. */
static char *profile_path(const struct execution *execution)
{
    struct buffer path = {0};
    const struct sweep_plan *plan = execution->plan;
    const struct sweep_program *program = execution->program;
    bool alone = true;
    buffer_printf(&path, "%s/", execution->options->profiles);
    for (const char *c = program->label; *c; c++)
        buffer_add_byte(&path, *c == '/' || *c == ' ' ? '-' : (uint8_t)*c);
    for (int i = 0; i < plan->program_count; i++)
        alone &= &plan->programs[i] == program || strcmp(plan->programs[i].label, program->label) != 0;
    if (!alone)
        buffer_printf(&path, "-%d", 1 + (int)(program - plan->programs));
    buffer_add_text(&path, ".hsp");
    return path.bytes;
}

static void save_profile(const struct execution *execution, const struct run_facts *facts, const struct retime_source *source)
{
    const struct run_program *run = &execution->program->run;
    const struct saved_program program = {.script = run->script, .arguments = run->arguments,
                                          .argument_count = (uint32_t)run->argument_count, .key = execution->program->key,
                                          .isa = facts->isa->name, .exit_status = (uint32_t)facts->exit_status};
    struct diag diag;
    diag_init(&diag);
    char *path = profile_path(execution);
    if (!saved_profile_append(path, &program, source, &diag))
        execution_report(execution, &diag);
    free(path);
    diag_free(&diag);
}

static void compute_pending(const struct run_facts *facts, struct buffer *bytes)
{
    const struct description *description = facts->context;
    note_refusal(facts, bytes);
    if (facts->isa != description->isa || facts->unsupported || facts->interrupted)
        return;
    sigset_t signals, before;
    struct retime_source source;
    struct finished_run run = {description->execution, &source, facts->exit_status, &signals};
    retime_source_take(&source, (struct profile *)(uintptr_t)facts->profile, description->trace,
                       description->distances);
    block_signals(&signals, &before);
    if (run.execution->options->profiles)
        save_profile(run.execution, facts, &source);
    if (run.execution->keep < 0)
        start_workers(&run);
    else if (fork() == 0) /* it goes on when the run has ended, and computes them */
        serve_run(&run);
    retime_source_free(&source);
    signal(SIGINT, SIG_IGN);
    sigprocmask(SIG_SETMASK, &before, NULL);
}

/* ---- in hybridsim's own process ---- */

void execution_reset(struct execution *execution)
{
    atomic_store(&execution->shared->next, 0);
    for (uint32_t i = 0; i < execution->pending_count; i++)
        atomic_store(&execution->shared->states[execution->pending[i]], POINT_PENDING);
}

void execution_drop_done(struct execution *execution)
{
    uint32_t left = 0;
    for (uint32_t i = 0; i < execution->pending_count; i++)
        if (atomic_load(&execution->shared->states[execution->pending[i]]) != POINT_DONE)
            execution->pending[left++] = execution->pending[i];
    execution->pending_count = left;
}

/* Signals are let through as soon as there are handlers. */
static int make_runs(const struct execution *execution, const struct run_program *program, struct run_list *list,
                     bool *interrupted, struct diag *diag)
{
    struct sweep_shared *shared = execution->shared;
    struct run_set *set = run_set_new(program, list->isas, list->isa_count, diag);
    sigset_t held;
    if (!set)
        return EXIT_USER_ERROR;
    sigprocmask(SIG_SETMASK, &execution->usual_signals, &held);
    int failed = run_list_make(set, list, diag);
    sigprocmask(SIG_SETMASK, &held, NULL);
    if (run_set_signal(set))
        atomic_store(&shared->stop, run_set_signal(set));
    *interrupted = run_set_signal(set) != 0 || atomic_load(&shared->stop) != 0;
    run_set_free(set);
    return failed;
}

int execution_make(struct execution *execution, uint32_t point, enum execution_kind kind, struct timing_result **timing,
                   int *exit_status)
{
    struct arena *arena = arena_new();
    struct diag diag;
    struct program_streams streams;
    struct run_list list = {.isa_count = 2};
    struct run_program program = execution->program->run;
    bool interrupted = false;
    diag_init(&diag);
    struct isa *isa = sweep_point_isa(execution->plan, point, arena, &diag);
    list.isas[0] = execution->baseline;
    list.isas[1] = isa;
    bool traced = kind == EXECUTE_FOR_PENDING && (execution->plan->needs_outcomes || execution->options->profiles);
    struct description description = {execution, isa, traced ? branch_trace_new() : NULL, NULL};
    if (kind == EXECUTE_FOR_PENDING)
        description.distances = cache_distances_of_points(execution->plan, execution->pending, execution->pending_count,
                                                          execution->options->profiles != NULL);
    program.in_turn = true;
    program.python = execution->options->python;
    program.progress = execution->progress;
    program.describe = kind == EXECUTE_FOR_PENDING ? compute_pending : note_refusal;
    program.describe_context = &description;
    if (traced) {
        program.on_branch = branch_trace_record;
        program.branch_context = description.trace;
    }
    if (description.distances) {
        program.on_access = stack_distances_on_access;
        program.access_context = description.distances;
    }
    execution->shared->refusal[0] = 0;
    execution_show(execution);
    program_streams_divert(&streams, -1);
    int status = isa ? make_runs(execution, &program, &list, &interrupted, &diag) : EXIT_USER_ERROR;
    program_streams_restore(&streams);
    bool refused = execution->shared->refusal[0] != 0;
    if (refused)
        status = EXIT_UNSUPPORTED;
    else if (interrupted) /* what went wrong did so for that */
        status = 128 + atomic_load(&execution->shared->stop);
    else if (!status && list.outcomes[1].unsupported)
        status = EXIT_UNSUPPORTED;
    else if (!status && list.done < 2)
        status = EXIT_DIFFERENCE;
    if (status && !refused) {
        fprintf(stderr, "hybridsim: %s: %s\n", execution->program->label, interrupted ? "interrupted" : "failed");
        if (!interrupted) {
            program_streams_show_errors(&streams);
            diag_print(&diag, stderr);
        }
    }
    program_streams_free(&streams);
    if (timing) {
        *timing = list.outcomes[1].timing;
        *exit_status = list.outcomes[1].exit_status;
        list.outcomes[1].timing = NULL;
    }
    list.isas[0] = NULL; /* the sweep's */
    run_list_free(&list);
    branch_trace_free(description.trace);
    stack_distances_free(description.distances);
    arena_free(arena);
    diag_free(&diag);
    return status;
}
