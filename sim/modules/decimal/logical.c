/* logical.c - operations on numbers whose digits are all 0 or 1. */
#include "sim/modules/decimal/decimal.h"

#include <stdlib.h>

/* The digits of a logical operand, malloc'd; NULL: it is none. */
static char *logical_digits(struct calculation *c, const struct number *a)
{
    if (is_special(a) || a->negative || a->exponent != 0)
        return NULL;
    ADD_WORK(c->vm, characters, a->digits);
    char *text = number_digits_text(a);
    for (const char *p = text; p && *p; p++)
        if (*p != '0' && *p != '1') {
            free(text);
            return NULL;
        }
    return text;
}

static void logical_binary(struct calculation *c, struct number *out, const struct number *const operands[2], const char *table)
{
    char *a = logical_digits(c, operands[0]), *b = a ? logical_digits(c, operands[1]) : NULL;
    if (!a || !b) {
        free(a);
        number_invalid(c, out, STATUS_INVALID_OPERATION);
        return;
    }
    size_t x = strlen(a), y = strlen(b), size = x > y ? x : y;
    char *text = malloc(size + 1), *shown = text;
    if (!text)
        number_invalid(c, out, STATUS_NO_MEMORY);
    else {
        for (size_t i = 0; i < size; i++) { /* from the last digit */
            int left = i < x && a[x - 1 - i] == '1', right = i < y && b[y - 1 - i] == '1';
            text[size - 1 - i] = table[left * 2 + right];
        }
        text[size] = 0;
        if ((int64_t)size > c->rules.precision)
            shown += size - (size_t)c->rules.precision;
        number_set(out, false, 0, 0);
        mpz_set_str(out->coefficient, shown, 10);
        number_count_digits(c->vm, out);
    }
    free(text);
    free(a);
    free(b);
}

#define LOGICAL(name, table)                                                                                           \
    void calculate_logical_##name(struct calculation *c, struct number *out, const struct number *a,                   \
                                  const struct number *b)                                                              \
    {                                                                                                                  \
        logical_binary(c, out, (const struct number *const[]){a, b}, table);                                           \
    }
LOGICAL(and, "0001")
LOGICAL(or, "0111")
LOGICAL(xor, "0110")

void calculate_logical_invert(struct calculation *c, struct number *out, const struct number *a)
{
    char *digits = logical_digits(c, a);
    if (!digits) {
        number_invalid(c, out, STATUS_INVALID_OPERATION);
        return;
    }
    size_t size = strlen(digits);
    int64_t precision = c->rules.precision;
    char *text = precision > DIGITS_MAX ? NULL : malloc((size_t)precision + 1);
    if (!text)
        number_invalid(c, out, STATUS_NO_MEMORY);
    else {
        memset(text, '1', (size_t)precision);
        text[precision] = 0;
        for (size_t i = 0; i < size && i < (size_t)precision; i++)
            text[(size_t)precision - 1 - i] = digits[size - 1 - i] == '1' ? '0' : '1';
        number_set(out, false, 0, 0);
        mpz_set_str(out->coefficient, text, 10);
        number_count_digits(c->vm, out);
    }
    free(text);
    free(digits);
}
