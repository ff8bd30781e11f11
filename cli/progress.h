/* progress.h - how far runs are, on one line of the terminal that hybridsim's errors go to: instructions executed so far, how fast,
 * and how long it will take. It appears after a second, is taken away before anything else is printed, and does not exist when
 * stderr is no terminal. Nothing is counted for it: the runs' processes are asked now and then (sim/engine/progress.h). */
#ifndef HYBRIDSIM_CLI_PROGRESS_H
#define HYBRIDSIM_CLI_PROGRESS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PROGRESS_MAX_RUNS = 80, PROGRESS_PERIOD_MS = 250 };

struct progress {             /* in memory that hybridsim and the runs' processes share */
    atomic_int shown;         /* the line is on the terminal */
    atomic_int inside_line;   /* what was printed last did not end its line: there is no room for ours */
    int descriptor;           /* of the terminal */
    bool elsewhere;           /* what the programs print does not go to the terminal */
    double started, drawn;    /* seconds */
    const char *task;         /* "2 of 5, a.py"; NULL: none */
    uint64_t earlier;         /* instructions of tasks that are done */
    double task_share;        /* of all tasks, those that are done: 0 to 1; less than 0: not known */
    _Atomic uint64_t instructions[PROGRESS_MAX_RUNS]; /* of each run of the present set */
};

struct progress_run {
    const char *isa;
    int index;                /* in progress.instructions */
};

/* NULL unless the descriptor is a terminal. */
struct progress *progress_new(int descriptor);
struct progress *progress_new_silent(void); /* nothing is shown: only for what the runs answer. NULL: no memory */
void progress_free(struct progress *progress);

/* It is time to draw: the runs may be asked. */
bool progress_is_due(const struct progress *progress);
/* The runs that go on; seconds_left: less than 0, not known. */
void progress_draw(struct progress *progress, const struct progress_run *runs, int count, double seconds_left);

/* Before something is printed: takes the line away. NULL allowed in both. */
void progress_erase(struct progress *progress);
void progress_before_output(struct progress *progress, const void *bytes, size_t size);

double progress_seconds(void);

#endif
