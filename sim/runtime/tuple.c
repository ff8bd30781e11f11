/* tuple.c - tuples. An instance of a subclass has its subclass_tail after its items (tuple_of_type). */
#include "sim/runtime/attribute.h"
#include "sim/runtime/container.h"
#include "sim/runtime/iterator.h"
#include "sim/runtime/number.h"

#include <stdarg.h>

static const size_t tuple_maximum = (size_t)1 << 40;

static struct tuple_object *tuple_allocate(struct vm *vm, size_t length)
{
    if (length > tuple_maximum) {
        raise_no_memory(vm);
        return NULL;
    }
    struct tuple_object *tuple =
        gc_object_inline(vm, sizeof(struct tuple_object) + length * sizeof(value), &tuple_type.shape);
    if (tuple)
        tuple->length = length;
    return tuple;
}

value tuple_new(struct vm *vm, size_t length)
{
    if (!length && is_object(vm->empty_tuple))
        return vm->empty_tuple;
    struct tuple_object *tuple = tuple_allocate(vm, length);
    if (!tuple)
        return VALUE_NULL;
    for (size_t i = 0; i < length; i++)
        tuple->items[i] = NONE;
    return object_value(tuple);
}

value tuple_from(struct vm *vm, const value *items, size_t count)
{
    if (!count)
        return tuple_new(vm, 0);
    struct tuple_object *tuple = tuple_allocate(vm, count);
    if (!tuple)
        return VALUE_NULL;
    memcpy(tuple->items, items, count * sizeof(value));
    return object_value(tuple);
}

value tuple_pack(struct vm *vm, size_t count, ...)
{
    value result = tuple_new(vm, count);
    if (result == VALUE_NULL)
        return result;
    va_list items;
    va_start(items, count);
    for (size_t i = 0; i < count; i++)
        tuple_of(result)->items[i] = va_arg(items, value);
    va_end(items);
    return result;
}

value tuple_from_iterable(struct vm *vm, value iterable)
{
    if (is_exact(iterable, &tuple_type))
        return iterable;
    value list = iterable;
    if (!is_exact(iterable, &list_type)) {
        list = list_from_iterable(vm, iterable);
        if (list == VALUE_NULL)
            return list;
    }
    ADD_WORK(vm, items, list_of(list)->length);
    value result = tuple_from(vm, list_of(list)->items, list_of(list)->length);
    if (list != iterable && list_of(list)->items) { /* nobody else saw the list */
        gc_free_storage(vm, list_of(list)->items, list_of(list)->capacity * sizeof(value));
        list_empty(list_of(list));
    }
    return result;
}

static value tuple_slice(struct vm *vm, value self, int64_t start, int64_t stop)
{
    struct tuple_object *tuple = tuple_of(self);
    if (stop <= start)
        return tuple_new(vm, 0);
    if (start == 0 && stop == (int64_t)tuple->length && is_exact(self, &tuple_type))
        return self;
    ADD_WORK(vm, items, stop - start);
    return tuple_from(vm, tuple->items + start, (size_t)(stop - start));
}

static value tuple_get_item(struct vm *vm, value self, value key)
{
    struct tuple_object *tuple = tuple_of(self);
    int64_t index;
    if (is_small_int(key)) {
        index = small_int_value(key);
    } else if (is_exact(key, &slice_type)) {
        int64_t start, stop, step, count;
        if (!slice_indices(vm, key, (int64_t)tuple->length, &start, &stop, &step, &count))
            return VALUE_NULL;
        if (step == 1)
            return tuple_slice(vm, self, start, start + count);
        value result = tuple_new(vm, (size_t)count);
        if (result == VALUE_NULL)
            return result;
        for (int64_t i = 0; i < count; i++)
            tuple_of(result)->items[i] = tuple->items[start + i * step];
        ADD_WORK(vm, items, count);
        return result;
    } else if (!has_index(vm, key)) {
        return raise_error(vm, &exc_TypeError, "tuple indices must be integers or slices, not %T", key);
    } else if (!value_to_index(vm, key, &index)) {
        return VALUE_NULL;
    }
    if (index < 0)
        index += (int64_t)tuple->length;
    if (index < 0 || index >= (int64_t)tuple->length)
        return raise_error(vm, &exc_IndexError, "tuple index out of range");
    return tuple->items[index];
}

static int64_t tuple_length(struct vm *vm, value self)
{
    (void)vm;
    return (int64_t)tuple_of(self)->length;
}

/* The first index in start..stop whose item equals; stop: none; -1: error. */
static int64_t tuple_find(struct vm *vm, struct tuple_object *tuple, value item, int64_t start, int64_t stop)
{
    int64_t i = start;
    for (; i < stop; i++) {
        int equal = key_equal_simply(tuple->items[i], item);
        if (equal < 0)
            equal = values_equal(vm, tuple->items[i], item);
        if (equal) {
            ADD_WORK(vm, comparisons, i - start + 1);
            return equal < 0 ? -1 : i;
        }
    }
    ADD_WORK(vm, comparisons, i > start ? i - start : 0);
    return stop;
}

static int tuple_contains(struct vm *vm, value self, value item)
{
    struct tuple_object *tuple = tuple_of(self);
    int64_t found = tuple_find(vm, tuple, item, 0, (int64_t)tuple->length);
    return found < 0 ? -1 : found != (int64_t)tuple->length;
}

static value tuple_compare(struct vm *vm, value a, value b, enum compare_kind kind)
{
    if (!has_flag(a, TYPE_TUPLE) || !has_flag(b, TYPE_TUPLE))
        return vm->not_implemented;
    struct tuple_object *x = tuple_of(a), *y = tuple_of(b);
    uint64_t i = 0;
    for (; i < x->length && i < y->length; i++) {
        int equal = key_equal_simply(x->items[i], y->items[i]);
        if (equal < 0)
            equal = values_equal(vm, x->items[i], y->items[i]);
        if (equal < 0)
            return VALUE_NULL;
        if (!equal)
            break;
    }
    ADD_WORK(vm, items, i);
    if (i < x->length && i < y->length) {
        if (kind == COMPARE_EQ || kind == COMPARE_NE)
            return bool_value(kind == COMPARE_NE);
        return compare_operation(vm, kind, x->items[i], y->items[i]);
    }
    return bool_value(order_holds((x->length > y->length) - (x->length < y->length), kind));
}

/* xxHash's mixing over the items' hashes, as CPython 3.8 and later do (github.com/Cyan4973/xxHash, XXH64). */
static bool tuple_hash(struct vm *vm, value self, int64_t *hash)
{
    const uint64_t prime_1 = 11400714785074694791u, prime_2 = 14029467366897019727u, prime_5 = 2870177450012600261u;
    struct tuple_object *tuple = tuple_of(self);
    uint64_t sum = prime_5;
    if (!recursion_check(vm, ""))
        return false;
    for (uint64_t i = 0; i < tuple->length; i++) {
        int64_t lane;
        if (!key_hash(vm, tuple->items[i], &lane))
            return false;
        sum += (uint64_t)lane * prime_2;
        sum = sum << 31 | sum >> 33;
        sum *= prime_1;
    }
    sum += tuple->length ^ (prime_5 ^ 3527539u);
    ADD_WORK(vm, items, tuple->length);
    *hash = sum == UINT64_MAX ? 1546275796 : (int64_t)sum;
    return true;
}

static value tuple_concat(struct vm *vm, value a, value b)
{
    if (!has_flag(b, TYPE_TUPLE))
        return raise_error(vm, &exc_TypeError, "can only concatenate tuple (not \"%T\") to tuple", b);
    struct tuple_object *x = tuple_of(a), *y = tuple_of(b);
    if (!x->length && is_exact(b, &tuple_type))
        return b;
    if (!y->length && is_exact(a, &tuple_type))
        return a;
    const size_t length = (size_t)x->length + y->length;
    if (!length)
        return tuple_new(vm, 0); /* of two subclasses */
    struct tuple_object *result = tuple_allocate(vm, length);
    if (!result)
        return VALUE_NULL;
    memcpy(result->items, x->items, x->length * sizeof(value));
    memcpy(result->items + x->length, y->items, y->length * sizeof(value));
    ADD_WORK(vm, items, length);
    return object_value(result);
}

static value tuple_repeat(struct vm *vm, value a, int64_t count)
{
    struct tuple_object *tuple = tuple_of(a);
    if ((!tuple->length || count == 1) && is_exact(a, &tuple_type))
        return a;
    if (count <= 0 || !tuple->length)
        return tuple_new(vm, 0);
    if ((uint64_t)count > tuple_maximum / tuple->length)
        return raise_no_memory(vm);
    size_t total = tuple->length * (size_t)count;
    value result = tuple_new(vm, total);
    if (result == VALUE_NULL)
        return result;
    for (size_t done = 0; done < total; done += tuple->length)
        memcpy(tuple_of(result)->items + done, tuple->items, tuple->length * sizeof(value));
    ADD_WORK(vm, items, total);
    return result;
}

static value tuple_repr(struct vm *vm, value self)
{
    struct tuple_object *tuple = tuple_of(self);
    if (!tuple->length)
        return string_from_text(vm, "()");
    struct repr_guard guard;
    enum repr_state state = repr_enter(vm, &guard, self);
    if (state != REPR_FIRST)
        return state == REPR_AGAIN ? string_from_text(vm, "(...)") : VALUE_NULL;
    struct string_builder builder = {0};
    string_builder_add(&builder, '(');
    for (uint64_t i = 0; i < tuple->length; i++) {
        if (i)
            string_builder_add_text(&builder, ", ");
        if (!builder_add_repr(vm, &builder, tuple->items[i])) {
            repr_leave(vm, &guard);
            return builder_abandon(&builder);
        }
    }
    repr_leave(vm, &guard);
    string_builder_add_text(&builder, tuple->length == 1 ? ",)" : ")");
    return string_builder_finish(vm, &builder);
}

static value tuple_iter(struct vm *vm, value self)
{
    struct list_iterator *iterator = gc_object_inline(vm, sizeof(struct list_iterator), &tuple_iterator_type.shape);
    if (!iterator)
        return VALUE_NULL;
    iterator->sequence = self;
    return object_value(iterator);
}

static value tuple_of_type(struct vm *vm, struct type *type, const value *items, size_t count)
{
    if (type == &tuple_type)
        return tuple_from(vm, items, count);
    size_t own = type->instance_size > sizeof(struct tuple_object) ? type->instance_size : sizeof(struct tuple_object);
    struct tuple_object *tuple = gc_object(vm, own + count * sizeof(value), &type->shape);
    if (!tuple)
        return VALUE_NULL;
    tuple->length = count;
    if (count)
        memcpy(tuple->items, items, count * sizeof(value));
    if (type->tail_offset) {
        char *end = (char *)tuple + own + count * sizeof(value);
        struct subclass_tail *tail = instance_tail(&tuple->head);
        tail->overflow = VALUE_NULL;
        for (value *slot = tail->slots; (char *)(slot + 1) <= end; slot++)
            *slot = VALUE_NULL;
    }
    return object_value(tuple);
}

static value tuple_new_slot(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    if (type->init != tuple_type.init)
        keyword_names = VALUE_NULL; /* a subclass's __init__ may take its own */
    if (!check_positional(vm, "tuple", count, keyword_names, 0, 1))
        return VALUE_NULL;
    if (!count)
        return tuple_of_type(vm, type, NULL, 0);
    value items = tuple_from_iterable(vm, arguments[0]);
    if (items == VALUE_NULL || type == &tuple_type)
        return items;
    return tuple_of_type(vm, type, tuple_of(items)->items, tuple_of(items)->length);
}

static value tuple_method_index(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)count, (void)keyword_names;
    struct tuple_object *tuple = tuple_of(self);
    int64_t start = 0, stop = INT64_MAX, length = (int64_t)tuple->length;
    if (!position_from_value(vm, arguments[1], &start) || !position_from_value(vm, arguments[2], &stop))
        return VALUE_NULL;
    bound_adjust(&start, length);
    bound_adjust(&stop, length);
    if (stop > length)
        stop = length;
    int64_t found = start < stop ? tuple_find(vm, tuple, arguments[0], start, stop) : stop;
    if (found < 0)
        return VALUE_NULL;
    if (found >= stop)
        return raise_error(vm, &exc_ValueError, "tuple.index(x): x not in tuple");
    return small_int(found);
}

static value tuple_method_count(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)count, (void)keyword_names;
    struct tuple_object *tuple = tuple_of(self);
    int64_t total = 0;
    for (uint64_t i = 0; i < tuple->length; i++) {
        int equal = key_equal_simply(tuple->items[i], arguments[0]);
        if (equal < 0)
            equal = values_equal(vm, tuple->items[i], arguments[0]);
        if (equal < 0)
            return VALUE_NULL;
        total += equal;
    }
    ADD_WORK(vm, comparisons, tuple->length);
    return small_int(total);
}

static value tuple_method_getnewargs(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    value copy = tuple_from(vm, tuple_of(self)->items, tuple_of(self)->length);
    return copy == VALUE_NULL ? copy : tuple_pack(vm, 1, copy);
}

static const struct method_definition tuple_methods[] = {
    {"index", "(value, start=0, stop=9223372036854775807, /)", tuple_method_index, METHOD_INSTANCE,
     "Return first index of value.\n\nRaises ValueError if the value is not present."},
    {"count", "(value, /)", tuple_method_count, METHOD_INSTANCE, "Return number of occurrences of value."},
    {"__getnewargs__", "()", tuple_method_getnewargs, METHOD_INSTANCE, NULL},
    CLASS_GETITEM,
    {NULL, NULL, NULL, 0, NULL},
};

static void tuple_trace(struct vm *vm, struct object *object)
{
    struct tuple_object *tuple = (struct tuple_object *)object;
    for (uint64_t i = 0; i < tuple->length; i++)
        gc_mark(vm, tuple->items[i]);
}

struct type tuple_type = {
    .name = "tuple",
    .flags = TYPE_SUBCLASSABLE | TYPE_TUPLE | TYPE_SEQUENCE | TYPE_GETATTR_PLAIN,
    .instance_size = sizeof(struct tuple_object),
    .doc = "Built-in immutable sequence.\n\nIf no argument is given, the constructor returns an empty tuple.\n"
           "If iterable is specified the tuple is initialized from iterable's items.\n\n"
           "If the argument is a tuple, the return value is the same object.",
    .methods = tuple_methods,
    .trace = tuple_trace,
    .new = tuple_new_slot,
    .repr = tuple_repr,
    .hash = tuple_hash,
    .compare = tuple_compare,
    .iter = tuple_iter,
    .length = tuple_length,
    .get_item = tuple_get_item,
    .contains = tuple_contains,
    .concat = tuple_concat,
    .repeat = tuple_repeat,
};
