/* type_object.c - the type `type`: calling classes, attributes of classes, their properties and methods. */
#include "sim/runtime/exception.h"
#include "sim/runtime/layout_size.h"
#include "sim/runtime/native_docs.h"
#include "sim/runtime/site_names.h"
#include "sim/runtime/text.h"
#include "sim/runtime/text_signature.h"
#include "sim/runtime/type.h"

#include <stdlib.h>

/* ---- calling ---- */

value type_call(struct vm *vm, value callee, const value *arguments, size_t count, value keyword_names)
{
    struct type *type = type_of_value(callee);
    if (!(type->flags & TYPE_READY))
        type_ready(vm, type);
    if (type == &type_type && count == 1 && !keyword_count(keyword_names)) {
        value object = is_site_placeholder(arguments[0]) ? site_name_resolve(vm, arguments[0]) : arguments[0];
        return object == VALUE_NULL ? VALUE_NULL : object_value(value_type(vm, object));
    }
    if (!type->new)
        return raise_error(vm, &exc_TypeError, "cannot create '%s' instances", type->name);
    value made = type->new(vm, type, arguments, count, keyword_names);
    if (made == VALUE_NULL)
        return VALUE_NULL;
    struct type *made_type = value_type(vm, made);
    if (made_type != type && !type_is_subtype(made_type, type))
        return made;
    if (made_type->init && !made_type->init(vm, made, arguments, count, keyword_names))
        return VALUE_NULL;
    return made;
}

static bool type_init(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)self, (void)arguments, (void)keyword_names;
    if (count == 1 && keyword_count(keyword_names)) {
        raise_error(vm, &exc_TypeError, "type.__init__() takes no keyword arguments");
        return false;
    }
    if (count != 1 && count != 3) {
        raise_error(vm, &exc_TypeError, "type.__init__() takes 1 or 3 arguments");
        return false;
    }
    return true;
}

/* ---- attributes ---- */

value type_getattr(struct vm *vm, value object, value name)
{
    struct type *type = type_of_value(object), *metaclass = value_type(vm, object);
    if (!(type->flags & TYPE_READY))
        type_ready(vm, type);
    value of_meta = type_lookup(vm, metaclass, name);
    struct type *meta_type = of_meta == VALUE_NULL ? NULL : value_type(vm, of_meta);
    if (meta_type && meta_type->descriptor_get && meta_type->descriptor_set)
        return meta_type->descriptor_get(vm, of_meta, object, object_value(metaclass));
    value found = type_lookup(vm, type, name);
    if (found != VALUE_NULL) {
        struct type *found_type = value_type(vm, found);
        return found_type->descriptor_get ? found_type->descriptor_get(vm, found, VALUE_NULL, object) : found;
    }
    if (meta_type)
        return meta_type->descriptor_get ? meta_type->descriptor_get(vm, of_meta, object, object_value(metaclass)) : of_meta;
    return raise_attribute_message(vm, object, name,
                                   string_printf(vm, "type object '%s' has no attribute '%U'", type->name, name));
}

static bool is_dunder(value name)
{
    const struct string_object *s = string_of(name);
    return s->length > 4 && string_at(s, 0) == '_' && string_at(s, 1) == '_' && string_at(s, s->length - 1) == '_' &&
           string_at(s, s->length - 2) == '_';
}

bool type_setattr(struct vm *vm, value object, value name, value item)
{
    struct type *type = type_of_value(object), *metaclass = value_type(vm, object);
    if (!(type->flags & TYPE_HEAP)) {
        raise_error(vm, &exc_TypeError, "cannot set %R attribute of immutable type '%s'", name, type->name);
        return false;
    }
    value of_meta = type_lookup(vm, metaclass, name);
    if (of_meta != VALUE_NULL && value_type(vm, of_meta)->descriptor_set)
        return value_type(vm, of_meta)->descriptor_set(vm, of_meta, object, item);
    if (item == VALUE_NULL) {
        int deleted = dict_delete(vm, type->dict, name);
        if (deleted == 0)
            raise_attribute_message(vm, object, name,
                                    string_printf(vm, "type object '%s' has no attribute '%U'", type->name, name));
        if (deleted <= 0)
            return false;
    } else if (!dict_set_interned(vm, type->dict, name, item)) {
        return false;
    }
    type_modified(vm, type);
    if (is_dunder(name))
        slots_update_name(vm, type, name);
    return true;
}

/* ---- properties ---- */

static value get_name(struct vm *vm, value a)
{
    value name = type_short_name(vm, type_of_value(a));
    return name == VALUE_NULL ? VALUE_NULL : intern(vm, name); /* the same str each time, as in CPython */
}
static value get_qualified_name(struct vm *vm, value a) { return type_long_name(vm, type_of_value(a)); }
static value get_module(struct vm *vm, value a) { return type_module_name(vm, type_of_value(a)); }
static value get_bases(struct vm *vm, value a) { (void)vm; return type_of_value(a)->bases; }
static value get_dict(struct vm *vm, value a) { return mapping_proxy_new(vm, object_value(type_of_value(a)->dict)); }
static value get_base(struct vm *vm, value a)
{
    (void)vm;
    return type_of_value(a)->base ? object_value(type_of_value(a)->base) : NONE;
}
static value get_mro(struct vm *vm, value a)
{
    struct type *type = type_of_value(a);
    if (!type->mro) /* its metaclass's mro() is at work */
        return NONE;
    value mro = tuple_new(vm, type->mro_count);
    for (uint32_t i = 0; mro != VALUE_NULL && i < type->mro_count; i++)
        tuple_of(mro)->items[i] = object_value(type->mro[i]);
    return mro;
}
static value get_doc(struct vm *vm, value a)
{
    struct native_doc known;
    if (native_doc_find_type(type_of_value(a), &known)) /* `property` and `type` have this property in their own dict */
        return known.text ? string_from_text(vm, known.text) : NONE;
    value doc = dict_get_interned(type_of_value(a)->dict, NAMED(vm, __doc__));
    if (doc == VALUE_NULL)
        return NONE;
    struct type *type = value_type(vm, doc);
    return type->descriptor_get ? type->descriptor_get(vm, doc, VALUE_NULL, a) : doc;
}
static value get_abstract(struct vm *vm, value a)
{
    value found = a == object_value(&type_type) ? VALUE_NULL
                                                : dict_get_interned(type_of_value(a)->dict, NAMED(vm, __abstractmethods__));
    if (found == VALUE_NULL)
        return raise_attribute_message(vm, a, NAMED(vm, __abstractmethods__), string_from_text(vm, "__abstractmethods__"));
    return found;
}
static value get_annotations(struct vm *vm, value a)
{
    struct type *type = type_of_value(a);
    if (!(type->flags & TYPE_HEAP))
        return raise_attribute_message(vm, a, NAMED(vm, __annotations__),
                                       string_printf(vm, "type object '%s' has no attribute '__annotations__'", type->name));
    value found = dict_get_interned(type->dict, NAMED(vm, __annotations__));
    if (found == VALUE_NULL) {
        found = dict_new(vm);
        dict_set_interned(vm, type->dict, NAMED(vm, __annotations__), found);
        type_modified(vm, type);
    }
    return found;
}
/* A class's own __doc__ may begin with what the documentation of a native one begins with: "name(...)\n--\n\n". */
static value signature_of_doc(struct vm *vm, struct type *type)
{
    value doc = dict_get_interned(type->dict, NAMED(vm, __doc__)), name = type_short_name(vm, type);
    if (doc == VALUE_NULL || !is_string(doc) || name == VALUE_NULL)
        return name == VALUE_NULL ? VALUE_NULL : NONE;
    size_t size;
    const char *own = string_utf8(vm, name, &size), *text = own ? string_utf8(vm, doc, NULL) : NULL;
    if (!text)
        return VALUE_NULL;
    const char *parameters = text + size, *end = strncmp(text, own, size) ? NULL : strstr(parameters, ")\n--\n\n");
    if (!end || *parameters != '(' || memmem(parameters, (size_t)(end - parameters), "\n\n", 2))
        return NONE;
    return string_from_utf8(vm, parameters, (size_t)(end + 1 - parameters));
}

static value get_text_signature(struct vm *vm, value a)
{
    struct type *type = type_of_value(a);
    value known = text_signature_type(vm, type);
    return known == NONE && type->flags & TYPE_HEAP ? signature_of_doc(vm, type) : known;
}

/* The bits of CPython's Include/object.h that say what a type is; those of its method caches stay 0. */
static value get_flags(struct vm *vm, value a)
{
    (void)vm;
    static const struct { const struct type *base; int64_t bits; } families[] = {
        {&int_type, 1 << 24 | 1 << 22}, {&list_type, 1 << 25 | 1 << 22}, {&tuple_type, 1 << 26 | 1 << 22},
        {&bytes_type, 1 << 27 | 1 << 22}, {&string_type, 1 << 28 | 1 << 22}, {&dict_type, 1 << 29 | 1 << 22},
        {&exc_BaseException, 1 << 30}, {&type_type, INT64_C(1) << 31}, {&float_type, 1 << 22}, {&set_type, 1 << 22},
        {&frozenset_type, 1 << 22}, {&bytearray_type, 1 << 22}};
    const struct type *type = type_of_value(a);
    const struct layout layout = layout_of(type);
    int64_t bits = 1 << 12 | (type->flags & TYPE_HEAP ? 1 << 9 : 1 << 8);
    if (type->flags & (TYPE_SUBCLASSABLE | TYPE_HEAP))
        bits |= 1 << 10;
    if (type->flags & TYPE_ABSTRACT)
        bits |= 1 << 20;
    if (type->flags & TYPE_SEQUENCE)
        bits |= 1 << 5;
    if (type->flags & TYPE_MAPPING)
        bits |= 1 << 6;
    if (layout.collected)
        bits |= 1 << 14;
    if (layout.managed_dict)
        bits |= 1 << 4;
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        if (type_is_subtype(type, families[i].base))
            bits |= families[i].bits;
    return small_int(bits);
}
static value get_basic_size(struct vm *vm, value a) { (void)vm; return small_int(layout_of(type_of_value(a)).basic); }
static value get_item_size(struct vm *vm, value a) { (void)vm; return small_int(layout_of(type_of_value(a)).item); }
static value get_dict_offset(struct vm *vm, value a) { (void)vm; return small_int(layout_of(type_of_value(a)).dict); }
static value get_weak_offset(struct vm *vm, value a) { (void)vm; return small_int(layout_of(type_of_value(a)).weak); }

static bool check_settable(struct vm *vm, value a, value item, const char *name)
{
    struct type *type = type_of_value(a);
    if (!(type->flags & TYPE_HEAP))
        raise_error(vm, &exc_TypeError, "cannot set '%s' attribute of immutable type '%s'", name, type->name);
    else if (item == VALUE_NULL)
        raise_error(vm, &exc_TypeError, "cannot delete '%s' attribute of immutable type '%s'", name, type->name);
    return vm->pending == VALUE_NULL;
}
static bool set_name(struct vm *vm, value a, value item)
{
    if (!check_settable(vm, a, item, "__name__"))
        return false;
    if (!has_flag(item, TYPE_STRING)) {
        raise_error(vm, &exc_TypeError, "can only assign string to %s.__name__, not '%T'", type_of_value(a)->name, item);
        return false;
    }
    const char *text = class_name_text(vm, item);
    char *copy = text ? strdup(text) : NULL;
    if (copy)
        type_of_value(a)->name = copy; /* the old text may be in use by a message: it stays */
    return copy != NULL;
}
static bool set_qualified_name(struct vm *vm, value a, value item)
{
    if (!check_settable(vm, a, item, "__qualname__"))
        return false;
    if (!has_flag(item, TYPE_STRING)) {
        raise_error(vm, &exc_TypeError, "can only assign string to %s.__qualname__, not '%T'", type_of_value(a)->name, item);
        return false;
    }
    type_of_value(a)->qualified_name = item;
    return true;
}
static bool set_in_dict(struct vm *vm, value a, value item, enum name_id id)
{
    struct type *type = type_of_value(a);
    if (item == VALUE_NULL)
        dict_delete(vm, type->dict, vm->special_names[id]);
    else
        dict_set_interned(vm, type->dict, vm->special_names[id], item);
    type_modified(vm, type);
    return true;
}
static bool set_module(struct vm *vm, value a, value item)
{
    return check_settable(vm, a, item, "__module__") && set_in_dict(vm, a, item, NAME___module__);
}
static bool set_doc(struct vm *vm, value a, value item)
{
    return check_settable(vm, a, item, "__doc__") && set_in_dict(vm, a, item, NAME___doc__);
}
static bool set_annotations(struct vm *vm, value a, value item)
{
    if (item == VALUE_NULL && dict_get_interned(type_of_value(a)->dict, NAMED(vm, __annotations__)) == VALUE_NULL)
        return raise_error(vm, &exc_AttributeError, "__annotations__") != VALUE_NULL;
    return set_in_dict(vm, a, item, NAME___annotations__);
}
static bool set_abstract(struct vm *vm, value a, value item)
{
    int truth = item == VALUE_NULL ? 0 : value_truth(vm, item);
    if (truth < 0)
        return false;
    struct type *type = type_of_value(a);
    if (item == VALUE_NULL && dict_get_interned(type->dict, NAMED(vm, __abstractmethods__)) == VALUE_NULL)
        return raise_attribute_message(vm, a, NAMED(vm, __abstractmethods__), string_from_text(vm, "__abstractmethods__")) !=
               VALUE_NULL;
    type->flags = truth ? type->flags | TYPE_ABSTRACT : type->flags & ~(unsigned)TYPE_ABSTRACT;
    return set_in_dict(vm, a, item, NAME___abstractmethods__);
}
static bool set_bases(struct vm *vm, value a, value item)
{
    return check_settable(vm, a, item, "__bases__") && type_assign_bases(vm, type_of_value(a), item);
}

static const struct property_definition type_properties[] = {
    {"__name__", get_name, set_name}, {"__qualname__", get_qualified_name, set_qualified_name},
    {"__module__", get_module, set_module}, {"__bases__", get_bases, set_bases}, {"__base__", get_base, NULL},
    {"__mro__", get_mro, NULL}, {"__dict__", get_dict, NULL}, {"__doc__", get_doc, set_doc},
    {"__abstractmethods__", get_abstract, set_abstract}, {"__annotations__", get_annotations, set_annotations},
    {"__text_signature__", get_text_signature, NULL}, {"__flags__", get_flags, NULL},
    {"__basicsize__", get_basic_size, NULL}, {"__itemsize__", get_item_size, NULL},
    {"__dictoffset__", get_dict_offset, NULL}, {"__weakrefoffset__", get_weak_offset, NULL}, {NULL, NULL, NULL}};

/* ---- methods ---- */

#define METHOD(name) \
    static value name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED_ARGUMENTS (void)arguments, (void)count, (void)keyword_names

METHOD(type_mro)
{
    UNUSED_ARGUMENTS;
    struct type *type = type_of_value(self), computed = {.name = type->name, .mro = NULL};
    if (type->flags & TYPE_HEAP && !type_set_mro(vm, &computed, type->bases))
        return VALUE_NULL;
    if (!computed.mro)
        return list_from_iterable(vm, get_mro(vm, self));
    computed.mro[0] = type;
    value list = list_new(vm, 0);
    for (uint32_t i = 0; list != VALUE_NULL && i < computed.mro_count; i++)
        if (!list_append(vm, list_of(list), object_value(computed.mro[i])))
            list = VALUE_NULL;
    free(computed.mro);
    return list;
}
METHOD(type_prepare) { (void)self; UNUSED_ARGUMENTS; return dict_new(vm); }
METHOD(type_subclasses)
{
    UNUSED_ARGUMENTS;
    value list = type_of_value(self)->subclasses;
    return is_object(list) ? list_from(vm, list_of(list)->items, list_of(list)->length) : list_new(vm, 0);
}
METHOD(type_instancecheck)
{
    UNUSED_ARGUMENTS;
    if (is_instance(vm, arguments[0], type_of_value(self)))
        return TRUE;
    value class;
    int found = find_attribute(vm, arguments[0], NAMED(vm, __class__), &class);
    if (found < 0)
        return VALUE_NULL;
    return bool_value(found && is_type(class) && type_is_subtype(type_of_value(class), type_of_value(self)));
}
METHOD(type_subclasscheck)
{
    UNUSED_ARGUMENTS;
    if (!is_type(arguments[0]))
        return raise_error(vm, &exc_TypeError, "issubclass() arg 1 must be a class");
    return bool_value(type_is_subtype(type_of_value(arguments[0]), type_of_value(self)));
}
METHOD(type_dir)
{
    UNUSED_ARGUMENTS;
    value names = dict_new(vm);
    if (names == VALUE_NULL || !attribute_names(vm, self, names))
        return VALUE_NULL;
    return list_from_iterable(vm, names);
}
METHOD(type_sizeof)
{
    UNUSED_ARGUMENTS;
    (void)vm;
    enum { STATIC_TYPE = 424, HEAP_TYPE = 904, SHARED_KEYS = 768 };
    const struct type *type = type_of_value(self);
    if (!(type->flags & TYPE_HEAP))
        return small_int(STATIC_TYPE);
    return small_int(HEAP_TYPE + (layout_of(type).managed_dict ? SHARED_KEYS : 0));
}

static const struct method_definition type_methods[] = {
    {"mro", "()", type_mro, METHOD_INSTANCE, "Return a type's method resolution order."},
    {"__prepare__", NULL, type_prepare, METHOD_CLASS, "used to create the namespace for the class statement"},
    {"__subclasses__", "()", type_subclasses, METHOD_INSTANCE, "Return a list of immediate subclasses."},
    {"__instancecheck__", "(instance, /)", type_instancecheck, METHOD_INSTANCE, "Check if an object is an instance."},
    {"__subclasscheck__", "(subclass, /)", type_subclasscheck, METHOD_INSTANCE, "Check if a class is a subclass."},
    {"__dir__", "()", type_dir, METHOD_INSTANCE, "Specialized __dir__ implementation for types."},
    {"__sizeof__", "()", type_sizeof, METHOD_INSTANCE, "Return memory consumption of the type object."},
    {NULL, NULL, NULL, 0, NULL}};

static value type_repr(struct vm *vm, value a)
{
    struct type *type = type_of_value(a);
    value module = type_module_name(vm, type);
    if (has_flag(module, TYPE_STRING) && !string_is(module, "builtins"))
        return string_printf(vm, "<class '%U.%U'>", module, type_long_name(vm, type));
    return string_printf(vm, "<class '%U'>", type_long_name(vm, type));
}

static void type_release(struct vm *vm, struct object *object)
{
    (void)vm;
    struct type *type = (struct type *)object;
    if (!(type->flags & TYPE_HEAP))
        return;
    shape_free_children(&type->shape);
    shape_free_children(&type->dict_shape);
    free((void *)(uintptr_t)type->name);
    free(type->mro);
    type->mro = NULL;
    type->mro_count = 0;
}

static value type_or(struct vm *vm, value a, value b) { return union_of(vm, a, b); }

struct type type_type = {.name = "type",
                         .doc = "type(object) -> the object's type\ntype(name, bases, dict, **kwds) -> a new type",
                         .flags = TYPE_SUBCLASSABLE | TYPE_TYPE,
                         .instance_size = sizeof(struct type),
                         .trace = type_trace,
                         .release = type_release,
                         .methods = type_methods,
                         .properties = type_properties,
                         .new = type_new,
                         .init = type_init,
                         .call = type_call,
                         .repr = type_repr,
                         .getattr = type_getattr,
                         .setattr = type_setattr,
                         .binary = {[BINARY_OR] = type_or}};
