/* code_updates.c - statements that update a variable, found by following the operand stack through the bytecode: what is stored is
 * an operator's result, and one of its operands was loaded from where it is stored. Expressions are compared as trees: a name
 * is itself, `a[i]` is `a[i]`. */
#include "sim/dependence/code_map.h"

#include <string.h>

enum node_kind { NODE_UNKNOWN, NODE_LOCAL, NODE_CELL, NODE_NAME, NODE_CONSTANT, NODE_ATTRIBUTE, NODE_ITEM, NODE_BINARY,
                 NODE_COMPARE, NODE_METHOD, NODE_CALL, NODE_TUPLE };

struct node {
    enum node_kind kind;
    uint32_t instruction;
    uint32_t op, argument;   /* argument: which local, cell, name, constant */
    uint32_t children[3];    /* nodes; 0: none */
};

struct follower {
    struct code_map *map;
    const struct code *code;
    struct arena *arena, *scratch; /* what stays; what is needed only here */
    struct node *nodes;      /* [0] is unknown */
    uint32_t node_count, node_capacity;
    uint32_t *stack, depth, room;
    uint32_t condition, condition_jump; /* what the block before this one branched on, when this follows the false way round it */
    uint32_t update_capacity;
};

static uint32_t add_node(struct follower *follower, struct node node)
{
    if (follower->node_count == follower->node_capacity) {
        uint32_t capacity = 2 * follower->node_capacity;
        struct node *grown = ARENA_ROOM(follower->scratch, struct node, capacity);
        memcpy(grown, follower->nodes, follower->node_count * sizeof *grown);
        follower->nodes = grown;
        follower->node_capacity = capacity;
    }
    follower->nodes[follower->node_count] = node;
    return follower->node_count++;
}

static void push(struct follower *follower, uint32_t node)
{
    if (follower->depth < follower->room)
        follower->stack[follower->depth++] = node;
}

static uint32_t pop(struct follower *follower)
{
    return follower->depth ? follower->stack[--follower->depth] : 0;
}

/* The entry `number` below the top, 1 = the top. */
static uint32_t peek(const struct follower *follower, uint32_t number)
{
    return number && number <= follower->depth ? follower->stack[follower->depth - number] : 0;
}

static bool same_tree(const struct follower *follower, uint32_t a, uint32_t b)
{
    const struct node *left = &follower->nodes[a], *right = &follower->nodes[b];
    if (a == b)
        return a != 0;
    if (!a || !b || left->kind != right->kind || left->op != right->op || left->argument != right->argument)
        return false;
    switch (left->kind) {
    case NODE_LOCAL: case NODE_CELL: case NODE_NAME: case NODE_CONSTANT:
        return true;
    case NODE_ATTRIBUTE:
        return same_tree(follower, left->children[0], right->children[0]);
    case NODE_ITEM: case NODE_BINARY:
        return same_tree(follower, left->children[0], right->children[0]) &&
               same_tree(follower, left->children[1], right->children[1]);
    case NODE_TUPLE: /* argument: how many */
        for (uint32_t i = 0; i < left->argument; i++)
            if (!same_tree(follower, left->children[i], right->children[i]))
                return false;
        return true;
    case NODE_UNKNOWN: case NODE_COMPARE: case NODE_METHOD: case NODE_CALL:
        return false;
    }
    return false;
}

/* ---- recognising updates ---- */

static bool operator_of(uint32_t op, enum update_operator *operator, bool *commutes)
{
    *commutes = true;
    switch (op) {
    case OP_sub: case OP_isub:
        *commutes = false;
        *operator = UPDATE_ADD;
        return true;
    case OP_add: case OP_iadd:
        *operator = UPDATE_ADD;
        return true;
    case OP_mul: case OP_imul:
        *operator = UPDATE_MULTIPLY;
        return true;
    case OP_and: case OP_iand:
        *operator = UPDATE_AND;
        return true;
    case OP_or: case OP_ior:
        *operator = UPDATE_OR;
        return true;
    case OP_xor: case OP_ixor:
        *operator = UPDATE_XOR;
        return true;
    default:
        return false;
    }
}

static bool is_name(const struct follower *follower, uint32_t node, const char *name)
{
    const struct node *n = &follower->nodes[node];
    return n->kind == NODE_NAME && strcmp(follower->code->names[n->argument].text, name) == 0;
}

/* d.get(k, ...) reads what d[k] = ... writes. */
static bool reads_by_get(const struct follower *follower, uint32_t node, uint32_t place)
{
    const struct node *call = &follower->nodes[node], *item = &follower->nodes[place];
    const struct node *method = &follower->nodes[call->children[0]];
    return call->kind == NODE_CALL && item->kind == NODE_ITEM && method->kind == NODE_METHOD &&
           strcmp(follower->code->names[method->argument].text, "get") == 0 &&
           same_tree(follower, method->children[0], item->children[0]) &&
           same_tree(follower, call->children[1], item->children[1]);
}

struct found {
    uint32_t load, first; /* first: where a register machine may read it already */
    enum update_operator operator;
    bool constant_step;
};

/* `value` is `place` with something added, multiplied, ... to it: along the spine of one operator. */
static bool find_operator(const struct follower *follower, uint32_t value, uint32_t place, struct found *found)
{
    const struct node *node = &follower->nodes[value];
    if (node->kind == NODE_CALL) {
        bool is_max = is_name(follower, node->children[0], "max"), is_min = is_name(follower, node->children[0], "min");
        for (int i = 1; (is_max || is_min) && i < 3; i++)
            if (same_tree(follower, node->children[i], place)) {
                uint32_t load = follower->nodes[node->children[i]].instruction;
                *found = (struct found){load, follower->nodes[node->children[0]].instruction, is_max ? UPDATE_MAX : UPDATE_MIN,
                                        false};
                return true;
            }
        return false;
    }
    enum update_operator operator, inner;
    bool commutes, inner_commutes;
    if (node->kind != NODE_BINARY || !operator_of(node->op, &operator, &commutes))
        return false;
    for (int i = 0; i < (commutes ? 2 : 1); i++) {
        uint32_t child = node->children[i], other = node->children[1 - i];
        if (same_tree(follower, child, place) || reads_by_get(follower, child, place)) {
            bool constant = operator == UPDATE_ADD && follower->nodes[other].kind == NODE_CONSTANT;
            uint32_t load = follower->nodes[child].instruction;
            *found = (struct found){load, load, operator, constant};
            return true;
        }
        if (follower->nodes[child].kind == NODE_BINARY && operator_of(follower->nodes[child].op, &inner, &inner_commutes) &&
            inner == operator && find_operator(follower, child, place, found)) {
            found->constant_step = false;
            return true;
        }
    }
    return false;
}

/* `if value > place: place = value`, the other way round, or with <. */
static bool find_choice(const struct follower *follower, uint32_t value, uint32_t place, struct found *found)
{
    const struct node *compare = &follower->nodes[follower->condition];
    if (compare->kind != NODE_COMPARE)
        return false;
    bool greater = compare->op == OP_gt || compare->op == OP_ge, less = compare->op == OP_lt || compare->op == OP_le;
    for (int i = 0; i < 2 && (greater || less); i++)
        if (same_tree(follower, compare->children[i], place) && same_tree(follower, compare->children[1 - i], value)) {
            bool is_max = i == 0 ? less : greater;
            uint32_t load = follower->nodes[compare->children[i]].instruction;
            *found = (struct found){load, load, is_max ? UPDATE_MAX : UPDATE_MIN, false};
            return true;
        }
    return false;
}

/* Between an update's load and its store the variable is read once. */
static bool read_once(const struct code *code, uint32_t load, uint32_t store, uint32_t local)
{
    uint32_t reads = 0;
    for (uint32_t i = load; i <= store; i++)
        reads += code->instructions[i].role == ARGUMENT_LOCAL && code->instructions[i].argument == local;
    return reads == 1;
}

static void add_update(struct follower *follower, struct code_update update, uint32_t first_read, uint32_t last_read)
{
    struct code_map *map = follower->map;
    bool local = update.kind == VARIABLE_LOCAL;
    if (update.load > update.store || (local && !read_once(map->code, update.load, last_read, update.local)))
        return;
    if (map->update_count == follower->update_capacity) {
        uint32_t capacity = follower->update_capacity ? 2 * follower->update_capacity : 16;
        struct code_update *grown = ARENA_ROOM(follower->arena, struct code_update, capacity);
        if (map->update_count)
            memcpy(grown, map->updates, map->update_count * sizeof *grown);
        map->updates = grown;
        follower->update_capacity = capacity;
    }
    map->updates[map->update_count++] = update;
    /* A local may be an operand of the instruction itself, or be written by it. */
    for (uint32_t i = local ? first_read : update.load; i <= (local ? last_read : update.load); i++)
        map->update_read[i] = map->update_count;
    for (uint32_t i = local && last_read == update.store ? update.load : update.store; i <= update.store; i++)
        map->update_write[i] = map->update_count;
}

/* `place` is what the store at `store` writes, as a tree that would read it. */
static void check_store(struct follower *follower, uint32_t value, uint32_t place, uint32_t store)
{
    static const enum variable_kind kinds[] = {[NODE_LOCAL] = VARIABLE_LOCAL, [NODE_CELL] = VARIABLE_CELL,
                                               [NODE_NAME] = VARIABLE_NAME, [NODE_ATTRIBUTE] = VARIABLE_ATTRIBUTE,
                                               [NODE_ITEM] = VARIABLE_ITEM};
    struct found found;
    const struct node *written = &follower->nodes[place];
    uint32_t last_read = store;
    if (find_choice(follower, value, place, &found))
        last_read = follower->condition_jump;
    else if (!find_operator(follower, value, place, &found))
        return;
    add_update(follower, (struct code_update){.load = found.load, .store = store, .operator = found.operator,
                                              .kind = kinds[written->kind], .constant_step = found.constant_step,
                                              .local = written->kind == NODE_LOCAL ? written->argument : 0},
               found.first, last_read);
}

/* ---- following the stack ---- */

static void store_to(struct follower *follower, enum node_kind kind, uint32_t argument, uint32_t at)
{
    uint32_t value = pop(follower);
    check_store(follower, value, add_node(follower, (struct node){.kind = kind, .argument = argument}), at);
}

static void follow_store(struct follower *follower, const struct instruction *instruction, uint32_t at)
{
    uint32_t key = 0, container, value;
    switch (instruction->op) {
    case OP_store_item:
        key = pop(follower);
        container = pop(follower);
        value = pop(follower);
        check_store(follower, value, add_node(follower, (struct node){.kind = NODE_ITEM, .children = {container, key}}), at);
        return;
    case OP_store_attr:
        container = pop(follower);
        value = pop(follower);
        check_store(follower, value, add_node(follower, (struct node){.kind = NODE_ATTRIBUTE, .argument = instruction->argument,
                                                                      .children = {container}}), at);
        return;
    case OP_store_cell:
        store_to(follower, NODE_CELL, instruction->argument, at);
        return;
    default:
        store_to(follower, instruction->role == ARGUMENT_LOCAL_RESULT ? NODE_LOCAL : NODE_NAME, instruction->argument, at);
        return;
    }
}

static void push_load(struct follower *follower, enum node_kind kind, uint32_t argument, uint32_t at, uint32_t child)
{
    push(follower, add_node(follower, (struct node){.kind = kind, .argument = argument, .instruction = at, .children = {child}}));
}

static void follow_move(struct follower *follower, const struct instruction *instruction, uint32_t at)
{
    if (instruction->role == ARGUMENT_LOCAL)
        push_load(follower, NODE_LOCAL, instruction->argument, at, 0);
    else if (instruction->role == ARGUMENT_CONSTANT)
        push_load(follower, NODE_CONSTANT, instruction->argument, at, 0);
    else if (instruction->role == ARGUMENT_DEPTH)
        push(follower, peek(follower, instruction->argument));
    else
        follow_store(follower, instruction, at);
}

static void follow_call(struct follower *follower, const struct instruction *instruction, uint32_t at)
{
    struct node call = {.kind = NODE_CALL, .instruction = at, .argument = instruction->argument};
    uint32_t count = instruction->argument;
    uint32_t method = peek(follower, count + 2);
    call.children[0] = follower->nodes[method].kind == NODE_METHOD ? method : peek(follower, count + 1);
    for (uint32_t i = 0; i < count && i < 2; i++)
        call.children[1 + i] = peek(follower, count - i);
    for (uint32_t i = 0; i < count + 2; i++)
        pop(follower);
    push(follower, add_node(follower, call));
}

static void follow_pair(struct follower *follower, enum node_kind kind, const struct instruction *instruction, uint32_t at)
{
    uint32_t right = pop(follower), left = pop(follower);
    push(follower, add_node(follower, (struct node){.kind = kind, .op = kind == NODE_ITEM ? 0 : instruction->op, .instruction = at,
                                                    .children = {left, right}}));
}

/* A key of several parts. */
static void follow_tuple(struct follower *follower, const struct instruction *instruction, uint32_t at)
{
    struct node tuple = {.kind = NODE_TUPLE, .instruction = at, .argument = instruction->argument};
    for (uint32_t i = instruction->argument; i-- > 0;)
        tuple.children[i] = pop(follower);
    push(follower, add_node(follower, tuple));
}

static void follow(struct follower *follower, const struct instruction *instruction, uint32_t at)
{
    uint32_t object;
    switch (instruction->op) {
    case OP_move: case OP_checked:
        follow_move(follower, instruction, at);
        return;
    case OP_swap:
        if (instruction->argument <= follower->depth && follower->depth) {
            uint32_t *top = &follower->stack[follower->depth - 1];
            uint32_t *other = &follower->stack[follower->depth - instruction->argument];
            uint32_t kept = *top;
            *top = *other;
            *other = kept;
        }
        return;
    case OP_load_name: case OP_load_global: case OP_load_global_null:
        if (instruction->op == OP_load_global_null)
            push(follower, 0);
        push_load(follower, NODE_NAME, instruction->argument, at, 0);
        return;
    case OP_load_cell: case OP_load_class_cell:
        push_load(follower, NODE_CELL, instruction->argument, at, 0);
        return;
    case OP_load_attr:
        push_load(follower, NODE_ATTRIBUTE, instruction->argument, at, pop(follower));
        return;
    case OP_load_method:
        object = pop(follower);
        push_load(follower, NODE_METHOD, instruction->argument, at, object);
        push(follower, object);
        return;
    case OP_load_item:
        follow_pair(follower, NODE_ITEM, instruction, at);
        return;
    case OP_call: case OP_call_function:
        follow_call(follower, instruction, at);
        return;
    case OP_build_tuple:
        if (instruction->argument > 3)
            break;
        follow_tuple(follower, instruction, at);
        return;
    case OP_store_item: case OP_store_attr: case OP_store_cell: case OP_store_name: case OP_store_global:
        follow_store(follower, instruction, at);
        return;
    default:
        break;
    }
    if (instruction->op >= OP_add && instruction->op <= OP_ixor) {
        follow_pair(follower, NODE_BINARY, instruction, at);
        return;
    }
    if (instruction->op >= OP_lt && instruction->op <= OP_ge) {
        follow_pair(follower, NODE_COMPARE, instruction, at);
        return;
    }
    for (uint32_t i = 0; i < instruction->pops; i++)
        pop(follower);
    for (uint32_t i = 0; i < instruction->pushes; i++)
        push(follower, 0);
}

/* The stack as the block before left it. Where ways join, the top may be one of several values. */
static void enter_block(struct follower *follower, uint32_t block, bool is_target)
{
    uint32_t depth = follower->code->blocks[block].entry_depth < 0 ? 0 : (uint32_t)follower->code->blocks[block].entry_depth;
    bool falls_in = block && follower->code->blocks[block - 1].fallthrough == block;
    if (!falls_in && !is_target)
        follower->depth = 0;
    if (follower->depth > depth)
        follower->depth = depth;
    while (follower->depth < depth && follower->depth < follower->room)
        push(follower, 0);
    if (is_target && follower->depth)
        follower->stack[follower->depth - 1] = 0;
    if (!falls_in || is_target)
        follower->condition = 0;
}

void code_map_find_updates(struct code_map *map, struct arena *arena)
{
    const struct code *code = map->code;
    struct arena *scratch = arena_new();
    struct follower follower = {.map = map, .code = code, .arena = arena, .scratch = scratch, .node_capacity = 256,
                                .room = code->stack_size + 8};
    follower.nodes = ARENA_ARRAY(scratch, struct node, follower.node_capacity);
    follower.node_count = 1;
    follower.stack = ARENA_ARRAY(scratch, uint32_t, follower.room);
    map->update_read = ARENA_ARRAY(arena, uint32_t, code->instruction_count + 1);
    map->update_write = ARENA_ARRAY(arena, uint32_t, code->instruction_count + 1);
    uint8_t *is_target = ARENA_ARRAY(scratch, uint8_t, code->block_count + 1);
    for (uint32_t i = 0; i < code->block_count; i++)
        if (code->blocks[i].target != NO_BLOCK)
            is_target[code->blocks[i].target] = 1;
    for (uint32_t b = 0; b < code->block_count; b++) {
        const struct block *block = &code->blocks[b];
        enter_block(&follower, b, is_target[b]);
        uint32_t condition = 0;
        for (uint32_t i = block->first; i < block->first + block->count; i++) {
            if (code->instructions[i].op == OP_jump_if_false)
                condition = peek(&follower, 1);
            follow(&follower, &code->instructions[i], i);
        }
        follower.condition = condition;
        follower.condition_jump = block->first + block->count - 1;
    }
    arena_free(scratch);
}
