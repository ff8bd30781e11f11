/* shard.h - parts of a sweep that are computed apart, on other machines or at other times, and the record by which `merge` knows
 * that results belong together: which sweep a file's points are of, and which number each has in it. */
#ifndef HYBRIDSIM_CLI_SWEEP_SHARD_H
#define HYBRIDSIM_CLI_SWEEP_SHARD_H

#include "cli/sweep/plan.h"
#include "cli/sweep/results.h"

struct sweep_part {
    uint32_t number, count;  /* the number-th of count, from 1; count 0: of a sweep whose points are shared as they are computed */
    uint32_t whole;          /* points of the sweep */
    uint32_t *numbers;       /* in the sweep, from 0, of each point that the plan has left; NULL: the same */
    char key[RESULTS_KEY_ROOM]; /* of the whole sweep's base, programs and points */
};

/* "2/8". */
bool sweep_part_parse(const char *text, struct sweep_part *part, struct diag *diag);

/* Leaves the plan the part's points only. Points of one translation stay together, as far as parts can then be alike. */
bool sweep_part_take(struct sweep_part *part, struct sweep_plan *plan, struct diag *diag);
/* Of a search. Adds an error that says what to do instead, and returns false. */
bool sweep_part_refuse(const struct sweep_plan *plan, struct diag *diag);
/* The plan keeps all points; part->count is 0. */
void sweep_part_whole(struct sweep_part *part, const struct sweep_plan *plan);
void sweep_part_free(struct sweep_part *part);

/* The order in which points share most with those before them; and what each costs there, as so many points that share everything.
 * Both have room for plan->point_count. */
void sweep_order(const struct sweep_plan *plan, uint32_t *points, uint32_t *costs);

/* What the plan's i-th point is called in the sweep: numbers begin with 1. part NULL: all points are there. */
int64_t sweep_number(const struct sweep_part *part, uint32_t point);

/* Writes down what sweep the file's points are of, inside a transaction. part NULL: all of it. */
bool sweep_note(struct results *results, const struct sweep_plan *plan, const struct sweep_part *part, int64_t base,
                const int64_t *point_ids, struct diag *diag);

/* The tables of that record, which a file has when it has points. */
bool sweep_note_tables(struct results *results, struct diag *diag);

/* FOLDER/NAME-ending.db, to be freed; the sweep's name with what file names should not have replaced. */
char *sweep_part_path(const char *folder, const struct sweep_plan *plan, const char *ending);

#endif
