/* merge.c - see merge.h. Rows are read through a connection to each file and written through one to the output: SQLite attaches
 * only ten files, and none inside a transaction. */
#include "cli/sweep/merge.h"

#include "cli/sweep/results.h"
#include "cli/sweep/shard.h"
#include "core/memory.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct record { /* of a sweep: see sweep_note */
    char *key, *name, *base, *programs;
    long long points;
};

struct merge {
    const struct merge_request *request;
    const char **files;  /* the output last, when it was there */
    int file_count;
    char *tool;
    struct record sweep; /* whose points have numbers */
    struct results results;
    bool made;           /* the output is new */
    struct diag *diag;
};

static const char *column_text(sqlite3_stmt *row, int column)
{
    const char *text = (const char *)sqlite3_column_text(row, column);
    return text ? text : "";
}

/* The query's rows; %-places as sqlite3_mprintf has them. NULL after an error. */
static sqlite3_stmt *query(struct results *results, struct diag *diag, const char *format, ...)
{
    va_list places;
    sqlite3_stmt *statement = NULL;
    va_start(places, format);
    char *text = sqlite3_vmprintf(format, places);
    va_end(places);
    if (sqlite3_prepare_v2(results->database, text, -1, &statement, NULL) != SQLITE_OK)
        results_error(results, "cannot be read", diag);
    sqlite3_free(text);
    return statement;
}

/* ---- what the files are ---- */

static bool same_file(const char *left, const char *right)
{
    struct stat a, b;
    return stat(left, &a) == 0 && stat(right, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

static bool is_output(const struct merge *merge, const char *file)
{
    return same_file(file, merge->request->output);
}

/* Each file once; the output is one of them, if it is there. */
static void list_files(struct merge *merge)
{
    const struct merge_request *request = merge->request;
    merge->files = checked_alloc((size_t)request->file_count + 1, sizeof *merge->files);
    merge->made = access(request->output, F_OK) != 0;
    for (int i = 0; i < request->file_count; i++) {
        bool known = is_output(merge, request->files[i]);
        for (int k = 0; k < merge->file_count; k++)
            known |= same_file(request->files[i], merge->files[k]);
        if (!known)
            merge->files[merge->file_count++] = request->files[i];
    }
    if (!merge->made)
        merge->files[merge->file_count++] = request->output;
}

/* All results have to be by one build. */
static bool check_tool(struct merge *merge, struct results *results)
{
    sqlite3_stmt *rows = query(results, merge->diag, "SELECT DISTINCT tool FROM results");
    bool good = rows != NULL;
    while (good && sqlite3_step(rows) == SQLITE_ROW) {
        const char *tool = column_text(rows, 0);
        if (!merge->tool)
            merge->tool = strdup(tool);
        else if (strcmp(tool, merge->tool) != 0)
            good = diag_error(merge->diag, results->path, 0, 0, "found results of another build of hybridsim, `%s`, than the `%s` "
                              "before it; --tool takes those of one", tool, merge->tool);
    }
    sqlite3_finalize(rows);
    return good;
}

static void free_record(struct record *record)
{
    free(record->key);
    free(record->name);
    free(record->base);
    free(record->programs);
    *record = (struct record){.key = NULL};
}

/* The first column of the query's first row. */
static bool is_true(struct merge *merge, struct results *results, const char *text)
{
    sqlite3_stmt *row = query(results, merge->diag, "%s", text);
    bool answer = row && sqlite3_step(row) == SQLITE_ROW && sqlite3_column_int(row, 0);
    sqlite3_finalize(row);
    return answer;
}

/* The file's latest sweep that is no other than `wanted` (NULL: any). *found is empty when there is none. */
static bool read_record(struct merge *merge, struct results *results, const char *wanted, struct record *found)
{
    *found = (struct record){.key = NULL};
    if (!is_true(merge, results, "SELECT count(*) FROM sqlite_master WHERE name = 'sweeps'"))
        return true;
    sqlite3_stmt *rows = query(results, merge->diag, "SELECT key, name, base, programs, points FROM sweeps "
                               "WHERE %Q IS NULL OR key = %Q ORDER BY id DESC LIMIT 1", wanted, wanted);
    if (rows && sqlite3_step(rows) == SQLITE_ROW)
        *found = (struct record){strdup(column_text(rows, 0)), strdup(column_text(rows, 1)), strdup(column_text(rows, 2)),
                                 strdup(column_text(rows, 3)), sqlite3_column_int64(rows, 4)};
    sqlite3_finalize(rows);
    return rows != NULL;
}

/* A file that has not the sweep. What the output has stays in it; else says in what the sweeps differ. */
static bool check_other(struct merge *merge, struct results *results)
{
    struct record own;
    const struct record *wanted = &merge->sweep;
    bool good = read_record(merge, results, NULL, &own);
    if (good && !own.key)
        return diag_error(merge->diag, results->path, 0, 0, "found results without a record of their sweep: those of a search, or "
                          "of an older build");
    bool alike = good && strcmp(own.base, wanted->base) == 0 && strcmp(own.programs, wanted->programs) == 0;
    if (good && !(alike && (merge->request->sweep || is_output(merge, results->path)))) {
        const char *what = strcmp(own.base, wanted->base) != 0          ? "over another base"
                           : strcmp(own.programs, wanted->programs) != 0 ? "of other programs (paths, arguments or texts)"
                                                                         : "with other points: another sweep file";
        good = diag_error(merge->diag, results->path, 0, 0, "found results of a sweep `%s` %s than `%s`, which %s has", own.name,
                          what, wanted->name, merge->files[0]);
    }
    free_record(&own);
    return good;
}

/* The sweep is that of the first file which has the one asked for. */
static bool find_sweep(struct merge *merge)
{
    bool good = true;
    for (int i = 0; good && i < merge->file_count && !merge->sweep.key; i++) {
        struct results results;
        good = results_open(&results, merge->files[i], false, merge->diag);
        if (good) {
            good = read_record(merge, &results, merge->request->sweep, &merge->sweep);
            results_close(&results);
        }
    }
    return good && (merge->sweep.key || diag_error(merge->diag, merge->request->output, 0, 0, "found no points of this sweep"));
}

/* *empty: it was left before it had results. */
static bool check_file(struct merge *merge, const char *file, bool *empty)
{
    struct results results;
    struct record own = {.key = NULL};
    *empty = false;
    if (!results_open(&results, file, false, merge->diag))
        return false;
    *empty = !is_true(merge, &results, "SELECT count(*) FROM sqlite_master WHERE name = 'sweeps'") &&
             !is_true(merge, &results, "SELECT count(*) FROM results");
    bool good = *empty || merge->request->tool || check_tool(merge, &results);
    good = good && read_record(merge, &results, merge->sweep.key, &own);
    if (good && !own.key && !*empty)
        good = check_other(merge, &results);
    free_record(&own);
    results_close(&results);
    return good;
}

/* ---- rows ---- */

static int count_programs(const struct merge *merge)
{
    int programs = 1;
    for (const char *c = merge->sweep.programs; *c; c++)
        programs += *c == ' ';
    return programs;
}

static int64_t single_id(struct merge *merge, const char *format, const char *key)
{
    sqlite3_stmt *row = query(&merge->results, merge->diag, format, key);
    int64_t id = row && sqlite3_step(row) == SQLITE_ROW ? sqlite3_column_int64(row, 0) : -1;
    sqlite3_finalize(row);
    return id;
}

/* Copies what `read` gives into the table, where it is not yet. `read` is freed. */
static bool copy_rows(struct merge *merge, sqlite3_stmt *read, const char *insertion)
{
    sqlite3_stmt *write = read ? query(&merge->results, merge->diag, "%s", insertion) : NULL;
    bool good = write != NULL;
    while (good && sqlite3_step(read) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(read); i++)
            sqlite3_bind_value(write, i + 1, sqlite3_column_value(read, i));
        good = sqlite3_step(write) == SQLITE_DONE || results_error(&merge->results, "results cannot be written", merge->diag);
        sqlite3_reset(write);
    }
    sqlite3_finalize(read);
    sqlite3_finalize(write);
    return good;
}

/* Base, programs in the sweep's order, the sweep, and which parts of it the file has. */
static bool copy_record(struct merge *merge, struct results *from)
{
    struct diag *diag = merge->diag;
    const struct record *sweep = &merge->sweep;
    return copy_rows(merge, query(from, diag, "SELECT key, name, spec FROM bases ORDER BY key <> %Q, id", sweep->base),
                     "INSERT OR IGNORE INTO bases VALUES(NULL, ?, ?, ?)") &&
           copy_rows(merge, query(from, diag, "SELECT key, label, script FROM programs ORDER BY instr(%Q, key) = 0, instr(%Q, key)",
                                  sweep->programs, sweep->programs),
                     "INSERT OR IGNORE INTO programs VALUES(NULL, ?, ?, ?)") &&
           copy_rows(merge, query(from, diag, "SELECT key, name, base, programs, points FROM sweeps WHERE key = %Q", sweep->key),
                     "INSERT OR IGNORE INTO sweeps VALUES(NULL, ?, ?, ?, ?, ?)") &&
           copy_rows(merge, query(from, diag, "SELECT s.key, p.part, p.parts FROM parts p JOIN sweeps s ON s.id = p.sweep "
                                  "WHERE s.key = %Q", sweep->key),
                     "INSERT OR IGNORE INTO parts SELECT id, ?2, ?3 FROM sweeps WHERE key = ?1") &&
           copy_rows(merge, query(from, diag, "SELECT key, name, points, objectives FROM definitions ORDER BY id"),
                     "INSERT OR IGNORE INTO definitions VALUES(NULL, ?, ?, ?, ?)");
}

/* The columns of a result besides point and program, whatever they are. To be freed by sqlite3_free. */
static char *result_columns(struct results *results, const char *prefix)
{
    sqlite3_stmt *rows;
    char *list = NULL;
    if (sqlite3_prepare_v2(results->database, "SELECT name FROM pragma_table_info('results') WHERE name NOT IN "
                           "('point', 'program') ORDER BY name = 'how' DESC, cid", -1, &rows, NULL) != SQLITE_OK)
        return NULL;
    while (sqlite3_step(rows) == SQLITE_ROW) {
        char *longer = sqlite3_mprintf("%s, %s%s", list ? list : "", prefix, column_text(rows, 0));
        sqlite3_free(list);
        list = longer;
    }
    sqlite3_finalize(rows);
    return list;
}

/* Of what copy_results reads; ROW_HOW to the last are a result. */
enum { ROW_POINT, ROW_SETTINGS, ROW_BASE, ROW_NUMBER, ROW_DERIVED, ROW_PROGRAM, ROW_HOW };

struct known_id { /* in the output */
    char key[RESULTS_KEY_ROOM];
    int64_t id;
};

struct copying {
    struct merge *merge;
    struct results *from;
    sqlite3_stmt *read, *insert, *compare, *drop, *number; /* ROW_HOW and what follows is a result */
    struct known_id programs[SWEEP_MAX_PROGRAMS], base; /* some that were asked for before */
    int program_count;
    int64_t from_point, point;             /* the latest, in either file */
};

static bool know_id(struct copying *copying, const char *format, const char *key, struct known_id *known)
{
    known->id = single_id(copying->merge, format, key);
    snprintf(known->key, sizeof known->key, "%s", key);
    return known->id >= 0;
}

/* The row's program's id in the output; -1: it has none. */
static int64_t find_program(struct copying *copying)
{
    const char *key = column_text(copying->read, ROW_PROGRAM);
    int place = 0;
    while (place < copying->program_count && strcmp(copying->programs[place].key, key) != 0)
        place++;
    if (place < copying->program_count)
        return copying->programs[place].id;
    place = copying->program_count < SWEEP_MAX_PROGRAMS ? copying->program_count++ : 0;
    know_id(copying, "SELECT id FROM programs WHERE key = %Q", key, &copying->programs[place]);
    return copying->programs[place].id;
}

static bool prepare_numbers(struct copying *copying)
{
    copying->number = query(&copying->merge->results, copying->merge->diag,
                            "INSERT OR IGNORE INTO numbers SELECT id, ?2, ?1 FROM sweeps WHERE key = %Q",
                            copying->merge->sweep.key);
    return copying->number != NULL;
}

/* The point's id in the output. */
static bool place_point(struct copying *copying)
{
    struct merge *merge = copying->merge;
    sqlite3_stmt *read = copying->read;
    int64_t number = sqlite3_column_int64(read, ROW_NUMBER);
    if (sqlite3_column_int64(read, ROW_POINT) == copying->from_point)
        return true;
    const char *base = column_text(read, ROW_BASE);
    if (strcmp(base, copying->base.key) != 0 &&
        !know_id(copying, "SELECT id FROM bases WHERE key = %Q", base, &copying->base))
        return false;
    copying->from_point = sqlite3_column_int64(read, ROW_POINT);
    copying->point = results_point(&merge->results, copying->base.id, number, column_text(read, ROW_SETTINGS),
                                   column_text(read, ROW_DERIVED), merge->diag);
    if (!number || copying->point < 0)
        return copying->point >= 0;
    sqlite3_bind_int64(copying->number, 1, number);
    sqlite3_bind_int64(copying->number, 2, copying->point);
    bool good = sqlite3_step(copying->number) == SQLITE_DONE ||
                results_error(&merge->results, "results cannot be written", merge->diag);
    sqlite3_reset(copying->number);
    return good;
}

static bool values_differ(sqlite3_stmt *left, int left_column, sqlite3_stmt *right, int right_column)
{
    const char *a = (const char *)sqlite3_column_text(left, left_column);
    const char *b = (const char *)sqlite3_column_text(right, right_column);
    return a && b ? strcmp(a, b) != 0 : a != b;
}

/* Also those that no result is of: a result in a file that is not of this sweep finds its point then. */
static bool copy_points(struct merge *merge, struct results *from)
{
    struct copying copying = {.merge = merge, .from = from, .from_point = -1};
    if (single_id(merge, "SELECT count(*) FROM numbers WHERE sweep = (SELECT id FROM sweeps WHERE key = %Q)", merge->sweep.key) ==
        merge->sweep.points)
        return true;
    copying.read = query(from, merge->diag, "SELECT n.point, p.settings, b.key, n.number, d.settings FROM numbers n JOIN points p"
                         " ON p.id = n.point JOIN bases b ON b.id = p.base LEFT JOIN derived d ON d.id = p.derived"
                         " WHERE n.sweep = (SELECT id FROM sweeps WHERE key = %Q)"
                         " ORDER BY n.number", merge->sweep.key);
    bool good = copying.read && prepare_numbers(&copying);
    while (good && sqlite3_step(copying.read) == SQLITE_ROW)
        good = place_point(&copying);
    sqlite3_finalize(copying.read);
    sqlite3_finalize(copying.number);
    return good;
}

/* There is a result already: it is the same, but for how it was come by. */
static bool compare_result(struct copying *copying, int64_t program)
{
    sqlite3_stmt *compare = copying->compare, *read = copying->read;
    bool same = false;
    sqlite3_bind_int64(compare, 1, copying->point);
    sqlite3_bind_int64(compare, 2, program);
    if (sqlite3_step(compare) == SQLITE_ROW) {
        same = sqlite3_column_count(compare) == sqlite3_column_count(read) - ROW_HOW;
        for (int i = 1; same && i < sqlite3_column_count(compare); i++)
            same = !values_differ(compare, i, read, ROW_HOW + i);
    }
    sqlite3_reset(compare);
    if (same)
        return true;
    sqlite3_stmt *label = query(copying->from, copying->merge->diag, "SELECT label FROM programs WHERE key = %Q",
                                column_text(read, ROW_PROGRAM));
    diag_error(copying->merge->diag, copying->from->path, 0, 0, "found other figures than a file before it has, for %s at the "
               "point %s", label && sqlite3_step(label) == SQLITE_ROW ? column_text(label, 0) : "a program",
               column_text(read, ROW_SETTINGS));
    sqlite3_finalize(label);
    return false;
}

/* The row's error is that a saved profile did not stand for the point. */
static bool needs_script(sqlite3_stmt *row)
{
    for (int i = sqlite3_column_count(row) - 1; i >= 0; i--)
        if (strcmp(sqlite3_column_name(row, i), "error") == 0)
            return strncmp(column_text(row, i), RESULTS_NEEDS_SCRIPT, strlen(RESULTS_NEEDS_SCRIPT)) == 0;
    return false;
}

/* There is a result already. One that needs the script gives way to any other. */
static bool settle_result(struct copying *copying, int64_t program)
{
    sqlite3_stmt *compare = copying->compare, *drop = copying->drop;
    if (needs_script(copying->read))
        return true;
    sqlite3_bind_int64(compare, 1, copying->point);
    sqlite3_bind_int64(compare, 2, program);
    bool gives_way = sqlite3_step(compare) == SQLITE_ROW && needs_script(compare);
    sqlite3_reset(compare);
    if (!gives_way)
        return compare_result(copying, program);
    sqlite3_bind_int64(drop, 1, copying->point);
    sqlite3_bind_int64(drop, 2, program);
    bool good = sqlite3_step(drop) == SQLITE_DONE && sqlite3_step(copying->insert) == SQLITE_DONE;
    if (!good)
        results_error(&copying->merge->results, "results cannot be written", copying->merge->diag);
    sqlite3_reset(drop);
    sqlite3_reset(copying->insert);
    return good;
}

static bool copy_result(struct copying *copying)
{
    struct merge *merge = copying->merge;
    sqlite3_stmt *read = copying->read, *insert = copying->insert;
    int64_t program = find_program(copying);
    if (program < 0 || !place_point(copying))
        return false;
    sqlite3_bind_int64(insert, 1, copying->point);
    sqlite3_bind_int64(insert, 2, program);
    for (int i = ROW_HOW; i < sqlite3_column_count(read); i++)
        sqlite3_bind_value(insert, 3 + i - ROW_HOW, sqlite3_column_value(read, i));
    bool good = sqlite3_step(insert) == SQLITE_DONE || results_error(&merge->results, "results cannot be written", merge->diag);
    sqlite3_reset(insert);
    return good && (sqlite3_changes(merge->results.database) || settle_result(copying, program));
}

/* What results refer to. */
static bool copy_sets(struct merge *merge, struct results *from)
{
    static const char *const tables[][2] = {{"layouts", "SELECT id, 0, names FROM layouts"},
                                            {"figures", "SELECT id, layout, numbers FROM figures"}};
    bool good = true;
    for (size_t i = 0; good && i < sizeof tables / sizeof *tables; i++) {
        sqlite3_stmt *rows = query(from, merge->diag, "%s", tables[i][1]);
        good = rows != NULL;
        while (good && sqlite3_step(rows) == SQLITE_ROW) {
            const char *text = column_text(rows, 2);
            int64_t id = sqlite3_column_int64(rows, 0), layout = sqlite3_column_int64(rows, 1);
            good = id == (layout ? figures_set_id(layout, text) : figures_content_id(text, strlen(text))) ||
                   diag_error(merge->diag, from->path, 0, 0, "found %s whose id is not of their contents: the file is damaged",
                              tables[i][0]);
            good = good && results_keep(&merge->results, tables[i][0], id, layout, text, merge->diag);
        }
        sqlite3_finalize(rows);
    }
    return good;
}

static char *insertion_of(const char *columns)
{
    struct buffer places = {0};
    for (const char *c = columns; (c = strchr(c, ',')); c++)
        buffer_add_text(&places, ", ?");
    char *insertion = sqlite3_mprintf("INSERT OR IGNORE INTO results(point, program%s) VALUES(?, ?%s)", columns, places.bytes);
    buffer_free(&places);
    return insertion;
}

static bool copy_results(struct merge *merge, struct results *from, bool numbered)
{
    char *columns = result_columns(from, "r."), *names = result_columns(from, "");
    if (!columns || !names)
        return results_error(from, "cannot be read", merge->diag);
    char *insertion = insertion_of(names);
    struct copying copying = {.merge = merge, .from = from, .from_point = -1};
    copying.read = query(from, merge->diag,
        "SELECT r.point, p.settings, b.key, n.number, d.settings, g.key%s FROM results r JOIN points p ON p.id = r.point"
        " JOIN bases b ON b.id = p.base LEFT JOIN derived d ON d.id = p.derived JOIN programs g ON g.id = r.program"
        " LEFT JOIN numbers n"
        " ON n.sweep = (SELECT id FROM sweeps WHERE key = %Q) AND n.point = r.point WHERE r.tool = %Q"
        " AND (n.number IS NOT NULL) = %d ORDER BY n.number, p.settings, d.settings, r.point, r.program", columns, merge->sweep.key,
        merge->tool, numbered);
    copying.insert = query(&merge->results, merge->diag, "%s", insertion);
    copying.compare = query(&merge->results, merge->diag, "SELECT %s FROM results WHERE point = ? AND program = ? AND tool = %Q",
                            names + 2, merge->tool);
    copying.drop = query(&merge->results, merge->diag, "DELETE FROM results WHERE point = ? AND program = ? AND tool = %Q",
                         merge->tool);
    bool good = copying.read && copying.insert && copying.compare && copying.drop && prepare_numbers(&copying);
    while (good && sqlite3_step(copying.read) == SQLITE_ROW)
        good = copy_result(&copying);
    sqlite3_finalize(copying.read);
    sqlite3_finalize(copying.insert);
    sqlite3_finalize(copying.compare);
    sqlite3_finalize(copying.drop);
    sqlite3_finalize(copying.number);
    sqlite3_free(insertion);
    sqlite3_free(columns);
    sqlite3_free(names);
    return good;
}

/* A part's file that has not all results of its points. */
static void tell_unfinished(struct merge *merge, struct results *from, struct buffer *text)
{
    sqlite3_stmt *row = query(from, merge->diag,
        "WITH own(id) AS (SELECT id FROM sweeps WHERE key = %Q), made(count) AS (SELECT count(*) FROM numbers n JOIN results r"
        " ON r.point = n.point JOIN programs g ON g.id = r.program WHERE n.sweep = (SELECT id FROM own) AND r.tool = %Q"
        " AND instr(%Q, g.key)), wanted(count) AS (SELECT count(*) * %d FROM numbers WHERE sweep = (SELECT id FROM own))"
        " SELECT made.count, wanted.count FROM made, wanted WHERE made.count < wanted.count"
        " AND (SELECT count(*) FROM parts WHERE sweep = (SELECT id FROM own)) = 1", merge->sweep.key, merge->tool,
        merge->sweep.programs, count_programs(merge));
    if (row && sqlite3_step(row) == SQLITE_ROW)
        buffer_printf(text, "%s%s (%lld of %lld results)", text->size ? ", " : "", from->path, sqlite3_column_int64(row, 0),
                      sqlite3_column_int64(row, 1));
    sqlite3_finalize(row);
}

/* Points without a number in this sweep, of an earlier one into the same file, come last. */
static bool copy_file(struct merge *merge, const char *file, bool numbered, struct buffer *unfinished)
{
    struct results from;
    if (is_output(merge, file))
        return true; /* they are there */
    if (!results_open(&from, file, false, merge->diag))
        return false;
    bool good = (!numbered || (copy_record(merge, &from) && copy_sets(merge, &from) &&
                               (!merge->request->sweep || copy_points(merge, &from)))) &&
                copy_results(merge, &from, numbered);
    if (good && numbered)
        tell_unfinished(merge, &from, unfinished);
    results_close(&from);
    return good;
}

/* ---- what is missing ---- */

static char *list_missing(struct merge *merge)
{
    struct buffer text = {0};
    sqlite3_stmt *rows = query(&merge->results, merge->diag,
        "WITH RECURSIVE every(part, parts) AS (SELECT 1, max(parts) FROM parts WHERE sweep = (SELECT id FROM sweeps WHERE key = %Q)"
        " UNION ALL SELECT part + 1, parts FROM every WHERE part < parts)"
        " SELECT e.part, e.parts FROM every e WHERE e.parts IS NOT NULL AND NOT EXISTS(SELECT 1 FROM parts p WHERE p.part = e.part"
        " AND p.parts = e.parts AND p.sweep = (SELECT id FROM sweeps WHERE key = %Q))", merge->sweep.key, merge->sweep.key);
    long long parts = 0;
    while (rows && sqlite3_step(rows) == SQLITE_ROW) {
        buffer_printf(&text, "%s%lld", text.size ? ", " : "", sqlite3_column_int64(rows, 0));
        parts = sqlite3_column_int64(rows, 1);
    }
    if (text.size)
        buffer_printf(&text, " of %lld", parts);
    sqlite3_finalize(rows);
    return text.bytes;
}

static bool count_results(struct merge *merge, struct merge_outcome *outcome)
{
    sqlite3_stmt *row = query(&merge->results, merge->diag,
        "SELECT count(*) FROM numbers n JOIN results r ON r.point = n.point JOIN programs g ON g.id = r.program"
        " WHERE n.sweep = (SELECT id FROM sweeps WHERE key = %Q) AND r.tool = %Q AND instr(%Q, g.key)", merge->sweep.key,
        merge->tool, merge->sweep.programs);
    bool good = row && sqlite3_step(row) == SQLITE_ROW;
    outcome->results = good ? sqlite3_column_int64(row, 0) : 0;
    outcome->wanted = merge->sweep.points * count_programs(merge);
    outcome->files = merge->file_count;
    outcome->missing = outcome->results < outcome->wanted ? list_missing(merge) : NULL;
    sqlite3_finalize(row);
    return good;
}

static bool join(struct merge *merge, struct merge_outcome *outcome)
{
    struct buffer unfinished = {0};
    if (!results_open(&merge->results, merge->request->output, true, merge->diag))
        return false;
    bool good = results_do(&merge->results, "BEGIN IMMEDIATE", merge->diag) && sweep_note_tables(&merge->results, merge->diag);
    for (int i = 0; good && i < 2 * merge->file_count; i++)
        good = copy_file(merge, merge->files[i % merge->file_count], i < merge->file_count, &unfinished);
    good = good && results_do(&merge->results, "COMMIT", merge->diag) && count_results(merge, outcome);
    outcome->unfinished = unfinished.bytes;
    results_close(&merge->results);
    if (!good && merge->made)
        unlink(merge->request->output);
    return good;
}

bool sweep_merge(const struct merge_request *request, struct merge_outcome *outcome, struct diag *diag)
{
    struct merge merge = {.request = request, .tool = request->tool ? strdup(request->tool) : NULL, .diag = diag};
    *outcome = (struct merge_outcome){.files = 0};
    list_files(&merge);
    bool good = find_sweep(&merge);
    int count = 0;
    for (int i = 0; good && i < merge.file_count; i++) {
        bool empty;
        good = check_file(&merge, merge.files[i], &empty);
        merge.files[count] = merge.files[i];
        count += !empty;
    }
    merge.file_count = count;
    if (good && !merge.tool)
        good = diag_error(diag, merge.files[0], 0, 0, "found no results in it yet");
    good = good && join(&merge, outcome);
    free_record(&merge.sweep);
    free(merge.tool);
    free(merge.files);
    return good;
}
