/* combinatorics.c - product, combinations and permutations: pools, and indices into them. */
#include "sim/modules/itertools/itertools.h"
#include "sim/modules/containers.h"
#include "sim/runtime/container.h"
#include "sim/runtime/iterator.h"
#include "sim/runtime/layout_size.h"
#include "sim/runtime/number.h"

/* A list of small ints: the index arrays of the combinatoric iterators. */
static value indices_new(struct vm *vm, int64_t count, int64_t step)
{
    if (count > UINT32_MAX / 2)
        return raise_no_memory(vm);
    value list = list_new(vm, (size_t)count);
    for (int64_t i = 0; list != VALUE_NULL && i < count; i++)
        list_of(list)->items[i] = small_int(i * step);
    return list;
}

static int64_t index_get(value list, int64_t i)
{
    return small_int_value(list_of(list)->items[i]);
}

static void index_set(value list, int64_t i, int64_t index)
{
    list_of(list)->items[i] = small_int(index);
}

/* The pool's items that the first `count` indices name. */
static value pick(struct vm *vm, value pool, value indices, int64_t count)
{
    value result = tuple_new(vm, (size_t)count);
    for (int64_t i = 0; result != VALUE_NULL && i < count; i++)
        tuple_of(result)->items[i] = tuple_of(pool)->items[index_get(indices, i)];
    return result;
}

/* ---- product: a pools, b indices, n: 0 not begun, 1 going, 2 over ---- */

NEW(product_new)
{
    int64_t times = 1;
    for (size_t i = 0; i < keyword_count(keyword_names); i++) {
        if (!string_is(tuple_of(keyword_names)->items[i], "repeat"))
            return raise_error(vm, &exc_TypeError, "'%U' is an invalid keyword argument for product()",
                               tuple_of(keyword_names)->items[i]);
        if (!value_to_int64(vm, arguments[count + i], &times))
            return VALUE_NULL;
        if (times < 0)
            return raise_error(vm, &exc_ValueError, "repeat argument cannot be negative");
    }
    if (times > 0 && count > (size_t)(INT64_MAX / times) / 8)
        return raise_error(vm, &exc_OverflowError, "repeat argument too large");
    size_t total = count * (size_t)times;
    if (total > UINT32_MAX / 2)
        return raise_no_memory(vm);
    value pools = tuple_new(vm, total);
    if (pools == VALUE_NULL)
        return pools;
    for (size_t i = 0; i < count && times; i++) {
        value pool = tuple_from_iterable(vm, arguments[i]);
        if (pool == VALUE_NULL)
            return pool;
        for (size_t at = i; at < total; at += count)
            tuple_of(pools)->items[at] = pool;
    }
    value indices = indices_new(vm, (int64_t)total, 0);
    struct iteration *self = indices == VALUE_NULL ? NULL : iteration_new(vm, type);
    if (!self)
        return VALUE_NULL;
    self->a = pools;
    self->b = indices;
    return object_value(self);
}

static value product_next(struct vm *vm, value iterator)
{
    struct iteration *self = iteration_of(iterator);
    const struct tuple_object *pools = tuple_of(self->a);
    int64_t count = (int64_t)pools->length;
    if (self->n == 2)
        return VALUE_NULL;
    if (self->n == 0) {
        self->n = 1;
        for (int64_t i = 0; i < count; i++)
            if (!tuple_of(pools->items[i])->length)
                self->n = 2;
    } else {
        int64_t i = count - 1;
        for (; i >= 0; i--) {
            int64_t next = index_get(self->b, i) + 1;
            if (next < (int64_t)tuple_of(pools->items[i])->length) {
                index_set(self->b, i, next);
                break;
            }
            index_set(self->b, i, 0);
        }
        if (i < 0)
            self->n = 2;
    }
    if (self->n == 2)
        return VALUE_NULL;
    value result = tuple_new(vm, (size_t)count);
    for (int64_t i = 0; result != VALUE_NULL && i < count; i++)
        tuple_of(result)->items[i] = tuple_of(pools->items[i])->items[index_get(self->b, i)];
    return result;
}
ITERATION_TYPE(itertools_product_type, "itertools.product", product_new, product_next, itertools_product_methods,
               "product(*iterables, repeat=1) --> product object\n\n"
               "Cartesian product of input iterables.  Equivalent to nested for-loops.");

/* ---- combinations: a pool, b indices, n: 0 not begun, 1 going, 2 over; m how many to choose ---- */

static value combinations_make(struct vm *vm, struct type *type, const char *name, const value *arguments, size_t count,
                               value keyword_names, int64_t step)
{
    static const char *const names[] = {"iterable", "r", NULL};
    struct argument_names expected = {name, names, 2, 2};
    value given[2];
    int64_t chosen;
    if (!arguments_bind(vm, &expected, arguments, count, keyword_names, given))
        return VALUE_NULL;
    value pool = tuple_from_iterable(vm, given[0]);
    if (pool == VALUE_NULL || !value_to_int64(vm, given[1], &chosen))
        return VALUE_NULL;
    if (chosen < 0)
        return raise_error(vm, &exc_ValueError, "r must be non-negative");
    bool possible = step ? chosen <= (int64_t)tuple_of(pool)->length : tuple_of(pool)->length || !chosen;
    if (chosen > UINT32_MAX / 2) /* not even when there is no such combination */
        return raise_no_memory(vm);
    value indices = indices_new(vm, possible ? chosen : 0, step);
    struct iteration *self = indices == VALUE_NULL ? NULL : iteration_new(vm, type);
    if (!self)
        return VALUE_NULL;
    self->a = pool;
    self->b = indices;
    self->n = possible ? 0 : 2;
    self->m = chosen;
    return object_value(self);
}

NEW(combinations_new)
{
    return combinations_make(vm, type, "combinations", arguments, count, keyword_names, 1);
}

NEW(combinations_with_replacement_new)
{
    return combinations_make(vm, type, "combinations_with_replacement", arguments, count, keyword_names, 0);
}

static value combinations_next(struct vm *vm, value iterator)
{
    struct iteration *self = iteration_of(iterator);
    int64_t size = (int64_t)tuple_of(self->a)->length, chosen = self->m;
    if (self->n == 2)
        return VALUE_NULL;
    if (self->n == 1) {
        int64_t i = chosen - 1;
        while (i >= 0 && index_get(self->b, i) == i + size - chosen)
            i--;
        if (i < 0) {
            self->n = 2;
            return VALUE_NULL;
        }
        index_set(self->b, i, index_get(self->b, i) + 1);
        for (i++; i < chosen; i++)
            index_set(self->b, i, index_get(self->b, i - 1) + 1);
    }
    self->n = 1;
    return pick(vm, self->a, self->b, chosen);
}
ITERATION_TYPE(itertools_combinations_type, "itertools.combinations", combinations_new, combinations_next,
               itertools_combinations_methods,
               "Return successive r-length combinations of elements in the iterable.\n\n"
               "combinations(range(4), 3) --> (0,1,2), (0,1,3), (0,2,3), (1,2,3)");

static value combinations_with_replacement_next(struct vm *vm, value iterator)
{
    struct iteration *self = iteration_of(iterator);
    int64_t size = (int64_t)tuple_of(self->a)->length, chosen = self->m;
    if (self->n == 2)
        return VALUE_NULL;
    if (self->n == 1) {
        int64_t i = chosen - 1;
        while (i >= 0 && index_get(self->b, i) == size - 1)
            i--;
        if (i < 0) {
            self->n = 2;
            return VALUE_NULL;
        }
        int64_t next = index_get(self->b, i) + 1;
        for (; i < chosen; i++)
            index_set(self->b, i, next);
    }
    self->n = 1;
    return pick(vm, self->a, self->b, chosen);
}
ITERATION_TYPE(itertools_combinations_with_replacement_type, "itertools.combinations_with_replacement",
               combinations_with_replacement_new, combinations_with_replacement_next, itertools_combinations_methods,
               "Return successive r-length combinations of elements in the iterable allowing individual elements to have "
               "successive repeats.");

/* ---- permutations: a pool, b indices, c cycles, n as above, m how many ---- */

NEW(permutations_new)
{
    static const char *const names[] = {"iterable", "r", NULL};
    static const struct argument_names expected = {"permutations", names, 1, 2};
    value given[2];
    if (!arguments_bind(vm, &expected, arguments, count, keyword_names, given))
        return VALUE_NULL;
    value pool = tuple_from_iterable(vm, given[0]);
    if (pool == VALUE_NULL)
        return pool;
    int64_t size = (int64_t)tuple_of(pool)->length, chosen = size;
    if (given[1] != VALUE_NULL && given[1] != NONE) {
        if (!is_int(given[1]))
            return raise_error(vm, &exc_TypeError, "Expected int as r");
        if (!value_to_int64(vm, given[1], &chosen))
            return VALUE_NULL;
        if (chosen < 0)
            return raise_error(vm, &exc_ValueError, "r must be non-negative");
    }
    bool possible = chosen <= size;
    if (chosen > UINT32_MAX / 2)
        return raise_no_memory(vm);
    value indices = indices_new(vm, size, 1), cycles = list_new(vm, possible ? (size_t)chosen : 0);
    if (indices == VALUE_NULL || cycles == VALUE_NULL)
        return VALUE_NULL;
    for (int64_t i = 0; possible && i < chosen; i++)
        index_set(cycles, i, size - i);
    struct iteration *self = iteration_new(vm, type);
    if (!self)
        return VALUE_NULL;
    self->a = pool;
    self->b = indices;
    self->c = cycles;
    self->n = possible ? 0 : 2;
    self->m = chosen;
    return object_value(self);
}

static value permutations_next(struct vm *vm, value iterator)
{
    struct iteration *self = iteration_of(iterator);
    int64_t size = (int64_t)tuple_of(self->a)->length, chosen = self->m;
    if (self->n == 2)
        return VALUE_NULL;
    if (self->n == 1) {
        int64_t i = chosen - 1;
        for (; i >= 0; i--) {
            int64_t cycle = index_get(self->c, i) - 1;
            index_set(self->c, i, cycle);
            int64_t own = index_get(self->b, i);
            if (cycle == 0) { /* rotate indices[i:] left by one */
                for (int64_t j = i; j < size - 1; j++)
                    index_set(self->b, j, index_get(self->b, j + 1));
                index_set(self->b, size - 1, own);
                index_set(self->c, i, size - i);
            } else {
                index_set(self->b, i, index_get(self->b, size - cycle));
                index_set(self->b, size - cycle, own);
                break;
            }
        }
        if (i < 0) {
            self->n = 2;
            return VALUE_NULL;
        }
    }
    self->n = 1;
    return pick(vm, self->a, self->b, chosen);
}
ITERATION_TYPE(itertools_permutations_type, "itertools.permutations", permutations_new, permutations_next,
               itertools_permutations_methods,
               "Return successive r-length permutations of elements in the iterable.\n\n"
               "permutations(range(3), 2) --> (0,1), (0,2), (1,0), (1,2), (2,0), (2,1)");

/* ---- sizes ---- */

/* As CPython's: an index for each pool, for each place, or for each place and each item of the pool. */
ITERTOOLS_METHOD(combinatoric_sizeof)
{
    (void)arguments, (void)count, (void)keyword_names;
    const struct iteration *iterator = iteration_of(self);
    struct type *type = value_type(vm, self);
    int64_t pool = (int64_t)tuple_of(iterator->a)->length, indices = iterator->m;
    if (type_is_subtype(type, &itertools_product_type))
        indices = pool;
    else if (type_is_subtype(type, &itertools_permutations_type))
        indices += pool;
    return small_int(layout_of(type).basic + 8 * indices);
}
