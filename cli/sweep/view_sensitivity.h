/* view_sensitivity.h - how much each axis of a sweep changes a metric: between the means of its values and of the variance, and one
 * axis at a time around the base and around the best point. Keys that `derive` computes follow the axes, and are none. */
#ifndef HYBRIDSIM_CLI_SWEEP_VIEW_SENSITIVITY_H
#define HYBRIDSIM_CLI_SWEEP_VIEW_SENSITIVITY_H

#include "cli/sweep/view_table.h"

struct sensitivity_row {
    const char *axis;
    size_t values;          /* that points have of it */
    double least, most;     /* of the means of its values; one at a time: of points */
    const char *least_at, *most_at; /* values of the axis */
    double ratio;           /* most / least; 0: least is 0 */
    double share;           /* of the variance, percent; one at a time: 0 */
};

struct sensitivity_centre { /* points that differ from one in a single axis */
    const char *name;       /* "the base", or "the best point" */
    int64_t point;
    double value;           /* of the metric */
    const char *settings;   /* JSON */
    struct sensitivity_row *rows; /* of axes of which there are such points */
    size_t row_count;
};

struct sensitivity {
    struct arena *arena;
    struct view_table table;      /* of the metric */
    struct sensitivity_row *rows; /* of all axes */
    size_t row_count;
    struct sensitivity_centre centres[2];
    int centre_count;
    const char *derived;    /* keys that were left out, with commas; empty: none */
    size_t derived_count;
};

/* Of the metric, as view_table_load takes it, at options->chosen. False with an error. */
bool sensitivity_load(struct results *results, const struct view_options *options, const char *metric,
                      struct sensitivity *sensitivity, struct diag *diag);
void sensitivity_free(struct sensitivity *sensitivity);

/* As tables for the terminal. */
void sensitivity_write(const struct sensitivity *sensitivity, struct buffer *text);

#endif
