/* rows.h - mathematical functions of adjoining doubles, several at a time. Each is there for x86-64 processors with AVX-512, for those
 * with AVX2 and FMA, and for any processor, with the same bits.
 */
#ifndef HYBRIDSIM_SIM_TENSOR_ROWS_ROWS_H
#define HYBRIDSIM_SIM_TENSOR_ROWS_ROWS_H

#include <stdbool.h>
#include <stdint.h>

/* to may be from (or one of the two), but not overlap it otherwise. */
typedef void row_function(const double *from, double *to, int64_t count);
typedef void row_function_of_two(const double *x, const double *y, double *to, int64_t count);

#define ROW_FUNCTIONS(X) \
    X(exp) X(exp2) X(log) X(log2) X(sin) X(cos) X(tan) X(arcsin) X(arccos) X(arctan)
#define ROW_FUNCTIONS_OF_TWO(X) X(power) X(arctan2)

#ifdef __x86_64__
#define DECLARE_ROW(name) row_function name##_row_any, name##_row_256, name##_row_512;
#define DECLARE_ROW_OF_TWO(name) row_function_of_two name##_row_any, name##_row_256, name##_row_512;

/* How wide the vectors are that this processor computes with; 0: it has no fused products. */
static inline int row_bits(void)
{
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512bw"))
        return 512;
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? 256 : 0;
}
#define HOST_ROW(name) (row_bits() == 512 ? name##_row_512 : row_bits() ? name##_row_256 : name##_row_any)
#else
#define DECLARE_ROW(name) row_function name##_row_any;
#define DECLARE_ROW_OF_TWO(name) row_function_of_two name##_row_any;
#define HOST_ROW(name) name##_row_any
#endif
ROW_FUNCTIONS(DECLARE_ROW)
ROW_FUNCTIONS_OF_TWO(DECLARE_ROW_OF_TWO)
#undef DECLARE_ROW
#undef DECLARE_ROW_OF_TWO

#endif
