/* plan_points.c - the points of a sweep file: combinations of the axes' values, samples of them, or where a search begins; and a
 * trial of every value. */
#include "cli/sweep/plan_parts.h"
#include "cli/sweep/sample.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { MIN_POPULATION = 8, MAX_POPULATION = 1000, USUAL_POPULATION = 100, GENERATIONS = 10, SAMPLE_TRIALS = 3,
       RANGE_TRIALS = 16 };

bool sweep_is_sampled(const struct sweep_plan *plan)
{
    return plan->method >= SWEEP_RANDOM;
}

/* ---- how points are come by ---- */

void sweep_definition_write(const struct sweep_plan *plan, struct buffer *json)
{
    buffer_printf(json, "{\"points\": \"%s\"", plan->method_name);
    if (sweep_is_sampled(plan))
        buffer_printf(json, ", \"%s\": %u, \"seed\": %u", plan->method == SWEEP_SEARCH ? "budget" : "samples",
                      (unsigned)plan->capacity, (unsigned)plan->seed);
    if (plan->method == SWEEP_SEARCH)
        buffer_printf(json, ", \"population\": %u", (unsigned)plan->population);
    buffer_add(json, "}", 2);
}

/* A key that only goes with some methods. */
static void check_key(struct spec *spec, const struct yaml_node *root, const char *key, bool allowed, bool needed, const char *with)
{
    const struct yaml_node *found = yaml_key(root, key);
    if (found && !allowed)
        spec_error(spec, found, "found `%s`, which goes only with %s", key, with);
    else if (!found && needed)
        spec_error(spec, yaml_key(root, yaml_get(root, "method") ? "method" : "combine"),
                   "found no `%s`, expected it beside %s", key, with);
}

static uint32_t read_population(struct spec *spec, const struct sweep_plan *plan, const struct yaml_node *root)
{
    int usual = (int)plan->capacity / GENERATIONS;
    usual = usual < MIN_POPULATION ? MIN_POPULATION : usual > USUAL_POPULATION ? USUAL_POPULATION : usual;
    int population = spec_integer(spec, root, "population", MIN_POPULATION, MAX_POPULATION, usual);
    return (uint32_t)population < plan->capacity ? (uint32_t)population : plan->capacity;
}

void plan_read_method(struct spec *spec, struct sweep_plan *plan, const struct yaml_node *root)
{
    bool search = yaml_get(root, "method") && spec_word(spec, root, "method", "search", -1) == 0;
    if (search && yaml_get(root, "combine"))
        spec_error(spec, yaml_key(root, "combine"), "found `combine` beside `method: search`, expected one of them");
    plan->method = search ? SWEEP_SEARCH : (enum sweep_method)spec_word(spec, root, "combine", "grid list one-at-a-time random "
                                                                        "latin-hypercube", SWEEP_GRID);
    const struct yaml_node *name = yaml_get(root, search ? "method" : "combine");
    plan->method_name = name && name->kind == YAML_SCALAR ? name->text : "grid";
    bool sample = plan->method == SWEEP_RANDOM || plan->method == SWEEP_LATIN_HYPERCUBE;
    check_key(spec, root, "samples", sample, sample, "`combine: random` or `combine: latin-hypercube`");
    check_key(spec, root, "seed", sample || search, false, "`combine: random`, `combine: latin-hypercube` or `method: search`");
    check_key(spec, root, "budget", search, search, "`method: search`");
    check_key(spec, root, "population", search, false, "`method: search`");
    check_key(spec, root, "objectives", true, search, "`method: search`");
    plan->random.state = plan->seed = (uint64_t)spec_integer(spec, root, "seed", 0, INT32_MAX, 1);
    if (sample || search)
        plan->capacity = (uint32_t)spec_integer(spec, root, sample ? "samples" : "budget", 1, SWEEP_MAX_POINTS, 1);
    if (search)
        plan->population = read_population(spec, plan, root);
    plan->where = yaml_get(root, "where");
    if (plan->where && plan->where->kind != YAML_SEQUENCE)
        spec_error(spec, plan->where, "found %s for `where`, expected a sequence of expressions",
                   yaml_describe(spec->arena, plan->where));
}

/* ---- combinations ---- */

/* How many there are before `where`; 0 after an error. */
static uint64_t count_points(struct spec *spec, const struct sweep_plan *plan, const struct yaml_node *root)
{
    uint64_t count = plan->method == SWEEP_LIST ? (uint64_t)plan->axes[0].value_count : 1;
    for (int i = 0; i < plan->axis_count; i++) {
        uint64_t values = (uint64_t)plan->axes[i].value_count;
        if (plan->method == SWEEP_LIST && values != count) {
            spec_error(spec, plan->axes[i].key, "found %d values for `%s`, expected %d as the first axis has: `combine: list` "
                       "takes them together", (int)values, plan->axes[i].path, (int)count);
            return 0;
        }
        if (plan->method == SWEEP_GRID)
            count *= values;
        else if (plan->method == SWEEP_ONE_AT_A_TIME)
            count += values;
        if (count > SWEEP_MAX_POINTS) {
            spec_error(spec, yaml_key(root, "axes"), "found a %s of more than %d points", plan->method == SWEEP_GRID ? "grid" :
                       "list", SWEEP_MAX_POINTS);
            return 0;
        }
    }
    return count;
}

static void choose(const struct sweep_plan *plan, uint64_t number, uint16_t *choices)
{
    uint64_t rest = number;
    for (int i = plan->axis_count; i-- > 0;) { /* the last axis varies fastest */
        uint64_t values = (uint64_t)plan->axes[i].value_count;
        if (plan->method == SWEEP_LIST) {
            choices[i] = (uint16_t)number;
        } else if (plan->method == SWEEP_GRID) {
            choices[i] = (uint16_t)(rest % values);
            rest /= values;
        } else {
            choices[i] = SWEEP_AS_BASE;
        }
    }
    if (plan->method != SWEEP_ONE_AT_A_TIME || number == 0)
        return;
    rest = number - 1; /* number 0 is the base itself */
    int axis = 0;
    while (rest >= (uint64_t)plan->axes[axis].value_count)
        rest -= (uint64_t)plan->axes[axis++].value_count;
    choices[axis] = (uint16_t)rest;
}

static void list_combinations(struct spec *spec, struct sweep_plan *plan, const struct yaml_node *root)
{
    uint64_t count = count_points(spec, plan, root);
    plan->choices = ARENA_ROOM(spec->arena, uint16_t, count * (uint64_t)plan->axis_count + 1);
    struct arena *scratch = arena_new();
    for (uint64_t i = 0; i < count; i++) {
        bool wanted;
        choose(plan, i, plan->choices + (size_t)plan->point_count * (size_t)plan->axis_count);
        if (!sweep_point_is_wanted(plan, plan->point_count, plan->where, &wanted, scratch, spec->diag))
            break;
        plan->point_count += wanted;
        if (i % 4096 == 4095) {
            arena_free(scratch);
            scratch = arena_new();
        }
    }
    arena_free(scratch);
    if (count && !plan->point_count && !spec->diag->count)
        spec_error(spec, plan->where ? plan->where : root, "found no points, expected `where` to hold for some of %llu",
                   (unsigned long long)count);
}

/* ---- samples ---- */

/* In memory that processes share: a search adds points while its programs' processes wait for them. */
static bool make_room(struct spec *spec, struct sweep_plan *plan, const struct yaml_node *at)
{
    size_t size = ((size_t)plan->capacity + 1) * (size_t)plan->axis_count * sizeof *plan->choices;
    void *room = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (room == MAP_FAILED)
        return spec_error(spec, at, "found %u points, for which there is not enough memory", (unsigned)plan->capacity);
    plan->choices = room;
    plan->choices_size = size;
    return true;
}

/* As many points as a sample has, or as a search begins with. */
static void draw_points(struct spec *spec, struct sweep_plan *plan, const struct yaml_node *root)
{
    bool search = plan->method == SWEEP_SEARCH;
    const char *key = search ? "budget" : "samples";
    const struct yaml_node *at = yaml_get(root, key);
    uint64_t space = sample_space(plan), draws = 0;
    uint32_t wanted = search ? plan->population : plan->capacity;
    if (wanted > space) {
        spec_error(spec, at, "found %u for `%s`, but the axes allow %llu points only%s", (unsigned)plan->capacity, key,
                   (unsigned long long)space, search ? ": a grid has them all" : "");
        return;
    }
    if (!make_room(spec, plan, at))
        return;
    struct sampler sampler;
    sampler_start(&sampler, plan, plan->capacity, spec->diag);
    bool good = plan->method == SWEEP_RANDOM ? sample_random(&sampler, wanted, &draws)
                                             : sample_latin_hypercube(&sampler, wanted, &draws);
    sampler_end(&sampler);
    if (good && plan->point_count < wanted && (!search || !plan->point_count))
        spec_error(spec, at, "found only %u different points that fulfil `where` in %llu draws, expected %u",
                   (unsigned)plan->point_count, (unsigned long long)draws, (unsigned)wanted);
}

void plan_list_points(struct spec *spec, struct sweep_plan *plan, const struct yaml_node *root)
{
    if (sweep_is_sampled(plan))
        draw_points(spec, plan, root);
    else
        list_combinations(spec, plan, root);
}

/* ---- trials ---- */

/* What is known of a value: how many points with it were no ISA, and the first of them. */
struct trial {
    uint32_t first;
    uint16_t failed;
    bool done;
};

/* The point's ISA, and whether its predictor needs outcomes, and its cache accesses. */
static bool try_point(struct sweep_plan *plan, uint32_t point, struct diag *diag)
{
    struct arena *arena = arena_new();
    struct isa *isa = sweep_point_isa(plan, point, arena, diag);
    bool good = isa != NULL;
    plan->needs_outcomes |= isa && isa->machine->branch.predictor != PREDICTOR_STATIC;
    plan->needs_accesses |= isa && isa->machine->data_cache.bytes;
    isa_free(isa);
    arena_free(arena);
    return good;
}

/* Of a long range only some values are tried: they are all numbers. */
static bool is_tried(const struct sweep_axis *axis, int choice)
{
    int step = (axis->value_count + RANGE_TRIALS - 1) / RANGE_TRIALS;
    return axis->value_count <= 4 * RANGE_TRIALS || choice % step == 0 || choice == axis->value_count - 1;
}

/* False: the value is in too many points that are no ISA, and the first one's errors are told. */
static bool try_value(struct spec *spec, struct sweep_plan *plan, uint32_t point, struct trial *trial)
{
    struct diag ignored;
    diag_init(&ignored);
    trial->first = trial->failed ? trial->first : point;
    trial->done = try_point(plan, point, &ignored);
    trial->failed += !trial->done;
    diag_free(&ignored);
    return trial->failed < (sweep_is_sampled(plan) ? SAMPLE_TRIALS : 1) || try_point(plan, trial->first, spec->diag);
}

/* A value that a search does not begin with, in its first points instead of theirs. */
static bool try_unused_value(struct spec *spec, struct sweep_plan *plan, int axis, int choice)
{
    struct trial trial = {0};
    size_t axes = (size_t)plan->axis_count;
    uint16_t *candidate = plan->choices + plan->point_count * axes;
    struct arena *scratch = arena_new();
    bool good = true, wanted;
    for (uint32_t point = 0; point < plan->point_count && !trial.done && good; point++) {
        memcpy(candidate, plan->choices + point * axes, axes * sizeof *candidate);
        candidate[axis] = (uint16_t)choice;
        good = sweep_point_is_wanted(plan, plan->point_count, plan->where, &wanted, scratch, spec->diag) &&
               (!wanted || try_value(spec, plan, plan->point_count, &trial));
    }
    arena_free(scratch);
    return good;
}

/* Combinations have to be valid where a value first appears; of a sample's first points with it one has to be. */
static void try_axis(struct spec *spec, struct sweep_plan *plan, int number)
{
    const struct sweep_axis *axis = &plan->axes[number];
    struct trial *trials = calloc((size_t)axis->value_count + 1, sizeof *trials);
    bool good = true;
    if (!trials)
        abort();
    for (uint32_t point = 0; point < plan->point_count && good; point++) {
        uint16_t choice = plan->choices[(size_t)point * (size_t)plan->axis_count + (size_t)number];
        if (choice != SWEEP_AS_BASE && !trials[choice].done && is_tried(axis, choice))
            good = try_value(spec, plan, point, &trials[choice]);
    }
    for (int i = 0; i < axis->value_count && good; i++) {
        if (trials[i].failed && !trials[i].done)
            good = try_point(plan, trials[i].first, spec->diag);
        else if (!trials[i].failed && !trials[i].done && plan->method == SWEEP_SEARCH && is_tried(axis, i))
            good = try_unused_value(spec, plan, number, i);
    }
    free(trials);
}

void plan_try_values(struct spec *spec, struct sweep_plan *plan)
{
    size_t errors = spec->diag->count;
    for (int i = 0; i < plan->derived_count; i++) {
        const char *path = plan->axes[plan->axis_count + i].path;
        plan->needs_outcomes |= strcmp(path, "machine.branch.predictor") == 0;
        plan->needs_accesses |= strncmp(path, "machine.cache", 13) == 0;
    }
    for (int axis = 0; axis < plan->axis_count && spec->diag->count == errors; axis++)
        try_axis(spec, plan, axis); /* after an error, other axes' points have the same fault */
}
