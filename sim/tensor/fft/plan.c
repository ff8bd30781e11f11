/* plan.c - factors a length, prepares twiddles, and runs the passes; or Bluestein's convolution for lengths with large
 * prime factors. */
#include "sim/tensor/fft/transform.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct complex_number complex_number;

/* ---- lengths ---- */

static size_t largest_factor(size_t n)
{
    size_t largest = 1;
    for (; n % 2 == 0; n /= 2)
        largest = 2;
    for (size_t x = 3; x * x <= n; x += 2)
        for (; n % x == 0; n /= x)
            largest = x;
    return n > 1 ? n : largest;
}

static double cost_of(size_t n)
{
    double sum = 0, length = (double)n;
    for (; n % 2 == 0; n /= 2)
        sum += 2;
    for (size_t x = 3; x * x <= n; x += 2)
        for (; n % x == 0; n /= x)
            sum += x <= 5 ? (double)x : 1.1 * (double)x;
    if (n > 1)
        sum += n <= 5 ? (double)n : 1.1 * (double)n;
    return sum * length;
}

/* The least length from n on with no prime factor beyond 11. */
static size_t smooth_length(size_t n)
{
    if (n <= 6)
        return n;
    size_t best = 2 * n;
    for (size_t f2 = 1; f2 < best; f2 *= 2)
        for (size_t f3 = f2; f3 < best; f3 *= 3)
            for (size_t f5 = f3; f5 < best; f5 *= 5)
                for (size_t f7 = f5; f7 < best; f7 *= 7)
                    for (size_t f11 = f7; f11 < best; f11 *= 11)
                        if (f11 >= n)
                            best = f11;
    return best;
}

static void plan_factor(struct plan *plan)
{
    size_t length = plan->length, count = 0;
    for (; length % 4 == 0; length /= 4)
        plan->passes[count++].radix = 4;
    if (length % 2 == 0) { /* a 2 goes first */
        length /= 2;
        plan->passes[count++].radix = 2;
        plan->passes[count - 1].radix = plan->passes[0].radix;
        plan->passes[0].radix = 2;
    }
    for (size_t x = 3; x * x <= length; x += 2)
        for (; length % x == 0; length /= x)
            plan->passes[count++].radix = x;
    if (length > 1)
        plan->passes[count++].radix = length;
    plan->pass_count = count;
}

/* ---- twiddles ---- */

static bool complex_twiddles(struct pass *pass, const struct octant *octant, size_t inner, size_t outer)
{
    size_t radix = pass->radix;
    complex_number *twiddles = pass->twiddles = malloc(((radix - 1) * (inner - 1) + 1) * sizeof *twiddles);
    complex_number *roots = pass->roots = radix > 11 ? malloc(radix * sizeof *roots) : NULL;
    if (!twiddles || (radix > 11 && !roots))
        return false;
    for (size_t j = 1; j < radix; j++)
        for (size_t i = 1; i < inner; i++)
            twiddles[(j - 1) * (inner - 1) + i - 1] = octant_root(octant, j * outer * i);
    for (size_t j = 0; j < radix && roots; j++)
        roots[j] = octant_root(octant, j * outer * inner);
    return true;
}

static bool real_twiddles(struct pass *pass, const struct octant *octant, size_t inner, size_t outer)
{
    size_t radix = pass->radix;
    double *twiddles = pass->twiddles = malloc(((radix - 1) * (inner - 1) + 1) * sizeof *twiddles);
    double *roots = pass->roots = radix > 5 ? malloc(2 * radix * sizeof *roots) : NULL;
    if (!twiddles || (radix > 5 && !roots))
        return false;
    for (size_t j = 1; j < radix; j++)
        for (size_t i = 1; i <= (inner - 1) / 2; i++) {
            complex_number w = octant_root(octant, j * outer * i);
            twiddles[(j - 1) * (inner - 1) + 2 * i - 2] = w.r;
            twiddles[(j - 1) * (inner - 1) + 2 * i - 1] = w.i;
        }
    for (size_t j = 0; j <= radix / 2 && roots; j++) {
        complex_number w = octant_root(octant, j * (octant->n / radix));
        size_t mirror = j ? radix - j : 0;
        roots[2 * mirror] = w.r;
        roots[2 * mirror + 1] = -w.i;
        roots[2 * j] = w.r;
        roots[2 * j + 1] = w.i;
    }
    return true;
}

/* Operations as usually given for radices of small primes: 5 n log2(n), half of it for real data; a direct sum for
 * others. */
static double pass_operations(double length, size_t radix, bool real)
{
    double operations = radix <= 11 ? 5 * length * log2((double)radix) : 4 * length * (double)radix;
    return real ? operations / 2 : operations;
}

static bool passes_prepare(struct plan *plan)
{
    struct octant octant;
    if (plan->length == 1)
        return true;
    plan_factor(plan);
    if (!octant_make(&octant, plan->length))
        return false;
    size_t outer = 1;
    bool good = true;
    for (size_t k = 0; good && k < plan->pass_count; k++) {
        size_t radix = plan->passes[k].radix, inner = plan->length / (outer * radix);
        good = plan->real ? real_twiddles(&plan->passes[k], &octant, inner, outer)
                          : complex_twiddles(&plan->passes[k], &octant, inner, outer);
        plan->operations += pass_operations((double)plan->length, radix, plan->real);
        outer *= radix;
    }
    free(octant.table);
    return good;
}

/* ---- running the passes ---- */

static void scale(double *to, const double *from, size_t count, double factor)
{
    if (factor != 1.)
        for (size_t i = 0; i < count; i++)
            to[i] = from[i] * factor;
    else if (to != from)
        memcpy(to, from, count * sizeof *to);
}

static bool complex_run(const struct plan *plan, complex_number *data, enum direction direction, double factor)
{
    if (plan->length == 1)
        return true;
    complex_number *room = malloc(plan->length * sizeof *room), *in = data, *out = room;
    if (!room)
        return false;
    size_t outer = 1;
    for (size_t k = 0; k < plan->pass_count; k++) {
        size_t radix = plan->passes[k].radix;
        complex_pass(&plan->passes[k], plan->length / (outer * radix), outer, direction, in, out);
        if (!complex_pass_in_place(radix)) {
            complex_number *swapped = in;
            in = out;
            out = swapped;
        }
        outer *= radix;
    }
    scale((double *)data, (double *)in, 2 * plan->length, factor);
    free(room);
    return true;
}

static bool real_run(const struct plan *plan, double *data, enum direction direction, double factor)
{
    if (plan->length == 1)
        return true;
    double *room = malloc(plan->length * sizeof *room), *in = data, *out = room;
    if (!room)
        return false;
    size_t outer = direction == FORWARD ? plan->length : 1;
    for (size_t n = 0; n < plan->pass_count; n++) {
        const struct pass *pass = &plan->passes[direction == FORWARD ? plan->pass_count - 1 - n : n];
        size_t inner;
        if (direction == FORWARD) {
            inner = plan->length / outer;
            outer /= pass->radix;
            real_pass_forward(pass, inner, outer, in, out);
        } else {
            inner = plan->length / (outer * pass->radix);
            real_pass_backward(pass, inner, outer, in, out);
            outer *= pass->radix;
        }
        if (direction == BACKWARD || pass->radix <= 5) {
            double *swapped = in;
            in = out;
            out = swapped;
        }
    }
    scale(data, in, plan->length, factor);
    free(room);
    return true;
}

/* ---- Bluestein ---- */

static bool chirp_prepare(struct plan *plan)
{
    size_t n = plan->length, m = smooth_length(2 * n - 1);
    struct octant octant;
    plan->convolution = plan_new(m, false);
    plan->chirp = malloc(n * sizeof *plan->chirp);
    plan->chirp_transform = calloc(m, sizeof *plan->chirp_transform);
    if (!plan->convolution || !plan->chirp || !plan->chirp_transform || !octant_make(&octant, 2 * n))
        return false;
    double share = 1. / (double)m;
    for (size_t k = 0, square = 0; k < n; k++) { /* square: k * k modulo 2 n */
        plan->chirp[k] = octant_root(&octant, square);
        square += 2 * k + 1;
        if (square >= 2 * n)
            square -= 2 * n;
        complex_number scaled = {plan->chirp[k].r * share, plan->chirp[k].i * share};
        plan->chirp_transform[k] = scaled;
        if (k)
            plan->chirp_transform[m - k] = scaled;
    }
    free(octant.table);
    plan->operations = 2 * plan->convolution->operations + 6 * (double)m + 12 * (double)n;
    return plan_run(plan->convolution, (double *)plan->chirp_transform, FORWARD, 1.);
}

/* a times b, or times b's conjugate; with the conjugate, numpy adds in this order */
static complex_number chirped(complex_number a, complex_number b, bool conjugate)
{
    if (conjugate)
        return (complex_number){a.r * b.r + a.i * b.i, -a.r * b.i + a.i * b.r};
    return (complex_number){a.r * b.r - a.i * b.i, a.r * b.i + a.i * b.r};
}

static bool bluestein_run(const struct plan *plan, complex_number *data, enum direction direction, double factor)
{
    size_t n = plan->length, m = plan->convolution->length;
    bool forward = direction == FORWARD;
    complex_number *room = calloc(m, sizeof *room);
    if (!room)
        return false;
    for (size_t k = 0; k < n; k++)
        room[k] = chirped(data[k], plan->chirp[k], forward);
    bool good = plan_run(plan->convolution, (double *)room, FORWARD, factor);
    for (size_t k = 0; good && k < m; k++)
        room[k] = chirped(room[k], plan->chirp_transform[k], !forward);
    good = good && plan_run(plan->convolution, (double *)room, BACKWARD, 1.);
    for (size_t k = 0; good && k < n; k++)
        data[k] = chirped(room[k], plan->chirp[k], forward);
    free(room);
    return good;
}

static bool bluestein_run_real(const struct plan *plan, double *data, enum direction direction, double factor)
{
    size_t n = plan->length;
    complex_number *room = calloc(n + 1, sizeof *room);
    if (!room)
        return false;
    if (direction == FORWARD) {
        for (size_t k = 0; k < n; k++)
            room[k].r = data[k];
    } else {
        room[0].r = data[0];
        memcpy(&room[1], data + 1, (n - 1) * sizeof *data);
        if (n % 2 == 0)
            room[n / 2].i = 0;
        for (size_t k = 1; 2 * k < n; k++)
            room[n - k] = (complex_number){room[k].r, -room[k].i};
    }
    bool good = bluestein_run(plan, room, direction, factor);
    if (good && direction == FORWARD) {
        data[0] = room[0].r;
        memcpy(data + 1, &room[1], (n - 1) * sizeof *data);
    } else if (good) {
        for (size_t k = 0; k < n; k++)
            data[k] = room[k].r;
    }
    free(room);
    return good;
}

/* ---- plans ---- */

static bool wants_convolution(size_t length, bool real)
{
    if (length < 50 || (double)largest_factor(length) <= sqrt((double)length))
        return false;
    double direct = (real ? 0.5 : 1) * cost_of(length), convolution = 2 * cost_of(smooth_length(2 * length - 1));
    return convolution * 1.5 < direct;
}

struct plan *plan_new(size_t length, bool real)
{
    struct plan *plan = calloc(1, sizeof *plan);
    if (!plan)
        return NULL;
    plan->length = length;
    plan->real = real;
    if (!(wants_convolution(length, real) ? chirp_prepare(plan) : passes_prepare(plan))) {
        plan_free(plan);
        return NULL;
    }
    return plan;
}

void plan_free(struct plan *plan)
{
    if (!plan)
        return;
    for (size_t k = 0; k < plan->pass_count; k++) {
        free(plan->passes[k].twiddles);
        free(plan->passes[k].roots);
    }
    plan_free(plan->convolution);
    free(plan->chirp);
    free(plan->chirp_transform);
    free(plan);
}

bool plan_run(const struct plan *plan, double *data, enum direction direction, double factor)
{
    if (plan->convolution)
        return plan->real ? bluestein_run_real(plan, data, direction, factor)
                          : bluestein_run(plan, (complex_number *)data, direction, factor);
    return plan->real ? real_run(plan, data, direction, factor)
                      : complex_run(plan, (complex_number *)data, direction, factor);
}
