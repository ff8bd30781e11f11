/* pickle.c - __reduce__ and __setstate__ of the iterators of itertools. What the fields mean is said in itertools.c. */
#include "sim/modules/itertools/itertools.h"
#include "sim/runtime/attribute.h"
#include "sim/runtime/container.h"
#include "sim/runtime/iterator.h"

#define UNUSED (void)arguments, (void)count, (void)keyword_names
#define METHODS(type, reduce, setstate)                                                                                \
    const struct method_definition itertools_##type##_methods[] = {                                                    \
        {"__reduce__", "()", reduce, METHOD_INSTANCE, "Return state information for pickling."},                       \
        {"__setstate__", "(object, /)", setstate, METHOD_INSTANCE, "Set state information for unpickling."},           \
        {NULL, NULL, NULL, 0, NULL},                                                                                   \
    }
#define COMBINATORIC_METHODS(type, reduce, setstate)                                                                   \
    const struct method_definition itertools_##type##_methods[] = {                                                    \
        {"__reduce__", "()", reduce, METHOD_INSTANCE, "Return state information for pickling."},                       \
        {"__setstate__", "(object, /)", setstate, METHOD_INSTANCE, "Set state information for unpickling."},           \
        {"__sizeof__", "()", itertools_combinatoric_sizeof, METHOD_INSTANCE, "Returns size in memory, in bytes."},     \
        {NULL, NULL, NULL, 0, NULL},                                                                                   \
    }
#define REDUCE_ONLY(type, reduce)                                                                                      \
    const struct method_definition itertools_##type##_methods[] = {                                                    \
        {"__reduce__", "()", reduce, METHOD_INSTANCE, "Return state information for pickling."},                       \
        {NULL, NULL, NULL, 0, NULL},                                                                                   \
    }

/* (type, arguments) or (type, arguments, state); state VALUE_NULL: none. arguments VALUE_NULL: error pending. */
static value reduced(struct vm *vm, value self, value arguments, value state)
{
    value type = type_object_value(value_type(vm, self));
    if (arguments == VALUE_NULL)
        return VALUE_NULL;
    return state == VALUE_NULL ? tuple_pack(vm, 2, type, arguments) : tuple_pack(vm, 3, type, arguments, state);
}

static value or_none(value v)
{
    return v == VALUE_NULL ? NONE : v;
}

static value empty_iterator(struct vm *vm)
{
    value list = list_new(vm, 0);
    return list == VALUE_NULL ? VALUE_NULL : get_iterator(vm, list);
}

/* The state as a tuple of `count` items; NULL: error pending. */
static const value *state_items(struct vm *vm, value state, size_t count)
{
    if (has_flag(state, TYPE_TUPLE) && tuple_of(state)->length == count)
        return tuple_of(state)->items;
    if (has_flag(state, TYPE_TUPLE))
        raise_error(vm, &exc_TypeError, "function takes exactly %zu argument%s (%zu given)", count, count == 1 ? "" : "s",
                    (size_t)tuple_of(state)->length);
    else
        raise_error(vm, &exc_TypeError, "state is not a tuple");
    return NULL;
}

/* ---- cycle ---- */

METHOD(cycle_reduce)
{
    UNUSED;
    const struct iteration *it = iteration_of(self);
    if (it->a != VALUE_NULL) {
        value saved = tuple_pack(vm, 2, it->b, FALSE);
        return saved == VALUE_NULL ? VALUE_NULL : reduced(vm, self, tuple_pack(vm, 1, it->a), saved);
    }
    value rest = get_iterator(vm, it->b);
    if (rest == VALUE_NULL)
        return VALUE_NULL;
    if (it->n)
        ((struct list_iterator *)value_object(rest))->index = (uint64_t)it->n;
    value saved = tuple_pack(vm, 2, it->b, TRUE);
    return saved == VALUE_NULL ? VALUE_NULL : reduced(vm, self, tuple_pack(vm, 1, rest), saved);
}

/* After the first pass the iterator given is only the rest of the list: it is taken from the list itself. */
METHOD(cycle_setstate)
{
    (void)count, (void)keyword_names;
    const value *items = state_items(vm, arguments[0], 2);
    if (!items)
        return VALUE_NULL;
    if (!has_flag(items[0], TYPE_LIST))
        return raise_error(vm, &exc_TypeError, "argument 1 must be list, not %T", items[0]);
    int64_t first_pass_over;
    if (!value_to_int64(vm, items[1], &first_pass_over))
        return VALUE_NULL;
    struct iteration *it = iteration_of(self);
    value copy = list_from_iterable(vm, items[0]);
    if (copy == VALUE_NULL)
        return VALUE_NULL;
    it->b = copy;
    it->n = 0;
    if (first_pass_over && it->a != VALUE_NULL) {
        value rest = list_from_iterable(vm, it->a);
        if (rest == VALUE_NULL)
            return VALUE_NULL;
        int64_t length = list_of(copy)->length, left = list_of(rest)->length;
        it->a = VALUE_NULL;
        it->n = left && left <= length ? length - left : 0;
    }
    return NONE;
}
METHODS(cycle, cycle_reduce, cycle_setstate);

/* ---- repeat, chain ---- */

ITERTOOLS_METHOD(repeat_reduce)
{
    UNUSED;
    const struct iteration *it = iteration_of(self);
    return reduced(vm, self, it->n < 0 ? tuple_pack(vm, 1, it->a) : tuple_pack(vm, 2, it->a, small_int(it->n)), VALUE_NULL);
}

ITERTOOLS_METHOD(chain_reduce)
{
    UNUSED;
    const struct iteration *it = iteration_of(self);
    if (it->a == VALUE_NULL)
        return reduced(vm, self, vm->empty_tuple, VALUE_NULL);
    value state = it->b == VALUE_NULL ? tuple_pack(vm, 1, it->a) : tuple_pack(vm, 2, it->a, it->b);
    return state == VALUE_NULL ? VALUE_NULL : reduced(vm, self, vm->empty_tuple, state);
}

ITERTOOLS_METHOD(chain_setstate)
{
    (void)count, (void)keyword_names;
    value state = arguments[0];
    if (!has_flag(state, TYPE_TUPLE))
        return raise_error(vm, &exc_TypeError, "state is not a tuple");
    size_t length = tuple_of(state)->length;
    if (length < 1 || length > 2)
        return raise_error(vm, &exc_TypeError, "function takes at %s %d argument%s (%zu given)", length ? "most" : "least",
                           length ? 2 : 1, length ? "s" : "", length);
    for (size_t i = 0; i < length; i++)
        if (!value_type(vm, tuple_of(state)->items[i])->next)
            return raise_error(vm, &exc_TypeError, "Arguments must be iterators.");
    struct iteration *it = iteration_of(self);
    it->a = tuple_of(state)->items[0];
    it->b = length == 2 ? tuple_of(state)->items[1] : VALUE_NULL;
    return NONE;
}

/* ---- with a predicate ---- */

METHOD(predicate_reduce)
{
    UNUSED;
    const struct iteration *it = iteration_of(self);
    return reduced(vm, self, tuple_pack(vm, 2, it->b, it->a), VALUE_NULL);
}
REDUCE_ONLY(predicate, predicate_reduce);

METHOD(started_reduce)
{
    UNUSED;
    const struct iteration *it = iteration_of(self);
    return reduced(vm, self, tuple_pack(vm, 2, it->b, it->a), small_int(it->n));
}

METHOD(started_setstate)
{
    (void)count, (void)keyword_names;
    int truth = value_truth(vm, arguments[0]);
    if (truth < 0)
        return VALUE_NULL;
    iteration_of(self)->n = truth;
    return NONE;
}
METHODS(dropwhile, started_reduce, started_setstate);
METHODS(takewhile, started_reduce, started_setstate);

METHOD(compress_reduce)
{
    UNUSED;
    const struct iteration *it = iteration_of(self);
    return reduced(vm, self, tuple_pack(vm, 2, it->a, it->b), VALUE_NULL);
}
REDUCE_ONLY(compress, compress_reduce);

/* ---- accumulate ---- */

static value module_function(struct vm *vm, const char *name)
{
    value module = import_module(vm, "itertools");
    return module == VALUE_NULL ? VALUE_NULL : get_attribute_text(vm, module, name);
}

/* chain([initial], iterator) accumulated */
static value accumulate_initial_reduced(struct vm *vm, value self, const struct iteration *it)
{
    value chain = module_function(vm, "chain"), first = tuple_pack(vm, 1, it->d);
    value joined = chain == VALUE_NULL || first == VALUE_NULL ? VALUE_NULL : call_2(vm, chain, first, it->a);
    return joined == VALUE_NULL ? VALUE_NULL : reduced(vm, self, tuple_pack(vm, 2, joined, or_none(it->b)), NONE);
}

METHOD(accumulate_reduce)
{
    UNUSED;
    const struct iteration *it = iteration_of(self);
    if (it->d != VALUE_NULL)
        return accumulate_initial_reduced(vm, self, it);
    if (it->c != NONE)
        return reduced(vm, self, tuple_pack(vm, 2, it->a, or_none(it->b)), or_none(it->c));
    /* a total of None looks like no total: it is put back as an item and skipped */
    value chain = module_function(vm, "chain"), islice = module_function(vm, "islice"), first = tuple_pack(vm, 1, NONE);
    value joined = chain == VALUE_NULL || first == VALUE_NULL ? VALUE_NULL : call_2(vm, chain, first, it->a);
    value again = joined == VALUE_NULL ? VALUE_NULL
                                       : call_2(vm, type_object_value(value_type(vm, self)), joined, or_none(it->b));
    value inner = again == VALUE_NULL || islice == VALUE_NULL ? VALUE_NULL : tuple_pack(vm, 3, again, small_int(1), NONE);
    return inner == VALUE_NULL ? VALUE_NULL : tuple_pack(vm, 2, islice, inner);
}

METHOD(accumulate_setstate)
{
    (void)vm, (void)count, (void)keyword_names;
    iteration_of(self)->c = arguments[0] == NONE ? VALUE_NULL : arguments[0];
    return NONE;
}
METHODS(accumulate, accumulate_reduce, accumulate_setstate);

/* ---- islice ---- */

METHOD(islice_reduce)
{
    UNUSED;
    const struct iteration *it = iteration_of(self);
    if (it->a == VALUE_NULL) {
        value empty = empty_iterator(vm);
        return empty == VALUE_NULL ? VALUE_NULL : reduced(vm, self, tuple_pack(vm, 2, empty, small_int(0)), small_int(0));
    }
    value inner = tuple_pack(vm, 4, it->a, int_from_int64(vm, it->m), it->j < 0 ? NONE : int_from_int64(vm, it->j),
                             int_from_int64(vm, it->k));
    return reduced(vm, self, inner, small_int(it->n));
}

METHOD(islice_setstate)
{
    (void)count, (void)keyword_names;
    int64_t taken;
    if (!value_to_int64(vm, arguments[0], &taken))
        return VALUE_NULL;
    iteration_of(self)->n = taken;
    return NONE;
}
METHODS(islice, islice_reduce, islice_setstate);

/* ---- zip_longest ---- */

METHOD(zip_longest_reduce)
{
    UNUSED;
    const struct iteration *it = iteration_of(self);
    const struct tuple_object *iterators = tuple_of(it->a);
    value inner = tuple_new(vm, iterators->length);
    for (size_t i = 0; inner != VALUE_NULL && i < iterators->length; i++)
        tuple_of(inner)->items[i] = iterators->items[i] == NONE ? vm->empty_tuple : iterators->items[i];
    return reduced(vm, self, inner, it->b);
}

METHOD(zip_longest_setstate)
{
    (void)vm, (void)count, (void)keyword_names;
    iteration_of(self)->b = arguments[0];
    return NONE;
}
METHODS(zip_longest, zip_longest_reduce, zip_longest_setstate);

/* ---- product, combinations, permutations: the state is the indices of the last answer ---- */

static value indices_tuple(struct vm *vm, value list, int64_t count)
{
    return tuple_from(vm, list_of(list)->items, (size_t)count);
}

/* Takes `count` indices from a tuple, clipped to 0..most; false: error pending. */
static bool set_indices(struct vm *vm, value tuple, value list, int64_t count, int64_t most)
{
    for (int64_t i = 0; i < count; i++) {
        int64_t index;
        if (!value_to_int64(vm, tuple_of(tuple)->items[i], &index))
            return false;
        list_of(list)->items[i] = small_int(index < 0 ? 0 : index > most ? most : index);
    }
    return true;
}

METHOD(product_reduce)
{
    UNUSED;
    const struct iteration *it = iteration_of(self);
    if (it->n == 2) {
        value none = tuple_pack(vm, 1, vm->empty_tuple);
        return reduced(vm, self, none, VALUE_NULL);
    }
    return reduced(vm, self, it->a, it->n == 0 ? VALUE_NULL : indices_tuple(vm, it->b, (int64_t)tuple_of(it->a)->length));
}

METHOD(product_setstate)
{
    (void)count, (void)keyword_names;
    struct iteration *it = iteration_of(self);
    const struct tuple_object *pools = tuple_of(it->a);
    if (!has_flag(arguments[0], TYPE_TUPLE) || tuple_of(arguments[0])->length != pools->length)
        return raise_error(vm, &exc_ValueError, "invalid arguments");
    for (size_t i = 0; i < pools->length; i++) {
        int64_t index, size = (int64_t)tuple_of(pools->items[i])->length;
        if (!value_to_int64(vm, tuple_of(arguments[0])->items[i], &index))
            return VALUE_NULL;
        if (!size) {
            it->n = 2;
            return NONE;
        }
        list_of(it->b)->items[i] = small_int(index < 0 ? 0 : index > size - 1 ? size - 1 : index);
    }
    it->n = 1;
    return NONE;
}
COMBINATORIC_METHODS(product, product_reduce, product_setstate);

METHOD(combinations_reduce)
{
    UNUSED;
    const struct iteration *it = iteration_of(self);
    bool impossible = list_of(it->b)->length == 0 && it->m; /* more were asked for than there are */
    value pool = it->n == 2 && !impossible ? vm->empty_tuple : it->a;
    value state = it->n == 1 ? indices_tuple(vm, it->b, it->m) : VALUE_NULL;
    if (it->n == 1 && state == VALUE_NULL)
        return VALUE_NULL;
    return reduced(vm, self, tuple_pack(vm, 2, pool, small_int(it->m)), state);
}

METHOD(combinations_setstate)
{
    (void)count, (void)keyword_names;
    struct iteration *it = iteration_of(self);
    if (!has_flag(arguments[0], TYPE_TUPLE) || (int64_t)tuple_of(arguments[0])->length != it->m ||
        (int64_t)list_of(it->b)->length != it->m)
        return raise_error(vm, &exc_ValueError, "invalid arguments");
    if (!set_indices(vm, arguments[0], it->b, it->m, (int64_t)tuple_of(it->a)->length - 1))
        return VALUE_NULL;
    it->n = 1;
    return NONE;
}
COMBINATORIC_METHODS(combinations, combinations_reduce, combinations_setstate);

METHOD(permutations_reduce)
{
    UNUSED;
    const struct iteration *it = iteration_of(self);
    bool impossible = list_of(it->c)->length == 0 && it->m; /* more were asked for than there are */
    value pool = it->n == 2 && !impossible ? vm->empty_tuple : it->a, state = VALUE_NULL;
    if (it->n == 1) {
        value indices = indices_tuple(vm, it->b, (int64_t)tuple_of(it->a)->length), cycles = indices_tuple(vm, it->c, it->m);
        if (indices == VALUE_NULL || cycles == VALUE_NULL || (state = tuple_pack(vm, 2, indices, cycles)) == VALUE_NULL)
            return VALUE_NULL;
    }
    return reduced(vm, self, tuple_pack(vm, 2, pool, small_int(it->m)), state);
}

METHOD(permutations_setstate)
{
    (void)count, (void)keyword_names;
    struct iteration *it = iteration_of(self);
    int64_t size = (int64_t)tuple_of(it->a)->length;
    const value *items = state_items(vm, arguments[0], 2);
    if (!items)
        return VALUE_NULL;
    if (!has_flag(items[0], TYPE_TUPLE) || !has_flag(items[1], TYPE_TUPLE) || (int64_t)tuple_of(items[0])->length != size ||
        (int64_t)tuple_of(items[1])->length != it->m || (int64_t)list_of(it->c)->length != it->m)
        return raise_error(vm, &exc_ValueError, "invalid arguments");
    if (!set_indices(vm, items[0], it->b, size, size - 1))
        return VALUE_NULL;
    for (int64_t i = 0; i < it->m; i++) {
        int64_t cycle;
        if (!value_to_int64(vm, tuple_of(items[1])->items[i], &cycle))
            return VALUE_NULL;
        list_of(it->c)->items[i] = small_int(cycle < 1 ? 1 : cycle > size - i ? size - i : cycle);
    }
    it->n = 1;
    return NONE;
}
COMBINATORIC_METHODS(permutations, permutations_reduce, permutations_setstate);

/* ---- groupby ---- */

METHOD(groupby_reduce)
{
    UNUSED;
    const struct iteration *it = iteration_of(self);
    value state = VALUE_NULL;
    if (it->c != VALUE_NULL && it->d != VALUE_NULL && it->e != VALUE_NULL &&
        (state = tuple_pack(vm, 3, it->d, it->e, it->c)) == VALUE_NULL)
        return VALUE_NULL;
    return reduced(vm, self, tuple_pack(vm, 2, it->a, it->b), state);
}

METHOD(groupby_setstate)
{
    (void)count, (void)keyword_names;
    struct iteration *it = iteration_of(self);
    const value *items = state_items(vm, arguments[0], 3);
    if (!items)
        return VALUE_NULL;
    it->d = items[0];
    it->e = items[1];
    it->c = items[2];
    return NONE;
}
METHODS(groupby, groupby_reduce, groupby_setstate);

METHOD(grouper_reduce)
{
    UNUSED;
    const struct iteration *it = iteration_of(self);
    if (iteration_of(it->a)->f != self) { /* the groupby went on: this group is empty */
        return iterator_reduced(vm, vm->empty_tuple, VALUE_NULL);
    }
    return reduced(vm, self, tuple_pack(vm, 2, it->a, it->b), VALUE_NULL);
}
REDUCE_ONLY(grouper, grouper_reduce);

/* ---- tee ---- */

ITERTOOLS_METHOD(tee_reduce)
{
    UNUSED;
    const struct iteration *it = iteration_of(self);
    value state = tuple_pack(vm, 2, it->a, small_int(it->n));
    return state == VALUE_NULL ? VALUE_NULL : reduced(vm, self, tuple_pack(vm, 1, vm->empty_tuple), state);
}

METHOD(tee_block_reduce)
{
    UNUSED;
    const struct iteration *it = iteration_of(self);
    value items = list_from_iterable(vm, it->b);
    return items == VALUE_NULL ? VALUE_NULL : reduced(vm, self, tuple_pack(vm, 3, it->a, items, or_none(it->c)), VALUE_NULL);
}
REDUCE_ONLY(tee_block, tee_block_reduce);
