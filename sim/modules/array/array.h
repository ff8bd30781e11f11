/* array.h - the layout of array.array and its items. */
#ifndef HYBRIDSIM_SIM_MODULES_ARRAY_ARRAY_H
#define HYBRIDSIM_SIM_MODULES_ARRAY_ARRAY_H

#include "sim/modules/support.h"

struct array_object {
    struct object head;
    uint64_t length, capacity; /* items */
    uint8_t *data;             /* gc_storage */
    uint32_t exports;          /* live views (buffer.h) */
    char code;
    uint8_t item_size;
};

static inline struct array_object *array_of(value v) { return (struct array_object *)value_object(v); }
bool is_array(struct vm *vm, value v);

/* items.c */
extern const char array_codes[];
int array_item_size(char code);      /* 0: no such code */
value array_item_load(struct vm *vm, const struct array_object *array, size_t index);
/* Checks and converts; `to` has room for 8 bytes. */
bool array_item_convert(struct vm *vm, char code, value item, void *to);

/* object.c */
value array_object_new(struct vm *vm, struct type *type, char code, size_t length); /* items zero */
bool array_resize(struct vm *vm, struct array_object *array, size_t length); /* BufferError when exported */
bool array_append(struct vm *vm, struct array_object *array, value item);
bool array_extend_iterable(struct vm *vm, value array, value iterable);
bool array_extend_array(struct vm *vm, value array, value other); /* of the same kind */
bool array_add_bytes(struct vm *vm, struct array_object *array, const uint8_t *data, size_t size);
bool array_add_text(struct vm *vm, struct array_object *array, value text);
value array_text(struct vm *vm, const struct array_object *array); /* of 'u' */
extern struct type array_type, array_iterator_type;
extern const struct method_definition array_methods[]; /* methods.c */
value array_reconstruct(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names);

#endif
