/* command_count.c - `hybridsim count`: static and executed instructions of a program, by opcode, category, function, line, pair or
 * triple. */
#include "cli/commands.h"
#include "cli/host_paths.h"
#include "cli/program_run.h"
#include "cli/program_streams.h"
#include "cli/report_output.h"
#include "cli/save_run.h"
#include "cli/spec_path.h"
#include "cli/tally_run.h"
#include "frontend/frontend.h"
#include "reports/count_report.h"
#include "reports/report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
    "Usage: hybridsim count [OPTION...] SCRIPT|-m MODULE|-c CODE|- [ARGUMENT...]\n\n"
    "Runs the program and prints how many instructions it has and how often they were executed: those of the bytecode, and of\n"
    "each --isa. What the program prints comes first.\n\n"
    "Options:\n"
    "  --by WHAT         opcode (default), category, function, line, pair or triple of instructions\n"
    "  --static          run nothing: only what there is\n"
    "  --scope WHAT      the 'script' (default) or 'all' files that were executed\n"
    "  --top N           rows of each table (default 40; 0: all)\n"
    "  --caches          a row for inline cache entries\n"
    "  --specialized     which instructions CPython would replace by specialised forms\n"
    "  --categories FILE what belongs together, and which native work counts (default: isa-specs/categories/default.yaml)\n"
    "  --chart FILE.svg  draws the categories as bars\n"
    "  --report FILE     writes the run's report: .html, .txt, .json, .csv or .md; may be repeated\n"
    "  --save FILE.json  keep the run, down to lines and instructions, for `hybridsim diff` and `compare`\n"
    "  --explain         the program's numbers in the ways people count, and what each of them means\n"
    "  -o FILE           writes the table there: .txt, .json or .csv, by the name\n"
    "  --json            writes JSON on standard output; what the program prints goes to standard error\n"
    "  --csv             the same as CSV\n";

enum output_format { OUTPUT_TEXT, OUTPUT_JSON, OUTPUT_CSV };

struct count_options {
    struct program_options run;
    struct count_request request;
    struct tally_style style;
    const char *output, *chart, *categories;
    enum output_format format;
    bool is_static, specialized, explain;
    struct report_output reports;
};

enum { OPTION_BY = 256, OPTION_STATIC, OPTION_SCOPE, OPTION_TOP, OPTION_CACHES, OPTION_SPECIALIZED, OPTION_CATEGORIES,
       OPTION_CHART, OPTION_EXPLAIN, OPTION_JSON, OPTION_CSV };

static bool parse_by(const char *text, enum count_by *by, struct diag *diag)
{
    for (int i = 0; i < COUNT_BY_COUNT; i++)
        if (strcmp(text, count_by_names[i]) == 0) {
            *by = (enum count_by)i;
            return true;
        }
    return diag_error(diag, NULL, 0, 0, "--by: found '%s', expected opcode, category, function, line, pair or triple", text);
}

static bool has_suffix(const char *path, const char *suffix)
{
    size_t length = strlen(path), tail = strlen(suffix);
    return length > tail && strcmp(path + length - tail, suffix) == 0;
}

static bool parse_output(const char *path, struct count_options *options, struct diag *diag)
{
    options->output = path;
    options->format = has_suffix(path, ".json") ? OUTPUT_JSON : has_suffix(path, ".csv") ? OUTPUT_CSV : OUTPUT_TEXT;
    return options->format != OUTPUT_TEXT || has_suffix(path, ".txt") ||
           diag_error(diag, path, 0, 0, "unknown format: expected a name ending in .txt, .json or .csv");
}

static bool parse_chart(const char *path, struct count_options *options, struct diag *diag)
{
    options->chart = path;
    return has_suffix(path, ".svg") || diag_error(diag, path, 0, 0, "unknown format of chart: expected a name ending in .svg");
}

static bool take_option(int option, void *context, bool *known, struct diag *diag)
{
    struct count_options *options = context;
    bool script_only;
    switch (option) {
    case OPTION_BY:
        return parse_by(optarg, &options->request.by, diag);
    case OPTION_STATIC:
        return options->is_static = true;
    case OPTION_SCOPE:
        if (!program_parse_scope(optarg, &script_only, diag))
            return false;
        options->request.scope = script_only ? TALLY_SCRIPT : TALLY_ALL;
        return true;
    case OPTION_TOP:
        return program_parse_top(optarg, &options->request.top, diag);
    case OPTION_CACHES:
        return options->request.caches = true;
    case OPTION_SPECIALIZED:
        return options->specialized = true;
    case OPTION_CATEGORIES:
        options->categories = optarg;
        return true;
    case OPTION_CHART:
        return parse_chart(optarg, options, diag);
    case PROGRAM_OPTION_REPORT:
        return report_output_add(&options->reports, optarg, diag);
    case OPTION_EXPLAIN:
        return options->explain = true;
    case OPTION_JSON:
        options->format = OUTPUT_JSON;
        return true;
    case OPTION_CSV:
        options->format = OUTPUT_CSV;
        return true;
    case 'o':
        return parse_output(optarg, options, diag);
    default:
        *known = false;
        return true;
    }
}

static bool parse_options(int argc, char **argv, struct count_options *options, struct diag *diag)
{
    static const struct option names[] = {
        PROGRAM_LONG_OPTIONS, PROGRAM_SAVE_OPTION, PROGRAM_REPORT_OPTION, {"by", required_argument, NULL, OPTION_BY},
        {"static", no_argument, NULL, OPTION_STATIC},
        {"scope", required_argument, NULL, OPTION_SCOPE}, {"top", required_argument, NULL, OPTION_TOP},
        {"caches", no_argument, NULL, OPTION_CACHES}, {"specialized", no_argument, NULL, OPTION_SPECIALIZED},
        {"categories", required_argument, NULL, OPTION_CATEGORIES}, {"chart", required_argument, NULL, OPTION_CHART},
        {"explain", no_argument, NULL, OPTION_EXPLAIN}, {"output", required_argument, NULL, 'o'},
        {"json", no_argument, NULL, OPTION_JSON}, {"csv", no_argument, NULL, OPTION_CSV}, {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0}};
    static const struct program_command command = {"count", "+ho:" PROGRAM_SHORT_OPTIONS, names, take_option};
    if (!program_parse(argc, argv, &command, &options->run, options, diag))
        return false;
    if (options->run.help)
        return true;
    const struct run_program *program = &options->run.program;
    if (options->is_static && options->reports.count)
        return diag_error(diag, NULL, 0, 0, "--report with --static: nothing is run, so there is no run to report");
    if (options->is_static && options->run.save)
        return diag_error(diag, NULL, 0, 0, "--save with --static: nothing is run, so there is no run to save");
    return !options->is_static || !program->argument_count ||
           diag_error(diag, NULL, 0, 0, "found '%s' after the program: with --static nothing is run, so there are no arguments",
                      program->arguments[0]);
}

/* What is to be written, opened before the run. */
struct outputs {
    struct report_file table, chart, saved;
    bool has_table, has_chart;
};

static bool open_outputs(const struct count_options *options, struct outputs *outputs, struct diag *diag)
{
    if (!save_open(&options->run, &outputs->saved, diag))
        return false;
    outputs->has_table = options->output && report_file_open_any(&outputs->table, options->output, diag);
    outputs->has_chart = options->chart && report_file_open_any(&outputs->chart, options->chart, diag);
    return outputs->has_table == (options->output != NULL) && outputs->has_chart == (options->chart != NULL);
}

static void close_outputs(struct outputs *outputs)
{
    if (outputs->has_table)
        report_file_abandon(&outputs->table);
    if (outputs->has_chart)
        report_file_abandon(&outputs->chart);
    report_file_abandon(&outputs->saved);
}

static void render_table(const struct count_options *options, struct buffer *text)
{
    struct count_tables tables;
    count_tables_build(&options->request, &tables);
    if (options->format == OUTPUT_JSON)
        count_render_json(&tables, text);
    else if (options->format == OUTPUT_CSV)
        count_render_csv(&tables, text);
    else
        count_render_text(&tables, text);
    count_tables_free(&tables);
}

/* The table where it was asked for; on standard output what is for people to read. */
static bool write_outputs(const struct count_options *options, struct outputs *outputs, struct diag *diag)
{
    struct buffer table = {0}, chart = {0}, shown = {0};
    bool good = true, is_text = options->output || options->format == OUTPUT_TEXT;
    if (options->explain)
        count_render_explanation(&options->request, &shown);
    if (!options->explain || options->output)
        render_table(options, &table);
    if (outputs->has_table)
        good = report_file_write_bytes(&outputs->table, &table, diag);
    else if (table.size)
        buffer_add(&shown, table.bytes, table.size);
    if (options->specialized && is_text)
        count_render_specialized(&options->request, &shown);
    if (outputs->has_chart) {
        count_render_chart(&options->request, &chart);
        good &= report_file_write_bytes(&outputs->chart, &chart, diag);
    }
    enum color_mode color = options->format == OUTPUT_TEXT ? options->run.color : COLOR_NEVER;
    bool shown_well = !shown.size || (terminal_print_tables(shown.bytes, shown.size, color, stdout) && fflush(stdout) == 0);
    if (!shown_well && errno != EPIPE)
        good = diag_error(diag, "standard output", 0, 0, "cannot write: %s", strerror(errno));
    buffer_free(&table);
    buffer_free(&chart);
    buffer_free(&shown);
    return good;
}

static int count_static(struct count_options *options, const struct run_list *list, struct outputs *outputs, struct diag *diag)
{
    const struct run_program *program = &options->run.program;
    char *cache = host_cache_directory(), *python = host_find_python(program->python);
    struct frontend_options frontend_options = {program->python, getenv("HYBRIDSIM_PYTHON"), cache, environ, true};
    struct frontend *frontend = frontend_new(&frontend_options);
    struct code_unit *unit = program_load_unit(program, frontend, python, diag);
    const struct tally *tallies[PROGRAM_MAX_LIST + 1];
    int status = diag->verbatim ? EXIT_FAILURE : EXIT_USER_ERROR;
    if (unit) {
        for (int i = 0; i < list->isa_count; i++)
            tallies[i] = tally_unit(unit, list->isas[i]);
        options->request.tallies = tallies;
        options->request.tally_count = list->isa_count;
        status = write_outputs(options, outputs, diag) ? EXIT_SUCCESS : EXIT_USER_ERROR;
        for (int i = 0; i < list->isa_count; i++)
            tally_free((struct tally *)(uintptr_t)tallies[i]);
        code_unit_free(unit);
    }
    frontend_free(frontend);
    free(python);
    free(cache);
    return status;
}

static int count_run(struct count_options *options, struct run_list *list, struct outputs *outputs, struct diag *diag)
{
    struct run_program *program = &options->run.program;
    program->describe = tally_describe_run;
    program->describe_context = &options->style;
    struct run_set *set = run_set_new(program, list->isas, list->isa_count, diag);
    if (!set)
        return EXIT_USER_ERROR;
    int own_output = program_output_to_errors(!options->output && options->format != OUTPUT_TEXT); /* ours is data then */
    int status = run_list_make(set, list, diag);
    program_output_restore(own_output);
    const struct tally *tallies[PROGRAM_MAX_LIST + 1];
    int count = 0;
    bool interrupted = false;
    if (!status || list->outcomes[0].unsupported) {
        status = run_list_status(set, list, &interrupted);
        for (int i = 0; i < list->isa_count; i++) {
            const struct run_outcome *outcome = &list->outcomes[i];
            struct tally *tally = outcome->extra ? tally_read(outcome->extra, outcome->extra_size) : NULL;
            if (tally)
                tallies[count++] = tally;
        }
        options->request.tallies = tallies;
        options->request.tally_count = count;
        options->request.interrupted = interrupted;
        options->request.ended = run_list_ending(list, interrupted);
        if (!count)
            fprintf(stderr, "hybridsim: %s: nothing was counted\n", run_list_absence(list));
        else if (!write_outputs(options, outputs, diag))
            status = EXIT_USER_ERROR;
        if (count == list->done && count && !save_runs(&options->run, "count", set, list, tallies, &outputs->saved, diag))
            status = EXIT_USER_ERROR;
        if (count && !report_output_write_runs(&options->reports, &options->run, set, list,
                                               options->request.scope == TALLY_SCRIPT ? SCOPE_SCRIPT : SCOPE_ALL, diag))
            status = EXIT_USER_ERROR;
        for (int i = 0; i < count; i++)
            tally_free((struct tally *)(uintptr_t)tallies[i]);
    }
    run_set_free(set);
    return status;
}

static int count_program(struct count_options *options, struct diag *diag)
{
    struct run_list list = {.isa_count = 0};
    struct outputs outputs = {.saved.fd = -1};
    int status = EXIT_USER_ERROR;
    const char *slash = options->run.program.script ? strrchr(options->run.program.script, '/') : NULL;
    options->request.program = slash ? slash + 1 : options->run.program.command ? "-c" : program_name(&options->run.program);
    options->request.has_bytecode = !options->run.no_baseline;
    char *path = spec_path_categories(options->categories, diag);
    struct categories *categories = path ? categories_load(path, diag) : NULL;
    options->request.categories = categories;
    options->style.sequences = options->request.by == COUNT_BY_PAIR || options->request.by == COUNT_BY_TRIPLE;
    bool loaded = run_list_load(&options->run, &list, diag);
    options->reports.categories = options->categories;
    if (loaded && categories && open_outputs(options, &outputs, diag) &&
        report_output_open(&options->reports, &options->run.program, diag))
        status = options->is_static ? count_static(options, &list, &outputs, diag) : count_run(options, &list, &outputs, diag);
    close_outputs(&outputs);
    categories_free(categories);
    free(path);
    run_list_free(&list);
    return status;
}

int command_count(int argc, char **argv)
{
    struct count_options options = {.request = {.scope = TALLY_SCRIPT, .top = 40}, .categories = "default"};
    struct diag diag;
    int status = EXIT_USER_ERROR;
    diag_init(&diag);
    report_output_init(&options.reports, argc, argv);
    if (parse_options(argc, argv, &options, &diag)) {
        if (options.run.help) {
            program_print_help(usage);
            status = EXIT_SUCCESS;
        } else {
            status = count_program(&options, &diag);
        }
    }
    terminal_print_errors(&diag, stderr);
    report_output_close(&options.reports);
    diag_free(&diag);
    return status;
}
