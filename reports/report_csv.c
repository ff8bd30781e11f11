/* report_csv.c - the report as RFC 4180 CSV in long form, one figure a row, for spreadsheets and data frames:
 * isa,machine,file,metric,name,value. An empty file means the headline scope. */
#include "reports/csv_field.h"
#include "reports/report.h"

#include <string.h>

struct csv_row {
    const struct timing_result *timing;
    const char *file; /* "" for the headline */
};

static void add_row(struct buffer *out, const struct csv_row *row, const char *metric, const char *name, uint64_t value)
{
    const char *const fields[] = {row->timing->isa, row->timing->machine, row->file, metric, name};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        csv_add_field(out, fields[i]);
        buffer_add_byte(out, ',');
    }
    buffer_printf(out, "%llu\r\n", (unsigned long long)value);
}

static void add_counts(struct buffer *out, const struct csv_row *row, const struct timing_counts *counts)
{
    add_row(out, row, "static_instructions", "", counts->static_instructions);
    add_row(out, row, "instructions", "", counts->instructions);
    add_row(out, row, "code_bytes", "", counts->code_bytes);
    add_row(out, row, "cycles", "", counts->cycles);
    struct report_order order = report_order_by_name(row->timing, counts);
    for (uint32_t i = 0; i < order.count; i++)
        add_row(out, row, "by_instruction", row->timing->names[order.indices[i]],
                counts->by_instruction[order.indices[i]]);
    report_order_free(&order);
    for (int i = 0; i < CATEGORY_COUNT; i++)
        add_row(out, row, "by_category", category_names[i], counts->by_category[i]);
    for (int i = 0; i < CYCLE_PART_COUNT; i++)
        add_row(out, row, "cycle_stack", cycle_part_name((enum cycle_part)i), counts->cycle_stack[i]);
    for (int i = 0; i < EVENT_COUNT; i++)
        add_row(out, row, "events", timing_event_names[i], counts->events[i]);
    for (int i = 0; i < WORK_COUNT; i++)
        add_row(out, row, "work", work_names[i], counts->work[i]);
    add_row(out, row, "energy", "", counts->energy);
    for (int i = 0; i < ENERGY_PART_COUNT; i++)
        add_row(out, row, "energy_parts", energy_part_names[i], counts->energy_parts[i]);
}

void report_render_csv(const struct report *report, struct buffer *out)
{
    struct buffer scratch = {0};
    buffer_add_text(out, "isa,machine,file,metric,name,value\r\n");
    for (int run = 0; run < report->run_count; run++) {
        const struct timing_result *timing = report->runs[run].timing;
        struct csv_row row = {timing, ""};
        add_counts(out, &row, report_headline(report, run));
        add_row(out, &row, "area", "", timing->area);
        for (int i = 0; i < AREA_PART_COUNT; i++)
            add_row(out, &row, "area_parts", area_part_names[i], timing->area_parts[i]);
        for (uint32_t i = 0; i < timing->native_count; i++)
            add_row(out, &row, "native", timing->natives[i].name, timing->natives[i].calls);
        for (uint32_t i = 0; i < timing->file_count; i++) {
            row.file = report_file_name(report, timing->files[i].file, &scratch);
            add_counts(out, &row, &timing->files[i].counts);
        }
    }
    buffer_free(&scratch);
}
