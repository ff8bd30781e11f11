/* call_report.h - `hybridsim profile`: a call tree as a table of functions, of lines, and in the formats of other tools. Times are
 * cycles; where a format wants seconds, cycles at the machine's clock. */
#ifndef HYBRIDSIM_REPORTS_CALL_REPORT_H
#define HYBRIDSIM_REPORTS_CALL_REPORT_H

#include "core/buffer.h"
#include "sim/timing/calltree.h"

struct call_cost {
    uint64_t calls, primitive;               /* primitive: not made by way of recursion */
    uint64_t cycles, all_cycles, instructions, all_instructions; /* own; with callees, recursion counted once */
};

struct call_edge {
    uint32_t caller, callee;                 /* caller UINT32_MAX: none */
    struct call_cost cost;
};

struct call_stats {
    const struct calltree *tree;
    struct call_cost *functions;             /* as tree->functions */
    uint32_t edge_count;
    struct call_edge *edges;                 /* by callee, then caller */
    struct call_cost total;
};

void call_stats_build(const struct calltree *tree, struct call_stats *stats);
void call_stats_free(struct call_stats *stats);

enum call_sort { SORT_CUMULATIVE, SORT_TIME, SORT_CALLS, SORT_INSTRUCTIONS, SORT_NAME, SORT_COUNT };
extern const char *const call_sort_names[SORT_COUNT];

struct call_request {
    const char *program;
    enum call_sort sort;
    int top;                                 /* rows; 0: all */
    bool interrupted;
    const char *ended;                       /* how the program ended, when not by itself; or NULL */
    const char *command;                     /* source of -c, for --lines; or NULL */
};

/* As cProfile prints. */
void call_render_functions(const struct call_stats *stats, const struct call_request *request, struct buffer *out);
/* Lines of the functions that took most, with their source. */
void call_render_lines(const struct call_stats *stats, const struct call_request *request, struct buffer *out);

/* What pstats.Stats and snakeviz load. */
void call_render_pstats(const struct call_stats *stats, struct buffer *out);
void call_render_callgrind(const struct call_stats *stats, const struct call_request *request, struct buffer *out);
/* The tree laid out in time: what a context did in all its calls stands in one piece. */
void call_render_speedscope(const struct call_stats *stats, const struct call_request *request, struct buffer *out);
void call_render_chrome(const struct call_stats *stats, const struct call_request *request, struct buffer *out);
/* frame;frame;frame cycles */
void call_render_collapsed(const struct call_stats *stats, struct buffer *out);

#endif
