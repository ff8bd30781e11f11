/* svg_points.h - points of many settings as self-contained SVG drawings: two figures against each other, a figure over two axes,
 * and all axes beside each other. */
#ifndef HYBRIDSIM_REPORTS_SVG_POINTS_H
#define HYBRIDSIM_REPORTS_SVG_POINTS_H

#include "core/buffer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Two figures of each point; those on the front, which come by the first figure, are joined by steps. */
struct svg_scatter {
    const char *title, *subtitle, *x_name, *y_name;
    size_t front_count, other_count;
    const double *front, *others;  /* x and y of each */
    const int64_t *front_ids;
};
void svg_scatter_render(const struct svg_scatter *chart, struct buffer *out);

/* A figure for each pair of two axes' values; NAN: there is none. */
struct svg_heat {
    const char *title, *subtitle, *x_name, *y_name;
    int column_count, row_count;
    const char *const *columns, *const *rows;
    const double *cells;           /* row by row */
};
void svg_heat_render(const struct svg_heat *chart, struct buffer *out);

/* A vertical axis for each dimension, a line for each point. */
struct svg_dimension {
    const char *name;
    int step_count;                /* 0: numbers from least to most; else its values are places in steps */
    const char *const *steps;
    double least, most;
};
struct svg_parallel {
    const char *title, *subtitle;
    int dimension_count;
    const struct svg_dimension *dimensions;
    size_t line_count;
    const double *values;          /* line by line */
};
void svg_parallel_render(const struct svg_parallel *chart, struct buffer *out);

#endif
