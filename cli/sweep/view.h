/* view.h - what is read out of the results of sweeps: tables on the terminal, exports, a point's spec. */
#ifndef HYBRIDSIM_CLI_SWEEP_VIEW_H
#define HYBRIDSIM_CLI_SWEEP_VIEW_H

#include "cli/sweep/results.h"
#include "core/yaml.h"

struct view_options {
    const char *program;   /* label; NULL: the geometric mean over all */
    const char *tool;      /* NULL: this build's, or the only one there is */
    const char *best, *pareto, *sensitivity; /* metrics; pareto: two, with a comma */
    int top;
    const char *where;     /* an expression (view_where.h); NULL: all points */
    const struct view_chosen *chosen; /* those of `where`; NULL: all */
};

/* The tables asked for, as text. False, with an error, when a metric, a program or a tool is not in the file. */
bool view_show(struct results *results, const struct view_options *options, struct buffer *text, struct diag *diag);

/* A report in Markdown: the best points, the front of two metrics, what each axis changes (of the objectives, or of what options
 * ask for), and where the figures are from. */
bool view_markdown(struct results *results, const struct view_options *options, struct buffer *text, struct diag *diag);

bool view_export_csv(struct results *results, const struct view_options *options, struct buffer *text, struct diag *diag);
bool view_export_json(struct results *results, const struct view_options *options, struct buffer *text, struct diag *diag);

/* The whole spec of a point, its machine included, as YAML. */
bool view_spec(struct results *results, int64_t point, struct buffer *yaml, struct diag *diag);
enum { VIEW_SPEC_FLOW_DEPTH = 2 }; /* of yaml_write, which writes it */

/* A base's tree with settings, which are JSON, laid over it; NULL after an error. */
struct yaml_node *view_apply_settings(struct arena *arena, struct yaml_node *tree, const char *settings, struct diag *diag);

#endif
