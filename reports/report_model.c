/* report_model.c - see report_model.h. */
#include "reports/report_model.h"

static uint64_t energy_total(const struct report *report, int run)
{
    return report_headline(report, run)->energy;
}

static const uint64_t *energy_values(const struct report *report, int run)
{
    return report_headline(report, run)->energy_parts;
}

static uint64_t area_total(const struct report *report, int run)
{
    return report->runs[run].timing->area;
}

static const uint64_t *area_values(const struct report *report, int run)
{
    return report->runs[run].timing->area_parts;
}

const struct report_model report_models[REPORT_MODELS] = {
    {"energy", ENERGY_PART_COUNT, energy_part_names, energy_part_definitions, energy_total, energy_values},
    {"area", AREA_PART_COUNT, area_part_names, area_part_definitions, area_total, area_values},
};

bool report_model_has_part(const struct report_model *model, const struct report *report, int part)
{
    for (int run = 0; run < report->run_count; run++)
        if (model->parts(report, run)[part])
            return true;
    return false;
}
