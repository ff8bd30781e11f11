/* real_generic.c - any odd factor of a transform of real data, by the definition. */
#include "sim/tensor/fft/transform.h"

#define ROWS(array, i, k, part) array[(i) + inner * ((k) + outer * (part))]
#define MIXED(array, i, part, k) array[(i) + inner * ((part) + radix * (k))]

/* To parts l and radix - l of `to`: the parts of `from` times the l-th powers of the roots, four, two and one at a
 * time. */
static void products_accumulate(size_t radix, size_t row, const double *roots, size_t l, const double *from, double *to)
{
    size_t half = (radix + 1) / 2, angle = 2 * l;
    double *even = to + row * l, *odd = to + row * (radix - l);
    for (size_t i = 0; i < row; i++) {
        even[i] = from[i] + roots[2 * l] * from[i + row] + roots[4 * l] * from[i + 2 * row];
        odd[i] = roots[2 * l + 1] * from[i + row * (radix - 1)] + roots[4 * l + 1] * from[i + row * (radix - 2)];
    }
    for (size_t j = 3; j < half;) {
        size_t step = j + 3 < half ? 4 : j + 1 < half ? 2 : 1;
        double c[4], s[4];
        for (size_t n = 0; n < step; n++) {
            angle = (angle + l) % radix;
            c[n] = roots[2 * angle];
            s[n] = roots[2 * angle + 1];
        }
        const double *a = from + row * j, *b = from + row * (radix - j);
        for (size_t i = 0; i < row; i++, a++, b++) {
            double sum = c[0] * *a, difference = s[0] * *b;
            for (size_t n = 1; n < step; n++) {
                sum += c[n] * a[row * n];
                difference += s[n] * *(b - row * n);
            }
            even[i] += sum;
            odd[i] += difference;
        }
        j += step;
    }
}

/* Rows times the conjugate twiddles, summed and subtracted in pairs of parts. */
static void pairs_untwist(size_t radix, size_t inner, size_t outer, const double *twiddles, double *in)
{
    size_t half = (radix + 1) / 2;
    for (size_t j = 1; j < half; j++) {
        const double *w = twiddles + (j - 1) * (inner - 1), *v = twiddles + (radix - j - 1) * (inner - 1);
        for (size_t k = 0; k < outer; k++)
            for (size_t i = 1; i + 1 < inner; i += 2) {
                double re = ROWS(in, i, k, j), im = ROWS(in, i + 1, k, j), re2 = ROWS(in, i, k, radix - j),
                       im2 = ROWS(in, i + 1, k, radix - j);
                double x1 = w[i - 1] * re + w[i] * im, x2 = w[i - 1] * im - w[i] * re;
                double x3 = v[i - 1] * re2 + v[i] * im2, x4 = v[i - 1] * im2 - v[i] * re2;
                ROWS(in, i, k, j) = x1 + x3;
                ROWS(in, i, k, radix - j) = x2 - x4;
                ROWS(in, i + 1, k, j) = x2 + x4;
                ROWS(in, i + 1, k, radix - j) = x3 - x1;
            }
    }
}

void real_generic_forward(const struct pass *pass, size_t inner, size_t outer, double *in, double *out)
{
    size_t radix = pass->radix, half = (radix + 1) / 2, row = inner * outer;
    if (inner > 1)
        pairs_untwist(radix, inner, outer, pass->twiddles, in);
    for (size_t j = 1; j < half; j++)
        for (size_t k = 0; k < outer; k++) {
            double a = ROWS(in, 0, k, j), b = ROWS(in, 0, k, radix - j);
            ROWS(in, 0, k, j) = a + b;
            ROWS(in, 0, k, radix - j) = b - a;
        }
    for (size_t l = 1; l < half; l++)
        products_accumulate(radix, row, pass->roots, l, in, out);
    for (size_t i = 0; i < row; i++)
        out[i] = in[i];
    for (size_t j = 1; j < half; j++)
        for (size_t i = 0; i < row; i++)
            out[i] += in[row * j + i];
    /* back into `in`, interleaved */
    for (size_t k = 0; k < outer; k++)
        for (size_t i = 0; i < inner; i++)
            MIXED(in, i, 0, k) = ROWS(out, i, k, 0);
    for (size_t j = 1; j < half; j++) {
        size_t part = 2 * j - 1;
        for (size_t k = 0; k < outer; k++) {
            MIXED(in, inner - 1, part, k) = ROWS(out, 0, k, j);
            MIXED(in, 0, part + 1, k) = ROWS(out, 0, k, radix - j);
            for (size_t i = 1; i + 1 < inner; i += 2) {
                size_t mirror = inner - i - 2;
                double re = ROWS(out, i, k, j), im = ROWS(out, i + 1, k, j), re2 = ROWS(out, i, k, radix - j),
                       im2 = ROWS(out, i + 1, k, radix - j);
                MIXED(in, i, part + 1, k) = re + re2;
                MIXED(in, mirror, part, k) = re - re2;
                MIXED(in, i + 1, part + 1, k) = im + im2;
                MIXED(in, mirror + 1, part, k) = im2 - im;
            }
        }
    }
}

/* From the interleaved order to rows. */
static void rows_unmix(size_t radix, size_t inner, size_t outer, const double *in, double *out)
{
    size_t half = (radix + 1) / 2;
    for (size_t k = 0; k < outer; k++)
        for (size_t i = 0; i < inner; i++)
            ROWS(out, i, k, 0) = MIXED(in, i, 0, k);
    for (size_t j = 1; j < half; j++) {
        size_t part = 2 * j - 1;
        for (size_t k = 0; k < outer; k++) {
            ROWS(out, 0, k, j) = 2 * MIXED(in, inner - 1, part, k);
            ROWS(out, 0, k, radix - j) = 2 * MIXED(in, 0, part + 1, k);
            for (size_t i = 1; i + 1 < inner; i += 2) {
                size_t mirror = inner - i - 2;
                ROWS(out, i, k, j) = MIXED(in, i, part + 1, k) + MIXED(in, mirror, part, k);
                ROWS(out, i, k, radix - j) = MIXED(in, i, part + 1, k) - MIXED(in, mirror, part, k);
                ROWS(out, i + 1, k, j) = MIXED(in, i + 1, part + 1, k) - MIXED(in, mirror + 1, part, k);
                ROWS(out, i + 1, k, radix - j) = MIXED(in, i + 1, part + 1, k) + MIXED(in, mirror + 1, part, k);
            }
        }
    }
}

void real_generic_backward(const struct pass *pass, size_t inner, size_t outer, double *in, double *out)
{
    size_t radix = pass->radix, half = (radix + 1) / 2, row = inner * outer;
    const double *twiddles = pass->twiddles;
    rows_unmix(radix, inner, outer, in, out);
    for (size_t l = 1; l < half; l++)
        products_accumulate(radix, row, pass->roots, l, out, in);
    for (size_t j = 1; j < half; j++)
        for (size_t i = 0; i < row; i++)
            out[i] += out[row * j + i];
    for (size_t j = 1; j < half; j++)
        for (size_t k = 0; k < outer; k++) {
            ROWS(out, 0, k, j) = ROWS(in, 0, k, j) - ROWS(in, 0, k, radix - j);
            ROWS(out, 0, k, radix - j) = ROWS(in, 0, k, j) + ROWS(in, 0, k, radix - j);
            for (size_t i = 1; i + 1 < inner; i += 2) {
                ROWS(out, i, k, j) = ROWS(in, i, k, j) - ROWS(in, i + 1, k, radix - j);
                ROWS(out, i, k, radix - j) = ROWS(in, i, k, j) + ROWS(in, i + 1, k, radix - j);
                ROWS(out, i + 1, k, j) = ROWS(in, i + 1, k, j) + ROWS(in, i, k, radix - j);
                ROWS(out, i + 1, k, radix - j) = ROWS(in, i + 1, k, j) - ROWS(in, i, k, radix - j);
            }
        }
    for (size_t j = 1; j < radix && inner > 1; j++) {
        const double *w = twiddles + (j - 1) * (inner - 1);
        for (size_t k = 0; k < outer; k++)
            for (size_t i = 1; i + 1 < inner; i += 2) {
                double re = ROWS(out, i, k, j), im = ROWS(out, i + 1, k, j);
                ROWS(out, i, k, j) = w[i - 1] * re - w[i] * im;
                ROWS(out, i + 1, k, j) = w[i - 1] * im + w[i] * re;
            }
    }
}
