/* record.h - struct sequences: tuples whose items also have names (time.struct_time, os.stat_result), as CPython's
 * PyStructSequence types are. The first `visible` fields are the tuple's items, the others are reached by name only. */
#ifndef HYBRIDSIM_SIM_RUNTIME_RECORD_H
#define HYBRIDSIM_SIM_RUNTIME_RECORD_H

#include "sim/runtime/types.h"

enum { RECORD_FIELDS_MAX = 24 };

struct record_type { /* `type` is filled in by RECORD_TYPE; the rest says which fields there are */
    struct type type;
    const char *const *fields;
    uint32_t visible, total;
    struct property_definition definitions[RECORD_FIELDS_MAX]; /* of the fields' descriptors; record_ready */
};

void record_trace(struct vm *vm, struct object *object);
value record_construct(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names);
value record_repr(struct vm *vm, value self);
extern const struct method_definition record_methods[];

/* python_name: "module.name" */
#define RECORD_TYPE(python_name, field_names, visible_count, total_count, text)                                        \
    {                                                                                                                  \
        .type = {.name = python_name,                                                                                  \
                 .flags = TYPE_TUPLE | TYPE_SEQUENCE | TYPE_GETATTR_PLAIN,                                             \
                 .base = &tuple_type,                                                                                  \
                 .doc = text,                                                                                          \
                 .methods = record_methods,                                                                            \
                 .trace = record_trace,                                                                                \
                 .new = record_construct,                                                                              \
                 .repr = record_repr},                                                                                 \
        .fields = field_names, .visible = visible_count, .total = total_count,                                         \
    }

/* Makes the type ready; once a vm, by the module's initializer. False: error pending. */
bool record_ready(struct vm *vm, struct record_type *record);
/* A record of all its fields, `items` being record->total values. */
value record_new(struct vm *vm, const struct record_type *record, const value *items);

static inline const struct record_type *record_type_of(value v)
{
    return (const struct record_type *)(const void *)value_object(v)->shape->type;
}

#endif
