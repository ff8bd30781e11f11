/* math_sum.c - math.fsum, prod, hypot and dist. fsum keeps the sum so far as floats that do not overlap (J. R. Shewchuk,
 * "Adaptive Precision Floating-Point Arithmetic and Fast Robust Geometric Predicates", 1997); hypot and dist add squares in
 * about twice a double's precision (T. J. Dekker's splitting) and correct the root once, step for step as CPython 3.11
 * rounds, so that the last bit agrees. */
#include "sim/modules/math.h"
#include "sim/runtime/container.h"

#include <stdlib.h>

/* ---- fsum ---- */

struct exact_sum {
    double *partials; /* nonoverlapping, increasing in magnitude; malloc'd */
    size_t count, capacity;
    double special;   /* the sum of infinities and NaNs met */
    double infinities;
};

static bool sum_add_special(struct vm *vm, struct exact_sum *sum, double given)
{
    if (isfinite(given)) {
        raise_error(vm, &exc_OverflowError, "intermediate overflow in fsum");
        return false;
    }
    if (isinf(given))
        sum->infinities += given;
    sum->special += given;
    sum->count = 0;
    return true;
}

static bool sum_add(struct vm *vm, value item, void *context)
{
    struct exact_sum *sum = context;
    double x, given;
    if (!math_number(vm, item, &x))
        return false;
    ADD_WORK(vm, items, 1);
    given = x;
    size_t kept = 0;
    for (size_t i = 0; i < sum->count; i++) {
        double y = sum->partials[i];
        if (fabs(x) < fabs(y)) {
            double larger = y;
            y = x;
            x = larger;
        }
        double high = x + y, low = y - (high - x);
        if (low != 0.0)
            sum->partials[kept++] = low;
        x = high;
    }
    sum->count = kept;
    if (!isfinite(x)) {
        if (!sum_add_special(vm, sum, given))
            return false;
    } else if (x != 0.0) {
        if (sum->count == sum->capacity) {
            size_t capacity = sum->capacity ? sum->capacity * 2 : 32;
            double *partials = realloc(sum->partials, capacity * sizeof *partials);
            if (!partials) {
                raise_no_memory(vm);
                return false;
            }
            sum->partials = partials;
            sum->capacity = capacity;
        }
        sum->partials[sum->count++] = x;
    }
    return true;
}

/* The partials' sum, correctly rounded: what is left below the first inexact step decides a tie. */
static double sum_round(const struct exact_sum *sum)
{
    size_t n = sum->count;
    if (n == 0)
        return 0.0;
    double high = sum->partials[--n], low = 0.0;
    while (n > 0) {
        double x = high, y = sum->partials[--n];
        high = x + y;
        low = y - (high - x);
        if (low != 0.0)
            break;
    }
    if (n > 0 && ((low < 0.0 && sum->partials[n - 1] < 0.0) || (low > 0.0 && sum->partials[n - 1] > 0.0))) {
        double twice = low * 2.0, moved = high + twice;
        if (twice == moved - high)
            high = moved;
    }
    return high;
}

MATH_FUNCTION(fsum)
{
    MATH_UNUSED;
    struct exact_sum sum = {NULL, 0, 0, 0.0, 0.0};
    ADD_WORK(vm, math, 1);
    bool done = iterate(vm, arguments[0], sum_add, &sum) && vm->pending == VALUE_NULL;
    value result = VALUE_NULL;
    if (done && sum.special != 0.0)
        result = isnan(sum.infinities) ? raise_error(vm, &exc_ValueError, "-inf + inf in fsum")
                                       : float_value(vm, sum.special);
    else if (done)
        result = float_value(vm, sum_round(&sum));
    free(sum.partials);
    return result;
}

/* ---- prod ---- */

static bool product_multiply(struct vm *vm, value item, void *context)
{
    value *product = context;
    ADD_WORK(vm, items, 1);
    *product = binary_operation(vm, BINARY_MUL, *product, item);
    return *product != VALUE_NULL;
}

MATH_FUNCTION(prod)
{
    MATH_UNUSED;
    value product = arguments[1] == VALUE_NULL ? small_int(1) : arguments[1];
    bool done = iterate(vm, arguments[0], product_multiply, &product);
    return done && vm->pending == VALUE_NULL ? product : VALUE_NULL;
}

/* ---- hypot, dist ---- */

/* Adds x to *sum (|*sum| >= |x|) and what the rounding lost to *lost. */
static inline void add_compensated(double *sum, double *lost, double x)
{
    double before = *sum;
    *sum = before + x;
    *lost += (before - *sum) + x;
}

/* x as two halves of 26 bits */
static inline void split(double x, double *high, double *low)
{
    double t = x * 134217729.0; /* 2**27 + 1 */
    *high = t - (t - x);
    *low = x - *high;
}

static double norm_scaled(const double *items, size_t count, int exponent)
{
    double scale = ldexp(1.0, -exponent), sum = 1.0, lost[3] = {0.0, 0.0, 0.0}, high, low;
    for (size_t i = 0; i < count; i++) {
        split(items[i] * scale, &high, &low);
        add_compensated(&sum, &lost[0], high * high);
        add_compensated(&sum, &lost[1], 2.0 * high * low);
        lost[2] += low * low;
    }
    double root = sqrt(sum - 1.0 + (lost[0] + lost[1] + lost[2]));
    split(root, &high, &low);
    add_compensated(&sum, &lost[0], -high * high);
    add_compensated(&sum, &lost[1], -2.0 * high * low);
    add_compensated(&sum, &lost[2], -low * low);
    double rest = sum - 1.0 + (lost[0] + lost[1] + lost[2]);
    return (root + rest / (2.0 * root)) / scale;
}

/* The length of the vector; the items are its absolute coordinates, `largest` the largest of them. */
static double vector_length(const double *items, size_t count, double largest, bool has_nan)
{
    if (isinf(largest))
        return largest;
    if (has_nan)
        return NAN;
    if (largest == 0.0 || count <= 1)
        return largest;
    int exponent;
    (void)frexp(largest, &exponent);
    if (exponent >= -1023)
        return norm_scaled(items, count, exponent);
    double sum = 1.0, lost = 0.0; /* the scale would overflow */
    for (size_t i = 0; i < count; i++) {
        double x = items[i] / largest;
        add_compensated(&sum, &lost, x * x);
    }
    return largest * sqrt(sum - 1.0 + lost);
}

enum { COORDINATES_ON_STACK = 16 };

/* Coordinates p[i] - q[i] (q NULL: p[i]) of a vector whose length is asked for. */
static value length_of(struct vm *vm, const value *p, const value *q, size_t count)
{
    double few[COORDINATES_ON_STACK], largest = 0.0, x, y = 0.0;
    double *items = count > COORDINATES_ON_STACK ? malloc(count * sizeof *items) : few;
    if (!items)
        return raise_no_memory(vm);
    bool has_nan = false, good = true;
    for (size_t i = 0; good && i < count; i++) {
        good = math_number(vm, p[i], &x) && (!q || math_number(vm, q[i], &y));
        if (!good)
            break;
        items[i] = fabs(q ? x - y : x);
        has_nan |= isnan(items[i]);
        if (items[i] > largest)
            largest = items[i];
    }
    ADD_WORK(vm, math, 1);
    ADD_WORK(vm, items, count);
    value result = good ? float_value(vm, vector_length(items, count, largest, has_nan)) : VALUE_NULL;
    if (items != few)
        free(items);
    return result;
}

MATH_FUNCTION(hypot)
{
    (void)self;
    return check_positional(vm, "math.hypot", count, keyword_names, 0, -1) ? length_of(vm, arguments, NULL, count)
                                                                           : VALUE_NULL;
}

MATH_FUNCTION(dist)
{
    MATH_UNUSED;
    value p = tuple_from_iterable(vm, arguments[0]);
    value q = p == VALUE_NULL ? VALUE_NULL : tuple_from_iterable(vm, arguments[1]);
    if (q == VALUE_NULL)
        return VALUE_NULL;
    if (tuple_of(p)->length != tuple_of(q)->length)
        return raise_error(vm, &exc_ValueError, "both points must have the same number of dimensions");
    return length_of(vm, tuple_of(p)->items, tuple_of(q)->items, tuple_of(p)->length);
}
