/* call_flames.c - the call tree for flame graphs: speedscope's JSON, Chrome's trace events, collapsed stacks. A run's calls are not
 * recorded one by one: what a context did in all its calls is one piece, callees in the order of their first call. */
#include "reports/call_report.h"
#include "reports/json_writer.h"

#include <stdlib.h>
#include <string.h>

/* Depth first; what a node did itself comes after what it called. */
struct walk {
    const struct calltree *tree;
    uint32_t *first_child, *next; /* 0: none */
};

static void walk_open(struct walk *walk, const struct calltree *tree)
{
    *walk = (struct walk){tree, calloc(tree->node_count + 1u, sizeof(uint32_t)), calloc(tree->node_count + 1u, sizeof(uint32_t))};
    if (!walk->first_child || !walk->next)
        abort();
    for (uint32_t i = tree->node_count; i-- > 1;) { /* backwards, so that lists are in order */
        walk->next[i] = walk->first_child[tree->nodes[i].parent];
        walk->first_child[tree->nodes[i].parent] = i;
    }
}

static void walk_close(struct walk *walk)
{
    free(walk->first_child);
    free(walk->next);
}

typedef void visitor(void *context, uint32_t node, uint64_t at, bool opens);

/* Every node that took cycles, opened and closed; `at` is the sum of cycles before. Without recursion, for trees may be deep. */
static void walk_nodes(const struct walk *walk, visitor *visit, void *context)
{
    const struct calltree *tree = walk->tree;
    uint64_t at = 0;
    uint32_t node = 0;
    bool down = true;
    for (;;) {
        if (down && (node == 0 || tree->nodes[node].all_cycles)) {
            if (node)
                visit(context, node, at, true);
            if (walk->first_child[node]) {
                node = walk->first_child[node];
                continue;
            }
        }
        if (node == 0)
            return;
        if (!down || tree->nodes[node].all_cycles) {
            at += tree->nodes[node].cycles;
            visit(context, node, at, false);
        }
        down = walk->next[node] != 0;
        node = down ? walk->next[node] : tree->nodes[node].parent;
        if (!down && node == 0)
            return;
    }
}

static void add_frame_name(struct buffer *out, const struct calltree_function *function)
{
    if (!function->file) {
        buffer_printf(out, "{%s}", function->name);
        return;
    }
    const char *slash = strrchr(function->file, '/');
    buffer_printf(out, "%s (%s:%u)", function->qualified_name, slash ? slash + 1 : function->file, function->line);
}

static void write_name(struct json_writer *json, const struct calltree_function *function)
{
    struct buffer name = {0};
    add_frame_name(&name, function);
    json_text(json, name.bytes);
    buffer_free(&name);
}

struct writing {
    const struct calltree *tree;
    struct json_writer *json;
    uint64_t *opened;  /* by node: when */
};

static void write_event(void *context, uint32_t node, uint64_t at, bool opens)
{
    struct writing *writing = context;
    struct buffer text = {0};
    buffer_printf(&text, "{\"type\": \"%s\", \"frame\": %u, \"at\": %llu}", opens ? "O" : "C",
                  writing->tree->nodes[node].function, (unsigned long long)at);
    json_literal(writing->json, text.bytes);
    buffer_free(&text);
}

void call_render_speedscope(const struct call_stats *stats, const struct call_request *request, struct buffer *out)
{
    const struct calltree *tree = stats->tree;
    struct json_writer json = {.out = out};
    struct buffer title = {0};
    struct walk walk;
    struct writing writing = {tree, &json, NULL};
    buffer_printf(&title, "%s: cycles on %s", request->program, tree->isa);
    walk_open(&walk, tree);
    json_open(&json, '{');
    json_key(&json, "$schema");
    json_text(&json, "https://www.speedscope.app/file-format-schema.json");
    json_key(&json, "exporter");
    json_text(&json, "hybridsim");
    json_key(&json, "name");
    json_text(&json, title.bytes);
    json_key(&json, "activeProfileIndex");
    json_number(&json, 0);
    json_key(&json, "shared");
    json_open(&json, '{');
    json_key(&json, "frames");
    json_open(&json, '[');
    for (uint32_t i = 0; i < tree->function_count; i++) {
        json_open(&json, '{');
        json_key(&json, "name");
        write_name(&json, &tree->functions[i]);
        if (tree->functions[i].file) {
            json_key(&json, "file");
            json_text(&json, tree->functions[i].file);
            json_key(&json, "line");
            json_number(&json, tree->functions[i].line);
        }
        json_close(&json, '}');
    }
    json_close(&json, ']');
    json_close(&json, '}');
    json_key(&json, "profiles");
    json_open(&json, '[');
    json_open(&json, '{');
    json_key(&json, "type");
    json_text(&json, "evented");
    json_key(&json, "name");
    json_text(&json, title.bytes);
    json_key(&json, "unit");
    json_text(&json, "none");
    json_key(&json, "startValue");
    json_number(&json, 0);
    json_key(&json, "endValue");
    json_number(&json, tree->cycles);
    json_key(&json, "events");
    json_open(&json, '[');
    walk_nodes(&walk, write_event, &writing);
    json_close(&json, ']');
    json_close(&json, '}');
    json_close(&json, ']');
    json_close(&json, '}');
    buffer_add_byte(out, '\n');
    walk_close(&walk);
    buffer_free(&title);
}

/* Microseconds at the machine's clock, to a millionth of them. */
static void write_microseconds(struct json_writer *json, const struct calltree *tree, uint64_t cycles)
{
    struct buffer text = {0};
    uint64_t mhz = tree->clock_mhz ? tree->clock_mhz : 1;
    buffer_printf(&text, "%llu.%06llu", (unsigned long long)(cycles / mhz), (unsigned long long)(cycles % mhz * 1000000 / mhz));
    json_literal(json, text.bytes);
    buffer_free(&text);
}

static void write_trace_event(void *context, uint32_t node, uint64_t at, bool opens)
{
    struct writing *writing = context;
    const struct calltree_node *from = &writing->tree->nodes[node];
    struct json_writer *json = writing->json;
    if (opens) {
        writing->opened[node] = at;
        return;
    }
    json_open(json, '{');
    json_key(json, "name");
    write_name(json, &writing->tree->functions[from->function]);
    json_key(json, "cat");
    json_text(json, writing->tree->functions[from->function].file ? "python" : "native");
    json_key(json, "ph");
    json_text(json, "X");
    json_key(json, "ts");
    write_microseconds(json, writing->tree, writing->opened[node]);
    json_key(json, "dur");
    write_microseconds(json, writing->tree, at - writing->opened[node]);
    json_key(json, "pid");
    json_number(json, 1);
    json_key(json, "tid");
    json_number(json, 1);
    json_key(json, "args");
    json_open(json, '{');
    json_key(json, "calls");
    json_number(json, from->calls);
    json_key(json, "own_cycles");
    json_number(json, from->cycles);
    json_key(json, "cycles");
    json_number(json, from->all_cycles);
    json_key(json, "instructions");
    json_number(json, from->all_instructions);
    json_close(json, '}');
    json_close(json, '}');
}

void call_render_chrome(const struct call_stats *stats, const struct call_request *request, struct buffer *out)
{
    const struct calltree *tree = stats->tree;
    struct json_writer json = {.out = out};
    struct walk walk;
    struct writing writing = {tree, &json, calloc(tree->node_count + 1u, sizeof(uint64_t))};
    if (!writing.opened)
        abort();
    walk_open(&walk, tree);
    json_open(&json, '{');
    json_key(&json, "displayTimeUnit");
    json_text(&json, "ns");
    json_key(&json, "otherData");
    json_open(&json, '{');
    json_key(&json, "program");
    json_text(&json, request->program);
    json_key(&json, "isa");
    json_text(&json, tree->isa);
    json_key(&json, "machine");
    json_text(&json, tree->machine);
    json_close(&json, '}');
    json_key(&json, "traceEvents");
    json_open(&json, '[');
    walk_nodes(&walk, write_trace_event, &writing);
    json_close(&json, ']');
    json_close(&json, '}');
    buffer_add_byte(out, '\n');
    walk_close(&walk);
    free(writing.opened);
}

/* ---- collapsed stacks ---- */

struct stacks {
    const struct calltree *tree;
    struct buffer *out, stack;
    size_t *sizes;      /* of the stack's text before each open frame */
    uint32_t depth;
};

static void add_stack(void *context, uint32_t node, uint64_t at, bool opens)
{
    struct stacks *stacks = context;
    const struct calltree_node *from = &stacks->tree->nodes[node];
    (void)at;
    if (!opens) {
        if (from->cycles)
            buffer_printf(stacks->out, "%.*s %llu\n", (int)stacks->stack.size, stacks->stack.bytes,
                          (unsigned long long)from->cycles);
        stacks->stack.size = stacks->sizes[--stacks->depth];
        return;
    }
    stacks->sizes[stacks->depth++] = stacks->stack.size;
    if (stacks->stack.size)
        buffer_add_byte(&stacks->stack, ';');
    struct buffer name = {0};
    add_frame_name(&name, &stacks->tree->functions[from->function]);
    for (char *c = name.bytes; *c; c++)
        *c = *c == ';' || *c == '\n' ? ',' : *c;
    buffer_add(&stacks->stack, name.bytes, name.size);
    buffer_free(&name);
}

void call_render_collapsed(const struct call_stats *stats, struct buffer *out)
{
    struct stacks stacks = {.tree = stats->tree, .out = out, .sizes = calloc(stats->tree->node_count + 1u, sizeof(size_t))};
    struct walk walk;
    if (!stacks.sizes)
        abort();
    walk_open(&walk, stats->tree);
    walk_nodes(&walk, add_stack, &stacks);
    walk_close(&walk);
    buffer_free(&stacks.stack);
    free(stacks.sizes);
}
