/* objects.c - numbers as objects and back, and conversions from other types. */
#include "sim/modules/decimal/decimal.h"

#include <stdio.h>
#include <stdlib.h>

void number_view(value decimal, struct number *out)
{
    struct decimal_object *object = decimal_of(decimal);
    mpz_roinit_n(out->coefficient, object->limbs ? object->limbs : object->few, (mp_size_t)object->limb_count);
    out->exponent = object->exponent;
    out->digits = object->digits;
    out->negative = object->negative;
    out->kind = (enum number_kind)object->kind;
}

value decimal_from_number(struct vm *vm, struct type *type, const struct number *a)
{
    struct decimal_object *object = type == &decimal_type ? gc_object_inline(vm, sizeof *object, &decimal_type.shape)
                                                          : instance_allocate(vm, type, sizeof *object);
    if (!object)
        return VALUE_NULL;
    size_t limbs = mpz_size(a->coefficient);
    mp_limb_t *target = object->few;
    if (limbs > 2) {
        target = gc_storage(vm, limbs * sizeof *target);
        if (!target)
            return VALUE_NULL;
        object->limbs = target;
    }
    if (limbs)
        memcpy(target, mpz_limbs_read(a->coefficient), limbs * sizeof *target);
    object->limb_count = (uint32_t)limbs;
    object->exponent = a->exponent;
    object->digits = a->digits;
    object->negative = a->negative;
    object->kind = (uint8_t)a->kind;
    return object_value(object);
}

struct calculation calculation_start(struct vm *vm, value context)
{
    return (struct calculation){.vm = vm, .rules = context_of(context)->rules};
}

value calculation_result(struct calculation *c, value context, struct type *type, struct number *result)
{
    value v = VALUE_NULL;
    if (context_add_status(c->vm, context, c->status))
        v = decimal_from_number(c->vm, type, result);
    number_clear(result);
    return v;
}

bool context_argument(struct vm *vm, value v, value *context)
{
    if (v == VALUE_NULL || v == NONE) {
        *context = current_context(vm);
        return *context != VALUE_NULL;
    }
    *context = v;
    if (is_context(vm, v))
        return true;
    raise_error(vm, &exc_TypeError, "optional argument must be a context");
    return false;
}

bool bind_names(struct vm *vm, const char *const *names, size_t required, const value *arguments, size_t count,
                value keyword_names, value *out)
{
    size_t total = 0, named = keyword_count(keyword_names);
    while (names[total])
        out[total++] = VALUE_NULL;
    if (count + named > total) {
        raise_error(vm, &exc_TypeError, "function takes %s %zu %sargument%s (%zu given)", required == total ? "exactly" : "at most",
                    total, count ? "" : "keyword ", total == 1 ? "" : "s", count + named);
        return false;
    }
    memcpy(out, arguments, count * sizeof *out);
    for (size_t i = 0; i < named; i++) {
        value name = tuple_of(keyword_names)->items[i];
        size_t which = 0;
        while (which < total && !string_is(name, names[which]))
            which++;
        if (which == total) {
            raise_error(vm, &exc_TypeError, "'%U' is an invalid keyword argument for this function", name);
            return false;
        }
        if (which < count) {
            raise_error(vm, &exc_TypeError, "argument for function given by name ('%U') and position (%zu)", name, which + 1);
            return false;
        }
        out[which] = arguments[count + i];
    }
    for (size_t i = 0; i < required; i++)
        if (out[i] == VALUE_NULL) {
            raise_error(vm, &exc_TypeError, "function missing required argument '%s' (pos %zu)", names[i], i + 1);
            return false;
        }
    return true;
}

/* ---- from other types ---- */

/* What an exact conversion may not do. */
static void check_exact(struct calculation *c, struct number *a)
{
    if (c->status & (STATUS_INEXACT | STATUS_ROUNDED | STATUS_CLAMPED))
        number_invalid(c, a, STATUS_INVALID_OPERATION);
    c->status &= STATUS_ERRORS;
}

static value finish_conversion(struct calculation *c, struct type *type, struct number *a, value context, bool exact)
{
    number_finish(c, a);
    if (exact)
        check_exact(c, a);
    return calculation_result(c, context, type, a);
}

static struct calculation conversion_start(struct vm *vm, value context, bool exact)
{
    struct calculation c = calculation_start(vm, context);
    if (exact)
        c.rules = rules_exact;
    return c;
}

value decimal_from_int(struct vm *vm, struct type *type, value v, value context, bool exact)
{
    struct calculation c = conversion_start(vm, context, exact);
    struct number a;
    number_start(&a);
    if (is_small_int(v))
        number_set_int64(&a, small_int_value(v));
    else {
        int_to_mpz(v, a.coefficient);
        a.negative = mpz_sgn(a.coefficient) < 0;
        mpz_abs(a.coefficient, a.coefficient);
        number_count_digits(vm, &a);
        ADD_WORK(vm, limbs, mpz_size(a.coefficient));
    }
    return finish_conversion(&c, type, &a, context, exact);
}

value decimal_from_float(struct vm *vm, struct type *type, value v, value context, bool exact)
{
    struct calculation c = conversion_start(vm, context, exact);
    double d = float_number(v);
    struct number a;
    number_start(&a);
    if (!isfinite(d))
        number_set_special(&a, signbit(d), isnan(d) ? QUIET_NAN : INFINITE);
    else {
        int exponent;
        double fraction = frexp(fabs(d), &exponent);
        int64_t bits = (int64_t)ldexp(fraction, 53);
        exponent -= 53;
        int zeros = bits ? __builtin_ctzll((uint64_t)bits) : 0;
        mpz_set_si(a.coefficient, bits >> zeros);
        exponent += zeros;
        if (!bits)
            exponent = 0;
        if (exponent >= 0)
            mpz_mul_2exp(a.coefficient, a.coefficient, (mp_bitcnt_t)exponent);
        else { /* n / 2**k = n * 5**k / 10**k */
            mpz_t five;
            mpz_init(five);
            mpz_ui_pow_ui(five, 5, (unsigned long)-exponent);
            mpz_mul(a.coefficient, a.coefficient, five);
            mpz_clear(five);
            a.exponent = exponent;
        }
        a.negative = signbit(d);
        number_count_digits(vm, &a);
    }
    return finish_conversion(&c, type, &a, context, exact);
}

/* The text in ASCII: decimal digits of other scripts as such, underscores left out when they may be there. malloc'd. */
static char *ascii_text(struct vm *vm, value text, bool lenient, size_t *size)
{
    struct span s = string_span(text);
    size_t start = 0, stop = s.length, used = 0;
    char *out = malloc(s.length + 1);
    if (!out) {
        raise_no_memory(vm);
        return NULL;
    }
    if (lenient) {
        while (start < stop && character_is_space(span_at(s, start)))
            start++;
        while (stop > start && character_is_space(span_at(s, stop - 1)))
            stop--;
    }
    for (size_t i = start; i < stop; i++) {
        uint32_t character = span_at(s, i);
        if (character == '_' && lenient)
            continue;
        int digit = character < 128 ? -1 : character_decimal(character);
        out[used++] = digit >= 0 ? (char)('0' + digit) : character < 128 ? (char)character : '?';
    }
    out[used] = 0;
    *size = used;
    return out;
}

static value decimal_from_ascii(struct vm *vm, struct type *type, const char *text, size_t size, value context, bool exact)
{
    struct calculation c = conversion_start(vm, context, exact);
    struct number a;
    number_start(&a);
    bool valid = number_parse(vm, text, size, &a);
    if (valid && is_nan(&a) && !has_zero_coefficient(&a) && a.digits > c.rules.precision - c.rules.clamp)
        valid = false;
    if (valid)
        number_finish(&c, &a);
    else
        number_invalid(&c, &a, STATUS_CONVERSION_SYNTAX);
    if (exact)
        check_exact(&c, &a);
    return calculation_result(&c, context, type, &a);
}

value decimal_from_text(struct vm *vm, struct type *type, value text, value context, bool exact)
{
    size_t size;
    char *ascii = ascii_text(vm, text, exact, &size);
    if (!ascii)
        return VALUE_NULL;
    value result = decimal_from_ascii(vm, type, ascii, size, context, exact);
    free(ascii);
    return result;
}

static const char *tuple_kind(struct vm *vm, value v)
{
    if (string_is(v, "F"))
        return "Inf";
    if (string_is(v, "n"))
        return "NaN";
    if (string_is(v, "N"))
        return "sNaN";
    raise_error(vm, &exc_ValueError, "string argument in the third position must be 'F', 'n' or 'N'");
    return NULL;
}

static value raise_digits(struct vm *vm)
{
    return raise_error(vm, &exc_ValueError, "coefficient must be a tuple of digits");
}

/* (sign, digits, exponent): as text, which is then read. */
static value decimal_from_sequence(struct vm *vm, struct type *type, value sequence, value context, bool exact)
{
    size_t count, digit_count = 0;
    value *parts = sequence_items(sequence, &count), digits[1] = {VALUE_NULL};
    if (count != 3)
        return raise_error(vm, &exc_ValueError, "argument must be a sequence of length 3");
    if (!is_int(parts[0]) || (parts[0] != small_int(0) && parts[0] != small_int(1) && int_exact(parts[0]) != small_int(0) &&
                              int_exact(parts[0]) != small_int(1)))
        return raise_error(vm, &exc_ValueError, "sign must be an integer with the value 0 or 1");
    bool negative = int_exact(parts[0]) == small_int(1);
    const char *kind = NULL;
    int64_t exponent = 0;
    if (is_string(parts[2])) {
        kind = tuple_kind(vm, parts[2]);
        if (!kind)
            return VALUE_NULL;
    } else if (!is_int(parts[2]))
        return raise_error(vm, &exc_ValueError, "exponent must be an integer");
    else if (!value_to_int64(vm, parts[2], &exponent)) {
        exception_clear(vm);
        return raise_error(vm, &exc_OverflowError, "Python int too large to convert to C ssize_t");
    }
    if (!has_flag(parts[1], TYPE_TUPLE | TYPE_LIST))
        return raise_digits(vm);
    digits[0] = parts[1];
    const value *items = sequence_items(digits[0], &digit_count);
    char *text = malloc(digit_count + 64);
    if (!text)
        return raise_no_memory(vm);
    size_t used = (size_t)sprintf(text, "%s%s", negative ? "-" : "", kind ? kind : "");
    if (!kind && !digit_count) /* an empty tuple is zero */
        text[used++] = '0';
    bool infinite = kind && !strcmp(kind, "Inf");
    for (size_t i = 0; i < digit_count; i++) {
        value item = is_int(items[i]) ? int_exact(items[i]) : VALUE_NULL;
        if (!is_small_int(item) || small_int_value(item) < 0 || small_int_value(item) > 9) {
            free(text);
            return raise_digits(vm);
        }
        if (!infinite) /* an infinity's coefficient is left out */
            text[used++] = (char)('0' + small_int_value(item));
    }
    if (!kind)
        used += (size_t)sprintf(text + used, "E%ld", (long)exponent);
    value result = decimal_from_ascii(vm, type, text, used, context, exact);
    free(text);
    return result;
}

static value decimal_from_decimal(struct vm *vm, struct type *type, value v, value context, bool exact)
{
    if (exact && type == &decimal_type && is_exact(v, &decimal_type))
        return v;
    struct calculation c = conversion_start(vm, context, exact);
    struct number view, a;
    number_view(v, &view);
    if (!exact && is_nan(&view) && view.digits > c.rules.precision - c.rules.clamp && !has_zero_coefficient(&view)) {
        number_start(&a);
        number_invalid(&c, &a, STATUS_CONVERSION_SYNTAX);
        return calculation_result(&c, context, type, &a);
    }
    if (exact)
        return decimal_from_number(vm, type, &view);
    number_start(&a);
    number_copy(&a, &view);
    return finish_conversion(&c, type, &a, context, false);
}

value decimal_from_value(struct vm *vm, struct type *type, value v, value context, bool exact)
{
    if (is_small_int(v) || is_int(v))
        return decimal_from_int(vm, type, v, context, exact);
    if (is_decimal(vm, v))
        return decimal_from_decimal(vm, type, v, context, exact);
    if (is_string(v))
        return decimal_from_text(vm, type, v, context, exact);
    if (has_flag(v, TYPE_TUPLE | TYPE_LIST))
        return decimal_from_sequence(vm, type, v, context, exact);
    if (is_float(v))
        return context_add_status(vm, context, STATUS_FLOAT_OPERATION) ? decimal_from_float(vm, type, v, context, exact)
                                                                       : VALUE_NULL;
    return raise_error(vm, &exc_TypeError, "conversion from %T to Decimal is not supported", v);
}

bool decimal_operand(struct vm *vm, value v, value *out)
{
    if (is_decimal(vm, v)) {
        *out = v;
        return true;
    }
    if (!is_int(v))
        return false;
    value context = current_context(vm);
    *out = context == VALUE_NULL ? VALUE_NULL : decimal_from_int(vm, &decimal_type, v, context, true);
    return true;
}

value decimal_required(struct vm *vm, value v)
{
    value out;
    if (decimal_operand(vm, v, &out))
        return out;
    return raise_error(vm, &exc_TypeError, "conversion from %T to Decimal is not supported", v);
}
