/* run_diff.c - see run_diff.h. Both runs' figures are entries with a key; equal keys are one row. A function's key is its name and
 * which one of that name it is, so that it may move in its file. A line's is its place in the later text, found by matching the
 * texts; lines that have no counterpart are removed or new. */
#include "reports/run_diff.h"

#include "reports/line_match.h"

#include <stdlib.h>
#include <string.h>

const char *const diff_by_names[DIFF_BY_COUNT] = {
    [DIFF_TOTAL] = "total",       [DIFF_CYCLES] = "cycles", [DIFF_CATEGORY] = "category", [DIFF_INSTRUCTION] = "instruction",
    [DIFF_FUNCTION] = "function", [DIFF_LINE] = "line",     [DIFF_EVENT] = "event",       [DIFF_WORK] = "work",
    [DIFF_NATIVE] = "native",
};

enum side { BEFORE, AFTER };

struct entry {
    const char *key, *name, *text;
    enum side side;
    uint64_t value;
};

struct entries {
    struct arena *arena;
    const struct diff_request *request;
    struct entry *list;
    uint32_t count, capacity;
};

static void add_entry(struct entries *entries, enum side side, const char *key, const char *name, uint64_t value)
{
    if (entries->count == entries->capacity) {
        entries->capacity = entries->capacity ? 2 * entries->capacity : 256;
        entries->list = realloc(entries->list, entries->capacity * sizeof *entries->list);
        if (!entries->list)
            abort();
    }
    entries->list[entries->count++] = (struct entry){key, name, NULL, side, value};
}

static int compare_entries(const void *a, const void *b)
{
    const struct entry *left = a, *right = b;
    int order = strcmp(left->key, right->key);
    return order ? order : (int)left->side - (int)right->side;
}

static uint64_t change_of(const struct diff_row *row)
{
    return row->after > row->before ? row->after - row->before : row->before - row->after;
}

/* Largest change first; then largest; then by name. */
static int compare_rows(const void *a, const void *b)
{
    const struct diff_row *left = a, *right = b;
    uint64_t one = change_of(left), other = change_of(right);
    if (one != other)
        return one > other ? -1 : 1;
    if (left->after != right->after)
        return left->after > right->after ? -1 : 1;
    return strcmp(left->name, right->name);
}

/* Entries become rows, what belongs together added up. */
static void make_rows(struct run_diff *diff, struct entries *entries, struct diff_table *table)
{
    table->rows = ARENA_ARRAY(diff->arena, struct diff_row, entries->count + 1u);
    if (entries->count)
        qsort(entries->list, entries->count, sizeof *entries->list, compare_entries);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < entries->count;) {
        struct diff_row row = {.name = NULL};
        const char *key = entries->list[i].key;
        for (; i < entries->count && strcmp(entries->list[i].key, key) == 0; i++) {
            const struct entry *entry = &entries->list[i];
            row.name = entry->name; /* the later run's, if it has one */
            row.text = entry->text;
            *(entry->side == BEFORE ? &row.before : &row.after) += entry->value;
            *(entry->side == BEFORE ? &row.in_before : &row.in_after) = true;
        }
        table->before += row.before;
        table->after += row.after;
        table->changed |= row.before != row.after;
        if (row.before != row.after || (entries->request->unchanged && (row.before || row.after)))
            table->rows[kept++] = row;
    }
    table->row_count = kept;
    if (kept)
        qsort(table->rows, kept, sizeof *table->rows, compare_rows);
}

/* ---- figures ---- */

static void add_group(struct run_diff *diff, struct entries *entries, enum side side, enum figure_group group)
{
    const struct saved_run *run = (side == BEFORE ? &diff->before : &diff->after)->run;
    const struct figures *figures = entries->request->scope == SCOPE_SCRIPT && group != FIGURE_NATIVE ? &run->script : &run->all;
    for (uint32_t i = 0; i < figures->count; i++)
        if (figures->list[i].group == group)
            add_entry(entries, side, figures->list[i].name, figures->list[i].name, figures->list[i].value);
}

/* ---- functions ---- */

struct named_code {
    const struct saved_code *code;
    uint32_t index;
};

static int compare_codes(const void *a, const void *b)
{
    const struct named_code *left = a, *right = b;
    int order = strcmp(left->code->file, right->code->file);
    if (!order)
        order = strcmp(left->code->name, right->code->name);
    if (!order && left->code->line != right->code->line)
        order = left->code->line < right->code->line ? -1 : 1;
    return order ? order : left->index < right->index ? -1 : left->index > right->index;
}

/* What the file is called in keys: the program's own is the same in both runs, whatever its name. */
static const char *key_of_file(const struct saved_code *code)
{
    return code->is_script ? "\001program" : code->file;
}

static bool is_asked(const struct entries *entries, const struct saved_code *code)
{
    return code->is_script || entries->request->scope == SCOPE_ALL;
}

static void add_functions(struct run_diff *diff, struct entries *entries, enum side side, bool cycles)
{
    const struct saved_run *run = (side == BEFORE ? &diff->before : &diff->after)->run;
    struct named_code *order = calloc(run->code_count + 1u, sizeof *order);
    if (!order)
        abort();
    for (uint32_t i = 0; i < run->code_count; i++)
        order[i] = (struct named_code){&run->codes[i], i};
    qsort(order, run->code_count, sizeof *order, compare_codes);
    for (uint32_t i = 0, ordinal = 0; i < run->code_count; i++) {
        const struct saved_code *code = order[i].code, *last = i ? order[i - 1].code : NULL;
        ordinal = last && !strcmp(last->file, code->file) && !strcmp(last->name, code->name) ? ordinal + 1 : 0;
        if (!is_asked(entries, code))
            continue;
        uint64_t value = cycles ? code->native_cycles : 0;
        for (uint32_t row = 0; row < code->row_count; row++)
            value += cycles ? code->rows[row].cycles : code->rows[row].executed;
        add_entry(entries, side, arena_printf(diff->arena, "%s\002%s\002%u", key_of_file(code), code->name, ordinal),
                  arena_printf(diff->arena, "%s (%s:%u)", code->name, code->file, code->line), value);
    }
    free(order);
}

/* ---- instructions ---- */

static void add_instructions(struct run_diff *diff, struct entries *entries, enum side side)
{
    const struct saved_run *run = (side == BEFORE ? &diff->before : &diff->after)->run;
    uint64_t *cycles = calloc(run->name_count + 1u, sizeof *cycles), native = 0;
    if (!cycles)
        abort();
    for (uint32_t i = 0; i < run->code_count; i++) {
        if (!is_asked(entries, &run->codes[i]))
            continue;
        native += run->codes[i].native_cycles;
        for (uint32_t row = 0; row < run->codes[i].row_count; row++)
            cycles[run->codes[i].rows[row].name] += run->codes[i].rows[row].cycles;
    }
    for (uint32_t i = 0; i < run->name_count; i++)
        if (cycles[i])
            add_entry(entries, side, run->names[i], run->names[i], cycles[i]);
    add_entry(entries, side, "\377", "(work of native code)", native);
    free(cycles);
}

/* ---- lines ---- */

static const struct saved_source *find_source(const struct saved_file *file, const char *name)
{
    for (uint32_t i = 0; i < file->source_count; i++)
        if (strcmp(file->sources[i].file, name) == 0)
            return &file->sources[i];
    return NULL;
}

/* The program's own source, of which there is the text. */
static const struct saved_source *program_source(const struct diff_side *side)
{
    for (uint32_t i = 0; i < side->run->code_count; i++)
        if (side->run->codes[i].is_script)
            return find_source(side->file, side->run->codes[i].file);
    return NULL;
}

/* places[line]: the line of the later text, counted from 1, that line `line` of the earlier one is; 0: none. NULL: no texts. */
static uint32_t *match_sources(struct run_diff *diff)
{
    const struct saved_source *before = program_source(&diff->before), *after = program_source(&diff->after);
    if (!before || !after || !before->line_count || !after->line_count)
        return NULL;
    uint32_t *matches = ARENA_ARRAY(diff->arena, uint32_t, before->line_count), *places =
        ARENA_ARRAY(diff->arena, uint32_t, before->line_count + 1u);
    line_match(before->lines, before->line_count, after->lines, after->line_count, matches);
    for (uint32_t i = 0; i < before->line_count; i++)
        places[i + 1] = matches[i] == UINT32_MAX ? 0 : matches[i] + 1;
    return places;
}

static const char *line_key(struct run_diff *diff, const struct saved_code *code, uint32_t line, enum side side,
                            const uint32_t *places, uint32_t place_count)
{
    bool removed = false;
    if (side == BEFORE && code->is_script && places && line && line <= place_count) {
        removed = !places[line];
        line = removed ? line : places[line];
    }
    return arena_printf(diff->arena, "%s\002%c%08u", key_of_file(code), removed ? '-' : '+', line);
}

static void add_line(struct run_diff *diff, struct entries *entries, enum side side, const char *key,
                     const struct saved_code *code, const struct saved_row *row, uint64_t value)
{
    const struct saved_file *file = (side == BEFORE ? &diff->before : &diff->after)->file;
    const struct saved_source *source = code->is_script ? find_source(file, code->file) : NULL;
    add_entry(entries, side, key, row->line ? arena_printf(diff->arena, "%s:%u", code->file, row->line)
                                            : arena_printf(diff->arena, "%s (no line)", code->file), value);
    if (source && row->line && row->line <= source->line_count)
        entries->list[entries->count - 1].text = source->lines[row->line - 1];
}

static void add_lines(struct run_diff *diff, struct entries *entries, enum side side, bool cycles)
{
    const struct saved_run *run = (side == BEFORE ? &diff->before : &diff->after)->run;
    const struct saved_source *source = side == BEFORE ? program_source(&diff->before) : NULL;
    const uint32_t *places = side == BEFORE ? match_sources(diff) : NULL;
    for (uint32_t i = 0; i < run->code_count; i++) {
        const struct saved_code *code = &run->codes[i];
        if (!is_asked(entries, code))
            continue;
        for (uint32_t at = 0; at < code->row_count;) {
            const struct saved_row *first = &code->rows[at];
            uint64_t value = 0;
            for (; at < code->row_count && code->rows[at].line == first->line; at++)
                value += cycles ? code->rows[at].cycles : code->rows[at].executed;
            const char *key = line_key(diff, code, first->line, side, places, source ? source->line_count : 0);
            add_line(diff, entries, side, key, code, first, value);
        }
        if (cycles && code->native_cycles)
            add_entry(entries, side, arena_printf(diff->arena, "%s\003native", key_of_file(code)),
                      arena_printf(diff->arena, "%s (work of native code)", code->file), code->native_cycles);
    }
}

/* ---- all ---- */

static const enum figure_group groups[DIFF_BY_COUNT] = {
    [DIFF_TOTAL] = FIGURE_TOTAL, [DIFF_CYCLES] = FIGURE_CYCLES, [DIFF_CATEGORY] = FIGURE_CATEGORY,
    [DIFF_INSTRUCTION] = FIGURE_INSTRUCTION, [DIFF_EVENT] = FIGURE_EVENT, [DIFF_WORK] = FIGURE_WORK, [DIFF_NATIVE] = FIGURE_NATIVE,
};

static void add_side(struct run_diff *diff, struct entries *entries, enum side side, enum diff_by by, bool cycles)
{
    if (by == DIFF_FUNCTION)
        add_functions(diff, entries, side, cycles);
    else if (by == DIFF_LINE)
        add_lines(diff, entries, side, cycles);
    else if (by == DIFF_INSTRUCTION && cycles)
        add_instructions(diff, entries, side);
    else
        add_group(diff, entries, side, groups[by]);
}

static void add_table(struct run_diff *diff, const struct diff_request *request, enum diff_by by)
{
    static const char *const metrics[DIFF_BY_COUNT] = {
        [DIFF_TOTAL] = "figures", [DIFF_CYCLES] = "cycles", [DIFF_CATEGORY] = "instructions", [DIFF_INSTRUCTION] = "instructions",
        [DIFF_FUNCTION] = "cycles", [DIFF_LINE] = "cycles", [DIFF_EVENT] = "events", [DIFF_WORK] = "units",
        [DIFF_NATIVE] = "calls"};
    struct diff_table *table = &diff->tables[diff->table_count++];
    bool choice = (by == DIFF_INSTRUCTION || by == DIFF_FUNCTION || by == DIFF_LINE) && request->metric != DIFF_METRIC_DEFAULT;
    const char *metric = !choice ? metrics[by] : request->metric == DIFF_METRIC_CYCLES ? "cycles" : "instructions";
    *table = (struct diff_table){.by = by, .metric = metric,
                                 .sums = by != DIFF_TOTAL && by != DIFF_EVENT && by != DIFF_WORK};
    struct entries entries = {.arena = diff->arena, .request = request};
    add_side(diff, &entries, BEFORE, by, strcmp(metric, "cycles") == 0);
    add_side(diff, &entries, AFTER, by, strcmp(metric, "cycles") == 0);
    make_rows(diff, &entries, table);
    diff->changed |= table->changed;
    free(entries.list);
}

static void add_notes(struct run_diff *diff)
{
    const struct saved_file *before = diff->before.file, *after = diff->after.file;
    const struct saved_source *one = program_source(&diff->before), *other = program_source(&diff->after);
    if (strcmp(before->version, after->version) != 0)
        diff->notes[diff->note_count++] = arena_printf(diff->arena, "the runs were made by hybridsim %s and %s", before->version,
                                                       after->version);
    if (one && other && strcmp(one->sha256, other->sha256) != 0)
        diff->notes[diff->note_count++] = "the program's source differs";
    if (before->exit_status != after->exit_status) {
        diff->notes[diff->note_count++] = arena_printf(diff->arena, "the exit status differs: %lld, then %lld",
                                                       (long long)before->exit_status, (long long)after->exit_status);
        diff->changed = true;
    }
    const char *which = !after->interrupted ? "the first" : before->interrupted ? "each" : "the second";
    if (before->interrupted || after->interrupted)
        diff->notes[diff->note_count++] =
            arena_printf(diff->arena, "interrupted: %s run covers only what had been executed", which);
}

void run_diff_build(const struct diff_request *request, const struct diff_side *before, const struct diff_side *after,
                    struct run_diff *diff)
{
    *diff = (struct run_diff){.arena = arena_new(), .before = *before, .after = *after};
    for (int by = 0; by < DIFF_BY_COUNT; by++)
        if (request->by & 1u << by)
            add_table(diff, request, (enum diff_by)by);
    add_notes(diff);
}

void run_diff_free(struct run_diff *diff)
{
    arena_free(diff->arena);
    diff->arena = NULL;
}
