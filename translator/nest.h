/* nest.h - arithmetic over lists written as loops: finds, in bytecode, the statements and comprehensions that core/idiom.def
 * lists, and says what they compute, so that the engine can do it at once.
 *
 * Needs: decoded code. Gives: struct nest, valid as long as the arena. What a nest says is true of the bytecode whatever the
 * values are, provided that the engine finds exact lists of exact numbers and the built-in functions it names (sim/engine/nest.h
 * has the guards). */
#ifndef HYBRIDSIM_TRANSLATOR_NEST_H
#define HYBRIDSIM_TRANSLATOR_NEST_H

#include "core/code.h"
#include "core/idiom.h"

enum { NEST_MAX_LOOPS = 6, NEST_MAX_ZIPPED = 4, NEST_MAX_BUILTINS = 8, NEST_MAX_LEAVES = 12, NEST_MAX_ATTRIBUTES = 12 };

enum nest_node_kind {
    NEST_CONSTANT,   /* code->constants[index]: an int or a float */
    NEST_VARIABLE,   /* variables[index], as it is when the loop begins */
    NEST_ENTRY,      /* sequence number `index` of the iterator the loop begins with */
    NEST_INDEX,      /* the number that loop `loop` is at */
    NEST_ROUND,      /* the item of sequence a for each round of loop `loop` */
    NEST_COLUMN,     /* for each round of loop `loop`: the tuple of that item of each sequence in a */
    NEST_ITEM,       /* a[b] */
    NEST_LENGTH,     /* len(a) */
    NEST_ARITHMETIC, /* a `op` b */
    NEST_NEGATE,     /* -a */
    NEST_ABSOLUTE,   /* abs(a) */
    NEST_ATTRIBUTE,  /* a.name, kept in the object itself or its class */
    NEST_SUM,        /* a, and b added to it in each round of the loops in `index`, a bit each, where `when` holds (NULL: in all);
                        op OP_mul: multiplied by it; OP_sub: it is subtracted; op a comparison: replaced by b where `b op what
                        there is` holds, a NULL: what there is first is the first b. `unless`: where it does not hold */
    NEST_COMPARE,    /* a `op` b, which is 0 or 1 */
    NEST_BOTH,       /* a and b, both of them conditions: comparisons, this, or */
    NEST_EITHER,     /* a or b */
    NEST_NOT,        /* not a */
    NEST_SELECT,     /* a where `when` holds, else b */
    NEST_PICK,       /* b in the last round in which the sum `when` was replaced, a if it never was */
    NEST_LIST,       /* a new list: a for each round of loop `loop` */
    /* Only while a nest is being read: */
    NEST_CARRIED,    /* variable `index` as the round before left it, in loop `loop` */
    NEST_RANGE, NEST_ZIP, NEST_ENUMERATE, NEST_ITERATOR, NEST_FUNCTION, NEST_GENERATOR, NEST_BUILTIN, NEST_METHOD, NEST_NULL,
    NEST_CELL, NEST_TUPLE, NEST_UNKNOWN
};

struct nest_node {
    enum nest_node_kind kind;
    enum op op;               /* NEST_ARITHMETIC: the plain form (add, not iadd); NEST_COMPARE, NEST_SUM */
    uint32_t index;
    int loop;
    const struct code *code;  /* NEST_CONSTANT: whose constant; NEST_FUNCTION: its code */
    const struct nest_node *a, *b, *when;
    const struct nest_node **items; /* ZIP, TUPLE: `index` of them; RANGE: its step, if it has one */
    const char *name;         /* BUILTIN, METHOD, ATTRIBUTE */
    bool star;                /* ZIP: zip(*a) */
    bool unless;              /* SUM */
    bool consumed;            /* while a nest is being read: the addition that a sum stands for */
    uint32_t size;            /* nodes in it, those met twice counted twice */
};

/* NEST_TEMPORARY: a variable of a comprehension inside the nest, which nobody sees afterwards */
enum nest_place { NEST_LOCAL, NEST_CELL_LOCAL, NEST_GLOBAL, NEST_TEMPORARY };

struct nest_variable { /* of the code that the loop stands in */
    enum nest_place place;
    int scope;                      /* while the nest is being read: the comprehension it belongs to, 0: none */
    uint32_t index;                 /* local's */
    const struct code_string *name; /* global's */
    const struct nest_node *now;    /* what it holds after the nest; NULL: the nest does not assign it */
};

enum nest_source { NEST_OVER_RANGE, NEST_OVER_SEQUENCES, NEST_OVER_COLUMNS };

struct nest_loop {
    enum nest_source source;
    bool entry;      /* its iterator is there when the nest begins: sequences are NEST_ENTRY, start and stop NULL */
    bool direct;     /* entry: what is there is the sequence itself, the argument of sum(x) */
    bool enumerated; /* and numbers the rounds */
    bool is_while;   /* RANGE: the loop counts by itself, as long as its number is less than `stop` */
    bool down, closed; /* is_while: greater; or equal */
    bool unequal;    /* is_while: as long as it is not `stop` */
    const struct nest_node *start, *stop, *step, *first; /* RANGE: start NULL: 0, step NULL: 1; enumerated: first, NULL: 0 */
    const struct nest_node *sequences[NEST_MAX_ZIPPED];
    int sequence_count;
};

enum nest_output {
    NEST_TO_RESULT,   /* what the comprehension or sum gives: element, or nested lists of it over `outer` */
    NEST_TO_VARIABLE, /* nothing but what `variables` hold afterwards */
    NEST_TO_ITEM,     /* target_list[target_key] = element, in each round of the outer loops */
    NEST_TO_APPEND    /* appended to list target_list: element, or nested lists of it */
};

struct nest {
    enum idiom idiom;     /* IDIOM_NONE: not taken, `reason` says why */
    const char *reason;   /* static text */
    const char *subject;  /* what the reason is about, such as the function that is called; NULL: nothing that has a name */
    int32_t reason_line;  /* where that is; 0: the loop as a whole */
    uint32_t instruction; /* the get_iter or call it stands for, or a while loop's first test: a jump */
    int32_t line;
    struct nest_loop loops[NEST_MAX_LOOPS]; /* outermost first */
    int loop_count;
    unsigned summing;     /* bits: loops whose rounds are added up; the others are the output's */
    struct nest_variable *variables;
    uint32_t variable_count;
    const char *builtins[NEST_MAX_BUILTINS]; /* that must be the built-in ones */
    const struct code_string *builtin_names[NEST_MAX_BUILTINS];
    int builtin_count;
    const struct nest_node *attributes[NEST_MAX_ATTRIBUTES]; /* those that it reads, and perhaps others */
    int attribute_count;
    enum nest_output output;
    const struct nest_node *element; /* a number; contains `sum` once when that is not NULL; with several, one of them */
    const struct nest_node *sum;
    bool several;         /* VARIABLE: other variables hold other sums, none of which is part of another */
    const struct nest_node *result;  /* RESULT, APPEND: NEST_LIST nodes around the element, or the element */
    const struct nest_node *target_list, *target_key;
    bool updates;         /* ITEM: sum's start is the item itself */
    bool scatters;        /* ITEM: of one list, in places that the loops' numbers tell in another way than by an offset */
    bool reads_behind;    /* items are read after some have been stored: the lists must be others */
    int flat_loops;       /* APPEND: so many of the outer loops append one after another */
    bool selects;         /* numbers are passed on as they are: the objects they are have to be, too */
    bool is_native, native_adds; /* its innermost loop is one of a built-in function over a list: sum; or max, min */
    bool near;            /* it computes something: worth telling why it was not taken */
};

struct nest_list {
    struct nest **nests;
    uint32_t count;
};

/* Every loop and comprehension of the code object that is one of the forms, or nearly. In order of their instructions. */
struct nest_list nest_find(const struct code *code, struct arena *arena);

enum choice_kind {
    CHOICE_CONSTANT,
    CHOICE_LEFT, CHOICE_RIGHT, /* what is compared */
    CHOICE_PRODUCT,            /* of two constants or local variables */
    CHOICE_QUOTIENT            /* likewise */
};

enum choice_end {
    CHOICE_PUSHED,   /* a conditional expression's value */
    CHOICE_STORED,   /* a local variable's */
    CHOICE_RETURNED
};

struct choice { /* a conditional expression over numbers, or statements that choose so */
    enum idiom idiom;
    enum op compare;
    enum choice_end end;
    uint32_t joined;  /* but for RETURNED: the block where its arms meet */
    uint32_t local;   /* STORED */
    struct choice_arm {
        enum choice_kind kind;
        const struct instruction *first; /* its loads */
    } holds, fails; /* its value where the comparison holds, and elsewhere */
};

/* The conditional expression or statement that the jump at `instruction` decides. False: it is none that an instruction could
 * stand for. */
bool choice_read(const struct code *code, uint32_t instruction, struct choice *choice);

/* ---- between the files that read nests ---- */

bool nest_same(const struct nest_node *a, const struct nest_node *b);
bool nest_contains(const struct nest_node *node, enum nest_node_kind kind);
/* Bits of the loops whose round the node depends on, but for those that a sum goes over. */
unsigned nest_loops_of(const struct nest_node *node);

/* A selection between the two numbers that its condition compares, such as max(a, b): each is computed once. */
static inline bool nest_compares_itself(const struct nest_node *select)
{
    return select->when->kind == NEST_COMPARE && select->when->a == select->a && select->when->b == select->b;
}

/* Bits of the loops that sums in the expression go over. */
unsigned nest_summed_loops(const struct nest_node *node);

/* The sum that the variable holds behind the nest, or tells the place of; NULL: none, or nobody sees it. */
const struct nest_node *nest_sum_behind(const struct nest_variable *variable);

/* A sum whose number is replaced instead of added to: a maximum, a minimum. */
bool nest_is_extremum(const struct nest_node *sum);
/* The last test of the while loop whose first test is the jump at `instruction`; 0: it is none. */
uint32_t nest_while_end(const struct code *code, uint32_t instruction);

struct nest_store { /* a statement with an effect outside variables */
    const struct nest_node *list, *key, *item; /* key NULL: appended */
    int depth;                                 /* loops around it */
};

/* nest_form.c: from what was read to one of the forms. Sets idiom, or reason. `computed`: everything in a round that may raise. */
void nest_classify(struct nest *nest, const struct nest_store *stores, int store_count,
                   const struct nest_node *const *computed, int computed_count);

#endif
