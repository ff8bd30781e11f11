/* command_sweep.c - `hybridsim sweep`: what if the instruction set or the machine were others, by the thousand. */
#include "cli/commands.h"
#include "cli/nearest_name.h"
#include "cli/program_run.h"
#include "cli/sweep/distribute.h"
#include "cli/sweep/merge.h"
#include "cli/sweep/stop.h"
#include "cli/sweep/view_charts.h"
#include "cli/sweep/view_page.h"
#include "cli/sweep/view_where.h"
#include "cli/terminal.h"
#include "reports/report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "Usage: hybridsim sweep [OPTION...] SWEEP.yaml -o RESULTS.db\n"
    "       hybridsim sweep [OPTION...] --shard I/N|--slurm SWEEP.yaml -o FOLDER/\n"
    "       mpirun -np N hybridsim sweep [OPTION...] SWEEP.yaml -o FOLDER/\n"
    "       hybridsim sweep merge -o RESULTS.db PART.db...\n"
    "       hybridsim sweep show [OPTION...] RESULTS.db\n"
    "       hybridsim sweep export --csv|--json|--markdown [OPTION...] RESULTS.db\n"
    "       hybridsim sweep spec [-o FILE.yaml] RESULTS.db POINT\n\n"
    "Answers what a program would cost on other instruction sets and machines: SWEEP.yaml (docs/sweep.md) has a base, programs\n"
    "and the keys that vary. Each program is executed once, under the baseline and one point's ISA; every other point is a\n"
    "translation and timing of the same profile. Points that speculate on other instructions, for which that profile does not\n"
    "stand, get an execution of their own. Results are in an SQLite file: the same command goes on where it was\n"
    "interrupted, and a sweep with more points computes only those. Of `{profile: FILE.hsp}`, which `hybridsim run\n"
    "--save-profile` writes, points are computed without executing anything.\n\n"
    "Options:\n"
    "  -o FILE.db        the results; they are added to what there is (with `spec`: where the YAML goes; default: stdout)\n"
    "  --exact           execute every point for real\n"
    "  --verify N        then execute N of the results again, which have to be identical (else exit 70)\n"
    "  -j, --workers N   processes that compute points (default: one a core); results do not depend on it\n"
    "  --shard I/N       compute the I-th of N parts, into FOLDER/NAME-I-of-N.db: parts can be computed anywhere, and merged\n"
    "  --slurm           write a job script for Slurm, FOLDER/NAME.sbatch (default: out/): an array job, one part a task\n"
    "  --tasks N         parts that it has (default: by the number of results)\n"
    "  --submit          submit it, wait until it has ended, and merge\n"
    "  --save-profiles FOLDER  keep the profiles of all executions, FOLDER/PROGRAM.hsp, for sweeps without the scripts\n"
    "  --python PATH     the CPython 3.11 that compiles\n"
    "  --quiet           print no summary\n"
    "  -h, --help        this text\n"
    "\nOptions of show and export:\n"
    "  --best METRIC     show: points with the least cycles, instructions, code_bytes, energy, area, or another counter, as\n"
    "                    events.mispredicted or cycle_stack.fetch; METRIC@PROGRAM: of one program; -METRIC: with the most\n"
    "  --pareto A,B      show: points than which no other is better by both metrics\n"
    "                    (by default show has these for the sweep's objectives)\n"
    "  --sensitivity[=METRIC]  show: how much each axis changes the metric (default cycles), alone and of the variance\n"
    "  --where EXPRESSION  show, export: only points for which it holds, of keys and metrics: \"registers.count <= 16 and\n"
    "                    cycles < 1e9\"; without another option show lists the best of them by cycles\n"
    "  --report FILE.html  show, and a sweep when it is done: a page with charts of all points; FILE.md: tables in Markdown\n"
    "  --top N           length of the list of best points (default 10)\n"
    "  --program LABEL   of one program (default: the geometric mean over all)\n"
    "  --tool BUILD      results of another build of hybridsim; also with merge\n"
    "  --csv, --json     export: one row for each point and program\n"
    "  --markdown        export: a report with the best points, the front, sensitivity and provenance (to -o, or stdout)\n"
    "\nExit: 0 done, 1 merged but not all results are there, 2 wrong use, 3 unsupported Python,\n"
    "70 a verified result differs, 130 interrupted.\n";

struct sweep_command {
    struct sweep_options run;
    struct sweep_distribution distribution;
    struct view_options view;
    const char *output, *report;
    bool csv, json, markdown, help;
};

enum { OPTION_EXACT = 256, OPTION_VERIFY, OPTION_PYTHON, OPTION_BEST, OPTION_PARETO, OPTION_SENSITIVITY, OPTION_TOP,
       OPTION_PROGRAM, OPTION_TOOL, OPTION_CSV, OPTION_JSON, OPTION_SHARD, OPTION_SLURM, OPTION_TASKS, OPTION_SUBMIT,
       OPTION_WHERE, OPTION_REPORT, OPTION_MARKDOWN, OPTION_SAVE_PROFILES };

static const char short_options[] = "+ho:j:q";
static const struct option names[] = {
    {"exact", no_argument, NULL, OPTION_EXACT}, {"verify", required_argument, NULL, OPTION_VERIFY},
    {"workers", required_argument, NULL, 'j'}, {"python", required_argument, NULL, OPTION_PYTHON},
    {"quiet", no_argument, NULL, 'q'}, {"best", required_argument, NULL, OPTION_BEST},
    {"pareto", required_argument, NULL, OPTION_PARETO}, {"sensitivity", optional_argument, NULL, OPTION_SENSITIVITY},
    {"top", required_argument, NULL, OPTION_TOP}, {"program", required_argument, NULL, OPTION_PROGRAM},
    {"tool", required_argument, NULL, OPTION_TOOL}, {"csv", no_argument, NULL, OPTION_CSV},
    {"json", no_argument, NULL, OPTION_JSON},
    {"markdown", no_argument, NULL, OPTION_MARKDOWN}, {"save-profiles", required_argument, NULL, OPTION_SAVE_PROFILES},
    {"shard", required_argument, NULL, OPTION_SHARD},
    {"slurm", no_argument, NULL, OPTION_SLURM}, {"tasks", required_argument, NULL, OPTION_TASKS},
    {"submit", no_argument, NULL, OPTION_SUBMIT}, {"where", required_argument, NULL, OPTION_WHERE},
    {"report", required_argument, NULL, OPTION_REPORT}, {"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};

static bool parse_number(const char *text, const char *option, long least, long most, long *number, struct diag *diag)
{
    char *end;
    errno = 0;
    *number = strtol(text, &end, 10);
    return (!errno && !*end && end != text && *number >= least && *number <= most) ||
           diag_error(diag, NULL, 0, 0, "%s: found '%s', expected a number from %ld to %ld", option, text, least, most);
}

static bool take_option(int option, struct sweep_command *command, struct diag *diag)
{
    long number;
    switch (option) {
    case 'h': return command->help = true;
    case 'o': command->output = optarg; return true;
    case 'q': return command->run.quiet = true;
    case 'j':
        if (!parse_number(optarg, "--workers", 1, SWEEP_MAX_WORKERS, &number, diag))
            return false;
        command->run.workers = (int)number;
        return true;
    case OPTION_EXACT: return command->run.exact = true;
    case OPTION_VERIFY: return parse_number(optarg, "--verify", 1, 1000000000, &command->run.verify, diag);
    case OPTION_PYTHON: command->run.python = optarg; return true;
    case OPTION_BEST: command->view.best = optarg; return true;
    case OPTION_PARETO: command->view.pareto = optarg; return true;
    case OPTION_SENSITIVITY: command->view.sensitivity = optarg ? optarg : "cycles"; return true;
    case OPTION_TOP: return program_parse_top(optarg, &command->view.top, diag);
    case OPTION_PROGRAM: command->view.program = optarg; return true;
    case OPTION_TOOL: command->view.tool = optarg; return true;
    case OPTION_SHARD: command->distribution.shard = optarg; return true;
    case OPTION_SLURM: return command->distribution.slurm = true;
    case OPTION_TASKS: return parse_number(optarg, "--tasks", 1, SWEEP_MAX_POINTS, &command->distribution.tasks, diag);
    case OPTION_SUBMIT: return command->distribution.submit = true;
    case OPTION_WHERE: command->view.where = optarg; return true;
    case OPTION_REPORT: command->report = optarg; return true;
    case OPTION_SAVE_PROFILES: command->run.profiles = optarg; return true;
    case OPTION_CSV: return command->csv = true;
    case OPTION_MARKDOWN: return command->markdown = true;
    default: return command->json = true;
    }
}

/* Options may stand between the arguments, which are moved to the front of argv[1...]. */
static int parse(int argc, char **argv, struct sweep_command *command, struct diag *diag)
{
    static char name[] = "hybridsim sweep";
    int arguments = 0;
    char **rest = argv;
    argv[0] = name;
    optind = 0; /* glibc: start anew */
    opterr = 0;
    for (int left = argc; left > 0;) {
        int option;
        while ((option = getopt_long(left, rest, short_options, names, NULL)) >= 0) {
            if (option == '?') {
                option_error(name, rest, short_options, names);
                return -1;
            }
            if (!take_option(option, command, diag))
                return -1;
        }
        if (optind >= left)
            break;
        argv[++arguments] = rest[optind];
        left -= optind;
        rest += optind; /* what was an argument stands where the command's name is looked for */
        optind = 0;
    }
    return arguments;
}

static bool ends_in(const char *name, const char *ending)
{
    size_t size = strlen(name), length = strlen(ending);
    return size >= length && strcmp(name + size - length, ending) == 0;
}

/* The file of --report can be written. Known before a sweep. */
static bool open_report(const struct sweep_command *command, struct report_file *file, struct diag *diag)
{
    *file = (struct report_file){.fd = -1};
    if (!ends_in(command->report, ".html") && !ends_in(command->report, ".md"))
        return diag_error(diag, NULL, 0, 0, "--report: found '%s', expected a name that ends in .html or .md", command->report);
    return report_file_open_any(file, command->report, diag);
}

static bool write_report(const struct sweep_command *command, struct results *results, struct diag *diag)
{
    struct report_file file;
    struct buffer text = {0};
    bool is_markdown = ends_in(command->report, ".md");
    bool good = open_report(command, &file, diag) &&
                (is_markdown ? view_markdown : view_page)(results, &command->view, &text, diag) &&
                (!is_markdown || view_charts(results, &command->view, command->report, &text, diag)) &&
                report_file_write_bytes(&file, &text, diag);
    if (!good)
        report_file_abandon(&file);
    buffer_free(&text);
    return good;
}

/* Of a sweep that is done. */
static int report_sweep(const struct sweep_command *command, struct diag *diag)
{
    struct results results;
    bool good = results_open(&results, command->output, false, diag);
    if (good) {
        good = write_report(command, &results, diag);
        results_close(&results);
    }
    return good ? EXIT_SUCCESS : EXIT_USER_ERROR;
}

static int say_stopped(int number, const char *what)
{
    fprintf(stderr, "hybridsim: stopped; %s\n", what);
    return 128 + number;
}

static int start_sweep(struct sweep_command *command, int count, char **arguments, struct diag *diag)
{
    int status = EXIT_USER_ERROR;
    if (command->distribution.slurm && !command->output)
        command->output = "out/";
    if (count != 1 || !command->output) {
        diag_error(diag, NULL, 0, 0, "expected one SWEEP.yaml, and -o RESULTS.db; see 'hybridsim sweep --help'");
        return status;
    }
    if (command->report && (command->distribution.slurm || command->distribution.shard || sweep_is_folder(command->output))) {
        diag_error(diag, NULL, 0, 0, "--report: a part of a sweep has none; merge the parts, then `sweep show --report`");
        return status;
    }
    struct report_file report = {.fd = -1};
    bool writable = !command->report || open_report(command, &report, diag);
    report_file_abandon(&report);
    if (!writable)
        return status;
    command->run.usual_signals = stop_hold();
    struct sweep_plan *plan = sweep_plan_load(arguments[0], diag);
    command->distribution.output = command->output;
    int number = stop_look();
    if (number)
        status = say_stopped(number, "nothing is computed yet, and the same command starts it");
    else if (plan)
        status = sweep_distribute(plan, &command->distribution, &command->run, diag);
    sweep_plan_free(plan);
    if (status == EXIT_SUCCESS && command->report)
        status = (number = stop_look()) ? say_stopped(number, "all results are there, and the same command writes the report")
                                        : report_sweep(command, diag);
    return status;
}

static int merge(const struct sweep_command *command, int count, char **arguments, struct diag *diag)
{
    const struct merge_request request = {arguments, count, command->output, command->view.tool, NULL};
    if (count > 0 && command->output)
        return sweep_merge_files(&request, command->run.quiet, diag);
    diag_error(diag, NULL, 0, 0, "sweep merge: expected results of parts, and -o RESULTS.db");
    return EXIT_USER_ERROR;
}

/* To -o, or stdout. */
static bool write_output(const struct sweep_command *command, const struct buffer *text, struct diag *diag)
{
    FILE *file = command->output ? fopen(command->output, "w") : stdout;
    if (!file)
        return diag_error(diag, command->output, 0, 0, "cannot be written: %s", strerror(errno));
    bool good = fwrite(text->bytes ? text->bytes : "", 1, text->size, file) == text->size;
    good = (file == stdout ? fflush(file) : fclose(file)) == 0 && good;
    return good || diag_error(diag, command->output ? command->output : "stdout", 0, 0, "cannot be written: %s", strerror(errno));
}

/* Opens the results and finds the points that --where asks for. */
static bool open_view(struct sweep_command *command, const char *path, struct results *results, struct view_chosen *chosen,
                      struct diag *diag)
{
    *chosen = (struct view_chosen){.ids = NULL};
    if (!results_open(results, path, false, diag))
        return false;
    if (!command->view.where)
        return true;
    command->view.chosen = chosen;
    if (view_where(results, &command->view, chosen, diag))
        return true;
    results_close(results);
    return false;
}

static int show(struct sweep_command *command, int count, char **arguments, struct diag *diag)
{
    struct results results;
    struct view_chosen chosen;
    struct buffer text = {0};
    if (count != 1)
        return diag_error(diag, NULL, 0, 0, "sweep show: expected one RESULTS.db") ? 0 : EXIT_USER_ERROR;
    bool good = open_view(command, arguments[0], &results, &chosen, diag);
    if (good) {
        good = !command->report || write_report(command, &results, diag);
        if (good && (!command->report || command->view.best || command->view.pareto || command->view.sensitivity))
            good = view_show(&results, &command->view, &text, diag) &&
                   (command->output ? write_output(command, &text, diag)
                                    : terminal_print_tables(text.bytes, text.size, COLOR_AUTO, stdout));
        results_close(&results);
        view_chosen_free(&chosen);
    }
    buffer_free(&text);
    return good ? EXIT_SUCCESS : EXIT_USER_ERROR;
}

static int export(struct sweep_command *command, int count, char **arguments, struct diag *diag)
{
    struct results results;
    struct view_chosen chosen;
    struct buffer text = {0};
    if (count != 1 || command->csv + command->json + command->markdown != 1)
        return diag_error(diag, NULL, 0, 0, "sweep export: expected --csv, --json or --markdown, and one RESULTS.db")
                   ? 0 : EXIT_USER_ERROR;
    bool good = open_view(command, arguments[0], &results, &chosen, diag);
    if (good) {
        good = (command->csv ? view_export_csv : command->json ? view_export_json : view_markdown)(&results, &command->view, &text,
                                                                                                diag) &&
               write_output(command, &text, diag);
        results_close(&results);
        view_chosen_free(&chosen);
    }
    buffer_free(&text);
    return good ? EXIT_SUCCESS : EXIT_USER_ERROR;
}

static int write_spec(const struct sweep_command *command, int count, char **arguments, struct diag *diag)
{
    struct results results;
    struct buffer text = {0};
    long point;
    if (count != 2)
        return diag_error(diag, NULL, 0, 0, "sweep spec: expected RESULTS.db and the number of a point") ? 0 : EXIT_USER_ERROR;
    bool good = parse_number(arguments[1], "sweep spec", 1, SWEEP_LAST_POINT, &point, diag) &&
                results_open(&results, arguments[0], false, diag);
    if (good) {
        good = view_spec(&results, point, &text, diag) && write_output(command, &text, diag);
        results_close(&results);
    }
    buffer_free(&text);
    return good ? EXIT_SUCCESS : EXIT_USER_ERROR;
}

int command_sweep(int argc, char **argv)
{
    struct sweep_command command = {.view = {.top = 10}};
    struct diag diag;
    diag_init(&diag);
    int status = EXIT_USER_ERROR, count = parse(argc, argv, &command, &diag);
    char **arguments = argv + 1;
    if (command.help) {
        terminal_print_help(usage, stdout);
        status = EXIT_SUCCESS;
    } else if (count > 0 && strcmp(arguments[0], "show") == 0) {
        status = show(&command, count - 1, arguments + 1, &diag);
    } else if (count > 0 && strcmp(arguments[0], "merge") == 0) {
        status = merge(&command, count - 1, arguments + 1, &diag);
    } else if (count > 0 && strcmp(arguments[0], "export") == 0) {
        status = export(&command, count - 1, arguments + 1, &diag);
    } else if (count > 0 && strcmp(arguments[0], "spec") == 0) {
        status = write_spec(&command, count - 1, arguments + 1, &diag);
    } else if (count >= 0) {
        status = start_sweep(&command, count, arguments, &diag);
    }
    terminal_print_errors(&diag, stderr);
    diag_free(&diag);
    return status;
}
