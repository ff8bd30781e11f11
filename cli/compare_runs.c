/* compare_runs.c - see compare_runs.h. Programs run one after the other, each under all ISAs, as many at once as there are cores
 * and as the files it changes allow (run_process.h). What they print is not shown; what one prints on stderr is, when it fails. */
#include "cli/compare_runs.h"

#include "cli/commands.h"
#include "cli/compare_workers.h"
#include "cli/program_streams.h"
#include "cli/progress.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- arguments ---- */

/* Words as a shell takes them: blanks part them, quotes and \ keep blanks. False: a quote is not closed. */
static bool split_words(struct arena *arena, const char *text, char **words, int *count)
{
    char *out = arena_copy(arena, text, strlen(text));
    *count = 0;
    for (;;) {
        while (isspace((unsigned char)*text))
            text++;
        if (!*text)
            return true;
        words[(*count)++] = out;
        for (char quote = 0; *text && (quote || !isspace((unsigned char)*text)); text++) {
            if (!quote && (*text == '\'' || *text == '"'))
                quote = *text;
            else if (*text == quote)
                quote = 0;
            else if (*text == '\\' && quote != '\'' && text[1])
                *out++ = *++text;
            else
                *out++ = *text;
            if (!text[1] && quote)
                return false;
        }
        *out++ = 0;
        if (*text)
            text++;
    }
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static bool take_program(struct compare_runs *runs, struct compare_row *row, const char *argument, struct diag *diag)
{
    int count = 0;
    row->words = ARENA_ARRAY(runs->arena, char *, strlen(argument) + 2);
    row->program = runs->options->program;
    if (access(argument, F_OK) == 0)
        row->words[count++] = arena_copy(runs->arena, argument, strlen(argument));
    else if (!split_words(runs->arena, argument, row->words, &count))
        return diag_error(diag, NULL, 0, 0, "found a quote without its end in the program `%s`", argument);
    if (!count)
        return diag_error(diag, NULL, 0, 0, "found an empty program, expected a script and its arguments");
    int first = 1;
    bool module = strcmp(row->words[0], "-m") == 0, command = strcmp(row->words[0], "-c") == 0;
    if ((module || command) && count < 2)
        return diag_error(diag, NULL, 0, 0, "found %s alone as a program, expected \"%s ...\"", row->words[0], row->words[0]);
    if (module)
        row->program.module = row->words[first++];
    else if (command)
        row->program.command = row->words[first++];
    else
        row->program.script = row->words[0];
    row->program.arguments = row->words + first;
    row->program.argument_count = count - first;
    row->label = row->program.script ? base_name(row->program.script) : row->program.module ? row->program.module
                                      : arena_printf(runs->arena, "-c '%.*s'", (int)strcspn(row->program.command, "\n"),
                                                     row->program.command);
    for (int i = first; i < count; i++)
        row->label = arena_printf(runs->arena, "%s %s", row->label, row->words[i]);
    return !row->program.script || access(row->program.script, R_OK) == 0 ||
           diag_error(diag, row->program.script, 0, 0, "cannot read: %s", strerror(errno));
}

static bool take_saved(struct compare_runs *runs, struct compare_row *row, const char *path, struct diag *diag)
{
    row->saved = saved_file_read(path, diag);
    if (!row->saved)
        return false;
    row->label = arena_printf(runs->arena, "%s", row->saved->program);
    for (uint32_t i = 0; i < row->saved->argument_count; i++)
        row->label = arena_printf(runs->arena, "%s %s", row->label, row->saved->arguments[i]);
    row->label = arena_printf(runs->arena, "%s (%s)", row->label, base_name(path));
    return true;
}

/* Two programs of the same name are told apart by their paths. */
static void label_by_path(struct compare_runs *runs)
{
    for (int i = 0; i < runs->row_count; i++)
        for (int j = 0; j < runs->row_count; j++) {
            struct compare_row *one = &runs->rows[i];
            const struct compare_row *other = &runs->rows[j];
            if (i == j || one->saved || other->saved || !one->program.script || !other->program.script ||
                strcmp(base_name(one->program.script), base_name(other->program.script)) != 0 ||
                strcmp(one->program.script, other->program.script) == 0)
                continue;
            one->label = one->program.script;
            for (int word = 0; word < one->program.argument_count; word++)
                one->label = arena_printf(runs->arena, "%s %s", one->label, one->program.arguments[word]);
        }
}

static bool is_saved_name(const char *argument)
{
    size_t length = strlen(argument);
    return length > 5 && strcmp(argument + length - 5, ".json") == 0;
}

/* ---- columns ---- */

static int column_of(struct compare_runs *runs, const char *isa, const char *machine)
{
    for (int i = 0; i < runs->column_count; i++)
        if (strcmp(runs->columns[i].isa, isa) == 0 && strcmp(runs->columns[i].machine, machine) == 0)
            return i;
    if (runs->column_count == COMPARE_MAX_COLUMNS)
        return -1;
    runs->columns[runs->column_count] = (struct compare_column){isa, machine, isa, -1};
    return runs->column_count++;
}

static void label_columns(struct compare_runs *runs)
{
    for (int i = 0; i < runs->column_count; i++)
        for (int j = 0; j < runs->column_count; j++)
            if (i != j && strcmp(runs->columns[i].isa, runs->columns[j].isa) == 0)
                runs->columns[i].label = arena_printf(runs->arena, "%s on %s", runs->columns[i].isa, runs->columns[i].machine);
}

static void place_saved(struct compare_runs *runs, struct compare_row *row)
{
    for (uint32_t i = 0; i < row->saved->run_count; i++) {
        const struct saved_run *run = &row->saved->runs[i];
        int column = column_of(runs, run->isa, run->machine);
        if (column < 0)
            continue;
        row->cells[column] = (struct comparison_cell){
            .state = run->interrupted ? CELL_INTERRUPTED : row->saved->exit_status ? CELL_FAILED : CELL_GOOD,
            .figures = runs->script_only ? &run->script : &run->all, .exit_status = (int)row->saved->exit_status};
        for (uint32_t figure = 0; figure < run->all.count; figure++)
            if (run->all.list[figure].group == FIGURE_INSTRUCTION || run->all.list[figure].group == FIGURE_NATIVE)
                figures_add(&runs->known, run->all.list[figure].group, run->all.list[figure].name, 0);
    }
}

static bool load_isas(struct compare_runs *runs, struct diag *diag)
{
    if (!run_list_load(runs->options, &runs->isas, diag))
        return false;
    for (int i = 0; i < runs->isas.isa_count; i++) {
        const struct isa *isa = runs->isas.isas[i];
        int column = column_of(runs, isa->name, isa->machine->name);
        if (column >= 0)
            runs->columns[column].live = i;
        figures_add_isa(&runs->known, isa);
    }
    return true;
}

bool compare_runs_load(struct compare_runs *runs, char **arguments, int count, struct diag *diag)
{
    bool good = true, live = false;
    runs->arena = arena_new();
    runs->known.arena = runs->arena;
    figures_add_names(&runs->known);
    if (!count)
        return diag_error(diag, NULL, 0, 0, "no program: expected scripts, each with its arguments in one pair of quotes, or "
                          "saved runs");
    for (int i = 0; i < count; i++) {
        struct compare_row *row = &runs->rows[runs->row_count++];
        bool saved = is_saved_name(arguments[i]);
        good &= saved ? take_saved(runs, row, arguments[i], diag) : take_program(runs, row, arguments[i], diag);
        live |= !saved;
    }
    if (live && runs->options->no_baseline && !runs->options->isa_count)
        return diag_error(diag, NULL, 0, 0, "--no-baseline without --isa: nothing to run");
    good &= !live || load_isas(runs, diag);
    if (!good)
        return false;
    for (int i = 0; i < runs->row_count; i++)
        if (runs->rows[i].saved)
            place_saved(runs, &runs->rows[i]);
    label_by_path(runs);
    label_columns(runs);
    return true;
}

/* ---- runs ---- */

static void set_status(struct compare_runs *runs, int status)
{
    static const int order[] = {EXIT_INTERRUPTED, EXIT_DIFFERENCE, EXIT_UNSUPPORTED, EXIT_FAILURE};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        if (runs->status == order[i] || status == order[i]) {
            runs->status = order[i];
            return;
        }
}

/* What one program's runs came to. */
static void take_outcomes(struct compare_runs *runs, struct compare_row *row, const struct compare_ending *ending)
{
    int failed = ending->failed;
    for (int column = 0; column < runs->column_count; column++) {
        int live = runs->columns[column].live;
        if (live < 0)
            continue;
        const struct run_outcome *outcome = &runs->isas.outcomes[live];
        struct comparison_cell *cell = &row->cells[column];
        *cell = (struct comparison_cell){.state = CELL_NO_FIGURES, .exit_status = outcome->exit_status};
        if (outcome->unsupported || failed == EXIT_UNSUPPORTED)
            cell->why = "unsupported";
        else if (failed == EXIT_DIFFERENCE)
            cell->why = outcome->died_of ? "died" : "differs";
        else if (failed || !outcome->timing)
            cell->why = ending->interrupted ? "stopped" : "failed";
        else
            cell->state = outcome->interrupted ? CELL_INTERRUPTED : outcome->exit_status ? CELL_FAILED : CELL_GOOD;
        if (cell->why)
            continue;
        struct figures *figures = ARENA_NEW(runs->arena, struct figures);
        figures->arena = runs->arena;
        figures_add_counts(figures, outcome->timing, runs->script_only ? &outcome->timing->script : &outcome->timing->total);
        cell->figures = figures;
    }
}

static void forget_outcomes(struct run_list *list)
{
    for (int i = 0; i < list->isa_count; i++) {
        timing_result_free(list->outcomes[i].timing);
        free(list->outcomes[i].extra);
        free(list->outcomes[i].page);
        list->outcomes[i] = (struct run_outcome){.timing = NULL};
    }
    list->done = 0;
}

void compare_row_take(struct compare_runs *runs, struct compare_row *row, const struct compare_ending *ending)
{
    if (ending->status) {
        bool own = ending->failed == EXIT_DIFFERENCE || ending->failed == EXIT_UNSUPPORTED;
        set_status(runs, ending->interrupted ? EXIT_INTERRUPTED : own ? ending->failed : EXIT_FAILURE);
    }
    take_outcomes(runs, row, ending);
    forget_outcomes(&runs->isas);
}

void compare_row_skip(const struct compare_runs *runs, struct compare_row *row)
{
    for (int column = 0; column < runs->column_count; column++)
        if (runs->columns[column].live >= 0)
            row->cells[column] = (struct comparison_cell){.state = CELL_NO_FIGURES, .why = "not run"};
}

struct compare_ending compare_row_run(struct compare_runs *runs, struct compare_row *row)
{
    struct program_streams streams;
    struct diag found;
    struct compare_ending ending = {EXIT_USER_ERROR, EXIT_USER_ERROR, false};
    int input = open(runs->input ? runs->input : "/dev/null", O_RDONLY | O_CLOEXEC);
    diag_init(&found);
    if (input < 0)
        diag_error(&found, runs->input, 0, 0, "cannot read: %s", strerror(errno));
    program_streams_divert(&streams, input);
    struct run_set *set = input < 0 ? NULL : run_set_new(&row->program, runs->isas.isas, runs->isas.isa_count, &found);
    if (set) {
        ending.failed = run_list_make(set, &runs->isas, &found);
        ending.status = ending.failed ? ending.failed : run_list_status(set, &runs->isas, &ending.interrupted);
        ending.interrupted |= run_set_signal(set) != 0;
        run_set_free(set);
    }
    program_streams_restore(&streams);
    if (ending.status) {
        fprintf(stderr, "hybridsim: %s: %s (exit status %d)\n", row->label, ending.interrupted ? "interrupted" : "failed",
                ending.status);
        program_streams_show_errors(&streams);
        diag_print(&found, stderr);
    }
    program_streams_free(&streams);
    diag_free(&found);
    if (input >= 0)
        close(input);
    return ending;
}

static void run_rows(struct compare_runs *runs, struct progress *progress)
{
    int live = 0, done = 0;
    bool stopped = false;
    for (int i = 0; i < runs->row_count; i++)
        live += !runs->rows[i].saved;
    for (int i = 0; i < runs->row_count; i++) {
        struct compare_row *row = &runs->rows[i];
        if (row->saved)
            continue;
        if (stopped) {
            compare_row_skip(runs, row);
            continue;
        }
        row->program.progress = progress;
        if (progress) {
            progress->task = arena_printf(runs->arena, "%d of %d, %s", done + 1, live, row->label);
            progress->task_share = (double)done++ / live;
        }
        struct compare_ending ending = compare_row_run(runs, row);
        compare_row_take(runs, row, &ending);
        stopped = ending.interrupted;
        for (int run = 0; progress && run < PROGRESS_MAX_RUNS; run++)
            progress->earlier += atomic_load(&progress->instructions[run]);
    }
}

void compare_runs_make(struct compare_runs *runs)
{
    int terminal = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STREAM_COUNT), live = 0; /* stderr is the programs' while they run */
    struct progress *progress = terminal >= 0 ? progress_new(terminal) : NULL;
    for (int i = 0; i < runs->row_count; i++)
        live += !runs->rows[i].saved;
    if (progress)
        progress->elsewhere = true;
    if (live > 1 && run_count_cores() > 1)
        compare_workers_run(runs, progress);
    else
        run_rows(runs, progress);
    progress_free(progress);
    if (terminal >= 0)
        close(terminal);
}

void compare_runs_free(struct compare_runs *runs)
{
    for (int i = 0; i < runs->row_count; i++)
        saved_file_free(runs->rows[i].saved);
    run_list_free(&runs->isas);
    arena_free(runs->arena);
}
