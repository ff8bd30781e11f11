/* comparison_page.c - a comparison as sections of a page: a table and bars for each metric, and for each program what was executed
 * and where the cycles went under each ISA. */
#include "reports/comparison.h"
#include "reports/page.h"
#include "reports/report.h"
#include "reports/report_charts.h"

enum { WHOLE = 1000000 /* the length of the baseline's bars */ };
static const char bar_colour[] = "#33658a";

static const char *metric_name(const struct comparison *comparison, int metric, struct arena *arena)
{
    struct buffer name = {0};
    figure_add_name(&name, &comparison->metrics[metric]);
    const char *kept = arena_copy(arena, name.bytes, name.size);
    buffer_free(&name);
    return kept;
}

/* ---- tables ---- */

static bool has_isa_ratio(const struct comparison *comparison, int isa)
{
    return (comparison->ratios & RATIO_ISA) && isa != comparison->baseline;
}

static void fill_ratio(const struct comparison *comparison, int metric, uint64_t value, const int other[2], struct page_cell *cell)
{
    uint64_t base;
    if (comparison_value(comparison, metric, other[0], other[1], &base))
        page_cell_ratio(cell, value, base);
}

static void fill_row(const struct comparison *comparison, int metric, int program, struct page_cell *cell)
{
    int best = comparison_best(comparison, metric, program);
    page_cell_text(cell++, comparison->programs[program]);
    for (int isa = 0; isa < comparison->isa_count; isa++) {
        const struct comparison_cell *run = comparison_cell(comparison, program, isa);
        uint64_t value;
        bool there = comparison_value(comparison, metric, program, isa, &value);
        if (there)
            page_cell_count(cell, value);
        else
            page_cell_text(cell, run->why ? run->why : comparison_state_names[run->state]);
        cell++->best = isa == best;
        if (has_isa_ratio(comparison, isa)) {
            if (there)
                fill_ratio(comparison, metric, value, (int[]){program, comparison->baseline}, cell);
            cell++;
        }
        if (comparison->ratios & RATIO_PROGRAM) {
            if (there)
                fill_ratio(comparison, metric, value, (int[]){0, isa}, cell);
            cell++;
        }
    }
}

static void fill_means(const struct comparison *comparison, int metric, struct page_cell *cell)
{
    page_cell_text(cell++, "geometric mean");
    for (int isa = 0; isa < comparison->isa_count; isa++) {
        double mean;
        cell++;
        if (has_isa_ratio(comparison, isa)) {
            if (comparison_mean(comparison, metric, isa, &mean))
                page_cell_real(cell, mean);
            cell++;
        }
        cell += (comparison->ratios & RATIO_PROGRAM) != 0;
    }
}

static const char *table_note(const struct comparison *comparison, bool has_best, struct arena *arena)
{
    bool to_isa = (comparison->ratios & RATIO_ISA) && comparison->isa_count > 1;
    const char *best = has_best ? " The least of each row is green." : "";
    const char *isa = to_isa ? arena_printf(arena, " / %s: ratio to that column.", comparison->isas[comparison->baseline]) : "";
    const char *first = comparison->ratios & RATIO_PROGRAM
                            ? arena_printf(arena, " / first: ratio to %s.", comparison->programs[0]) : "";
    char *note = arena_printf(arena, "%s%s%s", best, isa, first);
    return *note ? note + 1 : NULL;
}

static void add_table(const struct comparison *comparison, int metric, struct page *page)
{
    struct arena *arena = page_arena(page);
    struct page_column *columns = ARENA_ARRAY(arena, struct page_column, 3 * comparison->isa_count + 1);
    bool has_best = false;
    int count = 0;
    columns[count++] = (struct page_column){"program", PAGE_CODE, NULL};
    for (int isa = 0; isa < comparison->isa_count; isa++) {
        columns[count++] = (struct page_column){comparison->isas[isa], PAGE_COUNT, NULL};
        if (has_isa_ratio(comparison, isa))
            columns[count++] = (struct page_column){
                arena_printf(arena, "/ %s", comparison->isas[comparison->baseline]), PAGE_RATIO, "ratio to the baseline's column"};
        if (comparison->ratios & RATIO_PROGRAM)
            columns[count++] = (struct page_column){"/ first", PAGE_RATIO, "ratio to the first program's row"};
    }
    for (int program = 0; program < comparison->program_count; program++)
        has_best |= comparison_best(comparison, metric, program) >= 0;
    const char *id = arena_printf(arena, "compare-%d", metric), *title = metric_name(comparison, metric, arena);
    struct page_table *table = page_add_table(page, id, title, table_note(comparison, has_best, arena), columns, count);
    table->fixed = true;
    for (int program = 0; program < comparison->program_count; program++)
        fill_row(comparison, metric, program, page_table_row(table));
    if (comparison->program_count > 1 && comparison->isa_count > 1 && (comparison->ratios & RATIO_ISA))
        fill_means(comparison, metric, page_table_row(table));
}

/* ---- bars of a metric ---- */

/* Three, or as many as it takes to see two that are not 0. */
static int digits_of_ratio(uint64_t value, uint64_t base)
{
    int digits = 3;
    for (double shown = 1000 * ((double)value / (double)base); value && shown < 10 && digits < 9; shown *= 10)
        digits++;
    return digits;
}

/* "841,200 (0.038)": the figure, and its ratio to the baseline's when that is another column. */
static const char *bar_label(const struct comparison *comparison, int metric, const int cell[2], struct arena *arena)
{
    struct buffer text = {0};
    uint64_t value, base;
    if (!comparison_value(comparison, metric, cell[0], cell[1], &value))
        return "none";
    report_add_grouped(&text, value);
    if (cell[1] != comparison->baseline && comparison_value(comparison, metric, cell[0], comparison->baseline, &base) && base) {
        buffer_add_text(&text, " (");
        report_add_ratio(&text, value, base, digits_of_ratio(value, base));
        buffer_add_byte(&text, ')');
    }
    const char *kept = arena_copy(arena, text.bytes, text.size);
    buffer_free(&text);
    return kept;
}

static uint64_t bar_length(const struct comparison *comparison, int metric, int program, int isa)
{
    uint64_t value, base;
    if (!comparison_value(comparison, metric, program, isa, &value))
        return 0;
    if (comparison->isa_count == 1)
        return value;
    return comparison_value(comparison, metric, program, comparison->baseline, &base) && base
               ? (uint64_t)((double)WHOLE * (double)value / (double)base) : 0;
}

static void add_bars(const struct comparison *comparison, int metric, struct page *page)
{
    struct arena *arena = page_arena(page);
    int isas = comparison->isa_count, count = comparison->program_count * isas;
    struct svg_bar *bars = ARENA_ARRAY(arena, struct svg_bar, count + 1);
    const char **labels = ARENA_ARRAY(arena, const char *, count + 1);
    const char **colours = ARENA_ARRAY(arena, const char *, comparison->program_count + 1);
    const char *name = metric_name(comparison, metric, arena), *baseline = comparison->isas[comparison->baseline];
    for (int program = 0; program < comparison->program_count; program++) {
        colours[program] = bar_colour;
        for (int isa = 0; isa < isas; isa++) {
            bars[program * isas + isa].solid = bar_length(comparison, metric, program, isa);
            labels[program * isas + isa] = bar_label(comparison, metric, (int[]){program, isa}, arena);
        }
    }
    const struct svg_bars chart = {
        .title = isas > 1 ? arena_printf(arena, "%s, in relation to %s", name, baseline)
                          : arena_printf(arena, "%s of each program", name),
        .subtitle = isas > 1 ? arena_printf(arena, "the length of a bar is the ratio to the same program's under %s", baseline)
                             : arena_printf(arena, "under %s", baseline),
        .solid_name = name, .group_count = comparison->program_count, .series_count = isas, .groups = comparison->programs,
        .colours = colours, .series = comparison->isas, .bars = bars, .labels = labels};
    page_add_bars(page, arena_printf(arena, "bars-%d", metric), &chart);
}

/* ---- each program ---- */

/* The ISAs under which there are figures of the program. */
static int known_isas(const struct comparison *comparison, int program, int *isas, const char **names)
{
    int count = 0;
    for (int isa = 0; isa < comparison->isa_count; isa++)
        if (comparison_cell(comparison, program, isa)->figures) {
            names[count] = comparison->isas[isa];
            isas[count++] = isa;
        }
    return count;
}

/* Its instructions by category. */
static void add_categories(const struct comparison *comparison, int program, struct page *page)
{
    struct arena *arena = page_arena(page);
    int *isas = ARENA_ARRAY(arena, int, comparison->isa_count + 1), groups = 0;
    const char **names = ARENA_ARRAY(arena, const char *, comparison->isa_count + 1);
    int runs = known_isas(comparison, program, isas, names);
    struct svg_bar *bars = ARENA_ARRAY(arena, struct svg_bar, CATEGORY_COUNT * (runs + 1));
    const char **labels = ARENA_ARRAY(arena, const char *, CATEGORY_COUNT);
    const char **colours = ARENA_ARRAY(arena, const char *, CATEGORY_COUNT);
    uint64_t *totals = ARENA_ARRAY(arena, uint64_t, runs + 1);
    for (int category = 0; category < CATEGORY_COUNT; category++) {
        uint64_t any = 0;
        for (int run = 0; run < runs; run++) {
            const struct figures *figures = comparison_cell(comparison, program, isas[run])->figures;
            uint64_t value = figures_value(figures, FIGURE_CATEGORY, category_names[category]);
            bars[groups * runs + run] = (struct svg_bar){.solid = value};
            totals[run] += value;
            any |= value;
        }
        if (!any)
            continue;
        colours[groups] = bar_colour;
        labels[groups++] = category_names[category];
    }
    const struct svg_bars chart = {
        .title = arena_printf(arena, "%s: executed instructions by category", comparison->programs[program]),
        .subtitle = comparison->script_only ? "the script's own code" : "all code that was executed", .solid_name = "instructions",
        .group_count = groups, .series_count = runs, .groups = labels, .colours = colours, .series = names, .bars = bars,
        .totals = totals};
    if (runs && groups)
        page_add_bars(page, arena_printf(arena, "categories-%d", program), &chart);
}

/* Its cycles by part. */
static void add_cycles(const struct comparison *comparison, int program, struct page *page)
{
    struct arena *arena = page_arena(page);
    int *isas = ARENA_ARRAY(arena, int, comparison->isa_count + 1), count = 0;
    const char **names = ARENA_ARRAY(arena, const char *, comparison->isa_count + 1);
    const char **labels = ARENA_ARRAY(arena, const char *, CYCLE_PART_COUNT);
    const char **colours = ARENA_ARRAY(arena, const char *, CYCLE_PART_COUNT);
    int runs = known_isas(comparison, program, isas, names);
    for (int part = 0; part < CYCLE_PART_COUNT; part++) {
        bool any = false;
        for (int run = 0; run < runs; run++)
            any |= figures_value(comparison_cell(comparison, program, isas[run])->figures, FIGURE_CYCLES,
                                 cycle_part_name((enum cycle_part)part)) != 0;
        if (!any)
            continue;
        labels[count] = cycle_part_name((enum cycle_part)part);
        colours[count++] = report_part_colour(part);
    }
    uint64_t *values = ARENA_ARRAY(arena, uint64_t, count * runs + 1);
    for (int run = 0; run < runs; run++) {
        const struct figures *figures = comparison_cell(comparison, program, isas[run])->figures;
        for (int i = 0; i < count; i++)
            values[run * count + i] = figures_value(figures, FIGURE_CYCLES, labels[i]);
    }
    const struct svg_stacks chart = {
        .title = arena_printf(arena, "%s: where the cycles go", comparison->programs[program]),
        .subtitle = comparison->script_only ? "the script's own code" : "all code that was executed", .bar_count = runs,
        .part_count = count, .bars = names, .parts = labels, .colours = colours, .values = values};
    if (runs && count)
        page_add_stacks(page, arena_printf(arena, "cycles-%d", program), &chart);
}

static void add_warnings(const struct comparison *comparison, struct page *page)
{
    for (int program = 0; program < comparison->program_count; program++)
        for (int isa = 0; isa < comparison->isa_count; isa++) {
            const struct comparison_cell *cell = comparison_cell(comparison, program, isa);
            const char *how = cell->why ? cell->why : cell->state == CELL_FAILED ? "failed: figures cover what had run until then"
                                                    : "interrupted: figures cover what had run until then";
            if (cell->state > CELL_GOOD)
                page_add_warning(page, arena_printf(page_arena(page), "%s under %s: %s", comparison->programs[program],
                                                    comparison->isas[isa], how));
        }
}

void comparison_add_to_page(const struct comparison *comparison, struct page *page)
{
    int programs = comparison->program_count, isas = comparison->isa_count;
    page_set_title(page, "Comparison", arena_printf(page_arena(page), "%d program%s under %d instruction set%s%s", programs,
                   programs == 1 ? "" : "s", isas, isas == 1 ? "" : "s",
                   comparison->script_only ? ", the scripts' own code only" : ""));
    add_warnings(comparison, page);
    page_add_tab(page, "compare", "Comparison");
    for (int metric = 0; metric < comparison->metric_count; metric++) {
        add_table(comparison, metric, page);
        add_bars(comparison, metric, page);
    }
    page_add_tab(page, "categories", "Categories");
    for (int program = 0; program < programs; program++)
        add_categories(comparison, program, page);
    page_add_tab(page, "cycles", "Cycles");
    for (int program = 0; program < programs; program++)
        add_cycles(comparison, program, page);
}
