/* iterator.c - the iteration protocol, the iterators of lists and tuples, of callables and of whatever has __getitem__, and
 * the built-in types enumerate, zip, map, filter and reversed. */
#include "sim/runtime/iterator.h"
#include "sim/runtime/attribute.h"
#include "sim/runtime/container.h"
#include "sim/runtime/number.h"
#include "sim/runtime/thread.h"

/* ---- the protocol ---- */

value iterator_self(struct vm *vm, value iterator)
{
    (void)vm;
    return iterator;
}

static bool is_sequence(struct type *type)
{
    return type->get_item && !(type->flags & TYPE_DICT) &&
           ((type->flags & (TYPE_HEAP | TYPE_SEQUENCE | TYPE_STRING | TYPE_BYTES)) || type->iter == sequence_iterator_new);
}

value get_iterator(struct vm *vm, value v)
{
    struct type *type = value_type(vm, v);
    if (!type->iter) {
        if (is_sequence(type))
            return sequence_iterator_new(vm, v);
        return raise_error(vm, &exc_TypeError, "'%T' object is not iterable", v);
    }
    value iterator = type->iter(vm, v);
    if (iterator != VALUE_NULL && !value_type(vm, iterator)->next)
        return raise_error(vm, &exc_TypeError, "iter() returned non-iterator of type '%T'", iterator);
    return iterator;
}

static value slow_next(struct vm *vm, value iterator)
{
    struct type *type = value_type(vm, iterator);
    if (!type->next)
        return raise_error(vm, &exc_TypeError, "'%T' object is not an iterator", iterator);
    value item = type->next(vm, iterator);
    if (item == VALUE_NULL && vm->pending != VALUE_NULL && exception_matches(vm, &exc_StopIteration))
        exception_clear(vm);
    return item;
}

static inline value next_item(struct vm *vm, value iterator)
{
    if (is_exact(iterator, &list_iterator_type)) {
        struct list_iterator *self = (struct list_iterator *)value_object(iterator);
        if (self->sequence == VALUE_NULL)
            return VALUE_NULL;
        const struct list_object *list = list_of(self->sequence);
        if (self->index < list->length)
            return list->items[self->index++];
        self->sequence = VALUE_NULL;
        return VALUE_NULL;
    }
    if (is_exact(iterator, &range_iterator_type)) {
        struct range_iterator *self = (struct range_iterator *)value_object(iterator);
        if (self->remaining <= 0)
            return VALUE_NULL;
        int64_t number = self->next;
        self->next = (int64_t)((uint64_t)number + (uint64_t)self->step);
        self->remaining--;
        return small_int(number);
    }
    if (is_exact(iterator, &tuple_iterator_type)) {
        struct list_iterator *self = (struct list_iterator *)value_object(iterator);
        if (self->sequence == VALUE_NULL)
            return VALUE_NULL;
        const struct tuple_object *tuple = tuple_of(self->sequence);
        if (self->index < tuple->length)
            return tuple->items[self->index++];
        self->sequence = VALUE_NULL;
        return VALUE_NULL;
    }
    if (is_exact(iterator, &generator_type)) {
        uint8_t state = ((struct generator_object *)value_object(iterator))->state;
        if (state == GENERATOR_SUSPENDED || state == GENERATOR_CREATED)
            return engine_resume_generator(vm, iterator, NONE, false);
    }
    return slow_next(vm, iterator);
}

value iterator_next(struct vm *vm, value iterator)
{
    if (__builtin_expect(vm->interrupt & INTERRUPT_SIGNAL, 0)) { /* long loops in native code have to end as well */
        if (!thread_interrupted(vm))
            return VALUE_NULL;
    }
    if (__builtin_expect(c_stack_low(vm), 0)) {
        recursion_check(vm, "");
        return VALUE_NULL;
    }
    return next_item(vm, iterator);
}

value iterator_drain(struct vm *vm, value iterator, struct consumer *consumer)
{
    if (!is_exact(iterator, &generator_type))
        return iterator_next(vm, iterator);
    uint8_t state = ((struct generator_object *)value_object(iterator))->state;
    if (state != GENERATOR_SUSPENDED && state != GENERATOR_CREATED)
        return iterator_next(vm, iterator);
    if (__builtin_expect(vm->interrupt & INTERRUPT_SIGNAL, 0) && !thread_interrupted(vm))
        return VALUE_NULL;
    if (__builtin_expect(c_stack_low(vm), 0)) {
        recursion_check(vm, "");
        return VALUE_NULL;
    }
    return engine_drain_generator(vm, iterator, consumer);
}

bool iterate(struct vm *vm, value iterable, bool (*visit)(struct vm *vm, value item, void *context), void *context)
{
    if (is_exact(iterable, &list_type)) {
        for (uint32_t i = 0; i < list_of(iterable)->length; i++)
            if (!visit(vm, list_of(iterable)->items[i], context))
                return vm->pending == VALUE_NULL;
        return true;
    }
    value iterator = get_iterator(vm, iterable), item;
    if (iterator == VALUE_NULL)
        return false;
    while ((item = iterator_next(vm, iterator)) != VALUE_NULL)
        if (!visit(vm, item, context))
            break;
    return vm->pending == VALUE_NULL;
}

#define METHOD(name)                                                                                                   \
    static value name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
/* ---- lists and tuples ---- */

static value list_iterator_next(struct vm *vm, value iterator)
{
    struct list_iterator *self = (struct list_iterator *)value_object(iterator);
    (void)vm;
    if (self->sequence == VALUE_NULL)
        return VALUE_NULL;
    const struct list_object *list = list_of(self->sequence);
    if (self->index < list->length)
        return list->items[self->index++];
    self->sequence = VALUE_NULL;
    return VALUE_NULL;
}

static value tuple_iterator_next(struct vm *vm, value iterator)
{
    struct list_iterator *self = (struct list_iterator *)value_object(iterator);
    (void)vm;
    if (self->sequence == VALUE_NULL)
        return VALUE_NULL;
    const struct tuple_object *tuple = tuple_of(self->sequence);
    if (self->index < tuple->length)
        return tuple->items[self->index++];
    self->sequence = VALUE_NULL;
    return VALUE_NULL;
}

/* index: one beyond the next item */
static value list_reverse_next(struct vm *vm, value iterator)
{
    struct list_iterator *self = (struct list_iterator *)value_object(iterator);
    (void)vm;
    if (self->sequence == VALUE_NULL)
        return VALUE_NULL;
    const struct list_object *list = list_of(self->sequence);
    if (self->index && self->index <= list->length)
        return list->items[--self->index];
    self->sequence = VALUE_NULL;
    return VALUE_NULL;
}

value list_reversed(struct vm *vm, value list)
{
    struct list_iterator *iterator = GC_NEW(vm, struct list_iterator, &list_reverse_iterator_type);
    if (!iterator)
        return VALUE_NULL;
    iterator->sequence = list;
    iterator->index = list_of(list)->length;
    return object_value(iterator);
}

METHOD(list_iterator_hint)
{
    (void)vm, (void)arguments, (void)count, (void)keyword_names;
    const struct list_iterator *iterator = (struct list_iterator *)value_object(self);
    if (iterator->sequence == VALUE_NULL)
        return small_int(0);
    size_t length;
    sequence_items(iterator->sequence, &length);
    if (is_exact(self, &list_reverse_iterator_type))
        return small_int(iterator->index <= length ? (int64_t)iterator->index : 0);
    return small_int(iterator->index < length ? (int64_t)(length - iterator->index) : 0);
}

METHOD(iterator_reduce)
{
    (void)arguments, (void)count, (void)keyword_names;
    const struct list_iterator *iterator = (struct list_iterator *)value_object(self);
    if (iterator->sequence == VALUE_NULL)
        return iterator_reduced(vm, is_exact(self, &list_iterator_type) ? list_new(vm, 0) : vm->empty_tuple, VALUE_NULL);
    return iterator_reduced(vm, iterator->sequence, small_int((int64_t)iterator->index));
}

METHOD(iterator_setstate)
{
    (void)count, (void)keyword_names;
    struct list_iterator *iterator = (struct list_iterator *)value_object(self);
    int64_t index;
    if (!iterator_position(vm, arguments[0], INT64_MAX, &index))
        return VALUE_NULL;
    if (iterator->sequence != VALUE_NULL)
        iterator->index = index < 0 ? 0 : (uint64_t)index;
    return NONE;
}

static const struct method_definition plain_iterator_methods[] = {
    {"__length_hint__", "()", list_iterator_hint, METHOD_INSTANCE, "Private method returning an estimate of len(list(it))."},
    {"__reduce__", "()", iterator_reduce, METHOD_INSTANCE, "Return state information for pickling."},
    {"__setstate__", "(object, /)", iterator_setstate, METHOD_INSTANCE, "Set state information for unpickling."},
    {NULL, NULL, NULL, 0, NULL},
};

static void list_iterator_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct list_iterator *)object)->sequence);
}

#define LIST_ITERATOR_TYPE(variable, python_name, next_function, method_table)                                         \
    struct type variable = {                                                                                           \
        .name = python_name,                                                                                           \
        .flags = TYPE_GETATTR_PLAIN,                                                                                   \
        .instance_size = sizeof(struct list_iterator),                                                                 \
        .methods = method_table,                                                                                       \
        .trace = list_iterator_trace,                                                                                  \
        .iter = iterator_self,                                                                                         \
        .next = next_function,                                                                                         \
    }
LIST_ITERATOR_TYPE(list_iterator_type, "list_iterator", list_iterator_next, plain_iterator_methods);
LIST_ITERATOR_TYPE(tuple_iterator_type, "tuple_iterator", tuple_iterator_next, plain_iterator_methods);

/* Reverse iterators: the state is the index of the next item; -1: none is left. */
static value reverse_reduce(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    const struct list_iterator *iterator = (struct list_iterator *)value_object(self);
    bool of_list = is_exact(self, &list_reverse_iterator_type);
    if (iterator->sequence == VALUE_NULL && of_list)
        return iterator_reduced(vm, list_new(vm, 0), VALUE_NULL);
    value inner = tuple_pack(vm, 1, iterator->sequence == VALUE_NULL ? vm->empty_tuple : iterator->sequence);
    value type = type_object_value(of_list ? &reversed_type : value_type(vm, self));
    if (inner == VALUE_NULL || iterator->sequence == VALUE_NULL)
        return inner == VALUE_NULL ? VALUE_NULL : tuple_pack(vm, 2, type, inner);
    return tuple_pack(vm, 3, type, inner, small_int((int64_t)iterator->index - 1));
}

static value reverse_setstate(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)count, (void)keyword_names;
    struct list_iterator *iterator = (struct list_iterator *)value_object(self);
    int64_t index;
    if (!is_int(arguments[0]))
        return raise_error(vm, &exc_TypeError, "an integer is required");
    if (!value_to_int64(vm, arguments[0], &index))
        return VALUE_NULL;
    int64_t length = iterator->sequence == VALUE_NULL ? 0 : value_length(vm, iterator->sequence);
    if (length < 0)
        return VALUE_NULL;
    if (iterator->sequence != VALUE_NULL)
        iterator->index = index < -1 ? 0 : index >= length ? (uint64_t)length : (uint64_t)(index + 1);
    return NONE;
}

#define REVERSE_METHODS(name, hint)                                                                                    \
    static const struct method_definition name[] = {                                                                   \
        {"__length_hint__", "()", hint, METHOD_INSTANCE, "Private method returning an estimate of len(list(it))."},     \
        {"__reduce__", "()", reverse_reduce, METHOD_INSTANCE, "Return state information for pickling."},               \
        {"__setstate__", "(object, /)", reverse_setstate, METHOD_INSTANCE, "Set state information for unpickling."},   \
        {NULL, NULL, NULL, 0, NULL},                                                                                   \
    }
REVERSE_METHODS(list_reverse_methods, list_iterator_hint);
LIST_ITERATOR_TYPE(list_reverse_iterator_type, "list_reverseiterator", list_reverse_next, list_reverse_methods);

/* ---- by __getitem__ ---- */

value sequence_iterator_new(struct vm *vm, value sequence)
{
    struct list_iterator *iterator = GC_NEW(vm, struct list_iterator, &sequence_iterator_type);
    if (!iterator)
        return VALUE_NULL;
    iterator->sequence = sequence;
    return object_value(iterator);
}

/* The item, or VALUE_NULL with nothing pending when IndexError or StopIteration says that there is none. */
static value item_or_end(struct vm *vm, struct list_iterator *self, uint64_t index)
{
    value item = get_item(vm, self->sequence, int_from_int64(vm, (int64_t)index));
    if (item == VALUE_NULL && (exception_matches(vm, &exc_IndexError) || exception_matches(vm, &exc_StopIteration))) {
        exception_clear(vm);
        self->sequence = VALUE_NULL;
    }
    return item;
}

static value sequence_iterator_next(struct vm *vm, value iterator)
{
    struct list_iterator *self = (struct list_iterator *)value_object(iterator);
    value item = self->sequence == VALUE_NULL ? VALUE_NULL : item_or_end(vm, self, self->index);
    self->index += item != VALUE_NULL; /* after an error, the same item is asked for again */
    return item;
}

METHOD(sequence_iterator_hint)
{
    (void)arguments, (void)count, (void)keyword_names;
    const struct list_iterator *iterator = (struct list_iterator *)value_object(self);
    if (iterator->sequence == VALUE_NULL)
        return small_int(0);
    if (!value_type(vm, iterator->sequence)->length)
        return vm->not_implemented;
    int64_t length = value_length(vm, iterator->sequence);
    if (length < 0)
        return VALUE_NULL;
    return small_int(length > (int64_t)iterator->index ? length - (int64_t)iterator->index : 0);
}
static const struct method_definition sequence_iterator_methods[] = {
    {"__length_hint__", "()", sequence_iterator_hint, METHOD_INSTANCE, "Private method returning an estimate of len(list(it))."},
    {"__reduce__", "()", iterator_reduce, METHOD_INSTANCE, "Return state information for pickling."},
    {"__setstate__", "(object, /)", iterator_setstate, METHOD_INSTANCE, "Set state information for unpickling."},
    {NULL, NULL, NULL, 0, NULL},
};
LIST_ITERATOR_TYPE(sequence_iterator_type, "iterator", sequence_iterator_next, sequence_iterator_methods);

/* ---- reversed ---- */

static value reversed_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    if (!check_positional(vm, "reversed", count, keyword_names, 1, 1))
        return VALUE_NULL;
    value sequence = arguments[0];
    if (is_exact(sequence, &list_type) && type == &reversed_type)
        return list_reversed(vm, sequence);
    value name = intern_text(vm, "__reversed__");
    if (name == VALUE_NULL)
        return name;
    value method = type_lookup(vm, value_type(vm, sequence), name);
    if (method == NONE)
        return raise_error(vm, &exc_TypeError, "'%T' object is not reversible", sequence);
    if (method != VALUE_NULL) {
        method = lookup_special(vm, sequence, "__reversed__");
        return method == VALUE_NULL ? method : call_0(vm, method);
    }
    struct type *kind = value_type(vm, sequence);
    if ((!is_sequence(kind) && kind != &bytearray_type) || !kind->length)
        return raise_error(vm, &exc_TypeError, "'%T' object is not reversible", sequence);
    int64_t length = value_length(vm, sequence);
    if (length < 0)
        return VALUE_NULL;
    struct list_iterator *iterator = instance_allocate(vm, type, sizeof(struct list_iterator));
    if (!iterator)
        return VALUE_NULL;
    iterator->sequence = sequence;
    iterator->index = (uint64_t)length;
    return object_value(iterator);
}

static value reversed_next(struct vm *vm, value iterator)
{
    struct list_iterator *self = (struct list_iterator *)value_object(iterator);
    if (self->sequence == VALUE_NULL)
        return VALUE_NULL;
    if (self->index)
        return item_or_end(vm, self, --self->index);
    self->sequence = VALUE_NULL;
    return VALUE_NULL;
}

METHOD(reversed_hint)
{
    (void)arguments, (void)count, (void)keyword_names;
    const struct list_iterator *iterator = (struct list_iterator *)value_object(self);
    if (iterator->sequence == VALUE_NULL)
        return small_int(0);
    int64_t length = value_length(vm, iterator->sequence);
    return length < 0 ? VALUE_NULL : small_int((uint64_t)length < iterator->index ? 0 : (int64_t)iterator->index);
}
REVERSE_METHODS(reversed_methods, reversed_hint);

struct type reversed_type = {
    .name = "reversed",
    .flags = TYPE_SUBCLASSABLE | TYPE_GETATTR_PLAIN | TYPE_NO_KEYWORDS,
    .instance_size = sizeof(struct list_iterator),
    .doc = "Return a reverse iterator over the values of the given sequence.",
    .methods = reversed_methods,
    .trace = list_iterator_trace,
    .new = reversed_new,
    .iter = iterator_self,
    .next = reversed_next,
};

/* ---- iter(callable, sentinel) ---- */

struct callable_iterator {
    struct object head;
    value callable, sentinel;    /* callable VALUE_NULL: exhausted */
};

value callable_iterator_new(struct vm *vm, value callable, value sentinel)
{
    struct callable_iterator *iterator = GC_NEW(vm, struct callable_iterator, &callable_iterator_type);
    if (!iterator)
        return VALUE_NULL;
    iterator->callable = callable;
    iterator->sentinel = sentinel;
    return object_value(iterator);
}

static value callable_iterator_next(struct vm *vm, value iterator)
{
    struct callable_iterator *self = (struct callable_iterator *)value_object(iterator);
    if (self->callable == VALUE_NULL)
        return VALUE_NULL;
    value item = call_0(vm, self->callable);
    if (item == VALUE_NULL) {
        if (exception_matches(vm, &exc_StopIteration)) {
            exception_clear(vm);
            self->callable = VALUE_NULL;
        }
        return VALUE_NULL;
    }
    int equal = values_equal(vm, self->sentinel, item);
    if (equal > 0)
        self->callable = VALUE_NULL;
    return equal ? VALUE_NULL : item;
}

static void callable_iterator_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct callable_iterator *)object)->callable);
    gc_mark(vm, ((struct callable_iterator *)object)->sentinel);
}

static value callable_iterator_reduce(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    const struct callable_iterator *iterator = (struct callable_iterator *)value_object(self);
    if (iterator->callable == VALUE_NULL)
        return iterator_reduced(vm, vm->empty_tuple, VALUE_NULL);
    value function = dict_get_text(vm, dict_of(vm->builtins), "iter");
    value inner = tuple_pack(vm, 2, iterator->callable, iterator->sentinel);
    return inner == VALUE_NULL ? VALUE_NULL : tuple_pack(vm, 2, function, inner);
}

static const struct method_definition callable_iterator_methods[] = {
    {"__reduce__", "()", callable_iterator_reduce, METHOD_INSTANCE, "Return state information for pickling."}, {NULL, NULL, NULL, 0, NULL}};

struct type callable_iterator_type = {
    .name = "callable_iterator",
    .flags = TYPE_GETATTR_PLAIN,
    .instance_size = sizeof(struct callable_iterator),
    .methods = callable_iterator_methods,
    .trace = callable_iterator_trace,
    .iter = iterator_self,
    .next = callable_iterator_next,
};

/* ---- enumerate ---- */

/* The two arguments of enumerate, by position or name. */
static bool enumerate_arguments(struct vm *vm, const value *arguments, size_t count, value keyword_names, value out[2])
{
    size_t named = keyword_names == VALUE_NULL ? 0 : tuple_of(keyword_names)->length;
    if (count + named > 2) {
        raise_error(vm, &exc_TypeError, "enumerate() takes at most 2 arguments (%zu given)", count + named);
        return false;
    }
    out[0] = out[1] = VALUE_NULL;
    for (size_t i = 0; i < count; i++)
        out[i] = arguments[i];
    for (size_t i = 0; i < named; i++) {
        value name = tuple_of(keyword_names)->items[i];
        int which = string_is(name, "iterable") ? 0 : string_is(name, "start") ? 1 : -1;
        if (which < 0 || out[which] != VALUE_NULL) {
            raise_error(vm, &exc_TypeError, "'%U' is an invalid keyword argument for enumerate()", name);
            return false;
        }
        out[which] = arguments[count + i];
    }
    if (out[0] != VALUE_NULL)
        return true;
    raise_error(vm, &exc_TypeError, "enumerate() missing required argument 'iterable'");
    return false;
}

static value enumerate_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    value given[2];
    if (!enumerate_arguments(vm, arguments, count, keyword_names, given))
        return VALUE_NULL;
    value start = given[1] == VALUE_NULL ? small_int(0) : number_index(vm, given[1]);
    value iterator = start == VALUE_NULL ? start : get_iterator(vm, given[0]);
    if (iterator == VALUE_NULL)
        return iterator;
    struct enumerate_object *self = instance_allocate(vm, type, sizeof(struct enumerate_object));
    if (!self)
        return VALUE_NULL;
    self->iterator = iterator;
    self->index = start;
    return object_value(self);
}

static inline bool enumerate_step(struct vm *vm, value enumerate, value out[2])
{
    struct enumerate_object *self = (struct enumerate_object *)value_object(enumerate);
    out[1] = next_item(vm, self->iterator);
    if (out[1] == VALUE_NULL)
        return false;
    out[0] = self->index;
    value next = is_small_int(self->index) && self->index != small_int(SMALL_INT_MAX)
                     ? self->index + small_int(1)
                     : int_binary(vm, BINARY_ADD, self->index, small_int(1));
    if (next == VALUE_NULL)
        return false;
    self->index = next;
    return true;
}

static void count_pair(struct vm *vm)
{
    ADD_WORK(vm, objects, 1);
    ADD_WORK(vm, bytes, sizeof(struct tuple_object) + 2 * sizeof(value));
}

bool enumerate_next(struct vm *vm, value enumerate, value out[2])
{
    if (!enumerate_step(vm, enumerate, out))
        return false;
    count_pair(vm);
    return true;
}

static value enumerate_next_slot(struct vm *vm, value self)
{
    value pair[2];
    return enumerate_step(vm, self, pair) ? tuple_from(vm, pair, 2) : VALUE_NULL;
}

METHOD(enumerate_reduce)
{
    (void)arguments, (void)count, (void)keyword_names;
    const struct enumerate_object *enumerate = (struct enumerate_object *)value_object(self);
    value inner = tuple_pack(vm, 2, enumerate->iterator, enumerate->index);
    return inner == VALUE_NULL ? inner : tuple_pack(vm, 2, type_object_value(value_type(vm, self)), inner);
}

static const struct method_definition enumerate_methods[] = {
    {"__reduce__", "()", enumerate_reduce, METHOD_INSTANCE, "Return state information for pickling."},
    CLASS_GETITEM,
    {NULL, NULL, NULL, 0, NULL},
};

static void enumerate_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct enumerate_object *)object)->iterator);
    gc_mark(vm, ((struct enumerate_object *)object)->index);
}

struct type enumerate_type = {
    .name = "enumerate",
    .flags = TYPE_SUBCLASSABLE | TYPE_GETATTR_PLAIN,
    .instance_size = sizeof(struct enumerate_object),
    .doc = "Return an enumerate object.\n\n  iterable\n    an object supporting iteration\n\n"
           "The enumerate object yields pairs containing a count (from start, which\n"
           "defaults to zero) and a value yielded by the iterable argument.\n\n"
           "enumerate is useful for obtaining an indexed list:\n    (0, seq[0]), (1, seq[1]), (2, seq[2]), ...",
    .methods = enumerate_methods,
    .trace = enumerate_trace,
    .new = enumerate_new,
    .iter = iterator_self,
    .next = enumerate_next_slot,
};

/* ---- zip ---- */

static bool zip_strict_argument(struct vm *vm, const value *arguments, size_t count, value keyword_names, bool *strict)
{
    *strict = false;
    if (keyword_names == VALUE_NULL)
        return true;
    const struct tuple_object *names = tuple_of(keyword_names);
    for (uint64_t i = 0; i < names->length; i++) {
        if (!string_is(names->items[i], "strict")) {
            raise_error(vm, &exc_TypeError, "'%U' is an invalid keyword argument for zip()", names->items[i]);
            return false;
        }
        int truth = value_truth(vm, arguments[count + i]);
        if (truth < 0)
            return false;
        *strict = truth;
    }
    return true;
}

static value zip_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    bool strict = false;
    if (type == &zip_type && !zip_strict_argument(vm, arguments, count, keyword_names, &strict))
        return VALUE_NULL;
    value iterators = tuple_new(vm, count);
    if (iterators == VALUE_NULL)
        return iterators;
    for (size_t i = 0; i < count; i++) {
        value iterator = get_iterator(vm, arguments[i]);
        if (iterator == VALUE_NULL)
            return iterator;
        tuple_of(iterators)->items[i] = iterator;
    }
    struct zip_object *self = instance_allocate(vm, type, sizeof(struct zip_object));
    if (!self)
        return VALUE_NULL;
    self->iterators = iterators;
    self->strict = strict;
    return object_value(self);
}

/* Iterator number `ended` of a strict zip has no more items: the others must not have either. */
static void zip_check_ends(struct vm *vm, const struct tuple_object *iterators, uint64_t ended)
{
    if (vm->pending != VALUE_NULL)
        return;
    if (ended) {
        raise_error(vm, &exc_ValueError, "zip() argument %llu is shorter than argument%s%llu",
                    (unsigned long long)ended + 1, ended == 1 ? " " : "s 1-", (unsigned long long)ended);
        return;
    }
    for (uint64_t i = 1; i < iterators->length; i++) {
        if (next_item(vm, iterators->items[i]) != VALUE_NULL) {
            raise_error(vm, &exc_ValueError, "zip() argument %llu is longer than argument%s%llu",
                        (unsigned long long)i + 1, i == 1 ? " " : "s 1-", (unsigned long long)i);
            return;
        }
        if (vm->pending != VALUE_NULL)
            return;
    }
}

static inline bool zip_step(struct vm *vm, const struct zip_object *self, value *out)
{
    const struct tuple_object *iterators = tuple_of(self->iterators);
    for (uint64_t i = 0; i < iterators->length; i++) {
        out[i] = next_item(vm, iterators->items[i]);
        if (out[i] == VALUE_NULL) {
            if (self->strict)
                zip_check_ends(vm, iterators, i);
            return false;
        }
    }
    return true;
}

static inline const struct list_iterator *list_iterator_at_item(value iterator)
{
    if (!is_exact(iterator, &list_iterator_type))
        return NULL;
    const struct list_iterator *self = (struct list_iterator *)value_object(iterator);
    return self->sequence != VALUE_NULL && self->index < list_of(self->sequence)->length ? self : NULL;
}

static inline value list_iterator_take(value iterator)
{
    struct list_iterator *self = (struct list_iterator *)value_object(iterator);
    return list_of(self->sequence)->items[self->index++];
}

bool zip_next_2(struct vm *vm, value zip, value out[2])
{
    const struct zip_object *self = (struct zip_object *)value_object(zip);
    const value *iterators = tuple_of(self->iterators)->items;
    if (list_iterator_at_item(iterators[0]) && list_iterator_at_item(iterators[1]) && iterators[0] != iterators[1]) {
        out[0] = list_iterator_take(iterators[0]);
        out[1] = list_iterator_take(iterators[1]);
    } else if (!zip_step(vm, self, out)) {
        return false;
    }
    count_pair(vm);
    return true;
}

bool zip_next(struct vm *vm, value zip, value *out, uint32_t count)
{
    if (!zip_step(vm, (struct zip_object *)value_object(zip), out))
        return false;
    ADD_WORK(vm, objects, 1);
    ADD_WORK(vm, bytes, sizeof(struct tuple_object) + count * sizeof(value));
    return true;
}

static value zip_next_slot(struct vm *vm, value self)
{
    const struct zip_object *zip = (struct zip_object *)value_object(self);
    size_t count = tuple_of(zip->iterators)->length;
    if (count == 0)
        return VALUE_NULL;
    if (count <= 8) {
        value items[8];
        return zip_step(vm, zip, items) ? tuple_from(vm, items, count) : VALUE_NULL;
    }
    value result = tuple_new(vm, count);
    return result == VALUE_NULL || !zip_step(vm, zip, tuple_of(result)->items) ? VALUE_NULL : result;
}

static void zip_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct zip_object *)object)->iterators);
}

static value zip_reduce(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    const struct zip_object *zip = (struct zip_object *)value_object(self);
    value type = type_object_value(value_type(vm, self));
    return zip->strict ? tuple_pack(vm, 3, type, zip->iterators, TRUE) : tuple_pack(vm, 2, type, zip->iterators);
}

static value zip_setstate(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)count, (void)keyword_names;
    int strict = value_truth(vm, arguments[0]);
    if (strict < 0)
        return VALUE_NULL;
    ((struct zip_object *)value_object(self))->strict = strict;
    return NONE;
}

static const struct method_definition zip_methods[] = {
    {"__reduce__", "()", zip_reduce, METHOD_INSTANCE, "Return state information for pickling."},
    {"__setstate__", "(object, /)", zip_setstate, METHOD_INSTANCE, "Set state information for unpickling."},
    {NULL, NULL, NULL, 0, NULL},
};

struct type zip_type = {
    .name = "zip",
    .flags = TYPE_SUBCLASSABLE | TYPE_GETATTR_PLAIN,
    .instance_size = sizeof(struct zip_object),
    .methods = zip_methods,
    .doc = "zip(*iterables, strict=False) --> Yield tuples until an input is exhausted.\n\n"
           "   >>> list(zip('abcdefg', range(3), range(4)))\n"
           "   [('a', 0, 0), ('b', 1, 1), ('c', 2, 2)]\n\n"
           "The zip object yields n-length tuples, where n is the number of iterables\n"
           "passed as positional arguments to zip().  The i-th element in every tuple\n"
           "comes from the i-th iterable argument to zip().  This continues until the\n"
           "shortest argument is exhausted.\n\n"
           "If strict is true and one of the arguments is exhausted before the others,\nraise a ValueError.",
    .trace = zip_trace,
    .new = zip_new,
    .iter = iterator_self,
    .next = zip_next_slot,
};

/* ---- map and filter ---- */

struct map_object {
    struct object head;
    value function;
    value iterators;             /* map: tuple; filter: the iterator */
};

static value map_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    if (type == &map_type && keyword_names != VALUE_NULL && tuple_of(keyword_names)->length)
        return raise_error(vm, &exc_TypeError, "map() takes no keyword arguments");
    if (count < 2)
        return raise_error(vm, &exc_TypeError, "map() must have at least two arguments.");
    value iterators = tuple_new(vm, count - 1);
    if (iterators == VALUE_NULL)
        return iterators;
    for (size_t i = 1; i < count; i++) {
        value iterator = get_iterator(vm, arguments[i]);
        if (iterator == VALUE_NULL)
            return iterator;
        tuple_of(iterators)->items[i - 1] = iterator;
    }
    struct map_object *self = instance_allocate(vm, type, sizeof(struct map_object));
    if (!self)
        return VALUE_NULL;
    self->function = arguments[0];
    self->iterators = iterators;
    return object_value(self);
}

static value map_next(struct vm *vm, value self)
{
    const struct map_object *map = (struct map_object *)value_object(self);
    const struct tuple_object *iterators = tuple_of(map->iterators);
    if (iterators->length == 1) {
        value item = next_item(vm, iterators->items[0]);
        return item == VALUE_NULL ? item : call_1(vm, map->function, item);
    }
    value few[8], *items = few, holder = VALUE_NULL;
    if (iterators->length > 8) {
        holder = tuple_new(vm, iterators->length);
        if (holder == VALUE_NULL)
            return holder;
        items = tuple_of(holder)->items;
    }
    for (uint64_t i = 0; i < iterators->length; i++)
        if ((items[i] = next_item(vm, iterators->items[i])) == VALUE_NULL)
            return VALUE_NULL;
    return call(vm, map->function, items, iterators->length, VALUE_NULL);
}

static value filter_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    if (type != &filter_type)
        keyword_names = VALUE_NULL;
    if (!check_positional(vm, "filter", count, keyword_names, 2, 2))
        return VALUE_NULL;
    value iterator = get_iterator(vm, arguments[1]);
    if (iterator == VALUE_NULL)
        return iterator;
    struct map_object *self = instance_allocate(vm, type, sizeof(struct map_object));
    if (!self)
        return VALUE_NULL;
    self->function = arguments[0];
    self->iterators = iterator;
    return object_value(self);
}

static value filter_next(struct vm *vm, value self)
{
    const struct map_object *filter = (struct map_object *)value_object(self);
    bool plain = filter->function == NONE || filter->function == type_object_value(&bool_type);
    for (;;) {
        value item = next_item(vm, filter->iterators);
        if (item == VALUE_NULL)
            return item;
        value answer = plain ? item : call_1(vm, filter->function, item);
        if (answer == VALUE_NULL)
            return answer;
        int truth = value_truth(vm, answer);
        if (truth)
            return truth < 0 ? VALUE_NULL : item;
    }
}

static void map_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct map_object *)object)->function);
    gc_mark(vm, ((struct map_object *)object)->iterators);
}

static value map_reduce(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    const struct map_object *map = (struct map_object *)value_object(self);
    const struct tuple_object *iterators = tuple_of(map->iterators);
    value inner = tuple_new(vm, iterators->length + 1);
    if (inner == VALUE_NULL)
        return VALUE_NULL;
    tuple_of(inner)->items[0] = map->function;
    memcpy(tuple_of(inner)->items + 1, iterators->items, iterators->length * sizeof(value));
    return tuple_pack(vm, 2, type_object_value(value_type(vm, self)), inner);
}

static value filter_reduce(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    const struct map_object *filter = (struct map_object *)value_object(self);
    value inner = tuple_pack(vm, 2, filter->function, filter->iterators);
    return inner == VALUE_NULL ? VALUE_NULL : tuple_pack(vm, 2, type_object_value(value_type(vm, self)), inner);
}

static const struct method_definition map_methods[] = {
    {"__reduce__", "()", map_reduce, METHOD_INSTANCE, "Return state information for pickling."}, {NULL, NULL, NULL, 0, NULL}};
static const struct method_definition filter_methods[] = {
    {"__reduce__", "()", filter_reduce, METHOD_INSTANCE, "Return state information for pickling."}, {NULL, NULL, NULL, 0, NULL}};

struct type map_type = {
    .name = "map",
    .flags = TYPE_SUBCLASSABLE | TYPE_GETATTR_PLAIN | TYPE_NO_KEYWORDS,
    .instance_size = sizeof(struct map_object),
    .doc = "map(func, *iterables) --> map object\n\n"
           "Make an iterator that computes the function using arguments from\n"
           "each of the iterables.  Stops when the shortest iterable is exhausted.",
    .methods = map_methods,
    .trace = map_trace,
    .new = map_new,
    .iter = iterator_self,
    .next = map_next,
};

struct type filter_type = {
    .name = "filter",
    .flags = TYPE_SUBCLASSABLE | TYPE_GETATTR_PLAIN | TYPE_NO_KEYWORDS,
    .instance_size = sizeof(struct map_object),
    .doc = "filter(function or None, iterable) --> filter object\n\n"
           "Return an iterator yielding those items of iterable for which function(item)\n"
           "is true. If function is None, return the items that are true.",
    .methods = filter_methods,
    .trace = map_trace,
    .new = filter_new,
    .iter = iterator_self,
    .next = filter_next,
};

void iterator_types_ready(struct vm *vm)
{
    struct type *const types[] = {
        &list_iterator_type, &tuple_iterator_type, &list_reverse_iterator_type, &sequence_iterator_type, &reversed_type,
        &callable_iterator_type, &enumerate_type, &zip_type, &map_type, &filter_type,
    };
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        type_ready(vm, types[i]);
}
