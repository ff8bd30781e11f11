/* nest_branch.c - branches in the rounds of a nest while it is being read: both arms are walked as far as where they meet, what
 * they share (the body of `if a or b`) twice, and what differs there is one or the other. Arms are arithmetic, assignments and
 * one item stored: what loops in one is no nest. */
#include "translator/nest_walk.h"

#include <string.h>

struct snapshot {
    const struct nest_node *now[VARIABLES_MAX];
    uint32_t variable_count;
    struct scope scope;
};

static void take_snapshot(const struct walker *w, struct snapshot *snapshot)
{
    snapshot->variable_count = w->nest->variable_count;
    for (uint32_t i = 0; i < w->nest->variable_count; i++)
        snapshot->now[i] = w->nest->variables[i].now;
    snapshot->scope = *w->scope;
}

static void go_back(struct walker *w, const struct snapshot *snapshot)
{
    for (uint32_t i = 0; i < w->nest->variable_count; i++)
        w->nest->variables[i].now = i < snapshot->variable_count ? snapshot->now[i] : NULL;
    *w->scope = snapshot->scope;
}

/* ---- conditions ---- */

/* What the jump tests, as a comparison; NULL: it is no number. */
static const struct nest_node *condition_of(struct walker *w, const struct nest_node *tested)
{
    switch ((int)tested->kind) {
    case NEST_COMPARE: case NEST_BOTH: case NEST_EITHER:
        return tested;
    case NEST_VARIABLE: case NEST_INDEX: case NEST_ROUND: case NEST_ITEM: case NEST_LENGTH: case NEST_ARITHMETIC:
    case NEST_NEGATE: case NEST_ABSOLUTE: case NEST_ATTRIBUTE: case NEST_SELECT: {
        struct nest_node *condition = node_of(w, NEST_COMPARE, tested, node_new(w, NEST_CONSTANT)); /* 0 */
        condition->op = OP_ne;
        return condition;
    }
    default:
        return NULL;
    }
}

/* The two are the same: one of them is enough. */
static bool are_one(const struct nest_node *kept, const struct nest_node *dropped)
{
    bool same = nest_same(kept, dropped);
    if (same && kept != dropped)
        walk_consume(dropped);
    return same;
}

/* Where one of the two is a selection, of which one side is the other: conditions of both. */
const struct nest_node *walk_select(struct walker *w, const struct nest_node *condition, const struct nest_node *a,
                                    const struct nest_node *b)
{
    if (are_one(a, b))
        return a;
    if (a->kind == NEST_SELECT && are_one(b, a->b)) { /* if c: if d: ..., or if c and d: ... */
        condition = node_of(w, NEST_BOTH, condition, a->when);
        a = a->a;
    } else if (a->kind == NEST_SELECT && are_one(b, a->a)) { /* if c and not d */
        condition = node_of(w, NEST_BOTH, condition, node_of(w, NEST_NOT, a->when, NULL));
        a = a->b;
    } else if (b->kind == NEST_SELECT && are_one(a, b->a)) { /* if c or d */
        condition = node_of(w, NEST_EITHER, condition, b->when);
        b = b->b;
    } else if (b->kind == NEST_SELECT && are_one(a, b->b)) { /* elif d */
        condition = node_of(w, NEST_BOTH, node_of(w, NEST_NOT, condition, NULL), b->when);
        const struct nest_node *other = a;
        a = b->a;
        b = other;
    }
    return node_with(w, NEST_SELECT, condition, a, b);
}

/* ---- arms ---- */

enum { OPEN_WAYS_MAX = 12 };

struct ways { /* instructions that the ways of a branch have come to, the first one first; UINT32_MAX: the next round */
    uint32_t at[OPEN_WAYS_MAX];
    int count;
};

static bool ways_add(struct ways *ways, uint32_t at)
{
    int i = 0;
    while (i < ways->count && ways->at[i] < at)
        i++;
    if (i < ways->count && ways->at[i] == at)
        return true;
    if (ways->count == OPEN_WAYS_MAX)
        return false;
    memmove(&ways->at[i + 1], &ways->at[i], (size_t)(ways->count++ - i) * sizeof *ways->at);
    ways->at[i] = at;
    return true;
}

static bool ways_add_target(struct walker *w, struct ways *ways, const struct instruction *jump, uint32_t at)
{
    uint32_t header = innermost(w)->header, target = w->scope->code->blocks[jump->target].first;
    if (jump->target == header)
        return !innermost(w)->condition && ways_add(ways, UINT32_MAX);
    return target > at && ways_add(ways, target);
}

/* Where the ways of the branch have all come to again, every one of them forward; UINT32_MAX: only the next round. */
static bool find_meeting(struct walker *w, uint32_t at, uint32_t *meeting)
{
    const struct code *code = w->scope->code;
    struct ways ways = {.count = 0};
    if (!ways_add(&ways, at + 1) || !ways_add_target(w, &ways, &code->instructions[at], at))
        return false;
    while (ways.count > 1) {
        uint32_t i = ways.at[0];
        memmove(&ways.at[0], &ways.at[1], (size_t)--ways.count * sizeof *ways.at);
        const struct instruction *instruction = &code->instructions[i];
        if (i >= code->instruction_count || instruction->op == OP_for_iter)
            return false;
        bool jumps = instruction->op == OP_jump || is_branch(instruction);
        if (!jumps && op_infos[instruction->op].flags & OP_TERMINATOR && instruction->op != OP_yield)
            return false;
        if ((jumps && !ways_add_target(w, &ways, instruction, i)) || (instruction->op != OP_jump && !ways_add(&ways, i + 1)))
            return false;
    }
    *meeting = ways.at[0];
    return true;
}

/* As far as instruction `meeting`, or the jump back to the next round, at which *at then is. */
static bool walk_arm(struct walker *w, uint32_t *at, uint32_t meeting)
{
    const struct code *code = w->scope->code;
    while (*at != meeting) {
        const struct instruction *instruction = &code->instructions[*at];
        w->line = instruction->line;
        if (instruction->op == OP_jump && instruction->target == innermost(w)->header)
            return true;
        if (instruction->op == OP_jump) {
            *at = code->blocks[instruction->target].first;
        } else if (is_branch(instruction)) {
            if (!walk_branch(w, at))
                return false;
        } else {
            if (!walk_instruction(w, instruction))
                return false;
            ++*at;
        }
    }
    return true;
}

struct arms { /* what is when the first of them, behind the jump, is taken; and when the other is */
    struct snapshot first, second;
    int stores, first_stores;      /* there were before; and so many more behind the first, */
    struct nest_store first_store; /* of which this is one */
};

/* *next: where they meet. */
static bool walk_arms(struct walker *w, uint32_t at, uint32_t *next, struct arms *arms)
{
    const struct code *code = w->scope->code;
    const struct instruction *jump = &code->instructions[at];
    uint32_t meeting, first = at + 1, second = jump->target == innermost(w)->header ? UINT32_MAX : code->blocks[jump->target].first;
    if (!find_meeting(w, at, &meeting))
        return fail(w, "it has a branch");
    struct snapshot before;
    take_snapshot(w, &before);
    arms->stores = w->store_count;
    if (!walk_arm(w, &first, meeting))
        return false;
    take_snapshot(w, &arms->first);
    arms->first_stores = w->store_count - arms->stores;
    arms->first_store = w->stores[arms->stores];
    w->store_count = arms->stores;
    go_back(w, &before);
    if (second != UINT32_MAX && !walk_arm(w, &second, meeting))
        return false;
    take_snapshot(w, &arms->second);
    *next = meeting != UINT32_MAX                        ? meeting
            : second != UINT32_MAX && second > first ? second
                                                     : first; /* the last jump back */
    return true;
}

/* Yields in one arm only: so does the whole, when that one is walked. */
static bool meet_yields(struct walker *w, const struct nest_node *condition, const struct scope *yes, const struct scope *no)
{
    if (yes->yielded == no->yielded)
        return true;
    if (nest_same(yes->yielded, no->yielded) && !yes->yielded_when && no->yielded_when && !no->yielded_unless) {
        w->scope->yielded_when = node_of(w, NEST_EITHER, condition, no->yielded_when); /* if a or b */
        return true;
    }
    if (no->yielded_when || (yes->yielded && no->yielded) || (yes->yielded_when && yes->yielded_unless))
        return fail(w, "it has a branch");
    w->scope->yielded = yes->yielded ? yes->yielded : no->yielded;
    w->scope->yielded_when = yes->yielded_when ? node_of(w, NEST_BOTH, condition, yes->yielded_when) : condition;
    w->scope->yielded_unless = !yes->yielded;
    return true;
}

static bool meet(struct walker *w, const struct nest_node *condition, const struct snapshot *yes, const struct snapshot *no)
{
    for (uint32_t i = 0; i < w->nest->variable_count; i++) {
        const struct nest_node *a = i < yes->variable_count ? yes->now[i] : NULL, *b = i < no->variable_count ? no->now[i] : NULL;
        w->nest->variables[i].now = NULL;
        if (a == b)
            w->nest->variables[i].now = a;
        else
            w->nest->variables[i].now =
                walk_select(w, condition, a ? a : walk_variable_now(w, i), b ? b : walk_variable_now(w, i));
    }
    if (yes->scope.depth != no->scope.depth)
        return fail(w, "it has a branch");
    *w->scope = no->scope;
    for (int i = 0; i < no->scope.depth; i++)
        if (yes->scope.stack[i] != no->scope.stack[i])
            w->scope->stack[i] = walk_select(w, condition, yes->scope.stack[i], no->scope.stack[i]);
    return meet_yields(w, condition, &yes->scope, &no->scope) && !w->reason;
}

/* One item stored or appended in both arms, or an item stored in one of them, which otherwise stays as it is. */
static bool meet_stores(struct walker *w, const struct nest_node *condition, const struct arms *arms, bool first_holds)
{
    int firsts = arms->first_stores, seconds = w->store_count - arms->stores;
    if (!firsts && !seconds)
        return true;
    const struct nest_store *first = firsts ? &arms->first_store : NULL, *second = seconds ? &w->stores[arms->stores] : NULL;
    const struct nest_store *either = first ? first : second;
    bool both = first && second;
    if (firsts > 1 || seconds > 1 || (both && (!nest_same(first->list, second->list) || !nest_same(first->key, second->key))))
        return fail(w, "it stores more than one number a round");
    if (!both && !either->key)
        return fail(w, "it fills a list in a branch");
    const struct nest_node *old = both ? NULL : node_of(w, NEST_ITEM, either->list, either->key);
    const struct nest_node *a = first ? first->item : old, *b = second ? second->item : old;
    struct nest_store store = *either;
    store.item = walk_select(w, condition, first_holds ? a : b, first_holds ? b : a);
    w->store_count = arms->stores;
    w->stores[w->store_count++] = store;
    return !w->reason;
}

bool walk_branch(struct walker *w, uint32_t *at)
{
    const struct instruction *jump = &w->scope->code->instructions[*at];
    const struct nest_node *condition = condition_of(w, pop(w));
    if (!condition || w->lenient || !innermost(w) || innermost(w)->scope != w->scope->number || w->branch_depth == BRANCHES_MAX)
        return fail(w, "it has a branch");
    struct arms *arms = ARENA_NEW(w->arena, struct arms);
    w->branch_depth++;
    bool walked = walk_arms(w, *at, at, arms);
    w->branch_depth--;
    if (!walked)
        return false;
    bool first_holds = jump->op == OP_jump_if_false;
    if (!meet_stores(w, condition, arms, first_holds))
        return false;
    return meet(w, condition, first_holds ? &arms->first : &arms->second, first_holds ? &arms->second : &arms->first);
}
