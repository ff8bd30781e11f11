/* count_tables.c - a tally as rows: see count_report.h. Every table of one scope adds up to the same totals. */
#include "reports/count_report.h"

#include <stdlib.h>
#include <string.h>

const char *const count_by_names[COUNT_BY_COUNT] = {"opcode", "category", "function", "line", "pair", "triple"};

struct builder {
    struct arena *arena;
    const struct count_request *request;
    const struct tally *tally;
    struct count_table *table;
};

static bool in_scope(const struct builder *builder, uint32_t code)
{
    return builder->request->scope == TALLY_ALL || builder->tally->codes[code].is_script;
}

static struct count_row *add_row(struct builder *builder, const char *label)
{
    struct count_table *table = builder->table;
    if (table->row_count == table->row_capacity) {
        table->row_capacity = table->row_capacity ? 2 * table->row_capacity : 32;
        struct count_row *grown = ARENA_ARRAY(builder->arena, struct count_row, table->row_capacity);
        if (table->row_count)
            memcpy(grown, table->rows, table->row_count * sizeof *grown);
        table->rows = grown;
    }
    table->rows[table->row_count].label = label;
    return &table->rows[table->row_count++];
}

static void sum_work(const struct builder *builder, uint64_t *work)
{
    memset(work, 0, WORK_COUNT * sizeof *work);
    for (uint32_t i = 0; i < builder->tally->code_count; i++)
        for (int kind = 0; in_scope(builder, i) && kind < WORK_COUNT; kind++)
            work[kind] += builder->tally->codes[i].work[kind];
}

/* The directory of the script, with its slash: what its files' names are shown without. */
static size_t script_folder(const struct tally *tally, const char **file)
{
    for (uint32_t i = 0; i < tally->code_count; i++) {
        const char *slash = tally->codes[i].is_script ? strrchr(tally->codes[i].file, '/') : NULL;
        if (slash) {
            *file = tally->codes[i].file;
            return (size_t)(slash - *file) + 1;
        }
    }
    return 0;
}

static const char *short_file(const struct tally *tally, const char *file)
{
    const char *script = NULL;
    size_t folder = script_folder(tally, &script);
    return folder && strncmp(file, script, folder) == 0 ? file + folder : file;
}

static void build_names(struct builder *builder, bool by_category)
{
    const struct tally *tally = builder->tally;
    const struct categories *categories = builder->request->categories;
    uint32_t count = by_category ? (uint32_t)categories->count : tally->name_count;
    for (uint32_t i = 0; i < count; i++)
        add_row(builder, by_category ? categories->list[i].name : tally->names[i]);
    for (uint32_t i = 0; i < tally->row_count; i++) {
        const struct tally_row *row = &tally->rows[i];
        if (!in_scope(builder, row->code))
            continue;
        int at = by_category ? category_of_instruction(categories, tally->names[row->name], tally->categories[row->name])
                             : (int)row->name;
        builder->table->rows[at].placed += row->placed;
        builder->table->rows[at].executed += row->executed;
    }
    uint64_t work[WORK_COUNT];
    sum_work(builder, work);
    for (int kind = 0; kind < WORK_COUNT; kind++) {
        int category = category_of_work(categories, kind);
        if (category < 0 || !work[kind])
            continue;
        if (by_category) {
            builder->table->rows[category].native += work[kind];
            continue;
        }
        struct count_row *row = add_row(builder, arena_printf(builder->arena, "native %s", work_names[kind]));
        row->native = work[kind];
        row->is_native = true;
    }
    builder->table->has_native = true;
}

static uint64_t native_operations(const struct builder *builder, const struct tally_code *code)
{
    uint64_t operations = 0;
    for (int kind = 0; kind < WORK_COUNT; kind++)
        if (category_of_work(builder->request->categories, kind) >= 0)
            operations += code->work[kind];
    return operations;
}

static void build_functions(struct builder *builder)
{
    const struct tally *tally = builder->tally;
    uint32_t *rows = ARENA_ARRAY(builder->arena, uint32_t, tally->code_count + 1);
    for (uint32_t i = 0; i < tally->code_count; i++) {
        if (!in_scope(builder, i))
            continue;
        const struct tally_code *code = &tally->codes[i];
        const char *file = short_file(tally, code->file);
        rows[i] = builder->table->row_count;
        struct count_row *row = add_row(builder, arena_printf(builder->arena, "%s (%s:%u)", code->name, file, code->line));
        row->file = code->file;
        row->name = code->name;
        row->line = code->line;
        row->native = native_operations(builder, code);
    }
    for (uint32_t i = 0; i < tally->row_count; i++) {
        if (!in_scope(builder, tally->rows[i].code))
            continue;
        struct count_row *row = &builder->table->rows[rows[tally->rows[i].code]];
        row->placed += tally->rows[i].placed;
        row->executed += tally->rows[i].executed;
    }
    builder->table->has_native = true;
}

static int compare_places(const void *a, const void *b)
{
    const struct count_row *left = a, *right = b;
    int files = strcmp(left->file, right->file);
    return files ? files : left->line < right->line ? -1 : left->line > right->line;
}

static void build_lines(struct builder *builder)
{
    const struct tally *tally = builder->tally;
    struct count_table *table = builder->table;
    for (uint32_t i = 0; i < tally->row_count; i++) {
        const struct tally_row *from = &tally->rows[i];
        if (!in_scope(builder, from->code))
            continue;
        struct count_row *last = table->row_count ? &table->rows[table->row_count - 1] : NULL;
        const char *file = tally->codes[from->code].file;
        if (!last || last->line != from->line || strcmp(last->file, file) != 0) {
            last = add_row(builder, NULL);
            last->file = file;
            last->line = from->line;
        }
        last->placed += from->placed;
        last->executed += from->executed;
    }
    if (!table->row_count)
        return;
    qsort(table->rows, table->row_count, sizeof *table->rows, compare_places);
    uint32_t kept = 0;
    for (uint32_t i = 1; i < table->row_count; i++) { /* a line of several code objects */
        if (compare_places(&table->rows[kept], &table->rows[i]) == 0) {
            table->rows[kept].placed += table->rows[i].placed;
            table->rows[kept].executed += table->rows[i].executed;
        } else {
            table->rows[++kept] = table->rows[i];
        }
    }
    table->row_count = kept + 1;
    for (uint32_t i = 0; i < table->row_count; i++) {
        const char *file = short_file(tally, table->rows[i].file);
        table->rows[i].label = table->rows[i].line ? arena_printf(builder->arena, "%s:%u", file, table->rows[i].line)
                                                   : arena_printf(builder->arena, "%s:?", file);
    }
}

static void build_sequences(struct builder *builder, uint32_t length)
{
    const struct tally *tally = builder->tally;
    enum tally_scope scope = builder->request->scope;
    for (uint32_t i = 0; i < tally->sequence_count; i++) {
        const struct tally_sequence *sequence = &tally->sequences[i];
        if (sequence->length != length || (!sequence->placed[scope] && !sequence->executed[scope]))
            continue;
        const char *label = length == 2 ? arena_printf(builder->arena, "%s %s", tally->names[sequence->names[0]],
                                                       tally->names[sequence->names[1]])
                                        : arena_printf(builder->arena, "%s %s %s", tally->names[sequence->names[0]],
                                                       tally->names[sequence->names[1]], tally->names[sequence->names[2]]);
        struct count_row *row = add_row(builder, label);
        row->placed = sequence->placed[scope];
        row->executed = sequence->executed[scope];
    }
    builder->table->estimated = length == 3 ? tally->estimated[scope] : 0;
}

static void build_caches(struct builder *builder)
{
    uint64_t caches = 0;
    for (uint32_t i = 0; i < builder->tally->code_count; i++)
        caches += in_scope(builder, i) ? builder->tally->codes[i].caches : 0;
    if (!caches)
        return;
    struct count_row *row = add_row(builder, "CACHE (entries, never executed)");
    row->placed = caches;
    row->is_cache = true;
}

static int compare_executed(const void *a, const void *b)
{
    const struct count_row *left = a, *right = b;
    uint64_t i = left->executed + left->native, j = right->executed + right->native;
    if (left->is_cache != right->is_cache)
        return left->is_cache ? 1 : -1;
    if (i != j)
        return i > j ? -1 : 1;
    if (left->placed != right->placed)
        return left->placed > right->placed ? -1 : 1;
    int labels = strcmp(left->label, right->label);
    return labels ? labels : left->line < right->line ? -1 : left->line > right->line;
}

/* Sorted rows without empty ones, and the totals. */
static void finish(struct builder *builder)
{
    struct count_table *table = builder->table;
    const struct tally *tally = builder->tally;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < table->row_count; i++) {
        const struct count_row row = table->rows[i];
        if (!row.placed && !row.executed && !row.native)
            continue;
        table->rows[kept++] = row;
        table->placed += row.is_cache ? 0 : row.placed;
        table->executed += row.executed;
        table->native += row.native;
    }
    table->row_count = kept;
    if (kept)
        qsort(table->rows, kept, sizeof *table->rows, compare_executed);
    const char *last = NULL;
    for (uint32_t i = 0; i < tally->row_count; i++)
        *(in_scope(builder, tally->rows[i].code) ? &table->instructions : &table->elsewhere) += tally->rows[i].executed;
    for (uint32_t i = 0; i < tally->code_count; i++)
        if (!in_scope(builder, i) && tally->codes[i].entered && (!last || strcmp(last, tally->codes[i].file) != 0)) {
            bool known = false;
            for (uint32_t j = 0; j < i && !known; j++)
                known = tally->codes[j].entered && strcmp(tally->codes[j].file, tally->codes[i].file) == 0;
            table->other_files += !known;
            last = tally->codes[i].file;
        }
    uint64_t work[WORK_COUNT];
    sum_work(builder, work);
    for (int kind = 0; kind < WORK_COUNT; kind++)
        if (builder->request->categories->amounts & 1u << kind && work[kind])
            table->amounts[table->amount_count++] = (struct count_amount){work_names[kind], work_definitions[kind], work[kind]};
}

static void build_table(struct builder *builder, bool is_bytecode)
{
    builder->table->tally = builder->tally;
    builder->table->title = is_bytecode ? arena_printf(builder->arena, "bytecode (ISA %s)", builder->tally->isa)
                                        : arena_printf(builder->arena, "ISA %s", builder->tally->isa);
    switch (builder->request->by) {
    case COUNT_BY_OPCODE:
    case COUNT_BY_CATEGORY:
        build_names(builder, builder->request->by == COUNT_BY_CATEGORY);
        break;
    case COUNT_BY_FUNCTION:
        build_functions(builder);
        break;
    case COUNT_BY_LINE:
        build_lines(builder);
        break;
    case COUNT_BY_PAIR:
        build_sequences(builder, 2);
        break;
    case COUNT_BY_TRIPLE:
    case COUNT_BY_COUNT:
        build_sequences(builder, 3);
        break;
    }
    if (builder->request->caches)
        build_caches(builder);
    finish(builder);
}

void count_tables_build(const struct count_request *request, struct count_tables *tables)
{
    tables->arena = arena_new();
    tables->request = request;
    tables->tables = ARENA_ARRAY(tables->arena, struct count_table, request->tally_count + 1);
    for (int i = 0; i < request->tally_count; i++) {
        struct builder builder = {tables->arena, request, request->tallies[i], &tables->tables[i]};
        build_table(&builder, i == 0 && request->has_bytecode);
    }
}

void count_tables_free(struct count_tables *tables)
{
    arena_free(tables->arena);
}
