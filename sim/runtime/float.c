/* float.c - the type float: arithmetic with CPython's corner cases, comparison with ints without rounding, methods. */
#include "sim/runtime/number.h"

#include "sim/runtime/container.h"
#include "sim/runtime/float_text.h"

#include <ctype.h>
#include <errno.h>
#include <float.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

value float_box(struct vm *vm, double d)
{
    struct float_object *box = GC_NEW(vm, struct float_object, &float_type);
    if (!box)
        return VALUE_NULL;
    box->number = d;
    return object_value(box);
}

/* ---- arithmetic ---- */

static double floor_modulo(double a, double b)
{
    double mod = fmod(a, b);
    if (mod != 0)
        return (b < 0) != (mod < 0) ? mod + b : mod;
    return copysign(0.0, b);
}

static double floor_quotient(double a, double b, double *remainder)
{
    double mod = fmod(a, b), quotient = (a - mod) / b, floored;
    if (mod != 0) {
        if ((b < 0) != (mod < 0)) {
            mod += b;
            quotient -= 1.0;
        }
    } else {
        mod = copysign(0.0, b);
    }
    if (quotient != 0) {
        floored = floor(quotient);
        if (quotient - floored > 0.5)
            floored += 1.0;
    } else {
        floored = copysign(0.0, a / b);
    }
    *remainder = mod;
    return floored;
}

value float_divmod(struct vm *vm, double a, double b, value *remainder)
{
    double mod;
    if (b == 0)
        return raise_error(vm, &exc_ZeroDivisionError, "float divmod()");
    double quotient = floor_quotient(a, b, &mod);
    *remainder = float_value(vm, mod);
    return float_value(vm, quotient);
}

static bool is_odd(double d)
{
    return fmod(fabs(d), 2.0) == 1.0;
}

static value raise_range(struct vm *vm)
{
    value message = string_from_text(vm, strerror(ERANGE));
    value exception = call_2(vm, type_object_value(&exc_OverflowError), small_int(ERANGE), message);
    return exception == VALUE_NULL ? VALUE_NULL : raise_value(vm, exception);
}

/* The cases that C libraries may differ in, then pow() of a positive finite base. */
static value float_power(struct vm *vm, double a, double b)
{
    if (b == 0)
        return float_value(vm, 1.0);
    if (isnan(a))
        return float_value(vm, a);
    if (isnan(b))
        return float_value(vm, a == 1.0 ? 1.0 : b);
    if (isinf(b)) {
        a = fabs(a);
        return float_value(vm, a == 1.0 ? 1.0 : (b > 0) == (a > 1.0) ? fabs(b) : 0.0);
    }
    if (isinf(a)) {
        if (b > 0)
            return float_value(vm, is_odd(b) ? a : fabs(a));
        return float_value(vm, is_odd(b) ? copysign(0.0, a) : 0.0);
    }
    if (a == 0) {
        if (b < 0)
            return raise_error(vm, &exc_ZeroDivisionError, "0.0 cannot be raised to a negative power");
        return float_value(vm, is_odd(b) ? a : 0.0);
    }
    bool negate = false;
    if (a < 0) {
        if (b != floor(b))
            return complex_power(vm, (struct complex_number){a, 0}, (struct complex_number){b, 0});
        a = -a;
        negate = is_odd(b);
    }
    if (a == 1.0)
        return float_value(vm, negate ? -1.0 : 1.0);
    ADD_WORK(vm, math, 1);
    double power = pow(a, b);
    if (isinf(power))
        return raise_range(vm);
    return float_value(vm, negate ? -power : power);
}

value float_binary(struct vm *vm, enum binary_kind kind, double a, double b)
{
    double remainder;
    switch (kind) {
    case BINARY_ADD: return float_value(vm, a + b);
    case BINARY_SUB: return float_value(vm, a - b);
    case BINARY_MUL: return float_value(vm, a * b);
    case BINARY_DIV:
        if (b == 0)
            return raise_error(vm, &exc_ZeroDivisionError, "float division by zero");
        return float_value(vm, a / b);
    case BINARY_FLOOR_DIVIDE:
        if (b == 0)
            return raise_error(vm, &exc_ZeroDivisionError, "float floor division by zero");
        return float_value(vm, floor_quotient(a, b, &remainder));
    case BINARY_REMAINDER:
        if (b == 0)
            return raise_error(vm, &exc_ZeroDivisionError, "float modulo");
        return float_value(vm, floor_modulo(a, b));
    case BINARY_POWER: return float_power(vm, a, b);
    case BINARY_AND:
    case BINARY_LSHIFT:
    case BINARY_MATMUL:
    case BINARY_OR:
    case BINARY_RSHIFT:
    case BINARY_XOR:
    case BINARY_COUNT: break;
    }
    return vm->not_implemented;
}

bool float_operand(struct vm *vm, value v, double *out, bool *failed)
{
    *failed = false;
    if (is_float(v)) {
        *out = float_number(v);
        return true;
    }
    if (!is_int(v))
        return false;
    *out = int_to_double(vm, v, failed);
    return !*failed;
}

static value binary_slot(struct vm *vm, enum binary_kind kind, value a, value b)
{
    double x, y;
    bool failed;
    if (!float_operand(vm, a, &x, &failed) || !float_operand(vm, b, &y, &failed))
        return failed ? VALUE_NULL : vm->not_implemented;
    return float_binary(vm, kind, x, y);
}

#define BINARY_SLOT(name, kind)                                                                    \
    static value float_##name(struct vm *vm, value a, value b)                                     \
    {                                                                                              \
        return binary_slot(vm, kind, a, b);                                                        \
    }
BINARY_SLOT(add, BINARY_ADD)
BINARY_SLOT(sub, BINARY_SUB)
BINARY_SLOT(mul, BINARY_MUL)
BINARY_SLOT(div, BINARY_DIV)
BINARY_SLOT(floor_divide, BINARY_FLOOR_DIVIDE)
BINARY_SLOT(remainder, BINARY_REMAINDER)
BINARY_SLOT(pow, BINARY_POWER)

static value float_power_slot(struct vm *vm, value a, value b, value c)
{
    double x, y;
    bool failed;
    if (c != VALUE_NULL && c != NONE)
        return raise_error(vm, &exc_TypeError, "pow() 3rd argument not allowed unless all arguments are integers");
    if (!float_operand(vm, a, &x, &failed) || !float_operand(vm, b, &y, &failed))
        return failed ? VALUE_NULL : vm->not_implemented;
    return float_binary(vm, BINARY_POWER, x, y);
}

/* ---- comparison, hash ---- */

int float_compare_int(double d, value integer)
{
    integer = int_exact(integer);
    if (is_small_int(integer)) {
        int64_t n = small_int_value(integer);
        if (d >= 9223372036854775808.0)
            return 1;
        if (d < -9223372036854775808.0)
            return -1;
        int64_t whole = (int64_t)d;
        if (whole != n)
            return whole < n ? -1 : 1;
        double fraction = d - (double)whole; /* exact: below 2^53 or zero */
        return (fraction > 0) - (fraction < 0);
    }
    struct int_view view;
    int_view(integer, &view);
    int order = mpz_cmp_d(int_view_mpz(&view), d);
    return (order < 0) - (order > 0);
}

static value float_compare(struct vm *vm, value a, value b, enum compare_kind kind)
{
    double x = float_number(a), y = 0;
    if (is_float(b)) {
        y = float_number(b);
    } else if (!is_int(b)) {
        return vm->not_implemented;
    } else if (!isnan(x) && !isinf(x)) {
        x = float_compare_int(x, b);
    }
    return bool_value(doubles_compare(x, y, kind));
}

static bool float_hash(struct vm *vm, value v, int64_t *hash)
{
    double d = float_number(v);
    *hash = hash_double(d, isnan(d) ? object_identity(vm, v) : v);
    return true;
}

/* ---- slots ---- */

static value float_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    if (keyword_count(keyword_names) && type->init == float_type.init) /* an __init__ of its own may take them */
        return raise_error(vm, &exc_TypeError, "float() takes no keyword arguments");
    if (count > 1)
        return raise_error(vm, &exc_TypeError, "float expected at most 1 argument, got %d", (int)count);
    value number = count ? number_float(vm, arguments[0]) : float_value(vm, 0.0);
    if (number == VALUE_NULL || type == &float_type)
        return number;
    struct float_object *instance = instance_allocate(vm, type, sizeof(struct float_object));
    if (!instance)
        return VALUE_NULL;
    instance->number = float_number(number);
    return object_value(instance);
}

static value float_repr_slot(struct vm *vm, value v)
{
    char text[32];
    return string_from_utf8(vm, text, float_repr(float_number(v), text));
}

static int float_truth(struct vm *vm, value v)
{
    (void)vm;
    return float_number(v) != 0;
}

static value float_itself(struct vm *vm, value v)
{
    return is_immediate_float(v) || is_exact(v, &float_type) ? v : float_value(vm, float_number(v));
}

static value float_negate(struct vm *vm, value v)
{
    return float_value(vm, -float_number(v));
}

static value float_to_int(struct vm *vm, value v)
{
    return int_from_double(vm, float_number(v));
}

/* ---- methods ---- */

#define METHOD(name)                                                                               \
    static value method_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED_ARGUMENTS ((void)arguments, (void)count, (void)keyword_names)

METHOD(is_integer)
{
    UNUSED_ARGUMENTS, (void)vm;
    double d = float_number(self);
    return bool_value(isfinite(d) && floor(d) == d);
}

METHOD(itself)
{
    UNUSED_ARGUMENTS;
    return float_itself(vm, self);
}

METHOD(absolute)
{
    UNUSED_ARGUMENTS;
    return float_value(vm, fabs(float_number(self)));
}

METHOD(trunc)
{
    UNUSED_ARGUMENTS;
    return float_to_int(vm, self);
}

METHOD(floor)
{
    UNUSED_ARGUMENTS;
    return int_from_double(vm, floor(float_number(self)));
}

METHOD(ceil)
{
    UNUSED_ARGUMENTS;
    return int_from_double(vm, ceil(float_number(self)));
}

METHOD(divmod)
{
    double b;
    bool failed;
    (void)count, (void)keyword_names;
    if (!float_operand(vm, arguments[0], &b, &failed))
        return failed ? VALUE_NULL : vm->not_implemented;
    value remainder, quotient = float_divmod(vm, float_number(self), b, &remainder);
    return quotient == VALUE_NULL ? VALUE_NULL : tuple_pack(vm, 2, quotient, remainder);
}

METHOD(rdivmod)
{
    double a;
    bool failed;
    (void)count, (void)keyword_names;
    if (!float_operand(vm, arguments[0], &a, &failed))
        return failed ? VALUE_NULL : vm->not_implemented;
    value remainder, quotient = float_divmod(vm, a, float_number(self), &remainder);
    return quotient == VALUE_NULL ? VALUE_NULL : tuple_pack(vm, 2, quotient, remainder);
}

value float_as_ratio(struct vm *vm, double d)
{
    if (isinf(d))
        return raise_error(vm, &exc_OverflowError, "cannot convert Infinity to integer ratio");
    if (isnan(d))
        return raise_error(vm, &exc_ValueError, "cannot convert NaN to integer ratio");
    int exponent;
    double mantissa = frexp(d, &exponent);
    for (int i = 0; i < 300 && mantissa != floor(mantissa); i++) {
        mantissa *= 2;
        exponent--;
    }
    value numerator = int_from_double(vm, mantissa), denominator = small_int(1);
    value power = int_shift_left(vm, small_int(1), small_int(exponent < 0 ? -exponent : exponent));
    if (numerator == VALUE_NULL || power == VALUE_NULL)
        return VALUE_NULL;
    if (exponent > 0)
        numerator = int_binary(vm, BINARY_MUL, numerator, power);
    else
        denominator = power;
    return tuple_pack(vm, 2, numerator, denominator);
}

METHOD(ratio)
{
    UNUSED_ARGUMENTS;
    return float_as_ratio(vm, float_number(self));
}

/* Rounds |d| to a multiple of 10**places, places > 0, halves to even: exactly, through integers. */
static double round_to_tens(double d, int places)
{
    mpz_t whole, power, remainder;
    double integral;
    bool fraction = modf(fabs(d), &integral) != 0;
    mpz_inits(power, remainder, NULL);
    mpz_init_set_d(whole, integral);
    mpz_ui_pow_ui(power, 10, (unsigned long)places);
    mpz_tdiv_qr(whole, remainder, whole, power);
    mpz_mul_2exp(remainder, remainder, 1);
    int half = mpz_cmp(remainder, power);
    if (half > 0 || (half == 0 && (fraction || mpz_odd_p(whole))))
        mpz_add_ui(whole, whole, 1);
    mpz_mul(whole, whole, power);
    char *text = mpz_get_str(NULL, 10, whole);
    double result = strtod(text, NULL);
    free(text);
    mpz_clears(whole, power, remainder, NULL);
    return copysign(result, d);
}

value float_round(struct vm *vm, value v, value digits)
{
    double d = float_number(v);
    if (digits == VALUE_NULL || digits == NONE) {
        double rounded = round(d);
        if (fabs(d - rounded) == 0.5)
            rounded = 2.0 * round(d / 2.0);
        return int_from_double(vm, rounded);
    }
    value n = number_index(vm, digits);
    if (n == VALUE_NULL)
        return VALUE_NULL;
    if (!isfinite(d))
        return float_value(vm, d);
    int64_t places = is_small_int(n) ? small_int_value(n) : int_sign(n) < 0 ? INT64_MIN : INT64_MAX;
    if (places > (int64_t)((DBL_MANT_DIG - DBL_MIN_EXP) * 0.30103))
        return float_value(vm, d);
    if (places < -(int64_t)((DBL_MAX_EXP + 1) * 0.30103))
        return float_value(vm, 0.0 * d);
    double rounded;
    if (places < 0) {
        rounded = round_to_tens(d, (int)-places);
    } else {
        char text[700];
        snprintf(text, sizeof text, "%.*f", (int)places, d);
        rounded = strtod(text, NULL);
    }
    if (isinf(rounded))
        return raise_error(vm, &exc_OverflowError, "rounded value too large to represent");
    return float_value(vm, rounded);
}

METHOD(round)
{
    (void)count, (void)keyword_names;
    return float_round(vm, self, arguments[0]);
}

METHOD(format)
{
    (void)count, (void)keyword_names;
    if (!is_string(arguments[0]))
        return raise_error(vm, &exc_TypeError, "__format__() argument must be str, not %T", arguments[0]);
    return float_format(vm, self, arguments[0]);
}

METHOD(new_arguments)
{
    UNUSED_ARGUMENTS;
    return tuple_pack(vm, 1, float_itself(vm, self));
}

METHOD(get_format)
{
    (void)self, (void)count, (void)keyword_names;
    if (!is_string(arguments[0]))
        return raise_error(vm, &exc_TypeError, "__getformat__() argument must be str, not %T", arguments[0]);
    if (!string_is(arguments[0], "double") && !string_is(arguments[0], "float"))
        return raise_error(vm, &exc_ValueError, "__getformat__() argument 1 must be 'double' or 'float'");
    return string_from_text(vm, "IEEE, little-endian");
}

METHOD(hex)
{
    UNUSED_ARGUMENTS;
    double d = float_number(self);
    if (!isfinite(d))
        return float_repr_slot(vm, self);
    const char *sign = signbit(d) ? "-" : "";
    char text[40];
    if (d == 0) {
        snprintf(text, sizeof text, "%s0x0.0p+0", sign);
        return string_from_text(vm, text);
    }
    uint64_t bits = float_bits(d), fraction = bits & (((uint64_t)1 << 52) - 1);
    int exponent = (int)(bits >> 52 & 0x7ff);
    snprintf(text, sizeof text, "%s0x%d.%013llxp%+d", sign, exponent != 0, (unsigned long long)fraction,
             exponent ? exponent - 1023 : -1022);
    return string_from_text(vm, text);
}

/* [sign] [0x] digits [. digits] [p [sign] digits]; on success `normal` is what strtod takes. */
static bool hex_normal(const char *text, size_t size, char *normal)
{
    size_t i = 0, digits = 0;
    char *out = normal;
    if (i < size && (text[i] == '+' || text[i] == '-'))
        *out++ = text[i++];
    *out++ = '0';
    *out++ = 'x';
    if (i + 1 < size && text[i] == '0' && (text[i + 1] | 0x20) == 'x')
        i += 2;
    for (bool point = false; i < size && (isxdigit((unsigned char)text[i]) || (text[i] == '.' && !point)); i++) {
        point |= text[i] == '.';
        digits += text[i] != '.';
        *out++ = text[i];
    }
    if (!digits)
        return false;
    if (i < size && (text[i] | 0x20) == 'p') {
        *out++ = text[i++];
        if (i < size && (text[i] == '+' || text[i] == '-'))
            *out++ = text[i++];
        size_t first = i;
        for (; i < size && isdigit((unsigned char)text[i]); i++)
            *out++ = text[i];
        if (i == first)
            return false;
    }
    *out = '\0';
    return i == size;
}

/* The nearest double to what hex_normal wrote; halves go to the even one, subnormal results too. Too big: infinity. */
static double hex_value(const char *normal)
{
    bool negative = *normal == '-', point = false, lost = false;
    const char *at = normal + (negative || *normal == '+') + 2;
    uint64_t mantissa = 0;
    int64_t exponent = 0, written = 0;
    for (; *at && (*at | 0x20) != 'p'; at++) {
        if (*at == '.') {
            point = true;
            continue;
        }
        unsigned digit = isdigit((unsigned char)*at) ? (unsigned)(*at - '0') : (unsigned)((*at | 0x20) - 'a' + 10);
        bool fits = mantissa >> 60 == 0;
        mantissa = fits ? mantissa << 4 | digit : mantissa;
        lost |= !fits && digit;
        exponent += (fits ? 0 : 4) - (point ? 4 : 0);
    }
    if (*at && *++at) {
        bool down = *at == '-';
        for (at += down || *at == '+'; *at && written < INT64_MAX / 100; at++)
            written = written * 10 + (*at - '0');
        exponent += down ? -written : written;
    }
    double d = 0;
    if (mantissa) {
        int64_t top = 63 - __builtin_clzll(mantissa) + exponent, low = top - 52 > -1074 ? top - 52 : -1074, drop = low - exponent;
        if (drop <= 0) {
            low = exponent;
        } else {
            uint64_t rest = drop > 63 ? mantissa : mantissa & ((UINT64_C(1) << drop) - 1);
            uint64_t half = drop > 64 ? UINT64_MAX : UINT64_C(1) << (drop - 1);
            mantissa = drop > 63 ? 0 : mantissa >> drop;
            mantissa += drop <= 64 && (rest > half || (rest == half && (lost || mantissa & 1)));
        }
        d = ldexp((double)mantissa, low > 5000 ? 5000 : low < -5000 ? -5000 : (int)low);
    }
    return negative ? -d : d;
}

METHOD(fromhex)
{
    (void)count, (void)keyword_names;
    if (!is_string(arguments[0]))
        return raise_error(vm, &exc_TypeError, "bad argument type for built-in operation");
    size_t size;
    const char *text = string_utf8(vm, arguments[0], &size);
    if (!text)
        return VALUE_NULL;
    for (; size && isspace((unsigned char)*text); size--)
        text++;
    for (; size && isspace((unsigned char)text[size - 1]);)
        size--;
    char *normal = malloc(size + 3);
    if (!normal)
        return raise_no_memory(vm);
    double d = 0;
    size_t sign = size && (*text == '-' || *text == '+');
    bool special = size > sign && !isxdigit((unsigned char)text[sign]) && text[sign] != '.';
    bool valid = special ? float_parse(text, size, &d) : hex_normal(text, size, normal);
    if (valid && !special)
        d = hex_value(normal);
    free(normal);
    if (!valid)
        return raise_error(vm, &exc_ValueError, "invalid hexadecimal floating-point string");
    if (isinf(d) && !special)
        return raise_error(vm, &exc_OverflowError, "hexadecimal value too large to represent as a float");
    value result = float_value(vm, d);
    return self == object_value(&float_type) ? result : call_1(vm, self, result);
}

static const struct method_definition float_methods[] = {
    {"is_integer", "()", method_is_integer, 0, "Return True if the float is an integer."},
    {"as_integer_ratio", "()", method_ratio, 0, "Return integer ratio."},
    {"conjugate", "()", method_itself, 0, "Return self, the complex conjugate of any float."},
    {"hex", "()", method_hex, 0, "Return a hexadecimal representation of a floating-point number."},
    {"fromhex", "(string, /)", method_fromhex, METHOD_CLASS, "Create a floating-point number from a hexadecimal string."},
    {"__abs__", "()", method_absolute, 0, "abs(self)"},
    {"__divmod__", "(value, /)", method_divmod, 0, "Return divmod(self, value)."},
    {"__rdivmod__", "(value, /)", method_rdivmod, 0, "Return divmod(value, self)."},
    {"__trunc__", "()", method_trunc, 0, "Return the Integral closest to x between 0 and x."},
    {"__floor__", "()", method_floor, 0, "Return the floor as an Integral."},
    {"__ceil__", "()", method_ceil, 0, "Return the ceiling as an Integral."},
    {"__round__", "(ndigits=None, /)", method_round, 0, "Return the Integral closest to x, rounding half toward even."},
    {"__getnewargs__", "()", method_new_arguments, 0, NULL},
    {"__getformat__", "(typestr, /)", method_get_format, METHOD_CLASS, NULL},
    {"__format__", "(format_spec, /)", method_format, 0, "Formats the float according to format_spec."},
    {NULL, NULL, NULL, 0, NULL}};

static value get_imaginary(struct vm *vm, value self)
{
    (void)self;
    return float_value(vm, 0.0);
}

static const struct property_definition float_properties[] = {
    {"real", float_itself, NULL}, {"imag", get_imaginary, NULL}, {NULL, NULL, NULL}};

struct type float_type = {
    .name = "float",
    .flags = TYPE_SUBCLASSABLE | TYPE_FLOAT,
    .instance_size = sizeof(struct float_object),
    .methods = float_methods,
    .properties = float_properties,
    .doc = "Convert a string or number to a floating point number, if possible.",
    .new = float_new,
    .repr = float_repr_slot,
    .hash = float_hash,
    .compare = float_compare,
    .truth = float_truth,
    .binary = {[BINARY_ADD] = float_add, [BINARY_SUB] = float_sub, [BINARY_MUL] = float_mul, [BINARY_DIV] = float_div,
               [BINARY_FLOOR_DIVIDE] = float_floor_divide, [BINARY_REMAINDER] = float_remainder,
               [BINARY_POWER] = float_pow},
    .unary = {[UNARY_POS] = float_itself, [UNARY_NEG] = float_negate},
    .power = float_power_slot,
    .to_int = float_to_int,
    .to_float = float_itself,
};
