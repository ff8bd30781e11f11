/* transfer.c - syntax trees and other plain data to and from the compiler's helper; compiler_script.inc describes the bytes. */
#include "sim/modules/ast/ast.h"

#include "sim/runtime/attribute.h"
#include "sim/runtime/container.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/text.h"
#include "sim/runtime/type.h"

#include <gmp.h>
#include <stdlib.h>
#include <string.h>

enum { SHARED_MAX = 64 };

struct reader {
    struct vm *vm;
    const char *next, *end;
    struct { value class, node; } shared[SHARED_MAX]; /* nodes without contents are one object each */
    int shared_count;
};

static value read_value(struct reader *reader);

static value raise_cut(struct reader *reader)
{
    return raise_error(reader->vm, &exc_SystemError, "the compiler's answer is cut short");
}

static bool read_size(struct reader *reader, uint32_t *size)
{
    if (reader->end - reader->next < 4)
        return raise_cut(reader) != VALUE_NULL;
    memcpy(size, reader->next, 4);
    reader->next += 4;
    return true;
}

static const char *read_text(struct reader *reader, uint32_t *size)
{
    if (!read_size(reader, size))
        return NULL;
    if ((size_t)(reader->end - reader->next) < *size) {
        raise_cut(reader);
        return NULL;
    }
    const char *text = reader->next;
    reader->next += *size;
    return text;
}

static value read_string(struct reader *reader)
{
    uint32_t size;
    const char *text = read_text(reader, &size);
    value string = text ? string_from_utf8(reader->vm, text, size) : VALUE_NULL;
    return string != VALUE_NULL && size < 64 ? intern(reader->vm, string) : string;
}

static value read_number(struct reader *reader)
{
    uint32_t size;
    char small[32];
    const char *text = read_text(reader, &size);
    if (!text)
        return VALUE_NULL;
    bool is_negative = size && *text == '-';
    text += 2 + is_negative; /* 0x */
    size -= 2 + is_negative;
    char *digits = size + 2 < sizeof small ? small : malloc(size + 2);
    if (!digits)
        return raise_no_memory(reader->vm);
    digits[0] = '-';
    memcpy(digits + is_negative, text, size);
    digits[size + is_negative] = 0;
    value number = int_from_hex(reader->vm, digits);
    if (digits != small)
        free(digits);
    return number;
}

static value read_items(struct reader *reader, char kind)
{
    struct vm *vm = reader->vm;
    uint32_t count = 0;
    value list = read_size(reader, &count) ? list_new(vm, 0) : VALUE_NULL;
    for (uint32_t i = 0; list != VALUE_NULL && i < count; i++) {
        value item = read_value(reader);
        if (item == VALUE_NULL || !list_append(vm, list_of(list), item))
            return VALUE_NULL;
    }
    if (list == VALUE_NULL || kind == '[')
        return list;
    value tuple = tuple_from(vm, list_of(list)->items, list_of(list)->length);
    if (tuple == VALUE_NULL || kind == '(')
        return tuple;
    value set = set_new(vm, &frozenset_type);
    return set == VALUE_NULL || !set_update(vm, set, tuple) ? VALUE_NULL : set;
}

static bool read_attributes(struct reader *reader, value node, value names)
{
    for (uint64_t i = 0; i < tuple_of(names)->length; i++) {
        if (reader->next < reader->end && *reader->next == '-') {
            reader->next++;
            continue;
        }
        value item = read_value(reader);
        if (item == VALUE_NULL || !set_attribute(reader->vm, node, tuple_of(names)->items[i], item))
            return false;
    }
    return true;
}

static value read_node(struct reader *reader)
{
    struct vm *vm = reader->vm;
    uint32_t size;
    char name[32];
    const char *text = read_text(reader, &size);
    if (!text || size >= sizeof name)
        return text ? raise_cut(reader) : VALUE_NULL;
    memcpy(name, text, size);
    name[size] = 0;
    value class = ast_class(vm, name);
    if (class == VALUE_NULL)
        return raise_error(vm, &exc_SystemError, "unknown node %s", name);
    struct type *type = type_of_value(class);
    value fields = type_lookup(vm, type, intern_text(vm, "_fields")),
          places = type_lookup(vm, type, intern_text(vm, "_attributes"));
    if (!is_exact(fields, &tuple_type) || !is_exact(places, &tuple_type))
        return raise_error(vm, &exc_TypeError, "%s._fields is no tuple", name);
    bool is_shared = !tuple_of(fields)->length && !tuple_of(places)->length;
    for (int i = 0; is_shared && i < reader->shared_count; i++)
        if (reader->shared[i].class == class)
            return reader->shared[i].node;
    value node = instance_new(vm, type);
    if (node == VALUE_NULL || !read_attributes(reader, node, fields) || !read_attributes(reader, node, places))
        return VALUE_NULL;
    if (is_shared && reader->shared_count < SHARED_MAX) {
        reader->shared[reader->shared_count].class = class;
        reader->shared[reader->shared_count++].node = node;
    }
    return node;
}

static value read_doubles(struct reader *reader, char kind)
{
    double numbers[2] = {0, 0};
    size_t size = kind == 'c' ? 16 : 8;
    if ((size_t)(reader->end - reader->next) < size)
        return raise_cut(reader);
    memcpy(numbers, reader->next, size);
    reader->next += size;
    return kind == 'c' ? complex_value(reader->vm, numbers[0], numbers[1]) : float_value(reader->vm, numbers[0]);
}

static value read_kind(struct reader *reader, char kind)
{
    uint32_t size;
    const char *text;
    switch (kind) {
    case 'N': return NONE;
    case 'T': return TRUE;
    case 'F': return FALSE;
    case 'E': return reader->vm->ellipsis;
    case 's': return read_string(reader);
    case 'i': return read_number(reader);
    case 'b':
        text = read_text(reader, &size);
        return text ? bytes_from(reader->vm, text, size) : VALUE_NULL;
    case 'd':
    case 'c': return read_doubles(reader, kind);
    case '(':
    case '[':
    case '<': return read_items(reader, kind);
    case '!': return read_node(reader);
    }
    return raise_cut(reader);
}

static value read_value(struct reader *reader)
{
    if (reader->next >= reader->end)
        return raise_cut(reader);
    if (!recursion_enter(reader->vm, " during ast construction"))
        return VALUE_NULL;
    value result = read_kind(reader, *reader->next++);
    recursion_leave(reader->vm);
    return result;
}

value ast_read(struct vm *vm, const char *bytes, size_t size)
{
    struct reader reader = {.vm = vm, .next = bytes, .end = bytes + size};
    return read_value(&reader);
}

/* ---- writing ---- */

static void write_text(struct buffer *out, char kind, const char *text, size_t size)
{
    uint32_t size_32 = (uint32_t)size;
    buffer_add_byte(out, (uint8_t)kind);
    buffer_add(out, &size_32, sizeof size_32);
    buffer_add(out, text, size);
}

static bool write_items(struct vm *vm, struct buffer *out, char kind, value items)
{
    items = tuple_from_iterable(vm, items);
    if (items == VALUE_NULL)
        return false;
    uint32_t count = (uint32_t)tuple_of(items)->length;
    buffer_add_byte(out, (uint8_t)kind);
    buffer_add(out, &count, sizeof count);
    for (uint32_t i = 0; i < count; i++)
        if (!ast_write(vm, tuple_of(items)->items[i], out))
            return false;
    return true;
}

static bool write_attributes(struct vm *vm, struct buffer *out, value node, struct type *type, const char *which)
{
    value names = type_lookup(vm, type, intern_text(vm, which)), item;
    for (uint64_t i = 0; names != VALUE_NULL && is_exact(names, &tuple_type) && i < tuple_of(names)->length; i++) {
        int found = find_attribute(vm, node, tuple_of(names)->items[i], &item);
        if (found < 0 || (found && !ast_write(vm, item, out)))
            return false;
        if (!found)
            buffer_add_byte(out, '-');
    }
    return true;
}

static bool write_number(struct vm *vm, struct buffer *out, value v)
{
    (void)vm;
    mpz_t number;
    mpz_init(number);
    int_to_mpz(v, number);
    char *text = mpz_get_str(NULL, 16, number);
    write_text(out, 'i', text, strlen(text));
    free(text);
    mpz_clear(number);
    return true;
}

/* What belongs into no tree: the helper's compiler complains about its type and repr. */
static bool write_stranger(struct vm *vm, struct buffer *out, value v)
{
    size_t size;
    value shown = value_repr(vm, v), name = type_short_name(vm, value_type(vm, v));
    const char *text = shown == VALUE_NULL || name == VALUE_NULL ? NULL : string_utf8(vm, name, &size);
    if (!text)
        return false;
    write_text(out, 'o', text, size);
    text = string_utf8(vm, shown, &size);
    uint32_t size_32 = (uint32_t)size;
    buffer_add(out, &size_32, sizeof size_32);
    buffer_add(out, text, size);
    return true;
}

static bool write_doubles(struct buffer *out, value v, bool is_complex)
{
    buffer_add_byte(out, is_complex ? 'c' : 'd');
    if (is_complex) {
        const struct complex_object *number = (struct complex_object *)value_object(v);
        const double parts[2] = {number->real, number->imaginary};
        buffer_add(out, parts, sizeof parts);
    } else {
        double number = is_object(v) ? ((struct float_object *)value_object(v))->number : immediate_float(v);
        buffer_add(out, &number, sizeof number);
    }
    return true;
}

static bool write_plain(struct vm *vm, value v, struct buffer *out)
{
    size_t size;
    struct type *type = value_type(vm, v);
    if (v == NONE || v == TRUE || v == FALSE || v == vm->ellipsis) {
        buffer_add_byte(out, v == NONE ? 'N' : v == TRUE ? 'T' : v == FALSE ? 'F' : 'E');
        return true;
    }
    if (type == &string_type) {
        const char *text = string_utf8(vm, v, &size);
        if (text)
            write_text(out, 's', text, size);
        return text != NULL;
    }
    if (type == &bytes_type) {
        const struct bytes_object *bytes = (struct bytes_object *)value_object(v);
        write_text(out, 'b', (const char *)bytes->data, bytes->length);
        return true;
    }
    if (type == &int_type)
        return write_number(vm, out, v);
    if (type == &float_type || type == &complex_type)
        return write_doubles(out, v, type == &complex_type);
    if (has_flag(v, TYPE_LIST))
        return write_items(vm, out, '[', v);
    if (type == &tuple_type || type == &frozenset_type)
        return write_items(vm, out, type == &tuple_type ? '(' : '<', v);
    return write_stranger(vm, out, v);
}

bool ast_write(struct vm *vm, value tree, struct buffer *out)
{
    if (!recursion_enter(vm, " during compilation"))
        return false;
    bool done;
    if (ast_is_node(vm, tree)) {
        struct type *type = ast_grammar_class(vm, tree);
        write_text(out, '!', type->name, strlen(type->name));
        done = write_attributes(vm, out, tree, type, "_fields") && write_attributes(vm, out, tree, type, "_attributes");
    } else {
        done = write_plain(vm, tree, out);
    }
    recursion_leave(vm);
    return done;
}
