/* report_output.c - see report_output.h. */
#include "cli/report_output.h"

#include "cli/chart_files.h"
#include "cli/command_line.h"
#include "cli/page_run.h"
#include "cli/spec_path.h"
#include "core/memory.h"
#include "reports/run_page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void report_output_init(struct report_output *output, int argc, char **argv)
{
    memset(output, 0, sizeof *output);
    output->command_line = command_line_text(argc, argv);
}

bool report_output_add(struct report_output *output, const char *path, struct diag *diag)
{
    return program_list_add(output->paths, &output->count, path, "reports", diag);
}

bool report_output_open(struct report_output *output, struct run_program *program, struct diag *diag)
{
    for (; output->opened < output->count; output->opened++) {
        struct report_file *file = &output->files[output->opened];
        if (!report_file_open(file, output->paths[output->opened], diag))
            return false;
        if (file->format == FORMAT_HTML || file->format == FORMAT_MARKDOWN) { /* Markdown has the page's charts */
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

/* As HTML, or as Markdown: the report's tables, and the page's charts beside it. */
static bool write_page(struct report_output *output, int index, const struct report *report, const struct program_options *options,
                       const struct run_list *list, const struct categories *categories, struct diag *diag)
{
    struct page_parts *parts = checked_alloc(1, sizeof *parts);
    struct buffer text = {0};
    bool written = true;
    read_parts(list, parts);
    struct run_page input = {.report = report, .categories = categories, .command_line = output->command_line,
                             .source = options->program.command, .specs = parts->specs};
    if (parts->complete) {
        input.tallies = parts->tallies;
        input.trees = parts->trees;
        input.views = parts->views;
    }
    struct page *page = run_page_build(&input);
    if (output->files[index].format == FORMAT_HTML) {
        page_render(page, &text);
    } else {
        report_render_markdown(report, &text);
        written = chart_files_write(page, output->paths[index], &text, diag);
    }
    written &= report_file_write_bytes(&output->files[index], &text, diag);
    page_free(page);
    buffer_free(&text);
    for (int i = 0; i < list->done; i++)
        page_run_free(&parts->runs[i]);
    free(parts);
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
        if (output->files[i].format == FORMAT_HTML || output->files[i].format == FORMAT_MARKDOWN)
            written &= write_page(output, i, report, options, list, categories, diag);
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
        .program = program_name(program), .kind = program_kind(program), .is_stdin = program->command_is_stdin,
        .arguments = program->arguments,
        .argument_count = program->argument_count, .exit_status = status, .interrupted = interrupted, .scope = scope, .top = 10,
        .run_count = list->done, .runs = runs};
    return report_output_write(output, &report, options, list, diag);
}

void report_output_close(struct report_output *output)
{
    for (int i = 0; i < output->opened; i++)
        report_file_abandon(&output->files[i]);
    free(output->command_line);
    output->opened = 0;
    output->command_line = NULL;
}
