/* number_format.c - the format mini-language for int, float and complex:
 * [[fill]align][sign][z][#][0][width][grouping][.precision][type] */
#include "sim/runtime/float_text.h"
#include "sim/runtime/number.h"

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

enum { FILL_NUL = 0x110000 };

struct format_spec {
    uint32_t fill, align, sign, type; /* characters; 0: not given, FILL_NUL: the character 0 */
    bool no_negative_zero, alternate;
    char grouping;    /* ',' '_' or 0 */
    int64_t width;    /* -1: none */
    int64_t precision;
};

/* ---- reading the specification ---- */

static bool is_align(uint32_t c)
{
    return c == '<' || c == '>' || c == '=' || c == '^';
}

/* Digits from *at; -1 when there are none; false: too many. */
static bool read_number(struct vm *vm, const struct string_object *text, size_t *at, int64_t *number)
{
    *number = -1;
    for (; *at < text->length; ++*at) {
        int digit = character_decimal(string_at(text, *at));
        if (digit < 0)
            break;
        int64_t n = *number < 0 ? 0 : *number;
        if (n > (INT64_MAX - 9) / 10) {
            raise_error(vm, &exc_ValueError, "Too many decimal digits in format string");
            return false;
        }
        *number = n * 10 + digit;
    }
    return true;
}

static bool accept(const struct string_object *text, size_t *at, uint32_t c)
{
    if (*at >= text->length || string_at(text, *at) != c)
        return false;
    ++*at;
    return true;
}

static bool read_grouping(struct vm *vm, const struct string_object *text, size_t *at, struct format_spec *spec)
{
    if (accept(text, at, ','))
        spec->grouping = ',';
    if (accept(text, at, '_')) {
        if (spec->grouping) {
            raise_error(vm, &exc_ValueError, "Cannot specify both ',' and '_'.");
            return false;
        }
        spec->grouping = '_';
    }
    if (accept(text, at, ',')) {
        if (spec->grouping == '_') {
            raise_error(vm, &exc_ValueError, "Cannot specify both ',' and '_'.");
            return false;
        }
        --*at; /* a second comma is taken as the type, and refused as such */
    }
    return true;
}

static bool check_grouping(struct vm *vm, const struct format_spec *spec)
{
    if (!spec->grouping)
        return true;
    uint32_t t = spec->type;
    if (!t || t == 'd' || t == 'e' || t == 'f' || t == 'g' || t == 'E' || t == 'G' || t == '%' || t == 'F')
        return true;
    if ((t == 'b' || t == 'o' || t == 'x' || t == 'X') && spec->grouping == '_')
        return true;
    if (t > 32 && t < 128)
        raise_error(vm, &exc_ValueError, "Cannot specify '%c' with '%c'.", spec->grouping, (char)t);
    else
        raise_error(vm, &exc_ValueError, "Cannot specify '%c' with '\\x%x'.", spec->grouping, (unsigned)t);
    return false;
}

static bool read_spec(struct vm *vm, value specification, value v, struct format_spec *spec)
{
    const struct string_object *text = string_of(specification);
    size_t at = 0, length = text->length;
    *spec = (struct format_spec){.width = -1, .precision = -1};
    if (length >= 2 && is_align(string_at(text, 1))) {
        spec->fill = string_at(text, 0) ? string_at(text, 0) : FILL_NUL;
        spec->align = string_at(text, 1);
        at = 2;
    } else if (length && is_align(string_at(text, 0))) {
        spec->align = string_at(text, 0);
        at = 1;
    }
    if (accept(text, &at, ' '))
        spec->sign = ' ';
    else if (accept(text, &at, '+'))
        spec->sign = '+';
    else if (accept(text, &at, '-'))
        spec->sign = '-';
    spec->no_negative_zero = accept(text, &at, 'z');
    spec->alternate = accept(text, &at, '#');
    if (!spec->fill && accept(text, &at, '0')) {
        spec->fill = '0';
        if (!spec->align)
            spec->align = '=';
    }
    if (!read_number(vm, text, &at, &spec->width) || !read_grouping(vm, text, &at, spec))
        return false;
    if (accept(text, &at, '.')) {
        if (!read_number(vm, text, &at, &spec->precision))
            return false;
        if (spec->precision < 0) {
            raise_error(vm, &exc_ValueError, "Format specifier missing precision");
            return false;
        }
    }
    if (length - at > 1) {
        raise_error(vm, &exc_ValueError, "Invalid format specifier '%U' for object of type '%T'", specification, v);
        return false;
    }
    if (length - at == 1)
        spec->type = string_at(text, at);
    return check_grouping(vm, spec);
}

static value raise_unknown(struct vm *vm, uint32_t type, value v)
{
    if (type > 32 && type < 128)
        return raise_error(vm, &exc_ValueError, "Unknown format code '%c' for object of type '%T'", (char)type, v);
    return raise_error(vm, &exc_ValueError, "Unknown format code '\\x%x' for object of type '%T'", (unsigned)type, v);
}

/* ---- putting a number together ---- */

struct number_parts { /* in the order of output; the digits may be grouped and padded with zeros */
    char sign;           /* 0: none */
    const char *prefix;  /* "0x" */
    const char *digits;
    size_t digit_count;
    const char *rest;    /* point, fraction, exponent */
    uint32_t character;  /* 'c': this instead of digits; 0: none */
};

/* Digits in groups, with zeros in front until there are `minimum` characters; written from the end. malloc'd. */
static char *group_digits(const struct number_parts *parts, const struct format_spec *spec, int64_t minimum, size_t *length)
{
    int64_t group = !spec->grouping ? INT64_MAX
                    : spec->type == 'b' || spec->type == 'o' || spec->type == 'x' || spec->type == 'X' ? 4 : 3;
    int64_t remaining = (int64_t)parts->digit_count;
    if (!remaining)
        minimum = 0;
    size_t room = 2 * ((size_t)remaining + (size_t)(minimum > 0 ? minimum : 0)) + 8;
    char *buffer = malloc(room), *end = buffer ? buffer + room : NULL, *at = end;
    if (!buffer)
        return NULL;
    for (bool first = true; remaining > 0 || (minimum > 0 && parts->digit_count); first = false) {
        if (!first) {
            *--at = spec->grouping;
            minimum--;
        }
        int64_t wanted = remaining > minimum ? remaining : minimum, size = wanted < 1 ? 1 : wanted < group ? wanted : group;
        int64_t taken = remaining < size ? remaining : size;
        at -= taken;
        memcpy(at, parts->digits + remaining - taken, (size_t)taken);
        at -= size - taken;
        memset(at, '0', (size_t)(size - taken));
        remaining -= taken;
        minimum -= size;
    }
    *length = (size_t)(end - at);
    memmove(buffer, at, *length);
    return buffer;
}

static void add_fill(struct string_builder *builder, uint32_t fill, int64_t count)
{
    string_builder_fill(builder, fill == FILL_NUL ? 0 : fill, count);
}

static char *fill_ascii(char *at, uint32_t fill, int64_t count)
{
    memset(at, (int)fill, (size_t)count);
    return at + count;
}

/* Without groups, which is all ASCII but perhaps for the fill. */
static value assemble_plain(struct vm *vm, const struct number_parts *parts, const struct format_spec *spec, uint32_t fill)
{
    size_t prefix = strlen(parts->prefix), rest = strlen(parts->rest);
    int64_t length = (parts->sign != 0) + (int64_t)(prefix + parts->digit_count + rest);
    int64_t padding = spec->width > length ? spec->width - length : 0;
    uint32_t align = spec->align ? spec->align : '>';
    int64_t left = align == '>' ? padding : align == '^' ? padding / 2 : 0, inner = align == '=' ? padding : 0;
    struct string_object *s = string_allocate(vm, (size_t)(length + padding), 0x7f);
    if (!s)
        return VALUE_NULL;
    char *at = fill_ascii((char *)s->data, fill, left);
    if (parts->sign)
        *at++ = parts->sign;
    at = fill_ascii(mempcpy(at, parts->prefix, prefix), fill, inner);
    at = mempcpy(mempcpy(at, parts->digits, parts->digit_count), parts->rest, rest);
    fill_ascii(at, fill, padding - left - inner);
    return object_value(s);
}

static value assemble(struct vm *vm, const struct number_parts *parts, const struct format_spec *spec)
{
    uint32_t fill = spec->fill ? spec->fill : ' ', align = spec->align ? spec->align : '>';
    size_t length = 0, prefix = strlen(parts->prefix), rest = strlen(parts->rest);
    int64_t fixed = (parts->sign != 0) + (int64_t)prefix + (int64_t)rest;
    if (spec->width > (int64_t)STRING_LENGTH_MAX)
        return raise_no_memory(vm);
    if (!spec->grouping && fill < 0x80 && !parts->character && fixed + (int64_t)parts->digit_count > 1)
        return assemble_plain(vm, parts, spec, fill);
    char *digits = group_digits(parts, spec, fill == '0' && align == '=' ? spec->width - fixed : 0, &length);
    if (!digits)
        return raise_no_memory(vm);
    int64_t padding = spec->width - fixed - (int64_t)length - (parts->character != 0);
    int64_t left = align == '>' ? padding : align == '^' ? padding / 2 : 0;
    int64_t inner = align == '=' ? padding : 0;
    if (padding <= 0)
        left = inner = padding = 0;
    struct string_builder builder = {0};
    add_fill(&builder, fill, left);
    if (parts->sign)
        string_builder_add(&builder, (uint32_t)parts->sign);
    string_builder_add_text(&builder, parts->prefix);
    add_fill(&builder, fill, inner);
    if (parts->character)
        string_builder_add(&builder, parts->character - 1);
    for (size_t i = 0; i < length; i++)
        string_builder_add(&builder, (uint8_t)digits[i]);
    string_builder_add_text(&builder, parts->rest);
    add_fill(&builder, fill, padding - left - inner);
    free(digits);
    return string_builder_finish(vm, &builder);
}

static char sign_character(bool negative, const struct format_spec *spec)
{
    return negative ? '-' : spec->sign == '+' || spec->sign == ' ' ? (char)spec->sign : 0;
}

/* ---- int ---- */

static value format_character(struct vm *vm, value v, const struct format_spec *spec)
{
    int64_t c;
    if (spec->sign)
        return raise_error(vm, &exc_ValueError, "Sign not allowed with integer format specifier 'c'");
    if (spec->alternate)
        return raise_error(vm, &exc_ValueError, "Alternate form (#) not allowed with integer format specifier 'c'");
    if (!value_to_int64(vm, v, &c)) {
        exception_clear(vm);
        return raise_error(vm, &exc_OverflowError, "Python int too large to convert to C long");
    }
    if (c < 0 || c > 0x10ffff)
        return raise_error(vm, &exc_OverflowError, "%%c arg not in range(0x110000)");
    struct number_parts parts = {.prefix = "", .digits = "", .rest = "", .character = (uint32_t)c + 1};
    struct format_spec left = *spec;
    if (!left.align)
        left.align = '>';
    return assemble(vm, &parts, &left);
}

static value format_integer(struct vm *vm, value v, struct format_spec *spec)
{
    if (spec->precision >= 0)
        return raise_error(vm, &exc_ValueError, "Precision not allowed in integer format specifier");
    if (spec->no_negative_zero)
        return raise_error(vm, &exc_ValueError, "Negative zero coercion (z) not allowed in integer format specifier");
    if (spec->type == 'c')
        return format_character(vm, v, spec);
    int base = spec->type == 'b' ? 2 : spec->type == 'o' ? 8 : spec->type == 'x' || spec->type == 'X' ? 16 : 10;
    value text = int_to_string(vm, v, base);
    if (text == VALUE_NULL)
        return VALUE_NULL;
    size_t size;
    const char *utf8 = string_utf8(vm, text, &size);
    char small[72], *digits = size < sizeof small ? strcpy(small, utf8) : strdup(utf8);
    if (!digits)
        return raise_no_memory(vm);
    for (char *at = digits; spec->type == 'X' && *at; at++)
        *at = (char)toupper((unsigned char)*at);
    bool negative = *digits == '-';
    char prefix[3] = {'0', (char)spec->type, 0};
    struct number_parts parts = {.sign = sign_character(negative, spec),
                                 .prefix = spec->alternate && base != 10 ? prefix : "",
                                 .digits = digits + negative,
                                 .digit_count = size - negative,
                                 .rest = ""};
    value result = assemble(vm, &parts, spec);
    if (digits != small)
        free(digits);
    return result;
}

/* ---- float ---- */

/* The text of |d| (and its sign) for a type; malloc'd, NULL with an exception pending. */
static char *float_text(struct vm *vm, double d, const struct format_spec *spec, unsigned flags, bool *negative)
{
    char type = (char)spec->type;
    int precision = (int)spec->precision;
    if (spec->precision > INT_MAX) {
        raise_error(vm, &exc_ValueError, "precision too big");
        return NULL;
    }
    if (type == 'n')
        type = 'g';
    if (!type)
        type = precision < 0 ? 'r' : 'g';
    else
        flags &= ~(unsigned)FLOAT_DOT_ZERO;
    if (type == '%') {
        d *= 100;
        type = 'f';
    }
    if (precision < 0)
        precision = 6;
    char *text = float_layout(d, type, precision, flags | (spec->alternate ? FLOAT_ALTERNATE : 0));
    if (!text) {
        raise_no_memory(vm);
        return NULL;
    }
    *negative = signbit(d) && !isnan(d);
    if (*negative && spec->no_negative_zero && !strpbrk(text, "123456789iI"))
        *negative = false;
    return text;
}

static value format_double(struct vm *vm, double d, value v, struct format_spec *spec)
{
    bool negative;
    if (spec->type && !strchr("eEfFgGn%", (int)(spec->type < 128 ? spec->type : 1)))
        return raise_unknown(vm, spec->type, v);
    char fixed[FLOAT_FIXED_ROOM];
    if (spec->type == 'f' && !spec->alternate && !spec->no_negative_zero && spec->precision <= FLOAT_FIXED_PRECISION &&
        float_fixed(fabs(d), spec->precision < 0 ? 6 : (int)spec->precision, fixed)) {
        size_t digits = strspn(fixed, "0123456789");
        struct number_parts parts = {.sign = sign_character(signbit(d), spec), .prefix = "", .digits = fixed,
                                     .digit_count = digits, .rest = fixed + digits};
        return assemble(vm, &parts, spec);
    }
    char *text = float_text(vm, d, spec, FLOAT_DOT_ZERO, &negative);
    if (!text)
        return VALUE_NULL;
    size_t digits = strspn(text, "0123456789");
    char *rest = malloc(strlen(text) - digits + 2);
    if (!rest) {
        free(text);
        return raise_no_memory(vm);
    }
    strcpy(rest, text + digits);
    if (spec->type == '%')
        strcat(rest, "%");
    struct number_parts parts = {.sign = sign_character(negative, spec),
                                 .prefix = "",
                                 .digits = text,
                                 .digit_count = digits,
                                 .rest = rest};
    value result = assemble(vm, &parts, spec);
    free(rest);
    free(text);
    return result;
}

value float_format(struct vm *vm, value v, value specification)
{
    struct format_spec spec;
    if (!string_of(specification)->length)
        return value_string(vm, v);
    if (!read_spec(vm, specification, v, &spec))
        return VALUE_NULL;
    return format_double(vm, float_number(v), v, &spec);
}

value int_format(struct vm *vm, value v, value specification)
{
    struct format_spec spec;
    if (!string_of(specification)->length)
        return value_string(vm, v);
    if (!read_spec(vm, specification, v, &spec))
        return VALUE_NULL;
    uint32_t type = spec.type;
    if (!type || (type < 128 && strchr("bcdoxXn", (int)type)))
        return format_integer(vm, v, &spec);
    if (type < 128 && strchr("eEfFgG%", (int)type)) {
        bool overflow = false;
        double d = 0;
        if (value_type(vm, v)->flags & TYPE_HEAP) /* with a __float__ of its own, perhaps */
            overflow = !value_to_double(vm, call_1(vm, object_value(&float_type), v), &d);
        else
            d = int_to_double(vm, v, &overflow);
        return overflow ? VALUE_NULL : format_double(vm, d, v, &spec);
    }
    return raise_unknown(vm, type, v);
}

/* ---- complex ---- */

/* A part without padding: grouped digits and the rest, appended to the builder. */
static bool add_part(struct vm *vm, struct string_builder *builder, double d, const struct format_spec *spec)
{
    bool negative;
    char *text = float_text(vm, d, spec, 0, &negative);
    if (!text)
        return false;
    struct number_parts parts = {.sign = sign_character(negative, spec),
                                 .prefix = "",
                                 .digits = text,
                                 .digit_count = strspn(text, "0123456789"),
                                 .rest = text + strspn(text, "0123456789")};
    value part = assemble(vm, &parts, spec);
    free(text);
    if (part == VALUE_NULL)
        return false;
    string_builder_add_string(builder, part);
    return true;
}

value complex_format(struct vm *vm, value v, value specification)
{
    struct format_spec spec;
    if (!string_of(specification)->length)
        return value_string(vm, v);
    if (!read_spec(vm, specification, v, &spec))
        return VALUE_NULL;
    if (spec.type && !strchr("eEfFgGn", (int)(spec.type < 128 ? spec.type : 1)))
        return raise_unknown(vm, spec.type, v);
    if (spec.fill == '0')
        return raise_error(vm, &exc_ValueError, "Zero padding is not allowed in complex format specifier");
    if (spec.align == '=')
        return raise_error(vm, &exc_ValueError, "'=' alignment flag is not allowed in complex format specifier");
    const struct complex_object *z = (const struct complex_object *)value_object(v);
    bool only_imaginary = !spec.type && z->real == 0 && !signbit(z->real), parentheses = !spec.type && !only_imaginary;
    struct format_spec part = spec;
    part.width = -1;
    part.fill = part.align = 0;
    struct string_builder builder = {0}, padded = {0};
    if (parentheses)
        string_builder_add(&builder, '(');
    bool done = only_imaginary || add_part(vm, &builder, z->real, &part);
    if (!only_imaginary)
        part.sign = '+';
    done = done && add_part(vm, &builder, z->imaginary, &part);
    if (!done) {
        string_builder_free(&builder);
        return VALUE_NULL;
    }
    string_builder_add(&builder, 'j');
    if (parentheses)
        string_builder_add(&builder, ')');
    value text = string_builder_finish(vm, &builder);
    if (text == VALUE_NULL)
        return VALUE_NULL;
    int64_t padding = spec.width - (int64_t)string_of(text)->length;
    if (padding <= 0)
        return text;
    int64_t left = spec.align == '<' ? 0 : spec.align == '^' ? padding / 2 : padding;
    uint32_t fill = spec.fill ? spec.fill : ' ';
    add_fill(&padded, fill, left);
    string_builder_add_string(&padded, text);
    add_fill(&padded, fill, padding - left);
    return string_builder_finish(vm, &padded);
}
