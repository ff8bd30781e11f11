/* string_percent.c - the % operator of str, bytes and bytearray. */
#include "sim/runtime/bytes.h"
#include "sim/runtime/float_text.h"
#include "sim/runtime/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct percent {
    struct string_builder out;
    struct span format;
    size_t at;            /* behind the conversion being done */
    bool of_bytes;
    value mapping;        /* what %(key)s looks into, or VALUE_NULL */
    value arguments;      /* a tuple, or the one argument */
    int64_t count, index; /* count -1: one argument; index is then -2 until it is taken */
    value whole;          /* a str that was all there was when it was added: the result, if nothing follows; or VALUE_NULL */
};

struct conversion {
    bool left, plus, space, alternate, zero;
    int64_t width, precision; /* precision -1: none */
    uint32_t letter;
};

static bool percent_error(struct vm *vm, struct type *type, const char *message)
{
    raise_error(vm, type, "%s", message);
    return false;
}

static bool next_argument(struct vm *vm, struct percent *p, value *out)
{
    if (p->index >= p->count)
        return percent_error(vm, &exc_TypeError, "not enough arguments for format string");
    int64_t index = p->index++;
    *out = p->count < 0 ? p->arguments : tuple_of(p->arguments)->items[index];
    return true;
}

/* "(key)" at p->at: the mapping's value becomes the argument. */
static bool take_key(struct vm *vm, struct percent *p)
{
    if (p->mapping == VALUE_NULL)
        return percent_error(vm, &exc_TypeError, "format requires a mapping");
    size_t start = ++p->at, depth = 1;
    while (p->at < p->format.length) {
        uint32_t c = span_at(p->format, p->at++);
        depth += c == '(';
        if (c == ')' && --depth == 0)
            break;
    }
    if (depth)
        return percent_error(vm, &exc_ValueError, "incomplete format key");
    struct span name = span_part(p->format, start, p->at - 1);
    value key = p->of_bytes ? bytes_from(vm, name.data, name.length) : string_from_span(vm, name);
    value item = key == VALUE_NULL ? key : get_item(vm, p->mapping, key);
    if (item == VALUE_NULL)
        return false;
    p->arguments = item;
    p->count = -1;
    p->index = -2;
    return true;
}

static uint32_t peek(const struct percent *p)
{
    return p->at < p->format.length ? span_at(p->format, p->at) : 0;
}

/* A number or '*': -1 when there is none. */
static bool take_number(struct vm *vm, struct percent *p, int64_t *out, bool *negative, const char *too_big)
{
    *negative = false;
    if (peek(p) == '*') {
        value v;
        if (!next_argument(vm, p, &v))
            return false;
        if (!is_int(v))
            return percent_error(vm, &exc_TypeError, "* wants int");
        if (!value_to_int64(vm, v, out))
            return false;
        *negative = *out < 0;
        p->at++;
        return true;
    }
    while (p->at < p->format.length && peek(p) - '0' < 10) {
        *out = (*out < 0 ? 0 : *out) * 10 + (int64_t)(peek(p) - '0');
        if (*out > INT32_MAX)
            return percent_error(vm, &exc_ValueError, too_big);
        p->at++;
    }
    return true;
}

static bool parse_conversion(struct vm *vm, struct percent *p, struct conversion *out)
{
    *out = (struct conversion){.width = -1, .precision = -1};
    bool negative;
    if (peek(p) == '(' && !take_key(vm, p))
        return false;
    for (bool flags = true; flags;) {
        switch (peek(p)) {
        case '-': out->left = true; break;
        case '+': out->plus = true; break;
        case ' ': out->space = true; break;
        case '#': out->alternate = true; break;
        case '0': out->zero = true; break;
        default: flags = false; continue;
        }
        p->at++;
    }
    if (!take_number(vm, p, &out->width, &negative, "width too big"))
        return false;
    if (negative) {
        out->left = true;
        out->width = -out->width;
    }
    if (peek(p) == '.') {
        p->at++;
        out->precision = 0;
        if (!take_number(vm, p, &out->precision, &negative, p->of_bytes ? "prec too big" : "precision too big"))
            return false;
        if (out->precision > INT32_MAX || out->precision < INT32_MIN)
            return percent_error(vm, &exc_OverflowError, "Python int too large to convert to C int");
        if (negative)
            out->precision = 0;
    }
    if (peek(p) == 'h' || peek(p) == 'l' || peek(p) == 'L')
        p->at++;
    if (p->at >= p->format.length)
        return percent_error(vm, &exc_ValueError, "incomplete format");
    out->letter = span_at(p->format, p->at++);
    return true;
}

/* sign (or 0), prefix, zeros up to the width when asked for, body */
static void add_padded(struct percent *p, const struct conversion *c, uint32_t sign, const char *prefix, struct span body,
                       bool zeros)
{
    int64_t length = (int64_t)body.length + (sign != 0) + (int64_t)strlen(prefix);
    int64_t padding = c->width > length ? c->width - length : 0;
    bool fill_zeros = zeros && !c->left;
    string_builder_fill(&p->out, ' ', c->left || fill_zeros ? 0 : padding);
    if (sign)
        string_builder_add(&p->out, sign);
    string_builder_add_text(&p->out, prefix);
    string_builder_fill(&p->out, '0', fill_zeros ? padding : 0);
    string_builder_add_span(&p->out, body);
    string_builder_fill(&p->out, ' ', c->left ? padding : 0);
}

static uint32_t sign_of(const struct conversion *c, bool negative)
{
    return negative ? '-' : c->plus ? '+' : c->space ? ' ' : 0;
}

/* What %d, %x and the like make of an argument: an int; VALUE_NULL: error. */
static value to_integer(struct vm *vm, value v, uint32_t letter)
{
    if (is_int(v))
        return v;
    struct type *type = value_type(vm, v);
    bool index_only = letter == 'o' || letter == 'x' || letter == 'X';
    value result = VALUE_NULL;
    if (!index_only && type->to_int)
        result = type->to_int(vm, v);
    else if (type->index)
        result = type->index(vm, v);
    else
        return raise_error(vm, &exc_TypeError,
                           index_only ? "%%%c format: an integer is required, not %T"
                                      : "%%%c format: a real number is required, not %T",
                           (int)letter, v);
    if (result != VALUE_NULL && !is_int(result))
        return raise_error(vm, &exc_TypeError, "%%%c format: a real number is required, not %T", (int)letter, v);
    return result;
}

static bool add_integer(struct vm *vm, struct percent *p, const struct conversion *c, value v)
{
    v = to_integer(vm, v, p->of_bytes && c->letter == 'i' ? 'd' : c->letter); /* the letter is for messages */
    if (v == VALUE_NULL)
        return false;
    if (c->precision > INT32_MAX - 3)
        return percent_error(vm, &exc_OverflowError, "precision too large");
    if (v == TRUE || v == FALSE)
        v = small_int(v == TRUE);
    int base = c->letter == 'o' ? 8 : c->letter == 'x' || c->letter == 'X' ? 16 : 10;
    value digits = int_to_string(vm, v, base);
    if (digits == VALUE_NULL)
        return false;
    const char *text = (const char *)string_of(digits)->data;
    size_t length = string_of(digits)->length;
    bool negative = *text == '-';
    if (c->precision < 0 && c->letter != 'X' && !c->alternate) {
        add_padded(p, c, sign_of(c, negative), "", (struct span){text + negative, length - negative, 1}, c->zero);
        return true;
    }
    struct string_builder body = {NULL, 0, 0};
    string_builder_fill(&body, '0', c->precision - (int64_t)(length - negative));
    for (size_t i = negative; i < length; i++)
        string_builder_add(&body, c->letter == 'X' && text[i] >= 'a' ? (uint32_t)text[i] - 32 : (uint32_t)text[i]);
    const char *prefix = "";
    if (c->alternate)
        prefix = c->letter == 'o' ? "0o" : c->letter == 'x' ? "0x" : c->letter == 'X' ? "0X" : "";
    if (body.length == SIZE_MAX) {
        string_builder_free(&body);
        raise_no_memory(vm);
        return false;
    }
    add_padded(p, c, sign_of(c, negative), prefix, (struct span){body.code_points, body.length, 4}, c->zero);
    string_builder_free(&body);
    return true;
}

static bool add_float(struct vm *vm, struct percent *p, const struct conversion *c, value v)
{
    double number;
    if (!value_to_double(vm, v, &number)) {
        if (p->of_bytes && exception_matches(vm, &exc_TypeError)) {
            exception_clear(vm);
            raise_error(vm, &exc_TypeError, "float argument required, not %T", v);
        }
        return false;
    }
    int precision = c->precision < 0 ? 6 : (int)c->precision;
    char shape[8] = {'%', c->alternate ? '#' : '.', c->alternate ? '.' : '*', c->alternate ? '*' : (char)c->letter,
                     c->alternate ? (char)c->letter : 0, 0};
    char small[512], *text = small;
    bool is_fixed = (c->letter == 'f' || c->letter == 'F') && !c->alternate && precision <= FLOAT_FIXED_PRECISION;
    size_t fixed = is_fixed ? float_fixed(fabs(number), precision, small) : 0;
    if (fixed) {
        add_padded(p, c, sign_of(c, signbit(number)), "", (struct span){small, fixed, 1}, c->zero);
        return true;
    }
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" /* built from checked letters just above */
    int length = snprintf(small, sizeof small, shape, precision, number);
    if (length >= (int)sizeof small) {
        text = malloc((size_t)length + 1);
        if (!text) {
            raise_no_memory(vm);
            return false;
        }
        snprintf(text, (size_t)length + 1, shape, precision, number);
    }
    if (length < 0) { /* longer than C counts */
        raise_no_memory(vm);
        return false;
    }
#pragma GCC diagnostic pop
    bool is_nan = number != number, negative = *text == '-';
    const char *digits = text + negative;
    negative = negative && !is_nan;
    add_padded(p, c, sign_of(c, negative), "", (struct span){digits, strlen(digits), 1}, c->zero);
    if (text != small)
        free(text);
    return true;
}

static bool add_character(struct vm *vm, struct percent *p, const struct conversion *c, value v)
{
    uint32_t character = 0;
    const uint8_t *data;
    size_t size;
    if (is_int(v) || (!is_string(v) && value_type(vm, v)->index)) {
        int64_t number = -1, limit = p->of_bytes ? 256 : 0x110000;
        value whole = is_int(v) ? v : value_type(vm, v)->index(vm, v);
        if (whole == VALUE_NULL)
            return false;
        if (!value_to_int64(vm, whole, &number))
            exception_clear(vm);
        if (number < 0 || number >= limit)
            return percent_error(vm, &exc_OverflowError,
                                 p->of_bytes ? "%c arg not in range(256)" : "%c arg not in range(0x110000)");
        character = (uint32_t)number;
    } else if (!p->of_bytes && is_string(v) && string_of(v)->length == 1) {
        character = string_at(string_of(v), 0);
    } else if (p->of_bytes && !is_string(v) && is_object(v) && value_type(vm, v)->buffer &&
               buffer_of(vm, v, &data, &size) && size == 1) {
        character = data[0];
    } else {
        return percent_error(vm, &exc_TypeError,
                             p->of_bytes ? "%c requires an integer in range(256) or a single byte"
                                         : "%c requires int or char");
    }
    add_padded(p, c, 0, "", (struct span){&character, 1, 4}, false);
    return true;
}

static bool add_text(struct percent *p, const struct conversion *c, struct span text)
{
    if (c->precision >= 0 && (uint64_t)c->precision < text.length)
        text.length = (size_t)c->precision;
    add_padded(p, c, 0, "", text, false);
    return true;
}

/* %s and %b of bytes */
static bool add_bytes(struct vm *vm, struct percent *p, const struct conversion *c, value v)
{
    const uint8_t *data;
    size_t size;
    if (is_object(v) && value_type(vm, v)->buffer && buffer_of(vm, v, &data, &size))
        return add_text(p, c, (struct span){data, size, 1});
    value method = lookup_special(vm, v, "__bytes__");
    if (method == VALUE_NULL) {
        if (vm->pending == VALUE_NULL)
            raise_error(vm, &exc_TypeError,
                        "%%b requires a bytes-like object, or an object that implements __bytes__, not '%T'", v);
        return false;
    }
    value result = call_0(vm, method);
    if (result == VALUE_NULL)
        return false;
    if (!is_bytes(result)) {
        raise_error(vm, &exc_TypeError, "__bytes__ returned non-bytes (type %T)", result);
        return false;
    }
    return add_text(p, c, (struct span){bytes_of(result)->data, bytes_of(result)->length, 1});
}

static bool add_conversion(struct vm *vm, struct percent *p, const struct conversion *c)
{
    value v, text;
    if (!next_argument(vm, p, &v))
        return false;
    switch (c->letter) {
    case 'b':
        if (!p->of_bytes)
            break;
        return add_bytes(vm, p, c, v);
    case 's':
        if (p->of_bytes)
            return add_bytes(vm, p, c, v);
        text = value_string(vm, v);
        if (text != VALUE_NULL && p->out.length == 0 && is_exact(text, &string_type))
            p->whole = text;
        return text != VALUE_NULL && add_text(p, c, string_span(text));
    case 'r': case 'a':
        text = value_repr(vm, v);
        if (text != VALUE_NULL && (p->of_bytes || c->letter == 'a'))
            text = string_ascii(vm, text);
        return text != VALUE_NULL && add_text(p, c, string_span(text));
    case 'd': case 'i': case 'u': case 'o': case 'x': case 'X':
        return add_integer(vm, p, c, v);
    case 'e': case 'E': case 'f': case 'F': case 'g': case 'G':
        return add_float(vm, p, c, v);
    case 'c':
        return add_character(vm, p, c, v);
    default:
        break;
    }
    raise_error(vm, &exc_ValueError, "unsupported format character '%c' (0x%x) at index %zu",
                c->letter >= 31 && c->letter <= 126 ? (int)c->letter : '?', (unsigned)c->letter, p->at - 1);
    return false;
}

static bool run(struct vm *vm, struct percent *p, value arguments)
{
    p->mapping = VALUE_NULL;
    p->arguments = arguments;
    if (has_flag(arguments, TYPE_TUPLE)) {
        p->count = (int64_t)tuple_of(arguments)->length;
        p->index = 0;
    } else {
        p->count = -1;
        p->index = -2;
        if (value_type(vm, arguments)->get_item && !is_string(arguments) &&
            !(p->of_bytes && (is_bytes(arguments) || is_bytearray(vm, arguments))))
            p->mapping = arguments;
    }
    while (p->at < p->format.length) {
        int64_t found = span_find_character(p->format, '%', p->at, p->format.length);
        size_t end = found < 0 ? p->format.length : (size_t)found;
        string_builder_add_span(&p->out, span_part(p->format, p->at, end));
        p->at = end + 1;
        struct conversion conversion;
        if (found >= 0 && peek(p) == '%') { /* "%%"; with anything between, % is an unknown conversion */
            string_builder_add(&p->out, '%');
            p->at++;
            continue;
        }
        if (found >= 0 && (!parse_conversion(vm, p, &conversion) || !add_conversion(vm, p, &conversion)))
            return false;
    }
    if (p->index < p->count && p->mapping == VALUE_NULL)
        return percent_error(vm, &exc_TypeError,
                             p->of_bytes ? "not all arguments converted during bytes formatting"
                                         : "not all arguments converted during string formatting");
    if (p->out.length != SIZE_MAX)
        ADD_WORK(vm, characters, p->out.length);
    return true;
}

value string_format_percent(struct vm *vm, value format, value arguments)
{
    struct percent p = {.format = string_span(format), .of_bytes = false, .whole = VALUE_NULL};
    if (run(vm, &p, arguments)) {
        if (p.out.length == string_of(format)->length && is_exact(format, &string_type) &&
            span_find_character(p.format, '%', 0, p.format.length) < 0)
            p.whole = format;
        if (p.whole == VALUE_NULL || string_of(p.whole)->length != p.out.length)
            return string_builder_finish(vm, &p.out);
        string_builder_free(&p.out);
        return p.whole;
    }
    string_builder_free(&p.out);
    return VALUE_NULL;
}

value bytes_format_percent(struct vm *vm, struct span format, value arguments)
{
    struct percent p = {.format = format, .of_bytes = true, .whole = VALUE_NULL};
    value result = VALUE_NULL;
    if (run(vm, &p, arguments)) {
        if (p.out.length == SIZE_MAX) {
            result = raise_no_memory(vm);
        } else {
            result = bytes_from(vm, NULL, p.out.length);
            if (result != VALUE_NULL)
                span_copy(bytes_of(result)->data, 1, 0, (struct span){p.out.code_points, p.out.length, 4});
        }
    }
    string_builder_free(&p.out);
    return result;
}
