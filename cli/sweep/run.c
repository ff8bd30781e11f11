/* run.c - see run.h. */
#include "cli/sweep/run.h"

#include "cli/commands.h"
#include "cli/host_paths.h"
#include "cli/spec_path.h"
#include "cli/sweep/keeper.h"
#include "cli/sweep/results.h"
#include "cli/sweep/search.h"
#include "cli/sweep/shard.h"
#include "cli/sweep/share.h"
#include "cli/sweep/stop.h"
#include "core/memory.h"

#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
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
    struct sweep_plan *growing;  /* the plan of a search */
    struct keepers keepers;
    uint32_t first;              /* of a search: the first point of this generation */
    int64_t *point_ids, *program_ids;
    uint64_t computed;           /* results that were not there before */
    uint64_t unknown;            /* of them, those that need a script which has gone */
    int executions;
    double seconds;              /* for them */
    char tool[64];
    struct diag *diag;
};

/* ---- what is to be done ---- */

static bool note_definition(const struct sweep *sweep, struct results *results)
{
    struct buffer definition = {0}, objectives = {0};
    sweep_definition_write(sweep->plan, &definition);
    sweep_objectives_write(sweep->plan, &objectives);
    bool good = results_definition(results, sweep->plan->name, definition.bytes, objectives.bytes, sweep->diag);
    buffer_free(&definition);
    buffer_free(&objectives);
    return good;
}

/* The plan's points from the first on into a file, in one transaction; `record`: and that they are all of the sweep. */
static bool note_points(struct sweep *sweep, struct results *results, uint32_t first, bool record)
{
    const struct sweep_plan *plan = sweep->plan;
    if (!results_do(results, "BEGIN IMMEDIATE", sweep->diag))
        return false;
    int64_t base = results_base(results, plan->base->name, plan->base->resolved_text, sweep->diag);
    bool good = base >= 0 && note_definition(sweep, results);
    for (int i = 0; good && i < plan->program_count; i++) {
        const struct sweep_program *program = &plan->programs[i];
        sweep->program_ids[i] = results_program(results, &program->key, program->label, program->run.script, sweep->diag);
        good = sweep->program_ids[i] >= 0;
    }
    for (uint32_t i = first; good && i < plan->point_count; i++) {
        struct buffer settings = {0}, derived = {0};
        good = sweep_point_settings(plan, i, &settings, &derived, sweep->diag);
        if (good)
            good = (sweep->point_ids[i] = results_point(results, base, sweep_number(sweep->options->part, i), settings.bytes,
                                                        derived.size ? derived.bytes : "", sweep->diag)) >= 0;
        buffer_free(&settings);
        buffer_free(&derived);
    }
    if (record)
        good = good && sweep_note(results, plan, sweep->options->part, base, sweep->point_ids, sweep->diag);
    return good && results_do(results, "COMMIT", sweep->diag);
}

/* Of a search the points that are to come are not known yet. */
static bool note_plan(struct sweep *sweep)
{
    return note_points(sweep, &sweep->results, sweep->first, sweep->plan->method != SWEEP_SEARCH);
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

/* Points come a few at a time: executions' profiles live on between them. */
static bool leaves_keepers(const struct sweep *sweep)
{
    return sweep->plan->method == SWEEP_SEARCH || sweep->options->share;
}

/* The exit status after a signal that asks to stop; 0: none came. */
static int stop_status(const struct sweep *sweep)
{
    struct sweep_shared *shared = sweep->execution.shared;
    int number = stop_look();
    if (number)
        atomic_store(&shared->stop, number);
    return atomic_load(&shared->stop) ? 128 + atomic_load(&shared->stop) : 0;
}

/* SQLite's connections do not outlive a fork: this process has none while others are made. */
static int execute(struct sweep *sweep, uint32_t point, enum execution_kind kind, struct timing_result **timing, int *exit_status)
{
    int status = stop_status(sweep);
    if (status)
        return status;
    results_close(&sweep->results);
    status = execution_make(&sweep->execution, point, kind, timing, exit_status);
    bool opened = results_open(&sweep->results, sweep->options->results, true, sweep->diag);
    return status || opened ? status : EXIT_USER_ERROR;
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

/* What the leader's ISA refused to execute, the other points of its translation refuse, too. */
static int keep_refusal(struct sweep *sweep, uint32_t leader)
{
    const struct execution *execution = &sweep->execution;
    struct content_key key = sweep_point_code_key(sweep->plan, leader);
    int status = results_do(&sweep->results, "BEGIN IMMEDIATE", sweep->diag) ? 0 : EXIT_USER_ERROR;
    for (uint32_t i = 0; i < execution->pending_count && !status; i++) {
        struct content_key other = sweep_point_code_key(sweep->plan, execution->pending[i]);
        if (memcmp(&other, &key, sizeof key) == 0)
            status = keep_invalid(sweep, execution->pending[i], execution->shared->refusal);
    }
    return status || results_do(&sweep->results, "COMMIT", sweep->diag) ? status : EXIT_USER_ERROR;
}

/* Executes one point alone and keeps its figures. 0, or an exit status. */
static int execute_point(struct sweep *sweep, uint32_t point)
{
    struct execution *execution = &sweep->execution;
    struct timing_result *timing = NULL;
    struct figures *figures = NULL;
    struct results_row row = {.point = sweep->point_ids[point], .program = execution->program_id, .tool = sweep->tool,
                              .how = "executed"};
    int status = execute(sweep, point, EXECUTE_ALONE, &timing, &row.exit_status);
    sweep->executions++;
    if (!status) {
        row.figures = figures = figures_new(timing);
        if (!results_add(&sweep->results, &row, sweep->diag))
            status = EXIT_USER_ERROR;
        atomic_store(&execution->shared->states[point], POINT_DONE);
        atomic_fetch_add(&execution->shared->done, 1);
    }
    timing_result_free(timing);
    figures_free(figures);
    if (status == EXIT_UNSUPPORTED && execution->shared->refusal[0])
        status = keep_invalid(sweep, point, execution->shared->refusal);
    return status;
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
    execution_reset(execution);
    if (leaves_keepers(sweep))
        keepers_prepare(&sweep->keepers, execution);
    sweep->executions++;
    status = execute(sweep, leader, EXECUTE_FOR_PENDING, NULL, NULL);
    if (execution->keep >= 0) {
        close(execution->keep); /* the keeper's end */
        if (!status)
            keepers_ask_latest(&sweep->keepers, execution);
    }
    execution->keep = -1;
    if (atomic_load(&shared->failed)) {
        remember_error(sweep);
        return EXIT_USER_ERROR;
    }
    if (status == EXIT_UNSUPPORTED && execution->shared->refusal[0])
        return keep_refusal(sweep, leader);
    if (!status && atomic_load(&shared->states[leader]) != POINT_DONE)
        status = execute_point(sweep, leader); /* its branches were too many to be kept */
    return status;
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
    for (uint32_t i = sweep->first; i < sweep->plan->point_count; i++)
        if (!results_has(&sweep->results, sweep->point_ids[i], execution->program_id, sweep->tool))
            execution->pending[execution->pending_count++] = i;
    order_points(sweep->plan, execution->pending, execution->pending_count);
}

/* The saved profile does not stand for the points that are left, and nothing else can. */
static int keep_unknown(struct sweep *sweep)
{
    const struct execution *execution = &sweep->execution;
    const struct sweep_program *program = execution->program;
    struct buffer why = {0};
    buffer_printf(&why, RESULTS_NEEDS_SCRIPT "the profile is of %s that speculated on other instructions%s%s, and %s %s",
                  program->executions == 1 ? "an execution" : "executions",
                  program->has_trace ? "" : ", or had more branches than are kept",
                  sweep->plan->needs_accesses ? ", or followed other data caches" : "", program->run.script, program->gone);
    int status = results_do(&sweep->results, "BEGIN IMMEDIATE", sweep->diag) ? 0 : EXIT_USER_ERROR;
    for (uint32_t i = 0; i < execution->pending_count && !status; i++)
        status = keep_invalid(sweep, execution->pending[i], why.bytes);
    sweep->unknown += execution->pending_count;
    buffer_free(&why);
    return status || results_do(&sweep->results, "COMMIT", sweep->diag) ? status : EXIT_USER_ERROR;
}

/* What profiles that there are say of the pending points. */
static int ask_keepers(struct sweep *sweep)
{
    struct execution *execution = &sweep->execution;
    bool loads = execution->program->profile && execution->pending_count && !sweep->options->exact;
    if (loads) {
        results_close(&sweep->results); /* as in execute() */
        bool loaded = keepers_load(&sweep->keepers, execution, sweep->diag);
        if (!results_open(&sweep->results, sweep->options->results, true, sweep->diag) || !loaded)
            return EXIT_USER_ERROR;
    }
    keepers_ask(&sweep->keepers, execution);
    remember_error(sweep);
    return atomic_load(&execution->shared->failed) ? EXIT_USER_ERROR : stop_status(sweep);
}

/* Of the selected program. */
static int compute_pending(struct sweep *sweep)
{
    struct execution *execution = &sweep->execution;
    uint32_t pending = execution->pending_count;
    execution_reset(execution); /* what is done is so for another program */
    int status = ask_keepers(sweep);
    while (execution->pending_count && !status) {
        status = execution->program->gone ? keep_unknown(sweep) : execute_for_pending(sweep);
        execution_drop_done(execution);
    }
    sweep->computed += pending - execution->pending_count;
    return status;
}

static int sweep_program(struct sweep *sweep, int program)
{
    struct execution *execution = &sweep->execution;
    select_program(sweep, program);
    find_pending(sweep);
    uint32_t pending = execution->pending_count, points = sweep->plan->point_count - sweep->first;
    atomic_store(&execution->shared->done, (uint64_t)sweep->first * (uint64_t)sweep->plan->program_count +
                                               (uint64_t)program * points + points - pending);
    return compute_pending(sweep);
}

/* ---- points shared with other processes ---- */

/* Until none is left. */
static int take_pieces(struct sweep *sweep)
{
    struct execution *execution = &sweep->execution;
    struct sweep_piece piece;
    int status = 0;
    while (!status && share_take(sweep->options->share, &piece)) {
        select_program(sweep, piece.program);
        memcpy(execution->pending, piece.points, piece.count * sizeof *piece.points);
        execution->pending_count = piece.count;
        status = compute_pending(sweep);
    }
    return status;
}

static int sweep_pieces(struct sweep *sweep)
{
    int status = note_plan(sweep) ? take_pieces(sweep) : EXIT_USER_ERROR;
    keepers_close(&sweep->keepers);
    share_tell(sweep->options->share, sweep->computed, sweep->executions);
    return status;
}

/* ---- search ---- */

/* All programs at the points of the latest generation. A sweep that is no search needs the profiles only once. */
static int sweep_generation(struct sweep *sweep)
{
    int status = note_plan(sweep) ? stop_status(sweep) : EXIT_USER_ERROR;
    for (int i = 0; i < sweep->plan->program_count && !status; i++) {
        status = sweep_program(sweep, i);
        if (!leaves_keepers(sweep))
            keepers_close(&sweep->keepers);
    }
    return status;
}

/* Objectives of the points that were computed here are told to the other processes. */
static int put_values(struct sweep *sweep)
{
    const struct sweep_plan *plan = sweep->plan;
    struct search_results from;
    double values[SWEEP_MAX_OBJECTIVES];
    bool invalid;
    if (!search_results_open(&from, plan, &sweep->results, sweep->point_ids, sweep->program_ids, sweep->tool, sweep->diag))
        return EXIT_USER_ERROR;
    for (uint32_t point = sweep->first; point < plan->point_count; point++)
        for (int program = 0; program < plan->program_count; program++)
            if (!share_get(sweep->options->share, point, program, values, &invalid) &&
                search_results_values(&from, point, program, values, &invalid))
                share_put(sweep->options->share, point, program, values, invalid);
    search_results_close(&from);
    return 0;
}

/* The latest generation, of which every process computes some points. */
static int share_generation(struct sweep *sweep)
{
    struct sweep_share *share = sweep->options->share;
    uint32_t count = sweep->plan->point_count - sweep->first, *order = checked_alloc(count, sizeof *order);
    for (uint32_t i = 0; i < count; i++)
        order[i] = sweep->first + i;
    order_points(sweep->plan, order, count);
    int status = note_plan(sweep) ? stop_status(sweep) : EXIT_USER_ERROR;
    if (!status && !share_begin(share, order, sweep->first, count))
        status = EXIT_USER_ERROR; /* another process has said why */
    free(order);
    status = status ? status : take_pieces(sweep);
    status = status ? status : stop_status(sweep);
    status = status ? status : put_values(sweep);
    return status || share_end(share) ? status : EXIT_USER_ERROR;
}

/* All points of a search that has ended, for merging; also into files that an earlier start with more ranks has left. */
static int note_search(struct sweep *sweep)
{
    bool good = note_points(sweep, &sweep->results, 0, true);
    struct results left;
    for (char *path; good && (path = share_next_left(sweep->options->share)); free(path)) {
        good = results_open(&left, path, true, sweep->diag);
        if (good) {
            good = note_points(sweep, &left, 0, true);
            results_close(&left);
        }
    }
    return good ? 0 : EXIT_USER_ERROR;
}

/* What is known of the latest generation. False after an error. */
static bool read_generation(struct sweep *sweep, struct search *search)
{
    struct search_results from;
    if (sweep->options->share)
        return search_read(search, share_get, sweep->options->share, sweep->diag);
    bool good = search_results_open(&from, sweep->plan, &sweep->results, sweep->point_ids, sweep->program_ids, sweep->tool,
                                    sweep->diag) && search_read(search, search_results_values, &from, sweep->diag);
    search_results_close(&from);
    return good;
}

static int make_search(struct sweep *sweep)
{
    struct sweep_plan *plan = sweep->growing;
    struct search *search = search_new(plan, sweep->diag);
    size_t errors = sweep->diag->count;
    struct sweep_share *share = sweep->options->share;
    int status = share ? share_generation(sweep) : sweep_generation(sweep);
    while (!status && read_generation(sweep, search)) {
        sweep->first = plan->point_count;
        if (!search_next(search))
            break;
        status = share ? share_generation(sweep) : sweep_generation(sweep);
    }
    sweep->first = 0;
    keepers_close(&sweep->keepers);
    search_free(search);
    status = status ? status : sweep->diag->count > errors ? EXIT_USER_ERROR : 0;
    if (share) {
        status = status ? status : note_search(sweep);
        share_tell(share, sweep->computed, sweep->executions);
    }
    return status;
}

/* ---- verification ---- */

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
        figures_write(timing, &figures);
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
    uint64_t all = (uint64_t)sweep->plan->point_count * (uint64_t)sweep->plan->program_count;
    struct sweep_random random = {1}; /* the same points each time */
    bool every = (uint64_t)sweep->options->verify >= all;
    int status = 0;
    *verified = 0;
    for (uint64_t i = 0; i < (every ? all : (uint64_t)sweep->options->verify) && !status; i++) {
        uint64_t number = every ? i : sweep_random_next(&random) % all;
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

/* In memory that processes share. */
static void *shared_alloc(size_t count, size_t size)
{
    void *memory = mmap(NULL, count * size + 1, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        abort();
    return memory;
}

/* Points that there are, or may become. */
static uint32_t room_of(const struct sweep_plan *plan)
{
    return plan->method == SWEEP_SEARCH ? plan->capacity : plan->point_count;
}

static bool make_shared(struct sweep *sweep)
{
    struct execution *execution = &sweep->execution;
    size_t size = sizeof *execution->shared + room_of(sweep->plan);
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
    if (sweep->unknown)
        fprintf(stderr, "hybridsim: %s: %" PRIu64 " results are errors: they need a script that has gone\n", plan->name,
                sweep->unknown);
    if (sweep->options->verify)
        fprintf(stderr, "hybridsim: %s: %ld results executed again: identical figures\n", plan->name, verified);
}

static int make_sweep(struct sweep *sweep)
{
    long verified = 0;
    int status = 0;
    sweep->execution.started = progress_seconds();
    status = sweep->plan->method == SWEEP_SEARCH ? make_search(sweep) :
             sweep->options->share               ? sweep_pieces(sweep) : sweep_generation(sweep);
    sweep->seconds = progress_seconds() - sweep->execution.started;
    if (!status && sweep->options->verify)
        status = verify(sweep, &verified);
    progress_erase(sweep->execution.progress);
    if (!status && !sweep->options->quiet)
        print_summary(sweep, verified);
    else if (status)
        fprintf(stderr, "hybridsim: %s; %" PRIu64 " new results are in %s, and the same command goes on from there\n",
                status > 128 ? "stopped" : "not finished", sweep->computed, sweep->options->results);
    return status;
}

/* What is to be executed for sure can be. */
static bool check_scripts(const struct sweep_plan *plan, const struct sweep_options *options, struct diag *diag)
{
    bool good = true;
    for (int i = 0; i < plan->program_count && (options->verify || options->exact); i++) {
        const struct sweep_program *program = &plan->programs[i];
        if (program->gone)
            good = diag_error(diag, program->profile, 0, 0, "%s executes the program, but its script %s %s",
                              options->exact ? "--exact" : "--verify", program->run.script, program->gone);
    }
    return good;
}

int sweep_run(struct sweep_plan *plan, const struct sweep_options *options, struct diag *diag)
{
    struct sweep sweep = {.plan = plan, .growing = plan, .options = options, .diag = diag};
    uint32_t room = room_of(plan);
    int status = EXIT_USER_ERROR;
    if (!check_scripts(plan, options, diag))
        return status;
    signal(SIGXFSZ, SIG_IGN); /* a file that gets too large is an error like a full disk */
    results_tool(sweep.tool, sizeof sweep.tool);
    sweep.point_ids = shared_alloc(room, sizeof *sweep.point_ids);
    sweep.program_ids = checked_alloc((size_t)plan->program_count, sizeof *sweep.program_ids);
    sweep.execution = (struct execution){.plan = plan, .options = options, .tool = sweep.tool, .point_ids = sweep.point_ids,
                                         .all = (uint64_t)room * (uint64_t)plan->program_count, .keep = -1, .owner = getpid(),
                                         .usual_signals = options->usual_signals};
    sweep.execution.pending = shared_alloc(room, sizeof *sweep.execution.pending);
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
    munmap(sweep.execution.pending, room * sizeof *sweep.execution.pending + 1);
    munmap(sweep.point_ids, room * sizeof *sweep.point_ids + 1);
    free(sweep.program_ids);
    return status;
}
