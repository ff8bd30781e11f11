/* command_parallel.c - `hybridsim parallel`: where a program's parallelism is. */
#include "cli/commands.h"
#include "cli/parallel_run.h"
#include "cli/program_run.h"
#include "cli/program_streams.h"
#include "cli/terminal.h"
#include "reports/parallel_report.h"
#include "reports/report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "Usage: hybridsim parallel [OPTION...] SCRIPT|-m MODULE|-c CODE|- [ARGUMENT...]\n\n"
    "Runs the program and follows its values: how many instructions could be executed at once if nothing but the data had to be\n"
    "waited for, which loops' iterations are independent of each other, are a reduction, or need what an earlier one computed,\n"
    "which recursive calls are independent, and what vectors or cores would buy. What is said of a loop is true of this run.\n"
    "The run takes some 30 times as long as a plain one. What the program prints comes first.\n\n"
    "Options:\n"
    "  --scope SCOPE     script (default): its own loops and functions; all: the libraries' too\n"
    "  --top N           loops and functions shown (default 25; 0: all)\n"
    "  --memory MB       for what is known of the program's values (default 2000); beyond it the run is followed no further\n"
    "  -o FILE           writes the report there: .txt, .json or .csv\n"
    "  --json            prints JSON; the program's own output goes to standard error\n"
    "  --csv             prints the loops as CSV; the program's own output goes to standard error\n"
    "With several --isa, one report for each: the loops are the same, the streams of instructions are not.\n";

enum { MEMORY_DEFAULT = 2000, MEMORY_MOST = 1000000 };

struct parallel_options {
    struct program_options run;
    struct parallel_request request;
    const char *output;
    enum report_format format;
    uint64_t memory_bytes;
};

enum { OPTION_SCOPE = 256, OPTION_TOP, OPTION_MEMORY, OPTION_JSON, OPTION_CSV };

static bool parse_memory(const char *text, uint64_t *bytes, struct diag *diag)
{
    char *end;
    errno = 0;
    long megabytes = strtol(text, &end, 10);
    if (errno || *end || end == text || megabytes < 1 || megabytes > MEMORY_MOST)
        return diag_error(diag, NULL, 0, 0, "--memory: found '%s', expected a number of megabytes from 1 to %d", text, MEMORY_MOST);
    *bytes = (uint64_t)megabytes * 1000000;
    return true;
}

static bool take_option(int option, void *context, bool *known, struct diag *diag)
{
    struct parallel_options *options = context;
    switch (option) {
    case 'o':
        options->output = optarg;
        return report_format_of(optarg, &options->format, diag) &&
               (options->format != FORMAT_MARKDOWN ||
                diag_error(diag, NULL, 0, 0, "-o: found '%s', expected a file that ends in .txt, .json or .csv", optarg));
    case OPTION_SCOPE:
        return program_parse_scope(optarg, &options->request.script_only, diag);
    case OPTION_TOP:
        return program_parse_top(optarg, &options->request.top, diag);
    case OPTION_MEMORY:
        return parse_memory(optarg, &options->memory_bytes, diag);
    case OPTION_JSON:
        options->format = FORMAT_JSON;
        return true;
    case OPTION_CSV:
        options->format = FORMAT_CSV;
        return true;
    default:
        *known = false;
        return true;
    }
}

static bool parse_options(int argc, char **argv, struct parallel_options *options, struct diag *diag)
{
    static const struct option names[] = {
        PROGRAM_LONG_OPTIONS, {"output", required_argument, NULL, 'o'}, {"scope", required_argument, NULL, OPTION_SCOPE},
        {"top", required_argument, NULL, OPTION_TOP}, {"memory", required_argument, NULL, OPTION_MEMORY},
        {"json", no_argument, NULL, OPTION_JSON}, {"csv", no_argument, NULL, OPTION_CSV}, {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0}};
    static const struct program_command command = {"parallel", "+ho:" PROGRAM_SHORT_OPTIONS, names, take_option};
    if (!program_parse(argc, argv, &command, &options->run, options, diag))
        return false;
    options->run.no_baseline = options->run.isa_count > 0;
    return true;
}

static bool write_report(const struct parallel_options *options, struct report_file *file, struct diag *diag)
{
    struct buffer bytes = {0};
    bool good = true;
    if (options->format == FORMAT_JSON)
        parallel_render_json(&options->request, &bytes);
    else if (options->format == FORMAT_CSV)
        parallel_render_csv(&options->request, &bytes);
    else
        parallel_render_text(&options->request, &bytes);
    if (options->output)
        good = report_file_write_bytes(file, &bytes, diag);
    else if ((fwrite(bytes.bytes, 1, bytes.size, stdout) != bytes.size || fflush(stdout) != 0) && errno != EPIPE)
        good = diag_error(diag, "standard output", 0, 0, "cannot write: %s", strerror(errno));
    buffer_free(&bytes);
    return good;
}

static int parallel_run(struct parallel_options *options, struct run_list *list, struct report_file *file, struct diag *diag)
{
    struct run_program *program = &options->run.program;
    struct summary *summaries[PROGRAM_MAX_LIST + 1];
    program->describe = parallel_describe_run;
    program->dependence_bytes = options->memory_bytes;
    struct run_set *set = run_set_new(program, list->isas, list->isa_count, diag);
    if (!set)
        return EXIT_USER_ERROR;
    int own_output = program_output_to_errors(!options->output && options->format != FORMAT_TEXT); /* ours is data then */
    int status = run_list_make(set, list, diag);
    program_output_restore(own_output);
    if (!status || list->outcomes[0].unsupported) {
        struct parallel_request *request = &options->request;
        status = run_list_status(set, list, &request->interrupted);
        request->summaries = summaries;
        for (int i = 0; i < list->isa_count; i++) {
            const struct run_outcome *outcome = &list->outcomes[i];
            struct summary *summary = outcome->extra ? summary_read(outcome->extra, outcome->extra_size) : NULL;
            if (summary)
                summaries[request->summary_count++] = summary;
        }
        request->ended = run_list_ending(list, request->interrupted);
        if (!request->summary_count)
            fprintf(stderr, "hybridsim: %s: nothing is known of it\n", run_list_absence(list));
        else if (!write_report(options, file, diag))
            status = EXIT_USER_ERROR;
        for (int i = 0; i < request->summary_count; i++)
            summary_free(summaries[i]);
    }
    run_set_free(set);
    return status;
}

int command_parallel(int argc, char **argv)
{
    struct parallel_options options = {.request = {.script_only = true, .top = 25}, .format = FORMAT_TEXT,
                                       .memory_bytes = (uint64_t)MEMORY_DEFAULT * 1000000};
    struct run_list list = {.isa_count = 0};
    struct report_file file = {.fd = -1};
    struct diag diag;
    int status = EXIT_USER_ERROR;
    diag_init(&diag);
    if (parse_options(argc, argv, &options, &diag)) {
        const struct run_program *program = &options.run.program;
        const char *slash = program->script ? strrchr(program->script, '/') : NULL;
        options.request.program = slash ? slash + 1 : program->command ? "-c" : program_name(program);
        options.request.command = program->command;
        if (options.run.help) {
            program_print_help(usage);
            status = EXIT_SUCCESS;
        } else if (run_list_load(&options.run, &list, &diag)) {
            if (!options.output || report_file_open_any(&file, options.output, &diag))
                status = parallel_run(&options, &list, &file, &diag);
            if (options.output)
                report_file_abandon(&file);
        }
    }
    terminal_print_errors(&diag, stderr);
    diag_free(&diag);
    run_list_free(&list);
    return status;
}
