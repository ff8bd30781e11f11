/* code_map.c - loops. Python's control flow is reducible: a loop is what reaches a backward jump without passing its target. */
#include "sim/dependence/code_map.h"

#include <stdlib.h>
#include <string.h>

const char *const update_operator_names[UPDATE_OPERATORS] = {"+", "*", "&", "|", "^", "max", "min", "append", "insert"};
const char *const variable_kind_names[VARIABLE_KINDS] = {"local", "name", "cell", "attribute", "item", "state"};

enum { SUCCESSORS = 3 };

struct flow { /* of one code object */
    const struct code *code;
    struct arena *arena;             /* of what is needed only here */
    uint32_t *first, *predecessors;  /* of block b: predecessors[first[b] .. first[b + 1]) */
    uint32_t *pending;
    struct natural { uint32_t header, size; uint8_t *members; } *loops;
    uint32_t loop_count;
};

static uint32_t successors(const struct code *code, uint32_t block, uint32_t next[SUCCESSORS])
{
    const struct block *b = &code->blocks[block];
    uint32_t count = 0;
    if (b->fallthrough != NO_BLOCK)
        next[count++] = b->fallthrough;
    if (b->target != NO_BLOCK)
        next[count++] = b->target;
    if (b->handler != NO_BLOCK)
        next[count++] = code->handlers[b->handler].target;
    return count;
}

static void find_predecessors(struct flow *flow)
{
    uint32_t count = flow->code->block_count, next[SUCCESSORS];
    flow->first = ARENA_ARRAY(flow->arena, uint32_t, count + 1);
    flow->predecessors = ARENA_ARRAY(flow->arena, uint32_t, SUCCESSORS * count);
    flow->pending = ARENA_ARRAY(flow->arena, uint32_t, count + 1);
    uint32_t *fill = ARENA_ARRAY(flow->arena, uint32_t, count + 1);
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t k = successors(flow->code, i, next); k-- > 0;)
            flow->first[next[k] + 1]++;
    for (uint32_t i = 0; i < count; i++)
        flow->first[i + 1] += flow->first[i];
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t k = successors(flow->code, i, next); k-- > 0;)
            flow->predecessors[flow->first[next[k]] + fill[next[k]]++] = i;
}

/* The natural loop of `header`, all its backward jumps together. False: there is none. */
static bool find_natural(struct flow *flow, uint32_t header, struct natural *loop)
{
    uint32_t count = 0;
    const struct block *first = &flow->code->blocks[header];
    if (flow->code->instructions[first->first + first->count - 1].op == OP_send)
        return false; /* `yield from` and `await` wait in one */
    *loop = (struct natural){.header = header, .size = 1};
    loop->members = ARENA_ARRAY(flow->arena, uint8_t, flow->code->block_count);
    loop->members[header] = 1;
    for (uint32_t i = header; i < flow->code->block_count; i++)
        if (flow->code->blocks[i].target == header && flow->code->blocks[i].entry_depth >= 0 && !loop->members[i]) {
            loop->members[i] = 1;
            flow->pending[count++] = i;
        }
    bool jumps_to_itself = flow->code->blocks[header].target == header;
    if (!count && !jumps_to_itself)
        return false;
    while (count) {
        uint32_t block = flow->pending[--count];
        loop->size++;
        for (uint32_t k = flow->first[block]; k < flow->first[block + 1]; k++) {
            uint32_t before = flow->predecessors[k];
            if (loop->members[before] || flow->code->blocks[before].entry_depth < 0)
                continue;
            loop->members[before] = 1;
            flow->pending[count++] = before;
        }
    }
    return header == 0 || !loop->members[0];
}

/* The last block that jumps back to the loop's header. */
static uint32_t last_tail(const struct code *code, const struct natural *loop)
{
    uint32_t i = code->block_count - 1;
    while (i > loop->header && (code->blocks[i].target != loop->header || !loop->members[i]))
        i--;
    return i;
}

static bool same_place(const struct instruction *a, const struct instruction *b)
{
    return a->op == b->op && a->line == b->line && a->column == b->column && a->end_column == b->end_column && a->column >= 0;
}

/* `continue` goes to a while statement's first test, the end of its body has a copy of it: two backward targets, one loop, whose
 * iterations begin at the body's first block. (When a loop only begins with another one's test, it goes back behind that one.) */
static void merge_tests(struct flow *flow)
{
    const struct code *code = flow->code;
    for (uint32_t outer = 0; outer < flow->loop_count; outer++) {
        const struct instruction *test = &code->instructions[code->blocks[flow->loops[outer].header].first];
        if (test->op == OP_for_iter)
            continue;
        for (uint32_t inner = 0; inner < flow->loop_count; inner++) {
            struct natural *body = &flow->loops[inner];
            bool copied = false;
            if (inner == outer || !body->size || !flow->loops[outer].members[body->header] ||
                last_tail(code, &flow->loops[outer]) > last_tail(code, body))
                continue;
            for (uint32_t i = 0; i < code->instruction_count && !copied; i++)
                copied = body->members[code->instructions[i].block] && same_place(test, &code->instructions[i]);
            if (!copied || !flow->loops[outer].size)
                continue;
            body->members = flow->loops[outer].members;
            body->size = flow->loops[outer].size;
            flow->loops[outer].size = 0; /* gone */
        }
    }
}

static int compare_sizes(const void *a, const void *b)
{
    const struct natural *left = a, *right = b;
    if (left->size != right->size)
        return left->size > right->size ? -1 : 1;
    return left->header < right->header ? -1 : left->header > right->header;
}

/* The line of the loop's test; of a loop without one, its first statement's. */
static uint32_t loop_line(const struct code *code, const struct natural *loop, bool is_for)
{
    const struct block *header = &code->blocks[loop->header];
    int32_t line = code->instructions[is_for ? header->first + header->count - 1 : header->first].line;
    for (uint32_t i = 0; i < code->block_count && !is_for; i++) {
        const struct instruction *last = &code->instructions[code->blocks[i].first + code->blocks[i].count - 1];
        if (loop->members[i] && code->blocks[i].target == loop->header && last->op != OP_jump)
            line = last->line;
    }
    return line < 0 ? code->first_line : (uint32_t)line;
}

/* The block is outside the loop, and more than the way out of an exception. */
static bool is_way_out(const struct code *code, const struct natural *loop, uint32_t block)
{
    if (block == NO_BLOCK || loop->members[block])
        return false;
    uint16_t last = code->instructions[code->blocks[block].first + code->blocks[block].count - 1].op;
    return last != OP_reraise && last != OP_raise;
}

/* It is left from elsewhere than its header, exceptions apart. */
static bool is_left_inside(const struct code *code, const struct natural *loop)
{
    for (uint32_t i = 0; i < code->block_count; i++) {
        const struct block *block = &code->blocks[i];
        if (loop->members[i] && i != loop->header &&
            (is_way_out(code, loop, block->fallthrough) || is_way_out(code, loop, block->target)))
            return true;
    }
    return false;
}

static void place_loops(struct code_map *map, struct flow *flow, struct arena *arena)
{
    const struct code *code = map->code;
    qsort(flow->loops, flow->loop_count, sizeof *flow->loops, compare_sizes);
    map->loops = ARENA_ARRAY(arena, struct code_loop, flow->loop_count + 1);
    for (uint32_t i = 0; i < flow->loop_count && flow->loops[i].size; i++) {
        const struct natural *natural = &flow->loops[i];
        const struct block *header = &code->blocks[natural->header];
        struct code_loop *loop = &map->loops[map->loop_count];
        *loop = (struct code_loop){.header = natural->header, .size = natural->size, .parent = map->block_loop[natural->header]};
        loop->is_for = code->instructions[header->first + header->count - 1].op == OP_for_iter;
        loop->line = loop_line(code, natural, loop->is_for);
        loop->open_end = !loop->is_for || is_left_inside(code, natural);
        if (loop->parent != NO_LOOP)
            map->loops[loop->parent].has_children = true;
        for (uint32_t b = 0; b < code->block_count; b++)
            if (natural->members[b])
                map->block_loop[b] = map->loop_count;
        map->loop_count++;
    }
}

struct code_map *code_map_new(const struct code *code, struct arena *arena)
{
    struct code_map *map = ARENA_NEW(arena, struct code_map);
    struct flow flow = {.code = code, .arena = arena_new()};
    map->code = code;
    map->block_loop = ARENA_ARRAY(arena, uint32_t, code->block_count + 1);
    memset(map->block_loop, 0xff, (code->block_count + 1u) * sizeof *map->block_loop);
    flow.loops = ARENA_ARRAY(flow.arena, struct natural, code->block_count + 1);
    uint8_t *is_header = ARENA_ARRAY(flow.arena, uint8_t, code->block_count + 1);
    for (uint32_t i = 0; i < code->block_count; i++)
        if (code->blocks[i].target != NO_BLOCK && code->blocks[i].target <= i)
            is_header[code->blocks[i].target] = 1;
    find_predecessors(&flow);
    for (uint32_t i = 0; i < code->block_count; i++)
        if (is_header[i] && find_natural(&flow, i, &flow.loops[flow.loop_count]))
            flow.loop_count++;
    merge_tests(&flow);
    place_loops(map, &flow, arena);
    arena_free(flow.arena);
    code_map_find_updates(map, arena);
    return map;
}
