/* compare_workers.c - see compare_workers.h. A worker writes how its program ended, and what it had to say, into a pipe. */
#include "cli/compare_workers.h"

#include "cli/commands.h"
#include "core/buffer.h"
#include "core/descriptor.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

struct turns {              /* shared by all processes */
    atomic_int first;       /* the row whose turn it is: it may change files */
    atomic_int files_changed;
    atomic_int needed[COMPARE_MAX_PROGRAMS]; /* the row ended because it was about to */
};

struct worker {
    struct team *team;
    struct compare_row *row;
    int number;             /* of the row */
    pid_t process;          /* -1: none */
    int result;             /* end of its pipe; -1: closed */
    struct buffer bytes;    /* what it wrote */
    bool ended;
    struct progress *progress;
};

struct team {
    struct compare_runs *runs;
    struct turns *turns;
    struct worker workers[COMPARE_MAX_PROGRAMS]; /* one for each program that is to be run */
    int count, first, at_once;
    struct progress *progress;
    struct sigaction before[NSIG]; /* what the signals that stop did before */
};

struct ending_header {
    struct compare_ending ending;
    int done;
};

struct outcome_header {
    int exit_status, died_of;
    bool started, unsupported, interrupted, has_timing;
    size_t timing_size;
};

/* The only mutable global: a signal handler has no context. */
static volatile sig_atomic_t stopped_by;

static const int stop_signals[] = {SIGINT, SIGTERM, SIGHUP};
enum { STOP_SIGNALS = sizeof stop_signals / sizeof *stop_signals };

static void on_stop(int number)
{
    stopped_by = number;
}

static void catch_signals(struct team *team)
{
    struct sigaction action = {.sa_handler = on_stop};
    stopped_by = 0;
    for (int i = 0; i < STOP_SIGNALS; i++)
        if (sigaction(stop_signals[i], NULL, &team->before[i]) == 0 && team->before[i].sa_handler != SIG_IGN)
            sigaction(stop_signals[i], &action, NULL);
}

static void release_signals(const struct team *team)
{
    for (int i = 0; i < STOP_SIGNALS; i++)
        sigaction(stop_signals[i], &team->before[i], NULL);
}

/* ---- in a worker's process ---- */

static void before_change(void *context)
{
    const struct worker *worker = context;
    struct turns *turns = worker->team->turns;
    if (atomic_load(&turns->first) != worker->number) {
        atomic_store(&turns->needed[worker->number], 1);
        _exit(EXIT_SUCCESS);
    }
    atomic_store(&turns->files_changed, 1);
}

static void add_outcome(const struct run_outcome *outcome, struct buffer *bytes)
{
    struct buffer timing = {0};
    if (outcome->timing)
        timing_result_write(outcome->timing, &timing);
    struct outcome_header header;
    memset(&header, 0, sizeof header);
    header.exit_status = outcome->exit_status;
    header.died_of = outcome->died_of;
    header.started = outcome->started;
    header.unsupported = outcome->unsupported;
    header.interrupted = outcome->interrupted;
    header.has_timing = outcome->timing != NULL;
    header.timing_size = timing.size;
    buffer_add(bytes, &header, sizeof header);
    buffer_add(bytes, timing.bytes, timing.size);
    buffer_free(&timing);
}

static void add_errors(int errors, struct buffer *bytes)
{
    char text[4096];
    ssize_t size;
    fflush(stderr);
    for (off_t at = 0; (size = pread(errors, text, sizeof text, at)) > 0; at += size)
        buffer_add(bytes, text, (size_t)size);
}

static _Noreturn void work(struct worker *worker, int result, pid_t parent)
{
    struct compare_runs *runs = worker->team->runs;
    struct buffer bytes = {0};
    int errors = memfd_create("errors", MFD_CLOEXEC);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent || errors < 0 || dup2(errors, STDERR_FILENO) < 0)
        _exit(EXIT_FAILURE);
    release_signals(worker->team);
    struct ending_header header;
    memset(&header, 0, sizeof header);
    header.ending = compare_row_run(runs, worker->row);
    header.done = runs->isas.done;
    buffer_add(&bytes, &header, sizeof header);
    for (int i = 0; i < runs->isas.isa_count; i++)
        add_outcome(&runs->isas.outcomes[i], &bytes);
    add_errors(errors, &bytes);
    (void)descriptor_write(result, bytes.bytes, bytes.size); /* a parent that has gone needs no telling */
    _exit(EXIT_SUCCESS);
}

/* ---- in ours ---- */

static void start(struct team *team, struct worker *worker)
{
    int ends[2];
    pid_t parent = getpid();
    fflush(stdout);
    fflush(stderr);
    if (pipe2(ends, O_CLOEXEC) != 0)
        abort(); /* out of descriptors */
    buffer_free(&worker->bytes);
    worker->bytes = (struct buffer){0};
    worker->ended = false;
    atomic_store(&team->turns->needed[worker->number], 0);
    worker->process = fork();
    if (worker->process == 0) {
        for (int i = 0; i < team->count; i++)
            if (team->workers[i].result >= 0)
                close(team->workers[i].result);
        close(ends[0]);
        work(worker, ends[1], parent);
    }
    close(ends[1]);
    worker->result = ends[0];
    if (worker->process < 0) { /* it ends at once, with nothing */
        close(worker->result);
        worker->result = -1;
        worker->ended = true;
    }
}

static void finish(struct worker *worker)
{
    struct progress *all = worker->team->progress;
    if (all)
        all->earlier += atomic_exchange(&all->instructions[worker->number], 0);
    close(worker->result);
    worker->result = -1;
    while (waitpid(worker->process, NULL, 0) < 0 && errno == EINTR)
        continue;
    worker->process = -1;
    worker->ended = true;
}

/* Whatever it does or did is forgotten. */
static void take_back(struct worker *worker)
{
    char dropped[4096];
    if (worker->process > 0) {
        kill(worker->process, SIGTERM);
        while (read(worker->result, dropped, sizeof dropped) > 0 || errno == EINTR)
            errno = 0;
        finish(worker);
    }
    buffer_free(&worker->bytes);
    worker->bytes = (struct buffer){0};
    worker->ended = false;
}

/* Another program beside those that run: a quarter of the memory should be free for it. */
static bool has_memory(void)
{
    char line[128];
    unsigned long long total = 0, available = 0, number;
    FILE *file = fopen("/proc/meminfo", "r");
    while (file && fgets(line, sizeof line, file)) {
        if (sscanf(line, "MemTotal: %llu", &number) == 1)
            total = number;
        else if (sscanf(line, "MemAvailable: %llu", &number) == 1)
            available = number;
    }
    if (file)
        fclose(file);
    return !total || available >= total / 4;
}

static void start_more(struct team *team)
{
    int going = 0;
    bool in_turn = atomic_load(&team->turns->files_changed);
    for (int i = team->first; i < team->count; i++)
        going += team->workers[i].process > 0;
    for (int i = team->first; i < team->count && going < (in_turn ? 1 : team->at_once) && !stopped_by; i++) {
        struct worker *worker = &team->workers[i];
        if (worker->process > 0 || worker->ended)
            continue;
        if (going && !has_memory())
            break;
        start(team, worker);
        going += worker->process > 0;
    }
}

static void show_progress(struct team *team)
{
    struct progress_run going[COMPARE_MAX_PROGRAMS];
    int count = 0, done = 0;
    for (int i = 0; i < team->count; i++) {
        struct worker *worker = &team->workers[i];
        done += i < team->first || worker->ended;
        if (worker->process <= 0 || !worker->progress)
            continue;
        uint64_t all = 0;
        for (int run = 0; run < PROGRESS_MAX_RUNS; run++)
            all += atomic_load(&worker->progress->instructions[run]);
        atomic_store(&team->progress->instructions[worker->number], all);
        going[count++] = (struct progress_run){worker->row->label, worker->number};
    }
    if (!progress_is_due(team->progress))
        return;
    char task[64];
    snprintf(task, sizeof task, "%d of %d done", done, team->count);
    team->progress->task = task;
    double elapsed = progress_seconds() - team->progress->started;
    progress_draw(team->progress, going, count, done ? elapsed * (team->count - done) / done : -1);
    team->progress->task = NULL;
}

/* Waits for something to come from a worker. */
static void pump(struct team *team)
{
    struct pollfd waiting[COMPARE_MAX_PROGRAMS];
    for (int i = 0; i < team->count; i++)
        waiting[i] = (struct pollfd){.fd = team->workers[i].result, .events = POLLIN};
    int ready = poll(waiting, (nfds_t)team->count, PROGRESS_PERIOD_MS); /* a signal may have come just before */
    if (team->progress)
        show_progress(team);
    for (int i = 0; i < team->count && ready > 0; i++) {
        struct worker *worker = &team->workers[i];
        char bytes[65536];
        if (worker->result < 0 || !waiting[i].revents)
            continue;
        ssize_t size = read(worker->result, bytes, sizeof bytes);
        if (size > 0)
            buffer_add(&worker->bytes, bytes, (size_t)size);
        else if (size == 0 || errno != EINTR)
            finish(worker);
    }
}

/* The next bytes of what a worker left. False: there are not so many. */
static bool take(const char **at, size_t *left, void *part, size_t size)
{
    if (*left < size)
        return false;
    memcpy(part, *at, size);
    *at += size;
    *left -= size;
    return true;
}

/* False: it left nothing, or not all. */
static bool read_ending(struct team *team, const struct worker *worker, struct compare_ending *ending)
{
    struct run_list *list = &team->runs->isas;
    const char *at = worker->bytes.bytes;
    size_t left = worker->bytes.size;
    struct ending_header header;
    if (!take(&at, &left, &header, sizeof header))
        return false;
    *ending = header.ending;
    list->done = header.done;
    for (int i = 0; i < list->isa_count; i++) {
        struct outcome_header outcome;
        if (!take(&at, &left, &outcome, sizeof outcome) || outcome.timing_size > left)
            return false;
        list->outcomes[i] = (struct run_outcome){
            .timing = outcome.has_timing ? timing_result_read(at, outcome.timing_size) : NULL, .exit_status = outcome.exit_status,
            .died_of = outcome.died_of, .started = outcome.started, .unsupported = outcome.unsupported,
            .interrupted = outcome.interrupted};
        at += outcome.timing_size;
        left -= outcome.timing_size;
    }
    progress_erase(team->progress);
    fwrite(at, 1, left, stderr);
    return true;
}

static void take_row(struct team *team, struct worker *worker)
{
    struct compare_ending ending = {EXIT_DIFFERENCE, EXIT_DIFFERENCE, stopped_by != 0};
    if (!read_ending(team, worker, &ending)) {
        progress_erase(team->progress);
        fprintf(stderr, "hybridsim: %s: %s\n", worker->row->label,
                stopped_by ? "interrupted" : "its process ended before it could report");
    }
    compare_row_take(team->runs, worker->row, &ending);
}

/* The rows that are complete, in order; those that have to wait for their turn get it. */
static void take_rows(struct team *team)
{
    while (team->first < team->count && team->workers[team->first].ended) {
        struct worker *worker = &team->workers[team->first];
        if (atomic_load(&team->turns->needed[worker->number])) {
            take_back(worker);
            if (!stopped_by)
                return; /* it is the first now */
        }
        take_row(team, worker);
        team->first++;
        if (team->first == team->count)
            return;
        atomic_store(&team->turns->first, team->workers[team->first].number);
        for (int i = team->first; i < team->count && atomic_load(&team->turns->files_changed); i++)
            take_back(&team->workers[i]);
    }
}

static void pass_signal_on(const struct team *team)
{
    for (int i = 0; i < team->count; i++)
        if (team->workers[i].process > 0)
            kill(team->workers[i].process, stopped_by);
}

static void run_team(struct team *team)
{
    bool told = false;
    start_more(team);
    for (;;) {
        bool going = false;
        if (stopped_by && !told) {
            told = true;
            pass_signal_on(team);
        }
        for (int i = 0; i < team->count; i++)
            going |= team->workers[i].process > 0;
        if (!going && (stopped_by || team->first == team->count))
            return;
        if (going)
            pump(team);
        take_rows(team);
        start_more(team);
    }
}

static bool make_team(struct team *team, struct compare_runs *runs, struct progress *progress)
{
    int cores = run_count_cores();
    *team = (struct team){.runs = runs, .progress = progress};
    team->turns = mmap(NULL, sizeof *team->turns, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (team->turns == MAP_FAILED)
        return false;
    for (int i = 0; i < runs->row_count; i++)
        if (!runs->rows[i].saved)
            team->workers[team->count++] = (struct worker){.team = team, .row = &runs->rows[i], .number = i, .process = -1,
                                                           .result = -1};
    team->at_once = cores < team->count ? cores : team->count;
    for (int i = 0; i < team->count; i++) {
        struct worker *worker = &team->workers[i];
        worker->progress = progress ? progress_new_silent() : NULL;
        worker->row->program.progress = worker->progress;
        worker->row->program.cores = cores / team->at_once;
        worker->row->program.before_change = before_change;
        worker->row->program.change_context = worker;
    }
    atomic_store(&team->turns->first, team->workers[0].number);
    return true;
}

void compare_workers_run(struct compare_runs *runs, struct progress *progress)
{
    struct team *team = calloc(1, sizeof *team);
    if (!team || !make_team(team, runs, progress))
        abort();
    catch_signals(team);
    run_team(team);
    release_signals(team);
    for (; team->first < team->count; team->first++)
        if (team->workers[team->first].ended)
            take_row(team, &team->workers[team->first]);
        else
            compare_row_skip(runs, team->workers[team->first].row);
    if (stopped_by)
        runs->status = EXIT_INTERRUPTED;
    for (int i = 0; i < team->count; i++) {
        buffer_free(&team->workers[i].bytes);
        progress_free(team->workers[i].progress);
    }
    munmap(team->turns, sizeof *team->turns);
    free(team);
}
