/* memory.h - host memory that is never refused: when there is none, hybridsim aborts. For what is small against the programs it
 * runs; what a program's size decides is asked for with malloc and reported as MemoryError. */
#ifndef HYBRIDSIM_CORE_MEMORY_H
#define HYBRIDSIM_CORE_MEMORY_H

#include <stdlib.h>

/* `count` zeroed items; count 0: one that may not be used. */
static inline void *checked_alloc(size_t count, size_t size)
{
    void *memory = calloc(count ? count : 1, size);
    if (!memory)
        abort();
    return memory;
}

static inline void *checked_realloc(void *memory, size_t size)
{
    void *grown = realloc(memory, size);
    if (!grown)
        abort();
    return grown;
}

#endif
