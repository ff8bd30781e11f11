/* format.c - Decimal.__format__: [[fill]align][sign][z][0][width][,][.precision][e E f F g G n N %] */
#include "sim/modules/decimal/decimal.h"

#include <stdio.h>
#include <stdlib.h>

struct decimal_spec {
    uint32_t fill, align, sign, type; /* align 'z': zeros between sign and digits */
    int64_t width, precision;         /* precision -1: none */
    bool no_negative_zero;
    value point, separator;           /* str */
    char grouping[16];                /* sizes of groups from the right, as localeconv's */
};

static value raise_invalid(struct vm *vm)
{
    return raise_error(vm, &exc_ValueError, "invalid format string");
}

static bool is_align(uint32_t c)
{
    return c == '<' || c == '>' || c == '=' || c == '^';
}

static bool is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

/* False: too large. */
static bool read_number(const struct string_object *s, size_t *at, int64_t *out)
{
    int64_t n = 0;
    for (; *at < s->length && is_digit(string_at(s, *at)); ++*at) {
        if (n > (INT64_MAX - 9) / 10)
            return false;
        n = n * 10 + (int64_t)(string_at(s, *at) - '0');
    }
    *out = n;
    return true;
}

static uint32_t peek(const struct string_object *s, size_t at)
{
    return at < s->length ? string_at(s, at) : 0;
}

/* Fill, alignment, sign, z, zero padding. False: invalid. */
static bool read_layout(const struct string_object *s, size_t *at, struct decimal_spec *spec)
{
    bool aligned = true;
    if (s->length >= 2 && is_align(string_at(s, 1))) {
        spec->fill = string_at(s, 0);
        spec->align = string_at(s, 1);
        *at = 2;
    } else if (is_align(peek(s, 0))) {
        spec->align = string_at(s, 0);
        *at = 1;
    } else
        aligned = false;
    uint32_t c = peek(s, *at);
    if (c == '+' || c == '-' || c == ' ') {
        spec->sign = c;
        ++*at;
    }
    if (peek(s, *at) == 'z') {
        spec->no_negative_zero = true;
        ++*at;
    }
    if (peek(s, *at) == '0') {
        if (aligned)
            return false;
        spec->align = 'z';
        spec->fill = '0';
        ++*at;
    }
    return true;
}

/* What the locale says: both its categories are "C" or "C.UTF-8" here, but a program may have replaced localeconv. */
static bool read_locale(struct vm *vm, struct decimal_spec *spec)
{
    value module = import_module(vm, "_locale");
    value table = module == VALUE_NULL ? VALUE_NULL : call_method(vm, module, "localeconv", NULL, 0);
    if (table == VALUE_NULL)
        return false;
    value point = dict_get_text(vm, dict_of(table), "decimal_point"),
          separator = dict_get_text(vm, dict_of(table), "thousands_sep");
    if (point != VALUE_NULL)
        spec->point = point;
    if (separator != VALUE_NULL)
        spec->separator = separator;
    return true;
}

static bool read_spec(struct vm *vm, value text, bool capitals, struct decimal_spec *spec)
{
    const struct string_object *s = string_of(text);
    size_t at = 0;
    *spec = (struct decimal_spec){.fill = ' ', .align = '>', .sign = '-', .type = capitals ? 'G' : 'g', .precision = -1};
    spec->point = intern_text(vm, ".");
    spec->separator = vm->empty_string;
    bool valid = read_layout(s, &at, spec) && !(spec->align == 'z' && peek(s, at) == '0') && read_number(s, &at, &spec->width);
    if (valid && peek(s, at) == ',') {
        at++;
        spec->separator = intern_text(vm, ",");
        memcpy(spec->grouping, "\3\3", 3);
    }
    if (valid && peek(s, at) == '.') {
        at++;
        valid = is_digit(peek(s, at)) && read_number(s, &at, &spec->precision);
    }
    uint32_t c = peek(s, at);
    if (valid && (c == 'n' || c == 'N')) {
        valid = !spec->grouping[0];
        at++;
        spec->type = c == 'N' ? 'G' : 'g';
        if (valid && !read_locale(vm, spec))
            return false;
    } else if (valid && (c == 'e' || c == 'E' || c == 'f' || c == 'F' || c == 'g' || c == 'G' || c == '%')) {
        at++;
        spec->type = c;
    }
    if (!valid || at < s->length) {
        raise_invalid(vm);
        return false;
    }
    return true;
}

static bool override_text(struct vm *vm, value dict, const char *name, value *out)
{
    value item = dict_get_text(vm, dict_of(dict), name);
    if (item == VALUE_NULL)
        return true;
    if (!is_string(item)) {
        raise_error(vm, &exc_ValueError, "invalid override dict");
        return false;
    }
    *out = item;
    return true;
}

static bool read_override(struct vm *vm, value dict, struct decimal_spec *spec)
{
    if (!has_flag(dict, TYPE_DICT)) {
        raise_error(vm, &exc_TypeError, "optional argument must be a dict");
        return false;
    }
    value grouping = VALUE_NULL;
    if (!override_text(vm, dict, "decimal_point", &spec->point) || !override_text(vm, dict, "thousands_sep", &spec->separator) ||
        !override_text(vm, dict, "grouping", &grouping))
        return false;
    if (grouping != VALUE_NULL) {
        const struct string_object *s = string_of(grouping);
        size_t i = 0;
        for (; i < s->length && i + 1 < sizeof spec->grouping; i++) {
            if (string_at(s, i) > 127) { /* negative as a char */
                raise_error(vm, &exc_ValueError, "invalid override dict");
                return false;
            }
            spec->grouping[i] = (char)string_at(s, i);
        }
        spec->grouping[i] = 0;
    }
    if (string_of(spec->point)->length == 0 || string_of(spec->point)->length > 4 || string_of(spec->separator)->length > 4) {
        raise_error(vm, &exc_ValueError, "invalid override dict");
        return false;
    }
    return true;
}

/* ---- the number ---- */

static bool round_digits(struct calculation *c, struct number *a, int64_t digits)
{
    if (a->digits <= digits)
        return true;
    c->rules.precision = digits;
    number_finish(c, a);
    return !(c->status & STATUS_ERRORS);
}

static bool rescale(struct calculation *c, struct number *a, int64_t exponent)
{
    if (has_zero_coefficient(a)) {
        a->exponent = exponent;
        return true;
    }
    int64_t difference = a->exponent - exponent;
    if (exponent < EXPONENT_MIN * 2 || a->digits + difference > PRECISION_MAX)
        return false;
    if (!number_shift_left(c, a, difference))
        return false;
    int rest = number_shift_right(c, a, -difference);
    a->exponent = exponent;
    number_round_increment(c, a, rest);
    return true;
}

/* Exactly so many digits, zeros behind included. */
static bool scientific_digits(struct calculation *c, struct number *a, int64_t digits)
{
    if (has_zero_coefficient(a))
        return true;
    if (!round_digits(c, a, digits))
        return false;
    int64_t missing = digits - a->digits;
    a->exponent -= missing;
    return number_shift_left(c, a, missing);
}

/* Rounds as the type asks. */
static bool apply_precision(struct calculation *c, struct number *a, const struct decimal_spec *spec)
{
    uint32_t type = spec->type | 32;
    if (spec->type == '%')
        a->exponent += 2;
    bool fixed = type == 'f' || spec->type == '%';
    if (spec->precision >= 0) {
        if (type == 'e')
            return scientific_digits(c, a, spec->precision + 1);
        if (fixed)
            return rescale(c, a, -spec->precision);
        return round_digits(c, a, spec->precision ? spec->precision : 1);
    }
    return !fixed || !has_zero_coefficient(a) || a->exponent <= 0 || rescale(c, a, 0);
}

struct body { /* digits of the whole part, then everything behind it */
    struct string_builder whole, rest;
};

static void add_zeros(struct string_builder *builder, int64_t count)
{
    for (; count > 0; count--)
        string_builder_add(builder, '0');
}

static void add_digits(struct string_builder *builder, const char *digits, size_t size)
{
    for (size_t i = 0; i < size; i++)
        string_builder_add(builder, (unsigned char)digits[i]);
}

static int64_t format_point(const struct number *a, const struct decimal_spec *spec, int64_t left)
{
    uint32_t type = spec->type | 32;
    if (type == 'e')
        return has_zero_coefficient(a) && spec->precision >= 0 ? 1 - spec->precision : 1;
    if (type == 'f' || spec->type == '%' || (a->exponent <= 0 && left > -6))
        return left;
    return 1;
}

/* False: too long, or no memory. */
static bool make_body(const struct number *a, const struct decimal_spec *spec, struct body *body)
{
    int64_t left = a->exponent + a->digits, point = format_point(a, spec, left);
    if (point < -DIGITS_MAX || point > DIGITS_MAX)
        return false;
    char *digits = number_digits_text(a);
    if (!digits)
        return false;
    int64_t length = (int64_t)strlen(digits);
    if (point > 0)
        add_digits(&body->whole, digits, (size_t)(point < length ? point : length));
    if (point <= 0)
        string_builder_add(&body->whole, '0');
    add_zeros(&body->whole, point - length);
    if (point < length)
        string_builder_add_string(&body->rest, spec->point);
    add_zeros(&body->rest, -point);
    if (point < length)
        add_digits(&body->rest, digits + (point > 0 ? point : 0), (size_t)(length - (point > 0 ? point : 0)));
    free(digits);
    if (left != point || (spec->type | 32) == 'e') {
        char text[32];
        snprintf(text, sizeof text, "%c%+ld", spec->type & 32 ? 'e' : 'E', (long)(left - point));
        string_builder_add_text(&body->rest, text);
    }
    if (spec->type == '%')
        string_builder_add(&body->rest, '%');
    return true;
}

/* Puts the separators into the whole part, and zeros before it until it has `width` characters. */
static void add_grouped(struct string_builder *out, const struct string_builder *whole, const struct decimal_spec *spec,
                        int64_t width)
{
    int64_t separator = (int64_t)string_of(spec->separator)->length, remaining = (int64_t)whole->length;
    const char *group = separator ? spec->grouping : "";
    struct string_builder reversed = {0};
    for (;;) {
        int64_t available = remaining > width ? remaining : width, size = *group > 0 && *group < 127 ? *group : INT64_MAX;
        available = available > 1 ? available : 1;
        size = size < available ? size : available;
        for (int64_t i = 0; i < size; i++)
            string_builder_add(&reversed, remaining > 0 ? whole->code_points[--remaining] : '0');
        width -= size;
        if (remaining <= 0 && width <= 0)
            break;
        width -= separator;
        for (int64_t i = separator; i-- > 0;)
            string_builder_add(&reversed, string_at(string_of(spec->separator), (size_t)i));
        if (*group && group[1])
            group++;
    }
    while (reversed.length)
        string_builder_add(out, reversed.code_points[--reversed.length]);
    string_builder_free(&reversed);
}

static value align(struct vm *vm, const struct decimal_spec *spec, uint32_t sign, struct string_builder *body)
{
    struct string_builder out = {0};
    int64_t padding = spec->width - (int64_t)body->length - (sign != 0), before = 0;
    padding = padding > 0 ? padding : 0;
    if (spec->align == '>')
        before = padding;
    else if (spec->align == '^')
        before = padding / 2;
    for (int64_t i = 0; i < before; i++)
        string_builder_add(&out, spec->fill);
    if (sign)
        string_builder_add(&out, sign);
    if (spec->align == '=' || spec->align == 'z')
        for (; before < padding; before++)
            string_builder_add(&out, spec->fill);
    for (size_t i = 0; i < body->length; i++)
        string_builder_add(&out, body->code_points[i]);
    for (; before < padding; before++)
        string_builder_add(&out, spec->fill);
    ADD_WORK(vm, characters, out.length);
    return string_builder_finish(vm, &out);
}

static value format_number(struct vm *vm, struct calculation *c, struct number *a, struct decimal_spec *spec)
{
    struct body body = {0};
    struct string_builder all = {0};
    bool negative = a->negative, done = true;
    if (is_special(a)) {
        size_t size;
        a->negative = false;
        char *text = number_text(a, false, true, &size);
        done = text != NULL;
        for (const char *p = text; done && *p; p++)
            string_builder_add(&all, (unsigned char)*p);
        free(text);
        if (spec->type == '%')
            string_builder_add(&all, '%');
        if (spec->align == 'z') {
            spec->align = '>';
            spec->fill = ' ';
        }
    } else {
        bool was_zero = has_zero_coefficient(a); /* CPython keeps the sign of what type F rounds to zero */
        done = spec->width <= DIGITS_MAX && apply_precision(c, a, spec) && make_body(a, spec, &body);
        if (done && spec->no_negative_zero && has_zero_coefficient(a) && (was_zero || spec->type != 'F'))
            negative = false;
    }
    uint32_t sign = negative ? '-' : spec->sign != '-' ? spec->sign : 0;
    value result = VALUE_NULL;
    if (done && !is_special(a)) {
        int64_t width = spec->align == 'z' ? spec->width - (int64_t)body.rest.length - (sign != 0) : 0;
        add_grouped(&all, &body.whole, spec, width);
        for (size_t i = 0; i < body.rest.length; i++)
            string_builder_add(&all, body.rest.code_points[i]);
    }
    if (done)
        result = align(vm, spec, sign, &all);
    else
        raise_error(vm, &exc_ValueError, "format specification exceeds internal limits of _decimal");
    string_builder_free(&body.whole);
    string_builder_free(&body.rest);
    string_builder_free(&all);
    return result;
}

value decimal_format(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    if (count < 1 || count > 2 || keyword_count(keyword_names))
        return raise_error(vm, &exc_TypeError, "function takes at %s argument%s (%zu given)", count < 1 ? "least 1" : "most 2",
                           count < 1 ? "" : "s", count);
    value context = current_context(vm);
    if (context == VALUE_NULL)
        return VALUE_NULL;
    if (!is_string(arguments[0]))
        return raise_error(vm, &exc_TypeError, "format arg must be str");
    struct decimal_spec spec;
    if (!read_spec(vm, arguments[0], context_of(context)->capitals, &spec) ||
        (count > 1 && !read_override(vm, arguments[1], &spec)))
        return VALUE_NULL;
    struct calculation c = calculation_start(vm, context);
    enum rounding rounding = c.rules.rounding;
    c.rules = rules_exact;
    c.rules.rounding = rounding;
    struct number view, work;
    number_view(self, &view);
    number_start(&work);
    number_copy(&work, &view);
    value result = format_number(vm, &c, &work, &spec);
    number_clear(&work);
    gc_keep(spec.point);
    gc_keep(spec.separator);
    return result;
}
