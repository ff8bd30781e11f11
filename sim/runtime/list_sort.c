/* list_sort.c - list.sort: a stable adaptive merge sort that compares exactly the pairs CPython 3.11 compares.
 *
 * Runs are found and short ones extended by binary insertion; the merge order is powersort's (J. I. Munro, S. Wild, "Nearly-
 * Optimal Mergesorts", 2018); merging gallops as in T. Peters' listsort. While sorting, the list itself is empty; what is
 * sorted belongs to a hidden list, so that the collector sees it, as it sees the merge buffer.
 */
#include "sim/runtime/container.h"

enum { MAXIMUM_PENDING = 85, MINIMUM_GALLOP = 7 };

typedef int (*less_function)(struct vm *vm, value a, value b); /* -1, 0, 1 */

struct run {
    size_t start, length;
    int power;
};

struct sort {
    struct vm *vm;
    less_function less;
    value *keys, *items;         /* items NULL: the keys are the items */
    value *key_buffer, *item_buffer;
    size_t length, buffer_length;
    size_t minimum_gallop;
    uint64_t comparisons;
    struct run pending[MAXIMUM_PENDING];
    size_t pending_count;
    value buffers[2];            /* hidden lists that own the buffers */
};

/* A run of keys with the items that go with them. */
struct span {
    value *keys, *items;
};

static int less_generic(struct vm *vm, value a, value b)
{
    return compare_truth(vm, COMPARE_LT, a, b);
}

static int less_small_int(struct vm *vm, value a, value b)
{
    (void)vm;
    return (int64_t)a < (int64_t)b;
}

static int less_float(struct vm *vm, value a, value b)
{
    (void)vm;
    return float_number(a) < float_number(b);
}

static int less_string(struct vm *vm, value a, value b)
{
    (void)vm;
    const struct string_object *x = string_of(a), *y = string_of(b);
    if (x->width == 1 && y->width == 1) {
        size_t shorter = x->length < y->length ? x->length : y->length;
        int order = memcmp(x->data, y->data, shorter);
        return order ? order < 0 : x->length < y->length;
    }
    return string_compare(a, b) < 0;
}

static int less_int(struct vm *vm, value a, value b)
{
    (void)vm;
    return int_compare(a, b) < 0;
}

/* The comparison for keys that are all of one simple type. */
static less_function less_for(const value *keys, size_t length)
{
    bool small = true, integer = true, number = true, string = true;
    for (size_t i = 0; i < length && (integer || number || string); i++) {
        value key = keys[i];
        small = small && is_small_int(key);
        integer = integer && (is_small_int(key) || is_exact(key, &int_type));
        number = number && (is_immediate_float(key) || is_exact(key, &float_type));
        string = string && is_exact(key, &string_type);
    }
    return small ? less_small_int : integer ? less_int : number ? less_float : string ? less_string : less_generic;
}

static inline int is_less(struct sort *sort, value a, value b)
{
    sort->comparisons++;
    if (sort->less == less_small_int)
        return (int64_t)a < (int64_t)b;
    return sort->less(sort->vm, a, b);
}

/* `if (a < b)` in a function that answers -1 when comparing fails and has a variable `less`. */
#define IF_LESS(a, b)                                                                                                  \
    less = is_less(sort, (a), (b));                                                                                    \
    if (less < 0)                                                                                                      \
        return -1;                                                                                                     \
    if (less)

static struct span span_at(const struct sort *sort, size_t at)
{
    return (struct span){sort->keys + at, sort->items ? sort->items + at : NULL};
}

static inline void span_copy(struct span to, int64_t to_at, struct span from, int64_t from_at, size_t count)
{
    memmove(to.keys + to_at, from.keys + from_at, count * sizeof(value));
    if (to.items)
        memmove(to.items + to_at, from.items + from_at, count * sizeof(value));
}

static inline void span_put(struct span to, int64_t to_at, struct span from, int64_t from_at)
{
    to.keys[to_at] = from.keys[from_at];
    if (to.items)
        to.items[to_at] = from.items[from_at];
}

static void values_reverse(value *values, size_t count)
{
    for (size_t i = 0, j = count; i + 1 < j; i++) {
        value other = values[--j];
        values[j] = values[i];
        values[i] = other;
    }
}

static void span_reverse(struct span span, size_t count)
{
    values_reverse(span.keys, count);
    if (span.items)
        values_reverse(span.items, count);
}

/* Length of the run that begins at `low`; *descending: it descends strictly. -1: error */
static int64_t count_run(struct sort *sort, size_t low, bool *descending)
{
    const value *keys = sort->keys;
    size_t at = low + 1;
    *descending = false;
    if (at == sort->length)
        return 1;
    int less = is_less(sort, keys[at], keys[at - 1]);
    if (less < 0)
        return -1;
    *descending = less;
    for (at++; at < sort->length; at++) {
        less = is_less(sort, keys[at], keys[at - 1]);
        if (less < 0)
            return -1;
        if (less != *descending)
            break;
    }
    return (int64_t)(at - low);
}

/* Sorts low..high, of which low..start is sorted already. */
static int binary_sort(struct sort *sort, size_t low, size_t high, size_t start)
{
    int less;
    for (; start < high; start++) {
        size_t left = low, right = start;
        value pivot = sort->keys[start];
        while (left < right) {
            size_t middle = left + ((right - left) >> 1);
            IF_LESS(pivot, sort->keys[middle])
                right = middle;
            else
                left = middle + 1;
        }
        memmove(sort->keys + left + 1, sort->keys + left, (start - left) * sizeof(value));
        sort->keys[left] = pivot;
        if (sort->items) {
            value item = sort->items[start];
            memmove(sort->items + left + 1, sort->items + left, (start - left) * sizeof(value));
            sort->items[left] = item;
        }
    }
    return 0;
}

/* Where `key` belongs in the sorted keys[0..count), before equal ones; the search starts at hint. -1: error */
static int64_t gallop_left(struct sort *sort, value key, const value *keys, int64_t count, int64_t hint)
{
    int64_t last = 0, offset = 1, limit;
    int less;
    IF_LESS(keys[hint], key) {
        limit = count - hint;
        while (offset < limit) {
            IF_LESS(keys[hint + offset], key) {
                last = offset;
                offset = (offset << 1) + 1;
            } else {
                break;
            }
        }
        offset = offset > limit ? limit : offset;
        last += hint;
        offset += hint;
    } else {
        limit = hint + 1;
        while (offset < limit) {
            IF_LESS(keys[hint - offset], key)
                break;
            last = offset;
            offset = (offset << 1) + 1;
        }
        offset = offset > limit ? limit : offset;
        int64_t nearer = last;
        last = hint - offset;
        offset = hint - nearer;
    }
    for (last++; last < offset;) {
        int64_t middle = last + ((offset - last) >> 1);
        IF_LESS(keys[middle], key)
            last = middle + 1;
        else
            offset = middle;
    }
    return offset;
}

/* The same, after equal ones. */
static int64_t gallop_right(struct sort *sort, value key, const value *keys, int64_t count, int64_t hint)
{
    int64_t last = 0, offset = 1, limit;
    int less;
    IF_LESS(key, keys[hint]) {
        limit = hint + 1;
        while (offset < limit) {
            IF_LESS(key, keys[hint - offset]) {
                last = offset;
                offset = (offset << 1) + 1;
            } else {
                break;
            }
        }
        offset = offset > limit ? limit : offset;
        int64_t nearer = last;
        last = hint - offset;
        offset = hint - nearer;
    } else {
        limit = count - hint;
        while (offset < limit) {
            IF_LESS(key, keys[hint + offset])
                break;
            last = offset;
            offset = (offset << 1) + 1;
        }
        offset = offset > limit ? limit : offset;
        last += hint;
        offset += hint;
    }
    for (last++; last < offset;) {
        int64_t middle = last + ((offset - last) >> 1);
        IF_LESS(key, keys[middle])
            offset = middle;
        else
            last = middle + 1;
    }
    return offset;
}

/* A merge under way. Low: the left run is in the buffer, taken from the front; high: the right one, taken from the back. */
struct merge {
    struct span a, b, to;
    int64_t a_at, b_at, to_at;
    int64_t a_count, b_count;
};

/* Puts `count` buffered items where they belong when the other run is used up. */
static void merge_low_rest(struct merge *m)
{
    span_copy(m->to, m->to_at, m->a, m->a_at, (size_t)m->a_count);
}

static void merge_low_last(struct merge *m)
{
    span_copy(m->to, m->to_at, m->b, m->b_at, (size_t)m->b_count);
    span_put(m->to, m->to_at + m->b_count, m->a, m->a_at);
}

static inline void take(struct merge *m, struct span from, int64_t *at)
{
    span_put(m->to, m->to_at++, from, (*at)++);
}

/* One at a time until one run wins often. 1: gallop now; 0: done; 2: one item of a is left; -1: error */
enum { MERGE_DONE = 0, MERGE_GALLOP = 1, MERGE_LAST = 2 };
static int merge_low_plainly(struct sort *sort, struct merge *m)
{
    size_t a_wins = 0, b_wins = 0;
    int less;
    for (;;) {
        IF_LESS(m->b.keys[m->b_at], m->a.keys[m->a_at]) {
            take(m, m->b, &m->b_at);
            b_wins++;
            a_wins = 0;
            if (--m->b_count == 0)
                return MERGE_DONE;
            if (b_wins >= sort->minimum_gallop)
                return MERGE_GALLOP;
        } else {
            take(m, m->a, &m->a_at);
            a_wins++;
            b_wins = 0;
            if (--m->a_count == 1)
                return MERGE_LAST;
            if (a_wins >= sort->minimum_gallop)
                return MERGE_GALLOP;
        }
    }
}

static int merge_low_galloping(struct sort *sort, struct merge *m)
{
    sort->minimum_gallop++;
    int64_t a_wins, b_wins;
    do {
        sort->minimum_gallop -= sort->minimum_gallop > 1;
        a_wins = gallop_right(sort, m->b.keys[m->b_at], m->a.keys + m->a_at, m->a_count, 0);
        if (a_wins < 0)
            return -1;
        if (a_wins) {
            span_copy(m->to, m->to_at, m->a, m->a_at, (size_t)a_wins);
            m->to_at += a_wins;
            m->a_at += a_wins;
            m->a_count -= a_wins;
            if (m->a_count == 1)
                return MERGE_LAST;
            if (m->a_count == 0) /* only when the comparison is inconsistent */
                return MERGE_DONE;
        }
        take(m, m->b, &m->b_at);
        if (--m->b_count == 0)
            return MERGE_DONE;
        b_wins = gallop_left(sort, m->a.keys[m->a_at], m->b.keys + m->b_at, m->b_count, 0);
        if (b_wins < 0)
            return -1;
        if (b_wins) {
            span_copy(m->to, m->to_at, m->b, m->b_at, (size_t)b_wins);
            m->to_at += b_wins;
            m->b_at += b_wins;
            m->b_count -= b_wins;
            if (m->b_count == 0)
                return MERGE_DONE;
        }
        take(m, m->a, &m->a_at);
        if (--m->a_count == 1)
            return MERGE_LAST;
    } while (a_wins >= MINIMUM_GALLOP || b_wins >= MINIMUM_GALLOP);
    sort->minimum_gallop++;
    return MERGE_GALLOP;
}

static bool buffer_reserve(struct sort *sort, size_t count)
{
    if (count <= sort->buffer_length)
        return true;
    for (int i = 0; i < (sort->items ? 2 : 1); i++)
        if ((sort->buffers[i] = list_new(sort->vm, count)) == VALUE_NULL)
            return false;
    sort->buffer_length = count;
    sort->key_buffer = list_of(sort->buffers[0])->items;
    sort->item_buffer = sort->items ? list_of(sort->buffers[1])->items : NULL;
    return true;
}

static struct span buffer_span(const struct sort *sort)
{
    return (struct span){sort->key_buffer, sort->item_buffer};
}

/* Merges the runs at `at` of a_count and b_count items; a is the shorter, and b's first belongs before a's first. */
static int merge_low(struct sort *sort, size_t at, int64_t a_count, int64_t b_count)
{
    if (!buffer_reserve(sort, (size_t)a_count))
        return -1;
    struct span whole = span_at(sort, at);
    struct merge m = {.a = buffer_span(sort), .b = whole, .to = whole, .b_at = a_count, .a_count = a_count, .b_count = b_count};
    span_copy(m.a, 0, whole, 0, (size_t)a_count);
    take(&m, m.b, &m.b_at);
    m.b_count--;
    int state = m.b_count == 0 ? MERGE_DONE : m.a_count == 1 ? MERGE_LAST : MERGE_GALLOP;
    while (state == MERGE_GALLOP) {
        state = merge_low_plainly(sort, &m);
        if (state == MERGE_GALLOP)
            state = merge_low_galloping(sort, &m);
    }
    if (state == MERGE_LAST)
        merge_low_last(&m);
    else if (m.a_count) /* done, or failed: nothing may be lost */
        merge_low_rest(&m);
    return state < 0 ? -1 : 0;
}

/* High merges: a_at, b_at and to_at are the positions of the last item not yet taken or filled. */
static inline void take_back(struct merge *m, struct span from, int64_t *at)
{
    span_put(m->to, m->to_at--, from, (*at)--);
}

static int merge_high_plainly(struct sort *sort, struct merge *m)
{
    size_t a_wins = 0, b_wins = 0;
    int less;
    for (;;) {
        IF_LESS(m->b.keys[m->b_at], m->a.keys[m->a_at]) {
            take_back(m, m->a, &m->a_at);
            a_wins++;
            b_wins = 0;
            if (--m->a_count == 0)
                return MERGE_DONE;
            if (a_wins >= sort->minimum_gallop)
                return MERGE_GALLOP;
        } else {
            take_back(m, m->b, &m->b_at);
            b_wins++;
            a_wins = 0;
            if (--m->b_count == 1)
                return MERGE_LAST;
            if (b_wins >= sort->minimum_gallop)
                return MERGE_GALLOP;
        }
    }
}

static int merge_high_galloping(struct sort *sort, struct merge *m)
{
    sort->minimum_gallop++;
    int64_t a_wins, b_wins;
    do {
        sort->minimum_gallop -= sort->minimum_gallop > 1;
        int64_t place = gallop_right(sort, m->b.keys[m->b_at], m->a.keys, m->a_count, m->a_count - 1);
        if (place < 0)
            return -1;
        a_wins = m->a_count - place;
        if (a_wins) {
            m->to_at -= a_wins;
            m->a_at -= a_wins;
            span_copy(m->to, m->to_at + 1, m->a, m->a_at + 1, (size_t)a_wins);
            m->a_count -= a_wins;
            if (m->a_count == 0)
                return MERGE_DONE;
        }
        take_back(m, m->b, &m->b_at);
        if (--m->b_count == 1)
            return MERGE_LAST;
        place = gallop_left(sort, m->a.keys[m->a_at], m->b.keys, m->b_count, m->b_count - 1);
        if (place < 0)
            return -1;
        b_wins = m->b_count - place;
        if (b_wins) {
            m->to_at -= b_wins;
            m->b_at -= b_wins;
            span_copy(m->to, m->to_at + 1, m->b, m->b_at + 1, (size_t)b_wins);
            m->b_count -= b_wins;
            if (m->b_count == 1)
                return MERGE_LAST;
            if (m->b_count == 0) /* only when the comparison is inconsistent */
                return MERGE_DONE;
        }
        take_back(m, m->a, &m->a_at);
        if (--m->a_count == 0)
            return MERGE_DONE;
    } while (a_wins >= MINIMUM_GALLOP || b_wins >= MINIMUM_GALLOP);
    sort->minimum_gallop++;
    return MERGE_GALLOP;
}

/* As merge_low, when b is the shorter; a's last belongs behind b's last. */
static int merge_high(struct sort *sort, size_t at, int64_t a_count, int64_t b_count)
{
    if (!buffer_reserve(sort, (size_t)b_count))
        return -1;
    struct span whole = span_at(sort, at);
    struct merge m = {.a = whole, .b = buffer_span(sort), .to = whole, .a_at = a_count - 1, .b_at = b_count - 1,
                      .to_at = a_count + b_count - 1, .a_count = a_count, .b_count = b_count};
    span_copy(m.b, 0, whole, a_count, (size_t)b_count);
    take_back(&m, m.a, &m.a_at);
    m.a_count--;
    int state = m.a_count == 0 ? MERGE_DONE : m.b_count == 1 ? MERGE_LAST : MERGE_GALLOP;
    while (state == MERGE_GALLOP) {
        state = merge_high_plainly(sort, &m);
        if (state == MERGE_GALLOP)
            state = merge_high_galloping(sort, &m);
    }
    if (state == MERGE_LAST) {
        span_copy(m.to, m.to_at - m.a_count + 1, m.a, 0, (size_t)m.a_count);
        span_put(m.to, m.to_at - m.a_count, m.b, 0);
    } else if (m.b_count) {
        span_copy(m.to, m.to_at - m.b_count + 1, m.b, 0, (size_t)m.b_count);
    }
    return state < 0 ? -1 : 0;
}

/* Merges pending runs i and i + 1. */
static int merge_at(struct sort *sort, size_t i)
{
    struct run *a = &sort->pending[i], *b = &sort->pending[i + 1];
    size_t start = a->start, second = b->start;
    int64_t a_count = (int64_t)a->length, b_count = (int64_t)b->length;
    a->length += b->length;
    if (i + 3 == sort->pending_count)
        sort->pending[i + 1] = sort->pending[i + 2];
    sort->pending_count--;
    int64_t skipped = gallop_right(sort, sort->keys[second], sort->keys + start, a_count, 0);
    if (skipped < 0)
        return -1;
    start += (size_t)skipped;
    a_count -= skipped;
    if (!a_count)
        return 0;
    b_count = gallop_left(sort, sort->keys[start + (size_t)a_count - 1], sort->keys + second, b_count, b_count - 1);
    if (b_count <= 0)
        return b_count < 0 ? -1 : 0;
    return a_count <= b_count ? merge_low(sort, start, a_count, b_count) : merge_high(sort, start, a_count, b_count);
}

/* Depth of the boundary between two neighbouring runs in the ideal merge tree: the first bit in which the runs' midpoints,
 * as fractions of the whole, differ. */
static int boundary_power(uint64_t start, uint64_t a_count, uint64_t b_count, uint64_t length)
{
    uint64_t a = 2 * start + a_count, b = a + a_count + b_count;
    for (int power = 1;; power++) {
        if (a >= length) {
            a -= length;
            b -= length;
        } else if (b >= length) {
            return power;
        }
        a <<= 1;
        b <<= 1;
    }
}

static int push_run(struct sort *sort, size_t start, size_t length)
{
    if (sort->pending_count) {
        struct run *last = &sort->pending[sort->pending_count - 1];
        int power = boundary_power(last->start, last->length, length, sort->length);
        while (sort->pending_count > 1 && sort->pending[sort->pending_count - 2].power > power)
            if (merge_at(sort, sort->pending_count - 2) < 0)
                return -1;
        sort->pending[sort->pending_count - 1].power = power;
    }
    sort->pending[sort->pending_count++] = (struct run){start, length, 0};
    return 0;
}

static int merge_all(struct sort *sort)
{
    while (sort->pending_count > 1) {
        size_t i = sort->pending_count - 2;
        if (i > 0 && sort->pending[i - 1].length < sort->pending[i + 1].length)
            i--;
        if (merge_at(sort, i) < 0)
            return -1;
    }
    return 0;
}

static size_t minimum_run(size_t length)
{
    size_t odd = 0;
    for (; length >= 64; length >>= 1)
        odd |= length & 1;
    return length + odd;
}

static int sort_keys(struct sort *sort)
{
    size_t minimum = minimum_run(sort->length);
    for (size_t at = 0; at < sort->length;) {
        bool descending;
        int64_t counted = count_run(sort, at, &descending);
        if (counted < 0)
            return -1;
        size_t run = (size_t)counted;
        if (descending)
            span_reverse(span_at(sort, at), run);
        if (run < minimum) {
            size_t forced = sort->length - at < minimum ? sort->length - at : minimum;
            if (binary_sort(sort, at, at + forced, at + run) < 0)
                return -1;
            run = forced;
        }
        if (push_run(sort, at, run) < 0)
            return -1;
        at += run;
    }
    return merge_all(sort);
}

/* Sorts what the hidden list holds; keys: a list of the same length, or VALUE_NULL. */
static bool sort_hidden(struct vm *vm, value hidden, value keys, bool reverse)
{
    size_t length = list_of(hidden)->length;
    value *items = list_of(hidden)->items;
    struct sort sort = {.vm = vm, .length = length, .minimum_gallop = MINIMUM_GALLOP};
    sort.buffers[0] = sort.buffers[1] = VALUE_NULL;
    sort.keys = keys == VALUE_NULL ? items : list_of(keys)->items;
    sort.items = keys == VALUE_NULL ? NULL : items;
    if (length < 2)
        return true;
    if (reverse)
        span_reverse(span_at(&sort, 0), length);
    sort.less = less_for(sort.keys, length);
    int result = sort_keys(&sort);
    gc_keep(keys);
    gc_keep(sort.buffers[0]);
    gc_keep(sort.buffers[1]);
    if (reverse)
        span_reverse(span_at(&sort, 0), length);
    ADD_WORK(vm, comparisons, sort.comparisons);
    return result == 0;
}

static value keys_of(struct vm *vm, value hidden, value key)
{
    size_t length = list_of(hidden)->length;
    value keys = list_new(vm, length);
    for (size_t i = 0; keys != VALUE_NULL && i < length; i++) {
        value made = call_1(vm, key, list_of(hidden)->items[i]);
        if (made == VALUE_NULL)
            return made;
        list_of(keys)->items[i] = made;
    }
    return keys;
}

int list_sort_direction(struct vm *vm, value reverse)
{
    int64_t number = 0;
    if (reverse == VALUE_NULL || reverse == FALSE || reverse == TRUE)
        return reverse == TRUE;
    if (!is_int(reverse) && !value_type(vm, reverse)->index) {
        raise_error(vm, &exc_TypeError, "'%T' object cannot be interpreted as an integer", reverse);
        return -1;
    }
    if (value_to_int64(vm, reverse, &number) && number == (int)number)
        return number != 0;
    exception_clear(vm);
    raise_error(vm, &exc_OverflowError, "Python int too large to convert to C int");
    return -1;
}

bool list_sort(struct vm *vm, value list, value key, bool reverse)
{
    struct list_object *self = list_of(list);
    /* not counted: it stands for C locals */
    uint64_t objects = vm->work[WORK_objects], bytes = vm->work[WORK_bytes];
    value hidden = list_new(vm, 0);
    vm->work[WORK_objects] = objects;
    vm->work[WORK_bytes] = bytes;
    if (hidden == VALUE_NULL)
        return false;
    struct list_object saved = *list_of(hidden);
    list_of(hidden)->items = self->items;
    list_of(hidden)->length = self->length;
    list_of(hidden)->capacity = self->capacity;
    list_empty(self);
    static const value mark; /* whoever puts items into the list replaces it, even when he takes them out again */
    value *untouched = (value *)(uintptr_t)&mark;
    self->items = untouched;
    value keys = key == VALUE_NULL ? VALUE_NULL : keys_of(vm, hidden, key);
    bool good = (key == VALUE_NULL || keys != VALUE_NULL) && sort_hidden(vm, hidden, keys, reverse);
    bool modified = self->items != untouched;
    self->items = list_of(hidden)->items;
    self->length = list_of(hidden)->length;
    self->capacity = list_of(hidden)->capacity;
    *list_of(hidden) = saved;
    if (good && modified) {
        raise_error(vm, &exc_ValueError, "list modified during sort");
        return false;
    }
    return good;
}
