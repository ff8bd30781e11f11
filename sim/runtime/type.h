/* type.h - what type.c, slots.c, class.c and the descriptors share: the registry of ready types with the method cache,
 * slot updates, the objects that stand for slots and members in a type's dict. */
#ifndef HYBRIDSIM_SIM_RUNTIME_TYPE_H
#define HYBRIDSIM_SIM_RUNTIME_TYPE_H

#include "sim/runtime/args.h"
#include "sim/runtime/attribute.h"
#include "sim/runtime/structures.h"
#include "sim/runtime/types.h"
#include "sim/runtime/vm.h"

#define METHOD_CACHE_SIZE 4096u

struct method_cache_entry {
    uint32_t version; /* 0: empty */
    value name, found;
};

struct signature_entry {
    const struct method_definition *definition;
    struct signature *signature;
};

struct type_registry {
    struct type **types; /* ready static types */
    uint32_t count, capacity;
    struct method_cache_entry cache[METHOD_CACHE_SIZE];
    struct signature_entry *signatures; /* open addressing by definition */
    uint32_t signature_count, signature_capacity;
};

void types_start(struct vm *vm);          /* names, registry, the core types; type_ready does it when nobody has */
void types_free(struct vm *vm);           /* at vm end: static types become as compiled again */
void object_types_ready(struct vm *vm);   /* every type of this folder's object model, exceptions included */

extern struct type mapping_proxy_type, classmethod_descriptor_type, frame_type, traceback_type,
    generic_alias_type, generic_alias_iterator_type, union_type;

static inline bool is_type(value v) { return has_flag(v, TYPE_TYPE); }
static inline struct type *type_of_value(value v) { return (struct type *)value_object(v); }

bool type_set_mro(struct vm *vm, struct type *type, value bases); /* C3 */
struct type *type_solid_base(struct type *type);
struct type *type_best_base(struct vm *vm, value bases); /* the one whose layout a class with these bases has; NULL: error */
void type_add_subclass(struct vm *vm, struct type *base, struct type *type);
void type_trace(struct vm *vm, struct object *object);
void type_ensure_version(struct vm *vm, struct type *type);
const char *class_name_text(struct vm *vm, value name);    /* of a str, as UTF-8; NULL: it cannot be a class's name */
value type_short_name(struct vm *vm, struct type *type);   /* __name__ */
value type_module_name(struct vm *vm, struct type *type);  /* __module__ */
value type_long_name(struct vm *vm, struct type *type);    /* __qualname__ */
value type_getattr(struct vm *vm, value object, value name);
bool type_setattr(struct vm *vm, value object, value name, value item);
value type_call(struct vm *vm, value callee, const value *arguments, size_t count, value keyword_names);

/* slots.c */
typedef void (*any_function)(void);
struct slot_definition;
struct slot_wrapper_object { /* int.__add__ */
    struct object head;
    const struct slot_definition *definition;
    struct type *owner;
    any_function function;
};
struct method_wrapper_object { /* (1).__add__ */
    struct object head;
    struct slot_wrapper_object *wrapper;
    value self;
};
void slots_to_dict(struct vm *vm, struct type *type);  /* wrappers for the slots a static type has of its own */
void slots_inherit(struct type *type, const struct type *base);
void slots_update(struct vm *vm, struct type *type);   /* heap type: all slots from the names found in the MRO */
void slots_update_name(struct vm *vm, struct type *type, value name); /* after a change; subclasses too */
const char *slot_definition_name(const struct slot_definition *definition);
const char *slot_definition_doc(const struct slot_definition *definition);
value slot_wrapper_invoke(struct vm *vm, struct slot_wrapper_object *wrapper, value self, const value *arguments,
                          size_t count, value keyword_names);
value slot_getattr_hook(struct vm *vm, value a, value name);
bool slot_init(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names);
value slot_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names);

/* class.c */
value class_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names);
value new_wrapper_make(struct vm *vm, struct type *type); /* the __new__ of a static type */
bool is_new_wrapper(value v);
value type_new(struct vm *vm, struct type *metaclass, const value *arguments, size_t count, value keyword_names);
void heap_instance_trace(struct vm *vm, struct object *object);

/* class_bases.c */
bool type_compute_mro(struct vm *vm, struct type *type, value bases);    /* asks the metaclass's mro() when it has its own */
bool type_assign_bases(struct vm *vm, struct type *type, value bases);   /* type.__bases__ = bases */
/* May objects of the layout `old` become ones of `new`? False: TypeError "WHAT assignment: ..." */
bool type_check_layout(struct vm *vm, const char *what, struct type *old, struct type *new);

/* object.c */
value object_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names);
bool object_init(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names);
bool object_check_excess(struct vm *vm, struct type *type, size_t count, value keyword_names, bool is_new);

/* descriptor.c */
struct getset_object {
    struct object head;
    const struct property_definition *definition;
    struct type *owner;
};
struct member_object { /* one name of __slots__, */
    struct object head;
    struct type *owner;
    value name;
    uint32_t index;
    const struct property_definition *definition; /* or what CPython has as a field of a built-in type's objects */
};
struct property_object {
    struct object head;
    value get, set, delete, doc, name, dict;
    bool getter_doc;
};
struct wrapped_function_object { /* classmethod, staticmethod */
    struct object head;
    value function, dict;
};
bool refuse_member(struct vm *vm, value object, value item); /* a setter: AttributeError "readonly attribute" */
value getset_new(struct vm *vm, struct type *owner, const struct property_definition *definition);
value member_new(struct vm *vm, struct type *owner, value name, uint32_t index);
value field_new(struct vm *vm, struct type *owner, const struct property_definition *definition); /* a member_object */
/* Either, as CPython has it: `members` is native_doc_members(type). */
value attribute_descriptor_new(struct vm *vm, struct type *type, const struct property_definition *definition, const char *members);
value staticmethod_new(struct vm *vm, value function);
value classmethod_new(struct vm *vm, value function);
value mapping_proxy_new(struct vm *vm, value mapping);
value method_descriptor_new(struct vm *vm, struct type *owner, const struct method_definition *definition);
extern const struct property_definition instance_dict_property, instance_weakref_property;

/* alias.c */
value generic_alias_new(struct vm *vm, value origin, value arguments);
value union_of(struct vm *vm, value a, value b);

/* exception_group.c */
value exception_group_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names);
value exception_group_string(struct vm *vm, value a);
extern const struct method_definition exception_group_methods[];
extern const struct property_definition exception_group_properties[];

/* shape.c */
void shape_start(struct shape *shape, struct type *type, uint32_t reserved);
struct shape *shape_new_root(struct vm *vm, struct type *type); /* for instances of another capacity; NULL: MemoryError */
void shape_trace(struct vm *vm, const struct shape *shape);
void shape_free_children(struct shape *shape);
value shape_name(const struct shape *shape, uint32_t index); /* name of attribute index */

/* args.c */
struct signature *signature_of(struct vm *vm, struct native_function_object *function);
void signature_free(struct signature *signature);

#endif
