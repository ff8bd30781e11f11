/* math_integer.c - module math's functions on integers, over GMP. */
#include "sim/modules/math.h"

#include <limits.h>

/* Limb products that an operation over `a` and `b` limbs stands for; nothing for what fits a value's 63 bits. */
static void count_limbs(struct vm *vm, size_t a, size_t b)
{
    if (a > 1 || b > 1)
        ADD_WORK(vm, limbs, (a ? a : 1) * (b ? b : 1));
}

static value take_mpz(struct vm *vm, mpz_t number)
{
    value result = int_from_mpz(vm, number);
    mpz_clear(number);
    return result;
}

static uint64_t magnitude(value v)
{
    int64_t n = small_int_value(v);
    return n < 0 ? (uint64_t)-n : (uint64_t)n;
}

static uint64_t word_gcd(uint64_t a, uint64_t b)
{
    while (b) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

enum common { COMMON_DIVISOR, COMMON_MULTIPLE };

/* gcd or lcm of two exact ints, not negative */
static value common_of(struct vm *vm, enum common kind, value a, value b)
{
    ADD_WORK(vm, math, 1);
    if (both_small_int(a, b)) {
        uint64_t x = magnitude(a), y = magnitude(b), divisor = word_gcd(x, y), product;
        if (kind == COMMON_DIVISOR)
            return int_from_uint64(vm, divisor);
        if (divisor == 0)
            return small_int(0);
        if (!__builtin_mul_overflow(x / divisor, y, &product))
            return int_from_uint64(vm, product);
    }
    struct int_view view_a, view_b;
    int_view(a, &view_a);
    int_view(b, &view_b);
    count_limbs(vm, (size_t)view_a.count, (size_t)view_b.count);
    mpz_t result;
    mpz_init(result);
    (kind == COMMON_DIVISOR ? mpz_gcd : mpz_lcm)(result, int_view_mpz(&view_a), int_view_mpz(&view_b));
    return take_mpz(vm, result);
}

static value common_of_all(struct vm *vm, enum common kind, const value *arguments, size_t count)
{
    value result = small_int(kind == COMMON_MULTIPLE);
    for (size_t i = 0; i < count; i++) {
        value item = number_index(vm, arguments[i]);
        if (item == VALUE_NULL || (result = common_of(vm, kind, result, item)) == VALUE_NULL)
            return VALUE_NULL;
    }
    return result;
}

MATH_FUNCTION(gcd)
{
    (void)self;
    return check_positional(vm, "math.gcd", count, keyword_names, 0, -1)
               ? common_of_all(vm, COMMON_DIVISOR, arguments, count)
               : VALUE_NULL;
}

MATH_FUNCTION(lcm)
{
    (void)self;
    return check_positional(vm, "math.lcm", count, keyword_names, 0, -1)
               ? common_of_all(vm, COMMON_MULTIPLE, arguments, count)
               : VALUE_NULL;
}

MATH_FUNCTION(isqrt)
{
    MATH_UNUSED;
    value n = number_index(vm, arguments[0]);
    if (n == VALUE_NULL)
        return VALUE_NULL;
    if (int_sign(n) < 0)
        return raise_error(vm, &exc_ValueError, "isqrt() argument must be nonnegative");
    ADD_WORK(vm, math, 1);
    struct int_view view;
    int_view(n, &view);
    count_limbs(vm, (size_t)view.count, (size_t)view.count);
    mpz_t result;
    mpz_init(result);
    mpz_sqrt(result, int_view_mpz(&view));
    return take_mpz(vm, result);
}

static value factorial_of(struct vm *vm, value n)
{
    if (int_sign(n) < 0)
        return raise_error(vm, &exc_ValueError, "factorial() not defined for negative values");
    if (!is_small_int(n))
        return raise_error(vm, &exc_OverflowError, "factorial() argument should not exceed %ld", LONG_MAX);
    ADD_WORK(vm, math, 1);
    mpz_t result;
    mpz_init(result);
    mpz_fac_ui(result, (unsigned long)small_int_value(n));
    count_limbs(vm, mpz_size(result), (size_t)small_int_value(n) / 2);
    return take_mpz(vm, result);
}

MATH_FUNCTION(factorial)
{
    MATH_UNUSED;
    value n = number_index(vm, arguments[0]);
    return n == VALUE_NULL ? VALUE_NULL : factorial_of(vm, n);
}

/* Both not negative, as exact ints. */
static bool choice_arguments(struct vm *vm, const value *arguments, value *n, value *k)
{
    if ((*n = number_index(vm, arguments[0])) == VALUE_NULL || (*k = number_index(vm, arguments[1])) == VALUE_NULL)
        return false;
    if (int_sign(*n) >= 0 && int_sign(*k) >= 0)
        return true;
    raise_error(vm, &exc_ValueError, "%s must be a non-negative integer", int_sign(*n) < 0 ? "n" : "k");
    return false;
}

MATH_FUNCTION(comb)
{
    MATH_UNUSED;
    value n, k;
    if (!choice_arguments(vm, arguments, &n, &k))
        return VALUE_NULL;
    ADD_WORK(vm, math, 1);
    if (int_compare(n, k) < 0)
        return small_int(0);
    value rest = int_binary(vm, BINARY_SUB, n, k);
    if (rest == VALUE_NULL)
        return VALUE_NULL;
    if (int_compare(rest, k) < 0)
        k = rest;
    if (!is_small_int(k))
        return raise_error(vm, &exc_OverflowError, "min(n - k, k) must not exceed %lld", LLONG_MAX);
    struct int_view view;
    int_view(n, &view);
    mpz_t result;
    mpz_init(result);
    mpz_bin_ui(result, int_view_mpz(&view), (unsigned long)small_int_value(k));
    count_limbs(vm, mpz_size(result), (size_t)small_int_value(k) / 2);
    return take_mpz(vm, result);
}

/* result = n * (n - 1) * ... of `count` factors, split in halves so that the products stay balanced */
static void falling_product(mpz_t result, mpz_srcptr n, uint64_t count)
{
    if (count == 0) {
        mpz_set_ui(result, 1);
    } else if (count < 16) {
        mpz_t factor;
        mpz_init_set(factor, n);
        mpz_set(result, n);
        for (uint64_t i = 1; i < count; i++) {
            mpz_sub_ui(factor, factor, 1);
            mpz_mul(result, result, factor);
        }
        mpz_clear(factor);
    } else {
        mpz_t lower, product;
        mpz_inits(lower, product, NULL);
        falling_product(result, n, count / 2);
        mpz_sub_ui(lower, n, count / 2);
        falling_product(product, lower, count - count / 2);
        mpz_mul(result, result, product);
        mpz_clears(lower, product, NULL);
    }
}

MATH_FUNCTION(perm)
{
    MATH_UNUSED;
    value n, k;
    if (arguments[1] == VALUE_NULL || arguments[1] == NONE) {
        n = number_index(vm, arguments[0]);
        return n == VALUE_NULL ? VALUE_NULL : factorial_of(vm, n);
    }
    if (!choice_arguments(vm, arguments, &n, &k))
        return VALUE_NULL;
    ADD_WORK(vm, math, 1);
    if (int_compare(n, k) < 0)
        return small_int(0);
    if (!is_small_int(k))
        return raise_error(vm, &exc_OverflowError, "k must not exceed %lld", LLONG_MAX);
    struct int_view view;
    int_view(n, &view);
    mpz_t result;
    mpz_init(result);
    falling_product(result, int_view_mpz(&view), (uint64_t)small_int_value(k));
    count_limbs(vm, mpz_size(result), (size_t)small_int_value(k) / 2);
    return take_mpz(vm, result);
}
