/* saved_run.h - a run in a file that stands for it later: the JSON report, and what each code object, line and instruction did,
 * and what it was made of (docs/report-schema.md). Written by --save, read by compare and diff. */
#ifndef HYBRIDSIM_REPORTS_SAVED_RUN_H
#define HYBRIDSIM_REPORTS_SAVED_RUN_H

#include "core/diag.h"
#include "reports/figures.h"
#include "reports/report.h"
#include "sim/timing/tally.h"

enum { SAVED_RUN_VERSION = 1, SHA256_TEXT = 65 };

/* ---- writing ---- */

struct saved_input_file {       /* a source file that was executed */
    const char *file;           /* as the run calls it */
    char sha256[SHA256_TEXT];   /* "": it cannot be read */
    const char *text;           /* of the program's own files; else NULL */
};

struct saved_input_spec {
    const struct isa *isa;
    char sha256[SHA256_TEXT];   /* of isa->resolved_text */
};

struct saved_input {
    const struct report *report;         /* scope all */
    const struct tally *const *tallies;  /* of each run */
    const struct saved_input_spec *specs; /* of each run */
    const char *const *command;          /* the command line, as far as figures depend on it */
    int command_count;
    const struct saved_input_file *files;
    int file_count;
};

void saved_run_render(const struct saved_input *input, struct buffer *out);

/* ---- reading ---- */

struct saved_row {              /* the equal instructions of one line of a code object */
    uint32_t line;              /* 0: not known */
    uint32_t name;              /* place in saved_run.names */
    uint64_t placed, executed, cycles;
};

struct saved_code {
    const char *file, *name;
    uint32_t line;
    bool is_script;
    uint64_t native_cycles;     /* of work that has no instruction of its own */
    uint32_t row_count;
    struct saved_row *rows;
};

struct saved_run {
    const char *isa, *machine;
    const char *spec;           /* in full; NULL: not in the file */
    bool interrupted;
    struct figures all, script; /* of all that was executed; of the script's own file */
    uint32_t name_count, code_count;
    const char **names;
    struct saved_code *codes;   /* those that were entered */
};

struct saved_source {
    const char *file, *sha256;  /* "": not known */
    uint32_t line_count;        /* 0: the text is not in the file */
    const char **lines;
};

struct saved_file {
    struct arena *arena;
    const char *path;           /* where it was read from */
    const char *version;        /* of the hybridsim that wrote it */
    const char *program, *kind;
    uint32_t argument_count, run_count, source_count;
    const char **arguments;
    int64_t exit_status;
    bool interrupted;
    struct saved_run *runs;
    struct saved_source *sources;
};

/* NULL, with an error that says what was found, when the file is none, is damaged, or was written by a newer hybridsim. */
struct saved_file *saved_file_read(const char *path, struct diag *diag);
void saved_file_free(struct saved_file *file);

#endif
