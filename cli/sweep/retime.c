/* retime.c - see retime.h. */
#include "cli/sweep/retime.h"

#include "sim/timing/predictor.h"

#include <stdlib.h>
#include <string.h>

/* Generators made of a code object have its frame's slots on the heap, so what they cost in bytes depends on the translation. */
struct generator_bytes {
    uint64_t made;       /* generators and coroutines */
    uint32_t slots;      /* of each, in the execution */
    uint64_t work;       /* bytes of all work of the code object, in the execution */
};

struct retimer {
    const struct sweep_plan *plan;
    struct profile *profile;
    struct branch_trace *trace;
    struct content_key speculation;      /* of the execution */
    struct content_key latest;           /* of the translations there are, with these bounds */
    int bounds[2];
    struct content_key code_key;         /* of the translations there are */
    struct arena *arena;                 /* of the spec of `isa` */
    struct isa *isa;                     /* of the latest point with this key that was valid; NULL: none */
    bool translated;
    struct machine_function **functions; /* of profile->codes; NULL: never entered */
    struct generator_bytes *generators;  /* of profile->codes */
    bool replayed;                       /* with this predictor and these translations */
    enum predictor predictor;
    int table_bits, history_bits;
};

static bool may_speculate(const struct isa_instruction *instruction)
{
    for (int i = 0; i < instruction->pattern_count; i++)
        if (instruction->patterns[i].speculative)
            return true;
    return false;
}

/* What the engine does differently for a speculative instruction is decided by its pattern, where it stands, whether its unit wants
 * operands to be looked at, and which of them are constants. */
static void add_instruction(struct content_key *key, const struct machine_function *function,
                            const struct placed_instruction *placed)
{
    struct machine_instruction decoded;
    const struct isa *isa = function->isa;
    const uint8_t *bytes = (const uint8_t *)function->bytes.bytes + placed->address;
    if (!encoding_decode(isa, bytes, function->bytes.size - placed->address, &decoded))
        return;
    const struct isa_instruction *instruction = &isa->instructions[decoded.instruction];
    const struct pattern *pattern = &instruction->patterns[decoded.pattern];
    if (!pattern->speculative || (isa->no_idioms && pattern->idiom))
        return;
    uint32_t place[4] = {placed->source, placed->source_first, 0,
                         strcmp(isa->machine->units[pattern->unit].name, "activation") == 0};
    for (int i = 0; i < instruction->operand_count; i++)
        place[2] = 2 * place[2] + (decoded.operands[i].kind == OPERAND_CONST || decoded.operands[i].kind == OPERAND_IMM);
    const int bounds[2] = {isa->machine->tensor.min_size, isa->machine->vector.min_size};
    content_key_add(key, place, sizeof place);
    if (idiom_is_loop(pattern->idiom)) /* smaller loops are left to the core */
        content_key_add(key, bounds, sizeof bounds);
    content_key_add(key, pattern->text, strlen(pattern->text));
}

static void add_speculation(struct content_key *key, uint32_t code, const struct machine_function *function)
{
    content_key_add(key, &code, sizeof code);
    for (uint32_t i = 0; i < function->instruction_count; i++)
        if (may_speculate(&function->isa->instructions[function->instructions[i].instruction]))
            add_instruction(key, function, &function->instructions[i]);
}

static struct content_key speculation_of(const struct profile *profile)
{
    struct content_key key = CONTENT_KEY_START;
    for (uint32_t i = 0; i < profile->code_count; i++)
        if (profile->codes[i]->function)
            add_speculation(&key, i, profile->codes[i]->function);
    return key;
}

static struct generator_bytes generators_of(const struct code_profile *profile)
{
    struct generator_bytes bytes = {0, profile->function ? profile->function->slot_count : 0, profile->work[WORK_bytes]};
    const unsigned kinds = CODE_GENERATOR | CODE_COROUTINE | CODE_ASYNC_GENERATOR;
    for (uint32_t i = 0; (profile->code->flags & kinds) && i < profile->code->instruction_count; i++)
        if (profile->code->instructions[i].op == OP_return_generator)
            bytes.made += profile->executions[profile->code->instructions[i].block];
    return bytes;
}

static void *checked_alloc(size_t count, size_t size)
{
    void *memory = calloc(count ? count : 1, size);
    if (!memory)
        abort();
    return memory;
}

struct retimer *retimer_new(const struct sweep_plan *plan, struct profile *profile, struct branch_trace *trace)
{
    struct retimer *retimer = checked_alloc(1, sizeof *retimer);
    *retimer = (struct retimer){.plan = plan, .profile = profile, .trace = trace};
    retimer->speculation = speculation_of(profile);
    retimer->functions = checked_alloc(profile->code_count, sizeof *retimer->functions);
    retimer->generators = checked_alloc(profile->code_count, sizeof *retimer->generators);
    for (uint32_t i = 0; i < profile->code_count; i++)
        retimer->generators[i] = generators_of(profile->codes[i]);
    return retimer;
}

static void forget_translations(struct retimer *retimer)
{
    for (uint32_t i = 0; i < retimer->profile->code_count; i++) {
        machine_function_free(retimer->functions[i]);
        retimer->functions[i] = NULL;
    }
    retimer->translated = retimer->replayed = false;
}

void retimer_free(struct retimer *retimer)
{
    forget_translations(retimer);
    isa_free(retimer->isa);
    if (retimer->arena)
        arena_free(retimer->arena);
    free(retimer->functions);
    free(retimer->generators);
    free(retimer);
}

static void translate_all(struct retimer *retimer, const struct isa *isa)
{
    struct profile *profile = retimer->profile;
    forget_translations(retimer);
    for (uint32_t i = 0; i < profile->code_count; i++) {
        struct code_profile *code = profile->codes[i];
        const struct generator_bytes *bytes = &retimer->generators[i];
        if (!code->function)
            continue;
        code->function = retimer->functions[i] = translate(code->code, isa);
        code->work[WORK_bytes] = bytes->work + bytes->made * 8 * ((uint64_t)code->function->slot_count - bytes->slots);
    }
    retimer->translated = true;
}

static bool is_stateful(const struct machine *machine)
{
    enum predictor predictor = machine->branch.predictor;
    return !machine->ideal && (predictor == PREDICTOR_BIMODAL || predictor == PREDICTOR_GSHARE);
}

/* Mispredictions under the point's predictor and the addresses of its translation. False: the trace is too long to be kept. */
static bool predict(struct retimer *retimer, const struct machine *machine)
{
    if (!retimer->trace)
        return !is_stateful(machine);
    if (is_stateful(machine) && branch_trace_overflowed(retimer->trace))
        return false;
    if (!is_stateful(machine) && !machine->ideal)
        return true; /* outcomes are not looked at */
    bool same = retimer->replayed && !machine->ideal && machine->branch.predictor == retimer->predictor &&
                machine->branch.table_bits == retimer->table_bits && machine->branch.history_bits == retimer->history_bits;
    if (same)
        return true;
    branch_trace_replay(retimer->trace, machine, retimer->profile);
    retimer->replayed = !machine->ideal;
    retimer->predictor = machine->branch.predictor;
    retimer->table_bits = machine->branch.table_bits;
    retimer->history_bits = machine->branch.history_bits;
    return true;
}

static enum retime_outcome time_isa(struct retimer *retimer, const struct isa *isa, struct timing_result **timing)
{
    const int bounds[2] = {isa->machine->tensor.min_size, isa->machine->vector.min_size};
    bool known = retimer->translated && memcmp(bounds, retimer->bounds, sizeof bounds) == 0;
    if (!retimer->translated)
        translate_all(retimer, isa);
    for (uint32_t i = 0; i < retimer->profile->code_count; i++)
        if (retimer->functions[i])
            retimer->functions[i]->isa = isa; /* the same instructions, on this point's machine */
    if (!known)
        retimer->latest = speculation_of(retimer->profile);
    memcpy(retimer->bounds, bounds, sizeof bounds);
    if (memcmp(&retimer->latest, &retimer->speculation, sizeof retimer->latest) != 0 || !predict(retimer, isa->machine))
        return RETIME_OTHER;
    struct timing_options options = {.script_file = NULL};
    *timing = timing_compute(retimer->profile, isa, &options);
    return RETIME_DONE;
}

/* The point's instruction set read anew; kept for points that differ in the machine only. */
static void read_isa(struct retimer *retimer, uint32_t point, struct content_key key, struct diag *diag)
{
    forget_translations(retimer);
    isa_free(retimer->isa);
    if (retimer->arena)
        arena_free(retimer->arena);
    retimer->arena = arena_new();
    retimer->code_key = key;
    retimer->isa = sweep_point_isa(retimer->plan, point, retimer->arena, diag);
}

enum retime_outcome retimer_point(struct retimer *retimer, uint32_t point, struct timing_result **timing, struct diag *diag)
{
    struct content_key key = sweep_point_code_key(retimer->plan, point);
    if (!retimer->isa || memcmp(&key, &retimer->code_key, sizeof key) != 0) {
        read_isa(retimer, point, key, diag);
        return retimer->isa ? time_isa(retimer, retimer->isa, timing) : RETIME_NO_ISA;
    }
    struct arena *arena = arena_new();
    const struct yaml_node *tree = sweep_point_tree(retimer->plan, point, arena, diag);
    struct isa *isa = tree ? isa_on_machine(retimer->isa, yaml_get(tree, "machine"), diag) : NULL;
    enum retime_outcome outcome = isa ? time_isa(retimer, isa, timing) : RETIME_NO_ISA;
    isa_free(isa);
    arena_free(arena);
    return outcome;
}
