/* gc_tables.h - the collector's side tables: identity numbers, watched objects, growing lists. Private to gc.c,
 * gc_tables.c and weakref.c. Running out of memory for these few words ends the program. */
#ifndef HYBRIDSIM_SIM_RUNTIME_GC_TABLES_H
#define HYBRIDSIM_SIM_RUNTIME_GC_TABLES_H

#include "sim/runtime/object.h"

struct identity_entry {
    const void *object; /* NULL: free */
    uint64_t identity;
};
struct identity_table { /* open addressing; size a power of two */
    struct identity_entry *entries;
    size_t count, size;
};
struct watch {
    void *object, *watcher;
    size_t next; /* index + 1 of the object's next watch; 0: none */
};
struct watch_list {
    struct watch *items;
    size_t count, capacity;
    struct identity_table first; /* object -> index + 1 of its newest watch */
};
struct pointer_list {
    void **items;
    size_t count, capacity;
};
struct value_list {
    value *items;
    size_t count, capacity;
};

void *list_grown(void *items, size_t size); /* realloc or abort */
void value_list_add(struct value_list *list, value v);
void pointer_list_add(struct pointer_list *list, void *pointer);
void watch_list_add(struct watch_list *list, void *object, void *watcher);
void watch_list_index(struct watch_list *list); /* after items were removed */
size_t watch_list_find(const struct watch_list *list, const void *object); /* index + 1 of its newest; 0: none */
uint64_t identity_table_get(struct vm *vm, struct identity_table *table, const void *object); /* gives a new one if need be */
void identity_table_sweep(struct vm *vm, struct identity_table *table); /* after marking: forgets the dead */

/* weakref.c: the watched object died; drops the reference and queues the callback. */
void weakref_clear(struct vm *vm, value weakref);

#endif
