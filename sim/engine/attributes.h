/* attributes.h - inline caches of attribute and global look-ups: their words, and the slow halves that fill them. */
#ifndef HYBRIDSIM_SIM_ENGINE_ATTRIBUTES_H
#define HYBRIDSIM_SIM_ENGINE_ATTRIBUTES_H

#include "sim/engine/frame.h"
#include "sim/runtime/attribute.h"

struct attribute_words { /* one of a site's ATTRIBUTE_ENTRIES, 3 words each; nothing cached: shape NULL */
    struct shape *shape;
    uint32_t version;         /* of the shape's type */
    uint16_t kind;            /* enum attribute_kind: INLINE, CONSTANT, METHOD; stores: INLINE, TRANSITION */
    uint16_t index;           /* inline slot */
    union {
        value constant;           /* loads: found on the type */
        struct shape *next_shape; /* stores that add the attribute */
    };
};

struct global_cache { /* CACHE_GLOBAL words */
    struct dict_object *globals; /* builtins hits: the namespace that lacks the name, at ... */
    uint32_t globals_version;    /* ... this version */
    uint32_t kind;               /* 0 nothing, 1 in globals, 2 in builtins */
    uint64_t entry;
};

/* The cached entry holds this very name: no version is needed for a binding that is there. */
static inline bool global_cache_lookup(const struct global_cache *cache, const struct frame *frame, value name, value *result)
{
    const struct dict_object *dict = frame->globals;
    if (cache->kind == 2) {
        if (cache->globals != dict || cache->globals_version != dict->version)
            return false;
        dict = frame->builtins;
    } else if (cache->kind != 1) {
        return false;
    }
    if (cache->entry >= dict->used || dict->entries[cache->entry].key != name)
        return false;
    *result = dict->entries[cache->entry].item;
    return true;
}

value load_global(struct vm *vm, value name, struct global_cache *cache);
value load_attribute(struct vm *vm, value object, value name, struct attribute_words *cache);
bool load_method_cached(struct vm *vm, value object, value name, value result[2], struct attribute_words *cache);
bool store_attribute(struct vm *vm, value object, value name, value item, struct attribute_words *cache);

#endif
