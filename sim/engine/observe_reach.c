/* observe_reach.c - what is reached from an object: lists in lists, what an iterator goes over, what a view shows. Native code that
 * prints, compares or copies reads all of it; a step of an iterator reads the item it gives, and of iterators that are not known
 * here whatever was written last where they look. */
#include "sim/engine/observe.h"

#include "sim/runtime/container.h"
#include "sim/runtime/gc_survey.h"
#include "sim/runtime/iterator.h"

enum { REACH_DEPTH = 16, REACH_OBJECTS = 100000, REFERENTS_MOST = 32, STEP_DEPTH = 6 };

static bool is_iterator(value v)
{
    if (!is_object(v))
        return false;
    const struct type *type = value_object(v)->shape->type;
    return type->next && !(type->flags & TYPE_HEAP);
}

/* Nothing in it can change, and it leads nowhere. */
static bool is_atom(value v)
{
    if (!is_object(v))
        return true;
    const struct type *type = value_object(v)->shape->type;
    return (type->flags & (TYPE_INT | TYPE_STRING | TYPE_BYTES | TYPE_FLOAT | TYPE_TYPE)) || type == &none_type ||
           type == &function_type || type == &complex_type || type == &range_type || type == &slice_type || type == &module_type ||
           type == &method_descriptor_type || type == &generator_type || type == &coroutine_type;
}

struct reach {
    struct vm *vm;
    uint32_t site;
    uint32_t left;      /* objects that may still be looked at */
};

static void reach(struct reach *reach_of, value v, int depth);

static void reach_list(struct reach *state, const value *items, uint64_t count, int depth)
{
    for (uint64_t i = 0; i < count && state->left; i++)
        if (is_object(items[i]))
            reach(state, items[i], depth);
}

static void reach_dict(struct reach *state, const struct dict_object *dict, int depth)
{
    for (uint32_t i = 0; i < dict->used && state->left; i++)
        if (dict->entries[i].key != VALUE_NULL && is_object(dict->entries[i].item))
            reach(state, dict->entries[i].item, depth);
}

/* Instances of Python classes: their attributes, no further: what native code does with them it does by their methods. */
static void reach(struct reach *state, value v, int depth)
{
    value found[REFERENTS_MOST];
    if (depth > REACH_DEPTH || is_atom(v))
        return;
    state->left--;
    const struct type *type = value_object(v)->shape->type;
    if (is_exact(v, &native_function_type)) {
        value self = ((const struct native_function_object *)value_object(v))->self;
        if (is_object(self))
            reach(state, self, depth + 1);
        return;
    }
    observe_read_all(state->vm, v, state->site);
    if (type->flags & TYPE_TUPLE)
        reach_list(state, tuple_of(v)->items, tuple_of(v)->length, depth + 1);
    else if (type->flags & TYPE_LIST)
        reach_list(state, list_of(v)->items, list_of(v)->length, depth + 1);
    else if (type->flags & TYPE_DICT)
        reach_dict(state, dict_of(v), depth + 1);
    else if (!(type->flags & TYPE_HEAP) && !observed_is_memory(v) && !(type->flags & TYPE_SET))
        reach_list(state, found, gc_referents(state->vm, v, found, REFERENTS_MOST), depth + 1);
}

void observe_read_deep(struct vm *vm, value v, uint32_t site)
{
    struct reach state = {vm, site, REACH_OBJECTS};
    reach(&state, v, 0);
}

void observe_read_length(struct vm *vm, value v, uint32_t site)
{
    enum { VIEWED = 1 };
    value found[VIEWED];
    observe_read_state(vm, v, site);
    if (is_atom(v) || observed_is_memory(v) ||
        (value_object(v)->shape->type->flags & (TYPE_HEAP | TYPE_LIST | TYPE_TUPLE | TYPE_DICT | TYPE_SET)))
        return;
    if (gc_referents(vm, v, found, VIEWED) == VIEWED && has_flag(found[0], TYPE_DICT))
        observe_read_state(vm, found[0], site);
}

static void write_iterators(struct vm *vm, value v, int depth)
{
    value found[REFERENTS_MOST];
    if (!is_iterator(v) || depth > STEP_DEPTH)
        return;
    observe_write_all(vm, v);
    if (is_exact(v, &generator_type))
        return;
    size_t count = gc_referents(vm, v, found, REFERENTS_MOST);
    for (size_t i = 0; i < count; i++) {
        write_iterators(vm, found[i], depth + 1);
        for (uint64_t k = 0; is_exact(found[i], &tuple_type) && k < tuple_of(found[i])->length && k < REFERENTS_MOST; k++)
            write_iterators(vm, tuple_of(found[i])->items[k], depth + 1);
    }
}

void observe_consume(struct vm *vm, value v, uint32_t site)
{
    observe_read_deep(vm, v, site);
    if (is_exact(v, &generator_type))
        observe_read_state(vm, v, site);
    write_iterators(vm, v, 0);
}

/* ---- steps of iterators ---- */

static void read_latest(struct vm *vm, value v, uint32_t site, int depth)
{
    value found[REFERENTS_MOST];
    if (is_atom(v) || depth > STEP_DEPTH)
        return;
    const struct type *type = value_object(v)->shape->type;
    observe_read(vm, observed_latest(vm, v), VARIABLE_ITEM, site);
    if (type->flags & TYPE_TUPLE) {
        for (uint64_t i = 0; i < tuple_of(v)->length && i < REFERENTS_MOST; i++)
            read_latest(vm, tuple_of(v)->items[i], site, depth + 1);
        return;
    }
    if ((type->flags & (TYPE_HEAP | TYPE_LIST | TYPE_DICT | TYPE_SET)) || observed_is_memory(v))
        return;
    size_t count = gc_referents(vm, v, found, REFERENTS_MOST);
    for (size_t i = 0; i < count; i++)
        read_latest(vm, found[i], site, depth + 1);
}

static void read_step(struct vm *vm, value iterator, uint32_t site, int depth)
{
    value container;
    uint32_t number;
    if (depth > STEP_DEPTH || !is_object(iterator))
        return;
    if (is_exact(iterator, &list_iterator_type) || is_exact(iterator, &sequence_iterator_type)) {
        const struct list_iterator *list = (const struct list_iterator *)value_object(iterator);
        bool is_known = is_object(list->sequence) && (has_flag(list->sequence, TYPE_LIST) || observed_is_memory(list->sequence));
        const struct type *type = is_known ? value_object(list->sequence)->shape->type : NULL;
        if (type && type->length && (int64_t)list->index < type->length(vm, list->sequence))
            observe_read_item(vm, list->sequence, small_int((int64_t)list->index), site);
    } else if (is_exact(iterator, &tuple_iterator_type) || is_exact(iterator, &range_iterator_type) ||
               is_exact(iterator, &long_range_iterator_type) || is_exact(iterator, &generator_type)) {
        return;
    } else if (is_exact(iterator, &enumerate_type)) {
        read_step(vm, ((const struct enumerate_object *)value_object(iterator))->iterator, site, depth + 1);
    } else if (is_exact(iterator, &zip_type)) {
        const struct tuple_object *parts = tuple_of(((const struct zip_object *)value_object(iterator))->iterators);
        for (uint64_t i = 0; i < parts->length; i++)
            read_step(vm, parts->items[i], site, depth + 1);
    } else if (dict_iterator_next_entry(iterator, &container, &number)) {
        observe_read_state(vm, container, site);
        const struct dict_object *dict = dict_of(container);
        while (number < dict->used && dict->entries[number].key == VALUE_NULL)
            number++;
        if (number < dict->used && !is_exact(iterator, &dict_key_iterator_type))
            observe_read_item(vm, container, dict->entries[number].key, site);
    } else if (set_iterator_next_entry(iterator, &container, &number)) {
        observe_read_state(vm, container, site);
    } else if (!(value_object(iterator)->shape->type->flags & TYPE_HEAP)) {
        read_latest(vm, iterator, site, 0);
    }
}

void observe_next(struct vm *vm, value iterator, uint32_t site)
{
    read_step(vm, iterator, site, 0);
}

/* A loop begins over an object. One that is an iterator already may have been used before, and be used again. */
void observe_iter(struct vm *vm, value v, uint32_t site)
{
    if (is_exact(v, &list_type) || is_atom(v)) {
        if (!is_exact(v, &generator_type))
            return;
    }
    const struct type *type = value_object(v)->shape->type;
    if (is_iterator(v)) {
        observe_read_state(vm, v, site);
        (void)observed_shadow_new(vm, v);
    } else if (type->flags & (TYPE_DICT | TYPE_SET)) {
        observe_read_state(vm, v, site);
    } else if (!(type->flags & (TYPE_TUPLE | TYPE_LIST | TYPE_HEAP)) && !observed_is_memory(v)) {
        observe_read_all(vm, v, site);
    }
}

/* The loop's own iterations follow each other by way of the iterator in any case: it is those around it that may share it. */
void observe_step(struct vm *vm, value iterator, uint32_t site)
{
    struct dependence *dependence = vm->engine->observer->dependence;
    observe_next(vm, iterator, site);
    struct shadow *shadow = observed_shadow(vm, iterator);
    if (!shadow)
        return;
    if (shadow->state.when && dependence->level_count) {
        struct access access = {VARIABLE_STATE, site, 0, ADDITION_NONE};
        dependence_join(dependence, &shadow->state);
        dependence_check_levels(dependence, &shadow->state, &access, 0, dependence->level_count - 1);
    }
    dependence_settle(dependence);
    shadow->state = dependence->result;
}
