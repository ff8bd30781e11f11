/* dict_views.c - keys(), values() and items() of a dict, and the iterators over them. */
#include "sim/runtime/container.h"
#include "sim/runtime/iterator.h"
#include "sim/runtime/type.h"

struct dict_view {
    struct object head;
    value dict;
};

struct dict_iterator {
    struct object head;
    value dict;                  /* VALUE_NULL: exhausted */
    uint32_t count;              /* of the dict when iteration began; UINT32_MAX: it changed */
    uint32_t position;           /* of the next entry; reverse: one beyond it */
    uint32_t remaining;
    uint32_t reserved;
};

extern struct type dict_keys_type, dict_values_type, dict_items_type, dict_reverse_key_iterator_type,
    dict_reverse_value_iterator_type, dict_reverse_item_iterator_type;

static struct type *const view_types[] = {&dict_keys_type, &dict_values_type, &dict_items_type};
static struct type *const iterator_types[] = {&dict_key_iterator_type, &dict_value_iterator_type,
                                              &dict_item_iterator_type};
static struct type *const reverse_types[] = {&dict_reverse_key_iterator_type, &dict_reverse_value_iterator_type,
                                             &dict_reverse_item_iterator_type};

static struct dict_object *view_dict(value view)
{
    return dict_of(((struct dict_view *)value_object(view))->dict);
}

static bool is_set_like_view(value v)
{
    return is_exact(v, &dict_keys_type) || is_exact(v, &dict_items_type);
}

value dict_view_new(struct vm *vm, value dict, enum dict_view_kind kind)
{
    struct dict_view *view = gc_object_inline(vm, sizeof(struct dict_view), &view_types[kind]->shape);
    if (!view)
        return VALUE_NULL;
    view->dict = dict;
    return object_value(view);
}

/* ---- iterators ---- */

static value iterator_make(struct vm *vm, value dict, struct type *type, uint32_t position)
{
    struct dict_iterator *iterator = gc_object_inline(vm, sizeof(struct dict_iterator), &type->shape);
    if (!iterator)
        return VALUE_NULL;
    iterator->dict = dict;
    iterator->count = iterator->remaining = dict_of(dict)->count;
    iterator->position = position;
    return object_value(iterator);
}

value dict_iterator_new(struct vm *vm, value dict, enum dict_view_kind kind)
{
    return iterator_make(vm, dict, iterator_types[kind], 0);
}

value dict_reverse_iterator_new(struct vm *vm, value dict, enum dict_view_kind kind)
{
    return iterator_make(vm, dict, reverse_types[kind], dict_of(dict)->used);
}

static const struct dict_entry *iterator_fail(struct vm *vm, struct dict_iterator *iterator, const char *message)
{
    if (message)
        raise_error(vm, &exc_RuntimeError, "%s", message);
    else
        iterator->dict = VALUE_NULL;
    return NULL;
}

static inline const struct dict_entry *iterator_step(struct vm *vm, struct dict_iterator *iterator)
{
    if (iterator->dict == VALUE_NULL)
        return NULL;
    const struct dict_object *dict = dict_of(iterator->dict);
    if (iterator->count != dict->count) {
        iterator->count = UINT32_MAX;
        return iterator_fail(vm, iterator, "dictionary changed size during iteration");
    }
    uint32_t position = iterator->position;
    while (position < dict->used && dict->entries[position].key == VALUE_NULL)
        position++;
    if (position >= dict->used)
        return iterator_fail(vm, iterator, NULL);
    if (!iterator->remaining) {
        iterator_fail(vm, iterator, NULL);
        return iterator_fail(vm, iterator, "dictionary keys changed during iteration");
    }
    iterator->position = position + 1;
    iterator->remaining--;
    return &dict->entries[position];
}

static const struct dict_entry *reverse_step(struct vm *vm, struct dict_iterator *iterator)
{
    if (iterator->dict == VALUE_NULL)
        return NULL;
    const struct dict_object *dict = dict_of(iterator->dict);
    if (iterator->count != dict->count) {
        iterator->count = UINT32_MAX;
        return iterator_fail(vm, iterator, "dictionary changed size during iteration");
    }
    uint32_t position = iterator->position < dict->used ? iterator->position : dict->used;
    while (position && dict->entries[position - 1].key == VALUE_NULL)
        position--;
    if (!position)
        return iterator_fail(vm, iterator, NULL);
    iterator->position = position - 1;
    if (iterator->remaining)
        iterator->remaining--;
    return &dict->entries[position - 1];
}

static value key_next(struct vm *vm, value self)
{
    const struct dict_entry *entry = iterator_step(vm, (struct dict_iterator *)value_object(self));
    return entry ? entry->key : VALUE_NULL;
}

static value value_next(struct vm *vm, value self)
{
    const struct dict_entry *entry = iterator_step(vm, (struct dict_iterator *)value_object(self));
    return entry ? entry->item : VALUE_NULL;
}

static value entry_pair(struct vm *vm, const struct dict_entry *entry)
{
    if (!entry)
        return VALUE_NULL;
    value pair[2] = {entry->key, entry->item};
    return tuple_from(vm, pair, 2);
}

static value item_next(struct vm *vm, value self)
{
    return entry_pair(vm, iterator_step(vm, (struct dict_iterator *)value_object(self)));
}

bool dict_items_next(struct vm *vm, value iterator, value out[2])
{
    const struct dict_entry *entry = iterator_step(vm, (struct dict_iterator *)value_object(iterator));
    if (!entry)
        return false;
    ADD_WORK(vm, objects, 1);
    ADD_WORK(vm, bytes, sizeof(struct tuple_object) + 2 * sizeof(value));
    out[0] = entry->key;
    out[1] = entry->item;
    return true;
}

static value reverse_key_next(struct vm *vm, value self)
{
    const struct dict_entry *entry = reverse_step(vm, (struct dict_iterator *)value_object(self));
    return entry ? entry->key : VALUE_NULL;
}

static value reverse_value_next(struct vm *vm, value self)
{
    const struct dict_entry *entry = reverse_step(vm, (struct dict_iterator *)value_object(self));
    return entry ? entry->item : VALUE_NULL;
}

static value reverse_item_next(struct vm *vm, value self)
{
    return entry_pair(vm, reverse_step(vm, (struct dict_iterator *)value_object(self)));
}

static value iterator_length_hint(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)vm, (void)arguments, (void)count, (void)keyword_names;
    const struct dict_iterator *iterator = (struct dict_iterator *)value_object(self);
    if (iterator->dict == VALUE_NULL || iterator->count != dict_of(iterator->dict)->count)
        return small_int(0);
    return small_int(iterator->remaining);
}

static value dict_iterator_reduce(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    return iterator_rest_reduced(vm, self, sizeof(struct dict_iterator));
}

bool dict_iterator_next_entry(value iterator, value *dict, uint32_t *number)
{
    if (!is_exact(iterator, &dict_key_iterator_type) && !is_exact(iterator, &dict_value_iterator_type) &&
        !is_exact(iterator, &dict_item_iterator_type))
        return false;
    const struct dict_iterator *position = (const struct dict_iterator *)value_object(iterator);
    *dict = position->dict;
    *number = position->position;
    return *dict != VALUE_NULL && *number < dict_of(*dict)->used;
}

static const struct method_definition dict_iterator_methods[] = {
    {"__reduce__", "()", dict_iterator_reduce, METHOD_INSTANCE, "Return state information for pickling."},
    {"__length_hint__", "()", iterator_length_hint, METHOD_INSTANCE, "Private method returning an estimate of len(list(it))."},
    {NULL, NULL, NULL, 0, NULL},
};

static void holder_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct dict_view *)object)->dict);
}

#define DICT_ITERATOR_TYPE(variable, python_name, next_function)                                                       \
    struct type variable = {                                                                                           \
        .name = python_name,                                                                                           \
        .flags = TYPE_GETATTR_PLAIN,                                                                                   \
        .instance_size = sizeof(struct dict_iterator),                                                                 \
        .methods = dict_iterator_methods,                                                                              \
        .trace = holder_trace,                                                                                         \
        .iter = iterator_self,                                                                                         \
        .next = next_function,                                                                                         \
    }
DICT_ITERATOR_TYPE(dict_key_iterator_type, "dict_keyiterator", key_next);
DICT_ITERATOR_TYPE(dict_value_iterator_type, "dict_valueiterator", value_next);
DICT_ITERATOR_TYPE(dict_item_iterator_type, "dict_itemiterator", item_next);
DICT_ITERATOR_TYPE(dict_reverse_key_iterator_type, "dict_reversekeyiterator", reverse_key_next);
DICT_ITERATOR_TYPE(dict_reverse_value_iterator_type, "dict_reversevalueiterator", reverse_value_next);
DICT_ITERATOR_TYPE(dict_reverse_item_iterator_type, "dict_reverseitemiterator", reverse_item_next);

/* ---- views ---- */

static int64_t view_length(struct vm *vm, value self)
{
    (void)vm;
    return view_dict(self)->count;
}

static value keys_iter(struct vm *vm, value self)
{
    return dict_iterator_new(vm, object_value(view_dict(self)), DICT_KEYS);
}

static value values_iter(struct vm *vm, value self)
{
    return dict_iterator_new(vm, object_value(view_dict(self)), DICT_VALUES);
}

static value items_iter(struct vm *vm, value self)
{
    return dict_iterator_new(vm, object_value(view_dict(self)), DICT_ITEMS);
}

static int keys_contains(struct vm *vm, value self, value item)
{
    value ignored;
    return dict_find(vm, view_dict(self), item, &ignored);
}

static int items_contains(struct vm *vm, value self, value item)
{
    if (!has_flag(item, TYPE_TUPLE) || tuple_of(item)->length != 2)
        return 0;
    value found;
    int result = dict_find(vm, view_dict(self), tuple_of(item)->items[0], &found);
    return result <= 0 ? result : values_equal(vm, found, tuple_of(item)->items[1]);
}

static value view_repr(struct vm *vm, value self)
{
    struct repr_guard guard;
    enum repr_state state = repr_enter(vm, &guard, self);
    if (state != REPR_FIRST)
        return state == REPR_AGAIN ? string_from_text(vm, "...") : VALUE_NULL;
    value list = list_from_iterable(vm, self);
    value text = list == VALUE_NULL ? VALUE_NULL : string_printf(vm, "%s(%R)", value_type(vm, self)->name, list);
    repr_leave(vm, &guard);
    return text;
}

static int all_contained_in(struct vm *vm, value items, value container)
{
    value iterator = get_iterator(vm, items), item;
    if (iterator == VALUE_NULL)
        return -1;
    while ((item = iterator_next(vm, iterator)) != VALUE_NULL) {
        int found = contains(vm, container, item);
        if (found <= 0)
            return found;
    }
    return vm->pending == VALUE_NULL ? 1 : -1;
}

static value view_compare(struct vm *vm, value a, value b, enum compare_kind kind)
{
    if (!is_any_set(b) && !is_set_like_view(b))
        return vm->not_implemented;
    int64_t own = view_length(vm, a), other = value_length(vm, b);
    if (other < 0)
        return VALUE_NULL;
    int result = 0;
    switch (kind) {
    case COMPARE_EQ:
    case COMPARE_NE:
        result = own == other ? all_contained_in(vm, a, b) : 0;
        if (result >= 0 && kind == COMPARE_NE)
            result = !result;
        break;
    case COMPARE_LT:
        result = own < other ? all_contained_in(vm, a, b) : 0;
        break;
    case COMPARE_LE:
        result = own <= other ? all_contained_in(vm, a, b) : 0;
        break;
    case COMPARE_GT:
        result = own > other ? all_contained_in(vm, b, a) : 0;
        break;
    case COMPARE_GE:
        result = own >= other ? all_contained_in(vm, b, a) : 0;
        break;
    }
    return result < 0 ? VALUE_NULL : bool_value(result);
}

static value view_to_set(struct vm *vm, value v)
{
    value result = set_new(vm, &set_type);
    if (result == VALUE_NULL)
        return result;
    value source = is_exact(v, &dict_keys_type) ? object_value(view_dict(v)) : v;
    return set_update(vm, result, source) ? result : VALUE_NULL;
}

static value view_subtract(struct vm *vm, value a, value b)
{
    value result = view_to_set(vm, a);
    if (result == VALUE_NULL || call_method(vm, result, "difference_update", &b, 1) == VALUE_NULL)
        return VALUE_NULL;
    return result;
}

static value view_or(struct vm *vm, value a, value b)
{
    value result = view_to_set(vm, a);
    return result == VALUE_NULL || !set_update(vm, result, b) ? VALUE_NULL : result;
}

static value view_xor(struct vm *vm, value a, value b)
{
    value result = view_to_set(vm, a);
    if (result == VALUE_NULL || call_method(vm, result, "symmetric_difference_update", &b, 1) == VALUE_NULL)
        return VALUE_NULL;
    return result;
}

static value view_and(struct vm *vm, value a, value b)
{
    if (!is_set_like_view(a)) {
        value other = a;
        a = b;
        b = other;
    }
    int64_t length = view_length(vm, a);
    if (is_exact(b, &set_type) && length <= set_of(b)->used)
        return call_method(vm, b, "intersection", &a, 1);
    if (is_set_like_view(b) && view_length(vm, b) > length) {
        value other = a;
        a = b;
        b = other;
    }
    value result = set_new(vm, &set_type), iterator = get_iterator(vm, b), item;
    if (result == VALUE_NULL || iterator == VALUE_NULL)
        return VALUE_NULL;
    bool keys = is_exact(a, &dict_keys_type);
    while ((item = iterator_next(vm, iterator)) != VALUE_NULL) {
        int found = keys ? keys_contains(vm, a, item) : items_contains(vm, a, item);
        if (found < 0 || (found && !set_add(vm, result, item)))
            return VALUE_NULL;
    }
    return vm->pending == VALUE_NULL ? result : VALUE_NULL;
}

static value view_isdisjoint(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)count, (void)keyword_names;
    value other = arguments[0];
    if (other == self)
        return bool_value(!view_length(vm, self));
    if (is_any_set(other) || is_set_like_view(other)) {
        int64_t length = value_length(vm, other);
        if (length > view_length(vm, self)) {
            value larger = other;
            other = self;
            self = larger;
        }
    }
    value iterator = get_iterator(vm, other), item;
    if (iterator == VALUE_NULL)
        return iterator;
    while ((item = iterator_next(vm, iterator)) != VALUE_NULL) {
        int found = contains(vm, self, item);
        if (found)
            return found < 0 ? VALUE_NULL : FALSE;
    }
    return vm->pending == VALUE_NULL ? TRUE : VALUE_NULL;
}

static value view_reversed(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    enum dict_view_kind kind = is_exact(self, &dict_keys_type)     ? DICT_KEYS
                               : is_exact(self, &dict_values_type) ? DICT_VALUES
                                                                   : DICT_ITEMS;
    return dict_reverse_iterator_new(vm, object_value(view_dict(self)), kind);
}

static value view_mapping(struct vm *vm, value self)
{
    return mapping_proxy_new(vm, object_value(view_dict(self)));
}

static const struct property_definition view_properties[] = {
    {"mapping", view_mapping, NULL},
    {NULL, NULL, NULL},
};

static const struct method_definition values_methods[] = {
    {"__reversed__", "()", view_reversed, METHOD_INSTANCE, "Return a reverse iterator over the dict values."},
    {NULL, NULL, NULL, 0, NULL},
};

static const struct method_definition set_like_methods[] = {
    {"isdisjoint", "(object, /)", view_isdisjoint, METHOD_INSTANCE,
     "Return True if the view and the given iterable have a null intersection."},
    {"__reversed__", "()", view_reversed, METHOD_INSTANCE, "Return a reverse iterator over the dict keys."},
    {NULL, NULL, NULL, 0, NULL},
};

struct type dict_values_type = {
    .name = "dict_values",
    .flags = TYPE_GETATTR_PLAIN,
    .instance_size = sizeof(struct dict_view),
    .methods = values_methods,
    .properties = view_properties,
    .trace = holder_trace,
    .repr = view_repr,
    .iter = values_iter,
    .length = view_length,
};

#define SET_LIKE_VIEW(variable, python_name, iter_function, contains_function_name)                                    \
    struct type variable = {                                                                                           \
        .name = python_name,                                                                                           \
        .flags = TYPE_GETATTR_PLAIN,                                                                                   \
        .instance_size = sizeof(struct dict_view),                                                                     \
        .methods = set_like_methods,                                                                                   \
        .properties = view_properties,                                                                                 \
        .trace = holder_trace,                                                                                         \
        .repr = view_repr,                                                                                             \
        .compare = view_compare,                                                                                       \
        .iter = iter_function,                                                                                         \
        .length = view_length,                                                                                         \
        .contains = contains_function_name,                                                                            \
        .binary[BINARY_SUB] = view_subtract,                                                                           \
        .binary[BINARY_AND] = view_and,                                                                                \
        .binary[BINARY_OR] = view_or,                                                                                  \
        .binary[BINARY_XOR] = view_xor,                                                                                \
    }
SET_LIKE_VIEW(dict_keys_type, "dict_keys", keys_iter, keys_contains);
SET_LIKE_VIEW(dict_items_type, "dict_items", items_iter, items_contains);

void dict_view_types_ready(struct vm *vm)
{
    for (size_t i = 0; i < 3; i++) {
        type_ready(vm, view_types[i]);
        type_ready(vm, iterator_types[i]);
        type_ready(vm, reverse_types[i]);
    }
}
