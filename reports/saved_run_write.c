/* saved_run_write.c - see saved_run.h. The rows of a code object are short lists, one a line: they are most of the file. */
#include "reports/saved_run.h"

#include "core/version.h"
#include "reports/json_writer.h"
#include "reports/report_json.h"
#include "reports/source_text.h"

#include <stdlib.h>
#include <string.h>

static void write_text(struct json_writer *json, const char *key, const char *text)
{
    json_key(json, key);
    json_text(json, text);
}

static void write_specs(struct json_writer *json, const struct saved_input *input)
{
    json_key(json, "specs");
    json_open(json, '[');
    for (int i = 0; i < input->report->run_count; i++) {
        json_open(json, '{');
        write_text(json, "isa", input->specs[i].isa->name);
        write_text(json, "machine", input->specs[i].isa->machine->name);
        write_text(json, "sha256", input->specs[i].sha256);
        write_text(json, "text", input->specs[i].isa->resolved_text);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void write_provenance(struct json_writer *json, const struct saved_input *input)
{
    json_key(json, "provenance");
    json_open(json, '{');
    write_text(json, "version", HYBRIDSIM_VERSION);
    json_key(json, "command");
    json_open(json, '[');
    for (int i = 0; i < input->command_count; i++)
        json_text(json, input->command[i]);
    json_close(json, ']');
    write_specs(json, input);
    json_close(json, '}');
}

/* A code object's rows: [line, place in names, placed, executed, cycles]. Gives the first row of the next code object. */
static uint32_t write_rows(struct json_writer *json, const struct tally *tally, uint32_t code, uint32_t row)
{
    json_key(json, "rows");
    json_open(json, '[');
    for (; row < tally->row_count && tally->rows[row].code == code; row++) {
        const struct tally_row *at = &tally->rows[row];
        struct buffer text = {0};
        buffer_printf(&text, "[%u, %u, %llu, %llu, %llu]", at->line, at->name, (unsigned long long)at->placed,
                      (unsigned long long)at->executed, (unsigned long long)at->cycles);
        json_literal(json, text.bytes);
        buffer_free(&text);
    }
    json_close(json, ']');
    return row;
}

static void write_codes(struct json_writer *json, const struct report *report, const struct tally *tally)
{
    struct buffer scratch = {0};
    uint32_t row = 0;
    json_key(json, "code_rows");
    json_open(json, '[');
    for (uint32_t i = 0; i < tally->code_count; i++) {
        const struct tally_code *code = &tally->codes[i];
        if (!code->entered) {
            while (row < tally->row_count && tally->rows[row].code == i)
                row++;
            continue;
        }
        json_open(json, '{');
        write_text(json, "file", report_file_name(report, code->file, &scratch));
        write_text(json, "name", code->name);
        json_key(json, "line");
        json_number(json, code->line);
        json_key(json, "script");
        json_boolean(json, code->is_script);
        json_key(json, "native_cycles");
        json_number(json, code->native_cycles);
        row = write_rows(json, tally, i, row);
        json_close(json, '}');
    }
    json_close(json, ']');
    buffer_free(&scratch);
}

static void write_run(struct json_writer *json, const struct saved_input *input, int index)
{
    const struct timing_result *timing = input->report->runs[index].timing;
    const struct tally *tally = input->tallies[index];
    json_open(json, '{');
    report_json_run(json, input->report, index);
    json_key(json, "script");
    json_open(json, '{');
    report_json_counts(json, timing, &timing->script);
    json_close(json, '}');
    json_key(json, "names");
    json_open(json, '[');
    for (uint32_t i = 0; i < tally->name_count; i++)
        json_text(json, tally->names[i]);
    json_close(json, ']');
    write_codes(json, input->report, tally);
    json_close(json, '}');
}

static void write_lines(struct json_writer *json, const char *text)
{
    struct source_text source;
    source_text_of(&source, text);
    json_key(json, "lines");
    json_open(json, '[');
    for (int i = 0; i < source.count; i++)
        json_text(json, source.lines[i]);
    json_close(json, ']');
    source_text_free(&source);
}

struct named_source {
    char *name; /* as reported */
    const struct saved_input_file *file;
};

static int compare_sources(const void *a, const void *b)
{
    return strcmp(((const struct named_source *)a)->name, ((const struct named_source *)b)->name);
}

static void write_sources(struct json_writer *json, const struct saved_input *input)
{
    struct named_source *order = malloc((size_t)input->file_count * sizeof *order + 1);
    struct buffer scratch = {0};
    if (!order)
        abort();
    for (int i = 0; i < input->file_count; i++)
        order[i] = (struct named_source){strdup(report_file_name(input->report, input->files[i].file, &scratch)), &input->files[i]};
    qsort(order, (size_t)input->file_count, sizeof *order, compare_sources);
    json_key(json, "sources");
    json_open(json, '[');
    for (int i = 0; i < input->file_count; i++) {
        json_open(json, '{');
        write_text(json, "file", order[i].name);
        write_text(json, "sha256", order[i].file->sha256);
        if (order[i].file->text)
            write_lines(json, order[i].file->text);
        json_close(json, '}');
        free(order[i].name);
    }
    json_close(json, ']');
    buffer_free(&scratch);
    free(order);
}

void saved_run_render(const struct saved_input *input, struct buffer *out)
{
    struct json_writer json = {.out = out};
    json_open(&json, '{');
    json_key(&json, "schema");
    json_number(&json, REPORT_SCHEMA_VERSION);
    json_key(&json, "saved_run");
    json_number(&json, SAVED_RUN_VERSION);
    write_provenance(&json, input);
    report_json_program(&json, input->report);
    write_text(&json, "scope", "all");
    json_key(&json, "runs");
    json_open(&json, '[');
    for (int i = 0; i < input->report->run_count; i++)
        write_run(&json, input, i);
    json_close(&json, ']');
    report_json_comparison(&json, input->report);
    write_sources(&json, input);
    json_close(&json, '}');
    buffer_add_byte(out, '\n');
}
