/* command_compare.c - `hybridsim compare`: programs against instruction sets, in one table. */
#include "cli/chart_files.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/compare_runs.h"
#include "cli/nearest_name.h"
#include "cli/terminal.h"
#include "cli/workload_list.h"
#include "reports/page_provenance.h"
#include "reports/report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "Usage: hybridsim compare [OPTION...] PROGRAM...\n\n"
    "Runs every program under the baseline (stack) and every ISA asked for, and prints one table: programs by ISAs, any counter,\n"
    "with ratios, geometric means and the least of each row marked. A PROGRAM is a script, or a script and its arguments in one\n"
    "pair of quotes: \"prog.py 100\"; also \"-m module\" and \"-c 'code'\". A saved run (run.json, of --save) stands for its\n"
    "program. What the programs print is not shown.\n\n"
    "Options:\n"
    "  --metric NAME     what is compared (default cycles): cycles, instructions, static_instructions, code_bytes, energy, area,\n"
    "                    or another counter of the JSON report, as events.taken, work.bytes, cycle_stack.base, by_category.calls,\n"
    "                    by_instruction.LOAD_FAST, native.sorted; the last part alone does. At most 8, repeated or with commas\n"
    "  --ratio TO        'isa': to the baseline's column (default); 'program': to the first program's row (default for two\n"
    "                    programs: both); 'both' or 'none'\n"
    "  --baseline ISA    the column that ratios are to (default: the first)\n"
    "  --scope WHAT      'all' that was executed (default) or the 'script' only\n"
    "  --input FILE      every program's standard input (default: empty)\n"
    "  -o, --report FILE write it there: .txt, .json, .csv, .md or .html, by the name; may be repeated\n"
    "  --json            JSON on standard output\n"
    "  --csv             CSV on standard output\n"
    "  --md              Markdown on standard output\n"
    "\nThe programs, and what they run on:\n"
    "  --isa SPEC        an instruction set: a YAML file or a name of the shipped ones; may be repeated\n"
    "  --machine SPEC    use this machine instead of the ISAs' own\n"
    "  --no-baseline     run only the ISAs given with --isa, without the baseline (stack) first\n"
    "  --python PATH     the CPython 3.11 that compiles (else HYBRIDSIM_PYTHON, $VIRTUAL_ENV's, /usr/bin's, PATH's)\n"
    "  --allow-write DIR the programs may change files below DIR too; may be repeated\n"
    "  --no-files        the programs may neither read nor write files\n"
    "  --allow-native    module ctypes may load any library and call any C function\n"
    "  --own-clock       each ISA's run sees its own simulated time; what they print is then not compared\n"
    "  --host-clock      time inside the programs is the host's, not simulated\n"
    "  --workload NAME   one of the programs that `hybridsim workloads` lists; may be repeated\n"
    "  -W FILTER         what becomes of warnings, as with python3; may be repeated\n"
    "  --color WHEN      colour: 'auto' (default: on a terminal, unless NO_COLOR is set), 'always' or 'never'\n"
    "  -h, --help        this text\n\n"
    "Exit: 0 all ran well, 1 a program raised, left with a status or could not start (its figures are marked), 2 wrong use,\n"
    "3 unsupported Python, 70 runs differ, 130 interrupted.\n";

enum compare_format { COMPARE_TEXT, COMPARE_JSON, COMPARE_CSV, COMPARE_MARKDOWN, COMPARE_HTML };

struct compare_options {
    struct program_options run;
    const char *metrics[COMPARISON_MAX_METRICS], *outputs[PROGRAM_MAX_LIST];
    char *programs[COMPARE_MAX_PROGRAMS + 1];
    int metric_count, output_count, program_count;
    const char *baseline, *input;
    unsigned ratios;
    bool has_ratios, script_only;
    enum compare_format format;
    char *command_line;
};

enum { OPTION_METRIC = 256, OPTION_RATIO, OPTION_BASELINE, OPTION_SCOPE, OPTION_INPUT, OPTION_JSON, OPTION_CSV, OPTION_MARKDOWN };

/* Splits at commas; the pieces live as long as the process. */
static bool take_metrics(char *text, struct compare_options *options, struct diag *diag)
{
    for (char *rest = text, *metric; (metric = strsep(&rest, ","));) {
        if (options->metric_count == COMPARISON_MAX_METRICS)
            return diag_error(diag, NULL, 0, 0, "too many metrics: at most %d", COMPARISON_MAX_METRICS);
        options->metrics[options->metric_count++] = metric;
    }
    return true;
}

static bool take_ratio(const char *text, struct compare_options *options, struct diag *diag)
{
    static const char *const names[] = {"none", "isa", "program", "both"};
    for (unsigned i = 0; i < 4; i++)
        if (strcmp(text, names[i]) == 0) {
            options->ratios = i;
            return options->has_ratios = true;
        }
    return diag_error(diag, NULL, 0, 0, "--ratio: found '%s', expected isa, program, both or none", text);
}

static bool format_of(const char *path, enum compare_format *format)
{
    static const char *const suffixes[] = {".txt", ".json", ".csv", ".md", ".html"};
    const char *suffix = strrchr(path, '.');
    for (int i = 0; suffix && i < 5; i++)
        if (strcmp(suffix, suffixes[i]) == 0) {
            *format = (enum compare_format)i;
            return true;
        }
    return false;
}

static bool take_output(const char *path, struct compare_options *options, struct diag *diag)
{
    enum compare_format format;
    if (!format_of(path, &format))
        return diag_error(diag, path, 0, 0, "unknown format: expected a name ending in .txt, .json, .csv, .md or .html");
    return program_list_add(options->outputs, &options->output_count, path, "files", diag);
}

static bool take_program(char *argument, struct compare_options *options, struct diag *diag)
{
    if (options->program_count == COMPARE_MAX_PROGRAMS)
        return diag_error(diag, NULL, 0, 0, "too many programs: at most %d", COMPARE_MAX_PROGRAMS);
    options->programs[options->program_count++] = argument;
    return true;
}

/* "-m module argument", one argument that begins like an option: as it was written. It lives as long as the process. */
static bool take_dashed(int option, const char *rest, struct compare_options *options, struct diag *diag)
{
    char *argument = NULL;
    if (asprintf(&argument, "-%c %s", option, rest) < 0)
        abort();
    return take_program(argument, options, diag);
}

enum { OPERAND = 1 }; /* getopt's answer for an argument that is no option, in the order of the command line */

static bool take_option(int option, struct compare_options *options, bool *known, struct diag *diag)
{
    *known = true;
    switch (option) {
    case OPERAND:
        return take_program(optarg, options, diag);
    case 'm':
    case 'c':
        return take_dashed(option, optarg, options, diag);
    case OPTION_METRIC:
        return take_metrics(optarg, options, diag);
    case OPTION_RATIO:
        return take_ratio(optarg, options, diag);
    case OPTION_BASELINE:
        options->baseline = optarg;
        return true;
    case OPTION_SCOPE:
        return program_parse_scope(optarg, &options->script_only, diag);
    case OPTION_INPUT:
        options->input = optarg;
        return true;
    case OPTION_JSON:
        options->format = COMPARE_JSON;
        return true;
    case OPTION_CSV:
        options->format = COMPARE_CSV;
        return true;
    case OPTION_MARKDOWN:
        options->format = COMPARE_MARKDOWN;
        return true;
    case PROGRAM_OPTION_WORKLOAD: {
        const char *path = workload_find(optarg, diag);
        return path && take_program((char *)(uintptr_t)path, options, diag);
    }
    case 'o':
        return take_output(optarg, options, diag);
    case 'h':
        return options->run.help = true;
    default:
        return program_option(option, &options->run, known, diag);
    }
}

static bool parse_options(int argc, char **argv, struct compare_options *options, struct diag *diag)
{
    static const char short_options[] = "-ho:W:m:c:";
    static const struct option names[] = {
        PROGRAM_LONG_OPTIONS, {"metric", required_argument, NULL, OPTION_METRIC}, {"ratio", required_argument, NULL, OPTION_RATIO},
        {"baseline", required_argument, NULL, OPTION_BASELINE}, {"scope", required_argument, NULL, OPTION_SCOPE},
        {"input", required_argument, NULL, OPTION_INPUT}, {"output", required_argument, NULL, 'o'},
        {"report", required_argument, NULL, 'o'}, {"json", no_argument, NULL, OPTION_JSON}, {"csv", no_argument, NULL, OPTION_CSV},
        {"md", no_argument, NULL, OPTION_MARKDOWN},
        {"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};
    optind = 0;
    opterr = 0;
    if (!program_warnings_of_environment(&options->run, diag))
        return false;
    for (int option; (option = getopt_long(argc, argv, short_options, names, NULL)) >= 0;) {
        bool known = option != '?';
        if (known && !take_option(option, options, &known, diag))
            return false;
        if (!known) {
            option_error("hybridsim compare", argv, short_options, names);
            return false;
        }
    }
    while (optind < argc)
        if (!take_program(argv[optind++], options, diag))
            return false;
    if (!options->metric_count)
        options->metrics[options->metric_count++] = "cycles";
    return true;
}

/* ---- what is compared ---- */

static bool resolve_metrics(const struct compare_options *options, const struct compare_runs *runs, struct comparison *comparison,
                            struct diag *diag)
{
    for (int i = 0; i < options->metric_count; i++) {
        const char *text = options->metrics[i];
        const struct figure *figure = figures_resolve(&runs->known, text);
        if (figure)
            comparison->metrics[i] = *figure;
        else if (strncmp(text, "native.", 7) == 0 && text[7]) /* known only when it has run */
            comparison->metrics[i] = (struct figure){FIGURE_NATIVE, text + 7, 0};
        else
            return diag_error(
                diag, NULL, 0, 0,
                "--metric: found '%s', expected the name of a counter: cycles, instructions, "
                "static_instructions, code_bytes, energy, area, or one of by_category, cycle_stack, "
                "energy_parts, area_parts, events, work, hidden_arithmetic, by_instruction and native, as events.taken",
                text);
    }
    comparison->metric_count = options->metric_count;
    return true;
}

static bool find_baseline(const struct compare_options *options, const struct compare_runs *runs, struct comparison *comparison,
                          struct diag *diag)
{
    struct buffer names = {0};
    for (int i = 0; i < runs->column_count; i++) {
        if (options->baseline && (strcmp(options->baseline, runs->columns[i].label) == 0 ||
                                  strcmp(options->baseline, runs->columns[i].isa) == 0)) {
            comparison->baseline = i;
            buffer_free(&names);
            return true;
        }
        buffer_printf(&names, "%s%s", i ? ", " : "", runs->columns[i].label);
    }
    if (options->baseline)
        diag_error(diag, NULL, 0, 0, "--baseline: found '%s', expected one of the columns: %s", options->baseline,
                   names.bytes ? names.bytes : "none");
    buffer_free(&names);
    return !options->baseline;
}

/* ---- the answer ---- */

static const char *program_list(const struct compare_runs *runs, struct arena *arena)
{
    struct buffer text = {0};
    for (int row = 0; row < runs->row_count; row++)
        buffer_printf(&text, "%s%s", row ? ", " : "", runs->rows[row].label);
    const char *list = arena_copy(arena, text.bytes ? text.bytes : "", text.size);
    buffer_free(&text);
    return list;
}

/* The ISAs that programs ran under, then those of saved runs: each spec once. */
static void add_specs(const struct compare_runs *runs, struct page *page)
{
    const char **seen = ARENA_ARRAY(page_arena(page), const char *, runs->isas.isa_count + COMPARE_MAX_COLUMNS * runs->row_count);
    int count = 0;
    for (int i = 0; i < runs->isas.isa_count; i++) {
        const struct isa *isa = runs->isas.isas[i];
        page_add_spec(page, count, isa->name, isa->machine->name, isa->resolved_text);
        seen[count++] = isa->resolved_text;
    }
    for (int row = 0; row < runs->row_count; row++) {
        const struct saved_file *saved = runs->rows[row].saved;
        for (uint32_t i = 0; saved && i < saved->run_count && i < COMPARE_MAX_COLUMNS; i++) {
            const struct saved_run *run = &saved->runs[i];
            int known = 0;
            while (run->spec && known < count && strcmp(seen[known], run->spec) != 0)
                known++;
            if (!run->spec || known < count)
                continue;
            page_add_spec(page, count, run->isa, run->machine, run->spec);
            seen[count++] = run->spec;
        }
    }
}

static struct page *build_page(const struct comparison *comparison, const struct compare_runs *runs, const char *command_line)
{
    struct page *page = page_new();
    comparison_add_to_page(comparison, page);
    const struct page_fact facts[] = {
        {"command", command_line},
        {"programs", program_list(runs, page_arena(page))},
        {"standard input", runs->input ? runs->input : "empty"},
        {"scope", comparison->script_only ? "the scripts' own code" : "all code that was executed"}};
    page_add_provenance(page, facts, sizeof facts / sizeof *facts);
    add_specs(runs, page);
    return page;
}

static void render_page(const struct comparison *comparison, const struct compare_runs *runs, const char *command_line,
                        struct buffer *text)
{
    struct page *page = build_page(comparison, runs, command_line);
    page_render(page, text);
    page_free(page);
}

static void render(const struct comparison *comparison, const struct compare_runs *runs, const char *command_line,
                   enum compare_format format, struct buffer *text)
{
    switch (format) {
    case COMPARE_TEXT:
        comparison_render_text(comparison, text);
        break;
    case COMPARE_JSON:
        comparison_render_json(comparison, text);
        break;
    case COMPARE_CSV:
        comparison_render_csv(comparison, text);
        break;
    case COMPARE_MARKDOWN:
        comparison_render_markdown(comparison, text);
        break;
    case COMPARE_HTML:
        render_page(comparison, runs, command_line, text);
        break;
    }
}

/* The page's charts beside a Markdown file, which shows them at its end. */
static bool write_charts(const struct compare_options *options, const struct comparison *comparison,
                         const struct compare_runs *runs, const char *path, struct buffer *text, struct diag *diag)
{
    struct page *page = build_page(comparison, runs, options->command_line);
    bool good = chart_files_write(page, path, text, diag);
    page_free(page);
    return good;
}

static bool write_outputs(const struct compare_options *options, struct comparison *comparison, const struct compare_runs *runs,
                          struct report_file *files, struct diag *diag)
{
    bool good = true;
    for (int i = 0; i < options->output_count; i++) {
        struct buffer text = {0};
        enum compare_format format = COMPARE_TEXT;
        format_of(options->outputs[i], &format);
        render(comparison, runs, options->command_line, format, &text);
        if (format == COMPARE_MARKDOWN)
            good &= write_charts(options, comparison, runs, options->outputs[i], &text, diag);
        good &= report_file_write_bytes(&files[i], &text, diag);
        buffer_free(&text);
    }
    if (options->output_count && options->format == COMPARE_TEXT)
        return good;
    struct buffer text = {0};
    comparison->coloured = options->format == COMPARE_TEXT && terminal_is_coloured(options->run.color, stdout);
    render(comparison, runs, options->command_line, options->format, &text);
    if ((fwrite(text.bytes, 1, text.size, stdout) != text.size || fflush(stdout) != 0) && errno != EPIPE)
        good = diag_error(diag, "standard output", 0, 0, "cannot write: %s", strerror(errno));
    buffer_free(&text);
    return good;
}

static bool compare(const struct compare_options *options, struct compare_runs *runs, struct report_file *files, struct diag *diag)
{
    const char *programs[COMPARE_MAX_PROGRAMS], *isas[COMPARE_MAX_COLUMNS];
    struct comparison comparison = {.script_only = options->script_only, .programs = programs, .isas = isas,
                                    .program_count = runs->row_count, .isa_count = runs->column_count};
    if (!resolve_metrics(options, runs, &comparison, diag) || !find_baseline(options, runs, &comparison, diag))
        return false;
    compare_runs_make(runs);
    comparison.ratios = options->has_ratios ? options->ratios : runs->row_count == 2 ? RATIO_ISA | RATIO_PROGRAM : RATIO_ISA;
    struct comparison_cell *cells = ARENA_ARRAY(runs->arena, struct comparison_cell, runs->row_count * runs->column_count + 1);
    for (int row = 0; row < runs->row_count; row++) {
        programs[row] = runs->rows[row].label;
        for (int column = 0; column < runs->column_count; column++)
            cells[row * runs->column_count + column] = runs->rows[row].cells[column];
    }
    for (int column = 0; column < runs->column_count; column++)
        isas[column] = runs->columns[column].label;
    comparison.cells = cells;
    return write_outputs(options, &comparison, runs, files, diag);
}

static int compare_programs(struct compare_options *options, char **arguments, int count, struct diag *diag)
{
    struct compare_runs *runs = calloc(1, sizeof *runs);
    struct report_file files[PROGRAM_MAX_LIST];
    int opened = 0, status = EXIT_USER_ERROR;
    if (!runs)
        abort();
    runs->options = &options->run;
    runs->input = options->input;
    runs->script_only = options->script_only;
    bool good = compare_runs_load(runs, arguments, count, diag);
    for (; good && opened < options->output_count; opened++)
        good = report_file_open_any(&files[opened], options->outputs[opened], diag);
    if (good && compare(options, runs, files, diag))
        status = runs->status;
    for (int i = 0; i < opened; i++)
        report_file_abandon(&files[i]);
    compare_runs_free(runs);
    free(runs);
    return status;
}

int command_compare(int argc, char **argv)
{
    struct compare_options options = {.format = COMPARE_TEXT, .command_line = command_line_text(argc, argv)};
    struct diag diag;
    int status = EXIT_USER_ERROR;
    diag_init(&diag);
    if (parse_options(argc, argv, &options, &diag)) {
        if (options.run.help) {
            terminal_print_help(usage, stdout);
            status = EXIT_SUCCESS;
        } else {
            status = compare_programs(&options, options.programs, options.program_count, &diag);
        }
    }
    terminal_print_errors(&diag, stderr);
    diag_free(&diag);
    free(options.command_line);
    return status;
}
