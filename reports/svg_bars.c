/* svg_bars.c - see svg_bars.h. All lengths are whole numbers, so the same figures give the same bytes everywhere. */
#include "reports/svg_bars.h"

#include "core/wide.h"
#include "reports/report.h"
#include "reports/svg_text.h"

#include <string.h>

enum { WIDTH = 900, LEAST_LEFT = 170, MOST_LEFT = 340, LETTER = 8, RIGHT = 210, TOP = 64, BAR = 20, GAP = 4, GROUP_GAP = 12,
       LEGEND = 30 };

static uint64_t largest(const struct svg_bars *chart)
{
    uint64_t most = 1;
    for (int i = 0; i < chart->group_count * chart->series_count; i++)
        if (chart->bars[i].solid + chart->bars[i].hatched > most)
            most = chart->bars[i].solid + chart->bars[i].hatched;
    return most;
}

/* Room for the longest name of a group. */
static int left_of(const struct svg_bars *chart)
{
    size_t left = LEAST_LEFT;
    for (int i = 0; i < chart->group_count; i++) {
        size_t wanted = 20 + LETTER * strlen(chart->groups[i]);
        left = wanted > left ? wanted : left;
    }
    return left < MOST_LEFT ? (int)left : MOST_LEFT;
}

/* Where the bars begin, and what the longest of them has. */
struct bar_scale {
    int left;
    uint64_t most;
};

static int scaled(uint64_t number, const struct bar_scale *scale)
{
    return (int)wide_proportion(number, (uint64_t)(WIDTH - scale->left - RIGHT), scale->most);
}

/* "1,234 (5.6 %)" */
static void add_figure(struct buffer *out, uint64_t number, uint64_t total)
{
    report_add_grouped(out, number);
    if (!total)
        return;
    uint64_t tenths = wide_thousandths(number, total);
    buffer_printf(out, " (%llu.%llu %%)", (unsigned long long)(tenths / 10), (unsigned long long)(tenths % 10));
}

static void add_bar(const struct svg_bars *chart, int group, int series, int y, const struct bar_scale *scale,
                    struct buffer *out)
{
    const struct svg_bar *bar = &chart->bars[group * chart->series_count + series];
    int solid = scaled(bar->solid, scale), whole = scaled(bar->solid + bar->hatched, scale), left = scale->left;
    struct buffer label = {0};
    buffer_printf(out, "<g><title>");
    svg_add_escaped(out, chart->groups[group]);
    buffer_add_text(out, ", ");
    svg_add_escaped(out, chart->series[series]);
    buffer_add_text(out, "</title>\n");
    if (solid)
        buffer_printf(out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>\n", left, y, solid, BAR,
                      chart->colours[group]);
    if (whole > solid) {
        buffer_printf(out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\" opacity=\"0.55\"/>\n", left + solid, y,
                      whole - solid, BAR, chart->colours[group]);
        buffer_printf(out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"url(#hatch)\"/>\n", left + solid, y,
                      whole - solid, BAR);
    }
    if (chart->series_count > 1)
        buffer_printf(&label, "%s: ", chart->series[series]);
    if (chart->labels)
        buffer_add_text(&label, chart->labels[group * chart->series_count + series]);
    else
        add_figure(&label, bar->solid + bar->hatched, chart->totals[series]);
    svg_add_text(out, left + whole + 6, y + BAR - 6, "class=\"figure\"", label.bytes);
    buffer_add_text(out, "</g>\n");
    buffer_free(&label);
}

static void add_legend(const struct svg_bars *chart, int left, int y, struct buffer *out)
{
    if (!chart->hatched_name)
        return;
    buffer_printf(out, "<rect x=\"%d\" y=\"%d\" width=\"14\" height=\"14\" fill=\"#777\"/>\n", left, y);
    svg_add_text(out, left + 20, y + 12, "", chart->solid_name);
    buffer_printf(out, "<rect x=\"%d\" y=\"%d\" width=\"14\" height=\"14\" fill=\"#777\" opacity=\"0.55\"/>\n"
                       "<rect x=\"%d\" y=\"%d\" width=\"14\" height=\"14\" fill=\"url(#hatch)\"/>\n", left + 200, y, left + 200, y);
    svg_add_text(out, left + 220, y + 12, "", chart->hatched_name);
}

void svg_bars_render(const struct svg_bars *chart, struct buffer *out)
{
    int group_height = chart->series_count * (BAR + GAP) + GROUP_GAP;
    int height = TOP + chart->group_count * group_height + LEGEND;
    const struct bar_scale scale = {left_of(chart), largest(chart)};
    buffer_printf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\">\n",
                  WIDTH, height, WIDTH, height);
    buffer_add_text(out, "<title>");
    svg_add_escaped(out, chart->title);
    buffer_add_text(out, "</title>\n<style>text{font:13px sans-serif;fill:#222}.title{font-size:17px;font-weight:bold}"
                         ".figure{font-size:12px;fill:#444}</style>\n"
                         "<defs><pattern id=\"hatch\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">"
                         "<path d=\"M0 6L6 0\" stroke=\"#fff\" stroke-width=\"1.5\"/></pattern></defs>\n");
    buffer_printf(out, "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n", WIDTH, height);
    svg_add_text(out, 16, 28, "class=\"title\"", chart->title);
    svg_add_text(out, 16, 48, "class=\"figure\"", chart->subtitle);
    for (int group = 0; group < chart->group_count; group++) {
        int y = TOP + group * group_height;
        svg_add_text(out, scale.left - 10, y + (group_height - GROUP_GAP) / 2 + 4, "text-anchor=\"end\"", chart->groups[group]);
        for (int series = 0; series < chart->series_count; series++)
            add_bar(chart, group, series, y + series * (BAR + GAP), &scale, out);
    }
    buffer_printf(out, "<path d=\"M%d %dV%d\" stroke=\"#999\"/>\n", scale.left, TOP - 6, height - LEGEND);
    add_legend(chart, scale.left, height - LEGEND + 8, out);
    buffer_add_text(out, "</svg>\n");
}
