/* search.h - `method: search`: NSGA-II (Deb, Pratap, Agarwal and Meyarivan, IEEE Transactions on Evolutionary Computation 6, 2002)
 * over the numbers of the axes' values. Each generation is made of the best of the one before and its children; every point is
 * new, and one that `where` allows. A seed gives the same points however they were computed: by any number of workers, now or
 * before the search was interrupted. */
#ifndef HYBRIDSIM_CLI_SWEEP_SEARCH_H
#define HYBRIDSIM_CLI_SWEEP_SEARCH_H

#include "cli/sweep/plan.h"
#include "cli/sweep/results.h"

struct search;

/* The plan's points are the first generation. */
struct search *search_new(struct sweep_plan *plan, struct diag *diag);
void search_free(struct search *search);

/* Reads the objectives of the latest generation's points, all of which have results. False, with an error, when one has not. */
bool search_read(struct search *search, struct results *results, const int64_t *point_ids, const int64_t *program_ids,
                 const char *tool, struct diag *diag);

/* Adds the next generation to the plan. False: the budget is used up, no new point can be found, or, with an error, `where` cannot
 * be evaluated. */
bool search_next(struct search *search);

#endif
