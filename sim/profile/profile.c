/* profile.c - see profile.h. Lists are short (distinct exceptions, guards and shapes of one code object), so equal entries
 * are found by looking through them. */
#include "sim/profile/profile.h"

#include "core/memory.h"

#include <stdlib.h>
#include <string.h>

/* Room for one more entry; returns the new address of the list. */
static void *list_reserve(void *list, uint32_t count, uint32_t *capacity, size_t size)
{
    if (count < *capacity)
        return list;
    *capacity = *capacity ? 2 * *capacity : 4;
    list = realloc(list, *capacity * size);
    if (!list)
        abort();
    return list;
}

struct profile *profile_new(void)
{
    return checked_alloc(1, sizeof(struct profile));
}

void code_profile_free(struct code_profile *profile)
{
    if (!profile)
        return;
    free(profile->executions);
    free(profile->taken);
    free(profile->mispredicted);
    free(profile->cache_misses);
    free(profile->partials);
    free(profile->guards);
    free(profile->shapes);
    free(profile->loops);
    free(profile);
}

void profile_free(struct profile *profile)
{
    if (!profile)
        return;
    for (uint32_t i = 0; i < profile->code_count; i++) {
        code_profile_free(profile->codes[i]);
    }
    for (uint32_t i = 0; i < profile->context_count; i++) {
        code_profile_free(profile->contexts[i].counts);
        free(profile->contexts[i].native);
        free(profile->contexts[i].sites);
    }
    free(profile->contexts);
    free(profile->codes);
    free(profile->natives);
    free(profile);
}

struct code_profile *code_profile_new(const struct code *code)
{
    struct code_profile *made = checked_alloc(1, sizeof *made);
    made->code = code;
    if (code) {
        made->executions = checked_alloc(code->block_count, sizeof *made->executions);
        made->taken = checked_alloc(code->block_count, sizeof *made->taken);
    }
    return made;
}

struct code_profile *profile_add_code(struct profile *profile, const struct code *code)
{
    struct code_profile *added = code_profile_new(code);
    added->index = profile->code_count;
    profile->codes = list_reserve(profile->codes, profile->code_count, &profile->code_capacity,
                                  sizeof *profile->codes);
    profile->codes[profile->code_count++] = added;
    return added;
}

static void add_partials(struct code_profile *profile, uint32_t block, uint32_t instruction, uint64_t count)
{
    for (uint32_t i = 0; i < profile->partial_count; i++) {
        struct profile_partial *partial = &profile->partials[i];
        if (partial->block == block && partial->instruction == instruction) {
            partial->count += count;
            return;
        }
    }
    profile->partials = list_reserve(profile->partials, profile->partial_count,
                                     &profile->partial_capacity, sizeof *profile->partials);
    profile->partials[profile->partial_count++] = (struct profile_partial){block, instruction, count};
}

void profile_add_partial(struct code_profile *profile, uint32_t block, uint32_t instruction)
{
    add_partials(profile, block, instruction, 1);
}

static void add_failures(struct code_profile *profile, uint32_t instruction, uint64_t count)
{
    for (uint32_t i = 0; i < profile->guard_count; i++) {
        if (profile->guards[i].instruction == instruction) {
            profile->guards[i].failures += count;
            return;
        }
    }
    profile->guards = list_reserve(profile->guards, profile->guard_count, &profile->guard_capacity,
                                   sizeof *profile->guards);
    profile->guards[profile->guard_count++] = (struct profile_guard){instruction, count};
}

void profile_add_guard_failure(struct code_profile *profile, uint32_t instruction)
{
    add_failures(profile, instruction, 1);
}

void profile_add_loop(struct code_profile *profile, struct profile_loop loop)
{
    for (uint32_t i = 0; i < profile->loop_count; i++) {
        const struct profile_loop *known = &profile->loops[i];
        if (known->instruction == loop.instruction &&
            (known->reason == loop.reason || (known->reason && loop.reason && strcmp(known->reason, loop.reason) == 0))) {
            profile->loops[i].count += loop.count;
            return;
        }
    }
    profile->loops = list_reserve(profile->loops, profile->loop_count, &profile->loop_capacity, sizeof *profile->loops);
    profile->loops[profile->loop_count++] = loop;
}

static bool shape_equal(const struct profile_shape *a, const struct profile_shape *b)
{
    return a->kind == b->kind && a->instruction == b->instruction && a->rows == b->rows &&
           a->columns == b->columns && a->depth == b->depth && a->is_loop == b->is_loop &&
           a->element_bytes == b->element_bytes && strcmp(a->what, b->what) == 0;
}

void profile_add_shape(struct code_profile *profile, struct profile_shape shape)
{
    for (uint32_t i = 0; i < profile->shape_count; i++) {
        if (shape_equal(&profile->shapes[i], &shape)) {
            profile->shapes[i].count += shape.count;
            return;
        }
    }
    profile->shapes = list_reserve(profile->shapes, profile->shape_count, &profile->shape_capacity,
                                   sizeof *profile->shapes);
    profile->shapes[profile->shape_count++] = shape;
}

static void merge_cache(struct code_profile *to, const struct code_profile *from)
{
    to->accessed += from->accessed;
    if (!from->cache_misses)
        return;
    if (!to->cache_misses)
        to->cache_misses = checked_alloc(to->code->instruction_count + 1u, sizeof *to->cache_misses);
    for (uint32_t i = 0; i < to->code->instruction_count; i++)
        to->cache_misses[i] += from->cache_misses[i];
}

void code_profile_merge(struct code_profile *to, const struct code_profile *from)
{
    merge_cache(to, from);
    for (uint32_t i = 0; from->code && i < from->code->block_count; i++) {
        to->executions[i] += from->executions[i];
        to->taken[i] += from->taken[i];
        if (from->mispredicted)
            to->mispredicted[i] += from->mispredicted[i];
    }
    for (uint32_t i = 0; i < from->partial_count; i++)
        add_partials(to, from->partials[i].block, from->partials[i].instruction, from->partials[i].count);
    for (uint32_t i = 0; i < from->guard_count; i++)
        add_failures(to, from->guards[i].instruction, from->guards[i].failures);
    for (uint32_t i = 0; i < from->shape_count; i++)
        profile_add_shape(to, from->shapes[i]);
    for (uint32_t i = 0; i < from->loop_count; i++)
        profile_add_loop(to, from->loops[i]);
    for (int kind = 0; kind < WORK_COUNT; kind++)
        to->work[kind] += from->work[kind];
}
