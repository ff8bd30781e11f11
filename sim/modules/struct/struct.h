/* struct.h - module _struct: format strings compiled into steps, which pack and unpack follow. */
#ifndef HYBRIDSIM_SIM_MODULES_STRUCT_STRUCT_H
#define HYBRIDSIM_SIM_MODULES_STRUCT_STRUCT_H

#include "sim/modules/native_error.h"

struct struct_step {     /* `count` items of one kind, one after another */
    char code;
    uint8_t item_size;   /* bytes an item; 's' and 'p': 1, and count is their length */
    bool big_endian, standard; /* standard: sizes without '@' alignment; it decides the messages */
    int64_t offset, count;
};

struct struct_object {
    struct object head;
    value format;        /* str as given (bytes decoded); VALUE_NULL: not initialised */
    int64_t size, items; /* bytes; values. -1: not initialised */
    size_t step_count;
    struct struct_step *steps; /* gc_storage */
};

static inline struct struct_object *struct_of(value v) { return (struct struct_object *)value_object(v); }

/* format.c: false with an exception pending. */
bool struct_compile(struct vm *vm, struct struct_object *object, value format);
/* A compiled format from the cache, or made for it. */
struct struct_object *struct_for_format(struct vm *vm, value format);

/* items.c */
value struct_unpack_items(struct vm *vm, const struct struct_object *object, const uint8_t *from); /* tuple */
/* `to` has object->size bytes, zeroed. */
bool struct_pack_items(struct vm *vm, const struct struct_object *object, const value *values, uint8_t *to);

extern struct type struct_type;

#endif
