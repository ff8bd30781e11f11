/* command_doctor.c - `hybridsim doctor`: what of the standard library is there. The answer is a Python program's, run here: it
 * imports every module and says what happened. */
#include "cli/commands.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>

static const char usage[] =
    "Usage: hybridsim doctor --modules [--python PATH]\n\n"
    "Says which of CPython's modules can be used.\n\n"
    "  --modules      the native modules that are there and those that are not; the library's modules that can be\n"
    "                 imported, and what stops the others\n"
    "  --python PATH  the CPython 3.11 whose library is looked at (else HYBRIDSIM_PYTHON, $VIRTUAL_ENV's, /usr/bin's, PATH's)\n";

static char modules_program[] =
#include "cli/doctor_modules.inc"
    ;

int command_doctor(int argc, char **argv)
{
    static const struct option names[] = {{"modules", no_argument, NULL, 'm'}, {"python", required_argument, NULL, 'p'},
                                          {"help", no_argument, NULL, 'h'},    {NULL, 0, NULL, 0}};
    static char name[] = "hybridsim doctor", run[] = "run", quiet[] = "--quiet", python[] = "--python", command[] = "-c";
    char *path = NULL;
    bool modules = false;
    argv[0] = name;
    optind = 0;
    for (int option; (option = getopt_long(argc, argv, "h", names, NULL)) >= 0;) {
        if (option == 'h') {
            fputs(usage, stdout);
            return 0;
        }
        if (option != 'm' && option != 'p')
            return EXIT_USER_ERROR;
        modules |= option == 'm';
        path = option == 'p' ? optarg : path;
    }
    if (!modules || optind < argc) {
        fputs(usage, stderr);
        return EXIT_USER_ERROR;
    }
    char *arguments[8] = {run, quiet};
    int count = 2;
    if (path) {
        arguments[count++] = python;
        arguments[count++] = path;
    }
    arguments[count++] = command;
    arguments[count++] = modules_program;
    arguments[count] = NULL;
    return command_run(count, arguments);
}
