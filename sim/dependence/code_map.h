/* code_map.h - what the search for dependences has to know of a code object before it runs: its loops, and the statements
 * that update a variable by an operator (`s += a[i]`, `m = max(m, x)`, `if x > m: m = x`). */
#ifndef HYBRIDSIM_SIM_DEPENDENCE_CODE_MAP_H
#define HYBRIDSIM_SIM_DEPENDENCE_CODE_MAP_H

#include "core/arena.h"
#include "core/code.h"

#define NO_LOOP 0xffffffffu

struct code_loop { /* a natural loop; the two tests of a while statement belong to one */
    uint32_t header;   /* block in which every iteration begins */
    uint32_t parent;   /* the loop around it in this code object; NO_LOOP: none */
    uint32_t size;     /* blocks */
    uint32_t line;     /* of its `for` or `while`, or near it */
    bool is_for;       /* the header asks an iterator, and is executed once more than there are iterations */
    bool has_children;
    bool open_end;     /* where it ends is found on the way: a `while`, a `break`, a `return` */
};

enum update_operator { /* which updates may be reordered with each other */
    UPDATE_ADD, UPDATE_MULTIPLY, UPDATE_AND, UPDATE_OR, UPDATE_XOR, UPDATE_MAX, UPDATE_MIN, UPDATE_APPEND,
    UPDATE_INSERT, /* of keys: in any order, and no reason to wait unless the length is asked for */
    UPDATE_OPERATORS
};
extern const char *const update_operator_names[UPDATE_OPERATORS];

enum variable_kind { /* what a dependence goes through */
    VARIABLE_LOCAL, VARIABLE_NAME, VARIABLE_CELL, VARIABLE_ATTRIBUTE, VARIABLE_ITEM, VARIABLE_STATE, VARIABLE_KINDS
};
extern const char *const variable_kind_names[VARIABLE_KINDS];

struct code_update {
    uint32_t load, store;      /* bytecode instructions: read the variable, write it back */
    enum update_operator operator;
    enum variable_kind kind;
    uint32_t local;            /* VARIABLE_LOCAL: which */
    bool constant_step;        /* `i += 1`: adds or subtracts a constant, */
    bool of_objects;           /* to something else than a number, as it was seen when it ran */
};

struct code_map {
    const struct code *code;
    uint32_t loop_count, update_count;
    struct code_loop *loops;   /* outer before inner */
    uint32_t *block_loop;      /* per block: its innermost loop, or NO_LOOP */
    struct code_update *updates;
    uint32_t *update_read;     /* per instruction: 1 + the update whose variable is read there; 0: none */
    uint32_t *update_write;    /* likewise: whose variable is written */
};

/* The code is ready (code_ready). The map lives as long as the arena. */
struct code_map *code_map_new(const struct code *code, struct arena *arena);

/* code_updates.c: fills in the updates. For code_map.c. */
void code_map_find_updates(struct code_map *map, struct arena *arena);

#endif
