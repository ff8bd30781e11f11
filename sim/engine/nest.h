/* nest.h - does the loops and comprehensions that the translator recognised (translator/nest.h) at once, when the values are what
 * they have to be: exact lists and tuples of exact ints and floats, long enough, none of them written and read in another way
 * than element by element; the built-in functions not replaced; nothing that watches or interrupts the program.
 *
 * All is looked at and computed before anything is changed, so that a nest that is not taken leaves no trace; one that is taken
 * leaves what Python's own order of operations leaves, to the bit, in lists, variables and iterators. */
#ifndef HYBRIDSIM_SIM_ENGINE_NEST_H
#define HYBRIDSIM_SIM_ENGINE_NEST_H

#include "sim/engine/frame.h"
#include "sim/runtime/names.h"
#include "translator/nest.h"

struct nest_site { /* one instruction that stands for a nest, or for a conditional expression */
    struct nest_site *next;
    const struct nest *nest;
    uint32_t instruction;
    uint32_t refused;     /* in a row, and never taken: given up after some */
    bool taken;
    enum name_id names[NEST_MAX_BUILTINS]; /* of the nest's built-in functions */
    value known[NEST_MAX_BUILTINS];        /* what they were when last looked at */
    struct choice choice; /* conditional expressions: */
    value holds, fails;   /* constants of the arms */
    uint16_t slot_a, slot_b; /* factors of the product */
    value a, b;           /* those that are constants; VALUE_NULL: in the slot */
};

/* The nests of a code object, for its sites; freed with it. */
struct nest_sites {
    struct arena *arena;
    struct nest_list nests;
    struct nest_site *sites;
};

/* The site for the nest that begins at `instruction`. */
struct nest_site *nest_site_new(struct code_state *state, uint32_t instruction);
/* The site of the conditional expression or statement that the jump decides. */
struct nest_site *choice_site_new(struct code_state *state, uint32_t instruction);
void nest_sites_free(struct code_state *state);

/* The ISA has an instruction that stands for loops. */
bool nests_are_wanted(const struct isa *isa);
/* At the end of a run: the executed loops that are nearly one of the forms go to the code's profile. */
void nests_note_near(const struct code_state *state);

/* A statement's loop over `iterator`, which is then exhausted. False: it was not taken. */
bool nest_run_loop(struct vm *vm, struct nest_site *site, value iterator);
/* A while loop whose first test compares these. False: it was not taken. */
bool nest_run_while(struct vm *vm, struct nest_site *site, value left, value right);
/* The call of a comprehension, or of sum, max or min, with that window. False: it was not taken. */
bool nest_run_call(struct vm *vm, struct nest_site *site, const value *window, value *result);
/* The expression's value where `left` and `right` are compared. False: not exact numbers. */
bool choice_run(struct vm *vm, struct nest_site *site, const value *slots, value left, value right, value *result);

/* ---- between nest_run.c, nest_bind.c, nest_value.c, nest_load.c and nest_compute.c ---- */

enum nest_type { NEST_INTS, NEST_FLOATS, NEST_BOXED };

struct nest_array { /* what an expression's terminal node gives in each round of the loops it depends on */
    const struct nest_node *node;
    enum nest_type type;
    union {
        int64_t *ints;
        double *floats;
        value *values;
    };
    int64_t strides[NEST_MAX_LOOPS]; /* items, by loop */
    uint64_t greatest;               /* ints: absolute value */
    bool has_gaps;                   /* filled in where a condition says that nobody looks */
};

enum { NEST_CHUNK = 256, NEST_NEAR_ITEMS = 128 };

struct nest_run {
    struct vm *vm;
    const struct nest *nest;
    struct frame *frame;
    const char *reason; /* not taken */
    value entries[NEST_MAX_ZIPPED];
    int64_t trips[NEST_MAX_LOOPS], starts[NEST_MAX_LOOPS], steps[NEST_MAX_LOOPS];
    int array_count;
    int64_t unboxed;    /* items of lists that were loaded */
    bool boxed;         /* compute on Python numbers */
    bool overflow;      /* 64 bits do not do */
    int outer[NEST_MAX_LOOPS], outer_count, inner[NEST_MAX_LOOPS], inner_count;
    int64_t outputs;    /* numbers it gives */
    value output;       /* a list of them, in the order of the outer loops; VALUE_NULL: just `single` */
    value *results;     /* its items, or &single */
    value single;
    value **written;    /* item storage of the lists that are written, sorted */
    int64_t written_count;
    bool reading;       /* they may not be read now, but for the item that the round then stores to */
    value last_sum;     /* of the last rounds of the outer loops */
    const struct nest_node *tracked; /* sum whose picks are noted: at first the nest's own */
    bool has_picked;    /* it is an extremum and was replaced, */
    int64_t picked[NEST_MAX_LOOPS]; /* the last time in these rounds */
    value final_list, *finals; /* by variable: what it holds afterwards; a list, and its items */
    int near_items;     /* of those below, taken */
    struct nest_array arrays[NEST_MAX_LEAVES]; /* from here on nothing is 0 at first; of these only array_count are anything */
    value near[NEST_NEAR_ITEMS];               /* room for small arrays */
};

static inline bool nest_array_is_near(const struct nest_run *run, const struct nest_array *array)
{
    return array->values >= run->near && array->values < run->near + NEST_NEAR_ITEMS;
}

static inline bool nest_refuse(struct nest_run *run, const char *reason)
{
    if (!run->reason)
        run->reason = reason;
    return false;
}

/* The number that a loop over a range, or one that is enumerated, is at. */
static inline int64_t nest_index(const struct nest_run *run, int loop, const int64_t *rounds)
{
    return run->starts[loop] + rounds[loop] * run->steps[loop];
}

static inline bool is_exact_float(value v)
{
    return is_immediate_float(v) || (is_object(v) && value_object(v)->shape == &float_type.shape);
}

/* nest_bind.c: looks at the values. */
bool nest_bind_entry(struct nest_run *run, value iterator);
bool nest_bind_loops(struct nest_run *run);
/* Of a loop that has none inside: no more rounds than this; INT64_MAX: the iterator does not say. Not of a while loop. */
int64_t nest_rounds_at_most(const struct nest *nest, value iterator);
bool nest_bind_target(struct nest_run *run);
bool nest_bind_arrays(struct nest_run *run);
void nest_finish_iterator(struct nest_run *run, value iterator);

/* nest_value.c: what nodes are. */
extern const char nest_not_numbers[], nest_not_lists[], nest_ragged[], nest_overlapping[]; /* reasons */
/* What the node is in those rounds: an object as it stands, a number computed; VALUE_NULL: not taken. */
value nest_value(struct nest_run *run, const struct nest_node *node, const int64_t *rounds);
/* What the attribute is, if nothing has to be called for it; VALUE_NULL: it has, or it is one of the frame's own module. */
value nest_attribute(struct vm *vm, const struct frame *frame, value object, const char *text);
bool nest_sequence(struct nest_run *run, value v, const value **items, int64_t *length);
/* The items in which the node, a ROUND or ITEM, finds its own at *index. */
bool nest_find_item(struct nest_run *run, const struct nest_node *node, const int64_t *rounds, const value **items, int64_t *index);
/* Whether it holds; -1: not taken. */
int nest_condition(struct nest_run *run, const struct nest_node *node, const int64_t *rounds);
/* v, if it is an exact int or float; VALUE_NULL: not taken. */
value nest_number(struct nest_run *run, value v);
bool nest_is_written(const struct nest_run *run, const value *items);
/* All that are written are known. False: one is written twice. */
bool nest_settle_written(struct nest_run *run);

/* nest_load.c: makes arrays of the terminals of an expression. */
bool nest_load(struct nest_run *run, const struct nest_node *node);

/* nest_compute.c: fills run->output. */
bool nest_compute(struct nest_run *run);
/* What a sum inside the nest's own comes to in those rounds. */
value nest_compute_sum(struct nest_run *run, const struct nest_node *node, const int64_t *rounds);

#endif
