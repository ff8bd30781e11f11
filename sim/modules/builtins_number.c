/* builtins_number.c - abs, divmod, pow, round, bin, oct, hex, ord, chr, and texts of objects: repr, ascii, format, hash, id. */
#include "sim/modules/builtins.h"
#include "sim/runtime/audit.h"
#include "sim/runtime/args.h"
#include "sim/runtime/container.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/number.h"
#include "sim/runtime/text.h"

#include <math.h>

#define BUILTIN(name)                                                                                                  \
    static value builtin_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED_ARGUMENTS (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

/* The special method's answer; VALUE_NULL with *absent set when the object has none. */
static value call_special_method(struct vm *vm, value object, const char *name, const value *arguments, size_t count,
                                 bool *absent)
{
    value method = lookup_special(vm, object, name);
    *absent = method == VALUE_NULL && vm->pending == VALUE_NULL;
    return method == VALUE_NULL ? VALUE_NULL : call(vm, method, arguments, count, VALUE_NULL);
}

BUILTIN(abs)
{
    UNUSED_ARGUMENTS;
    value v = arguments[0];
    if (is_small_int(v))
        return small_int_value(v) < 0 ? int_from_int64(vm, -small_int_value(v)) : v;
    if (is_immediate_float(v) || is_exact(v, &float_type))
        return float_value(vm, fabs(float_number(v)));
    if (is_exact(v, &int_type))
        return int_sign(v) < 0 ? unary_operation(vm, UNARY_NEG, v) : v;
    bool absent;
    value result = call_special_method(vm, v, "__abs__", NULL, 0, &absent);
    return absent ? raise_error(vm, &exc_TypeError, "bad operand type for abs(): '%T'", v) : result;
}

/* a.__name__(b), or b.__rname__(a); VALUE_NULL without a pending exception: neither knows. */
static value try_both(struct vm *vm, value a, value b, const char *name, const char *reflected)
{
    bool absent;
    bool derived = value_type(vm, a) != value_type(vm, b) && type_is_subtype(value_type(vm, b), value_type(vm, a));
    value result = VALUE_NULL;
    if (derived) {
        result = call_special_method(vm, b, reflected, &a, 1, &absent);
        if (!absent && result != vm->not_implemented)
            return result;
    }
    result = call_special_method(vm, a, name, &b, 1, &absent);
    if (!absent && result != vm->not_implemented)
        return result;
    if (value_type(vm, a) == value_type(vm, b) || derived)
        return VALUE_NULL;
    result = call_special_method(vm, b, reflected, &a, 1, &absent);
    return absent || result == vm->not_implemented ? VALUE_NULL : result;
}

BUILTIN(divmod)
{
    UNUSED_ARGUMENTS;
    value a = arguments[0], b = arguments[1];
    if (both_small_int(a, b) && b == small_int(0))
        return raise_error(vm, &exc_ZeroDivisionError, "integer division or modulo by zero");
    if (both_small_int(a, b)) {
        value quotient = binary_operation(vm, BINARY_FLOOR_DIVIDE, a, b);
        value remainder = quotient == VALUE_NULL ? quotient : binary_operation(vm, BINARY_REMAINDER, a, b);
        return remainder == VALUE_NULL ? VALUE_NULL : tuple_pack(vm, 2, quotient, remainder);
    }
    value result = try_both(vm, a, b, "__divmod__", "__rdivmod__");
    if (result == VALUE_NULL && vm->pending == VALUE_NULL)
        return raise_error(vm, &exc_TypeError, "unsupported operand type(s) for divmod(): '%T' and '%T'", a, b);
    return result;
}

BUILTIN(pow)
{
    UNUSED_ARGUMENTS;
    value a = arguments[0], b = arguments[1], modulus = arguments[2];
    if (modulus == VALUE_NULL || modulus == NONE)
        return binary_operation(vm, BINARY_POWER, a, b);
    struct type *types[3] = {value_type(vm, a), value_type(vm, b), value_type(vm, modulus)};
    for (int i = 0; i < 3; i++) {
        if (!types[i]->power || (i && types[i]->power == types[i - 1]->power))
            continue;
        value result = types[i]->power(vm, a, b, modulus);
        if (result != vm->not_implemented)
            return result;
    }
    return raise_error(vm, &exc_TypeError, "unsupported operand type(s) for ** or pow(): '%T', '%T', '%T'", a, b, modulus);
}

BUILTIN(round)
{
    UNUSED_ARGUMENTS;
    value v = arguments[0], digits = arguments[1];
    bool absent, given = digits != VALUE_NULL && digits != NONE;
    if (is_small_int(v) && !given)
        return v;
    value result = call_special_method(vm, v, "__round__", &digits, given, &absent);
    return absent ? raise_error(vm, &exc_TypeError, "type %T doesn't define __round__ method", v) : result;
}

static value based(struct vm *vm, value v, int base, const char *prefix)
{
    if ((v = number_index(vm, v)) == VALUE_NULL)
        return VALUE_NULL;
    value digits = int_to_string(vm, v, base);
    if (digits == VALUE_NULL)
        return VALUE_NULL;
    struct span text = string_span(digits);
    bool negative = span_at(text, 0) == '-';
    struct string_builder builder = {NULL, 0, 0};
    if (negative)
        string_builder_add(&builder, '-');
    string_builder_add_text(&builder, prefix);
    string_builder_add_span(&builder, span_part(text, negative, text.length));
    return string_builder_finish(vm, &builder);
}

BUILTIN(bin)
{
    UNUSED_ARGUMENTS;
    return based(vm, arguments[0], 2, "0b");
}

BUILTIN(oct)
{
    UNUSED_ARGUMENTS;
    return based(vm, arguments[0], 8, "0o");
}

BUILTIN(hex)
{
    UNUSED_ARGUMENTS;
    return based(vm, arguments[0], 16, "0x");
}

BUILTIN(ord)
{
    UNUSED_ARGUMENTS;
    value v = arguments[0];
    size_t length;
    if (is_string(v)) {
        length = string_of(v)->length;
        if (length == 1)
            return small_int(string_at(string_of(v), 0));
    } else if (is_bytes(v)) {
        length = bytes_of(v)->length;
        if (length == 1)
            return small_int(bytes_of(v)->data[0]);
    } else if (is_object(v) && type_is_subtype(value_type(vm, v), &bytearray_type)) {
        length = bytearray_of(v)->length;
        if (length == 1)
            return small_int(bytearray_of(v)->data[0]);
    } else {
        return raise_error(vm, &exc_TypeError, "ord() expected string of length 1, but %T found", v);
    }
    return raise_error(vm, &exc_TypeError, "ord() expected a character, but string of length %zu found", length);
}

BUILTIN(chr)
{
    UNUSED_ARGUMENTS;
    value v = arguments[0];
    int64_t code_point;
    if (is_small_int(v)) {
        code_point = small_int_value(v);
    } else {
        if (!is_int(v) && !value_type(vm, v)->index)
            return raise_error(vm, &exc_TypeError, "'%T' object cannot be interpreted as an integer", v);
        if (!value_to_int64(vm, v, &code_point)) {
            if (exception_matches(vm, &exc_OverflowError)) {
                exception_clear(vm);
                raise_error(vm, &exc_OverflowError, "Python int too large to convert to C int");
            }
            return VALUE_NULL;
        }
    }
    if (code_point < 0 || code_point > 0x10ffff)
        return code_point > INT32_MAX || code_point < INT32_MIN
                   ? raise_error(vm, &exc_OverflowError, code_point > 0
                                     ? "signed integer is greater than maximum" : "signed integer is less than minimum")
                   : raise_error(vm, &exc_ValueError, "chr() arg not in range(0x%x)", 0x110000);
    return string_from_code_point(vm, (uint32_t)code_point);
}

BUILTIN(repr)
{
    UNUSED_ARGUMENTS;
    return value_repr(vm, arguments[0]);
}

BUILTIN(ascii)
{
    UNUSED_ARGUMENTS;
    value text = value_repr(vm, arguments[0]);
    return text == VALUE_NULL ? text : string_ascii(vm, text);
}

BUILTIN(format)
{
    UNUSED_ARGUMENTS;
    if (arguments[1] != VALUE_NULL && !is_string(arguments[1]))
        return raise_error(vm, &exc_TypeError, "format() argument 2 must be str, not %T", arguments[1]);
    return value_format(vm, arguments[0], arguments[1]);
}

BUILTIN(hash)
{
    UNUSED_ARGUMENTS;
    int64_t hash;
    return value_hash(vm, arguments[0], &hash) ? int_from_int64(vm, hash) : VALUE_NULL;
}

BUILTIN(id)
{
    UNUSED_ARGUMENTS;
    value identity = int_from_uint64(vm, object_identity(vm, arguments[0]));
    return AUDIT(vm, "builtins.id", identity) ? identity : VALUE_NULL;
}

const struct method_definition builtins_number_functions[] = {
    {"abs", "(x, /)", builtin_abs, 0, NULL},
    {"divmod", "(x, y, /)", builtin_divmod, 0, NULL},
    {"pow", "(base, exp, mod=None)", builtin_pow, 0, NULL},
    {"round", "(number, ndigits=None)", builtin_round, 0, NULL},
    {"bin", "(number, /)", builtin_bin, 0, NULL},
    {"oct", "(number, /)", builtin_oct, 0, NULL},
    {"hex", "(number, /)", builtin_hex, 0, NULL},
    {"ord", "(c, /)", builtin_ord, 0, NULL},
    {"chr", "(i, /)", builtin_chr, 0, NULL},
    {"repr", "(obj, /)", builtin_repr, 0, NULL},
    {"ascii", "(obj, /)", builtin_ascii, 0, NULL},
    {"format", "(value, format_spec='', /)", builtin_format, 0, NULL},
    {"hash", "(obj, /)", builtin_hash, 0, NULL},
    {"id", "(obj, /)", builtin_id, 0, NULL},
    {NULL, NULL, NULL, 0, NULL},
};
