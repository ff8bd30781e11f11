/* count_text.c - count tables for a terminal. */
#include "core/wide.h"
#include "reports/count_report.h"
#include "reports/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add_right(struct buffer *out, const struct buffer *cell, int width)
{
    buffer_printf(out, "%*s", width, cell->bytes ? cell->bytes : "");
}

static void add_number(struct buffer *out, uint64_t number, int width)
{
    struct buffer cell = {0};
    report_add_grouped(&cell, number);
    add_right(out, &cell, width);
    buffer_free(&cell);
}

/* part / whole in percent with one decimal. */
static void add_share(struct buffer *out, uint64_t part, uint64_t whole, int width)
{
    struct buffer cell = {0};
    if (whole) {
        uint64_t tenths = wide_thousandths(part, whole);
        buffer_printf(&cell, "%llu.%llu %%", (unsigned long long)(tenths / 10), (unsigned long long)(tenths % 10));
    } else {
        buffer_add_text(&cell, "-");
    }
    add_right(out, &cell, width);
    buffer_free(&cell);
}

enum { NUMBER_WIDTH = 16, SHARE_WIDTH = 10, LABEL_MAX = 100 };

struct columns {
    int label;
    bool executed, native;
};

static int label_width(const struct count_table *table, uint32_t shown, const char *header)
{
    size_t width = strlen(header);
    for (uint32_t i = 0; i < shown; i++)
        if (strlen(table->rows[i].label) > width)
            width = strlen(table->rows[i].label);
    return width > LABEL_MAX ? LABEL_MAX : (int)width;
}

static void add_header(const struct columns *columns, const char *label, struct buffer *out)
{
    buffer_printf(out, "  %-*s%*s", columns->label, label, NUMBER_WIDTH, "static");
    if (columns->executed)
        buffer_printf(out, "%*s", NUMBER_WIDTH, "executed");
    if (columns->native)
        buffer_printf(out, "%*s", NUMBER_WIDTH, "native");
    buffer_printf(out, "%*s%*s\n", SHARE_WIDTH, "share", SHARE_WIDTH + 2, "cumulative");
}

static void add_line(const struct columns *columns, const struct count_row *row, struct buffer *out)
{
    buffer_printf(out, "  %-*s", columns->label, row->label);
    if (row->is_native)
        buffer_printf(out, "%*s", NUMBER_WIDTH, "");
    else
        add_number(out, row->placed, NUMBER_WIDTH);
    if (columns->executed && row->is_native)
        buffer_printf(out, "%*s", NUMBER_WIDTH, "");
    else if (columns->executed)
        add_number(out, row->executed, NUMBER_WIDTH);
    if (columns->native && row->native)
        add_number(out, row->native, NUMBER_WIDTH);
    else if (columns->native)
        buffer_printf(out, "%*s", NUMBER_WIDTH, "");
}

/* What a row's share is of: operations, executed or native; when nothing was run, instructions that there are. */
static uint64_t row_weight(const struct count_table *table, const struct count_row *row)
{
    return row->is_cache ? 0 : table->tally->is_executed ? row->executed + row->native : row->placed;
}

static uint64_t table_weight(const struct count_table *table)
{
    return table->tally->is_executed ? table->executed + table->native : table->placed;
}

static void add_rows(const struct count_tables *tables, const struct count_table *table, struct buffer *out)
{
    const struct count_request *request = tables->request;
    const char *header = count_by_names[request->by];
    uint32_t shown = request->top && table->row_count > (uint32_t)request->top ? (uint32_t)request->top : table->row_count;
    struct columns columns = {label_width(table, shown, header), table->tally->is_executed, table->has_native && table->native};
    uint64_t total = table_weight(table), cumulative = 0;
    add_header(&columns, header, out);
    for (uint32_t i = 0; i < table->row_count; i++) {
        const struct count_row *row = &table->rows[i];
        if (i >= shown && !row->is_cache)
            continue;
        uint64_t weight = row_weight(table, row);
        cumulative += weight;
        add_line(&columns, row, out);
        if (!row->is_cache) {
            add_share(out, weight, total, SHARE_WIDTH);
            add_share(out, cumulative, total, SHARE_WIDTH + 2);
        }
        buffer_add_byte(out, '\n');
    }
    if (shown < table->row_count)
        buffer_printf(out, "  ... %u more rows (--top 0 shows all)\n", table->row_count - shown);
    struct count_row sum = {.label = "total", .placed = table->placed, .executed = table->executed, .native = table->native};
    add_line(&columns, &sum, out);
    buffer_add_byte(out, '\n');
}

static void add_notes(const struct count_tables *tables, const struct count_table *table, struct buffer *out)
{
    const struct count_request *request = tables->request;
    bool sequences = request->by == COUNT_BY_PAIR || request->by == COUNT_BY_TRIPLE;
    if (sequences && table->tally->is_executed) {
        buffer_add_text(out, "  of ");
        report_add_grouped(out, table->instructions);
        buffer_add_text(out, " executed instructions, inside one code object each");
        if (table->estimated) {
            buffer_add_text(out, "; ");
            report_add_grouped(out, table->estimated);
            buffer_add_text(out, " of the triples are estimated from the counts of their pairs");
        }
        buffer_add_byte(out, '\n');
    }
    if (table->elsewhere) {
        buffer_add_text(out, "  besides: ");
        report_add_grouped(out, table->elsewhere);
        buffer_printf(out, " instructions of %u other file%s (--scope all counts them)\n", table->other_files,
                      table->other_files == 1 ? "" : "s");
    }
    if (table->amount_count && table->has_native) {
        buffer_add_text(out, "  amounts, which are no operations:");
        for (int i = 0; i < table->amount_count; i++) {
            buffer_printf(out, "%s %s ", i ? "," : "", table->amounts[i].name);
            report_add_grouped(out, table->amounts[i].amount);
        }
        buffer_add_byte(out, '\n');
    }
}

void count_render_text(const struct count_tables *tables, struct buffer *out)
{
    const struct count_request *request = tables->request;
    buffer_printf(out, "hybridsim count: %s%s\n", request->program,
                  request->scope == TALLY_SCRIPT ? "" : ", all files that were executed");
    if (request->interrupted)
        buffer_add_text(out, "INTERRUPTED: executed counts cover what had run until then.\n");
    else if (request->ended)
        buffer_printf(out, "The program %s: executed counts are complete up to there.\n", request->ended);
    for (int i = 0; i < request->tally_count; i++) {
        const struct count_table *table = &tables->tables[i];
        buffer_printf(out, "\n%s, by %s\n", table->title, count_by_names[request->by]);
        add_rows(tables, table, out);
        add_notes(tables, table, out);
    }
}
