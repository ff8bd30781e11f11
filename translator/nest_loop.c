/* nest_loop.c - the loops of a nest while it is being read: what they go over, and what the variables that they assign hold
 * behind them, which is where sums, greatest and least numbers and their places are recognised. */
#include "translator/nest_walk.h"

static bool carries(const struct nest_node *node, int loop)
{
    if (!node)
        return false;
    for (uint32_t i = 0; node->items && i < node->index; i++)
        if (carries(node->items[i], loop))
            return true;
    return (node->kind == NEST_CARRIED && node->loop == loop) || carries(node->a, loop) || carries(node->b, loop) ||
           carries(node->when, loop);
}

void walk_consume(const struct nest_node *node)
{
    ((struct nest_node *)(uintptr_t)node)->consumed = true;
}

const struct nest_node *walk_loop_item(struct walker *w, struct nest_loop *loop, int number)
{
    struct nest_node *item, *tuple;
    if (loop->source == NEST_OVER_RANGE)
        return node_round(w, NEST_INDEX, NULL, number);
    if (loop->source == NEST_OVER_COLUMNS) {
        item = node_round(w, NEST_COLUMN, loop->sequences[0], number);
    } else if (loop->sequence_count == 1) {
        item = node_round(w, NEST_ROUND, loop->sequences[0], number);
    } else {
        item = node_new(w, NEST_TUPLE);
        item->items = ARENA_ARRAY(w->arena, const struct nest_node *, loop->sequence_count);
        item->index = (uint32_t)loop->sequence_count;
        for (int i = 0; i < loop->sequence_count; i++)
            item->items[i] = node_round(w, NEST_ROUND, loop->sequences[i], number);
    }
    if (!loop->enumerated)
        return item;
    tuple = node_new(w, NEST_TUPLE);
    tuple->items = ARENA_ARRAY(w->arena, const struct nest_node *, 2);
    tuple->items[0] = node_round(w, NEST_INDEX, NULL, number);
    tuple->items[1] = item;
    tuple->index = 2;
    return tuple;
}

static const struct nest_node *entry_sequence(struct walker *w, int number)
{
    struct nest_node *node = node_new(w, NEST_ENTRY);
    node->index = (uint32_t)number;
    return node;
}

/* What the loop goes over. The first loop's iterator is there when the nest begins: its parts are taken from it. */
bool walk_describe_loop(struct walker *w, struct nest_loop *loop, const struct nest_node *over)
{
    *loop = (struct nest_loop){.entry = w->open_count == 0};
    loop->sequence_count = 1;
    if (over->kind == NEST_ENUMERATE) {
        if (over->a->kind == NEST_RANGE || over->a->kind == NEST_ENUMERATE)
            return fail(w, "it enumerates something else than lists");
        loop->enumerated = true;
        loop->first = over->b;
        over = over->a;
    }
    switch ((int)over->kind) {
    case NEST_RANGE:
        loop->source = NEST_OVER_RANGE;
        loop->start = over->a;
        loop->stop = over->b;
        loop->step = over->index ? over->items[0] : NULL;
        loop->sequence_count = 0;
        break;
    case NEST_ZIP:
        loop->source = over->star ? NEST_OVER_COLUMNS : NEST_OVER_SEQUENCES;
        loop->sequences[0] = over->a;
        for (uint32_t i = 0; !over->star && i < over->index; i++)
            loop->sequences[i] = over->items[i];
        loop->sequence_count = over->star ? 1 : (int)over->index;
        break;
    default:
        loop->source = NEST_OVER_SEQUENCES;
        loop->sequences[0] = over;
        break;
    }
    for (int i = 0; loop->entry && i < loop->sequence_count; i++)
        loop->sequences[i] = entry_sequence(w, i);
    return true;
}

static bool loop_carries(struct walker *w, struct open_loop *open, uint32_t variable)
{
    if (variable >= VARIABLES_MAX)
        return fail(w, "it has too many variables");
    for (int i = 0; i < open->carried_count; i++)
        if (open->carried[i].variable == variable)
            return true;
    if (open->carried_count == LOOP_VARIABLES_MAX)
        return fail(w, "it has too many variables");
    open->carried[open->carried_count++] = (struct carried){variable, walk_variable_now(w, variable)};
    struct nest_node *node = node_round(w, NEST_CARRIED, NULL, w->open_count - 1);
    node->index = variable;
    return walk_variable_assign(w, variable, node);
}

/* The variables that the loop's body, [from, end), assigns. */
static bool find_carried(struct walker *w, struct open_loop *open, uint32_t from, uint32_t end)
{
    const struct code *code = w->scope->code;
    for (uint32_t i = from; i < end; i++) {
        const struct instruction *instruction = &code->instructions[i];
        bool stored = true;
        if (instruction->op == OP_move && instruction->role == ARGUMENT_LOCAL_RESULT)
            stored = loop_carries(w, open, walk_local_variable(w, instruction->argument));
        else if (instruction->op == OP_store_cell)
            stored = loop_carries(w, open, walk_local_variable(w, instruction->argument));
        else if (instruction->op == OP_store_name)
            stored = loop_carries(w, open, walk_global_variable(w, instruction->argument));
        if (!stored)
            return false;
    }
    return true;
}

/* The last jump back to the loop's header; 0: there is none. */
static uint32_t find_end(const struct code *code, uint32_t from, uint32_t header, uint32_t exit)
{
    uint32_t end = 0, limit = exit != NO_BLOCK && code->blocks[exit].first > from ? code->blocks[exit].first
                                                                                  : code->instruction_count;
    for (uint32_t i = from; i < limit; i++)
        if (code->instructions[i].op == OP_jump && code->instructions[i].target == header)
            end = i;
    return end;
}

static bool may_open(struct walker *w)
{
    if (w->branch_depth)
        return fail(w, "a loop in it stands in a branch");
    if (w->open_count == NEST_MAX_LOOPS)
        return fail(w, "it has more than six loops");
    return w->nest->loop_count == w->open_count || fail(w, "it has two loops one after the other");
}

static struct open_loop *open_next(struct walker *w, uint32_t header)
{
    struct open_loop *open = &w->open[w->open_count];
    *open = (struct open_loop){.header = header, .scope = w->scope->number};
    w->nest->loop_count = ++w->open_count;
    w->lenient = false;
    return open;
}

bool walk_loop_open(struct walker *w, uint32_t at)
{
    const struct instruction *instruction = &w->scope->code->instructions[at];
    const struct nest_node **top = entry_at(w, 1);
    if (!top || (*top)->kind != NEST_ITERATOR)
        return fail(w, "it goes over something else than lists and ranges");
    if (!may_open(w) || !walk_describe_loop(w, &w->nest->loops[w->open_count], (*top)->a))
        return false;
    struct open_loop *open = open_next(w, instruction->block);
    uint32_t end = find_end(w->scope->code, at + 1, instruction->block, instruction->target);
    if (!end)
        return fail(w, "it is left in another way than by its end");
    return find_carried(w, open, at + 1, end) &&
           push(w, walk_loop_item(w, &w->nest->loops[w->open_count - 1], w->open_count - 1));
}

/* ---- while ---- */

/* Both return the same at once: a function's end stands behind each way to it. */
static bool both_return(const struct code *code, uint32_t a, uint32_t b)
{
    for (int i = 0; i < 2 && b + 1 < code->instruction_count; i++) {
        const struct instruction *x = &code->instructions[a + (uint32_t)i], *y = &code->instructions[b + (uint32_t)i];
        if (x->op != y->op || x->role != y->role || x->argument != y->argument || (i == 0 && x->op != OP_move))
            return false;
        if (x->op == OP_return)
            return true;
    }
    return false;
}

static bool goes_back(const struct instruction *test, uint32_t body)
{
    return test->op == OP_jump_if_true && test->target == body;
}

uint32_t nest_while_end(const struct code *code, uint32_t instruction)
{
    const struct instruction *jump = &code->instructions[instruction];
    if (jump->op != OP_jump_if_false || jump->target == NO_BLOCK || instruction + 1 >= code->instruction_count)
        return 0;
    uint32_t exit = code->blocks[jump->target].first, body = jump[1].block;
    if (exit < instruction + 5 || code->blocks[body].first != instruction + 1)
        return 0;
    if (goes_back(&code->instructions[exit - 1], body))
        return exit - 1;
    return goes_back(&code->instructions[exit - 3], body) && both_return(code, exit - 2, exit) ? exit - 3 : 0;
}

bool walk_while_open(struct walker *w, uint32_t at)
{
    const struct nest_node *condition = pop(w);
    if (condition->kind != NEST_COMPARE)
        return fail(w, "it tests something else than a number against its bound");
    if (!may_open(w))
        return false;
    w->nest->loops[w->open_count] = (struct nest_loop){.source = NEST_OVER_RANGE, .is_while = true};
    struct open_loop *open = open_next(w, w->scope->code->instructions[at + 1].block);
    open->condition = condition;
    return find_carried(w, open, at + 1, nest_while_end(w->scope->code, at));
}

static enum op turned(enum op op)
{
    return op == OP_lt ? OP_gt : op == OP_le ? OP_ge : op == OP_gt ? OP_lt : op == OP_ge ? OP_le : op;
}

static bool is_own(const struct nest_node *node, const struct carried *carried, int loop)
{
    return node->kind == NEST_CARRIED && node->loop == loop && node->index == carried->variable;
}

/* The number that one side of the last test is: what it was in the round, and a step. NULL: it is something else. */
static const struct nest_node *step_of(struct walker *w, const struct nest_node *side, const struct carried *carried, int loop)
{
    if (side->kind != NEST_ARITHMETIC || walk_variable_now(w, carried->variable) != side)
        return NULL;
    const struct nest_node *step = is_own(side->a, carried, loop) ? side->b : side->op == OP_add ? side->a : NULL;
    const struct nest_node *own = step == side->b ? side->a : side->b;
    if (!step || !is_own(own, carried, loop) || carries(step, loop))
        return NULL;
    return side->op == OP_add ? step : side->op == OP_sub ? node_of(w, NEST_NEGATE, step, NULL) : NULL;
}

/* The last test, which is the first one's but for the number that counts: from then on that is the loop's. */
static bool take_while(struct walker *w, const struct nest_node *last)
{
    int number = w->open_count - 1;
    struct open_loop *open = &w->open[number];
    struct nest_loop *loop = &w->nest->loops[number];
    const struct nest_node *first = open->condition, *step = NULL;
    for (int side = 0; side < 2 && last->kind == NEST_COMPARE && last->op == first->op && !step; side++) {
        const struct nest_node *counted = side ? last->b : last->a, *bound = side ? last->a : last->b;
        const struct nest_node *start = side ? first->b : first->a;
        if (carries(bound, number) || !nest_same(bound, side ? first->a : first->b))
            continue;
        for (int i = 0; i < open->carried_count && !step; i++) {
            if (!nest_same(open->carried[i].before, start))
                continue;
            step = step_of(w, counted, &open->carried[i], number);
            if (!step)
                continue;
            enum op op = side ? turned(last->op) : last->op;
            if (op == OP_eq)
                return fail(w, "it tests something else than a number against its bound");
            loop->start = start;
            loop->stop = bound;
            loop->step = step;
            loop->down = op == OP_gt || op == OP_ge;
            loop->closed = op == OP_le || op == OP_ge;
            loop->unequal = op == OP_ne;
            walk_consume(counted);
            walk_consume(step);
            walk_consume(first);
            walk_consume(last);
            struct nest_node *own = (struct nest_node *)(uintptr_t)(counted->a->kind == NEST_CARRIED ? counted->a : counted->b);
            own->kind = NEST_INDEX; /* everywhere in the round */
            own->index = 0;
        }
    }
    return step || fail(w, "it does not count by the same step to the same bound in each round");
}

/* ---- behind a loop ---- */

static const struct nest_node *replaced_sum(struct walker *w, enum op op, const struct nest_node *start,
                                            const struct nest_node *taken, bool unless)
{
    struct nest_node *sum = node_of(w, NEST_SUM, start, taken);
    sum->op = op;
    sum->unless = unless;
    return sum;
}

/* A variable replaced by what compares with it; or, `item`, by the place of an item that compares with the one in its place. */
static const struct nest_node *behind_extremum(struct walker *w, const struct carried *carried, int loop,
                                               const struct nest_node *condition, const struct nest_node *taken, bool unless)
{
    if (condition->kind != NEST_COMPARE || condition->op == OP_eq || condition->op == OP_ne || carries(taken, loop))
        return NULL;
    for (int side = 0; side < 2; side++) {
        const struct nest_node *held = side ? condition->a : condition->b, *other = side ? condition->b : condition->a;
        enum op op = side ? turned(condition->op) : condition->op;
        if (is_own(held, carried, loop) && nest_same(other, taken)) {
            walk_consume(condition);
            return replaced_sum(w, op, carried->before, taken, unless);
        }
        if (held->kind != NEST_ITEM || other->kind != NEST_ITEM || !is_own(held->b, carried, loop) || carries(other, loop) ||
            !nest_same(held->a, other->a) || !nest_same(other->b, taken))
            continue;
        walk_consume(held);
        walk_consume(condition);
        const struct nest_node *start = node_of(w, NEST_ITEM, held->a, carried->before);
        return node_with(w, NEST_PICK, replaced_sum(w, op, start, other, unless), carried->before, taken);
    }
    return NULL;
}

/* A number that a sum can be of: added, subtracted or multiplied by. */
static bool is_folding(const struct nest_node *node)
{
    return node->kind == NEST_ARITHMETIC && (node->op == OP_add || node->op == OP_mul || node->op == OP_sub);
}

/* What comes to the number that the round before left; NULL: that is not one of the two. */
static const struct nest_node *folded(const struct nest_node *node, const struct carried *carried, int loop)
{
    return is_own(node->a, carried, loop)                             ? node->b
           : node->op != OP_sub && is_own(node->b, carried, loop) ? node->a
                                                                  : NULL;
}

/* In each round perhaps another: a sum of some rounds, or the greatest or least number. NULL: none. */
static const struct nest_node *behind_select(struct walker *w, const struct carried *carried, int loop,
                                             const struct nest_node *now)
{
    bool unless = is_own(now->a, carried, loop);
    const struct nest_node *taken = unless ? now->b : now->a, *kept = unless ? now->a : now->b, *added = NULL;
    if (!is_own(kept, carried, loop))
        return NULL;
    const struct nest_node *extremum = behind_extremum(w, carried, loop, now->when, taken, unless);
    if (extremum || carries(now->when, loop) || !is_folding(taken))
        return extremum;
    added = folded(taken, carried, loop);
    if (!added || carries(added, loop))
        return NULL;
    struct nest_node *sum = node_with(w, NEST_SUM, now->when, carried->before, added);
    sum->op = taken->op;
    sum->unless = unless;
    walk_consume(taken);
    return sum;
}

/* What a variable that the loop assigns holds behind it; NULL: nothing that can be said, or (pick_behind) not by itself. */
static const struct nest_node *value_behind(struct walker *w, const struct carried *carried, int loop)
{
    const struct nest_node *now = walk_variable_now(w, carried->variable), *added = NULL, *found = NULL;
    if (!carries(now, loop))
        return now;
    if (is_own(now, carried, loop))
        return carried->before; /* not assigned after all */
    if (is_folding(now)) {
        added = folded(now, carried, loop);
        if (!added || carries(added, loop))
            return NULL;
        struct nest_node *sum = node_of(w, NEST_SUM, carried->before, added);
        sum->op = now->op;
        walk_consume(now);
        found = sum;
    } else if (now->kind == NEST_SUM && now->a && is_own(now->a, carried, loop) && !carries(now->b, loop) &&
               !carries(now->when, loop)) {
        struct nest_node *sum = node_with(w, NEST_SUM, now->when, carried->before, now->b);
        sum->op = now->op;
        sum->unless = now->unless;
        sum->index = now->index;
        found = sum;
    } else if (now->kind == NEST_SELECT) {
        found = behind_select(w, carried, loop, now);
    }
    if (found) {
        struct nest_node *sum = (struct nest_node *)(uintptr_t)(found->kind == NEST_PICK ? found->when : found);
        sum->index |= 1u << loop;
        walk_consume(now);
    }
    return found;
}

/* Another variable that goes with one that the rounds replace by greater or lesser numbers: replaced in the same rounds. */
static const struct nest_node *pick_behind(struct walker *w, const struct open_loop *open, const struct nest_node *const *behind,
                                           const struct carried *carried, int loop)
{
    const struct nest_node *now = walk_variable_now(w, carried->variable);
    bool is_pick = now->kind == NEST_PICK && is_own(now->a, carried, loop) && !carries(now->b, loop);
    for (int i = 0; i < open->carried_count; i++) {
        const struct nest_node *other = walk_variable_now(w, open->carried[i].variable);
        if (!behind[i] || behind[i]->kind != NEST_SUM || !nest_is_extremum(behind[i]))
            continue;
        if (is_pick && other == now->when)
            return node_with(w, NEST_PICK, behind[i], carried->before, now->b);
        if (now->kind != NEST_SELECT || other->kind != NEST_SELECT || now->when != other->when)
            continue;
        bool unless = behind[i]->unless;
        if (is_own(unless ? now->a : now->b, carried, loop) && !carries(unless ? now->b : now->a, loop))
            return node_with(w, NEST_PICK, behind[i], carried->before, unless ? now->b : now->a);
    }
    return NULL;
}

bool walk_loop_close(struct walker *w)
{
    int loop = w->open_count - 1;
    struct open_loop *open = &w->open[loop];
    const struct nest_node *behind[LOOP_VARIABLES_MAX];
    if (open->condition && !take_while(w, pop(w)))
        return false;
    for (int i = 0; i < open->carried_count; i++)
        behind[i] = value_behind(w, &open->carried[i], loop);
    for (int i = 0; i < open->carried_count; i++) {
        if (!behind[i])
            behind[i] = pick_behind(w, open, behind, &open->carried[i], loop);
        if (!behind[i])
            return fail(w, "a round uses what the round before left, in another way than by adding to it or replacing it");
    }
    for (int i = 0; i < open->carried_count; i++)
        walk_variable_assign(w, open->carried[i].variable, behind[i]);
    w->open_count--;
    if (!open->condition)
        pop(w); /* the iterator */
    return !w->reason;
}
