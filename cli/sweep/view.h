/* view.h - what is read out of the results of sweeps: tables on the terminal, exports, a point's spec. */
#ifndef HYBRIDSIM_CLI_SWEEP_VIEW_H
#define HYBRIDSIM_CLI_SWEEP_VIEW_H

#include "cli/sweep/results.h"

struct view_options {
    const char *program;   /* label; NULL: the geometric mean over all */
    const char *tool;      /* NULL: this build's, or the only one there is */
    const char *best, *pareto, *sensitivity; /* metrics; pareto: two, with a comma */
    int top;
};

/* The tables asked for, as text. False, with an error, when a metric, a program or a tool is not in the file. */
bool view_show(struct results *results, const struct view_options *options, struct buffer *text, struct diag *diag);

bool view_export_csv(struct results *results, const struct view_options *options, struct buffer *text, struct diag *diag);
bool view_export_json(struct results *results, const struct view_options *options, struct buffer *text, struct diag *diag);

/* The whole spec of a point, its machine included, as YAML. */
bool view_spec(struct results *results, int64_t point, struct buffer *yaml, struct diag *diag);

#endif
