/* super.c - the type super: attribute look-up that starts after a class in an object's MRO. */
#include "sim/runtime/super.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/type.h"

static struct super_object *super_of(value v) { return (struct super_object *)value_object(v); }

static void super_trace(struct vm *vm, struct object *object)
{
    struct super_object *s = (struct super_object *)object;
    if (is_object(s->type))
        gc_mark(vm, s->type);
    if (is_object(s->object))
        gc_mark(vm, s->object);
    gc_mark_object(vm, s->object_type);
}

/* The class whose MRO counts for super(type, object); NULL: TypeError pending. */
static struct type *super_check(struct vm *vm, struct type *type, value object)
{
    if (is_object(object) && is_type(object) && type_is_subtype(type_of_value(object), type))
        return type_of_value(object);
    if (is_instance(vm, object, type))
        return value_type(vm, object);
    value class;
    int found = find_attribute(vm, object, NAMED(vm, __class__), &class);
    if (found > 0 && is_type(class) && type_is_subtype(type_of_value(class), type))
        return type_of_value(class);
    if (found >= 0)
        raise_error(vm, &exc_TypeError, "super(type, obj): obj must be an instance or subtype of type");
    return NULL;
}

static value lookup_after(struct type *start, struct type *type, value name)
{
    uint32_t i = 0;
    while (i < start->mro_count && start->mro[i] != type)
        i++;
    for (i++; i < start->mro_count; i++) {
        value found = dict_get_interned(start->mro[i]->dict, name);
        if (found != VALUE_NULL)
            return found;
    }
    return VALUE_NULL;
}

value super_find(struct vm *vm, value type, value object, value name, value *self)
{
    *self = VALUE_NULL;
    struct type *start = super_check(vm, type_of_value(type), object);
    if (!start)
        return VALUE_NULL;
    value found = name == NAMED(vm, __class__) ? VALUE_NULL : lookup_after(start, type_of_value(type), name);
    if (found == VALUE_NULL)
        return get_attribute(vm, super_new(vm, type, object), name);
    struct type *found_type = value_type(vm, found);
    bool instance = object != object_value(start);
    if (instance && (found_type->flags & TYPE_METHOD_DESCRIPTOR)) {
        *self = object;
        return found;
    }
    if (found_type->descriptor_get)
        return found_type->descriptor_get(vm, found, instance ? object : VALUE_NULL, object_value(start));
    return found;
}

static value super_getattr(struct vm *vm, value a, value name)
{
    struct super_object *s = super_of(a);
    if (!s->object_type || name == NAMED(vm, __class__)) /* super()'s own */
        return generic_getattr(vm, a, name);
    value found = lookup_after(s->object_type, type_of_value(s->type), name);
    if (found == VALUE_NULL)
        return generic_getattr(vm, a, name);
    struct type *found_type = value_type(vm, found);
    if (!found_type->descriptor_get)
        return found;
    bool of_class = s->object == object_value(s->object_type);
    return found_type->descriptor_get(vm, found, of_class ? VALUE_NULL : s->object, object_value(s->object_type));
}

static value super_allocate(struct vm *vm, struct type *type)
{
    struct super_object *s = gc_object(vm, type->instance_size, &type->shape);
    if (!s)
        return VALUE_NULL;
    s->type = s->object = VALUE_NULL;
    return object_value(s);
}

static bool super_fill(struct vm *vm, value self, value type, value object)
{
    struct super_object *s = super_of(self);
    if (!is_object(type) || !is_type(type)) {
        raise_error(vm, &exc_TypeError, "super() argument 1 must be a type, not %T", type);
        return false;
    }
    if (object == NONE)
        object = VALUE_NULL;
    struct type *start = NULL;
    if (object != VALUE_NULL && !(start = super_check(vm, type_of_value(type), object)))
        return false;
    s->type = type;
    s->object = object;
    s->object_type = start;
    return true;
}

value super_new(struct vm *vm, value type, value object)
{
    value self = super_allocate(vm, &super_type);
    return self == VALUE_NULL || !super_fill(vm, self, type, object) ? VALUE_NULL : self;
}

static value super_new_slot(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    return super_allocate(vm, type);
}

static bool super_init(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    if (!check_positional(vm, "super", count, keyword_names, 0, 2))
        return false;
    value type, object;
    if (count == 0 && !engine_super_arguments(vm, &type, &object))
        return false;
    if (count) {
        type = arguments[0];
        object = count > 1 ? arguments[1] : VALUE_NULL;
    }
    return super_fill(vm, self, type, object);
}

static value super_repr(struct vm *vm, value a)
{
    struct super_object *s = super_of(a);
    const char *name = s->type == VALUE_NULL ? "NULL" : type_of_value(s->type)->name;
    if (s->object_type)
        return string_printf(vm, "<super: <class '%s'>, <%s object>>", name, s->object_type->name);
    return string_printf(vm, "<super: <class '%s'>, NULL>", name);
}

static value super_descriptor_get(struct vm *vm, value descriptor, value object, value type)
{
    (void)type;
    struct super_object *s = super_of(descriptor);
    if (object == VALUE_NULL || object == NONE || s->object != VALUE_NULL)
        return descriptor;
    if (!is_exact(descriptor, &super_type)) /* a subclass's constructor may do more */
        return s->type == VALUE_NULL ? call_0(vm, object_value(value_type(vm, descriptor)))
                                     : call_2(vm, object_value(value_type(vm, descriptor)), s->type, object);
    return super_new(vm, s->type, object);
}

static value or_none(value v) { return v == VALUE_NULL ? NONE : v; }
static value super_this_class(struct vm *vm, value a) { (void)vm; return or_none(super_of(a)->type); }
static value super_self(struct vm *vm, value a) { (void)vm; return or_none(super_of(a)->object); }
static value super_self_class(struct vm *vm, value a)
{
    (void)vm;
    return super_of(a)->object_type ? object_value(super_of(a)->object_type) : NONE;
}
static const struct property_definition super_properties[] = {{"__thisclass__", super_this_class, NULL},
                                                              {"__self__", super_self, NULL},
                                                              {"__self_class__", super_self_class, NULL},
                                                              {NULL, NULL, NULL}};

struct type super_type = {.name = "super",
                          .flags = TYPE_SUBCLASSABLE,
                          .instance_size = sizeof(struct super_object),
                          .trace = super_trace,
                          .properties = super_properties,
                          .new = super_new_slot,
                          .init = super_init,
                          .repr = super_repr,
                          .getattr = super_getattr,
                          .descriptor_get = super_descriptor_get};
