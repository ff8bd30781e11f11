/* real_passes.c - one factor (2, 3, 4, 5) of a transform of real data, in FFTPACK's half-complex order. Forward, parts
 * come as rows and leave interleaved; backward, the other way round. Twiddles: pairs of cosine and sine. */
#include "sim/tensor/fft/transform.h"

/* Forward: in has for each part all outer indices, out for each outer index all parts. Backward: the reverse. */
#define ROWS(array, i, k, part) array[(i) + inner * ((k) + outer * (part))]
#define MIXED(array, i, part, k) array[(i) + inner * ((part) + radix * (k))]
#define COSINE(part, i) twiddles[(i)-2 + ((part)-1) * (inner - 1)]
#define SINE(part, i) twiddles[(i)-1 + ((part)-1) * (inner - 1)]

struct pair {
    double re, im;
};

/* x times the twiddle's conjugate, and times the twiddle */
static inline struct pair unturned(double cosine, double sine, double re, double im)
{
    return (struct pair){cosine * re + sine * im, cosine * im - sine * re};
}

static inline struct pair turned(double cosine, double sine, double re, double im)
{
    return (struct pair){cosine * re - sine * im, cosine * im + sine * re};
}

#define UNTURNED(part, i, k) unturned(COSINE(part, i), SINE(part, i), ROWS(in, i - 1, k, part), ROWS(in, i, k, part))
#define STORE_TURNED(part, i, k, real, imaginary)                                                                      \
    do {                                                                                                               \
        struct pair stored_ = turned(COSINE(part, i), SINE(part, i), real, imaginary);                                 \
        ROWS(out, i - 1, k, part) = stored_.re;                                                                        \
        ROWS(out, i, k, part) = stored_.im;                                                                            \
    } while (0)

/* ---- forward ---- */

static void forward_2(size_t inner, size_t outer, const double *twiddles, const double *in, double *out)
{
    const size_t radix = 2;
    for (size_t k = 0; k < outer; k++) {
        double a = ROWS(in, 0, k, 0), b = ROWS(in, 0, k, 1);
        MIXED(out, 0, 0, k) = a + b;
        MIXED(out, inner - 1, 1, k) = a - b;
        if (inner % 2 == 0) {
            MIXED(out, 0, 1, k) = -ROWS(in, inner - 1, k, 1);
            MIXED(out, inner - 1, 0, k) = ROWS(in, inner - 1, k, 0);
        }
        for (size_t i = 2; i < inner; i += 2) {
            size_t mirror = inner - i;
            struct pair t = UNTURNED(1, i, k);
            MIXED(out, i - 1, 0, k) = ROWS(in, i - 1, k, 0) + t.re;
            MIXED(out, mirror - 1, 1, k) = ROWS(in, i - 1, k, 0) - t.re;
            MIXED(out, i, 0, k) = t.im + ROWS(in, i, k, 0);
            MIXED(out, mirror, 1, k) = t.im - ROWS(in, i, k, 0);
        }
    }
}

static const double cosine_3 = -0.5, sine_3 = 0.86602540378443864676;

static void forward_3(size_t inner, size_t outer, const double *twiddles, const double *in, double *out)
{
    const size_t radix = 3;
    for (size_t k = 0; k < outer; k++) {
        double first = ROWS(in, 0, k, 0), sum = ROWS(in, 0, k, 1) + ROWS(in, 0, k, 2);
        MIXED(out, 0, 0, k) = first + sum;
        MIXED(out, 0, 2, k) = sine_3 * (ROWS(in, 0, k, 2) - ROWS(in, 0, k, 1));
        MIXED(out, inner - 1, 1, k) = first + cosine_3 * sum;
        for (size_t i = 2; i < inner; i += 2) {
            size_t mirror = inner - i;
            struct pair a = UNTURNED(1, i, k), b = UNTURNED(2, i, k), s = {a.re + b.re, a.im + b.im};
            MIXED(out, i - 1, 0, k) = ROWS(in, i - 1, k, 0) + s.re;
            MIXED(out, i, 0, k) = ROWS(in, i, k, 0) + s.im;
            double tr2 = ROWS(in, i - 1, k, 0) + cosine_3 * s.re, ti2 = ROWS(in, i, k, 0) + cosine_3 * s.im;
            double tr3 = sine_3 * (a.im - b.im), ti3 = sine_3 * (b.re - a.re);
            MIXED(out, i - 1, 2, k) = tr2 + tr3;
            MIXED(out, mirror - 1, 1, k) = tr2 - tr3;
            MIXED(out, i, 2, k) = ti3 + ti2;
            MIXED(out, mirror, 1, k) = ti3 - ti2;
        }
    }
}

static void forward_4_ends(size_t inner, size_t outer, const double *in, double *out)
{
    const size_t radix = 4;
    const double half_root = 0.70710678118654752440;
    for (size_t k = 0; k < outer; k++) {
        double odd = ROWS(in, 0, k, 3) + ROWS(in, 0, k, 1), even = ROWS(in, 0, k, 0) + ROWS(in, 0, k, 2);
        MIXED(out, 0, 2, k) = ROWS(in, 0, k, 3) - ROWS(in, 0, k, 1);
        MIXED(out, inner - 1, 1, k) = ROWS(in, 0, k, 0) - ROWS(in, 0, k, 2);
        MIXED(out, 0, 0, k) = even + odd;
        MIXED(out, inner - 1, 3, k) = even - odd;
        if (inner % 2)
            continue;
        double ti = -half_root * (ROWS(in, inner - 1, k, 1) + ROWS(in, inner - 1, k, 3));
        double tr = half_root * (ROWS(in, inner - 1, k, 1) - ROWS(in, inner - 1, k, 3));
        MIXED(out, inner - 1, 0, k) = ROWS(in, inner - 1, k, 0) + tr;
        MIXED(out, inner - 1, 2, k) = ROWS(in, inner - 1, k, 0) - tr;
        MIXED(out, 0, 3, k) = ti + ROWS(in, inner - 1, k, 2);
        MIXED(out, 0, 1, k) = ti - ROWS(in, inner - 1, k, 2);
    }
}

static void forward_4(size_t inner, size_t outer, const double *twiddles, const double *in, double *out)
{
    const size_t radix = 4;
    forward_4_ends(inner, outer, in, out);
    for (size_t k = 0; k < outer; k++) {
        for (size_t i = 2; i < inner; i += 2) {
            size_t mirror = inner - i;
            struct pair a = UNTURNED(1, i, k), b = UNTURNED(2, i, k), c = UNTURNED(3, i, k);
            double tr1 = c.re + a.re, tr4 = c.re - a.re, ti1 = a.im + c.im, ti4 = a.im - c.im;
            double tr2 = ROWS(in, i - 1, k, 0) + b.re, tr3 = ROWS(in, i - 1, k, 0) - b.re;
            double ti2 = ROWS(in, i, k, 0) + b.im, ti3 = ROWS(in, i, k, 0) - b.im;
            MIXED(out, i - 1, 0, k) = tr2 + tr1;
            MIXED(out, mirror - 1, 3, k) = tr2 - tr1;
            MIXED(out, i, 0, k) = ti1 + ti2;
            MIXED(out, mirror, 3, k) = ti1 - ti2;
            MIXED(out, i - 1, 2, k) = tr3 + ti4;
            MIXED(out, mirror - 1, 1, k) = tr3 - ti4;
            MIXED(out, i, 2, k) = tr4 + ti3;
            MIXED(out, mirror, 1, k) = tr4 - ti3;
        }
    }
}

static const double cosine_5 = 0.3090169943749474241, sine_5 = 0.95105651629515357212,
                    cosine_5_2 = -0.8090169943749474241, sine_5_2 = 0.58778525229247312917;

static void forward_5_ends(size_t inner, size_t outer, const double *in, double *out)
{
    const size_t radix = 5;
    for (size_t k = 0; k < outer; k++) {
        double first = ROWS(in, 0, k, 0);
        double cr2 = ROWS(in, 0, k, 4) + ROWS(in, 0, k, 1), ci5 = ROWS(in, 0, k, 4) - ROWS(in, 0, k, 1);
        double cr3 = ROWS(in, 0, k, 3) + ROWS(in, 0, k, 2), ci4 = ROWS(in, 0, k, 3) - ROWS(in, 0, k, 2);
        MIXED(out, 0, 0, k) = first + cr2 + cr3;
        MIXED(out, inner - 1, 1, k) = first + cosine_5 * cr2 + cosine_5_2 * cr3;
        MIXED(out, 0, 2, k) = sine_5 * ci5 + sine_5_2 * ci4;
        MIXED(out, inner - 1, 3, k) = first + cosine_5_2 * cr2 + cosine_5 * cr3;
        MIXED(out, 0, 4, k) = sine_5_2 * ci5 - sine_5 * ci4;
    }
}

static void forward_5(size_t inner, size_t outer, const double *twiddles, const double *in, double *out)
{
    const size_t radix = 5;
    forward_5_ends(inner, outer, in, out);
    for (size_t k = 0; k < outer; k++) {
        for (size_t i = 2; i < inner; i += 2) {
            size_t mirror = inner - i;
            struct pair a = UNTURNED(1, i, k), b = UNTURNED(2, i, k), c = UNTURNED(3, i, k), d = UNTURNED(4, i, k);
            double re = ROWS(in, i - 1, k, 0), im = ROWS(in, i, k, 0);
            double cr2 = d.re + a.re, ci5 = d.re - a.re, ci2 = a.im + d.im, cr5 = a.im - d.im;
            double cr3 = c.re + b.re, ci4 = c.re - b.re, ci3 = b.im + c.im, cr4 = b.im - c.im;
            MIXED(out, i - 1, 0, k) = re + cr2 + cr3;
            MIXED(out, i, 0, k) = im + ci2 + ci3;
            double tr2 = re + cosine_5 * cr2 + cosine_5_2 * cr3, ti2 = im + cosine_5 * ci2 + cosine_5_2 * ci3;
            double tr3 = re + cosine_5_2 * cr2 + cosine_5 * cr3, ti3 = im + cosine_5_2 * ci2 + cosine_5 * ci3;
            double tr5 = cr5 * sine_5 + cr4 * sine_5_2, tr4 = cr5 * sine_5_2 - cr4 * sine_5;
            double ti5 = ci5 * sine_5 + ci4 * sine_5_2, ti4 = ci5 * sine_5_2 - ci4 * sine_5;
            MIXED(out, i - 1, 2, k) = tr2 + tr5;
            MIXED(out, mirror - 1, 1, k) = tr2 - tr5;
            MIXED(out, i, 2, k) = ti5 + ti2;
            MIXED(out, mirror, 1, k) = ti5 - ti2;
            MIXED(out, i - 1, 4, k) = tr3 + tr4;
            MIXED(out, mirror - 1, 3, k) = tr3 - tr4;
            MIXED(out, i, 4, k) = ti4 + ti3;
            MIXED(out, mirror, 3, k) = ti4 - ti3;
        }
    }
}

void real_pass_forward(const struct pass *pass, size_t inner, size_t outer, double *in, double *out)
{
    const double *twiddles = pass->twiddles;
    switch (pass->radix) {
    case 2: forward_2(inner, outer, twiddles, in, out); break;
    case 3: forward_3(inner, outer, twiddles, in, out); break;
    case 4: forward_4(inner, outer, twiddles, in, out); break;
    case 5: forward_5(inner, outer, twiddles, in, out); break;
    default: real_generic_forward(pass, inner, outer, in, out); break;
    }
}

/* ---- backward ---- */

static void backward_2(size_t inner, size_t outer, const double *twiddles, const double *in, double *out)
{
    const size_t radix = 2;
    for (size_t k = 0; k < outer; k++) {
        ROWS(out, 0, k, 0) = MIXED(in, 0, 0, k) + MIXED(in, inner - 1, 1, k);
        ROWS(out, 0, k, 1) = MIXED(in, 0, 0, k) - MIXED(in, inner - 1, 1, k);
        if (inner % 2 == 0) {
            ROWS(out, inner - 1, k, 0) = 2. * MIXED(in, inner - 1, 0, k);
            ROWS(out, inner - 1, k, 1) = -2. * MIXED(in, 0, 1, k);
        }
        for (size_t i = 2; i < inner; i += 2) {
            size_t mirror = inner - i;
            double tr = MIXED(in, i - 1, 0, k) - MIXED(in, mirror - 1, 1, k),
                   ti = MIXED(in, i, 0, k) + MIXED(in, mirror, 1, k);
            ROWS(out, i - 1, k, 0) = MIXED(in, i - 1, 0, k) + MIXED(in, mirror - 1, 1, k);
            ROWS(out, i, k, 0) = MIXED(in, i, 0, k) - MIXED(in, mirror, 1, k);
            STORE_TURNED(1, i, k, tr, ti);
        }
    }
}

static void backward_3(size_t inner, size_t outer, const double *twiddles, const double *in, double *out)
{
    const size_t radix = 3;
    for (size_t k = 0; k < outer; k++) {
        double tr = 2. * MIXED(in, inner - 1, 1, k), cr = MIXED(in, 0, 0, k) + cosine_3 * tr;
        double ci = 2. * sine_3 * MIXED(in, 0, 2, k);
        ROWS(out, 0, k, 0) = MIXED(in, 0, 0, k) + tr;
        ROWS(out, 0, k, 2) = cr + ci;
        ROWS(out, 0, k, 1) = cr - ci;
        for (size_t i = 2; i < inner; i += 2) {
            size_t mirror = inner - i;
            double tr2 = MIXED(in, i - 1, 2, k) + MIXED(in, mirror - 1, 1, k),
                   ti2 = MIXED(in, i, 2, k) - MIXED(in, mirror, 1, k);
            double cr2 = MIXED(in, i - 1, 0, k) + cosine_3 * tr2, ci2 = MIXED(in, i, 0, k) + cosine_3 * ti2;
            ROWS(out, i - 1, k, 0) = MIXED(in, i - 1, 0, k) + tr2;
            ROWS(out, i, k, 0) = MIXED(in, i, 0, k) + ti2;
            double cr3 = sine_3 * (MIXED(in, i - 1, 2, k) - MIXED(in, mirror - 1, 1, k));
            double ci3 = sine_3 * (MIXED(in, i, 2, k) + MIXED(in, mirror, 1, k));
            STORE_TURNED(1, i, k, cr2 - ci3, ci2 + cr3);
            STORE_TURNED(2, i, k, cr2 + ci3, ci2 - cr3);
        }
    }
}

static void backward_4_ends(size_t inner, size_t outer, const double *in, double *out)
{
    const size_t radix = 4;
    const double root = 1.41421356237309504880;
    for (size_t k = 0; k < outer; k++) {
        double tr1 = MIXED(in, 0, 0, k) - MIXED(in, inner - 1, 3, k),
               tr2 = MIXED(in, 0, 0, k) + MIXED(in, inner - 1, 3, k);
        double tr3 = 2. * MIXED(in, inner - 1, 1, k), tr4 = 2. * MIXED(in, 0, 2, k);
        ROWS(out, 0, k, 0) = tr2 + tr3;
        ROWS(out, 0, k, 2) = tr2 - tr3;
        ROWS(out, 0, k, 3) = tr1 + tr4;
        ROWS(out, 0, k, 1) = tr1 - tr4;
        if (inner % 2)
            continue;
        double ti1 = MIXED(in, 0, 3, k) + MIXED(in, 0, 1, k), ti2 = MIXED(in, 0, 3, k) - MIXED(in, 0, 1, k);
        tr2 = MIXED(in, inner - 1, 0, k) + MIXED(in, inner - 1, 2, k);
        tr1 = MIXED(in, inner - 1, 0, k) - MIXED(in, inner - 1, 2, k);
        ROWS(out, inner - 1, k, 0) = tr2 + tr2;
        ROWS(out, inner - 1, k, 1) = root * (tr1 - ti1);
        ROWS(out, inner - 1, k, 2) = ti2 + ti2;
        ROWS(out, inner - 1, k, 3) = -root * (tr1 + ti1);
    }
}

static void backward_4(size_t inner, size_t outer, const double *twiddles, const double *in, double *out)
{
    const size_t radix = 4;
    backward_4_ends(inner, outer, in, out);
    for (size_t k = 0; k < outer; k++) {
        for (size_t i = 2; i < inner; i += 2) {
            size_t mirror = inner - i;
            double tr2 = MIXED(in, i - 1, 0, k) + MIXED(in, mirror - 1, 3, k),
                   tr1 = MIXED(in, i - 1, 0, k) - MIXED(in, mirror - 1, 3, k);
            double ti1 = MIXED(in, i, 0, k) + MIXED(in, mirror, 3, k),
                   ti2 = MIXED(in, i, 0, k) - MIXED(in, mirror, 3, k);
            double tr4 = MIXED(in, i, 2, k) + MIXED(in, mirror, 1, k),
                   ti3 = MIXED(in, i, 2, k) - MIXED(in, mirror, 1, k);
            double tr3 = MIXED(in, i - 1, 2, k) + MIXED(in, mirror - 1, 1, k),
                   ti4 = MIXED(in, i - 1, 2, k) - MIXED(in, mirror - 1, 1, k);
            ROWS(out, i - 1, k, 0) = tr2 + tr3;
            ROWS(out, i, k, 0) = ti2 + ti3;
            STORE_TURNED(1, i, k, tr1 - tr4, ti1 + ti4);
            STORE_TURNED(2, i, k, tr2 - tr3, ti2 - ti3);
            STORE_TURNED(3, i, k, tr1 + tr4, ti1 - ti4);
        }
    }
}

static void backward_5_ends(size_t inner, size_t outer, const double *in, double *out)
{
    const size_t radix = 5;
    for (size_t k = 0; k < outer; k++) {
        double first = MIXED(in, 0, 0, k), ti5 = MIXED(in, 0, 2, k) + MIXED(in, 0, 2, k),
               ti4 = MIXED(in, 0, 4, k) + MIXED(in, 0, 4, k);
        double tr2 = MIXED(in, inner - 1, 1, k) + MIXED(in, inner - 1, 1, k),
               tr3 = MIXED(in, inner - 1, 3, k) + MIXED(in, inner - 1, 3, k);
        double cr2 = first + cosine_5 * tr2 + cosine_5_2 * tr3, cr3 = first + cosine_5_2 * tr2 + cosine_5 * tr3;
        double ci5 = ti5 * sine_5 + ti4 * sine_5_2, ci4 = ti5 * sine_5_2 - ti4 * sine_5;
        ROWS(out, 0, k, 0) = first + tr2 + tr3;
        ROWS(out, 0, k, 4) = cr2 + ci5;
        ROWS(out, 0, k, 1) = cr2 - ci5;
        ROWS(out, 0, k, 3) = cr3 + ci4;
        ROWS(out, 0, k, 2) = cr3 - ci4;
    }
}

static void backward_5(size_t inner, size_t outer, const double *twiddles, const double *in, double *out)
{
    const size_t radix = 5;
    backward_5_ends(inner, outer, in, out);
    for (size_t k = 0; k < outer; k++) {
        for (size_t i = 2; i < inner; i += 2) {
            size_t mirror = inner - i;
            double re = MIXED(in, i - 1, 0, k), im = MIXED(in, i, 0, k);
            double tr2 = MIXED(in, i - 1, 2, k) + MIXED(in, mirror - 1, 1, k),
                   tr5 = MIXED(in, i - 1, 2, k) - MIXED(in, mirror - 1, 1, k);
            double ti5 = MIXED(in, i, 2, k) + MIXED(in, mirror, 1, k),
                   ti2 = MIXED(in, i, 2, k) - MIXED(in, mirror, 1, k);
            double tr3 = MIXED(in, i - 1, 4, k) + MIXED(in, mirror - 1, 3, k),
                   tr4 = MIXED(in, i - 1, 4, k) - MIXED(in, mirror - 1, 3, k);
            double ti4 = MIXED(in, i, 4, k) + MIXED(in, mirror, 3, k),
                   ti3 = MIXED(in, i, 4, k) - MIXED(in, mirror, 3, k);
            ROWS(out, i - 1, k, 0) = re + tr2 + tr3;
            ROWS(out, i, k, 0) = im + ti2 + ti3;
            double cr2 = re + cosine_5 * tr2 + cosine_5_2 * tr3, ci2 = im + cosine_5 * ti2 + cosine_5_2 * ti3;
            double cr3 = re + cosine_5_2 * tr2 + cosine_5 * tr3, ci3 = im + cosine_5_2 * ti2 + cosine_5 * ti3;
            double cr5 = tr5 * sine_5 + tr4 * sine_5_2, cr4 = tr5 * sine_5_2 - tr4 * sine_5;
            double ci5 = ti5 * sine_5 + ti4 * sine_5_2, ci4 = ti5 * sine_5_2 - ti4 * sine_5;
            STORE_TURNED(1, i, k, cr2 - ci5, ci2 + cr5);
            STORE_TURNED(2, i, k, cr3 - ci4, ci3 + cr4);
            STORE_TURNED(3, i, k, cr3 + ci4, ci3 - cr4);
            STORE_TURNED(4, i, k, cr2 + ci5, ci2 - cr5);
        }
    }
}

void real_pass_backward(const struct pass *pass, size_t inner, size_t outer, double *in, double *out)
{
    const double *twiddles = pass->twiddles;
    switch (pass->radix) {
    case 2: backward_2(inner, outer, twiddles, in, out); break;
    case 3: backward_3(inner, outer, twiddles, in, out); break;
    case 4: backward_4(inner, outer, twiddles, in, out); break;
    case 5: backward_5(inner, outer, twiddles, in, out); break;
    default: real_generic_backward(pass, inner, outer, in, out); break;
    }
}
