/* range.c - ranges: small ones count in machine words, the others in ints of any size. Both keep their four numbers as values
 * as well. */
#include "sim/runtime/container.h"
#include "sim/runtime/iterator.h"
#include "sim/runtime/number.h"
#include "sim/runtime/type.h"

static struct range_object *range_of(value v)
{
    return (struct range_object *)value_object(v);
}

static value add(struct vm *vm, value a, value b)
{
    return int_binary(vm, BINARY_ADD, a, b);
}

static value multiply(struct vm *vm, value a, value b)
{
    return int_binary(vm, BINARY_MUL, a, b);
}

static value subtract(struct vm *vm, value a, value b)
{
    return int_binary(vm, BINARY_SUB, a, b);
}

/* (high - low - 1) // step + 1, or 0: the length of a range of any size */
static value length_of(struct vm *vm, value start, value stop, value step)
{
    bool backwards = int_sign(step) < 0;
    value low = backwards ? stop : start, high = backwards ? start : stop;
    if (int_compare(low, high) >= 0)
        return small_int(0);
    value size = backwards ? subtract(vm, small_int(0), step) : step;
    value span = subtract(vm, subtract(vm, high, low), small_int(1));
    return add(vm, int_binary(vm, BINARY_FLOOR_DIVIDE, span, size), small_int(1));
}

value range_new(struct vm *vm, value start, value stop, value step)
{
    value length = VALUE_NULL;
    bool small = is_small_int(start) && is_small_int(stop) && is_small_int(step);
    if (small) {
        int64_t first = small_int_value(start), last = small_int_value(stop), stride = small_int_value(step);
        uint64_t count = 0;
        if (stride > 0 && first < last)
            count = ((uint64_t)last - (uint64_t)first - 1) / (uint64_t)stride + 1;
        else if (stride < 0 && first > last)
            count = ((uint64_t)first - (uint64_t)last - 1) / (0 - (uint64_t)stride) + 1;
        small = count <= (uint64_t)SMALL_INT_MAX;
        if (small)
            length = small_int((int64_t)count);
    }
    if (!small && (length = length_of(vm, start, stop, step)) == VALUE_NULL)
        return VALUE_NULL;
    struct range_object *range = gc_object_inline(vm, sizeof(struct range_object), &range_type.shape);
    if (!range)
        return VALUE_NULL;
    range->small = small;
    range->start_value = start;
    range->stop_value = stop;
    range->step_value = step;
    range->length_value = length;
    if (small) {
        range->start = small_int_value(start);
        range->stop = small_int_value(stop);
        range->step = small_int_value(step);
        range->length = small_int_value(length);
    }
    return object_value(range);
}

static value range_new_slot(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)type;
    if (!check_positional(vm, "range", count, keyword_names, 1, 3))
        return VALUE_NULL;
    value numbers[3];
    for (size_t i = 0; i < count; i++)
        if ((numbers[i] = number_index(vm, arguments[i])) == VALUE_NULL)
            return VALUE_NULL;
    if (count == 1)
        return range_new(vm, small_int(0), numbers[0], small_int(1));
    if (count == 3 && int_sign(numbers[2]) == 0)
        return raise_error(vm, &exc_ValueError, "range() arg 3 must not be zero");
    return range_new(vm, numbers[0], numbers[1], count == 3 ? numbers[2] : small_int(1));
}

/* start + index * step */
static value range_at(struct vm *vm, const struct range_object *range, value index)
{
    if (range->small)
        return small_int(range->start + small_int_value(index) * range->step);
    value offset = multiply(vm, index, range->step_value);
    return offset == VALUE_NULL ? offset : add(vm, range->start_value, offset);
}

static value range_slice(struct vm *vm, const struct range_object *range, value key)
{
    const struct slice_object *slice = (struct slice_object *)value_object(key);
    int64_t start, stop, step, count;
    if (range->small) {
        if (!slice_indices(vm, key, range->length, &start, &stop, &step, &count))
            return VALUE_NULL;
        value first = multiply(vm, small_int(range->step), int_from_int64(vm, start));
        value last = multiply(vm, small_int(range->step), int_from_int64(vm, stop));
        value stride = slice->step == NONE ? small_int(1) : number_index(vm, slice->step);
        return range_new(vm, add(vm, range->start_value, first), add(vm, range->start_value, last),
                         multiply(vm, range->step_value, stride));
    }
    value bounds[3] = {slice->start, slice->stop, slice->step}, zero = small_int(0);
    for (int i = 0; i < 3; i++)
        if (bounds[i] != NONE && (bounds[i] = number_index(vm, bounds[i])) == VALUE_NULL)
            return VALUE_NULL;
    value stride = bounds[2] == NONE ? small_int(1) : bounds[2];
    if (int_sign(stride) == 0)
        return raise_error(vm, &exc_ValueError, "slice step cannot be zero");
    bool backwards = int_sign(stride) < 0;
    value low = backwards ? small_int(-1) : zero;
    value high = backwards ? subtract(vm, range->length_value, small_int(1)) : range->length_value;
    for (int i = 0; i < 2; i++) {
        if (bounds[i] == NONE) {
            bounds[i] = (i == 0) == backwards ? high : low;
            continue;
        }
        if (int_sign(bounds[i]) < 0)
            bounds[i] = add(vm, bounds[i], range->length_value);
        if (int_compare(bounds[i], low) < 0)
            bounds[i] = low;
        else if (int_compare(bounds[i], high) > 0)
            bounds[i] = high;
    }
    return range_new(vm, range_at(vm, range, bounds[0]), range_at(vm, range, bounds[1]),
                     multiply(vm, range->step_value, stride));
}

static value range_get_item(struct vm *vm, value self, value key)
{
    const struct range_object *range = range_of(self);
    if (is_exact(key, &slice_type))
        return range_slice(vm, range, key);
    if (!has_index(vm, key))
        return raise_error(vm, &exc_TypeError, "range indices must be integers or slices, not %T", key);
    value index = number_index(vm, key);
    if (index == VALUE_NULL)
        return index;
    if (int_sign(index) < 0)
        index = add(vm, index, range->length_value);
    if (int_sign(index) < 0 || int_compare(index, range->length_value) >= 0)
        return raise_error(vm, &exc_IndexError, "range object index out of range");
    return range_at(vm, range, index);
}

static int64_t range_length(struct vm *vm, value self)
{
    if (range_of(self)->small)
        return range_of(self)->length;
    int64_t length;
    if (!value_to_int64(vm, range_of(self)->length_value, &length)) {
        exception_clear(vm);
        raise_error(vm, &exc_OverflowError, "Python int too large to convert to C ssize_t");
        return -1;
    }
    return length;
}

static int range_truth(struct vm *vm, value self)
{
    (void)vm;
    return int_sign(range_of(self)->length_value) != 0;
}

static bool is_plain_int(value v)
{
    return is_small_int(v) || is_exact(v, &int_type) || is_exact(v, &bool_type);
}

static int contains_int(struct vm *vm, const struct range_object *range, value item)
{
    if (!is_small_int(item) && (item = number_index(vm, item)) == VALUE_NULL)
        return -1;
    bool backwards = int_sign(range->step_value) < 0;
    value low = backwards ? range->stop_value : range->start_value;
    value high = backwards ? range->start_value : range->stop_value;
    int from_low = int_compare(item, low), from_high = int_compare(item, high);
    if (backwards ? from_low <= 0 || from_high > 0 : from_low < 0 || from_high >= 0)
        return 0;
    if (range->small)
        return (small_int_value(item) - range->start) % range->step == 0;
    value offset = subtract(vm, item, range->start_value);
    value rest = offset == VALUE_NULL ? offset : int_binary(vm, BINARY_REMAINDER, offset, range->step_value);
    return rest == VALUE_NULL ? -1 : int_sign(rest) == 0;
}

static int range_contains(struct vm *vm, value self, value item)
{
    if (is_plain_int(item))
        return contains_int(vm, range_of(self), item);
    value iterator = get_iterator(vm, self), number;
    if (iterator == VALUE_NULL)
        return -1;
    while ((number = iterator_next(vm, iterator)) != VALUE_NULL) {
        int equal = values_equal(vm, number, item);
        if (equal)
            return equal;
    }
    return vm->pending == VALUE_NULL ? 0 : -1;
}

static value range_compare(struct vm *vm, value a, value b, enum compare_kind kind)
{
    if (!is_exact(b, &range_type) || (kind != COMPARE_EQ && kind != COMPARE_NE))
        return vm->not_implemented;
    const struct range_object *x = range_of(a), *y = range_of(b);
    bool equal = int_compare(x->length_value, y->length_value) == 0;
    if (equal && int_sign(x->length_value) != 0) {
        equal = int_compare(x->start_value, y->start_value) == 0;
        if (equal && int_compare(x->length_value, small_int(1)) != 0)
            equal = int_compare(x->step_value, y->step_value) == 0;
    }
    return bool_value(equal == (kind == COMPARE_EQ));
}

static bool range_hash(struct vm *vm, value self, int64_t *hash)
{
    const struct range_object *range = range_of(self);
    value start = NONE, step = NONE;
    if (int_sign(range->length_value) != 0) {
        start = range->start_value;
        if (int_compare(range->length_value, small_int(1)) != 0)
            step = range->step_value;
    }
    value key = tuple_pack(vm, 3, range->length_value, start, step);
    return key != VALUE_NULL && value_hash(vm, key, hash);
}

static value range_repr(struct vm *vm, value self)
{
    const struct range_object *range = range_of(self);
    if (range->step_value == small_int(1))
        return string_printf(vm, "range(%R, %R)", range->start_value, range->stop_value);
    return string_printf(vm, "range(%R, %R, %R)", range->start_value, range->stop_value, range->step_value);
}

/* ---- iterators ---- */

static struct type wide_range_iterator_type;

struct long_range_iterator {
    struct object head;
    value next, step, remaining;
};

static value small_iterator(struct vm *vm, int64_t first, int64_t step, int64_t length)
{
    struct range_iterator *iterator = gc_object_inline(vm, sizeof(struct range_iterator), &range_iterator_type.shape);
    if (!iterator)
        return VALUE_NULL;
    iterator->next = first;
    iterator->step = step;
    iterator->remaining = length;
    return object_value(iterator);
}

static bool fits_64_bits(value number, int64_t *result)
{
    struct int_view view;
    int_view(number, &view);
    uint64_t magnitude = view.count ? view.limbs[0] : 0;
    *result = (int64_t)(view.negative ? 0 - magnitude : magnitude);
    return view.count <= 1 && magnitude <= (uint64_t)INT64_MAX + view.negative;
}

/* CPython has its long kind where a number does not fit 64 bits, which plain ints here do not fill. */
static value long_iterator(struct vm *vm, const struct range_object *range, value first, value step, bool backwards)
{
    value length = range->length_value;
    int64_t start, stop, by, count;
    bool fits = fits_64_bits(range->start_value, &start) && fits_64_bits(range->stop_value, &stop) &&
                fits_64_bits(range->step_value, &by) && fits_64_bits(length, &count) &&
                !(backwards ? __builtin_sub_overflow(start, by, &stop)
                            : __builtin_add_overflow(stop, by > 0 ? by - 1 : by + 1, &stop));
    struct type *type = fits ? &wide_range_iterator_type : &long_range_iterator_type;
    struct long_range_iterator *iterator = GC_NEW(vm, struct long_range_iterator, type);
    if (!iterator)
        return VALUE_NULL;
    iterator->next = first;
    iterator->step = step;
    iterator->remaining = length;
    return object_value(iterator);
}

static value range_iter(struct vm *vm, value self)
{
    const struct range_object *range = range_of(self);
    if (range->small)
        return small_iterator(vm, range->start, range->step, range->length);
    return long_iterator(vm, range, range->start_value, range->step_value, false);
}

static value range_reversed(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    const struct range_object *range = range_of(self);
    value last = range_at(vm, range, subtract(vm, range->length_value, small_int(1)));
    value step = last == VALUE_NULL ? last : subtract(vm, small_int(0), range->step_value);
    if (step == VALUE_NULL)
        return step;
    if (range->small && is_small_int(step))
        return small_iterator(vm, small_int_value(last), small_int_value(step), range->length);
    return long_iterator(vm, range, last, step, true);
}

static value range_iterator_next(struct vm *vm, value self)
{
    struct range_iterator *iterator = (struct range_iterator *)value_object(self);
    (void)vm;
    if (iterator->remaining <= 0)
        return VALUE_NULL;
    int64_t number = iterator->next;
    iterator->next = (int64_t)((uint64_t)number + (uint64_t)iterator->step);
    iterator->remaining--;
    return small_int(number);
}

static value long_range_iterator_next(struct vm *vm, value self)
{
    struct long_range_iterator *iterator = (struct long_range_iterator *)value_object(self);
    if (int_sign(iterator->remaining) <= 0)
        return VALUE_NULL;
    value number = iterator->next;
    value next = add(vm, number, iterator->step);
    value remaining = next == VALUE_NULL ? next : subtract(vm, iterator->remaining, small_int(1));
    if (remaining == VALUE_NULL)
        return VALUE_NULL;
    iterator->next = next;
    iterator->remaining = remaining;
    return number;
}

static value range_iterator_hint(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)vm, (void)arguments, (void)count, (void)keyword_names;
    if (is_exact(self, &range_iterator_type))
        return small_int(((struct range_iterator *)value_object(self))->remaining);
    return ((struct long_range_iterator *)value_object(self))->remaining;
}

/* The range of what is still to come. */
static value range_iterator_reduce(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    value next, step, remaining;
    if (is_exact(self, &range_iterator_type)) {
        const struct range_iterator *iterator = (struct range_iterator *)value_object(self);
        next = int_from_int64(vm, iterator->next);
        step = int_from_int64(vm, iterator->step);
        remaining = int_from_int64(vm, iterator->remaining);
    } else {
        const struct long_range_iterator *iterator = (struct long_range_iterator *)value_object(self);
        next = iterator->next;
        step = iterator->step;
        remaining = iterator->remaining;
    }
    value length = int_binary(vm, BINARY_MUL, step, remaining);
    value stop = length == VALUE_NULL ? VALUE_NULL : int_binary(vm, BINARY_ADD, next, length);
    value rest = stop == VALUE_NULL ? VALUE_NULL : range_new(vm, next, stop, step);
    return rest == VALUE_NULL ? VALUE_NULL : iterator_reduced(vm, rest, small_int(0));
}

static value range_iterator_setstate(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)count, (void)keyword_names;
    int64_t position;
    if (!iterator_position(vm, arguments[0], INT64_MAX, &position))
        return VALUE_NULL;
    if (is_exact(self, &range_iterator_type)) {
        struct range_iterator *iterator = (struct range_iterator *)value_object(self);
        position = position > iterator->remaining ? iterator->remaining : position;
        iterator->next += position * iterator->step;
        iterator->remaining -= position;
        return NONE;
    }
    struct long_range_iterator *iterator = (struct long_range_iterator *)value_object(self);
    value skipped = int_compare(iterator->remaining, small_int(position)) < 0 ? iterator->remaining : small_int(position);
    value distance = int_binary(vm, BINARY_MUL, skipped, iterator->step);
    value next = distance == VALUE_NULL ? VALUE_NULL : int_binary(vm, BINARY_ADD, iterator->next, distance);
    value remaining = int_binary(vm, BINARY_SUB, iterator->remaining, skipped);
    if (next == VALUE_NULL || remaining == VALUE_NULL)
        return VALUE_NULL;
    iterator->next = next;
    iterator->remaining = remaining;
    return NONE;
}

static const struct method_definition range_iterator_methods[] = {
    {"__reduce__", "()", range_iterator_reduce, METHOD_INSTANCE, "Return state information for pickling."},
    {"__setstate__", "(object, /)", range_iterator_setstate, METHOD_INSTANCE, "Set state information for unpickling."},
    {"__length_hint__", "()", range_iterator_hint, METHOD_INSTANCE, "Private method returning an estimate of len(list(it))."},
    {NULL, NULL, NULL, 0, NULL},
};

static void long_range_iterator_trace(struct vm *vm, struct object *object)
{
    struct long_range_iterator *iterator = (struct long_range_iterator *)object;
    gc_mark(vm, iterator->next);
    gc_mark(vm, iterator->step);
    gc_mark(vm, iterator->remaining);
}

struct type range_iterator_type = {
    .name = "range_iterator",
    .flags = TYPE_GETATTR_PLAIN,
    .instance_size = sizeof(struct range_iterator),
    .methods = range_iterator_methods,
    .iter = iterator_self,
    .next = range_iterator_next,
};

#define LONG_RANGE_ITERATOR(variable, python_name)                                                                     \
    variable = {                                                                                           \
        .name = python_name,                                                                                           \
        .flags = TYPE_GETATTR_PLAIN,                                                                                   \
        .instance_size = sizeof(struct long_range_iterator),                                                           \
        .methods = range_iterator_methods,                                                                             \
        .trace = long_range_iterator_trace,                                                                            \
        .iter = iterator_self,                                                                                         \
        .next = long_range_iterator_next,                                                                              \
    }
LONG_RANGE_ITERATOR(struct type long_range_iterator_type, "longrange_iterator");
LONG_RANGE_ITERATOR(static struct type wide_range_iterator_type, "range_iterator");

/* ---- methods ---- */

static value range_index(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)count, (void)keyword_names;
    const struct range_object *range = range_of(self);
    if (is_plain_int(arguments[0])) {
        int found = contains_int(vm, range, arguments[0]);
        if (found < 0)
            return VALUE_NULL;
        if (found) {
            value offset = subtract(vm, number_index(vm, arguments[0]), range->start_value);
            return offset == VALUE_NULL ? offset : int_binary(vm, BINARY_FLOOR_DIVIDE, offset, range->step_value);
        }
    } else {
        value iterator = get_iterator(vm, self), number;
        for (int64_t i = 0; iterator != VALUE_NULL && (number = iterator_next(vm, iterator)) != VALUE_NULL; i++) {
            int equal = values_equal(vm, number, arguments[0]);
            if (equal)
                return equal < 0 ? VALUE_NULL : small_int(i);
        }
        if (vm->pending != VALUE_NULL)
            return VALUE_NULL;
        return raise_error(vm, &exc_ValueError, "sequence.index(x): x not in sequence");
    }
    return raise_error(vm, &exc_ValueError, "%R is not in range", arguments[0]);
}

static value range_count(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)count, (void)keyword_names;
    if (is_plain_int(arguments[0])) {
        int found = contains_int(vm, range_of(self), arguments[0]);
        return found < 0 ? VALUE_NULL : small_int(found);
    }
    value iterator = get_iterator(vm, self), number;
    int64_t total = 0;
    while (iterator != VALUE_NULL && (number = iterator_next(vm, iterator)) != VALUE_NULL) {
        int equal = values_equal(vm, number, arguments[0]);
        if (equal < 0)
            return VALUE_NULL;
        total += equal;
    }
    return vm->pending == VALUE_NULL ? small_int(total) : VALUE_NULL;
}

static value range_reduce(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    const struct range_object *range = range_of(self);
    value inner = tuple_pack(vm, 3, range->start_value, range->stop_value, range->step_value);
    return inner == VALUE_NULL ? inner : tuple_pack(vm, 2, type_object_value(&range_type), inner);
}

static const struct method_definition range_methods[] = {
    {"index", "(object, /)", range_index, METHOD_INSTANCE, "rangeobject.index(value) -> integer -- return index of value."},
    {"count", "(object, /)", range_count, METHOD_INSTANCE,
     "rangeobject.count(value) -> integer -- return number of occurrences of value"},
    {"__reversed__", "()", range_reversed, METHOD_INSTANCE, "Return a reverse iterator."},
    {"__reduce__", "()", range_reduce, METHOD_INSTANCE, NULL},
    {NULL, NULL, NULL, 0, NULL},
};

static value range_start(struct vm *vm, value self)
{
    (void)vm;
    return range_of(self)->start_value;
}

static value range_stop(struct vm *vm, value self)
{
    (void)vm;
    return range_of(self)->stop_value;
}

static value range_step(struct vm *vm, value self)
{
    (void)vm;
    return range_of(self)->step_value;
}

static const struct property_definition range_properties[] = {
    {"start", range_start, refuse_member},
    {"stop", range_stop, refuse_member},
    {"step", range_step, refuse_member},
    {NULL, NULL, NULL},
};

static void range_trace(struct vm *vm, struct object *object)
{
    struct range_object *range = (struct range_object *)object;
    gc_mark(vm, range->start_value);
    gc_mark(vm, range->stop_value);
    gc_mark(vm, range->step_value);
    gc_mark(vm, range->length_value);
}

struct type range_type = {
    .name = "range",
    .flags = TYPE_SEQUENCE | TYPE_GETATTR_PLAIN,
    .instance_size = sizeof(struct range_object),
    .doc = "range(stop) -> range object\nrange(start, stop[, step]) -> range object\n\n"
           "Return an object that produces a sequence of integers from start (inclusive)\n"
           "to stop (exclusive) by step.  range(i, j) produces i, i+1, i+2, ..., j-1.\n"
           "start defaults to 0, and stop is omitted!  range(4) produces 0, 1, 2, 3.\n"
           "These are exactly the valid indices for a list of 4 elements.\n"
           "When step is given, it specifies the increment (or decrement).",
    .methods = range_methods,
    .properties = range_properties,
    .trace = range_trace,
    .new = range_new_slot,
    .repr = range_repr,
    .hash = range_hash,
    .compare = range_compare,
    .iter = range_iter,
    .truth = range_truth,
    .length = range_length,
    .get_item = range_get_item,
    .contains = range_contains,
};

void range_types_ready(struct vm *vm)
{
    type_ready(vm, &range_iterator_type);
    type_ready(vm, &long_range_iterator_type);
    type_ready(vm, &wide_range_iterator_type);
}
