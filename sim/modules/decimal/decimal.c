/* decimal.c - type Decimal: construction, operators, comparisons, hashes, conversions to Python's numbers; and the module. */
#include "sim/modules/decimal/decimal.h"

#include <stdlib.h>

static value decimal_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    static const char *const names[] = {"value", "context", NULL};
    value given[2], context;
    if (!bind_names(vm, names, 0, arguments, count, keyword_names, given) || !context_argument(vm, given[1], &context))
        return VALUE_NULL;
    return decimal_from_value(vm, type, given[0] == VALUE_NULL ? small_int(0) : given[0], context, true);
}

/* ---- operators ---- */

/* Sums and products of numbers of one limb that need no rounding: most of what programs do. False: not of this kind. */
static bool small_number(value v, const struct decimal_object **out)
{
    if (!is_exact(v, &decimal_type))
        return false;
    *out = decimal_of(v);
    return (*out)->kind == FINITE && (*out)->limb_count <= 1;
}

static bool small_result(const struct decimal_object *a, const struct decimal_object *b, bool multiply, bool flip,
                         struct number *out, mp_limb_t limbs[2])
{
    __extension__ typedef unsigned __int128 uint128;
    uint128 magnitude;
    uint64_t x = a->limb_count ? a->few[0] : 0, y = b->limb_count ? b->few[0] : 0;
    bool b_negative = (b->negative != 0) != flip;
    if (multiply) {
        magnitude = (uint128)x * y;
        out->negative = a->negative != b->negative;
        out->exponent = a->exponent + b->exponent;
    } else if (a->exponent != b->exponent || !x || !y)
        return false;
    else if ((a->negative != 0) == b_negative) {
        magnitude = (uint128)x + y;
        out->negative = b_negative;
        out->exponent = a->exponent;
    } else if (x == y)
        return false;
    else {
        magnitude = x > y ? x - y : y - x;
        out->negative = x > y ? a->negative : b_negative;
        out->exponent = a->exponent;
    }
    limbs[0] = (mp_limb_t)magnitude;
    limbs[1] = (mp_limb_t)(magnitude >> 64);
    mpz_roinit_n(out->coefficient, limbs, limbs[1] ? 2 : limbs[0] ? 1 : 0);
    out->kind = FINITE;
    return true;
}

static value small_operation(struct vm *vm, value a, value b, bool multiply, bool flip)
{
    const struct decimal_object *x, *y;
    struct number result;
    mp_limb_t limbs[2];
    if (!small_number(a, &x) || !small_number(b, &y) || !small_result(x, y, multiply, flip, &result, limbs))
        return VALUE_NULL;
    value context = current_context(vm);
    if (context == VALUE_NULL)
        return VALUE_NULL;
    const struct rules *rules = &context_of(context)->rules;
    number_count_digits(vm, &result);
    int64_t adjusted = adjusted_exponent(&result);
    if (result.digits > rules->precision || adjusted > rules->exponent_max || adjusted < rules->exponent_min ||
        (rules->clamp && result.exponent > rules_etop(rules)))
        return VALUE_NULL;
    ADD_WORK(vm, limbs, 1);
    return decimal_from_number(vm, &decimal_type, &result);
}

value decimal_binary(struct vm *vm, value a, value b, binary_kernel kernel)
{
    value x, y, context = current_context(vm);
    if (context == VALUE_NULL)
        return VALUE_NULL;
    if (!decimal_operand(vm, a, &x) || !decimal_operand(vm, b, &y))
        return vm->not_implemented;
    if (x == VALUE_NULL || y == VALUE_NULL)
        return VALUE_NULL;
    struct calculation c = calculation_start(vm, context);
    struct number left, right, result;
    number_view(x, &left);
    number_view(y, &right);
    number_start(&result);
    kernel(&c, &result, &left, &right);
    gc_keep(x);
    gc_keep(y);
    return calculation_result(&c, context, &decimal_type, &result);
}

#define OPERATOR(name)                                                                                                 \
    static value operator_##name(struct vm *vm, value a, value b)                                                      \
    {                                                                                                                  \
        return decimal_binary(vm, a, b, calculate_##name);                                                             \
    }
#define QUICK_OPERATOR(name, multiply, flip)                                                                           \
    static value operator_##name(struct vm *vm, value a, value b)                                                      \
    {                                                                                                                  \
        value quick = small_operation(vm, a, b, multiply, flip);                                                       \
        if (quick != VALUE_NULL || vm->pending != VALUE_NULL)                                                          \
            return quick;                                                                                              \
        return decimal_binary(vm, a, b, calculate_##name);                                                             \
    }
QUICK_OPERATOR(add, false, false)
QUICK_OPERATOR(subtract, false, true)
QUICK_OPERATOR(multiply, true, false)
OPERATOR(divide)
OPERATOR(divide_int)
OPERATOR(remainder)
OPERATOR(power)

value decimal_power(struct vm *vm, value a, value b, value modulus)
{
    if (modulus == VALUE_NULL || modulus == NONE)
        return operator_power(vm, a, b);
    value x, y, z, context = current_context(vm);
    if (context == VALUE_NULL)
        return VALUE_NULL;
    if (!decimal_operand(vm, a, &x) || !decimal_operand(vm, b, &y) || !decimal_operand(vm, modulus, &z))
        return vm->not_implemented;
    if (x == VALUE_NULL || y == VALUE_NULL || z == VALUE_NULL)
        return VALUE_NULL;
    struct calculation c = calculation_start(vm, context);
    struct number base, exponent, divisor, result;
    number_view(x, &base);
    number_view(y, &exponent);
    number_view(z, &divisor);
    number_start(&result);
    calculate_power_modulo(&c, &result, &base, &exponent, &divisor);
    return calculation_result(&c, context, &decimal_type, &result);
}

value decimal_divmod(struct vm *vm, value a, value b)
{
    value x, y, context = current_context(vm);
    if (context == VALUE_NULL)
        return VALUE_NULL;
    if (!decimal_operand(vm, a, &x) || !decimal_operand(vm, b, &y))
        return vm->not_implemented;
    if (x == VALUE_NULL || y == VALUE_NULL)
        return VALUE_NULL;
    struct calculation c = calculation_start(vm, context);
    struct number left, right, quotient, remainder;
    number_view(x, &left);
    number_view(y, &right);
    number_start(&quotient);
    number_start(&remainder);
    calculate_divmod(&c, &quotient, &remainder, &left, &right);
    value first = calculation_result(&c, context, &decimal_type, &quotient);
    value second = first == VALUE_NULL ? VALUE_NULL : decimal_from_number(vm, &decimal_type, &remainder);
    number_clear(&remainder);
    return second == VALUE_NULL ? VALUE_NULL : tuple_pack(vm, 2, first, second);
}

static value operator_unary(struct vm *vm, value a, unary_kernel kernel)
{
    value context = current_context(vm);
    if (context == VALUE_NULL)
        return VALUE_NULL;
    struct calculation c = calculation_start(vm, context);
    struct number view, result;
    number_view(a, &view);
    number_start(&result);
    kernel(&c, &result, &view);
    return calculation_result(&c, context, &decimal_type, &result);
}

static value operator_plus(struct vm *vm, value a)
{
    return operator_unary(vm, a, calculate_plus);
}

static value operator_minus(struct vm *vm, value a)
{
    return operator_unary(vm, a, calculate_minus);
}

static int decimal_truth(struct vm *vm, value a)
{
    (void)vm;
    return decimal_of(a)->kind != FINITE || decimal_of(a)->limb_count != 0;
}

/* ---- comparison ---- */

/* The right operand of a comparison, and the left one times its denominator. 0: not comparable, -1: error. */
static int comparable(struct vm *vm, value *a, value *b, value context, enum compare_kind kind)
{
    bool equality = kind == COMPARE_EQ || kind == COMPARE_NE;
    if (decimal_operand(vm, *b, b))
        return *b == VALUE_NULL ? -1 : 1;
    if (is_exact(*b, &string_type) || *b == NONE)
        return 0;
    if (is_complex(vm, *b)) {
        const struct complex_object *z = (const struct complex_object *)value_object(*b);
        if (!equality || z->imaginary != 0.0)
            return 0;
        *b = float_value(vm, z->real);
    }
    if (is_float(*b)) {
        if (!equality && !context_add_status(vm, context, STATUS_FLOAT_OPERATION))
            return -1;
        context_of(context)->flags |= STATUS_FLOAT_OPERATION;
        *b = decimal_from_float(vm, &decimal_type, *b, context, true);
        return *b == VALUE_NULL ? -1 : 1;
    }
    int rational = object_is_instance(vm, *b, decimal_state(vm)->rational_class);
    if (rational <= 0)
        return rational;
    value numerator = get_attribute_text(vm, *b, "numerator"), denominator = get_attribute_text(vm, *b, "denominator");
    if (numerator == VALUE_NULL || denominator == VALUE_NULL)
        return -1;
    if (!is_int(numerator) || !is_int(denominator)) {
        raise_error(vm, &exc_TypeError, "%s must be an integer", is_int(numerator) ? "denominator" : "numerator");
        return -1;
    }
    *b = decimal_from_int(vm, &decimal_type, numerator, context, true);
    if (*b == VALUE_NULL || decimal_of(*a)->kind != FINITE)
        return *b == VALUE_NULL ? -1 : 1;
    value factor = decimal_from_int(vm, &decimal_type, denominator, context, true);
    if (factor == VALUE_NULL)
        return -1;
    struct calculation c = {.vm = vm, .rules = rules_exact};
    struct number x, y, product;
    number_view(*a, &x);
    number_view(factor, &y);
    number_start(&product);
    calculate_multiply_exact(&c, &product, &x, &y);
    *a = decimal_from_number(vm, &decimal_type, &product);
    number_clear(&product);
    return *a == VALUE_NULL ? -1 : 1;
}

value decimal_compare(struct vm *vm, value a, value b, enum compare_kind kind)
{
    value context = current_context(vm);
    if (context == VALUE_NULL)
        return VALUE_NULL;
    int possible = comparable(vm, &a, &b, context, kind);
    if (possible <= 0)
        return possible < 0 ? VALUE_NULL : vm->not_implemented;
    struct number x, y;
    number_view(a, &x);
    number_view(b, &y);
    if (is_nan(&x) || is_nan(&y)) {
        bool signals = x.kind == SIGNALLING_NAN || y.kind == SIGNALLING_NAN || (kind != COMPARE_EQ && kind != COMPARE_NE);
        if (signals && !context_add_status(vm, context, STATUS_INVALID_OPERATION))
            return VALUE_NULL;
        return bool_value(kind == COMPARE_NE);
    }
    struct calculation c = calculation_start(vm, context);
    return bool_value(order_holds(number_order(&c, &x, &y), kind));
}

/* The hash of the number as a rational: modulo 2**61 - 1, as int's and float's. */
bool decimal_hash(struct vm *vm, value self, int64_t *hash)
{
    const uint64_t modulus = ((uint64_t)1 << 61) - 1;
    struct number a;
    number_view(self, &a);
    if (a.kind == SIGNALLING_NAN) {
        raise_error(vm, &exc_TypeError, "Cannot hash a signaling NaN value");
        return false;
    }
    if (a.kind == QUIET_NAN)
        return object_type_object.hash(vm, self, hash);
    if (is_infinite(&a)) {
        *hash = a.negative ? -314159 : 314159;
        return true;
    }
    mpz_t power, base, exponent;
    mpz_inits(power, base, exponent, NULL);
    /* 10 and its inverse */
    mpz_set_ui(base, a.exponent >= 0 ? 10 : 2075258708292324556u);
    mpz_set_ui(exponent, (uint64_t)(a.exponent >= 0 ? a.exponent : -a.exponent));
    mpz_set_ui(power, modulus);
    mpz_powm(power, base, exponent, power);
    mpz_mul(power, power, a.coefficient);
    int64_t n = (int64_t)mpz_fdiv_ui(power, modulus);
    mpz_clears(power, base, exponent, NULL);
    n = a.negative ? -n : n;
    *hash = n == -1 ? -2 : n;
    return true;
}

/* ---- conversions ---- */

value decimal_round_int(struct vm *vm, value self, enum rounding rounding)
{
    struct number view, whole;
    number_view(self, &view);
    if (is_nan(&view))
        return raise_error(vm, &exc_ValueError, "cannot convert NaN to integer");
    if (is_infinite(&view))
        return raise_error(vm, &exc_OverflowError, "cannot convert Infinity to integer");
    struct calculation c = {.vm = vm, .rules = rules_exact};
    c.rules.rounding = rounding;
    number_start(&whole);
    calculate_to_integral(&c, &whole, &view);
    value result = VALUE_NULL;
    if (!has_zero_coefficient(&whole) && !number_shift_left(&c, &whole, whole.exponent))
        raise_no_memory(vm);
    else {
        if (whole.negative)
            mpz_neg(whole.coefficient, whole.coefficient);
        result = int_from_mpz(vm, whole.coefficient);
    }
    number_clear(&whole);
    return result;
}

value decimal_to_int(struct vm *vm, value self)
{
    return decimal_round_int(vm, self, ROUND_DOWN);
}

static value decimal_to_float(struct vm *vm, value self)
{
    struct number view;
    number_view(self, &view);
    if (view.kind == SIGNALLING_NAN)
        return raise_error(vm, &exc_ValueError, "cannot convert signaling NaN to float");
    if (view.kind == QUIET_NAN)
        return float_value(vm, view.negative ? -NAN : NAN);
    size_t size;
    double d;
    char *text = number_text(&view, false, true, &size);
    if (!text)
        return raise_no_memory(vm);
    bool done = float_parse(text, size, &d);
    free(text);
    if (!done)
        return raise_error(vm, &exc_ValueError, "could not convert string to float");
    return float_value(vm, d);
}

value decimal_text(struct vm *vm, value self, bool engineering, int capitals)
{
    struct number view;
    size_t size;
    number_view(self, &view);
    char *text = number_text(&view, engineering, capitals, &size);
    if (!text)
        return raise_no_memory(vm);
    ADD_WORK(vm, characters, size);
    value result = string_from_latin1(vm, text, size);
    free(text);
    return result;
}

static value decimal_string(struct vm *vm, value self)
{
    value context = current_context(vm);
    return context == VALUE_NULL ? VALUE_NULL : decimal_text(vm, self, false, context_of(context)->capitals);
}

static value decimal_repr(struct vm *vm, value self)
{
    value text = decimal_string(vm, self);
    return text == VALUE_NULL ? VALUE_NULL : string_printf(vm, "Decimal('%U')", text);
}

static void decimal_trace(struct vm *vm, struct object *object)
{
    struct decimal_object *decimal = (struct decimal_object *)object;
    if (decimal->limbs)
        gc_mark_storage(vm, decimal->limbs);
}

static value get_real(struct vm *vm, value self)
{
    (void)vm;
    return self;
}

static value get_imaginary(struct vm *vm, value self)
{
    (void)self;
    value context = current_context(vm);
    return context == VALUE_NULL ? VALUE_NULL : decimal_from_int(vm, &decimal_type, small_int(0), context, true);
}

struct type decimal_type = {
    .name = "decimal.Decimal",
    .flags = TYPE_SUBCLASSABLE | TYPE_GETATTR_PLAIN | TYPE_MAKES_SUBCLASSES,
    .instance_size = sizeof(struct decimal_object),
    .doc = "Construct a new Decimal object. 'value' can be an integer, string, tuple,\nor another Decimal object. If no value is "
           "given, return Decimal('0'). The\ncontext does not affect the conversion and is only passed to determine if\nthe "
           "InvalidOperation trap is active.\n\n",
    .methods = decimal_methods,
    .properties = (const struct property_definition[]){{"real", get_real, NULL}, {"imag", get_imaginary, NULL}, {0}},
    .trace = decimal_trace,
    .new = decimal_new,
    .repr = decimal_repr,
    .string = decimal_string,
    .hash = decimal_hash,
    .compare = decimal_compare,
    .truth = decimal_truth,
    .to_int = decimal_to_int,
    .to_float = decimal_to_float,
    .power = decimal_power,
    .binary = {[BINARY_ADD] = operator_add, [BINARY_SUB] = operator_subtract, [BINARY_MUL] = operator_multiply,
               [BINARY_DIV] = operator_divide, [BINARY_FLOOR_DIVIDE] = operator_divide_int,
               [BINARY_REMAINDER] = operator_remainder, [BINARY_POWER] = operator_power},
    .unary = {[UNARY_POS] = operator_plus, [UNARY_NEG] = operator_minus},
};
