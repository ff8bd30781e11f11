/* delta.c - timedelta. Its arithmetic is done on the number of microseconds, which 128 bits always hold. */
#include "sim/modules/datetime/datetime.h"

#include <stdio.h>

#include <limits.h>

int128 delta_microseconds(value delta)
{
    const struct delta_object *d = delta_of(delta);
    return ((int128)d->days * DAY_SECONDS + d->seconds) * MICRO + d->microseconds;
}

/* floor division of 128-bit numbers by a positive one */
static int128 floor_divide(int128 a, int128 b, int128 *rest)
{
    int128 quotient = a / b, remainder = a % b;
    if (remainder && (remainder < 0) != (b < 0)) {
        quotient--;
        remainder += b;
    }
    *rest = remainder;
    return quotient;
}

struct delta_object delta_parts(int128 microseconds)
{
    int128 micro, seconds, whole = floor_divide(microseconds, MICRO, &micro), days = floor_divide(whole, DAY_SECONDS, &seconds);
    return (struct delta_object){.days = (int)days, .seconds = (int)seconds, .microseconds = (int)micro};
}

value delta_new(struct vm *vm, struct type *type, int128 microseconds)
{
    int128 micro, seconds, whole = floor_divide(microseconds, MICRO, &micro), days = floor_divide(whole, DAY_SECONDS, &seconds);
    if (days > INT_MAX || days < INT_MIN)
        return raise_error(vm, &exc_OverflowError, "Python int too large to convert to C int");
    if (days > DELTA_DAYS_MAX || days < -DELTA_DAYS_MAX)
        return raise_error(vm, &exc_OverflowError, "days=%d; must have magnitude <= %d", (int)days, DELTA_DAYS_MAX);
    struct delta_object *delta = instance_allocate(vm, type, sizeof *delta);
    if (!delta)
        return VALUE_NULL;
    delta->days = (int)days;
    delta->seconds = (int)seconds;
    delta->microseconds = (int)micro;
    return object_value(delta);
}

/* ---- construction ---- */

static value too_large(struct vm *vm)
{
    return raise_error(vm, &exc_OverflowError, "Python int too large to convert to C int");
}

static bool int_to_128(struct vm *vm, value v, int128 *out)
{
    struct int_view view;
    int_view(v, &view);
    if (view.count > 2 || (view.count == 2 && view.limbs[1] >> 20)) {
        too_large(vm);
        return false;
    }
    int128 n = 0;
    for (mp_size_t i = view.count; i-- > 0;)
        n = n << 64 | (int128)view.limbs[i];
    *out = view.negative ? -n : n;
    return true;
}

/* Adds v times `factor` microseconds to *sum; what is less than a microsecond goes to *leftover. */
static bool accumulate(struct vm *vm, const char *tag, value v, int64_t factor, int128 *sum, double *leftover)
{
    int128 number;
    if (v == VALUE_NULL)
        return true;
    if (is_int(v)) {
        if (!int_to_128(vm, v, &number))
            return false;
        *sum += number * factor;
        return true;
    }
    if (!is_float(v)) {
        raise_error(vm, &exc_TypeError, "unsupported type for timedelta %s component: %T", tag, v);
        return false;
    }
    double whole, fraction = modf(float_number(v), &whole);
    if (!isfinite(whole) || fabs(whole) >= 0x1p80) {
        if (isfinite(whole))
            too_large(vm);
        else
            (void)int_from_double(vm, float_number(v));
        return false;
    }
    *sum += (int128)whole * factor;
    fraction = modf(fraction * (double)factor, &whole);
    *sum += (int128)whole;
    *leftover += fraction;
    return true;
}

static value delta_construct(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    static const char *const names[] = {"days", "seconds", "microseconds", "milliseconds", "minutes", "hours", "weeks"};
    static const struct parameters expected = {"__new__", names, 0, 7, 7};
    value given[7];
    int128 sum = 0;
    double leftover = 0.0;
    if (!bind_given(vm, &expected, arguments, count, keyword_names, given) ||
        !accumulate(vm, "microseconds", given[2], 1, &sum, &leftover) ||
        !accumulate(vm, "milliseconds", given[3], 1000, &sum, &leftover) ||
        !accumulate(vm, "seconds", given[1], MICRO, &sum, &leftover) ||
        !accumulate(vm, "minutes", given[4], 60 * (int64_t)MICRO, &sum, &leftover) ||
        !accumulate(vm, "hours", given[5], 3600 * (int64_t)MICRO, &sum, &leftover) ||
        !accumulate(vm, "days", given[0], DAY_SECONDS * (int64_t)MICRO, &sum, &leftover) ||
        !accumulate(vm, "weeks", given[6], 7 * DAY_SECONDS * (int64_t)MICRO, &sum, &leftover))
        return VALUE_NULL;
    if (leftover != 0.0) { /* half to even of the whole sum */
        double whole = round(leftover);
        if (fabs(whole - leftover) == 0.5) {
            int odd = (int)(sum & 1);
            whole = 2.0 * round((leftover + odd) * 0.5) - odd;
        }
        sum += (int128)whole;
    }
    return delta_new(vm, type, sum);
}

/* ---- arithmetic ---- */

static bool both_deltas(struct vm *vm, value a, value b)
{
    return is_kind(vm, a, &delta_type) && is_kind(vm, b, &delta_type);
}

static value delta_add(struct vm *vm, value a, value b)
{
    if (!both_deltas(vm, a, b))
        return vm->not_implemented;
    return delta_new(vm, &delta_type, delta_microseconds(a) + delta_microseconds(b));
}

static value delta_subtract(struct vm *vm, value a, value b)
{
    if (!both_deltas(vm, a, b))
        return vm->not_implemented;
    return delta_new(vm, &delta_type, delta_microseconds(a) - delta_microseconds(b));
}

static value multiply_by_int(struct vm *vm, int128 microseconds, value integer)
{
    int128 factor, product;
    if (!microseconds)
        return delta_new(vm, &delta_type, 0);
    if (!int_to_128(vm, integer, &factor))
        return VALUE_NULL;
    if (__builtin_mul_overflow(microseconds, factor, &product))
        return too_large(vm);
    return delta_new(vm, &delta_type, product);
}

/* microseconds * numerator / denominator, half to even */
static value scale(struct vm *vm, int128 microseconds, value numerator, value denominator)
{
    value micro = int_from_int128(vm, microseconds);
    value product = micro == VALUE_NULL ? VALUE_NULL : int_binary(vm, BINARY_MUL, micro, numerator);
    if (product == VALUE_NULL)
        return VALUE_NULL;
    if (int_sign(denominator) == 0)
        return raise_error(vm, &exc_ZeroDivisionError, "integer division or modulo by zero");
    mpz_t a, b, quotient, rest;
    mpz_inits(a, b, quotient, rest, NULL);
    int_to_mpz(product, a);
    int_to_mpz(denominator, b);
    mpz_fdiv_qr(quotient, rest, a, b);
    mpz_mul_2exp(rest, rest, 1);
    int order = mpz_cmpabs(rest, b);
    if (order > 0 || (order == 0 && mpz_odd_p(quotient)))
        mpz_add_ui(quotient, quotient, 1);
    value rounded = int_from_mpz(vm, quotient);
    mpz_clears(a, b, quotient, rest, NULL);
    int128 result;
    return rounded != VALUE_NULL && int_to_128(vm, rounded, &result) ? delta_new(vm, &delta_type, result) : VALUE_NULL;
}

/* The two ints of a float, as its as_integer_ratio() says. */
static value ratio_of(struct vm *vm, value number)
{
    if (!is_object(number) || is_exact(number, &float_type))
        return float_as_ratio(vm, float_number(number));
    value ratio = call_method(vm, number, "as_integer_ratio", NULL, 0);
    if (ratio == VALUE_NULL)
        return VALUE_NULL;
    if (!has_flag(ratio, TYPE_TUPLE))
        return raise_error(vm, &exc_TypeError, "unexpected return type from as_integer_ratio(): expected tuple, got '%T'", ratio);
    if (tuple_of(ratio)->length != 2)
        return raise_error(vm, &exc_ValueError, "as_integer_ratio() must return a 2-tuple");
    for (int i = 0; i < 2; i++)
        if (!is_int(tuple_of(ratio)->items[i]))
            return raise_error(vm, &exc_TypeError, "unsupported operand type(s) for *: 'int' and '%T'", tuple_of(ratio)->items[i]);
    return tuple_pack(vm, 2, int_exact(tuple_of(ratio)->items[0]), int_exact(tuple_of(ratio)->items[1]));
}

static value delta_multiply(struct vm *vm, value a, value b)
{
    value delta = is_kind(vm, a, &delta_type) ? a : b, other = delta == a ? b : a;
    if (!is_kind(vm, delta, &delta_type))
        return vm->not_implemented;
    if (is_int(other))
        return multiply_by_int(vm, delta_microseconds(delta), other);
    if (!is_float(other))
        return vm->not_implemented;
    value ratio = ratio_of(vm, other);
    return ratio == VALUE_NULL ? VALUE_NULL
                               : scale(vm, delta_microseconds(delta), tuple_of(ratio)->items[0], tuple_of(ratio)->items[1]);
}

static value delta_divide(struct vm *vm, value a, value b)
{
    if (!is_kind(vm, a, &delta_type))
        return vm->not_implemented;
    if (is_kind(vm, b, &delta_type))
        return binary_operation(vm, BINARY_DIV, int_from_int128(vm, delta_microseconds(a)),
                                int_from_int128(vm, delta_microseconds(b)));
    if (is_int(b))
        return scale(vm, delta_microseconds(a), small_int(1), int_exact(b));
    if (!is_float(b))
        return vm->not_implemented;
    value ratio = ratio_of(vm, b);
    return ratio == VALUE_NULL ? VALUE_NULL
                               : scale(vm, delta_microseconds(a), tuple_of(ratio)->items[1], tuple_of(ratio)->items[0]);
}

static value delta_floor_divide(struct vm *vm, value a, value b)
{
    if (!is_kind(vm, a, &delta_type) || (!is_kind(vm, b, &delta_type) && !is_int(b)))
        return vm->not_implemented;
    bool by_delta = !is_int(b);
    value quotient = binary_operation(vm, BINARY_FLOOR_DIVIDE, int_from_int128(vm, delta_microseconds(a)),
                                      by_delta ? int_from_int128(vm, delta_microseconds(b)) : int_exact(b));
    if (quotient == VALUE_NULL || by_delta)
        return quotient;
    int128 result;
    return int_to_128(vm, quotient, &result) ? delta_new(vm, &delta_type, result) : VALUE_NULL;
}

static value delta_remainder(struct vm *vm, value a, value b)
{
    if (!both_deltas(vm, a, b))
        return vm->not_implemented;
    int128 divisor = delta_microseconds(b), rest;
    if (!divisor)
        return raise_error(vm, &exc_ZeroDivisionError, "integer modulo by zero");
    floor_divide(delta_microseconds(a), divisor, &rest);
    return delta_new(vm, &delta_type, rest);
}

static value pair_of_division(struct vm *vm, value a, value b)
{
    if (!both_deltas(vm, a, b))
        return vm->not_implemented;
    int128 divisor = delta_microseconds(b), rest;
    if (!divisor)
        return raise_error(vm, &exc_ZeroDivisionError, "integer division or modulo by zero");
    int128 quotient = floor_divide(delta_microseconds(a), divisor, &rest);
    value remainder = delta_new(vm, &delta_type, rest);
    return remainder == VALUE_NULL ? VALUE_NULL : tuple_pack(vm, 2, int_from_int128(vm, quotient), remainder);
}

DATETIME_FUNCTION(delta_divmod) { (void)count, (void)keyword_names; return pair_of_division(vm, self, arguments[0]); }
DATETIME_FUNCTION(delta_reflected_divmod) { (void)count, (void)keyword_names; return pair_of_division(vm, arguments[0], self); }

static value delta_positive(struct vm *vm, value a) { return delta_new(vm, &delta_type, delta_microseconds(a)); }
static value delta_negative(struct vm *vm, value a) { return delta_new(vm, &delta_type, -delta_microseconds(a)); }

DATETIME_FUNCTION(delta_absolute)
{
    UNUSED;
    int128 n = delta_microseconds(self);
    return delta_new(vm, &delta_type, n < 0 ? -n : n);
}

static int delta_truth(struct vm *vm, value a)
{
    (void)vm;
    return delta_microseconds(a) != 0;
}

static value delta_compare(struct vm *vm, value a, value b, enum compare_kind kind)
{
    if (!both_deltas(vm, a, b))
        return vm->not_implemented;
    int128 x = delta_microseconds(a), y = delta_microseconds(b);
    return bool_value(order_holds((x > y) - (x < y), kind));
}

static value delta_state(struct vm *vm, const struct delta_object *d)
{
    return tuple_pack(vm, 3, small_int(d->days), small_int(d->seconds), small_int(d->microseconds));
}

int64_t hash_delta(struct vm *vm, int128 microseconds)
{
    struct delta_object parts = delta_parts(microseconds);
    int64_t hash = -1;
    value state = delta_state(vm, &parts);
    return state != VALUE_NULL && value_hash(vm, state, &hash) ? hash : -1;
}

static bool delta_hash(struct vm *vm, value a, int64_t *hash)
{
    *hash = hash_delta(vm, delta_microseconds(a));
    return vm->pending == VALUE_NULL;
}

/* ---- text and the rest ---- */

static value delta_repr(struct vm *vm, value self)
{
    const struct delta_object *d = delta_of(self);
    char text[96] = "";
    size_t used = 0;
    if (d->days)
        used += (size_t)snprintf(text, sizeof text, "days=%d", d->days);
    if (d->seconds)
        used += (size_t)snprintf(text + used, sizeof text - used, "%sseconds=%d", used ? ", " : "", d->seconds);
    if (d->microseconds)
        used += (size_t)snprintf(text + used, sizeof text - used, "%smicroseconds=%d", used ? ", " : "", d->microseconds);
    return string_printf(vm, "%s(%s)", class_name(vm, self), used ? text : "0");
}

static value delta_string(struct vm *vm, value self)
{
    const struct delta_object *d = delta_of(self);
    char text[96];
    size_t used = 0;
    if (d->days)
        used = (size_t)snprintf(text, sizeof text, "%d day%s, ", d->days, d->days == 1 || d->days == -1 ? "" : "s");
    used += (size_t)snprintf(text + used, sizeof text - used, "%d:%02d:%02d", d->seconds / 3600, d->seconds / 60 % 60,
                             d->seconds % 60);
    if (d->microseconds)
        snprintf(text + used, sizeof text - used, ".%06d", d->microseconds);
    return string_from_text(vm, text);
}

DATETIME_FUNCTION(delta_total_seconds)
{
    UNUSED;
    return binary_operation(vm, BINARY_DIV, int_from_int128(vm, delta_microseconds(self)), small_int(MICRO));
}

DATETIME_FUNCTION(delta_reduce)
{
    UNUSED;
    value state = delta_state(vm, delta_of(self));
    return state == VALUE_NULL ? VALUE_NULL : tuple_pack(vm, 2, object_value(value_type(vm, self)), state);
}

static value get_days(struct vm *vm, value self) { (void)vm; return small_int(delta_of(self)->days); }
static value get_seconds(struct vm *vm, value self) { (void)vm; return small_int(delta_of(self)->seconds); }
static value get_microseconds(struct vm *vm, value self) { (void)vm; return small_int(delta_of(self)->microseconds); }

static const struct property_definition delta_properties[] = {
    {"days", get_days, readonly}, {"seconds", get_seconds, readonly}, {"microseconds", get_microseconds, readonly}, {0}};
static const struct method_definition delta_methods[] = {
    {"total_seconds", "()", delta_total_seconds, METHOD_INSTANCE, "Total seconds in the duration."},
    {"__reduce__", "()", delta_reduce, METHOD_INSTANCE, "__reduce__() -> (cls, state)"},
    {"__divmod__", "(value, /)", delta_divmod, METHOD_INSTANCE, "Return divmod(self, value)."},
    {"__rdivmod__", "(value, /)", delta_reflected_divmod, METHOD_INSTANCE, "Return divmod(value, self)."},
    {"__abs__", "()", delta_absolute, METHOD_INSTANCE, "abs(self)"},
    {0},
};

struct type delta_type = {
    .name = "datetime.timedelta",
    .flags = TYPE_SUBCLASSABLE | TYPE_GETATTR_PLAIN,
    .instance_size = sizeof(struct delta_object),
    .doc = "Difference between two datetime values.\n\ntimedelta(days=0, seconds=0, microseconds=0, milliseconds=0, minutes=0, "
           "hours=0, weeks=0)\n\nAll arguments are optional and default to 0.\n"
           "Arguments may be integers or floats, and may be positive or negative.",
    .methods = delta_methods,
    .properties = delta_properties,
    .new = delta_construct,
    .repr = delta_repr,
    .string = delta_string,
    .hash = delta_hash,
    .compare = delta_compare,
    .truth = delta_truth,
    .binary = {[BINARY_ADD] = delta_add, [BINARY_SUB] = delta_subtract, [BINARY_MUL] = delta_multiply, [BINARY_DIV] = delta_divide,
               [BINARY_FLOOR_DIVIDE] = delta_floor_divide, [BINARY_REMAINDER] = delta_remainder},
    .unary = {[UNARY_POS] = delta_positive, [UNARY_NEG] = delta_negative},
};
