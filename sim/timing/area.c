/* area.c - see area.h. Sums are made in thousandths of a square micrometre. */
#include "sim/timing/area.h"

#include <stdbool.h>
#include <string.h>

const char *const area_part_names[AREA_PART_COUNT] = {
    "registers", "stack", "decode", "arithmetic", "predictor", "caches", "tensor", "vector", "activation", "core",
};

const char *const area_part_definitions[AREA_PART_COUNT] = {
    [AREA_PART_registers] = "the register file",
    [AREA_PART_stack] = "operand-stack entries on chip",
    [AREA_PART_decode] = "the decoder: instructions and the places their operands may be in",
    [AREA_PART_arithmetic] = "the core's adders, multipliers and divider, and a cipher's unit if an instruction uses it",
    [AREA_PART_predictor] = "the branch predictor's table",
    [AREA_PART_caches] = "the caches",
    [AREA_PART_tensor] = "the tensor unit, if an instruction uses it",
    [AREA_PART_vector] = "the vector unit, likewise",
    [AREA_PART_activation] = "the activation unit, likewise",
    [AREA_PART_core] = "the rest of the core",
};

static uint64_t area_of(const struct machine *machine, enum area_key key)
{
    return (uint64_t)machine->area[key].value;
}

static bool uses_unit(const struct isa *isa, const char *name)
{
    for (int i = 0; i < isa->instruction_count; i++)
        for (int p = 0; p < isa->instructions[i].pattern_count; p++)
            if (strcmp(isa->machine->units[isa->instructions[i].patterns[p].unit].name, name) == 0)
                return true;
    return false;
}

static bool has_cipher(const struct isa *isa)
{
    for (int i = 0; i < isa->instruction_count; i++)
        if (isa->instructions[i].work == WORK_cipher_rounds)
            return true;
    return false;
}

static uint64_t decoder(const struct isa *isa)
{
    uint64_t alternatives = 0;
    for (int i = 0; i < isa->instruction_count; i++)
        for (int k = 0; k < isa->instructions[i].operand_count; k++)
            alternatives += isa->instructions[i].operands[k].alternative_count;
    return (uint64_t)isa->instruction_count * area_of(isa->machine, AREA_decode_instruction) +
           alternatives * area_of(isa->machine, AREA_decode_alternative);
}

static uint64_t predictor(const struct machine *machine)
{
    enum { COUNTER_BITS = 2 };
    bool has_table = machine->branch.predictor == PREDICTOR_BIMODAL || machine->branch.predictor == PREDICTOR_GSHARE;
    return has_table ? ((uint64_t)COUNTER_BITS << machine->branch.table_bits) * area_of(machine, AREA_predictor_bit) : 0;
}

/* Its elements are made for the widest numbers it multiplies. */
static uint64_t tensor(const struct machine *machine)
{
    static const enum area_key keys[] = {AREA_tensor_element_8, AREA_tensor_element_16, AREA_tensor_element_32,
                                          AREA_tensor_element_64};
    enum { REGISTERS = 3 }; /* two operands and a sum */
    int width = 0;
    for (int i = 0; i < 4; i++)
        if (machine->tensor.element_bytes & 1u << (1u << i))
            width = i;
    if (machine->tensor.element_bytes & 1u << 16)
        width = 3;
    uint64_t element = area_of(machine, keys[width]) + ((uint64_t)REGISTERS << width) * area_of(machine, AREA_tensor_register_byte);
    return (uint64_t)machine->tensor.rows * (uint64_t)machine->tensor.columns * element;
}

static uint64_t activation(const struct machine *machine)
{
    int fastest = 1000; /* thousandths of a cycle for an element: one lane */
    for (int i = 0; i < machine->activation_count; i++)
        if (machine->activations[i].milli_per_element > 0 && machine->activations[i].milli_per_element < fastest)
            fastest = machine->activations[i].milli_per_element;
    uint64_t lanes = (1000u + (uint64_t)fastest - 1) / (uint64_t)fastest;
    return area_of(machine, AREA_activation_table) + lanes * area_of(machine, AREA_activation_lane);
}

/* A data cache that is described takes the place of the half that is for data. */
static uint64_t cache_bytes(const struct machine *machine)
{
    uint64_t bytes = area_of(machine, AREA_cache_bytes) / 1000;
    return machine->data_cache.bytes ? bytes - bytes / 2 + (uint64_t)machine->data_cache.bytes : bytes;
}

uint64_t area_compute(const struct isa *isa, uint64_t parts[AREA_PART_COUNT])
{
    const struct machine *machine = isa->machine;
    uint64_t total = 0;
    uint64_t entries = isa->stack_cached_entries >= 0 ? (uint64_t)isa->stack_cached_entries
                                                      : area_of(machine, AREA_stack_unlimited) / 1000;
    parts[AREA_PART_registers] = (uint64_t)isa->register_count * area_of(machine, AREA_register);
    parts[AREA_PART_stack] = entries * area_of(machine, AREA_stack_entry);
    parts[AREA_PART_decode] = decoder(isa);
    parts[AREA_PART_arithmetic] = area_of(machine, AREA_integer_add) + area_of(machine, AREA_integer_multiply) +
                                  area_of(machine, AREA_float_add) + area_of(machine, AREA_float_multiply) +
                                  area_of(machine, AREA_divider) + (has_cipher(isa) ? area_of(machine, AREA_cipher_unit) : 0);
    parts[AREA_PART_predictor] = predictor(machine);
    parts[AREA_PART_caches] = cache_bytes(machine) * area_of(machine, AREA_cache_byte);
    parts[AREA_PART_tensor] = machine->tensor.present && uses_unit(isa, "tensor") ? tensor(machine) : 0;
    parts[AREA_PART_vector] =
        machine->vector.present && uses_unit(isa, "vector") ? (uint64_t)machine->vector.lanes * area_of(machine, AREA_vector_lane)
                                                            : 0;
    parts[AREA_PART_activation] = machine->activation_count && uses_unit(isa, "activation") ? activation(machine) : 0;
    parts[AREA_PART_core] = area_of(machine, AREA_core);
    for (int i = 0; i < AREA_PART_COUNT; i++) {
        parts[i] = (parts[i] + 500) / 1000;
        total += parts[i];
    }
    return total;
}
