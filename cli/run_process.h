/* run_process.h - runs of one program under several ISAs, each in a process of its own. The first run talks to the user:
 * what it prints is passed on as it comes, and kept; what it reads is kept. The later ones get the same input, and what they
 * print is only compared. Where there are cores for it they go on beside the first, waiting for what it reads of clocks and the
 * like. A program that changes files runs under one ISA after the other, and what a run changed is undone before the next: the
 * first change makes the runs beside the first void. */
#ifndef HYBRIDSIM_CLI_RUN_PROCESS_H
#define HYBRIDSIM_CLI_RUN_PROCESS_H

#include "core/diag.h"
#include "core/isa.h"
#include "sim/timing/timing.h"

struct vm;

/* What a run's process knows at the program's end. */
struct run_facts {
    const void *context;   /* run_program.describe_context */
    struct vm *vm;         /* its objects can still be looked at; nothing is executed any more */
    const struct profile *profile;
    const struct isa *isa;
    const struct timing_result *timing; /* with rows */
    int exit_status;
    bool unsupported, interrupted; /* the program did not come to its end */
};

struct progress;

struct run_program {
    const char *script, *module, *command; /* exactly one is not NULL */
    bool command_is_stdin; /* the command was read from standard input */
    char **arguments;
    int argument_count;
    const char *python;    /* the reference interpreter; NULL: to be found */
    const char *const *writable; /* --allow-write: more folders in which it may change files */
    int writable_count;
    const char *const *warnings; /* PYTHONWARNINGS' parts, then -W: filters of warnings */
    int warning_count;
    bool no_files;         /* --no-files */
    bool native_code;      /* --allow-native */
    bool own_clock, host_clock; /* --own-clock: outputs are not compared; --host-clock */
    int cores;             /* at most so many runs at once; 0: as many as there are cores */
    /* NULL, or called in a run's process before it changes a file for the first time. It may end the process. */
    void (*before_change)(void *context);
    void *change_context;
    bool in_turn;          /* one run after the other, and what the last one does to files is undone, too */
    /* NULL, or told of every branch of the last run in place of the machine's predictor (session_options.on_branch). */
    bool (*on_branch)(void *context, const struct code_profile *code, uint32_t block, bool taken);
    void *branch_context;
    /* Likewise, of every access to objects' memory in place of the machine's data cache (session_options.on_access). */
    uint64_t (*on_access)(void *context, uint64_t address, uint64_t size, bool is_new);
    void *access_context;
    bool no_report;        /* nobody asked what the run cost: it need not be timed */
    /* NULL, or called in each run's process at the program's end: what it adds to `bytes` is the outcome's `extra`. */
    void (*describe)(const struct run_facts *facts, struct buffer *bytes);
    const void *describe_context;
    void (*describe_page)(const struct run_facts *facts, struct buffer *bytes); /* the same, for an HTML report */
    struct progress *progress; /* NULL: the set makes its own, if stderr is a terminal (progress.h) */
    bool contexts;         /* the run counts by calling context, for `describe` (profile.contexts) */
    uint64_t dependence_bytes; /* its dependences are followed, for `describe`, with at most so much memory; 0: they are not */
};

struct run_outcome {
    struct timing_result *timing; /* NULL: the run left none */
    char *extra;           /* what run_program.describe wrote; malloc'd, NULL: nothing */
    size_t extra_size;
    char *page;            /* what run_program.describe_page wrote; as `extra` */
    size_t page_size;
    int exit_status;
    bool started;          /* false: its errors have been printed, exit_status is hybridsim's */
    bool unsupported;      /* its message has been printed */
    bool interrupted;
    int died_of;           /* signal that ended the process before it could report; 0: none */
};

struct run_set;            /* what the first run leaves for the later ones */

/* A run for each of `isas`, which live as long as the set, is going to be made. NULL, with errors, when the temporary files
 * cannot be made. */
struct run_set *run_set_new(const struct run_program *program, struct isa *const *isas, int run_count, struct diag *diag);
void run_set_free(struct run_set *set);

/* The outcome of the next run. As many runs as there are cores go on at once, unless the program changes files. */
struct run_outcome run_set_next(struct run_set *set);

/* Compares the streams of the latest run, under `isa`, with the first's. False, with an error naming ISA, stream and offset, when they differ. */
bool run_set_compare(struct run_set *set, const struct isa *isa, const struct isa *first, struct diag *diag);

/* --own-clock: each run shows times of its own. */
bool run_set_compares_nothing(const struct run_set *set);

/* The signal (SIGINT, SIGTERM, SIGHUP) that asked hybridsim to stop; 0: none. */
int run_set_signal(const struct run_set *set);

/* Cores that this process may use, at least one. */
int run_count_cores(void);

/* Whoever reads hybridsim's output has gone. */
bool run_set_output_closed(const struct run_set *set);

#endif
