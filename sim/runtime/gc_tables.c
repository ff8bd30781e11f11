/* gc_tables.c - the collector's side tables. */
#include "sim/runtime/gc_tables.h"

#include "sim/runtime/vm.h"

#include <stdio.h>
#include <stdlib.h>

void *list_grown(void *items, size_t size)
{
    void *grown = realloc(items, size);
    if (!grown) {
        fputs("hybridsim: out of memory\n", stderr);
        abort();
    }
    return grown;
}

#define LIST_ROOM(list)                                                                            \
    if ((list)->count == (list)->capacity) {                                                       \
        (list)->capacity = (list)->capacity ? 2 * (list)->capacity : 16;                           \
        (list)->items = list_grown((list)->items, (list)->capacity * sizeof *(list)->items);       \
    }

void value_list_add(struct value_list *list, value v)
{
    LIST_ROOM(list)
    list->items[list->count++] = v;
}

void pointer_list_add(struct pointer_list *list, void *pointer)
{
    LIST_ROOM(list)
    list->items[list->count++] = pointer;
}

static struct identity_entry *identity_slot(const struct identity_table *table, const void *object)
{
    size_t mask = table->size - 1;
    size_t at = (size_t)(((uintptr_t)object >> 4) * 0x9e3779b97f4a7c15u >> 20) & mask;
    while (table->entries[at].object && table->entries[at].object != object)
        at = (at + 1) & mask;
    return &table->entries[at];
}

static void identity_table_rebuild(struct identity_table *table, size_t size)
{
    struct identity_entry *old = table->entries;
    size_t old_size = table->size;
    table->entries = list_grown(NULL, size * sizeof *table->entries);
    memset(table->entries, 0, size * sizeof *table->entries);
    table->size = size;
    for (size_t i = 0; i < old_size; i++)
        if (old[i].object)
            *identity_slot(table, old[i].object) = old[i];
    free(old);
}

static struct identity_entry *identity_table_entry(struct identity_table *table, const void *object)
{
    if (2 * (table->count + 1) > table->size)
        identity_table_rebuild(table, table->size ? 2 * table->size : 64);
    struct identity_entry *entry = identity_slot(table, object);
    if (!entry->object) {
        *entry = (struct identity_entry){object, 0};
        table->count++;
    }
    return entry;
}

static void watch_list_link(struct watch_list *list, size_t index)
{
    struct identity_entry *entry = identity_table_entry(&list->first, list->items[index].object);
    list->items[index].next = (size_t)entry->identity;
    entry->identity = index + 1;
}

void watch_list_add(struct watch_list *list, void *object, void *watcher)
{
    LIST_ROOM(list)
    list->items[list->count++] = (struct watch){object, watcher, 0};
    watch_list_link(list, list->count - 1);
}

void watch_list_index(struct watch_list *list)
{
    if (list->first.size)
        memset(list->first.entries, 0, list->first.size * sizeof *list->first.entries);
    list->first.count = 0;
    for (size_t i = 0; i < list->count; i++)
        watch_list_link(list, i);
}

size_t watch_list_find(const struct watch_list *list, const void *object)
{
    return list->first.size ? (size_t)identity_slot(&list->first, object)->identity : 0;
}

uint64_t identity_table_get(struct vm *vm, struct identity_table *table, const void *object)
{
    struct identity_entry *entry = identity_table_entry(table, object);
    if (!entry->identity)
        entry->identity = ++vm->next_identity;
    return entry->identity;
}

void identity_table_sweep(struct vm *vm, struct identity_table *table)
{
    bool died = false;
    for (size_t i = 0; i < table->size; i++) {
        struct identity_entry *entry = &table->entries[i];
        if (entry->object && !gc_is_marked(vm, entry->object)) {
            entry->object = NULL;
            table->count--;
            died = true;
        }
    }
    if (died)
        identity_table_rebuild(table, table->size);
}
