/* string_format.c - format(), the format specification of str, and str.format's replacement fields. */
#include "sim/runtime/text.h"

/* ---- the format specification of str ---- */

struct specification {
    uint32_t fill, align, sign, separator, type;
    bool align_given, fill_given, alternate, no_negative_zero;
    int64_t width, precision; /* -1: not given */
};

static bool is_alignment(uint32_t c)
{
    return c == '<' || c == '>' || c == '=' || c == '^';
}

/* Digits at *at; -1 when there are none, -2 when there are too many. */
static int64_t read_number(struct span text, size_t *at)
{
    int64_t number = -1;
    for (; *at < text.length; ++*at) {
        int digit = character_decimal(span_at(text, *at));
        if (digit < 0)
            break;
        if (number < 0)
            number = 0;
        if (number > (INT64_MAX - digit) / 10)
            return -2;
        number = number * 10 + digit;
    }
    return number;
}

static bool format_error(struct vm *vm, const char *message)
{
    raise_error(vm, &exc_ValueError, "%s", message);
    return false;
}

static bool take(struct span text, size_t *at, uint32_t c)
{
    if (*at >= text.length || span_at(text, *at) != c)
        return false;
    ++*at;
    return true;
}

static bool parse_separator(struct vm *vm, struct span text, size_t *at, struct specification *out)
{
    if (take(text, at, ','))
        out->separator = ',';
    if (take(text, at, '_')) {
        if (out->separator)
            return format_error(vm, "Cannot specify both ',' and '_'.");
        out->separator = '_';
    }
    if (*at < text.length && span_at(text, *at) == ',' && out->separator == '_')
        return format_error(vm, "Cannot specify both ',' and '_'.");
    return true;
}

static bool parse_specification(struct vm *vm, value object, value specification, struct specification *out)
{
    struct span text = string_span(specification);
    size_t at = 0;
    *out = (struct specification){.fill = ' ', .align = '<', .type = 's', .width = -1, .precision = -1};
    if (text.length >= 2 && is_alignment(span_at(text, 1))) {
        out->fill = span_at(text, 0);
        out->align = span_at(text, 1);
        out->fill_given = out->align_given = true;
        at = 2;
    } else if (text.length >= 1 && is_alignment(span_at(text, 0))) {
        out->align = span_at(text, 0);
        out->align_given = true;
        at = 1;
    }
    if (at < text.length && span_at(text, at) < 0x80 && strchr("+- ", (int)span_at(text, at)) && span_at(text, at))
        out->sign = span_at(text, at++);
    out->no_negative_zero = take(text, &at, 'z');
    out->alternate = take(text, &at, '#');
    if (!out->fill_given && take(text, &at, '0'))
        out->fill = '0';
    out->width = read_number(text, &at);
    if (out->width == -2)
        return format_error(vm, "Too many decimal digits in format string");
    if (!parse_separator(vm, text, &at, out))
        return false;
    if (take(text, &at, '.')) {
        out->precision = read_number(text, &at);
        if (out->precision < 0)
            return format_error(vm, out->precision == -1 ? "Format specifier missing precision"
                                                         : "Too many decimal digits in format string");
    }
    if (text.length - at > 1) {
        raise_error(vm, &exc_ValueError, "Invalid format specifier '%U' for object of type '%T'", specification, object);
        return false;
    }
    if (at < text.length)
        out->type = span_at(text, at);
    if (out->separator && !(out->type < 0x80 && strchr("deEfFgG%", (int)out->type)) &&
        !(out->separator == '_' && out->type < 0x80 && strchr("boxX", (int)out->type))) {
        raise_error(vm, &exc_ValueError,
                    out->type > 32 && out->type < 128 ? "Cannot specify '%c' with '%c'." : "Cannot specify '%c' with '\\x%x'.",
                    (int)out->separator, (int)out->type);
        return false;
    }
    return true;
}

static bool check_specification(struct vm *vm, value object, const struct specification *s)
{
    if (s->type != 's') {
        raise_error(vm, &exc_ValueError,
                    s->type > 32 && s->type < 128 ? "Unknown format code '%c' for object of type '%T'"
                                                  : "Unknown format code '\\x%x' for object of type '%T'",
                    (int)s->type, object);
        return false;
    }
    if (s->sign == ' ')
        return format_error(vm, "Space not allowed in string format specifier");
    if (s->sign)
        return format_error(vm, "Sign not allowed in string format specifier");
    if (s->no_negative_zero)
        return format_error(vm, "Negative zero coercion (z) not allowed in string format specifier");
    if (s->alternate)
        return format_error(vm, "Alternate form (#) not allowed in string format specifier");
    if (s->align == '=')
        return format_error(vm, "'=' alignment not allowed in string format specifier");
    return true;
}

value string_format(struct vm *vm, value string, value specification)
{
    if (specification == VALUE_NULL || string_of(specification)->length == 0)
        return string_exact(vm, string);
    struct specification s;
    if (!parse_specification(vm, string, specification, &s) || !check_specification(vm, string, &s))
        return VALUE_NULL;
    struct span text = string_span(string);
    if (s.precision >= 0 && (uint64_t)s.precision < text.length)
        text.length = (size_t)s.precision;
    int64_t padding = s.width > (int64_t)text.length ? s.width - (int64_t)text.length : 0;
    if (padding > (int64_t)STRING_LENGTH_MAX)
        return raise_no_memory(vm);
    if (padding == 0 && text.length == string_of(string)->length)
        return string_exact(vm, string);
    int64_t left = s.align == '>' ? padding : s.align == '^' ? padding / 2 : 0;
    ADD_WORK(vm, characters, (int64_t)text.length + padding);
    struct string_builder builder = {NULL, 0, 0};
    for (int64_t i = 0; i < left; i++)
        string_builder_add(&builder, s.fill);
    string_builder_add_span(&builder, text);
    for (int64_t i = left; i < padding; i++)
        string_builder_add(&builder, s.fill);
    return string_builder_finish(vm, &builder);
}

value value_format(struct vm *vm, value v, value specification)
{
    bool plain = specification == VALUE_NULL || string_of(specification)->length == 0;
    if (is_exact(v, &string_type))
        return plain ? v : string_format(vm, v, specification);
    if (is_small_int(v) || is_exact(v, &int_type))
        return plain ? value_string(vm, v) : int_format(vm, v, specification);
    if (is_immediate_float(v) || is_exact(v, &float_type))
        return plain ? value_string(vm, v) : float_format(vm, v, specification);
    value method = lookup_special(vm, v, "__format__");
    if (method == VALUE_NULL) {
        if (vm->pending != VALUE_NULL)
            return VALUE_NULL;
        return raise_error(vm, &exc_TypeError, "Type %T doesn't define __format__", v);
    }
    if (specification == VALUE_NULL && (specification = string_from_text(vm, "")) == VALUE_NULL)
        return VALUE_NULL;
    value result = call_1(vm, method, specification);
    if (result != VALUE_NULL && !is_string(result))
        return raise_error(vm, &exc_TypeError, "__format__ must return a str, not %T", result);
    return result;
}

/* ---- replacement fields ---- */

struct fields {
    struct string_builder out;
    const value *arguments;
    size_t count;      /* SIZE_MAX: format_map, no positional fields */
    value keywords;    /* a mapping, or VALUE_NULL */
    value whole;       /* a str that was all there was when it was added: the result, if nothing follows; or VALUE_NULL */
    enum { NUMBERING_UNKNOWN, NUMBERING_AUTOMATIC, NUMBERING_MANUAL } numbering;
    size_t next;
};

struct field { /* positions in the format text */
    struct span name, specification;
    uint32_t conversion;
    bool nested; /* the specification has fields of its own */
};

/* From behind the '{' at *at to behind the matching '}'. */
static bool parse_field(struct vm *vm, struct span text, size_t *at, struct field *out)
{
    uint32_t c = 0;
    size_t start = *at;
    bool ended = false;
    *out = (struct field){.conversion = 0};
    while (*at < text.length && !ended) {
        c = span_at(text, (*at)++);
        if (c == '{')
            return format_error(vm, "unexpected '{' in field name");
        if (c == '[')
            while (*at < text.length && span_at(text, *at) != ']')
                ++*at;
        ended = c == '}' || c == ':' || c == '!';
    }
    out->name = span_part(text, start, ended ? *at - 1 : *at);
    if (c == '}')
        return true;
    if (!ended)
        return format_error(vm, "expected '}' before end of string");
    if (c == '!') {
        if (*at >= text.length)
            return format_error(vm, "end of string while looking for conversion specifier");
        out->conversion = span_at(text, (*at)++);
        if (*at < text.length) {
            c = span_at(text, (*at)++);
            if (c == '}')
                return true;
            if (c != ':')
                return format_error(vm, "expected ':' after conversion specifier");
        }
    }
    size_t specification = *at, depth = 1;
    while (*at < text.length) {
        c = span_at(text, (*at)++);
        if (c == '{') {
            out->nested = true;
            depth++;
        } else if (c == '}' && --depth == 0) {
            out->specification = span_part(text, specification, *at - 1);
            return true;
        }
    }
    return format_error(vm, "unmatched '{' in format spec");
}

/* The whole span as a number; -1: it is none; -2: too big, ValueError pending. */
static int64_t span_number(struct vm *vm, struct span text)
{
    size_t at = 0;
    int64_t number = read_number(text, &at);
    if (number == -2) {
        format_error(vm, "Too many decimal digits in format string");
        return -2;
    }
    return at == text.length ? number : -1;
}

static bool choose_numbering(struct vm *vm, struct fields *fields, bool automatic)
{
    if (fields->numbering == NUMBERING_UNKNOWN)
        fields->numbering = automatic ? NUMBERING_AUTOMATIC : NUMBERING_MANUAL;
    if (automatic && fields->numbering == NUMBERING_MANUAL)
        return format_error(vm, "cannot switch from manual field specification to automatic field numbering");
    if (!automatic && fields->numbering == NUMBERING_AUTOMATIC)
        return format_error(vm, "cannot switch from automatic field numbering to manual field specification");
    return true;
}

static value first_value(struct vm *vm, struct fields *fields, struct span name)
{
    int64_t index = name.length ? span_number(vm, name) : -1;
    if (index == -2)
        return VALUE_NULL;
    if (name.length == 0 || index >= 0) {
        if (!choose_numbering(vm, fields, name.length == 0))
            return VALUE_NULL;
        if (name.length == 0)
            index = (int64_t)fields->next++;
        if (fields->count == SIZE_MAX)
            return raise_error(vm, &exc_ValueError, "Format string contains positional fields");
        if ((uint64_t)index >= fields->count)
            return raise_error(vm, &exc_IndexError, "Replacement index %ld out of range for positional args tuple",
                               (long)index);
        return fields->arguments[index];
    }
    value key = string_from_span(vm, name);
    if (key == VALUE_NULL)
        return VALUE_NULL;
    if (fields->keywords == VALUE_NULL)
        return raise_key_error(vm, key);
    return get_item(vm, fields->keywords, key);
}

/* What follows the first part of a field's name: .attribute and [index]. */
static value follow_path(struct vm *vm, value v, struct span path)
{
    size_t at = 0;
    while (at < path.length && v != VALUE_NULL) {
        uint32_t kind = span_at(path, at++);
        size_t start = at;
        if (kind == '.') {
            while (at < path.length && span_at(path, at) != '.' && span_at(path, at) != '[')
                at++;
        } else if (kind == '[') {
            while (at < path.length && span_at(path, at) != ']')
                at++;
            if (at == path.length)
                return raise_error(vm, &exc_ValueError, "Missing ']' in format string");
        } else {
            return raise_error(vm, &exc_ValueError, "Only '.' or '[' may follow ']' in format field specifier");
        }
        struct span part = span_part(path, start, at);
        if (part.length == 0)
            return raise_error(vm, &exc_ValueError, "Empty attribute in format string");
        if (kind == '[') {
            at++;
            int64_t index = span_number(vm, part);
            if (index == -2)
                return VALUE_NULL;
            value key = index >= 0 ? int_from_int64(vm, index) : string_from_span(vm, part);
            v = key == VALUE_NULL ? key : get_item(vm, v, key);
        } else {
            value name = string_from_span(vm, part);
            name = name == VALUE_NULL ? name : intern(vm, name);
            v = name == VALUE_NULL ? name : get_attribute(vm, v, name);
        }
    }
    return v;
}

static value convert(struct vm *vm, value v, uint32_t conversion)
{
    switch (conversion) {
    case 0:
        return v;
    case 'r':
        return value_repr(vm, v);
    case 's':
        return value_string(vm, v);
    case 'a':
        v = value_repr(vm, v);
        return v == VALUE_NULL ? v : string_ascii(vm, v);
    default:
        return raise_error(vm, &exc_ValueError,
                           conversion > 32 && conversion < 127 ? "Unknown conversion specifier %c"
                                                               : "Unknown conversion specifier \\x%x",
                           (int)conversion);
    }
}

static bool format_text(struct vm *vm, struct fields *fields, struct string_builder *out, struct span text, int depth);

static bool format_field(struct vm *vm, struct fields *fields, struct string_builder *out, const struct field *field,
                         int depth)
{
    size_t end = 0;
    while (end < field->name.length && span_at(field->name, end) != '.' && span_at(field->name, end) != '[')
        end++;
    value v = first_value(vm, fields, span_part(field->name, 0, end));
    if (v != VALUE_NULL)
        v = follow_path(vm, v, span_part(field->name, end, field->name.length));
    if (v != VALUE_NULL)
        v = convert(vm, v, field->conversion);
    if (v == VALUE_NULL)
        return false;
    value specification = VALUE_NULL;
    if (field->nested) {
        struct string_builder inner = {NULL, 0, 0};
        if (!format_text(vm, fields, &inner, field->specification, depth - 1)) {
            string_builder_free(&inner);
            return false;
        }
        specification = string_builder_finish(vm, &inner);
        if (specification == VALUE_NULL)
            return false;
    } else if (field->specification.length) {
        specification = string_from_span(vm, field->specification);
        if (specification == VALUE_NULL)
            return false;
    }
    value formatted = value_format(vm, v, specification);
    if (formatted == VALUE_NULL)
        return false;
    if (out == &fields->out && out->length == 0 && is_exact(formatted, &string_type))
        fields->whole = formatted;
    string_builder_add_string(out, formatted);
    return true;
}

static bool format_text(struct vm *vm, struct fields *fields, struct string_builder *out, struct span text, int depth)
{
    if (depth < 0)
        return format_error(vm, "Max string recursion exceeded");
    size_t at = 0;
    while (at < text.length) {
        size_t start = at;
        uint32_t c = 0;
        while (at < text.length && (c = span_at(text, at)) != '{' && c != '}')
            at++;
        string_builder_add_span(out, span_part(text, start, at));
        if (at == text.length)
            break;
        at++;
        if (at < text.length && span_at(text, at) == c) {
            string_builder_add(out, c);
            at++;
            continue;
        }
        if (c == '}')
            return format_error(vm, "Single '}' encountered in format string");
        if (at == text.length)
            return format_error(vm, "Single '{' encountered in format string");
        struct field field;
        if (!parse_field(vm, text, &at, &field) || !format_field(vm, fields, out, &field, depth))
            return false;
    }
    return true;
}

value string_format_fields(struct vm *vm, value format, const value *arguments, size_t count, value keywords)
{
    struct fields fields = {.arguments = arguments, .count = count, .keywords = keywords, .whole = VALUE_NULL};
    if (!format_text(vm, &fields, &fields.out, string_span(format), 2 - 1)) {
        string_builder_free(&fields.out);
        return VALUE_NULL;
    }
    if (fields.out.length != SIZE_MAX)
        ADD_WORK(vm, characters, fields.out.length);
    struct span text = string_span(format);
    if (fields.out.length == text.length && is_exact(format, &string_type) && span_find_character(text, '{', 0, text.length) < 0)
        fields.whole = format;
    if (fields.whole == VALUE_NULL || string_of(fields.whole)->length != fields.out.length)
        return string_builder_finish(vm, &fields.out);
    string_builder_free(&fields.out);
    return fields.whole;
}
