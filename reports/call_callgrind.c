/* call_callgrind.c - the profile in callgrind's format: own costs by line, calls by the line they are made from. Where the calls of
 * one context come from several lines, its cycles are divided among them in proportion to the calls. */
#include "core/wide.h"
#include "reports/call_report.h"

#include <stdlib.h>
#include <string.h>

struct call { /* by caller, line, callee */
    uint32_t caller, line, callee;
    uint64_t calls, cycles, instructions;
};

static int compare_calls(const void *a, const void *b)
{
    const struct call *left = a, *right = b;
    if (left->caller != right->caller)
        return left->caller < right->caller ? -1 : 1;
    if (left->line != right->line)
        return left->line < right->line ? -1 : 1;
    return left->callee < right->callee ? -1 : left->callee > right->callee;
}

/* Whether the same caller called the function further up: its cycles are in those calls'. */
static bool is_inside(const struct calltree *tree, uint32_t index)
{
    const struct calltree_node *node = &tree->nodes[index];
    uint32_t caller = tree->nodes[node->parent].function;
    if (node->target != index)
        return true;
    for (uint32_t at = node->recursive ? node->parent : 0; at; at = tree->nodes[at].parent)
        if (tree->nodes[at].function == node->function && tree->nodes[tree->nodes[at].parent].function == caller)
            return true;
    return false;
}

static struct call *list_calls(const struct calltree *tree, uint32_t *count)
{
    struct call *calls = calloc(tree->site_count + 1u, sizeof *calls);
    if (!calls)
        abort();
    *count = 0;
    for (uint32_t i = 1; i < tree->node_count; i++) {
        const struct calltree_node *node = &tree->nodes[i];
        bool inside = is_inside(tree, i);
        uint64_t before = 0;
        if (!node->parent)
            continue;
        bool native_caller = !tree->functions[tree->nodes[node->parent].function].file;
        for (uint32_t s = 0; s < node->site_count; s++) {
            const struct calltree_site *site = &tree->sites[node->first_site + s];
            struct call *call = &calls[(*count)++];
            *call = (struct call){.caller = tree->nodes[node->parent].function, .line = native_caller ? 0 : site->line,
                                  .callee = node->function, .calls = site->calls};
            if (!inside) {
                call->cycles = wide_proportion(node->all_cycles, before + site->calls, node->calls) -
                               wide_proportion(node->all_cycles, before, node->calls);
                call->instructions = wide_proportion(node->all_instructions, before + site->calls, node->calls) -
                                     wide_proportion(node->all_instructions, before, node->calls);
            }
            before += site->calls;
        }
    }
    qsort(calls, *count, sizeof *calls, compare_calls);
    return calls;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* By what KCachegrind tells functions apart by: their names (with lines, as they are written here) and their files' base names. */
static int compare_functions(const void *a, const void *b)
{
    const struct calltree_function *left = *(const struct calltree_function *const *)a;
    const struct calltree_function *right = *(const struct calltree_function *const *)b;
    if (left->line != right->line)
        return left->line < right->line ? -1 : 1;
    int order = strcmp(left->qualified_name, right->qualified_name);
    return order ? order : strcmp(base_name(left->file), base_name(right->file));
}

/* For each function whether another one, of another file, would be taken for it (`__init__.py`, module level). */
static bool *find_alike(const struct calltree *tree)
{
    const struct calltree_function **sorted = calloc(tree->function_count + 1u, sizeof *sorted);
    bool *alike = calloc(tree->function_count + 1u, sizeof *alike);
    uint32_t count = 0;
    if (!sorted || !alike)
        abort();
    for (uint32_t i = 0; i < tree->function_count; i++)
        if (tree->functions[i].file)
            sorted[count++] = &tree->functions[i];
    qsort(sorted, count, sizeof *sorted, compare_functions);
    for (uint32_t i = 1; i < count; i++)
        if (compare_functions(&sorted[i - 1], &sorted[i]) == 0 && strcmp(sorted[i - 1]->file, sorted[i]->file) != 0)
            alike[sorted[i - 1] - tree->functions] = alike[sorted[i] - tree->functions] = true;
    free(sorted);
    return alike;
}

static void add_place(struct buffer *out, const char *prefix, const struct calltree *tree, const bool *alike, uint32_t index)
{
    const struct calltree_function *function = &tree->functions[index];
    buffer_printf(out, "%sfl=%s\n%sfn=", prefix, function->file ? function->file : "~", prefix);
    if (function->file) /* functions of the same name in one file are told apart by their lines */
        buffer_printf(out, "(%u) %s:%u", index + 1, function->qualified_name, function->line);
    else
        buffer_printf(out, "(%u) {%s}", index + 1, function->name);
    if (alike[index])
        buffer_printf(out, " in %.*s", (int)(base_name(function->file) - function->file), function->file);
    buffer_add_byte(out, '\n');
}

static void add_cost(struct buffer *out, uint32_t line, uint64_t cycles, uint64_t instructions)
{
    buffer_printf(out, "%u %llu %llu\n", line, (unsigned long long)cycles, (unsigned long long)instructions);
}

/* The function's own cost on its lines; what no line is known for stands at the function's first. */
static void add_own(const struct call_stats *stats, uint32_t function, uint32_t first, uint32_t end, struct buffer *out)
{
    const struct calltree *tree = stats->tree;
    const struct call_cost *cost = &stats->functions[function];
    uint64_t sum = 0, cycles = 0, instructions = 0, before = 0;
    for (uint32_t i = first; i < end; i++)
        sum += tree->lines[i].line ? tree->lines[i].cycles : 0;
    for (uint32_t i = first; i < end; i++) {
        const struct calltree_line *line = &tree->lines[i];
        uint64_t own = line->cycles;
        if (!line->line)
            continue;
        if (sum > cost->cycles) /* some of the lines' cycles are native functions' own */
            own = wide_proportion(cost->cycles, before + line->cycles, sum) - wide_proportion(cost->cycles, before, sum);
        before += line->cycles;
        add_cost(out, line->line, own, line->instructions);
        cycles += own;
        instructions += line->instructions;
    }
    if (cost->cycles > cycles || cost->instructions > instructions)
        add_cost(out, tree->functions[function].line, cost->cycles - cycles, cost->instructions - instructions);
}

void call_render_callgrind(const struct call_stats *stats, const struct call_request *request, struct buffer *out)
{
    const struct calltree *tree = stats->tree;
    uint32_t count, call = 0, line = 0;
    struct call *calls = list_calls(tree, &count);
    bool *alike = find_alike(tree);
    buffer_printf(out, "# callgrind format\nversion: 1\ncreator: hybridsim\ncmd: %s\ndesc: ISA %s, machine %s\n"
                       "positions: line\nevents: Cycles Instructions\nsummary: %llu %llu\n",
                  request->program, tree->isa, tree->machine, (unsigned long long)tree->cycles,
                  (unsigned long long)tree->instructions);
    for (uint32_t i = 0; i < tree->function_count; i++) {
        uint32_t first = line;
        while (line < tree->line_count && tree->lines[line].function == i)
            line++;
        if (!stats->functions[i].calls && !stats->functions[i].cycles)
            continue;
        buffer_add_byte(out, '\n');
        add_place(out, "", tree, alike, i);
        add_own(stats, i, first, line, out);
        for (; call < count && calls[call].caller <= i; call++) {
            struct call sum = calls[call];
            while (call + 1 < count && compare_calls(&calls[call], &calls[call + 1]) == 0) {
                call++;
                sum.calls += calls[call].calls;
                sum.cycles += calls[call].cycles;
                sum.instructions += calls[call].instructions;
            }
            add_place(out, "c", tree, alike, sum.callee);
            buffer_printf(out, "calls=%llu %u\n", (unsigned long long)sum.calls, tree->functions[sum.callee].line);
            add_cost(out, sum.line, sum.cycles, sum.instructions);
        }
    }
    buffer_printf(out, "\ntotals: %llu %llu\n", (unsigned long long)tree->cycles, (unsigned long long)tree->instructions);
    free(alike);
    free(calls);
}
