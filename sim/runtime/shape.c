/* shape.c - shapes: which attribute of an instance lies in which slot. Shapes form a tree for each type, one edge a name, in
 * the order attributes were first set. The first `reserved` slots of a type belong to its __slots__ members and have no name
 * in the shape. Searching a shape goes through a small hash index, made at the first search. */
#include "sim/runtime/type.h"

#include <stdlib.h>

struct shape_index {
    uint32_t mask;
    struct { value name; int32_t slot; } entries[];
};

void shape_start(struct shape *shape, struct type *type, uint32_t reserved)
{
    memset(shape, 0, sizeof *shape);
    shape->type = type;
    shape->last_name = VALUE_NULL;
    shape->count = reserved;
}

static inline uint32_t name_hash(value name)
{
    return (uint32_t)(name >> 4) * 2654435761u >> 7;
}

static struct shape_index *shape_make_index(const struct shape *shape)
{
    uint32_t size = 4, named = 0;
    for (const struct shape *s = shape; s->parent; s = s->parent)
        named++;
    while (size < named * 2 + 1)
        size *= 2;
    struct shape_index *index = calloc(1, sizeof *index + size * sizeof index->entries[0]);
    if (!index)
        return NULL;
    index->mask = size - 1;
    for (const struct shape *s = shape; s->parent; s = s->parent) {
        uint32_t i = name_hash(s->last_name) & index->mask;
        while (index->entries[i].name)
            i = (i + 1) & index->mask;
        index->entries[i].name = s->last_name;
        index->entries[i].slot = (int32_t)s->count - 1;
    }
    return index;
}

static int shape_find_walking(const struct shape *shape, value name)
{
    for (const struct shape *s = shape; s->parent; s = s->parent)
        if (s->last_name == name)
            return (int)s->count - 1;
    return -1;
}

int shape_find(const struct shape *shape, value name)
{
    if (!shape->parent)
        return -1;
    if (shape->last_name == name)
        return (int)shape->count - 1;
    if (!shape->index) {
        ((struct shape *)(uintptr_t)shape)->index = shape_make_index(shape); /* a cache: not part of what the shape is */
        if (!shape->index)
            return shape_find_walking(shape, name);
    }
    const struct shape_index *index = shape->index;
    for (uint32_t i = name_hash(name) & index->mask; index->entries[i].name; i = (i + 1) & index->mask)
        if (index->entries[i].name == name)
            return index->entries[i].slot;
    return -1;
}

value shape_name(const struct shape *shape, uint32_t index)
{
    while (shape->parent && shape->count != index + 1)
        shape = shape->parent;
    return shape->last_name;
}

struct shape *shape_new_root(struct vm *vm, struct type *type)
{
    struct shape *root = malloc(sizeof *root);
    if (!root) {
        raise_no_memory(vm);
        return NULL;
    }
    shape_start(root, type, type->shape.count);
    root->next_root = type->shape.next_root;
    type->shape.next_root = root;
    return root;
}

struct shape *shape_child(struct vm *vm, struct shape *shape, value name)
{
    for (uint32_t i = 0; i < shape->transition_count; i++)
        if (shape->transitions[i]->last_name == name)
            return shape->transitions[i];
    struct shape *child = calloc(1, sizeof *child);
    struct shape **grown = realloc(shape->transitions, (shape->transition_count + 1) * sizeof *grown);
    if (grown)
        shape->transitions = grown;
    if (!child || !grown) {
        free(child);
        raise_no_memory(vm);
        return NULL;
    }
    child->type = shape->type;
    child->parent = shape;
    child->last_name = name;
    child->count = shape->count + 1;
    shape->transitions[shape->transition_count++] = child;
    return child;
}

void shape_trace(struct vm *vm, const struct shape *shape)
{
    if (is_object(shape->last_name))
        gc_mark(vm, shape->last_name);
    for (uint32_t i = 0; i < shape->transition_count; i++)
        shape_trace(vm, shape->transitions[i]);
    if (shape->next_root)
        shape_trace(vm, shape->next_root);
}

void shape_free_children(struct shape *shape)
{
    for (uint32_t i = 0; i < shape->transition_count; i++) {
        shape_free_children(shape->transitions[i]);
        free(shape->transitions[i]);
    }
    if (shape->next_root)
        shape_free_children(shape->next_root);
    free(shape->next_root);
    free(shape->transitions);
    free(shape->index);
    shape->next_root = NULL;
    shape->transitions = NULL;
    shape->index = NULL;
    shape->transition_count = 0;
}
