/* arithmetic.c - sums, products, quotients, remainders and quantize. */
#include "sim/modules/decimal/decimal.h"

static void count_work(struct calculation *c, const struct number *a, const struct number *b)
{
    ADD_WORK(c->vm, limbs, mpz_size(a->coefficient) + mpz_size(b->coefficient));
}

void calculate_plus(struct calculation *c, struct number *out, const struct number *a)
{
    if (check_nan(c, out, a))
        return;
    number_copy(out, a);
    if (is_zero(a))
        out->negative = a->negative && c->rules.rounding == ROUND_FLOOR;
    number_finish(c, out);
}

void calculate_minus(struct calculation *c, struct number *out, const struct number *a)
{
    if (check_nan(c, out, a))
        return;
    number_copy(out, a);
    out->negative = !a->negative && (!is_zero(a) || c->rules.rounding == ROUND_FLOOR);
    number_finish(c, out);
}

void calculate_absolute(struct calculation *c, struct number *out, const struct number *a)
{
    if (check_nan(c, out, a))
        return;
    number_copy(out, a);
    out->negative = false;
    number_finish(c, out);
}

static void add_special(struct calculation *c, struct number *out, const struct number *a, const struct number *b,
                        bool b_negative)
{
    if (check_nans(c, out, a, b))
        return;
    if (is_infinite(a) && is_infinite(b) && a->negative != b_negative)
        number_invalid(c, out, STATUS_INVALID_OPERATION);
    else
        number_set_special(out, is_infinite(a) ? a->negative : b_negative, INFINITE);
}

static void add_coefficients(struct calculation *c, struct number *out, mpz_srcptr high, bool high_negative, mpz_srcptr low,
                             bool low_negative)
{
    if (high_negative == low_negative) {
        mpz_add(out->coefficient, high, low);
        out->negative = high_negative;
    } else {
        mpz_sub(out->coefficient, high, low);
        int sign = mpz_sgn(out->coefficient);
        out->negative = sign == 0 ? c->rules.rounding == ROUND_FLOOR : sign > 0 ? high_negative : low_negative;
        mpz_abs(out->coefficient, out->coefficient);
    }
    number_count_digits(c->vm, out);
    number_finish(c, out);
}

static void add_signed(struct calculation *c, struct number *out, const struct number *a, const struct number *b, bool b_negative)
{
    if (is_special(a) || is_special(b)) {
        add_special(c, out, a, b, b_negative);
        return;
    }
    count_work(c, a, b);
    out->kind = FINITE;
    if (a->exponent == b->exponent) {
        out->exponent = a->exponent;
        add_coefficients(c, out, a->coefficient, a->negative, b->coefficient, b_negative);
        return;
    }
    /* big has the greater exponent and is brought to the other's */
    bool swapped = b->exponent > a->exponent;
    const struct number *big = swapped ? b : a, *small = swapped ? a : b;
    bool big_negative = swapped ? b_negative : a->negative, small_negative = swapped ? a->negative : b_negative;
    if (has_zero_coefficient(big)) {
        out->exponent = small->exponent;
        add_coefficients(c, out, big->coefficient, big_negative, small->coefficient, small_negative);
        return;
    }
    /* what is so small that it decides nothing but the rounding is replaced by something nearer */
    int64_t exponent = big->exponent - 1, small_exponent = small->exponent;
    if (big->digits <= c->rules.precision)
        exponent += big->digits - c->rules.precision - 1;
    mpz_t tiny, shifted;
    mpz_srcptr small_coefficient = small->coefficient;
    bool is_tiny = adjusted_exponent(small) < exponent;
    if (is_tiny) {
        mpz_init_set_ui(tiny, !has_zero_coefficient(small));
        small_exponent = exponent;
        small_coefficient = tiny;
    }
    int64_t shift = big->exponent - small_exponent;
    out->exponent = small_exponent;
    if (shift > DIGITS_MAX)
        number_invalid(c, out, STATUS_NO_MEMORY);
    else {
        mpz_init(shifted);
        mpz_mul(shifted, big->coefficient, power_of_ten(c->vm, shift));
        add_coefficients(c, out, shifted, big_negative, small_coefficient, small_negative);
        mpz_clear(shifted);
    }
    if (is_tiny)
        mpz_clear(tiny);
}

void calculate_add(struct calculation *c, struct number *out, const struct number *a, const struct number *b)
{
    add_signed(c, out, a, b, b->negative);
}

void calculate_subtract(struct calculation *c, struct number *out, const struct number *a, const struct number *b)
{
    add_signed(c, out, a, b, !b->negative);
}

void calculate_multiply_exact(struct calculation *c, struct number *out, const struct number *a, const struct number *b)
{
    bool negative = a->negative != b->negative;
    if (is_special(a) || is_special(b)) {
        if (check_nans(c, out, a, b))
            return;
        if (is_zero(a) || is_zero(b))
            number_invalid(c, out, STATUS_INVALID_OPERATION);
        else
            number_set_special(out, negative, INFINITE);
        return;
    }
    if (a->digits + b->digits > DIGITS_MAX) {
        number_invalid(c, out, STATUS_NO_MEMORY);
        return;
    }
    size_t limbs = mpz_size(a->coefficient) * mpz_size(b->coefficient);
    ADD_WORK(c->vm, limbs, limbs ? limbs : 1);
    mpz_mul(out->coefficient, a->coefficient, b->coefficient);
    out->exponent = a->exponent + b->exponent;
    out->negative = negative;
    out->kind = FINITE;
    number_count_digits(c->vm, out);
}

void calculate_multiply(struct calculation *c, struct number *out, const struct number *a, const struct number *b)
{
    calculate_multiply_exact(c, out, a, b);
    number_finish(c, out);
}

void calculate_fma(struct calculation *c, struct number *out, const struct number *a, const struct number *b,
                   const struct number *d)
{
    const struct number *const operands[3] = {a, b, d};
    if (check_three_nans(c, out, operands))
        return;
    struct number product;
    number_start(&product);
    calculate_multiply_exact(c, &product, a, b);
    if (is_nan(&product))
        number_copy(out, &product);
    else
        calculate_add(c, out, &product, d);
    number_clear(&product);
}

/* ---- division ---- */

static bool divide_special(struct calculation *c, struct number *out, const struct number *a, const struct number *b)
{
    bool negative = a->negative != b->negative;
    if (is_special(a) || is_special(b)) {
        if (check_nans(c, out, a, b))
            return true;
        if (is_infinite(a) && is_infinite(b))
            number_invalid(c, out, STATUS_INVALID_OPERATION);
        else if (is_infinite(a))
            number_set_special(out, negative, INFINITE);
        else {
            number_set(out, negative, 0, rules_etiny(&c->rules));
            c->status |= STATUS_CLAMPED;
        }
        return true;
    }
    if (!has_zero_coefficient(b))
        return false;
    if (has_zero_coefficient(a))
        number_invalid(c, out, STATUS_DIVISION_UNDEFINED);
    else {
        number_set_special(out, negative, INFINITE);
        c->status |= STATUS_DIVISION_BY_ZERO;
    }
    return true;
}

/* The coefficient's trailing zeros go as far as the exponent stays below `ideal`. */
static void strip_zeros(struct calculation *c, struct number *a, int64_t ideal)
{
    if (a->exponent >= ideal)
        return;
    int64_t zeros = number_trailing_zeros(c->vm, a), wanted = ideal - a->exponent;
    zeros = zeros < wanted ? zeros : wanted;
    number_shift_right(c, a, zeros);
    a->exponent += zeros;
}

/* Quotient of finite numbers, b != 0, to `precision` digits and one or two more, of which the last says whether it is exact. */
static void divide_finite(struct calculation *c, struct number *out, const struct number *a, const struct number *b,
                          int64_t precision)
{
    int64_t shift = b->digits - a->digits + precision + 1, ideal = a->exponent - b->exponent;
    mpz_t scaled, rest;
    mpz_inits(scaled, rest, NULL);
    if (shift > 0) {
        mpz_mul(scaled, a->coefficient, power_of_ten(c->vm, shift));
        mpz_tdiv_qr(out->coefficient, rest, scaled, b->coefficient);
    } else if (shift == 0)
        mpz_tdiv_qr(out->coefficient, rest, a->coefficient, b->coefficient);
    else {
        mpz_mul(scaled, b->coefficient, power_of_ten(c->vm, -shift));
        mpz_tdiv_qr(out->coefficient, rest, a->coefficient, scaled);
    }
    size_t divisor_limbs = mpz_size(b->coefficient);
    ADD_WORK(c->vm, limbs, mpz_size(out->coefficient) * divisor_limbs + 1);
    bool exact = !mpz_sgn(rest);
    mpz_clears(scaled, rest, NULL);
    out->exponent = ideal - shift;
    out->negative = a->negative != b->negative;
    out->kind = FINITE;
    if (!exact && mpz_fdiv_ui(out->coefficient, 5) == 0)
        mpz_add_ui(out->coefficient, out->coefficient, 1);
    number_count_digits(c->vm, out);
    if (exact)
        strip_zeros(c, out, ideal);
}

void calculate_divide(struct calculation *c, struct number *out, const struct number *a, const struct number *b)
{
    if (divide_special(c, out, a, b))
        return;
    if (has_zero_coefficient(a)) {
        number_set(out, a->negative != b->negative, 0, a->exponent - b->exponent);
        number_finish(c, out);
        return;
    }
    int64_t precision = c->rules.precision;
    bool limited = b->digits - a->digits + precision > DIGITS_MAX;
    if (limited) /* only an exact quotient can be had: it has fewer digits than this */
        precision = a->digits + 4 * b->digits;
    if (precision > DIGITS_MAX) {
        number_invalid(c, out, STATUS_NO_MEMORY);
        return;
    }
    divide_finite(c, out, a, b, precision);
    if (!limited) {
        number_finish(c, out);
        return;
    }
    struct number back;
    number_start(&back);
    calculate_multiply_exact(c, &back, out, b);
    if (number_order_magnitude(c, &back, a) != 0)
        number_invalid(c, out, STATUS_NO_MEMORY);
    else
        number_finish(c, out);
    number_clear(&back);
}

/* Integer quotient and remainder of finite numbers, b != 0. False: impossible. */
static bool divide_whole(struct calculation *c, struct number *quotient, struct number *remainder, const struct number *a,
                         const struct number *b)
{
    int64_t ideal = a->exponent < b->exponent ? a->exponent : b->exponent;
    bool negative = a->negative != b->negative;
    int64_t difference = adjusted_exponent(a) - adjusted_exponent(b);
    if (difference < 0 || has_zero_coefficient(a)) {
        number_copy(remainder, a);
        number_set(quotient, negative, 0, 0);
        if (a->exponent > b->exponent) {
            if (!number_shift_left(c, remainder, a->exponent - b->exponent))
                return false;
            remainder->exponent = b->exponent;
        }
        return true;
    }
    if (difference > c->rules.precision) {
        c->status |= STATUS_DIVISION_IMPOSSIBLE;
        return false;
    }
    struct number divisor;
    number_start(&divisor);
    number_copy(&divisor, b);
    number_copy(remainder, a);
    bool done = number_shift_left(c, remainder, a->exponent - b->exponent) &&
                number_shift_left(c, &divisor, b->exponent - a->exponent);
    if (done) {
        ADD_WORK(c->vm, limbs, mpz_size(remainder->coefficient));
        mpz_tdiv_qr(quotient->coefficient, remainder->coefficient, remainder->coefficient, divisor.coefficient);
        quotient->kind = FINITE;
        quotient->negative = negative;
        quotient->exponent = 0;
        number_count_digits(c->vm, quotient);
        number_count_digits(c->vm, remainder);
        remainder->exponent = ideal;
        if (quotient->digits > c->rules.precision) {
            c->status |= STATUS_DIVISION_IMPOSSIBLE;
            done = false;
        }
    }
    number_clear(&divisor);
    return done;
}

void calculate_divide_int(struct calculation *c, struct number *out, const struct number *a, const struct number *b)
{
    if (is_special(a) || is_special(b) || has_zero_coefficient(b)) {
        if (is_infinite(b) && is_finite(a))
            number_set(out, a->negative != b->negative, 0, 0);
        else
            divide_special(c, out, a, b);
        return;
    }
    struct number remainder;
    number_start(&remainder);
    if (divide_whole(c, out, &remainder, a, b))
        number_finish(c, out);
    else
        number_set_special(out, false, QUIET_NAN);
    number_clear(&remainder);
}

static bool remainder_special(struct calculation *c, struct number *out, const struct number *a, const struct number *b)
{
    if (check_nans(c, out, a, b))
        return true;
    if (is_infinite(a))
        number_invalid(c, out, STATUS_INVALID_OPERATION);
    else if (is_infinite(b)) {
        number_copy(out, a);
        number_finish(c, out);
    } else if (has_zero_coefficient(b))
        number_invalid(c, out, has_zero_coefficient(a) ? STATUS_DIVISION_UNDEFINED : STATUS_INVALID_OPERATION);
    else
        return false;
    return true;
}

void calculate_remainder(struct calculation *c, struct number *out, const struct number *a, const struct number *b)
{
    if (remainder_special(c, out, a, b))
        return;
    struct number quotient;
    number_start(&quotient);
    if (divide_whole(c, &quotient, out, a, b))
        number_finish(c, out);
    else
        number_set_special(out, false, QUIET_NAN);
    number_clear(&quotient);
}

void calculate_divmod(struct calculation *c, struct number *quotient, struct number *remainder, const struct number *a,
                    const struct number *b)
{
    bool negative = a->negative != b->negative;
    if (is_nan(a) || is_nan(b)) {
        check_nans(c, quotient, a, b);
        number_copy(remainder, quotient);
    } else if (is_infinite(a)) {
        if (is_infinite(b))
            number_set_special(quotient, false, QUIET_NAN);
        else
            number_set_special(quotient, negative, INFINITE);
        number_invalid(c, remainder, STATUS_INVALID_OPERATION);
    } else if (is_infinite(b)) {
        number_copy(remainder, a);
        number_finish(c, remainder);
        number_set(quotient, negative, 0, 0);
    } else if (has_zero_coefficient(b)) {
        number_set_special(remainder, false, QUIET_NAN);
        if (has_zero_coefficient(a))
            number_invalid(c, quotient, STATUS_DIVISION_UNDEFINED);
        else {
            number_set_special(quotient, negative, INFINITE);
            c->status |= STATUS_DIVISION_BY_ZERO | STATUS_INVALID_OPERATION;
        }
    } else if (divide_whole(c, quotient, remainder, a, b)) {
        number_finish(c, quotient);
        number_finish(c, remainder);
    } else {
        number_set_special(quotient, false, QUIET_NAN);
        number_set_special(remainder, false, QUIET_NAN);
    }
}

/* Twice the remainder against the divisor decides whether the next quotient is nearer. False: it has too many digits. */
static bool remainder_to_nearest(struct calculation *c, struct number *quotient, struct number *out, const struct number *b)
{
    struct number divisor, twice;
    number_start(&divisor);
    number_start(&twice);
    number_copy(&divisor, b);
    number_copy(&twice, out);
    mpz_mul_2exp(twice.coefficient, twice.coefficient, 1);
    number_count_digits(c->vm, &twice);
    int order = number_order_magnitude(c, &twice, &divisor);
    bool done = true;
    if (order > 0 || (order == 0 && mpz_odd_p(quotient->coefficient))) {
        mpz_add_ui(quotient->coefficient, quotient->coefficient, 1);
        number_count_digits(c->vm, quotient);
        done = quotient->digits <= c->rules.precision;
        if (!done)
            c->status |= STATUS_DIVISION_IMPOSSIBLE;
        else if (number_shift_left(c, &divisor, b->exponent - out->exponent)) {
            mpz_sub(out->coefficient, divisor.coefficient, out->coefficient);
            number_count_digits(c->vm, out);
            out->negative = !out->negative;
        } else
            done = false;
    }
    number_clear(&divisor);
    number_clear(&twice);
    return done;
}

void calculate_remainder_near(struct calculation *c, struct number *out, const struct number *a, const struct number *b)
{
    if (remainder_special(c, out, a, b))
        return;
    struct number quotient;
    number_start(&quotient);
    bool done = divide_whole(c, &quotient, out, a, b);
    if (done && !has_zero_coefficient(out))
        done = remainder_to_nearest(c, &quotient, out, b);
    if (done)
        number_finish(c, out);
    else
        number_set_special(out, false, QUIET_NAN);
    number_clear(&quotient);
}

/* ---- exponents ---- */

void calculate_quantize_to(struct calculation *c, struct number *out, const struct number *a, int64_t exponent)
{
    if (is_zero(a)) {
        number_set(out, a->negative, 0, exponent);
        number_finish(c, out);
        return;
    }
    int64_t difference = a->exponent - exponent;
    if (a->digits + difference > c->rules.precision) {
        number_invalid(c, out, STATUS_INVALID_OPERATION);
        return;
    }
    number_copy(out, a);
    uint32_t status = 0;
    if (difference >= 0) {
        if (!number_shift_left(c, out, difference))
            return;
    } else {
        int rest = number_shift_right(c, out, -difference);
        number_round_increment(c, out, rest);
        status = STATUS_ROUNDED | (rest ? STATUS_INEXACT : 0u);
    }
    out->exponent = exponent;
    if (adjusted_exponent(out) > c->rules.exponent_max || out->digits > c->rules.precision) {
        number_invalid(c, out, STATUS_INVALID_OPERATION);
        return;
    }
    c->status |= status;
    number_finish(c, out);
}

void calculate_quantize(struct calculation *c, struct number *out, const struct number *a, const struct number *b)
{
    if (is_special(a) || is_special(b)) {
        if (check_nans(c, out, a, b))
            return;
        if (is_infinite(a) && is_infinite(b))
            number_copy(out, a);
        else
            number_invalid(c, out, STATUS_INVALID_OPERATION);
        return;
    }
    if (b->exponent > c->rules.exponent_max || b->exponent < rules_etiny(&c->rules))
        number_invalid(c, out, STATUS_INVALID_OPERATION);
    else
        calculate_quantize_to(c, out, a, b->exponent);
}

static void to_integral(struct calculation *c, struct number *out, const struct number *a, uint32_t reported)
{
    if (check_nan(c, out, a))
        return;
    number_copy(out, a);
    if (is_infinite(a) || a->exponent >= 0)
        return;
    if (has_zero_coefficient(a)) {
        number_set(out, a->negative, 0, 0);
        return;
    }
    int rest = number_shift_right(c, out, -a->exponent);
    out->exponent = 0;
    number_round_increment(c, out, rest);
    c->status |= (STATUS_ROUNDED | (rest ? STATUS_INEXACT : 0u)) & reported;
}

void calculate_to_integral(struct calculation *c, struct number *out, const struct number *a)
{
    to_integral(c, out, a, 0);
}

void calculate_to_integral_exact(struct calculation *c, struct number *out, const struct number *a)
{
    to_integral(c, out, a, STATUS_ROUNDED | STATUS_INEXACT);
}

void calculate_normalize(struct calculation *c, struct number *out, const struct number *a)
{
    if (check_nan(c, out, a))
        return;
    number_copy(out, a);
    if (is_infinite(a))
        return;
    number_finish(c, out);
    if (is_special(out))
        return;
    if (has_zero_coefficient(out)) {
        number_set(out, out->negative, 0, 0);
        return;
    }
    strip_zeros(c, out, c->rules.clamp ? rules_etop(&c->rules) : c->rules.exponent_max);
}
