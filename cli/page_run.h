/* page_run.h - what a run leaves for an HTML report besides its timing: counts with pairs, the call tree, the code with its cycles.
 * Made in the run's process, read in hybridsim's. */
#ifndef HYBRIDSIM_CLI_PAGE_RUN_H
#define HYBRIDSIM_CLI_PAGE_RUN_H

#include "cli/run_process.h"
#include "reports/code_view.h"
#include "sim/timing/calltree.h"
#include "sim/timing/tally.h"

/* As run_program.describe_page, of a run with run_program.contexts. */
void page_describe_run(const struct run_facts *facts, struct buffer *bytes);

struct page_run {
    struct tally *tally;
    struct calltree *tree;
    struct code_view *view;
};
/* False when the bytes are not whole, or none. */
bool page_run_read(const char *bytes, size_t size, struct page_run *run);
void page_run_free(struct page_run *run);

#endif
