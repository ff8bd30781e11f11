/* view_table.h - metrics of every point of a results' file, one number a point: of one program, or the mean over all. */
#ifndef HYBRIDSIM_CLI_SWEEP_VIEW_TABLE_H
#define HYBRIDSIM_CLI_SWEEP_VIEW_TABLE_H

#include "cli/sweep/view.h"

#include <jansson.h>

enum { VIEW_MAX_METRICS = 8 };

struct view_point {
    int64_t id, base;
    char *settings;     /* JSON: its axes, not what is derived of them */
    json_t *json;       /* the same, parsed */
    double values[VIEW_MAX_METRICS];
};

struct view_table {
    char *names;        /* what `metrics` point into */
    const char *metrics[VIEW_MAX_METRICS];
    char *shown[VIEW_MAX_METRICS];         /* with the program, if it is of one */
    int64_t programs[VIEW_MAX_METRICS];    /* 0: all */
    bool larger_first[VIEW_MAX_METRICS];   /* more is better */
    int metric_count;
    struct view_point *points; /* those with results of all programs */
    size_t count;
    const char *mean;   /* how programs were put together */
    bool logarithmic;   /* by the geometric mean */
};

/* `metrics` with commas between them, or a line feed behind each: NAME, NAME@PROGRAM for one program's, -NAME when more is better. */
bool view_table_load(struct results *results, const struct view_options *options, const char *metrics, struct view_table *table,
                     struct diag *diag);
/* The same of two metrics, as --pareto has them; false, with an error, when these are others. */
bool view_table_load_two(struct results *results, const struct view_options *options, const char *metrics,
                         struct view_table *table, struct diag *diag);
void view_table_free(struct view_table *table);

/* The best points first. */
void view_table_sort(struct view_table *table);
/* Leaves the points than which no other is better by both of two metrics, the best by the first of them first. */
void view_table_keep_front(struct view_table *table);
/* Of what a metric is: one program, or how programs were put together. */
const char *view_table_mean(const struct view_table *table, int metric);

/* The tool whose results are meant, to be freed; NULL with an error. */
char *view_tool(struct results *results, const struct view_options *options, struct diag *diag);
/* The id of the program that is meant; 0: all. False, with an error, when there is none of that name. */
bool view_program(struct results *results, const struct view_options *options, int64_t *program, struct diag *diag);

#endif
