/* methods.c - the methods of Decimal. */
#include "sim/modules/decimal/decimal.h"

#include <stdlib.h>

static const char *const context_names[] = {"context", NULL};
static const char *const other_names[] = {"other", "context", NULL};

/* ---- f(context=None), f(other, context=None) ---- */

static value unary_method(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names,
                          unary_kernel kernel)
{
    value given[1], context;
    if (!bind_names(vm, context_names, 0, arguments, count, keyword_names, given) || !context_argument(vm, given[0], &context))
        return VALUE_NULL;
    struct calculation c = calculation_start(vm, context);
    struct number view, result;
    number_view(self, &view);
    number_start(&result);
    kernel(&c, &result, &view);
    return calculation_result(&c, context, &decimal_type, &result);
}

#define UNARY(name)                                                                                                    \
    DECIMAL_FUNCTION(method_##name)                                                                                    \
    {                                                                                                                  \
        return unary_method(vm, self, arguments, count, keyword_names, calculate_##name);                              \
    }
UNARY(exp)
UNARY(ln)
UNARY(log10)
UNARY(sqrt)
UNARY(next_minus)
UNARY(next_plus)
UNARY(normalize)
UNARY(logb)
UNARY(logical_invert)

/* The other operand and the context; VALUE_NULL: error. */
static value bind_other(struct vm *vm, const value *arguments, size_t count, value keyword_names, value *context)
{
    value given[2];
    if (!bind_names(vm, other_names, 1, arguments, count, keyword_names, given) || !context_argument(vm, given[1], context))
        return VALUE_NULL;
    return decimal_required(vm, given[0]);
}

static value binary_method(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names,
                           binary_kernel kernel)
{
    value context, other = bind_other(vm, arguments, count, keyword_names, &context);
    if (other == VALUE_NULL)
        return VALUE_NULL;
    struct calculation c = calculation_start(vm, context);
    struct number left, right, result;
    number_view(self, &left);
    number_view(other, &right);
    number_start(&result);
    kernel(&c, &result, &left, &right);
    gc_keep(other);
    return calculation_result(&c, context, &decimal_type, &result);
}

#define BINARY(name)                                                                                                   \
    DECIMAL_FUNCTION(method_##name)                                                                                    \
    {                                                                                                                  \
        return binary_method(vm, self, arguments, count, keyword_names, calculate_##name);                             \
    }
BINARY(compare)
BINARY(compare_signal)
BINARY(max)
BINARY(max_mag)
BINARY(min)
BINARY(min_mag)
BINARY(next_toward)
BINARY(remainder_near)
BINARY(logical_and)
BINARY(logical_or)
BINARY(logical_xor)
BINARY(rotate)
BINARY(scaleb)
BINARY(shift)

value total_order(struct vm *vm, value a, value b, enum total_kind kind)
{
    struct calculation c = {.vm = vm, .rules = rules_exact};
    struct number x, y, result;
    number_view(a, &x);
    number_view(b, &y);
    if (kind == TOTAL_MAGNITUDE)
        x.negative = y.negative = false;
    int order = number_order_total(&c, &x, &y);
    number_start(&result);
    number_set_int64(&result, order);
    value v = decimal_from_number(vm, &decimal_type, &result);
    number_clear(&result);
    return v;
}

DECIMAL_FUNCTION(method_compare_total)
{
    value context, other = bind_other(vm, arguments, count, keyword_names, &context);
    return other == VALUE_NULL ? VALUE_NULL : total_order(vm, self, other, TOTAL);
}

DECIMAL_FUNCTION(method_compare_total_mag)
{
    value context, other = bind_other(vm, arguments, count, keyword_names, &context);
    return other == VALUE_NULL ? VALUE_NULL : total_order(vm, self, other, TOTAL_MAGNITUDE);
}

value copy_with_sign(struct vm *vm, value self, bool negative)
{
    struct number view;
    number_view(self, &view);
    view.negative = negative;
    return decimal_from_number(vm, &decimal_type, &view);
}

DECIMAL_FUNCTION(method_copy_sign)
{
    value context, other = bind_other(vm, arguments, count, keyword_names, &context);
    return other == VALUE_NULL ? VALUE_NULL : copy_with_sign(vm, self, decimal_of(other)->negative);
}

DECIMAL_FUNCTION(method_copy_abs)
{
    UNUSED;
    return copy_with_sign(vm, self, false);
}

DECIMAL_FUNCTION(method_copy_negate)
{
    UNUSED;
    return copy_with_sign(vm, self, !decimal_of(self)->negative);
}

bool same_quantum(value a, value b)
{
    const struct decimal_object *x = decimal_of(a), *y = decimal_of(b);
    if (x->kind != FINITE || y->kind != FINITE)
        return (x->kind >= QUIET_NAN && y->kind >= QUIET_NAN) || (x->kind == INFINITE && y->kind == INFINITE);
    return x->exponent == y->exponent;
}

DECIMAL_FUNCTION(method_same_quantum)
{
    value context, other = bind_other(vm, arguments, count, keyword_names, &context);
    return other == VALUE_NULL ? VALUE_NULL : bool_value(same_quantum(self, other));
}

DECIMAL_FUNCTION(method_fma)
{
    static const char *const names[] = {"other", "third", "context", NULL};
    value given[3], context;
    if (!bind_names(vm, names, 2, arguments, count, keyword_names, given) || !context_argument(vm, given[2], &context))
        return VALUE_NULL;
    value other = decimal_required(vm, given[0]), third = other == VALUE_NULL ? VALUE_NULL : decimal_required(vm, given[1]);
    if (third == VALUE_NULL)
        return VALUE_NULL;
    struct calculation c = calculation_start(vm, context);
    struct number x, y, z, result;
    number_view(self, &x);
    number_view(other, &y);
    number_view(third, &z);
    number_start(&result);
    calculate_fma(&c, &result, &x, &y, &z);
    gc_keep(other);
    gc_keep(third);
    return calculation_result(&c, context, &decimal_type, &result);
}

/* ---- rounding ---- */

/* The rounding given, if any, in place of the context's. */
static bool take_rounding(struct vm *vm, struct calculation *c, value rounding)
{
    if (rounding == VALUE_NULL || rounding == NONE)
        return true;
    int which = rounding_from_value(vm, rounding);
    if (which >= 0)
        c->rules.rounding = (enum rounding)which;
    return which >= 0;
}

DECIMAL_FUNCTION(method_quantize)
{
    static const char *const names[] = {"exp", "rounding", "context", NULL};
    value given[3], context;
    if (!bind_names(vm, names, 1, arguments, count, keyword_names, given) || !context_argument(vm, given[2], &context))
        return VALUE_NULL;
    struct calculation c = calculation_start(vm, context);
    if (!take_rounding(vm, &c, given[1]))
        return VALUE_NULL;
    value other = decimal_required(vm, given[0]);
    if (other == VALUE_NULL)
        return VALUE_NULL;
    struct number x, y, result;
    number_view(self, &x);
    number_view(other, &y);
    number_start(&result);
    calculate_quantize(&c, &result, &x, &y);
    gc_keep(other);
    return calculation_result(&c, context, &decimal_type, &result);
}

static value to_integral(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names, unary_kernel kernel)
{
    static const char *const names[] = {"rounding", "context", NULL};
    value given[2], context;
    if (!bind_names(vm, names, 0, arguments, count, keyword_names, given) || !context_argument(vm, given[1], &context))
        return VALUE_NULL;
    struct calculation c = calculation_start(vm, context);
    if (!take_rounding(vm, &c, given[0]))
        return VALUE_NULL;
    struct number view, result;
    number_view(self, &view);
    number_start(&result);
    kernel(&c, &result, &view);
    return calculation_result(&c, context, &decimal_type, &result);
}

DECIMAL_FUNCTION(method_to_integral)
{
    return to_integral(vm, self, arguments, count, keyword_names, calculate_to_integral);
}

DECIMAL_FUNCTION(method_to_integral_exact)
{
    return to_integral(vm, self, arguments, count, keyword_names, calculate_to_integral_exact);
}

DECIMAL_FUNCTION(method_round)
{
    if (count + keyword_count(keyword_names) > 1)
        return raise_error(vm, &exc_TypeError, "function takes at most 1 argument (%zu given)", count);
    if (!count)
        return decimal_round_int(vm, self, ROUND_HALF_EVEN);
    if (!is_int(arguments[0]))
        return raise_error(vm, &exc_TypeError, "optional arg must be an integer");
    int64_t digits;
    if (!value_to_int64(vm, arguments[0], &digits)) {
        exception_clear(vm);
        return raise_error(vm, &exc_OverflowError, "Python int too large to convert to C ssize_t");
    }
    value context = current_context(vm);
    if (context == VALUE_NULL)
        return VALUE_NULL;
    struct calculation c = calculation_start(vm, context);
    struct number view, unit, result;
    number_view(self, &view);
    number_start(&unit);
    number_start(&result);
    number_set(&unit, false, 1,
               digits < -EXPONENT_MAX * 4  ? EXPONENT_MAX * 4
               : digits > EXPONENT_MAX * 4 ? -EXPONENT_MAX * 4
                                           : -digits);
    calculate_quantize(&c, &result, &view, &unit);
    number_clear(&unit);
    return calculation_result(&c, context, &decimal_type, &result);
}

#define ROUND_TO_INT(name, rounding)                                                                                   \
    DECIMAL_FUNCTION(method_##name)                                                                                    \
    {                                                                                                                  \
        UNUSED;                                                                                                        \
        return decimal_round_int(vm, self, rounding);                                                                  \
    }
ROUND_TO_INT(ceil, ROUND_CEILING)
ROUND_TO_INT(floor, ROUND_FLOOR)
ROUND_TO_INT(trunc, ROUND_DOWN)

DECIMAL_FUNCTION(method_absolute)
{
    UNUSED;
    return unary_method(vm, self, NULL, 0, VALUE_NULL, calculate_absolute);
}

/* ---- questions ---- */

bool has_property(value decimal, const struct rules *rules, enum number_property property)
{
    struct number a;
    number_view(decimal, &a);
    switch (property) {
    case IS_CANONICAL:
        return true;
    case IS_FINITE:
        return is_finite(&a);
    case IS_INFINITE:
        return is_infinite(&a);
    case IS_NAN:
        return is_nan(&a);
    case IS_QUIET:
        return a.kind == QUIET_NAN;
    case IS_SIGNALLING:
        return a.kind == SIGNALLING_NAN;
    case IS_SIGNED:
        return a.negative;
    case IS_ZERO:
        return is_zero(&a);
    case IS_NORMAL:
        return is_finite(&a) && !has_zero_coefficient(&a) && adjusted_exponent(&a) >= rules->exponent_min;
    case IS_SUBNORMAL:
        return is_finite(&a) && !has_zero_coefficient(&a) && adjusted_exponent(&a) < rules->exponent_min;
    }
    return false;
}

#define QUESTION(name, property)                                                                                       \
    DECIMAL_FUNCTION(method_is_##name)                                                                                 \
    {                                                                                                                  \
        UNUSED;                                                                                                        \
        (void)vm;                                                                                                      \
        return bool_value(has_property(self, &rules_exact, property));                                                 \
    }
QUESTION(canonical, IS_CANONICAL)
QUESTION(finite, IS_FINITE)
QUESTION(infinite, IS_INFINITE)
QUESTION(nan, IS_NAN)
QUESTION(qnan, IS_QUIET)
QUESTION(snan, IS_SIGNALLING)
QUESTION(signed, IS_SIGNED)
QUESTION(zero, IS_ZERO)

#define CONTEXT_QUESTION(name, property)                                                                               \
    DECIMAL_FUNCTION(method_is_##name)                                                                                 \
    {                                                                                                                  \
        value given[1], context;                                                                                       \
        if (!bind_names(vm, context_names, 0, arguments, count, keyword_names, given) ||                               \
            !context_argument(vm, given[0], &context))                                                                 \
            return VALUE_NULL;                                                                                         \
        return bool_value(has_property(self, &context_of(context)->rules, property));                                  \
    }
CONTEXT_QUESTION(normal, IS_NORMAL)
CONTEXT_QUESTION(subnormal, IS_SUBNORMAL)

const char *number_class_name(value decimal, const struct rules *rules)
{
    struct number a;
    number_view(decimal, &a);
    if (a.kind == QUIET_NAN)
        return "NaN";
    if (a.kind == SIGNALLING_NAN)
        return "sNaN";
    if (is_infinite(&a))
        return a.negative ? "-Infinity" : "+Infinity";
    if (has_zero_coefficient(&a))
        return a.negative ? "-Zero" : "+Zero";
    if (adjusted_exponent(&a) < rules->exponent_min)
        return a.negative ? "-Subnormal" : "+Subnormal";
    return a.negative ? "-Normal" : "+Normal";
}

DECIMAL_FUNCTION(method_number_class)
{
    value given[1], context;
    if (!bind_names(vm, context_names, 0, arguments, count, keyword_names, given) || !context_argument(vm, given[0], &context))
        return VALUE_NULL;
    return intern_text(vm, number_class_name(self, &context_of(context)->rules));
}

DECIMAL_FUNCTION(method_adjusted)
{
    UNUSED;
    struct number view;
    number_view(self, &view);
    return small_int(is_special(&view) ? 0 : adjusted_exponent(&view));
}

DECIMAL_FUNCTION(method_radix)
{
    UNUSED;
    value context = current_context(vm);
    return context == VALUE_NULL ? VALUE_NULL : decimal_from_int(vm, &decimal_type, small_int(10), context, true);
}

DECIMAL_FUNCTION(method_self)
{
    UNUSED;
    return self;
}

/* ---- other forms ---- */

DECIMAL_FUNCTION(method_to_eng_string)
{
    value given[1], context;
    if (!bind_names(vm, context_names, 0, arguments, count, keyword_names, given) || !context_argument(vm, given[0], &context))
        return VALUE_NULL;
    return decimal_text(vm, self, true, context_of(context)->capitals);
}

/* The payload of a NaN without one is (). */
static value digits_tuple(struct vm *vm, const struct number *a)
{
    if (is_nan(a) && has_zero_coefficient(a))
        return vm->empty_tuple;
    char *text = number_digits_text(a);
    if (!text)
        return raise_no_memory(vm);
    size_t size = strlen(text);
    ADD_WORK(vm, items, size);
    value tuple = tuple_new(vm, size);
    for (size_t i = 0; tuple != VALUE_NULL && i < size; i++)
        tuple_of(tuple)->items[i] = small_int(text[i] - '0');
    free(text);
    return tuple;
}

value decimal_as_tuple(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    UNUSED;
    struct number view;
    number_view(self, &view);
    value exponent = is_finite(&view)     ? int_from_int64(vm, view.exponent)
                     : is_infinite(&view) ? intern_text(vm, "F")
                                          : intern_text(vm, view.kind == QUIET_NAN ? "n" : "N");
    value digits = digits_tuple(vm, &view);
    if (digits == VALUE_NULL)
        return VALUE_NULL;
    return call_3(vm, decimal_state(vm)->tuple, small_int(view.negative), digits, exponent);
}

value decimal_as_integer_ratio(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    UNUSED;
    struct number view;
    number_view(self, &view);
    if (is_nan(&view))
        return raise_error(vm, &exc_ValueError, "cannot convert NaN to integer ratio");
    if (is_infinite(&view))
        return raise_error(vm, &exc_OverflowError, "cannot convert Infinity to integer ratio");
    int64_t exponent = has_zero_coefficient(&view) ? 0 : view.exponent;
    if (exponent > DIGITS_MAX || exponent < -DIGITS_MAX)
        return raise_no_memory(vm);
    mpz_t numerator, denominator, divisor;
    mpz_init_set(numerator, view.coefficient);
    mpz_init_set_ui(denominator, 1);
    mpz_init(divisor);
    if (exponent >= 0)
        mpz_mul(numerator, numerator, power_of_ten(vm, exponent));
    else {
        mpz_set(denominator, power_of_ten(vm, -exponent));
        mpz_gcd(divisor, numerator, denominator);
        mpz_divexact(numerator, numerator, divisor);
        mpz_divexact(denominator, denominator, divisor);
    }
    if (view.negative)
        mpz_neg(numerator, numerator);
    value above = int_from_mpz(vm, numerator), below = int_from_mpz(vm, denominator);
    mpz_clears(numerator, denominator, divisor, NULL);
    return above == VALUE_NULL || below == VALUE_NULL ? VALUE_NULL : tuple_pack(vm, 2, above, below);
}

DECIMAL_FUNCTION(method_from_float)
{
    UNUSED;
    value context = current_context(vm), v = arguments[0], result;
    if (context == VALUE_NULL)
        return VALUE_NULL;
    if (is_int(v))
        result = decimal_from_int(vm, &decimal_type, v, context, true);
    else if (is_float(v))
        result = decimal_from_float(vm, &decimal_type, v, context, true);
    else
        return raise_error(vm, &exc_TypeError, "argument must be int or float");
    if (result == VALUE_NULL || value_object(self) == &decimal_type.head)
        return result;
    return call_1(vm, self, result);
}

DECIMAL_FUNCTION(method_reduce)
{
    UNUSED;
    value text = value_string(vm, self);
    value state = text == VALUE_NULL ? VALUE_NULL : tuple_pack(vm, 1, text);
    return state == VALUE_NULL ? VALUE_NULL : tuple_pack(vm, 2, object_value(value_type(vm, self)), state);
}

DECIMAL_FUNCTION(method_complex)
{
    UNUSED;
    value number = number_float(vm, self);
    return number == VALUE_NULL ? VALUE_NULL : complex_value(vm, float_number(number), 0.0);
}

/* As CPython's, whose words have 19 digits and whose object holds four of them. */
DECIMAL_FUNCTION(method_sizeof)
{
    UNUSED;
    (void)vm;
    int64_t words = (decimal_of(self)->digits + 18) / 19;
    return small_int(104 + (words > 4 ? words * 8 : 0));
}

DECIMAL_FUNCTION(method_divmod)
{
    (void)count, (void)keyword_names;
    return decimal_divmod(vm, self, arguments[0]);
}

DECIMAL_FUNCTION(method_reflected_divmod)
{
    (void)count, (void)keyword_names;
    return decimal_divmod(vm, arguments[0], self);
}

#define PLAIN(name) {#name, NULL, method_##name, 0, NULL}
#define BARE(name) {#name, "()", method_##name, 0, NULL}
const struct method_definition decimal_methods[] = {
    PLAIN(exp), PLAIN(ln), PLAIN(log10), PLAIN(next_minus), PLAIN(next_plus), PLAIN(normalize), PLAIN(to_integral),
    PLAIN(to_integral_exact), {"to_integral_value", NULL, method_to_integral, 0, NULL}, PLAIN(sqrt), PLAIN(compare),
    PLAIN(compare_signal), PLAIN(max), PLAIN(max_mag), PLAIN(min), PLAIN(min_mag), PLAIN(next_toward), PLAIN(quantize),
    PLAIN(remainder_near), PLAIN(fma), BARE(is_canonical), BARE(is_finite), BARE(is_infinite), BARE(is_nan), BARE(is_qnan),
    BARE(is_snan), BARE(is_signed), BARE(is_zero), PLAIN(is_normal), PLAIN(is_subnormal), BARE(adjusted),
    {"canonical", "()", method_self, 0, NULL}, {"conjugate", "()", method_self, 0, NULL}, BARE(radix), BARE(copy_abs),
    BARE(copy_negate), PLAIN(logb), PLAIN(logical_invert), PLAIN(number_class), PLAIN(to_eng_string), PLAIN(compare_total),
    PLAIN(compare_total_mag), PLAIN(copy_sign), PLAIN(same_quantum), PLAIN(logical_and), PLAIN(logical_or), PLAIN(logical_xor),
    PLAIN(rotate), PLAIN(scaleb), PLAIN(shift), {"from_float", "(f, /)", method_from_float, METHOD_CLASS, NULL},
    {"as_tuple", "()", decimal_as_tuple, 0, NULL}, {"as_integer_ratio", "()", decimal_as_integer_ratio, 0, NULL},
    {"__copy__", "()", method_self, 0, NULL}, {"__deepcopy__", "(memo, /)", method_self, 0, NULL},
    {"__format__", NULL, decimal_format, 0, NULL}, {"__reduce__", "()", method_reduce, 0, NULL},
    {"__round__", NULL, method_round, 0, NULL}, {"__ceil__", "()", method_ceil, 0, NULL},
    {"__floor__", "()", method_floor, 0, NULL}, {"__trunc__", "()", method_trunc, 0, NULL},
    {"__complex__", "()", method_complex, 0, NULL}, {"__sizeof__", "()", method_sizeof, 0, NULL},
    {"__abs__", "()", method_absolute, 0, "abs(self)"}, {"__divmod__", "(value, /)", method_divmod, 0, "Return divmod(self, value)."},
    {"__rdivmod__", "(value, /)", method_reflected_divmod, 0, "Return divmod(value, self)."},
    {0},
};
