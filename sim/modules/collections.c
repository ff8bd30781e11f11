/* collections.c - module _collections: defaultdict, OrderedDict, _count_elements, _tuplegetter; deque is in deque.c. */
#include "sim/modules/containers.h"
#include "sim/modules/deque.h"
#include "sim/runtime/container.h"
#include "sim/runtime/iterator.h"

#define METHOD(name)                                                                                                   \
    static value name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define NEW(name)                                                                                                      \
    static value name(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)

/* ---- defaultdict ---- */

struct default_dict {
    struct dict_object dict;
    value factory;
};

static struct type default_dict_type;

static struct default_dict *default_of(value v)
{
    return (struct default_dict *)value_object(v);
}

static void default_trace(struct vm *vm, struct object *object)
{
    dict_type.trace(vm, object);
    gc_mark(vm, ((struct default_dict *)object)->factory);
}

static value default_make(struct vm *vm, struct type *type, value factory)
{
    struct default_dict *self = instance_allocate(vm, type, sizeof(struct default_dict));
    if (!self)
        return VALUE_NULL;
    self->dict.flags = DICT_STRING_KEYS;
    self->factory = factory;
    return object_value(self);
}

NEW(default_new)
{
    (void)arguments, (void)count, (void)keyword_names;
    return default_make(vm, type, NONE);
}

static bool default_init(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    default_of(self)->factory = NONE;
    if (count) {
        if (arguments[0] != NONE && !value_type(vm, arguments[0])->call)
            return raise_error(vm, &exc_TypeError, "first argument must be callable or None"), false;
        default_of(self)->factory = arguments[0];
        arguments++;
        count--;
    }
    return dict_update_arguments(vm, "dict", self, arguments, count, keyword_names);
}

METHOD(default_missing)
{
    (void)count, (void)keyword_names;
    if (default_of(self)->factory == NONE)
        return raise_key_error(vm, arguments[0]);
    value item = call_0(vm, default_of(self)->factory);
    return item == VALUE_NULL || !set_item(vm, self, arguments[0], item) ? VALUE_NULL : item;
}

METHOD(default_copy)
{
    (void)arguments, (void)count, (void)keyword_names;
    if (!is_exact(self, &default_dict_type))
        return call_2(vm, type_object_value(value_type(vm, self)), default_of(self)->factory, self);
    value copy = default_make(vm, &default_dict_type, default_of(self)->factory);
    return copy == VALUE_NULL || !dict_merge_from(vm, copy, self, true) ? VALUE_NULL : copy;
}

METHOD(default_reduce)
{
    (void)arguments, (void)count, (void)keyword_names;
    value factory = default_of(self)->factory;
    value inner = factory == NONE ? tuple_new(vm, 0) : tuple_pack(vm, 1, factory);
    value items = inner == VALUE_NULL ? inner : call_method(vm, self, "items", NULL, 0);
    value iterator = items == VALUE_NULL ? items : get_iterator(vm, items);
    return iterator == VALUE_NULL ? iterator
                                  : tuple_pack(vm, 5, type_object_value(value_type(vm, self)), inner, NONE, NONE, iterator);
}

/* An exact dict hands missing keys to nobody; this one to __missing__, without a detour when that is its own. */
static value default_get_item(struct vm *vm, value self, value key)
{
    if (!is_exact(self, &default_dict_type))
        return dict_get_item(vm, self, key);
    value item;
    int found = dict_find(vm, dict_of(self), key, &item);
    return found ? found > 0 ? item : VALUE_NULL : default_missing(vm, self, &key, 1, VALUE_NULL);
}

static value default_repr(struct vm *vm, value self)
{
    value inner = dict_type.repr(vm, self), factory;
    struct repr_guard guard;
    if (inner == VALUE_NULL)
        return inner;
    value held = default_of(self)->factory;
    enum repr_state state = repr_enter(vm, &guard, held);
    if (state == REPR_FAILED)
        return VALUE_NULL;
    factory = state == REPR_AGAIN ? string_from_text(vm, "...") : value_repr(vm, held);
    if (state == REPR_FIRST)
        repr_leave(vm, &guard);
    if (factory == VALUE_NULL)
        return factory;
    value name = get_attribute_text(vm, type_object_value(value_type(vm, self)), "__name__");
    return name == VALUE_NULL ? name : string_printf(vm, "%U(%U, %U)", name, factory, inner);
}

static value default_or(struct vm *vm, value a, value b)
{
    bool left = is_instance(vm, a, &default_dict_type);
    if (!has_flag(a, TYPE_DICT) || !has_flag(b, TYPE_DICT))
        return vm->not_implemented;
    value self = left ? a : b;
    value result = call_2(vm, type_object_value(value_type(vm, self)), default_of(self)->factory, a);
    if (result != VALUE_NULL && !has_flag(result, TYPE_DICT))
        return raise_error(vm, &exc_SystemError, "../Objects/dictobject.c:2828: bad argument to internal function");
    return result == VALUE_NULL || !dict_merge_from(vm, result, b, true) ? VALUE_NULL : result;
}

static value default_factory(struct vm *vm, value self)
{
    (void)vm;
    return default_of(self)->factory;
}

static bool default_set_factory(struct vm *vm, value self, value item)
{
    (void)vm;
    default_of(self)->factory = item == VALUE_NULL ? NONE : item;
    return true;
}

static const struct method_definition default_methods[] = {
    {"__missing__", "(key, /)", default_missing, METHOD_INSTANCE, NULL},
    {"copy", "()", default_copy, METHOD_INSTANCE, "D.copy() -> a shallow copy of D."},
    {"__copy__", "()", default_copy, METHOD_INSTANCE, "D.copy() -> a shallow copy of D."},
    {"__reduce__", "()", default_reduce, METHOD_INSTANCE, "Return state information for pickling."},
    CLASS_GETITEM,
    {NULL, NULL, NULL, 0, NULL},
};
static const struct property_definition default_properties[] = {
    {"default_factory", default_factory, default_set_factory}, {NULL, NULL, NULL}};

static struct type default_dict_type = {
    .name = "collections.defaultdict",
    .flags = TYPE_SUBCLASSABLE | TYPE_DICT | TYPE_MAPPING | TYPE_GETATTR_PLAIN,
    .base = &dict_type,
    .instance_size = sizeof(struct default_dict),
    .doc = "defaultdict(default_factory=None, /, [...]) --> dict with default factory",
    .methods = default_methods,
    .properties = default_properties,
    .trace = default_trace,
    .new = default_new,
    .init = default_init,
    .repr = default_repr,
    .get_item = default_get_item,
    .binary[BINARY_OR] = default_or,
};

/* ---- OrderedDict: dicts are ordered already; it adds moving, order in ==, and a repr ---- */

static struct type ordered_dict_type;

NEW(ordered_new)
{
    (void)arguments, (void)count, (void)keyword_names;
    return dict_of_type(vm, type);
}

static bool ordered_init(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    return dict_update_arguments(vm, "OrderedDict", self, arguments, count, keyword_names);
}

/* Takes all entries out and puts them back behind the one given. */
static bool move_to_front(struct vm *vm, value self, value key, value item)
{
    value others = dict_copy(vm, self);
    if (others == VALUE_NULL)
        return false;
    dict_clear(vm, dict_of(self));
    return dict_set(vm, dict_of(self), key, item) && dict_merge_from(vm, self, others, true);
}

METHOD(ordered_move_to_end)
{
    (void)count, (void)keyword_names;
    int last = arguments[1] == VALUE_NULL ? 1 : value_truth(vm, arguments[1]);
    int64_t hash;
    value item;
    if (last < 0 || !key_hash(vm, arguments[0], &hash))
        return VALUE_NULL;
    int found = dict_delete_hashed(vm, dict_of(self), arguments[0], hash, &item);
    if (found <= 0)
        return found < 0 ? VALUE_NULL : raise_key_error(vm, arguments[0]);
    bool moved = last ? dict_set_hashed(vm, dict_of(self), arguments[0], hash, item)
                      : move_to_front(vm, self, arguments[0], item);
    return moved ? NONE : VALUE_NULL;
}

METHOD(ordered_popitem)
{
    (void)count, (void)keyword_names;
    int last = arguments[0] == VALUE_NULL ? 1 : value_truth(vm, arguments[0]);
    struct dict_object *dict = dict_of(self);
    if (last < 0)
        return VALUE_NULL;
    if (!dict->count) {
        value text = string_from_text(vm, "dictionary is empty");
        return text == VALUE_NULL ? text : raise_key_error(vm, text);
    }
    uint32_t at = last ? dict->used - 1 : 0;
    while (dict->entries[at].key == VALUE_NULL)
        at += last ? UINT32_MAX : 1;
    struct dict_entry entry = dict->entries[at];
    value item;
    if (dict_delete_hashed(vm, dict, entry.key, entry.hash, &item) < 0)
        return VALUE_NULL;
    return tuple_pack(vm, 2, entry.key, entry.item);
}

METHOD(ordered_pop)
{
    (void)count, (void)keyword_names;
    int64_t hash;
    value item = VALUE_NULL;
    if (!key_hash(vm, arguments[0], &hash))
        return VALUE_NULL;
    int found = dict_delete_hashed(vm, dict_of(self), arguments[0], hash, &item);
    if (found)
        return found < 0 ? VALUE_NULL : item;
    return arguments[1] == VALUE_NULL ? raise_key_error(vm, arguments[0]) : arguments[1];
}

METHOD(ordered_setdefault)
{
    (void)count, (void)keyword_names;
    value otherwise = arguments[1] == VALUE_NULL ? NONE : arguments[1], item;
    int found;
    if (is_exact(self, &ordered_dict_type)) {
        int64_t hash;
        if (!key_hash(vm, arguments[0], &hash) || (found = dict_find_hashed(vm, dict_of(self), arguments[0], hash, &item)) < 0)
            return VALUE_NULL;
        return found ? item : dict_set_hashed(vm, dict_of(self), arguments[0], hash, otherwise) ? otherwise : VALUE_NULL;
    }
    if ((found = contains(vm, self, arguments[0])) < 0)
        return VALUE_NULL;
    if (found)
        return get_item(vm, self, arguments[0]);
    return set_item(vm, self, arguments[0], otherwise) ? otherwise : VALUE_NULL;
}

/* Into what a class of the program's made, which may be anything. */
static bool merge_into(struct vm *vm, value target, value source)
{
    if (has_flag(target, TYPE_DICT))
        return dict_merge_from(vm, target, source, true);
    value keys = list_from_iterable(vm, source);
    for (uint32_t i = 0; keys != VALUE_NULL && i < list_of(keys)->length; i++) {
        value key = list_of(keys)->items[i], item = get_item(vm, source, key);
        if (item == VALUE_NULL || !set_item(vm, target, key, item))
            return false;
    }
    return keys != VALUE_NULL;
}

METHOD(ordered_copy)
{
    (void)arguments, (void)count, (void)keyword_names;
    value copy = is_exact(self, &ordered_dict_type) ? dict_of_type(vm, &ordered_dict_type)
                                                    : call_0(vm, type_object_value(value_type(vm, self)));
    return copy == VALUE_NULL || !merge_into(vm, copy, self) ? VALUE_NULL : copy;
}

METHOD(ordered_fromkeys)
{
    (void)count, (void)keyword_names;
    value result = call_0(vm, self), iterator = result == VALUE_NULL ? result : get_iterator(vm, arguments[0]), key;
    while (iterator != VALUE_NULL && (key = iterator_next(vm, iterator)) != VALUE_NULL)
        if (!set_item(vm, result, key, arguments[1] == VALUE_NULL ? NONE : arguments[1]))
            return VALUE_NULL;
    return vm->pending == VALUE_NULL ? result : VALUE_NULL;
}

METHOD(ordered_reduce)
{
    (void)arguments, (void)count, (void)keyword_names;
    value items = call_method(vm, self, "items", NULL, 0), empty = tuple_new(vm, 0);
    value iterator = items == VALUE_NULL ? items : get_iterator(vm, items);
    value state = iterator == VALUE_NULL ? iterator : call_method(vm, self, "__getstate__", NULL, 0);
    return state == VALUE_NULL ? state
                               : tuple_pack(vm, 5, type_object_value(value_type(vm, self)), empty, state, NONE, iterator);
}

static value ordered_repr(struct vm *vm, value self)
{
    value name = get_attribute_text(vm, type_object_value(value_type(vm, self)), "__name__");
    if (name == VALUE_NULL)
        return name;
    if (!dict_of(self)->count)
        return string_printf(vm, "%U()", name);
    struct repr_guard guard;
    enum repr_state state = repr_enter(vm, &guard, self);
    if (state != REPR_FIRST)
        return state == REPR_AGAIN ? string_from_text(vm, "...") : VALUE_NULL;
    value items = call_method(vm, self, "items", NULL, 0);
    value list = items == VALUE_NULL ? items : list_from_iterable(vm, items);
    value text = list == VALUE_NULL ? list : string_printf(vm, "%U(%R)", name, list);
    repr_leave(vm, &guard);
    return text;
}

static value ordered_compare(struct vm *vm, value a, value b, enum compare_kind kind)
{
    value equal = dict_type.compare(vm, a, b, kind);
    if (equal == VALUE_NULL || equal == vm->not_implemented || !is_instance(vm, b, &ordered_dict_type) ||
        equal != bool_value(kind == COMPARE_EQ))
        return equal;
    uint32_t i = 0, j = 0;
    value key, other, item;
    while (dict_next(dict_of(a), &i, &key, &item) && dict_next(dict_of(b), &j, &other, &item)) {
        int same = values_equal(vm, key, other);
        if (same <= 0)
            return same < 0 ? VALUE_NULL : bool_value(kind == COMPARE_NE);
    }
    return equal;
}

static value ordered_or(struct vm *vm, value a, value b)
{
    if (!has_flag(a, TYPE_DICT) || !has_flag(b, TYPE_DICT))
        return vm->not_implemented;
    value self = is_instance(vm, a, &ordered_dict_type) ? a : b;
    value result = call_1(vm, type_object_value(value_type(vm, self)), a);
    return result == VALUE_NULL || !merge_into(vm, result, b) ? VALUE_NULL : result;
}

/* CPython's has a list of nodes and a table of them beside the dict. */
METHOD(ordered_sizeof)
{
    (void)arguments, (void)count, (void)keyword_names;
    const struct dict_object *dict = dict_of(self);
    int64_t table = dict->capacity ? INT64_C(8) << dict->index_bits : 0;
    return small_int(dict_layout_size(vm, self) + table + 32 * (int64_t)dict->count);
}

static const struct method_definition ordered_methods[] = {
    {"__sizeof__", "()", ordered_sizeof, METHOD_INSTANCE, NULL},
    {"move_to_end", "(key, last=True)", ordered_move_to_end, METHOD_INSTANCE,
     "Move an existing element to the end (or beginning if last is false).\n\nRaise KeyError if the element does not exist."},
    {"popitem", "(last=True)", ordered_popitem, METHOD_INSTANCE, "Remove and return a (key, value) pair from the dictionary."},
    {"pop", "(key, default=<unrepresentable>)", ordered_pop, METHOD_INSTANCE,
     "Remove the key and return its value; the default, when given, if there is no such key, else KeyError."},
    {"setdefault", "(key, default=None)", ordered_setdefault, METHOD_INSTANCE,
     "Return the key's value; a key that is not there gets the default first."},
    {"copy", "()", ordered_copy, METHOD_INSTANCE, "od.copy() -> a shallow copy of od"},
    {"fromkeys", "(iterable, value=None)", ordered_fromkeys, METHOD_CLASS,
     "Create a new ordered dictionary with keys from iterable and values set to value."},
    {"__reduce__", "()", ordered_reduce, METHOD_INSTANCE, "Return state information for pickling"},
    {NULL, NULL, NULL, 0, NULL},
};

static void ordered_trace(struct vm *vm, struct object *object)
{
    dict_type.trace(vm, object);
    const struct subclass_tail *tail = instance_tail(object);
    if (tail && object_type(object) == &ordered_dict_type)
        gc_mark(vm, tail->overflow);
}

static struct type ordered_dict_type = {
    .name = "collections.OrderedDict",
    .flags = TYPE_SUBCLASSABLE | TYPE_DICT | TYPE_MAPPING | TYPE_HAS_INSTANCE_DICT,
    .base = &dict_type,
    .instance_size = sizeof(struct dict_object) + sizeof(struct subclass_tail),
    .tail_offset = sizeof(struct dict_object),
    .doc = "Dictionary that remembers insertion order",
    .methods = ordered_methods,
    .trace = ordered_trace,
    .new = ordered_new,
    .init = ordered_init,
    .repr = ordered_repr,
    .compare = ordered_compare,
    .binary[BINARY_OR] = ordered_or,
};

/* ---- _tuplegetter: a named tuple's field ---- */

struct tuple_getter {
    struct object head;
    int64_t index;
    value doc;
};

NEW(tuple_getter_new)
{
    int64_t index;
    if (!check_positional(vm, "_tuplegetter", count, keyword_names, 2, 2) || !value_to_index(vm, arguments[0], &index))
        return VALUE_NULL;
    struct tuple_getter *self = instance_allocate(vm, type, sizeof(struct tuple_getter));
    if (!self)
        return VALUE_NULL;
    self->index = index;
    self->doc = arguments[1];
    return object_value(self);
}

static value tuple_getter_get(struct vm *vm, value getter, value object, value type)
{
    const struct tuple_getter *self = (struct tuple_getter *)value_object(getter);
    (void)type;
    if (object == VALUE_NULL || object == NONE)
        return getter;
    if (!has_flag(object, TYPE_TUPLE))
        return raise_error(vm, &exc_TypeError, "descriptor for index '%lld' for tuple subclasses doesn't apply to '%T' object",
                           (long long)self->index, object);
    if (self->index < 0 || self->index >= (int64_t)tuple_of(object)->length)
        return raise_error(vm, &exc_IndexError, "tuple index out of range");
    return tuple_of(object)->items[self->index];
}

static bool tuple_getter_set(struct vm *vm, value getter, value object, value item)
{
    (void)getter, (void)object;
    raise_error(vm, &exc_AttributeError, item == VALUE_NULL ? "can't delete attribute" : "can't set attribute");
    return false;
}

static value tuple_getter_doc(struct vm *vm, value self)
{
    (void)vm;
    return ((struct tuple_getter *)value_object(self))->doc;
}

static bool tuple_getter_set_doc(struct vm *vm, value self, value item)
{
    (void)vm;
    ((struct tuple_getter *)value_object(self))->doc = item == VALUE_NULL ? NONE : item;
    return true;
}

static value tuple_getter_repr(struct vm *vm, value self)
{
    const struct tuple_getter *getter = (struct tuple_getter *)value_object(self);
    return string_printf(vm, "_tuplegetter(%lld, %R)", (long long)getter->index, getter->doc);
}

static void tuple_getter_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct tuple_getter *)object)->doc);
}

METHOD(tuple_getter_reduce)
{
    (void)arguments, (void)count, (void)keyword_names;
    const struct tuple_getter *getter = (struct tuple_getter *)value_object(self);
    value inner = tuple_pack(vm, 2, small_int(getter->index), getter->doc);
    return inner == VALUE_NULL ? inner : tuple_pack(vm, 2, type_object_value(value_type(vm, self)), inner);
}

static const struct method_definition tuple_getter_methods[] = {
    {"__reduce__", "()", tuple_getter_reduce, METHOD_INSTANCE, NULL},
    {NULL, NULL, NULL, 0, NULL},
};
static const struct property_definition tuple_getter_properties[] = {
    {"__doc__", tuple_getter_doc, tuple_getter_set_doc}, {NULL, NULL, NULL}};

static struct type tuple_getter_type = {
    .name = "_collections._tuplegetter",
    .instance_size = sizeof(struct tuple_getter),
    .methods = tuple_getter_methods,
    .properties = tuple_getter_properties,
    .trace = tuple_getter_trace,
    .new = tuple_getter_new,
    .repr = tuple_getter_repr,
    .descriptor_get = tuple_getter_get,
    .descriptor_set = tuple_getter_set,
};

/* ---- _count_elements(mapping, iterable) ---- */

static bool counts_plainly(struct vm *vm, value mapping)
{
    struct type *type = value_type(vm, mapping);
    if (!(type->flags & TYPE_DICT))
        return false;
    const char *const names[] = {"get", "__setitem__"};
    for (size_t i = 0; i < 2; i++) {
        value name = intern_text(vm, names[i]);
        if (name == VALUE_NULL || type_lookup(vm, type, name) != type_lookup(vm, &dict_type, name))
            return false;
    }
    return true;
}

METHOD(count_elements)
{
    (void)self, (void)count, (void)keyword_names;
    value mapping = arguments[0], iterator = get_iterator(vm, arguments[1]), key;
    bool plain = counts_plainly(vm, mapping);
    if (iterator == VALUE_NULL || vm->pending != VALUE_NULL)
        return VALUE_NULL;
    while ((key = iterator_next(vm, iterator)) != VALUE_NULL) {
        value old = small_int(0);
        if (plain) {
            int64_t hash;
            if (!key_hash(vm, key, &hash) || dict_find_hashed(vm, dict_of(mapping), key, hash, &old) < 0)
                return VALUE_NULL;
            value sum = binary_operation(vm, BINARY_ADD, old, small_int(1));
            if (sum == VALUE_NULL || !dict_set_hashed(vm, dict_of(mapping), key, hash, sum))
                return VALUE_NULL;
            continue;
        }
        value given[2] = {key, small_int(0)};
        old = call_method(vm, mapping, "get", given, 2);
        value sum = old == VALUE_NULL ? old : binary_operation(vm, BINARY_ADD, old, small_int(1));
        if (sum == VALUE_NULL || !set_item(vm, mapping, key, sum))
            return VALUE_NULL;
    }
    return vm->pending == VALUE_NULL ? NONE : VALUE_NULL;
}

static bool collections_initialize(struct vm *vm, value module)
{
    struct dict_object *dict = dict_of(((struct module_object *)value_object(module))->dict);
    struct type *const types[] = {&deque_type,        &deque_iterator_type, &deque_reverse_iterator_type,
                                  &default_dict_type, &ordered_dict_type,   &tuple_getter_type};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        type_ready(vm, types[i]);
        if (!dict_set_text(vm, dict, strrchr(types[i]->name, '.') + 1, type_object_value(types[i])))
            return false;
    }
    return true;
}

static const struct method_definition collections_functions[] = {
    {"_count_elements", "(mapping, iterable, /)", count_elements, METHOD_STATIC, "Count elements in the iterable, updating the mapping"},
    {NULL, NULL, NULL, 0, NULL},
};

const struct native_module collections_module = {"_collections", collections_initialize, collections_functions};
