/* command_run.c - `hybridsim run`: options, the runs one after another, the comparison, the reports. */
#include "cli/commands.h"
#include "cli/program_run.h"
#include "reports/report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct run_options {
    struct program_options run;
    const char *reports[PROGRAM_MAX_LIST];
    int report_count;
    bool quiet;
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

enum { OPTION_REPORT = 256, OPTION_SCOPE, OPTION_TOP };

static bool take_option(int option, void *context, bool *known, struct diag *diag)
{
    struct run_options *options = context;
    bool script_only;
    switch (option) {
    case OPTION_REPORT:
        return program_list_add(options->reports, &options->report_count, optarg, "reports", diag);
    case OPTION_TOP:
        return program_parse_top(optarg, &options->top, diag);
    case OPTION_SCOPE:
        if (!program_parse_scope(optarg, &script_only, diag))
            return false;
        options->scope = script_only ? SCOPE_SCRIPT : SCOPE_ALL;
        return true;
    case 'q':
        options->quiet = true;
        return true;
    default:
        *known = false;
        return true;
    }
}

/* Options end at the script, -m or -c: what follows is the program's. */
static bool parse_options(int argc, char **argv, struct run_options *options, struct diag *diag)
{
    static const struct option names[] = {
        PROGRAM_LONG_OPTIONS, {"report", required_argument, NULL, OPTION_REPORT},
        {"scope", required_argument, NULL, OPTION_SCOPE}, {"top", required_argument, NULL, OPTION_TOP},
        {"quiet", no_argument, NULL, 'q'}, {"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};
    static const struct program_command command = {"run", "+hq" PROGRAM_SHORT_OPTIONS, names, take_option};
    if (!program_parse(argc, argv, &command, &options->run, options, diag))
        return false;
    if (options->run.help)
        return true;
    struct run_program *program = &options->run.program;
    program->no_report = options->quiet && !options->report_count;
#ifdef HYBRIDSIM_UNCOUNTED
    if (!program->no_report)
        return diag_error(diag, NULL, 0, 0, "built with HYBRIDSIM_UNCOUNTED: nothing is counted, so only `run --quiet` works");
#endif
    return true;
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
    const struct run_program *program = &options->run.program;
    struct report_run runs[PROGRAM_MAX_LIST + 1];
    for (int i = 0; i < list->done; i++)
        runs[i] = (struct report_run){list->outcomes[i].timing, i == 0};
    bool interrupted;
    int status = run_list_status(set, list, &interrupted);
    struct report report = {
        .program = program_name(program),
        .kind = program_kind(program),
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
    struct report_file files[PROGRAM_MAX_LIST];
    int opened = 0, status = EXIT_USER_ERROR;
    struct run_set *set = NULL;
    while (opened < options->report_count) {
        if (!report_file_open(&files[opened], options->reports[opened], diag))
            goto end;
        opened++;
    }
    set = run_set_new(&options->run.program, list->isas, list->isa_count, diag);
    if (!set)
        goto end;
    status = run_list_make(set, list, diag);
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
        if (options.run.help) {
            fputs(usage, stdout);
            status = EXIT_SUCCESS;
        } else if (run_list_load(&options.run, &list, &diag)) {
            status = run_program(&options, &list, &diag);
        }
    }
    diag_print(&diag, stderr);
    diag_free(&diag);
    run_list_free(&list);
    return status;
}
