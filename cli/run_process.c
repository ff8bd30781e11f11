/* run_process.c - see run_process.h. The child executes the program and times it, and writes a header and the timing result
 * into a pipe. Its standard streams are the program's, so that what anything in it prints is passed on in order. */
#include "cli/run_process.h"

#include "cli/commands.h"
#include "cli/progress.h"
#include "cli/run_child.h"
#include "core/buffer.h"
#include "core/descriptor.h"
#include "sim/runtime/undo.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { OUT, ERR, STREAM_COUNT };
static const char *const stream_names[STREAM_COUNT] = {"stdout", "stderr"};

struct run {
    const struct isa *isa;
    pid_t process, copier;        /* -1: none. The copier feeds it its input. */
    bool started, ended, ahead;
    int status;                   /* as waitpid gives it */
    int input[2];                 /* a pipe to the program; -1: standard input as it is */
    int output[STREAM_COUNT][2];  /* pipes from the program; -1: not passed through here */
    int result[2];
    int kept[STREAM_COUNT];       /* files with what it printed; -1: not kept */
    struct buffer report;
    double begun, took;           /* seconds; took: once it has ended */
};

struct run_set {
    const struct run_program *program;
    struct run *runs;
    int run_count, made, at_once;
    struct run_gate *gate;          /* NULL: one run after the other */
    pid_t parent;                   /* this process: the runs end with it */
    char *folder;                   /* temporary, for what is replayed */
    char *replay;                   /* clock and entropy readings of the first run */
    char *undo;                     /* folder: how to undo what the latest run did to files (undo.h) */
    int input;                      /* what the first run could read; -1: standard input itself, from input_start */
    off_t input_start;
    bool output_closed;
    struct progress *progress;      /* NULL: nobody looks */
};

/* The only mutable globals: a signal handler has no context. One set of runs at a time. */
static volatile sig_atomic_t stop_signal;
static volatile sig_atomic_t running_child;

static void on_stop(int number, siginfo_t *info, void *context)
{
    (void)context;
    stop_signal = number;
    /* The terminal interrupts the child itself; a signal sent to this process alone has to be passed on. */
    if (info->si_code <= 0 && running_child > 0)
        kill(running_child, number);
}

static void catch_signals(void)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction action = {.sa_sigaction = on_stop, .sa_flags = SA_SIGINFO};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct sigaction old;
        if (sigaction(numbers[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
            sigaction(numbers[i], &action, NULL);
    }
    signal(SIGPIPE, SIG_IGN);
}

int run_set_signal(const struct run_set *set)
{
    (void)set;
    return stop_signal;
}

bool run_set_compares_nothing(const struct run_set *set)
{
    return set->program->own_clock;
}

bool run_set_output_closed(const struct run_set *set)
{
    return set->output_closed;
}

/* A file in the temporary folder that nobody else can open. */
static int private_file(const struct run_set *set, const char *name, struct diag *diag)
{
    char *path = NULL;
    if (asprintf(&path, "%s/%s", set->folder, name) < 0)
        abort();
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_APPEND, 0600);
    if (fd < 0)
        diag_error(diag, path, 0, 0, "cannot make a temporary file: %s", strerror(errno));
    else
        unlink(path);
    free(path);
    return fd;
}

static void close_end(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static void make_runs(struct run_set *set, struct isa *const *isas)
{
    set->runs = calloc((size_t)set->run_count, sizeof *set->runs);
    if (!set->runs)
        abort();
    for (int i = 0; i < set->run_count; i++)
        set->runs[i] = (struct run){.isa = isas[i], .process = -1, .copier = -1, .input = {-1, -1}, .result = {-1, -1},
                                    .output = {{-1, -1}, {-1, -1}}, .kept = {-1, -1}};
}

int run_count_cores(void)
{
    cpu_set_t cores;
    return sched_getaffinity(0, sizeof cores, &cores) == 0 ? CPU_COUNT(&cores) : 1;
}

static void make_gate(struct run_set *set)
{
    size_t size = sizeof *set->gate + (size_t)set->run_count * sizeof *set->gate->turn_needed;
    set->at_once = set->program->in_turn ? 1 : set->program->cores ? set->program->cores : run_count_cores();
    if (set->at_once < 2)
        return;
    set->gate = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (set->gate == MAP_FAILED)
        set->gate = NULL;
}

/* The temporary folder and what is in it. */
static bool make_files(struct run_set *set, struct diag *diag)
{
    const char *base = getenv("TMPDIR");
    if (asprintf(&set->folder, "%s/hybridsim.XXXXXX", base && *base ? base : "/tmp") < 0)
        abort();
    if (!mkdtemp(set->folder)) {
        diag_error(diag, set->folder, 0, 0, "cannot make a temporary folder: %s", strerror(errno));
        free(set->folder);
        set->folder = NULL;
        return false;
    }
    if (asprintf(&set->replay, "%s/replay", set->folder) < 0 || asprintf(&set->undo, "%s/undo", set->folder) < 0)
        abort();
    if (mkdir(set->undo, 0700) != 0)
        return diag_error(diag, set->undo, 0, 0, "cannot make a temporary folder: %s", strerror(errno));
    for (int i = 0; i < set->run_count; i++)
        for (int stream = 0; stream < STREAM_COUNT; stream++)
            if ((set->runs[i].kept[stream] = private_file(set, stream_names[stream], diag)) < 0)
                return false;
    set->input_start = isatty(STDIN_FILENO) ? -1 : lseek(STDIN_FILENO, 0, SEEK_CUR);
    return set->input_start >= 0 || (set->input = private_file(set, "stdin", diag)) >= 0;
}

struct run_set *run_set_new(const struct run_program *program, struct isa *const *isas, int run_count, struct diag *diag)
{
    struct run_set *set = calloc(1, sizeof *set);
    if (!set)
        abort();
    *set = (struct run_set){.program = program, .run_count = run_count, .parent = getpid(), .input = -1};
    make_runs(set, isas);
    set->progress = program->progress ? program->progress : progress_new(STDERR_FILENO);
    for (int i = 0; set->progress && i < PROGRESS_MAX_RUNS; i++)
        atomic_store(&set->progress->instructions[i], 0);
    stop_signal = 0;
    catch_signals();
    if (run_count < 2)
        return set;
    make_gate(set);
    if (make_files(set, diag))
        return set;
    run_set_free(set);
    return NULL;
}

static void end_process(pid_t *process, int *status)
{
    if (*process > 0) {
        kill(*process, SIGKILL);
        while (waitpid(*process, status, 0) < 0 && errno == EINTR)
            continue;
    }
    *process = -1;
}

/* Ends what is left of a run and closes its ends of pipes. */
static void abandon(struct run *run)
{
    end_process(&run->process, &run->status);
    end_process(&run->copier, NULL);
    for (int end = 0; end < 2; end++) {
        close_end(&run->input[end]);
        close_end(&run->result[end]);
        for (int stream = 0; stream < STREAM_COUNT; stream++)
            close_end(&run->output[stream][end]);
    }
    buffer_free(&run->report);
    run->report = (struct buffer){0};
    run->started = run->ended = run->ahead = false;
}

void run_set_free(struct run_set *set)
{
    if (!set->program->progress)
        progress_free(set->progress);
    for (int i = 0; i < set->run_count; i++) {
        abandon(&set->runs[i]);
        for (int stream = 0; stream < STREAM_COUNT; stream++)
            close_end(&set->runs[i].kept[stream]);
    }
    free(set->runs);
    if (set->gate)
        munmap(set->gate, sizeof *set->gate + (size_t)set->run_count * sizeof *set->gate->turn_needed);
    close_end(&set->input);
    if (set->replay)
        unlink(set->replay);
    if (set->undo) {
        if (set->program->in_turn && set->made && undo_apply(set->undo) != 0)
            fputs("hybridsim: some of what the program did to files could not be undone\n", stderr);
        undo_discard(set->undo);
        rmdir(set->undo);
    }
    if (set->folder)
        rmdir(set->folder);
    free(set->undo);
    free(set->replay);
    free(set->folder);
    free(set);
}

/* Copies standard input to the program and into the file that later runs read. Ends with its parent's signal or input. */
static void copy_input(int to, int keep)
{
    char bytes[4096];
    signal(SIGINT, SIG_IGN);
    for (;;) {
        ssize_t size = read(STDIN_FILENO, bytes, sizeof bytes);
        if (size < 0 && errno == EINTR)
            continue;
        if (size <= 0 || !descriptor_write(keep, bytes, (size_t)size) || !descriptor_write(to, bytes, (size_t)size))
            _exit(0);
    }
}

/* Copies to a run that went ahead what the first could read. */
static void copy_kept_input(int to, int kept)
{
    char bytes[4096];
    ssize_t size;
    signal(SIGINT, SIG_IGN);
    for (off_t offset = 0; (size = pread(kept, bytes, sizeof bytes, offset)) > 0; offset += size)
        if (!descriptor_write(to, bytes, (size_t)size))
            break;
    _exit(0);
}

static void open_pipe(int ends[2])
{
    if (pipe2(ends, O_CLOEXEC) != 0)
        abort(); /* out of descriptors before anything runs */
}

static void use_as(int fd, int number)
{
    if (fd >= 0 && dup2(fd, number) < 0)
        _exit(EXIT_DIFFERENCE);
}

/* In a child: closes the ends that belong to this process's parent and to other runs, so that each pipe ends when it should. */
static void close_others(const struct run_set *set, const struct run *own)
{
    for (int i = 0; i < set->run_count; i++) {
        struct run *run = &set->runs[i];
        close_end(&run->input[1]);
        close_end(&run->result[0]);
        for (int stream = 0; stream < STREAM_COUNT; stream++)
            close_end(&run->output[stream][0]);
        if (run == own)
            continue;
        close_end(&run->input[0]);
        close_end(&run->result[1]);
        for (int stream = 0; stream < STREAM_COUNT; stream++)
            close_end(&run->output[stream][1]);
    }
}

/* In the child: makes the streams the standard ones and runs. Does not return. */
static void become_run(struct run_set *set, struct run *run)
{
    int index = (int)(run - set->runs);
    struct child_run child = {.program = set->program, .isa = run->isa, .replay_path = set->replay, .undo_path = set->undo,
                              .index = index, .count = set->run_count, .ahead = run->ahead, .gate = set->gate,
                              .result_fd = run->result[1], .progress = set->progress,
                              .own_streams = set->run_count < 2};
    running_child = 0;
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* no run goes on when nobody is left to take its report */
    if (getppid() != set->parent)
        _exit(EXIT_DIFFERENCE);
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    if (signal(SIGHUP, SIG_DFL) == SIG_IGN) /* nohup's wish */
        signal(SIGHUP, SIG_IGN);
    if (stop_signal) /* it came before */
        raise(stop_signal);
    close_others(set, run);
    use_as(run->input[0], STDIN_FILENO);
    for (int stream = 0; stream < STREAM_COUNT; stream++)
        use_as(index ? run->kept[stream] : run->output[stream][1], STDOUT_FILENO + stream);
    child_run(&child);
}

/* An open file of its own for a run beside the first, which reads standard input too. -1: it cannot be opened again. */
static int reopen_input(const struct run_set *set)
{
    int fd = open("/proc/self/fd/0", O_RDONLY | O_CLOEXEC);
    if (fd >= 0 && lseek(fd, set->input_start, SEEK_SET) < 0)
        close_end(&fd);
    return fd;
}

/* False: the run cannot have an input of its own. */
static bool open_pipes(struct run_set *set, struct run *run)
{
    open_pipe(run->result);
    if (set->run_count < 2)
        return true;
    if (run == set->runs) {
        for (int stream = 0; stream < STREAM_COUNT; stream++)
            open_pipe(run->output[stream]);
        if (set->input >= 0)
            open_pipe(run->input);
    } else if (run->ahead && set->input >= 0) {
        open_pipe(run->input); /* filled once the first has read all it wants */
    } else if (run->ahead) {
        return (run->input[0] = reopen_input(set)) >= 0;
    } else if (set->input < 0) {
        lseek(STDIN_FILENO, set->input_start, SEEK_SET);
    } else { /* one open file: each run reads it from the start */
        lseek(set->input, 0, SEEK_SET);
        run->input[0] = dup(set->input);
    }
    return true;
}

static void start_copier(struct run_set *set, struct run *run)
{
    if (run->input[1] < 0)
        return;
    run->copier = fork();
    if (run->copier == 0) {
        int to = dup(run->input[1]);
        close_others(set, NULL);
        if (run == set->runs)
            copy_input(to, set->input);
        copy_kept_input(to, set->input);
    }
    close_end(&run->input[1]);
}

/* Starts a run. False: it cannot be started now. */
static bool start(struct run_set *set, struct run *run)
{
    run->begun = progress_seconds();
    run->started = open_pipes(set, run) && (run->process = fork()) >= 0;
    if (run->process == 0)
        become_run(set, run);
    close_end(&run->input[0]);
    close_end(&run->result[1]);
    for (int stream = 0; stream < STREAM_COUNT; stream++)
        close_end(&run->output[stream][1]);
    if (!run->started)
        abandon(run);
    else if (!run->ahead || set->runs[0].ended)
        start_copier(set, run);
    return run->started;
}

/* Reads once from a pipe that is ready. False at its end. */
static bool pass_on(struct run_set *set, struct run *run, int fd, int stream)
{
    char bytes[65536];
    ssize_t size = read(fd, bytes, sizeof bytes);
    if (size < 0)
        return errno == EINTR || errno == EAGAIN;
    if (size == 0)
        return false;
    if (stream == STREAM_COUNT) {
        buffer_add(&run->report, bytes, (size_t)size);
        return true;
    }
    if (!descriptor_write(run->kept[stream], bytes, (size_t)size))
        set->output_closed = true; /* no room to keep it: nothing can be compared */
    progress_before_output(set->progress, bytes, (size_t)size);
    if (!descriptor_write(STDOUT_FILENO + stream, bytes, (size_t)size)) {
        set->output_closed = true;
        return false; /* closing our end tells the program, as a closed pipe does */
    }
    return true;
}

static void finish(struct run_set *set, struct run *run)
{
    while (waitpid(run->process, &run->status, 0) < 0 && errno == EINTR)
        continue;
    run->process = -1;
    run->ended = true;
    run->took = progress_seconds() - run->begun;
    end_process(&run->copier, NULL); /* it may be waiting for input that nobody wants any more */
    if (run != set->runs || !set->gate)
        return;
    atomic_store(&set->gate->first_ended, 1);
    for (int i = 1; i < set->run_count; i++)
        if (set->runs[i].ahead)
            start_copier(set, &set->runs[i]);
}

/* Makes a run one that is still to be made, in its turn. */
static void take_back(struct run *run)
{
    abandon(run);
    for (int stream = 0; stream < STREAM_COUNT; stream++)
        if (ftruncate(run->kept[stream], 0) != 0)
            abort();
}

/* Lets runs go beside the first as long as there are cores, and it has not changed a file. */
static void run_ahead(struct run_set *set)
{
    if (!set->gate)
        return;
    if (atomic_load(&set->gate->files_changed)) {
        for (int i = 1; i < set->run_count; i++)
            if (set->runs[i].ahead)
                take_back(&set->runs[i]);
        return;
    }
    int going = 0;
    for (int i = 0; i < set->run_count; i++)
        going += set->runs[i].started && !set->runs[i].ended;
    for (int i = set->made + 1; i < set->run_count && going < set->at_once; i++) {
        if (set->runs[i].started)
            continue;
        set->runs[i].ahead = true;
        if (!start(set, &set->runs[i]))
            return;
        going++;
    }
}

enum { ENDS_A_RUN = STREAM_COUNT + 1 };

static int *run_end(struct run *run, int i)
{
    return i == STREAM_COUNT ? &run->result[0] : &run->output[i][0];
}

/* The time that is left, by that of the runs which have ended. Less than 0: none has. */
static double seconds_left(const struct run_set *set)
{
    double took = 0, longest = 0, now = progress_seconds();
    int ended = 0, going = 0, waiting = 0;
    for (int i = 0; i < set->run_count; i++) {
        const struct run *run = &set->runs[i];
        if (run->ended)
            took += run->took, ended++;
        else if (run->started)
            going++;
        else
            waiting++;
    }
    if (!ended)
        return -1;
    took /= ended;
    for (int i = 0; i < set->run_count; i++)
        if (set->runs[i].started && !set->runs[i].ended && took - (now - set->runs[i].begun) > longest)
            longest = took - (now - set->runs[i].begun);
    int at_once = going > 0 ? going : 1;
    return longest + took * ((waiting + at_once - 1) / at_once);
}

/* The runs are asked how far they are; the answers are shown the next time. */
static void show_progress(struct run_set *set)
{
    struct progress_run going[PROGRESS_MAX_RUNS];
    int count = 0;
    if (!progress_is_due(set->progress))
        return;
    for (int i = 0; i < set->run_count && i < PROGRESS_MAX_RUNS; i++)
        if (set->runs[i].started && !set->runs[i].ended) {
            going[count++] = (struct progress_run){set->runs[i].isa->name, i};
            kill(set->runs[i].process, SIGURG);
        }
    double left = seconds_left(set), share = set->progress->task_share;
    if (share > 0 && share < 1)
        left = (progress_seconds() - set->progress->started) * (1 - share) / share;
    progress_draw(set->progress, going, count, left);
}

/* Waits for something of the runs that go on, and passes it on. A run whose pipes are all closed has ended. */
static void pump_once(struct run_set *set)
{
    struct pollfd *waiting = malloc((size_t)set->run_count * ENDS_A_RUN * sizeof *waiting);
    if (!waiting)
        abort();
    for (int i = 0; i < set->run_count * ENDS_A_RUN; i++)
        waiting[i] = (struct pollfd){.fd = *run_end(&set->runs[i / ENDS_A_RUN], i % ENDS_A_RUN), .events = POLLIN};
    int ready = poll(waiting, (nfds_t)(set->run_count * ENDS_A_RUN), set->progress ? PROGRESS_PERIOD_MS : -1);
    if (set->progress)
        show_progress(set);
    for (int i = 0; ready > 0 && i < set->run_count * ENDS_A_RUN; i++) {
        struct run *run = &set->runs[i / ENDS_A_RUN];
        int *end = run_end(run, i % ENDS_A_RUN);
        if (*end >= 0 && waiting[i].revents && !pass_on(set, run, *end, i % ENDS_A_RUN))
            close_end(end);
    }
    free(waiting);
    for (int i = 0; i < set->run_count; i++) {
        struct run *run = &set->runs[i];
        bool open = false;
        for (int end = 0; end < ENDS_A_RUN; end++)
            open |= *run_end(run, end) >= 0;
        if (run->started && !run->ended && !open)
            finish(set, run);
    }
}

/* A copy of bytes from another process; NULL of none. */
static char *take_bytes(const char *bytes, size_t size)
{
    char *copy = size ? malloc(size) : NULL;
    if (size && !copy)
        abort();
    if (copy)
        memcpy(copy, bytes, size);
    return copy;
}

static struct run_outcome read_outcome(const struct buffer *result, int status)
{
    struct run_outcome outcome = {.started = true};
    struct child_header header;
    if (result->size < sizeof header) {
        if (WIFSIGNALED(status))
            outcome.died_of = WTERMSIG(status);
        outcome.exit_status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
        return outcome;
    }
    memcpy(&header, result->bytes, sizeof header);
    outcome.exit_status = header.exit_status;
    outcome.started = header.started;
    outcome.unsupported = header.unsupported;
    outcome.interrupted = header.interrupted;
    const char *bytes = result->bytes + sizeof header;
    size_t left = result->size - sizeof header;
    if (!header.started || header.timing_size > left || header.extra_size > left - header.timing_size)
        return outcome;
    outcome.timing = timing_result_read(bytes, header.timing_size);
    outcome.extra_size = header.extra_size;
    outcome.extra = take_bytes(bytes + header.timing_size, outcome.extra_size);
    outcome.page_size = left - header.timing_size - header.extra_size;
    outcome.page = take_bytes(bytes + left - outcome.page_size, outcome.page_size);
    return outcome;
}

/* One run after the other from here on: each finds the files as the first did. */
static bool start_alone(struct run_set *set, struct run *run)
{
    for (int i = set->made; i < set->run_count && set->made; i++)
        take_back(&set->runs[i]);
    if (set->made && undo_apply(set->undo) != 0)
        fputs("hybridsim: some of what the program did to files could not be undone for the next run\n", stderr);
    return start(set, run);
}

struct run_outcome run_set_next(struct run_set *set)
{
    struct run *run = &set->runs[set->made];
    if (!run->started && !start_alone(set, run))
        return (struct run_outcome){.started = true, .died_of = SIGABRT, .exit_status = EXIT_DIFFERENCE};
    for (;;) {
        run_ahead(set);
        running_child = run->process;
        if (stop_signal && run->process > 0) /* it came before anybody could be told */
            kill(run->process, stop_signal);
        while (!run->ended) {
            pump_once(set);
            run_ahead(set);
        }
        if (!run->ahead || !atomic_load(&set->gate->turn_needed[set->made]))
            break;
        atomic_store(&set->gate->turn_needed[set->made], 0);
        atomic_store(&set->gate->files_changed, 1);
        if (!start_alone(set, run))
            return (struct run_outcome){.started = true, .died_of = SIGABRT, .exit_status = EXIT_DIFFERENCE};
    }
    running_child = 0;
    set->made++;
    progress_erase(set->progress);
    return read_outcome(&run->report, run->status);
}

static ssize_t read_block(int fd, char *bytes, size_t size, off_t offset)
{
    size_t done = 0;
    while (done < size) {
        ssize_t part = pread(fd, bytes + done, size - done, offset + (off_t)done);
        if (part < 0 && errno == EINTR)
            continue;
        if (part <= 0)
            break;
        done += (size_t)part;
    }
    return (ssize_t)done;
}

static bool compare_stream(const struct run_set *set, int stream, const struct isa *isa, const struct isa *first,
                           struct diag *diag)
{
    char a[8192], b[8192];
    int first_kept = set->runs[0].kept[stream], latest_kept = set->runs[set->made - 1].kept[stream];
    for (off_t offset = 0;; offset += (off_t)sizeof a) {
        ssize_t a_size = read_block(first_kept, a, sizeof a, offset);
        ssize_t b_size = read_block(latest_kept, b, sizeof b, offset);
        ssize_t common = a_size < b_size ? a_size : b_size, i = 0;
        while (i < common && a[i] == b[i])
            i++;
        long long where = (long long)offset + i;
        if (i < common)
            return diag_error(diag, NULL, 0, 0, "%s under ISA '%s' differs from that under '%s' at byte %lld: "
                              "0x%02x instead of 0x%02x", stream_names[stream], isa->name, first->name, where,
                              (unsigned char)b[i], (unsigned char)a[i]);
        if (a_size != b_size)
            return diag_error(diag, NULL, 0, 0, "%s under ISA '%s' differs from that under '%s' at byte %lld: it is %s",
                              stream_names[stream], isa->name, first->name, where,
                              b_size < a_size ? "shorter" : "longer");
        if (a_size < (ssize_t)sizeof a)
            return true;
    }
}

bool run_set_compare(struct run_set *set, const struct isa *isa, const struct isa *first, struct diag *diag)
{
    bool same = true;
    for (int stream = 0; stream < STREAM_COUNT; stream++)
        same &= compare_stream(set, stream, isa, first, diag);
    return same;
}
