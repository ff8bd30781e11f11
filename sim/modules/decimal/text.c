/* text.c - numbers from text and as text. */
#include "sim/modules/decimal/decimal.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#define EXPONENT_READ_MAX INT64_C(4000000000000000001) /* what is beyond is read as this */

/* Is this word, in any case, at the start of text? */
static bool takes_word(const char **text, const char *end, const char *word)
{
    const char *p = *text;
    for (; *word; word++, p++)
        if (p == end || tolower((unsigned char)*p) != *word)
            return false;
    *text = p;
    return true;
}

static bool set_digits(struct vm *vm, struct number *out, const char *digits, size_t size)
{
    while (size && *digits == '0') {
        digits++;
        size--;
    }
    ADD_WORK(vm, characters, size);
    if (size <= 18) {
        uint64_t n = 0;
        for (size_t i = 0; i < size; i++)
            n = n * 10 + (uint64_t)(digits[i] - '0');
        mpz_set_ui(out->coefficient, n);
    } else {
        char few[64], *copy = size < sizeof few ? few : malloc(size + 1);
        if (!copy)
            return false;
        memcpy(copy, digits, size);
        copy[size] = 0;
        mpz_set_str(out->coefficient, copy, 10);
        if (copy != few)
            free(copy);
    }
    out->digits = size ? (int64_t)size : 1;
    return true;
}

static bool parse_special(struct vm *vm, const char *text, const char *end, struct number *out)
{
    if (takes_word(&text, end, "inf")) {
        takes_word(&text, end, "inity");
        out->kind = INFINITE;
        return text == end;
    }
    out->kind = QUIET_NAN;
    if (text < end && (*text == 's' || *text == 'S')) {
        out->kind = SIGNALLING_NAN;
        text++;
    }
    if (!takes_word(&text, end, "nan"))
        return false;
    for (const char *p = text; p < end; p++)
        if (!isdigit((unsigned char)*p))
            return false;
    return set_digits(vm, out, text, (size_t)(end - text));
}

static bool parse_exponent(const char *text, const char *end, int64_t *out)
{
    bool negative = text < end && *text == '-';
    if (text < end && (*text == '-' || *text == '+'))
        text++;
    if (text == end)
        return false;
    int64_t n = 0;
    for (; text < end; text++) {
        if (!isdigit((unsigned char)*text))
            return false;
        if (n < EXPONENT_READ_MAX)
            n = n > EXPONENT_READ_MAX / 10 ? EXPONENT_READ_MAX : n * 10 + (*text - '0');
    }
    n = n > EXPONENT_READ_MAX ? EXPONENT_READ_MAX : n;
    *out = negative ? -n : n;
    return true;
}

bool number_parse(struct vm *vm, const char *text, size_t size, struct number *out)
{
    const char *end = text + size;
    number_set(out, false, 0, 0);
    if (text < end && (*text == '-' || *text == '+'))
        out->negative = *text++ == '-';
    if (text < end && !isdigit((unsigned char)*text) && *text != '.')
        return parse_special(vm, text, end, out);
    const char *start = text, *point = NULL;
    size_t digits = 0;
    for (; text < end; text++) {
        if (isdigit((unsigned char)*text))
            digits++;
        else if (*text == '.' && !point)
            point = text;
        else
            break;
    }
    if (!digits)
        return false;
    const char *stop = text;
    int64_t exponent = 0;
    if (text < end) {
        if ((*text != 'e' && *text != 'E') || !parse_exponent(text + 1, end, &exponent))
            return false;
    }
    out->exponent = exponent;
    if (!point)
        return set_digits(vm, out, start, digits);
    out->exponent -= stop - point - 1;
    char few[128], *joined = digits < sizeof few ? few : malloc(digits + 1);
    if (!joined)
        return false;
    memcpy(joined, start, (size_t)(point - start));
    memcpy(joined + (point - start), point + 1, (size_t)(stop - point - 1));
    bool done = set_digits(vm, out, joined, digits);
    if (joined != few)
        free(joined);
    return done;
}

char *number_digits_text(const struct number *a)
{
    char *text = malloc((size_t)a->digits + 3);
    if (!text)
        return NULL;
    if (mpz_size(a->coefficient) <= 1)
        sprintf(text, "%lu", mpz_get_ui(a->coefficient));
    else
        mpz_get_str(text, 10, a->coefficient);
    return text;
}

static char *special_text(const struct number *a, size_t *size)
{
    const char *word = is_infinite(a) ? "Infinity" : a->kind == QUIET_NAN ? "NaN" : "sNaN";
    char *digits = has_zero_coefficient(a) ? NULL : number_digits_text(a);
    char *text = malloc((size_t)a->digits + 16);
    if (text)
        *size = (size_t)sprintf(text, "%s%s%s", a->negative ? "-" : "", word, digits ? digits : "");
    free(digits);
    return text;
}

/* How many digits stand before the point. */
static int64_t point_place(const struct number *a, int64_t left, bool engineering)
{
    if (a->exponent <= 0 && left > -6)
        return left;
    if (!engineering)
        return 1;
    int64_t shifted = has_zero_coefficient(a) ? left + 1 : left - 1, part = ((shifted % 3) + 3) % 3;
    return has_zero_coefficient(a) ? part - 1 : part + 1;
}

char *number_text(const struct number *a, bool engineering, bool capitals, size_t *size)
{
    if (is_special(a))
        return special_text(a, size);
    char *digits = number_digits_text(a);
    if (!digits)
        return NULL;
    size_t length = strlen(digits);
    int64_t left = a->exponent + (int64_t)length, point = point_place(a, left, engineering);
    char *text = malloc(length + 48), *p = text;
    if (!text) {
        free(digits);
        return NULL;
    }
    if (a->negative)
        *p++ = '-';
    if (point <= 0) {
        *p++ = '0';
        *p++ = '.';
        for (int64_t i = point; i < 0; i++)
            *p++ = '0';
        memcpy(p, digits, length);
        p += length;
    } else if ((size_t)point >= length) {
        memcpy(p, digits, length);
        p += length;
        for (size_t i = length; i < (size_t)point; i++)
            *p++ = '0';
    } else {
        memcpy(p, digits, (size_t)point);
        p += point;
        *p++ = '.';
        memcpy(p, digits + point, length - (size_t)point);
        p += length - (size_t)point;
    }
    if (left != point)
        p += sprintf(p, "%c%+ld", capitals ? 'E' : 'e', (long)(left - point));
    free(digits);
    *size = (size_t)(p - text);
    return text;
}
