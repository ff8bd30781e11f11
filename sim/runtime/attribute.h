/* attribute.h - instances, their attributes and the inline-cache interface of the engine.
 *
 * Guards: `shape` equal to the object's shape and shape->type->version == version, unless the kind says otherwise.
 * version is never 0 in a filled cache. */
#ifndef HYBRIDSIM_SIM_RUNTIME_ATTRIBUTE_H
#define HYBRIDSIM_SIM_RUNTIME_ATTRIBUTE_H

#include "sim/runtime/structures.h"
#include "sim/runtime/vm.h"

enum attribute_kind {
    ATTRIBUTE_INLINE,     /* ((struct instance *)object)->slots[index] */
    ATTRIBUTE_OVERFLOW,   /* tuple_of(instance->overflow)->items[index] */
    ATTRIBUTE_MEMBER,     /* a __slots__ member: as INLINE, but VALUE_NULL means unset: take the slow path */
    ATTRIBUTE_CONSTANT,   /* found on the type, no descriptor: `constant` */
    ATTRIBUTE_METHOD,     /* found on the type, a function or native method: call constant(object, ...), or bind it */
    ATTRIBUTE_PROPERTY,   /* a property: call constant(object), a Python function */
    ATTRIBUTE_OF_TYPE,    /* object is the type `owner` (guard: object == owner, owner->version == version): `constant` */
    ATTRIBUTE_OF_MODULE,  /* object is the module `owner`, whose namespace has it: `constant`; the guard is the caller's affair */
    ATTRIBUTE_TRANSITION  /* stores: write slots[index], then shape = next_shape */
};

struct attribute_cache {
    enum attribute_kind kind;
    uint32_t index;
    uint32_t version;
    struct shape *shape, *next_shape;
    struct object *owner;
    value constant;
};

/* True when `out` was filled; false: not cacheable (never raises). name: interned. The attribute is found as get_attribute
 * and set_attribute would find it. A shape implies the inline capacity: index needs no check. */
bool attribute_cache_load(struct vm *vm, value object, value name, struct attribute_cache *out);
bool attribute_cache_store(struct vm *vm, value object, value name, struct attribute_cache *out);

/* Calling the type is: instance_new, then the Python function *init_function with the instance put before the arguments
 * (its result must be None). False: use call(). Depends on type->version only (which is then not 0). */
bool class_plain_construction(struct vm *vm, struct type *type, value *init_function);
value instance_new(struct vm *vm, struct type *type); /* plain layout only; no __init__ */

/* A heap type whose instances are struct instance. */
static inline bool type_has_plain_layout(const struct type *type)
{
    return (type->flags & TYPE_HEAP) && type->tail_offset == 0;
}
/* The tail of an instance of a Python class that derives from a built-in type (also of variable size); NULL: none. */
struct subclass_tail *instance_tail(struct object *object);

/* Binds the arguments of a Python function: fills slots[0 .. parameters) in local_names order. */
bool function_bind_arguments(struct vm *vm, struct function_object *function, const value *arguments, size_t count,
                             value keyword_names, value *slots);

/* One call of a native function or method descriptor whose self was already taken off: binds the signature, counts. */
value native_call(struct vm *vm, struct native_function_object *function, value self, const value *arguments, size_t count,
                  value keyword_names);

/* special[id] looked up on the object's type; *self is the object when the result is to be called with it put first, else
 * VALUE_NULL. VALUE_NULL: absent, or (pending) its __get__ failed. */
value special_lookup(struct vm *vm, value object, enum name_id id, value *self);
/* calls it; AttributeError when it is absent */
value call_special(struct vm *vm, value object, enum name_id id, const value *arguments, size_t count);
/* callee(first, arguments...) */
value call_prepend(struct vm *vm, value callee, value first, const value *arguments, size_t count, value keyword_names);

static inline size_t keyword_count(value keyword_names)
{
    return keyword_names == VALUE_NULL ? 0 : ((struct tuple_object *)value_object(keyword_names))->length;
}

/* Raises AttributeError with name and obj fields. */
value raise_attribute_error(struct vm *vm, value object, value name);
value raise_attribute_message(struct vm *vm, value object, value name, value message);

/* call.c: one more level of native recursion, among those that CPython counts; where: " while calling a Python object". False:
 * RecursionError pending, nothing to leave. */
bool recursion_enter(struct vm *vm, const char *where);
static inline void recursion_leave(struct vm *vm) { vm->c_depth--; }
static inline bool c_stack_low(const struct vm *vm) { return (uintptr_t)__builtin_frame_address(0) < vm->c_stack_end; }
/* Recursion that CPython does not count: only the C stack limits it. */
bool recursion_check(struct vm *vm, const char *where);

/* dir(): names of an object or type, unsorted, as object.__dir__ and type.__dir__ give them. */
bool attribute_names(struct vm *vm, value object, value names_dict);

#endif
