/* set.c - set and frozenset: the hash table, with CPython's sizes, probe order (runs of linear probes, then a perturbed jump)
 * and reuse of deleted slots, so that iteration order is CPython's. The algebra is in set_operations.c.
 *
 * A slot is free when its key is VALUE_NULL and its hash 0, deleted when its key is VALUE_NULL and its hash -1 (which no
 * object has). A set without storage has a mask of MINIMUM_SIZE - 1 and no table.
 */
#include "sim/runtime/container.h"
#include "sim/runtime/iterator.h"

enum { MINIMUM_SIZE = 8, LINEAR_PROBES = 9, PERTURB_SHIFT = 5, DELETED_HASH = -1 };

static struct set_entry *table_new(struct vm *vm, size_t size)
{
    struct set_entry *table = gc_storage(vm, size * sizeof(struct set_entry));
    for (size_t i = 0; table && i < size; i++)
        table[i].key = VALUE_NULL;
    return table;
}

static value set_of_type(struct vm *vm, struct type *type)
{
    struct set_object *set = instance_allocate(vm, type, sizeof(struct set_object));
    if (!set)
        return VALUE_NULL;
    set->mask = MINIMUM_SIZE - 1;
    set->hash = -1;
    return object_value(set);
}

value set_new(struct vm *vm, struct type *type)
{
    return set_of_type(vm, type);
}

/* Puts a key into a table that has no deleted slots and not the key. */
static void table_insert(struct set_entry *table, size_t mask, value key, int64_t hash)
{
    uint64_t perturb = (uint64_t)hash;
    size_t slot = perturb & mask;
    for (;;) {
        size_t run = slot + LINEAR_PROBES <= mask ? LINEAR_PROBES : 0;
        for (size_t i = 0; i <= run; i++) {
            if (table[slot + i].key == VALUE_NULL) {
                table[slot + i] = (struct set_entry){hash, key};
                return;
            }
        }
        perturb >>= PERTURB_SHIFT;
        slot = (slot * 5 + 1 + perturb) & mask;
    }
}

bool set_resize(struct vm *vm, struct set_object *set, size_t minimum)
{
    size_t size = MINIMUM_SIZE;
    while (size <= minimum)
        size <<= 1;
    if (size > (size_t)1 << 31) {
        raise_no_memory(vm);
        return false;
    }
    struct set_entry *table = table_new(vm, size);
    if (!table)
        return false;
    if (set->table) {
        for (size_t i = 0; i <= set->mask; i++)
            if (set->table[i].key != VALUE_NULL)
                table_insert(table, size - 1, set->table[i].key, set->table[i].hash);
    }
    set->table = table; /* the old one may be under someone's search: the collector frees it */
    set->mask = (uint32_t)(size - 1);
    set->fill = set->used;
    set->version++;
    return true;
}

/* Searches. SET_FOUND: *found is the entry. SET_FREE: absent; *found is where it would go, the last deleted slot passed if
 * any. Comparing may run Python code that changes the set: then the search starts again. */
static enum set_probe set_search(struct vm *vm, struct set_object *set, value key, int64_t hash, struct set_entry **found,
                                 uint64_t *probes)
{
restart:;
    if (!set->table) { /* cleared by a comparison */
        *found = NULL;
        return SET_FREE;
    }
    size_t mask = set->mask;
    uint64_t perturb = (uint64_t)hash;
    size_t slot = perturb & mask;
    struct set_entry *deleted = NULL, *table = set->table;
    for (;;) {
        size_t run = slot + LINEAR_PROBES <= mask ? LINEAR_PROBES : 0;
        for (struct set_entry *entry = &table[slot], *end = entry + run; entry <= end; entry++) {
            ++*probes;
            if (entry->key == VALUE_NULL) {
                if (entry->hash == 0) {
                    *found = deleted ? deleted : entry;
                    return SET_FREE;
                }
                deleted = entry;
                continue;
            }
            if (entry->hash != hash)
                continue;
            value stored = entry->key;
            int equal = key_equal_simply(stored, key);
            if (equal < 0) {
                equal = values_equal(vm, stored, key);
                if (equal < 0)
                    return SET_ERROR;
                if (table != set->table || entry->key != stored)
                    goto restart;
            }
            if (equal) {
                *found = entry;
                return SET_FOUND;
            }
        }
        perturb >>= PERTURB_SHIFT;
        slot = (slot * 5 + 1 + perturb) & mask;
    }
}

int set_contains_hashed(struct vm *vm, struct set_object *set, value key, int64_t hash)
{
    if (!set->table) {
        ADD_WORK(vm, probes, 1);
        return 0;
    }
    struct set_entry *entry;
    uint64_t probes = 0;
    enum set_probe result = set_search(vm, set, key, hash, &entry, &probes);
    ADD_WORK(vm, probes, probes);
    return result == SET_ERROR ? -1 : result == SET_FOUND;
}

bool set_add_hashed(struct vm *vm, struct set_object *set, value key, int64_t hash)
{
    if (!set->table && !(set->table = table_new(vm, (size_t)set->mask + 1)))
        return false;
    struct set_entry *entry;
    uint64_t probes = 0;
    enum set_probe result = set_search(vm, set, key, hash, &entry, &probes);
    ADD_WORK(vm, probes, probes);
    if (result != SET_FREE)
        return result == SET_FOUND;
    if (!entry)
        return set_add_hashed(vm, set, key, hash);
    bool reused = entry->hash == DELETED_HASH;
    *entry = (struct set_entry){hash, key};
    set->used++;
    set->version++;
    if (reused)
        return true;
    set->fill++;
    if ((uint64_t)set->fill * 5 < (uint64_t)set->mask * 3)
        return true;
    return set_resize(vm, set, set->used > 50000 ? (size_t)set->used * 2 : (size_t)set->used * 4);
}

int set_discard_hashed(struct vm *vm, struct set_object *set, value key, int64_t hash)
{
    if (!set->table) {
        ADD_WORK(vm, probes, 1);
        return 0;
    }
    struct set_entry *entry;
    uint64_t probes = 0;
    enum set_probe result = set_search(vm, set, key, hash, &entry, &probes);
    ADD_WORK(vm, probes, probes);
    if (result != SET_FOUND)
        return result == SET_ERROR ? -1 : 0;
    *entry = (struct set_entry){DELETED_HASH, VALUE_NULL};
    set->used--;
    set->version++;
    return 1;
}

bool set_add(struct vm *vm, value set, value item)
{
    int64_t hash;
    return key_hash(vm, item, &hash) && set_add_hashed(vm, set_of(set), item, hash);
}

/* The hash to look `item` up with: an unhashable set is looked up as the frozenset it equals, put into *item. */
static bool lookup_hash(struct vm *vm, value *item, int64_t *hash)
{
    if (key_hash(vm, *item, hash))
        return true;
    if (!has_flag(*item, TYPE_SET) || !is_instance(vm, *item, &set_type) || !exception_matches(vm, &exc_TypeError))
        return false;
    exception_clear(vm);
    *item = set_copy(vm, *item, &frozenset_type);
    return *item != VALUE_NULL && key_hash(vm, *item, hash);
}

int set_contains(struct vm *vm, value set, value item)
{
    int64_t hash;
    if (!lookup_hash(vm, &item, &hash))
        return -1;
    return set_contains_hashed(vm, set_of(set), item, hash);
}

bool set_next_entry(struct set_object *set, uint32_t *position, struct set_entry *entry)
{
    if (!set->table)
        return false;
    for (; *position <= set->mask; ++*position) {
        if (set->table[*position].key != VALUE_NULL) {
            *entry = set->table[(*position)++];
            return true;
        }
    }
    return false;
}

bool set_next(struct set_object *set, uint32_t *position, value *item)
{
    struct set_entry entry;
    if (!set_next_entry(set, position, &entry))
        return false;
    *item = entry.key;
    return true;
}

void set_clear(struct vm *vm, struct set_object *set)
{
    (void)vm;
    set->table = NULL;
    set->fill = set->used = set->finger = 0;
    set->mask = MINIMUM_SIZE - 1;
    set->hash = -1;
    set->version++;
}

/* ---- update ---- */

static bool set_merge(struct vm *vm, struct set_object *set, struct set_object *other)
{
    if (other == set || !other->used)
        return true;
    if (((uint64_t)set->fill + other->used) * 5 >= (uint64_t)set->mask * 3 &&
        !set_resize(vm, set, ((size_t)set->used + other->used) * 2))
        return false;
    if (!set->table && !(set->table = table_new(vm, (size_t)set->mask + 1)))
        return false;
    uint32_t position = 0;
    struct set_entry entry;
    ADD_WORK(vm, items, other->used);
    if (set->fill == 0) {
        if (set->mask == other->mask && other->fill == other->used)
            memcpy(set->table, other->table, ((size_t)set->mask + 1) * sizeof(struct set_entry));
        else
            while (set_next_entry(other, &position, &entry))
                table_insert(set->table, set->mask, entry.key, entry.hash);
        set->fill = set->used = other->used;
        set->version++;
        return true;
    }
    while (set_next_entry(other, &position, &entry))
        if (!set_add_hashed(vm, set, entry.key, entry.hash))
            return false;
    return true;
}

static bool set_update_from_dict(struct vm *vm, struct set_object *set, struct dict_object *dict)
{
    if (((uint64_t)set->fill + dict->count) * 5 >= (uint64_t)set->mask * 3 &&
        !set_resize(vm, set, ((size_t)set->used + dict->count) * 2))
        return false;
    for (uint32_t i = 0; i < dict->used; i++) {
        struct dict_entry entry = dict->entries[i];
        if (entry.key != VALUE_NULL && !set_add_hashed(vm, set, entry.key, entry.hash))
            return false;
    }
    return true;
}

/* Takes what a generator yields as long as comparing runs no Python code and the table need not grow. */
struct set_consumer {
    struct consumer consumer;
    struct vm *vm;
    struct set_object *set;
    uint64_t *work; /* of who fills the set, not of the generator */
    uint32_t version; /* the set's, when this last added to it: the generator may do so as well */
    bool simple;      /* the set holds only simple keys */
};
static bool set_accept(struct consumer *consumer, value item)
{
    struct set_consumer *self = (struct set_consumer *)consumer;
    struct set_object *set = self->set;
    int64_t hash;
    self->simple &= key_is_simple(item) && set->version == self->version;
    if (!self->simple || !set->table || ((uint64_t)set->fill + 1) * 5 >= (uint64_t)set->mask * 3)
        return false;
    uint64_t *work = self->vm->work;
    self->vm->work = self->work;
    bool added = key_hash(self->vm, item, &hash) && set_add_hashed(self->vm, set, item, hash);
    self->vm->work = work;
    self->version = set->version;
    return added;
}

/* Costs what iterating over the list does, but makes no iterator. */
static bool set_update_from_list(struct vm *vm, value set, const struct list_object *list)
{
    ADD_WORK(vm, objects, 1);
    ADD_WORK(vm, bytes, sizeof(struct list_iterator));
    for (uint32_t i = 0; i < list->length; i++) /* comparing may change it */
        if (!set_add(vm, set, list->items[i]))
            return false;
    return true;
}

bool set_update(struct vm *vm, value set, value iterable)
{
    if (is_exact(iterable, &list_type))
        return set_update_from_list(vm, set, list_of(iterable));
    if (is_any_set(iterable))
        return set_merge(vm, set_of(set), set_of(iterable));
    if (is_exact(iterable, &dict_type))
        return set_update_from_dict(vm, set_of(set), dict_of(iterable));
    value iterator = get_iterator(vm, iterable);
    if (iterator == VALUE_NULL)
        return false;
    struct set_consumer consumer = {{set_accept}, vm, set_of(set), vm->work, set_of(set)->version,
                                    !set_of(set)->used};
    value item;
    while ((item = iterator_drain(vm, iterator, &consumer.consumer)) != VALUE_NULL) {
        consumer.simple &= key_is_simple(item) && set_of(set)->version == consumer.version;
        if (!set_add(vm, set, item))
            return false;
        consumer.version = set_of(set)->version;
    }
    return vm->pending == VALUE_NULL;
}

value set_copy(struct vm *vm, value set, struct type *type)
{
    value copy = set_of_type(vm, type);
    return copy == VALUE_NULL || !set_merge(vm, set_of(copy), set_of(set)) ? VALUE_NULL : copy;
}

/* ---- slots ---- */

static int64_t set_length(struct vm *vm, value self)
{
    (void)vm;
    return set_of(self)->used;
}

static uint64_t shuffle_bits(uint64_t hash)
{
    return ((hash ^ 89869747u) ^ (hash << 16)) * 3644798167u;
}

/* CPython's order-independent hash: free and deleted slots enter as they do there, cancelling out. */
static bool frozenset_hash(struct vm *vm, value self, int64_t *result)
{
    struct set_object *set = set_of(self);
    (void)vm;
    if (set->hash == -1) {
        uint64_t hash = 0;
        uint32_t position = 0;
        struct set_entry entry;
        while (set_next_entry(set, &position, &entry))
            hash ^= shuffle_bits((uint64_t)entry.hash);
        hash ^= ((uint64_t)set->used + 1) * 1927868237u;
        hash ^= (hash >> 11) ^ (hash >> 25);
        hash = hash * 69069u + 907133923u;
        set->hash = hash == UINT64_MAX ? 590923713 : (int64_t)hash;
    }
    *result = set->hash;
    return true;
}

static value set_repr(struct vm *vm, value self)
{
    const char *name = value_type(vm, self)->name;
    if (!set_of(self)->used)
        return string_printf(vm, "%s()", name);
    struct repr_guard guard;
    enum repr_state state = repr_enter(vm, &guard, self);
    if (state != REPR_FIRST)
        return state == REPR_AGAIN ? string_printf(vm, "%s(...)", name) : VALUE_NULL;
    struct string_builder builder = {0};
    bool plain = is_exact(self, &set_type);
    if (!plain) {
        string_builder_add_text(&builder, name);
        string_builder_add(&builder, '(');
    }
    value items = list_from_iterable(vm, self);
    bool good = items != VALUE_NULL;
    string_builder_add(&builder, '{');
    for (uint32_t i = 0; good && i < list_of(items)->length; i++) {
        if (i)
            string_builder_add_text(&builder, ", ");
        good = builder_add_repr(vm, &builder, list_of(items)->items[i]);
    }
    repr_leave(vm, &guard);
    if (!good)
        return builder_abandon(&builder);
    string_builder_add_text(&builder, plain ? "}" : "})");
    return string_builder_finish(vm, &builder);
}

/* ---- iterator ---- */

struct set_iterator {
    struct object head;
    value set;                   /* VALUE_NULL: exhausted */
    uint32_t position, used;     /* used: UINT32_MAX when the set changed */
    uint32_t remaining, reserved;
};

extern struct type set_iterator_type;

static value set_iter(struct vm *vm, value self)
{
    struct set_iterator *iterator = gc_object_inline(vm, sizeof(struct set_iterator), &set_iterator_type.shape);
    if (!iterator)
        return VALUE_NULL;
    iterator->set = self;
    iterator->used = iterator->remaining = set_of(self)->used;
    return object_value(iterator);
}

static value set_iterator_next(struct vm *vm, value self)
{
    struct set_iterator *iterator = (struct set_iterator *)value_object(self);
    if (iterator->set == VALUE_NULL)
        return VALUE_NULL;
    struct set_object *set = set_of(iterator->set);
    if (set->used != iterator->used) {
        iterator->used = UINT32_MAX;
        return raise_error(vm, &exc_RuntimeError, "Set changed size during iteration");
    }
    value item;
    if (set_next(set, &iterator->position, &item)) {
        iterator->remaining--;
        return item;
    }
    iterator->set = VALUE_NULL;
    return VALUE_NULL;
}

static value set_iterator_hint(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)vm, (void)arguments, (void)count, (void)keyword_names;
    const struct set_iterator *iterator = (struct set_iterator *)value_object(self);
    if (iterator->set == VALUE_NULL || set_of(iterator->set)->used != iterator->used)
        return small_int(0);
    return small_int(iterator->remaining);
}

static value set_iterator_reduce(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    return iterator_rest_reduced(vm, self, sizeof(struct set_iterator));
}

bool set_iterator_next_entry(value iterator, value *set, uint32_t *number)
{
    if (!is_exact(iterator, &set_iterator_type))
        return false;
    const struct set_iterator *position = (const struct set_iterator *)value_object(iterator);
    *set = position->set;
    *number = position->position;
    return *set != VALUE_NULL && set_of(*set)->table && *number <= set_of(*set)->mask;
}

static const struct method_definition set_iterator_methods[] = {
    {"__reduce__", "()", set_iterator_reduce, METHOD_INSTANCE, "Return state information for pickling."},
    {"__length_hint__", "()", set_iterator_hint, METHOD_INSTANCE, "Private method returning an estimate of len(list(it))."},
    {NULL, NULL, NULL, 0, NULL},
};

static void set_iterator_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct set_iterator *)object)->set);
}

struct type set_iterator_type = {
    .name = "set_iterator",
    .flags = TYPE_GETATTR_PLAIN,
    .instance_size = sizeof(struct set_iterator),
    .methods = set_iterator_methods,
    .trace = set_iterator_trace,
    .iter = iterator_self,
    .next = set_iterator_next,
};

/* ---- construction and types ---- */

static value set_new_slot(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    return set_of_type(vm, type);
}

static bool set_init(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    if (!check_positional(vm, "set", count, keyword_names, 0, 1))
        return false;
    if (set_of(self)->fill)
        set_clear(vm, set_of(self));
    set_of(self)->hash = -1;
    return !count || set_update(vm, self, arguments[0]);
}

static value frozenset_new_slot(struct vm *vm, struct type *type, const value *arguments, size_t count,
                                value keyword_names)
{
    if (type->init != frozenset_type.init)
        keyword_names = VALUE_NULL; /* a subclass's __init__ may take its own */
    if (!check_positional(vm, "frozenset", count, keyword_names, 0, 1))
        return VALUE_NULL;
    if (count && type == &frozenset_type && is_exact(arguments[0], &frozenset_type))
        return arguments[0];
    value set = set_of_type(vm, type);
    if (set == VALUE_NULL || (count && !set_update(vm, set, arguments[0])))
        return VALUE_NULL;
    return set;
}

static void set_trace(struct vm *vm, struct object *object)
{
    struct set_object *set = (struct set_object *)object;
    if (!set->table)
        return;
    gc_mark_storage(vm, set->table);
    for (size_t i = 0; i <= set->mask; i++)
        if (set->table[i].key != VALUE_NULL)
            gc_mark(vm, set->table[i].key);
}

static value set_or(struct vm *vm, value a, value b)
{
    return set_binary(vm, BINARY_OR, a, b);
}
static value set_and(struct vm *vm, value a, value b)
{
    return set_binary(vm, BINARY_AND, a, b);
}
static value set_subtract(struct vm *vm, value a, value b)
{
    return set_binary(vm, BINARY_SUB, a, b);
}
static value set_xor(struct vm *vm, value a, value b)
{
    return set_binary(vm, BINARY_XOR, a, b);
}
static value set_inplace_or(struct vm *vm, value a, value b)
{
    return set_inplace(vm, BINARY_OR, a, b);
}
static value set_inplace_and(struct vm *vm, value a, value b)
{
    return set_inplace(vm, BINARY_AND, a, b);
}
static value set_inplace_subtract(struct vm *vm, value a, value b)
{
    return set_inplace(vm, BINARY_SUB, a, b);
}
static value set_inplace_xor(struct vm *vm, value a, value b)
{
    return set_inplace(vm, BINARY_XOR, a, b);
}

#define SET_SLOTS                                                                                                      \
    .flags = TYPE_SUBCLASSABLE | TYPE_SET | TYPE_GETATTR_PLAIN, .instance_size = sizeof(struct set_object),            \
    .trace = set_trace, .repr = set_repr, .compare = set_compare, .iter = set_iter, .length = set_length,              \
    .contains = set_contains, .binary[BINARY_OR] = set_or, .binary[BINARY_AND] = set_and,                              \
    .binary[BINARY_SUB] = set_subtract, .binary[BINARY_XOR] = set_xor

struct type set_type = {
    .name = "set",
    SET_SLOTS,
    .doc = "set() -> new empty set object\nset(iterable) -> new set object\n\nBuild an unordered collection of unique elements.",
    .methods = set_methods,
    .new = set_new_slot,
    .init = set_init,
    .inplace[BINARY_OR] = set_inplace_or,
    .inplace[BINARY_AND] = set_inplace_and,
    .inplace[BINARY_SUB] = set_inplace_subtract,
    .inplace[BINARY_XOR] = set_inplace_xor,
};

struct type frozenset_type = {
    .name = "frozenset",
    SET_SLOTS,
    .doc = "frozenset() -> empty frozenset object\nfrozenset(iterable) -> frozenset object\n\n"
           "Build an immutable unordered collection of unique elements.",
    .methods = frozenset_methods,
    .new = frozenset_new_slot,
    .hash = frozenset_hash,
};

void set_types_ready(struct vm *vm)
{
    type_ready(vm, &set_iterator_type);
}
