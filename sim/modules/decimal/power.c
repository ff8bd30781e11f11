/* power.c - powers: with whole exponents by squaring, with others by way of ln and exp; and powers modulo a number. */
#include "sim/modules/decimal/decimal.h"

/* 1 with as many zeros behind the point. */
static void set_padded_one(struct calculation *c, struct number *out, int64_t places, bool negative)
{
    number_set(out, negative, 1, 0);
    if (number_shift_left(c, out, places))
        out->exponent = -places;
}

static int decimal_digits(int64_t n)
{
    uint64_t magnitude = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
    int digits = 1;
    for (; magnitude >= 10; magnitude /= 10)
        digits++;
    return digits;
}

/* |a| == 1, so that the result is 1 with a suitable number of zeros; false: it is not. */
static bool power_of_one(struct calculation *c, struct number *out, const struct number *a, const struct number *b, bool negative)
{
    struct number one;
    number_start(&one);
    number_set(&one, false, 1, 0);
    bool is_one = number_order_magnitude(c, a, &one) == 0;
    number_clear(&one);
    if (!is_one)
        return false;
    int64_t places = c->rules.precision - 1;
    if (is_finite(b) && number_is_integer(c->vm, b)) {
        if (b->negative) {
            number_set(out, negative, 1, 0);
            return true;
        }
        int64_t n;
        __extension__ __int128 wanted = number_to_int64(c->vm, b, &n) ? (__int128)n * -a->exponent : a->exponent ? INT64_MAX : 0;
        if (wanted > places)
            c->status |= STATUS_ROUNDED;
        else
            places = (int64_t)wanted;
    } else
        c->status |= STATUS_INEXACT | STATUS_ROUNDED;
    set_padded_one(c, out, places, negative);
    return true;
}

/* A lower bound of log10 |log10 |a||, for a that is neither 0 nor 1. */
static int64_t logarithm_order(struct calculation *c, const struct number *a)
{
    int64_t t = adjusted_exponent(a);
    if (t > 0)
        return decimal_digits(t) - 1;
    if (t < -1)
        return decimal_digits(t + 1) - 1;
    struct calculation exact = *c;
    struct number magnitude = *a, one, distance; /* magnitude shares the coefficient */
    exact.rules = rules_exact;
    magnitude.negative = false;
    number_start(&one);
    number_start(&distance);
    number_set(&one, false, 1, 0);
    calculate_subtract(&exact, &distance, &magnitude, &one);
    int64_t order = adjusted_exponent(&distance);
    number_clear(&one);
    number_clear(&distance);
    return t == 0 ? order - 2 : order - 1;
}

/* Certain overflow or underflow. */
static bool power_out_of_bounds(struct calculation *c, struct number *out, const struct number *a, const struct number *b,
                                bool negative)
{
    int64_t order = logarithm_order(c, a) + adjusted_exponent(b);
    if ((adjusted_exponent(a) < 0) == b->negative) {
        if (decimal_digits(c->rules.exponent_max) >= order)
            return false;
        number_set(out, negative, 1, EXPONENT_INFINITE);
    } else {
        if (decimal_digits(rules_etiny(&c->rules)) >= order)
            return false;
        number_set(out, negative, 1, rules_etiny(&c->rules) - 1);
    }
    number_finish(c, out);
    return true;
}

/* The product, then back into `a`. */
static void multiply_into(struct calculation *c, struct number *a, const struct number *b, struct number *scratch)
{
    calculate_multiply(c, scratch, a, b);
    struct number swap = *a;
    *a = *scratch;
    *scratch = swap;
}

static bool power_is_settled(struct calculation *work, const struct number *a)
{
    return is_special(a) || (has_zero_coefficient(a) && (work->status & STATUS_CLAMPED)) || calculation_interrupted(work);
}

static void power_small(struct calculation *work, struct number *out, const struct number *base, uint64_t exponent)
{
    struct number scratch;
    number_start(&scratch);
    number_copy(out, base);
    for (int bit = 62 - __builtin_clzll(exponent); bit >= 0; bit--) {
        multiply_into(work, out, out, &scratch);
        if (exponent >> bit & 1)
            multiply_into(work, out, base, &scratch);
        if (power_is_settled(work, out))
            break;
    }
    number_clear(&scratch);
}

/* The exponent is beyond 64 bits. */
static void power_large(struct calculation *work, struct number *out, struct number *base, const struct number *b)
{
    struct number scratch;
    mpz_t exponent;
    number_start(&scratch);
    mpz_init(exponent);
    if (b->exponent >= 0)
        mpz_mul(exponent, b->coefficient, power_of_ten(work->vm, b->exponent));
    else
        mpz_tdiv_q(exponent, b->coefficient, power_of_ten(work->vm, -b->exponent));
    number_set(out, false, 1, 0);
    size_t bits = mpz_sizeinbase(exponent, 2);
    for (size_t i = 0; i < bits; i++) {
        if (mpz_tstbit(exponent, i)) {
            multiply_into(work, out, base, &scratch);
            if (power_is_settled(work, out))
                break;
        }
        multiply_into(work, base, base, &scratch);
    }
    mpz_clear(exponent);
    number_clear(&scratch);
}

static void power_whole(struct calculation *c, struct number *out, const struct number *a, const struct number *b, bool negative)
{
    struct calculation work = *c;
    struct number base, one;
    number_start(&base);
    number_start(&one);
    work.rules.precision += b->digits + b->exponent + 2;
    work.rules.rounding = ROUND_HALF_EVEN;
    work.rules.clamp = false;
    work.status = 0;
    if (b->negative) {
        work.rules.precision++;
        number_set(&one, false, 1, 0);
        calculate_divide(&work, &base, &one, a);
    } else
        number_copy(&base, a);
    if (work.status & STATUS_ERRORS)
        number_set_special(out, false, QUIET_NAN);
    else {
        mpz_t whole;
        mpz_init(whole);
        if (adjusted_exponent(b) <= 20) {
            if (b->exponent >= 0)
                mpz_mul(whole, b->coefficient, power_of_ten(c->vm, b->exponent));
            else
                mpz_tdiv_q(whole, b->coefficient, power_of_ten(c->vm, -b->exponent));
        }
        if (adjusted_exponent(b) <= 20 && mpz_fits_ulong_p(whole))
            power_small(&work, out, &base, mpz_get_ui(whole));
        else
            power_large(&work, out, &base, b);
        mpz_clear(whole);
        out->negative = negative;
    }
    c->status |= work.status;
    if (is_infinite(out))
        number_set(out, negative, 1, EXPONENT_INFINITE);
    number_finish(c, out);
    number_clear(&base);
    number_clear(&one);
}

static void power_real(struct calculation *c, struct number *out, const struct number *a, const struct number *b)
{
    struct calculation work = *c;
    struct number logarithm, product;
    number_start(&logarithm);
    number_start(&product);
    work.rules = rules_exact;
    work.rules.precision = (a->digits > c->rules.precision ? a->digits : c->rules.precision) + 4 + 19;
    work.status = 0;
    calculate_ln(&work, &logarithm, a);
    calculate_multiply(&work, &product, &logarithm, b);
    uint32_t before = work.status & STATUS_ERRORS;
    work.status = 0;
    calculate_exp(&work, out, &product);
    c->status |= work.status | before | STATUS_INEXACT | STATUS_ROUNDED;
    struct number one;
    number_start(&one);
    number_set(&one, false, 1, 0);
    if (is_finite(out) && number_order(c, out, &one) == 0)
        set_padded_one(c, out, c->rules.precision - 1, false);
    number_clear(&one);
    if (is_infinite(out))
        number_set(out, false, 1, EXPONENT_INFINITE);
    number_finish(c, out);
    number_clear(&logarithm);
    number_clear(&product);
}

/* Powers with a zero or an infinity; false: there is none. */
static bool power_special(struct calculation *c, struct number *out, const struct number *a, const struct number *b, bool negative)
{
    if (is_zero(a)) {
        if (is_zero(b))
            number_invalid(c, out, STATUS_INVALID_OPERATION);
        else if (b->negative)
            number_set_special(out, negative, INFINITE);
        else
            number_set(out, negative, 0, 0);
    } else if (a->negative && !number_is_integer(c->vm, b))
        number_invalid(c, out, STATUS_INVALID_OPERATION);
    else if (is_infinite(b)) {
        if (power_of_one(c, out, a, b, negative))
            return true;
        if ((is_infinite(a) || adjusted_exponent(a) >= 0) == b->negative)
            number_set(out, negative, 0, 0);
        else
            number_set_special(out, negative, INFINITE);
    } else if (is_zero(b))
        number_set(out, negative, 1, 0);
    else if (is_infinite(a)) {
        if (b->negative)
            number_set(out, negative, 0, 0);
        else
            number_set_special(out, negative, INFINITE);
    } else
        return false;
    return true;
}

void calculate_power(struct calculation *c, struct number *out, const struct number *a, const struct number *b)
{
    if (check_nans(c, out, a, b))
        return;
    bool negative = a->negative && number_is_odd(c->vm, b);
    if (power_special(c, out, a, b, negative) || power_of_one(c, out, a, b, negative) ||
        power_out_of_bounds(c, out, a, b, negative))
        return;
    if (number_is_integer(c->vm, b))
        power_whole(c, out, a, b, negative);
    else
        power_real(c, out, a, b);
}

/* ---- modulo ---- */

static bool whole_value(struct calculation *c, mpz_t out, const struct number *a)
{
    if (a->exponent >= 0) {
        if (a->digits + a->exponent > DIGITS_MAX)
            return false;
        mpz_mul(out, a->coefficient, power_of_ten(c->vm, has_zero_coefficient(a) ? 0 : a->exponent));
    } else
        mpz_tdiv_q(out, a->coefficient, power_of_ten(c->vm, has_zero_coefficient(a) ? 0 : -a->exponent));
    return true;
}

void calculate_power_modulo(struct calculation *c, struct number *out, const struct number *a, const struct number *b,
                            const struct number *modulus)
{
    const struct number *const operands[3] = {a, b, modulus};
    if (check_three_nans(c, out, operands))
        return;
    if (!number_is_integer(c->vm, a) || !number_is_integer(c->vm, b) || !number_is_integer(c->vm, modulus) ||
        is_zero(modulus) || (b->negative && !is_zero(b)) || modulus->digits + modulus->exponent > c->rules.precision ||
        (is_zero(a) && is_zero(b))) {
        number_invalid(c, out, STATUS_INVALID_OPERATION);
        return;
    }
    mpz_t base, ten, exponent, divisor;
    mpz_inits(base, ten, exponent, divisor, NULL);
    bool possible = whole_value(c, divisor, modulus) && whole_value(c, exponent, b);
    if (possible && !is_zero(a) && a->exponent > 0) { /* the base's exponent may be huge: reduced as well */
        mpz_set_ui(ten, 10);
        mpz_set_ui(base, (unsigned long)a->exponent);
        mpz_powm(ten, ten, base, divisor);
        mpz_mul(base, ten, a->coefficient);
    } else if (possible)
        possible = whole_value(c, base, a);
    if (!possible)
        number_invalid(c, out, STATUS_NO_MEMORY);
    else {
        size_t limbs = mpz_size(divisor);
        ADD_WORK(c->vm, limbs, limbs * limbs * (mpz_sizeinbase(exponent, 2) + 1));
        mpz_powm(out->coefficient, base, exponent, divisor);
        out->kind = FINITE;
        out->exponent = 0;
        out->negative = a->negative && mpz_odd_p(exponent);
        number_count_digits(c->vm, out);
    }
    mpz_clears(base, ten, exponent, divisor, NULL);
}
