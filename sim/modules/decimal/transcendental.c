/* transcendental.c - exp, ln and log10, correctly rounded (half to even), and the square root.
 *
 * Results are computed as binary fixed-point numbers with some digits more than wanted; when these do not decide the rounding,
 * again with more (Ziv's strategy). None of them is a decimal fraction unless it was found to be before, so this ends.
 */
#include "sim/modules/decimal/decimal.h"

static size_t bits_for(int64_t digits)
{
    return (size_t)((double)digits * 3.3219280948873626) + 64;
}

/* ---- fixed-point numbers with `bits` binary places ---- */

/* Adds factor * atanh(1/n). */
static void add_atanh_of_inverse(mpz_t sum, unsigned long factor, unsigned long n, size_t bits)
{
    mpz_t power, term;
    mpz_inits(power, term, NULL);
    mpz_set_ui(power, factor);
    mpz_mul_2exp(power, power, bits);
    mpz_tdiv_q_ui(power, power, n);
    for (unsigned long k = 1; mpz_sgn(power); k += 2) {
        mpz_tdiv_q_ui(term, power, k);
        mpz_add(sum, sum, term);
        mpz_tdiv_q_ui(power, power, n * n);
    }
    mpz_clears(power, term, NULL);
}

/* ln 10 = 46 atanh(1/31) + 34 atanh(1/49) + 20 atanh(1/161) */
static void fixed_ln_10(struct vm *vm, mpz_t out, size_t bits)
{
    struct decimal_state *state = decimal_state(vm);
    if (state->logarithm_bits < bits + 32) {
        size_t places = bits + bits / 4 + 128;
        mpz_set_ui(state->logarithm, 0);
        add_atanh_of_inverse(state->logarithm, 46, 31, places);
        add_atanh_of_inverse(state->logarithm, 34, 49, places);
        add_atanh_of_inverse(state->logarithm, 20, 161, places);
        state->logarithm_bits = places;
    }
    mpz_tdiv_q_2exp(out, state->logarithm, state->logarithm_bits - bits);
}

/* e**r for |r| < 4: r is halved `halvings` times for the Taylor series, whose sum is then squared as often. */
static void fixed_exp(struct calculation *c, mpz_t out, const mpz_t r, size_t bits)
{
    size_t halvings = (size_t)sqrt((double)bits) + 3, places = bits + 2 * halvings + 32;
    mpz_t x, term;
    mpz_inits(x, term, NULL);
    mpz_mul_2exp(x, r, places - bits);
    mpz_fdiv_q_2exp(x, x, halvings);
    mpz_set_ui(out, 1);
    mpz_mul_2exp(out, out, places);
    mpz_set(term, out);
    size_t limbs = places / 64 + 1;
    for (unsigned long n = 1; mpz_sgn(term) && !calculation_interrupted(c); n++) {
        mpz_mul(term, term, x);
        mpz_tdiv_q_2exp(term, term, places);
        mpz_tdiv_q_ui(term, term, n);
        mpz_add(out, out, term);
        ADD_WORK(c->vm, limbs, limbs * limbs);
    }
    for (size_t i = 0; i < halvings && !calculation_interrupted(c); i++) {
        mpz_mul(out, out, out);
        mpz_tdiv_q_2exp(out, out, places);
        ADD_WORK(c->vm, limbs, limbs * limbs);
    }
    mpz_tdiv_q_2exp(out, out, places - bits);
    mpz_clears(x, term, NULL);
}

/* ln z for z between 1/4 and 4: Halley's iteration y += 2 (z - e**y) / (z + e**y), each with three times the bits. */
static void fixed_ln(struct calculation *c, mpz_t out, const mpz_t z, size_t bits)
{
    size_t steps[64], count = 0;
    for (size_t wanted = bits; wanted > 45; wanted = wanted / 3 + 3)
        steps[count++] = wanted + 16;
    size_t places = 60;
    mpz_t leading, power, difference;
    mpz_inits(leading, power, difference, NULL);
    mpz_tdiv_q_2exp(leading, z, bits - places);
    mpz_set_d(out, ldexp(log(ldexp(mpz_get_d(leading), -(int)places)), (int)places));
    while (count-- && !calculation_interrupted(c)) {
        size_t next = steps[count];
        if (next >= places)
            mpz_mul_2exp(out, out, next - places);
        else
            mpz_fdiv_q_2exp(out, out, places - next);
        if (next >= bits)
            mpz_mul_2exp(leading, z, next - bits);
        else
            mpz_tdiv_q_2exp(leading, z, bits - next);
        places = next;
        fixed_exp(c, power, out, places);
        mpz_sub(difference, leading, power);
        mpz_add(power, power, leading);
        mpz_mul_2exp(difference, difference, places + 1);
        mpz_fdiv_q(difference, difference, power);
        mpz_add(out, out, difference);
    }
    if (places >= bits)
        mpz_fdiv_q_2exp(out, out, places - bits);
    else
        mpz_mul_2exp(out, out, bits - places);
    mpz_clears(leading, power, difference, NULL);
}

/* ---- rounding ---- */

/* The coefficient of `out` is within 2 of the exact, irrational result's. False: that does not decide the rounding. */
static bool finish_approximation(struct calculation *c, struct number *out)
{
    struct calculation low_work = *c, high_work = *c;
    struct number low, high;
    number_start(&low);
    number_start(&high);
    number_copy(&low, out);
    number_copy(&high, out);
    mpz_sub_ui(low.coefficient, low.coefficient, 2);
    mpz_add_ui(high.coefficient, high.coefficient, 2);
    struct number *const ends[2] = {&low, &high};
    for (int i = 0; i < 2; i++) { /* a digit that is not zero shows that it is inexact */
        mpz_mul_ui(ends[i]->coefficient, ends[i]->coefficient, 10);
        mpz_add_ui(ends[i]->coefficient, ends[i]->coefficient, 1);
        ends[i]->exponent--;
        number_count_digits(c->vm, ends[i]);
    }
    number_finish(&low_work, &low);
    number_finish(&high_work, &high);
    bool decided = low.kind == high.kind && low.exponent == high.exponent && !mpz_cmp(low.coefficient, high.coefficient) &&
                   low_work.status == high_work.status;
    if (decided) {
        number_copy(out, &low);
        c->status |= low_work.status;
    }
    number_clear(&low);
    number_clear(&high);
    return decided || (c->status & STATUS_ERRORS);
}

/* A fixed-point number times 10**places, as the coefficient. */
static void set_from_fixed(struct calculation *c, struct number *out, const mpz_t fixed, size_t bits, int64_t places)
{
    mpz_mul(out->coefficient, fixed, power_of_ten(c->vm, places));
    out->negative = mpz_sgn(fixed) < 0;
    mpz_abs(out->coefficient, out->coefficient);
    mpz_tdiv_q_2exp(out->coefficient, out->coefficient, bits);
    out->kind = FINITE;
    out->exponent = -places;
    number_count_digits(c->vm, out);
}

/* The number as a fixed-point number, towards zero. */
static void fixed_from_number(struct vm *vm, mpz_t out, const struct number *a, int64_t exponent, size_t bits)
{
    mpz_mul_2exp(out, a->coefficient, bits);
    if (exponent >= 0)
        mpz_mul(out, out, power_of_ten(vm, exponent));
    else
        mpz_tdiv_q(out, out, power_of_ten(vm, -exponent));
    if (a->negative)
        mpz_neg(out, out);
}

static bool too_long(struct calculation *c, struct number *out, int64_t digits)
{
    if (digits <= DIGITS_MAX / 10)
        return false;
    number_invalid(c, out, STATUS_NO_MEMORY);
    return true;
}

/* ---- exp ---- */

/* |x| <= 9 / 10**(precision + 4): too small to show. The result is 1, never the subnormal number just below it. */
static bool is_tiny_exponent(struct calculation *c, const struct number *a)
{
    int64_t limit = -(c->rules.precision + 4);
    if (adjusted_exponent(a) != limit)
        return adjusted_exponent(a) < limit;
    struct number nine, magnitude = *a; /* shares the coefficient */
    magnitude.negative = false;
    number_start(&nine);
    number_set(&nine, false, 9, limit);
    int order = number_order(c, &magnitude, &nine);
    number_clear(&nine);
    return order <= 0;
}

static void exp_of_tiny(struct calculation *c, struct number *out)
{
    number_set(out, false, 1, 0);
    if (!number_shift_left(c, out, c->rules.precision - 1))
        return;
    out->exponent = -(c->rules.precision - 1);
    number_finish(c, out);
}

static void exp_finite(struct calculation *c, struct number *out, const struct number *a)
{
    if (adjusted_exponent(a) > 19) { /* far beyond every context's exponents */
        if (a->negative)
            number_set(out, false, 1, rules_etiny(&c->rules) - 1);
        else
            number_set(out, false, 1, EXPONENT_INFINITE);
        number_finish(c, out);
        return;
    }
    mpz_t x, logarithm, whole;
    mpz_inits(x, logarithm, whole, NULL);
    for (int64_t guard = 6;; guard += 19) {
        int64_t places = c->rules.precision + guard;
        size_t bits = bits_for(places + 4), wide = bits + 80; /* 80: the whole part of x has so many bits */
        fixed_from_number(c->vm, x, a, a->exponent, wide);
        fixed_ln_10(c->vm, logarithm, wide);
        mpz_fdiv_qr(whole, x, x, logarithm);
        mpz_fdiv_q_2exp(x, x, wide - bits);
        fixed_exp(c, logarithm, x, bits);
        set_from_fixed(c, out, logarithm, bits, places);
        int64_t exponent = mpz_get_si(whole);
        if (!mpz_fits_slong_p(whole) || exponent > EXPONENT_MAX * 2 || exponent < EXPONENT_MIN * 3)
            exponent = mpz_sgn(whole) < 0 ? EXPONENT_MIN * 3 : EXPONENT_MAX * 2;
        out->exponent += exponent;
        if ((c->status & STATUS_INTERRUPTED) || finish_approximation(c, out))
            break;
    }
    mpz_clears(x, logarithm, whole, NULL);
}

void calculate_exp(struct calculation *c, struct number *out, const struct number *a)
{
    if (check_nan(c, out, a))
        return;
    if (is_infinite(a)) {
        if (a->negative)
            number_set(out, false, 0, 0);
        else
            number_set_special(out, false, INFINITE);
        return;
    }
    if (has_zero_coefficient(a)) {
        number_set(out, false, 1, 0);
        return;
    }
    struct calculation work = *c;
    work.rules.rounding = ROUND_HALF_EVEN;
    if (!too_long(&work, out, c->rules.precision)) {
        if (is_tiny_exponent(&work, a))
            exp_of_tiny(&work, out);
        else
            exp_finite(&work, out, a);
        work.status |= STATUS_INEXACT | STATUS_ROUNDED;
    }
    c->status |= work.status;
}

/* ---- logarithms ---- */

/* ln or log10 of a number that is positive, finite and whose logarithm is irrational. a = m * 10**n, m between 0.3 and 3.2. */
static void logarithm_finite(struct calculation *c, struct number *out, const struct number *a, bool common)
{
    struct number one, distance;
    number_start(&one);
    number_start(&distance);
    number_set(&one, false, 1, 0);
    int64_t n = adjusted_exponent(a), near = 0;
    struct number scaled = *a; /* shares the coefficient: not to be cleared */
    scaled.exponent -= n;
    number_set(&distance, false, 31, -1);
    if (number_order(c, &scaled, &distance) > 0) {
        n++;
        scaled.exponent--;
    }
    if (!n) { /* leading zeros of the result */
        struct calculation exact = *c;
        exact.rules = rules_exact;
        calculate_subtract(&exact, &distance, &scaled, &one);
        near = adjusted_exponent(&distance) < 0 ? -adjusted_exponent(&distance) : 0;
    }
    mpz_t z, sum, ten;
    mpz_inits(z, sum, ten, NULL);
    for (int64_t guard = 6; !too_long(c, out, c->rules.precision + near); guard += 19) {
        int64_t places = c->rules.precision + guard + near;
        size_t bits = bits_for(places + 20);
        fixed_from_number(c->vm, z, &scaled, scaled.exponent, bits);
        fixed_ln(c, sum, z, bits);
        fixed_ln_10(c->vm, ten, bits);
        if (common) {
            mpz_mul_2exp(sum, sum, bits);
            mpz_fdiv_q(sum, sum, ten);
            mpz_set_ui(ten, 1);
            mpz_mul_2exp(ten, ten, bits);
        }
        mpz_mul_si(ten, ten, n);
        mpz_add(sum, sum, ten);
        set_from_fixed(c, out, sum, bits, places);
        if ((c->status & STATUS_INTERRUPTED) || finish_approximation(c, out))
            break;
    }
    mpz_clears(z, sum, ten, NULL);
    number_clear(&one);
    number_clear(&distance);
}

static void calculate_logarithm(struct calculation *c, struct number *out, const struct number *a, bool common)
{
    if (check_nan(c, out, a))
        return;
    if (is_finite(a) && has_zero_coefficient(a)) {
        number_set_special(out, true, INFINITE);
        return;
    }
    if (a->negative) {
        number_invalid(c, out, STATUS_INVALID_OPERATION);
        return;
    }
    if (is_infinite(a)) {
        number_set_special(out, false, INFINITE);
        return;
    }
    struct calculation work = *c;
    work.rules.rounding = ROUND_HALF_EVEN;
    int64_t zeros = number_trailing_zeros(c->vm, a);
    bool power = zeros == a->digits - 1 && mpz_cmp(a->coefficient, power_of_ten(c->vm, zeros)) == 0;
    if (power && (common || adjusted_exponent(a) == 0)) {
        number_set_int64(out, common ? adjusted_exponent(a) : 0);
        if (common)
            number_finish(&work, out);
    } else {
        logarithm_finite(&work, out, a, common);
        work.status |= STATUS_INEXACT | STATUS_ROUNDED;
    }
    c->status |= work.status;
}

void calculate_ln(struct calculation *c, struct number *out, const struct number *a)
{
    calculate_logarithm(c, out, a, false);
}

void calculate_log10(struct calculation *c, struct number *out, const struct number *a)
{
    calculate_logarithm(c, out, a, true);
}

/* ---- square root ---- */

/* Two digits a digit of the root: the operand is shifted so that the root has one more than wanted, exact or marked. */
static void root_finite(struct calculation *c, struct number *out, const struct number *a, int64_t precision)
{
    int64_t ideal = a->exponent >> 1, length = (a->digits + 1) >> 1;
    bool odd = a->exponent & 1;
    mpz_t operand, rest;
    mpz_init_set(operand, a->coefficient);
    mpz_init(rest);
    if (odd) {
        mpz_mul_ui(operand, operand, 10);
        length = (a->digits >> 1) + 1;
    }
    int64_t shift = precision - length;
    bool exact = true;
    if (shift >= 0)
        mpz_mul(operand, operand, power_of_ten(c->vm, 2 * shift));
    else {
        mpz_tdiv_qr(operand, rest, operand, power_of_ten(c->vm, -2 * shift));
        exact = !mpz_sgn(rest);
    }
    size_t limbs = mpz_size(operand);
    ADD_WORK(c->vm, limbs, limbs * limbs);
    mpz_sqrtrem(out->coefficient, rest, operand);
    exact = exact && !mpz_sgn(rest);
    out->kind = FINITE;
    out->negative = false;
    out->exponent = ideal - shift;
    if (exact && shift >= 0) {
        mpz_tdiv_q(out->coefficient, out->coefficient, power_of_ten(c->vm, shift));
        out->exponent = ideal;
    } else if (exact) {
        mpz_mul(out->coefficient, out->coefficient, power_of_ten(c->vm, -shift));
        out->exponent = ideal;
    } else if (mpz_fdiv_ui(out->coefficient, 5) == 0)
        mpz_add_ui(out->coefficient, out->coefficient, 1);
    number_count_digits(c->vm, out);
    mpz_clears(operand, rest, NULL);
}

void calculate_sqrt(struct calculation *c, struct number *out, const struct number *a)
{
    if (check_nan(c, out, a))
        return;
    if (is_finite(a) && has_zero_coefficient(a)) {
        number_set(out, a->negative, 0, a->exponent >> 1);
        number_finish(c, out);
        return;
    }
    if (a->negative) {
        number_invalid(c, out, STATUS_INVALID_OPERATION);
        return;
    }
    if (is_infinite(a)) {
        number_set_special(out, false, INFINITE);
        return;
    }
    struct calculation work = *c;
    work.rules.rounding = ROUND_HALF_EVEN;
    bool limited = c->rules.precision > DIGITS_MAX / 4; /* then only an exact root can be had */
    root_finite(&work, out, a, limited ? a->digits + 1 : c->rules.precision + 1);
    if (limited) {
        struct number square;
        number_start(&square);
        calculate_multiply_exact(&work, &square, out, out);
        if (number_order(&work, &square, a) != 0)
            number_invalid(&work, out, STATUS_NO_MEMORY);
        number_clear(&square);
    }
    number_finish(&work, out);
    c->status |= work.status;
}
