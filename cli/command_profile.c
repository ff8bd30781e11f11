/* command_profile.c - `hybridsim profile`: calls, cycles and instructions by function and line, and files for profile viewers. */
#include "cli/commands.h"
#include "cli/program_run.h"
#include "cli/report_output.h"
#include "cli/save_run.h"
#include "cli/tally_run.h"
#include "reports/call_report.h"
#include "reports/report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "Usage: hybridsim profile [OPTION...] SCRIPT|-m MODULE|-c CODE|- [ARGUMENT...]\n\n"
    "Runs the program under one ISA (the baseline, or that of --isa) and prints, as cProfile does, how often each function was\n"
    "called, and its own and cumulative cycles and instructions. They add up to the run's. What the program prints comes first.\n\n"
    "Options:\n"
    "  --lines           instead: the lines of the functions that took most, with their source\n"
    "  --sort KEY        cumtime (default), tottime, ncalls, instructions or name\n"
    "  --top N           functions shown (default 40; 0: all)\n"
    "  -o FILE           writes the table there\n"
    "  --save FILE.json  keep the run, down to lines and instructions, for `hybridsim diff` and `compare`\n"
    "  --report FILE     writes the run's report: .html, .txt, .json, .csv or .md; may be repeated\n"
    "  --prof FILE       for pstats and snakeviz: cycles at the machine's clock as seconds\n"
    "  --callgrind FILE  for callgrind_annotate and KCachegrind, with source lines and calls\n"
    "  --speedscope FILE for speedscope.app (JSON)\n"
    "  --collapsed FILE  one line a stack, `frame;frame;frame cycles`, for flamegraph.pl and the like\n"
    "  --chrome FILE     for chrome://tracing and Perfetto (trace events)\n"
    "One run can write all of these.\n";

enum file_kind { FILE_TABLE, FILE_PROF, FILE_CALLGRIND, FILE_SPEEDSCOPE, FILE_COLLAPSED, FILE_CHROME, FILE_KIND_COUNT };

struct profile_options {
    struct program_options run;
    struct call_request request;
    const char *paths[FILE_KIND_COUNT];
    bool lines;
    struct report_output reports;
};

enum { OPTION_FILE = 256, OPTION_LINES = OPTION_FILE + FILE_KIND_COUNT, OPTION_SORT, OPTION_TOP };

static bool parse_sort(const char *text, enum call_sort *sort, struct diag *diag)
{
    for (int i = 0; i < SORT_COUNT; i++)
        if (strcmp(text, call_sort_names[i]) == 0) {
            *sort = (enum call_sort)i;
            return true;
        }
    return diag_error(diag, NULL, 0, 0, "--sort: found '%s', expected cumtime, tottime, ncalls, instructions or name", text);
}

static bool take_option(int option, void *context, bool *known, struct diag *diag)
{
    struct profile_options *options = context;
    if (option >= OPTION_FILE && option < OPTION_FILE + FILE_KIND_COUNT) {
        options->paths[option - OPTION_FILE] = optarg;
        return true;
    }
    switch (option) {
    case 'o':
        options->paths[FILE_TABLE] = optarg;
        return true;
    case PROGRAM_OPTION_REPORT:
        return report_output_add(&options->reports, optarg, diag);
    case OPTION_LINES:
        return options->lines = true;
    case OPTION_SORT:
        return parse_sort(optarg, &options->request.sort, diag);
    case OPTION_TOP:
        return program_parse_top(optarg, &options->request.top, diag);
    default:
        *known = false;
        return true;
    }
}

static bool parse_options(int argc, char **argv, struct profile_options *options, struct diag *diag)
{
    static const struct option names[] = {
        PROGRAM_LONG_OPTIONS, PROGRAM_SAVE_OPTION, PROGRAM_REPORT_OPTION, {"output", required_argument, NULL, 'o'},
        {"prof", required_argument, NULL, OPTION_FILE + FILE_PROF},
        {"callgrind", required_argument, NULL, OPTION_FILE + FILE_CALLGRIND},
        {"speedscope", required_argument, NULL, OPTION_FILE + FILE_SPEEDSCOPE},
        {"collapsed", required_argument, NULL, OPTION_FILE + FILE_COLLAPSED},
        {"chrome", required_argument, NULL, OPTION_FILE + FILE_CHROME}, {"lines", no_argument, NULL, OPTION_LINES},
        {"sort", required_argument, NULL, OPTION_SORT}, {"top", required_argument, NULL, OPTION_TOP},
        {"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};
    static const struct program_command command = {"profile", "+ho:" PROGRAM_SHORT_OPTIONS, names, take_option};
    if (!program_parse(argc, argv, &command, &options->run, options, diag))
        return false;
    if (options->run.help)
        return true;
    if (options->run.isa_count > 1)
        return diag_error(diag, NULL, 0, 0, "--isa: found %d ISAs, expected one: a profile is of one run", options->run.isa_count);
    options->run.no_baseline = options->run.isa_count > 0;
    return true;
}

static bool open_files(const struct profile_options *options, struct report_file *files, struct diag *diag)
{
    bool good = true;
    for (int i = 0; i < FILE_KIND_COUNT; i++) {
        files[i].fd = -1;
        if (options->paths[i])
            good &= report_file_open_any(&files[i], options->paths[i], diag);
    }
    return good;
}

static void render(const struct profile_options *options, const struct call_stats *stats, enum file_kind kind, struct buffer *out)
{
    const struct call_request *request = &options->request;
    switch (kind) {
    case FILE_TABLE:
        if (options->lines)
            call_render_lines(stats, request, out);
        else
            call_render_functions(stats, request, out);
        break;
    case FILE_PROF:
        call_render_pstats(stats, out);
        break;
    case FILE_CALLGRIND:
        call_render_callgrind(stats, request, out);
        break;
    case FILE_SPEEDSCOPE:
        call_render_speedscope(stats, request, out);
        break;
    case FILE_COLLAPSED:
        call_render_collapsed(stats, out);
        break;
    case FILE_CHROME:
    case FILE_KIND_COUNT:
        call_render_chrome(stats, request, out);
        break;
    }
}

static bool write_files(const struct profile_options *options, const struct calltree *tree, struct report_file *files,
                        struct diag *diag)
{
    struct call_stats stats;
    bool good = true;
    call_stats_build(tree, &stats);
    for (int i = 0; i < FILE_KIND_COUNT; i++) {
        struct buffer bytes = {0};
        if (!options->paths[i] && i != FILE_TABLE)
            continue;
        render(options, &stats, (enum file_kind)i, &bytes);
        if (options->paths[i])
            good &= report_file_write_bytes(&files[i], &bytes, diag);
        else if ((!terminal_print_tables(bytes.bytes, bytes.size, options->run.color, stdout) || fflush(stdout) != 0) &&
                 errno != EPIPE)
            good = diag_error(diag, "standard output", 0, 0, "cannot write: %s", strerror(errno));
        buffer_free(&bytes);
    }
    call_stats_free(&stats);
    return good;
}

static int profile_run(struct profile_options *options, struct run_list *list, struct report_file *files, struct report_file *saved,
                       struct diag *diag)
{
    struct run_program *program = &options->run.program;
    static const struct tally_style style = {false};
    program->describe = options->run.save ? tally_describe_all : calltree_describe_run;
    program->describe_context = &style;
    program->contexts = true;
    struct run_set *set = run_set_new(program, list->isas, list->isa_count, diag);
    if (!set)
        return EXIT_USER_ERROR;
    int status = run_list_make(set, list, diag);
    if (!status || list->outcomes[0].unsupported) {
        const struct run_outcome *outcome = &list->outcomes[0];
        status = run_list_status(set, list, &options->request.interrupted);
        struct calltree *tree = NULL;
        struct tally *tally = NULL;
        if (options->run.save)
            tally_split(outcome->extra, outcome->extra_size, &tally, &tree);
        else if (outcome->extra)
            tree = calltree_read(outcome->extra, outcome->extra_size);
        options->request.ended = run_list_ending(list, options->request.interrupted);
        if (!tree)
            fprintf(stderr, "hybridsim: %s: no profile\n", run_list_absence(list));
        else if (!write_files(options, tree, files, diag))
            status = EXIT_USER_ERROR;
        if (tally && !save_runs(&options->run, "profile", set, list, (const struct tally *const[]){tally}, saved, diag))
            status = EXIT_USER_ERROR;
        if (tree && !report_output_write_runs(&options->reports, &options->run, set, list, SCOPE_ALL, diag))
            status = EXIT_USER_ERROR;
        tally_free(tally);
        calltree_free(tree);
    }
    run_set_free(set);
    return status;
}

int command_profile(int argc, char **argv)
{
    struct profile_options options = {.request = {.top = 40}};
    struct run_list list = {.isa_count = 0};
    struct report_file files[FILE_KIND_COUNT] = {0};
    struct diag diag;
    int status = EXIT_USER_ERROR;
    diag_init(&diag);
    report_output_init(&options.reports, argc, argv);
    if (parse_options(argc, argv, &options, &diag)) {
        const struct run_program *program = &options.run.program;
        const char *slash = program->script ? strrchr(program->script, '/') : NULL;
        options.request.program = slash ? slash + 1 : program->command ? "-c" : program_name(program);
        options.request.command = program->command;
        if (options.run.help) {
            program_print_help(usage);
            status = EXIT_SUCCESS;
        } else if (run_list_load(&options.run, &list, &diag)) {
            struct report_file saved;
            if (save_open(&options.run, &saved, &diag) && open_files(&options, files, &diag) &&
                report_output_open(&options.reports, &options.run.program, &diag))
                status = profile_run(&options, &list, files, &saved, &diag);
            report_file_abandon(&saved);
            for (int i = 0; i < FILE_KIND_COUNT; i++)
                if (options.paths[i])
                    report_file_abandon(&files[i]);
        }
    }
    terminal_print_errors(&diag, stderr);
    report_output_close(&options.reports);
    diag_free(&diag);
    run_list_free(&list);
    return status;
}
