/* objective.c - `objectives` of a sweep file: metrics that are to be small, or large, of one program or of all. */
#include "cli/nearest_name.h"
#include "cli/sweep/plan_parts.h"

#include <stdlib.h>
#include <string.h>

struct metric_names {
    struct arena *arena;
    const char **names;
    int count, capacity;
};

static void add_name(struct metric_names *metrics, const char *group, const char *name)
{
    if (metrics->count == metrics->capacity) {
        metrics->capacity = metrics->capacity ? 2 * metrics->capacity : 256;
        metrics->names = realloc(metrics->names, (size_t)metrics->capacity * sizeof *metrics->names);
        if (!metrics->names)
            abort();
    }
    metrics->names[metrics->count++] = arena_printf(metrics->arena, "%s%s", group, name);
}

/* What results_figures_write may write for the plan's points. */
static void list_metrics(const struct sweep_plan *plan, struct metric_names *metrics)
{
    static const char *const plain[] = {"cycles", "instructions", "static_instructions", "code_bytes", "energy", "area"};
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        add_name(metrics, "", plain[i]);
    for (int i = 0; i < CYCLE_PART_COUNT; i++)
        add_name(metrics, "cycle_stack.", cycle_part_name((enum cycle_part)i));
    for (int i = 0; i < EVENT_COUNT; i++)
        add_name(metrics, "events.", timing_event_names[i]);
    for (int i = 0; i < WORK_COUNT; i++)
        add_name(metrics, "work.", work_names[i]);
    for (int i = 0; i < CATEGORY_COUNT; i++)
        add_name(metrics, "by_category.", category_names[i]);
    for (int i = 0; i < ENERGY_PART_COUNT; i++)
        add_name(metrics, "energy_parts.", energy_part_names[i]);
    for (int i = 0; i < AREA_PART_COUNT; i++)
        add_name(metrics, "area_parts.", area_part_names[i]);
    for (int i = 0; i < plan->base->instruction_count; i++)
        add_name(metrics, "by_instruction.", plan->base->instructions[i].name);
    for (int i = 0; i < plan->axis_count; i++)
        if (strncmp(plan->axes[i].path, "instructions.", strlen("instructions.")) == 0)
            add_name(metrics, "by_", plan->axes[i].path); /* one that the base lacks */
}

static void check_metric(struct spec *spec, const struct sweep_plan *plan, const struct yaml_node *node)
{
    struct metric_names metrics = {.arena = spec->arena};
    bool known = false;
    list_metrics(plan, &metrics);
    for (int i = 0; i < metrics.count; i++)
        known |= strcmp(metrics.names[i], node->text) == 0;
    const char *nearest = known ? NULL : nearest_name(node->text, metrics.names, metrics.count);
    if (!known)
        spec_error(spec, node, "found `%s`, expected a metric: cycles, instructions, code_bytes, energy, area, or a counter such "
                   "as events.taken%s%s%s", node->text, nearest ? "; did you mean `" : "", nearest ? nearest : "",
                   nearest ? "`?" : "");
    free(metrics.names);
}

/* A program by its label, with or without `.py`. */
static int find_program(struct spec *spec, const struct sweep_plan *plan, const struct yaml_node *map)
{
    const struct yaml_node *node = yaml_get(map, "program");
    const char *text = spec_text(spec, map, "program");
    for (int i = 0; text && i < plan->program_count; i++) {
        const char *label = plan->programs[i].label;
        size_t size = strlen(text);
        if (strcmp(label, text) == 0 || (strncmp(label, text, size) == 0 && strcmp(label + size, ".py") == 0))
            return i;
    }
    if (text)
        spec_error(spec, node, "found `%s`, expected one of this sweep's programs, as `%s`", text, plan->programs[0].label);
    return -1;
}

static void read_objective(struct spec *spec, struct sweep_plan *plan, const struct yaml_node *node)
{
    static const char *const keys[] = {"metric", "minimize", "maximize"};
    struct sweep_objective objective = {.program = -1};
    const struct yaml_node *metric = node->kind == YAML_SCALAR ? node : NULL;
    if (node->kind == YAML_MAP) {
        if (!spec_keys(spec, node, "an objective", "metric minimize maximize program"))
            return;
        for (int i = 0; i < 3; i++) {
            if (metric && yaml_get(node, keys[i]))
                spec_error(spec, yaml_key(node, keys[i]), "found `%s`, expected one metric in an objective", keys[i]);
            metric = metric ? metric : yaml_get(node, keys[i]);
        }
        objective.maximize = yaml_get(node, "maximize") != NULL;
        if (yaml_get(node, "program"))
            objective.program = find_program(spec, plan, node);
    }
    if (!metric || metric->kind != YAML_SCALAR || yaml_is_null(metric)) {
        spec_error(spec, node, "found %s, expected a metric, {metric: ..., program: ...} or {maximize: ...}",
                   yaml_describe(spec->arena, metric ? metric : node));
        return;
    }
    objective.metric = metric->text;
    check_metric(spec, plan, metric);
    for (int i = 0; i < plan->objective_count; i++)
        if (strcmp(plan->objectives[i].metric, objective.metric) == 0 && plan->objectives[i].program == objective.program)
            spec_error(spec, node, "found the objective `%s` a second time", objective.metric);
    plan->objectives[plan->objective_count++] = objective;
}

void plan_read_objectives(struct spec *spec, struct sweep_plan *plan, const struct yaml_node *root)
{
    const struct yaml_node *node = yaml_get(root, "objectives");
    if (!node)
        return;
    if (node->kind != YAML_SEQUENCE || !node->count || node->count > SWEEP_MAX_OBJECTIVES) {
        spec_error(spec, node, "found %s for `objectives`, expected a sequence of 1 to %d metrics",
                   node->kind == YAML_SEQUENCE ? "none, or too many," : yaml_describe(spec->arena, node), SWEEP_MAX_OBJECTIVES);
        return;
    }
    for (int i = 0; i < node->count; i++)
        read_objective(spec, plan, node->items[i]);
}

void sweep_objectives_write(const struct sweep_plan *plan, struct buffer *text)
{
    for (int i = 0; i < plan->objective_count; i++) {
        const struct sweep_objective *objective = &plan->objectives[i];
        buffer_printf(text, "%s%s%s%s\n", objective->maximize ? "-" : "", objective->metric, objective->program >= 0 ? "@" : "",
                      objective->program >= 0 ? plan->programs[objective->program].label : "");
    }
    buffer_add_byte(text, 0);
}
