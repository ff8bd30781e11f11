/* native_counters.c - an open-addressing table by definition; see native_counters.h. */
#include "sim/runtime/native_counters.h"

#include "sim/runtime/types.h"

#include <stdio.h>
#include <stdlib.h>

struct native_counters {
    struct native_counter **table; /* by definition */
    struct native_counter **order; /* as made */
    uint32_t count, capacity;      /* capacity: a power of two, of both */
};

static char *counter_name(const struct native_function_object *function)
{
    const char *scope = function->owner ? function->owner->name : function->module;
    char *name;
    struct type *self_type = NULL;
    if (!scope && is_object(function->self))
        self_type = has_flag(function->self, TYPE_TYPE) ? (struct type *)value_object(function->self)
                                                         : object_type(value_object(function->self));
    if (self_type)
        scope = self_type->name;
    bool bare = !scope || !strcmp(scope, "builtins");
    if (asprintf(&name, "%s%s%s", bare ? "" : scope, bare ? "" : ".", function->definition->name) < 0)
        abort();
    return name;
}

static struct native_counter **find(struct native_counters *counters, const struct method_definition *definition)
{
    uint64_t hash = ((uintptr_t)definition >> 4) * 0x9e3779b97f4a7c15ull;
    for (uint32_t i = (uint32_t)(hash >> 32);; i++) {
        struct native_counter **entry = &counters->table[i & (counters->capacity - 1)];
        if (!*entry || (*entry)->definition == definition)
            return entry;
    }
}

static void grow(struct native_counters *counters)
{
    counters->capacity = counters->capacity ? 2 * counters->capacity : 256;
    free(counters->table);
    counters->table = calloc(counters->capacity, sizeof *counters->table);
    counters->order = realloc(counters->order, counters->capacity * sizeof *counters->order);
    if (!counters->table || !counters->order)
        abort();
    for (uint32_t i = 0; i < counters->count; i++)
        *find(counters, counters->order[i]->definition) = counters->order[i];
}

struct native_counter *native_counter_of(struct vm *vm, struct native_function_object *function)
{
    if (!vm->native_counters)
        vm->native_counters = calloc(1, sizeof *vm->native_counters);
    struct native_counters *counters = vm->native_counters;
    if (!counters)
        abort();
    if (2 * counters->count >= counters->capacity)
        grow(counters);
    struct native_counter **entry = find(counters, function->definition);
    if (!*entry) {
        *entry = calloc(1, sizeof **entry);
        if (!*entry)
            abort();
        (*entry)->definition = function->definition;
        (*entry)->name = counter_name(function);
        counters->order[counters->count++] = *entry;
    }
    return *entry;
}

uint32_t native_counter_count(struct vm *vm)
{
    return vm->native_counters ? vm->native_counters->count : 0;
}

const struct native_counter *native_counter_at(struct vm *vm, uint32_t index)
{
    return vm->native_counters->order[index];
}

void native_counters_free(struct vm *vm)
{
    struct native_counters *counters = vm->native_counters;
    if (!counters)
        return;
    for (uint32_t i = 0; i < counters->count; i++) {
        free(counters->order[i]->name);
        free(counters->order[i]);
    }
    free(counters->table);
    free(counters->order);
    free(counters);
    vm->native_counters = NULL;
}
