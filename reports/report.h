/* report.h - the comparison of a program's runs under several ISAs, and its renderers. A report only points to its parts;
 * whoever builds it keeps them alive. Everything but the JSON's "host" is the same for the same program, input and specs. */
#ifndef HYBRIDSIM_REPORTS_REPORT_H
#define HYBRIDSIM_REPORTS_REPORT_H

#include "core/buffer.h"
#include "core/diag.h"
#include "sim/timing/timing.h"

#include <stdbool.h>

enum report_scope { SCOPE_ALL, SCOPE_SCRIPT }; /* what the headline figures cover */

struct report_run {
    const struct timing_result *timing;
    bool is_baseline; /* what the others are compared with: the first run */
};

struct report {
    const char *program;   /* as given: script path, module name or command text */
    const char *kind;      /* "script", "module" or "command" */
    bool is_stdin;         /* the command was read from standard input */
    char *const *arguments;
    int argument_count;
    int exit_status;
    bool interrupted;
    enum report_scope scope;
    int top;               /* instructions in a top list */
    int run_count;
    const struct report_run *runs;
};

enum report_format { FORMAT_TEXT, FORMAT_JSON, FORMAT_CSV, FORMAT_MARKDOWN, FORMAT_HTML };

/* Not FORMAT_HTML, which needs more than a report: reports/run_page.h. */
void report_render(const struct report *report, enum report_format format, struct buffer *out);
void report_render_text(const struct report *report, struct buffer *out);
void report_render_json(const struct report *report, struct buffer *out);
void report_render_csv(const struct report *report, struct buffer *out);
void report_render_markdown(const struct report *report, struct buffer *out);

/* Format by the path's suffix (.txt .json .csv .md .html; "-" is text). False, with an error, when it is another. */
bool report_format_of(const char *path, enum report_format *format, struct diag *diag);

/* A report file, created before the run so that a path that cannot be written is known at once, and moved into place when
 * complete, so that nobody ever sees half of it. */
struct report_file {
    const char *path;
    enum report_format format;
    char *temporary; /* NULL for "-" */
    int fd;
};
bool report_file_open(struct report_file *file, const char *path, struct diag *diag);
bool report_file_write(struct report_file *file, const struct report *report, struct diag *diag);
/* The same for files of other kinds: any name, any contents. */
bool report_file_open_any(struct report_file *file, const char *path, struct diag *diag);
bool report_file_write_bytes(struct report_file *file, const struct buffer *bytes, struct diag *diag);
void report_file_abandon(struct report_file *file); /* removes what was not written; harmless afterwards */

/* --- for the renderers --- */

/* The figures the scope asks for. */
const struct timing_counts *report_headline(const struct report *report, int run);

/* Name of a source file in reports: the script's without its directory, files beside the script relative to it, others
 * (the standard library) in full. The text is in `scratch`. */
const char *report_file_name(const struct report *report, const char *file, struct buffer *scratch);

/* Indices of the run's instructions that were executed, most often executed first (ties by name), or by name. */
struct report_order {
    uint32_t *indices;
    uint32_t count;
};
struct report_order report_order_by_count(const struct timing_result *timing, const struct timing_counts *counts);
struct report_order report_order_by_name(const struct timing_result *timing, const struct timing_counts *counts);
void report_order_free(struct report_order *order);

/* numerator / denominator with `digits` decimals, rounded half up in integers; "-" when the denominator is 0. */
void report_add_ratio(struct buffer *out, uint64_t numerator, uint64_t denominator, int digits);

/* 1234567 as 1,234,567. */
void report_add_grouped(struct buffer *out, uint64_t number);

/* Arithmetic done inside native calls, where bytecode shows a CALL. */
struct report_hidden {
    uint64_t arithmetic_instructions, multiply_adds, elements, math;
    uint64_t native_operations; /* the last three added up */
};
struct report_hidden report_hidden_arithmetic(const struct timing_counts *counts);

#endif
