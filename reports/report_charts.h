/* report_charts.h - a report's charts: the categories of the instructions executed under each ISA, and parts of their cycles. */
#ifndef HYBRIDSIM_REPORTS_REPORT_CHARTS_H
#define HYBRIDSIM_REPORTS_REPORT_CHARTS_H

#include "core/categories.h"
#include "reports/report.h"
#include "reports/svg_bars.h"
#include "reports/svg_stacks.h"

/* The charts' arrays and texts are the arena's. */
struct svg_bars report_category_bars(const struct report *report, const struct categories *categories, struct arena *arena);
struct svg_stacks report_cycle_stacks(const struct report *report, struct arena *arena);

/* Of a part of the cycles (enum cycle_part), the same in all charts. */
const char *report_part_colour(int part);

/* The program's name in titles: "quickSort.py", "-m json.tool", "-c", "<stdin>". */
const char *report_program_name(const struct report *report, struct arena *arena);

#endif
