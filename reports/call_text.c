/* call_text.c - the profile for a terminal: functions as cProfile prints them, and lines. */
#include "core/wide.h"
#include "reports/call_report.h"
#include "reports/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const call_sort_names[SORT_COUNT] = {"cumtime", "tottime", "ncalls", "instructions", "name"};

struct order {
    const struct call_stats *stats;
    enum call_sort sort;
};

static int compare_numbers(uint64_t left, uint64_t right)
{
    return left > right ? -1 : left < right;
}

static int compare_names(const struct calltree_function *left, const struct calltree_function *right)
{
    int files = strcmp(left->file ? left->file : "", right->file ? right->file : "");
    if (files)
        return files;
    if (left->line != right->line)
        return left->line < right->line ? -1 : 1;
    return strcmp(left->name, right->name);
}

static int compare_functions(const void *a, const void *b, void *context)
{
    const struct order *order = context;
    uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;
    const struct call_cost *left = &order->stats->functions[i], *right = &order->stats->functions[j];
    int found = 0;
    switch (order->sort) {
    case SORT_CUMULATIVE:
        found = compare_numbers(left->all_cycles, right->all_cycles);
        break;
    case SORT_TIME:
        found = compare_numbers(left->cycles, right->cycles);
        break;
    case SORT_CALLS:
        found = compare_numbers(left->calls, right->calls);
        break;
    case SORT_INSTRUCTIONS:
        found = compare_numbers(left->instructions, right->instructions);
        break;
    case SORT_NAME:
    case SORT_COUNT:
        break;
    }
    if (!found)
        found = compare_names(&order->stats->tree->functions[i], &order->stats->tree->functions[j]);
    return found ? found : i < j ? -1 : 1;
}

/* Functions that were called, sorted; to be freed. */
static uint32_t *sort_functions(const struct call_stats *stats, enum call_sort sort, uint32_t *count)
{
    uint32_t *sorted = malloc((stats->tree->function_count + 1u) * sizeof *sorted);
    struct order order = {stats, sort};
    if (!sorted)
        abort();
    *count = 0;
    for (uint32_t i = 0; i < stats->tree->function_count; i++)
        if (stats->functions[i].calls || stats->functions[i].cycles)
            sorted[(*count)++] = i;
    qsort_r(sorted, *count, sizeof *sorted, compare_functions, &order);
    return sorted;
}

/* The script's files without their directory. */
static const char *short_file(const struct calltree *tree, const char *file)
{
    for (uint32_t i = 0; i < tree->function_count; i++) {
        const char *slash = tree->functions[i].is_script && tree->functions[i].file ? strrchr(tree->functions[i].file, '/') : NULL;
        if (!slash)
            continue;
        size_t folder = (size_t)(slash - tree->functions[i].file) + 1;
        return strncmp(file, tree->functions[i].file, folder) == 0 ? file + folder : file;
    }
    return file;
}

static void add_name(const struct calltree *tree, const struct calltree_function *function, struct buffer *out)
{
    if (function->file)
        buffer_printf(out, "%s:%u(%s)", short_file(tree, function->file), function->line, function->name);
    else
        buffer_printf(out, "{%s}", function->name);
}

static void add_number(struct buffer *out, uint64_t number, int width)
{
    struct buffer cell = {0};
    report_add_grouped(&cell, number);
    buffer_printf(out, "%*s", width, cell.bytes);
    buffer_free(&cell);
}

/* Cycles a call, with one decimal below 100. */
static void add_per_call(struct buffer *out, uint64_t cycles, uint64_t calls, int width)
{
    struct buffer cell = {0};
    if (!calls)
        buffer_add_text(&cell, "-");
    else if (cycles / calls < 100)
        report_add_ratio(&cell, cycles, calls, 1);
    else
        report_add_grouped(&cell, (cycles + calls / 2) / calls);
    buffer_printf(out, "%*s", width, cell.bytes);
    buffer_free(&cell);
}

static void add_ending(const struct call_request *request, struct buffer *out)
{
    if (request->interrupted)
        buffer_add_text(out, "INTERRUPTED: the profile is complete up to there.\n");
    else if (request->ended)
        buffer_printf(out, "The program %s: the profile is complete up to there.\n", request->ended);
}

static void add_heading(const struct call_stats *stats, const struct call_request *request, struct buffer *out)
{
    const struct calltree *tree = stats->tree;
    buffer_printf(out, "hybridsim profile: %s, ISA %s, machine %s\n", request->program, tree->isa, tree->machine);
    add_ending(request, out);
    buffer_add_text(out, "\n         ");
    report_add_grouped(out, stats->total.calls);
    buffer_add_text(out, " function calls");
    if (stats->total.primitive != stats->total.calls) {
        buffer_add_text(out, " (");
        report_add_grouped(out, stats->total.primitive);
        buffer_add_text(out, " primitive calls)");
    }
    buffer_add_text(out, " in ");
    report_add_grouped(out, tree->cycles);
    buffer_add_text(out, " cycles, ");
    report_add_grouped(out, tree->instructions);
    buffer_printf(out, " instructions\n         (");
    report_add_ratio(out, tree->cycles, (uint64_t)tree->clock_mhz * 1000000, 6);
    buffer_printf(out, " seconds at the machine's %u MHz)\n", tree->clock_mhz);
}

enum { CALLS_WIDTH = 14, TIME_WIDTH = 16, PER_CALL_WIDTH = 13 };

static void add_row(const struct call_stats *stats, uint32_t function, struct buffer *out)
{
    const struct call_cost *cost = &stats->functions[function];
    char calls[64];
    snprintf(calls, sizeof calls, cost->calls == cost->primitive ? "%llu" : "%llu/%llu", (unsigned long long)cost->calls,
             (unsigned long long)cost->primitive);
    buffer_printf(out, "%*s", CALLS_WIDTH, calls);
    add_number(out, cost->cycles, TIME_WIDTH);
    add_per_call(out, cost->cycles, cost->calls, PER_CALL_WIDTH);
    add_number(out, cost->all_cycles, TIME_WIDTH);
    add_per_call(out, cost->all_cycles, cost->primitive, PER_CALL_WIDTH);
    add_number(out, cost->instructions, TIME_WIDTH);
    add_number(out, cost->all_instructions, TIME_WIDTH);
    buffer_add_text(out, "  ");
    add_name(stats->tree, &stats->tree->functions[function], out);
    buffer_add_byte(out, '\n');
}

void call_render_functions(const struct call_stats *stats, const struct call_request *request, struct buffer *out)
{
    uint32_t count, *sorted = sort_functions(stats, request->sort, &count);
    uint32_t shown = request->top && count > (uint32_t)request->top ? (uint32_t)request->top : count;
    add_heading(stats, request, out);
    buffer_printf(out, "\n   Ordered by: %s; times are cycles\n", call_sort_names[request->sort]);
    if (shown < count)
        buffer_printf(out, "   List reduced from %u to %u functions (--top 0 shows all)\n", count, shown);
    buffer_printf(out, "\n%*s%*s%*s%*s%*s%*s%*s  %s\n", CALLS_WIDTH, "ncalls", TIME_WIDTH, "tottime", PER_CALL_WIDTH, "percall",
                  TIME_WIDTH, "cumtime", PER_CALL_WIDTH, "percall", TIME_WIDTH, "instructions", TIME_WIDTH, "cuminstr",
                  "filename:lineno(function)");
    for (uint32_t i = 0; i < shown; i++)
        add_row(stats, sorted[i], out);
    free(sorted);
}

/* ---- lines ---- */

struct source {
    const char *file;
    char *text;
};

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    struct buffer text = {0};
    char chunk[4096];
    size_t size;
    if (!file)
        return NULL;
    while ((size = fread(chunk, 1, sizeof chunk, file)) > 0)
        buffer_add(&text, chunk, size);
    fclose(file);
    return text.bytes;
}

static void add_source(const struct source *source, uint32_t line, struct buffer *out)
{
    const char *at = source->text;
    for (uint32_t i = 1; at && i < line; i++) {
        at = strchr(at, '\n');
        at = at ? at + 1 : NULL;
    }
    if (at)
        buffer_add(out, at, strcspn(at, "\r\n"));
}

static void open_source(struct source *source, const char *file, const struct call_request *request)
{
    if (source->file && strcmp(source->file, file) == 0)
        return;
    free(source->text);
    source->file = file;
    source->text = request->command && file[0] == '<' ? strdup(request->command) : read_file(file);
}

static void add_function_lines(const struct call_stats *stats, uint32_t function, struct source *source, struct buffer *out)
{
    const struct calltree *tree = stats->tree;
    uint64_t cycles = 0, instructions = 0;
    uint32_t first = 0;
    while (first < tree->line_count && tree->lines[first].function < function)
        first++;
    uint32_t end = first;
    for (; end < tree->line_count && tree->lines[end].function == function; end++) {
        cycles += tree->lines[end].cycles;
        instructions += tree->lines[end].instructions;
    }
    buffer_add_byte(out, '\n');
    add_name(tree, &tree->functions[function], out);
    buffer_add_text(out, ": ");
    report_add_grouped(out, cycles);
    buffer_add_text(out, " cycles, ");
    report_add_grouped(out, instructions);
    buffer_printf(out, " instructions\n  %7s%16s%18s%9s  source\n", "line", "instructions", "cycles", "share");
    for (uint32_t i = first; i < end; i++) {
        const struct calltree_line *line = &tree->lines[i];
        uint64_t tenths = wide_thousandths(line->cycles, tree->cycles);
        if (line->line)
            buffer_printf(out, "  %7u", line->line);
        else
            buffer_printf(out, "  %7s", "-");
        add_number(out, line->instructions, 16);
        add_number(out, line->cycles, 18);
        buffer_printf(out, "%5llu.%llu %%  ", (unsigned long long)(tenths / 10), (unsigned long long)(tenths % 10));
        if (line->line)
            add_source(source, line->line, out);
        else
            buffer_add_text(out, "(allocation, look-ups, native functions: known for the function as a whole)");
        buffer_add_byte(out, '\n');
    }
}

void call_render_lines(const struct call_stats *stats, const struct call_request *request, struct buffer *out)
{
    uint32_t count, *sorted = sort_functions(stats, SORT_TIME, &count), shown = 0;
    struct source source = {0};
    add_heading(stats, request, out);
    for (uint32_t i = 0; i < count && (!request->top || shown < (uint32_t)request->top); i++) {
        const struct calltree_function *function = &stats->tree->functions[sorted[i]];
        if (!function->file)
            continue;
        open_source(&source, function->file, request);
        add_function_lines(stats, sorted[i], &source, out);
        shown++;
    }
    free(source.text);
    free(sorted);
}
