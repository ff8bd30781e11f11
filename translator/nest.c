/* nest.c - see nest.h. Walks the bytecode of a loop once, with nodes in place of values. Loops and comprehensions are straight
 * lines that end in a jump back, so that the walk never branches: what does is no nest. Before the loop, in its block, the walk is
 * lenient: whatever it does not know is an unknown value. */
#include "translator/nest.h"

#include <string.h>

enum { STACK_MAX = 48, LOOP_VARIABLES_MAX = 24, STORES_MAX = 3, SCOPES_MAX = 6, VARIABLES_MAX = 40, COMPUTED_MAX = 64,
       NODE_SIZE_MAX = 400 };

struct scope { /* a code object being walked */
    const struct code *code;
    int number;
    uint32_t closure[8]; /* variables that its free variables are */
    const struct nest_node *stack[STACK_MAX];
    int depth;
    const struct nest_node *yielded;
};

struct carried { /* a variable that the loop assigns */
    uint32_t variable;
    const struct nest_node *before;
};

struct open_loop {
    uint32_t header; /* block */
    struct carried carried[LOOP_VARIABLES_MAX];
    int carried_count;
};

struct walker {
    struct arena *arena;
    struct nest *nest;
    struct scope *scope;
    struct open_loop open[NEST_MAX_LOOPS];
    int open_count, scope_count;
    struct nest_store stores[STORES_MAX];
    int store_count;
    const struct nest_node *computed[COMPUTED_MAX]; /* in the rounds: what may raise */
    int computed_count;
    bool lenient;
    const char *reason; /* why not */
};

static bool fail(struct walker *w, const char *reason)
{
    if (!w->reason)
        w->reason = reason;
    return false;
}

static struct nest_node *node_new(struct walker *w, enum nest_node_kind kind)
{
    struct nest_node *node = ARENA_NEW(w->arena, struct nest_node);
    node->kind = kind;
    node->loop = -1;
    return node;
}

static struct nest_node *node_of(struct walker *w, enum nest_node_kind kind, const struct nest_node *a,
                                 const struct nest_node *b)
{
    struct nest_node *node = node_new(w, kind);
    node->a = a;
    node->b = b;
    node->size = 1 + (a ? a->size : 0) + (b ? b->size : 0);
    bool may_raise = kind == NEST_ARITHMETIC || kind == NEST_NEGATE || kind == NEST_ITEM || kind == NEST_LENGTH;
    if (node->size > NODE_SIZE_MAX || (may_raise && !w->lenient && w->computed_count == COMPUTED_MAX))
        fail(w, "its expressions are too long");
    else if (may_raise && !w->lenient)
        w->computed[w->computed_count++] = node;
    return node;
}

static struct nest_node *node_round(struct walker *w, enum nest_node_kind kind, const struct nest_node *a, int loop)
{
    struct nest_node *node = node_of(w, kind, a, NULL);
    node->loop = loop;
    return node;
}

static bool push(struct walker *w, const struct nest_node *node)
{
    if (w->scope->depth == STACK_MAX)
        return fail(w, "its expressions are too deep");
    w->scope->stack[w->scope->depth++] = node;
    return true;
}

static const struct nest_node *pop(struct walker *w)
{
    if (!w->scope->depth)
        return node_new(w, NEST_UNKNOWN);
    return w->scope->stack[--w->scope->depth];
}

static const struct nest_node **entry_at(struct walker *w, uint32_t depth)
{
    return depth && (int)depth <= w->scope->depth ? &w->scope->stack[w->scope->depth - (int)depth] : NULL;
}

/* ---- variables ---- */

static bool same_name(const struct code_string *a, const struct code_string *b)
{
    return a->size == b->size && memcmp(a->text, b->text, a->size) == 0;
}

/* Its number; VARIABLES_MAX: there is no room. */
static uint32_t variable_find(struct walker *w, enum nest_place place, int scope, uint32_t index,
                              const struct code_string *name)
{
    struct nest *nest = w->nest;
    for (uint32_t i = 0; i < nest->variable_count; i++) {
        const struct nest_variable *known = &nest->variables[i];
        if (known->place == place && known->scope == scope &&
            (place == NEST_GLOBAL ? same_name(known->name, name) : known->index == index))
            return i;
    }
    if (nest->variable_count == VARIABLES_MAX) {
        fail(w, "it has too many variables");
        return VARIABLES_MAX;
    }
    nest->variables[nest->variable_count] =
        (struct nest_variable){.place = place, .scope = scope, .index = index, .name = name};
    return nest->variable_count++;
}

static uint32_t local_variable(struct walker *w, uint32_t local)
{
    const struct scope *scope = w->scope;
    uint32_t first_free = scope->code->local_count - scope->code->free_count;
    if (scope->number && local >= first_free)
        return local - first_free < 8 ? scope->closure[local - first_free] : VARIABLES_MAX;
    bool cell = scope->code->local_kinds[local] & (LOCAL_CELL | LOCAL_FREE);
    enum nest_place place = scope->number ? NEST_TEMPORARY : cell ? NEST_CELL_LOCAL : NEST_LOCAL;
    return variable_find(w, place, scope->number, local, NULL);
}

static uint32_t global_variable(struct walker *w, uint32_t name)
{
    return variable_find(w, NEST_GLOBAL, 0, 0, &w->scope->code->names[name]);
}

static const struct nest_node *variable_now(struct walker *w, uint32_t variable)
{
    if (variable >= VARIABLES_MAX)
        return node_new(w, NEST_UNKNOWN);
    if (w->nest->variables[variable].now)
        return w->nest->variables[variable].now;
    struct nest_node *node = node_new(w, NEST_VARIABLE);
    node->index = variable;
    return node;
}

static bool variable_assign(struct walker *w, uint32_t variable, const struct nest_node *item)
{
    if (variable >= VARIABLES_MAX)
        return fail(w, "it has too many variables");
    if (!w->lenient)
        w->nest->variables[variable].now = item;
    return true;
}

/* range, zip, len, sum and enumerate, unless the nest itself assigns the name. */
static bool push_global(struct walker *w, uint32_t name)
{
    static const char *const known[] = {"range", "zip", "len", "sum", "enumerate"};
    const struct code_string *text = &w->scope->code->names[name];
    struct nest *nest = w->nest;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strlen(known[i]) != text->size || memcmp(known[i], text->text, text->size) != 0)
            continue;
        struct nest_node *node = node_new(w, NEST_BUILTIN);
        node->name = known[i];
        int at = 0;
        while (at < nest->builtin_count && nest->builtins[at] != known[i])
            at++;
        if (at == nest->builtin_count && at < NEST_MAX_BUILTINS) {
            nest->builtins[at] = known[i];
            nest->builtin_names[at] = text;
            nest->builtin_count++;
        }
        return push(w, node);
    }
    return push(w, variable_now(w, global_variable(w, name)));
}

static bool carries(const struct nest_node *node, int loop)
{
    if (!node)
        return false;
    for (uint32_t i = 0; node->items && i < node->index; i++)
        if (carries(node->items[i], loop))
            return true;
    return (node->kind == NEST_CARRIED && node->loop == loop) || carries(node->a, loop) || carries(node->b, loop);
}

/* ---- loops ---- */

static const struct nest_node *loop_item(struct walker *w, struct nest_loop *loop, int number)
{
    struct nest_node *item, *tuple;
    if (loop->source == NEST_OVER_RANGE)
        return node_round(w, NEST_INDEX, NULL, number);
    if (loop->source == NEST_OVER_COLUMNS) {
        item = node_round(w, NEST_COLUMN, loop->sequences[0], number);
    } else if (loop->sequence_count == 1 && !loop->enumerated) {
        item = node_round(w, NEST_ROUND, loop->sequences[0], number);
    } else {
        uint32_t count = (uint32_t)loop->sequence_count + loop->enumerated;
        item = node_new(w, NEST_TUPLE);
        item->items = ARENA_ARRAY(w->arena, const struct nest_node *, count + 1);
        item->index = count;
        if (loop->enumerated)
            item->items[0] = node_round(w, NEST_INDEX, NULL, number);
        for (uint32_t i = loop->enumerated; i < count; i++)
            item->items[i] = node_round(w, NEST_ROUND, loop->sequences[i - loop->enumerated], number);
        return item;
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
static bool describe_loop(struct walker *w, struct nest_loop *loop, const struct nest_node *over)
{
    *loop = (struct nest_loop){.entry = w->open_count == 0};
    loop->sequence_count = 1;
    switch ((int)over->kind) {
    case NEST_RANGE:
        loop->source = NEST_OVER_RANGE;
        loop->start = over->a;
        loop->stop = over->b;
        loop->step = over->index ? over->items[0] : NULL;
        loop->sequence_count = 0;
        break;
    case NEST_ENUMERATE:
        if (over->a->kind == NEST_RANGE || over->a->kind == NEST_ZIP || over->a->kind == NEST_ENUMERATE)
            return fail(w, "it enumerates something else than a list");
        loop->source = NEST_OVER_SEQUENCES;
        loop->enumerated = true;
        loop->first = over->b;
        loop->sequences[0] = over->a;
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
    open->carried[open->carried_count++] = (struct carried){variable, variable_now(w, variable)};
    struct nest_node *node = node_round(w, NEST_CARRIED, NULL, w->open_count - 1);
    node->index = variable;
    return variable_assign(w, variable, node);
}

/* The variables that the loop's body assigns: until the jump back to `header`. */
static bool find_carried(struct walker *w, struct open_loop *open, uint32_t from)
{
    const struct code *code = w->scope->code;
    for (uint32_t i = from; i < code->instruction_count; i++) {
        const struct instruction *instruction = &code->instructions[i];
        bool stored = true;
        if (instruction->op == OP_jump && instruction->target == open->header)
            return true;
        if (instruction->op == OP_move && instruction->role == ARGUMENT_LOCAL_RESULT)
            stored = loop_carries(w, open, local_variable(w, instruction->argument));
        else if (instruction->op == OP_store_cell)
            stored = loop_carries(w, open, local_variable(w, instruction->argument));
        else if (instruction->op == OP_store_name)
            stored = loop_carries(w, open, global_variable(w, instruction->argument));
        if (!stored)
            return false;
    }
    return fail(w, "it is left in another way than by its end");
}

static bool loop_open(struct walker *w, uint32_t at)
{
    const struct instruction *instruction = &w->scope->code->instructions[at];
    const struct nest_node **top = entry_at(w, 1);
    if (!top || (*top)->kind != NEST_ITERATOR)
        return fail(w, "it goes over something else than lists and ranges");
    if (w->open_count == NEST_MAX_LOOPS)
        return fail(w, "it has more than six loops");
    if (w->nest->loop_count != w->open_count)
        return fail(w, "it has two loops one after the other");
    if (!describe_loop(w, &w->nest->loops[w->open_count], (*top)->a))
        return false;
    struct open_loop *open = &w->open[w->open_count];
    *open = (struct open_loop){.header = instruction->block};
    w->nest->loop_count = ++w->open_count;
    w->lenient = false;
    return find_carried(w, open, at + 1) &&
           push(w, loop_item(w, &w->nest->loops[w->open_count - 1], w->open_count - 1));
}

/* What a variable that the loop assigns holds behind it; NULL with a reason: nothing that can be said. */
static const struct nest_node *value_behind(struct walker *w, const struct carried *carried, int loop)
{
    const struct nest_node *now = w->nest->variables[carried->variable].now, *added = NULL;
    unsigned rounds = 1u << loop;
    if (!carries(now, loop))
        return now;
    if (now->kind == NEST_CARRIED)
        return carried->before; /* not assigned after all */
    if (now->kind == NEST_ARITHMETIC && (now->op == OP_add || now->op == OP_mul)) {
        bool left = now->a->kind == NEST_CARRIED && now->a->loop == loop && now->a->index == carried->variable;
        bool right = now->b->kind == NEST_CARRIED && now->b->loop == loop && now->b->index == carried->variable;
        added = left ? now->b : right ? now->a : NULL;
    } else if (now->kind == NEST_SUM && now->a->kind == NEST_CARRIED && now->a->loop == loop &&
               now->a->index == carried->variable) {
        added = now->b;
        rounds |= now->index;
    }
    if (!added || carries(added, loop)) {
        fail(w, "a round uses what the round before left, in another way than by adding to it");
        return NULL;
    }
    struct nest_node *sum = node_of(w, NEST_SUM, carried->before, added);
    sum->index = rounds;
    sum->op = now->op;
    ((struct nest_node *)(uintptr_t)now)->consumed = true;
    return sum;
}

static bool loop_close(struct walker *w)
{
    struct open_loop *open = &w->open[w->open_count - 1];
    const struct nest_node *behind[LOOP_VARIABLES_MAX];
    for (int i = 0; i < open->carried_count; i++) {
        behind[i] = value_behind(w, &open->carried[i], w->open_count - 1);
        if (!behind[i])
            return false;
    }
    for (int i = 0; i < open->carried_count; i++)
        variable_assign(w, open->carried[i].variable, behind[i]);
    w->open_count--;
    pop(w); /* the iterator */
    return true;
}

/* ---- calls ---- */

static const struct nest_node *walk_function(struct walker *w, const struct nest_node *function,
                                             const struct nest_node *iterator);

static bool append(struct walker *w, const struct nest_node *list, const struct nest_node *item)
{
    if (w->lenient)
        return true;
    if (list->kind == NEST_LIST && !list->a && (int)list->index == w->open_count - 1) {
        struct nest_node *made = (struct nest_node *)(uintptr_t)list;
        made->a = item;
        made->loop = w->open_count - 1;
        return true;
    }
    if (list->kind == NEST_LIST)
        return fail(w, "a new list is filled in another way than once a round");
    if (w->store_count == STORES_MAX)
        return fail(w, "it stores more than one number a round");
    w->stores[w->store_count++] = (struct nest_store){list, NULL, item, w->open_count};
    return true;
}

static const struct nest_node *range_node(struct walker *w, const struct nest_node *const *arguments, uint32_t count)
{
    struct nest_node *range = node_of(w, NEST_RANGE, count > 1 ? arguments[0] : NULL, arguments[count > 1]);
    if (count == 3) {
        range->items = ARENA_ARRAY(w->arena, const struct nest_node *, 1);
        range->items[0] = arguments[2];
        range->index = 1;
    }
    return range;
}

/* sum(x): a loop over x that nothing else is done in, closed as soon as it is opened. */
static const struct nest_node *sum_items(struct walker *w, const struct nest_node *over, const struct nest_node *start)
{
    int number = w->nest->loop_count;
    if (number == NEST_MAX_LOOPS || number != w->open_count || over->kind == NEST_RANGE || over->kind == NEST_ZIP ||
        over->kind == NEST_ENUMERATE) {
        fail(w, "it calls a function");
        return NULL;
    }
    struct nest_loop *loop = &w->nest->loops[number];
    if (!describe_loop(w, loop, over))
        return NULL;
    loop->direct = loop->entry;
    w->nest->loop_count++;
    struct nest_node *sum = node_of(w, NEST_SUM, start, loop_item(w, loop, number));
    sum->index = 1u << number;
    sum->op = OP_add;
    return sum;
}

static const struct nest_node *call_sum(struct walker *w, const struct nest_node *over, const struct nest_node *start)
{
    if (over->kind != NEST_GENERATOR)
        return sum_items(w, over, start);
    int first = w->nest->loop_count;
    const struct nest_node *added = walk_function(w, over->a, over->b);
    if (!added)
        return NULL;
    struct nest_node *sum = node_of(w, NEST_SUM, start, added);
    sum->op = OP_add;
    for (int loop = first; loop < w->nest->loop_count; loop++)
        sum->index |= 1u << loop;
    return sum;
}

static const struct nest_node *call_builtin(struct walker *w, const char *name, const struct nest_node *const *arguments,
                                            uint32_t count)
{
    if (strcmp(name, "range") == 0 && count >= 1 && count <= 3)
        return range_node(w, arguments, count);
    if (strcmp(name, "len") == 0 && count == 1)
        return node_of(w, NEST_LENGTH, arguments[0], NULL);
    if (strcmp(name, "enumerate") == 0 && (count == 1 || count == 2))
        return node_of(w, NEST_ENUMERATE, arguments[0], count == 2 ? arguments[1] : NULL);
    if (strcmp(name, "zip") == 0 && count >= 1 && count <= NEST_MAX_ZIPPED) {
        struct nest_node *zip = node_new(w, NEST_ZIP);
        zip->items = ARENA_ARRAY(w->arena, const struct nest_node *, count);
        memcpy(zip->items, arguments, count * sizeof *arguments);
        zip->index = count;
        return count == 1 ? NULL : zip;
    }
    if (strcmp(name, "sum") == 0 && (count == 1 || count == 2))
        return call_sum(w, arguments[0], count == 2 ? arguments[1] : node_new(w, NEST_CONSTANT));
    return NULL;
}

static const struct nest_node *call_node(struct walker *w, const struct nest_node *const *window, uint32_t count)
{
    const struct nest_node *callee = window[0]->kind != NEST_NULL ? window[0] : window[1];
    const struct nest_node *const *arguments = window[0]->kind != NEST_NULL ? window + 1 : window + 2;
    count += window[0]->kind != NEST_NULL;
    if (callee->kind == NEST_FUNCTION && count == 1 && arguments[0]->kind == NEST_ITERATOR) {
        if (!(callee->code->flags & CODE_GENERATOR))
            return walk_function(w, callee, arguments[0]);
        return node_of(w, NEST_GENERATOR, callee, arguments[0]);
    }
    if (callee->kind == NEST_METHOD && count == 2 && strcmp(callee->name, "append") == 0)
        return append(w, arguments[0], arguments[1]) ? node_new(w, NEST_UNKNOWN) : NULL;
    const struct nest_node *result = callee->kind == NEST_BUILTIN ? call_builtin(w, callee->name, arguments, count) : NULL;
    if (!result)
        fail(w, "it calls a function");
    return result;
}

static bool walk_call(struct walker *w, uint32_t count)
{
    if (w->scope->depth < (int)count + 2)
        return fail(w, "it calls a function");
    const struct nest_node *const *window = &w->scope->stack[w->scope->depth - (int)count - 2];
    const struct nest_node *result = call_node(w, window, count);
    if (!result)
        return false;
    w->scope->depth -= (int)count + 2;
    return push(w, result);
}

static bool walk_spread(struct walker *w, uint32_t flags)
{
    const struct nest_node *arguments = pop(w), *callee = pop(w);
    pop(w);
    if (flags || callee->kind != NEST_BUILTIN || strcmp(callee->name, "zip") != 0)
        return fail(w, "it calls a function");
    struct nest_node *zip = node_of(w, NEST_ZIP, arguments, NULL);
    zip->star = true;
    return push(w, zip);
}

static bool walk_make_function(struct walker *w, uint32_t flags)
{
    const struct nest_node *code = pop(w), *closure = flags & 8 ? pop(w) : NULL;
    if (flags & ~8u || code->kind != NEST_FUNCTION || (closure && closure->kind != NEST_TUPLE))
        return fail(w, "it makes a function");
    struct nest_node *function = node_of(w, NEST_FUNCTION, closure, NULL);
    function->code = code->code;
    return push(w, function);
}

/* ---- instructions ---- */

static bool push_constant(struct walker *w, uint32_t index)
{
    const struct constant *constant = &w->scope->code->constants[index];
    bool number = constant->kind == CONSTANT_INT || constant->kind == CONSTANT_FLOAT;
    struct nest_node *node = node_new(w, number ? NEST_CONSTANT : NEST_UNKNOWN);
    node->code = w->scope->code;
    node->index = number ? index : 0;
    if (constant->kind == CONSTANT_CODE) {
        node->kind = NEST_FUNCTION;
        node->code = constant->code;
    }
    return push(w, node);
}

static bool walk_move(struct walker *w, const struct instruction *instruction)
{
    if (instruction->role == ARGUMENT_LOCAL)
        return push(w, variable_now(w, local_variable(w, instruction->argument)));
    if (instruction->role == ARGUMENT_CONSTANT)
        return push_constant(w, instruction->argument);
    if (instruction->role == ARGUMENT_LOCAL_RESULT)
        return variable_assign(w, local_variable(w, instruction->argument), pop(w));
    const struct nest_node **entry = instruction->role == ARGUMENT_DEPTH ? entry_at(w, instruction->argument) : NULL;
    return entry ? push(w, *entry) : fail(w, "it moves values in an unusual way");
}

static bool walk_unpack(struct walker *w, uint32_t count)
{
    const struct nest_node *tuple = pop(w);
    if (tuple->kind != NEST_TUPLE || tuple->index != count)
        return fail(w, "it unpacks something else than what zip or enumerate give");
    while (count-- > 0)
        if (!push(w, tuple->items[count]))
            return false;
    return true;
}

static bool walk_method(struct walker *w, const struct instruction *instruction)
{
    const struct code_string *name = &w->scope->code->names[instruction->argument];
    const struct nest_node *object = pop(w);
    if (name->size != 6 || memcmp(name->text, "append", 6) != 0)
        return fail(w, "it uses an attribute");
    struct nest_node *method = node_of(w, NEST_METHOD, object, NULL);
    method->name = "append";
    return push(w, method) && push(w, object);
}

static bool walk_build(struct walker *w, const struct instruction *instruction)
{
    uint32_t count = instruction->argument;
    struct nest_node *node = node_new(w, instruction->op == OP_build_list ? NEST_LIST : NEST_TUPLE);
    if (instruction->op == OP_build_list) {
        node->index = (uint32_t)w->open_count;
        return count ? fail(w, "it makes a list") : push(w, node);
    }
    if ((int)count > w->scope->depth)
        return fail(w, "it makes a tuple");
    node->items = ARENA_ARRAY(w->arena, const struct nest_node *, count + 1);
    node->index = count;
    while (count-- > 0)
        node->items[count] = pop(w);
    return push(w, node);
}

static bool walk_store_item(struct walker *w)
{
    const struct nest_node *key = pop(w), *list = pop(w), *item = pop(w);
    if (w->lenient)
        return true;
    if (w->store_count == STORES_MAX)
        return fail(w, "it stores more than one number a round");
    w->stores[w->store_count++] = (struct nest_store){list, key, item, w->open_count};
    return true;
}

static bool walk_arithmetic(struct walker *w, enum op op)
{
    static const enum op plain[] = {OP_add, OP_and, OP_floor_divide, OP_lshift, OP_matmul, OP_mul, OP_remainder,
                                    OP_or,  OP_power, OP_rshift,     OP_sub,    OP_div,    OP_xor};
    const struct nest_node *b = pop(w), *a = pop(w);
    struct nest_node *node = node_of(w, NEST_ARITHMETIC, a, b);
    node->op = op >= OP_iadd ? plain[op - OP_iadd] : op;
    w->nest->near |= !w->lenient;
    return !w->reason && push(w, node);
}

static bool walk_swap(struct walker *w, uint32_t depth)
{
    const struct nest_node **top = entry_at(w, 1), **other = entry_at(w, depth), *held;
    if (!top || !other)
        return fail(w, "it moves values in an unusual way");
    held = *top;
    *top = *other;
    *other = held;
    return true;
}

static bool walk_store_cell(struct walker *w, const struct instruction *instruction)
{
    return variable_assign(w, local_variable(w, instruction->argument), pop(w));
}

static bool walk_closure(struct walker *w, const struct instruction *instruction)
{
    struct nest_node *cell = node_new(w, NEST_CELL);
    cell->index = local_variable(w, instruction->argument);
    return push(w, cell);
}

static bool walk_list_append(struct walker *w, const struct instruction *instruction)
{
    const struct nest_node *item = pop(w), **list = entry_at(w, instruction->argument);
    return list ? append(w, *list, item) : fail(w, "it fills a list in an unusual way");
}

static bool is_module_level(const struct walker *w)
{
    return w->scope->number == 0 && w->scope->code->unit && w->scope->code == w->scope->code->unit->module;
}

static bool walk_binary_item(struct walker *w)
{
    const struct nest_node *key = pop(w), *list = pop(w);
    w->nest->reads_behind |= w->store_count > 0;
    const struct nest_node *item = node_of(w, NEST_ITEM, list, key);
    return !w->reason && push(w, item);
}

/* One instruction that neither begins nor ends a loop. */
static bool walk_instruction(struct walker *w, const struct instruction *instruction)
{
    enum op op = (enum op)instruction->op;
    struct nest_node *null;
    switch ((int)op) {
    case OP_resume: case OP_nop: case OP_precall: case OP_copy_free_vars: case OP_make_cell:
        return true;
    case OP_return_generator: case OP_push_null:
        return push(w, node_new(w, op == OP_push_null ? NEST_NULL : NEST_UNKNOWN));
    case OP_drop:
        pop(w);
        return true;
    case OP_move:
        return walk_move(w, instruction);
    case OP_checked: case OP_load_cell:
        return push(w, variable_now(w, local_variable(w, instruction->argument)));
    case OP_store_cell:
        return walk_store_cell(w, instruction);
    case OP_load_closure:
        return walk_closure(w, instruction);
    case OP_load_name:
        return is_module_level(w) ? push_global(w, instruction->argument) : fail(w, "it stands in a class body");
    case OP_store_name:
        return is_module_level(w) ? variable_assign(w, global_variable(w, instruction->argument), pop(w))
                                  : fail(w, "it stands in a class body");
    case OP_load_global:
        return push_global(w, instruction->argument);
    case OP_load_global_null:
        null = node_new(w, NEST_NULL);
        return push(w, null) && push_global(w, instruction->argument);
    case OP_swap:
        return walk_swap(w, instruction->argument);
    case OP_neg:
        return push(w, node_of(w, NEST_NEGATE, pop(w), NULL));
    case OP_load_item:
        return walk_binary_item(w);
    case OP_store_item:
        return walk_store_item(w);
    case OP_unpack_2: case OP_unpack_3:
        return walk_unpack(w, op == OP_unpack_2 ? 2 : 3);
    case OP_unpack:
        return walk_unpack(w, instruction->argument);
    case OP_build_list: case OP_build_tuple:
        return walk_build(w, instruction);
    case OP_make_function:
        return walk_make_function(w, instruction->argument);
    case OP_get_iter:
        return push(w, node_of(w, NEST_ITERATOR, pop(w), NULL));
    case OP_list_append:
        return walk_list_append(w, instruction);
    case OP_load_method:
        return walk_method(w, instruction);
    case OP_call: case OP_call_function:
        return walk_call(w, instruction->argument);
    case OP_call_ex:
        return walk_spread(w, instruction->argument);
    case OP_yield:
        w->scope->yielded = pop(w);
        return push(w, node_new(w, NEST_UNKNOWN));
    default:
        if (op >= OP_add && op <= OP_ixor)
            return walk_arithmetic(w, op);
        return fail(w, op_infos[op].flags & OP_TERMINATOR || (op >= OP_lt && op <= OP_not_in)
                           ? "it has a branch"
                           : "it does something else than arithmetic");
    }
}

/* From `at` until the loop begun there is closed, or (open 0) until the code returns. *end: the instruction after it. */
static bool walk_loops(struct walker *w, uint32_t at, int open)
{
    const struct code *code = w->scope->code;
    for (; at < code->instruction_count; at++) {
        const struct instruction *instruction = &code->instructions[at];
        if (instruction->op == OP_for_iter) {
            if (!loop_open(w, at))
                return false;
        } else if (instruction->op == OP_jump) {
            if (w->open_count <= open || instruction->target != w->open[w->open_count - 1].header)
                return fail(w, "it has a branch");
            uint32_t exit = code->instructions[code->blocks[instruction->target].first].target;
            if (!loop_close(w))
                return false;
            if (w->open_count == open && w->scope->number == 0)
                return true;
            if (exit == NO_BLOCK || code->blocks[exit].first != at + 1)
                return fail(w, "it is left in another way than by its end");
        } else if (instruction->op == OP_return) {
            return w->open_count == open && w->scope->number ? true : fail(w, "it returns");
        } else if (!walk_instruction(w, instruction)) {
            return false;
        }
    }
    return fail(w, "it is left in another way than by its end");
}

/* A comprehension's result, or what a generator expression yields each round. NULL: no. */
static const struct nest_node *walk_function(struct walker *w, const struct nest_node *function,
                                             const struct nest_node *iterator)
{
    const struct code *code = function->code;
    code_ready(code);
    if (w->scope_count == SCOPES_MAX || code->argument_count != 1 || code->free_count > 8 ||
        (function->a ? function->a->index : 0) != code->free_count || !code->block_count)
        return fail(w, "it calls a function"), NULL;
    struct scope *scope = ARENA_NEW(w->arena, struct scope), *outer = w->scope;
    scope->code = code;
    scope->number = ++w->scope_count;
    for (uint32_t i = 0; i < code->free_count; i++) {
        if (function->a->items[i]->kind != NEST_CELL)
            return fail(w, "it calls a function"), NULL;
        scope->closure[i] = function->a->items[i]->index;
    }
    w->scope = scope;
    uint32_t parameter = local_variable(w, 0);
    bool lenient = w->lenient;
    w->lenient = false;
    bool walked = variable_assign(w, parameter, iterator) && walk_loops(w, 0, w->open_count);
    w->lenient = lenient;
    const struct nest_node *result = code->flags & CODE_GENERATOR ? scope->yielded : scope->depth ? pop(w) : NULL;
    w->scope = outer;
    return walked ? result : NULL;
}

/* ---- finding them ---- */

/* Walks the block as far as `instruction`, taking what it does not know as unknown values. */
static void walk_before(struct walker *w, uint32_t instruction)
{
    const struct code *code = w->scope->code;
    const struct block *block = &code->blocks[code->instructions[instruction].block];
    for (int32_t i = 0; i < block->entry_depth && i < STACK_MAX; i++)
        push(w, node_new(w, NEST_UNKNOWN));
    w->lenient = true;
    for (uint32_t i = block->first; i < instruction; i++) {
        const struct instruction *passed = &code->instructions[i];
        int before = w->scope->depth;
        struct nest kept = *w->nest;
        bool is_comprehension = passed->op == OP_call && passed->argument == 0;
        const struct nest_node **callee = entry_at(w, 2);
        is_comprehension &= callee && (*callee)->kind == NEST_FUNCTION && !((*callee)->code->flags & CODE_GENERATOR);
        bool is_sum = passed->op == OP_call && (callee = entry_at(w, passed->argument + 1)) && (*callee)->kind == NEST_BUILTIN &&
                      strcmp((*callee)->name, "sum") == 0;
        if (!is_comprehension && !is_sum && walk_instruction(w, passed))
            continue;
        w->reason = NULL;
        kept.variable_count = w->nest->variable_count;
        kept.builtin_count = w->nest->builtin_count;
        *w->nest = kept;
        w->scope->depth = before > passed->pops ? before - passed->pops : 0;
        for (uint32_t k = 0; k < passed->pushes; k++)
            push(w, node_new(w, NEST_UNKNOWN));
    }
    w->reason = NULL;
    w->store_count = w->computed_count = 0;
}

static void walk_statement(struct walker *w, uint32_t instruction)
{
    if (walk_instruction(w, &w->scope->code->instructions[instruction]) && walk_loops(w, instruction + 1, 0))
        nest_classify(w->nest, w->stores, w->store_count, w->computed, w->computed_count);
}

static void walk_expression(struct walker *w, uint32_t instruction)
{
    uint32_t count = w->scope->code->instructions[instruction].argument;
    const struct nest_node *const *window = &w->scope->stack[w->scope->depth - (int)count - 2];
    const struct nest_node *result = call_node(w, window, count);
    if (!result)
        return;
    w->nest->result = result;
    w->nest->output = NEST_TO_RESULT;
    nest_classify(w->nest, w->stores, w->store_count, w->computed, w->computed_count);
}

/* A call of a comprehension's function, or of sum, whose nodes are on the stack. */
static bool is_candidate_call(struct walker *w, uint32_t count)
{
    if (w->scope->depth < (int)count + 2)
        return false;
    const struct nest_node *const *window = &w->scope->stack[w->scope->depth - (int)count - 2];
    if (window[0]->kind == NEST_FUNCTION)
        return count == 0 && window[1]->kind == NEST_ITERATOR && !(window[0]->code->flags & CODE_GENERATOR);
    return window[0]->kind == NEST_NULL && window[1]->kind == NEST_BUILTIN && strcmp(window[1]->name, "sum") == 0 && count;
}

static struct nest *nest_read(const struct code *code, uint32_t instruction, struct arena *arena)
{
    struct walker w = {.arena = arena};
    w.nest = ARENA_NEW(arena, struct nest);
    w.nest->variables = ARENA_ARRAY(arena, struct nest_variable, VARIABLES_MAX);
    w.nest->instruction = instruction;
    w.nest->line = code->instructions[instruction].line;
    w.nest->output = NEST_TO_VARIABLE;
    w.scope = ARENA_NEW(arena, struct scope);
    w.scope->code = code;
    walk_before(&w, instruction);
    bool is_call = code->instructions[instruction].op != OP_get_iter;
    if (is_call && !is_candidate_call(&w, code->instructions[instruction].argument))
        return NULL;
    w.nest->builtin_count = is_call && w.nest->builtin_count ? w.nest->builtin_count : 0;
    if (is_call)
        walk_expression(&w, instruction);
    else
        walk_statement(&w, instruction);
    if (!w.nest->idiom && w.reason)
        w.nest->reason = w.reason;
    return w.nest->idiom || (w.nest->near && w.nest->reason) ? w.nest : NULL;
}

static bool loads_sum(const struct code *code, const struct instruction *load)
{
    if (load->op != OP_load_name && load->op != OP_load_global && load->op != OP_load_global_null)
        return false;
    const struct code_string *name = &code->names[load->argument];
    return name->size == 3 && memcmp(name->text, "sum", 3) == 0;
}

/* `prepared`: a function was made in the block, or sum loaded. */
static bool may_begin(const struct code *code, uint32_t instruction, bool prepared)
{
    const struct instruction *begin = &code->instructions[instruction];
    if (begin->depth < 0)
        return false;
    if (begin->op == OP_call || begin->op == OP_call_function)
        return prepared;
    return begin->op == OP_get_iter && instruction + 1 < code->instruction_count && begin[1].op == OP_for_iter &&
           begin[1].block != begin->block;
}

struct nest_list nest_find(const struct code *code, struct arena *arena)
{
    struct nest_list list = {0};
    uint32_t capacity = 0, block = NO_BLOCK;
    bool prepared = false;
    for (uint32_t i = 0; i < code->instruction_count; i++) {
        if (code->instructions[i].block != block)
            prepared = false;
        block = code->instructions[i].block;
        prepared |= code->instructions[i].op == OP_make_function || loads_sum(code, &code->instructions[i]);
        struct nest *nest = may_begin(code, i, prepared) ? nest_read(code, i, arena) : NULL;
        if (!nest)
            continue;
        if (list.count == capacity) {
            capacity = capacity ? 2 * capacity : 4;
            struct nest **grown = ARENA_ARRAY(arena, struct nest *, capacity);
            if (list.count)
                memcpy(grown, list.nests, list.count * sizeof *grown);
            list.nests = grown;
        }
        list.nests[list.count++] = nest;
    }
    return list;
}
