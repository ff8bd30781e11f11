/* contexts.c - see contexts.h. */
#include "sim/engine/contexts.h"

#include "core/memory.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
    CONTEXTS_MOST = 1 << 20,    /* beyond it, calls are counted at any node of their code */
    CONTEXTS_MANY = 1 << 16,    /* beyond it, all recursion is folded */
    CONTEXTS_ROOM = 1 << 24,    /* that are reserved: calls that are counted elsewhere have nodes, too */
    RECURSION_KEPT = 100,       /* depth to which a function's recursion makes nodes */
    TABLE_BITS = 12,
    /* The stacks of values and frames begin with a page. What lies at the same place of its page as something that was just
     * stored is loaded late (a third more time for a generator that is summed), so the nodes begin elsewhere. */
    NODES_OFFSET = 2048
};

static size_t nodes_size(void)
{
    return NODES_OFFSET + CONTEXTS_ROOM * sizeof(struct context);
}

void contexts_start(struct engine *engine, uint64_t *root_work)
{
    struct contexts *contexts = checked_alloc(1, sizeof *contexts);
    char *room = mmap(NULL, nodes_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (room == MAP_FAILED)
        abort();
    contexts->nodes = (struct context *)(void *)(room + NODES_OFFSET);
    contexts->table_shift = 64 - TABLE_BITS;
    contexts->table = checked_alloc((size_t)1 << TABLE_BITS, sizeof *contexts->table);
    contexts->nodes[0].work = root_work;
    contexts->count = 1;
    engine->contexts = contexts;
}

static uint32_t table_size(const struct contexts *contexts)
{
    return 1u << (64 - contexts->table_shift);
}

static void table_add(struct contexts *contexts, uint32_t node)
{
    uint32_t mask = table_size(contexts) - 1;
    uint32_t at = context_hash(contexts, contexts->nodes[node].parent, contexts->nodes[node].key);
    while (contexts->table[at & mask])
        at++;
    contexts->table[at & mask] = node;
}

static void table_grow(struct contexts *contexts)
{
    free(contexts->table);
    contexts->table_shift--;
    contexts->table = checked_alloc(table_size(contexts), sizeof *contexts->table);
    for (uint32_t i = 1; i < contexts->count; i++)
        table_add(contexts, i);
}

/* The node above in which the function's calls are to be counted instead of in a new one; 0: none. */
static uint32_t find_fold(const struct contexts *contexts, uint32_t parent, const struct code_state *state)
{
    uint32_t nearest = 0, depth = 0;
    for (uint32_t at = parent; at; at = contexts->nodes[at].parent) {
        if (contexts->nodes[at].key != state)
            continue;
        nearest = nearest ? nearest : at;
        depth++;
    }
    if (depth >= RECURSION_KEPT || (nearest && contexts->count > CONTEXTS_MANY))
        return contexts->nodes[nearest].target;
    return contexts->count > CONTEXTS_MOST ? state->first_context : 0;
}

/* The code object that a native function works for. */
static struct code_state *owner_of(const struct contexts *contexts, uint32_t parent)
{
    while (parent && !contexts->nodes[parent].counters)
        parent = contexts->nodes[parent].parent;
    return (struct code_state *)(uintptr_t)contexts->nodes[parent].key;
}

static struct context *add_context(struct vm *vm, uint32_t parent, const void *key, struct code_state *state)
{
    struct contexts *contexts = vm->engine->contexts;
    if (2 * contexts->count >= table_size(contexts))
        table_grow(contexts);
    uint32_t index = contexts->count++;
    struct context *added = &contexts->nodes[index];
    struct code_state *owner = state ? state : owner_of(contexts, parent);
    if (index >= CONTEXTS_ROOM)
        abort(); /* more functions than any program has */
    *added = (struct context){.key = key, .parent = parent, .target = index};
    added->site = checked_alloc(1, sizeof *added->site);
    added->site->next = added->site;
    uint32_t fold = state ? find_fold(contexts, parent, state) : 0;
    if (fold) {
        added->target = fold;
        added->work = contexts->nodes[fold].work;
        added->counters = contexts->nodes[fold].counters;
    } else {
        added->work = checked_alloc(WORK_COUNT + (state ? 2 * (size_t)state->counter_count : 0), sizeof *added->work);
        added->counters = state ? added->work + WORK_COUNT : NULL;
        if (owner) {
            added->same = owner->first_context;
            owner->first_context = index;
        }
    }
    table_add(contexts, index);
    return added;
}

struct context *context_find(struct vm *vm, uint32_t parent, const void *key, struct code_state *state)
{
    struct contexts *contexts = vm->engine->contexts;
    uint32_t mask = table_size(contexts) - 1;
    for (uint32_t at = context_hash(contexts, parent, key); contexts->table[at & mask]; at++) {
        uint32_t index = contexts->table[at & mask];
        struct context *context = &contexts->nodes[index];
        if (context->key == key && context->parent == parent) {
            contexts->nodes[parent].latest = index;
            return context;
        }
    }
    return add_context(vm, parent, key, state);
}

struct context_site *context_add_site(struct context *context, const word *pc)
{
    struct context_site *first = context->site, *site = first->next;
    while (site->pc != pc && site != first)
        site = site->next;
    if (site->pc != pc && first->calls) {
        site = checked_alloc(1, sizeof *site);
        site->next = first->next;
        first->next = site;
    }
    site->pc = pc;
    return site;
}

void context_take_back_call(struct vm *vm)
{
    const struct frame *frame = vm->frame;
    context_find(vm, (frame - 1)->context, frame->state, frame->state)->site->calls--;
}

struct code_profile *context_extra(struct vm *vm, const struct frame *frame)
{
    struct context *context = &vm->engine->contexts->nodes[frame->context];
    if (!context->extra)
        context->extra = code_profile_new(context->counters ? frame->state->code : NULL);
    if (context->counters && vm->engine->options->record_branches && !context->extra->mispredicted)
        context->extra->mispredicted = checked_alloc(frame->state->code->block_count + 1u, sizeof(uint64_t));
    return context->extra;
}

uint64_t contexts_count(const struct contexts *contexts, const struct code_state *state, uint32_t counter)
{
    uint64_t count = 0;
    for (uint32_t at = state->first_context; at; at = contexts->nodes[at].same)
        if (contexts->nodes[at].counters)
            count += contexts->nodes[at].counters[2 * counter];
    return count;
}

/* ---- at the end ---- */

static void fill_profile(const struct context *context, const struct code_state *state, struct code_profile *counts)
{
    for (uint32_t i = 0; context->counters && i < state->counter_count; i++) {
        const struct block_counter *counter = &state->counters[i];
        counts->executions[counter->block] += context->counters[2 * i];
        if (counter->taken_word != UINT32_MAX)
            counts->taken[counter->block] += context->counters[2 * i + 1];
    }
    memcpy(counts->work, context->work, sizeof counts->work);
}

/* The frame that called is one of the parent's code object, or of the nearest Python code above a native function. */
static void fill_sites(const struct contexts *contexts, const struct context *context, struct profile_context *filled)
{
    const struct code_state *caller = owner_of(contexts, context->parent);
    uint32_t count = 0;
    const struct context_site *site = context->site;
    do {
        count++;
        site = site->next;
    } while (site != context->site);
    filled->sites = checked_alloc(count, sizeof *filled->sites);
    do {
        uint64_t at = caller && site->pc ? (uint64_t)(site->pc - caller->words) : 0;
        uint32_t instruction = caller && site->pc && at < caller->word_count ? caller->word_source[at] : 0;
        filled->sites[filled->site_count++] = (struct profile_site){instruction, site->calls};
        site = site->next;
    } while (site != context->site);
}

void contexts_collect(struct vm *vm)
{
    struct contexts *contexts = vm->engine->contexts;
    struct profile *profile = vm->profile;
    if (!contexts)
        return;
    profile->contexts = checked_alloc(contexts->count, sizeof *profile->contexts);
    profile->context_count = contexts->count;
    for (uint32_t i = 1; i < contexts->count; i++) {
        struct context *context = &contexts->nodes[i];
        struct profile_context *filled = &profile->contexts[i];
        const struct code_state *owner = owner_of(contexts, context->counters ? i : context->parent);
        *filled = (struct profile_context){.parent = context->parent, .target = context->target, .code = UINT32_MAX};
        if (!context->counters)
            filled->native = strdup(((const struct native_counter *)context->key)->name);
        fill_sites(contexts, context, filled);
        if (owner)
            filled->code = owner->profile->index;
        if (context->target != i)
            continue;
        filled->counts = context->extra ? context->extra : code_profile_new(context->counters ? owner->code : NULL);
        context->extra = NULL;
        if (owner)
            fill_profile(context, owner, filled->counts);
        if (owner)
            code_profile_merge(owner->profile, filled->counts);
    }
}

void contexts_free(struct engine *engine)
{
    struct contexts *contexts = engine->contexts;
    if (!contexts)
        return;
    for (uint32_t i = 1; i < contexts->count; i++) {
        struct context *context = &contexts->nodes[i];
        struct context_site *first = context->site, *site = first->next;
        while (site != first) {
            struct context_site *next = site->next;
            free(site);
            site = next;
        }
        free(first);
        if (context->target == i)
            free(context->work);
    }
    munmap((char *)contexts->nodes - NODES_OFFSET, nodes_size());
    free(contexts->table);
    free(contexts);
    engine->contexts = NULL;
}
