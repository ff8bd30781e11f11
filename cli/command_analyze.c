/* command_analyze.c - `hybridsim analyze`: for someone who just wants to look, the bytecode, the counts, the profile and the HTML
 * report of a program, each in a file named after it, from one run. */
#include "cli/browser.h"
#include "cli/commands.h"
#include "cli/program_run.h"
#include "cli/report_output.h"
#include "cli/spec_path.h"
#include "cli/tally_run.h"
#include "reports/call_report.h"
#include "reports/count_report.h"
#include "reports/report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char usage[] =
    "Usage: hybridsim analyze [OPTION...] SCRIPT|-m MODULE|-c CODE|- [ARGUMENT...]\n\n"
    "Runs the program once and writes, for a program NAME.py:\n\n"
    "  NAME_bytecode.txt     its bytecode, as `hybridsim dis` prints it\n"
    "  NAME_instr_count.txt  its instructions, executed and static, most executed first; by opcode, category and function\n"
    "  NAME.prof             its profile, for pstats and snakeviz\n"
    "  NAME.html             all of it to look at: charts, flame graph, source with its cycles\n\n"
    "What the program prints comes first, then the names of the files.\n\n"
    "Options:\n"
    "  -o DIR            the folder for them, made when it is missing (default: the current one)\n"
    "  --open            shows NAME.html in the browser: BROWSER's, or by xdg-open\n"
    "  --report FILE     writes one more report: .html, .txt, .json, .csv or .md; may be repeated\n";

enum output { OUTPUT_BYTECODE, OUTPUT_COUNTS, OUTPUT_PROFILE, OUTPUT_PAGE, OUTPUT_COUNT };
static const char *const suffixes[OUTPUT_COUNT] = {"_bytecode.txt", "_instr_count.txt", ".prof", ".html"};

enum { OPTION_OPEN = 256 };

struct analyze_options {
    struct program_options run;
    const char *folder;
    bool open;
    struct report_output reports;
};

static bool take_option(int option, void *context, bool *known, struct diag *diag)
{
    struct analyze_options *options = context;
    switch (option) {
    case OPTION_OPEN:
        return options->open = true;
    case PROGRAM_OPTION_REPORT:
        return report_output_add(&options->reports, optarg, diag);
    case 'o':
        options->folder = optarg;
        return true;
    default:
        *known = false;
        return true;
    }
}

static bool parse_options(int argc, char **argv, struct analyze_options *options, struct diag *diag)
{
    static const struct option names[] = {PROGRAM_LONG_OPTIONS, PROGRAM_REPORT_OPTION, {"output", required_argument, NULL, 'o'},
                                          {"open", no_argument, NULL, OPTION_OPEN},
                                          {"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};
    static const struct program_command command = {"analyze", "+ho:" PROGRAM_SHORT_OPTIONS, names, take_option};
    if (!program_parse(argc, argv, &command, &options->run, options, diag))
        return false;
    if (options->run.help)
        return true;
    return (!options->run.no_baseline && !options->run.isa_count) ||
           diag_error(diag, NULL, 0, 0, "--isa: the files are about the bytecode; `hybridsim count` and `profile` take ISAs");
}

/* The program's name without folder and suffix: what the files are called. */
static char *base_name(const struct run_program *program)
{
    const char *name = program->script ? program->script : program->module ? program->module : "command";
    const char *slash = strrchr(name, '/');
    char *base = strdup(slash ? slash + 1 : name);
    char *dot = program->script && base ? strrchr(base, '.') : NULL;
    if (!base)
        abort();
    if (dot && dot != base)
        *dot = 0;
    return base;
}

/* The folder, and those that it is in. */
static bool make_folder(const char *path, struct diag *diag)
{
    struct stat status;
    char *part = strdup(path);
    bool good = part != NULL;
    for (char *at = part; good && at; ) {
        at = strchr(at + 1, '/');
        if (at)
            *at = 0;
        if (*part && stat(part, &status) != 0 && mkdir(part, 0777) != 0 && errno != EEXIST)
            good = diag_error(diag, path, 0, 0, "cannot make the folder: %s", strerror(errno));
        if (at)
            *at = '/';
    }
    free(part);
    if (good && (stat(path, &status) != 0 || !S_ISDIR(status.st_mode)))
        good = diag_error(diag, path, 0, 0, "cannot make the folder: %s", *path ? "it is a file" : strerror(ENOENT));
    return good;
}

static bool open_files(struct analyze_options *options, char **paths, struct report_file *files, struct diag *diag)
{
    char *base = base_name(&options->run.program);
    bool good = make_folder(options->folder, diag), is_here = strcmp(options->folder, ".") == 0;
    const char *between = is_here || (*options->folder && options->folder[strlen(options->folder) - 1] == '/') ? "" : "/";
    for (int i = 0; good && i < OUTPUT_COUNT; i++) {
        if (asprintf(&paths[i], "%s%s%s%s", is_here ? "" : options->folder, between, base, suffixes[i]) < 0)
            abort();
        /* the listing is written by `dis`, which opens it itself */
        good = i == OUTPUT_BYTECODE ? true
               : i == OUTPUT_PAGE   ? report_output_add(&options->reports, paths[i], diag)
                                    : report_file_open_any(&files[i], paths[i], diag);
    }
    free(base);
    return good && report_output_open(&options->reports, &options->run.program, diag);
}

static void add_counts(const struct count_request *request, enum count_by by, struct buffer *text)
{
    struct count_request asked = *request;
    struct count_tables tables;
    asked.by = by;
    count_tables_build(&asked, &tables);
    count_render_text(&tables, text);
    buffer_add_byte(text, '\n');
    count_tables_free(&tables);
}

static bool write_counts(const struct analyze_options *options, const struct run_list *list, const struct tally *tally,
                         struct report_file *file, struct diag *diag)
{
    char *path = spec_path_categories("default", diag);
    struct categories *categories = path ? categories_load(path, diag) : NULL;
    struct buffer text = {0};
    const char *slash = options->run.program.script ? strrchr(options->run.program.script, '/') : NULL;
    struct count_request request = {
        .program = slash ? slash + 1 : options->run.program.command ? "-c" : program_name(&options->run.program),
        .scope = TALLY_SCRIPT, .interrupted = list->outcomes[0].interrupted,
        .ended = run_list_ending(list, list->outcomes[0].interrupted),
        .categories = categories, .tally_count = 1, .tallies = &tally, .has_bytecode = true};
    bool good = categories != NULL;
    if (good) {
        add_counts(&request, COUNT_BY_OPCODE, &text);
        add_counts(&request, COUNT_BY_CATEGORY, &text);
        add_counts(&request, COUNT_BY_FUNCTION, &text);
        good = report_file_write_bytes(file, &text, diag);
    }
    buffer_free(&text);
    categories_free(categories);
    free(path);
    return good;
}

static bool write_profile(const struct calltree *tree, struct report_file *file, struct diag *diag)
{
    struct call_stats stats;
    struct buffer bytes = {0};
    call_stats_build(tree, &stats);
    call_render_pstats(&stats, &bytes);
    bool good = report_file_write_bytes(file, &bytes, diag);
    call_stats_free(&stats);
    buffer_free(&bytes);
    return good;
}

/* `hybridsim dis -o PATH PROGRAM`, in this process. */
static bool write_bytecode(const struct run_program *program, char *path)
{
    char command[] = "dis", output[] = "-o", module[] = "-m", text[] = "-c";
    char *arguments[8];
    int count = 0;
    arguments[count++] = command;
    arguments[count++] = output;
    arguments[count++] = path;
    char python[] = "--python";
    if (program->python) {
        arguments[count++] = python;
        arguments[count++] = (char *)(uintptr_t)program->python;
    }
    if (!program->script)
        arguments[count++] = program->module ? module : text;
    arguments[count++] = (char *)(uintptr_t)program_name(program);
    arguments[count] = NULL;
    return command_dis(count, arguments) == EXIT_SUCCESS;
}

static int analyze(struct analyze_options *options, struct run_list *list, char **paths, struct report_file *files,
                   struct diag *diag)
{
    static const struct tally_style style = {false};
    struct run_program *program = &options->run.program;
    struct tally *tally = NULL;
    struct calltree *tree = NULL;
    bool interrupted;
    program->describe = tally_describe_all;
    program->describe_context = &style;
    program->contexts = true;
    struct run_set *set = run_set_new(program, list->isas, 1, diag);
    if (!set)
        return EXIT_USER_ERROR;
    list->isa_count = 1;
    int status = run_list_make(set, list, diag);
    const struct run_outcome *outcome = &list->outcomes[0];
    if (outcome->unsupported)
        status = 0; /* there is all that ran */
    if (!status && !tally_split(outcome->extra, outcome->extra_size, &tally, &tree)) {
        fprintf(stderr, "hybridsim: %s: nothing to analyze\n", run_list_absence(list));
    } else if (!status) {
        status = run_list_status(set, list, &interrupted);
        bool good = write_bytecode(program, paths[OUTPUT_BYTECODE]);
        good &= write_counts(options, list, tally, &files[OUTPUT_COUNTS], diag);
        good &= write_profile(tree, &files[OUTPUT_PROFILE], diag);
        good &= report_output_write_runs(&options->reports, &options->run, set, list, SCOPE_ALL, diag);
        for (int i = 0; i < OUTPUT_COUNT && good; i++)
            printf("%s\n", paths[i]);
        fflush(stdout);
        if (good && options->open)
            good = browser_open(paths[OUTPUT_PAGE], diag);
        status = good ? status : EXIT_USER_ERROR;
    }
    tally_free(tally);
    calltree_free(tree);
    run_set_free(set);
    return status;
}

int command_analyze(int argc, char **argv)
{
    struct analyze_options options = {.folder = "."};
    struct run_list list = {.isa_count = 0};
    struct report_file files[OUTPUT_COUNT] = {{.fd = -1}, {.fd = -1}, {.fd = -1}, {.fd = -1}};
    char *paths[OUTPUT_COUNT] = {NULL};
    struct diag diag;
    int status = EXIT_USER_ERROR;
    diag_init(&diag);
    report_output_init(&options.reports, argc, argv);
    if (parse_options(argc, argv, &options, &diag)) {
        if (options.run.help) {
            program_print_help(usage);
            status = EXIT_SUCCESS;
        } else if (run_list_load(&options.run, &list, &diag)) {
            int loaded = list.isa_count;
            if (open_files(&options, paths, files, &diag))
                status = analyze(&options, &list, paths, files, &diag);
            list.isa_count = loaded;
        }
    }
    report_output_close(&options.reports);
    for (int i = 0; i < OUTPUT_COUNT; i++) {
        report_file_abandon(&files[i]);
        free(paths[i]);
    }
    terminal_print_errors(&diag, stderr);
    diag_free(&diag);
    run_list_free(&list);
    return status;
}
