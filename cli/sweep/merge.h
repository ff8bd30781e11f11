/* merge.h - joins the results of parts of one sweep. */
#ifndef HYBRIDSIM_CLI_SWEEP_MERGE_H
#define HYBRIDSIM_CLI_SWEEP_MERGE_H

#include "core/diag.h"

struct merge_request {
    char *const *files;
    int file_count;
    const char *output;
    const char *tool;    /* the build whose results are taken; NULL: there has to be only one */
    const char *sweep;   /* sweep_part.key: files may also be of a sweep with other points, over the same base and programs, and
                          * some file has all points of this one. NULL: all are of one sweep, but for what is in the output */
};

struct merge_outcome {
    int files;
    long long results, wanted; /* of the sweep's points and programs: those there are now, and all */
    char *missing;       /* parts that no file is of, "2, 5 of 8"; NULL: none, or no result is missing. To be freed */
    char *unfinished;    /* files of parts that lack results: "out/s-2-of-8.db (3 of 9 results)"; NULL: none. To be freed */
};

/* Adds the results of all files to the output, which is made when there is none, in one transaction. Points have the numbers that
 * the sweep in one process gives them. False, with an error and nothing written, when the files are not of the same build and the
 * same sweep, or have different figures for a point. */
bool sweep_merge(const struct merge_request *request, struct merge_outcome *outcome, struct diag *diag);

#endif
