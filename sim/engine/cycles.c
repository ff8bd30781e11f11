/* cycles.c - the cycles executed so far, for the program's clock. Nothing is counted for it while the program runs: the blocks'
 * counters and the work done are multiplied with their costs when somebody looks at the clock.
 *
 * A program that looks often would spend its time here. So the first readings look at all code, later ones only at what has
 * changed at the last full look, and at all code now and then: how often depends on the number of readings alone. */
#include "sim/engine/contexts.h"
#include "sim/engine/session.h"

#include <stdlib.h>

enum { READINGS_FULL = 128, INTERVAL_MAX = 1024 };

struct state_cycles {
    uint64_t seen;            /* cycles at the last look */
    uint32_t priced;          /* counters whose cost is known */
    uint64_t cost[];          /* of one execution, by counter */
};

void engine_cycles_free(struct engine *engine)
{
    for (struct code_state *state = engine->states; state; state = state->next) {
        free(state->cycles);
        state->cycles = NULL;
    }
    free(engine->active);
    engine->active = NULL;
    engine->active_count = 0;
}

static struct state_cycles *state_cycles(const struct engine *engine, struct code_state *state)
{
    if (state->cycles)
        return state->cycles;
    struct state_cycles *cycles = calloc(1, sizeof *cycles + state->counter_count * sizeof *cycles->cost);
    uint64_t *by_block = calloc(state->code->block_count + 1u, sizeof *by_block);
    if (!cycles || !by_block)
        abort();
    if (!state->function->block_cycles)
        engine->options->block_cycles(state->function, state->code->block_count, by_block);
    for (uint32_t i = 0; i < state->counter_count; i++)
        cycles->cost[i] = (state->function->block_cycles ? state->function->block_cycles : by_block)[state->counters[i].block];
    free(by_block);
    return state->cycles = cycles;
}

/* In a profiled run the counters are the contexts'. */
static void look_at_contexts(const struct engine *engine, const struct code_state *state, uint64_t *cycles, uint64_t *milli_cycles)
{
    const struct context *nodes = engine->contexts->nodes;
    const int64_t *milli = engine->options->work_milli;
    for (uint32_t at = state->first_context; at; at = nodes[at].same) {
        for (uint32_t i = 0; nodes[at].counters && i < state->counter_count; i++)
            *cycles += nodes[at].counters[2 * i] * state->cycles->cost[i];
        for (int kind = 0; kind < WORK_COUNT; kind++)
            *milli_cycles += nodes[at].work[kind] * (uint64_t)milli[kind];
    }
}

/* How many more cycles the code has taken since the last look. */
static uint64_t look(const struct engine *engine, struct code_state *state)
{
    struct state_cycles *cycles = state_cycles(engine, state);
    const int64_t *milli = engine->options->work_milli;
    uint64_t now = 0, work = 0;
    if (engine->contexts)
        look_at_contexts(engine, state, &now, &work);
    for (uint32_t i = 0; !engine->contexts && i < state->counter_count; i++)
        now += state->words[state->counters[i].count_word].u * cycles->cost[i];
    for (int kind = 0; kind < WORK_COUNT; kind++)
        work += state->work[kind] * (uint64_t)milli[kind];
    now += work / 1000;
    uint64_t more = now - cycles->seen;
    cycles->seen = now;
    return more;
}

static bool is_untouched(const struct engine *engine, const struct code_state *state)
{
    for (uint32_t at = engine->contexts ? state->first_context : 0; at; at = engine->contexts->nodes[at].same)
        for (uint32_t i = 0; engine->contexts->nodes[at].counters && i < state->counter_count; i++)
            if (engine->contexts->nodes[at].counters[2 * i])
                return false;
    if (engine->contexts)
        return true;
    for (uint32_t i = 0; i < state->counter_count; i++)
        if (state->words[state->counters[i].count_word].u)
            return false;
    return true;
}

static void look_at_all(struct engine *engine)
{
    engine->active_count = 0;
    for (struct code_state *state = engine->states; state; state = state->next) {
        if (!state->cycles && is_untouched(engine, state))
            continue;
        uint64_t more = look(engine, state);
        if (!more)
            continue;
        engine->cycles += more;
        if (engine->active_count == engine->active_capacity) {
            engine->active_capacity = engine->active_capacity ? 2 * engine->active_capacity : 64;
            engine->active = realloc(engine->active, engine->active_capacity * sizeof *engine->active);
            if (!engine->active)
                abort();
        }
        engine->active[engine->active_count++] = state;
    }
}

uint64_t engine_cycles(struct vm *vm)
{
    struct engine *engine = vm->engine;
    uint64_t interval = 1 + engine->readings++ / READINGS_FULL;
    if (interval > INTERVAL_MAX)
        interval = INTERVAL_MAX;
    if (++engine->since_full >= interval) {
        engine->since_full = 0;
        look_at_all(engine);
    } else {
        for (uint32_t i = 0; i < engine->active_count; i++)
            engine->cycles += look(engine, engine->active[i]);
    }
    return engine->cycles;
}
