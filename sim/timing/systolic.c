/* systolic.c - see systolic.h. */
#include "sim/timing/systolic.h"

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

uint64_t tensor_cycles(const struct machine *machine, uint64_t m, uint64_t n, uint64_t k, uint32_t element_bytes)
{
    struct systolic_array array = {(uint32_t)machine->tensor.rows, (uint32_t)machine->tensor.columns,
                                   machine->tensor.dataflow, machine->tensor.overlap_folds};
    if (!array.rows)
        array.rows = 1;
    if (!array.columns)
        array.columns = 1;
    uint64_t cycles = systolic_cycles(&array, m, n, k);
    if (machine->tensor.bytes_per_cycle > 0) {
        uint64_t bytes = (m * k + k * n + m * n) * element_bytes;
        uint64_t transfer = divide_up(bytes, (uint64_t)machine->tensor.bytes_per_cycle);
        if (transfer > cycles)
            cycles = transfer;
    }
    return cycles + (uint64_t)machine->tensor.startup;
}
