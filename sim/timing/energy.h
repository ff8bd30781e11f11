/* energy.h - the energy of a run, in femtojoules: counts of what was done, times what a machine's spec says one costs. Integers
 * throughout, so parts, code objects and files add up exactly (docs/timing-model.md). */
#ifndef HYBRIDSIM_SIM_TIMING_ENERGY_H
#define HYBRIDSIM_SIM_TIMING_ENERGY_H

#include "core/isa.h"
#include "core/work.h"
#include "sim/profile/profile.h"

#include <stdint.h>

enum energy_part {
#define PART(name, text) ENERGY_PART_##name,
#include "sim/timing/energy_parts.def"
#undef PART
    ENERGY_PART_COUNT
};

extern const char *const energy_part_names[ENERGY_PART_COUNT], *const energy_part_definitions[ENERGY_PART_COUNT];

enum energy_activity {
#define ACTIVITY(name, part, key) ACTIVITY_##name,
#include "sim/timing/energy_parts.def"
#undef ACTIVITY
    ACTIVITY_WORK, /* + enum work_kind */
    ACTIVITY_COUNT = ACTIVITY_WORK + WORK_COUNT,
    ACTIVITY_IN_BLOCKS = ACTIVITY_quotients + 1 /* the first ones are what instructions do, whatever the program's data */
};

/* What one of each activity costs on an ISA's machine. `area` is in square micrometres. */
struct energy_costs {
    uint64_t femtojoules[ACTIVITY_COUNT];
};
void energy_costs_init(struct energy_costs *costs, const struct isa *isa, uint64_t area);

/* Adds what the pattern's operations do, unless the unit is one whose work is counted by its amount. */
void energy_count_pattern(const struct pattern *pattern, const struct machine_unit *unit, uint32_t *activities);

/* Adds `times` executions of an instruction whose operands are not known: all of them in registers, or on the stack. */
void energy_count_unplaced(const struct isa *isa, const struct isa_instruction *instruction, uint64_t times, uint64_t *activities);

/* Adds matrix products on the tensor unit. */
void energy_count_product(const struct machine *machine, const struct profile_shape *shape, uint64_t *activities);

/* Adds the activities' energy to the parts. */
void energy_add_parts(const struct energy_costs *costs, const uint64_t *activities, uint64_t *parts);

#endif
