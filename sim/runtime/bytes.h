/* bytes.h - what bytes.c, bytearray.c, bytes_methods.c and memoryview.c share. */
#ifndef HYBRIDSIM_SIM_RUNTIME_BYTES_H
#define HYBRIDSIM_SIM_RUNTIME_BYTES_H

#include "sim/runtime/text.h"

static inline bool is_bytearray(struct vm *vm, value v)
{
    return is_exact(v, &bytearray_type) || (is_object(v) && !is_bytes(v) && is_instance(vm, v, &bytearray_type));
}

/* The bytes of a bytes or bytearray object. */
static inline struct span bytes_span(value v)
{
    if (is_bytes(v))
        return (struct span){bytes_of(v)->data, bytes_of(v)->length, 1};
    return (struct span){bytearray_of(v)->data, bytearray_of(v)->length, 1};
}

/* A bytes-like argument as a span; false: TypeError pending ("a bytes-like object is required, not 'str'"). */
bool bytes_like(struct vm *vm, value v, struct span *out);
static inline bool has_buffer(struct vm *vm, value v)
{
    for (struct type *type = is_object(v) ? value_type(vm, v) : NULL; type; type = type->base)
        if (type->buffer || type->export_buffer)
            return true;
    return false;
}
/* 0..255 from any __index__; false: an exception is pending with `message` when out of range. */
bool byte_value(struct vm *vm, value v, const char *message, uint8_t *out);
/* What bytes(source, encoding, errors) and bytearray(...) hold: bytes, VALUE_NULL on error. */
value bytes_from_arguments(struct vm *vm, value source, value encoding, value errors, bool for_bytearray);
value bytes_stepped(struct vm *vm, struct span data, int64_t start, int64_t step, int64_t count);
value bytes_compare(struct vm *vm, value a, value b, enum compare_kind kind);
int bytes_contains(struct vm *vm, value a, value item);
value bytes_iterator_new(struct vm *vm, struct type *type, value bytes);
/* bytes or bytearray, as `like` is */
value bytes_result(struct vm *vm, value like, const void *data, size_t size);
bool bytearray_resize(struct vm *vm, struct bytearray_object *array, size_t length);

value bytes_hex(struct vm *vm, struct span data, value separator, value group); /* hex() */

extern struct type memoryview_type, memory_iterator_type;

#endif
