/* counters.c - from the counter words in the code to the profile, at the end of a run. */
#include "sim/engine/contexts.h"
#include "sim/engine/nest.h"

void engine_collect_counters(struct vm *vm)
{
    contexts_collect(vm);
    for (struct code_state *state = vm->engine->states; state && !vm->engine->contexts; state = state->next) {
        for (uint32_t i = 0; i < state->counter_count; i++) {
            const struct block_counter *counter = &state->counters[i];
            state->profile->executions[counter->block] += state->words[counter->count_word].u;
            if (counter->taken_word != UINT32_MAX)
                state->profile->taken[counter->block] += state->words[counter->taken_word].u;
        }
    }
    const struct profile *profile = vm->profile;
    bool wanted = profile->code_count && nests_are_wanted(vm->engine->isa);
    for (struct code_state *state = vm->engine->states; state && wanted; state = state->next)
        if (state->code->unit == profile->codes[0]->code->unit) /* the script's own */
            nests_note_near(state);
}
