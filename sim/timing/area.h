/* area.h - the area of an ISA's machine, in square micrometres: what the ISA asks for, at what the machine's spec says one
 * takes (docs/timing-model.md). */
#ifndef HYBRIDSIM_SIM_TIMING_AREA_H
#define HYBRIDSIM_SIM_TIMING_AREA_H

#include "core/isa.h"

#include <stdint.h>

enum area_part {
    AREA_PART_registers, AREA_PART_stack, AREA_PART_decode, AREA_PART_arithmetic, AREA_PART_predictor, AREA_PART_caches,
    AREA_PART_tensor, AREA_PART_vector, AREA_PART_activation, AREA_PART_core, AREA_PART_COUNT
};

extern const char *const area_part_names[AREA_PART_COUNT], *const area_part_definitions[AREA_PART_COUNT];

/* Each part, rounded; the result is their sum. A unit that no instruction of the ISA uses is not there. */
uint64_t area_compute(const struct isa *isa, uint64_t parts[AREA_PART_COUNT]);

#endif
