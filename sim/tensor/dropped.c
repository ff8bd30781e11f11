/* dropped.c - big arrays that nobody looks at any more give their memory back at once, and the next result is written where they lie
 * in the cache: the result of `np.exp(x)` in a loop that measures it, and a*b when a*b + c has been computed. A collection would
 * find them too, but later.
 *
 * That nobody looks is known when the engine says so (engine_result_use) and nobody else can have kept the array: its memory was
 * born during the call, the call came from the loop itself, and during it neither Python code ran nor another of numpy's functions.
 * What of them is left keeps no array that it returns. */
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

static bool is_fresh(struct vm *vm, const struct array_call *call, value result)
{
    const struct ndarray *array = array_of(result);
    return is_array(result) && array->base == VALUE_NULL && array->storage && is_numeric_dtype(array_dtype(array)) &&
           (int32_t)(gc_storage_birth(vm, array->storage) - call->born) > 0;
}

static void give_back(struct vm *vm, struct ndarray *array)
{
    gc_free_storage(vm, array->storage, (size_t)array->size * array->item_size);
    array->storage = array->data = NULL;
}

/* The result has been computed from an operand that was made for it alone. */
static void give_back_lent(struct vm *vm, const struct array_call *call, value operand)
{
    bool lent = vm->lent.of && vm->lent.of + 1 == call->number && vm->lent.frame == vm->frame && vm->lent.reader == engine_pc(vm);
    if (lent && is_array(operand) && array_of(operand)->storage &&
        gc_storage_birth(vm, array_of(operand)->storage) == vm->lent.birth)
        give_back(vm, array_of(operand));
}

/* What comes next is numpy's and nobody else's. */
static bool is_ours(const struct result_use *use)
{
    if (use->callee != VALUE_NULL)
        return is_exact(use->callee, &ufunc_type);
    const value other = use->other;
    return other == VALUE_NULL || is_array(other) || !is_object(other) || is_exact(other, &float_type) || is_exact(other, &int_type);
}

value array_call_end_big(struct vm *vm, const struct array_call *call, native_function function, value a, value b, value result)
{
    const bool several = is_exact(result, &tuple_type);
    const value *results = several ? tuple_of(result)->items : &result;
    const size_t count = several ? tuple_of(result)->length : 1;
    bool fresh = vm->array_depth == 1 && vm->array_calls == call->number && vm->loops_entered == call->loops;
    for (size_t i = 0; i < count; i++)
        fresh = fresh && is_fresh(vm, call, results[i]);
    if (!fresh)
        return clear_stack(result);
    give_back_lent(vm, call, a);
    give_back_lent(vm, call, b);
    vm->lent.of = 0;
    const struct result_use use = engine_result_use(vm, function, a, b);
    if (use.kind == RESULT_DROPPED) {
        for (size_t i = 0; i < count; i++)
            give_back(vm, array_of(results[i]));
        return result;
    }
    if (use.kind == RESULT_LENT && is_ours(&use) && !several) {
        vm->lent.of = call->number;
        vm->lent.birth = gc_storage_birth(vm, array_of(result)->storage);
        vm->lent.frame = vm->frame;
        vm->lent.reader = use.reader;
    }
    return clear_stack(result);
}
