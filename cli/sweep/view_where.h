/* view_where.h - the points of a results' file for which an expression over their keys and metrics holds: `--where`. */
#ifndef HYBRIDSIM_CLI_SWEEP_VIEW_WHERE_H
#define HYBRIDSIM_CLI_SWEEP_VIEW_WHERE_H

#include "cli/sweep/view.h"

struct view_chosen {
    int64_t *ids;      /* ascending */
    size_t count, all; /* of so many */
};

/* The points where options->where (expression.h) holds. A name in it is a key of the spec, a metric (of options->program, or the
 * mean of all) or a word that a key has as its value. False, with an error that says where, when it is none of these. */
bool view_where(struct results *results, const struct view_options *options, struct view_chosen *chosen, struct diag *diag);
void view_chosen_free(struct view_chosen *chosen);

/* NULL: all are. */
bool view_is_chosen(const struct view_chosen *chosen, int64_t point);

#endif
