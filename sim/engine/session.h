/* session.h - one execution of a program under one ISA, from options to profile. */
#ifndef HYBRIDSIM_SIM_ENGINE_SESSION_H
#define HYBRIDSIM_SIM_ENGINE_SESSION_H

#include "core/diag.h"
#include "core/isa.h"
#include "sim/runtime/clock.h"
#include "sim/profile/profile.h"

#include <stdatomic.h>

struct file_rules;
struct frontend;
struct machine_instruction;
struct session_result;
struct vm;

struct session_options {
    const struct isa *isa;
    struct frontend *frontend;
    const char *script, *module, *command; /* exactly one is not NULL */
    bool command_is_stdin;                 /* the command was read from standard input: sys.argv[0] is '-' */
    char **arguments;                      /* sys.argv[1:] */
    int argument_count;
    const char *const *warnings;           /* sys.warnoptions */
    int warning_count;
    int stdin_fd, stdout_fd, stderr_fd;    /* the program's streams */
    const char *replay_path;               /* clock and entropy readings: recorded when replay_record, else replayed */
    bool replay_record;
    const atomic_int *replay_complete;     /* see replay_open */
    struct file_rules *files;              /* what the program may do with files; NULL: no rules */
    const char *cache_directory;           /* where translations are kept; NULL: nowhere */
    const char *python_path, *home;        /* PYTHONPATH and HOME, of which sys.path is made; NULL: not set */
    const char *executable;                /* sys.executable: the reference interpreter */
    enum clock_kind clock;                 /* what the program's clocks show */
    uint64_t hertz;                        /* of the machine; 0: 10**9 */
    const int64_t *work_milli;             /* thousandths of a cycle for a unit of each kind of work; NULL: the clock knows no cycles */
    void (*block_cycles)(const struct machine_function *function, uint32_t block_count, uint64_t *cycles); /* of source blocks */
    bool record_branches;                  /* call on_branch for every executed conditional branch */
    bool (*on_branch)(void *context, const struct code_profile *code, uint32_t block, bool taken); /* true: mispredicted */
    void *branch_context;
    /* NULL, or told of every access to objects' memory that is followed (access_words.h); gives the lines that missed. */
    uint64_t (*on_access)(void *context, uint64_t address, uint64_t size, bool is_new);
    void *access_context;
    _Atomic uint64_t *progress;            /* NULL, or where progress.h tells how far the run is */
    bool contexts;                         /* count by calling context: profile->contexts */
    uint64_t dependence_bytes;             /* follow dependences, with at most so much memory (observe.h); 0: do not */
    int32_t (*latency)(const struct isa *isa, const struct machine_instruction *instruction); /* then: until its result is there */
    /* NULL, or called when the program has ended and its profile is complete, while the runtime's objects are still there. */
    void (*before_end)(void *context, struct vm *vm, struct session_result *result);
    void *end_context;
};

struct session_result {
    struct profile *profile;
    int exit_status;
    bool interrupted;
    bool unsupported; /* exit 3: the message is already on the program's stderr */
    const char *main_file; /* co_filename of the program itself; lives as long as the process */
};

/* False, with errors in diag, when the program could not even be started (missing file, syntax error in the script: the
 * message is then CPython's own and diag->verbatim). */
bool session_run(const struct session_options *options, struct session_result *result, struct diag *diag);

/* The file that `python3 -m options->module` runs, to be freed; NULL, with CPython's message in diag, when there is none. Looks
 * where session_run does, and imports nothing. */
char *session_find_module(const struct session_options *options, struct diag *diag);

#endif
