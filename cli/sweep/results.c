/* results.c - see results.h. */
#include "cli/sweep/results.h"

#include "core/memory.h"
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

enum { APPLICATION = 0x68735331, SCHEMA_VERSION = 2, BUSY_MS = 60000, KNOWN_SIZE = 16384 };

static const char schema[] =
    "BEGIN IMMEDIATE;"
    "CREATE TABLE IF NOT EXISTS bases(id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL, spec TEXT NOT NULL);"
    "CREATE TABLE IF NOT EXISTS programs(id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, label TEXT NOT NULL,"
    " script TEXT NOT NULL);"
    "CREATE TABLE IF NOT EXISTS derived(id INTEGER PRIMARY KEY, settings TEXT NOT NULL);"
    "CREATE TABLE IF NOT EXISTS points(id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, base INTEGER NOT NULL REFERENCES bases,"
    " settings TEXT NOT NULL, derived INTEGER REFERENCES derived);"
    "CREATE VIEW IF NOT EXISTS whole_points AS SELECT p.id, p.key, p.base, p.settings AS axes, CASE WHEN d.id IS NULL THEN"
    " p.settings WHEN p.settings = '{}' THEN d.settings ELSE substr(p.settings, 1, length(p.settings) - 1) || ', ' ||"
    " substr(d.settings, 2) END AS settings FROM points p LEFT JOIN derived d ON d.id = p.derived;"
    "CREATE TABLE IF NOT EXISTS definitions(id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL,"
    " points TEXT NOT NULL, objectives TEXT NOT NULL);"
    "CREATE TABLE IF NOT EXISTS layouts(id INTEGER PRIMARY KEY, names TEXT NOT NULL);"
    "CREATE TABLE IF NOT EXISTS figures(id INTEGER PRIMARY KEY, layout INTEGER NOT NULL REFERENCES layouts, numbers TEXT NOT NULL);"
    "CREATE TABLE IF NOT EXISTS results(point INTEGER NOT NULL REFERENCES points, program INTEGER NOT NULL REFERENCES programs,"
    " tool TEXT NOT NULL, how TEXT NOT NULL, exit_status INTEGER, error TEXT, cycles INTEGER, instructions INTEGER,"
    " static_instructions INTEGER, code_bytes INTEGER, energy INTEGER, area INTEGER, energy_parts INTEGER REFERENCES figures,"
    " area_parts INTEGER REFERENCES figures, cycle_stack INTEGER REFERENCES figures, events INTEGER REFERENCES figures,"
    " work INTEGER REFERENCES figures, by_category INTEGER REFERENCES figures, by_instruction INTEGER REFERENCES figures,"
    " PRIMARY KEY(point, program, tool)) WITHOUT ROWID;"
    "CREATE VIEW IF NOT EXISTS counters AS SELECT r.point, r.program, r.tool, n.value AS name,"
    " json_extract(f.numbers, '$[' || n.key || ']') AS value FROM results r"
    " JOIN figures f ON f.id IN (r.energy_parts, r.area_parts, r.cycle_stack, r.events, r.work, r.by_category, r.by_instruction)"
    " JOIN layouts l ON l.id = f.layout JOIN json_each(l.names) n;"
    "PRAGMA application_id = 1752388401; PRAGMA user_version = 2;" /* APPLICATION, SCHEMA_VERSION */
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
    return version == SCHEMA_VERSION ||
           diag_error(diag, results->path, 0, 0, "found results of schema version %" PRId64 ", by %s build of hybridsim, expected "
                      "%d: %s", version, version < SCHEMA_VERSION ? "an older" : "a newer", SCHEMA_VERSION,
                      version < SCHEMA_VERSION ? "compute them into another file, for the figures of an older build are not used, "
                      "or read them with that build" : "read them with that build");
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
        good = figures_add_functions(results->database) && check_file(results, write, diag);
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
    free(results->known);
    results->known = NULL;
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

/* The id of the rest of a point's settings, or 0. False after an error. */
static bool keep_derived(struct results *results, const char *derived, int64_t *id, struct diag *diag)
{
    *id = *derived ? figures_content_id(derived, strlen(derived)) : 0;
    return !*id || results_keep(results, "derived", *id, 0, derived, diag);
}

int64_t results_point(struct results *results, int64_t base, int64_t wanted, const char *settings, const char *derived,
                      struct diag *diag)
{
    struct content_key key = CONTENT_KEY_START;
    char text[RESULTS_KEY_ROOM];
    int64_t rest;
    content_key_add(&key, &base, sizeof base);
    content_key_add(&key, settings, strlen(settings));
    content_key_add(&key, derived, strlen(derived));
    results_key_text(&key, text);
    int64_t id = find_key(results, "points", text);
    if (id >= 0 || !keep_derived(results, derived, &rest, diag))
        return id;
    return add_row(results, sqlite3_mprintf(
        "INSERT INTO points VALUES((SELECT %lld WHERE %lld > 0 AND NOT EXISTS(SELECT 1 FROM points WHERE id = %lld)), '%q', %lld,"
        " '%q', nullif(%lld, 0))", (long long)wanted, (long long)wanted, (long long)wanted, text, (long long)base, settings,
        (long long)rest), diag);
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

/* ---- results ---- */

/* Where an id is, or could be, among those that are known. */
static int64_t *known_place(struct results *results, int64_t id)
{
    if (!results->known)
        results->known = checked_alloc(KNOWN_SIZE, sizeof *results->known);
    return &results->known[(uint64_t)id & (KNOWN_SIZE - 1)];
}

/* The row that is there has the same contents: ids are 63 bits of a check of them. */
static bool check_kept(struct results *results, const char *table, int64_t id, const char *text, struct diag *diag)
{
    char *query = sqlite3_mprintf("SELECT count(*) FROM %s WHERE id = %lld AND %s = '%q'", table, (long long)id,
                                  strcmp(table, "figures") == 0   ? "numbers"
                                  : strcmp(table, "layouts") == 0 ? "names" : "settings", text);
    int64_t count = single_number(results, query, 0);
    sqlite3_free(query);
    return count == 1 || diag_error(diag, results->path, 0, 0, "found other %s than expected under the id %" PRId64
                                    ": the file is damaged", table, id);
}

bool results_keep(struct results *results, const char *table, int64_t id, int64_t other, const char *text, struct diag *diag)
{
    int64_t *known = known_place(results, id);
    if (*known == id)
        return true;
    char *statement = other ? sqlite3_mprintf("INSERT OR IGNORE INTO %s VALUES(%lld, %lld, '%q')", table, (long long)id,
                                              (long long)other, text)
                            : sqlite3_mprintf("INSERT OR IGNORE INTO %s VALUES(%lld, '%q')", table, (long long)id, text);
    bool good = results_do(results, statement, diag) &&
                (sqlite3_changes(results->database) || check_kept(results, table, id, text, diag));
    sqlite3_free(statement);
    if (good)
        *known = id;
    return good;
}

static bool keep_sets(struct results *results, const struct figures *figures, struct diag *diag)
{
    for (int i = 0; i < FIGURE_GROUPS; i++) {
        const struct figure_set *set = &figures->sets[i];
        if (!results_keep(results, "layouts", set->layout, 0, set->names, diag) ||
            !results_keep(results, "figures", set->id, set->layout, set->numbers, diag))
            return false;
    }
    return true;
}

bool results_add(struct results *results, const struct results_row *row, struct diag *diag)
{
    enum { FIRST_FIGURE = 7 };
    if (!results->insert &&
        sqlite3_prepare_v2(results->database, "INSERT OR REPLACE INTO results(point, program, tool, how, exit_status, error, "
                           FIGURES_COLUMNS ") VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", -1, &results->insert,
                           NULL) != SQLITE_OK)
        return results_error(results, "results cannot be written", diag);
    if (row->figures && !keep_sets(results, row->figures, diag))
        return false;
    sqlite3_stmt *insert = results->insert;
    sqlite3_clear_bindings(insert);
    sqlite3_bind_int64(insert, 1, row->point);
    sqlite3_bind_int64(insert, 2, row->program);
    bind_text(insert, 3, row->tool);
    bind_text(insert, 4, row->how);
    sqlite3_bind_int(insert, 5, row->exit_status);
    bind_text(insert, 6, row->error);
    for (int i = 0; row->figures && i < FIGURE_TOTALS; i++)
        sqlite3_bind_int64(insert, FIRST_FIGURE + i, (int64_t)row->figures->totals[i]);
    for (int i = 0; row->figures && i < FIGURE_GROUPS; i++)
        sqlite3_bind_int64(insert, FIRST_FIGURE + FIGURE_TOTALS + i, row->figures->sets[i].id);
    bool done = sqlite3_step(insert) == SQLITE_DONE || results_error(results, "results cannot be written", diag);
    sqlite3_reset(insert);
    return done;
}

/* The first column of a result, to be freed; *found: there is a row. */
static char *read_result(struct results *results, const char *column, int64_t point, int64_t program, const char *tool, bool *found)
{
    char *query = sqlite3_mprintf("SELECT %s FROM results r WHERE r.point = %lld AND r.program = %lld AND r.tool = '%q'", column,
                                  (long long)point, (long long)program, tool);
    sqlite3_stmt *statement;
    char *text = NULL;
    *found = sqlite3_prepare_v2(results->database, query, -1, &statement, NULL) == SQLITE_OK &&
             sqlite3_step(statement) == SQLITE_ROW;
    if (*found && sqlite3_column_type(statement, 0) != SQLITE_NULL)
        text = strdup((const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    sqlite3_free(query);
    return text;
}

char *results_figures(struct results *results, int64_t point, int64_t program, const char *tool)
{
    bool found;
    return read_result(results, FIGURES_ALL, point, program, tool, &found);
}

bool results_has(struct results *results, int64_t point, int64_t program, const char *tool)
{
    bool found;
    char *error = read_result(results, "r.error", point, program, tool, &found);
    bool done = found && (!error || strncmp(error, RESULTS_NEEDS_SCRIPT, strlen(RESULTS_NEEDS_SCRIPT)) != 0);
    free(error);
    return done;
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
