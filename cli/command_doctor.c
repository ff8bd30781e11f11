/* command_doctor.c - `hybridsim doctor`: what is installed, what is missing and how to get it. With --modules, what of the standard
 * library is there, with --numpy, what of numpy: the answer is a Python program's, run here, which looks and says what it found. */
#include "cli/commands.h"
#include "cli/doctor_checks.h"
#include "cli/nearest_name.h"
#include "cli/terminal.h"

#include "core/buffer.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>

static const char usage[] =
    "Usage: hybridsim doctor [OPTION...]\n\n"
    "Says what is installed, what is missing and how to get it: the CPython that compiles and its library, hybridsim's own files,\n"
    "its cache, the libraries it was built with, and tools that open what it writes.\n\n"
    "Options:\n"
    "  --modules         instead: the native modules that are there and those that are not; the library's modules that can be\n"
    "                    imported, and what stops the others\n"
    "  --numpy           instead: which of numpy's public names are there and which are not\n"
    "  --python PATH     the CPython 3.11 that is looked at (else HYBRIDSIM_PYTHON, $VIRTUAL_ENV's, /usr/bin's, PATH's)\n"
    "  --color WHEN      colour: 'auto' (default: on a terminal, unless NO_COLOR is set), 'always' or 'never'\n"
    "  -h, --help        this text\n\n"
    "Exit: 0 all that is needed is there, 1 something is missing, 2 wrong use.\n";

static char modules_program[] =
#include "cli/doctor_modules.inc"
    ;

static const char *const numpy_program[] = { /* in lines: too long for one literal */
#include "cli/doctor_numpy.inc"
};

/* Runs a Python program whose output is the answer. */
static int run_listing(char *program, char *python)
{
    static char run[] = "run", quiet[] = "--quiet", python_option[] = "--python", command[] = "-c";
    char *arguments[8] = {run, quiet};
    int count = 2;
    if (python) {
        arguments[count++] = python_option;
        arguments[count++] = python;
    }
    arguments[count++] = command;
    arguments[count++] = program;
    arguments[count] = NULL;
    return command_run(count, arguments);
}

static int list_numpy(char *python)
{
    struct buffer program = {0};
    for (size_t i = 0; i < sizeof numpy_program / sizeof *numpy_program; i++)
        buffer_add_text(&program, numpy_program[i]);
    int status = run_listing((char *)program.bytes, python);
    buffer_free(&program);
    return status;
}

int command_doctor(int argc, char **argv)
{
    static const struct option names[] = {{"modules", no_argument, NULL, 'm'}, {"numpy", no_argument, NULL, 'n'},
                                          {"python", required_argument, NULL, 'p'},
                                          {"color", required_argument, NULL, 'C'}, {"help", no_argument, NULL, 'h'},
                                          {NULL, 0, NULL, 0}};
    char *python = NULL;
    bool modules = false, numpy = false, good = true;
    enum color_mode color = COLOR_AUTO;
    struct diag diag;
    diag_init(&diag);
    optind = 0;
    opterr = 0;
    for (int option; good && (option = getopt_long(argc, argv, "h", names, NULL)) >= 0;) {
        if (option == 'h') {
            terminal_print_help(usage, stdout);
            return 0;
        }
        if (option == '?') {
            option_error("hybridsim doctor", argv, "h", names);
            return EXIT_USER_ERROR;
        }
        modules |= option == 'm';
        numpy |= option == 'n';
        python = option == 'p' ? optarg : python;
        good = option != 'C' || terminal_parse_color(optarg, &color, &diag);
    }
    if (good && optind < argc)
        good = diag_error(&diag, NULL, 0, 0, "found '%s', expected options only", argv[optind]);
    terminal_print_errors(&diag, stderr);
    diag_free(&diag);
    if (!good)
        return EXIT_USER_ERROR;
    if (numpy)
        return list_numpy(python);
    return modules ? run_listing(modules_program, python) : doctor_checks(python, color);
}
