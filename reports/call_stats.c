/* call_stats.c - functions and edges of a call tree, with recursion as cProfile counts it: cumulative figures only where the
 * function (for edges: the edge) is not above already. */
#include "reports/call_report.h"

#include <stdlib.h>
#include <string.h>

static void add_own(struct call_cost *cost, const struct calltree_node *node)
{
    cost->calls += node->calls;
    cost->cycles += node->cycles;
    cost->instructions += node->instructions;
}

static void add_all(struct call_cost *cost, const struct calltree_node *node)
{
    cost->primitive += node->calls;
    cost->all_cycles += node->all_cycles;
    cost->all_instructions += node->all_instructions;
}

static uint32_t caller_of(const struct calltree *tree, uint32_t node)
{
    return tree->nodes[tree->nodes[node].parent].function;
}

/* The same caller called the same function further up. */
static bool edge_is_above(const struct calltree *tree, uint32_t index)
{
    uint32_t function = tree->nodes[index].function, caller = caller_of(tree, index);
    if (!tree->nodes[index].recursive)
        return false;
    if (tree->nodes[index].target != index)
        return true;
    for (uint32_t at = tree->nodes[index].parent; at; at = tree->nodes[at].parent)
        if (tree->nodes[at].function == function && caller_of(tree, at) == caller)
            return true;
    return false;
}

static int compare_edges(const void *a, const void *b)
{
    const struct call_edge *left = a, *right = b;
    if (left->callee != right->callee)
        return left->callee < right->callee ? -1 : 1;
    return left->caller < right->caller ? -1 : left->caller > right->caller;
}

static void cost_add(struct call_cost *to, const struct call_cost *from)
{
    to->calls += from->calls;
    to->primitive += from->primitive;
    to->cycles += from->cycles;
    to->all_cycles += from->all_cycles;
    to->instructions += from->instructions;
    to->all_instructions += from->all_instructions;
}

void call_stats_build(const struct calltree *tree, struct call_stats *stats)
{
    *stats = (struct call_stats){.tree = tree};
    stats->functions = calloc(tree->function_count + 1u, sizeof *stats->functions);
    stats->edges = calloc(tree->node_count + 1u, sizeof *stats->edges);
    if (!stats->functions || !stats->edges)
        abort();
    for (uint32_t i = 1; i < tree->node_count; i++) {
        const struct calltree_node *node = &tree->nodes[i];
        struct call_edge *edge = &stats->edges[stats->edge_count++];
        *edge = (struct call_edge){.caller = caller_of(tree, i), .callee = node->function};
        add_own(&stats->functions[node->function], node);
        add_own(&edge->cost, node);
        add_own(&stats->total, node);
        if (!node->recursive)
            add_all(&stats->functions[node->function], node);
        if (!edge_is_above(tree, i))
            add_all(&edge->cost, node);
        stats->total.primitive += node->recursive ? 0 : node->calls;
    }
    if (!stats->edge_count)
        return;
    qsort(stats->edges, stats->edge_count, sizeof *stats->edges, compare_edges);
    uint32_t kept = 0;
    for (uint32_t i = 1; i < stats->edge_count; i++) {
        if (compare_edges(&stats->edges[kept], &stats->edges[i]) == 0)
            cost_add(&stats->edges[kept].cost, &stats->edges[i].cost);
        else
            stats->edges[++kept] = stats->edges[i];
    }
    stats->edge_count = kept + 1;
}

void call_stats_free(struct call_stats *stats)
{
    free(stats->functions);
    free(stats->edges);
}
