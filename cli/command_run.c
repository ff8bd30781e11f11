/* command_run.c - `hybridsim run`: options, the runs one after another, the comparison, the reports. */
#include "cli/commands.h"
#include "cli/program_run.h"
#include "cli/report_output.h"
#include "cli/save_profile.h"
#include "cli/save_run.h"
#include "cli/tally_run.h"
#include "reports/report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct run_options {
    struct program_options run;
    struct report_output reports;
    const char *profile; /* --save-profile */
    bool quiet;
    enum report_scope scope;
    int top;
};

static const char usage[] =
    "Usage: hybridsim run [OPTION...] SCRIPT|-m MODULE|-c CODE|- [ARGUMENT...]\n\n"
    "Runs the program under the baseline (stack) and every ISA asked for, for real, and compares them. What the program\n"
    "prints is on stdout; the comparison follows on stderr. With several ISAs the program runs once for each: output and exit\n"
    "status have to be the same (else exit 70), input, clock and entropy are those of the first run, and what a run did to files\n"
    "is undone before the next one. When it is interrupted, the report covers what had run.\n\n"
    "Options:\n"
    "  --report FILE     write the report: .html, .txt, .json, .csv or .md; - is text on stdout; may be repeated\n"
    "  --save FILE.json  keep the run, down to lines and instructions, for `hybridsim diff` and `compare`\n"
    "  --save-profile FILE.hsp  keep the run under the one ISA given (default: hybrid) for sweeps, which then need neither\n"
    "                    the program nor CPython (docs/sweep.md); the program has no input\n"
    "  --scope WHAT      headline figures cover 'all' code executed (default) or the 'script' only\n"
    "  --top N           length of the list of top instructions (default 10)\n"
    "  --quiet           print nothing but what the program prints\n";

enum { OPTION_SCOPE = 256, OPTION_TOP, OPTION_SAVE_PROFILE };

static bool take_option(int option, void *context, bool *known, struct diag *diag)
{
    struct run_options *options = context;
    bool script_only;
    switch (option) {
    case PROGRAM_OPTION_REPORT:
        return report_output_add(&options->reports, optarg, diag);
    case OPTION_TOP:
        return program_parse_top(optarg, &options->top, diag);
    case OPTION_SCOPE:
        if (!program_parse_scope(optarg, &script_only, diag))
            return false;
        options->scope = script_only ? SCOPE_SCRIPT : SCOPE_ALL;
        return true;
    case OPTION_SAVE_PROFILE:
        options->profile = optarg;
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
        PROGRAM_LONG_OPTIONS, PROGRAM_SAVE_OPTION, PROGRAM_REPORT_OPTION,
        {"save-profile", required_argument, NULL, OPTION_SAVE_PROFILE},
        {"scope", required_argument, NULL, OPTION_SCOPE}, {"top", required_argument, NULL, OPTION_TOP},
        {"quiet", no_argument, NULL, 'q'}, {"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};
    static const struct program_command command = {"run", "+hq" PROGRAM_SHORT_OPTIONS, names, take_option};
    if (!program_parse(argc, argv, &command, &options->run, options, diag))
        return false;
    if (options->run.help)
        return true;
    struct run_program *program = &options->run.program;
    static const struct tally_style style = {false};
    program->no_report = options->quiet && !options->reports.count && !options->run.save && !options->profile;
    if (options->run.save) {
        program->describe = tally_describe_run;
        program->describe_context = &style;
    }
#ifdef HYBRIDSIM_UNCOUNTED
    if (!program->no_report)
        return diag_error(diag, NULL, 0, 0, "built with HYBRIDSIM_UNCOUNTED: nothing is counted, so only `run --quiet` works");
#endif
    return true;
}

static void write_reports(struct run_options *options, const struct report *report, const struct run_list *list, int *status,
                          struct diag *diag)
{
    bool on_stdout = false;
    for (int i = 0; i < options->reports.count; i++)
        on_stdout |= strcmp(options->reports.paths[i], "-") == 0;
    if (!report_output_write(&options->reports, report, &options->run, list, diag))
        *status = EXIT_USER_ERROR;
    if (options->quiet || on_stdout)
        return;
    struct buffer text = {0};
    report_render_text(report, &text);
    fwrite("\n", 1, 1, stderr);
    terminal_print_tables(text.bytes, text.size, options->run.color, stderr);
    buffer_free(&text);
}

static int report_runs(struct run_options *options, struct run_set *set, const struct run_list *list, struct report_file *saved,
                       struct diag *diag)
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
        .is_stdin = program->command_is_stdin,
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
        write_reports(options, &report, list, &status, diag);
    else if (!options->quiet)
        fprintf(stderr, "hybridsim: %s: no report\n", run_list_absence(list));
    return save_described_runs(&options->run, "run", set, list, saved, diag) ? status : EXIT_USER_ERROR;
}

static int run_program(struct run_options *options, struct run_list *list, struct diag *diag)
{
    struct report_file saved = {.fd = -1};
    struct save_profile profile = {.file = {.fd = -1}};
    int status = EXIT_USER_ERROR;
    struct run_set *set = NULL;
    if (!(options->profile ? save_profile_prepare(&profile, options->profile, &options->run, list, diag)
                           : run_list_load(&options->run, list, diag)))
        goto end;
    if (!save_open(&options->run, &saved, diag) || !report_output_open(&options->reports, &options->run.program, diag))
        goto end;
    set = run_set_new(&options->run.program, list->isas, list->isa_count, diag);
    if (!set)
        goto end;
    status = run_list_make(set, list, diag);
    bool kept = status || !options->profile || save_profile_finish(&profile, list, diag);
    if (!status)
        status = report_runs(options, set, list, &saved, diag);
    if (!kept)
        status = EXIT_USER_ERROR;
end:
    save_profile_close(&profile);
    report_file_abandon(&saved);
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
    report_output_init(&options.reports, argc, argv);
    if (parse_options(argc, argv, &options, &diag)) {
        if (options.run.help) {
            program_print_help(usage);
            status = EXIT_SUCCESS;
        } else {
            status = run_program(&options, &list, &diag);
        }
    }
    terminal_print_errors(&diag, stderr);
    diag_free(&diag);
    report_output_close(&options.reports);
    run_list_free(&list);
    return status;
}
