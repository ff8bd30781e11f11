/* int.c - the type int: its layout, conversions from and to C and GMP, comparison, hash, methods.
 *
 * Immediate ints have 63 bits; a struct big_int of int_type itself is always wider than that. An instance of a subclass of
 * int (bool apart) keeps its number as an exact int in limbs[0], with `reserved` 1, whatever its size: so the subclass's tail
 * has a fixed place. */
#include "sim/runtime/number.h"

#include "sim/runtime/container.h"

#include <stdlib.h>

/* ---- representation ---- */

static inline struct big_int *big_of(value v)
{
    return (struct big_int *)value_object(v);
}

value int_exact(value v)
{
    if (is_small_int(v))
        return v;
    if (v == TRUE || v == FALSE)
        return small_int(v == TRUE);
    if (big_of(v)->reserved) {
        value exact;
        memcpy(&exact, big_of(v)->limbs, sizeof exact);
        return exact;
    }
    return v;
}

bool is_int(value v)
{
    return is_small_int(v) || has_flag(v, TYPE_INT);
}

bool is_exact_int(value v)
{
    return is_small_int(v) || is_exact(v, &int_type);
}

void int_view(value v, struct int_view *view)
{
    v = int_exact(v);
    if (is_small_int(v)) {
        int64_t n = small_int_value(v);
        view->negative = n < 0;
        view->small = n < 0 ? 0 - (mp_limb_t)n : (mp_limb_t)n;
        view->limbs = &view->small;
        view->count = n != 0;
        return;
    }
    const struct big_int *big = big_of(v);
    view->negative = big->size < 0;
    view->count = big->size < 0 ? -(mp_size_t)big->size : big->size;
    view->limbs = big->limbs;
}

void int_to_mpz(value v, mpz_t out)
{
    struct int_view view;
    int_view(v, &view);
    mpz_set(out, int_view_mpz(&view));
}

static value big_from_limbs(struct vm *vm, const mp_limb_t *limbs, mp_size_t count, bool negative)
{
    struct big_int *big = gc_object_inline(vm, sizeof *big + (size_t)count * sizeof(mp_limb_t), &int_type.shape);
    if (!big)
        return VALUE_NULL;
    big->size = (int32_t)(negative ? -count : count);
    memcpy(big->limbs, limbs, (size_t)count * sizeof(mp_limb_t));
    return object_value(big);
}

static value from_limbs(struct vm *vm, const mp_limb_t *limbs, mp_size_t count, bool negative)
{
    while (count && !limbs[count - 1])
        count--;
    if (!count)
        return small_int(0);
    if (count == 1 && limbs[0] <= (uint64_t)SMALL_INT_MAX + negative)
        return small_int(negative ? (int64_t)(0 - limbs[0]) : (int64_t)limbs[0]);
    return big_from_limbs(vm, limbs, count, negative);
}

value int_from_int64(struct vm *vm, int64_t n)
{
    if (small_int_fits(n))
        return small_int(n);
    mp_limb_t magnitude = n < 0 ? 0 - (mp_limb_t)n : (mp_limb_t)n;
    return big_from_limbs(vm, &magnitude, 1, n < 0);
}

value int_from_uint64(struct vm *vm, uint64_t n)
{
    if (n <= (uint64_t)SMALL_INT_MAX)
        return small_int((int64_t)n);
    mp_limb_t limb = n;
    return big_from_limbs(vm, &limb, 1, false);
}

value int_from_int128(struct vm *vm, int128 n)
{
    if (n >= SMALL_INT_MIN && n <= SMALL_INT_MAX)
        return small_int((int64_t)n);
    __extension__ unsigned __int128 magnitude = n < 0 ? 0 - (unsigned __int128)n : (unsigned __int128)n;
    mp_limb_t limbs[2] = {(mp_limb_t)magnitude, (mp_limb_t)(magnitude >> 64)};
    return from_limbs(vm, limbs, 2, n < 0);
}

value int_from_mpz(struct vm *vm, const mpz_t number)
{
    return from_limbs(vm, mpz_limbs_read(number), (mp_size_t)mpz_size(number), mpz_sgn(number) < 0);
}

value int_from_double(struct vm *vm, double d)
{
    if (d > -4e18 && d < 4e18)
        return int_from_int64(vm, (int64_t)d);
    if (isnan(d))
        return raise_error(vm, &exc_ValueError, "cannot convert float NaN to integer");
    if (isinf(d))
        return raise_error(vm, &exc_OverflowError, "cannot convert float infinity to integer");
    mpz_t number;
    mpz_init_set_d(number, d);
    value result = int_from_mpz(vm, number);
    mpz_clear(number);
    return result;
}

value int_new_of(struct vm *vm, struct type *type, value exact)
{
    if (exact == VALUE_NULL || type == &int_type)
        return exact;
    struct big_int *instance = instance_allocate(vm, type, sizeof(struct big_int) + sizeof(value));
    if (!instance)
        return VALUE_NULL;
    instance->reserved = 1;
    memcpy(instance->limbs, &exact, sizeof exact);
    return object_value(instance);
}

static void int_trace(struct vm *vm, struct object *object)
{
    struct big_int *big = (struct big_int *)object;
    if (big->reserved)
        gc_mark(vm, int_exact(object_value(big)));
}

int int_sign(value v)
{
    struct int_view view;
    int_view(v, &view);
    return !view.count ? 0 : view.negative ? -1 : 1;
}

int int_compare(value a, value b)
{
    a = int_exact(a);
    b = int_exact(b);
    if (both_small_int(a, b))
        return ((int64_t)a > (int64_t)b) - ((int64_t)a < (int64_t)b);
    struct int_view x, y;
    int_view(a, &x);
    int_view(b, &y);
    return mpz_cmp(int_view_mpz(&x), int_view_mpz(&y));
}

size_t int_bit_length(value v)
{
    struct int_view view;
    int_view(v, &view);
    if (!view.count)
        return 0;
    return (size_t)view.count * 64 - (size_t)__builtin_clzll(view.limbs[view.count - 1]);
}

/* ---- to double, hash ---- */

double int_to_double(struct vm *vm, value v, bool *overflow)
{
    *overflow = false;
    v = int_exact(v);
    if (is_small_int(v))
        return (double)small_int_value(v); /* the machine rounds to nearest, ties to even */
    struct int_view view;
    int_view(v, &view);
    size_t bits = int_bit_length(v);
    if (bits <= 1024) {
        /* the top 64 bits, and whether anything below them is set: rounds as the whole number does */
        size_t shift = bits > 64 ? bits - 64 : 0, word = shift / 64, within = shift % 64;
        mp_limb_t top = view.limbs[word] >> within;
        if (within && (mp_size_t)word + 1 < view.count)
            top |= view.limbs[word + 1] << (64 - within);
        bool sticky = within && (view.limbs[word] & (((mp_limb_t)1 << within) - 1));
        for (size_t i = 0; i < word && !sticky; i++)
            sticky = view.limbs[i] != 0;
        double d = ldexp((double)(top | sticky), (int)shift);
        if (!isinf(d))
            return view.negative ? -d : d;
    }
    *overflow = true;
    raise_error(vm, &exc_OverflowError, "int too large to convert to float");
    return 0;
}

static bool int_hash(struct vm *vm, value v, int64_t *hash)
{
    (void)vm;
    const mp_limb_t modulus = ((mp_limb_t)1 << 61) - 1;
    v = int_exact(v);
    if (is_small_int(v)) {
        *hash = hash_int64(small_int_value(v));
        return true;
    }
    struct int_view view;
    int_view(v, &view);
    int64_t h = (int64_t)mpn_mod_1(view.limbs, view.count, modulus);
    if (view.negative)
        h = -h;
    *hash = h == -1 ? -2 : h;
    return true;
}

/* ---- slots ---- */

#define BINARY_SLOT(name, kind)                                                                    \
    static value int_##name(struct vm *vm, value a, value b)                                       \
    {                                                                                              \
        return is_int(a) && is_int(b) ? int_binary(vm, kind, a, b) : vm->not_implemented;          \
    }
BINARY_SLOT(add, BINARY_ADD)
BINARY_SLOT(and, BINARY_AND)
BINARY_SLOT(floor_divide, BINARY_FLOOR_DIVIDE)
BINARY_SLOT(lshift, BINARY_LSHIFT)
BINARY_SLOT(mul, BINARY_MUL)
BINARY_SLOT(remainder, BINARY_REMAINDER)
BINARY_SLOT(or, BINARY_OR)
BINARY_SLOT(pow, BINARY_POWER)
BINARY_SLOT(rshift, BINARY_RSHIFT)
BINARY_SLOT(sub, BINARY_SUB)
BINARY_SLOT(div, BINARY_DIV)
BINARY_SLOT(xor, BINARY_XOR)

static value int_power_slot(struct vm *vm, value a, value b, value c)
{
    if (!is_int(a) || !is_int(b) || (c != VALUE_NULL && c != NONE && !is_int(c)))
        return vm->not_implemented;
    return int_power(vm, a, b, c == NONE ? VALUE_NULL : c);
}

static value int_compare_slot(struct vm *vm, value a, value b, enum compare_kind kind)
{
    if (!is_int(a) || !is_int(b))
        return vm->not_implemented;
    int order = int_compare(a, b);
    return bool_value(order_holds(order, kind));
}

static value int_itself(struct vm *vm, value v)
{
    (void)vm;
    return int_exact(v);
}

static value int_invert(struct vm *vm, value v)
{
    v = int_exact(v);
    if (is_small_int(v))
        return int_from_int64(vm, ~small_int_value(v));
    value negated = int_negate(vm, v);
    return negated == VALUE_NULL ? VALUE_NULL : int_binary(vm, BINARY_SUB, negated, small_int(1));
}

static value int_to_float(struct vm *vm, value v)
{
    bool overflow;
    double d = int_to_double(vm, v, &overflow);
    return overflow ? VALUE_NULL : float_value(vm, d);
}

static int int_truth(struct vm *vm, value v)
{
    (void)vm;
    return int_exact(v) != small_int(0);
}

/* ---- methods ---- */

static value method_bit_length(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)vm, (void)arguments, (void)count, (void)keyword_names;
    return small_int((int64_t)int_bit_length(self));
}

static value method_bit_count(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)vm, (void)arguments, (void)count, (void)keyword_names;
    struct int_view view;
    int_view(self, &view);
    return small_int(view.count ? (int64_t)mpn_popcount(view.limbs, view.count) : 0);
}

static value method_itself(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)vm, (void)arguments, (void)count, (void)keyword_names;
    return int_exact(self);
}

static value method_absolute(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    return int_absolute(vm, self);
}

static value method_ratio(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    return tuple_pack(vm, 2, int_exact(self), small_int(1));
}

static value method_divmod(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)count, (void)keyword_names;
    if (!is_int(arguments[0]))
        return vm->not_implemented;
    value remainder, quotient = int_divmod(vm, self, arguments[0], &remainder);
    return quotient == VALUE_NULL ? VALUE_NULL : tuple_pack(vm, 2, quotient, remainder);
}

static value method_rdivmod(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    return is_int(arguments[0]) ? method_divmod(vm, arguments[0], &self, count, keyword_names) : vm->not_implemented;
}

/* Rounds to a multiple of 10**-digits, halves to the even multiple. */
value int_round(struct vm *vm, value v, value digits)
{
    if (digits == VALUE_NULL)
        return int_exact(v);
    value n = number_index(vm, digits);
    if (n == VALUE_NULL)
        return VALUE_NULL;
    if (int_sign(n) >= 0)
        return int_exact(v);
    if (!is_small_int(n) || -small_int_value(n) > (int64_t)int_bit_length(v)) /* less than half of the power of ten */
        return small_int(0);
    struct int_view view;
    int_view(v, &view);
    mpz_t power, quotient, remainder;
    mpz_inits(power, quotient, remainder, NULL);
    mpz_ui_pow_ui(power, 10, (unsigned long)-small_int_value(n));
    mpz_fdiv_qr(quotient, remainder, int_view_mpz(&view), power);
    mpz_mul_2exp(remainder, remainder, 1);
    int half = mpz_cmp(remainder, power);
    if (half > 0 || (half == 0 && mpz_odd_p(quotient)))
        mpz_add_ui(quotient, quotient, 1);
    mpz_mul(quotient, quotient, power);
    value result = int_from_mpz(vm, quotient);
    mpz_clears(power, quotient, remainder, NULL);
    return result;
}

static value method_round(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)count, (void)keyword_names;
    return int_round(vm, self, arguments[0]);
}

static value method_format(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)count, (void)keyword_names;
    if (!is_string(arguments[0]))
        return raise_error(vm, &exc_TypeError, "__format__() argument must be str, not %T", arguments[0]);
    return int_format(vm, self, arguments[0]);
}

static value method_new_arguments(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    return tuple_pack(vm, 1, int_exact(self));
}

static value method_size(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)vm, (void)arguments, (void)count, (void)keyword_names; /* CPython's: 30-bit digits after 24 bytes */
    int64_t digits = (int64_t)((int_bit_length(self) + 29) / 30);
    return small_int(24 + 4 * (digits ? digits : 1));
}

/* 1 little, 0 big, -1 error */
static int byte_order(struct vm *vm, value order)
{
    if (order == VALUE_NULL || string_is(order, "big"))
        return 0;
    if (is_string(order) && string_is(order, "little"))
        return 1;
    if (!is_string(order))
        raise_error(vm, &exc_TypeError, "argument 'byteorder' must be str, not %T", order);
    else
        raise_error(vm, &exc_ValueError, "byteorder must be either 'little' or 'big'");
    return -1;
}

static value method_to_bytes(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)count, (void)keyword_names;
    int64_t length = 1;
    int little = byte_order(vm, arguments[1]), is_signed = arguments[2] == VALUE_NULL ? 0 : value_truth(vm, arguments[2]);
    if (little < 0 || is_signed < 0 || (arguments[0] != VALUE_NULL && !value_to_int64(vm, arguments[0], &length)))
        return VALUE_NULL;
    if (length < 0)
        return raise_error(vm, &exc_ValueError, "length argument must be non-negative");
    struct int_view view;
    int_view(self, &view);
    if (view.negative && !is_signed)
        return raise_error(vm, &exc_OverflowError, "can't convert negative int to unsigned");
    mpz_t number;
    mpz_init_set(number, int_view_mpz(&view));
    if (view.negative) /* two's complement: bits of -n - 1, inverted */
        mpz_com(number, number);
    size_t bits = mpz_sgn(number) ? mpz_sizeinbase(number, 2) : 0;
    uint8_t *bytes = NULL;
    value result = VALUE_NULL;
    if (length ? (bits + (is_signed != 0) + 7) / 8 > (size_t)length : bits != 0) { /* -1 has no bits: no bytes hold it */
        raise_error(vm, &exc_OverflowError, "int too big to convert");
    } else if (!(bytes = calloc(1, (size_t)length + 1))) {
        raise_no_memory(vm);
    } else {
        size_t written = 0;
        mpz_export(bytes, &written, -1, 1, 0, 0, number);
        for (int64_t i = 0; view.negative && i < length; i++)
            bytes[i] = (uint8_t)~bytes[i];
        for (int64_t i = 0, j = length - 1; !little && i < j; i++, j--) {
            uint8_t swap = bytes[i];
            bytes[i] = bytes[j];
            bytes[j] = swap;
        }
        result = bytes_from(vm, bytes, (size_t)length);
    }
    free(bytes);
    mpz_clear(number);
    return result;
}

static value from_bytes(struct vm *vm, const uint8_t *data, size_t size, bool little, bool is_signed)
{
    mpz_t number;
    mpz_init(number);
    mpz_import(number, size, little ? -1 : 1, 1, 0, 0, data);
    if (is_signed && size && (data[little ? size - 1 : 0] & 0x80)) {
        mpz_t power;
        mpz_init(power);
        mpz_setbit(power, 8 * size);
        mpz_sub(number, number, power);
        mpz_clear(power);
    }
    value result = int_from_mpz(vm, number);
    mpz_clear(number);
    return result;
}

/* bytes(v) as int.from_bytes takes it: a buffer, __bytes__, an iterable of ints. */
static value bytes_argument(struct vm *vm, value v)
{
    const uint8_t *data;
    size_t size;
    if (is_string(v) || is_int(v) || is_float(v))
        return raise_error(vm, &exc_TypeError, "cannot convert '%T' object to bytes", v);
    value method = lookup_special(vm, v, "__bytes__");
    if (method != VALUE_NULL) {
        value bytes = call_0(vm, method);
        return bytes == VALUE_NULL || is_bytes(bytes)
                   ? bytes : raise_error(vm, &exc_TypeError, "__bytes__ returned non-bytes (type %T)", bytes);
    }
    if (vm->pending != VALUE_NULL)
        return VALUE_NULL;
    if (is_bytes(v) || (!has_flag(v, TYPE_LIST | TYPE_TUPLE) && !value_type(vm, v)->iter))
        return v;
    if (!has_flag(v, TYPE_LIST | TYPE_TUPLE) && buffer_of(vm, v, &data, &size))
        return bytes_from(vm, data, size);
    if (vm->pending != VALUE_NULL)
        exception_clear(vm);
    return call_1(vm, type_object_value(&bytes_type), v);
}

static value method_from_bytes(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)count, (void)keyword_names;
    const uint8_t *data;
    size_t size;
    int little = byte_order(vm, arguments[1]), is_signed = arguments[2] == VALUE_NULL ? 0 : value_truth(vm, arguments[2]);
    if (little < 0 || is_signed < 0)
        return VALUE_NULL;
    value bytes = bytes_argument(vm, arguments[0]);
    if (bytes == VALUE_NULL)
        return VALUE_NULL;
    if (!buffer_of(vm, bytes, &data, &size)) {
        if (vm->pending == VALUE_NULL || exception_matches(vm, &exc_TypeError)) {
            exception_clear(vm);
            raise_error(vm, &exc_TypeError, "cannot convert '%T' object to bytes", arguments[0]);
        }
        return VALUE_NULL;
    }
    value result = from_bytes(vm, data, size, little, is_signed);
    if (result == VALUE_NULL || self == object_value(&int_type))
        return result;
    return call_1(vm, self, result);
}

static const struct method_definition int_methods[] = {
    {"bit_length", "()", method_bit_length, 0, "Number of bits necessary to represent self in binary."},
    {"bit_count", "()", method_bit_count, 0, "Number of ones in the binary representation of the absolute value of self."},
    {"to_bytes", "(length=1, byteorder='big', *, signed=False)", method_to_bytes, 0,
     "Return an array of bytes representing an integer."},
    {"from_bytes", "(bytes, byteorder='big', *, signed=False)", method_from_bytes, METHOD_CLASS,
     "Return the integer represented by the given array of bytes."},
    {"conjugate", "()", method_itself, 0, "Returns self, the complex conjugate of any int."},
    {"as_integer_ratio", "()", method_ratio, 0, "Return integer ratio."},
    {"__abs__", "()", method_absolute, 0, "abs(self)"},
    {"__divmod__", "(value, /)", method_divmod, 0, "Return divmod(self, value)."},
    {"__rdivmod__", "(value, /)", method_rdivmod, 0, "Return divmod(value, self)."},
    {"__trunc__", "()", method_itself, 0, "Truncating an Integral returns itself."},
    {"__floor__", "()", method_itself, 0, "Flooring an Integral returns itself."},
    {"__ceil__", "()", method_itself, 0, "Ceiling of an Integral returns itself."},
    {"__round__", "(ndigits=None, /)", method_round, 0, "Rounding an Integral returns itself."},
    {"__getnewargs__", "()", method_new_arguments, 0, NULL},
    {"__format__", "(format_spec, /)", method_format, 0, NULL},
    {"__sizeof__", "()", method_size, 0, "Returns size in memory, in bytes."},
    {NULL, NULL, NULL, 0, NULL}};

static value get_itself(struct vm *vm, value self)
{
    (void)vm;
    return int_exact(self);
}

static value get_zero(struct vm *vm, value self)
{
    (void)vm, (void)self;
    return small_int(0);
}

static value get_one(struct vm *vm, value self)
{
    (void)vm, (void)self;
    return small_int(1);
}

static const struct property_definition int_properties[] = {{"real", get_itself, NULL},
                                                            {"imag", get_zero, NULL},
                                                            {"numerator", get_itself, NULL},
                                                            {"denominator", get_one, NULL},
                                                            {NULL, NULL, NULL}};

struct type int_type = {
    .name = "int",
    .flags = TYPE_SUBCLASSABLE | TYPE_INT,
    .instance_size = sizeof(struct big_int) + sizeof(value),
    .methods = int_methods,
    .properties = int_properties,
    .doc = "int([x]) -> integer\nint(x, base=10) -> integer\n\nConvert a number or string to an integer, or return 0 if no "
           "arguments\nare given.  If x is a number, return x.__int__().  For floating point\nnumbers, this truncates "
           "towards zero.\n\nIf x is not a number or if base is given, then x must be a string,\nbytes, or bytearray "
           "instance representing an integer literal in the\ngiven base.  The literal can be preceded by '+' or '-' and "
           "be surrounded\nby whitespace.  The base defaults to 10.  Valid bases are 0 and 2-36.\nBase 0 means to "
           "interpret the base from the string as an integer literal.\n>>> int('0b100', base=0)\n4",
    .trace = int_trace,
    .new = int_new,
    .repr = int_repr,
    .hash = int_hash,
    .compare = int_compare_slot,
    .truth = int_truth,
    .binary = {[BINARY_ADD] = int_add, [BINARY_AND] = int_and, [BINARY_FLOOR_DIVIDE] = int_floor_divide,
               [BINARY_LSHIFT] = int_lshift, [BINARY_MUL] = int_mul, [BINARY_REMAINDER] = int_remainder,
               [BINARY_OR] = int_or, [BINARY_POWER] = int_pow, [BINARY_RSHIFT] = int_rshift, [BINARY_SUB] = int_sub,
               [BINARY_DIV] = int_div, [BINARY_XOR] = int_xor},
    .unary = {[UNARY_POS] = int_itself, [UNARY_NEG] = int_negate, [UNARY_INVERT] = int_invert},
    .power = int_power_slot,
    .to_int = int_itself,
    .to_float = int_to_float,
    .index = int_itself,
};
