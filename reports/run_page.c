/* run_page.c - see run_page.h: the summary, the comparison, and where it all comes from. */
#include "reports/run_page.h"

#include "core/wide.h"
#include "reports/call_report.h"
#include "reports/page_model.h"
#include "reports/page_provenance.h"
#include "reports/report_charts.h"
#include "reports/report_model.h"

#include <string.h>

static const char *keep(struct page *page, struct buffer *text)
{
    const char *kept = arena_copy(page_arena(page), text->bytes ? text->bytes : "", text->size);
    buffer_free(text);
    *text = (struct buffer){0};
    return kept;
}

/* ---- summary ---- */

enum { WORTH_SAYING = 10, /* thousandths */ LARGE_FACTOR = 100 /* from which on no decimals are given */ };

/* "1.76 times fewer instructions (1,234 instead of 2,172)" */
static void add_factor(struct buffer *text, uint64_t value, uint64_t baseline, const char *what)
{
    if (value == baseline) {
        buffer_printf(text, "as many %s (", what);
    } else {
        uint64_t more = value < baseline ? baseline : value, less = value < baseline ? value : baseline;
        if (less && more / less >= LARGE_FACTOR)
            report_add_grouped(text, more / less);
        else
            report_add_ratio(text, more, less, 2);
        buffer_printf(text, "\xc3\x97 %s %s (", value < baseline ? "fewer" : "more", what);
    }
    report_add_grouped(text, value);
    if (value != baseline) {
        buffer_add_text(text, " instead of ");
        report_add_grouped(text, baseline);
    }
    buffer_add_byte(text, ')');
}

static void add_headline(struct page *page, const struct report *report)
{
    struct buffer text = {0};
    const struct timing_counts *first = report_headline(report, 0);
    for (int run = 1; run < report->run_count; run++) {
        const struct timing_counts *counts = report_headline(report, run);
        buffer_printf(&text, "%s executes ", report->runs[run].timing->isa);
        add_factor(&text, counts->instructions, first->instructions, "instructions");
        buffer_printf(&text, " than %s and takes ", report->runs[0].timing->isa);
        add_factor(&text, counts->cycles, first->cycles, "cycles");
        buffer_add_byte(&text, '.');
        page_add_summary(page, keep(page, &text));
    }
    if (report->run_count > 1)
        return;
    buffer_printf(&text, "%s executes ", report->runs[0].timing->isa);
    report_add_grouped(&text, first->instructions);
    buffer_add_text(&text, " instructions in ");
    report_add_grouped(&text, first->cycles);
    buffer_add_text(&text, " cycles: ");
    report_add_ratio(&text, first->cycles, first->instructions, 2);
    buffer_add_text(&text, " cycles each.");
    page_add_summary(page, keep(page, &text));
}

/* The function with the most cycles of its own. */
static void add_hottest(struct page *page, const struct calltree *tree)
{
    struct call_stats stats;
    uint32_t best = UINT32_MAX;
    call_stats_build(tree, &stats);
    for (uint32_t i = 0; i < tree->function_count; i++)
        if (best == UINT32_MAX || stats.functions[i].cycles > stats.functions[best].cycles)
            best = i;
    if (best != UINT32_MAX && stats.functions[best].cycles) {
        const struct calltree_function *function = &tree->functions[best];
        uint64_t tenths = wide_thousandths(stats.functions[best].cycles, tree->cycles);
        struct buffer text = {0};
        buffer_printf(&text, "%llu.%llu %% of the cycles under %s are those of %s", (unsigned long long)(tenths / 10),
                      (unsigned long long)(tenths % 10), tree->isa, function->file ? function->qualified_name : function->name);
        if (function->file)
            buffer_printf(&text, " (%s, line %u)", page_short_file(tree, function->file), function->line);
        buffer_printf(&text, "%s itself.", function->file ? "" : ", native code,");
        page_add_summary(page, keep(page, &text));
    }
    call_stats_free(&stats);
}

static void add_hidden(struct page *page, const struct report *report)
{
    struct report_hidden hidden = report_hidden_arithmetic(report_headline(report, 0));
    struct buffer text = {0};
    uint64_t tenths = wide_thousandths(hidden.native_operations, hidden.native_operations + hidden.arithmetic_instructions);
    if (tenths < WORTH_SAYING)
        return;
    buffer_printf(&text, "%llu.%llu %% of the arithmetic is inside native functions, where bytecode shows a call: ",
                  (unsigned long long)(tenths / 10), (unsigned long long)(tenths % 10));
    report_add_grouped(&text, hidden.native_operations);
    buffer_add_text(&text, " operations beside ");
    report_add_grouped(&text, hidden.arithmetic_instructions);
    buffer_printf(&text, " arithmetic instructions of %s.", report->runs[0].timing->isa);
    page_add_summary(page, keep(page, &text));
}

void run_page_add_summary(struct page *page, const struct run_page *input)
{
    const struct report *report = input->report;
    if (report->interrupted)
        page_add_warning(page, "Interrupted: the figures cover what had run until then.");
    else if (report->exit_status)
        page_add_warning(page, arena_printf(page_arena(page), "The program ended with exit status %d: the figures are complete "
                                                              "up to there.", report->exit_status));
    if (!report->run_count) {
        page_add_warning(page, "No run was completed.");
        return;
    }
    add_headline(page, report);
    if (input->trees)
        add_hottest(page, input->trees[report->run_count - 1]);
    add_hidden(page, report);
    if (report->scope == SCOPE_SCRIPT)
        page_add_summary(page, "Figures of instructions and cycles are those of the script's own code only.");
}

/* ---- comparison ---- */

static void add_figures(struct page *page, const struct report *report)
{
    static const struct page_column columns[] = {
        {"ISA", PAGE_CODE, NULL}, {"machine", PAGE_CODE, NULL},
        {"instructions", PAGE_COUNT, "executed"}, {"ratio", PAGE_RATIO, "to the first ISA"},
        {"cycles", PAGE_COUNT, NULL}, {"ratio", PAGE_RATIO, "to the first ISA"},
        {"CPI", PAGE_RATIO, "cycles per instruction"},
        {"static", PAGE_COUNT, "instructions in the machine code of all that was entered"},
        {"code bytes", PAGE_COUNT, "length of that machine code"},
        {"energy", PAGE_RATIO, "to the first ISA, by the machine's model"},
        {"area", PAGE_RATIO, "to the first ISA, by the machine's model"}};
    struct page_table *table = page_add_table(page, "figures", "Comparison", NULL, columns, sizeof columns / sizeof *columns);
    const struct timing_counts *first = report_headline(report, 0);
    uint64_t least_instructions = UINT64_MAX, least_cycles = UINT64_MAX;
    table->fixed = true;
    for (int run = 0; run < report->run_count; run++) {
        const struct timing_counts *counts = report_headline(report, run);
        least_instructions = counts->instructions < least_instructions ? counts->instructions : least_instructions;
        least_cycles = counts->cycles < least_cycles ? counts->cycles : least_cycles;
    }
    for (int run = 0; run < report->run_count; run++) {
        const struct timing_counts *counts = report_headline(report, run);
        struct page_cell *row = page_table_row(table);
        page_cell_text(&row[0], report->runs[run].timing->isa);
        page_cell_text(&row[1], report->runs[run].timing->machine);
        page_cell_count(&row[2], counts->instructions);
        page_cell_ratio(&row[3], counts->instructions, first->instructions);
        page_cell_count(&row[4], counts->cycles);
        page_cell_ratio(&row[5], counts->cycles, first->cycles);
        page_cell_ratio(&row[6], counts->cycles, counts->instructions);
        page_cell_count(&row[7], counts->static_instructions);
        page_cell_count(&row[8], counts->code_bytes);
        page_cell_ratio(&row[9], counts->energy, first->energy);
        page_cell_ratio(&row[10], report->runs[run].timing->area, report->runs[0].timing->area);
        row[2].best = report->run_count > 1 && counts->instructions == least_instructions;
        row[4].best = report->run_count > 1 && counts->cycles == least_cycles;
    }
}

/* Columns: a name, then for each run a figure and its share, then perhaps what the row is. */
static struct page_column *share_columns(struct page *page, const struct report *report, const char *first, bool explained)
{
    struct page_column *columns = ARENA_ARRAY(page_arena(page), struct page_column, 2 * report->run_count + 2);
    columns[0] = (struct page_column){first, PAGE_CODE, NULL};
    for (int run = 0; run < report->run_count; run++) {
        columns[1 + 2 * run] = (struct page_column){report->runs[run].timing->isa, PAGE_COUNT, NULL};
        columns[2 + 2 * run] = (struct page_column){"share", PAGE_PERCENT, NULL};
    }
    if (explained)
        columns[1 + 2 * report->run_count] = (struct page_column){"meaning", PAGE_TEXT, NULL};
    return columns;
}

static void add_cycle_table(struct page *page, const struct report *report, const struct svg_stacks *chart)
{
    int runs = report->run_count;
    struct page_table *table = page_add_table(page, "cycle-parts", "Parts of the cycles", "They add up to all cycles.",
                                              share_columns(page, report, "part", true), 2 * runs + 2);
    table->sorted_by = 1;
    for (int part = 0; part < chart->part_count; part++) {
        struct page_cell *row = page_table_row(table);
        page_cell_text(&row[0], chart->parts[part]);
        for (int run = 0; run < runs; run++) {
            uint64_t value = chart->values[run * chart->part_count + part];
            page_cell_count(&row[1 + 2 * run], value);
            page_cell_percent(&row[2 + 2 * run], value, report_headline(report, run)->cycles);
        }
        for (int known = 0; known < CYCLE_PART_COUNT; known++)
            if (strcmp(cycle_part_name((enum cycle_part)known), chart->parts[part]) == 0)
                page_cell_text(&row[1 + 2 * runs], cycle_part_definition((enum cycle_part)known));
    }
}

/* Of all runs, in percent of the first one's whole. */
static void add_model_table(struct page *page, const struct report *report, const struct report_model *model)
{
    struct arena *arena = page_arena(page);
    int runs = report->run_count;
    struct page_column *columns = ARENA_ARRAY(arena, struct page_column, runs + 2);
    columns[0] = (struct page_column){"part", PAGE_CODE, NULL};
    for (int run = 0; run < runs; run++)
        columns[1 + run] = (struct page_column){report->runs[run].timing->isa, PAGE_PERCENT, NULL};
    columns[1 + runs] = (struct page_column){"meaning", PAGE_TEXT, NULL};
    struct page_table *table =
        page_add_table(page, arena_printf(arena, "%s-parts", model->name), arena_printf(arena, "Relative %s", model->name),
                       arena_printf(arena, "By the machine's model, in percent of all of %s.", report->runs[0].timing->isa),
                       columns, runs + 2);
    for (int part = 0; part < model->part_count; part++) {
        if (!report_model_has_part(model, report, part))
            continue;
        struct page_cell *row = page_table_row(table);
        page_cell_text(&row[0], model->part_names[part]);
        for (int run = 0; run < runs; run++)
            page_cell_percent(&row[1 + run], model->parts(report, run)[part], model->total(report, 0));
        page_cell_text(&row[1 + runs], model->part_definitions[part]);
    }
}

static void add_category_table(struct page *page, const struct report *report, const struct svg_bars *chart)
{
    int runs = report->run_count;
    struct page_table *table = page_add_table(page, "category-table", "Categories",
                                              chart->hatched_name ? "Executed instructions and operations inside native code."
                                                                  : "Executed instructions.",
                                              share_columns(page, report, "category", false), 2 * runs + 1);
    table->sorted_by = 1;
    for (int group = 0; group < chart->group_count; group++) {
        struct page_cell *row = page_table_row(table);
        page_cell_text(&row[0], chart->groups[group]);
        for (int run = 0; run < runs; run++) {
            const struct svg_bar *bar = &chart->bars[group * runs + run];
            page_cell_count(&row[1 + 2 * run], bar->solid + bar->hatched);
            page_cell_percent(&row[2 + 2 * run], bar->solid + bar->hatched, chart->totals[run]);
        }
    }
}

void run_page_add_comparison(struct page *page, const struct run_page *input)
{
    const struct report *report = input->report;
    struct svg_bars bars = report_category_bars(report, input->categories, page_arena(page));
    struct svg_stacks stacks = report_cycle_stacks(report, page_arena(page));
    add_figures(page, report);
    page_add_bars(page, "categories", &bars);
    page_add_stacks(page, "cycles", &stacks);
    add_category_table(page, report, &bars);
    add_cycle_table(page, report, &stacks);
    for (int i = 0; i < REPORT_MODELS; i++)
        add_model_table(page, report, &report_models[i]);
}

/* ---- provenance ---- */

static const char *arguments_of(struct page *page, const struct report *report)
{
    struct buffer text = {0};
    for (int i = 0; i < report->argument_count; i++)
        buffer_printf(&text, "%s%s", i ? " " : "", report->arguments[i]);
    return keep(page, &text);
}

static void add_provenance(struct page *page, const struct run_page *input)
{
    const struct report *report = input->report;
    struct arena *arena = page_arena(page);
    const struct page_fact facts[] = {
        {"command", input->command_line},
        {"program", report_program_name(report, arena)},
        {"its arguments", arguments_of(page, report)},
        {"exit status", arena_printf(arena, "%d", report->exit_status)},
        {"scope", report->scope == SCOPE_SCRIPT ? "the script's own code" : "all code that was executed"}};
    page_add_provenance(page, facts, sizeof facts / sizeof *facts);
    for (int run = 0; run < report->run_count; run++)
        page_add_spec(page, run, report->runs[run].timing->isa, report->runs[run].timing->machine, input->specs[run]);
}

/* ---- all of it ---- */

static const char *subtitle_of(struct page *page, const struct report *report)
{
    struct buffer text = {0};
    for (int run = 0; run < report->run_count; run++)
        buffer_printf(&text, "%s%s", run ? ", " : "under ", report->runs[run].timing->isa);
    return keep(page, &text);
}

static void add_profile(struct page *page, const struct run_page *input)
{
    const struct report *report = input->report;
    page_add_tab(page, "flame", "Flame graph");
    page_add_flame(page, "flame-graph", "Cycles by calling context",
                   "The width of a frame is its share of the cycles, those of what it called included. All calls from the same "
                   "chain of callers are one frame.", input->trees, report->run_count);
    page_add_tab(page, "functions", "Functions");
    run_page_add_functions(page, input);
    if (input->views) {
        page_add_tab(page, "source", "Source");
        page_add_code(page, "code", "Source, bytecode and machine code", input->views, input->trees, report->run_count,
                      input->source);
    }
}

struct page *run_page_build(const struct run_page *input)
{
    const struct report *report = input->report;
    struct page *page = page_new();
    page_set_title(page, report_program_name(report, page_arena(page)), subtitle_of(page, report));
    run_page_add_summary(page, input);
    if (report->run_count) {
        page_add_tab(page, "overview", "Overview");
        run_page_add_comparison(page, input);
        if (input->trees)
            add_profile(page, input);
        if (input->tallies) {
            page_add_tab(page, "instructions", "Instructions");
            run_page_add_instructions(page, input);
            page_add_tab(page, "pairs", "Pairs");
            run_page_add_pairs(page, input);
        }
    }
    add_provenance(page, input);
    return page;
}
