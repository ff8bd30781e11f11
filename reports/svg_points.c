/* svg_points.c - see svg_points.h. All lengths are whole numbers, so the same figures give the same bytes everywhere. */
#include "reports/svg_points.h"

#include "core/memory.h"
#include "reports/report.h"
#include "reports/svg_text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char tick[] = "class=\"figure\" stroke=\"#fff\" stroke-width=\"3\" paint-order=\"stroke\"";
enum { WIDTH = 900, HEIGHT = 480, LEFT = 110, RIGHT = 40, TOP = 76, BOTTOM = 60, CELL = 3, TICKS = 5, HEAT_ROW = 34 };

static void begin(const char *title, const char *subtitle, int height, struct buffer *out)
{
    buffer_printf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\">\n",
                  WIDTH, height, WIDTH, height);
    buffer_add_text(out, "<title>");
    svg_add_escaped(out, title);
    buffer_add_text(out, "</title>\n<style>text{font:12px sans-serif;fill:#222}.title{font-size:17px;font-weight:bold}"
                         ".figure{fill:#555}.name{font-weight:bold}</style>\n");
    buffer_printf(out, "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n", WIDTH, height);
    svg_add_text(out, 16, 28, "class=\"title\"", title);
    svg_add_text(out, 16, 48, "class=\"figure\"", subtitle ? subtitle : "");
}

/* 72,366 or 364.25: with decimals where whole numbers would not tell figures apart that lie `span` around each other. */
static void add_figure(struct buffer *out, double value, double span)
{
    if (fabs(value) < 1e15 && (span >= TICKS || value == floor(value))) {
        buffer_add_text(out, value < 0 ? "-" : "");
        report_add_grouped(out, (uint64_t)llround(fabs(value)));
    } else {
        buffer_printf(out, "%.*g", span > 0 && span < 0.01 * fabs(value) ? 8 : 5, value);
    }
}

static void add_number(struct buffer *out, int x, int y, const char *attributes, double value, double span)
{
    struct buffer text = {0};
    add_figure(&text, value, span);
    svg_add_text(out, x, y, attributes, text.bytes);
    buffer_free(&text);
}

struct range {
    double least, most;
};

static struct range range_of(struct range range, const double *values, size_t count)
{
    for (size_t i = 0; i < count; i += 2) {
        range.least = fmin(range.least, values[i]);
        range.most = fmax(range.most, values[i]);
    }
    return range;
}

/* With some room at both ends. */
static struct range widened(struct range range)
{
    double room = range.most > range.least ? 0.04 * (range.most - range.least) : fmax(1, 0.1 * fabs(range.most));
    return (struct range){range.least - room, range.most + room};
}

static int place(struct range range, double value, int from, int to)
{
    return from + (int)lround((value - range.least) / (range.most - range.least) * (to - from));
}

/* ---- two figures ---- */

static void add_axes(const struct svg_scatter *chart, struct range x, struct range y, struct buffer *out)
{
    for (int i = 0; i < TICKS; i++) {
        double at = (double)i / (TICKS - 1);
        int column = LEFT + (int)lround(at * (WIDTH - LEFT - RIGHT));
        int row = HEIGHT - BOTTOM - (int)lround(at * (HEIGHT - TOP - BOTTOM));
        buffer_printf(out, "<path d=\"M%d %dV%dM%d %dH%d\" stroke=\"#ddd\"/>\n", column, TOP, HEIGHT - BOTTOM, LEFT, row,
                      WIDTH - RIGHT);
        add_number(out, column, HEIGHT - BOTTOM + 18, "class=\"figure\" text-anchor=\"middle\"", x.least + at * (x.most - x.least),
                   x.most - x.least);
        add_number(out, LEFT - 8, row + 4, "class=\"figure\" text-anchor=\"end\"", y.least + at * (y.most - y.least),
                   y.most - y.least);
    }
    svg_add_text(out, (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 16, "class=\"name\" text-anchor=\"middle\"", chart->x_name);
    svg_add_text(out, 16, TOP - 10, "class=\"name\"", chart->y_name);
}

/* One of those that would be drawn at the same place. */
static void add_others(const struct svg_scatter *chart, struct range x, struct range y, struct buffer *out)
{
    bool *drawn = checked_alloc((WIDTH / CELL + 1) * (HEIGHT / CELL + 1), sizeof *drawn);
    buffer_add_text(out, "<g fill=\"#5b6672\" fill-opacity=\"0.4\">\n");
    for (size_t i = 0; i < chart->other_count; i++) {
        int column = place(x, chart->others[2 * i], LEFT, WIDTH - RIGHT);
        int row = place(y, chart->others[2 * i + 1], HEIGHT - BOTTOM, TOP);
        bool *cell = &drawn[row / CELL * (WIDTH / CELL + 1) + column / CELL];
        if (!*cell)
            buffer_printf(out, "<circle cx=\"%d\" cy=\"%d\" r=\"2.5\"/>\n", column, row);
        *cell = true;
    }
    buffer_add_text(out, "</g>\n");
    free(drawn);
}

void svg_scatter_render(const struct svg_scatter *chart, struct buffer *out)
{
    struct range none = {INFINITY, -INFINITY};
    struct range x = widened(range_of(range_of(none, chart->front, 2 * chart->front_count), chart->others, 2 * chart->other_count));
    struct range y = widened(range_of(range_of(none, chart->front + 1, 2 * chart->front_count), chart->others + 1,
                                      2 * chart->other_count));
    begin(chart->title, chart->subtitle, HEIGHT, out);
    if (chart->front_count) {
        add_axes(chart, x, y, out);
        add_others(chart, x, y, out);
        buffer_add_text(out, "<path fill=\"none\" stroke=\"#e09f3e\" stroke-width=\"1.5\" d=\"");
        for (size_t i = 0; i < chart->front_count; i++) {
            int column = place(x, chart->front[2 * i], LEFT, WIDTH - RIGHT);
            int row = place(y, chart->front[2 * i + 1], HEIGHT - BOTTOM, TOP);
            if (i)
                buffer_printf(out, "H%dV%d", column, row);
            else
                buffer_printf(out, "M%d %d", column, row);
        }
        buffer_add_text(out, "\"/>\n");
        for (size_t i = 0; i < chart->front_count; i++) {
            buffer_printf(out, "<circle cx=\"%d\" cy=\"%d\" r=\"4\" fill=\"#c44536\"><title>point %lld: ",
                          place(x, chart->front[2 * i], LEFT, WIDTH - RIGHT),
                          place(y, chart->front[2 * i + 1], HEIGHT - BOTTOM, TOP), (long long)chart->front_ids[i]);
            add_figure(out, chart->front[2 * i], 0);
            buffer_add_text(out, ", ");
            add_figure(out, chart->front[2 * i + 1], 0);
            buffer_add_text(out, "</title></circle>\n");
        }
    }
    buffer_add_text(out, "</svg>\n");
}

/* ---- a figure over two axes ---- */

static void add_cell(const struct svg_heat *chart, int row, int column, struct range range, struct buffer *out)
{
    static const int strong[] = {0x33, 0x65, 0x8a};
    double value = chart->cells[row * chart->column_count + column], span = range.most - range.least;
    int width = (WIDTH - LEFT - RIGHT) / chart->column_count, x = LEFT + column * width, y = TOP + row * HEAT_ROW;
    if (isnan(value))
        return;
    double part = 0.08 + 0.92 * (span > 0 ? (value - range.least) / span : 0);
    buffer_printf(out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"#%02x%02x%02x\"><title>", x, y,
                  width > 3 ? width - 2 : width, HEAT_ROW - 2, (unsigned)lround(255 - part * (255 - strong[0])),
                  (unsigned)lround(255 - part * (255 - strong[1])), (unsigned)lround(255 - part * (255 - strong[2])));
    svg_add_escaped(out, chart->columns[column]);
    buffer_add_text(out, ", ");
    svg_add_escaped(out, chart->rows[row]);
    buffer_add_text(out, ": ");
    add_figure(out, value, span);
    buffer_add_text(out, "</title></rect>\n");
    if (width > 60)
        add_number(out, x + width / 2, y + HEAT_ROW / 2 + 3, part > 0.72 ? "text-anchor=\"middle\" style=\"fill:#fff\""
                                                                       : "text-anchor=\"middle\"", value, span);
}

void svg_heat_render(const struct svg_heat *chart, struct buffer *out)
{
    int bottom = TOP + chart->row_count * HEAT_ROW, columns = chart->column_count ? chart->column_count : 1;
    int width = (WIDTH - LEFT - RIGHT) / columns;
    struct range range = {INFINITY, -INFINITY};
    for (int i = 0; i < chart->row_count * chart->column_count; i++)
        if (!isnan(chart->cells[i]))
            range = range_of(range, &chart->cells[i], 1);
    begin(chart->title, chart->subtitle, bottom + BOTTOM, out);
    svg_add_text(out, 16, TOP - 10, "class=\"name\"", chart->y_name);
    for (int row = 0; row < chart->row_count; row++) {
        svg_add_text(out, LEFT - 8, TOP + row * HEAT_ROW + HEAT_ROW / 2 + 4, "class=\"figure\" text-anchor=\"end\"",
                     chart->rows[row]);
        for (int column = 0; column < chart->column_count; column++)
            add_cell(chart, row, column, range, out);
    }
    for (int column = 0, every = 60 / (width ? width : 1) + 1; column < chart->column_count; column += every)
        svg_add_text(out, LEFT + column * width + width / 2, bottom + 16, "class=\"figure\" text-anchor=\"middle\"",
                     chart->columns[column]);
    svg_add_text(out, (LEFT + WIDTH - RIGHT) / 2, bottom + 40, "class=\"name\" text-anchor=\"middle\"", chart->x_name);
    buffer_add_text(out, "</svg>\n");
}

/* ---- all axes beside each other ---- */

static int column_of(const struct svg_parallel *chart, int dimension)
{
    int room = WIDTH - 2 * LEFT + RIGHT;
    return LEFT / 2 + 10 + (chart->dimension_count > 1 ? dimension * room / (chart->dimension_count - 1) : 0);
}

static int row_of(const struct svg_dimension *dimension, double value)
{
    struct range range = {dimension->least, dimension->most};
    if (dimension->step_count)
        range = (struct range){0, dimension->step_count - 1};
    return range.most > range.least ? place(range, value, HEIGHT - BOTTOM, TOP) : (HEIGHT - BOTTOM + TOP) / 2;
}

static void add_dimension(const struct svg_parallel *chart, int index, struct buffer *out)
{
    const struct svg_dimension *dimension = &chart->dimensions[index];
    const char *dot = strrchr(dimension->name, '.');
    int x = column_of(chart, index), every = dimension->step_count / 9 + 1;
    buffer_add_text(out, "<g><title>");
    svg_add_escaped(out, dimension->name);
    buffer_printf(out, "</title><path d=\"M%d %dV%d\" stroke=\"#5b6672\"/>", x, TOP, HEIGHT - BOTTOM);
    svg_add_text(out, x, HEIGHT - BOTTOM + (index % 2 ? 36 : 20), "class=\"name\" text-anchor=\"middle\"",
                 dot ? dot + 1 : dimension->name);
    for (int i = 0; i < dimension->step_count; i += every)
        svg_add_text(out, x + 4, row_of(dimension, i) + 4, tick, dimension->steps[i]);
    for (int i = 0; i < TICKS && !dimension->step_count; i++) {
        double value = dimension->least + (dimension->most - dimension->least) * i / (TICKS - 1);
        if (i == 0 || dimension->most > dimension->least)
            add_number(out, x + 4, row_of(dimension, value) + 4, tick, value, dimension->most - dimension->least);
    }
    buffer_add_text(out, "</g>\n");
}

void svg_parallel_render(const struct svg_parallel *chart, struct buffer *out)
{
    begin(chart->title, chart->subtitle, HEIGHT, out);
    buffer_printf(out, "<g fill=\"none\" stroke=\"#33658a\" stroke-opacity=\"%s\">\n", chart->line_count > 300 ? "0.15" : "0.6");
    for (size_t line = 0; line < chart->line_count; line++) {
        buffer_add_text(out, "<path d=\"");
        for (int i = 0; i < chart->dimension_count; i++)
            buffer_printf(out, "%c%d %d", i ? 'L' : 'M', column_of(chart, i),
                          row_of(&chart->dimensions[i], chart->values[line * (size_t)chart->dimension_count + (size_t)i]));
        buffer_add_text(out, "\"/>\n");
    }
    buffer_add_text(out, "</g>\n");
    for (int i = 0; i < chart->dimension_count; i++)
        add_dimension(chart, i, out);
    buffer_add_text(out, "</svg>\n");
}
