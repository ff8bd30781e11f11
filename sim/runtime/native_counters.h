/* native_counters.h - how often the program called each native function, whatever object it was reached through. */
#ifndef HYBRIDSIM_SIM_RUNTIME_NATIVE_COUNTERS_H
#define HYBRIDSIM_SIM_RUNTIME_NATIVE_COUNTERS_H

#include "sim/runtime/structures.h"
#include "sim/runtime/vm.h"

struct native_counter {
    const struct method_definition *definition;
    char *name;     /* "math.exp", "list.append", "len" */
    uint64_t calls;
};

struct native_counters;

/* The counter of the function's definition, made when first asked for. Lives as long as the vm. */
struct native_counter *native_counter_of(struct vm *vm, struct native_function_object *function);

static inline void native_count(struct vm *vm, struct native_function_object *function)
{
    if (!function->counter)
        function->counter = native_counter_of(vm, function);
    function->counter->calls++;
}

uint32_t native_counter_count(struct vm *vm);
const struct native_counter *native_counter_at(struct vm *vm, uint32_t index);
void native_counters_free(struct vm *vm);

#endif
