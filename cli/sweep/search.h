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

/* Where a result's objectives come from: those of one program at one point, or that there are none, for the point is *invalid.
 * False: there is no result. */
typedef bool search_values(void *context, uint32_t point, int program, double *values, bool *invalid);

/* Reads the objectives of the latest generation's points, all of which have results. False, with an error, when one has not. */
bool search_read(struct search *search, search_values *read, void *context, struct diag *diag);

/* Objectives out of a results' file; search_results_values takes it as its context. */
struct search_results {
    const struct sweep_plan *plan;
    const int64_t *point_ids, *program_ids;
    struct sqlite3_stmt *query;
};
bool search_results_open(struct search_results *from, const struct sweep_plan *plan, struct results *results,
                         const int64_t *point_ids, const int64_t *program_ids, const char *tool, struct diag *diag);
bool search_results_values(void *context, uint32_t point, int program, double *values, bool *invalid);
void search_results_close(struct search_results *from);

/* The columns of a query of results r: the error, and the objectives. To be freed. */
char *search_columns(const struct sweep_plan *plan);

/* Adds the next generation to the plan. False: the budget is used up, no new point can be found, or, with an error, `where` cannot
 * be evaluated. */
bool search_next(struct search *search);

#endif
