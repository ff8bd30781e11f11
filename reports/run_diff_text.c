/* run_diff_text.c - changes between runs as text, JSON and CSV. */
#include "core/wide.h"
#include "reports/csv_field.h"
#include "reports/json_writer.h"
#include "reports/report.h"
#include "reports/report_json.h"
#include "reports/run_diff.h"
#include "reports/text_style.h"

#include <string.h>

enum { NUMBER_WIDTH = 17, PERCENT_WIDTH = 11, NAME_WIDTH = 44, TEXT_WIDTH = 60 };

static void pad_to(struct buffer *out, size_t from, size_t width)
{
    while (out->size < from + width)
        buffer_add_byte(out, ' ');
}

static void add_right(struct buffer *out, const char *text, size_t width)
{
    for (size_t length = strlen(text); length < width; length++)
        buffer_add_byte(out, ' ');
    buffer_add_text(out, text);
}

static void add_value(struct buffer *out, bool there, uint64_t value)
{
    struct buffer cell = {0};
    if (there)
        report_add_grouped(&cell, value);
    else
        buffer_add_text(&cell, "-");
    add_right(out, cell.bytes, NUMBER_WIDTH);
    buffer_free(&cell);
}

static void add_change(struct buffer *out, const struct diff_row *row)
{
    struct buffer cell = {0};
    bool more = row->after >= row->before;
    uint64_t change = more ? row->after - row->before : row->before - row->after;
    buffer_add_text(&cell, change == 0 ? "" : more ? "+" : "-");
    report_add_grouped(&cell, change);
    add_right(out, cell.bytes, NUMBER_WIDTH);
    cell.size = 0;
    if (!row->in_before) {
        buffer_add_text(&cell, "new");
    } else if (!row->in_after) {
        buffer_add_text(&cell, "removed");
    } else if (!row->before) {
        buffer_add_text(&cell, change ? "from 0" : "");
    } else {
        uint64_t tenths = wide_thousandths(change, row->before);
        buffer_printf(&cell, "%s%llu.%llu %%", change == 0 ? "" : more ? "+" : "-", (unsigned long long)(tenths / 10),
                      (unsigned long long)(tenths % 10));
    }
    add_right(out, cell.bytes ? cell.bytes : "", PERCENT_WIDTH);
    buffer_free(&cell);
}

static void add_source(struct buffer *out, const char *text)
{
    size_t length = strlen(text);
    buffer_add_text(out, "  | ");
    if (length > TEXT_WIDTH) {
        length = TEXT_WIDTH;
        while (length && (text[length] & 0xc0) == 0x80) /* not inside a character */
            length--;
    }
    for (size_t i = 0; i < length; i++)
        buffer_add_byte(out, text[i] == '\t' ? ' ' : (uint8_t)text[i]);
}

static void render_row(const struct diff_row *row, size_t name_width, bool coloured, struct buffer *out)
{
    size_t start = out->size;
    buffer_printf(out, "  %s", row->name);
    pad_to(out, start, name_width + 2);
    add_value(out, row->in_before, row->before);
    add_value(out, row->in_after, row->after);
    bool differs = row->before != row->after;
    text_style_begin(out, coloured && differs, row->after > row->before ? STYLE_BAD : STYLE_GOOD);
    add_change(out, row);
    text_style_end(out, coloured && differs);
    if (row->text)
        add_source(out, row->text);
    while (out->bytes[out->size - 1] == ' ')
        out->size--;
    buffer_add_byte(out, '\n');
}

static void render_header(const struct diff_table *table, size_t name_width, bool coloured, struct buffer *out)
{
    buffer_add_byte(out, '\n');
    text_style_begin(out, coloured, STYLE_HEADING);
    size_t start = out->size;
    buffer_printf(out, table->by == DIFF_TOTAL ? "totals" : table->by == DIFF_CYCLES ? "cycles by part of the cycle stack"
                       : table->by == DIFF_EVENT ? "events" : table->by == DIFF_WORK ? "work of native code"
                       : table->by == DIFF_NATIVE ? "calls of native functions" : "%s by %s", table->metric,
                  diff_by_names[table->by]);
    pad_to(out, start, name_width + 2);
    add_right(out, "before", NUMBER_WIDTH);
    add_right(out, "after", NUMBER_WIDTH);
    add_right(out, "change", NUMBER_WIDTH + PERCENT_WIDTH);
    text_style_end(out, coloured);
    buffer_add_byte(out, '\n');
}

static uint32_t rows_wanted(const struct diff_table *table, const struct diff_request *request)
{
    return request->limit && (uint32_t)request->limit < table->row_count ? (uint32_t)request->limit : table->row_count;
}

static void render_table(const struct diff_table *table, const struct diff_request *request, struct buffer *out)
{
    uint32_t shown = rows_wanted(table, request);
    size_t width = NAME_WIDTH;
    struct diff_row rest = {.name = NULL, .in_before = true, .in_after = true};
    if (!table->row_count)
        return;
    for (uint32_t i = 0; i < shown; i++)
        if (strlen(table->rows[i].name) > width)
            width = strlen(table->rows[i].name);
    render_header(table, width, request->coloured, out);
    for (uint32_t i = 0; i < table->row_count; i++) {
        const struct diff_row *row = &table->rows[i];
        if (i < shown)
            render_row(row, width, request->coloured, out);
        else
            rest.before += row->before, rest.after += row->after;
    }
    struct buffer name = {0};
    if (shown < table->row_count) {
        buffer_printf(&name, "%u more", table->row_count - shown);
        rest.name = name.bytes;
        if (!table->sums)
            buffer_printf(out, "  %s\n", rest.name);
        else
            render_row(&rest, width, request->coloured, out);
    }
    if (table->sums)
        render_row(&(struct diff_row){.name = "all", .in_before = true, .in_after = true, .before = table->before,
                                      .after = table->after}, width, request->coloured, out);
    buffer_free(&name);
}

static void render_side(const char *mark, const struct diff_side *side, struct buffer *out)
{
    buffer_printf(out, "%s %s: %s", mark, side->file->path, side->file->program);
    for (uint32_t i = 0; i < side->file->argument_count; i++)
        buffer_printf(out, " %s", side->file->arguments[i]);
    buffer_printf(out, " under %s on %s\n", side->run->isa, side->run->machine);
}

void run_diff_render_text(const struct run_diff *diffs, int count, const struct diff_request *request, struct buffer *out)
{
    for (int i = 0; i < count; i++) {
        const struct run_diff *diff = &diffs[i];
        if (i)
            buffer_add_byte(out, '\n');
        text_style_begin(out, request->coloured, STYLE_HEADING);
        render_side("before", &diff->before, out);
        render_side("after ", &diff->after, out);
        text_style_end(out, request->coloured);
        for (int note = 0; note < diff->note_count; note++)
            buffer_printf(out, "  %s\n", diff->notes[note]);
        if (!diff->changed)
            buffer_add_text(out, "  no change\n");
        for (int table = 0; table < diff->table_count; table++)
            render_table(&diff->tables[table], request, out);
    }
}

/* ---- data ---- */

static void write_value(struct json_writer *json, const char *key, bool there, uint64_t value)
{
    json_key(json, key);
    if (there)
        json_number(json, value);
    else
        json_literal(json, "null");
}

static void write_table(struct json_writer *json, const struct diff_table *table, const struct diff_request *request)
{
    json_open(json, '{');
    json_key(json, "by");
    json_text(json, diff_by_names[table->by]);
    json_key(json, "metric");
    json_text(json, table->metric);
    json_key(json, "rows");
    json_open(json, '[');
    for (uint32_t i = 0; i < rows_wanted(table, request); i++) {
        const struct diff_row *row = &table->rows[i];
        json_open(json, '{');
        json_key(json, "name");
        json_text(json, row->name);
        if (row->text) {
            json_key(json, "text");
            json_text(json, row->text);
        }
        write_value(json, "before", row->in_before, row->before);
        write_value(json, "after", row->in_after, row->after);
        json_key(json, "change");
        json_signed(json, (int64_t)(row->after - row->before));
        json_close(json, '}');
    }
    json_close(json, ']');
    json_close(json, '}');
}

static void write_side(struct json_writer *json, const char *key, const struct diff_side *side)
{
    json_key(json, key);
    json_open(json, '{');
    json_key(json, "file");
    json_text(json, side->file->path);
    json_key(json, "program");
    json_text(json, side->file->program);
    json_key(json, "isa");
    json_text(json, side->run->isa);
    json_key(json, "machine");
    json_text(json, side->run->machine);
    json_close(json, '}');
}

void run_diff_render_json(const struct run_diff *diffs, int count, const struct diff_request *request, struct buffer *out)
{
    struct json_writer json = {.out = out};
    json_open(&json, '{');
    json_key(&json, "schema");
    json_number(&json, REPORT_SCHEMA_VERSION);
    json_key(&json, "diffs");
    json_open(&json, '[');
    for (int i = 0; i < count; i++) {
        json_open(&json, '{');
        write_side(&json, "before", &diffs[i].before);
        write_side(&json, "after", &diffs[i].after);
        json_key(&json, "changed");
        json_boolean(&json, diffs[i].changed);
        json_key(&json, "notes");
        json_open(&json, '[');
        for (int note = 0; note < diffs[i].note_count; note++)
            json_text(&json, diffs[i].notes[note]);
        json_close(&json, ']');
        json_key(&json, "tables");
        json_open(&json, '[');
        for (int table = 0; table < diffs[i].table_count; table++)
            write_table(&json, &diffs[i].tables[table], request);
        json_close(&json, ']');
        json_close(&json, '}');
    }
    json_close(&json, ']');
    json_close(&json, '}');
    buffer_add_byte(out, '\n');
}

static void add_csv_value(struct buffer *out, bool there, uint64_t value)
{
    if (there)
        buffer_printf(out, ",%llu", (unsigned long long)value);
    else
        buffer_add_byte(out, ',');
}

void run_diff_render_csv(const struct run_diff *diffs, int count, const struct diff_request *request, struct buffer *out)
{
    buffer_add_text(out, "before_isa,after_isa,by,metric,name,before,after,change\r\n");
    for (int i = 0; i < count; i++)
        for (int at = 0; at < diffs[i].table_count; at++) {
            const struct diff_table *table = &diffs[i].tables[at];
            for (uint32_t row = 0; row < rows_wanted(table, request); row++) {
                const struct diff_row *change = &table->rows[row];
                const char *const fields[] = {diffs[i].before.run->isa, diffs[i].after.run->isa, diff_by_names[table->by],
                                              table->metric, change->name};
                for (size_t field = 0; field < sizeof fields / sizeof *fields; field++) {
                    if (field)
                        buffer_add_byte(out, ',');
                    csv_add_field(out, fields[field]);
                }
                add_csv_value(out, change->in_before, change->before);
                add_csv_value(out, change->in_after, change->after);
                buffer_printf(out, ",%lld\r\n", (long long)(change->after - change->before));
            }
        }
}
