/* string.c - str objects: making them, interning, equality, UTF-8, joining, slicing, building.
 *
 * A str holds code points in the narrowest width that fits (canonical), so equal strings have equal bytes. Interned strings
 * live as long as the vm. Lone surrogates are ordinary code points here; only encoding refuses them.
 */
#include "sim/runtime/text.h"

#include <stdlib.h>

enum { UTF8_CACHE_ENTRIES = 32, TAG_BITS = 20 };

/* A string's address and, so that others are told apart without a look at them, the low bits of its hash. Addresses of users' programs
 * have 47 bits, cells begin at multiples of 8. 0: free. */
typedef uint64_t intern_entry;

struct intern_table {
    intern_entry *entries; /* open addressing */
    size_t count, mask;
    bool has_large;                 /* strings that gc_keep_leaf did not take */
    struct { char *text; size_t capacity; } utf8[UTF8_CACHE_ENTRIES]; /* string_utf8's answers, round robin */
    unsigned next_utf8;
};

/* ---- making strings ---- */

static uint8_t width_for(uint32_t maximum)
{
    return maximum < 0x100 ? 1 : maximum < 0x10000 ? 2 : 4;
}

struct string_object *string_allocate(struct vm *vm, size_t length, uint32_t maximum)
{
    if (length > STRING_LENGTH_MAX) {
        raise_no_memory(vm);
        return NULL;
    }
    uint8_t width = width_for(maximum);
    size_t size = STRING_HEADER + (length + 1) * width;
    size = size < STRING_SIZE_MIN ? STRING_SIZE_MIN : size;
    struct string_object *s = gc_object_header(vm, size, STRING_HEADER, &string_type.shape);
    if (!s)
        return NULL;
    if (width == 1)
        s->data[length] = 0;
    else
        memset(s->data + length * width, 0, width);
    s->hash = -1;
    s->length = (uint32_t)length;
    s->width = width;
    s->ascii = maximum < 0x80;
    return s;
}

static intern_entry entry_of(const struct string_object *s)
{
    return (uint64_t)(uintptr_t)s >> 3 << TAG_BITS | ((uint64_t)s->hash & ((1u << TAG_BITS) - 1));
}

static struct string_object *entry_string(intern_entry entry)
{
    return (struct string_object *)(uintptr_t)(entry >> TAG_BITS << 3);
}

static void trace_table(struct vm *vm, void *context)
{
    struct intern_table *table = context;
    for (size_t i = 0; table->has_large && i <= table->mask; i++)
        if (table->entries[i])
            gc_mark_object(vm, entry_string(table->entries[i]));
}

static struct intern_table *table_of(struct vm *vm)
{
    struct intern_table *table = vm->interned_table;
    if (table)
        return table;
    table = calloc(1, sizeof *table);
    if (!table)
        return NULL;
    table->mask = 4095;
    table->entries = calloc(table->mask + 1, sizeof *table->entries);
    if (!table->entries) {
        free(table);
        return NULL;
    }
    vm->interned_table = table;
    gc_add_tracer(vm, trace_table, table);
    return table;
}

void string_state_free(struct vm *vm)
{
    struct intern_table *table = vm->interned_table;
    if (!table)
        return;
    for (size_t i = 0; i < UTF8_CACHE_ENTRIES; i++)
        free(table->utf8[i].text);
    free(table->entries);
    free(table);
    vm->interned_table = NULL;
}

value string_from_code_point(struct vm *vm, uint32_t code_point)
{
    if (code_point < 256 && is_object(vm->characters[code_point]))
        return vm->characters[code_point];
    struct string_object *s = string_allocate(vm, 1, code_point);
    if (!s)
        return VALUE_NULL;
    if (s->width == 1)
        s->data[0] = (uint8_t)code_point;
    else if (s->width == 2)
        string_two(s)[0] = (uint16_t)code_point;
    else
        string_four(s)[0] = code_point;
    if (code_point < 256) {
        vm->characters[code_point] = object_value(s);
        gc_keep_leaf(vm, object_value(s));
    }
    return object_value(s);
}

static value empty_string(struct vm *vm)
{
    if (is_object(vm->empty_string))
        return vm->empty_string;
    struct string_object *s = string_allocate(vm, 0, 0);
    return s ? object_value(s) : VALUE_NULL;
}

static value from_span_known(struct vm *vm, struct span span, uint32_t maximum)
{
    if (span.length == 0)
        return empty_string(vm);
    if (span.length == 1)
        return string_from_code_point(vm, span_at(span, 0));
    struct string_object *s = string_allocate(vm, span.length, maximum);
    if (!s)
        return VALUE_NULL;
    span_copy(s->data, s->width, 0, span);
    return object_value(s);
}

value string_from_span(struct vm *vm, struct span span)
{
    return from_span_known(vm, span, span_maximum(span));
}

value string_from_latin1(struct vm *vm, const void *data, size_t length)
{
    return string_from_span(vm, (struct span){data, length, 1});
}

value string_from_ascii(struct vm *vm, const char *text, size_t length)
{
    return from_span_known(vm, (struct span){text, length, 1}, 0x7f);
}

value string_from_code_points(struct vm *vm, const uint32_t *code_points, size_t length)
{
    return string_from_span(vm, (struct span){code_points, length, 4});
}

value string_from_utf8(struct vm *vm, const char *utf8, size_t size)
{
    struct span bytes = {utf8, size, 1};
    if (span_maximum(bytes) < 0x80)
        return from_span_known(vm, bytes, 0x7f);
    return string_decode_utf8(vm, (const uint8_t *)utf8, size, "surrogatepass");
}

value string_from_text(struct vm *vm, const char *utf8)
{
    return string_from_utf8(vm, utf8, strlen(utf8));
}

value string_exact(struct vm *vm, value v)
{
    if (is_exact(v, &string_type))
        return v;
    struct string_object *s = string_of(v);
    return from_span_known(vm, string_span(v), s->ascii ? 0x7f : s->width == 1 ? 0xff : s->width == 2 ? 0xffff : 0x10ffff);
}

/* ---- interning and equality ---- */

static int64_t text_hash(const void *data, size_t size)
{
    return size ? hash_bytes(data, size) : 0;
}

static int64_t string_hash_of(struct string_object *s)
{
    if (s->hash == -1)
        s->hash = text_hash(s->data, (size_t)s->length * s->width);
    return s->hash;
}

bool string_equal(value a, value b)
{
    if (a == b)
        return true;
    const struct string_object *x = string_of(a), *y = string_of(b);
    if (x->length != y->length || x->width != y->width || x->data[0] != y->data[0])
        return false; /* there is a character behind the last one, if only 0 */
    if (x->hash != -1 && y->hash != -1 && x->hash != y->hash)
        return false;
    return !memcmp(x->data, y->data, (size_t)x->length * x->width);
}

bool string_is(value v, const char *ascii)
{
    if (!is_string(v))
        return false;
    const struct string_object *s = string_of(v);
    size_t size = strlen(ascii);
    return s->ascii && s->length == size && !memcmp(s->data, ascii, size);
}

int string_compare(value a, value b)
{
    struct span x = string_span(a), y = string_span(b);
    size_t shared = size_minimum(x.length, y.length);
    if (x.width == 1 && y.width == 1) {
        int order = memcmp(x.data, y.data, shared);
        if (order)
            return order;
    } else {
        for (size_t i = 0; i < shared; i++) {
            uint32_t c = span_at(x, i), d = span_at(y, i);
            if (c != d)
                return c < d ? -1 : 1;
        }
    }
    return x.length < y.length ? -1 : x.length > y.length;
}

static intern_entry *intern_slot(struct intern_table *table, int64_t hash, const void *data, size_t length, uint8_t width)
{
    for (size_t i = (size_t)hash & table->mask;; i = (i + 1) & table->mask) {
        intern_entry entry = table->entries[i];
        if (!entry)
            return &table->entries[i];
        if ((entry ^ (uint64_t)hash) & ((1u << TAG_BITS) - 1))
            continue;
        const struct string_object *s = entry_string(entry);
        if (s->hash == hash && s->length == length && s->width == width && !memcmp(s->data, data, length * width))
            return &table->entries[i];
    }
}

static bool table_grow(struct intern_table *table)
{
    size_t mask = table->mask * 2 + 1;
    intern_entry *entries = calloc(mask + 1, sizeof *entries);
    if (!entries)
        return false;
    for (size_t i = 0; i <= table->mask; i++) {
        intern_entry entry = table->entries[i];
        if (!entry)
            continue;
        size_t at = (mask >> TAG_BITS ? (size_t)entry_string(entry)->hash : (size_t)entry) & mask;
        while (entries[at])
            at = (at + 1) & mask;
        entries[at] = entry;
    }
    free(table->entries);
    table->entries = entries;
    table->mask = mask;
    return true;
}

value intern(struct vm *vm, value string)
{
    struct string_object *s = string_of(string);
    if (s->interned)
        return string;
    struct intern_table *table = table_of(vm);
    if (!table || (table->count * 2 > table->mask && !table_grow(table)))
        return raise_no_memory(vm);
    intern_entry *slot = intern_slot(table, string_hash_of(s), s->data, s->length, s->width);
    if (*slot)
        return object_value(entry_string(*slot));
    string = string_exact(vm, string);
    if (string == VALUE_NULL)
        return VALUE_NULL;
    s = string_of(string);
    string_hash_of(s);
    s->interned = 1;
    *slot = entry_of(s);
    table->has_large |= !gc_keep_leaf(vm, string);
    table->count++;
    return string;
}

value intern_utf8(struct vm *vm, const char *utf8, size_t size)
{
    struct intern_table *table = table_of(vm);
    if (table && span_maximum((struct span){utf8, size, 1}) < 0x80) {
        const intern_entry *slot = intern_slot(table, text_hash(utf8, size), utf8, size, 1);
        if (*slot)
            return object_value(entry_string(*slot));
    }
    value v = string_from_utf8(vm, utf8, size);
    return v == VALUE_NULL ? v : intern(vm, v);
}

value intern_text(struct vm *vm, const char *utf8)
{
    return intern_utf8(vm, utf8, strlen(utf8));
}

/* ---- UTF-8 ---- */

const char *string_utf8(struct vm *vm, value v, size_t *size)
{
    const struct string_object *s = string_of(v);
    if (s->ascii) {
        if (size)
            *size = s->length;
        return (const char *)s->data;
    }
    struct intern_table *table = table_of(vm);
    if (!table) {
        raise_no_memory(vm);
        return NULL;
    }
    unsigned entry = table->next_utf8++ % UTF8_CACHE_ENTRIES;
    size_t needed = (size_t)s->length * (s->width == 1 ? 2 : s->width == 2 ? 3 : 4) + 1;
    if (table->utf8[entry].capacity < needed) {
        char *text = realloc(table->utf8[entry].text, needed);
        if (!text) {
            raise_no_memory(vm);
            return NULL;
        }
        table->utf8[entry].text = text;
        table->utf8[entry].capacity = needed;
    }
    char *out = table->utf8[entry].text;
    for (size_t i = 0; i < s->length; i++) {
        uint32_t c = string_at(s, i);
        if (c < 0x80) {
            *out++ = (char)c;
        } else if (c < 0x800) {
            *out++ = (char)(0xc0 | c >> 6);
            *out++ = (char)(0x80 | (c & 63));
        } else if (c < 0x10000) {
            *out++ = (char)(0xe0 | c >> 12);
            *out++ = (char)(0x80 | (c >> 6 & 63));
            *out++ = (char)(0x80 | (c & 63));
        } else {
            *out++ = (char)(0xf0 | c >> 18);
            *out++ = (char)(0x80 | (c >> 12 & 63));
            *out++ = (char)(0x80 | (c >> 6 & 63));
            *out++ = (char)(0x80 | (c & 63));
        }
    }
    *out = 0;
    if (size)
        *size = (size_t)(out - table->utf8[entry].text);
    return table->utf8[entry].text;
}

const char *string_c_text(struct vm *vm, value v)
{
    const struct string_object *s = string_of(v);
    for (size_t i = 0; !s->ascii && i < s->length; i++)
        if (string_at(s, i) >= 0xd800 && string_at(s, i) < 0xe000) {
            string_encode(vm, v, NULL, NULL); /* raises what tells the place */
            return NULL;
        }
    size_t size;
    const char *text = string_utf8(vm, v, &size);
    if (text && strlen(text) != size) {
        raise_error(vm, &exc_ValueError, "embedded null character");
        return NULL;
    }
    return text;
}

/* ---- concatenation, joining, slicing ---- */

static uint32_t class_maximum(const struct string_object *s)
{
    return s->ascii ? 0x7f : s->width == 1 ? 0xff : s->width == 2 ? 0xffff : 0x10ffff;
}

value string_concat(struct vm *vm, value a, value b)
{
    const struct string_object *x = string_of(a), *y = string_of(b);
    if (y->length == 0)
        return string_exact(vm, a);
    if (x->length == 0)
        return string_exact(vm, b);
    uint32_t maximum = class_maximum(x) > class_maximum(y) ? class_maximum(x) : class_maximum(y);
    size_t length = (size_t)x->length + y->length;
    struct string_object *s = string_allocate(vm, length, maximum);
    if (!s)
        return VALUE_NULL;
    ADD_WORK(vm, characters, length);
    span_copy(s->data, s->width, 0, string_span(a));
    span_copy(s->data, s->width, x->length, string_span(b));
    return object_value(s);
}

value string_concat_roomy(struct vm *vm, value a, value b, size_t *capacity)
{
    const struct string_object *x = string_of(a), *y = string_of(b);
    uint32_t maximum = class_maximum(x) > class_maximum(y) ? class_maximum(x) : class_maximum(y);
    size_t length = (size_t)x->length + y->length;
    *capacity = length + length / 2;
    if (*capacity > STRING_LENGTH_MAX)
        *capacity = length;
    struct string_object *s = string_allocate(vm, *capacity, maximum);
    if (!s)
        return VALUE_NULL;
    ADD_WORK(vm, characters, length);
    s->length = (uint32_t)length;
    span_copy(s->data, s->width, 0, string_span(a));
    span_copy(s->data, s->width, x->length, string_span(b));
    memset(s->data + length * s->width, 0, s->width);
    return object_value(s);
}

bool string_append_in_place(struct vm *vm, value a, value b, size_t capacity)
{
    struct string_object *s = string_of(a);
    const struct string_object *more = string_of(b);
    if (more->width > s->width || (size_t)s->length + more->length > capacity)
        return false;
    ADD_WORK(vm, characters, more->length);
    span_copy(s->data, s->width, s->length, string_span(b));
    s->length += more->length;
    memset(s->data + (size_t)s->length * s->width, 0, s->width);
    s->ascii &= more->ascii;
    s->hash = -1;
    return true;
}

value string_join(struct vm *vm, value separator, const value *strings, size_t count)
{
    if (count == 0)
        return empty_string(vm);
    if (count == 1 && is_exact(strings[0], &string_type))
        return strings[0];
    const struct string_object *between = string_of(separator);
    uint32_t maximum = count > 1 ? class_maximum(between) : 0x7f;
    size_t length = between->length * (count - 1);
    for (size_t i = 0; i < count; i++) {
        if (!is_string(strings[i]))
            return raise_error(vm, &exc_TypeError, "sequence item %zu: expected str instance, %T found", i, strings[i]);
        uint32_t item_maximum = class_maximum(string_of(strings[i]));
        maximum = item_maximum > maximum ? item_maximum : maximum;
        length += string_of(strings[i])->length;
    }
    struct string_object *s = string_allocate(vm, length, maximum);
    if (!s)
        return VALUE_NULL;
    ADD_WORK(vm, characters, length);
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        if (i && between->length) {
            span_copy(s->data, s->width, at, string_span(separator));
            at += between->length;
        }
        span_copy(s->data, s->width, at, string_span(strings[i]));
        at += string_of(strings[i])->length;
    }
    return object_value(s);
}

value string_slice(struct vm *vm, value string, int64_t start, int64_t stop)
{
    const struct string_object *s = string_of(string);
    if (start < 0)
        start = 0;
    if (stop > s->length)
        stop = s->length;
    if (start >= stop)
        return empty_string(vm);
    if (start == 0 && stop == s->length)
        return string_exact(vm, string);
    ADD_WORK(vm, characters, stop - start);
    struct span part = span_part(string_span(string), (size_t)start, (size_t)stop);
    return from_span_known(vm, part, s->ascii ? 0x7f : span_maximum(part));
}

/* ---- building ---- */

#define BUILDER_FAILED SIZE_MAX /* as length: no memory */

bool string_builder_reserve(struct string_builder *builder, size_t more)
{
    if (builder->length == BUILDER_FAILED)
        return false;
    if (more <= builder->capacity - builder->length)
        return true;
    size_t capacity = builder->capacity * 2 + 64;
    if (capacity < builder->length + more)
        capacity = builder->length + more;
    uint32_t *code_points = NULL;
    if (more <= STRING_LENGTH_MAX && capacity <= 2 * STRING_LENGTH_MAX)
        code_points = realloc(builder->code_points, capacity * sizeof *code_points);
    if (!code_points) {
        builder->length = BUILDER_FAILED;
        return false;
    }
    builder->code_points = code_points;
    builder->capacity = capacity;
    return true;
}

void string_builder_add(struct string_builder *builder, uint32_t code_point)
{
    if (string_builder_reserve(builder, 1))
        builder->code_points[builder->length++] = code_point;
}

void string_builder_fill(struct string_builder *builder, uint32_t code_point, int64_t count)
{
    if (count <= 0 || !string_builder_reserve(builder, (size_t)count))
        return;
    for (int64_t i = 0; i < count; i++)
        builder->code_points[builder->length++] = code_point;
}

void string_builder_add_span(struct string_builder *builder, struct span s)
{
    if (!s.length || !string_builder_reserve(builder, s.length))
        return;
    span_copy(builder->code_points, 4, builder->length, s);
    builder->length += s.length;
}

void string_builder_add_text(struct string_builder *builder, const char *ascii)
{
    string_builder_add_span(builder, (struct span){ascii, strlen(ascii), 1});
}

void string_builder_add_string(struct string_builder *builder, value string)
{
    string_builder_add_span(builder, string_span(string));
}

void string_builder_free(struct string_builder *builder)
{
    free(builder->code_points);
    *builder = (struct string_builder){NULL, 0, 0};
}

value string_builder_finish(struct vm *vm, struct string_builder *builder)
{
    value v = builder->length == BUILDER_FAILED ? raise_no_memory(vm)
                                                : string_from_code_points(vm, builder->code_points, builder->length);
    string_builder_free(builder);
    return v;
}
