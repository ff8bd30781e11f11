/* systolic.c - see systolic.h. */
#include "sim/timing/systolic.h"

#include "core/work.h"

static uint64_t divide_up(uint64_t a, uint64_t b)
{
    return a / b + (a % b != 0);
}

uint64_t systolic_cycles(const struct systolic_array *array, uint64_t m, uint64_t n, uint64_t k)
{
    uint64_t rows = array->rows, columns = array->columns;
    if (!m || !n || !k)
        return 0;
    /* mapped_rows x mapped_columns is the stationary matrix, cut into tiles of the array's size; `streamed` vectors flow
     * through each; `preload` cycles fill a tile with its stationary values. */
    uint64_t mapped_rows = m, mapped_columns = n, streamed = k, preload = 0;
    switch (array->dataflow) {
    case DATAFLOW_OUTPUT_STATIONARY:
        break;
    case DATAFLOW_WEIGHT_STATIONARY:
        mapped_rows = k, mapped_columns = n, streamed = m, preload = rows;
        break;
    case DATAFLOW_INPUT_STATIONARY:
        mapped_rows = k, mapped_columns = m, streamed = n, preload = rows;
        break;
    }
    uint64_t folds = divide_up(mapped_rows, rows) * divide_up(mapped_columns, columns);
    uint64_t skew = rows + columns - 2;
    if (!array->overlap_folds)
        return folds * (preload + streamed + skew);
    return preload + folds * (streamed > preload ? streamed : preload) + skew;
}

/* Of `cycles`: the first for loading stationary values, the last in which results leave. */
static struct tensor_cost divide_cycles(const struct systolic_array *array, uint64_t folds, uint64_t cycles)
{
    bool output_stationary = array->dataflow == DATAFLOW_OUTPUT_STATIONARY;
    uint64_t tiles = array->overlap_folds ? 1 : folds; /* overlapped ones show it once */
    struct tensor_cost cost = {.drain = tiles * (output_stationary ? array->rows - 1u : array->columns - 1u),
                               .load = output_stationary ? 0 : tiles * array->rows};
    cost.compute = cycles - cost.drain - cost.load;
    return cost;
}

static uint64_t count_folds(const struct systolic_array *array, uint64_t m, uint64_t n, uint64_t k)
{
    switch (array->dataflow) {
    case DATAFLOW_OUTPUT_STATIONARY:
        return divide_up(m, array->rows) * divide_up(n, array->columns);
    case DATAFLOW_WEIGHT_STATIONARY:
        return divide_up(k, array->rows) * divide_up(n, array->columns);
    case DATAFLOW_INPUT_STATIONARY:
        return divide_up(k, array->rows) * divide_up(m, array->columns);
    }
    return 0;
}

struct tensor_cost tensor_cost(const struct machine *machine, uint64_t m, uint64_t n, uint64_t k, uint32_t element_bytes)
{
    struct systolic_array array = {(uint32_t)machine->tensor.rows, (uint32_t)machine->tensor.columns,
                                   machine->tensor.dataflow, machine->tensor.overlap_folds};
    struct tensor_cost cost = {0};
    uint64_t port = (uint64_t)machine->tensor.bytes_per_cycle;
    if (!array.rows)
        array.rows = 1;
    if (!array.columns)
        array.columns = 1;
    uint64_t cycles = systolic_cycles(&array, m, n, k), operands = (m * k + k * n) * element_bytes;
    if (cycles)
        cost = divide_cycles(&array, count_folds(&array, m, n, k), cycles);
    if (port && !machine->tensor.overlap_transfers) {
        cost.load += divide_up(operands, port);
        cost.drain += divide_up(m * n * element_bytes, port);
    } else if (port) {
        uint64_t transfer = divide_up(operands + m * n * element_bytes, port);
        cost.load += transfer > cycles ? transfer - cycles : 0;
    }
    cost.load += (uint64_t)machine->tensor.startup;
    return cost;
}

uint64_t tensor_cycles(const struct machine *machine, uint64_t m, uint64_t n, uint64_t k, uint32_t element_bytes)
{
    struct tensor_cost cost = tensor_cost(machine, m, n, k, element_bytes);
    return cost.load + cost.compute + cost.drain;
}

uint64_t vector_cycles(const struct machine *machine, uint64_t rounds, uint64_t operations, uint64_t items_moved)
{
    enum { ITEM_BYTES = 8 };
    uint64_t lanes = machine->vector.lanes > 0 ? (uint64_t)machine->vector.lanes : 1;
    uint64_t cycles = divide_up(rounds, lanes) * (operations ? operations : 1), port = (uint64_t)machine->vector.bytes_per_cycle;
    uint64_t transfer = port ? divide_up(items_moved * ITEM_BYTES, port) : 0;
    return (uint64_t)machine->vector.startup + (transfer > cycles ? transfer : cycles);
}

struct cipher_cost cipher_cost(const struct isa *isa, uint64_t blocks, uint64_t rounds, uint64_t parallel)
{
    struct cipher_cost cost = {.instruction = isa->instruction_count - 1, .rounds = blocks * rounds};
    while (cost.instruction >= 0 && isa->instructions[cost.instruction].work != WORK_cipher_rounds)
        cost.instruction--;
    if (cost.instruction < 0)
        return cost;
    const struct isa_instruction *instruction = &isa->instructions[cost.instruction];
    const struct machine_unit *unit = &isa->machine->units[instruction->unit];
    uint64_t latency = (uint64_t)(instruction->latency >= 0 ? instruction->latency : unit->latency);
    uint64_t groups = divide_up(blocks, parallel ? parallel : 1), busy = parallel * (uint64_t)unit->interval;
    uint64_t cycles = groups * rounds * (busy > latency ? busy : latency);
    cost.issue = unit->issue ? cost.rounds : 0;
    cost.issue = cost.issue < cycles ? cost.issue : cycles;
    cost.wait = cycles - cost.issue;
    return cost;
}
