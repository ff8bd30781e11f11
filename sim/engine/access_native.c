/* access_native.c - what native functions use of the memory of the objects that they get, by the table of native_effect.h. Each
 * item is read once, in order, whatever the algorithm: sorting reads the list once. What lies deeper is not followed. */
#include "sim/engine/access_words.h"

#include "sim/engine/native_effect.h"
#include "sim/engine/places.h"
#include "sim/runtime/container.h"
#include "sim/runtime/iterator.h"

#include <string.h>

void access_next(struct vm *vm, value iterator)
{
    value container;
    uint32_t number;
    if (is_exact(iterator, &list_iterator_type) || is_exact(iterator, &tuple_iterator_type)) {
        const struct list_iterator *list = (const struct list_iterator *)value_object(iterator);
        if (list->sequence != VALUE_NULL && list->index < (uint64_t)access_length(list->sequence))
            access_items(vm, list->sequence, list->index, 1);
    } else if (is_exact(iterator, &enumerate_type)) {
        access_next(vm, ((const struct enumerate_object *)value_object(iterator))->iterator);
    } else if (is_exact(iterator, &zip_type)) {
        const struct tuple_object *parts = tuple_of(((const struct zip_object *)value_object(iterator))->iterators);
        for (uint64_t i = 0; i < parts->length; i++)
            access_next(vm, parts->items[i]);
    } else if (dict_iterator_next_entry(iterator, &container, &number) || set_iterator_next_entry(iterator, &container, &number)) {
        access_entry(vm, container, number);
    }
}

void access_rest(struct vm *vm, value v)
{
    value container;
    uint32_t number;
    if (is_exact(v, &list_iterator_type) || is_exact(v, &tuple_iterator_type)) {
        const struct list_iterator *list = (const struct list_iterator *)value_object(v);
        int64_t length = list->sequence == VALUE_NULL ? 0 : access_length(list->sequence);
        if (list->index < (uint64_t)length)
            access_items(vm, list->sequence, list->index, (uint64_t)length - list->index);
    } else if (is_exact(v, &enumerate_type)) {
        access_rest(vm, ((const struct enumerate_object *)value_object(v))->iterator);
    } else if (is_exact(v, &zip_type)) {
        const struct tuple_object *parts = tuple_of(((const struct zip_object *)value_object(v))->iterators);
        for (uint64_t i = 0; i < parts->length; i++)
            access_rest(vm, parts->items[i]);
    } else if (dict_iterator_next_entry(v, &container, &number) || set_iterator_next_entry(v, &container, &number)) {
        access_all(vm, container);
    } else {
        access_all(vm, v);
    }
}

/* From the last item to the first by halves: what a heap or a binary search looks at. */
static void access_path(struct vm *vm, value list)
{
    for (int64_t at = access_length(list); at > 0; at /= 2)
        access_items(vm, list, (uint64_t)at - 1, 1);
}

static bool is_of_module(const struct native_function_object *function, const char *module)
{
    return function->module && strcmp(function->module, module) == 0;
}

/* Those that answer with something that only later uses what they got. */
static bool is_lazy(const struct native_function_object *function, value self)
{
    const char *name = function->definition->name;
    return place_kind_of(self) == PLACE_DICT && (!strcmp(name, "items") || !strcmp(name, "keys") || !strcmp(name, "values"));
}

static void access_type_call(struct vm *vm, const struct type *type, const value *arguments, uint32_t count)
{
    static const struct type *const readers[] = {&list_type, &tuple_type, &dict_type, &set_type, &frozenset_type, &bytes_type,
                                                 &bytearray_type};
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++)
        if (type == readers[i] && count)
            access_rest(vm, arguments[0]);
    if (type == &bool_type && count)
        access_head(vm, arguments[0]);
}

static void access_key_effect(struct vm *vm, value object, const value *arguments, uint32_t count)
{
    enum place_kind kind = place_kind_of(object);
    for (uint32_t i = 0; i < count; i++)
        place_object(vm, arguments[i]);
    if (count && (kind == PLACE_DICT || kind == PLACE_SET))
        access_key(vm, object, arguments[0]);
    else
        access_head(vm, object);
}

static void access_everything(struct vm *vm, value object, const value *arguments, uint32_t count)
{
    access_all(vm, object);
    for (uint32_t i = 0; i < count; i++)
        access_rest(vm, arguments[i]);
}

static void access_function(struct vm *vm, const struct native_function_object *function, value self, const value *arguments,
                            uint32_t count)
{
    enum native_effect effect = native_effect_of(vm, function, self);
    bool is_method = self != VALUE_NULL && !is_exact(self, &module_type);
    value object = is_method ? self : VALUE_NULL;
    if (is_of_module(function, "_heapq") || is_of_module(function, "_bisect")) {
        for (uint32_t i = 1; i < count; i++)
            place_object(vm, arguments[i]);
        if (count && place_kind_of(arguments[0]) == PLACE_LIST)
            access_path(vm, arguments[0]);
        return;
    }
    switch (effect) {
    case EFFECT_NOTHING:
        break;
    case EFFECT_READS_STATE:
        access_head(vm, is_method ? self : count ? arguments[0] : VALUE_NULL);
        break;
    case EFFECT_READS_KEY: case EFFECT_WRITES_KEY: case EFFECT_ADDS_KEY:
        access_key_effect(vm, object, arguments, count);
        break;
    case EFFECT_APPENDS:
        for (uint32_t i = 0; i < count; i++)
            place_object(vm, arguments[i]);
        access_head(vm, object);
        break;
    case EFFECT_TAKES_LAST:
        if (count)
            access_all(vm, object);
        else if (access_length(object) > 0)
            access_items(vm, object, (uint64_t)access_length(object) - 1, 1);
        break;
    case EFFECT_READS: case EFFECT_WRITES: case EFFECT_PRINTS:
        if (!is_lazy(function, object))
            access_everything(vm, object, arguments, count);
        break;
    }
}

void access_call(struct vm *vm, value callee, const value *arguments, uint32_t count)
{
    if (!is_object(callee))
        return;
    if (has_flag(callee, TYPE_TYPE)) {
        access_type_call(vm, (const struct type *)value_object(callee), arguments, count);
    } else if (is_exact(callee, &native_function_type)) {
        const struct native_function_object *function = (const struct native_function_object *)value_object(callee);
        access_function(vm, function, function->self, arguments, count);
    } else if (is_exact(callee, &method_descriptor_type) && count) {
        access_function(vm, (const struct native_function_object *)value_object(callee), arguments[0], arguments + 1, count - 1);
    }
}
