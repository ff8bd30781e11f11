/* list.c - lists. The item storage grows as CPython's does; list_sort.c sorts. */
#include "sim/runtime/container.h"
#include "sim/runtime/iterator.h"
#include "sim/runtime/layout_size.h"
#include "sim/runtime/number.h"
#include "sim/runtime/type.h"

static const uint32_t list_maximum = UINT32_MAX - 64;

/* ---- storage ---- */

bool list_reserve(struct vm *vm, struct list_object *list, size_t capacity)
{
    if (capacity <= list->capacity)
        return true;
    if (capacity > list_maximum) {
        raise_no_memory(vm);
        return false;
    }
    value *old = list->capacity ? list->items : NULL; /* a list that is being sorted has a mark there */
    value *items = gc_resize_storage(vm, old, list->capacity * sizeof(value), capacity * sizeof(value));
    if (!items)
        return false;
    list->items = items;
    list->capacity = (uint32_t)capacity;
    return true;
}

bool list_resize(struct vm *vm, struct list_object *list, size_t length)
{
    size_t old = list->length;
    if (length > list->capacity) {
        size_t capacity = (length + (length >> 3) + 6) & ~(size_t)3;
        if (length > old && length - old > capacity - length)
            capacity = (length + 3) & ~(size_t)3;
        if (!list_reserve(vm, list, capacity))
            return false;
    } else if (length < (list->capacity >> 1)) {
        size_t capacity = length ? (length + (length >> 3) + 6) & ~(size_t)3 : 0;
        if (!capacity) {
            gc_free_storage(vm, list->items, list->capacity * sizeof(value));
            list->items = NULL;
            list->capacity = 0;
        } else if (capacity < list->capacity) {
            list->length = (uint32_t)length;
            value *items =
                gc_resize_storage(vm, list->items, list->capacity * sizeof(value), capacity * sizeof(value));
            if (!items)
                return false;
            list->items = items;
            list->capacity = (uint32_t)capacity;
        }
    }
    for (size_t i = old; i < length; i++)
        list->items[i] = NONE;
    list->length = (uint32_t)length;
    return true;
}

bool list_append_grow(struct vm *vm, struct list_object *list, value item)
{
    size_t length = list->length;
    if (!list_resize(vm, list, length + 1))
        return false;
    list->items[length] = item;
    return true;
}

bool list_append(struct vm *vm, struct list_object *list, value item)
{
    if (list->length < list->capacity) {
        list->items[list->length++] = item;
        return true;
    }
    return list_append_grow(vm, list, item);
}

void list_empty(struct list_object *list)
{
    list->items = NULL;
    list->length = list->capacity = 0;
}

value list_new(struct vm *vm, size_t length)
{
    if (length > list_maximum)
        return raise_no_memory(vm);
    struct list_object *list = gc_object_inline(vm, sizeof(struct list_object), &list_type.shape);
    if (!list)
        return VALUE_NULL;
    if (length) {
        value *items = gc_storage(vm, length * sizeof(value));
        if (!items)
            return VALUE_NULL;
        for (size_t i = 0; i < length; i++)
            items[i] = NONE;
        list->items = items;
        list->length = list->capacity = (uint32_t)length;
    }
    return object_value(list);
}

value list_from(struct vm *vm, const value *items, size_t count)
{
    if (count > list_maximum)
        return raise_no_memory(vm);
    struct list_object *list = gc_object_inline(vm, sizeof(struct list_object), &list_type.shape);
    if (!list)
        return VALUE_NULL;
    if (count) {
        value *storage = gc_storage(vm, count * sizeof(value));
        if (!storage)
            return VALUE_NULL;
        memcpy(storage, items, count * sizeof(value));
        list->items = storage;
        list->length = list->capacity = (uint32_t)count;
    }
    return object_value(list);
}

static bool list_extend_items(struct vm *vm, struct list_object *list, const value *items, size_t count)
{
    size_t old = list->length;
    if (!count)
        return true;
    bool itself = items == list->items;
    if (!old && !list->capacity) {
        if (!list_reserve(vm, list, (count + 1) & ~(size_t)1))
            return false;
        list->length = (uint32_t)count;
    } else if (!list_resize(vm, list, old + count)) {
        return false;
    }
    memcpy(list->items + old, itself ? list->items : items, count * sizeof(value));
    ADD_WORK(vm, items, count);
    return true;
}

/* Appends what a generator yields, while there is room. */
struct list_consumer {
    struct consumer consumer;
    struct list_object *list;
    uint64_t count;
};

static bool list_accept(struct consumer *consumer, value item)
{
    struct list_consumer *self = (struct list_consumer *)consumer;
    if (self->list->length == self->list->capacity)
        return false;
    self->list->items[self->list->length++] = item;
    self->count++;
    return true;
}

bool list_extend(struct vm *vm, value list, value iterable)
{
    struct list_object *self = list_of(list);
    if (is_exact(iterable, &list_type) || is_exact(iterable, &tuple_type)) {
        size_t count;
        const value *items = sequence_items(iterable, &count);
        return list_extend_items(vm, self, items, count);
    }
    value iterator = get_iterator(vm, iterable);
    if (iterator == VALUE_NULL)
        return false;
    if (is_exact(iterable, &range_type) && ((struct range_object *)value_object(iterable))->small) {
        const struct range_object *range = (struct range_object *)value_object(iterable);
        size_t old = self->length;
        if (range->length > (int64_t)(list_maximum - old)) {
            raise_no_memory(vm);
            return false;
        }
        size_t count = (size_t)range->length;
        if (count && !(old ? list_resize(vm, self, old + count) : list_reserve(vm, self, (count + 1) & ~(size_t)1)))
            return false;
        self->length = (uint32_t)(old + count);
        int64_t number = range->start;
        for (size_t i = 0; i < count; i++, number = (int64_t)((uint64_t)number + (uint64_t)range->step))
            self->items[old + i] = small_int(number);
        ADD_WORK(vm, items, count);
        return true;
    }
    int64_t hint = length_hint(vm, iterable, 8);
    if (hint < 0)
        return false;
    if (hint > list_maximum && hint <= INT64_MAX - (int64_t)self->length) { /* beyond that it cannot be true */
        raise_no_memory(vm);
        return false;
    }
    unary_function next = value_type(vm, iterator)->next;
    bool generator = is_exact(iterator, &generator_type);
    struct list_consumer consumer = {{list_accept}, self, 0};
    for (;; consumer.count++) {
        value item = generator ? iterator_drain(vm, iterator, &consumer.consumer) : next(vm, iterator);
        if (item == VALUE_NULL)
            break;
        if (!list_append(vm, self, item))
            return false;
    }
    ADD_WORK(vm, items, consumer.count);
    if (vm->pending == VALUE_NULL)
        return true;
    if (!exception_matches(vm, &exc_StopIteration))
        return false;
    exception_clear(vm);
    return true;
}

value list_from_iterable(struct vm *vm, value iterable)
{
    value list = list_new(vm, 0);
    if (list == VALUE_NULL || !list_extend(vm, list, iterable))
        return VALUE_NULL;
    return list;
}

value list_from_sequence(struct vm *vm, value iterable, const char *message)
{
    value iterator = get_iterator(vm, iterable);
    if (iterator != VALUE_NULL)
        return list_from_iterable(vm, iterator);
    if (exception_matches(vm, &exc_TypeError)) {
        exception_clear(vm);
        raise_error(vm, &exc_TypeError, message);
    }
    return VALUE_NULL;
}

value list_slice(struct vm *vm, struct list_object *list, int64_t start, int64_t stop)
{
    if (stop <= start)
        return list_new(vm, 0);
    ADD_WORK(vm, items, stop - start);
    return list_from(vm, list->items + start, (size_t)(stop - start));
}

/* ---- items ---- */

static bool list_index_of(struct vm *vm, value key, int64_t *index)
{
    if (!has_index(vm, key)) {
        raise_error(vm, &exc_TypeError, "list indices must be integers or slices, not %T", key);
        return false;
    }
    return value_to_index(vm, key, index);
}

static value list_get_item(struct vm *vm, value self, value key)
{
    struct list_object *list = list_of(self);
    int64_t index;
    if (is_small_int(key)) {
        index = small_int_value(key);
    } else if (is_exact(key, &slice_type)) {
        int64_t start, stop, step;
        if (!slice_unpack(vm, key, &start, &stop, &step))
            return VALUE_NULL;
        int64_t count = slice_adjust(list->length, &start, &stop, step);
        if (step == 1)
            return list_slice(vm, list, start, start + count);
        value result = list_new(vm, (size_t)count);
        if (result == VALUE_NULL)
            return result;
        value *items = list_of(result)->items;
        for (int64_t i = 0; i < count; i++)
            items[i] = list->items[start + i * step];
        ADD_WORK(vm, items, count);
        return result;
    } else if (!list_index_of(vm, key, &index)) {
        return VALUE_NULL;
    }
    if (index < 0)
        index += list->length;
    if (index < 0 || index >= (int64_t)list->length)
        return raise_error(vm, &exc_IndexError, "list index out of range");
    return list->items[index];
}

/* self[start:stop] = the count items */
static bool list_replace(struct vm *vm, struct list_object *list, int64_t start, int64_t stop, const value *items,
                         size_t count)
{
    size_t length = list->length, removed = (size_t)(stop - start), tail = length - (size_t)stop;
    if (count > removed) {
        if (!list_resize(vm, list, length + count - removed))
            return false;
        memmove(list->items + start + count, list->items + stop, tail * sizeof(value));
    } else if (count < removed) {
        memmove(list->items + start + count, list->items + stop, tail * sizeof(value));
    }
    if (count)
        memcpy(list->items + start, items, count * sizeof(value));
    ADD_WORK(vm, items, count + (count == removed ? 0 : tail));
    return count >= removed || list_resize(vm, list, length - (removed - count));
}

static bool list_delete_stepped(struct vm *vm, struct list_object *list, int64_t start, int64_t step, int64_t count)
{
    if (count <= 0)
        return true;
    if (step < 0) {
        start += step * (count - 1);
        step = -step;
    }
    size_t length = list->length, to = (size_t)start, from = to;
    for (int64_t i = 0; i < count; i++) {
        size_t end = i + 1 < count ? from + (size_t)step : length;
        size_t kept = end - from - 1;
        memmove(list->items + to, list->items + from + 1, kept * sizeof(value));
        to += kept;
        from = end;
    }
    ADD_WORK(vm, items, length - (size_t)start);
    return list_resize(vm, list, length - (size_t)count);
}

static bool list_set_slice(struct vm *vm, struct list_object *list, value key, value item)
{
    int64_t first, last, step;
    if (!slice_unpack(vm, key, &first, &last, &step))
        return false;
    int64_t start = first, stop = last, count = slice_adjust(list->length, &start, &stop, step);
    if (item == VALUE_NULL) {
        if (step == 1)
            return list_replace(vm, list, start, start + count, NULL, 0);
        return list_delete_stepped(vm, list, start, step, count);
    }
    value source = item;
    if (!(is_exact(item, &list_type) || is_exact(item, &tuple_type)) || list_of(item) == list) {
        source = list_from_sequence(vm, item, step == 1 ? "can only assign an iterable"
                                                        : "must assign iterable to extended slice");
        if (source == VALUE_NULL)
            return false;
        start = first, stop = last;
        count = slice_adjust(list->length, &start, &stop, step);
    }
    size_t given;
    const value *items = sequence_items(source, &given);
    if (step == 1)
        return list_replace(vm, list, start, start + count, items, given);
    if (given != (size_t)count) {
        raise_error(vm, &exc_ValueError, "attempt to assign sequence of size %zu to extended slice of size %zu",
                    given, (size_t)count);
        return false;
    }
    for (int64_t i = 0; i < count; i++)
        list->items[start + i * step] = items[i];
    ADD_WORK(vm, items, count);
    return true;
}

static bool list_set_item(struct vm *vm, value self, value key, value item)
{
    struct list_object *list = list_of(self);
    int64_t index;
    if (is_small_int(key))
        index = small_int_value(key);
    else if (is_exact(key, &slice_type))
        return list_set_slice(vm, list, key, item);
    else if (!list_index_of(vm, key, &index))
        return false;
    if (index < 0)
        index += list->length;
    if (index < 0 || index >= (int64_t)list->length) {
        raise_error(vm, &exc_IndexError, "list assignment index out of range");
        return false;
    }
    if (item == VALUE_NULL)
        return list_replace(vm, list, index, index + 1, NULL, 0);
    list->items[index] = item;
    return true;
}

static int64_t list_length(struct vm *vm, value self)
{
    (void)vm;
    return list_of(self)->length;
}

/* The first index in start..stop whose item equals; stop: none; -1: error. Items may change while comparing. */
static int64_t list_find(struct vm *vm, struct list_object *list, value item, int64_t start, int64_t stop)
{
    int64_t i = start;
    for (; i < stop && i < (int64_t)list->length; i++) {
        int equal = key_equal_simply(list->items[i], item);
        if (equal < 0)
            equal = values_equal(vm, list->items[i], item);
        if (equal) {
            ADD_WORK(vm, comparisons, i - start + 1);
            return equal < 0 ? -1 : i;
        }
    }
    ADD_WORK(vm, comparisons, i - start);
    return stop;
}

static int list_contains(struct vm *vm, value self, value item)
{
    int64_t found = list_find(vm, list_of(self), item, 0, INT64_MAX);
    return found < 0 ? -1 : found != INT64_MAX;
}

/* ---- operators ---- */

static value list_compare(struct vm *vm, value a, value b, enum compare_kind kind)
{
    if (!has_flag(a, TYPE_LIST) || !has_flag(b, TYPE_LIST))
        return vm->not_implemented;
    struct list_object *x = list_of(a), *y = list_of(b);
    if (x->length != y->length && (kind == COMPARE_EQ || kind == COMPARE_NE))
        return bool_value(kind == COMPARE_NE);
    uint32_t i = 0;
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

static value list_concat(struct vm *vm, value a, value b)
{
    if (!has_flag(b, TYPE_LIST))
        return raise_error(vm, &exc_TypeError, "can only concatenate list (not \"%T\") to list", b);
    struct list_object *x = list_of(a), *y = list_of(b);
    size_t length = (size_t)x->length + y->length;
    value result = list_new(vm, length);
    if (result == VALUE_NULL)
        return result;
    value *items = list_of(result)->items;
    if (x->length)
        memcpy(items, x->items, x->length * sizeof(value));
    if (y->length)
        memcpy(items + x->length, y->items, y->length * sizeof(value));
    ADD_WORK(vm, items, length);
    return result;
}

/* Fills items[old..old * count) with repetitions of the first `old` ones. */
static void items_repeat(value *items, size_t old, size_t total)
{
    if (old == 1) {
        value item = items[0];
        for (size_t i = 1; i < total; i++)
            items[i] = item;
        return;
    }
    for (size_t done = old; done < total;) {
        size_t part = done < total - done ? done : total - done;
        memcpy(items + done, items, part * sizeof(value));
        done += part;
    }
}

static value list_repeat(struct vm *vm, value a, int64_t count)
{
    struct list_object *list = list_of(a);
    if (count <= 0 || !list->length)
        return list_new(vm, 0);
    if (count > (int64_t)(list_maximum / list->length))
        return raise_no_memory(vm);
    size_t old = list->length, total = old * (size_t)count;
    value result = list_new(vm, 0);
    if (result == VALUE_NULL || !list_reserve(vm, list_of(result), total))
        return VALUE_NULL;
    memcpy(list_of(result)->items, list->items, old * sizeof(value));
    items_repeat(list_of(result)->items, old, total);
    list_of(result)->length = (uint32_t)total;
    ADD_WORK(vm, items, total);
    return result;
}

static value list_inplace_add(struct vm *vm, value a, value b)
{
    return list_extend(vm, a, b) ? a : VALUE_NULL;
}

static value list_inplace_multiply(struct vm *vm, value a, value b)
{
    int64_t count;
    if (!has_index(vm, b))
        return vm->not_implemented;
    if (!value_to_count(vm, b, &count))
        return VALUE_NULL;
    struct list_object *list = list_of(a);
    size_t old = list->length;
    if (count <= 0 || !old)
        return list_resize(vm, list, 0) ? a : VALUE_NULL;
    if (count > (int64_t)(list_maximum / old))
        return raise_no_memory(vm);
    if (!list_resize(vm, list, old * (size_t)count))
        return VALUE_NULL;
    items_repeat(list->items, old, old * (size_t)count);
    ADD_WORK(vm, items, old * (size_t)count - old);
    return a;
}

static value list_repr(struct vm *vm, value self)
{
    struct list_object *list = list_of(self);
    if (!list->length)
        return string_from_text(vm, "[]");
    struct repr_guard guard;
    enum repr_state state = repr_enter(vm, &guard, self);
    if (state != REPR_FIRST)
        return state == REPR_AGAIN ? string_from_text(vm, "[...]") : VALUE_NULL;
    struct string_builder builder = {0};
    string_builder_add(&builder, '[');
    for (uint32_t i = 0; i < list->length; i++) {
        if (i)
            string_builder_add_text(&builder, ", ");
        if (!builder_add_repr(vm, &builder, list->items[i])) {
            repr_leave(vm, &guard);
            return builder_abandon(&builder);
        }
    }
    repr_leave(vm, &guard);
    string_builder_add(&builder, ']');
    return string_builder_finish(vm, &builder);
}

static value list_iter(struct vm *vm, value self)
{
    struct list_iterator *iterator = gc_object_inline(vm, sizeof(struct list_iterator), &list_iterator_type.shape);
    if (!iterator)
        return VALUE_NULL;
    iterator->sequence = self;
    return object_value(iterator);
}

/* ---- construction ---- */

static value list_new_slot(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    struct list_object *list = instance_allocate(vm, type, sizeof(struct list_object));
    return list ? object_value(list) : VALUE_NULL;
}

static bool list_init(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    if (value_object(self)->shape->type->new == slot_new)
        keyword_names = VALUE_NULL; /* a subclass's __new__ may take its own */
    if (!check_positional(vm, "list", count, keyword_names, 0, 1))
        return false;
    if (list_of(self)->length && !list_resize(vm, list_of(self), 0))
        return false;
    return !count || list_extend(vm, self, arguments[0]);
}

/* ---- methods ---- */

static value list_method_append(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)count, (void)keyword_names;
    return list_append(vm, list_of(self), arguments[0]) ? NONE : VALUE_NULL;
}

static value list_method_extend(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)count, (void)keyword_names;
    return list_extend(vm, self, arguments[0]) ? NONE : VALUE_NULL;
}

static value list_method_insert(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)count, (void)keyword_names;
    struct list_object *list = list_of(self);
    int64_t index;
    if (!value_to_int64(vm, arguments[0], &index))
        return VALUE_NULL;
    size_t length = list->length;
    bound_adjust(&index, (int64_t)length);
    if (index > (int64_t)length)
        index = (int64_t)length;
    if (!list_resize(vm, list, length + 1))
        return VALUE_NULL;
    memmove(list->items + index + 1, list->items + index, (length - (size_t)index) * sizeof(value));
    list->items[index] = arguments[1];
    ADD_WORK(vm, items, length - (size_t)index);
    return NONE;
}

static value list_method_pop(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)keyword_names;
    struct list_object *list = list_of(self);
    int64_t index = -1;
    if (count && arguments[0] != VALUE_NULL && !value_to_int64(vm, arguments[0], &index))
        return VALUE_NULL;
    if (!list->length)
        return raise_error(vm, &exc_IndexError, "pop from empty list");
    if (index < 0)
        index += list->length;
    if (index < 0 || index >= (int64_t)list->length)
        return raise_error(vm, &exc_IndexError, "pop index out of range");
    value item = list->items[index];
    if ((uint32_t)index == list->length - 1)
        return list_resize(vm, list, (size_t)index) ? item : VALUE_NULL;
    return list_replace(vm, list, index, index + 1, NULL, 0) ? item : VALUE_NULL;
}

static value list_method_remove(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)count, (void)keyword_names;
    int64_t found = list_find(vm, list_of(self), arguments[0], 0, INT64_MAX);
    if (found < 0)
        return VALUE_NULL;
    if (found == INT64_MAX)
        return raise_error(vm, &exc_ValueError, "list.remove(x): x not in list");
    if (found < (int64_t)list_of(self)->length && !list_replace(vm, list_of(self), found, found + 1, NULL, 0))
        return VALUE_NULL;
    return NONE;
}

static value list_method_index(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)count, (void)keyword_names;
    struct list_object *list = list_of(self);
    int64_t start = 0, stop = INT64_MAX;
    if (!position_from_value(vm, arguments[1], &start) || !position_from_value(vm, arguments[2], &stop))
        return VALUE_NULL;
    bound_adjust(&start, list->length);
    bound_adjust(&stop, list->length);
    int64_t found = start < stop ? list_find(vm, list, arguments[0], start, stop) : stop;
    if (found < 0)
        return VALUE_NULL;
    if (found >= stop)
        return raise_error(vm, &exc_ValueError, "%R is not in list", arguments[0]);
    return small_int(found);
}

static value list_method_count(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)count, (void)keyword_names;
    struct list_object *list = list_of(self);
    int64_t total = 0;
    for (uint32_t i = 0; i < list->length; i++) {
        int equal = key_equal_simply(list->items[i], arguments[0]);
        if (equal < 0)
            equal = values_equal(vm, list->items[i], arguments[0]);
        if (equal < 0)
            return VALUE_NULL;
        total += equal;
    }
    ADD_WORK(vm, comparisons, list->length);
    return small_int(total);
}

static value list_method_clear(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    return list_resize(vm, list_of(self), 0) ? NONE : VALUE_NULL;
}

static value list_method_copy(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    return list_slice(vm, list_of(self), 0, list_of(self)->length);
}

static value list_method_reverse(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    struct list_object *list = list_of(self);
    for (size_t i = 0, j = list->length; i + 1 < j; i++) {
        value item = list->items[i];
        list->items[i] = list->items[--j];
        list->items[j] = item;
    }
    ADD_WORK(vm, items, list->length);
    return NONE;
}

static value list_method_sort(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)count, (void)keyword_names;
    int reverse = list_sort_direction(vm, arguments[1]);
    if (reverse < 0)
        return VALUE_NULL;
    value key = arguments[0] == NONE ? VALUE_NULL : arguments[0];
    return list_sort(vm, self, key, reverse) ? NONE : VALUE_NULL;
}

static value list_method_reversed(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    return list_reversed(vm, self);
}

static value list_method_sizeof(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)vm, (void)arguments, (void)count, (void)keyword_names;
    return small_int(layout_of(value_type(vm, self)).basic + 8 * (int64_t)list_of(self)->capacity);
}

static value list_method_getitem(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)count, (void)keyword_names;
    return list_type.get_item(vm, self, arguments[0]);
}

static const struct method_definition list_methods[] = {
    {"__getitem__", "(index, /)", list_method_getitem, METHOD_INSTANCE, "x.__getitem__(y) <==> x[y]"},
    {"append", "(object, /)", list_method_append, METHOD_INSTANCE, "Append object to the end of the list."},
    {"extend", "(iterable, /)", list_method_extend, METHOD_INSTANCE, "Extend list by appending elements from the iterable."},
    {"insert", "(index, object, /)", list_method_insert, METHOD_INSTANCE, "Insert object before index."},
    {"pop", "(index=-1, /)", list_method_pop, METHOD_INSTANCE,
     "Remove and return item at index (default last).\n\nRaises IndexError if list is empty or index is out of range."},
    {"remove", "(value, /)", list_method_remove, METHOD_INSTANCE,
     "Remove first occurrence of value.\n\nRaises ValueError if the value is not present."},
    {"index", "(value, start=0, stop=9223372036854775807, /)", list_method_index, METHOD_INSTANCE,
     "Return first index of value.\n\nRaises ValueError if the value is not present."},
    {"count", "(value, /)", list_method_count, METHOD_INSTANCE, "Return number of occurrences of value."},
    {"clear", "()", list_method_clear, METHOD_INSTANCE, "Remove all items from list."},
    {"copy", "()", list_method_copy, METHOD_INSTANCE, "Return a shallow copy of the list."},
    {"reverse", "()", list_method_reverse, METHOD_INSTANCE, "Reverse *IN PLACE*."},
    {"sort", "(*, key=None, reverse=False)", list_method_sort, METHOD_INSTANCE, "Sort the list in ascending order and return None."},
    {"__reversed__", "()", list_method_reversed, METHOD_INSTANCE, "Return a reverse iterator over the list."},
    {"__sizeof__", "()", list_method_sizeof, METHOD_INSTANCE, "Return the size of the list in memory, in bytes."},
    CLASS_GETITEM,
    {NULL, NULL, NULL, 0, NULL},
};

static void list_trace(struct vm *vm, struct object *object)
{
    struct list_object *list = (struct list_object *)object;
    gc_mark_storage(vm, list->items);
    for (uint32_t i = 0; i < list->length; i++)
        gc_mark(vm, list->items[i]);
}

struct type list_type = {
    .name = "list",
    .flags = TYPE_SUBCLASSABLE | TYPE_LIST | TYPE_SEQUENCE | TYPE_GETATTR_PLAIN,
    .instance_size = sizeof(struct list_object),
    .doc = "Built-in mutable sequence.\n\nIf no argument is given, the constructor creates a new empty list.\n"
           "The argument must be an iterable if specified.",
    .methods = list_methods,
    .trace = list_trace,
    .new = list_new_slot,
    .init = list_init,
    .repr = list_repr,
    .compare = list_compare,
    .iter = list_iter,
    .length = list_length,
    .get_item = list_get_item,
    .set_item = list_set_item,
    .contains = list_contains,
    .concat = list_concat,
    .repeat = list_repeat,
    .inplace[BINARY_ADD] = list_inplace_add,
    .inplace[BINARY_MUL] = list_inplace_multiply,
};
