/* run_process.c - see run_process.h. The child executes the program and times it, and writes a header and the timing result
 * into a pipe. Its standard streams are the program's, so that what anything in it prints is passed on in order. */
#include "cli/run_process.h"

#include "cli/commands.h"
#include "cli/run_child.h"
#include "core/buffer.h"
#include "sim/runtime/undo.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { OUT, ERR, STREAM_COUNT };
static const char *const stream_names[STREAM_COUNT] = {"stdout", "stderr"};

struct run_set {
    const struct run_program *program;
    int run_count, made;
    pid_t parent;                   /* this process: the runs end with it */
    char *folder;                   /* temporary, for what is replayed */
    char *replay;                   /* clock and entropy readings of the first run */
    char *undo;                     /* folder: how to undo what the latest run did to files (undo.h) */
    int input;                      /* what the first run could read; -1: standard input itself, from input_start */
    off_t input_start;
    int kept[2][STREAM_COUNT];      /* files with what the first and the latest run printed; -1: not kept */
    bool output_closed;
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

struct run_set *run_set_new(const struct run_program *program, int run_count, struct diag *diag)
{
    struct run_set *set = calloc(1, sizeof *set);
    if (!set)
        abort();
    *set = (struct run_set){.program = program, .run_count = run_count, .parent = getpid(), .input = -1, .kept = {{-1, -1}, {-1, -1}}};
    stop_signal = 0;
    catch_signals();
    if (run_count < 2)
        return set;
    const char *base = getenv("TMPDIR");
    if (asprintf(&set->folder, "%s/hybridsim.XXXXXX", base && *base ? base : "/tmp") < 0)
        abort();
    if (!mkdtemp(set->folder)) {
        diag_error(diag, set->folder, 0, 0, "cannot make a temporary folder: %s", strerror(errno));
        free(set->folder);
        set->folder = NULL;
        run_set_free(set);
        return NULL;
    }
    if (asprintf(&set->replay, "%s/replay", set->folder) < 0 || asprintf(&set->undo, "%s/undo", set->folder) < 0)
        abort();
    if (mkdir(set->undo, 0700) != 0) {
        diag_error(diag, set->undo, 0, 0, "cannot make a temporary folder: %s", strerror(errno));
        run_set_free(set);
        return NULL;
    }
    bool made = true;
    for (int stream = 0; stream < STREAM_COUNT; stream++) {
        set->kept[0][stream] = private_file(set, stream_names[stream], diag);
        set->kept[1][stream] = private_file(set, stream_names[stream], diag);
        made &= set->kept[0][stream] >= 0 && set->kept[1][stream] >= 0;
    }
    set->input_start = isatty(STDIN_FILENO) ? -1 : lseek(STDIN_FILENO, 0, SEEK_CUR);
    if (set->input_start < 0)
        made &= (set->input = private_file(set, "stdin", diag)) >= 0;
    if (made)
        return set;
    run_set_free(set);
    return NULL;
}

void run_set_free(struct run_set *set)
{
    for (int which = 0; which < 2; which++)
        for (int stream = 0; stream < STREAM_COUNT; stream++)
            if (set->kept[which][stream] >= 0)
                close(set->kept[which][stream]);
    if (set->input >= 0)
        close(set->input);
    if (set->replay)
        unlink(set->replay);
    if (set->undo) {
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

static bool write_all(int fd, const char *bytes, size_t size)
{
    while (size) {
        ssize_t written = write(fd, bytes, size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        bytes += written;
        size -= (size_t)written;
    }
    return true;
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
        if (size <= 0 || !write_all(keep, bytes, (size_t)size) || !write_all(to, bytes, (size_t)size))
            _exit(0);
    }
}

struct pipes {
    int input[2];                 /* to the program; -1: standard input as it is */
    int output[STREAM_COUNT][2];  /* from the program; -1: not passed through here */
    int result[2];
    pid_t copier;
};

static void close_end(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
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

/* In the child: makes the streams the standard ones and runs. Does not return. */
static void become_run(struct run_set *set, struct pipes *pipes, const struct isa *isa)
{
    struct child_run run = {.program = set->program, .isa = isa, .replay_path = set->replay, .undo_path = set->undo,
                            .is_first = set->made == 0, .is_last = set->made + 1 == set->run_count, .result_fd = pipes->result[1]};
    running_child = 0;
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* no run goes on when nobody is left to take its report */
    if (getppid() != set->parent)
        _exit(EXIT_DIFFERENCE);
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    signal(SIGHUP, SIG_DFL);
    use_as(pipes->input[0], STDIN_FILENO);
    for (int stream = 0; stream < STREAM_COUNT; stream++) {
        use_as(pipes->output[stream][1], STDOUT_FILENO + stream);
        if (set->made)
            use_as(set->kept[1][stream], STDOUT_FILENO + stream);
        close_end(&pipes->output[stream][0]);
    }
    close_end(&pipes->input[1]);
    close_end(&pipes->result[0]);
    child_run(&run);
}

static void open_pipes(struct run_set *set, struct pipes *pipes)
{
    *pipes = (struct pipes){.input = {-1, -1}, .output = {{-1, -1}, {-1, -1}}, .copier = -1};
    open_pipe(pipes->result);
    if (set->run_count < 2)
        return;
    if (set->made == 0) {
        for (int stream = 0; stream < STREAM_COUNT; stream++)
            open_pipe(pipes->output[stream]);
        if (set->input >= 0)
            open_pipe(pipes->input);
    } else if (set->input < 0) {
        lseek(STDIN_FILENO, set->input_start, SEEK_SET);
    } else { /* one open file: each run reads it from the start */
        lseek(set->input, 0, SEEK_SET);
        pipes->input[0] = dup(set->input);
    }
}

static void start_copier(struct run_set *set, struct pipes *pipes)
{
    if (pipes->input[1] < 0)
        return;
    pipes->copier = fork();
    if (pipes->copier == 0) {
        close_end(&pipes->input[0]);
        close_end(&pipes->result[0]);
        close_end(&pipes->result[1]);
        for (int stream = 0; stream < STREAM_COUNT; stream++) {
            close_end(&pipes->output[stream][0]);
            close_end(&pipes->output[stream][1]);
        }
        copy_input(pipes->input[1], set->input);
    }
}

/* Reads once from a pipe that is ready. False at its end. */
static bool pass_on(struct run_set *set, int fd, int stream, struct buffer *result)
{
    char bytes[65536];
    ssize_t size = read(fd, bytes, sizeof bytes);
    if (size < 0)
        return errno == EINTR || errno == EAGAIN;
    if (size == 0)
        return false;
    if (stream == STREAM_COUNT) {
        buffer_add(result, bytes, (size_t)size);
        return true;
    }
    if (!write_all(set->kept[0][stream], bytes, (size_t)size))
        set->output_closed = true; /* no room to keep it: nothing can be compared */
    if (!write_all(STDOUT_FILENO + stream, bytes, (size_t)size)) {
        set->output_closed = true;
        return false; /* closing our end tells the program, as a closed pipe does */
    }
    return true;
}

/* Passes the program's output on until all its ends are closed. */
static void pump(struct run_set *set, struct pipes *pipes, struct buffer *result)
{
    int *ends[STREAM_COUNT + 1] = {&pipes->output[OUT][0], &pipes->output[ERR][0], &pipes->result[0]};
    for (;;) {
        struct pollfd waiting[STREAM_COUNT + 1];
        int open_count = 0;
        for (int i = 0; i <= STREAM_COUNT; i++) {
            waiting[i] = (struct pollfd){.fd = *ends[i], .events = POLLIN};
            open_count += *ends[i] >= 0;
        }
        if (!open_count)
            return;
        if (poll(waiting, STREAM_COUNT + 1, -1) < 0)
            continue;
        for (int i = 0; i <= STREAM_COUNT; i++)
            if (*ends[i] >= 0 && waiting[i].revents && !pass_on(set, *ends[i], i, result))
                close_end(ends[i]);
    }
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
    if (header.started)
        outcome.timing = timing_result_read(result->bytes + sizeof header, result->size - sizeof header);
    return outcome;
}

struct run_outcome run_set_next(struct run_set *set, const struct isa *isa)
{
    struct pipes pipes;
    struct buffer result = {0};
    int status = 0;
    for (int stream = 0; stream < STREAM_COUNT && set->made; stream++)
        if (ftruncate(set->kept[1][stream], 0) != 0)
            abort();
    if (set->made && undo_apply(set->undo) != 0)
        fputs("hybridsim: some of what the program did to files could not be undone for the next run\n", stderr);
    open_pipes(set, &pipes);
    pid_t child = fork();
    if (child < 0)
        return (struct run_outcome){.started = true, .died_of = SIGABRT, .exit_status = EXIT_DIFFERENCE};
    if (child == 0)
        become_run(set, &pipes, isa);
    running_child = child;
    start_copier(set, &pipes);
    close_end(&pipes.input[0]);
    close_end(&pipes.input[1]);
    close_end(&pipes.result[1]);
    for (int stream = 0; stream < STREAM_COUNT; stream++)
        close_end(&pipes.output[stream][1]);
    pump(set, &pipes, &result);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    running_child = 0;
    if (pipes.copier > 0) {
        kill(pipes.copier, SIGKILL); /* it may be waiting for input that nobody wants any more */
        while (waitpid(pipes.copier, NULL, 0) < 0 && errno == EINTR)
            continue;
    }
    set->made++;
    struct run_outcome outcome = read_outcome(&result, status);
    buffer_free(&result);
    return outcome;
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
    for (off_t offset = 0;; offset += (off_t)sizeof a) {
        ssize_t a_size = read_block(set->kept[0][stream], a, sizeof a, offset);
        ssize_t b_size = read_block(set->kept[1][stream], b, sizeof b, offset);
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
