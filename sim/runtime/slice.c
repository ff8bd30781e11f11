/* slice.c - slice objects and the bounds they give for a sequence of known length. */
#include "sim/runtime/container.h"
#include "sim/runtime/number.h"
#include "sim/runtime/type.h"

static struct slice_object *slice_of(value v)
{
    return (struct slice_object *)value_object(v);
}

value slice_new(struct vm *vm, value start, value stop, value step)
{
    struct slice_object *slice = gc_object_inline(vm, sizeof(struct slice_object), &slice_type.shape);
    if (!slice)
        return VALUE_NULL;
    slice->start = start;
    slice->stop = stop;
    slice->step = step;
    return object_value(slice);
}

/* A bound brought into 0..length (-1..length - 1 when stepping backwards). */
static int64_t bound_clip(int64_t bound, int64_t length, bool backwards)
{
    if (bound < 0) {
        bound += length;
        return bound >= 0 ? bound : backwards ? -1 : 0;
    }
    return bound < length ? bound : backwards ? length - 1 : length;
}

bool slice_unpack(struct vm *vm, value slice_value, int64_t *start, int64_t *stop, int64_t *step)
{
    const struct slice_object *slice = slice_of(slice_value);
    *step = 1;
    if (!bound_from_value(vm, slice->step, step))
        return false;
    if (*step == 0) {
        raise_error(vm, &exc_ValueError, "slice step cannot be zero");
        return false;
    }
    if (*step < -INT64_MAX)
        *step = -INT64_MAX;
    bool backwards = *step < 0;
    *start = backwards ? INT64_MAX : 0;
    *stop = backwards ? INT64_MIN : INT64_MAX;
    return bound_from_value(vm, slice->start, start) && bound_from_value(vm, slice->stop, stop);
}

int64_t slice_adjust(int64_t length, int64_t *start, int64_t *stop, int64_t step)
{
    *start = bound_clip(*start, length, step < 0);
    *stop = bound_clip(*stop, length, step < 0);
    if (step < 0)
        return *stop < *start ? (*start - *stop - 1) / -step + 1 : 0;
    return *start < *stop ? (*stop - *start - 1) / step + 1 : 0;
}

bool slice_indices(struct vm *vm, value slice, int64_t length, int64_t *start, int64_t *stop, int64_t *step, int64_t *count)
{
    if (!slice_unpack(vm, slice, start, stop, step))
        return false;
    *count = slice_adjust(length, start, stop, *step);
    return true;
}

static value slice_new_slot(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)type;
    if (!check_positional(vm, "slice", count, keyword_names, 1, 3))
        return VALUE_NULL;
    if (count == 1)
        return slice_new(vm, NONE, arguments[0], NONE);
    return slice_new(vm, arguments[0], arguments[1], count > 2 ? arguments[2] : NONE);
}

static value slice_repr(struct vm *vm, value self)
{
    const struct slice_object *slice = slice_of(self);
    return string_printf(vm, "slice(%R, %R, %R)", slice->start, slice->stop, slice->step);
}

static value slice_compare(struct vm *vm, value a, value b, enum compare_kind kind)
{
    if (!is_exact(a, &slice_type) || !is_exact(b, &slice_type))
        return vm->not_implemented;
    const struct slice_object *x = slice_of(a), *y = slice_of(b);
    value first = tuple_pack(vm, 3, x->start, x->stop, x->step);
    value second = first == VALUE_NULL ? first : tuple_pack(vm, 3, y->start, y->stop, y->step);
    return second == VALUE_NULL ? second : compare_operation(vm, kind, first, second);
}

/* A bound of any size brought between lower and upper; None is `otherwise`. */
static value wide_bound(struct vm *vm, value bound, value length, value lower, value upper, value otherwise)
{
    if (bound == NONE)
        return otherwise;
    if (!is_int(bound) && !value_type(vm, bound)->index)
        return raise_error(vm, &exc_TypeError, "slice indices must be integers or None or have an __index__ method");
    bound = number_index(vm, bound);
    if (bound == VALUE_NULL)
        return bound;
    if (int_sign(bound) < 0) {
        bound = int_binary(vm, BINARY_ADD, bound, length);
        return bound == VALUE_NULL || int_compare(bound, lower) >= 0 ? bound : lower;
    }
    return int_compare(bound, upper) <= 0 ? bound : upper;
}

static value slice_method_indices(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)count, (void)keyword_names;
    const struct slice_object *slice = slice_of(self);
    value length = number_index(vm, arguments[0]), step = small_int(1);
    if (length == VALUE_NULL)
        return VALUE_NULL;
    if (int_sign(length) < 0)
        return raise_error(vm, &exc_ValueError, "length should not be negative");
    if (slice->step != NONE) {
        if (!is_int(slice->step) && !value_type(vm, slice->step)->index)
            return raise_error(vm, &exc_TypeError, "slice indices must be integers or None or have an __index__ method");
        if ((step = number_index(vm, slice->step)) == VALUE_NULL)
            return VALUE_NULL;
        if (int_sign(step) == 0)
            return raise_error(vm, &exc_ValueError, "slice step cannot be zero");
    }
    bool backwards = int_sign(step) < 0;
    value lower = small_int(backwards ? -1 : 0), upper = backwards ? int_binary(vm, BINARY_SUB, length, small_int(1)) : length;
    if (upper == VALUE_NULL)
        return VALUE_NULL;
    value start = wide_bound(vm, slice->start, length, lower, upper, backwards ? upper : lower);
    value stop = start == VALUE_NULL ? start : wide_bound(vm, slice->stop, length, lower, upper, backwards ? lower : upper);
    return stop == VALUE_NULL ? stop : tuple_pack(vm, 3, start, stop, step);
}

static value slice_method_reduce(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    const struct slice_object *slice = slice_of(self);
    value bounds = tuple_pack(vm, 3, slice->start, slice->stop, slice->step);
    return bounds == VALUE_NULL ? bounds : tuple_pack(vm, 2, type_object_value(&slice_type), bounds);
}

static value slice_start(struct vm *vm, value self)
{
    (void)vm;
    return slice_of(self)->start;
}

static value slice_stop(struct vm *vm, value self)
{
    (void)vm;
    return slice_of(self)->stop;
}

static value slice_step(struct vm *vm, value self)
{
    (void)vm;
    return slice_of(self)->step;
}

static const struct property_definition slice_properties[] = {
    {"start", slice_start, refuse_member},
    {"stop", slice_stop, refuse_member},
    {"step", slice_step, refuse_member},
    {NULL, NULL, NULL},
};

static const struct method_definition slice_methods[] = {
    {"indices", "(object, /)", slice_method_indices, METHOD_INSTANCE, "S.indices(len) -> (start, stop, stride)"},
    {"__reduce__", "()", slice_method_reduce, METHOD_INSTANCE, "Return state information for pickling."},
    {NULL, NULL, NULL, 0, NULL},
};

static void slice_trace(struct vm *vm, struct object *object)
{
    struct slice_object *slice = (struct slice_object *)object;
    gc_mark(vm, slice->start);
    gc_mark(vm, slice->stop);
    gc_mark(vm, slice->step);
}

struct type slice_type = {
    .name = "slice",
    .flags = TYPE_GETATTR_PLAIN,
    .instance_size = sizeof(struct slice_object),
    .doc = "slice(stop)\nslice(start, stop[, step])\n\n"
           "Create a slice object.  This is used for extended slicing (e.g. a[0:10:2]).",
    .methods = slice_methods,
    .properties = slice_properties,
    .trace = slice_trace,
    .new = slice_new_slot,
    .repr = slice_repr,
    .compare = slice_compare,
};
