/* figures.c - see figures.h. */
#include "cli/sweep/figures.h"

#include "core/content_key.h"
#include "core/memory.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

enum { MEMO_SIZE = 8192, DIGITS = 20 }; /* a power of two */

static const char *const total_names[FIGURE_TOTALS] = {"cycles", "instructions", "static_instructions", "code_bytes", "energy",
                                                       "area"};
static const char *const group_names[FIGURE_GROUPS] = {"energy_parts", "area_parts", "cycle_stack", "events", "work",
                                                       "by_category", "by_instruction"};

/* ---- counters of a run ---- */

struct walk {
    const struct timing_result *timing;
    void (*take)(void *context, int group, const char *name, uint64_t value); /* of each that is not 0 */
    void *context;
};

static void take(const struct walk *walk, int group, const char *name, uint64_t value)
{
    if (value)
        walk->take(walk->context, group, name, value);
}

static void take_totals(const struct timing_result *timing, uint64_t totals[FIGURE_TOTALS])
{
    const struct timing_counts *counts = &timing->total;
    const uint64_t values[FIGURE_TOTALS] = {counts->cycles, counts->instructions, counts->static_instructions,
                                            counts->code_bytes, counts->energy, timing->area};
    memcpy(totals, values, sizeof values);
}

/* In the order of group_names. */
static void walk_groups(const struct walk *walk)
{
    const struct timing_counts *counts = &walk->timing->total;
    for (int i = 0; i < ENERGY_PART_COUNT; i++)
        take(walk, 0, energy_part_names[i], counts->energy_parts[i]);
    for (int i = 0; i < AREA_PART_COUNT; i++)
        take(walk, 1, area_part_names[i], walk->timing->area_parts[i]);
    for (int i = 0; i < CYCLE_PART_COUNT; i++)
        take(walk, 2, cycle_part_name((enum cycle_part)i), counts->cycle_stack[i]);
    for (int i = 0; i < EVENT_COUNT; i++)
        take(walk, 3, timing_event_names[i], counts->events[i]);
    for (int i = 0; i < WORK_COUNT; i++)
        take(walk, 4, work_names[i], counts->work[i]);
    for (int i = 0; i < CATEGORY_COUNT; i++)
        take(walk, 5, category_names[i], counts->by_category[i]);
    for (uint32_t i = 0; i < walk->timing->name_count; i++)
        take(walk, 6, walk->timing->names[i], counts->by_instruction[i]);
}

/* Not by printf: there are a hundred of them in each of a hundred thousand results. */
static void add_number(struct buffer *text, uint64_t value)
{
    char digits[DIGITS];
    size_t first = DIGITS;
    do
        digits[--first] = (char)('0' + value % 10);
    while (value /= 10);
    buffer_add(text, digits + first, DIGITS - first);
}

/* ---- as sets ---- */

struct set_texts {
    struct buffer names[FIGURE_GROUPS], numbers[FIGURE_GROUPS];
};

static void take_for_set(void *context, int group, const char *name, uint64_t value)
{
    struct set_texts *texts = context;
    struct buffer *names = &texts->names[group], *numbers = &texts->numbers[group];
    buffer_add_text(names, names->size ? ",\"" : "[\"");
    buffer_add_text(names, group_names[group]);
    buffer_add_byte(names, '.');
    buffer_add_text(names, name);
    buffer_add_byte(names, '"');
    buffer_add_byte(numbers, numbers->size ? ',' : '[');
    add_number(numbers, value);
}

int64_t figures_content_id(const char *text, size_t size)
{
    struct content_key key = CONTENT_KEY_START;
    content_key_add(&key, text, size);
    return (int64_t)((key.words[0] ^ key.words[1]) >> 1);
}

int64_t figures_set_id(int64_t layout, const char *numbers)
{
    struct content_key key = CONTENT_KEY_START;
    content_key_add(&key, &layout, sizeof layout);
    content_key_add(&key, numbers, strlen(numbers));
    return (int64_t)((key.words[0] ^ key.words[1]) >> 1);
}

static struct figure_set make_set(struct buffer *names, struct buffer *numbers)
{
    buffer_add_text(names, names->size ? "]" : "[]");
    buffer_add_text(numbers, numbers->size ? "]" : "[]");
    struct figure_set set = {.names = names->bytes, .numbers = numbers->bytes};
    set.layout = figures_content_id(names->bytes, names->size);
    set.id = figures_set_id(set.layout, numbers->bytes);
    return set;
}

struct figures *figures_new(const struct timing_result *timing)
{
    struct figures *figures = checked_alloc(1, sizeof *figures);
    struct set_texts texts = {0};
    const struct walk walk = {timing, take_for_set, &texts};
    take_totals(timing, figures->totals);
    walk_groups(&walk);
    for (int i = 0; i < FIGURE_GROUPS; i++)
        figures->sets[i] = make_set(&texts.names[i], &texts.numbers[i]);
    return figures;
}

void figures_free(struct figures *figures)
{
    if (!figures)
        return;
    for (int i = 0; i < FIGURE_GROUPS; i++) {
        free(figures->sets[i].names);
        free(figures->sets[i].numbers);
    }
    free(figures);
}

/* ---- as one object ---- */

static void add_figure(struct buffer *json, const char *group, const char *name, uint64_t value)
{
    if (!value)
        return;
    buffer_add_text(json, json->bytes[json->size - 1] == '{' ? "\"" : ", \"");
    buffer_add_text(json, group);
    buffer_add_text(json, *group ? "." : "");
    buffer_add_text(json, name);
    buffer_add_text(json, "\": ");
    add_number(json, value);
}

static void take_for_object(void *context, int group, const char *name, uint64_t value)
{
    add_figure(context, group_names[group], name, value);
}

void figures_write(const struct timing_result *timing, struct buffer *json)
{
    const struct walk walk = {timing, take_for_object, json};
    uint64_t totals[FIGURE_TOTALS];
    take_totals(timing, totals);
    buffer_add_byte(json, '{');
    for (int i = 0; i < FIGURE_TOTALS; i++)
        add_figure(json, "", total_names[i], totals[i]);
    walk_groups(&walk);
    buffer_add_byte(json, '}');
}

/* ---- in queries ---- */

/* What was looked up in a set: all of it as members of an object, or one metric. */
struct memo {
    int64_t id;
    uint64_t metric;         /* a check of its name; 0: the members */
    char *text;              /* NULL: the set has no such metric */
    bool known;
};

struct reader {              /* of a connection */
    sqlite3 *database;
    sqlite3_stmt *find;      /* made when first needed, and not kept between queries */
    struct memo *memos;
};

/* The JSON array's elements, one after the other: names as they stand, numbers. False: there is none left. */
static bool next_element(const char **at, const char **text, size_t *size)
{
    *at += strspn(*at, "[,");
    if (!**at || **at == ']')
        return false;
    *text = *at;
    if (**at == '"')
        *size = strcspn(*at + 1, "\"") + 2;
    else
        *size = strcspn(*at, ",]");
    *at += *size;
    return true;
}

/* metric NULL: all. NULL: there is none. */
static char *read_set(const char *names, const char *numbers, const char *metric)
{
    struct buffer text = {0};
    const char *name, *number;
    size_t name_size, number_size, wanted = metric ? strlen(metric) : 0;
    while (next_element(&names, &name, &name_size) && next_element(&numbers, &number, &number_size)) {
        if (!metric) {
            buffer_add_text(&text, text.size ? ", " : "");
            buffer_add(&text, name, name_size);
            buffer_add_text(&text, ": ");
            buffer_add(&text, number, number_size);
        } else if (name_size == wanted + 2 && memcmp(name + 1, metric, wanted) == 0) {
            buffer_add(&text, number, number_size);
            break;
        }
    }
    return text.bytes;
}

/* NULL: there is none. */
static const char *look_up(struct reader *reader, int64_t id, const char *metric)
{
    uint64_t check = metric ? (uint64_t)figures_content_id(metric, strlen(metric)) | 1 : 0;
    struct memo *memo = &reader->memos[((uint64_t)id ^ check) & (MEMO_SIZE - 1)];
    if (memo->known && memo->id == id && memo->metric == check)
        return memo->text;
    free(memo->text);
    *memo = (struct memo){id, check, NULL, true};
    if (sqlite3_prepare_v2(reader->database, "SELECT l.names, f.numbers FROM figures f JOIN layouts l ON l.id = f.layout"
                           " WHERE f.id = ?", -1, &reader->find, NULL) != SQLITE_OK)
        return NULL;
    sqlite3_bind_int64(reader->find, 1, id);
    if (sqlite3_step(reader->find) == SQLITE_ROW)
        memo->text = read_set((const char *)sqlite3_column_text(reader->find, 0),
                              (const char *)sqlite3_column_text(reader->find, 1), metric);
    sqlite3_finalize(reader->find);
    return memo->text;
}

/* figure(set, metric) */
static void figure_function(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct reader *reader = sqlite3_user_data(context);
    const char *metric = (const char *)sqlite3_value_text(values[1]);
    (void)count;
    const char *found = metric ? look_up(reader, sqlite3_value_int64(values[0]), metric) : NULL;
    if (found)
        sqlite3_result_int64(context, strtoll(found, NULL, 10));
}

/* all_figures(total..., set...): NULL for results without figures. */
static void all_figures_function(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct reader *reader = sqlite3_user_data(context);
    struct buffer json = {0};
    (void)count;
    if (sqlite3_value_type(values[0]) == SQLITE_NULL)
        return;
    buffer_add_byte(&json, '{');
    for (int i = 0; i < FIGURE_TOTALS; i++)
        add_figure(&json, "", total_names[i], (uint64_t)sqlite3_value_int64(values[i]));
    for (int i = 0; i < FIGURE_GROUPS; i++) {
        const char *members = look_up(reader, sqlite3_value_int64(values[FIGURE_TOTALS + i]), NULL);
        if (!members)
            continue;
        buffer_add_text(&json, json.size > 1 ? ", " : "");
        buffer_add_text(&json, members);
    }
    buffer_add_byte(&json, '}');
    sqlite3_result_text(context, json.bytes, (int)json.size, SQLITE_TRANSIENT);
    buffer_free(&json);
}

static void reader_free(void *pointer)
{
    struct reader *reader = pointer;
    for (int i = 0; i < MEMO_SIZE; i++)
        free(reader->memos[i].text);
    free(reader->memos);
    free(reader);
}

bool figures_add_functions(struct sqlite3 *database)
{
    const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC;
    struct reader *reader = checked_alloc(1, sizeof *reader);
    reader->database = database;
    reader->memos = checked_alloc(MEMO_SIZE, sizeof *reader->memos);
    /* The last one owns the reader; it is freed with the connection. */
    return sqlite3_create_function_v2(database, "figure", 2, flags, reader, figure_function, NULL, NULL, NULL) == SQLITE_OK &&
           sqlite3_create_function_v2(database, "all_figures", FIGURE_TOTALS + FIGURE_GROUPS, flags, reader, all_figures_function,
                                      NULL, NULL, reader_free) == SQLITE_OK;
}

char *figures_metric_sql(const char *metric)
{
    struct buffer sql = {0};
    size_t group_size = strcspn(metric, ".");
    char *quoted = sqlite3_mprintf("%Q", metric);
    buffer_add_text(&sql, "NULL");
    for (int i = 0; i < FIGURE_TOTALS; i++)
        if (strcmp(total_names[i], metric) == 0) {
            sql.size = 0;
            buffer_printf(&sql, "r.%s", metric);
        }
    for (int i = 0; metric[group_size] && i < FIGURE_GROUPS; i++)
        if (strlen(group_names[i]) == group_size && memcmp(group_names[i], metric, group_size) == 0) {
            sql.size = 0;
            buffer_printf(&sql, "figure(r.%s, %s)", group_names[i], quoted);
        }
    sqlite3_free(quoted);
    return sql.bytes;
}
