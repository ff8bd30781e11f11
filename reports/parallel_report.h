/* parallel_report.h - `hybridsim parallel`: dataflow limits, loops with what their iterations have to do with each other, recursive
 * calls, and what running them side by side would buy; as text, JSON and CSV. */
#ifndef HYBRIDSIM_REPORTS_PARALLEL_REPORT_H
#define HYBRIDSIM_REPORTS_PARALLEL_REPORT_H

#include "core/buffer.h"
#include "sim/dependence/summary.h"

struct parallel_request {
    const char *program;      /* as the headings call it */
    const char *command;      /* source of -c; or NULL */
    bool script_only;         /* loops and functions of the script's own file */
    int top;                  /* loops and functions shown as text; 0: all */
    bool interrupted;
    const char *ended;        /* how the program ended, when not by itself; or NULL */
    int summary_count;        /* one for each ISA */
    struct summary *const *summaries;
};

void parallel_render_text(const struct parallel_request *request, struct buffer *out);
void parallel_render_json(const struct parallel_request *request, struct buffer *out);
/* The loops, one a row. */
void parallel_render_csv(const struct parallel_request *request, struct buffer *out);

/* --- for the renderers --- */

struct parallel_sources;
struct parallel_sources *parallel_sources_new(const struct parallel_request *request);
void parallel_sources_free(struct parallel_sources *sources);
/* The line's text without blanks around it; "" when it cannot be read. */
const char *parallel_source_line(struct parallel_sources *sources, const struct summary_place *place, size_t *size);
/* What stands at the place, as `out[i - 1]`; *size 0: not known. */
const char *parallel_source_part(struct parallel_sources *sources, const struct summary_place *place, size_t *size);
/* The line on which the loop's statement stands: the place's, or one before it. */
uint32_t parallel_loop_line(struct parallel_sources *sources, const struct summary_place *place);
/* One sentence about a loop's verdict. */
void parallel_explain(struct parallel_sources *sources, const struct summary *summary, const struct summary_loop *loop,
                      struct buffer *out);
const char *parallel_file_name(const char *file);
bool parallel_is_shown(const struct parallel_request *request, const struct summary *summary, const struct summary_loop *loop);

#endif
