/* figures.h - all counters of a program at a point, as results' files have them. Most points share most of them: counters are kept
 * by group, each set of numbers once, under an id made of its contents; a result has its totals and the ids of its sets. */
#ifndef HYBRIDSIM_CLI_SWEEP_FIGURES_H
#define HYBRIDSIM_CLI_SWEEP_FIGURES_H

#include "core/buffer.h"
#include "sim/timing/timing.h"

#include <stdint.h>

struct sqlite3;

enum { FIGURE_TOTALS = 6, FIGURE_GROUPS = 7 };

struct figure_set {       /* the counters of a group that are not 0 */
    int64_t id, layout;   /* of names and numbers; of the names */
    char *names, *numbers; /* JSON arrays */
};

struct figures {
    uint64_t totals[FIGURE_TOTALS];
    struct figure_set sets[FIGURE_GROUPS];
};

/* Of everything executed. */
struct figures *figures_new(const struct timing_result *timing);
void figures_free(struct figures *figures);

/* The same as one JSON object, {"cycles": 1, ...}: what FIGURES_ALL gives. */
void figures_write(const struct timing_result *timing, struct buffer *json);

/* Columns of the table of results, FIGURE_TOTALS and then FIGURE_GROUPS of them; r is the table. */
#define FIGURES_COLUMNS "cycles, instructions, static_instructions, code_bytes, energy, area, energy_parts, area_parts," \
    " cycle_stack, events, work, by_category, by_instruction"
/* The JSON object, in a query. */
#define FIGURES_ALL "all_figures(r.cycles, r.instructions, r.static_instructions, r.code_bytes, r.energy, r.area, r.energy_parts," \
    " r.area_parts, r.cycle_stack, r.events, r.work, r.by_category, r.by_instruction)"
/* One metric in a query, NULL where it is 0. To be freed. */
char *figures_metric_sql(const char *metric);

/* The functions that these are made of, for a connection, as long as it is open. */
bool figures_add_functions(struct sqlite3 *database);

/* Ids made of contents: of a text, as that of a layout's names, and of a set. */
int64_t figures_content_id(const char *text, size_t size);
int64_t figures_set_id(int64_t layout, const char *numbers);

#endif
