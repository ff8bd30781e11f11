/* parallel_source.c - what a report of dependences shows of the source: lines, expressions, and sentences made of them. */
#include "reports/parallel_report.h"
#include "reports/source_text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { STATEMENT_SEARCH = 60, EXPRESSION_MOST = 48, NAMES_MOST = 3 };

struct parallel_sources {
    const char *command;
    uint32_t count;
    struct loaded {
        const char *file;
        struct source_text text;
    } *files;
};

struct parallel_sources *parallel_sources_new(const struct parallel_request *request)
{
    struct parallel_sources *sources = calloc(1, sizeof *sources);
    if (!sources)
        abort();
    sources->command = request->command;
    return sources;
}

void parallel_sources_free(struct parallel_sources *sources)
{
    for (uint32_t i = 0; i < sources->count; i++)
        source_text_free(&sources->files[i].text);
    free(sources->files);
    free(sources);
}

static const struct source_text *find_file(struct parallel_sources *sources, const char *file)
{
    for (uint32_t i = 0; i < sources->count; i++)
        if (strcmp(sources->files[i].file, file) == 0)
            return &sources->files[i].text;
    sources->files = realloc(sources->files, (sources->count + 1) * sizeof *sources->files);
    if (!sources->files)
        abort();
    struct loaded *loaded = &sources->files[sources->count++];
    *loaded = (struct loaded){.file = file};
    if (sources->command && file[0] == '<')
        source_text_of(&loaded->text, sources->command);
    else
        source_text_load(&loaded->text, file);
    return &loaded->text;
}

static const char *trim(const char *text, size_t *size)
{
    while (isspace((unsigned char)*text))
        text++;
    *size = strlen(text);
    while (*size && isspace((unsigned char)text[*size - 1]))
        --*size;
    return text;
}

const char *parallel_source_line(struct parallel_sources *sources, const struct summary_place *place, size_t *size)
{
    *size = 0;
    return place->file ? trim(source_text_line(find_file(sources, place->file), (int32_t)place->line), size) : "";
}

const char *parallel_source_part(struct parallel_sources *sources, const struct summary_place *place, size_t *size)
{
    *size = 0;
    if (!place->file || !place->end_column)
        return "";
    const char *line = source_text_line(find_file(sources, place->file), (int32_t)place->line);
    if (strlen(line) < place->end_column)
        return "";
    *size = place->end_column - place->column;
    return line + place->column;
}

static bool starts_loop(const char *line, size_t size)
{
    return (size > 5 && (strncmp(line, "while", 5) == 0 || strncmp(line, "async", 5) == 0)) || strstr(line, "for ");
}

uint32_t parallel_loop_line(struct parallel_sources *sources, const struct summary_place *place)
{
    struct summary_place at = *place;
    size_t size, first_indent = SIZE_MAX;
    const struct source_text *text = place->file ? find_file(sources, place->file) : NULL;
    for (int back = 0; text && text->count && at.line && back < STATEMENT_SEARCH; back++, at.line--) {
        const char *whole = source_text_line(text, (int32_t)at.line), *line = trim(whole, &size);
        size_t indent = (size_t)(line - whole);
        if (!size)
            continue;
        bool outside = back == 0 || indent < first_indent;
        if (outside && starts_loop(line, size))
            return at.line;
        if (indent < first_indent)
            first_indent = indent;
    }
    return place->line;
}

const char *parallel_file_name(const char *file)
{
    const char *slash = file ? strrchr(file, '/') : NULL;
    return slash ? slash + 1 : file ? file : "?";
}

bool parallel_is_shown(const struct parallel_request *request, const struct summary *summary, const struct summary_loop *loop)
{
    return !request->script_only || summary->functions[loop->function].is_script;
}

/* ---- sentences ---- */

/* The expression at the place, shortened; of updates (`s += x`) the variable alone. */
static void add_expression(struct parallel_sources *sources, const struct summary_place *place, const char *otherwise,
                           struct buffer *out)
{
    size_t size;
    const char *text = parallel_source_part(sources, place, &size);
    for (size_t i = 0; i + 1 < size; i++)
        if (text[i + 1] == '=' && strchr("+-*/%&|^", text[i]) && i && text[i - 1] == ' ')
            size = i - 1;
    if (!size) {
        buffer_add_text(out, otherwise);
    } else {
        buffer_add(out, text, size < EXPRESSION_MOST ? size : EXPRESSION_MOST);
        if (size > EXPRESSION_MOST)
            buffer_add_text(out, "...");
    }
}

/* A local by its name, since a register machine may read it in the middle of an expression; all else as it is written. */
static void add_variable(struct parallel_sources *sources, const struct summary_reason *reason, const struct summary_place *place,
                         struct buffer *out)
{
    static const char *const kinds[VARIABLE_KINDS] = {"a variable", "a name", "a variable", "an attribute", "an item",
                                                      "an object's state"};
    if (reason->variable)
        buffer_add_text(out, reason->variable);
    else
        add_expression(sources, place, kinds[reason->kind], out);
}

static void add_distance(const struct summary_reason *reason, struct buffer *out)
{
    if (reason->least == reason->most)
        buffer_printf(out, "%u iteration%s before", reason->least, reason->least == 1 ? "" : "s");
    else
        buffer_printf(out, "%u to %u iterations before", reason->least, reason->most);
}

static void add_carried(struct parallel_sources *sources, const struct summary_reason *reason, struct buffer *out)
{
    if (reason->role == REASON_USED) {
        buffer_printf(out, "the running value of ");
        add_variable(sources, reason, &reason->writer, out);
        buffer_printf(out, " (line %u) is used by ", reason->writer.line);
        add_expression(sources, &reason->reader, "line", out);
        buffer_printf(out, " (line %u)", reason->reader.line);
        return;
    }
    add_variable(sources, reason, &reason->reader, out);
    buffer_printf(out, " (line %u) needs what ", reason->reader.line);
    add_variable(sources, reason, &reason->writer, out);
    buffer_printf(out, " (line %u) wrote ", reason->writer.line);
    add_distance(reason, out);
}

/* `carried only by + through total (line 4), c[i][j] (line 7)`. */
static void add_reductions(struct parallel_sources *sources, const struct summary *summary, const struct summary_loop *loop,
                           struct buffer *out)
{
    for (int operator = 0; operator < UPDATE_OPERATORS; operator++) {
        int shown = 0, all = 0;
        uint32_t lines[NAMES_MOST] = {0}, columns[NAMES_MOST] = {0};
        for (uint32_t i = 0; i < loop->reason_count; i++) {
            const struct summary_reason *reason = &summary->reasons[loop->first_reason + i];
            if (reason->role != REASON_REDUCTION || reason->operator != operator)
                continue;
            bool known = false;
            for (int k = 0; k < shown && k < NAMES_MOST; k++)
                known |= lines[k] == reason->writer.line && columns[k] == reason->writer.column;
            if (known)
                continue;
            if (shown < NAMES_MOST) {
                buffer_add_text(out, all ? ", " : out->size ? "; " : "");
                if (!all)
                    buffer_printf(out, "carried only by `%s` through ", update_operator_names[operator]);
                lines[shown] = reason->writer.line;
                columns[shown++] = reason->writer.column;
                add_variable(sources, reason, &reason->writer, out);
                buffer_printf(out, " (line %u)", reason->writer.line);
            }
            all++;
        }
        if (all > shown)
            buffer_printf(out, " and %d more", all - shown);
    }
}

void parallel_explain(struct parallel_sources *sources, const struct summary *summary, const struct summary_loop *loop,
                      struct buffer *out)
{
    uint32_t carried = 0;
    struct buffer text = {0};
    for (uint32_t i = 0; i < loop->reason_count; i++)
        carried += summary->reasons[loop->first_reason + i].role != REASON_REDUCTION;
    if (carried) {
        add_carried(sources, &summary->reasons[loop->first_reason], &text);
        if (carried > 1)
            buffer_printf(&text, "; %u more", carried - 1);
    } else {
        add_reductions(sources, summary, loop, &text);
    }
    if (loop->consumer && !carried) {
        buffer_add_text(&text, text.size ? "; " : "");
        buffer_printf(&text, "its values go to %s()", loop->consumer);
    }
    if (!carried && loop->over_generator)
        buffer_printf(&text, "%sa generator gives it its items one after the other", text.size ? "; " : "");
    if (!carried && loop->is_generator && !loop->consumer)
        buffer_printf(&text, "%sPython code takes its values one after the other", text.size ? "; " : "");
    if (!carried && loop->open_end && loop->verdict != VERDICT_SINGLE)
        buffer_printf(&text, "%swhere it ends is found on the way", text.size ? "; " : "");
    if (!loop->iterations)
        buffer_printf(&text, "%snot iterated: it had nothing to do, or one instruction did it", text.size ? "; " : "");
    if (loop->prints)
        buffer_printf(&text, "%sits output has an order", text.size ? "; " : "");
    buffer_add(out, text.bytes, text.size);
    buffer_free(&text);
}
