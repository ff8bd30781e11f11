/* shadow.c - see shadow.h. */
#include "sim/dependence/shadow.h"

#include "core/memory.h"

#include <stdlib.h>
#include <string.h>

enum { TABLE_BITS = 10, KEYS_BITS = 2 };
#define INDEX_MOST ((uint64_t)1 << 28)

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

static void shadow_free(struct shadow_memory *memory, struct shadow *shadow)
{
    uint64_t values = shadow->keys ? (uint64_t)1 << shadow->key_bits : 0;
    memory->bytes -= sizeof *shadow + shadow->item_count * sizeof *shadow->items +
                     values * (sizeof *shadow->values + sizeof *shadow->keys);
    free(shadow->items);
    free(shadow->keys);
    free(shadow->values);
    free(shadow->suspended);
    free(shadow);
}

void shadow_memory_free(struct shadow_memory *memory)
{
    for (uint64_t i = 0; memory->table && i < (uint64_t)1 << memory->bits; i++)
        if (memory->table[i])
            shadow_free(memory, memory->table[i]);
    free(memory->table);
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
        shadow_write_all(shadow, stamp);
        return;
    }
    if (index >= shadow->item_count)
        shadow_reserve(memory, shadow, (uint32_t)(index + index / 2 + 4));
    shadow->items[index] = *stamp;
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
}

void shadow_write_all(struct shadow *shadow, const struct stamp *stamp)
{
    shadow->base = shadow->state = *stamp;
}
