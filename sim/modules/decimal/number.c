/* number.c - decimal numbers: digits, powers of ten, shifting, and rounding to a context ("finishing"). */
#include "sim/modules/decimal/decimal.h"
#include "sim/modules/signal.h"

const struct rules rules_exact = {PRECISION_MAX, EXPONENT_MAX, EXPONENT_MIN, ROUND_HALF_EVEN, false};

void number_start(struct number *a)
{
    mpz_init(a->coefficient);
    a->exponent = 0;
    a->digits = 1;
    a->negative = false;
    a->kind = FINITE;
}

void number_clear(struct number *a)
{
    mpz_clear(a->coefficient);
}

void number_copy(struct number *out, const struct number *a)
{
    mpz_set(out->coefficient, a->coefficient);
    out->exponent = a->exponent;
    out->digits = a->digits;
    out->negative = a->negative;
    out->kind = a->kind;
}

/* Decimal digits of n; 1 for 0. */
static int64_t word_digits(uint64_t n)
{
    static const uint64_t powers[20] = {0, 10u, 100u, 1000u, 10000u, 100000u, 1000000u, 10000000u, 100000000u, 1000000000u,
        10000000000u, 100000000000u, 1000000000000u, 10000000000000u, 100000000000000u, 1000000000000000u, 10000000000000000u,
        100000000000000000u, 1000000000000000000u, 10000000000000000000u};
    int bits = 64 - __builtin_clzll(n | 1), estimate = bits * 1233 >> 12; /* floor of bits * log10(2) */
    return estimate + (n >= powers[estimate] || !estimate);
}

void number_set(struct number *out, bool negative, uint64_t coefficient, int64_t exponent)
{
    mpz_set_ui(out->coefficient, coefficient);
    out->exponent = exponent;
    out->digits = word_digits(coefficient);
    out->negative = negative;
    out->kind = FINITE;
}

void number_set_int64(struct number *out, int64_t n)
{
    number_set(out, n < 0, n < 0 ? 0 - (uint64_t)n : (uint64_t)n, 0);
}

void number_set_special(struct number *out, bool negative, enum number_kind kind)
{
    number_set(out, negative, 0, 0);
    out->kind = kind;
}

void number_invalid(struct calculation *c, struct number *out, uint32_t status)
{
    number_set_special(out, false, QUIET_NAN);
    c->status |= status;
}

mpz_srcptr power_of_ten(struct vm *vm, int64_t exponent)
{
    struct decimal_state *state = decimal_state(vm);
    if (exponent < POWER_COUNT) {
        if (!mpz_sgn(state->powers[exponent]))
            mpz_ui_pow_ui(state->powers[exponent], 10, (unsigned long)exponent);
        return state->powers[exponent];
    }
    if (state->last_power_exponent != exponent) {
        mpz_ui_pow_ui(state->last_power, 10, (unsigned long)exponent);
        state->last_power_exponent = exponent;
    }
    return state->last_power;
}

void number_count_digits(struct vm *vm, struct number *a)
{
    size_t limbs = mpz_size(a->coefficient);
    if (limbs <= 1) {
        a->digits = word_digits(mpz_get_ui(a->coefficient));
        return;
    }
    /* log10 from the leading bits tells the number of digits unless it is nearly an integer */
    signed long bits;
    double leading = mpz_get_d_2exp(&bits, a->coefficient); /* truncated */
    double estimate = log10(leading) + (double)bits * 0.30102999566398119521, whole = floor(estimate);
    double margin = 1e-12 + (double)bits * 1e-15;
    a->digits = (int64_t)whole + 1;
    if (estimate - whole < margin || whole + 1 - estimate < margin) {
        int64_t near = (int64_t)floor(estimate + 0.5);
        a->digits = near + (mpz_cmp(a->coefficient, power_of_ten(vm, near)) >= 0);
    }
}

/* ---- shifting ---- */

bool number_shift_left(struct calculation *c, struct number *a, int64_t count)
{
    if (count <= 0)
        return true;
    if (has_zero_coefficient(a))
        return true;
    if (a->digits + count > DIGITS_MAX) {
        number_invalid(c, a, STATUS_NO_MEMORY);
        return false;
    }
    mpz_mul(a->coefficient, a->coefficient, power_of_ten(c->vm, count));
    ADD_WORK(c->vm, limbs, mpz_size(a->coefficient));
    a->digits += count;
    return true;
}

int number_shift_right(struct calculation *c, struct number *a, int64_t count)
{
    if (count <= 0 || has_zero_coefficient(a))
        return 0;
    if (count > a->digits) {
        number_set(a, a->negative, 0, a->exponent);
        return 1;
    }
    mpz_srcptr divisor = power_of_ten(c->vm, count);
    int rest;
    ADD_WORK(c->vm, limbs, mpz_size(a->coefficient));
    if (mpz_size(divisor) == 1) {
        mp_limb_t d = mpz_getlimbn(divisor, 0), r = mpz_tdiv_q_ui(a->coefficient, a->coefficient, d);
        rest = !r ? 0 : r < d - r ? 1 : r == d - r ? 5 : 9;
    } else {
        mpz_t r;
        mpz_init(r);
        mpz_tdiv_qr(a->coefficient, r, a->coefficient, divisor);
        if (!mpz_sgn(r))
            rest = 0;
        else {
            mpz_mul_2exp(r, r, 1);
            int order = mpz_cmp(r, divisor);
            rest = order < 0 ? 1 : order == 0 ? 5 : 9;
        }
        mpz_clear(r);
    }
    a->digits = count < a->digits ? a->digits - count : 1;
    return rest;
}

int64_t number_trailing_zeros(struct vm *vm, const struct number *a)
{
    if (has_zero_coefficient(a))
        return 0;
    /* as many zeros as the number has twos at most; then by halving */
    int64_t limit = (int64_t)mpz_scan1(a->coefficient, 0), found = 0;
    if (!limit)
        return 0;
    mpz_t rest, quotient, remainder;
    mpz_init_set(rest, a->coefficient);
    mpz_inits(quotient, remainder, NULL);
    int64_t step = 1;
    while (step * 2 <= limit && step * 2 < a->digits)
        step *= 2;
    for (; step; step /= 2)
        while (found + step <= limit && found + step < a->digits) {
            mpz_tdiv_qr(quotient, remainder, rest, power_of_ten(vm, step));
            if (mpz_sgn(remainder))
                break;
            mpz_swap(rest, quotient);
            found += step;
        }
    mpz_clears(rest, quotient, remainder, NULL);
    return found;
}

bool number_is_integer(struct vm *vm, const struct number *a)
{
    if (is_special(a))
        return false;
    if (has_zero_coefficient(a) || a->exponent >= 0)
        return true;
    return number_trailing_zeros(vm, a) >= -a->exponent;
}

bool number_is_odd(struct vm *vm, const struct number *a)
{
    if (!number_is_integer(vm, a) || has_zero_coefficient(a) || a->exponent > 0)
        return false;
    if (a->exponent == 0)
        return mpz_odd_p(a->coefficient);
    mpz_t whole;
    mpz_init(whole);
    mpz_tdiv_q(whole, a->coefficient, power_of_ten(vm, -a->exponent));
    bool odd = mpz_odd_p(whole);
    mpz_clear(whole);
    return odd;
}

bool number_to_int64(struct vm *vm, const struct number *a, int64_t *out)
{
    if (!number_is_integer(vm, a))
        return false;
    if (has_zero_coefficient(a)) {
        *out = 0;
        return true;
    }
    if (adjusted_exponent(a) > 18)
        return false;
    mpz_t whole;
    mpz_init(whole);
    if (a->exponent >= 0)
        mpz_mul(whole, a->coefficient, power_of_ten(vm, a->exponent));
    else
        mpz_tdiv_q(whole, a->coefficient, power_of_ten(vm, -a->exponent));
    bool fits = mpz_fits_slong_p(whole);
    *out = fits ? (a->negative ? -mpz_get_si(whole) : mpz_get_si(whole)) : 0;
    mpz_clear(whole);
    return fits;
}

/* ---- rounding ---- */

bool rounds_up(enum rounding rounding, bool negative, unsigned last_digit, int rest)
{
    if (!rest)
        return false;
    switch (rounding) {
    case ROUND_UP:
        return true;
    case ROUND_DOWN:
        return false;
    case ROUND_CEILING:
        return !negative;
    case ROUND_FLOOR:
        return negative;
    case ROUND_HALF_UP:
        return rest >= 5;
    case ROUND_HALF_DOWN:
        return rest > 5;
    case ROUND_HALF_EVEN:
        return rest > 5 || (rest == 5 && (last_digit & 1));
    case ROUND_05UP:
        return last_digit == 0 || last_digit == 5;
    }
    return false;
}

static unsigned last_digit_for(const struct calculation *c, const struct number *a)
{
    if (c->rules.rounding == ROUND_05UP)
        return (unsigned)mpz_fdiv_ui(a->coefficient, 10);
    return (unsigned)mpz_odd_p(a->coefficient);
}

void number_round_increment(struct calculation *c, struct number *a, int rest)
{
    if (!rest || !rounds_up(c->rules.rounding, a->negative, last_digit_for(c, a), rest))
        return;
    mpz_add_ui(a->coefficient, a->coefficient, 1);
    number_count_digits(c->vm, a);
}

void number_set_largest(struct calculation *c, struct number *out)
{
    bool negative = out->negative;
    if (c->rules.precision > DIGITS_MAX) {
        number_invalid(c, out, STATUS_NO_MEMORY);
        return;
    }
    mpz_sub_ui(out->coefficient, power_of_ten(c->vm, c->rules.precision), 1);
    out->digits = c->rules.precision;
    out->exponent = rules_etop(&c->rules);
    out->kind = FINITE;
    out->negative = negative;
}

static void finish_overflow(struct calculation *c, struct number *a)
{
    const struct rules *rules = &c->rules;
    if (has_zero_coefficient(a)) {
        a->exponent = rules->clamp ? rules_etop(rules) : rules->exponent_max;
        c->status |= STATUS_CLAMPED;
        return;
    }
    enum rounding r = rules->rounding;
    bool largest = r == ROUND_DOWN || r == ROUND_05UP || (r == ROUND_CEILING && a->negative) ||
                   (r == ROUND_FLOOR && !a->negative);
    if (largest)
        number_set_largest(c, a);
    else
        number_set_special(a, a->negative, INFINITE);
    c->status |= STATUS_OVERFLOW | STATUS_INEXACT | STATUS_ROUNDED;
}

static void finish_subnormal(struct calculation *c, struct number *a)
{
    int64_t etiny = rules_etiny(&c->rules);
    if (has_zero_coefficient(a)) {
        if (a->exponent < etiny) {
            a->exponent = etiny;
            c->status |= STATUS_CLAMPED;
        }
        return;
    }
    c->status |= STATUS_SUBNORMAL;
    if (a->exponent >= etiny)
        return;
    int rest = number_shift_right(c, a, etiny - a->exponent);
    a->exponent = etiny;
    number_round_increment(c, a, rest);
    c->status |= STATUS_ROUNDED;
    if (rest) {
        c->status |= STATUS_INEXACT | STATUS_UNDERFLOW;
        if (has_zero_coefficient(a))
            c->status |= STATUS_CLAMPED;
    }
}

static void finish_exponent(struct calculation *c, struct number *a)
{
    int64_t adjusted = adjusted_exponent(a);
    if (adjusted > c->rules.exponent_max) {
        finish_overflow(c, a);
        return;
    }
    int64_t etop = rules_etop(&c->rules);
    if (c->rules.clamp && a->exponent > etop) {
        int64_t shift = a->exponent - etop;
        if (!number_shift_left(c, a, shift))
            return;
        a->exponent = etop;
        c->status |= STATUS_CLAMPED;
        if (!has_zero_coefficient(a) && adjusted < c->rules.exponent_min)
            c->status |= STATUS_SUBNORMAL;
    } else if (adjusted < c->rules.exponent_min)
        finish_subnormal(c, a);
}

/* A NaN's payload keeps its last digits, as many as the precision allows. */
static void finish_nan(struct calculation *c, struct number *a)
{
    int64_t maximum = c->rules.precision - c->rules.clamp;
    if (has_zero_coefficient(a) || a->digits <= maximum)
        return;
    mpz_tdiv_r(a->coefficient, a->coefficient, power_of_ten(c->vm, maximum));
    number_count_digits(c->vm, a);
}

void number_finish(struct calculation *c, struct number *a)
{
    if (is_special(a)) {
        if (is_nan(a))
            finish_nan(c, a);
        return;
    }
    finish_exponent(c, a);
    if (is_special(a) || a->digits <= c->rules.precision)
        return;
    int64_t shift = a->digits - c->rules.precision;
    int rest = number_shift_right(c, a, shift);
    a->exponent += shift;
    if (rest && rounds_up(c->rules.rounding, a->negative, last_digit_for(c, a), rest)) {
        mpz_add_ui(a->coefficient, a->coefficient, 1);
        number_count_digits(c->vm, a);
        if (a->digits > c->rules.precision) { /* 99..9 became 100..0 */
            number_shift_right(c, a, 1);
            a->exponent++;
            finish_exponent(c, a);
        }
    }
    c->status |= STATUS_ROUNDED;
    if (rest)
        c->status |= STATUS_INEXACT;
}

/* ---- NaNs ---- */

static void take_nan(struct calculation *c, struct number *out, const struct number *nan)
{
    if (nan->kind == SIGNALLING_NAN)
        c->status |= STATUS_INVALID_OPERATION;
    number_copy(out, nan);
    out->kind = QUIET_NAN;
    finish_nan(c, out);
}

bool check_nan(struct calculation *c, struct number *out, const struct number *a)
{
    if (!is_nan(a))
        return false;
    take_nan(c, out, a);
    return true;
}

bool check_nans(struct calculation *c, struct number *out, const struct number *a, const struct number *b)
{
    if (!is_nan(a) && !is_nan(b))
        return false;
    if (a->kind == SIGNALLING_NAN || (b->kind != SIGNALLING_NAN && is_nan(a)))
        take_nan(c, out, a);
    else
        take_nan(c, out, b);
    return true;
}

bool check_three_nans(struct calculation *c, struct number *out, const struct number *const operands[3])
{
    const struct number *chosen = NULL;
    for (int i = 0; i < 3; i++)
        if (operands[i]->kind == SIGNALLING_NAN && (!chosen || chosen->kind != SIGNALLING_NAN))
            chosen = operands[i];
        else if (operands[i]->kind == QUIET_NAN && !chosen)
            chosen = operands[i];
    if (!chosen)
        return false;
    take_nan(c, out, chosen);
    return true;
}

bool calculation_interrupted(struct calculation *c)
{
    if (!signal_interrupts_native(c->vm))
        return false;
    c->status |= STATUS_INTERRUPTED;
    return true;
}
