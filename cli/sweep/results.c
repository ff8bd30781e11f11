/* results.c - see results.h. */
#include "cli/sweep/results.h"

#include "core/version.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { APPLICATION = 0x68735331, SCHEMA_VERSION = 1, BUSY_MS = 60000 };

static const char schema[] =
    "BEGIN IMMEDIATE;"
    "CREATE TABLE IF NOT EXISTS bases(id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL, spec TEXT NOT NULL);"
    "CREATE TABLE IF NOT EXISTS programs(id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, label TEXT NOT NULL,"
    " script TEXT NOT NULL);"
    "CREATE TABLE IF NOT EXISTS points(id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, base INTEGER NOT NULL REFERENCES bases,"
    " settings TEXT NOT NULL);"
    "CREATE TABLE IF NOT EXISTS definitions(id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL,"
    " points TEXT NOT NULL, objectives TEXT NOT NULL);"
    "CREATE TABLE IF NOT EXISTS results(point INTEGER NOT NULL REFERENCES points, program INTEGER NOT NULL REFERENCES programs,"
    " tool TEXT NOT NULL, how TEXT NOT NULL, exit_status INTEGER, cycles INTEGER, instructions INTEGER,"
    " static_instructions INTEGER, code_bytes INTEGER, figures TEXT, error TEXT, PRIMARY KEY(point, program, tool));"
    "PRAGMA application_id = 1752388401; PRAGMA user_version = 1;" /* APPLICATION, SCHEMA_VERSION */
    "COMMIT;";

bool results_error(const struct results *results, const char *doing, struct diag *diag)
{
    return diag_error(diag, results->path, 0, 0, "%s: %s", doing, sqlite3_errmsg(results->database));
}

bool results_do(struct results *results, const char *statements, struct diag *diag)
{
    return sqlite3_exec(results->database, statements, NULL, NULL, NULL) == SQLITE_OK ||
           results_error(results, "results cannot be written", diag);
}

static int64_t single_number(struct results *results, const char *query, int64_t otherwise)
{
    sqlite3_stmt *statement;
    int64_t number = otherwise;
    if (sqlite3_prepare_v2(results->database, query, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return number;
}

/* A file of ours, or an empty one to be written. */
static bool check_file(struct results *results, bool write, struct diag *diag)
{
    int64_t tables = single_number(results, "SELECT count(*) FROM sqlite_master", -1);
    if (tables < 0)
        return results_error(results, "cannot be read as results of a sweep", diag);
    if (tables == 0 && write)
        return true;
    if (single_number(results, "PRAGMA application_id", 0) != APPLICATION)
        return diag_error(diag, results->path, 0, 0, "found a file that is none of hybridsim's results of sweeps");
    int64_t version = single_number(results, "PRAGMA user_version", 0);
    return version == SCHEMA_VERSION || diag_error(diag, results->path, 0, 0, "found results of schema version %" PRId64
                                                   ", expected %d", version, SCHEMA_VERSION);
}

bool results_open(struct results *results, const char *path, bool write, struct diag *diag)
{
    *results = (struct results){.path = path};
    int flags = write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READWRITE;
    if (!write && access(path, R_OK) != 0)
        return diag_error(diag, path, 0, 0, "cannot be read: %s", strerror(errno));
    bool good = sqlite3_open_v2(path, &results->database, flags, NULL) == SQLITE_OK ||
                results_error(results, "cannot be opened", diag);
    if (good) {
        sqlite3_busy_timeout(results->database, BUSY_MS);
        good = check_file(results, write, diag);
    }
    if (good && write)
        good = results_do(results, "PRAGMA page_size = 16384; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;", diag) &&
               results_do(results, schema, diag);
    if (!good)
        results_close(results);
    return good;
}

void results_close(struct results *results)
{
    sqlite3_finalize(results->insert);
    sqlite3_close(results->database);
    results->insert = NULL;
    results->database = NULL;
}

void results_key_text(const struct content_key *key, char text[RESULTS_KEY_ROOM])
{
    snprintf(text, RESULTS_KEY_ROOM, "%016" PRIx64 "%016" PRIx64, key->words[0], key->words[1]);
}

static int64_t find_key(struct results *results, const char *table, const char *key)
{
    char *find = sqlite3_mprintf("SELECT id FROM %s WHERE key = '%q'", table, key);
    int64_t id = single_number(results, find, -1);
    sqlite3_free(find);
    return id;
}

/* Takes the statement over. */
static int64_t add_row(struct results *results, char *statement, struct diag *diag)
{
    bool done = results_do(results, statement, diag);
    sqlite3_free(statement);
    return done ? sqlite3_last_insert_rowid(results->database) : -1;
}

/* Finds the row of the table that has the key; adds it with its two texts when there is none. */
static int64_t find_or_add(struct results *results, const char *table, const char *key, const char *first, const char *second,
                           struct diag *diag)
{
    int64_t id = find_key(results, table, key);
    return id >= 0 ? id : add_row(results, sqlite3_mprintf("INSERT INTO %s VALUES(NULL, '%q', '%q', '%q')", table, key, first,
                                                           second), diag);
}

int64_t results_base(struct results *results, const char *name, const char *spec, struct diag *diag)
{
    struct content_key key = CONTENT_KEY_START;
    char text[RESULTS_KEY_ROOM];
    content_key_add(&key, spec, strlen(spec));
    results_key_text(&key, text);
    return find_or_add(results, "bases", text, name, spec, diag);
}

int64_t results_program(struct results *results, const struct content_key *key, const char *label, const char *script,
                        struct diag *diag)
{
    char text[RESULTS_KEY_ROOM];
    results_key_text(key, text);
    return find_or_add(results, "programs", text, label, script, diag);
}

int64_t results_point(struct results *results, int64_t base, int64_t wanted, const char *settings, struct diag *diag)
{
    struct content_key key = CONTENT_KEY_START;
    char text[RESULTS_KEY_ROOM];
    content_key_add(&key, &base, sizeof base);
    content_key_add(&key, settings, strlen(settings));
    results_key_text(&key, text);
    int64_t id = find_key(results, "points", text);
    return id >= 0 ? id : add_row(results, sqlite3_mprintf(
        "INSERT INTO points VALUES((SELECT %lld WHERE %lld > 0 AND NOT EXISTS(SELECT 1 FROM points WHERE id = %lld)), '%q', %lld,"
        " '%q')", (long long)wanted, (long long)wanted, (long long)wanted, text, (long long)base, settings), diag);
}

bool results_definition(struct results *results, const char *name, const char *points, const char *objectives, struct diag *diag)
{
    struct content_key key = CONTENT_KEY_START;
    char text[RESULTS_KEY_ROOM];
    content_key_add(&key, name, strlen(name) + 1);
    content_key_add(&key, points, strlen(points) + 1);
    content_key_add(&key, objectives, strlen(objectives));
    results_key_text(&key, text);
    return find_key(results, "definitions", text) >= 0 ||
           add_row(results, sqlite3_mprintf("INSERT INTO definitions VALUES(NULL, '%q', '%q', '%q', '%q')", text, name, points,
                                            objectives), diag) >= 0;
}

char *results_objectives(struct results *results)
{
    static const char latest[] = "SELECT objectives FROM definitions WHERE objectives != '' ORDER BY id DESC LIMIT 1";
    sqlite3_stmt *statement;
    char *objectives = NULL;
    if (sqlite3_prepare_v2(results->database, latest, -1, &statement, NULL) == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW)
        objectives = strdup((const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    return objectives;
}

static void bind_text(sqlite3_stmt *statement, int place, const char *text)
{
    if (text)
        sqlite3_bind_text(statement, place, text, -1, SQLITE_STATIC);
    else
        sqlite3_bind_null(statement, place);
}

bool results_add(struct results *results, const struct results_row *row, struct diag *diag)
{
    if (!results->insert &&
        sqlite3_prepare_v2(results->database, "INSERT OR REPLACE INTO results VALUES(?,?,?,?,?,?,?,?,?,?,?)", -1,
                           &results->insert, NULL) != SQLITE_OK)
        return results_error(results, "results cannot be written", diag);
    sqlite3_stmt *insert = results->insert;
    const uint64_t numbers[] = {row->cycles, row->instructions, row->static_instructions, row->code_bytes};
    sqlite3_bind_int64(insert, 1, row->point);
    sqlite3_bind_int64(insert, 2, row->program);
    bind_text(insert, 3, row->tool);
    bind_text(insert, 4, row->how);
    sqlite3_bind_int(insert, 5, row->exit_status);
    for (int i = 0; i < 4; i++) {
        if (row->error)
            sqlite3_bind_null(insert, 6 + i);
        else
            sqlite3_bind_int64(insert, 6 + i, (int64_t)numbers[i]);
    }
    bind_text(insert, 10, row->figures);
    bind_text(insert, 11, row->error);
    bool done = sqlite3_step(insert) == SQLITE_DONE || results_error(results, "results cannot be written", diag);
    sqlite3_reset(insert);
    return done;
}

static char *row_figures(struct results *results, int64_t point, int64_t program, const char *tool, bool *found)
{
    char *query = sqlite3_mprintf("SELECT figures, error FROM results WHERE point = %lld AND program = %lld AND tool = '%q'",
                                  (long long)point, (long long)program, tool);
    sqlite3_stmt *statement;
    char *figures = NULL;
    *found = false;
    if (sqlite3_prepare_v2(results->database, query, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW) {
        const char *text = (const char *)sqlite3_column_text(statement, 0);
        const char *error = (const char *)sqlite3_column_text(statement, 1);
        *found = !error || strncmp(error, RESULTS_NEEDS_SCRIPT, strlen(RESULTS_NEEDS_SCRIPT)) != 0;
        figures = text ? strdup(text) : NULL;
    }
    sqlite3_finalize(statement);
    sqlite3_free(query);
    return figures;
}

char *results_figures(struct results *results, int64_t point, int64_t program, const char *tool)
{
    bool found;
    return row_figures(results, point, program, tool, &found);
}

bool results_has(struct results *results, int64_t point, int64_t program, const char *tool)
{
    bool found;
    free(row_figures(results, point, program, tool, &found));
    return found;
}

void results_tool(char *text, size_t room)
{
    struct content_key key = CONTENT_KEY_START;
    int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    struct stat status;
    if (file >= 0 && fstat(file, &status) == 0 && status.st_size > 0) {
        void *bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, file, 0);
        if (bytes != MAP_FAILED) {
            content_key_add(&key, bytes, (size_t)status.st_size);
            munmap(bytes, (size_t)status.st_size);
        }
    }
    if (file >= 0)
        close(file);
    snprintf(text, room, HYBRIDSIM_VERSION "-%016" PRIx64, key.words[0] ^ key.words[1]);
}

/* Not by printf: there are a hundred of them in each of a hundred thousand results. */
static void add_figure(struct buffer *json, const char *group, const char *name, uint64_t value)
{
    enum { DIGITS = 20 };
    char digits[DIGITS];
    size_t first = DIGITS;
    if (!value)
        return;
    for (; value; value /= 10)
        digits[--first] = (char)('0' + value % 10);
    buffer_add_text(json, json->bytes[json->size - 1] == '{' ? "\"" : ", \"");
    buffer_add_text(json, group);
    buffer_add_text(json, name);
    buffer_add_text(json, "\": ");
    buffer_add(json, digits + first, DIGITS - first);
}

void results_figures_write(const struct timing_result *timing, struct buffer *json)
{
    const struct timing_counts *counts = &timing->total;
    buffer_add_byte(json, '{');
    add_figure(json, "", "cycles", counts->cycles);
    add_figure(json, "", "instructions", counts->instructions);
    add_figure(json, "", "static_instructions", counts->static_instructions);
    add_figure(json, "", "code_bytes", counts->code_bytes);
    add_figure(json, "", "energy", counts->energy);
    add_figure(json, "", "area", timing->area);
    for (int i = 0; i < ENERGY_PART_COUNT; i++)
        add_figure(json, "energy_parts.", energy_part_names[i], counts->energy_parts[i]);
    for (int i = 0; i < AREA_PART_COUNT; i++)
        add_figure(json, "area_parts.", area_part_names[i], timing->area_parts[i]);
    for (int i = 0; i < CYCLE_PART_COUNT; i++)
        add_figure(json, "cycle_stack.", cycle_part_name((enum cycle_part)i), counts->cycle_stack[i]);
    for (int i = 0; i < EVENT_COUNT; i++)
        add_figure(json, "events.", timing_event_names[i], counts->events[i]);
    for (int i = 0; i < WORK_COUNT; i++)
        add_figure(json, "work.", work_names[i], counts->work[i]);
    for (int i = 0; i < CATEGORY_COUNT; i++)
        add_figure(json, "by_category.", category_names[i], counts->by_category[i]);
    for (uint32_t i = 0; i < timing->name_count; i++)
        add_figure(json, "by_instruction.", timing->names[i], counts->by_instruction[i]);
    buffer_add_byte(json, '}');
}
