/* run_child.c - see run_child.h. */
#include "cli/run_child.h"

#include "cli/commands.h"
#include "cli/host_paths.h"
#include "cli/progress.h"
#include "core/buffer.h"
#include "core/descriptor.h"
#include "frontend/frontend.h"
#include "sim/engine/session.h"
#include "sim/runtime/file_rules.h"
#include "sim/timing/block_cycles.h"
#include "sim/timing/predictor.h"
#include "sim/timing/stack_distance.h"

#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* What the engine did not measure itself. */
static void measure_host(struct profile *profile, double seconds)
{
    struct rusage usage;
    if (profile->host_seconds <= 0)
        profile->host_seconds = seconds;
    if (!profile->host_peak_rss_bytes && getrusage(RUSAGE_SELF, &usage) == 0)
        profile->host_peak_rss_bytes = (uint64_t)usage.ru_maxrss * 1024;
}

enum { OWN_FOLDERS = 3 };

static void add_folder(struct file_rules *rules, char **folders, const char *path)
{
    char *real = path && *path ? realpath(path, NULL) : NULL;
    if (real)
        folders[rules->writable_count++] = real;
}

/* The first run and those beside it have to see the same files: when it changes one, they are void; when one of them is about
 * to, it waits for its turn by ending here. */
static void before_change(void *context)
{
    const struct child_run *run = context;
    if (run->program->before_change)
        run->program->before_change(run->program->change_context);
    if (!run->gate)
        return;
    if (run->ahead) {
        atomic_store(&run->gate->turn_needed[run->index], 1);
        _exit(EXIT_SUCCESS);
    }
    if (run->index == 0)
        atomic_store(&run->gate->files_changed, 1);
}

static void before_output(void *context, int descriptor, const void *bytes, size_t size)
{
    const struct child_run *run = context;
    if (descriptor == STDOUT_FILENO || descriptor == STDERR_FILENO)
        progress_before_output(run->progress, bytes, size);
}

/* The program may change files below its script's folder, the temporary folder and the folders that --allow-write names. All
 * runs but the last note how to undo it. False: the journal cannot be made. */
static bool set_file_rules(const struct child_run *run, struct file_rules *rules, struct diag *diag)
{
    const struct run_program *program = run->program;
    char **folders = calloc((size_t)program->writable_count + OWN_FOLDERS, sizeof *folders);
    char *script = program->script ? realpath(program->script, NULL) : NULL;
    if (!folders)
        abort();
    if (script && strrchr(script, '/'))
        strrchr(script, '/')[strrchr(script, '/') == script] = 0;
    *rules = (struct file_rules){.writable = folders, .no_files = program->no_files, .native_code = program->native_code};
    add_folder(rules, folders, script ? script : ".");
    add_folder(rules, folders, getenv("TMPDIR"));
    add_folder(rules, folders, "/tmp");
    for (int i = 0; i < program->writable_count; i++)
        add_folder(rules, folders, program->writable[i]);
    free(script);
    rules->before_change = program->before_change || (run->gate && (run->ahead || run->index == 0)) ? before_change : NULL;
    rules->change_context = (void *)(uintptr_t)run;
    rules->before_output = run->progress && run->own_streams ? before_output : NULL;
    if (!run->undo_path || run->ahead || (run->index + 1 == run->count && !program->in_turn))
        return true; /* one that went ahead changes nothing, and the journal is still the first's */
    rules->journal = undo_open(run->undo_path);
    return rules->journal || diag_error(diag, run->undo_path, 0, 0, "cannot make a temporary file: %s", strerror(errno));
}

static void free_file_rules(struct file_rules *rules)
{
    for (int i = 0; i < rules->writable_count; i++)
        free(rules->writable[i]);
    free((void *)(uintptr_t)rules->writable);
    undo_close(rules->journal);
}

/* At the program's end: what it cost, and what else was asked for. */
struct run_end {
    const struct child_run *run;
    struct timing_result *timing;
    struct buffer extra, page;
};

static void describe_run(void *context, struct vm *vm, struct session_result *result)
{
    struct run_end *end = context;
    const struct run_program *program = end->run->program;
    if ((!program->describe && !program->describe_page) || !result->profile)
        return;
    struct timing_options options = {.script_file = result->main_file, .rows = true};
    end->timing = timing_compute(result->profile, end->run->isa, &options);
    struct run_facts facts = {program->describe_context, vm, result->profile, end->run->isa, end->timing,
                              result->exit_status, result->unsupported, result->interrupted};
    if (program->describe)
        program->describe(&facts, &end->extra);
    if (program->describe_page)
        program->describe_page(&facts, &end->page);
}

static bool run_session(struct run_end *end, struct session_result *result, struct diag *diag)
{
    const struct child_run *run = end->run;
    const struct run_program *program = run->program;
    char *cache = host_cache_directory(), *python = host_find_python(program->python);
    struct frontend_options frontend_options = {program->python, getenv("HYBRIDSIM_PYTHON"), cache, environ, true};
    struct frontend *frontend = frontend_new(&frontend_options);
    bool traced = program->on_branch && run->index + 1 == run->count;
    struct branch_predictor *predictor = traced ? NULL : predictor_new(run->isa->machine);
    bool followed = program->on_access && run->index + 1 == run->count;
    struct data_cache *data_cache = followed || program->dependence_bytes ? NULL : data_cache_new(run->isa->machine);
    struct file_rules rules;
    bool ruled = set_file_rules(run, &rules, diag);
    struct session_options options = {
        .isa = run->isa,
        .frontend = frontend,
        .script = program->script,
        .module = program->module,
        .command = program->command,
        .command_is_stdin = program->command_is_stdin,
        .arguments = program->arguments,
        .argument_count = program->argument_count,
        .warnings = program->warnings,
        .warning_count = program->warning_count,
        .stdin_fd = STDIN_FILENO,
        .stdout_fd = STDOUT_FILENO,
        .stderr_fd = STDERR_FILENO,
        .replay_path = run->replay_path,
        .replay_record = run->replay_path && run->index == 0,
        .replay_complete = run->gate ? &run->gate->first_ended : NULL,
        .files = &rules,
        .clock = program->host_clock ? CLOCK_HOST : program->own_clock ? CLOCK_SIMULATED_OWN : CLOCK_SIMULATED,
        .hertz = (uint64_t)run->isa->machine->clock_mhz * 1000000,
        .work_milli = run->isa->machine->work_milli,
        .block_cycles = timing_block_cycles,
        .cache_directory = cache,
        .executable = python,
        .python_path = getenv("PYTHONPATH"),
        .home = getenv("HOME"),
        .record_branches = traced || predictor,
        .on_branch = traced ? program->on_branch : predictor ? predictor_on_branch : NULL,
        .branch_context = traced ? program->branch_context : predictor,
        .on_access = followed ? program->on_access : data_cache ? data_cache_on_access : NULL,
        .access_context = followed ? program->access_context : data_cache,
        .contexts = program->contexts,
        .progress = run->progress ? &run->progress->instructions[run->index] : NULL,
        .dependence_bytes = program->dependence_bytes,
        .latency = timing_latency,
        .before_end = describe_run,
        .end_context = end,
    };
    double start = seconds_now();
    bool started = ruled && session_run(&options, result, diag);
    free_file_rules(&rules);
    if (started && result->profile)
        measure_host(result->profile, seconds_now() - start);
    predictor_free(predictor);
    data_cache_free(data_cache);
    return started;
}

enum { HEAP_AT_ONCE = 32 << 20, HEAP_SMALL_PAGES = 4 << 20, HEAP_PIECE = 1 << 20 };

/* Memory that was freed is used again instead of being returned to the kernel and asked for anew, page by page; but what is large
 * and does not fit into the first part lies by itself, and goes back. That part may be huge pages: touching it in small ones took a
 * third of the time of a program that only imports. But not its very beginning, which is all that a small program needs. */
static void prepare_heap(void)
{
    mallopt(M_MMAP_THRESHOLD, 64 << 20);
    mallopt(M_TRIM_THRESHOLD, 256 << 20);
    mallopt(M_TOP_PAD, 1 << 20);
    char *room = malloc(HEAP_AT_ONCE);
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), start = ((uintptr_t)room + page) & ~(page - 1);
    if (room)
        madvise((void *)(start + HEAP_SMALL_PAGES), HEAP_AT_ONCE - HEAP_SMALL_PAGES - page, MADV_HUGEPAGE);
    free(room);
    mallopt(M_MMAP_THRESHOLD, HEAP_PIECE);
}

static void write_outcome(struct run_end *end, struct child_header *header, const struct session_result *result,
                          struct buffer *message)
{
    const struct profile *profile = result->profile;
    const struct run_program *program = end->run->program;
    struct buffer timing = {0};
    if (profile && !end->timing) {
        struct timing_options options = {.script_file = result->main_file};
        end->timing = timing_compute(program->no_report ? profile_new() : profile, end->run->isa, &options);
    }
    if (end->timing)
        timing_result_write(end->timing, &timing);
    header->timing_size = timing.size;
    header->extra_size = end->extra.size;
    buffer_add(message, header, sizeof *header);
    buffer_add(message, timing.bytes, timing.size);
    buffer_add(message, end->extra.bytes, end->extra.size);
    buffer_add(message, end->page.bytes, end->page.size);
}

void child_run(const struct child_run *run)
{
    prepare_heap();
    struct diag diag;
    struct session_result result = {0};
    struct child_header header = {0};
    struct buffer message = {0};
    diag_init(&diag);
    struct run_end end = {.run = run};
    header.started = run_session(&end, &result, &diag);
    if (header.started) {
        header.exit_status = result.exit_status;
        header.unsupported = result.unsupported;
        header.interrupted = result.interrupted;
        write_outcome(&end, &header, &result, &message);
    } else {
        diag_print(&diag, stderr);
        fflush(stderr);
        header.exit_status = diag.verbatim ? 1 : EXIT_USER_ERROR; /* CPython's own message: CPython's own status */
        buffer_add(&message, &header, sizeof header);
    }
    (void)descriptor_write(run->result_fd, message.bytes, message.size); /* a parent that has gone needs no telling */
    _exit(header.exit_status);
}
