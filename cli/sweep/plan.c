/* plan.c - reads a sweep file: base, programs, axes; lists the points and tries every value of every axis. */
#include "cli/sweep/plan.h"

#include "cli/host_paths.h"
#include "cli/nearest_name.h"
#include "cli/spec_path.h"
#include "cli/workload_list.h"
#include "core/spec.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum combination { COMBINE_GRID, COMBINE_LIST, COMBINE_ONE_AT_A_TIME };

/* ---- base ---- */

/* A spec as a path relative to the sweep file, or a name in the spec folders. To be freed. */
static char *find_spec(struct spec *spec, const struct yaml_node *map, const char *key, char *(*find)(const char *, struct diag *))
{
    const struct yaml_node *node = yaml_get(map, key);
    if (!spec_text(spec, map, key))
        return NULL;
    const char *beside = spec_path(spec, node);
    if (access(beside, R_OK) == 0)
        return strdup(beside);
    struct diag own;
    diag_init(&own);
    char *path = find(node->text, &own);
    for (size_t i = 0; i < own.count; i++)
        spec_error(spec, node, "%s", own.entries[i].text);
    diag_free(&own);
    return path;
}

static void read_base(struct spec *spec, struct sweep_plan *plan, const struct yaml_node *root)
{
    const struct yaml_node *base = spec_map(spec, root, "base");
    if (!base) {
        spec_error(spec, root, "found no `base`, expected a map with `isa`, and `machine` if it is not the ISA's own");
        return;
    }
    if (!spec_keys(spec, base, "`base`", "isa machine"))
        return;
    if (!yaml_get(base, "isa"))
        spec_error(spec, base, "found no `isa`, expected the base's instruction set");
    char *isa = find_spec(spec, base, "isa", spec_path_isa), *machine = find_spec(spec, base, "machine", spec_path_machine);
    char *cache = host_cache_directory();
    if (isa && (machine || !yaml_get(base, "machine")))
        plan->base = isa_load_kept(isa, machine, cache, spec->diag);
    if (plan->base)
        plan->tree = yaml_parse(plan->arena, plan->base->file, plan->base->resolved_text, strlen(plan->base->resolved_text),
                                spec->diag);
    free(cache);
    free(isa);
    free(machine);
}

/* ---- programs ---- */

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* A script beside the sweep file, or a workload by its name. */
static const char *find_script(struct spec *spec, const struct yaml_node *node)
{
    const char *path = spec_path(spec, node);
    if (access(path, R_OK) == 0)
        return path;
    struct diag own;
    diag_init(&own);
    char *workload = workload_find(node->text, &own);
    if (workload)
        path = arena_copy(spec->arena, workload, strlen(workload));
    else
        spec_error(spec, node, "found `%s`, expected a script (relative to this file) or the name of a workload; %s", node->text,
                   own.count ? own.entries[0].text : "there are none");
    free(workload);
    diag_free(&own);
    return path;
}

static void key_of_program(struct sweep_program *program)
{
    struct buffer text = {0};
    struct diag own;
    diag_init(&own);
    program->key = (struct content_key)CONTENT_KEY_START;
    if (yaml_read_text(program->run.script, &text, &own))
        content_key_add(&program->key, text.bytes, text.size);
    content_key_add(&program->key, program->run.script, strlen(program->run.script));
    for (int i = 0; i < program->run.argument_count; i++)
        content_key_add(&program->key, program->run.arguments[i], strlen(program->run.arguments[i]) + 1);
    buffer_free(&text);
    diag_free(&own);
}

static void read_arguments(struct spec *spec, struct sweep_program *program, const struct yaml_node *node)
{
    if (node->kind != YAML_SEQUENCE) {
        spec_error(spec, node, "found %s for `arguments`, expected a sequence", yaml_describe(spec->arena, node));
        return;
    }
    program->run.arguments = ARENA_ARRAY(spec->arena, char *, node->count + 1);
    for (int i = 0; i < node->count; i++) {
        if (node->items[i]->kind != YAML_SCALAR) {
            spec_error(spec, node->items[i], "found %s, expected an argument", yaml_describe(spec->arena, node->items[i]));
            return;
        }
        program->run.arguments[program->run.argument_count++] =
            arena_copy(spec->arena, node->items[i]->text, strlen(node->items[i]->text));
        program->label = arena_printf(spec->arena, "%s %s", program->label, node->items[i]->text);
    }
}

static void read_program(struct spec *spec, struct sweep_plan *plan, const struct yaml_node *node)
{
    struct sweep_program *program = &plan->programs[plan->program_count];
    const struct yaml_node *script = node;
    if (node->kind == YAML_MAP) {
        if (!spec_keys(spec, node, "a program", "script arguments"))
            return;
        script = yaml_get(node, "script");
    }
    if (!script || script->kind != YAML_SCALAR || yaml_is_null(script)) {
        spec_error(spec, node, "found %s, expected a script, or {script: ..., arguments: [...]}",
                   yaml_describe(spec->arena, script ? script : node));
        return;
    }
    program->run.script = find_script(spec, script);
    program->label = base_name(program->run.script);
    const struct yaml_node *arguments = node->kind == YAML_MAP ? yaml_get(node, "arguments") : NULL;
    if (arguments)
        read_arguments(spec, program, arguments);
    key_of_program(program);
    for (int i = 0; i < plan->program_count; i++)
        if (!memcmp(&plan->programs[i].key, &program->key, sizeof program->key))
            spec_error(spec, node, "found the program `%s` a second time", program->label);
    plan->program_count++;
}

static void read_programs(struct spec *spec, struct sweep_plan *plan, const struct yaml_node *root)
{
    const struct yaml_node *node = yaml_get(root, "programs");
    if (!node || node->kind != YAML_SEQUENCE || !node->count || node->count > SWEEP_MAX_PROGRAMS) {
        spec_error(spec, node ? node : root, "found no programs, expected a sequence `programs` of 1 to %d", SWEEP_MAX_PROGRAMS);
        return;
    }
    plan->programs = ARENA_ARRAY(spec->arena, struct sweep_program, node->count);
    for (int i = 0; i < node->count; i++)
        read_program(spec, plan, node->items[i]);
}

/* ---- axes ---- */

static struct yaml_node *number_node(struct spec *spec, const struct yaml_node *at, int64_t thousandths)
{
    struct yaml_node *node = ARENA_NEW(spec->arena, struct yaml_node);
    *node = (struct yaml_node){.kind = YAML_SCALAR, .file = at->file, .line = at->line, .column = at->column};
    node->text = arena_printf(spec->arena, "%.12g", (double)thousandths / 1000);
    return node;
}

/* {from, to, step} or {from, to, scale: log2}: powers of two times `from`. */
static void read_range(struct spec *spec, struct sweep_axis *axis, const struct yaml_node *node)
{
    if (!spec_keys(spec, node, "a range", "from to step scale"))
        return;
    if (!yaml_get(node, "from") || !yaml_get(node, "to")) {
        spec_error(spec, node, "found a range without `from` and `to`");
        return;
    }
    int64_t from = spec_thousandths(spec, node, "from", 0), to = spec_thousandths(spec, node, "to", 0);
    int64_t step = spec_thousandths(spec, node, "step", 1000);
    bool doubles = yaml_get(node, "scale") && spec_word(spec, node, "scale", "linear log2", 0) == 1;
    if (doubles && yaml_get(node, "step"))
        spec_error(spec, yaml_get(node, "step"), "found `step` beside `scale: log2`, expected one of them");
    if (from > to || step <= 0 || (doubles && from <= 0)) {
        spec_error(spec, node, "found an empty range, expected `from` not above `to`, and %s",
                   doubles ? "`from` above 0" : "`step` above 0");
        return;
    }
    if (!doubles && (to - from) / step >= SWEEP_MAX_VALUES) {
        spec_error(spec, node, "found a range of %lld values, expected at most %d", (long long)((to - from) / step) + 1,
                   SWEEP_MAX_VALUES);
        return;
    }
    axis->values = ARENA_ARRAY(spec->arena, struct yaml_node *, SWEEP_MAX_VALUES);
    for (int64_t value = from; value <= to; value = doubles ? 2 * value : value + step)
        axis->values[axis->value_count++] = number_node(spec, node, value);
}

/* Keys that are no single value of the spec, or only its name. */
static void check_path(struct spec *spec, const struct yaml_node *key)
{
    static const char *const whole[] = {"isa", "text", "inherits", "machine", "instructions", "machine.machine", "machine.text",
                                        "machine.inherits"};
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
        if (strcmp(key->text, whole[i]) == 0)
            spec_error(spec, key, "found `%s`, expected a key inside the spec, as `registers.count`, `machine.branch.predictor` or "
                       "`instructions.NAME`", key->text);
}

/* An instruction that can be on or off has to be in the base. */
static void check_switch(struct spec *spec, const struct sweep_plan *plan, const struct sweep_axis *axis)
{
    const char *name = strchr(axis->path, '.') + 1;
    bool on;
    if (strchr(name, '.') || !plan->tree || sweep_tree_find(plan->tree, axis->path))
        return;
    for (int i = 0; i < axis->value_count; i++) {
        if (!yaml_boolean(axis->values[i], &on))
            continue;
        int count = plan->base->instruction_count;
        const char **names = ARENA_ARRAY(spec->arena, const char *, count);
        for (int k = 0; k < count; k++)
            names[k] = plan->base->instructions[k].name;
        const char *nearest = nearest_name(name, names, count);
        spec_error(spec, axis->key, "found `%s`, expected an instruction of the base `%s`%s%s%s", axis->path, plan->base->name,
                   nearest ? "; did you mean `" : "", nearest ? nearest : "", nearest ? "`?" : "");
        return;
    }
}

static void take_values(struct spec *spec, struct sweep_axis *axis, struct yaml_node *node)
{
    if (node->kind == YAML_MAP) {
        read_range(spec, axis, node);
        return;
    }
    if (node->kind != YAML_SEQUENCE || !node->count || node->count > SWEEP_MAX_VALUES) {
        spec_error(spec, node, "found %s for the axis `%s`, expected a sequence of 1 to %d values, or {from, to, step} or "
                   "{from, to, scale: log2}", node->kind == YAML_SEQUENCE ? "no values, or too many," :
                   yaml_describe(spec->arena, node), axis->path, SWEEP_MAX_VALUES);
        return;
    }
    axis->values = node->items;
    axis->value_count = node->count;
}

static void read_axes(struct spec *spec, struct sweep_plan *plan, const struct yaml_node *root)
{
    const struct yaml_node *axes = spec_map(spec, root, "axes"), *derive = spec_map(spec, root, "derive");
    int derived = derive ? derive->count : 0;
    if (!axes || !axes->count || axes->count > SWEEP_MAX_AXES || derived > SWEEP_MAX_AXES) {
        spec_error(spec, axes ? axes : root, "found no axes, or too many: expected a map `axes` of 1 to %d, and at most as many "
                   "in `derive`", SWEEP_MAX_AXES);
        return;
    }
    plan->axes = ARENA_ARRAY(spec->arena, struct sweep_axis, axes->count + derived);
    for (int i = 0; i < axes->count; i++) {
        struct sweep_axis *axis = &plan->axes[plan->axis_count++];
        axis->path = axes->keys[i]->text;
        axis->key = axes->keys[i];
        check_path(spec, axis->key);
        take_values(spec, axis, axes->items[i]);
        if (strncmp(axis->path, "instructions.", strlen("instructions.")) == 0)
            check_switch(spec, plan, axis);
    }
    for (int i = 0; i < derived; i++) {
        plan->axes[plan->axis_count + plan->derived_count++] =
            (struct sweep_axis){.path = derive->keys[i]->text, .key = derive->keys[i], .expression = derive->items[i]};
        check_path(spec, derive->keys[i]);
        if (yaml_get(axes, derive->keys[i]->text))
            spec_error(spec, derive->keys[i], "found `%s` in `derive`, which is an axis already", derive->keys[i]->text);
    }
}

/* ---- points ---- */

/* How many there are before `where`; 0 after an error. */
static uint64_t count_points(struct spec *spec, const struct sweep_plan *plan, enum combination combination,
                             const struct yaml_node *root)
{
    uint64_t count = combination == COMBINE_LIST ? (uint64_t)plan->axes[0].value_count : 1;
    for (int i = 0; i < plan->axis_count; i++) {
        uint64_t values = (uint64_t)plan->axes[i].value_count;
        if (combination == COMBINE_LIST && values != count) {
            spec_error(spec, plan->axes[i].key, "found %d values for `%s`, expected %d as the first axis has: `combine: list` "
                       "takes them together", (int)values, plan->axes[i].path, (int)count);
            return 0;
        }
        if (combination == COMBINE_GRID)
            count *= values;
        else if (combination == COMBINE_ONE_AT_A_TIME)
            count += values;
        if (count > SWEEP_MAX_POINTS) {
            spec_error(spec, yaml_key(root, "axes"), "found a %s of more than %d points", combination == COMBINE_GRID ? "grid" :
                       "list", SWEEP_MAX_POINTS);
            return 0;
        }
    }
    return count;
}

static void choose(const struct sweep_plan *plan, enum combination combination, uint64_t number, uint16_t *choices)
{
    uint64_t rest = number;
    for (int i = plan->axis_count; i-- > 0;) { /* the last axis varies fastest */
        uint64_t values = (uint64_t)plan->axes[i].value_count;
        if (combination == COMBINE_LIST) {
            choices[i] = (uint16_t)number;
        } else if (combination == COMBINE_GRID) {
            choices[i] = (uint16_t)(rest % values);
            rest /= values;
        } else {
            choices[i] = SWEEP_AS_BASE;
        }
    }
    if (combination != COMBINE_ONE_AT_A_TIME || number == 0)
        return;
    rest = number - 1; /* number 0 is the base itself */
    int axis = 0;
    while (rest >= (uint64_t)plan->axes[axis].value_count)
        rest -= (uint64_t)plan->axes[axis++].value_count;
    choices[axis] = (uint16_t)rest;
}

static void list_points(struct spec *spec, struct sweep_plan *plan, const struct yaml_node *root)
{
    enum combination combination = (enum combination)spec_word(spec, root, "combine", "grid list one-at-a-time", COMBINE_GRID);
    const struct yaml_node *where = yaml_get(root, "where");
    if (where && where->kind != YAML_SEQUENCE) {
        spec_error(spec, where, "found %s for `where`, expected a sequence of expressions", yaml_describe(spec->arena, where));
        return;
    }
    uint64_t count = count_points(spec, plan, combination, root);
    plan->choices = ARENA_ROOM(spec->arena, uint16_t, count * (uint64_t)plan->axis_count + 1);
    struct arena *scratch = arena_new();
    for (uint64_t i = 0; i < count; i++) {
        bool wanted;
        choose(plan, combination, i, plan->choices + (size_t)plan->point_count * (size_t)plan->axis_count);
        if (!sweep_point_is_wanted(plan, plan->point_count, where, &wanted, scratch, spec->diag))
            break;
        plan->point_count += wanted;
        if (i % 4096 == 4095) {
            arena_free(scratch);
            scratch = arena_new();
        }
    }
    arena_free(scratch);
    if (count && !plan->point_count && !spec->diag->count)
        spec_error(spec, where ? where : root, "found no points, expected `where` to hold for some of %llu",
                   (unsigned long long)count);
}

/* The ISA of the first point that has each value: so an unknown key and a wrong type are found before anything runs. */
static void try_values(struct spec *spec, struct sweep_plan *plan)
{
    for (int i = 0; i < plan->derived_count; i++)
        plan->needs_outcomes |= strcmp(plan->axes[plan->axis_count + i].path, "machine.branch.predictor") == 0;
    for (int axis = 0; axis < plan->axis_count; axis++) {
        bool *tried = calloc((size_t)plan->axes[axis].value_count + 1, sizeof *tried);
        int left = plan->axes[axis].value_count;
        size_t errors = spec->diag->count;
        if (!tried)
            abort();
        for (uint32_t point = 0; point < plan->point_count && left && spec->diag->count == errors; point++) {
            uint16_t choice = plan->choices[(size_t)point * (size_t)plan->axis_count + (size_t)axis];
            if (choice == SWEEP_AS_BASE || tried[choice])
                continue;
            tried[choice] = true;
            left--;
            struct arena *arena = arena_new();
            struct isa *isa = sweep_point_isa(plan, point, arena, spec->diag);
            plan->needs_outcomes |= isa && isa->machine->branch.predictor != PREDICTOR_STATIC;
            isa_free(isa);
            arena_free(arena);
        }
        free(tried);
        if (spec->diag->count > errors)
            return; /* other axes' points have the same fault */
    }
}

struct sweep_plan *sweep_plan_load(const char *path, struct diag *diag)
{
    struct arena *arena = arena_new();
    struct sweep_plan *plan = ARENA_NEW(arena, struct sweep_plan);
    struct spec spec = {.arena = arena, .diag = diag};
    size_t errors = diag->count;
    plan->arena = arena;
    plan->file = arena_copy(arena, path, strlen(path));
    const struct yaml_node *root = yaml_read(arena, path, diag);
    if (root && spec_keys(&spec, root, "a sweep", "sweep text base programs axes derive combine where")) {
        plan->name = spec_text(&spec, root, "sweep");
        if (!plan->name && !yaml_get(root, "sweep"))
            spec_error(&spec, root, "found no `sweep`, expected its name");
        read_base(&spec, plan, root);
        read_programs(&spec, plan, root);
        read_axes(&spec, plan, root);
    }
    if (diag->count == errors)
        list_points(&spec, plan, root);
    if (diag->count == errors)
        try_values(&spec, plan);
    if (diag->count == errors)
        return plan;
    sweep_plan_free(plan);
    return NULL;
}

void sweep_plan_free(struct sweep_plan *plan)
{
    if (!plan)
        return;
    isa_free(plan->base);
    arena_free(plan->arena);
}
