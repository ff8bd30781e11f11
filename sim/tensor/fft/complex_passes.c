/* complex_passes.c - one factor of a complex transform: sums and differences, products with the radix's own roots, then
 * with the twiddle factors. sign: -1 forward, 1 backward: a constant in each, where it is inlined. */
#include "sim/tensor/fft/transform.h"

typedef struct complex_number complex_number;

static inline complex_number sum(complex_number a, complex_number b)
{
    return (complex_number){a.r + b.r, a.i + b.i};
}

static inline complex_number difference(complex_number a, complex_number b)
{
    return (complex_number){a.r - b.r, a.i - b.i};
}

/* w, or its conjugate, times x */
static inline complex_number product(complex_number w, complex_number x, double sign)
{
    double w_i = sign * w.i;
    return (complex_number){w.r * x.r - w_i * x.i, w.r * x.i + w_i * x.r};
}

#define INLINED static inline __attribute__((always_inline)) void

/* Element i of row k; rows of in: radix parts of one outer index, of out: one part for all outer indices. */
#define IN(i, part, k) in[(i) + inner * ((part) + radix * (k))]
#define OUT(i, k, part) out[(i) + inner * ((k) + outer * (part))]
#define TWIDDLE(part, i) twiddles[(i)-1 + ((part)-1) * (inner - 1)]

INLINED pass_2(size_t inner, size_t outer, double sign, const complex_number *twiddles, const complex_number *in,
               complex_number *out)
{
    const size_t radix = 2;
    for (size_t k = 0; k < outer; k++) {
        complex_number first = IN(0, 0, k), second = IN(0, 1, k);
        OUT(0, k, 0) = sum(first, second);
        OUT(0, k, 1) = difference(first, second);
        for (size_t i = 1; i < inner; i++) {
            complex_number a = IN(i, 0, k), b = IN(i, 1, k);
            OUT(i, k, 0) = sum(a, b);
            OUT(i, k, 1) = product(TWIDDLE(1, i), difference(a, b), sign);
        }
    }
}

struct quadruple {
    complex_number zero, one, two, three;
};

/* The transform of four numbers. */
static inline __attribute__((always_inline)) struct quadruple four(double sign, complex_number a, complex_number b,
                                                                   complex_number c, complex_number d)
{
    complex_number even = sum(a, c), odd = sum(b, d), even_rest = difference(a, c), rest = difference(b, d);
    complex_number turned = {-sign * rest.i, sign * rest.r};
    return (struct quadruple){sum(even, odd), sum(even_rest, turned), difference(even, odd),
                              difference(even_rest, turned)};
}

INLINED pass_4(size_t inner, size_t outer, double sign, const complex_number *restrict twiddles,
               const complex_number *restrict in, complex_number *restrict out)
{
    const size_t radix = 4;
    for (size_t k = 0; k < outer; k++) {
        struct quadruple x = four(sign, IN(0, 0, k), IN(0, 1, k), IN(0, 2, k), IN(0, 3, k));
        OUT(0, k, 0) = x.zero;
        OUT(0, k, 1) = x.one;
        OUT(0, k, 2) = x.two;
        OUT(0, k, 3) = x.three;
        for (size_t i = 1; i < inner; i++) {
            x = four(sign, IN(i, 0, k), IN(i, 1, k), IN(i, 2, k), IN(i, 3, k));
            OUT(i, k, 0) = x.zero;
            OUT(i, k, 1) = product(TWIDDLE(1, i), x.one, sign);
            OUT(i, k, 2) = product(TWIDDLE(2, i), x.two, sign);
            OUT(i, k, 3) = product(TWIDDLE(3, i), x.three, sign);
        }
    }
}

/* cos and sin of 2*pi*j/radix, j from 1 to half the radix */
static const double cosines_3[] = {-0.5}, sines_3[] = {0.86602540378443864676};
static const double cosines_5[] = {0.3090169943749474241, -0.8090169943749474241},
                    sines_5[] = {0.95105651629515357212, 0.58778525229247312917};
static const double cosines_7[] = {0.623489801858733530525, -0.222520933956314404289, -0.9009688679024191262361},
                    sines_7[] = {0.7818314824680298087084, 0.9749279121818236070181, 0.4338837391175581204758};
static const double cosines_11[] = {0.8412535328311811688618, 0.4154150130018864255293, -0.1423148382732851404438,
                                    -0.6548607339452850640569, -0.9594929736144973898904},
                    sines_11[] = {0.5406408174555975821076, 0.9096319953545183714117, 0.9898214418809327323761,
                                  0.755749574354258283774, 0.2817325568414296977114};

/* An odd radix up to 11; inlined for each, so that the loops over parts have known lengths. */
INLINED pass_odd(const size_t radix, const double *cosines, const double *sines, size_t inner, size_t outer,
                 double sign, const complex_number *twiddles, const complex_number *in, complex_number *out)
{
    const size_t half = radix / 2;
    for (size_t k = 0; k < outer; k++) {
        for (size_t i = 0; i < inner; i++) {
            complex_number sums[5], differences[5], first = IN(i, 0, k), total = first;
            for (size_t j = 0; j < half; j++) {
                sums[j] = sum(IN(i, j + 1, k), IN(i, radix - 1 - j, k));
                differences[j] = difference(IN(i, j + 1, k), IN(i, radix - 1 - j, k));
                total = sum(total, sums[j]);
            }
            OUT(i, k, 0) = total;
            for (size_t l = 1; l <= half; l++) {
                complex_number a = first, b = {0, 0};
                for (size_t j = 1; j <= half; j++) {
                    size_t angle = l * j % radix;
                    double c = cosines[(angle > half ? radix - angle : angle) - 1];
                    double s = sign * (angle > half ? -sines[radix - angle - 1] : sines[angle - 1]);
                    a.r += c * sums[j - 1].r;
                    a.i += c * sums[j - 1].i;
                    b.i = j == 1 ? s * differences[0].r : b.i + s * differences[j - 1].r;
                    b.r = j == 1 ? s * differences[0].i : b.r + s * differences[j - 1].i;
                }
                b.r = -b.r;
                complex_number plus = sum(a, b), minus = difference(a, b);
                OUT(i, k, l) = i ? product(TWIDDLE(l, i), plus, sign) : plus;
                OUT(i, k, radix - l) = i ? product(TWIDDLE(radix - l, i), minus, sign) : minus;
            }
        }
    }
}

/* Any odd radix; the result is left in `in`, whose parts are then laid out as out's. */
#define ROOM(i, k, part) in[(i) + inner * ((k) + outer * (part))]
static void pass_generic_sums(size_t radix, size_t inner, size_t outer, complex_number *in, complex_number *out)
{
    size_t half = (radix + 1) / 2;
    for (size_t k = 0; k < outer; k++)
        for (size_t i = 0; i < inner; i++)
            OUT(i, k, 0) = IN(i, 0, k);
    for (size_t j = 1; j < half; j++)
        for (size_t k = 0; k < outer; k++)
            for (size_t i = 0; i < inner; i++) {
                OUT(i, k, j) = sum(IN(i, j, k), IN(i, radix - j, k));
                OUT(i, k, radix - j) = difference(IN(i, j, k), IN(i, radix - j, k));
            }
    for (size_t k = 0; k < outer; k++)
        for (size_t i = 0; i < inner; i++) {
            complex_number total = OUT(i, k, 0);
            for (size_t j = 1; j < half; j++)
                total = sum(total, OUT(i, k, j));
            ROOM(i, k, 0) = total;
        }
}

/* Adds to parts l and radix - l what inputs j and, when there is one, j + 1 give. */
static void generic_accumulate(size_t radix, size_t row, complex_number *target, complex_number *mirror,
                               const complex_number *out, size_t j, complex_number w, const complex_number *next)
{
    const complex_number *a = out + row * j, *a_next = a + row, *b = out + row * (radix - j), *b_next = b - row;
    for (size_t i = 0; i < row; i++) {
        if (next) {
            target[i].r += a[i].r * w.r + a_next[i].r * next->r;
            target[i].i += a[i].i * w.r + a_next[i].i * next->r;
            mirror[i].r -= b[i].i * w.i + b_next[i].i * next->i;
            mirror[i].i += b[i].r * w.i + b_next[i].r * next->i;
        } else {
            target[i].r += a[i].r * w.r;
            target[i].i += a[i].i * w.r;
            mirror[i].r -= b[i].i * w.i;
            mirror[i].i += b[i].r * w.i;
        }
    }
}

static complex_number generic_root(const complex_number *roots, size_t k, double sign)
{
    return (complex_number){roots[k].r, k ? sign * roots[k].i : 0.};
}

INLINED pass_generic(size_t radix, size_t inner, size_t outer, double sign, const complex_number *twiddles,
                     const complex_number *roots, complex_number *in, complex_number *out)
{
    size_t half = (radix + 1) / 2, row = inner * outer;
    pass_generic_sums(radix, inner, outer, in, out);
    for (size_t l = 1; l < half; l++) {
        complex_number *target = in + row * l, *mirror = in + row * (radix - l);
        complex_number w1 = generic_root(roots, l, sign), w2 = generic_root(roots, 2 * l, sign);
        const complex_number *a1 = out + row, *a2 = out + row * 2, *b1 = out + row * (radix - 1),
                             *b2 = out + row * (radix - 2);
        for (size_t i = 0; i < row; i++) {
            target[i].r = out[i].r + w1.r * a1[i].r + w2.r * a2[i].r;
            target[i].i = out[i].i + w1.r * a1[i].i + w2.r * a2[i].i;
            mirror[i].r = -w1.i * b1[i].i - w2.i * b2[i].i;
            mirror[i].i = w1.i * b1[i].r + w2.i * b2[i].r;
        }
        size_t angle = 2 * l;
        for (size_t j = 3; j < half;) {
            angle = (angle + l) % radix;
            complex_number w = generic_root(roots, angle, sign), next;
            bool two = j + 1 < half;
            if (two) {
                angle = (angle + l) % radix;
                next = generic_root(roots, angle, sign);
            }
            generic_accumulate(radix, row, target, mirror, out, j, w, two ? &next : NULL);
            j += two ? 2 : 1;
        }
    }
    for (size_t j = 1; j < half; j++)
        for (size_t k = 0; k < outer; k++)
            for (size_t i = 0; i < inner; i++) {
                complex_number a = ROOM(i, k, j), b = ROOM(i, k, radix - j), plus = sum(a, b), minus = difference(a, b);
                ROOM(i, k, j) = i ? product(TWIDDLE(j, i), plus, sign) : plus;
                ROOM(i, k, radix - j) = i ? product(TWIDDLE(radix - j, i), minus, sign) : minus;
            }
}

bool complex_pass_in_place(size_t radix)
{
    return radix != 2 && radix != 3 && radix != 4 && radix != 5 && radix != 7 && radix != 11;
}

INLINED signed_pass(const struct pass *pass, size_t inner, size_t outer, double sign, complex_number *in,
                    complex_number *out)
{
    const complex_number *twiddles = pass->twiddles;
    switch (pass->radix) {
    case 2: pass_2(inner, outer, sign, twiddles, in, out); break;
    case 3: pass_odd(3, cosines_3, sines_3, inner, outer, sign, twiddles, in, out); break;
    case 4: pass_4(inner, outer, sign, twiddles, in, out); break;
    case 5: pass_odd(5, cosines_5, sines_5, inner, outer, sign, twiddles, in, out); break;
    case 7: pass_odd(7, cosines_7, sines_7, inner, outer, sign, twiddles, in, out); break;
    case 11: pass_odd(11, cosines_11, sines_11, inner, outer, sign, twiddles, in, out); break;
    default: pass_generic(pass->radix, inner, outer, sign, twiddles, pass->roots, in, out); break;
    }
}

void complex_pass(const struct pass *pass, size_t inner, size_t outer, enum direction direction,
                  struct complex_number *in, struct complex_number *out)
{
    if (direction == FORWARD)
        signed_pass(pass, inner, outer, -1., in, out);
    else
        signed_pass(pass, inner, outer, 1., in, out);
}
