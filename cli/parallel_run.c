/* parallel_run.c - see parallel_run.h. */
#include "cli/parallel_run.h"

#include "sim/engine/observe.h"
#include "sim/timing/timing.h"

#include <string.h>

/* Cycles of each source block of a code object: its rows'. */
static void add_costs(const struct run_facts *facts, const struct dependence *dependence, uint32_t index, struct arena *arena,
                      struct code_costs *costs)
{
    const struct code *code = dependence->codes[index]->map->code;
    uint64_t *cycles = ARENA_ARRAY(arena, uint64_t, code->block_count + 1);
    costs->block_cycles = cycles;
    for (uint32_t i = 0; i < facts->profile->code_count; i++) {
        const struct code_profile *profile = facts->profile->codes[i];
        const struct timing_rows *rows = &facts->timing->rows[i];
        if (profile->code != code || !profile->function)
            continue;
        for (uint32_t at = 0; at < rows->count; at++)
            cycles[code->instructions[profile->function->instructions[at].source].block] += rows->cycles[at];
        costs->elsewhere += rows->elsewhere;
        costs->is_script = facts->timing->codes[rows->group].is_script;
    }
}

void parallel_describe_run(const struct run_facts *facts, struct buffer *bytes)
{
    const struct dependence *dependence = observer_end(facts->vm);
    if (!dependence)
        return;
    struct arena *arena = arena_new();
    struct code_costs *costs = ARENA_ARRAY(arena, struct code_costs, dependence->code_count + 1);
    for (uint32_t i = 0; i < dependence->code_count; i++)
        add_costs(facts, dependence, i, arena, &costs[i]);
    struct summary *summary = summary_new(dependence, costs, facts->timing->total.cycles);
    summary->isa = facts->isa->name;
    summary->machine = facts->isa->machine->name;
    summary_write(summary, bytes);
    summary_free(summary);
    arena_free(arena);
}
