/* container.c - what the container types share: see container.h. */
#include "sim/runtime/container.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/number.h"
#include "sim/runtime/type.h"
#include "sim/runtime/warning.h"

void container_types_ready(struct vm *vm)
{
    struct type *const types[] = {&list_type, &tuple_type, &dict_type, &set_type, &frozenset_type, &range_type, &slice_type};
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        type_ready(vm, types[i]);
    iterator_types_ready(vm);
    range_types_ready(vm);
    dict_view_types_ready(vm);
    set_types_ready(vm);
}

void *instance_allocate(struct vm *vm, struct type *type, size_t size)
{
    size_t total = type->instance_size > size ? type->instance_size : size;
    char *object = gc_object(vm, total, &type->shape);
    if (object && type->tail_offset) {
        struct subclass_tail *tail = (struct subclass_tail *)(void *)(object + type->tail_offset);
        tail->overflow = VALUE_NULL;
        for (value *slot = tail->slots; (char *)(slot + 1) <= object + total; slot++)
            *slot = VALUE_NULL;
    }
    return object;
}

value container_class_getitem(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)count, (void)keyword_names;
    return generic_alias_new(vm, self, arguments[0]);
}

bool arguments_bind(struct vm *vm, const struct argument_names *expected, const value *arguments, size_t count,
                    value keyword_names, value *out)
{
    size_t total = 0, named = keyword_count(keyword_names);
    while (expected->names[total])
        out[total++] = VALUE_NULL;
    if (count && !expected->positional) {
        raise_error(vm, &exc_TypeError, "%s() takes no positional arguments", expected->function);
        return false;
    }
    if (count > expected->positional || count + named > total) {
        size_t most = count > expected->positional ? expected->positional : total;
        raise_error(vm, &exc_TypeError, "%s() takes %s %zu %sargument%s (%zu given)", expected->function,
                    expected->required == most ? "exactly" : "at most", most, most < total ? "positional " : "",
                    most == 1 ? "" : "s", count + named);
        return false;
    }
    if (count)
        memcpy(out, arguments, count * sizeof(value));
    for (size_t i = 0; i < named; i++) {
        value name = tuple_of(keyword_names)->items[i];
        size_t which = 0;
        while (which < total && !string_is(name, expected->names[which]))
            which++;
        if (which == total) {
            raise_error(vm, &exc_TypeError, "'%U' is an invalid keyword argument for %s()", name, expected->function);
            return false;
        }
        if (out[which] != VALUE_NULL) {
            raise_error(vm, &exc_TypeError, "argument for %s() given by name ('%U') and position (%zu)",
                        expected->function, name, which + 1);
            return false;
        }
        out[which] = arguments[count + i];
    }
    for (size_t i = 0; i < expected->required; i++) {
        if (out[i] == VALUE_NULL) {
            raise_error(vm, &exc_TypeError, "%s() missing required argument '%s' (pos %zu)", expected->function,
                        expected->names[i], i + 1);
            return false;
        }
    }
    return true;
}

enum repr_state repr_enter(struct vm *vm, struct repr_guard *guard, value object)
{
    for (const struct repr_guard *outer = vm->repr_guards; outer; outer = outer->previous)
        if (outer->object == object)
            return REPR_AGAIN;
    if (!recursion_enter(vm, " while getting the repr of an object"))
        return REPR_FAILED;
    guard->object = object;
    guard->previous = vm->repr_guards;
    vm->repr_guards = guard;
    return REPR_FIRST;
}

void repr_leave(struct vm *vm, struct repr_guard *guard)
{
    recursion_leave(vm);
    vm->repr_guards = guard->previous;
}

bool builder_add_repr(struct vm *vm, struct string_builder *builder, value item)
{
    value text = value_repr(vm, item);
    if (text == VALUE_NULL)
        return false;
    string_builder_add_string(builder, text);
    return true;
}

value builder_abandon(struct string_builder *builder)
{
    string_builder_free(builder);
    return VALUE_NULL;
}

bool has_index(struct vm *vm, value v)
{
    return is_small_int(v) || has_flag(v, TYPE_INT) || value_type(vm, v)->index != NULL;
}

bool warn_strict_index(struct vm *vm, value result)
{
    return warning_issue(vm, &exc_DeprecationWarning, 1,
                         "__index__ returned non-int (type %T).  The ability to return an instance of a strict subclass of int is "
                         "deprecated, and may be removed in a future version of Python.",
                         result);
}

bool index_clamped(struct vm *vm, value integer, int64_t *out)
{
    if (is_small_int(integer)) {
        *out = small_int_value(integer);
        return true;
    }
    if (value_to_int64(vm, integer, out))
        return true;
    if (!exception_matches(vm, &exc_OverflowError))
        return false;
    exception_clear(vm);
    *out = int_sign(integer) < 0 ? INT64_MIN : INT64_MAX;
    return true;
}

bool bound_from_value(struct vm *vm, value v, int64_t *out)
{
    if (v == VALUE_NULL || v == NONE)
        return true;
    if (!has_index(vm, v)) {
        raise_error(vm, &exc_TypeError, "slice indices must be integers or None or have an __index__ method");
        return false;
    }
    value integer = number_index(vm, v);
    return integer != VALUE_NULL && index_clamped(vm, integer, out);
}

bool position_from_value(struct vm *vm, value v, int64_t *out)
{
    if (v == VALUE_NULL || has_index(vm, v))
        return bound_from_value(vm, v, out);
    raise_error(vm, &exc_TypeError, "slice indices must be integers or have an __index__ method");
    return false;
}

value *sequence_items(value list_or_tuple, size_t *count)
{
    if (has_flag(list_or_tuple, TYPE_LIST)) {
        *count = list_of(list_or_tuple)->length;
        return list_of(list_or_tuple)->items;
    }
    *count = tuple_of(list_or_tuple)->length;
    return tuple_of(list_or_tuple)->items;
}

int64_t length_hint(struct vm *vm, value v, int64_t otherwise)
{
    if (is_object(v) && value_type(vm, v)->length) {
        int64_t length = value_length(vm, v);
        if (length >= 0)
            return length;
        if (!exception_matches(vm, &exc_TypeError))
            return -1;
        exception_clear(vm);
    }
    value method = lookup_special(vm, v, "__length_hint__");
    if (method == VALUE_NULL)
        return vm->pending != VALUE_NULL ? -1 : otherwise;
    value hint = call_0(vm, method);
    if (hint == VALUE_NULL) {
        if (!exception_matches(vm, &exc_TypeError))
            return -1;
        exception_clear(vm);
        return otherwise;
    }
    if (hint == vm->not_implemented)
        return otherwise;
    if (!is_int(hint)) {
        raise_error(vm, &exc_TypeError, "__length_hint__ must be an integer, not %T", hint);
        return -1;
    }
    int64_t length;
    if (!value_to_int64(vm, hint, &length))
        return -1;
    if (length < 0) {
        raise_error(vm, &exc_ValueError, "__length_hint__() should return >= 0");
        return -1;
    }
    return length;
}
