/* parallel_data.c - the report of dependences as JSON, and its loops as CSV. */
#include "reports/json_writer.h"
#include "reports/parallel_report.h"

#include <string.h>

static const char *const lane_names[LANE_REGIONS] = {"unlimited", "window_32", "window_128", "window_2048", "unlimited_latencies"};

static void add_number(struct json_writer *json, const char *key, uint64_t number)
{
    json_key(json, key);
    json_number(json, number);
}

static void add_text(struct json_writer *json, const char *key, const char *text)
{
    json_key(json, key);
    if (text)
        json_text(json, text);
    else
        json_literal(json, "null");
}

static void add_truth(struct json_writer *json, const char *key, bool truth)
{
    json_key(json, key);
    json_boolean(json, truth);
}

static void add_thousandths(struct json_writer *json, uint64_t milli)
{
    struct buffer text = {0};
    buffer_printf(&text, "%lu.%03lu", (unsigned long)(milli / 1000), (unsigned long)(milli % 1000));
    json_literal(json, text.bytes);
    buffer_free(&text);
}

static void add_speedups(struct json_writer *json, const char *key, const uint64_t *milli)
{
    json_key(json, key);
    json_open(json, '{');
    for (int w = 0; w < WIDTH_COUNT; w++) {
        char width[16];
        struct buffer text = {0};
        buffer_printf(&text, "%u", summary_widths[w]);
        strncpy(width, text.bytes, sizeof width - 1);
        width[sizeof width - 1] = 0;
        json_key(json, width);
        add_thousandths(json, milli[w]);
        buffer_free(&text);
    }
    json_close(json, '}');
}

static void add_part(struct json_writer *json, const char *key, struct parallel_sources *sources, const struct summary_place *place)
{
    size_t size;
    const char *text = parallel_source_part(sources, place, &size);
    struct buffer copy = {0};
    buffer_add(&copy, text, size);
    add_text(json, key, size ? copy.bytes : NULL);
    buffer_free(&copy);
}

static void add_reason(struct json_writer *json, struct parallel_sources *sources, const struct summary_reason *reason)
{
    static const char *const roles[] = {"carried", "reduction", "running value used"};
    json_open(json, '{');
    add_text(json, "role", roles[reason->role]);
    add_text(json, "through", variable_kind_names[reason->kind]);
    add_text(json, "variable", reason->variable);
    add_text(json, "operator", reason->operator < UPDATE_OPERATORS ? update_operator_names[reason->operator] : NULL);
    add_number(json, "times", reason->count);
    add_number(json, "distance_least", reason->least);
    add_number(json, "distance_most", reason->most);
    add_number(json, "read_line", reason->reader.line);
    add_part(json, "read", sources, &reason->reader);
    add_number(json, "written_line", reason->writer.line);
    add_part(json, "written", sources, &reason->writer);
    json_close(json, '}');
}

static void add_loop(struct json_writer *json, const struct summary *summary, const struct summary_loop *loop,
                     struct parallel_sources *sources)
{
    struct summary_place place = loop->place;
    struct buffer text = {0};
    size_t size;
    place.line = parallel_loop_line(sources, &loop->place);
    json_open(json, '{');
    add_text(json, "file", loop->place.file);
    add_number(json, "line", place.line);
    add_text(json, "function", summary->functions[loop->function].name);
    const char *line = parallel_source_line(sources, &place, &size);
    buffer_add(&text, line, size);
    add_text(json, "source", size ? text.bytes : NULL);
    buffer_free(&text);
    add_text(json, "verdict", loop_verdict_names[loop->verdict]);
    text = (struct buffer){0};
    parallel_explain(sources, summary, loop, &text);
    add_text(json, "reason", text.size ? text.bytes : NULL);
    buffer_free(&text);
    add_truth(json, "prints", loop->prints);
    add_truth(json, "innermost", loop->is_inner);
    add_truth(json, "open_end", loop->open_end);
    add_truth(json, "generator", loop->is_generator);
    add_truth(json, "over_generator", loop->over_generator);
    add_text(json, "consumer", loop->consumer);
    add_number(json, "cycles", loop->cycles);
    add_number(json, "own_cycles", loop->own_cycles);
    add_number(json, "times_entered", loop->instances);
    add_number(json, "iterations", loop->iterations);
    add_number(json, "trips_least", loop->trips_least);
    add_number(json, "trips_most", loop->trips_most);
    add_number(json, "instructions", loop->instructions);
    add_number(json, "critical_path", loop->critical);
    add_speedups(json, "speedup", loop->speedup_milli);
    json_key(json, "dependences");
    json_open(json, '[');
    for (uint32_t i = 0; i < loop->reason_count; i++)
        add_reason(json, sources, &summary->reasons[loop->first_reason + i]);
    json_close(json, ']');
    json_close(json, '}');
}

static void add_function(struct json_writer *json, const struct summary_function *function)
{
    json_open(json, '{');
    add_text(json, "file", function->place.file);
    add_number(json, "line", function->place.line);
    add_text(json, "function", function->name);
    add_number(json, "calls", function->calls);
    add_number(json, "instructions", function->instructions);
    add_number(json, "critical_path", function->critical);
    add_truth(json, "recursive", function->is_recursive);
    if (function->is_recursive) {
        add_number(json, "calls_with_several_recursive_calls", function->branching);
        add_truth(json, "recursive_calls_independent", function->branching && !function->calls_depend);
        add_number(json, "recursion_instructions", function->work);
        add_number(json, "recursion_span", function->span);
    }
    json_close(json, '}');
}

static void add_summary(struct json_writer *json, const struct parallel_request *request, const struct summary *summary,
                        struct parallel_sources *sources)
{
    json_open(json, '{');
    add_text(json, "isa", summary->isa);
    add_text(json, "machine", summary->machine);
    add_text(json, "followed_until", summary->stop_reason);
    add_number(json, "instructions", summary->instructions);
    add_number(json, "cycles", summary->cycles);
    json_key(json, "critical_path");
    json_open(json, '{');
    for (int i = 0; i < LANE_REGIONS; i++)
        add_number(json, lane_names[i], summary->critical[i]);
    json_close(json, '}');
    add_speedups(json, "speedup_cores", summary->cores_milli);
    add_speedups(json, "speedup_vectors", summary->vector_milli);
    add_number(json, "cycles_in_parallel_loops", summary->parallel_cycles);
    add_number(json, "cycles_in_vector_loops", summary->vector_cycles);
    json_key(json, "loops");
    json_open(json, '[');
    for (uint32_t i = 0; i < summary->loop_count; i++)
        if (parallel_is_shown(request, summary, &summary->loops[i]))
            add_loop(json, summary, &summary->loops[i], sources);
    json_close(json, ']');
    json_key(json, "functions");
    json_open(json, '[');
    for (uint32_t i = 0; i < summary->function_count; i++)
        if (summary->functions[i].calls && (!request->script_only || summary->functions[i].is_script))
            add_function(json, &summary->functions[i]);
    json_close(json, ']');
    json_close(json, '}');
}

void parallel_render_json(const struct parallel_request *request, struct buffer *out)
{
    struct json_writer json = {.out = out};
    struct parallel_sources *sources = parallel_sources_new(request);
    json_open(&json, '{');
    add_text(&json, "program", request->program);
    add_truth(&json, "interrupted", request->interrupted);
    add_text(&json, "ended", request->ended);
    json_key(&json, "runs");
    json_open(&json, '[');
    for (int i = 0; i < request->summary_count; i++)
        add_summary(&json, request, request->summaries[i], sources);
    json_close(&json, ']');
    json_close(&json, '}');
    buffer_add_byte(out, '\n');
    parallel_sources_free(sources);
}

/* Quoted when it has to be. */
static void add_cell(struct buffer *out, const char *text, size_t size)
{
    bool quoted = memchr(text, ',', size) || memchr(text, '"', size) || memchr(text, '\n', size);
    if (quoted)
        buffer_add_byte(out, '"');
    for (size_t i = 0; i < size; i++) {
        if (text[i] == '"')
            buffer_add_byte(out, '"');
        buffer_add_byte(out, (uint8_t)text[i]);
    }
    if (quoted)
        buffer_add_byte(out, '"');
    buffer_add_byte(out, ',');
}

static void add_csv_row(const struct summary *summary, const struct summary_loop *loop, struct parallel_sources *sources,
                        struct buffer *out)
{
    struct summary_place place = loop->place;
    struct buffer reason = {0};
    size_t size;
    place.line = parallel_loop_line(sources, &loop->place);
    const char *name = summary->functions[loop->function].name, *file = loop->place.file ? loop->place.file : "";
    add_cell(out, summary->isa, strlen(summary->isa));
    add_cell(out, file, strlen(file));
    buffer_printf(out, "%u,", place.line);
    add_cell(out, name, strlen(name));
    add_cell(out, loop_verdict_names[loop->verdict], strlen(loop_verdict_names[loop->verdict]));
    const uint64_t numbers[] = {loop->cycles, loop->own_cycles, loop->instances, loop->iterations, loop->trips_least,
                                loop->trips_most, loop->instructions, loop->critical};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        buffer_printf(out, "%lu,", (unsigned long)numbers[i]);
    for (int w = 0; w < WIDTH_COUNT; w++)
        buffer_printf(out, "%lu.%03lu,", (unsigned long)(loop->speedup_milli[w] / 1000),
                      (unsigned long)(loop->speedup_milli[w] % 1000));
    parallel_explain(sources, summary, loop, &reason);
    add_cell(out, reason.size ? reason.bytes : "", reason.size);
    const char *line = parallel_source_line(sources, &place, &size);
    add_cell(out, line, size);
    out->bytes[out->size - 1] = '\n'; /* in place of the last comma */
    buffer_free(&reason);
}

void parallel_render_csv(const struct parallel_request *request, struct buffer *out)
{
    struct parallel_sources *sources = parallel_sources_new(request);
    buffer_add_text(out, "isa,file,line,function,verdict,cycles,own_cycles,times_entered,iterations,trips_least,trips_most,"
                         "instructions,critical_path,speedup_4,speedup_8,speedup_16,reason,source\n");
    for (int i = 0; i < request->summary_count; i++)
        for (uint32_t k = 0; k < request->summaries[i]->loop_count; k++)
            if (parallel_is_shown(request, request->summaries[i], &request->summaries[i]->loops[k]))
                add_csv_row(request->summaries[i], &request->summaries[i]->loops[k], sources, out);
    parallel_sources_free(sources);
}
