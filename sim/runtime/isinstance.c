/* isinstance.c - isinstance and issubclass, with the hooks of metaclasses and tuples of classes. */
#include "sim/runtime/attribute.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/types.h"

static inline bool is_type(value v)
{
    return has_flag(v, TYPE_TYPE);
}

static struct type *type_of_value(value v)
{
    return (struct type *)value_object(v);
}

/* cls.__bases__ as a tuple; VALUE_NULL: has none, or error */
static value bases_of(struct vm *vm, value class_value)
{
    value bases;
    int found = find_attribute(vm, class_value, intern_text(vm, "__bases__"), &bases);
    return found == 1 && has_flag(bases, TYPE_TUPLE) ? bases : VALUE_NULL;
}

/* Along __bases__, for objects that only look like classes. */
static int abstract_is_subclass(struct vm *vm, value derived, value class_value)
{
    if (derived == class_value)
        return 1;
    value bases = bases_of(vm, derived);
    if (bases == VALUE_NULL)
        return vm->pending == VALUE_NULL ? 0 : -1;
    if (!recursion_enter(vm, " in __subclasscheck__"))
        return -1;
    int answer = 0;
    for (size_t i = 0; i < tuple_of(bases)->length && answer == 0; i++)
        answer = abstract_is_subclass(vm, tuple_of(bases)->items[i], class_value);
    recursion_leave(vm);
    return answer;
}

static bool check_class(struct vm *vm, value v, const char *message)
{
    if (bases_of(vm, v) != VALUE_NULL)
        return true;
    if (vm->pending == VALUE_NULL)
        raise_error(vm, &exc_TypeError, "%s", message);
    return false;
}

/* type.__instancecheck__ */
static int plain_is_instance(struct vm *vm, value object, value class_value)
{
    if (!is_type(class_value)) {
        if (!check_class(vm, class_value, "isinstance() arg 2 must be a type, a tuple of types, or a union"))
            return -1;
        value class_attribute;
        int found = find_attribute(vm, object, intern_text(vm, "__class__"), &class_attribute);
        return found <= 0 ? found : abstract_is_subclass(vm, class_attribute, class_value);
    }
    struct type *type = value_type(vm, object);
    if (type_is_subtype(type, type_of_value(class_value)))
        return 1;
    if (!(type->flags & TYPE_HEAP)) /* only Python classes can pretend */
        return 0;
    value claimed;
    int found = find_attribute(vm, object, intern_text(vm, "__class__"), &claimed);
    if (found <= 0)
        return found;
    return is_type(claimed) && claimed != object_value(type) &&
           type_is_subtype(type_of_value(claimed), type_of_value(class_value));
}

static int plain_is_subclass(struct vm *vm, value derived, value class_value)
{
    if (is_type(derived) && is_type(class_value))
        return type_is_subtype(type_of_value(derived), type_of_value(class_value));
    if (!check_class(vm, derived, "issubclass() arg 1 must be a class") ||
        !check_class(vm, class_value, "issubclass() arg 2 must be a class, a tuple of classes, or a union"))
        return -1;
    return abstract_is_subclass(vm, derived, class_value);
}

typedef int (*class_test)(struct vm *vm, value object, value class_value);

static int any_of_tuple(struct vm *vm, value object, value classes, class_test test, const char *where)
{
    if (!recursion_enter(vm, where))
        return -1;
    int answer = 0;
    for (size_t i = 0; i < tuple_of(classes)->length && answer == 0; i++)
        answer = test(vm, object, tuple_of(classes)->items[i]);
    recursion_leave(vm);
    return answer;
}

/* The metaclass's own check. 1 asked, *answer filled; 0 it has none. */
static int ask_metaclass(struct vm *vm, value object, value class_value, const char *name, int *answer)
{
    const char *where = strcmp(name, "__instancecheck__") == 0 ? " in __instancecheck__" : " in __subclasscheck__";
    value method = lookup_special(vm, class_value, name);
    if (method == VALUE_NULL) {
        *answer = -1;
        return vm->pending != VALUE_NULL;
    }
    bool entered = recursion_enter(vm, where);
    value result = entered ? call_1(vm, method, object) : VALUE_NULL;
    if (entered)
        recursion_leave(vm);
    *answer = result == VALUE_NULL ? -1 : value_truth(vm, result);
    return 1;
}

int object_is_instance(struct vm *vm, value object, value class_or_tuple)
{
    if (is_type(class_or_tuple) && value_type(vm, object) == type_of_value(class_or_tuple))
        return 1;
    if (is_exact(class_or_tuple, &type_type))
        return plain_is_instance(vm, object, class_or_tuple);
    if (has_flag(class_or_tuple, TYPE_TUPLE))
        return any_of_tuple(vm, object, class_or_tuple, object_is_instance, " in __instancecheck__");
    int answer;
    if (ask_metaclass(vm, object, class_or_tuple, "__instancecheck__", &answer))
        return answer;
    return plain_is_instance(vm, object, class_or_tuple);
}

int object_is_subclass(struct vm *vm, value class_value, value class_or_tuple)
{
    if (is_exact(class_or_tuple, &type_type))
        return class_value == class_or_tuple ? 1 : plain_is_subclass(vm, class_value, class_or_tuple);
    if (has_flag(class_or_tuple, TYPE_TUPLE))
        return any_of_tuple(vm, class_value, class_or_tuple, object_is_subclass, " in __subclasscheck__");
    int answer;
    if (ask_metaclass(vm, class_value, class_or_tuple, "__subclasscheck__", &answer))
        return answer;
    return plain_is_subclass(vm, class_value, class_or_tuple);
}
