/* view_markdown.c - a report of a sweep's results in Markdown, to be pasted. */
#include "cli/sweep/view_sensitivity.h"
#include "cli/sweep/view_where.h"

#include <inttypes.h>
#include <math.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ON_FRONT = 50 };
static const char usual_objectives[] = "cycles\ncode_bytes\n";

/* ---- cells ---- */

static void add_cell(struct buffer *text, const char *cell)
{
    for (const char *c = cell; *c; c++) {
        if (*c == '|' || *c == '\\')
            buffer_add_byte(text, '\\');
        buffer_add_byte(text, *c == '\n' ? ' ' : (uint8_t)*c);
    }
}

static void add_number(struct buffer *text, double value)
{
    buffer_printf(text, "%.*f", value == floor(value) ? 0 : 1, value);
}

/* `registers.count: 8`, ... */
static void add_settings(struct buffer *text, const json_t *settings)
{
    const char *name;
    json_t *value;
    bool first = true;
    json_object_foreach((json_t *)(uintptr_t)settings, name, value) {
        char *shown = json_is_string(value) ? strdup(json_string_value(value))
                                            : json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(12));
        buffer_printf(text, "%s`", first ? "" : ", ");
        add_cell(text, name);
        buffer_add_text(text, ": ");
        add_cell(text, shown);
        buffer_add_byte(text, '`');
        free(shown);
        first = false;
    }
    if (first)
        buffer_add_text(text, "as the base");
}

static void add_points(struct buffer *text, const struct view_table *table, size_t most)
{
    buffer_add_text(text, "| point |");
    for (int i = 0; i < table->metric_count; i++) {
        buffer_add_byte(text, ' ');
        add_cell(text, table->shown[i]);
        buffer_add_text(text, " |");
    }
    buffer_add_text(text, " settings |\n|---:|");
    for (int i = 0; i < table->metric_count; i++)
        buffer_add_text(text, "---:|");
    buffer_add_text(text, "---|\n");
    for (size_t i = 0; i < table->count && i < most; i++) {
        const struct view_point *point = &table->points[i];
        buffer_printf(text, "| %" PRId64 " |", point->id);
        for (int k = 0; k < table->metric_count; k++) {
            buffer_add_byte(text, ' ');
            add_number(text, point->values[k]);
            buffer_add_text(text, " |");
        }
        buffer_add_byte(text, ' ');
        add_settings(text, point->json);
        buffer_add_text(text, " |\n");
    }
    buffer_add_byte(text, '\n');
}

/* ---- parts ---- */

static void add_metric(struct buffer *text, const struct view_table *table, int metric)
{
    buffer_printf(text, "%s `%s`", table->larger_first[metric] ? "most" : "least", table->shown[metric]);
}

static bool add_best(struct results *results, const struct view_options *options, const char *metric, struct buffer *text,
                     struct diag *diag)
{
    struct view_table table;
    if (!view_table_load(results, options, metric, &table, diag))
        return false;
    view_table_sort(&table);
    size_t listed = (size_t)options->top < table.count ? (size_t)options->top : table.count;
    buffer_add_text(text, "## Best: ");
    add_metric(text, &table, 0);
    buffer_printf(text, "\n\n%s; %zu of %zu points.\n\n", view_table_mean(&table, 0), listed, table.count);
    add_points(text, &table, listed);
    view_table_free(&table);
    return true;
}

static bool add_front(struct results *results, const struct view_options *options, const char *metrics, struct buffer *text,
                      struct diag *diag)
{
    struct view_table table;
    if (!view_table_load_two(results, options, metrics, &table, diag))
        return false;
    size_t all = table.count;
    view_table_keep_front(&table);
    buffer_add_text(text, "## Front: ");
    add_metric(text, &table, 0);
    buffer_add_text(text, " and ");
    add_metric(text, &table, 1);
    buffer_printf(text, "\n\nThe points than which no other is better by both; %s; %zu of %zu points.\n\n",
                  view_table_mean(&table, table.programs[0] ? 1 : 0), table.count, all);
    add_points(text, &table, MOST_ON_FRONT);
    if (table.count > MOST_ON_FRONT)
        buffer_printf(text, "%zu more are not listed.\n\n", table.count - MOST_ON_FRONT);
    view_table_free(&table);
    return true;
}

static void add_rows(struct buffer *text, const struct sensitivity_row *rows, size_t count, const char *least, const char *most,
                     bool shares)
{
    buffer_printf(text, "| axis | values | %s | at | %s | at | ratio |%s\n|---|---:|---:|---|---:|---|---:|%s\n", least, most,
                  shares ? " of the variance |" : "", shares ? "---:|" : "");
    for (size_t i = 0; i < count; i++) {
        const struct sensitivity_row *row = &rows[i];
        buffer_printf(text, "| `%s` | %zu | %.1f | ", row->axis, row->values, row->least);
        add_cell(text, row->least_at);
        buffer_printf(text, " | %.1f | ", row->most);
        add_cell(text, row->most_at);
        buffer_printf(text, " | %.4f |", row->ratio);
        if (shares)
            buffer_printf(text, " %.1f%% |", row->share);
        buffer_add_byte(text, '\n');
    }
    buffer_add_byte(text, '\n');
}

static bool add_sensitivity(struct results *results, const struct view_options *options, const char *metric, struct buffer *text,
                            struct diag *diag)
{
    struct sensitivity sensitivity;
    if (!sensitivity_load(results, options, metric, &sensitivity, diag))
        return false;
    const struct view_table *table = &sensitivity.table;
    buffer_printf(text, "## Sensitivity of `%s`\n\nMeans of the values of each axis, and the share of the variance that lies "
                  "between them; %s, %zu points.\n\n", table->shown[0], view_table_mean(table, 0), table->count);
    add_rows(text, sensitivity.rows, sensitivity.row_count, "mean, least", "mean, most", true);
    if (sensitivity.derived_count)
        buffer_printf(text, "Computed of these axes: `%s`.\n\n", sensitivity.derived);
    for (int i = 0; i < sensitivity.centre_count; i++) {
        const struct sensitivity_centre *centre = &sensitivity.centres[i];
        buffer_printf(text, "One axis at a time around %s, point %" PRId64 " (%.1f):\n\n", centre->name, centre->point,
                      centre->value);
        if (centre->row_count)
            add_rows(text, centre->rows, centre->row_count, "least", "most", false);
        else
            buffer_add_text(text, "No other point differs from it in one axis only.\n\n");
    }
    sensitivity_free(&sensitivity);
    return true;
}

/* ---- where the figures are from ---- */

/* Rows of the query become rows of a table. */
static bool add_table(struct results *results, char *query, const char *heading, struct buffer *text, struct diag *diag)
{
    sqlite3_stmt *rows;
    bool good = sqlite3_prepare_v2(results->database, query, -1, &rows, NULL) == SQLITE_OK ||
                results_error(results, "cannot be read", diag);
    sqlite3_free(query);
    buffer_add_text(text, heading);
    while (good && sqlite3_step(rows) == SQLITE_ROW) {
        buffer_add_byte(text, '|');
        for (int i = 0; i < sqlite3_column_count(rows); i++) {
            const char *cell = (const char *)sqlite3_column_text(rows, i);
            buffer_add_byte(text, ' ');
            add_cell(text, cell ? cell : "");
            buffer_add_text(text, " |");
        }
        buffer_add_byte(text, '\n');
    }
    buffer_add_byte(text, '\n');
    sqlite3_finalize(rows);
    return good;
}

static bool add_provenance(struct results *results, const struct view_options *options, const char *tool, struct buffer *text,
                           struct diag *diag)
{
    const char *name = strrchr(results->path, '/') ? strrchr(results->path, '/') + 1 : results->path;
    buffer_add_text(text, "## Where the figures are from\n\n");
    if (!add_table(results, sqlite3_mprintf(
            "SELECT g.label, count(*), count(r.error), sum(r.how = 'executed'), min(r.cycles), max(r.cycles) FROM results r"
            " JOIN programs g ON g.id = r.program WHERE r.tool = '%q' GROUP BY g.id ORDER BY g.id", tool),
            "| program | results | no valid ISA | executed | least cycles | most cycles |\n|---|---:|---:|---:|---:|---:|\n", text,
            diag) ||
        !add_table(results, sqlite3_mprintf("SELECT name, points, replace(trim(objectives, char(10)), char(10), ', ')"
                                            " FROM definitions ORDER BY id"),
                   "| sweep | points | objectives |\n|---|---|---|\n", text, diag) ||
        !add_table(results, sqlite3_mprintf("SELECT name, key FROM bases ORDER BY id"), "| base | key |\n|---|---|\n", text, diag))
        return false;
    if (options->where)
        buffer_printf(text, "Only points where `%s`.\n\n", options->where);
    buffer_printf(text, "Computed by hybridsim %s, read from `%s`. A point's whole spec, with which a run counts the same: "
                  "`hybridsim sweep spec %s POINT -o my.yaml`.\n", tool, name, name);
    return true;
}

/* ---- all of it ---- */

/* Each line of the objectives. */
static bool add_objectives(struct results *results, const struct view_options *options, const char *objectives,
                           struct buffer *text, struct diag *diag)
{
    const char *first_end = strchr(objectives, '\n') + 1, *second_end = *first_end ? strchr(first_end, '\n') + 1 : first_end;
    bool good = true;
    if (options->pareto || *first_end) {
        char *two = strndup(objectives, (size_t)(second_end - objectives));
        good = add_front(results, options, options->pareto ? options->pareto : two, text, diag);
        free(two);
    }
    if (options->best)
        return good && add_best(results, options, options->best, text, diag);
    for (const char *start = objectives; good && *start; start = strchr(start, '\n') + 1) {
        char *one = strndup(start, strcspn(start, "\n") + 1);
        good = add_best(results, options, one, text, diag);
        free(one);
    }
    return good;
}

bool view_markdown(struct results *results, const struct view_options *options, struct buffer *text, struct diag *diag)
{
    char *tool = view_tool(results, options, diag), *objectives = results_objectives(results);
    if (!objectives)
        objectives = strdup(usual_objectives);
    char *first = strndup(objectives, strcspn(objectives, "\n") + 1);
    sqlite3_stmt *row = NULL;
    bool good = tool != NULL;
    if (good && sqlite3_prepare_v2(results->database, "SELECT name FROM definitions ORDER BY id DESC LIMIT 1", -1, &row, NULL) ==
                    SQLITE_OK && sqlite3_step(row) == SQLITE_ROW)
        buffer_printf(text, "# Sweep %s\n\n", (const char *)sqlite3_column_text(row, 0));
    sqlite3_finalize(row);
    if (good && options->chosen && !options->chosen->count)
        buffer_printf(text, "No point is where `%s`.\n\n", options->where);
    else
        good = good && add_objectives(results, options, objectives, text, diag) &&
               add_sensitivity(results, options, options->sensitivity ? options->sensitivity : first, text, diag);
    good = good && add_provenance(results, options, tool, text, diag);
    free(first);
    free(objectives);
    free(tool);
    return good;
}
