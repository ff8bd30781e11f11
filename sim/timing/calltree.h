/* calltree.h - the cycles and instructions of a profiled run by calling context, function and line. They add up to the run's own,
 * to the last one, in each of the three ways. Plain data with its own strings. */
#ifndef HYBRIDSIM_SIM_TIMING_CALLTREE_H
#define HYBRIDSIM_SIM_TIMING_CALLTREE_H

#include "sim/timing/timing.h"

struct calltree_function {
    const char *file;           /* NULL: native */
    const char *name;           /* co_name; of a native function "numpy.dot", "sorted", "list.append" */
    const char *qualified_name;
    uint32_t line;
    bool is_script;
};

struct calltree_node {
    uint32_t parent;            /* before it; of node 0, the root, itself */
    uint32_t function;          /* of the root: UINT32_MAX */
    uint32_t target;            /* itself, or a node above: calls of a recursion that is counted there */
    bool recursive;             /* its function is among those above it */
    uint64_t calls, cycles, instructions; /* its own */
    uint64_t all_cycles, all_instructions; /* with all below it */
    uint32_t first_site, site_count;
};

struct calltree_site {          /* calls of the node's function, by the line of the caller; cycles in proportion to calls */
    uint32_t line;
    uint64_t calls;
};

struct calltree_line {
    uint32_t function, line;    /* line 0: what the runtime did for the function as a whole (allocation, look-ups, ...) */
    uint64_t cycles, instructions;
};

struct calltree {
    struct arena *arena;
    const char *isa, *machine;
    uint32_t clock_mhz;
    uint64_t cycles, instructions; /* of the run */
    uint32_t function_count, node_count, site_count, line_count;
    struct calltree_function *functions;
    struct calltree_node *nodes;
    struct calltree_site *sites;
    struct calltree_line *lines;   /* by function and line; natives' work is their callers' line's, as far as it is known */
    bool interrupted;
};

/* The profile has contexts, the timing rows. */
struct calltree *calltree_build(const struct profile *profile, const struct timing_result *timing, const struct isa *isa);
void calltree_free(struct calltree *tree);
void calltree_write(const struct calltree *tree, struct buffer *bytes);
/* NULL when the bytes are not a whole tree. */
struct calltree *calltree_read(const char *bytes, size_t size);

#endif
