/* int_text.c - ints to text and back: int(), repr, the limit on decimal digits. */
#include "sim/runtime/number.h"

#include "sim/runtime/container.h"
#include "sim/runtime/warning.h"

#include <stdlib.h>

/* ---- to text ---- */

static uint32_t digit_limit(const struct vm *vm)
{
    return vm->int_max_digits ? vm->int_max_digits : INT_MAX_DIGITS_DEFAULT;
}

char *int_digits(value v, int base)
{
    struct int_view view;
    int_view(v, &view);
    view.negative = false;
    return mpz_get_str(NULL, base, int_view_mpz(&view)); /* GMP's default allocator is malloc */
}

static value small_to_string(struct vm *vm, int64_t n, unsigned base)
{
    char text[72], *end = text + sizeof text, *at = end;
    uint64_t magnitude = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
    if (base == 10) {
        for (; magnitude >= 100; magnitude /= 100) {
            unsigned pair = (unsigned)(magnitude % 100);
            *--at = (char)('0' + pair % 10);
            *--at = (char)('0' + pair / 10);
        }
        for (unsigned rest = (unsigned)magnitude, more = 1; more; rest /= 10, more = rest != 0)
            *--at = (char)('0' + rest % 10);
    } else {
        do {
            *--at = "0123456789abcdefghijklmnopqrstuvwxyz"[magnitude % base];
            magnitude /= base;
        } while (magnitude);
    }
    if (n < 0)
        *--at = '-';
    return string_from_ascii(vm, at, (size_t)(end - at));
}

static value raise_limit(struct vm *vm, uint32_t limit)
{
    return raise_error(vm, &exc_ValueError,
                       "Exceeds the limit (%d digits) for integer string conversion; use sys.set_int_max_str_digits() to "
                       "increase the limit",
                       (int)limit);
}

value int_to_string(struct vm *vm, value v, int base)
{
    v = int_exact(v);
    if (is_small_int(v))
        return small_to_string(vm, small_int_value(v), (unsigned)base);
    struct int_view view;
    int_view(v, &view);
    bool decimal = (base & (base - 1)) != 0;
    uint32_t limit = digit_limit(vm);
    if (decimal && limit != UINT32_MAX && mpz_sizeinbase(int_view_mpz(&view), 10) > (size_t)limit + 1) /* no work for nothing */
        return raise_limit(vm, limit);
    ADD_WORK(vm, limbs, decimal ? view.count * view.count : view.count);
    char *text = mpz_get_str(NULL, base, int_view_mpz(&view));
    if (!text)
        return raise_no_memory(vm);
    size_t size = strlen(text);
    value result = VALUE_NULL;
    if (decimal && size - view.negative > limit && limit != UINT32_MAX)
        raise_limit(vm, limit);
    else
        result = string_from_utf8(vm, text, size);
    free(text);
    return result;
}

value int_repr(struct vm *vm, value v)
{
    return int_to_string(vm, v, 10);
}

/* ---- from text ---- */

value int_from_decimal(struct vm *vm, const char *digits)
{
    mpz_t number;
    mpz_init_set_str(number, digits, 10);
    value result = int_from_mpz(vm, number);
    mpz_clear(number);
    return result;
}

value int_from_hex(struct vm *vm, const char *digits)
{
    mpz_t number;
    mpz_init_set_str(number, digits, 16);
    value result = int_from_mpz(vm, number);
    mpz_clear(number);
    return result;
}

static int digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'Z' ? c - 'A' + 10 : 36;
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static value raise_literal(struct vm *vm, int base, value original)
{
    value text = value_repr(vm, original);
    if (text == VALUE_NULL)
        return VALUE_NULL;
    if (string_of(text)->length > 200)
        text = string_slice(vm, text, 0, 200);
    return text == VALUE_NULL
               ? VALUE_NULL
               : raise_error(vm, &exc_ValueError, "invalid literal for int() with base %d: %U", base, text);
}

/* The prefix that the base allows or, for base 0, decides; false: a leading zero that decides nothing. */
static bool read_prefix(const char **at, const char *end, int *base)
{
    const char *p = *at;
    char letter = p + 1 < end && *p == '0' ? (char)(p[1] | 0x20) : 0;
    int prefixed = letter == 'x' ? 16 : letter == 'o' ? 8 : letter == 'b' ? 2 : 0;
    if (prefixed && (*base == prefixed || *base == 0)) {
        *base = prefixed;
        *at = p + 2;
        if (*at < end && **at == '_') /* one underscore may follow the prefix */
            ++*at;
        return true;
    }
    if (*base == 0) {
        *base = 10;
        if (p < end && *p == '0') { /* only zeros may follow */
            for (; p < end; p++)
                if (*p != '0' && *p != '_' && !is_space(*p))
                    return false;
        }
    }
    return true;
}

static value parse_digits(struct vm *vm, const char *digits, size_t count, int base, bool negative)
{
    uint32_t limit = digit_limit(vm);
    if ((base & (base - 1)) && count > INT_MAX_DIGITS_THRESHOLD && count > limit && limit != UINT32_MAX)
        return raise_error(vm, &exc_ValueError,
                           "Exceeds the limit (%d digits) for integer string conversion: value has %zd digits; use "
                           "sys.set_int_max_str_digits() to increase the limit",
                           (int)limit, (ptrdiff_t)count);
    if (count <= (base <= 10 ? 18 : 11)) { /* 36^11 < 2^62, as 10^18 */
        int64_t n = 0;
        for (size_t i = 0; i < count; i++)
            n = n * base + digit_of(digits[i]);
        return small_int(negative ? -n : n);
    }
    mpz_t number;
    mpz_init_set_str(number, digits, base);
    if (negative)
        mpz_neg(number, number);
    if (mpz_size(number) > 1)
        ADD_WORK(vm, limbs, base & (base - 1) ? mpz_size(number) * mpz_size(number) : mpz_size(number));
    value result = int_from_mpz(vm, number);
    mpz_clear(number);
    return result;
}

value int_parse(struct vm *vm, const char *text, size_t size, int base, value original)
{
    const char *at = text, *end = text + size;
    int asked = base;
    bool negative = false, valid = true;
    while (at < end && is_space(*at))
        at++;
    while (end > at && is_space(end[-1]))
        end--;
    if (at < end && (*at == '+' || *at == '-'))
        negative = *at++ == '-';
    if (!read_prefix(&at, end, &base))
        return raise_literal(vm, asked, original);
    char stack[64], *digits = (size_t)(end - at) < sizeof stack ? stack : malloc((size_t)(end - at) + 1);
    if (!digits)
        return raise_no_memory(vm);
    size_t count = 0;
    bool after_digit = false;
    for (; at < end && valid; at++) {
        if (*at == '_') {
            valid = after_digit;
            after_digit = false;
        } else {
            valid = digit_of(*at) < base;
            after_digit = true;
            digits[count++] = *at;
        }
    }
    digits[count] = '\0';
    value result = valid && after_digit && count ? parse_digits(vm, digits, count, base, negative)
                                                 : raise_literal(vm, asked, original);
    if (digits != stack)
        free(digits);
    return result;
}

/* A str's text in ASCII: other scripts' digits and spaces become ours, what else there is becomes '?'. malloc'd. */
static char *ascii_text(value v, size_t *size)
{
    const struct string_object *s = string_of(v);
    char *text = malloc((size_t)s->length + 1);
    if (!text)
        return NULL;
    for (size_t i = 0; i < s->length; i++) {
        uint32_t c = string_at(s, i);
        int digit = c < 128 ? -1 : character_decimal(c);
        text[i] = c < 128 ? (char)c : digit >= 0 ? (char)('0' + digit) : character_is_space(c) ? ' ' : '?';
    }
    text[s->length] = '\0';
    *size = s->length;
    return text;
}

/* int(v, base) for a str, bytes or bytearray; not_implemented for anything else. */
static value int_from_text(struct vm *vm, value v, int base)
{
    const uint8_t *data;
    size_t size;
    if (is_string(v) && string_of(v)->ascii)
        return int_parse(vm, (const char *)string_of(v)->data, string_of(v)->length, base, v);
    if (is_string(v)) {
        char *text = ascii_text(v, &size);
        if (!text)
            return raise_no_memory(vm);
        value result = int_parse(vm, text, size, base, v);
        free(text);
        return result;
    }
    if ((is_bytes(v) || (is_object(v) && is_instance(vm, v, &bytearray_type))) && buffer_of(vm, v, &data, &size))
        return int_parse(vm, (const char *)data, size, base, v);
    return vm->not_implemented;
}

/* ---- int() ---- */

/* __trunc__, deprecated but still asked by 3.11. */
static value int_from_trunc(struct vm *vm, value method)
{
    if (!warning_issue(vm, &exc_DeprecationWarning, 1, "The delegation of int() to __trunc__ is deprecated."))
        return VALUE_NULL;
    value truncated = call_0(vm, method);
    if (truncated == VALUE_NULL || is_int(truncated))
        return truncated == VALUE_NULL ? VALUE_NULL : int_exact(truncated);
    if (!value_type(vm, truncated)->index)
        return raise_error(vm, &exc_TypeError, "__trunc__ returned non-Integral (type %T)", truncated);
    return number_index(vm, truncated);
}

value int_from_value(struct vm *vm, value v)
{
    if (is_exact_int(v) || v == TRUE || v == FALSE)
        return int_exact(v);
    if (is_immediate_float(v))
        return int_from_double(vm, immediate_float(v));
    if (is_exact(v, &string_type))
        return int_from_text(vm, v, 10);
    const struct type *type = value_type(vm, v);
    if (type->to_int) {
        value result = type->to_int(vm, v);
        if (result == VALUE_NULL || is_exact_int(result))
            return result;
        if (!is_int(result))
            return raise_error(vm, &exc_TypeError, "__int__ returned non-int (type %T)", result);
        if (type->to_int != int_type.to_int && type->to_int != bool_type.to_int &&
            !warning_issue(vm, &exc_DeprecationWarning, 1,
                           "__int__ returned non-int (type %T).  The ability to return an instance of a strict subclass of int "
                           "is deprecated, and may be removed in a future version of Python.", result))
            return VALUE_NULL;
        return int_exact(result);
    }
    if (type->index)
        return number_index(vm, v);
    value method = lookup_special(vm, v, "__trunc__");
    if (method != VALUE_NULL)
        return int_from_trunc(vm, method);
    if (vm->pending != VALUE_NULL)
        return VALUE_NULL;
    value result = int_from_text(vm, v, 10);
    if (result != vm->not_implemented)
        return result;
    const uint8_t *data;
    size_t size;
    if (is_object(v) && !has_flag(v, TYPE_LIST | TYPE_TUPLE | TYPE_DICT | TYPE_SET) && buffer_of(vm, v, &data, &size))
        return int_parse(vm, (const char *)data, size, 10, v);
    if (vm->pending != VALUE_NULL)
        exception_clear(vm);
    return raise_error(vm, &exc_TypeError,
                       "int() argument must be a string, a bytes-like object or a real number, not '%T'", v);
}

static value int_with_base(struct vm *vm, value x, value base)
{
    value number = number_index(vm, base);
    if (number == VALUE_NULL)
        return VALUE_NULL;
    if (x == VALUE_NULL)
        return raise_error(vm, &exc_TypeError, "int() missing string argument");
    int64_t n = is_small_int(number) ? small_int_value(number) : -1;
    if (n != 0 && (n < 2 || n > 36))
        return raise_error(vm, &exc_ValueError, "int() base must be >= 2 and <= 36, or 0");
    value result = int_from_text(vm, x, (int)n);
    if (result == vm->not_implemented)
        return raise_error(vm, &exc_TypeError, "int() can't convert non-string with explicit base");
    return result;
}

value int_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    value x = count > 0 ? arguments[0] : VALUE_NULL, base = count > 1 ? arguments[1] : VALUE_NULL;
    size_t named = keyword_names == VALUE_NULL ? 0 : (size_t)tuple_of(keyword_names)->length;
    if (count + named > 2)
        return raise_error(vm, &exc_TypeError, "int() takes at most 2 arguments (%d given)", (int)(count + named));
    for (size_t i = 0; i < named; i++) {
        value name = tuple_of(keyword_names)->items[i];
        if (!string_is(name, "base"))
            return raise_error(vm, &exc_TypeError, "'%U' is an invalid keyword argument for int()", name);
        if (count > 1)
            return raise_error(vm, &exc_TypeError, "argument for int() given by name ('base') and position (2)");
        base = arguments[count + i];
    }
    value exact = base != VALUE_NULL ? int_with_base(vm, x, base) : x == VALUE_NULL ? small_int(0) : int_from_value(vm, x);
    return int_new_of(vm, type, exact);
}
