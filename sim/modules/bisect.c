/* bisect.c - module _bisect. */
#include "sim/modules/containers.h"
#include "sim/runtime/container.h"

enum side { SIDE_LEFT, SIDE_RIGHT };

/* Where `item` belongs in the sorted sequence arguments[0]; -1: error. arguments: a, x, lo, hi, key */
static int64_t position(struct vm *vm, const value *arguments, value item, enum side side)
{
    value sequence = arguments[0], key = arguments[4];
    int64_t low = 0, high = -1;
    if (arguments[2] != VALUE_NULL && !value_to_int64(vm, arguments[2], &low))
        return -1;
    if (arguments[3] != VALUE_NULL && arguments[3] != NONE && !value_to_int64(vm, arguments[3], &high))
        return -1;
    if (low < 0) {
        raise_error(vm, &exc_ValueError, "lo must be non-negative");
        return -1;
    }
    if (high == -1 && (high = value_length(vm, sequence)) < 0)
        return -1;
    while (low < high) {
        int64_t middle = low + ((high - low) >> 1);
        value other = get_item(vm, sequence, int_from_int64(vm, middle));
        if (other != VALUE_NULL && key != VALUE_NULL && key != NONE)
            other = call_1(vm, key, other);
        if (other == VALUE_NULL)
            return -1;
        ADD_WORK(vm, comparisons, 1);
        int less = side == SIDE_LEFT ? compare_truth(vm, COMPARE_LT, other, item)
                                     : compare_truth(vm, COMPARE_LT, item, other);
        if (less < 0)
            return -1;
        if (less == (side == SIDE_LEFT))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static value bisect(struct vm *vm, const value *arguments, enum side side)
{
    int64_t at = position(vm, arguments, arguments[1], side);
    return at < 0 ? VALUE_NULL : int_from_int64(vm, at);
}

static value insort(struct vm *vm, const value *arguments, enum side side)
{
    value item = arguments[1];
    if (arguments[4] != VALUE_NULL && arguments[4] != NONE && (item = call_1(vm, arguments[4], item)) == VALUE_NULL)
        return VALUE_NULL;
    int64_t at = position(vm, arguments, item, side);
    if (at < 0)
        return VALUE_NULL;
    value given[2] = {int_from_int64(vm, at), arguments[1]};
    return call_method(vm, arguments[0], "insert", given, 2) == VALUE_NULL ? VALUE_NULL : NONE;
}

#define FUNCTION(name, operation, side)                                                                                \
    static value name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)            \
    {                                                                                                                  \
        (void)self, (void)count, (void)keyword_names;                                                                  \
        return operation(vm, arguments, side);                                                                         \
    }
FUNCTION(bisect_bisect_left, bisect, SIDE_LEFT)
FUNCTION(bisect_bisect_right, bisect, SIDE_RIGHT)
FUNCTION(bisect_insort_left, insort, SIDE_LEFT)
FUNCTION(bisect_insort_right, insort, SIDE_RIGHT)

static const struct method_definition bisect_functions[] = {
    {"bisect_left", "(a, x, lo=0, hi=None, *, key=None)", bisect_bisect_left, METHOD_STATIC,
     "Return the index where to insert item x in list a, assuming a is sorted."},
    {"bisect_right", "(a, x, lo=0, hi=None, *, key=None)", bisect_bisect_right, METHOD_STATIC,
     "Return the index where to insert item x in list a, assuming a is sorted."},
    {"insort_left", "(a, x, lo=0, hi=None, *, key=None)", bisect_insort_left, METHOD_STATIC,
     "Insert item x in list a, and keep it sorted assuming a is sorted."},
    {"insort_right", "(a, x, lo=0, hi=None, *, key=None)", bisect_insort_right, METHOD_STATIC,
     "Insert item x in list a, and keep it sorted assuming a is sorted."},
    {NULL, NULL, NULL, 0, NULL},
};

const struct native_module bisect_module = {"_bisect", NULL, bisect_functions};
