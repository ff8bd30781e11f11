/* namespace.c - see namespace.h. */
#include "sim/runtime/namespace.h"

#include "sim/runtime/args.h"
#include "sim/runtime/attribute.h"
#include "sim/runtime/container.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/type.h"

struct namespace_object {
    struct object head;
    value dict;
};

static void namespace_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct namespace_object *)object)->dict);
}

struct dict_object *namespace_fields(value v)
{
    return dict_of(((struct namespace_object *)value_object(v))->dict);
}

value *namespace_dict_slot(struct object *namespace)
{
    return &((struct namespace_object *)namespace)->dict;
}

static value namespace_make(struct vm *vm, struct type *type)
{
    struct namespace_object *namespace = instance_allocate(vm, type, sizeof *namespace);
    if (!namespace)
        return VALUE_NULL;
    namespace->dict = VALUE_NULL;
    namespace->dict = dict_new(vm);
    return namespace->dict == VALUE_NULL ? VALUE_NULL : object_value(namespace);
}

value namespace_new(struct vm *vm)
{
    return namespace_make(vm, &namespace_type);
}

static value namespace_type_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    return namespace_make(vm, type);
}

static bool namespace_init(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    if (count) {
        raise_error(vm, &exc_TypeError, "no positional arguments expected");
        return false;
    }
    for (size_t i = 0; i < keyword_count(keyword_names); i++)
        if (!dict_set(vm, namespace_fields(self), tuple_of(keyword_names)->items[i], arguments[i]))
            return false;
    return true;
}

static value namespace_text(struct vm *vm, value self, const char *name)
{
    value parts = list_new(vm, 0);
    uint32_t position = 0;
    value key, item;
    while (parts != VALUE_NULL && dict_next(namespace_fields(self), &position, &key, &item)) {
        value part = string_printf(vm, "%S=%R", key, item);
        if (part == VALUE_NULL || !list_append(vm, list_of(parts), part))
            return VALUE_NULL;
    }
    value joined = parts == VALUE_NULL ? VALUE_NULL
                                       : string_join(vm, intern_text(vm, ", "), list_of(parts)->items, list_of(parts)->length);
    return joined == VALUE_NULL ? VALUE_NULL : string_printf(vm, "%s(%U)", name, joined);
}

static value namespace_repr(struct vm *vm, value self)
{
    const char *name = value_type(vm, self) == &namespace_type ? "namespace" : value_type(vm, self)->name;
    struct repr_guard guard;
    enum repr_state state = repr_enter(vm, &guard, self);
    if (state != REPR_FIRST)
        return state == REPR_AGAIN ? string_printf(vm, "%s(...)", name) : VALUE_NULL;
    value text = namespace_text(vm, self, name);
    repr_leave(vm, &guard);
    return text;
}

static value namespace_compare(struct vm *vm, value a, value b, enum compare_kind kind)
{
    if (!is_instance(vm, a, &namespace_type) || !is_instance(vm, b, &namespace_type))
        return vm->not_implemented;
    return compare_operation(vm, kind, object_value(namespace_fields(a)), object_value(namespace_fields(b)));
}

static value namespace_getattr(struct vm *vm, value self, value name)
{
    value found = dict_get_interned(namespace_fields(self), name);
    return found != VALUE_NULL ? found : generic_getattr(vm, self, name);
}

static bool namespace_setattr(struct vm *vm, value self, value name, value item)
{
    if (item != VALUE_NULL)
        return dict_set_interned(vm, namespace_fields(self), name, item);
    if (dict_delete(vm, namespace_fields(self), name) == 1)
        return true;
    if (vm->pending == VALUE_NULL)
        raise_attribute_error(vm, self, name);
    return false;
}

static value namespace_dict(struct vm *vm, value self)
{
    (void)vm;
    return ((struct namespace_object *)value_object(self))->dict;
}

static value namespace_reduce(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    return tuple_pack(vm, 3, object_value(value_type(vm, self)), vm->empty_tuple, namespace_dict(vm, self));
}

static const struct method_definition namespace_methods[] = {
    {"__reduce__", "()", namespace_reduce, METHOD_INSTANCE, "Return state information for pickling"},
    {NULL, NULL, NULL, 0, NULL},
};

struct type namespace_type = {
    .name = "types.SimpleNamespace",
    .flags = TYPE_SUBCLASSABLE,
    .instance_size = sizeof(struct namespace_object),
    .trace = namespace_trace,
    .new = namespace_type_new,
    .init = namespace_init,
    .repr = namespace_repr,
    .compare = namespace_compare,
    .getattr = namespace_getattr,
    .setattr = namespace_setattr,
    .methods = namespace_methods,
    .properties = (const struct property_definition[]){{"__dict__", namespace_dict, refuse_member}, {0}},
};
