/* page_points.c - see page_points.h. */
#include "cli/sweep/page_points.h"

#include "cli/sweep/view_table.h"

#include <jansson.h>
#include <math.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

static sqlite3_stmt *prepare(struct results *results, char *query, struct diag *diag)
{
    sqlite3_stmt *statement;
    bool good = sqlite3_prepare_v2(results->database, query, -1, &statement, NULL) == SQLITE_OK;
    sqlite3_free(query);
    if (!good)
        results_error(results, "cannot be read", diag);
    return good ? statement : NULL;
}

static int compare_ids(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return a < b ? -1 : a > b;
}

static int compare_values(const void *left, const void *right)
{
    const struct view_point *a = left, *b = right;
    for (int i = 0; i < 2; i++)
        if (a->values[i] != b->values[i])
            return a->values[i] < b->values[i] ? -1 : 1;
    return compare_ids(&a->id, &b->id);
}

/* Of too many points, those on the front of cycles and code_bytes stay in any case, with the best of both at its ends. */
static void find_front(struct results *results, const struct view_options *options, struct view_chosen *front)
{
    struct view_table table;
    struct diag ignored;
    double least = INFINITY;
    diag_init(&ignored);
    if (view_table_load(results, options, "cycles,code_bytes", &table, &ignored)) {
        front->ids = calloc(table.count + 1, sizeof *front->ids);
        if (!front->ids)
            abort();
        if (table.count)
            qsort(table.points, table.count, sizeof *table.points, compare_values);
        for (size_t i = 0; i < table.count; i++)
            if (table.points[i].values[1] < least) {
                least = table.points[i].values[1];
                front->ids[front->count++] = table.points[i].id;
            }
        qsort(front->ids, front->count, sizeof *front->ids, compare_ids);
        view_table_free(&table);
    }
    diag_free(&ignored);
}

/* Of `all` points about `most`, evenly spread, and not in step with the values of any axis: multiples of the golden ratio. */
static bool is_picked(size_t point, size_t all, size_t most)
{
    uint32_t place = (uint32_t)point * 2654435769u;
    return (uint64_t)place * all >> 32 < most;
}

/* The points with results, or as many of them as there is room for. */
static bool list_points(struct page_points *points, struct results *results, const struct view_options *options, const char *tool,
                        size_t most, struct diag *diag)
{
    sqlite3_stmt *rows = prepare(results, sqlite3_mprintf("SELECT DISTINCT point FROM results WHERE tool = '%q' AND error IS NULL"
                                                          " ORDER BY point", tool), diag);
    size_t capacity = 0, all = 0;
    if (!rows)
        return false;
    int64_t *ids = NULL;
    while (sqlite3_step(rows) == SQLITE_ROW) {
        int64_t id = sqlite3_column_int64(rows, 0);
        if (!view_is_chosen(options->chosen, id))
            continue;
        if (all == capacity) {
            capacity = capacity ? 2 * capacity : 1024;
            ids = realloc(ids, capacity * sizeof *ids);
            if (!ids)
                abort();
        }
        ids[all++] = id;
    }
    sqlite3_finalize(rows);
    struct view_chosen front = {.ids = NULL};
    if (all > most)
        find_front(results, options, &front);
    points->ids = ARENA_ARRAY(points->arena, int64_t, all + 1);
    for (size_t i = 0; i < all; i++)
        if (is_picked(i, all, most) || view_is_chosen(&front, ids[i]))
            points->ids[points->count++] = ids[i];
    points->left_out = all - points->count;
    view_chosen_free(&front);
    free(ids);
    return points->count || diag_error(diag, results->path, 0, 0, "found no point to report");
}

static bool list_programs(struct page_points *points, struct results *results, const char *tool, struct diag *diag)
{
    sqlite3_stmt *rows = prepare(results, sqlite3_mprintf("SELECT id, label FROM programs WHERE id IN (SELECT program FROM results"
                                                          " WHERE tool = '%q') ORDER BY id", tool), diag);
    size_t room = 4096;
    if (!rows)
        return false;
    points->program_ids = ARENA_ARRAY(points->arena, int64_t, room);
    points->programs = ARENA_ARRAY(points->arena, const char *, room);
    while (points->program_count < room && sqlite3_step(rows) == SQLITE_ROW) {
        const char *label = (const char *)sqlite3_column_text(rows, 1);
        points->program_ids[points->program_count] = sqlite3_column_int64(rows, 0);
        points->programs[points->program_count++] = arena_copy(points->arena, label, strlen(label));
    }
    sqlite3_finalize(rows);
    return true;
}

static struct page_axis *find_axis(struct page_points *points, const char *name)
{
    for (int i = 0; i < points->axis_count; i++)
        if (strcmp(points->axes[i].name, name) == 0)
            return &points->axes[i];
    if (points->axis_count == PAGE_MAX_AXES) {
        points->left_out_axes = true;
        return NULL;
    }
    struct page_axis *axis = &points->axes[points->axis_count++];
    *axis = (struct page_axis){.name = arena_copy(points->arena, name, strlen(name)), .values = json_object(),
                               .numbers = ARENA_ARRAY(points->arena, uint16_t, points->count), .derived = true};
    for (size_t i = 0; i < points->count; i++)
        axis->numbers[i] = PAGE_AS_BASE;
    return axis;
}

static uint16_t value_number(struct page_points *points, struct page_axis *axis, const json_t *value)
{
    char *text = json_dumps(value, JSON_ENCODE_ANY);
    const json_t *known = json_object_get(axis->values, text);
    size_t number = known ? (size_t)json_integer_value(known) : axis->value_count;
    if (!known && number < PAGE_AS_BASE) {
        if (axis->value_count == axis->capacity) {
            axis->capacity = axis->capacity ? 2 * axis->capacity : 16;
            axis->texts = realloc(axis->texts, axis->capacity * sizeof *axis->texts);
            if (!axis->texts)
                abort();
        }
        axis->texts[axis->value_count++] = arena_copy(points->arena, text, strlen(text));
        json_object_set_new(axis->values, text, json_integer((json_int_t)number));
    }
    free(text);
    return (uint16_t)number;
}

/* `axes` are those that nothing else decides. */
static void take_settings(struct page_points *points, size_t point, const char *settings, const char *axes)
{
    json_t *json = json_loads(settings, 0, NULL), *own = json_loads(axes, 0, NULL), *value;
    const char *name;
    points->settings[point] = arena_copy(points->arena, settings, strlen(settings));
    json_object_foreach(json, name, value) {
        struct page_axis *axis = find_axis(points, name);
        if (axis)
            axis->numbers[point] = value_number(points, axis, value);
        if (axis && axis->derived)
            axis->derived = !json_object_get(own, name);
    }
    json_decref(own);
    json_decref(json);
}

static struct page_metric *find_metric(struct page_points *points, const char *name)
{
    const json_t *known = json_object_get(points->metric_numbers, name);
    if (known)
        return &points->metrics[json_integer_value(known)];
    if (points->metric_count == points->metric_capacity) {
        points->metric_capacity = points->metric_capacity ? 2 * points->metric_capacity : 128;
        points->metrics = realloc(points->metrics, points->metric_capacity * sizeof *points->metrics);
        if (!points->metrics)
            abort();
    }
    json_object_set_new(points->metric_numbers, name, json_integer((json_int_t)points->metric_count));
    struct page_metric *metric = &points->metrics[points->metric_count++];
    metric->name = arena_copy(points->arena, name, strlen(name));
    metric->figures = calloc(points->program_count * points->count, sizeof *metric->figures);
    if (!metric->figures)
        abort();
    return metric;
}

/* {"name": number, ...} as results_figures_write has it: most rows have the names of the row before, in its order. False, having
 * taken some of it, when it is written otherwise. */
static bool take_plain_figures(struct page_points *points, size_t place, const char *figures)
{
    size_t guess = 0;
    char name[256];
    const char *at = figures + 1;
    if (*figures != '{')
        return false;
    while (*at == '"') {
        size_t size = strcspn(++at, "\"\\");
        if (at[size] != '"' || at[size + 1] != ':' || size >= sizeof name)
            return false;
        memcpy(name, at, size);
        name[size] = 0;
        struct page_metric *metric = guess < points->metric_count && strcmp(points->metrics[guess].name, name) == 0
                                         ? &points->metrics[guess] : find_metric(points, name);
        guess = (size_t)(metric - points->metrics) + 1;
        char *end;
        metric->figures[place] = strtod(at + size + 2, &end);
        if (end == at + size + 2)
            return false;
        at = end + strspn(end, ", ");
    }
    return *at == '}' && !at[1];
}

static void take_figures(struct page_points *points, size_t place, const char *figures)
{
    points->there[place] = true;
    if (take_plain_figures(points, place, figures))
        return;
    json_t *json = json_loads(figures, 0, NULL), *value;
    const char *name;
    json_object_foreach(json, name, value)
        find_metric(points, name)->figures[place] = json_number_value(value);
    json_decref(json);
}

static bool read_results(struct page_points *points, struct results *results, const char *tool, struct diag *diag)
{
    sqlite3_stmt *rows = prepare(results, sqlite3_mprintf(
        "SELECT r.point, r.program, " FIGURES_ALL ", p.settings, p.base, p.axes FROM results r"
        " JOIN whole_points p ON p.id = r.point WHERE r.tool = '%q' AND r.error IS NULL ORDER BY r.point, r.program", tool), diag);
    size_t point = 0, program = 0;
    if (!rows)
        return false;
    while (sqlite3_step(rows) == SQLITE_ROW) {
        int64_t id = sqlite3_column_int64(rows, 0);
        while (point < points->count && points->ids[point] < id)
            point++;
        if (point == points->count || points->ids[point] != id)
            continue;
        for (program = 0; program < points->program_count; program++)
            if (points->program_ids[program] == sqlite3_column_int64(rows, 1))
                break;
        if (program == points->program_count)
            continue;
        if (!points->settings[point]) {
            take_settings(points, point, (const char *)sqlite3_column_text(rows, 3),
                          (const char *)sqlite3_column_text(rows, 5));
            points->bases[point] = sqlite3_column_int64(rows, 4);
        }
        take_figures(points, program * points->count + point, (const char *)sqlite3_column_text(rows, 2));
    }
    sqlite3_finalize(rows);
    return true;
}

/* What most readers look for comes first. */
static int metric_rank(const char *name)
{
    static const char *const first[] = {"cycles", "instructions", "static_instructions", "code_bytes", "energy", "area",
                                        "cycle_stack.", "events.", "energy_parts.", "area_parts.", "by_category.", "work."};
    int count = (int)(sizeof first / sizeof *first);
    for (int i = 0; i < count; i++) {
        size_t size = strlen(first[i]);
        if (strncmp(name, first[i], size) == 0 && (first[i][size - 1] == '.' || !name[size]))
            return i;
    }
    return count;
}

static int compare_metrics(const void *left, const void *right)
{
    const struct page_metric *a = left, *b = right;
    int difference = metric_rank(a->name) - metric_rank(b->name);
    return difference ? difference : strcmp(a->name, b->name);
}

bool page_points_load(struct page_points *points, struct results *results, const struct view_options *options, const char *tool,
                      size_t most, struct diag *diag)
{
    *points = (struct page_points){.arena = arena_new(), .metric_numbers = json_object()};
    bool good = list_points(points, results, options, tool, most, diag) && list_programs(points, results, tool, diag);
    if (good) {
        points->bases = ARENA_ARRAY(points->arena, int64_t, points->count);
        points->settings = ARENA_ARRAY(points->arena, const char *, points->count);
        points->there = ARENA_ARRAY(points->arena, bool, points->count * points->program_count);
        good = read_results(points, results, tool, diag);
    }
    if (good && points->metric_count)
        qsort(points->metrics, points->metric_count, sizeof *points->metrics, compare_metrics);
    if (!good)
        page_points_free(points);
    return good;
}

void page_points_free(struct page_points *points)
{
    for (size_t i = 0; i < points->metric_count; i++)
        free(points->metrics[i].figures);
    for (int i = 0; i < points->axis_count; i++) {
        json_decref(points->axes[i].values);
        free(points->axes[i].texts);
    }
    free(points->metrics);
    json_decref(points->metric_numbers);
    arena_free(points->arena);
    *points = (struct page_points){.arena = NULL};
}
