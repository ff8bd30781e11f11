/* descriptor.c - property, classmethod, staticmethod, the getset and member descriptors of types, and mappingproxy. */
#include "sim/runtime/exception.h"
#include "sim/runtime/native_docs.h"
#include "sim/runtime/type.h"

static void mark(struct vm *vm, value v)
{
    if (is_object(v))
        gc_mark(vm, v);
}
static value or_none(value v) { return v == VALUE_NULL ? NONE : v; }

/* ---- computed attributes of built-in types ---- */

static struct getset_object *getset_of(value v) { return (struct getset_object *)value_object(v); }

bool refuse_member(struct vm *vm, value object, value item)
{
    (void)object, (void)item;
    raise_error(vm, &exc_AttributeError, "readonly attribute");
    return false;
}

value getset_new(struct vm *vm, struct type *owner, const struct property_definition *definition)
{
    struct getset_object *g = GC_NEW(vm, struct getset_object, &getset_descriptor_type);
    if (!g)
        return VALUE_NULL;
    g->owner = owner;
    g->definition = definition;
    return object_value(g);
}

static value getset_get(struct vm *vm, value descriptor, value object, value type)
{
    (void)type;
    struct getset_object *g = getset_of(descriptor);
    if (object == VALUE_NULL)
        return descriptor;
    if (!is_instance(vm, object, g->owner))
        return raise_error(vm, &exc_TypeError, "descriptor '%s' for '%s' objects doesn't apply to a '%T' object",
                           g->definition->name, g->owner->name, object);
    return g->definition->get(vm, object);
}

static bool getset_set(struct vm *vm, value descriptor, value object, value item)
{
    struct getset_object *g = getset_of(descriptor);
    if (!is_instance(vm, object, g->owner)) {
        raise_error(vm, &exc_TypeError, "descriptor '%s' for '%s' objects doesn't apply to a '%T' object",
                    g->definition->name, g->owner->name, object);
        return false;
    }
    if (g->definition->set)
        return g->definition->set(vm, object, item);
    raise_attribute_message(vm, object, intern_text(vm, g->definition->name),
                            string_printf(vm, "attribute '%s' of '%s' objects is not writable", g->definition->name,
                                          g->owner->name));
    return false;
}

static value getset_repr(struct vm *vm, value a)
{
    return string_printf(vm, "<attribute '%s' of '%s' objects>", getset_of(a)->definition->name, getset_of(a)->owner->name);
}
static value getset_name(struct vm *vm, value a) { return intern_text(vm, getset_of(a)->definition->name); }
static value getset_qualified(struct vm *vm, value a)
{
    return string_printf(vm, "%U.%s", type_long_name(vm, getset_of(a)->owner), getset_of(a)->definition->name);
}
static value getset_owner(struct vm *vm, value a) { (void)vm; return object_value(getset_of(a)->owner); }
static value doc_of_member(struct vm *vm, const struct type *owner, const char *name)
{
    struct native_doc known;
    return native_doc_find_member(vm, owner, name, &known) && known.text ? string_from_text(vm, known.text) : NONE;
}
static value getset_doc(struct vm *vm, value a)
{
    if (getset_of(a)->definition == &instance_dict_property)
        return string_from_text(vm, "dictionary for instance variables (if defined)");
    if (getset_of(a)->definition == &instance_weakref_property)
        return string_from_text(vm, "list of weak references to the object (if defined)");
    return doc_of_member(vm, getset_of(a)->owner, getset_of(a)->definition->name);
}
static const struct property_definition getset_properties[] = {
    {"__name__", getset_name, NULL}, {"__qualname__", getset_qualified, NULL}, {"__objclass__", getset_owner, NULL},
    {"__doc__", getset_doc, NULL}, {NULL, NULL, NULL}};

struct type getset_descriptor_type = {.name = "getset_descriptor",
                                      .instance_size = sizeof(struct getset_object),
                                      .properties = getset_properties,
                                      .repr = getset_repr,
                                      .descriptor_get = getset_get,
                                      .descriptor_set = getset_set};

/* __dict__ and __weakref__ of instances of Python classes */
static value dict_get(struct vm *vm, value a)
{
    if (is_object(a) && is_type(a)) /* of a metaclass that derives from a Python class first */
        return mapping_proxy_new(vm, object_value(type_of_value(a)->dict));
    return instance_dict(vm, a);
}
static bool dict_set_whole(struct vm *vm, value a, value item)
{
    const struct type *provider = value_type(vm, a);
    while ((provider->flags & TYPE_HEAP) && provider->base)
        provider = provider->base;
    if (provider == &type_type) {
        raise_error(vm, &exc_AttributeError, "attribute '__dict__' of 'type' objects is not writable");
        return false;
    }
    if (provider == &module_type)
        return refuse_member(vm, a, item);
    if (item == VALUE_NULL && (provider->flags & (TYPE_HAS_INSTANCE_DICT | TYPE_EXCEPTION))) {
        raise_error(vm, &exc_TypeError, "cannot delete __dict__");
        return false;
    }
    if (item == VALUE_NULL && (item = dict_new(vm)) == VALUE_NULL)
        return false;
    if (!has_flag(item, TYPE_DICT)) {
        raise_error(vm, &exc_TypeError, "__dict__ must be set to a dictionary, not a '%T'", item);
        return false;
    }
    if (instance_dict(vm, a) == VALUE_NULL)
        return false;
    *instance_dict_slot(vm, a) = item;
    return true;
}
static value weakref_get(struct vm *vm, value a) { (void)vm, (void)a; return NONE; }
const struct property_definition instance_dict_property = {"__dict__", dict_get, dict_set_whole};
const struct property_definition instance_weakref_property = {"__weakref__", weakref_get, NULL};

/* ---- __slots__ members ---- */

static struct member_object *member_of(value v) { return (struct member_object *)value_object(v); }

value member_new(struct vm *vm, struct type *owner, value name, uint32_t index)
{
    struct member_object *m = GC_NEW(vm, struct member_object, &member_type);
    if (!m)
        return VALUE_NULL;
    m->owner = owner;
    m->name = name;
    m->index = index;
    m->definition = NULL;
    return object_value(m);
}

value field_new(struct vm *vm, struct type *owner, const struct property_definition *definition)
{
    value field = member_new(vm, owner, intern_text(vm, definition->name), 0);
    if (field != VALUE_NULL)
        member_of(field)->definition = definition;
    return field;
}

static bool check_member(struct vm *vm, const struct member_object *m, value object)
{
    if (is_instance(vm, object, m->owner))
        return true;
    raise_error(vm, &exc_TypeError, "descriptor '%U' for '%s' objects doesn't apply to a '%T' object", m->name, m->owner->name,
                object);
    return false;
}

static void member_trace(struct vm *vm, struct object *object)
{
    mark(vm, ((struct member_object *)object)->name);
    gc_mark_object(vm, ((struct member_object *)object)->owner);
}

static value *member_slot(struct vm *vm, struct member_object *m, value object)
{
    if (!check_member(vm, m, object))
        return NULL;
    struct object *o = value_object(object);
    return type_has_plain_layout(object_type(o)) ? &((struct instance *)o)->slots[m->index] : &instance_tail(o)->slots[m->index];
}

static value member_get(struct vm *vm, value descriptor, value object, value type)
{
    (void)type;
    if (object == VALUE_NULL)
        return descriptor;
    const struct property_definition *definition = member_of(descriptor)->definition;
    if (definition)
        return check_member(vm, member_of(descriptor), object) ? definition->get(vm, object) : VALUE_NULL;
    value *slot = member_slot(vm, member_of(descriptor), object);
    if (!slot)
        return VALUE_NULL;
    return *slot == VALUE_NULL ? raise_attribute_error(vm, object, member_of(descriptor)->name) : *slot;
}

static bool member_set(struct vm *vm, value descriptor, value object, value item)
{
    const struct property_definition *definition = member_of(descriptor)->definition;
    if (definition)
        return check_member(vm, member_of(descriptor), object) &&
               (definition->set ? definition->set(vm, object, item) : refuse_member(vm, object, item));
    value *slot = member_slot(vm, member_of(descriptor), object);
    if (!slot)
        return false;
    if (item == VALUE_NULL && *slot == VALUE_NULL) {
        raise_attribute_message(vm, object, member_of(descriptor)->name, member_of(descriptor)->name);
        return false;
    }
    *slot = item;
    return true;
}

static value member_repr(struct vm *vm, value a)
{
    return string_printf(vm, "<member '%U' of '%s' objects>", member_of(a)->name, member_of(a)->owner->name);
}
static value member_name(struct vm *vm, value a) { (void)vm; return member_of(a)->name; }
static value member_owner(struct vm *vm, value a) { (void)vm; return object_value(member_of(a)->owner); }
static value member_qualified(struct vm *vm, value a)
{
    return string_printf(vm, "%U.%U", type_long_name(vm, member_of(a)->owner), member_of(a)->name);
}
static value member_doc(struct vm *vm, value a)
{
    return doc_of_member(vm, member_of(a)->owner, string_utf8(vm, member_of(a)->name, NULL));
}
static const struct property_definition member_properties[] = {
    {"__name__", member_name, NULL}, {"__qualname__", member_qualified, NULL}, {"__objclass__", member_owner, NULL},
    {"__doc__", member_doc, NULL}, {NULL, NULL, NULL}};

struct type member_type = {.name = "member_descriptor",
                           .instance_size = sizeof(struct member_object),
                           .trace = member_trace,
                           .properties = member_properties,
                           .repr = member_repr,
                           .descriptor_get = member_get,
                           .descriptor_set = member_set};

/* ---- property ---- */

static struct property_object *property_of(value v) { return (struct property_object *)value_object(v); }

static void property_trace(struct vm *vm, struct object *object)
{
    struct property_object *p = (struct property_object *)object;
    mark(vm, p->get), mark(vm, p->set), mark(vm, p->delete), mark(vm, p->doc), mark(vm, p->name), mark(vm, p->dict);
}

static value property_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    struct property_object *p = gc_object(vm, type->instance_size, &type->shape);
    if (!p)
        return VALUE_NULL;
    p->get = p->set = p->delete = p->doc = p->name = p->dict = VALUE_NULL;
    return object_value(p);
}

static value absent_if_none(value v) { return v == NONE ? VALUE_NULL : v; }

static bool property_init(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    struct signature *signature = signature_parse("property", "(fget=None, fset=None, fdel=None, doc=None)");
    value bound[4];
    bool good = signature_bind(vm, signature, arguments, count, keyword_names, bound);
    signature_free(signature);
    if (!good)
        return false;
    struct property_object *p = property_of(self);
    p->get = absent_if_none(bound[0]);
    p->set = absent_if_none(bound[1]);
    p->delete = absent_if_none(bound[2]);
    p->doc = bound[3];
    p->getter_doc = false;
    if (absent_if_none(p->doc) == VALUE_NULL && p->get != VALUE_NULL) {
        value doc;
        int found = find_attribute(vm, p->get, NAMED(vm, __doc__), &doc);
        if (found < 0)
            return false;
        if (found) {
            p->getter_doc = true;
            p->doc = doc;
            if (value_type(vm, self) != &property_type && doc != NONE)
                return set_attribute(vm, self, NAMED(vm, __doc__), doc);
        }
    }
    return true;
}

static value property_name(struct vm *vm, value self)
{
    struct property_object *p = property_of(self);
    return p->name == VALUE_NULL ? VALUE_NULL : value_repr(vm, p->name);
}

static value property_missing(struct vm *vm, value self, value object, const char *what)
{
    value name = property_name(vm, self);
    value type_name = type_long_name(vm, value_type(vm, object));
    value message = name == VALUE_NULL ? string_printf(vm, "property of %R object has no %s", type_name, what)
                                       : string_printf(vm, "property %U of %R object has no %s", name, type_name, what);
    value exception = call_1(vm, object_value(&exc_AttributeError), message);
    return exception == VALUE_NULL ? VALUE_NULL : raise_value(vm, exception);
}

static value property_get(struct vm *vm, value descriptor, value object, value type)
{
    (void)type;
    if (object == VALUE_NULL || (object == NONE && type == VALUE_NULL))
        return descriptor;
    if (property_of(descriptor)->get == VALUE_NULL)
        return property_missing(vm, descriptor, object, "getter");
    return call_1(vm, property_of(descriptor)->get, object);
}

static bool property_set(struct vm *vm, value descriptor, value object, value item)
{
    struct property_object *p = property_of(descriptor);
    if (item == VALUE_NULL) {
        if (p->delete == VALUE_NULL)
            return property_missing(vm, descriptor, object, "deleter") != VALUE_NULL;
        return call_1(vm, p->delete, object) != VALUE_NULL;
    }
    if (p->set == VALUE_NULL)
        return property_missing(vm, descriptor, object, "setter") != VALUE_NULL;
    return call_2(vm, p->set, object, item) != VALUE_NULL;
}

static value property_copy(struct vm *vm, value self, value get, value set, value delete)
{
    struct property_object *p = property_of(self);
    value arguments[4] = {get != VALUE_NULL ? get : or_none(p->get), set != VALUE_NULL ? set : or_none(p->set),
                          delete != VALUE_NULL ? delete : or_none(p->delete), NONE};
    if (!(p->getter_doc && arguments[0] != NONE))
        arguments[3] = or_none(p->doc);
    value made = call(vm, object_value(value_type(vm, self)), arguments, 4, VALUE_NULL);
    if (made != VALUE_NULL && is_instance(vm, made, &property_type))
        property_of(made)->name = p->name;
    return made;
}

#define METHOD(name) \
    static value name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED_ARGUMENTS (void)arguments, (void)count, (void)keyword_names

METHOD(property_getter) { UNUSED_ARGUMENTS; return property_copy(vm, self, arguments[0], VALUE_NULL, VALUE_NULL); }
METHOD(property_setter) { UNUSED_ARGUMENTS; return property_copy(vm, self, VALUE_NULL, arguments[0], VALUE_NULL); }
METHOD(property_deleter) { UNUSED_ARGUMENTS; return property_copy(vm, self, VALUE_NULL, VALUE_NULL, arguments[0]); }
METHOD(property_set_name)
{
    UNUSED_ARGUMENTS;
    if (count != 2)
        return raise_error(vm, &exc_TypeError, "__set_name__() takes 2 positional arguments but %zu were given", count);
    property_of(self)->name = arguments[1];
    return NONE;
}

static value property_fget(struct vm *vm, value a) { (void)vm; return or_none(property_of(a)->get); }
static value property_fset(struct vm *vm, value a) { (void)vm; return or_none(property_of(a)->set); }
static value property_fdel(struct vm *vm, value a) { (void)vm; return or_none(property_of(a)->delete); }
static value property_doc(struct vm *vm, value a) { (void)vm; return or_none(property_of(a)->doc); }
static bool property_set_doc(struct vm *vm, value a, value item) { (void)vm; property_of(a)->doc = item; return true; }
static value property_abstract(struct vm *vm, value a)
{
    const value functions[] = {property_of(a)->get, property_of(a)->set, property_of(a)->delete};
    for (size_t i = 0; i < 3; i++) {
        value flag;
        int found = functions[i] == VALUE_NULL ? 0 : find_attribute(vm, functions[i], NAMED(vm, __isabstractmethod__), &flag);
        int truth = found > 0 ? value_truth(vm, flag) : found;
        if (truth < 0)
            return VALUE_NULL;
        if (truth)
            return TRUE;
    }
    return FALSE;
}

static const struct method_definition property_methods[] = {
    {"getter", "(fget, /)", property_getter, METHOD_INSTANCE, "Descriptor to obtain a copy of the property with a different getter."},
    {"setter", "(fset, /)", property_setter, METHOD_INSTANCE, "Descriptor to obtain a copy of the property with a different setter."},
    {"deleter", "(fdel, /)", property_deleter, METHOD_INSTANCE, "Descriptor to obtain a copy of the property with a different deleter."},
    {"__set_name__", NULL, property_set_name, METHOD_INSTANCE, "Method to set name of a property."},
    {NULL, NULL, NULL, 0, NULL}};
static const struct property_definition property_properties[] = {
    {"fget", property_fget, refuse_member}, {"fset", property_fset, refuse_member}, {"fdel", property_fdel, refuse_member},
    {"__doc__", property_doc, property_set_doc}, {"__isabstractmethod__", property_abstract, NULL}, {NULL, NULL, NULL}};

struct type property_type = {.name = "property",
                             .flags = TYPE_SUBCLASSABLE,
                             .instance_size = sizeof(struct property_object),
                             .trace = property_trace,
                             .methods = property_methods,
                             .properties = property_properties,
                             .new = property_new,
                             .init = property_init,
                             .descriptor_get = property_get,
                             .descriptor_set = property_set};

/* ---- classmethod and staticmethod ---- */

static struct wrapped_function_object *wrapped_of(value v) { return (struct wrapped_function_object *)value_object(v); }

static void wrapped_trace(struct vm *vm, struct object *object)
{
    mark(vm, ((struct wrapped_function_object *)object)->function);
    mark(vm, ((struct wrapped_function_object *)object)->dict);
}

static value wrapped_make(struct vm *vm, struct type *type, value function)
{
    size_t size = type->instance_size ? type->instance_size : sizeof(struct wrapped_function_object);
    struct wrapped_function_object *w = gc_object(vm, size, &type->shape);
    if (!w)
        return VALUE_NULL;
    w->function = function;
    w->dict = VALUE_NULL;
    return object_value(w);
}

value staticmethod_new(struct vm *vm, value function) { return wrapped_make(vm, &staticmethod_type, function); }
value classmethod_new(struct vm *vm, value function) { return wrapped_make(vm, &classmethod_type, function); }

static value wrapped_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    return wrapped_make(vm, type, NONE);
}

/* As functools.wraps: the function's own name, doc and module are the wrapper's. */
static bool wrapped_init(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    const char *name = is_instance(vm, self, &classmethod_type) ? "classmethod" : "staticmethod";
    if (!check_positional(vm, name, count, keyword_names, 1, 1))
        return false;
    wrapped_of(self)->function = arguments[0];
    if (!is_exact(self, &classmethod_type) && !is_exact(self, &staticmethod_type))
        return true;
    const value copied[] = {NAMED(vm, __module__), NAMED(vm, __name__), NAMED(vm, __qualname__), NAMED(vm, __doc__),
                            intern_text(vm, "__annotations__")};
    value dict = instance_dict(vm, self);
    for (size_t i = 0; dict != VALUE_NULL && i < sizeof copied / sizeof *copied; i++) {
        value item;
        int found = find_attribute(vm, arguments[0], copied[i], &item);
        if (found < 0)
            return false;
        if (found && !dict_set_interned(vm, dict_of(dict), copied[i], item))
            return false;
    }
    return dict != VALUE_NULL;
}

static value staticmethod_get(struct vm *vm, value descriptor, value object, value type)
{
    (void)vm, (void)object, (void)type;
    return wrapped_of(descriptor)->function;
}

static value classmethod_get(struct vm *vm, value descriptor, value object, value type)
{
    if (type == VALUE_NULL)
        type = object_value(value_type(vm, object));
    value function = wrapped_of(descriptor)->function;
    struct type *function_kind = value_type(vm, function);
    if (function_kind->descriptor_get && function_kind != &function_type && function_kind != &method_type)
        return function_kind->descriptor_get(vm, function, type, type);
    return method_new(vm, function, type);
}

static value staticmethod_call(struct vm *vm, value callee, const value *arguments, size_t count, value keyword_names)
{
    return call(vm, wrapped_of(callee)->function, arguments, count, keyword_names);
}

static value wrapped_repr(struct vm *vm, value a)
{
    return string_printf(vm, "<%s(%R)>", is_instance(vm, a, &classmethod_type) ? "classmethod" : "staticmethod",
                         wrapped_of(a)->function);
}
static value wrapped_function(struct vm *vm, value a) { (void)vm; return wrapped_of(a)->function; }
static value wrapped_abstract(struct vm *vm, value a)
{
    value flag;
    int found = find_attribute(vm, wrapped_of(a)->function, NAMED(vm, __isabstractmethod__), &flag);
    int truth = found > 0 ? value_truth(vm, flag) : found;
    return truth < 0 ? VALUE_NULL : bool_value(truth);
}
static const struct property_definition wrapped_properties[] = {
    {"__func__", wrapped_function, NULL}, {"__wrapped__", wrapped_function, NULL}, {"__dict__", dict_get, dict_set_whole},
    {"__isabstractmethod__", wrapped_abstract, NULL}, {NULL, NULL, NULL}};

struct type classmethod_type = {.name = "classmethod",
                                .flags = TYPE_SUBCLASSABLE,
                                .instance_size = sizeof(struct wrapped_function_object),
                                .trace = wrapped_trace,
                                .properties = wrapped_properties,
                                .new = wrapped_new,
                                .init = wrapped_init,
                                .repr = wrapped_repr,
                                .descriptor_get = classmethod_get};
struct type staticmethod_type = {.name = "staticmethod",
                                 .flags = TYPE_SUBCLASSABLE,
                                 .instance_size = sizeof(struct wrapped_function_object),
                                 .trace = wrapped_trace,
                                 .properties = wrapped_properties,
                                 .new = wrapped_new,
                                 .init = wrapped_init,
                                 .call = staticmethod_call,
                                 .repr = wrapped_repr,
                                 .descriptor_get = staticmethod_get};

/* ---- mappingproxy ---- */

struct mapping_proxy_object {
    struct object head;
    value mapping;
};
static value mapping_of(value v) { return ((struct mapping_proxy_object *)value_object(v))->mapping; }

value mapping_proxy_new(struct vm *vm, value mapping)
{
    struct mapping_proxy_object *p = GC_NEW(vm, struct mapping_proxy_object, &mapping_proxy_type);
    if (!p)
        return VALUE_NULL;
    p->mapping = mapping;
    return object_value(p);
}

static void mapping_proxy_trace(struct vm *vm, struct object *object)
{
    mark(vm, ((struct mapping_proxy_object *)object)->mapping);
}
static value mapping_proxy_new_slot(struct vm *vm, struct type *type, const value *arguments, size_t count,
                                    value keyword_names)
{
    (void)type;
    if (!check_positional(vm, "mappingproxy", count, keyword_names, 1, 1))
        return VALUE_NULL;
    if (!value_type(vm, arguments[0])->get_item || has_flag(arguments[0], TYPE_LIST | TYPE_TUPLE))
        return raise_error(vm, &exc_TypeError, "mappingproxy() argument must be a mapping, not %T", arguments[0]);
    return mapping_proxy_new(vm, arguments[0]);
}
static value mapping_proxy_repr(struct vm *vm, value a) { return string_printf(vm, "mappingproxy(%R)", mapping_of(a)); }
static value mapping_proxy_string(struct vm *vm, value a) { return value_string(vm, mapping_of(a)); }
static int64_t mapping_proxy_length(struct vm *vm, value a) { return value_length(vm, mapping_of(a)); }
static value mapping_proxy_item(struct vm *vm, value a, value b) { return get_item(vm, mapping_of(a), b); }
static int mapping_proxy_contains(struct vm *vm, value a, value b) { return contains(vm, mapping_of(a), b); }
static value mapping_proxy_iter(struct vm *vm, value a) { return get_iterator(vm, mapping_of(a)); }
static value mapping_proxy_compare(struct vm *vm, value a, value b, enum compare_kind kind)
{
    return compare_operation(vm, kind, mapping_of(a), is_exact(b, &mapping_proxy_type) ? mapping_of(b) : b);
}
static value mapping_proxy_update(struct vm *vm, value a, value b)
{
    (void)a, (void)b;
    return raise_error(vm, &exc_TypeError, "'|=' is not supported by mappingproxy; use '|' instead");
}
static value mapping_proxy_or(struct vm *vm, value a, value b)
{
    return binary_operation(vm, BINARY_OR, is_exact(a, &mapping_proxy_type) ? mapping_of(a) : a,
                            is_exact(b, &mapping_proxy_type) ? mapping_of(b) : b);
}
METHOD(mapping_proxy_get)
{
    (void)keyword_names, (void)count;
    value all[2] = {arguments[0], arguments[1] == VALUE_NULL ? NONE : arguments[1]};
    return call_method(vm, mapping_of(self), "get", all, 2);
}
METHOD(mapping_proxy_keys) { UNUSED_ARGUMENTS; return call_method(vm, mapping_of(self), "keys", NULL, 0); }
METHOD(mapping_proxy_values) { UNUSED_ARGUMENTS; return call_method(vm, mapping_of(self), "values", NULL, 0); }
METHOD(mapping_proxy_items) { UNUSED_ARGUMENTS; return call_method(vm, mapping_of(self), "items", NULL, 0); }
METHOD(mapping_proxy_copy) { UNUSED_ARGUMENTS; return call_method(vm, mapping_of(self), "copy", NULL, 0); }
METHOD(mapping_proxy_reversed) { UNUSED_ARGUMENTS; return call_method(vm, mapping_of(self), "__reversed__", NULL, 0); }
METHOD(mapping_proxy_getitem_class) { UNUSED_ARGUMENTS; return generic_alias_new(vm, self, arguments[0]); }

static const struct method_definition mapping_proxy_methods[] = {
    {"get", "(key, default=None, /)", mapping_proxy_get, METHOD_INSTANCE, "Return the value for key if key is in the mapping, else default."},
    {"keys", "()", mapping_proxy_keys, METHOD_INSTANCE, NULL},
    {"values", "()", mapping_proxy_values, METHOD_INSTANCE, NULL},
    {"items", "()", mapping_proxy_items, METHOD_INSTANCE, NULL},
    {"copy", "()", mapping_proxy_copy, METHOD_INSTANCE, NULL},
    {"__reversed__", "()", mapping_proxy_reversed, METHOD_INSTANCE, "D.__reversed__() -> reverse iterator"},
    {"__class_getitem__", "(item, /)", mapping_proxy_getitem_class, METHOD_CLASS, NULL},
    {NULL, NULL, NULL, 0, NULL}};

struct type mapping_proxy_type = {.name = "mappingproxy",
                                  .flags = TYPE_MAPPING,
                                  .instance_size = sizeof(struct mapping_proxy_object),
                                  .trace = mapping_proxy_trace,
                                  .methods = mapping_proxy_methods,
                                  .new = mapping_proxy_new_slot,
                                  .repr = mapping_proxy_repr,
                                  .string = mapping_proxy_string,
                                  .compare = mapping_proxy_compare,
                                  .length = mapping_proxy_length,
                                  .get_item = mapping_proxy_item,
                                  .contains = mapping_proxy_contains,
                                  .iter = mapping_proxy_iter,
                                  .binary = {[BINARY_OR] = mapping_proxy_or},
                                  .inplace = {[BINARY_OR] = mapping_proxy_update}};
