/* attributes.c - see attributes.h. What may be cached: instances of Python classes whose attributes are in inline slots,
 * members of __slots__, functions and plain values found on the type, attributes of classes and modules. Everything else goes the
 * general way each time. */
#include "sim/engine/attributes.h"

#include "sim/engine/forms.h"
#include "sim/engine/operations.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/importlib.h"
#include "sim/runtime/site_names.h"

static bool find_entry(const struct dict_object *dict, value name, uint64_t *entry)
{
    for (uint64_t i = 0; i < dict->used; i++) {
        if (dict->entries[i].key == name) {
            *entry = i;
            return true;
        }
    }
    return false;
}

value load_global(struct vm *vm, value name, struct global_cache *cache)
{
    struct frame *frame = vm->frame;
    value v = dict_get_interned(frame->globals, name);
    if (frame->globals->head.shape != &dict_type.shape) { /* a class of the program's, given to exec() */
        int found = find_in_globals(vm, name, &v);
        if (found)
            return found < 0 ? VALUE_NULL : v;
        v = VALUE_NULL;
    }
    if (v != VALUE_NULL) {
        cache->kind = find_entry(frame->globals, name, &cache->entry) ? 1 : 0;
        return v;
    }
    v = dict_get_interned(frame->builtins, name);
    if (v != VALUE_NULL && is_site_placeholder(v))
        return site_name_resolve(vm, v);
    if (v != VALUE_NULL) {
        cache->globals = frame->globals;
        cache->globals_version = frame->globals->version;
        cache->kind = find_entry(frame->builtins, name, &cache->entry) ? 2 : 0;
        return v;
    }
    return load_foreign_builtin(vm, name);
}

/* The handler looked at the first entry; the others are looked at here. */
static struct attribute_words *find_entry_of(value object, struct attribute_words *words)
{
    if (!is_object(object))
        return NULL;
    const struct shape *shape = value_object(object)->shape;
    for (int i = 1; i < ATTRIBUTE_ENTRIES; i++)
        if (words[i].shape == shape && shape->type->version == words[i].version)
            return &words[i];
    return NULL;
}

/* What the handlers know how to use of what the runtime found goes to the front. */
static void fill(struct attribute_words *words, const struct attribute_cache *cache)
{
    memmove(words + 1, words, (ATTRIBUTE_ENTRIES - 1) * sizeof *words);
    words->shape = cache->shape;
    words->version = cache->version;
    words->kind = (uint16_t)cache->kind;
    words->index = (uint16_t)cache->index;
}

/* Attributes of a class, whose metaclass is `type`: the entry's shape is no shape but the class. */
static void fill_type(struct attribute_words *words, const struct attribute_cache *cache)
{
    if (cache->owner->shape != &type_type.shape)
        return;
    fill(words, cache);
    words->shape = (struct shape *)(void *)cache->owner;
    words->constant = cache->constant;
}

static const struct attribute_words *find_type_entry(value object, const struct attribute_words *words)
{
    if (!is_exact(object, &type_type))
        return NULL;
    const struct type *type = (const struct type *)value_object(object);
    for (int i = 0; i < ATTRIBUTE_ENTRIES; i++)
        if ((const void *)words[i].shape == type && words[i].version == type->version)
            return &words[i];
    return NULL;
}

static struct instance *instance_of(value v)
{
    return (struct instance *)value_object(v);
}

/* Modules: the place in the namespace where the name was found last time. VALUE_NULL: it is not there. */
static value module_attribute(value object, value name, const struct attribute_words *words)
{
    if (words->kind != ATTRIBUTE_OF_MODULE || !is_exact(object, &module_type) ||
        words->version != module_type.version || words->shape != &module_type.shape)
        return VALUE_NULL;
    const struct dict_object *dict = dict_of(((struct module_object *)value_object(object))->dict);
    if (words->index >= dict->used || dict->entries[words->index].key != name)
        return VALUE_NULL;
    value v = dict->entries[words->index].item;
    return v != VALUE_NULL && is_later(v) ? VALUE_NULL : v;
}

static void fill_module(value object, value name, struct attribute_words *words)
{
    uint64_t entry;
    if (find_entry(dict_of(((struct module_object *)value_object(object))->dict), name, &entry) && entry <= UINT16_MAX) {
        memmove(words + 1, words, (ATTRIBUTE_ENTRIES - 1) * sizeof *words);
        words->shape = &module_type.shape;
        words->version = module_type.version;
        words->kind = ATTRIBUTE_OF_MODULE;
        words->index = (uint16_t)entry;
    }
}

/* Instances made before their class knew how many attributes they get. */
static value *overflow_slot(value object, uint32_t index)
{
    return &tuple_of(instance_of(object)->overflow)->items[index];
}

value load_attribute(struct vm *vm, value object, value name, struct attribute_words *words)
{
    value found = module_attribute(object, name, words);
    if (found != VALUE_NULL)
        return found;
    const struct attribute_words *entry = find_entry_of(object, words);
    if (entry && entry->kind == ATTRIBUTE_OVERFLOW)
        return *overflow_slot(object, entry->index);
    if (entry && entry->kind == ATTRIBUTE_CONSTANT)
        return entry->constant;
    if (entry && entry->kind == ATTRIBUTE_INLINE && entry->index < instance_of(object)->capacity)
        return instance_of(object)->slots[entry->index];
    if (entry && entry->kind == ATTRIBUTE_MEMBER && instance_of(object)->slots[entry->index] != VALUE_NULL)
        return instance_of(object)->slots[entry->index];
    if (!entry && (entry = find_type_entry(object, words)) != NULL)
        return entry->constant;
    struct attribute_cache cache;
    if (entry || !attribute_cache_load(vm, object, name, &cache)) {
        /* nothing that could be kept */
    } else if (cache.kind == ATTRIBUTE_OF_MODULE) {
        fill_module(object, name, words);
    } else if (cache.kind == ATTRIBUTE_OF_TYPE) {
        fill_type(words, &cache);
    } else if (cache.kind == ATTRIBUTE_INLINE || cache.kind == ATTRIBUTE_CONSTANT || cache.kind == ATTRIBUTE_PROPERTY ||
               cache.kind == ATTRIBUTE_MEMBER || cache.kind == ATTRIBUTE_OVERFLOW) {
        fill(words, &cache);
        words->constant = cache.constant;
    }
    return get_attribute(vm, object, name);
}

bool load_method_cached(struct vm *vm, value object, value name, value result[2], struct attribute_words *words)
{
    value found = module_attribute(object, name, words);
    if (found != VALUE_NULL) {
        result[0] = VALUE_NULL;
        result[1] = found;
        return true;
    }
    const struct attribute_words *entry = find_entry_of(object, words);
    if (entry && entry->kind == ATTRIBUTE_METHOD) {
        result[0] = entry->constant;
        result[1] = object;
        return true;
    }
    if (!entry && (entry = find_type_entry(object, words)) != NULL) {
        result[0] = VALUE_NULL;
        result[1] = entry->constant;
        return true;
    }
    struct attribute_cache cache;
    if (!attribute_cache_load(vm, object, name, &cache)) {
        /* nothing that could be kept */
    } else if (cache.kind == ATTRIBUTE_OF_MODULE) {
        fill_module(object, name, words);
    } else if (cache.kind == ATTRIBUTE_OF_TYPE) {
        fill_type(words, &cache);
    } else if (cache.kind == ATTRIBUTE_INLINE || cache.kind == ATTRIBUTE_METHOD || cache.kind == ATTRIBUTE_CONSTANT) {
        fill(words, &cache);
        words->constant = cache.constant;
    }
    value pair[2];
    if (!load_method(vm, object, name, pair))
        return false;
    result[0] = pair[0];
    result[1] = pair[1];
    return true;
}

bool store_attribute(struct vm *vm, value object, value name, value item, struct attribute_words *words)
{
    struct attribute_words *entry = find_entry_of(object, words);
    if (entry && entry->kind == ATTRIBUTE_OVERFLOW) {
        *overflow_slot(object, entry->index) = item;
        return true;
    }
    if (entry && entry->index < instance_of(object)->capacity) {
        instance_of(object)->slots[entry->index] = item;
        if (entry->kind == ATTRIBUTE_TRANSITION)
            value_object(object)->shape = entry->next_shape;
        return true;
    }
    struct attribute_cache cache;
    if (attribute_cache_store(vm, object, name, &cache) &&
        (cache.kind == ATTRIBUTE_INLINE || cache.kind == ATTRIBUTE_TRANSITION || cache.kind == ATTRIBUTE_MEMBER ||
         cache.kind == ATTRIBUTE_OVERFLOW)) {
        fill(words, &cache);
        words->next_shape = cache.next_shape;
    }
    return set_attribute(vm, object, name, item);
}
