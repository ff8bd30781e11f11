/* progress.c - see progress.h. */
#include "sim/engine/progress.h"

#include "sim/engine/contexts.h"
#include "sim/engine/session.h"

#include <stdlib.h>

/* Instructions of one execution of each source block, in `cost`: those of its first machine block. */
static void price_blocks(const struct machine_function *function, uint64_t *cost)
{
    for (uint32_t i = function->block_count; i-- > 0;) {
        const struct machine_block *block = &function->blocks[i];
        uint64_t instructions = block->count;
        for (uint32_t k = 0; k < block->count; k++)
            instructions += function->instructions[block->first + k].prefixes;
        cost[block->source] = instructions;
    }
}

static uint64_t count_state(const struct engine *engine, const struct code_state *state, const uint64_t *cost)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < state->counter_count && !engine->contexts; i++)
        sum += state->words[state->counters[i].count_word].u * cost[state->counters[i].block];
    for (uint32_t at = engine->contexts ? state->first_context : 0; at; at = engine->contexts->nodes[at].same)
        for (uint32_t i = 0; engine->contexts->nodes[at].counters && i < state->counter_count; i++)
            sum += engine->contexts->nodes[at].counters[2 * i] * cost[state->counters[i].block];
    return sum;
}

void engine_tell_progress(struct vm *vm)
{
    const struct engine *engine = vm->engine;
    uint64_t sum = 0;
    for (const struct code_state *state = engine->states; state; state = state->next) {
        uint64_t *cost = calloc(state->code->block_count + 1u, sizeof *cost);
        if (!cost)
            return;
        price_blocks(state->function, cost);
        sum += count_state(engine, state, cost);
        free(cost);
    }
    atomic_store(engine->options->progress, sum);
}
