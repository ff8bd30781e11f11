/* saved_profile.h - an execution in a file: what sweeps need to know of it, and the code objects that were executed, so that points
 * are computed without the script and without CPython. A file is of one build of hybridsim, whose figures it leads to. */
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
    const char *isa;                /* name of the ISA */
    uint32_t exit_status;
    bool has_trace;                 /* all branches are known */
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

/* The file's bytes. The trace in `source`, NULL or not, decides program->has_trace. */
void saved_profile_write(const struct saved_program *program, const struct retime_source *source, struct buffer *file);

/* Reads the file and checks all of it, but keeps only what the program was, in `arena`. False, with an error that names the file,
 * when it is no whole file of this build. */
bool saved_profile_check(const char *path, struct saved_program *program, struct arena *arena, struct diag *diag);

/* All of it; NULL as above. */
struct saved_profile *saved_profile_load(const char *path, struct diag *diag);
void saved_profile_free(struct saved_profile *saved);

#endif
