/* command_workloads.c - `hybridsim workloads`: the programs that come with hybridsim. */
#include "cli/commands.h"
#include "cli/nearest_name.h"
#include "cli/terminal.h"
#include "cli/workload_list.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const char usage[] =
    "Usage: hybridsim workloads [OPTION...]\n\n"
    "Lists the programs that come with hybridsim, with what they stress. `hybridsim run --workload NAME` runs one, as do the "
    "other\n"
    "commands that take a program; arguments may follow. Each is a plain script with tests: python3 -m unittest FILE.\n\n"
    "Options:\n"
    "  --paths           where each of them is, instead\n"
    "  -h, --help        this text\n";

static void print_names(const struct workload *workload, int width)
{
    int used = 0;
    for (int k = 0; k < workload->name_count; k++)
        used += printf("%s%s", k ? ", " : "", workload->names[k]);
    printf("%*s", width - used + 2, "");
}

static int names_width(const struct workload *workload)
{
    int width = 0;
    for (int k = 0; k < workload->name_count; k++)
        width += (int)strlen(workload->names[k]) + (k ? 2 : 0);
    return width;
}

static void print_list(const struct workload_list *list, bool paths)
{
    int width = 0;
    for (int i = 0; i < list->count; i++)
        if (names_width(&list->workloads[i]) > width)
            width = names_width(&list->workloads[i]);
    for (int i = 0; i < list->count; i++) {
        print_names(&list->workloads[i], width);
        puts(paths ? list->workloads[i].file : list->workloads[i].stresses);
    }
}

int command_workloads(int argc, char **argv)
{
    static const struct option names[] = {{"paths", no_argument, NULL, 'p'}, {"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};
    static char name[] = "hybridsim workloads";
    bool paths = false;
    argv[0] = name;
    optind = 0;
    opterr = 0;
    for (int option; (option = getopt_long(argc, argv, "h", names, NULL)) >= 0;) {
        if (option == 'h') {
            terminal_print_help(usage, stdout);
            return 0;
        }
        if (option != 'p') {
            option_error(name, argv, "h", names);
            return EXIT_USER_ERROR;
        }
        paths = true;
    }
    if (optind < argc) {
        fprintf(stderr, "hybridsim: error: unexpected argument '%s'; see 'hybridsim workloads --help'\n", argv[optind]);
        return EXIT_USER_ERROR;
    }
    struct diag diag;
    diag_init(&diag);
    struct workload_list *list = workload_list_load(&diag);
    if (list)
        print_list(list, paths);
    terminal_print_errors(&diag, stderr);
    int status = list ? 0 : EXIT_USER_ERROR;
    workload_list_free(list);
    diag_free(&diag);
    return status;
}
