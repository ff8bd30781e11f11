/* call_pstats.c - the profile as CPython's pstats loads it: a marshalled dict
 * {(file, line, name): (primitive calls, calls, own seconds, cumulative seconds,
 *                       {caller: (calls, primitive, own, cumulative)})}. */
#include "reports/call_report.h"

#include <string.h>

static void add_word(struct buffer *out, uint32_t word)
{
    for (int i = 0; i < 4; i++)
        buffer_add_byte(out, (uint8_t)(word >> 8 * i));
}

static void add_text(struct buffer *out, const char *text)
{
    buffer_add_byte(out, 'u');
    add_word(out, (uint32_t)strlen(text));
    buffer_add_text(out, text);
}

/* 'i' for what fits 31 bits, else 'l': digits of 15 bits. */
static void add_integer(struct buffer *out, uint64_t number)
{
    if (number < 0x80000000u) {
        buffer_add_byte(out, 'i');
        add_word(out, (uint32_t)number);
        return;
    }
    uint32_t digits = 0;
    for (uint64_t rest = number; rest; rest >>= 15)
        digits++;
    buffer_add_byte(out, 'l');
    add_word(out, digits);
    for (; number; number >>= 15) {
        buffer_add_byte(out, (uint8_t)(number & 0xff));
        buffer_add_byte(out, (uint8_t)(number >> 8 & 0x7f));
    }
}

static void add_seconds(struct buffer *out, const struct calltree *tree, uint64_t cycles)
{
    double seconds = (double)cycles / ((double)tree->clock_mhz * 1e6);
    uint64_t bits;
    memcpy(&bits, &seconds, sizeof bits);
    buffer_add_byte(out, 'g');
    add_word(out, (uint32_t)bits);
    add_word(out, (uint32_t)(bits >> 32));
}

static void add_tuple(struct buffer *out, uint32_t size)
{
    buffer_add_byte(out, '(');
    add_word(out, size);
}

/* As cProfile names functions: native ones have no file. */
static void add_key(struct buffer *out, const struct calltree_function *function)
{
    struct buffer name = {0};
    add_tuple(out, 3);
    add_text(out, function->file ? function->file : "~");
    add_integer(out, function->file ? function->line : 0);
    buffer_printf(&name, function->file ? "%s" : "<%s>", function->name);
    add_text(out, name.bytes);
    buffer_free(&name);
}

void call_render_pstats(const struct call_stats *stats, struct buffer *out)
{
    const struct calltree *tree = stats->tree;
    uint32_t edge = 0;
    buffer_add_byte(out, '{');
    for (uint32_t i = 0; i < tree->function_count; i++) {
        const struct call_cost *cost = &stats->functions[i];
        if (!cost->calls && !cost->cycles)
            continue;
        add_key(out, &tree->functions[i]);
        add_tuple(out, 5);
        add_integer(out, cost->primitive);
        add_integer(out, cost->calls);
        add_seconds(out, tree, cost->cycles);
        add_seconds(out, tree, cost->all_cycles);
        buffer_add_byte(out, '{');
        while (edge < stats->edge_count && stats->edges[edge].callee < i)
            edge++;
        for (; edge < stats->edge_count && stats->edges[edge].callee == i; edge++) {
            const struct call_edge *from = &stats->edges[edge];
            if (from->caller == UINT32_MAX)
                continue;
            add_key(out, &tree->functions[from->caller]);
            add_tuple(out, 4);
            add_integer(out, from->cost.calls);
            add_integer(out, from->cost.primitive);
            add_seconds(out, tree, from->cost.cycles);
            add_seconds(out, tree, from->cost.all_cycles);
        }
        buffer_add_byte(out, '0');
    }
    buffer_add_byte(out, '0');
}
