/* shadow.c - see shadow.h. */
#include "sim/dependence/shadow.h"

#include "core/memory.h"

#include <stdlib.h>
#include <string.h>

enum { TABLE_BITS = 10, KEYS_BITS = 2 };
#define INDEX_MOST ((uint64_t)1 << 28)

struct shared_stamp {
    struct stamp stamp;
    uint64_t users;
    uint32_t next_free;
};

static uint64_t spread(uint64_t key) { return key * 0x9e3779b97f4a7c15u; }

static struct shadow **table_place(const struct shadow_memory *memory, uint64_t key)
{
    uint64_t mask = ((uint64_t)1 << memory->bits) - 1;
    uint64_t at = spread(key) >> (64 - memory->bits);
    while (memory->table[at & mask] && memory->table[at & mask]->key != key)
        at++;
    return &memory->table[at & mask];
}

static void table_rebuild(struct shadow_memory *memory, uint32_t bits)
{
    struct shadow **old = memory->table;
    uint64_t size = memory->table ? (uint64_t)1 << memory->bits : 0;
    memory->table = checked_alloc((size_t)1 << bits, sizeof(struct shadow *));
    memory->bits = bits;
    for (uint64_t i = 0; i < size; i++)
        if (old[i])
            *table_place(memory, old[i]->key) = old[i];
    free(old);
}

static void drop_keys(struct shadow_memory *memory, struct shadow *shadow)
{
    uint64_t values = shadow->keys ? (uint64_t)1 << shadow->key_bits : 0;
    memory->bytes -= values * (sizeof *shadow->values + sizeof *shadow->keys);
    free(shadow->keys);
    free(shadow->values);
    shadow->keys = NULL;
    shadow->values = NULL;
    shadow->key_count = shadow->key_bits = 0;
}

static void drop_elements(struct shadow_memory *memory, struct shadow *shadow)
{
    for (uint64_t i = 0; i < shadow->element_count; i++)
        shadow_release(memory, shadow->elements[i]);
    memory->bytes -= shadow->element_count * sizeof *shadow->elements;
    free(shadow->elements);
    shadow->elements = NULL;
    shadow->element_count = 0;
}

static void shadow_free(struct shadow_memory *memory, struct shadow *shadow)
{
    drop_keys(memory, shadow);
    drop_elements(memory, shadow);
    memory->bytes -= sizeof *shadow + shadow->item_count * sizeof *shadow->items;
    free(shadow->items);
    free(shadow->suspended);
    free(shadow);
}

void shadow_memory_free(struct shadow_memory *memory)
{
    for (uint64_t i = 0; memory->table && i < (uint64_t)1 << memory->bits; i++)
        if (memory->table[i])
            shadow_free(memory, memory->table[i]);
    free(memory->table);
    memory->bytes -= memory->shared_capacity * sizeof *memory->shared;
    free(memory->shared);
}

struct shadow *shadow_find(const struct shadow_memory *memory, uint64_t key)
{
    return memory->table ? *table_place(memory, key) : NULL;
}

struct shadow *shadow_get(struct shadow_memory *memory, uint64_t key)
{
    if (!memory->table)
        table_rebuild(memory, TABLE_BITS);
    struct shadow **place = table_place(memory, key);
    if (*place)
        return *place;
    if (2 * (uint64_t)memory->count >= (uint64_t)1 << memory->bits) {
        table_rebuild(memory, memory->bits + 1);
        place = table_place(memory, key);
    }
    struct shadow *shadow = checked_alloc(1, sizeof *shadow);
    shadow->key = key;
    memory->bytes += sizeof *shadow;
    memory->count++;
    return *place = shadow;
}

void shadow_sweep(struct shadow_memory *memory, bool (*alive)(void *context, struct shadow *shadow), void *context)
{
    uint32_t before = memory->count;
    for (uint64_t i = 0; memory->table && i < (uint64_t)1 << memory->bits; i++) {
        if (!memory->table[i] || alive(context, memory->table[i]))
            continue;
        shadow_free(memory, memory->table[i]);
        memory->table[i] = NULL;
        memory->count--;
    }
    if (memory->count != before)
        table_rebuild(memory, memory->bits);
}

/* ---- inside a container ---- */

static const struct stamp *latest(const struct shadow *shadow, const struct stamp *own)
{
    if (own && own->when && own->when >= shadow->base.when)
        return own;
    return shadow->base.when ? &shadow->base : NULL;
}

const struct stamp *shadow_read_item(const struct shadow *shadow, uint64_t index)
{
    return latest(shadow, index < shadow->item_count ? &shadow->items[index] : NULL);
}

/* The key's place, or the free one for it. */
static uint64_t key_place(const struct shadow *shadow, uint64_t key)
{
    uint64_t mask = ((uint64_t)1 << shadow->key_bits) - 1;
    uint64_t at = spread(key) >> (64 - shadow->key_bits);
    while (shadow->keys[at & mask] && shadow->keys[at & mask] != key)
        at++;
    return at & mask;
}

const struct stamp *shadow_read_key(const struct shadow *shadow, uint64_t key)
{
    key += !key; /* 0 is a free place */
    if (!shadow->keys)
        return latest(shadow, NULL);
    uint64_t at = key_place(shadow, key);
    return latest(shadow, shadow->keys[at] ? &shadow->values[at] : NULL);
}

struct stamp *shadow_reserve(struct shadow_memory *memory, struct shadow *shadow, uint32_t count)
{
    if (count > shadow->item_count) {
        shadow->items = checked_realloc(shadow->items, count * sizeof *shadow->items);
        memset(shadow->items + shadow->item_count, 0, (count - shadow->item_count) * sizeof *shadow->items);
        memory->bytes += (count - shadow->item_count) * sizeof *shadow->items;
        shadow->item_count = count;
    }
    return shadow->items;
}

void shadow_write_item(struct shadow_memory *memory, struct shadow *shadow, uint64_t index, const struct stamp *stamp)
{
    if (index >= INDEX_MOST) {
        shadow_write_all(memory, shadow, stamp);
        return;
    }
    if (index >= shadow->item_count)
        shadow_reserve(memory, shadow, (uint32_t)(index + index / 2 + 4));
    if (index >= shadow->item_end)
        shadow->item_end = (uint32_t)index + 1;
    shadow->items[index] = *stamp;
    shadow->latest_kind = LATEST_ITEM;
    shadow->latest = index;
}

static void keys_grow(struct shadow_memory *memory, struct shadow *shadow)
{
    struct shadow old = *shadow;
    uint64_t size = old.keys ? (uint64_t)1 << old.key_bits : 0;
    shadow->key_bits = old.keys ? old.key_bits + 1 : KEYS_BITS;
    uint64_t new_size = (uint64_t)1 << shadow->key_bits;
    shadow->keys = checked_alloc(new_size, sizeof *shadow->keys);
    shadow->values = checked_alloc(new_size, sizeof *shadow->values);
    for (uint64_t i = 0; i < size; i++) {
        if (!old.keys[i])
            continue;
        uint64_t at = key_place(shadow, old.keys[i]);
        shadow->keys[at] = old.keys[i];
        shadow->values[at] = old.values[i];
    }
    free(old.keys);
    free(old.values);
    memory->bytes += (new_size - size) * (sizeof(struct stamp) + sizeof(uint64_t));
}

void shadow_write_key(struct shadow_memory *memory, struct shadow *shadow, uint64_t key, const struct stamp *stamp)
{
    key += !key;
    if (!shadow->keys || 4 * (uint64_t)shadow->key_count >= (uint64_t)3 << shadow->key_bits)
        keys_grow(memory, shadow);
    uint64_t at = key_place(shadow, key);
    shadow->key_count += !shadow->keys[at];
    shadow->keys[at] = key;
    shadow->values[at] = *stamp;
    shadow->latest_kind = LATEST_KEY;
    shadow->latest = key;
}

/* What was known of its parts counts no longer. Items stay where they are: a generator's slots are in use. */
void shadow_write_all(struct shadow_memory *memory, struct shadow *shadow, const struct stamp *stamp)
{
    shadow->base = shadow->state = *stamp;
    shadow->item_end = 0;
    drop_keys(memory, shadow);
    drop_elements(memory, shadow);
    shadow->latest_kind = LATEST_ALL;
}

const struct stamp *shadow_read_latest(const struct shadow_memory *memory, const struct shadow *shadow)
{
    switch (shadow->latest_kind) {
    case LATEST_ITEM: return shadow_read_item(shadow, shadow->latest);
    case LATEST_KEY: return shadow_read_key(shadow, shadow->latest);
    case LATEST_ELEMENT: return &memory->shared[shadow->latest].stamp;
    default: return shadow->base.when ? &shadow->base : NULL;
    }
}

/* ---- elements of memory ---- */

uint32_t shadow_share(struct shadow_memory *memory, const struct stamp *stamp)
{
    uint32_t number = memory->shared_free;
    if (number) {
        memory->shared_free = memory->shared[number].next_free;
    } else {
        if (memory->shared_count == memory->shared_capacity) {
            uint32_t capacity = memory->shared_capacity ? 2 * memory->shared_capacity : 64;
            memory->shared = checked_realloc(memory->shared, capacity * sizeof *memory->shared);
            memory->bytes += (capacity - memory->shared_capacity) * sizeof *memory->shared;
            memory->shared_capacity = capacity;
            memory->shared_count += !memory->shared_count; /* 0 is none */
        }
        number = memory->shared_count++;
    }
    memory->shared[number] = (struct shared_stamp){.stamp = *stamp, .users = 1};
    return number;
}

void shadow_release(struct shadow_memory *memory, uint32_t shared)
{
    if (!shared || --memory->shared[shared].users)
        return;
    memory->shared[shared].next_free = memory->shared_free;
    memory->shared_free = shared;
}

static void reserve_elements(struct shadow_memory *memory, struct shadow *shadow, uint64_t count)
{
    if (count <= shadow->element_count)
        return;
    count += count / 2;
    shadow->elements = checked_realloc(shadow->elements, count * sizeof *shadow->elements);
    memset(shadow->elements + shadow->element_count, 0, (count - shadow->element_count) * sizeof *shadow->elements);
    memory->bytes += (count - shadow->element_count) * sizeof *shadow->elements;
    shadow->element_count = count;
}

void shadow_write_elements(struct shadow_memory *memory, struct shadow *shadow, uint64_t first, uint64_t count, uint32_t shared)
{
    reserve_elements(memory, shadow, first + count);
    memory->shared[shared].users += count;
    for (uint64_t i = first; i < first + count; i++) {
        shadow_release(memory, shadow->elements[i]);
        shadow->elements[i] = shared;
    }
    shadow->latest_kind = LATEST_ELEMENT;
    shadow->latest = shared;
}

const struct stamp *shadow_read_elements(const struct shadow_memory *memory, const struct shadow *shadow, uint64_t *at,
                                         uint64_t end, uint32_t *before)
{
    if (end > shadow->element_count)
        end = shadow->element_count;
    while (*at < end) {
        uint32_t shared = shadow->elements[(*at)++];
        if (!shared || shared == *before)
            continue;
        *before = shared;
        if (memory->shared[shared].stamp.when > shadow->base.when)
            return &memory->shared[shared].stamp;
    }
    return NULL;
}
