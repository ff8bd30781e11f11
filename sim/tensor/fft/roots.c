/* roots.c - roots of unity to nearly full precision: an octant of cosines minus 1 and sines, from polynomials at every
 * l-th angle and the first l of them, the rest by addition theorems; and everything else by symmetry. */
#include "sim/tensor/fft/transform.h"

#include <math.h>
#include <stdlib.h>

/* cos(pi * x) - 1 and sin(pi * x), |x| <= 1/4 */
static struct complex_number cosine_sine(double x)
{
    static const double cosine[] = {-1.0369917389758117e-4, 1.9294935641298806e-3,  -2.5806887942825395e-2,
                                    2.3533063028328211e-1,  -1.3352627688538006e+0, 4.0587121264167623e+0,
                                    -4.9348022005446790e+0};
    static const double sine[] = {4.6151442520157035e-4,  -7.3700183130883555e-3, 8.2145868949323936e-2,
                                  -5.9926452893214921e-1, 2.5501640398732688e+0,  -5.1677127800499516e+0};
    double square = x * x, c = cosine[0], s = sine[0];
    for (int i = 1; i < 7; i++)
        c = fma(c, square, cosine[i]);
    for (int i = 1; i < 6; i++)
        s = fma(s, square, sine[i]);
    return (struct complex_number){c * square, fma(x, 3.1415926535897931e+0, s * (square * x))};
}

bool octant_make(struct octant *octant, size_t n)
{
    octant->n = n;
    octant->scale = n % 4 == 0 ? 1 : n % 2 == 0 ? 2 : 4;
    size_t order = n * octant->scale, count = (order + 4) / 8, step = (size_t)sqrt((double)count);
    struct complex_number *table = octant->table = calloc(count + 1, sizeof *table);
    if (!table)
        return false;
    table[0] = (struct complex_number){1, 0};
    if (count <= 1)
        return true;
    for (size_t i = 1; i < step; i++)
        table[i] = cosine_sine((2. * (double)i) / (double)order);
    for (size_t start = step; start < count; start += step) {
        struct complex_number a = cosine_sine((2. * (double)start) / (double)order);
        table[start] = (struct complex_number){a.r + 1., a.i};
        for (size_t i = 1; i < step && start + i < count; i++) {
            struct complex_number b = table[i];
            table[start + i].r = ((a.r * b.r - a.i * b.i + a.r) + b.r) + 1.;
            table[start + i].i = (a.r * b.i + a.i * b.r) + a.i + b.i;
        }
    }
    for (size_t i = 1; i < step; i++)
        table[i].r += 1.;
    return true;
}

/* 0 <= angle <= a quarter, in units of the table */
static inline struct complex_number quarter_root(const struct octant *octant, size_t angle)
{
    size_t order = octant->n * octant->scale;
    const double diagonal = 0.707106781186547524400844362104849;
    if (8 * angle == order)
        return (struct complex_number){diagonal, diagonal};
    if (8 * angle < order)
        return octant->table[angle];
    struct complex_number mirrored = octant->table[order / 4 - angle];
    return (struct complex_number){mirrored.i, mirrored.r};
}

/* In the first half of the circle. */
static inline struct complex_number half_root(const struct octant *octant, size_t k)
{
    size_t n = octant->n, order = n * octant->scale, angle = k * octant->scale;
    if (4 * angle < order)
        return quarter_root(octant, angle);
    if (n % 4 == 0 || (n % 2 && 8 * angle <= 3 * order)) { /* a quarter turn further */
        struct complex_number before = quarter_root(octant, angle - order / 4);
        return (struct complex_number){-before.i, before.r};
    }
    struct complex_number mirrored = quarter_root(octant, order / 2 - angle);
    return (struct complex_number){-mirrored.r, mirrored.i};
}

struct complex_number octant_root(const struct octant *octant, size_t k)
{
    size_t n = octant->n;
    if (2 * k < n)
        return half_root(octant, k);
    struct complex_number root = half_root(octant, n % 2 ? n - k : k - n / 2); /* the conjugate, or the opposite */
    return (struct complex_number){n % 2 ? root.r : -root.r, -root.i};
}
