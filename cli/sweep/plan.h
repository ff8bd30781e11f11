/* plan.h - a sweep file (docs/sweep.md) as a list of points: which keys of a base ISA and its machine have which values. A point's
 * ISA is made of the base's resolved tree with these values laid over it; nothing is read from disk for it. */
#ifndef HYBRIDSIM_CLI_SWEEP_PLAN_H
#define HYBRIDSIM_CLI_SWEEP_PLAN_H

#include "cli/run_process.h"
#include "cli/sweep/random.h"
#include "core/content_key.h"
#include "core/yaml.h"

enum { SWEEP_MAX_AXES = 64, SWEEP_MAX_VALUES = 4096, SWEEP_MAX_POINTS = 1000000, SWEEP_MAX_PROGRAMS = 256,
       SWEEP_MAX_OBJECTIVES = 8, SWEEP_AS_BASE = 0xffff };

enum sweep_method { SWEEP_GRID, SWEEP_LIST, SWEEP_ONE_AT_A_TIME, SWEEP_RANDOM, SWEEP_LATIN_HYPERCUBE, SWEEP_SEARCH };

struct sweep_axis {
    const char *path;             /* "registers.count", "machine.branch.predictor", "instructions.MADD" */
    struct yaml_node *key;        /* where the sweep file names it */
    struct yaml_node **values;
    int value_count;
    uint16_t *levels;             /* of a logarithmic range, evenly spread: the number of the value nearest to each; else NULL */
    int level_count;
    bool ordered;                 /* numbers that rise or fall */
    struct yaml_node *expression; /* `derive`: its one value is computed of the others; NULL: an axis */
};

struct sweep_program {
    struct run_program run;
    const char *label;            /* "quickSort.py 100" */
    struct content_key key;       /* of script, arguments and the script's text */
    const char *profile;          /* path of the saved profile that stands for it; NULL: it is executed */
    uint32_t executions;          /* of the profile */
    bool has_trace;               /* all branches of these are known */
    const char *gone;             /* why it cannot be executed: "is not there" or "has changed since"; NULL: it can */
};

struct sweep_objective {
    const char *metric;           /* as `sweep show` names it */
    int program;                  /* -1: the geometric mean of all */
    bool maximize;
};

struct sweep_plan {
    struct arena *arena;
    const char *name, *file;
    struct isa *base;             /* with its machine */
    struct yaml_node *tree;       /* its resolved text as a tree */
    struct sweep_axis *axes;      /* axis_count, then derived_count */
    int axis_count, derived_count;
    struct sweep_program *programs;
    int program_count;
    uint16_t *choices;            /* of each point: for each axis the number of its value, or SWEEP_AS_BASE */
    uint32_t point_count;         /* of a search: those found so far */
    enum sweep_method method;
    const char *method_name;
    const struct yaml_node *where; /* a sequence of expressions; NULL: none */
    uint64_t seed;
    struct sweep_random random;   /* what is left of the seed's numbers */
    uint32_t capacity, population; /* of a sample or search: its points at most; of a search: those of a generation */
    size_t choices_size;          /* of a sample or search: bytes that `choices` has, shared with processes; else 0 */
    struct sweep_objective objectives[SWEEP_MAX_OBJECTIVES];
    int objective_count;
    bool needs_outcomes;          /* some point's branch predictor needs the outcome of every branch */
    bool needs_accesses;          /* some point's machine has a data cache */
};

/* NULL, with errors that have line and column, when something in the file is wrong, or a value of an axis makes no valid ISA. */
struct sweep_plan *sweep_plan_load(const char *path, struct diag *diag);
void sweep_plan_free(struct sweep_plan *plan);

/* Its objectives, each with a line feed behind it, and how its points are come by, as JSON; both end with a 0 byte. */
void sweep_objectives_write(const struct sweep_plan *plan, struct buffer *text);
void sweep_definition_write(const struct sweep_plan *plan, struct buffer *json);

/* Points are drawn: not all there could be. */
bool sweep_is_sampled(const struct sweep_plan *plan);

/* A point's settings as JSON, {"registers.count": 8, ...}: what a point is known by, besides its base. Those of `derive` go to
 * `derived`, which stays empty when there are none; NULL: behind the others. */
bool sweep_point_settings(const struct sweep_plan *plan, uint32_t point, struct buffer *json, struct buffer *derived,
                          struct diag *diag);

/* Equal for points of which all that translation looks at is equal: everything but the machine and the stack's entries on chip, and
 * the machine's units. And for points of which machine and entries are. */
struct content_key sweep_point_code_key(const struct sweep_plan *plan, uint32_t point);
struct content_key sweep_point_machine_key(const struct sweep_plan *plan, uint32_t point);
/* Equal for points whose branch predictors are set alike. */
struct content_key sweep_point_predictor_key(const struct sweep_plan *plan, uint32_t point);

/* Equal for points whose data caches are set alike. */
struct content_key sweep_point_cache_key(const struct sweep_plan *plan, uint32_t point);

/* Its spec as a tree in `arena`, on which its ISA is then made; the ISA lives no longer than the arena. */
struct yaml_node *sweep_point_tree(const struct sweep_plan *plan, uint32_t point, struct arena *arena, struct diag *diag);
struct isa *sweep_point_isa(const struct sweep_plan *plan, uint32_t point, struct arena *arena, struct diag *diag);

/* Lays one value over a tree: `off` for `instructions.NAME` takes the instruction away, `on` leaves it. Keys of an instruction that
 * is not there change nothing. */
struct yaml_node *sweep_tree_change(struct arena *arena, struct yaml_node *tree, const char *path, const struct yaml_node *key,
                                    struct yaml_node *value);

/* Whether all expressions of `where` (NULL: none) hold. False after an error. */
bool sweep_point_is_wanted(const struct sweep_plan *plan, uint32_t point, const struct yaml_node *where, bool *wanted,
                           struct arena *arena, struct diag *diag);

/* The node at a path; NULL: there is none. */
struct yaml_node *sweep_tree_find(struct yaml_node *tree, const char *path);

#endif
