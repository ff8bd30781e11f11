/* program_run.c - see program_run.h. */
#include "cli/program_run.h"

#include "cli/commands.h"
#include "cli/host_paths.h"
#include "cli/nearest_name.h"
#include "cli/spec_path.h"
#include "cli/terminal.h"
#include "cli/workload_list.h"
#include "core/buffer.h"
#include "frontend/frontend.h"
#include "sim/engine/session.h"

#include <signal.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char program_options_help[] =
    "\nThe program, and what it runs on:\n"
    "  --isa SPEC        an instruction set: a YAML file or a name of the shipped ones; may be repeated\n"
    "  --machine SPEC    use this machine instead of the ISAs' own\n"
    "  --no-baseline     run only the ISAs given with --isa, without the baseline (stack) first\n"
    "  --no-idioms       no instruction stands for a loop, comprehension or conditional expression\n"
    "  --python PATH     the CPython 3.11 that compiles (else HYBRIDSIM_PYTHON, $VIRTUAL_ENV's, /usr/bin's, PATH's)\n"
    "  --allow-write DIR the program may change files below DIR too, not only below its own and the temporary folder;\n"
    "                    may be repeated\n"
    "  --no-files        the program may neither read nor write files\n"
    "  --allow-native    module ctypes may load any library and call any C function, not only harmless ones of libc and libm\n"
    "  --own-clock       each ISA's run sees its own simulated time; what they print is then not compared\n"
    "  --host-clock      time inside the program is the host's, not simulated\n"
    "  -W FILTER         what becomes of warnings, as with python3, after what PYTHONWARNINGS says; may be repeated\n"
    "  --workload NAME   instead of a script, one of the programs that `hybridsim workloads` lists; what follows\n"
    "                    the other options belongs to it\n"
    "  -m MODULE         instead of a script, a module, as with python3\n"
    "  -c CODE           instead of a script, its text, as with python3; - reads it from standard input\n"
    "  --color WHEN      colour: 'auto' (default: on a terminal, unless NO_COLOR is set), 'always' or 'never'\n"
    "  -h, --help        this text\n"
    "\nWhat follows the script, -m MODULE or -c CODE belongs to the program. A .pyc file can be the script.\n"
    "Exit: the program's status; 2 wrong use, 3 unsupported Python, 70 runs differ, 130 interrupted.\n";

void program_print_help(const char *usage)
{
    terminal_print_help(usage, stdout);
    terminal_print_help(program_options_help, stdout);
}

bool program_list_add(const char **list, int *count, const char *item, const char *what, struct diag *diag)
{
    if (*count == PROGRAM_MAX_LIST)
        return diag_error(diag, NULL, 0, 0, "too many %s: at most %d", what, PROGRAM_MAX_LIST);
    list[(*count)++] = item;
    return true;
}

bool program_option(int option, struct program_options *options, bool *known, struct diag *diag)
{
    struct run_program *program = &options->program;
    *known = true;
    switch (option) {
    case PROGRAM_OPTION_ISA:
        return program_list_add(options->isas, &options->isa_count, optarg, "ISAs", diag);
    case PROGRAM_OPTION_MACHINE:
        options->machine = optarg;
        return true;
    case PROGRAM_OPTION_NO_BASELINE:
        options->no_baseline = true;
        return true;
    case PROGRAM_OPTION_NO_IDIOMS:
        options->no_idioms = true;
        return true;
    case PROGRAM_OPTION_ALLOW_WRITE:
        program->writable = options->writable;
        return program_list_add(options->writable, &program->writable_count, optarg, "folders", diag);
    case PROGRAM_OPTION_ALLOW_NATIVE:
        program->native_code = true;
        return true;
    case PROGRAM_OPTION_NO_FILES:
        program->no_files = true;
        return true;
    case PROGRAM_OPTION_OWN_CLOCK:
        program->own_clock = true;
        return true;
    case PROGRAM_OPTION_HOST_CLOCK:
        program->host_clock = true;
        return true;
    case PROGRAM_OPTION_WORKLOAD: /* the path lives as long as the process */
        return (program->script = workload_find(optarg, diag)) != NULL;
    case PROGRAM_OPTION_COLOR:
        return terminal_parse_color(optarg, &options->color, diag);
    case PROGRAM_OPTION_SAVE:
        options->save = optarg;
        return true;
    case PROGRAM_OPTION_PYTHON:
        program->python = optarg;
        return true;
    case 'W':
        return program_list_add(options->warnings, &program->warning_count, optarg, "filters of warnings", diag);
    case 'm':
        program->module = optarg;
        return true;
    case 'c':
        program->command = optarg;
        return true;
    default:
        *known = false;
        return true;
    }
}

bool program_is_given(const struct program_options *options)
{
    return options->program.module || options->program.command || options->program.script;
}

/* Filters with commas between them. They live as long as the process. */
bool program_warnings_of_environment(struct program_options *options, struct diag *diag)
{
    const char *text = getenv("PYTHONWARNINGS");
    char *copy = text ? strdup(text) : NULL, *rest = copy;
    options->program.warnings = options->warnings;
    for (const char *filter; rest && (filter = strsep(&rest, ","));)
        if (*filter && !program_list_add(options->warnings, &options->program.warning_count, filter, "filters of warnings", diag))
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

bool program_take(int argc, char **argv, struct program_options *options, struct diag *diag)
{
    struct run_program *program = &options->program;
    if (!program_is_given(options)) {
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
    if (options->no_baseline && !options->isa_count)
        return diag_error(diag, NULL, 0, 0, "--no-baseline without --isa: nothing to run");
    return true;
}

bool program_parse(int argc, char **argv, const struct program_command *command, struct program_options *program, void *options,
                   struct diag *diag)
{
    char name[40]; /* what getopt calls us */
    snprintf(name, sizeof name, "hybridsim %s", command->name);
    argv[0] = name;
    optind = 0; /* glibc: start anew */
    opterr = 0;
    if (!program_warnings_of_environment(program, diag))
        return false;
    while (!program->program.module && !program->program.command) { /* what follows these is the program's */
        int option = getopt_long(argc, argv, command->short_options, command->long_options, NULL);
        bool known = true;
        if (option < 0)
            break;
        if (option == 'h')
            return program->help = true;
        if (!command->take(option, options, &known, diag) || (!known && !program_option(option, program, &known, diag)))
            return false;
        if (!known) {
            option_error(name, argv, command->short_options, command->long_options);
            return false;
        }
    }
    if (program->program.script && (program->program.module || program->program.command))
        return diag_error(diag, NULL, 0, 0, "more than one program: --workload, and -m or -c");
    return program_take(argc, argv, program, diag);
}

bool program_parse_top(const char *text, int *top, struct diag *diag)
{
    char *end;
    errno = 0;
    long number = strtol(text, &end, 10);
    if (errno || *end || end == text || number < 0 || number > 1000000)
        return diag_error(diag, NULL, 0, 0, "--top: found '%s', expected a number from 0 to 1000000", text);
    *top = (int)number;
    return true;
}

bool program_parse_scope(const char *text, bool *script_only, struct diag *diag)
{
    *script_only = strcmp(text, "script") == 0;
    return *script_only || strcmp(text, "all") == 0 ||
           diag_error(diag, NULL, 0, 0, "--scope: found '%s', expected 'all' or 'script'", text);
}

const char *program_kind(const struct run_program *program)
{
    return program->script ? "script" : program->module ? "module" : "command";
}

const char *program_name(const struct run_program *program)
{
    return program->script ? program->script : program->module ? program->module : program->command;
}

struct code_unit *program_load_unit(const struct run_program *program, struct frontend *frontend, const char *python,
                                    struct diag *diag)
{
    if (program->command) {
        struct compile_request request = {.source = program->command, .size = strlen(program->command),
                                          .filename = program->command_is_stdin ? "<stdin>" : "<string>", .mode = COMPILE_EXEC,
                                          .optimize = -1};
        return frontend_compile_source(frontend, &request, NULL, diag);
    }
    if (program->script)
        return frontend_load_file(frontend, program->script, diag);
    struct session_options place = {.module = program->module, .executable = python,
                                    .python_path = getenv("PYTHONPATH"), .home = getenv("HOME")};
    char *file = session_find_module(&place, diag);
    struct code_unit *unit = file ? frontend_load_file(frontend, file, diag) : NULL;
    free(file);
    return unit;
}

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
    char *cache = host_cache_directory();
    struct isa *isa = isa_load_kept(path, machine, cache, diag);
    free(cache);
    free(path);
    if (!isa) {
        free(real);
        return false;
    }
    known[list->isa_count] = real;
    list->isas[list->isa_count++] = isa;
    return true;
}

bool run_list_load(const struct program_options *options, struct run_list *list, struct diag *diag)
{
    char *known[PROGRAM_MAX_LIST + 1] = {NULL};
    char *machine = NULL;
    bool loaded = !options->machine || (machine = spec_path_machine(options->machine, diag)) != NULL;
    if (loaded && !options->no_baseline)
        loaded = add_isa(list, "stack", machine, known, diag);
    for (int i = 0; i < options->isa_count; i++) /* go on after an error: all specs' errors at once */
        loaded &= add_isa(list, options->isas[i], machine, known, diag);
    for (int i = 0; i < list->isa_count; i++) {
        list->isas[i]->no_idioms = options->no_idioms;
        free(known[i]);
    }
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

int run_list_make(struct run_set *set, struct run_list *list, struct diag *diag)
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

int run_list_status(struct run_set *set, const struct run_list *list, bool *interrupted)
{
    int asked_to_stop = run_set_signal(set);
    *interrupted = asked_to_stop != 0;
    for (int i = 0; i < list->isa_count; i++)
        *interrupted |= list->outcomes[i].interrupted;
    if (list->outcomes[0].interrupted || (asked_to_stop && list->done < list->isa_count))
        return asked_to_stop ? 128 + asked_to_stop : list->outcomes[0].exit_status;
    return list->outcomes[0].exit_status;
}

const char *run_list_ending(const struct run_list *list, bool interrupted)
{
    if (!list->outcomes[0].exit_status || interrupted)
        return NULL;
    return list->outcomes[0].unsupported ? "met Python that is not supported" : "raised an exception or left by sys.exit";
}

const char *run_list_absence(const struct run_list *list)
{
    return list->outcomes[0].died_of ? "interrupted before there was anything to report" : "the program ended its process itself";
}

void run_list_free(struct run_list *list)
{
    for (int i = 0; i < list->isa_count; i++) {
        timing_result_free(list->outcomes[i].timing);
        free(list->outcomes[i].extra);
        free(list->outcomes[i].page);
        isa_free(list->isas[i]);
    }
}
