/* summary.h - what following a run's dependences showed: its dataflow limits, what each loop's iterations and each function's
 * recursive calls have to do with each other, and what running them side by side would buy. Plain data with its own strings. */
#ifndef HYBRIDSIM_SIM_DEPENDENCE_SUMMARY_H
#define HYBRIDSIM_SIM_DEPENDENCE_SUMMARY_H

#include "core/buffer.h"
#include "sim/dependence/dependence.h"

enum { WIDTH_COUNT = 3 };
extern const uint32_t summary_widths[WIDTH_COUNT]; /* 4, 8, 16: lanes of a vector, or cores */

enum loop_verdict {
    VERDICT_INDEPENDENT, /* no iteration needed what another computed */
    VERDICT_REDUCTION,   /* only sums and the like pass from one to the next */
    VERDICT_CARRIED,
    VERDICT_SINGLE,      /* it was never iterated twice */
    VERDICT_COUNT
};
extern const char *const loop_verdict_names[VERDICT_COUNT];

enum reason_role { REASON_CARRIED, REASON_REDUCTION, REASON_USED /* a sum's running value is used by something else */ };

struct summary_place {   /* in the source */
    const char *file;
    uint32_t line, column, end_column; /* columns in bytes from 0; end_column 0: not known */
};

struct summary_reason {  /* why a loop is not independent */
    uint32_t loop;       /* place in summary.loops */
    uint8_t role, kind, operator;
    const char *variable; /* a local variable's name; else NULL: what stands at the places tells */
    uint64_t count;
    uint32_t least, most; /* distance in iterations */
    struct summary_place reader, writer;
};

struct summary_loop {
    uint32_t function;   /* place in summary.functions */
    struct summary_place place;
    uint32_t verdict;
    bool prints, is_inner;  /* is_inner: holds no other loop, and calls no Python function: what vectors are for */
    bool open_end;          /* where it ends is found on the way: a `while`, a `break`, a `return` */
    bool is_generator, over_generator; /* it yields; a generator gives it its items */
    const char *consumer;   /* what takes a generator's values; NULL: not one native function */
    uint64_t cycles, own_cycles; /* callees included; without loops inside it */
    uint64_t instances, iterations, trips_least, trips_most;
    uint64_t instructions, critical; /* 0: not measured */
    uint64_t speedup_milli[WIDTH_COUNT]; /* of the whole program, if only this loop ran so wide */
    uint32_t first_reason, reason_count; /* most frequent first */
};

struct summary_function {
    const char *name;
    struct summary_place place;
    bool is_script;
    uint64_t calls, instructions, critical;
    bool is_recursive, calls_depend;
    uint64_t branching, children, work, span;
    struct summary_place dependent;  /* where a recursive call needed an earlier one */
};

struct summary {
    struct arena *arena;
    const char *isa, *machine;
    const char *stop_reason;         /* NULL: the whole run was followed */
    uint64_t cycles;                 /* of the run */
    uint64_t instructions;           /* followed */
    uint64_t critical[LANE_REGIONS]; /* longest chains: enum lane */
    uint64_t cores_milli[WIDTH_COUNT], vector_milli[WIDTH_COUNT]; /* speedups with the best choice of loops */
    uint64_t parallel_cycles, vector_cycles; /* inside the loops that were chosen, the widest case */
    uint32_t loop_count, function_count, reason_count;
    struct summary_loop *loops;      /* most cycles first */
    struct summary_function *functions;
    struct summary_reason *reasons;
};

struct code_costs {      /* of one of dependence.codes, from the run's timing */
    const uint64_t *block_cycles; /* of all executions of each source block */
    uint64_t elsewhere;  /* of native work that has no instruction */
    bool is_script;
};

struct summary *summary_new(const struct dependence *dependence, const struct code_costs *costs, uint64_t cycles);
void summary_free(struct summary *summary);
void summary_write(struct summary *summary, struct buffer *bytes);
struct summary *summary_read(const char *bytes, size_t size); /* NULL: not a whole one */

#endif
