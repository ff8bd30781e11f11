/* svg_stacks.c - see svg_stacks.h. All lengths are whole numbers, so the same figures give the same bytes everywhere. */
#include "reports/svg_stacks.h"

#include "core/wide.h"
#include "reports/report.h"
#include "reports/svg_text.h"

enum { WIDTH = 900, LEFT = 130, RIGHT = 130, TOP = 64, BAR = 28, GAP = 12, LEGEND_ROW = 22, LEGEND_COLUMNS = 3 };

static uint64_t total_of(const struct svg_stacks *chart, int bar)
{
    uint64_t total = 0;
    for (int part = 0; part < chart->part_count; part++)
        total += chart->values[bar * chart->part_count + part];
    return total;
}

static void add_part(const struct svg_stacks *chart, int bar, int part, int x, int width, int y, struct buffer *out)
{
    uint64_t value = chart->values[bar * chart->part_count + part], tenths = wide_thousandths(value, total_of(chart, bar));
    buffer_printf(out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"><title>", x, y, width, BAR,
                  chart->colours[part]);
    svg_add_escaped(out, chart->parts[part]);
    buffer_add_text(out, ": ");
    report_add_grouped(out, value);
    buffer_printf(out, " (%llu.%llu %%)</title></rect>\n", (unsigned long long)(tenths / 10), (unsigned long long)(tenths % 10));
}

static void add_bar(const struct svg_stacks *chart, int bar, uint64_t most, struct buffer *out)
{
    int y = TOP + bar * (BAR + GAP), x = LEFT;
    uint64_t before = 0;
    struct buffer total = {0};
    svg_add_text(out, LEFT - 10, y + BAR / 2 + 5, "text-anchor=\"end\"", chart->bars[bar]);
    for (int part = 0; part < chart->part_count; part++) {
        before += chart->values[bar * chart->part_count + part];
        int end = LEFT + (int)wide_proportion(before, WIDTH - LEFT - RIGHT, most); /* ends, so that rounding does not add up */
        if (end > x)
            add_part(chart, bar, part, x, end - x, y, out);
        x = end;
    }
    report_add_grouped(&total, before);
    svg_add_text(out, x + 6, y + BAR / 2 + 5, "class=\"figure\"", total.bytes);
    buffer_free(&total);
}

void svg_stacks_render(const struct svg_stacks *chart, struct buffer *out)
{
    int legend = TOP + chart->bar_count * (BAR + GAP) + 8;
    int height = legend + (chart->part_count + LEGEND_COLUMNS - 1) / LEGEND_COLUMNS * LEGEND_ROW + 8;
    uint64_t most = 1;
    for (int bar = 0; bar < chart->bar_count; bar++)
        most = total_of(chart, bar) > most ? total_of(chart, bar) : most;
    buffer_printf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\">\n",
                  WIDTH, height, WIDTH, height);
    buffer_add_text(out, "<title>");
    svg_add_escaped(out, chart->title);
    buffer_add_text(out, "</title>\n<style>text{font:13px sans-serif;fill:#222}.title{font-size:17px;font-weight:bold}"
                         ".figure{font-size:12px;fill:#444}</style>\n");
    buffer_printf(out, "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n", WIDTH, height);
    svg_add_text(out, 16, 28, "class=\"title\"", chart->title);
    svg_add_text(out, 16, 48, "class=\"figure\"", chart->subtitle);
    for (int bar = 0; bar < chart->bar_count; bar++)
        add_bar(chart, bar, most, out);
    for (int part = 0; part < chart->part_count; part++) {
        int x = 16 + part % LEGEND_COLUMNS * ((WIDTH - 32) / LEGEND_COLUMNS), y = legend + part / LEGEND_COLUMNS * LEGEND_ROW;
        buffer_printf(out, "<rect x=\"%d\" y=\"%d\" width=\"14\" height=\"14\" fill=\"%s\"/>\n", x, y, chart->colours[part]);
        svg_add_text(out, x + 20, y + 12, "", chart->parts[part]);
    }
    buffer_add_text(out, "</svg>\n");
}
