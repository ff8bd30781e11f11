/* iterator.c - going through a tree in document order: the elements with a tag, or the texts inside. */
#include "sim/modules/etree/etree.h"
#include "sim/runtime/iterator.h"

#include <stdlib.h>

struct place { value parent; size_t next; };

struct element_iterator {
    struct object head;
    value root;          /* not visited yet; VALUE_NULL: it was */
    value tag;           /* NONE: every tag; VALUE_NULL: texts */
    struct place *places; /* malloc'd: the parents of what is visited, outermost first */
    size_t depth, capacity;
};

value element_iterator_new(struct vm *vm, value root, value tag)
{
    struct element_iterator *iterator = GC_NEW(vm, struct element_iterator, &element_iterator_type);
    if (!iterator)
        return VALUE_NULL;
    iterator->root = root;
    iterator->tag = tag;
    return object_value(iterator);
}

static bool enter(struct vm *vm, struct element_iterator *iterator, value element)
{
    if (iterator->depth == iterator->capacity) {
        size_t capacity = iterator->capacity ? 2 * iterator->capacity : 8;
        struct place *places = realloc(iterator->places, capacity * sizeof *places);
        if (!places) {
            raise_no_memory(vm);
            return false;
        }
        iterator->places = places;
        iterator->capacity = capacity;
    }
    iterator->places[iterator->depth++] = (struct place){element, 0};
    return true;
}

/* A text that is to be answered: 1; nothing there: 0; -1 */
static int is_text(struct vm *vm, value text)
{
    return text == VALUE_NULL ? -1 : text == NONE ? 0 : value_truth(vm, text);
}

static value iterator_advance(struct vm *vm, value self)
{
    struct element_iterator *iterator = (struct element_iterator *)value_object(self);
    for (;;) {
        value element = iterator->root, text;
        int found;
        iterator->root = VALUE_NULL;
        if (element == VALUE_NULL) {
            if (!iterator->depth)
                return VALUE_NULL;
            struct place *place = &iterator->places[iterator->depth - 1];
            const struct list_object *children = element_children(element_of(place->parent));
            if (children && place->next < children->length) {
                element = children->items[place->next++];
            } else { /* done with it: the text behind it is still inside the one it was begun with */
                value parent = place->parent;
                if (--iterator->depth && iterator->tag == VALUE_NULL) {
                    text = element_tail(vm, element_of(parent));
                    if ((found = is_text(vm, text)))
                        return found > 0 ? text : VALUE_NULL;
                }
                continue;
            }
        }
        ADD_WORK(vm, items, 1);
        if (!enter(vm, iterator, element))
            return VALUE_NULL;
        if (iterator->tag == VALUE_NULL) {
            text = element_text(vm, element_of(element));
            if ((found = is_text(vm, text)))
                return found > 0 ? text : VALUE_NULL;
        } else if (iterator->tag == NONE || (found = values_equal(vm, element_of(element)->tag, iterator->tag)) > 0) {
            return element;
        } else if (found < 0) {
            return VALUE_NULL;
        }
    }
}

static void iterator_trace(struct vm *vm, struct object *object)
{
    const struct element_iterator *iterator = (const struct element_iterator *)object;
    gc_mark(vm, iterator->root);
    gc_mark(vm, iterator->tag);
    for (size_t i = 0; i < iterator->depth; i++)
        gc_mark(vm, iterator->places[i].parent);
}

static void iterator_release(struct vm *vm, struct object *object)
{
    (void)vm;
    free(((struct element_iterator *)object)->places);
}

struct type element_iterator_type = {
    .name = "_elementtree._element_iterator",
    .flags = TYPE_GETATTR_PLAIN,
    .instance_size = sizeof(struct element_iterator),
    .trace = iterator_trace,
    .release = iterator_release,
    .iter = iterator_self,
    .next = iterator_advance,
};
