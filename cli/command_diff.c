/* command_diff.c - `hybridsim diff`: what changed between two saved runs. */
#include "cli/commands.h"
#include "cli/nearest_name.h"
#include "cli/program_run.h"
#include "cli/terminal.h"
#include "reports/report.h"
#include "reports/run_diff.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char usage[] =
    "Usage: hybridsim diff [OPTION...] BEFORE.json[:ISA] AFTER.json[:ISA]\n\n"
    "Shows what changed between two saved runs (--save of run, count and profile): totals, parts of the cycle stack,\n"
    "categories, instructions, functions, lines, events and work, the largest change first. Runs under the same ISA are compared\n"
    "with each other; :ISA takes one of a file's runs, so that `diff run.json:stack run.json:hybrid` compares two of one file.\n\n"
    "Options:\n"
    "  --by WHAT         only this table: total, cycles, category, instruction, function, line, event, work or native; may be\n"
    "                    repeated (default: all)\n"
    "  --metric WHAT     of instructions, functions and lines: 'cycles' or 'instructions' (default: instructions by\n"
    "                    instruction, cycles by function and line)\n"
    "  --scope WHAT      'all' that was executed (default) or the 'script' only\n"
    "  --limit N         rows of each table (default 20 for text, 0 for data; 0: all)\n"
    "  --all             rows that did not change, too\n"
    "  -o FILE           write it there: .txt, .json or .csv, by the name\n"
    "  --json            JSON on standard output\n"
    "  --csv             CSV on standard output\n"
    "  --color WHEN      colour: 'auto' (default: on a terminal, unless NO_COLOR is set), 'always' or 'never'\n"
    "  -h, --help        this text\n\n"
    "Exit: 0 nothing changed, 1 something did, 2 wrong use, or a file that is no saved run.\n";

enum diff_format { DIFF_TEXT, DIFF_JSON, DIFF_CSV };

struct diff_options {
    struct diff_request request;
    const char *output;
    enum diff_format format;
    enum color_mode color;
    bool has_limit, help;
};

enum { EXIT_CHANGED = 1, MAX_PAIRS = 64 };
enum { OPTION_BY = 256, OPTION_METRIC, OPTION_SCOPE, OPTION_LIMIT, OPTION_ALL, OPTION_JSON, OPTION_CSV, OPTION_COLOR };

static bool take_by(const char *text, struct diff_request *request, struct diag *diag)
{
    for (int i = 0; i < DIFF_BY_COUNT; i++)
        if (strcmp(text, diff_by_names[i]) == 0) {
            request->by |= 1u << i;
            return true;
        }
    return diag_error(diag, NULL, 0, 0, "--by: found '%s', expected total, cycles, category, instruction, function, line, event, "
                      "work or native", text);
}

static bool take_metric(const char *text, struct diff_request *request, struct diag *diag)
{
    request->metric = strcmp(text, "cycles") == 0 ? DIFF_METRIC_CYCLES : DIFF_METRIC_INSTRUCTIONS;
    return request->metric == DIFF_METRIC_CYCLES || strcmp(text, "instructions") == 0 ||
           diag_error(diag, NULL, 0, 0, "--metric: found '%s', expected 'cycles' or 'instructions'", text);
}

static bool take_scope(const char *text, struct diff_request *request, struct diag *diag)
{
    bool script_only = false;
    bool good = program_parse_scope(text, &script_only, diag);
    request->scope = script_only ? SCOPE_SCRIPT : SCOPE_ALL;
    return good;
}

static bool take_limit(const char *text, struct diff_options *options, struct diag *diag)
{
    char *end;
    errno = 0;
    long number = strtol(text, &end, 10);
    if (errno || *end || end == text || number < 0 || number > 1000000)
        return diag_error(diag, NULL, 0, 0, "--limit: found '%s', expected a number from 0 to 1000000", text);
    options->request.limit = (int)number;
    return options->has_limit = true;
}

static bool take_output(const char *path, struct diff_options *options, struct diag *diag)
{
    const char *suffix = strrchr(path, '.');
    options->output = path;
    suffix = suffix ? suffix : "";
    options->format = strcmp(suffix, ".json") == 0 ? DIFF_JSON : strcmp(suffix, ".csv") == 0 ? DIFF_CSV : DIFF_TEXT;
    return options->format != DIFF_TEXT || strcmp(suffix, ".txt") == 0 ||
           diag_error(diag, path, 0, 0, "unknown format: expected a name ending in .txt, .json or .csv");
}

static bool take_option(int option, struct diff_options *options, struct diag *diag)
{
    switch (option) {
    case OPTION_BY:
        return take_by(optarg, &options->request, diag);
    case OPTION_METRIC:
        return take_metric(optarg, &options->request, diag);
    case OPTION_SCOPE:
        return take_scope(optarg, &options->request, diag);
    case OPTION_LIMIT:
        return take_limit(optarg, options, diag);
    case OPTION_ALL:
        return options->request.unchanged = true;
    case OPTION_JSON:
        options->format = DIFF_JSON;
        return true;
    case OPTION_CSV:
        options->format = DIFF_CSV;
        return true;
    case OPTION_COLOR:
        return terminal_parse_color(optarg, &options->color, diag);
    case 'o':
        return take_output(optarg, options, diag);
    default:
        return options->help = true;
    }
}

static bool parse_options(int argc, char **argv, struct diff_options *options, struct diag *diag)
{
    static const char short_options[] = "ho:";
    static const struct option names[] = {
        {"by", required_argument, NULL, OPTION_BY}, {"metric", required_argument, NULL, OPTION_METRIC},
        {"scope", required_argument, NULL, OPTION_SCOPE}, {"limit", required_argument, NULL, OPTION_LIMIT},
        {"all", no_argument, NULL, OPTION_ALL}, {"output", required_argument, NULL, 'o'}, {"json", no_argument, NULL, OPTION_JSON},
        {"csv", no_argument, NULL, OPTION_CSV}, {"color", required_argument, NULL, OPTION_COLOR}, {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0}};
    optind = 0;
    opterr = 0;
    for (int option; (option = getopt_long(argc, argv, short_options, names, NULL)) >= 0;) {
        if (option == '?') {
            option_error("hybridsim diff", argv, short_options, names);
            return false;
        }
        if (!take_option(option, options, diag))
            return false;
    }
    if (!options->request.by)
        options->request.by = (1u << DIFF_BY_COUNT) - 1;
    if (!options->has_limit && options->format == DIFF_TEXT)
        options->request.limit = 20;
    return options->help || argc - optind == 2 ||
           diag_error(diag, NULL, 0, 0, "found %d saved runs, expected two: before and after", argc - optind);
}

/* ---- which runs ---- */

struct named_file {
    struct saved_file *file;
    const char *isa; /* NULL: not named */
};

/* "run.json:hybrid" is a run of run.json, unless there is a file of that name. */
static bool read_argument(char *argument, struct named_file *named, struct diag *diag)
{
    struct stat status;
    char *colon = strrchr(argument, ':');
    *named = (struct named_file){NULL, NULL};
    if (colon && stat(argument, &status) != 0) {
        *colon = 0;
        named->isa = colon + 1;
    }
    named->file = saved_file_read(argument, diag);
    return named->file != NULL;
}

static const struct saved_run *run_of(const struct saved_file *file, const char *isa)
{
    for (uint32_t i = 0; i < file->run_count; i++)
        if (strcmp(file->runs[i].isa, isa) == 0)
            return &file->runs[i];
    return NULL;
}

static bool no_such_run(const struct saved_file *file, const char *isa, struct diag *diag)
{
    struct buffer names = {0};
    for (uint32_t i = 0; i < file->run_count; i++)
        buffer_printf(&names, "%s%s", i ? ", " : "", file->runs[i].isa);
    diag_error(diag, file->path, 0, 0, "found no run under ISA '%s'; there are: %s", isa, names.bytes ? names.bytes : "none");
    buffer_free(&names);
    return false;
}

/* The only run, the named one, or the one under the other side's ISA. */
static const struct saved_run *choose(const struct named_file *named, const struct named_file *other)
{
    if (named->isa)
        return run_of(named->file, named->isa);
    if (named->file->run_count == 1)
        return &named->file->runs[0];
    if (other->isa)
        return run_of(named->file, other->isa);
    return other->file->run_count == 1 ? run_of(named->file, other->file->runs[0].isa) : NULL;
}

struct pairs {
    struct diff_side before[MAX_PAIRS], after[MAX_PAIRS];
    int count;
};

static bool make_pairs(const struct named_file *before, const struct named_file *after, struct pairs *pairs, struct diag *diag)
{
    const struct named_file *sides[] = {before, after};
    for (int i = 0; i < 2; i++)
        if (sides[i]->isa && !run_of(sides[i]->file, sides[i]->isa))
            return no_such_run(sides[i]->file, sides[i]->isa, diag);
    const struct saved_run *one = choose(before, after), *other = choose(after, before);
    if (one && other) {
        pairs->before[0] = (struct diff_side){before->file, one};
        pairs->after[0] = (struct diff_side){after->file, other};
        pairs->count = 1;
        return true;
    }
    for (uint32_t i = 0; i < before->file->run_count && pairs->count < MAX_PAIRS && !before->isa && !after->isa; i++) {
        const struct saved_run *same = run_of(after->file, before->file->runs[i].isa);
        if (!same)
            continue;
        pairs->before[pairs->count] = (struct diff_side){before->file, &before->file->runs[i]};
        pairs->after[pairs->count++] = (struct diff_side){after->file, same};
    }
    return pairs->count > 0 ||
           diag_error(diag, NULL, 0, 0, "%s and %s have no ISA in common: name the runs, as in %s:ISA", before->file->path,
                      after->file->path, before->file->path);
}

/* ---- the answer ---- */

static bool write_diffs(const struct diff_options *options, const struct run_diff *diffs, int count, struct report_file *file,
                        struct diag *diag)
{
    struct buffer text = {0};
    if (options->format == DIFF_JSON)
        run_diff_render_json(diffs, count, &options->request, &text);
    else if (options->format == DIFF_CSV)
        run_diff_render_csv(diffs, count, &options->request, &text);
    else
        run_diff_render_text(diffs, count, &options->request, &text);
    bool good = true;
    if (options->output)
        good = report_file_write_bytes(file, &text, diag);
    else if ((fwrite(text.bytes, 1, text.size, stdout) != text.size || fflush(stdout) != 0) && errno != EPIPE)
        good = diag_error(diag, "standard output", 0, 0, "cannot write: %s", strerror(errno));
    buffer_free(&text);
    return good;
}

static int diff_files(struct diff_options *options, char **arguments, struct diag *diag)
{
    struct named_file before = {NULL, NULL}, after = {NULL, NULL};
    struct pairs pairs = {.count = 0};
    struct run_diff diffs[MAX_PAIRS];
    struct report_file file = {.fd = -1};
    int status = EXIT_USER_ERROR;
    bool good = read_argument(arguments[0], &before, diag);
    good &= read_argument(arguments[1], &after, diag); /* both files' errors at once */
    good = good && make_pairs(&before, &after, &pairs, diag);
    good = good && (!options->output || report_file_open_any(&file, options->output, diag));
    if (good) {
        bool changed = false;
        options->request.coloured = !options->output && terminal_is_coloured(options->color, stdout);
        for (int i = 0; i < pairs.count; i++) {
            run_diff_build(&options->request, &pairs.before[i], &pairs.after[i], &diffs[i]);
            changed |= diffs[i].changed;
        }
        if (write_diffs(options, diffs, pairs.count, &file, diag))
            status = changed ? EXIT_CHANGED : EXIT_SUCCESS;
        for (int i = 0; i < pairs.count; i++)
            run_diff_free(&diffs[i]);
    }
    report_file_abandon(&file);
    saved_file_free(before.file);
    saved_file_free(after.file);
    return status;
}

int command_diff(int argc, char **argv)
{
    struct diff_options options = {.request = {.scope = SCOPE_ALL}};
    struct diag diag;
    int status = EXIT_USER_ERROR;
    diag_init(&diag);
    if (parse_options(argc, argv, &options, &diag)) {
        if (options.help) {
            terminal_print_help(usage, stdout);
            status = EXIT_SUCCESS;
        } else {
            status = diff_files(&options, argv + optind, &diag);
        }
    }
    terminal_print_errors(&diag, stderr);
    diag_free(&diag);
    return status;
}
