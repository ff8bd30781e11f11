/* view_sensitivity.c - see view_sensitivity.h. */
#include "cli/sweep/view_sensitivity.h"

#include "cli/sweep/plan.h"
#include "core/arena.h"
#include "core/memory.h"

#include <inttypes.h>
#include <math.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

static const char as_base[] = "(base)"; /* the value of an axis that a point does not set */
enum { MOST_DERIVED_NAMED = 4 };

struct level { /* the points that have one value of an axis */
    const char *text;
    size_t count;
    double sum;               /* of the metric, or of its logarithm */
    const char *meaning;      /* equal for values that are written differently, around a centre */
};

struct axis {
    const char *name;
    struct level *levels;
    size_t count, capacity;
    json_t *numbers;          /* of levels, by text */
    uint32_t *of_point;       /* the number of each point's level */
};

struct axes {
    struct axis *list;
    size_t count;
};

/* ---- values of axes ---- */

/* As the sweep file has it. */
static const char *value_text(struct arena *arena, const json_t *setting)
{
    if (!setting)
        return as_base;
    if (json_is_string(setting))
        return arena_copy(arena, json_string_value(setting), json_string_length(setting));
    char *dumped = json_dumps(setting, JSON_ENCODE_ANY | JSON_REAL_PRECISION(12));
    const char *text = arena_copy(arena, dumped, strlen(dumped));
    free(dumped);
    return text;
}

static uint32_t level_number(struct arena *arena, struct axis *axis, const json_t *setting)
{
    const char *text = value_text(arena, setting);
    const json_t *known = json_object_get(axis->numbers, text);
    if (known)
        return (uint32_t)json_integer_value(known);
    if (axis->count == axis->capacity) {
        axis->capacity = axis->capacity ? 2 * axis->capacity : 16;
        struct level *larger = ARENA_ARRAY(arena, struct level, axis->capacity);
        if (axis->count)
            memcpy(larger, axis->levels, axis->count * sizeof *larger);
        axis->levels = larger;
    }
    axis->levels[axis->count] = (struct level){.text = text};
    json_object_set_new(axis->numbers, text, json_integer((json_int_t)axis->count));
    return (uint32_t)axis->count++;
}

static void read_axes(struct sensitivity *sensitivity, struct axes *axes)
{
    const struct view_table *table = &sensitivity->table;
    struct arena *arena = sensitivity->arena;
    json_t *names = json_object(), *value;
    const char *name;
    for (size_t i = 0; i < table->count; i++)
        json_object_update_missing(names, table->points[i].json);
    axes->list = ARENA_ARRAY(arena, struct axis, json_object_size(names) + 1);
    json_object_foreach(names, name, value) {
        struct axis *axis = &axes->list[axes->count++];
        *axis = (struct axis){.name = arena_copy(arena, name, strlen(name)), .numbers = json_object()};
        axis->of_point = ARENA_ARRAY(arena, uint32_t, table->count + 1);
        for (size_t i = 0; i < table->count; i++)
            axis->of_point[i] = level_number(arena, axis, json_object_get(table->points[i].json, name));
        json_decref(axis->numbers);
    }
    json_decref(names);
}

/* ---- means and variance ---- */

static double mean_of(const struct level *level)
{
    return level->sum / (double)level->count;
}

static double ratio_of(double least, double most)
{
    return least > 0 ? most / least : 0;
}

/* The means at the axis' best and worst value, and the share of the variance that lies between its values. */
static struct sensitivity_row measure(const struct view_table *table, struct axis *axis)
{
    double sum = 0, squares = 0, between = 0;
    for (size_t i = 0; i < table->count; i++) {
        double value = table->logarithmic ? log(table->points[i].values[0]) : table->points[i].values[0];
        struct level *level = &axis->levels[axis->of_point[i]];
        level->count++;
        level->sum += value;
        sum += value;
        squares += value * value;
    }
    double mean = sum / (double)table->count, variance = squares - sum * mean;
    const struct level *least = axis->levels, *most = axis->levels;
    for (size_t i = 0; i < axis->count; i++) {
        const struct level *level = &axis->levels[i];
        double difference = mean_of(level) - mean;
        between += (double)level->count * difference * difference;
        least = mean_of(level) < mean_of(least) ? level : least;
        most = mean_of(level) > mean_of(most) ? level : most;
    }
    double low = table->logarithmic ? exp(mean_of(least)) : mean_of(least);
    double high = table->logarithmic ? exp(mean_of(most)) : mean_of(most);
    return (struct sensitivity_row){axis->name, axis->count, low, high, least->text, most->text, ratio_of(low, high),
                                    variance > 1e-12 * squares ? 100 * between / variance : 0};
}

/* ---- one axis at a time ---- */

static struct yaml_node *read_base(struct results *results, int64_t base, struct arena *arena)
{
    sqlite3_stmt *rows = NULL;
    struct diag ignored;
    struct yaml_node *tree = NULL;
    diag_init(&ignored);
    if (sqlite3_prepare_v2(results->database, "SELECT spec FROM bases WHERE id = ?", -1, &rows, NULL) == SQLITE_OK) {
        sqlite3_bind_int64(rows, 1, base);
        const char *spec = sqlite3_step(rows) == SQLITE_ROW ? (const char *)sqlite3_column_text(rows, 0) : "";
        tree = yaml_parse(arena, "base", spec, strlen(spec), &ignored);
    }
    sqlite3_finalize(rows);
    diag_free(&ignored);
    return tree;
}

/* What the base has at an axis, as settings have it. */
static const char *base_text(struct yaml_node *tree, const char *path)
{
    const struct yaml_node *node = tree ? sweep_tree_find(tree, path) : NULL;
    if (node && node->kind == YAML_SCALAR)
        return node->text;
    bool is_switch = strncmp(path, "instructions.", 13) == 0 && !strchr(path + 13, '.');
    return is_switch ? node ? "on" : "off" : as_base;
}

/* Booleans and numbers are written in several ways. */
static const char *meaning_of(struct arena *arena, const char *text)
{
    static const char *const words[][2] = {{"true", "on"}, {"yes", "on"}, {"false", "off"}, {"no", "off"}};
    char *end;
    double number = strtod(text, &end);
    if (*text && !*end)
        return arena_printf(arena, "%.12g", number);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(text, words[i][0]) == 0)
            return words[i][1];
    return text;
}

static void give_meanings(struct sensitivity *sensitivity, struct axes *axes, struct yaml_node *base)
{
    for (size_t i = 0; i < axes->count; i++)
        for (size_t k = 0; k < axes->list[i].count; k++) {
            struct level *level = &axes->list[i].levels[k];
            const char *text = level->text == as_base ? base_text(base, axes->list[i].name) : level->text;
            level->meaning = meaning_of(sensitivity->arena, text);
        }
}

static bool same_value(const struct axis *axis, size_t left, size_t right)
{
    return axis->of_point[left] == axis->of_point[right] ||
           strcmp(axis->levels[axis->of_point[left]].meaning, axis->levels[axis->of_point[right]].meaning) == 0;
}

/* The axis in which two points differ; -1: in none, or in several. */
static int only_difference(const struct axes *axes, size_t left, size_t right)
{
    int found = -1;
    for (size_t i = 0; i < axes->count; i++) {
        if (same_value(&axes->list[i], left, right))
            continue;
        if (found >= 0)
            return -1;
        found = (int)i;
    }
    return found;
}

/* The point in which every axis is as in its base. */
static bool is_base(const struct sensitivity *sensitivity, const struct axes *axes, struct yaml_node *base, size_t point)
{
    for (size_t i = 0; i < axes->count; i++) {
        const struct axis *axis = &axes->list[i];
        const struct level *level = &axis->levels[axis->of_point[point]];
        if (strcmp(level->meaning, meaning_of(sensitivity->arena, base_text(base, axis->name))) != 0)
            return false;
    }
    return true;
}

static void add_centre(struct sensitivity *sensitivity, const struct axes *axes, size_t centre, const char *name)
{
    const struct view_table *table = &sensitivity->table;
    const struct view_point *points = table->points;
    struct sensitivity_centre *added = &sensitivity->centres[sensitivity->centre_count++];
    size_t *least = checked_alloc(2 * axes->count + 1, sizeof *least), *most = least + axes->count;
    size_t *counts = checked_alloc(axes->count + 1, sizeof *counts);
    *added = (struct sensitivity_centre){name, points[centre].id, points[centre].values[0], points[centre].settings,
                                         ARENA_ARRAY(sensitivity->arena, struct sensitivity_row, axes->count + 1), 0};
    for (size_t i = 0; i < axes->count; i++)
        least[i] = most[i] = centre;
    for (size_t i = 0; i < table->count; i++) {
        int at = points[i].base == points[centre].base ? only_difference(axes, i, centre) : -1;
        if (at < 0)
            continue;
        counts[at]++;
        least[at] = points[i].values[0] < points[least[at]].values[0] ? i : least[at];
        most[at] = points[i].values[0] > points[most[at]].values[0] ? i : most[at];
    }
    for (size_t i = 0; i < axes->count; i++) {
        const struct axis *axis = &axes->list[i];
        double low = points[least[i]].values[0], high = points[most[i]].values[0];
        if (counts[i])
            added->rows[added->row_count++] = (struct sensitivity_row){
                axis->name, counts[i] + 1, low, high, axis->levels[axis->of_point[least[i]]].text,
                axis->levels[axis->of_point[most[i]]].text, ratio_of(low, high), 0};
    }
    free(least);
    free(counts);
}

static void find_centres(struct sensitivity *sensitivity, struct results *results, struct axes *axes)
{
    const struct view_table *table = &sensitivity->table;
    size_t best = 0, base_point = table->count;
    for (size_t i = 1; i < table->count; i++) {
        double value = table->points[i].values[0], least = table->points[best].values[0];
        best = (table->larger_first[0] ? value > least : value < least) ? i : best;
    }
    if (!table->count)
        return;
    struct yaml_node *base = read_base(results, table->points[best].base, sensitivity->arena);
    give_meanings(sensitivity, axes, base);
    for (size_t i = 0; i < table->count && base_point == table->count; i++)
        if (table->points[i].base == table->points[best].base && is_base(sensitivity, axes, base, i))
            base_point = i;
    if (base_point < table->count)
        add_centre(sensitivity, axes, base_point, best == base_point ? "the base, which is the best point" : "the base");
    if (best != base_point)
        add_centre(sensitivity, axes, best, "the best point");
}

/* ---- all of it ---- */

static void list_derived(struct sensitivity *sensitivity, struct results *results)
{
    sqlite3_stmt *rows = NULL;
    struct buffer names = {0};
    if (sqlite3_prepare_v2(results->database, "SELECT DISTINCT e.key FROM derived d, json_each(d.settings) e ORDER BY e.key", -1,
                           &rows, NULL) == SQLITE_OK)
        while (sqlite3_step(rows) == SQLITE_ROW)
            buffer_printf(&names, "%s%s", sensitivity->derived_count++ ? ", " : "", (const char *)sqlite3_column_text(rows, 0));
    sqlite3_finalize(rows);
    sensitivity->derived = arena_copy(sensitivity->arena, names.size ? names.bytes : "", names.size);
    buffer_free(&names);
}

bool sensitivity_load(struct results *results, const struct view_options *options, const char *metric,
                      struct sensitivity *sensitivity, struct diag *diag)
{
    struct axes axes = {NULL, 0};
    *sensitivity = (struct sensitivity){.arena = NULL};
    if (!view_table_load(results, options, metric, &sensitivity->table, diag))
        return false;
    sensitivity->arena = arena_new();
    read_axes(sensitivity, &axes);
    sensitivity->rows = ARENA_ARRAY(sensitivity->arena, struct sensitivity_row, axes.count + 1);
    for (; sensitivity->row_count < axes.count && sensitivity->table.count; sensitivity->row_count++)
        sensitivity->rows[sensitivity->row_count] = measure(&sensitivity->table, &axes.list[sensitivity->row_count]);
    find_centres(sensitivity, results, &axes);
    list_derived(sensitivity, results);
    return true;
}

void sensitivity_free(struct sensitivity *sensitivity)
{
    view_table_free(&sensitivity->table);
    if (sensitivity->arena)
        arena_free(sensitivity->arena);
}

static void write_rows(const struct sensitivity_row *rows, size_t count, const char *least, const char *most, bool shares,
                       struct buffer *text)
{
    buffer_printf(text, "  %-34s %6s  %16s    %-16s  %16s    %-16s  %8s%s\n", "axis", "values", least, "at", most, "at", "ratio",
                  shares ? "  of var." : "");
    for (size_t i = 0; i < count; i++) {
        const struct sensitivity_row *row = &rows[i];
        buffer_printf(text, "  %-34s %6zu  %16.1f at %-16.16s  %16.1f at %-16.16s  %8.4f", row->axis, row->values, row->least,
                      row->least_at, row->most, row->most_at, row->ratio);
        if (shares)
            buffer_printf(text, "  %6.1f%%", row->share);
        buffer_add_byte(text, '\n');
    }
}

void sensitivity_write(const struct sensitivity *sensitivity, struct buffer *text)
{
    const struct view_table *table = &sensitivity->table;
    buffer_printf(text, "Sensitivity of %s (%s), %zu points\n", table->shown[0],
                  view_table_mean(table, 0), table->count);
    write_rows(sensitivity->rows, sensitivity->row_count, "mean, least", "mean, most", true, text);
    if (sensitivity->derived_count > MOST_DERIVED_NAMED)
        buffer_printf(text, "  (and %zu keys that `derive` computes of these)\n", sensitivity->derived_count);
    else if (sensitivity->derived_count)
        buffer_printf(text, "  (and what `derive` computes of these: %s)\n", sensitivity->derived);
    for (int i = 0; i < sensitivity->centre_count; i++) {
        const struct sensitivity_centre *centre = &sensitivity->centres[i];
        buffer_printf(text, "One axis at a time around %s: point %" PRId64 ", %s %.1f\n", centre->name, centre->point,
                      table->shown[0], centre->value);
        if (centre->row_count)
            write_rows(centre->rows, centre->row_count, "least", "most", false, text);
        else
            buffer_add_text(text, "  no other point differs from it in one axis only\n");
    }
}
