/* iterator.h - iterators that the engine and the modules know by layout, and the fused steps that save a tuple a round.
 */
#ifndef HYBRIDSIM_SIM_RUNTIME_ITERATOR_H
#define HYBRIDSIM_SIM_RUNTIME_ITERATOR_H

#include "sim/runtime/types.h"

extern struct type enumerate_type, zip_type, map_type, filter_type, reversed_type, callable_iterator_type,
    sequence_iterator_type, list_reverse_iterator_type, dict_key_iterator_type, dict_value_iterator_type,
    dict_item_iterator_type, long_range_iterator_type;

struct enumerate_object {
    struct object head;
    value iterator;
    value index;                 /* int */
};

struct zip_object {
    struct object head;
    value iterators;             /* tuple */
    bool strict;
};

/* The next step of an exact zip over two iterables, or of an exact enumerate, without the tuple; counts the work as if it had
 * been made. False: exhausted, or an exception is pending. */
bool zip_next_2(struct vm *vm, value zip, value out[2]);
enum { ZIP_INLINE_MAXIMUM = 8 };
bool zip_next(struct vm *vm, value zip, value *out, uint32_t count); /* likewise, of a zip over `count` iterables, up to 8 */
bool enumerate_next(struct vm *vm, value enumerate, value out[2]);
bool dict_items_next(struct vm *vm, value iterator, value out[2]); /* of an exact dict_item_iterator_type */
/* Whether an iterator (an object) can hand over `count` items at a time as the above do. */
static inline bool hands_items_over(value iterator, uint32_t count)
{
    const struct shape *shape = value_object(iterator)->shape;
    if (shape == &zip_type.shape)
        return tuple_of(((struct zip_object *)value_object(iterator))->iterators)->length == count;
    return count == 2 && (shape == &enumerate_type.shape || shape == &dict_item_iterator_type.shape);
}
static inline bool next_pair(struct vm *vm, value iterator, value out[2])
{
    const struct shape *shape = value_object(iterator)->shape;
    return shape == &zip_type.shape ? zip_next_2(vm, iterator, out)
           : shape == &enumerate_type.shape ? enumerate_next(vm, iterator, out) : dict_items_next(vm, iterator, out);
}

value sequence_iterator_new(struct vm *vm, value sequence); /* by __getitem__(0), (1), ... */
value callable_iterator_new(struct vm *vm, value callable, value sentinel);
value iterator_self(struct vm *vm, value iterator);         /* the iter slot of iterators */

/* iterator_pickle.c: what __reduce__ answers. (iter, (contents,)) or (iter, (contents,), state); state VALUE_NULL: none. */
value iterator_reduced(struct vm *vm, value contents, value state);
/* (iter, ([the items still to come],)): `self` is of `size` bytes, and a copy of it is run to its end. */
value iterator_rest_reduced(struct vm *vm, value self, size_t size);
/* The state given to __setstate__, an int, clipped to 0..most. */
bool iterator_position(struct vm *vm, value state, int64_t most, int64_t *position);

#endif
