/* weakref.h - weak references: objects that the collector clears when what they refer to dies. */
#ifndef HYBRIDSIM_SIM_RUNTIME_WEAKREF_H
#define HYBRIDSIM_SIM_RUNTIME_WEAKREF_H

#include "sim/runtime/object.h"

struct weakref_object { /* weakref.ref and its subclasses, weakref.proxy */
    struct object head;
    value referent;  /* not traced; NONE once dead */
    value callback;  /* VALUE_NULL: none */
    int64_t hash;    /* -1: not asked for */
};
extern struct type weakref_type, weakproxy_type, callable_weakproxy_type;

#endif
