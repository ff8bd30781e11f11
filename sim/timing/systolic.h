/* systolic.h - cycles of the accelerators: a matrix product on a systolic array, loops on the vector unit, a block cipher's
 * rounds. Formulas of SCALE-Sim v3 (output-, weight- and
 * input-stationary); its report prints the last cycle's index, these are the number of cycles, one more. */
#ifndef HYBRIDSIM_SIM_TIMING_SYSTOLIC_H
#define HYBRIDSIM_SIM_TIMING_SYSTOLIC_H

#include "core/isa.h"
#include "core/machine.h"

#include <stdint.h>

struct systolic_array {
    uint32_t rows, columns; /* of processing elements; at least 1 */
    enum dataflow dataflow;
    bool overlap_folds;     /* the next tile's operands are loaded while this one is computed */
};

/* C[m x n] = A[m x k] * B[k x n], compute only: no memory stalls, no start-up. 0 for an empty product. */
uint64_t systolic_cycles(const struct systolic_array *array, uint64_t m, uint64_t n, uint64_t k);

/* The same on a machine's tensor unit, in parts. */
struct tensor_cost {
    uint64_t load;    /* start-up, loading stationary values, and what moving the matrices takes longer than the arithmetic */
    uint64_t compute;
    uint64_t drain;   /* the results of each fold leaving the array */
};
struct tensor_cost tensor_cost(const struct machine *machine, uint64_t m, uint64_t n, uint64_t k, uint32_t element_bytes);
uint64_t tensor_cycles(const struct machine *machine, uint64_t m, uint64_t n, uint64_t k, uint32_t element_bytes); /* their sum */

/* Rounds of a block cipher by the ISA's instruction for them. `parallel` blocks at a time do not wait for one another: they advance
 * together, so that a round of them takes the latency, or as many of the unit's intervals as there are blocks. */
struct cipher_cost {
    int instruction;  /* -1: the ISA has none */
    uint64_t rounds;  /* executions of it */
    uint64_t issue, wait; /* cycles */
};
struct cipher_cost cipher_cost(const struct isa *isa, uint64_t blocks, uint64_t rounds, uint64_t parallel);

/* A loop on the machine's vector unit. */
uint64_t vector_cycles(const struct machine *machine, uint64_t rounds, uint64_t operations, uint64_t items_moved);

#endif
