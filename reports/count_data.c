/* count_data.c - count tables as JSON and CSV, all rows, whatever the text shows. */
#include "reports/csv_field.h"
#include "reports/count_report.h"
#include "reports/json_writer.h"

#include <string.h>

static void write_row(struct json_writer *json, const struct count_row *row)
{
    json_open(json, '{');
    json_key(json, "name");
    json_text(json, row->label);
    if (row->file) {
        json_key(json, "file");
        json_text(json, row->file);
        json_key(json, "line");
        json_number(json, row->line);
    }
    if (row->name) {
        json_key(json, "function");
        json_text(json, row->name);
    }
    json_key(json, "static");
    json_number(json, row->placed);
    json_key(json, "executed");
    json_number(json, row->executed);
    json_key(json, "native");
    json_number(json, row->native);
    json_close(json, '}');
}

static void write_table(struct json_writer *json, const struct count_table *table)
{
    json_open(json, '{');
    json_key(json, "isa");
    json_text(json, table->tally->isa);
    json_key(json, "machine");
    json_text(json, table->tally->machine);
    json_key(json, "static");
    json_number(json, table->placed);
    json_key(json, "executed");
    json_number(json, table->executed);
    json_key(json, "native");
    json_number(json, table->native);
    json_key(json, "instructions");
    json_number(json, table->instructions);
    json_key(json, "instructions_of_other_files");
    json_number(json, table->elsewhere);
    json_key(json, "estimated");
    json_number(json, table->estimated);
    json_key(json, "rows");
    json_open(json, '[');
    for (uint32_t i = 0; i < table->row_count; i++)
        write_row(json, &table->rows[i]);
    json_close(json, ']');
    json_key(json, "amounts");
    json_open(json, '{');
    for (int i = 0; i < table->amount_count; i++) {
        json_key(json, table->amounts[i].name);
        json_number(json, table->amounts[i].amount);
    }
    json_close(json, '}');
    json_close(json, '}');
}

void count_render_json(const struct count_tables *tables, struct buffer *out)
{
    const struct count_request *request = tables->request;
    struct json_writer json = {.out = out};
    json_open(&json, '{');
    json_key(&json, "schema");
    json_number(&json, 1);
    json_key(&json, "program");
    json_text(&json, request->program);
    json_key(&json, "by");
    json_text(&json, count_by_names[request->by]);
    json_key(&json, "scope");
    json_text(&json, request->scope == TALLY_SCRIPT ? "script" : "all");
    json_key(&json, "interrupted");
    json_boolean(&json, request->interrupted);
    json_key(&json, "ended");
    json_text(&json, request->ended ? request->ended : "");
    json_key(&json, "runs");
    json_open(&json, '[');
    for (int i = 0; i < request->tally_count; i++)
        write_table(&json, &tables->tables[i]);
    json_close(&json, ']');
    json_close(&json, '}');
    buffer_add_byte(out, '\n');
}

void count_render_csv(const struct count_tables *tables, struct buffer *out)
{
    buffer_printf(out, "isa,%s,static,executed,native\r\n", count_by_names[tables->request->by]);
    for (int i = 0; i < tables->request->tally_count; i++) {
        const struct count_table *table = &tables->tables[i];
        for (uint32_t row = 0; row < table->row_count; row++) {
            csv_add_field(out, table->tally->isa);
            buffer_add_byte(out, ',');
            csv_add_field(out, table->rows[row].label);
            buffer_printf(out, ",%llu,%llu,%llu\r\n", (unsigned long long)table->rows[row].placed,
                          (unsigned long long)table->rows[row].executed, (unsigned long long)table->rows[row].native);
        }
    }
}
