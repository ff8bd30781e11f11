/* comparison_data.c - a comparison as JSON, CSV and sections of a page. */
#include "reports/comparison.h"
#include "reports/csv_field.h"
#include "reports/json_writer.h"
#include "reports/page.h"
#include "reports/report.h"
#include "reports/report_json.h"

#include <string.h>

static const char *const state_names[] = {
    [CELL_NONE] = "none", [CELL_GOOD] = "good", [CELL_FAILED] = "failed", [CELL_INTERRUPTED] = "interrupted",
    [CELL_NO_FIGURES] = "not run",
};

static void add_ratio(const struct comparison *comparison, int metric, const int cell[2], const int other[2], struct buffer *out)
{
    uint64_t value, base;
    out->size = 0;
    if (comparison_value(comparison, metric, cell[0], cell[1], &value) &&
        comparison_value(comparison, metric, other[0], other[1], &base) && base)
        report_add_ratio(out, value, base, 6);
}

static void write_ratio(struct json_writer *json, const char *key, const struct buffer *text)
{
    json_key(json, key);
    json_literal(json, text->size ? text->bytes : "null");
}

static void write_cell(struct json_writer *json, const struct comparison *comparison, int metric, int program, int isa)
{
    const struct comparison_cell *cell = comparison_cell(comparison, program, isa);
    struct buffer ratio = {0};
    uint64_t value;
    json_open(json, '{');
    json_key(json, "isa");
    json_text(json, comparison->isas[isa]);
    json_key(json, "state");
    json_text(json, state_names[cell->state]);
    json_key(json, "exit_status");
    json_signed(json, cell->exit_status);
    json_key(json, "value");
    if (comparison_value(comparison, metric, program, isa, &value))
        json_number(json, value);
    else
        json_literal(json, "null");
    add_ratio(comparison, metric, (int[]){program, isa}, (int[]){program, comparison->baseline}, &ratio);
    write_ratio(json, "to_baseline", &ratio);
    add_ratio(comparison, metric, (int[]){program, isa}, (int[]){0, isa}, &ratio);
    write_ratio(json, "to_first_program", &ratio);
    json_key(json, "best");
    json_boolean(json, comparison_best(comparison, metric, program) == isa);
    json_close(json, '}');
    buffer_free(&ratio);
}

static void write_metric(struct json_writer *json, const struct comparison *comparison, int metric)
{
    struct buffer text = {0};
    figure_add_name(&text, &comparison->metrics[metric]);
    json_open(json, '{');
    json_key(json, "metric");
    json_text(json, text.bytes);
    json_key(json, "programs");
    json_open(json, '[');
    for (int program = 0; program < comparison->program_count; program++) {
        json_open(json, '{');
        json_key(json, "program");
        json_text(json, comparison->programs[program]);
        json_key(json, "runs");
        json_open(json, '[');
        for (int isa = 0; isa < comparison->isa_count; isa++)
            write_cell(json, comparison, metric, program, isa);
        json_close(json, ']');
        json_close(json, '}');
    }
    json_close(json, ']');
    json_key(json, "geometric_means");
    json_open(json, '{');
    for (int isa = 0; isa < comparison->isa_count; isa++) {
        double mean;
        text.size = 0;
        if (comparison_mean(comparison, metric, isa, &mean))
            buffer_printf(&text, "%.6f", mean);
        write_ratio(json, comparison->isas[isa], &text);
    }
    json_close(json, '}');
    json_close(json, '}');
    buffer_free(&text);
}

void comparison_render_json(const struct comparison *comparison, struct buffer *out)
{
    struct json_writer json = {.out = out};
    json_open(&json, '{');
    json_key(&json, "schema");
    json_number(&json, REPORT_SCHEMA_VERSION);
    json_key(&json, "scope");
    json_text(&json, comparison->script_only ? "script" : "all");
    json_key(&json, "baseline");
    json_text(&json, comparison->isas[comparison->baseline]);
    json_key(&json, "metrics");
    json_open(&json, '[');
    for (int metric = 0; metric < comparison->metric_count; metric++)
        write_metric(&json, comparison, metric);
    json_close(&json, ']');
    json_close(&json, '}');
    buffer_add_byte(out, '\n');
}

void comparison_render_csv(const struct comparison *comparison, struct buffer *out)
{
    struct buffer text = {0};
    buffer_add_text(out, "metric,program,isa,state,exit_status,value,to_baseline,to_first_program,best\r\n");
    for (int metric = 0; metric < comparison->metric_count; metric++)
        for (int program = 0; program < comparison->program_count; program++)
            for (int isa = 0; isa < comparison->isa_count; isa++) {
                const struct comparison_cell *cell = comparison_cell(comparison, program, isa);
                uint64_t value;
                text.size = 0;
                figure_add_name(&text, &comparison->metrics[metric]);
                csv_add_field(out, text.bytes);
                buffer_add_byte(out, ',');
                csv_add_field(out, comparison->programs[program]);
                buffer_add_byte(out, ',');
                csv_add_field(out, comparison->isas[isa]);
                buffer_printf(out, ",%s,%d,", state_names[cell->state], cell->exit_status);
                if (comparison_value(comparison, metric, program, isa, &value))
                    buffer_printf(out, "%llu", (unsigned long long)value);
                add_ratio(comparison, metric, (int[]){program, isa}, (int[]){program, comparison->baseline}, &text);
                buffer_printf(out, ",%s", text.size ? text.bytes : "");
                add_ratio(comparison, metric, (int[]){program, isa}, (int[]){0, isa}, &text);
                buffer_printf(out, ",%s,%d\r\n", text.size ? text.bytes : "", comparison_best(comparison, metric, program) == isa);
            }
    buffer_free(&text);
}

/* ---- a page ---- */

static void fill_row(const struct comparison *comparison, int metric, int program, struct page_cell *cell)
{
    int best = comparison_best(comparison, metric, program);
    page_cell_text(cell++, comparison->programs[program]);
    for (int isa = 0; isa < comparison->isa_count; isa++) {
        const struct comparison_cell *run = comparison_cell(comparison, program, isa);
        uint64_t value, baseline;
        bool there = comparison_value(comparison, metric, program, isa, &value);
        if (there)
            page_cell_count(cell, value);
        else
            page_cell_text(cell, run->why ? run->why : state_names[run->state]);
        cell++->best = isa == best;
        if (isa == comparison->baseline)
            continue;
        if (there && comparison_value(comparison, metric, program, comparison->baseline, &baseline))
            page_cell_ratio(cell, value, baseline);
        cell++;
    }
}

static void fill_means(const struct comparison *comparison, int metric, struct page_cell *cell)
{
    page_cell_text(cell++, "geometric mean");
    for (int isa = 0; isa < comparison->isa_count; isa++) {
        double mean;
        cell++;
        if (isa == comparison->baseline)
            continue;
        if (comparison_mean(comparison, metric, isa, &mean))
            page_cell_real(cell, mean);
        cell++;
    }
}

static void add_table(const struct comparison *comparison, int metric, struct page *page)
{
    struct arena *arena = page_arena(page);
    struct buffer name = {0};
    int count = 0;
    struct page_column *columns = ARENA_ARRAY(arena, struct page_column, 2 * comparison->isa_count + 1);
    columns[count++] = (struct page_column){"program", PAGE_CODE, NULL};
    for (int isa = 0; isa < comparison->isa_count; isa++) {
        columns[count++] = (struct page_column){comparison->isas[isa], PAGE_COUNT, NULL};
        if (isa != comparison->baseline)
            columns[count++] = (struct page_column){
                arena_printf(arena, "/ %s", comparison->isas[comparison->baseline]), PAGE_RATIO, "ratio to the baseline's column"};
    }
    figure_add_name(&name, &comparison->metrics[metric]);
    const char *id = arena_printf(arena, "compare-%d", metric), *title = arena_copy(arena, name.bytes, name.size);
    struct page_table *table = page_add_table(page, id, title, "the least of each row is marked", columns, count);
    table->fixed = true;
    for (int program = 0; program < comparison->program_count; program++)
        fill_row(comparison, metric, program, page_table_row(table));
    if (comparison->program_count > 1 && comparison->isa_count > 1)
        fill_means(comparison, metric, page_table_row(table));
    buffer_free(&name);
}

void comparison_add_to_page(const struct comparison *comparison, struct page *page)
{
    struct arena *arena = page_arena(page);
    page_set_title(page, "Comparison", arena_printf(arena, "%d programs under %d instruction sets%s", comparison->program_count,
                   comparison->isa_count, comparison->script_only ? ", the scripts' own code only" : ""));
    for (int program = 0; program < comparison->program_count; program++)
        for (int isa = 0; isa < comparison->isa_count; isa++) {
            const struct comparison_cell *cell = comparison_cell(comparison, program, isa);
            const char *how = cell->why ? cell->why : cell->state == CELL_FAILED ? "failed: figures cover what had run until then"
                                                    : "interrupted: figures cover what had run until then";
            if (cell->state > CELL_GOOD)
                page_add_warning(page, arena_printf(arena, "%s under %s: %s", comparison->programs[program], comparison->isas[isa],
                                                    how));
        }
    page_add_tab(page, "compare", "Comparison");
    for (int metric = 0; metric < comparison->metric_count; metric++)
        add_table(comparison, metric, page);
}
