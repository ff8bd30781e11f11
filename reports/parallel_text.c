/* parallel_text.c - the report of dependences for a terminal. */
#include "core/wide.h"
#include "reports/parallel_report.h"
#include "reports/report.h"

#include <stdlib.h>
#include <string.h>

enum { NAME_WIDTH = 34, SOURCE_MOST = 70 };

static void add_milli(struct buffer *out, uint64_t milli, int width)
{
    uint64_t hundredths = (milli + 5) / 10;
    buffer_printf(out, "%*lu.%02lu", width - 3, (unsigned long)(hundredths / 100), (unsigned long)(hundredths % 100));
}

/* instructions / critical path. */
static void add_parallelism(struct buffer *out, uint64_t instructions, uint64_t critical, int width)
{
    if (critical)
        add_milli(out, wide_thousandths(instructions, critical), width);
    else
        buffer_printf(out, "%*s", width, "-");
}

static void add_grouped(struct buffer *out, uint64_t number, int width)
{
    struct buffer text = {0};
    report_add_grouped(&text, number);
    buffer_printf(out, "%*s", width, text.bytes);
    buffer_free(&text);
}

static void render_limits(const struct summary *summary, struct buffer *out)
{
    static const char *const names[LANE_REGIONS] = {"unlimited", "32 instructions", "128 instructions", "2048 instructions",
                                                    "unlimited, the machine's latencies"};
    static const int order[LANE_REGIONS] = {LANE_WINDOWS, LANE_WINDOWS + 1, LANE_WINDOWS + 2, LANE_UNLIMITED, LANE_LATENCY};
    buffer_printf(out, "Dataflow limit: %s executes ", summary->isa);
    report_add_grouped(out, summary->instructions);
    buffer_add_text(out, " instructions\n\n  window                               critical path   instructions at once\n");
    for (int i = 0; i < LANE_REGIONS; i++) {
        buffer_printf(out, "  %-36s", names[order[i]]);
        add_grouped(out, summary->critical[order[i]], 14);
        add_parallelism(out, summary->instructions, summary->critical[order[i]], 23);
        buffer_add_byte(out, '\n');
    }
}

static void add_trips(const struct summary_loop *loop, struct buffer *out)
{
    struct buffer text = {0};
    uint64_t mean = loop->instances ? (loop->iterations * 10 + loop->instances / 2) / loop->instances : 0;
    if (loop->trips_least == loop->trips_most)
        buffer_printf(&text, "%lu", (unsigned long)loop->trips_least);
    else
        buffer_printf(&text, "%lu/%lu.%lu/%lu", (unsigned long)loop->trips_least, (unsigned long)(mean / 10),
                      (unsigned long)(mean % 10), (unsigned long)loop->trips_most);
    buffer_printf(out, " %16s", text.bytes);
    buffer_free(&text);
}

static void render_loop(const struct summary *summary, const struct summary_loop *loop, struct parallel_sources *sources,
                        struct buffer *out)
{
    size_t size;
    struct summary_place place = loop->place;
    struct buffer reason = {0};
    place.line = parallel_loop_line(sources, &loop->place);
    const char *line = parallel_source_line(sources, &place, &size);
    buffer_printf(out, "%s:%u %s: %.*s%s\n", parallel_file_name(place.file), place.line, summary->functions[loop->function].name,
                  (int)(size < SOURCE_MOST ? size : SOURCE_MOST), line, size > SOURCE_MOST ? "..." : "");
    add_grouped(out, loop->cycles, 16);
    uint64_t share = wide_thousandths(loop->cycles, summary->cycles);
    buffer_printf(out, " %5lu.%lu%%", (unsigned long)(share / 10), (unsigned long)(share % 10));
    add_grouped(out, loop->iterations, 12);
    add_trips(loop, out);
    buffer_printf(out, " %-11s", loop_verdict_names[loop->verdict]);
    add_parallelism(out, loop->instructions, loop->critical, 9);
    for (int w = 0; w < WIDTH_COUNT; w++)
        add_milli(out, loop->speedup_milli[w], 7);
    buffer_add_byte(out, '\n');
    parallel_explain(sources, summary, loop, &reason);
    if (reason.size)
        buffer_printf(out, "      %s\n", reason.bytes);
    buffer_free(&reason);
}

static void render_loops(const struct parallel_request *request, const struct summary *summary, struct parallel_sources *sources,
                         struct buffer *out)
{
    int shown = 0, left = 0;
    buffer_add_text(out, "\nLoops and comprehensions, by cycles (what they call included), in this run\n\n"
                         "          cycles   share  iterations   trips or least/ verdict     at once   speedup by 4, 8, 16\n"
                         "                                            mean/most\n");
    for (uint32_t i = 0; i < summary->loop_count; i++) {
        if (!parallel_is_shown(request, summary, &summary->loops[i]))
            continue;
        if (request->top && shown == request->top) {
            left++;
            continue;
        }
        shown++;
        render_loop(summary, &summary->loops[i], sources, out);
    }
    if (!shown)
        buffer_add_text(out, "  there are none\n");
    if (left)
        buffer_printf(out, "  and %d more (--top)\n", left);
}

static void render_gains(const struct summary *summary, struct buffer *out)
{
    buffer_add_text(out, "\nWhat it would buy: the whole program, if independent iterations and reductions ran side by side\n\n"
                         "                                      4       8      16   of the cycles\n");
    for (int vector = 0; vector < 2; vector++) {
        uint64_t cycles = vector ? summary->vector_cycles : summary->parallel_cycles;
        uint64_t share = wide_thousandths(cycles, summary->cycles);
        buffer_printf(out, "  %-30s", vector ? "vectors (innermost loops)" : "cores (outermost loops)");
        for (int w = 0; w < WIDTH_COUNT; w++)
            add_milli(out, vector ? summary->vector_milli[w] : summary->cores_milli[w], 8);
        buffer_printf(out, " %12lu.%lu%%\n", (unsigned long)(share / 10), (unsigned long)(share % 10));
    }
}

static void render_recursion(const struct parallel_request *request, const struct summary *summary,
                             struct parallel_sources *sources, struct buffer *out)
{
    bool titled = false;
    for (uint32_t i = 0; i < summary->function_count; i++) {
        const struct summary_function *function = &summary->functions[i];
        if (!function->is_recursive || !function->branching || (request->script_only && !function->is_script))
            continue;
        if (!titled)
            buffer_add_text(out, "\nRecursive calls\n\n");
        titled = true;
        buffer_printf(out, "  %s (%s:%u): ", function->name, parallel_file_name(function->place.file), function->place.line);
        report_add_grouped(out, function->branching);
        buffer_add_text(out, " calls made several of them, which ");
        if (function->calls_depend) {
            size_t size;
            const char *text = parallel_source_part(sources, &function->dependent, &size);
            buffer_printf(out, "are not independent: %.*s%s(line %u) needs what an earlier one computed\n", (int)size, text,
                          size ? " " : "", function->dependent.line);
            continue;
        }
        buffer_add_text(out, "are independent; side by side they would take ");
        report_add_grouped(out, function->span);
        buffer_add_text(out, " of ");
        report_add_grouped(out, function->work);
        buffer_add_text(out, " instructions\n");
    }
}

static int compare_functions(const void *a, const void *b, void *context)
{
    const struct summary_function *functions = context;
    uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;
    if (functions[i].instructions != functions[j].instructions)
        return functions[i].instructions > functions[j].instructions ? -1 : 1;
    return i < j ? -1 : 1;
}

static void render_functions(const struct parallel_request *request, const struct summary *summary, struct buffer *out)
{
    uint32_t *order = malloc((summary->function_count + 1u) * sizeof *order), count = 0;
    if (!order)
        abort();
    for (uint32_t i = 0; i < summary->function_count; i++)
        if (summary->functions[i].calls && (!request->script_only || summary->functions[i].is_script))
            order[count++] = i;
    qsort_r(order, count, sizeof *order, compare_functions, summary->functions);
    buffer_add_text(out, "\nFunctions, with what they call: their own dataflow limit in each call\n\n"
                         "         calls  instructions  critical path   at once\n");
    for (uint32_t i = 0; i < count && (!request->top || i < (uint32_t)request->top); i++) {
        const struct summary_function *function = &summary->functions[order[i]];
        add_grouped(out, function->calls, 14);
        if (function->critical) {
            add_grouped(out, function->instructions, 14);
            add_grouped(out, function->critical, 15);
        } else {
            buffer_printf(out, "%14s%15s", "-", "-");
        }
        add_parallelism(out, function->instructions, function->critical, 10);
        buffer_printf(out, "  %s (%s:%u)\n", function->name, parallel_file_name(function->place.file), function->place.line);
    }
    free(order);
}

void parallel_render_text(const struct parallel_request *request, struct buffer *out)
{
    struct parallel_sources *sources = parallel_sources_new(request);
    for (int i = 0; i < request->summary_count; i++) {
        const struct summary *summary = request->summaries[i];
        buffer_printf(out, "%sparallelism of %s: ISA %s on %s\n", i ? "\n" : "", request->program, summary->isa, summary->machine);
        if (request->interrupted)
            buffer_add_text(out, "interrupted: up to there\n");
        else if (request->ended)
            buffer_printf(out, "the program %s: up to there\n", request->ended);
        if (summary->stop_reason) {
            buffer_printf(out, "not the whole run: %s; what follows is about its first ", summary->stop_reason);
            report_add_grouped(out, summary->instructions);
            buffer_add_text(out, " instructions\n");
        }
        buffer_add_byte(out, '\n');
        render_limits(summary, out);
        render_loops(request, summary, sources, out);
        render_gains(summary, out);
        render_recursion(request, summary, sources, out);
        render_functions(request, summary, out);
    }
    parallel_sources_free(sources);
}
