/* memoryview.h - the layout of views, for memoryview.c, memoryview_methods.c and who makes views of his own memory. */
#ifndef HYBRIDSIM_SIM_RUNTIME_MEMORYVIEW_H
#define HYBRIDSIM_SIM_RUNTIME_MEMORYVIEW_H

#include "sim/runtime/buffer.h"

struct memoryview_object {
    struct object head;
    value exporter;        /* VALUE_NULL: released */
    uint8_t *data;         /* the first item; stays where it is as long as *exports counts this view */
    int64_t length;        /* bytes, were it copied without gaps */
    int64_t item_size, hash;
    const char *format;    /* static text */
    uint32_t *exports;     /* the exporter's count, or NULL */
    char code;             /* the native format's letter; 0: items cannot be read */
    bool readonly;
    uint8_t dimensions;
    int64_t shape[];       /* then as many strides, in bytes */
};

static inline struct memoryview_object *view_of(value v) { return (struct memoryview_object *)value_object(v); }
static inline int64_t *view_shape(struct memoryview_object *view) { return view->shape; }
static inline int64_t *view_strides(struct memoryview_object *view) { return view->shape + view->dimensions; }

bool view_check(struct vm *vm, value self);                 /* false: released, ValueError pending */
void view_describe(value self, struct item_buffer *out);
void view_let_go(struct memoryview_object *view);           /* release() */
value view_from_buffer(struct vm *vm, const struct item_buffer *buffer);
value memoryview_over(struct vm *vm, value object);         /* memoryview(object) */

extern const struct method_definition memoryview_methods[];
extern const struct property_definition memoryview_properties[];
extern struct type memoryview_type, memory_iterator_type;

#endif
