/* shard.c - see shard.h. */
#include "cli/sweep/shard.h"

#include "core/memory.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

/* What a translation, and branches replayed for a predictor, cost: so many points' timing. */
enum { TRANSLATION_POINTS = 8, PREDICTOR_POINTS = 4 };

bool sweep_part_parse(const char *text, struct sweep_part *part, struct diag *diag)
{
    char *end;
    unsigned long number = strtoul(text, &end, 10), count = *end == '/' ? strtoul(end + 1, &end, 10) : 0;
    if (strspn(text, "0123456789/") != strlen(text) || *end || number < 1 || number > count || count > SWEEP_MAX_POINTS)
        return diag_error(diag, NULL, 0, 0, "--shard: found '%s', expected I/N: the I-th, from 1, of N parts", text);
    part->number = (uint32_t)number;
    part->count = (uint32_t)count;
    return true;
}

static void key_of_sweep(const struct sweep_plan *plan, char text[RESULTS_KEY_ROOM])
{
    struct content_key key = CONTENT_KEY_START;
    struct diag ignored; /* it is told when the point is written down */
    diag_init(&ignored);
    content_key_add(&key, plan->base->resolved_text, strlen(plan->base->resolved_text));
    for (int i = 0; i < plan->program_count; i++)
        content_key_add(&key, &plan->programs[i].key, sizeof plan->programs[i].key);
    for (uint32_t i = 0; i < plan->point_count; i++) {
        struct buffer settings = {0};
        sweep_point_settings(plan, i, &settings, NULL, &ignored);
        content_key_add(&key, settings.bytes, settings.size);
        buffer_free(&settings);
    }
    diag_free(&ignored);
    results_key_text(&key, text);
}

/* ---- order ---- */

struct shared_point {
    struct content_key code, predictor;
    uint32_t first;  /* of the points with its translation */
    uint32_t number;
};

static int compare_codes(const void *left, const void *right)
{
    const struct shared_point *a = left, *b = right;
    int order = memcmp(&a->code, &b->code, sizeof a->code);
    return order ? order : a->number < b->number ? -1 : a->number > b->number;
}

static int compare_places(const void *left, const void *right)
{
    const struct shared_point *a = left, *b = right;
    if (a->first != b->first)
        return a->first < b->first ? -1 : 1;
    int order = memcmp(&a->predictor, &b->predictor, sizeof a->predictor);
    return order ? order : a->number < b->number ? -1 : a->number > b->number;
}

/* Translations as the sweep names them first: neighbours differ by little, and often speculate alike, so that one execution stands
 * for all of a part. */
void sweep_order(const struct sweep_plan *plan, uint32_t *points, uint32_t *costs)
{
    uint32_t count = plan->point_count;
    struct shared_point *shared = checked_alloc(count, sizeof *shared);
    for (uint32_t i = 0; i < count; i++) {
        shared[i].code = sweep_point_code_key(plan, i);
        shared[i].predictor = sweep_point_predictor_key(plan, i);
        shared[i].number = i;
    }
    qsort(shared, count, sizeof *shared, compare_codes);
    for (uint32_t i = 0; i < count; i++) {
        bool same = i > 0 && memcmp(&shared[i].code, &shared[i - 1].code, sizeof shared[i].code) == 0;
        shared[i].first = same ? shared[i - 1].first : shared[i].number;
    }
    qsort(shared, count, sizeof *shared, compare_places);
    for (uint32_t i = 0; i < count; i++) {
        bool same_code = i > 0 && shared[i].first == shared[i - 1].first;
        bool same_predictor = same_code && memcmp(&shared[i].predictor, &shared[i - 1].predictor, sizeof shared[i].predictor) == 0;
        points[i] = shared[i].number;
        costs[i] = 1 + (same_code ? 0 : TRANSLATION_POINTS) + (same_predictor ? 0 : PREDICTOR_POINTS);
    }
    free(shared);
}

/* Where each of `count` parts of the ordered points ends: where the costs say, or where a translation begins, within an eighth of a
 * part from there. Every part has a point. */
static void divide(const uint32_t *costs, uint32_t point_count, uint32_t count, uint32_t *ends)
{
    uint64_t total = 0, before = 0, share;
    uint32_t place = 0;
    for (uint32_t i = 0; i < point_count; i++)
        total += costs[i];
    share = total / count;
    for (uint32_t part = 0; part < count; part++) {
        uint64_t wanted = total * (part + 1) / count, nearest = UINT64_MAX;
        uint64_t low = wanted - share / 8, high = wanted + share / 8;
        uint32_t end = point_count;
        for (; place < point_count && before < low; place++)
            before += costs[place];
        uint64_t seen = before;
        for (uint32_t i = place; i <= point_count && seen <= high; i++) {
            uint64_t away = seen > wanted ? seen - wanted : wanted - seen;
            bool starts = i == point_count || costs[i] > TRANSLATION_POINTS;
            away = starts ? away : away + share; /* rather where a translation begins */
            if (away < nearest) {
                nearest = away;
                end = i;
            }
            seen += i < point_count ? costs[i] : 1;
        }
        if (nearest == UINT64_MAX)
            end = place;
        uint32_t least = (part ? ends[part - 1] : 0) + 1, most = point_count - (count - part - 1);
        ends[part] = part + 1 == count || end > most ? most : end < least ? least : end;
    }
}

static int compare_numbers(const void *left, const void *right)
{
    const uint32_t *a = left, *b = right;
    return *a < *b ? -1 : *a > *b;
}

bool sweep_part_refuse(const struct sweep_plan *plan, struct diag *diag)
{
    return diag_error(diag, plan->file, 0, 0, "found `method: search`, which has no parts, for its points depend on each other: "
                      "mpirun shares those of each generation; or search several times, each with a `seed` of its own, into one "
                      "file");
}

bool sweep_part_take(struct sweep_part *part, struct sweep_plan *plan, struct diag *diag)
{
    uint32_t count = plan->point_count;
    if (plan->method == SWEEP_SEARCH)
        return sweep_part_refuse(plan, diag);
    if (part->count > count)
        return diag_error(diag, plan->file, 0, 0, "--shard: found %" PRIu32 " parts, expected no more than there are points: %"
                          PRIu32, part->count, count);
    part->whole = count;
    key_of_sweep(plan, part->key);
    uint32_t *points = checked_alloc(count, sizeof *points), *costs = checked_alloc(count, sizeof *costs);
    uint32_t *ends = checked_alloc(part->count, sizeof *ends);
    sweep_order(plan, points, costs);
    divide(costs, count, part->count, ends);
    uint32_t first = part->number > 1 ? ends[part->number - 2] : 0;
    plan->point_count = ends[part->number - 1] - first;
    part->numbers = checked_alloc(plan->point_count, sizeof *part->numbers);
    memcpy(part->numbers, points + first, plan->point_count * sizeof *points);
    qsort(part->numbers, plan->point_count, sizeof *part->numbers, compare_numbers);
    size_t axes = (size_t)plan->axis_count;
    for (uint32_t i = 0; i < plan->point_count; i++) /* each comes from a later place, or its own */
        memmove(plan->choices + i * axes, plan->choices + part->numbers[i] * axes, axes * sizeof *plan->choices);
    free(points);
    free(costs);
    free(ends);
    return true;
}

void sweep_part_whole(struct sweep_part *part, const struct sweep_plan *plan)
{
    *part = (struct sweep_part){.whole = plan->point_count};
    key_of_sweep(plan, part->key);
}

void sweep_part_free(struct sweep_part *part)
{
    free(part->numbers);
    part->numbers = NULL;
}

char *sweep_part_path(const char *folder, const struct sweep_plan *plan, const char *ending)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    struct buffer path = {0};
    size_t length = strlen(folder);
    buffer_printf(&path, "%s%s", folder, length && folder[length - 1] == '/' ? "" : "/");
    for (const char *c = plan->name; *c; c++)
        buffer_add_byte(&path, strchr(allowed, *c) && (*c != '.' || c != plan->name) ? (uint8_t)*c : '-');
    buffer_printf(&path, "%s.db", ending);
    return path.bytes;
}

/* ---- the record ---- */

int64_t sweep_number(const struct sweep_part *part, uint32_t point)
{
    return 1 + (int64_t)(part && part->numbers ? part->numbers[point] : point);
}

bool sweep_note_tables(struct results *results, struct diag *diag)
{
    return results_do(results,
        "CREATE TABLE IF NOT EXISTS sweeps(id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL,"
        " base TEXT NOT NULL, programs TEXT NOT NULL, points INTEGER NOT NULL);"
        "CREATE TABLE IF NOT EXISTS numbers(sweep INTEGER NOT NULL REFERENCES sweeps, point INTEGER NOT NULL REFERENCES points,"
        " number INTEGER NOT NULL, PRIMARY KEY(sweep, point)) WITHOUT ROWID;"
        "CREATE TABLE IF NOT EXISTS parts(sweep INTEGER NOT NULL REFERENCES sweeps, part INTEGER NOT NULL,"
        " parts INTEGER NOT NULL, PRIMARY KEY(sweep, part, parts)) WITHOUT ROWID;", diag);
}

static bool note_sweep(struct results *results, const struct sweep_plan *plan, const struct sweep_part *part, int64_t base,
                       struct diag *diag)
{
    struct buffer programs = {0};
    for (int i = 0; i < plan->program_count; i++) {
        char key[RESULTS_KEY_ROOM];
        results_key_text(&plan->programs[i].key, key);
        buffer_printf(&programs, "%s%s", i ? " " : "", key);
    }
    char *statements = sqlite3_mprintf(
        "INSERT OR IGNORE INTO sweeps VALUES(NULL, '%q', '%q', (SELECT key FROM bases WHERE id = %lld), '%q', %lld);"
        "INSERT OR IGNORE INTO parts SELECT id, %lld, %lld FROM sweeps WHERE key = '%q' AND %lld > 0;", part->key, plan->name,
        (long long)base, programs.bytes, (long long)part->whole, (long long)part->number, (long long)part->count, part->key,
        (long long)part->count);
    bool good = results_do(results, statements, diag);
    sqlite3_free(statements);
    buffer_free(&programs);
    return good;
}

bool sweep_note(struct results *results, const struct sweep_plan *plan, const struct sweep_part *part, int64_t base,
                const int64_t *point_ids, struct diag *diag)
{
    struct sweep_part whole;
    sqlite3_stmt *insert = NULL;
    if (!part) {
        sweep_part_whole(&whole, plan);
        part = &whole;
    }
    bool good = sweep_note_tables(results, diag) && note_sweep(results, plan, part, base, diag);
    if (!good)
        return false;
    char *statement = sqlite3_mprintf("INSERT OR REPLACE INTO numbers SELECT id, ?2, ?1 FROM sweeps WHERE key = '%q'", part->key);
    good = sqlite3_prepare_v2(results->database, statement, -1, &insert, NULL) == SQLITE_OK;
    sqlite3_free(statement);
    for (uint32_t i = 0; good && i < plan->point_count; i++) {
        sqlite3_bind_int64(insert, 1, sweep_number(part, i));
        sqlite3_bind_int64(insert, 2, point_ids[i]);
        good = sqlite3_step(insert) == SQLITE_DONE;
        sqlite3_reset(insert);
    }
    if (!good)
        results_error(results, "results cannot be written", diag);
    sqlite3_finalize(insert);
    return good;
}
