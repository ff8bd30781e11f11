/* comparison_data.c - a comparison as JSON and CSV. */
#include "reports/comparison.h"
#include "reports/csv_field.h"
#include "reports/json_writer.h"
#include "reports/report.h"
#include "reports/report_json.h"

#include <string.h>

const char *const comparison_state_names[] = {
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
    json_text(json, comparison_state_names[cell->state]);
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
                buffer_printf(out, ",%s,%d,", comparison_state_names[cell->state], cell->exit_status);
                if (comparison_value(comparison, metric, program, isa, &value))
                    buffer_printf(out, "%llu", (unsigned long long)value);
                add_ratio(comparison, metric, (int[]){program, isa}, (int[]){program, comparison->baseline}, &text);
                buffer_printf(out, ",%s", text.size ? text.bytes : "");
                add_ratio(comparison, metric, (int[]){program, isa}, (int[]){0, isa}, &text);
                buffer_printf(out, ",%s,%d\r\n", text.size ? text.bytes : "", comparison_best(comparison, metric, program) == isa);
            }
    buffer_free(&text);
}
