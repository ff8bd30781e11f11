/* protocol.c - the operations every object answers in some way: truth, hash, repr, str, format and equality. */
#include "sim/runtime/exception.h"
#include "sim/runtime/type.h"

static struct type *ready_type_of(struct vm *vm, value v)
{
    struct type *type = value_type(vm, v);
    if (!(type->flags & TYPE_READY))
        type_ready(vm, type);
    return type;
}

int value_truth(struct vm *vm, value v)
{
    if (v == TRUE)
        return 1;
    if (v == FALSE || v == NONE)
        return 0;
    if (is_small_int(v))
        return v != 0;
    struct type *type = ready_type_of(vm, v);
    if (type->truth)
        return type->truth(vm, v);
    if (!type->length)
        return 1;
    int64_t length = type->length(vm, v);
    return length < 0 ? -1 : length > 0;
}

bool value_hash(struct vm *vm, value v, int64_t *hash)
{
    struct type *type = ready_type_of(vm, v);
    if (type->hash)
        return type->hash(vm, v, hash);
    raise_error(vm, &exc_TypeError, "unhashable type: '%T'", v);
    return false;
}

value value_repr(struct vm *vm, value v)
{
    if (v == VALUE_NULL)
        return string_from_text(vm, "<NULL>");
    struct type *type = ready_type_of(vm, v);
    if (!recursion_enter(vm, " while getting the repr of an object"))
        return VALUE_NULL;
    value result = type->repr(vm, v);
    recursion_leave(vm);
    if (result != VALUE_NULL && !has_flag(result, TYPE_STRING))
        return raise_error(vm, &exc_TypeError, "__repr__ returned non-string (type %T)", result);
    return result;
}

value value_string(struct vm *vm, value v)
{
    if (v == VALUE_NULL)
        return string_from_text(vm, "<NULL>");
    if (is_exact(v, &string_type))
        return v;
    struct type *type = ready_type_of(vm, v);
    if (!type->string)
        return value_repr(vm, v);
    if (!recursion_enter(vm, " while getting the str of an object"))
        return VALUE_NULL;
    value result = type->string(vm, v);
    recursion_leave(vm);
    if (result != VALUE_NULL && !has_flag(result, TYPE_STRING))
        return raise_error(vm, &exc_TypeError, "__str__ returned non-string (type %T)", result);
    return result;
}

int compare_truth(struct vm *vm, enum compare_kind kind, value a, value b)
{
    if (a == b && kind == COMPARE_EQ)
        return 1;
    if (a == b && kind == COMPARE_NE)
        return 0;
    value result = compare_operation(vm, kind, a, b);
    if (result == VALUE_NULL)
        return -1;
    return result == TRUE ? 1 : result == FALSE ? 0 : value_truth(vm, result);
}

int values_equal(struct vm *vm, value a, value b)
{
    if (a == b)
        return 1;
    if (both_small_int(a, b))
        return 0;
    if (is_exact(a, &string_type) && is_exact(b, &string_type))
        return string_equal(a, b);
    return compare_truth(vm, COMPARE_EQ, a, b);
}
