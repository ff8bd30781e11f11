/* thread_local.c - _thread._local: an object whose attributes each thread has its own of. A thread keeps a dict of its locals'
 * dicts, by the locals' identities; the one of the running thread is put in before every access. */
#include "sim/modules/thread.h"
#include "sim/runtime/attribute.h"
#include "sim/runtime/container.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/type.h"

struct local_object { /* followed by a struct subclass_tail */
    struct object head;
    value arguments, keywords; /* for __init__, which each thread runs */
};

static void local_trace(struct vm *vm, struct object *object)
{
    struct local_object *local = (struct local_object *)object;
    gc_mark(vm, local->arguments);
    gc_mark(vm, local->keywords);
    gc_mark(vm, instance_tail(object)->overflow);
}

static value keywords_dict(struct vm *vm, const value *items, value names)
{
    value dict = dict_new(vm);
    for (size_t i = 0; dict != VALUE_NULL && i < keyword_count(names); i++)
        if (!dict_set(vm, dict_of(dict), tuple_of(names)->items[i], items[i]))
            return VALUE_NULL;
    return dict;
}

static value *local_attributes(value self)
{
    return &instance_tail(value_object(self))->overflow;
}

static bool local_remember(struct vm *vm, value self, value attributes)
{
    value *locals = thread_locals(vm);
    if (*locals == VALUE_NULL && (*locals = dict_new(vm)) == VALUE_NULL)
        return false;
    value key = int_from_uint64(vm, object_identity(vm, self));
    return key != VALUE_NULL && dict_set(vm, dict_of(*locals), key, attributes);
}

static value local_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    if ((count || keyword_count(keyword_names)) && type->init == object_init)
        return raise_error(vm, &exc_TypeError, "Initialization arguments are not supported");
    struct local_object *local = instance_allocate(vm, type, sizeof *local + sizeof(struct subclass_tail));
    if (!local)
        return VALUE_NULL;
    local->arguments = local->keywords = NONE;
    value self = object_value(local), attributes = dict_new(vm);
    local->arguments = tuple_from(vm, arguments, count);
    local->keywords = keywords_dict(vm, arguments + count, keyword_names);
    if (attributes == VALUE_NULL || local->arguments == VALUE_NULL || local->keywords == VALUE_NULL ||
        !local_remember(vm, self, attributes))
        return VALUE_NULL;
    *local_attributes(self) = attributes;
    return self;
}

/* The running thread's attributes are in place. A thread's first access makes them, with __init__. */
static bool local_enter(struct vm *vm, value self)
{
    value *locals = thread_locals(vm), attributes;
    if (*locals != VALUE_NULL) {
        value key = int_from_uint64(vm, object_identity(vm, self));
        int found = key == VALUE_NULL ? -1 : dict_find(vm, dict_of(*locals), key, &attributes);
        if (found < 0)
            return false;
        if (found) {
            *local_attributes(self) = attributes;
            return true;
        }
    }
    attributes = dict_new(vm);
    if (attributes == VALUE_NULL || !local_remember(vm, self, attributes))
        return false;
    *local_attributes(self) = attributes;
    if (value_type(vm, self)->init == object_init)
        return true;
    struct local_object *local = (struct local_object *)value_object(self);
    value init = type_lookup(vm, value_type(vm, self), intern_text(vm, "__init__"));
    value with_self = tuple_new(vm, tuple_of(local->arguments)->length + 1);
    if (with_self == VALUE_NULL)
        return false;
    tuple_of(with_self)->items[0] = self;
    memcpy(tuple_of(with_self)->items + 1, tuple_of(local->arguments)->items,
           tuple_of(local->arguments)->length * sizeof(value));
    if (call_with_dict(vm, init, with_self, local->keywords) == VALUE_NULL)
        return false;
    *local_attributes(self) = attributes;
    return true;
}

static value local_getattr(struct vm *vm, value self, value name)
{
    return local_enter(vm, self) ? generic_getattr(vm, self, name) : VALUE_NULL;
}

static bool local_setattr(struct vm *vm, value self, value name, value item)
{
    if (name == NAMED(vm, __dict__)) {
        raise_error(vm, &exc_AttributeError, "'%T' object attribute '__dict__' is read-only", self);
        return false;
    }
    return local_enter(vm, self) && generic_setattr(vm, self, name, item);
}

struct type thread_local_type = {.name = "_thread._local",
                                 .flags = TYPE_SUBCLASSABLE | TYPE_MAKES_SUBCLASSES | TYPE_HAS_INSTANCE_DICT,
                                 .instance_size = sizeof(struct local_object) + sizeof(struct subclass_tail),
                                 .tail_offset = sizeof(struct local_object),
                                 .trace = local_trace,
                                 .new = local_new,
                                 .getattr = local_getattr,
                                 .setattr = local_setattr};
