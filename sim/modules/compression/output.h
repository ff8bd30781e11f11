/* output.h - where the compression libraries write: memory that grows, then becomes a bytes object. */
#ifndef HYBRIDSIM_SIM_MODULES_COMPRESSION_OUTPUT_H
#define HYBRIDSIM_SIM_MODULES_COMPRESSION_OUTPUT_H

#include "sim/modules/native_error.h"

#include <stdlib.h>

struct output {
    uint8_t *data;  /* malloc'd */
    size_t used, capacity, limit; /* limit: the most bytes wanted; SIZE_MAX: all */
};

/* Room for at least one more byte, where the limit allows; false: no memory (MemoryError pending). */
static inline bool output_grow(struct vm *vm, struct output *output)
{
    if (output->used < output->capacity)
        return true;
    size_t capacity = output->capacity ? 2 * output->capacity : 16384;
    if (capacity > output->limit)
        capacity = output->limit;
    uint8_t *grown = realloc(output->data, capacity ? capacity : 1);
    if (!grown) {
        raise_no_memory(vm);
        return false;
    }
    output->data = grown;
    output->capacity = capacity;
    return true;
}

static inline bool output_full(const struct output *output)
{
    return output->used >= output->limit;
}

/* The bytes, unless an exception is pending; frees the memory. */
static inline value output_finish(struct vm *vm, struct output *output)
{
    value bytes = vm->pending == VALUE_NULL ? bytes_from(vm, output->data, output->used) : VALUE_NULL;
    if (bytes != VALUE_NULL)
        ADD_WORK(vm, characters, output->used);
    free(output->data);
    return bytes;
}

#endif
