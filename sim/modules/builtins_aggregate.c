/* builtins_aggregate.c - builtins that go through an iterable: sum, min, max, any, all, sorted; and len.
 *
 * Lists and tuples are read in place, by index, so that a program's code that changes them meanwhile is seen; everything
 * else goes through its iterator.
 */
#include "sim/modules/builtins.h"
#include "sim/runtime/args.h"
#include "sim/runtime/exception.h"

#define BUILTIN(name)                                                                                                  \
    static value builtin_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED_ARGUMENTS (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

struct items { /* going through an iterable */
    value sequence;     /* an exact list or tuple, or VALUE_NULL */
    value iterator;
    const value *array; /* of a tuple, or a call's arguments; else NULL */
    uint64_t length;    /* of the array */
    uint64_t index;
};

static bool items_start(struct vm *vm, struct items *items, value iterable)
{
    *items = (struct items){.sequence = VALUE_NULL, .iterator = VALUE_NULL};
    if (is_exact(iterable, &list_type) || is_exact(iterable, &tuple_type)) {
        items->sequence = iterable;
        if (is_exact(iterable, &tuple_type)) {
            items->array = tuple_of(iterable)->items;
            items->length = tuple_of(iterable)->length;
        }
        return true;
    }
    items->iterator = get_iterator(vm, iterable);
    return items->iterator != VALUE_NULL;
}

/* VALUE_NULL: at the end, or an exception is pending */
static inline value items_next(struct vm *vm, struct items *items)
{
    if (items->array)
        return items->index < items->length ? items->array[items->index++] : VALUE_NULL;
    if (items->sequence != VALUE_NULL) {
        const struct list_object *list = list_of(items->sequence);
        return items->index < list->length ? list->items[items->index++] : VALUE_NULL;
    }
    value item = iterator_next(vm, items->iterator);
    items->index += item != VALUE_NULL;
    return item;
}

/* Likewise, but of a generator only what the consumer does not take. What it takes it counts, in items->index. */
static inline value items_drain(struct vm *vm, struct items *items, struct consumer *consumer)
{
    if (items->iterator == VALUE_NULL)
        return items_next(vm, items);
    value item = iterator_drain(vm, items->iterator, consumer);
    items->index += item != VALUE_NULL;
    return item;
}

/* ---- sum ---- */

struct sum_consumer {
    struct consumer consumer;
    struct items *items;
    int64_t integers;
    double floats;
};

static bool sum_accept_int(struct consumer *consumer, value item)
{
    struct sum_consumer *self = (struct sum_consumer *)consumer;
    int64_t sum;
    if (!is_small_int(item) || __builtin_add_overflow(self->integers, small_int_value(item), &sum))
        return false;
    self->integers = sum;
    self->items->index++;
    return true;
}

static bool sum_accept_float(struct consumer *consumer, value item)
{
    struct sum_consumer *self = (struct sum_consumer *)consumer;
    if (is_immediate_float(item))
        self->floats += immediate_float(item);
    else if (is_small_int(item))
        self->floats += (double)small_int_value(item);
    else
        return false;
    self->items->index++;
    return true;
}

/* Adds ints while they are small and so is the sum. Answers the first item that is something else, VALUE_NULL at the end. */
static value sum_ints(struct vm *vm, struct items *items, int64_t *total)
{
    struct sum_consumer consumer = {.consumer = {sum_accept_int}, .items = items, .integers = *total};
    value item;
    while ((item = items_drain(vm, items, &consumer.consumer)) != VALUE_NULL) {
        int64_t n;
        if (is_small_int(item))
            n = small_int_value(item);
        else if (item == TRUE || item == FALSE)
            n = item == TRUE;
        else
            break;
        int64_t sum;
        if (__builtin_add_overflow(consumer.integers, n, &sum))
            break;
        consumer.integers = sum;
    }
    *total = consumer.integers;
    return item;
}

/* Likewise floats, and ints among them, left to right in double precision. */
static value sum_floats(struct vm *vm, struct items *items, double *total)
{
    struct sum_consumer consumer = {.consumer = {sum_accept_float}, .items = items, .floats = *total};
    value item;
    while ((item = items_drain(vm, items, &consumer.consumer)) != VALUE_NULL) {
        if (is_immediate_float(item)) {
            consumer.floats += immediate_float(item);
        } else if (is_exact(item, &float_type)) {
            consumer.floats += float_number(item);
        } else if (is_small_int(item)) {
            consumer.floats += (double)small_int_value(item);
        } else {
            bool overflow = true;
            double number = is_int(item) ? int_to_double(vm, item, &overflow) : 0;
            if (overflow)
                break;
            consumer.floats += number;
        }
    }
    *total = consumer.floats;
    return item;
}

static value sum_items(struct vm *vm, struct items *items, value total)
{
    value item = VALUE_NULL;
    bool any = false;
    if (is_small_int(total)) {
        int64_t sum = small_int_value(total);
        item = sum_ints(vm, items, &sum);
        total = int_from_int64(vm, sum);
        any = item != VALUE_NULL;
        if (any && total != VALUE_NULL)
            total = binary_operation(vm, BINARY_ADD, total, item);
        if (!any || total == VALUE_NULL)
            return vm->pending == VALUE_NULL ? total : VALUE_NULL;
    }
    if (is_immediate_float(total) || is_exact(total, &float_type)) {
        double sum = float_number(total);
        item = sum_floats(vm, items, &sum);
        total = float_value(vm, sum);
        if (item == VALUE_NULL || total == VALUE_NULL)
            return vm->pending == VALUE_NULL ? total : VALUE_NULL;
        if ((total = binary_operation(vm, BINARY_ADD, total, item)) == VALUE_NULL)
            return VALUE_NULL;
    }
    while (total != VALUE_NULL && (item = items_next(vm, items)) != VALUE_NULL)
        total = binary_operation(vm, BINARY_ADD, total, item);
    return vm->pending == VALUE_NULL ? total : VALUE_NULL;
}

BUILTIN(sum)
{
    UNUSED_ARGUMENTS;
    struct items items;
    if (!items_start(vm, &items, arguments[0]))
        return VALUE_NULL;
    value start = arguments[1] == VALUE_NULL ? small_int(0) : arguments[1];
    if (has_flag(start, TYPE_STRING))
        return raise_error(vm, &exc_TypeError, "sum() can't sum strings [use ''.join(seq) instead]");
    if (has_flag(start, TYPE_BYTES))
        return raise_error(vm, &exc_TypeError, "sum() can't sum bytes [use b''.join(seq) instead]");
    if (is_exact(start, &bytearray_type))
        return raise_error(vm, &exc_TypeError, "sum() can't sum bytearray [use b''.join(seq) instead]");
    value total = sum_items(vm, &items, start);
    ADD_WORK(vm, items, items.index);
    return total;
}

/* ---- min and max ---- */

static int is_better(struct vm *vm, value candidate, value best, enum compare_kind kind)
{
    if (both_small_int(candidate, best)) {
        int64_t a = small_int_value(candidate), b = small_int_value(best);
        return kind == COMPARE_GT ? a > b : a < b;
    }
    if (is_immediate_float(candidate) && is_immediate_float(best)) {
        double a = immediate_float(candidate), b = immediate_float(best);
        return kind == COMPARE_GT ? a > b : a < b;
    }
    return compare_truth(vm, kind, candidate, best);
}

struct best_consumer {
    struct consumer consumer;
    struct items *items;
    value key, best, best_key;
    enum compare_kind kind;
    uint64_t comparisons;
};

static bool best_accept(struct consumer *consumer, value item)
{
    struct best_consumer *self = (struct best_consumer *)consumer;
    value best = self->best;
    bool better;
    if (self->key != VALUE_NULL || best == VALUE_NULL)
        return false;
    if (both_small_int(item, best)) {
        int64_t a = small_int_value(item), b = small_int_value(best);
        better = self->kind == COMPARE_GT ? a > b : a < b;
    } else if (is_immediate_float(item) && is_immediate_float(best)) {
        double a = immediate_float(item), b = immediate_float(best);
        better = self->kind == COMPARE_GT ? a > b : a < b;
    } else {
        return false;
    }
    if (better)
        self->best = self->best_key = item;
    self->comparisons++;
    self->items->index++;
    return true;
}

static value find_best(struct vm *vm, struct items *items, value key, enum compare_kind kind)
{
    struct best_consumer state = {{best_accept}, items, key, VALUE_NULL, VALUE_NULL, kind, 0};
    value item;
    while ((item = items_drain(vm, items, &state.consumer)) != VALUE_NULL) {
        value item_key = key == VALUE_NULL ? item : call_1(vm, key, item);
        if (item_key == VALUE_NULL)
            return VALUE_NULL;
        if (state.best != VALUE_NULL) {
            int better = is_better(vm, item_key, state.best_key, kind);
            state.comparisons++;
            if (better < 0)
                return VALUE_NULL;
            if (!better)
                continue;
        }
        state.best = item;
        state.best_key = item_key;
    }
    ADD_WORK(vm, comparisons, state.comparisons);
    return vm->pending == VALUE_NULL ? state.best : VALUE_NULL;
}

/* key= and default= of min and max */
static bool best_keywords(struct vm *vm, const char *function, const value *arguments, size_t count, value keyword_names,
                          value *key, value *fallback)
{
    *key = *fallback = VALUE_NULL;
    size_t keywords = keyword_names == VALUE_NULL ? 0 : tuple_of(keyword_names)->length;
    for (size_t i = 0; i < keywords; i++) {
        value name = tuple_of(keyword_names)->items[i];
        if (string_is(name, "key")) {
            *key = arguments[count + i] == NONE ? VALUE_NULL : arguments[count + i];
        } else if (string_is(name, "default")) {
            *fallback = arguments[count + i];
        } else {
            raise_error(vm, &exc_TypeError, "'%U' is an invalid keyword argument for %s()", name, function);
            return false;
        }
    }
    return true;
}

static value min_max(struct vm *vm, const char *function, enum compare_kind kind, const value *arguments, size_t count,
                     value keyword_names)
{
    value key, fallback;
    if (count == 0)
        return raise_error(vm, &exc_TypeError, "%s expected at least 1 argument, got 0", function);
    if (!best_keywords(vm, function, arguments, count, keyword_names, &key, &fallback))
        return VALUE_NULL;
    if (count > 1 && fallback != VALUE_NULL)
        return raise_error(vm, &exc_TypeError,
                           "Cannot specify a default for %s() with multiple positional arguments", function);
    if (count == 2 && key == VALUE_NULL) {
        ADD_WORK(vm, comparisons, 1);
        int better = is_better(vm, arguments[1], arguments[0], kind);
        return better < 0 ? VALUE_NULL : arguments[better];
    }
    struct items items = {.sequence = VALUE_NULL, .iterator = VALUE_NULL, .array = arguments, .length = count};
    if (count == 1 && !items_start(vm, &items, arguments[0]))
        return VALUE_NULL;
    value best = find_best(vm, &items, key, kind);
    ADD_WORK(vm, items, items.index);
    if (best != VALUE_NULL || vm->pending != VALUE_NULL)
        return best;
    if (fallback != VALUE_NULL)
        return fallback;
    return raise_error(vm, &exc_ValueError, "%s() arg is an empty sequence", function);
}

BUILTIN(min)
{
    (void)self;
    return min_max(vm, "min", COMPARE_LT, arguments, count, keyword_names);
}

BUILTIN(max)
{
    (void)self;
    return min_max(vm, "max", COMPARE_GT, arguments, count, keyword_names);
}

/* ---- any, all, sorted, len ---- */

struct truth_consumer {
    struct consumer consumer;
    struct items *items;
    value skipped;
};

static bool truth_accept(struct consumer *consumer, value item)
{
    struct truth_consumer *self = (struct truth_consumer *)consumer;
    if (item != self->skipped)
        return false;
    self->items->index++;
    return true;
}

/* Whether an item's truth is `wanted`. */
static value some_item(struct vm *vm, value iterable, int wanted)
{
    struct items items;
    if (!items_start(vm, &items, iterable))
        return VALUE_NULL;
    struct truth_consumer consumer = {{truth_accept}, &items, bool_value(!wanted)};
    value item;
    int truth = !wanted;
    while ((item = items_drain(vm, &items, &consumer.consumer)) != VALUE_NULL) {
        truth = item == TRUE ? 1 : item == FALSE ? 0 : value_truth(vm, item);
        if (truth < 0 || truth == wanted)
            break;
    }
    ADD_WORK(vm, items, items.index);
    if (vm->pending != VALUE_NULL)
        return VALUE_NULL;
    return bool_value(item != VALUE_NULL && truth == wanted);
}

BUILTIN(any)
{
    UNUSED_ARGUMENTS;
    return some_item(vm, arguments[0], 1);
}

BUILTIN(all)
{
    UNUSED_ARGUMENTS;
    value found = some_item(vm, arguments[0], 0);
    return found == VALUE_NULL ? found : bool_value(found == FALSE);
}

BUILTIN(sorted)
{
    (void)self;
    value key = VALUE_NULL, reverse = VALUE_NULL;
    if (count != 1)
        return raise_error(vm, &exc_TypeError, "sorted expected 1 argument, got %zu", count);
    size_t keywords = keyword_names == VALUE_NULL ? 0 : tuple_of(keyword_names)->length;
    for (size_t i = 0; i < keywords; i++) {
        value name = tuple_of(keyword_names)->items[i];
        if (string_is(name, "key"))
            key = arguments[count + i];
        else if (string_is(name, "reverse"))
            reverse = arguments[count + i];
        else
            return raise_error(vm, &exc_TypeError, "'%U' is an invalid keyword argument for sort()", name);
    }
    value list = list_from_iterable(vm, arguments[0]);
    if (list == VALUE_NULL)
        return VALUE_NULL;
    int backwards = list_sort_direction(vm, reverse);
    return backwards >= 0 && list_sort(vm, list, key == NONE ? VALUE_NULL : key, backwards) ? list : VALUE_NULL;
}

BUILTIN(len)
{
    UNUSED_ARGUMENTS;
    int64_t length = value_length(vm, arguments[0]);
    return length < 0 ? VALUE_NULL : int_from_int64(vm, length);
}

const struct method_definition builtins_aggregate_functions[] = {
    {"sum", "(iterable, /, start=0)", builtin_sum, 0, NULL},
    {"min", NULL, builtin_min, 0,
     "min(iterable, *, [default, key]) -> the smallest item\nmin(a, b, *more, [key]) -> the smallest argument"},
    {"max", NULL, builtin_max, 0,
     "max(iterable, *, [default, key]) -> the largest item\nmax(a, b, *more, [key]) -> the largest argument"},
    {"any", "(iterable, /)", builtin_any, 0, NULL},
    {"all", "(iterable, /)", builtin_all, 0, NULL},
    {"sorted", NULL, builtin_sorted, 0, NULL},
    {"len", "(obj, /)", builtin_len, 0, NULL},
    {NULL, NULL, NULL, 0, NULL},
};
