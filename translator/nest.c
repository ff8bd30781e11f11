/* nest.c - see nest.h. Walks the bytecode of a loop once, with nodes in place of values. Loops (nest_loop.c) and comprehensions are
 * straight lines that end in a jump back, but for branches whose arms meet again (nest_branch.c). Before the loop, in its block,
 * the walk is lenient: whatever it does not know is an unknown value. */
#include "translator/nest_walk.h"

#include <string.h>

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

uint32_t walk_local_variable(struct walker *w, uint32_t local)
{
    const struct scope *scope = w->scope;
    uint32_t first_free = scope->code->local_count - scope->code->free_count;
    if (scope->number && local >= first_free)
        return local - first_free < 8 ? scope->closure[local - first_free] : VARIABLES_MAX;
    bool cell = scope->code->local_kinds[local] & (LOCAL_CELL | LOCAL_FREE);
    enum nest_place place = scope->number ? NEST_TEMPORARY : cell ? NEST_CELL_LOCAL : NEST_LOCAL;
    return variable_find(w, place, scope->number, local, NULL);
}

uint32_t walk_global_variable(struct walker *w, uint32_t name)
{
    return variable_find(w, NEST_GLOBAL, 0, 0, &w->scope->code->names[name]);
}

const struct nest_node *walk_variable_now(struct walker *w, uint32_t variable)
{
    if (variable >= VARIABLES_MAX)
        return node_new(w, NEST_UNKNOWN);
    if (w->nest->variables[variable].now)
        return w->nest->variables[variable].now;
    struct nest_node *node = node_new(w, NEST_VARIABLE);
    node->index = variable;
    return node;
}

bool walk_variable_assign(struct walker *w, uint32_t variable, const struct nest_node *item)
{
    if (variable >= VARIABLES_MAX)
        return fail(w, "it has too many variables");
    if (!w->lenient)
        w->nest->variables[variable].now = item;
    return true;
}

static bool is_assigned(const struct walker *w, const struct code_string *name)
{
    for (uint32_t i = 0; i < w->nest->variable_count; i++) {
        const struct nest_variable *variable = &w->nest->variables[i];
        if (variable->place == NEST_GLOBAL && variable->now && same_name(variable->name, name))
            return true;
    }
    return false;
}

/* A built-in function that nests know, unless the nest itself assigns the name. */
static bool push_global(struct walker *w, uint32_t name)
{
    static const char *const known[] = {"range", "zip", "len", "sum", "enumerate", "max", "min", "abs"};
    const struct code_string *text = &w->scope->code->names[name];
    struct nest *nest = w->nest;
    for (size_t i = 0; i < sizeof known / sizeof *known && !is_assigned(w, text); i++) {
        if (strlen(known[i]) != text->size || memcmp(known[i], text->text, text->size) != 0)
            continue;
        struct nest_node *node = node_new(w, NEST_BUILTIN);
        node->name = known[i];
        int at = 0;
        while (at < nest->builtin_count && nest->builtins[at] != known[i])
            at++;
        if (at == nest->builtin_count) {
            nest->builtins[at] = known[i];
            nest->builtin_names[at] = text;
            nest->builtin_count++;
        }
        return push(w, node);
    }
    return push(w, walk_variable_now(w, walk_global_variable(w, name)));
}

/* ---- calls ---- */

static const struct nest_node *walk_function(struct walker *w, const struct nest_node *function,
                                             const struct nest_node *iterator, const struct scope **walked);

static bool append(struct walker *w, const struct nest_node *list, const struct nest_node *item)
{
    if (w->lenient)
        return true;
    if (w->branch_depth && list->kind == NEST_LIST)
        return fail(w, "it fills a list in a branch");
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

/* sum(x), max(x): a loop over x that nothing else is done in, closed as soon as it is opened. */
static struct nest_node *reduce_items(struct walker *w, const struct nest_node *over)
{
    int number = w->nest->loop_count;
    if (number == NEST_MAX_LOOPS || number != w->open_count || over->kind == NEST_RANGE || over->kind == NEST_ZIP ||
        over->kind == NEST_ENUMERATE || w->branch_depth) {
        fail(w, "it calls a function");
        return NULL;
    }
    struct nest_loop *loop = &w->nest->loops[number];
    if (!walk_describe_loop(w, loop, over))
        return NULL;
    loop->direct = loop->entry;
    w->nest->loop_count++;
    struct nest_node *sum = node_of(w, NEST_SUM, NULL, walk_loop_item(w, loop, number));
    sum->index = 1u << number;
    w->nest->is_native = true;
    return sum;
}

/* sum, max or min of a list, or of what a generator expression gives; op: of NEST_SUM. */
static const struct nest_node *call_reduction(struct walker *w, const struct nest_node *over, const struct nest_node *start,
                                              enum op op)
{
    struct nest_node *sum;
    if (over->kind == NEST_LIST && over->a && over->loop >= 0) { /* a comprehension's, whether or not anybody else has it */
        sum = node_of(w, NEST_SUM, NULL, over->a);
        sum->index = 1u << over->loop;
    } else if (over->kind == NEST_GENERATOR) {
        int first = w->nest->loop_count;
        const struct scope *scope;
        const struct nest_node *added = walk_function(w, over->a, over->b, &scope);
        if (!added || (scope->yielded_when && op != OP_add))
            return fail(w, "it has a branch"), NULL;
        sum = node_with(w, NEST_SUM, scope->yielded_when, NULL, added);
        sum->unless = scope->yielded_unless;
        for (int loop = first; loop < w->nest->loop_count; loop++)
            sum->index |= 1u << loop;
        sum->index &= ~nest_summed_loops(added);
    } else {
        sum = reduce_items(w, over);
        if (!sum)
            return NULL;
        w->nest->native_adds = op == OP_add;
    }
    sum->a = start;
    sum->size += start ? start->size : 0;
    sum->op = op;
    w->nest->near |= !w->lenient;
    return sum;
}

/* max(a, b, ...): the first of those that no other exceeds. */
static const struct nest_node *extremum_of(struct walker *w, enum op op, const struct nest_node *const *arguments, uint32_t count)
{
    const struct nest_node *found = arguments[0];
    for (uint32_t i = 1; i < count; i++) {
        struct nest_node *condition = node_of(w, NEST_COMPARE, arguments[i], found);
        condition->op = op;
        found = walk_select(w, condition, arguments[i], found);
    }
    return found;
}

static const struct nest_node *call_builtin(struct walker *w, const char *name, const struct nest_node *const *arguments,
                                            uint32_t count)
{
    if (strcmp(name, "range") == 0 && count >= 1 && count <= 3)
        return range_node(w, arguments, count);
    if (strcmp(name, "len") == 0 && count == 1)
        return node_of(w, NEST_LENGTH, arguments[0], NULL);
    if (strcmp(name, "abs") == 0 && count == 1)
        return node_of(w, NEST_ABSOLUTE, arguments[0], NULL);
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
        return call_reduction(w, arguments[0], count == 2 ? arguments[1] : node_new(w, NEST_CONSTANT), OP_add);
    if (strcmp(name, "max") == 0 || strcmp(name, "min") == 0) {
        enum op op = name[1] == 'a' ? OP_gt : OP_lt;
        return count == 1 ? call_reduction(w, arguments[0], NULL, op) : count ? extremum_of(w, op, arguments, count) : NULL;
    }
    return NULL;
}

/* NULL: it has none that is known. */
static const char *name_of(struct walker *w, const struct nest_node *function)
{
    if (function->kind == NEST_ATTRIBUTE) {
        const char *object = name_of(w, function->a);
        return object ? arena_printf(w->arena, "%s.%s", object, function->name) : function->name;
    }
    if (function->kind == NEST_VARIABLE) {
        const struct nest_variable *variable = &w->nest->variables[function->index];
        bool is_local = variable->place == NEST_LOCAL || variable->place == NEST_CELL_LOCAL;
        return variable->name ? variable->name->text : is_local ? w->code->local_names[variable->index].text : NULL;
    }
    return function->kind == NEST_BUILTIN || function->kind == NEST_METHOD ? function->name : NULL;
}

/* A function that is not one of those known; those that calculate make the loop worth telling of. */
static bool refuse_call(struct walker *w, const struct nest_node *callee)
{
    static const char *const calculating[] = {"int", "float", "round",  "pow",   "divmod",   "any",
                                              "all", "map",   "reduce", "math.", "operator."};
    const char *name = name_of(w, callee);
    for (size_t i = 0; name && !w->lenient && !w->reason && i < sizeof calculating / sizeof *calculating; i++) {
        size_t size = strlen(calculating[i]);
        w->nest->near |= strncmp(name, calculating[i], size) == 0 && (calculating[i][size - 1] == '.' || !name[size]);
    }
    return fail_about(w, "it calls a function", name);
}

static const struct nest_node *call_node(struct walker *w, const struct nest_node *const *window, uint32_t count)
{
    const struct nest_node *callee = window[0]->kind != NEST_NULL ? window[0] : window[1];
    const struct nest_node *const *arguments = window[0]->kind != NEST_NULL ? window + 1 : window + 2;
    const struct scope *scope;
    count += window[0]->kind != NEST_NULL;
    if (callee->kind == NEST_FUNCTION && count == 1 && arguments[0]->kind == NEST_ITERATOR) {
        if (!(callee->code->flags & CODE_GENERATOR))
            return walk_function(w, callee, arguments[0], &scope);
        return node_of(w, NEST_GENERATOR, callee, arguments[0]);
    }
    if (callee->kind == NEST_METHOD && count == 2 && strcmp(callee->name, "append") == 0)
        return append(w, arguments[0], arguments[1]) ? node_new(w, NEST_UNKNOWN) : NULL;
    const struct nest_node *result = callee->kind == NEST_BUILTIN ? call_builtin(w, callee->name, arguments, count) : NULL;
    if (!result)
        refuse_call(w, callee);
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
        return push(w, walk_variable_now(w, walk_local_variable(w, instruction->argument)));
    if (instruction->role == ARGUMENT_CONSTANT)
        return push_constant(w, instruction->argument);
    if (instruction->role == ARGUMENT_LOCAL_RESULT)
        return walk_variable_assign(w, walk_local_variable(w, instruction->argument), pop(w));
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
    const char *name = w->scope->code->names[instruction->argument].text;
    const struct nest_node *object = pop(w);
    const char *of = strcmp(name, "append") == 0 ? NULL : name_of(w, object);
    struct nest_node *method = node_of(w, NEST_METHOD, object, NULL);
    method->name = of ? arena_printf(w->arena, "%s.%s", of, name) : name;
    return push(w, method) && push(w, object);
}

static bool walk_attribute(struct walker *w, const struct instruction *instruction)
{
    struct nest_node *attribute = node_of(w, NEST_ATTRIBUTE, pop(w), NULL);
    attribute->name = w->scope->code->names[instruction->argument].text;
    if (w->nest->attribute_count == NEST_MAX_ATTRIBUTES)
        return fail(w, "it uses too many attributes");
    w->nest->attributes[w->nest->attribute_count++] = attribute;
    return !w->reason && push(w, attribute);
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

static bool walk_compare(struct walker *w, enum op op)
{
    const struct nest_node *b = pop(w), *a = pop(w);
    struct nest_node *node = node_of(w, NEST_COMPARE, a, b);
    node->op = op;
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
    return walk_variable_assign(w, walk_local_variable(w, instruction->argument), pop(w));
}

static bool walk_closure(struct walker *w, const struct instruction *instruction)
{
    struct nest_node *cell = node_new(w, NEST_CELL);
    cell->index = walk_local_variable(w, instruction->argument);
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

static bool is_int_constant(const struct nest_node *node, int64_t *number)
{
    if (node->kind != NEST_CONSTANT || !node->code || node->code->constants[node->index].kind != CONSTANT_INT)
        return false;
    *number = node->code->constants[node->index].integer;
    return true;
}

static bool walk_binary_item(struct walker *w)
{
    const struct nest_node *key = pop(w), *list = pop(w);
    int64_t index;
    if (list->kind == NEST_TUPLE && is_int_constant(key, &index)) { /* of the numbers that zip or enumerate give */
        index += index < 0 ? (int64_t)list->index : 0;
        bool is_there = index >= 0 && index < (int64_t)list->index;
        return is_there ? push(w, list->items[index]) : fail(w, "it is beyond the end of a tuple");
    }
    w->nest->reads_behind |= w->store_count > 0;
    const struct nest_node *item = node_of(w, NEST_ITEM, list, key);
    return !w->reason && push(w, item);
}

/* One instruction that neither begins nor ends a loop. */
bool walk_instruction(struct walker *w, const struct instruction *instruction)
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
        return push(w, walk_variable_now(w, walk_local_variable(w, instruction->argument)));
    case OP_store_cell:
        return walk_store_cell(w, instruction);
    case OP_load_closure:
        return walk_closure(w, instruction);
    case OP_load_name:
        return is_module_level(w) ? push_global(w, instruction->argument) : fail(w, "it stands in a class body");
    case OP_store_name:
        return is_module_level(w) ? walk_variable_assign(w, walk_global_variable(w, instruction->argument), pop(w))
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
    case OP_load_attr:
        return walk_attribute(w, instruction);
    case OP_load_method:
        return walk_method(w, instruction);
    case OP_store_attr:
        return fail_about(w, "it stores an attribute; a local variable or a list would do",
                          w->scope->code->names[instruction->argument].text);
    case OP_build_slice:
        return fail(w, "it takes a slice in each round; indices would do");
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
        if (op >= OP_lt && op <= OP_ge)
            return walk_compare(w, op);
        return fail(w, op_infos[op].flags & OP_TERMINATOR || (op >= OP_lt && op <= OP_not_in)
                           ? "it has a branch"
                           : "it does something else than arithmetic");
    }
}

/* At the jump back of the loop opened last. */
static bool close_loop(struct walker *w, uint32_t at, int open)
{
    const struct code *code = w->scope->code;
    const struct instruction *jump = &code->instructions[at];
    struct open_loop *loop = innermost(w);
    if (w->open_count <= open || jump->target != loop->header || (jump->op == OP_jump) != !loop->condition)
        return fail(w, "it has a branch");
    uint32_t exit = loop->condition ? NO_BLOCK : code->instructions[code->blocks[jump->target].first].target;
    bool is_while = loop->condition;
    if (!walk_loop_close(w))
        return false;
    if (is_while || (w->open_count == open && w->scope->number == 0))
        return true;
    return (exit != NO_BLOCK && code->blocks[exit].first == at + 1) || fail(w, "it is left in another way than by its end");
}

/* From `at` until the loop begun there is closed, or (open 0) until the code returns. */
static bool walk_loops(struct walker *w, uint32_t at, int open)
{
    const struct code *code = w->scope->code;
    while (at < code->instruction_count) {
        const struct instruction *instruction = &code->instructions[at];
        const struct open_loop *loop = innermost(w);
        bool walked, closes = instruction->op == OP_jump;
        w->line = instruction->line;
        if (instruction->op == OP_jump_if_true && loop && loop->condition && loop->scope == w->scope->number &&
            instruction->target == loop->header)
            closes = true;
        if (closes) {
            walked = close_loop(w, at, open);
            if (walked && w->open_count == open && w->scope->number == 0)
                return true;
        } else if (instruction->op == OP_for_iter) {
            walked = walk_loop_open(w, at);
        } else if (is_branch(instruction) && nest_while_end(code, at)) {
            walked = walk_while_open(w, at);
        } else if (is_branch(instruction)) {
            if (!walk_branch(w, &at))
                return false;
            continue; /* where its arms meet */
        } else if (instruction->op == OP_return) {
            return w->open_count == open && w->scope->number ? true : fail(w, "it returns");
        } else {
            walked = walk_instruction(w, instruction);
        }
        if (!walked)
            return false;
        at++;
    }
    return fail(w, "it is left in another way than by its end");
}

/* A comprehension's result, or what a generator expression yields each round; *walked: its scope. NULL: no. */
static const struct nest_node *walk_function(struct walker *w, const struct nest_node *function,
                                             const struct nest_node *iterator, const struct scope **walked)
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
    uint32_t parameter = walk_local_variable(w, 0);
    bool lenient = w->lenient;
    w->lenient = false;
    bool done = walk_variable_assign(w, parameter, iterator) && walk_loops(w, 0, w->open_count);
    w->lenient = lenient;
    *walked = scope;
    const struct nest_node *result = code->flags & CODE_GENERATOR ? scope->yielded : scope->depth ? pop(w) : NULL;
    w->scope = outer;
    return done ? result : NULL;
}

/* ---- finding them ---- */

static bool is_reduction(const struct nest_node *callee)
{
    return callee->kind == NEST_BUILTIN &&
           (strcmp(callee->name, "sum") == 0 || strcmp(callee->name, "max") == 0 || strcmp(callee->name, "min") == 0);
}

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
        bool reduces = passed->op == OP_call && (callee = entry_at(w, passed->argument + 1)) && is_reduction(*callee);
        if (!is_comprehension && !reduces && walk_instruction(w, passed))
            continue;
        w->reason = w->subject = NULL;
        kept.variable_count = w->nest->variable_count;
        kept.builtin_count = w->nest->builtin_count;
        *w->nest = kept;
        w->scope->depth = before > passed->pops ? before - passed->pops : 0;
        for (uint32_t k = 0; k < passed->pushes; k++)
            push(w, node_new(w, NEST_UNKNOWN));
    }
    w->reason = w->subject = NULL;
    w->store_count = w->computed_count = 0;
}

static void walk_statement(struct walker *w, uint32_t instruction)
{
    const struct instruction *begin = &w->scope->code->instructions[instruction];
    bool is_while = begin->op == OP_jump_if_false;
    if ((is_while || walk_instruction(w, begin)) && walk_loops(w, instruction + !is_while, 0))
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

/* A call of a comprehension's function, or of sum, max or min, whose nodes are on the stack. */
static bool is_candidate_call(struct walker *w, uint32_t count)
{
    if (w->scope->depth < (int)count + 2)
        return false;
    const struct nest_node *const *window = &w->scope->stack[w->scope->depth - (int)count - 2];
    if (window[0]->kind == NEST_FUNCTION)
        return count == 0 && window[1]->kind == NEST_ITERATOR && !(window[0]->code->flags & CODE_GENERATOR);
    return window[0]->kind == NEST_NULL && is_reduction(window[1]) && (count == 1 || (count == 2 && window[1]->name[0] == 's'));
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
    w.scope->code = w.code = code;
    walk_before(&w, instruction);
    enum op op = (enum op)code->instructions[instruction].op;
    bool is_call = op == OP_call || op == OP_call_function;
    if (is_call && !is_candidate_call(&w, code->instructions[instruction].argument))
        return NULL;
    w.nest->builtin_count = is_call && w.nest->builtin_count ? w.nest->builtin_count : 0;
    if (is_call)
        walk_expression(&w, instruction);
    else
        walk_statement(&w, instruction);
    if (!w.nest->idiom && w.reason) {
        w.nest->reason = w.reason;
        w.nest->subject = w.subject;
        w.nest->reason_line = w.reason_line;
    }
    return w.nest->idiom || (w.nest->near && w.nest->reason) ? w.nest : NULL;
}

static bool loads_reduction(const struct code *code, const struct instruction *load)
{
    if (load->op != OP_load_name && load->op != OP_load_global && load->op != OP_load_global_null)
        return false;
    const struct code_string *name = &code->names[load->argument];
    return name->size == 3 &&
           (memcmp(name->text, "sum", 3) == 0 || memcmp(name->text, "max", 3) == 0 || memcmp(name->text, "min", 3) == 0);
}

/* `prepared`: a function was made in the block, or sum, max or min loaded. */
static bool may_begin(const struct code *code, uint32_t instruction, bool prepared)
{
    const struct instruction *begin = &code->instructions[instruction];
    if (begin->depth < 0)
        return false;
    if (begin->op == OP_call || begin->op == OP_call_function)
        return prepared;
    if (begin->op == OP_jump_if_false)
        return nest_while_end(code, instruction) != 0;
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
        prepared |= code->instructions[i].op == OP_make_function || loads_reduction(code, &code->instructions[i]);
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
