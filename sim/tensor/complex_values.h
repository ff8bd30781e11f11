/* complex_values.h - C's complex numbers, made of two parts by every compiler. */
#ifndef HYBRIDSIM_SIM_TENSOR_COMPLEX_VALUES_H
#define HYBRIDSIM_SIM_TENSOR_COMPLEX_VALUES_H

#include <complex.h>
#undef I
#ifndef CMPLX /* glibc has them for GCC only */
#define CMPLX(x, y) __builtin_complex((double)(x), (double)(y))
#define CMPLXF(x, y) __builtin_complex((float)(x), (float)(y))
#endif

#endif
