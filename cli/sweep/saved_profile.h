/* saved_profile.h - executions of a program in a file: what sweeps need to know of them, and the code objects that were executed,
 * so that points are computed without the script and without CPython. Of several executions each speculated on other
 * instructions. A file is of one build of hybridsim, whose figures it leads to. */
#ifndef HYBRIDSIM_CLI_SWEEP_SAVED_PROFILE_H
#define HYBRIDSIM_CLI_SWEEP_SAVED_PROFILE_H

#include "cli/run_process.h"
#include "cli/sweep/retime.h"
#include "core/content_key.h"

struct saved_program { /* what was executed */
    const char *script;             /* absolute */
    char **arguments;
    uint32_t argument_count;
    struct content_key key;         /* program_key of it */
    uint32_t exit_status;
    const char *isa;                /* of one execution: name of the ISA */
    uint32_t execution_count;       /* of a file */
    bool has_trace;                 /* all branches are known, in all executions */
};

struct saved_profile {
    struct arena *arena;
    struct saved_program program;
    struct retime_source source;
    struct code_unit **units;
    uint32_t unit_count;
};

/* What sweeps know a program by: its script's text and path, and its arguments. False: the script cannot be read. */
bool program_key(const struct run_program *program, struct content_key *key);

/* The bytes of a file of one execution. The trace in `source`, NULL or not, decides program->has_trace. */
void saved_profile_write(const struct saved_program *program, const struct retime_source *source, struct buffer *file);

/* Adds an execution to the file, which is made anew when there is none, or one of another build or program; one that speculated
 * alike is there once. The file is replaced as a whole. False, with an error, when that fails. */
bool saved_profile_append(const char *path, const struct saved_program *program, const struct retime_source *source,
                          struct diag *diag);

/* Reads the file and checks all of it, but keeps only what the program was, in `arena`. False, with an error that names the file,
 * when it is no whole file of this build. */
bool saved_profile_check(const char *path, struct saved_program *program, struct arena *arena, struct diag *diag);

/* The number-th execution, from 0; NULL as above. */
struct saved_profile *saved_profile_load(const char *path, uint32_t number, struct diag *diag);
void saved_profile_free(struct saved_profile *saved);

#endif
