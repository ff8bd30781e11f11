/* container_protocol.c - a[b], a[b] = c, del a[b], b in a, len(a) for any object; lists, tuples and dicts first. */
#include "sim/runtime/container.h"

static value type_get_item(struct vm *vm, value container, value key)
{
    value method;
    if (container != type_object_value(&type_type)) {
        int found = find_attribute(vm, container, intern_text(vm, "__class_getitem__"), &method);
        if (found < 0)
            return VALUE_NULL;
        if (found && method != NONE)
            return call_1(vm, method, key);
        return raise_error(vm, &exc_TypeError, "type '%s' is not subscriptable",
                           ((struct type *)value_object(container))->name);
    }
    return container_class_getitem(vm, container, &key, 1, VALUE_NULL);
}

value get_item(struct vm *vm, value container, value key)
{
    if (is_small_int(key)) {
        int64_t index = small_int_value(key);
        if (is_exact(container, &list_type)) {
            const struct list_object *list = list_of(container);
            if (index < 0)
                index += list->length;
            if ((uint64_t)index < list->length)
                return list->items[index];
        } else if (is_exact(container, &tuple_type)) {
            const struct tuple_object *tuple = tuple_of(container);
            if (index < 0)
                index += (int64_t)tuple->length;
            if ((uint64_t)index < tuple->length)
                return tuple->items[index];
        }
    }
    struct type *type = value_type(vm, container);
    if (type->get_item)
        return type->get_item(vm, container, key);
    if (has_flag(container, TYPE_TYPE))
        return type_get_item(vm, container, key);
    return raise_error(vm, &exc_TypeError, "'%T' object is not subscriptable", container);
}

bool set_item(struct vm *vm, value container, value key, value item)
{
    if (is_exact(container, &list_type) && is_small_int(key)) {
        const struct list_object *list = list_of(container);
        int64_t index = small_int_value(key);
        if (index < 0)
            index += list->length;
        if ((uint64_t)index < list->length) {
            list->items[index] = item;
            return true;
        }
    }
    struct type *type = value_type(vm, container);
    if (type->set_item)
        return type->set_item(vm, container, key, item);
    raise_error(vm, &exc_TypeError, "'%T' object does not support item assignment", container);
    return false;
}

bool delete_item(struct vm *vm, value container, value key)
{
    struct type *type = value_type(vm, container);
    if (type->set_item)
        return type->set_item(vm, container, key, VALUE_NULL);
    bool is_sequence = has_index(vm, key) && (type->flags & TYPE_HEAP || type->get_item || type->contains);
    raise_error(vm, &exc_TypeError,
                is_sequence ? "'%T' object doesn't support item deletion" : "'%T' object does not support item deletion",
                container);
    return false;
}

int contains(struct vm *vm, value container, value item)
{
    struct type *type = value_type(vm, container);
    if (type->contains)
        return type->contains(vm, container, item);
    value iterator = get_iterator(vm, container);
    if (iterator == VALUE_NULL) {
        if (!type->iter && !type->get_item) {
            exception_clear(vm);
            raise_error(vm, &exc_TypeError, "argument of type '%T' is not iterable", container);
        }
        return -1;
    }
    value found;
    uint64_t comparisons = 0;
    int result = 0;
    while (!result && (found = iterator_next(vm, iterator)) != VALUE_NULL) {
        comparisons++;
        result = key_equal_simply(found, item);
        if (result < 0)
            result = values_equal(vm, found, item);
    }
    ADD_WORK(vm, comparisons, comparisons);
    return result ? result : vm->pending == VALUE_NULL ? 0 : -1;
}

int64_t value_length(struct vm *vm, value v)
{
    struct type *type = value_type(vm, v);
    if (type->length)
        return type->length(vm, v);
    raise_error(vm, &exc_TypeError, "object of type '%T' has no len()", v);
    return -1;
}
