/* slice.c - slice objects and the bounds they give for a sequence of known length. */
#include "sim/runtime/container.h"

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

bool slice_indices(struct vm *vm, value slice_value, int64_t length, int64_t *start, int64_t *stop, int64_t *step,
                   int64_t *count)
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
    if (!bound_from_value(vm, slice->start, start) || !bound_from_value(vm, slice->stop, stop))
        return false;
    *start = bound_clip(*start, length, backwards);
    *stop = bound_clip(*stop, length, backwards);
    if (backwards)
        *count = *stop < *start ? (*start - *stop - 1) / -*step + 1 : 0;
    else
        *count = *start < *stop ? (*stop - *start - 1) / *step + 1 : 0;
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

static value slice_method_indices(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)count, (void)keyword_names;
    value integer = value_index(vm, arguments[0]);
    int64_t length, start, stop, step, items;
    if (integer == VALUE_NULL || !value_to_int64(vm, integer, &length))
        return VALUE_NULL;
    if (length < 0)
        return raise_error(vm, &exc_ValueError, "length should not be negative");
    if (!slice_indices(vm, self, length, &start, &stop, &step, &items))
        return VALUE_NULL;
    value given = slice_of(self)->step;
    value exact = given == NONE ? small_int(1) : value_index(vm, given);
    if (exact == VALUE_NULL)
        return exact;
    return tuple_pack(vm, 3, int_from_int64(vm, start), int_from_int64(vm, stop), exact);
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
    {"start", slice_start, NULL},
    {"stop", slice_stop, NULL},
    {"step", slice_step, NULL},
    {NULL, NULL, NULL},
};

static const struct method_definition slice_methods[] = {
    {"indices", "(object, /)", slice_method_indices, METHOD_INSTANCE, "S.indices(len) -> (start, stop, stride)"},
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
