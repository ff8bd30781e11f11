/* report_tables.c - see report_tables.h. One column (or two: a figure and its share) a run. */
#include "reports/report_tables.h"

#include "reports/report_model.h"

#include <stdlib.h>
#include <string.h>

struct builder {
    const struct report *report;
    struct report_tables *tables;
    struct buffer scratch;
};

static struct report_table *add_table(struct builder *builder, const char *title, int column_count)
{
    struct report_table *table = &builder->tables->tables[builder->tables->count++];
    table->title = title;
    table->column_count = column_count;
    table->is_text = ARENA_ARRAY(builder->tables->arena, bool, column_count);
    table->is_text[0] = true;
    return table;
}

/* A new row; its cells are empty until set. */
static const char **add_row(struct builder *builder, struct report_table *table)
{
    if (table->row_count == table->row_capacity) {
        table->row_capacity = table->row_capacity ? 2 * table->row_capacity : 16;
        const char **grown =
            ARENA_ARRAY(builder->tables->arena, const char *, table->row_capacity * table->column_count);
        if (table->row_count)
            memcpy(grown, table->cells, (size_t)(table->row_count * table->column_count) * sizeof *grown);
        table->cells = grown;
    }
    const char **row = &table->cells[table->row_count++ * table->column_count];
    for (int i = 0; i < table->column_count; i++)
        row[i] = "";
    return row;
}

static const char *keep(struct builder *builder)
{
    const char *text = arena_copy(builder->tables->arena, builder->scratch.bytes, builder->scratch.size);
    builder->scratch.size = 0;
    return text;
}

static const char *grouped(struct builder *builder, uint64_t number)
{
    report_add_grouped(&builder->scratch, number);
    return keep(builder);
}

static const char *ratio(struct builder *builder, uint64_t numerator, uint64_t denominator, int digits)
{
    report_add_ratio(&builder->scratch, numerator, denominator, digits);
    return keep(builder);
}

/* part of whole, in percent with one decimal. */
static const char *share(struct builder *builder, uint64_t part, uint64_t whole)
{
    if (!whole)
        return "-";
    report_add_ratio(&builder->scratch, part > UINT64_MAX / 100 ? part : part * 100,
                     part > UINT64_MAX / 100 ? whole / 100 : whole, 1);
    buffer_add_byte(&builder->scratch, '%');
    return keep(builder);
}

static const char **add_header(struct builder *builder, struct report_table *table, const char *first, int columns_a_run)
{
    const char **row = add_row(builder, table);
    row[0] = first;
    for (int run = 0; run < builder->report->run_count; run++)
        row[1 + run * columns_a_run] = builder->report->runs[run].timing->isa;
    return row;
}

static uint64_t headline_figure(const struct timing_counts *counts, int figure)
{
    const uint64_t figures[] = {counts->static_instructions, counts->instructions, counts->code_bytes, counts->cycles};
    return figures[figure];
}

static void build_headline(struct builder *builder)
{
    static const char *const names[] = {"static instructions", "executed instructions", "code bytes", "cycles"};
    const struct report *report = builder->report;
    struct report_table *table = add_table(builder, NULL, 1 + report->run_count);
    add_header(builder, table, "", 1);
    const char **row = add_row(builder, table);
    row[0] = "machine";
    for (int run = 0; run < report->run_count; run++)
        row[1 + run] = report->runs[run].timing->machine;
    for (int figure = 0; figure < 4; figure++) {
        uint64_t baseline = headline_figure(report_headline(report, 0), figure);
        row = add_row(builder, table);
        row[0] = names[figure];
        for (int run = 0; run < report->run_count; run++)
            row[1 + run] = grouped(builder, headline_figure(report_headline(report, run), figure));
        if (report->run_count < 2)
            continue;
        row = add_row(builder, table);
        row[0] = arena_printf(builder->tables->arena, "  ratio to %s", report->runs[0].timing->isa);
        for (int run = 0; run < report->run_count; run++)
            row[1 + run] = ratio(builder, headline_figure(report_headline(report, run), figure), baseline, 3);
    }
    for (int i = 0; i < REPORT_MODELS && report->run_count > 1; i++) {
        const struct report_model *model = &report_models[i];
        row = add_row(builder, table);
        row[0] = arena_printf(builder->tables->arena, "relative %s", model->name);
        for (int run = 0; run < report->run_count; run++)
            row[1 + run] = ratio(builder, model->total(report, run), model->total(report, 0), 3);
    }
    row = add_row(builder, table);
    row[0] = "CPI";
    for (int run = 0; run < report->run_count; run++) {
        const struct timing_counts *counts = report_headline(report, run);
        row[1 + run] = ratio(builder, counts->cycles, counts->instructions, 3);
    }
}

/* Parts and their sum, in percent of the first run's sum: the model's absolute figures mean nothing on their own. */
static void build_model(struct builder *builder, const struct report_model *model)
{
    const struct report *report = builder->report;
    struct arena *arena = builder->tables->arena;
    uint64_t whole = model->total(report, 0);
    struct report_table *table = add_table(builder, arena_printf(arena, "Relative %s", model->name), 1 + report->run_count);
    add_header(builder, table, arena_printf(arena, "%% of %s", report->runs[0].timing->isa), 1);
    for (int part = 0; part < model->part_count; part++) {
        if (!report_model_has_part(model, report, part))
            continue;
        const char **row = add_row(builder, table);
        row[0] = model->part_names[part];
        for (int run = 0; run < report->run_count; run++)
            row[1 + run] = share(builder, model->parts(report, run)[part], whole);
    }
    const char **row = add_row(builder, table);
    row[0] = "total";
    for (int run = 0; run < report->run_count; run++)
        row[1 + run] = share(builder, model->total(report, run), whole);
}

static const uint64_t *category_row(const struct timing_counts *counts)
{
    return counts->by_category;
}

static const uint64_t *cycle_row(const struct timing_counts *counts)
{
    return counts->cycle_stack;
}

static const char *category_name(int index)
{
    return category_names[index];
}

static const char *part_name(int index)
{
    return cycle_part_name((enum cycle_part)index);
}

/* Rows that are zero in every run are left out; the last row is the total, which the others add up to. */
static void build_breakdown(struct builder *builder, struct report_table *table, int count,
                            const uint64_t *(*values)(const struct timing_counts *), const char *(*name)(int))
{
    const struct report *report = builder->report;
    uint64_t *totals = ARENA_ARRAY(builder->tables->arena, uint64_t, report->run_count);
    for (int i = 0; i < count; i++)
        for (int run = 0; run < report->run_count; run++)
            totals[run] += values(report_headline(report, run))[i];
    for (int i = 0; i < count; i++) {
        bool any = false;
        for (int run = 0; run < report->run_count; run++)
            any |= values(report_headline(report, run))[i] != 0;
        if (!any)
            continue;
        const char **row = add_row(builder, table);
        row[0] = name(i);
        for (int run = 0; run < report->run_count; run++) {
            uint64_t value = values(report_headline(report, run))[i];
            row[1 + 2 * run] = grouped(builder, value);
            row[2 + 2 * run] = share(builder, value, totals[run]);
        }
    }
    const char **row = add_row(builder, table);
    row[0] = "total";
    for (int run = 0; run < report->run_count; run++)
        row[1 + 2 * run] = grouped(builder, totals[run]);
}

static void build_cycle_stack(struct builder *builder)
{
    struct report_table *table = add_table(builder, "Cycle stack", 1 + 2 * builder->report->run_count);
    add_header(builder, table, "cycles", 2);
    build_breakdown(builder, table, CYCLE_PART_COUNT, cycle_row, part_name);
}

static void build_mix(struct builder *builder)
{
    struct report_table *table = add_table(builder, "Instruction mix", 1 + 2 * builder->report->run_count);
    add_header(builder, table, "executed", 2);
    build_breakdown(builder, table, CATEGORY_COUNT, category_row, category_name);
}

static void build_top(struct builder *builder)
{
    const struct report *report = builder->report;
    struct report_table *table = add_table(builder, "Top instructions", 1 + 3 * report->run_count);
    const char **row = add_header(builder, table, "", 3);
    for (int run = 0; run < report->run_count; run++) {
        table->is_text[1 + 3 * run] = true;
        row[2 + 3 * run] = "executed";
    }
    struct report_order *orders = ARENA_ARRAY(builder->tables->arena, struct report_order, report->run_count);
    uint32_t rows = 0;
    for (int run = 0; run < report->run_count; run++) {
        orders[run] = report_order_by_count(report->runs[run].timing, report_headline(report, run));
        if (orders[run].count > rows)
            rows = orders[run].count;
    }
    if (rows > (uint32_t)report->top)
        rows = (uint32_t)report->top;
    for (uint32_t i = 0; i < rows; i++) {
        row = add_row(builder, table);
        row[0] = arena_printf(builder->tables->arena, "%u", i + 1);
        for (int run = 0; run < report->run_count; run++) {
            if (i >= orders[run].count)
                continue;
            const struct timing_counts *counts = report_headline(report, run);
            uint32_t index = orders[run].indices[i];
            row[1 + 3 * run] = report->runs[run].timing->names[index];
            row[2 + 3 * run] = grouped(builder, counts->by_instruction[index]);
            row[3 + 3 * run] = share(builder, counts->by_instruction[index], counts->instructions);
        }
    }
    for (int run = 0; run < report->run_count; run++)
        report_order_free(&orders[run]);
}

static const struct timing_group *find_file(const struct timing_result *timing, const char *file)
{
    for (uint32_t i = 0; i < timing->file_count; i++)
        if (strcmp(timing->files[i].file, file) == 0)
            return &timing->files[i];
    return NULL;
}

static void build_files(struct builder *builder)
{
    const struct report *report = builder->report;
    const struct timing_result *first = report->runs[0].timing;
    if (first->file_count < 2)
        return;
    struct report_table *table = add_table(builder, "Files", 1 + 2 * report->run_count);
    add_header(builder, table, "executed instructions, cycles", 2);
    struct buffer name = {0};
    for (uint32_t i = 0; i < first->file_count; i++) {
        const char **row = add_row(builder, table);
        report_file_name(report, first->files[i].file, &name);
        row[0] = arena_copy(builder->tables->arena, name.bytes, name.size);
        for (int run = 0; run < report->run_count; run++) {
            const struct timing_group *file = find_file(report->runs[run].timing, first->files[i].file);
            if (!file)
                continue;
            row[1 + 2 * run] = grouped(builder, file->counts.instructions);
            row[2 + 2 * run] = grouped(builder, file->counts.cycles);
        }
    }
    buffer_free(&name);
}

static void build_shapes(struct builder *builder)
{
    const struct report *report = builder->report;
    struct report_table *table = NULL;
    enum { MAX_ROWS = 20 };
    int rows = 0;
    for (int run = 0; run < report->run_count; run++) {
        const struct timing_result *timing = report->runs[run].timing;
        for (uint32_t i = 0; i < timing->shape_count && rows < MAX_ROWS; i++) {
            const struct profile_shape *shape = &timing->shapes[i].shape;
            if (shape->kind != SHAPE_MATMUL)
                continue;
            if (!table) {
                table = add_table(builder, "Matrix products", 6);
                table->is_text[1] = table->is_text[2] = true;
                const char **header = add_row(builder, table);
                const char *const titles[] = {"ISA", "M x N x K", "done by", "count", "multiply-adds", "cycles"};
                memcpy(header, titles, sizeof titles);
            }
            const char **row = add_row(builder, table);
            row[0] = timing->isa;
            row[1] = arena_printf(builder->tables->arena, "%u x %u x %u", shape->rows, shape->columns, shape->depth);
            row[2] = timing->shapes[i].covered ? "tensor unit" : "native library";
            row[3] = grouped(builder, shape->count);
            row[4] = grouped(builder, (uint64_t)shape->rows * shape->columns * shape->depth * shape->count);
            row[5] = grouped(builder, timing->shapes[i].cycles);
            rows++;
        }
    }
}

/* Loops and comprehensions that instructions stand for, and those that nearly are: why they were not taken. */
static void build_loops(struct builder *builder)
{
    const struct report *report = builder->report;
    struct report_table *table = NULL;
    struct buffer file = {0};
    enum { MAX_ROWS = 30 };
    int rows = 0;
    for (int run = 0; run < report->run_count; run++) {
        const struct timing_result *timing = report->runs[run].timing;
        for (uint32_t i = 0; i < timing->loop_count && rows < MAX_ROWS; i++) {
            const struct timing_loop *loop = &timing->loops[i];
            if (!table) {
                table = add_table(builder, "Loops as instructions", 5);
                for (int column = 1; column < 4; column++)
                    table->is_text[column] = true;
                const char **header = add_row(builder, table);
                const char *const titles[] = {"ISA", "where", "form", "taken", "times"};
                memcpy(header, titles, sizeof titles);
            }
            const char **row = add_row(builder, table);
            report_file_name(report, loop->file, &file);
            row[0] = timing->isa;
            row[1] = arena_printf(builder->tables->arena, "%s:%u", file.bytes, loop->line);
            row[2] = loop->form ? loop->form : "nearly";
            row[3] = loop->reason ? arena_printf(builder->tables->arena, "no: %s", loop->reason) : "yes";
            row[4] = grouped(builder, loop->count);
            rows++;
        }
    }
    buffer_free(&file);
}

static void build_notes(struct builder *builder)
{
    const struct report *report = builder->report;
    struct report_tables *tables = builder->tables;
    struct report_hidden hidden = report_hidden_arithmetic(report_headline(report, 0));
    buffer_add_text(&builder->scratch, "Hidden from bytecode: native calls did ");
    report_add_grouped(&builder->scratch, hidden.multiply_adds);
    buffer_add_text(&builder->scratch, " multiply-adds, ");
    report_add_grouped(&builder->scratch, hidden.elements);
    buffer_add_text(&builder->scratch, " array element operations and ");
    report_add_grouped(&builder->scratch, hidden.math);
    buffer_add_text(&builder->scratch, " math functions, beside ");
    report_add_grouped(&builder->scratch, hidden.arithmetic_instructions);
    buffer_printf(&builder->scratch, " arithmetic instructions of %s", report->runs[0].timing->isa);
    if (hidden.native_operations) {
        struct builder aside = {.tables = tables};
        const char *part = share(&aside, hidden.native_operations,
                                 hidden.native_operations + hidden.arithmetic_instructions);
        buffer_printf(&builder->scratch, ": %s of the arithmetic shows only as calls", part);
        buffer_free(&aside.scratch);
    }
    buffer_add_byte(&builder->scratch, '.');
    tables->notes[tables->note_count++] = keep(builder);
    if (report->scope == SCOPE_SCRIPT)
        tables->notes[tables->note_count++] = "Scope: the script's own code only.";
    if (report->interrupted)
        tables->notes[tables->note_count++] = "INTERRUPTED: the figures cover what had run until then.";
}

void report_tables_build(const struct report *report, struct report_tables *tables)
{
    memset(tables, 0, sizeof *tables);
    tables->arena = arena_new();
    struct builder builder = {.report = report, .tables = tables};
    const char *slash = strcmp(report->kind, "script") == 0 ? strrchr(report->program, '/') : NULL;
    const char *name = slash ? slash + 1 : report->program;
    tables->heading = arena_printf(tables->arena, "hybridsim: %s%s%s", strcmp(report->kind, "module") == 0 ? "-m " : "",
                                   strcmp(report->kind, "command") == 0 ? "-c" : name,
                                   report->interrupted ? " (interrupted)" : "");
    if (report->run_count == 0) {
        tables->notes[tables->note_count++] = "No run was completed.";
        return;
    }
    build_headline(&builder);
    build_cycle_stack(&builder);
    for (int i = 0; i < REPORT_MODELS && report->run_count > 1; i++)
        build_model(&builder, &report_models[i]);
    build_mix(&builder);
    build_top(&builder);
    build_files(&builder);
    build_shapes(&builder);
    build_loops(&builder);
    build_notes(&builder);
    buffer_free(&builder.scratch);
}

void report_tables_free(struct report_tables *tables)
{
    arena_free(tables->arena);
}
