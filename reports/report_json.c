/* report_json.c - the JSON report: the contract of docs/report-schema.md. Keys of tables are sorted; what the host's speed
 * decides is in "host" and nowhere else. */
#include "reports/report_json.h"

#include "reports/json_writer.h"

#include <stdlib.h>
#include <string.h>

struct named_number {
    const char *name;
    uint64_t number;
};

static int compare_names(const void *a, const void *b)
{
    return strcmp(((const struct named_number *)a)->name, ((const struct named_number *)b)->name);
}

static void write_table(struct json_writer *json, const char *key, struct named_number *rows, size_t count)
{
    qsort(rows, count, sizeof *rows, compare_names);
    json_key(json, key);
    json_open(json, '{');
    for (size_t i = 0; i < count; i++) {
        json_key(json, rows[i].name);
        json_number(json, rows[i].number);
    }
    json_close(json, '}');
}

static void write_instructions(struct json_writer *json, const struct timing_result *timing,
                               const struct timing_counts *counts)
{
    struct report_order order = report_order_by_name(timing, counts);
    json_key(json, "by_instruction");
    json_open(json, '{');
    for (uint32_t i = 0; i < order.count; i++) {
        json_key(json, timing->names[order.indices[i]]);
        json_number(json, counts->by_instruction[order.indices[i]]);
    }
    json_close(json, '}');
    report_order_free(&order);
}

void report_json_counts(struct json_writer *json, const struct timing_result *timing, const struct timing_counts *counts)
{
    struct named_number rows[CYCLE_PART_COUNT + CATEGORY_COUNT + EVENT_COUNT];
    json_key(json, "static_instructions");
    json_number(json, counts->static_instructions);
    json_key(json, "instructions");
    json_number(json, counts->instructions);
    json_key(json, "cycles");
    json_number(json, counts->cycles);
    json_key(json, "code_bytes");
    json_number(json, counts->code_bytes);
    write_instructions(json, timing, counts);
    for (int i = 0; i < CATEGORY_COUNT; i++)
        rows[i] = (struct named_number){category_names[i], counts->by_category[i]};
    write_table(json, "by_category", rows, CATEGORY_COUNT);
    for (int i = 0; i < CYCLE_PART_COUNT; i++)
        rows[i] = (struct named_number){cycle_part_name((enum cycle_part)i), counts->cycle_stack[i]};
    write_table(json, "cycle_stack", rows, CYCLE_PART_COUNT);
    for (int i = 0; i < EVENT_COUNT; i++)
        rows[i] = (struct named_number){timing_event_names[i], counts->events[i]};
    write_table(json, "events", rows, EVENT_COUNT);
    for (int i = 0; i < WORK_COUNT; i++)
        rows[i] = (struct named_number){work_names[i], counts->work[i]};
    write_table(json, "work", rows, WORK_COUNT);
    json_key(json, "energy");
    json_number(json, counts->energy);
    for (int i = 0; i < ENERGY_PART_COUNT; i++)
        rows[i] = (struct named_number){energy_part_names[i], counts->energy_parts[i]};
    write_table(json, "energy_parts", rows, ENERGY_PART_COUNT);
}

struct named_file {
    char *name; /* as reported: the order must not depend on where a checkout lies */
    const struct timing_group *file;
};

static int compare_files(const void *a, const void *b)
{
    return strcmp(((const struct named_file *)a)->name, ((const struct named_file *)b)->name);
}

static void write_files(struct json_writer *json, const struct report *report, const struct timing_result *timing)
{
    struct named_file *order = malloc(timing->file_count * sizeof *order + 1);
    struct buffer scratch = {0};
    if (!order)
        abort();
    for (uint32_t i = 0; i < timing->file_count; i++) {
        order[i].file = &timing->files[i];
        order[i].name = strdup(report_file_name(report, timing->files[i].file, &scratch));
    }
    qsort(order, timing->file_count, sizeof *order, compare_files);
    json_key(json, "by_file");
    json_open(json, '{');
    for (uint32_t i = 0; i < timing->file_count; i++) {
        json_key(json, order[i].name);
        json_open(json, '{');
        json_key(json, "script");
        json_boolean(json, order[i].file->is_script);
        report_json_counts(json, timing, &order[i].file->counts);
        json_close(json, '}');
        free(order[i].name);
    }
    json_close(json, '}');
    buffer_free(&scratch);
    free(order);
}

static void write_codes(struct json_writer *json, const struct report *report, const struct timing_result *timing)
{
    struct buffer scratch = {0};
    json_key(json, "by_code");
    json_open(json, '[');
    for (uint32_t i = 0; i < timing->code_count; i++) {
        const struct timing_group *code = &timing->codes[i];
        json_open(json, '{');
        json_key(json, "file");
        json_text(json, report_file_name(report, code->file, &scratch));
        json_key(json, "name");
        json_text(json, code->name);
        json_key(json, "line");
        json_number(json, code->line);
        json_key(json, "static_instructions");
        json_number(json, code->counts.static_instructions);
        json_key(json, "code_bytes");
        json_number(json, code->counts.code_bytes);
        json_key(json, "instructions");
        json_number(json, code->counts.instructions);
        json_key(json, "cycles");
        json_number(json, code->counts.cycles);
        json_close(json, '}');
    }
    json_close(json, ']');
    buffer_free(&scratch);
}

static void write_shapes(struct json_writer *json, const struct timing_result *timing)
{
    json_key(json, "shapes");
    json_open(json, '[');
    for (uint32_t i = 0; i < timing->shape_count; i++) {
        const struct timing_shape *shape = &timing->shapes[i];
        bool is_matmul = shape->shape.kind == SHAPE_MATMUL;
        json_open(json, '{');
        json_key(json, "what");
        json_text(json, shape->shape.what);
        json_key(json, is_matmul ? "m" : "elements");
        json_number(json, shape->shape.rows);
        if (is_matmul) {
            json_key(json, "n");
            json_number(json, shape->shape.columns);
            json_key(json, "k");
            json_number(json, shape->shape.depth);
        }
        json_key(json, "element_bytes");
        json_number(json, shape->shape.element_bytes);
        json_key(json, "count");
        json_number(json, shape->shape.count);
        json_key(json, "covered");
        json_boolean(json, shape->covered);
        json_key(json, "cycles");
        json_number(json, shape->cycles);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void write_loops(struct json_writer *json, const struct report *report, const struct timing_result *timing)
{
    struct buffer file = {0};
    json_key(json, "loops");
    json_open(json, '[');
    for (uint32_t i = 0; i < timing->loop_count; i++) {
        const struct timing_loop *loop = &timing->loops[i];
        report_file_name(report, loop->file, &file);
        json_open(json, '{');
        json_key(json, "file");
        json_text(json, file.bytes);
        json_key(json, "name");
        json_text(json, loop->name);
        json_key(json, "line");
        json_number(json, loop->line);
        if (loop->form) {
            json_key(json, "form");
            json_text(json, loop->form);
        }
        json_key(json, "taken");
        json_boolean(json, !loop->reason);
        if (loop->reason) {
            json_key(json, "reason");
            json_text(json, loop->reason);
        }
        json_key(json, "count");
        json_number(json, loop->count);
        json_close(json, '}');
    }
    json_close(json, ']');
    buffer_free(&file);
}

static void write_hidden(struct json_writer *json, const struct timing_counts *counts)
{
    struct report_hidden hidden = report_hidden_arithmetic(counts);
    json_key(json, "hidden_arithmetic");
    json_open(json, '{');
    json_key(json, "arithmetic_instructions");
    json_number(json, hidden.arithmetic_instructions);
    json_key(json, "elements");
    json_number(json, hidden.elements);
    json_key(json, "math");
    json_number(json, hidden.math);
    json_key(json, "multiply_adds");
    json_number(json, hidden.multiply_adds);
    json_close(json, '}');
}

static void write_area(struct json_writer *json, const struct timing_result *timing)
{
    struct named_number rows[AREA_PART_COUNT];
    json_key(json, "area");
    json_number(json, timing->area);
    for (int i = 0; i < AREA_PART_COUNT; i++)
        rows[i] = (struct named_number){area_part_names[i], timing->area_parts[i]};
    write_table(json, "area_parts", rows, AREA_PART_COUNT);
}

void report_json_run(struct json_writer *json, const struct report *report, int index)
{
    const struct timing_result *timing = report->runs[index].timing;
    const struct timing_counts *counts = report_headline(report, index);
    json_key(json, "isa");
    json_text(json, timing->isa);
    json_key(json, "machine");
    json_text(json, timing->machine);
    json_key(json, "interrupted");
    json_boolean(json, timing->interrupted);
    report_json_counts(json, timing, counts);
    write_files(json, report, timing);
    write_codes(json, report, timing);
    write_shapes(json, timing);
    write_loops(json, report, timing);
    write_hidden(json, counts);
    write_area(json, timing);
    json_key(json, "native");
    json_open(json, '{');
    for (uint32_t i = 0; i < timing->native_count; i++) {
        json_key(json, timing->natives[i].name);
        json_number(json, timing->natives[i].calls);
    }
    json_close(json, '}');
}

static void write_ratio(struct json_writer *json, const char *key, uint64_t value, uint64_t baseline)
{
    struct buffer text = {0};
    json_key(json, key);
    if (baseline)
        report_add_ratio(&text, value, baseline, 6);
    json_literal(json, baseline ? text.bytes : "null");
    buffer_free(&text);
}

/* Every run but the first against the first. */
void report_json_comparison(struct json_writer *json, const struct report *report)
{
    json_key(json, "comparison");
    json_open(json, '[');
    for (int i = 1; i < report->run_count; i++) {
        const struct timing_counts *baseline = report_headline(report, 0), *counts = report_headline(report, i);
        json_open(json, '{');
        json_key(json, "isa");
        json_text(json, report->runs[i].timing->isa);
        json_key(json, "baseline");
        json_text(json, report->runs[0].timing->isa);
        write_ratio(json, "static_instructions", counts->static_instructions, baseline->static_instructions);
        write_ratio(json, "instructions", counts->instructions, baseline->instructions);
        write_ratio(json, "cycles", counts->cycles, baseline->cycles);
        write_ratio(json, "code_bytes", counts->code_bytes, baseline->code_bytes);
        write_ratio(json, "energy", counts->energy, baseline->energy);
        write_ratio(json, "area", report->runs[i].timing->area, report->runs[0].timing->area);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void write_seconds(struct json_writer *json, double seconds, uint64_t instructions)
{
    struct buffer text = {0};
    buffer_printf(&text, "%.6f", seconds);
    json_key(json, "seconds");
    json_literal(json, text.bytes);
    json_key(json, "instructions_per_second");
    json_number(json, seconds > 0 ? (uint64_t)((double)instructions / seconds) : 0);
    buffer_free(&text);
}

static void write_host(struct json_writer *json, const struct report *report)
{
    double seconds = 0;
    uint64_t peak = 0, instructions = 0;
    for (int i = 0; i < report->run_count; i++) {
        const struct timing_result *timing = report->runs[i].timing;
        seconds += timing->host_seconds;
        instructions += timing->total.instructions;
        if (timing->host_peak_rss_bytes > peak)
            peak = timing->host_peak_rss_bytes;
    }
    json_key(json, "host");
    json_open(json, '{');
    write_seconds(json, seconds, instructions);
    json_key(json, "peak_rss_bytes");
    json_number(json, peak);
    json_key(json, "runs");
    json_open(json, '[');
    for (int i = 0; i < report->run_count; i++) {
        const struct timing_result *timing = report->runs[i].timing;
        json_open(json, '{');
        json_key(json, "isa");
        json_text(json, timing->isa);
        write_seconds(json, timing->host_seconds, timing->total.instructions);
        json_key(json, "peak_rss_bytes");
        json_number(json, timing->host_peak_rss_bytes);
        json_close(json, '}');
    }
    json_close(json, ']');
    json_close(json, '}');
}

void report_json_program(struct json_writer *json, const struct report *report)
{
    bool is_script = strcmp(report->kind, "script") == 0;
    const char *slash = is_script ? strrchr(report->program, '/') : NULL;
    json_key(json, "program");
    json_open(json, '{');
    json_key(json, "name"); /* without directories: two checkouts report the same */
    json_text(json, slash ? slash + 1 : report->program);
    json_key(json, "kind");
    json_text(json, report->kind);
    json_key(json, "arguments");
    json_open(json, '[');
    for (int i = 0; i < report->argument_count; i++)
        json_text(json, report->arguments[i]);
    json_close(json, ']');
    json_key(json, "exit_status");
    json_signed(json, report->exit_status);
    json_key(json, "interrupted");
    json_boolean(json, report->interrupted);
    json_close(json, '}');
}

void report_render_json(const struct report *report, struct buffer *out)
{
    struct json_writer json = {.out = out};
    json_open(&json, '{');
    json_key(&json, "schema");
    json_number(&json, REPORT_SCHEMA_VERSION);
    report_json_program(&json, report);
    json_key(&json, "scope");
    json_text(&json, report->scope == SCOPE_SCRIPT ? "script" : "all");
    json_key(&json, "runs");
    json_open(&json, '[');
    for (int i = 0; i < report->run_count; i++) {
        json_open(&json, '{');
        report_json_run(&json, report, i);
        json_close(&json, '}');
    }
    json_close(&json, ']');
    report_json_comparison(&json, report);
    write_host(&json, report);
    json_close(&json, '}');
    buffer_add_byte(out, '\n');
}
