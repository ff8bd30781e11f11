/* machine.h - the model of a microarchitecture as its YAML spec describes it (docs/timing-model.md). Plain data. Costs
 * that may be fractions of a cycle are in thousandths of a cycle (milli). */
#ifndef HYBRIDSIM_CORE_MACHINE_H
#define HYBRIDSIM_CORE_MACHINE_H

#include "core/energy.h"
#include "core/work.h"

#include <stdbool.h>
#include <stdint.h>

struct machine_unit {
    const char *name;
    int latency;        /* cycles from issue to result; 0: the instruction is free */
    int interval;       /* cycles before the unit takes its next instruction */
    int issue;          /* issue slots taken: 1, or 0 for instructions that only CPython's implementation needs */
};

enum { MACHINE_MOST_WAYS = 64, MACHINE_MOST_LINES = 1 << 20 /* of a fully associative cache */ };

enum predictor { PREDICTOR_STATIC, PREDICTOR_BIMODAL, PREDICTOR_GSHARE, PREDICTOR_PERFECT };
enum dataflow { DATAFLOW_OUTPUT_STATIONARY, DATAFLOW_WEIGHT_STATIONARY, DATAFLOW_INPUT_STATIONARY };

struct machine_activation {
    const char *name;   /* step, relu, leaky_relu, sigmoid, tanh, softmax, gelu */
    int startup;        /* cycles before the first element */
    int milli_per_element;
};

/* A cache that keeps the lines used latest (docs/timing-model.md, Data cache). */
struct machine_cache {
    int bytes;               /* 0: there is none, and every access hits */
    int line, ways;          /* ways 0: fully associative */
    int miss;                /* cycles */
    bool fetches_new;        /* a line that was never used before is fetched, too */
};

struct machine {
    const char *name, *text, *file;
    bool ideal;                      /* every term but one cycle an instruction is left out */
    int clock_mhz;     /* for the program's own clocks */
    int issue_width;
    struct machine_unit *units;
    int unit_count;
    struct { enum predictor predictor; int mispredict_penalty, taken_penalty, table_bits, history_bits; } branch;
    struct { int bytes_per_cycle; } fetch;      /* 0: fetch never limits */
    struct { int spill, fill; } stack;          /* cycles an operand-stack entry moved to / from memory costs */
    int const_operand, local_operand;           /* extra cycles of an operand that comes from memory */
    int64_t work_milli[WORK_COUNT];             /* cost of one unit of each kind of work */
    int milli_per_native_multiply_add;          /* matrix product in library code, on an ISA that does not cover the call */
    struct { bool present; int rows, columns; enum dataflow dataflow; int startup, bytes_per_cycle; bool overlap_folds;
             bool overlap_transfers;     /* operands and results move while the array computes */
             int min_size;               /* multiply-adds below which the core does it */
             unsigned element_bytes; } tensor; /* sizes of elements it multiplies: bits 1 << bytes */
    struct { bool present; int lanes, startup, bytes_per_cycle, min_size; } vector;
    struct machine_cache data_cache;
    struct machine_activation *activations;
    int activation_count;
    struct machine_cost energy[ENERGY_COUNT], area[AREA_COUNT];
};

/* The vector unit takes an item of a list for less than a built-in function's own loop does: sum's (`adds`), or max's and
 * min's. */
static inline bool machine_gains_over_native(const struct machine *machine, bool adds)
{
    int64_t native = machine->work_milli[WORK_items] + (adds ? 0 : machine->work_milli[WORK_comparisons]);
    int64_t lanes = 1000 / (machine->vector.lanes + !machine->vector.lanes);
    int64_t moved = 8000 / (machine->vector.bytes_per_cycle + !machine->vector.bytes_per_cycle);
    return machine->ideal || machine->work_milli[WORK_unboxed] + (lanes > moved ? lanes : moved) < native;
}

#endif
