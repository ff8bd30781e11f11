/* set_operations.c - the algebra and the methods of set and frozenset. Results are built in the order CPython builds them, so
 * that they iterate in the same order. */
#include "sim/runtime/container.h"
#include "sim/runtime/layout_size.h"

/* Set operators answer with a set or frozenset, not with a subclass. */
static struct type *base_kind(struct vm *vm, value set)
{
    return is_instance(vm, set, &frozenset_type) ? &frozenset_type : &set_type;
}

static value set_from(struct vm *vm, struct type *type, value iterable)
{
    value set = set_new(vm, type);
    return set == VALUE_NULL || !set_update(vm, set, iterable) ? VALUE_NULL : set;
}

static value set_intersection(struct vm *vm, value a, value b)
{
    if (a == b)
        return set_copy(vm, a, base_kind(vm, a));
    value result = set_new(vm, base_kind(vm, a));
    if (result == VALUE_NULL)
        return result;
    if (is_any_set(b)) {
        value smaller = b, larger = a;
        if (set_of(b)->used > set_of(a)->used) {
            smaller = a;
            larger = b;
        }
        uint32_t position = 0;
        struct set_entry entry;
        while (set_next_entry(set_of(smaller), &position, &entry)) {
            int found = set_contains_hashed(vm, set_of(larger), entry.key, entry.hash);
            if (found < 0 || (found && !set_add_hashed(vm, set_of(result), entry.key, entry.hash)))
                return VALUE_NULL;
        }
        return result;
    }
    value iterator = get_iterator(vm, b), item;
    if (iterator == VALUE_NULL)
        return iterator;
    while ((item = iterator_next(vm, iterator)) != VALUE_NULL) {
        int64_t hash;
        if (!key_hash(vm, item, &hash))
            return VALUE_NULL;
        int found = set_contains_hashed(vm, set_of(a), item, hash);
        if (found < 0 || (found && !set_add_hashed(vm, set_of(result), item, hash)))
            return VALUE_NULL;
    }
    return vm->pending == VALUE_NULL ? result : VALUE_NULL;
}

static bool set_difference_update(struct vm *vm, value set, value other)
{
    struct set_object *self = set_of(set);
    if (set == other) {
        set_clear(vm, self);
        return true;
    }
    if (is_any_set(other)) {
        /* removing a much larger set: what both have is quicker to find from this side */
        if ((set_of(other)->used >> 3) > self->used && (other = set_intersection(vm, set, other)) == VALUE_NULL)
            return false;
        uint32_t position = 0;
        struct set_entry entry;
        while (set_next_entry(set_of(other), &position, &entry))
            if (set_discard_hashed(vm, self, entry.key, entry.hash) < 0)
                return false;
    } else {
        value iterator = get_iterator(vm, other), item;
        if (iterator == VALUE_NULL)
            return false;
        while ((item = iterator_next(vm, iterator)) != VALUE_NULL) {
            int64_t hash;
            if (!key_hash(vm, item, &hash) || set_discard_hashed(vm, self, item, hash) < 0)
                return false;
        }
        if (vm->pending != VALUE_NULL)
            return false;
    }
    if (self->fill - self->used <= self->mask / 4)
        return true;
    return set_resize(vm, self, self->used > 50000 ? (size_t)self->used * 2 : (size_t)self->used * 4);
}

static value copy_and_subtract(struct vm *vm, value a, value b)
{
    value result = set_copy(vm, a, base_kind(vm, a));
    return result == VALUE_NULL || !set_difference_update(vm, result, b) ? VALUE_NULL : result;
}

static value set_difference(struct vm *vm, value a, value b)
{
    uint32_t other;
    bool dict = is_exact(b, &dict_type);
    if (is_any_set(b))
        other = set_of(b)->used;
    else if (dict)
        other = dict_of(b)->count;
    else
        return copy_and_subtract(vm, a, b);
    if ((set_of(a)->used >> 2) > other)
        return copy_and_subtract(vm, a, b);
    value result = set_new(vm, base_kind(vm, a));
    if (result == VALUE_NULL)
        return result;
    uint32_t position = 0;
    struct set_entry entry;
    while (set_next_entry(set_of(a), &position, &entry)) {
        value ignored;
        int found = dict ? dict_find_hashed(vm, dict_of(b), entry.key, entry.hash, &ignored)
                         : set_contains_hashed(vm, set_of(b), entry.key, entry.hash);
        if (found < 0 || (!found && !set_add_hashed(vm, set_of(result), entry.key, entry.hash)))
            return VALUE_NULL;
    }
    return result;
}

static bool toggle(struct vm *vm, struct set_object *set, value key, int64_t hash)
{
    int discarded = set_discard_hashed(vm, set, key, hash);
    return discarded > 0 || (discarded == 0 && set_add_hashed(vm, set, key, hash));
}

static bool set_symmetric_difference_update(struct vm *vm, value set, value other)
{
    struct set_object *self = set_of(set);
    if (set == other) {
        set_clear(vm, self);
        return true;
    }
    if (is_exact(other, &dict_type)) {
        struct dict_object *dict = dict_of(other);
        for (uint32_t i = 0; i < dict->used; i++)
            if (dict->entries[i].key != VALUE_NULL && !toggle(vm, self, dict->entries[i].key, dict->entries[i].hash))
                return false;
        return true;
    }
    if (!is_any_set(other) && (other = set_from(vm, base_kind(vm, set), other)) == VALUE_NULL)
        return false;
    uint32_t position = 0;
    struct set_entry entry;
    while (set_next_entry(set_of(other), &position, &entry))
        if (!toggle(vm, self, entry.key, entry.hash))
            return false;
    return true;
}

static value set_symmetric_difference(struct vm *vm, value a, value b)
{
    value result = set_from(vm, base_kind(vm, a), b);
    return result == VALUE_NULL || !set_symmetric_difference_update(vm, result, a) ? VALUE_NULL : result;
}

static value set_union(struct vm *vm, value a, value b)
{
    value result = set_copy(vm, a, base_kind(vm, a));
    if (result == VALUE_NULL || a == b)
        return result;
    return set_update(vm, result, b) ? result : VALUE_NULL;
}

value set_binary(struct vm *vm, enum binary_kind kind, value a, value b)
{
    if (!is_any_set(a) || !is_any_set(b))
        return vm->not_implemented;
    if (kind == BINARY_OR)
        return set_union(vm, a, b);
    if (kind == BINARY_AND)
        return set_intersection(vm, a, b);
    return kind == BINARY_SUB ? set_difference(vm, a, b) : set_symmetric_difference(vm, a, b);
}

/* a becomes what b holds */
static void set_take(struct vm *vm, value a, value b)
{
    struct set_object *to = set_of(a), *from = set_of(b);
    to->table = from->table;
    to->fill = from->fill;
    to->used = from->used;
    to->mask = from->mask;
    to->hash = -1;
    to->version++;
    set_clear(vm, from);
}

static bool set_intersection_update(struct vm *vm, value set, value other)
{
    value result = set_intersection(vm, set, other);
    if (result == VALUE_NULL)
        return false;
    set_take(vm, set, result);
    return true;
}

value set_inplace(struct vm *vm, enum binary_kind kind, value a, value b)
{
    if (!is_any_set(b))
        return vm->not_implemented;
    bool good = kind == BINARY_OR    ? set_update(vm, a, b)
                : kind == BINARY_AND ? set_intersection_update(vm, a, b)
                : kind == BINARY_SUB ? set_difference_update(vm, a, b)
                                     : set_symmetric_difference_update(vm, a, b);
    return good ? a : VALUE_NULL;
}

int set_is_subset(struct vm *vm, value a, value b)
{
    if (set_of(a)->used > set_of(b)->used)
        return 0;
    uint32_t position = 0;
    struct set_entry entry;
    while (set_next_entry(set_of(a), &position, &entry)) {
        int found = set_contains_hashed(vm, set_of(b), entry.key, entry.hash);
        if (found <= 0)
            return found;
    }
    return 1;
}

value set_compare(struct vm *vm, value a, value b, enum compare_kind kind)
{
    if (!is_any_set(a) || !is_any_set(b))
        return vm->not_implemented;
    const struct set_object *x = set_of(a), *y = set_of(b);
    int result = 0;
    switch (kind) {
    case COMPARE_EQ:
    case COMPARE_NE:
        if (x->used == y->used && (x->hash == -1 || y->hash == -1 || x->hash == y->hash))
            result = set_is_subset(vm, a, b);
        if (result >= 0 && kind == COMPARE_NE)
            result = !result;
        break;
    case COMPARE_LT:
        result = x->used < y->used ? set_is_subset(vm, a, b) : 0;
        break;
    case COMPARE_LE:
        result = set_is_subset(vm, a, b);
        break;
    case COMPARE_GT:
        result = x->used > y->used ? set_is_subset(vm, b, a) : 0;
        break;
    case COMPARE_GE:
        result = set_is_subset(vm, b, a);
        break;
    }
    return result < 0 ? VALUE_NULL : bool_value(result);
}

/* ---- methods ---- */

#define METHOD(name)                                                                                                   \
    static value name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)

METHOD(method_add)
{
    (void)count, (void)keyword_names;
    return set_add(vm, self, arguments[0]) ? NONE : VALUE_NULL;
}

/* Removes the item; an unhashable set stands for the frozenset it equals. -1, 0, 1 */
static int set_discard_item(struct vm *vm, value set, value item)
{
    int64_t hash;
    if (!key_hash(vm, item, &hash)) {
        if (!has_flag(item, TYPE_SET) || !exception_matches(vm, &exc_TypeError))
            return -1;
        exception_clear(vm);
        item = set_copy(vm, item, &frozenset_type);
        if (item == VALUE_NULL || !key_hash(vm, item, &hash))
            return -1;
    }
    return set_discard_hashed(vm, set_of(set), item, hash);
}

METHOD(method_discard)
{
    (void)count, (void)keyword_names;
    return set_discard_item(vm, self, arguments[0]) < 0 ? VALUE_NULL : NONE;
}

METHOD(method_remove)
{
    (void)count, (void)keyword_names;
    int removed = set_discard_item(vm, self, arguments[0]);
    if (!removed)
        raise_key_error(vm, arguments[0]);
    return removed > 0 ? NONE : VALUE_NULL;
}

METHOD(method_pop)
{
    (void)arguments, (void)count, (void)keyword_names;
    struct set_object *set = set_of(self);
    if (!set->used) {
        value text = string_from_text(vm, "pop from an empty set");
        return text == VALUE_NULL ? text : raise_key_error(vm, text);
    }
    size_t slot = set->finger & set->mask;
    uint64_t probes = 1;
    for (; set->table[slot].key == VALUE_NULL; probes++)
        slot = slot == set->mask ? 0 : slot + 1;
    ADD_WORK(vm, probes, probes);
    value item = set->table[slot].key;
    set->table[slot] = (struct set_entry){-1, VALUE_NULL};
    set->used--;
    set->version++;
    set->finger = (uint32_t)slot + 1;
    return item;
}

METHOD(method_clear)
{
    (void)arguments, (void)count, (void)keyword_names;
    set_clear(vm, set_of(self));
    return NONE;
}

METHOD(method_copy)
{
    (void)arguments, (void)count, (void)keyword_names;
    if (is_exact(self, &frozenset_type))
        return self;
    return set_copy(vm, self, base_kind(vm, self));
}

METHOD(method_update)
{
    if (!check_positional(vm, "update", count, keyword_names, 0, -1))
        return VALUE_NULL;
    for (size_t i = 0; i < count; i++)
        if (!set_update(vm, self, arguments[i]))
            return VALUE_NULL;
    return NONE;
}

METHOD(method_union)
{
    if (!check_positional(vm, "union", count, keyword_names, 0, -1))
        return VALUE_NULL;
    value result = set_copy(vm, self, base_kind(vm, self));
    for (size_t i = 0; result != VALUE_NULL && i < count; i++)
        if (arguments[i] != self && !set_update(vm, result, arguments[i]))
            return VALUE_NULL;
    return result;
}

METHOD(method_intersection)
{
    if (!check_positional(vm, "intersection", count, keyword_names, 0, -1))
        return VALUE_NULL;
    value result = count ? self : set_copy(vm, self, base_kind(vm, self));
    for (size_t i = 0; result != VALUE_NULL && i < count; i++)
        result = set_intersection(vm, result, arguments[i]);
    return result;
}

METHOD(method_intersection_update)
{
    value result = method_intersection(vm, self, arguments, count, keyword_names);
    if (result == VALUE_NULL)
        return result;
    set_take(vm, self, result);
    return NONE;
}

METHOD(method_difference)
{
    if (!check_positional(vm, "difference", count, keyword_names, 0, -1))
        return VALUE_NULL;
    if (!count)
        return set_copy(vm, self, base_kind(vm, self));
    value result = set_difference(vm, self, arguments[0]);
    for (size_t i = 1; result != VALUE_NULL && i < count; i++)
        if (!set_difference_update(vm, result, arguments[i]))
            return VALUE_NULL;
    return result;
}

METHOD(method_difference_update)
{
    if (!check_positional(vm, "difference_update", count, keyword_names, 0, -1))
        return VALUE_NULL;
    for (size_t i = 0; i < count; i++)
        if (!set_difference_update(vm, self, arguments[i]))
            return VALUE_NULL;
    return NONE;
}

METHOD(method_symmetric_difference)
{
    (void)count, (void)keyword_names;
    return set_symmetric_difference(vm, self, arguments[0]);
}

METHOD(method_symmetric_difference_update)
{
    (void)count, (void)keyword_names;
    return set_symmetric_difference_update(vm, self, arguments[0]) ? NONE : VALUE_NULL;
}

METHOD(method_issubset)
{
    (void)count, (void)keyword_names;
    value other = arguments[0];
    if (!is_any_set(other) && (other = set_from(vm, &set_type, other)) == VALUE_NULL)
        return VALUE_NULL;
    int result = set_is_subset(vm, self, other);
    return result < 0 ? VALUE_NULL : bool_value(result);
}

METHOD(method_issuperset)
{
    (void)count, (void)keyword_names;
    if (is_any_set(arguments[0])) {
        int result = set_is_subset(vm, arguments[0], self);
        return result < 0 ? VALUE_NULL : bool_value(result);
    }
    value iterator = get_iterator(vm, arguments[0]), item;
    if (iterator == VALUE_NULL)
        return iterator;
    while ((item = iterator_next(vm, iterator)) != VALUE_NULL) {
        int found = set_contains(vm, self, item);
        if (found <= 0)
            return found < 0 ? VALUE_NULL : FALSE;
    }
    return vm->pending == VALUE_NULL ? TRUE : VALUE_NULL;
}

METHOD(method_isdisjoint)
{
    (void)count, (void)keyword_names;
    value other = arguments[0], item;
    if (other == self)
        return bool_value(!set_of(self)->used);
    bool plain = is_exact(other, &set_type) || is_exact(other, &frozenset_type); /* others may iterate as they like */
    bool plain_self = is_exact(self, &set_type) || is_exact(self, &frozenset_type);
    if (plain && plain_self && set_of(other)->used > set_of(self)->used) {
        value larger = other;
        other = self;
        self = larger;
    }
    value iterator = get_iterator(vm, other);
    if (iterator == VALUE_NULL)
        return iterator;
    while ((item = iterator_next(vm, iterator)) != VALUE_NULL) {
        int64_t hash;
        if (!key_hash(vm, item, &hash))
            return VALUE_NULL;
        int found = set_contains_hashed(vm, set_of(self), item, hash);
        if (found)
            return found < 0 ? VALUE_NULL : FALSE;
    }
    return vm->pending == VALUE_NULL ? TRUE : VALUE_NULL;
}

METHOD(method_reduce)
{
    (void)arguments, (void)count, (void)keyword_names;
    value items = list_from_iterable(vm, self);
    value inner = items == VALUE_NULL ? items : tuple_pack(vm, 1, items);
    if (inner == VALUE_NULL)
        return inner;
    value state = call_method(vm, self, "__getstate__", NULL, 0);
    return state == VALUE_NULL ? state : tuple_pack(vm, 3, type_object_value(value_type(vm, self)), inner, state);
}

METHOD(method_sizeof)
{
    (void)vm, (void)arguments, (void)count, (void)keyword_names;
    const struct set_object *set = set_of(self);
    return small_int(layout_of(value_type(vm, self)).basic + (set->mask > 7 ? 16 * ((int64_t)set->mask + 1) : 0));
}

METHOD(method_contains)
{
    (void)count, (void)keyword_names;
    int found = set_type.contains(vm, self, arguments[0]);
    return found < 0 ? VALUE_NULL : bool_value(found);
}

#define SHARED_METHODS                                                                                                 \
    {"__contains__", "(object, /)", method_contains, METHOD_INSTANCE, "x.__contains__(y) <==> y in x."},               \
    {"copy", "()", method_copy, METHOD_INSTANCE, "Return a shallow copy of a set."},                                   \
    {"difference", NULL, method_difference, METHOD_INSTANCE, "Return the difference of two or more sets as a new set."}, \
    {"intersection", NULL, method_intersection, METHOD_INSTANCE, "Return the intersection of two sets as a new set."}, \
    {"isdisjoint", "(object, /)", method_isdisjoint, METHOD_INSTANCE,                                                  \
     "Return True if two sets have a null intersection."},                                                             \
    {"issubset", "(object, /)", method_issubset, METHOD_INSTANCE, "Report whether another set contains this set."},    \
    {"issuperset", "(object, /)", method_issuperset, METHOD_INSTANCE, "Report whether this set contains another set."}, \
    {"symmetric_difference", "(object, /)", method_symmetric_difference, METHOD_INSTANCE,                              \
     "Return the symmetric difference of two sets as a new set."},                                                     \
    {"union", NULL, method_union, METHOD_INSTANCE, "Return the union of sets as a new set."},                          \
    {"__reduce__", "()", method_reduce, METHOD_INSTANCE, "Return state information for pickling."},                    \
    {"__sizeof__", "()", method_sizeof, METHOD_INSTANCE, "S.__sizeof__() -> size of S in memory, in bytes"},           \
    CLASS_GETITEM

const struct method_definition frozenset_methods[] = {
    SHARED_METHODS,
    {NULL, NULL, NULL, 0, NULL},
};

const struct method_definition set_methods[] = {
    {"add", "(object, /)", method_add, METHOD_INSTANCE, "Add an element to a set."},
    {"clear", "()", method_clear, METHOD_INSTANCE, "Remove all elements from this set."},
    {"discard", "(object, /)", method_discard, METHOD_INSTANCE, "Remove an element from a set if it is a member."},
    {"remove", "(object, /)", method_remove, METHOD_INSTANCE, "Remove an element from a set; it must be a member."},
    {"pop", "()", method_pop, METHOD_INSTANCE, "Remove and return an arbitrary set element."},
    {"update", NULL, method_update, METHOD_INSTANCE, "Update a set with the union of itself and others."},
    {"difference_update", NULL, method_difference_update, METHOD_INSTANCE,
     "Remove all elements of another set from this set."},
    {"intersection_update", NULL, method_intersection_update, METHOD_INSTANCE,
     "Update a set with the intersection of itself and another."},
    {"symmetric_difference_update", "(object, /)", method_symmetric_difference_update, METHOD_INSTANCE,
     "Update a set with the symmetric difference of itself and another."},
    SHARED_METHODS,
    {NULL, NULL, NULL, 0, NULL},
};
