/* object.c - the type `object`: what every class has unless it says otherwise. */
#include "sim/runtime/async.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/layout_size.h"
#include "sim/runtime/traceback.h"
#include "sim/runtime/type.h"

/* ---- making ---- */

static bool has_arguments(size_t count, value keyword_names) { return count || keyword_count(keyword_names); }

static bool overrides_new(const struct type *type)
{
    return type->new != class_new && type->new != object_new;
}

static value raise_abstract(struct vm *vm, struct type *type)
{
    value methods = get_attribute(vm, object_value(type), NAMED(vm, __abstractmethods__));
    value list = methods == VALUE_NULL ? VALUE_NULL : list_from_iterable(vm, methods);
    if (list == VALUE_NULL || !list_sort(vm, list, VALUE_NULL, false))
        return VALUE_NULL;
    value names = string_join(vm, string_from_text(vm, ", "), list_of(list)->items, list_of(list)->length);
    if (names == VALUE_NULL)
        return VALUE_NULL;
    return raise_error(vm, &exc_TypeError, "Can't instantiate abstract class %s with abstract method%s %U", type->name,
                       list_of(list)->length > 1 ? "s" : "", names);
}

value object_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments;
    if (has_arguments(count, keyword_names)) {
        if (overrides_new(type))
            return raise_error(vm, &exc_TypeError,
                               "object.__new__() takes exactly one argument (the type to instantiate)");
        if (type->init == object_init)
            return raise_error(vm, &exc_TypeError, "%s() takes no arguments", type->name);
    }
    if (type->flags & TYPE_ABSTRACT)
        return raise_abstract(vm, type);
    if (type->flags & TYPE_HEAP)
        return instance_new(vm, type);
    struct object *object = gc_object(vm, sizeof(struct object), &type->shape);
    return object ? object_value(object) : VALUE_NULL;
}

bool object_init(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments;
    if (!has_arguments(count, keyword_names))
        return true;
    struct type *type = value_type(vm, self);
    if (type->init != object_init) {
        raise_error(vm, &exc_TypeError, "object.__init__() takes exactly one argument (the instance to initialize)");
        return false;
    }
    if (!overrides_new(type) && type_has_plain_layout(type)) {
        raise_error(vm, &exc_TypeError, "%s.__init__() takes exactly one argument (the instance to initialize)", type->name);
        return false;
    }
    return true;
}

/* ---- slots ---- */

static value object_repr(struct vm *vm, value a)
{
    struct type *type = value_type(vm, a);
    value module = type_module_name(vm, type);
    unsigned long identity = (unsigned long)object_identity(vm, a);
    if (has_flag(module, TYPE_STRING) && !string_is(module, "builtins"))
        return string_printf(vm, "<%U.%U object at 0x%lx>", module, type_long_name(vm, type), identity);
    return string_printf(vm, "<%s object at 0x%lx>", type->name, identity);
}

static value object_string(struct vm *vm, value a) { return value_repr(vm, a); }

static bool object_hash(struct vm *vm, value a, int64_t *hash)
{
    uint64_t identity = object_identity(vm, a);
    *hash = (int64_t)(identity >> 4 | identity << 60);
    return true;
}

static value object_compare(struct vm *vm, value a, value b, enum compare_kind kind)
{
    if (kind == COMPARE_EQ)
        return a == b ? TRUE : vm->not_implemented;
    if (kind != COMPARE_NE)
        return vm->not_implemented;
    struct type *type = value_type(vm, a);
    if (!type->compare)
        return vm->not_implemented;
    value equal = type->compare(vm, a, b, COMPARE_EQ);
    if (equal == VALUE_NULL || equal == vm->not_implemented)
        return equal;
    int truth = value_truth(vm, equal);
    return truth < 0 ? VALUE_NULL : bool_value(!truth);
}

/* ---- __class__ ---- */

static value get_class(struct vm *vm, value a) { return object_value(value_type(vm, a)); }

static bool set_class(struct vm *vm, value a, value item)
{
    if (item == VALUE_NULL || !is_type(item)) {
        raise_error(vm, &exc_TypeError, item == VALUE_NULL ? "can't delete __class__ attribute"
                                                           : "__class__ must be set to a class, not '%T' object", item);
        return false;
    }
    struct type *old = value_type(vm, a), *new = type_of_value(item);
    if (type_is_subtype(old, &module_type) && type_is_subtype(new, &module_type)) {
        if (!type_check_layout(vm, "__class__", old, new))
            return false;
        value_object(a)->shape = &new->shape;
        vm->dict_version++; /* what caches know of its attributes */
        return true;
    }
    if (!(old->flags & TYPE_HEAP) || !(new->flags & TYPE_HEAP)) {
        raise_error(vm, &exc_TypeError,
                    "__class__ assignment only supported for mutable types or ModuleType subclasses");
        return false;
    }
    if (!type_check_layout(vm, "__class__", old, new))
        return false;
    if (!type_has_plain_layout(old)) {
        value_object(a)->shape = &new->shape;
        return true;
    }
    if (!(old->flags & TYPE_HAS_INSTANCE_DICT)) {
        value_object(a)->shape = &new->shape;
        return true;
    }
    if (instance_dict(vm, a) == VALUE_NULL)
        return false;
    value_object(a)->shape = &new->dict_shape;
    return true;
}

static const struct property_definition object_properties[] = {{"__class__", get_class, set_class}, {NULL, NULL, NULL}};

/* ---- methods ---- */

#define METHOD(name) \
    static value name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED_ARGUMENTS (void)arguments, (void)count, (void)keyword_names

METHOD(object_dir)
{
    UNUSED_ARGUMENTS;
    value names = dict_new(vm);
    if (names == VALUE_NULL || !attribute_names(vm, self, names))
        return VALUE_NULL;
    return list_from_iterable(vm, names);
}

METHOD(object_format)
{
    UNUSED_ARGUMENTS;
    if (!has_flag(arguments[0], TYPE_STRING))
        return raise_error(vm, &exc_TypeError, "__format__() argument must be str, not %T", arguments[0]);
    if (string_of(arguments[0])->length)
        return raise_error(vm, &exc_TypeError, "unsupported format string passed to %T.__format__", self);
    return value_string(vm, self);
}

METHOD(object_init_subclass)
{
    (void)arguments;
    if (count || keyword_count(keyword_names))
        return raise_error(vm, &exc_TypeError, "%s.__init_subclass__() takes no %sarguments",
                           is_type(self) ? type_of_value(self)->name : "object", keyword_count(keyword_names) ? "keyword " : "");
    return NONE;
}

METHOD(object_subclass_hook)
{
    (void)self;
    UNUSED_ARGUMENTS;
    return vm->not_implemented;
}

METHOD(object_sizeof)
{
    UNUSED_ARGUMENTS;
    const struct layout layout = layout_of(value_type(vm, self));
    const struct code *code = NULL; /* whose variables and stack the object has room for */
    if (is_exact(self, &generator_type))
        code = ((const struct generator_object *)value_object(self))->function->code->code;
    else if (is_exact(self, &frame_type))
        code = ((const struct code_object *)value_object(((const struct frame_object *)value_object(self))->code))->code;
    int64_t items = layout.item && has_flag(self, TYPE_TUPLE) ? (int64_t)tuple_of(self)->length
                    : code                                    ? (int64_t)code->local_count + code->stack_size
                                                              : 0;
    if (is_exact(self, &code_type))
        return small_int(layout.basic + ((const struct code_object *)value_object(self))->code->bytecode_size);
    return small_int(layout.basic + layout.item * items);
}

/* copyreg's __slotnames__ of the class: a list or None; computed when there are slots in its order. VALUE_NULL: error. */
static value slot_names_of(struct vm *vm, struct type *type)
{
    value names = dict_get_text(vm, type->dict, "__slotnames__");
    if (names != VALUE_NULL) {
        if (names == NONE || has_flag(names, TYPE_LIST))
            return names;
        return raise_error(vm, &exc_TypeError, "%s.__slotnames__ should be a list or None, not %T", type->name, names);
    }
    bool any = false;
    for (uint32_t i = 0; i < type->mro_count && !any; i++)
        any = is_object(type->mro[i]->slot_names) && tuple_of(type->mro[i]->slot_names)->length;
    if (!any)
        return NONE;
    value copyreg = import_module(vm, "copyreg"), class = object_value(type);
    names = copyreg == VALUE_NULL ? VALUE_NULL : call_method(vm, copyreg, "_slotnames", &class, 1);
    if (names == VALUE_NULL || names == NONE || has_flag(names, TYPE_LIST))
        return names;
    return raise_error(vm, &exc_TypeError, "copyreg._slotnames didn't return a list or None");
}

/* The state that copy and pickle see: __dict__, with __slots__ a pair of it and a dict. */
METHOD(object_getstate)
{
    UNUSED_ARGUMENTS;
    struct type *type = value_type(vm, self);
    value state = NONE;
    value *slot = instance_dict_slot(vm, self);
    if (slot ? is_object(*slot) : (type_has_plain_layout(type) && (type->flags & TYPE_HAS_INSTANCE_DICT))) {
        value dict = instance_dict(vm, self);
        if (dict == VALUE_NULL)
            return VALUE_NULL;
        if (dict_of(dict)->count)
            state = dict;
    }
    value slots = VALUE_NULL, names = slot_names_of(vm, type);
    if (names == VALUE_NULL)
        return VALUE_NULL;
    names = names == NONE ? vm->empty_tuple : tuple_from_iterable(vm, names); /* looking one up may change a list */
    for (size_t j = 0; names != VALUE_NULL && j < tuple_of(names)->length; j++) {
        value item, name = intern(vm, tuple_of(names)->items[j]);
        int found = name == VALUE_NULL ? -1 : find_attribute(vm, self, name, &item);
        if (found < 0)
            return VALUE_NULL;
        if (slots == VALUE_NULL)
            slots = dict_new(vm);
        if (found)
            dict_set(vm, dict_of(slots), name, item);
    }
    if (slots != VALUE_NULL && dict_of(slots)->count)
        return tuple_pack(vm, 2, state, slots);
    return state;
}

/* What __getnewargs_ex__ answered: a tuple and a dict. */
static bool take_new_arguments(struct vm *vm, value pair, value *items, value *named)
{
    if (pair == VALUE_NULL)
        return false;
    if (!has_flag(pair, TYPE_TUPLE)) {
        raise_error(vm, &exc_TypeError, "__getnewargs_ex__ should return a tuple, not '%T'", pair);
        return false;
    }
    if (tuple_of(pair)->length != 2) {
        raise_error(vm, &exc_ValueError, "__getnewargs_ex__ should return a tuple of length 2, not %zu",
                    (size_t)tuple_of(pair)->length);
        return false;
    }
    *items = tuple_of(pair)->items[0];
    *named = tuple_of(pair)->items[1];
    if (!has_flag(*items, TYPE_TUPLE))
        raise_error(vm, &exc_TypeError, "first item of the tuple returned by __getnewargs_ex__ must be a tuple, not '%T'", *items);
    else if (!has_flag(*named, TYPE_DICT))
        raise_error(vm, &exc_TypeError, "second item of the tuple returned by __getnewargs_ex__ must be a dict, not '%T'", *named);
    return vm->pending == VALUE_NULL;
}

METHOD(object_reduce_ex)
{
    UNUSED_ARGUMENTS;
    value reduce = type_lookup(vm, value_type(vm, self), NAMED(vm, __reduce__));
    value own = dict_get_interned(object_type_object.dict, NAMED(vm, __reduce__));
    if (reduce != VALUE_NULL && reduce != own)
        return call_special(vm, self, NAME___reduce__, NULL, 0);
    value copyreg = import_module(vm, "copyreg");
    if (copyreg == VALUE_NULL)
        return VALUE_NULL;
    int64_t protocol = is_small_int(arguments[0]) ? small_int_value(arguments[0]) : 0;
    if (protocol < 2)
        return call_method(vm, copyreg, "_reduce_ex", (value[]){self, arguments[0]}, 2);
    value class = object_value(value_type(vm, self)), method, items = VALUE_NULL, named = VALUE_NULL;
    if ((method = lookup_special(vm, self, "__getnewargs_ex__")) != VALUE_NULL) {
        if (!take_new_arguments(vm, call_0(vm, method), &items, &named))
            return VALUE_NULL;
    } else if (vm->pending == VALUE_NULL && (method = lookup_special(vm, self, "__getnewargs__")) != VALUE_NULL) {
        if ((items = call_0(vm, method)) == VALUE_NULL)
            return VALUE_NULL;
        if (!has_flag(items, TYPE_TUPLE))
            return raise_error(vm, &exc_TypeError, "__getnewargs__ should return a tuple, not '%T'", items);
    }
    if (vm->pending != VALUE_NULL)
        return VALUE_NULL;
    struct type *type = value_type(vm, self);
    struct type *base = type;
    while (base->flags & TYPE_HEAP)
        base = base->base;
    if (items == VALUE_NULL && base != &object_type_object && !(base->flags & (TYPE_LIST | TYPE_DICT)) && base == type &&
        type_lookup(vm, type, NAMED(vm, __getstate__)) == dict_get_interned(object_type_object.dict, NAMED(vm, __getstate__)))
        return raise_error(vm, &exc_TypeError, layout_of(type).item && type->new && type->new != object_new
                                                   ? "cannot pickle %T objects" : "cannot pickle '%T' object", self);
    value state = call_special(vm, self, NAME___getstate__, NULL, 0);
    if (state == VALUE_NULL)
        return VALUE_NULL;
    size_t given = items == VALUE_NULL ? 0 : tuple_of(items)->length;
    bool keywords = named != VALUE_NULL && dict_of(named)->count;
    value all, maker = get_attribute_text(vm, copyreg, keywords ? "__newobj_ex__" : "__newobj__");
    if (maker == VALUE_NULL)
        return VALUE_NULL;
    if (keywords) {
        all = tuple_pack(vm, 3, class, items, named);
    } else {
        all = tuple_new(vm, given + 1);
        tuple_of(all)->items[0] = class;
        if (given)
            memcpy(tuple_of(all)->items + 1, tuple_of(items)->items, given * sizeof(value));
    }
    value list_items = NONE, dict_items = NONE;
    if (has_flag(self, TYPE_LIST) && (list_items = get_iterator(vm, self)) == VALUE_NULL)
        return VALUE_NULL;
    if (has_flag(self, TYPE_DICT)) {
        value pairs = call_method(vm, self, "items", NULL, 0);
        if (pairs == VALUE_NULL || (dict_items = get_iterator(vm, pairs)) == VALUE_NULL)
            return VALUE_NULL;
    }
    return tuple_pack(vm, 5, maker, all, state, list_items, dict_items);
}

METHOD(object_reduce)
{
    UNUSED_ARGUMENTS;
    value copyreg = import_module(vm, "copyreg");
    return copyreg == VALUE_NULL ? VALUE_NULL : call_method(vm, copyreg, "_reduce_ex", (value[]){self, small_int(0)}, 2);
}

static const struct method_definition object_methods[] = {
    {"__dir__", "()", object_dir, METHOD_INSTANCE, "Default dir() implementation."},
    {"__format__", "(format_spec, /)", object_format, METHOD_INSTANCE, "Default object formatter."},
    {"__init_subclass__", NULL, object_init_subclass, METHOD_CLASS, "This method is called when a class is subclassed."},
    {"__subclasshook__", NULL, object_subclass_hook, METHOD_CLASS, "Abstract classes can override this to customize issubclass()."},
    {"__sizeof__", "()", object_sizeof, METHOD_INSTANCE, "Size of object in memory, in bytes."},
    {"__getstate__", "()", object_getstate, METHOD_INSTANCE, "Helper for pickle."},
    {"__reduce_ex__", "(protocol, /)", object_reduce_ex, METHOD_INSTANCE, "Helper for pickle."},
    {"__reduce__", "()", object_reduce, METHOD_INSTANCE, "Helper for pickle."},
    {NULL, NULL, NULL, 0, NULL}};

struct type object_type_object = {.name = "object",
                                  .flags = TYPE_SUBCLASSABLE,
                                  .instance_size = sizeof(struct object),
                                  .methods = object_methods,
                                  .properties = object_properties,
                                  .doc = "The base class of the class hierarchy.\n\nWhen called, it accepts no arguments and "
                                         "returns a new featureless\ninstance that has no instance attributes and cannot be "
                                         "given any.\n",
                                  .new = object_new,
                                  .init = object_init,
                                  .repr = object_repr,
                                  .string = object_string,
                                  .hash = object_hash,
                                  .compare = object_compare,
                                  .getattr = generic_getattr,
                                  .setattr = generic_setattr};

/* ---- all types of the object model ---- */

void object_types_ready(struct vm *vm)
{
    struct type *const types[] = {
        &object_type_object, &type_type, &none_type, &ellipsis_type, &not_implemented_type, &function_type,
        &native_function_type, &method_type, &method_descriptor_type, &classmethod_descriptor_type, &slot_wrapper_type,
        &method_wrapper_type, &getset_descriptor_type, &member_type, &property_type, &classmethod_type, &staticmethod_type,
        &super_type, &cell_type, &code_type, &generator_type, &coroutine_type, &async_generator_type, &mapping_proxy_type,
        &traceback_type, &frame_type, &generic_alias_type, &generic_alias_iterator_type, &union_type,
#define X(name, base) &exc_##name,
        EXCEPTION_TYPES(X)
#undef X
    };
    types_start(vm);
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        type_ready(vm, types[i]);
    async_types_ready(vm);
}
