/* number.c - the operators' dispatch: CPython's order of trying the operands' slots, with the common numbers first; and the
 * conversions of values to C numbers. */
#include "sim/runtime/number.h"
#include "sim/runtime/warning.h"
#include "sim/runtime/attribute.h"

#include "sim/runtime/container.h"
#include "sim/runtime/names.h"

static const char *const binary_symbols[BINARY_COUNT] = {
    [BINARY_ADD] = "+",       [BINARY_AND] = "&",  [BINARY_FLOOR_DIVIDE] = "//", [BINARY_LSHIFT] = "<<",
    [BINARY_MATMUL] = "@",    [BINARY_MUL] = "*",  [BINARY_REMAINDER] = "%",     [BINARY_OR] = "|",
    [BINARY_POWER] = "** or pow()", [BINARY_RSHIFT] = ">>", [BINARY_SUB] = "-",  [BINARY_DIV] = "/",
    [BINARY_XOR] = "^"};
static const char *const inplace_symbols[BINARY_COUNT] = {
    [BINARY_ADD] = "+=",    [BINARY_AND] = "&=",   [BINARY_FLOOR_DIVIDE] = "//=", [BINARY_LSHIFT] = "<<=",
    [BINARY_MATMUL] = "@=", [BINARY_MUL] = "*=",   [BINARY_REMAINDER] = "%=",     [BINARY_OR] = "|=",
    [BINARY_POWER] = "**=", [BINARY_RSHIFT] = ">>=", [BINARY_SUB] = "-=",         [BINARY_DIV] = "/=",
    [BINARY_XOR] = "^="};

/* ---- binary ---- */

/* The slots of both operands in CPython's order; not_implemented when neither answers. */
static value binary_slots(struct vm *vm, enum binary_kind kind, value a, value b)
{
    const struct type *left = value_type(vm, a), *right = value_type(vm, b);
    binary_function first = left->binary[kind], second = right->binary[kind];
    if (second == first)
        second = NULL;
    if (first) {
        if (second && type_is_subtype(right, left)) {
            value result = second(vm, a, b);
            if (result != vm->not_implemented)
                return result;
            second = NULL;
        }
        value result = first(vm, a, b);
        if (result != vm->not_implemented)
            return result;
    }
    return second ? second(vm, a, b) : vm->not_implemented;
}

static value raise_operands(struct vm *vm, const char *symbol, value a, value b)
{
    return raise_error(vm, &exc_TypeError, "unsupported operand type(s) for %s: '%T' and '%T'", symbol, a, b);
}

static value sequence_repeat(struct vm *vm, value sequence, value count)
{
    int64_t n;
    if (!is_int(count) && !has_index(vm, count))
        return raise_error(vm, &exc_TypeError, "can't multiply sequence by non-int of type '%T'", count);
    if (!value_to_int64(vm, count, &n)) {
        if (exception_matches(vm, &exc_OverflowError)) {
            exception_clear(vm);
            raise_error(vm, &exc_OverflowError, "cannot fit '%T' into an index-sized integer", count);
        }
        return VALUE_NULL;
    }
    return value_type(vm, sequence)->repeat(vm, sequence, n);
}

/* What + and * do when no number slot answered: sequences. */
static value binary_sequences(struct vm *vm, enum binary_kind kind, value a, value b)
{
    if (kind == BINARY_ADD && value_type(vm, a)->concat)
        return value_type(vm, a)->concat(vm, a, b);
    if (kind == BINARY_MUL && value_type(vm, a)->repeat)
        return sequence_repeat(vm, a, b);
    if (kind == BINARY_MUL && value_type(vm, b)->repeat)
        return sequence_repeat(vm, b, a);
    return vm->not_implemented;
}

/* Numbers of the two immediate forms; VALUE_NULL without an exception: neither. */
static inline value binary_immediate(struct vm *vm, enum binary_kind kind, value a, value b)
{
    if (both_small_int(a, b))
        return int_binary(vm, kind, a, b);
    if (is_immediate_float(a)) {
        if (is_immediate_float(b))
            return float_binary(vm, kind, immediate_float(a), immediate_float(b));
        if (is_small_int(b))
            return float_binary(vm, kind, immediate_float(a), (double)small_int_value(b));
    } else if (is_small_int(a) && is_immediate_float(b)) {
        return float_binary(vm, kind, (double)small_int_value(a), immediate_float(b));
    }
    return vm->not_implemented;
}

value binary_operation(struct vm *vm, enum binary_kind kind, value a, value b)
{
    if (!is_pointer(a) && !is_pointer(b)) {
        value result = binary_immediate(vm, kind, a, b);
        if (result != vm->not_implemented)
            return result;
    }
    value result = binary_slots(vm, kind, a, b);
    if (result != vm->not_implemented)
        return result;
    result = binary_sequences(vm, kind, a, b);
    if (result != vm->not_implemented)
        return result;
    if (kind == BINARY_RSHIFT && is_exact(a, &native_function_type) &&
        !strcmp(((struct native_function_object *)value_object(a))->definition->name, "print"))
        return raise_error(vm, &exc_TypeError,
                           "unsupported operand type(s) for >>: '%T' and '%T'. Did you mean \"print(<message>, "
                           "file=<output_stream>)\"?",
                           a, b);
    return raise_operands(vm, binary_symbols[kind], a, b);
}

value inplace_operation(struct vm *vm, enum binary_kind kind, value a, value b)
{
    if (!is_pointer(a) && !is_pointer(b)) {
        value result = binary_immediate(vm, kind, a, b);
        if (result != vm->not_implemented)
            return result;
    }
    binary_function inplace = value_type(vm, a)->inplace[kind];
    if (inplace) {
        value result = inplace(vm, a, b);
        if (result != vm->not_implemented)
            return result;
    }
    value result = binary_slots(vm, kind, a, b);
    if (result == vm->not_implemented)
        result = binary_sequences(vm, kind, a, b);
    return result == vm->not_implemented ? raise_operands(vm, inplace_symbols[kind], a, b) : result;
}

value unary_operation(struct vm *vm, enum unary_kind kind, value a)
{
    static const char symbols[UNARY_COUNT] = {[UNARY_POS] = '+', [UNARY_NEG] = '-', [UNARY_INVERT] = '~'};
    unary_function function = value_type(vm, a)->unary[kind];
    if (function)
        return function(vm, a);
    return raise_error(vm, &exc_TypeError, "bad operand type for unary %c: '%T'", symbols[kind], a);
}

/* ---- comparison ---- */

static const enum compare_kind swapped[] = {[COMPARE_LT] = COMPARE_GT, [COMPARE_LE] = COMPARE_GE,
                                            [COMPARE_EQ] = COMPARE_EQ, [COMPARE_NE] = COMPARE_NE,
                                            [COMPARE_GT] = COMPARE_LT, [COMPARE_GE] = COMPARE_LE};
static const char *const compare_symbols[] = {"<", "<=", "==", "!=", ">", ">="};

static value compare_types(struct vm *vm, enum compare_kind kind, value a, value b)
{
    const struct type *left = value_type(vm, a), *right = value_type(vm, b);
    bool reflected = false;
    if (left != right && right->compare && type_is_subtype(right, left)) {
        reflected = true;
        value result = right->compare(vm, b, a, swapped[kind]);
        if (result != vm->not_implemented)
            return result;
    }
    if (left->compare) {
        value result = left->compare(vm, a, b, kind);
        if (result != vm->not_implemented)
            return result;
    }
    if (!reflected && right->compare) {
        value result = right->compare(vm, b, a, swapped[kind]);
        if (result != vm->not_implemented)
            return result;
    }
    if (kind == COMPARE_EQ)
        return bool_value(a == b);
    if (kind == COMPARE_NE)
        return bool_value(a != b);
    return raise_error(vm, &exc_TypeError, "'%s' not supported between instances of '%T' and '%T'", compare_symbols[kind],
                       a, b);
}

static value compare_slots(struct vm *vm, enum compare_kind kind, value a, value b)
{
    if (!recursion_enter(vm, " in comparison"))
        return VALUE_NULL;
    value result = compare_types(vm, kind, a, b);
    recursion_leave(vm);
    return result;
}

value compare_operation(struct vm *vm, enum compare_kind kind, value a, value b)
{
    if (both_small_int(a, b))
        return bool_value(order_holds(((int64_t)a > (int64_t)b) - ((int64_t)a < (int64_t)b), kind));
    if (is_immediate_float(a) && is_immediate_float(b))
        return bool_value(doubles_compare(immediate_float(a), immediate_float(b), kind));
    if (!recursion_enter(vm, " in comparison"))
        return VALUE_NULL;
    value result = compare_slots(vm, kind, a, b);
    recursion_leave(vm);
    return result;
}

/* ---- divmod, pow, abs, int, float, index ---- */

static value divmod_pair(struct vm *vm, value quotient, value remainder)
{
    return quotient == VALUE_NULL ? VALUE_NULL : tuple_pack(vm, 2, quotient, remainder);
}

value number_divmod(struct vm *vm, value a, value b)
{
    value quotient, remainder = VALUE_NULL;
    if (is_exact_int(a) && is_exact_int(b)) {
        quotient = int_divmod(vm, a, b, &remainder);
        return divmod_pair(vm, quotient, remainder);
    }
    value left = lookup_special(vm, a, "__divmod__"), result = vm->not_implemented;
    if (vm->pending != VALUE_NULL)
        return VALUE_NULL;
    const struct type *type_a = value_type(vm, a), *type_b = value_type(vm, b);
    bool right_first = type_a != type_b && type_is_subtype(type_b, type_a);
    value right = type_a == type_b ? VALUE_NULL : lookup_special(vm, b, "__rdivmod__");
    if (vm->pending != VALUE_NULL)
        return VALUE_NULL;
    if (right_first && right != VALUE_NULL) {
        result = call_1(vm, right, a);
        right = VALUE_NULL;
    }
    if (result == vm->not_implemented && left != VALUE_NULL)
        result = call_1(vm, left, b);
    if (result == vm->not_implemented && right != VALUE_NULL)
        result = call_1(vm, right, a);
    return result == vm->not_implemented ? raise_operands(vm, "divmod()", a, b) : result;
}

value number_power(struct vm *vm, value base, value exponent, value modulus)
{
    if (modulus == NONE || modulus == VALUE_NULL)
        return binary_operation(vm, BINARY_POWER, base, exponent);
    const value operands[3] = {base, exponent, modulus};
    ternary_function tried[3] = {NULL, NULL, NULL};
    for (int i = 0; i < 3; i++) {
        ternary_function power = value_type(vm, operands[i])->power;
        if (!power || power == tried[0] || power == tried[1])
            continue;
        tried[i] = power;
        value result = power(vm, base, exponent, modulus);
        if (result != vm->not_implemented)
            return result;
    }
    return raise_error(vm, &exc_TypeError, "unsupported operand type(s) for ** or pow(): '%T', '%T', '%T'", base, exponent,
                       modulus);
}

value number_absolute(struct vm *vm, value v)
{
    if (is_exact_int(v))
        return int_absolute(vm, v);
    if (is_immediate_float(v))
        return float_value(vm, fabs(immediate_float(v)));
    value method = lookup_special(vm, v, "__abs__");
    if (method != VALUE_NULL)
        return call_0(vm, method);
    if (vm->pending != VALUE_NULL)
        return VALUE_NULL;
    return raise_error(vm, &exc_TypeError, "bad operand type for abs(): '%T'", v);
}

value number_index(struct vm *vm, value v)
{
    if (is_int(v))
        return int_exact(v);
    unary_function index = value_type(vm, v)->index;
    if (!index)
        return raise_error(vm, &exc_TypeError, "'%T' object cannot be interpreted as an integer", v);
    value result = index(vm, v);
    if (result == VALUE_NULL)
        return VALUE_NULL;
    if (!is_int(result))
        return raise_error(vm, &exc_TypeError, "__index__ returned non-int (type %T)", result);
    if (!is_small_int(result) && !is_exact(result, &int_type) && !warn_strict_index(vm, result))
        return VALUE_NULL;
    return int_exact(result);
}

value number_int(struct vm *vm, value v)
{
    return is_small_int(v) ? v : int_from_value(vm, v);
}

/* What __float__ answered, as a plain float: a subclass's instance with a warning. */
static value float_answer(struct vm *vm, value v, value answer)
{
    if (answer == VALUE_NULL || is_immediate_float(answer) || is_exact(answer, &float_type))
        return answer;
    if (!is_float(answer))
        return raise_error(vm, &exc_TypeError, "%T.__float__ returned non-float (type %T)", v, answer);
    if (!warning_issue(vm, &exc_DeprecationWarning, 1,
                       "%T.__float__ returned non-float (type %T).  The ability to return an instance of a strict subclass of "
                       "float is deprecated, and may be removed in a future version of Python.", v, answer))
        return VALUE_NULL;
    return float_value(vm, float_number(answer));
}

value number_float(struct vm *vm, value v)
{
    double d;
    if (is_immediate_float(v) || is_exact(v, &float_type))
        return v;
    if (v == TRUE || v == FALSE)
        return float_value(vm, v == TRUE ? 1.0 : 0.0);
    const struct type *type = value_type(vm, v);
    if (is_int(v) && type->to_float == int_type.to_float)
        return value_to_double(vm, v, &d) ? float_value(vm, d) : VALUE_NULL;
    if (type->to_float)
        return float_answer(vm, v, type->to_float(vm, v));
    if (type->index)
        return value_to_double(vm, v, &d) ? float_value(vm, d) : VALUE_NULL;
    return float_parse_value(vm, v, &d) ? float_value(vm, d) : VALUE_NULL;
}

/* ---- to C ---- */

bool value_to_int64(struct vm *vm, value v, int64_t *result)
{
    if (is_small_int(v)) {
        *result = small_int_value(v);
        return true;
    }
    value exact = number_index(vm, v);
    if (exact == VALUE_NULL)
        return false;
    struct int_view view;
    int_view(exact, &view);
    uint64_t magnitude = view.count ? view.limbs[0] : 0;
    if (view.count > 1 || magnitude > (uint64_t)INT64_MAX + view.negative) {
        raise_error(vm, &exc_OverflowError, "Python int too large to convert to C ssize_t");
        return false;
    }
    *result = view.negative ? (int64_t)(0 - magnitude) : (int64_t)magnitude;
    return true;
}

bool value_to_c_int(struct vm *vm, value v, int *out)
{
    int64_t number;
    value integer = is_small_int(v) ? v : number_index(vm, v);
    if (integer == VALUE_NULL)
        return false;
    if (!value_to_int64(vm, integer, &number)) {
        exception_clear(vm);
        raise_error(vm, &exc_OverflowError, "Python int too large to convert to C long");
        return false;
    }
    if (number > INT32_MAX || number < INT32_MIN) {
        raise_error(vm, &exc_OverflowError, "signed integer is %s than %s", number > 0 ? "greater" : "less",
                    number > 0 ? "maximum" : "minimum");
        return false;
    }
    *out = (int)number;
    return true;
}

bool value_to_index(struct vm *vm, value v, int64_t *result)
{
    if (is_small_int(v)) {
        *result = small_int_value(v);
        return true;
    }
    if (value_to_int64(vm, v, result))
        return true;
    if (exception_matches(vm, &exc_OverflowError)) {
        exception_clear(vm);
        raise_error(vm, &exc_IndexError, "cannot fit '%T' into an index-sized integer", v);
    }
    return false;
}

bool value_to_count(struct vm *vm, value v, int64_t *result)
{
    if (value_to_int64(vm, v, result))
        return true;
    if (exception_matches(vm, &exc_OverflowError)) {
        exception_clear(vm);
        raise_error(vm, &exc_OverflowError, "cannot fit '%T' into an index-sized integer", v);
    }
    return false;
}

bool value_to_double(struct vm *vm, value v, double *result)
{
    if (is_float(v)) {
        *result = float_number(v);
        return true;
    }
    if (is_exact_int(v) || v == TRUE || v == FALSE) {
        bool overflow;
        *result = int_to_double(vm, v, &overflow);
        return !overflow;
    }
    const struct type *type = value_type(vm, v);
    if (type->to_float) {
        value converted = float_answer(vm, v, type->to_float(vm, v));
        if (converted != VALUE_NULL)
            *result = float_number(converted);
        return converted != VALUE_NULL;
    }
    if (type->index) {
        bool overflow = true;
        value integer = number_index(vm, v);
        if (integer != VALUE_NULL)
            *result = int_to_double(vm, integer, &overflow);
        return !overflow;
    }
    raise_error(vm, &exc_TypeError, "must be real number, not %T", v);
    return false;
}
