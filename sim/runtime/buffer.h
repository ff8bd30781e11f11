/* buffer.h - the buffer protocol: memory that an object lends, with the shape and the kind of its items.
 *
 * buffer_of and bytes_like (bytes.h) are enough for who reads plain bytes at once. A memoryview keeps a struct item_buffer; as long
 * as one lives and is not released, the exporter may not move its memory: it asks buffer_may_move before it does.
 */
#ifndef HYBRIDSIM_SIM_RUNTIME_BUFFER_H
#define HYBRIDSIM_SIM_RUNTIME_BUFFER_H

#include "sim/runtime/vm.h"

enum { BUFFER_DIMENSIONS_MAX = 64 };

struct item_buffer {
    value exporter;         /* the object that owns the memory */
    uint8_t *data;          /* the first item */
    int64_t length;         /* bytes: the product of the shape times item_size */
    int64_t item_size;
    const char *format;     /* as module struct writes it; a static text */
    bool readonly;
    int dimensions;
    const int64_t *shape;   /* NULL: one dimension without gaps */
    const int64_t *strides; /* in bytes */
    uint32_t *exports;      /* the exporter's count of live views; NULL: its memory never moves */
};

/* What `v` lends; false: TypeError (no buffer) or the exporter's own error pending. Counts nothing. */
bool buffer_get(struct vm *vm, value v, struct item_buffer *out);
/* For native functions that fill a caller's memory: contiguous and writable. message: of the TypeError otherwise, as CPython
 * words it ("a read-write bytes-like object is required"); %T in it stands for the type. */
bool buffer_writable(struct vm *vm, value v, const char *message, uint8_t **data, size_t *size);
/* The bytes in C order, whatever the strides: a bytes object. */
value buffer_to_bytes(struct vm *vm, const struct item_buffer *buffer);
void buffer_copy_out(const struct item_buffer *buffer, uint8_t *out);
bool buffer_is_contiguous(const struct item_buffer *buffer, char order); /* order 'C' or 'F' */

/* No view needs the memory to stay. Views that were dropped without release() go with a collection only, so it makes one when
 * the count says otherwise. Views that only a temporary may still hold do not count: whoever moves the memory must therefore
 * leave the old one to the collector (the views mark it) and not free it. False: nothing pending. */
bool buffer_may_move(struct vm *vm, uint32_t *exports);

/* ---- single items in native byte order and size, by the struct module's letters ---- */
int64_t native_item_size(char code);                   /* 0: no native single-character format */
value native_item_load(struct vm *vm, char code, const void *from); /* VALUE_NULL without pending: no such format */
/* An item's value as a memoryview checks it; false: pending, with that format's message. */
bool native_item_store(struct vm *vm, char code, void *to, value item);
/* Both of the same kind (numbers, characters); -1 error. */
int native_items_equal(struct vm *vm, char a_code, const void *a, char b_code, const void *b);

#endif
