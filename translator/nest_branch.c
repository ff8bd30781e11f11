/* nest_branch.c - branches in the rounds of a nest while it is being read: both arms are walked, and what differs behind them is
 * one or the other. Arms are arithmetic and assignments: what stores, yields or loops in one is no nest, but for the one yield of
 * a generator expression with a condition. */
#include "translator/nest_walk.h"

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
    case NEST_COMPARE: case NEST_BOTH:
        return tested;
    case NEST_VARIABLE: case NEST_INDEX: case NEST_ROUND: case NEST_ITEM: case NEST_LENGTH: case NEST_ARITHMETIC:
    case NEST_NEGATE: case NEST_SELECT: {
        struct nest_node *condition = node_of(w, NEST_COMPARE, tested, node_new(w, NEST_CONSTANT)); /* 0 */
        condition->op = OP_ne;
        return condition;
    }
    default:
        return NULL;
    }
}

const struct nest_node *walk_select(struct walker *w, const struct nest_node *condition, const struct nest_node *a,
                                    const struct nest_node *b)
{
    if (nest_same(a, b))
        return a;
    if (a->kind == NEST_SELECT && nest_same(a->b, b)) { /* if c: if d: ..., or if c and d: ... */
        condition = node_of(w, NEST_BOTH, condition, a->when);
        a = a->a;
    }
    return node_with(w, NEST_SELECT, condition, a, b);
}

/* ---- arms ---- */

/* As far as instruction `joined` or a jump, at which *at then is. */
static bool walk_arm(struct walker *w, uint32_t *at, uint32_t joined)
{
    const struct code *code = w->scope->code;
    while (*at != joined) {
        if (*at >= code->instruction_count)
            return fail(w, "it has a branch");
        const struct instruction *instruction = &code->instructions[*at];
        if (instruction->op == OP_jump)
            return true;
        if (is_branch(instruction)) {
            if (!walk_branch(w, at))
                return false;
        } else if (instruction->op == OP_for_iter) {
            return walk_loop_open(w, *at);
        } else {
            if (!walk_instruction(w, instruction))
                return false;
            ++*at;
        }
    }
    return true;
}

/* Both arms, of which the first is walked when the jump does not jump; *next: where they meet. */
static bool walk_arms(struct walker *w, uint32_t at, uint32_t *next, struct snapshot *first, struct snapshot *second)
{
    const struct code *code = w->scope->code;
    uint32_t header = innermost(w)->header, other = code->blocks[code->instructions[at].target].first, end = at + 1;
    bool ends_round = code->instructions[at].target == header;
    if ((ends_round && innermost(w)->condition) || (!ends_round && other <= at))
        return fail(w, "it has a branch");
    struct snapshot before;
    take_snapshot(w, &before);
    if (!walk_arm(w, &end, ends_round ? UINT32_MAX : other))
        return false;
    take_snapshot(w, first);
    go_back(w, &before);
    *next = end;
    if (ends_round) {
        if (code->instructions[end].target != header)
            return fail(w, "it has a branch");
    } else if (end != other) { /* over the second arm: to where both meet, or to the next round */
        uint32_t meeting = code->instructions[end].target, joined = meeting == header ? UINT32_MAX : code->blocks[meeting].first;
        end = other;
        if (joined <= other || !walk_arm(w, &end, joined))
            return fail(w, "it has a branch");
        if (end != joined && code->instructions[end].target != meeting)
            return fail(w, "it has a branch");
        *next = meeting == header ? end : joined;
    }
    take_snapshot(w, second);
    return true;
}

/* Yields in one arm only: so does the whole, when that one is walked. */
static bool meet_yields(struct walker *w, const struct nest_node *condition, const struct scope *yes, const struct scope *no)
{
    if (yes->yielded == no->yielded)
        return true;
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

bool walk_branch(struct walker *w, uint32_t *at)
{
    const struct instruction *jump = &w->scope->code->instructions[*at];
    const struct nest_node *condition = condition_of(w, pop(w));
    if (!condition || w->lenient || !innermost(w) || innermost(w)->scope != w->scope->number || w->branch_depth == BRANCHES_MAX)
        return fail(w, "it has a branch");
    struct snapshot *arms = ARENA_ARRAY(w->arena, struct snapshot, 2);
    int stores = w->store_count;
    w->branch_depth++;
    bool walked = walk_arms(w, *at, at, &arms[0], &arms[1]);
    w->branch_depth--;
    if (!walked)
        return false;
    if (w->store_count != stores)
        return fail(w, "it stores in a branch");
    bool when_false = jump->op == OP_jump_if_true;
    return meet(w, condition, &arms[when_false], &arms[!when_false]);
}
