/* report_output.c - see report_output.h. */
#include "cli/report_output.h"

#include "cli/page_run.h"
#include "cli/spec_path.h"
#include "reports/report_charts.h"
#include "reports/run_page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const chart_names[REPORT_CHART_COUNT] = {"categories", "cycles"};

/* A word as a shell reads it. */
static void add_word(struct buffer *text, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./:,@%";
    if (*word && strspn(word, plain) == strlen(word)) {
        buffer_add_text(text, word);
        return;
    }
    buffer_add_byte(text, '\'');
    for (; *word; word++)
        if (*word == '\'')
            buffer_add_text(text, "'\\''");
        else
            buffer_add_byte(text, (uint8_t)*word);
    buffer_add_byte(text, '\'');
}

void report_output_init(struct report_output *output, int argc, char **argv)
{
    struct buffer text = {0};
    memset(output, 0, sizeof *output);
    buffer_add_text(&text, "hybridsim");
    for (int i = 0; i < argc; i++) {
        buffer_add_byte(&text, ' ');
        add_word(&text, argv[i]);
    }
    output->command_line = text.bytes;
}

bool report_output_add(struct report_output *output, const char *path, struct diag *diag)
{
    return program_list_add(output->paths, &output->count, path, "reports", diag);
}

static bool open_charts(struct report_output *output, int index, struct diag *diag)
{
    const char *path = output->paths[index];
    int stem = (int)(strlen(path) - strlen(".md"));
    for (int chart = 0; chart < REPORT_CHART_COUNT; chart++) {
        char **name = &output->chart_paths[index][chart];
        if (asprintf(name, "%.*s-%s.svg", stem, path, chart_names[chart]) < 0)
            abort();
        if (!report_file_open_any(&output->charts[index][chart], *name, diag))
            return false;
    }
    return true;
}

bool report_output_open(struct report_output *output, struct run_program *program, struct diag *diag)
{
    for (; output->opened < output->count; output->opened++) {
        struct report_file *file = &output->files[output->opened];
        for (int chart = 0; chart < REPORT_CHART_COUNT; chart++)
            output->charts[output->opened][chart].fd = -1;
        if (!report_file_open(file, output->paths[output->opened], diag))
            return false;
        if (file->format == FORMAT_MARKDOWN && !open_charts(output, output->opened, diag)) {
            output->opened++;
            return false;
        }
        if (file->format == FORMAT_HTML) {
            program->describe_page = page_describe_run;
            program->contexts = true;
        }
    }
    return true;
}

/* What a page needs of the runs; parts that a run did not leave are missing in all. */
struct page_parts {
    struct page_run runs[PROGRAM_MAX_LIST + 1];
    const struct tally *tallies[PROGRAM_MAX_LIST + 1];
    const struct calltree *trees[PROGRAM_MAX_LIST + 1];
    const struct code_view *views[PROGRAM_MAX_LIST + 1];
    const char *specs[PROGRAM_MAX_LIST + 1];
    bool complete;
};

static void read_parts(const struct run_list *list, struct page_parts *parts)
{
    parts->complete = true;
    for (int i = 0; i < list->done; i++) {
        parts->complete &= page_run_read(list->outcomes[i].page, list->outcomes[i].page_size, &parts->runs[i]);
        parts->tallies[i] = parts->runs[i].tally;
        parts->trees[i] = parts->runs[i].tree;
        parts->views[i] = parts->runs[i].view;
        parts->specs[i] = list->isas[i]->resolved_text;
    }
}

static bool write_page(struct report_output *output, int index, const struct report *report, const struct program_options *options,
                       const struct run_list *list, const struct categories *categories, struct diag *diag)
{
    struct page_parts *parts = calloc(1, sizeof *parts);
    struct buffer html = {0};
    if (!parts)
        abort();
    read_parts(list, parts);
    struct run_page input = {.report = report, .categories = categories, .command_line = output->command_line,
                             .source = options->program.command, .specs = parts->specs};
    if (parts->complete) {
        input.tallies = parts->tallies;
        input.trees = parts->trees;
        input.views = parts->views;
    }
    struct page *page = run_page_build(&input);
    page_render(page, &html);
    bool written = report_file_write_bytes(&output->files[index], &html, diag);
    page_free(page);
    buffer_free(&html);
    for (int i = 0; i < list->done; i++)
        page_run_free(&parts->runs[i]);
    free(parts);
    return written;
}

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* The report's tables, and links to its charts. */
static bool write_markdown(struct report_output *output, int index, const struct report *report,
                           const struct categories *categories, struct diag *diag)
{
    struct arena *arena = arena_new();
    struct buffer text = {0}, svg[REPORT_CHART_COUNT] = {{0}};
    report_render_markdown(report, &text);
    if (report->run_count) {
        struct svg_bars bars = report_category_bars(report, categories, arena);
        struct svg_stacks stacks = report_cycle_stacks(report, arena);
        svg_bars_render(&bars, &svg[REPORT_CHART_CATEGORIES]);
        svg_stacks_render(&stacks, &svg[REPORT_CHART_CYCLES]);
        buffer_printf(&text, "\n## Charts\n\n![executed instructions by category](<%s>)\n\n![where the cycles go](<%s>)\n",
                      name_of(output->chart_paths[index][REPORT_CHART_CATEGORIES]),
                      name_of(output->chart_paths[index][REPORT_CHART_CYCLES]));
    }
    bool written = true;
    for (int chart = 0; chart < REPORT_CHART_COUNT; chart++) {
        written &= report_file_write_bytes(&output->charts[index][chart], &svg[chart], diag);
        buffer_free(&svg[chart]);
    }
    written &= report_file_write_bytes(&output->files[index], &text, diag);
    buffer_free(&text);
    arena_free(arena);
    return written;
}

bool report_output_write(struct report_output *output, const struct report *report, const struct program_options *options,
                         const struct run_list *list, struct diag *diag)
{
    if (!output->count)
        return true;
    char *path = spec_path_categories(output->categories ? output->categories : "default", diag);
    struct categories *categories = path ? categories_load(path, diag) : NULL;
    bool written = categories != NULL;
    for (int i = 0; i < output->count && categories; i++) {
        if (output->files[i].format == FORMAT_HTML)
            written &= write_page(output, i, report, options, list, categories, diag);
        else if (output->files[i].format == FORMAT_MARKDOWN)
            written &= write_markdown(output, i, report, categories, diag);
        else
            written &= report_file_write(&output->files[i], report, diag);
    }
    categories_free(categories);
    free(path);
    return written;
}

bool report_output_write_runs(struct report_output *output, const struct program_options *options, struct run_set *set,
                              const struct run_list *list, enum report_scope scope, struct diag *diag)
{
    const struct run_program *program = &options->program;
    struct report_run runs[PROGRAM_MAX_LIST + 1];
    bool interrupted;
    for (int i = 0; i < list->done; i++)
        runs[i] = (struct report_run){list->outcomes[i].timing, i == 0};
    int status = run_list_status(set, list, &interrupted);
    struct report report = {
        .program = program_name(program), .kind = program_kind(program), .arguments = program->arguments,
        .argument_count = program->argument_count, .exit_status = status, .interrupted = interrupted, .scope = scope, .top = 10,
        .run_count = list->done, .runs = runs};
    return report_output_write(output, &report, options, list, diag);
}

void report_output_close(struct report_output *output)
{
    for (int i = 0; i < output->opened; i++) {
        report_file_abandon(&output->files[i]);
        for (int chart = 0; chart < REPORT_CHART_COUNT; chart++) {
            report_file_abandon(&output->charts[i][chart]);
            free(output->chart_paths[i][chart]);
        }
    }
    free(output->command_line);
    output->opened = 0;
    output->command_line = NULL;
}
