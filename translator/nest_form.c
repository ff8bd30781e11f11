/* nest_form.c - which of core/idiom.def's forms a nest is, once it has been read (nest.c); and conditional expressions. */
#include "translator/nest.h"

#include <string.h>

bool nest_same(const struct nest_node *a, const struct nest_node *b)
{
    if (a == b)
        return true;
    if (!a || !b || a->kind != b->kind || a->op != b->op || a->index != b->index || a->loop != b->loop ||
        a->code != b->code || a->unless != b->unless || (a->kind == NEST_ATTRIBUTE && strcmp(a->name, b->name) != 0) ||
        a->kind == NEST_TUPLE || a->kind == NEST_ZIP ||
        a->kind == NEST_UNKNOWN || a->kind == NEST_LIST)
        return false;
    return nest_same(a->a, b->a) && nest_same(a->b, b->b) && nest_same(a->when, b->when);
}

bool nest_contains(const struct nest_node *node, enum nest_node_kind kind)
{
    if (!node)
        return false;
    for (uint32_t i = 0; node->items && i < node->index; i++)
        if (nest_contains(node->items[i], kind))
            return true;
    return node->kind == kind || nest_contains(node->a, kind) || nest_contains(node->b, kind) || nest_contains(node->when, kind);
}

unsigned nest_loops_of(const struct nest_node *node)
{
    if (!node)
        return 0;
    unsigned loops = node->loop >= 0 ? 1u << node->loop : 0;
    loops |= nest_loops_of(node->b) | nest_loops_of(node->when);
    if (node->kind == NEST_SUM)
        loops &= ~node->index;
    return loops | nest_loops_of(node->a);
}

bool nest_is_extremum(const struct nest_node *sum)
{
    return sum->op >= OP_lt && sum->op <= OP_ge;
}

static void refuse(struct nest *nest, const char *reason)
{
    if (!nest->reason)
        nest->reason = reason;
}

/* ---- what may stand in an expression ---- */

/* A sequence the engine can find: a variable or an entry of the iterator, and items of it. */
static bool is_sequence(const struct nest_node *node)
{
    switch ((int)node->kind) {
    case NEST_VARIABLE: case NEST_ENTRY:
        return true;
    case NEST_ROUND: case NEST_COLUMN: case NEST_ITEM: case NEST_ATTRIBUTE:
        return is_sequence(node->a);
    default:
        return false;
    }
}

static bool is_number(const struct nest_node *node, bool sum_allowed);

static bool is_condition(const struct nest_node *node, bool sum_allowed)
{
    if (node->kind == NEST_NOT)
        return is_condition(node->a, sum_allowed);
    if (node->kind == NEST_BOTH || node->kind == NEST_EITHER)
        return is_condition(node->a, sum_allowed) && is_condition(node->b, sum_allowed);
    return node->kind == NEST_COMPARE && is_number(node->a, sum_allowed) && is_number(node->b, sum_allowed);
}

/* What is calculated with: of comparisons True is 1. */
static bool is_operand(const struct nest_node *node, bool sum_allowed)
{
    return is_number(node, sum_allowed) || (node->kind == NEST_COMPARE && is_condition(node, sum_allowed));
}

static bool is_sum(const struct nest_node *node)
{
    bool added = nest_is_extremum(node) ? is_number(node->b, true) : is_operand(node->b, true);
    return added && (!node->a || is_number(node->a, false)) && (!node->when || is_condition(node->when, true));
}

static bool is_number(const struct nest_node *node, bool sum_allowed)
{
    switch ((int)node->kind) {
    case NEST_CONSTANT: case NEST_VARIABLE: case NEST_INDEX:
        return true;
    case NEST_LENGTH: case NEST_ROUND: case NEST_ATTRIBUTE:
        return is_sequence(node->a);
    case NEST_ITEM:
        return is_sequence(node->a) && is_number(node->b, false);
    case NEST_ARITHMETIC:
        return is_operand(node->a, sum_allowed) && is_operand(node->b, sum_allowed);
    case NEST_NEGATE: case NEST_ABSOLUTE:
        return is_number(node->a, sum_allowed);
    case NEST_SELECT:
        return is_condition(node->when, sum_allowed) && is_number(node->a, sum_allowed) && is_number(node->b, sum_allowed);
    case NEST_SUM:
        return sum_allowed && is_sum(node);
    default:
        return false;
    }
}

/* An item that changes with the rounds: what an array would hold. */
static bool is_leaf(const struct nest_node *node)
{
    return (node->kind == NEST_ROUND || node->kind == NEST_ITEM || node->kind == NEST_ATTRIBUTE) && nest_loops_of(node);
}

static bool has_leaf(const struct nest_node *node)
{
    return node && (is_leaf(node) || has_leaf(node->a) || has_leaf(node->b) || has_leaf(node->when));
}

static bool is_computed(const struct nest_node *node)
{
    return node && (node->kind == NEST_ARITHMETIC || node->kind == NEST_NEGATE || node->kind == NEST_ABSOLUTE ||
                    node->kind == NEST_SUM || node->kind == NEST_SELECT || node->kind == NEST_COMPARE);
}

static bool is_part(const struct nest_node *node, const struct nest_node *whole)
{
    return whole && (node == whole || (node->size == whole->size && nest_same(node, whole)) || is_part(node, whole->a) ||
                     is_part(node, whole->b) || is_part(node, whole->when));
}

/* ---- the sum ---- */

struct search {
    struct nest *nest;
    bool several;
};

static void find_sum(struct search *search, const struct nest_node *node)
{
    if (!node)
        return;
    if (node->kind == NEST_SUM) {
        const struct nest_node *known = search->nest->sum;
        if (!known || is_part(known, node))
            search->nest->sum = node;
        else if (!is_part(node, known))
            search->several = true;
        return; /* sums in it are its own */
    }
    find_sum(search, node->a);
    find_sum(search, node->b);
    find_sum(search, node->when);
}

static int count_loops(unsigned loops)
{
    int count = 0;
    for (; loops; loops &= loops - 1)
        count++;
    return count;
}

const struct nest_node *nest_sum_behind(const struct nest_variable *variable)
{
    const struct nest_node *now = variable->place == NEST_TEMPORARY ? NULL : variable->now;
    return !now ? NULL : now->kind == NEST_SUM ? now : now->kind == NEST_PICK ? now->when : NULL;
}

/* The nest's own is one over as many loops as there are; of those, one that tells a place. */
static void add_sum(struct nest *nest, const struct nest_node *sum, bool is_picked)
{
    const struct nest_node *known = nest->sum;
    if (known && (known == sum || nest_same(known, sum)) && !is_picked)
        return;
    int before = known ? count_loops(nest_summed_loops(known)) : 0, loops = count_loops(nest_summed_loops(sum));
    nest->several |= known && !nest_same(known, sum) && !is_part(sum, known) && !is_part(known, sum);
    if (loops > before || (loops == before && is_picked))
        nest->sum = sum;
}

static bool collect_sum(struct nest *nest, const struct nest_store *stores, int store_count)
{
    struct search search = {.nest = nest};
    find_sum(&search, nest->result);
    for (int i = 0; i < store_count; i++)
        find_sum(&search, stores[i].item);
    for (uint32_t i = 0; i < nest->variable_count; i++) {
        const struct nest_node *sum = nest_sum_behind(&nest->variables[i]);
        if (nest->output == NEST_TO_VARIABLE && !store_count && sum)
            add_sum(nest, sum, nest->variables[i].now->kind == NEST_PICK);
        else if (nest->variables[i].place != NEST_TEMPORARY)
            find_sum(&search, nest->variables[i].now);
    }
    if (search.several)
        refuse(nest, "it has more than one sum");
    return !search.several;
}

/* ---- stores ---- */

/* C[i][j] += f in loops that the item does not depend on: a sum that starts with the item. */
static bool is_update(const struct nest_store *store, const struct nest_node **added)
{
    const struct nest_node *item = store->item;
    if (item->kind != NEST_ARITHMETIC || (item->op != OP_add && item->op != OP_sub))
        return false;
    for (int side = 0; side < (item->op == OP_add ? 2 : 1); side++) {
        const struct nest_node *old = side ? item->b : item->a;
        if (old->kind == NEST_ITEM && nest_same(old->a, store->list) && nest_same(old->b, store->key)) {
            *added = side ? item->a : item->b;
            return true;
        }
    }
    return false;
}

static bool take_update(struct nest *nest, const struct nest_store *store, const struct nest_node *start,
                        struct nest_node *sum)
{
    unsigned target = nest_loops_of(store->list) | nest_loops_of(store->key), all = (1u << nest->loop_count) - 1;
    const struct nest_node *added;
    if (store->depth != nest->loop_count || target == all || nest->sum || !is_update(store, &added))
        return false;
    *sum = (struct nest_node){.kind = NEST_SUM, .op = store->item->op, .loop = -1, .index = all & ~target, .b = added};
    sum->a = start ? start : store->item->a->kind == NEST_ITEM && nest_same(store->item->a->a, store->list) ? store->item->a
                                                                                                      : store->item->b;
    nest->updates = !start;
    nest->element = nest->sum = sum;
    nest->reads_behind = false;
    return true;
}

/* The sum of an update is made here; it lives as long as the nest. */
static bool take_stores(struct nest *nest, const struct nest_store *stores, int count, struct nest_node *sum)
{
    const struct nest_store *store = &stores[count - 1];
    nest->output = store->key ? NEST_TO_ITEM : NEST_TO_APPEND;
    nest->target_list = store->list;
    nest->target_key = store->key;
    if (count == 2) { /* the item is cleared, then added to in a loop further in */
        const struct nest_store *first = &stores[0];
        unsigned target = nest_loops_of(store->list) | nest_loops_of(store->key);
        if (!store->key || !first->key || !nest_same(first->list, store->list) || !nest_same(first->key, store->key) ||
            nest_contains(first->item, NEST_SUM) || target != (1u << first->depth) - 1)
            return false;
        return take_update(nest, store, first->item, sum);
    }
    if (count != 1)
        return false;
    if (store->key && take_update(nest, store, NULL, sum))
        return true;
    nest->element = store->item;
    nest->result = store->key ? NULL : store->item;
    nest->flat_loops = store->key ? 0 : store->depth;
    return true;
}

/* ---- the loops of the output ---- */

/* Follows the lists of the result down to the element; the loops they are over. */
static bool take_lists(struct nest *nest, unsigned *outer)
{
    const struct nest_node *node = nest->result;
    int next = nest->flat_loops;
    *outer = (1u << next) - 1;
    while (node && node->kind == NEST_LIST) {
        if (!node->a || node->loop != next)
            return false;
        *outer |= 1u << next++;
        node = node->a;
    }
    nest->element = node;
    return node != NULL;
}

static bool target_is_plain(const struct nest *nest, unsigned outer)
{
    unsigned key = nest_loops_of(nest->target_key), list = nest_loops_of(nest->target_list);
    const struct nest_node *index = nest->target_key;
    if (!outer) /* one item, wherever it is */
        return is_sequence(nest->target_list) && is_number(index, false);
    if (index->kind == NEST_ARITHMETIC && index->op == OP_add) /* an offset */
        index = nest_loops_of(index->a) ? index->a : index->b;
    return index->kind == NEST_INDEX && !(key & (key - 1)) && !(key & list) && (key | list) == outer &&
           is_sequence(nest->target_list) && is_number(nest->target_key, false) &&
           !nest_contains(nest->target_list, NEST_COLUMN);
}

/* Places such as C[i * n + j], or x[n - 1 - i]: whether each is another one shows when it runs. */
static bool target_is_calculated(const struct nest *nest, unsigned outer)
{
    const struct nest_node *key = nest->target_key;
    return outer && nest_loops_of(key) == outer && !nest_loops_of(nest->target_list) && is_sequence(nest->target_list) &&
           is_number(key, false) && !nest_contains(key, NEST_ITEM) && !nest_contains(key, NEST_ROUND);
}

unsigned nest_summed_loops(const struct nest_node *node)
{
    if (!node)
        return 0;
    unsigned own = node->kind == NEST_SUM ? node->index : 0;
    return own | nest_summed_loops(node->a) | nest_summed_loops(node->b) | nest_summed_loops(node->when);
}

static const char *why_loops_do_not_fit(const struct nest *nest, unsigned outer)
{
    if (nest->element && nest->element->kind == NEST_LIST)
        return "it stores a list, not a number, in each round";
    if (nest->element && outer & nest->summing)
        return "a sum is stored while it is added up: each round needs the one before";
    if (nest->output == NEST_TO_ITEM && (outer | nest->summing) != (1u << nest->loop_count) - 1)
        return "an item is stored again in each round of another loop, otherwise than by adding to it";
    return "not every loop belongs to the sum or to what is stored";
}

static bool settle_loops(struct nest *nest)
{
    unsigned all = (1u << nest->loop_count) - 1, outer = all;
    nest->summing = nest_summed_loops(nest->sum);
    switch (nest->output) {
    case NEST_TO_RESULT:
    case NEST_TO_APPEND:
        if (!take_lists(nest, &outer))
            return refuse(nest, "its lists are not filled once a round"), false;
        break;
    case NEST_TO_VARIABLE:
        outer = 0;
        nest->element = nest->sum;
        break;
    case NEST_TO_ITEM:
        outer = nest_loops_of(nest->target_list) | nest_loops_of(nest->target_key);
        nest->scatters = !target_is_plain(nest, outer);
        if (nest->scatters && !target_is_calculated(nest, outer))
            return refuse(nest, nest->target_key->kind == NEST_TUPLE
                                    ? "its keys are tuples, as of a dict"
                                    : "it stores to items in another order than that of its loops"),
                   false;
        break;
    }
    if (!nest->element || outer & nest->summing || (outer | nest->summing) != all || nest_loops_of(nest->element) & nest->summing)
        return refuse(nest, why_loops_do_not_fit(nest, outer)), false;
    return true;
}

/* ---- the form ---- */

static bool is_product(const struct nest_node *node)
{
    return node->kind == NEST_ARITHMETIC && node->op == OP_mul && is_leaf(node->a) && is_leaf(node->b);
}

/* With several, of all. */
static bool is_extremum(const struct nest *nest)
{
    for (uint32_t i = 0; i < nest->variable_count; i++) {
        const struct nest_node *sum = nest->several ? nest_sum_behind(&nest->variables[i]) : NULL;
        if (sum && !nest_is_extremum(sum))
            return false;
    }
    return nest_is_extremum(nest->sum);
}

static enum idiom sum_form(const struct nest *nest)
{
    if (is_extremum(nest))
        return IDIOM_extremum;
    if (nest->several)
        return IDIOM_reduction;
    if ((nest->sum->op != OP_add && nest->sum->op != OP_sub) || nest->sum->when || !is_product(nest->sum->b))
        return IDIOM_reduction;
    unsigned a = nest_loops_of(nest->sum->b->a), b = nest_loops_of(nest->sum->b->b), summing = nest->summing;
    unsigned outer = ((1u << nest->loop_count) - 1) & ~summing, rows = a & outer & ~b, columns = b & outer & ~a;
    if ((a & summing) != summing || (b & summing) != summing || ((a | b) & outer) != outer)
        return IDIOM_reduction;
    return rows && columns ? IDIOM_matrix_product : rows || columns ? IDIOM_matrix_vector : IDIOM_dot_product;
}

static bool is_scaled(const struct nest_node *node)
{
    if (node->kind != NEST_ARITHMETIC || node->op != OP_mul)
        return false;
    return (is_leaf(node->a) && !nest_loops_of(node->b)) || (is_leaf(node->b) && !nest_loops_of(node->a));
}

static enum idiom map_form(const struct nest *nest)
{
    const struct nest_node *element = nest->element;
    bool sum = element->kind == NEST_ARITHMETIC && element->op == OP_add;
    if (nest->loop_count == 1 && sum &&
        ((is_scaled(element->a) && is_leaf(element->b)) || (is_scaled(element->b) && is_leaf(element->a))))
        return IDIOM_axpy;
    return IDIOM_map;
}

/* A tuple that zip or enumerate gave. */
static bool is_given(const struct nest_node *node)
{
    bool given = node->kind == NEST_TUPLE;
    for (uint32_t i = 0; given && i < node->index; i++) {
        const struct nest_node *item = node->items[i];
        given = is_given(item) || item->kind == NEST_INDEX || item->kind == NEST_COLUMN || item->kind == NEST_ROUND;
    }
    return given && node->index;
}

static bool is_final(const struct nest *nest, const struct nest_node *now)
{
    if (now->kind == NEST_PICK && now->when != nest->sum && !nest->several)
        return false;
    if (now->kind == NEST_PICK)
        return is_final(nest, now->a) && is_final(nest, now->b) && !nest_contains(now->b, NEST_SUM);
    return is_given(now) || is_number(now, true) || is_sequence(now) || (now->kind == NEST_LIST && now->loop >= 0);
}

static bool finals_are_known(const struct nest *nest)
{
    for (uint32_t i = 0; i < nest->variable_count; i++) {
        const struct nest_variable *variable = &nest->variables[i];
        if (!variable->now || variable->place == NEST_TEMPORARY)
            continue;
        if (!is_final(nest, variable->now))
            return false;
    }
    return true;
}

/* ---- nothing is computed in vain ---- */

static bool is_kept(const struct nest *nest, const struct nest_node *node)
{
    if (node->consumed || is_part(node, nest->element) || is_part(node, nest->target_list) || is_part(node, nest->target_key))
        return true;
    if (nest->target_key && node->kind == NEST_ITEM && nest_same(node->a, nest->target_list) &&
        nest_same(node->b, nest->target_key))
        return true; /* the item that is added to */
    for (uint32_t i = 0; nest->several && i < nest->variable_count; i++)
        if (is_part(node, nest_sum_behind(&nest->variables[i])))
            return true;
    for (int i = 0; i < nest->loop_count; i++) {
        const struct nest_loop *loop = &nest->loops[i];
        bool found = is_part(node, loop->start) || is_part(node, loop->stop) || is_part(node, loop->step) ||
                     is_part(node, loop->first);
        for (int k = 0; k < loop->sequence_count && !found; k++)
            found = is_part(node, loop->sequences[k]);
        if (found)
            return true;
    }
    return false;
}

static bool contains_extremum(const struct nest_node *node)
{
    return node && ((node->kind == NEST_SUM && nest_is_extremum(node)) || contains_extremum(node->a) || contains_extremum(node->b));
}

static bool selects(const struct nest_node *node)
{
    return nest_contains(node, NEST_SELECT) || contains_extremum(node);
}

void nest_classify(struct nest *nest, const struct nest_store *stores, int store_count,
                   const struct nest_node *const *computed, int computed_count)
{
    if (!collect_sum(nest, stores, store_count))
        return;
    if (nest->output == NEST_TO_RESULT && store_count) {
        refuse(nest, "it stores inside an expression");
        return;
    }
    if (store_count) {
        const struct nest_node *kept = nest->sum;
        struct nest_node *sum = (struct nest_node *)(uintptr_t)stores[store_count - 1].item;
        struct nest_node made;
        if (!take_stores(nest, stores, store_count, &made)) {
            refuse(nest, "it stores more than one number a round");
            return;
        }
        if (nest->sum != kept) { /* in place of the addition it was */
            *sum = made;
            nest->sum = nest->element = sum;
        }
    } else if (nest->output == NEST_TO_VARIABLE && !nest->sum) {
        refuse(nest, "nothing is kept of it");
        return;
    }
    if (!settle_loops(nest))
        return;
    bool known = is_operand(nest->element, true) && finals_are_known(nest) &&
                 !(nest->sum && nest_loops_of(nest->sum->a) & nest->summing) &&
                 (nest->sum || has_leaf(nest->element) || nest->loop_count > 1 || nest->output == NEST_TO_RESULT);
    if (!known)
        refuse(nest, "it computes something else than numbers from lists");
    for (int i = 0; known && i < computed_count; i++)
        known = is_kept(nest, computed[i]);
    nest->selects = selects(nest->element);
    for (uint32_t i = 0; nest->several && i < nest->variable_count; i++)
        nest->selects |= selects(nest_sum_behind(&nest->variables[i]));
    if (!known)
        refuse(nest, "it computes something that it does not keep");
    if (known && !is_computed(nest->element)) {
        nest->near |= has_leaf(nest->element) && (nest->loop_count > 1 || nest_contains(nest->element, NEST_ITEM));
        refuse(nest, "it moves numbers and computes none");
        known = false;
    }
    if (!known)
        return;
    nest->idiom = nest->sum ? sum_form(nest) : map_form(nest);
}

/* ---- conditional expressions ---- */

struct arm { /* the loads, and at most one product, that give the value */
    uint32_t first, count;
};

static bool same_load(const struct instruction *a, const struct instruction *b)
{
    return a->op == b->op && a->role == b->role && a->argument == b->argument &&
           (a->op == OP_checked || a->op == OP_move || a->op == OP_load_name || a->op == OP_load_global);
}

static bool is_constant(const struct code *code, const struct instruction *load, double number)
{
    if (load->op != OP_move || load->role != ARGUMENT_CONSTANT)
        return false;
    const struct constant *constant = &code->constants[load->argument];
    return (constant->kind == CONSTANT_INT && (double)constant->integer == number) ||
           (constant->kind == CONSTANT_FLOAT && constant->real == number);
}

/* A load whose value the engine finds in a local variable, or knows. */
static bool is_near(const struct code *code, const struct instruction *load)
{
    if (load->op == OP_move && load->role == ARGUMENT_CONSTANT) {
        enum constant_kind kind = code->constants[load->argument].kind;
        return kind == CONSTANT_INT || kind == CONSTANT_FLOAT;
    }
    return (load->op == OP_move && load->role == ARGUMENT_LOCAL) || load->op == OP_checked;
}

static bool stores_local(const struct instruction *instruction)
{
    return instruction->op == OP_move && instruction->role == ARGUMENT_LOCAL_RESULT;
}

/* if c: y = a, and perhaps else: y = b; or the arms of a conditional expression. */
static bool find_joined_arms(const struct code *code, const struct block *here, struct choice *choice, struct arm *next,
                             struct arm *other)
{
    const struct block *first = &code->blocks[here->fallthrough], *second = &code->blocks[here->target];
    const struct instruction *end = &code->instructions[first->first + first->count - 1];
    bool alone = stores_local(end) && first->fallthrough == here->target; /* there is no else */
    if (!alone && (end->op != OP_jump || end->target == NO_BLOCK || second->fallthrough != end->target))
        return false;
    choice->joined = alone ? here->target : end->target;
    *next = (struct arm){first->first, first->count - !alone};
    *other = alone ? (struct arm){0, 0} : (struct arm){second->first, second->count};
    const struct block *joined = &code->blocks[choice->joined];
    choice->end = joined->entry_depth == here->entry_depth + 1 ? CHOICE_PUSHED : CHOICE_STORED;
    if (choice->end == CHOICE_PUSHED)
        return !alone && next->count >= 1 && other->count >= 1;
    if (joined->entry_depth != here->entry_depth || next->count < 2 || (!alone && other->count < 2))
        return false;
    const struct instruction *stored = &code->instructions[next->first + --next->count];
    const struct instruction *instead = alone ? stored : &code->instructions[other->first + --other->count];
    choice->local = stored->argument;
    return stores_local(stored) && stores_local(instead) && instead->argument == stored->argument;
}

/* The two arms, the one behind the jump and the one it goes to: straight lines that meet again, or return. */
static bool find_arms(const struct code *code, const struct instruction *jump, struct choice *choice, struct arm *next,
                      struct arm *other)
{
    const struct block *here = &code->blocks[jump->block];
    if (here->fallthrough == NO_BLOCK || here->target == NO_BLOCK || here->target <= here->fallthrough)
        return false;
    const struct block *first = &code->blocks[here->fallthrough], *second = &code->blocks[here->target];
    if (!first->count || !second->count)
        return false;
    if (code->instructions[first->first + first->count - 1].op != OP_return)
        return find_joined_arms(code, here, choice, next, other);
    choice->end = CHOICE_RETURNED;
    *next = (struct arm){first->first, first->count - 1};
    *other = (struct arm){second->first, second->count - 1};
    return next->count >= 1 && other->count >= 1 && code->instructions[other->first + other->count].op == OP_return &&
           !(code->flags & (CODE_GENERATOR | CODE_COROUTINE | CODE_ASYNC_GENERATOR));
}

/* What the arm gives; one that is empty leaves the local variable as it is. */
static bool read_arm(const struct code *code, const struct arm *arm, const struct choice *choice, const struct instruction *left,
                     const struct instruction *right, struct choice_arm *out)
{
    const struct instruction kept = {.op = OP_move, .role = ARGUMENT_LOCAL, .argument = choice->local};
    const struct instruction checked = {.op = OP_checked, .role = ARGUMENT_LOCAL, .argument = choice->local};
    const bool is_checked = left->op == OP_checked || right->op == OP_checked;
    const struct instruction *first = arm->count ? &code->instructions[arm->first] : is_checked ? &checked : &kept;
    out->first = arm->count ? first : NULL;
    if (arm->count == 3 && (first[2].op == OP_mul || first[2].op == OP_div) && is_near(code, &first[0]) && is_near(code, &first[1]))
        out->kind = first[2].op == OP_mul ? CHOICE_PRODUCT : CHOICE_QUOTIENT;
    else if (arm->count > 1)
        return false;
    else if (arm->count && first->op == OP_move && first->role == ARGUMENT_CONSTANT)
        out->kind = CHOICE_CONSTANT;
    else if (same_load(first, left))
        out->kind = CHOICE_LEFT;
    else if (same_load(first, right))
        out->kind = CHOICE_RIGHT;
    else
        return false;
    return true;
}

/* Constants 1 and 0, or 1 and -1, in either order. */
static bool are_steps(const struct code *code, const struct choice_arm *a, const struct choice_arm *b)
{
    bool low = is_constant(code, a->first, 1), high = is_constant(code, b->first, 1);
    const struct instruction *other = low ? b->first : a->first;
    return low != high && (is_constant(code, other, 0) || is_constant(code, other, -1));
}

/* What is compared with 0 where it is greater, and 0 or a product of it elsewhere. */
static enum idiom rectifier(const struct code *code, const struct choice *choice, const struct instruction *left,
                            const struct instruction *right)
{
    bool is_left = is_constant(code, right, 0);
    if (!is_left && !is_constant(code, left, 0))
        return IDIOM_NONE;
    bool greater = (choice->compare == OP_gt || choice->compare == OP_ge) == is_left;
    const struct choice_arm *kept = greater ? &choice->holds : &choice->fails, *other = greater ? &choice->fails : &choice->holds;
    const struct instruction *x = is_left ? left : right;
    if (kept->kind != (is_left ? CHOICE_LEFT : CHOICE_RIGHT))
        return IDIOM_NONE;
    if (other->kind == CHOICE_QUOTIENT)
        return same_load(&other->first[0], x) ? IDIOM_leaky_relu : IDIOM_NONE;
    if (other->kind == CHOICE_PRODUCT)
        return same_load(&other->first[0], x) || same_load(&other->first[1], x) ? IDIOM_leaky_relu : IDIOM_NONE;
    return other->kind == CHOICE_CONSTANT && is_constant(code, other->first, 0) ? IDIOM_relu : IDIOM_NONE;
}

/* The same form where its value is returned. */
static enum idiom returned_form(enum idiom idiom)
{
    return idiom == IDIOM_relu         ? IDIOM_returned_relu
           : idiom == IDIOM_leaky_relu ? IDIOM_returned_leaky_relu
           : idiom == IDIOM_step       ? IDIOM_returned_step
                                       : IDIOM_NONE;
}

bool choice_read(const struct code *code, uint32_t instruction, struct choice *choice)
{
    const struct instruction *jump = &code->instructions[instruction];
    struct arm next, other;
    if ((jump->op != OP_jump_if_false && jump->op != OP_jump_if_true) ||
        jump->depth != code->blocks[jump->block].entry_depth + 1 || instruction < code->blocks[jump->block].first + 3 ||
        !find_arms(code, jump, choice, &next, &other))
        return false;
    const struct instruction *compare = jump - 1, *right = jump - 2, *left = jump - 3;
    if (compare->op != OP_gt && compare->op != OP_ge && compare->op != OP_lt && compare->op != OP_le)
        return false;
    bool falls = jump->op == OP_jump_if_false;
    choice->compare = compare->op;
    if (!read_arm(code, falls ? &next : &other, choice, left, right, &choice->holds) ||
        !read_arm(code, falls ? &other : &next, choice, left, right, &choice->fails))
        return false;
    bool constants = choice->holds.kind == CHOICE_CONSTANT && choice->fails.kind == CHOICE_CONSTANT;
    choice->idiom = !constants                                        ? rectifier(code, choice, left, right)
                    : are_steps(code, &choice->holds, &choice->fails) ? IDIOM_step
                                                                      : IDIOM_NONE;
    if (choice->end == CHOICE_RETURNED)
        choice->idiom = returned_form(choice->idiom);
    return choice->idiom != IDIOM_NONE;
}
