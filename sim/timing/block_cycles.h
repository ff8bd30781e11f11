/* block_cycles.h - cycles of one execution of each source block, and of instructions, for who has to know while the program runs. */
#ifndef HYBRIDSIM_SIM_TIMING_BLOCK_CYCLES_H
#define HYBRIDSIM_SIM_TIMING_BLOCK_CYCLES_H

#include "core/program.h"

/* cycles: one a source block, zeroed. Branches are taken to be predicted. */
void timing_block_cycles(const struct machine_function *function, uint32_t block_count, uint64_t *cycles);

/* Cycles until an instruction's result is there; 0: it is free. */
int32_t timing_latency(const struct isa *isa, const struct machine_instruction *instruction);

#endif
