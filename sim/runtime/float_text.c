/* float_text.c - doubles as text: repr's shortest form, printf's formats laid out as Python wants them; and back. */
#include "sim/runtime/float_text.h"

#include "sim/runtime/number.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

/* Significant digits "ddd" (no point) and the exponent of the first, as `text` in scientific notation gives them. */
static size_t split_scientific(const char *text, size_t size, char *digits, int *exponent)
{
    size_t count = 0, i = 0;
    for (; i < size && text[i] != 'e'; i++)
        if (isdigit((unsigned char)text[i]))
            digits[count++] = text[i];
    *exponent = i < size ? atoi(text + i + 1) : 0;
    digits[count] = '\0';
    return count;
}

/* Digits with the point where the exponent says, or in scientific notation; at most count + 330 characters. */
static size_t put_digits(char *out, const char *digits, size_t count, int exponent, bool scientific, unsigned flags)
{
    char *at = out;
    bool point = flags & FLOAT_ALTERNATE;
    if (scientific) {
        *at++ = digits[0];
        if (count > 1 || point) {
            *at++ = '.';
            memcpy(at, digits + 1, count - 1);
            at += count - 1;
        }
        return (size_t)(at - out) + (size_t)sprintf(at, "e%+03d", exponent);
    }
    if (exponent < 0) {
        *at++ = '0';
        *at++ = '.';
        memset(at, '0', (size_t)(-exponent - 1));
        at += -exponent - 1;
        memcpy(at, digits, count);
        at += count;
    } else {
        size_t whole = (size_t)exponent + 1, given = whole < count ? whole : count;
        memcpy(at, digits, given);
        memset(at + given, '0', whole - given);
        at += whole;
        if (count > whole) {
            *at++ = '.';
            memcpy(at, digits + whole, count - whole);
            at += count - whole;
        } else if (flags & FLOAT_DOT_ZERO) {
            *at++ = '.';
            *at++ = '0';
        } else if (point) {
            *at++ = '.';
        }
    }
    *at = '\0';
    return (size_t)(at - out);
}

static size_t put_shortest(char *out, double d, unsigned flags)
{
    char text[48], digits[40];
    int exponent;
    size_t size = float_shortest(fabs(d), text);
    text[size] = '\0';
    size_t count = split_scientific(text, size, digits, &exponent);
    return put_digits(out, digits, count, exponent, exponent < -4 || exponent >= 16, flags);
}

size_t float_repr(double d, char out[32])
{
    if (isnan(d))
        return (size_t)(stpcpy(out, "nan") - out);
    size_t sign = signbit(d) != 0;
    if (sign)
        out[0] = '-';
    if (isinf(d))
        return (size_t)(stpcpy(out + sign, "inf") - out);
    return sign + put_shortest(out + sign, d, FLOAT_DOT_ZERO);
}

/* As printf's "%.*f" of d >= 0, exactly: d * 10**precision in 128 bits, rounded half to even. 0: not this way. */
size_t float_fixed(double d, int precision, char out[FLOAT_FIXED_ROOM])
{
    uint64_t bits, scale = 1;
    memcpy(&bits, &d, sizeof bits);
    int shift = 1075 - (int)(bits >> 52); /* d is mantissa / 2**shift */
    if (precision < 0 || precision > FLOAT_FIXED_PRECISION || shift < 1 || shift > 126)
        return 0;
    for (int i = 0; i < precision; i++)
        scale *= 10;
    __extension__ typedef unsigned __int128 wide;
    wide product = (wide)((bits & 0xfffffffffffffull) | 1ull << 52) * scale;
    wide half = (wide)1 << (shift - 1), rest = product & (2 * half - 1);
    if (product >> shift >> 63)
        return 0;
    uint64_t number = (uint64_t)(product >> shift);
    number += rest > half || (rest == half && (number & 1));
    char digits[24], *at = digits + sizeof digits;
    for (int i = 0; number || i <= precision; i++, number /= 10) {
        if (i == precision && precision)
            *--at = '.';
        *--at = (char)('0' + number % 10);
    }
    size_t size = (size_t)(digits + sizeof digits - at);
    memcpy(out, at, size);
    out[size] = '\0';
    return size;
}

/* "g" where a number that looks like an integer gets ".0": it turns to an exponent one digit earlier than printf's. */
static size_t put_general(char *out, char *scratch, double d, int precision, unsigned flags)
{
    int exponent;
    int size = sprintf(scratch, "%.*e", precision - 1, d);
    char *digits = scratch + size + 1;
    size_t count = split_scientific(scratch, (size_t)size, digits, &exponent);
    while (count > 1 && digits[count - 1] == '0' && !(flags & FLOAT_ALTERNATE))
        count--;
    return put_digits(out, digits, count, exponent, exponent < -4 || exponent >= precision - 1, flags);
}

char *float_layout(double d, char type, int precision, unsigned flags)
{
    bool upper = type == 'E' || type == 'F' || type == 'G';
    char lower = (char)tolower((unsigned char)type);
    d = fabs(d);
    size_t room = (size_t)(precision > 0 ? precision : 0) + 350;
    char *out = malloc(3 * room);
    if (!out)
        return NULL;
    if (isnan(d) || isinf(d)) {
        strcpy(out, isnan(d) ? "nan" : "inf");
    } else if (lower == 'r') {
        put_shortest(out, d, flags);
    } else {
        if (lower == 'g' && precision == 0)
            precision = 1;
        const bool alternate = flags & FLOAT_ALTERNATE;
        if (lower == 'g' && (flags & FLOAT_DOT_ZERO))
            put_general(out, out + room, d, precision, flags);
        else if (lower == 'e')
            snprintf(out, room, alternate ? "%#.*e" : "%.*e", precision, d);
        else if (lower == 'f' && !alternate && float_fixed(d, precision, out))
            ; /* done */
        else if (lower == 'f')
            snprintf(out, room, alternate ? "%#.*f" : "%.*f", precision, d);
        else
            snprintf(out, room, alternate ? "%#.*g" : "%.*g", precision, d);
    }
    for (char *at = out; upper && *at; at++)
        *at = (char)toupper((unsigned char)*at);
    return out;
}

/* ---- from text ---- */

static bool parse_special(const char *text, size_t size, bool negative, double *out)
{
    if ((size == 3 && !strncasecmp(text, "inf", 3)) || (size == 8 && !strncasecmp(text, "infinity", 8)))
        *out = negative ? -(double)INFINITY : (double)INFINITY;
    else if (size == 3 && !strncasecmp(text, "nan", 3))
        *out = copysign((double)NAN, negative ? -1.0 : 1.0);
    else
        return false;
    return true;
}

/* digits [. digits] [e [sign] digits], at least one digit before the exponent */
static bool is_number(const char *text, size_t size)
{
    size_t i = 0, digits = 0;
    for (; i < size && isdigit((unsigned char)text[i]); i++)
        digits++;
    if (i < size && text[i] == '.')
        for (i++; i < size && isdigit((unsigned char)text[i]); i++)
            digits++;
    if (!digits)
        return false;
    if (i < size && (text[i] == 'e' || text[i] == 'E')) {
        i++;
        if (i < size && (text[i] == '+' || text[i] == '-'))
            i++;
        if (i == size)
            return false;
        while (i < size && isdigit((unsigned char)text[i]))
            i++;
    }
    return i == size;
}

bool float_parse(const char *text, size_t size, double *out)
{
    bool negative = size && *text == '-';
    if (size && (*text == '-' || *text == '+')) {
        text++;
        size--;
    }
    if (parse_special(text, size, negative, out))
        return true;
    if (!is_number(text, size))
        return false;
    if (!float_from_text(text, size, out)) { /* out of range: infinity or zero, as strtod says */
        char *copy = strndup(text, size);
        if (!copy)
            return false;
        *out = strtod(copy, NULL);
        free(copy);
    }
    if (negative)
        *out = -*out;
    return true;
}

/* Text with single underscores between digits taken out, spaces around it too, other scripts' digits made ours. */
static char *plain_number(struct vm *vm, value v, size_t *size)
{
    const uint8_t *data = NULL;
    size_t count;
    const struct string_object *s = is_string(v) ? string_of(v) : NULL;
    if (s)
        count = s->length;
    else if (!buffer_of(vm, v, &data, &count))
        return NULL;
    char *text = malloc(count + 1);
    if (!text)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        uint32_t c = s ? string_at(s, i) : data[i];
        int digit = c < 128 || !s ? -1 : character_decimal(c);
        text[i] = c < 128        ? (char)c
                  : digit >= 0   ? (char)('0' + digit)
                  : s && character_is_space(c) ? ' '
                                 : '?';
    }
    size_t start = 0, kept = 0;
    while (start < count && isspace((unsigned char)text[start]))
        start++;
    while (count > start && isspace((unsigned char)text[count - 1]))
        count--;
    for (size_t i = start; i < count; i++) {
        bool between = text[i] == '_' && i > start && i + 1 < count && isdigit((unsigned char)text[i - 1]) &&
                       isdigit((unsigned char)text[i + 1]);
        if (!between)
            text[kept++] = text[i];
    }
    *size = kept;
    return text;
}

bool float_parse_value(struct vm *vm, value v, double *out)
{
    size_t size = 0;
    bool textual = is_string(v) || (is_object(v) && !has_flag(v, TYPE_LIST | TYPE_TUPLE | TYPE_DICT | TYPE_SET));
    char *text = textual ? plain_number(vm, v, &size) : NULL;
    if (!text) {
        if (vm->pending != VALUE_NULL)
            exception_clear(vm);
        raise_error(vm, &exc_TypeError, "float() argument must be a string or a real number, not '%T'", v);
        return false;
    }
    bool valid = float_parse(text, size, out);
    free(text);
    if (!valid)
        raise_error(vm, &exc_ValueError, "could not convert string to float: %R", v);
    return valid;
}
