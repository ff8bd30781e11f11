/* int_arithmetic.c - the operations on ints: 64 and 128 bits first, GMP beyond. WORK limbs counts the limbs of operands
 * beyond 63 bits; a product of n and m limbs counts n*m. */
#include "sim/runtime/number.h"

#include <stdlib.h>

/* More result bits than this is a MemoryError rather than a long wait (2 GB; GMP itself would abort at 2^37). */
#define RESULT_BITS_MAX ((double)((size_t)1 << 34))

bool int_result_too_big(struct vm *vm, double bits)
{
    if (bits <= RESULT_BITS_MAX)
        return false;
    raise_no_memory(vm);
    return true;
}

static void count_limbs(struct vm *vm, const struct int_view *a, const struct int_view *b)
{
    ADD_WORK(vm, limbs, a->count > b->count ? a->count : b->count);
}

static struct big_int *big_new(struct vm *vm, mp_size_t limbs)
{
    return gc_object(vm, sizeof(struct big_int) + (size_t)limbs * sizeof(mp_limb_t), &int_type.shape);
}

/* A fresh big_int, whose leading limbs may be zero, in canonical form. */
static value big_normal(struct big_int *big, mp_size_t count, bool negative)
{
    while (count && !big->limbs[count - 1])
        count--;
    if (!count)
        return small_int(0);
    if (count == 1 && big->limbs[0] <= (uint64_t)SMALL_INT_MAX + negative)
        return small_int(negative ? (int64_t)(0 - big->limbs[0]) : (int64_t)big->limbs[0]);
    big->size = (int32_t)(negative ? -count : count);
    return object_value(big);
}

static value big_add(struct vm *vm, struct int_view *a, struct int_view *b, bool subtract)
{
    bool b_negative = b->negative ^ subtract;
    const struct int_view *high = a, *low = b;
    bool negative = a->negative;
    count_limbs(vm, a, b);
    if (a->count < b->count) {
        high = b;
        low = a;
        negative = b_negative;
    }
    struct big_int *big = big_new(vm, high->count + 1);
    if (!big)
        return VALUE_NULL;
    if (a->negative == b_negative) {
        big->limbs[high->count] = low->count ? mpn_add(big->limbs, high->limbs, high->count, low->limbs, low->count)
                                             : (mpn_copyi(big->limbs, high->limbs, high->count), 0);
        return big_normal(big, high->count + 1, negative);
    }
    if (high->count == low->count && mpn_cmp(high->limbs, low->limbs, high->count) < 0) {
        const struct int_view *swap = high;
        high = low;
        low = swap;
        negative = !negative;
    }
    if (low->count)
        mpn_sub(big->limbs, high->limbs, high->count, low->limbs, low->count);
    else
        mpn_copyi(big->limbs, high->limbs, high->count);
    return big_normal(big, high->count, negative);
}

static value big_mul(struct vm *vm, struct int_view *a, struct int_view *b)
{
    if (!a->count || !b->count)
        return small_int(0);
    ADD_WORK(vm, limbs, a->count * b->count);
    if (int_result_too_big(vm, 64.0 * (double)(a->count + b->count)))
        return VALUE_NULL;
    struct big_int *big = big_new(vm, a->count + b->count);
    if (!big)
        return VALUE_NULL;
    if (a->limbs == b->limbs && a->count == b->count)
        mpn_sqr(big->limbs, a->limbs, a->count);
    else if (a->count >= b->count)
        mpn_mul(big->limbs, a->limbs, a->count, b->limbs, b->count);
    else
        mpn_mul(big->limbs, b->limbs, b->count, a->limbs, a->count);
    return big_normal(big, a->count + b->count, a->negative != b->negative);
}
enum division { QUOTIENT = 1, REMAINDER = 2 };

enum { DIVIDE_LIMBS = 32 };
static value int_from_limbs(struct vm *vm, const mp_limb_t *limbs, mp_size_t count, bool negative)
{
    mpz_t number;
    while (count && !limbs[count - 1])
        count--;
    return int_from_mpz(vm, mpz_roinit_n(number, limbs, negative ? -count : count));
}

/* Rounded down, of x with at least as many limbs as y, up to DIVIDE_LIMBS: without any memory of GMP's. */
static value divide_in_place(struct vm *vm, const struct int_view *x, const struct int_view *y, value *remainder,
                             enum division wanted)
{
    mp_limb_t q[DIVIDE_LIMBS + 1], r[DIVIDE_LIMBS];
    mp_size_t quotient_count = x->count - y->count + 1;
    bool differ = x->negative != y->negative;
    mpn_tdiv_qr(q, r, 0, x->limbs, x->count, y->limbs, y->count);
    q[quotient_count] = 0;
    if (differ && !mpn_zero_p(r, y->count)) {
        q[quotient_count] = mpn_add_1(q, q, quotient_count, 1);
        mpn_sub_n(r, y->limbs, r, y->count);
    }
    value quotient = small_int(0);
    if (wanted & QUOTIENT)
        quotient = int_from_limbs(vm, q, quotient_count + 1, differ);
    if ((wanted & REMAINDER) && quotient != VALUE_NULL) {
        *remainder = int_from_limbs(vm, r, y->count, y->negative);
        if (*remainder == VALUE_NULL)
            quotient = VALUE_NULL;
    }
    return quotient;
}


/* ---- division ---- */


static value big_divide(struct vm *vm, value a, value b, value *remainder, enum division wanted)
{
    struct int_view x, y;
    int_view(a, &x);
    int_view(b, &y);
    ADD_WORK(vm, limbs, x.count >= y.count ? (x.count - y.count + 1) * y.count : 1);
    if (x.count >= y.count && x.count <= DIVIDE_LIMBS)
        return divide_in_place(vm, &x, &y, remainder, wanted);
    mpz_t q, r;
    value quotient = small_int(0);
    mpz_inits(q, r, NULL);
    mpz_fdiv_qr(q, r, int_view_mpz(&x), int_view_mpz(&y));
    if (wanted & QUOTIENT)
        quotient = int_from_mpz(vm, q);
    if ((wanted & REMAINDER) && quotient != VALUE_NULL) {
        *remainder = int_from_mpz(vm, r);
        if (*remainder == VALUE_NULL)
            quotient = VALUE_NULL;
    }
    mpz_clears(q, r, NULL);
    return quotient;
}

static inline int64_t floor_divide(int64_t a, int64_t b)
{
    int64_t q = a / b;
    return q - ((a % b != 0) & ((a ^ b) < 0));
}

static inline int64_t floor_remainder(int64_t a, int64_t b)
{
    int64_t r = a % b;
    return r && (r ^ b) < 0 ? r + b : r;
}

value int_divmod(struct vm *vm, value a, value b, value *remainder)
{
    a = int_exact(a);
    b = int_exact(b);
    if (b == small_int(0))
        return raise_error(vm, &exc_ZeroDivisionError, "integer division or modulo by zero");
    if (both_small_int(a, b)) {
        int64_t x = small_int_value(a), y = small_int_value(b);
        *remainder = small_int(floor_remainder(x, y));
        return int_from_int64(vm, floor_divide(x, y));
    }
    return big_divide(vm, a, b, remainder, QUOTIENT | REMAINDER);
}

/* a / b for b != 0: the quotient's top bits with everything below them in the lowest one, then rounded once. */
double int_ratio(struct vm *vm, value a, value b, bool *failed)
{
    const int64_t exact = (int64_t)1 << 53;
    *failed = false;
    if (both_small_int(a, b)) {
        int64_t x = small_int_value(a), y = small_int_value(b);
        if (x >= -exact && x <= exact && y >= -exact && y <= exact)
            return (double)x / (double)y;
    }
    struct int_view x, y;
    int_view(a, &x);
    int_view(b, &y);
    if (!x.count)
        return y.negative ? -0.0 : 0.0;
    count_limbs(vm, &x, &y);
    bool negative = x.negative != y.negative;
    long difference = (long)int_bit_length(a) - (long)int_bit_length(b);
    if (difference < -1080)
        return negative ? -0.0 : 0.0;
    double result = INFINITY;
    if (difference <= 1024) {
        /* 55 or 56 bits of quotient; fewer when the result is subnormal, so that it is rounded only once */
        long shift = difference - 55 < -1076 ? -1076 : difference - 55;
        mpz_t top, q, r;
        mpz_inits(top, q, r, NULL);
        mpz_abs(top, int_view_mpz(&x));
        mpz_t below;
        mpz_init(below);
        mpz_abs(below, int_view_mpz(&y));
        if (shift < 0)
            mpz_mul_2exp(top, top, (mp_bitcnt_t)-shift);
        else
            mpz_mul_2exp(below, below, (mp_bitcnt_t)shift);
        mpz_tdiv_qr(q, r, top, below);
        uint64_t bits = mpz_get_ui(q) | (mpz_sgn(r) != 0);
        if (shift == -1076) { /* units of 2^-1076: the last two bits lie below the smallest subnormal */
            uint64_t low = bits & 3, whole = bits >> 2;
            int size = bits ? 64 - __builtin_clzll(bits) : 0;
            if (size <= 54)
                bits = (whole + (low > 2 || (low == 2 && (whole & 1)))) << 2;
        }
        result = ldexp((double)bits, (int)shift);
        mpz_clears(top, q, r, below, NULL);
    }
    if (isinf(result)) {
        raise_error(vm, &exc_OverflowError, "integer division result too large for a float");
        *failed = true;
    }
    return negative ? -result : result;
}

static value int_true_divide(struct vm *vm, value a, value b)
{
    if (b == small_int(0))
        return raise_error(vm, &exc_ZeroDivisionError, "division by zero");
    bool failed;
    double d = int_ratio(vm, a, b, &failed);
    return failed ? VALUE_NULL : float_value(vm, d);
}

/* ---- shifts ---- */

/* The count to shift by, INT64_MAX for any that is larger; -1: ValueError pending. */
static int64_t shift_count(struct vm *vm, value b)
{
    if (int_sign(b) < 0) {
        raise_error(vm, &exc_ValueError, "negative shift count");
        return -1;
    }
    return is_small_int(b) ? small_int_value(b) : INT64_MAX;
}

value int_shift_left(struct vm *vm, value a, value b)
{
    int64_t count = shift_count(vm, b);
    if (count < 0)
        return VALUE_NULL;
    if (a == small_int(0))
        return a;
    if (is_small_int(a) && count < 64)
        return int_from_int128(vm, (int128)small_int_value(a) * ((int128)1 << count));
    if (count == INT64_MAX)
        return raise_error(vm, &exc_OverflowError, "too many digits in integer");
    if (int_result_too_big(vm, (double)count))
        return VALUE_NULL;
    struct int_view x;
    int_view(a, &x);
    mp_size_t words = (mp_size_t)(count / 64), limbs = x.count + words + 1;
    ADD_WORK(vm, limbs, limbs);
    struct big_int *big = big_new(vm, limbs);
    if (!big)
        return VALUE_NULL;
    if (count % 64)
        big->limbs[limbs - 1] = mpn_lshift(big->limbs + words, x.limbs, x.count, (unsigned)(count % 64));
    else
        mpn_copyi(big->limbs + words, x.limbs, x.count);
    return big_normal(big, limbs, x.negative);
}

static value int_shift_right(struct vm *vm, value a, value b)
{
    int64_t count = shift_count(vm, b);
    if (count < 0)
        return VALUE_NULL;
    if (is_small_int(a))
        return small_int(small_int_value(a) >> (count < 63 ? count : 63));
    struct int_view x;
    int_view(a, &x);
    ADD_WORK(vm, limbs, x.count);
    if ((double)count >= 64.0 * (double)x.count)
        return small_int(x.negative ? -1 : 0);
    mpz_t shifted;
    mpz_init(shifted);
    mpz_fdiv_q_2exp(shifted, int_view_mpz(&x), (mp_bitcnt_t)count);
    value result = int_from_mpz(vm, shifted);
    mpz_clear(shifted);
    return result;
}

/* ---- powers ---- */

/* The power when it fits 64 bits; else false. */
static bool power_small(int64_t base, uint64_t exponent, int64_t *result)
{
    int64_t power = 1;
    for (;;) {
        if ((exponent & 1) && __builtin_mul_overflow(power, base, &power))
            return false;
        exponent >>= 1;
        if (!exponent)
            break;
        if (__builtin_mul_overflow(base, base, &base))
            return false;
    }
    *result = power;
    return true;
}

static value power_modulo(struct vm *vm, value a, value b, value modulus)
{
    if (modulus == small_int(0))
        return raise_error(vm, &exc_ValueError, "pow() 3rd argument cannot be 0");
    struct int_view x, y, m;
    int_view(a, &x);
    int_view(b, &y);
    int_view(modulus, &m);
    mpz_t base, result, magnitude;
    mpz_inits(result, magnitude, NULL);
    mpz_init_set(base, int_view_mpz(&x));
    mpz_abs(magnitude, int_view_mpz(&m));
    value answer = VALUE_NULL;
    if (y.negative && !mpz_invert(base, base, magnitude) && mpz_cmp_ui(magnitude, 1)) {
        raise_error(vm, &exc_ValueError, "base is not invertible for the given modulus");
    } else {
        y.negative = false;
        if (m.count > 1 || y.count > 1)
            ADD_WORK(vm, limbs, m.count * m.count * (mp_size_t)int_bit_length(b));
        mpz_powm(result, base, int_view_mpz(&y), magnitude);
        if (m.negative && mpz_sgn(result))
            mpz_sub(result, result, magnitude);
        answer = int_from_mpz(vm, result);
    }
    mpz_clears(base, result, magnitude, NULL);
    return answer;
}

value int_power(struct vm *vm, value a, value b, value modulus)
{
    a = int_exact(a);
    b = int_exact(b);
    if (modulus != VALUE_NULL)
        return power_modulo(vm, a, b, int_exact(modulus));
    if (int_sign(b) < 0) {
        bool overflow_a, overflow_b;
        double x = int_to_double(vm, a, &overflow_a);
        double y = overflow_a ? 0 : int_to_double(vm, b, &overflow_b);
        return overflow_a || overflow_b ? VALUE_NULL : float_binary(vm, BINARY_POWER, x, y);
    }
    if (b == small_int(0))
        return small_int(1);
    if (a == small_int(0) || a == small_int(1))
        return a;
    if (a == small_int(-1)) {
        struct int_view y;
        int_view(b, &y);
        return small_int(y.limbs[0] & 1 ? -1 : 1);
    }
    int64_t small;
    if (is_small_int(a) && is_small_int(b) && power_small(small_int_value(a), (uint64_t)small_int_value(b), &small))
        return int_from_int64(vm, small);
    if (!is_small_int(b) || int_result_too_big(vm, (double)small_int_value(b) * ((double)int_bit_length(a) - 1)))
        return vm->pending == VALUE_NULL ? raise_no_memory(vm) : VALUE_NULL;
    struct int_view x;
    int_view(a, &x);
    mpz_t power;
    mpz_init(power);
    mpz_pow_ui(power, int_view_mpz(&x), (unsigned long)small_int_value(b));
    mp_size_t limbs = (mp_size_t)mpz_size(power);
    ADD_WORK(vm, limbs, limbs * limbs);
    value result = int_from_mpz(vm, power);
    mpz_clear(power);
    return result;
}

/* ---- signs ---- */

value int_negate(struct vm *vm, value v)
{
    v = int_exact(v);
    if (is_small_int(v))
        return int_from_int64(vm, -small_int_value(v));
    struct int_view view;
    int_view(v, &view);
    struct big_int *big = big_new(vm, view.count);
    if (!big)
        return VALUE_NULL;
    ADD_WORK(vm, limbs, view.count);
    mpn_copyi(big->limbs, view.limbs, view.count);
    return big_normal(big, view.count, !view.negative);
}

value int_absolute(struct vm *vm, value v)
{
    v = int_exact(v);
    return int_sign(v) < 0 ? int_negate(vm, v) : v;
}

/* ---- the operators ---- */

static value small_binary(struct vm *vm, enum binary_kind kind, int64_t x, int64_t y)
{
    switch (kind) {
    case BINARY_ADD: return int_from_int64(vm, x + y); /* 63-bit operands: no overflow */
    case BINARY_SUB: return int_from_int64(vm, x - y);
    case BINARY_MUL: return int_from_int128(vm, (int128)x * y);
    case BINARY_AND: return small_int(x & y);
    case BINARY_OR: return small_int(x | y);
    case BINARY_XOR: return small_int(x ^ y);
    case BINARY_LSHIFT: return int_shift_left(vm, small_int(x), small_int(y));
    case BINARY_RSHIFT: return int_shift_right(vm, small_int(x), small_int(y));
    case BINARY_FLOOR_DIVIDE:
        if (!y)
            return raise_error(vm, &exc_ZeroDivisionError, "integer division or modulo by zero");
        return int_from_int64(vm, floor_divide(x, y));
    case BINARY_REMAINDER:
        if (!y)
            return raise_error(vm, &exc_ZeroDivisionError, "integer modulo by zero");
        return small_int(floor_remainder(x, y));
    case BINARY_DIV: return int_true_divide(vm, small_int(x), small_int(y));
    case BINARY_POWER: return int_power(vm, small_int(x), small_int(y), VALUE_NULL);
    case BINARY_MATMUL:
    case BINARY_COUNT: break;
    }
    return vm->not_implemented;
}

static value big_bitwise(struct vm *vm, enum binary_kind kind, struct int_view *x, struct int_view *y)
{
    mpz_t result;
    mpz_init(result);
    count_limbs(vm, x, y);
    if (kind == BINARY_AND)
        mpz_and(result, int_view_mpz(x), int_view_mpz(y));
    else if (kind == BINARY_OR)
        mpz_ior(result, int_view_mpz(x), int_view_mpz(y));
    else
        mpz_xor(result, int_view_mpz(x), int_view_mpz(y));
    value v = int_from_mpz(vm, result);
    mpz_clear(result);
    return v;
}

value int_binary(struct vm *vm, enum binary_kind kind, value a, value b)
{
    if (is_pointer(a) && (a == TRUE || a == FALSE) && (b == TRUE || b == FALSE) &&
        (kind == BINARY_AND || kind == BINARY_OR || kind == BINARY_XOR))
        return bool_value(kind == BINARY_AND ? a == TRUE && b == TRUE : kind == BINARY_OR ? a == TRUE || b == TRUE : a != b);
    a = int_exact(a);
    b = int_exact(b);
    if (both_small_int(a, b))
        return small_binary(vm, kind, small_int_value(a), small_int_value(b));
    struct int_view x, y;
    int_view(a, &x);
    int_view(b, &y);
    switch (kind) {
    case BINARY_ADD: return big_add(vm, &x, &y, false);
    case BINARY_SUB: return big_add(vm, &x, &y, true);
    case BINARY_MUL: return big_mul(vm, &x, &y);
    case BINARY_AND:
    case BINARY_OR:
    case BINARY_XOR: return big_bitwise(vm, kind, &x, &y);
    case BINARY_LSHIFT: return int_shift_left(vm, a, b);
    case BINARY_RSHIFT: return int_shift_right(vm, a, b);
    case BINARY_FLOOR_DIVIDE:
        if (!y.count)
            return raise_error(vm, &exc_ZeroDivisionError, "integer division or modulo by zero");
        return big_divide(vm, a, b, NULL, QUOTIENT);
    case BINARY_REMAINDER: {
        value remainder = VALUE_NULL;
        if (!y.count)
            return raise_error(vm, &exc_ZeroDivisionError, "integer modulo by zero");
        return big_divide(vm, a, b, &remainder, REMAINDER) == VALUE_NULL ? VALUE_NULL : remainder;
    }
    case BINARY_DIV: return int_true_divide(vm, a, b);
    case BINARY_POWER: return int_power(vm, a, b, VALUE_NULL);
    case BINARY_MATMUL:
    case BINARY_COUNT: break;
    }
    return vm->not_implemented;
}
