/* tally_sequences.c - pairs and triples of instructions, from the counters of blocks and of taken branches.
 *
 * What follows what is counted inside one code object: a call, or a generator's suspension, does not part the instruction from the
 * one after it, and an exception ends the sequence (its handler begins a new one). Inside a block the numbers are the block's;
 * from block to block they are those of the edge: the branch's taken and not taken executions, and after a suspension the number
 * of times the next block was entered. A triple over three blocks (the middle one a single instruction) is known when that
 * instruction was reached in one way or left in one way only; else its total is divided in proportion, and counted as estimated. */
#include "core/wide.h"
#include "core/memory.h"
#include "sim/timing/tally.h"

#include <stdlib.h>
#include <string.h>

struct edge { /* from the end of a block to the first instruction after it */
    uint32_t from, to;
    bool suspends;
    uint64_t count;
};

struct block_flow {
    uint32_t first, length;  /* its instructions' names; 0: none, control passes through */
    uint64_t whole;          /* complete executions */
    uint64_t entries;        /* and those left by an exception */
    uint64_t beyond_first;   /* entries that came to its second instruction */
};

struct sequencer {
    struct tally *tally;
    const struct machine_function *function;
    const struct code_profile *profile; /* NULL: static counts only */
    bool is_script;
    struct block_flow *blocks;
    uint32_t *names;
    struct edge *edges;
    uint32_t edge_count;
};

/* The names of one block's instructions, prefixes included; `last`: bytecode instruction after which nothing counts. */
static uint32_t list_names(const struct sequencer *sequencer, const struct machine_block *block, uint32_t last, uint32_t *names)
{
    uint32_t count = 0;
    for (uint32_t i = block->first; i < block->first + block->count; i++) {
        const struct placed_instruction *placed = &sequencer->function->instructions[i];
        if (placed->source_first > last)
            continue;
        for (uint32_t prefix = 0; prefix < placed->prefixes; prefix++)
            names[count++] = sequencer->tally->name_count - 1;
        names[count++] = placed->instruction;
    }
    return count;
}

/* All that lies inside one block's run of instructions. */
static void add_inside(const struct sequencer *sequencer, const uint32_t *names, uint32_t length, uint64_t placed,
                       uint64_t executed)
{
    for (uint32_t size = 2; size <= SEQUENCE_MAX; size++)
        for (uint32_t i = 0; i + size <= length; i++)
            tally_add_sequence(sequencer->tally, names + i, size, sequencer->is_script, placed, executed);
}

static void fill_blocks(struct sequencer *sequencer)
{
    const struct machine_function *function = sequencer->function;
    const struct code_profile *profile = sequencer->profile;
    uint32_t used = 0, total = 1;
    for (uint32_t i = 0; i < function->instruction_count; i++)
        total += 1u + function->instructions[i].prefixes;
    sequencer->names = checked_alloc(2 * (size_t)total, sizeof *sequencer->names);
    uint32_t *partial_names = sequencer->names + total;
    const struct machine_block **placed = checked_alloc(function->code->block_count, sizeof *placed);
    for (uint32_t i = function->block_count; i-- > 0;) /* of copies the first counts */
        placed[function->blocks[i].source] = &function->blocks[i];
    for (uint32_t b = 0; b < function->code->block_count; b++) {
        struct block_flow *flow = &sequencer->blocks[b];
        flow->first = used;
        if (!placed[b])
            continue;
        flow->length = list_names(sequencer, placed[b], UINT32_MAX, sequencer->names + used);
        used += flow->length;
        flow->whole = flow->entries = flow->beyond_first = profile ? profile->executions[b] : 0;
        add_inside(sequencer, sequencer->names + flow->first, flow->length, 1, flow->whole);
    }
    for (uint32_t p = 0; profile && p < profile->partial_count; p++) {
        const struct profile_partial *partial = &profile->partials[p];
        if (partial->block >= function->code->block_count || !placed[partial->block])
            continue;
        struct block_flow *flow = &sequencer->blocks[partial->block];
        uint32_t length = list_names(sequencer, placed[partial->block], partial->instruction, partial_names);
        add_inside(sequencer, partial_names, length, 0, partial->count);
        flow->entries += partial->count;
        if (length > 1)
            flow->beyond_first += partial->count;
    }
    free(placed);
}

/* The first block from `block` on that has instructions; NO_BLOCK: none. */
static uint32_t resolve(const struct sequencer *sequencer, uint32_t block)
{
    const struct code *code = sequencer->function->code;
    for (uint32_t steps = 0; block != NO_BLOCK && !sequencer->blocks[block].length; steps++) {
        const struct block *passed = &code->blocks[block];
        block = steps > code->block_count ? NO_BLOCK : passed->fallthrough != NO_BLOCK ? passed->fallthrough : passed->target;
    }
    return block;
}

static void add_edge(struct sequencer *sequencer, uint32_t from, uint32_t to, uint64_t count, bool suspends)
{
    to = resolve(sequencer, to);
    if (to != NO_BLOCK)
        sequencer->edges[sequencer->edge_count++] = (struct edge){from, to, suspends, count};
}

static bool block_suspends(const struct code *code, uint32_t block)
{
    uint16_t op = code->instructions[code->blocks[block].first + code->blocks[block].count - 1].op;
    return op == OP_yield || op == OP_return_generator;
}

/* What came out of a suspension is what the next block's entries leave over. */
static void count_resumptions(struct sequencer *sequencer)
{
    for (uint32_t i = 0; i < sequencer->edge_count; i++) {
        struct edge *edge = &sequencer->edges[i];
        if (!edge->suspends)
            continue;
        uint64_t others = 0, entries = sequencer->blocks[edge->to].entries;
        for (uint32_t j = 0; j < sequencer->edge_count; j++)
            if (j != i && sequencer->edges[j].to == edge->to && (!sequencer->edges[j].suspends || j < i))
                others += sequencer->edges[j].count;
        uint64_t left = entries > others ? entries - others : 0;
        if (edge->count > left)
            edge->count = left;
    }
}

static void fill_edges(struct sequencer *sequencer)
{
    const struct code *code = sequencer->function->code;
    sequencer->edges = checked_alloc(2 * (size_t)code->block_count, sizeof *sequencer->edges);
    for (uint32_t b = 0; b < code->block_count; b++) {
        const struct block *block = &code->blocks[b];
        const struct block_flow *flow = &sequencer->blocks[b];
        if (!flow->length)
            continue;
        uint64_t taken = flow->whole;
        if (block->target != NO_BLOCK && block->fallthrough != NO_BLOCK) {
            taken = sequencer->profile ? sequencer->profile->taken[b] : 0;
            if (taken > flow->whole)
                taken = flow->whole;
        }
        if (block->target != NO_BLOCK)
            add_edge(sequencer, b, block->target, taken, false);
        if (block->fallthrough != NO_BLOCK)
            add_edge(sequencer, b, block->fallthrough, block->target != NO_BLOCK ? flow->whole - taken : flow->whole,
                     block_suspends(code, b));
    }
    count_resumptions(sequencer);
}

static const uint32_t *names_of(const struct sequencer *sequencer, uint32_t block)
{
    return sequencer->names + sequencer->blocks[block].first;
}

/* last of `from`, first of `to`, second of `to`. */
static void add_into_block(struct sequencer *sequencer, const struct edge *edge, uint64_t executed)
{
    const uint32_t *from = names_of(sequencer, edge->from), *to = names_of(sequencer, edge->to);
    uint32_t triple[3] = {from[sequencer->blocks[edge->from].length - 1], to[0], to[1]};
    tally_add_sequence(sequencer->tally, triple, 3, sequencer->is_script, 1, executed);
}

static void add_estimated(struct sequencer *sequencer, uint64_t count)
{
    sequencer->tally->estimated[TALLY_ALL] += count;
    if (sequencer->is_script)
        sequencer->tally->estimated[TALLY_SCRIPT] += count;
}

/* Over a block of one instruction: each way in with each way out. Entries that no edge accounts for (a call, a handler) are a
 * way in, too. */
static void add_through_block(struct sequencer *sequencer, uint32_t block, uint64_t entries)
{
    uint64_t in_edges = 0;
    uint32_t ways_in = 0;
    for (uint32_t i = 0; i < sequencer->edge_count; i++) {
        if (sequencer->edges[i].to != block || !sequencer->edges[i].count)
            continue;
        in_edges += sequencer->edges[i].count;
        ways_in++;
    }
    ways_in += entries > in_edges;
    for (uint32_t o = 0; o < sequencer->edge_count; o++) {
        const struct edge *out = &sequencer->edges[o];
        if (out->from != block)
            continue;
        uint64_t before = 0; /* so that rounding loses nothing */
        for (uint32_t i = 0; i < sequencer->edge_count; i++) {
            const struct edge *in = &sequencer->edges[i];
            if (in->to != block)
                continue;
            uint64_t count = wide_proportion(out->count, before + in->count, entries) -
                             wide_proportion(out->count, before, entries);
            before += in->count;
            uint32_t triple[3] = {names_of(sequencer, in->from)[sequencer->blocks[in->from].length - 1],
                                  names_of(sequencer, block)[0], names_of(sequencer, out->to)[0]};
            tally_add_sequence(sequencer->tally, triple, 3, sequencer->is_script, 1, count);
            if (ways_in > 1 && out->count && out->count < entries)
                add_estimated(sequencer, count);
        }
    }
}

static void add_edge_sequences(struct sequencer *sequencer, const struct edge *edge)
{
    const struct block_flow *from = &sequencer->blocks[edge->from], *to = &sequencer->blocks[edge->to];
    const uint32_t *before = names_of(sequencer, edge->from), *after = names_of(sequencer, edge->to);
    uint32_t triple[3] = {from->length > 1 ? before[from->length - 2] : 0, before[from->length - 1], after[0]};
    tally_add_sequence(sequencer->tally, triple + 1, 2, sequencer->is_script, 1, edge->count);
    if (from->length > 1)
        tally_add_sequence(sequencer->tally, triple, 3, sequencer->is_script, 1, edge->count);
    if (to->length < 2)
        return;
    bool all_went_on = to->beyond_first == to->entries, only_way = edge->count == to->entries;
    uint64_t executed = all_went_on ? edge->count : wide_proportion(to->beyond_first, edge->count, to->entries);
    add_into_block(sequencer, edge, executed);
    if (!all_went_on && !only_way)
        add_estimated(sequencer, executed);
}

void tally_sequences(struct tally *tally, const struct machine_function *function, bool is_script,
                     const struct code_profile *profile)
{
    struct sequencer sequencer = {.tally = tally, .function = function, .profile = profile, .is_script = is_script};
    sequencer.blocks = checked_alloc(function->code->block_count, sizeof *sequencer.blocks);
    fill_blocks(&sequencer);
    fill_edges(&sequencer);
    for (uint32_t i = 0; i < sequencer.edge_count; i++)
        add_edge_sequences(&sequencer, &sequencer.edges[i]);
    for (uint32_t b = 0; b < function->code->block_count; b++)
        if (sequencer.blocks[b].length == 1)
            add_through_block(&sequencer, b, sequencer.blocks[b].entries);
    free(sequencer.edges);
    free(sequencer.names);
    free(sequencer.blocks);
}
