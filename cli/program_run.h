/* program_run.h - what every command that runs a program shares: the options that say what runs, under which ISAs and with
 * what rights, and the runs themselves, one under each ISA, compared with each other. */
#ifndef HYBRIDSIM_CLI_PROGRAM_RUN_H
#define HYBRIDSIM_CLI_PROGRAM_RUN_H

#include "cli/run_process.h"
#include "cli/terminal.h"
#include "core/diag.h"
#include "core/isa.h"

#include <getopt.h>
#include <stdbool.h>

enum { PROGRAM_MAX_LIST = 64 };

struct program_options {
    struct run_program program;
    const char *writable[PROGRAM_MAX_LIST], *warnings[PROGRAM_MAX_LIST];
    const char *isas[PROGRAM_MAX_LIST];
    int isa_count;
    const char *machine;
    enum color_mode color;
    const char *save; /* --save, of commands that have PROGRAM_SAVE_OPTION */
    bool no_baseline, no_idioms, help;
};

/* Long options, for a command's table; their numbers start far above those of its own. */
enum { PROGRAM_OPTION_ISA = 1024, PROGRAM_OPTION_MACHINE, PROGRAM_OPTION_NO_BASELINE, PROGRAM_OPTION_PYTHON,
       PROGRAM_OPTION_ALLOW_WRITE, PROGRAM_OPTION_ALLOW_NATIVE, PROGRAM_OPTION_NO_FILES, PROGRAM_OPTION_OWN_CLOCK,
       PROGRAM_OPTION_HOST_CLOCK, PROGRAM_OPTION_NO_IDIOMS, PROGRAM_OPTION_WORKLOAD, PROGRAM_OPTION_SAVE, PROGRAM_OPTION_COLOR };
#define PROGRAM_LONG_OPTIONS \
    {"isa", required_argument, NULL, PROGRAM_OPTION_ISA}, {"machine", required_argument, NULL, PROGRAM_OPTION_MACHINE}, \
    {"no-baseline", no_argument, NULL, PROGRAM_OPTION_NO_BASELINE}, \
    {"no-idioms", no_argument, NULL, PROGRAM_OPTION_NO_IDIOMS}, \
    {"allow-write", required_argument, NULL, PROGRAM_OPTION_ALLOW_WRITE}, \
    {"no-files", no_argument, NULL, PROGRAM_OPTION_NO_FILES}, \
    {"allow-native", no_argument, NULL, PROGRAM_OPTION_ALLOW_NATIVE}, \
    {"color", required_argument, NULL, PROGRAM_OPTION_COLOR}, \
    {"own-clock", no_argument, NULL, PROGRAM_OPTION_OWN_CLOCK}, \
    {"host-clock", no_argument, NULL, PROGRAM_OPTION_HOST_CLOCK}, \
    {"workload", required_argument, NULL, PROGRAM_OPTION_WORKLOAD}, \
    {"python", required_argument, NULL, PROGRAM_OPTION_PYTHON}
#define PROGRAM_SAVE_OPTION {"save", required_argument, NULL, PROGRAM_OPTION_SAVE}
/* Short ones: the program, and -W. */
#define PROGRAM_SHORT_OPTIONS "m:c:W:"

/* A command's help: its own part, then the options that all of these commands have. */
void program_print_help(const char *usage);

/* A command that takes options, then a program and its arguments. */
struct program_command {
    const char *name;                  /* "count" */
    const char *short_options;         /* for getopt: "+ho:" PROGRAM_SHORT_OPTIONS */
    const struct option *long_options; /* with PROGRAM_LONG_OPTIONS */
    /* An option of the command's own, into `options`. False, with an error, when it is wrong; *known false: it is none. */
    bool (*take)(int option, void *options, bool *known, struct diag *diag);
};
/* Reads the command line: the command's own options into `options`, the program's into `program`. Options end at the script, -m
 * or -c: what follows is the program's. -h sets program->help and ends it. False, with an error, when something is wrong. */
bool program_parse(int argc, char **argv, const struct program_command *command, struct program_options *program, void *options,
                   struct diag *diag);
/* --top and --scope. */
bool program_parse_top(const char *text, int *top, struct diag *diag);
bool program_parse_scope(const char *text, bool *script_only, struct diag *diag);

/* An option that getopt found. False, with an error, when it is wrong; *known says whether it is one of these at all. */
bool program_option(int option, struct program_options *options, bool *known, struct diag *diag);
/* -m, -c or --workload was given: options end there. */
bool program_is_given(const struct program_options *options);
/* PYTHONWARNINGS, before the options. */
bool program_warnings_of_environment(struct program_options *options, struct diag *diag);
/* The program from argv[optind] on, unless -m or -c named it. */
bool program_take(int argc, char **argv, struct program_options *options, struct diag *diag);
/* "script", "module" or "command", and its text. */
const char *program_kind(const struct run_program *program);
const char *program_name(const struct run_program *program);

/* The program compiled and not run; python: what runs it, to find modules. NULL, with errors, when that fails. */
struct frontend;
struct code_unit *program_load_unit(const struct run_program *program, struct frontend *frontend, const char *python,
                                    struct diag *diag);

bool program_list_add(const char **list, int *count, const char *item, const char *what, struct diag *diag);

struct run_list {
    struct isa *isas[PROGRAM_MAX_LIST + 1];
    struct run_outcome outcomes[PROGRAM_MAX_LIST + 1];
    int isa_count, done; /* done: runs that were completed, or interrupted and reported */
};

/* The baseline, unless it is not wanted, and the ISAs asked for, each once. False with every error of every spec. */
bool run_list_load(const struct program_options *options, struct run_list *list, struct diag *diag);
/* Makes the runs. 0, or the exit status when the first could not start or the runs do not agree. */
int run_list_make(struct run_set *set, struct run_list *list, struct diag *diag);
/* How the program of the first run ended ("raised ..."); NULL: well, or it was interrupted. */
const char *run_list_ending(const struct run_list *list, bool interrupted);
/* Why the first run has left nothing. */
const char *run_list_absence(const struct run_list *list);
/* The exit status of the whole, and whether what there is was cut short. */
int run_list_status(struct run_set *set, const struct run_list *list, bool *interrupted);
void run_list_free(struct run_list *list);

#endif
