/* view_export.c - results of sweeps as CSV and JSON, and a point's spec. */
#include "cli/sweep/plan.h"
#include "cli/sweep/view_table.h"
#include "cli/sweep/view_where.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

enum { ROW_POINT, ROW_PROGRAM, ROW_HOW, ROW_EXIT, ROW_CYCLES, ROW_ERROR = ROW_CYCLES + 4, ROW_SETTINGS, ROW_FIGURES };

/* All results of one tool, by point and program. NULL after an error. */
static sqlite3_stmt *open_rows(struct results *results, const struct view_options *options, struct diag *diag)
{
    int64_t program;
    char *tool = view_program(results, options, &program, diag) ? view_tool(results, options, diag) : NULL;
    if (!tool)
        return NULL;
    char *query = sqlite3_mprintf(
        "SELECT r.point, g.label, r.how, r.exit_status, r.cycles, r.instructions, r.static_instructions, r.code_bytes, r.error,"
        " p.settings, " FIGURES_ALL " FROM results r JOIN whole_points p ON p.id = r.point JOIN programs g ON g.id = r.program"
        " WHERE r.tool = '%q' AND (%lld = 0 OR r.program = %lld) ORDER BY r.point, r.program", tool, (long long)program,
        (long long)program);
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(results->database, query, -1, &statement, NULL) != SQLITE_OK) {
        results_error(results, "cannot be read", diag);
        statement = NULL;
    }
    sqlite3_free(query);
    free(tool);
    return statement;
}

static const char *column_text(sqlite3_stmt *rows, int column)
{
    const char *text = (const char *)sqlite3_column_text(rows, column);
    return text ? text : "";
}

static void add_csv(struct buffer *text, const char *field)
{
    if (!strpbrk(field, ",\"\n\r")) {
        buffer_add_text(text, field);
        return;
    }
    buffer_add_byte(text, '"');
    for (const char *c = field; *c; c++) {
        if (*c == '"')
            buffer_add_byte(text, '"');
        buffer_add_byte(text, (uint8_t)*c);
    }
    buffer_add_byte(text, '"');
}

/* The next row of a point that is wanted. */
static bool next_row(sqlite3_stmt *rows, const struct view_options *options)
{
    while (sqlite3_step(rows) == SQLITE_ROW)
        if (view_is_chosen(options->chosen, sqlite3_column_int64(rows, ROW_POINT)))
            return true;
    return false;
}

/* Every key that some point sets. */
static json_t *all_settings(sqlite3_stmt *rows, const struct view_options *options)
{
    json_t *names = json_object();
    while (next_row(rows, options)) {
        json_t *settings = json_loads(column_text(rows, ROW_SETTINGS), 0, NULL);
        json_object_update_missing(names, settings);
        json_decref(settings);
    }
    sqlite3_reset(rows);
    return names;
}

bool view_export_csv(struct results *results, const struct view_options *options, struct buffer *text, struct diag *diag)
{
    sqlite3_stmt *rows = open_rows(results, options, diag);
    if (!rows)
        return false;
    json_t *names = all_settings(rows, options), *value;
    const char *name;
    buffer_add_text(text, "point,program,how,exit_status,cycles,instructions,static_instructions,code_bytes,error");
    json_object_foreach(names, name, value) {
        buffer_add_byte(text, ',');
        add_csv(text, name);
    }
    buffer_add_byte(text, '\n');
    while (next_row(rows, options)) {
        json_t *settings = json_loads(column_text(rows, ROW_SETTINGS), 0, NULL);
        for (int column = 0; column <= ROW_ERROR; column++) {
            if (column)
                buffer_add_byte(text, ',');
            add_csv(text, column_text(rows, column));
        }
        json_object_foreach(names, name, value) {
            const json_t *setting = json_object_get(settings, name);
            char *shown = !setting ? strdup("") : json_is_string(setting) ? strdup(json_string_value(setting))
                                                                          : json_dumps(setting, JSON_ENCODE_ANY);
            buffer_add_byte(text, ',');
            add_csv(text, shown);
            free(shown);
        }
        buffer_add_byte(text, '\n');
        json_decref(settings);
    }
    json_decref(names);
    sqlite3_finalize(rows);
    return true;
}

bool view_export_json(struct results *results, const struct view_options *options, struct buffer *text, struct diag *diag)
{
    sqlite3_stmt *rows = open_rows(results, options, diag);
    if (!rows)
        return false;
    buffer_add_text(text, "[");
    for (bool first = true; next_row(rows, options); first = false) {
        json_t *label = json_string(column_text(rows, ROW_PROGRAM)), *error = json_string(column_text(rows, ROW_ERROR));
        char *program = json_dumps(label, JSON_ENCODE_ANY), *why = json_dumps(error, JSON_ENCODE_ANY);
        bool valid = sqlite3_column_type(rows, ROW_ERROR) == SQLITE_NULL;
        buffer_printf(text, "%s\n{\"point\": %lld, \"program\": %s, \"how\": \"%s\", \"exit_status\": %lld, \"error\": %s, "
                      "\"settings\": %s, \"figures\": ", first ? "" : ",", sqlite3_column_int64(rows, ROW_POINT), program,
                      column_text(rows, ROW_HOW), sqlite3_column_int64(rows, ROW_EXIT), valid ? "null" : why,
                      column_text(rows, ROW_SETTINGS));
        buffer_printf(text, "%s}", valid ? column_text(rows, ROW_FIGURES) : "null");
        free(program);
        free(why);
        json_decref(label);
        json_decref(error);
    }
    buffer_add_text(text, "\n]\n");
    sqlite3_finalize(rows);
    return true;
}

/* Settings are JSON, which is YAML too. */
struct yaml_node *view_apply_settings(struct arena *arena, struct yaml_node *tree, const char *settings, struct diag *diag)
{
    const struct yaml_node *map = yaml_parse(arena, "settings", settings, strlen(settings), diag);
    for (int i = 0; map && i < map->count; i++) {
        struct yaml_node *value = map->items[i];
        if (value->kind == YAML_SCALAR)
            value->quoted = false;
        tree = sweep_tree_change(arena, tree, map->keys[i]->text, map->keys[i], value);
    }
    return map ? tree : NULL;
}

bool view_spec(struct results *results, int64_t point, struct buffer *yaml, struct diag *diag)
{
    sqlite3_stmt *statement;
    char *query = sqlite3_mprintf("SELECT b.name, b.spec, p.settings FROM whole_points p JOIN bases b ON b.id = p.base"
                                  " WHERE p.id = %lld", (long long)point);
    bool prepared = sqlite3_prepare_v2(results->database, query, -1, &statement, NULL) == SQLITE_OK;
    sqlite3_free(query);
    if (!prepared)
        return results_error(results, "cannot be read", diag);
    bool good = sqlite3_step(statement) == SQLITE_ROW ||
                diag_error(diag, results->path, 0, 0, "found no point %" PRId64 " in it", point);
    if (good) {
        struct arena *arena = arena_new();
        const char *spec = column_text(statement, 1);
        struct yaml_node *tree = yaml_parse(arena, results->path, spec, strlen(spec), diag);
        tree = tree ? view_apply_settings(arena, tree, column_text(statement, 2), diag) : NULL;
        good = tree != NULL;
        buffer_printf(yaml, "# point %" PRId64 " of a sweep over %s: %s\n", point, column_text(statement, 0),
                      column_text(statement, 2));
        if (good)
            yaml_write(tree, VIEW_SPEC_FLOW_DEPTH, yaml);
        arena_free(arena);
    }
    sqlite3_finalize(statement);
    return good;
}
