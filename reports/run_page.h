/* run_page.h - the page of a program's runs, and its sections one by one for commands whose page has others besides. */
#ifndef HYBRIDSIM_REPORTS_RUN_PAGE_H
#define HYBRIDSIM_REPORTS_RUN_PAGE_H

#include "core/categories.h"
#include "reports/page.h"
#include "reports/report.h"
#include "sim/timing/tally.h"

struct run_page {
    const struct report *report;
    const struct categories *categories;
    const char *command_line;            /* hybridsim's own */
    const char *source;                  /* of -c or standard input; or NULL */
    const char *const *specs;            /* of each run: its ISA in full */
    /* Of each run; or NULL: their sections are left out. */
    const struct tally *const *tallies;  /* with sequences */
    const struct calltree *const *trees;
    const struct code_view *const *views; /* with trees */
};

/* All that there is about the runs. It points to what the input does. */
struct page *run_page_build(const struct run_page *input);

/* ---- its parts ---- */

void run_page_add_summary(struct page *page, const struct run_page *input);
/* Figures of all runs beside each other, categories, cycle stacks. */
void run_page_add_comparison(struct page *page, const struct run_page *input);
void run_page_add_instructions(struct page *page, const struct run_page *input);
void run_page_add_functions(struct page *page, const struct run_page *input);
void run_page_add_pairs(struct page *page, const struct run_page *input);

#endif
