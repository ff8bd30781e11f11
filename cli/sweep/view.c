/* view.c - results of sweeps on the terminal: see view.h. */
#include "cli/sweep/view_table.h"
#include "cli/sweep/view_where.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

/* ---- tables of points ---- */

static void add_point_line(const struct view_point *point, int metrics, struct buffer *text)
{
    buffer_printf(text, "  %8" PRId64, point->id);
    for (int i = 0; i < metrics; i++)
        buffer_printf(text, "  %20.*f", point->values[i] == floor(point->values[i]) ? 0 : 1, point->values[i]);
    buffer_printf(text, "  %s\n", point->settings);
}

static void add_heading(const struct view_table *table, int metrics, struct buffer *text)
{
    buffer_printf(text, "  %8s", "point");
    for (int i = 0; i < metrics; i++)
        buffer_printf(text, "  %20s", table->shown[i]);
    buffer_add_text(text, "  settings\n");
}

static const char *mean_of(const struct view_table *table, int metric)
{
    return table->programs[metric] ? "one program" : table->mean;
}

static int compare_first(const void *left, const void *right)
{
    const struct view_point *a = left, *b = right;
    for (int i = 0; i < VIEW_MAX_METRICS; i++)
        if (a->values[i] != b->values[i])
            return a->values[i] < b->values[i] ? -1 : 1;
    return a->id < b->id ? -1 : a->id > b->id;
}

/* Where more is better, what is compared is the metric's negative. Done twice, it is undone. */
static void negate_larger(struct view_table *table)
{
    for (size_t i = 0; i < table->count; i++)
        for (int k = 0; k < table->metric_count; k++)
            if (table->larger_first[k])
                table->points[i].values[k] = -table->points[i].values[k];
}

static void sort_points(struct view_table *table)
{
    negate_larger(table);
    qsort(table->points, table->count, sizeof *table->points, compare_first);
    negate_larger(table);
}

static bool show_best(struct results *results, const struct view_options *options, const char *metrics, struct buffer *text,
                      struct diag *diag)
{
    struct view_table table;
    if (!view_table_load(results, options, metrics, &table, diag))
        return false;
    sort_points(&table);
    buffer_printf(text, "Best by %s%s (%s), %zu of %zu points\n", table.larger_first[0] ? "most " : "", table.shown[0],
                  mean_of(&table, 0), (size_t)options->top < table.count ? (size_t)options->top : table.count, table.count);
    add_heading(&table, table.metric_count, text);
    for (size_t i = 0; i < table.count && i < (size_t)options->top; i++)
        add_point_line(&table.points[i], table.metric_count, text);
    view_table_free(&table);
    return true;
}

/* Sorted by the first metric, a point is on the front when its second is below all before it. */
static bool show_pareto(struct results *results, const struct view_options *options, const char *metrics, struct buffer *text,
                        struct diag *diag)
{
    struct view_table table;
    if (!view_table_load(results, options, metrics, &table, diag))
        return false;
    if (table.metric_count != 2) {
        view_table_free(&table);
        return diag_error(diag, NULL, 0, 0, "--pareto: found '%s', expected two metrics with a comma: cycles,code_bytes",
                          metrics);
    }
    sort_points(&table);
    double least = INFINITY, sign = table.larger_first[1] ? -1 : 1;
    size_t front = 0;
    struct buffer lines = {0};
    for (size_t i = 0; i < table.count; i++) {
        if (sign * table.points[i].values[1] >= least)
            continue;
        least = sign * table.points[i].values[1];
        add_point_line(&table.points[i], 2, &lines);
        front++;
    }
    buffer_printf(text, "Pareto front of %s%s and %s%s (%s), %zu of %zu points\n", table.larger_first[0] ? "most " : "",
                  table.shown[0], table.larger_first[1] ? "most " : "", table.shown[1], mean_of(&table, table.programs[0] ? 1 : 0), front, table.count);
    add_heading(&table, 2, text);
    buffer_add(text, lines.bytes, lines.size);
    buffer_free(&lines);
    view_table_free(&table);
    return true;
}

/* ---- sensitivity ---- */

struct level { /* the points that have one value of an axis */
    char *value;
    size_t count;
    double sum;  /* of the metric, or of its logarithm */
};

struct axis_levels {
    struct level *levels;
    size_t count, capacity;
};

static struct level *find_level(struct axis_levels *axis, const char *value)
{
    for (size_t i = 0; i < axis->count; i++)
        if (strcmp(axis->levels[i].value, value) == 0)
            return &axis->levels[i];
    if (axis->count == axis->capacity) {
        axis->capacity = axis->capacity ? 2 * axis->capacity : 16;
        axis->levels = realloc(axis->levels, axis->capacity * sizeof *axis->levels);
        if (!axis->levels)
            abort();
    }
    axis->levels[axis->count] = (struct level){strdup(value), 0, 0};
    return &axis->levels[axis->count++];
}

/* An axis' line: the means at its best and worst value, and the share of the variance that lies between its values. */
static void add_axis(const struct view_table *table, const char *name, struct buffer *text)
{
    struct axis_levels axis = {0};
    double sum = 0, squares = 0, between = 0;
    for (size_t i = 0; i < table->count; i++) {
        double value = table->logarithmic ? log(table->points[i].values[0]) : table->points[i].values[0];
        const json_t *setting = json_object_get(table->points[i].json, name);
        char *shown = setting ? json_dumps(setting, JSON_ENCODE_ANY) : strdup("(base)");
        struct level *level = find_level(&axis, shown);
        level->count++;
        level->sum += value;
        sum += value;
        squares += value * value;
        free(shown);
    }
    double mean = sum / (double)table->count, variance = squares - sum * mean;
    const struct level *least = axis.levels, *most = axis.levels;
    for (size_t i = 0; i < axis.count; i++) {
        const struct level *level = &axis.levels[i];
        double difference = level->sum / (double)level->count - mean;
        between += (double)level->count * difference * difference;
        if (level->sum / (double)level->count < least->sum / (double)least->count)
            least = level;
        if (level->sum / (double)level->count > most->sum / (double)most->count)
            most = level;
    }
    double low = least->sum / (double)least->count, high = most->sum / (double)most->count;
    if (table->logarithmic) {
        low = exp(low);
        high = exp(high);
    }
    double share = variance > 1e-12 * squares ? 100 * between / variance : 0;
    buffer_printf(text, "  %-32s %6zu  %16.1f at %-16.16s  %16.1f at %-16.16s  %8.4f  %6.1f%%\n", name, axis.count, low,
                  least->value, high, most->value, low > 0 ? high / low : 0, share);
    for (size_t i = 0; i < axis.count; i++)
        free(axis.levels[i].value);
    free(axis.levels);
}

static bool show_sensitivity(struct results *results, const struct view_options *options, struct buffer *text,
                             struct diag *diag)
{
    struct view_table table;
    if (!view_table_load(results, options, options->sensitivity, &table, diag))
        return false;
    buffer_printf(text, "Sensitivity of %s (%s), %zu points\n", table.shown[0], mean_of(&table, 0), table.count);
    buffer_printf(text, "  %-32s %6s  %16s    %-16s  %16s    %-16s  %8s  %7s\n", "axis", "values", "mean, least", "at",
                  "mean, most", "at", "ratio", "of var.");
    json_t *names = json_object();
    for (size_t i = 0; i < table.count; i++)
        json_object_update_missing(names, table.points[i].json);
    const char *name;
    json_t *value;
    json_object_foreach(names, name, value)
        add_axis(&table, name, text);
    json_decref(names);
    view_table_free(&table);
    return true;
}

/* ---- all of it ---- */

static bool show_summary(struct results *results, struct buffer *text, struct diag *diag)
{
    static const char query[] =
        "SELECT p.label, r.tool, count(*), count(r.error), sum(r.how = 'executed'), min(r.cycles), max(r.cycles)"
        " FROM results r JOIN programs p ON p.id = r.program GROUP BY p.id, r.tool ORDER BY p.id, r.tool";
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(results->database, query, -1, &statement, NULL) != SQLITE_OK)
        return results_error(results, "cannot be read", diag);
    buffer_printf(text, "Results\n  %-28s %10s %10s %10s %16s %16s  %s\n", "program", "points", "invalid", "executed",
                  "least cycles", "most cycles", "tool");
    while (sqlite3_step(statement) == SQLITE_ROW)
        buffer_printf(text, "  %-28s %10lld %10lld %10lld %16lld %16lld  %s\n", sqlite3_column_text(statement, 0),
                      sqlite3_column_int64(statement, 2), sqlite3_column_int64(statement, 3), sqlite3_column_int64(statement, 4),
                      sqlite3_column_int64(statement, 5), sqlite3_column_int64(statement, 6), sqlite3_column_text(statement, 1));
    sqlite3_finalize(statement);
    return true;
}

/* The latest sweep's objectives: the front of the first two, and what is best by each. */
static void show_objectives(struct results *results, const struct view_options *options, struct buffer *text)
{
    char *objectives = results_objectives(results);
    struct diag none_yet; /* there may be no point that all programs have */
    diag_init(&none_yet);
    char *second = objectives ? strchr(objectives, '\n') + 1 : NULL;
    if (second && *second) {
        char *end = strchr(second, '\n') + 1, after = *end;
        *end = 0;
        show_pareto(results, options, objectives, text, &none_yet);
        *end = after;
    }
    for (char *start = objectives; start && *start && !none_yet.count;) {
        char *end = strchr(start, '\n') + 1, after = *end;
        *end = 0;
        show_best(results, options, start, text, &none_yet);
        *end = after;
        start = end;
    }
    for (size_t i = 0; i < none_yet.count; i++)
        buffer_printf(text, "No objectives: %s\n", none_yet.entries[i].text);
    diag_free(&none_yet);
    free(objectives);
}

bool view_show(struct results *results, const struct view_options *options, struct buffer *text, struct diag *diag)
{
    bool good = true, is_plain = !options->best && !options->pareto && !options->sensitivity;
    if (options->chosen) {
        buffer_printf(text, "Where %s: %zu of %zu points\n", options->where, options->chosen->count, options->chosen->all);
        if (!options->chosen->count || is_plain)
            return !options->chosen->count || show_best(results, options, "cycles,instructions,code_bytes", text, diag);
    }
    if (is_plain) {
        if (!show_summary(results, text, diag))
            return false;
        show_objectives(results, options, text);
        return true;
    }
    if (options->best)
        good = show_best(results, options, options->best, text, diag);
    if (good && options->pareto)
        good = show_pareto(results, options, options->pareto, text, diag);
    if (good && options->sensitivity)
        good = show_sensitivity(results, options, text, diag);
    return good;
}
