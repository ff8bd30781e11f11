/* sample.c - see sample.h. */
#include "cli/sweep/sample.h"

#include "core/memory.h"

#include <stdlib.h>
#include <string.h>

enum { LEAST_DRAWS = 4000000, DRAWS_A_POINT = 16, DRAWS_OF_SPACE = 64, PAIRINGS = 64, SCRATCH_TRIES = 4096 };

static uint16_t *choices_of(const struct sweep_plan *plan, uint32_t point)
{
    return plan->choices + (size_t)point * (size_t)plan->axis_count;
}

/* The slot that has a point of the same choices, or the free one where it belongs. */
static uint32_t *find_slot(const struct sampler *sampler, uint32_t point)
{
    const struct sweep_plan *plan = sampler->plan;
    size_t size = (size_t)plan->axis_count * sizeof *plan->choices;
    struct content_key key = CONTENT_KEY_START;
    content_key_add(&key, choices_of(plan, point), size);
    uint32_t mask = sampler->slot_count - 1, slot = (uint32_t)key.words[0] & mask;
    while (sampler->slots[slot] && memcmp(choices_of(plan, sampler->slots[slot] - 1), choices_of(plan, point), size) != 0)
        slot = (slot + 1) & mask;
    return &sampler->slots[slot];
}

void sampler_start(struct sampler *sampler, struct sweep_plan *plan, uint32_t capacity, struct diag *diag)
{
    *sampler = (struct sampler){.plan = plan, .slot_count = 16, .scratch = arena_new(), .diag = diag};
    while (sampler->slot_count < 2 * capacity + 2)
        sampler->slot_count *= 2;
    sampler->slots = checked_alloc(sampler->slot_count, sizeof *sampler->slots);
    for (uint32_t i = 0; i < plan->point_count; i++)
        *find_slot(sampler, i) = i + 1;
}

void sampler_end(struct sampler *sampler)
{
    free(sampler->slots);
    arena_free(sampler->scratch);
}

uint16_t *sampler_candidate(struct sampler *sampler)
{
    return choices_of(sampler->plan, sampler->plan->point_count);
}

/* Levels are what chances are equal for: values, or steps of a logarithmic range. */
static uint32_t level_count(const struct sweep_axis *axis)
{
    return (uint32_t)(axis->levels ? axis->level_count : axis->value_count);
}

static uint16_t level_choice(const struct sweep_axis *axis, uint32_t level)
{
    return axis->levels ? axis->levels[level] : (uint16_t)level;
}

void sampler_draw(struct sampler *sampler)
{
    struct sweep_plan *plan = sampler->plan;
    uint16_t *choices = sampler_candidate(sampler);
    for (int i = 0; i < plan->axis_count; i++)
        choices[i] = level_choice(&plan->axes[i], sweep_random_below(&plan->random, level_count(&plan->axes[i])));
}

enum sample_try sampler_take(struct sampler *sampler)
{
    struct sweep_plan *plan = sampler->plan;
    uint32_t *slot = find_slot(sampler, plan->point_count);
    bool wanted;
    if (*slot)
        return SAMPLE_KNOWN;
    if (++sampler->tries % SCRATCH_TRIES == 0) {
        arena_free(sampler->scratch);
        sampler->scratch = arena_new();
    }
    if (!sweep_point_is_wanted(plan, plan->point_count, plan->where, &wanted, sampler->scratch, sampler->diag))
        return SAMPLE_FAILED;
    if (!wanted)
        return SAMPLE_UNWANTED;
    *slot = ++plan->point_count;
    return SAMPLE_TAKEN;
}

uint64_t sample_space(const struct sweep_plan *plan)
{
    uint64_t count = 1;
    for (int i = 0; i < plan->axis_count; i++) {
        uint64_t values = (uint64_t)plan->axes[i].value_count;
        if (count > UINT64_MAX / values)
            return UINT64_MAX;
        count *= values;
    }
    return count;
}

bool sample_random(struct sampler *sampler, uint32_t wanted, uint64_t *draws)
{
    uint64_t most = (uint64_t)wanted * DRAWS_A_POINT;
    most = most < LEAST_DRAWS ? LEAST_DRAWS : most;
    uint64_t space = sample_space(sampler->plan);
    if (space < most / DRAWS_OF_SPACE) /* then every point has been drawn */
        most = space * DRAWS_OF_SPACE;
    for (*draws = 0; sampler->plan->point_count < wanted && *draws < most; ++*draws) {
        sampler_draw(sampler);
        if (sampler_take(sampler) == SAMPLE_FAILED)
            return false;
    }
    return true;
}

/* ---- Latin hypercube ---- */

static void shuffle(struct sweep_random *random, uint32_t *numbers, uint32_t count)
{
    for (uint32_t i = count; i > 1; i--) {
        uint32_t other = sweep_random_below(random, i), number = numbers[i - 1];
        numbers[i - 1] = numbers[other];
        numbers[other] = number;
    }
}

struct pairing {
    uint32_t **parts;     /* of each axis: those not yet in a point, as places in the range, of 2^32 */
    uint32_t left;
};

static void start_pairing(struct pairing *pairing, struct sweep_plan *plan, uint32_t wanted)
{
    pairing->left = wanted;
    pairing->parts = checked_alloc((size_t)plan->axis_count, sizeof *pairing->parts);
    for (int axis = 0; axis < plan->axis_count; axis++) {
        uint32_t *parts = pairing->parts[axis] = checked_alloc(wanted, sizeof *parts);
        for (uint32_t i = 0; i < wanted; i++)
            parts[i] = (uint32_t)(((uint64_t)i << 32 | sweep_random_next(&plan->random) >> 32) / wanted);
    }
}

/* Pairs what is left in a new order. False after an error. */
static bool pair_parts(struct pairing *pairing, struct sampler *sampler)
{
    struct sweep_plan *plan = sampler->plan;
    uint32_t left = 0;
    for (int axis = 0; axis < plan->axis_count; axis++)
        shuffle(&plan->random, pairing->parts[axis], pairing->left);
    for (uint32_t i = 0; i < pairing->left; i++) {
        uint16_t *choices = sampler_candidate(sampler);
        for (int axis = 0; axis < plan->axis_count; axis++)
            choices[axis] = level_choice(&plan->axes[axis], (uint32_t)((uint64_t)pairing->parts[axis][i] *
                                                                       level_count(&plan->axes[axis]) >> 32));
        enum sample_try tried = sampler_take(sampler);
        if (tried == SAMPLE_FAILED)
            return false;
        for (int axis = 0; tried != SAMPLE_TAKEN && axis < plan->axis_count; axis++)
            pairing->parts[axis][left] = pairing->parts[axis][i];
        left += tried != SAMPLE_TAKEN;
    }
    pairing->left = left;
    return true;
}

bool sample_latin_hypercube(struct sampler *sampler, uint32_t wanted, uint64_t *draws)
{
    struct pairing pairing;
    bool good = true;
    start_pairing(&pairing, sampler->plan, wanted);
    for (int i = 0; i < PAIRINGS && pairing.left && good; i++)
        good = pair_parts(&pairing, sampler);
    for (int axis = 0; axis < sampler->plan->axis_count; axis++)
        free(pairing.parts[axis]);
    free(pairing.parts);
    *draws = 0;
    return good && sample_random(sampler, wanted, draws);
}
