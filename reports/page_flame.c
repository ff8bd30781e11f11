/* page_flame.c - call trees in a page's data. Of a large tree the contexts with the most cycles are there; what is below them is
 * one more node, so that everything still adds up. */
#include "reports/page_model.h"

#include "core/memory.h"

#include <stdlib.h>
#include <string.h>

enum { FUNCTION_ROOT = -1, FUNCTION_SMALLER = -2 };

struct flame {
    const struct calltree *tree;
    uint32_t *places;     /* by node: its place in the data plus 1; 0: left out */
    uint32_t *functions;  /* by function: the same */
    uint32_t place_count;
    struct flame_rest { uint64_t calls, cycles, instructions; } *rest; /* by node: all of its children that were left out */
    uint32_t left_out;
};

static int compare_weights(const void *a, const void *b, void *context)
{
    const struct calltree *tree = context;
    uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;
    uint64_t left = tree->nodes[i].all_cycles, right = tree->nodes[j].all_cycles;
    return left != right ? left > right ? -1 : 1 : i < j ? -1 : i > j; /* parents have smaller numbers */
}

static void choose_nodes(struct flame *flame, size_t limit)
{
    const struct calltree *tree = flame->tree;
    uint32_t *order = checked_alloc(tree->node_count, sizeof *order), kept = 0;
    for (uint32_t i = 0; i < tree->node_count; i++)
        order[i] = i;
    qsort_r(order, tree->node_count, sizeof *order, compare_weights, (void *)(uintptr_t)tree);
    for (; kept < tree->node_count && kept < limit && tree->nodes[order[kept]].all_cycles; kept++)
        flame->places[order[kept]] = 1;
    flame->places[0] = 1; /* the root, even of a program that did nothing */
    free(order);
    for (uint32_t i = 0; i < tree->node_count; i++) {
        if (flame->places[i]) {
            flame->places[i] = ++flame->place_count;
        } else if (flame->places[tree->nodes[i].parent]) {
            struct flame_rest *rest = &flame->rest[tree->nodes[i].parent];
            rest->calls += tree->nodes[i].calls;
            rest->cycles += tree->nodes[i].all_cycles;
            rest->instructions += tree->nodes[i].all_instructions;
        }
        flame->left_out += !flame->places[i] && tree->nodes[i].all_cycles;
    }
}

static void write_functions(struct json_writer *json, struct flame *flame)
{
    const struct calltree *tree = flame->tree;
    uint32_t count = 0;
    json_key(json, "functions");
    json_open(json, '[');
    for (uint32_t i = 1; i < tree->node_count; i++) {
        const struct calltree_function *function = &tree->functions[tree->nodes[i].function];
        if (!flame->places[i] || flame->functions[tree->nodes[i].function])
            continue;
        flame->functions[tree->nodes[i].function] = ++count;
        json_open(json, '[');
        json_text(json, function->file ? function->qualified_name : function->name);
        json_text(json, function->file ? page_short_file(tree, function->file) : "");
        json_number(json, function->line);
        json_number(json, function->is_script);
        json_close(json, ']');
    }
    json_close(json, ']');
}

enum node_field { NODE_PARENT, NODE_FUNCTION, NODE_CALLS, NODE_CYCLES, NODE_INSTRUCTIONS, NODE_FIELDS };

static int64_t field_of(const struct flame *flame, uint32_t node, enum node_field field)
{
    const struct calltree_node *from = &flame->tree->nodes[node];
    switch (field) {
    case NODE_PARENT:
        return (int64_t)flame->places[from->parent] - 1;
    case NODE_FUNCTION:
        return node ? (int64_t)flame->functions[from->function] - 1 : FUNCTION_ROOT;
    case NODE_CALLS:
        return (int64_t)from->calls;
    case NODE_CYCLES:
        return (int64_t)from->cycles;
    case NODE_INSTRUCTIONS:
    case NODE_FIELDS:
        break;
    }
    return (int64_t)from->instructions;
}

static int64_t rest_of(const struct flame *flame, uint32_t node, enum node_field field)
{
    const struct flame_rest *rest = &flame->rest[node];
    const int64_t values[NODE_FIELDS] = {(int64_t)flame->places[node] - 1, FUNCTION_SMALLER, (int64_t)rest->calls,
                                         (int64_t)rest->cycles, (int64_t)rest->instructions};
    return values[field];
}

static void write_nodes(struct json_writer *json, const struct flame *flame)
{
    static const char *const names[NODE_FIELDS] = {"parents", "names", "calls", "cycles", "instructions"};
    const struct calltree *tree = flame->tree;
    for (int field = 0; field < NODE_FIELDS; field++) {
        json_key(json, names[field]);
        json_open(json, '[');
        for (uint32_t i = 0; i < tree->node_count; i++)
            if (flame->places[i])
                json_signed(json, field_of(flame, i, (enum node_field)field));
        for (uint32_t i = 0; i < tree->node_count; i++)
            if (flame->rest[i].cycles)
                json_signed(json, rest_of(flame, i, (enum node_field)field));
        json_close(json, ']');
    }
}

static void write_tree(struct json_writer *json, const struct calltree *tree, size_t limit)
{
    struct flame flame = {.tree = tree, .places = checked_alloc(tree->node_count, sizeof(uint32_t)),
                          .functions = checked_alloc(tree->function_count, sizeof(uint32_t)),
                          .rest = checked_alloc(tree->node_count, sizeof(struct flame_rest))};
    choose_nodes(&flame, limit);
    json_open(json, '{');
    json_key(json, "isa");
    json_text(json, tree->isa);
    json_key(json, "left_out");
    json_number(json, flame.left_out);
    write_functions(json, &flame);
    write_nodes(json, &flame);
    json_close(json, '}');
    free(flame.places);
    free(flame.functions);
    free(flame.rest);
}

const char *page_short_file(const struct calltree *tree, const char *file)
{
    for (uint32_t i = 0; i < tree->function_count; i++) {
        const struct calltree_function *function = &tree->functions[i];
        const char *slash = function->is_script && function->file ? strrchr(function->file, '/') : NULL;
        if (!slash)
            continue;
        size_t folder = (size_t)(slash - function->file) + 1;
        return strncmp(file, function->file, folder) == 0 ? file + folder : file;
    }
    return file;
}

void page_write_flame(struct json_writer *json, const struct page_section *section, size_t node_limit)
{
    json_key(json, "runs");
    json_open(json, '[');
    for (int i = 0; i < section->count; i++)
        write_tree(json, section->trees[i], node_limit / (size_t)section->count);
    json_close(json, ']');
}
