/* deque.c - collections.deque: a ring buffer whose size is a power of two. */
#include "sim/modules/deque.h"
#include "sim/runtime/container.h"
#include "sim/runtime/iterator.h"

#define METHOD(name)                                                                                                   \
    static value name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)

struct deque {
    struct object head;
    value *items;                /* gc_storage */
    uint64_t capacity, start, length;
    int64_t maximum;             /* -1: none */
    uint64_t version;            /* changes with the items' number or order: iterators check it */
};

static struct deque *deque_of(value v)
{
    return (struct deque *)value_object(v);
}

static bool is_deque(struct vm *vm, value v)
{
    return is_object(v) && is_instance(vm, v, &deque_type);
}

static inline value *at(const struct deque *deque, uint64_t i)
{
    return &deque->items[(deque->start + i) & (deque->capacity - 1)];
}

static bool deque_grow(struct vm *vm, struct deque *deque)
{
    uint64_t capacity = deque->capacity ? deque->capacity * 2 : 8;
    value *items = gc_storage(vm, capacity * sizeof(value));
    if (!items)
        return false;
    for (uint64_t i = 0; i < deque->length; i++)
        items[i] = *at(deque, i);
    if (deque->capacity)
        gc_free_storage(vm, deque->items, deque->capacity * sizeof(value));
    deque->items = items;
    deque->capacity = capacity;
    deque->start = 0;
    return true;
}

static value pop_right(struct deque *deque)
{
    deque->version++;
    return *at(deque, --deque->length);
}

static value pop_left(struct deque *deque)
{
    value item = *at(deque, 0);
    deque->version++;
    deque->start = (deque->start + 1) & (deque->capacity - 1);
    deque->length--;
    return item;
}

static bool push_right(struct vm *vm, struct deque *deque, value item)
{
    if (deque->length == deque->capacity && !deque_grow(vm, deque))
        return false;
    *at(deque, deque->length++) = item;
    deque->version++;
    if (deque->maximum >= 0 && deque->length > (uint64_t)deque->maximum)
        pop_left(deque);
    return true;
}

static bool push_left(struct vm *vm, struct deque *deque, value item)
{
    if (deque->length == deque->capacity && !deque_grow(vm, deque))
        return false;
    deque->start = (deque->start - 1) & (deque->capacity - 1);
    deque->length++;
    *at(deque, 0) = item;
    deque->version++;
    if (deque->maximum >= 0 && deque->length > (uint64_t)deque->maximum)
        pop_right(deque);
    return true;
}

static value deque_make(struct vm *vm, struct type *type, int64_t maximum)
{
    struct deque *self = instance_allocate(vm, type, sizeof(struct deque));
    if (!self)
        return VALUE_NULL;
    self->maximum = maximum;
    return object_value(self);
}

static value deque_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    return deque_make(vm, type, -1);
}

static bool extend(struct vm *vm, value self, value iterable, bool (*push)(struct vm *vm, struct deque *deque, value item))
{
    if (iterable == self && (iterable = list_from_iterable(vm, iterable)) == VALUE_NULL)
        return false;
    value iterator = get_iterator(vm, iterable), item;
    uint64_t count = 0;
    if (iterator == VALUE_NULL)
        return false;
    for (; (item = iterator_next(vm, iterator)) != VALUE_NULL; count++)
        if (!push(vm, deque_of(self), item))
            return false;
    ADD_WORK(vm, items, count);
    return vm->pending == VALUE_NULL;
}

static void clear(struct deque *deque)
{
    deque->items = NULL;
    deque->capacity = deque->start = deque->length = 0;
    deque->version++;
}

static bool deque_init(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    static const char *const names[] = {"iterable", "maxlen", NULL};
    static const struct argument_names expected = {"deque", names, 0, 2};
    value given[2];
    int64_t maximum = -1;
    if (!arguments_bind(vm, &expected, arguments, count, keyword_names, given))
        return false;
    if (given[1] != VALUE_NULL && given[1] != NONE) {
        if (!is_int(given[1]))
            return raise_error(vm, &exc_TypeError, "an integer is required"), false;
        if (!value_to_int64(vm, given[1], &maximum))
            return false;
        if (maximum < 0)
            return raise_error(vm, &exc_ValueError, "maxlen must be non-negative"), false;
    }
    deque_of(self)->maximum = maximum;
    if (deque_of(self)->length)
        clear(deque_of(self));
    return given[0] == VALUE_NULL || extend(vm, self, given[0], push_right);
}

static value items_list(struct vm *vm, const struct deque *deque)
{
    value list = list_new(vm, deque->length);
    for (uint64_t i = 0; list != VALUE_NULL && i < deque->length; i++)
        list_of(list)->items[i] = *at(deque, i);
    return list;
}

/* ---- methods ---- */

METHOD(deque_append)
{
    (void)count, (void)keyword_names;
    return push_right(vm, deque_of(self), arguments[0]) ? NONE : VALUE_NULL;
}

METHOD(deque_appendleft)
{
    (void)count, (void)keyword_names;
    return push_left(vm, deque_of(self), arguments[0]) ? NONE : VALUE_NULL;
}

METHOD(deque_extend)
{
    (void)count, (void)keyword_names;
    return extend(vm, self, arguments[0], push_right) ? NONE : VALUE_NULL;
}

METHOD(deque_extendleft)
{
    (void)count, (void)keyword_names;
    return extend(vm, self, arguments[0], push_left) ? NONE : VALUE_NULL;
}

METHOD(deque_pop)
{
    (void)arguments, (void)count, (void)keyword_names;
    if (!deque_of(self)->length)
        return raise_error(vm, &exc_IndexError, "pop from an empty deque");
    return pop_right(deque_of(self));
}

METHOD(deque_popleft)
{
    (void)arguments, (void)count, (void)keyword_names;
    if (!deque_of(self)->length)
        return raise_error(vm, &exc_IndexError, "pop from an empty deque");
    return pop_left(deque_of(self));
}

METHOD(deque_clear)
{
    (void)vm, (void)arguments, (void)count, (void)keyword_names;
    clear(deque_of(self));
    return NONE;
}

METHOD(deque_copy)
{
    (void)arguments, (void)count, (void)keyword_names;
    if (!is_exact(self, &deque_type)) {
        struct type *type = value_type(vm, self);
        const value given[] = {self, small_int(deque_of(self)->maximum)};
        value copy = call(vm, type_object_value(type), given, deque_of(self)->maximum < 0 ? 1 : 2, VALUE_NULL);
        if (copy != VALUE_NULL && !is_instance(vm, copy, &deque_type))
            return raise_error(vm, &exc_TypeError, "%s() must return a deque, not %T", type->name, copy);
        return copy;
    }
    value copy = deque_make(vm, &deque_type, deque_of(self)->maximum);
    return copy == VALUE_NULL || !extend(vm, copy, self, push_right) ? VALUE_NULL : copy;
}

static void rotate(struct vm *vm, struct deque *deque, int64_t steps)
{
    int64_t length = (int64_t)deque->length;
    if (length < 2)
        return;
    steps %= length;
    if (steps > length / 2)
        steps -= length;
    else if (steps < -(length / 2))
        steps += length;
    uint64_t moved = (uint64_t)(steps < 0 ? -steps : steps);
    for (uint64_t i = 0; i < moved; i++) {
        uint64_t mask = deque->capacity - 1;
        if (steps > 0) {
            value item = *at(deque, deque->length - 1);
            deque->start = (deque->start - 1) & mask;
            *at(deque, 0) = item;
        } else {
            value item = *at(deque, 0);
            deque->start = (deque->start + 1) & mask;
            *at(deque, deque->length - 1) = item;
        }
    }
    deque->version++;
    ADD_WORK(vm, items, moved);
}

METHOD(deque_rotate)
{
    (void)count, (void)keyword_names;
    int64_t steps = 1;
    if (arguments[0] != VALUE_NULL && !value_to_int64(vm, arguments[0], &steps))
        return VALUE_NULL;
    rotate(vm, deque_of(self), steps);
    return NONE;
}

METHOD(deque_reverse)
{
    (void)arguments, (void)count, (void)keyword_names;
    struct deque *deque = deque_of(self);
    for (uint64_t i = 0, j = deque->length; i + 1 < j; i++) {
        value item = *at(deque, --j);
        *at(deque, j) = *at(deque, i);
        *at(deque, i) = item;
    }
    ADD_WORK(vm, items, deque->length);
    return NONE;
}

/* First index from start below stop whose item equals; stop: none; -1: error */
static int64_t find(struct vm *vm, struct deque *deque, value item, int64_t start, int64_t stop)
{
    uint64_t version = deque->version;
    for (int64_t i = start; i < stop; i++) {
        int equal = values_equal(vm, *at(deque, (uint64_t)i), item);
        ADD_WORK(vm, comparisons, 1);
        if (equal < 0)
            return -1;
        if (equal)
            return i;
        if (version != deque->version) {
            raise_error(vm, &exc_RuntimeError, "deque mutated during iteration");
            return -1;
        }
    }
    return stop;
}

METHOD(deque_index)
{
    (void)count, (void)keyword_names;
    struct deque *deque = deque_of(self);
    int64_t start = 0, stop = (int64_t)deque->length, length = stop;
    if (!position_from_value(vm, arguments[1], &start) || !position_from_value(vm, arguments[2], &stop))
        return VALUE_NULL;
    bound_adjust(&start, length);
    bound_adjust(&stop, length);
    stop = stop > length ? length : stop;
    start = start > stop ? stop : start;
    int64_t found = find(vm, deque, arguments[0], start, stop);
    if (found < 0)
        return VALUE_NULL;
    return found < stop ? small_int(found) : raise_error(vm, &exc_ValueError, "%R is not in deque", arguments[0]);
}

METHOD(deque_count)
{
    (void)count, (void)keyword_names;
    struct deque *deque = deque_of(self);
    int64_t total = 0;
    uint64_t version = deque->version;
    for (uint64_t i = 0; i < deque->length; i++) {
        int equal = values_equal(vm, *at(deque, i), arguments[0]);
        if (equal < 0)
            return VALUE_NULL;
        if (version != deque->version)
            return raise_error(vm, &exc_RuntimeError, "deque mutated during iteration");
        total += equal;
    }
    ADD_WORK(vm, comparisons, deque->length);
    return small_int(total);
}

static value remove_at(struct vm *vm, struct deque *deque, int64_t index)
{
    value item = *at(deque, (uint64_t)index);
    rotate(vm, deque, -index);
    pop_left(deque);
    rotate(vm, deque, index);
    return item;
}

METHOD(deque_remove)
{
    (void)count, (void)keyword_names;
    struct deque *deque = deque_of(self);
    uint64_t version = deque->version;
    for (uint64_t i = 0; i < deque->length; i++) {
        int equal = values_equal(vm, *at(deque, i), arguments[0]);
        ADD_WORK(vm, comparisons, 1);
        if (equal < 0)
            return VALUE_NULL;
        if (version != deque->version)
            return raise_error(vm, &exc_IndexError, "deque mutated during remove().");
        if (equal) {
            remove_at(vm, deque, (int64_t)i);
            return NONE;
        }
    }
    return raise_error(vm, &exc_ValueError, "deque.remove(x): x not in deque");
}

METHOD(deque_insert)
{
    (void)count, (void)keyword_names;
    struct deque *deque = deque_of(self);
    int64_t index, length = (int64_t)deque->length;
    if (!value_to_int64(vm, arguments[0], &index))
        return VALUE_NULL;
    if (deque->maximum >= 0 && length >= deque->maximum)
        return raise_error(vm, &exc_IndexError, "deque already at its maximum size");
    if (index >= length)
        return push_right(vm, deque, arguments[1]) ? NONE : VALUE_NULL;
    if (index <= -length || index == 0)
        return push_left(vm, deque, arguments[1]) ? NONE : VALUE_NULL;
    rotate(vm, deque, -index);
    if (!(index < 0 ? push_right(vm, deque, arguments[1]) : push_left(vm, deque, arguments[1])))
        return VALUE_NULL;
    rotate(vm, deque, index);
    return NONE;
}

METHOD(deque_reduce)
{
    (void)arguments, (void)count, (void)keyword_names;
    const struct deque *deque = deque_of(self);
    value iterator = get_iterator(vm, self), empty = tuple_new(vm, 0);
    value inner = deque->maximum < 0 ? empty : tuple_pack(vm, 2, empty, small_int(deque->maximum));
    value state = call_method(vm, self, "__getstate__", NULL, 0);
    if (iterator == VALUE_NULL || inner == VALUE_NULL || state == VALUE_NULL)
        return VALUE_NULL;
    return tuple_pack(vm, 4, type_object_value(value_type(vm, self)), inner, state, iterator);
}

static value deque_maxlen(struct vm *vm, value self)
{
    (void)vm;
    return deque_of(self)->maximum < 0 ? NONE : small_int(deque_of(self)->maximum);
}

/* ---- iterators ---- */

struct deque_iterator {
    struct object head;
    value deque;
    uint64_t index, version;
    uint64_t length; /* when it was made */
};

static value iterator_make(struct vm *vm, value self, struct type *type)
{
    struct deque_iterator *iterator = GC_NEW(vm, struct deque_iterator, type);
    if (!iterator)
        return VALUE_NULL;
    iterator->deque = self;
    iterator->version = deque_of(self)->version;
    iterator->length = deque_of(self)->length;
    return object_value(iterator);
}

static value deque_iter(struct vm *vm, value self)
{
    return iterator_make(vm, self, &deque_iterator_type);
}

METHOD(deque_reversed)
{
    (void)arguments, (void)count, (void)keyword_names;
    return iterator_make(vm, self, &deque_reverse_iterator_type);
}

static value deque_iterator_next(struct vm *vm, value self)
{
    struct deque_iterator *iterator = (struct deque_iterator *)value_object(self);
    const struct deque *deque = deque_of(iterator->deque);
    bool forward = is_exact(self, &deque_iterator_type);
    if (iterator->version != deque->version && (forward || iterator->index < iterator->length)) {
        iterator->index = UINT64_MAX;
        return raise_error(vm, &exc_RuntimeError, "deque mutated during iteration");
    }
    if (iterator->index >= iterator->length)
        return VALUE_NULL;
    uint64_t i = iterator->index++;
    return *at(deque, forward ? i : deque->length - 1 - i);
}

METHOD(deque_iterator_hint)
{
    (void)vm, (void)arguments, (void)count, (void)keyword_names;
    const struct deque_iterator *iterator = (struct deque_iterator *)value_object(self);
    uint64_t length = iterator->length;
    return small_int(iterator->index < length ? (int64_t)(length - iterator->index) : 0);
}

static value deque_iterator_reduce(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    const struct deque_iterator *iterator = (struct deque_iterator *)value_object(self);
    value inner = tuple_pack(vm, 2, iterator->deque, small_int((int64_t)iterator->index));
    return inner == VALUE_NULL ? VALUE_NULL : tuple_pack(vm, 2, type_object_value(value_type(vm, self)), inner);
}

static const struct method_definition deque_iterator_methods[] = {
    {"__reduce__", "()", deque_iterator_reduce, METHOD_INSTANCE, "Return state information for pickling."},
    {"__length_hint__", "()", deque_iterator_hint, METHOD_INSTANCE, "Private method returning an estimate of len(list(it))."},
    {NULL, NULL, NULL, 0, NULL},
};

static value deque_iterator_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    int64_t index = 0;
    (void)keyword_names; /* looked at by nobody: CPython's does not, either */
    if (count < 1 || count > 2)
        return raise_error(vm, &exc_TypeError, "function takes at %s %d argument%s (%zu given)", count ? "most" : "least",
                           count ? 2 : 1, count ? "s" : "", count);
    if (!is_object(arguments[0]) || !is_instance(vm, arguments[0], &deque_type))
        return raise_error(vm, &exc_TypeError, "argument 1 must be collections.deque, not %T", arguments[0]);
    if (count > 1 && !value_to_int64(vm, arguments[1], &index))
        return VALUE_NULL;
    value iterator = iterator_make(vm, arguments[0], type);
    if (iterator != VALUE_NULL)
        ((struct deque_iterator *)value_object(iterator))->index = index < 0 ? 0 : (uint64_t)index;
    return iterator;
}

static void deque_iterator_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct deque_iterator *)object)->deque);
}

#define DEQUE_ITERATOR(variable, python_name)                                                                          \
    struct type variable = {                                                                                           \
        .name = python_name,                                                                                           \
        .instance_size = sizeof(struct deque_iterator),                                                                \
        .methods = deque_iterator_methods,                                                                             \
        .new = deque_iterator_new,                                                                                     \
        .trace = deque_iterator_trace,                                                                                 \
        .iter = iterator_self,                                                                                         \
        .next = deque_iterator_next,                                                                                   \
    }
DEQUE_ITERATOR(deque_iterator_type, "_collections._deque_iterator");
DEQUE_ITERATOR(deque_reverse_iterator_type, "_collections._deque_reverse_iterator");

/* ---- slots ---- */

static int64_t deque_length(struct vm *vm, value self)
{
    (void)vm;
    return (int64_t)deque_of(self)->length;
}

static bool deque_position(struct vm *vm, value self, value key, int64_t *index)
{
    if (!has_index(vm, key)) {
        raise_error(vm, &exc_TypeError, "sequence index must be integer, not '%T'", key);
        return false;
    }
    if (!value_to_index(vm, key, index))
        return false;
    int64_t length = (int64_t)deque_of(self)->length;
    *index += *index < 0 ? length : 0;
    if (*index >= 0 && *index < length)
        return true;
    raise_error(vm, &exc_IndexError, "deque index out of range");
    return false;
}

static value deque_get_item(struct vm *vm, value self, value key)
{
    int64_t index;
    return deque_position(vm, self, key, &index) ? *at(deque_of(self), (uint64_t)index) : VALUE_NULL;
}

static bool deque_set_item(struct vm *vm, value self, value key, value item)
{
    int64_t index;
    if (!deque_position(vm, self, key, &index))
        return false;
    if (item == VALUE_NULL)
        remove_at(vm, deque_of(self), index);
    else
        *at(deque_of(self), (uint64_t)index) = item;
    return true;
}

static int deque_contains(struct vm *vm, value self, value item)
{
    int64_t length = (int64_t)deque_of(self)->length, found = find(vm, deque_of(self), item, 0, length);
    return found < 0 ? -1 : found < length;
}

static value deque_concat(struct vm *vm, value a, value b)
{
    if (!is_deque(vm, b))
        return raise_error(vm, &exc_TypeError, "can only concatenate deque (not \"%T\") to deque", b);
    value copy = deque_copy(vm, a, NULL, 0, VALUE_NULL);
    return copy == VALUE_NULL || !extend(vm, copy, b, push_right) ? VALUE_NULL : copy;
}

static value deque_inplace_add(struct vm *vm, value a, value b)
{
    return extend(vm, a, b, push_right) ? a : VALUE_NULL;
}

static bool repeat_in_place(struct vm *vm, value self, int64_t times)
{
    value items = items_list(vm, deque_of(self));
    if (items == VALUE_NULL)
        return false;
    if (times <= 0)
        clear(deque_of(self));
    if (list_of(items)->length && times > (int64_t)1 << 32)
        return raise_no_memory(vm), false;
    for (int64_t i = 1; i < times && list_of(items)->length; i++)
        if (!extend(vm, self, items, push_right))
            return false;
    return true;
}

static value deque_repeat(struct vm *vm, value a, int64_t times)
{
    value copy = deque_copy(vm, a, NULL, 0, VALUE_NULL);
    return copy == VALUE_NULL || !repeat_in_place(vm, copy, times) ? VALUE_NULL : copy;
}

static value deque_inplace_multiply(struct vm *vm, value a, value b)
{
    int64_t times;
    if (!has_index(vm, b))
        return vm->not_implemented;
    return value_to_count(vm, b, &times) && repeat_in_place(vm, a, times) ? a : VALUE_NULL;
}

static value deque_compare(struct vm *vm, value a, value b, enum compare_kind kind)
{
    if (!is_deque(vm, a) || !is_deque(vm, b))
        return vm->not_implemented;
    value x = items_list(vm, deque_of(a)), y = x == VALUE_NULL ? x : items_list(vm, deque_of(b));
    return y == VALUE_NULL ? y : list_type.compare(vm, x, y, kind);
}

static value deque_repr(struct vm *vm, value self)
{
    struct repr_guard guard;
    enum repr_state state = repr_enter(vm, &guard, self);
    if (state != REPR_FIRST)
        return state == REPR_AGAIN ? string_from_text(vm, "[...]") : VALUE_NULL;
    value items = items_list(vm, deque_of(self));
    value name = items == VALUE_NULL ? items : get_attribute_text(vm, type_object_value(value_type(vm, self)), "__name__");
    value text = VALUE_NULL;
    if (name != VALUE_NULL)
        text = deque_of(self)->maximum < 0
                   ? string_printf(vm, "%U(%R)", name, items)
                   : string_printf(vm, "%U(%R, maxlen=%lld)", name, items, (long long)deque_of(self)->maximum);
    repr_leave(vm, &guard);
    return text;
}

static const struct method_definition deque_methods[] = {
    {"append", "(object, /)", deque_append, METHOD_INSTANCE, "Add an element to the right side of the deque."},
    {"appendleft", "(object, /)", deque_appendleft, METHOD_INSTANCE, "Add an element to the left side of the deque."},
    {"extend", "(iterable, /)", deque_extend, METHOD_INSTANCE, "Extend the right side of the deque with elements from the iterable"},
    {"extendleft", "(iterable, /)", deque_extendleft, METHOD_INSTANCE,
     "Extend the left side of the deque with elements from the iterable"},
    {"pop", "()", deque_pop, METHOD_INSTANCE, "Remove and return the rightmost element."},
    {"popleft", "()", deque_popleft, METHOD_INSTANCE, "Remove and return the leftmost element."},
    {"clear", "()", deque_clear, METHOD_INSTANCE, "Remove all elements from the deque."},
    {"copy", "()", deque_copy, METHOD_INSTANCE, "Return a shallow copy of a deque."},
    {"__copy__", "()", deque_copy, METHOD_INSTANCE, "Return a shallow copy of a deque."},
    {"rotate", "(n=1, /)", deque_rotate, METHOD_INSTANCE,
     "Rotate the deque n steps to the right (default n=1).  If n is negative, rotates left."},
    {"reverse", "()", deque_reverse, METHOD_INSTANCE, "D.reverse() -- reverse *IN PLACE*"},
    {"index", "(value, start=0, stop=9223372036854775807, /)", deque_index, METHOD_INSTANCE,
     "D.index(value, [start, [stop]]) -> integer -- return first index of value."},
    {"count", "(value, /)", deque_count, METHOD_INSTANCE, "D.count(value) -> integer -- return number of occurrences of value"},
    {"remove", "(value, /)", deque_remove, METHOD_INSTANCE, "D.remove(value) -- remove first occurrence of value."},
    {"insert", "(index, object, /)", deque_insert, METHOD_INSTANCE, "D.insert(index, object) -- insert object before index"},
    {"__reversed__", "()", deque_reversed, METHOD_INSTANCE, "D.__reversed__() -- return a reverse iterator over the deque"},
    {"__reduce__", "()", deque_reduce, METHOD_INSTANCE, "Return state information for pickling."},
    CLASS_GETITEM,
    {NULL, NULL, NULL, 0, NULL},
};
static const struct property_definition deque_properties[] = {{"maxlen", deque_maxlen, NULL}, {NULL, NULL, NULL}};

static void deque_trace(struct vm *vm, struct object *object)
{
    const struct deque *deque = (struct deque *)object;
    gc_mark_storage(vm, deque->items);
    for (uint64_t i = 0; i < deque->length; i++)
        gc_mark(vm, *at(deque, i));
}

struct type deque_type = {
    .name = "collections.deque",
    .flags = TYPE_SUBCLASSABLE | TYPE_SEQUENCE | TYPE_GETATTR_PLAIN,
    .instance_size = sizeof(struct deque),
    .doc = "deque([iterable[, maxlen]]) --> deque object\n\nA list-like sequence optimized for data accesses near its endpoints.",
    .methods = deque_methods,
    .properties = deque_properties,
    .trace = deque_trace,
    .new = deque_new,
    .init = deque_init,
    .repr = deque_repr,
    .compare = deque_compare,
    .iter = deque_iter,
    .length = deque_length,
    .get_item = deque_get_item,
    .set_item = deque_set_item,
    .contains = deque_contains,
    .concat = deque_concat,
    .repeat = deque_repeat,
    .inplace[BINARY_ADD] = deque_inplace_add,
    .inplace[BINARY_MUL] = deque_inplace_multiply,
};
