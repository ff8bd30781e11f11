/* heapq.c - module _heapq: binary heaps in lists, comparing the pairs CPython compares. */
#include "sim/modules/containers.h"
#include "sim/runtime/container.h"

#define METHOD(name)                                                                                                   \
    static value name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)

/* a < b, or b < a in a heap with its largest item first. -1, 0, 1 */
static int before(struct vm *vm, value a, value b, bool largest)
{
    if (largest) {
        value other = a;
        a = b;
        b = other;
    }
    ADD_WORK(vm, comparisons, 1);
    if (both_small_int(a, b))
        return (int64_t)a < (int64_t)b;
    return compare_truth(vm, COMPARE_LT, a, b);
}

static bool same_size(struct vm *vm, const struct list_object *heap, size_t size)
{
    if (heap->length == size)
        return true;
    raise_error(vm, &exc_RuntimeError, "list changed size during iteration");
    return false;
}

static void swap(struct vm *vm, struct list_object *heap, size_t i, size_t j)
{
    value item = heap->items[i];
    heap->items[i] = heap->items[j];
    heap->items[j] = item;
    ADD_WORK(vm, items, 2);
}

/* Moves the item at `at` towards `top` until its parent belongs before it. */
static bool move_up(struct vm *vm, struct list_object *heap, size_t top, size_t at, bool largest)
{
    size_t size = heap->length;
    while (at > top) {
        size_t parent = (at - 1) >> 1;
        int less = before(vm, heap->items[at], heap->items[parent], largest);
        if (less < 0 || !same_size(vm, heap, size))
            return false;
        if (!less)
            break;
        swap(vm, heap, at, parent);
        at = parent;
    }
    return true;
}

/* Lets the item at `at` sink to a leaf along the better children, then rise to its place. */
static bool sink(struct vm *vm, struct list_object *heap, size_t at, bool largest)
{
    size_t size = heap->length, top = at;
    while (at < size >> 1) {
        size_t child = 2 * at + 1;
        if (child + 1 < size) {
            int less = before(vm, heap->items[child], heap->items[child + 1], largest);
            if (less < 0 || !same_size(vm, heap, size))
                return false;
            child += !less;
        }
        swap(vm, heap, at, child);
        at = child;
    }
    return move_up(vm, heap, top, at, largest);
}

static bool check_heap(struct vm *vm, const char *function, value heap)
{
    if (has_flag(heap, TYPE_LIST))
        return true;
    raise_error(vm, &exc_TypeError, "%s() argument must be list, not %T", function, heap);
    return false;
}

static bool check_first(struct vm *vm, const char *function, value heap)
{
    if (has_flag(heap, TYPE_LIST))
        return true;
    raise_error(vm, &exc_TypeError, "%s() argument 1 must be list, not %T", function, heap);
    return false;
}

METHOD(heapq_heappush)
{
    (void)self, (void)count, (void)keyword_names;
    if (!check_first(vm, "heappush", arguments[0]))
        return VALUE_NULL;
    struct list_object *heap = list_of(arguments[0]);
    if (!list_append(vm, heap, arguments[1]) || !move_up(vm, heap, 0, heap->length - 1, false))
        return VALUE_NULL;
    return NONE;
}

static value heap_pop(struct vm *vm, struct list_object *heap, bool largest)
{
    if (!heap->length)
        return raise_error(vm, &exc_IndexError, "index out of range");
    value last = heap->items[heap->length - 1];
    if (!list_resize(vm, heap, heap->length - 1))
        return VALUE_NULL;
    if (!heap->length)
        return last;
    value first = heap->items[0];
    heap->items[0] = last;
    return sink(vm, heap, 0, largest) ? first : VALUE_NULL;
}

static value heap_replace(struct vm *vm, struct list_object *heap, value item, bool largest)
{
    if (!heap->length)
        return raise_error(vm, &exc_IndexError, "index out of range");
    value first = heap->items[0];
    heap->items[0] = item;
    return sink(vm, heap, 0, largest) ? first : VALUE_NULL;
}

static value heap_make(struct vm *vm, struct list_object *heap, bool largest)
{
    for (size_t i = heap->length >> 1; i-- > 0;)
        if (!sink(vm, heap, i, largest))
            return VALUE_NULL;
    return NONE;
}

METHOD(heapq_heappop)
{
    (void)self, (void)count, (void)keyword_names;
    return check_heap(vm, "heappop", arguments[0]) ? heap_pop(vm, list_of(arguments[0]), false) : VALUE_NULL;
}

METHOD(heapq_heappop_max)
{
    (void)self, (void)count, (void)keyword_names;
    return check_heap(vm, "_heappop_max", arguments[0]) ? heap_pop(vm, list_of(arguments[0]), true) : VALUE_NULL;
}

METHOD(heapq_heapreplace)
{
    (void)self, (void)count, (void)keyword_names;
    if (!check_first(vm, "heapreplace", arguments[0]))
        return VALUE_NULL;
    return heap_replace(vm, list_of(arguments[0]), arguments[1], false);
}

METHOD(heapq_heapreplace_max)
{
    (void)self, (void)count, (void)keyword_names;
    if (!check_first(vm, "_heapreplace_max", arguments[0]))
        return VALUE_NULL;
    return heap_replace(vm, list_of(arguments[0]), arguments[1], true);
}

METHOD(heapq_heappushpop)
{
    (void)self, (void)count, (void)keyword_names;
    if (!check_first(vm, "heappushpop", arguments[0]))
        return VALUE_NULL;
    struct list_object *heap = list_of(arguments[0]);
    if (!heap->length)
        return arguments[1];
    int less = before(vm, heap->items[0], arguments[1], false);
    if (less <= 0)
        return less < 0 ? VALUE_NULL : arguments[1];
    return heap_replace(vm, heap, arguments[1], false);
}

METHOD(heapq_heapify)
{
    (void)self, (void)count, (void)keyword_names;
    return check_heap(vm, "heapify", arguments[0]) ? heap_make(vm, list_of(arguments[0]), false) : VALUE_NULL;
}

METHOD(heapq_heapify_max)
{
    (void)self, (void)count, (void)keyword_names;
    return check_heap(vm, "_heapify_max", arguments[0]) ? heap_make(vm, list_of(arguments[0]), true) : VALUE_NULL;
}

static const struct method_definition heapq_functions[] = {
    {"heappush", "(heap, item, /)", heapq_heappush, METHOD_STATIC, "Push item onto heap, maintaining the heap invariant."},
    {"heappop", "(heap, /)", heapq_heappop, METHOD_STATIC, "Pop the smallest item off the heap, maintaining the heap invariant."},
    {"heapify", "(heap, /)", heapq_heapify, METHOD_STATIC, "Transform list into a heap, in-place, in O(len(heap)) time."},
    {"heapreplace", "(heap, item, /)", heapq_heapreplace, METHOD_STATIC,
     "Pop and return the current smallest value, and add the new item."},
    {"heappushpop", "(heap, item, /)", heapq_heappushpop, METHOD_STATIC,
     "Push item on the heap, then pop and return the smallest item from the heap."},
    {"_heappop_max", "(heap, /)", heapq_heappop_max, METHOD_STATIC, "Maxheap variant of heappop."},
    {"_heapify_max", "(heap, /)", heapq_heapify_max, METHOD_STATIC, "Maxheap variant of heapify."},
    {"_heapreplace_max", "(heap, item, /)", heapq_heapreplace_max, METHOD_STATIC, "Maxheap variant of heapreplace."},
    {NULL, NULL, NULL, 0, NULL},
};

const struct native_module heapq_module = {"_heapq", NULL, heapq_functions};
