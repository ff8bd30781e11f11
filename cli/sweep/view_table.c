/* view_table.c - see view_table.h. */
#include "cli/sweep/view_table.h"

#include "cli/sweep/view_where.h"

#include <math.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

char *view_tool(struct results *results, const struct view_options *options, struct diag *diag)
{
    char own[64], *found = NULL;
    int count = 0;
    bool has_wanted = false;
    sqlite3_stmt *statement;
    results_tool(own, sizeof own);
    const char *wanted = options->tool ? options->tool : own;
    if (sqlite3_prepare_v2(results->database, "SELECT DISTINCT tool FROM results", -1, &statement, NULL) != SQLITE_OK) {
        results_error(results, "cannot be read", diag);
        return NULL;
    }
    while (sqlite3_step(statement) == SQLITE_ROW) {
        const char *tool = (const char *)sqlite3_column_text(statement, 0);
        has_wanted |= strcmp(tool, wanted) == 0;
        free(found);
        found = strdup(tool);
        count++;
    }
    sqlite3_finalize(statement);
    if (has_wanted || (count == 1 && !options->tool)) {
        char *tool = strdup(has_wanted ? wanted : found);
        free(found);
        return tool;
    }
    free(found);
    if (count == 0)
        diag_error(diag, results->path, 0, 0, "found no results in it yet");
    else
        diag_error(diag, results->path, 0, 0, "found results of %d builds of hybridsim, none of them `%s`; --tool says which, and "
                   "`sweep show` lists them", count, wanted);
    return NULL;
}

static int64_t find_program(struct results *results, const char *label)
{
    char *query = sqlite3_mprintf("SELECT id FROM programs WHERE label = '%q'", label);
    sqlite3_stmt *statement;
    int64_t program = 0;
    if (sqlite3_prepare_v2(results->database, query, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        program = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_free(query);
    return program;
}

bool view_program(struct results *results, const struct view_options *options, int64_t *program, struct diag *diag)
{
    *program = options->program ? find_program(results, options->program) : 0;
    return *program || !options->program || diag_error(diag, results->path, 0, 0, "found no program `%s` in it; `sweep show` lists "
                                                       "them", options->program);
}

/* -NAME@PROGRAM. Cuts the text at the @. */
static bool take_metric(struct view_table *table, struct results *results, char *metric, struct diag *diag)
{
    int number = table->metric_count++;
    char *at;
    table->shown[number] = strdup(metric + (*metric == '-'));
    table->larger_first[number] = *metric == '-';
    table->metrics[number] = metric + (*metric == '-');
    if (!(at = strchr(metric, '@')))
        return true;
    *at = 0;
    table->programs[number] = find_program(results, at + 1);
    return table->programs[number] || diag_error(diag, results->path, 0, 0, "found no program `%s` in it; `sweep show` lists them",
                                                 at + 1);
}

static bool split_metrics(struct view_table *table, struct results *results, const char *metrics, struct diag *diag)
{
    const char *separator = strchr(metrics, '\n') ? "\n" : ",";
    table->names = strdup(metrics);
    if (*separator == '\n')
        table->names[strlen(metrics) - 1] = 0;
    for (char *rest = table->names, *metric; (metric = strsep(&rest, separator));) {
        if (!*metric || strpbrk(metric, "\"'") || table->metric_count == VIEW_MAX_METRICS)
            return diag_error(diag, NULL, 0, 0, "found '%s', expected 1 to %d metrics with commas between them", metrics,
                              VIEW_MAX_METRICS);
        if (!take_metric(table, results, metric, diag))
            return false;
    }
    return true;
}

static struct view_point *add_point(struct view_table *table, size_t *capacity, sqlite3_stmt *statement)
{
    if (table->count == *capacity) {
        *capacity = *capacity ? 2 * *capacity : 256;
        table->points = realloc(table->points, *capacity * sizeof *table->points);
        if (!table->points)
            abort();
    }
    struct view_point *point = &table->points[table->count++];
    *point = (struct view_point){.id = sqlite3_column_int64(statement, 0),
                                 .base = sqlite3_column_int64(statement, 3 + table->metric_count)};
    point->settings = strdup((const char *)sqlite3_column_text(statement, 1));
    point->json = json_loads(point->settings, 0, NULL);
    return point;
}

/* Each point's rows, one a program, follow each other. Sums both the values and their logarithms. */
static size_t read_rows(struct view_table *table, sqlite3_stmt *statement, double (**logarithms)[VIEW_MAX_METRICS], bool *seen)
{
    size_t capacity = 0, rows = 0, room = 0, programs = 0, at_point = 0;
    int64_t latest = -1;
    double (*sums)[VIEW_MAX_METRICS] = NULL;
    for (; sqlite3_step(statement) == SQLITE_ROW; rows++) {
        if (sqlite3_column_int64(statement, 0) != latest) {
            add_point(table, &capacity, statement);
            latest = table->points[table->count - 1].id;
            at_point = 0;
        }
        if (capacity > room) {
            sums = realloc(sums, capacity * sizeof *sums);
            if (!sums)
                abort();
            memset(sums + room, 0, (capacity - room) * sizeof *sums);
            room = capacity;
        }
        programs = ++at_point > programs ? at_point : programs;
        int64_t program = sqlite3_column_int64(statement, 2 + table->metric_count);
        for (int i = 0; i < table->metric_count; i++) {
            if (table->programs[i] && table->programs[i] != program)
                continue;
            double value = sqlite3_column_double(statement, 2 + i);
            seen[i] |= sqlite3_column_type(statement, 2 + i) != SQLITE_NULL;
            table->points[table->count - 1].values[i] += value;
            sums[table->count - 1][i] += value > 0 ? log(value) : -INFINITY;
        }
    }
    *logarithms = sums;
    return programs;
}

static void free_point(struct view_point *point)
{
    free(point->settings);
    json_decref(point->json);
}

/* Those that are not wanted leave. */
static void keep_chosen(struct view_table *table, const struct view_chosen *chosen)
{
    size_t kept = 0;
    for (size_t i = 0; i < table->count; i++) {
        if (view_is_chosen(chosen, table->points[i].id)) {
            table->points[kept++] = table->points[i];
            continue;
        }
        free_point(&table->points[i]);
    }
    table->count = kept;
}

static char *table_query(const struct view_table *table, const char *tool, int64_t program)
{
    struct buffer query = {0};
    buffer_add_text(&query, "SELECT r.point, p.settings");
    for (int i = 0; i < table->metric_count; i++) {
        char *metric = figures_metric_sql(table->metrics[i]);
        buffer_printf(&query, ", %s", metric);
        free(metric);
    }
    buffer_add_text(&query, ", r.program, p.base FROM results r JOIN points p ON p.id = r.point WHERE r.error IS NULL"
                    " AND r.tool = ");
    char *quoted = sqlite3_mprintf("'%q'", tool);
    buffer_add_text(&query, quoted);
    if (program)
        buffer_printf(&query, " AND r.program = %lld", (long long)program);
    else /* only points that every program has been computed for; the programs are counted once */
        buffer_printf(&query,
                      " AND (SELECT count(*) FROM results q WHERE q.point = r.point AND q.tool = %s"
                      " AND q.error IS NULL) = (SELECT count(DISTINCT s.program) FROM results s WHERE s.tool = %s)",
                      quoted, quoted);
    sqlite3_free(quoted);
    buffer_add_text(&query, " ORDER BY r.point, r.program");
    return query.bytes;
}

/* Programs' values become one. */
static void put_together(struct view_table *table, double (*logarithms)[VIEW_MAX_METRICS], size_t programs)
{
    table->logarithmic = true;
    for (size_t i = 0; i < table->count; i++)
        for (int k = 0; k < table->metric_count; k++)
            table->logarithmic &= isfinite(logarithms[i][k]);
    table->mean = programs == 1 ? "one program" : table->logarithmic ? "geometric mean of programs" : "mean of programs";
    for (size_t i = 0; programs > 1 && i < table->count; i++)
        for (int k = 0; k < table->metric_count; k++)
            if (!table->programs[k])
                table->points[i].values[k] = table->logarithmic ? exp(logarithms[i][k] / (double)programs)
                                                                : table->points[i].values[k] / (double)programs;
}

bool view_table_load(struct results *results, const struct view_options *options, const char *metrics, struct view_table *table,
                     struct diag *diag)
{
    *table = (struct view_table){.names = NULL};
    int64_t program;
    bool seen[VIEW_MAX_METRICS] = {false};
    char *tool = NULL;
    sqlite3_stmt *statement = NULL;
    double (*logarithms)[VIEW_MAX_METRICS] = NULL;
    bool good = split_metrics(table, results, metrics, diag) && view_program(results, options, &program, diag) &&
                (tool = view_tool(results, options, diag));
    if (good) {
        char *query = table_query(table, tool, program);
        good = sqlite3_prepare_v2(results->database, query, -1, &statement, NULL) == SQLITE_OK ||
               results_error(results, "cannot be read", diag);
        free(query);
    }
    if (good) {
        size_t programs = read_rows(table, statement, &logarithms, seen);
        put_together(table, logarithms, programs);
        if (!table->count)
            good = diag_error(diag, results->path, 0, 0, "found no point with results of all programs");
        keep_chosen(table, options->chosen);
    }
    for (int i = 0; good && i < table->metric_count; i++)
        if (!seen[i])
            good = diag_error(diag, NULL, 0, 0,
                              "found no metric '%s' in the results, expected cycles, instructions, "
                              "static_instructions, code_bytes, energy, area or a counter such as energy_parts.stack, "
                              "events.taken, work.bytes, cycle_stack.base, by_category.calls, by_instruction.ADD",
                              table->metrics[i]);
    sqlite3_finalize(statement);
    free(logarithms);
    free(tool);
    if (!good)
        view_table_free(table);
    return good;
}

bool view_table_load_two(struct results *results, const struct view_options *options, const char *metrics,
                         struct view_table *table, struct diag *diag)
{
    if (!view_table_load(results, options, metrics, table, diag))
        return false;
    if (table->metric_count == 2)
        return true;
    view_table_free(table);
    return diag_error(diag, NULL, 0, 0, "--pareto: found '%s', expected two metrics with a comma: cycles,code_bytes", metrics);
}

static int compare_values(const void *left, const void *right)
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

void view_table_sort(struct view_table *table)
{
    negate_larger(table);
    if (table->count)
        qsort(table->points, table->count, sizeof *table->points, compare_values);
    negate_larger(table);
}

/* Sorted by the first metric, a point is on the front when its second is below all before it. */
void view_table_keep_front(struct view_table *table)
{
    double least = INFINITY, sign = table->larger_first[1] ? -1 : 1;
    size_t kept = 0;
    view_table_sort(table);
    for (size_t i = 0; i < table->count; i++) {
        if (sign * table->points[i].values[1] < least) {
            least = sign * table->points[i].values[1];
            table->points[kept++] = table->points[i];
        } else {
            free_point(&table->points[i]);
        }
    }
    table->count = kept;
}

const char *view_table_mean(const struct view_table *table, int metric)
{
    return table->programs[metric] ? "one program" : table->mean;
}

void view_table_free(struct view_table *table)
{
    for (size_t i = 0; i < table->count; i++)
        free_point(&table->points[i]);
    for (int i = 0; i < table->metric_count; i++)
        free(table->shown[i]);
    free(table->points);
    free(table->names);
    *table = (struct view_table){.names = NULL};
}
