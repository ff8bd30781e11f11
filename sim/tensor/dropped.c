/* dropped.c - big results that nobody looks at, as of `np.exp(x)` in a loop that measures it: their memory is given back when the
 * function returns, and the next result is written where this one lies in the cache. A collection would find them too, but later.
 *
 * Nobody looks at a result when the instruction's result is dead (engine_result_dropped) and nobody else can have kept it. That is
 * known when the array's memory was born during the call, the call came from the loop itself, and during it neither Python code ran
 * nor another of numpy's functions: what of them is left keeps no array that it returns. */
#include "sim/tensor/ndarray.h"

/* What the call has left below its caller's frame is cleared: the collector would find a result there in the next call, when the
 * program may have dropped it, and its memory could not be used again at once. */
__attribute__((noinline)) static value clear_stack(value result)
{
    enum { DEEPEST = 16384 };
    char room[DEEPEST];
    memset(room, 0, sizeof room);
    __asm__ volatile("" : : "r"(room) : "memory");
    return result;
}

static bool is_fresh(struct vm *vm, const struct array_call *call, const struct ndarray *array)
{
    return array->base == VALUE_NULL && array->storage && is_numeric_dtype(array_dtype(array)) &&
           (int32_t)(gc_storage_birth(vm, array->storage) - call->born) > 0;
}

value array_call_end_big(struct vm *vm, const struct array_call *call, native_function function, value a, value b, value result)
{
    struct ndarray *array = array_of(result);
    bool alone = vm->array_depth == 1 && vm->array_calls == call->number && vm->loops_entered == call->loops;
    if (!alone || !is_fresh(vm, call, array) || !engine_result_dropped(vm, function, a, b))
        return clear_stack(result);
    gc_free_storage(vm, array->storage, (size_t)array->size * array->item_size);
    array->storage = array->data = NULL;
    return result;
}
