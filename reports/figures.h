/* figures.h - every counter of a run as a list of named figures, whichever way the run came here: just made, or read from a saved
 * file. A metric is the name of one: `cycles`, `events.taken`, `by_instruction.LOAD_FAST`, or `LOAD_FAST`. */
#ifndef HYBRIDSIM_REPORTS_FIGURES_H
#define HYBRIDSIM_REPORTS_FIGURES_H

#include "core/arena.h"
#include "core/buffer.h"
#include "core/isa.h"
#include "sim/timing/timing.h"

#include <stdbool.h>

enum figure_group {
    FIGURE_TOTAL, FIGURE_CATEGORY, FIGURE_CYCLES, FIGURE_EVENT, FIGURE_WORK, FIGURE_HIDDEN, FIGURE_INSTRUCTION, FIGURE_NATIVE,
    FIGURE_ENERGY, FIGURE_AREA, FIGURE_GROUP_COUNT
};

/* The key of the group in a JSON report; "" for the totals, which stand on their own. */
extern const char *const figure_group_names[FIGURE_GROUP_COUNT];

struct figure {
    enum figure_group group;
    const char *name;
    uint64_t value;
};

struct figures {
    struct arena *arena;     /* whoever makes the list sets it; names are copied there */
    uint32_t count, capacity;
    struct figure *list;
};

void figures_add(struct figures *figures, enum figure_group group, const char *name, uint64_t value);
/* All counts; natives: of the whole run. */
void figures_add_counts(struct figures *figures, const struct timing_result *timing, const struct timing_counts *counts);
/* The names that every run has, and those of an ISA's instructions, all of value 0: what a metric can be. */
void figures_add_names(struct figures *figures);
void figures_add_isa(struct figures *figures, const struct isa *isa);

/* What a metric's text means: the figure of that name. NULL: there is none. */
const struct figure *figures_resolve(const struct figures *known, const char *metric);
/* 0 when the run has no such figure: it was never counted. */
uint64_t figures_value(const struct figures *figures, enum figure_group group, const char *name);
bool figures_has(const struct figures *figures, enum figure_group group, const char *name);
/* `cycles`, `events.taken`. */
void figure_add_name(struct buffer *out, const struct figure *figure);

#endif
