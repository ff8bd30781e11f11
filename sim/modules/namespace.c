/* namespace.c - types.SimpleNamespace: an object whose attributes are a dict's items. */
#include "sim/modules/namespace.h"
#include "sim/runtime/container.h"

struct namespace_object {
    struct object head;
    value dict;
};

static struct dict_object *namespace_dict(value v)
{
    return dict_of(((struct namespace_object *)value_object(v))->dict);
}

static void namespace_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct namespace_object *)object)->dict);
}

static value namespace_create(struct vm *vm, struct type *type, value dict)
{
    struct namespace_object *self = dict == VALUE_NULL ? NULL : instance_allocate(vm, type, sizeof *self);
    if (!self)
        return VALUE_NULL;
    self->dict = dict;
    return object_value(self);
}

value namespace_from_dict(struct vm *vm, value dict)
{
    type_ready(vm, &simple_namespace_type);
    return namespace_create(vm, &simple_namespace_type, dict);
}

static value namespace_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    return namespace_create(vm, type, dict_new(vm));
}

static bool namespace_init(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    if (count) {
        raise_error(vm, &exc_TypeError, "no positional arguments expected");
        return false;
    }
    for (size_t i = 0; i < keyword_count(keyword_names); i++)
        if (!dict_set(vm, namespace_dict(self), tuple_of(keyword_names)->items[i], arguments[i]))
            return false;
    return true;
}

static value namespace_getattr(struct vm *vm, value self, value name)
{
    value item = dict_get_interned(namespace_dict(self), name);
    return item != VALUE_NULL ? item : generic_getattr(vm, self, name);
}

static bool namespace_setattr(struct vm *vm, value self, value name, value item)
{
    if (item != VALUE_NULL)
        return dict_set_interned(vm, namespace_dict(self), name, item);
    int deleted = dict_delete(vm, namespace_dict(self), name);
    if (deleted == 0)
        raise_attribute_error(vm, self, name);
    return deleted > 0;
}

static value namespace_repr(struct vm *vm, value self)
{
    bool plain = is_exact(self, &simple_namespace_type);
    value name = intern_text(vm, plain ? "namespace" : value_type(vm, self)->name);
    struct repr_guard guard;
    enum repr_state state = repr_enter(vm, &guard, self);
    if (state != REPR_FIRST)
        return state == REPR_AGAIN ? string_printf(vm, "%U(...)", name) : VALUE_NULL;
    struct string_builder builder = {NULL, 0, 0};
    string_builder_add_string(&builder, name);
    string_builder_add(&builder, '(');
    uint32_t position = 0;
    value key, item;
    bool first = true, good = true;
    while (good && dict_next(namespace_dict(self), &position, &key, &item)) {
        if (!has_flag(key, TYPE_STRING))
            continue;
        if (!first)
            string_builder_add_text(&builder, ", ");
        first = false;
        string_builder_add_string(&builder, key);
        string_builder_add(&builder, '=');
        good = builder_add_repr(vm, &builder, item);
    }
    repr_leave(vm, &guard);
    if (!good)
        return builder_abandon(&builder);
    string_builder_add(&builder, ')');
    return string_builder_finish(vm, &builder);
}

static value namespace_compare(struct vm *vm, value a, value b, enum compare_kind kind)
{
    if ((kind != COMPARE_EQ && kind != COMPARE_NE) || !is_instance(vm, a, &simple_namespace_type) ||
        !is_instance(vm, b, &simple_namespace_type))
        return vm->not_implemented;
    return compare_operation(vm, kind, ((struct namespace_object *)value_object(a))->dict,
                             ((struct namespace_object *)value_object(b))->dict);
}

static value get_dict(struct vm *vm, value self)
{
    (void)vm;
    return ((struct namespace_object *)value_object(self))->dict;
}

struct type simple_namespace_type = {
    .name = "SimpleNamespace",
    .flags = TYPE_SUBCLASSABLE,
    .instance_size = sizeof(struct namespace_object),
    .trace = namespace_trace,
    .new = namespace_new,
    .init = namespace_init,
    .getattr = namespace_getattr,
    .setattr = namespace_setattr,
    .repr = namespace_repr,
    .compare = namespace_compare,
    .properties = (const struct property_definition[]){{"__dict__", get_dict, NULL}, {0}},
};
