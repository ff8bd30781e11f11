/* super.h - super(). The form without arguments needs the running frame: the engine finds __class__ and the first argument
 * there and calls super_new. */
#ifndef HYBRIDSIM_SIM_RUNTIME_SUPER_H
#define HYBRIDSIM_SIM_RUNTIME_SUPER_H

#include "sim/runtime/object.h"

struct super_object {
    struct object head;
    value type;        /* the class whose bases are searched */
    value object;      /* VALUE_NULL: unbound */
    struct type *object_type; /* whose MRO is searched; NULL: unbound */
};

value super_new(struct vm *vm, value type, value object); /* super(type, object); object VALUE_NULL: unbound */

/* super().name, without the super object; *self: the object to call a method with, or VALUE_NULL when already bound */
value super_find(struct vm *vm, value type, value object, value name, value *self);

/* Implemented by the engine: the running function's __class__ cell contents and first argument. False: RuntimeError pending. */
bool engine_super_arguments(struct vm *vm, value *type, value *object);

#endif
