/* string_methods.c - the methods of str, apart from format and % (string_format.c, string_percent.c). */
#include "sim/runtime/text.h"

#define METHOD(name)                                                                                                   \
    static value method_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED_ARGUMENTS (void)vm, (void)arguments, (void)count, (void)keyword_names

/* ---- arguments ---- */

static bool require_string(struct vm *vm, value v, const char *function, int position)
{
    if (is_string(v))
        return true;
    if (position)
        raise_error(vm, &exc_TypeError, "%s() argument %d must be str, not %T", function, position, v);
    else
        raise_error(vm, &exc_TypeError, "%s() argument must be str, not %T", function, v);
    return false;
}

static bool optional_count(struct vm *vm, value v, int64_t *result)
{
    *result = -1;
    return v == VALUE_NULL || value_to_int64(vm, v, result);
}

struct search { /* what find, count, index... were asked */
    struct span text, part;
    int64_t from, to;
};

/* The arguments of startswith and endswith as well: any first argument. */
static bool search_arguments(struct vm *vm, const char *function, const value *arguments, size_t count,
                             value keyword_names, value self, struct search *out)
{
    if (keyword_names != VALUE_NULL && tuple_of(keyword_names)->length) {
        raise_error(vm, &exc_TypeError, "str.%s() takes no keyword arguments", function);
        return false;
    }
    if (count < 1 || count > 3) {
        raise_error(vm, &exc_TypeError, "%s() takes at %s (%zu given)", function,
                    count < 1 ? "least 1 argument" : "most 3 arguments", count);
        return false;
    }
    out->text = string_span(self);
    return search_range(vm, count > 1 ? arguments[1] : VALUE_NULL, count > 2 ? arguments[2] : VALUE_NULL,
                        out->text.length, &out->from, &out->to);
}

static bool search_part(struct vm *vm, const char *function, const value *arguments, size_t count, value keyword_names,
                        value self, struct search *out)
{
    if (!search_arguments(vm, function, arguments, count, keyword_names, self, out))
        return false;
    if (!is_string(arguments[0])) {
        raise_error(vm, &exc_TypeError, "must be str, not %T", arguments[0]);
        return false;
    }
    out->part = string_span(arguments[0]);
    return true;
}

static int64_t search_forward(struct vm *vm, const struct search *search)
{
    if (search->from > search->to)
        return -1;
    int64_t found = span_find(search->text, search->part, (size_t)search->from, (size_t)search->to);
    ADD_WORK(vm, characters,
             found < 0 ? search->to - search->from : found - search->from + (int64_t)search->part.length);
    return found;
}

static int64_t search_backward(struct vm *vm, const struct search *search)
{
    if (search->from > search->to)
        return -1;
    int64_t found = span_rfind(search->text, search->part, (size_t)search->from, (size_t)search->to);
    ADD_WORK(vm, characters, search->to - (found < 0 ? search->from : found));
    return found;
}

/* ---- searching ---- */

METHOD(find)
{
    struct search search;
    if (!search_part(vm, "find", arguments, count, keyword_names, self, &search))
        return VALUE_NULL;
    return small_int(search_forward(vm, &search));
}

METHOD(rfind)
{
    struct search search;
    if (!search_part(vm, "rfind", arguments, count, keyword_names, self, &search))
        return VALUE_NULL;
    return small_int(search_backward(vm, &search));
}

static value found_index(struct vm *vm, int64_t found)
{
    return found < 0 ? raise_error(vm, &exc_ValueError, "substring not found") : small_int(found);
}

METHOD(index)
{
    struct search search;
    if (!search_part(vm, "index", arguments, count, keyword_names, self, &search))
        return VALUE_NULL;
    return found_index(vm, search_forward(vm, &search));
}

METHOD(rindex)
{
    struct search search;
    if (!search_part(vm, "rindex", arguments, count, keyword_names, self, &search))
        return VALUE_NULL;
    return found_index(vm, search_backward(vm, &search));
}

METHOD(count)
{
    struct search search;
    if (!search_part(vm, "count", arguments, count, keyword_names, self, &search))
        return VALUE_NULL;
    if (search.from > search.to)
        return small_int(0);
    ADD_WORK(vm, characters, search.to - search.from);
    return small_int(span_count(search.text, search.part, (size_t)search.from, (size_t)search.to, -1));
}

static bool affix_matches(struct vm *vm, const struct search *search, value affix, bool at_end)
{
    struct span part = string_span(affix);
    int64_t length = (int64_t)part.length;
    ADD_WORK(vm, characters, length);
    if (search->to - search->from < length)
        return false;
    return span_matches(search->text, (size_t)(at_end ? search->to - length : search->from), part);
}

static value match_affix(struct vm *vm, const char *function, bool at_end, value self, const value *arguments,
                         size_t count, value keyword_names)
{
    struct search search;
    if (!search_arguments(vm, function, arguments, count, keyword_names, self, &search))
        return VALUE_NULL;
    value affix = arguments[0];
    if (is_string(affix))
        return bool_value(affix_matches(vm, &search, affix, at_end));
    if (!has_flag(affix, TYPE_TUPLE))
        return raise_error(vm, &exc_TypeError, "%s first arg must be str or a tuple of str, not %T", function, affix);
    for (size_t i = 0; i < tuple_of(affix)->length; i++) {
        value item = tuple_of(affix)->items[i];
        if (!is_string(item))
            return raise_error(vm, &exc_TypeError, "tuple for %s must only contain str, not %T", function, item);
        if (affix_matches(vm, &search, item, at_end))
            return TRUE;
    }
    return FALSE;
}

METHOD(startswith)
{
    return match_affix(vm, "startswith", false, self, arguments, count, keyword_names);
}

METHOD(endswith)
{
    return match_affix(vm, "endswith", true, self, arguments, count, keyword_names);
}

METHOD(removeprefix)
{
    UNUSED_ARGUMENTS;
    if (!require_string(vm, arguments[0], "removeprefix", 0))
        return VALUE_NULL;
    struct span part = string_span(arguments[0]);
    bool there = span_matches(string_span(self), 0, part);
    return string_slice(vm, self, there ? (int64_t)part.length : 0, string_of(self)->length);
}

METHOD(removesuffix)
{
    UNUSED_ARGUMENTS;
    if (!require_string(vm, arguments[0], "removesuffix", 0))
        return VALUE_NULL;
    struct span part = string_span(arguments[0]);
    int64_t length = string_of(self)->length, rest = length - (int64_t)part.length;
    bool there = rest >= 0 && span_matches(string_span(self), (size_t)rest, part);
    return string_slice(vm, self, 0, there ? rest : length);
}

/* ---- stripping and padding ---- */

enum strip_sides { STRIP_LEFT = 1, STRIP_RIGHT = 2, STRIP_BOTH = 3 };

static bool is_stripped(struct span set, bool whitespace, uint32_t c)
{
    return whitespace ? character_is_space(c) : span_find_character(set, c, 0, set.length) >= 0;
}

static value strip(struct vm *vm, const char *function, value self, value characters, enum strip_sides sides)
{
    bool whitespace = characters == VALUE_NULL || characters == NONE;
    if (!whitespace && !is_string(characters))
        return raise_error(vm, &exc_TypeError, "%s arg must be None or str", function);
    struct span text = string_span(self), set = whitespace ? text : string_span(characters);
    size_t start = 0, stop = text.length;
    if (sides & STRIP_LEFT)
        while (start < stop && is_stripped(set, whitespace, span_at(text, start)))
            start++;
    if (sides & STRIP_RIGHT)
        while (stop > start && is_stripped(set, whitespace, span_at(text, stop - 1)))
            stop--;
    ADD_WORK(vm, characters, start + text.length - stop);
    return string_slice(vm, self, (int64_t)start, (int64_t)stop);
}

METHOD(strip)
{
    UNUSED_ARGUMENTS;
    return strip(vm, "strip", self, arguments[0], STRIP_BOTH);
}

METHOD(lstrip)
{
    UNUSED_ARGUMENTS;
    return strip(vm, "lstrip", self, arguments[0], STRIP_LEFT);
}

METHOD(rstrip)
{
    UNUSED_ARGUMENTS;
    return strip(vm, "rstrip", self, arguments[0], STRIP_RIGHT);
}

static value pad(struct vm *vm, value self, int64_t left, int64_t right, uint32_t fill)
{
    left = left < 0 ? 0 : left;
    right = right < 0 ? 0 : right;
    if (left == 0 && right == 0)
        return string_exact(vm, self);
    if (left > (int64_t)STRING_LENGTH_MAX || right > (int64_t)STRING_LENGTH_MAX)
        return raise_no_memory(vm);
    struct span text = string_span(self);
    uint32_t maximum = span_maximum(text);
    size_t length = text.length + (size_t)left + (size_t)right;
    struct string_object *out = string_allocate(vm, length, maximum > fill ? maximum : fill);
    if (!out)
        return VALUE_NULL;
    ADD_WORK(vm, characters, length);
    for (size_t i = 0; i < length; i++) {
        if (i == (size_t)left)
            i += text.length;
        if (i == length)
            break;
        if (out->width == 1)
            out->data[i] = (uint8_t)fill;
        else if (out->width == 2)
            string_two(out)[i] = (uint16_t)fill;
        else
            string_four(out)[i] = fill;
    }
    span_copy(out->data, out->width, (size_t)left, string_span(self));
    return object_value(out);
}

/* width and fillchar of center, ljust, rjust */
static bool pad_arguments(struct vm *vm, const value *arguments, int64_t *width, uint32_t *fill)
{
    *fill = ' ';
    if (!value_to_int64(vm, arguments[0], width))
        return false;
    if (arguments[1] == VALUE_NULL)
        return true;
    if (!is_string(arguments[1])) {
        raise_error(vm, &exc_TypeError, "The fill character must be a unicode character, not %T", arguments[1]);
        return false;
    }
    if (string_of(arguments[1])->length != 1) {
        raise_error(vm, &exc_TypeError, "The fill character must be exactly one character long");
        return false;
    }
    *fill = string_at(string_of(arguments[1]), 0);
    return true;
}

METHOD(center)
{
    UNUSED_ARGUMENTS;
    int64_t width;
    uint32_t fill;
    if (!pad_arguments(vm, arguments, &width, &fill))
        return VALUE_NULL;
    int64_t margin = width - string_of(self)->length;
    if (margin <= 0)
        return string_exact(vm, self);
    int64_t left = margin / 2 + (margin & width & 1);
    return pad(vm, self, left, margin - left, fill);
}

METHOD(ljust)
{
    UNUSED_ARGUMENTS;
    int64_t width;
    uint32_t fill;
    if (!pad_arguments(vm, arguments, &width, &fill))
        return VALUE_NULL;
    return pad(vm, self, 0, width - string_of(self)->length, fill);
}

METHOD(rjust)
{
    UNUSED_ARGUMENTS;
    int64_t width;
    uint32_t fill;
    if (!pad_arguments(vm, arguments, &width, &fill))
        return VALUE_NULL;
    return pad(vm, self, width - string_of(self)->length, 0, fill);
}

METHOD(zfill)
{
    UNUSED_ARGUMENTS;
    int64_t width;
    if (!value_to_int64(vm, arguments[0], &width))
        return VALUE_NULL;
    int64_t zeros = width - string_of(self)->length;
    if (zeros <= 0)
        return string_exact(vm, self);
    value out = pad(vm, self, zeros, 0, '0');
    if (out == VALUE_NULL || string_of(self)->length == 0)
        return out;
    uint32_t sign = string_at(string_of(self), 0);
    if (sign == '+' || sign == '-') {
        span_copy(string_of(out)->data, string_of(out)->width, 0, (struct span){&sign, 1, 4});
        sign = '0';
        span_copy(string_of(out)->data, string_of(out)->width, (size_t)zeros, (struct span){&sign, 1, 4});
    }
    return out;
}

METHOD(expandtabs)
{
    UNUSED_ARGUMENTS;
    int64_t size = 8;
    if (arguments[0] != VALUE_NULL && !value_to_int64(vm, arguments[0], &size))
        return VALUE_NULL;
    struct span text = string_span(self);
    if (span_find_character(text, '\t', 0, text.length) < 0)
        return string_exact(vm, self);
    struct string_builder builder = {NULL, 0, 0};
    int64_t column = 0;
    for (size_t i = 0; i < text.length; i++) {
        uint32_t c = span_at(text, i);
        if (c != '\t') {
            string_builder_add(&builder, c);
            column = c == '\n' || c == '\r' ? 0 : column + 1;
        } else if (size > 0) {
            int64_t spaces = size - column % size;
            column += spaces;
            if (!string_builder_reserve(&builder, (size_t)spaces))
                break;
            while (spaces-- > 0)
                string_builder_add(&builder, ' ');
        }
    }
    ADD_WORK(vm, characters, text.length);
    return string_builder_finish(vm, &builder);
}

/* ---- splitting and joining ---- */

static bool add_part(struct vm *vm, value list, value text, size_t start, size_t stop)
{
    value part = string_slice(vm, text, (int64_t)start, (int64_t)stop);
    return part != VALUE_NULL && list_append(vm, list_of(list), part);
}

static bool is_ascii_space(uint8_t c) { return c == ' ' || (c >= 9 && c <= 13) || (c >= 28 && c <= 31); }

static bool split_ascii_whitespace(struct vm *vm, value list, value self)
{
    const struct string_object *s = string_of(self);
    for (size_t at = 0, length = s->length; at < length;) {
        while (at < length && is_ascii_space(s->data[at]))
            at++;
        size_t start = at;
        while (at < length && !is_ascii_space(s->data[at]))
            at++;
        if (at > start && !add_part(vm, list, self, start, at))
            return false;
    }
    return true;
}

static bool split_whitespace(struct vm *vm, value list, value self, int64_t limit)
{
    struct span text = string_span(self);
    size_t at = 0;
    if (string_of(self)->ascii && limit < 0)
        return split_ascii_whitespace(vm, list, self);
    while (at < text.length) {
        while (at < text.length && character_is_space(span_at(text, at)))
            at++;
        if (at == text.length)
            break;
        size_t start = at;
        if (limit-- == 0) /* the rest, with the spaces at its end */
            return add_part(vm, list, self, start, text.length);
        while (at < text.length && !character_is_space(span_at(text, at)))
            at++;
        if (!add_part(vm, list, self, start, at))
            return false;
    }
    return true;
}

static bool rsplit_whitespace(struct vm *vm, value list, value self, int64_t limit)
{
    struct span text = string_span(self);
    size_t at = text.length;
    while (at > 0) {
        while (at > 0 && character_is_space(span_at(text, at - 1)))
            at--;
        if (at == 0)
            break;
        size_t stop = at;
        if (limit-- == 0)
            return add_part(vm, list, self, 0, stop);
        while (at > 0 && !character_is_space(span_at(text, at - 1)))
            at--;
        if (!add_part(vm, list, self, at, stop))
            return false;
    }
    return true;
}

static bool split_by(struct vm *vm, value list, value self, struct span separator, int64_t limit)
{
    struct span text = string_span(self);
    size_t start = 0;
    while (limit-- != 0) {
        int64_t found = span_find(text, separator, start, text.length);
        if (found < 0)
            break;
        if (!add_part(vm, list, self, start, (size_t)found))
            return false;
        start = (size_t)found + separator.length;
    }
    return add_part(vm, list, self, start, text.length);
}

static bool rsplit_by(struct vm *vm, value list, value self, struct span separator, int64_t limit)
{
    struct span text = string_span(self);
    size_t stop = text.length;
    while (limit-- != 0) {
        int64_t found = span_rfind(text, separator, 0, stop);
        if (found < 0)
            break;
        if (!add_part(vm, list, self, (size_t)found + separator.length, stop))
            return false;
        stop = (size_t)found;
    }
    return add_part(vm, list, self, 0, stop);
}

static void reverse_items(struct list_object *list)
{
    for (uint32_t i = 0; i < list->length / 2; i++) {
        value other = list->items[list->length - 1 - i];
        list->items[list->length - 1 - i] = list->items[i];
        list->items[i] = other;
    }
}

static value split(struct vm *vm, value self, const value *arguments, bool from_right)
{
    int64_t limit;
    value separator = arguments[0];
    bool whitespace = separator == VALUE_NULL || separator == NONE;
    if (!optional_count(vm, arguments[1], &limit))
        return VALUE_NULL;
    if (!whitespace && !is_string(separator))
        return raise_error(vm, &exc_TypeError, "must be str or None, not %T", separator);
    if (!whitespace && string_of(separator)->length == 0)
        return raise_error(vm, &exc_ValueError, "empty separator");
    value list = list_new(vm, 0);
    if (list == VALUE_NULL)
        return VALUE_NULL;
    ADD_WORK(vm, characters, string_of(self)->length);
    bool good;
    if (whitespace)
        good = from_right ? rsplit_whitespace(vm, list, self, limit) : split_whitespace(vm, list, self, limit);
    else
        good = from_right ? rsplit_by(vm, list, self, string_span(separator), limit)
                          : split_by(vm, list, self, string_span(separator), limit);
    if (!good)
        return VALUE_NULL;
    if (from_right)
        reverse_items(list_of(list));
    ADD_WORK(vm, items, list_of(list)->length);
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

static bool is_line_break(uint32_t c)
{
    return (c >= 10 && c <= 13) || (c >= 28 && c <= 30) || c == 0x85 || c == 0x2028 || c == 0x2029;
}

METHOD(splitlines)
{
    UNUSED_ARGUMENTS;
    int64_t keep = 0;
    bool good = arguments[0] == VALUE_NULL || value_to_int64(vm, arguments[0], &keep);
    value list = !good ? VALUE_NULL : list_new(vm, 0);
    if (list == VALUE_NULL)
        return VALUE_NULL;
    struct span text = string_span(self);
    ADD_WORK(vm, characters, text.length);
    for (size_t at = 0; at < text.length;) {
        size_t start = at;
        while (at < text.length && !is_line_break(span_at(text, at)))
            at++;
        size_t stop = at;
        if (at < text.length)
            at += span_at(text, at) == '\r' && at + 1 < text.length && span_at(text, at + 1) == '\n' ? 2 : 1;
        if (!add_part(vm, list, self, start, keep ? at : stop))
            return VALUE_NULL;
    }
    return list;
}

static value partition(struct vm *vm, value self, value separator, bool from_right)
{
    if (!is_string(separator))
        return raise_error(vm, &exc_TypeError, "must be str, not %T", separator);
    struct span text = string_span(self), part = string_span(separator);
    if (part.length == 0)
        return raise_error(vm, &exc_ValueError, "empty separator");
    ADD_WORK(vm, characters, text.length);
    int64_t found = from_right ? span_rfind(text, part, 0, text.length) : span_find(text, part, 0, text.length);
    value whole = string_exact(vm, self), empty = string_from_text(vm, "");
    if (whole == VALUE_NULL || empty == VALUE_NULL)
        return VALUE_NULL;
    if (found < 0)
        return from_right ? tuple_pack(vm, 3, empty, empty, whole) : tuple_pack(vm, 3, whole, empty, empty);
    value before = string_slice(vm, self, 0, found);
    value after = string_slice(vm, self, found + (int64_t)part.length, (int64_t)text.length);
    if (before == VALUE_NULL || after == VALUE_NULL)
        return VALUE_NULL;
    return tuple_pack(vm, 3, before, separator, after);
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
    value items = arguments[0];
    if (!is_exact(items, &list_type) && !is_exact(items, &tuple_type)) {
        items = list_from_sequence(vm, items, "can only join an iterable");
        if (items == VALUE_NULL)
            return VALUE_NULL;
    }
    if (has_flag(items, TYPE_TUPLE)) {
        ADD_WORK(vm, items, tuple_of(items)->length);
        return string_join(vm, self, tuple_of(items)->items, tuple_of(items)->length);
    }
    ADD_WORK(vm, items, list_of(items)->length);
    return string_join(vm, self, list_of(items)->items, list_of(items)->length);
}

/* ---- replacing ---- */

METHOD(replace)
{
    UNUSED_ARGUMENTS;
    int64_t limit;
    if (!require_string(vm, arguments[0], "replace", 1) || !require_string(vm, arguments[1], "replace", 2) ||
        !optional_count(vm, arguments[2], &limit))
        return VALUE_NULL;
    struct span text = string_span(self), old = string_span(arguments[0]), new = string_span(arguments[1]);
    ADD_WORK(vm, characters, text.length);
    int64_t times = span_count(text, old, 0, text.length, limit);
    if (times == 0 || span_equal(old, new))
        return string_exact(vm, self);
    uint32_t maximum = span_maximum(text), new_maximum = span_maximum(new);
    maximum = maximum > new_maximum ? maximum : new_maximum;
    if (new.length > old.length && (uint64_t)times > STRING_LENGTH_MAX / (new.length - old.length))
        return raise_no_memory(vm);
    size_t length = text.length + (size_t)times * new.length - (size_t)times * old.length;
    uint8_t width = maximum < 0x100 ? 1 : maximum < 0x10000 ? 2 : 4;
    struct string_object *out = string_allocate(vm, length, maximum);
    if (!out)
        return VALUE_NULL;
    ADD_WORK(vm, characters, length);
    size_t from = 0, to = 0;
    for (int64_t i = 0; i < times; i++) {
        size_t found = old.length ? (size_t)span_find(text, old, from, text.length) : from;
        span_copy(out->data, width, to, span_part(text, from, found));
        to += found - from;
        span_copy(out->data, width, to, new);
        to += new.length;
        from = found + old.length;
        if (!old.length && from < text.length) { /* between any two characters */
            span_copy(out->data, width, to++, span_part(text, from, from + 1));
            from++;
        }
    }
    span_copy(out->data, width, to, span_part(text, from, text.length));
    /* the widest character may have been replaced */
    bool canonical = width == 1 || span_maximum(string_span(object_value(out))) == maximum;
    if (width == 1)
        out->ascii = span_maximum(string_span(object_value(out))) < 0x80;
    return canonical ? object_value(out) : string_from_span(vm, string_span(object_value(out)));
}

/* What the table says for c: 1 replaced (the builder has it), 0 not in the table, -1 error. */
static int translate_character(struct vm *vm, value table, uint32_t c, struct string_builder *builder)
{
    value mapped = VALUE_NULL;
    if (is_exact(table, &dict_type)) {
        int found = dict_find(vm, dict_of(table), small_int(c), &mapped);
        if (found <= 0)
            return found;
    } else {
        mapped = get_item(vm, table, small_int(c));
        if (mapped == VALUE_NULL) {
            if (!exception_matches(vm, &exc_LookupError))
                return -1;
            exception_clear(vm);
            return 0;
        }
    }
    if (mapped == NONE)
        return 1;
    if (is_string(mapped)) {
        string_builder_add_string(builder, mapped);
        return 1;
    }
    if (!is_int(mapped)) {
        raise_error(vm, &exc_TypeError, "character mapping must return integer, None or str");
        return -1;
    }
    int64_t number;
    if (!value_to_int64(vm, mapped, &number) || number < 0 || number > 0x10ffff) {
        exception_clear(vm);
        raise_error(vm, &exc_ValueError, "character mapping must be in range(0x%x)", 0x110000);
        return -1;
    }
    string_builder_add(builder, (uint32_t)number);
    return 1;
}

METHOD(translate)
{
    UNUSED_ARGUMENTS;
    struct span text = string_span(self);
    struct string_builder builder = {NULL, 0, 0};
    ADD_WORK(vm, characters, text.length);
    for (size_t i = 0; i < text.length; i++) {
        uint32_t c = span_at(text, i);
        int done = translate_character(vm, arguments[0], c, &builder);
        if (done < 0) {
            string_builder_free(&builder);
            return VALUE_NULL;
        }
        if (!done)
            string_builder_add(&builder, c);
    }
    return string_builder_finish(vm, &builder);
}

static value maketrans_from_dict(struct vm *vm, value source)
{
    if (!is_exact(source, &dict_type))
        return raise_error(vm, &exc_TypeError, "if you give only one argument to maketrans it must be a dict");
    value table = dict_new(vm), key, item;
    if (table == VALUE_NULL)
        return VALUE_NULL;
    for (uint32_t position = 0; dict_next(dict_of(source), &position, &key, &item);) {
        if (is_string(key)) {
            if (string_of(key)->length != 1)
                return raise_error(vm, &exc_ValueError, "string keys in translate table must be of length 1");
            key = small_int(string_at(string_of(key), 0));
        } else if (!is_int(key)) {
            return raise_error(vm, &exc_TypeError, "keys in translate table must be strings or integers");
        }
        if (!dict_set(vm, dict_of(table), key, item))
            return VALUE_NULL;
    }
    return table;
}

METHOD(maketrans)
{
    (void)self;
    UNUSED_ARGUMENTS;
    value from = arguments[0], to = arguments[1], removed = arguments[2];
    if (to == VALUE_NULL)
        return maketrans_from_dict(vm, from);
    if (!require_string(vm, to, "maketrans", 2) ||
        (removed != VALUE_NULL && !require_string(vm, removed, "maketrans", 3)))
        return VALUE_NULL;
    if (!is_string(from))
        return raise_error(vm, &exc_TypeError, "first maketrans argument must be a string if there is a second argument");
    if (string_of(from)->length != string_of(to)->length)
        return raise_error(vm, &exc_ValueError, "the first two maketrans arguments must have equal length");
    value table = dict_new(vm);
    if (table == VALUE_NULL)
        return VALUE_NULL;
    for (size_t i = 0; i < string_of(from)->length; i++)
        if (!dict_set(vm, dict_of(table), small_int(string_at(string_of(from), i)),
                      small_int(string_at(string_of(to), i))))
            return VALUE_NULL;
    for (size_t i = 0; removed != VALUE_NULL && i < string_of(removed)->length; i++)
        if (!dict_set(vm, dict_of(table), small_int(string_at(string_of(removed), i)), NONE))
            return VALUE_NULL;
    return table;
}

/* ---- case and classification ---- */

METHOD(upper)
{
    UNUSED_ARGUMENTS;
    return string_change_case(vm, self, CASE_UPPER);
}

METHOD(lower)
{
    UNUSED_ARGUMENTS;
    return string_change_case(vm, self, CASE_LOWER);
}

METHOD(casefold)
{
    UNUSED_ARGUMENTS;
    return string_change_case(vm, self, CASE_FOLD);
}

METHOD(capitalize)
{
    UNUSED_ARGUMENTS;
    return string_capitalize(vm, self);
}

METHOD(title)
{
    UNUSED_ARGUMENTS;
    return string_title(vm, self);
}

METHOD(swapcase)
{
    UNUSED_ARGUMENTS;
    return string_swapcase(vm, self);
}

/* At least one character, and every one passes. */
static value all_characters(struct vm *vm, value self, bool (*test)(uint32_t))
{
    struct span text = string_span(self);
    size_t i = 0;
    while (i < text.length && test(span_at(text, i)))
        i++;
    ADD_WORK(vm, characters, i);
    return bool_value(text.length && i == text.length);
}

static bool character_is_alphanumeric(uint32_t c)
{
    return character_is_alpha(c) || character_is_decimal(c) || character_is_digit(c) || character_is_numeric(c);
}

#define CLASS_METHOD(name, test)                                                                                       \
    METHOD(name)                                                                                                       \
    {                                                                                                                  \
        UNUSED_ARGUMENTS;                                                                                              \
        return all_characters(vm, self, test);                                                                         \
    }
CLASS_METHOD(isalpha, character_is_alpha)
CLASS_METHOD(isalnum, character_is_alphanumeric)
CLASS_METHOD(isdecimal, character_is_decimal)
CLASS_METHOD(isdigit, character_is_digit)
CLASS_METHOD(isnumeric, character_is_numeric)
CLASS_METHOD(isspace, character_is_space)
#undef CLASS_METHOD

METHOD(isascii)
{
    UNUSED_ARGUMENTS;
    return bool_value(string_of(self)->ascii || string_of(self)->length == 0);
}

METHOD(isprintable)
{
    UNUSED_ARGUMENTS;
    return string_of(self)->length ? all_characters(vm, self, character_is_printable) : TRUE;
}

METHOD(isidentifier)
{
    UNUSED_ARGUMENTS;
    struct span text = string_span(self);
    bool good = text.length && character_is_identifier_start(span_at(text, 0));
    for (size_t i = 1; good && i < text.length; i++)
        good = character_is_identifier_part(span_at(text, i));
    ADD_WORK(vm, characters, text.length);
    return bool_value(good);
}

/* isupper (other: lower or title) and islower (other: upper or title): some cased letter, and none of the other case */
static value one_case(struct vm *vm, value self, bool (*wanted)(uint32_t), bool (*other)(uint32_t))
{
    struct span text = string_span(self);
    bool seen = false;
    ADD_WORK(vm, characters, text.length);
    for (size_t i = 0; i < text.length; i++) {
        uint32_t c = span_at(text, i);
        if (other(c) || character_is_title(c))
            return FALSE;
        seen = seen || wanted(c);
    }
    return bool_value(seen);
}

METHOD(isupper)
{
    UNUSED_ARGUMENTS;
    return one_case(vm, self, character_is_upper, character_is_lower);
}

METHOD(islower)
{
    UNUSED_ARGUMENTS;
    return one_case(vm, self, character_is_lower, character_is_upper);
}

METHOD(istitle)
{
    UNUSED_ARGUMENTS;
    struct span text = string_span(self);
    bool seen = false, after_cased = false;
    ADD_WORK(vm, characters, text.length);
    for (size_t i = 0; i < text.length; i++) {
        uint32_t c = span_at(text, i);
        bool capital = character_is_upper(c) || character_is_title(c), small = character_is_lower(c);
        if ((capital && after_cased) || (small && !after_cased))
            return FALSE;
        after_cased = capital || small;
        seen = seen || after_cased;
    }
    return bool_value(seen);
}

/* ---- the rest ---- */

METHOD(encode)
{
    UNUSED_ARGUMENTS;
    const char *encoding = NULL, *errors = NULL;
    if (arguments[0] != VALUE_NULL && !(encoding = codec_argument(vm, arguments[0], "encode", "encoding")))
        return VALUE_NULL;
    if (arguments[1] != VALUE_NULL && !(errors = codec_argument(vm, arguments[1], "encode", "errors")))
        return VALUE_NULL;
    return string_encode(vm, self, encoding, errors);
}

METHOD(format)
{
    if (keyword_names == VALUE_NULL || tuple_of(keyword_names)->length == 0)
        return string_format_fields(vm, self, arguments, count, VALUE_NULL);
    value keywords = dict_new(vm);
    if (keywords == VALUE_NULL)
        return VALUE_NULL;
    for (size_t i = 0; i < tuple_of(keyword_names)->length; i++)
        if (!dict_set(vm, dict_of(keywords), tuple_of(keyword_names)->items[i], arguments[count + i]))
            return VALUE_NULL;
    return string_format_fields(vm, self, arguments, count, keywords);
}

METHOD(format_map)
{
    UNUSED_ARGUMENTS;
    return string_format_fields(vm, self, NULL, SIZE_MAX, arguments[0]);
}

METHOD(format_self)
{
    UNUSED_ARGUMENTS;
    if (!is_string(arguments[0]))
        return raise_error(vm, &exc_TypeError, "__format__() argument must be str, not %T", arguments[0]);
    if (string_of(arguments[0])->length == 0)
        return value_string(vm, self);
    return string_format(vm, self, arguments[0]);
}

METHOD(getnewargs)
{
    UNUSED_ARGUMENTS;
    value text = string_from_span(vm, string_span(self)); /* a copy, as in CPython */
    return text == VALUE_NULL ? text : tuple_pack(vm, 1, text);
}

METHOD(sizeof)
{
    UNUSED_ARGUMENTS;
    const struct string_object *s = string_of(self);
    enum { SUBCLASS_SIZE = 80 };
    return small_int((!is_exact(self, &string_type) ? SUBCLASS_SIZE : s->ascii ? 48 : 72) + ((int64_t)s->length + 1) * s->width); /* CPython's object, on 64 bits */
}

#define ROW(name, signature) {#name, signature, method_##name, METHOD_INSTANCE, NULL}
const struct method_definition string_methods[] = {
    ROW(find, NULL),
    ROW(rfind, NULL),
    ROW(index, NULL),
    ROW(rindex, NULL),
    ROW(count, NULL),
    ROW(startswith, NULL),
    ROW(endswith, NULL),
    ROW(removeprefix, "(prefix, /)"),
    ROW(removesuffix, "(suffix, /)"),
    ROW(strip, "(chars=None, /)"),
    ROW(lstrip, "(chars=None, /)"),
    ROW(rstrip, "(chars=None, /)"),
    ROW(center, "(width, fillchar=' ', /)"),
    ROW(ljust, "(width, fillchar=' ', /)"),
    ROW(rjust, "(width, fillchar=' ', /)"),
    ROW(zfill, "(width, /)"),
    ROW(expandtabs, "(tabsize=8)"),
    ROW(split, "(sep=None, maxsplit=-1)"),
    ROW(rsplit, "(sep=None, maxsplit=-1)"),
    ROW(splitlines, "(keepends=False)"),
    ROW(partition, "(sep, /)"),
    ROW(rpartition, "(sep, /)"),
    ROW(join, "(iterable, /)"),
    ROW(replace, "(old, new, count=-1, /)"),
    ROW(translate, "(table, /)"),
    {"maketrans", "(x, y=None, z=None, /)", method_maketrans, METHOD_STATIC, NULL},
    ROW(upper, "()"),
    ROW(lower, "()"),
    ROW(casefold, "()"),
    ROW(capitalize, "()"),
    ROW(title, "()"),
    ROW(swapcase, "()"),
    ROW(isalpha, "()"),
    ROW(isalnum, "()"),
    ROW(isdecimal, "()"),
    ROW(isdigit, "()"),
    ROW(isnumeric, "()"),
    ROW(isspace, "()"),
    ROW(isascii, "()"),
    ROW(isprintable, "()"),
    ROW(isidentifier, "()"),
    ROW(isupper, "()"),
    ROW(islower, "()"),
    ROW(istitle, "()"),
    ROW(encode, "(encoding='utf-8', errors='strict')"),
    ROW(format, NULL),
    ROW(format_map, "(mapping, /)"),
    {"__format__", "(format_spec, /)", method_format_self, METHOD_INSTANCE, NULL},
    {"__getnewargs__", "()", method_getnewargs, METHOD_INSTANCE, NULL},
    {"__sizeof__", "()", method_sizeof, METHOD_INSTANCE, NULL},
    {NULL, NULL, NULL, 0, NULL},
};
