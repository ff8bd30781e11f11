/* sums.c - see sums.h. */
#include "sim/timing/sums.h"

#include "core/content_key.h"
#include "sim/timing/code_timing.h"

#include <stdlib.h>
#include <string.h>

/* What one step came to, over all code objects. */
struct sum {
    struct sum *next;
    struct content_key key; /* of what it looked at */
    struct timing_counts counts;
    uint64_t activities[ACTIVITY_COUNT];
};

enum step { STEP_INSTRUCTIONS, STEP_SCHEDULES, STEP_BRANCHES, STEP_WORK, STEP_COUNT };

struct timing_sums {
    const struct profile *profile;
    struct arena *arena;          /* of all that follows; NULL: nothing is known */
    struct sum *steps[STEP_COUNT];
    struct code_timing *codes;    /* of the code objects that were executed */
    uint32_t code_count;
    uint32_t *speculating;        /* of them, those whose guards, shapes and relief depend on the machine */
    uint64_t **executed;          /* of these, what time_instructions counted */
    uint32_t speculating_count;
    uint32_t name_count;
};

struct timing_sums *timing_sums_new(const struct profile *profile)
{
    struct timing_sums *sums = calloc(1, sizeof *sums);
    if (!sums)
        abort();
    sums->profile = profile;
    return sums;
}

void timing_sums_forget(struct timing_sums *sums)
{
    for (uint32_t i = 0; i < sums->code_count; i++)
        code_timing_close(&sums->codes[i]);
    if (sums->arena)
        arena_free(sums->arena);
    *sums = (struct timing_sums){.profile = sums->profile};
}

void timing_sums_free(struct timing_sums *sums)
{
    if (!sums)
        return;
    timing_sums_forget(sums);
    free(sums);
}

/* ---- keys ---- */

static struct content_key predictor_key(const struct machine *machine)
{
    struct content_key key = CONTENT_KEY_START;
    const bool has_table = machine->branch.predictor == PREDICTOR_BIMODAL || machine->branch.predictor == PREDICTOR_GSHARE;
    const int settings[] = {machine->ideal, (int)machine->branch.predictor, has_table ? machine->branch.table_bits : 0,
                            has_table ? machine->branch.history_bits : 0};
    content_key_add(&key, settings, sizeof settings);
    return key;
}

static struct content_key step_key(enum step step, const struct isa *isa)
{
    struct content_key key = CONTENT_KEY_START;
    if (step == STEP_SCHEDULES)
        key = scheduler_key(isa);
    else if (step == STEP_BRANCHES)
        key = predictor_key(isa->machine);
    else if (step == STEP_WORK)
        content_key_add(&key, isa->machine->work_milli, sizeof isa->machine->work_milli);
    return key;
}

static struct sum *find_sum(struct sum *const *list, struct content_key key)
{
    for (struct sum *sum = *list; sum; sum = sum->next)
        if (memcmp(&sum->key, &key, sizeof key) == 0)
            return sum;
    return NULL;
}

bool timing_sums_need_outcomes(const struct timing_sums *sums, const struct machine *machine)
{
    return !find_sum(&sums->steps[STEP_BRANCHES], predictor_key(machine));
}

/* ---- steps ---- */

static void open_codes(struct timing_sums *sums, const struct isa *isa)
{
    const struct profile *profile = sums->profile;
    sums->arena = arena_new();
    sums->name_count = (uint32_t)isa->instruction_count + 1;
    sums->codes = ARENA_ARRAY(sums->arena, struct code_timing, profile->code_count + 1);
    sums->speculating = ARENA_ARRAY(sums->arena, uint32_t, profile->code_count + 1);
    sums->executed = ARENA_ARRAY(sums->arena, uint64_t *, profile->code_count + 1);
    for (uint32_t i = 0; i < profile->code_count; i++)
        if (profile->codes[i]->function)
            code_timing_open(&sums->codes[sums->code_count++], profile->codes[i], isa, NULL);
}

static bool speculates(const struct code_timing *timing)
{
    return timing->profile->guard_count || timing->profile->shape_count || code_timing_speculates(timing);
}

/* Needs STEP_INSTRUCTIONS, which this completes. */
static void find_speculating(struct timing_sums *sums)
{
    for (uint32_t i = 0; i < sums->code_count; i++) {
        const struct code_timing *timing = &sums->codes[i];
        if (!speculates(timing))
            continue;
        sums->executed[sums->speculating_count] =
            arena_copy(sums->arena, timing->executed, timing->function->instruction_count * sizeof *timing->executed);
        sums->speculating[sums->speculating_count++] = i;
    }
}

static bool is_speculating(const struct timing_sums *sums, uint32_t code)
{
    for (uint32_t i = 0; i < sums->speculating_count && sums->speculating[i] <= code; i++)
        if (sums->speculating[i] == code)
            return true;
    return false;
}

static void take_step(struct timing_sums *sums, enum step step, struct code_timing *timing, uint32_t code)
{
    switch (step) {
    case STEP_INSTRUCTIONS:
        time_static(timing);
        time_instructions(timing);
        break;
    case STEP_SCHEDULES:
        time_schedules(timing);
        break;
    case STEP_BRANCHES:
        time_branches(timing);
        break;
    case STEP_WORK:
        if (!is_speculating(sums, code))
            time_work(timing);
        break;
    case STEP_COUNT:
        break;
    }
}

static void set_isa(struct code_timing *timing, const struct isa *isa)
{
    timing->isa = isa;
    timing->machine = isa->machine;
    scheduler_set_isa(timing->scheduler, isa);
}

/* The step over all code objects, done unless it was. */
static const struct sum *sum_step(struct timing_sums *sums, enum step step, const struct isa *isa)
{
    struct content_key key = step_key(step, isa);
    struct sum *sum = find_sum(&sums->steps[step], key);
    if (sum)
        return sum;
    sum = ARENA_NEW(sums->arena, struct sum);
    *sum = (struct sum){.next = sums->steps[step], .key = key};
    sum->counts.by_instruction = ARENA_ARRAY(sums->arena, uint64_t, sums->name_count);
    sums->steps[step] = sum;
    for (uint32_t i = 0; i < sums->code_count; i++) {
        struct code_timing *timing = &sums->codes[i];
        set_isa(timing, isa);
        timing->counts = &sum->counts;
        memset(timing->activities, 0, sizeof timing->activities);
        memset(timing->relief, 0, sizeof timing->relief);
        take_step(sums, step, timing, i);
        for (int activity = 0; activity < ACTIVITY_COUNT; activity++)
            sum->activities[activity] += timing->activities[activity];
    }
    if (step == STEP_INSTRUCTIONS)
        find_speculating(sums);
    return sum;
}

static void add_sum(struct code_timing *whole, const struct sum *sum, uint32_t name_count)
{
    timing_counts_add(whole->counts, &sum->counts, name_count);
    for (int activity = 0; activity < ACTIVITY_COUNT; activity++)
        whole->activities[activity] += sum->activities[activity];
}

/* The steps that look at all of the machine, for the code objects that they do something for. */
static void add_speculating(struct timing_sums *sums, const struct isa *isa, struct code_timing *whole)
{
    uint32_t shape_capacity = 0;
    for (uint32_t i = 0; i < sums->speculating_count; i++) {
        struct code_timing *timing = &sums->codes[sums->speculating[i]];
        uint32_t count = timing->function->instruction_count;
        set_isa(timing, isa);
        timing->result = whole->result;
        timing->counts = whole->counts;
        memset(timing->activities, 0, sizeof timing->activities);
        memset(timing->relief, 0, sizeof timing->relief);
        memset(timing->by_shape, 0, count * sizeof *timing->by_shape);
        memcpy(timing->executed, sums->executed[i], count * sizeof *timing->executed);
        time_guards(timing);
        time_shapes(timing, &shape_capacity);
        time_speculation(timing);
        time_work(timing);
        for (int activity = 0; activity < ACTIVITY_COUNT; activity++)
            whole->activities[activity] += timing->activities[activity];
    }
}

struct timing_result *timing_sums_compute(struct timing_sums *sums, const struct isa *isa, const struct cache_use *cache)
{
    struct energy_costs costs;
    struct timing_result *result = timing_result_new(isa, &costs);
    struct code_timing whole = {.isa = isa, .machine = isa->machine, .result = result, .counts = &result->total,
                                .energy_costs = &costs};
    if (!sums->arena)
        open_codes(sums, isa);
    for (int step = 0; step < STEP_COUNT; step++)
        add_sum(&whole, sum_step(sums, (enum step)step, isa), result->name_count);
    add_speculating(sums, isa, &whole);
    whole.counts->events[EVENT_cache_accesses] += cache->accesses;
    whole.counts->events[EVENT_cache_misses] += cache->misses;
    finish_counts(&whole);
    timing_counts_check(&result->total, result->name_count);
    return result;
}
