/* context_methods.c - the methods of Context: Decimal's operations in a given context. */
#include "sim/modules/decimal/decimal.h"

static value unary_method(struct vm *vm, value self, value operand, unary_kernel kernel)
{
    value a = decimal_required(vm, operand);
    if (a == VALUE_NULL)
        return VALUE_NULL;
    struct calculation c = calculation_start(vm, self);
    struct number view, result;
    number_view(a, &view);
    number_start(&result);
    kernel(&c, &result, &view);
    gc_keep(a);
    return calculation_result(&c, self, &decimal_type, &result);
}

#define UNARY(name)                                                                                                    \
    DECIMAL_FUNCTION(context_##name)                                                                                   \
    {                                                                                                                  \
        (void)count, (void)keyword_names;                                                                              \
        return unary_method(vm, self, arguments[0], calculate_##name);                                                 \
    }
#define X(name) UNARY(name)
UNARY_KERNELS(X)
#undef X

/* Positional arguments, exactly `wanted`, as Decimals. */
static bool bind_operands(struct vm *vm, const char *name, const value *arguments, size_t count, value keyword_names, size_t wanted,
                          value *out)
{
    if (keyword_count(keyword_names)) {
        raise_error(vm, &exc_TypeError, "%s() takes no keyword arguments", name);
        return false;
    }
    if (count != wanted) {
        raise_error(vm, &exc_TypeError, "function takes exactly %zu arguments (%zu given)", wanted, count);
        return false;
    }
    for (size_t i = 0; i < wanted; i++) {
        out[i] = decimal_required(vm, arguments[i]);
        if (out[i] == VALUE_NULL)
            return false;
    }
    return true;
}

static value binary_method(struct vm *vm, value self, const value operands[2], binary_kernel kernel)
{
    struct calculation c = calculation_start(vm, self);
    struct number x, y, result;
    number_view(operands[0], &x);
    number_view(operands[1], &y);
    number_start(&result);
    kernel(&c, &result, &x, &y);
    gc_keep(operands[0]);
    gc_keep(operands[1]);
    return calculation_result(&c, self, &decimal_type, &result);
}

#define BINARY(name, text)                                                                                             \
    DECIMAL_FUNCTION(context_##name)                                                                                   \
    {                                                                                                                  \
        value operands[2];                                                                                             \
        if (!bind_operands(vm, text, arguments, count, keyword_names, 2, operands))                                    \
            return VALUE_NULL;                                                                                         \
        return binary_method(vm, self, operands, calculate_##name);                                                    \
    }
BINARY(add, "add")
BINARY(subtract, "subtract")
BINARY(multiply, "multiply")
BINARY(divide, "divide")
BINARY(divide_int, "divide_int")
BINARY(remainder, "remainder")
BINARY(remainder_near, "remainder_near")
BINARY(compare, "compare")
BINARY(compare_signal, "compare_signal")
BINARY(max, "max")
BINARY(max_mag, "max_mag")
BINARY(min, "min")
BINARY(min_mag, "min_mag")
BINARY(next_toward, "next_toward")
BINARY(quantize, "quantize")
BINARY(logical_and, "logical_and")
BINARY(logical_or, "logical_or")
BINARY(logical_xor, "logical_xor")
BINARY(rotate, "rotate")
BINARY(scaleb, "scaleb")
BINARY(shift, "shift")

#define PAIR(name, expression)                                                                                         \
    DECIMAL_FUNCTION(context_##name)                                                                                   \
    {                                                                                                                  \
        value operands[2];                                                                                             \
        (void)self;                                                                                                    \
        if (!bind_operands(vm, #name, arguments, count, keyword_names, 2, operands))                                   \
            return VALUE_NULL;                                                                                         \
        return expression;                                                                                             \
    }
PAIR(compare_total, total_order(vm, operands[0], operands[1], TOTAL))
PAIR(compare_total_mag, total_order(vm, operands[0], operands[1], TOTAL_MAGNITUDE))
PAIR(copy_sign, copy_with_sign(vm, operands[0], decimal_of(operands[1])->negative))
PAIR(same_quantum, bool_value(same_quantum(operands[0], operands[1])))

DECIMAL_FUNCTION(context_divmod)
{
    value operands[2];
    if (!bind_operands(vm, "divmod", arguments, count, keyword_names, 2, operands))
        return VALUE_NULL;
    struct calculation c = calculation_start(vm, self);
    struct number x, y, quotient, remainder;
    number_view(operands[0], &x);
    number_view(operands[1], &y);
    number_start(&quotient);
    number_start(&remainder);
    calculate_divmod(&c, &quotient, &remainder, &x, &y);
    value first = calculation_result(&c, self, &decimal_type, &quotient);
    value second = first == VALUE_NULL ? VALUE_NULL : decimal_from_number(vm, &decimal_type, &remainder);
    number_clear(&remainder);
    return second == VALUE_NULL ? VALUE_NULL : tuple_pack(vm, 2, first, second);
}

static value three_operands(struct vm *vm, value self, const value operands[3], bool power)
{
    struct calculation c = calculation_start(vm, self);
    struct number x, y, z, result;
    number_view(operands[0], &x);
    number_view(operands[1], &y);
    number_view(operands[2], &z);
    number_start(&result);
    if (power)
        calculate_power_modulo(&c, &result, &x, &y, &z);
    else
        calculate_fma(&c, &result, &x, &y, &z);
    return calculation_result(&c, self, &decimal_type, &result);
}

DECIMAL_FUNCTION(context_fma)
{
    value operands[3];
    if (!bind_operands(vm, "fma", arguments, count, keyword_names, 3, operands))
        return VALUE_NULL;
    return three_operands(vm, self, operands, false);
}

DECIMAL_FUNCTION(context_power)
{
    static const char *const names[] = {"a", "b", "modulo", NULL};
    value given[3];
    if (!bind_names(vm, names, 2, arguments, count, keyword_names, given))
        return VALUE_NULL;
    size_t wanted = given[2] == VALUE_NULL || given[2] == NONE ? 2 : 3;
    for (size_t i = 0; i < wanted; i++) {
        given[i] = decimal_required(vm, given[i]);
        if (given[i] == VALUE_NULL)
            return VALUE_NULL;
    }
    return wanted == 2 ? binary_method(vm, self, given, calculate_power) : three_operands(vm, self, given, true);
}

/* ---- one operand, no rounding ---- */

#define OPERAND(name, expression)                                                                                      \
    DECIMAL_FUNCTION(context_##name)                                                                                   \
    {                                                                                                                  \
        UNUSED;                                                                                                        \
        value a = decimal_required(vm, arguments[0]);                                                                  \
        return a == VALUE_NULL ? VALUE_NULL : (expression);                                                            \
    }
#define QUESTION(name, property) OPERAND(name, bool_value(has_property(a, &context_of(self)->rules, property)))
QUESTION(is_finite, IS_FINITE)
QUESTION(is_infinite, IS_INFINITE)
QUESTION(is_nan, IS_NAN)
QUESTION(is_normal, IS_NORMAL)
QUESTION(is_qnan, IS_QUIET)
QUESTION(is_signed, IS_SIGNED)
QUESTION(is_snan, IS_SIGNALLING)
QUESTION(is_subnormal, IS_SUBNORMAL)
QUESTION(is_zero, IS_ZERO)
OPERAND(copy_abs, copy_with_sign(vm, a, false))
OPERAND(copy_negate, copy_with_sign(vm, a, !decimal_of(a)->negative))
OPERAND(copy_decimal, a)
OPERAND(number_class, intern_text(vm, number_class_name(a, &context_of(self)->rules)))
OPERAND(to_sci_string, decimal_text(vm, a, false, context_of(self)->capitals))
OPERAND(to_eng_string, decimal_text(vm, a, true, context_of(self)->capitals))

static value required_decimal_only(struct vm *vm, value v)
{
    return is_decimal(vm, v) ? v : raise_error(vm, &exc_TypeError, "argument must be a Decimal");
}

DECIMAL_FUNCTION(context_is_canonical)
{
    UNUSED;
    return required_decimal_only(vm, arguments[0]) == VALUE_NULL ? VALUE_NULL : TRUE;
}

DECIMAL_FUNCTION(context_canonical)
{
    UNUSED;
    return required_decimal_only(vm, arguments[0]);
}

/* Rounded to the context, without looking at the number as an operand: a signalling NaN stays one. */
DECIMAL_FUNCTION(context_apply)
{
    UNUSED;
    value a = decimal_required(vm, arguments[0]);
    if (a == VALUE_NULL)
        return VALUE_NULL;
    struct calculation c = calculation_start(vm, self);
    struct number view, result;
    number_view(a, &view);
    number_start(&result);
    number_copy(&result, &view);
    number_finish(&c, &result);
    return calculation_result(&c, self, &decimal_type, &result);
}

DECIMAL_FUNCTION(context_create_decimal)
{
    if (keyword_count(keyword_names))
        return raise_error(vm, &exc_TypeError, "create_decimal() takes no keyword arguments");
    if (count > 1)
        return raise_error(vm, &exc_TypeError, "function takes at most 1 argument (%zu given)", count);
    return decimal_from_value(vm, &decimal_type, count ? arguments[0] : small_int(0), self, false);
}

DECIMAL_FUNCTION(context_create_decimal_from_float)
{
    UNUSED;
    if (is_int(arguments[0]))
        return decimal_from_int(vm, &decimal_type, arguments[0], self, false);
    if (is_float(arguments[0]))
        return decimal_from_float(vm, &decimal_type, arguments[0], self, false);
    return raise_error(vm, &exc_TypeError, "argument must be int or float");
}

/* ---- the context itself ---- */

DECIMAL_FUNCTION(context_etiny)
{
    UNUSED;
    return int_from_int64(vm, rules_etiny(&context_of(self)->rules));
}

DECIMAL_FUNCTION(context_etop)
{
    UNUSED;
    return int_from_int64(vm, rules_etop(&context_of(self)->rules));
}

DECIMAL_FUNCTION(context_radix)
{
    UNUSED;
    return decimal_from_int(vm, &decimal_type, small_int(10), self, true);
}

DECIMAL_FUNCTION(context_clear_flags)
{
    UNUSED;
    (void)vm;
    context_of(self)->flags = 0;
    return NONE;
}

DECIMAL_FUNCTION(context_clear_traps)
{
    UNUSED;
    (void)vm;
    context_of(self)->traps = 0;
    return NONE;
}

DECIMAL_FUNCTION(context_copy)
{
    UNUSED;
    return context_duplicate(vm, self);
}

DECIMAL_FUNCTION(context_reduce)
{
    UNUSED;
    const struct context_object *c = context_of(self);
    value flags = status_list(vm, c->flags, false), traps = status_list(vm, c->traps, false);
    if (flags == VALUE_NULL || traps == VALUE_NULL)
        return VALUE_NULL;
    value state = tuple_pack(vm, 8, small_int(c->rules.precision), decimal_state(vm)->roundings[c->rules.rounding],
                             small_int(c->rules.exponent_min), small_int(c->rules.exponent_max), small_int(c->capitals),
                             small_int(c->rules.clamp), flags, traps);
    return state == VALUE_NULL ? VALUE_NULL : tuple_pack(vm, 2, object_value(value_type(vm, self)), state);
}

#define ONE(name) {#name, "(x, /)", context_##name, 0, NULL}
#define TWO(name) {#name, NULL, context_##name, 0, NULL}
#define NONE_AT_ALL(name) {#name, "()", context_##name, 0, NULL}
const struct method_definition decimal_context_methods[] = {
    {"abs", "(x, /)", context_absolute, 0, NULL},
    ONE(exp),
    ONE(ln),
    ONE(log10),
    ONE(minus),
    ONE(next_minus),
    ONE(next_plus),
    ONE(normalize),
    ONE(plus),
    ONE(to_integral),
    ONE(to_integral_exact),
    {"to_integral_value", "(x, /)", context_to_integral, 0, NULL},
    ONE(sqrt),
    TWO(add),
    TWO(compare),
    TWO(compare_signal),
    TWO(divide),
    TWO(divide_int),
    TWO(divmod),
    TWO(max),
    TWO(max_mag),
    TWO(min),
    TWO(min_mag),
    TWO(multiply),
    TWO(next_toward),
    TWO(quantize),
    TWO(remainder),
    TWO(remainder_near),
    TWO(subtract),
    TWO(power),
    TWO(fma),
    {"Etiny", "()", context_etiny, 0, NULL},
    {"Etop", "()", context_etop, 0, NULL},
    NONE_AT_ALL(radix),
    ONE(is_canonical),
    ONE(is_finite),
    ONE(is_infinite),
    ONE(is_nan),
    ONE(is_normal),
    ONE(is_qnan),
    ONE(is_signed),
    ONE(is_snan),
    ONE(is_subnormal),
    ONE(is_zero),
    {"_apply", "(x, /)", context_apply, 0, NULL},
    ONE(canonical),
    ONE(copy_abs),
    ONE(copy_decimal),
    ONE(copy_negate),
    ONE(logb),
    ONE(logical_invert),
    ONE(number_class),
    ONE(to_sci_string),
    ONE(to_eng_string),
    TWO(compare_total),
    TWO(compare_total_mag),
    TWO(copy_sign),
    TWO(logical_and),
    TWO(logical_or),
    TWO(logical_xor),
    TWO(rotate),
    TWO(same_quantum),
    TWO(scaleb),
    TWO(shift),
    NONE_AT_ALL(clear_flags),
    NONE_AT_ALL(clear_traps),
    {"__copy__", "()", context_copy, 0, NULL},
    {"__reduce__", "()", context_reduce, 0, NULL},
    NONE_AT_ALL(copy),
    TWO(create_decimal),
    ONE(create_decimal_from_float),
    {0},
};
