/* block_cycles.c - see block_cycles.h. */
#include "sim/timing/block_cycles.h"

#include "sim/timing/schedule.h"

void timing_block_cycles(const struct machine_function *function, uint32_t block_count, uint64_t *cycles)
{
    const struct machine *machine = function->isa->machine;
    struct scheduler *scheduler = machine->ideal ? NULL : scheduler_new(function);
    for (uint32_t i = function->block_count; i-- > 0;) { /* the first of a source block's copies is the one that counts */
        const struct machine_block *block = &function->blocks[i];
        if (block->source >= block_count)
            continue;
        struct block_cost cost;
        cycles[block->source] = 0;
        if (machine->ideal) {
            for (uint32_t at = block->first; at < block->first + block->count; at++)
                cycles[block->source] += 1u + function->instructions[at].prefixes;
            continue;
        }
        schedule_block(scheduler, block, UINT32_MAX, &cost);
        for (int part = 0; part < CYCLES_WORK; part++)
            cycles[block->source] += cost.parts[part];
    }
    scheduler_free(scheduler);
}

int32_t timing_latency(const struct isa *isa, const struct machine_instruction *instruction)
{
    const struct machine *machine = isa->machine;
    const struct isa_instruction *description = &isa->instructions[instruction->instruction];
    bool known = instruction->pattern < description->pattern_count;
    const struct machine_unit *unit = &machine->units[known ? description->patterns[instruction->pattern].unit : description->unit];
    if (machine->ideal)
        return 1;
    return unit->issue == 0 ? 0 : description->latency >= 0 ? description->latency : unit->latency;
}
