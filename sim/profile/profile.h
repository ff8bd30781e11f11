/* profile.h - what a run leaves behind: ISA-independent counts, from which timing computes instructions and cycles for any
 * ISA and machine. The engine fills it; timing and reports read it. */
#ifndef HYBRIDSIM_SIM_PROFILE_PROFILE_H
#define HYBRIDSIM_SIM_PROFILE_PROFILE_H

#include "core/code.h"
#include "core/program.h"
#include "core/work.h"

#include <stdint.h>

/* A block left before its end: by an exception, or when the run stopped inside it. Not counted in executions. */
struct profile_partial {
    uint32_t block;       /* source block */
    uint32_t instruction; /* bytecode instruction reached: it and those before it in the block were executed */
    uint64_t count;
};

struct profile_guard { /* a speculative pattern whose guard failed */
    uint32_t instruction; /* bytecode instruction of the call */
    uint64_t failures;
};

struct profile_loop { /* a loop of the program that an instruction may stand for (core/idiom.def), or nearly */
    uint32_t instruction; /* bytecode instruction it begins with */
    const char *form;     /* static text; NULL: it is none of them */
    const char *reason;   /* why it was not taken: text as long-lived as the code; NULL: it was */
    uint64_t count;
};

enum profile_shape_kind { SHAPE_MATMUL, SHAPE_ACTIVATION, SHAPE_VECTOR, SHAPE_CIPHER,
                          SHAPE_MATH /* a function of each element that is none of a unit's own, but may be part of an activation */,
                          SHAPE_NONE /* of a native function that here is not what instructions stand for it for: a guard failed */ };

struct profile_shape { /* native arithmetic of a known shape, done by the call at `instruction` */
    enum profile_shape_kind kind;
    uint32_t instruction;    /* bytecode instruction that made the call */
    const char *what;        /* "matmul", or the activation's name */
    uint32_t rows, columns, depth; /* matmul: M, N, K. activation: elements, mathematical functions evaluated
                                      and element operations made by the native function for each element; math likewise.
                                      vector: rounds, operations of each, items loaded.
                                      cipher: blocks, rounds of each, those that do not wait for one another */
    uint32_t element_bytes;
    uint64_t count;
    bool is_loop;            /* a loop of the program (`what` is its form), not a native function's */
};

struct code_profile {
    const struct code *code;
    uint32_t index;         /* in profile.codes */
    uint64_t *executions;   /* per source block: completed executions */
    uint64_t *taken;        /* per source block: times the final branch was taken */
    uint64_t *mispredicted; /* per source block: filled only when the machine's predictor needs outcomes; else NULL */
    uint64_t *cache_misses; /* per bytecode instruction, of the machine's data cache; NULL: none */
    uint64_t accessed;      /* words of objects' memory that are followed, when there is a data cache */
    struct profile_partial *partials;
    uint32_t partial_count, partial_capacity;
    struct profile_guard *guards;
    uint32_t guard_count, guard_capacity;
    struct profile_shape *shapes;
    uint32_t shape_count, shape_capacity;
    struct profile_loop *loops;
    uint32_t loop_count, loop_capacity;
    uint64_t work[WORK_COUNT];           /* done on behalf of this code's instructions */
    const struct machine_function *function; /* this run's translation; NULL when the code was never entered */
};

struct profile_native { /* a native function the program called */
    const char *name;  /* "math.exp", "numpy.dot", "list.append" */
    uint64_t calls;
};

struct profile_site { /* an instruction that called */
    uint32_t instruction; /* bytecode instruction of the caller's code; of the nearest Python code above a native function */
    uint64_t calls;
};

/* A chain of calls that occurred: only in profiled runs. Its own counts, not those of what it calls; all of them together are the
 * codes' counts. contexts[0] is the root, which counts nothing; a context's parent is before it. */
struct profile_context {
    uint32_t parent;
    uint32_t target;        /* itself, or the context where this one's recursion is counted (counts is NULL then) */
    uint32_t code;          /* index in profile.codes: its own code, or that of the caller of a native function; UINT32_MAX: none */
    char *native;           /* name of the native function; NULL: Python code */
    struct code_profile *counts; /* of a native function: work and shapes only, without code */
    struct profile_site *sites;
    uint32_t site_count;
};

struct profile {
    struct code_profile **codes; /* in order of first execution */
    uint32_t code_count, code_capacity;
    struct profile_native *natives; /* sorted by name */
    uint32_t native_count;
    struct profile_context *contexts; /* NULL: not asked for */
    uint32_t context_count;
    bool interrupted;
    double host_seconds;
    uint64_t host_peak_rss_bytes;
};

struct profile *profile_new(void);
void profile_free(struct profile *profile);
/* One that belongs to no profile; code NULL: for work, guards and shapes only. */
struct code_profile *code_profile_new(const struct code *code);
void code_profile_free(struct code_profile *profile);
/* Adds all that `from` counted, of the same code or of none. */
void code_profile_merge(struct code_profile *to, const struct code_profile *from);
struct code_profile *profile_add_code(struct profile *profile, const struct code *code);
void profile_add_partial(struct code_profile *profile, uint32_t block, uint32_t instruction);
void profile_add_guard_failure(struct code_profile *profile, uint32_t instruction);
void profile_add_shape(struct code_profile *profile, struct profile_shape shape); /* adds to an equal one's count */
void profile_add_loop(struct code_profile *profile, struct profile_loop loop);    /* likewise */

#endif
