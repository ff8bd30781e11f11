/* main.c - finds the command and starts it. */
#include "cli/commands.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HYBRIDSIM_VERSION "0.1.0"

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
    {"analyze", command_analyze, "bytecode, counts and profile of a program, each in a file"},
    {"isa", command_isa, "check, show or list instruction set specs"},
    {"doctor", command_doctor, "say which modules of the standard library can be used"},
};

enum { COMMAND_COUNT = sizeof commands / sizeof *commands };

static void print_help(FILE *out)
{
    fputs("Usage: hybridsim COMMAND [ARGUMENT...]\n\n"
          "Runs Python programs on simulated machines whose instruction sets are described in YAML, and counts\n"
          "instructions and cycles.\n\nCommands:\n", out);
    for (int i = 0; i < COMMAND_COUNT; i++)
        fprintf(out, "  %-10s %s\n", commands[i].name, commands[i].text);
    fputs("\n`hybridsim COMMAND --help` says more about each.\n"
          "  -h, --help     this text\n  -V, --version  the version\n\n"
          "Example: hybridsim run --isa hybrid workloads/quickSort.py\n", out);
}

/* Edits (insertions, deletions, replacements) that turn a into b; names are short. */
static int edit_distance(const char *a, const char *b)
{
    enum { MAX_NAME = 32 };
    int row[MAX_NAME + 1];
    int length = (int)strlen(b);
    if (length > MAX_NAME || strlen(a) > MAX_NAME)
        return MAX_NAME;
    for (int j = 0; j <= length; j++)
        row[j] = j;
    for (int i = 0; a[i]; i++) {
        int diagonal = row[0];
        row[0] = i + 1;
        for (int j = 0; j < length; j++) {
            int best = diagonal + (a[i] != b[j]);
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j + 1] + 1 < best)
                best = row[j + 1] + 1;
            diagonal = row[j + 1];
            row[j + 1] = best;
        }
    }
    return row[length];
}

static int unknown_command(const char *name)
{
    int best = -1, best_distance = 4; /* farther than this is no slip of the keys */
    for (int i = 0; i < COMMAND_COUNT; i++) {
        int distance = edit_distance(name, commands[i].name);
        if (distance < best_distance)
            best = i, best_distance = distance;
    }
    size_t length = strlen(name);
    bool is_program = length > 3 && (strcmp(name + length - 3, ".py") == 0 || strcmp(name + length - 3, "pyc") == 0);
    fprintf(stderr, "hybridsim: error: unknown %s '%s'", name[0] == '-' ? "option" : "command", name);
    if (is_program)
        fprintf(stderr, "; did you mean 'hybridsim run %s'?\n", name);
    else if (best >= 0)
        fprintf(stderr, "; did you mean '%s'?\n", commands[best].name);
    else
        fputs("; see 'hybridsim --help'\n", stderr);
    return EXIT_USER_ERROR;
}

int main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "--help";
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
        print_help(stdout);
        return EXIT_SUCCESS;
    }
    if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0) {
        puts("hybridsim " HYBRIDSIM_VERSION);
        return EXIT_SUCCESS;
    }
    for (int i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(name, commands[i].name) == 0)
            return commands[i].start(argc - 1, argv + 1);
    return unknown_command(name);
}
