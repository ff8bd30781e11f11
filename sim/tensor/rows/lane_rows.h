/* lane_rows.h - more functions like those of rows.h, of doubles and of floats. Each is there three times: for AVX-512, for AVX2
 * with FMA, and for any processor; all give the same bits, for they do the same operations in the same order, each of which is
 * exactly defined. Flags are raised for what a number is (overflow, a pole, ...), never for how it was computed.
 */
#ifndef HYBRIDSIM_SIM_TENSOR_ROWS_LANE_ROWS_H
#define HYBRIDSIM_SIM_TENSOR_ROWS_LANE_ROWS_H

#include "sim/tensor/rows/rows.h"

/* to may be from (or one of the two), but not overlap it otherwise. */
typedef void single_row(const float *from, float *to, int64_t count);
typedef void single_row_of_two(const float *x, const float *y, float *to, int64_t count);

/* length: that of complex numbers, whose parts are given apart; complex_length: of `count` whose parts adjoin */
#define LANE_FUNCTIONS(X) X(expm1) X(log1p) X(log10) X(sinh) X(cosh) X(tanh) X(arcsinh) X(arccosh) X(arctanh) X(cbrt)
#define LANE_FUNCTIONS_OF_TWO(X) X(length)
#define SINGLE_FUNCTIONS(X) \
    X(exp) X(exp2) X(expm1) X(log) X(log2) X(log10) X(log1p) X(sin) X(cos) X(tan) X(arcsin) X(arccos) X(arctan) \
    X(sinh) X(cosh) X(tanh) X(arcsinh) X(arccosh) X(arctanh) X(cbrt)
#define SINGLE_FUNCTIONS_OF_TWO(X) X(power) X(arctan2) X(hypot)

/* Half floats, by their bits, as float_to_half and half_to_float of element.h convert them. */
typedef void halves_to_singles_row(const uint16_t *from, float *to, int64_t count);
typedef void singles_to_halves_row(const float *from, uint16_t *to, int64_t count);
typedef void half_row(const uint16_t *from, uint16_t *to, int64_t count); /* of SINGLE_FUNCTIONS */

#ifdef __x86_64__
#define DECLARE_LANES(type, name) type name##_512, name##_256, name##_any;
#define HOST_LANES(name) (row_bits() == 512 ? name##_512 : row_bits() ? name##_256 : name##_any)
#else
#define DECLARE_LANES(type, name) type name##_any;
#define HOST_LANES(name) name##_any
#endif
#define DECLARE_DOUBLES(name) DECLARE_LANES(row_function, name##_doubles)
#define DECLARE_DOUBLES_OF_TWO(name) DECLARE_LANES(row_function_of_two, name##_doubles)
#define DECLARE_SINGLES(name) DECLARE_LANES(single_row, name##_singles)
#define DECLARE_HALVES(name) DECLARE_LANES(half_row, name##_halves)
#define DECLARE_SINGLES_OF_TWO(name) DECLARE_LANES(single_row_of_two, name##_singles)
LANE_FUNCTIONS(DECLARE_DOUBLES)
DECLARE_DOUBLES(complex_length)
LANE_FUNCTIONS_OF_TWO(DECLARE_DOUBLES_OF_TWO)
SINGLE_FUNCTIONS(DECLARE_SINGLES)
SINGLE_FUNCTIONS(DECLARE_HALVES)
SINGLE_FUNCTIONS_OF_TWO(DECLARE_SINGLES_OF_TWO)
DECLARE_SINGLES(complex_length)
DECLARE_SINGLES_OF_TWO(length)
DECLARE_LANES(halves_to_singles_row, halves_to_singles)
DECLARE_LANES(singles_to_halves_row, singles_to_halves)
#undef DECLARE_DOUBLES
#undef DECLARE_DOUBLES_OF_TWO
#undef DECLARE_SINGLES
#undef DECLARE_HALVES
#undef DECLARE_SINGLES_OF_TWO
#undef DECLARE_LANES

#endif
