/* comparison.c - see comparison.h: what is compared, and the tables of text. */
#include "reports/comparison.h"

#include "reports/report_tables.h"
#include "reports/text_style.h"

#include <math.h>
#include <string.h>

bool comparison_value(const struct comparison *comparison, int metric, int program, int isa, uint64_t *value)
{
    const struct comparison_cell *cell = comparison_cell(comparison, program, isa);
    const struct figure *figure = &comparison->metrics[metric];
    bool older = figure->group == FIGURE_TOTAL || figure->group == FIGURE_ENERGY || figure->group == FIGURE_AREA;
    *value = cell->figures ? figures_value(cell->figures, figure->group, figure->name) : 0;
    return cell->figures && (!older || figures_has(cell->figures, figure->group, figure->name)); /* saved without energy */
}

static bool good_value(const struct comparison *comparison, int metric, int program, int isa, uint64_t *value)
{
    return comparison_value(comparison, metric, program, isa, value) &&
           comparison_cell(comparison, program, isa)->state == CELL_GOOD;
}

int comparison_best(const struct comparison *comparison, int metric, int program)
{
    uint64_t value, least = 0, most = 0;
    int best = -1;
    for (int isa = 0; isa < comparison->isa_count; isa++) {
        if (!good_value(comparison, metric, program, isa, &value))
            continue;
        if (best < 0 || value < least)
            least = value, best = isa;
        most = value > most ? value : most;
    }
    return best >= 0 && least < most ? best : -1;
}

bool comparison_mean(const struct comparison *comparison, int metric, int isa, double *mean)
{
    uint64_t value, baseline;
    double sum = 0;
    int count = 0;
    for (int program = 0; program < comparison->program_count; program++)
        if (good_value(comparison, metric, program, isa, &value) &&
            good_value(comparison, metric, program, comparison->baseline, &baseline) && value && baseline) {
            sum += log((double)value / (double)baseline);
            count++;
        }
    *mean = count ? exp(sum / count) : 0;
    return count > 0;
}

/* ---- tables of text ---- */

struct builder {
    const struct comparison *comparison;
    struct report_tables *tables;
    struct buffer scratch;
    bool marked[CELL_NO_FIGURES + 1]; /* the states that were shown */
};

static const char *keep(struct builder *builder)
{
    const struct buffer *scratch = &builder->scratch;
    const char *text = arena_copy(builder->tables->arena, scratch->bytes ? scratch->bytes : "", scratch->size);
    builder->scratch.size = 0;
    return text;
}

static bool has_isa_ratio(const struct comparison *comparison, int isa)
{
    return (comparison->ratios & RATIO_ISA) && isa != comparison->baseline;
}

static const char *value_text(struct builder *builder, int metric, int program, int isa, bool is_best)
{
    const struct comparison *comparison = builder->comparison;
    const struct comparison_cell *cell = comparison_cell(comparison, program, isa);
    uint64_t value;
    builder->marked[cell->state] = true;
    if (!comparison_value(comparison, metric, program, isa, &value))
        return cell->state == CELL_NONE ? "-" : cell->why ? cell->why : "failed";
    bool failed = cell->state != CELL_GOOD;
    text_style_begin(&builder->scratch, comparison->coloured && (is_best || failed), failed ? STYLE_BAD : STYLE_GOOD);
    report_add_grouped(&builder->scratch, value);
    buffer_add_text(&builder->scratch, failed ? "!" : is_best ? "*" : " ");
    text_style_end(&builder->scratch, comparison->coloured && (is_best || failed));
    return keep(builder);
}

static const char *ratio_text(struct builder *builder, int metric, int program, int isa, int other_program, int other_isa)
{
    uint64_t value, other;
    if (!comparison_value(builder->comparison, metric, program, isa, &value) ||
        !comparison_value(builder->comparison, metric, other_program, other_isa, &other))
        return "-";
    report_add_ratio(&builder->scratch, value, other, 3);
    return keep(builder);
}

static void fill_header(struct builder *builder, int metric, const char **row)
{
    const struct comparison *comparison = builder->comparison;
    figure_add_name(&builder->scratch, &comparison->metrics[metric]);
    *row++ = keep(builder);
    for (int isa = 0; isa < comparison->isa_count; isa++) {
        buffer_printf(&builder->scratch, "%s ", comparison->isas[isa]); /* the blank is where marks are */
        *row++ = keep(builder);
        if (has_isa_ratio(comparison, isa)) {
            buffer_printf(&builder->scratch, "/%s", comparison->isas[comparison->baseline]);
            *row++ = keep(builder);
        }
        if (comparison->ratios & RATIO_PROGRAM)
            *row++ = "/first";
    }
}

static void fill_program(struct builder *builder, int metric, int program, const char **row)
{
    const struct comparison *comparison = builder->comparison;
    int best = comparison_best(comparison, metric, program);
    *row++ = comparison->programs[program];
    for (int isa = 0; isa < comparison->isa_count; isa++) {
        *row++ = value_text(builder, metric, program, isa, isa == best);
        if (has_isa_ratio(comparison, isa))
            *row++ = ratio_text(builder, metric, program, isa, program, comparison->baseline);
        if (comparison->ratios & RATIO_PROGRAM)
            *row++ = ratio_text(builder, metric, program, isa, 0, isa);
    }
}

static void fill_means(struct builder *builder, int metric, const char **row)
{
    const struct comparison *comparison = builder->comparison;
    *row++ = "geometric mean";
    for (int isa = 0; isa < comparison->isa_count; isa++) {
        double mean;
        *row++ = "";
        if (has_isa_ratio(comparison, isa)) {
            if (comparison_mean(comparison, metric, isa, &mean))
                buffer_printf(&builder->scratch, "%.3f", mean);
            *row++ = keep(builder);
        }
        if (comparison->ratios & RATIO_PROGRAM)
            *row++ = "";
    }
}

static void build_table(struct builder *builder, int metric)
{
    const struct comparison *comparison = builder->comparison;
    struct arena *arena = builder->tables->arena;
    bool means = comparison->program_count > 1 && comparison->isa_count > 1 && (comparison->ratios & RATIO_ISA);
    int columns = 1 + comparison->isa_count;
    for (int isa = 0; isa < comparison->isa_count; isa++)
        columns += has_isa_ratio(comparison, isa) + !!(comparison->ratios & RATIO_PROGRAM);
    struct report_table *table = &builder->tables->tables[builder->tables->count++];
    *table = (struct report_table){.column_count = columns, .row_count = 1 + comparison->program_count + means};
    table->cells = ARENA_ARRAY(arena, const char *, table->row_count * columns);
    table->is_text = ARENA_ARRAY(arena, bool, columns);
    table->is_text[0] = true;
    fill_header(builder, metric, table->cells);
    for (int program = 0; program < comparison->program_count; program++)
        fill_program(builder, metric, program, &table->cells[(1 + program) * columns]);
    if (means)
        fill_means(builder, metric, &table->cells[(1 + comparison->program_count) * columns]);
}

static void add_note(struct builder *builder, const char *note)
{
    builder->tables->notes[builder->tables->note_count++] = note;
}

static void build_notes(struct builder *builder)
{
    const struct comparison *comparison = builder->comparison;
    bool has_best = false;
    for (int metric = 0; metric < comparison->metric_count; metric++)
        for (int program = 0; program < comparison->program_count; program++)
            has_best |= comparison_best(comparison, metric, program) >= 0;
    if (has_best)
        buffer_add_text(&builder->scratch, "* least of its row. ");
    if ((comparison->ratios & RATIO_ISA) && comparison->isa_count > 1)
        buffer_printf(&builder->scratch, "/%s: ratio to that column. ", comparison->isas[comparison->baseline]);
    if (comparison->ratios & RATIO_PROGRAM)
        buffer_printf(&builder->scratch, "/first: ratio to %s. ", comparison->programs[0]);
    if (builder->scratch.size) {
        builder->scratch.bytes[--builder->scratch.size] = 0; /* the last blank */
        add_note(builder, keep(builder));
    }
    if (builder->marked[CELL_FAILED])
        add_note(builder, "! the program raised an exception or left with a status: what it did until then, not in means.");
    if (builder->marked[CELL_INTERRUPTED])
        add_note(builder, "! interrupted: what the program did until then, not in means.");
    if (builder->marked[CELL_NONE])
        add_note(builder, "- a saved run has no run under this instruction set.");
}

static void build_tables(const struct comparison *comparison, struct report_tables *tables)
{
    *tables = (struct report_tables){.arena = arena_new()};
    struct builder builder = {.comparison = comparison, .tables = tables};
    for (int metric = 0; metric < comparison->metric_count; metric++)
        build_table(&builder, metric);
    build_notes(&builder);
    buffer_printf(&builder.scratch, "%d program%s under %d instruction set%s%s", comparison->program_count,
                  comparison->program_count == 1 ? "" : "s", comparison->isa_count, comparison->isa_count == 1 ? "" : "s",
                  comparison->script_only ? ", the scripts' own code only" : "");
    tables->heading = keep(&builder);
    buffer_free(&builder.scratch);
}

void comparison_render_text(const struct comparison *comparison, struct buffer *out)
{
    struct report_tables tables;
    build_tables(comparison, &tables);
    report_tables_render_text(&tables, out);
    report_tables_free(&tables);
}

void comparison_render_markdown(const struct comparison *comparison, struct buffer *out)
{
    struct report_tables tables;
    build_tables(comparison, &tables);
    report_tables_render_markdown(&tables, out);
    report_tables_free(&tables);
}
