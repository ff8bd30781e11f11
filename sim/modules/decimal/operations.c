/* operations.c - comparisons, minima and maxima, neighbours, and operations on exponents. */
#include "sim/modules/decimal/decimal.h"

/* ---- order ---- */

/* Compares magnitudes of finite numbers that are not zero. */
static int order_finite(struct calculation *c, const struct number *a, const struct number *b)
{
    int64_t x = adjusted_exponent(a), y = adjusted_exponent(b);
    if (x != y)
        return x < y ? -1 : 1;
    if (a->exponent == b->exponent)
        return mpz_cmp(a->coefficient, b->coefficient);
    bool first = a->exponent > b->exponent;
    mpz_t scaled;
    mpz_init(scaled);
    mpz_mul(scaled, (first ? a : b)->coefficient,
            power_of_ten(c->vm, first ? a->exponent - b->exponent : b->exponent - a->exponent));
    ADD_WORK(c->vm, limbs, mpz_size(scaled));
    int order = first ? mpz_cmp(scaled, b->coefficient) : mpz_cmp(a->coefficient, scaled);
    mpz_clear(scaled);
    return order;
}

int number_order_magnitude(struct calculation *c, const struct number *a, const struct number *b)
{
    if (is_infinite(a) || is_infinite(b))
        return (int)is_infinite(a) - (int)is_infinite(b);
    if (has_zero_coefficient(a) || has_zero_coefficient(b))
        return (int)has_zero_coefficient(b) - (int)has_zero_coefficient(a);
    int order = order_finite(c, a, b);
    return (order > 0) - (order < 0);
}

static int signum(const struct number *a)
{
    return is_zero(a) ? 0 : a->negative ? -1 : 1;
}

int number_order(struct calculation *c, const struct number *a, const struct number *b)
{
    int x = signum(a), y = signum(b);
    if (x != y)
        return x < y ? -1 : 1;
    if (!x)
        return 0;
    int order = number_order_magnitude(c, a, b);
    return x < 0 ? -order : order;
}

/* Of two equal numbers: by sign, then by exponent. */
static int order_equal(const struct number *a, const struct number *b)
{
    if (a->negative != b->negative)
        return a->negative ? -1 : 1;
    int order = (a->exponent > b->exponent) - (a->exponent < b->exponent);
    return a->negative ? -order : order;
}

int number_order_total(struct calculation *c, const struct number *a, const struct number *b)
{
    if (a->negative != b->negative)
        return a->negative ? -1 : 1;
    if (is_nan(a) || is_nan(b)) {
        int order;
        if (!is_nan(b))
            order = 1;
        else if (!is_nan(a))
            order = -1;
        else if (a->kind != b->kind)
            order = a->kind == SIGNALLING_NAN ? -1 : 1;
        else
            order = mpz_cmp(a->coefficient, b->coefficient);
        order = (order > 0) - (order < 0);
        return a->negative ? -order : order;
    }
    int order = number_order(c, a, b);
    return order ? order : order_equal(a, b);
}

void calculate_compare(struct calculation *c, struct number *out, const struct number *a, const struct number *b)
{
    if (!check_nans(c, out, a, b))
        number_set_int64(out, number_order(c, a, b));
}

void calculate_compare_signal(struct calculation *c, struct number *out, const struct number *a, const struct number *b)
{
    if (check_nans(c, out, a, b))
        c->status |= STATUS_INVALID_OPERATION;
    else
        number_set_int64(out, number_order(c, a, b));
}

/* ---- minima and maxima ---- */

typedef int (*order_function)(struct calculation *c, const struct number *a, const struct number *b);

static void choose(struct calculation *c, struct number *out, const struct number *const operands[2], order_function order,
                   int direction)
{
    const struct number *a = operands[0], *b = operands[1], *chosen;
    if (a->kind == QUIET_NAN && !is_nan(b))
        chosen = b;
    else if (b->kind == QUIET_NAN && !is_nan(a))
        chosen = a;
    else if (check_nans(c, out, a, b))
        return;
    else {
        int result = order(c, a, b);
        if (!result)
            result = order_equal(a, b);
        chosen = result * direction < 0 ? b : a;
    }
    number_copy(out, chosen);
    number_finish(c, out);
}

#define CHOICE(name, order, direction)                                                                                 \
    void calculate_##name(struct calculation *c, struct number *out, const struct number *a, const struct number *b)   \
    {                                                                                                                  \
        choose(c, out, (const struct number *const[]){a, b}, order, direction);                                        \
    }
CHOICE(max, number_order, 1)
CHOICE(max_mag, number_order_magnitude, 1)
CHOICE(min, number_order, -1)
CHOICE(min_mag, number_order_magnitude, -1)

/* ---- neighbours ---- */

static void next_number(struct calculation *c, struct number *out, const struct number *a, bool down)
{
    if (check_nan(c, out, a))
        return;
    number_copy(out, a);
    if (is_infinite(a)) {
        if (a->negative != down)
            number_set_largest(c, out);
        return;
    }
    struct calculation work = *c;
    work.rules.rounding = down ? ROUND_FLOOR : ROUND_CEILING;
    work.status = 0;
    number_finish(&work, out);
    if (!(work.status & (STATUS_INEXACT | STATUS_ERRORS))) {
        struct number tiny;
        number_start(&tiny);
        number_set(&tiny, down, 1, rules_etiny(&c->rules) - 1);
        calculate_add(&work, out, a, &tiny);
        number_clear(&tiny);
    }
    c->status |= work.status & STATUS_ERRORS;
}

void calculate_next_minus(struct calculation *c, struct number *out, const struct number *a)
{
    next_number(c, out, a, true);
}

void calculate_next_plus(struct calculation *c, struct number *out, const struct number *a)
{
    next_number(c, out, a, false);
}

void calculate_next_toward(struct calculation *c, struct number *out, const struct number *a, const struct number *b)
{
    if (check_nans(c, out, a, b))
        return;
    int order = number_order(c, a, b);
    if (!order) {
        number_copy(out, a);
        out->negative = b->negative;
        return;
    }
    next_number(c, out, a, order > 0);
    if (is_infinite(out))
        c->status |= STATUS_OVERFLOW | STATUS_ROUNDED | STATUS_INEXACT;
    else if (adjusted_exponent(out) < c->rules.exponent_min) {
        c->status |= STATUS_UNDERFLOW | STATUS_SUBNORMAL | STATUS_ROUNDED | STATUS_INEXACT;
        if (is_zero(out))
            c->status |= STATUS_CLAMPED;
    }
}

/* ---- exponents ---- */

void calculate_logb(struct calculation *c, struct number *out, const struct number *a)
{
    if (check_nan(c, out, a))
        return;
    if (is_infinite(a))
        number_set_special(out, false, INFINITE);
    else if (has_zero_coefficient(a)) {
        number_set_special(out, true, INFINITE);
        c->status |= STATUS_DIVISION_BY_ZERO;
    } else {
        number_set_int64(out, adjusted_exponent(a));
        number_finish(c, out);
    }
}

void calculate_scaleb(struct calculation *c, struct number *out, const struct number *a, const struct number *b)
{
    if (check_nans(c, out, a, b))
        return;
    int64_t n, limit = 2 * (c->rules.exponent_max + c->rules.precision);
    if (is_infinite(b) || b->exponent != 0 || !number_to_int64(c->vm, b, &n) || n > limit || n < -limit) {
        number_invalid(c, out, STATUS_INVALID_OPERATION);
        return;
    }
    number_copy(out, a);
    if (is_infinite(a))
        return;
    out->exponent += n;
    number_finish(c, out);
}

/* ---- fused parts of digit strings: shift and rotate ---- */

/* Only the last `precision` digits stay. */
static void cap_digits(struct calculation *c, struct number *a)
{
    if (a->digits <= c->rules.precision)
        return;
    mpz_tdiv_r(a->coefficient, a->coefficient, power_of_ten(c->vm, c->rules.precision));
    number_count_digits(c->vm, a);
}

/* The operand `b` of shift and rotate; false: the result is a NaN or a itself. */
static bool shift_count(struct calculation *c, struct number *out, const struct number *a, const struct number *b, int64_t *count)
{
    if (check_nans(c, out, a, b))
        return false;
    if (is_infinite(b) || b->exponent != 0 || !number_to_int64(c->vm, b, count) || *count > c->rules.precision ||
        *count < -c->rules.precision) {
        number_invalid(c, out, STATUS_INVALID_OPERATION);
        return false;
    }
    number_copy(out, a);
    return !is_infinite(a);
}

void calculate_shift(struct calculation *c, struct number *out, const struct number *a, const struct number *b)
{
    int64_t count;
    if (!shift_count(c, out, a, b, &count))
        return;
    cap_digits(c, out);
    if (count < 0)
        number_shift_right(c, out, -count);
    else if (number_shift_left(c, out, count))
        cap_digits(c, out);
}

void calculate_rotate(struct calculation *c, struct number *out, const struct number *a, const struct number *b)
{
    int64_t count;
    if (!shift_count(c, out, a, b, &count))
        return;
    cap_digits(c, out);
    if (count < 0)
        count += c->rules.precision;
    if (count == 0 || count == c->rules.precision || has_zero_coefficient(out))
        return;
    /* the leading `count` of `precision` digits go to the end */
    struct number leading;
    number_start(&leading);
    number_copy(&leading, out);
    number_shift_right(c, &leading, c->rules.precision - count);
    if (number_shift_left(c, out, count)) {
        cap_digits(c, out);
        mpz_add(out->coefficient, out->coefficient, leading.coefficient);
        number_count_digits(c->vm, out);
    }
    number_clear(&leading);
}
