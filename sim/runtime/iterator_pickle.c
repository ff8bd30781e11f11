/* iterator_pickle.c - __reduce__ and __setstate__ of iterators: what copy and pickle make of one that is under way. */
#include "sim/runtime/iterator.h"
#include "sim/runtime/args.h"
#include "sim/runtime/container.h"
#include "sim/runtime/exception.h"

value iterator_reduced(struct vm *vm, value contents, value state)
{
    value function = dict_get_text(vm, dict_of(vm->builtins), "iter"), inner = tuple_pack(vm, 1, contents);
    if (function == VALUE_NULL || inner == VALUE_NULL || contents == VALUE_NULL)
        return VALUE_NULL;
    return state == VALUE_NULL ? tuple_pack(vm, 2, function, inner) : tuple_pack(vm, 3, function, inner, state);
}

value iterator_rest_reduced(struct vm *vm, value self, size_t size)
{
    struct object *copy = gc_object(vm, size, value_object(self)->shape);
    if (!copy)
        return VALUE_NULL;
    memcpy((char *)copy + sizeof *copy, (const char *)value_object(self) + sizeof *copy, size - sizeof *copy);
    value rest = list_from_iterable(vm, object_value(copy));
    return rest == VALUE_NULL ? VALUE_NULL : iterator_reduced(vm, rest, VALUE_NULL);
}

bool iterator_position(struct vm *vm, value state, int64_t most, int64_t *position)
{
    if (!is_int(state)) {
        raise_error(vm, &exc_TypeError, "an integer is required");
        return false;
    }
    if (!value_to_int64(vm, state, position))
        return false;
    *position = *position < 0 ? 0 : *position > most ? most : *position;
    return true;
}
