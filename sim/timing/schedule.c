/* schedule.c - see schedule.h. A scoreboard over frame slots: an instruction issues, in order, when its bytes are there, its
 * operands are ready, its unit is free and the cycle has an issue slot left. Operands are what the bytes say. */
#include "sim/timing/schedule.h"

#include "core/memory.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_WINDOW = 1 << 16 };

/* What an instruction does with slots: found from its operands and its pattern's root op. */
struct effects {
    uint32_t pops, pushes;       /* operand-stack entries */
    uint32_t memory_constants, memory_locals, stored_locals;
    uint32_t register_reads, register_writes, stack_peeks;
    bool is_move;                /* of one value, nothing else */
    uint32_t peek;               /* deepest entry below the pops that is read without being popped */
    uint32_t read_count, write_count;
    struct { uint32_t first, count; } reads[ISA_MAX_OPERANDS], writes[ISA_MAX_OPERANDS];
};

struct scheduler {
    const struct machine_function *function;
    const struct isa *isa;
    struct machine_instruction *decoded; /* as function->instructions */
    struct effects *effects;             /* of them, once they are known; schedules of other machines need them again */
    bool *effects_known;
    uint32_t slot_count;
    uint64_t *slot_ready;                /* cycle in which the slot's value can be used */
    uint64_t *unit_free;                 /* cycle in which the unit can take an instruction */
};

struct scheduler *scheduler_new(const struct machine_function *function)
{
    struct scheduler *scheduler = checked_alloc(1, sizeof *scheduler);
    scheduler->function = function;
    scheduler->isa = function->isa;
    scheduler->slot_count = function->slot_count;
    scheduler->slot_ready = checked_alloc(function->slot_count, sizeof *scheduler->slot_ready);
    scheduler->unit_free = checked_alloc((size_t)function->isa->machine->unit_count, sizeof *scheduler->unit_free);
    scheduler->decoded = checked_alloc(function->instruction_count, sizeof *scheduler->decoded);
    scheduler->effects = checked_alloc(function->instruction_count, sizeof *scheduler->effects);
    scheduler->effects_known = checked_alloc(function->instruction_count, sizeof *scheduler->effects_known);
    for (uint32_t i = 0; i < function->instruction_count; i++) {
        uint32_t address = function->instructions[i].address;
        if (address < function->bytes.size)
            encoding_decode(function->isa, (const uint8_t *)function->bytes.bytes + address,
                            function->bytes.size - address, &scheduler->decoded[i]);
    }
    return scheduler;
}

void scheduler_free(struct scheduler *scheduler)
{
    if (!scheduler)
        return;
    free(scheduler->slot_ready);
    free(scheduler->unit_free);
    free(scheduler->decoded);
    free(scheduler->effects);
    free(scheduler->effects_known);
    free(scheduler);
}

void scheduler_set_isa(struct scheduler *scheduler, const struct isa *isa)
{
    scheduler->isa = isa;
}

struct content_key scheduler_key(const struct isa *isa)
{
    const struct machine *machine = isa->machine;
    const int settings[] = {isa->stack_cached_entries, machine->issue_width, machine->fetch.bytes_per_cycle, machine->stack.spill,
                            machine->stack.fill, machine->const_operand, machine->local_operand};
    struct content_key key = CONTENT_KEY_START;
    content_key_add(&key, settings, sizeof settings);
    for (int i = 0; i < machine->unit_count; i++) {
        const int unit[] = {machine->units[i].latency, machine->units[i].interval, machine->units[i].issue};
        content_key_add(&key, unit, sizeof unit);
    }
    return key;
}

const struct pattern *scheduler_pattern(const struct scheduler *scheduler, uint32_t index)
{
    const struct machine_instruction *decoded = &scheduler->decoded[index];
    const struct isa_instruction *description = &scheduler->isa->instructions[decoded->instruction];
    return decoded->pattern < description->pattern_count ? &description->patterns[decoded->pattern] : NULL;
}

static int unit_index(const struct scheduler *scheduler, uint32_t index)
{
    const struct pattern *pattern = scheduler_pattern(scheduler, index);
    return pattern ? pattern->unit : scheduler->isa->instructions[scheduler->decoded[index].instruction].unit;
}

const struct machine_unit *scheduler_unit(const struct scheduler *scheduler, uint32_t index)
{
    return &scheduler->isa->machine->units[unit_index(scheduler, index)];
}

/* Letters of ops.def for each operand of the instruction ('v' where the pattern does not say), its root op (or the call further
 * in) and its 'n'. */
static enum op find_roles(const struct isa_instruction *description, const struct pattern *pattern,
                          const struct machine_instruction *decoded, char *roles, uint32_t *n)
{
    memset(roles, 'v', ISA_MAX_OPERANDS);
    *n = 0;
    const struct pattern_node *root = pattern_window_node(pattern);
    if (!root || root->kind != PATTERN_OP)
        return OP_COUNT;
    const struct op_info *info = &op_infos[root->op];
    for (int i = 0; i < root->child_count && info->operands[i]; i++) {
        const struct pattern_node *child = root->children[i];
        if (child->kind == PATTERN_VARIABLE && child->variable < description->operand_count) {
            roles[child->variable] = info->operands[i];
            if (info->operands[i] == 'n')
                *n = (uint32_t)decoded->operands[child->variable].value;
        } else if (child->kind == PATTERN_NUMBER && info->operands[i] == 'n') {
            *n = (uint32_t)child->number;
        }
    }
    for (int i = 0; i < pattern->result_count && info->results[i]; i++)
        roles[pattern->results[i]] = info->results[i];
    return root->op;
}

static void add_operand(struct effects *effects, bool is_result, uint32_t first, uint32_t count)
{
    if (is_result) {
        effects->writes[effects->write_count].first = first;
        effects->writes[effects->write_count++].count = count;
    } else {
        effects->reads[effects->read_count].first = first;
        effects->reads[effects->read_count++].count = count;
    }
}

static void find_effects(const struct scheduler *scheduler, const struct machine_instruction *decoded,
                         struct effects *effects)
{
    const struct machine_function *function = scheduler->function;
    const struct isa_instruction *description = &scheduler->isa->instructions[decoded->instruction];
    char roles[ISA_MAX_OPERANDS];
    uint32_t n;
    memset(effects, 0, sizeof *effects);
    if (decoded->pattern >= description->pattern_count)
        return;
    enum op op = find_roles(description, &description->patterns[decoded->pattern], decoded, roles, &n);
    effects->is_move = op == OP_move || op == OP_checked;
    for (int i = 0; i < description->operand_count; i++) {
        const struct machine_operand *operand = &decoded->operands[i];
        bool is_result = description->operands[i].is_result;
        uint32_t value = (uint32_t)operand->value;
        uint32_t size = roles[i] == 'w' || roles[i] == 'p' ? (uint32_t)op_window_size(op, (int)n) : 1;
        if (!is_result && !(description->patterns[decoded->pattern].used & 1u << i))
            continue;
        if (size > MAX_WINDOW)
            size = MAX_WINDOW;
        switch ((enum operand_kind)operand->kind) {
        case OPERAND_REG:
        case OPERAND_WINDOW:
            add_operand(effects, is_result, value, size);
            effects->register_writes += is_result ? size : 0;
            effects->register_reads += is_result ? 0 : size;
            break;
        case OPERAND_STACK:
            if (is_result)
                effects->pushes += size;
            else
                effects->pops += size;
            break;
        case OPERAND_TOP:
            effects->stack_peeks++;
            if (effects->peek < description->operands[i].top_depth)
                effects->peek = description->operands[i].top_depth;
            break;
        case OPERAND_DEPTH:
            effects->stack_peeks++;
            if (effects->peek < value)
                effects->peek = value;
            break;
        case OPERAND_LOCAL:
            effects->memory_locals += !is_result;
            effects->stored_locals += is_result;
            add_operand(effects, is_result, value < function->code->local_count && function->local_slots
                                                ? function->local_slots[value]
                                                : function->register_slots + value, 1);
            break;
        case OPERAND_CONST:
            effects->memory_constants++;
            break;
        case OPERAND_IMM:
        case OPERAND_NAME:
        case OPERAND_INDEX:
        case OPERAND_COUNT_FIELD:
        case OPERAND_TARGET:
        case OPERAND_FORWARD:
        case OPERAND_BACKWARD:
        case OPERAND_KIND_COUNT:
            break;
        }
    }
}

/* State while one block is scheduled. `resident` is the lowest operand-stack entry held on chip. */
struct pipeline {
    const struct machine *machine;
    uint64_t cycle;              /* in which the next instruction may issue */
    int issued;                  /* instructions issued in `cycle` */
    uint64_t last_ready;         /* cycle in which the latest result is ready */
    uint64_t fetched_bytes;
    uint32_t depth, resident;
    struct block_cost *cost;
};

static void stall_until(struct pipeline *pipeline, uint64_t cycle, enum cycle_part part)
{
    if (cycle <= pipeline->cycle)
        return;
    uint64_t stall = cycle - pipeline->cycle;
    if (pipeline->issued) { /* the rest of a cycle in which something issued costs nothing more */
        stall--;
        pipeline->issued = 0;
    }
    pipeline->cost->parts[part] += stall;
    pipeline->cycle = cycle;
}

static void stall_for(struct pipeline *pipeline, uint64_t cycles, enum cycle_part part)
{
    if (!cycles)
        return;
    stall_until(pipeline, pipeline->cycle + (pipeline->issued ? 1 : 0) + cycles, part);
}

/* `part` is what the cycle is charged to, when nothing issued in it before: base or register_spill. */
static void issue(struct pipeline *pipeline, enum cycle_part part)
{
    int width = pipeline->machine->issue_width > 0 ? pipeline->machine->issue_width : 1;
    if (!pipeline->issued)
        pipeline->cost->parts[part]++;
    if (++pipeline->issued >= width) {
        pipeline->cycle++;
        pipeline->issued = 0;
    }
}

/* Moves entries between the on-chip stack and memory, as `pops` entries are taken (and `peek` more read) and `pushes` put. */
static void move_stack(struct pipeline *pipeline, int cached_entries, const struct effects *effects,
                       uint32_t *spills, uint32_t *fills)
{
    uint32_t pops = effects->pops < pipeline->depth ? effects->pops : pipeline->depth;
    uint32_t lowest = pipeline->depth - pops;
    uint32_t peek = effects->peek < lowest ? effects->peek : lowest;
    *spills = *fills = 0;
    if (cached_entries >= 0) {
        if (cached_entries == 0) /* no entry is ever on chip: each one read is a load */
            *fills = pops + (peek ? 1 : 0);
        else if (lowest - peek < pipeline->resident)
            *fills = pipeline->resident - (lowest - peek);
    }
    if (lowest - peek < pipeline->resident)
        pipeline->resident = lowest - peek;
    pipeline->depth = lowest + effects->pushes;
    if (cached_entries < 0)
        return;
    uint32_t on_chip = pipeline->depth - pipeline->resident;
    if (on_chip > (uint32_t)cached_entries) {
        uint32_t excess = on_chip - (uint32_t)cached_entries;
        *spills = cached_entries == 0 ? effects->pushes : excess;
        pipeline->resident += excess;
    }
}

static uint64_t ready_cycle(const struct scheduler *scheduler, const struct effects *effects, uint32_t stack_depth)
{
    uint64_t ready = 0;
    uint32_t base = scheduler->function->stack_base;
    uint32_t pops = effects->pops < stack_depth ? effects->pops : stack_depth;
    uint32_t lowest = stack_depth - pops;
    for (uint32_t i = base + lowest; i < base + stack_depth && i < scheduler->slot_count; i++)
        if (scheduler->slot_ready[i] > ready)
            ready = scheduler->slot_ready[i];
    if (effects->peek && effects->peek <= lowest && base + lowest - effects->peek < scheduler->slot_count &&
        scheduler->slot_ready[base + lowest - effects->peek] > ready)
        ready = scheduler->slot_ready[base + lowest - effects->peek];
    for (uint32_t r = 0; r < effects->read_count; r++)
        for (uint32_t i = 0; i < effects->reads[r].count; i++) {
            uint32_t slot = effects->reads[r].first + i;
            if (slot < scheduler->slot_count && scheduler->slot_ready[slot] > ready)
                ready = scheduler->slot_ready[slot];
        }
    return ready;
}

static void set_ready(struct scheduler *scheduler, const struct effects *effects, uint32_t new_depth, uint64_t cycle)
{
    uint32_t base = scheduler->function->stack_base;
    uint32_t first = new_depth > effects->pushes ? new_depth - effects->pushes : 0;
    for (uint32_t i = base + first; i < base + new_depth && i < scheduler->slot_count; i++)
        scheduler->slot_ready[i] = cycle;
    for (uint32_t w = 0; w < effects->write_count; w++)
        for (uint32_t i = 0; i < effects->writes[w].count; i++)
            if (effects->writes[w].first + i < scheduler->slot_count)
                scheduler->slot_ready[effects->writes[w].first + i] = cycle;
}

/* Locals that got no register are moved by instructions of their own: counts them, and says whether this is one. On an ISA
 * without registers frame memory is where locals live, and nothing is spilled. */
static bool count_register_moves(const struct scheduler *scheduler, const struct effects *effects, struct block_cost *cost)
{
    if (!effects->is_move || !scheduler->isa->register_count)
        return false;
    cost->register_fills += effects->memory_locals;
    cost->register_spills += effects->stored_locals;
    return effects->memory_locals || effects->stored_locals;
}

static void issue_on(struct scheduler *scheduler, struct pipeline *pipeline, const struct machine_unit *unit,
                     int unit_index, enum cycle_part part)
{
    stall_until(pipeline, scheduler->unit_free[unit_index], CYCLES_unit_busy);
    int interval = unit->interval > 0 ? unit->interval : 1;
    if (interval > 1) /* an interval of 1 never makes the next instruction wait, whatever the issue width */
        scheduler->unit_free[unit_index] = pipeline->cycle + (uint64_t)interval;
    issue(pipeline, part);
}

/* What an instruction that is not free does, for its energy. */
static void count_activities(const struct scheduler *scheduler, uint32_t index, const struct effects *effects,
                             const struct machine_unit *unit, uint32_t *activities)
{
    const struct machine_unit *prefix_unit = &scheduler->isa->machine->units[scheduler->isa->prefix_unit];
    bool free_prefixes = prefix_unit->issue == 0 || prefix_unit->latency == 0;
    const struct pattern *pattern = scheduler_pattern(scheduler, index);
    activities[ACTIVITY_instructions] += 1u + (free_prefixes ? 0u : scheduler->decoded[index].prefixes);
    activities[ACTIVITY_register_reads] += effects->register_reads;
    activities[ACTIVITY_register_writes] += effects->register_writes;
    activities[ACTIVITY_stack_reads] += effects->pops + effects->stack_peeks;
    activities[ACTIVITY_stack_writes] += effects->pushes;
    activities[ACTIVITY_memory_reads] += effects->memory_locals;
    activities[ACTIVITY_memory_writes] += effects->stored_locals;
    activities[ACTIVITY_constants] += effects->memory_constants;
    if (pattern)
        energy_count_pattern(pattern, unit, activities);
}

static void schedule_prefixes(struct scheduler *scheduler, struct pipeline *pipeline, int prefixes)
{
    const struct machine_unit *unit = &pipeline->machine->units[scheduler->isa->prefix_unit];
    if (unit->issue == 0 || unit->latency == 0)
        return;
    for (int i = 0; i < prefixes; i++)
        issue_on(scheduler, pipeline, unit, scheduler->isa->prefix_unit, CYCLES_base);
}

static const struct effects *known_effects(struct scheduler *scheduler, uint32_t index)
{
    if (!scheduler->effects_known[index])
        find_effects(scheduler, &scheduler->decoded[index], &scheduler->effects[index]);
    scheduler->effects_known[index] = true;
    return &scheduler->effects[index];
}

static void schedule_instruction(struct scheduler *scheduler, struct pipeline *pipeline, uint32_t index)
{
    const struct machine *machine = pipeline->machine;
    const struct machine_instruction *decoded = &scheduler->decoded[index];
    const struct isa_instruction *description = &scheduler->isa->instructions[decoded->instruction];
    int unit_number = unit_index(scheduler, index);
    const struct machine_unit *unit = &machine->units[unit_number];
    int latency = description->latency >= 0 ? description->latency : unit->latency;
    const struct effects *effects = known_effects(scheduler, index);
    uint64_t ready = ready_cycle(scheduler, effects, pipeline->depth);
    uint32_t spills, fills;
    move_stack(pipeline, scheduler->isa->stack_cached_entries, effects, &spills, &fills);
    pipeline->fetched_bytes += decoded->size_bytes;
    pipeline->cost->activities[ACTIVITY_fetch_bytes] += decoded->size_bytes;
    if (unit->issue == 0 || latency == 0) { /* free: nothing happens when it would be executed */
        set_ready(scheduler, effects, pipeline->depth, ready);
        return;
    }
    if (machine->fetch.bytes_per_cycle > 0) {
        uint64_t width = (uint64_t)machine->fetch.bytes_per_cycle;
        stall_until(pipeline, (pipeline->fetched_bytes + width - 1) / width - 1, CYCLES_fetch);
    }
    schedule_prefixes(scheduler, pipeline, decoded->prefixes);
    stall_for(pipeline, (uint64_t)effects->memory_constants * (uint64_t)machine->const_operand +
                            (uint64_t)effects->memory_locals * (uint64_t)machine->local_operand,
              CYCLES_operand_location);
    stall_for(pipeline, (uint64_t)spills * (uint64_t)machine->stack.spill +
                            (uint64_t)fills * (uint64_t)machine->stack.fill, CYCLES_stack_spill_fill);
    pipeline->cost->spills += spills;
    pipeline->cost->fills += fills;
    pipeline->cost->activities[ACTIVITY_stack_spills] += spills;
    pipeline->cost->activities[ACTIVITY_stack_fills] += fills;
    count_activities(scheduler, index, effects, unit, pipeline->cost->activities);
    stall_until(pipeline, ready, CYCLES_data_dependency);
    stall_until(pipeline, scheduler->unit_free[unit_number], CYCLES_unit_busy);
    uint64_t done = pipeline->cycle + (uint64_t)latency;
    bool spill = count_register_moves(scheduler, effects, pipeline->cost);
    issue_on(scheduler, pipeline, unit, unit_number, spill ? CYCLES_register_spill : CYCLES_base);
    set_ready(scheduler, effects, pipeline->depth, done);
    if (done > pipeline->last_ready)
        pipeline->last_ready = done;
}

static uint64_t cost_cycles(const struct block_cost *cost)
{
    uint64_t cycles = 0;
    for (int part = 0; part < CYCLES_WORK; part++)
        cycles += cost->parts[part];
    return cycles;
}

void schedule_block(struct scheduler *scheduler, const struct machine_block *block, uint32_t last_source,
                    struct block_cost *cost)
{
    schedule_block_by_instruction(scheduler, block, last_source, cost, NULL);
}

void schedule_block_by_instruction(struct scheduler *scheduler, const struct machine_block *block, uint32_t last_source,
                                   struct block_cost *cost, uint64_t *spent)
{
    memset(cost, 0, sizeof *cost);
    if (spent)
        memset(spent, 0, block->count * sizeof *spent);
    memset(scheduler->slot_ready, 0, scheduler->slot_count * sizeof *scheduler->slot_ready);
    memset(scheduler->unit_free, 0, (size_t)scheduler->isa->machine->unit_count * sizeof *scheduler->unit_free);
    struct pipeline pipeline = {.machine = scheduler->isa->machine, .depth = block->entry_depth, .cost = cost};
    int cached_entries = scheduler->isa->stack_cached_entries;
    if (cached_entries >= 0 && pipeline.depth > (uint32_t)cached_entries)
        pipeline.resident = pipeline.depth - (uint32_t)cached_entries;
    uint64_t before = 0;
    uint32_t last = 0;
    for (uint32_t i = block->first; i < block->first + block->count; i++) {
        if (scheduler->function->instructions[i].source_first > last_source)
            continue;
        schedule_instruction(scheduler, &pipeline, i);
        if (!spent)
            continue;
        last = i - block->first;
        spent[last] = cost_cycles(cost) - before;
        before += spent[last];
    }
    /* What follows is not known, so results are waited for: no later block can use one that is not there. */
    stall_until(&pipeline, pipeline.last_ready, CYCLES_data_dependency);
    if (spent && block->count)
        spent[last] += cost_cycles(cost) - before;
}

bool scheduler_block_branch(const struct scheduler *scheduler, const struct machine_block *block,
                            struct block_branch *branch)
{
    if (!block->count)
        return false;
    const struct machine_instruction *last = &scheduler->decoded[block->first + block->count - 1];
    const struct isa_instruction *description = &scheduler->isa->instructions[last->instruction];
    if (last->pattern >= description->pattern_count)
        return false;
    const struct pattern_node *root = description->patterns[last->pattern].tree;
    enum op op = root && root->kind == PATTERN_OP ? root->op : OP_COUNT;
    for (int i = 0; i < description->operand_count; i++) {
        uint8_t kind = last->operands[i].kind;
        if (kind != OPERAND_TARGET && kind != OPERAND_FORWARD && kind != OPERAND_BACKWARD)
            continue;
        branch->conditional = op != OP_jump;
        branch->displacement = last->operands[i].value;
        branch->is_for_iter = op == OP_for_iter;
        return true;
    }
    return false;
}
