/* itertools.c - module itertools. All its iterators share one layout: up to six values and four numbers, whose meaning is said
 * at each (itertools.h). Products and combinations are in combinatorics.c, copying and pickling in pickle.c. */
#include "sim/modules/containers.h"
#include "sim/modules/itertools/itertools.h"
#include "sim/runtime/container.h"
#include "sim/runtime/iterator.h"
#include "sim/runtime/number.h"

struct iteration *iteration_new(struct vm *vm, struct type *type)
{
    struct iteration *self = instance_allocate(vm, type, sizeof(struct iteration));
    if (self)
        self->a = self->b = self->c = self->d = self->e = self->f = VALUE_NULL;
    return self;
}

void iteration_trace(struct vm *vm, struct object *object)
{
    struct iteration *self = (struct iteration *)object;
    const value held[] = {self->a, self->b, self->c, self->d, self->e, self->f};
    for (size_t i = 0; i < sizeof(held) / sizeof(held[0]); i++)
        if (held[i] != VALUE_NULL)
            gc_mark(vm, held[i]);
}

/* ---- count: a current, b step ---- */

NEW(count_new)
{
    static const char *const names[] = {"start", "step", NULL};
    static const struct argument_names expected = {"count", names, 0, 2};
    value given[2];
    if (!arguments_bind(vm, &expected, arguments, count, keyword_names, given))
        return VALUE_NULL;
    for (int i = 0; i < 2; i++) {
        if (given[i] == VALUE_NULL)
            given[i] = small_int(i);
        struct type *kind = value_type(vm, given[i]);
        if (!is_int(given[i]) && !is_float(given[i]) && !kind->to_float && !kind->index && kind != &complex_type)
            return raise_error(vm, &exc_TypeError, "a number is required");
    }
    struct iteration *self = iteration_new(vm, type);
    if (!self)
        return VALUE_NULL;
    self->a = given[0];
    self->b = given[1];
    return object_value(self);
}

static value count_next(struct vm *vm, value iterator)
{
    struct iteration *self = iteration_of(iterator);
    value current = self->a, next = binary_operation(vm, BINARY_ADD, current, self->b);
    if (next == VALUE_NULL)
        return next;
    self->a = next;
    return current;
}

static value count_repr(struct vm *vm, value iterator)
{
    struct iteration *self = iteration_of(iterator);
    if (self->b == small_int(1))
        return string_printf(vm, "count(%R)", self->a);
    return string_printf(vm, "count(%R, %R)", self->a, self->b);
}

METHOD(count_reduce)
{
    (void)arguments, (void)count, (void)keyword_names;
    struct iteration *it = iteration_of(self);
    bool plain = it->b == small_int(1) && is_small_int(it->a);
    value inner = plain ? tuple_pack(vm, 1, it->a) : tuple_pack(vm, 2, it->a, it->b);
    return inner == VALUE_NULL ? inner : tuple_pack(vm, 2, type_object_value(value_type(vm, self)), inner);
}

static const struct method_definition count_methods[] = {
    {"__reduce__", "()", count_reduce, METHOD_INSTANCE, "Return state information for pickling."},
    {NULL, NULL, NULL, 0, NULL},
};
static struct type count_type = {
    .name = "itertools.count",
    .flags = TYPE_SUBCLASSABLE | TYPE_GETATTR_PLAIN,
    .instance_size = sizeof(struct iteration),
    .doc = "Return a count object whose .__next__() method returns consecutive values.",
    .methods = count_methods,
    .trace = iteration_trace,
    .new = count_new,
    .repr = count_repr,
    .iter = iterator_self,
    .next = count_next,
};

/* ---- repeat: a object, n left (-1: for ever) ---- */

NEW(repeat_new)
{
    static const char *const names[] = {"object", "times", NULL};
    static const struct argument_names expected = {"repeat", names, 1, 2};
    value given[2];
    int64_t times = -1;
    if (!arguments_bind(vm, &expected, arguments, count, keyword_names, given))
        return VALUE_NULL;
    if (given[1] != VALUE_NULL) {
        if (!value_to_int64(vm, given[1], &times))
            return VALUE_NULL;
        times = times < 0 ? 0 : times;
    }
    struct iteration *self = iteration_new(vm, type);
    if (!self)
        return VALUE_NULL;
    self->a = given[0];
    self->n = times;
    return object_value(self);
}

static value repeat_next(struct vm *vm, value iterator)
{
    struct iteration *self = iteration_of(iterator);
    (void)vm;
    if (self->n == 0)
        return VALUE_NULL;
    if (self->n > 0)
        self->n--;
    return self->a;
}

static value repeat_repr(struct vm *vm, value iterator)
{
    struct iteration *self = iteration_of(iterator);
    if (self->n < 0)
        return string_printf(vm, "repeat(%R)", self->a);
    return string_printf(vm, "repeat(%R, %lld)", self->a, (long long)self->n);
}

METHOD(repeat_hint)
{
    (void)arguments, (void)count, (void)keyword_names;
    if (iteration_of(self)->n < 0)
        return raise_error(vm, &exc_TypeError, "len() of unsized object");
    return small_int(iteration_of(self)->n);
}

static const struct method_definition repeat_methods[] = {
    {"__length_hint__", "()", repeat_hint, METHOD_INSTANCE, "Private method returning an estimate of len(list(it))."},
    ITERTOOLS_REPEAT_METHODS,
    {NULL, NULL, NULL, 0, NULL},
};
static struct type repeat_type = {
    .name = "itertools.repeat",
    .flags = TYPE_SUBCLASSABLE | TYPE_GETATTR_PLAIN,
    .instance_size = sizeof(struct iteration),
    .doc = "repeat(object [,times]) -> create an iterator which returns the object\nfor the specified number of times.",
    .methods = repeat_methods,
    .trace = iteration_trace,
    .new = repeat_new,
    .repr = repeat_repr,
    .iter = iterator_self,
    .next = repeat_next,
};

/* ---- cycle: a iterator, b what it gave, n next of b ---- */

NEW(cycle_new)
{
    if (!check_positional(vm, "cycle", count, keyword_names, 1, 1))
        return VALUE_NULL;
    value iterator = get_iterator(vm, arguments[0]), saved = list_new(vm, 0);
    struct iteration *self = iterator == VALUE_NULL || saved == VALUE_NULL ? NULL : iteration_new(vm, type);
    if (!self)
        return VALUE_NULL;
    self->a = iterator;
    self->b = saved;
    return object_value(self);
}

static value cycle_next(struct vm *vm, value iterator)
{
    struct iteration *self = iteration_of(iterator);
    if (self->a != VALUE_NULL) {
        value item = iterator_next(vm, self->a);
        if (item != VALUE_NULL)
            return list_append(vm, list_of(self->b), item) ? item : VALUE_NULL;
        if (vm->pending != VALUE_NULL)
            return VALUE_NULL;
        self->a = VALUE_NULL;
    }
    const struct list_object *saved = list_of(self->b);
    if (!saved->length)
        return VALUE_NULL;
    value item = saved->items[self->n++];
    if (self->n >= (int64_t)saved->length)
        self->n = 0;
    return item;
}
static ITERATION_TYPE(cycle_type, "itertools.cycle", cycle_new, cycle_next, itertools_cycle_methods,
               "Return elements from the iterable until it is exhausted. Then repeat the sequence indefinitely.");

/* ---- chain: a iterator over iterables, b current iterator ---- */

static value chain_make(struct vm *vm, struct type *type, value iterables)
{
    value source = get_iterator(vm, iterables);
    struct iteration *self = source == VALUE_NULL ? NULL : iteration_new(vm, type);
    if (!self)
        return VALUE_NULL;
    self->a = source;
    return object_value(self);
}

NEW(chain_new)
{
    if (!check_positional(vm, "chain", count, keyword_names, 0, -1))
        return VALUE_NULL;
    value iterables = tuple_from(vm, arguments, count);
    return iterables == VALUE_NULL ? iterables : chain_make(vm, type, iterables);
}

METHOD(chain_from_iterable)
{
    (void)count, (void)keyword_names;
    return chain_make(vm, (struct type *)value_object(self), arguments[0]);
}

static value chain_next(struct vm *vm, value iterator)
{
    struct iteration *self = iteration_of(iterator);
    while (self->a != VALUE_NULL) {
        if (self->b == VALUE_NULL) {
            value iterable = iterator_next(vm, self->a);
            if (iterable == VALUE_NULL || (self->b = get_iterator(vm, iterable)) == VALUE_NULL) {
                self->a = VALUE_NULL;
                return VALUE_NULL;
            }
        }
        value item = iterator_next(vm, self->b);
        if (item != VALUE_NULL || vm->pending != VALUE_NULL)
            return item;
        self->b = VALUE_NULL;
    }
    return VALUE_NULL;
}

static const struct method_definition chain_methods[] = {
    {"from_iterable", "(iterable, /)", chain_from_iterable, METHOD_CLASS,
     "Alternative chain() constructor taking a single iterable argument that evaluates lazily."},
    ITERTOOLS_CHAIN_METHODS,
    CLASS_GETITEM,
    {NULL, NULL, NULL, 0, NULL},
};
static ITERATION_TYPE(chain_type, "itertools.chain", chain_new, chain_next, chain_methods,
               "chain(*iterables) --> chain object\n\nReturn a chain object whose .__next__() method returns elements from the\n"
               "first iterable until it is exhausted, then elements from the next\niterable, until all of the iterables are "
               "exhausted.");

/* ---- with a predicate: a iterator, b function, n started ---- */

static value predicate_new(struct vm *vm, struct type *type, const char *name, const value *arguments, size_t count,
                           value keyword_names)
{
    if (!check_positional(vm, name, count, keyword_names, 2, 2))
        return VALUE_NULL;
    value iterator = get_iterator(vm, arguments[1]);
    struct iteration *self = iterator == VALUE_NULL ? NULL : iteration_new(vm, type);
    if (!self)
        return VALUE_NULL;
    self->a = iterator;
    self->b = arguments[0];
    return object_value(self);
}

static int test(struct vm *vm, value function, value item)
{
    if (function == NONE || function == type_object_value(&bool_type))
        return value_truth(vm, item);
    value result = call_1(vm, function, item);
    return result == VALUE_NULL ? -1 : value_truth(vm, result);
}

NEW(dropwhile_new)
{
    return predicate_new(vm, type, "dropwhile", arguments, count, keyword_names);
}

static value dropwhile_next(struct vm *vm, value iterator)
{
    struct iteration *self = iteration_of(iterator);
    for (;;) {
        value item = iterator_next(vm, self->a);
        if (item == VALUE_NULL || self->n)
            return item;
        value result = call_1(vm, self->b, item);
        int truth = result == VALUE_NULL ? -1 : value_truth(vm, result);
        if (truth < 0)
            return VALUE_NULL;
        if (!truth) {
            self->n = 1;
            return item;
        }
    }
}
static ITERATION_TYPE(dropwhile_type, "itertools.dropwhile", dropwhile_new, dropwhile_next, itertools_dropwhile_methods,
               "Drop items from the iterable while predicate(item) is true.");

NEW(takewhile_new)
{
    return predicate_new(vm, type, "takewhile", arguments, count, keyword_names);
}

static value takewhile_next(struct vm *vm, value iterator)
{
    struct iteration *self = iteration_of(iterator);
    if (self->n)
        return VALUE_NULL;
    value item = iterator_next(vm, self->a);
    if (item == VALUE_NULL)
        return item;
    value result = call_1(vm, self->b, item);
    int truth = result == VALUE_NULL ? -1 : value_truth(vm, result);
    if (truth > 0)
        return item;
    if (!truth)
        self->n = 1;
    return VALUE_NULL;
}
static ITERATION_TYPE(takewhile_type, "itertools.takewhile", takewhile_new, takewhile_next, itertools_takewhile_methods,
               "Return successive entries from an iterable as long as the predicate evaluates to true for each entry.");

NEW(filterfalse_new)
{
    return predicate_new(vm, type, "filterfalse", arguments, count, keyword_names);
}

static value filterfalse_next(struct vm *vm, value iterator)
{
    struct iteration *self = iteration_of(iterator);
    for (;;) {
        value item = iterator_next(vm, self->a);
        if (item == VALUE_NULL)
            return item;
        int truth = test(vm, self->b, item);
        if (truth <= 0)
            return truth < 0 ? VALUE_NULL : item;
    }
}
static ITERATION_TYPE(filterfalse_type, "itertools.filterfalse", filterfalse_new, filterfalse_next, itertools_predicate_methods,
               "Return those items of iterable for which function(item) is false.\n\nIf function is None, return the items "
               "that are false.");

NEW(starmap_new)
{
    return predicate_new(vm, type, "starmap", arguments, count, keyword_names);
}

static value starmap_next(struct vm *vm, value iterator)
{
    struct iteration *self = iteration_of(iterator);
    value item = iterator_next(vm, self->a);
    if (item == VALUE_NULL)
        return item;
    value arguments = has_flag(item, TYPE_TUPLE) ? item : tuple_from_iterable(vm, item);
    if (arguments == VALUE_NULL)
        return arguments;
    return call(vm, self->b, tuple_of(arguments)->items, tuple_of(arguments)->length, VALUE_NULL);
}
static ITERATION_TYPE(starmap_type, "itertools.starmap", starmap_new, starmap_next, itertools_predicate_methods,
               "Return an iterator whose values are returned from the function evaluated with an argument tuple taken from "
               "the given sequence.");

/* ---- compress: a data, b selectors ---- */

NEW(compress_new)
{
    static const char *const names[] = {"data", "selectors", NULL};
    static const struct argument_names expected = {"compress", names, 2, 2};
    value given[2];
    if (!arguments_bind(vm, &expected, arguments, count, keyword_names, given))
        return VALUE_NULL;
    value data = get_iterator(vm, given[0]), selectors = data == VALUE_NULL ? data : get_iterator(vm, given[1]);
    struct iteration *self = selectors == VALUE_NULL ? NULL : iteration_new(vm, type);
    if (!self)
        return VALUE_NULL;
    self->a = data;
    self->b = selectors;
    return object_value(self);
}

static value compress_next(struct vm *vm, value iterator)
{
    struct iteration *self = iteration_of(iterator);
    for (;;) {
        value item = iterator_next(vm, self->a);
        value selector = item == VALUE_NULL ? item : iterator_next(vm, self->b);
        if (selector == VALUE_NULL)
            return selector;
        int truth = value_truth(vm, selector);
        if (truth)
            return truth < 0 ? VALUE_NULL : item;
    }
}
static ITERATION_TYPE(compress_type, "itertools.compress", compress_new, compress_next, itertools_compress_methods,
               "Return data elements corresponding to true selector elements.");

/* ---- pairwise: a iterator, b previous ---- */

NEW(pairwise_new)
{
    if (!check_positional(vm, "pairwise", count, keyword_names, 1, 1))
        return VALUE_NULL;
    value iterator = get_iterator(vm, arguments[0]);
    struct iteration *self = iterator == VALUE_NULL ? NULL : iteration_new(vm, type);
    if (!self)
        return VALUE_NULL;
    self->a = iterator;
    return object_value(self);
}

static value pairwise_next(struct vm *vm, value iterator)
{
    struct iteration *self = iteration_of(iterator);
    value source = self->a, previous = self->b; /* the source may ask this iterator for an item, and exhaust it */
    if (source == VALUE_NULL)
        return VALUE_NULL;
    if (previous == VALUE_NULL)
        self->b = previous = iterator_next(vm, source);
    value item = previous == VALUE_NULL ? VALUE_NULL : iterator_next(vm, source);
    if (item == VALUE_NULL) {
        self->a = self->b = VALUE_NULL;
        return item;
    }
    value pair = tuple_pack(vm, 2, previous, item);
    self->b = item;
    return pair;
}
static ITERATION_TYPE(
    pairwise_type, "itertools.pairwise", pairwise_new, pairwise_next, NULL,
    "Return an iterator of overlapping pairs taken from the input iterator.\n\n    s -> (s0,s1), (s1,s2), (s2, s3), ...");

/* ---- accumulate: a iterator, b function or null, c total, d initial ---- */

NEW(accumulate_new)
{
    static const char *const names[] = {"iterable", "func", "initial", NULL};
    static const struct argument_names expected = {"accumulate", names, 1, 2};
    value given[3];
    if (!arguments_bind(vm, &expected, arguments, count, keyword_names, given))
        return VALUE_NULL;
    value iterator = get_iterator(vm, given[0]);
    struct iteration *self = iterator == VALUE_NULL ? NULL : iteration_new(vm, type);
    if (!self)
        return VALUE_NULL;
    self->a = iterator;
    self->b = given[1] == NONE ? VALUE_NULL : given[1];
    self->d = given[2] == NONE ? VALUE_NULL : given[2];
    return object_value(self);
}

static value accumulate_next(struct vm *vm, value iterator)
{
    struct iteration *self = iteration_of(iterator);
    if (self->d != VALUE_NULL) {
        self->c = self->d;
        self->d = VALUE_NULL;
        return self->c;
    }
    value item = iterator_next(vm, self->a);
    if (item == VALUE_NULL)
        return item;
    if (self->c != VALUE_NULL) {
        item = self->b == VALUE_NULL ? binary_operation(vm, BINARY_ADD, self->c, item) : call_2(vm, self->b, self->c, item);
        if (item == VALUE_NULL)
            return item;
    }
    self->c = item;
    return item;
}
static ITERATION_TYPE(accumulate_type, "itertools.accumulate", accumulate_new, accumulate_next, itertools_accumulate_methods,
               "Return series of accumulated sums (or other binary function results).");

/* ---- islice: a iterator, n items taken so far, m next to give, k step, j stop (-1: none) ---- */

static bool islice_bound(struct vm *vm, value v, int64_t absent, const char *message, int64_t *out)
{
    *out = absent;
    if (v == NONE)
        return true;
    if (has_index(vm, v)) {
        value integer = number_index(vm, v);
        if (integer == VALUE_NULL)
            return false;
        if (value_to_int64(vm, integer, out) && *out >= 0)
            return true;
        exception_clear(vm); /* OverflowError */
    }
    raise_error(vm, &exc_ValueError, "%s", message);
    return false;
}

NEW(islice_new)
{
    static const char stop_message[] = "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.";
    static const char index_message[] = "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.";
    static const char step_message[] = "Step for islice() must be a positive integer or None.";
    if (!check_positional(vm, "islice", count, keyword_names, 2, 4))
        return VALUE_NULL;
    int64_t start = 0, stop, step = 1;
    if (count == 2) {
        if (!islice_bound(vm, arguments[1], -1, stop_message, &stop))
            return VALUE_NULL;
    } else if (!islice_bound(vm, arguments[1], 0, index_message, &start) ||
               !islice_bound(vm, arguments[2], -1, stop_message, &stop)) {
        return VALUE_NULL;
    }
    if (count == 4 && !islice_bound(vm, arguments[3], 1, step_message, &step))
        return VALUE_NULL;
    if (step < 1)
        return raise_error(vm, &exc_ValueError, step_message);
    value iterator = get_iterator(vm, arguments[0]);
    struct iteration *self = iterator == VALUE_NULL ? NULL : iteration_new(vm, type);
    if (!self)
        return VALUE_NULL;
    self->a = iterator;
    self->m = start;
    self->k = step;
    self->j = stop;
    return object_value(self);
}

static value islice_next(struct vm *vm, value iterator)
{
    struct iteration *self = iteration_of(iterator);
    value source = self->a; /* which may ask this iterator for an item, and exhaust it */
    if (source == VALUE_NULL)
        return VALUE_NULL;
    int64_t target = self->m;
    if (self->j >= 0 && target > self->j)
        target = self->j;
    while (self->n < target) {
        if (iterator_next(vm, source) == VALUE_NULL) {
            self->a = VALUE_NULL;
            return VALUE_NULL;
        }
        self->n++;
    }
    value item = self->j >= 0 && self->n >= self->j ? VALUE_NULL : iterator_next(vm, source);
    if (item == VALUE_NULL) {
        self->a = VALUE_NULL;
        return item;
    }
    self->n++;
    self->m = self->m > INT64_MAX - self->k ? INT64_MAX : self->m + self->k;
    if (self->j >= 0 && self->m > self->j)
        self->m = self->j;
    return item;
}
static ITERATION_TYPE(islice_type, "itertools.islice", islice_new, islice_next, itertools_islice_methods,
               "islice(iterable, stop) --> islice object\nislice(iterable, start, stop[, step]) --> islice object");

/* ---- zip_longest: a iterators (an exhausted one is null), b fill value, n how many are left ---- */

NEW(zip_longest_new)
{
    value fill = NONE;
    for (size_t i = 0; i < keyword_count(keyword_names); i++) {
        if (!string_is(tuple_of(keyword_names)->items[i], "fillvalue"))
            return raise_error(vm, &exc_TypeError, "zip_longest() got an unexpected keyword argument");
        fill = arguments[count + i];
    }
    value iterators = tuple_new(vm, count);
    if (iterators == VALUE_NULL)
        return iterators;
    for (size_t i = 0; i < count; i++) {
        value iterator = get_iterator(vm, arguments[i]);
        if (iterator == VALUE_NULL)
            return iterator;
        tuple_of(iterators)->items[i] = iterator;
    }
    struct iteration *self = iteration_new(vm, type);
    if (!self)
        return VALUE_NULL;
    self->a = iterators;
    self->b = fill;
    self->n = (int64_t)count;
    return object_value(self);
}

static value zip_longest_next(struct vm *vm, value iterator)
{
    struct iteration *self = iteration_of(iterator);
    struct tuple_object *iterators = tuple_of(self->a);
    if (!self->n)
        return VALUE_NULL;
    value result = tuple_new(vm, iterators->length);
    for (uint64_t i = 0; result != VALUE_NULL && i < iterators->length; i++) {
        value item = self->b;
        if (iterators->items[i] != NONE) {
            value next = iterator_next(vm, iterators->items[i]);
            if (next == VALUE_NULL) {
                self->n--;
                if (vm->pending != VALUE_NULL || !self->n) {
                    self->n = 0;
                    return VALUE_NULL;
                }
                iterators->items[i] = NONE;
            } else {
                item = next;
            }
        }
        tuple_of(result)->items[i] = item;
    }
    return result;
}
static ITERATION_TYPE(zip_longest_type, "itertools.zip_longest", zip_longest_new, zip_longest_next, itertools_zip_longest_methods,
               "zip_longest(iter1 [,iter2 [...]], [fillvalue=None]) --> zip_longest object");

/* ---- groupby: a iterator, b key function, c key of the group being given, d current key, e current item,
 *      f the group object handed out last. _grouper: a the groupby, b its key ---- */

static struct type grouper_type;

NEW(groupby_new)
{
    static const char *const names[] = {"iterable", "key", NULL};
    static const struct argument_names expected = {"groupby", names, 1, 2};
    value given[2];
    if (!arguments_bind(vm, &expected, arguments, count, keyword_names, given))
        return VALUE_NULL;
    value iterator = get_iterator(vm, given[0]);
    struct iteration *self = iterator == VALUE_NULL ? NULL : iteration_new(vm, type);
    if (!self)
        return VALUE_NULL;
    self->a = iterator;
    self->b = given[1] == VALUE_NULL ? NONE : given[1];
    return object_value(self);
}

static bool groupby_step(struct vm *vm, struct iteration *self)
{
    value item = iterator_next(vm, self->a);
    if (item == VALUE_NULL)
        return false;
    value key = self->b == NONE ? item : call_1(vm, self->b, item);
    if (key == VALUE_NULL)
        return false;
    self->e = item;
    self->d = key;
    return true;
}

static value groupby_next(struct vm *vm, value iterator)
{
    struct iteration *self = iteration_of(iterator);
    self->f = VALUE_NULL;
    for (;;) {
        if (self->d != VALUE_NULL) {
            if (self->c == VALUE_NULL)
                break;
            int equal = values_equal(vm, self->c, self->d);
            if (equal < 0)
                return VALUE_NULL;
            if (!equal)
                break;
        }
        if (!groupby_step(vm, self))
            return VALUE_NULL;
    }
    self->c = self->d;
    struct iteration *group = iteration_new(vm, &grouper_type);
    if (!group)
        return VALUE_NULL;
    group->a = iterator;
    group->b = self->c;
    self->f = object_value(group);
    return tuple_pack(vm, 2, self->d, object_value(group));
}
static ITERATION_TYPE(groupby_type, "itertools.groupby", groupby_new, groupby_next, itertools_groupby_methods,
               "make an iterator that returns consecutive keys and groups from the iterable");

static value grouper_next(struct vm *vm, value iterator)
{
    struct iteration *self = iteration_of(iterator), *parent = iteration_of(self->a);
    if (parent->f != iterator)
        return VALUE_NULL;
    if (parent->e == VALUE_NULL && !groupby_step(vm, parent))
        return VALUE_NULL;
    int equal = values_equal(vm, self->b, parent->d);
    if (equal <= 0)
        return VALUE_NULL;
    value item = parent->e;
    parent->e = VALUE_NULL;
    return item;
}
NEW(grouper_new)
{
    if (!check_positional(vm, "_grouper", count, keyword_names, 2, 2))
        return VALUE_NULL;
    if (!is_object(arguments[0]) || !is_instance(vm, arguments[0], &groupby_type))
        return raise_error(vm, &exc_TypeError, "_grouper() argument 1 must be itertools.groupby, not %T", arguments[0]);
    struct iteration *self = iteration_new(vm, type);
    if (!self)
        return VALUE_NULL;
    self->a = arguments[0];
    self->b = arguments[1];
    iteration_of(arguments[0])->f = object_value(self);
    return object_value(self);
}
static ITERATION_TYPE(grouper_type, "itertools._grouper", grouper_new, grouper_next, itertools_grouper_methods, NULL);

/* ---- tee. _tee: a its block, n next item of it. A block (_tee_dataobject): a source, b list of items, c next block, n whether
 * the source is being asked. Blocks keep the source's items for the tee that is behind. ---- */

enum { TEE_BLOCK = 57 };

static value tee_block_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names);
static struct type tee_block_type = {
    .name = "itertools._tee_dataobject",
    .instance_size = sizeof(struct iteration),
    .methods = itertools_tee_block_methods,
    .trace = iteration_trace,
    .new = tee_block_new,
};

static struct iteration *tee_block_make(struct vm *vm, value source)
{
    value items = list_new(vm, 0);
    struct iteration *block = items == VALUE_NULL ? NULL : iteration_new(vm, &tee_block_type);
    if (block) {
        block->a = source;
        block->b = items;
    }
    return block;
}

NEW(tee_block_new)
{
    (void)type;
    if (!check_positional(vm, "teedataobject", count, keyword_names, 3, 3))
        return VALUE_NULL;
    if (!has_flag(arguments[1], TYPE_LIST))
        return raise_error(vm, &exc_TypeError, "teedataobject() argument 2 must be list, not %T", arguments[1]);
    uint32_t length = list_of(arguments[1])->length;
    if (length > TEE_BLOCK || (length < TEE_BLOCK && arguments[2] != NONE))
        return raise_error(vm, &exc_ValueError, "Invalid arguments");
    if (arguments[2] != NONE && !is_exact(arguments[2], &tee_block_type))
        return raise_error(vm, &exc_ValueError, "Invalid arguments");
    value items = list_from_iterable(vm, arguments[1]);
    struct iteration *self = items == VALUE_NULL ? NULL : tee_block_make(vm, arguments[0]);
    if (!self)
        return VALUE_NULL;
    self->b = items;
    if (arguments[2] != NONE)
        self->c = arguments[2];
    return object_value(self);
}

static value tee_next(struct vm *vm, value iterator)
{
    struct iteration *self = iteration_of(iterator), *block = iteration_of(self->a);
    if (self->n >= TEE_BLOCK) {
        if (block->c == VALUE_NULL) {
            struct iteration *next = tee_block_make(vm, block->a);
            if (!next)
                return VALUE_NULL;
            block->c = object_value(next);
        }
        self->a = block->c;
        self->n = 0;
        block = iteration_of(self->a);
    }
    if (self->n < (int64_t)list_of(block->b)->length)
        return list_of(block->b)->items[self->n++];
    if (block->n)
        return raise_error(vm, &exc_RuntimeError, "cannot re-enter the tee iterator");
    block->n = 1;
    value item = iterator_next(vm, block->a);
    block->n = 0;
    if (item == VALUE_NULL || !list_append(vm, list_of(block->b), item))
        return VALUE_NULL;
    self->n++;
    return item;
}

static struct type tee_type;

static value tee_make(struct vm *vm, value block, int64_t position)
{
    struct iteration *self = iteration_new(vm, &tee_type);
    if (!self)
        return VALUE_NULL;
    self->a = block;
    self->n = position;
    return object_value(self);
}

METHOD(tee_copy)
{
    (void)arguments, (void)count, (void)keyword_names;
    return tee_make(vm, iteration_of(self)->a, iteration_of(self)->n);
}

METHOD(tee_setstate)
{
    (void)count, (void)keyword_names;
    int64_t position;
    if (!has_flag(arguments[0], TYPE_TUPLE))
        return raise_error(vm, &exc_TypeError, "state is not a tuple");
    const struct tuple_object *state = tuple_of(arguments[0]);
    if (state->length != 2)
        return raise_error(vm, &exc_TypeError, "function takes exactly 2 arguments (%zu given)", (size_t)state->length);
    if (!is_exact(state->items[0], &tee_block_type))
        return raise_error(vm, &exc_TypeError, "argument 1 must be itertools._tee_dataobject, not %T", state->items[0]);
    if (!value_to_int64(vm, state->items[1], &position))
        return VALUE_NULL;
    if (position < 0 || position > TEE_BLOCK)
        return raise_error(vm, &exc_ValueError, "Index out of range");
    iteration_of(self)->a = state->items[0];
    iteration_of(self)->n = position;
    return NONE;
}

/* A tee over the iterator; a tee is shared rather than wrapped. */
static value tee_over(struct vm *vm, value iterator)
{
    if (is_exact(iterator, &tee_type))
        return tee_make(vm, iteration_of(iterator)->a, iteration_of(iterator)->n);
    value block = answer(tee_block_make(vm, iterator));
    return block == VALUE_NULL ? block : tee_make(vm, block, 0);
}

NEW(tee_new)
{
    (void)type;
    if (!check_positional(vm, "_tee", count, keyword_names, 1, 1))
        return VALUE_NULL;
    value iterator = get_iterator(vm, arguments[0]);
    return iterator == VALUE_NULL ? iterator : tee_over(vm, iterator);
}

static const struct method_definition tee_methods[] = {
    {"__copy__", "()", tee_copy, METHOD_INSTANCE, "Returns an independent iterator."},
    {"__reduce__", "()", itertools_tee_reduce, METHOD_INSTANCE, "Return state information for pickling."},
    {"__setstate__", "(object, /)", tee_setstate, METHOD_INSTANCE, "Set state information for unpickling."},
    {NULL, NULL, NULL, 0, NULL},
};
static ITERATION_TYPE(tee_type, "itertools._tee", tee_new, tee_next, tee_methods, "Iterator wrapped to make it copyable.");

/* An iterator that can copy itself is the first of the answer; any other is wrapped. */
METHOD(itertools_tee)
{
    (void)self, (void)count, (void)keyword_names;
    int64_t copies = 2;
    if (arguments[1] != VALUE_NULL && !value_to_int64(vm, arguments[1], &copies))
        return VALUE_NULL;
    if (copies < 0)
        return raise_error(vm, &exc_ValueError, "n must be >= 0");
    value result = tuple_new(vm, (size_t)copies), copier = VALUE_NULL;
    if (result == VALUE_NULL || !copies)
        return result;
    value first = get_iterator(vm, arguments[0]);
    int found = first == VALUE_NULL ? -1 : find_attribute(vm, first, intern_text(vm, "__copy__"), &copier);
    if (found == 0) {
        first = tee_over(vm, first);
        copier = first == VALUE_NULL ? first : get_attribute_text(vm, first, "__copy__");
    }
    if (found < 0 || copier == VALUE_NULL)
        return VALUE_NULL;
    for (int64_t i = 0; i < copies; i++) {
        value copy = i ? call_0(vm, copier) : first;
        if (copy == VALUE_NULL)
            return copy;
        tuple_of(result)->items[i] = copy;
    }
    return result;
}

static bool itertools_initialize(struct vm *vm, value module)
{
    static struct type *const types[] = {
        &count_type,
        &repeat_type,
        &cycle_type,
        &chain_type,
        &dropwhile_type,
        &takewhile_type,
        &filterfalse_type,
        &starmap_type,
        &compress_type,
        &pairwise_type,
        &accumulate_type,
        &islice_type,
        &zip_longest_type,
        &itertools_product_type,
        &itertools_combinations_type,
        &itertools_combinations_with_replacement_type,
        &itertools_permutations_type,
        &groupby_type,
        &grouper_type,
        &tee_type,
        &tee_block_type,
    };
    struct type *const without_keywords[] = {&cycle_type,       &chain_type,   &dropwhile_type, &takewhile_type,
                                             &filterfalse_type, &starmap_type, &islice_type};
    for (size_t i = 0; i < sizeof(without_keywords) / sizeof(without_keywords[0]); i++)
        without_keywords[i]->flags |= TYPE_NO_KEYWORDS;
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        type_ready(vm, types[i]);
        const char *name = strrchr(types[i]->name, '.') + 1;
        if (!dict_set_text(vm, dict_of(((struct module_object *)value_object(module))->dict), name,
                           type_object_value(types[i])))
            return false;
    }
    return true;
}

static const struct method_definition itertools_functions[] = {
    {"tee", "(iterable, n=2, /)", itertools_tee, METHOD_STATIC, "Returns a tuple of n independent iterators."},
    {NULL, NULL, NULL, 0, NULL},
};

const struct native_module itertools_module = {"itertools", itertools_initialize, itertools_functions};
