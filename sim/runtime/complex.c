/* complex.c - the type complex, with CPython's formulas for quotient and power. */
#include "sim/runtime/number.h"

#include "sim/runtime/container.h"
#include "sim/runtime/float_text.h"
#include "sim/runtime/type.h"
#include "sim/runtime/warning.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <strings.h>

value complex_value(struct vm *vm, double real, double imaginary)
{
    struct complex_object *object = GC_NEW(vm, struct complex_object, &complex_type);
    if (!object)
        return VALUE_NULL;
    object->real = real;
    object->imaginary = imaginary;
    return object_value(object);
}

static struct complex_number number_of(value v)
{
    const struct complex_object *object = (const struct complex_object *)value_object(v);
    return (struct complex_number){object->real, object->imaginary};
}

static value complex_from(struct vm *vm, struct complex_number z)
{
    return complex_value(vm, z.real, z.imaginary);
}

bool complex_operand(struct vm *vm, value v, struct complex_number *out, bool *failed)
{
    *failed = false;
    if (is_complex(vm, v)) {
        *out = number_of(v);
        return true;
    }
    out->imaginary = 0;
    return float_operand(vm, v, &out->real, failed);
}

/* ---- arithmetic ---- */

static struct complex_number product(struct complex_number a, struct complex_number b)
{
    return (struct complex_number){a.real * b.real - a.imaginary * b.imaginary,
                                   a.real * b.imaginary + a.imaginary * b.real};
}

/* Smith's method (R. L. Smith, "Algorithm 116: Complex division", CACM 1962); false: division by zero. */
static bool quotient(struct complex_number a, struct complex_number b, struct complex_number *out)
{
    double real = fabs(b.real), imaginary = fabs(b.imaginary);
    if (real >= imaginary) {
        if (real == 0) {
            *out = (struct complex_number){0, 0};
            return false;
        }
        double ratio = b.imaginary / b.real, denominator = b.real + b.imaginary * ratio;
        out->real = (a.real + a.imaginary * ratio) / denominator;
        out->imaginary = (a.imaginary - a.real * ratio) / denominator;
    } else if (imaginary >= real) {
        double ratio = b.real / b.imaginary, denominator = b.real * ratio + b.imaginary;
        out->real = (a.real * ratio + a.imaginary) / denominator;
        out->imaginary = (a.imaginary * ratio - a.real) / denominator;
    } else {
        out->real = out->imaginary = (double)NAN;
    }
    return true;
}

static struct complex_number power_unsigned(struct complex_number x, long n)
{
    struct complex_number result = {1, 0};
    for (long mask = 1; mask > 0 && n >= mask; mask <<= 1) {
        if (n & mask)
            result = product(result, x);
        x = product(x, x);
    }
    return result;
}

static bool power_general(struct complex_number a, struct complex_number b, struct complex_number *out)
{
    *out = (struct complex_number){b.real == 0 && b.imaginary == 0 ? 1 : 0, 0};
    if (out->real == 1)
        return true;
    if (a.real == 0 && a.imaginary == 0)
        return b.imaginary == 0 && b.real >= 0;
    double size = hypot(a.real, a.imaginary), length = pow(size, b.real), angle = atan2(a.imaginary, a.real);
    double phase = angle * b.real;
    if (b.imaginary != 0) {
        length /= exp(angle * b.imaginary);
        phase += b.imaginary * log(size);
    }
    out->real = length * cos(phase);
    out->imaginary = length * sin(phase);
    return true;
}

value complex_power(struct vm *vm, struct complex_number a, struct complex_number b)
{
    struct complex_number result;
    bool defined = true;
    ADD_WORK(vm, math, 1);
    errno = 0; /* sin and cos of an infinity are domain errors: CPython reports them as this one */
    if (b.imaginary == 0 && b.real == floor(b.real) && fabs(b.real) <= 100) {
        long n = (long)b.real;
        if (n > 0)
            result = power_unsigned(a, n);
        else
            defined = quotient((struct complex_number){1, 0}, power_unsigned(a, -n), &result);
    } else {
        defined = power_general(a, b, &result);
    }
    bool infinite = isinf(result.real) || isinf(result.imaginary);
    if (!defined || errno == EDOM)
        return raise_error(vm, &exc_ZeroDivisionError, "0.0 to a negative or complex power");
    if (infinite)
        return raise_error(vm, &exc_OverflowError, "complex exponentiation");
    return complex_from(vm, result);
}

static value complex_binary(struct vm *vm, enum binary_kind kind, value left, value right)
{
    struct complex_number a, b, result;
    bool failed;
    if (!complex_operand(vm, left, &a, &failed) || !complex_operand(vm, right, &b, &failed))
        return failed ? VALUE_NULL : vm->not_implemented;
    if (kind == BINARY_ADD)
        return complex_value(vm, a.real + b.real, a.imaginary + b.imaginary);
    if (kind == BINARY_SUB)
        return complex_value(vm, a.real - b.real, a.imaginary - b.imaginary);
    if (kind == BINARY_MUL)
        return complex_from(vm, product(a, b));
    if (kind == BINARY_POWER)
        return complex_power(vm, a, b);
    if (!quotient(a, b, &result))
        return raise_error(vm, &exc_ZeroDivisionError, "complex division by zero");
    return complex_from(vm, result);
}

#define BINARY_SLOT(name, kind)                                                                    \
    static value complex_##name(struct vm *vm, value a, value b)                                   \
    {                                                                                              \
        return complex_binary(vm, kind, a, b);                                                     \
    }
BINARY_SLOT(add, BINARY_ADD)
BINARY_SLOT(sub, BINARY_SUB)
BINARY_SLOT(mul, BINARY_MUL)
BINARY_SLOT(div, BINARY_DIV)
BINARY_SLOT(pow, BINARY_POWER)

static value complex_power_slot(struct vm *vm, value a, value b, value c)
{
    if (c != VALUE_NULL && c != NONE)
        return raise_error(vm, &exc_ValueError, "complex modulo");
    return complex_binary(vm, BINARY_POWER, a, b);
}

static value complex_negate(struct vm *vm, value v)
{
    return complex_value(vm, -number_of(v).real, -number_of(v).imaginary);
}

static value complex_itself(struct vm *vm, value v)
{
    return is_exact(v, &complex_type) ? v : complex_from(vm, number_of(v));
}

static int complex_truth(struct vm *vm, value v)
{
    (void)vm;
    return number_of(v).real != 0 || number_of(v).imaginary != 0;
}

static value complex_compare(struct vm *vm, value a, value b, enum compare_kind kind)
{
    struct complex_number z = number_of(a);
    bool equal;
    if (kind != COMPARE_EQ && kind != COMPARE_NE)
        return vm->not_implemented;
    if (is_int(b))
        equal = z.imaginary == 0 && isfinite(z.real) && float_compare_int(z.real, b) == 0;
    else if (is_float(b))
        equal = z.imaginary == 0 && z.real == float_number(b);
    else if (is_complex(vm, b))
        equal = z.real == number_of(b).real && z.imaginary == number_of(b).imaginary;
    else
        return vm->not_implemented;
    return bool_value(equal == (kind == COMPARE_EQ));
}

static bool complex_hash(struct vm *vm, value v, int64_t *hash)
{
    struct complex_number z = number_of(v);
    uint64_t identity = isnan(z.real) || isnan(z.imaginary) ? object_identity(vm, v) : 0;
    uint64_t sum = (uint64_t)hash_double(z.real, identity) + 1000003u * (uint64_t)hash_double(z.imaginary, identity);
    *hash = (int64_t)sum == -1 ? -2 : (int64_t)sum;
    return true;
}

static value complex_repr(struct vm *vm, value v)
{
    struct complex_number z = number_of(v);
    char *real = float_layout(z.real, 'r', 0, 0), *imaginary = float_layout(z.imaginary, 'r', 0, 0);
    value result = VALUE_NULL;
    bool negative = signbit(z.imaginary) && !isnan(z.imaginary);
    if (!real || !imaginary)
        raise_no_memory(vm);
    else if (z.real == 0 && !signbit(z.real))
        result = string_printf(vm, "%s%sj", negative ? "-" : "", imaginary);
    else
        result = string_printf(vm, "(%s%s%c%sj)", signbit(z.real) && !isnan(z.real) ? "-" : "", real, negative ? '-' : '+',
                               imaginary);
    free(real);
    free(imaginary);
    return result;
}

/* ---- complex() ---- */

/* Where the number that starts at `at` (after its sign) ends. */
static const char *number_end(const char *at, const char *end)
{
    static const char *const specials[] = {"infinity", "inf", "nan"};
    for (size_t i = 0; i < 3; i++)
        if ((size_t)(end - at) >= strlen(specials[i]) && !strncasecmp(at, specials[i], strlen(specials[i])))
            return at + strlen(specials[i]);
    while (at < end && (isdigit((unsigned char)*at) || *at == '.'))
        at++;
    if (at < end && (*at == 'e' || *at == 'E')) {
        const char *exponent = at + 1;
        if (exponent < end && (*exponent == '+' || *exponent == '-'))
            exponent++;
        if (exponent < end && isdigit((unsigned char)*exponent))
            for (at = exponent; at < end && isdigit((unsigned char)*at);)
                at++;
    }
    return at;
}

/* One signed number; a sign alone before j means one. */
static bool read_part(const char **at, const char *end, double *out)
{
    const char *first = *at, *digits = first + (first < end && (*first == '+' || *first == '-'));
    const char *last = number_end(digits, end);
    *at = last;
    if (last == digits && last < end && (*last == 'j' || *last == 'J')) {
        *out = digits > first && *first == '-' ? -1 : 1;
        return true;
    }
    return float_parse(first, (size_t)(last - first), out);
}

static bool is_j(const char *at, const char *end)
{
    return at < end && (*at == 'j' || *at == 'J');
}

static bool parse_complex(const char *at, const char *end, struct complex_number *out)
{
    double first;
    *out = (struct complex_number){0, 0};
    if (at == end || !read_part(&at, end, &first))
        return false;
    if (is_j(at, end)) {
        out->imaginary = first;
        return at + 1 == end;
    }
    out->real = first;
    if (at == end)
        return true;
    if ((*at != '+' && *at != '-') || !read_part(&at, end, &out->imaginary))
        return false;
    return is_j(at, end) && at + 1 == end;
}

static bool trim(const char **at, const char **end)
{
    while (*at < *end && isspace((unsigned char)**at))
        ++*at;
    while (*end > *at && isspace((unsigned char)(*end)[-1]))
        --*end;
    return true;
}

static bool complex_from_string(struct vm *vm, value v, struct complex_number *out)
{
    size_t size = string_of(v)->length, kept = 0;
    char *text = malloc(size + 1), *plain = malloc(size + 1);
    for (size_t i = 0; text && i <= size; i++) { /* any script's digits and spaces */
        uint32_t c = i < size ? string_at(string_of(v), i) : 0;
        int digit = character_decimal(c);
        text[i] = (char)(digit >= 0 ? '0' + digit : character_is_space(c) ? ' ' : c < 128 ? (int)c : '?');
    }
    if (!text || !plain) {
        free(text);
        free(plain);
        plain = NULL;
    }
    if (!plain) {
        raise_no_memory(vm);
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        if (text[i] != '_') {
            plain[kept++] = text[i];
        } else if (!i || !isdigit((unsigned char)text[i - 1]) || !isdigit((unsigned char)text[i + 1])) {
            free(plain);
            free(text);
            raise_error(vm, &exc_ValueError, "could not convert string to complex: %R", v);
            return false;
        }
    }
    const char *at = plain, *end = plain + kept;
    trim(&at, &end);
    bool valid = true;
    if (at < end && *at == '(') {
        valid = end[-1] == ')';
        at++;
        end--;
        if (valid)
            trim(&at, &end);
    }
    valid = valid && at < end && parse_complex(at, end, out);
    free(plain);
    free(text);
    if (!valid)
        raise_error(vm, &exc_ValueError, "complex() arg is a malformed string");
    return valid;
}

/* v as a complex number: complex, __complex__, float, int, __float__, __index__. */
static bool complex_from_value(struct vm *vm, value v, bool first, struct complex_number *out, bool *was_complex)
{
    *was_complex = true;
    if (is_complex(vm, v) && (!first || is_exact(v, &complex_type))) {
        *out = number_of(v);
        return true;
    }
    if (first && is_object(v)) {
        value method = lookup_special(vm, v, "__complex__");
        if (method != VALUE_NULL) {
            value result = call_0(vm, method);
            if (result == VALUE_NULL)
                return false;
            if (!is_complex(vm, result)) {
                raise_error(vm, &exc_TypeError, "__complex__ returned non-complex (type %T)", result);
                return false;
            }
            if (!is_exact(result, &complex_type) &&
                !warning_issue(
                    vm, &exc_DeprecationWarning, 1,
                    "__complex__ returned non-complex (type %T).  The ability to return an instance of a strict subclass "
                    "of complex is deprecated, and may be removed in a future version of Python.",
                    result))
                return false;
            *out = number_of(result);
            return true;
        }
        if (vm->pending != VALUE_NULL)
            return false;
    }
    *was_complex = false;
    out->imaginary = 0;
    const struct type *type = value_type(vm, v);
    if (!is_float(v) && !is_int(v) && !type->to_float && !type->index) {
        raise_error(vm, &exc_TypeError, "complex() %s must be a %snumber, not '%T'", first ? "first argument" : "second argument",
                    first ? "string or a " : "", v);
        return false;
    }
    return value_to_double(vm, v, &out->real);
}

static bool complex_arguments(struct vm *vm, value real, value imaginary, struct complex_number *out)
{
    struct complex_number a = {0, 0}, b = {0, 0};
    bool a_complex = false, b_complex = false;
    if (real != VALUE_NULL && is_string(real)) {
        if (imaginary == VALUE_NULL)
            return complex_from_string(vm, real, out);
        raise_error(vm, &exc_TypeError, "complex() can't take second arg if first is a string");
        return false;
    }
    if (imaginary != VALUE_NULL && is_string(imaginary)) {
        raise_error(vm, &exc_TypeError, "complex() second arg can't be a string");
        return false;
    }
    if (real != VALUE_NULL && !complex_from_value(vm, real, true, &a, &a_complex))
        return false;
    if (imaginary != VALUE_NULL && !complex_from_value(vm, imaginary, false, &b, &b_complex))
        return false;
    /* adding zeros would lose the sign of a zero */
    out->real = b_complex ? a.real - b.imaginary : a.real;
    out->imaginary = imaginary == VALUE_NULL ? a.imaginary : a_complex ? b.real + a.imaginary : b.real;
    return true;
}

static value complex_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    static const char *const names[] = {"real", "imag"};
    value parts[2] = {VALUE_NULL, VALUE_NULL};
    struct complex_number z;
    if (!bind_constructor(vm, "complex", names, 2, arguments, count, keyword_names, parts))
        return VALUE_NULL;
    if (parts[1] == VALUE_NULL && parts[0] != VALUE_NULL && is_exact(parts[0], &complex_type) && type == &complex_type)
        return parts[0];
    if (!complex_arguments(vm, parts[0], parts[1], &z))
        return VALUE_NULL;
    struct complex_object *instance = instance_allocate(vm, type, sizeof(struct complex_object));
    if (!instance)
        return VALUE_NULL;
    instance->real = z.real;
    instance->imaginary = z.imaginary;
    return object_value(instance);
}

/* ---- methods ---- */

#define METHOD(name)                                                                               \
    static value method_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED_ARGUMENTS ((void)arguments, (void)count, (void)keyword_names)

METHOD(conjugate)
{
    (void)arguments, (void)keyword_names;
    if (count)
        return raise_error(vm, &exc_TypeError, "complex.conjugate() takes no arguments (%d given)", (int)count);
    return complex_value(vm, number_of(self).real, -number_of(self).imaginary);
}

METHOD(absolute)
{
    UNUSED_ARGUMENTS;
    struct complex_number z = number_of(self);
    double size = hypot(z.real, z.imaginary);
    ADD_WORK(vm, math, 1);
    if (isinf(size) && isfinite(z.real) && isfinite(z.imaginary))
        return raise_error(vm, &exc_OverflowError, "absolute value too large");
    return float_value(vm, size);
}

METHOD(format)
{
    (void)count, (void)keyword_names;
    if (!is_string(arguments[0]))
        return raise_error(vm, &exc_TypeError, "__format__() argument must be str, not %T", arguments[0]);
    return complex_format(vm, self, arguments[0]);
}

METHOD(new_arguments)
{
    UNUSED_ARGUMENTS;
    return tuple_pack(vm, 2, float_value(vm, number_of(self).real), float_value(vm, number_of(self).imaginary));
}

METHOD(complex)
{
    UNUSED_ARGUMENTS;
    return complex_itself(vm, self);
}

static const struct method_definition complex_methods[] = {
    {"conjugate", NULL, method_conjugate, 0, "Return the complex conjugate of its argument. (3-4j).conjugate() == 3+4j."},
    {"__abs__", "()", method_absolute, 0, "abs(self)"},
    {"__format__", "(format_spec, /)", method_format, 0, "Convert to a string according to format_spec."},
    {"__getnewargs__", "()", method_new_arguments, 0, NULL},
    {"__complex__", "()", method_complex, 0, "Convert this value to exact type complex."},
    {NULL, NULL, NULL, 0, NULL}};

static value get_real(struct vm *vm, value self)
{
    return float_value(vm, number_of(self).real);
}

static value get_imaginary(struct vm *vm, value self)
{
    return float_value(vm, number_of(self).imaginary);
}

static const struct property_definition complex_properties[] = {
    {"real", get_real, refuse_member}, {"imag", get_imaginary, refuse_member}, {NULL, NULL, NULL}};

struct type complex_type = {
    .name = "complex",
    .flags = TYPE_SUBCLASSABLE,
    .instance_size = sizeof(struct complex_object),
    .methods = complex_methods,
    .properties = complex_properties,
    .doc = "Create a complex number from a real part and an optional imaginary part.\n\nThis is equivalent to (real + "
           "imag*1j) where imag defaults to 0.",
    .new = complex_new,
    .repr = complex_repr,
    .hash = complex_hash,
    .compare = complex_compare,
    .truth = complex_truth,
    .binary = {[BINARY_ADD] = complex_add, [BINARY_SUB] = complex_sub, [BINARY_MUL] = complex_mul,
               [BINARY_DIV] = complex_div, [BINARY_POWER] = complex_pow},
    .unary = {[UNARY_POS] = complex_itself, [UNARY_NEG] = complex_negate},
    .power = complex_power_slot,
};
