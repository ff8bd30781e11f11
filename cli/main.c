/* main.c - finds the command and starts it. */
#include "cli/commands.h"
#include "cli/nearest_name.h"
#include "cli/terminal.h"
#include "core/buffer.h"
#include "core/version.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct command {
    const char *name;
    int (*start)(int argc, char **argv);
    const char *text;
} commands[] = {
    {"run", command_run, "run a Python program under one or more instruction sets and compare them"},
    {"translate", command_translate, "show a program's machine code beside its source and bytecode"},
    {"dis", command_dis, "disassemble a program: bytecode, machine code, and what each instruction did in a run"},
    {"count", command_count, "count a program's instructions, static and executed, by opcode, category, function or line"},
    {"profile", command_profile, "calls, cycles and instructions by function and line; files for profile viewers"},
    {"parallel", command_parallel, "where the parallelism is: dataflow limits, loops whose iterations are independent, speedups"},
    {"analyze", command_analyze, "bytecode, counts and profile of a program, each in a file"},
    {"compare", command_compare, "programs against instruction sets: any counter in one table, with ratios and means"},
    {"sweep", command_sweep, "what if: thousands of instruction sets and machines from one execution"},
    {"diff", command_diff, "what changed between two saved runs: functions, lines, instructions, cycles"},
    {"isa", command_isa, "check, show or list instruction set specs"},
    {"workloads", command_workloads, "list the programs that come with hybridsim"},
    {"doctor", command_doctor, "what is installed, what is missing and how to get it"},
};

enum { COMMAND_COUNT = sizeof commands / sizeof *commands };

static void print_help(void)
{
    struct buffer text = {0};
    buffer_add_text(&text, "Usage: hybridsim COMMAND [ARGUMENT...]\n\n"
                    "Runs Python programs on simulated machines whose instruction sets are described in YAML, and counts\n"
                    "instructions and cycles.\n\nCommands:\n");
    for (int i = 0; i < COMMAND_COUNT; i++)
        buffer_printf(&text, "  %-10s  %s\n", commands[i].name, commands[i].text);
    buffer_add_text(&text, "\nOptions:\n  -h, --help     this text\n  -V, --version  the version\n\n"
                    "`hybridsim COMMAND --help`, or `hybridsim help COMMAND`, says more about each.\n\n"
                    "Examples:\n"
                    "  hybridsim run --isa hybrid workloads/quickSort.py\n"
                    "  hybridsim compare --isa hybrid --isa register workloads/matrixMul.py workloads/matrixMulBuiltin.py\n");
    terminal_print_help(text.bytes, stdout);
    buffer_free(&text);
}

static int unknown_command(const char *name)
{
    const char *names[COMMAND_COUNT];
    for (int i = 0; i < COMMAND_COUNT; i++)
        names[i] = commands[i].name;
    const char *nearest = nearest_name(name, names, COMMAND_COUNT);
    size_t length = strlen(name);
    bool is_program = length > 3 && (strcmp(name + length - 3, ".py") == 0 || strcmp(name + length - 3, "pyc") == 0);
    fprintf(stderr, "hybridsim: error: unknown %s '%s'", name[0] == '-' ? "option" : "command", name);
    if (is_program)
        fprintf(stderr, "; did you mean 'hybridsim run %s'?\n", name);
    else if (nearest)
        fprintf(stderr, "; did you mean '%s'?\n", nearest);
    else
        fputs("; see 'hybridsim --help'\n", stderr);
    return EXIT_USER_ERROR;
}

static int start_command(int argc, char **argv)
{
    for (int i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(argv[0], commands[i].name) == 0)
            return commands[i].start(argc, argv);
    return unknown_command(argv[0]);
}

int main(int argc, char **argv)
{
    static char help_option[] = "--help";
    const char *name = argc > 1 ? argv[1] : "--help";
    if (strcmp(name, "help") == 0 && argc > 2)
        return start_command(2, (char *[]){argv[2], help_option, NULL});
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
        print_help();
        return EXIT_SUCCESS;
    }
    if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0) {
        puts("hybridsim " HYBRIDSIM_VERSION);
        return EXIT_SUCCESS;
    }
    return start_command(argc - 1, argv + 1);
}
