/* view_where.c - see view_where.h. The expression's names are looked up first: axes in the points' settings, other keys in the
 * bases' specs, and what is left in the results' figures, whose values are then read for all points at once. */
#include "cli/sweep/view_where.h"

#include "cli/sweep/expression.h"
#include "cli/sweep/plan.h"
#include "cli/sweep/view_table.h"

#include <ctype.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_BASES = 64 };

struct where {
    struct results *results;
    struct arena *arena;
    struct yaml_node expression;
    struct { int64_t id; struct yaml_node *tree; } bases[MAX_BASES];
    int base_count;
    const char *metrics[VIEW_MAX_METRICS]; /* of the expression */
    int metric_count;
    json_t *axes;                /* keys that some point sets, and their values' texts */
    const json_t *settings;      /* of the point that is looked at */
    const struct yaml_node *tree;
    const double *values;        /* of its metrics */
};

static int metric_number(const struct where *where, const char *name)
{
    for (int i = 0; i < where->metric_count; i++)
        if (strcmp(where->metrics[i], name) == 0)
            return i;
    return -1;
}

/* A setting as the sweep file has it. */
static const char *setting_text(struct arena *arena, const json_t *setting)
{
    if (json_is_string(setting))
        return json_string_value(setting);
    char *text = json_dumps(setting, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
    const char *copy = arena_copy(arena, text, strlen(text));
    free(text);
    return copy;
}

static const char *look_up(void *context, const char *path)
{
    struct where *where = context;
    int metric = metric_number(where, path);
    if (metric >= 0)
        return arena_printf(where->arena, "%.17g", where->values[metric]);
    const json_t *setting = json_object_get(where->settings, path);
    if (setting)
        return setting_text(where->arena, setting);
    const struct yaml_node *node = sweep_tree_find((struct yaml_node *)where->tree, path);
    if (node && node->kind == YAML_SCALAR)
        return node->text;
    return node && strncmp(path, "instructions.", strlen("instructions.")) == 0 ? "on" : NULL;
}

static sqlite3_stmt *prepare(struct results *results, const char *query, struct diag *diag)
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(results->database, query, -1, &statement, NULL) == SQLITE_OK)
        return statement;
    results_error(results, "cannot be read", diag);
    return NULL;
}

static bool read_bases(struct where *where, struct diag *diag)
{
    sqlite3_stmt *rows = prepare(where->results, "SELECT id, spec FROM bases ORDER BY id", diag);
    bool good = rows != NULL;
    while (good && sqlite3_step(rows) == SQLITE_ROW) {
        if (where->base_count == MAX_BASES) {
            good = diag_error(diag, where->results->path, 0, 0, "--where: found more than %d bases in it", MAX_BASES);
            break;
        }
        const char *spec = (const char *)sqlite3_column_text(rows, 1);
        struct yaml_node *tree = yaml_parse(where->arena, where->results->path, spec, strlen(spec), diag);
        where->bases[where->base_count].id = sqlite3_column_int64(rows, 0);
        where->bases[where->base_count++].tree = tree;
        good = tree != NULL;
    }
    sqlite3_finalize(rows);
    return good;
}

static struct yaml_node *find_base(const struct where *where, int64_t id)
{
    for (int i = 0; i < where->base_count; i++)
        if (where->bases[i].id == id)
            return where->bases[i].tree;
    return NULL;
}

static bool read_axes(struct where *where, struct diag *diag)
{
    sqlite3_stmt *rows = prepare(where->results, "SELECT DISTINCT e.key, CASE e.type WHEN 'text' THEN e.value END"
                                 " FROM whole_points p, json_each(p.settings) e", diag);
    if (!rows)
        return false;
    where->axes = json_object();
    while (sqlite3_step(rows) == SQLITE_ROW) {
        const char *word = (const char *)sqlite3_column_text(rows, 1);
        json_object_set_new(where->axes, (const char *)sqlite3_column_text(rows, 0), json_null());
        if (word)
            json_object_set_new(where->axes, arena_printf(where->arena, "=%s", word), json_null());
    }
    sqlite3_finalize(rows);
    return true;
}

/* Some result has the counter. */
static bool is_metric(struct where *where, const char *name)
{
    char *metric = figures_metric_sql(name);
    char *query = sqlite3_mprintf("SELECT 1 FROM results r WHERE %s IS NOT NULL LIMIT 1", metric);
    sqlite3_stmt *rows;
    bool found = sqlite3_prepare_v2(where->results->database, query, -1, &rows, NULL) == SQLITE_OK &&
                 sqlite3_step(rows) == SQLITE_ROW;
    sqlite3_finalize(rows);
    sqlite3_free(query);
    free(metric);
    return found;
}

static bool is_in_tree(const struct yaml_node *node, const char *word)
{
    if (node->kind == YAML_SCALAR)
        return strcmp(node->text, word) == 0;
    for (int i = 0; i < node->count; i++)
        if (is_in_tree(node->items[i], word))
            return true;
    return false;
}

static bool is_key(const struct where *where, const char *name)
{
    for (int i = 0; i < where->base_count; i++) {
        const struct yaml_node *node = sweep_tree_find(where->bases[i].tree, name);
        if (node && (node->kind == YAML_SCALAR || strncmp(name, "instructions.", strlen("instructions.")) == 0))
            return true;
    }
    return json_object_get(where->axes, name) != NULL;
}

/* A word that a key may be compared with. */
static bool is_value(const struct where *where, const char *word)
{
    if (json_object_get(where->axes, arena_printf(where->arena, "=%s", word)))
        return true;
    for (int i = 0; i < where->base_count; i++)
        if (is_in_tree(where->bases[i].tree, word))
            return true;
    return false;
}

static bool is_operator(const char *word)
{
    static const char *const words[] = {"and", "or", "not", "min", "max", "ceil", "floor", "log2", "on", "off", "yes", "no",
                                        "true", "false"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], word) == 0)
            return true;
    return false;
}

/* What a word of the expression is. */
static bool take_word(struct where *where, const char *word, int column, struct diag *diag)
{
    if (is_operator(word) || is_key(where, word) || metric_number(where, word) >= 0)
        return true;
    if (is_metric(where, word)) {
        if (where->metric_count == VIEW_MAX_METRICS)
            return diag_error(diag, "--where", 1, column, "found `%s`, expected at most %d metrics", word, VIEW_MAX_METRICS);
        where->metrics[where->metric_count++] = word;
        return true;
    }
    return is_value(where, word) || diag_error(diag, "--where", 1, column, "found `%s`, expected a key of the spec such as "
                                               "registers.count, a metric such as cycles, or a key's value", word);
}

static bool take_words(struct where *where, struct diag *diag)
{
    const char *start = where->expression.text, *at = start;
    while (*at) {
        const char *word = at;
        while (isalnum((unsigned char)*at) || *at == '_' || *at == '.')
            at++;
        if (at == word)
            at++;
        else if (!isdigit((unsigned char)*word) && *word != '.' &&
                 !take_word(where, arena_copy(where->arena, word, (size_t)(at - word)), (int)(word - start) + 1, diag))
            return false;
    }
    return true;
}

static bool decide(struct where *where, int64_t point, int64_t base, const json_t *settings, const double *values,
                   struct view_chosen *chosen, struct diag *diag)
{
    struct expression_value value;
    struct arena *arena = where->arena, *scratch = arena_new();
    where->settings = settings;
    where->tree = find_base(where, base);
    where->values = values;
    where->arena = scratch;
    bool good = expression_evaluate(&where->expression, look_up, where, &value, scratch, diag);
    if (good && expression_is_true(&value))
        chosen->ids[chosen->count++] = point;
    where->arena = arena;
    arena_free(scratch);
    return good;
}

/* Metrics of points have a table; without, all points with results are asked. */
static bool decide_all(struct where *where, const struct view_options *options, struct view_chosen *chosen, struct diag *diag)
{
    struct view_table table = {.names = NULL};
    struct buffer names = {0};
    struct view_options all = *options;
    size_t next = 0, capacity = 0;
    all.chosen = NULL;
    for (int i = 0; i < where->metric_count; i++)
        buffer_printf(&names, "%s%s", i ? "," : "", where->metrics[i]);
    bool good = !where->metric_count || view_table_load(where->results, &all, names.bytes, &table, diag);
    buffer_free(&names);
    sqlite3_stmt *rows = good ? prepare(where->results, "SELECT id, base, settings FROM whole_points WHERE id IN (SELECT point FROM"
                                        " results) ORDER BY id", diag) : NULL;
    good = rows != NULL;
    while (good && sqlite3_step(rows) == SQLITE_ROW) {
        int64_t id = sqlite3_column_int64(rows, 0);
        while (next < table.count && table.points[next].id < id)
            next++;
        if (where->metric_count && (next == table.count || table.points[next].id != id))
            continue;
        if (chosen->all == capacity) {
            capacity = capacity ? 2 * capacity : 1024;
            chosen->ids = realloc(chosen->ids, capacity * sizeof *chosen->ids);
            if (!chosen->ids)
                abort();
        }
        chosen->all++;
        json_t *settings = json_loads((const char *)sqlite3_column_text(rows, 2), 0, NULL);
        good = decide(where, id, sqlite3_column_int64(rows, 1), settings, where->metric_count ? table.points[next].values : NULL,
                      chosen, diag);
        json_decref(settings);
    }
    sqlite3_finalize(rows);
    view_table_free(&table);
    return good;
}

bool view_where(struct results *results, const struct view_options *options, struct view_chosen *chosen, struct diag *diag)
{
    struct where where = {.results = results, .arena = arena_new(),
                          .expression = {.kind = YAML_SCALAR, .file = "--where", .line = 1, .column = 1, .text = options->where}};
    *chosen = (struct view_chosen){.ids = NULL};
    bool good = read_bases(&where, diag) && read_axes(&where, diag) && take_words(&where, diag) &&
                decide_all(&where, options, chosen, diag);
    json_decref(where.axes);
    arena_free(where.arena);
    if (!good)
        view_chosen_free(chosen);
    return good;
}

void view_chosen_free(struct view_chosen *chosen)
{
    free(chosen->ids);
    *chosen = (struct view_chosen){.ids = NULL};
}

bool view_is_chosen(const struct view_chosen *chosen, int64_t point)
{
    if (!chosen)
        return true;
    for (size_t low = 0, high = chosen->count; low < high;) {
        size_t middle = (low + high) / 2;
        if (chosen->ids[middle] == point)
            return true;
        if (chosen->ids[middle] < point)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}
