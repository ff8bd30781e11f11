/* retime.c - see retime.h. */
#include "cli/sweep/retime.h"

#include "core/memory.h"
#include "sim/timing/sums.h"

#include <stdlib.h>
#include <string.h>

/* Generators made of a code object have its frame's slots on the heap, so what they cost in bytes depends on the translation. */
struct generator_bytes {
    uint64_t made;       /* generators and coroutines */
    uint32_t slots;      /* of each, in the execution */
    uint64_t work;       /* bytes of all work of the code object, in the execution */
};

/* A machine, and the entries of the stack on chip, that points of several translations share. */
struct variant {
    struct content_key key; /* sweep_point_machine_key */
    struct arena *arena;    /* of the spec; NULL: there is none here */
    struct isa *isa;        /* of some translation's instructions */
};

enum { VARIANTS = 1024 };   /* a power of two */

/* All code of the profile for one instruction set. */
enum { LOOP_BOUNDS = 4 };

struct translation {
    struct content_key key;              /* sweep_point_code_key */
    struct arena *arena;                 /* of the spec of `isa` */
    struct isa *isa;                     /* of the latest point with this key that was valid; NULL: none */
    struct machine_function **functions; /* of profile->codes; NULL: never entered. NULL: not translated yet */
    uint64_t instructions;               /* of all functions */
    struct content_key speculation;      /* with these bounds */
    int bounds[LOOP_BOUNDS];
    bool has_speculation;
    struct buffer refusal;               /* why code of the profile cannot be executed under `isa`; empty: it can */
    uint64_t used;                       /* when it was looked at last */
};

enum { TRANSLATIONS_KEPT = 128 };

struct retimer {
    const struct sweep_plan *plan;
    const struct retime_source *source;
    struct profile *profile;             /* the source's */
    struct translation *translations;    /* room for TRANSLATIONS_KEPT */
    int translation_count;
    uint64_t instructions_kept;
    struct translation *current;         /* the one in the profile; NULL: none */
    uint64_t clock;
    struct generator_bytes *generators;  /* of profile->codes */
    struct timing_sums *sums;
    struct variant *variants;            /* by key */
};

static bool may_speculate(const struct isa_instruction *instruction)
{
    for (int i = 0; i < instruction->pattern_count; i++)
        if (instruction->patterns[i].speculative)
            return true;
    return false;
}

/* What of a machine decides which loops are taken (sim/engine/nest.h). */
static void find_bounds(const struct machine *machine, int bounds[LOOP_BOUNDS])
{
    bounds[0] = machine->tensor.min_size;
    bounds[1] = machine->vector.min_size;
    for (int adds = 0; adds < 2; adds++)
        bounds[2 + adds] = machine_gains_over_native(machine, adds);
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
    uint32_t place[4] = {placed->source, placed->source_first, 0, pattern_guards_operands(isa, pattern)};
    for (int i = 0; i < instruction->operand_count; i++)
        place[2] = 2 * place[2] + (decoded.operands[i].kind == OPERAND_CONST || decoded.operands[i].kind == OPERAND_IMM);
    int bounds[LOOP_BOUNDS];
    find_bounds(isa->machine, bounds);
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

static struct generator_bytes generators_of(const struct code_profile *profile, uint32_t frame_slots)
{
    struct generator_bytes bytes = {0, frame_slots, profile->work[WORK_bytes]};
    const unsigned kinds = CODE_GENERATOR | CODE_COROUTINE | CODE_ASYNC_GENERATOR;
    for (uint32_t i = 0; (profile->code->flags & kinds) && i < profile->code->instruction_count; i++)
        if (profile->code->instructions[i].op == OP_return_generator)
            bytes.made += profile->executions[profile->code->instructions[i].block];
    return bytes;
}

/* Those of an incomplete trace. */
static void forget_mispredicted(struct profile *profile)
{
    for (uint32_t i = 0; i < profile->code_count; i++) {
        free(profile->codes[i]->mispredicted);
        profile->codes[i]->mispredicted = NULL;
    }
}

void retime_source_take(struct retime_source *source, struct profile *profile, struct branch_trace *trace,
                        struct stack_distances *distances)
{
    bool overflowed = trace && branch_trace_overflowed(trace);
    *source = (struct retime_source){.profile = profile, .trace = overflowed ? NULL : trace, .distances = distances};
    if (overflowed)
        forget_mispredicted(profile);
    source->speculation = speculation_of(profile);
    source->frame_slots = checked_alloc(profile->code_count, sizeof *source->frame_slots);
    for (uint32_t i = 0; i < profile->code_count; i++)
        source->frame_slots[i] = profile->codes[i]->function ? profile->codes[i]->function->slot_count : RETIME_NOT_ENTERED;
}

void retime_source_free(struct retime_source *source)
{
    free(source->frame_slots);
    source->frame_slots = NULL;
}

struct retimer *retimer_new(const struct sweep_plan *plan, const struct retime_source *source, uint64_t instructions_kept)
{
    struct retimer *retimer = checked_alloc(1, sizeof *retimer);
    struct profile *profile = source->profile;
    *retimer = (struct retimer){.plan = plan, .source = source, .profile = profile, .instructions_kept = instructions_kept};
    retimer->sums = timing_sums_new(profile);
    retimer->translations = checked_alloc(TRANSLATIONS_KEPT, sizeof *retimer->translations);
    retimer->variants = checked_alloc(VARIANTS, sizeof *retimer->variants);
    retimer->generators = checked_alloc(profile->code_count, sizeof *retimer->generators);
    for (uint32_t i = 0; i < profile->code_count; i++)
        retimer->generators[i] = generators_of(profile->codes[i], source->frame_slots[i]);
    return retimer;
}

/* The profile is no translation's. */
static void leave(struct retimer *retimer)
{
    if (retimer->current)
        timing_sums_forget(retimer->sums);
    retimer->current = NULL;
}

/* The functions go; the ISA stays. */
static void drop_functions(struct retimer *retimer, struct translation *translation)
{
    for (uint32_t i = 0; translation->functions && i < retimer->profile->code_count; i++)
        machine_function_free(translation->functions[i]);
    free(translation->functions);
    buffer_free(&translation->refusal);
    translation->functions = NULL;
    translation->instructions = 0;
    translation->has_speculation = false;
}

static void drop_isa(struct translation *translation)
{
    isa_free(translation->isa);
    if (translation->arena)
        arena_free(translation->arena);
    translation->isa = NULL;
    translation->arena = NULL;
}

static void variant_free(struct variant *variant)
{
    if (!variant->arena)
        return;
    isa_free(variant->isa);
    arena_free(variant->arena);
    variant->arena = NULL;
}

void retimer_free(struct retimer *retimer)
{
    leave(retimer);
    for (int i = 0; i < retimer->translation_count; i++) {
        drop_functions(retimer, &retimer->translations[i]);
        drop_isa(&retimer->translations[i]);
    }
    timing_sums_free(retimer->sums);
    for (int i = 0; i < VARIANTS; i++)
        variant_free(&retimer->variants[i]);
    free(retimer->variants);
    free(retimer->translations);
    free(retimer->generators);
    free(retimer);
}

static void translate_all(struct retimer *retimer, struct translation *translation, const struct isa *isa)
{
    const struct profile *profile = retimer->profile;
    translation->functions = checked_alloc(profile->code_count, sizeof *translation->functions);
    for (uint32_t i = 0; i < profile->code_count; i++) {
        if (retimer->generators[i].slots == RETIME_NOT_ENTERED)
            continue;
        struct machine_function *function = translation->functions[i] = translate(profile->codes[i]->code, isa);
        translation->instructions += function->instruction_count;
        if (function->registers_needed && !translation->refusal.size)
            machine_function_refusal(function, &translation->refusal);
    }
}

/* The profile is that of the translation from now on. */
static void enter(struct retimer *retimer, struct translation *translation)
{
    if (retimer->current == translation)
        return;
    leave(retimer);
    retimer->current = translation;
    for (uint32_t i = 0; i < retimer->profile->code_count; i++) {
        struct code_profile *code = retimer->profile->codes[i];
        const struct generator_bytes *bytes = &retimer->generators[i];
        const struct machine_function *function = translation->functions[i];
        if (!function)
            continue;
        code->function = translation->functions[i];
        code->work[WORK_bytes] = bytes->work + bytes->made * 8 * ((uint64_t)function->slot_count - bytes->slots);
    }
}

static bool is_stateful(const struct machine *machine)
{
    enum predictor predictor = machine->branch.predictor;
    return !machine->ideal && (predictor == PREDICTOR_BIMODAL || predictor == PREDICTOR_GSHARE);
}

/* Mispredictions under the point's predictor and the addresses of its translation. False: they cannot be known. */
static bool predict(struct retimer *retimer, const struct machine *machine)
{
    struct branch_trace *trace = retimer->source->trace;
    if (!trace)
        return !is_stateful(machine);
    if (timing_sums_need_outcomes(retimer->sums, machine))
        branch_trace_replay(trace, machine, retimer->profile);
    return true;
}

/* What the point's data cache does. False: it is not one of those that were followed. */
static bool use_cache(const struct retimer *retimer, const struct machine *machine, struct cache_use *use)
{
    const struct stack_distances *distances = retimer->source->distances;
    *use = (struct cache_use){0, 0};
    if (!machine->data_cache.bytes || machine->ideal)
        return true;
    use->accesses = distances ? stack_distances_words(distances) : 0;
    return distances && stack_distances_misses(distances, &machine->data_cache, &use->misses);
}

static enum retime_outcome time_isa(struct retimer *retimer, struct translation *translation, const struct isa *isa,
                                    struct timing_result **timing, struct diag *diag)
{
    int bounds[LOOP_BOUNDS];
    find_bounds(isa->machine, bounds);
    if (!translation->functions)
        translate_all(retimer, translation, isa);
    if (translation->refusal.size) {
        diag_error(diag, NULL, 0, 0, "%s", translation->refusal.bytes);
        return RETIME_NO_ISA;
    }
    enter(retimer, translation);
    for (uint32_t i = 0; i < retimer->profile->code_count; i++)
        if (translation->functions[i])
            translation->functions[i]->isa = isa; /* the same instructions, on this point's machine */
    if (!translation->has_speculation || memcmp(bounds, translation->bounds, sizeof bounds) != 0)
        translation->speculation = speculation_of(retimer->profile);
    translation->has_speculation = true;
    memcpy(translation->bounds, bounds, sizeof bounds);
    if (memcmp(&translation->speculation, &retimer->source->speculation, sizeof translation->speculation) != 0 ||
        !predict(retimer, isa->machine))
        return RETIME_OTHER;
    struct cache_use use;
    if (!use_cache(retimer, isa->machine, &use))
        return RETIME_OTHER;
    *timing = timing_sums_compute(retimer->sums, isa, &use);
    return RETIME_DONE;
}

static struct translation *find_translation(struct retimer *retimer, struct content_key key)
{
    for (int i = 0; i < retimer->translation_count; i++)
        if (memcmp(&retimer->translations[i].key, &key, sizeof key) == 0)
            return &retimer->translations[i];
    return NULL;
}

/* Room for one more: those that were not looked at for longest leave. */
static struct translation *add_translation(struct retimer *retimer, struct content_key key)
{
    for (;;) {
        uint64_t instructions = 0;
        int oldest = 0;
        for (int i = 0; i < retimer->translation_count; i++) {
            instructions += retimer->translations[i].instructions;
            oldest = retimer->translations[i].used < retimer->translations[oldest].used ? i : oldest;
        }
        if (!retimer->translation_count ||
            (retimer->translation_count < TRANSLATIONS_KEPT && instructions < retimer->instructions_kept))
            break;
        struct translation *leaving = &retimer->translations[oldest];
        leave(retimer); /* it may be this one, or one that moves */
        drop_functions(retimer, leaving);
        drop_isa(leaving);
        *leaving = retimer->translations[--retimer->translation_count];
    }
    struct translation *added = &retimer->translations[retimer->translation_count++];
    *added = (struct translation){.key = key};
    return added;
}

/* The point's instruction set read anew; kept for points that differ in the machine only. */
static void read_isa(struct retimer *retimer, struct translation *translation, uint32_t point, struct diag *diag)
{
    if (retimer->current == translation)
        leave(retimer);
    drop_functions(retimer, translation);
    drop_isa(translation);
    translation->arena = arena_new();
    translation->isa = sweep_point_isa(retimer->plan, point, translation->arena, diag);
}

/* The point's machine and entries of the stack, on instructions that are not its own. NULL: they make no valid ISA. */
static const struct isa *find_variant(struct retimer *retimer, const struct isa *isa, uint32_t point)
{
    struct content_key key = sweep_point_machine_key(retimer->plan, point);
    struct variant *variant = &retimer->variants[key.words[0] % VARIANTS];
    if (variant->arena && memcmp(&variant->key, &key, sizeof key) == 0)
        return variant->isa;
    variant_free(variant);
    struct diag ignored;
    diag_init(&ignored);
    variant->key = key;
    variant->arena = arena_new();
    const struct yaml_node *tree = sweep_point_tree(retimer->plan, point, variant->arena, &ignored);
    variant->isa = tree ? isa_on_machine(isa, tree, &ignored) : NULL;
    diag_free(&ignored);
    return variant->isa;
}

enum retime_outcome retimer_point(struct retimer *retimer, uint32_t point, struct timing_result **timing, struct diag *diag)
{
    struct content_key key = sweep_point_code_key(retimer->plan, point);
    struct translation *translation = find_translation(retimer, key);
    const struct isa *variant = translation && translation->isa ? find_variant(retimer, translation->isa, point) : NULL;
    if (!translation)
        translation = add_translation(retimer, key);
    translation->used = ++retimer->clock;
    if (!variant) { /* with the words that are those of the whole spec */
        read_isa(retimer, translation, point, diag);
        return translation->isa ? time_isa(retimer, translation, translation->isa, timing, diag) : RETIME_NO_ISA;
    }
    struct isa isa = *translation->isa;
    isa.machine = variant->machine;
    isa.stack_cached_entries = variant->stack_cached_entries;
    isa.resolved_text = NULL;
    return time_isa(retimer, translation, &isa, timing, diag);
}
