/* view.c - results of sweeps on the terminal: see view.h. */
#include "cli/sweep/view_sensitivity.h"
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

static bool show_best(struct results *results, const struct view_options *options, const char *metrics, struct buffer *text,
                      struct diag *diag)
{
    struct view_table table;
    if (!view_table_load(results, options, metrics, &table, diag))
        return false;
    view_table_sort(&table);
    buffer_printf(text, "Best by %s%s (%s), %zu of %zu points\n", table.larger_first[0] ? "most " : "", table.shown[0],
                  view_table_mean(&table, 0), (size_t)options->top < table.count ? (size_t)options->top : table.count, table.count);
    add_heading(&table, table.metric_count, text);
    for (size_t i = 0; i < table.count && i < (size_t)options->top; i++)
        add_point_line(&table.points[i], table.metric_count, text);
    view_table_free(&table);
    return true;
}

static bool show_pareto(struct results *results, const struct view_options *options, const char *metrics, struct buffer *text,
                        struct diag *diag)
{
    struct view_table table;
    if (!view_table_load_two(results, options, metrics, &table, diag))
        return false;
    size_t all = table.count;
    view_table_keep_front(&table);
    buffer_printf(text, "Pareto front of %s%s and %s%s (%s), %zu of %zu points\n", table.larger_first[0] ? "most " : "",
                  table.shown[0], table.larger_first[1] ? "most " : "", table.shown[1],
                  view_table_mean(&table, table.programs[0] ? 1 : 0), table.count, all);
    add_heading(&table, 2, text);
    for (size_t i = 0; i < table.count; i++)
        add_point_line(&table.points[i], 2, text);
    view_table_free(&table);
    return true;
}

static bool show_sensitivity(struct results *results, const struct view_options *options, struct buffer *text,
                             struct diag *diag)
{
    struct sensitivity sensitivity;
    if (!sensitivity_load(results, options, options->sensitivity, &sensitivity, diag))
        return false;
    sensitivity_write(&sensitivity, text);
    sensitivity_free(&sensitivity);
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
