/* report_charts.c - see report_charts.h. */
#include "reports/report_charts.h"

#include <string.h>

/* Of the parts of a cycle stack: waiting is warm, computing cool, work of the runtime grey. No two are the same. */
static const char *const part_colours[] = {
    [CYCLES_base] = "#4c78a8", [CYCLES_data_dependency] = "#e0a458", [CYCLES_unit_busy] = "#d9825b", [CYCLES_fetch] = "#b5838d",
    [CYCLES_operand_location] = "#c9ada7", [CYCLES_stack_spill_fill] = "#d6c48a", [CYCLES_register_spill] = "#b08968",
    [CYCLES_branch_taken] = "#8f6b9e", [CYCLES_branch_mispredict] = "#a63d57", [CYCLES_cache] = "#c2506b",
    [CYCLES_guard_correction] = "#e58f9b", [CYCLES_tensor_load] = "#2a9d8f", [CYCLES_tensor] = "#1f7a6f",
    [CYCLES_tensor_drain] = "#7cc6b8", [CYCLES_vector] = "#4fa3d1", [CYCLES_activation] = "#7a9e4e",
    [CYCLES_native_library] = "#6f74c9"};
static const char *const work_colours[] = {"#9aa5b1", "#7f8c99", "#b7c0c9", "#6b7785", "#a3b0a0", "#8fa3ad", "#c4c9bd", "#76858a",
                                           "#b5aeb8", "#8c8494", "#ccc5cf", "#706a78", "#b3ada1", "#948d80", "#d3cec3", "#7b7568"};
_Static_assert(sizeof part_colours / sizeof *part_colours == CYCLES_WORK, "a colour for each part");
_Static_assert(sizeof work_colours / sizeof *work_colours == WORK_COUNT, "a colour for each kind of work");

const char *report_part_colour(int part)
{
    return part < CYCLES_WORK ? part_colours[part] : work_colours[part - CYCLES_WORK];
}

const char *report_program_name(const struct report *report, struct arena *arena)
{
    const char *slash = strcmp(report->kind, "script") == 0 ? strrchr(report->program, '/') : NULL;
    if (strcmp(report->kind, "command") == 0)
        return report->is_stdin ? "<stdin>" : "-c";
    if (strcmp(report->kind, "module") == 0)
        return arena_printf(arena, "-m %s", report->program);
    return slash ? slash + 1 : report->program;
}

static const char *subtitle_of(const struct report *report)
{
    return report->interrupted ? "interrupted: what had run until then"
           : report->scope == SCOPE_SCRIPT ? "the script's own code" : "all code that was executed";
}

static const char **isa_names(const struct report *report, struct arena *arena)
{
    const char **names = ARENA_ARRAY(arena, const char *, report->run_count + 1);
    for (int run = 0; run < report->run_count; run++)
        names[run] = report->runs[run].timing->isa;
    return names;
}

/* What each category has in one run. */
static void add_categories(const struct report *report, const struct categories *categories, int run, struct svg_bar *bars)
{
    const struct timing_result *timing = report->runs[run].timing;
    const struct timing_counts *counts = report_headline(report, run);
    for (uint32_t i = 0; i < timing->name_count; i++) {
        int category = category_of_instruction(categories, timing->names[i], timing->categories[i]);
        bars[category * report->run_count + run].solid += counts->by_instruction[i];
    }
    for (int kind = 0; kind < WORK_COUNT; kind++) {
        int category = category_of_work(categories, kind);
        if (category >= 0)
            bars[category * report->run_count + run].hatched += counts->work[kind];
    }
}

struct svg_bars report_category_bars(const struct report *report, const struct categories *categories, struct arena *arena)
{
    int runs = report->run_count, groups = 0;
    bool native = false;
    struct svg_bar *bars = ARENA_ARRAY(arena, struct svg_bar, categories->count * (runs + 1));
    const char **names = ARENA_ARRAY(arena, const char *, categories->count + 1);
    const char **colours = ARENA_ARRAY(arena, const char *, categories->count + 1);
    uint64_t *totals = ARENA_ARRAY(arena, uint64_t, runs + 1);
    for (int run = 0; run < runs; run++)
        add_categories(report, categories, run, bars);
    for (int category = 0; category < categories->count; category++) {
        struct svg_bar *row = &bars[category * runs];
        bool any = false;
        for (int run = 0; run < runs; run++) {
            any |= row[run].solid || row[run].hatched;
            native |= row[run].hatched != 0;
            totals[run] += row[run].solid + row[run].hatched;
        }
        if (!any)
            continue;
        memmove(&bars[groups * runs], row, (size_t)runs * sizeof *row);
        names[groups] = categories->list[category].name;
        colours[groups++] = categories->list[category].colour;
    }
    return (struct svg_bars){
        .title = arena_printf(arena, "%s: executed instructions by category", report_program_name(report, arena)),
        .subtitle = subtitle_of(report), .solid_name = "instructions",
        .hatched_name = native ? "operations inside native code" : NULL, .group_count = groups, .series_count = runs,
        .groups = names, .colours = colours, .series = isa_names(report, arena), .bars = bars, .totals = totals};
}

struct svg_stacks report_cycle_stacks(const struct report *report, struct arena *arena)
{
    int runs = report->run_count, count = 0, parts[CYCLE_PART_COUNT];
    const char **names = ARENA_ARRAY(arena, const char *, CYCLE_PART_COUNT);
    const char **colours = ARENA_ARRAY(arena, const char *, CYCLE_PART_COUNT);
    for (int part = 0; part < CYCLE_PART_COUNT; part++) {
        bool any = false;
        for (int run = 0; run < runs; run++)
            any |= report_headline(report, run)->cycle_stack[part] != 0;
        if (!any)
            continue;
        names[count] = cycle_part_name((enum cycle_part)part);
        colours[count] = report_part_colour(part);
        parts[count++] = part;
    }
    uint64_t *values = ARENA_ARRAY(arena, uint64_t, count * runs + 1);
    for (int run = 0; run < runs; run++)
        for (int i = 0; i < count; i++)
            values[run * count + i] = report_headline(report, run)->cycle_stack[parts[i]];
    return (struct svg_stacks){
        .title = arena_printf(arena, "%s: where the cycles go", report_program_name(report, arena)),
        .subtitle = subtitle_of(report), .bar_count = runs, .part_count = count, .bars = isa_names(report, arena), .parts = names,
        .colours = colours, .values = values};
}
