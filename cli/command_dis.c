/* command_dis.c - `hybridsim dis`: a program's bytecode as CPython's dis prints it, the machine code it becomes, and what each
 * instruction of both did in a run. */
#include "cli/commands.h"
#include "cli/dis_listing.h"
#include "cli/host_paths.h"
#include "cli/nearest_name.h"
#include "cli/program_run.h"
#include "frontend/frontend.h"
#include "sim/runtime/types.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
    "Usage: hybridsim dis [OPTION...] SCRIPT|-m MODULE|-c CODE|- [OPTION...]\n"
    "       hybridsim dis --executed [OPTION...] SCRIPT|-m MODULE|-c CODE|- [ARGUMENT...]\n\n"
    "Prints the bytecode of every code object, byte for byte as `python3.11 -m dis SCRIPT` does. Nothing is executed.\n\n"
    "Options:\n"
    "  --caches          inline cache entries too, as dis.dis(..., show_caches=True)\n"
    "  --source          each source line before the instructions it became\n"
    "  --isa SPEC        instead: source, bytecode and the machine code it becomes under this ISA side by side, block by block;\n"
    "                    may be repeated\n"
    "  --executed        runs the program first, and lists its code with the times each instruction was executed and the cycles\n"
    "                    it took: the bytecode under the baseline, or the machine code under each --isa\n"
    "  --scope WHAT      after a run, list the code of the 'script' (default) or of 'all' files that were executed\n"
    "  --machine SPEC    use this machine instead of the ISAs' own\n"
    "  -o FILE           write the listing there instead of standard output\n"
    "  --python PATH     the CPython 3.11 that compiles (else HYBRIDSIM_PYTHON, $VIRTUAL_ENV's, /usr/bin's, PATH's)\n"
    "  --workload NAME   instead of a script, one of the programs that `hybridsim workloads` lists\n"
    "  -m MODULE         instead of a script, a module, as with python3\n"
    "  -c CODE           instead of a script, its text, as with python3; - reads it from standard input\n"
    "  -h, --help        this text\n\n"
    "With --executed what the program prints comes first, and these are as with `hybridsim run`: --allow-write, --no-files,\n"
    "--allow-native, --own-clock, --host-clock, -W. The exit status is then the program's.\n"
    "Exit: 1 the program does not compile, 2 wrong use, 3 unsupported Python, 70 runs differ, 130 interrupted.\n";

struct dis_options {
    struct program_options program;
    struct dis_style style;
    const char *output;
    bool executed, help;
};

enum { OPTION_CACHES = 256, OPTION_EXECUTED, OPTION_SCOPE, OPTION_SOURCE };

static const struct option long_options[] = {
    {"caches", no_argument, NULL, OPTION_CACHES}, {"executed", no_argument, NULL, OPTION_EXECUTED},
    {"scope", required_argument, NULL, OPTION_SCOPE}, {"source", no_argument, NULL, OPTION_SOURCE},
    {"output", required_argument, NULL, 'o'}, {"help", no_argument, NULL, 'h'}, PROGRAM_LONG_OPTIONS, {NULL, 0, NULL, 0}};

static bool take_option(int option, struct dis_options *options, struct diag *diag)
{
    bool known;
    switch (option) {
    case OPTION_CACHES:
        options->style.caches = true;
        return true;
    case OPTION_EXECUTED:
        options->executed = true;
        return true;
    case OPTION_SOURCE:
        options->style.source = true;
        return true;
    case OPTION_SCOPE:
        if (strcmp(optarg, "all") != 0 && strcmp(optarg, "script") != 0)
            return diag_error(diag, NULL, 0, 0, "--scope: found '%s', expected 'all' or 'script'", optarg);
        options->style.all = optarg[0] == 'a';
        return true;
    case 'o':
        options->output = optarg;
        return true;
    case 'h':
        options->help = true;
        return true;
    default:
        if (!program_option(option, &options->program, &known, diag))
            return false;
        return true;
    }
}

/* Options as far as the first word that is none. False: one of them is wrong. */
static bool take_options(int argc, char **argv, struct dis_options *options, struct diag *diag)
{
    bool had_program = program_is_given(&options->program) || options->program.program.script;
    for (;;) {
        const char *short_options = had_program ? "+ho:W:" : "+ho:" PROGRAM_SHORT_OPTIONS;
        int option = getopt_long(argc, argv, short_options, long_options, NULL);
        if (option < 0)
            return true;
        if (option == '?') {
            option_error("hybridsim dis", argv, short_options, long_options);
            return false;
        }
        if (!take_option(option, options, diag))
            return false;
        if (!had_program && program_is_given(&options->program))
            return true;
    }
}

/* Options may follow the program as well, unless --executed stands before it: then what follows is the program's. */
static bool parse_options(int argc, char **argv, struct dis_options *options, struct diag *diag)
{
    static char name[] = "hybridsim dis"; /* what getopt calls us */
    struct run_program *program = &options->program.program;
    argv[0] = name;
    optind = 0; /* glibc: start anew */
    opterr = 0;
    if (!program_warnings_of_environment(&options->program, diag) || !take_options(argc, argv, options, diag))
        return false;
    bool executed_first = options->executed;
    if (options->help)
        return true;
    if (!program_take(argc, argv, &options->program, diag))
        return false;
    if (!executed_first && !take_options(argc, argv, options, diag))
        return false;
    program->arguments = argv + optind;
    program->argument_count = argc - optind;
    if (!options->executed && !options->help && optind < argc)
        return diag_error(diag, NULL, 0, 0, "found '%s' after the program: arguments are only for a run (--executed)",
                          argv[optind]);
    options->style.command = program->command;
    options->style.machine_code = options->program.isa_count > 0;
    options->program.no_baseline = options->style.machine_code;
    return true;
}

/* Whoever reads the listing may have gone: that is no error. */
static bool write_text(const struct dis_options *options, FILE *out, const char *text, size_t size, struct diag *diag)
{
    bool written = fwrite(text, 1, size, out) == size && fflush(out) == 0;
    if (!written && errno == EPIPE)
        return true;
    return written || diag_error(diag, options->output ? options->output : "standard output", 0, 0, "cannot write: %s",
                                 strerror(errno));
}

/* The listing without a run. The runtime is there for what constants look like, and executes nothing. */
static int list_program(const struct dis_options *options, const struct run_list *list, FILE *out, struct diag *diag)
{
    char *cache = host_cache_directory(), *python = host_find_python(options->program.program.python);
    struct frontend_options frontend_options = {options->program.program.python, getenv("HYBRIDSIM_PYTHON"), cache, environ, true};
    struct frontend *frontend = frontend_new(&frontend_options);
    struct code_unit *unit = program_load_unit(&options->program.program, frontend, python, diag);
    char *warnings = frontend_take_warnings(frontend);
    if (warnings)
        fputs(warnings, stderr);
    int status = diag->verbatim ? EXIT_FAILURE : EXIT_USER_ERROR;
    if (unit) {
        uint64_t work[WORK_COUNT] = {0};
        struct vm *vm = vm_new(&(struct vm_options){.c_stack_base = __builtin_frame_address(0), .work = work, .stdin_fd = 0,
                                                    .stdout_fd = 1, .stderr_fd = 2, .executable = python});
        struct constant_texts *constants = constant_texts_new(vm);
        struct buffer text = {0};
        if (!list->isa_count)
            dis_add_unit(&options->style, unit, NULL, constants, &text);
        for (int i = 0; i < list->isa_count; i++)
            dis_add_unit(&options->style, unit, list->isas[i], constants, &text);
        status = write_text(options, out, text.bytes, text.size, diag) ? EXIT_SUCCESS : EXIT_USER_ERROR;
        buffer_free(&text);
        vm_free(vm);
        constant_texts_free(constants);
        code_unit_free(unit);
    }
    free(warnings);
    frontend_free(frontend);
    free(python);
    free(cache);
    return status;
}

static int list_run(struct dis_options *options, struct run_list *list, FILE *out, struct diag *diag)
{
    struct run_program *program = &options->program.program;
    program->describe = dis_describe_run;
    program->describe_context = &options->style;
    struct run_set *set = run_set_new(program, list->isas, list->isa_count, diag);
    if (!set)
        return EXIT_USER_ERROR;
    int status = run_list_make(set, list, diag);
    bool interrupted = false;
    if (!status || list->outcomes[0].unsupported) {
        status = run_list_status(set, list, &interrupted);
        bool listed = false;
        for (int i = 0; i < list->isa_count; i++) {
            const struct run_outcome *outcome = &list->outcomes[i];
            if (!outcome->extra)
                continue;
            listed = true;
            if (!write_text(options, out, outcome->extra, outcome->extra_size, diag))
                status = EXIT_USER_ERROR;
        }
        if (!listed)
            fprintf(stderr, "hybridsim: %s: no listing\n", run_list_absence(list));
    }
    run_set_free(set);
    return status;
}

int command_dis(int argc, char **argv)
{
    struct dis_options options = {0};
    struct run_list list = {.isa_count = 0};
    struct diag diag;
    int status = EXIT_USER_ERROR;
    FILE *out = stdout;
    diag_init(&diag);
    if (!parse_options(argc, argv, &options, &diag)) {
        status = EXIT_USER_ERROR;
    } else if (options.help) {
        terminal_print_help(usage, stdout);
        status = EXIT_SUCCESS;
    } else if ((!options.executed && !options.style.machine_code) || run_list_load(&options.program, &list, &diag)) {
        if (options.output && !(out = fopen(options.output, "w")))
            diag_error(&diag, options.output, 0, 0, "cannot write: %s", strerror(errno));
        else if (options.executed)
            status = list_run(&options, &list, out, &diag);
        else
            status = list_program(&options, &list, out, &diag);
    }
    if (out && out != stdout && fclose(out) != 0 && status == EXIT_SUCCESS) {
        diag_error(&diag, options.output, 0, 0, "cannot write: %s", strerror(errno));
        status = EXIT_USER_ERROR;
    }
    terminal_print_errors(&diag, stderr);
    diag_free(&diag);
    run_list_free(&list);
    return status;
}
