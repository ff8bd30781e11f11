/* svg_flame.c - see svg_flame.h. All lengths are whole numbers, so the same figures give the same bytes everywhere. */
#include "reports/svg_flame.h"

#include "core/memory.h"
#include "core/wide.h"
#include "reports/page_model.h"
#include "reports/report.h"
#include "reports/svg_text.h"

#include <stdlib.h>
#include <string.h>

enum { WIDTH = 1200, SIDE = 16, TOP = 48, ROW = 19, HEADING = 24, GAP = 16, LETTER = 7, MOST_ROWS = 60, LEGEND = 26 };
enum { SCALE = 1000 }; /* positions are in thousandths of a pixel: they do not add up errors of rounding */
enum { SHADES = 3 };

enum frame_kind { FRAME_ROOT, FRAME_SCRIPT, FRAME_LIBRARY, FRAME_NATIVE, FRAME_SMALLER, FRAME_KINDS };
static const char *const colours[FRAME_KINDS][SHADES] = {
    {"#b8bec6", "#b8bec6", "#b8bec6"}, {"#a9c5de", "#b4cde3", "#9ebcd8"}, {"#e3cfa9", "#e8d8b8", "#dcc59a"},
    {"#b2d8c8", "#bfdfd2", "#a5cfbd"}, {"#dfe3e8", "#dfe3e8", "#dfe3e8"}};
static const char *const kind_names[FRAME_KINDS] = {NULL, "the script", "other Python files", "native code",
                                                    "several, too narrow to show"};

struct drawing {
    const struct calltree *tree;
    uint32_t *order;              /* nodes by parent, the most cycles first */
    uint32_t *depths;
    uint64_t *starts;             /* thousandths of a pixel */
    struct buffer *out;
    int top;
    uint32_t rows;                /* drawn so far */
};

static uint64_t width_of(const struct drawing *drawing, uint64_t cycles)
{
    const uint64_t whole = (uint64_t)(WIDTH - 2 * SIDE) * SCALE;
    return drawing->tree->nodes[0].all_cycles ? wide_proportion(whole, cycles, drawing->tree->nodes[0].all_cycles) : whole;
}

static int compare_nodes(const void *a, const void *b, void *context)
{
    const struct calltree_node *nodes = context;
    uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;
    if (nodes[i].parent != nodes[j].parent)
        return nodes[i].parent < nodes[j].parent ? -1 : 1;
    if (nodes[i].all_cycles != nodes[j].all_cycles)
        return nodes[i].all_cycles > nodes[j].all_cycles ? -1 : 1;
    return i < j ? -1 : i > j;
}

static enum frame_kind kind_of(const struct calltree *tree, uint32_t node)
{
    if (!node)
        return FRAME_ROOT;
    const struct calltree_function *function = &tree->functions[tree->nodes[node].function];
    return !function->file ? FRAME_NATIVE : function->is_script ? FRAME_SCRIPT : FRAME_LIBRARY;
}

static void add_name(const struct calltree *tree, uint32_t node, struct buffer *text)
{
    const struct calltree_function *function = node ? &tree->functions[tree->nodes[node].function] : NULL;
    const char *slash = function && function->file ? strrchr(function->file, '/') : NULL;
    if (!function)
        buffer_add_text(text, "all");
    else if (!function->file)
        buffer_printf(text, "{%s}", function->name);
    else if (strcmp(function->qualified_name, "<module>") == 0)
        buffer_printf(text, "<module> %s", slash ? slash + 1 : function->file);
    else
        buffer_add_text(text, function->qualified_name);
}

/* As much of a name as there is room for; of UTF-8 whole letters only. */
static void cut_name(struct buffer *name, size_t letters)
{
    size_t count = 0, end = 0, last = 0;
    for (; end < name->size && count < letters; count++) {
        last = end++;
        while (end < name->size && ((uint8_t)name->bytes[end] & 0xc0) == 0x80)
            end++;
    }
    if (end == name->size)
        return;
    name->size = last;
    name->bytes[last] = 0;
    buffer_add_text(name, "\xe2\x80\xa6");
}

static unsigned shade_of(const struct buffer *name)
{
    unsigned hash = 0;
    for (size_t i = 0; i < name->size; i++)
        hash = hash * 31 + (uint8_t)name->bytes[i];
    return hash % SHADES;
}

static void add_title(const struct drawing *drawing, uint32_t node, const char *name)
{
    const struct calltree *tree = drawing->tree;
    const struct calltree_function *function = node ? &tree->functions[tree->nodes[node].function] : NULL;
    uint64_t cycles = tree->nodes[node].all_cycles, tenths = wide_thousandths(cycles, tree->nodes[0].all_cycles);
    struct buffer *out = drawing->out;
    buffer_add_text(out, "<title>");
    svg_add_escaped(out, name);
    if (function && function->file) {
        buffer_add_text(out, " (");
        svg_add_escaped(out, page_short_file(tree, function->file));
        buffer_printf(out, ":%u)", function->line);
    }
    buffer_add_text(out, ": ");
    report_add_grouped(out, cycles);
    buffer_printf(out, " cycles (%llu.%llu %%)", (unsigned long long)(tenths / 10), (unsigned long long)(tenths % 10));
    if (node) {
        buffer_add_text(out, ", calls: ");
        report_add_grouped(out, tree->nodes[node].calls);
    }
    buffer_add_text(out, "</title>");
}

static void add_rectangle(struct drawing *drawing, uint32_t depth, uint64_t start, uint64_t width, const char *colour)
{
    drawing->rows = depth + 1 > drawing->rows ? depth + 1 : drawing->rows;
    uint64_t x = SIDE * SCALE + start, shown = width > 3 * SCALE ? width - SCALE / 2 : width;
    buffer_printf(drawing->out, "<rect x=\"%llu.%03llu\" y=\"%d\" width=\"%llu.%03llu\" height=\"%d\" fill=\"%s\"/>",
                  (unsigned long long)(x / SCALE), (unsigned long long)(x % SCALE), drawing->top + (int)depth * ROW,
                  (unsigned long long)(shown / SCALE), (unsigned long long)(shown % SCALE), ROW - 1, colour);
}

static void add_frame(struct drawing *drawing, uint32_t node)
{
    uint64_t width = width_of(drawing, drawing->tree->nodes[node].all_cycles);
    uint32_t depth = drawing->depths[node];
    size_t letters = width > 8 * SCALE ? (size_t)((width / SCALE - 8) / LETTER) : 0;
    struct buffer name = {0};
    add_name(drawing->tree, node, &name);
    buffer_add_text(drawing->out, "<g>");
    add_title(drawing, node, name.bytes);
    add_rectangle(drawing, depth, drawing->starts[node], width, colours[kind_of(drawing->tree, node)][shade_of(&name)]);
    if (letters > 1) {
        cut_name(&name, letters);
        svg_add_text(drawing->out, SIDE + (int)(drawing->starts[node] / SCALE) + 4, drawing->top + (int)depth * ROW + 13, "",
                     name.bytes);
    }
    buffer_add_text(drawing->out, "</g>\n");
    buffer_free(&name);
}

/* Places a node's children, the widest first; what is too narrow at their end is one rectangle. */
static void place_children(struct drawing *drawing, uint32_t node, uint32_t first)
{
    const struct calltree *tree = drawing->tree;
    uint64_t at = drawing->starts[node], narrow = 0;
    for (uint32_t end = first; end < tree->node_count && tree->nodes[drawing->order[end]].parent == node; end++) {
        uint32_t child = drawing->order[end];
        uint64_t width = width_of(drawing, tree->nodes[child].all_cycles);
        drawing->starts[child] = at;
        drawing->depths[child] = drawing->depths[node] + 1;
        if (width >= SCALE)
            at += width;
        else
            narrow += tree->nodes[child].all_cycles;
    }
    uint64_t rest = width_of(drawing, narrow);
    if (narrow && rest >= SCALE && drawing->depths[node] + 1 < MOST_ROWS)
        add_rectangle(drawing, drawing->depths[node] + 1, at, rest, colours[FRAME_SMALLER][0]);
}

/* Returns how many rows there are. */
static int draw_tree(const struct calltree *tree, int top, struct buffer *out)
{
    uint32_t count = tree->node_count;
    struct drawing drawing = {.tree = tree, .out = out, .top = top, .order = checked_alloc(count, sizeof *drawing.order),
                              .depths = checked_alloc(count, sizeof *drawing.depths),
                              .starts = checked_alloc(count, sizeof *drawing.starts)};
    uint32_t *children = checked_alloc(count, sizeof *children); /* of each node, where in the order its children begin */
    for (uint32_t i = 0; i < count; i++)
        drawing.order[i] = i;
    if (count > 1) /* the root, which is its own parent, stays in front */
        qsort_r(drawing.order + 1, count - 1, sizeof *drawing.order, compare_nodes, tree->nodes);
    for (uint32_t i = 1; i < count; i++)
        if (i == 1 || tree->nodes[drawing.order[i]].parent != tree->nodes[drawing.order[i - 1]].parent)
            children[tree->nodes[drawing.order[i]].parent] = i;
    for (uint32_t node = 0; node < count; node++) { /* parents come first */
        if (drawing.depths[node] >= MOST_ROWS || width_of(&drawing, tree->nodes[node].all_cycles) < SCALE)
            continue;
        add_frame(&drawing, node);
        if (children[node])
            place_children(&drawing, node, children[node]);
    }
    free(children);
    free(drawing.order);
    free(drawing.depths);
    free(drawing.starts);
    return (int)drawing.rows;
}

static void add_legend(int y, struct buffer *out)
{
    int x = SIDE;
    for (int kind = FRAME_SCRIPT; kind < FRAME_KINDS; kind++) {
        buffer_printf(out, "<rect x=\"%d\" y=\"%d\" width=\"12\" height=\"12\" fill=\"%s\"/>\n", x, y, colours[kind][0]);
        svg_add_text(out, x + 18, y + 10, "", kind_names[kind]);
        x += 42 + LETTER * (int)strlen(kind_names[kind]);
    }
}

void svg_flame_render(const struct calltree *const *trees, int count, const char *title, struct buffer *out)
{
    struct buffer body = {0}, heading = {0};
    int y = TOP;
    for (int i = 0; i < count; i++) {
        heading.size = 0;
        buffer_printf(&heading, "%s: ", trees[i]->isa);
        report_add_grouped(&heading, trees[i]->nodes[0].all_cycles);
        buffer_add_text(&heading, " cycles");
        svg_add_text(&body, SIDE, y + 14, "class=\"heading\"", heading.bytes);
        y += HEADING;
        y += draw_tree(trees[i], y, &body) * ROW + GAP;
    }
    add_legend(y, &body);
    int height = y + LEGEND;
    buffer_printf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\">\n",
                  WIDTH, height, WIDTH, height);
    buffer_add_text(out, "<title>");
    svg_add_escaped(out, title);
    buffer_add_text(out, "</title>\n<style>text{font:12px sans-serif;fill:#222}.title{font-size:17px;font-weight:bold}"
                         ".heading{font-size:13px;font-weight:bold}</style>\n");
    buffer_printf(out, "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n", WIDTH, height);
    svg_add_text(out, SIDE, 28, "class=\"title\"", title);
    buffer_add(out, body.bytes, body.size);
    buffer_add_text(out, "</svg>\n");
    buffer_free(&body);
    buffer_free(&heading);
}
