/* report_model.h - energy and area of a report's runs, whole and in parts, for tables that show them relative to the first run. */
#ifndef HYBRIDSIM_REPORTS_REPORT_MODEL_H
#define HYBRIDSIM_REPORTS_REPORT_MODEL_H

#include "reports/report.h"

struct report_model {
    const char *name;
    int part_count;
    const char *const *part_names, *const *part_definitions;
    uint64_t (*total)(const struct report *report, int run);
    const uint64_t *(*parts)(const struct report *report, int run); /* part_count of them, which add up to the total */
};

enum { REPORT_MODELS = 2 };
extern const struct report_model report_models[REPORT_MODELS];

/* Some run has some of the part. */
bool report_model_has_part(const struct report_model *model, const struct report *report, int part);

#endif
