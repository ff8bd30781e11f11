/* report_json.h - parts of the JSON report (docs/report-schema.md) that other JSON files of hybridsim contain as well. Each writes
 * keys of an object that is open. */
#ifndef HYBRIDSIM_REPORTS_REPORT_JSON_H
#define HYBRIDSIM_REPORTS_REPORT_JSON_H

#include "reports/json_writer.h"
#include "reports/report.h"

enum { REPORT_SCHEMA_VERSION = 1 };

/* "program": name, kind, arguments, how it ended. */
void report_json_program(struct json_writer *json, const struct report *report);
/* Everything of one run. */
void report_json_run(struct json_writer *json, const struct report *report, int index);
/* The keys that the schema calls COUNTS. */
void report_json_counts(struct json_writer *json, const struct timing_result *timing, const struct timing_counts *counts);
/* "comparison": every run but the first against the first. */
void report_json_comparison(struct json_writer *json, const struct report *report);

#endif
