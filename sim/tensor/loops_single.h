/* loops_single.h - functions of adjoining single-precision numbers, with the C library's bits, for processors with AVX2. Each returns
 * how many of the first elements are done; those that are left are fewer than four. `to` may be `from`. */
#ifndef HYBRIDSIM_SIM_TENSOR_LOOPS_SINGLE_H
#define HYBRIDSIM_SIM_TENSOR_LOOPS_SINGLE_H

#include <stdint.h>

int64_t exp_single_row(const float *from, float *to, int64_t count);
int64_t sin_single_row(const float *from, float *to, int64_t count);
int64_t cos_single_row(const float *from, float *to, int64_t count);

#endif
