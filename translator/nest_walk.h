/* nest_walk.h - between the files that read nests from bytecode (nest.c, nest_loop.c, nest_branch.c): the walk along the
 * instructions of a loop, with nodes in place of values. */
#ifndef HYBRIDSIM_TRANSLATOR_NEST_WALK_H
#define HYBRIDSIM_TRANSLATOR_NEST_WALK_H

#include "translator/nest.h"

enum { STACK_MAX = 48, LOOP_VARIABLES_MAX = 24, STORES_MAX = 3, SCOPES_MAX = 6, VARIABLES_MAX = 40, COMPUTED_MAX = 64,
       NODE_SIZE_MAX = 400, BRANCHES_MAX = 8 };

struct scope { /* a code object being walked */
    const struct code *code;
    int number;
    uint32_t closure[8]; /* variables that its free variables are */
    const struct nest_node *stack[STACK_MAX];
    int depth;
    const struct nest_node *yielded, *yielded_when; /* when: NULL: in each round */
    bool yielded_unless;
};

struct carried { /* a variable that the loop assigns */
    uint32_t variable;
    const struct nest_node *before;
};

struct open_loop {
    uint32_t header; /* block: of the for_iter; of a while loop: its body's first */
    int scope;
    const struct nest_node *condition; /* of a while loop, when it is first tested; else NULL */
    struct carried carried[LOOP_VARIABLES_MAX];
    int carried_count;
};

struct walker {
    struct arena *arena;
    struct nest *nest;
    const struct code *code; /* that the nest stands in */
    struct scope *scope;     /* and that is being walked */
    struct open_loop open[NEST_MAX_LOOPS];
    int open_count, scope_count;
    int branch_depth; /* arms of branches that the walk is in */
    struct nest_store stores[STORES_MAX];
    int store_count;
    const struct nest_node *computed[COMPUTED_MAX]; /* in the rounds: what may raise */
    int computed_count;
    bool lenient;
    const char *reason, *subject; /* why not: of the nest */
    int32_t line, reason_line;    /* of the instruction walked; and then */
};

static inline bool fail(struct walker *w, const char *reason)
{
    if (!w->reason) {
        w->reason = reason;
        w->reason_line = w->line;
    }
    return false;
}

/* subject: lives as long as the nest. */
static inline bool fail_about(struct walker *w, const char *reason, const char *subject)
{
    if (!w->reason)
        w->subject = subject;
    return fail(w, reason);
}

static inline struct nest_node *node_new(struct walker *w, enum nest_node_kind kind)
{
    struct nest_node *node = ARENA_NEW(w->arena, struct nest_node);
    node->kind = kind;
    node->loop = -1;
    return node;
}

/* `when` may be set afterwards; its size is not counted. */
static inline struct nest_node *node_of(struct walker *w, enum nest_node_kind kind, const struct nest_node *a,
                                        const struct nest_node *b)
{
    struct nest_node *node = node_new(w, kind);
    node->a = a;
    node->b = b;
    node->size = 1 + (a ? a->size : 0) + (b ? b->size : 0);
    bool may_raise = kind == NEST_ARITHMETIC || kind == NEST_NEGATE || kind == NEST_ITEM || kind == NEST_LENGTH ||
                     kind == NEST_COMPARE || kind == NEST_ABSOLUTE || kind == NEST_ATTRIBUTE;
    if (node->size > NODE_SIZE_MAX || (may_raise && !w->lenient && w->computed_count == COMPUTED_MAX))
        fail(w, "its expressions are too long");
    else if (may_raise && !w->lenient)
        w->computed[w->computed_count++] = node;
    return node;
}

static inline struct nest_node *node_with(struct walker *w, enum nest_node_kind kind, const struct nest_node *when,
                                          const struct nest_node *a, const struct nest_node *b)
{
    struct nest_node *node = node_of(w, kind, a, b);
    node->when = when;
    node->size += when ? when->size : 0;
    if (node->size > NODE_SIZE_MAX)
        fail(w, "its expressions are too long");
    return node;
}

static inline struct nest_node *node_round(struct walker *w, enum nest_node_kind kind, const struct nest_node *a, int loop)
{
    struct nest_node *node = node_of(w, kind, a, NULL);
    node->loop = loop;
    return node;
}

static inline bool push(struct walker *w, const struct nest_node *node)
{
    if (w->scope->depth == STACK_MAX)
        return fail(w, "its expressions are too deep");
    w->scope->stack[w->scope->depth++] = node;
    return true;
}

static inline const struct nest_node *pop(struct walker *w)
{
    if (!w->scope->depth)
        return node_new(w, NEST_UNKNOWN);
    return w->scope->stack[--w->scope->depth];
}

static inline const struct nest_node **entry_at(struct walker *w, uint32_t depth)
{
    return depth && (int)depth <= w->scope->depth ? &w->scope->stack[w->scope->depth - (int)depth] : NULL;
}

/* nest.c */
uint32_t walk_local_variable(struct walker *w, uint32_t local);
uint32_t walk_global_variable(struct walker *w, uint32_t name);
const struct nest_node *walk_variable_now(struct walker *w, uint32_t variable);
bool walk_variable_assign(struct walker *w, uint32_t variable, const struct nest_node *item);
/* One instruction that neither begins nor ends a loop, nor branches. */
bool walk_instruction(struct walker *w, const struct instruction *instruction);

/* nest_loop.c: loops, and what the variables that they assign hold behind them */
bool walk_describe_loop(struct walker *w, struct nest_loop *loop, const struct nest_node *over);
const struct nest_node *walk_loop_item(struct walker *w, struct nest_loop *loop, int number);
bool walk_loop_open(struct walker *w, uint32_t at);
bool walk_while_open(struct walker *w, uint32_t at);
/* The loop opened last, for whose end the walk has come to the jump back. */
bool walk_loop_close(struct walker *w);
/* A node that nothing depends on any more. */
void walk_consume(const struct nest_node *node);

/* nest_branch.c */
/* Past the branch at *at to where its arms meet, or to the jump back that ends both. */
bool walk_branch(struct walker *w, uint32_t *at);
/* a where the condition holds, else b. */
const struct nest_node *walk_select(struct walker *w, const struct nest_node *condition, const struct nest_node *a,
                                    const struct nest_node *b);

static inline bool is_branch(const struct instruction *instruction)
{
    return instruction->op == OP_jump_if_false || instruction->op == OP_jump_if_true;
}

static inline struct open_loop *innermost(struct walker *w)
{
    return w->open_count ? &w->open[w->open_count - 1] : NULL;
}

#endif
