/* page_points.h - what the HTML report of a sweep shows, read into columns: of each axis the numbers of the points' values, of each
 * metric the figures of each program. */
#ifndef HYBRIDSIM_CLI_SWEEP_PAGE_POINTS_H
#define HYBRIDSIM_CLI_SWEEP_PAGE_POINTS_H

#include "cli/sweep/view_where.h"
#include "core/arena.h"

enum { PAGE_MAX_POINTS = 20000, PAGE_MAX_AXES = 192, PAGE_AS_BASE = 0xffff };

struct page_axis {
    const char *name;
    struct json_t *values;           /* their JSON, as keys: value to number */
    const char **texts;       /* the same, by number */
    size_t value_count, capacity;
    uint16_t *numbers;        /* of each point; PAGE_AS_BASE: it does not set it */
    bool derived;             /* computed of the others */
};

struct page_metric {
    const char *name;
    double *figures;          /* program by program, of each point */
};

struct page_points {
    struct arena *arena;
    int64_t *ids;             /* ascending */
    size_t count, left_out;   /* points that are too many for a page */
    int64_t *bases;           /* of each point */
    const char **settings;    /* of each point, JSON */
    int64_t *program_ids;
    const char **programs;    /* labels */
    size_t program_count;
    bool *there;              /* program by program, of each point: it has a result */
    struct page_axis axes[PAGE_MAX_AXES];
    int axis_count;
    bool left_out_axes;       /* there are more */
    struct page_metric *metrics; /* in the order in which they are worth their room */
    size_t metric_count, metric_capacity;
    struct json_t *metric_numbers;   /* by name */
};

/* Of the results of one tool, at options->chosen: of `most` points, and the front of them. False with an error. */
bool page_points_load(struct page_points *points, struct results *results, const struct view_options *options, const char *tool,
                      size_t most, struct diag *diag);
void page_points_free(struct page_points *points);

#endif
