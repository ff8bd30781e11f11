/* command_run.c - `hybridsim run`: options, the runs one after another, the comparison, the reports. */
#include "cli/commands.h"
#include "cli/run_process.h"
#include "cli/spec_path.h"
#include "core/isa.h"
#include "reports/report.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_LIST = 64 };

struct run_options {
    struct run_program program;
    const char *writable[MAX_LIST], *warnings[MAX_LIST];
    const char *isas[MAX_LIST];
    int isa_count;
    const char *machine;
    const char *reports[MAX_LIST];
    int report_count;
    bool no_baseline, quiet, help;
    enum report_scope scope;
    int top;
};

static const char usage[] =
    "Usage: hybridsim run [OPTION...] SCRIPT|-m MODULE|-c CODE|- [ARGUMENT...]\n\n"
    "Runs the program under the baseline (stack) and every ISA asked for, for real, and compares them. What the program\n"
    "prints is on stdout; the comparison follows on stderr. The exit status is the program's.\n\n"
    "  --isa SPEC        an instruction set: a YAML file or a name of the shipped ones; may be repeated\n"
    "  --machine SPEC    use this machine instead of the ISAs' own\n"
    "  --no-baseline     run only the ISAs given with --isa\n"
    "  --report FILE     write the report: .txt, .json, .csv or .md; - is text on stdout; may be repeated\n"
    "  --scope WHAT      headline figures cover 'all' code executed (default) or the 'script' only\n"
    "  --top N           length of the list of top instructions (default 10)\n"
    "  --quiet           print nothing but what the program prints\n"
    "  --python PATH     the CPython 3.11 that compiles (else HYBRIDSIM_PYTHON, $VIRTUAL_ENV's, /usr/bin's, PATH's)\n"
    "  --allow-write DIR the program may change files below DIR too, not only below its own and the temporary folder;\n"
    "                    may be repeated\n"
    "  --no-files        the program may neither read nor write files\n"
    "  --allow-native    module ctypes may load any library and call any C function, not only harmless ones of libc and libm\n"
    "  --own-clock       each ISA's run sees its own simulated time; what they print is then not compared\n"
    "  --host-clock      time inside the program is the host's, not simulated\n"
    "  -W FILTER         what becomes of warnings, as with python3, after what PYTHONWARNINGS says; may be repeated\n"
    "  -m MODULE, -c CODE, -   as with python3; a .pyc file can be the script\n\n"
    "With several ISAs the program runs once for each: output and exit status have to be the same (else exit 70), input,\n"
    "clock and entropy are those of the first run, and what a run did to files is undone before the next one.\n"
    "Exit: 2 wrong use, 3 unsupported Python, 70 runs differ, 130 interrupted (the report covers what had run).\n";

enum { OPTION_ISA = 256, OPTION_MACHINE, OPTION_NO_BASELINE, OPTION_REPORT, OPTION_SCOPE, OPTION_TOP, OPTION_PYTHON,
       OPTION_ALLOW_WRITE, OPTION_ALLOW_NATIVE, OPTION_NO_FILES, OPTION_OWN_CLOCK, OPTION_HOST_CLOCK };

static bool list_add(const char **list, int *count, const char *item, const char *what, struct diag *diag)
{
    if (*count == MAX_LIST)
        return diag_error(diag, NULL, 0, 0, "too many %s: at most %d", what, MAX_LIST);
    list[(*count)++] = item;
    return true;
}

static bool parse_top(const char *text, int *top, struct diag *diag)
{
    char *end;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (errno || *end || end == text || value < 0 || value > 1000)
        return diag_error(diag, NULL, 0, 0, "--top: found '%s', expected a number from 0 to 1000", text);
    *top = (int)value;
    return true;
}

static bool parse_option(int option, struct run_options *options, struct diag *diag)
{
    switch (option) {
    case OPTION_ISA:
        return list_add(options->isas, &options->isa_count, optarg, "ISAs", diag);
    case OPTION_REPORT:
        return list_add(options->reports, &options->report_count, optarg, "reports", diag);
    case OPTION_MACHINE:
        options->machine = optarg;
        return true;
    case OPTION_NO_BASELINE:
        options->no_baseline = true;
        return true;
    case OPTION_ALLOW_WRITE:
        options->program.writable = options->writable;
        return list_add(options->writable, &options->program.writable_count, optarg, "folders", diag);
    case OPTION_ALLOW_NATIVE:
        options->program.native_code = true;
        return true;
    case OPTION_NO_FILES:
        options->program.no_files = true;
        return true;
    case OPTION_OWN_CLOCK:
        options->program.own_clock = true;
        return true;
    case OPTION_HOST_CLOCK:
        options->program.host_clock = true;
        return true;
    case OPTION_PYTHON:
        options->program.python = optarg;
        return true;
    case OPTION_TOP:
        return parse_top(optarg, &options->top, diag);
    case OPTION_SCOPE:
        if (strcmp(optarg, "all") != 0 && strcmp(optarg, "script") != 0)
            return diag_error(diag, NULL, 0, 0, "--scope: found '%s', expected 'all' or 'script'", optarg);
        options->scope = optarg[0] == 's' ? SCOPE_SCRIPT : SCOPE_ALL;
        return true;
    case 'q':
        options->quiet = true;
        return true;
    case 'h':
        options->help = true;
        return true;
    case 'W':
        return list_add(options->warnings, &options->program.warning_count, optarg, "filters of warnings", diag);
    case 'm':
        options->program.module = optarg;
        return true;
    case 'c':
        options->program.command = optarg;
        return true;
    default: /* getopt has printed what is wrong */
        fputs("hybridsim: see 'hybridsim run --help'\n", stderr);
        return false;
    }
}

/* PYTHONWARNINGS: filters with commas between them. They live as long as the process. */
static bool warnings_of_environment(struct run_options *options, struct diag *diag)
{
    const char *text = getenv("PYTHONWARNINGS");
    char *copy = text ? strdup(text) : NULL, *rest = copy;
    options->program.warnings = options->warnings;
    for (const char *filter; rest && (filter = strsep(&rest, ","));)
        if (*filter && !list_add(options->warnings, &options->program.warning_count, filter, "filters of warnings", diag))
            return false;
    return true;
}

static char *read_standard_input(void)
{
    struct buffer text = {0};
    char bytes[4096];
    ssize_t size;
    while ((size = read(STDIN_FILENO, bytes, sizeof bytes)) > 0)
        buffer_add(&text, bytes, (size_t)size);
    if (!text.bytes)
        buffer_add_text(&text, "");
    return text.bytes;
}

/* Options end at the script, -m or -c: what follows is the program's. */
static bool parse_options(int argc, char **argv, struct run_options *options, struct diag *diag)
{
    static const struct option names[] = {
        {"isa", required_argument, NULL, OPTION_ISA},       {"machine", required_argument, NULL, OPTION_MACHINE},
        {"report", required_argument, NULL, OPTION_REPORT}, {"no-baseline", no_argument, NULL, OPTION_NO_BASELINE},
        {"scope", required_argument, NULL, OPTION_SCOPE},   {"top", required_argument, NULL, OPTION_TOP},
        {"allow-write", required_argument, NULL, OPTION_ALLOW_WRITE}, {"no-files", no_argument, NULL, OPTION_NO_FILES},
        {"allow-native", no_argument, NULL, OPTION_ALLOW_NATIVE},
        {"own-clock", no_argument, NULL, OPTION_OWN_CLOCK}, {"host-clock", no_argument, NULL, OPTION_HOST_CLOCK},
        {"python", required_argument, NULL, OPTION_PYTHON}, {"quiet", no_argument, NULL, 'q'},
        {"help", no_argument, NULL, 'h'},                   {NULL, 0, NULL, 0}};
    static char name[] = "hybridsim run"; /* what getopt calls us */
    argv[0] = name;
    optind = 0; /* glibc: start anew */
    struct run_program *program = &options->program;
    if (!warnings_of_environment(options, diag))
        return false;
    while (!program->module && !program->command) {
        int option = getopt_long(argc, argv, "+hqm:c:W:", names, NULL);
        if (option < 0)
            break;
        if (!parse_option(option, options, diag))
            return false;
    }
    if (options->help)
        return true;
    if (!program->module && !program->command) {
        if (optind >= argc)
            return diag_error(diag, NULL, 0, 0, "no program: expected a script, -m MODULE, -c CODE or -");
        program->script = argv[optind++];
        if (strcmp(program->script, "-") == 0) {
            program->script = NULL;
            program->command = read_standard_input();
            program->command_is_stdin = true;
        }
    }
    program->arguments = argv + optind;
    program->argument_count = argc - optind;
    program->no_report = options->quiet && !options->report_count;
#ifdef HYBRIDSIM_UNCOUNTED
    if (!program->no_report)
        return diag_error(diag, NULL, 0, 0, "built with HYBRIDSIM_UNCOUNTED: nothing is counted, so only `run --quiet` works");
#endif
    if (options->no_baseline && !options->isa_count)
        return diag_error(diag, NULL, 0, 0, "--no-baseline without --isa: nothing to run");
    return true;
}

struct run_list {
    struct isa *isas[MAX_LIST + 1];
    struct run_outcome outcomes[MAX_LIST + 1];
    int isa_count, done;
};

/* Loads the spec unless it is in the list already: the same file under another name is not run twice. */
static bool add_isa(struct run_list *list, const char *name, const char *machine, char **known, struct diag *diag)
{
    char *path = spec_path_isa(name, diag);
    if (!path)
        return false;
    char *real = realpath(path, NULL);
    for (int i = 0; real && i < list->isa_count; i++)
        if (known[i] && strcmp(known[i], real) == 0) {
            free(real);
            free(path);
            return true;
        }
    struct isa *isa = isa_load(path, machine, diag);
    free(path);
    if (!isa) {
        free(real);
        return false;
    }
    known[list->isa_count] = real;
    list->isas[list->isa_count++] = isa;
    return true;
}

static bool load_isas(const struct run_options *options, struct run_list *list, struct diag *diag)
{
    char *known[MAX_LIST + 1] = {NULL};
    char *machine = NULL;
    bool loaded = !options->machine || (machine = spec_path_machine(options->machine, diag)) != NULL;
    if (loaded && !options->no_baseline)
        loaded = add_isa(list, "stack", machine, known, diag);
    for (int i = 0; i < options->isa_count; i++) /* go on after an error: all specs' errors at once */
        loaded &= add_isa(list, options->isas[i], machine, known, diag);
    for (int i = 0; i < list->isa_count; i++)
        free(known[i]);
    free(machine);
    return loaded;
}

static int report_death(const struct run_outcome *outcome, const struct isa *isa)
{
    fprintf(stderr, "hybridsim: error: the run under ISA '%s' died of signal %d (%s) before it could report\n", isa->name,
            outcome->died_of, strsignal(outcome->died_of));
    return EXIT_DIFFERENCE;
}

/* What a run's outcome means for the whole: 0, or hybridsim's exit status. */
static int judge_run(struct run_set *set, struct run_list *list, struct diag *diag)
{
    const struct run_outcome *outcome = &list->outcomes[list->done], *first = &list->outcomes[0];
    const struct isa *isa = list->isas[list->done];
    if (outcome->died_of && outcome->died_of != run_set_signal(set))
        return report_death(outcome, isa);
    if (outcome->unsupported && list->done == 0)
        return EXIT_UNSUPPORTED;
    if (list->done == 0 || run_set_signal(set) || outcome->interrupted)
        return 0;
    if (run_set_compares_nothing(set))
        return 0;
    bool same = run_set_compare(set, isa, list->isas[0], diag);
    if (outcome->exit_status != first->exit_status)
        same = diag_error(diag, NULL, 0, 0, "exit status under ISA '%s' differs from that under '%s': %d instead of %d",
                          isa->name, list->isas[0]->name, outcome->exit_status, first->exit_status);
    return same ? 0 : EXIT_DIFFERENCE;
}

/* Makes the runs. `failed` is the exit status when the first could not start or the runs do not agree, else 0. */
static int make_runs(struct run_set *set, struct run_list *list, struct diag *diag)
{
    while (list->done < list->isa_count) {
        struct run_outcome *outcome = &list->outcomes[list->done];
        *outcome = run_set_next(set);
        if (!outcome->started)
            return outcome->exit_status;
        int failed = judge_run(set, list, diag);
        if (failed)
            return failed;
        bool stop = outcome->interrupted || run_set_signal(set) || run_set_output_closed(set);
        if (outcome->timing && (list->done == 0 || !stop))
            list->done++;
        else
            stop = true;
        if (stop)
            break;
    }
    return 0;
}

static void write_reports(const struct run_options *options, const struct report *report, struct report_file *files,
                          int *status, struct diag *diag)
{
    bool on_stdout = false;
    for (int i = 0; i < options->report_count; i++) {
        on_stdout |= strcmp(options->reports[i], "-") == 0;
        if (!report_file_write(&files[i], report, diag))
            *status = EXIT_USER_ERROR;
    }
    if (options->quiet || on_stdout)
        return;
    struct buffer text = {0};
    report_render_text(report, &text);
    fwrite("\n", 1, 1, stderr);
    fwrite(text.bytes, 1, text.size, stderr);
    buffer_free(&text);
}

static int report_runs(const struct run_options *options, struct run_set *set, const struct run_list *list,
                       struct report_file *files, struct diag *diag)
{
    const struct run_program *program = &options->program;
    struct report_run runs[MAX_LIST + 1];
    for (int i = 0; i < list->done; i++)
        runs[i] = (struct report_run){list->outcomes[i].timing, i == 0};
    int status = list->outcomes[0].exit_status;
    int asked_to_stop = run_set_signal(set);
    bool interrupted = asked_to_stop != 0;
    bool ended_by_interrupt = list->outcomes[0].interrupted || (asked_to_stop && list->done < list->isa_count);
    for (int i = 0; i < list->isa_count; i++)
        interrupted |= list->outcomes[i].interrupted;
    if (ended_by_interrupt)
        status = asked_to_stop ? 128 + asked_to_stop : EXIT_INTERRUPTED;
    struct report report = {
        .program = program->script ? program->script : program->module ? program->module : program->command,
        .kind = program->script ? "script" : program->module ? "module" : "command",
        .arguments = program->arguments,
        .argument_count = program->argument_count,
        .exit_status = status,
        .interrupted = interrupted,
        .scope = options->scope,
        .top = options->top,
        .run_count = list->done,
        .runs = runs,
    };
    if (list->done || interrupted)
        write_reports(options, &report, files, &status, diag);
    else if (!options->quiet)
        fputs("hybridsim: the program ended its process itself: no report\n", stderr);
    return status;
}

static int run_program(const struct run_options *options, struct run_list *list, struct diag *diag)
{
    struct report_file files[MAX_LIST];
    int opened = 0, status = EXIT_USER_ERROR;
    struct run_set *set = NULL;
    while (opened < options->report_count) {
        if (!report_file_open(&files[opened], options->reports[opened], diag))
            goto end;
        opened++;
    }
    set = run_set_new(&options->program, list->isas, list->isa_count, diag);
    if (!set)
        goto end;
    status = make_runs(set, list, diag);
    if (!status)
        status = report_runs(options, set, list, files, diag);
end:
    for (int i = 0; i < opened; i++)
        report_file_abandon(&files[i]);
    if (set)
        run_set_free(set);
    return status;
}

int command_run(int argc, char **argv)
{
    struct run_options options = {.top = 10};
    struct run_list list = {.isa_count = 0};
    struct diag diag;
    int status = EXIT_USER_ERROR;
    diag_init(&diag);
    if (parse_options(argc, argv, &options, &diag)) {
        if (options.help) {
            fputs(usage, stdout);
            status = EXIT_SUCCESS;
        } else if (load_isas(&options, &list, &diag)) {
            status = run_program(&options, &list, &diag);
        }
    }
    diag_print(&diag, stderr);
    diag_free(&diag);
    for (int i = 0; i < list.isa_count; i++) {
        timing_result_free(list.outcomes[i].timing);
        isa_free(list.isas[i]);
    }
    return status;
}
