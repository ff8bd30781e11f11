/* view_charts.c - see view_charts.h. */
#include "cli/sweep/view_charts.h"

#include "cli/chart_files.h"
#include "cli/sweep/view_sensitivity.h"
#include "cli/sweep/view_where.h"
#include "core/memory.h"
#include "reports/svg_bars.h"
#include "reports/svg_points.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_LINES = 1200, MOST_DIMENSIONS = 12, SHARE_SCALE = 1000 };
static const char usual_objectives[] = "cycles\ncode_bytes\n", line_metrics[] = "cycles,instructions,code_bytes,energy,area";

/* ---- axes ---- */

/* The values that points have of a key, in order. */
struct chart_axis {
    const char *name;
    int count;
    const char **texts;
    uint32_t *of_point;
};

static const char *text_of(struct arena *arena, const json_t *value)
{
    if (!value)
        return "(base)";
    char *shown = json_is_string(value) ? strdup(json_string_value(value))
                                        : json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(12));
    const char *text = arena_copy(arena, shown, strlen(shown));
    free(shown);
    return text;
}

static bool is_number(const char *text)
{
    char *end;
    strtod(text, &end);
    return *text && !*end;
}

struct order {
    const char **texts;
    bool numbers;
};

static int compare_texts(const void *a, const void *b, void *context)
{
    const struct order *order = context;
    uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;
    double left = strtod(order->texts[i], NULL), right = strtod(order->texts[j], NULL);
    if (order->numbers && left != right)
        return left < right ? -1 : 1;
    return i < j ? -1 : i > j; /* words in the order in which points have them */
}

/* Puts numbers in order. */
static void sort_values(struct arena *arena, struct chart_axis *axis, size_t points)
{
    struct order order = {axis->texts, true};
    uint32_t *places = ARENA_ARRAY(arena, uint32_t, axis->count + 1), *new_places = ARENA_ARRAY(arena, uint32_t, axis->count + 1);
    const char **sorted = ARENA_ARRAY(arena, const char *, axis->count + 1);
    for (int i = 0; i < axis->count; i++) {
        places[i] = (uint32_t)i;
        order.numbers &= is_number(axis->texts[i]);
    }
    qsort_r(places, (size_t)axis->count, sizeof *places, compare_texts, &order);
    for (int i = 0; i < axis->count; i++) {
        sorted[i] = axis->texts[places[i]];
        new_places[places[i]] = (uint32_t)i;
    }
    for (size_t i = 0; i < points; i++)
        axis->of_point[i] = new_places[axis->of_point[i]];
    axis->texts = sorted;
}

static void read_axis(struct arena *arena, const struct view_table *table, const char *name, struct chart_axis *axis)
{
    json_t *numbers = json_object();
    *axis = (struct chart_axis){.name = name, .texts = ARENA_ARRAY(arena, const char *, table->count + 1),
                                .of_point = ARENA_ARRAY(arena, uint32_t, table->count + 1)};
    for (size_t i = 0; i < table->count; i++) {
        const char *text = text_of(arena, json_object_get(table->points[i].json, name));
        const json_t *known = json_object_get(numbers, text);
        if (!known) {
            json_object_set_new(numbers, text, json_integer(axis->count));
            axis->texts[axis->count++] = text;
        }
        axis->of_point[i] = known ? (uint32_t)json_integer_value(known) : (uint32_t)axis->count - 1;
    }
    json_decref(numbers);
    sort_values(arena, axis, table->count);
}

/* ---- charts ---- */

static bool add_front(struct results *results, const struct view_options *options, const char *metrics, struct chart_files *files)
{
    struct view_table all, front;
    if (!view_table_load_two(results, options, metrics, &all, files->diag))
        return false;
    if (!view_table_load_two(results, options, metrics, &front, files->diag)) {
        view_table_free(&all);
        return false;
    }
    view_table_keep_front(&front);
    double *points = checked_alloc(2 * (front.count + all.count) + 1, sizeof *points), *others = points + 2 * front.count;
    int64_t *ids = checked_alloc(front.count + 1, sizeof *ids);
    struct buffer title = {0}, svg = {0};
    size_t other_count = 0;
    for (size_t i = 0; i < front.count; i++) {
        memcpy(&points[2 * i], front.points[i].values, 2 * sizeof *points);
        ids[i] = front.points[i].id;
    }
    for (size_t i = 0; i < all.count; i++) {
        size_t known = 0;
        while (known < front.count && ids[known] != all.points[i].id)
            known++;
        if (known == front.count)
            memcpy(&others[2 * other_count++], all.points[i].values, 2 * sizeof *points);
    }
    buffer_printf(&title, "%s and %s: %zu of %zu points are on the front", all.shown[0], all.shown[1], front.count, all.count);
    const struct svg_scatter chart = {title.bytes, view_table_mean(&all, 0), all.shown[0], all.shown[1], front.count, other_count,
                                      points, others, ids};
    svg_scatter_render(&chart, &svg);
    chart_files_add(files, "pareto", title.bytes, &svg);
    buffer_free(&title);
    buffer_free(&svg);
    free(points);
    free(ids);
    view_table_free(&all);
    view_table_free(&front);
    return true;
}

static void add_heat(const struct view_table *table, const struct chart_axis *x, const struct chart_axis *y,
                     struct chart_files *files)
{
    struct buffer title = {0}, svg = {0};
    size_t size = (size_t)x->count * (size_t)y->count;
    double *sums = checked_alloc(size, sizeof *sums);
    uint32_t *counts = checked_alloc(size, sizeof *counts);
    for (size_t i = 0; i < table->count; i++) {
        size_t cell = y->of_point[i] * (size_t)x->count + x->of_point[i];
        sums[cell] += table->logarithmic ? log(table->points[i].values[0]) : table->points[i].values[0];
        counts[cell]++;
    }
    for (size_t i = 0; i < size; i++) {
        double mean = counts[i] ? sums[i] / counts[i] : NAN;
        sums[i] = table->logarithmic ? exp(mean) : mean;
    }
    buffer_printf(&title, "%s over %s and %s", table->shown[0], x->name, y->name);
    const struct svg_heat chart = {title.bytes, table->logarithmic ? "geometric means of all points that have both values"
                                                                   : "means of all points that have both values",
                                   x->name, y->name, x->count, y->count, x->texts, y->texts, sums};
    svg_heat_render(&chart, &svg);
    chart_files_add(files, "heatmap", title.bytes, &svg);
    buffer_free(&title);
    buffer_free(&svg);
    free(sums);
    free(counts);
}

static void add_variance(const struct sensitivity *sensitivity, struct chart_files *files)
{
    struct arena *arena = sensitivity->arena;
    size_t count = sensitivity->row_count;
    const char **names = ARENA_ARRAY(arena, const char *, count + 1), **labels = ARENA_ARRAY(arena, const char *, count + 1);
    const char **colours = ARENA_ARRAY(arena, const char *, count + 1), *series[] = {sensitivity->table.shown[0]};
    struct svg_bar *bars = ARENA_ARRAY(arena, struct svg_bar, count + 1);
    struct buffer svg = {0};
    for (size_t i = 0; i < count; i++) {
        names[i] = sensitivity->rows[i].axis;
        colours[i] = "#33658a";
        bars[i].solid = (uint64_t)llround(SHARE_SCALE * fmax(0, sensitivity->rows[i].share));
        labels[i] = arena_printf(arena, "%.1f %%", sensitivity->rows[i].share);
    }
    const struct svg_bars chart = {
        .title = arena_printf(arena, "Share of the variance of %s", series[0]),
        .subtitle = sensitivity->table.logarithmic ? "of its logarithm; between the values of each axis"
                                                   : "between the values of each axis",
        .group_count = (int)count, .series_count = 1, .groups = names, .colours = colours, .series = series, .bars = bars,
        .labels = labels};
    svg_bars_render(&chart, &svg);
    chart_files_add(files, "variance", chart.title, &svg);
    buffer_free(&svg);
}

/* The axes that vary, then the metrics that do. */
static int add_dimensions(const struct view_table *table, const struct chart_axis *axes, size_t axis_count,
                          struct svg_dimension *dimensions, int *sources)
{
    int count = 0;
    for (size_t i = 0; i < axis_count && count < MOST_DIMENSIONS; i++)
        if (axes[i].count > 1) {
            sources[count] = (int)i;
            dimensions[count++] = (struct svg_dimension){.name = axes[i].name, .step_count = axes[i].count, .steps = axes[i].texts};
        }
    for (int metric = 0; metric < table->metric_count; metric++) {
        struct svg_dimension dimension = {.name = table->shown[metric], .least = INFINITY, .most = -INFINITY};
        for (size_t i = 0; i < table->count; i++) {
            dimension.least = fmin(dimension.least, table->points[i].values[metric]);
            dimension.most = fmax(dimension.most, table->points[i].values[metric]);
        }
        if (dimension.most > dimension.least || metric == 0) {
            sources[count] = -1 - metric;
            dimensions[count++] = dimension;
        }
    }
    return count;
}

static bool add_parallel(struct results *results, const struct view_options *options, const struct sensitivity *sensitivity,
                         struct chart_files *files)
{
    struct arena *arena = sensitivity->arena;
    struct view_table table;
    if (!view_table_load(results, options, line_metrics, &table, files->diag))
        return false;
    struct svg_dimension dimensions[MOST_DIMENSIONS + VIEW_MAX_METRICS];
    int sources[MOST_DIMENSIONS + VIEW_MAX_METRICS];
    struct chart_axis *axes = ARENA_ARRAY(arena, struct chart_axis, sensitivity->row_count + 1);
    for (size_t i = 0; i < sensitivity->row_count; i++)
        read_axis(arena, &table, sensitivity->rows[i].axis, &axes[i]);
    int count = add_dimensions(&table, axes, sensitivity->row_count, dimensions, sources);
    size_t lines = table.count < MOST_LINES ? table.count : MOST_LINES;
    double *values = ARENA_ARRAY(arena, double, lines * (size_t)count + 1);
    for (size_t line = 0; line < lines; line++) {
        size_t point = line * table.count / lines;
        for (int i = 0; i < count; i++)
            values[line * (size_t)count + (size_t)i] = sources[i] >= 0 ? axes[sources[i]].of_point[point]
                                                                       : table.points[point].values[-1 - sources[i]];
    }
    const struct svg_parallel chart = {"Axes and metrics", arena_printf(arena, "a line a point; %zu of %zu points; %s", lines,
                                       table.count, view_table_mean(&table, 0)), count, dimensions, lines, values};
    struct buffer svg = {0};
    svg_parallel_render(&chart, &svg);
    chart_files_add(files, "parallel", chart.title, &svg);
    buffer_free(&svg);
    view_table_free(&table);
    return true;
}

/* Of the first objective: axes, heat map, variance. */
static bool add_axes(struct results *results, const struct view_options *options, const char *metric, struct chart_files *files)
{
    struct sensitivity sensitivity;
    struct chart_axis pair[2];
    int found = 0;
    if (!sensitivity_load(results, options, metric, &sensitivity, files->diag))
        return false;
    bool good = add_parallel(results, options, &sensitivity, files);
    for (size_t i = 0; i < sensitivity.row_count && found < 2; i++) {
        read_axis(sensitivity.arena, &sensitivity.table, sensitivity.rows[i].axis, &pair[found]);
        found += pair[found].count > 1;
    }
    if (found == 2)
        add_heat(&sensitivity.table, &pair[0], &pair[1], files);
    if (sensitivity.row_count)
        add_variance(&sensitivity, files);
    sensitivity_free(&sensitivity);
    return good;
}

bool view_charts(struct results *results, const struct view_options *options, const char *path, struct buffer *text,
                 struct diag *diag)
{
    struct chart_files files = {.path = path, .text = text, .diag = diag};
    if (options->chosen && !options->chosen->count)
        return true;
    char *objectives = results_objectives(results);
    if (!objectives)
        objectives = strdup(usual_objectives);
    size_t first = strcspn(objectives, "\n") + 1, second = strcspn(objectives + first, "\n");
    char *two = strndup(objectives, first + second + 1), *one = strndup(objectives, first);
    bool good = (!second && !options->pareto) || add_front(results, options, options->pareto ? options->pareto : two, &files);
    good = good && add_axes(results, options, options->sensitivity ? options->sensitivity : one, &files);
    free(two);
    free(one);
    free(objectives);
    return good && !files.failed;
}
