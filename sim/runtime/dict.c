/* dict.c - dictionaries: a dense table of entries in insertion order, and an index of 1, 2 or 4 byte numbers into it that is
 * probed with CPython's perturbed sequence; same sizes and growth. An empty dict has no storage at all. Views and iterators
 * are in dict_views.c.
 */
#include "sim/runtime/container.h"
#include "sim/runtime/layout_size.h"

enum { INDEX_FREE = -1, INDEX_DELETED = -2, MINIMUM_BITS = 3, PERTURB_SHIFT = 5 };

static inline size_t index_bytes(unsigned bits)
{
    return bits < 8 ? (size_t)1 << bits : bits < 16 ? (size_t)2 << bits : (size_t)4 << bits;
}

static inline int64_t index_at(const struct dict_object *dict, size_t slot)
{
    if (dict->index_bits < 8)
        return ((const int8_t *)dict->index)[slot];
    if (dict->index_bits < 16)
        return ((const int16_t *)dict->index)[slot];
    return ((const int32_t *)dict->index)[slot];
}

static inline void index_store(struct dict_object *dict, size_t slot, int64_t entry)
{
    if (dict->index_bits < 8)
        ((int8_t *)dict->index)[slot] = (int8_t)entry;
    else if (dict->index_bits < 16)
        ((int16_t *)dict->index)[slot] = (int16_t)entry;
    else
        ((int32_t *)dict->index)[slot] = (int32_t)entry;
}

static inline uint32_t usable_entries(unsigned bits)
{
    return (uint32_t)(((uint64_t)1 << bits << 1) / 3);
}

/* log2 of the smallest index of at least `size` slots */
static unsigned bits_for(uint64_t size)
{
    unsigned bits = MINIMUM_BITS;
    while (((uint64_t)1 << bits) < size)
        bits++;
    return bits;
}

static inline void bindings_changed(struct vm *vm, struct dict_object *dict)
{
    if (!dict->watched)
        return;
    vm->dict_version += dict->watched & DICT_NAMESPACE;
    dict->watched &= DICT_NAMESPACE;
}

/* Puts the entries in order into a fresh index of 2^bits slots. */
static void index_fill(struct dict_object *dict)
{
    size_t mask = ((size_t)1 << dict->index_bits) - 1;
    for (uint32_t i = 0; i < dict->used; i++) {
        uint64_t perturb = (uint64_t)dict->entries[i].hash;
        size_t slot = perturb & mask;
        while (index_at(dict, slot) != INDEX_FREE) {
            perturb >>= PERTURB_SHIFT;
            slot = (slot * 5 + perturb + 1) & mask;
        }
        index_store(dict, slot, i);
    }
}

/* Room for more entries, which stay where they are if the allocator can. Counted as if it was new storage. */
static struct dict_entry *entries_grow(struct vm *vm, struct dict_object *dict, uint32_t capacity)
{
    size_t old_size = dict->capacity * sizeof(struct dict_entry);
    struct dict_entry *entries = gc_resize_storage(vm, dict->entries, old_size, capacity * sizeof(struct dict_entry));
    if (entries) {
        dict->entries = entries;
        ADD_WORK(vm, bytes, old_size);
    }
    return entries;
}

static struct dict_entry *entries_compact(struct vm *vm, struct dict_object *dict, uint32_t capacity)
{
    struct dict_entry *entries = gc_storage(vm, capacity * sizeof(struct dict_entry));
    uint32_t kept = 0;
    for (uint32_t i = 0; entries && i < dict->used; i++)
        if (dict->entries[i].key != VALUE_NULL)
            entries[kept++] = dict->entries[i];
    return entries;
}

static bool dict_resize(struct vm *vm, struct dict_object *dict, unsigned bits)
{
    if (bits > 31) {
        raise_no_memory(vm);
        return false;
    }
    uint32_t capacity = usable_entries(bits);
    bool large = dict->capacity * sizeof(struct dict_entry) > GC_SMALL_MAX;
    bool grows = large && dict->count == dict->used && capacity > dict->capacity;
    struct dict_entry *entries = grows ? entries_grow(vm, dict, capacity) : entries_compact(vm, dict, capacity);
    if (!entries)
        return false;
    void *index = gc_storage(vm, index_bytes(bits));
    if (!index)
        return false;
    memset(index, 0xff, index_bytes(bits));
    if (dict->capacity && !grows)
        gc_free_storage(vm, dict->entries, dict->capacity * sizeof(struct dict_entry));
    if (dict->capacity)
        gc_free_storage(vm, dict->index, index_bytes(dict->index_bits));
    dict->entries = entries;
    dict->index = index;
    dict->index_bits = (uint8_t)bits;
    dict->capacity = capacity;
    dict->used = dict->count;
    dict->version++;
    index_fill(dict);
    return true;
}

/* ---- look-up ---- */

/* Looks for the key. Returns the entry's number, INDEX_FREE when absent (-1), -3 on error; *slot is where the index refers to
 * it. Comparing may run Python code that changes the dict: then the search starts again. */
enum { LOOKUP_FAILED = -3 };
static int64_t dict_lookup(struct vm *vm, struct dict_object *dict, value key, int64_t hash, size_t *slot_found,
                           uint64_t *probes)
{
restart:
    if (!dict->capacity)
        return INDEX_FREE;
    size_t mask = ((size_t)1 << dict->index_bits) - 1;
    uint64_t perturb = (uint64_t)hash;
    size_t slot = perturb & mask;
    for (;;) {
        int64_t number = index_at(dict, slot);
        ++*probes;
        if (number == INDEX_FREE)
            return INDEX_FREE;
        if (number >= 0) {
            struct dict_entry *entry = &dict->entries[number];
            if (entry->key == key) {
                *slot_found = slot;
                return number;
            }
            if (entry->hash == hash) {
                value stored = entry->key;
                int equal = key_equal_simply(stored, key);
                if (equal < 0) {
                    struct dict_entry *entries = dict->entries;
                    equal = values_equal(vm, stored, key);
                    if (equal < 0)
                        return LOOKUP_FAILED;
                    if (entries != dict->entries || entry->key != stored)
                        goto restart;
                }
                if (equal) {
                    *slot_found = slot;
                    return number;
                }
            }
        }
        perturb >>= PERTURB_SHIFT;
        slot = (slot * 5 + perturb + 1) & mask;
    }
}

/* Keys of which hashes are equal. Of tuples the hash is taken for all. */
static bool is_same_plainly(value stored, value key)
{
    int equal = key_equal_simply(stored, key);
    return equal < 0 ? is_exact(stored, &tuple_type) && is_exact(key, &tuple_type) : equal;
}

int64_t dict_entry_number(const struct dict_object *dict, value key, int64_t hash)
{
    size_t mask = ((size_t)1 << dict->index_bits) - 1;
    uint64_t perturb = (uint64_t)hash;
    size_t slot = perturb & mask;
    while (dict->capacity) {
        int64_t number = index_at(dict, slot);
        if (number == INDEX_FREE)
            break;
        const struct dict_entry *entry = number < 0 ? NULL : &dict->entries[number];
        if (entry && (entry->key == key || (entry->hash == hash && is_same_plainly(entry->key, key))))
            return number;
        perturb >>= PERTURB_SHIFT;
        slot = (slot * 5 + perturb + 1) & mask;
    }
    return INDEX_FREE;
}

int dict_find_hashed(struct vm *vm, struct dict_object *dict, value key, int64_t hash, value *item)
{
    size_t slot;
    uint64_t probes = 0;
    int64_t number = dict_lookup(vm, dict, key, hash, &slot, &probes);
    ADD_WORK(vm, probes, probes);
    if (number < 0)
        return number == LOOKUP_FAILED ? -1 : 0;
    *item = dict->entries[number].item;
    return 1;
}

int dict_find(struct vm *vm, struct dict_object *dict, value key, value *item)
{
    int64_t hash;
    if (!key_hash(vm, key, &hash))
        return -1;
    return dict_find_hashed(vm, dict, key, hash, item);
}

/* Adds a key that is known to be absent. */
static bool dict_add_entry(struct vm *vm, struct dict_object *dict, value key, int64_t hash, value item)
{
    if (dict->used == dict->capacity) {
        unsigned bits = dict->capacity ? bits_for((uint64_t)dict->count * 3) : MINIMUM_BITS;
        if (!dict_resize(vm, dict, bits))
            return false;
    }
    if (!dict->used)
        dict->flags |= DICT_STRING_KEYS;
    if (!is_exact(key, &string_type))
        dict->flags &= (uint16_t)~DICT_STRING_KEYS;
    size_t mask = ((size_t)1 << dict->index_bits) - 1;
    uint64_t perturb = (uint64_t)hash;
    size_t slot = perturb & mask;
    while (index_at(dict, slot) >= 0) {
        perturb >>= PERTURB_SHIFT;
        slot = (slot * 5 + perturb + 1) & mask;
    }
    index_store(dict, slot, dict->used);
    dict->entries[dict->used] = (struct dict_entry){hash, key, item};
    dict->used++;
    dict->count++;
    dict->version++;
    bindings_changed(vm, dict);
    return true;
}

static bool dict_store(struct vm *vm, struct dict_object *dict, value key, int64_t hash, value item, uint64_t *probes)
{
    size_t slot;
    int64_t number = dict_lookup(vm, dict, key, hash, &slot, probes);
    if (number == LOOKUP_FAILED)
        return false;
    if (number < 0)
        return dict_add_entry(vm, dict, key, hash, item);
    if (dict->entries[number].item != item) {
        dict->entries[number].item = item;
        bindings_changed(vm, dict);
    }
    return true;
}

bool dict_set_hashed(struct vm *vm, struct dict_object *dict, value key, int64_t hash, value item)
{
    uint64_t probes = 0;
    bool stored = dict_store(vm, dict, key, hash, item, &probes);
    ADD_WORK(vm, probes, probes);
    return stored;
}

bool dict_set(struct vm *vm, struct dict_object *dict, value key, value item)
{
    int64_t hash;
    return key_hash(vm, key, &hash) && dict_set_hashed(vm, dict, key, hash, item);
}

static void dict_remove_entry(struct vm *vm, struct dict_object *dict, size_t slot, int64_t number)
{
    index_store(dict, slot, INDEX_DELETED);
    dict->entries[number].key = dict->entries[number].item = VALUE_NULL;
    dict->count--;
    dict->version++;
    bindings_changed(vm, dict);
}

int dict_delete_hashed(struct vm *vm, struct dict_object *dict, value key, int64_t hash, value *item)
{
    size_t slot = 0;
    uint64_t probes = 0;
    int64_t number = dict_lookup(vm, dict, key, hash, &slot, &probes);
    ADD_WORK(vm, probes, probes);
    if (number < 0)
        return number == LOOKUP_FAILED ? -1 : 0;
    *item = dict->entries[number].item;
    dict_remove_entry(vm, dict, slot, number);
    return 1;
}

int dict_delete(struct vm *vm, struct dict_object *dict, value key)
{
    int64_t hash;
    value item;
    if (!key_hash(vm, key, &hash))
        return -1;
    return dict_delete_hashed(vm, dict, key, hash, &item);
}

/* ---- by name: nothing is counted, no Python code runs ---- */

static int64_t dict_lookup_name(struct dict_object *dict, value name)
{
    if (!dict->count)
        return INDEX_FREE;
    int64_t hash = string_hash_of(string_of(name));
    size_t mask = ((size_t)1 << dict->index_bits) - 1;
    uint64_t perturb = (uint64_t)hash;
    for (size_t slot = perturb & mask;; slot = (slot * 5 + perturb + 1) & mask) {
        int64_t number = index_at(dict, slot);
        if (number == INDEX_FREE)
            return INDEX_FREE;
        if (number >= 0) {
            const struct dict_entry *entry = &dict->entries[number];
            if (entry->key == name)
                return number;
            if (entry->hash == hash && has_flag(entry->key, TYPE_STRING) && string_equal(entry->key, name))
                return number;
        }
        perturb >>= PERTURB_SHIFT;
    }
}

value dict_get_interned(struct dict_object *dict, value name)
{
    int64_t number = dict_lookup_name(dict, name);
    return number < 0 ? VALUE_NULL : dict->entries[number].item;
}

bool dict_set_interned(struct vm *vm, struct dict_object *dict, value name, value item)
{
    int64_t number = dict_lookup_name(dict, name);
    if (number < 0)
        return dict_add_entry(vm, dict, name, string_hash_of(string_of(name)), item);
    if (dict->entries[number].item != item) {
        dict->entries[number].item = item;
        bindings_changed(vm, dict);
    }
    return true;
}

value dict_get_text(struct vm *vm, struct dict_object *dict, const char *name)
{
    value key = intern_text(vm, name);
    return key == VALUE_NULL ? key : dict_get_interned(dict, key);
}

bool dict_set_text(struct vm *vm, struct dict_object *dict, const char *name, value item)
{
    value key = intern_text(vm, name);
    return key != VALUE_NULL && dict_set_interned(vm, dict, key, item);
}

/* ---- whole dicts ---- */

value dict_of_type(struct vm *vm, struct type *type)
{
    struct dict_object *dict = instance_allocate(vm, type, sizeof(struct dict_object));
    if (!dict)
        return VALUE_NULL;
    dict->flags = DICT_STRING_KEYS;
    return object_value(dict);
}

value dict_new(struct vm *vm)
{
    struct dict_object *dict = gc_object_inline(vm, sizeof(struct dict_object), &dict_type.shape);
    if (!dict)
        return VALUE_NULL;
    dict->flags = DICT_STRING_KEYS;
    return object_value(dict);
}

bool dict_next(struct dict_object *dict, uint32_t *position, value *key, value *item)
{
    for (; *position < dict->used; ++*position) {
        const struct dict_entry *entry = &dict->entries[*position];
        if (entry->key != VALUE_NULL) {
            *key = entry->key;
            *item = entry->item;
            ++*position;
            return true;
        }
    }
    return false;
}

void dict_clear(struct vm *vm, struct dict_object *dict)
{
    /* iterators over it may be holding the storage's address: it is left to the collector */
    dict->entries = NULL;
    dict->index = NULL;
    dict->count = dict->used = dict->capacity = 0;
    dict->index_bits = 0;
    dict->flags |= DICT_STRING_KEYS;
    dict->version++;
    bindings_changed(vm, dict);
}

static bool dict_copy_into_empty(struct vm *vm, struct dict_object *to, const struct dict_object *from)
{
    if (!from->count)
        return true;
    unsigned bits = from->index_bits;
    if (from->used != from->count || from->count * 3 < from->capacity * 2)
        bits = bits_for(((uint64_t)from->count * 3 + 1) / 2);
    struct dict_entry *entries = gc_storage(vm, usable_entries(bits) * sizeof(struct dict_entry));
    if (!entries)
        return false;
    void *index = gc_storage(vm, index_bytes(bits));
    if (!index)
        return false;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < from->used; i++)
        if (from->entries[i].key != VALUE_NULL)
            entries[kept++] = from->entries[i];
    to->entries = entries;
    to->index = index;
    to->index_bits = (uint8_t)bits;
    to->capacity = usable_entries(bits);
    to->used = to->count = kept;
    to->flags = from->flags;
    to->version++;
    if (bits == from->index_bits && from->used == from->count) {
        memcpy(index, from->index, index_bytes(bits));
    } else {
        memset(index, 0xff, index_bytes(bits));
        index_fill(to);
    }
    ADD_WORK(vm, items, kept);
    bindings_changed(vm, to);
    return true;
}

value dict_copy(struct vm *vm, value dict)
{
    value copy = dict_new(vm);
    if (copy == VALUE_NULL || !dict_copy_into_empty(vm, dict_of(copy), dict_of(dict)))
        return VALUE_NULL;
    return copy;
}

static bool dict_merge_dict(struct vm *vm, struct dict_object *to, struct dict_object *from, bool override)
{
    if (to == from || !from->count)
        return true;
    if (!to->count)
        return dict_copy_into_empty(vm, to, from);
    if (to->capacity - to->used < from->count && !dict_resize(vm, to, bits_for(((uint64_t)(to->count + from->count) * 3 + 1) / 2)))
        return false;
    uint32_t count = from->count;
    for (uint32_t i = 0; i < from->used; i++) {
        struct dict_entry entry = from->entries[i];
        if (entry.key == VALUE_NULL)
            continue;
        value present;
        if (override) {
            if (!dict_set_hashed(vm, to, entry.key, entry.hash, entry.item))
                return false;
        } else {
            int found = dict_find_hashed(vm, to, entry.key, entry.hash, &present);
            if (found < 0 || (!found && !dict_set_hashed(vm, to, entry.key, entry.hash, entry.item)))
                return false;
        }
        if (count != from->count) {
            raise_error(vm, &exc_RuntimeError, "dict mutated during update");
            return false;
        }
    }
    ADD_WORK(vm, items, count);
    return true;
}

static bool dict_merge_item(struct vm *vm, struct dict_object *to, value key, value item, bool override)
{
    value present;
    if (!override) {
        int found = dict_find(vm, to, key, &present);
        if (found)
            return found > 0;
    }
    return dict_set(vm, to, key, item);
}

value mapping_keys(struct vm *vm, value mapping)
{
    value keys = call_method(vm, mapping, "keys", NULL, 0), iterator = keys == VALUE_NULL ? keys : get_iterator(vm, keys);
    if (iterator == VALUE_NULL && keys != VALUE_NULL && exception_matches(vm, &exc_TypeError)) {
        exception_clear(vm);
        return raise_error(vm, &exc_TypeError, "%T.keys() returned a non-iterable (type %T)", mapping, keys);
    }
    return iterator == VALUE_NULL ? VALUE_NULL : list_from_iterable(vm, iterator);
}

static bool dict_merge_mapping(struct vm *vm, struct dict_object *to, value mapping, bool override)
{
    value keys = mapping_keys(vm, mapping);
    for (uint32_t i = 0; keys != VALUE_NULL && i < list_of(keys)->length; i++) {
        value key = list_of(keys)->items[i], item = get_item(vm, mapping, key);
        if (item == VALUE_NULL || !dict_merge_item(vm, to, key, item, override))
            return false;
    }
    return keys != VALUE_NULL;
}

/* Takes the pairs that a generator yields as long as comparing keys runs no Python code and the table need not grow. */
struct pair_consumer {
    struct consumer consumer;
    struct vm *vm;
    struct dict_object *dict;
    uint64_t *work;   /* of who fills the dict, not of the generator */
    uint32_t version; /* the dict's, when this last added to it: the generator may do so as well */
    bool simple;      /* the dict holds only simple keys, and what it holds already is to be replaced */
    int64_t count;
};

static bool pair_accept(struct consumer *consumer, value item)
{
    struct pair_consumer *self = (struct pair_consumer *)consumer;
    struct dict_object *dict = self->dict;
    if (!is_exact(item, &tuple_type) || tuple_of(item)->length != 2)
        return false;
    value key = tuple_of(item)->items[0];
    int64_t hash;
    self->simple &= key_is_simple(key) && dict->version == self->version;
    if (!self->simple || dict->watched || dict->used == dict->capacity)
        return false;
    uint64_t *work = self->vm->work;
    self->vm->work = self->work;
    bool taken = key_hash(self->vm, key, &hash) && dict_set_hashed(self->vm, dict, key, hash, tuple_of(item)->items[1]);
    self->vm->work = work;
    self->version = dict->version;
    self->count += taken;
    return taken;
}

/* Element number `number` of what a dict is made of as a list or tuple, or VALUE_NULL. */
static value pair_sequence(struct vm *vm, value pair, int64_t number)
{
    if (is_exact(pair, &list_type) || is_exact(pair, &tuple_type))
        return pair;
    value list = list_from_iterable(vm, pair);
    if (list == VALUE_NULL && exception_matches(vm, &exc_TypeError)) {
        exception_clear(vm);
        raise_error(vm, &exc_TypeError, "cannot convert dictionary update sequence element #%lld to a sequence",
                    (long long)number);
    }
    return list;
}

static bool dict_merge_pairs(struct vm *vm, struct dict_object *to, value pairs, bool override)
{
    value iterator = get_iterator(vm, pairs);
    if (iterator == VALUE_NULL)
        return false;
    struct pair_consumer consumer = {{pair_accept}, vm, to, vm->work, to->version, override && !to->count, 0};
    value pair;
    for (; (pair = iterator_drain(vm, iterator, &consumer.consumer)) != VALUE_NULL; consumer.count++) {
        pair = pair_sequence(vm, pair, consumer.count);
        if (pair == VALUE_NULL)
            return false;
        size_t count;
        const value *items = sequence_items(pair, &count);
        if (count != 2) {
            raise_error(vm, &exc_ValueError, "dictionary update sequence element #%lld has length %zu; 2 is required",
                        (long long)consumer.count, count);
            return false;
        }
        consumer.simple &= key_is_simple(items[0]) && to->version == consumer.version;
        if (!dict_merge_item(vm, to, items[0], items[1], override))
            return false;
        consumer.version = to->version;
    }
    return vm->pending == VALUE_NULL;
}

bool dict_merge_from(struct vm *vm, value dict, value source, bool override)
{
    if (has_flag(source, TYPE_DICT) && value_type(vm, source)->iter == dict_type.iter)
        return dict_merge_dict(vm, dict_of(dict), dict_of(source), override);
    value keys;
    int found = find_attribute(vm, source, intern_text(vm, "keys"), &keys);
    if (found < 0)
        return false;
    return found ? dict_merge_mapping(vm, dict_of(dict), source, override)
                 : dict_merge_pairs(vm, dict_of(dict), source, override);
}

bool dict_update_arguments(struct vm *vm, const char *function, value self, const value *arguments, size_t count,
                           value keyword_names)
{
    if (!check_positional(vm, function, count, VALUE_NULL, 0, 1))
        return false;
    if (count && !dict_merge_from(vm, self, arguments[0], true))
        return false;
    if (keyword_names == VALUE_NULL)
        return true;
    const struct tuple_object *names = tuple_of(keyword_names);
    for (uint64_t i = 0; i < names->length; i++)
        if (!dict_set(vm, dict_of(self), names->items[i], arguments[count + i]))
            return false;
    return true;
}

/* ---- slots ---- */

value dict_get_item(struct vm *vm, value self, value key)
{
    value item;
    int found = dict_find(vm, dict_of(self), key, &item);
    if (found)
        return found > 0 ? item : VALUE_NULL;
    if (!is_exact(self, &dict_type)) {
        value missing = lookup_special(vm, self, "__missing__");
        if (missing != VALUE_NULL)
            return call_1(vm, missing, key);
        if (vm->pending != VALUE_NULL)
            return VALUE_NULL;
    }
    return raise_key_error(vm, key);
}

static bool dict_set_item(struct vm *vm, value self, value key, value item)
{
    if (item != VALUE_NULL)
        return dict_set(vm, dict_of(self), key, item);
    int deleted = dict_delete(vm, dict_of(self), key);
    if (!deleted)
        raise_key_error(vm, key);
    return deleted > 0;
}

static int dict_contains(struct vm *vm, value self, value key)
{
    value item;
    return dict_find(vm, dict_of(self), key, &item);
}

static int64_t dict_length(struct vm *vm, value self)
{
    (void)vm;
    return dict_of(self)->count;
}

static value dict_repr(struct vm *vm, value self)
{
    struct dict_object *dict = dict_of(self);
    if (!dict->count)
        return string_from_text(vm, "{}");
    struct repr_guard guard;
    enum repr_state state = repr_enter(vm, &guard, self);
    if (state != REPR_FIRST)
        return state == REPR_AGAIN ? string_from_text(vm, "{...}") : VALUE_NULL;
    struct string_builder builder = {0};
    string_builder_add(&builder, '{');
    uint32_t position = 0;
    value key, item;
    for (bool first = true; dict_next(dict, &position, &key, &item); first = false) {
        if (!first)
            string_builder_add_text(&builder, ", ");
        bool added = builder_add_repr(vm, &builder, key);
        string_builder_add_text(&builder, ": ");
        if (!added || !builder_add_repr(vm, &builder, item)) {
            repr_leave(vm, &guard);
            return builder_abandon(&builder);
        }
    }
    repr_leave(vm, &guard);
    string_builder_add(&builder, '}');
    return string_builder_finish(vm, &builder);
}

/* -1, 0, 1 */
static int dict_equal(struct vm *vm, struct dict_object *a, struct dict_object *b)
{
    if (a->count != b->count)
        return 0;
    for (uint32_t i = 0; i < a->used; i++) {
        struct dict_entry entry = a->entries[i];
        if (entry.key == VALUE_NULL)
            continue;
        value other;
        int found = dict_find_hashed(vm, b, entry.key, entry.hash, &other);
        if (found <= 0)
            return found;
        int equal = key_equal_simply(entry.item, other);
        if (equal < 0)
            equal = values_equal(vm, entry.item, other);
        if (equal <= 0)
            return equal;
    }
    return 1;
}

static value dict_compare(struct vm *vm, value a, value b, enum compare_kind kind)
{
    if (!has_flag(a, TYPE_DICT) || !has_flag(b, TYPE_DICT) || (kind != COMPARE_EQ && kind != COMPARE_NE))
        return vm->not_implemented;
    int equal = dict_equal(vm, dict_of(a), dict_of(b));
    return equal < 0 ? VALUE_NULL : bool_value(equal == (kind == COMPARE_EQ));
}

static value dict_or(struct vm *vm, value a, value b)
{
    if (!has_flag(a, TYPE_DICT) || !has_flag(b, TYPE_DICT))
        return vm->not_implemented;
    value result = is_exact(a, &dict_type) ? dict_copy(vm, a) : call_method(vm, a, "copy", NULL, 0);
    if (result == VALUE_NULL || !dict_merge_from(vm, result, b, true))
        return VALUE_NULL;
    return result;
}

static value dict_inplace_or(struct vm *vm, value a, value b)
{
    return dict_merge_from(vm, a, b, true) ? a : VALUE_NULL;
}

static value dict_iter(struct vm *vm, value self)
{
    return dict_iterator_new(vm, self, DICT_KEYS);
}

static value dict_new_slot(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    return dict_of_type(vm, type);
}

static bool dict_init(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    return dict_update_arguments(vm, "dict", self, arguments, count, keyword_names);
}

/* ---- methods ---- */

static value dict_method_get(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)count, (void)keyword_names;
    value item;
    int found = dict_find(vm, dict_of(self), arguments[0], &item);
    if (found < 0)
        return VALUE_NULL;
    return found ? item : arguments[1] == VALUE_NULL ? NONE : arguments[1];
}

static value dict_method_setdefault(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)count, (void)keyword_names;
    value item = arguments[1] == VALUE_NULL ? NONE : arguments[1], present;
    int64_t hash;
    if (!key_hash(vm, arguments[0], &hash))
        return VALUE_NULL;
    int found = dict_find_hashed(vm, dict_of(self), arguments[0], hash, &present);
    if (found)
        return found < 0 ? VALUE_NULL : present;
    return dict_add_entry(vm, dict_of(self), arguments[0], hash, item) ? item : VALUE_NULL; /* no second comparison */
}

static value dict_method_pop(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)count, (void)keyword_names;
    struct dict_object *dict = dict_of(self);
    int64_t hash;
    value item;
    int found = 0;
    if (dict->count) {
        if (!key_hash(vm, arguments[0], &hash))
            return VALUE_NULL;
        found = dict_delete_hashed(vm, dict, arguments[0], hash, &item);
    }
    if (found)
        return found < 0 ? VALUE_NULL : item;
    return arguments[1] == VALUE_NULL ? raise_key_error(vm, arguments[0]) : arguments[1];
}

static value dict_method_popitem(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    struct dict_object *dict = dict_of(self);
    if (!dict->count) {
        value text = string_from_text(vm, "popitem(): dictionary is empty");
        return text == VALUE_NULL ? text : raise_key_error(vm, text);
    }
    /* deleted entries at the end would be stepped over again and again */
    if (dict->used - dict->count > dict->count + 8 && !dict_resize(vm, dict, dict->index_bits))
        return VALUE_NULL;
    uint32_t number = dict->used - 1;
    while (dict->entries[number].key == VALUE_NULL)
        number--;
    struct dict_entry entry = dict->entries[number];
    value pair = tuple_pack(vm, 2, entry.key, entry.item);
    if (pair == VALUE_NULL)
        return pair;
    size_t mask = ((size_t)1 << dict->index_bits) - 1;
    uint64_t perturb = (uint64_t)entry.hash, probes = 1;
    size_t slot = perturb & mask;
    for (; index_at(dict, slot) != number; probes++) {
        perturb >>= PERTURB_SHIFT;
        slot = (slot * 5 + perturb + 1) & mask;
    }
    ADD_WORK(vm, probes, probes);
    dict_remove_entry(vm, dict, slot, number);
    return pair;
}

static value dict_method_clear(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    dict_clear(vm, dict_of(self));
    return NONE;
}

static value dict_method_copy(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    return dict_copy(vm, self);
}

static value dict_method_update(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    return dict_update_arguments(vm, "update", self, arguments, count, keyword_names) ? NONE : VALUE_NULL;
}

static value dict_method_keys(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    return dict_view_new(vm, self, DICT_KEYS);
}

static value dict_method_values(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    return dict_view_new(vm, self, DICT_VALUES);
}

static value dict_method_items(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    return dict_view_new(vm, self, DICT_ITEMS);
}

static value dict_method_reversed(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    return dict_reverse_iterator_new(vm, self, DICT_KEYS);
}

int64_t dict_layout_size(struct vm *vm, value self)
{
    const struct dict_object *dict = dict_of(self);
    size_t basic = (size_t)layout_of(value_type(vm, self)).basic;
    if (!dict->capacity)
        return (int64_t)basic;
    size_t entry = dict->flags & DICT_STRING_KEYS ? 16 : 24;
    return (int64_t)(basic + 32 + index_bytes(dict->index_bits) + entry * dict->capacity);
}

static value dict_method_sizeof(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    return small_int(dict_layout_size(vm, self));
}

static value dict_method_fromkeys(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)count, (void)keyword_names;
    value item = arguments[1] == VALUE_NULL ? NONE : arguments[1];
    value result = self == type_object_value(&dict_type) ? dict_new(vm) : call_0(vm, self);
    if (result == VALUE_NULL)
        return result;
    bool plain = is_exact(result, &dict_type);
    if (plain && (is_exact(arguments[0], &set_type) || is_exact(arguments[0], &frozenset_type))) { /* hashes are known */
        struct set_object *set = set_of(arguments[0]);
        uint32_t position = 0;
        struct set_entry entry;
        while (set_next_entry(set, &position, &entry))
            if (!dict_set_hashed(vm, dict_of(result), entry.key, entry.hash, item))
                return VALUE_NULL;
        return result;
    }
    value iterator = get_iterator(vm, arguments[0]);
    if (iterator == VALUE_NULL)
        return iterator;
    value key;
    while ((key = iterator_next(vm, iterator)) != VALUE_NULL)
        if (!(plain ? dict_set(vm, dict_of(result), key, item) : set_item(vm, result, key, item)))
            return VALUE_NULL;
    return vm->pending == VALUE_NULL ? result : VALUE_NULL;
}

static value dict_method_getitem(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)count, (void)keyword_names;
    return dict_type.get_item(vm, self, arguments[0]);
}

static value dict_method_contains(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)count, (void)keyword_names;
    int found = dict_type.contains(vm, self, arguments[0]);
    return found < 0 ? VALUE_NULL : bool_value(found);
}

static const struct method_definition dict_methods[] = {
    {"__contains__", "(key, /)", dict_method_contains, METHOD_INSTANCE, "True if the dictionary has the specified key, else False."},
    {"__getitem__", "(key, /)", dict_method_getitem, METHOD_INSTANCE, "x.__getitem__(y) <==> x[y]"},
    {"get", "(key, default=None, /)", dict_method_get, METHOD_INSTANCE, "Return the value for key if key is in the dictionary, else default."},
    {"setdefault", "(key, default=None, /)", dict_method_setdefault, METHOD_INSTANCE,
     "Insert key with a value of default if key is not in the dictionary.\n\n"
     "Return the value for key if key is in the dictionary, else default."},
    {"pop", "(key, default=<unrepresentable>, /)", dict_method_pop, METHOD_INSTANCE,
     "D.pop(k[,d]) -> v, remove specified key and return the corresponding value."},
    {"popitem", "()", dict_method_popitem, METHOD_INSTANCE, "Remove and return a (key, value) pair as a 2-tuple."},
    {"keys", "()", dict_method_keys, METHOD_INSTANCE, "D.keys() -> a set-like object providing a view on D's keys"},
    {"values", "()", dict_method_values, METHOD_INSTANCE, "D.values() -> an object providing a view on D's values"},
    {"items", "()", dict_method_items, METHOD_INSTANCE, "D.items() -> a set-like object providing a view on D's items"},
    {"update", NULL, dict_method_update, METHOD_INSTANCE, "D.update([E, ]**F) -> None.  Update D from dict/iterable E and F."},
    {"clear", "()", dict_method_clear, METHOD_INSTANCE, "D.clear() -> None.  Remove all items from D."},
    {"copy", "()", dict_method_copy, METHOD_INSTANCE, "D.copy() -> a shallow copy of D"},
    {"fromkeys", "(iterable, value=None, /)", dict_method_fromkeys, METHOD_CLASS,
     "Create a new dictionary with keys from iterable and values set to value."},
    {"__reversed__", "()", dict_method_reversed, METHOD_INSTANCE, "Return a reverse iterator over the dict keys."},
    {"__sizeof__", "()", dict_method_sizeof, METHOD_INSTANCE, "D.__sizeof__() -> size of D in memory, in bytes"},
    CLASS_GETITEM,
    {NULL, NULL, NULL, 0, NULL},
};

static void dict_trace(struct vm *vm, struct object *object)
{
    struct dict_object *dict = (struct dict_object *)object;
    gc_mark_storage(vm, dict->index);
    gc_mark_storage(vm, dict->entries);
    for (uint32_t i = 0; i < dict->used && !(dict->watched & DICT_LEAVES); i++) {
        if (dict->entries[i].key == VALUE_NULL)
            continue;
        gc_mark(vm, dict->entries[i].key);
        gc_mark(vm, dict->entries[i].item);
    }
}

struct type dict_type = {
    .name = "dict",
    .flags = TYPE_SUBCLASSABLE | TYPE_DICT | TYPE_MAPPING | TYPE_GETATTR_PLAIN,
    .instance_size = sizeof(struct dict_object),
    .doc = "dict() -> new empty dictionary\n"
           "dict(mapping) -> new dictionary initialized from a mapping object's\n    (key, value) pairs\n"
           "dict(iterable) -> new dictionary initialized as if via:\n    d = {}\n    for k, v in iterable:\n        d[k] = v\n"
           "dict(**kwargs) -> new dictionary initialized with the name=value pairs\n"
           "    in the keyword argument list.  For example:  dict(one=1, two=2)",
    .methods = dict_methods,
    .trace = dict_trace,
    .new = dict_new_slot,
    .init = dict_init,
    .repr = dict_repr,
    .compare = dict_compare,
    .iter = dict_iter,
    .length = dict_length,
    .get_item = dict_get_item,
    .set_item = dict_set_item,
    .contains = dict_contains,
    .binary[BINARY_OR] = dict_or,
    .inplace[BINARY_OR] = dict_inplace_or,
};
