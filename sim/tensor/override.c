/* override.c - operands that take a ufunc's call over: classes of the program's that have __array_ufunc__.
 * They are asked in the order of the operands, a derived class before what it derives from; whoever answers
 * NotImplemented leaves it to the next. */
#include "sim/tensor/derived.h"
#include "sim/tensor/numpy_state.h"
#include "sim/tensor/ufunc.h"

#include "sim/runtime/module.h"

enum { OVERRIDES_MAX = 8 };

struct overrides {
    value items[OVERRIDES_MAX], methods[OVERRIDES_MAX];
    size_t count;
};

/* An instance of a class that Python code made; everything else is numpy's to deal with. */
static bool may_override(struct vm *vm, value v)
{
    return is_object(v) && !is_array(v) && !is_scalar_object(v) && value_type(vm, v)->flags & TYPE_HEAP;
}

static bool add_override(struct vm *vm, struct overrides *found, value item)
{
    if (!may_override(vm, item) || (is_derived(item) && !derived_takes_over(vm, item)))
        return true;
    value method = lookup_special(vm, item, "__array_ufunc__");
    if (method == VALUE_NULL)
        return vm->pending == VALUE_NULL;
    if (method == NONE) {
        raise_error(vm, &exc_TypeError, "operand '%T' does not support ufuncs (__array_ufunc__=None)", item);
        return false;
    }
    struct type *type = value_type(vm, item);
    size_t at = found->count;
    for (size_t i = 0; i < found->count; i++) {
        struct type *other = value_type(vm, found->items[i]);
        if (other == type)
            return true;
        if (at == found->count && type_is_subtype(type, other))
            at = i;
    }
    if (found->count == OVERRIDES_MAX)
        return true;
    memmove(found->items + at + 1, found->items + at, (found->count - at) * sizeof(value));
    memmove(found->methods + at + 1, found->methods + at, (found->count - at) * sizeof(value));
    found->items[at] = item;
    found->methods[at] = method;
    found->count++;
    return true;
}

static bool find_overrides(struct vm *vm, struct overrides *found, const value *inputs, size_t count,
                           value out)
{
    for (size_t i = 0; i < count; i++)
        if (!add_override(vm, found, inputs[i]))
            return false;
    const value *outs = &out;
    size_t out_count = out != VALUE_NULL;
    if (out_count && has_flag(out, TYPE_TUPLE)) {
        outs = tuple_of(out)->items;
        out_count = tuple_of(out)->length;
    }
    for (size_t i = 0; i < out_count; i++)
        if (!add_override(vm, found, outs[i]))
            return false;
    return true;
}

static value raise_none_took(struct vm *vm, value ufunc, const char *method, const value *inputs,
                             size_t count)
{
    value told = string_from_text(vm, ""), kinds = told;
    for (size_t i = 0; i < count && told != VALUE_NULL && kinds != VALUE_NULL; i++) {
        told = string_printf(vm, "%U, %R", told, inputs[i]);
        kinds = string_printf(vm, "%U%s'%T'", kinds, i ? ", " : "", inputs[i]);
    }
    return told == VALUE_NULL || kinds == VALUE_NULL
               ? VALUE_NULL
               : raise_error(
                     vm, &exc_TypeError,
                     "operand type(s) all returned NotImplemented from __array_ufunc__(%R, '%s'%U): %U",
                     ufunc, method, told, kinds);
}

value ufunc_override(struct vm *vm, const struct ufunc *ufunc, const char *method, const value *inputs,
                     size_t count, const value *options, value option_names)
{
    struct overrides found = {.count = 0};
    size_t named = keyword_count(option_names);
    value out = VALUE_NULL, given[16];
    for (size_t i = 0; i < named; i++)
        if (string_is(tuple_of(option_names)->items[i], "out"))
            out = options[i];
    if (!find_overrides(vm, &found, inputs, count, out) || count + named + 2 > 16)
        return VALUE_NULL;
    if (!found.count)
        return derived_ufunc(vm, ufunc, method, inputs, count, options, option_names);
    value self = get_attribute_text(vm, numpy_state(vm)->module, ufunc->name);
    given[0] = self;
    given[1] = string_from_text(vm, method);
    if (self == VALUE_NULL || given[1] == VALUE_NULL)
        return VALUE_NULL;
    memcpy(given + 2, inputs, count * sizeof(value));
    for (size_t i = 0; i < named; i++) {
        bool wraps = string_is(tuple_of(option_names)->items[i], "out") && !has_flag(options[i], TYPE_TUPLE);
        given[2 + count + i] = wraps ? tuple_pack(vm, 1, options[i]) : options[i];
        if (given[2 + count + i] == VALUE_NULL)
            return VALUE_NULL;
    }
    for (size_t i = 0; i < found.count; i++) {
        value result = call(vm, found.methods[i], given, 2 + count, option_names);
        if (result != vm->not_implemented)
            return result;
    }
    return raise_none_took(vm, self, method, inputs, count);
}

/* The names of those that were given; their values to items. */
static value given_names(struct vm *vm, const value *arguments, const char *const *names, size_t count,
                         value *items)
{
    value kept[8];
    size_t named = 0;
    for (size_t i = 0; i < count; i++) {
        if (arguments[i] == VALUE_NULL)
            continue;
        items[named] = arguments[i];
        kept[named++] = intern_text(vm, names[i]);
    }
    return named ? tuple_from(vm, kept, named) : VALUE_NULL;
}

value ufunc_method_override(struct vm *vm, const struct ufunc *ufunc, const char *method,
                            const value *arguments, size_t inputs, const char *const *names, size_t count)
{
    value items[8];
    bool any = false;
    for (size_t i = 0; i < inputs + count; i++)
        any = any || (arguments[i] != VALUE_NULL && may_override(vm, arguments[i]));
    if (!any)
        return VALUE_NULL;
    while (inputs && arguments[inputs - 1] == VALUE_NULL)
        inputs--;
    value option_names = given_names(vm, arguments + inputs, names, count, items);
    return vm->pending == VALUE_NULL
               ? ufunc_override(vm, ufunc, method, arguments, inputs, items, option_names)
               : VALUE_NULL;
}
