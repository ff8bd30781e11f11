/* bytes_methods.c - the methods that bytes and bytearray share (results are of the object's own kind), and those that change
 * a bytearray. Letters and spaces are ASCII's. Over 1000 lines: some sixty short methods that stand in one table, for both types. */
#include "sim/runtime/buffer.h"
#include "sim/runtime/bytes.h"
#include "sim/runtime/container.h"
#include "sim/runtime/layout_size.h"
#include "sim/runtime/number.h"

#include <stdlib.h>

#define METHOD(name)                                                                                                   \
    static value method_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED_ARGUMENTS (void)vm, (void)arguments, (void)count, (void)keyword_names

static bool is_space(uint8_t c) { return c == ' ' || (c >= 9 && c <= 13); }
static bool is_upper(uint8_t c) { return (uint8_t)(c - 'A') < 26; }
static bool is_lower(uint8_t c) { return (uint8_t)(c - 'a') < 26; }
static bool is_digit(uint8_t c) { return (uint8_t)(c - '0') < 10; }
static bool is_alpha(uint8_t c) { return is_upper(c) || is_lower(c); }
static bool is_alphanumeric(uint8_t c) { return is_alpha(c) || is_digit(c); }

static uint8_t byte_at(struct span s, size_t i)
{
    return ((const uint8_t *)s.data)[i];
}

static value part_of(struct vm *vm, value self, size_t start, size_t stop)
{
    struct span data = bytes_span(self);
    if (start == 0 && stop == data.length && is_exact(self, &bytes_type))
        return self;
    ADD_WORK(vm, characters, stop - start);
    return bytes_result(vm, self, (const uint8_t *)data.data + start, stop - start);
}

/* ---- searching ---- */

struct search {
    struct span data, part;
    int64_t from, to;
    uint8_t byte; /* the part, when it was given as a number */
};

/* The bounds alone: their conversion may run code that changes what is searched. */
static bool search_bounds(struct vm *vm, const char *function, const value *arguments, size_t count, struct search *out)
{
    if (count < 1 || count > 3) {
        raise_error(vm, &exc_TypeError, "%s() takes at %s (%zu given)", function,
                    count < 1 ? "least 1 argument" : "most 3 arguments", count);
        return false;
    }
    out->from = 0;
    out->to = INT64_MAX;
    return bound_from_value(vm, count > 1 ? arguments[1] : VALUE_NULL, &out->from) &&
           bound_from_value(vm, count > 2 ? arguments[2] : VALUE_NULL, &out->to);
}

/* What is searched, once everything is converted. */
static bool search_start(struct search *out, value self)
{
    out->data = bytes_span(self);
    int64_t length = (int64_t)out->data.length;
    bound_adjust(&out->from, length);
    bound_adjust(&out->to, length);
    if (out->to > length)
        out->to = length;
    return true;
}

static bool search_part(struct vm *vm, const char *function, value self, const value *arguments, size_t count,
                        struct search *out)
{
    if (!search_bounds(vm, function, arguments, count, out))
        return false;
    value part = arguments[0];
    if (has_buffer(vm, part))
        return bytes_like(vm, part, &out->part) && search_start(out, self);
    if (!is_int(part) && !value_type(vm, part)->index) {
        raise_error(vm, &exc_TypeError, "argument should be integer or bytes-like object, not '%T'", part);
        return false;
    }
    out->part = (struct span){&out->byte, 1, 1};
    return byte_value(vm, part, "byte must be in range(0, 256)", &out->byte) && search_start(out, self);
}

static int64_t run_search(struct vm *vm, const struct search *s, bool backward)
{
    if (s->from > s->to)
        return -1;
    int64_t found = (backward ? span_rfind : span_find)(s->data, s->part, (size_t)s->from, (size_t)s->to);
    ADD_WORK(vm, characters, found < 0 ? s->to - s->from : backward ? s->to - found
                                                                    : found - s->from + (int64_t)s->part.length);
    return found;
}

#define SEARCH_METHOD(name, backward, required, missing)                                                               \
    METHOD(name)                                                                                                       \
    {                                                                                                                  \
        (void)keyword_names;                                                                                           \
        struct search search;                                                                                          \
        if (!search_part(vm, #name, self, arguments, count, &search))                                                  \
            return VALUE_NULL;                                                                                         \
        int64_t found = run_search(vm, &search, backward);                                                             \
        return found < 0 && (required) ? raise_error(vm, &exc_ValueError, missing) : small_int(found);                 \
    }
SEARCH_METHOD(find, false, false, "")
SEARCH_METHOD(rfind, true, false, "")
SEARCH_METHOD(index, false, true, "subsection not found")
SEARCH_METHOD(rindex, true, true, "subsection not found")
#undef SEARCH_METHOD

METHOD(count)
{
    (void)keyword_names;
    struct search search;
    if (!search_part(vm, "count", self, arguments, count, &search))
        return VALUE_NULL;
    if (search.from > search.to)
        return small_int(0);
    ADD_WORK(vm, characters, search.to - search.from);
    return small_int(span_count(search.data, search.part, (size_t)search.from, (size_t)search.to, -1));
}

static int affix_matches(struct vm *vm, const struct search *search, value affix, bool at_end)
{
    struct span part;
    if (!bytes_like(vm, affix, &part))
        return -1;
    int64_t length = (int64_t)part.length;
    ADD_WORK(vm, characters, length);
    return search->to - search->from >= length &&
           span_matches(search->data, (size_t)(at_end ? search->to - length : search->from), part);
}

static value match_affix(struct vm *vm, const char *function, bool at_end, value self, const value *arguments, size_t count)
{
    struct search search;
    if (!search_bounds(vm, function, arguments, count, &search) || !search_start(&search, self))
        return VALUE_NULL;
    int matches = 0;
    if (has_flag(arguments[0], TYPE_TUPLE)) {
        const struct tuple_object *tuple = tuple_of(arguments[0]);
        for (size_t i = 0; i < tuple->length && matches == 0; i++)
            matches = affix_matches(vm, &search, tuple->items[i], at_end);
    } else if (!has_buffer(vm, arguments[0])) {
        return raise_error(vm, &exc_TypeError, "%s first arg must be bytes or a tuple of bytes, not %T", function,
                           arguments[0]);
    } else {
        matches = affix_matches(vm, &search, arguments[0], at_end);
    }
    return matches < 0 ? VALUE_NULL : bool_value(matches);
}

METHOD(startswith)
{
    (void)keyword_names;
    return match_affix(vm, "startswith", false, self, arguments, count);
}

METHOD(endswith)
{
    (void)keyword_names;
    return match_affix(vm, "endswith", true, self, arguments, count);
}

METHOD(removeprefix)
{
    UNUSED_ARGUMENTS;
    struct span data = bytes_span(self), part;
    if (!bytes_like(vm, arguments[0], &part))
        return VALUE_NULL;
    return part_of(vm, self, span_matches(data, 0, part) ? part.length : 0, data.length);
}

METHOD(removesuffix)
{
    UNUSED_ARGUMENTS;
    struct span data = bytes_span(self), part;
    if (!bytes_like(vm, arguments[0], &part))
        return VALUE_NULL;
    bool there = part.length <= data.length && span_matches(data, data.length - part.length, part);
    return part_of(vm, self, 0, data.length - (there ? part.length : 0));
}

/* ---- stripping and padding ---- */

enum strip_sides { STRIP_LEFT = 1, STRIP_RIGHT = 2, STRIP_BOTH = 3 };

static value strip(struct vm *vm, value self, value characters, enum strip_sides sides)
{
    bool whitespace = characters == VALUE_NULL || characters == NONE;
    struct span data = bytes_span(self), set = data;
    if (!whitespace && !bytes_like(vm, characters, &set))
        return VALUE_NULL;
    size_t start = 0, stop = data.length;
#define STRIPPED(c) (whitespace ? is_space(c) : span_find_character(set, c, 0, set.length) >= 0)
    if (sides & STRIP_LEFT)
        while (start < stop && STRIPPED(byte_at(data, start)))
            start++;
    if (sides & STRIP_RIGHT)
        while (stop > start && STRIPPED(byte_at(data, stop - 1)))
            stop--;
#undef STRIPPED
    ADD_WORK(vm, characters, start + data.length - stop);
    return part_of(vm, self, start, stop);
}

METHOD(strip)
{
    UNUSED_ARGUMENTS;
    return strip(vm, self, arguments[0], STRIP_BOTH);
}

METHOD(lstrip)
{
    UNUSED_ARGUMENTS;
    return strip(vm, self, arguments[0], STRIP_LEFT);
}

METHOD(rstrip)
{
    UNUSED_ARGUMENTS;
    return strip(vm, self, arguments[0], STRIP_RIGHT);
}

static uint8_t *result_data(value v)
{
    return is_bytes(v) ? bytes_of(v)->data : bytearray_of(v)->data;
}

static value pad(struct vm *vm, value self, int64_t left, int64_t right, uint8_t fill)
{
    struct span data = bytes_span(self);
    left = left < 0 ? 0 : left;
    right = right < 0 ? 0 : right;
    if (left == 0 && right == 0)
        return part_of(vm, self, 0, data.length);
    value out = bytes_result(vm, self, NULL, data.length + (size_t)left + (size_t)right);
    if (out == VALUE_NULL)
        return VALUE_NULL;
    data = bytes_span(self);
    ADD_WORK(vm, characters, data.length + (size_t)left + (size_t)right);
    memset(result_data(out), fill, (size_t)left);
    memcpy(result_data(out) + left, data.data, data.length);
    memset(result_data(out) + (size_t)left + data.length, fill, (size_t)right);
    return out;
}

static bool pad_arguments(struct vm *vm, const char *function, const value *arguments, int64_t *width, uint8_t *fill)
{
    struct span part;
    *fill = ' ';
    if (!value_to_int64(vm, arguments[0], width))
        return false;
    if (arguments[1] == VALUE_NULL)
        return true;
    if (!has_buffer(vm, arguments[1]) || !bytes_like(vm, arguments[1], &part) || part.length != 1) {
        raise_error(vm, &exc_TypeError, "%s() argument 2 must be a byte string of length 1, not %T", function,
                    arguments[1]);
        return false;
    }
    *fill = byte_at(part, 0);
    return true;
}

METHOD(center)
{
    UNUSED_ARGUMENTS;
    int64_t width;
    uint8_t fill;
    if (!pad_arguments(vm, "center", arguments, &width, &fill))
        return VALUE_NULL;
    int64_t margin = width - (int64_t)bytes_span(self).length;
    int64_t left = margin > 0 ? margin / 2 + (margin & width & 1) : 0;
    return pad(vm, self, left, margin - left, fill);
}

METHOD(ljust)
{
    UNUSED_ARGUMENTS;
    int64_t width;
    uint8_t fill;
    if (!pad_arguments(vm, "ljust", arguments, &width, &fill))
        return VALUE_NULL;
    return pad(vm, self, 0, width - (int64_t)bytes_span(self).length, fill);
}

METHOD(rjust)
{
    UNUSED_ARGUMENTS;
    int64_t width;
    uint8_t fill;
    if (!pad_arguments(vm, "rjust", arguments, &width, &fill))
        return VALUE_NULL;
    return pad(vm, self, width - (int64_t)bytes_span(self).length, 0, fill);
}

METHOD(zfill)
{
    UNUSED_ARGUMENTS;
    int64_t width;
    if (!value_to_int64(vm, arguments[0], &width))
        return VALUE_NULL;
    int64_t zeros = width - (int64_t)bytes_span(self).length;
    value out = pad(vm, self, zeros, 0, '0');
    if (out == VALUE_NULL || zeros <= 0 || bytes_span(self).length == 0)
        return out;
    uint8_t *data = result_data(out);
    if (data[zeros] == '+' || data[zeros] == '-') {
        data[0] = data[zeros];
        data[zeros] = '0';
    }
    return out;
}

METHOD(expandtabs)
{
    UNUSED_ARGUMENTS;
    int64_t size = 8, column = 0;
    if (arguments[0] != VALUE_NULL && !value_to_int64(vm, arguments[0], &size))
        return VALUE_NULL;
    value out = bytearray_from(vm, NULL, 0);
    struct span data = bytes_span(self);
    for (size_t i = 0; out != VALUE_NULL && i < data.length; i++) {
        uint8_t c = byte_at(data, i);
        struct bytearray_object *array = bytearray_of(out);
        int64_t copies = c != '\t' ? 1 : size > 0 ? size - column % size : 0;
        if (!bytearray_resize(vm, array, array->length + (size_t)copies))
            return VALUE_NULL;
        memset(array->data + array->length - copies, c == '\t' ? ' ' : c, (size_t)copies);
        column = c == '\n' || c == '\r' ? 0 : column + copies;
    }
    if (out == VALUE_NULL || !is_bytes(self))
        return out;
    return bytes_from(vm, bytearray_of(out)->data, bytearray_of(out)->length);
}

/* ---- splitting and joining ---- */

static bool add_part(struct vm *vm, value list, value self, size_t start, size_t stop)
{
    ADD_WORK(vm, items, 1);
    value part = part_of(vm, self, start, stop);
    return part != VALUE_NULL && list_append(vm, list_of(list), part);
}

static bool split_whitespace(struct vm *vm, value list, value self, int64_t limit, bool backward)
{
    struct span data = bytes_span(self);
    size_t low = 0, high = data.length;
    for (;;) {
        while (!backward && low < high && is_space(byte_at(data, low)))
            low++;
        while (backward && high > low && is_space(byte_at(data, high - 1)))
            high--;
        if (low == high)
            return true;
        if (limit-- == 0)
            return add_part(vm, list, self, low, high);
        size_t start = low, stop = high;
        if (backward) {
            while (high > low && !is_space(byte_at(data, high - 1)))
                high--;
            start = high;
        } else {
            while (low < high && !is_space(byte_at(data, low)))
                low++;
            stop = low;
        }
        if (!add_part(vm, list, self, start, stop))
            return false;
    }
}

static bool split_by(struct vm *vm, value list, value self, struct span separator, int64_t limit, bool backward)
{
    struct span data = bytes_span(self);
    size_t low = 0, high = data.length;
    while (limit-- != 0) {
        int64_t found = (backward ? span_rfind : span_find)(data, separator, low, high);
        if (found < 0)
            break;
        size_t after = (size_t)found + separator.length;
        if (!(backward ? add_part(vm, list, self, after, high) : add_part(vm, list, self, low, (size_t)found)))
            return false;
        if (backward)
            high = (size_t)found;
        else
            low = after;
    }
    return add_part(vm, list, self, low, high);
}

static value split(struct vm *vm, value self, const value *arguments, bool backward)
{
    int64_t limit = -1;
    struct span separator = {NULL, 0, 1};
    bool whitespace = arguments[0] == VALUE_NULL || arguments[0] == NONE;
    if (arguments[1] != VALUE_NULL && !value_to_int64(vm, arguments[1], &limit))
        return VALUE_NULL;
    if (!whitespace && !bytes_like(vm, arguments[0], &separator))
        return VALUE_NULL;
    if (!whitespace && separator.length == 0)
        return raise_error(vm, &exc_ValueError, "empty separator");
    value list = list_new(vm, 0);
    if (list == VALUE_NULL)
        return VALUE_NULL;
    ADD_WORK(vm, characters, bytes_span(self).length);
    if (!(whitespace ? split_whitespace(vm, list, self, limit, backward)
                     : split_by(vm, list, self, separator, limit, backward)))
        return VALUE_NULL;
    struct list_object *items = list_of(list);
    for (uint32_t i = 0; backward && i < items->length / 2; i++) {
        value other = items->items[items->length - 1 - i];
        items->items[items->length - 1 - i] = items->items[i];
        items->items[i] = other;
    }
    return list;
}

METHOD(split)
{
    UNUSED_ARGUMENTS;
    return split(vm, self, arguments, false);
}

METHOD(rsplit)
{
    UNUSED_ARGUMENTS;
    return split(vm, self, arguments, true);
}

METHOD(splitlines)
{
    UNUSED_ARGUMENTS;
    int64_t keep = 0;
    bool good = arguments[0] == VALUE_NULL || value_to_int64(vm, arguments[0], &keep);
    value list = !good ? VALUE_NULL : list_new(vm, 0);
    struct span data = bytes_span(self);
    for (size_t at = 0; list != VALUE_NULL && at < data.length;) {
        size_t start = at;
        while (at < data.length && byte_at(data, at) != '\n' && byte_at(data, at) != '\r')
            at++;
        size_t stop = at;
        if (at < data.length)
            at += byte_at(data, at) == '\r' && at + 1 < data.length && byte_at(data, at + 1) == '\n' ? 2 : 1;
        if (!add_part(vm, list, self, start, keep ? at : stop))
            return VALUE_NULL;
    }
    return list;
}

static value partition(struct vm *vm, value self, value separator, bool backward)
{
    struct span data = bytes_span(self), part;
    if (!bytes_like(vm, separator, &part))
        return VALUE_NULL;
    if (part.length == 0)
        return raise_error(vm, &exc_ValueError, "empty separator");
    ADD_WORK(vm, characters, data.length);
    int64_t found = (backward ? span_rfind : span_find)(data, part, 0, data.length);
    size_t low = found >= 0 ? (size_t)found : backward ? 0 : data.length;
    size_t high = found >= 0 ? low + part.length : low;
    value before = part_of(vm, self, 0, low), after = part_of(vm, self, high, data.length);
    value middle = found < 0 ? bytes_result(vm, self, NULL, 0)
                   : is_bytes(self) && is_bytes(separator) ? separator : bytes_result(vm, self, part.data, part.length);
    if (before == VALUE_NULL || middle == VALUE_NULL || after == VALUE_NULL)
        return VALUE_NULL;
    return tuple_pack(vm, 3, before, middle, after);
}

METHOD(partition)
{
    UNUSED_ARGUMENTS;
    return partition(vm, self, arguments[0], false);
}

METHOD(rpartition)
{
    UNUSED_ARGUMENTS;
    return partition(vm, self, arguments[0], true);
}

METHOD(join)
{
    UNUSED_ARGUMENTS;
    value list = list_from_sequence(vm, arguments[0], "can only join an iterable");
    if (list == VALUE_NULL)
        return VALUE_NULL;
    struct span between = bytes_span(self), part;
    size_t items = list_of(list)->length, length = items ? between.length * (items - 1) : 0;
    for (size_t i = 0; i < items; i++) {
        value item = list_of(list)->items[i];
        if (!has_buffer(vm, item))
            return raise_error(vm, &exc_TypeError, "sequence item %zu: expected a bytes-like object, %T found", i, item);
        if (!bytes_like(vm, item, &part))
            return VALUE_NULL;
        length += part.length;
    }
    value out = bytes_result(vm, self, NULL, length);
    if (out == VALUE_NULL)
        return VALUE_NULL;
    ADD_WORK(vm, items, items);
    ADD_WORK(vm, characters, length);
    uint8_t *to = result_data(out);
    for (size_t i = 0; i < items; i++) {
        if (i && between.length) {
            memcpy(to, bytes_span(self).data, between.length);
            to += between.length;
        }
        if (!bytes_like(vm, list_of(list)->items[i], &part))
            return VALUE_NULL;
        if (part.length)
            memcpy(to, part.data, part.length);
        to += part.length;
    }
    return out;
}

/* ---- replacing ---- */

METHOD(replace)
{
    UNUSED_ARGUMENTS;
    struct span data, old, new;
    int64_t limit = -1;
    if (!bytes_like(vm, arguments[0], &old) || !bytes_like(vm, arguments[1], &new) ||
        (arguments[2] != VALUE_NULL && !value_to_int64(vm, arguments[2], &limit)))
        return VALUE_NULL;
    data = bytes_span(self); /* that conversion may have run code that changes them */
    if (!bytes_like(vm, arguments[0], &old) || !bytes_like(vm, arguments[1], &new))
        return VALUE_NULL;
    ADD_WORK(vm, characters, data.length);
    int64_t times = span_count(data, old, 0, data.length, limit);
    if (times == 0)
        return part_of(vm, self, 0, data.length);
    if (new.length && (uint64_t)times > ((size_t)1 << 46) / new.length)
        return raise_no_memory(vm);
    value out = bytes_result(vm, self, NULL, data.length + (size_t)times * new.length - (size_t)times * old.length);
    if (out == VALUE_NULL)
        return VALUE_NULL;
    uint8_t *to = result_data(out);
    const uint8_t *from = data.data;
    size_t at = 0;
    for (int64_t i = 0; i < times; i++) {
        size_t found = old.length ? (size_t)span_find(data, old, at, data.length) : at;
        memcpy(to, from + at, found - at);
        to += found - at;
        memcpy(to, new.data, new.length);
        to += new.length;
        at = found + old.length;
        if (!old.length && at < data.length)
            *to++ = from[at++];
    }
    memcpy(to, from + at, data.length - at);
    ADD_WORK(vm, characters, bytes_span(out).length);
    return out;
}

METHOD(translate)
{
    UNUSED_ARGUMENTS;
    struct span data = bytes_span(self), table = {NULL, 0, 1}, removed = {NULL, 0, 1};
    if (arguments[0] != NONE) {
        if (!bytes_like(vm, arguments[0], &table))
            return VALUE_NULL;
        if (table.length != 256)
            return raise_error(vm, &exc_ValueError, "translation table must be 256 characters long");
    }
    if (arguments[1] != VALUE_NULL && !bytes_like(vm, arguments[1], &removed))
        return VALUE_NULL;
    uint8_t *kept = malloc(data.length + 1);
    if (!kept)
        return raise_no_memory(vm);
    size_t used = 0;
    for (size_t i = 0; i < data.length; i++) {
        uint8_t c = byte_at(data, i);
        if (span_find_character(removed, c, 0, removed.length) < 0)
            kept[used++] = table.data ? byte_at(table, c) : c;
    }
    ADD_WORK(vm, characters, data.length);
    bool same = is_exact(self, &bytes_type) && used == data.length && memcmp(kept, data.data, used) == 0;
    value out = same ? self : bytes_result(vm, self, kept, used);
    free(kept);
    return out;
}

METHOD(maketrans)
{
    (void)self;
    UNUSED_ARGUMENTS;
    struct span from, to;
    uint8_t table[256];
    if (!bytes_like(vm, arguments[0], &from) || !bytes_like(vm, arguments[1], &to))
        return VALUE_NULL;
    if (from.length != to.length)
        return raise_error(vm, &exc_ValueError, "maketrans arguments must have same length");
    for (int i = 0; i < 256; i++)
        table[i] = (uint8_t)i;
    for (size_t i = 0; i < from.length; i++)
        table[byte_at(from, i)] = byte_at(to, i);
    return bytes_from(vm, table, sizeof table);
}

/* ---- case and classification ---- */

typedef uint8_t (*byte_map)(uint8_t c, bool after_letter);

static uint8_t to_upper(uint8_t c, bool after) { (void)after; return is_lower(c) ? c - 32 : c; }
static uint8_t to_lower(uint8_t c, bool after) { (void)after; return is_upper(c) ? c + 32 : c; }
static uint8_t to_other(uint8_t c, bool after) { (void)after; return is_alpha(c) ? c ^ 32 : c; }
static uint8_t to_title(uint8_t c, bool after) { return after ? to_lower(c, after) : to_upper(c, after); }

static value map_bytes(struct vm *vm, value self, byte_map map)
{
    struct span data = bytes_span(self);
    value out = bytes_result(vm, self, data.data, data.length);
    if (out == VALUE_NULL)
        return VALUE_NULL;
    ADD_WORK(vm, characters, data.length);
    uint8_t *to = result_data(out);
    bool after = false;
    for (size_t i = 0; i < data.length; i++) {
        uint8_t c = to[i];
        to[i] = map(c, after);
        after = is_alpha(c);
    }
    return out;
}

METHOD(upper)
{
    UNUSED_ARGUMENTS;
    return map_bytes(vm, self, to_upper);
}

METHOD(lower)
{
    UNUSED_ARGUMENTS;
    return map_bytes(vm, self, to_lower);
}

METHOD(swapcase)
{
    UNUSED_ARGUMENTS;
    return map_bytes(vm, self, to_other);
}

METHOD(title)
{
    UNUSED_ARGUMENTS;
    return map_bytes(vm, self, to_title);
}

METHOD(capitalize)
{
    UNUSED_ARGUMENTS;
    value out = map_bytes(vm, self, to_lower);
    if (out != VALUE_NULL && bytes_span(out).length)
        result_data(out)[0] = to_upper(result_data(out)[0], false);
    return out;
}

static value all_bytes(struct vm *vm, value self, bool (*test)(uint8_t))
{
    struct span data = bytes_span(self);
    size_t i = 0;
    while (i < data.length && test(byte_at(data, i)))
        i++;
    ADD_WORK(vm, characters, i);
    return bool_value(data.length && i == data.length);
}

#define CLASS_METHOD(name, test)                                                                                       \
    METHOD(name)                                                                                                       \
    {                                                                                                                  \
        UNUSED_ARGUMENTS;                                                                                              \
        return all_bytes(vm, self, test);                                                                              \
    }
CLASS_METHOD(isalpha, is_alpha)
CLASS_METHOD(isalnum, is_alphanumeric)
CLASS_METHOD(isdigit, is_digit)
CLASS_METHOD(isspace, is_space)
#undef CLASS_METHOD

METHOD(isascii)
{
    UNUSED_ARGUMENTS;
    return bool_value(span_maximum(bytes_span(self)) < 0x80);
}

static value one_case(value self, bool (*wanted)(uint8_t), bool (*other)(uint8_t))
{
    struct span data = bytes_span(self);
    bool seen = false;
    for (size_t i = 0; i < data.length; i++) {
        if (other(byte_at(data, i)))
            return FALSE;
        seen = seen || wanted(byte_at(data, i));
    }
    return bool_value(seen);
}

METHOD(isupper)
{
    UNUSED_ARGUMENTS;
    return one_case(self, is_upper, is_lower);
}

METHOD(islower)
{
    UNUSED_ARGUMENTS;
    return one_case(self, is_lower, is_upper);
}

METHOD(istitle)
{
    UNUSED_ARGUMENTS;
    struct span data = bytes_span(self);
    bool seen = false, after = false;
    for (size_t i = 0; i < data.length; i++) {
        uint8_t c = byte_at(data, i);
        if ((is_upper(c) && after) || (is_lower(c) && !after))
            return FALSE;
        after = is_alpha(c);
        seen = seen || after;
    }
    return bool_value(seen);
}

/* ---- conversions ---- */

METHOD(decode)
{
    UNUSED_ARGUMENTS;
    const char *encoding = NULL, *errors = NULL;
    if (arguments[0] != VALUE_NULL && !(encoding = codec_argument(vm, arguments[0], "decode", "encoding")))
        return VALUE_NULL;
    if (arguments[1] != VALUE_NULL && !(errors = codec_argument(vm, arguments[1], "decode", "errors")))
        return VALUE_NULL;
    struct span data = bytes_span(self);
    return bytes_decode(vm, data.data, data.length, encoding, errors);
}

value bytes_hex(struct vm *vm, struct span data, value separator, value group)
{
    int64_t size = 1;
    uint32_t between = 0;
    if (group != VALUE_NULL && !value_to_int64(vm, group, &size))
        return VALUE_NULL;
    if (separator != VALUE_NULL) {
        int64_t length = value_length(vm, separator);
        if (length < 0)
            return VALUE_NULL;
        if (length != 1)
            return raise_error(vm, &exc_ValueError, "sep must be length 1.");
        if (!is_string(separator) && !is_bytes(separator))
            return raise_error(vm, &exc_TypeError, "sep must be str or bytes.");
        between = is_string(separator) ? string_at(string_of(separator), 0) : bytes_of(separator)->data[0];
        if (between > 127)
            return raise_error(vm, &exc_ValueError, "sep must be ASCII.");
    }
    struct string_builder builder = {NULL, 0, 0};
    size_t each = (size_t)(size < 0 ? -size : size);
    for (size_t i = 0; i < data.length; i++) {
        size_t before = size > 0 ? data.length - i : i; /* groups are counted from the right, or from the left */
        if (i && separator != VALUE_NULL && each && before % each == 0)
            string_builder_add(&builder, between);
        string_builder_add(&builder, (uint32_t)"0123456789abcdef"[byte_at(data, i) >> 4]);
        string_builder_add(&builder, (uint32_t)"0123456789abcdef"[byte_at(data, i) & 15]);
    }
    ADD_WORK(vm, characters, data.length * 2);
    return string_builder_finish(vm, &builder);
}

METHOD(hex)
{
    UNUSED_ARGUMENTS;
    value group = arguments[1]; /* made a number before the bytes are looked at: it may change them */
    if (group != VALUE_NULL && (group = number_index(vm, group)) == VALUE_NULL)
        return VALUE_NULL;
    return bytes_hex(vm, bytes_span(self), arguments[0], group);
}

static int hex_digit(struct span text, size_t i)
{
    uint32_t c = i < text.length ? span_at(text, i) : 0;
    return c - '0' < 10 ? (int)(c - '0') : (c | 32) - 'a' < 6 ? (int)((c | 32) - 'a' + 10) : -1;
}

METHOD(fromhex) /* class method: self is the class */
{
    UNUSED_ARGUMENTS;
    if (!is_string(arguments[0]))
        return raise_error(vm, &exc_TypeError, "fromhex() argument must be str, not %T", arguments[0]);
    struct span text = string_span(arguments[0]);
    uint8_t *data = malloc(text.length / 2 + 1);
    size_t used = 0;
    if (!data)
        return raise_no_memory(vm);
    for (size_t i = 0; i < text.length;) {
        uint32_t c = span_at(text, i);
        if (c < 0x80 && is_space((uint8_t)c)) {
            i++;
            continue;
        }
        int high = hex_digit(text, i), low = hex_digit(text, i + 1);
        if (high < 0 || low < 0) {
            free(data);
            return raise_error(vm, &exc_ValueError, "non-hexadecimal number found in fromhex() arg at position %zu",
                               high < 0 ? i : i + 1);
        }
        data[used++] = (uint8_t)(high << 4 | low);
        i += 2;
    }
    bool of_bytes = type_is_subtype((struct type *)value_object(self), &bytes_type);
    value out = of_bytes ? bytes_from(vm, data, used) : bytearray_from(vm, data, used);
    free(data);
    struct type *type = (struct type *)value_object(self);
    if (out == VALUE_NULL || type == &bytes_type || type == &bytearray_type)
        return out;
    return call_1(vm, self, out);
}

METHOD(getnewargs)
{
    UNUSED_ARGUMENTS;
    value plain = bytes_from(vm, bytes_span(self).data, bytes_span(self).length);
    return plain == VALUE_NULL ? plain : tuple_pack(vm, 1, plain);
}

static int64_t bytearray_allocated(value self)
{
    return (int64_t)(bytearray_of(self)->length + bytearray_of(self)->spare);
}

METHOD(sizeof)
{
    UNUSED_ARGUMENTS;
    int64_t content = is_bytes(self) ? (int64_t)bytes_of(self)->length : bytearray_allocated(self);
    return small_int(layout_of(value_type(vm, self)).basic + content);
}

METHOD(to_bytes)
{
    UNUSED_ARGUMENTS;
    return is_exact(self, &bytes_type) ? self : bytes_from(vm, bytes_span(self).data, bytes_span(self).length);
}

/* ---- bytearray's own ---- */

METHOD(alloc)
{
    UNUSED_ARGUMENTS;
    return small_int(bytearray_allocated(self));
}

METHOD(append)
{
    UNUSED_ARGUMENTS;
    struct bytearray_object *array = bytearray_of(self);
    uint8_t byte;
    if (!byte_value(vm, arguments[0], "byte must be in range(0, 256)", &byte) ||
        !bytearray_resize(vm, array, array->length + 1))
        return VALUE_NULL;
    array->data[array->length - 1] = byte;
    return NONE;
}

METHOD(extend)
{
    UNUSED_ARGUMENTS;
    value bytes = arguments[0];
    if (is_string(bytes)) /* its items are str */
        return string_of(bytes)->length ? raise_error(vm, &exc_TypeError, "'str' object cannot be interpreted as an integer")
                                        : NONE;
    if (!has_buffer(vm, bytes)) {
        if (!value_type(vm, bytes)->iter)
            return raise_error(vm, &exc_TypeError, "can't extend bytearray with %T", bytes);
        if (length_hint(vm, bytes, 0) < 0)
            return VALUE_NULL;
        bytes = bytes_from_arguments(vm, bytes, VALUE_NULL, VALUE_NULL, true);
    }
    if (bytes == VALUE_NULL)
        return VALUE_NULL;
    return inplace_operation(vm, BINARY_ADD, self, bytes) == VALUE_NULL ? VALUE_NULL : NONE;
}

METHOD(insert)
{
    UNUSED_ARGUMENTS;
    struct bytearray_object *array = bytearray_of(self);
    int64_t at;
    uint8_t byte;
    if (!value_to_int64(vm, arguments[0], &at) || !byte_value(vm, arguments[1], "byte must be in range(0, 256)", &byte))
        return VALUE_NULL;
    int64_t length = (int64_t)array->length;
    if (!bytearray_resize(vm, array, array->length + 1))
        return VALUE_NULL;
    at = at < 0 ? (at + length < 0 ? 0 : at + length) : at > length ? length : at;
    memmove(array->data + at + 1, array->data + at, (size_t)(length - at));
    array->data[at] = byte;
    return NONE;
}

static bool remove_at(struct vm *vm, struct bytearray_object *array, size_t at)
{
    if (!buffer_may_move(vm, &array->exports))
        return bytearray_resize(vm, array, array->length - 1);
    memmove(array->data + at, array->data + at + 1, array->length - at - 1);
    return bytearray_resize(vm, array, array->length - 1);
}

METHOD(pop)
{
    UNUSED_ARGUMENTS;
    struct bytearray_object *array = bytearray_of(self);
    int64_t at = -1;
    if (arguments[0] != VALUE_NULL && !value_to_int64(vm, arguments[0], &at))
        return VALUE_NULL;
    if (array->length == 0)
        return raise_error(vm, &exc_IndexError, "pop from empty bytearray");
    at += at < 0 ? (int64_t)array->length : 0;
    if (at < 0 || at >= (int64_t)array->length)
        return raise_error(vm, &exc_IndexError, "pop index out of range");
    value byte = small_int(array->data[at]);
    return remove_at(vm, array, (size_t)at) ? byte : VALUE_NULL;
}

METHOD(remove)
{
    UNUSED_ARGUMENTS;
    uint8_t byte;
    if (!byte_value(vm, arguments[0], "byte must be in range(0, 256)", &byte))
        return VALUE_NULL;
    struct span data = bytes_span(self);
    int64_t found = span_find_character(data, byte, 0, data.length);
    if (found < 0)
        return raise_error(vm, &exc_ValueError, "value not found in bytearray");
    return remove_at(vm, bytearray_of(self), (size_t)found) ? NONE : VALUE_NULL;
}

METHOD(reverse)
{
    UNUSED_ARGUMENTS;
    struct bytearray_object *array = bytearray_of(self);
    for (size_t i = 0; i < array->length / 2; i++) {
        uint8_t other = array->data[array->length - 1 - i];
        array->data[array->length - 1 - i] = array->data[i];
        array->data[i] = other;
    }
    return NONE;
}

METHOD(clear)
{
    UNUSED_ARGUMENTS;
    return bytearray_resize(vm, bytearray_of(self), 0) ? NONE : VALUE_NULL;
}

METHOD(copy)
{
    UNUSED_ARGUMENTS;
    return bytearray_from(vm, bytearray_of(self)->data, bytearray_of(self)->length);
}

#define ROW(name, signature) {#name, signature, method_##name, METHOD_INSTANCE, NULL}
#define SHARED_METHODS                                                                                                 \
    ROW(find, NULL), ROW(rfind, NULL), ROW(index, NULL), ROW(rindex, NULL), ROW(count, NULL), ROW(startswith, NULL),   \
        ROW(endswith, NULL), ROW(removeprefix, "(prefix, /)"), ROW(removesuffix, "(suffix, /)"),                       \
        ROW(strip, "(bytes=None, /)"), ROW(lstrip, "(bytes=None, /)"), ROW(rstrip, "(bytes=None, /)"),                 \
        ROW(center, "(width, fillchar=b' ', /)"), ROW(ljust, "(width, fillchar=b' ', /)"),                             \
        ROW(rjust, "(width, fillchar=b' ', /)"), ROW(zfill, "(width, /)"), ROW(expandtabs, "(tabsize=8)"),             \
        ROW(split, "(sep=None, maxsplit=-1)"), ROW(rsplit, "(sep=None, maxsplit=-1)"),                                 \
        ROW(splitlines, "(keepends=False)"), ROW(partition, "(sep, /)"), ROW(rpartition, "(sep, /)"),                  \
        ROW(join, "(iterable_of_bytes, /)"), ROW(replace, "(old, new, count=-1, /)"),                                  \
        ROW(translate, "(table, /, delete=b'')"),                                                                      \
        {"maketrans", "(frm, to, /)", method_maketrans, METHOD_STATIC, NULL}, ROW(upper, "()"), ROW(lower, "()"),      \
        ROW(swapcase, "()"), ROW(title, "()"), ROW(capitalize, "()"), ROW(isalpha, "()"), ROW(isalnum, "()"),          \
        ROW(isdigit, "()"), ROW(isspace, "()"), ROW(isascii, "()"), ROW(isupper, "()"), ROW(islower, "()"),            \
        ROW(istitle, "()"), ROW(decode, "(encoding='utf-8', errors='strict')"),                                        \
        ROW(hex, "(sep=None, bytes_per_sep=1)"),                                                                       \
        {"fromhex", "(string, /)", method_fromhex, METHOD_CLASS, NULL},                                                \
        {"__sizeof__", "()", method_sizeof, METHOD_INSTANCE, NULL}

const struct method_definition bytes_methods[] = {
    SHARED_METHODS,
    {"__getnewargs__", "()", method_getnewargs, METHOD_INSTANCE, NULL},
    {"__bytes__", "()", method_to_bytes, METHOD_INSTANCE, NULL},
    {NULL, NULL, NULL, 0, NULL},
};

static value bytearray_reduced(struct vm *vm, value self, value arguments)
{
    value state = arguments == VALUE_NULL ? VALUE_NULL : call_method(vm, self, "__getstate__", NULL, 0);
    return state == VALUE_NULL ? VALUE_NULL : tuple_pack(vm, 3, type_object_value(value_type(vm, self)), arguments, state);
}

/* Before protocol 3 pickles knew no bytes: the text that latin-1 makes of them. */
static value bytearray_reduce_ex(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)count, (void)keyword_names;
    struct span data = bytes_span(self);
    int64_t protocol = 0;
    if (arguments[0] != VALUE_NULL && !value_to_int64(vm, arguments[0], &protocol))
        return VALUE_NULL;
    if (protocol >= 3) {
        value bytes = bytes_from(vm, data.data, data.length);
        return bytearray_reduced(vm, self, bytes == VALUE_NULL ? bytes : tuple_pack(vm, 1, bytes));
    }
    value text = string_from_latin1(vm, data.data, data.length);
    value encoding = string_from_text(vm, "latin-1");
    return bytearray_reduced(vm, self,
                             text == VALUE_NULL || encoding == VALUE_NULL ? VALUE_NULL : tuple_pack(vm, 2, text, encoding));
}

static value bytearray_reduce(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments;
    const value protocol = small_int(2);
    return bytearray_reduce_ex(vm, self, &protocol, count, keyword_names);
}

const struct method_definition bytearray_methods[] = {
    {"__reduce__", "()", bytearray_reduce, METHOD_INSTANCE, "Return state information for pickling."},
    {"__reduce_ex__", "(proto=0, /)", bytearray_reduce_ex, METHOD_INSTANCE, "Return state information for pickling."},
    SHARED_METHODS,
    {"__alloc__", "()", method_alloc, METHOD_INSTANCE,
     "B.__alloc__() -> int\n\nReturn the number of bytes actually allocated."},
    ROW(append, "(item, /)"),
    ROW(extend, "(iterable_of_ints, /)"),
    ROW(insert, "(index, item, /)"),
    ROW(pop, "(index=-1, /)"),
    ROW(remove, "(value, /)"),
    ROW(reverse, "()"),
    ROW(clear, "()"),
    ROW(copy, "()"),
    {NULL, NULL, NULL, 0, NULL},
};
