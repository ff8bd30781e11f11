/* plan_axes.c - the axes of a sweep file: their paths, and values as sequences or ranges. */
#include "cli/nearest_name.h"
#include "cli/sweep/plan_parts.h"

#include <math.h>
#include <string.h>

enum range_scale { SCALE_LINEAR, SCALE_LOG2, SCALE_LOG };

struct range { /* in thousandths */
    int64_t from, to, step;
    int64_t unit;       /* what values of `scale: log` are rounded to: 1, when both ends are whole numbers, else a thousandth */
    enum range_scale scale;
    int levels;         /* for `scale: log` */
};

static void add_number(struct spec *spec, struct sweep_axis *axis, const struct yaml_node *at, int64_t thousandths)
{
    struct yaml_node *node = ARENA_NEW(spec->arena, struct yaml_node);
    *node = (struct yaml_node){.kind = YAML_SCALAR, .file = at->file, .line = at->line, .column = at->column};
    node->text = arena_printf(spec->arena, "%.15g", (double)thousandths / 1000);
    axis->values[axis->value_count++] = node;
}

/* to / from to the power of part / 65536: a product of square roots, which are the same on every machine. */
static double power_of_ratio(const struct range *range, uint32_t part)
{
    double root = (double)range->to / (double)range->from, power = part >> 16 ? root : 1;
    for (int bit = 15; bit >= 0; bit--) {
        root = sqrt(root);
        if (part >> bit & 1)
            power *= root;
    }
    return power;
}

/* Levels are evenly spread over the logarithm; those at which the same number is nearest share it. */
static void spread_logarithmic(struct spec *spec, struct sweep_axis *axis, const struct range *range, const struct yaml_node *at)
{
    int64_t latest = -1;
    axis->levels = ARENA_ARRAY(spec->arena, uint16_t, range->levels);
    axis->level_count = range->levels;
    for (int i = 0; i < range->levels; i++) {
        double exact = (double)range->from * power_of_ratio(range, (uint32_t)((int64_t)i * 65536 / (range->levels - 1)));
        int64_t value = llround(exact / (double)range->unit) * range->unit;
        value = value > range->to ? range->to : value;
        if (value != latest)
            add_number(spec, axis, at, value);
        latest = value;
        axis->levels[i] = (uint16_t)(axis->value_count - 1);
    }
}

static void spread_linear(struct spec *spec, struct sweep_axis *axis, const struct range *range, const struct yaml_node *at)
{
    int64_t last = (range->to - range->from) / range->step;
    int64_t count = last < SWEEP_MAX_VALUES ? last + 1 : SWEEP_MAX_VALUES;
    for (int64_t i = 0; i < count; i++) /* all of them, or as many as are allowed, the first and the last among them */
        add_number(spec, axis, at, range->from + range->step * (count <= last ? last * i / (count - 1) : i));
}

static bool check_range(struct spec *spec, const struct range *range, bool sampled, const struct yaml_node *node)
{
    const struct yaml_node *step = yaml_get(node, "step"), *values = yaml_get(node, "values");
    if (step && range->scale != SCALE_LINEAR)
        return spec_error(spec, step, "found `step` beside a logarithmic `scale`, expected one of them");
    if (values && range->scale != SCALE_LOG)
        return spec_error(spec, values, "found `values` without `scale: log`");
    if (range->scale == SCALE_LOG && !values && !sampled)
        return spec_error(spec, node, "found no `values` beside `scale: log`, expected their number (a sample needs none)");
    if (range->from > range->to || range->step <= 0 || (range->scale != SCALE_LINEAR && range->from <= 0))
        return spec_error(spec, node, "found an empty range, expected `from` not above `to`, and %s",
                          range->scale == SCALE_LINEAR ? "`step` above 0" : "`from` above 0");
    int64_t last = (range->to - range->from) / range->step;
    if (range->scale == SCALE_LINEAR && !sampled && last >= SWEEP_MAX_VALUES)
        return spec_error(spec, node, "found a range of %lld values, expected at most %d", (long long)last + 1, SWEEP_MAX_VALUES);
    return true;
}

/* {from, to, step}; {from, to, scale: log2}: powers of two times `from`; {from, to, scale: log, values: 20}. */
static void read_range(struct spec *spec, struct sweep_axis *axis, bool sampled, const struct yaml_node *node)
{
    if (!spec_keys(spec, node, "a range", "from to step scale values"))
        return;
    if (!yaml_get(node, "from") || !yaml_get(node, "to")) {
        spec_error(spec, node, "found a range without `from` and `to`");
        return;
    }
    size_t errors = spec->diag->count;
    struct range range = {.from = spec_thousandths(spec, node, "from", 0), .to = spec_thousandths(spec, node, "to", 0)};
    range.unit = range.from % 1000 || range.to % 1000 ? 1 : 1000;
    range.step = spec_thousandths(spec, node, "step", sampled ? range.unit : 1000);
    range.scale = (enum range_scale)spec_word(spec, node, "scale", "linear log2 log", SCALE_LINEAR);
    range.levels = spec_integer(spec, node, "values", 2, SWEEP_MAX_VALUES, SWEEP_MAX_VALUES);
    if (spec->diag->count > errors || !check_range(spec, &range, sampled, node))
        return;
    axis->values = ARENA_ARRAY(spec->arena, struct yaml_node *, SWEEP_MAX_VALUES);
    axis->ordered = true;
    if (range.scale == SCALE_LINEAR)
        spread_linear(spec, axis, &range, node);
    else if (range.scale == SCALE_LOG)
        spread_logarithmic(spec, axis, &range, node);
    else
        for (int64_t value = range.from; value <= range.to; value *= 2)
            add_number(spec, axis, node, value);
}

/* Numbers that only rise or only fall. */
static bool is_ordered(const struct sweep_axis *axis)
{
    int64_t latest = 0, number;
    bool rises = true, falls = true;
    for (int i = 0; i < axis->value_count; i++) {
        if (!yaml_thousandths(axis->values[i], &number))
            return false;
        rises &= i == 0 || number > latest;
        falls &= i == 0 || number < latest;
        latest = number;
    }
    return rises || falls;
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

/* Some path of the sweep file is all about the instruction: it may add it. */
static bool is_added(const struct yaml_node *axes, const struct yaml_node *derive, const char *instruction)
{
    return yaml_get(axes, instruction) || (derive && yaml_get(derive, instruction));
}

/* An instruction that can be on or off, and one whose keys vary, has to be in the base. */
static void check_instruction(struct spec *spec, const struct sweep_plan *plan, const struct sweep_axis *axis,
                              const struct yaml_node *axes, const struct yaml_node *derive)
{
    const char *name = strchr(axis->path, '.') + 1;
    size_t size = strcspn(name, ".");
    const char *instruction = arena_printf(spec->arena, "%.*s", (int)((size_t)(name - axis->path) + size), axis->path);
    bool wanted = name[size] && !is_added(axes, derive, instruction), on;
    if (!plan->tree || sweep_tree_find(plan->tree, instruction))
        return;
    for (int i = 0; i < axis->value_count && !name[size]; i++)
        wanted |= yaml_boolean(axis->values[i], &on);
    if (!wanted)
        return;
    int count = plan->base->instruction_count;
    const char **names = ARENA_ARRAY(spec->arena, const char *, count);
    for (int k = 0; k < count; k++)
        names[k] = plan->base->instructions[k].name;
    const char *nearest = nearest_name(arena_printf(spec->arena, "%.*s", (int)size, name), names, count);
    spec_error(spec, axis->key, "found `%s`, expected an instruction of the base `%s`%s%s%s", axis->path, plan->base->name,
               nearest ? "; did you mean `" : "", nearest ? nearest : "", nearest ? "`?" : "");
}

static void take_values(struct spec *spec, struct sweep_axis *axis, bool sampled, struct yaml_node *node)
{
    if (node->kind == YAML_MAP) {
        read_range(spec, axis, sampled, node);
        return;
    }
    if (node->kind != YAML_SEQUENCE || !node->count || node->count > SWEEP_MAX_VALUES) {
        spec_error(spec, node, "found %s for the axis `%s`, expected a sequence of 1 to %d values, {from, to, step} or "
                   "{from, to, scale: log2}", node->kind == YAML_SEQUENCE ? "no values, or too many," :
                   yaml_describe(spec->arena, node), axis->path, SWEEP_MAX_VALUES);
        return;
    }
    axis->values = node->items;
    axis->value_count = node->count;
    axis->ordered = is_ordered(axis);
}

void plan_read_axes(struct spec *spec, struct sweep_plan *plan, const struct yaml_node *root)
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
        take_values(spec, axis, sweep_is_sampled(plan), axes->items[i]);
        if (strncmp(axis->path, "instructions.", strlen("instructions.")) == 0)
            check_instruction(spec, plan, axis, axes, derive);
    }
    for (int i = 0; i < derived; i++) {
        struct sweep_axis *axis = &plan->axes[plan->axis_count + plan->derived_count++];
        *axis = (struct sweep_axis){.path = derive->keys[i]->text, .key = derive->keys[i], .expression = derive->items[i]};
        check_path(spec, derive->keys[i]);
        if (strncmp(axis->path, "instructions.", strlen("instructions.")) == 0)
            check_instruction(spec, plan, axis, axes, derive);
        if (yaml_get(axes, derive->keys[i]->text))
            spec_error(spec, derive->keys[i], "found `%s` in `derive`, which is an axis already", derive->keys[i]->text);
    }
}
