/* transform.h - discrete Fourier transforms of float64 data of any length, with the bits of numpy 1.24's: the same
 * factors in the same order (4, 2, 3, 5, ... ; P. N. Swarztrauber's FFTPACK), the same roots of unity, and L.
 * Bluestein's algorithm for the same lengths.
 */
#ifndef HYBRIDSIM_SIM_TENSOR_FFT_TRANSFORM_H
#define HYBRIDSIM_SIM_TENSOR_FFT_TRANSFORM_H

#include <stdbool.h>
#include <stddef.h>

struct complex_number {
    double r, i;
};

enum { FACTORS_MAX = 64 };
enum direction { FORWARD, BACKWARD };

struct pass {
    size_t radix;
    void *twiddles; /* struct complex_number, or pairs of double in real plans */
    void *roots;    /* of 1 of the radix's order, for generic radices; NULL: not needed */
};

struct plan {
    size_t length, pass_count;
    bool real;
    struct pass passes[FACTORS_MAX];
    struct plan *convolution; /* Bluestein's: a complex plan of another length; NULL: none */
    struct complex_number *chirp, *chirp_transform;
    double operations; /* floating-point operations of one transform */
};

/* length > 0; NULL: no memory */
struct plan *plan_new(size_t length, bool real);
void plan_free(struct plan *plan);
/* In place; each result times factor. Real plans: FFTPACK's half-complex order r0 r1 i1 r2 i2 ... false: no memory */
bool plan_run(const struct plan *plan, double *data, enum direction direction, double factor);

/* roots.c: a table of the first octant, and the k-th of n roots of 1 by symmetry, 0 <= k < n. */
struct octant {
    size_t n, scale; /* the table has the roots of order n * scale */
    struct complex_number *table;
};
bool octant_make(struct octant *octant, size_t n); /* false: no memory; free(octant->table) */
struct complex_number octant_root(const struct octant *octant, size_t k);

/* One pass over all data, in to out; the generic ones also use `in` as room, which then has the result (complex and
 * real forward). */
void complex_pass(const struct pass *pass, size_t inner, size_t outer, enum direction direction,
                  struct complex_number *in, struct complex_number *out);
bool complex_pass_in_place(size_t radix); /* the result of complex_pass is in `in` */
void real_pass_forward(const struct pass *pass, size_t inner, size_t outer, double *in, double *out);
void real_pass_backward(const struct pass *pass, size_t inner, size_t outer, double *in, double *out);
void real_generic_forward(const struct pass *pass, size_t inner, size_t outer, double *in, double *out);
void real_generic_backward(const struct pass *pass, size_t inner, size_t outer, double *in, double *out);

#endif
