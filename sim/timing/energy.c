/* energy.c - see energy.h. */
#include "sim/timing/energy.h"

#include <string.h>

const char *const energy_part_names[ENERGY_PART_COUNT] = {
#define PART(name, text) #name,
#include "sim/timing/energy_parts.def"
#undef PART
};

const char *const energy_part_definitions[ENERGY_PART_COUNT] = {
#define PART(name, text) text,
#include "sim/timing/energy_parts.def"
#undef PART
};

static const struct {
    uint8_t part, key;
} activities_of[ACTIVITY_WORK] = {
#define ACTIVITY(name, part, key) {ENERGY_PART_##part, ENERGY_##key},
#include "sim/timing/energy_parts.def"
#undef ACTIVITY
};

/* ---- what instructions do ---- */

/* Of an op's own; its operands are counted where they are. 0, which no op is, stands for nothing. */
static const uint8_t op_activities[OP_COUNT] = {
    [OP_load_cell] = ACTIVITY_memory_reads, [OP_load_class_cell] = ACTIVITY_memory_reads,
    [OP_copy_free_vars] = ACTIVITY_memory_reads,
    [OP_make_cell] = ACTIVITY_memory_writes, [OP_store_cell] = ACTIVITY_memory_writes, [OP_delete_cell] = ACTIVITY_memory_writes,
    [OP_load_name] = ACTIVITY_names, [OP_store_name] = ACTIVITY_names, [OP_delete_name] = ACTIVITY_names,
    [OP_load_global] = ACTIVITY_names, [OP_load_global_null] = ACTIVITY_names, [OP_store_global] = ACTIVITY_names,
    [OP_delete_global] = ACTIVITY_names, [OP_load_build_class] = ACTIVITY_names, [OP_setup_annotations] = ACTIVITY_names,
    [OP_import_name] = ACTIVITY_names, [OP_import_from] = ACTIVITY_names, [OP_import_star] = ACTIVITY_names,
    [OP_add] = ACTIVITY_additions, [OP_iadd] = ACTIVITY_additions, [OP_sub] = ACTIVITY_additions, [OP_isub] = ACTIVITY_additions,
    [OP_pos] = ACTIVITY_additions, [OP_neg] = ACTIVITY_additions, [OP_lt] = ACTIVITY_additions, [OP_le] = ACTIVITY_additions,
    [OP_eq] = ACTIVITY_additions, [OP_ne] = ACTIVITY_additions, [OP_gt] = ACTIVITY_additions, [OP_ge] = ACTIVITY_additions,
    [OP_mul] = ACTIVITY_products, [OP_imul] = ACTIVITY_products, [OP_power] = ACTIVITY_products, [OP_ipower] = ACTIVITY_products,
    [OP_div] = ACTIVITY_quotients, [OP_idiv] = ACTIVITY_quotients, [OP_floor_divide] = ACTIVITY_quotients,
    [OP_ifloor_divide] = ACTIVITY_quotients, [OP_remainder] = ACTIVITY_quotients, [OP_iremainder] = ACTIVITY_quotients,
    [OP_and] = ACTIVITY_logic, [OP_iand] = ACTIVITY_logic, [OP_or] = ACTIVITY_logic, [OP_ior] = ACTIVITY_logic,
    [OP_xor] = ACTIVITY_logic, [OP_ixor] = ACTIVITY_logic, [OP_lshift] = ACTIVITY_logic, [OP_ilshift] = ACTIVITY_logic,
    [OP_rshift] = ACTIVITY_logic, [OP_irshift] = ACTIVITY_logic, [OP_invert] = ACTIVITY_logic, [OP_not] = ACTIVITY_logic,
    [OP_is] = ACTIVITY_logic, [OP_is_not] = ACTIVITY_logic, [OP_jump_if_true] = ACTIVITY_logic, [OP_jump_if_false] = ACTIVITY_logic,
    [OP_jump_if_none] = ACTIVITY_logic, [OP_jump_if_not_none] = ACTIVITY_logic, [OP_jump_if_true_keep] = ACTIVITY_logic,
    [OP_jump_if_false_keep] = ACTIVITY_logic,
    [OP_load_attr] = ACTIVITY_objects, [OP_load_method] = ACTIVITY_objects, [OP_store_attr] = ACTIVITY_objects,
    [OP_delete_attr] = ACTIVITY_objects, [OP_format_value] = ACTIVITY_objects, [OP_get_len] = ACTIVITY_objects,
    [OP_get_iter] = ACTIVITY_objects, [OP_make_function] = ACTIVITY_objects, [OP_print_expr] = ACTIVITY_objects,
    [OP_raise] = ACTIVITY_objects, [OP_reraise] = ACTIVITY_objects, [OP_push_exc_info] = ACTIVITY_objects,
    [OP_pop_except] = ACTIVITY_objects, [OP_check_exc_match] = ACTIVITY_objects, [OP_check_eg_match] = ACTIVITY_objects,
    [OP_prep_reraise_star] = ACTIVITY_objects, [OP_before_with] = ACTIVITY_objects, [OP_with_except_start] = ACTIVITY_frames,
    [OP_async_gen_wrap] = ACTIVITY_objects, [OP_get_awaitable] = ACTIVITY_objects, [OP_get_yield_from_iter] = ACTIVITY_objects,
    [OP_get_aiter] = ACTIVITY_objects, [OP_get_anext] = ACTIVITY_objects, [OP_end_async_for] = ACTIVITY_objects,
    [OP_before_async_with] = ACTIVITY_objects, [OP_match_mapping] = ACTIVITY_objects, [OP_match_sequence] = ACTIVITY_objects,
    [OP_match_keys] = ACTIVITY_objects, [OP_match_class] = ACTIVITY_objects,
    [OP_in] = ACTIVITY_containers, [OP_not_in] = ACTIVITY_containers, [OP_load_item] = ACTIVITY_containers,
    [OP_store_item] = ACTIVITY_containers, [OP_delete_item] = ACTIVITY_containers, [OP_build_tuple] = ACTIVITY_containers,
    [OP_build_list] = ACTIVITY_containers, [OP_build_set] = ACTIVITY_containers, [OP_build_map] = ACTIVITY_containers,
    [OP_build_const_key_map] = ACTIVITY_containers, [OP_build_string] = ACTIVITY_containers, [OP_build_slice] = ACTIVITY_containers,
    [OP_list_append] = ACTIVITY_containers, [OP_set_add] = ACTIVITY_containers, [OP_map_add] = ACTIVITY_containers,
    [OP_list_extend] = ACTIVITY_containers, [OP_set_update] = ACTIVITY_containers, [OP_dict_update] = ACTIVITY_containers,
    [OP_dict_merge] = ACTIVITY_containers, [OP_list_to_tuple] = ACTIVITY_containers, [OP_unpack_2] = ACTIVITY_containers,
    [OP_unpack_3] = ACTIVITY_containers, [OP_unpack] = ACTIVITY_containers, [OP_unpack_ex] = ACTIVITY_containers,
    [OP_for_iter] = ACTIVITY_containers,
    [OP_return] = ACTIVITY_frames, [OP_call] = ACTIVITY_frames, [OP_call_function] = ACTIVITY_frames,
    [OP_call_ex] = ACTIVITY_frames,
    [OP_matmul] = ACTIVITY_frames, [OP_imatmul] = ACTIVITY_frames, [OP_return_generator] = ACTIVITY_frames,
    [OP_yield] = ACTIVITY_frames, [OP_send] = ACTIVITY_frames,
};

/* A native function as part of an instruction of the core. */
static enum energy_activity function_activity(const char *path)
{
    if (strncmp(path, "math.", 5) == 0)
        return ACTIVITY_quotients;
    if (strcmp(path, "min") == 0 || strcmp(path, "max") == 0 || strcmp(path, "abs") == 0)
        return ACTIVITY_additions;
    return ACTIVITY_objects;
}

static void count_tree(const struct pattern_node *node, uint32_t *activities)
{
    enum energy_activity activity = (enum energy_activity)0;
    if (node->kind == PATTERN_OP || node->kind == PATTERN_DISPLAY)
        activity = (enum energy_activity)op_activities[node->op];
    else if (node->kind == PATTERN_CALL)
        activity = function_activity(node->path);
    if (activity)
        activities[activity]++;
    if (activity == ACTIVITY_additions || activity == ACTIVITY_products || activity == ACTIVITY_quotients)
        activities[ACTIVITY_tag_tests]++;
    for (int i = 0; i < node->child_count; i++)
        count_tree(node->children[i], activities);
}

void energy_count_pattern(const struct pattern *pattern, const struct machine_unit *unit, uint32_t *activities)
{
    bool counted_by_amount = strcmp(unit->name, "tensor") == 0 || strcmp(unit->name, "vector") == 0 ||
                             strcmp(unit->name, "activation") == 0;
    if (!counted_by_amount && pattern->tree)
        count_tree(pattern->tree, activities);
}

void energy_count_unplaced(const struct isa *isa, const struct isa_instruction *instruction, uint64_t times, uint64_t *activities)
{
    uint32_t once[ACTIVITY_IN_BLOCKS] = {0};
    bool registers = isa->register_count > 0;
    once[ACTIVITY_fetch_bytes] = instruction->size_bytes;
    once[ACTIVITY_instructions] = 1;
    for (int i = 0; i < instruction->operand_count; i++) {
        const unsigned places = 1u << OPERAND_REG | 1u << OPERAND_STACK | 1u << OPERAND_TOP | 1u << OPERAND_DEPTH;
        if (!(instruction->operands[i].kinds & places))
            continue;
        if (instruction->operands[i].is_result)
            once[registers ? ACTIVITY_register_writes : ACTIVITY_stack_writes]++;
        else
            once[registers ? ACTIVITY_register_reads : ACTIVITY_stack_reads]++;
    }
    if (instruction->pattern_count)
        energy_count_pattern(&instruction->patterns[0], &isa->machine->units[instruction->patterns[0].unit], once);
    for (int i = 0; i < ACTIVITY_IN_BLOCKS; i++)
        activities[i] += once[i] * times;
}

/* ---- the tensor unit ---- */

static uint64_t divide_up(uint64_t a, uint64_t b)
{
    return a / b + (a % b != 0);
}

/* Elements that enter or leave the array: the stationary matrix once, the others once for each tile they pass; sums that are not
 * stationary leave for each tile of the depth, and come back but for the first. */
static uint64_t count_edge_elements(const struct machine *machine, uint64_t m, uint64_t n, uint64_t k)
{
    uint64_t rows = (uint64_t)machine->tensor.rows, columns = (uint64_t)machine->tensor.columns;
    if (!m || !n || !k)
        return 0;
    switch (machine->tensor.dataflow) {
    case DATAFLOW_OUTPUT_STATIONARY:
        return m * k * divide_up(n, columns) + k * n * divide_up(m, rows) + m * n;
    case DATAFLOW_WEIGHT_STATIONARY:
        return k * n + m * k * divide_up(n, columns) + m * n * (2 * divide_up(k, rows) - 1);
    case DATAFLOW_INPUT_STATIONARY:
        return m * k + k * n * divide_up(m, columns) + m * n * (2 * divide_up(k, rows) - 1);
    }
    return 0;
}

void energy_count_product(const struct machine *machine, const struct profile_shape *shape, uint64_t *activities)
{
    uint64_t m = shape->rows, n = shape->columns, k = shape->depth, bytes = shape->element_bytes;
    enum energy_activity width = bytes <= 1   ? ACTIVITY_multiply_adds_8
                                 : bytes <= 2 ? ACTIVITY_multiply_adds_16
                                 : bytes <= 4 ? ACTIVITY_multiply_adds_32
                                              : ACTIVITY_multiply_adds_64;
    activities[width] += m * n * k * (bytes > 8 ? 4 : 1) * shape->count;
    activities[ACTIVITY_operand_bytes] += count_edge_elements(machine, m, n, k) * bytes * shape->count;
    activities[ACTIVITY_transfer_bytes] += (m * k + k * n + m * n) * bytes * shape->count;
}

/* ---- what it costs ---- */

static uint64_t square_root(uint64_t number)
{
    uint64_t root = 0;
    for (uint64_t bit = (uint64_t)1 << 31; bit; bit >>= 1)
        if ((root + bit) * (root + bit) <= number)
            root += bit;
    return root;
}

/* value * sqrt(size / reference), rounded down, the root to five digits. */
static uint64_t scale(uint64_t value, uint64_t size, uint64_t reference)
{
    return value * square_root(size * 10000000000 / reference) / 100000;
}

/* The mean of integer and float arithmetic, by the share of floats. */
static uint64_t mix(const struct machine *machine, enum energy_key integer, enum energy_key floating)
{
    uint64_t share = (uint64_t)machine->energy[ENERGY_float_share].value;
    return ((uint64_t)machine->energy[integer].value * (1000 - share) + (uint64_t)machine->energy[floating].value * share) / 1000;
}

/* What an access to a cache costs is that of a cache of 32 KB. */
static void scale_by_cache(struct energy_costs *costs, const struct machine *machine)
{
    enum { REFERENCE_BYTES = 32768 };
    static const enum energy_activity accesses[] = {ACTIVITY_stack_spills, ACTIVITY_stack_fills, ACTIVITY_memory_reads,
                                                    ACTIVITY_memory_writes, ACTIVITY_names, ACTIVITY_objects,
                                                    ACTIVITY_containers, ACTIVITY_frames};
    uint64_t bytes = (uint64_t)machine->data_cache.bytes;
    for (size_t i = 0; bytes && i < sizeof accesses / sizeof *accesses; i++)
        costs->femtojoules[accesses[i]] = scale(costs->femtojoules[accesses[i]], bytes, REFERENCE_BYTES);
}

void energy_costs_init(struct energy_costs *costs, const struct isa *isa, uint64_t area)
{
    enum { REFERENCE_ENTRIES = 32, REFERENCE_COUNTERS = 2048 };
    const struct machine *machine = isa->machine;
    uint64_t *femtojoules = costs->femtojoules;
    for (int i = 0; i < ACTIVITY_WORK; i++)
        femtojoules[i] = (uint64_t)machine->energy[activities_of[i].key].value;
    for (int kind = 0; kind < WORK_COUNT; kind++)
        femtojoules[ACTIVITY_WORK + kind] = (uint64_t)machine->energy[ENERGY_work_objects + kind].value;
    uint64_t registers = (uint64_t)isa->register_count;
    femtojoules[ACTIVITY_register_reads] = scale(femtojoules[ACTIVITY_register_reads], registers, REFERENCE_ENTRIES);
    femtojoules[ACTIVITY_register_writes] = scale(femtojoules[ACTIVITY_register_writes], registers, REFERENCE_ENTRIES);
    uint64_t entries = isa->stack_cached_entries >= 0 ? (uint64_t)isa->stack_cached_entries
                                                      : (uint64_t)machine->area[AREA_stack_unlimited].value / 1000;
    femtojoules[ACTIVITY_stack_reads] = scale(femtojoules[ACTIVITY_stack_reads], entries, REFERENCE_ENTRIES);
    femtojoules[ACTIVITY_stack_writes] = scale(femtojoules[ACTIVITY_stack_writes], entries, REFERENCE_ENTRIES);
    bool has_table = machine->branch.predictor == PREDICTOR_BIMODAL || machine->branch.predictor == PREDICTOR_GSHARE;
    femtojoules[ACTIVITY_predictions] =
        has_table ? scale(femtojoules[ACTIVITY_predictions], (uint64_t)1 << machine->branch.table_bits, REFERENCE_COUNTERS) : 0;
    femtojoules[ACTIVITY_additions] = mix(machine, ENERGY_integer_add, ENERGY_float_add);
    femtojoules[ACTIVITY_products] = mix(machine, ENERGY_integer_multiply, ENERGY_float_multiply);
    femtojoules[ACTIVITY_quotients] = mix(machine, ENERGY_integer_divide, ENERGY_float_divide);
    scale_by_cache(costs, machine);
    uint64_t by_area = (uint64_t)machine->energy[ENERGY_static_area].value; /* for 10^6 square micrometres */
    femtojoules[ACTIVITY_cycles] += area / 1000000 * by_area + area % 1000000 * by_area / 1000000;
}

void energy_add_parts(const struct energy_costs *costs, const uint64_t *activities, uint64_t *parts)
{
    for (int i = 0; i < ACTIVITY_WORK; i++)
        parts[activities_of[i].part] += activities[i] * costs->femtojoules[i];
    for (int i = ACTIVITY_WORK; i < ACTIVITY_COUNT; i++)
        parts[ENERGY_PART_native_work] += activities[i] * costs->femtojoules[i];
}
