/* bool.c - the type bool and its two instances. */
#include "sim/runtime/number.h"

struct bool_object true_object = {{&bool_type.shape}, 1};
struct bool_object false_object = {{&bool_type.shape}, 0};

static value bool_repr(struct vm *vm, value v)
{
    return intern_text(vm, v == TRUE ? "True" : "False");
}

static value bool_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)type;
    if (keyword_names != VALUE_NULL && tuple_of(keyword_names)->length)
        return raise_error(vm, &exc_TypeError, "bool() takes no keyword arguments");
    if (count > 1)
        return raise_error(vm, &exc_TypeError, "bool expected at most 1 argument, got %d", (int)count);
    int truth = count ? value_truth(vm, arguments[0]) : 0;
    return truth < 0 ? VALUE_NULL : bool_value(truth);
}

static inline bool is_bool(value v)
{
    return v == TRUE || v == FALSE;
}

static value bool_bitwise(struct vm *vm, enum binary_kind kind, value a, value b)
{
    return is_int(a) && is_int(b) ? int_binary(vm, kind, a, b) : vm->not_implemented;
}

static value bool_and(struct vm *vm, value a, value b)
{
    return is_bool(a) && is_bool(b) ? bool_value(a == TRUE && b == TRUE) : bool_bitwise(vm, BINARY_AND, a, b);
}

static value bool_or(struct vm *vm, value a, value b)
{
    return is_bool(a) && is_bool(b) ? bool_value(a == TRUE || b == TRUE) : bool_bitwise(vm, BINARY_OR, a, b);
}

static value bool_xor(struct vm *vm, value a, value b)
{
    return is_bool(a) && is_bool(b) ? bool_value(a != b) : bool_bitwise(vm, BINARY_XOR, a, b);
}

static int bool_truth(struct vm *vm, value v)
{
    (void)vm;
    return v == TRUE;
}

struct type bool_type = {
    .name = "bool",
    .flags = TYPE_INT,
    .base = &int_type,
    .instance_size = sizeof(struct bool_object),
    .doc = "bool(x) -> bool\n\nReturns True when the argument x is true, False otherwise.\nThe builtins True and False are "
           "the only two instances of the class bool.\nThe class bool is a subclass of the class int, and cannot be "
           "subclassed.",
    .new = bool_new,
    .repr = bool_repr,
    .truth = bool_truth,
    .binary = {[BINARY_AND] = bool_and, [BINARY_OR] = bool_or, [BINARY_XOR] = bool_xor},
};
