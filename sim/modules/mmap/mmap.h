/* mmap.h - module mmap: files and anonymous memory mapped into the program. mapping.c makes and ends mappings, methods.c has what
 * is done with their bytes. */
#ifndef HYBRIDSIM_SIM_MODULES_MMAP_MMAP_H
#define HYBRIDSIM_SIM_MODULES_MMAP_MMAP_H

#include "sim/modules/support.h"

enum map_access { ACCESS_DEFAULT, ACCESS_READ, ACCESS_WRITE, ACCESS_COPY };

struct map_object {
    struct object head;
    uint8_t *data;     /* NULL: closed */
    uint8_t *mapped;   /* what release() gives back; differs from data only once closed under views that may still be looked at */
    int64_t size, position, offset;
    int descriptor;    /* a copy of the file's; -1: anonymous memory */
    enum map_access access;
    uint32_t exports;  /* live views */
};

static inline struct map_object *map_of(value v)
{
    return (struct map_object *)value_object(v);
}

/* False: closed, ValueError pending. */
bool map_check(struct vm *vm, const struct map_object *map);
/* False: TypeError pending. */
bool map_check_writable(struct vm *vm, const struct map_object *map);
/* n bytes from the position on, which moves on behind them: a bytes object. */
value map_take(struct vm *vm, struct map_object *map, int64_t n);

value map_close(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names);
value map_resize(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names);
value map_size(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names);

extern const struct method_definition map_methods[];

#endif
