/* sorting.c - np.sort, np.argsort, np.searchsorted. The default argsort is numpy's quicksort step by step
 * (median of three, small parts by insertion), since it decides how equal elements lie; sorting values may
 * use any method. NaNs come last. */
#include "sim/tensor/loops.h"
#include "sim/tensor/radix.h"

#include "sim/runtime/exception.h"

enum { SMALL_PART = 16, STACK_MAX = 128 };

#define WHOLE_LESS(a, b) ((a) < (b))
#define FLOAT_LESS(a, b) ((a) < (b) || ((b) != (b) && (a) == (a)))
#define HALF_LESS(a, b) FLOAT_LESS(half_to_float(a), half_to_float(b))

static bool complex_less(double ar, double ai, double br, double bi)
{
    if (ar < br)
        return ai == ai || bi != bi;
    if (ar > br)
        return bi != bi && ai == ai;
    if (ar == br || (ar != ar && br != br))
        return FLOAT_LESS(ai, bi);
    return br != br;
}
#define COMPLEX_LESS(a, b)                                                                                   \
    complex_less((double)(a).real, (double)(a).imaginary, (double)(b).real, (double)(b).imaginary)

#define SORT_FUNCTIONS(N, T, LESS)                                                                           \
    static void insertion_##N(T *v, int64_t count)                                                           \
    {                                                                                                        \
        for (int64_t i = 1; i < count; i++) {                                                                \
            const T item = v[i];                                                                             \
            int64_t j = i;                                                                                   \
            for (; j > 0 && LESS(item, v[j - 1]); j--)                                                       \
                v[j] = v[j - 1];                                                                             \
            v[j] = item;                                                                                     \
        }                                                                                                    \
    }                                                                                                        \
    static void merge_##N(T *v, T *work, int64_t count)                                                      \
    {                                                                                                        \
        if (count <= SMALL_PART) {                                                                           \
            insertion_##N(v, count);                                                                         \
            return;                                                                                          \
        }                                                                                                    \
        int64_t middle = count / 2, i = 0, j = middle, k = 0;                                                \
        merge_##N(v, work, middle);                                                                          \
        merge_##N(v + middle, work, count - middle);                                                         \
        if (!LESS(v[middle], v[middle - 1]))                                                                 \
            return;                                                                                          \
        memcpy(work, v, (size_t)middle * sizeof *v);                                                         \
        while (i < middle && j < count)                                                                      \
            v[k++] = LESS(v[j], work[i]) ? v[j++] : work[i++];                                               \
        memcpy(v + k, work + i, (size_t)(middle - i) * sizeof *v);                                           \
    }                                                                                                        \
    static void sort_##N(char *data, int64_t count, void *work)                                              \
    {                                                                                                        \
        merge_##N((T *)(void *)data, work, count);                                                           \
    }                                                                                                        \
    static void argmerge_##N(const T *v, int64_t *order, int64_t *work, int64_t count)                       \
    {                                                                                                        \
        if (count <= SMALL_PART) {                                                                           \
            for (int64_t i = 1; i < count; i++) {                                                            \
                const int64_t item = order[i];                                                               \
                int64_t j = i;                                                                               \
                for (; j > 0 && LESS(v[item], v[order[j - 1]]); j--)                                         \
                    order[j] = order[j - 1];                                                                 \
                order[j] = item;                                                                             \
            }                                                                                                \
            return;                                                                                          \
        }                                                                                                    \
        int64_t middle = count / 2, i = 0, j = middle, k = 0;                                                \
        argmerge_##N(v, order, work, middle);                                                                \
        argmerge_##N(v, order + middle, work, count - middle);                                               \
        memcpy(work, order, (size_t)middle * sizeof *order);                                                 \
        while (i < middle && j < count)                                                                      \
            order[k++] = LESS(v[order[j]], v[work[i]]) ? order[j++] : work[i++];                             \
        memcpy(order + k, work + i, (size_t)(middle - i) * sizeof *order);                                   \
    }                                                                                                        \
    static void argquick_##N(const T *v, int64_t *order, int64_t *work, int64_t count)                       \
    {                                                                                                        \
        int64_t *low = order, *high = order + count - 1, *stack[STACK_MAX], **top = stack;                   \
        for (;;) {                                                                                           \
            while (high - low > SMALL_PART && top < stack + STACK_MAX - 2) {                                 \
                int64_t *middle = low + ((high - low) >> 1), *i = low, *j = high - 1;                        \
                if (LESS(v[*middle], v[*low]))                                                               \
                    SWAP(*middle, *low);                                                                     \
                if (LESS(v[*high], v[*middle]))                                                              \
                    SWAP(*high, *middle);                                                                    \
                if (LESS(v[*middle], v[*low]))                                                               \
                    SWAP(*middle, *low);                                                                     \
                const T pivot = v[*middle];                                                                  \
                SWAP(*middle, *j);                                                                           \
                for (;;) {                                                                                   \
                    do                                                                                       \
                        ++i;                                                                                 \
                    while (LESS(v[*i], pivot));                                                              \
                    do                                                                                       \
                        --j;                                                                                 \
                    while (LESS(pivot, v[*j]));                                                              \
                    if (i >= j)                                                                              \
                        break;                                                                               \
                    SWAP(*i, *j);                                                                            \
                }                                                                                            \
                SWAP(*i, *(high - 1));                                                                       \
                if (i - low < high - i) {                                                                    \
                    *top++ = i + 1;                                                                          \
                    *top++ = high;                                                                           \
                    high = i - 1;                                                                            \
                } else {                                                                                     \
                    *top++ = low;                                                                            \
                    *top++ = i - 1;                                                                          \
                    low = i + 1;                                                                             \
                }                                                                                            \
            }                                                                                                \
            if (high > low)                                                                                  \
                argmerge_##N(v, low, work, high - low + 1);                                                  \
            if (top == stack)                                                                                \
                return;                                                                                      \
            high = *--top;                                                                                   \
            low = *--top;                                                                                    \
        }                                                                                                    \
    }                                                                                                        \
    static void argsort_##N(const char *data, int64_t *order, int64_t *work, int64_t count, bool stable)     \
    {                                                                                                        \
        if (stable)                                                                                          \
            argmerge_##N((const T *)(const void *)data, order, work, count);                                 \
        else                                                                                                 \
            argquick_##N((const T *)(const void *)data, order, work, count);                                 \
    }                                                                                                        \
    static int64_t search_##N(const char *data, int64_t count, const char *item, bool right,                 \
                              const int64_t *sorter)                                                         \
    {                                                                                                        \
        const T *v = (const T *)(const void *)data, x = *(const T *)(const void *)item;                      \
        int64_t low = 0, high = count;                                                                       \
        while (low < high) {                                                                                 \
            int64_t middle = low + (high - low) / 2, at = sorter ? sorter[middle] : middle;                  \
            if (sorter && (uint64_t)at >= (uint64_t)count)                                                   \
                return -1;                                                                                   \
            if (right ? !LESS(x, v[at]) : LESS(v[at], x))                                                    \
                low = middle + 1;                                                                            \
            else                                                                                             \
                high = middle;                                                                               \
        }                                                                                                    \
        return low;                                                                                          \
    }
#define SWAP(a, b)                                                                                           \
    do {                                                                                                     \
        int64_t swapped_ = (a);                                                                              \
        (a) = (b);                                                                                           \
        (b) = swapped_;                                                                                      \
    } while (0)

#define SORT_WHOLE(op, N, T, U) SORT_FUNCTIONS(N, T, WHOLE_LESS)
#define SORT_REAL(op, N, T, U) SORT_FUNCTIONS(N, T, FLOAT_LESS)
#define SORT_COMPLEX(op, N, T, U) SORT_FUNCTIONS(N, T, COMPLEX_LESS)
SORT_FUNCTIONS(BOOL, npbool, WHOLE_LESS)
EACH_INTEGER(SORT_WHOLE, )
SORT_FUNCTIONS(FLOAT16, half, HALF_LESS)
EACH_REAL(SORT_REAL, )
EACH_COMPLEX(SORT_COMPLEX, )

static const struct {
    void (*sort)(char *data, int64_t count, void *work);
    void (*argsort)(const char *data, int64_t *order, int64_t *work, int64_t count, bool stable);
    int64_t (*search)(const char *data, int64_t count, const char *item, bool right, const int64_t *sorter);
} sorters[DTYPE_NUMERIC_COUNT] = {
#define DTYPE(name, type, text, kind, character, base, class) {sort_##name, argsort_##name, search_##name},
#include "sim/tensor/dtypes.def"
};

/* ---- strings and objects: a stable merge with a comparison that may fail ---- */

static int text_less(struct vm *vm, int dtype, const char *a, const char *b)
{
    if (dtype == DTYPE_OBJECT) {
        value x, y;
        memcpy(&x, a, sizeof x);
        memcpy(&y, b, sizeof y);
        return compare_truth(vm, COMPARE_LT, x, y);
    }
    for (int i = 0; i < dtype >> 8; i++) {
        uint32_t x = ((const uint32_t *)(const void *)a)[i], y = ((const uint32_t *)(const void *)b)[i];
        if (x != y)
            return x < y;
    }
    return 0;
}

static bool argsort_slowly(struct vm *vm, int dtype, const char *data, int64_t *order, int64_t *work,
                           int64_t count)
{
    size_t bytes = dtype_bytes(dtype);
    if (count < 2)
        return true;
    int64_t middle = count / 2, i = 0, j = middle, k = 0;
    if (!argsort_slowly(vm, dtype, data, order, work, middle) ||
        !argsort_slowly(vm, dtype, data, order + middle, work, count - middle))
        return false;
    memcpy(work, order, (size_t)middle * sizeof *order);
    while (i < middle && j < count) {
        int less = text_less(vm, dtype, data + (size_t)order[j] * bytes, data + (size_t)work[i] * bytes);
        if (less < 0)
            return false;
        order[k++] = less ? order[j++] : work[i++];
    }
    memcpy(order + k, work + i, (size_t)(middle - i) * sizeof *order);
    return true;
}

bool elements_argsort(struct vm *vm, int dtype, const char *data, int64_t count, int64_t *order, bool stable)
{
    int64_t *work = malloc((size_t)(count + 1) * sizeof *work), depth = 1;
    if (!work)
        return raise_no_memory(vm), false;
    for (int64_t i = 0; i < count; i++)
        order[i] = i;
    for (int64_t n = count; n > 1; n /= 2)
        depth++;
    ADD_WORK(vm, comparisons, count * depth);
    bool done = true;
    if (is_numeric_dtype(dtype))
        sorters[dtype].argsort(data, order, work, count, stable);
    else
        done = argsort_slowly(vm, dtype, data, order, work, count);
    free(work);
    return done;
}

bool elements_sort(struct vm *vm, int dtype, char *data, int64_t count)
{
    size_t bytes = dtype_bytes(dtype);
    char *work = malloc((size_t)(count + 1) * (bytes > 8 ? bytes : 8));
    int64_t depth = 1;
    if (!work)
        return raise_no_memory(vm), false;
    bool done = true;
    if (is_numeric_dtype(dtype)) {
        for (int64_t n = count; n > 1; n /= 2)
            depth++;
        ADD_WORK(vm, comparisons, count * depth);
        if (!radix_sort(dtype, data, count, work))
            sorters[dtype].sort(data, count, work);
    } else {
        int64_t *order = malloc((size_t)(count + 1) * sizeof *order);
        done = order && elements_argsort(vm, dtype, data, count, order, true);
        if (done) {
            memcpy(work, data, (size_t)count * bytes);
            for (int64_t i = 0; i < count; i++)
                memcpy(data + (size_t)i * bytes, work + (size_t)order[i] * bytes, bytes);
        }
        free(order);
    }
    free(work);
    return done;
}

/* ---- functions ---- */

static bool kind_is_stable(struct vm *vm, value kind, bool *stable)
{
    *stable = false;
    if (kind == VALUE_NULL || kind == NONE)
        return true;
    static const struct {
        const char *name;
        bool stable;
    } kinds[] = {{"quicksort", false}, {"mergesort", true}, {"heapsort", false}, {"stable", true}};
    for (size_t i = 0; i < 4; i++) {
        if (has_flag(kind, TYPE_STRING) && string_is(kind, kinds[i].name)) {
            *stable = kinds[i].stable;
            return true;
        }
    }
    raise_error(vm, &exc_ValueError, "sort kind must be one of 'quick', 'heap', or 'stable' (got %R)", kind);
    return false;
}

/* The array with the axis last, contiguous, as a copy; `axis` VALUE_NULL: the last, NONE: flattened. What has no dimensions
 * cannot be sorted, but its order is known. */
static struct ndarray *rows_copy(struct vm *vm, value v, value axis_value, bool sorts, uint32_t *axis)
{
    struct ndarray *array = array_from(vm, v, DTYPE_NONE);
    if (!array)
        return NULL;
    if (axis_value == NONE || (!array->dimensions && !sorts)) {
        value flat = array_reshape(vm, array, &array->size, 1);
        if (flat == VALUE_NULL || (axis_value != NONE &&
                                   !axis_from(vm, axis_value == VALUE_NULL ? small_int(-1) : axis_value, 1, axis)))
            return NULL;
        array = array_of(flat);
        *axis = 0;
    } else if (!axis_from(vm, axis_value == VALUE_NULL ? small_int(-1) : axis_value, array->dimensions,
                          axis)) {
        return NULL;
    }
    uint32_t order[DIMENSIONS_MAX], n = 0;
    for (uint32_t i = 0; i < array->dimensions; i++)
        if (i != *axis)
            order[n++] = i;
    order[n] = *axis;
    struct ndarray *turned = array_permute(vm, array, order);
    return turned ? array_duplicate(vm, turned, DTYPE_NONE) : NULL;
}

static value turn_back(struct vm *vm, struct ndarray *rows, uint32_t axis)
{
    uint32_t order[DIMENSIONS_MAX], n = 0;
    for (uint32_t i = 0; i < rows->dimensions; i++)
        order[i] = i == axis ? rows->dimensions - 1u : n++;
    struct ndarray *view = array_permute(vm, rows, order);
    return view ? array_value(array_contiguous(vm, view, DTYPE_NONE)) : VALUE_NULL;
}

METHOD(sorting_sort)
{
    (void)self, (void)count, (void)keyword_names;
    uint32_t axis;
    bool stable;
    if (arguments[3] != VALUE_NULL && arguments[3] != NONE)
        return raise_error(vm, &exc_ValueError, "Cannot specify order when the array has no fields.");
    struct ndarray *rows =
        kind_is_stable(vm, arguments[2], &stable) ? rows_copy(vm, arguments[0], arguments[1], true, &axis) : NULL;
    if (!rows)
        return VALUE_NULL;
    int64_t length = rows->shape[rows->dimensions - 1], bytes = rows->item_size;
    for (int64_t i = 0; length && i < rows->size / length; i++)
        if (!elements_sort(vm, array_dtype(rows), rows->data + i * length * bytes, length))
            return VALUE_NULL;
    return rows->dimensions == 1 ? object_value(rows) : turn_back(vm, rows, axis);
}

METHOD(sorting_sort_in_place)
{
    if (arguments[1] == NONE)
        return raise_error(vm, &exc_TypeError, "'NoneType' object cannot be interpreted as an integer");
    if (array_of(arguments[0])->readonly)
        return raise_error(vm, &exc_ValueError, "sort array is read-only");
    value sorted = sorting_sort(vm, self, arguments, count, keyword_names);
    return sorted != VALUE_NULL && array_assign(vm, array_of(arguments[0]), sorted) ? NONE : VALUE_NULL;
}

/* (rows, places): of each row along the last axis the elements that sorting would bring to those places, which ascend. */
METHOD(sorting_ranked)
{
    (void)self, (void)count, (void)keyword_names;
    int64_t shape[DIMENSIONS_MAX];
    struct ndarray *places = array_from(vm, arguments[1], DTYPE_INT64),
                   *rows = places ? array_contiguous(vm, array_of(arguments[0]), DTYPE_NONE) : NULL;
    if (!rows)
        return VALUE_NULL;
    const uint32_t last = rows->dimensions - 1u;
    const int64_t length = rows->shape[last], wanted = places->size, bytes = rows->item_size;
    const int64_t *at = (const int64_t *)(const void *)places->data;
    memcpy(shape, rows->shape, last * sizeof *shape);
    shape[last] = wanted;
    struct ndarray *out = array_new(vm, array_dtype(rows), rows->dimensions, shape), *sorted = NULL;
    for (int64_t i = 0; out && length && i < rows->size / length; i++) {
        uint64_t looked_at = 0;
        if (!sorted && radix_select(array_dtype(rows), rows->data + i * length * bytes, length, at, wanted,
                                    out->data + i * wanted * bytes, &looked_at)) {
            ADD_WORK(vm, comparisons, looked_at);
            continue;
        }
        if (!sorted && !(sorted = array_duplicate(vm, rows, DTYPE_NONE)))
            return VALUE_NULL;
        char *row = sorted->data + i * length * bytes;
        if (!elements_sort(vm, array_dtype(rows), row, length))
            return VALUE_NULL;
        for (int64_t k = 0; k < wanted; k++)
            memcpy(out->data + (i * wanted + k) * bytes, row + at[k] * bytes, (size_t)bytes);
    }
    gc_keep(object_value(rows));
    gc_keep(object_value(places));
    return array_value(out);
}

METHOD(sorting_argsort)
{
    (void)self, (void)count, (void)keyword_names;
    uint32_t axis;
    bool stable;
    if (arguments[3] != VALUE_NULL && arguments[3] != NONE)
        return raise_error(vm, &exc_ValueError, "Cannot specify order when the array has no fields.");
    struct ndarray *rows =
        kind_is_stable(vm, arguments[2], &stable) ? rows_copy(vm, arguments[0], arguments[1], false, &axis) : NULL;
    struct ndarray *orders = rows ? array_new(vm, DTYPE_INT64, rows->dimensions, rows->shape) : NULL;
    if (!orders)
        return VALUE_NULL;
    int64_t length = rows->shape[rows->dimensions - 1], bytes = rows->item_size;
    for (int64_t i = 0; length && i < rows->size / length; i++)
        if (!elements_argsort(vm, array_dtype(rows), rows->data + i * length * bytes, length,
                              (int64_t *)(void *)orders->data + i * length, stable))
            return VALUE_NULL;
    gc_keep(object_value(rows));
    return orders->dimensions == 1 ? object_value(orders) : turn_back(vm, orders, axis);
}

/* (a, v, side='left', sorter=None) */
/* 'left' or 'right', or another word that begins so, which is deprecated. */
static bool side_from(struct vm *vm, value side, bool *right)
{
    *right = false;
    if (side == VALUE_NULL)
        return true;
    if (!has_flag(side, TYPE_STRING)) {
        raise_error(vm, &exc_TypeError, "search side must be str, not %T", side);
        return false;
    }
    const char *text = string_utf8(vm, side, NULL);
    if (!text || !strchr("lrLR", *text) || !*text) {
        if (text)
            raise_error(vm, &exc_ValueError, "search side must be 'left' or 'right' (got %R)", side);
        return false;
    }
    *right = *text == 'r' || *text == 'R';
    return !strcmp(text, *right ? "right" : "left") ||
           warning_issue(vm, &exc_DeprecationWarning, 1,
                         "inexact matches and case insensitive matches for search side are deprecated, please use "
                         "one of 'left' or 'right' instead.");
}

/* The place of an item among objects or strings, which Python compares; -1: error. */
static int64_t search_values(struct vm *vm, const struct ndarray *array, const char *element, int dtype, bool right,
                             const int64_t *order)
{
    int64_t low = 0, high = array->size;
    value item = element_to_python(vm, dtype, element);
    /* numpy compares an item with the one before it, the first with itself */
    if (item != VALUE_NULL && compare_truth(vm, COMPARE_LT, item, item) < 0)
        return -1;
    while (low < high && item != VALUE_NULL) {
        int64_t middle = low + (high - low) / 2, at = order ? order[middle] : middle;
        if (at < 0 || at >= array->size) {
            raise_error(vm, &exc_ValueError, "Sorter index out of range.");
            return -1;
        }
        value other = element_to_python(vm, dtype, array->data + at * array->item_size);
        int before = other == VALUE_NULL ? -1 : compare_truth(vm, COMPARE_LT, other, item); /* asked first on both sides */
        int behind = before || !right ? before : compare_truth(vm, COMPARE_LT, item, other);
        if (before < 0 || behind < 0)
            return -1;
        if (before || (right && !behind))
            low = middle + 1;
        else
            high = middle;
    }
    return item == VALUE_NULL ? -1 : low;
}

METHOD(sorting_searchsorted)
{
    (void)self, (void)count, (void)keyword_names;
    bool right;
    if (!side_from(vm, arguments[2], &right))
        return VALUE_NULL;
    struct ndarray *array = array_from(vm, arguments[0], DTYPE_NONE),
                   *items = array ? array_from(vm, arguments[1], DTYPE_NONE) : NULL;
    struct ndarray *sorter = NULL;
    if (!items)
        return VALUE_NULL;
    if (array->dimensions != 1)
        return raise_error(vm, &exc_ValueError,
                           array->dimensions ? "object too deep for desired array"
                                             : "object of too small depth for desired array");
    int dtype = promote_types(vm, array_dtype(array), array_dtype(items));
    if (dtype < 0)
        return VALUE_NULL;
    if (arguments[3] != VALUE_NULL && arguments[3] != NONE) {
        sorter = array_from(vm, arguments[3], DTYPE_INT64);
        sorter = sorter ? array_contiguous(vm, sorter, DTYPE_INT64) : NULL;
        if (!sorter)
            return VALUE_NULL;
        if (sorter->size != array->size)
            return raise_error(vm, &exc_ValueError, "sorter.size must equal a.size");
    }
    array = array_contiguous(vm, array, dtype);
    items = array ? array_contiguous(vm, items, dtype) : NULL;
    struct ndarray *out = items ? array_new(vm, DTYPE_INT64, items->dimensions, items->shape) : NULL;
    if (!out)
        return VALUE_NULL;
    const int64_t *order = sorter ? (const int64_t *)(const void *)sorter->data : NULL;
    for (int64_t i = 0; i < out->size && !is_numeric_dtype(dtype); i++) {
        int64_t found = search_values(vm, array, items->data + i * items->item_size, dtype, right, order);
        if (found < 0)
            return VALUE_NULL;
        ((int64_t *)(void *)out->data)[i] = found;
    }
    for (int64_t i = 0; i < out->size && is_numeric_dtype(dtype); i++) {
        int64_t found = sorters[dtype].search(array->data, array->size, items->data + i * items->item_size, right, order);
        if (found < 0)
            return raise_error(vm, &exc_ValueError, "Sorter index out of range.");
        ((int64_t *)(void *)out->data)[i] = found;
    }
    ADD_WORK(vm, comparisons, out->size * (64 - __builtin_clzll((unsigned long long)array->size | 1)));
    gc_keep(object_value(array));
    gc_keep(object_value(items));
    return array_result(vm, out);
}

const struct method_definition sorting_functions[] = {
    {"sort", "(a, axis=-1, kind=None, order=None)", sorting_sort, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"_ranked", "(rows, places, /)", sorting_ranked, METHOD_STATIC, NULL},
    {"_sort_in_place", "(a, axis=-1, kind=None, order=None)", sorting_sort_in_place, METHOD_STATIC, NULL},
    {"argsort", "(a, axis=-1, kind=None, order=None)", sorting_argsort, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"searchsorted", "(a, v, side='left', sorter=None)", sorting_searchsorted, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {NULL, NULL, NULL, 0, NULL},
};
