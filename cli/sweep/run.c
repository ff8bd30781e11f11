/* run.c - see run.h. */
#include "cli/sweep/run.h"

#include "cli/commands.h"
#include "cli/host_paths.h"
#include "cli/spec_path.h"
#include "cli/sweep/execution.h"
#include "cli/sweep/results.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct sweep {
    const struct sweep_plan *plan;
    const struct sweep_options *options;
    struct results results;      /* this process' connection; closed while others write */
    struct execution execution;
    int64_t *point_ids, *program_ids;
    uint64_t computed;           /* results that were not there before */
    int executions;
    double seconds;              /* for them */
    char tool[64];
    struct diag *diag;
};

static void *checked_alloc(size_t count, size_t size)
{
    void *memory = calloc(count ? count : 1, size);
    if (!memory)
        abort();
    return memory;
}

/* ---- what is to be done ---- */

/* All of the plan into the file, in one transaction. */
static bool note_plan(struct sweep *sweep)
{
    const struct sweep_plan *plan = sweep->plan;
    struct results *results = &sweep->results;
    if (!results_do(results, "BEGIN IMMEDIATE", sweep->diag))
        return false;
    int64_t base = results_base(results, plan->base->name, plan->base->resolved_text, sweep->diag);
    bool good = base >= 0;
    for (int i = 0; good && i < plan->program_count; i++) {
        const struct sweep_program *program = &plan->programs[i];
        sweep->program_ids[i] = results_program(results, &program->key, program->label, program->run.script, sweep->diag);
        good = sweep->program_ids[i] >= 0;
    }
    for (uint32_t i = 0; good && i < plan->point_count; i++) {
        struct buffer settings = {0};
        good = sweep_point_settings(plan, i, &settings, sweep->diag);
        if (good)
            good = (sweep->point_ids[i] = results_point(results, base, settings.bytes, sweep->diag)) >= 0;
        buffer_free(&settings);
    }
    return good && results_do(results, "COMMIT", sweep->diag);
}

struct ordered_point {
    uint64_t keys[3]; /* of translation and predictor */
    uint32_t point;
};

static int compare_points(const void *left, const void *right)
{
    const struct ordered_point *a = left, *b = right;
    for (int i = 0; i < 3; i++)
        if (a->keys[i] != b->keys[i])
            return a->keys[i] < b->keys[i] ? -1 : 1;
    return a->point < b->point ? -1 : a->point > b->point;
}

/* Points of equal translations one after the other, and of these those of equal predictors. */
static void order_points(const struct sweep_plan *plan, uint32_t *points, uint32_t count)
{
    struct ordered_point *ordered = checked_alloc(count, sizeof *ordered);
    for (uint32_t i = 0; i < count; i++) {
        struct content_key code = sweep_point_code_key(plan, points[i]);
        struct content_key predictor = sweep_point_predictor_key(plan, points[i]);
        ordered[i] = (struct ordered_point){{code.words[0], code.words[1], predictor.words[0]}, points[i]};
    }
    qsort(ordered, count, sizeof *ordered, compare_points);
    for (uint32_t i = 0; i < count; i++)
        points[i] = ordered[i].point;
    free(ordered);
}

/* ---- one program ---- */

static void remember_error(struct sweep *sweep)
{
    const struct sweep_shared *shared = sweep->execution.shared;
    if (atomic_load(&shared->failed))
        diag_error(sweep->diag, NULL, 0, 0, "%s", shared->error);
}

/* SQLite's connections do not outlive a fork: this process has none while others are made. */
static int execute(struct sweep *sweep, uint32_t point, enum execution_kind kind, struct timing_result **timing, int *exit_status)
{
    results_close(&sweep->results);
    int status = execution_make(&sweep->execution, point, kind, timing, exit_status);
    bool opened = results_open(&sweep->results, sweep->options->results, true, sweep->diag);
    return status || opened ? status : EXIT_USER_ERROR;
}

/* Executes one point alone and keeps its figures. 0, or an exit status. */
static int execute_point(struct sweep *sweep, uint32_t point)
{
    struct execution *execution = &sweep->execution;
    struct timing_result *timing = NULL;
    struct buffer figures = {0};
    struct results_row row = {.point = sweep->point_ids[point], .program = execution->program_id, .tool = sweep->tool,
                              .how = "executed"};
    int status = execute(sweep, point, EXECUTE_ALONE, &timing, &row.exit_status);
    sweep->executions++;
    if (!status) {
        results_figures_write(timing, &figures);
        row.cycles = timing->total.cycles;
        row.instructions = timing->total.instructions;
        row.static_instructions = timing->total.static_instructions;
        row.code_bytes = timing->total.code_bytes;
        row.figures = figures.bytes;
        if (!results_add(&sweep->results, &row, sweep->diag))
            status = EXIT_USER_ERROR;
        atomic_store(&execution->shared->states[point], POINT_DONE);
        atomic_fetch_add(&execution->shared->done, 1);
    }
    timing_result_free(timing);
    buffer_free(&figures);
    return status;
}

/* A point whose settings contradict each other is a result, too. */
static int keep_invalid(struct sweep *sweep, uint32_t point, const char *why)
{
    struct results_row row = {.point = sweep->point_ids[point], .program = sweep->execution.program_id, .tool = sweep->tool,
                              .how = "retimed", .error = why};
    atomic_store(&sweep->execution.shared->states[point], POINT_DONE);
    atomic_fetch_add(&sweep->execution.shared->done, 1);
    return results_add(&sweep->results, &row, sweep->diag) ? 0 : EXIT_USER_ERROR;
}

/* 0: the point has an ISA, or its error is kept (*valid false). */
static int check_point(struct sweep *sweep, uint32_t point, bool *valid)
{
    struct arena *arena = arena_new();
    struct diag invalid;
    diag_init(&invalid);
    struct isa *isa = sweep_point_isa(sweep->plan, point, arena, &invalid);
    *valid = isa != NULL;
    int status = isa ? 0 : keep_invalid(sweep, point, invalid.count ? invalid.entries[0].text : "no valid ISA");
    isa_free(isa);
    arena_free(arena);
    diag_free(&invalid);
    return status;
}

/* One execution under the first pending point's ISA, for all points it stands for. */
static int execute_for_pending(struct sweep *sweep)
{
    struct execution *execution = &sweep->execution;
    struct sweep_shared *shared = execution->shared;
    uint32_t leader = execution->pending[0];
    bool valid;
    int status = check_point(sweep, leader, &valid);
    if (status || !valid)
        return status;
    if (sweep->options->exact)
        return execute_point(sweep, leader);
    atomic_store(&shared->next, 0);
    for (uint32_t i = 0; i < execution->pending_count; i++)
        atomic_store(&shared->states[execution->pending[i]], POINT_PENDING);
    sweep->executions++;
    status = execute(sweep, leader, EXECUTE_FOR_PENDING, NULL, NULL);
    if (atomic_load(&shared->failed)) {
        remember_error(sweep);
        return EXIT_USER_ERROR;
    }
    if (!status && atomic_load(&shared->states[leader]) != POINT_DONE)
        status = execute_point(sweep, leader); /* its branches were too many to be kept */
    return status;
}

static void drop_done(struct execution *execution)
{
    uint32_t left = 0;
    for (uint32_t i = 0; i < execution->pending_count; i++)
        if (atomic_load(&execution->shared->states[execution->pending[i]]) != POINT_DONE)
            execution->pending[left++] = execution->pending[i];
    execution->pending_count = left;
}

static void select_program(struct sweep *sweep, int program)
{
    sweep->execution.program = &sweep->plan->programs[program];
    sweep->execution.program_id = sweep->program_ids[program];
}

static void find_pending(struct sweep *sweep)
{
    struct execution *execution = &sweep->execution;
    execution->pending_count = 0;
    for (uint32_t i = 0; i < sweep->plan->point_count; i++)
        if (!results_has(&sweep->results, sweep->point_ids[i], execution->program_id, sweep->tool))
            execution->pending[execution->pending_count++] = i;
    order_points(sweep->plan, execution->pending, execution->pending_count);
}

static int sweep_program(struct sweep *sweep, int program)
{
    struct execution *execution = &sweep->execution;
    select_program(sweep, program);
    find_pending(sweep);
    uint32_t pending = execution->pending_count;
    atomic_store(&execution->shared->done,
                 (uint64_t)program * sweep->plan->point_count + sweep->plan->point_count - pending);
    int status = 0;
    while (execution->pending_count && !status) {
        status = execute_for_pending(sweep);
        drop_done(execution);
    }
    sweep->computed += pending - execution->pending_count;
    return status;
}

/* ---- verification ---- */

/* xorshift64*: the same points each time. */
static uint64_t next_random(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * 0x2545f4914f6cdd1du;
}

/* Executes a point again. EXIT_DIFFERENCE, loudly, when its figures are others than those in the file. */
static int verify_point(struct sweep *sweep, uint32_t point, bool *verified)
{
    struct execution *execution = &sweep->execution;
    char *kept = results_figures(&sweep->results, sweep->point_ids[point], execution->program_id, sweep->tool);
    struct timing_result *timing = NULL;
    struct buffer figures = {0};
    int exit_status, status = 0;
    *verified = kept != NULL;
    if (kept)
        status = execute(sweep, point, EXECUTE_ALONE, &timing, &exit_status);
    if (timing && !status) {
        results_figures_write(timing, &figures);
        size_t same = 0;
        while (kept[same] && kept[same] == figures.bytes[same])
            same++;
        size_t start = same > 60 ? same - 60 : 0;
        if (kept[same] || figures.bytes[same]) {
            diag_error(sweep->diag, NULL, 0, 0, "point %" PRId64 ", %s: the figures kept are not those of executing it: "
                       "`%.120s` instead of `%.120s`", sweep->point_ids[point], execution->program->label, kept + start,
                       figures.bytes + start);
            status = EXIT_DIFFERENCE;
        }
    }
    timing_result_free(timing);
    buffer_free(&figures);
    free(kept);
    return status;
}

static int verify(struct sweep *sweep, long *verified)
{
    uint64_t all = (uint64_t)sweep->plan->point_count * (uint64_t)sweep->plan->program_count, state = 0x9e3779b97f4a7c15u;
    bool every = (uint64_t)sweep->options->verify >= all;
    int status = 0;
    *verified = 0;
    for (uint64_t i = 0; i < (every ? all : (uint64_t)sweep->options->verify) && !status; i++) {
        uint64_t number = every ? i : next_random(&state) % all;
        bool done;
        select_program(sweep, (int)(number / sweep->plan->point_count));
        status = verify_point(sweep, (uint32_t)(number % sweep->plan->point_count), &done);
        *verified += done;
    }
    return status;
}

/* ---- all of it ---- */

static bool load_baseline(struct sweep *sweep)
{
    char *path = spec_path_isa("stack", sweep->diag), *cache = host_cache_directory();
    if (path)
        sweep->execution.baseline = isa_load_kept(path, NULL, cache, sweep->diag);
    free(path);
    free(cache);
    return sweep->execution.baseline != NULL;
}

static bool make_shared(struct sweep *sweep)
{
    struct execution *execution = &sweep->execution;
    size_t size = sizeof *execution->shared + sweep->plan->point_count;
    execution->shared = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (execution->shared == MAP_FAILED)
        return diag_error(sweep->diag, NULL, 0, 0, "not enough memory for %" PRIu32 " points", sweep->plan->point_count);
    return true;
}

static void print_summary(const struct sweep *sweep, long verified)
{
    const struct sweep_plan *plan = sweep->plan;
    uint64_t all = (uint64_t)plan->point_count * (uint64_t)plan->program_count;
    double seconds = sweep->seconds;
    fprintf(stderr, "hybridsim: %s: %" PRIu32 " points, %d program%s: %" PRIu64 " results, %" PRIu64 " of them new, by %d "
            "execution%s in %.1f s (%.0f new results/s)\n", plan->name, plan->point_count, plan->program_count,
            plan->program_count == 1 ? "" : "s", all, sweep->computed, sweep->executions, sweep->executions == 1 ? "" : "s",
            seconds, seconds > 0 ? (double)sweep->computed / seconds : 0);
    if (sweep->options->verify)
        fprintf(stderr, "hybridsim: %s: %ld results executed again: identical figures\n", plan->name, verified);
}

static int make_sweep(struct sweep *sweep)
{
    long verified = 0;
    int status = 0;
    sweep->execution.started = progress_seconds();
    if (!note_plan(sweep))
        return EXIT_USER_ERROR;
    for (int i = 0; i < sweep->plan->program_count && !status; i++)
        status = sweep_program(sweep, i);
    sweep->seconds = progress_seconds() - sweep->execution.started;
    if (!status && sweep->options->verify)
        status = verify(sweep, &verified);
    progress_erase(sweep->execution.progress);
    if (!status && !sweep->options->quiet)
        print_summary(sweep, verified);
    else if (status > 128)
        fprintf(stderr, "hybridsim: stopped; %" PRIu64 " new results are in %s, and the same command goes on from there\n",
                sweep->computed, sweep->options->results);
    return status;
}

int sweep_run(const struct sweep_plan *plan, const struct sweep_options *options, struct diag *diag)
{
    struct sweep sweep = {.plan = plan, .options = options, .diag = diag};
    int status = EXIT_USER_ERROR;
    results_tool(sweep.tool, sizeof sweep.tool);
    sweep.point_ids = checked_alloc(plan->point_count, sizeof *sweep.point_ids);
    sweep.program_ids = checked_alloc((size_t)plan->program_count, sizeof *sweep.program_ids);
    sweep.execution = (struct execution){.plan = plan, .options = options, .tool = sweep.tool, .point_ids = sweep.point_ids,
                                         .all = (uint64_t)plan->point_count * (uint64_t)plan->program_count};
    sweep.execution.pending = checked_alloc(plan->point_count, sizeof *sweep.execution.pending);
    int terminal = options->quiet ? -1 : fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3); /* stderr itself is the programs' meanwhile */
    sweep.execution.progress = terminal >= 0 ? progress_new(terminal) : NULL;
    if (sweep.execution.progress)
        sweep.execution.progress->elsewhere = true;
    if (load_baseline(&sweep) && make_shared(&sweep) && results_open(&sweep.results, options->results, true, diag)) {
        status = make_sweep(&sweep);
        results_close(&sweep.results);
    }
    progress_free(sweep.execution.progress);
    if (terminal >= 0)
        close(terminal);
    isa_free(sweep.execution.baseline);
    free(sweep.execution.pending);
    free(sweep.point_ids);
    free(sweep.program_ids);
    return status;
}
