/* view_page.c - see view_page.h. The page's points as JSON, in columns:
 *   {file, count, all, ids: delta,..., programs: [label], program, objectives: [{metric, program, most}],
 *    axes: [{name, base, derived, values: [JSON], numbers}], metrics: [{name, columns: [column]}], specs}
 * `numbers` are characters of an alphabet of 64, as many for each point as the count of values needs. A column is one program's
 * figures: {values: "ascending differences in base 36", numbers}, or 0 when it is that of the program before; a point without
 * result has the number after the last value's. `specs` is described in page_specs.h. */
#include "cli/sweep/view_page.h"

#include "cli/command_line.h"
#include "cli/sweep/page_specs.h"
#include "cli/sweep/plan.h"
#include "reports/page_provenance.h"
#include "reports/report.h"

#include "cli/sweep/view_table.h" /* libjansson defines json_boolean, which json_writer.h declares */

#include <inttypes.h>
#include <math.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

enum { DATA_BUDGET = 1900000, MOST_DATA = 2100000, MOST_DATA_AND_SPECS = 2240000 };

/* ---- columns ---- */

static int compare_reals(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return a < b ? -1 : a > b;
}

static void add_base36(struct buffer *text, uint64_t number)
{
    char digits[16];
    int at = sizeof digits;
    do {
        digits[--at] = "0123456789abcdefghijklmnopqrstuvwxyz"[number % 36];
        number /= 36;
    } while (number);
    buffer_add(text, digits + at, sizeof digits - (size_t)at);
}

/* The distinct values; NULL, and their count, sorted. */
static double *distinct_values(const double *figures, const bool *there, size_t count, size_t *distinct)
{
    double *values = malloc((count + 1) * sizeof *values);
    size_t found = 0;
    if (!values)
        abort();
    for (size_t i = 0; i < count; i++)
        if (there[i])
            values[found++] = figures[i];
    qsort(values, found, sizeof *values, compare_reals);
    *distinct = 0;
    for (size_t i = 0; i < found; i++)
        if (!i || values[i] != values[*distinct - 1])
            values[(*distinct)++] = values[i];
    return values;
}

static void write_column(const double *figures, const bool *there, size_t count, struct json_writer *json)
{
    struct buffer texts = {0}, numbers = {0};
    size_t distinct;
    double *values = distinct_values(figures, there, count, &distinct);
    int width = page_number_width(distinct);
    bool whole = true, all = true;
    for (size_t i = 0; i < distinct; i++)
        whole &= values[i] >= 0 && values[i] == floor(values[i]);
    for (size_t i = 0; i < distinct; i++) {
        if (i)
            buffer_add_byte(&texts, ' ');
        if (whole)
            add_base36(&texts, (uint64_t)(values[i] - (i ? values[i - 1] : 0)));
        else
            buffer_printf(&texts, "%.12g", values[i]);
    }
    for (size_t i = 0; i < count; i++) {
        all &= there[i];
        const double *value = there[i] ? bsearch(&figures[i], values, distinct, sizeof *values, compare_reals) : NULL;
        page_add_number(&numbers, value ? (size_t)(value - values) : distinct, width);
    }
    json_open(json, '{');
    json_key(json, whole ? "values" : "reals");
    json_text(json, texts.bytes ? texts.bytes : "");
    if (distinct != 1 || !all) {
        json_key(json, "numbers");
        json_text(json, numbers.bytes);
    }
    json_close(json, '}');
    buffer_free(&texts);
    buffer_free(&numbers);
    free(values);
}

static bool same_column(const struct page_points *points, const double *figures, size_t program)
{
    size_t count = points->count, at = program * count;
    return program && memcmp(figures + at, figures + at - count, count * sizeof *figures) == 0 &&
           memcmp(points->there + at, points->there + at - count, count * sizeof *points->there) == 0;
}

static void write_metric(const struct page_points *points, const struct page_metric *metric, struct json_writer *json)
{
    json_open(json, '{');
    json_key(json, "name");
    json_text(json, metric->name);
    json_key(json, "columns");
    json_open(json, '[');
    for (size_t program = 0; program < points->program_count; program++) {
        size_t at = program * points->count;
        if (same_column(points, metric->figures, program))
            json_number(json, 0);
        else
            write_column(metric->figures + at, points->there + at, points->count, json);
    }
    json_close(json, ']');
    json_close(json, '}');
}

/* As many as there is room for; the objectives' in any case. How many are left out. */
static size_t write_metrics(const struct page_points *points, const char *objectives, struct json_writer *json)
{
    static const char *const always[] = {"cycles", "code_bytes"};
    size_t left_out = 0;
    json_key(json, "metrics");
    json_open(json, '[');
    for (size_t i = 0; i < points->metric_count; i++) {
        struct buffer text = {0};
        struct json_writer inner = {.out = &text, .compact = true, .in_html = true};
        bool wanted = objectives && strstr(objectives, points->metrics[i].name);
        for (size_t k = 0; k < sizeof always / sizeof *always; k++)
            wanted |= strcmp(always[k], points->metrics[i].name) == 0;
        write_metric(points, &points->metrics[i], &inner);
        if (wanted || json->out->size + text.size < DATA_BUDGET)
            json_literal(json, text.bytes);
        else
            left_out++;
        buffer_free(&text);
    }
    json_close(json, ']');
    return left_out;
}

/* ---- axes, objectives ---- */

/* What the base of the first point has at the axis. */
static void write_base_value(struct yaml_node *tree, const char *path, struct json_writer *json)
{
    const struct yaml_node *node = tree ? sweep_tree_find(tree, path) : NULL;
    bool is_instruction = strncmp(path, "instructions.", 13) == 0 && !strchr(path + 13, '.');
    if (node && node->kind == YAML_SCALAR)
        json_text(json, node->text);
    else if (is_instruction)
        json_text(json, node ? "on" : "off");
    else
        json_literal(json, "null");
}

static struct yaml_node *read_base(struct results *results, int64_t base, struct arena *arena)
{
    sqlite3_stmt *rows = NULL;
    struct diag ignored;
    struct yaml_node *tree = NULL;
    diag_init(&ignored);
    char *query = sqlite3_mprintf("SELECT spec FROM bases WHERE id = %lld", (long long)base);
    if (sqlite3_prepare_v2(results->database, query, -1, &rows, NULL) == SQLITE_OK && sqlite3_step(rows) == SQLITE_ROW) {
        const char *spec = (const char *)sqlite3_column_text(rows, 0);
        tree = yaml_parse(arena, "base", spec, strlen(spec), &ignored);
    }
    sqlite3_finalize(rows);
    sqlite3_free(query);
    diag_free(&ignored);
    return tree;
}

static void write_axes(const struct page_points *points, struct results *results, struct json_writer *json)
{
    struct yaml_node *tree = read_base(results, points->bases[0], points->arena);
    json_key(json, "axes");
    json_open(json, '[');
    for (int i = 0; i < points->axis_count; i++) {
        const struct page_axis *axis = &points->axes[i];
        struct buffer numbers = {0};
        int width = page_number_width(axis->value_count);
        json_open(json, '{');
        json_key(json, "name");
        json_text(json, axis->name);
        json_key(json, "base");
        write_base_value(tree, axis->name, json);
        if (axis->derived) {
            json_key(json, "derived");
            json_literal(json, "true");
        }
        json_key(json, "values");
        json_open(json, '[');
        for (size_t k = 0; k < axis->value_count; k++)
            json_text(json, axis->texts[k]);
        json_close(json, ']');
        for (size_t k = 0; k < points->count; k++)
            page_add_number(&numbers, axis->numbers[k] == PAGE_AS_BASE ? axis->value_count : axis->numbers[k], width);
        json_key(json, "numbers");
        json_text(json, numbers.bytes);
        json_close(json, '}');
        buffer_free(&numbers);
    }
    json_close(json, ']');
}

static int program_number(const struct page_points *points, const char *label)
{
    for (size_t i = 0; label && i < points->program_count; i++)
        if (strcmp(points->programs[i], label) == 0)
            return (int)i;
    return -1;
}

/* As results_objectives has them: -METRIC@PROGRAM, one a line. */
static void write_objectives(const struct page_points *points, const char *objectives, struct json_writer *json)
{
    struct arena *arena = points->arena;
    json_key(json, "objectives");
    json_open(json, '[');
    while (objectives && *objectives) {
        size_t size = strcspn(objectives, "\n");
        bool most = *objectives == '-';
        char *metric = arena_copy(arena, objectives + most, size - most), *at = strchr(metric, '@');
        if (at)
            *at++ = 0;
        json_open(json, '{');
        json_key(json, "metric");
        json_text(json, metric);
        json_key(json, "program");
        json_signed(json, program_number(points, at));
        json_key(json, "most");
        json_literal(json, most ? "true" : "false");
        json_close(json, '}');
        objectives += size + (objectives[size] == '\n');
    }
    json_close(json, ']');
}

/* How many metrics there was no room for. */
static size_t write_points(const struct page_points *points, struct results *results, const struct view_options *options,
                           const char *objectives, struct buffer *out)
{
    struct json_writer json = {.out = out, .compact = true, .in_html = true};
    struct buffer ids = {0};
    const char *name = strrchr(results->path, '/');
    json_open(&json, '{');
    json_key(&json, "file");
    json_text(&json, name ? name + 1 : results->path);
    json_key(&json, "count");
    json_number(&json, points->count);
    json_key(&json, "all");
    json_number(&json, points->count + points->left_out);
    for (size_t i = 0; i < points->count; i++) {
        buffer_add_text(&ids, i ? " " : "");
        add_base36(&ids, (uint64_t)(points->ids[i] - (i ? points->ids[i - 1] : 0)));
    }
    json_key(&json, "ids");
    json_text(&json, ids.bytes);
    buffer_free(&ids);
    json_key(&json, "programs");
    json_open(&json, '[');
    for (size_t i = 0; i < points->program_count; i++)
        json_text(&json, points->programs[i]);
    json_close(&json, ']');
    json_key(&json, "program");
    json_signed(&json, program_number(points, options->program));
    write_objectives(points, objectives, &json);
    write_axes(points, results, &json);
    json_key(&json, "specs");
    page_specs_write(points, results, &json);
    size_t left_out = write_metrics(points, objectives, &json);
    json_close(&json, '}');
    return left_out;
}

/* ---- the page ---- */

static const char *query_text(struct results *results, struct arena *arena, char *query)
{
    sqlite3_stmt *rows = NULL;
    const char *text = "";
    if (sqlite3_prepare_v2(results->database, query, -1, &rows, NULL) == SQLITE_OK && sqlite3_step(rows) == SQLITE_ROW &&
        sqlite3_column_text(rows, 0))
        text = arena_copy(arena, sqlite3_column_text(rows, 0), (size_t)sqlite3_column_bytes(rows, 0));
    sqlite3_finalize(rows);
    sqlite3_free(query);
    return text;
}

/* What shows the same page of the same results. */
static const char *command_of(struct results *results, const struct view_options *options, struct arena *arena)
{
    const struct { const char *option, *value; } chosen[] = {
        {"--program", options->program}, {"--tool", options->tool}, {"--where", options->where}};
    struct buffer text = {0};
    buffer_add_text(&text, "hybridsim sweep show ");
    command_line_add_word(&text, results->path);
    for (size_t i = 0; i < sizeof chosen / sizeof *chosen; i++) {
        if (!chosen[i].value)
            continue;
        buffer_printf(&text, " %s ", chosen[i].option);
        command_line_add_word(&text, chosen[i].value);
    }
    buffer_add_text(&text, " --report PAGE.html");
    const char *command = arena_copy(arena, text.bytes, text.size);
    buffer_free(&text);
    return command;
}

enum { MOST_SPECS = 24 };

/* Those of the bases, in full, as far as there is room: a point's own is one of them with its settings. */
static void add_specs(struct page *page, struct results *results, size_t room)
{
    struct arena *arena = page_arena(page);
    sqlite3_stmt *rows = NULL;
    int count = 0, left_out = 0;
    if (sqlite3_prepare_v2(results->database, "SELECT name, spec FROM bases ORDER BY id", -1, &rows, NULL) != SQLITE_OK)
        return;
    while (sqlite3_step(rows) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(rows, 0), *spec = (const char *)sqlite3_column_text(rows, 1);
        size_t size = (size_t)sqlite3_column_bytes(rows, 1);
        if (!name || !spec || count == MOST_SPECS || size > room) {
            left_out++;
            continue;
        }
        room -= size;
        page_add_spec(page, count++, arena_copy(arena, name, strlen(name)), NULL, arena_copy(arena, spec, size));
    }
    sqlite3_finalize(rows);
    if (left_out)
        page_add_text(page, "specs-left-out", "Other bases",
                      arena_printf(arena, "The specs of %d more are not in this page: they are in the results.", left_out));
}

static void add_provenance(struct page *page, struct results *results, const struct view_options *options, const char *tool,
                           size_t room)
{
    struct arena *arena = page_arena(page);
    const struct page_fact facts[] = {
        {"command", command_of(results, options, arena)},
        {"results", results->path},
        {"sweeps", query_text(results, arena, sqlite3_mprintf("SELECT group_concat(name, ', ') FROM definitions"))},
        {"points by", query_text(results, arena, sqlite3_mprintf("SELECT group_concat(points, ', ') FROM definitions"))},
        {"bases", query_text(results, arena, sqlite3_mprintf("SELECT group_concat(name, ', ') FROM bases"))},
        {"programs", query_text(results, arena, sqlite3_mprintf("SELECT group_concat(label, ', ') FROM programs"))},
        {"points", query_text(results, arena, sqlite3_mprintf("SELECT count(DISTINCT point) FROM results WHERE tool = '%q'",
                                                              tool))},
        {"results of it", query_text(results, arena, sqlite3_mprintf("SELECT count(*) || ', ' || sum(how = 'executed') ||"
            " ' of them executed, ' || count(error) || ' of settings that are no ISA' FROM results WHERE tool = '%q'", tool))},
        {"shown where", options->where ? options->where : "everywhere"},
        {"computed by", tool}};
    page_add_provenance(page, facts, sizeof facts / sizeof *facts);
    add_specs(page, results, room);
}

static void add_views(struct page *page)
{
    page_add_tab(page, "overview", "Overview");
    page_add_view(page, "best", "best", "Best points", "Of each objective. Choose a point to see its settings, figures and spec.");
    page_add_view(page, "pareto", "pareto", "Pareto front", NULL);
    page_add_tab(page, "parallel-tab", "All axes");
    page_add_view(page, "parallel", "parallel", "Axes and metrics", NULL);
    page_add_tab(page, "heat", "Heat map");
    page_add_view(page, "heatmap", "heatmap", "Two axes", NULL);
    page_add_tab(page, "axes", "Sensitivity");
    page_add_view(page, "sensitivity", "sensitivity", "What each axis changes", NULL);
    page_add_tab(page, "points", "Points");
    page_add_view(page, "points", "points-table", "All points", NULL);
}

static const char *grouped(struct arena *arena, size_t number)
{
    struct buffer text = {0};
    report_add_grouped(&text, number);
    const char *kept = arena_copy(arena, text.bytes, text.size);
    buffer_free(&text);
    return kept;
}

/* What is not in the page. */
static void add_omissions(struct page *page, const struct page_points *points, size_t metrics_left_out)
{
    struct arena *arena = page_arena(page);
    size_t all = points->count + points->left_out;
    if (points->left_out)
        page_add_warning(page, arena_printf(arena, "This page has %s of %s points: evenly spread ones, and the front of cycles "
                                            "and code_bytes. `sweep show` counts all of them.", grouped(arena, points->count),
                                            grouped(arena, all)));
    if (metrics_left_out)
        page_add_summary(page, arena_printf(arena, "%zu of %zu metrics, the counts of single instructions before others, are not "
                                            "in this page, which is to stay below 3 MB; `sweep show` has them.",
                                            metrics_left_out, points->metric_count));
}

/* The points, and their JSON; fewer of them until it is small enough. */
static bool load_points(struct page_points *points, struct results *results, const struct view_options *options,
                        const char *objectives, const char *tool, struct buffer *json, size_t *metrics_left_out, struct diag *diag)
{
    for (size_t most = PAGE_MAX_POINTS;; most = points->count * 2 / 3) {
        if (json->size)
            page_points_free(points);
        json->size = 0;
        if (!page_points_load(points, results, options, tool, most, diag))
            return false;
        *metrics_left_out = write_points(points, results, options, objectives, json);
        if (json->size < MOST_DATA || points->count < 500)
            return true;
    }
}

bool view_page(struct results *results, const struct view_options *options, struct buffer *html, struct diag *diag)
{
    struct page_points points;
    struct buffer json = {0};
    size_t metrics_left_out = 0;
    char *tool = view_tool(results, options, diag), *objectives = results_objectives(results);
    int64_t program;
    bool good = tool && view_program(results, options, &program, diag) &&
                load_points(&points, results, options, objectives, tool, &json, &metrics_left_out, diag);
    if (good) {
        struct page *page = page_new();
        struct arena *arena = page_arena(page);
        const char *name = query_text(results, arena, sqlite3_mprintf("SELECT name FROM definitions ORDER BY id DESC LIMIT 1"));
        page_set_title(page, arena_printf(arena, "Sweep %s", *name ? name : results->path),
                       arena_printf(arena, "%s points, %zu program%s", grouped(arena, points.count + points.left_out),
                                    points.program_count, points.program_count == 1 ? "" : "s"));
        add_omissions(page, &points, metrics_left_out);
        page_set_points(page, json.bytes);
        add_views(page);
        add_provenance(page, results, options, tool, json.size < MOST_DATA_AND_SPECS ? MOST_DATA_AND_SPECS - json.size : 0);
        page_render(page, html);
        page_free(page);
        page_points_free(&points);
    }
    buffer_free(&json);
    free(objectives);
    free(tool);
    return good;
}
