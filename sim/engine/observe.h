/* observe.h - a run whose dependences are followed (sim/dependence): loop_observed.c tells of each op word before it is executed,
 * of frames that are entered, gone on with and left. What a word will read and write is found from its slots and the objects
 * they hold. Nothing of this changes what the run does or costs. */
#ifndef HYBRIDSIM_SIM_ENGINE_OBSERVE_H
#define HYBRIDSIM_SIM_ENGINE_OBSERVE_H

#include "sim/dependence/dependence.h"
#include "sim/engine/frame.h"
#include "sim/engine/liveness.h"

enum observed_flags {
    WORD_FIRST = 1,          /* of its instruction */
    WORD_PLAIN = 2,          /* uses slots only */
    WORD_CONTINUES = 4,      /* belongs to the instruction before it, if that is still open; else to none */
    WORD_ENDS_CALL = 8,      /* return, yield: what it answers is its caller's */
    WORD_OPERATOR = 16,      /* arithmetic or a comparison: plain when its operands are no objects */
    WORD_BRANCHES = 32       /* a comparison, which does the branch on it as well */
};

struct observed_word {
    const uint32_t *reads, *writes; /* slots */
    uint32_t read_count, write_count;
    uint32_t source, site;   /* the bytecode instruction */
    uint32_t block;          /* the source block that begins with it; NO_BLOCK: none does */
    uint32_t idle, trailing; /* instructions without words before it, and behind it up to the block's end */
    int32_t latency;
    uint16_t form;
    uint8_t flags;
};

struct observed_code {
    struct mapped_code *mapped;
    const struct code_state *state;
    uint32_t *numbers;       /* per word: the op word's number */
    struct observed_word *words; /* per op word */
    int32_t *slot_local;     /* per slot: the local variable whose home it is; -1: none */
};

struct observed_frame {
    struct frame *frame;
    struct observed_code *code;
    struct stamp *stamps;    /* of its slots */
    const struct observed_word *latest; /* executed last */
    value callee;            /* what it called last, a native function; or VALUE_NULL */
    struct activation activation;
};

struct observed_stack { /* of one of the program's threads */
    struct frame *frames;    /* the engine's: says which thread's */
    value *slots;            /* likewise */
    struct observed_frame *observed; /* [0] is none */
    uint32_t depth;
    struct observed_frame *top;      /* observed[depth] */
    struct stamp *stamps;    /* of the slots */
    struct level *levels;    /* while another thread runs */
    uint32_t level_count, level_capacity;
    struct observed_stack *next;
};

struct observer {
    struct dependence *dependence;
    struct observed_stack *stack, *stacks;
    const uint64_t *counted_in; /* the counts of the loop and code object that run, */
    uint64_t *counted;       /* where the cost of their work is added, */
    const uint64_t *work;    /* the work itself */
    uint64_t cost;           /* and what it was when they began */
};

/* Follows the run from its start. memory_most: bytes that stamps may take. */
void observer_start(struct vm *vm, uint64_t memory_most);
/* The run is over: ends what still runs, and gives the dependences, which live as long as the engine. NULL: none were followed. */
struct dependence *observer_end(struct vm *vm);
void observer_free(struct engine *engine);
void observed_code_free(struct code_state *state);

/* For loop_observed.c. */
void observe_word(struct vm *vm, const word *pc, value *slots);
void observe_enter(struct vm *vm);                        /* the innermost frame begins, or a generator goes on */
void observe_resume(struct vm *vm, const struct frame *frame); /* it goes on after a call, or in a handler */
void observe_generator(struct vm *vm, value generator);   /* the innermost frame became it */

/* observe_memory.c: what a word reads and writes beyond slots. `w` is its op word. */
void observe_memory(struct vm *vm, struct observed_frame *frame, const struct observed_word *observed, const word *w, value *slots);
/* observe_call.c: what a call reads and writes, if it is one of native code. */
void observe_call(struct vm *vm, struct observed_frame *frame, const word *w, value *slots, uint32_t site);
/* observe_nest.c: what an instruction reads and writes that stands for a whole loop or a conditional expression. */
void observe_nest(struct vm *vm, struct observed_frame *frame, const struct observed_word *observed, const word *w,
                  const value *slots);
/* observe_native.c: what a native function reads and writes. */
void observe_native(struct vm *vm, uint32_t site, const struct native_function_object *function, value self,
                    const value *arguments, uint32_t count);

/* Accesses to objects, for these. */
struct shadow *observed_shadow(struct vm *vm, value object);  /* NULL: nothing of it was written */
struct shadow *observed_shadow_new(struct vm *vm, value object);
bool observed_is_mutable(value object);
bool observed_key_number(struct vm *vm, value key, uint64_t *number); /* that equal keys share; false: not known */
void observe_read(struct vm *vm, const struct stamp *stamp, enum variable_kind kind, uint32_t site); /* stamp may be NULL */
void observe_read_all(struct vm *vm, value object, uint32_t site);
void observe_write_all(struct vm *vm, value object);
void observe_read_state(struct vm *vm, value object, uint32_t site);
/* index: of what is added. site 0: iterations do not wait for each other's. */
void observe_append(struct vm *vm, value object, uint64_t index, uint32_t site);
void observe_read_item(struct vm *vm, value container, value key, uint32_t site);
void observe_write_item(struct vm *vm, value container, value key);
void observe_read_attribute(struct vm *vm, value object, value name, uint32_t site);
void observe_write_attribute(struct vm *vm, value object, value name);

/* observe_region.c: memory, that several objects may show. */
bool observed_is_memory(value v);
void observe_read_memory(struct vm *vm, value v, uint32_t site);
void observe_write_memory(struct vm *vm, value v);
void observe_read_memory_item(struct vm *vm, value v, value key, uint32_t site);
void observe_write_memory_item(struct vm *vm, value v, value key);
const struct stamp *observed_latest(struct vm *vm, value v); /* of what was written last in it, or in the memory it shows */

/* observe_reach.c: what an object leads to. */
void observe_read_deep(struct vm *vm, value v, uint32_t site); /* all that it holds, and what that holds */
void observe_read_length(struct vm *vm, value v, uint32_t site); /* its own, or of what it is a view of */
void observe_consume(struct vm *vm, value v, uint32_t site);   /* likewise, and iterators among it have been used then */
void observe_next(struct vm *vm, value iterator, uint32_t site); /* the item that it gives next */
void observe_iter(struct vm *vm, value v, uint32_t site);        /* a loop over it begins, */
void observe_step(struct vm *vm, value iterator, uint32_t site); /* and asks its iterator */

#endif
