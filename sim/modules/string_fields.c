/* string_fields.c - module _string: format strings taken apart for string.Formatter. */
#include "sim/modules/support.h"
#include "sim/runtime/text.h"

#define FUNCTION(name)                                                                                                 \
    static value string_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)self, (void)count, (void)keyword_names

static value part(struct vm *vm, struct span text, size_t start, size_t stop)
{
    return string_from_span(vm, span_part(text, start, stop));
}

static bool add_tuple(struct vm *vm, value list, value literal, value field, value specification, value conversion)
{
    if (literal == VALUE_NULL || field == VALUE_NULL || specification == VALUE_NULL || conversion == VALUE_NULL)
        return false;
    value tuple = tuple_pack(vm, 4, literal, field, specification, conversion);
    return tuple != VALUE_NULL && list_append(vm, list_of(list), tuple);
}

/* One replacement field: *at is after its '{' and is moved behind its '}'. */
static bool parse_field(struct vm *vm, struct span text, size_t *at, value literal, value list)
{
    size_t start = *at, i = start;
    int depth = 1, brackets = 0;
    uint32_t c = 0;
    for (; i < text.length; i++) { /* the name ends at ! or : outside [] */
        c = span_at(text, i);
        if (c == '{') {
            raise_error(vm, &exc_ValueError, "unexpected '{' in field name");
            return false;
        }
        brackets = c == '[' ? 1 : c == ']' ? 0 : brackets;
        if (!brackets && (c == '}' || c == ':' || c == '!'))
            break;
    }
    if (i >= text.length) {
        raise_error(vm, &exc_ValueError, "expected '}' before end of string");
        return false;
    }
    value field = part(vm, text, start, i), conversion = NONE;
    if (c == '!') {
        if (i + 2 >= text.length) {
            raise_error(vm, &exc_ValueError, i + 1 >= text.length
                                                 ? "end of string while looking for conversion specifier"
                                                 : "unmatched '{' in format spec");
            return false;
        }
        conversion = string_from_code_point(vm, span_at(text, i + 1));
        i += 2;
        c = span_at(text, i);
        if (c != ':' && c != '}') {
            raise_error(vm, &exc_ValueError, "expected ':' after conversion specifier");
            return false;
        }
    }
    size_t specification = c == ':' ? ++i : i;
    for (; i < text.length; i++) {
        c = span_at(text, i);
        depth += c == '{' ? 1 : c == '}' ? -1 : 0;
        if (depth == 0)
            break;
    }
    if (depth) {
        raise_error(vm, &exc_ValueError, "unmatched '{' in format spec");
        return false;
    }
    *at = i + 1;
    return add_tuple(vm, list, literal, field, part(vm, text, specification, i), conversion);
}

FUNCTION(formatter_parser)
{
    UNUSED;
    if (!is_string(arguments[0]))
        return raise_error(vm, &exc_TypeError, "expected str, got %T", arguments[0]);
    struct span text = string_span(arguments[0]);
    value list = list_new(vm, 0);
    for (size_t i = 0; list != VALUE_NULL && i < text.length;) {
        size_t start = i;
        while (i < text.length && span_at(text, i) != '{' && span_at(text, i) != '}')
            i++;
        if (i == text.length) {
            if (!add_tuple(vm, list, part(vm, text, start, i), NONE, NONE, NONE))
                return VALUE_NULL;
            break;
        }
        uint32_t brace = span_at(text, i);
        bool doubled = i + 1 < text.length && span_at(text, i + 1) == brace;
        if (!doubled && (brace == '}' || i + 1 == text.length))
            return raise_error(vm, &exc_ValueError, "Single '%c' encountered in format string", (int)brace);
        if (doubled) {
            if (!add_tuple(vm, list, part(vm, text, start, i + 1), NONE, NONE, NONE))
                return VALUE_NULL;
            i += 2;
            continue;
        }
        value literal = part(vm, text, start, i++);
        if (literal == VALUE_NULL || !parse_field(vm, text, &i, literal, list))
            return VALUE_NULL;
    }
    return list == VALUE_NULL ? VALUE_NULL : get_iterator(vm, list);
}

/* The text as an int when it is all digits, else the text. */
static value number_or_text(struct vm *vm, value text)
{
    struct span s = text == VALUE_NULL ? (struct span){NULL, 0, 1} : string_span(text);
    int64_t number = 0;
    for (size_t i = 0; i < s.length; i++) {
        int digit = character_decimal(span_at(s, i));
        if (digit < 0)
            return text;
        if (__builtin_mul_overflow(number, 10, &number) || __builtin_add_overflow(number, digit, &number))
            return raise_error(vm, &exc_ValueError, "Too many decimal digits in format string");
    }
    return s.length ? int_from_int64(vm, number) : text;
}

static bool add_access(struct vm *vm, value list, bool is_attribute, value name)
{
    if (name == VALUE_NULL)
        return false;
    if (string_of(is_int(name) ? vm->empty_string : name)->length == 0 && !is_int(name)) {
        raise_error(vm, &exc_ValueError, "Empty attribute in format string");
        return false;
    }
    value tuple = tuple_pack(vm, 2, bool_value(is_attribute), name);
    return tuple != VALUE_NULL && list_append(vm, list_of(list), tuple);
}

FUNCTION(formatter_field_name_split)
{
    UNUSED;
    if (!is_string(arguments[0]))
        return raise_error(vm, &exc_TypeError, "expected str, got %T", arguments[0]);
    struct span text = string_span(arguments[0]);
    size_t i = 0;
    while (i < text.length && span_at(text, i) != '.' && span_at(text, i) != '[')
        i++;
    value first = number_or_text(vm, part(vm, text, 0, i)), list = list_new(vm, 0);
    if (first == VALUE_NULL || list == VALUE_NULL)
        return VALUE_NULL;
    while (i < text.length) {
        bool is_attribute = span_at(text, i) == '.';
        if (!is_attribute && span_at(text, i) != '[')
            return raise_error(vm, &exc_ValueError, "Only '.' or '[' may follow ']' in format field specifier");
        size_t start = ++i;
        while (i < text.length && (is_attribute ? span_at(text, i) != '.' && span_at(text, i) != '[' : span_at(text, i) != ']'))
            i++;
        if (!is_attribute && i == text.length)
            return raise_error(vm, &exc_ValueError, "Missing ']' in format string");
        value name = part(vm, text, start, i);
        if (!add_access(vm, list, is_attribute, is_attribute ? name : number_or_text(vm, name)))
            return VALUE_NULL;
        i += !is_attribute;
    }
    value accesses = get_iterator(vm, list);
    return accesses == VALUE_NULL ? VALUE_NULL : tuple_pack(vm, 2, first, accesses);
}

static const struct method_definition functions[] = {
    {"formatter_parser", "(string, /)", string_formatter_parser, 0, NULL},
    {"formatter_field_name_split", "(string, /)", string_formatter_field_name_split, 0, NULL},
    {0},
};

const struct native_module string_module = {"_string", NULL, functions};
