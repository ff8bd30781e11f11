/* results.h - the results of sweeps in an SQLite file; docs/sweep.md describes the tables. Several processes write to it at once,
 * each through a connection of its own; what is committed stays, however a process ends. */
#ifndef HYBRIDSIM_CLI_SWEEP_RESULTS_H
#define HYBRIDSIM_CLI_SWEEP_RESULTS_H

#include "cli/sweep/figures.h"
#include "core/content_key.h"
#include "core/diag.h"

#include <stdint.h>

struct sqlite3;

struct results {
    struct sqlite3 *database;
    const char *path;
    struct sqlite3_stmt *insert; /* prepared when first needed */
    int64_t *known;              /* some ids that are in the file, of sets and layouts of figures */
};

struct results_row { /* one program at one point */
    int64_t point, program;      /* ids in the file */
    const char *tool;            /* results_tool */
    const char *how;             /* "retimed" or "executed" */
    int exit_status;
    const struct figures *figures; /* NULL with an error */
    const char *error;           /* why the point has no ISA; NULL: it has */
};

/* Opens the file, and makes it when `write`. False, with an error, when it is none of ours. */
bool results_open(struct results *results, const char *path, bool write, struct diag *diag);
void results_close(struct results *results);

/* Executes statements that answer nothing. False, with an error, when that fails: the file is full, for instance. */
bool results_do(struct results *results, const char *statements, struct diag *diag);

/* The id of what is known by `key`, which is added when it is new; -1 with an error. */
int64_t results_base(struct results *results, const char *name, const char *spec, struct diag *diag);
int64_t results_program(struct results *results, const struct content_key *key, const char *label, const char *script,
                        struct diag *diag);
/* Settings as sweep_point_settings has them; `derived` is empty when there are none. A new point has the id `wanted`, unless
 * another one has, or it is 0. */
int64_t results_point(struct results *results, int64_t base, int64_t wanted, const char *settings, const char *derived,
                      struct diag *diag);

/* Notes how a sweep's points were come by, as JSON, and its objectives, as view_table_load takes them. */
bool results_definition(struct results *results, const char *name, const char *points, const char *objectives, struct diag *diag);
/* Those of the sweep that was noted last; NULL: there are none. To be freed. */
char *results_objectives(struct results *results);

/* A key as the file has it. */
enum { RESULTS_KEY_ROOM = 33 };
void results_key_text(const struct content_key *key, char text[RESULTS_KEY_ROOM]);

/* The error of a point that a saved profile does not stand for begins with RESULTS_NEEDS_SCRIPT. It is computed again when it is
 * asked for again, and gives way to figures. */
#define RESULTS_NEEDS_SCRIPT "needs the script: "

bool results_add(struct results *results, const struct results_row *row, struct diag *diag);

/* The figures of a point by the same tool; NULL: there are none. To be freed. */
char *results_figures(struct results *results, int64_t point, int64_t program, const char *tool);
/* There is a result, and not only one that needs the script. */
bool results_has(struct results *results, int64_t point, int64_t program, const char *tool);

/* The version and a check of the running program itself: figures of another build are not mixed with this one's. */
void results_tool(char *text, size_t room);

/* Adds a row to a table whose ids are made of contents, unless it is there: `id` and up to two more columns. False, with an error,
 * when what is there has other contents. */
bool results_keep(struct results *results, const char *table, int64_t id, int64_t other, const char *text, struct diag *diag);

/* Adds an error with SQLite's words. Returns false. */
bool results_error(const struct results *results, const char *doing, struct diag *diag);

#endif
