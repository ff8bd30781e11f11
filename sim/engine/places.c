/* places.c - see places.h. Every object begins with 16 bytes; lists, dicts, sets and bytearrays go on to 32, 48, 48 and 32. Items
 * of tuples and attributes of instances follow behind the head, other storage lies by itself, and is twice as large elsewhere when
 * it is full. Memory that is used for the first time is written, all of it, by whoever uses it: making an object does that. */
#include "sim/engine/places.h"

#include "core/memory.h"
#include "sim/engine/contexts.h"
#include "sim/runtime/container.h"

#include <math.h>

enum { HEAD = 16, ALIGNMENT = 16, LIST_HEAD = 32, TABLE_HEAD = 48, LEAST_ROOM = 32, LEAST_SLOTS = 4, READ_OF_HEAD = 24,
       ENTRY = 24, SET_ENTRY = 16, WORD = 8 };

struct storage { uint64_t address, room, used; };

struct place {
    value object;            /* VALUE_NULL: free */
    uint64_t head;           /* address */
    uint32_t slots;          /* of an instance, behind the head; of a class: what instances have had at most */
    bool placed;
    struct storage items, index;
};

struct places {
    struct place *table;     /* open addressing */
    uint64_t count, capacity; /* a power of two */
    uint64_t next;           /* address */
    uint32_t instruction;
};

enum { PLACES_AT_FIRST = 1 << 10 };

struct places *places_new(void)
{
    struct places *places = checked_alloc(1, sizeof *places);
    places->capacity = PLACES_AT_FIRST;
    places->table = checked_alloc(places->capacity, sizeof *places->table);
    for (uint64_t i = 0; i < places->capacity; i++)
        places->table[i].object = VALUE_NULL;
    return places;
}

void places_free(struct places *places)
{
    if (!places)
        return;
    free(places->table);
    free(places);
}

static struct places *places_of(const struct vm *vm) { return vm->engine->places; }

void places_begin(struct vm *vm, uint32_t instruction)
{
    places_of(vm)->instruction = instruction;
}

/* ---- the table ---- */

static struct place *search(const struct places *places, value object)
{
    uint64_t mask = places->capacity - 1, i = (object * 0x9e3779b97f4a7c15u >> 24) & mask;
    while (places->table[i].object != object && places->table[i].object != VALUE_NULL)
        i = (i + 1) & mask;
    return &places->table[i];
}

/* Those of which `stays` is true, in a table that has room for as many again. */
static void rebuild(struct vm *vm, bool (*stays)(struct vm *vm, value object))
{
    struct places *places = places_of(vm);
    struct place *old = places->table;
    uint64_t old_capacity = places->capacity, count = 0;
    for (uint64_t i = 0; i < old_capacity; i++) {
        if (old[i].object != VALUE_NULL && stays && !stays(vm, old[i].object))
            old[i].object = VALUE_NULL;
        count += old[i].object != VALUE_NULL;
    }
    places->count = count;
    places->capacity = PLACES_AT_FIRST;
    while (places->capacity < 4 * count)
        places->capacity *= 2;
    places->table = checked_alloc(places->capacity, sizeof *places->table);
    for (uint64_t i = 0; i < places->capacity; i++)
        places->table[i].object = VALUE_NULL;
    for (uint64_t i = 0; i < old_capacity; i++)
        if (old[i].object != VALUE_NULL)
            *search(places, old[i].object) = old[i];
    free(old);
}

static bool is_alive(struct vm *vm, value object)
{
    return gc_is_marked(vm, value_object(object));
}

void places_sweep(struct vm *vm)
{
    rebuild(vm, is_alive);
}

static struct place *find(struct vm *vm, value object)
{
    struct places *places = places_of(vm);
    struct place *place = search(places, object);
    if (place->object != VALUE_NULL)
        return place;
    if (2 * (places->count + 1) > places->capacity) {
        rebuild(vm, NULL);
        place = search(places, object);
    }
    places->count++;
    *place = (struct place){.object = object};
    return place;
}

/* ---- memory ---- */

static void access_memory(struct vm *vm, uint64_t address, uint64_t size, bool is_new)
{
    const struct session_options *options = vm->engine->options;
    struct code_profile *profile = frame_profile(vm, vm->frame);
    uint64_t misses = options->on_access(options->access_context, address, size, is_new);
    profile->accessed += (size + WORD - 1) / WORD;
    if (!misses)
        return;
    if (!profile->cache_misses)
        profile->cache_misses = checked_alloc(profile->code->instruction_count + 1u, sizeof *profile->cache_misses);
    profile->cache_misses[places_of(vm)->instruction] += misses;
}

static uint64_t take_memory(struct places *places, uint64_t size)
{
    uint64_t address = places->next;
    places->next += (size + ALIGNMENT - 1) & ~(uint64_t)(ALIGNMENT - 1);
    return address;
}

/* The storage has been used as far as `used`. */
static void use_storage(struct vm *vm, struct storage *storage, uint64_t used)
{
    if (used > storage->room) {
        uint64_t room = used > 2 * storage->room ? used : 2 * storage->room;
        storage->room = room < LEAST_ROOM ? LEAST_ROOM : room;
        storage->address = take_memory(places_of(vm), storage->room);
        storage->used = 0; /* what was there is copied */
    }
    if (used > storage->used)
        access_memory(vm, storage->address + storage->used, used - storage->used, true);
    storage->used = used > storage->used ? used : storage->used;
}

static void access_storage(struct vm *vm, struct storage *storage, uint64_t offset, uint64_t size)
{
    if (!size)
        return;
    use_storage(vm, storage, offset + size);
    access_memory(vm, storage->address + offset, size, false);
}

/* ---- objects ---- */

static bool is_plain_instance(const struct type *type)
{
    return (type->flags & TYPE_HEAP) && !type->tail_offset && !(type->flags & (TYPE_TYPE | TYPE_EXCEPTION));
}

enum place_kind place_kind_of(value v)
{
    if (!is_object(v))
        return PLACE_NONE;
    const struct type *type = value_object(v)->shape->type;
    if (type == &list_type || (type->flags & TYPE_LIST))
        return PLACE_LIST;
    if (type->flags & TYPE_TUPLE)
        return PLACE_TUPLE;
    if (type->flags & TYPE_DICT)
        return dict_of(v)->flags & DICT_OF_HOST ? PLACE_NONE : PLACE_DICT;
    if (type->flags & TYPE_SET)
        return PLACE_SET;
    if (type == &cell_type)
        return PLACE_CELL;
    if (type == &bytearray_type || type == &bytes_type)
        return PLACE_BYTES;
    return is_plain_instance(type) ? PLACE_INSTANCE : PLACE_NONE;
}

static uint64_t index_size(const struct dict_object *dict)
{
    if (!dict->capacity)
        return 0;
    return dict->index_bits < 8 ? (uint64_t)1 << dict->index_bits
                                : (dict->index_bits < 16 ? (uint64_t)2 : 4) << dict->index_bits;
}

static uint64_t item_size(value v) { return place_kind_of(v) == PLACE_BYTES ? 1 : WORD; }

int64_t access_length(value v)
{
    switch (place_kind_of(v)) {
    case PLACE_LIST: return list_of(v)->length;
    case PLACE_TUPLE: return (int64_t)tuple_of(v)->length;
    case PLACE_BYTES:
        return (int64_t)(is_exact(v, &bytes_type) ? ((const struct bytes_object *)value_object(v))->length
                                                  : ((const struct bytearray_object *)value_object(v))->length);
    default: return 0;
    }
}

/* Bytes of storage that are in use, as the object is now. */
static uint64_t storage_size(value v)
{
    switch (place_kind_of(v)) {
    case PLACE_LIST: case PLACE_TUPLE: case PLACE_BYTES:
        return (uint64_t)access_length(v) * item_size(v);
    case PLACE_DICT: return (uint64_t)dict_of(v)->used * ENTRY;
    case PLACE_SET: return set_of(v)->table ? ((uint64_t)set_of(v)->mask + 1) * SET_ENTRY : 0;
    default: return 0;
    }
}

/* Its storage is behind its head. */
static bool is_in_one(value v)
{
    return place_kind_of(v) == PLACE_TUPLE || is_exact(v, &bytes_type);
}

/* Instances get as many slots as any of their class had before them. */
static uint32_t slots_of(struct vm *vm, value v)
{
    struct place *class_place = find(vm, object_value(value_object(v)->shape->type));
    uint32_t slots = value_object(v)->shape->count;
    if (class_place->slots < slots || !class_place->slots)
        class_place->slots = slots < LEAST_SLOTS ? LEAST_SLOTS : slots;
    return class_place->slots;
}

static uint64_t head_size(value v, uint32_t slots)
{
    switch (place_kind_of(v)) {
    case PLACE_LIST: return LIST_HEAD;
    case PLACE_TUPLE: return HEAD + WORD + storage_size(v);
    case PLACE_BYTES: return is_exact(v, &bytes_type) ? HEAD + WORD + storage_size(v) : LIST_HEAD;
    case PLACE_INSTANCE: return HEAD + (uint64_t)slots * WORD;
    case PLACE_CELL: return HEAD;
    default: return TABLE_HEAD;
    }
}

/* What was made or has grown since it was looked at is written. */
static struct place *place_of(struct vm *vm, value v)
{
    enum place_kind kind = place_kind_of(v);
    uint32_t slots = kind == PLACE_INSTANCE ? slots_of(vm, v) : 0;
    struct place *place = find(vm, v);
    if (!place->placed) {
        uint64_t size = head_size(v, slots);
        place->placed = true;
        place->slots = slots;
        place->head = take_memory(places_of(vm), size);
        access_memory(vm, place->head, size, true);
        if (is_in_one(v))
            place->items = (struct storage){place->head + HEAD + WORD, storage_size(v), storage_size(v)};
    }
    if (kind == PLACE_DICT)
        use_storage(vm, &place->index, index_size(dict_of(v)));
    if (kind != PLACE_INSTANCE && kind != PLACE_CELL)
        use_storage(vm, &place->items, storage_size(v));
    return place;
}

void place_object(struct vm *vm, value v)
{
    if (place_kind_of(v) != PLACE_NONE)
        place_of(vm, v);
}

static struct place *use_head(struct vm *vm, value v)
{
    struct place *place = place_of(vm, v);
    bool has_storage = !is_in_one(v) && place_kind_of(v) != PLACE_INSTANCE && place_kind_of(v) != PLACE_CELL;
    access_memory(vm, place->head, has_storage ? READ_OF_HEAD : place_kind_of(v) == PLACE_TUPLE ? HEAD + WORD : WORD, false);
    return place;
}

void access_head(struct vm *vm, value v)
{
    if (place_kind_of(v) != PLACE_NONE)
        use_head(vm, v);
}

void access_items(struct vm *vm, value v, uint64_t first, uint64_t count)
{
    enum place_kind kind = place_kind_of(v);
    if (kind != PLACE_LIST && kind != PLACE_TUPLE && kind != PLACE_BYTES)
        return;
    uint64_t size = item_size(v);
    access_storage(vm, &use_head(vm, v)->items, first * size, count * size);
}

void access_all_items(struct vm *vm, value v)
{
    access_items(vm, v, 0, (uint64_t)access_length(v));
}

void access_all(struct vm *vm, value v)
{
    if (place_kind_of(v) == PLACE_NONE)
        return;
    struct place *place = use_head(vm, v);
    access_storage(vm, &place->items, 0, storage_size(v));
}

void access_slot(struct vm *vm, value v, int index)
{
    if (place_kind_of(v) != PLACE_INSTANCE) {
        access_head(vm, v);
        return;
    }
    struct place *place = use_head(vm, v);
    if (index < 0)
        return;
    if ((uint32_t)index < place->slots)
        access_memory(vm, place->head + HEAD + (uint64_t)index * WORD, WORD, false);
    else
        access_storage(vm, &place->items, ((uint64_t)index - place->slots) * WORD, WORD);
}

void access_cell(struct vm *vm, value v)
{
    if (place_kind_of(v) == PLACE_CELL)
        access_memory(vm, place_of(vm, v)->head + WORD, WORD, false);
}

/* ---- tables ---- */

/* The hash of a key, when finding it out runs no code of the program's and gives it no identity. */
static bool plain_hash(struct vm *vm, value key, int64_t *hash)
{
    enum { DEPTH_MOST = 8 };
    if (is_exact(key, &tuple_type)) {
        const struct tuple_object *tuple = tuple_of(key);
        if (tuple->length > DEPTH_MOST)
            return false;
        for (uint64_t i = 0; i < tuple->length; i++) {
            value item = tuple->items[i];
            if (!is_small_int(item) && !is_exact(item, &string_type))
                return false;
        }
    } else if (is_immediate_float(key) || is_exact(key, &float_type)) {
        if (isnan(float_number(key))) /* a nan's hash is its identity's */
            return false;
    } else if (is_object(key) && !is_exact(key, &string_type) && !is_exact(key, &int_type)) {
        return false;
    }
    bool good;
    WORK_UNTRACKED(vm, good = key_hash(vm, key, hash));
    return good;
}

void access_key(struct vm *vm, value v, value key)
{
    enum place_kind kind = place_kind_of(v);
    int64_t hash;
    if (kind != PLACE_DICT && kind != PLACE_SET)
        return;
    struct place *place = use_head(vm, v);
    if (!plain_hash(vm, key, &hash))
        return;
    if (kind == PLACE_SET) {
        uint64_t mask = set_of(v)->table ? set_of(v)->mask : 0;
        if (mask)
            access_storage(vm, &place->items, ((uint64_t)hash & mask) * SET_ENTRY, SET_ENTRY);
        return;
    }
    const struct dict_object *dict = dict_of(v);
    if (!dict->capacity)
        return;
    uint64_t mask = ((uint64_t)1 << dict->index_bits) - 1, width = index_size(dict) >> dict->index_bits;
    access_storage(vm, &place->index, ((uint64_t)hash & mask) * width, width);
    int64_t number = dict_entry_number(dict, key, hash);
    if (number >= 0)
        access_storage(vm, &place->items, (uint64_t)number * ENTRY, ENTRY);
}

void access_entry(struct vm *vm, value v, uint64_t number)
{
    enum place_kind kind = place_kind_of(v);
    if (kind != PLACE_DICT && kind != PLACE_SET)
        return;
    uint64_t size = kind == PLACE_DICT ? ENTRY : SET_ENTRY;
    struct place *place = use_head(vm, v);
    if ((number + 1) * size <= place->items.used)
        access_memory(vm, place->items.address + number * size, size, false);
}
